/* attention_output.c: an attention head as text, JSON and pictures. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attention_view.h"

void attention_input_json(qn_json *json, const void *user)
{
    const attention_view *const view = user;
    if (view->model != NULL) {
        char text[256];
        (void)snprintf(text, sizeof text, "%.*s", (int)view->length, view->text);
        qn_json_string(json, "text", text);
        qn_json_unsigned(json, "layer", view->layer);
        qn_json_unsigned(json, "head_index", view->head);
    } else {
        qn_json_string(json, "weights", cli_value_of(view->invocation, "weights")->text);
        qn_json_string(json, "input", cli_value_of(view->invocation, "input")->text);
    }
    qn_json_unsigned(json, "tokens", view->input.tokens);
    qn_json_unsigned(json, "width", view->input.width);
    qn_json_unsigned(json, "head", view->input.head);
    qn_json_bool(json, "causal", view->input.causal);
}

static void alpha_json(qn_json *json, const qn_attention *a)
{
    qn_json_begin_object(json, "alpha");
    qn_json_number(json, "x", a->alpha_x);
    qn_json_number(json, "query", a->alpha_query);
    qn_json_number(json, "key", a->alpha_key);
    qn_json_number(json, "value", a->alpha_value);
    qn_json_number(json, "scores", a->alpha_scores);
    qn_json_number(json, "score_most", a->score_most);
    qn_json_number(json, "score_spread", a->score_spread);
    qn_json_number(json, "shift_most", a->shift_most);
    qn_json_number(json, "amplification", a->amplification);
    qn_json_number(json, "powers_log10", a->powers_log10);
    qn_json_end_object(json);
}

static void curve_json(qn_json *json, const qn_attention *a)
{
    qn_json_begin_array(json, "curve");
    for (size_t k = 0; k < a->curve_count; k++) {
        qn_json_begin_object(json, NULL);
        qn_json_number(json, "degree", a->curve_degree[k]);
        qn_json_number(json, "error", a->curve_error[k]);
        qn_json_number(json, "bound", a->curve_bound[k]);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
}

void attention_result_json(qn_json *json, const void *user)
{
    const attention_view *const view = user;
    const qn_attention *const a = view->attention;
    alpha_json(json, a);
    qn_json_number(json, "beta", a->beta);
    qn_json_unsigned(json, "degree", a->degree);
    qn_json_number(json, "polynomial_error", a->polynomial_error);
    qn_json_number(json, "softmax_error", a->softmax_error);
    qn_json_number(json, "softmax_bound", a->softmax_bound);
    qn_json_number(json, "output_error", a->output_error);
    qn_json_unsigned(json, "argmax_agreeing", a->agreeing);
    qn_json_number(json, "argmax_shots_median", a->argmax_shots_median);
    qn_json_number(json, "argmax_shots_most", a->argmax_shots_most);
    qn_json_number(json, "success_mean", a->success_mean);
    qn_json_number(json, "success_least", a->success_least);
    qn_json_number(json, "amplification_degree", a->amplification_degree);
    qn_json_bool(json, "amplification_made", a->amplification_made);
    qn_json_number(json, "amplification_error", a->amplification_error);
    qn_json_number(json, "amplified_error", a->amplified_error);
    qn_json_number(json, "score_calls", a->score_calls);
    qn_json_number(json, "loads", a->loads);
    qn_json_number(json, "shots_per_row", a->shots_per_row);
    qn_json_number(json, "shots_total", a->shots_total);
    qn_json_number(json, "classical_seconds", a->classical_seconds);
    qn_json_number(json, "simulator_seconds", a->simulator_seconds);
    qn_json_number(json, "classical_advantage", view->ledger.quantum_seconds_p50.value / a->classical_seconds);
    if (view->model != NULL && view->input.causal) {
        const char exact[2] = {view->next_exact, '\0'}, quantum[2] = {view->next_quantum, '\0'};
        qn_json_begin_object(json, "next");
        qn_json_string(json, "exact", exact);
        qn_json_string(json, "quantum", quantum);
        qn_json_unsigned(json, "agreeing", view->same_next);
        qn_json_number(json, "logits_error", view->logits_error);
        qn_json_end_object(json);
    }
    curve_json(json, a);
}

static const char *text_of(char *room, size_t capacity, double value)
{
    (void)snprintf(room, capacity, "%.2e", value);
    return room;
}

void attention_text(qn_text *text, const qn_style *style, const void *user)
{
    (void)style;
    const attention_view *const view = user;
    const qn_attention *const a = view->attention;
    char runs[32], calls[32], time[32];
    if (view->model != NULL) {
        qn_text_printf(text, "layer %u, head %u on \"%.*s\"\n", view->layer, view->head, (int)view->length, view->text);
    }
    qn_text_printf(text, "head        %zu tokens of width %zu, head %zu, %s\n", a->tokens, view->input.width, a->head,
                   view->input.causal ? "causal" : "no mask");
    qn_text_printf(
        text,
        "alpha       x %.4g, Q %.4g, K %.4g, V %.4g; scores %.4g, of which a row spreads over %.4g: amplified %.4g "
        "times\n",
        a->alpha_x, a->alpha_query, a->alpha_key, a->alpha_value, a->alpha_scores, a->score_spread, a->amplification);
    qn_text_printf(text, "softmax     polynomial of degree %u: weights off by %.2e (bound %.2e), output by %.2e\n",
                   a->degree, a->softmax_error, a->softmax_bound, a->output_error);
    if (a->amplification_made) {
        qn_text_printf(text, "amplifier   polynomial of degree %.0f: off by %.1e at most; with it weights off by %s\n",
                       a->amplification_degree, a->amplification_error,
                       isnan(a->amplified_error) ? "a sum not worked out"
                                                 : text_of(time, sizeof time, a->amplified_error));
    } else {
        qn_text_printf(text, "amplifier   degree %.3g, in proportion to the largest polynomial that is made here\n",
                       a->amplification_degree);
    }
    qn_text_printf(text, "argmax      same token in %zu of %zu rows; %s runs to see it in the median row\n",
                   a->agreeing, a->tokens, qn_human(runs, sizeof runs, a->argmax_shots_median, NULL));
    if (view->model != NULL && view->input.causal) {
        qn_text_printf(text,
                       "next        same next character at %zu of %zu places, logits off by %.1e at most; after the "
                       "text: '%c' exact, '%c' quantum\n",
                       view->same_next, a->tokens, view->logits_error,
                       view->next_exact == '\n' ? ' ' : view->next_exact,
                       view->next_quantum == '\n' ? ' ' : view->next_quantum);
    }
    if (cli_value_of(view->invocation, "quiet")->given) {
        return;
    }
    qn_text_printf(text, "a run       %s calls of the scores' block-encoding, succeeds with %.2e on average\n",
                   qn_human(calls, sizeof calls, a->score_calls, NULL), a->success_mean);
    qn_text_printf(text, "read-out    %s runs for all rows at %.3g\n",
                   qn_human(runs, sizeof runs, a->shots_total, NULL), a->readout);
    qn_text_printf(text,
                   "dgemm       the whole head in %s: ahead by a factor of %.1e (modelled time of all runs over "
                   "this)\n",
                   qn_human(time, sizeof time, a->classical_seconds, "s"),
                   view->ledger.quantum_seconds_p50.value / a->classical_seconds);
}

/* Names of the last `n` tokens: their characters, a mark for blanks. */
static void name_tokens(attention_view *view, size_t n)
{
    for (size_t i = 0; view->model != NULL && i < n; i++) {
        const char c = view->text[view->length - n + i];
        (void)snprintf(view->letters[i], sizeof view->letters[i], "%c", c > ' ' && c <= '~' ? c : '_');
        view->row_names[i] = view->column_names[i] = view->column_names[n + 1 + i] = view->letters[i];
    }
    view->column_names[n] = " ";
    view->map.row_names = view->model != NULL ? view->row_names : NULL;
    view->map.column_names = view->model != NULL ? view->column_names : NULL;
}

