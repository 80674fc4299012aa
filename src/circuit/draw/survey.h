/* survey.h: the first walk over a circuit that is to be drawn: rows, blocks of control flow, what needs no place. */
#ifndef QN_CIRCUIT_DRAW_SURVEY_H
#define QN_CIRCUIT_DRAW_SURVEY_H

#include "circuit/draw/layout.h"

/* Rows that something touches; empty when top > bottom. */
typedef struct qn__span {
    uint32_t top, bottom;
} qn__span;
#define QN__SPAN_EMPTY ((qn__span){UINT32_MAX, 0})

typedef struct qn__block {
    size_t begin;                  /* operation */
    uint32_t parent;               /* block around it, or QN__NOWHERE */
    uint32_t left, divider, right; /* columns once placed */
    qn__span rows;                 /* of what is in it */
    bool closed;
} qn__block;

/* An operation whose rows are those of a block. */
typedef struct qn__flow {
    size_t index;
    uint32_t block; /* its own or the one around it; QN__NOWHERE: none */
} qn__flow;

typedef struct qn__bit_register {
    uint32_t first, width, row;
} qn__bit_register;

typedef struct qn__survey {
    const qn_circuit *circuit;
    uint32_t nqubits, nrows, nquantum;
    bool reverse;
    uint32_t shown_top, shown_bottom, hidden_row; /* QN__NOWHERE: every qubit has its row */
    qn__bit_register *registers;                  /* by first bit */
    size_t nregisters;
    uint32_t variables_row; /* QN__NOWHERE: no such row */
    qn__span *expressions;  /* rows that each one reads */
    qn__block *blocks;
    size_t nblocks, blocks_capacity;
    qn__flow *flows; /* in the order of the circuit */
    size_t nflows, flows_capacity;
    uint64_t operations, gates; /* to be drawn: all but noted phases, and of gates; ends of blocks do not count */
    uint64_t alone;             /* of them on hidden qubits alone */
    bool dynamic;
    double phase;        /* of the phases outside any block */
    double *phase_terms; /* coefficients by symbol; NULL when there are none */
    bool phase_expression;
} qn__survey;

QN_MUST_USE qn_status qn__survey_create(const qn_circuit *circuit, const qn_draw_options *options, qn__row **rows,
                                        qn__survey *out);
void qn__survey_clear(qn__survey *survey);

uint32_t qn__survey_qubit_row(const qn__survey *survey, uint32_t qubit);
uint32_t qn__survey_bit_row(const qn__survey *survey, uint32_t bit);
/* The row of a variable that is not QUBITS. */
uint32_t qn__survey_variable_row(const qn__survey *survey, uint32_t variable);
void qn__span_add(qn__span *span, uint32_t row);
/* Rows of an operation that is no flow; empty: nothing to draw. */
qn__span qn__survey_span(const qn__survey *survey, const qn_operation *op);
/* Rows of flow number `flow`. */
qn__span qn__survey_flow_span(const qn__survey *survey, const qn__flow *flow, const qn_operation *op);
/* A phase without controls: noted when outside of blocks, else a flow. */
bool qn__operation_is_phase(const qn_operation *op);
bool qn__operation_is_flow(const qn_operation *op);

#endif
