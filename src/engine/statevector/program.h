/* program.h: a compiled circuit of the state-vector engine: a flat list of kernel calls, observables as groups, and
 * scratch.
 *
 * The life of a program: lower.c turns the circuit into operations; observable.c groups the Pauli sums; bind.c fills
 * the matrices of one row of parameters; run.c, gradient.c and sample.c call kernels. Memory held: one state, the
 * tables and the scratch, all of it reported by bytes_needed; the first gradient adds a second state and keeps it. */
#ifndef QN_STATEVECTOR_PROGRAM_H
#define QN_STATEVECTOR_PROGRAM_H

#include <quern/sys/engine.h>

#include "engine/statevector/schedule_data.h"
#include "kernel/kernel.h"

enum {
    QN__SV_THREAD_QUBITS = 15, /* from here on threads share the work on one state; below, starting them costs more */
    QN__SV_TILE_QUBITS = 12,   /* a tile of a state, 64 KiB in double precision, stays in the second-level cache */
    QN__SV_PARTS = 64,         /* sums over a large state are cut into this many at most, whatever the threads */
    QN__SV_TABLE_QUBITS = 13,  /* states up to here may have whole tables of their observables... */
    QN__SV_TABLE_BYTES = 64 << 20, /* ...when these fit into 64 MiB together */
    QN__SV_FEW_TERMS = 12          /* up to here terms are added one by one, above by a Walsh-Hadamard transform */
};

/* constant + sum of coefficient * theta[symbol] over terms[first .. first + count - 1] */
typedef struct qn__sv_angle {
    double constant;
    uint32_t first, count;
} qn__sv_angle;

/* Elementary 2x2 factors of an operation: exp(-i a P / 2), diag(1, exp(i a)), or a fixed matrix. Their generators are
 * what the adjoint gradient needs, so every gate with parameters is lowered to them. */
typedef enum qn__sv_factor_kind { QN__SV_RX, QN__SV_RY, QN__SV_RZ, QN__SV_PHASE, QN__SV_FIXED } qn__sv_factor_kind;

typedef struct qn__sv_factor {
    qn__sv_factor_kind kind;
    bool variable; /* the angle depends on a symbol */
    qn__sv_angle angle;
    double c, s; /* cosine and sine of a / 2; of a for PHASE */
    double m[8]; /* FIXED: row-major, re, im */
} qn__sv_factor;

typedef enum qn__sv_op_kind {
    QN__SV_OP_PAIR,  /* 2x2 on pairs */
    QN__SV_OP_PAULI, /* Pauli rotation with flips */
    QN__SV_OP_DIAGONAL,
    QN__SV_OP_DENSE
} qn__sv_op_kind;

typedef struct qn__sv_op {
    qn__sv_op_kind kind;
    qn__kernel_shape shape;
    bool variable;         /* its matrix depends on a symbol */
    uint32_t first, count; /* factors in the order in which they act; product in gate.m. DENSE: index of its matrix */
    qn__kernel_gate gate;
} qn__sv_op;

typedef struct qn__sv_dense {
    qn__kernel_dense forward, inverse;
    size_t first; /* both matrices in `matrices`, the inverse after the other */
} qn__sv_dense;

/* Terms of one observable with one flip mask; z and c hold first those with an even number of Y, then the odd ones. */
typedef struct qn__sv_group {
    uint64_t x;
    size_t first, nreal, nimaginary;
    size_t real_table, imaginary_table; /* byte offsets in `tables`, when there are tables */
    uint32_t observable;
} qn__sv_group;

typedef struct qn__sv_program {
    qn_context *context;
    const qn__kernels *kernels;
    uint32_t nqubits, threads, row_threads; /* threads on one state; on rows of parameters */
    uint32_t tile_qubits;                   /* asked for; 0: by QN__SV_TILE_BYTES */
    size_t nsymbols, nobservables;
    uint64_t blocks;

    qn_param_term *terms; /* of all angles */
    size_t nterms, terms_capacity;
    qn__sv_factor *factors;
    size_t nfactors, factors_capacity;
    qn__sv_op *ops;
    size_t nops, ops_capacity;
    qn__sv_op *starts; /* one-qubit operations on fresh qubits: the state begins as their product */
    size_t nstarts, starts_capacity;
    double *columns;      /* 4 numbers a qubit: its state after the starts */
    qn__sv_angle *phases; /* global phases */
    size_t nphases, phases_capacity;
    qn__sv_dense *dense;
    size_t ndense, dense_capacity;
    double *matrices;
    size_t nmatrices, matrices_capacity;

    qn__sv_schedule schedule;
    struct qn__sv_program *backward; /* from the first gradient on: the inverses of all factors, last first */
    bool dual;                       /* this is such a program: it runs on ket and bra together */
    bool live;                       /* acts on any state: no gate is taken as the state's start, no qubit is renamed */
    uint8_t position[64];            /* qubit -> bit of the index at the end: swaps only rename */

    qn__sv_group *groups;
    size_t ngroups;
    uint64_t *group_z;
    double *group_c;
    double *identity;       /* coefficient of the identity, one an observable */
    unsigned char *tables;  /* NULL when observables are worked out tile by tile */
    unsigned char *scratch; /* per thread: two tables of a tile, and the masks and coefficients of a group */
    size_t scratch_size, scratch_terms;
    double *partial; /* QN__SV_PARTS x nobservables, and 2 x QN__SV_PARTS x 8 for the gradient */

    void *state, *bra; /* bra: from the first gradient on */
    double *draws;     /* sampling; grown when more shots are asked for than ever before */
    size_t draws_capacity;
    double *chunks, *chunk;         /* probability of each tile; probabilities of one */
    struct qn__sv_workers *workers; /* rows.c: copies for further threads, from the first call that pays for them */
} qn__sv_program;

