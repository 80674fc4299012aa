/* product.c: dgemm, row-major. */
#include "math/product.h"

#include <cblas.h>

enum { LARGEST_SIZE = 1 << 30 }; /* lengths inside BLAS's 32-bit integers */

qn_status qn__matrix_product(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, double factor,
                             const double *a, const double *b, double keep, double *c)
{
    QN_CHECK(m <= LARGEST_SIZE && n <= LARGEST_SIZE && k <= LARGEST_SIZE, ERR_TOO_LARGE,
             "a product of %zu x %zu and %zu x %zu", m, k, k, n);
    if (m == 0 || n == 0 || k == 0) {
        return QN_OK;
    }
    cblas_dgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans,
                (blasint)m, (blasint)n, (blasint)k, factor, a, (blasint)(transpose_a ? m : k), b,
                (blasint)(transpose_b ? k : n), keep, c, (blasint)n);
    return QN_OK;
}
