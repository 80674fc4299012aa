/* classical.h: the classical side of a circuit: registers, bits, variables, expressions, measurement, control flow.
 *
 * Classical bits are numbered through all bit registers in the order of their declaration. A bit register's bit 0 is
 * the least significant one of its value. Variables other than bits hold one number each. Everything here starts as 0.
 * OpenQASM 3.1 (https://openqasm.com/versions/3.1) is the language this must be able to carry. */
#ifndef QUERN_CLASSICAL_H
#define QUERN_CLASSICAL_H

#include <quern/circuit.h>

QN_BEGIN_DECLS

typedef enum qn_type {
    QN_TYPE_QUBITS = 0, /* a quantum register: a name for qubits first .. first + width - 1 */
    QN_TYPE_BITS = 1,   /* width >= 1 classical bits */
    QN_TYPE_BOOL = 2,
    QN_TYPE_INT = 3,  /* two's complement of 1..64 bits */
    QN_TYPE_UINT = 4, /* 1..64 bits, wraps */
    QN_TYPE_FLOAT = 5,
    QN_TYPE_ANGLE = 6 /* 1..64 bits: a value v stands for 2 pi v / 2^width */
} qn_type;

typedef enum qn_variable_flags {
    QN_VARIABLE_HIDDEN = 1, /* made by a reader; not printed with the results */
    QN_VARIABLE_OUTPUT = 2  /* declared as output */
} qn_variable_flags;

/** A register or variable of a circuit; the name is borrowed. */
typedef struct qn_variable {
    const char *name;
    qn_type type;
    uint32_t width; /* qubits, bits, or bits of a number */
    uint32_t first; /* QUBITS: first qubit; BITS: first classical bit */
    uint32_t flags;
} qn_variable;

/** Declare a register or variable. QUBITS: `first` is its first qubit (they must exist; registers must not overlap);
 *  else `first` is ignored and BITS get the next free classical bits. Names are unique in the circuit, QN_ERR_ARGUMENT
 *  otherwise; at most 2^24 classical bits, QN_ERR_TOO_LARGE. */
QN_API QN_MUST_USE qn_status qn_circuit_add_variable(qn_circuit *circuit, const char *name, qn_type type,
                                                     uint32_t width, uint32_t first, uint32_t flags, uint32_t *out);
QN_API size_t qn_circuit_variables(const qn_circuit *circuit);
QN_API void qn_circuit_variable(const qn_circuit *circuit, size_t index, qn_variable *out);
/** All classical bits together. */
QN_API uint32_t qn_circuit_bits(const qn_circuit *circuit);
/** True when there is a measurement, reset, assignment or control flow in it. */
QN_API bool qn_circuit_is_dynamic(const qn_circuit *circuit);

/* Expressions: postfix tokens. Each token pops its operands and pushes one value; a value has a type and a width. */
typedef enum qn_token_kind {
    QN_TOKEN_INT,      /* pushes integer (as INT or UINT of `width`, per `type`) */
    QN_TOKEN_FLOAT,    /* pushes number */
    QN_TOKEN_BOOL,     /* pushes integer != 0 */
    QN_TOKEN_BIT,      /* pushes classical bit `index` as BOOL */
    QN_TOKEN_BITS,     /* pushes bits index .. index + width - 1 as UINT of that width (1..64) */
    QN_TOKEN_VARIABLE, /* pushes variable `index` */
    QN_TOKEN_SYMBOL,   /* pushes free parameter `index` of the circuit, FLOAT */
    QN_TOKEN_CAST,     /* 1 operand -> (type, width) by the rules of OpenQASM 3 */
    QN_TOKEN_NEGATE,
    QN_TOKEN_NOT,        /* logical, gives BOOL */
    QN_TOKEN_COMPLEMENT, /* ~, of UINT, INT and ANGLE */
    QN_TOKEN_ADD,        /* binary ones: both operands were cast to (type, width) by the writer of the expression; */
    QN_TOKEN_SUBTRACT,   /* the result has that type too, but for comparisons and logic, which give BOOL */
    QN_TOKEN_MULTIPLY,
    QN_TOKEN_DIVIDE, /* INT, UINT: towards zero; by zero stops the run with QN_ERR_NUMERIC */
    QN_TOKEN_MODULO,
    QN_TOKEN_POWER,
    QN_TOKEN_AND,
    QN_TOKEN_OR,
    QN_TOKEN_XOR,
    QN_TOKEN_SHIFT_LEFT, /* right operand UINT */
    QN_TOKEN_SHIFT_RIGHT,
    QN_TOKEN_LOGICAL_AND,
    QN_TOKEN_LOGICAL_OR,
    QN_TOKEN_EQUAL,
    QN_TOKEN_NOT_EQUAL,
    QN_TOKEN_LESS,
    QN_TOKEN_LESS_EQUAL,
    QN_TOKEN_GREATER,
    QN_TOKEN_GREATER_EQUAL,
    QN_TOKEN_SIN, /* FLOAT functions of one operand */
    QN_TOKEN_COS,
    QN_TOKEN_TAN,
    QN_TOKEN_ARCSIN,
    QN_TOKEN_ARCCOS,
    QN_TOKEN_ARCTAN,
    QN_TOKEN_EXP,
    QN_TOKEN_LOG,
    QN_TOKEN_SQRT,
    QN_TOKEN_FLOOR,
    QN_TOKEN_CEILING,
    QN_TOKEN_ABS,
    QN_TOKEN_POPCOUNT,    /* of UINT */
    QN_TOKEN_ROTATE_LEFT, /* of UINT of its width; right operand INT */
    QN_TOKEN_ROTATE_RIGHT
} qn_token_kind;

