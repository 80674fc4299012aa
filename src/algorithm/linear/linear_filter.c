/* linear_filter.c: the filter functions of HHL, and what they make of a system when all eigenvectors are known: the
 * classical rival of a run with a cut-off. */
#include <math.h>
#include <string.h>

#include "algorithm/linear/linear.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"

/* A. Harrow, A. Hassidim, S. Lloyd, arXiv:0811.3171, appendix A, with kappa' = 2 kappa: 1 / kappa' = c, 1 / kappa = 2c,
 * and the angle between them runs from 0 to pi / 2. The well-conditioned part keeps the sign of the eigenvalue. */
void qn_hhl_filter(double c, double lambda, double *well, double *ill)
{
    const double size = fabs(lambda);
    const double angle = 1.57079632679489661923 * (size - c) / c;
    const double amplitude = size >= 2 * c ? c / size : size >= c ? 0.5 * sin(angle) : 0;
    *ill = size >= 2 * c ? 0 : size >= c ? 0.5 * cos(angle) : 0.5;
    *well = lambda < 0 ? -amplitude : amplitude;
}

/* beta_j <- beta_j well(lambda_j), and the probabilities of the flag. */
static qn_linear_filter apply_filter(const qn__linear_spectrum *s, double c, double *beta)
{
    qn_linear_filter flag = {0};
    const size_t parts = s->width / s->size;
    for (size_t i = 0; i < s->width; i++) {
        double well = 0, ill = 0;
        qn_hhl_filter(c, s->lambda[i / parts], &well, &ill);
        flag.ill += beta[i] * beta[i] * ill * ill;
        flag.nothing += beta[i] * beta[i] * (1 - well * well - ill * ill);
        beta[i] *= well;
        flag.well += beta[i] * beta[i];
    }
    flag.b_well = fmax(0, fmin(1, 1 - 4 * flag.ill));
    return flag;
}

qn_status qn_linear_solve_filtered(const qn_context *context, const qn_linear_problem *problem, double *x,
                                   qn_linear_filter *filter, qn_sparse_outcome *outcome)
{
    QN_CHECK(context != NULL && problem != NULL && x != NULL && outcome != NULL, ERR_ARGUMENT,
             "a context, a problem and places are needed");
    QN_CHECK(problem->cutoff > 0, ERR_ARGUMENT, "the problem has no cut-off condition number");
    const double started = qn__clock(), c = 0.5 / problem->kappa;
    qn_sparse_outcome done = {.converged = true, .remark = ""};
    qn__linear_spectrum s;
    QN_TRY(qn__linear_spectrum_open(context, problem, &s));
    qn_status status = QN_OK;
    double *beta = qn__alloc(s.width + problem->width, sizeof *beta);
    if (beta == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    double *const solution = beta + s.width;
    QN_TRY_CLEANUP(qn__linear_spectrum_of_b(&s, beta));
    const qn_linear_filter flag = apply_filter(&s, c, beta);
    QN_TRY_CLEANUP(qn__linear_spectrum_to_x(&s, beta, problem->b_norm / (c * problem->alpha), solution));
    done.seconds = qn__clock() - started;
    QN_TRY_CLEANUP(qn__linear_residual(context, problem, solution, &done.residual));
    memcpy(x, solution, problem->width * sizeof *x);
    *outcome = done;
    if (filter != NULL) {
        *filter = flag;
    }
cleanup:
    qn__free(beta);
    qn__linear_spectrum_close(&s);
    return status;
}
