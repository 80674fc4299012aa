/* qsp_phases.c: phase factors of a polynomial: by fixed-point iteration, by the Fourier method, and the choice between
 * the methods. */
#include <math.h>
#include <string.h>

#include "algorithm/qsp.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "math/fft.h"

void qn__qsp_spread(const double *c, uint64_t degree, double *b)
{
    const size_t count = (size_t)degree / 2 + 1;
    for (size_t k = 0; k < count; k++) {
        const size_t j = 2 * k + degree % 2; /* of T_j */
        b[(degree + j) / 2] = b[(degree - j) / 2] = j == 0 ? c[k] : 0.5 * c[k];
    }
}

void qn__qsp_gather(const double *b, uint64_t degree, double *c)
{
    const size_t count = (size_t)degree / 2 + 1;
    for (size_t k = 0; k < count; k++) {
        const size_t j = 2 * k + degree % 2;
        c[k] = j == 0 ? b[degree / 2] : b[(degree + j) / 2] + b[(degree - j) / 2];
    }
}

qn_status qn__qsp_residual(const double *phases, const double *c, uint64_t degree, double *out)
{
    const size_t n = (size_t)degree + 1, count = (size_t)degree / 2 + 1;
    double *a = qn__alloc(2 * n + count, sizeof *a);
    QN_ALLOC_CHECK(a);
    double *const b = a + n, *const found = b + n;
    const qn_status status = qn__nlft_forward(phases, n, a, b);
    if (status == QN_OK) {
        qn__qsp_gather(b, degree, found);
        double sum = 0;
        for (size_t k = 0; k < count; k++) {
            sum += fabs(found[k] - c[k]);
        }
        *out = sum;
    }
    qn__free(a);
    return status;
}

/* p <- p - (F(p) - c) / 2, starting from c / 2, on the phases that a symmetric sequence shares in pairs: Y. Dong, L.
 * Lin, H. Ni, J. Wang, arXiv:2209.10162. F comes from the nonlinear Fourier transform. */
qn_status qn__qsp_fixed_point(const qn_context *context, const double *c, uint64_t degree, double tolerance,
                              double *phases, qn_qsp_report *report)
{
    enum { MOST = 200 };
    const size_t n = (size_t)degree + 1, count = (size_t)degree / 2 + 1;
    double *a = qn__alloc(2 * n + 2 * count, sizeof *a);
    QN_ALLOC_CHECK(a);
    double *const b = a + n, *const found = b + n, *const half = found + count;
    qn_status status = QN_OK;
    memset(half, 0, count * sizeof *half);
    memset(found, 0, count * sizeof *found);
    double before = (double)INFINITY;
    for (report->iterations = 0; report->iterations < MOST;) {
        for (size_t k = 0; k < count; k++) {
            half[k] += c[k] - found[k];
        }
        qn__qsp_spread(half, degree, phases); /* halves what is shared by two */
        report->iterations++;
        QN_TRY_CLEANUP(qn__nlft_forward(phases, n, a, b));
        qn__qsp_gather(b, degree, found);
        double sum = 0;
        for (size_t k = 0; k < count; k++) {
            sum += fabs(found[k] - c[k]);
        }
        report->residual = sum;
        report->converged = sum <= tolerance;
        if (report->converged || !(sum < 1e3) || (report->iterations > 8 && sum > 0.9 * before)) {
            break;
        }
        before = sum;
        if (qn_context_interrupted(context)) {
            status = QN_FAIL(ERR_INTERRUPTED, "interrupted in iteration %u of the phase factors", report->iterations);
            break;
        }
    }
cleanup:
    qn__free(a);
    return status;
}

/* Weiss' algorithm for a*, then the inverse transform; the grid is doubled until the phases give the coefficients back.
 */
