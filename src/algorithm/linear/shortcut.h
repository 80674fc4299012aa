/* shortcut.h: the reflection of the shortcut, for tests and for its gate tier. */
#ifndef QN_ALGORITHM_SHORTCUT_H
#define QN_ALGORITHM_SHORTCUT_H

#include "algorithm/linear/linear.h"

/* l = ceil(ln(2 / error) / (2 delta)); a solver's own l is the even number from there on. */
double qn__shortcut_length(double delta, double error);
/* The |0> part of K |1>|0> (the problem's width) and its squared norm. `t` in units in which A / alpha has the norm
 * |x| = alpha |A^-1 b| / |b|; `delta` at most the least non-zero singular value of G. */
QN_MUST_USE qn_status qn__shortcut_reflect(const qn_context *context, const qn_linear_problem *problem, double t,
                                           double delta, uint64_t length, double *x, double *success);

/* The same from the whole circuit, into result->x, with qubits, cost and data gates. */
QN_MUST_USE qn_status qn__shortcut_gate_plan(const qn_linear_problem *problem, const qn_linear_options *options,
                                             qn_linear_plan *plan);
QN_MUST_USE qn_status qn__shortcut_gate_reflect(const qn_context *context, const qn_linear_problem *problem,
                                                const qn_linear_options *options, double t, double delta,
                                                uint64_t length, qn_linear_result *result, double *success);

#endif
