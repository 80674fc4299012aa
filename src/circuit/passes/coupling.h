/* coupling.h: the inside of a coupling map, and the table of distances on it. */
#ifndef QN_CIRCUIT_PASSES_COUPLING_H
#define QN_CIRCUIT_PASSES_COUPLING_H

#include <quern/pass.h>

enum {
    QN__COUPLING_QUBITS = 65535,   /* most qubits of a map: distances fit 16 bits */
    QN__COUPLING_EDGES = 1 << 24,  /* most edges of a map */
    QN__DISTANCE_NONE = UINT16_MAX /* no path */
};

/* Neighbours of qubit q, rising: neighbours[starts[q]] .. neighbours[starts[q + 1] - 1]. */
struct qn_coupling {
    uint32_t nqubits;
    size_t nedges;
    size_t *starts;
    uint32_t *neighbours;
};

/* distances[a * nqubits + b] in edges, QN__DISTANCE_NONE where there is no path; owned by the caller, qn__free. */
QN_MUST_USE qn_status qn__coupling_distances(const qn_coupling *coupling, uint16_t **out);

#endif
