/* plateau_stages.c: layerwise training of `quern plateau --mitigation layerwise`, stage by stage. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plateau_view.h"

static void json_stage(qn_json *json, const char *key, const qn_plateau_stage *stage)
{
    qn_json_begin_object(json, key);
    qn_json_unsigned(json, "layers", stage->layers);
    qn_json_unsigned(json, "first_layer", stage->first);
    qn_json_unsigned(json, "last_layer", stage->last > 0 ? stage->last - 1 : 0);
    qn_json_unsigned(json, "parameters", stage->parameters);
    qn_json_number(json, "variance", stage->variance);
    qn_json_number(json, "mean_square", stage->mean_square);
    qn_json_number(json, "loss_before", stage->loss_before);
    qn_json_number(json, "loss_after", stage->loss_after);
    qn_json_end_object(json);
}

void plateau_json_stages(qn_json *json, const plateau_view *view)
{
    if (view->nstages == 0) {
        return;
    }
    qn_json_begin_array(json, "layerwise");
    for (size_t i = 0; i < view->nstages; i++) {
        const qn_plateau_layerwise *const l = view->stages[i];
        qn_json_begin_object(json, NULL);
        qn_json_unsigned(json, "qubits", l->qubits);
        qn_json_unsigned(json, "runs", view->training.runs);
        qn_json_unsigned(json, "steps", view->training.steps);
        qn_json_bool(json, "rises", view->runs[0].options.observable != QN_PLATEAU_SUM);
        qn_json_begin_array(json, "stages");
        for (size_t k = 0; k < l->count; k++) {
            json_stage(json, NULL, &l->stages[k]);
        }
        qn_json_end_array(json);
        if (!l->interrupted) {
            json_stage(json, "plain", &l->plain);
        }
        qn_json_bool(json, "interrupted", l->interrupted);
        qn_json_unsigned(json, "gradients", l->gradients);
        qn_json_number(json, "seconds", l->seconds);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
}

enum { COLUMNS = 6, CELL = 24 };

static void fill_row(const qn_plateau_stage *stage, const char *name, char (*cells)[CELL], const char **pointers)
{
    const double numbers[4] = {stage->variance, stage->mean_square, stage->loss_before, stage->loss_after};
    (void)snprintf(cells[0], CELL, "%s", name);
    (void)snprintf(cells[1], CELL, "%zu", stage->parameters);
    for (size_t c = 0; c < 4; c++) {
        (void)snprintf(cells[c + 2], CELL, c < 2 ? "%.3g" : "%.5g", c < 2 && numbers[c] < 1e-28 ? 0.0 : numbers[c]);
    }
    for (size_t c = 0; c < COLUMNS; c++) {
        pointers[c] = cells[c];
    }
}

static void text_stages(qn_text *text, const qn_style *style, const qn_plateau_layerwise *l)
{
    static const qn_table_column columns[COLUMNS] = {
        {"layers that move", false}, {"angles", true},      {"Var", true},
        {"mean square", true},       {"loss before", true}, {"after", true}};
    enum { MOST = 64, ENDS = MOST / 2 };
    static const qn_plateau_stage gap = {0};
    char cells[MOST + 2][COLUMNS][CELL];
    const char *pointers[(MOST + 2) * COLUMNS];
    size_t rows = 0;
    for (size_t k = 0; k < l->count; k++) {
        char name[CELL];
        const qn_plateau_stage *const s = &l->stages[k];
        if (l->count > MOST && k >= ENDS && k < l->count - ENDS) { /* a line for those between the first and the last */
            if (k == ENDS) {
                fill_row(&gap, "...", cells[rows], pointers + rows * COLUMNS);
                for (size_t c = 1; c < COLUMNS; c++) {
                    cells[rows][c][0] = '\0';
                }
                rows++;
            }
            continue;
        }
        (void)snprintf(name, sizeof name, "%u-%u of %u", s->first + 1, s->last, s->layers);
        fill_row(s, name, cells[rows], pointers + rows * COLUMNS);
        rows++;
    }
    if (!l->interrupted) {
        fill_row(&l->plain, "all, uniform start", cells[rows], pointers + rows * COLUMNS);
        rows++;
    }
    const qn_table table = {columns, COLUMNS, pointers, rows};
    qn_text_table(text, &table, style);
}

/* One line a size: where the gradient was smallest, and what training came to. */
static void text_size(qn_text *text, const qn_plateau_layerwise *l)
{
    size_t least = 0;
    for (size_t k = 0; k < l->count; k++) {
        least = l->stages[k].variance < l->stages[least].variance ? k : least;
    }
    qn_text_printf(text, "  %u qubits: least variance of a stage %.3g (stage %zu of %zu), loss %.5g", l->qubits,
                   l->stages[least].variance, least + 1, l->count, l->stages[l->count - 1].loss_after);
    if (l->interrupted) {
        qn_text_printf(text, "; interrupted after %zu stages\n", l->count);
    } else {
        qn_text_printf(text, "; the whole circuit at once %.3g, loss %.5g\n", l->plain.variance, l->plain.loss_after);
    }
}

void plateau_text_stages(qn_text *text, const qn_style *style, const plateau_view *view)
{
    if (view->nstages == 0) {
        return;
    }
    qn_text_printf(
        text, "\nLayerwise training: %u runs, %u steps of Adam a stage, exact gradients; the observable should %s:\n",
        view->training.runs, view->training.steps,
        view->runs[0].options.observable == QN_PLATEAU_SUM ? "fall" : "rise");
    for (size_t i = 0; i < view->nstages; i++) {
        text_size(text, view->stages[i]);
    }
    qn_text_printf(text,
                   "\nStages at %u qubits (Var and mean square of the moving angles' derivatives, at the start):\n",
                   view->stages[view->nstages - 1]->qubits);
    text_stages(text, style, view->stages[view->nstages - 1]);
}

bool plateau_stages_picture(plateau_view *view)
{
    if (view->nstages == 0) {
        return false;
    }
    const qn_plateau_layerwise *const l = view->stages[view->nstages - 1];
    size_t count = 0;
    for (size_t k = 0; k < l->count && count < PLATEAU_STAGES; k++, count++) {
        view->stage_x[count] = (double)k + 1;
        view->stage_y[count] = l->stages[k].variance > 1e-28 ? l->stages[k].variance : (double)NAN;
    }
    view->stage_series = (qn_series){"where each stage begins", view->stage_x, view->stage_y, count, NULL, NULL, false};
    view->stage_line = (qn_plot_line){"whole circuit, uniform start", l->plain.variance, 0.0};
    (void)snprintf(view->stage_title, sizeof view->stage_title,
                   "Layerwise training at %u qubits: variance of derivatives", l->qubits);
    view->plots[1] = (qn_plot)QN_PLOT_INIT;
    view->plots[1].title = view->stage_title;
    view->plots[1].subtitle = "angles that move, mean over them; the last two stages are the halves of the circuit";
    view->plots[1].x_label = "stage";
    view->plots[1].y_label = "variance";
    view->plots[1].log_y = true;
    view->plots[1].series = &view->stage_series;
    view->plots[1].nseries = 1;
    view->plots[1].lines = &view->stage_line;
    view->plots[1].nlines = l->interrupted || !(l->plain.variance > 1e-28) ? 0 : 1;
    return true;
}
