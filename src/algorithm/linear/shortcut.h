/* shortcut.h: the reflection of the shortcut, for tests and for its gate tier. */
#ifndef QN_ALGORITHM_SHORTCUT_H
#define QN_ALGORITHM_SHORTCUT_H

#include "algorithm/linear/linear.h"

/* l = ceil(ln(2 / error) / (2 delta)). */
double qn__shortcut_length(double delta, double error);
/* The |0> part of K |1>|0> (the problem's width) and its squared norm. `t` in units in which A / alpha has the norm
 * |x| = alpha |A^-1 b| / |b|; `delta` at most the least non-zero singular value of G. */
QN_MUST_USE qn_status qn__shortcut_reflect(const qn_context *context, const qn_linear_problem *problem, double t,
                                           double delta, uint64_t length, double *x, double *success);

#endif
