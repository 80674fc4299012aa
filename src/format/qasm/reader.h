/* reader.h: the state of one reading of OpenQASM, and what its parts offer each other.
 *
 * Statements are carried out while they are parsed: a flat file never becomes a tree. Bodies of gates, subroutines and
 * loops are parsed from their text again each time they run; a dry run at their definition finds their errors. What is
 * known when the program is read is computed here, what depends on measurements becomes expressions, IF and WHILE of
 * the circuit. */
#ifndef QN_QASM_READER_H
#define QN_QASM_READER_H

#include <quern/qasm.h>

#include "circuit/store.h"
#include "format/qasm/diagnostics.h"
#include "format/qasm/lexer.h"

enum {
    QN__QASM_ERRORS = 20, /* one run reports */
    QN__QASM_DEPTH = 200, /* nesting of expressions, blocks and calls together */
    QN__QASM_FILES = 64,  /* depth of includes */
    QN__QASM_FRAMES = 64, /* nested run-time loops and the like */
    QN__QASM_MODIFIERS = 64
};
#define QN__NONE UINT32_MAX

/* Qubits or classical bits: consecutive ones, or a list. */
typedef struct qn__qasm_wires {
    uint32_t first, count;
    const uint32_t *list; /* NULL: consecutive */
    uint32_t whole;       /* 1 + the circuit's variable when these are all its bits; 0 */
    bool scalar;          /* one wire, not a register of one */
    bool unknown;         /* of a dry run: which ones, or how many, is not known */
} qn__qasm_wires;
static inline uint32_t qn__qasm_wire(const qn__qasm_wires *wires, uint32_t index)
{
    return wires->list != NULL ? wires->list[index] : wires->first + index;
}

/* Where the value of a classical variable is. */
typedef enum qn__qasm_cell_state {
    QN__CELL_KNOWN,   /* `value` */
    QN__CELL_RUNTIME, /* the circuit's variable */
    QN__CELL_TOKENS,  /* an expression, for example of free parameters */
    QN__CELL_UNKNOWN  /* a parameter in a dry run */
} qn__qasm_cell_state;
typedef struct qn__qasm_cell {
    qn__qasm_cell_state state;
    bool mirrored;     /* the circuit's variable has the value too */
    uint32_t variable; /* of the circuit; QN__NONE */
    uint32_t ntokens;
    qn_value value;
    qn_token *tokens; /* owned */
} qn__qasm_cell;

typedef enum qn__qasm_symbol_kind {
    QN__SYMBOL_POISON, /* its declaration failed: uses are silent errors */
    QN__SYMBOL_QUBITS,
    QN__SYMBOL_BITS,
    QN__SYMBOL_NUMBER,
    QN__SYMBOL_ARRAY,
    QN__SYMBOL_GATE,     /* of the table */
    QN__SYMBOL_USERGATE, /* defined in the program */
    QN__SYMBOL_OPAQUE,
    QN__SYMBOL_SUBROUTINE
} qn__qasm_symbol_kind;

/* How a gate of a language's library stands in the gate table. */
typedef enum qn__qasm_gate_phase {
    QN__PHASE_SAME,
    QN__PHASE_U,  /* OpenQASM 3's U: uphase with p3 = p0/2 */
    QN__PHASE_U3, /* stdgates' u3: uphase with p3 = -(p1 + p2)/2 */
    QN__PHASE_U2  /* stdgates' u2(p0, p1): uphase(pi/2, p0, p1, -(p0 + p1)/2) */
} qn__qasm_gate_phase;

/* A parameter of a subroutine. */
typedef struct qn__qasm_formal {
    qn__qasm_token name;
    qn_type type;
    uint32_t width;
    bool scalar;
} qn__qasm_formal;

typedef struct qn__qasm_symbol qn__qasm_symbol;
struct qn__qasm_symbol {
    qn__qasm_symbol *below; /* of the same name, in a scope further out */
    qn__qasm_symbol *next;  /* declared before in the same scope; or free */
    uint32_t name, level, serial, region;
    uint32_t dry; /* dry runs that were on at the declaration */
    qn__qasm_symbol_kind kind;
    bool constant, output, builtin, replaceable;
    qn__qasm_place at;
    size_t length;
    qn_type type; /* of NUMBER and ARRAY elements */
    uint32_t width;
    qn__qasm_wires wires; /* QUBITS, BITS */
    uint32_t *list;       /* owned: what wires.list points to, when it is the symbol's own */
    uint32_t variable;    /* BITS: of the circuit, QN__NONE for an alias */
    qn__qasm_cell cell;   /* NUMBER */
    qn__qasm_cell *cells; /* ARRAY, owned */
    uint32_t count;
    /* gates and subroutines */
    qn_gate gate;
    qn__qasm_gate_phase phase;
    uint32_t nparams, nqubits;
    uint32_t *params;         /* names, owned: parameters, then qubits */
    qn__qasm_formal *formals; /* of a subroutine, owned */
    qn__qasm_lexer body;
    bool is_void, result_scalar;
    bool needs_frame; /* a subroutine that returns under a run-time condition */
};

