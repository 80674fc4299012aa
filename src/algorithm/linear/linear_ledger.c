/* linear_ledger.c: the bill of a linear system: what was counted or measured, and a stated model for the
 * block-encoding. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "algorithm/block_encoding/encoding.h"
#include "algorithm/linear/linear.h"
#include "base/alloc.h"
#include "base/clock.h"

enum { T_OF_TOFFOLI = 7 }; /* as qn_circuit_count takes it apart */

static qn_quantity known(double value, qn_source source)
{
    return (qn_quantity){value, isnan(value) ? QN_SOURCE_UNKNOWN : source};
}

/* Bytes a query must be able to reach: values and column indices of a stored matrix; none for a formula, unless the
 * block-encoding that was chosen reads tables all the same, or the circuit was compiled from the entries. */
static double matrix_bytes(const qn_linear_problem *problem, const qn_linear_options *options, bool compiled)
{
    const bool computed =
        options->price != NULL ? options->price->kind == QN_ENCODING_STRUCTURED : problem->gridded && !compiled;
    const double entry = (problem->matrix->is_complex ? 16.0 : 8.0) + 4.0;
    return computed ? 0 : entry * (double)problem->matrix->nonzeros;
}

/* Toffolis of one query, a lower model. Grid: two shifts an axis, each an increment and a test for the edge on n
 * qubits. Stored matrix: one look-up of 64 bits in a table of all entries by SELECT-SWAP, 2 sqrt(64 L) (G. H. Low, V.
 * Kliuchnikov, L. Schaeffer, arXiv:1812.00954). */
static double toffoli_per_query(const qn_linear_problem *problem)
{
    if (!problem->gridded) {
        return ceil(2 * sqrt(64 * (double)problem->matrix->nonzeros));
    }
    double sum = 0;
    for (uint32_t axis = 0; axis < problem->grid.axes; axis++) {
        sum += 4 * ceil(log2((double)problem->grid.length[axis] + 1));
    }
    return sum;
}

/* How long this machine takes to copy what the circuit must load, from the time of b. */
static double copy_seconds(const qn_linear_problem *problem, double all_bytes)
{
    const size_t bytes = problem->width * sizeof *problem->b;
    char *copy = qn__alloc(bytes + 1, 1);
    if (copy == NULL) {
        return (double)NAN;
    }
    const double started = qn__clock();
    memcpy(copy, problem->b, bytes);
    const double b_seconds = qn__clock() - started + 1e-8 * (copy[0] == 'q'); /* the copy is looked at, so it is made */
    qn__free(copy);
    return b_seconds * all_bytes / (double)bytes;
}

static bool uniform_b(const qn_linear_problem *problem)
{
    for (size_t i = 1; i < problem->width; i++) {
        if (fabs(problem->b[i] - problem->b[problem->matrix->is_complex ? i % 2 : 0]) > 0) {
            return false;
        }
    }
    return true;
}

/* Rotations beside those of the block-encoding: a phase (qsvt) or a turn (shortcut) for each call, for cks a bound from
 * above, or the Fourier transform of a clock; walks that
 * have neither turn a weight at each step. */
static double rotations_beside(const qn_linear_plan *plan, double queries)
{
    return !isnan(plan->degree)       ? plan->degree
           : !isnan(plan->clock_bits) ? plan->clock_bits * plan->clock_bits
                                      : queries;
}

/* A block-encoding that was chosen: so many calls of it. */
static void fill_price(const qn_encoding_cost *price, const qn_linear_plan *plan, double queries, double b_gates,
                       qn_ledger *ledger)
{
    const qn_source source = price->counted ? QN_SOURCE_COUNTED : QN_SOURCE_MODELLED;
    const double clock = isnan(plan->clock_bits) ? 0 : plan->clock_bits;
    ledger->qubits = known(price->system + price->ancillas + 2 + clock, source);
    ledger->two_qubit_gates = known(price->cx * queries, source);
    ledger->rotations = known(price->rotations * queries + rotations_beside(plan, queries), source);
    ledger->toffoli_count = known(price->toffoli * queries + b_gates, source);
    const qn_data_gates data = qn__encoding_loading(price);
    ledger->loading_gates = known(data.toffoli * queries + b_gates, source);
    ledger->loading_t_count = known(data.t_count * queries + T_OF_TOFFOLI * b_gates, source);
}

/* A Hadamard test: the ansatz, two controlled strings and b there and back; the tests of all evaluations, each to a
 * precision that tells C = (epsilon / kappa)^2 from 0, are its shots. */
