/* dense.h: the little linear algebra that natural gradients need, on small symmetric matrices. */
#ifndef QN_OPTIMIZER_DENSE_H
#define QN_OPTIMIZER_DENSE_H

#include <stdbool.h>
#include <stddef.h>

/* Solves (A + shift I) x = b by Cholesky. A: n*n row-major, only its lower triangle is read, and kept. `factor`: n*n
 * scratch. b and x may be the same. False when the shifted matrix is not positive definite; x is then untouched. */
bool qn__dense_solve(size_t n, const double *a, double shift, const double *b, double *x, double *factor);

/* A := |A| = sqrt(A^2) of a symmetric matrix, by cyclic Jacobi rotations. `scratch`: 2 n*n. */
void qn__dense_absolute(size_t n, double *a, double *scratch);

#endif
