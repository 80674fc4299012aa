/* rng.c: Philox4x32-10; the known answers of its paper are in the tests. */
#include "base/rng.h"

#include <math.h>

void qn__philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        const uint64_t product0 = (uint64_t)0xD2511F53u * c0;
        const uint64_t product1 = (uint64_t)0xCD9E8D57u * c2;
        const uint32_t next0 = (uint32_t)(product1 >> 32) ^ c1 ^ k0;
        const uint32_t next2 = (uint32_t)(product0 >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)product1;
        c3 = (uint32_t)product0;
        c0 = next0;
        c2 = next2;
        k0 += 0x9E3779B9u; /* the golden ratio and sqrt(3) - 1, as Weyl increments */
        k1 += 0xBB67AE85u;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

static void block(uint64_t seed, uint64_t stream, uint64_t index, uint32_t out[4])
{
    const uint32_t counter[4] = {(uint32_t)index, (uint32_t)(index >> 32), (uint32_t)stream, (uint32_t)(stream >> 32)};
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    qn__philox(counter, key, out);
}

uint64_t qn__random_bits(uint64_t seed, uint64_t stream, uint64_t index)
{
    uint32_t words[4];
    block(seed, stream, index, words);
    return (uint64_t)words[1] << 32 | words[0];
}

double qn__random_uniform(uint64_t seed, uint64_t stream, uint64_t index)
{
    return (double)(qn__random_bits(seed, stream, index) >> 11) * 0x1.0p-53;
}

double qn__random_normal(uint64_t seed, uint64_t stream, uint64_t index)
{
    uint32_t words[4];
    block(seed, stream, index, words);
    const uint64_t a = (uint64_t)words[1] << 32 | words[0];
    const uint64_t b = (uint64_t)words[3] << 32 | words[2];
    const double u = ((double)(a >> 11) + 1.0) * 0x1.0p-53; /* (0, 1], so the logarithm is finite */
    const double v = (double)(b >> 11) * 0x1.0p-53;
    return sqrt(-2.0 * log(u)) * cos(6.283185307179586476925 * v);
}

uint64_t qn__random_derive(uint64_t seed, uint64_t part)
{
    return qn__random_bits(seed, UINT64_C(0x71756572), part); /* a stream of its own */
}
