/* selftest_advice.c: rows of data/reference.tsv that crossovers, lookups and whole workloads compute. */
#include <quern/advise.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "advise/loading.h"
#include "advise/selftest.h"
#include "advise/weigh.h"

/* quantum_s, classical_s: seconds a call; `cores` classical machines side by side. */
qn_status qn__evaluate_crossover(const qn_advice *advice, const qn__pairs *arguments, qn__results *out)
{
    (void)advice;
    double quantum = 0, classical = 0, degree = 2, cores = 1;
    QN_TRY(qn__pairs_need(arguments, "quantum_s", &quantum));
    QN_TRY(qn__pairs_need(arguments, "classical_s", &classical));
    QN_TRY(qn__pairs_number(arguments, "degree", 2, &degree));
    QN_TRY(qn__pairs_number(arguments, "cores", 1, &cores));
    const qn__crossing x = qn__crossing_closed((qn__count)quantum, (qn__count)classical / (qn__count)cores, degree);
    QN_CHECK(x.exists, ERR_RANGE, "a degree above 1 and times above 0 are needed");
    qn__results_add(out, "operations", (double)x.size);
    qn__results_add(out, "seconds", (double)x.seconds);
    return QN_OK;
}

/* Rates of whole machines as in T. Hoefler et al., arXiv:2307.00523: 10,000 logical qubits at 10 us a gate against one
 * special-purpose chip. An N-bit product is 2 N^2 gates deep on 5 N qubits with a factory of 5.5 x 77 tiles. */
qn_status qn__evaluate_oracle_operations(const qn_advice *advice, const qn__pairs *arguments, qn__results *out)
{
    (void)advice;
    static const struct {
        const char *name;
        double depth, qubits, chip; /* gates one after the other; beside the factory's; operations a second */
    } numbers[] = {{"fp16", 2 * 10.0 * 10, 5 * 10, 0.55e15},
                   {"int32", 2 * 32.0 * 32, 5 * 32, 0.215e15},
                   {"binary", 1, 3, 77.4e15}};
    const char *number = qn__pairs_text(arguments, "number");
    double budget = 0;
    QN_TRY(qn__pairs_need(arguments, "seconds", &budget));
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (number == NULL || strcmp(number, numbers[i].name) != 0) {
            continue;
        }
        const double units = floor(1e4 / (numbers[i].qubits + 5.5 * 77)), rate = units / (numbers[i].depth * 1e-5);
        qn__results_add(out, "rate", rate);
        for (int degree = 2; degree <= 4; degree++) {
            char name[32];
            (void)snprintf(name, sizeof name, "degree%d", degree);
            qn__results_add(out, name,
                            (double)qn__most_operations((qn__count)budget, 1 / (qn__count)rate,
                                                        1 / (qn__count)numbers[i].chip, degree));
        }
        return QN_OK;
    }
    return QN_FAIL(ERR_NAME, "number \"%.40s\" is unknown", number != NULL ? number : "");
}

/* Rates an hour of both sides; the speed-up counts calls exactly. */
qn_status qn__evaluate_break_even(const qn_advice *advice, const qn__pairs *arguments, qn__results *out)
{
    (void)advice;
    double classical = 0, quantum = 0, degree = 2;
    QN_TRY(qn__pairs_need(arguments, "classical_per_hour", &classical));
    QN_TRY(qn__pairs_need(arguments, "quantum_per_hour", &quantum));
    QN_TRY(qn__pairs_number(arguments, "degree", 2, &degree));
    const qn__crossing x = qn__crossing_closed(3600 / (qn__count)quantum, 3600 / (qn__count)classical, degree);
    QN_CHECK(x.exists, ERR_RANGE, "a degree above 1 and rates above 0 are needed");
    qn__results_add(out, "steps", (double)x.size);
    qn__results_add(out, "years", (double)(x.seconds / (365.25L * 86400)));
    return QN_OK;
}

qn_status qn__evaluate_grover_time(const qn_advice *advice, const qn__pairs *arguments, qn__results *out)
{
    (void)advice;
    double queries = 0, rate = 0;
    QN_TRY(qn__pairs_need(arguments, "queries", &queries));
    QN_TRY(qn__pairs_need(arguments, "quantum_per_hour", &rate));
    qn__results_add(out, "years", queries / rate / (365.25 * 24));
    return QN_OK;
}