typedef struct qn_token {
    qn_token_kind kind;
    qn_type type; /* of the result of literals, casts, arithmetic; of the operands of comparisons */
    uint32_t width;
    uint32_t index;
    union {
        int64_t integer;
        double number;
    };
} qn_token;

/** Keep an expression; `*out` is 1 + its index, for operations and parameters. Checked for balance (QN_ERR_ARGUMENT)
 *  and ranges (QN_ERR_RANGE). At most 4096 tokens. */
QN_API QN_MUST_USE qn_status qn_circuit_add_expression(qn_circuit *circuit, const qn_token *tokens, size_t count,
                                                       uint32_t *out);
QN_API size_t qn_circuit_expressions(const qn_circuit *circuit);
/** Tokens of expression `expression` (1 + index); borrowed. */
QN_API const qn_token *qn_circuit_expression(const qn_circuit *circuit, uint32_t expression, size_t *count);

/** A value of an expression: integer for BOOL, INT, UINT, BITS and ANGLE (its raw bits), number for FLOAT. */
typedef struct qn_value {
    qn_type type;
    uint32_t width;
    union {
        int64_t integer;
        double number;
    };
} qn_value;
/** What an expression is evaluated on: one word per 64 classical bits, one value per variable (BITS and QUBITS ones
 *  ignored), the free parameters. */
typedef struct qn_classical_state {
    const uint64_t *bits;
    const qn_value *variables;
    const double *theta;
} qn_classical_state;
QN_API QN_MUST_USE qn_status qn_expression_evaluate(const qn_circuit *circuit, uint32_t expression,
                                                    const qn_classical_state *state, qn_value *out);
/** The same for tokens that are not in a circuit (constants only, or with memory). */
QN_API QN_MUST_USE qn_status qn_tokens_evaluate(const qn_token *tokens, size_t count, const qn_classical_state *state,
                                                qn_value *out);
/** Conversion by the rules of OpenQASM 3; false when there is none (for example a FLOAT that is not finite to INT). */
QN_API bool qn_value_cast(const qn_value *value, qn_type type, uint32_t width, qn_value *out);
/** As a number: ANGLE in radians. */
QN_API double qn_value_number(const qn_value *value);

/* Appending. The circuit is unchanged on failure. */
QN_API QN_MUST_USE qn_status qn_circuit_append_measure(qn_circuit *circuit, uint32_t qubit, uint32_t bit);
QN_API QN_MUST_USE qn_status qn_circuit_append_reset(qn_circuit *circuit, uint32_t qubit);
QN_API QN_MUST_USE qn_status qn_circuit_append_barrier(qn_circuit *circuit, const uint32_t *qubits, size_t nqubits);
QN_API QN_MUST_USE qn_status qn_circuit_append_delay(qn_circuit *circuit, double duration, const uint32_t *qubits,
                                                     size_t nqubits);
/** A variable that is not QUBITS; BITS of width 1..64 take the whole register. */
QN_API QN_MUST_USE qn_status qn_circuit_append_assign(qn_circuit *circuit, uint32_t variable, uint32_t expression);
QN_API QN_MUST_USE qn_status qn_circuit_append_assign_bit(qn_circuit *circuit, uint32_t bit, uint32_t expression);
/** IF, WHILE (with an expression), ELSE, END, BREAK, CONTINUE, STOP (expression 0). Nesting is checked as it grows:
 *  QN_ERR_ARGUMENT for an ELSE, END, BREAK or CONTINUE that fits nothing. A circuit with open blocks runs nowhere. */
QN_API QN_MUST_USE qn_status qn_circuit_append_flow(qn_circuit *circuit, qn_op_kind kind, uint32_t expression);
/** Source line given to all operations appended from now on (0: none). */
QN_API void qn_circuit_set_line(qn_circuit *circuit, uint32_t line);

/** Room for one bit string of the circuit's printed result, with 0 byte: registers that are not HIDDEN, separated by
 *  blanks, the last declared first, highest bit left. Without bit registers: the qubits, highest left. */
QN_API size_t qn_circuit_key_size(const qn_circuit *circuit);
/** `words` are the bits of all classical registers (or of the qubits when there are no classical bits). */
QN_API void qn_circuit_key(const qn_circuit *circuit, const uint64_t *words, char *out);

QN_END_DECLS
#endif
