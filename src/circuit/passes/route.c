/* route.c: the routing pass: from a circuit and a coupling map to the circuit on the device.
 *
 * Swap gates of the circuit outside control flow are not run but renamed away: from there on each of the two qubits
 * goes by the other's name, which the layout at the end shows. */
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "circuit/passes/rebuild.h"
#include "circuit/passes/route_trials.h"

void qn_route_result_free(qn_route_result *result)
{
    if (result != NULL) {
        qn__free(result->initial);
        qn__free(result->final_layout);
        *result = (qn_route_result){0};
    }
}

/* A swap that may be renamed away: uncontrolled, outside control flow. */
static bool is_plain_swap(const qn_operation *op)
{
    return op->kind == QN_OP_GATE && op->gate == QN_GATE_SWAP && op->ncontrols == 0;
}

/* names[q]: the qubit of the new circuit that holds qubit q's state at the end. */
static qn_status rename_swaps(const qn_circuit *circuit, uint32_t *names, qn_circuit **out)
{
    const size_t count = qn_circuit_operations(circuit);
    qn__rebuild rebuild;
    QN_TRY(qn__rebuild_begin(&rebuild, circuit, qn_circuit_qubits(circuit)));
    qn_status status = QN_OK;
    uint32_t depth = 0;
    for (size_t i = 0; i < count; i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        depth += op.kind == QN_OP_IF || op.kind == QN_OP_WHILE ? 1 : 0;
        depth -= op.kind == QN_OP_END ? 1 : 0;
        if (depth == 0 && is_plain_swap(&op)) {
            const uint32_t a = op.targets[0], b = op.targets[1], kept = names[a];
            names[a] = names[b];
            names[b] = kept;
        } else {
            QN_TRY_CLEANUP(qn__rebuild_append(&rebuild, i, names));
        }
    }
    *out = rebuild.to;
    rebuild.to = NULL;
cleanup:
    qn__rebuild_end(&rebuild);
    return status;
}

static bool has_swaps(const qn_circuit *circuit)
{
    const size_t count = qn_circuit_operations(circuit);
    bool found = false;
    for (size_t i = 0; i < count && !found; i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        found = is_plain_swap(&op);
    }
    return found;
}

/* Writes the routed circuit while a walk goes on; the walk's layout says where the qubits are. */
typedef struct writer {
    qn__rebuild rebuild;
    const qn__route_layout *layout;
    qn_status status; /* the first failure; nothing is written after it */
} writer;

static void write_swap(void *user, uint32_t a, uint32_t b)
{
    writer *w = user;
    if (w->status == QN_OK) {
        const uint32_t qubits[2] = {a, b};
        qn_circuit_set_line(w->rebuild.to, 0);
        w->status = qn_circuit_append(w->rebuild.to, QN_GATE_SWAP, qubits, 2, NULL, 0);
    }
}

static void write_node(void *user, const qn__route_dag *dag, uint32_t node)
{
    writer *w = user;
    for (uint32_t k = dag->nodes[node].first; k != QN__ROUTE_NONE && w->status == QN_OK; k = dag->next[k]) {
        w->status = qn__rebuild_append(&w->rebuild, (size_t)dag->begin + k, w->layout->place);
    }
}

static void write_flow(void *user, uint32_t operation)
{
    writer *w = user;
    if (w->status == QN_OK) {
        w->status = qn__rebuild_append(&w->rebuild, operation, w->layout->place);
    }
}

static qn_status write_routed(const qn__route_device *device, const qn__route_plan *plan,
                              const qn__route_choice *choice, qn__route_layout *layout, qn_circuit **out,
                              uint64_t *swaps)
{
    const uint32_t n = device->nqubits;
    qn__router *router = NULL;
    qn__route_blocks blocks = {0};
    writer w = {.layout = layout, .status = QN_OK};
    const qn__route_sink sink = {&w, write_swap, write_node};
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__router_create(device, plan->max_nodes, &router));
    QN_TRY_CLEANUP(qn__route_blocks_create(device, plan, &blocks));
    QN_TRY_CLEANUP(qn__rebuild_begin(&w.rebuild, plan->circuit, n));
    for (uint32_t wire = 0; wire < n; wire++) {
        layout->place[wire] = choice->place[wire];
        layout->wire[choice->place[wire]] = wire;
    }
    *swaps = qn__route_follow(router, device, plan, &blocks, choice->ahead, choice->seed, layout, &sink, write_flow);
    QN_TRY_CLEANUP(w.status);
    *out = w.rebuild.to;
    w.rebuild.to = NULL;
cleanup:
    qn__router_free(router);
    qn__route_blocks_release(&blocks);
    qn__rebuild_end(&w.rebuild);
    return status;
}

/* `names`: see rename_swaps. `result` has its arrays. */
static qn_status route(const qn_circuit *circuit, const qn_coupling *coupling, uint64_t seed, uint32_t trials,
                       const uint32_t *names, qn_circuit **out, qn_route_result *result)
{
    const uint32_t nwires = qn_circuit_qubits(circuit), n = coupling->nqubits;
    qn__route_device device = {0};
    qn__route_views views = {0};
    qn__route_choice choice = {0};
    uint32_t *memory = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__route_views_build(circuit, &views));
    QN_TRY_CLEANUP(qn__route_device_open(coupling, &device));
    QN_TRY_CLEANUP(qn__route_search(&device, &views, seed, trials, &choice));
    memory = qn__alloc(2 * (size_t)n, sizeof *memory);
    QN_TRY_CLEANUP(memory == NULL ? QN_ERR_MEMORY : QN_OK);
    qn__route_layout layout = {memory, memory + n};
    QN_TRY_CLEANUP(write_routed(&device, &views.plans[choice.view], &choice, &layout, out, &result->swaps));
    for (uint32_t q = 0; q < nwires; q++) {
        result->initial[q] = choice.place[q];
        result->final_layout[q] = layout.place[names[q]];
    }
cleanup:
    qn__free(memory);
    qn__free(choice.place);
    qn__route_views_release(&views);
    qn__route_device_close(&device);
    return status;
}

qn_status qn_pass_route(const qn_circuit *circuit, const qn_coupling *coupling, uint64_t seed, uint32_t trials,
                        qn_circuit **out, qn_route_result *result)
{
    QN_CHECK(circuit != NULL && coupling != NULL && out != NULL && result != NULL, ERR_ARGUMENT,
             "routing needs a circuit, a coupling map and places for the results");
    const uint32_t nwires = qn_circuit_qubits(circuit);
    QN_CHECK(nwires <= coupling->nqubits, ERR_SHAPE, "the circuit has %u qubits, the coupling map %u", nwires,
             coupling->nqubits);
    qn_route_result found = {0};
    qn_circuit *renamed = NULL;
    qn_status status = QN_OK;
    uint32_t *names = qn__alloc(nwires, sizeof *names);
    found.initial = qn__alloc(nwires, sizeof *found.initial);
    found.final_layout = qn__alloc(nwires, sizeof *found.final_layout);
    if (names == NULL || found.initial == NULL || found.final_layout == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    for (uint32_t q = 0; q < nwires; q++) {
        names[q] = q;
    }
    if (has_swaps(circuit)) {
        QN_TRY_CLEANUP(rename_swaps(circuit, names, &renamed));
    }
    QN_TRY_CLEANUP(route(renamed != NULL ? renamed : circuit, coupling, seed, trials, names, out, &found));
    *result = found;
    found = (qn_route_result){0};
cleanup:
    qn_route_result_free(&found);
    qn_circuit_free(renamed);
    qn__free(names);
    return status;
}
