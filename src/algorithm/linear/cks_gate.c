/* cks_gate.c: the combination of Chebyshev polynomials as a circuit. Term k is told by a register 1...1 0...0 with k
 * ones, so that each pair of calls, which takes T_{2k-1} to T_{2k+1}, hangs on one qubit alone. */
#include "algorithm/linear/cks_gate.h"

#include <math.h>

#include "algorithm/block_encoding/encoding.h"
#include "algorithm/linear/gate_parts.h"
#include "base/alloc.h"

enum { MOST_QUBITS = 22 };

/* sum_k a_k |1^k 0^(J-k)> from |0>: each qubit turns if the one before did. Real a of norm 1, signs included. */
static qn_status append_counter(qn_circuit *circuit, uint32_t first, const double *a, size_t count)
{
    double rest = 0;
    for (size_t k = 1; k < count; k++) {
        rest += a[k] * a[k];
    }
    for (size_t k = 0; k + 1 < count; k++) {
        const uint32_t qubit = first + (uint32_t)k;
        const double right = k + 2 == count ? a[k + 1] : sqrt(fmax(0, rest));
        const qn_param angle = QN_PARAM(2 * atan2(right, a[k]));
        if (k == 0) {
            QN_TRY(qn_circuit_append(circuit, QN_GATE_RY, &qubit, 1, &angle, 1));
        } else {
            QN_TRY(qn_circuit_append(circuit, QN_GATE_CRY, (uint32_t[]){qubit - 1, qubit}, 2, &angle, 1));
        }
        rest -= a[k + 1] * a[k + 1];
    }
    return QN_OK;
}

/* U^H, then under each counter qubit (1 - 2 Pi) U (1 - 2 Pi) U^H before it in the product. */
static qn_status append_terms(qn_circuit *circuit, const qn_circuit *encoding, uint32_t n, size_t pairs)
{
    const uint32_t ancillas = qn_circuit_qubits(encoding) - n, counter = n + ancillas;
    qn_circuit *inverse = NULL;
    qn_status status = QN_OK;
    QN_TRY(qn_circuit_inverse(encoding, &inverse));
    QN_TRY_CLEANUP(qn__append_at(circuit, inverse, 0));
    for (uint32_t k = 0; k < pairs; k++) {
        const uint32_t control = counter + k;
        QN_TRY_CLEANUP(qn__append_zero_sign(circuit, n, ancillas, control));
        QN_TRY_CLEANUP(qn__append_mapped(circuit, encoding, NULL, &control, 1, 1));
        QN_TRY_CLEANUP(qn__append_zero_sign(circuit, n, ancillas, control));
        QN_TRY_CLEANUP(qn__append_mapped(circuit, inverse, NULL, &control, 1, 1));
    }
cleanup:
    qn_circuit_free(inverse);
    return status;
}

static qn_status assemble(const qn_context *context, const qn_linear_problem *problem, const qn_circuit *encoding,
                          const qn_qsp_polynomial *p, double weight, qn_circuit **out)
{
    const uint32_t n = qn__linear_bits(problem), counter = qn_circuit_qubits(encoding);
    const uint32_t qubits = counter + (uint32_t)p->count - 1;
    qn_circuit *prepare = NULL, *left = NULL, *undo = NULL, *circuit = NULL;
    qn_status status = QN_OK;
    double *a = qn__alloc(p->count, sizeof *a);
    QN_ALLOC_CHECK(a);
    QN_TRY_CLEANUP(qn__linear_prepare(context, problem, 0, &prepare));
    QN_TRY_CLEANUP(qn_circuit_create(qubits, &circuit));
    QN_TRY_CLEANUP(qn_circuit_create(qubits, &left));
    QN_TRY_CLEANUP(qn__append_at(circuit, prepare, 0));
    for (size_t k = 0; k < p->count; k++) {
        a[k] = sqrt(fabs(p->coefficient[k]) / weight);
    }
    QN_TRY_CLEANUP(append_counter(left, counter, a, p->count));
    for (size_t k = 0; k < p->count; k++) {
        a[k] = p->coefficient[k] < 0 ? -a[k] : a[k];
    }
    QN_TRY_CLEANUP(append_counter(circuit, counter, a, p->count));
    QN_TRY_CLEANUP(append_terms(circuit, encoding, n, p->count - 1));
    QN_TRY_CLEANUP(qn_circuit_inverse(left, &undo));
    QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, undo));
    *out = circuit;
    circuit = NULL;
cleanup:
    qn__free(a);
    qn_circuit_free(prepare);
    qn_circuit_free(left);
    qn_circuit_free(undo);
    qn_circuit_free(circuit);
    return status;
}

qn_status qn__cks_gate_plan(const qn_linear_problem *problem, const qn_linear_options *options, qn_linear_plan *plan)
{
    uint32_t ancillas = 0;
    double gates = 0;
    QN_TRY(qn__linear_encoding_check(problem, options));
    qn__linear_encoding_size(problem, options, &ancillas, &gates);
    const double qubits = qn__linear_bits(problem) + ancillas + (plan->degree - 1) / 2;
    QN_CHECK(qubits <= MOST_QUBITS, ERR_TOO_LARGE,
             "degree %.0f needs a counter of %.0f qubits, %.0f with all others; at most %d are simulated", plan->degree,
             (plan->degree - 1) / 2, qubits, (int)MOST_QUBITS);
    return qn__linear_gate_limit("cks", plan->degree * gates, (uint32_t)qubits, plan);
}

qn_status qn__cks_gate_run(const qn_context *context, const qn_linear_problem *problem,
                           const qn_linear_options *options, const qn_qsp_polynomial *p, double weight, double *norm,
                           qn_linear_result *result)
{
    const size_t size = (size_t)1 << qn__linear_bits(problem);
    qn_circuit *encoding = NULL, *circuit = NULL;
    qn_status status = QN_OK;
    qn_complex *y = qn__alloc(size, sizeof *y);
    QN_ALLOC_CHECK(y);
    QN_TRY_CLEANUP(qn__linear_encoding(context, problem, options, &encoding));
    QN_TRY_CLEANUP(assemble(context, problem, encoding, p, weight, &circuit));
    QN_TRY_CLEANUP(qn__circuit_amplitudes(context, circuit, 0, size, y));
    QN_TRY_CLEANUP(qn_circuit_count(circuit, NULL, 1e-10, &result->cost));
    const double unit = weight * problem->b_norm / problem->alpha;
    double sum = 0;
    for (size_t i = 0; i < size; i++) {
        sum += y[i].re * y[i].re + y[i].im * y[i].im;
    }
    for (size_t i = 0; i < problem->dimension; i++) {
        result->x[problem->matrix->is_complex ? 2 * i : i] = unit * y[i].re;
        if (problem->matrix->is_complex) {
            result->x[2 * i + 1] = unit * y[i].im;
        }
    }
    *norm = weight * sqrt(sum);
    result->qubits = qn_circuit_qubits(circuit);
cleanup:
    qn__free(y);
    qn_circuit_free(encoding);
    qn_circuit_free(circuit);
    return status;
}
