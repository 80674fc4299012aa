/* rl_output.c: values and policies as text, JSON and picture. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "rl_view.h"
#include "table_input.h"

enum { WIDEST_MAP = 20, LISTED = 10 };

/* ---- JSON ---- */

void rl_input_json(qn_json *json, const void *user)
{
    const rl_view *const view = user;
    qn_json_string(json, "world", view->world);
    if (view->table != NULL) {
        qn_json_string(json, "name", view->name);
        qn_json_unsigned(json, "states", view->table->rows);
        qn_json_unsigned(json, "actions", view->table->columns);
        cli_table_json(json, &view->left_out);
        return;
    }
    qn_json_unsigned(json, "states", view->mdp->states);
    qn_json_unsigned(json, "actions", view->mdp->actions);
    qn_json_unsigned(json, "transitions", view->mdp->start[(size_t)view->mdp->states * view->mdp->actions]);
    qn_json_number(json, "discount", view->mdp->discount);
    qn_json_number(json, "epsilon", view->epsilon);
    qn_json_number(json, "failure", view->failure);
}

static void numbers(qn_json *json, const char *key, const double *values, size_t count)
{
    qn_json_begin_array(json, key);
    for (size_t k = 0; k < count; k++) {
        qn_json_number(json, NULL, values[k]);
    }
    qn_json_end_array(json);
}

static void actions(qn_json *json, const uint32_t *policy, size_t count)
{
    qn_json_begin_array(json, "policy");
    for (size_t k = 0; k < count; k++) {
        qn_json_unsigned(json, NULL, policy[k]);
    }
    qn_json_end_array(json);
}

static void greedy_json(qn_json *json, const rl_view *view)
{
    const qn_greedy *const g = view->greedy;
    actions(json, g->action, view->table->rows);
    qn_json_unsigned(json, "wrong", g->wrong);
    qn_json_number(json, "queries", g->queries);
    qn_json_number(json, "queries_to_best", g->queries_to_best);
    qn_json_number(json, "lookup_toffoli", g->lookup_toffoli);
    qn_json_number(json, "scan_seconds", g->scan_seconds);
    qn_json_number(json, "seconds", g->seconds);
}

static void reduced_json(qn_json *json, const qn_quantum_iteration *q)
{
    qn_json_begin_object(json, "variance_reduced");
    qn_json_number(json, "error", q->error);
    qn_json_number(json, "regret", q->regret);
    qn_json_unsigned(json, "epochs", q->epochs);
    qn_json_unsigned(json, "epochs_by_variance", q->by_variance);
    qn_json_unsigned(json, "sweeps", q->sweeps);
    qn_json_unsigned(json, "repeats", q->repeats);
    qn_json_unsigned(json, "estimations", q->estimations);
    qn_json_number(json, "queries", q->queries);
    qn_json_number(json, "queries_variances", q->queries_variance);
    qn_json_number(json, "queries_reference_means", q->queries_reference);
    qn_json_number(json, "queries_differences", q->queries_difference);
    qn_json_bool(json, "interrupted", q->interrupted);
    qn_json_number(json, "seconds", q->seconds);
    qn_json_end_object(json);
}

void rl_result_json(qn_json *json, const void *user)
{
    const rl_view *const view = user;
    if (view->greedy != NULL) {
        greedy_json(json, view);
        return;
    }
    const qn_quantum_iteration *const q = view->quantum;
    actions(json, q->policy, view->mdp->states);
    numbers(json, "values", q->value, view->mdp->states);
    numbers(json, "optimal_values", view->plain->value, view->mdp->states);
    qn_json_number(json, "error", q->error);
    qn_json_number(json, "regret", q->regret);
    qn_json_unsigned(json, "sweeps", q->sweeps);
    qn_json_unsigned(json, "clock_qubits", q->clock);
    qn_json_unsigned(json, "repeats", q->repeats);
    qn_json_unsigned(json, "estimations", q->estimations);
    qn_json_string(json, "maximum", q->searched ? "threshold search" : "every action");
    qn_json_number(json, "queries", q->queries);
    qn_json_number(json, "queries_every_action", q->queries_each);
    qn_json_number(json, "queries_threshold_search", q->queries_search);
    qn_json_number(json, "samples", q->samples);
    qn_json_number(json, "sampled_model_error", q->sampled_error);
    qn_json_number(json, "sampled_model_samples_per_pair", q->sampled_per_pair);
    qn_json_bool(json, "interrupted", q->interrupted);
    qn_json_number(json, "seconds", q->seconds);
    if (view->reduced != NULL) {
        reduced_json(json, view->reduced);
    }
    qn_json_begin_object(json, "classical");
    qn_json_string(json, "method", "value iteration");
    qn_json_unsigned(json, "sweeps", view->plain->sweeps);
    qn_json_unsigned(json, "reads", view->plain->reads);
    qn_json_number(json, "bound", view->plain->bound);
    qn_json_number(json, "seconds", view->plain->seconds);
    qn_json_end_object(json);
}

