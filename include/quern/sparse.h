/* sparse.h: sparse matrices, and how they are solved classically. */
#ifndef QUERN_SPARSE_H
#define QUERN_SPARSE_H

#include <quern/context.h>

QN_BEGIN_DECLS

/** Compressed rows; column indices rise within a row; no duplicates. */
typedef struct qn_sparse {
    size_t rows, columns, nonzeros;
    bool is_complex;
    bool hermitian;   /* known to equal its adjoint (real: symmetric); all entries are stored all the same */
    uint64_t *start;  /* rows + 1 */
    uint32_t *column; /* nonzeros */
    double *value;    /* nonzeros; re, im pairs when complex */
} qn_sparse;

/** Build from `count` entries in any order, counted from 0; entries at the same place are added up, those that come to
 * zero are left out. `value` holds re, im pairs when complex. `hermitian` is found out by comparing bits.
 * Errors: QN_ERR_SHAPE (no rows or columns, or over 2^32 - 2), QN_ERR_RANGE (an index outside), QN_ERR_NAN,
 * QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_sparse_from_triplets(size_t rows, size_t columns, size_t count, const uint32_t *row,
                                                     const uint32_t *column, const double *value, bool is_complex,
                                                     qn_sparse **out);
/** From a dense row-major matrix. */
QN_API QN_MUST_USE qn_status qn_sparse_from_dense(size_t rows, size_t columns, const double *entries, bool is_complex,
                                                  qn_sparse **out);
QN_API void qn_sparse_free(qn_sparse *matrix);
/** Bytes that a matrix of this size takes. */
QN_API uint64_t qn_sparse_bytes(size_t rows, size_t nonzeros, bool is_complex);

QN_API QN_MUST_USE qn_status qn_sparse_transpose(const qn_sparse *matrix, qn_sparse **out);
QN_API QN_MUST_USE qn_status qn_sparse_adjoint(const qn_sparse *matrix, qn_sparse **out);
/** The same matrix with complex values. */
QN_API QN_MUST_USE qn_status qn_sparse_to_complex(const qn_sparse *matrix, qn_sparse **out);
/** [[0, A], [A^H, 0]], Hermitian, of dimension rows + columns; its eigenvalues are +- the singular values of A. */
QN_API QN_MUST_USE qn_status qn_sparse_dilation(const qn_sparse *matrix, qn_sparse **out);
/** D - W + shift for the weights W = |A| off the diagonal of a symmetric A. QN_ERR_NOT_HERMITIAN. */
QN_API QN_MUST_USE qn_status qn_sparse_graph_laplacian(const qn_sparse *adjacency, double shift, qn_sparse **out);
/** Dense row-major copy; `entries` has rows * columns numbers (pairs when complex). */
QN_API void qn_sparse_to_dense(const qn_sparse *matrix, double *entries);

/** y = A x. Vectors of re, im pairs when the matrix is complex. The same bits for any number of threads. */
QN_API void qn_sparse_multiply(const qn_context *context, const qn_sparse *matrix, const double *x, double *y);
/** y = A x for a real matrix and complex x and y. */
QN_API void qn_sparse_multiply_complex(const qn_context *context, const qn_sparse *matrix, const qn_complex *x,
                                       qn_complex *y);

typedef struct qn_sparse_norms {
    double frobenius, one, infinity, largest; /* largest: of the entries; one: largest column sum */
    size_t row_entries;                       /* most entries in a row: the s of s-sparse access */
    size_t column_entries;
} qn_sparse_norms;
QN_API QN_MUST_USE qn_status qn_sparse_measure(const qn_sparse *matrix, qn_sparse_norms *out);

/** Extreme singular values, each with a bound: a singular value lies within value +- error. */
typedef struct qn_singular_values {
    uint32_t size;
    double largest, largest_error;
    double smallest, smallest_error; /* smallest 0: singular to working precision */
    double condition;       /* (largest + error) / (smallest - error): not below the true one; inf when singular */
    double condition_least; /* (largest - error) / (smallest + error) */
    bool complete;          /* false: `smallest` is only an upper bound (the search from above was stopped) */
    bool interrupted;
    const char *method; /* static */
    double seconds;
} qn_singular_values;
#define QN_SINGULAR_VALUES_INIT                                                                                        \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_singular_values), 0, 0, 0, 0, 0, 0, false, false, "", 0                                    \
    }
/** Dense for dimensions up to 384; beyond, Lanczos on A^H A for the largest and on its inverse, through a sparse
 * factorisation, for the smallest; where that factorisation does not fit, Lanczos on A^H A alone. Square matrices.
 * Errors: QN_ERR_SHAPE, QN_ERR_MEMORY, QN_ERR_TOO_LARGE. */
