/* search_ledger.c: the bill of a search: one run of its whole circuit, from the compiled step where it can be built. */
#include <quern/search.h>

#include <math.h>
#include <stdio.h>

#include <quern/load.h>

#include "algorithm/search/counting.h"
#include "algorithm/search/oracle.h"
#include "base/status.h"

enum { COUNTED_QUBITS = 4096 }; /* circuits of more are priced by formula alone */
static const double COUNTED_TOFFOLI = 2e5, SYNTHESIS_ERROR = 1e-10, T_OF_TOFFOLI = 7;

static void set(qn_quantity *field, double value, qn_source source)
{
    *field = (qn_quantity){value, source};
}

/* Gates of the step, times the steps. */
static qn_status count_steps(const qn_oracle *oracle, const qn_search_result *result, double steps, bool phased,
                             qn_ledger *ledger)
{
    qn_circuit *step = NULL;
    qn_circuit_cost cost;
    QN_TRY(qn_search_compile(oracle, result->oracle.layout, COUNTED_QUBITS, phased, &step));
    const qn_status status = qn_circuit_count(step, NULL, SYNTHESIS_ERROR, &cost);
    qn_circuit_free(step);
    QN_TRY(status);
    const double bits = qn_oracle_bits(oracle);
    set(&ledger->gates, bits + steps * (double)cost.gates, QN_SOURCE_COUNTED);
    set(&ledger->two_qubit_gates, steps * (double)cost.cx, QN_SOURCE_COUNTED);
    set(&ledger->depth, 1 + steps * (double)cost.depth, QN_SOURCE_COUNTED);
    set(&ledger->two_qubit_depth, steps * (double)cost.cx_depth, QN_SOURCE_COUNTED);
    set(&ledger->toffoli_count, steps * (double)cost.toffoli, QN_SOURCE_COUNTED);
    set(&ledger->t_count, steps * (double)cost.t_count, phased ? QN_SOURCE_MODELLED : QN_SOURCE_COUNTED);
    set(&ledger->rotations, steps * (double)cost.rotations, QN_SOURCE_COUNTED);
    if (phased) {
        set(&ledger->synthesis_error, SYNTHESIS_ERROR, QN_SOURCE_MODELLED);
    }
    return QN_OK;
}

/* Ancillas that the widest gate's AND ladder takes. */
static uint32_t ladder_of(const qn_circuit *circuit)
{
    uint32_t most = 0;
    for (size_t k = 0; k < qn_circuit_operations(circuit); k++) {
        qn_operation o;
        qn_circuit_operation(circuit, k, &o);
        const uint32_t controls = o.kind == QN_OP_GATE ? o.ncontrols : 0;
        most = controls > 2 && controls - 2 > most ? controls - 2 : most;
    }
    return most;
}

/* Phase estimation: the controlled step 2^bits - 1 times, and the clock's own gates. Its depth is that of the pieces
 * one behind the other: an upper bound, as the last H of a step and the next clock qubit's gates may overlap. */