typedef enum qn__qasm_operand_kind {
    QN__OPERAND_VOID,
    QN__OPERAND_CONSTANT,
    QN__OPERAND_TOKENS, /* the reader's tokens from `start` on */
    QN__OPERAND_BITS,   /* a bit register, not yet lowered to one of the above */
    QN__OPERAND_UNKNOWN
} qn__qasm_operand_kind;
typedef struct qn__qasm_operand {
    qn__qasm_operand_kind kind;
    qn_type type;
    uint32_t width;
    size_t start;
    qn_value value;
    qn__qasm_wires bits;
} qn__qasm_operand;

/* What the rest of a block is skipped for. */
typedef enum qn__qasm_flow {
    QN__FLOW_NORMAL,
    QN__FLOW_BREAK,
    QN__FLOW_CONTINUE,
    QN__FLOW_RETURN,
    QN__FLOW_STOP
} qn__qasm_flow;

/* A WHILE of the circuit that is being built. */
typedef struct qn__qasm_frame {
    bool loop;         /* a run-time loop; else one that runs once */
    uint32_t flag;     /* a variable: 1 leave, 2 go on with the next turn; QN__NONE until needed */
    uint64_t crossing; /* frames that were left from within this one */
} qn__qasm_frame;

/* A part of the program that may or may not run, or runs often: what is assigned in it is known inside only. */
typedef struct qn__qasm_saved_cells {
    qn__qasm_symbol **symbols; /* what is assigned */
    size_t count, capacity;
    qn__qasm_cell *cells; /* theirs, one after another */
    size_t ncells, cells_capacity;
    uint8_t *bits;
    size_t nbits, bits_capacity;
} qn__qasm_saved_cells;
typedef struct qn__qasm_region {
    struct qn__qasm_region *outer;
    qn__qasm_saved_cells saved;
} qn__qasm_region;

/* The loop or subroutine that break, continue and return belong to. */
typedef struct qn__qasm_target {
    struct qn__qasm_target *outer;
    uint32_t region;                  /* r->region_depth where it began */
    uint32_t break_frame, next_frame; /* QN__NONE: none */
    bool subroutine;
    /* of a subroutine */
    const qn__qasm_symbol *symbol;
    qn__qasm_place call;
    bool returned;
    qn__qasm_operand value; /* CONSTANT; VOID when it is in the circuit's variable, or in tokens of the arena */
    uint32_t result;        /* the circuit's variable; QN__NONE */
    qn__qasm_wires bits;
    const qn_token *tokens;
    size_t ntokens;
} qn__qasm_target;

typedef struct qn__qasm_file {
    char *name;
    const char *text;
    char *owned; /* NULL: the caller's text */
    size_t length, start;
} qn__qasm_file;

/* One operation that is kept to be changed by modifiers; indices into the pools of qn__qasm_operations. */
typedef struct qn__qasm_kept {
    qn_op_kind kind; /* GATE or BARRIER */
    qn_gate gate;
    uint32_t ncontrols, nqubits, nparams; /* controls come before the gate's own qubits */
    uint64_t state;
    size_t qubits, params, matrix;
} qn__qasm_kept;
typedef struct qn__qasm_operations {
    qn__qasm_kept *kept;
    size_t count, capacity;
    uint32_t *qubits;
    size_t nqubits, qubits_capacity;
    qn_param *params; /* their terms lie in the reader's arena */
    size_t nparams, params_capacity;
    qn_complex *matrices;
    size_t nmatrices, matrices_capacity;
} qn__qasm_operations;

/* Parameters of a kept operation; NULL when nothing here has any. */
static inline const qn_param *qn__qasm_params_of(const qn__qasm_operations *from, const qn__qasm_kept *kept)
{
    return from->params == NULL ? NULL : from->params + kept->params;
}

