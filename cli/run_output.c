/* run_output.c: results of `quern run` for people, programs and spreadsheets. */
#include "run_output.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "circuit_input.h"
#include "output.h"
#include "terminal.h"

enum { TEXT_ROWS = 20, LONGEST_BAR = 40, SHORTEST_BAR = 8 };

/* Calls `use` for every shot's key, in order. */
static qn_status each_shot(const cli_run_view *view, void (*use)(void *, uint64_t, const char *), void *user)
{
    char *key = malloc(qn_circuit_key_size(view->circuit));
    if (key == NULL) {
        return QN_ERR_MEMORY;
    }
    const uint32_t own = qn_circuit_bits(view->circuit);
    const uint32_t bits = own > 0 ? own : qn_circuit_qubits(view->circuit);
    const size_t words = ((size_t)bits + 63) / 64;
    for (uint64_t shot = 0; shot < view->rows->shots; shot++) {
        cli_run_key(view->circuit, view->memory + shot * words, view->low_first, key);
        use(user, shot, key);
    }
    free(key);
    return QN_OK;
}

/* A bar in eighths of a column, or in hashes. */
static void bar(qn_text *text, double columns, bool unicode)
{
    static const char *const eighths[] = {"", "\u258F", "\u258E", "\u258D", "\u258C", "\u258B", "\u258A", "\u2589"};
    const int parts = (int)lround(columns * 8.0);
    for (int i = 0; i < (unicode ? parts / 8 : (parts + 4) / 8); i++) {
        qn_text_printf(text, "%s", unicode ? "\u2588" : "#");
    }
    if (unicode) {
        qn_text_printf(text, "%s", eighths[parts % 8]);
    }
}

static int digits_of(uint64_t number)
{
    int digits = 1;
    for (; number >= 10; number /= 10) {
        digits++;
    }
    return digits;
}

static void text_rows(qn_text *text, const cli_run_view *view, const qn_style *style)
{
    const cli_run_rows *rows = view->rows;
    const bool exact = rows->shots == 0;
    size_t indices[TEXT_ROWS];
    const size_t shown = cli_run_rows_largest(rows, TEXT_ROWS, indices);
    if (shown == 0) {
        qn_text_printf(text, "no results\n");
        return;
    }
    const cli_run_row *first = &rows->rows[indices[0]];
    const int digits = digits_of(first->times);
    const size_t used = rows->width + (exact ? 12 : 22 + (size_t)digits) + 2;
    const double room = fmin((double)LONGEST_BAR, (double)style->width - (double)used);
    double share = 0.0;
    for (size_t i = 0; i < shown; i++) {
        const cli_run_row *row = &rows->rows[indices[i]];
        share += row->share;
        if (exact) {
            qn_text_printf(text, "%s  %.8f", row->key, row->share);
        } else {
            qn_text_printf(text, "%s  %*llu  %.4f %s %.4f", row->key, digits, (unsigned long long)row->times,
                           row->share, style->unicode ? "\u00B1" : "+-", row->std_error);
        }
        if (room >= SHORTEST_BAR) {
            qn_text_printf(text, "  ");
            bar(text, room * row->share / first->share, style->unicode);
        }
        qn_text_printf(text, "\n");
    }
    if (shown < rows->count) {
        qn_text_printf(text, "and %zu more, together %.4f\n", rows->count - shown, fmax(0.0, 1.0 - share));
    }
}

static void text_shot(void *user, uint64_t shot, const char *key)
{
    (void)shot;
    qn_text_printf(user, "%s\n", key);
}

