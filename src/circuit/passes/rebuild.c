/* rebuild.c: building a circuit out of the operations of another one, on other qubits. */
#include "circuit/passes/rebuild.h"

#include <string.h>

#include "base/alloc.h"
#include "base/status.h"

static qn_status copy_variables(qn__rebuild *rebuild)
{
    const size_t count = qn_circuit_variables(rebuild->from);
    for (size_t i = 0; i < count; i++) {
        qn_variable v;
        qn_circuit_variable(rebuild->from, i, &v);
        rebuild->variables[i] = UINT32_MAX;
        if (v.type != QN_TYPE_QUBITS) {
            QN_TRY(qn_circuit_add_variable(rebuild->to, v.name, v.type, v.width, 0, v.flags, &rebuild->variables[i]));
        }
    }
    return QN_OK;
}

static qn_status copy_expression(qn__rebuild *rebuild, uint32_t expression)
{
    size_t count = 0;
    const qn_token *tokens = qn_circuit_expression(rebuild->from, expression, &count);
    qn_token *copy = qn__alloc(count, sizeof *copy);
    QN_ALLOC_CHECK(copy);
    for (size_t i = 0; i < count; i++) {
        copy[i] = tokens[i];
        if (copy[i].kind == QN_TOKEN_VARIABLE) {
            copy[i].index = rebuild->variables[copy[i].index];
        }
    }
    uint32_t number = 0;
    const qn_status status = qn_circuit_add_expression(rebuild->to, copy, count, &number);
    qn__free(copy);
    QN_TRY(status);
    QN_CHECK(number == expression, ERR_INTERNAL, "expression %u became number %u", expression, number);
    return QN_OK;
}

qn_status qn__rebuild_begin(qn__rebuild *rebuild, const qn_circuit *from, uint32_t nqubits)
{
    *rebuild = (qn__rebuild){.from = from};
    qn_status status = QN_OK;
    rebuild->variables = qn__alloc(qn_circuit_variables(from), sizeof *rebuild->variables);
    rebuild->qubits = qn__alloc(qn_circuit_qubits(from), sizeof *rebuild->qubits);
    if (rebuild->variables == NULL || rebuild->qubits == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(qn_circuit_create(nqubits, &rebuild->to));
    for (size_t i = 0; i < qn_circuit_symbols(from); i++) {
        uint32_t symbol = 0;
        QN_TRY_CLEANUP(qn_circuit_add_symbol(rebuild->to, qn_circuit_symbol_name(from, (uint32_t)i), &symbol));
    }
    QN_TRY_CLEANUP(copy_variables(rebuild));
    for (size_t i = 0; i < qn_circuit_expressions(from); i++) {
        QN_TRY_CLEANUP(copy_expression(rebuild, (uint32_t)i + 1));
    }
cleanup:
    if (status != QN_OK) {
        qn__rebuild_end(rebuild);
    }
    return status;
}

void qn__rebuild_end(qn__rebuild *rebuild)
{
    qn_circuit_free(rebuild->to);
    qn__free(rebuild->variables);
    qn__free(rebuild->qubits);
    *rebuild = (qn__rebuild){0};
}

static qn_status append_gate(qn_circuit *to, const qn_operation *op, const uint32_t *qubits)
{
    const size_t count = (size_t)op->ncontrols + op->ntargets;
    const uint32_t extra = op->ncontrols - qn_gate_describe(op->gate)->controls;
    if (op->ncontrols == 0 && op->pauli != NULL) {
        return qn_circuit_append_pauli_rotation(to, op->pauli, qubits, count, op->params[0]);
    }
    if (op->ncontrols == 0 && op->matrix != NULL) {
        return qn_circuit_append_unitary(to, qubits, count, op->matrix);
    }
    return qn_circuit_append_controlled(to, op->gate, qubits, extra, op->control_state, qubits + extra, count - extra,
                                        op->params, op->nparams);
}

qn_status qn__rebuild_append(qn__rebuild *rebuild, size_t index, const uint32_t *map)
{
    qn_operation op;
    qn_circuit_operation(rebuild->from, index, &op);
    uint32_t *qubits = rebuild->qubits;
    for (uint32_t i = 0; i < op.ncontrols; i++) {
        qubits[i] = map[op.controls[i]];
    }
    for (uint32_t i = 0; i < op.ntargets; i++) {
        qubits[op.ncontrols + i] = map[op.targets[i]];
    }
    qn_circuit *to = rebuild->to;
    qn_circuit_set_line(to, op.line);
    switch (op.kind) {
    case QN_OP_GATE:
        return append_gate(to, &op, qubits);
    case QN_OP_BARRIER:
        return qn_circuit_append_barrier(to, qubits, op.ntargets);
    case QN_OP_DELAY:
        return qn_circuit_append_delay(to, op.params[0].constant, qubits, op.ntargets);
    case QN_OP_MEASURE:
        return qn_circuit_append_measure(to, qubits[0], op.bit);
    case QN_OP_RESET:
        return qn_circuit_append_reset(to, qubits[0]);
    case QN_OP_ASSIGN:
        return op.bit != QN_NO_BIT ? qn_circuit_append_assign_bit(to, op.bit, op.expression)
                                   : qn_circuit_append_assign(to, rebuild->variables[op.variable], op.expression);
    case QN_OP_IF:
    case QN_OP_ELSE:
    case QN_OP_WHILE:
    case QN_OP_END:
    case QN_OP_BREAK:
    case QN_OP_CONTINUE:
    case QN_OP_STOP:
        return qn_circuit_append_flow(to, op.kind, op.expression);
    }
    return QN_FAIL(ERR_INTERNAL, "operation %zu is of kind %d", index, (int)op.kind);
}
