/* plateau_ledger.c: what one full gradient would take on hardware at the largest size sampled, and its rival: the
 * simulator that just worked it out. */
#include <math.h>
#include <stdio.h>

#include "base/status.h"
#include "learn/plateau_model.h"

static void set(qn_quantity *field, double value, qn_source source)
{
    if (isfinite(value)) {
        *field = (qn_quantity){value, source};
    }
}

static void fill(const qn_plateau_options *o, const qn_plateau_result *result, const qn_circuit *circuit,
                 const qn_circuit_cost *cost, qn_ledger *ledger)
{
    const qn_plateau_row *row = &result->rows[result->count - 1];
    const double gradient_seconds = row->seconds / (double)o->samples;
    (void)snprintf(ledger->workload, sizeof ledger->workload, "train");
    (void)snprintf(ledger->input, sizeof ledger->input, "%s, %u qubits, %u layers, start %s",
                   qn_plateau_ansatz_name((size_t)o->ansatz), row->qubits, row->layers,
                   qn_plateau_start_name((size_t)o->start));
    (void)snprintf(ledger->answer_name, sizeof ledger->answer_name, "variance of a derivative, mean over angles");
    set(&ledger->answer, row->variance[QN_PLATEAU_MEAN], QN_SOURCE_SAMPLED);
    set(&ledger->std_error, (row->high[QN_PLATEAU_MEAN] - row->low[QN_PLATEAU_MEAN]) / 3.92, QN_SOURCE_SAMPLED);
    (void)snprintf(ledger->classical_method, sizeof ledger->classical_method, "the same gradient by %s",
                   o->twin ? "simulation in the Lie algebra" : "adjoint simulation");
    set(&ledger->classical_value, row->variance[QN_PLATEAU_MEAN], QN_SOURCE_SAMPLED);
    set(&ledger->classical_seconds, gradient_seconds, QN_SOURCE_MEASURED);
    set(&ledger->problem_size, row->qubits, QN_SOURCE_EXACT);
    set(&ledger->simulator_seconds, result->seconds, QN_SOURCE_MEASURED);
    set(&ledger->evaluations, (double)result->gradients, QN_SOURCE_COUNTED);
    if (!o->twin) {
        set(&ledger->state_bytes, ldexp(16.0, (int)qn_circuit_qubits(circuit)), QN_SOURCE_EXACT);
    }
    set(&ledger->qubits, qn_circuit_qubits(circuit), QN_SOURCE_COUNTED);
    set(&ledger->gates, (double)cost->gates, QN_SOURCE_COUNTED);
    set(&ledger->two_qubit_gates, (double)cost->cx, QN_SOURCE_COUNTED);
    set(&ledger->depth, (double)cost->depth, QN_SOURCE_COUNTED);
    set(&ledger->two_qubit_depth, (double)cost->cx_depth, QN_SOURCE_COUNTED);
    set(&ledger->rotations, (double)cost->rotations, QN_SOURCE_COUNTED);
    set(&ledger->toffoli_count, (double)cost->toffoli, QN_SOURCE_COUNTED);
    set(&ledger->t_count, (double)cost->t_count, QN_SOURCE_MODELLED);
    set(&ledger->synthesis_error, 1e-4, QN_SOURCE_MODELLED);
    set(&ledger->data_bytes, 0.0, QN_SOURCE_EXACT);
    set(&ledger->target_precision, sqrt(row->mean_square) / 2.0, QN_SOURCE_SAMPLED);
    set(&ledger->shots_per_evaluation, row->shots_per_sign / 2.0, QN_SOURCE_MODELLED);
    set(&ledger->shots_total, row->shots_per_sign * (double)row->parameters, QN_SOURCE_MODELLED);
    if (!isfinite(row->shots_per_sign)) {
        return;
    }
    qn_ledger_add_timed_reason(
        ledger,
        "One derivative's sign takes %.3g shots at %u qubits; this machine works the whole gradient "
        "out in %.2g s, exactly.",
        row->shots_per_sign, row->qubits, gradient_seconds);
}

qn_status qn_plateau_ledger(const qn_plateau_options *options, const qn_plateau_result *result, qn_ledger *ledger)
{
    QN_CHECK(result->count > 0, ERR_ARGUMENT, "no size was done");
    qn_circuit *circuit = NULL;
    qn_circuit_cost cost;
    QN_TRY(qn_plateau_circuit(options, result->rows[result->count - 1].qubits, &circuit));
    const qn_status status = qn_circuit_count(circuit, NULL, 1e-4, &cost);
    if (status == QN_OK) {
        fill(options, result, circuit, &cost, ledger);
    }
    qn_circuit_free(circuit);
    return status;
}