static qn_status count_clock(const qn_oracle *oracle, const qn_search_result *result, qn_ledger *ledger)
{
    const double calls = (double)result->steps;
    const uint32_t bits = (uint32_t)lround(log2(calls + 1));
    qn_circuit *step = NULL, *clock = NULL;
    qn_circuit_cost each, rest;
    QN_TRY(qn__counting_parts(oracle, result->oracle.layout, UINT32_MAX, bits, &step, &clock));
    const double qubits = (double)qn_circuit_qubits(step) + ladder_of(step);
    qn_status status = qn_circuit_count(step, NULL, SYNTHESIS_ERROR, &each);
    status = status == QN_OK ? qn_circuit_count(clock, NULL, SYNTHESIS_ERROR, &rest) : status;
    qn_circuit_free(step);
    qn_circuit_free(clock);
    QN_TRY(status);
    set(&ledger->qubits, qubits, QN_SOURCE_COUNTED);
    set(&ledger->gates, (double)rest.gates + calls * (double)each.gates, QN_SOURCE_COUNTED);
    set(&ledger->two_qubit_gates, (double)rest.cx + calls * (double)each.cx, QN_SOURCE_COUNTED);
    set(&ledger->depth, (double)rest.depth + calls * (double)each.depth, QN_SOURCE_COUNTED);
    set(&ledger->two_qubit_depth, (double)rest.cx_depth + calls * (double)each.cx_depth, QN_SOURCE_COUNTED);
    set(&ledger->toffoli_count, (double)rest.toffoli + calls * (double)each.toffoli, QN_SOURCE_COUNTED);
    set(&ledger->t_count, (double)rest.t_count + calls * (double)each.t_count, QN_SOURCE_COUNTED);
    set(&ledger->rotations, (double)rest.rotations + calls * (double)each.rotations, QN_SOURCE_COUNTED);
    set(&ledger->synthesis_error, SYNTHESIS_ERROR, QN_SOURCE_EXACT);
    return QN_OK;
}

static void by_formula(const qn_oracle *oracle, const qn_search_result *result, double steps, qn_ledger *ledger)
{
    const double mirror = qn__oracle_toffoli(qn_oracle_bits(oracle) - 1);
    const double toffoli = steps * (result->oracle.toffoli + mirror);
    set(&ledger->toffoli_count, toffoli, QN_SOURCE_MODELLED);
    set(&ledger->t_count, T_OF_TOFFOLI * toffoli, QN_SOURCE_MODELLED);
    set(&ledger->two_qubit_gates, 6 * toffoli, QN_SOURCE_MODELLED);
    set(&ledger->two_qubit_depth, 6 * toffoli, QN_SOURCE_MODELLED); /* one Toffoli after the other: an upper bound */
}

qn_status qn_search_ledger(const qn_oracle *oracle, const qn_search_result *result, qn_ledger *ledger)
{
    QN_CHECK(oracle != NULL && result != NULL && ledger != NULL, ERR_ARGUMENT, "an oracle, a result and a ledger");
    const bool phased = result->method == QN_SEARCH_EXACT || result->method == QN_SEARCH_FIXED_POINT;
    /* One run: the mean of what the runs took; verifying is classical work. */
    const double runs = fmax(1, (double)result->runs);
    const double steps = fmax(1, ((double)result->queries - (result->method == QN_SEARCH_COUNTING ? 0 : runs)) / runs);
    (void)snprintf(ledger->workload, sizeof ledger->workload, "search");
    (void)snprintf(ledger->answer_name, sizeof ledger->answer_name, "%s",
                   result->method == QN_SEARCH_COUNTING ? "marked items" : "solutions found");
    set(&ledger->answer, result->method == QN_SEARCH_COUNTING ? result->estimate : (double)result->count,
        result->method == QN_SEARCH_COUNTING ? QN_SOURCE_SAMPLED : QN_SOURCE_EXACT);
    set(&ledger->problem_size, (double)qn_oracle_items(oracle), QN_SOURCE_EXACT);
    set(&ledger->simulator_seconds, result->seconds, QN_SOURCE_MEASURED);
    set(&ledger->state_bytes, result->bytes, QN_SOURCE_COUNTED);
    set(&ledger->evaluations, (double)result->queries, QN_SOURCE_COUNTED);
    set(&ledger->queries, steps, QN_SOURCE_COUNTED);
    set(&ledger->qubits, (double)result->oracle.qubits + result->oracle.ladder, QN_SOURCE_COUNTED);
    set(&ledger->speedup_degree, 2, QN_SOURCE_EXACT);
    set(&ledger->shots_total, runs, QN_SOURCE_COUNTED);
    if (result->count > 0) {
        set(&ledger->success_probability, fmin(1, (double)result->count / runs), QN_SOURCE_SAMPLED);
    }
    if (result->oracle.loading > 0) {
        set(&ledger->loading_gates, steps * result->oracle.loading, QN_SOURCE_COUNTED);
    }
    const bool countable = result->oracle.toffoli <= COUNTED_TOFFOLI && result->oracle.qubits <= COUNTED_QUBITS;
    if (countable && result->method == QN_SEARCH_COUNTING && result->steps > 0) {
        return count_clock(oracle, result, ledger);
    }
    if (countable) {
        return count_steps(oracle, result, steps, phased, ledger);
    }
    by_formula(oracle, result, steps, ledger);
    return QN_OK;
}

