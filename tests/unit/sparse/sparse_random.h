/* sparse_random.h: random sparse matrices and a dense elimination to hold results against. */
#ifndef SPARSE_RANDOM_H
#define SPARSE_RANDOM_H

#include <qn_test.h>

#include <complex.h>

#include <quern/sparse.h>

/* CMPLX, which clang's C library header may lack. */
static inline double complex complex_of(double re, double im)
{
    const double parts[2] = {re, im};
    double complex z;
    memcpy(&z, parts, sizeof z);
    return z;
}

/* SplitMix64; uniform in [-1, 1). */
static inline double sparse_draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (double)((z ^ (z >> 31)) >> 11) * 0x1.0p-52 - 1;
}

/* About three entries a row beside the diagonal, which gets `diagonal` added. */
static inline qn_sparse *sparse_random(uint64_t *state, size_t n, bool is_complex, bool hermitian, double diagonal)
{
    double *a = calloc(n * n * 2, sizeof *a);
    const size_t width = is_complex ? 2 : 1;
    for (size_t e = 0; e < 3 * n; e++) {
        const size_t i = (size_t)((sparse_draw(state) + 1) / 2 * (double)n),
                     j = (size_t)((sparse_draw(state) + 1) / 2 * (double)n);
        const double re = sparse_draw(state), im = is_complex && i != j ? sparse_draw(state) : 0;
        a[(i * n + j) * width] = re;
        if (is_complex) {
            a[(i * n + j) * 2 + 1] = im;
        }
        if (hermitian) {
            a[(j * n + i) * width] = re;
            if (is_complex) {
                a[(j * n + i) * 2 + 1] = -im;
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        a[(i * n + i) * width] += diagonal;
    }
    qn_sparse *matrix = NULL;
    assert_ok(qn_sparse_from_dense(n, n, a, is_complex, &matrix));
    free(a);
    return matrix;
}

/* x of A x = b by elimination with pivots, on complex numbers. */
static inline void sparse_reference(const qn_sparse *matrix, const double *b, double *x)
{
    const size_t n = matrix->rows, width = matrix->is_complex ? 2 : 1;
    double *raw = calloc(n * n * 2, sizeof *raw);
    double complex *a = calloc(n * n + n, sizeof *a), *y = a + n * n;
    qn_sparse_to_dense(matrix, raw);
    for (size_t i = 0; i < n * n; i++) {
        a[i] = width == 2 ? complex_of(raw[2 * i], raw[2 * i + 1]) : raw[i];
    }
    for (size_t i = 0; i < n; i++) {
        y[i] = width == 2 ? complex_of(b[2 * i], b[2 * i + 1]) : b[i];
    }
    for (size_t k = 0; k < n; k++) {
        size_t pivot = k;
        for (size_t i = k + 1; i < n; i++) {
            pivot = cabs(a[i * n + k]) > cabs(a[pivot * n + k]) ? i : pivot;
        }
        for (size_t j = 0; j < n; j++) {
            const double complex keep = a[k * n + j];
            a[k * n + j] = a[pivot * n + j];
            a[pivot * n + j] = keep;
        }
        const double complex keep = y[k];
        y[k] = y[pivot];
        y[pivot] = keep;
        for (size_t i = k + 1; i < n; i++) {
            const double complex f = a[i * n + k] / a[k * n + k];
            for (size_t j = k; j < n; j++) {
                a[i * n + j] -= f * a[k * n + j];
            }
            y[i] -= f * y[k];
        }
    }
    for (size_t k = n; k-- > 0;) {
        for (size_t j = k + 1; j < n; j++) {
            y[k] -= a[k * n + j] * y[j];
        }
        y[k] /= a[k * n + k];
        x[width * k] = creal(y[k]);
        if (width == 2) {
            x[2 * k + 1] = cimag(y[k]);
        }
    }
    free(a);
    free(raw);
}

#endif