/* ---- text ---- */

static void map_text(qn_text *text, const rl_view *view, bool unicode)
{
    static const char *const arrows[2][4] = {{"<", "v", ">", "^"}, {"\u2190", "\u2193", "\u2192", "\u2191"}};
    const qn_mdp *const mdp = view->mdp;
    if (mdp->map == NULL || mdp->width > WIDEST_MAP || mdp->height > WIDEST_MAP) {
        return;
    }
    for (uint32_t y = 0; y < mdp->height; y++) {
        qn_text_printf(text, "  ");
        for (uint32_t x = 0; x < mdp->width; x++) {
            const uint32_t s = y * mdp->width + x;
            const bool final = mdp->map[s] == 'H' || mdp->map[s] == 'G';
            const char letter[2] = {mdp->map[s], '\0'};
            qn_text_printf(text, " %s", final ? letter : arrows[unicode][view->quantum->policy[s]]);
        }
        qn_text_printf(text, "\n");
    }
}

static void greedy_text(qn_text *text, const rl_view *view, bool quiet)
{
    const qn_greedy *const g = view->greedy;
    char seconds[32];
    qn_text_printf(text, "Best actions of %zu states:", view->table->rows);
    for (size_t r = 0; r < view->table->rows && r < LISTED; r++) {
        qn_text_printf(text, " %" PRIu32, g->action[r]);
    }
    qn_text_printf(text, "%s\n", view->table->rows > LISTED ? " ... (--json has them all)" : "");
    if (quiet) {
        return;
    }
    qn_text_printf(text, "%" PRIu64 " of them are not the best\n", g->wrong);
    qn_text_printf(text,
                   "Threshold search: %.0f oracle calls in all, until each search stopped; the best action stood after "
                   "%.1f calls a row on average\n",
                   g->queries, g->queries_to_best);
    qn_text_printf(text, "One call loads the row's %zu values and unloads them: %.0f Toffoli gates\n",
                   view->table->columns, g->lookup_toffoli);
    qn_text_printf(text, "Classical: a scan of the table takes %s\n",
                   qn_human(seconds, sizeof seconds, g->scan_seconds, "s"));
}

static void reduced_text(qn_text *text, const qn_quantum_iteration *q)
{
    char all[32], variances[32], means[32], differences[32];
    qn_text_printf(
        text,
        "With variance reduction: %s queries (%s for variances, %s for reference means, %s for differences), "
        "%" PRIu64 " epochs, %" PRIu64 " of them by variance; largest error %.3g, loss of the policy %.3g%s\n",
        qn_human(all, sizeof all, q->queries, NULL), qn_human(variances, sizeof variances, q->queries_variance, NULL),
        qn_human(means, sizeof means, q->queries_reference, NULL),
        qn_human(differences, sizeof differences, q->queries_difference, NULL), q->epochs, q->by_variance, q->error,
        q->regret, q->interrupted ? ", interrupted" : "");
}

static void iteration_text(qn_text *text, const rl_view *view)
{
    const qn_quantum_iteration *const q = view->quantum;
    char a[32], b[32];
    qn_text_printf(text, "Largest error of a value %.3g (wanted: %.3g), largest loss of the policy %.3g\n", q->error,
                   view->epsilon, q->regret);
    qn_text_printf(text,
                   "%" PRIu64 " sweeps; each mean by %" PRIu32 " phase estimations of up to %" PRIu32
                   " clock qubits, each maximum by %s\n",
                   q->sweeps, q->repeats, q->clock, q->searched ? "threshold search" : "looking at every action");
    qn_text_printf(text,
                   "Queries of the model: %s (%s with threshold search); sampling would need %s for the same promise\n",
                   qn_human(a, sizeof a, q->queries, NULL), qn_human(b, sizeof b, q->queries_search, NULL),
                   qn_human((char[32]){0}, 32, q->samples, NULL));
    if (view->reduced != NULL) {
        reduced_text(text, view->reduced);
    }
    if (!q->interrupted) {
        qn_text_printf(text,
                       "Planning once on a model sampled %.0f times a pair (no more than the queries): error %.3g\n",
                       q->sampled_per_pair, q->sampled_error);
    }
    qn_text_printf(text, "Classical: value iteration with the model known, %" PRIu64 " sweeps, %s\n",
                   view->plain->sweeps, qn_human(a, sizeof a, view->plain->seconds, "s"));
}

