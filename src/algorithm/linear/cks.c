/* cks.c: A. Childs, R. Kothari, R. Somma, arXiv:1511.02306: 1/x as a linear combination of Chebyshev polynomials of the
 * block-encoding (cks), or of evolutions e^{-i A t} (fourier); the combination's success is |y|^2 / (sum |c|)^2. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "algorithm/linear/cks_gate.h"
#include "algorithm/linear/linear.h"
#include "algorithm/qsp.h"
#include "base/alloc.h"

static const double pi = 3.14159265358979323846;

/* x from y, the combination's state where it is right, and the sum of weights. */
static void finish(const qn_linear_problem *problem, double epsilon, double weight, double norm,
                   qn_linear_result *result)
{
    result->success_probability = norm * norm / (weight * weight);
    result->solution_norm = norm * problem->b_norm / problem->alpha;
    result->error_bound = epsilon;
}

/* factor[j] for every eigenvalue onto b, and back to x. */
static qn_status filter(const qn__linear_spectrum *s, double *beta, const double *factor, double *norm,
                        qn_linear_result *result)
{
    const qn_linear_problem *const p = s->problem;
    const size_t parts = p->matrix->is_complex ? 2 : 1;
    double kept = 0, overlap = 0, exact = 0;
    for (size_t i = 0; i < s->width; i++) {
        const double right = beta[i] / s->lambda[i / parts];
        beta[i] *= factor[i / parts];
        kept += beta[i] * beta[i];
        overlap += right * beta[i];
        exact += right * right;
    }
    *norm = sqrt(kept);
    result->state_error = sqrt(fmax(0, 2 - 2 * overlap / sqrt(kept * exact)));
    return qn__linear_spectrum_to_x(s, beta, p->b_norm / p->alpha, result->x);
}

static double spectral_seconds(const qn_linear_problem *problem, double terms)
{
    const double n = (double)problem->dimension;
    return problem->gridded ? n * (4e-6 + 2e-9 * terms) : 2e-9 * n * n * n + 2e-9 * n * terms;
}

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
        plan->seconds = spectral_seconds(problem, plan->degree);
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

static qn_status run_spectral(const qn_context *context, const qn_linear_problem *problem, const qn_qsp_polynomial *p,
                              double *norm, qn_linear_result *result)
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
        factor[j] = qn_qsp_polynomial_value(p, s.lambda[j]);
    }
    QN_TRY_CLEANUP(filter(&s, beta, factor, norm, result));
cleanup:
    qn__free(beta);
    qn__linear_spectrum_close(&s);
    return status;
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
    result->qubits = ceil(log2((double)problem->dimension)) + 1 + ceil(log2((double)p->count + 1));
    if (result->plan.tier == QN_LINEAR_GATE) {
        status = qn__cks_gate_run(context, problem, options, p, weight, &norm, result);
    } else if (result->plan.tier == QN_LINEAR_SPECTRAL) {
        status = run_spectral(context, problem, p, &norm, result);
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
        finish(problem, options->epsilon, weight, norm, result);
        result->queries = result->plan.degree;
        result->error_bound = result->interrupted ? (double)NAN : result->error_bound;
    }
    qn_qsp_polynomial_free(p);
    return status;
}

/* Their lemma 11: 1/x = i / sqrt(2 pi) int_0^inf dy int dz z e^{-z^2/2} e^{-i x y z}, both integrals by the trapezium
 * rule. What the ends leave out: e^{-(x Y)^2 / 2} / x and e^{-Z^2/2} Y. What the steps add: in z, where the integrand
 * is smooth on the whole line, nothing while 2 pi / dz - x Y stays over Z; in y its slope x at 0 leaves x dy^2 / 12. */
typedef struct fourier {
    double dy, dz;
    size_t ny, nz; /* y = j dy, j < ny; |z| = k dz, 1 <= k <= nz */
    double weight; /* sum of |coefficients| */
    double time;   /* longest evolution */
} fourier;

