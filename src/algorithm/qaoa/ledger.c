/* ledger.c: what the quantum side of a solution costs, counted on its circuit. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "algorithm/qaoa/circuits.h"
#include "algorithm/qaoa/dqi.h"
#include "algorithm/qaoa/subspace.h"
#include "base/alloc.h"
#include "base/status.h"

#include <quern/ansatz.h>
#include <quern/qaoa.h>

static void set(qn_quantity *field, double value, qn_source source)
{
    if (isfinite(value)) {
        *field = (qn_quantity){value, source};
    }
}

static void set_counts(const qn_circuit_cost *cost, double qubits, double factor, qn_ledger *ledger)
{
    set(&ledger->qubits, qubits, QN_SOURCE_COUNTED);
    set(&ledger->gates, (double)cost->gates * factor, QN_SOURCE_COUNTED);
    set(&ledger->two_qubit_gates, (double)cost->cx * factor, QN_SOURCE_COUNTED);
    set(&ledger->depth, (double)cost->depth * factor, QN_SOURCE_COUNTED);
    set(&ledger->two_qubit_depth, (double)cost->cx_depth * factor, QN_SOURCE_COUNTED);
    set(&ledger->rotations, (double)cost->rotations * factor, QN_SOURCE_COUNTED);
    set(&ledger->toffoli_count, (double)cost->toffoli * factor, QN_SOURCE_COUNTED);
    set(&ledger->t_count, (double)cost->t_count * factor, QN_SOURCE_MODELLED);
    set(&ledger->synthesis_error, 1e-4, QN_SOURCE_MODELLED);
}

/* Layers of phases and transverse mixers on a cost of any size, by formula: the circuit of qn_ansatz_qaoa, which
 * tests hold it against. Depth is left open. */
static void count_layers(qn_cost cost, double layers, qn_ledger *ledger)
{
    double phases = 0.0, cx = 0.0;
    const double n = qn_cost_variables(cost);
    if (cost.qubo != NULL) {
        for (uint32_t i = 0; i < qn_cost_variables(cost); i++) {
            const uint32_t *neighbours = NULL;
            const double *weights = NULL;
            const size_t degree = qn_qubo_row(cost.qubo, i, &neighbours, &weights);
            double field = qn_qubo_linear(cost.qubo, i);
            for (size_t k = 0; k < degree; k++) {
                field += weights[k] / 2.0;
            }
            phases += field != 0.0;
        }
        phases += (double)qn_qubo_couplings(cost.qubo);
        cx = 2.0 * (double)qn_qubo_couplings(cost.qubo);
    } else {
        for (size_t t = 0; t < qn_polynomial_terms(cost.polynomial); t++) {
            const uint32_t *variables = NULL;
            double c = 0.0;
            cx += 2.0 * ((double)qn_polynomial_term(cost.polynomial, t, &c, &variables) - 1.0);
            phases += 1.0;
        }
    }
    set(&ledger->qubits, n, QN_SOURCE_COUNTED);
    set(&ledger->rotations, layers * (phases + n), QN_SOURCE_COUNTED);
    set(&ledger->two_qubit_gates, layers * cx, QN_SOURCE_COUNTED);
    set(&ledger->gates, n + layers * (phases + n), QN_SOURCE_COUNTED);
    set(&ledger->toffoli_count, 0.0, QN_SOURCE_COUNTED);
    set(&ledger->queries, layers, QN_SOURCE_COUNTED);
}

static qn_status count_circuit(const qn_circuit *circuit, const double *theta, double factor, qn_ledger *ledger)
{
    qn_circuit_cost cost;
    QN_TRY(qn_circuit_count(circuit, theta, 1e-4, &cost));
    set_counts(&cost, qn_circuit_qubits(circuit), factor, ledger);
    return QN_OK;
}

