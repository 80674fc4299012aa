/* store.h: how a circuit lies in memory: one record an operation, everything of variable length in pools. */
#ifndef QN_CIRCUIT_STORE_H
#define QN_CIRCUIT_STORE_H

#include <quern/classical.h>

#include "circuit/names.h"

enum {
    QN__CONTROLS_MAX = 64 /* of one operation, its gate's own included: one word of control state */
};

/* 48 bytes an operation; indices are into the pools of the circuit. */
typedef struct qn__record {
    uint32_t ntargets;
    uint32_t line;
    uint16_t gate;
    uint8_t kind; /* qn_op_kind */
    uint8_t ncontrols, nparams;
    size_t qubits; /* controls, then targets */
    size_t params; /* the first of nparams */
    union {
        size_t payload;      /* of a gate: Pauli letters or matrix entries */
        uint32_t expression; /* of anything else: 1 + index, or 0 */
    };
    union {
        uint64_t control_state; /* of a gate */
        struct {
            uint32_t bit, variable; /* of anything else; QN_NO_BIT: none */
        };
    };
} qn__record;

/* Terms of affine parameters; blocks never move, so that parameters may point into them. */
typedef struct qn__term_block {
    struct qn__term_block *next;
    size_t used, capacity;
    qn_param_term terms[];
} qn__term_block;

/* One expression: tokens first .. first + count - 1 of the pool, and the type of its value. */
typedef struct qn__expression {
    size_t first;
    uint32_t count, width;
    qn_type type;
} qn__expression;

struct qn_circuit {
    uint32_t nqubits;
    uint32_t line; /* of what is appended next */
    qn__record *records;
    size_t nrecords, records_capacity;
    uint32_t *qubits;
    size_t qubits_used, qubits_capacity;
    qn_param *params;
    size_t params_used, params_capacity;
    char *pauli;
    size_t pauli_used, pauli_capacity;
    qn_complex *matrices;
    size_t matrices_used, matrices_capacity;
    qn__term_block *terms; /* newest first */
    qn__names symbols;
    uint64_t *seen; /* scratch mask of nqubits bits, all 0 between calls; NULL until needed */

    qn__names variable_names;
    qn_variable *variables; /* `name` is kept in variable_names */
    size_t nvariables, variables_capacity;
    uint32_t nbits;
    qn_token *tokens;
    size_t tokens_used, tokens_capacity;
    qn__expression *expressions;
    size_t nexpressions, expressions_capacity;
    uint8_t *blocks; /* kinds of the blocks that are open, the innermost last */
    size_t nblocks, blocks_capacity;
};

/* How the numbers of one circuit read in another; NULL members: as they are. */
typedef struct qn__map {
    const uint32_t *symbols, *variables, *bits, *expressions; /* expressions: indices without the 1 */
} qn__map;

/* What to append. */
typedef struct qn__entry {
    qn_op_kind kind;
    uint32_t bit, variable, expression; /* of what is not a gate; QN_NO_BIT, QN_NO_BIT, 0: none */
    uint32_t line;                      /* 0: the circuit's */
    qn_gate gate;
    const uint32_t *extra; /* controls in front of the gate's own */
    size_t nextra;
    uint64_t extra_state;
    const uint32_t *qubits;
    size_t nqubits;
    const qn_param *params;
    size_t nparams;
    const char *pauli;
    const qn_complex *matrix;
    const qn__map *map;
} qn__entry;

/* Lengths of a circuit's arrays, to go back to after a failure. */
typedef struct qn__circuit_mark {
    size_t records, qubits, params, pauli, matrices, symbols, variables, tokens, expressions, blocks;
    uint32_t nbits;
} qn__circuit_mark;

/* Append after all checks but that of a matrix; the circuit is unchanged on failure. */
QN_MUST_USE qn_status qn__circuit_push(qn_circuit *circuit, const qn__entry *entry);
qn__circuit_mark qn__circuit_mark_now(const qn_circuit *circuit);
/* Blocks that were open at the mark must not have been closed since. */
void qn__circuit_rollback(qn_circuit *circuit, const qn__circuit_mark *mark);
/* The symbol, or the variable, of this name; false when there is none. */
bool qn__circuit_find_symbol(const qn_circuit *circuit, const char *name, uint32_t *out);
bool qn__circuit_find_variable(const qn_circuit *circuit, const char *name, uint32_t *out);
/* The entry that would append an operation again; its own controls stay the gate's, the others become extra. */
qn__entry qn__circuit_entry(const qn_circuit *circuit, size_t index);

/* For passes: the symbols, variables and expressions of `from`, under the same numbers, in a circuit without any. */
QN_MUST_USE qn_status qn__circuit_copy_declarations(const qn_circuit *from, qn_circuit *to);
/* A copy of operation `index` of `from`, whose declarations `to` has under the same numbers. Line included. */
QN_MUST_USE qn_status qn__circuit_copy_operation(const qn_circuit *from, size_t index, qn_circuit *to);
/* How many IF, ELSE and WHILE blocks are still open. */
size_t qn__circuit_open_blocks(const qn_circuit *circuit);
/* "measurement", "reset", "if", ...; static. */
const char *qn__op_kind_name(qn_op_kind kind);
/* Whether the operation has a parameter that is an expression. */
bool qn__operation_has_expression(const qn_operation *operation);

/* A block is entered or left: fails, and changes nothing, when `kind` fits nothing here. */
QN_MUST_USE qn_status qn__flow_check(const qn_circuit *circuit, qn_op_kind kind);
QN_MUST_USE qn_status qn__flow_reserve(qn_circuit *circuit, qn_op_kind kind);
void qn__flow_enter(qn_circuit *circuit, qn_op_kind kind);

/* Checks tokens against the circuit's declarations; gives the type of their value. */
QN_MUST_USE qn_status qn__expression_check(const qn_circuit *circuit, const qn_token *tokens, size_t count,
                                           qn_type *type, uint32_t *width);
/* Whether a value of one type can be made one of the other. */
bool qn__cast_allowed(qn_type from, uint32_t from_width, qn_type to, uint32_t to_width);
/* Most values on the stack of an expression. */
enum { QN__EXPRESSION_DEPTH = 256, QN__EXPRESSION_TOKENS = 4096, QN__BITS_MAX = 1 << 24 };

#endif
