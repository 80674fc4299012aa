/* sparse_iterative.h: the iterative methods behind qn_sparse_solve. */
#ifndef QN_MATH_SPARSE_ITERATIVE_H
#define QN_MATH_SPARSE_ITERATIVE_H

#include "math/sparse.h"

/* One solve: vectors have `width` doubles; complex ones are real vectors of twice the length, on which a Hermitian
 * matrix acts as a symmetric one, so that all inner products are real. */
typedef struct qn__iteration {
    const qn_context *context;
    const qn_sparse *matrix, *adjoint; /* adjoint: LSQR only */
    size_t width;
    uint32_t threads;
    const double *b;
    double b_norm, tolerance;
    uint64_t most;
    double *x;
    double *work;    /* QN__ITERATION_VECTORS * width */
    double *scratch; /* qn__vectors_scratch(width, 1) */
    double *history;
    size_t history_capacity;
    qn_sparse_outcome *outcome;
    double reported, started;
} qn__iteration;

enum { QN__ITERATION_VECTORS = 6 };

/* Notes a residual (relative to b), reports progress; true: stop. */
bool qn__iteration_step(qn__iteration *it, double residual);

void qn__iterate_cg(qn__iteration *it);
void qn__iterate_minres(qn__iteration *it);
void qn__iterate_lsqr(qn__iteration *it);

#endif
