/* optimize_quantum.c: the quantum methods of `quern optimize`, and what is shown of them. */
#include "optimize_quantum.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"

enum { SAMPLED = 34, LISTED = 30, CIRCUITS = 24 };

const char *cli_mixer_choice(size_t index)
{
    return qn_qaoa_mixer_name((qn_qaoa_mixer)index);
}

const char *cli_schedule_choice(size_t index)
{
    return qn_qaoa_schedule_name((qn_qaoa_schedule)index);
}

static bool few_enough(const cli_optimize_job *job, uint32_t most, char *why_not, size_t capacity)
{
    (void)snprintf(why_not, capacity, "takes at most %u variables; there are %u (rqaoa takes any number)", most,
                   job->variables);
    return job->variables <= most;
}

bool cli_applies_state(const cli_optimize_job *job, char *why_not, size_t capacity)
{
    return few_enough(job, SAMPLED, why_not, capacity);
}

bool cli_applies_spectrum(const cli_optimize_job *job, char *why_not, size_t capacity)
{
    return few_enough(job, LISTED, why_not, capacity);
}

bool cli_applies_circuit(const cli_optimize_job *job, char *why_not, size_t capacity)
{
    return few_enough(job, CIRCUITS, why_not, capacity);
}

bool cli_applies_groups(const cli_optimize_job *job, char *why_not, size_t capacity)
{
    (void)snprintf(why_not, capacity,
                   "keeps the number of ones of groups, and this problem has none (colouring, tours and grids in the "
                   "one-hot encoding, features and portfolios do)");
    return job->cost.qubo != NULL && qn_qubo_groups(job->cost.qubo) > 0;
}

static qn_qaoa_solve_options wanted_of(const cli_optimize_job *job, const char *name)
{
    qn_qaoa_solve_options o = QN_QAOA_SOLVE_OPTIONS_INIT;
    while (strcmp(qn_qaoa_method_name(o.method), name) != 0) {
        o.method = (qn_qaoa_method)(o.method + 1);
    }
    const uint64_t layers = cli_value_of(job->invocation, "layers")->integer;
    o.layers = layers > UINT32_MAX ? UINT32_MAX : (uint32_t)layers;
    while (strcmp(qn_qaoa_schedule_name(o.schedule), cli_value_of(job->invocation, "schedule")->text) != 0) {
        o.schedule = (qn_qaoa_schedule)(o.schedule + 1);
    }
    while (strcmp(qn_qaoa_mixer_name(o.mixer), cli_value_of(job->invocation, "mixer")->text) != 0) {
        o.mixer = (qn_qaoa_mixer)(o.mixer + 1);
    }
    o.optimizer = cli_value_of(job->invocation, "optimizer")->text;
    o.shots = cli_value_of(job->invocation, "shots")->integer;
    o.cvar = cli_value_of(job->invocation, "cvar")->real;
    o.single_precision = cli_value_of(job->invocation, "single")->given;
    o.starts = job->options.restarts > 64 ? 64 : (uint32_t)job->options.restarts;
    o.seed = job->options.seed;
    o.checkpoint = cli_value_of(job->invocation, "checkpoint")->text;
    o.resume = cli_value_of(job->invocation, "resume")->given;
    return o;
}

qn_status cli_run_quantum(cli_optimize_job *job, const char *name, cli_outcome *out)
{
    const qn_qaoa_solve_options wanted = wanted_of(job, name);
    qn_qaoa_solution *s = NULL;
    qn_status status = qn_qaoa_solve(job->context, job->cost, &wanted, &s);
    if (status != QN_OK) {
        return status;
    }
    qn_qaoa_solution_free(job->quantum);
    job->quantum = s;
    out->bits = calloc(job->variables, 1);
    out->trace_seconds = calloc(1, sizeof(double));
    out->trace_cost = calloc(1, sizeof(double));
    if (out->bits == NULL || out->trace_seconds == NULL || out->trace_cost == NULL) {
        (void)fprintf(stderr, "quern: no memory for a result\n");
        return QN_ERR_MEMORY;
    }
    memcpy(out->bits, s->x, job->variables);
    out->trace = 1;
    out->trace_seconds[0] = out->seconds = out->seconds_to_best = s->seconds;
    out->trace_cost[0] = out->cost = s->cost;
    out->starts = s->shots;
    out->interrupted = s->interrupted;
    return qn_qaoa_ledger(job->cost, s, &job->ledger);
}

