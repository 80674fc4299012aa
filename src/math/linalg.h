/* linalg.h: dense eigenproblems, singular values and linear systems of small matrices, through LAPACK.
 *
 * OpenBLAS keeps threads of its own, whose number is a process-wide setting that the library leaves alone
 * (OPENBLAS_NUM_THREADS). */
#ifndef QN_MATH_LINALG_H
#define QN_MATH_LINALG_H

#include <quern/types.h>

#include "base/status.h"

/* Bytes of scratch that the functions below take for n x n; UINT64_MAX when n is too large for LAPACK. */
uint64_t qn__linalg_scratch(uint64_t n, bool is_complex);

/* All eigenvalues (rising) and eigenvectors of a real symmetric or complex Hermitian matrix, a[row + n*column], of
 * which the lower triangle is read; its columns become the eigenvectors. Errors: QN_ERR_NAN, QN_ERR_NUMERIC,
 * QN_ERR_TOO_LARGE. */
QN_MUST_USE qn_status qn__linalg_symmetric_eigen(size_t n, double *a, double *values, void *scratch);
QN_MUST_USE qn_status qn__linalg_hermitian_eigen(size_t n, qn_complex *a, double *values, void *scratch);

/* Singular values, falling, of a real or complex n x n matrix, which is destroyed (row- or column-major alike). Takes
 * memory of its own. Errors: QN_ERR_NAN, QN_ERR_NUMERIC, QN_ERR_TOO_LARGE, QN_ERR_MEMORY. */
QN_MUST_USE qn_status qn__linalg_singular_values(size_t n, double *a, bool is_complex, double *values);
/* Solves a x = b in place for a real column-major matrix by LU with partial pivoting; a is destroyed, pivots has n
 * entries. Errors: QN_ERR_NUMERIC when singular, QN_ERR_TOO_LARGE. */
QN_MUST_USE qn_status qn__linalg_solve(size_t n, double *a, double *b, int *pivots);
/* Whether a Cholesky factorisation of a real symmetric matrix goes through, a[row + n*column], lower triangle, which it
 * overwrites: then the matrix is positive definite but for rounding. n <= 20000. */
bool qn__linalg_is_positive(size_t n, double *a);
/* Solves a x = b in place for a real symmetric positive definite a[row + n*column], lower triangle, which becomes its
 * Cholesky factor; the logarithm of its determinant unless NULL. Errors: QN_ERR_NUMERIC when it is not positive
 * definite, QN_ERR_TOO_LARGE. */
QN_MUST_USE qn_status qn__linalg_positive_solve(size_t n, double *a, double *b, double *log_determinant);

#endif
