/* qsp_newton.c: phase factors by Newton's method on the values at Chebyshev nodes, quadratic also where the polynomial
 * comes near 1: Y. Dong, L. Lin, H. Ni, J. Wang, arXiv:2307.12468. */
#include <math.h>
#include <string.h>

#include "algorithm/qsp.h"
#include "base/alloc.h"
#include "math/linalg.h"

typedef struct pair {
    qn_complex x, y;
} pair;

static inline qn_complex times(qn_complex a, qn_complex b)
{
    return (qn_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

/* With R_k = cos p_k + i sin p_k (z^k |0><1| + z^-k |1><0|), z = e^{2 i theta}: f = Im(<0| prod R |1> e^{-i d theta}),
 * and R_k' = R_k i (z^k |0><1| + z^-k |1><0|). `right` has n + 1 places for the columns prod_{j >= k} R_j |1>. */
static double node(const double *phases, size_t n, double theta, pair *right, double *slope)
{
    right[n] = (pair){{0, 0}, {1, 0}};
    for (size_t k = n; k-- > 0;) {
        const double c = cos(phases[k]), s = sin(phases[k]), angle = 2 * theta * (double)k;
        const qn_complex up = {-s * sin(angle), s * cos(angle)},
                         down = {s * sin(angle), s * cos(angle)}; /* i s z^+-k */
        const pair v = right[k + 1];
        const qn_complex a = times(up, v.y), b = times(down, v.x);
        right[k] = (pair){{c * v.x.re + a.re, c * v.x.im + a.im}, {c * v.y.re + b.re, c * v.y.im + b.im}};
    }
    const double turn = -theta * (double)(n - 1);
    const qn_complex end = {cos(turn), sin(turn)};
    pair left = {{1, 0}, {0, 0}}; /* row <0| prod_{j <= k} R_j */
    for (size_t k = 0; k < n; k++) {
        const double c = cos(phases[k]), s = sin(phases[k]), angle = 2 * theta * (double)k;
        const qn_complex up = {-sin(angle), cos(angle)}, down = {sin(angle), cos(angle)};
        const qn_complex a = times(left.y, down), b = times(left.x, up);
        left = (pair){{c * left.x.re + s * a.re, c * left.x.im + s * a.im},
                      {c * left.y.re + s * b.re, c * left.y.im + s * b.im}};
        const qn_complex u = times(times(left.x, up), right[k + 1].y), v = times(times(left.y, down), right[k + 1].x);
        slope[k] = times((qn_complex){u.re + v.re, u.im + v.im}, end).im;
    }
    return times(right[0].x, end).im;
}

/* One step: values and slopes at all nodes, then a dense solve. */
static qn_status step(const double *values, uint64_t degree, double *half, double *phases, double *matrix,
                      double *right_side, int *pivots, pair *column, double *slope)
{
    const size_t n = (size_t)degree + 1, m = (size_t)degree / 2 + 1;
    qn__qsp_spread(half, degree, phases);
    for (size_t i = 0; i < m; i++) {
        const double theta = 3.14159265358979323846 * (double)(2 * i + 1) / (4 * (double)m);
        right_side[i] = values[i] - node(phases, n, theta, column, slope);
        for (size_t k = 0; k < m; k++) {
            const size_t j = 2 * k + degree % 2;
            matrix[i + m * k] = j == 0 ? slope[degree / 2] : 0.5 * (slope[(degree + j) / 2] + slope[(degree - j) / 2]);
        }
    }
    QN_TRY(qn__linalg_solve(m, matrix, right_side, pivots));
    for (size_t k = 0; k < m; k++) {
        half[k] += right_side[k];
    }
    qn__qsp_spread(half, degree, phases);
    return QN_OK;
}

qn_status qn__qsp_newton(const qn_context *context, const double *c, uint64_t degree, double tolerance, double *phases,
                         qn_qsp_report *report)
{
    enum { MOST = 30 };
    QN_CHECK(degree <= QN__QSP_NEWTON_DEGREE, ERR_TOO_LARGE, "Newton's method on degree %llu; at most %d",
             (unsigned long long)degree, (int)QN__QSP_NEWTON_DEGREE);
    const size_t n = (size_t)degree + 1, m = (size_t)degree / 2 + 1;
    double *memory = qn__alloc(m * m + 3 * m + n, sizeof *memory);
    pair *column = qn__alloc(n + 1, sizeof *column);
    int *pivots = qn__alloc(m, sizeof *pivots);
    qn_status status = QN_OK;
    if (memory == NULL || column == NULL || pivots == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    double *const matrix = memory, *const half = matrix + m * m, *const values = half + m, *const side = values + m,
                  *const slope = side + m;
    memcpy(half, c, m * sizeof *half);
    const qn_qsp_polynomial f = {degree, m, half};
    for (size_t i = 0; i < m; i++) {
        values[i] = qn_qsp_polynomial_value(&f, cos(3.14159265358979323846 * (double)(2 * i + 1) / (4 * (double)m)));
    }
    double before = (double)INFINITY;
    for (report->iterations = 0; report->iterations < MOST;) {
        QN_TRY_CLEANUP(step(values, degree, half, phases, matrix, side, pivots, column, slope));
        report->iterations++;
        QN_TRY_CLEANUP(qn__qsp_residual(phases, c, degree, &report->residual));
        report->converged = report->residual <= tolerance;
        if (report->converged || !(report->residual < 1e3) || (report->iterations > 8 && report->residual > before)) {
            break;
        }
        before = report->residual;
        if (qn_context_interrupted(context)) {
            status = QN_FAIL(ERR_INTERRUPTED, "interrupted in Newton step %u of the phase factors", report->iterations);
            break;
        }
    }
cleanup:
    qn__free(memory);
    qn__free(column);
    qn__free(pivots);
    return status;
}
