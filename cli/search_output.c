/* search_output.c: what `quern search` found, as text, JSON and picture. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "search_view.h"
#include "table_input.h"

enum { SHOWN = 10, DRAWS = 400 };

static const uint64_t *found_of(const search_view *view, size_t *count)
{
    *count = view->minimum != NULL ? view->minimum->count : view->result->count;
    return view->minimum != NULL ? view->minimum->found : view->result->found;
}

/* ---- JSON ---- */

void search_input_json(qn_json *json, const void *user)
{
    const search_view *const view = user;
    char buffer[32];
    qn_json_string(json, "name", view->name);
    if (view->cnf != NULL) {
        qn_json_string(json, "format", "DIMACS CNF");
        qn_json_unsigned(json, "variables", view->cnf->variables);
        qn_json_unsigned(json, "clauses", view->cnf->clauses);
        return;
    }
    qn_json_string(json, "format", "table");
    qn_json_unsigned(json, "rows", view->table->rows);
    qn_json_unsigned(json, "columns", view->table->columns);
    cli_table_json(json, &view->left_out);
    if (view->predicate != NULL) {
        qn_json_string(json, "predicate", cli_value_of(view->invocation, "predicate")->text);
    } else {
        qn_json_string(json, "minimum", search_column_name(view, view->column, buffer, sizeof buffer));
    }
}

static void assignments_json(qn_json *json, const search_view *view)
{
    qn_json_begin_array(json, "assignments");
    for (size_t k = 0; k < view->result->count; k++) {
        qn_json_begin_array(json, NULL);
        for (uint32_t v = 0; v < view->cnf->variables; v++) {
            const bool value = (view->result->found[k] >> v & 1) != 0;
            qn_json_number(json, NULL, value ? v + 1.0 : -(v + 1.0));
        }
        qn_json_end_array(json);
    }
    qn_json_end_array(json);
}

static void oracle_json(qn_json *json, const qn_oracle_cost *cost)
{
    qn_json_begin_object(json, "oracle");
    qn_json_string(json, "layout", qn_oracle_layout_name(cost->layout));
    qn_json_unsigned(json, "qubits", cost->qubits);
    qn_json_unsigned(json, "ladder_ancillas", cost->ladder);
    qn_json_number(json, "toffoli", cost->toffoli);
    qn_json_number(json, "loading_toffoli", cost->loading);
    qn_json_end_object(json);
}

static void search_json(qn_json *json, const search_view *view)
{
    const qn_search_result *const r = view->result;
    if (view->cnf != NULL) {
        assignments_json(json, view);
        qn_json_bool(json, "satisfiable", r->count > 0);
    }
    qn_json_bool(json, "exhausted", r->exhausted);
    qn_json_number(json, "confidence", r->confidence);
    qn_json_bool(json, "interrupted", r->interrupted);
    qn_json_string(json, "method", qn_search_method_name(r->method));
    qn_json_string(json, "tier", qn_search_tier_name(r->tier));
    qn_json_string(json, "tier_reason", r->tier_note);
    qn_json_unsigned(json, "space", r->space);
    qn_json_unsigned(json, "marked", qn_oracle_count(view->oracle));
    qn_json_unsigned(json, "queries", r->queries);
    qn_json_unsigned(json, "runs", r->runs);
    qn_json_unsigned(json, "steps", r->steps);
    qn_json_number(json, "success_probability", r->success);
    if (r->method == QN_SEARCH_COUNTING) {
        qn_json_number(json, "estimate", r->estimate);
        qn_json_number(json, "low", r->low);
        qn_json_number(json, "high", r->high);
    }
    oracle_json(json, &r->oracle);
    qn_json_number(json, "seconds", r->seconds);
}

