/* qasm_writer.h: the state of writing one OpenQASM program, and what its parts offer each other. */
#ifndef QN_FORMAT_CIRCUIT_OUT_QASM_WRITER_H
#define QN_FORMAT_CIRCUIT_OUT_QASM_WRITER_H

#include <quern/qasm.h>

#include "circuit/gate.h"
#include "circuit/names.h"
#include "format/buffer.h"

/* A register as it stands in the file. */
typedef struct qn__qasm_register {
    uint32_t name; /* in the names */
    uint32_t first, width;
} qn__qasm_register;

typedef struct qn__qasm_writer {
    const qn_circuit *circuit;
    uint32_t version;                 /* 2 or 3 */
    qn__names names;                  /* every word that is taken: reserved ones, then ours */
    uint32_t *symbols, *variables;    /* [index] = name */
    qn__qasm_register *qregs, *cregs; /* by rising first */
    size_t nqregs, ncregs;
    uint32_t gates[QN_GATE_COUNT_]; /* 1 + name of the definition; 0: none yet */
    qn__buffer definitions, body;
    size_t index; /* of the operation being written, for messages */
    unsigned depth;
    char condition[160]; /* OpenQASM 2: "if (c == 5) " before every statement, or "" */
    double phase;        /* global, not yet written */
} qn__qasm_writer;

/* Names: fills names, symbols, variables, qregs, cregs. */
QN_MUST_USE qn_status qn__qasm_names_open(qn__qasm_writer *w);
/* An identifier of the language, made from `wanted`, that nothing else has. */
QN_MUST_USE qn_status qn__qasm_name_make(qn__qasm_writer *w, const char *wanted, uint32_t *out);
/* The register a qubit or classical bit lies in. */
const qn__qasm_register *qn__qasm_register_of(const qn__qasm_register *list, size_t count, uint32_t wire);

/* Text. */
QN_MUST_USE qn_status qn__qasm_put(qn__buffer *out, const char *text);
/* A number as both languages read it: with a point; fractions of pi as such when that is exact. */
QN_MUST_USE qn_status qn__qasm_put_number(qn__buffer *out, double value);
QN_MUST_USE qn_status qn__qasm_put_angle(qn__buffer *out, double value);
QN_MUST_USE qn_status qn__qasm_put_name(qn__qasm_writer *w, qn__buffer *out, uint32_t name);
QN_MUST_USE qn_status qn__qasm_put_qubit(qn__qasm_writer *w, uint32_t qubit);
QN_MUST_USE qn_status qn__qasm_put_bit(qn__qasm_writer *w, qn__buffer *out, uint32_t bit);
/* "q[0], q[2]" */
QN_MUST_USE qn_status qn__qasm_put_qubits(qn__qasm_writer *w, const uint32_t *qubits, uint32_t count);
/* The indentation, or the condition, that a statement starts with; and its end. */
QN_MUST_USE qn_status qn__qasm_begin(qn__qasm_writer *w);
QN_MUST_USE qn_status qn__qasm_end(qn__qasm_writer *w);

/* Expressions (OpenQASM 3): of the circuit, converted to (type, width) when they are something else. */
QN_MUST_USE qn_status qn__qasm_put_expression(qn__qasm_writer *w, qn__buffer *out, uint32_t expression, qn_type type,
                                              uint32_t width);
/* Any type. */
QN_MUST_USE qn_status qn__qasm_put_expression_as_is(qn__qasm_writer *w, qn__buffer *out, uint32_t expression,
                                                    qn_type *type);
/* The condition of an IF or WHILE; plain forms where there is one. */
QN_MUST_USE qn_status qn__qasm_put_condition(qn__qasm_writer *w, uint32_t expression);
/* Whether an expression compares one whole register with a number, or tests one bit that is a register of its own:
 * OpenQASM 2's only condition. */
bool qn__qasm_whole_register(const qn__qasm_writer *w, uint32_t expression, const qn__qasm_register **reg,
                             uint64_t *value);
/* A parameter of a gate. */
QN_MUST_USE qn_status qn__qasm_put_param(qn__qasm_writer *w, qn__buffer *out, const qn_param *param);

/* Gates. */
QN_MUST_USE qn_status qn__qasm3_put_gate(qn__qasm_writer *w, const qn_operation *op);
QN_MUST_USE qn_status qn__qasm2_put_gate(qn__qasm_writer *w, const qn_operation *op);
/* The name of a gate in the language's library; NULL when it has none. OpenQASM 2: of the 23 gates of its paper, which
 * every reader of qelib1.inc knows. */
const char *qn__qasm_library_name(const qn__qasm_writer *w, qn_gate gate);
/* The name of a gate that the library has not; it is defined in the file at its first use. */
QN_MUST_USE qn_status qn__qasm_define(qn__qasm_writer *w, qn_gate gate, uint32_t *name);
/* The global phase gathered so far, as a statement (OpenQASM 3). */
QN_MUST_USE qn_status qn__qasm_flush_phase(qn__qasm_writer *w);

#endif
