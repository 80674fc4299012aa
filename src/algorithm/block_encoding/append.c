/* append.c: circuits into circuits: moved, controlled, and run. */
#include <string.h>

#include <quern/engine.h>

#include "algorithm/block_encoding/encoding.h"
#include "base/alloc.h"

enum { MOST_CONTROLS = 64, MOST_TARGETS = 8 };

static qn_status append_operation(qn_circuit *to, const qn_operation *op, const uint32_t *map, const uint32_t *controls,
                                  uint32_t ncontrols, uint64_t control_state)
{
    uint32_t all[MOST_CONTROLS], targets[MOST_TARGETS];
    QN_CHECK(op->matrix == NULL && op->pauli == NULL && ncontrols + op->ncontrols <= MOST_CONTROLS &&
                 op->ntargets <= MOST_TARGETS,
             ERR_UNSUPPORTED, "a gate given by a matrix, a Pauli rotation, or one under more than %d controls",
             (int)MOST_CONTROLS);
    for (uint32_t i = 0; i < ncontrols; i++) {
        all[i] = controls[i];
    }
    for (uint32_t i = 0; i < op->ncontrols; i++) {
        all[ncontrols + i] = map != NULL ? map[op->controls[i]] : op->controls[i];
    }
    for (uint32_t i = 0; i < op->ntargets; i++) {
        targets[i] = map != NULL ? map[op->targets[i]] : op->targets[i];
    }
    const uint64_t mask = ncontrols < 64 ? (UINT64_C(1) << ncontrols) - 1 : UINT64_MAX;
    const uint64_t state = (control_state & mask) | (ncontrols < 64 ? op->control_state << ncontrols : 0);
    return qn_circuit_append_controlled(to, op->base, all, ncontrols + op->ncontrols, state, targets, op->ntargets,
                                        op->params, op->nparams);
}

qn_status qn__append_mapped(qn_circuit *to, const qn_circuit *from, const uint32_t *map, const uint32_t *controls,
                            uint32_t ncontrols, uint64_t control_state)
{
    for (size_t i = 0; i < qn_circuit_operations(from); i++) {
        qn_operation op;
        qn_circuit_operation(from, i, &op);
        if (op.kind == QN_OP_BARRIER) {
            continue;
        }
        QN_CHECK(op.kind == QN_OP_GATE, ERR_UNSUPPORTED, "operation %zu is not a gate", i);
        QN_TRY(append_operation(to, &op, map, controls, ncontrols, control_state));
    }
    return QN_OK;
}

qn_status qn__append_at(qn_circuit *to, const qn_circuit *from, uint32_t first)
{
    const uint32_t n = qn_circuit_qubits(from);
    uint32_t *map = qn__alloc(n, sizeof *map);
    QN_ALLOC_CHECK(map);
    for (uint32_t q = 0; q < n; q++) {
        map[q] = first + q;
    }
    const qn_status status = qn__append_mapped(to, from, map, NULL, 0, 0);
    qn__free(map);
    return status;
}

qn_status qn__append_gate(qn_circuit *to, qn_gate gate, uint32_t qubit)
{
    return qn_circuit_append(to, gate, &qubit, 1, NULL, 0);
}

qn_status qn__append_turn(qn_circuit *to, qn_gate gate, uint32_t qubit, double angle)
{
    const qn_param param = QN_PARAM(angle);
    return qn_circuit_append(to, gate, &qubit, 1, &param, 1);
}

qn_status qn__circuit_amplitudes(const qn_context *context, const qn_circuit *circuit, uint64_t start, size_t count,
                                 qn_complex *out)
{
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.threads = qn_context_threads(context);
    options.memory_limit = qn_context_memory_limit(context);
    qn_context *own = NULL;
    qn_engine *engine = NULL;
    qn_program *program = NULL;
    qn_circuit *whole = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_circuit_create(qn_circuit_qubits(circuit), &whole));
    for (uint32_t q = 0; q < qn_circuit_qubits(circuit) && q < 64; q++) {
        if ((start >> q & 1) != 0) {
            QN_TRY_CLEANUP(qn__append_gate(whole, QN_GATE_X, q));
        }
    }
    QN_TRY_CLEANUP(qn_circuit_append_circuit(whole, circuit));
    QN_TRY_CLEANUP(qn_context_create(&options, &own));
    QN_TRY_CLEANUP(qn_engine_open(own, "statevector", &engine));
    QN_TRY_CLEANUP(qn_engine_compile(engine, whole, NULL, 0, &program));
    QN_TRY_CLEANUP(qn_program_amplitudes(program, NULL, 0, count, out));
cleanup:
    qn_program_free(program);
    qn_engine_close(engine);
    qn_context_free(own);
    qn_circuit_free(whole);
    return status;
}