typedef struct qn__qasm_reader {
    qn_qasm_options options; /* zeros replaced by the defaults */
    qn_diagnostics *list;
    uint32_t errors, unsupported, too_large, remarks;
    char first_message[1024];
    qn_status hard; /* a failure that is nobody's syntax */
    qn__qasm_idents idents;
    qn__qasm_file *files;
    size_t nfiles, files_capacity;
    uint32_t open[QN__QASM_FILES];       /* files that are being included, outermost first */
    qn__qasm_lexer back[QN__QASM_FILES]; /* where each goes on */
    uint32_t nopen;

    qn__qasm_lexer lexer;
    qn__qasm_token token;  /* the current one, `lexer` stands behind it */
    qn__qasm_place behind; /* end of the one before */
    bool version2;
    bool any_statement, stdgates, qelib1, failed;

    qn__qasm_symbol **by_name;
    size_t nby_name;
    qn__qasm_symbol **scopes; /* newest symbol of each */
    size_t nscopes, scopes_capacity;
    qn__qasm_symbol *free_symbols;
    uint32_t serial, base_level, base_serial;
    bool in_gate, in_subroutine;

    qn_circuit *circuit;
    uint32_t nqubits, nphysical;
    bool stopped;
    uint32_t true_expression;
    uint64_t steps, max_steps;
    uint32_t depth, dry, expansions; /* expansions: bodies that are run from their text again */
    uint8_t *bits;                   /* of each classical bit: 0, 1 known; 2 not; 3 never written, so 0 */
    size_t nbits, bits_capacity;
    uint32_t hidden; /* variables made so far */

    qn_token *tokens; /* a stack of operands */
    size_t ntokens, tokens_capacity;
    struct qn__qasm_block *blocks; /* the arena */
    qn_param_term *terms;          /* scratch of affine parameters */
    size_t nterms, terms_capacity;
    qn__qasm_wires *wires; /* a stack of gate operands */
    size_t nwires, wires_capacity;
    uint32_t calls; /* subroutines that are running */

    qn__qasm_operations *sink; /* where gates go; NULL: the circuit */
    qn__qasm_flow flow;
    qn__qasm_target *target;
    qn__qasm_target *retry; /* not NULL: unwinding to it, to read it again with frames */
    qn__qasm_frame frames[QN__QASM_FRAMES];
    uint32_t nframes;
    qn__qasm_region *region;
    uint32_t region_depth;
    struct qn__qasm_local *locals; /* hidden variables by place */
    size_t nlocals, locals_capacity;
} qn__qasm_reader;

/* --- reader.c: tokens and errors --- */
void qn__qasm_advance(qn__qasm_reader *r);
static inline bool qn__qasm_at(const qn__qasm_reader *r, qn__qasm_token_kind kind)
{
    return r->token.kind == kind;
}
static inline bool qn__qasm_accept(qn__qasm_reader *r, qn__qasm_token_kind kind)
{
    if (r->token.kind != kind) {
        return false;
    }
    qn__qasm_advance(r);
    return true;
}
/* Go on at a place kept before. */
void qn__qasm_seek(qn__qasm_reader *r, const qn__qasm_lexer *lexer);
/* The place of the current token, to seek to. */
qn__qasm_lexer qn__qasm_mark(const qn__qasm_reader *r);
/* "expected X after Y, got Z"; `where` may be "". */
QN_MUST_USE qn_status qn__qasm_expect(qn__qasm_reader *r, qn__qasm_token_kind kind, const char *where);
/* The same error whatever stands there. */
QN_MUST_USE qn_status qn__qasm_expected(qn__qasm_reader *r, const char *what);

typedef enum qn__qasm_error_kind { QN__ERROR_PLAIN, QN__ERROR_UNSUPPORTED, QN__ERROR_LARGE } qn__qasm_error_kind;
/* Records an error and returns QN_ERR_PARSE; a hard failure when it cannot be kept. */
QN_MUST_USE qn_status qn__qasm_error(qn__qasm_reader *r, qn__qasm_error_kind kind, qn__qasm_place at, size_t length,
                                     const char *format, ...) QN_PRINTF(5, 6);
void qn__qasm_remark(qn__qasm_reader *r, qn_severity severity, qn__qasm_place at, size_t length, const char *format,
                     ...) QN_PRINTF(5, 6);
#define QN_QASM_FAIL(r, token, ...) qn__qasm_error((r), QN__ERROR_PLAIN, (token)->at, (token)->length, __VA_ARGS__)
#define QN_QASM_UNSUPPORTED(r, token, ...)                                                                             \
    qn__qasm_error((r), QN__ERROR_UNSUPPORTED, (token)->at, (token)->length, __VA_ARGS__)