/* The mean of the searches, as counted on the circuits of all their thresholds. */
static void fill_counted(const qn_minimum_cost *cost, double runs, qn_ledger *ledger)
{
    set(&ledger->qubits, cost->qubits, QN_SOURCE_COUNTED);
    set(&ledger->gates, cost->gates / runs, QN_SOURCE_COUNTED);
    set(&ledger->two_qubit_gates, cost->cx / runs, QN_SOURCE_COUNTED);
    set(&ledger->depth, cost->depth / runs, QN_SOURCE_COUNTED);
    set(&ledger->two_qubit_depth, cost->cx_depth / runs, QN_SOURCE_COUNTED);
    set(&ledger->toffoli_count, cost->toffoli / runs, QN_SOURCE_COUNTED);
    set(&ledger->t_count, cost->t / runs, QN_SOURCE_COUNTED);
    set(&ledger->loading_gates, cost->loading / runs, QN_SOURCE_COUNTED);
}

qn_status qn_minimum_ledger(uint64_t items, const qn_minimum_result *result, qn_ledger *ledger)
{
    QN_CHECK(result != NULL && ledger != NULL && items > 0, ERR_ARGUMENT, "a result and a ledger");
    enum { VALUE_BITS = 64 };
    const double bits = fmax(1, ceil(log2((double)items)));
    const double lookup = 2 * (double)qn_load_qrom_toffoli(items, false, false); /* load and unload */
    const double call = lookup + VALUE_BITS + qn__oracle_toffoli((uint32_t)bits - 1);
    const double runs = fmax(1, (double)result->runs), calls = (double)result->queries / runs;
    (void)snprintf(ledger->workload, sizeof ledger->workload, "search");
    (void)snprintf(ledger->answer_name, sizeof ledger->answer_name, "smallest values found");
    set(&ledger->answer, (double)result->count, QN_SOURCE_EXACT);
    set(&ledger->problem_size, (double)items, QN_SOURCE_EXACT);
    set(&ledger->data_bytes, 8 * (double)items, QN_SOURCE_EXACT);
    set(&ledger->simulator_seconds, result->seconds, QN_SOURCE_MEASURED);
    set(&ledger->evaluations, (double)result->queries, QN_SOURCE_COUNTED);
    set(&ledger->queries, calls, QN_SOURCE_COUNTED);
    set(&ledger->success_probability, result->confidence, QN_SOURCE_EXACT);
    set(&ledger->speedup_degree, 2, QN_SOURCE_EXACT);
    set(&ledger->shots_total, runs, QN_SOURCE_COUNTED);
    if (result->cost.counted) {
        fill_counted(&result->cost, runs, ledger);
        return QN_OK;
    }
    set(&ledger->qubits, 2 * bits - 1 + VALUE_BITS, QN_SOURCE_MODELLED);
    set(&ledger->loading_gates, calls * lookup, QN_SOURCE_MODELLED);
    set(&ledger->toffoli_count, calls * call, QN_SOURCE_MODELLED);
    set(&ledger->t_count, T_OF_TOFFOLI * calls * call, QN_SOURCE_MODELLED);
    set(&ledger->two_qubit_gates, 6 * calls * call, QN_SOURCE_MODELLED);
    set(&ledger->two_qubit_depth, 6 * calls * call, QN_SOURCE_MODELLED);
    return QN_OK;
}
