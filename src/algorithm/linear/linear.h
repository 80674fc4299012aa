/* linear.h: what the methods for linear systems share. */
#ifndef QN_ALGORITHM_LINEAR_H
#define QN_ALGORITHM_LINEAR_H

#include <quern/linear.h>

#include "base/status.h"

enum { QN__LINEAR_DENSE = 4096, QN__LINEAR_GATE_DIMENSION = 16 };

/* A method: one row of linear_methods.def names three functions. */
typedef struct qn__linear_method {
    /* Fills degree, queries, clock_bits, seconds and bytes for plan->tier; a refusal of its own is an error. */
    qn_status (*plan)(const qn_context *, const qn_linear_problem *, const qn_linear_options *, qn_linear_plan *);
    /* Fills x (there already, width doubles), solution_norm, success_probability, error_bound, queries and what else it
     * knows; residual and amplification follow from them. */
    qn_status (*run)(const qn_context *, const qn_linear_problem *, const qn_linear_options *, qn_linear_result *);
} qn__linear_method;

/* One pair of functions a method, by the rows of the table. */
#define LINEAR_METHOD(id, ...)                                                                                         \
    qn_status qn__linear_plan_##id(const qn_context *context, const qn_linear_problem *problem,                        \
                                   const qn_linear_options *options, qn_linear_plan *plan);                            \
    qn_status qn__linear_run_##id(const qn_context *context, const qn_linear_problem *problem,                         \
                                  const qn_linear_options *options, qn_linear_result *result);
#include "algorithm/linear/linear_methods.def"
#undef LINEAR_METHOD

/* Eigenvalues of the Hermitian H and the way to its eigenvectors and back: H is A / alpha, or its dilation when A is
 * not Hermitian. */
typedef struct qn__linear_spectrum {
    const qn_context *context;
    const qn_linear_problem *problem;
    bool dilated;
    size_t size, width; /* of H: size numbers, width doubles */
    double *lambda;     /* size */
    double *vectors;    /* columns; NULL on a grid */
} qn__linear_spectrum;
/* QN_ERR_TOO_LARGE over QN__LINEAR_DENSE when there is no formula. */
QN_MUST_USE qn_status qn__linear_spectrum_check(const qn_linear_problem *problem);
double qn__linear_spectrum_bytes(const qn_linear_problem *problem);
QN_MUST_USE qn_status qn__linear_spectrum_open(const qn_context *context, const qn_linear_problem *problem,
                                               qn__linear_spectrum *out);
void qn__linear_spectrum_close(qn__linear_spectrum *spectrum);
/* beta (width doubles) = components of b / |b| along the eigenvectors. */
QN_MUST_USE qn_status qn__linear_spectrum_of_b(const qn__linear_spectrum *spectrum, double *beta);
/* x (the problem's width) = factor * the part of sum beta_j u_j that stands for x; beta is destroyed. */
QN_MUST_USE qn_status qn__linear_spectrum_to_x(const qn__linear_spectrum *spectrum, double *beta, double factor,
                                               double *x);

/* |b - A x| / |b|. */
QN_MUST_USE qn_status qn__linear_residual(const qn_context *context, const qn_linear_problem *problem, const double *x,
                                          double *out);

/* y = sum_k c_k T_{2k+1}(H) b / |b| with H = A^H / alpha, alternating with its adjoint; two products with the matrix a
 * term. `done` counts terms; less than all after an interruption. */
QN_MUST_USE qn_status qn__chebyshev_apply(const qn_context *context, const qn_linear_problem *problem,
                                          const qn_qsp_polynomial *polynomial, double *y, size_t *done);
/* Seconds that one product with the matrix takes in it, measured. */
QN_MUST_USE qn_status qn__chebyshev_time(const qn_context *context, const qn_linear_problem *problem, double *seconds);

#endif
