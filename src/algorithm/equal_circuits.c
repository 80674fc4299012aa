/* equal_circuits.c: the circuits that a comparison runs: two circuits in a row, between a state made and unmade. */
#include "algorithm/equal_circuits.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "base/status.h"

static const double PI = 3.14159265358979323846;

static qn_status copy_symbols(const qn_circuit *from, qn_circuit *to)
{
    for (size_t i = 0; i < qn_circuit_symbols(from); i++) {
        uint32_t symbol = 0;
        QN_TRY(qn_circuit_add_symbol(to, qn_circuit_symbol_name(from, (uint32_t)i), &symbol));
    }
    return QN_OK;
}

/* Append a gate of another circuit; `qubits` has room for all its qubits. */
static qn_status copy_gate(qn_circuit *to, const qn_operation *op, uint32_t *qubits)
{
    const size_t count = (size_t)op->ncontrols + op->ntargets;
    for (uint32_t i = 0; i < op->ncontrols; i++) {
        qubits[i] = op->controls[i];
    }
    for (uint32_t i = 0; i < op->ntargets; i++) {
        qubits[op->ncontrols + i] = op->targets[i];
    }
    if (op->ncontrols == 0 && op->pauli != NULL) {
        return qn_circuit_append_pauli_rotation(to, op->pauli, qubits, count, op->params[0]);
    }
    if (op->ncontrols == 0 && op->matrix != NULL) {
        return qn_circuit_append_unitary(to, qubits, count, op->matrix);
    }
    const uint32_t extra = op->ncontrols - qn_gate_describe(op->gate)->controls;
    return qn_circuit_append_controlled(to, op->gate, qubits, extra, op->control_state, qubits + extra, count - extra,
                                        op->params, op->nparams);
}

/* Final measurements. */

/* One operation towards the gates; measured[q]: qubit q has been read. */
static qn_status strip_operation(const qn_operation *op, size_t index, const char *which, bool *measured,
                                 uint32_t *reads, uint32_t *qubits, qn_circuit *gates)
{
    if (op->kind == QN_OP_BARRIER || op->kind == QN_OP_DELAY) {
        return QN_OK;
    }
    if (op->kind == QN_OP_MEASURE) {
        measured[op->targets[0]] = true;
        if (op->bit != QN_NO_BIT) {
            reads[op->bit] = op->targets[0];
        }
        return QN_OK;
    }
    QN_CHECK(op->kind == QN_OP_GATE, ERR_UNSUPPORTED,
             "the %s circuit is dynamic: operation %zu is a reset, an assignment or control flow; only unitary "
             "circuits with measurements at the end are compared",
             which, index);
    for (uint32_t i = 0; i < op->nparams; i++) {
        QN_CHECK(op->params[i].expression == 0, ERR_UNSUPPORTED,
                 "the %s circuit is dynamic: a parameter of operation %zu is worked out at run time", which, index);
    }
    for (uint32_t i = 0; i < op->ncontrols + op->ntargets; i++) {
        const uint32_t q = i < op->ncontrols ? op->controls[i] : op->targets[i - op->ncontrols];
        QN_CHECK(!measured[q], ERR_UNSUPPORTED,
                 "the %s circuit is dynamic: operation %zu acts on qubit %u after its measurement", which, index, q);
    }
    return copy_gate(gates, op, qubits);
}

