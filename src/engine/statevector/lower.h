/* lower.h: the work of lowering a circuit: operations with their factors as chains, before they are laid out flat. */
#ifndef QN_STATEVECTOR_LOWER_H
#define QN_STATEVECTOR_LOWER_H

#include "engine/statevector/program.h"

#define QN__SV_NONE UINT32_MAX

typedef struct qn__sv_node {
    qn__sv_factor factor;
    uint32_t next;
} qn__sv_node;

typedef struct qn__sv_draft {
    qn__sv_op op;
    bool start;          /* the qubit was fresh */
    uint32_t head, tail; /* chain of nodes; QN__SV_NONE: empty */
} qn__sv_draft;

typedef struct qn__sv_lowering {
    qn__sv_program *program;
    qn__sv_node *nodes;
    size_t nnodes, nodes_capacity;
    qn__sv_draft *drafts;
    size_t ndrafts, drafts_capacity;
    uint32_t open[64]; /* by qubit: the draft a further one-qubit gate joins */
    uint64_t touched;  /* qubits that are no longer fresh */
    uint64_t flipped;  /* between two X: controls there act for the other value */
} qn__sv_lowering;

/* flips.c: is this operation an X, and does another X undo it before anything but controls has met the qubit? */
bool qn__sv_flips_back(const qn_circuit *circuit, size_t operation);

/* plan.c: fix each operation's shape, merge constant factors and lay everything out in the program. */
qn_status qn__sv_plan(qn__sv_lowering *lowering);

#endif