#define QN_QASM_LARGE(r, token, ...) qn__qasm_error((r), QN__ERROR_LARGE, (token)->at, (token)->length, __VA_ARGS__)
/* Text of a token or name for "%.*s". */
#define QN_TEXT(r, token) (int)((token)->length > 60 ? 60 : (token)->length), qn__qasm_text_at((r), (token)->at)
#define QN_NAME(r, number)                                                                                             \
    (int)((r)->idents.names[number].length > 60 ? 60 : (r)->idents.names[number].length), (r)->idents.names[number].text
const char *qn__qasm_text_at(const qn__qasm_reader *r, qn__qasm_place at);
/* One more level of nesting; QN_TRY it, and qn__qasm_leave after. */
QN_MUST_USE qn_status qn__qasm_enter(qn__qasm_reader *r, const qn__qasm_token *token);
static inline void qn__qasm_leave(qn__qasm_reader *r)
{
    r->depth--;
}
/* One more step of work: a statement, a call, a turn of a loop. */
QN_MUST_USE qn_status qn__qasm_step(qn__qasm_reader *r, const qn__qasm_token *token);

/* --- scope.c --- */
QN_MUST_USE qn_status qn__qasm_scope_push(qn__qasm_reader *r);
void qn__qasm_scope_pop(qn__qasm_reader *r);
/* The symbol a name means here; NULL when it is not declared. */
qn__qasm_symbol *qn__qasm_lookup(const qn__qasm_reader *r, uint32_t name);
/* The same; an error with the nearest name when there is none. `what` for the message: "gate", "name". */
QN_MUST_USE qn_status qn__qasm_find(qn__qasm_reader *r, const qn__qasm_token *token, const char *what,
                                    qn__qasm_symbol **out);
/* A new symbol of the innermost scope; an error when the name is taken there. */
QN_MUST_USE qn_status qn__qasm_declare(qn__qasm_reader *r, const qn__qasm_token *token, qn__qasm_symbol_kind kind,
                                       qn__qasm_symbol **out);
/* A gate of the language or its library; a replaceable one gives way to the program's own. */
QN_MUST_USE qn_status qn__qasm_declare_builtin(qn__qasm_reader *r, const char *name, qn_gate gate,
                                               qn__qasm_gate_phase phase, bool replaceable);
/* After a failed declaration: uses of the name are no errors of their own. */
void qn__qasm_poison(qn__qasm_reader *r, uint32_t name, qn__qasm_place at);
const char *qn__qasm_symbol_noun(const qn__qasm_symbol *symbol);

/* --- storage.c: variables, bits and qubits of the circuit --- */
QN_MUST_USE qn_status qn__qasm_add_qubits(qn__qasm_reader *r, const qn__qasm_token *token, uint64_t count,
                                          uint32_t *first);
QN_MUST_USE qn_status qn__qasm_declare_qubits(qn__qasm_reader *r, const qn__qasm_token *name, uint64_t count,
                                              bool scalar);
QN_MUST_USE qn_status qn__qasm_declare_bits(qn__qasm_reader *r, const qn__qasm_token *name, uint64_t count, bool scalar,
                                            bool output, qn__qasm_symbol **out);
QN_MUST_USE qn_status qn__qasm_declare_number(qn__qasm_reader *r, const qn__qasm_token *name, qn_type type,
                                              uint32_t width, qn__qasm_symbol **out);
/* A hidden variable that belongs to (a part of) a place of the text, made once for each depth of calls; BITS give their
 * first bit. */
QN_MUST_USE qn_status qn__qasm_hidden(qn__qasm_reader *r, qn__qasm_place at, uint32_t part, qn_type type,
                                      uint32_t width, uint32_t *variable, uint32_t *first);
QN_MUST_USE qn_status qn__qasm_cell_promote(qn__qasm_reader *r, qn__qasm_symbol *symbol, qn__qasm_cell *cell);
/* Assign: the operand is consumed. */
QN_MUST_USE qn_status qn__qasm_cell_assign(qn__qasm_reader *r, qn__qasm_symbol *symbol, qn__qasm_cell *cell,
                                           qn__qasm_operand *value, const qn__qasm_token *token);
QN_MUST_USE qn_status qn__qasm_bits_assign(qn__qasm_reader *r, const qn__qasm_wires *bits, qn__qasm_operand *value,
                                           const qn__qasm_token *token);
void qn__qasm_bits_forget(qn__qasm_reader *r, const qn__qasm_wires *bits);
QN_MUST_USE qn_status qn__qasm_cell_read(qn__qasm_reader *r, const qn__qasm_symbol *symbol, const qn__qasm_cell *cell,
                                         qn__qasm_operand *out);
