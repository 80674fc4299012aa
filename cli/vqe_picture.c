/* vqe_picture.c: a VQE run as a picture and as a page. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "vqe_output.h"

/* Chemical accuracy, 1 kcal/mol. */
static const double chemical_accuracy = 1.6e-3;

typedef struct curves {
    size_t count;
    double *iteration, *energy, *best, *error;
    qn_series series[2], error_series;
    qn_plot_line lines[2], error_line;
    char title[160], subtitle[256], exact_name[128];
    qn_plot energies, errors;
} curves;

static void free_curves(curves *c)
{
    free(c->iteration);
    free(c->energy);
    free(c->best);
    free(c->error);
}

/* A line search may try points far above where it began; they would flatten all that matters. True when some are left
 * out. */
static bool leave_out_spikes(curves *c)
{
    if (c->count == 0) {
        return false;
    }
    const double top = c->best[0] + 0.25 * fabs(c->best[0] - c->best[c->count - 1]);
    bool any = false;
    for (size_t i = 0; i < c->count; i++) {
        if (c->energy[i] > top) {
            c->energy[i] = (double)NAN;
            any = true;
        }
    }
    return any;
}

static qn_status make_curves(const cli_vqe_view *view, curves *c)
{
    const qn_vqe_result *result = view->result;
    const size_t n = result->nsteps;
    const bool sampled = !result->estimator.exact, molecule = view->input->problem != NULL;
    *c = (curves){.count = n};
    c->iteration = malloc((n + 1) * sizeof(double));
    c->energy = malloc((n + 1) * sizeof(double));
    c->best = malloc((n + 1) * sizeof(double));
    c->error = malloc((n + 1) * sizeof(double));
    if (c->iteration == NULL || c->energy == NULL || c->best == NULL || c->error == NULL) {
        free_curves(c);
        return QN_ERR_MEMORY;
    }
    const double exact = view->exact != NULL ? view->exact->energies[0] : (double)NAN;
    for (size_t i = 0; i < n; i++) {
        c->iteration[i] = (double)result->steps[i].iteration;
        c->energy[i] = result->steps[i].energy;
        c->best[i] = result->steps[i].best;
        /* Below the rounding of the energies there is nothing to see. */
        const double error = fabs(result->steps[i].energy - exact);
        c->error[i] = error > 1e-15 * fmax(1.0, fabs(exact)) ? error : (double)NAN;
    }
    char error[32] = "";
    if (sampled) {
        (void)snprintf(error, sizeof error, " \xC2\xB1 %.*f", cli_vqe_decimals(result->std_error), result->std_error);
    }
    (void)snprintf(c->title, sizeof c->title, "Ground state energy %.*f%s%s%s",
                   cli_vqe_decimals(sampled ? result->std_error : 0.0), result->energy, error, molecule ? " " : "",
                   cli_input_unit(view->input));
    char line[192];
    cli_input_describe(view->input, line, sizeof line);
    (void)snprintf(c->subtitle, sizeof c->subtitle, "%.150s; %.30s, %.30s", line, view->ansatz, view->optimizer);
    const bool cut = !sampled && leave_out_spikes(c);
    c->series[0] = (qn_series){
        cut ? "energy (far steps of line searches left out)" : "energy", c->iteration, c->energy, n, NULL, NULL, true};
    c->series[1] = (qn_series){"lowest so far", c->iteration, c->best, n, NULL, NULL, false};
    size_t nlines = 0;
    if (view->exact != NULL) {
        (void)snprintf(c->exact_name, sizeof c->exact_name, "exact %.6f%s", exact,
                       molecule ? ", shaded: chemical accuracy" : "");
        c->lines[nlines++] = (qn_plot_line){c->exact_name, exact, molecule ? chemical_accuracy : 0.0};
    }
    if (molecule) {
        c->lines[nlines++] = (qn_plot_line){"Hartree-Fock", view->input->problem->reference_energy, 0.0};
    }
    c->energies = (qn_plot)QN_PLOT_INIT;
    c->energies.title = c->title;
    c->energies.subtitle = c->subtitle;
    c->energies.x_label = "iteration";
    c->energies.y_label = molecule ? "energy in Hartree" : "energy";
    c->energies.series = c->series;
    c->energies.nseries = 2;
    c->energies.lines = c->lines;
    c->energies.nlines = nlines;
    c->error_series = (qn_series){"distance from the exact energy", c->iteration, c->error, n, NULL, NULL, sampled};
    c->error_line = (qn_plot_line){"chemical accuracy", chemical_accuracy, 0.0};
    c->errors = (qn_plot)QN_PLOT_INIT;
    c->errors.title = "Distance from the exact energy";
    c->errors.x_label = "iteration";
    c->errors.y_label = molecule ? "error in Hartree" : "error";
    c->errors.log_y = true;
    c->errors.series = &c->error_series;
    c->errors.nseries = 1;
    c->errors.lines = &c->error_line;
    c->errors.nlines = molecule ? 1 : 0;
    return QN_OK;
}

qn_status cli_vqe_svg(qn_text *text, const cli_vqe_view *view)
{
    curves c;
    const qn_status status = make_curves(view, &c);
    if (status == QN_OK) {
        qn_text_plot(text, &c.energies, true);
        free_curves(&c);
    }
    return status;
}

/* Where many starts ended: their energies in rising order. False when they are too few or all ended alike. */
typedef struct endings {
    double *share, *energy;
    qn_series series;
    qn_plot plot;
} endings;

