/* nas_output.c: the best entry, the table of methods, regret against evaluations, the ledger. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "nas_job.h"

enum { CELLS = 6, CELL = 64, TEXT = 320 };

static const char *target_name(const cli_nas_job *job)
{
    return job->table->source->column[job->table->target].name;
}

/* Mean over the runs of the best score after all evaluations. */
static double final_score(const cli_nas_job *job, const qn_nas_result *r)
{
    const double cost = job->table->cost[job->table->best] + r->mean[r->evaluations - 1];
    return job->table->maximise ? -cost : cost;
}

/* ---- JSON ---- */

static void entry_json(qn_json *json, const char *key, const cli_nas_job *job, size_t entry)
{
    const qn_nas_table *const t = job->table;
    qn_json_begin_object(json, key);
    qn_json_number(json, "score", qn_nas_table_score(t, entry));
    qn_json_unsigned(json, "row", t->row[entry] + 1);
    qn_json_begin_object(json, "configuration");
    for (uint32_t a = 0; a < t->choices; a++) {
        const qn_column *const c = &t->source->column[t->column[a]];
        const uint32_t level = t->cell[entry * t->choices + a];
        if (c->numeric) {
            qn_json_number(json, c->name, c->values[level]);
        } else {
            qn_json_string(json, c->name, c->texts[level]);
        }
    }
    qn_json_end_object(json);
    qn_json_end_object(json);
}

