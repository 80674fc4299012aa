/* route_plan.h: a circuit cut into straight runs between control flow, and the way through all of them. */
#ifndef QN_CIRCUIT_PASSES_ROUTE_PLAN_H
#define QN_CIRCUIT_PASSES_ROUTE_PLAN_H

#include "circuit/passes/route_swap.h"

/* A straight run, and the control flow operation behind it. */
typedef struct qn__route_run {
    qn__route_dag dag;
    qn_op_kind flow;  /* QN_OP_GATE: the circuit ends */
    uint32_t flow_at; /* its index */
} qn__route_run;

typedef struct qn__route_plan {
    const qn_circuit *circuit;
    qn__route_run *runs;
    size_t nruns;
    uint32_t depth, max_nodes; /* deepest nesting; most nodes of a run */
    bool relaxed;              /* of any run */
} qn__route_plan;
QN_MUST_USE qn_status qn__route_plan_build(const qn_circuit *circuit, bool strict, qn__route_plan *out);
void qn__route_plan_release(qn__route_plan *plan);

/* Memory for the way through a plan: layouts at the beginnings of open blocks, and scratch. */
typedef struct qn__route_blocks {
    uint32_t *starts; /* depth x qubits: places of all wires */
    struct {
        bool loop, dead; /* dead: behind a break, continue or stop nothing runs */
    } * open;
    uint32_t *scratch; /* 4 x qubits */
} qn__route_blocks;
QN_MUST_USE qn_status qn__route_blocks_create(const qn__route_device *device, const qn__route_plan *plan,
                                              qn__route_blocks *out);
void qn__route_blocks_release(qn__route_blocks *blocks);

/* Route all runs, from `layout`, which becomes the layout at the end. Every block ends in the layout in which it began,
 * so that it does not matter which way a shot takes: branches, and loops, whose breaks and continues go back to the
 * layout of the loop. Returns the number of swaps. The sink is also told of control flow (`flow`, may be NULL). */
uint64_t qn__route_follow(qn__router *router, const qn__route_device *device, const qn__route_plan *plan,
                          qn__route_blocks *blocks, uint32_t ahead, uint64_t seed, qn__route_layout *layout,
                          const qn__route_sink *sink, void (*flow)(void *user, uint32_t operation));

/* Bring wires 0 .. nwires - 1 from `layout` to places target[wire] by swaps, told to the sink; returns their number.
 * `scratch` has room for 4 x qubits. */
uint64_t qn__route_restore(const qn__route_device *device, uint32_t nwires, const uint32_t *target, uint32_t *scratch,
                           qn__route_layout *layout, const qn__route_sink *sink);

#endif
