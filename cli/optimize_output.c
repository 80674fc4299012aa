/* optimize_output.c: objective and solution, the table of methods, the picture of best against time, the ledger. */
#include "optimize_output.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "optimize_quantum.h"
#include "output.h"

enum { CELLS = 6, CELL = 48 };

static const cli_outcome *answer_of(const cli_optimize_job *job)
{
    return &job->outcomes[job->method];
}

static void number_or_null(qn_json *json, const char *key, double value)
{
    qn_json_number(json, key, value); /* the writer makes null of what is not finite */
}

static double bound_objective(const cli_optimize_job *job, const cli_outcome *o)
{
    return isfinite(o->bound) ? qn_problem_objective_of_cost(job->problem, o->bound) : (double)NAN;
}

static void input_json(qn_json *json, const void *user)
{
    const cli_optimize_job *const job = user;
    qn_json_string(json, "file", job->instance != NULL ? job->invocation->operands[0] : NULL);
    qn_json_string(json, "name", job->instance != NULL ? job->instance->name : NULL);
    qn_json_string(json, "format", job->instance != NULL ? qn_instance_format_name(job->instance->format) : NULL);
    qn_json_string(json, "content", job->format);
    qn_json_string(json, "problem", qn_problem_kind(job->problem));
    qn_json_string(json, "title", qn_problem_title(job->problem));
    if (qn_problem_remark(job->problem)[0] != '\0') {
        qn_json_string(json, "remark", qn_problem_remark(job->problem));
    }
    qn_json_unsigned(json, "variables", job->variables);
    qn_json_unsigned(json, "slack_variables", qn_problem_slack_bits(job->problem));
    qn_json_unsigned(json, "degree", job->cost.polynomial != NULL ? qn_polynomial_degree(job->cost.polynomial) : 2);
    number_or_null(json, "penalty", qn_problem_penalty(job->problem));
    number_or_null(json, "penalty_bound", qn_problem_penalty_bound(job->problem));
}

static void outcome_json(qn_json *json, const cli_optimize_job *job, size_t index, const cli_reference *reference)
{
    const cli_outcome *const o = &job->outcomes[index];
    qn_json_begin_object(json, NULL);
    qn_json_string(json, "method", cli_method_at(index)->name);
    if (!o->ran) {
        qn_json_string(json, "skipped", o->why_not);
    } else {
        const double objective = o->judgement.feasible ? o->judgement.objective : (double)NAN;
        number_or_null(json, "objective", objective);
        qn_json_bool(json, "feasible", o->judgement.feasible);
        qn_json_bool(json, "optimal", o->optimal);
        number_or_null(json, "approximation_ratio", cli_optimize_ratio(job, objective, reference));
        number_or_null(json, "bound", bound_objective(job, o));
        number_or_null(json, "cost", o->cost);
        qn_json_unsigned(json, "starts", o->starts);
        number_or_null(json, "seconds", o->seconds);
        number_or_null(json, "seconds_to_best", o->seconds_to_best);
    }
    qn_json_end_object(json);
}

static void result_json(qn_json *json, const void *user)
{
    const cli_optimize_job *const job = user;
    const cli_outcome *const o = answer_of(job);
    const cli_reference reference = cli_optimize_reference(job);
    const double objective = o->judgement.feasible ? o->judgement.objective : (double)NAN;
    number_or_null(json, "objective", objective);
    qn_json_string(json, "objective_name", qn_problem_objective_name(job->problem));
    qn_json_string(json, "sense", qn_problem_maximises(job->problem) ? "maximise" : "minimise");
    qn_json_bool(json, "feasible", o->judgement.feasible);
    qn_json_string(json, "violation", o->judgement.feasible ? NULL : o->judgement.violation);
    qn_problem_solution_json(job->problem, o->bits, json, "solution");
    qn_json_bool(json, "optimal", strcmp(reference.source, "optimum") == 0 && objective == reference.objective);
    number_or_null(json, "approximation_ratio", cli_optimize_ratio(job, objective, &reference));
    number_or_null(json, "reference", reference.objective);
    qn_json_string(json, "reference_source", reference.source);
    qn_json_string(json, "method", cli_method_at(job->method)->name);
    number_or_null(json, "cost", o->cost);
    qn_json_unsigned(json, "starts", o->starts);
    number_or_null(json, "seconds", o->seconds);
    number_or_null(json, "seconds_to_best", o->seconds_to_best);
    qn_json_bool(json, "interrupted", qn_context_interrupted(job->context));
    cli_quantum_json(job, json);
    qn_json_begin_array(json, "baselines");
    for (size_t k = 0; k < cli_methods_count(); k++) {
        if (k != job->method && (job->outcomes[k].ran || job->outcomes[k].why_not[0] != '\0')) {
            outcome_json(json, job, k, &reference);
        }
    }
    qn_json_end_array(json);
}

