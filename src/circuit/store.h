/* store.h: how a circuit lies in memory: one record an operation, everything of variable length in pools. */
#ifndef QN_CIRCUIT_STORE_H
#define QN_CIRCUIT_STORE_H

#include <quern/circuit.h>

enum {
    QN__CONTROLS_MAX = 64 /* of one operation, its gate's own included: one word of control state */
};

/* 40 bytes an operation; indices are into the pools of the circuit. */
typedef struct qn__record {
    uint32_t ntargets;
    uint16_t gate;
    uint8_t ncontrols, nparams;
    size_t qubits;  /* controls, then targets */
    size_t params;  /* the first of nparams */
    size_t payload; /* Pauli letters or matrix entries */
    uint64_t control_state;
} qn__record;

/* Terms of affine parameters; blocks never move, so that parameters may point into them. */
typedef struct qn__term_block {
    struct qn__term_block *next;
    size_t used, capacity;
    qn_param_term terms[];
} qn__term_block;

/* What to append. `map` renames symbols (NULL: as they are). */
typedef struct qn__entry {
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
    const uint32_t *map;
} qn__entry;

/* Lengths of a circuit's arrays, to go back to after a failure. */
typedef struct qn__circuit_mark {
    size_t records, qubits, params, pauli, matrices, symbols;
} qn__circuit_mark;

/* Append after all checks but that of a matrix; the circuit is unchanged on failure. */
QN_MUST_USE qn_status qn__circuit_push(qn_circuit *circuit, const qn__entry *entry);
qn__circuit_mark qn__circuit_mark_now(const qn_circuit *circuit);
void qn__circuit_rollback(qn_circuit *circuit, const qn__circuit_mark *mark);
/* The symbol of this name; false when there is none. */
bool qn__circuit_find_symbol(const qn_circuit *circuit, const char *name, uint32_t *out);
/* The entry that would append an operation again; its own controls stay the gate's, the others become extra. */
qn__entry qn__circuit_entry(const qn_circuit *circuit, size_t index);

#endif
