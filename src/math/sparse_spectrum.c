/* sparse_spectrum.c: extreme singular values with bounds.
 *
 * A residual ||H v - theta v|| bounds the distance of theta from the spectrum of a Hermitian H. H is A^H A for the
 * largest singular value and, through a factorisation, (A^H A)^-1 for the smallest, where small values are far apart.
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "math/lanczos.h"
#include "math/linalg.h"
#include "math/sparse.h"
#include "math/vectors.h"

enum { DENSE_DIMENSION = 384, PRODUCTS = 600 };

typedef struct search {
    const qn_context *context;
    const qn_sparse *matrix, *adjoint;
    const qn__sparse_factors *factors;
    double *half, *scratch;
    double sign;
} search;

/* y = -A^H A x: lowest eigenvalue is minus the largest singular value squared; +A^H A finds the smallest. */
static qn_status multiply_gram(void *user, const double *x, double *y)
{
    search *s = user;
    qn_sparse_multiply(s->context, s->matrix, x, s->half);
    qn_sparse_multiply(s->context, s->adjoint, s->half, y);
    qn__vectors_scale(y, s->sign, qn__sparse_width(s->matrix), qn_context_threads(s->context));
    return QN_OK;
}

static qn_status multiply_inverse(void *user, const double *x, double *y)
{
    search *s = user;
    qn__sparse_factors_apply(s->factors, true, x, s->half, s->scratch);
    qn__sparse_factors_apply(s->factors, false, s->half, y, s->scratch);
    qn__vectors_scale(y, -1, qn__sparse_width(s->matrix), qn_context_threads(s->context));
    return QN_OK;
}

static bool proceed(void *user, uint64_t products, double value)
{
    (void)products;
    (void)value;
    return !qn_context_interrupted(((const search *)user)->context);
}

/* The lowest eigenvalue of an operator of dimension `rows`, within `tolerance` of its own size where that is met. */
static qn_status lowest(search *s, qn_status (*multiply)(void *, const double *, double *), double norm,
                        double tolerance, uint64_t seed, double *value, double *bound, bool *interrupted)
{
    const qn__lanczos_problem problem = {.dimension = s->matrix->rows,
                                         .is_complex = s->matrix->is_complex,
                                         .wanted = 1,
                                         .threads = qn_context_threads(s->context),
                                         .tolerance = tolerance,
                                         .norm = norm,
                                         .max_products = PRODUCTS,
                                         .seed = seed,
                                         .guess = UINT64_MAX,
                                         .multiply = multiply,
                                         .proceed = proceed,
                                         .user = s};
    qn__lanczos_outcome outcome = {0, false, false};
    QN_TRY(qn__lanczos_solve(&problem, value, bound, NULL, &outcome));
    *interrupted = *interrupted || outcome.interrupted;
    return QN_OK;
}

static qn_status dense(const qn_sparse *matrix, qn_singular_values *out)
{
    const size_t n = matrix->rows, width = matrix->is_complex ? 2 : 1;
    double *a = qn__alloc(n * n * width + n, sizeof *a);
    QN_ALLOC_CHECK(a);
    qn_sparse_to_dense(matrix, a);
    double *const values = a + n * n * width;
    const qn_status status = qn__linalg_singular_values(n, a, matrix->is_complex, values);
    if (status == QN_OK) {
        out->largest = values[0];
        out->smallest = values[n - 1];
        out->largest_error = out->smallest_error = 4 * (double)n * DBL_EPSILON * values[0];
        out->complete = true;
        out->method = "dense singular values";
    }
    qn__free(a);
    return status;
}

/* A few steps of the power method give the size of the inverse, which Lanczos needs to tell zero from rounding. */
static double inverse_size(search *s, double *x, double *y, uint32_t threads, double *sums)
{
    const size_t width = qn__sparse_width(s->matrix);
    double size = 0;
    for (size_t i = 0; i < width; i++) {
        x[i] = 1 + 0.5 * sin((double)(i + 1) * 12.9898);
    }
    for (int step = 0; step < 6; step++) {
        const double norm = sqrt(qn__vectors_norm2(x, width, sums, threads));
        qn__vectors_scale(x, 1 / norm, width, threads);
        (void)multiply_inverse(s, x, y);
        size = sqrt(qn__vectors_norm2(y, width, sums, threads));
        memcpy(x, y, width * sizeof *x);
    }
    return size;
}

