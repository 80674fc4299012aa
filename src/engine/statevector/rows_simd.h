/* rows_simd.h: neighbouring rows of parameters as the lanes of machine vectors (kernel/rows.h): one circuit runs on as
 * many small states at once. The operations are scheduled a second time, for a layout without lane qubits. */
#ifndef QN_STATEVECTOR_ROWS_SIMD_H
#define QN_STATEVECTOR_ROWS_SIMD_H

#include "engine/statevector/program.h"
#include "kernel/rows.h"

enum {
    QN__SV_ROW_LANES = 16, /* most of any instruction set */
    QN__SV_ROW_LEAST = 2,  /* qubits: a tile of an observable has so many */
    QN__SV_ROW_QUBITS = 12 /* above, so many states at once no longer fit into the second-level cache */
};

/* The observables of a program in the layout of qn__row_observable; all threads read them. */
typedef struct qn__sv_row_observables {
    qn__row_observable *each; /* one an observable */
    uint64_t *x;
    unsigned char *table;
} qn__sv_row_observables;

/* A circuit, or its way back, on many states. */
typedef struct qn__sv_row_plan {
    qn__sv_program view;    /* borrows everything but its schedule */
    double *matrices;       /* eight lane vectors an operation */
    signed char *powers;    /* two a unit: its value is even^a odd^b of its operation */
    unsigned char *vectors; /* lane vectors of steps */
    unsigned char *tables;  /* of the LINEAR steps of the stretch at work */
} qn__sv_row_plan;

/* What a derivative adds to: grad[symbol] += coefficient * slope. */
typedef struct qn__sv_row_share {
    size_t slope;
    uint32_t symbol;
    double coefficient;
} qn__sv_row_share;

/* What one thread works with. */
typedef struct qn__sv_batch {
    const qn__sv_program *program;
    const qn__sv_row_observables *observables;
    const qn__row_kernels *kernels;
    qn__kernels narrow; /* those of the program, with one lane: what the scheduler sees */
    size_t lanes;
    uint32_t *variables; /* factors whose angle depends on a symbol... */
    size_t nvariables;
    uint32_t *place;                /* ...and by factor, where among them it is */
    double *theta;                  /* a lane vector a symbol */
    double *angles, *sine, *cosine; /* one a variable */
    double *columns;                /* four a qubit */
    qn__sv_row_plan forward, backward;
    unsigned char *states; /* ket, then bra */
    unsigned char *slopes; /* lane vectors that passes add to */
    double *sums;          /* the same of flat operations */
    qn__sv_row_share *shares;
    size_t nshares, shares_capacity;
    bool gradient;
} qn__sv_batch;

/* Can this program run in batches at all? */
bool qn__sv_rows_fit(const qn__sv_program *program);
/* About what the observables and one batch take. */
uint64_t qn__sv_row_observables_bytes(const qn__sv_program *program);
uint64_t qn__sv_batch_bytes(const qn__sv_program *program, bool gradient);

qn_status qn__sv_row_observables_create(const qn__sv_program *program, qn__sv_row_observables *out);
void qn__sv_row_observables_free(qn__sv_row_observables *observables);
qn_status qn__sv_batch_create(const qn__sv_program *program, const qn__sv_row_observables *observables,
                              qn__sv_batch **out);
/* Makes it ready for gradients; program->backward exists. */
qn_status qn__sv_batch_add_gradient(qn__sv_batch *batch);
void qn__sv_batch_free(qn__sv_batch *batch);

/* `count` rows, at most one a lane. */
void qn__sv_batch_expect(qn__sv_batch *batch, const double *theta, size_t count, double *values);
void qn__sv_batch_gradient(qn__sv_batch *batch, const double *theta, size_t count, const double *weights,
                           double *values, double *grad);

/* rows_fill.c */
/* Where the numbers of each step lie; false when a step has no form without lanes. */
bool qn__sv_row_place(const qn__sv_batch *batch, qn__sv_row_plan *plan, size_t *vectors, size_t *table);
/* Matrices and steps that do not depend on parameters; once. */
void qn__sv_row_constants(const qn__sv_batch *batch, qn__sv_row_plan *plan);
/* Angles, the start state and the matrices of `forward`; of `backward` too when `gradient`. */
void qn__sv_row_bind(qn__sv_batch *batch, const double *theta, size_t count, bool gradient);
void qn__sv_row_fill(const qn__sv_batch *batch, qn__sv_row_plan *plan, const qn__sv_stretch *stretch,
                     bool variable_only);

#endif