static void fill_map(attention_view *view, size_t n)
{
    const qn_attention *const a = view->attention;
    const size_t wide = 2 * n + 1, first = a->tokens - n;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            const bool seen = !view->input.causal || j <= i;
            const size_t from = (first + i) * a->tokens + first + j;
            view->cells[i * wide + j] = seen ? a->exact_weights[from] : (double)NAN;
            view->cells[i * wide + n + 1 + j] = seen ? a->weights[from] : (double)NAN;
        }
        view->cells[i * wide + n] = (double)NAN;
    }
}

void attention_picture(attention_view *view)
{
    const qn_attention *const a = view->attention;
    const size_t n = a->tokens < ATTENTION_SHOWN ? a->tokens : ATTENTION_SHOWN;
    const qn_heat_map empty_map = QN_HEAT_MAP_INIT;
    const qn_plot empty_plot = QN_PLOT_INIT;
    view->map = empty_map;
    fill_map(view, n);
    name_tokens(view, n);
    (void)snprintf(
        view->subtitle, sizeof view->subtitle,
        "softmax polynomial of degree %u: rows off by %.1e at most; same largest weight in %zu of %zu rows%s",
        a->degree, a->softmax_error, a->agreeing, a->tokens, n < a->tokens ? "; last tokens" : "");
    view->map.title = "Attention weights: exact (left) and quantum (right)";
    view->map.subtitle = view->subtitle;
    view->map.x_label = "token that is seen";
    view->map.y_label = "token that looks";
    view->map.rows = n;
    view->map.columns = 2 * n + 1;
    view->map.values = view->cells;
    view->map.high = 1;
    view->map.width = 980;
    view->series[0] =
        (qn_series){.name = "this head", .x = a->curve_degree, .y = a->curve_error, .count = a->curve_count};
    view->series[1] = (qn_series){.name = "bound", .x = a->curve_degree, .y = a->curve_bound, .count = a->curve_count};
    view->curve = empty_plot;
    view->curve.title = "Error of the attention weights against the degree of the softmax polynomial";
    view->curve.x_label = "degree";
    view->curve.y_label = "largest |w' - w| of a row, summed";
    view->curve.log_y = true;
    view->curve.series = view->series;
    view->curve.nseries = 2;
    view->figures[0] = (qn_figure){QN_FIGURE_HEAT_MAP, &view->map};
    view->figures[1] = (qn_figure){QN_FIGURE_PLOT, &view->curve};
}
