/* lower.h: the inside of qn_pass_decompose. Operations come down to one-qubit gates and one kind of pair gate (lower.c,
 * controlled.c), which run.c writes in the gate set, one-qubit gates in a row as one unitary. */
#ifndef QN_CIRCUIT_PASSES_LOWER_H
#define QN_CIRCUIT_PASSES_LOWER_H

#include "circuit/gate.h"
#include "circuit/passes/affine.h"
#include "circuit/passes/basis.h"

/* rz(angle), or a gate of the table without parameters. */
typedef struct qn__run_item {
    qn_gate gate;
    qn_param angle;
} qn__run_item;

/* One-qubit gates on one qubit, in time order, not written yet. */
typedef struct qn__run {
    qn__run_item *items;
    size_t count, capacity;
    qn_param frame; /* rz that is still to come, where it is a change of frame */
} qn__run;

typedef struct qn__lower {
    const qn_circuit *from;
    qn_circuit *to;
    const qn__basis *basis;
    double error;
    qn__affine_pool pool;
    qn_param phase; /* global phase not written yet */
    uint32_t nqubits;
    qn__run *runs;
    bool has_expressions;
    unsigned depth;
    qn__gate_steps texts[QN_GATE_COUNT_], inverses[QN_GATE_COUNT_];
    bool *busy;               /* nqubits, all false between calls */
    void *sequence, *letters; /* buffers of run.c and run_exact.c */
    size_t sequence_capacity, letters_capacity;
} qn__lower;

/* A base gate in its place; every control fires on 1. */
typedef struct qn__piece {
    qn_gate base;
    uint32_t ncontrols, ntargets;
    const uint32_t *controls, *targets;
    const qn_param *params;
    const char *pauli;
    const qn_complex *matrix;
} qn__piece;

/* lower.c */
QN_MUST_USE qn_status qn__lower_operation(qn__lower *l, const qn_operation *op);
QN_MUST_USE qn_status qn__lower_piece(qn__lower *l, const qn__piece *piece);
/* Steps of the decomposition text of a row, read once. */
QN_MUST_USE qn_status qn__lower_text(qn__lower *l, qn_gate gate, const qn__gate_steps **out);

/* controlled.c: under one or more controls; handled is false when the base gate's text must be used. */
QN_MUST_USE qn_status qn__lower_controlled(qn__lower *l, const qn__piece *piece, bool *handled);
/* Phase exp(i angle) on all ones of n qubits. */
QN_MUST_USE qn_status qn__lower_phase(qn__lower *l, const uint32_t *qubits, uint32_t n, const qn_param *angle);
QN_MUST_USE qn_status qn__lower_rz(qn__lower *l, const uint32_t *controls, uint32_t n, uint32_t target,
                                   const qn_param *angle);
QN_MUST_USE qn_status qn__lower_x(qn__lower *l, const uint32_t *controls, uint32_t n, uint32_t target);

/* run.c */
QN_MUST_USE qn_status qn__run_gate(qn__lower *l, uint32_t qubit, qn_gate gate);
QN_MUST_USE qn_status qn__run_rz(qn__lower *l, uint32_t qubit, const qn_param *angle);
QN_MUST_USE qn_status qn__run_phase(qn__lower *l, double factor, const qn_param *angle);
QN_MUST_USE qn_status qn__run_turn(qn__lower *l, double angle); /* the same by a number */
QN_MUST_USE qn_status qn__run_cx(qn__lower *l, uint32_t control, uint32_t target);
QN_MUST_USE qn_status qn__run_cz(qn__lower *l, uint32_t a, uint32_t b);
QN_MUST_USE qn_status qn__run_rzz(qn__lower *l, uint32_t a, uint32_t b, const qn_param *angle);
/* Write what is pending on a qubit; `frame`: the change of frame too. */
QN_MUST_USE qn_status qn__run_flush(qn__lower *l, uint32_t qubit, bool frame);
/* Write all that is pending, phase included. */
QN_MUST_USE qn_status qn__run_flush_all(qn__lower *l);
QN_MUST_USE qn_status qn__run_append(qn__lower *l, qn_gate gate, const uint32_t *qubits, const qn_param *params);

/* run_exact.c: the run of a qubit in gates of fixed angles. */
QN_MUST_USE qn_status qn__run_exact(qn__lower *l, uint32_t qubit, const qn__run *run);

#endif
