/* special.h: distribution functions that statistics need, and their inverses. */
#ifndef QN_MATH_SPECIAL_H
#define QN_MATH_SPECIAL_H

#include <stdint.h>

/* Regularised incomplete beta function I_x(a, b), a, b > 0, by its continued fraction. */
double qn__beta_cdf(double x, double a, double b);
/* x with I_x(a, b) = p; to about 1e-12. */
double qn__beta_quantile(double p, double a, double b);
/* Clopper and Pearson's interval for `hits` of `shots`, each side missed with probability alpha / 2 at most. */
void qn__clopper_pearson(uint64_t hits, uint64_t shots, double alpha, double *low, double *high);
double qn__normal_cdf(double x);
/* Inverse of the normal distribution function; 0 < p < 1. */
double qn__normal_quantile(double p);
/* Hits of n trials of probability p, drawn from (seed, stream, *index ..); *index moves on. */
uint64_t qn__draw_binomial(uint64_t n, double p, uint64_t seed, uint64_t stream, uint64_t *index);

#endif