static void text_heading(qn_text *text, const cli_run_view *view)
{
    char line[256], time[32];
    cli_circuit_describe(view->path, view->circuit, line, sizeof line);
    qn_text_printf(text, "%s\n", line);
    (void)qn_human(time, sizeof time, view->seconds, "s");
    if (view->rows != NULL && view->rows->shots > 0) {
        qn_text_printf(text, "Sampled: %llu shot%s, seed %llu, %s, %s\n", (unsigned long long)view->rows->shots,
                       view->rows->shots == 1 ? "" : "s", (unsigned long long)view->seed, view->engine->spec, time);
    } else {
        qn_text_printf(text, "%s: %s, %s\n", view->rows != NULL ? "Exact probabilities" : "Run", view->engine->spec,
                       time);
    }
}

qn_status cli_run_text(qn_text *text, const cli_run_view *view)
{
    const qn_style style = cli_terminal_style();
    if (!view->quiet) {
        text_heading(text, view);
    }
    qn_status status = QN_OK;
    if (view->rows != NULL) {
        qn_text_printf(text, "%s", view->quiet ? "" : "\n");
        if (view->memory != NULL) {
            status = each_shot(view, text_shot, text);
        } else {
            text_rows(text, view, &style);
        }
    }
    const cli_observables *o = view->observables;
    size_t widest = 0;
    for (size_t i = 0; i < o->count; i++) {
        const size_t length = strlen(o->items[i].text);
        widest = length > widest && length <= 40 ? length : widest;
    }
    if (o->count > 0 && !view->quiet) {
        qn_text_printf(text, "\nExpectation values (%s)\n", o->exact ? "exact" : "sampled");
    }
    for (size_t i = 0; i < o->count; i++) {
        const cli_expectation *item = &o->items[i];
        qn_text_printf(text, "<%s>%*s ", item->text,
                       strlen(item->text) < widest ? (int)(widest - strlen(item->text)) : 0, "");
        if (o->exact) {
            qn_text_printf(text, "%.10f\n", fabs(item->value) < 5e-11 ? 0.0 : item->value);
        } else {
            qn_text_printf(text, "%.5f %s %.5f\n", item->value, style.unicode ? "\u00B1" : "+-", item->std_error);
        }
    }
    if (view->statevector != NULL && !view->quiet && strcmp(view->statevector, "-") != 0) {
        qn_text_printf(text, "\nstate vector: %s\n", view->statevector);
    }
    return status;
}

static void json_shot(void *user, uint64_t shot, const char *key)
{
    (void)shot;
    qn_json_string(user, NULL, key);
}

static void json_registers(qn_json *json, const cli_run_view *view)
{
    qn_json_begin_array(json, "registers");
    for (size_t k = 0; k < qn_circuit_variables(view->circuit); k++) {
        qn_variable v;
        qn_circuit_variable(view->circuit, k, &v);
        if (v.type == QN_TYPE_BITS && (v.flags & QN_VARIABLE_HIDDEN) == 0) {
            qn_json_begin_object(json, NULL);
            qn_json_string(json, "name", v.name);
            qn_json_unsigned(json, "width", v.width);
            qn_json_end_object(json);
        }
    }
    qn_json_end_array(json);
}

static qn_status json_rows(qn_json *json, const cli_run_view *view)
{
    const cli_run_rows *rows = view->rows;
    const bool exact = rows->shots == 0;
    qn_json_string(json, "source", exact ? "exact" : "sampled");
    qn_json_string(json, "bit_order", view->low_first ? "low" : "high");
    json_registers(json, view);
    if (!exact) {
        qn_json_unsigned(json, "shots", rows->shots);
        qn_json_begin_object(json, "counts");
        for (size_t i = 0; i < rows->count; i++) {
            qn_json_unsigned(json, rows->rows[i].key, rows->rows[i].times);
        }
        qn_json_end_object(json);
    }
    qn_json_begin_object(json, "probabilities");
    for (size_t i = 0; i < rows->count; i++) {
        qn_json_number(json, rows->rows[i].key, rows->rows[i].share);
    }
    qn_json_end_object(json);
    qn_status status = QN_OK;
    if (!exact) {
        qn_json_begin_object(json, "std_errors");
        for (size_t i = 0; i < rows->count; i++) {
            qn_json_number(json, rows->rows[i].key, rows->rows[i].std_error);
        }
        qn_json_end_object(json);
    }
    if (view->memory != NULL) {
        qn_json_begin_array(json, "memory");
        status = each_shot(view, json_shot, json);
        qn_json_end_array(json);
    }
    return status;
}