void qn__qasm_cell_clear(qn__qasm_cell *cell);
qn_value qn__qasm_zero(qn_type type, uint32_t width);

/* --- emit.c: operations into the circuit or the sink; nothing in a dry run --- */
QN_MUST_USE qn_status qn__qasm_emit_gate(qn__qasm_reader *r, const qn__qasm_token *token, qn_gate gate,
                                         const uint32_t *controls, uint32_t ncontrols, uint64_t state,
                                         const uint32_t *qubits, uint32_t nqubits, const qn_param *params,
                                         uint32_t nparams);
QN_MUST_USE qn_status qn__qasm_emit_unitary(qn__qasm_reader *r, const qn__qasm_token *token, const uint32_t *qubits,
                                            uint32_t nqubits, const qn_complex *matrix);
QN_MUST_USE qn_status qn__qasm_emit_barrier(qn__qasm_reader *r, const qn__qasm_token *token, const uint32_t *qubits,
                                            uint32_t nqubits);
QN_MUST_USE qn_status qn__qasm_emit_delay(qn__qasm_reader *r, const qn__qasm_token *token, double duration,
                                          const uint32_t *qubits, uint32_t nqubits);
QN_MUST_USE qn_status qn__qasm_emit_measure(qn__qasm_reader *r, const qn__qasm_token *token, uint32_t qubit,
                                            uint32_t bit);
QN_MUST_USE qn_status qn__qasm_emit_reset(qn__qasm_reader *r, const qn__qasm_token *token, uint32_t qubit);
QN_MUST_USE qn_status qn__qasm_emit_assign(qn__qasm_reader *r, uint32_t variable, uint32_t expression);
QN_MUST_USE qn_status qn__qasm_emit_assign_bit(qn__qasm_reader *r, uint32_t bit, uint32_t expression);
QN_MUST_USE qn_status qn__qasm_emit_flow(qn__qasm_reader *r, qn_op_kind kind, uint32_t expression);
QN_MUST_USE qn_status qn__qasm_operations_replay(qn__qasm_reader *r, const qn__qasm_token *token,
                                                 const qn__qasm_operations *from);
QN_MUST_USE qn_status qn__qasm_operations_add(qn__qasm_operations *to, const qn__qasm_kept *kept,
                                              const uint32_t *qubits, const qn_param *params, const qn_complex *matrix);
void qn__qasm_operations_free(qn__qasm_operations *operations);

/* --- operand.c --- */
void qn__qasm_operand_integer(qn__qasm_operand *out, int64_t value);
void qn__qasm_operand_float(qn__qasm_operand *out, double value);
void qn__qasm_operand_bool(qn__qasm_operand *out, bool value);
void qn__qasm_operand_unknown(qn__qasm_operand *out, qn_type type, uint32_t width);
QN_MUST_USE qn_status qn__qasm_token_push(qn__qasm_reader *r, const qn_token *token);
/* BITS become CONSTANT or TOKENS of type UINT (BOOL for one bit). */
QN_MUST_USE qn_status qn__qasm_operand_lower(qn__qasm_reader *r, qn__qasm_operand *operand,
                                             const qn__qasm_token *token);
/* CONSTANT becomes TOKENS. */
QN_MUST_USE qn_status qn__qasm_operand_literal(qn__qasm_reader *r, qn__qasm_operand *operand);
QN_MUST_USE qn_status qn__qasm_operand_cast(qn__qasm_reader *r, qn__qasm_operand *operand, qn_type type, uint32_t width,
                                            const qn__qasm_token *token);
QN_MUST_USE qn_status qn__qasm_operand_unary(qn__qasm_reader *r, qn_token_kind kind, qn__qasm_operand *operand,
                                             const qn__qasm_token *token);
QN_MUST_USE qn_status qn__qasm_operand_binary(qn__qasm_reader *r, qn_token_kind kind, qn__qasm_operand *left,
                                              qn__qasm_operand *right, const qn__qasm_token *token);
/* Tokens into the circuit; the operand is consumed. */
QN_MUST_USE qn_status qn__qasm_operand_expression(qn__qasm_reader *r, qn__qasm_operand *operand, uint32_t *expression);
/* As a gate parameter: a number, affine in free parameters, or an expression. Terms lie in the arena. */
QN_MUST_USE qn_status qn__qasm_operand_param(qn__qasm_reader *r, qn__qasm_operand *operand, const qn__qasm_token *token,
                                             qn_param *out);