/* Built, counted, thrown away; large ones by formula. */
static qn_status count_standard(qn_cost cost, const qn_qaoa_solution *a, qn_ledger *ledger)
{
    enum { MOST = 2000, MOST_TERMS = 100000 };
    count_layers(cost, (double)a->layers, ledger);
    const size_t terms = cost.qubo != NULL ? qn_qubo_couplings(cost.qubo) : qn_polynomial_terms(cost.polynomial);
    if (a->variables > MOST || terms > MOST_TERMS) {
        return QN_OK;
    }
    qn_pauli_sum *observable = NULL;
    qn_circuit *circuit = NULL;
    double *theta = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_cost_to_pauli(cost, &observable));
    QN_TRY_CLEANUP(qn_ansatz_qaoa(observable, a->layers, &circuit));
    QN_TRY_CLEANUP(count_circuit(circuit, NULL, 1.0, ledger));
cleanup:
    qn__free(theta);
    qn_circuit_free(circuit);
    qn_pauli_sum_free(observable);
    return status;
}

static qn_status count_grover(qn_cost cost, const qn_qaoa_solution *a, qn_ledger *ledger)
{
    qn_circuit *circuit = NULL;
    QN_TRY(qn_grover_mixer_circuit(cost, a->layers, a->angles, &circuit));
    const qn_status status = count_circuit(circuit, NULL, 1.0, ledger);
    qn_circuit_free(circuit);
    set(&ledger->queries, a->layers, QN_SOURCE_COUNTED);
    return status;
}

/* One query of the adaptive search is a Grover step: prepare, and its inverse. */
static qn_status count_adaptive(qn_cost cost, const qn_qaoa_solution *a, qn_ledger *ledger)
{
    set(&ledger->queries, a->queries, QN_SOURCE_SAMPLED);
    ledger->speedup_degree = (qn_quantity){2.0, QN_SOURCE_EXACT}; /* Grover's search is quadratic, and optimal */
    if (cost.qubo == NULL || !qn_qubo_is_integer(cost.qubo)) {
        return QN_OK;
    }
    const double threshold = rint(a->lowest) + 1.0;
    const uint32_t bits = qn_gas_value_bits(cost.qubo, threshold);
    if (a->variables + bits > 60) {
        return QN_OK;
    }
    qn_circuit *circuit = NULL;
    QN_TRY(qn_gas_circuit(cost.qubo, threshold, bits, 1, &circuit));
    const qn_status status = count_circuit(circuit, NULL, a->queries, ledger);
    qn_circuit_free(circuit);
    return status;
}

/* Up to the decoder, which depends on the code: without it the whole is not known, so what is counted stands in words.
 */
static qn_status count_dqi(qn_cost cost, const qn_qaoa_solution *a, qn_ledger *ledger)
{
    qn__spin_terms terms = {0};
    qn_circuit *circuit = NULL;
    double *weights = qn__alloc((size_t)a->layers + 1, sizeof *weights);
    QN_ALLOC_CHECK(weights);
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__spin_terms_create(cost, &terms));
    QN_TRY_CLEANUP(qn__dqi_weights((uint32_t)terms.count, a->layers, weights));
    QN_TRY_CLEANUP(qn__dqi_circuit(&terms, a->layers, weights, &circuit));
    qn_circuit_cost counted;
    QN_TRY_CLEANUP(qn_circuit_count(circuit, NULL, 1e-4, &counted));
    set(&ledger->qubits, qn_circuit_qubits(circuit), QN_SOURCE_COUNTED);
    set(&ledger->queries, 1.0, QN_SOURCE_COUNTED);
    qn_ledger_add_reason(
        ledger,
        "Errors and their syndrome take %llu gates, %llu of them arbitrary rotations, and %llu CX; the "
        "decoder that uncomputes the errors comes on top, depends on the code, and is not counted.",
        (unsigned long long)counted.gates, (unsigned long long)counted.rotations, (unsigned long long)counted.cx);
cleanup:
    qn__free(weights);
    qn_circuit_free(circuit);
    qn__spin_terms_release(&terms);
    return status;
}