static void fill_tests(const qn_linear_problem *problem, const qn_linear_options *options,
                       const qn_linear_result *result, double tests, double b_gates, qn_ledger *ledger)
{
    const double epsilon = options->epsilon > 0 ? options->epsilon : 1e-6;
    const double n = fmax(1, ceil(log2((double)problem->dimension)));
    const double layers = options->layers > 0 ? options->layers : ceil(1.5 * exp2(n) / n) + 1;
    const double cost = pow(epsilon / problem->kappa, 2);
    ledger->qubits = known(n + 1, QN_SOURCE_COUNTED);
    ledger->queries = known(1, QN_SOURCE_COUNTED);
    ledger->terms = known(tests, QN_SOURCE_COUNTED);
    ledger->shots_per_evaluation = known(1 / (cost * cost), QN_SOURCE_MODELLED);
    ledger->shots_total = known(tests / (cost * cost), QN_SOURCE_MODELLED);
    if (result != NULL && result->cost.gates > 0) {
        return; /* the largest test has been counted */
    }
    ledger->rotations = known(n * (layers + 1) * (problem->matrix->is_complex ? 2 : 1), QN_SOURCE_COUNTED);
    ledger->two_qubit_gates = known((n - 1) * layers + 4 * n, QN_SOURCE_MODELLED);
    ledger->two_qubit_depth = known(layers + 4 * n, QN_SOURCE_MODELLED); /* the strings are controlled one by one */
    ledger->toffoli_count = known(2 * b_gates, QN_SOURCE_MODELLED);
    ledger->loading_gates = known(2 * b_gates, QN_SOURCE_MODELLED); /* Pauli strings are the program itself */
}

static void fill_cost(const qn_linear_problem *problem, const qn_linear_options *options, const qn_linear_plan *plan,
                      const qn_linear_result *result, double b_gates, qn_ledger *ledger)
{
    if (result != NULL && result->cost.gates > 0) {
        ledger->gates = known((double)(result->cost.one_qubit + result->cost.cx), QN_SOURCE_COUNTED);
        ledger->two_qubit_gates = known((double)result->cost.cx, QN_SOURCE_COUNTED);
        ledger->depth = known((double)result->cost.depth, QN_SOURCE_COUNTED);
        ledger->two_qubit_depth = known((double)result->cost.cx_depth, QN_SOURCE_COUNTED);
        ledger->rotations = known((double)result->cost.rotations, QN_SOURCE_COUNTED);
        ledger->t_count = known((double)result->cost.t_count, QN_SOURCE_COUNTED);
        ledger->toffoli_count = known((double)result->cost.toffoli, QN_SOURCE_COUNTED); /* 7 of the T gates each */
        ledger->loading_gates = known(result->loading.toffoli, QN_SOURCE_COUNTED);
        ledger->loading_t_count = known(result->loading.t_count, QN_SOURCE_COUNTED);
        ledger->synthesis_error = known(1e-10, QN_SOURCE_EXACT);
        ledger->qubits = known(result->qubits, QN_SOURCE_COUNTED);
        return;
    }
    const double queries = result != NULL ? result->queries : plan->queries;
    if (options->price != NULL) {
        fill_price(options->price, plan, queries, b_gates, ledger);
        return;
    }
    const double per_query = toffoli_per_query(problem);
    const double clock = isnan(plan->clock_bits) ? 0 : plan->clock_bits;
    ledger->qubits = known(ceil(log2((double)problem->dimension)) + 4 + clock, QN_SOURCE_MODELLED);
    ledger->toffoli_count = known(per_query * queries + b_gates, QN_SOURCE_MODELLED);
    ledger->rotations = known(rotations_beside(plan, queries), QN_SOURCE_MODELLED);
    /* a query joins every qubit of the index with the others: no fewer layers than a tree over them has */
    ledger->two_qubit_depth =
        known(queries * ceil(log2(fmax(2, log2((double)problem->dimension)))), QN_SOURCE_MODELLED);
    ledger->loading_gates = known(problem->gridded ? b_gates : per_query * queries + b_gates, QN_SOURCE_MODELLED);
}

static void repeat(qn_quantity *field, double times)
{
    field->value *= times;
    field->source = field->source == QN_SOURCE_COUNTED ? QN_SOURCE_MODELLED : field->source;
}

/* All that grows with the calls of one run. */
static void repeat_all(qn_ledger *ledger, double times)
{
    qn_quantity *const of_one_run[] = {&ledger->gates,           &ledger->two_qubit_gates, &ledger->depth,
                                       &ledger->two_qubit_depth, &ledger->rotations,       &ledger->t_count,
                                       &ledger->toffoli_count,   &ledger->loading_gates,   &ledger->loading_t_count};
    for (size_t k = 0; k < sizeof of_one_run / sizeof of_one_run[0]; k++) {
        repeat(of_one_run[k], times);
    }
    ledger->queries.value *= times;
}

/* The circuit that would be run: the method's, 2 k + 1 times when k rounds of amplification are cheaper than repeating;
 * it then succeeds with sin^2((2 k + 1) asin sqrt p). The reflections between, on few qubits, are left out: a lower
 * model. */
