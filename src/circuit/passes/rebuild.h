/* rebuild.h: building a circuit out of the operations of another one, on other qubits. */
#ifndef QN_CIRCUIT_PASSES_REBUILD_H
#define QN_CIRCUIT_PASSES_REBUILD_H

#include <quern/classical.h>

/* Buffers for one operation at a time, so that a long circuit is rebuilt without an allocation an operation. */
typedef struct qn__rebuild {
    const qn_circuit *from;
    qn_circuit *to;
    uint32_t *variables; /* [variable of from] that of to; UINT32_MAX for quantum registers, which are left out */
    uint32_t *qubits;    /* as many as `from` has */
} qn__rebuild;

/* Begin `to`: a circuit of nqubits qubits with the symbols, classical variables and expressions of `from` and no
 * operations. Quantum registers name qubits that are about to move, so they are left out. */
QN_MUST_USE qn_status qn__rebuild_begin(qn__rebuild *rebuild, const qn_circuit *from, uint32_t nqubits);
/* Append operation `index` of `from` with qubit q on map[q]. */
QN_MUST_USE qn_status qn__rebuild_append(qn__rebuild *rebuild, size_t index, const uint32_t *map);
/* Release the buffers, and `to` unless it was taken out (set to NULL). */
void qn__rebuild_end(qn__rebuild *rebuild);

#endif
