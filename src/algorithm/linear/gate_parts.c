/* gate_parts.c: block-encoding, right-hand side and limits of circuits that solve linear systems. */
#include "algorithm/linear/gate_parts.h"

#include <math.h>
#include <string.h>

#include <quern/load.h>

#include "algorithm/block_encoding/encoding.h"
#include "base/alloc.h"

static const double most_gates = 4e6, most_work = 4e11; /* gates, and gates times amplitudes */

uint32_t qn__linear_bits(const qn_linear_problem *problem)
{
    const uint32_t bits = qn_load_address_bits(problem->dimension);
    return bits > 0 ? bits : 1;
}

qn_status qn__linear_encoding_check(const qn_linear_problem *problem, const qn_linear_options *options)
{
    const qn_block_encoding *const e = options->encoding;
    const uint32_t bits = qn__linear_bits(problem);
    QN_CHECK(e != NULL || problem->dimension <= QN__LINEAR_GATE_DIMENSION, ERR_TOO_LARGE,
             "the gate tier compiles a dense dilation of the matrix: up to %d unknowns (this one: %zu)",
             (int)QN__LINEAR_GATE_DIMENSION, problem->dimension);
    if (e == NULL) {
        return QN_OK;
    }
    QN_CHECK(e->system == bits, ERR_SHAPE, "the block-encoding is of %u qubits, the system of %u", e->system, bits);
    QN_CHECK(fabs(e->alpha - problem->alpha) <= 1e-9 * problem->alpha, ERR_RANGE,
             "the block-encoding has alpha %.12g, the problem was made for %.12g", e->alpha, problem->alpha);
    return QN_OK;
}

void qn__linear_encoding_size(const qn_linear_problem *problem, const qn_linear_options *options, uint32_t *ancillas,
                              double *gates)
{
    const double size = exp2(qn__linear_bits(problem) + 1);
    *ancillas = options->encoding != NULL ? options->encoding->ancillas : 1;
    *gates = options->encoding != NULL ? (double)qn_circuit_operations(options->encoding->circuit)
                                       : size * (size - 1) / 2 * 5;
}

qn_status qn__linear_encoding(const qn_context *context, const qn_linear_problem *problem,
                              const qn_linear_options *options, qn_circuit **out)
{
    QN_TRY(qn__linear_encoding_check(problem, options));
    if (options->encoding != NULL) {
        return qn_circuit_clone(options->encoding->circuit, out);
    }
    const uint32_t n = qn__linear_bits(problem);
    const size_t size = (size_t)1 << n;
    qn_complex *a = NULL;
    QN_TRY(qn__encoding_dense(context, problem->matrix, &a));
    for (size_t k = 0; k < size * size; k++) {
        a[k].re /= problem->alpha;
        a[k].im /= problem->alpha;
    }
    for (size_t r = problem->dimension; r < size; r++) {
        a[r * size + r].re = 1;
    }
    const qn_status status = qn_halmos_circuit(n, a, out);
    qn__free(a);
    return status;
}

qn_status qn__linear_prepare(const qn_context *context, const qn_linear_problem *problem, uint32_t more,
                             qn_circuit **out)
{
    const size_t size = (size_t)1 << qn__linear_bits(problem);
    qn_load_options options = QN_LOAD_OPTIONS_INIT;
    qn_complex *b = qn__calloc(size << more, sizeof *b);
    QN_ALLOC_CHECK(b);
    for (size_t i = 0; i < problem->dimension; i++) {
        b[i] = problem->matrix->is_complex
                   ? (qn_complex){problem->b[2 * i] / problem->b_norm, problem->b[2 * i + 1] / problem->b_norm}
                   : (qn_complex){problem->b[i] / problem->b_norm, 0};
    }
    if (more > 0) {
        b[size].re = 1;
    }
    const qn_status status = qn_load_prepare(context, b, size << more, &options, out, NULL);
    qn__free(b);
    return status;
}

qn_status qn__append_zero_sign(qn_circuit *circuit, uint32_t first, uint32_t count, uint32_t control)
{
    uint32_t qubits[64];
    for (uint32_t k = 0; k < count; k++) {
        qubits[k] = first + k;
    }
    return qn_circuit_append_controlled(circuit, QN_GATE_Z, qubits, count, 0, &control, 1, NULL, 0);
}

qn_status qn__linear_gate_limit(const char *method, double gates, uint32_t qubits, qn_linear_plan *plan)
{
    QN_CHECK(gates <= most_gates && gates * exp2(qubits) <= most_work, ERR_TOO_LARGE,
             "%s makes a circuit of some %.2g gates on %u qubits; at most %.2g gates, and %.2g gates times amplitudes, "
             "are simulated",
             method, gates, qubits, most_gates, most_work);
    plan->bytes = gates * 600 + 32 * exp2(qubits);
    plan->seconds = gates * (4e-6 + 5e-10 * exp2(qubits));
    return QN_OK;
}
