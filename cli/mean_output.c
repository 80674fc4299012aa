/* mean_output.c: an estimated mean as text and as JSON. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "answer.h"
#include "mean_view.h"
#include "table_input.h"

static double of_amplitude(const mean_view *view, double a)
{
    return view->mean->low + (view->mean->high - view->mean->low) * a;
}

void mean_input_json(qn_json *json, const void *user)
{
    const mean_view *const view = user;
    if (view->name != NULL) {
        qn_json_string(json, "name", view->name);
        qn_json_string(json, "format", "table");
        qn_json_unsigned(json, "rows", view->table->rows);
        cli_table_json(json, &view->left_out);
    } else if (view->formula != NULL) {
        qn_json_string(json, "expression", cli_value_of(view->invocation, "expression")->text);
        qn_json_unsigned(json, "dimensions", view->dimensions);
    } else {
        qn_json_string(json, "payoff", "European call");
        qn_json_number(json, "spot", view->option.spot);
        qn_json_number(json, "strike", view->option.strike);
        qn_json_number(json, "rate", view->option.rate);
        qn_json_number(json, "volatility", view->option.volatility);
        qn_json_number(json, "years", view->option.years);
    }
    qn_json_unsigned(json, "grid_bits", view->mean->bits);
}

static void sampler_json(qn_json *json, const char *key, double mean, double error, double seconds, double needed,
                         double needed_seconds)
{
    qn_json_begin_object(json, key);
    qn_json_number(json, "mean", mean);
    qn_json_number(json, "error", error);
    qn_json_number(json, "seconds", seconds);
    qn_json_number(json, "samples_for_epsilon", needed > 0 ? needed : (double)NAN);
    qn_json_number(json, "seconds_for_epsilon", needed > 0 ? needed_seconds : (double)NAN);
    qn_json_end_object(json);
}

void mean_result_json(qn_json *json, const void *user)
{
    const mean_view *const view = user;
    const qn_estimation *const e = &view->estimation;
    qn_json_number(json, "mean", of_amplitude(view, e->estimate));
    qn_json_number(json, "low", of_amplitude(view, e->low));
    qn_json_number(json, "high", of_amplitude(view, e->high));
    qn_json_number(json, "exact_on_grid", view->mean->exact);
    qn_json_number(json, "truth", view->truth);
    qn_json_number(json, "amplitude", qn_mean_amplitude(view->mean));
    qn_json_string(json, "method", qn_estimation_method_name(view->options.method));
    qn_json_string(json, "tier", view->gate ? "gate" : "spectral");
    qn_json_string(json, "tier_reason", view->tier_note);
    qn_json_unsigned(json, "queries", e->calls);
    qn_json_unsigned(json, "steps", e->steps);
    qn_json_unsigned(json, "shots", e->shots);
    qn_json_unsigned(json, "deepest", e->deepest);
    if (view->experiment.runs_per_second > 0) {
        const double range = view->mean->high - view->mean->low;
        qn_json_begin_object(json, "experiment");
        qn_json_unsigned(json, "runs", cli_value_of(view->invocation, "repeat")->integer);
        qn_json_number(json, "rmse", range * view->experiment.rmse);
        qn_json_number(json, "median_error", range * view->experiment.median_error);
        qn_json_number(json, "coverage", view->experiment.coverage);
        qn_json_number(json, "mean_queries", view->experiment.mean_calls);
        qn_json_number(json, "mean_steps", view->experiment.mean_steps);
        qn_json_number(json, "runs_per_second", view->experiment.runs_per_second);
        qn_json_number(json, "seconds", view->experiment.seconds);
        qn_json_end_object(json);
    }
    sampler_json(json, "monte_carlo", view->random_mean, view->random_error, view->random_seconds, view->random_needed,
                 view->random_needed_seconds);
    sampler_json(json, "sobol", view->sobol_mean, view->sobol_error, view->sobol_seconds, view->sobol_needed,
                 view->sobol_needed_seconds);
}

static void sampler_text(qn_text *text, const char *name, double mean, double error, double needed, double seconds)
{
    char count[32], time[32];
    qn_text_printf(text, "  %-18s %.6g, off by %.2g", name, mean, error);
    if (needed > 0) {
        qn_text_printf(text, "; for the wanted interval %s samples, %s", qn_human(count, sizeof count, needed, NULL),
                       qn_human(time, sizeof time, seconds, "s"));
    }
    qn_text_printf(text, "\n");
}

void mean_text(qn_text *text, const qn_style *style, const void *user)
{
    const mean_view *const view = user;
    const qn_estimation *const e = &view->estimation;
    char number[32];
    (void)style;
    qn_text_printf(text, "Mean: %.8g  (%.6g to %.6g, confidence %.4g)\n", of_amplitude(view, e->estimate),
                   of_amplitude(view, e->low), of_amplitude(view, e->high), 1 - view->options.alpha);
    if (cli_value_of(view->invocation, "quiet")->given) {
        return;
    }
    qn_text_printf(text, "The grid's own mean is %.8g", view->mean->exact);
    if (view->name == NULL) {
        qn_text_printf(text, "; what it stands for is %.8g (%s), so the grid costs %.2g", view->truth,
                       view->formula != NULL ? "a million Sobol points" : "Black and Scholes",
                       fabs(view->truth - view->mean->exact));
    }
    qn_text_printf(text,
                   "\nMethod: %s, %" PRIu64 " calls of A in %" PRIu64 " shots, at most %" PRIu64
                   " steps one after the other\n",
                   qn_estimation_method_name(view->options.method), e->calls, e->shots, e->deepest);
    qn_text_printf(text, "Tier %s\n", view->tier_note);
    if (view->experiment.runs_per_second > 0) {
        qn_text_printf(text,
                       "Repeated %" PRIu64
                       " times: median error %.3g, coverage %.4f, %s calls on average (%s runs a second)\n",
                       cli_value_of(view->invocation, "repeat")->integer,
                       (view->mean->high - view->mean->low) * view->experiment.median_error, view->experiment.coverage,
                       qn_human(number, sizeof number, view->experiment.mean_calls, NULL),
                       qn_human((char[32]){0}, 32, view->experiment.runs_per_second, NULL));
    }
    qn_text_printf(text, "Classical, with as many samples as calls:\n");
    sampler_text(text, "Monte Carlo", view->random_mean, view->random_error, view->random_needed,
                 view->random_needed_seconds);
    sampler_text(text, "Sobol points", view->sobol_mean, view->sobol_error, view->sobol_needed,
                 view->sobol_needed_seconds);
}
