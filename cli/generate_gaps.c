/* generate_gaps.c: Markov chains, their spectral gaps and what they sample, as text, JSON and picture. */
#include <stdio.h>

#include "generate_view.h"

static const char *const names[QN_CHAIN_SAMPLERS] = {"one flip", "any string", "quantum evolution",
                                                     "parallel tempering", "independent draws"};
static const char *const keys[QN_CHAIN_SAMPLERS] = {"local", "uniform", "quantum", "tempering", "independent"};

static void samples_json(qn_json *json, const qn_chain_samples *s)
{
    qn_json_begin_object(json, "samples");
    qn_json_unsigned(json, "spins", s->spins);
    qn_json_unsigned(json, "chains", s->chains);
    qn_json_unsigned(json, "evaluations", s->evaluations);
    qn_json_number(json, "temperature", s->temperature);
    qn_json_number(json, "exact_energy", s->energy);
    qn_json_number(json, "exact_magnetisation", s->magnetisation);
    for (int i = 0; i < QN_CHAIN_SAMPLERS; i++) {
        const qn_chain_sample *const c = &s->of[i];
        qn_json_begin_object(json, keys[i]);
        qn_json_number(json, "energy", c->energy);
        qn_json_number(json, "energy_error", c->energy_error);
        qn_json_number(json, "magnetisation", c->magnetisation);
        qn_json_number(json, "magnetisation_error", c->magnetisation_error);
        qn_json_number(json, "total_variation", c->variation);
        qn_json_number(json, "total_variation_error", c->variation_error);
        qn_json_number(json, "autocorrelation_time", c->autocorrelation);
        qn_json_end_object(json);
    }
    qn_json_end_object(json);
}

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
    if (view->chains.spins > 0) {
        samples_json(json, &view->chains);
    }
    qn_json_bool(json, "interrupted", view->interrupted);
}

static void samples_text(qn_text *text, const qn_style *style, const qn_chain_samples *s)
{
    enum { COLUMNS = 5 };
    char cells[QN_CHAIN_SAMPLERS][COLUMNS - 1][40];
    const char *list[QN_CHAIN_SAMPLERS * COLUMNS];
    const qn_table_column columns[COLUMNS] = {
        {"chain", false}, {"energy - exact", true}, {"spin - exact", true}, {"variation", true}, {"time", true}};
    for (int i = 0; i < QN_CHAIN_SAMPLERS; i++) {
        const qn_chain_sample *const c = &s->of[i];
        (void)snprintf(cells[i][0], 40, "%+.3f +- %.3f", c->energy - s->energy, c->energy_error);
        (void)snprintf(cells[i][1], 40, "%+.4f +- %.4f", c->magnetisation - s->magnetisation, c->magnetisation_error);
        (void)snprintf(cells[i][2], 40, "%.3f +- %.3f", c->variation, c->variation_error);
        (void)snprintf(cells[i][3], 40, "%.3g", c->autocorrelation);
        list[i * COLUMNS] = names[i];
        for (int k = 1; k < COLUMNS; k++) {
            list[i * COLUMNS + k] = cells[i][k - 1];
        }
    }
    qn_text_printf(text,
                   "\nRun as samplers: %u chains of each kind, %llu energy evaluations each, on one model of %u spins "
                   "at T = %g (exact mean energy %.3f, mean spin %.4f):\n",
                   s->chains, (unsigned long long)s->evaluations, s->spins, s->temperature, s->energy,
                   s->magnetisation);
    qn_text_table(text, &(qn_table){columns, COLUMNS, list, QN_CHAIN_SAMPLERS}, style);
    qn_text_printf(text,
                   "variation: total variation distance of one chain's histogram from the exact distribution; "
                   "time: energy evaluations for one independent sample, by the spread of the chains' means (as "
                   "large as the number of evaluations: not mixed). Independent draws from the exact distribution are "
                   "the floor, no chain.\n");
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
    if (view->chains.spins > 0) {
        samples_text(text, style, &view->chains);
    }
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
