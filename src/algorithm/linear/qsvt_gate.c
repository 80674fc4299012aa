/* qsvt_gate.c: QSVT as a whole circuit on a simulator: preparation of b, block-encoding, phases. */
#include "algorithm/linear/qsvt_gate.h"

#include <math.h>

#include "algorithm/block_encoding/encoding.h"
#include "algorithm/linear/gate_parts.h"
#include "base/alloc.h"

qn_status qn__qsvt_gate_plan(const qn_linear_problem *problem, const qn_linear_options *options, qn_linear_plan *plan)
{
    uint32_t ancillas = 0;
    double gates = 0;
    QN_TRY(qn__linear_encoding_check(problem, options));
    qn__linear_encoding_size(problem, options, &ancillas, &gates);
    return qn__linear_gate_limit("qsvt", plan->degree * gates, qn__linear_bits(problem) + ancillas + 2, plan);
}

static qn_status find_phases(const qn_context *context, const qn_linear_problem *problem, double degree, double maximum,
                             double *phases, qn_qsp_report *report)
{
    qn_qsp_polynomial *p = NULL;
    QN_TRY(qn_qsp_inverse(problem->kappa, (uint64_t)degree, &p));
    qn_qsp_polynomial_scale(p, 1 / (2 * maximum));
    const qn_status status = qn_qsp_phases(context, p, QN_QSP_AUTO, 1e-12, phases, report);
    qn_qsp_polynomial_free(p);
    return status;
}

/* b, then the sequence around the encoding. */
static qn_status assemble(const qn_context *context, const qn_linear_problem *problem, const qn_linear_options *options,
                          const double *phases, uint64_t degree, qn_circuit **out, qn_data_gates *loading)
{
    qn_circuit *prepare = NULL, *encoding = NULL, *sequence = NULL, *circuit = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__linear_prepare(context, problem, 0, &prepare));
    QN_TRY_CLEANUP(qn__linear_encoding(context, problem, options, &encoding));
    QN_TRY_CLEANUP(qn_qsvt_circuit(encoding, qn__linear_bits(problem), phases, degree, &sequence));
    QN_TRY_CLEANUP(qn_circuit_create(qn_circuit_qubits(sequence), &circuit));
    QN_TRY_CLEANUP(qn__append_at(circuit, prepare, 0));
    QN_TRY_CLEANUP(qn_circuit_append_circuit(circuit, sequence));
    QN_TRY_CLEANUP(qn__linear_loading(options, encoding, (double)degree, prepare, 1, loading));
    *out = circuit;
    circuit = NULL;
cleanup:
    qn_circuit_free(prepare);
    qn_circuit_free(encoding);
    qn_circuit_free(sequence);
    qn_circuit_free(circuit);
    return status;
}

qn_status qn__qsvt_gate_run(const qn_context *context, const qn_linear_problem *problem,
                            const qn_linear_options *options, double maximum, double *norm, qn_linear_result *result)
{
    const size_t size = (size_t)1 << qn__linear_bits(problem);
    const uint64_t degree = (uint64_t)result->plan.degree;
    qn_circuit *circuit = NULL;
    qn_qsp_report report = {0};
    qn_status status = QN_OK;
    double *phases = qn__alloc((size_t)degree + 1, sizeof *phases);
    qn_complex *y = qn__alloc(size, sizeof *y);
    if (phases == NULL || y == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(find_phases(context, problem, result->plan.degree, maximum, phases, &report));
    QN_TRY_CLEANUP(assemble(context, problem, options, phases, degree, &circuit, &result->loading));
    QN_TRY_CLEANUP(qn__circuit_amplitudes(context, circuit, 0, size, y));
    QN_TRY_CLEANUP(qn_circuit_count(circuit, NULL, QN__LINEAR_SYNTHESIS, &result->cost));
    const double unit = 2 * maximum * (problem->b_norm / problem->alpha);
    *norm = 2 * maximum * qn__linear_take(problem, y, unit, result->x);
    result->qubits = qn_circuit_qubits(circuit);
    result->phase_residual = report.residual;
cleanup:
    qn__free(phases);
    qn__free(y);
    qn_circuit_free(circuit);
    return status;
}
