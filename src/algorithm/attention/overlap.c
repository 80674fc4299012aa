/* overlap.c: swap and Hadamard tests on two loaded vectors. */
#include <math.h>

#include <quern/attention.h>
#include <quern/load.h>

#include "algorithm/block_encoding/encoding.h"
#include "base/alloc.h"

/* The loader of a real vector. */
static qn_status load(const qn_context *context, const double *x, size_t count, qn_circuit **out)
{
    qn_complex *amplitudes = qn__alloc(count, sizeof *amplitudes);
    QN_ALLOC_CHECK(amplitudes);
    for (size_t i = 0; i < count; i++) {
        amplitudes[i] = (qn_complex){x[i], 0};
    }
    qn_load_options options = QN_LOAD_OPTIONS_INIT;
    const qn_status status = qn_load_prepare(context, amplitudes, count, &options, out, NULL);
    qn__free(amplitudes);
    return status;
}

/* Both vectors side by side, exchanged when the last qubit is 1. */
static qn_status swap_test(qn_circuit *circuit, const qn_circuit *x, const qn_circuit *y, uint32_t n)
{
    const uint32_t last = 2 * n;
    QN_TRY(qn__append_at(circuit, x, 0));
    QN_TRY(qn__append_at(circuit, y, n));
    QN_TRY(qn__append_gate(circuit, QN_GATE_H, last));
    for (uint32_t q = 0; q < n; q++) {
        QN_TRY(qn_circuit_append_controlled(circuit, QN_GATE_SWAP, &last, 1, 1, (uint32_t[]){q, n + q}, 2, NULL, 0));
    }
    return qn__append_gate(circuit, QN_GATE_H, last);
}

/* x when the last qubit is 0, y when it is 1: (|0> (x + y) + |1> (x - y)) / 2 after the second H. */
static qn_status hadamard_test(qn_circuit *circuit, const qn_circuit *x, const qn_circuit *y, uint32_t n)
{
    QN_TRY(qn__append_gate(circuit, QN_GATE_H, n));
    QN_TRY(qn__append_mapped(circuit, x, NULL, &n, 1, 0));
    QN_TRY(qn__append_mapped(circuit, y, NULL, &n, 1, 1));
    return qn__append_gate(circuit, QN_GATE_H, n);
}

qn_status qn_overlap_circuit(const qn_context *context, qn_overlap_test test, const double *x, const double *y,
                             size_t count, qn_circuit **out)
{
    QN_CHECK(x != NULL && y != NULL && out != NULL, ERR_ARGUMENT, "two vectors and a place for the circuit");
    QN_CHECK(test == QN_OVERLAP_SWAP || test == QN_OVERLAP_HADAMARD, ERR_ARGUMENT, "no overlap test %d", (int)test);
    qn_circuit *first = NULL, *second = NULL, *circuit = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(load(context, x, count, &first));
    QN_TRY_CLEANUP(load(context, y, count, &second));
    const uint32_t n = qn_circuit_qubits(first);
    QN_TRY_CLEANUP(qn_circuit_create(test == QN_OVERLAP_SWAP ? 2 * n + 1 : n + 1, &circuit));
    QN_TRY_CLEANUP(test == QN_OVERLAP_SWAP ? swap_test(circuit, first, second, n)
                                           : hadamard_test(circuit, first, second, n));
    *out = circuit;
    circuit = NULL;
cleanup:
    qn_circuit_free(first);
    qn_circuit_free(second);
    qn_circuit_free(circuit);
    return status;
}

double qn_overlap_probability(qn_overlap_test test, double overlap)
{
    return test == QN_OVERLAP_SWAP ? (1 + overlap * overlap) / 2 : (1 + overlap) / 2;
}
