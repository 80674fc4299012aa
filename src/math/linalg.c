/* linalg.c: dsyevd and zheevd (divide and conquer), dgesdd and zgesdd, dgesv, with memory of ours. */
#include "math/linalg.h"

#include <complex.h>
#include <math.h>
#include <string.h>

#include <lapacke.h>

#include "base/alloc.h"

enum { LARGEST = 20000 }; /* keeps every workspace length inside LAPACK's 32-bit integers */

/* Lengths from LAPACK's documentation of dsyevd and zheevd with vectors. */
static size_t real_length(size_t n)
{
    return 1 + 6 * n + 2 * n * n;
}

static size_t complex_length(size_t n)
{
    return 2 * n + n * n;
}

static size_t rwork_length(size_t n)
{
    return 1 + 5 * n + 2 * n * n;
}

static size_t integer_length(size_t n)
{
    return 3 + 5 * n;
}

uint64_t qn__linalg_scratch(uint64_t n, bool is_complex)
{
    if (n > LARGEST) {
        return UINT64_MAX;
    }
    const size_t reals = is_complex ? 2 * complex_length(n) + rwork_length(n) : real_length(n);
    return reals * sizeof(double) + integer_length(n) * sizeof(lapack_int);
}

/* LAPACK may loop or crash on NaN. */
static qn_status check(size_t n, const double *a, size_t parts)
{
    QN_CHECK(n > 0 && n <= LARGEST, ERR_TOO_LARGE, "a dense eigenproblem of dimension %zu; at most %d", n,
             (int)LARGEST);
    for (size_t i = 0; i < n * n * parts; i++) {
        QN_CHECK(isfinite(a[i]), ERR_NAN, "matrix entry %zu, %zu is %g", i / parts % n, i / parts / n, a[i]);
    }
    return QN_OK;
}

static qn_status verdict(lapack_int info, const char *routine)
{
    QN_CHECK(info == 0, ERR_NUMERIC, "LAPACK %s fails with code %d", routine, (int)info);
    return QN_OK;
}

qn_status qn__linalg_symmetric_eigen(size_t n, double *a, double *values, void *scratch)
{
    QN_TRY(check(n, a, 1));
    const lapack_int order = (lapack_int)n;
    double *work = scratch;
    lapack_int *integers = (lapack_int *)(void *)(work + real_length(n));
    return verdict(LAPACKE_dsyevd_work(LAPACK_COL_MAJOR, 'V', 'L', order, a, order, values, work,
                                       (lapack_int)real_length(n), integers, (lapack_int)integer_length(n)),
                   "dsyevd");
}

qn_status qn__linalg_hermitian_eigen(size_t n, qn_complex *a, double *values, void *scratch)
{
    _Static_assert(sizeof(qn_complex) == sizeof(lapack_complex_double), "qn_complex is laid out as double _Complex");
    QN_TRY(check(n, &a->re, 2));
    const lapack_int order = (lapack_int)n;
    lapack_complex_double *work = scratch;
    double *reals = (double *)(void *)(work + complex_length(n));
    lapack_int *integers = (lapack_int *)(void *)(reals + rwork_length(n));
    return verdict(LAPACKE_zheevd_work(LAPACK_COL_MAJOR, 'V', 'L', order, (lapack_complex_double *)(void *)a, order,
                                       values, work, (lapack_int)complex_length(n), reals, (lapack_int)rwork_length(n),
                                       integers, (lapack_int)integer_length(n)),
                   "zheevd");
}

/* Lengths for values only, from LAPACK's documentation of dgesdd (3n + max(n, 7n)) and zgesdd (3n, and 7n reals), with
 * room for blocks. */
qn_status qn__linalg_singular_values(size_t n, double *a, bool is_complex, double *values)
{
    QN_TRY(check(n, a, is_complex ? 2 : 1));
    const lapack_int order = (lapack_int)n;
    const size_t length = 80 * n;
    double *work = qn__alloc(length * (is_complex ? 2 : 1) + 7 * n, sizeof *work);
    lapack_int *integers = qn__alloc(8 * n, sizeof *integers);
    lapack_int info = 0;
    if (work != NULL && integers != NULL) {
        lapack_complex_double dummy = 0;
        info = is_complex
                   ? LAPACKE_zgesdd_work(LAPACK_COL_MAJOR, 'N', order, order, (lapack_complex_double *)(void *)a, order,
                                         values, &dummy, 1, &dummy, 1, (lapack_complex_double *)(void *)work,
                                         (lapack_int)length, work + 2 * length, integers)
                   : LAPACKE_dgesdd_work(LAPACK_COL_MAJOR, 'N', order, order, a, order, values, NULL, 1, NULL, 1, work,
                                         (lapack_int)length, integers);
    }
    const bool memory = work != NULL && integers != NULL;
    qn__free(work);
    qn__free(integers);
    return memory ? verdict(info, is_complex ? "zgesdd" : "dgesdd") : QN_ERR_MEMORY;
}

qn_status qn__linalg_solve(size_t n, double *a, double *b, int *pivots)
{
    _Static_assert(sizeof(lapack_int) == sizeof(int), "LAPACK counts in 32 bits");
    QN_TRY(check(n, a, 1));
    return verdict(LAPACKE_dgesv_work(LAPACK_COL_MAJOR, (lapack_int)n, 1, a, (lapack_int)n, pivots, b, (lapack_int)n),
                   "dgesv");
}

bool qn__linalg_is_positive(size_t n, double *a)
{
    return n <= LARGEST && LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'L', (lapack_int)n, a, (lapack_int)n) == 0;
}

qn_status qn__linalg_positive_solve(size_t n, double *a, double *b, double *log_determinant)
{
    QN_CHECK(n <= LARGEST, ERR_TOO_LARGE, "a matrix of %zu rows; at most %d", n, LARGEST);
    const lapack_int rows = (lapack_int)n;
    QN_CHECK(LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, 'L', rows, a, rows) == 0 &&
                 LAPACKE_dpotrs_work(LAPACK_COL_MAJOR, 'L', rows, 1, a, rows, b, rows) == 0,
             ERR_NUMERIC, "the matrix is not positive definite");
    if (log_determinant != NULL) {
        double sum = 0;
        for (size_t k = 0; k < n; k++) {
            sum += 2 * log(a[k + n * k]);
        }
        *log_determinant = sum;
    }
    return QN_OK;
}
