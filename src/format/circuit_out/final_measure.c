/* final_measure.c: which measurements end a circuit. */
#include "format/circuit_out/final_measure.h"

#include "base/alloc.h"
#include "base/bits.h"
#include "circuit/store.h"

/* What happened to qubits and bits so far, one bit each. */
typedef struct seen {
    uint64_t *touched, *measured, *written;
} seen;

static qn_status check_params(const qn_circuit *circuit, const qn_operation *op, size_t index, const char *language)
{
    for (uint32_t i = 0; i < op->nparams; i++) {
        QN_CHECK(op->params[i].count == 0, ERR_UNSUPPORTED,
                 "operation %zu (%s) depends on the free parameter \"%.64s\", which %s cannot say; bind it first",
                 index, qn_gate_describe(op->gate)->name,
                 qn_circuit_symbol_name(circuit, op->params[i].terms[0].symbol), language);
        QN_CHECK(op->params[i].expression == 0, ERR_UNSUPPORTED,
                 "operation %zu (%s) has an angle that is computed at run time, which %s cannot say", index,
                 qn_gate_describe(op->gate)->name, language);
    }
    return QN_OK;
}

static qn_status check_operation(const qn_circuit *circuit, size_t index, const char *language, seen *s)
{
    qn_operation op;
    qn_circuit_operation(circuit, index, &op);
    if (op.kind == QN_OP_BARRIER || op.kind == QN_OP_DELAY) {
        return QN_OK;
    }
    QN_CHECK(op.kind == QN_OP_GATE || op.kind == QN_OP_MEASURE || op.kind == QN_OP_RESET, ERR_UNSUPPORTED,
             "operation %zu is \"%s\", which %s has not", index, qn__op_kind_name(op.kind), language);
    for (uint32_t i = 0; i < op.ncontrols + op.ntargets; i++) {
        const uint32_t qubit = i < op.ncontrols ? op.controls[i] : op.targets[i - op.ncontrols];
        QN_CHECK(!qn__bit(s->measured, qubit), ERR_UNSUPPORTED,
                 "operation %zu acts on qubit %u after its measurement; %s measures at the end only", index, qubit,
                 language);
        QN_CHECK(op.kind != QN_OP_RESET || !qn__bit(s->touched, qubit), ERR_UNSUPPORTED,
                 "operation %zu resets qubit %u, which %s cannot say", index, qubit, language);
        if (op.kind != QN_OP_RESET) {
            qn__bit_set(op.kind == QN_OP_MEASURE ? s->measured : s->touched, qubit);
        }
    }
    if (op.kind == QN_OP_MEASURE && op.bit != QN_NO_BIT) {
        QN_CHECK(!qn__bit(s->written, op.bit), ERR_UNSUPPORTED,
                 "operation %zu measures into classical bit %u for the second time, which %s cannot say", index, op.bit,
                 language);
        qn__bit_set(s->written, op.bit);
    }
    return op.kind == QN_OP_GATE ? check_params(circuit, &op, index, language) : QN_OK;
}

qn_status qn__final_measure_check(const qn_circuit *circuit, const char *language)
{
    const size_t qubits = qn__words(qn_circuit_qubits(circuit)), bits = qn__words(qn_circuit_bits(circuit));
    seen s = {0};
    uint64_t *words = qn__calloc(2 * qubits + bits, sizeof *words);
    QN_ALLOC_CHECK(words);
    s = (seen){words, words + qubits, words + 2 * qubits};
    qn_status status = QN_OK;
    for (size_t i = 0; i < qn_circuit_operations(circuit) && status == QN_OK; i++) {
        status = check_operation(circuit, i, language, &s);
    }
    qn__free(words);
    return status;
}