static void text_table(qn_text *text, const qn_style *style, const cli_optimize_job *job,
                       const cli_reference *reference)
{
    static const qn_table_column columns[CELLS] = {{"method", false},     {"objective", true}, {"ratio", true},
                                                   {"found after", true}, {"ran", true},       {"starts", true}};
    const size_t most = cli_methods_count();
    char(*cells)[CELL] = calloc(most * CELLS, CELL);
    const char **pointers = calloc(most * CELLS, sizeof *pointers);
    size_t rows = 0;
    for (size_t k = 0; cells != NULL && pointers != NULL && k < most; k++) {
        const cli_outcome *const o = &job->outcomes[k];
        if (!o->ran) {
            continue;
        }
        char(*row)[CELL] = cells + rows * CELLS;
        const double ratio = cli_optimize_ratio(job, o->judgement.objective, reference);
        (void)snprintf(row[0], CELL, "%s%s", cli_method_at(k)->name, k == job->method ? " *" : "");
        if (o->judgement.feasible) {
            (void)snprintf(row[1], CELL, "%.10g%s", o->judgement.objective, o->optimal ? " (proven)" : "");
            (void)(isnan(ratio) ? 0 : snprintf(row[2], CELL, "%.4f", ratio));
        } else {
            (void)snprintf(row[1], CELL, "none feasible");
        }
        (void)qn_human(row[3], CELL, o->seconds_to_best, "s");
        (void)qn_human(row[4], CELL, o->seconds, "s");
        (void)snprintf(row[5], CELL, "%llu", (unsigned long long)o->starts);
        for (size_t c = 0; c < CELLS; c++) {
            pointers[rows * CELLS + c] = row[c];
        }
        rows++;
    }
    const qn_table table = {columns, CELLS, pointers, rows};
    if (rows > 1) {
        qn_text_printf(text, "\n");
        qn_text_table(text, &table, style);
    }
    free(cells);
    free(pointers);
}

static void write_text(qn_text *text, const qn_style *style, const void *user)
{
    const cli_optimize_job *const job = user;
    const cli_outcome *const o = answer_of(job);
    const cli_reference reference = cli_optimize_reference(job);
    const bool proven = strcmp(reference.source, "optimum") == 0;
    const char *const name = qn_problem_objective_name(job->problem);
    if (o->judgement.feasible) {
        const double ratio = cli_optimize_ratio(job, o->judgement.objective, &reference);
        qn_text_printf(text, "%s: %.10g", name, o->judgement.objective);
        if (proven && o->judgement.objective == reference.objective) {
            qn_text_printf(text, "  (optimal, proven)\n");
        } else if (isfinite(ratio)) {
            qn_text_printf(text, "  (%.4f of the %s %.10g)\n", ratio,
                           proven                                   ? "optimum"
                           : strcmp(reference.source, "bound") == 0 ? "proven bound"
                                                                    : "best found here,",
                           reference.objective);
        } else {
            qn_text_printf(text, "\n");
        }
    } else {
        qn_text_printf(text, "%s: none, the best state found is not feasible: %s\n", name, o->judgement.violation);
    }
    qn_problem_solution_text(job->problem, o->bits, text);
    if (cli_value_of(job->invocation, "quiet")->given) {
        return;
    }
    qn_text_printf(text, "%s%s%s\n", qn_problem_title(job->problem), job->instance != NULL ? "; file: " : "",
                   job->format);
    if (qn_problem_remark(job->problem)[0] != '\0') {
        qn_text_printf(text, "%s\n", qn_problem_remark(job->problem));
    }
    qn_text_printf(text, "%u binary variables", job->variables);
    if (qn_problem_slack_bits(job->problem) > 0) {
        qn_text_printf(text, ", %u of them slack", qn_problem_slack_bits(job->problem));
    }
    if (qn_problem_penalty(job->problem) > 0) {
        qn_text_printf(text, ", penalty %.6g (proven to do above %.6g)", qn_problem_penalty(job->problem),
                       qn_problem_penalty_bound(job->problem));
    }
    qn_text_printf(text, "\n");
    cli_quantum_text(job, text);
    text_table(text, style, job, &reference);
    if (qn_context_interrupted(job->context)) {
        qn_text_printf(text, "Interrupted: this is the best so far.\n");
    }
}