qn_status qn__equal_strip(const qn_circuit *circuit, const char *which, qn_circuit **gates, uint32_t **reads)
{
    const uint32_t n = qn_circuit_qubits(circuit), nbits = qn_circuit_bits(circuit);
    qn_circuit *copy = NULL;
    qn_status status = QN_OK;
    bool *measured = qn__calloc(n, sizeof *measured);
    uint32_t *qubits = qn__alloc(n, sizeof *qubits);
    uint32_t *found = qn__alloc(nbits, sizeof *found);
    if (measured == NULL || qubits == NULL || found == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    memset(found, 0xff, nbits * sizeof *found); /* QN__EQUAL_NO_QUBIT */
    QN_TRY_CLEANUP(qn_circuit_create(n, &copy));
    QN_TRY_CLEANUP(copy_symbols(circuit, copy));
    const size_t count = qn_circuit_operations(circuit);
    for (size_t i = 0; i < count; i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        QN_TRY_CLEANUP(strip_operation(&op, i, which, measured, found, qubits, copy));
    }
    *gates = copy;
    *reads = found;
    copy = NULL;
    found = NULL;
cleanup:
    qn_circuit_free(copy);
    qn__free(found);
    qn__free(qubits);
    qn__free(measured);
    return status;
}

/* Both circuits in a row. */

/* The first symbol of `circuit` that `other` has not. */
static const char *missing_symbol(const qn_circuit *circuit, const qn_circuit *other)
{
    const char *name = "";
    for (size_t i = 0; i < qn_circuit_symbols(circuit); i++) {
        name = qn_circuit_symbol_name(circuit, (uint32_t)i);
        bool found = false;
        for (size_t k = 0; k < qn_circuit_symbols(other) && !found; k++) {
            found = strcmp(name, qn_circuit_symbol_name(other, (uint32_t)k)) == 0;
        }
        if (!found) {
            break;
        }
    }
    return name;
}

qn_status qn__equal_join(const qn_circuit *first, const qn_circuit *second, qn_circuit **out)
{
    const size_t nsymbols = qn_circuit_symbols(first);
    qn_circuit *joined = NULL, *inverse = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_circuit_inverse(second, &inverse));
    QN_TRY_CLEANUP(qn_circuit_clone(first, &joined));
    QN_TRY_CLEANUP(qn_circuit_append_circuit(joined, inverse)); /* merges symbols by name */
    if (qn_circuit_symbols(joined) > nsymbols) {
        status = QN_FAIL(ERR_NAME, "symbol \"%.64s\" of the second circuit is not in the first",
                         qn_circuit_symbol_name(joined, (uint32_t)nsymbols));
        goto cleanup;
    }
    if (qn_circuit_symbols(second) < nsymbols) {
        status = QN_FAIL(ERR_NAME, "symbol \"%.64s\" of the first circuit is not in the second",
                         missing_symbol(first, second));
        goto cleanup;
    }
    *out = joined;
    joined = NULL;
cleanup:
    qn_circuit_free(joined);
    qn_circuit_free(inverse);
    return status;
}

static qn_status append_joined(qn_circuit *to, const qn_circuit *joined)
{
    uint32_t *qubits = qn__alloc(qn_circuit_qubits(joined), sizeof *qubits);
    QN_ALLOC_CHECK(qubits);
    qn_status status = QN_OK;
    const size_t count = qn_circuit_operations(joined);
    for (size_t i = 0; i < count && status == QN_OK; i++) {
        qn_operation op;
        qn_circuit_operation(joined, i, &op);
        status = copy_gate(to, &op, qubits);
    }
    qn__free(qubits);
    return status;
}

/* A state made by `make`, the joined circuit, and the state unmade. */
static qn_status enclose(const qn_circuit *make, const qn_circuit *joined, qn_circuit **out)
{
    qn_circuit *unmake = NULL, *whole = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_circuit_inverse(make, &unmake));
    QN_TRY_CLEANUP(qn_circuit_clone(make, &whole));
    QN_TRY_CLEANUP(append_joined(whole, joined));
    QN_TRY_CLEANUP(qn_circuit_append_circuit(whole, unmake));
    *out = whole;
    whole = NULL;
cleanup:
    qn_circuit_free(unmake);
    qn_circuit_free(whole);
    return status;
}

static qn_status make_columns(uint32_t n, uint32_t k, qn_circuit *make)
{
    for (uint32_t q = 0; q < k; q++) {
        const uint32_t pair[2] = {n + q, q};
        QN_TRY(qn_circuit_append(make, QN_GATE_H, pair, 1, NULL, 0));
        QN_TRY(qn_circuit_append(make, QN_GATE_CX, pair, 2, NULL, 0));
    }
    for (uint32_t q = k; q < n; q++) {
        char name[32]; /* begins with a blank, as no symbol of a file does */
        uint32_t symbol = 0;
        (void)snprintf(name, sizeof name, " block bit %u", q);
        QN_TRY(qn_circuit_add_symbol(make, name, &symbol));
        /* u(pi, 0, pi) is X and u(0, 0, pi) is Z, which does nothing to |0> */
        const qn_param_term term = {symbol, 1.0};
        const qn_param params[3] = {{0.0, &term, 1, 0}, QN_PARAM(0.0), QN_PARAM(PI)};
        QN_TRY(qn_circuit_append(make, QN_GATE_U, &q, 1, params, 3));
    }
    return QN_OK;
}

