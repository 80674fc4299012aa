/* factor.c: prime factors of 64-bit integers: trial division, Miller-Rabin, Pollard's rho after Brent (BIT 20, 1980),
 * with Montgomery products. */
#include "circuit/passes/factor.h"

enum { TRIAL = 256, TRIES = 40 };

/* Products x y / 2^64 modulo an odd n. */
typedef struct montgomery {
    uint64_t n, inverse; /* n inverse = -1 modulo 2^64 */
} montgomery;

static montgomery begin(uint64_t n)
{
    uint64_t inverse = n; /* right in 3 bits; each step doubles them */
    for (int i = 0; i < 5; i++) {
        inverse *= 2 - n * inverse;
    }
    return (montgomery){n, 0 - inverse};
}

static uint64_t product(const montgomery *m, uint64_t a, uint64_t b)
{
    const qn__uint128 wide = (qn__uint128)a * b;
    const uint64_t low = (uint64_t)wide, high = (uint64_t)(wide >> 64);
    const uint64_t carry = (uint64_t)(((qn__uint128)(low * m->inverse) * m->n) >> 64);
    const qn__uint128 sum = (qn__uint128)high + carry + (low != 0);
    return (uint64_t)(sum >= m->n ? sum - m->n : sum);
}

uint64_t qn__power_modulo(uint64_t base, uint64_t exponent, uint64_t modulus)
{
    uint64_t result = 1 % modulus;
    for (base %= modulus; exponent > 0; exponent >>= 1) {
        if ((exponent & 1) != 0) {
            result = (uint64_t)((qn__uint128)result * base % modulus);
        }
        base = (uint64_t)((qn__uint128)base * base % modulus);
    }
    return result;
}

static uint64_t gcd(uint64_t a, uint64_t b)
{
    while (b != 0) {
        const uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

bool qn__is_prime(uint64_t n)
{
    /* These bases decide every n < 2^64 (Sorenson and Webster, Math. Comp. 86, 2017). */
    static const uint64_t bases[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
    if (n < 2) {
        return false;
    }
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        if (n % bases[i] == 0) {
            return n == bases[i];
        }
    }
    const montgomery m = begin(n);
    const uint64_t one = (uint64_t)(((qn__uint128)1 << 64) % n), minus = n - one;
    const int twos = __builtin_ctzll(n - 1);
    const uint64_t odd = (n - 1) >> twos;
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        uint64_t base = (uint64_t)(((qn__uint128)bases[i] << 64) % n), x = one;
        for (uint64_t e = odd; e > 0; e >>= 1) {
            x = (e & 1) != 0 ? product(&m, x, base) : x;
            base = product(&m, base, base);
        }
        bool witness = x != one && x != minus;
        for (int k = 1; witness && k < twos; k++) {
            x = product(&m, x, x);
            witness = x != minus;
        }
        if (witness) {
            return false;
        }
    }
    return true;
}

/* A proper factor of an odd composite n; 0 when this constant gives none. */
static uint64_t rho(uint64_t n, uint64_t constant)
{
    enum { BATCH = 64 };
    const montgomery m = begin(n);
    const uint64_t one = (uint64_t)(((qn__uint128)1 << 64) % n);
    uint64_t y = 2, x = 2, saved = 2, batch = one, found = 1;
    for (uint64_t length = 1; found == 1; length *= 2) {
        if (length > (uint64_t)1 << 26) {
            return 0;
        }
        x = y;
        for (uint64_t done = 0; done < length && found == 1; done += BATCH) {
            saved = y;
            for (uint64_t i = 0; i < BATCH && done + i < length; i++) {
                const qn__uint128 next = (qn__uint128)product(&m, y, y) + constant;
                y = (uint64_t)(next % n);
                batch = product(&m, batch, x > y ? x - y : y - x);
            }
            found = gcd(batch, n);
        }
    }
    if (found == n || found == 0) { /* the batch went too far: again one by one */
        do {
            y = (uint64_t)(((qn__uint128)product(&m, saved, saved) + constant) % n);
            saved = y;
            found = gcd(x > y ? x - y : y - x, n);
        } while (found == 1);
    }
    return found == n ? 0 : found;
}

static void record(qn__factors *out, uint64_t prime)
{
    for (size_t i = 0; i < out->count; i++) {
        if (out->prime[i] == prime) {
            out->exponent[i]++;
            return;
        }
    }
    out->prime[out->count] = prime;
    out->exponent[out->count++] = 1;
}

bool qn__factor(uint64_t n, qn__factors *out)
{
    out->count = 0;
    for (uint64_t p = 2; p < TRIAL; p++) {
        for (; n % p == 0; n /= p) {
            record(out, p);
        }
    }
    uint64_t parts[64];
    size_t count = 0;
    parts[count++] = n;
    while (count > 0) {
        const uint64_t part = parts[--count];
        if (part == 1) {
            continue;
        }
        if (qn__is_prime(part)) {
            record(out, part);
            continue;
        }
        uint64_t factor = 0;
        for (uint64_t constant = 1; factor == 0 && constant <= TRIES; constant++) {
            factor = rho(part, constant);
        }
        if (factor == 0) {
            return false;
        }
        parts[count++] = factor;
        parts[count++] = part / factor;
    }
    return true;
}
