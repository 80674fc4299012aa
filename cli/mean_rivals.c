/* mean_rivals.c: Monte Carlo and Sobol points beside amplitude estimation: at as many samples as calls, at the same
 * precision, and as curves. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "mean_view.h"
#include "output.h"

enum { SPREAD_RUNS = 32, LEAST_SAMPLES = 16, CURVE_RUNS = 200 };

static const double MOST_MEASURED = 1 << 24; /* samples; longer times are carried over from shorter ones */

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Errors over runs that differ by their stream: root mean square and median. */
static qn_status spread(const mean_view *view, qn_mean_rule rule, uint64_t samples, double *rmse, double *median,
                        double *seconds)
{
    double sum = 0, total = 0, errors[SPREAD_RUNS];
    for (uint64_t k = 0; k < SPREAD_RUNS; k++) {
        double mean = 0, took = 0;
        const qn_status status = qn_mean_sample(&view->sampled, rule, samples, view->options.seed, k, &mean, &took);
        if (status != QN_OK) {
            return status;
        }
        errors[k] = fabs(mean - view->truth);
        sum += errors[k] * errors[k];
        total += took;
    }
    qsort(errors, SPREAD_RUNS, sizeof *errors, compare);
    *rmse = sqrt(sum / SPREAD_RUNS);
    *median = (errors[SPREAD_RUNS / 2 - 1] + errors[SPREAD_RUNS / 2]) / 2;
    *seconds = total / SPREAD_RUNS;
    return QN_OK;
}

/* How many normal standard errors make an interval of this confidence; alpha is at least 10^-12. */
static double normal_factor(double alpha)
{
    double low = 0, high = 8;
    while (high - low > 1e-9) {
        const double middle = (low + high) / 2;
        if (erfc(middle / sqrt(2)) > alpha) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static double deviation(const qn_mean *mean)
{
    double sum = 0;
    for (size_t i = 0; i < mean->count; i++) {
        const double off = mean->values[i] - mean->exact;
        sum += mean->weights[i] * off * off;
    }
    return sqrt(sum);
}

/* (z sigma / h)^2 samples; for Sobol points the least power of two whose spread fits. */
static qn_status needed(mean_view *view, double half_width)
{
    const double z = normal_factor(view->options.alpha);
    qn_status status = QN_OK;
    double mean = 0, seconds = 0, rmse = HUGE_VAL, median = 0;
    const double samples = fmax(LEAST_SAMPLES, ceil(pow(z * deviation(view->mean) / half_width, 2)));
    const double measured = fmin(samples, MOST_MEASURED);
    CLI_TRY(
        qn_mean_sample(&view->sampled, QN_MEAN_RANDOM, (uint64_t)measured, view->options.seed, 99, &mean, &seconds));
    view->random_needed = samples;
    view->random_needed_seconds = seconds * samples / measured;
    for (double n = LEAST_SAMPLES; n <= MOST_MEASURED / SPREAD_RUNS && z * rmse > half_width; n *= 2) {
        CLI_TRY(spread(view, QN_MEAN_SOBOL, (uint64_t)n, &rmse, &median, &seconds));
        view->sobol_needed = n;
        view->sobol_needed_seconds = seconds;
    }
    if (z * rmse > half_width) {
        view->sobol_needed = view->sobol_needed_seconds = 0; /* not reached */
    }
cleanup:
    return status;
}

qn_status mean_rivals(mean_view *view)
{
    const double calls = fmin((double)view->estimation.calls, MOST_MEASURED);
    const uint64_t samples = (uint64_t)fmax(1, calls);
    const double range = view->mean->high - view->mean->low;
    qn_status status = QN_OK;
    CLI_TRY(qn_mean_sample(&view->sampled, QN_MEAN_RANDOM, samples, view->options.seed, 1, &view->random_mean,
                           &view->random_seconds));
    CLI_TRY(qn_mean_sample(&view->sampled, QN_MEAN_SOBOL, samples, view->options.seed, 1, &view->sobol_mean,
                           &view->sobol_seconds));
    view->random_error = fabs(view->random_mean - view->truth);
    view->sobol_error = fabs(view->sobol_mean - view->truth);
    if (range > 0) {
        CLI_TRY(needed(view, range * view->options.epsilon));
    }
cleanup:
    return status;
}

/* ---- the picture ---- */

static qn_status estimation_curve(mean_view *view, const qn_context *context, size_t series, bool likelihood)
{
    const double range = view->mean->high - view->mean->low, a = qn_mean_amplitude(view->mean);
    qn_status status = QN_OK;
    size_t count = 0;
    for (size_t k = 0; k < 9; k++) {
        qn_estimation_options o = view->options;
        qn_experiment e;
        o.method = likelihood ? QN_ESTIMATION_LIKELIHOOD : QN_ESTIMATION_ITERATIVE;
        o.doublings = likelihood ? (uint32_t)k + 1 : 0;
        o.epsilon = 0.1 * pow(2, -(double)k);
        CLI_TRY(qn_amplitude_experiment(context, a, &o, likelihood && k > 6 ? CURVE_RUNS / 4 : CURVE_RUNS, &e));
        view->x[series][count] = e.mean_calls;
        view->y[series][count++] = fmax(range * e.median_error, 1e-16);
    }
    view->series[series] = (qn_series){
        likelihood ? "maximum likelihood" : "iterative", view->x[series], view->y[series], count, NULL, NULL, false};
cleanup:
    return status;
}

static qn_status sampling_curve(mean_view *view, size_t series, qn_mean_rule rule)
{
    qn_status status = QN_OK;
    size_t count = 0;
    for (uint64_t samples = 128; samples <= 65536; samples *= 2) {
        double rmse = 0, median = 0, seconds = 0;
        CLI_TRY(spread(view, rule, samples, &rmse, &median, &seconds));
        view->x[series][count] = (double)samples;
        view->y[series][count++] = fmax(median, 1e-16);
    }
    view->series[series] = (qn_series){rule == QN_MEAN_SOBOL ? "Sobol points" : "Monte Carlo",
                                       view->x[series],
                                       view->y[series],
                                       count,
                                       NULL,
                                       NULL,
                                       false};
cleanup:
    return status;
}

qn_status mean_picture(mean_view *view, const qn_context *context)
{
    const qn_plot empty = QN_PLOT_INIT;
    qn_status status = QN_OK;
    CLI_TRY(sampling_curve(view, 0, QN_MEAN_RANDOM));
    CLI_TRY(sampling_curve(view, 1, QN_MEAN_SOBOL));
    CLI_TRY(estimation_curve(view, context, 2, false));
    CLI_TRY(estimation_curve(view, context, 3, true));
    (void)snprintf(view->title, sizeof view->title, "Error of the mean against calls");
    (void)snprintf(view->subtitle, sizeof view->subtitle,
                   "median over repeated runs; a call is one of A, or one classical sample");
    (void)snprintf(view->y_label, sizeof view->y_label, "error");
    view->plot = empty;
    view->plot.title = view->title;
    view->plot.subtitle = view->subtitle;
    view->plot.x_label = "calls of A, or samples";
    view->plot.y_label = view->y_label;
    view->plot.log_x = view->plot.log_y = true;
    view->plot.series = view->series;
    view->plot.nseries = MEAN_SERIES;
cleanup:
    return status;
}