static fourier fourier_of(double kappa, double epsilon)
{
    const double y = kappa * sqrt(2 * log(4 * kappa / epsilon)), z = sqrt(2 * log(4 * y / epsilon));
    fourier f = {.dy = fmin(pi / z, sqrt(6 * epsilon)), .dz = 2 * pi / (y + z)};
    f.ny = (size_t)ceil(y / f.dy) + 1;
    f.nz = (size_t)ceil(z / f.dz);
    f.time = (double)(f.ny - 1) * f.dy * (double)f.nz * f.dz;
    double sum = 0;
    for (size_t k = 1; k <= f.nz; k++) {
        const double u = (double)k * f.dz;
        sum += 2 * u * exp(-u * u / 2);
    }
    f.weight = f.dy * f.dz / sqrt(2 * pi) * sum * ((double)f.ny - 1);
    return f;
}

/* g(x) = dy dz / sqrt(2 pi) sum_j' sum_k 2 z_k e^{-z_k^2/2} sin(x y_j z_k); the sum over j in closed form: with half
 * weight at j = 0 (where the sine is 0) and at the end, sum_j sin(j a) = cot(a/2) (1 - cos(J a)) / 2. */
static double fourier_value(const fourier *f, double x)
{
    double sum = 0;
    const double last = (double)(f->ny - 1);
    for (size_t k = 1; k <= f->nz; k++) {
        const double u = (double)k * f->dz, a = x * f->dy * u;
        const double inner = fabs(sin(a / 2)) < 1e-14 ? 0 : (1 - cos(last * a)) / (2 * tan(a / 2));
        sum += 2 * u * exp(-u * u / 2) * inner;
    }
    return f->dy * f->dz / sqrt(2 * pi) * sum;
}

/* A query of the block-encoding for each unit of time, and some more for the error: G. H. Low, I. Chuang,
 * arXiv:1606.02685, with the bound of arXiv:1806.01838, lemma 59. */
static double evolution_queries(double time, double epsilon)
{
    return ceil(1.3591409142295225 * time + log(2 / epsilon));
}

qn_status qn__linear_plan_fourier(const qn_context *context, const qn_linear_problem *problem,
                                  const qn_linear_options *options, qn_linear_plan *plan)
{
    (void)context;
    const fourier f = fourier_of(problem->kappa, options->epsilon);
    QN_TRY(qn__linear_spectrum_check(problem));
    plan->queries = evolution_queries(f.time, options->epsilon);
    plan->bytes = qn__linear_spectrum_bytes(problem) + 8 * (double)problem->width;
    plan->seconds = spectral_seconds(problem, 20 * (double)f.nz);
    QN_CHECK((double)f.nz * (double)problem->dimension < 1e12, ERR_TOO_LARGE,
             "%zu terms for each of %zu eigenvalues; at most 1e12 products are made", f.nz, problem->dimension);
    return QN_OK;
}

qn_status qn__linear_run_fourier(const qn_context *context, const qn_linear_problem *problem,
                                 const qn_linear_options *options, qn_linear_result *result)
{
    const fourier f = fourier_of(problem->kappa, options->epsilon);
    qn__linear_spectrum s;
    QN_TRY(qn__linear_spectrum_open(context, problem, &s));
    qn_status status = QN_OK;
    double *beta = qn__alloc(s.width + s.size, sizeof *beta), norm = 0;
    if (beta == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    double *const factor = beta + s.width;
    QN_TRY_CLEANUP(qn__linear_spectrum_of_b(&s, beta));
    for (size_t j = 0; j < s.size; j++) {
        factor[j] = fourier_value(&f, s.lambda[j]);
        if (j % 1024 == 0 && qn_context_interrupted(context)) {
            status = QN_FAIL(ERR_INTERRUPTED, "interrupted after %zu of %zu eigenvalues", j, s.size);
            goto cleanup;
        }
    }
    QN_TRY_CLEANUP(filter(&s, beta, factor, &norm, result));
    finish(problem, options->epsilon, f.weight, norm, result);
    result->qubits = ceil(log2((double)s.size)) + ceil(log2((double)f.ny)) + ceil(log2(2 * (double)f.nz)) + 2;
cleanup:
    qn__free(beta);
    qn__linear_spectrum_close(&s);
    return status;
}
