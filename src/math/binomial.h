/* binomial.h: draws from the binomial distribution. */
#ifndef QN_MATH_BINOMIAL_H
#define QN_MATH_BINOMIAL_H

#include <stdint.h>

/* How many of n independent trials of probability p succeed: a pure function of (seed, stream), which uses up the whole
 * stream. p outside [0, 1] counts as the nearer end. */
uint64_t qn__random_binomial(uint64_t n, double p, uint64_t seed, uint64_t stream);

#endif
