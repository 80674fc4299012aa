/* sparse.h: what the files on sparse matrices share. */
#ifndef QN_MATH_SPARSE_H
#define QN_MATH_SPARSE_H

#include <quern/sparse.h>

#include "base/status.h"

/* QN_ERR_SHAPE when no matrix has this size. */
QN_MUST_USE qn_status qn__sparse_check_size(size_t rows, size_t columns);

/* A matrix with room for its entries, start[0] = 0, hermitian false. */
QN_MUST_USE qn_status qn__sparse_create(size_t rows, size_t columns, size_t nonzeros, bool is_complex, qn_sparse **out);

/* Finds out `hermitian`. */
QN_MUST_USE qn_status qn__sparse_judge(qn_sparse *matrix);

/* Doubles in a vector of the matrix's column or row space. */
static inline size_t qn__sparse_width(const qn_sparse *matrix)
{
    return matrix->rows * (matrix->is_complex ? 2 : 1);
}

/* A sparse factorisation that is kept. `transposed` solves with A^H. */
typedef struct qn__sparse_factors qn__sparse_factors;
/* *out NULL with a static remark when the matrix is not what the method takes (not positive definite, singular), or
 * when its factors would take more bytes than `limit`. */
QN_MUST_USE qn_status qn__sparse_factor(const qn_sparse *matrix, qn_sparse_method method, uint64_t limit,
                                        qn__sparse_factors **out, const char **remark);
void qn__sparse_factors_free(qn__sparse_factors *factors);
uint64_t qn__sparse_factors_entries(const qn__sparse_factors *factors);
/* x = A^-1 b or A^-H b; scratch as long as b; x may be b. */
void qn__sparse_factors_apply(const qn__sparse_factors *factors, bool adjoint, const double *b, double *x,
                              double *scratch);

#endif