/* A whole number that is known now; false in *known in a dry run. `what` for messages. */
QN_MUST_USE qn_status qn__qasm_operand_index(qn__qasm_reader *r, qn__qasm_operand *operand, const qn__qasm_token *token,
                                             const char *what, int64_t *out, bool *known);
void qn__qasm_operand_drop(qn__qasm_reader *r, const qn__qasm_operand *operand);
const char *qn__qasm_type_name(qn_type type);

/* --- affine.c --- */
/* Memory that stays until the statement of the outermost level ends; NULL when there is none. */
void *qn__qasm_arena(qn__qasm_reader *r, size_t bytes);
void qn__qasm_arena_reset(qn__qasm_reader *r, bool all);

/* --- params.c --- */
/* constant + sum of slopes * params. */
QN_MUST_USE qn_status qn__qasm_param_affine(qn__qasm_reader *r, double constant, const double *slopes,
                                            const qn_param *params, uint32_t count, qn_param *out);
/* The four parameters of uphase for a gate of OpenQASM 3. */
QN_MUST_USE qn_status qn__qasm_phase_params(qn__qasm_reader *r, qn__qasm_gate_phase phase, const qn_param *params,
                                            qn_param out[4]);

/* --- fold.c: operations on constants; the same rules as at run time --- */
QN_MUST_USE qn_status qn__qasm_fold(qn__qasm_reader *r, const qn_token *tokens, size_t count,
                                    const qn__qasm_token *token, qn__qasm_operand *out);
qn_token qn__qasm_literal(const qn_value *value);

/* --- expression.c, function.c, primary.c --- */
QN_MUST_USE qn_status qn__qasm_read_expression(qn__qasm_reader *r, qn__qasm_operand *out);
QN_MUST_USE qn_status qn__qasm_expression_above(qn__qasm_reader *r, unsigned binding, qn__qasm_operand *out);
QN_MUST_USE qn_status qn__qasm_primary(qn__qasm_reader *r, qn__qasm_operand *out);
bool qn__qasm_is_function(const qn__qasm_reader *r, uint32_t name);
QN_MUST_USE qn_status qn__qasm_function(qn__qasm_reader *r, const qn__qasm_token *name, qn__qasm_operand *out);
/* The expression as a boolean. */
QN_MUST_USE qn_status qn__qasm_condition(qn__qasm_reader *r, qn__qasm_operand *out);
/* "0101" of a string token, rightmost digit bit 0; at most 64 digits. */
QN_MUST_USE qn_status qn__qasm_bit_string(qn__qasm_reader *r, const qn__qasm_token *token, uint64_t *value,
                                          uint32_t *width);

/* --- wires.c: qubits and bits named in the text --- */
/* A name with indices, ranges, sets. qn__qasm_qubits_joined: several of them joined by `++`. Lists lie in the arena. */
QN_MUST_USE qn_status qn__qasm_qubits(qn__qasm_reader *r, qn__qasm_wires *out);
QN_MUST_USE qn_status qn__qasm_qubits_joined(qn__qasm_reader *r, qn__qasm_wires *out);
QN_MUST_USE qn_status qn__qasm_bits(qn__qasm_reader *r, qn__qasm_wires *out);
QN_MUST_USE qn_status qn__qasm_wires_join(qn__qasm_reader *r, qn__qasm_wires *left, const qn__qasm_wires *right);
/* [index], [a:b], [a:s:b], [{1,2}] behind a register; the current token is '['. */
QN_MUST_USE qn_status qn__qasm_index(qn__qasm_reader *r, const qn__qasm_token *name, qn__qasm_wires *wires);
QN_MUST_USE qn_status qn__qasm_wires_push(qn__qasm_reader *r, const qn__qasm_wires *wires);

/* --- declare.c, type.c --- */
typedef struct qn__qasm_parsed_type {
    qn_type type;
    uint32_t width; /* bits of a number, or length of a register */
    bool scalar;    /* bit or qubit without a length */
    bool sized;
    bool is_array;
    uint32_t length;
} qn__qasm_parsed_type;
bool qn__qasm_at_type(const qn__qasm_reader *r);
QN_MUST_USE qn_status qn__qasm_type(qn__qasm_reader *r, qn__qasm_parsed_type *out);
/* [n]; false in *known in a dry run. *at is where the size begins. */
QN_MUST_USE qn_status qn__qasm_designator(qn__qasm_reader *r, const char *what, uint64_t *out, bool *known,
                                          qn__qasm_token *at);
