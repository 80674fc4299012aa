/* compact.c: qn_pass_compact: a circuit without the qubits that nothing touches. */
#include <string.h>

#include <quern/pass.h>

#include "base/alloc.h"
#include "base/status.h"
#include "circuit/passes/rebuild.h"

/* Barriers and delays leave a qubit untouched. */
static void mark_used(const qn_circuit *circuit, bool *used)
{
    const size_t count = qn_circuit_operations(circuit);
    for (size_t i = 0; i < count; i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        if (op.kind == QN_OP_BARRIER || op.kind == QN_OP_DELAY) {
            continue;
        }
        for (uint32_t k = 0; k < op.ncontrols; k++) {
            used[op.controls[k]] = true;
        }
        for (uint32_t k = 0; k < op.ntargets; k++) {
            used[op.targets[k]] = true;
        }
    }
}

/* A barrier or delay on the qubits of it that are kept; nothing when there is none. */
static qn_status append_idle(qn__rebuild *rebuild, const qn_operation *op, const uint32_t *place)
{
    uint32_t count = 0;
    for (uint32_t k = 0; k < op->ntargets; k++) {
        if (place[op->targets[k]] != UINT32_MAX) {
            rebuild->qubits[count++] = place[op->targets[k]];
        }
    }
    if (count == 0 && op->ntargets > 0) {
        return QN_OK;
    }
    qn_circuit_set_line(rebuild->to, op->line);
    return op->kind == QN_OP_BARRIER
               ? qn_circuit_append_barrier(rebuild->to, rebuild->qubits, count)
               : qn_circuit_append_delay(rebuild->to, op->params[0].constant, rebuild->qubits, count);
}

qn_status qn_pass_compact(const qn_circuit *circuit, qn_circuit **out, uint32_t *map, uint32_t *nkept)
{
    QN_CHECK(circuit != NULL && out != NULL && map != NULL && nkept != NULL, ERR_ARGUMENT,
             "circuit or a result pointer is NULL");
    const uint32_t n = qn_circuit_qubits(circuit);
    qn_status status = QN_OK;
    qn__rebuild rebuild = {0};
    bool *used = qn__calloc(n, sizeof *used);
    uint32_t *place = qn__alloc(n, sizeof *place), *kept = qn__alloc(n, sizeof *kept), count = 0;
    if (used == NULL || place == NULL || kept == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    mark_used(circuit, used);
    for (uint32_t q = 0; q < n; q++) {
        const bool keep = used[q] || (q + 1 == n && count == 0); /* at least one */
        place[q] = keep ? count : UINT32_MAX;
        if (keep) {
            kept[count++] = q;
        }
    }
    QN_TRY_CLEANUP(qn__rebuild_begin(&rebuild, circuit, count));
    for (size_t i = 0; i < qn_circuit_operations(circuit); i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        const bool idle = op.kind == QN_OP_BARRIER || op.kind == QN_OP_DELAY;
        QN_TRY_CLEANUP(idle ? append_idle(&rebuild, &op, place) : qn__rebuild_append(&rebuild, i, place));
    }
    memcpy(map, kept, count * sizeof *map);
    *nkept = count;
    *out = rebuild.to;
    rebuild.to = NULL;
cleanup:
    qn__rebuild_end(&rebuild);
    qn__free(used);
    qn__free(place);
    qn__free(kept);
    return status;
}