static void amplify(const qn_linear_result *result, qn_ledger *ledger)
{
    const double calls = 2 * result->amplification_rounds + 1;
    ledger->success_probability = known(result->success_probability, QN_SOURCE_EXACT);
    if (calls > 1) {
        repeat_all(ledger, calls);
        ledger->success_probability.value = pow(sin(calls * asin(sqrt(fmin(1, result->success_probability)))), 2);
    }
}

/* Calls before the runs, each with the gates of a call, as if every run had its part of them. */
static void share_before(double before, qn_ledger *ledger)
{
    const double runs = ledger->shots_total.value, all = ledger->queries.value * runs;
    if (before > 0 && all > 0 && isfinite(all)) {
        repeat_all(ledger, 1 + before / all);
        ledger->queries.source = QN_SOURCE_MODELLED; /* the search is one that a model of its shots foresees */
        qn_ledger_add_reason(ledger, "%.3g of the calls find the norm of x; they are shared by %.3g run%s.", before,
                             runs, runs > 1 ? "s" : "");
    }
}

qn_status qn_linear_ledger(const qn_linear_problem *problem, const qn_linear_options *options,
                           const qn_linear_plan *plan, const qn_linear_result *result, const qn_readout_result *readout,
                           const char *rival_name, const qn_sparse_outcome *rival, qn_ledger *ledger)
{
    QN_CHECK(problem != NULL && options != NULL && plan != NULL && ledger != NULL, ERR_ARGUMENT,
             "a problem, options, a plan and a ledger are needed");
    qn_ledger_init(ledger);
    (void)snprintf(ledger->workload, sizeof ledger->workload, "linear");
    (void)snprintf(ledger->answer_name, sizeof ledger->answer_name, "norm of the solution%s",
                   problem->cutoff > 0 ? " on the well-conditioned part" : "");
    const bool ones = uniform_b(problem);
    const double n = (double)problem->dimension, b_bytes = ones ? 0 : 8 * (double)problem->width;
    const double b_gates = ones ? 0 : ceil(2 * sqrt(64 * n)); /* one look-up of 64 bits */
    ledger->problem_size = known(n, QN_SOURCE_EXACT);
    ledger->target_precision = known(options->epsilon > 0 ? options->epsilon : 1e-6, QN_SOURCE_EXACT);
    ledger->queries = known(result != NULL ? result->queries : plan->queries, QN_SOURCE_COUNTED);
    const double data = matrix_bytes(problem, options, result != NULL && result->cost.gates > 0) + b_bytes;
    ledger->data_bytes = known(data, QN_SOURCE_COUNTED);
    ledger->loading_seconds =
        data > 0 ? known(copy_seconds(problem, data), QN_SOURCE_MEASURED) : known(0, QN_SOURCE_EXACT);
    fill_cost(problem, options, plan, result, b_gates, ledger);
    if (result != NULL) {
        ledger->answer = known(result->solution_norm, QN_SOURCE_EXACT);
        ledger->answer_error = known(result->error_bound * result->solution_norm, QN_SOURCE_EXACT);
        ledger->simulator_seconds = known(result->seconds, QN_SOURCE_MEASURED);
        ledger->state_bytes = known(plan->bytes, QN_SOURCE_MODELLED);
        amplify(result, ledger);
        const double runs = readout != NULL && readout->shots > 0 ? readout->shots : 1;
        ledger->shots_per_evaluation = known(runs, QN_SOURCE_COUNTED);
        const double p = ledger->success_probability.value; /* 0: nothing of b passes the filter */
        /* success of all but 1e-4 is no second run */
        ledger->shots_total = known(p > 0 ? fmax(runs, ceil(runs / p - 1e-4)) : (double)NAN, QN_SOURCE_MODELLED);
    } else {
        ledger->shots_total = known(1, QN_SOURCE_MODELLED); /* one successful run at the very least */
    }
    if (options->method != NULL && strcmp(options->method, "vqls") == 0) {
        fill_tests(problem, options, result, result != NULL ? result->queries : plan->queries, b_gates, ledger);
    } else {
        share_before(result != NULL ? result->queries_before : plan->queries_before, ledger);
    }
    if (rival != NULL && rival_name != NULL) {
        (void)snprintf(ledger->classical_method, sizeof ledger->classical_method, "%s, relative residual %.1e",
                       rival_name, rival->residual);
        ledger->classical_seconds = known(rival->seconds, QN_SOURCE_MEASURED);
        /* with a cut-off the residual is what both leave out of b, no error */
        ledger->classical_error = known(problem->cutoff > 0 ? (double)NAN : rival->residual, QN_SOURCE_MEASURED);
    }
    return QN_OK;
}
