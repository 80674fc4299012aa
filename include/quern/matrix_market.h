/* matrix_market.h: sparse matrices from files. */
#ifndef QUERN_MATRIX_MARKET_H
#define QUERN_MATRIX_MARKET_H

#include <quern/sparse.h>

QN_BEGIN_DECLS

/** Read a matrix, or a vector as a matrix of one column, from a text in either form:
 *  - Matrix Market (Boisvert, Pozo, Remington, NISTIR 5935 (1996)): coordinate or array; real, integer, complex or
 *    pattern (entries 1); general, symmetric, skew-symmetric or hermitian;
 *  - the triplet files of CHOLMOD: a line "rows columns entries stype" (stype 0: general, -1: the lower, 1: the upper
 *    triangle of a symmetric, or when complex Hermitian, matrix; without one a square matrix is symmetric when all its
 *    entries are on the diagonal and on one side of it, else general), then "i j", "i j value" or "i j re im", indices
 * from 1, or from 0 when one of them is 0; lines that begin with % are comments. Both triangles are stored. Entries at
 * the same place are added up. Errors: QN_ERR_PARSE with "name:line:column:", QN_ERR_NAN for sums that overflow,
 * QN_ERR_TOO_LARGE. */
QN_API QN_MUST_USE qn_status qn_read_matrix(const char *text, size_t length, const char *name, qn_sparse **out);
/** Matrix Market coordinate general (symmetric or hermitian when the matrix is, lower triangle) with 17 digits;
 * 0-terminated, release with qn_text_free. */
QN_API QN_MUST_USE qn_status qn_write_matrix_market(const qn_sparse *matrix, char **text, size_t *length);

QN_END_DECLS
#endif
