/* quantum.c: measure, reset, barrier and delay. */
#include <math.h>

#include "base/alloc.h"
#include "format/qasm/reader.h"

static qn_status refuse_in_gate(qn__qasm_reader *r, const qn__qasm_token *token)
{
    if (r->in_gate) {
        return QN_QASM_FAIL(r, token, "'%.*s' in the body of a gate; expected gates and barriers only",
                            QN_TEXT(r, token));
    }
    return QN_OK;
}

qn_status qn__qasm_measured_qubits(qn__qasm_reader *r, qn__qasm_wires *qubits)
{
    QN_TRY(refuse_in_gate(r, &r->token));
    qn__qasm_advance(r);
    return r->version2 ? qn__qasm_qubits(r, qubits) : qn__qasm_qubits_joined(r, qubits);
}

qn_status qn__qasm_measure_into(qn__qasm_reader *r, const qn__qasm_token *token, const qn__qasm_wires *qubits,
                                const qn__qasm_wires *bits)
{
    if (qubits->unknown || (bits != NULL && bits->unknown)) {
        return QN_OK;
    }
    if (bits != NULL && qubits->count != bits->count) {
        return QN_QASM_FAIL(r, token, "%u qubit%s measured into %u bit%s; expected as many on both sides",
                            qubits->count, qubits->count == 1 ? "" : "s", bits->count, bits->count == 1 ? "" : "s");
    }
    for (uint32_t i = 0; i < qubits->count; i++) {
        QN_TRY(qn__qasm_emit_measure(r, token, qn__qasm_wire(qubits, i),
                                     bits == NULL ? QN_NO_BIT : qn__qasm_wire(bits, i)));
        if (r->dry > 0) {
            return QN_OK;
        }
    }
    if (bits != NULL) {
        qn__qasm_bits_forget(r, bits);
    }
    return QN_OK;
}

/* measure q -> c; and, in version 3, measure q; */
qn_status qn__qasm_measure_statement(qn__qasm_reader *r)
{
    const qn__qasm_token token = r->token;
    qn__qasm_wires qubits, bits;
    QN_TRY(qn__qasm_measured_qubits(r, &qubits));
    bool into = false;
    if (r->version2 || qn__qasm_at(r, QN__QT_ARROW)) {
        QN_TRY(qn__qasm_expect(r, QN__QT_ARROW, "and the bits to measure into"));
        QN_TRY(qn__qasm_bits(r, &bits));
        into = true;
    }
    QN_TRY(qn__qasm_expect(r, QN__QT_SEMICOLON, "after the measurement"));
    return qn__qasm_measure_into(r, &token, &qubits, into ? &bits : NULL);
}

qn_status qn__qasm_reset_statement(qn__qasm_reader *r)
{
    const qn__qasm_token token = r->token;
    QN_TRY(refuse_in_gate(r, &token));
    qn__qasm_advance(r);
    qn__qasm_wires qubits;
    QN_TRY(r->version2 ? qn__qasm_qubits(r, &qubits) : qn__qasm_qubits_joined(r, &qubits));
    QN_TRY(qn__qasm_expect(r, QN__QT_SEMICOLON, "after the reset"));
    for (uint32_t i = 0; i < qubits.count && !qubits.unknown; i++) {
        QN_TRY(qn__qasm_emit_reset(r, &token, qn__qasm_wire(&qubits, i)));
    }
    return QN_OK;
}

