/* generate_gaps.c: spectral gaps of Markov chains as text, JSON and picture. */
#include <stdio.h>

#include "generate_view.h"

static const char *const names[QN_CHAINS] = {"one flip", "any string", "quantum evolution"};
static const char *const keys[QN_CHAINS] = {"local", "uniform", "quantum"};

void generate_gaps_json(qn_json *json, const void *user)
{
    const generate_view *const view = user;
    for (int i = 0; i < QN_CHAINS; i++) {
        qn_json_begin_object(json, keys[i]);
        qn_json_number(json, "k", qn_generative_chain_rate(view->gaps, view->ngaps, i));
        qn_json_begin_array(json, "gaps");
        for (size_t r = 0; r < view->ngaps; r++) {
            qn_json_begin_object(json, NULL);
            qn_json_unsigned(json, "spins", view->gaps[r].spins);
            qn_json_unsigned(json, "instances", view->gaps[r].instances);
            qn_json_number(json, "mean", view->gaps[r].mean[i]);
            qn_json_number(json, "error", view->gaps[r].error[i]);
            qn_json_end_object(json);
        }
        qn_json_end_array(json);
        qn_json_end_object(json);
    }
    qn_json_bool(json, "interrupted", view->interrupted);
}

void generate_gaps_text(qn_text *text, const qn_style *style, const void *user)
{
    const generate_view *const view = user;
    enum { COLUMNS = 1 + QN_CHAINS };
    char cells[GENERATE_SIZES + 1][COLUMNS][40];
    const char *list[(GENERATE_SIZES + 1) * COLUMNS];
    const qn_table_column columns[COLUMNS] = {{"spins", true}, {names[0], true}, {names[1], true}, {names[2], true}};
    for (size_t r = 0; r <= view->ngaps; r++) {
        const bool rate = r == view->ngaps;
        (void)snprintf(cells[r][0], sizeof cells[r][0], rate ? "k" : "%u", rate ? 0 : view->gaps[r].spins);
        for (int i = 0; i < QN_CHAINS; i++) {
            char *const cell = cells[r][1 + i];
            if (rate) {
                (void)snprintf(cell, 40, "%.3f", qn_generative_chain_rate(view->gaps, view->ngaps, i));
            } else {
                (void)snprintf(cell, 40, "%.4f +- %.4f", view->gaps[r].mean[i], view->gaps[r].error[i]);
            }
        }
        for (size_t k = 0; k < COLUMNS; k++) {
            list[r * COLUMNS + k] = cells[r][k];
        }
    }
    qn_text_printf(text, "Mean spectral gap over %u random Ising models a size, and k of gap ~ 2^(-k n)%s:\n",
                   view->gaps[0].instances, view->interrupted ? " (interrupted)" : "");
    qn_text_table(text, &(qn_table){columns, COLUMNS, list, view->ngaps + 1}, style);
    qn_text_printf(text,
                   "Steps are compared, not seconds: a quantum step is a circuit, a classical one some "
                   "nanoseconds. All chains slow down exponentially; the gain is in the exponent, and is measured "
                   "on small sizes only.\n");
}

void generate_gaps_picture(generate_view *view)
{
    const qn_plot empty = QN_PLOT_INIT;
    view->plot = empty;
    for (size_t r = 0; r < view->ngaps; r++) {
        view->chain[QN_CHAINS][r] = view->gaps[r].spins;
        for (int i = 0; i < QN_CHAINS; i++) {
            view->chain[i][r] = view->gaps[r].mean[i];
        }
    }
    for (int i = 0; i < QN_CHAINS; i++) {
        view->series[i] = (qn_series){names[i], view->chain[QN_CHAINS], view->chain[i], view->ngaps, NULL, NULL, false};
    }
    view->plot.series = view->series;
    view->plot.nseries = QN_CHAINS;
    view->plot.log_y = true;
    view->plot.x_label = "spins";
    view->plot.y_label = "mean spectral gap";
    (void)snprintf(view->title, sizeof view->title, "Markov chains on random Ising models");
    (void)snprintf(view->subtitle, sizeof view->subtitle, "%u instances a size, sizes %s", view->gaps[0].instances,
                   view->name);
    view->plot.title = view->title;
    view->plot.subtitle = view->subtitle;
}
