/* vqe_output.c: a VQE run as text and JSON. */
#include "vqe_output.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "terminal.h"

/* An interrupted run leaves starts that were never begun, anywhere among the others. */
static bool has_energy(const qn_vqe_start *start)
{
    return start->evaluations > 0 && isfinite(start->energy);
}

uint32_t cli_vqe_starts_begun(const qn_vqe_result *result)
{
    uint32_t count = 0;
    for (uint32_t k = 0; k < result->nstarts; k++) {
        count += has_energy(&result->starts[k]);
    }
    return count;
}

static double lowest(const qn_vqe_result *result)
{
    double best = (double)INFINITY;
    for (uint32_t k = 0; k < result->nstarts; k++) {
        best = has_energy(&result->starts[k]) ? fmin(best, result->starts[k].energy) : best;
    }
    return best;
}

uint32_t cli_vqe_starts_at_minimum(const qn_vqe_result *result)
{
    const double best = lowest(result), tolerance = fmax(1e-6, 3.0 * result->estimator.noise);
    uint32_t count = 0;
    for (uint32_t k = 0; k < result->nstarts; k++) {
        count += has_energy(&result->starts[k]) && result->starts[k].energy <= best + tolerance;
    }
    return count;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y ? 1 : 0;
}

/* Energies of the starts in rising order; NULL without memory, and then the distribution is left out. */
double *cli_vqe_sorted_energies(const qn_vqe_result *result)
{
    double *energies = malloc(((size_t)result->nstarts + 1) * sizeof *energies);
    if (energies != NULL) {
        size_t count = 0;
        for (uint32_t k = 0; k < result->nstarts; k++) {
            if (has_energy(&result->starts[k])) {
                energies[count++] = result->starts[k].energy;
            }
        }
        qsort(energies, count, sizeof *energies, by_value);
    }
    return energies;
}

static double quantile(const double *sorted, uint32_t count, double part)
{
    const double place = part * (double)(count - 1);
    const uint32_t below = (uint32_t)place;
    const double rest = place - (double)below;
    return rest > 0 ? sorted[below] * (1.0 - rest) + sorted[below + 1] * rest : sorted[below];
}

int cli_vqe_decimals(double std_error)
{
    if (!(std_error > 0)) {
        return 6;
    }
    const int decimals = 1 - (int)floor(log10(std_error));
    return decimals < 2 ? 2 : decimals > 9 ? 9 : decimals;
}

double cli_vqe_shown(double value, int decimals)
{
    return fabs(value) < 0.5 * pow(10.0, -decimals) ? 0.0 : value;
}

/* Where an optimizer rests above the exact value, "converged" alone would mislead. */
static void above_exact_line(qn_text *text, const cli_vqe_view *view)
{
    const qn_vqe_result *result = view->result;
    if (view->exact == NULL || result->interrupted) {
        return;
    }
    const bool sampled = !result->estimator.exact;
    const bool limited = result->reason == QN_STOP_ITERATIONS || result->reason == QN_STOP_EVALUATIONS;
    const double exact = view->exact->energies[0], gap = result->energy - exact;
    if (gap <= fmax(1.6e-3 * fmax(1.0, fabs(exact)), 5.0 * result->std_error)) {
        return;
    }
    qn_text_printf(text, "This lies above the exact value: %s\n",
                   limited   ? "a larger --maxiter or another --optimizer may go on."
                   : sampled ? "the noise stopped the optimizer; try more --shots or --starts, or adam, "
                               "gradient-descent, spsa."
                             : "try more --starts, more --reps or another --ansatz.");
}