static void input_json(qn_json *json, const void *user)
{
    const cli_nas_job *const job = user;
    const qn_nas_table *const t = job->table;
    qn_json_string(json, "file", job->invocation->operands[0]);
    qn_json_string(json, "format", qn_instance_format_name(job->instance->format));
    qn_json_string(json, "objective", target_name(job));
    qn_json_string(json, "sense", t->maximise ? "maximise" : "minimise");
    qn_json_unsigned(json, "rows", t->source->rows);
    qn_json_unsigned(json, "entries", t->entries);
    qn_json_number(json, "configurations", t->space);
    qn_json_begin_array(json, "choices");
    for (uint32_t a = 0; a < t->choices; a++) {
        qn_json_begin_object(json, NULL);
        qn_json_string(json, "name", t->source->column[t->column[a]].name);
        qn_json_unsigned(json, "levels", t->levels[a]);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
    if (t->remark[0] != '\0') {
        qn_json_string(json, "remark", t->remark);
    }
}

static void curve_json(qn_json *json, const qn_nas_result *r)
{
    qn_json_begin_array(json, "regret");
    for (size_t e = 0; e < r->evaluations; e++) {
        qn_json_begin_object(json, NULL);
        qn_json_unsigned(json, "evaluations", e + 1);
        qn_json_number(json, "mean", r->mean[e]);
        qn_json_number(json, "low", r->low[e]);
        qn_json_number(json, "high", r->high[e]);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
}

static void method_json(qn_json *json, const cli_nas_job *job, const qn_nas_result *r)
{
    const size_t last = r->evaluations - 1;
    qn_json_string(json, "method", qn_nas_method_name(r->method));
    qn_json_unsigned(json, "evaluations", r->evaluations);
    qn_json_unsigned(json, "runs", r->runs);
    qn_json_number(json, "mean_score", final_score(job, r));
    qn_json_number(json, "final_regret", r->mean[last]);
    qn_json_number(json, "final_regret_low", r->low[last]);
    qn_json_number(json, "final_regret_high", r->high[last]);
    qn_json_unsigned(json, "runs_that_found_the_best", r->reached);
    qn_json_number(json, "evaluations_to_best", r->to_best);
    qn_json_number(json, "quantum_queries", r->queries);
    qn_json_number(json, "seconds_per_run", r->run_seconds);
}

static void comparison_json(qn_json *json, const qn_nas_comparison *c)
{
    qn_json_number(json, "difference", c->difference);
    qn_json_number(json, "difference_low", c->low);
    qn_json_number(json, "difference_high", c->high);
    qn_json_number(json, "p_value", c->p_value);
    qn_json_unsigned(json, "runs_better", c->better);
    qn_json_unsigned(json, "runs_worse", c->worse);
}

static void result_json(qn_json *json, const void *user)
{
    const cli_nas_job *const job = user;
    const qn_nas_result *const r = job->results[job->method];
    entry_json(json, "best", job, r->best);
    entry_json(json, "table_best", job, job->table->best);
    method_json(json, job, r);
    qn_json_bool(json, "interrupted", job->interrupted);
    curve_json(json, r);
    qn_json_begin_array(json, "baselines");
    for (size_t m = 0; m < QN_NAS_METHOD_COUNT_; m++) {
        if (m != (size_t)job->method && job->results[m] != NULL) {
            qn_json_begin_object(json, NULL);
            method_json(json, job, job->results[m]);
            comparison_json(json, &job->against[m]);
            curve_json(json, job->results[m]);
            qn_json_end_object(json);
        }
    }
    qn_json_end_array(json);
    qn_json_begin_object(json, "grover_on_the_table");
    qn_json_number(json, "entries", job->grover.entries);
    qn_json_number(json, "mean_queries", job->grover.mean);
    qn_json_number(json, "std_error", job->grover.std_error);
    qn_json_number(json, "bound", job->grover.bound);
    qn_json_end_object(json);
}

/* ---- text ---- */

static void configuration_text(qn_text *text, const cli_nas_job *job, size_t entry)
{
    const qn_nas_table *const t = job->table;
    for (uint32_t a = 0; a < t->choices; a++) {
        const qn_column *const c = &t->source->column[t->column[a]];
        qn_text_printf(text, "%s%s=%s", a > 0 ? ", " : "  ", c->name, c->texts[t->cell[entry * t->choices + a]]);
    }
    qn_text_printf(text, "  (row %zu)\n", t->row[entry] + 1);
}

static void method_cells(char (*row)[CELL], const cli_nas_job *job, size_t m)
{
    const qn_nas_result *const r = job->results[m];
    const size_t last = r->evaluations - 1;
    const bool asked = m == (size_t)job->method;
    (void)snprintf(row[0], CELL, "%s%s", qn_nas_method_name(r->method), asked ? " *" : "");
    (void)snprintf(row[1], CELL, "%.2g (%.2g to %.2g)", r->mean[last], r->low[last], r->high[last]);
    (void)snprintf(row[2], CELL, "%.6g", final_score(job, r));
    (void)snprintf(row[3], CELL, "%u/%u", r->reached, r->runs);
    (void)snprintf(row[4], CELL, "%s", "");
    if (!asked) {
        (void)snprintf(row[4], CELL, "%.2g", job->against[m].p_value);
    }
    (void)qn_human(row[5], CELL, r->run_seconds, "s");
}

static void methods_text(qn_text *text, const qn_style *style, const cli_nas_job *job)
{
    static const qn_table_column columns[CELLS] = {{"method", false},    {"regret (95 %)", true},
                                                   {"mean score", true}, {"found it", true},
                                                   {"p", true},          {"own time", true}};
    char cells[QN_NAS_METHOD_COUNT_ * CELLS][CELL];
    const char *pointers[QN_NAS_METHOD_COUNT_ * CELLS];
    size_t rows = 0;
    for (size_t m = 0; m < QN_NAS_METHOD_COUNT_; m++) {
        if (job->results[m] != NULL) {
            method_cells(cells + rows * CELLS, job, m);
            rows++;
        }
    }
    for (size_t k = 0; k < rows * CELLS; k++) {
        pointers[k] = cells[k];
    }
    const qn_table table = {columns, CELLS, pointers, rows};
    qn_text_printf(text, "\n");
    qn_text_table(text, &table, style);
    if (rows > 1) {
        qn_text_printf(text,
                       "p: Wilcoxon's signed-rank test of the final regrets against %s, run by run; found it: "
                       "runs that saw the table's best.\n",
                       qn_nas_method_name(job->method));
    }
}

static void write_text(qn_text *text, const qn_style *style, const void *user)
{
    const cli_nas_job *const job = user;
    const qn_nas_table *const t = job->table;
    const qn_nas_result *const r = job->results[job->method];
    qn_text_printf(text, "best %s found: %.10g%s\n", target_name(job), qn_nas_table_score(t, r->best),
                   t->cost[r->best] > t->cost[t->best] ? "" : "  (the best of the table)");
    configuration_text(text, job, r->best);
    if (job->invocation->values[NAS_QUIET].given) {
        return;
    }
    qn_text_printf(text, "%zu entries of %.6g configurations, %u choices; best %s: %.10g; %u runs of %u evaluations\n",
                   t->entries, t->space, t->choices, target_name(job), qn_nas_table_score(t, t->best), r->runs,
                   r->evaluations);
    if (t->repeats > 0) {
        qn_text_printf(text, "%zu rows repeat a configuration; its score is their mean\n", t->repeats);
    }
    if (t->remark[0] != '\0') {
        qn_text_printf(text, "%s\n", t->remark);
    }
    uint64_t replayed = 0;
    for (size_t m = 0; m < QN_NAS_METHOD_COUNT_; m++) {
        replayed += job->results[m] != NULL ? job->results[m]->replayed : 0;
    }
    if (replayed > 0) {
        qn_text_printf(text, "%llu runs were taken from the checkpoint\n", (unsigned long long)replayed);
    }
    methods_text(text, style, job);
    qn_text_printf(text,
                   "Grover minimum finding on the whole table: %.0f +- %.0f training runs in superposition (bound "
                   "%.0f), against %u here and %zu for all entries.\n",
                   job->grover.mean, job->grover.std_error, job->grover.bound, r->evaluations, t->entries);
    if (job->interrupted) {
        qn_text_printf(text, "Interrupted: only finished runs are counted.\n");
    }
}

/* ---- ledger ---- */

static void set(qn_quantity *field, double value, qn_source source)
{
    if (isfinite(value)) {
        *field = (qn_quantity){value, source};
    }
}

static const qn_nas_result *best_classical(const cli_nas_job *job)
{
    const qn_nas_result *rival = NULL;
    double best = (double)INFINITY;
    for (size_t m = 0; m < QN_NAS_METHOD_COUNT_; m++) {
        const qn_nas_result *const r = job->results[m];
        if (r == NULL || qn_nas_method_is_quantum(r->method)) {
            continue;
        }
        const double regret = r->mean[r->evaluations - 1];
        if (rival == NULL || regret < best || (regret == best && r->run_seconds < rival->run_seconds)) {
            rival = r;
            best = regret;
        }
    }
    return rival;
}

static double standard_error(const qn_nas_result *r)
{
    const size_t last = r->evaluations - 1;
    double squares = 0;
    for (size_t k = 0; k < r->runs; k++) {
        const double away = r->regret[k * r->evaluations + last] - r->mean[last];
        squares += away * away;
    }
    return r->runs > 1 ? sqrt(squares / (r->runs - 1.0) / r->runs) : (double)NAN;
}

static void fill_ledger(cli_nas_job *job)
{
    qn_ledger *const l = &job->ledger;
    const qn_nas_table *const t = job->table;
    const qn_nas_result *const r = job->results[job->method], *const rival = best_classical(job);
    const bool quantum = qn_nas_method_is_quantum(r->method);
    const qn_nas_result *const priced = r->proposals > 0 ? r : job->results[QN_NAS_EXACT];
    double bits = 0;
    if (priced != NULL) { /* one proposal's circuit, run for every proposal */
        *l = priced->circuit;
        l->shots_total.value *= priced->proposals;
    }
    for (uint32_t a = 0; a < t->choices; a++) {
        bits += t->levels[a];
    }
    (void)snprintf(l->workload, sizeof l->workload, "optimize");
    (void)snprintf(l->input, sizeof l->input, "%.60s: %zu entries, %u choices", job->invocation->operands[0],
                   t->entries, t->choices);
    (void)snprintf(l->answer_name, sizeof l->answer_name, "%.50s after %u evaluations, mean of %u runs",
                   target_name(job), r->evaluations, r->runs);
    set(&l->answer, final_score(job, r), QN_SOURCE_SAMPLED);
    set(&l->answer_error, r->mean[r->evaluations - 1], QN_SOURCE_SAMPLED);
    set(&l->std_error, standard_error(r), QN_SOURCE_SAMPLED);
    set(&l->evaluations, r->evaluations, QN_SOURCE_COUNTED);
    set(&l->simulator_seconds, r->run_seconds, QN_SOURCE_MEASURED);
    set(&l->problem_size, (double)t->entries, QN_SOURCE_COUNTED);
    if (l->qubits.source == QN_SOURCE_UNKNOWN) {
        set(&l->qubits, bits, QN_SOURCE_COUNTED);
    }
    if (l->data_bytes.source == QN_SOURCE_UNKNOWN) {
        set(&l->data_bytes, 8.0 * (bits + bits * (bits - 1) / 2), QN_SOURCE_COUNTED);
    }
    if (rival != NULL) {
        (void)snprintf(l->classical_method, sizeof l->classical_method, "%s", qn_nas_method_text(rival->method));
        set(&l->classical_value, final_score(job, rival), QN_SOURCE_SAMPLED);
        set(&l->classical_error, rival->mean[rival->evaluations - 1], QN_SOURCE_SAMPLED);
        set(&l->classical_seconds, rival->run_seconds, QN_SOURCE_MEASURED);
    }
    qn_ledger_add_timed_reason(
        l,
        "Each of the %u evaluations is a training run, whoever proposes it: a quantum solver can only "
        "shorten the proposals, which take %.2g s in a whole run here.",
        r->evaluations, rival != NULL ? rival->run_seconds : r->run_seconds);
    qn_ledger_add_reason(l,
                         "To skip the model, Grover minimum finding over the table would need %.0f calls of an oracle "
                         "that trains a network in superposition; the table itself took %zu trainings.",
                         job->grover.mean, t->entries);
    if (!quantum) {
        qn_ledger_add_reason(l, "%s",
                             l->rotations.source != QN_SOURCE_UNKNOWN
                                 ? "No quantum method chose the entries; the circuit is ring QAOA's for the "
                                   "model's last proposal, run for every proposal."
                                 : "No quantum method was run, and no proposal was priced.");
    }
    qn_advise(l);
}

/* ---- picture ---- */

/* Curves for an axis of logarithms: where every run has found the best the curve ends; a band that reaches down to 0
 * goes down to half the lowest mean instead. Memory: the axis, then mean, low and high of each method. */
static size_t make_series(const cli_nas_job *job, double *memory, qn_series *series)
{
    const size_t width = job->results[job->method]->evaluations;
    double lowest = (double)INFINITY, *next = memory + width;
    size_t count = 0;
    for (size_t m = 0; m < QN_NAS_METHOD_COUNT_; m++) {
        for (size_t e = 0; job->results[m] != NULL && e < width; e++) {
            lowest = job->results[m]->mean[e] > 0 ? fmin(lowest, job->results[m]->mean[e]) : lowest;
        }
    }
    for (size_t e = 0; e < width; e++) {
        memory[e] = (double)e + 1;
    }
    for (size_t k = 0; k < QN_NAS_METHOD_COUNT_; k++) { /* the method asked for first */
        const size_t m = k == 0 ? (size_t)job->method : k <= (size_t)job->method ? k - 1 : k;
        const qn_nas_result *const r = job->results[m];
        if (r == NULL) {
            continue;
        }
        for (size_t e = 0; e < width; e++) {
            const bool open = r->mean[e] > 0;
            next[e] = open ? r->mean[e] : (double)NAN;
            next[width + e] = open ? fmax(r->low[e], lowest / 2) : (double)NAN;
            next[2 * width + e] = open ? r->high[e] : (double)NAN;
        }
        series[count++] = (qn_series){.name = qn_nas_method_name(r->method),
                                      .x = memory,
                                      .y = next,
                                      .count = width,
                                      .y_low = next + width,
                                      .y_high = next + 2 * width};
        next += 3 * width;
    }
    return count;
}

qn_status cli_nas_show(cli_nas_job *job)
{
    const qn_nas_result *const r = job->results[job->method];
    char title[TEXT], subtitle[TEXT], label[TEXT], best[TEXT], mean[TEXT], budget[TEXT];
    qn_series series[QN_NAS_METHOD_COUNT_];
    double *const memory = malloc((1 + 3 * QN_NAS_METHOD_COUNT_) * (size_t)r->evaluations * sizeof *memory);
    if (memory == NULL) {
        return QN_ERR_MEMORY;
    }
    fill_ledger(job);
    const size_t count = make_series(job, memory, series);
    (void)snprintf(title, sizeof title, "Regret against evaluations: %zu entries of %u choices", job->table->entries,
                   job->table->choices);
    (void)snprintf(subtitle, sizeof subtitle,
                   "mean of %u runs, 95 %% bootstrap intervals; a curve ends where all runs have found the best",
                   r->runs);
    (void)snprintf(label, sizeof label, "regret in %.60s", target_name(job));
    (void)snprintf(best, sizeof best, "%.10g", qn_nas_table_score(job->table, r->best));
    (void)snprintf(mean, sizeof mean, "%.6g", final_score(job, r));
    (void)snprintf(budget, sizeof budget, "%u evaluations, %u runs", r->evaluations, r->runs);
    const qn_report_pair pairs[] = {{"best found", best},
                                    {"mean of the runs", mean},
                                    {"budget", budget},
                                    {"method", qn_nas_method_text(r->method)}};
    qn_plot plot = QN_PLOT_INIT;
    plot.title = title;
    plot.subtitle = subtitle;
    plot.x_label = "evaluations";
    plot.y_label = label;
    plot.log_y = true;
    plot.series = series;
    plot.nseries = count;
    const cli_answer answer = {.invocation = job->invocation,
                               .title = "Search in a table of trained configurations",
                               .lead = title,
                               .input_json = input_json,
                               .result_json = result_json,
                               .text = write_text,
                               .pairs = pairs,
                               .npairs = sizeof pairs / sizeof *pairs,
                               .plots = &plot,
                               .nplots = 1,
                               .ledger = &job->ledger,
                               .user = job};
    const qn_status status = cli_answer_give(&answer);
    free(memory);
    return status;
}
