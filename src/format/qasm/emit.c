/* emit.c: operations into the circuit, or into the list that modifiers work on. */
#include <string.h>

#include "base/alloc.h"
#include "format/qasm/reader.h"

/* Room for one more operation; false in a dry run. */
static qn_status admit(qn__qasm_reader *r, const qn__qasm_token *token, bool *go)
{
    *go = false;
    if (r->dry > 0) {
        return QN_OK;
    }
    const size_t kept = r->sink != NULL ? r->sink->count : 0;
    if (qn_circuit_operations(r->circuit) + kept >= r->options.max_operations) {
        return QN_QASM_LARGE(r, token != NULL ? token : &r->token,
                             "the circuit has more than %llu operations; expected at most that many",
                             (unsigned long long)r->options.max_operations);
    }
    *go = true;
    return QN_OK;
}

void qn__qasm_operations_free(qn__qasm_operations *operations)
{
    qn__free(operations->kept);
    qn__free(operations->qubits);
    qn__free(operations->params);
    qn__free(operations->matrices);
    *operations = (qn__qasm_operations){0};
}

qn_status qn__qasm_operations_add(qn__qasm_operations *to, const qn__qasm_kept *kept, const uint32_t *qubits,
                                  const qn_param *params, const qn_complex *matrix)
{
    const size_t nqubits = (size_t)kept->ncontrols + kept->nqubits;
    const size_t entries = matrix == NULL ? 0 : (size_t)1 << 2 * kept->nqubits;
    void *pool = to->kept; /* one more of each, so that no pool is NULL */
    QN_TRY(qn__grow(&pool, &to->capacity, to->count + 1, sizeof *to->kept));
    to->kept = pool;
    pool = to->qubits;
    QN_TRY(qn__grow(&pool, &to->qubits_capacity, to->nqubits + nqubits + 1, sizeof *to->qubits));
    to->qubits = pool;
    pool = to->params;
    QN_TRY(qn__grow(&pool, &to->params_capacity, to->nparams + kept->nparams + 1, sizeof *to->params));
    to->params = pool;
    pool = to->matrices;
    QN_TRY(qn__grow(&pool, &to->matrices_capacity, to->nmatrices + entries + 1, sizeof *to->matrices));
    to->matrices = pool;
    qn__qasm_kept *new = &to->kept[to->count++];
    *new = *kept;
    new->qubits = to->nqubits;
    new->params = to->nparams;
    new->matrix = to->nmatrices;
    if (nqubits > 0) {
        memcpy(to->qubits + to->nqubits, qubits, nqubits * sizeof *qubits);
    }
    if (params != NULL && kept->nparams > 0) {
        memcpy(to->params + to->nparams, params, kept->nparams * sizeof *params);
    }
    if (entries > 0) {
        memcpy(to->matrices + to->nmatrices, matrix, entries * sizeof *matrix);
    }
    to->nqubits += nqubits;
    to->nparams += kept->nparams;
    to->nmatrices += entries;
    return QN_OK;
}

static qn_status check_different(qn__qasm_reader *r, const qn__qasm_token *token, const uint32_t *qubits,
                                 uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (qubits[i] == qubits[j]) {
                return QN_QASM_FAIL(r, token, "the same qubit twice, as operands %u and %u; expected different qubits",
                                    j + 1, i + 1);
            }
        }
    }
    return QN_OK;
}

qn_status qn__qasm_emit_gate(qn__qasm_reader *r, const qn__qasm_token *token, qn_gate gate, const uint32_t *controls,
                             uint32_t ncontrols, uint64_t state, const uint32_t *qubits, uint32_t nqubits,
                             const qn_param *params, uint32_t nparams)
{
    bool go = false;
    if (ncontrols == 0) {
        QN_TRY(check_different(r, token, qubits, nqubits));
    }
    QN_TRY(admit(r, token, &go));
    if (!go) {
        return QN_OK;
    }
    if (r->sink == NULL) {
        const qn_status status = qn_circuit_append_controlled(r->circuit, gate, controls, ncontrols, state, qubits,
                                                              nqubits, params, nparams);
        if (status != QN_OK && status != QN_ERR_MEMORY) {
            return QN_QASM_FAIL(r, token, "%.300s", qn_last_error()->message);
        }
        return status;
    }
    uint32_t all[QN__CONTROLS_MAX + 8];
    if (ncontrols + nqubits > sizeof all / sizeof all[0]) {
        return QN_QASM_LARGE(r, token, "more than %d controls", QN__CONTROLS_MAX);
    }
    if (ncontrols > 0) {
        memcpy(all, controls, ncontrols * sizeof *all);
    }
    if (nqubits > 0) {
        memcpy(all + ncontrols, qubits, nqubits * sizeof *all);
    }
    const qn__qasm_kept kept = {.kind = QN_OP_GATE,
                                .gate = gate,
                                .ncontrols = ncontrols,
                                .nqubits = nqubits,
                                .nparams = nparams,
                                .state = state};
    return qn__qasm_operations_add(r->sink, &kept, all, params, NULL);
}