static void minimum_json(qn_json *json, const search_view *view)
{
    const qn_minimum_result *const r = view->minimum;
    qn_json_begin_array(json, "values");
    for (size_t k = 0; k < r->count; k++) {
        qn_json_number(json, NULL, view->values[r->found[k]]);
    }
    qn_json_end_array(json);
    qn_json_string(json, "method", "minimum");
    qn_json_string(json, "tier", qn_search_tier_name(r->tier));
    qn_json_string(json, "tier_reason", r->tier_note);
    qn_json_number(json, "confidence", r->confidence);
    qn_json_bool(json, "interrupted", r->interrupted);
    qn_json_unsigned(json, "queries", r->queries);
    qn_json_unsigned(json, "queries_to_best", r->queries_to_best);
    qn_json_unsigned(json, "runs", r->runs);
    qn_json_number(json, "seconds", r->seconds);
}

static void rival_json(qn_json *json, const search_view *view)
{
    qn_json_begin_object(json, "classical");
    if (view->answer != NULL) {
        qn_json_string(json, "method", "DPLL");
        qn_json_bool(json, "complete", view->answer->complete);
        qn_json_bool(json, "satisfiable", view->answer->satisfiable);
        qn_json_unsigned(json, "branches", view->answer->branches);
        qn_json_unsigned(json, "propagations", view->answer->propagations);
        qn_json_number(json, "seconds", view->answer->seconds);
    } else {
        qn_json_string(json, "method", "scan");
        qn_json_unsigned(json, "matches", view->matches);
        qn_json_number(json, "seconds", view->scan_seconds);
        qn_json_number(json, "probe_seconds", view->probe_seconds > 0 ? view->probe_seconds : (double)NAN);
    }
    qn_json_end_object(json);
}

void search_result_json(qn_json *json, const void *user)
{
    const search_view *const view = user;
    size_t count = 0;
    const uint64_t *const found = found_of(view, &count);
    qn_json_begin_array(json, "found");
    for (size_t k = 0; k < count; k++) {
        qn_json_unsigned(json, NULL, found[k]);
    }
    qn_json_end_array(json);
    if (view->minimum != NULL) {
        minimum_json(json, view);
    } else {
        search_json(json, view);
    }
    rival_json(json, view);
}

/* ---- text ---- */

static void assignment_text(qn_text *text, const search_view *view, uint64_t item)
{
    qn_text_printf(text, " ");
    for (uint32_t v = 0; v < view->cnf->variables; v++) {
        qn_text_printf(text, " %s%" PRIu32, (item >> v & 1) != 0 ? "" : "-", v + 1);
    }
    qn_text_printf(text, "\n");
}

static void row_text(qn_text *text, const search_view *view, uint64_t row)
{
    const qn_array *const table = view->table;
    char buffer[32];
    qn_text_printf(text, "  row %" PRIu64, row);
    for (size_t c = 0; c < table->columns && c < 6; c++) {
        qn_text_printf(text, "  %s = %.6g", search_column_name(view, c, buffer, sizeof buffer),
                       table->data[row * table->columns + c]);
    }
    qn_text_printf(text, "\n");
}

static void found_text(qn_text *text, const search_view *view)
{
    size_t count = 0;
    const uint64_t *const found = found_of(view, &count);
    for (size_t k = 0; k < count && k < SHOWN; k++) {
        if (view->cnf != NULL) {
            assignment_text(text, view, found[k]);
        } else {
            row_text(text, view, found[k]);
        }
    }
    if (count > SHOWN) {
        qn_text_printf(text, "  and %zu more (--json has them all)\n", count - SHOWN);
    }
}