qn_status qn__equal_columns(const qn_circuit *joined, uint32_t k, qn_circuit **out)
{
    const uint32_t n = qn_circuit_qubits(joined);
    qn_circuit *make = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_circuit_create(n + k, &make));
    QN_TRY_CLEANUP(copy_symbols(joined, make));
    QN_TRY_CLEANUP(make_columns(n, k, make));
    QN_TRY_CLEANUP(enclose(make, joined, out));
cleanup:
    qn_circuit_free(make);
    return status;
}

/* Random states. */

/* Every qubit uniformly on the Bloch sphere: cos(alpha) and beta uniform in ry(alpha), then rz(beta). */
static qn_status make_product(uint32_t n, uint64_t seed, uint32_t number, qn_circuit *make)
{
    for (uint32_t q = 0; q < n; q++) {
        const uint64_t at = 2 * (uint64_t)q;
        const qn_param alpha = QN_PARAM(acos(1.0 - 2.0 * qn__random_uniform(seed, number, at)));
        const qn_param beta = QN_PARAM(2.0 * PI * qn__random_uniform(seed, number, at + 1));
        QN_TRY(qn_circuit_append(make, QN_GATE_RY, &q, 1, &alpha, 1));
        QN_TRY(qn_circuit_append(make, QN_GATE_RZ, &q, 1, &beta, 1));
    }
    return QN_OK;
}

/* log2(n) + 2 layers of random one-qubit Clifford gates, each followed by CX and CZ on random pairs: every qubit's
 * light cone is the whole register. */
static qn_status make_stabilizer(uint32_t n, uint64_t seed, uint32_t number, uint32_t *order, qn_circuit *make)
{
    static const qn_gate first[3] = {QN_GATE_ID, QN_GATE_H, QN_GATE_SX};            /* which axis becomes Z */
    static const qn_gate then[4] = {QN_GATE_ID, QN_GATE_S, QN_GATE_Z, QN_GATE_SDG}; /* and a turn about it */
    uint32_t layers = 2;
    while (n >> (layers - 2) > 1) {
        layers++;
    }
    uint64_t draw = 0;
    for (uint32_t layer = 0; layer < layers; layer++) {
        for (uint32_t q = 0; q < n; q++) {
            const uint64_t pick = qn__random_bits(seed, number, draw++);
            QN_TRY(qn_circuit_append(make, first[(pick >> 8) % 3], &q, 1, NULL, 0));
            QN_TRY(qn_circuit_append(make, then[pick & 3], &q, 1, NULL, 0));
            order[q] = q;
        }
        for (uint32_t q = n; q-- > 1;) {
            const uint32_t other = (uint32_t)(qn__random_bits(seed, number, draw++) % (q + 1)), kept = order[q];
            order[q] = order[other];
            order[other] = kept;
        }
        for (uint32_t q = 0; q + 1 < n; q += 2) {
            const bool turned = (qn__random_bits(seed, number, draw++) & 1) != 0;
            QN_TRY(qn_circuit_append(make, turned ? QN_GATE_CX : QN_GATE_CZ, order + q, 2, NULL, 0));
        }
    }
    return QN_OK;
}

qn_status qn__equal_stimulus(const qn_circuit *joined, uint64_t seed, uint32_t number, qn_circuit **out)
{
    const uint32_t n = qn_circuit_qubits(joined);
    qn_circuit *make = NULL;
    qn_status status = QN_OK;
    uint32_t *order = qn__alloc(n, sizeof *order);
    QN_ALLOC_CHECK(order);
    QN_TRY_CLEANUP(qn_circuit_create(n, &make));
    QN_TRY_CLEANUP(copy_symbols(joined, make));
    QN_TRY_CLEANUP(number % 2 == 0 ? make_product(n, seed, number, make)
                                   : make_stabilizer(n, seed, number, order, make));
    QN_TRY_CLEANUP(enclose(make, joined, out));
cleanup:
    qn_circuit_free(make);
    qn__free(order);
    return status;
}
