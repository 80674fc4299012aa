/* draws.h: a stream of random numbers for inner loops, keyed by (seed, stream, start): four words a block of Philox. */
#ifndef QN_PROBLEM_DRAWS_H
#define QN_PROBLEM_DRAWS_H

#include "base/rng.h"

typedef struct qn__draws {
    uint32_t key[2], counter[4], word[4];
    unsigned used;
} qn__draws;

static inline qn__draws qn__draws_open(uint64_t seed, uint32_t stream, uint64_t start)
{
    return (qn__draws){.key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
                       .counter = {0, stream, (uint32_t)start, (uint32_t)(start >> 32)},
                       .used = 4};
}

static inline uint32_t qn__draw(qn__draws *draws)
{
    if (draws->used == 4) {
        qn__philox(draws->counter, draws->key, draws->word);
        draws->counter[0]++;
        draws->counter[1] += draws->counter[0] == 0 ? 0x10000u : 0u; /* streams are below 2^16 */
        draws->used = 0;
    }
    return draws->word[draws->used++];
}

/* Below `bound`, to within 2^-32. */
static inline uint32_t qn__draw_below(qn__draws *draws, uint32_t bound)
{
    return (uint32_t)((uint64_t)qn__draw(draws) * bound >> 32);
}

/* Uniform in [0, 1), 32 bits. */
static inline double qn__draw_uniform(qn__draws *draws)
{
    return (double)qn__draw(draws) * 0x1.0p-32;
}

#endif
