/* gf2.h: sets of bit rows over GF(2), kept in reduced echelon form as they grow. */
#ifndef QN_OPERATOR_GF2_H
#define QN_OPERATOR_GF2_H

#include "base/status.h"

/* Independent rows; column pivots[r] is 1 in row r and 0 in every other. */
typedef struct qn__gf2 {
    size_t words; /* of one row */
    size_t count;
    uint64_t *rows;
    uint32_t *pivots;
    size_t rows_capacity, pivots_capacity;
} qn__gf2;

void qn__gf2_clear(qn__gf2 *space);
/* Add a row, which is overwritten by its part outside the span; *grown tells whether there was one. */
QN_MUST_USE qn_status qn__gf2_insert(qn__gf2 *space, uint64_t *row, bool *grown);
/* Vectors orthogonal to all rows, a basis, appended to `kernel` (which must be empty and as wide). Only columns of
 * `columns`, a mask, are in use; `row` is scratch. */
QN_MUST_USE qn_status qn__gf2_kernel(const qn__gf2 *space, const uint64_t *columns, uint64_t *row, qn__gf2 *kernel);

#endif
