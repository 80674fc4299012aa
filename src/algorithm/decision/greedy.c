/* greedy.c: the best action of each row of a table by threshold search, and the bills of decision processes. */
#include <math.h>
#include <stdio.h>

#include <quern/decision.h>
#include <quern/load.h>
#include <quern/search.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/status.h"

static const double T_OF_TOFFOLI = 7, CX_OF_TOFFOLI = 6;

void qn_greedy_free(qn_greedy *greedy)
{
    if (greedy != NULL) {
        qn__free(greedy->action);
        qn__free(greedy);
    }
}

/* A table loaded and unloaded. */
static double lookup_toffoli(double entries)
{
    return 2 * (double)qn_load_qrom_toffoli((uint64_t)entries, false, false);
}

static double scan(const double *table, size_t rows, size_t actions, uint32_t *best)
{
    const double began = qn__clock();
    for (size_t r = 0; r < rows; r++) {
        const double *const row = table + r * actions;
        uint32_t top = 0;
        for (size_t a = 1; a < actions; a++) {
            top = row[a] > row[top] ? (uint32_t)a : top;
        }
        best[r] = top;
    }
    return qn__clock() - began;
}

static qn_status search_rows(const qn_context *context, const double *table, size_t rows, size_t actions,
                             double failure, uint64_t seed, double *negative, qn_greedy *out)
{
    const double began = qn__clock();
    double reported = 0;
    for (size_t r = 0; r < rows; r++) {
        const uint32_t best = out->action[r];
        qn_minimum_result *found = NULL;
        for (size_t a = 0; a < actions; a++) {
            negative[a] = -table[r * actions + a];
        }
        QN_TRY(qn_search_minimum(negative, actions, 1, failure, seed + r, &found));
        out->action[r] = (uint32_t)found->found[0];
        out->wrong += negative[found->found[0]] > negative[best];
        out->queries += (double)found->queries;
        out->queries_to_best += (double)found->queries_to_best / (double)rows;
        qn_minimum_result_free(found);
        QN_CHECK(!qn_context_interrupted(context), ERR_INTERRUPTED, "interrupted at row %zu of %zu", r, rows);
        const qn_progress progress = {"rows", r + 1, rows, r + 1, (double)NAN, qn__clock() - began};
        qn__context_progress(context, &progress, &reported, false);
    }
    return QN_OK;
}

qn_status qn_greedy_actions(const qn_context *context, const double *table, size_t rows, size_t actions, double failure,
                            uint64_t seed, qn_greedy **out)
{
    QN_CHECK(context != NULL && table != NULL && out != NULL, ERR_ARGUMENT, "a context, a table and a place");
    QN_CHECK(rows >= 1 && actions >= 1 && actions <= UINT32_MAX, ERR_RANGE, "%zu rows of %zu actions", rows, actions);
    for (size_t i = 0; i < rows * actions; i++) {
        QN_CHECK(isfinite(table[i]), ERR_NAN, "row %zu, action %zu: not a finite number", i / actions, i % actions);
    }
    const double began = qn__clock();
    qn_greedy *greedy = qn__calloc(1, sizeof *greedy);
    double *negative = qn__alloc(actions, sizeof *negative);
    qn_status status = greedy == NULL || negative == NULL ? QN_ERR_MEMORY : QN_OK;
    QN_TRY_CLEANUP(status);
    greedy->action = qn__alloc(rows, sizeof *greedy->action);
    status = greedy->action == NULL ? QN_ERR_MEMORY : QN_OK;
    QN_TRY_CLEANUP(status);
    greedy->scan_seconds = scan(table, rows, actions, greedy->action);
    greedy->lookup_toffoli = lookup_toffoli((double)actions);
    QN_TRY_CLEANUP(search_rows(context, table, rows, actions, failure, seed, negative, greedy));
    greedy->seconds = qn__clock() - began;
    *out = greedy;
    greedy = NULL;
cleanup:
    qn__free(negative);
    qn_greedy_free(greedy);
    return status;
}

/* ---- bills ---- */

static void set(qn_quantity *field, double value, qn_source source)
{
    *field = (qn_quantity){value, source};
}

static void set_toffoli(qn_ledger *ledger, double toffoli)
{
    set(&ledger->toffoli_count, toffoli, QN_SOURCE_MODELLED);
    set(&ledger->t_count, T_OF_TOFFOLI * toffoli, QN_SOURCE_MODELLED);
    set(&ledger->two_qubit_gates, CX_OF_TOFFOLI * toffoli, QN_SOURCE_MODELLED);
    set(&ledger->two_qubit_depth, CX_OF_TOFFOLI * toffoli, QN_SOURCE_MODELLED);
}

