/* factorize.c: singular values, cosine-sine decomposition and unitary eigenvectors, with memory of ours. */
#include "math/factorize.h"

#include <complex.h>
#include <math.h>
#include <string.h>

#include <cblas.h>
#include <lapacke.h>

#include "base/alloc.h"

enum { LARGEST = 1 << 24 }; /* of a side: keeps lengths inside LAPACK's 32-bit integers */

static lapack_complex_double *cast(qn_complex *a)
{
    return (lapack_complex_double *)(void *)a;
}

static qn_status check(size_t count, const qn_complex *a)
{
    for (size_t i = 0; i < count; i++) {
        QN_CHECK(isfinite(a[i].re) && isfinite(a[i].im), ERR_NAN, "matrix entry %zu is not finite", i);
    }
    return QN_OK;
}

static qn_status verdict(lapack_int info, const char *routine)
{
    QN_CHECK(info == 0, ERR_NUMERIC, "LAPACK %s fails with code %d", routine, (int)info);
    return QN_OK;
}

qn_status qn__factorize_svd(size_t rows, size_t columns, qn_complex *a, qn_complex *u, double *s, qn_complex *vh)
{
    QN_CHECK(rows > 0 && columns > 0 && rows <= LARGEST && columns <= LARGEST, ERR_TOO_LARGE,
             "singular values of a %zu x %zu matrix", rows, columns);
    QN_TRY(check(rows * columns, a));
    const size_t least = rows < columns ? rows : columns, most = rows < columns ? columns : rows;
    const lapack_int m = (lapack_int)rows, n = (lapack_int)columns, k = (lapack_int)least;
    /* Lengths from LAPACK's documentation of zgesdd with job S. */
    const size_t reals = 5 * least * least + 5 * least > 2 * most * least + 2 * least * least + least
                             ? 5 * least * least + 5 * least
                             : 2 * most * least + 2 * least * least + least;
    lapack_complex_double best = 0;
    QN_TRY(verdict(
        LAPACKE_zgesdd_work(LAPACK_COL_MAJOR, 'S', m, n, cast(a), m, s, cast(u), m, cast(vh), k, &best, -1, NULL, NULL),
        "zgesdd"));
    const size_t work_length = (size_t)creal(best);
    lapack_complex_double *work = qn__alloc(work_length, sizeof *work);
    double *real_work = qn__alloc(reals, sizeof *real_work);
    lapack_int *integers = qn__alloc(8 * least, sizeof *integers);
    qn_status status = QN_ERR_MEMORY;
    if (work != NULL && real_work != NULL && integers != NULL) {
        status = verdict(LAPACKE_zgesdd_work(LAPACK_COL_MAJOR, 'S', m, n, cast(a), m, s, cast(u), m, cast(vh), k, work,
                                             (lapack_int)work_length, real_work, integers),
                         "zgesdd");
    }
    qn__free(work);
    qn__free(real_work);
    qn__free(integers);
    return status;
}

typedef struct csd_room {
    lapack_complex_double *work;
    double *reals;
    lapack_int *integers;
} csd_room;

/* One call, with a workspace or (lengths -1) to ask for its size. */
static lapack_int cosine_sine(size_t h, qn_complex *a, const qn__cosine_sine *out, csd_room *room, lapack_int length,
                              lapack_int real_length)
{
    const lapack_int half = (lapack_int)h, size = 2 * half;
    qn_complex *x21 = a + h, *x12 = a + 2 * h * h, *x22 = x12 + h;
    if (out->right[1] == NULL) {
        return LAPACKE_zuncsd2by1_work(LAPACK_COL_MAJOR, 'Y', 'Y', 'Y', size, half, half, cast(a), size, cast(x21),
                                       size, out->theta, cast(out->left[0]), half, cast(out->left[1]), half,
                                       cast(out->right[0]), half, room->work, length, room->reals, real_length,
                                       room->integers);
    }
    return LAPACKE_zuncsd_work(LAPACK_COL_MAJOR, 'Y', 'Y', 'Y', 'Y', 'N', 'N', size, half, half, cast(a), size,
                               cast(x12), size, cast(x21), size, cast(x22), size, out->theta, cast(out->left[0]), half,
                               cast(out->left[1]), half, cast(out->right[0]), half, cast(out->right[1]), half,
                               room->work, length, room->reals, real_length, room->integers);
}

