/* qasm2_gate.c: gates as statements of OpenQASM 2: names of the paper's qelib1.inc, definitions for other gates of the
 * table, everything else broken down. The language knows no global phase. */
#include "format/circuit_out/break_down.h"
#include "format/circuit_out/qasm_writer.h"

static qn_status put_statement(qn__qasm_writer *w, const char *name, const double *params, uint32_t nparams,
                               const uint32_t *qubits, uint32_t nqubits)
{
    QN_TRY(qn__qasm_begin(w));
    QN_TRY(qn__qasm_put(&w->body, name));
    for (uint32_t i = 0; i < nparams; i++) {
        QN_TRY(qn__qasm_put(&w->body, i > 0 ? ", " : "("));
        QN_TRY(qn__qasm_put_angle(&w->body, params[i]));
    }
    QN_TRY(qn__qasm_put(&w->body, nparams > 0 ? ") " : " "));
    QN_TRY(qn__qasm_put_qubits(w, qubits, nqubits));
    return qn__qasm_end(w);
}

static qn_status emit(void *user, qn_gate gate, const uint32_t *qubits, const double *params)
{
    qn__qasm_writer *const w = user;
    const qn_gate_info *info = qn_gate_describe(gate);
    const char *name = qn__qasm_library_name(w, gate);
    if (name == NULL) {
        uint32_t defined = 0;
        QN_TRY(qn__qasm_define(w, gate, &defined));
        name = w->names.names[defined];
    }
    return put_statement(w, name, params, info->params, qubits, info->qubits);
}

static bool native(qn_gate gate)
{
    return qn_gate_describe(gate)->qasm2 != NULL;
}

static qn_status check_params(const qn__qasm_writer *w, const qn_operation *op)
{
    const char *const name = qn_gate_describe(op->gate)->name;
    for (uint32_t i = 0; i < op->nparams; i++) {
        const qn_param *param = &op->params[i];
        QN_CHECK(param->count == 0, ERR_UNSUPPORTED,
                 "operation %zu (%s) depends on the free parameter \"%.64s\", which OpenQASM 2 cannot say; bind it, or "
                 "write OpenQASM 3",
                 w->index, name, qn_circuit_symbol_name(w->circuit, param->terms[0].symbol));
        QN_CHECK(param->expression == 0, ERR_UNSUPPORTED,
                 "operation %zu (%s) has an angle that is computed at run time, which OpenQASM 2 cannot say", w->index,
                 name);
    }
    return QN_OK;
}

qn_status qn__qasm2_put_gate(qn__qasm_writer *w, const qn_operation *op)
{
    QN_TRY(check_params(w, op));
    if (op->base == QN_GATE_U0) { /* the identity, however long it lasts */
        return put_statement(w, "id", NULL, 0, op->targets, 1);
    }
    const uint64_t ones = op->ncontrols >= 64 ? UINT64_MAX : (UINT64_C(1) << op->ncontrols) - 1;
    const qn__gate_row *row = qn__gate_row_of(op->gate);
    const bool whole = (op->control_state & ones) == ones && row->info.controls == op->ncontrols;
    const char *name = qn__qasm_library_name(w, op->gate);
    const bool carries = op->pauli != NULL || op->matrix != NULL;
    if (whole && name == NULL && !carries && row->decomposition != NULL && op->gate != QN_GATE_GPHASE &&
        op->gate != QN_GATE_UPHASE) {
        uint32_t defined = 0;
        QN_TRY(qn__qasm_define(w, op->gate, &defined));
        name = w->names.names[defined];
    }
    if (whole && name != NULL) {
        uint32_t qubits[QN__GATE_QUBITS];
        double params[QN__GATE_PARAMS];
        for (uint32_t i = 0; i < row->info.qubits; i++) {
            qubits[i] = i < op->ncontrols ? op->controls[i] : op->targets[i - op->ncontrols];
        }
        for (uint32_t i = 0; i < op->nparams; i++) {
            params[i] = op->params[i].constant;
        }
        return put_statement(w, name, params, op->nparams, qubits, row->info.qubits);
    }
    const qn__break_down_target target = {qn_circuit_qubits(w->circuit), native, emit, NULL, w};
    return qn__break_down(&target, op);
}