static qn_status smallest_by_inverse(search *s, uint64_t seed, qn_singular_values *out)
{
    const size_t width = qn__sparse_width(s->matrix);
    const uint32_t threads = qn_context_threads(s->context);
    double *x = qn__alloc(2 * width + qn__vectors_scratch(width, 1), sizeof *x);
    QN_ALLOC_CHECK(x);
    const double size = inverse_size(s, x, x + width, threads, x + 2 * width);
    qn__free(x);
    out->complete = true;
    out->method = "Lanczos on A and, through a sparse factorisation, on its inverse";
    if (!isfinite(size) || !(size * out->largest * out->largest < 1 / (DBL_EPSILON * DBL_EPSILON))) {
        out->smallest = 0;
        out->smallest_error = out->largest * DBL_EPSILON * (double)s->matrix->rows;
        return QN_OK;
    }
    double value = 0, bound = 0;
    QN_TRY(lowest(s, multiply_inverse, 2 * size, 1e-5 * size, seed + 1, &value, &bound, &out->interrupted));
    const double high = -value + bound, low = -value - bound;
    out->smallest = 1 / sqrt(-value);
    out->smallest_error =
        fmax(out->smallest - 1 / sqrt(high), (low > 0 ? 1 / sqrt(low) : (double)INFINITY) - out->smallest);
    return QN_OK;
}

static qn_status large(const qn_context *context, const qn_sparse *matrix, uint64_t seed, qn_singular_values *out)
{
    qn_sparse_norms norms;
    QN_TRY(qn_sparse_measure(matrix, &norms));
    const size_t width = qn__sparse_width(matrix);
    qn_status status = QN_OK;
    qn_sparse *adjoint = NULL;
    qn__sparse_factors *factors = NULL;
    const char *remark = "";
    search s = {.context = context, .matrix = matrix, .sign = -1};
    double value = 0, bound = 0;
    const double norm = norms.one * norms.infinity;
    s.half = qn__alloc(2 * width, sizeof *s.half);
    if (s.half == NULL) {
        return QN_ERR_MEMORY;
    }
    s.scratch = s.half + width;
    if (!matrix->hermitian) {
        QN_TRY_CLEANUP(qn_sparse_adjoint(matrix, &adjoint));
    }
    s.adjoint = adjoint != NULL ? adjoint : matrix;
    QN_TRY_CLEANUP(lowest(&s, multiply_gram, norm, 1e-4 * norms.frobenius * norms.frobenius / (double)matrix->rows,
                          seed, &value, &bound, &out->interrupted));
    out->largest = sqrt(fmax(0, -value));
    out->largest_error = fmin(sqrt(-value + bound), sqrt(norm)) - out->largest;
    out->largest_error = fmax(out->largest_error, 4 * DBL_EPSILON * out->largest);
    const uint64_t limit = qn_context_memory_limit(context) / 4;
    if (matrix->hermitian) {
        QN_TRY_CLEANUP(qn__sparse_factor(matrix, QN_SPARSE_CHOLESKY, limit, &factors, &remark));
    }
    if (factors == NULL && matrix->rows <= 200000 && strncmp(remark, "its factor", 10) != 0) {
        QN_TRY_CLEANUP(qn__sparse_factor(matrix, QN_SPARSE_LU, limit, &factors, &remark));
    }
    if (factors != NULL) {
        s.factors = factors;
        QN_TRY_CLEANUP(smallest_by_inverse(&s, seed, out));
    } else if (strcmp(remark, "the matrix is singular") == 0) {
        out->smallest = 0;
        out->smallest_error = out->largest * DBL_EPSILON * (double)matrix->rows;
        out->complete = true;
        out->method = "Lanczos; a sparse factorisation meets a zero pivot";
    } else {
        s.sign = 1;
        QN_TRY_CLEANUP(lowest(&s, multiply_gram, norm, 1e-12 * norm, seed + 1, &value, &bound, &out->interrupted));
        out->smallest = sqrt(fmax(0, value));
        out->smallest_error = out->smallest;
        out->method = "Lanczos on A^H A";
    }
cleanup:
    qn__sparse_factors_free(factors);
    qn_sparse_free(adjoint);
    qn__free(s.half);
    return status;
}

qn_status qn_sparse_singular_values(const qn_context *context, const qn_sparse *matrix, uint64_t seed,
                                    qn_singular_values *out)
{
    QN_CHECK(context != NULL && matrix != NULL && out != NULL, ERR_ARGUMENT, "every argument is needed");
    QN_CHECK(matrix->rows == matrix->columns, ERR_SHAPE, "a matrix of %zu x %zu; expected a square one", matrix->rows,
             matrix->columns);
    qn_singular_values found = QN_SINGULAR_VALUES_INIT;
    const double started = qn__clock();
    if (matrix->nonzeros == 0) {
        found.complete = true;
        found.method = "no entries";
    } else if (matrix->rows <= DENSE_DIMENSION) {
        QN_TRY(dense(matrix, &found));
    } else {
        QN_TRY(large(context, matrix, seed, &found));
    }
    if (found.complete && !(found.smallest > found.smallest_error)) {
        found.smallest_error = fmax(found.smallest_error, found.smallest);
        found.smallest = 0;
    }
    found.condition = found.smallest > found.smallest_error
                          ? (found.largest + found.largest_error) / (found.smallest - found.smallest_error)
                          : (double)INFINITY;
    found.condition_least = (found.largest - found.largest_error) / (found.smallest + found.smallest_error);
    found.seconds = qn__clock() - started;
    *out = found;
    return QN_OK;
}