/* Rounds over `bits` or twice `exponent` bits, and T gates of whole oracle calls. */
qn_status qn__evaluate_grover_total(const qn_advice *advice, const qn__pairs *arguments, qn__results *out)
{
    double bits = 0, marked = 1, oracle = 0;
    qn_advise_result r;
    char items[64], many[64], gates[64];
    QN_TRY(qn__pairs_need(arguments, "bits", &bits));
    QN_TRY(qn__pairs_number(arguments, "marked", 1, &marked));
    QN_TRY(qn__pairs_need(arguments, "oracle_t", &oracle));
    (void)snprintf(items, sizeof items, "%.0f", bits);
    (void)snprintf(many, sizeof many, "%.0f", marked);
    (void)snprintf(gates, sizeof gates, "%.0f", oracle);
    const qn_advise_pair pairs[] = {{"log2N", items}, {"M", many}, {"oracle_t", gates}, {"access", "formula"}};
    qn_advise_options options = QN_ADVISE_OPTIONS_INIT;
    options.physical = options.sensitivities = false;
    QN_TRY(qn_advise_workload(advice, "search", pairs, sizeof pairs / sizeof pairs[0], &options, &r));
    qn__results_add(out, "log2_iterations", r.logical.queries.log10 / log10(2));
    qn__results_add(out, "log2_t", r.logical.t_count.log10 / log10(2));
    qn_advise_result_clear(&r);
    return QN_OK;
}

qn_status qn__evaluate_qroam(const qn_advice *advice, const qn__pairs *arguments, qn__results *out)
{
    (void)advice;
    double entries = 0, bits = 0, block = 0;
    QN_TRY(qn__pairs_need(arguments, "entries", &entries));
    QN_TRY(qn__pairs_need(arguments, "bits", &bits));
    QN_TRY(qn__pairs_number(arguments, "block", 0, &block));
    const qn__lookup table = qn__qroam_clean((qn__count)entries, (qn__count)bits, (qn__count)block);
    const qn__lookup undo = qn__qroam_unload((qn__count)entries, 0);
    qn__results_add(out, "block", (double)table.block);
    qn__results_add(out, "toffoli", (double)table.toffoli);
    qn__results_add(out, "qubits", (double)table.qubits);
    qn__results_add(out, "uncompute_block", (double)undo.block);
    qn__results_add(out, "uncompute_toffoli", (double)undo.toffoli);
    return QN_OK;
}

/* A whole workload: the arguments are its keys, and `baseline`. */
qn_status qn__evaluate_workload(const qn_advice *advice, const qn__pairs *arguments, qn__results *out)
{
    qn_advise_pair pairs[QN__PAIRS];
    size_t count = 0;
    const char *workload = NULL;
    qn_advise_result r;
    qn_advise_options options = QN_ADVISE_OPTIONS_INIT;
    options.physical = options.sensitivities = false;
    for (size_t i = 0; i < arguments->count; i++) {
        if (strcmp(arguments->names[i], "workload") == 0) {
            workload = arguments->values[i];
        } else if (strcmp(arguments->names[i], "baseline") == 0) {
            options.baseline = arguments->values[i];
        } else {
            pairs[count++] = (qn_advise_pair){arguments->names[i], arguments->values[i]};
        }
    }
    QN_TRY(qn_advise_workload(advice, workload, pairs, count, &options, &r));
    qn__results_add(out, "logical_qubits", r.logical.qubits.value);
    qn__results_add(out, "t", r.logical.t_count.value);
    qn__results_add(out, "toffoli", r.logical.toffoli_count.value);
    qn__results_add(out, "queries", r.logical.queries.value);
    qn__results_add(out, "depth", r.logical.depth.value);
    qn__results_add(out, "runs", r.logical.repetitions.value);
    qn__results_add(out, "toffoli_per_query", r.logical.toffoli_count.value / r.logical.queries.value);
    qn__results_add(out, "quantum_s", r.quantum_seconds.p50.value);
    qn__results_add(out, "classical_s", r.classical.seconds.value);
    qn__results_add(out, "crossover_s", r.crossover.seconds.value);
    qn_advise_result_clear(&r);
    return QN_OK;
}
