/* exact_blocks.h: products of a Hamiltonian with vectors over all 2^n basis states, n >= 6, 64 rows at a time. */
#ifndef QN_ALGORITHM_EXACT_BLOCKS_H
#define QN_ALGORITHM_EXACT_BLOCKS_H

#include "algorithm/exact_terms.h"
#include "base/context.h"
#include "base/status.h"

enum { QN__BLOCK_BITS = 6, QN__BLOCK = 1 << QN__BLOCK_BITS };

/* A term of a small group, or the whole of a large one. */
typedef struct qn__exact_item {
    uint32_t key;
    uint64_t x_high, z;
    double w;
    size_t first, last; /* of a large group: its terms; of the first term of a key: which items have the key */
} qn__exact_item;

typedef struct qn__exact_blocks {
    const qn__exact_terms *terms;
    uint64_t rows;
    qn__arch arch;
    uint32_t threads;
    double *diagonal;
    double *signs;         /* of entry j for the low bits z, at z * 64 + j: (-1)^popcount(z & j); twice when complex */
    qn__exact_item *items; /* all but the diagonal, by key */
    size_t nitems;
} qn__exact_blocks;

uint64_t qn__exact_blocks_bytes(const qn__exact_terms *terms);
/* Borrows the terms. On failure release it too. */
QN_MUST_USE qn_status qn__exact_blocks_build(qn__exact_blocks *b, const qn__exact_terms *terms, qn__arch arch,
                                             uint32_t threads);
void qn__exact_blocks_release(qn__exact_blocks *b);
/* y = H x; vectors of re, im pairs when the Hamiltonian is complex. The same bits for any number of threads and
 * instruction set. */
void qn__exact_blocks_apply(const qn__exact_blocks *b, const double *x, double *y);

#endif
