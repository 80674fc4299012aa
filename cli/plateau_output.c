/* plateau_output.c: what `quern plateau` says. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "plateau_view.h"

static void json_decay(qn_json *json, const char *key, const qn_plateau_decay *decay)
{
    qn_json_begin_object(json, key);
    qn_json_number(json, "slope", decay->slope);
    qn_json_number(json, "low", decay->low);
    qn_json_number(json, "high", decay->high);
    qn_json_number(json, "residual", decay->residual);
    qn_json_number(json, "power", decay->power);
    qn_json_number(json, "power_low", decay->power_low);
    qn_json_number(json, "power_high", decay->power_high);
    qn_json_number(json, "power_residual", decay->power_residual);
    qn_json_bool(json, "vanished", decay->vanished);
    qn_json_end_object(json);
}

static void json_part(qn_json *json, const qn_plateau_row *row, size_t part)
{
    qn_json_begin_object(json, qn_plateau_part_name(part));
    qn_json_number(json, "variance", row->variance[part]);
    qn_json_number(json, "low", row->low[part]);
    qn_json_number(json, "high", row->high[part]);
    qn_json_number(json, "law", row->law[part]);
    qn_json_end_object(json);
}

static void json_run(qn_json *json, const plateau_run *run)
{
    const qn_plateau_result *result = run->result;
    json_decay(json, "decay", &result->decay[QN_PLATEAU_MEAN]);
    qn_json_begin_object(json, "decays");
    for (size_t part = 0; part < QN_PLATEAU_PART_COUNT_; part++) {
        json_decay(json, qn_plateau_part_name(part), &result->decay[part]);
    }
    qn_json_end_object(json);
    qn_json_begin_array(json, "variances");
    for (size_t i = 0; i < result->count; i++) {
        const qn_plateau_row *row = &result->rows[i];
        qn_json_begin_object(json, NULL);
        qn_json_unsigned(json, "qubits", row->qubits);
        qn_json_unsigned(json, "layers", row->layers);
        qn_json_unsigned(json, "parameters", row->parameters);
        for (size_t part = 0; part < QN_PLATEAU_PART_COUNT_; part++) {
            json_part(json, row, part);
        }
        qn_json_number(json, "mean_square", row->mean_square);
        qn_json_number(json, "shots_per_sign", row->shots_per_sign);
        qn_json_number(json, "seconds", row->seconds);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
    qn_json_string(json, "law", result->law);
    qn_json_bool(json, "interrupted", result->interrupted);
    qn_json_unsigned(json, "gradients", result->gradients);
    qn_json_number(json, "seconds", result->seconds);
}

void plateau_json_input(qn_json *json, const void *user)
{
    const plateau_view *view = user;
    const qn_plateau_options *o = &view->runs[0].options;
    qn_json_string(json, "ansatz", qn_plateau_ansatz_name((size_t)o->ansatz));
    qn_json_string(json, "observable", cli_value_of(view->invocation, "observable")->text);
    qn_json_string(json, "mitigation", cli_value_of(view->invocation, "mitigation")->text);
    qn_json_unsigned(json, "samples", o->samples);
    qn_json_string(json, "method", o->twin ? "twin" : "states");
}

static void json_algebra(qn_json *json, const plateau_algebra *algebra)
{
    const qn_lie_ideals *ideals = NULL;
    qn_json_unsigned(json, "qubits", algebra->qubits);
    qn_json_unsigned(json, "dimension", qn_lie_dimension(algebra->lie));
    qn_json_bool(json, "complete", qn_lie_complete(algebra->lie));
    if (!qn_lie_is_split(algebra->lie)) {
        return;
    }
    qn_json_unsigned(json, "centre", qn_lie_centre(algebra->lie));
    qn_json_begin_array(json, "ideals");
    for (size_t k = 0; (ideals = qn_lie_ideals_at(algebra->lie, k)) != NULL; k++) {
        qn_json_begin_object(json, NULL);
        qn_json_unsigned(json, "dimension", ideals->dimension);
        qn_json_unsigned(json, "copies", ideals->copies);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
}

/* The largest size's in front, all of them in "sizes". */
static void json_algebras(qn_json *json, const plateau_view *view)
{
    if (view->nalgebras == 0) {
        return;
    }
    qn_json_begin_object(json, "dla");
    json_algebra(json, &view->algebras[view->nalgebras - 1]);
    qn_json_begin_array(json, "sizes");
    for (size_t i = 0; i < view->nalgebras; i++) {
        qn_json_begin_object(json, NULL);
        json_algebra(json, &view->algebras[i]);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
    qn_json_end_object(json);
}

static void text_algebras(qn_text *text, const plateau_view *view)
{
    if (view->nalgebras > 0) {
        qn_text_printf(text, "\nDynamical Lie algebra:\n");
    }
    for (size_t i = 0; i < view->nalgebras; i++) {
        const qn_lie *lie = view->algebras[i].lie;
        const qn_lie_ideals *ideals = NULL;
        qn_text_printf(text, "  %u qubits: %s%llu dimensions", view->algebras[i].qubits,
                       qn_lie_complete(lie) ? "" : "at least ", (unsigned long long)qn_lie_dimension(lie));
        if (qn_lie_is_split(lie)) {
            qn_text_printf(text, ", centre %llu", (unsigned long long)qn_lie_centre(lie));
        } else if (qn_lie_complete(lie)) {
            qn_text_printf(text, ", not split into ideals (over too many strings)");
        }
        for (size_t k = 0; (ideals = qn_lie_ideals_at(lie, k)) != NULL; k++) {
            qn_text_printf(text, ", %llu simple ideal%s of %llu", (unsigned long long)ideals->copies,
                           ideals->copies == 1 ? "" : "s", (unsigned long long)ideals->dimension);
        }
        qn_text_printf(text, "; a state has %.4g amplitudes\n", ldexp(1.0, (int)view->algebras[i].qubits));
    }
}

void plateau_json_result(qn_json *json, const void *user)
{
    const plateau_view *view = user;
    json_run(json, &view->runs[0]);
    qn_json_begin_array(json, "mitigations");
    for (size_t i = 1; i < view->count; i++) {
        qn_json_begin_object(json, NULL);
        qn_json_string(json, "name", view->runs[i].name);
        json_run(json, &view->runs[i]);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
    plateau_json_stages(json, view);
    json_algebras(json, view);
}

bool plateau_is_power(const qn_plateau_result *result)
{
    const qn_plateau_decay *d = &result->decay[QN_PLATEAU_MEAN];
    return result->count >= 3 && d->power_residual < d->residual;
}

void plateau_say_decay(const plateau_run *run, char *text, size_t capacity)
{
    const qn_plateau_decay *d = &run->result->decay[QN_PLATEAU_MEAN];
    if (d->vanished) {
        (void)snprintf(text, capacity, "all derivatives vanish");
    } else if (run->result->count < 2) {
        (void)snprintf(text, capacity, "one size: no decay to fit");
    } else if (plateau_is_power(run->result)) {
        (void)snprintf(text, capacity, "falls like n^%.2f (95 %%: %.2f to %.2f), a power rather than an exponential",
                       d->power, d->power_low, d->power_high);
    } else {
        (void)snprintf(text, capacity, "falls like 2^(%.2f n) (95 %%: %.2f to %.2f)", d->slope, d->low, d->high);
    }
}

static void text_rows(qn_text *text, const qn_style *style, const plateau_run *run)
{
    static const qn_table_column columns[] = {
        {"qubits", true}, {"angles", true}, {"Var mean", true}, {"first", true}, {"middle", true},
        {"last", true},   {"law", true},    {"Var loss", true}, {"law", true},   {"shots/sign", true}};
    enum { COLUMNS = sizeof columns / sizeof columns[0] };
    char cells[PLATEAU_SIZES][COLUMNS][24];
    const char *pointers[PLATEAU_SIZES * COLUMNS];
    const size_t rows = run->result->count;
    for (size_t i = 0; i < rows; i++) {
        const qn_plateau_row *r = &run->result->rows[i];
        const double numbers[COLUMNS] = {r->qubits,
                                         (double)r->parameters,
                                         r->variance[QN_PLATEAU_MEAN],
                                         r->variance[QN_PLATEAU_FIRST],
                                         r->variance[QN_PLATEAU_MIDDLE],
                                         r->variance[QN_PLATEAU_LAST],
                                         r->law[QN_PLATEAU_MIDDLE],
                                         r->variance[QN_PLATEAU_LOSS],
                                         r->law[QN_PLATEAU_LOSS],
                                         r->shots_per_sign};
        for (size_t c = 0; c < COLUMNS; c++) {
            (void)snprintf(cells[i][c], sizeof cells[i][c], c < 2 ? "%.0f" : "%.3g",
                           c >= 2 && c != COLUMNS - 1 && numbers[c] < 1e-28 ? 0.0 : numbers[c]);
            if (isnan(numbers[c])) {
                (void)snprintf(cells[i][c], sizeof cells[i][c], "-");
            }
            pointers[i * COLUMNS + c] = cells[i][c];
        }
    }
    const qn_table table = {columns, COLUMNS, pointers, rows};
    qn_text_table(text, &table, style);
}

static void text_remedies(qn_text *text, const qn_style *style, const plateau_view *view)
{
    static const qn_table_column columns[] = {{"start", false}, {"Var mean", true}, {"shots/sign", true}, {"", false}};
    char cells[PLATEAU_RUNS][2][24], decay[PLATEAU_RUNS][PLATEAU_TEXT];
    const char *pointers[PLATEAU_RUNS * 4];
    for (size_t i = 0; i < view->count; i++) {
        const plateau_run *run = &view->runs[i];
        const qn_plateau_row *row = &run->result->rows[run->result->count - 1];
        (void)snprintf(cells[i][0], sizeof cells[i][0], "%.3g", row->variance[QN_PLATEAU_MEAN]);
        (void)snprintf(cells[i][1], sizeof cells[i][1], "%.3g", row->shots_per_sign);
        plateau_say_decay(run, decay[i], sizeof decay[i]);
        pointers[4 * i] = run->name;
        pointers[4 * i + 1] = cells[i][0];
        pointers[4 * i + 2] = cells[i][1];
        pointers[4 * i + 3] = decay[i];
    }
    const qn_table table = {columns, 4, pointers, view->count};
    qn_text_printf(text, "\nAt %u qubits:\n", view->qubits[view->runs[0].result->count - 1]);
    qn_text_table(text, &table, style);
}

void plateau_text(qn_text *text, const qn_style *style, const void *user)
{
    const plateau_view *view = user;
    const plateau_run *plain = &view->runs[0];
    char decay[PLATEAU_TEXT];
    plateau_say_decay(plain, decay, sizeof decay);
    qn_text_printf(text, "Variance of a derivative: %s\n", decay);
    if (plain->result->interrupted) {
        qn_text_printf(text, "Interrupted: the sizes done so far.\n");
    }
    if (cli_value_of(view->invocation, "quiet")->given) {
        return;
    }
    qn_text_printf(text, "%s: %s; observable %s; start %s; %llu random starts a size\n\n",
                   qn_plateau_ansatz_name((size_t)plain->options.ansatz),
                   qn_plateau_ansatz_text((size_t)plain->options.ansatz),
                   cli_value_of(view->invocation, "observable")->text,
                   qn_plateau_start_text((size_t)plain->options.start), (unsigned long long)plain->options.samples);
    if (plain->options.twin) {
        qn_text_printf(text, "By the classical twin: in the Lie algebra, no state of 2^n amplitudes is made.\n\n");
    }
    text_rows(text, style, plain);
    qn_text_printf(text, "law (of the middle angle, of the loss): %s\n", plain->result->law);
    text_algebras(text, view);
    if (view->count > 1) {
        text_remedies(text, style, view);
    }
    plateau_text_stages(text, style, view);
}