void rl_text(qn_text *text, const qn_style *style, const void *user)
{
    const rl_view *const view = user;
    const bool quiet = cli_value_of(view->invocation, "quiet")->given;
    if (view->greedy != NULL) {
        greedy_text(text, view, quiet);
        return;
    }
    qn_text_printf(text, "Value of the first state: %.6f (optimal: %.6f)%s\n", view->quantum->value[view->mdp->first],
                   view->plain->value[view->mdp->first], view->quantum->interrupted ? ", interrupted" : "");
    map_text(text, view, style->unicode);
    if (!quiet) {
        iteration_text(text, view);
    }
}

/* ---- picture ---- */

static size_t history(const qn_quantum_iteration *q, double *x, double *y)
{
    size_t count = 0;
    for (uint64_t k = 0; k < q->sweeps; k++) {
        if (q->history[k].queries > 0) { /* the first sweep knows its means */
            x[count] = q->history[k].queries;
            y[count++] = fmax(q->history[k].error, 1e-12);
        }
    }
    return count;
}

static void error_picture(rl_view *view)
{
    const qn_quantum_iteration *const q = view->quantum;
    const size_t count = history(q, view->x, view->y);
    view->series[0] = (qn_series){"quantum value iteration", view->x, view->y, count, NULL, NULL, false};
    view->sampled_x[0] = q->sampled_per_pair * view->mdp->states * view->mdp->actions;
    view->sampled_y[0] = fmax(q->sampled_error, 1e-12);
    view->series[1] = (qn_series){"planning on a sampled model", view->sampled_x, view->sampled_y, 1, NULL, NULL, true};
    view->plot.nseries = q->interrupted ? 1 : 2;
    if (view->reduced != NULL) {
        const size_t points = history(view->reduced, view->reduced_x, view->reduced_y);
        view->series[view->plot.nseries++] =
            (qn_series){"with variance reduction", view->reduced_x, view->reduced_y, points, NULL, NULL, false};
    }
    view->plot.log_x = view->plot.log_y = true;
    view->plot.x_label = "queries of the model, or samples";
    view->plot.y_label = "largest error of a value";
    view->line = (qn_plot_line){"wanted", view->epsilon, 0};
    view->plot.lines = &view->line;
    view->plot.nlines = 1;
    (void)snprintf(view->title, sizeof view->title, "%s: error of the values against queries", view->world);
    (void)snprintf(view->subtitle, sizeof view->subtitle, "%u states, %u actions, discount %.4g", view->mdp->states,
                   view->mdp->actions, view->mdp->discount);
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void greedy_picture(rl_view *view, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        view->x[k] = (double)qn_search_minimum_draw(view->table->columns, 1, k);
        view->y[k] = ((double)k + 1) / (double)count;
    }
    qsort(view->x, count, sizeof *view->x, compare);
    view->series[0] = (qn_series){"best action reached", view->x, view->y, count, NULL, NULL, false};
    view->plot.nseries = 1;
    view->plot.x_label = "oracle calls for one state";
    view->plot.y_label = "share of searches that are done";
    (void)snprintf(view->title, sizeof view->title, "Threshold search among %zu actions", view->table->columns);
    (void)snprintf(view->subtitle, sizeof view->subtitle, "a scan looks at every value once: %zu",
                   view->table->columns);
}

qn_status rl_picture(rl_view *view)
{
    enum { DRAWS = 500 };
    const qn_plot empty = QN_PLOT_INIT;
    const size_t room = view->quantum != NULL ? (size_t)view->quantum->sweeps + 1 : DRAWS;
    view->plot = empty;
    view->plot.series = view->series;
    view->x = malloc(room * sizeof *view->x);
    view->y = malloc(room * sizeof *view->y);
    if (view->x == NULL || view->y == NULL) {
        return QN_ERR_MEMORY;
    }
    if (view->reduced != NULL) {
        view->reduced_x = malloc((size_t)(view->reduced->sweeps + 1) * sizeof *view->reduced_x);
        view->reduced_y = malloc((size_t)(view->reduced->sweeps + 1) * sizeof *view->reduced_y);
        if (view->reduced_x == NULL || view->reduced_y == NULL) {
            return QN_ERR_MEMORY;
        }
    }
    if (view->quantum != NULL) {
        error_picture(view);
    } else {
        greedy_picture(view, DRAWS);
    }
    view->plot.title = view->title;
    view->plot.subtitle = view->subtitle;
    return QN_OK;
}
