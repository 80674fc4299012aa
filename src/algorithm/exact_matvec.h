/* exact_matvec.h: products of a Hamiltonian with vectors over a sector. */
#ifndef QN_ALGORITHM_EXACT_MATVEC_H
#define QN_ALGORITHM_EXACT_MATVEC_H

#include "algorithm/exact_blocks.h"
#include "algorithm/exact_sector.h"
#include "algorithm/exact_terms.h"

typedef enum qn__matvec_kind {
    QN__MATVEC_BLOCKS = 0, /* the whole space, from 6 qubits */
    QN__MATVEC_ROWS = 1,   /* a sector or a small space, entry by entry */
    QN__MATVEC_SPARSE = 2  /* a sector, as a compressed sparse matrix */
} qn__matvec_kind;

typedef struct qn__exact_matvec {
    const qn__exact_terms *terms;
    const qn__exact_sector *sector;
    qn__matvec_kind kind;
    uint32_t threads;
    uint64_t entries; /* of the sparse matrix */
    qn__exact_blocks blocks;
    uint64_t *row_first;
    uint32_t *columns;
    double *values; /* re, im pairs when the Hamiltonian is complex */
} qn__exact_matvec;

/* Bytes of the product without a sparse matrix, and the most that a sparse matrix may add (0: none is kept). Need no
 * lists. */
uint64_t qn__exact_matvec_bytes(const qn__exact_terms *terms, const qn__exact_sector *sector);
uint64_t qn__exact_matvec_sparse_bytes(const qn__exact_terms *terms, const qn__exact_sector *sector);

/* Makes the product for a listed sector; with a sparse matrix when it takes at most `sparse_bytes`. *bytes: what was
 * taken. Both inputs are borrowed. On failure release it too. */
QN_MUST_USE qn_status qn__exact_matvec_build(qn__exact_matvec *m, const qn__exact_terms *terms,
                                             const qn__exact_sector *sector, uint64_t sparse_bytes,
                                             const qn_context *context, uint64_t *bytes);
void qn__exact_matvec_release(qn__exact_matvec *m);

/* y = H x; vectors of re, im pairs when the Hamiltonian is complex. Each row is written by one thread: the bits are the
 * same for any number of them. */
void qn__exact_matvec_apply(const qn__exact_matvec *m, const double *x, double *y);

#endif