QN_API QN_MUST_USE qn_status qn_sparse_singular_values(const qn_context *context, const qn_sparse *matrix,
                                                       uint64_t seed, qn_singular_values *out);

/** How a square system is solved classically. */
typedef enum qn_sparse_method {
    QN_SPARSE_CG = 0,       /* conjugate gradients: Hermitian positive definite */
    QN_SPARSE_MINRES = 1,   /* minimal residual: Hermitian */
    QN_SPARSE_LSQR = 2,     /* any matrix */
    QN_SPARSE_CHOLESKY = 3, /* sparse direct, AMD ordering: Hermitian positive definite */
    QN_SPARSE_LU = 4,       /* sparse direct, AMD ordering, partial pivoting */
    QN_SPARSE_QR = 5        /* sparse direct, AMD ordering of A^H A */
} qn_sparse_method;
QN_API const char *qn_sparse_method_name(qn_sparse_method method); /* "CG", … ; NULL when out of range */

typedef struct qn_sparse_solve_options {
    uint32_t size;
    qn_sparse_method method;
    double tolerance;        /* wanted ||b - A x|| / ||b|| of iterative methods; 0: 1e-10 */
    uint64_t max_iterations; /* 0: 20 * dimension + 1000 */
    double *history;         /* NULL, or room for relative residuals after iteration 1, 2, … */
    size_t history_capacity;
} qn_sparse_solve_options;
#define QN_SPARSE_SOLVE_OPTIONS_INIT                                                                                   \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_sparse_solve_options), QN_SPARSE_CG, 0, 0, NULL, 0                                         \
    }

/** What a solve did. Not converging, or a matrix that the method cannot take, is a result: `converged` false and
 * `remark` says why; x is then the best so far (zeros when there is none). */
typedef struct qn_sparse_outcome {
    uint64_t iterations;     /* of iterative methods */
    uint64_t factor_entries; /* of direct methods */
    double residual;         /* ||b - A x|| / ||b||, recomputed */
    double seconds;
    bool converged, interrupted;
    size_t history_count;
    const char *remark; /* static; "" when all went well */
} qn_sparse_outcome;
/** Solve A x = b; b and x have as many doubles as the matrix's vectors. Errors: QN_ERR_SHAPE, QN_ERR_ARGUMENT,
 * QN_ERR_NAN, QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_sparse_solve(const qn_context *context, const qn_sparse *matrix, const double *b,
                                             const qn_sparse_solve_options *options, double *x, qn_sparse_outcome *out);

/** A matrix of which the sine transform along each axis knows all eigenvalues:
 *     lambda_k = diagonal + sum over axes of 2 off[axis] cos(pi k[axis] / (length[axis] + 1)), k from 1 to length. */
typedef struct qn_grid_matrix {
    uint32_t axes; /* 1 to 3; unknowns are numbered with axis 0 fastest */
    size_t length[3];
    double diagonal, off[3];
} qn_grid_matrix;
/** Read a description: "laplacian1d:64", "laplacian2d:1024x1024:shift=0.004", "laplacian3d:16x16x16",
 * "toeplitz:1024:diagonal=1:off=-0.333". `length` characters are read at most. Errors: QN_ERR_NAME (an unknown word,
 * with the nearest), QN_ERR_ARGUMENT. */
QN_API QN_MUST_USE qn_status qn_grid_matrix_parse(const char *text, qn_grid_matrix *out);
/** Whether a text begins like one of the descriptions above. */
QN_API bool qn_grid_matrix_named(const char *text);
QN_API QN_MUST_USE qn_status qn_grid_matrix_build(const qn_context *context, const qn_grid_matrix *grid,
                                                  qn_sparse **out);
QN_API size_t qn_grid_matrix_dimension(const qn_grid_matrix *grid);
/** All eigenvalues, in the numbering of the unknowns with k in place of the position. */
QN_API void qn_grid_matrix_eigenvalues(const qn_grid_matrix *grid, double *values);
/** Eigenvalue k = (k0, k1, k2), each from 1. */
QN_API double qn_grid_matrix_eigenvalue(const qn_grid_matrix *grid, const size_t k[3]);
/** To the basis of eigenvectors and, the transform being its own inverse, back; in place. */
QN_API QN_MUST_USE qn_status qn_grid_matrix_transform(const qn_context *context, const qn_grid_matrix *grid,
                                                      double *vector);
/** Smallest and largest |eigenvalue|, exact to rounding. */
QN_API QN_MUST_USE qn_status qn_grid_matrix_singular_values(const qn_grid_matrix *grid, qn_singular_values *out);

QN_END_DECLS
#endif