static void answer_lines(qn_text *text, const cli_vqe_view *view)
{
    const qn_vqe_result *result = view->result;
    const char *unit = cli_input_unit(view->input), *gap = unit[0] != '\0' ? " " : "";
    const bool sampled = !result->estimator.exact;
    const int decimals = sampled ? cli_vqe_decimals(result->std_error) : 6;
    qn_text_printf(text, "Ground state energy: %.*f", decimals, cli_vqe_shown(result->energy, decimals));
    if (sampled) {
        qn_text_printf(text, " %s %.*f", cli_terminal_style().unicode ? "\xC2\xB1" : "+-", decimals, result->std_error);
    }
    qn_text_printf(text, "%s%s%s\n", gap, unit, sampled ? "  (standard error)" : "");
    if (sampled && isfinite(result->exact_at_parameters)) {
        qn_text_printf(text, "Without noise:       %.6f%s%s  (the true energy of the state found)\n",
                       cli_vqe_shown(result->exact_at_parameters, 6), gap, unit);
    }
    if (view->exact != NULL) {
        qn_text_printf(text, "Exact value:         %.6f%s%s  (error %.1e)\n",
                       cli_vqe_shown(view->exact->energies[0], 6), gap, unit,
                       result->energy - view->exact->energies[0]);
    } else if (view->no_exact != NULL) {
        qn_text_printf(text, "Exact value:         not computed: %s\n", view->no_exact);
    }
    if (view->input->problem != NULL) {
        const double reference = view->input->problem->reference_energy;
        qn_text_printf(text, "Hartree-Fock:        %.6f Hartree\n", reference);
        qn_text_printf(text, "Correlation energy:  %.6f Hartree", result->energy - reference);
        if (view->exact != NULL && reference - view->exact->energies[0] > 1e-9) {
            qn_text_printf(text, "  (%.2f%% of the exact one)",
                           fmax(0.0, 100.0 * (reference - result->energy) / (reference - view->exact->energies[0])));
        }
        qn_text_printf(text, "\n");
    }
}

static void convergence_lines(qn_text *text, const cli_vqe_view *view)
{
    const qn_vqe_result *result = view->result;
    char number[64];
    if (result->interrupted) {
        qn_text_printf(text, "Interrupted: this is the best point so far.\n");
    } else if (!result->converged) {
        qn_text_printf(text, "NOT converged: %s. The minimum may lie lower.\n", qn_stop_reason_text(result->reason));
    }
    if (view->quiet) {
        return;
    }
    above_exact_line(text, view);
    /* Noise ends a sampled run long before a minimum does. */
    const char *converged = result->estimator.exact ? "Converged: " : "Converged to within the noise: ";
    qn_text_printf(text, "%s%llu evaluation%s, %llu with gradient (%s), %s, %zu parameter%s in %s\n",
                   result->converged && !result->interrupted ? converged : "", (unsigned long long)result->evaluations,
                   result->evaluations == 1 ? "" : "s", (unsigned long long)result->gradients,
                   qn_gradient_method_name(result->estimator.gradient),
                   qn_human(number, sizeof number, result->seconds, "s"), result->nparameters,
                   result->nparameters == 1 ? "" : "s", view->ansatz);
    qn_text_printf(text, "optimizer %s, engine %s, seed %llu\n", view->optimizer, view->engine,
                   (unsigned long long)view->seed);
    if (result->shots > 0) {
        qn_text_printf(text, "%s shots in %s circuits, %u group%s\n",
                       qn_human(number, sizeof number, (double)result->shots, NULL),
                       qn_human((char[64]){""}, 64, (double)result->circuits, NULL), result->estimator.groups,
                       result->estimator.groups == 1 ? "" : "s");
    }
    if (result->note[0] != '\0') {
        qn_text_printf(text, "note: %s\n", result->note);
    }
    if (result->replayed > 0) {
        qn_text_printf(text, "%llu evaluations were taken from the checkpoint\n", (unsigned long long)result->replayed);
    }
    const uint32_t n = cli_vqe_starts_begun(result);
    double *energies = n > 1 ? cli_vqe_sorted_energies(result) : NULL;
    if (energies != NULL) {
        const int digits = cli_vqe_decimals(result->estimator.exact ? 0.0 : result->estimator.noise);
        qn_text_printf(text,
                       "%u of %u starts reached the lowest energy (within %.0e); lowest %.*f, quartiles %.*f %.*f "
                       "%.*f, highest %.*f\n",
                       cli_vqe_starts_at_minimum(result), n, fmax(1e-6, 3.0 * result->estimator.noise), digits,
                       energies[0], digits, quantile(energies, n, 0.25), digits, quantile(energies, n, 0.5), digits,
                       quantile(energies, n, 0.75), digits, energies[n - 1]);
        free(energies);
    }
}

void cli_vqe_text(qn_text *text, const cli_vqe_view *view)
{
    answer_lines(text, view);
    convergence_lines(text, view);
    if (!view->quiet) {
        char line[256];
        cli_input_describe(view->input, line, sizeof line);
        qn_text_printf(text, "%s\n\n", line);
        const qn_style style = cli_terminal_style();
        qn_text_ledger(text, view->ledger, &style);
        if (view->plot_path != NULL || view->report_path != NULL) {
            qn_text_printf(text, "\n");
        }
        if (view->plot_path != NULL && strcmp(view->plot_path, "-") != 0) {
            qn_text_printf(text, "picture: %s\n", view->plot_path);
        }
        if (view->report_path != NULL && strcmp(view->report_path, "-") != 0) {
            qn_text_printf(text, "report:  %s\n", view->report_path);
        }
    }
}