QN_MUST_USE qn_status qn__qasm_declaration(qn__qasm_reader *r);
QN_MUST_USE qn_status qn__qasm_const_declaration(qn__qasm_reader *r);
QN_MUST_USE qn_status qn__qasm_io_declaration(qn__qasm_reader *r);
QN_MUST_USE qn_status qn__qasm_register_declaration(qn__qasm_reader *r); /* qreg, creg, qubit */
QN_MUST_USE qn_status qn__qasm_let(qn__qasm_reader *r);
QN_MUST_USE qn_status qn__qasm_assignment(qn__qasm_reader *r, qn__qasm_symbol *symbol);

/* --- standard.c, gates.c, define.c, modify.c, power.c --- */
QN_MUST_USE qn_status qn__qasm_builtin_gates(qn__qasm_reader *r);
QN_MUST_USE qn_status qn__qasm_library_gates(qn__qasm_reader *r, bool qelib1);
/* Whether the version's own library has a gate of this name. */
bool qn__qasm_in_library(const char *name, bool version2);
QN_MUST_USE qn_status qn__qasm_gate_call(qn__qasm_reader *r);
QN_MUST_USE qn_status qn__qasm_gate_definition(qn__qasm_reader *r);
QN_MUST_USE qn_status qn__qasm_opaque_declaration(qn__qasm_reader *r);
QN_MUST_USE qn_status qn__qasm_gate_apply(qn__qasm_reader *r, const qn__qasm_token *token, const qn__qasm_symbol *gate,
                                          const qn_param *params, uint32_t nparams, const uint32_t *qubits,
                                          uint32_t nqubits);

typedef struct qn__qasm_modifier {
    enum { QN__MODIFIER_CTRL, QN__MODIFIER_NEGCTRL, QN__MODIFIER_INV, QN__MODIFIER_POW } kind;
    uint32_t controls;
    double power;
    qn__qasm_token token;
} qn__qasm_modifier;
/* Reads "ctrl @ inv @"; *count of them. */
QN_MUST_USE qn_status qn__qasm_modifiers(qn__qasm_reader *r, qn__qasm_modifier *out, uint32_t *count);
/* The operations under one modifier; `qubits` are the controls of CTRL and NEGCTRL. */
QN_MUST_USE qn_status qn__qasm_modify(qn__qasm_reader *r, const qn__qasm_modifier *modifier, const uint32_t *controls,
                                      qn__qasm_operations *operations);
QN_MUST_USE qn_status qn__qasm_operations_invert(qn__qasm_reader *r, const qn__qasm_token *token,
                                                 const qn__qasm_operations *from, qn__qasm_operations *to);
QN_MUST_USE qn_status qn__qasm_operations_power(qn__qasm_reader *r, const qn__qasm_modifier *modifier,
                                                const qn__qasm_operations *from, qn__qasm_operations *to);

/* --- quantum.c: measure, reset, barrier, delay --- */
QN_MUST_USE qn_status qn__qasm_measure_statement(qn__qasm_reader *r);
/* `measure q` behind '=' or `return`: the current token is `measure`. Into these bits, or dropped when NULL. */
QN_MUST_USE qn_status qn__qasm_measured_qubits(qn__qasm_reader *r, qn__qasm_wires *qubits);
QN_MUST_USE qn_status qn__qasm_measure_into(qn__qasm_reader *r, const qn__qasm_token *token,
                                            const qn__qasm_wires *qubits, const qn__qasm_wires *bits);
QN_MUST_USE qn_status qn__qasm_reset_statement(qn__qasm_reader *r);
QN_MUST_USE qn_status qn__qasm_barrier_statement(qn__qasm_reader *r);
QN_MUST_USE qn_status qn__qasm_delay_statement(qn__qasm_reader *r);

/* --- statement.c, skip.c --- */
QN_MUST_USE qn_status qn__qasm_statement(qn__qasm_reader *r);
/* { statements } or one statement, in a scope of its own. */
QN_MUST_USE qn_status qn__qasm_block(qn__qasm_reader *r);
/* Parsed without any effect. */
QN_MUST_USE qn_status qn__qasm_block_dry(qn__qasm_reader *r);
QN_MUST_USE qn_status qn__qasm_program(qn__qasm_reader *r);
/* Behind the statement or block at the current place, by its brackets only. */
void qn__qasm_skip_statement(qn__qasm_reader *r);
/* Parsed again or skipped: the branch that is not taken. */
QN_MUST_USE qn_status qn__qasm_block_unused(qn__qasm_reader *r);
/* Whether break and continue of this loop stand in its body at the current place. */
void qn__qasm_scan_exits(qn__qasm_reader *r, bool *breaks, bool *continues);
bool qn__qasm_is_assignment(qn__qasm_token_kind kind);
/* Statements up to '}', which is read too. */
QN_MUST_USE qn_status qn__qasm_statements(qn__qasm_reader *r);

