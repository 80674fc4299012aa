/* combination.c: success, error and spectral tier of linear combinations of circuits. */
#include "algorithm/linear/combination.h"

#include <math.h>

#include "base/alloc.h"

void qn__combination_finish(const qn_linear_problem *problem, double epsilon, double weight, double norm,
                            qn_linear_result *result)
{
    result->success_probability = norm * norm / (weight * weight);
    result->solution_norm = norm * (problem->b_norm / problem->alpha);
    result->error_bound = epsilon;
}

/* factor[j] for every eigenvalue onto b's components, and back to x. */
static qn_status apply(const qn__linear_spectrum *s, double *beta, const double *factor, double *norm,
                       qn_linear_result *result)
{
    const qn_linear_problem *const p = s->problem;
    const size_t parts = p->matrix->is_complex ? 2 : 1;
    double kept = 0, difference = 0, along = 0, exact = 0;
    for (size_t i = 0; i < s->width; i++) {
        const double right = beta[i] / s->lambda[i / parts];
        beta[i] *= factor[i / parts];
        kept += beta[i] * beta[i];
        difference += (beta[i] - right) * (beta[i] - right);
        along += right * (beta[i] - right);
        exact += right * right;
    }
    *norm = sqrt(kept);
    result->state_error = qn__linear_state_error(difference, along, exact);
    return qn__linear_spectrum_to_x(s, beta, p->b_norm / p->alpha, result->x);
}

qn_status qn__combination_run(const qn_context *context, const qn_linear_problem *problem,
                              double (*value)(double x, const void *user), const void *user, double *norm,
                              qn_linear_result *result)
{
    qn__linear_spectrum s;
    QN_TRY(qn__linear_spectrum_open(context, problem, &s));
    qn_status status = QN_OK;
    double *beta = qn__alloc(s.width + s.size, sizeof *beta);
    if (beta == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    double *const factor = beta + s.width;
    QN_TRY_CLEANUP(qn__linear_spectrum_of_b(&s, beta));
    for (size_t j = 0; j < s.size; j++) {
        factor[j] = value(s.lambda[j], user);
        if (j % 1024 == 0 && qn_context_interrupted(context)) {
            status = QN_FAIL(ERR_INTERRUPTED, "interrupted after %zu of %zu eigenvalues", j, s.size);
            goto cleanup;
        }
    }
    QN_TRY_CLEANUP(apply(&s, beta, factor, norm, result));
cleanup:
    qn__free(beta);
    qn__linear_spectrum_close(&s);
    return status;
}

double qn__combination_seconds(const qn_linear_problem *problem, double terms)
{
    const double n = (double)problem->dimension;
    return problem->gridded ? n * (4e-6 + 2e-9 * terms) : 2e-9 * n * n * n + 2e-9 * n * terms;
}