qn_status qn__factorize_cosine_sine(size_t h, qn_complex *a, const qn__cosine_sine *out)
{
    const char *routine = out->right[1] == NULL ? "zuncsd2by1" : "zuncsd";
    QN_CHECK(h > 0 && h <= LARGEST / 2, ERR_TOO_LARGE, "a cosine-sine decomposition of size %zu", 2 * h);
    QN_TRY(check(2 * h * h * (out->right[1] == NULL ? 1 : 2), a));
    lapack_complex_double best = 0;
    double best_real = 0;
    lapack_int dummy = 0;
    csd_room query = {&best, &best_real, &dummy};
    QN_TRY(verdict(cosine_sine(h, a, out, &query, -1, -1), routine));
    const size_t length = (size_t)creal(best), real_length = (size_t)best_real;
    csd_room room = {qn__alloc(length, sizeof *room.work), qn__alloc(real_length, sizeof *room.reals),
                     qn__alloc(2 * h, sizeof *room.integers)};
    qn_status status = QN_ERR_MEMORY;
    if (room.work != NULL && room.reals != NULL && room.integers != NULL) {
        status = verdict(cosine_sine(h, a, out, &room, (lapack_int)length, (lapack_int)real_length), routine);
    }
    qn__free(room.work);
    qn__free(room.reals);
    qn__free(room.integers);
    return status;
}

/* The Schur form of a normal matrix is diagonal: zgees gives orthonormal eigenvectors where zgeev would not. */
qn_status qn__factorize_unitary(size_t n, qn_complex *u, double *phases)
{
    QN_CHECK(n > 0 && n <= LARGEST, ERR_TOO_LARGE, "eigenvectors of a unitary of size %zu", n);
    QN_TRY(check(n * n, u));
    const lapack_int order = (lapack_int)n;
    const size_t length = 33 * n; /* at least 2 n; room for blocks of 32 */
    qn_complex *room = qn__alloc(n * n + n + length, sizeof *room);
    double *reals = qn__alloc(n, sizeof *reals);
    qn_status status = QN_ERR_MEMORY;
    if (room != NULL && reals != NULL) {
        qn_complex *z = room, *values = z + n * n, *work = values + n;
        lapack_int dimension = 0;
        status = verdict(LAPACKE_zgees_work(LAPACK_COL_MAJOR, 'V', 'N', NULL, order, cast(u), order, &dimension,
                                            cast(values), cast(z), order, cast(work), (lapack_int)length, reals, NULL),
                         "zgees");
        for (size_t i = 0; status == QN_OK && i < n; i++) {
            phases[i] = atan2(values[i].im, values[i].re);
        }
        if (status == QN_OK) {
            memcpy(u, z, n * n * sizeof *u);
        }
    }
    qn__free(room);
    qn__free(reals);
    return status;
}

/* Takes the projections on `count` orthonormal columns out of v and gives what is left of its norm. */
static double orthogonalise(size_t n, size_t count, const qn_complex *a, qn_complex *v)
{
    double norm = 0;
    for (int round = 0; round < 2; round++) { /* twice is enough (Kahan, Parlett) */
        for (size_t j = 0; j < count; j++) {
            double re = 0, im = 0;
            for (size_t i = 0; i < n; i++) {
                re += a[i + n * j].re * v[i].re + a[i + n * j].im * v[i].im;
                im += a[i + n * j].re * v[i].im - a[i + n * j].im * v[i].re;
            }
            for (size_t i = 0; i < n; i++) {
                v[i].re -= re * a[i + n * j].re - im * a[i + n * j].im;
                v[i].im -= re * a[i + n * j].im + im * a[i + n * j].re;
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        norm += v[i].re * v[i].re + v[i].im * v[i].im;
    }
    return sqrt(norm);
}

/* Gram-Schmidt on unit vectors. Those that leave little are passed over: of n unit vectors enough leave 1 / sqrt n. */
qn_status qn__complete_unitary(size_t n, size_t given, qn_complex *a)
{
    size_t next = 0;
    const double least = 0.5 / sqrt((double)n);
    for (size_t column = given; column < n; column++) {
        qn_complex *v = a + n * column;
        double norm = 0;
        while (next < n && norm < least) {
            memset(v, 0, n * sizeof *v);
            v[next++].re = 1;
            norm = orthogonalise(n, column, a, v);
        }
        QN_CHECK(norm >= least, ERR_NUMERIC, "%zu columns of size %zu are not orthonormal", given, n);
        for (size_t i = 0; i < n; i++) {
            v[i].re /= norm;
            v[i].im /= norm;
        }
    }
    return QN_OK;
}

void qn__multiply(size_t m, size_t k, size_t n, const qn_complex *a, const qn_complex *b, qn_complex *c)
{
    const qn_complex one = {1, 0}, zero = {0, 0};
    cblas_zgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, (blasint)m, (blasint)n, (blasint)k, &one, a, (blasint)m, b,
                (blasint)k, &zero, c, (blasint)m);
}
