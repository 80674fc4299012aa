/* vqe_ledger.c: what a VQE run cost, and what it would cost on hardware: counted on its own circuit and observable. */
#include <quern/vqe.h>

#include <math.h>
#include <stdio.h>

#include "base/alloc.h"

static void set(qn_quantity *field, double value, qn_source source)
{
    *field = (qn_quantity){value, source};
}

/* Gates of the ansatz. Each of R rotations approximated to eps moves the state by at most R eps and the energy by at
 * most 2 |H| R eps, so eps = precision / (2 R sum|c|) keeps synthesis below the wanted precision. */
static qn_status count_circuit(const qn_circuit *ansatz, const qn_vqe_result *result, double one_norm, double precision,
                               qn_ledger *ledger)
{
    qn_circuit_cost cost;
    QN_TRY(qn_circuit_count(ansatz, result->parameters, 1e-3, &cost));
    double eps = 1e-3;
    if (cost.rotations > 0 && one_norm > 0.0) {
        eps = fmin(eps, precision / (2.0 * (double)cost.rotations * one_norm));
        QN_TRY(qn_circuit_count(ansatz, result->parameters, eps, &cost));
        set(&ledger->synthesis_error, eps, QN_SOURCE_MODELLED);
    }
    set(&ledger->qubits, qn_circuit_qubits(ansatz), QN_SOURCE_COUNTED);
    set(&ledger->gates, (double)cost.gates, QN_SOURCE_COUNTED);
    set(&ledger->two_qubit_gates, (double)cost.cx, QN_SOURCE_COUNTED);
    set(&ledger->depth, (double)cost.depth, QN_SOURCE_COUNTED);
    set(&ledger->two_qubit_depth, (double)cost.cx_depth, QN_SOURCE_COUNTED);
    set(&ledger->rotations, (double)cost.rotations, QN_SOURCE_COUNTED);
    set(&ledger->toffoli_count, (double)cost.toffoli, QN_SOURCE_COUNTED);
    set(&ledger->t_count, (double)cost.t_count, QN_SOURCE_MODELLED);
    return QN_OK;
}

/* Places where a symbol enters a gate: each is shifted by itself. */
static uint64_t moving_gates(const qn_circuit *ansatz)
{
    uint64_t count = 0;
    for (size_t i = 0; i < qn_circuit_operations(ansatz); i++) {
        qn_operation operation;
        qn_circuit_operation(ansatz, i, &operation);
        for (uint32_t p = 0; p < operation.nparams; p++) {
            count += operation.params[p].count > 0;
        }
    }
    return count;
}

/* Shots that the precision takes, from the exact variances of the measured groups at the final state. */
static qn_status count_shots(qn_context *context, const qn_circuit *ansatz, const qn_pauli_sum *hamiltonian,
                             const qn_vqe_result *result, double precision, qn_ledger *ledger)
{
    qn_engine *engine = NULL;
    qn_estimator *estimator = NULL;
    qn_status status = QN_OK;
    qn_estimator_options options = QN_ESTIMATOR_OPTIONS_INIT;
    QN_TRY_CLEANUP(qn_engine_open(context, "statevector", &engine));
    QN_TRY_CLEANUP(qn_estimator_create(engine, ansatz, &hamiltonian, 1, &options, &estimator));
    double shots = 0.0;
    QN_TRY_CLEANUP(qn_estimator_shots_for(estimator, result->parameters, 0, precision, &shots));
    set(&ledger->target_precision, precision, QN_SOURCE_COUNTED);
    set(&ledger->shots_per_evaluation, shots, QN_SOURCE_MODELLED);
    /* A gradient on hardware takes two evaluations for each place where a parameter turns a gate (four under controls,
     * which is not counted here: the figure stays a lower bound), besides the value itself. */
    const double calls = (double)(result->evaluations - result->gradients) +
                         (double)result->gradients * (1.0 + 2.0 * (double)moving_gates(ansatz));
    set(&ledger->shots_total, shots * calls, QN_SOURCE_MODELLED);
cleanup:
    qn_estimator_free(estimator);
    qn_engine_close(engine);
    return status;
}

static qn_status count_groups(const qn_pauli_sum *hamiltonian, qn_ledger *ledger)
{
    const size_t terms = qn_pauli_sum_terms(hamiltonian);
    uint32_t *group = qn__alloc(terms, sizeof *group), ngroups = 0;
    QN_ALLOC_CHECK(group);
    const qn_status status = qn_pauli_sum_group(hamiltonian, QN_GROUPING_COMMUTING, group, &ngroups);
    qn__free(group);
    QN_TRY(status);
    set(&ledger->terms, (double)terms, QN_SOURCE_COUNTED);
    set(&ledger->measured_circuits, ngroups, QN_SOURCE_COUNTED);
    return QN_OK;
}

qn_status qn_vqe_ledger(qn_context *context, const qn_circuit *ansatz, const qn_pauli_sum *hamiltonian,
                        const qn_vqe_result *result, const qn_exact_result *exact, double precision, qn_ledger *ledger)
{
    precision = precision > 0.0 ? precision : 1.6e-3;
    (void)snprintf(ledger->workload, sizeof ledger->workload, "vqe");
    (void)snprintf(ledger->answer_name, sizeof ledger->answer_name, "ground-state energy");
    const bool sampled = !result->estimator.exact;
    set(&ledger->answer, result->energy, sampled ? QN_SOURCE_SAMPLED : QN_SOURCE_EXACT);
    if (sampled) {
        set(&ledger->std_error, result->std_error, QN_SOURCE_SAMPLED);
    }
    if (exact != NULL && exact->states > 0) {
        set(&ledger->answer_error, result->energy - exact->energies[0], sampled ? QN_SOURCE_SAMPLED : QN_SOURCE_EXACT);
        (void)snprintf(ledger->classical_method, sizeof ledger->classical_method, "%s, dimension %llu",
                       exact->method == QN_EXACT_DENSE ? "dense diagonalisation (LAPACK)" : "matrix-free Lanczos",
                       (unsigned long long)exact->dimension);
        set(&ledger->classical_value, exact->energies[0], QN_SOURCE_EXACT);
        set(&ledger->classical_error, exact->residual_bounds[0], QN_SOURCE_EXACT);
        set(&ledger->classical_seconds, exact->seconds, QN_SOURCE_MEASURED);
    }
    set(&ledger->simulator_seconds, result->seconds, QN_SOURCE_MEASURED);
    set(&ledger->evaluations, (double)result->evaluations, QN_SOURCE_COUNTED);
    set(&ledger->state_bytes, ldexp(16.0, (int)qn_circuit_qubits(ansatz)), QN_SOURCE_COUNTED);
    QN_TRY(count_groups(hamiltonian, ledger));
    QN_TRY(count_circuit(ansatz, result, qn_pauli_sum_one_norm(hamiltonian), precision, ledger));
    return count_shots(context, ansatz, hamiltonian, result, precision, ledger);
}
