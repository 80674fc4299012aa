/* circuit.h: circuits of gates from one table, with parameters affine in named symbols.
 *
 * Qubit 0 is the least significant bit of a basis index. R_P(theta) = exp(-i theta P / 2). */
#ifndef QUERN_CIRCUIT_H
#define QUERN_CIRCUIT_H

#include <quern/pauli.h>

QN_BEGIN_DECLS

/** Every gate, from the one table. Order is ABI: rows are only appended. */
typedef enum qn_gate {
#define QN_GATE(ID, ...) QN_GATE_##ID,
#include <quern/gates.def>
#undef QN_GATE
    QN_GATE_COUNT_
} qn_gate;

typedef enum qn_gate_flags {
    QN_GATE_FLAG_UNITARY = 1,
    QN_GATE_FLAG_CLIFFORD = 2, /* for every parameter value; parametric rows never have it */
    QN_GATE_FLAG_DIAGONAL = 4,
    QN_GATE_FLAG_SELF_INVERSE = 8,
    QN_GATE_FLAG_SYMMETRIC = 16,    /* targets may be exchanged */
    QN_GATE_FLAG_ROTATION = 32,     /* exp(-i theta P / 2) with P^2 = 1: two-term shift rule at +-pi/2 */
    QN_GATE_FLAG_PAULI_STRING = 64, /* carries a Pauli string over its targets, any number of them */
    QN_GATE_FLAG_MATRIX = 128,      /* carries its own matrix */
    QN_GATE_FLAG_REAL = 256         /* matrix is real for every parameter value */
} qn_gate_flags;

/** What the table says of one gate. */
typedef struct qn_gate_info {
    qn_gate gate;
    const char *name;          /* lower case, unique, for example "crz" */
    const char *qasm2, *qasm3; /* names there; NULL when the language has none */
    uint32_t qubits;           /* controls included; 0: any number (PAULI_STRING) or none (gphase) */
    uint32_t controls;         /* how many of them, the first ones, are controls */
    uint32_t params;
    uint32_t flags;
    qn_gate base; /* the gate without its controls; itself when it has none */
    const char *help;
} qn_gate_info;

QN_API const qn_gate_info *qn_gate_describe(qn_gate gate); /* static; NULL when out of range */
/** Find a gate by its name or an alias of OpenQASM. Errors: QN_ERR_NAME, with the nearest name in the message. */
QN_API QN_MUST_USE qn_status qn_gate_from_name(const char *name, qn_gate *out);
/** Matrix of a gate without its controls (of gate->base), 2^k x 2^k row-major for k targets; target 0 is the least
 *  significant bit of the row index. Not for Pauli-string or matrix gates: QN_ERR_UNSUPPORTED. */
QN_API QN_MUST_USE qn_status qn_gate_matrix(qn_gate gate, const double *params, qn_complex *out);

/** constant + sum_k coefficient_k * theta[symbol_k]. */
typedef struct qn_param_term {
    uint32_t symbol;
    double coefficient;
} qn_param_term;
typedef struct qn_param {
    double constant;
    const qn_param_term *terms;
    size_t count;
    uint32_t expression; /* 0: none; else 1 + index of an expression of the circuit, whose value at run time is added */
} qn_param;
/** A fixed number as a parameter. */
#define QN_PARAM(value) ((qn_param){(value), NULL, 0, 0})

typedef struct qn_circuit qn_circuit;

QN_API QN_MUST_USE qn_status qn_circuit_create(uint32_t nqubits, qn_circuit **out);
QN_API QN_MUST_USE qn_status qn_circuit_clone(const qn_circuit *circuit, qn_circuit **out);
QN_API void qn_circuit_free(qn_circuit *circuit);
QN_API uint32_t qn_circuit_qubits(const qn_circuit *circuit);

/** Add a symbol (a free parameter) and get its index; names are unique, else QN_ERR_ARGUMENT. */
QN_API QN_MUST_USE qn_status qn_circuit_add_symbol(qn_circuit *circuit, const char *name, uint32_t *out);
QN_API size_t qn_circuit_symbols(const qn_circuit *circuit);
QN_API const char *qn_circuit_symbol_name(const qn_circuit *circuit, uint32_t symbol); /* borrowed */

/** Append a gate on `nqubits` qubits (the gate's own controls first, then its targets).
 *  Errors: QN_ERR_SHAPE (wrong number of qubits or parameters), QN_ERR_RANGE (a qubit or symbol outside),
 * QN_ERR_ARGUMENT (a qubit twice), QN_ERR_NAN, QN_ERR_MEMORY. The circuit is unchanged on failure. */
QN_API QN_MUST_USE qn_status qn_circuit_append(qn_circuit *circuit, qn_gate gate, const uint32_t *qubits,
                                               size_t nqubits, const qn_param *params, size_t nparams);
/** The same under extra controls in front; control k fires on bit k of `control_state` (all ones: UINT64_MAX). At
 * most 64. */
QN_API QN_MUST_USE qn_status qn_circuit_append_controlled(qn_circuit *circuit, qn_gate gate, const uint32_t *controls,
                                                          size_t ncontrols, uint64_t control_state,
                                                          const uint32_t *qubits, size_t nqubits,
                                                          const qn_param *params, size_t nparams);