static qn_status count_variant(qn_cost cost, const qn_qaoa_solution *a, qn_ledger *ledger)
{
    qn__spin_terms terms = {0};
    qn__subspace space = {0};
    qn_circuit *circuit = NULL;
    qn_context *context = NULL;
    double *theta = NULL;
    qn_status status = QN_OK;
    if (a->method == QN_QAOA_XY) {
        QN_TRY_CLEANUP(qn_context_create(NULL, &context));
        QN_TRY_CLEANUP(qn__subspace_create(context, cost.qubo, a->mixer, &space));
        QN_TRY_CLEANUP(qn__subspace_circuit(&space, cost, a->layers, a->angles, &circuit));
    } else {
        QN_TRY_CLEANUP(qn__spin_terms_create(cost, &terms));
        if (a->method == QN_QAOA_MULTI) {
            QN_TRY_CLEANUP(qn__circuit_multi(&terms, a->layers, &circuit));
        } else {
            theta = qn__alloc(a->variables, sizeof *theta);
            if (theta == NULL) {
                status = QN_ERR_MEMORY;
                goto cleanup;
            }
            for (uint32_t q = 0; q < a->variables; q++) {
                theta[q] = 1.0; /* any angle: it is synthesised all the same */
            }
            QN_TRY_CLEANUP(qn__circuit_warm(&terms, theta, a->layers, &circuit));
        }
    }
    QN_TRY_CLEANUP(count_circuit(circuit, NULL, 1.0, ledger));
    set(&ledger->queries, a->layers, QN_SOURCE_COUNTED);
cleanup:
    qn__free(theta);
    qn_circuit_free(circuit);
    qn__spin_terms_release(&terms);
    qn__subspace_release(&space);
    qn_context_free(context);
    return status;
}

qn_status qn_qaoa_ledger(qn_cost cost, const qn_qaoa_solution *a, qn_ledger *ledger)
{
    QN_CHECK(a != NULL && ledger != NULL, ERR_ARGUMENT, "qn_qaoa_ledger: a solution and a ledger are needed");
    qn_ledger out = *ledger;
    (void)snprintf(out.workload, sizeof out.workload, "optimize");
    (void)snprintf(out.answer_name, sizeof out.answer_name, "lowest cost measured");
    set(&out.answer, a->cost, QN_SOURCE_EXACT);
    set(&out.answer_error, a->cost - a->lowest, QN_SOURCE_EXACT);
    set(&out.problem_size, a->variables, QN_SOURCE_COUNTED);
    set(&out.simulator_seconds, a->seconds, QN_SOURCE_MEASURED);
    set(&out.evaluations, (double)a->evaluations, QN_SOURCE_COUNTED);
    set(&out.state_bytes, a->state_bytes, QN_SOURCE_COUNTED);
    const bool drawn = a->method == QN_QAOA_ADAPTIVE;
    set(&out.success_probability, a->success, drawn ? QN_SOURCE_SAMPLED : QN_SOURCE_EXACT);
    /* the coefficients of the cost are in the circuit's angles: nothing is loaded while it runs */
    set(&out.data_bytes, 0.0, QN_SOURCE_COUNTED);
    /* runs until an optimum is seen with probability 1 - 1/e, or the shots that were taken */
    const double needed = a->success > 0.0 ? fmax(1.0, 1.0 / a->success) : (double)a->shots;
    if (needed > 0.0) {
        set(&out.shots_total, needed, QN_SOURCE_MODELLED);
    }
    switch (a->method) {
    case QN_QAOA_STANDARD:
    case QN_QAOA_RECURSIVE:
    case QN_QAOA_FALQON:
        QN_TRY(count_standard(cost, a, &out));
        break;
    case QN_QAOA_GROVER:
        QN_TRY(count_grover(cost, a, &out));
        break;
    case QN_QAOA_ADAPTIVE:
        QN_TRY(count_adaptive(cost, a, &out));
        break;
    case QN_QAOA_DQI:
        QN_TRY(count_dqi(cost, a, &out));
        break;
    default:
        QN_TRY(count_variant(cost, a, &out));
        break;
    }
    if (a->method != QN_QAOA_ADAPTIVE) {
        qn_ledger_add_reason(&out, "a heuristic: no speedup over classical optimization is proven for this circuit");
    }
    *ledger = out;
    return QN_OK;
}