qn_status qn__qasm_emit_unitary(qn__qasm_reader *r, const qn__qasm_token *token, const uint32_t *qubits,
                                uint32_t nqubits, const qn_complex *matrix)
{
    bool go = false;
    QN_TRY(admit(r, token, &go));
    if (!go) {
        return QN_OK;
    }
    if (r->sink == NULL) {
        return qn_circuit_append_unitary(r->circuit, qubits, nqubits, matrix);
    }
    const qn__qasm_kept kept = {
        .kind = QN_OP_GATE, .gate = nqubits == 1 ? QN_GATE_UNITARY1 : QN_GATE_UNITARY2, .nqubits = nqubits};
    return qn__qasm_operations_add(r->sink, &kept, qubits, NULL, matrix);
}

qn_status qn__qasm_operations_replay(qn__qasm_reader *r, const qn__qasm_token *token, const qn__qasm_operations *from)
{
    for (size_t i = 0; i < from->count; i++) {
        const qn__qasm_kept *k = &from->kept[i];
        const uint32_t *qubits = from->qubits + k->qubits;
        if (k->kind == QN_OP_BARRIER) {
            QN_TRY(qn__qasm_emit_barrier(r, token, qubits, k->nqubits));
        } else if (k->gate == QN_GATE_UNITARY1 || k->gate == QN_GATE_UNITARY2) {
            QN_TRY(qn__qasm_emit_unitary(r, token, qubits, k->nqubits, from->matrices + k->matrix));
        } else {
            QN_TRY(qn__qasm_emit_gate(r, token, k->gate, qubits, k->ncontrols, k->state, qubits + k->ncontrols,
                                      k->nqubits, qn__qasm_params_of(from, k), k->nparams));
        }
    }
    return QN_OK;
}

qn_status qn__qasm_emit_barrier(qn__qasm_reader *r, const qn__qasm_token *token, const uint32_t *qubits,
                                uint32_t nqubits)
{
    bool go = false;
    QN_TRY(admit(r, token, &go));
    if (!go) {
        return QN_OK;
    }
    if (r->sink != NULL) {
        const qn__qasm_kept kept = {.kind = QN_OP_BARRIER, .nqubits = nqubits};
        return qn__qasm_operations_add(r->sink, &kept, qubits, NULL, NULL);
    }
    return qn_circuit_append_barrier(r->circuit, qubits, nqubits);
}

qn_status qn__qasm_emit_delay(qn__qasm_reader *r, const qn__qasm_token *token, double duration, const uint32_t *qubits,
                              uint32_t nqubits)
{
    bool go = false;
    QN_TRY(admit(r, token, &go));
    return go ? qn_circuit_append_delay(r->circuit, duration, qubits, nqubits) : QN_OK;
}

qn_status qn__qasm_emit_measure(qn__qasm_reader *r, const qn__qasm_token *token, uint32_t qubit, uint32_t bit)
{
    bool go = false;
    QN_TRY(admit(r, token, &go));
    return go ? qn_circuit_append_measure(r->circuit, qubit, bit) : QN_OK;
}

qn_status qn__qasm_emit_reset(qn__qasm_reader *r, const qn__qasm_token *token, uint32_t qubit)
{
    bool go = false;
    QN_TRY(admit(r, token, &go));
    return go ? qn_circuit_append_reset(r->circuit, qubit) : QN_OK;
}

qn_status qn__qasm_emit_assign(qn__qasm_reader *r, uint32_t variable, uint32_t expression)
{
    bool go = false;
    QN_TRY(admit(r, NULL, &go));
    return go ? qn_circuit_append_assign(r->circuit, variable, expression) : QN_OK;
}

qn_status qn__qasm_emit_assign_bit(qn__qasm_reader *r, uint32_t bit, uint32_t expression)
{
    bool go = false;
    QN_TRY(admit(r, NULL, &go));
    return go ? qn_circuit_append_assign_bit(r->circuit, bit, expression) : QN_OK;
}

qn_status qn__qasm_emit_flow(qn__qasm_reader *r, qn_op_kind kind, uint32_t expression)
{
    bool go = false;
    if (kind == QN_OP_END && r->dry == 0) { /* a block that was opened is closed whatever the limit */
        return qn_circuit_append_flow(r->circuit, kind, expression);
    }
    QN_TRY(admit(r, NULL, &go));
    return go ? qn_circuit_append_flow(r->circuit, kind, expression) : QN_OK;
}
