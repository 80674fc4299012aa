/* machine_paths.c: Monte Carlo for a European call as a careful program would do it: counter-based random words,
 * Box-Muller, one step of geometric Brownian motion, the payoff, all in loops that become vectors.
 *
 * Elementary functions are series on reduced arguments, good to some 1e-15, so that they vectorise without a library
 * of their own. */
#include <string.h>

#include "math/machine_kernels.h"

enum { BLOCK = 256, PATHS = 1 << 20 };

QN__INLINE double from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

QN__INLINE uint64_t to_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* Adding 1.5 * 2^52 rounds to a whole number, which then stands in the lowest bits. */
#define WHOLE 6755399441055744.0

QN__INLINE double series(double x, const double *terms, int count)
{
    double sum = terms[count - 1];
    for (int k = count - 2; k >= 0; k--) {
        sum = sum * x + terms[k];
    }
    return sum;
}

/* Of a positive normal number: the exponent times log 2, and 2 artanh((m - 1)/(m + 1)) of the rest, m in
 * [sqrt(1/2), sqrt(2)). */
QN__INLINE double logarithm(double u)
{
    static const double artanh[] = {1.0,      1.0 / 3,  1.0 / 5,  1.0 / 7,  1.0 / 9,
                                    1.0 / 11, 1.0 / 13, 1.0 / 15, 1.0 / 17, 1.0 / 19};
    const uint64_t bits = to_bits(u) - UINT64_C(0x3FE6A09E667F3BCD); /* sqrt(1/2) */
    /* the exponent as a double without a conversion of integers: shifted into the bits of WHOLE */
    const double exponent = from_bits(((bits >> 52) ^ 0x800) + UINT64_C(0x4330000000000000)) - 4503599627372544.0;
    const double m = from_bits((bits & UINT64_C(0x000FFFFFFFFFFFFF)) + UINT64_C(0x3FE6A09E667F3BCD));
    const double s = (m - 1.0) / (m + 1.0);
    return exponent * 0.69314718055994530942 + 2.0 * s * series(s * s, artanh, 10);
}

/* exp, for |x| < 700. */
QN__INLINE double exponential(double x)
{
    static const double taylor[] = {
        1.0,        1.0,         1.0 / 2,      1.0 / 6,       1.0 / 24,       1.0 / 120,      1.0 / 720,
        1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600};
    const double shifted = x * 1.44269504088896340736 + WHOLE;
    const double n = shifted - WHOLE;
    const double r = (x - n * 0.693147180369123816490) - n * 1.90821492927058770002e-10;
    return series(r, taylor, 13) * from_bits((to_bits(shifted) + 1023) << 52);
}

/* sin and cos of 2 pi v, v in [0, 1): quarter turns by exchange and sign. */
QN__INLINE void circle(double v, double *sine, double *cosine)
{
    static const double sines[] = {1.0,          -1.0 / 6,        1.0 / 120,        -1.0 / 5040,
                                   1.0 / 362880, -1.0 / 39916800, 1.0 / 6227020800, -1.0 / 1307674368000};
    static const double cosines[] = {1.0,
                                     -1.0 / 2,
                                     1.0 / 24,
                                     -1.0 / 720,
                                     1.0 / 40320,
                                     -1.0 / 3628800,
                                     1.0 / 479001600,
                                     -1.0 / 87178291200,
                                     1.0 / 20922789888000};
    const double shifted = 4.0 * v + WHOLE;
    const uint64_t quarter = to_bits(shifted);
    const double angle = (4.0 * v - (shifted - WHOLE)) * 1.57079632679489661923;
    const double s = angle * series(angle * angle, sines, 8), c = series(angle * angle, cosines, 9);
    const uint64_t swap = (uint64_t)0 - (quarter & 1);
    const uint64_t bits_s = to_bits(s), bits_c = to_bits(c);
    *sine = from_bits(((bits_s & ~swap) | (bits_c & swap)) ^ ((quarter & 2) << 62));
    *cosine = from_bits(((bits_c & ~swap) | (bits_s & swap)) ^ (((quarter + 1) & 2) << 62));
}

