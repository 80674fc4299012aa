/* route_dag.h: the order that a straight run of a circuit really needs, as routing sees it. */
#ifndef QN_CIRCUIT_PASSES_ROUTE_DAG_H
#define QN_CIRCUIT_PASSES_ROUTE_DAG_H

#include <quern/classical.h>

#define QN__ROUTE_NONE UINT32_MAX

/* A node: a gate on two qubits, or a free one, which needs no edge of the device: a barrier, a measurement, or nothing
 * at all. Operations hang on nodes as a list: the node's own, then those on one qubit that follow it. */
typedef struct qn__route_node {
    uint32_t a, b;        /* qubits of a gate; QN__ROUTE_NONE for a free node */
    uint32_t first, last; /* of its list of operations, QN__ROUTE_NONE when empty */
} qn__route_node;

/* Who waits for whom, in one direction. Targets of node v: targets[starts[v]] .. targets[starts[v + 1] - 1]. */
typedef struct qn__route_arcs {
    uint32_t *starts, *targets;
    uint32_t *waits; /* [node] arcs that end there */
} qn__route_arcs;

typedef struct qn__route_dag {
    qn__route_node *nodes;
    uint32_t nnodes, ngates;
    bool relaxed;                  /* some gates that share a qubit have no order */
    uint32_t begin, end;           /* operations of the circuit */
    uint32_t *next;                /* [operation - begin] the next in its list */
    qn__route_arcs later, earlier; /* the run, and the run backwards */
} qn__route_dag;

/* The run of operations begin .. end - 1, among which no control flow is looked at (it is skipped). `strict`: gates
 * that share a qubit keep their order even when they commute. QN_ERR_UNSUPPORTED for a gate on three qubits or more. */
QN_MUST_USE qn_status qn__route_dag_build(const qn_circuit *circuit, size_t begin, size_t end, bool strict,
                                          qn__route_dag *out);
void qn__route_dag_release(qn__route_dag *dag);

#endif