/* engine.c: a program of this engine (self) with nothing in it yet, and its end */
qn_status qn__sv_program_create(const void *self, uint32_t nqubits, qn__sv_program **out);
void qn__sv_program_release(void *program);
/* Of a bound program: what is left out of its operations. */
double qn__sv_global_phase(const qn__sv_program *program, const double *theta);

/* lower.c */
/* Qubits as bits of the state's index at the end. */
uint64_t qn__sv_moved(const qn__sv_program *program, uint64_t qubits);
bool qn__sv_supports(const qn_circuit *circuit, char *why, size_t capacity);
qn_status qn__sv_lower(qn__sv_program *program, const qn_circuit *circuit);

/* observable.c */
qn_status qn__sv_group_observables(qn__sv_program *program, const qn_pauli_sum *const *observables);
/* Bytes of tables, scratch and partial sums for these observables. */
qn_status qn__sv_observable_bytes(const qn__kernels *kernels, uint32_t nqubits, uint32_t threads,
                                  const qn_pauli_sum *const *observables, size_t nobservables, uint64_t *bytes);
void qn__sv_expect_state(qn__sv_program *program, double *values);
/* bra = sum_o weights[o] (H_o - identity part) |state> */
void qn__sv_apply_observables(qn__sv_program *program, const double *weights);

/* bind.c: matrices of one row of parameters */
void qn__sv_bind(qn__sv_program *program, const double *theta);
void qn__sv_bind_op(const qn__sv_program *program, qn__sv_op *op, const double *theta);
double qn__sv_angle_value(const qn__sv_program *program, const qn__sv_angle *angle, const double *theta);
/* c and s of a rotation or phase */
void qn__sv_factor_set(qn__sv_factor *factor, double angle);
/* m <- factor * m */
void qn__sv_factor_multiply(const qn__sv_factor *factor, double *m);

/* run.c */
/* Puts every qubit of the program's state back to its own bit; the state must be computed anew before it is used
 * again. */
void qn__sv_restore_order(qn__sv_program *program);
void qn__sv_forward(qn__sv_program *program);
/* The bound operations of a live program on a state of its size. */
void qn__sv_evolve(qn__sv_program *program, void *state);
/* sum over a state in fixed parts: Re <a|b> */
double qn__sv_inner(qn__sv_program *program, const void *a, const void *b);
void *qn__sv_state_create(const qn__sv_program *program);

/* gradient.c, sample.c */
qn_status qn__sv_gradient(void *program, const double *theta, size_t rows, const double *weights, double *values,
                          double *grad);
qn_status qn__sv_sample(void *program, const double *theta, size_t rows, uint64_t shots, uint64_t seed, uint64_t stream,
                        qn_counts *const *out);
/* Shots of program->state as it is; `out` is empty before. */
qn_status qn__sv_sample_state(qn__sv_program *program, uint64_t shots, uint64_t seed, uint64_t stream, qn_counts *out);

/* live.c: live states of sys/engine.h */
qn_status qn__sv_compile_live(void *self, const qn_circuit *circuit, void **program);
qn_status qn__sv_live_create(void *self, uint32_t nqubits, void **out);
void qn__sv_live_free(void *opaque);
void qn__sv_live_start(void *opaque);
void qn__sv_live_copy(void *to, const void *from);
qn_status qn__sv_live_advance(void *program, const double *theta, void *opaque);
double qn__sv_live_probability(void *opaque, uint32_t qubit);
void qn__sv_live_collapse(void *opaque, uint32_t qubit, bool outcome, double probability, bool flip);
qn_status qn__sv_live_sample(void *opaque, uint64_t shots, uint64_t seed, uint64_t stream, qn_counts *out);
qn_status qn__sv_live_amplitudes(void *opaque, uint64_t first, size_t count, qn_complex *out);

#endif