/** exp(-i angle/2 * P), P the given letters on the given qubits (identities allowed and dropped). */
QN_API QN_MUST_USE qn_status qn_circuit_append_pauli_rotation(qn_circuit *circuit, const char *letters,
                                                              const uint32_t *qubits, size_t nqubits, qn_param angle);
/** A unitary of 1 or 2 qubits given by its matrix (row-major, qubits[0] least significant). QN_ERR_ARGUMENT when
 *  |U+ U - 1| exceeds 1e-9 in any entry. */
QN_API QN_MUST_USE qn_status qn_circuit_append_unitary(qn_circuit *circuit, const uint32_t *qubits, size_t nqubits,
                                                       const qn_complex *matrix);
/** Append all of `other`; its symbols are merged by name. Same number of qubits. */
QN_API QN_MUST_USE qn_status qn_circuit_append_circuit(qn_circuit *circuit, const qn_circuit *other);
/** The inverse circuit, with the same symbols. */
QN_API QN_MUST_USE qn_status qn_circuit_inverse(const qn_circuit *circuit, qn_circuit **out);
/** A copy with all symbols replaced by numbers. */
QN_API QN_MUST_USE qn_status qn_circuit_bind(const qn_circuit *circuit, const double *theta, size_t ntheta,
                                             qn_circuit **out);

/** What an operation is. Gates are unitary, barriers and delays do nothing to a state; the rest is dynamic: see
 *  classical.h. Engines compile circuits of gates, barriers and delays; the sampler runs all of them. */
typedef enum qn_op_kind {
    QN_OP_GATE = 0,
    QN_OP_BARRIER = 1, /* targets: the qubits (all of them when none) */
    QN_OP_DELAY = 2,   /* targets; params[0]: seconds, or device cycles when negative */
    QN_OP_MEASURE = 3, /* targets[0] in the Z basis into classical bit `bit` (QN_NO_BIT: result dropped) */
    QN_OP_RESET = 4,   /* targets[0] to |0> */
    QN_OP_ASSIGN = 5,  /* variable `variable` (or, for bits, classical bit `bit`) = expression */
    QN_OP_IF = 6,      /* when expression is true run up to the matching ELSE or END */
    QN_OP_ELSE = 7,    /* matches the IF before */
    QN_OP_WHILE = 8,   /* while expression is true run up to the matching END */
    QN_OP_END = 9,     /* closes IF, ELSE or WHILE */
    QN_OP_BREAK = 10,  /* leave the innermost WHILE */
    QN_OP_CONTINUE = 11,
    QN_OP_STOP = 12 /* end of the shot */
} qn_op_kind;
#define QN_NO_BIT UINT32_MAX

/** One operation as an engine sees it; all pointers are borrowed until the circuit changes. */
typedef struct qn_operation {
    qn_op_kind kind;
    uint32_t bit, variable, expression; /* of dynamic operations; expression: 1 + index, 0 none */
    uint32_t line;                      /* of the file it was read from; 0: none */
    qn_gate gate;                       /* as appended */
    qn_gate base;                       /* without any control: CX gives X */
    uint32_t ncontrols;                 /* named and extra controls together */
    const uint32_t *controls;
    uint64_t control_state; /* bit k: control k fires on 1 */
    uint32_t ntargets;
    const uint32_t *targets;
    uint32_t nparams;
    const qn_param *params;
    const char *pauli;        /* ntargets letters (no identities) for Pauli-string gates, else NULL */
    const qn_complex *matrix; /* 2^ntargets squared, row-major, for matrix gates, else NULL */
} qn_operation;
QN_API size_t qn_circuit_operations(const qn_circuit *circuit);
QN_API void qn_circuit_operation(const qn_circuit *circuit, size_t index, qn_operation *out);

/** Value of an affine parameter. */
QN_API double qn_param_value(const qn_param *param, const double *theta);

/** What a circuit costs. Rotations that are not Clifford are synthesised with `synthesis_error` each (Clifford+T). */
typedef struct qn_circuit_cost {
    uint64_t gates, one_qubit, two_qubit, multi_qubit; /* as written */
    uint64_t depth, two_qubit_depth;                   /* as written */
    uint64_t cx;                                       /* after decomposition to {one-qubit, CX} */
    uint64_t cx_depth;
    uint64_t rotations; /* arbitrary-angle Z rotations after decomposition */
    uint64_t t_direct;  /* T gates before synthesis (T, Toffoli = 4 T each by measurement-free count 7) */
    uint64_t t_count;   /* t_direct + rotations * t_per_rotation */
    uint64_t toffoli;   /* Toffoli-like gates seen */
    double t_per_rotation;
    uint64_t rotation_depth; /* arbitrary rotations one behind the other, on the longest path */
    uint64_t ancillas;       /* clean qubits beside the circuit's own that the decomposition has in use at once */
} qn_circuit_cost;
/** `theta` NULL: every symbolic rotation counts as arbitrary. Else angles that are multiples of pi/4 are recognised. */
QN_API QN_MUST_USE qn_status qn_circuit_count(const qn_circuit *circuit, const double *theta, double synthesis_error,
                                              qn_circuit_cost *out);

QN_END_DECLS
#endif