qn_status qn__qsp_fourier(const qn_context *context, const double *c, uint64_t degree, double tolerance, double *phases,
                          qn_qsp_report *report)
{
    const size_t n = (size_t)degree + 1;
    double *a = qn__alloc(3 * n, sizeof *a);
    QN_ALLOC_CHECK(a);
    double *const b = a + n, *const trial = b + n;
    qn_status status = QN_OK;
    report->residual = (double)INFINITY;
    report->iterations = 0;
    for (size_t grid = 8 * qn__fft_size(n); grid <= (size_t)1 << QN__FFT_LARGEST_LOG2; grid *= 2) {
        double residual = 0;
        qn__qsp_spread(c, degree, b);
        QN_TRY_CLEANUP(qn__nlft_complement(b, n, grid, a));
        QN_TRY_CLEANUP(qn__nlft_inverse(a, b, n, trial));
        for (size_t k = 0; k < n / 2; k++) { /* rounding need not be symmetric */
            trial[k] = trial[n - 1 - k] = 0.5 * (trial[k] + trial[n - 1 - k]);
        }
        QN_TRY_CLEANUP(qn__qsp_residual(trial, c, degree, &residual));
        report->iterations++;
        const double before = report->residual;
        if (residual < before) {
            memcpy(phases, trial, n * sizeof *trial);
            report->residual = residual;
        }
        report->converged = report->residual <= tolerance;
        if (report->converged || residual > 0.5 * before || grid > 4096 * n) {
            break;
        }
        if (qn_context_interrupted(context)) {
            status = QN_FAIL(ERR_INTERRUPTED, "interrupted while phase factors are found");
            break;
        }
    }
cleanup:
    qn__free(a);
    return status;
}

typedef qn_status (*finder)(const qn_context *, const double *, uint64_t, double, double *, qn_qsp_report *);

static qn_status find(const qn_context *context, const qn_qsp_polynomial *f, qn_qsp_method method, double tolerance,
                      double *phases, qn_qsp_report *report)
{
    static const finder finders[] = {NULL, qn__qsp_fixed_point, qn__qsp_newton, qn__qsp_fourier};
    static const qn_qsp_method small[] = {QN_QSP_FIXED_POINT, QN_QSP_FOURIER, QN_QSP_NEWTON, QN_QSP_AUTO};
    static const qn_qsp_method large[] = {QN_QSP_FOURIER, QN_QSP_AUTO};
    const qn_qsp_method one[] = {method, QN_QSP_AUTO};
    const qn_qsp_method *order = method != QN_QSP_AUTO ? one : f->degree <= 5000 ? small : large;
    double *trial = qn__alloc((size_t)f->degree + 1, sizeof *trial);
    QN_ALLOC_CHECK(trial);
    qn_status status = QN_OK;
    report->residual = (double)INFINITY;
    for (; *order != QN_QSP_AUTO && !report->converged; order++) {
        if (*order == QN_QSP_NEWTON && f->degree > QN__QSP_NEWTON_DEGREE && method == QN_QSP_AUTO) {
            break;
        }
        qn_qsp_report next = {.method = *order, .residual = (double)INFINITY};
        QN_TRY_CLEANUP(finders[*order](context, f->coefficient, f->degree, tolerance, trial, &next));
        if (next.residual < report->residual || !isfinite(report->residual)) {
            *report = next;
            memcpy(phases, trial, ((size_t)f->degree + 1) * sizeof *trial);
        }
    }
cleanup:
    qn__free(trial);
    return status;
}

qn_status qn_qsp_phases(const qn_context *context, const qn_qsp_polynomial *polynomial, qn_qsp_method method,
                        double tolerance, double *phases, qn_qsp_report *report)
{
    QN_CHECK(context != NULL && polynomial != NULL && phases != NULL && report != NULL, ERR_ARGUMENT,
             "every argument is needed");
    QN_CHECK((unsigned)method <= QN_QSP_FOURIER, ERR_ARGUMENT, "method %d is none of qn_qsp_method", (int)method);
    QN_CHECK(isfinite(tolerance) && tolerance >= 0, ERR_RANGE, "tolerance %g; expected 0 (default) or more", tolerance);
    for (size_t k = 0; k < polynomial->count; k++) {
        QN_CHECK(isfinite(polynomial->coefficient[k]), ERR_NAN, "coefficient %zu is not finite", k);
    }
    double largest = 0;
    QN_TRY(qn_qsp_polynomial_maximum(polynomial, &largest));
    QN_CHECK(largest <= 1 + 1e-12, ERR_RANGE, "the polynomial reaches %.6g; phase factors exist up to 1", largest);
    const double started = qn__clock();
    qn_qsp_report found = {0};
    QN_TRY(find(context, polynomial, method, tolerance > 0 ? tolerance : 1e-12, phases, &found));
    found.seconds = qn__clock() - started;
    *report = found;
    return QN_OK;
}
