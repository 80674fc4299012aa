/* product.h: dense real matrix products through BLAS. */
#ifndef QN_MATH_PRODUCT_H
#define QN_MATH_PRODUCT_H

#include <quern/types.h>

#include "base/status.h"

/* c (m x n) = factor * op(a) op(b) + keep * c, all row-major; op transposes where asked: a is then k x m, b n x k.
 * Errors: QN_ERR_TOO_LARGE when a size does not fit BLAS. */
QN_MUST_USE qn_status qn__matrix_product(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k,
                                         double factor, const double *a, const double *b, double keep, double *c);

#endif
