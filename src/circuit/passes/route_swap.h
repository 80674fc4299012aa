/* route_swap.h: one walk of SABRE through a run of gates: from a layout to the swaps. */
#ifndef QN_CIRCUIT_PASSES_ROUTE_SWAP_H
#define QN_CIRCUIT_PASSES_ROUTE_SWAP_H

#include "circuit/passes/coupling.h"
#include "circuit/passes/route_dag.h"

enum { QN__ROUTE_AHEAD = 40 /* gates looked at beyond the front layer, at most */ };

/* A coupling map with its distances. */
typedef struct qn__route_device {
    const qn_coupling *coupling;
    uint16_t *distances;
    uint32_t *part;                     /* [qubit] number of the part it lies in: qubits of one part have a path */
    uint32_t nqubits, nparts, diameter; /* of the widest part */
} qn__route_device;
QN_MUST_USE qn_status qn__route_device_open(const qn_coupling *coupling, qn__route_device *out);
void qn__route_device_close(qn__route_device *device);

/* Where each wire is. There are as many wires as qubits of the device; those beyond the circuit's are idle. */
typedef struct qn__route_layout {
    uint32_t *place; /* [wire] qubit of the device */
    uint32_t *wire;  /* [qubit of the device] */
} qn__route_layout;

/* Told of what happens, in order. */
typedef struct qn__route_sink {
    void *user;
    void (*swap)(void *user, uint32_t a, uint32_t b); /* of the device, before the layout changes */
    void (*node)(void *user, const qn__route_dag *dag, uint32_t node);
} qn__route_sink;

/* Room for walks through runs of up to so many nodes; after this nothing can fail. */
typedef struct qn__router qn__router;
QN_MUST_USE qn_status qn__router_create(const qn__route_device *device, uint32_t max_nodes, qn__router **out);
void qn__router_free(qn__router *router);
/* A count of what all walks so far cost: candidates, distances and arcs looked at. */
uint64_t qn__router_work(const qn__router *router);

/* Walk through the run (backwards: from its end), changing `layout`; returns the number of swaps. `ahead` gates beyond
 * the front layer are looked at. Ties are broken by draws from (seed, 0, k), so equal arguments give equal walks. Every
 * gate's qubits must lie in one part of the device. `sink` may be NULL. */
uint64_t qn__router_walk(qn__router *router, const qn__route_dag *dag, bool backwards, uint32_t ahead, uint64_t seed,
                         qn__route_layout *layout, const qn__route_sink *sink);

#endif