qn_status cli_run_json(qn_json *json, const cli_run_view *view)
{
    qn_json_begin_object(json, NULL);
    qn_json_string(json, "schema", "quern.run/1");
    qn_json_string(json, "version", qn_version());
    qn_json_unsigned(json, "seed", view->seed);
    cli_circuit_json(json, "input", view->path, view->circuit);
    qn_json_begin_object(json, "method");
    qn_json_string(json, "engine", view->engine->spec);
    qn_json_string(json, "engine_reason", view->engine->why[0] != '\0' ? view->engine->why : NULL);
    qn_json_string(json, "sampling", view->sampling);
    qn_json_end_object(json);
    qn_json_begin_object(json, "result");
    const qn_status status = view->rows != NULL ? json_rows(json, view) : QN_OK;
    const cli_observables *o = view->observables;
    if (o->count > 0) {
        qn_json_begin_array(json, "expectation");
        for (size_t i = 0; i < o->count; i++) {
            qn_json_begin_object(json, NULL);
            qn_json_string(json, "observable", o->items[i].text);
            qn_json_number(json, "value", o->items[i].value);
            qn_json_number(json, "std_error", o->exact ? 0.0 : o->items[i].std_error);
            qn_json_string(json, "source", o->exact ? "exact" : "sampled");
            qn_json_end_object(json);
        }
        qn_json_end_array(json);
    }
    if (view->statevector != NULL) {
        qn_json_string(json, "statevector", view->statevector);
    }
    qn_json_number(json, "load_seconds", view->load_seconds);
    qn_json_number(json, "seconds", view->seconds);
    qn_json_end_object(json);
    qn_json_end_object(json);
    return status;
}

static void csv_shot(void *user, uint64_t shot, const char *key)
{
    qn_text_printf(user, "%llu,%s\n", (unsigned long long)shot, key);
}

/* RFC 4180: quotes around what holds a comma, quotes doubled. */
static void csv_field(qn_text *text, const char *words)
{
    qn_text_append(text, "\"", 1);
    for (; *words != '\0'; words++) {
        qn_text_append(text, *words == '"' ? "\"\"" : words, *words == '"' ? 2 : 1);
    }
    qn_text_append(text, "\"", 1);
}

qn_status cli_run_csv(qn_text *text, const cli_run_view *view)
{
    const cli_observables *o = view->observables;
    if (o->count > 0) {
        qn_text_printf(text, "observable,value,std_error\n");
        for (size_t i = 0; i < o->count; i++) {
            csv_field(text, o->items[i].text);
            qn_text_printf(text, ",%.17g,%.17g\n", o->items[i].value, o->exact ? 0.0 : o->items[i].std_error);
        }
        return QN_OK;
    }
    if (view->rows == NULL) {
        return QN_OK;
    }
    if (view->memory != NULL) {
        qn_text_printf(text, "shot,bits\n");
        return each_shot(view, csv_shot, text);
    }
    const bool exact = view->rows->shots == 0;
    qn_text_printf(text, exact ? "bits,probability\n" : "bits,count,probability,std_error\n");
    for (size_t i = 0; i < view->rows->count; i++) {
        const cli_run_row *row = &view->rows->rows[i];
        if (exact) {
            qn_text_printf(text, "%s,%.17g\n", row->key, row->share);
        } else {
            qn_text_printf(text, "%s,%llu,%.17g,%.6g\n", row->key, (unsigned long long)row->times, row->share,
                           row->std_error);
        }
    }
    return QN_OK;
}