static void starts_json(qn_json *json, const qn_vqe_result *result)
{
    qn_json_unsigned(json, "starts_at_minimum", cli_vqe_starts_at_minimum(result));
    qn_json_begin_array(json, "starts");
    for (uint32_t k = 0; k < result->nstarts; k++) {
        const qn_vqe_start *start = &result->starts[k];
        if (!has_energy(start)) {
            continue;
        }
        qn_json_begin_object(json, NULL);
        qn_json_number(json, "energy", start->energy);
        qn_json_unsigned(json, "evaluations", start->evaluations);
        qn_json_unsigned(json, "gradients", start->gradients);
        qn_json_bool(json, "converged", start->converged);
        qn_json_string(json, "reason", qn_stop_reason_text(start->reason));
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
}

/* What made the circuit, as far as it was asked for. */
static void ansatz_json(qn_json *json, const cli_vqe_view *view)
{
    const cli_ansatz_request *request = view->request;
    if (request->coupling.count > 0) {
        qn_json_begin_array(json, "coupling");
        for (size_t k = 0; k < request->coupling.count; k++) {
            qn_json_begin_array(json, NULL);
            qn_json_unsigned(json, NULL, request->coupling.pairs[2 * k]);
            qn_json_unsigned(json, NULL, request->coupling.pairs[2 * k + 1]);
            qn_json_end_array(json);
        }
        qn_json_end_array(json);
    }
    if (request->bits_text != NULL) {
        qn_json_string(json, "initial_bits", request->bits_text);
    }
}

void cli_vqe_json(qn_json *json, const cli_vqe_view *view)
{
    const qn_vqe_result *result = view->result;
    const bool sampled = !result->estimator.exact;
    const char *unit = cli_input_unit(view->input);
    qn_json_begin_object(json, NULL);
    qn_json_string(json, "schema", "quern.vqe/1");
    qn_json_string(json, "version", qn_version());
    qn_json_unsigned(json, "seed", view->seed);
    cli_input_json(view->input, json);
    qn_json_begin_object(json, "method");
    qn_json_string(json, "ansatz", view->ansatz);
    ansatz_json(json, view);
    qn_json_string(json, "optimizer", view->optimizer);
    qn_json_string(json, "engine", view->engine);
    qn_json_string(json, "gradient", qn_gradient_method_name(result->estimator.gradient));
    qn_json_unsigned(json, "groups", result->estimator.groups);
    qn_json_bool(json, "sampled", sampled);
    qn_json_end_object(json);
    qn_json_begin_object(json, "result");
    qn_json_number(json, "energy", result->energy);
    qn_json_number(json, "std_error", result->std_error);
    qn_json_number(json, "exact_energy", view->exact != NULL ? view->exact->energies[0] : (double)NAN);
    qn_json_number(json, "error", view->exact != NULL ? result->energy - view->exact->energies[0] : (double)NAN);
    qn_json_string(json, "exact_missing", view->exact == NULL ? view->no_exact : NULL);
    qn_json_number(json, "energy_without_noise", sampled ? result->exact_at_parameters : result->energy);
    qn_json_string(json, "unit", unit[0] != '\0' ? unit : NULL);
    if (view->input->problem != NULL) {
        qn_json_number(json, "reference_energy", view->input->problem->reference_energy);
        qn_json_number(json, "correlation_energy", result->energy - view->input->problem->reference_energy);
    }
    qn_json_bool(json, "converged", result->converged);
    qn_json_bool(json, "interrupted", result->interrupted);
    qn_json_string(json, "reason", qn_stop_reason_text(result->reason));
    qn_json_string(json, "note", result->note[0] != '\0' ? result->note : NULL);
    qn_json_unsigned(json, "evaluations", result->evaluations);
    qn_json_unsigned(json, "gradients", result->gradients);
    qn_json_unsigned(json, "circuits", result->circuits);
    qn_json_unsigned(json, "shots", result->shots);
    qn_json_number(json, "seconds", result->seconds);
    qn_json_unsigned(json, "best_start", result->best_start);
    starts_json(json, result);
    qn_json_begin_array(json, "parameters");
    for (size_t k = 0; k < result->nparameters; k++) {
        qn_json_number(json, NULL, result->parameters[k]);
    }
    qn_json_end_array(json);
    qn_json_end_object(json);
    qn_json_ledger(json, "ledger", view->ledger);
    qn_json_end_object(json);
}
