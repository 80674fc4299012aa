/* factorize.h: factorizations of dense complex matrices through LAPACK. All matrices are column-major without gaps:
 * a[row + rows * column]. Errors: QN_ERR_NUMERIC when LAPACK gives up, QN_ERR_MEMORY, QN_ERR_NAN. */
#ifndef QN_MATH_FACTORIZE_H
#define QN_MATH_FACTORIZE_H

#include <quern/types.h>

#include "base/status.h"

/* A = U diag(s) V^H with k = min(rows, columns): U rows x k, s falling, V^H k x columns. A is overwritten. */
QN_MUST_USE qn_status qn__factorize_svd(size_t rows, size_t columns, qn_complex *a, qn_complex *u, double *s,
                                        qn_complex *vh);

/* Cosine-sine decomposition of a unitary of even size 2 h: [L0 0; 0 L1] [C -S; S C] [R0 0; 0 R1] with C = diag(cos
 * theta), S = diag(sin theta). All blocks h x h; A is overwritten. */
typedef struct qn__cosine_sine {
    qn_complex *left[2], *right[2]; /* right[1] NULL: only the first h columns of A are given, and wanted */
    double *theta;
} qn__cosine_sine;
QN_MUST_USE qn_status qn__factorize_cosine_sine(size_t h, qn_complex *a, const qn__cosine_sine *out);

/* U = Z diag(e^{i phase}) Z^H of a unitary, Z unitary; U is overwritten by Z. */
QN_MUST_USE qn_status qn__factorize_unitary(size_t n, qn_complex *u, double *phases);

/* The `given` orthonormal columns in front stay; the others of the n x n matrix become a complement. */
QN_MUST_USE qn_status qn__complete_unitary(size_t n, size_t given, qn_complex *a);

/* C = A B for m x k and k x n. */
void qn__multiply(size_t m, size_t k, size_t n, const qn_complex *a, const qn_complex *b, qn_complex *c);

#endif
