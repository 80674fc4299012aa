/* binomial.c: inversion where few successes are expected, else the transformed rejection BTRS of W. Hoermann, "The
 * generation of binomial random variates", J. Stat. Comput. Simul. 46 (1993) 101: exact up to the rounding of doubles,
 * and about 1.2 pairs of uniform draws a variate whatever n is. */
#include "math/binomial.h"

#include <math.h>

#include "base/rng.h"

static const double INVERSION_BELOW = 10.0; /* expected successes; BTRS needs at least this many */

/* Walks up the probabilities p_0, p_1, ... until they have used up a uniform draw. */
static uint64_t invert(uint64_t n, double p, uint64_t seed, uint64_t stream)
{
    const double ratio = p / (1 - p), start = exp((double)n * log1p(-p));
    for (uint64_t draw = 0;; draw++) {
        double u = qn__random_uniform(seed, stream, draw), term = start;
        for (uint64_t k = 0; k <= n && term > 0; k++) {
            if (u < term) {
                return k;
            }
            u -= term;
            term *= ratio * (double)(n - k) / (double)(k + 1);
        }
        /* rounding left a crumb of the draw over: draw again */
    }
}

/* log k! - [(k + 1/2) log(k + 1) - (k + 1) + log(2 pi) / 2] */
static double stirling_rest(double k)
{
    static const double table[] = {0.0810614667953272,  0.0413406959554092, 0.0276779256849983, 0.0207906721037650,
                                   0.0166446911898211,  0.0138761288230707, 0.0118967099458917, 0.0104112652619720,
                                   0.00925546218271273, 0.00833056343336287};
    if (k < 10) {
        return table[(int)k];
    }
    const double x = k + 1, square = x * x;
    return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / x;
}

static uint64_t reject(uint64_t trials, double p, uint64_t seed, uint64_t stream)
{
    const double n = (double)trials, q = 1 - p, r = p / q, deviation = sqrt(n * p * q);
    const double b = 1.15 + 2.53 * deviation, a = -0.0873 + 0.0248 * b + 0.01 * p, c = n * p + 0.5;
    const double inside = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * deviation, m = floor((n + 1) * p);
    const double top = (m + 0.5) * log((m + 1) / (r * (n - m + 1))) + stirling_rest(m) + stirling_rest(n - m);
    for (uint64_t draw = 0;; draw += 2) {
        const double u = qn__random_uniform(seed, stream, draw) - 0.5;
        const double v = qn__random_uniform(seed, stream, draw + 1), edge = 0.5 - fabs(u);
        const double k = floor((2 * a / edge + b) * u + c);
        if (edge >= 0.07 && v <= inside) {
            return (uint64_t)k;
        }
        if (!(k >= 0 && k <= n)) {
            continue;
        }
        /* log of f(k) / f(m), by Stirling, against the hat */
        const double bound = top + (n + 1) * log1p((k - m) / (n - k + 1)) + (k + 0.5) * log(r * (n - k + 1) / (k + 1)) -
                             stirling_rest(k) - stirling_rest(n - k);
        if (log(v * alpha / (a / (edge * edge) + b)) <= bound) {
            return (uint64_t)k;
        }
    }
}

uint64_t qn__random_binomial(uint64_t n, double p, uint64_t seed, uint64_t stream)
{
    if (n == 0 || !(p > 0)) {
        return 0;
    }
    if (p >= 1) {
        return n;
    }
    if (p > 0.5) {
        return n - qn__random_binomial(n, 1 - p, seed, stream);
    }
    return (double)n * p < INVERSION_BELOW ? invert(n, p, seed, stream) : reject(n, p, seed, stream);
}