/* --- flow.c, loop.c, frame.c, region.c, subroutine.c --- */
QN_MUST_USE qn_status qn__qasm_if(qn__qasm_reader *r);
QN_MUST_USE qn_status qn__qasm_switch(qn__qasm_reader *r);
QN_MUST_USE qn_status qn__qasm_for(qn__qasm_reader *r);
QN_MUST_USE qn_status qn__qasm_while(qn__qasm_reader *r);
QN_MUST_USE qn_status qn__qasm_exit_statement(qn__qasm_reader *r); /* break, continue, end */
QN_MUST_USE qn_status qn__qasm_region_enter(qn__qasm_reader *r, const qn__qasm_lexer *start);
/* What is assigned in it is known as it was at its start. */
QN_MUST_USE qn_status qn__qasm_region_again(qn__qasm_reader *r);
/* What is assigned in it is not known any more, but the region stays. */
void qn__qasm_region_forget(qn__qasm_reader *r);
void qn__qasm_region_leave(qn__qasm_reader *r);
/* The same after an error. */
void qn__qasm_region_drop(qn__qasm_reader *r);
QN_MUST_USE qn_status qn__qasm_frame_open(qn__qasm_reader *r, const qn__qasm_token *token, bool loop,
                                          uint32_t expression, uint32_t *out);
QN_MUST_USE qn_status qn__qasm_frame_close(qn__qasm_reader *r);
/* Leave the frame, or go on with its next turn, from here. */
QN_MUST_USE qn_status qn__qasm_frame_exit(qn__qasm_reader *r, uint32_t frame, bool next);
QN_MUST_USE qn_status qn__qasm_always(qn__qasm_reader *r, uint32_t *expression);
QN_MUST_USE qn_status qn__qasm_subroutine_definition(qn__qasm_reader *r);
QN_MUST_USE qn_status qn__qasm_subroutine_call(qn__qasm_reader *r, const qn__qasm_token *name, qn__qasm_symbol *symbol,
                                               qn__qasm_operand *out);
QN_MUST_USE qn_status qn__qasm_return(qn__qasm_reader *r);

/* Where a reading can be taken back to: after an error ... */
typedef struct qn__qasm_checkpoint {
    uint32_t depth, dry, expansions, nframes, region_depth, base_level, base_serial, calls;
    size_t nscopes, ntokens, nterms, nwires;
    bool in_gate, in_subroutine, failed;
    qn__qasm_operations *sink;
    qn__qasm_target *target;
} qn__qasm_checkpoint;
qn__qasm_checkpoint qn__qasm_checkpoint_now(const qn__qasm_reader *r);
void qn__qasm_checkpoint_restore(qn__qasm_reader *r, const qn__qasm_checkpoint *checkpoint);
/* ... and with the circuit, to read the same text in another way. */
typedef struct qn__qasm_undo {
    qn__qasm_checkpoint checkpoint;
    qn__circuit_mark mark;
    qn__qasm_saved_cells saved;
    qn__qasm_frame frames[QN__QASM_FRAMES];
} qn__qasm_undo;
QN_MUST_USE qn_status qn__qasm_undo_open(qn__qasm_reader *r, const qn__qasm_lexer *start, qn__qasm_undo *undo);
QN_MUST_USE qn_status qn__qasm_undo_apply(qn__qasm_reader *r, const qn__qasm_undo *undo);
void qn__qasm_undo_close(qn__qasm_undo *undo);
/* Cells and bits that the statement at `start` assigns to. */
QN_MUST_USE qn_status qn__qasm_cells_save(qn__qasm_reader *r, const qn__qasm_lexer *start, qn__qasm_saved_cells *out);
QN_MUST_USE qn_status qn__qasm_cells_restore(qn__qasm_reader *r, const qn__qasm_saved_cells *saved);
void qn__qasm_cells_free(qn__qasm_saved_cells *saved);
/* After the circuit went back: variables that it lost. */
void qn__qasm_locals_forget(qn__qasm_reader *r);

/* --- include.c --- */
QN_MUST_USE qn_status qn__qasm_include(qn__qasm_reader *r);
/* At the end of an included file: back to the one that includes it. */
QN_MUST_USE qn_status qn__qasm_include_end(qn__qasm_reader *r);

#endif
