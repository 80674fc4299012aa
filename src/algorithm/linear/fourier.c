/* fourier.c: A. Childs, R. Kothari, R. Somma, arXiv:1511.02306: 1/x as a linear combination of evolutions e^{-i A t}.
 */
#include "algorithm/linear/fourier.h"

#include <float.h>
#include <math.h>

#include "algorithm/linear/combination.h"
#include "algorithm/qsp.h"
#include "base/alloc.h"

static const double pi = 3.14159265358979323846;

/* Their lemma 11: 1/x = i / sqrt(2 pi) int_0^inf dy int dz z e^{-z^2/2} e^{-i x y z}, both integrals by the trapezium
 * rule. What the ends leave out: e^{-(x Y)^2 / 2} / x and e^{-Z^2/2} Y. What the steps add: in z, where the integrand
 * is smooth on the whole line, nothing while 2 pi / dz - x Y stays over Z; in y its slope x at 0 leaves x dy^2 / 12. */
qn__fourier qn__fourier_of(double kappa, double epsilon)
{
    const double y = kappa * sqrt(2 * log(4 * kappa / epsilon)), z = sqrt(2 * log(4 * y / epsilon));
    qn__fourier f = {.dy = fmin(pi / z, sqrt(6 * epsilon)), .dz = 2 * pi / (y + z)};
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
static double value_of(double x, const void *user)
{
    const qn__fourier *const f = user;
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

/* All sines are of frequencies up to the longest time: Chebyshev coefficients fall faster than any power behind it
 * (Jacobi-Anger), to rounding within some ten cube roots of it. */
static double series_degree(const qn__fourier *f)
{
    return 2 * floor((f->time + 10 * cbrt(f->time) + 20) / 2) + 1;
}

qn_status qn__linear_plan_fourier(const qn_context *context, const qn_linear_problem *problem,
                                  const qn_linear_options *options, qn_linear_plan *plan)
{
    const qn__fourier f = qn__fourier_of(problem->kappa, options->epsilon);
    plan->queries = evolution_queries(f.time, options->epsilon);
    if (plan->tier == QN_LINEAR_GATE) {
        QN_CHECK(options->encoding == NULL, ERR_UNSUPPORTED,
                 "the gate tier of fourier makes its evolutions from eigenvectors; a block-encoding was given");
        return qn__fourier_gate_plan(problem, &f, plan);
    }
    if (plan->tier == QN_LINEAR_OPERATOR) {
        const double degree = series_degree(&f);
        double seconds = 0;
        QN_CHECK((double)f.nz * degree < 1e9, ERR_TOO_LARGE,
                 "%zu sines at each of %.3g points make the series; at most 1e9 are worked out", f.nz, degree);
        QN_TRY(qn__chebyshev_time(context, problem, &seconds));
        plan->seconds = seconds * degree + 5e-8 * (double)f.nz * degree;
        plan->bytes = 8 * (4 * (double)problem->width + 4 * degree);
        plan->rounding = 0.025 * DBL_EPSILON * degree * problem->kappa; /* as of QSVT, whose recurrence it shares */
        return QN_OK;
    }
    QN_TRY(qn__linear_spectrum_check(problem));
    plan->bytes = qn__linear_spectrum_bytes(problem) + 8 * (double)problem->width;
    plan->seconds = qn__combination_seconds(problem, 20 * (double)f.nz);
    QN_CHECK((double)f.nz * (double)problem->dimension < 1e12, ERR_TOO_LARGE,
             "%zu terms for each of %zu eigenvalues; at most 1e12 products are made", f.nz, problem->dimension);
    return QN_OK;
}

static qn_status run_operator(const qn_context *context, const qn_linear_problem *problem, const qn__fourier *f,
                              double *norm, qn_linear_result *result)
{
    qn_qsp_polynomial *p = NULL;
    size_t done = 0;
    QN_TRY(qn_qsp_interpolate(value_of, f, (uint64_t)series_degree(f), &p));
    const size_t count = p->count;
    const qn_status status = qn__chebyshev_apply(context, problem, p, result->x, &done);
    qn_qsp_polynomial_free(p);
    QN_TRY(status);
    QN_CHECK(done == count, ERR_INTERRUPTED, "interrupted after %zu of %zu terms, which say nothing yet", done, count);
    for (size_t i = 0; i < problem->width; i++) {
        *norm += result->x[i] * result->x[i];
        result->x[i] *= problem->b_norm / problem->alpha;
    }
    *norm = sqrt(*norm);
    return QN_OK;
}

qn_status qn__linear_run_fourier(const qn_context *context, const qn_linear_problem *problem,
                                 const qn_linear_options *options, qn_linear_result *result)
{
    const qn__fourier f = qn__fourier_of(problem->kappa, options->epsilon);
    const double size = (double)problem->dimension * (problem->matrix->hermitian ? 1 : 2);
    double norm = 0;
    result->qubits = ceil(log2(size)) + ceil(log2((double)f.ny)) + ceil(log2(2 * (double)f.nz)) + 2;
    QN_TRY(result->plan.tier == QN_LINEAR_GATE ? qn__fourier_gate_run(context, problem, &f, &norm, result)
           : result->plan.tier == QN_LINEAR_OPERATOR
               ? run_operator(context, problem, &f, &norm, result)
               : qn__combination_run(context, problem, value_of, &f, &norm, result));
    qn__combination_finish(problem, options->epsilon, f.weight, norm, result);
    return QN_OK;
}
