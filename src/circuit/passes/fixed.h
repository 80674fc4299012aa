/* fixed.h: signed fixed-point numbers of 320 bits, 192 of them after the point, for the grid problem, whose region is
 * eps^2 thin at a distance of 2^(k/2). Sums and products wrap modulo 2^128. */
#ifndef QN_CIRCUIT_PASSES_FIXED_H
#define QN_CIRCUIT_PASSES_FIXED_H

#include "circuit/passes/ring.h"

/* Two's complement, least significant limb first; value = integer / 2^192. */
typedef struct qn__fixed {
    uint64_t limb[5];
} qn__fixed;

qn__fixed qn__fixed_add(qn__fixed a, qn__fixed b);
qn__fixed qn__fixed_sub(qn__fixed a, qn__fixed b);
qn__fixed qn__fixed_negate(qn__fixed a);
bool qn__fixed_negative(qn__fixed a);
qn__fixed qn__fixed_times(qn__fixed a, int64_t factor);
qn__fixed qn__fixed_mul(qn__fixed a, qn__fixed b);
qn__fixed qn__fixed_over(qn__fixed a, uint64_t divisor);
/* Exact but for bits under 2^-192; |value| < 2^62. */
qn__fixed qn__fixed_from(long double value);
long double qn__fixed_value(qn__fixed a);
qn__fixed qn__fixed_pi(void);
qn__fixed qn__fixed_half_root(void); /* 1 / sqrt 2 */
/* Cosine and sine of an angle below 2^60, exact to about 2^-125 at that size. */
void qn__fixed_cos_sin(qn__fixed angle, qn__fixed *cosine, qn__fixed *sine);

#endif
