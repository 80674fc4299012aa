/* cks.c: A. Childs, R. Kothari, R. Somma, arXiv:1511.02306: 1/x as a linear combination of Chebyshev polynomials of the
 * block-encoding. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "algorithm/linear/chebyshev_sum.h"
#include "algorithm/linear/cks_gate.h"
#include "algorithm/linear/combination.h"
#include "algorithm/linear/linear.h"
#include "algorithm/qsp.h"
#include "base/alloc.h"

qn_status qn__linear_plan_cks(const qn_context *context, const qn_linear_problem *problem,
                              const qn_linear_options *options, qn_linear_plan *plan)
{
    plan->degree = plan->queries = qn_qsp_inverse_degree_cks(problem->kappa, options->epsilon);
    QN_CHECK(plan->degree <= (double)QN__QSP_MOST_DEGREE / 4, ERR_TOO_LARGE,
             "condition number %.4g at error %.1g needs degree %.3g; at most %.3g are worked out", problem->kappa,
             options->epsilon, plan->degree, (double)QN__QSP_MOST_DEGREE / 4);
    /* as of QSVT, whose recurrence it shares */
    plan->rounding = plan->tier == QN_LINEAR_SPECTRAL ? DBL_EPSILON * problem->kappa
                                                      : 0.025 * DBL_EPSILON * plan->degree * problem->kappa;
    if (plan->tier == QN_LINEAR_SPECTRAL) {
        QN_TRY(qn__linear_spectrum_check(problem));
        plan->bytes = qn__linear_spectrum_bytes(problem) + 8 * (double)problem->width;
        plan->seconds = qn__combination_seconds(problem, plan->degree);
        return QN_OK;
    }
    if (plan->tier == QN_LINEAR_GATE) {
        return qn__cks_gate_plan(problem, options, plan);
    }
    double seconds = 0;
    QN_TRY(qn__chebyshev_time(context, problem, &seconds));
    plan->seconds = seconds * plan->degree + 3e-7 * plan->degree;
    plan->bytes = 8 * (4 * (double)problem->width + 2 * plan->degree);
    return QN_OK;
}

static double value_of(double x, const void *user)
{
    return qn_qsp_polynomial_value(user, x);
}

qn_status qn__linear_run_cks(const qn_context *context, const qn_linear_problem *problem,
                             const qn_linear_options *options, qn_linear_result *result)
{
    qn_qsp_polynomial *p = NULL;
    QN_TRY(qn_qsp_inverse_cks(problem->kappa, options->epsilon, &p));
    double weight = 0, norm = 0;
    for (size_t k = 0; k < p->count; k++) {
        weight += fabs(p->coefficient[k]);
    }
    qn_status status = QN_OK;
    result->qubits = ceil(log2((double)problem->dimension)) + 1 + qn__chebyshev_sum_bits(p->count);
    if (result->plan.tier == QN_LINEAR_GATE) {
        status = qn__cks_gate_run(context, problem, options, p, &norm, result);
    } else if (result->plan.tier == QN_LINEAR_SPECTRAL) {
        status = qn__combination_run(context, problem, value_of, p, &norm, result);
    } else {
        size_t done = 0;
        status = qn__chebyshev_apply(context, problem, p, result->x, &done);
        for (size_t i = 0; status == QN_OK && i < problem->width; i++) {
            norm += result->x[i] * result->x[i];
            result->x[i] *= problem->b_norm / problem->alpha;
        }
        norm = sqrt(norm);
        result->interrupted = done < p->count;
    }
    if (status == QN_OK) {
        qn__combination_finish(problem, options->epsilon, weight, norm, result);
        result->queries = result->plan.degree;
        result->error_bound = result->interrupted ? (double)NAN : result->error_bound;
    }
    qn_qsp_polynomial_free(p);
    return status;
}