/* Philox4x32-10 as in base/rng.c, written so that it becomes vectors: 4 words of each of BLOCK / 2 counters. */
QN__INLINE void random_words(uint64_t first, uint32_t words[4][BLOCK / 2])
{
#ifdef _OPENMP
#pragma omp simd
#endif
    for (uint32_t i = 0; i < BLOCK / 2; i++) {
        uint32_t c0 = (uint32_t)first + i, c1 = (uint32_t)(first >> 32), c2 = 7, c3 = 0, k0 = 1, k1 = 2;
        for (int round = 0; round < 10; round++) {
            const uint64_t product0 = (uint64_t)0xD2511F53u * c0, product1 = (uint64_t)0xCD9E8D57u * c2;
            const uint32_t next0 = (uint32_t)(product1 >> 32) ^ c1 ^ k0;
            const uint32_t next2 = (uint32_t)(product0 >> 32) ^ c3 ^ k1;
            c1 = (uint32_t)product1;
            c3 = (uint32_t)product0;
            c0 = next0;
            c2 = next2;
            k0 += 0x9E3779B9u;
            k1 += 0xBB67AE85u;
        }
        words[0][i] = c0;
        words[1][i] = c1;
        words[2][i] = c2;
        words[3][i] = c3;
    }
}

/* Two normal draws of one counter's words (Box-Muller), as two end prices above the strike, summed. */
QN__INLINE double block_sum_body(uint64_t first)
{
    static const double spot = 100.0, strike = 100.0, spread = 0.2, drift = 0.05 - 0.5 * 0.2 * 0.2;
    uint32_t words[4][BLOCK / 2];
    random_words(first, words);
    double sum = 0.0;
#ifdef _OPENMP
#pragma omp simd reduction(+ : sum)
#endif
    for (uint32_t i = 0; i < BLOCK / 2; i++) {
        const uint64_t a = (uint64_t)words[1][i] << 32 | words[0][i], b = (uint64_t)words[3][i] << 32 | words[2][i];
        const uint64_t one = UINT64_C(0x3FF0000000000000);
        const double u = 2.0 - from_bits(a >> 12 | one), v = from_bits(b >> 12 | one) - 1.0; /* (0, 1] and [0, 1) */
        const double radius = __builtin_sqrt(-2.0 * logarithm(u));
        double sine, cosine;
        circle(v, &sine, &cosine);
        const double up = spot * exponential(drift + spread * radius * sine) - strike;
        const double down = spot * exponential(drift + spread * radius * cosine) - strike;
        sum += (up > 0.0 ? up : 0.0) + (down > 0.0 ? down : 0.0);
    }
    return sum;
}
QN__BEST_OF(double, block_sum, (uint64_t first), (first))

double qn__machine_call_price(uint64_t first, uint64_t count)
{
    double sum = 0.0;
    const uint64_t blocks = (count + BLOCK - 1) / BLOCK;
    for (uint64_t k = 0; k < blocks; k++) {
        sum += block_sum((first / BLOCK + k) * (BLOCK / 2));
    }
    return 0.95122942450071400910 * sum / (double)(blocks * BLOCK); /* exp(-0.05) */
}

typedef struct paths {
    uint32_t threads;
    uint64_t done;
    volatile double sum;
} paths;

static void run_paths(void *user)
{
    paths *p = user;
    double sum = 0.0;
#ifdef _OPENMP
#pragma omp parallel for num_threads((int)p->threads) schedule(static, 1) reduction(+ : sum)
#endif
    for (uint32_t t = 0; t < p->threads; t++) {
        sum += qn__machine_call_price(p->done + (uint64_t)t * PATHS, PATHS);
    }
    p->done += (uint64_t)p->threads * PATHS;
    p->sum = sum;
}

qn_status qn__machine_paths(const qn__machine_job *job, double *rate)
{
    paths p = {job->threads, 0, 0.0};
    double seconds = 0.0;
    const qn_status status = qn__machine_median(job->context, job->seconds, 3, run_paths, &p, &seconds);
    if (status == QN_OK) {
        *rate = (double)job->threads * PATHS / seconds;
    }
    return status;
}
