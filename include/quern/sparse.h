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

QN_END_DECLS
#endif