/* Operands up to ';', each qubit once, into the arena. */
static qn_status qubit_set(qn__qasm_reader *r, uint32_t **out, uint32_t *count)
{
    const size_t base = r->nwires;
    uint64_t total = 0;
    while (!qn__qasm_at(r, QN__QT_SEMICOLON)) {
        qn__qasm_wires wires;
        QN_TRY(qn__qasm_qubits(r, &wires));
        QN_TRY(qn__qasm_wires_push(r, &wires));
        total += wires.unknown ? 0 : wires.count;
        if (!qn__qasm_accept(r, QN__QT_COMMA)) {
            break;
        }
    }
    if (total > r->options.max_qubits) { /* with many repeats: each qubit is kept once all the same */
        uint8_t *seen = qn__calloc(r->nqubits, 1);
        QN_ALLOC_CHECK(seen);
        *out = qn__qasm_arena(r, r->nqubits * sizeof **out);
        *count = 0;
        for (size_t k = base; k < r->nwires && *out != NULL; k++) {
            for (uint32_t i = 0; i < r->wires[k].count && !r->wires[k].unknown; i++) {
                const uint32_t qubit = qn__qasm_wire(&r->wires[k], i);
                if (!seen[qubit]) {
                    seen[qubit] = 1;
                    (*out)[(*count)++] = qubit;
                }
            }
        }
        qn__free(seen);
        r->nwires = base;
        return *out == NULL ? QN_ERR_MEMORY : QN_OK;
    }
    *out = qn__qasm_arena(r, (size_t)total * sizeof **out);
    QN_ALLOC_CHECK(*out);
    *count = 0;
    uint8_t *seen = NULL;
    if (total > 32) {
        seen = qn__calloc(r->nqubits, 1);
        QN_ALLOC_CHECK(seen);
    }
    for (size_t k = base; k < r->nwires; k++) {
        for (uint32_t i = 0; i < r->wires[k].count && !r->wires[k].unknown; i++) {
            const uint32_t qubit = qn__qasm_wire(&r->wires[k], i);
            bool repeated = seen != NULL && seen[qubit];
            for (uint32_t j = 0; seen == NULL && j < *count; j++) {
                repeated = repeated || (*out)[j] == qubit;
            }
            if (!repeated) {
                (*out)[(*count)++] = qubit;
                if (seen != NULL) {
                    seen[qubit] = 1;
                }
            }
        }
    }
    qn__free(seen);
    r->nwires = base;
    return QN_OK;
}

qn_status qn__qasm_barrier_statement(qn__qasm_reader *r)
{
    const qn__qasm_token token = r->token;
    qn__qasm_advance(r);
    uint32_t *qubits = NULL, count = 0;
    const bool all = qn__qasm_at(r, QN__QT_SEMICOLON);
    if (all && r->version2) {
        return qn__qasm_expected(r, "the qubits of the barrier");
    }
    QN_TRY(qubit_set(r, &qubits, &count));
    QN_TRY(qn__qasm_expect(r, QN__QT_SEMICOLON, "after the barrier"));
    if (all && r->in_gate) {
        return QN_OK; /* on the gate's own qubits; gates are not reordered within an expansion */
    }
    return count > 0 || all ? qn__qasm_emit_barrier(r, &token, qubits, count) : QN_OK;
}

/* delay[100ns] q; in seconds, or in device cycles (dt), which the circuit has as negative numbers. */
qn_status qn__qasm_delay_statement(qn__qasm_reader *r)
{
    const qn__qasm_token token = r->token;
    QN_TRY(refuse_in_gate(r, &token));
    qn__qasm_advance(r);
    QN_TRY(qn__qasm_expect(r, QN__QT_LEFT_SQUARE, "and the duration"));
    const qn__qasm_token duration = r->token;
    if (duration.kind == QN__QT_INTEGER || duration.kind == QN__QT_FLOAT) {
        return QN_QASM_FAIL(r, &duration, "a duration without a unit; expected one of dt, ns, us, ms, s");
    }
    if (duration.kind != QN__QT_DURATION) {
        return QN_QASM_UNSUPPORTED(r, &duration,
                                   "computed durations are not supported; expected a literal such as 100ns or 20dt");
    }
    qn__qasm_advance(r);
    if (!qn__qasm_at(r, QN__QT_RIGHT_SQUARE)) {
        return QN_QASM_UNSUPPORTED(r, &r->token, "duration arithmetic is not supported; expected ']'");
    }
    qn__qasm_advance(r);
    uint32_t *qubits = NULL, count = 0;
    const bool all = qn__qasm_at(r, QN__QT_SEMICOLON);
    QN_TRY(qubit_set(r, &qubits, &count));
    QN_TRY(qn__qasm_expect(r, QN__QT_SEMICOLON, "after the delay"));
    if (all && r->nqubits > 0) {
        qubits = qn__qasm_arena(r, r->nqubits * sizeof *qubits);
        QN_ALLOC_CHECK(qubits);
        for (uint32_t i = 0; i < r->nqubits; i++) {
            qubits[count++] = i;
        }
    }
    return count > 0 ? qn__qasm_emit_delay(r, &token, duration.number, qubits, count) : QN_OK;
}
