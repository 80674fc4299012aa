/* methods.h: the heuristics and exact methods, one a file. */
#ifndef QN_PROBLEM_METHODS_H
#define QN_PROBLEM_METHODS_H

#include <quern/optimize.h>

/* All have this shape; `options` are as the caller gave them. */
typedef qn_status (*qn__solver_fn)(qn_context *context, qn_cost cost, const qn_optimize_options *options,
                                   qn_optimize_result **out);

qn_status qn__solve_anneal(qn_context *, qn_cost, const qn_optimize_options *, qn_optimize_result **);
qn_status qn__solve_tabu(qn_context *, qn_cost, const qn_optimize_options *, qn_optimize_result **);
qn_status qn__solve_tempering(qn_context *, qn_cost, const qn_optimize_options *, qn_optimize_result **);
qn_status qn__solve_gw(qn_context *, qn_cost, const qn_optimize_options *, qn_optimize_result **);
qn_status qn__solve_exact(qn_context *, qn_cost, const qn_optimize_options *, qn_optimize_result **);
qn_status qn__solve_greedy(qn_context *, qn_cost, const qn_optimize_options *, qn_optimize_result **);
qn_status qn__solve_random(qn_context *, qn_cost, const qn_optimize_options *, qn_optimize_result **);

/* The two exact methods: all states in Gray order; branch and bound of a quadratic model. */
qn_status qn__solve_gray(qn_context *, qn_cost, const qn_optimize_options *, qn_optimize_result **);
qn_status qn__solve_branch(qn_context *, qn_cost, const qn_optimize_options *, qn_optimize_result **);
enum { QN__BRANCH_VARIABLES = 400 };

#endif