static void numbers(qn_json *json, const char *key, const double *x, size_t count)
{
    qn_json_begin_array(json, key);
    for (size_t k = 0; k < count; k++) {
        qn_json_number(json, NULL, x[k]);
    }
    qn_json_end_array(json);
}

void cli_quantum_json(const cli_optimize_job *job, qn_json *json)
{
    const qn_qaoa_solution *const s = job->quantum;
    if (s == NULL) {
        return;
    }
    qn_json_begin_object(json, "quantum");
    qn_json_string(json, "method", qn_qaoa_method_name(s->method));
    qn_json_unsigned(json, s->method == QN_QAOA_DQI ? "errors_decoded" : "layers", s->layers);
    if (s->method == QN_QAOA_STANDARD) {
        qn_json_string(json, "schedule", cli_value_of(job->invocation, "schedule")->text);
    }
    if (s->method == QN_QAOA_XY) {
        qn_json_string(json, "mixer", qn_qaoa_mixer_name(s->mixer));
    }
    qn_json_number(json, "expected_cost", s->expected);
    qn_json_number(json, "expected_objective", qn_problem_objective_of_cost(job->problem, s->expected));
    qn_json_number(json, "lowest_cost", s->lowest);
    qn_json_number(json, "highest_cost", s->highest);
    qn_json_number(json, "success_probability", s->success);
    qn_json_unsigned(json, "shots", s->shots);
    qn_json_number(json, "sample_mean", s->sample_mean);
    qn_json_begin_object(json, "random_control");
    qn_json_number(json, "mean_cost", s->uniform_mean);
    qn_json_number(json, "success_probability", s->uniform_success);
    qn_json_number(json, "best_cost", s->random_best);
    qn_json_number(json, "sample_mean", s->random_mean);
    qn_json_end_object(json);
    qn_json_unsigned(json, "evaluations", s->evaluations);
    qn_json_unsigned(json, "gradients", s->gradients);
    qn_json_number(json, "queries", s->queries);
    qn_json_number(json, "seconds", s->seconds);
    numbers(json, "angles", s->angles, s->nangles);
    numbers(json, "history_expected", s->history_expected, s->nhistory);
    numbers(json, "history_best", s->history_best, s->nhistory);
    qn_json_string(json, "note", s->note[0] != '\0' ? s->note : NULL);
    qn_json_end_object(json);
}

void cli_quantum_text(const cli_optimize_job *job, qn_text *text)
{
    const qn_qaoa_solution *const s = job->quantum;
    if (s == NULL) {
        return;
    }
    qn_text_printf(text, "\n%s: %s", qn_qaoa_method_name(s->method), qn_qaoa_method_text(s->method));
    if (s->method == QN_QAOA_DQI) {
        qn_text_printf(text, "; %u error%s decoded", s->layers, s->layers == 1 ? "" : "s");
    } else if (s->layers > 0 && s->method != QN_QAOA_ADAPTIVE) {
        qn_text_printf(text, "; %u layer%s", s->layers, s->layers == 1 ? "" : "s");
    }
    if (s->evaluations > 0 && s->method != QN_QAOA_ADAPTIVE) {
        qn_text_printf(text, ", %llu evaluations", (unsigned long long)s->evaluations);
    }
    qn_text_printf(text, "\n");
    if (isfinite(s->expected)) {
        qn_text_printf(text, "  average cost %.6g, of guesses %.6g", s->expected, s->uniform_mean);
        qn_text_printf(text, isfinite(s->lowest) ? "; lowest %.6g\n" : "\n", s->lowest);
    }
    if (isfinite(s->success)) {
        qn_text_printf(text, "  a measurement is optimal with probability %.3g, a guess with %.3g\n", s->success,
                       s->uniform_success);
    }
    if (s->shots > 1) {
        qn_text_printf(text, "  %llu measurements: best %.6g, mean %.6g; as many guesses: best %.6g, mean %.6g%s\n",
                       (unsigned long long)s->shots, s->cost, s->sample_mean, s->random_best, s->random_mean,
                       s->random_best <= s->cost ? " (guessing was as good)" : "");
    }
    if (s->replayed > 0) {
        qn_text_printf(text, "  %llu answers were taken from the checkpoint\n", (unsigned long long)s->replayed);
    }
    if (s->note[0] != '\0') {
        qn_text_printf(text, "  %s\n", s->note);
    }
}