enum { MOST_CURVES = 6 }; /* as many as there are colours */

/* Better cost first, then the faster one. */
static bool precedes(const cli_outcome *a, const cli_outcome *b)
{
    return a->cost < b->cost || (a->cost == b->cost && a->seconds_to_best < b->seconds_to_best);
}

/* The method asked for, the control, and the best of the others. */
static size_t choose_curves(const cli_optimize_job *job, size_t *chosen)
{
    size_t count = 0;
    chosen[count++] = job->method;
    for (size_t k = 0; k < cli_methods_count(); k++) {
        if (job->outcomes[k].ran && k != job->method && strcmp(cli_method_at(k)->name, "random") == 0) {
            chosen[count++] = k;
        }
    }
    const size_t fixed = count;
    for (size_t k = 0; k < cli_methods_count(); k++) {
        bool taken = !job->outcomes[k].ran;
        for (size_t c = 0; c < fixed; c++) {
            taken = taken || chosen[c] == k;
        }
        size_t at = count;
        while (!taken && at > fixed && precedes(&job->outcomes[k], &job->outcomes[chosen[at - 1]])) {
            at--;
        }
        if (!taken && at < MOST_CURVES) {
            count = count < MOST_CURVES ? count + 1 : count;
            memmove(chosen + at + 1, chosen + at, (count - at - 1) * sizeof *chosen);
            chosen[at] = k;
        }
    }
    return count;
}

/* Best against time as steps, a curve a method; costs that only penalties make are left out, they would hide all else.
 */
static size_t make_series(const cli_optimize_job *job, qn_series *series, double *x, double *y)
{
    size_t chosen[MOST_CURVES + 1], made = 0, at = 0;
    const size_t curves = choose_curves(job, chosen);
    double best = (double)INFINITY;
    for (size_t k = 0; k < curves; k++) {
        best = fmin(best, job->outcomes[chosen[k]].cost);
    }
    const double penalty = qn_problem_penalty(job->problem);
    for (size_t k = 0; k < curves; k++) {
        const cli_outcome *const o = &job->outcomes[chosen[k]];
        const size_t first = at;
        for (size_t t = 0; t < o->trace; t++) {
            if (penalty <= 0 || o->trace_cost[t] < best + penalty) {
                const double now = fmax(o->trace_seconds[t], 1e-6);
                if (at > first) { /* the old value holds until now */
                    x[at] = now;
                    y[at] = y[at - 1];
                    at++;
                }
                x[at] = now;
                y[at++] = qn_problem_objective_of_cost(job->problem, o->trace_cost[t]);
            }
        }
        if (at > first) { /* the last value holds to the end */
            x[at] = fmax(o->seconds, x[at - 1]);
            y[at] = y[at - 1];
            at++;
            series[made++] = (qn_series){
                .name = cli_method_at(chosen[k])->name, .x = x + first, .y = y + first, .count = at - first};
        }
    }
    return made;
}