static void headline(qn_text *text, const search_view *view)
{
    const qn_search_result *const r = view->result;
    const char *const thing = view->cnf != NULL ? "solution" : "row";
    const uint64_t wanted = cli_value_of(view->invocation, "k")->integer;
    if (r->method == QN_SEARCH_COUNTING) {
        qn_text_printf(text, "About %.4g %ss (%.4g to %.4g with probability at least 0.81); in truth %" PRIu64 "\n",
                       r->estimate, thing, r->low, r->high, qn_oracle_count(view->oracle));
    } else if (r->count == 0 && r->interrupted) {
        qn_text_printf(text, "Interrupted: nothing found so far.\n");
    } else if (r->count == 0 && !r->exhausted) {
        qn_text_printf(text, "Nothing found in %" PRIu64 " runs: so many steps hardly ever show a solution here\n",
                       r->runs);
    } else if (r->count == 0) {
        qn_text_printf(text, "No %s%s, with confidence %.9g%s\n", thing,
                       view->cnf != NULL ? ": unsatisfiable" : " fulfils the predicate", r->confidence,
                       view->answer != NULL && view->answer->complete && !view->answer->satisfiable
                           ? " (and the solver proves it)"
                           : "");
    } else {
        qn_text_printf(text, "%zu %s%s found, checked", r->count, thing, r->count == 1 ? "" : "s");
        if (r->exhausted) {
            qn_text_printf(text, "; no more than that (confidence %.9g)", r->confidence);
        } else if (r->count < wanted) {
            qn_text_printf(text, " before the interruption");
        }
        qn_text_printf(text, "\n");
    }
}

static void search_lines(qn_text *text, const search_view *view)
{
    const qn_search_result *const r = view->result;
    char seconds[32];
    qn_text_printf(text,
                   "Method: %s, %" PRIu64 " oracle call%s in %" PRIu64 " run%s; the last one took %" PRIu64
                   " step%s (success probability %.6f)\n",
                   qn_search_method_name(r->method), r->queries, r->queries == 1 ? "" : "s", r->runs,
                   r->runs == 1 ? "" : "s", r->steps, r->steps == 1 ? "" : "s", r->success);
    qn_text_printf(text, "Tier %s\n", r->tier_note);
    qn_text_printf(text, "Oracle: layout %s, %" PRIu32 " qubits and %" PRIu32 " for wide gates, %.6g Toffoli a call",
                   qn_oracle_layout_name(r->oracle.layout), r->oracle.qubits, r->oracle.ladder, r->oracle.toffoli);
    if (r->oracle.loading > 0) {
        qn_text_printf(text, ", %.6g of them to load the table and unload it", r->oracle.loading);
    }
    qn_text_printf(text, "\n");
    if (view->table != NULL && !view->info.compared) {
        qn_text_printf(text, "The predicate is no range of one column: the lookup holds its truth values, worked out "
                             "while the table was read.\n");
    }
    if (view->answer != NULL) {
        qn_text_printf(text, "Classical: DPLL %s in %s (%" PRIu64 " branches)\n",
                       !view->answer->complete     ? "gave up"
                       : view->answer->satisfiable ? "found a solution"
                                                   : "proved that there is none",
                       qn_human(seconds, sizeof seconds, view->answer->seconds, "s"), view->answer->branches);
    } else {
        qn_text_printf(text, "Classical: a scan of all rows finds %" PRIu64 " in %s\n", view->matches,
                       qn_human(seconds, sizeof seconds, view->scan_seconds, "s"));
    }
}

static void minimum_lines(qn_text *text, const search_view *view)
{
    const qn_minimum_result *const r = view->minimum;
    char buffer[32];
    qn_text_printf(text,
                   "Method: threshold search on column %s, %" PRIu64 " oracle calls until it stopped (the answer "
                   "stood after %" PRIu64 "), confidence %.9g\n",
                   search_column_name(view, view->column, buffer, sizeof buffer), r->queries, r->queries_to_best,
                   r->confidence);
    qn_text_printf(text, "Tier %s\n", r->tier_note);
    if (r->cost.counted) {
        qn_text_printf(
            text, "Circuits: up to %" PRIu32 " qubits; %.6g Toffoli gates (%.6g to load and unload), CX depth %.6g\n",
            r->cost.qubits, r->cost.toffoli, r->cost.loading, r->cost.cx_depth);
    }
    qn_text_printf(text, "Classical: a scan of %zu rows takes %s and agrees in %" PRIu64 " of %zu\n", view->table->rows,
                   qn_human(buffer, sizeof buffer, view->scan_seconds, "s"), view->matches, r->count);
}

