/* adiabatic.h: the walk of the discrete adiabatic solver, for tests and figures. */
#ifndef QN_ALGORITHM_ADIABATIC_H
#define QN_ALGORITHM_ADIABATIC_H

#include "algorithm/linear/linear.h"

enum { QN__ADIABATIC_BRANCHES = 32 };

/* Components along `size` eigenvectors, whose phases are such that b has real components beta of norm 1. The state has
 * 32 * size real amplitudes: state[branch * size + j]; bits of a branch: 0 of H (which of its two blocks), 1 of A(f), 2
 * of the dilation of A, 3 of the sum over f, 4 of the projection. */
typedef struct qn__adiabatic {
    size_t size;
    const double *lambda, *beta;
} qn__adiabatic;

/* f(s) = kappa / (kappa - 1) (1 - (1 + s (kappa^(p-1) - 1))^(1 / (1-p))), p = 1.4. */
double qn__adiabatic_schedule(double kappa, double s);
/* One step: (2 Pi - 1) U_H(f), one query. */
void qn__adiabatic_step(const qn__adiabatic *a, double f, double *state);
/* The state |0>|-, b> with all other bits 0. */
void qn__adiabatic_begin(const qn__adiabatic *a, double *state);
/* |<0|<0|<+, x|state>| for the normalised x = sum beta_j / lambda_j. */
double qn__adiabatic_overlap(const qn__adiabatic *a, const double *state);

/* Steps of the walk, a multiple of 4: its phases i and -i are back at 1. */
double qn__adiabatic_walk_length(double kappa);
/* The filter's gap, and l for a filter of `epsilon`: T_l(-1 + 2 (x^2 - d^2) / (1 - d^2)) / T_l(-1 - 2 d^2 / (1 - d^2)).
 */
double qn__adiabatic_gap(double kappa);
double qn__adiabatic_filter_length(double kappa, double epsilon);

/* The whole circuit: its state at the end where all bits, the counter of the filter and the flag between walk and
 * filter are 0 and z reads +. */
QN_MUST_USE qn_status qn__adiabatic_gate_plan(const qn_linear_problem *problem, const qn_linear_options *options,
                                              qn_linear_plan *plan);
QN_MUST_USE qn_status qn__adiabatic_gate_run(const qn_context *context, const qn_linear_problem *problem,
                                             const qn_linear_options *options, qn_linear_result *result);

#endif
