/* binomial_tail.h: the distribution function of the binomial law, and how many trials reach a count of successes. */
#ifndef QN_MATH_BINOMIAL_TAIL_H
#define QN_MATH_BINOMIAL_TAIL_H

/* P(X >= a) for X ~ Binomial(n, q); n and a are whole numbers, 0 <= q <= 1. Relative error about 1e-13. */
double qn__binomial_upper_tail(double n, double a, double q);

/* The smallest k with P(X <= k) >= level for X ~ Binomial(n, p), 0 < level < 1. */
double qn__binomial_quantile(double n, double p, double level);

/* The least number of trials n of success probability p, 0 < p < 1, whose quantile at `level` reaches `successes`: with
 * probability over 1 - level at least that many succeed. Infinity when that takes more than `most` trials. */
double qn__binomial_trials(double successes, double p, double level, double most);

#endif