/* Distribution of the costs, as an objective where there are no penalties, beside that of guesses. */
static void distribution(const cli_optimize_job *job, cli_quantum_plots *p)
{
    const qn_qaoa_solution *const s = job->quantum;
    const bool objective = qn_problem_penalty(job->problem) <= 0;
    for (uint32_t b = 0; b < s->bins; b++) {
        const double cost = s->lowest + (s->highest - s->lowest) * (double)b / (double)(s->bins > 1 ? s->bins - 1 : 1);
        p->x[b] = objective ? qn_problem_objective_of_cost(job->problem, cost) : cost;
    }
    p->series[0] = (qn_series){.name = "measured", .x = p->x, .y = s->histogram, .count = s->bins};
    p->series[1] = (qn_series){.name = "uniform guesses", .x = p->x, .y = s->histogram_uniform, .count = s->bins};
    qn_plot *const plot = &p->plots[p->count++];
    *plot = (qn_plot)QN_PLOT_INIT;
    plot->title = "What a measurement gives";
    plot->subtitle = qn_problem_title(job->problem);
    plot->x_label = objective ? qn_problem_objective_name(job->problem) : "cost, penalties included";
    plot->y_label = "probability";
    plot->series = p->series;
    plot->nseries = 2;
}

static void history(const cli_optimize_job *job, cli_quantum_plots *p)
{
    const qn_qaoa_solution *const s = job->quantum;
    bool any = false;
    for (uint32_t k = 0; k < s->nhistory; k++) {
        p->layers[k] = (double)k + 1.0;
        any = any || isfinite(s->history_best[k]);
    }
    p->series[2] = (qn_series){.name = "average", .x = p->layers, .y = s->history_expected, .count = s->nhistory};
    p->series[3] = (qn_series){.name = "best measured", .x = p->layers, .y = s->history_best, .count = s->nhistory};
    p->line = (qn_plot_line){.name = "lowest", .y = s->lowest};
    qn_plot *const plot = &p->plots[p->count++];
    *plot = (qn_plot)QN_PLOT_INIT;
    plot->title = "Cost against layers";
    plot->subtitle = qn_problem_title(job->problem);
    plot->x_label = "layers";
    plot->y_label = "cost";
    plot->series = p->series + 2;
    plot->nseries = any ? 2 : 1;
    plot->lines = &p->line;
    plot->nlines = 1;
}

bool cli_quantum_plots_make(const cli_optimize_job *job, cli_quantum_plots *out)
{
    const qn_qaoa_solution *const s = job->quantum;
    *out = (cli_quantum_plots){.count = 0};
    if (s == NULL) {
        return true;
    }
    out->x = calloc(s->bins + s->nhistory + 1, sizeof *out->x);
    if (out->x == NULL) {
        (void)fprintf(stderr, "quern: no memory for the picture\n");
        return false;
    }
    out->layers = out->x + s->bins;
    if (s->nhistory > 1) {
        history(job, out);
    }
    if (s->bins > 0) {
        distribution(job, out);
    }
    return true;
}

void cli_quantum_plots_free(cli_quantum_plots *plots)
{
    free(plots->x);
}
