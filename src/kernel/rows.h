/* rows.h: kernels on several states at once, those of neighbouring rows of parameters: a lane is a row.
 *
 * Amplitude i of all states is block i: the lanes' real parts, then their imaginary parts. No qubit is a lane, so no
 * step needs a shuffle, and every number of a step is a lane vector. Numbers that a step holds itself in the other
 * layout lie at its `table`, lane vectors in the order of `m`; a LINEAR step's table has two lane vectors a trip. */
#ifndef QN_KERNEL_ROWS_H
#define QN_KERNEL_ROWS_H

#include "kernel/kernel.h"

enum {
    QN__ROW_TILE = 4,    /* amplitudes of a Pauli sum that are worked on at once */
    QN__ROW_CLASSES = 16 /* of flip masks: below QN__ROW_TILE; then by the highest bit, that of 2^(k + 1) in class k */
};

/* The generator of what `undo` undoes, as engine and kernels agree on it: exp(-i a P / 2) or diag(1, exp(i a)). */
typedef enum qn__row_slope { QN__ROW_SLOPE_X, QN__ROW_SLOPE_Y, QN__ROW_SLOPE_Z, QN__ROW_SLOPE_PHASE } qn__row_slope;

/* A Pauli sum: column k is the real or the imaginary part of the function F of one flip mask x[k] (kernel.h); columns
 * come class by class, real ones first. table[(tile * columns + k) * QN__ROW_TILE + j] is F at amplitude tile *
 * QN__ROW_TILE + j. */
typedef struct qn__row_observable {
    size_t columns;
    size_t count[QN__ROW_CLASSES][2]; /* real, imaginary */
    const uint64_t *x;
    const void *table;
} qn__row_observable;

typedef struct qn__row_kernels {
    uint32_t lanes, axes;

    /* Lane numbers `columns`, `m`, `weights` and `sums` are doubles whatever the precision of the states. */

    /* columns: four lane vectors a qubit */
    void (*product)(void *states, uint32_t nqubits, const double *columns);
    /* as the kernel for one state; there are no lanes to be turned, so `local` holds slopes only */
    void (*pass)(void *states, uint64_t blocks, const qn__pass *pass, uint64_t high, void *local, uint64_t part,
                 uint64_t parts);
    /* Pairs and phases of kernel.h with the masks of `gate` and m as eight lane vectors. */
    void (*pair)(void *states, uint64_t blocks, const qn__kernel_gate *gate, const double *m);
    /* The same on ket and bra; before, sums += 2 Im <bra|G|ket>. */
    void (*undo)(void *bra, void *ket, uint64_t blocks, const qn__kernel_gate *gate, const double *m,
                 qn__row_slope kind, double *sums);
    void (*dense)(void *states, uint64_t blocks, const qn__kernel_dense *gate);
    /* sums = <state|H|state>; at least QN__ROW_TILE blocks. Looks at one amplitude of each pair. */
    void (*expect)(const void *states, uint64_t blocks, const qn__row_observable *observable, double *sums);
    /* the same, and out = weights H |state>, or that is added when `add` */
    void (*apply)(const void *states, uint64_t blocks, const qn__row_observable *observable, const double *weights,
                  bool add, void *out, double *sums);
    /* table[size + k] = table[k] z for k < size: lane vectors re, im; z two lane vectors */
    void (*double_table)(void *table, uint64_t size, const double *z);
    /* sine and cosine, to within about 1e-16; count is a multiple of `lanes` */
    void (*sincos)(size_t count, const double *angles, double *s, double *c);
} qn__row_kernels;

#endif
