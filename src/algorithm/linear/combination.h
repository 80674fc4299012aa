/* combination.h: what linear combinations of circuits for 1/x share: cks of Chebyshev polynomials, fourier of
 * evolutions.
 */
#ifndef QN_ALGORITHM_COMBINATION_H
#define QN_ALGORITHM_COMBINATION_H

#include "algorithm/linear/linear.h"

/* From |y| / |b|, y the combination's state, and the sum of weights: success (|y| / weight)^2, the norm of x, the
 * error.
 */
void qn__combination_finish(const qn_linear_problem *problem, double epsilon, double weight, double norm,
                            qn_linear_result *result);
/* Spectral tier: `value` of every eigenvalue of A / alpha onto b's components, and back to x; *norm = |y|. */
QN_MUST_USE qn_status qn__combination_run(const qn_context *context, const qn_linear_problem *problem,
                                          double (*value)(double x, const void *user), const void *user, double *norm,
                                          qn_linear_result *result);
/* Foreseen, with `terms` products for each eigenvalue. */
double qn__combination_seconds(const qn_linear_problem *problem, double terms);

#endif
