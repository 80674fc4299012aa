/* qsvt_gate.c: QSVT as a whole circuit on a simulator: preparation of b, Halmos' dilation as block-encoding, phases. */
#include "algorithm/linear/qsvt_gate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <quern/engine.h>

#include "base/alloc.h"

static const double most_gates = 4e6;

static uint32_t system_qubits(const qn_linear_problem *problem)
{
    uint32_t n = 1;
    while ((size_t)1 << n < problem->dimension) {
        n++;
    }
    return n;
}

qn_status qn__qsvt_gate_plan(const qn_linear_problem *problem, qn_linear_plan *plan)
{
    QN_CHECK(problem->dimension <= QN__LINEAR_GATE_DIMENSION, ERR_TOO_LARGE,
             "the gate tier of qsvt compiles a dense dilation of the matrix: up to %d unknowns (this one: %zu)",
             (int)QN__LINEAR_GATE_DIMENSION, problem->dimension);
    const double size = exp2(system_qubits(problem) + 1), gates = plan->degree * size * (size - 1) / 2 * 5;
    QN_CHECK(gates <= most_gates, ERR_TOO_LARGE,
             "degree %.0f on %zu unknowns makes a circuit of some %.2g gates; at most %.2g are simulated", plan->degree,
             problem->dimension, gates, most_gates);
    plan->bytes = gates * 600;
    plan->seconds = gates * 4e-6;
    return QN_OK;
}

/* A / alpha in 2^n dimensions; the rest is the identity, which b does not meet. */
static void dense_padded(const qn_linear_problem *problem, size_t size, qn_complex *a)
{
    const qn_sparse *const m = problem->matrix;
    memset(a, 0, size * size * sizeof *a);
    for (size_t r = 0; r < m->rows; r++) {
        for (uint64_t e = m->start[r]; e < m->start[r + 1]; e++) {
            a[r * size + m->column[e]] =
                m->is_complex ? (qn_complex){m->value[2 * e] / problem->alpha, m->value[2 * e + 1] / problem->alpha}
                              : (qn_complex){m->value[e] / problem->alpha, 0};
        }
    }
    for (size_t r = m->rows; r < size; r++) {
        a[r * size + r].re = 1;
    }
}

/* A circuit of `qubits` qubits that turns |0> into b / |b|. */
static qn_status prepare(const qn_linear_problem *problem, uint32_t n, qn_complex *memory, qn_circuit **out)
{
    const size_t size = (size_t)1 << n;
    memset(memory, 0, size * size * sizeof *memory);
    for (size_t i = 0; i < problem->dimension; i++) {
        memory[i * size] = problem->matrix->is_complex ? (qn_complex){problem->b[2 * i] / problem->b_norm,
                                                                      problem->b[2 * i + 1] / problem->b_norm}
                                                       : (qn_complex){problem->b[i] / problem->b_norm, 0};
    }
    return qn_unitary_circuit(n, memory, 1, out);
}

/* Gates of `first` (fewer qubits, all from 0), then those of `second`. */
static qn_status chain(const qn_circuit *first, const qn_circuit *second, qn_circuit **out)
{
    qn_circuit *all = NULL;
    QN_TRY(qn_circuit_create(qn_circuit_qubits(second), &all));
    qn_status status = QN_OK;
    for (size_t i = 0; status == QN_OK && i < qn_circuit_operations(first); i++) {
        qn_operation op;
        qn_circuit_operation(first, i, &op);
        status = qn_circuit_append_controlled(all, op.base, op.controls, op.ncontrols, op.control_state, op.targets,
                                              op.ntargets, op.params, op.nparams);
    }
    status = status == QN_OK ? qn_circuit_append_circuit(all, second) : status;
    if (status != QN_OK) {
        qn_circuit_free(all);
        return status;
    }
    *out = all;
    return QN_OK;
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

/* The vector's amplitudes where every other qubit is 0. */
static qn_status simulate(const qn_context *context, const qn_circuit *circuit, size_t count, qn_complex *out)
{
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.threads = qn_context_threads(context);
    qn_context *own = NULL;
    qn_engine *engine = NULL;
    qn_program *program = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_context_create(&options, &own));
    QN_TRY_CLEANUP(qn_engine_open(own, "statevector", &engine));
    QN_TRY_CLEANUP(qn_engine_compile(engine, circuit, NULL, 0, &program));
    QN_TRY_CLEANUP(qn_program_amplitudes(program, NULL, 0, count, out));
cleanup:
    qn_program_free(program);
    qn_engine_close(engine);
    qn_context_free(own);
    return status;
}

qn_status qn__qsvt_gate_run(const qn_context *context, const qn_linear_problem *problem, double maximum, double *norm,
                            qn_linear_result *result)
{
    const uint32_t n = system_qubits(problem);
    const size_t size = (size_t)1 << n;
    const uint64_t degree = (uint64_t)result->plan.degree;
    qn_circuit *preparation = NULL, *encoding = NULL, *sequence = NULL, *circuit = NULL;
    qn_qsp_report report = {0};
    qn_status status = QN_OK;
    double *phases = qn__alloc((size_t)degree + 1, sizeof *phases);
    qn_complex *memory = qn__alloc(size * size, sizeof *memory);
    if (phases == NULL || memory == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(find_phases(context, problem, result->plan.degree, maximum, phases, &report));
    QN_TRY_CLEANUP(prepare(problem, n, memory, &preparation));
    dense_padded(problem, size, memory);
    QN_TRY_CLEANUP(qn_halmos_circuit(n, memory, &encoding));
    QN_TRY_CLEANUP(qn_qsvt_circuit(encoding, n, phases, degree, &sequence));
    QN_TRY_CLEANUP(chain(preparation, sequence, &circuit));
    QN_TRY_CLEANUP(simulate(context, circuit, size, memory));
    QN_TRY_CLEANUP(qn_circuit_count(circuit, NULL, 1e-10, &result->cost));
    const size_t width = problem->matrix->is_complex ? 2 : 1;
    const double unit = 2 * maximum * problem->b_norm / problem->alpha;
    double kept = 0;
    for (size_t i = 0; i < problem->dimension; i++) {
        kept += memory[i].re * memory[i].re + memory[i].im * memory[i].im;
        result->x[width * i] = unit * memory[i].re;
        if (width == 2) {
            result->x[2 * i + 1] = unit * memory[i].im;
        }
    }
    *norm = 2 * maximum * sqrt(kept);
    result->qubits = qn_circuit_qubits(circuit);
    result->phase_residual = report.residual;
cleanup:
    qn__free(phases);
    qn__free(memory);
    qn_circuit_free(preparation);
    qn_circuit_free(encoding);
    qn_circuit_free(sequence);
    qn_circuit_free(circuit);
    return status;
}