static void fill_ledger(cli_optimize_job *job, const cli_reference *reference)
{
    qn_ledger *const l = &job->ledger;
    const cli_outcome *const o = answer_of(job);
    const double sign = qn_problem_maximises(job->problem) ? -1 : 1;
    const cli_outcome *rival = NULL;
    for (size_t k = 0; k < cli_methods_count(); k++) {
        const cli_outcome *const other = &job->outcomes[k];
        const bool counts = other->ran && cli_method_at(k)->classical && other->judgement.feasible;
        const bool better =
            counts && (rival == NULL || sign * other->judgement.objective < sign * rival->judgement.objective ||
                       (other->judgement.objective == rival->judgement.objective &&
                        other->seconds_to_best < rival->seconds_to_best));
        if (better) {
            rival = other;
            (void)snprintf(l->classical_method, sizeof l->classical_method, "%s", cli_method_at(k)->text);
        }
    }
    (void)snprintf(l->workload, sizeof l->workload, "optimize");
    (void)snprintf(l->input, sizeof l->input, "%.120s", qn_problem_title(job->problem));
    (void)snprintf(l->answer_name, sizeof l->answer_name, "%s", qn_problem_objective_name(job->problem));
    if (o->judgement.feasible) {
        l->answer = (qn_quantity){o->judgement.objective, QN_SOURCE_EXACT};
        if (isfinite(reference->objective) && strcmp(reference->source, "best found") != 0) {
            l->answer_error = (qn_quantity){fabs(o->judgement.objective - reference->objective), QN_SOURCE_EXACT};
        }
    }
    if (rival != NULL) {
        l->classical_value = (qn_quantity){rival->judgement.objective, QN_SOURCE_EXACT};
        l->classical_seconds = (qn_quantity){rival->seconds_to_best, QN_SOURCE_MEASURED};
        if (strcmp(reference->source, "optimum") == 0) {
            l->classical_error =
                (qn_quantity){fabs(rival->judgement.objective - reference->objective), QN_SOURCE_EXACT};
        }
    }
    l->problem_size = (qn_quantity){job->variables, QN_SOURCE_COUNTED};
    if (l->qubits.source == QN_SOURCE_UNKNOWN) {
        l->qubits = (qn_quantity){job->variables, QN_SOURCE_COUNTED};
    }
    const size_t terms = job->cost.qubo != NULL ? qn_qubo_couplings(job->cost.qubo) + job->variables
                                                : qn_polynomial_terms(job->cost.polynomial);
    if (l->terms.source == QN_SOURCE_UNKNOWN) {
        l->terms = (qn_quantity){(double)terms, QN_SOURCE_COUNTED};
    }
    if (l->data_bytes.source == QN_SOURCE_UNKNOWN) { /* a QAOA circuit has its coefficients in its angles */
        l->data_bytes = (qn_quantity){job->instance != NULL ? 8.0 * (double)terms : 0, QN_SOURCE_COUNTED};
    }
    if (cli_method_at(job->method)->classical) {
        qn_ledger_add_reason(l, "No quantum method was run; the qubits and terms are those its circuit would have.");
    }
    qn_advise(l);
}

qn_status cli_optimize_show(cli_optimize_job *job)
{
    const cli_reference reference = cli_optimize_reference(job);
    const cli_outcome *const o = answer_of(job);
    char objective[64], variables[32], lead[256];
    size_t points = 1;
    for (size_t k = 0; k < cli_methods_count(); k++) {
        points += 2 * job->outcomes[k].trace + 1;
    }
    double *xy = calloc(2 * points, sizeof *xy);
    qn_series *series = calloc(cli_methods_count(), sizeof *series);
    if (xy == NULL || series == NULL) {
        free(xy);
        free(series);
        (void)fprintf(stderr, "quern: no memory for the picture\n");
        return QN_ERR_MEMORY;
    }
    cli_quantum_plots quantum;
    if (!cli_quantum_plots_make(job, &quantum)) {
        free(xy);
        free(series);
        return QN_ERR_MEMORY;
    }
    fill_ledger(job, &reference);
    const qn_plot_line line = {.name = reference.source, .y = reference.objective};
    qn_plot plot = QN_PLOT_INIT;
    plot.title = qn_problem_title(job->problem);
    plot.subtitle = qn_problem_penalty(job->problem) > 0 ? "best cost so far, read as an objective (penalties included)"
                                                         : "best so far";
    plot.x_label = "seconds";
    plot.y_label = qn_problem_objective_name(job->problem);
    plot.log_x = true;
    plot.series = series;
    plot.nseries = make_series(job, series, xy, xy + points);
    plot.lines = &line;
    plot.nlines = isfinite(reference.objective) ? 1 : 0;
    (void)snprintf(objective, sizeof objective, o->judgement.feasible ? "%.10g" : "none feasible",
                   o->judgement.objective);
    (void)snprintf(variables, sizeof variables, "%u", job->variables);
    (void)snprintf(lead, sizeof lead, "%s; %s by %s.", qn_problem_title(job->problem),
                   qn_problem_objective_name(job->problem), cli_method_at(job->method)->text);
    const qn_report_pair pairs[] = {{qn_problem_objective_name(job->problem), objective},
                                    {"binary variables", variables},
                                    {"reference", reference.source},
                                    {"method", cli_method_at(job->method)->name}};
    qn_plot plots[3];
    memcpy(plots, quantum.plots, quantum.count * sizeof *plots);
    plots[quantum.count] = plot;
    const cli_answer answer = {.invocation = job->invocation,
                               .title = "Optimization",
                               .lead = lead,
                               .input_json = input_json,
                               .result_json = result_json,
                               .text = write_text,
                               .pairs = pairs,
                               .npairs = sizeof pairs / sizeof *pairs,
                               .plots = plots,
                               .nplots = quantum.count + 1,
                               .ledger = &job->ledger,
                               .user = job};
    const qn_status status = cli_answer_give(&answer);
    cli_quantum_plots_free(&quantum);
    free(xy);
    free(series);
    return status;
}
