/* decompose.c: qn_pass_decompose: walks the circuit, lowers its gates, and writes what is pending where something that
 * is no gate stands. */
#include <math.h>
#include <string.h>

#include <quern/pass.h>

#include "base/alloc.h"
#include "base/status.h"
#include "circuit/passes/lower.h"
#include "circuit/store.h"

static void release(qn__lower *l)
{
    for (uint32_t q = 0; l->runs != NULL && q < l->nqubits; q++) {
        qn__free(l->runs[q].items);
    }
    for (size_t g = 0; g < QN_GATE_COUNT_; g++) {
        qn__free(l->texts[g].steps);
        qn__free(l->inverses[g].steps);
    }
    qn__free(l->runs);
    qn__free(l->busy);
    qn__free(l->sequence);
    qn__free(l->letters);
    qn__affine_pool_release(&l->pool);
    qn_circuit_free(l->to);
}

/* What measurement, reset, barriers and control flow need written before them. */
static qn_status settle(qn__lower *l, const qn_operation *op)
{
    switch (op->kind) {
    case QN_OP_BARRIER:
    case QN_OP_DELAY:
        for (uint32_t i = 0; i < op->ntargets; i++) {
            QN_TRY(qn__run_flush(l, op->targets[i], false));
        }
        for (uint32_t q = 0; op->ntargets == 0 && q < l->nqubits; q++) {
            QN_TRY(qn__run_flush(l, q, false));
        }
        return QN_OK;
    case QN_OP_MEASURE:
    case QN_OP_RESET:
        QN_TRY(qn__run_flush(l, op->targets[0], false));
        /* A frame is diagonal: past a measurement it is a phase of the outcome, past a reset nothing. */
        l->runs[op->targets[0]].frame = QN_PARAM(0);
        return l->has_expressions ? qn__run_flush_all(l) : QN_OK; /* their variables may change */
    default:
        return qn__run_flush_all(l);
    }
}

static qn_status walk(qn__lower *l)
{
    const size_t count = qn_circuit_operations(l->from);
    for (size_t i = 0; i < count; i++) {
        qn_operation op;
        qn_circuit_operation(l->from, i, &op);
        qn_circuit_set_line(l->to, op.line);
        if (op.kind == QN_OP_GATE) {
            QN_TRY(qn__lower_operation(l, &op));
            continue;
        }
        QN_TRY(settle(l, &op));
        QN_TRY(qn__circuit_copy_operation(l->from, i, l->to));
    }
    qn_circuit_set_line(l->to, 0);
    return qn__run_flush_all(l);
}

qn_status qn_pass_decompose(const qn_circuit *circuit, const char *basis, double error, qn_circuit **out)
{
    QN_CHECK(circuit != NULL && basis != NULL && out != NULL, ERR_ARGUMENT,
             "circuit, gate set or result pointer is NULL");
    const qn__basis *row = NULL;
    QN_TRY(qn__basis_find(basis, &row));
    QN_CHECK(!qn__basis_exact(row) || (error >= 1e-14 && error <= 0.5), ERR_RANGE,
             "the error of a rotation is %g, outside 1e-14..0.5", error);
    qn__lower *l = qn__calloc(1, sizeof *l);
    QN_ALLOC_CHECK(l);
    qn_status status = QN_OK;
    l->from = circuit;
    l->basis = row;
    l->error = error;
    l->nqubits = qn_circuit_qubits(circuit);
    l->runs = qn__calloc(l->nqubits, sizeof *l->runs);
    l->busy = qn__calloc(l->nqubits, sizeof *l->busy);
    if (l->runs == NULL || l->busy == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(qn_circuit_create(l->nqubits, &l->to));
    l->pool.circuit = l->to;
    QN_TRY_CLEANUP(qn__circuit_copy_declarations(circuit, l->to));
    QN_TRY_CLEANUP(walk(l));
    *out = l->to;
    l->to = NULL;
cleanup:
    release(l);
    qn__free(l);
    return status;
}
