/* route_plan.c: a circuit cut into straight runs, and the way through all of them. */
#include "circuit/passes/route_plan.h"

#include <string.h>

#include "base/alloc.h"
#include "base/status.h"

void qn__route_plan_release(qn__route_plan *plan)
{
    for (size_t r = 0; r < plan->nruns; r++) {
        qn__route_dag_release(&plan->runs[r].dag);
    }
    qn__free(plan->runs);
    *plan = (qn__route_plan){0};
}

static bool opens(qn_op_kind kind)
{
    return kind == QN_OP_IF || kind == QN_OP_WHILE;
}

qn_status qn__route_plan_build(const qn_circuit *circuit, bool strict, qn__route_plan *out)
{
    *out = (qn__route_plan){.circuit = circuit};
    const size_t count = qn_circuit_operations(circuit);
    size_t nruns = 1;
    for (size_t i = 0; i < count; i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        nruns += op.kind >= QN_OP_IF ? 1 : 0;
    }
    out->runs = qn__calloc(nruns, sizeof *out->runs);
    QN_ALLOC_CHECK(out->runs);
    uint32_t depth = 0;
    size_t begin = 0;
    for (size_t i = 0; i <= count; i++) {
        qn_operation op = {.kind = QN_OP_GATE};
        if (i < count) {
            qn_circuit_operation(circuit, i, &op);
        }
        if (i < count && op.kind < QN_OP_IF) {
            continue;
        }
        qn__route_run *run = &out->runs[out->nruns];
        const qn_status status = qn__route_dag_build(circuit, begin, i, strict, &run->dag);
        if (status != QN_OK) {
            qn__route_plan_release(out);
            return status;
        }
        out->nruns++;
        run->flow = op.kind;
        run->flow_at = (uint32_t)i;
        out->relaxed = out->relaxed || run->dag.relaxed;
        out->max_nodes = run->dag.nnodes > out->max_nodes ? run->dag.nnodes : out->max_nodes;
        begin = i + 1;
        depth += opens(op.kind) ? 1 : 0;
        out->depth = depth > out->depth ? depth : out->depth;
        depth -= op.kind == QN_OP_END ? 1 : 0;
    }
    if (depth != 0) {
        qn__route_plan_release(out);
        return QN_FAIL(ERR_ARGUMENT, "the circuit has %u open blocks", depth);
    }
    return QN_OK;
}

void qn__route_blocks_release(qn__route_blocks *blocks)
{
    qn__free(blocks->starts);
    qn__free(blocks->open);
    qn__free(blocks->scratch);
    *blocks = (qn__route_blocks){0};
}

qn_status qn__route_blocks_create(const qn__route_device *device, const qn__route_plan *plan, qn__route_blocks *out)
{
    *out = (qn__route_blocks){0};
    const size_t n = device->nqubits;
    out->starts = qn__alloc(plan->depth * n, sizeof *out->starts);
    out->open = qn__calloc(plan->depth, sizeof *out->open);
    out->scratch = qn__alloc(4 * n, sizeof *out->scratch);
    if (out->starts == NULL || out->open == NULL || out->scratch == NULL) {
        qn__route_blocks_release(out);
        return QN_ERR_MEMORY;
    }
    return QN_OK;
}

static void take_layout(uint32_t n, const uint32_t *place, qn__route_layout *layout)
{
    memcpy(layout->place, place, n * sizeof *place);
    for (uint32_t w = 0; w < n; w++) {
        layout->wire[place[w]] = w;
    }
}

uint64_t qn__route_follow(qn__router *router, const qn__route_device *device, const qn__route_plan *plan,
                          qn__route_blocks *blocks, uint32_t ahead, uint64_t seed, qn__route_layout *layout,
                          const qn__route_sink *sink, void (*flow)(void *user, uint32_t operation))
{
    const uint32_t n = device->nqubits, nwires = qn_circuit_qubits(plan->circuit);
    uint64_t swaps = 0;
    uint32_t depth = 0;
    for (size_t r = 0; r < plan->nruns; r++) {
        const qn__route_run *run = &plan->runs[r];
        swaps += qn__router_walk(router, &run->dag, false, ahead, seed + r, layout, sink);
        uint32_t *top = depth > 0 ? blocks->starts + (size_t)(depth - 1) * n : NULL;
        const bool leaves = run->flow == QN_OP_BREAK || run->flow == QN_OP_CONTINUE;
        if (leaves && !blocks->open[depth - 1].dead) {
            uint32_t loop = depth - 1;
            while (!blocks->open[loop].loop) {
                loop--;
            }
            swaps +=
                qn__route_restore(device, nwires, blocks->starts + (size_t)loop * n, blocks->scratch, layout, sink);
        }
        if (depth > 0 && (leaves || run->flow == QN_OP_STOP)) {
            blocks->open[depth - 1].dead = true;
        }
        if (top != NULL && (run->flow == QN_OP_ELSE || run->flow == QN_OP_END)) {
            if (!blocks->open[depth - 1].dead) {
                swaps += qn__route_restore(device, nwires, top, blocks->scratch, layout, sink);
            }
            take_layout(n, top, layout); /* idle wires are alike, and dead ends lead nowhere */
            blocks->open[depth - 1].dead = false;
            depth -= run->flow == QN_OP_END ? 1 : 0;
        }
        if (opens(run->flow)) {
            memcpy(blocks->starts + (size_t)depth * n, layout->place, n * sizeof *layout->place);
            blocks->open[depth].loop = run->flow == QN_OP_WHILE;
            blocks->open[depth++].dead = false;
        }
        if (flow != NULL && run->flow != QN_OP_GATE) {
            flow(sink->user, run->flow_at);
        }
    }
    return swaps;
}
