/* qsvt.c: linear systems by quantum singular value transformation (A. Gilyen, Y. Su, G. H. Low, N. Wiebe,
 * arXiv:1806.01838) with the optimal inverse polynomial P (arXiv:2507.15537): the circuit applies P / (2 max |P|) to
 * A^H / alpha. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "algorithm/linear/linear.h"
#include "algorithm/linear/qsvt_gate.h"
#include "algorithm/qsp.h"
#include "base/alloc.h"

/* From degree and sizes; the state is normalised, so an absolute error epsilon of 1/lambda on [1/kappa, 1] is a
 * relative error of at most epsilon of x, whose length is at least 1 there. */
qn_status qn__linear_plan_qsvt(const qn_context *context, const qn_linear_problem *problem,
                               const qn_linear_options *options, qn_linear_plan *plan)
{
    plan->degree = qn_qsp_inverse_degree(problem->kappa, options->epsilon);
    plan->queries = plan->degree;
    plan->clock_bits = (double)NAN;
    /* of d steps of the recurrence, each wrong in the last place, seen through 1/lambda; the factor is measured on the
     * matrices that the tests use */
    plan->rounding = plan->tier == QN_LINEAR_SPECTRAL ? DBL_EPSILON * problem->kappa
                                                      : 0.025 * DBL_EPSILON * plan->degree * problem->kappa;
    if (plan->tier == QN_LINEAR_SPECTRAL) {
        const double n = (double)problem->dimension;
        QN_TRY(qn__linear_spectrum_check(problem));
        plan->bytes = qn__linear_spectrum_bytes(problem);
        plan->seconds = problem->gridded ? 4e-6 * n : 2e-9 * n * n * n;
        return QN_OK;
    }
    QN_CHECK(
        plan->degree <= (double)QN__QSP_MOST_DEGREE / 4, ERR_TOO_LARGE,
        "condition number %.4g at error %.1g needs a polynomial of degree %.3g; at most %.3g are worked out (ask for a "
        "larger error, or for the spectral tier)",
        problem->kappa, options->epsilon, plan->degree, (double)QN__QSP_MOST_DEGREE / 4);
    if (plan->tier == QN_LINEAR_GATE) {
        return qn__qsvt_gate_plan(problem, options, plan);
    }
    double seconds = 0;
    QN_TRY(qn__chebyshev_time(context, problem, &seconds));
    plan->seconds = seconds * plan->degree + 3e-7 * plan->degree; /* and the coefficients */
    plan->bytes = 8 * (4 * (double)problem->width + 2 * plan->degree);
    return QN_OK;
}

/* x from y = P(A^H / alpha) b / |b|. */
static void finish(const qn_linear_problem *problem, const qn_linear_options *options, double maximum, double y_norm,
                   qn_linear_result *result)
{
    result->success_probability = y_norm * y_norm / (4 * maximum * maximum);
    result->solution_norm = y_norm * (problem->b_norm / problem->alpha);
    result->error_bound = fmin(options->epsilon, qn_qsp_inverse_error(problem->kappa, result->plan.degree));
}

static qn_status run_spectral(const qn_context *context, const qn_linear_problem *problem, double *norm,
                              qn_linear_result *result)
{
    qn__linear_spectrum s;
    QN_TRY(qn__linear_spectrum_open(context, problem, &s));
    qn_status status = QN_OK;
    double *beta = qn__alloc(s.width, sizeof *beta);
    if (beta == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(qn__linear_spectrum_of_b(&s, beta));
    const size_t parts = s.width / s.size;
    double kept = 0, difference = 0, along = 0, exact = 0;
    for (size_t j = 0; j < s.size; j++) {
        const double factor = qn_qsp_inverse_value(problem->kappa, result->plan.degree, s.lambda[j]);
        for (size_t part = 0; part < parts; part++) {
            double *const b = &beta[j * parts + part];
            const double right = *b / s.lambda[j];
            *b *= factor;
            kept += *b * *b;
            difference += (*b - right) * (*b - right);
            along += right * (*b - right);
            exact += right * right;
        }
    }
    *norm = sqrt(kept);
    result->state_error = qn__linear_state_error(difference, along, exact);
    QN_TRY_CLEANUP(qn__linear_spectrum_to_x(&s, beta, problem->b_norm / problem->alpha, result->x));
cleanup:
    qn__free(beta);
    qn__linear_spectrum_close(&s);
    return status;
}

static double norm_of(const double *y, size_t width)
{
    double sum = 0;
    for (size_t i = 0; i < width; i++) {
        sum += y[i] * y[i];
    }
    return sqrt(sum);
}

static qn_status run_operator(const qn_context *context, const qn_linear_problem *problem, double *norm,
                              qn_linear_result *result)
{
    qn_qsp_polynomial *p = NULL;
    QN_TRY(qn_qsp_inverse(problem->kappa, (uint64_t)result->plan.degree, &p));
    size_t done = 0;
    const qn_status status = qn__chebyshev_apply(context, problem, p, result->x, &done);
    if (status == QN_OK) {
        result->interrupted = done < p->count;
        result->queries = 2 * (double)done - 1;
        *norm = norm_of(result->x, problem->width);
        for (size_t i = 0; i < problem->width; i++) {
            result->x[i] *= problem->b_norm / problem->alpha;
        }
    }
    qn_qsp_polynomial_free(p);
    return status;
}

qn_status qn__linear_run_qsvt(const qn_context *context, const qn_linear_problem *problem,
                              const qn_linear_options *options, qn_linear_result *result)
{
    const double maximum = qn_qsp_inverse_maximum(problem->kappa, result->plan.degree);
    double norm = 0;
    result->qubits = ceil(log2((double)problem->dimension)) + 2;
    if (result->plan.tier == QN_LINEAR_SPECTRAL) {
        QN_TRY(run_spectral(context, problem, &norm, result));
    } else if (result->plan.tier == QN_LINEAR_OPERATOR) {
        QN_TRY(run_operator(context, problem, &norm, result));
    } else {
        QN_TRY(qn__qsvt_gate_run(context, problem, options, maximum, &norm, result));
    }
    finish(problem, options, maximum, norm, result);
    if (result->interrupted) {
        result->error_bound = (double)NAN;
    }
    return QN_OK;
}