void search_text(qn_text *text, const qn_style *style, const void *user)
{
    const search_view *const view = user;
    (void)style;
    if (view->minimum != NULL) {
        qn_text_printf(text, "%zu smallest value%s%s\n", view->minimum->count, view->minimum->count == 1 ? "" : "s",
                       view->minimum->interrupted ? " seen before the interruption" : "");
    } else {
        headline(text, view);
    }
    found_text(text, view);
    if (cli_value_of(view->invocation, "quiet")->given) {
        return;
    }
    if (view->minimum != NULL) {
        minimum_lines(text, view);
    } else {
        search_lines(text, view);
    }
}

/* ---- picture ---- */

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* How many calls threshold search takes to the minimum of as many values: the share of random runs done by then. */
static void minimum_picture(search_view *view)
{
    double calls[DRAWS];
    for (uint64_t k = 0; k < DRAWS; k++) {
        calls[k] =
            (double)qn_search_minimum_draw(view->table->rows, cli_value_of(view->invocation, "seed")->integer, k);
    }
    qsort(calls, DRAWS, sizeof *calls, compare);
    for (size_t k = 0; k < SEARCH_CURVE; k++) {
        view->x[k] = calls[k * DRAWS / SEARCH_CURVE];
        view->y[k] = ((double)k + 1) / SEARCH_CURVE;
    }
    view->series[0] = (qn_series){"minimum reached", view->x, view->y, SEARCH_CURVE, NULL, NULL, false};
    view->plot.x_label = "oracle calls";
    view->plot.y_label = "share of runs that are done";
    (void)snprintf(view->title, sizeof view->title, "Threshold search for the minimum of %zu values",
                   view->table->rows);
    (void)snprintf(view->subtitle, sizeof view->subtitle, "%d random runs; a scan looks at every value once: %zu",
                   (int)DRAWS, view->table->rows);
}

static void success_picture(search_view *view)
{
    const double items = (double)view->result->space, marked = (double)qn_oracle_count(view->oracle);
    const double best = (double)qn_search_steps(items, marked);
    const double last = fmax(4, marked > 0 ? 2 * best + 2 : sqrt(items));
    const size_t points = last + 1 < SEARCH_CURVE ? (size_t)last + 1 : SEARCH_CURVE;
    for (size_t k = 0; k < points; k++) {
        view->x[k] = floor(last * (double)k / (double)(points - 1));
        view->y[k] = qn_search_success(items, marked, (uint64_t)view->x[k]);
    }
    view->series[0] = (qn_series){"probability of a solution", view->x, view->y, points, NULL, NULL, false};
    view->marks_x[0] = (double)view->result->steps;
    view->marks_y[0] = view->result->success;
    view->series[1] = (qn_series){"the last run", view->marks_x, view->marks_y, 1, NULL, NULL, true};
    view->plot.nseries = view->result->method == QN_SEARCH_COUNTING ? 1 : 2;
    view->plot.x_label = "steps (oracle calls of one run)";
    view->plot.y_label = "success probability";
    (void)snprintf(view->title, sizeof view->title, "Grover search: %.0f of %.0f items are marked", marked, items);
    (void)snprintf(view->subtitle, sizeof view->subtitle,
                   "most likely after %.0f step%s; a classical guess succeeds with %.3g", best,
                   best > 1 || best < 1 ? "s" : "", marked / items);
}

void search_picture(search_view *view)
{
    const qn_plot empty = QN_PLOT_INIT;
    view->plot = empty;
    view->plot.nseries = 1;
    view->plot.series = view->series;
    if (view->minimum != NULL) {
        minimum_picture(view);
    } else {
        success_picture(view);
    }
    view->plot.title = view->title;
    view->plot.subtitle = view->subtitle;
}
