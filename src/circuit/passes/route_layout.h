/* route_layout.h: where the qubits of a circuit may start on a device. */
#ifndef QN_CIRCUIT_PASSES_ROUTE_LAYOUT_H
#define QN_CIRCUIT_PASSES_ROUTE_LAYOUT_H

#include "circuit/passes/route_swap.h"

/* Which qubits meet, in the order in which pairs first do. */
typedef struct qn__route_pair {
    uint32_t a, b, count; /* a < b */
} qn__route_pair;
typedef struct qn__route_graph {
    uint32_t nwires; /* of the circuit */
    qn__route_pair *pairs;
    size_t npairs;
    size_t *starts;  /* [wire] */
    uint32_t *edges; /* indices of its pairs, rising */
} qn__route_graph;
QN_MUST_USE qn_status qn__route_graph_build(const qn__route_dag *dag, uint32_t nwires, qn__route_graph *out);
void qn__route_graph_release(qn__route_graph *graph);
static inline uint32_t qn__route_partner(const qn__route_graph *graph, uint32_t edge, uint32_t wire)
{
    const qn__route_pair *pair = &graph->pairs[edge];
    return pair->a == wire ? pair->b : pair->a;
}

/* Every wire of the device (as many as it has qubits; the circuit's first) on some qubit, such that wires that meet lie
 * in one part of the device. QN_ERR_UNSUPPORTED when the parts are too small. */
QN_MUST_USE qn_status qn__route_home(const qn__route_device *device, const qn__route_graph *graph, uint32_t *place);
/* Shuffle a layout within the parts of the device. */
void qn__route_shuffle(const qn__route_device *device, uint64_t seed, qn__route_layout *layout);
/* The circuit's wires in random order on a ball around a random qubit, for a device in one part. `queue` and `inside`
 * have room for all qubits. */
void qn__route_scatter(const qn__route_device *device, uint32_t nwires, uint64_t seed, uint32_t *queue, bool *inside,
                       qn__route_layout *layout);
/* Complete a layout: wires without a place (QN__ROUTE_NONE) go, those that meet the placed ones most often first, where
 * they are nearest to them among the qubits of `allowed` (NULL: all); idle wires anywhere. False when wires that meet
 * came to lie in different parts. `scratch` has room for nwires of the device. */
bool qn__route_complete(const qn__route_device *device, const qn__route_graph *graph, const bool *allowed,
                        double *scratch, qn__route_layout *layout);
/* Mark `count` qubits with as many edges among them as a growing ball has. `queue` has room for all qubits. */
void qn__route_dense(const qn__route_device *device, uint32_t count, uint32_t *queue, bool *allowed, bool *work);

/* Put the first `npairs` pairs of the graph on edges of the device: a subgraph monomorphism by backtracking, at most
 * `budget` candidates looked at. place[wire] is QN__ROUTE_NONE for wires that are in no pair. False when there is none
 * or the budget is spent. */
typedef struct qn__route_embedder qn__route_embedder;
QN_MUST_USE qn_status qn__route_embedder_create(const qn__route_device *device, const qn__route_graph *graph,
                                                qn__route_embedder **out);
void qn__route_embedder_free(qn__route_embedder *embedder);
bool qn__route_embed(qn__route_embedder *embedder, size_t npairs, uint64_t seed, uint64_t budget, uint32_t *place);

#endif