static bool make_endings(const cli_vqe_view *view, const curves *c, endings *e)
{
    const uint32_t n = cli_vqe_starts_begun(view->result);
    *e = (endings){.energy = n >= 10 ? cli_vqe_sorted_energies(view->result) : NULL};
    if (e->energy == NULL) {
        return false;
    }
    if (e->energy[n - 1] - e->energy[0] <= 1e-9 * fmax(1.0, fabs(e->energy[0])) ||
        (e->share = malloc(n * sizeof *e->share)) == NULL) {
        return false;
    }
    for (uint32_t k = 0; k < n; k++) {
        e->share[k] = 100.0 * (k + 1.0) / n;
    }
    e->series = (qn_series){"final energy", e->share, e->energy, n, NULL, NULL, true};
    e->plot = (qn_plot)QN_PLOT_INIT;
    e->plot.title = "Final energies of the starts";
    e->plot.x_label = "% of the starts that ended this low";
    e->plot.y_label = c->energies.y_label;
    e->plot.series = &e->series;
    e->plot.nseries = 1;
    e->plot.lines = c->lines;
    e->plot.nlines = view->exact != NULL ? 1 : 0;
    return true;
}

enum { MOST_PAIRS = 16, PAIR_TEXT = 192 };

typedef struct summary {
    size_t count;
    qn_report_pair pairs[MOST_PAIRS];
    char values[MOST_PAIRS][PAIR_TEXT];
} summary;

static void pair(summary *s, const char *key, const char *format, ...) QN_PRINTF(3, 4);

static void pair(summary *s, const char *key, const char *format, ...)
{
    if (s->count < MOST_PAIRS) {
        va_list arguments;
        va_start(arguments, format);
        (void)vsnprintf(s->values[s->count], PAIR_TEXT, format, arguments);
        va_end(arguments);
        s->pairs[s->count] = (qn_report_pair){key, s->values[s->count]};
        s->count++;
    }
}

static void fill_summary(summary *s, const cli_vqe_view *view)
{
    const qn_vqe_result *result = view->result;
    const char *unit = cli_input_unit(view->input), *gap = unit[0] != '\0' ? " " : "";
    char number[64];
    s->count = 0;
    if (result->estimator.exact) {
        pair(s, "Energy", "%.9f%s%s", result->energy, gap, unit);
    } else {
        const int decimals = cli_vqe_decimals(result->std_error);
        pair(s, "Energy", "%.*f \xC2\xB1 %.*f%s%s (standard error)", decimals, result->energy, decimals,
             result->std_error, gap, unit);
        pair(s, "Energy of the state found, without noise", "%.9f%s%s", result->exact_at_parameters, gap, unit);
    }
    if (view->exact != NULL) {
        pair(s, "Exact value", "%.9f%s%s", view->exact->energies[0], gap, unit);
        pair(s, "Error", "%.2e%s%s", result->energy - view->exact->energies[0], gap, unit);
    } else if (view->no_exact != NULL) {
        pair(s, "Exact value", "not computed: %s", view->no_exact);
    }
    if (view->input->problem != NULL) {
        pair(s, "Hartree-Fock", "%.9f Hartree", view->input->problem->reference_energy);
        pair(s, "Correlation energy", "%.9f Hartree", result->energy - view->input->problem->reference_energy);
    }
    if (result->converged && !result->interrupted) {
        pair(s, "Converged", "%s", result->estimator.exact ? "yes" : "yes, to within the noise");
    } else {
        pair(s, "Converged", "no: %s", result->interrupted ? "interrupted" : qn_stop_reason_text(result->reason));
    }
    pair(s, "Evaluations", "%llu, %llu with gradient (%s)", (unsigned long long)result->evaluations,
         (unsigned long long)result->gradients, qn_gradient_method_name(result->estimator.gradient));
    if (cli_vqe_starts_begun(result) > 1) {
        pair(s, "Starts at the minimum", "%u of %u", cli_vqe_starts_at_minimum(result), cli_vqe_starts_begun(result));
    }
    pair(s, "Ansatz", "%s, %zu parameters", view->ansatz, result->nparameters);
    pair(s, "Optimizer, engine", "%s, %s", view->optimizer, view->engine);
    pair(s, "Seed", "%llu", (unsigned long long)view->seed);
    pair(s, "Time", "%s", qn_human(number, sizeof number, result->seconds, "s"));
}

qn_status cli_vqe_html(qn_text *text, const cli_vqe_view *view)
{
    curves c;
    endings e = {NULL, NULL, {0}, QN_PLOT_INIT};
    qn_text *command = NULL;
    const char *command_line = NULL;
    qn_status status = make_curves(view, &c);
    if (status != QN_OK) {
        return status;
    }
    CLI_TRY(qn_text_create(&command));
    cli_echo_command(command, view->invocation);
    CLI_TRY(qn_text_finish(command, &command_line, NULL));
    summary s;
    fill_summary(&s, view);
    qn_plot plots[3] = {c.energies};
    size_t nplots = 1;
    if (view->exact != NULL) {
        plots[nplots++] = c.errors;
    }
    if (make_endings(view, &c, &e)) {
        plots[nplots++] = e.plot;
    }
    char lead[256];
    cli_input_describe(view->input, lead, sizeof lead);
    qn_report_page page = QN_REPORT_PAGE_INIT;
    page.title = c.title;
    page.lead = lead;
    page.pairs = s.pairs;
    page.npairs = s.count;
    page.plots = plots;
    page.nplots = nplots;
    page.ledger = view->ledger;
    page.command = command_line;
    qn_text_html(text, &page);
cleanup:
    qn_text_destroy(command);
    free(e.share);
    free(e.energy);
    free_curves(&c);
    return status;
}
