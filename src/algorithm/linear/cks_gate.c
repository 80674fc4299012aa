/* cks_gate.c: the combination of Chebyshev polynomials as a circuit: T_{2k+1} is T_2k after one call of U^H, so the odd
 * series is an even one behind it. */
#include "algorithm/linear/cks_gate.h"

#include <math.h>

#include "algorithm/block_encoding/encoding.h"
#include "algorithm/linear/chebyshev_sum.h"
#include "algorithm/linear/gate_parts.h"
#include "base/alloc.h"

enum { MOST_QUBITS = 22 };

/* A^H is what is inverted: the calls alternate U^H, U, U^H, ... */
static qn_status assemble(const qn_context *context, const qn_linear_problem *problem, const qn_linear_options *options,
                          const qn_qsp_polynomial *p, double *weight, qn_circuit **out, qn_data_gates *loading)
{
    qn_circuit *prepare = NULL, *encoding = NULL, *inverse = NULL, *circuit = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__linear_prepare(context, problem, 0, &prepare));
    QN_TRY_CLEANUP(qn__linear_encoding(context, problem, options, &encoding));
    QN_TRY_CLEANUP(qn_circuit_inverse(encoding, &inverse));
    const uint32_t n = qn__linear_bits(problem), counter = qn_circuit_qubits(encoding);
    const qn__chebyshev_sum sum = {encoding, inverse, n, counter - n, counter};
    QN_TRY_CLEANUP(qn_circuit_create(counter + qn__chebyshev_sum_bits(p->count), &circuit));
    QN_TRY_CLEANUP(qn__append_at(circuit, prepare, 0));
    QN_TRY_CLEANUP(qn__append_at(circuit, inverse, 0));
    QN_TRY_CLEANUP(qn__append_reflection(circuit, n, counter - n));
    QN_TRY_CLEANUP(qn__append_chebyshev_sum(context, &sum, p->coefficient, p->count, circuit, weight));
    QN_TRY_CLEANUP(qn__linear_loading(options, encoding, (double)p->degree, prepare, 1, loading));
    *out = circuit;
    circuit = NULL;
cleanup:
    qn_circuit_free(prepare);
    qn_circuit_free(encoding);
    qn_circuit_free(inverse);
    qn_circuit_free(circuit);
    return status;
}

qn_status qn__cks_gate_plan(const qn_linear_problem *problem, const qn_linear_options *options, qn_linear_plan *plan)
{
    uint32_t ancillas = 0;
    double gates = 0;
    QN_TRY(qn__linear_encoding_check(problem, options));
    qn__linear_encoding_size(problem, options, &ancillas, &gates);
    const size_t count = (size_t)(plan->degree + 1) / 2;
    const uint32_t qubits = qn__linear_bits(problem) + ancillas + qn__chebyshev_sum_bits(count);
    QN_CHECK(qubits <= MOST_QUBITS, ERR_TOO_LARGE, "degree %.0f takes %u qubits; at most %d are simulated",
             plan->degree, qubits, (int)MOST_QUBITS);
    return qn__linear_gate_limit("cks", plan->degree * gates + qn__chebyshev_sum_gates(count), qubits, plan);
}

qn_status qn__cks_gate_run(const qn_context *context, const qn_linear_problem *problem,
                           const qn_linear_options *options, const qn_qsp_polynomial *p, double *norm,
                           qn_linear_result *result)
{
    const size_t size = (size_t)1 << qn__linear_bits(problem);
    qn_circuit *circuit = NULL;
    qn_status status = QN_OK;
    double weight = 0;
    qn_complex *y = qn__alloc(size, sizeof *y);
    QN_ALLOC_CHECK(y);
    QN_TRY_CLEANUP(assemble(context, problem, options, p, &weight, &circuit, &result->loading));
    QN_TRY_CLEANUP(qn__circuit_amplitudes(context, circuit, 0, size, y));
    QN_TRY_CLEANUP(qn_circuit_count(circuit, NULL, QN__LINEAR_SYNTHESIS, &result->cost));
    *norm = weight * qn__linear_take(problem, y, weight * (problem->b_norm / problem->alpha), result->x);
    result->qubits = qn_circuit_qubits(circuit);
cleanup:
    qn__free(y);
    qn_circuit_free(circuit);
    return status;
}