qn_status qn_greedy_ledger(const qn_greedy *greedy, size_t rows, size_t actions, qn_ledger *ledger)
{
    QN_CHECK(greedy != NULL && ledger != NULL && rows > 0, ERR_ARGUMENT, "a result and a ledger");
    const double bits = fmax(1, ceil(log2((double)actions))), each = greedy->queries / (double)rows;
    (void)snprintf(ledger->workload, sizeof ledger->workload, "mdp");
    (void)snprintf(ledger->answer_name, sizeof ledger->answer_name, "rows with a better action than the one found");
    (void)snprintf(ledger->classical_method, sizeof ledger->classical_method, "scan of every row");
    set(&ledger->answer, (double)greedy->wrong, QN_SOURCE_EXACT);
    set(&ledger->classical_seconds, greedy->scan_seconds, QN_SOURCE_MEASURED);
    set(&ledger->problem_size, (double)rows * (double)actions, QN_SOURCE_EXACT);
    set(&ledger->data_bytes, 8.0 * (double)rows * (double)actions, QN_SOURCE_EXACT);
    set(&ledger->simulator_seconds, greedy->seconds, QN_SOURCE_MEASURED);
    set(&ledger->evaluations, greedy->queries, QN_SOURCE_COUNTED);
    set(&ledger->queries, each, QN_SOURCE_COUNTED);
    set(&ledger->shots_total, (double)rows, QN_SOURCE_COUNTED);  /* one search a row */
    set(&ledger->qubits, 2 * bits - 1 + 64, QN_SOURCE_MODELLED); /* address, its tree, a double */
    set(&ledger->loading_gates, each * greedy->lookup_toffoli, QN_SOURCE_MODELLED);
    set(&ledger->speedup_degree, 2, QN_SOURCE_EXACT);
    /* beside the lookup a comparison of 64 bits, and the reflection */
    set_toffoli(ledger, each * (greedy->lookup_toffoli + 64 + fmax(0, 2 * bits - 5)));
    return QN_OK;
}

qn_status qn_quantum_iteration_ledger(const qn_mdp *mdp, const qn_quantum_iteration *iteration, double epsilon,
                                      qn_ledger *ledger)
{
    QN_CHECK(mdp != NULL && iteration != NULL && ledger != NULL, ERR_ARGUMENT, "a process, a result and a ledger");
    const double pairs = (double)mdp->states * mdp->actions, transitions = (double)mdp->start[(size_t)pairs];
    /* One call: the next state's distribution by a table of the pair's transitions, the value of that state by a table
     * of all states; each is loaded and unloaded. */
    const double entries = transitions / pairs;
    const double loading = lookup_toffoli(fmax(2, entries)) + lookup_toffoli(mdp->states);
    const double circuits = (double)iteration->estimations * iteration->repeats;
    const double calls = circuits > 0 ? iteration->queries_each / circuits : 0;
    (void)snprintf(ledger->workload, sizeof ledger->workload, "mdp");
    (void)snprintf(ledger->answer_name, sizeof ledger->answer_name, "value of the first state");
    set(&ledger->answer, iteration->value[mdp->first], QN_SOURCE_SAMPLED);
    set(&ledger->answer_error, iteration->error, QN_SOURCE_EXACT);
    set(&ledger->target_precision, epsilon, QN_SOURCE_EXACT);
    set(&ledger->problem_size, pairs, QN_SOURCE_EXACT);
    set(&ledger->data_bytes, transitions * 12 + pairs * 8, QN_SOURCE_EXACT);
    set(&ledger->simulator_seconds, iteration->seconds, QN_SOURCE_MEASURED);
    set(&ledger->evaluations, iteration->queries, QN_SOURCE_COUNTED);
    set(&ledger->queries, calls, QN_SOURCE_COUNTED);
    set(&ledger->shots_total, iteration->queries / fmax(1, calls), QN_SOURCE_COUNTED);
    set(&ledger->qubits, ceil(log2(fmax(2, mdp->states))) * 2 + 32 + iteration->clock, QN_SOURCE_MODELLED);
    set(&ledger->loading_gates, calls * loading, QN_SOURCE_MODELLED);
    set(&ledger->speedup_degree, 2, QN_SOURCE_EXACT);
    set_toffoli(ledger, calls * (loading + 32)); /* and a rotation by 32 bits */
    return QN_OK;
}
