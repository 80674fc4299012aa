/* plateau_picture.c: variance against qubits, with the fit's band and the law, or every remedy beside the plain
 * circuit.
 */
#include <math.h>
#include <stdio.h>

#include "plateau_view.h"

enum { COLOURS = 6 };

/* Zeros have no place on a log scale. */
static double shown(double variance)
{
    return variance > 1e-28 ? variance : (double)NAN;
}

static void add(plateau_view *view, const char *name, size_t count, bool points)
{
    const size_t k = view->plots[0].nseries++;
    view->series[k] = (qn_series){name, view->x, view->y[k], count, NULL, NULL, points};
}

static double *next(plateau_view *view)
{
    return view->y[view->plots[0].nseries];
}

/* The fit that is nearer, as plateau_say_decay tells it, with what the interval of its slope allows around the middle
 * of the sizes. */
static void add_fit(plateau_view *view, const qn_plateau_result *result)
{
    const qn_plateau_decay *d = &result->decay[QN_PLATEAU_MEAN];
    if (!isfinite(d->slope) || result->count < 2) {
        return;
    }
    const bool power = plateau_is_power(result);
    const double slope = power ? d->power : d->slope, intercept = power ? d->power_intercept : d->intercept;
    const double least = power ? d->power_low : d->low, most = power ? d->power_high : d->high;
    double middle = 0.0, *y = next(view);
    for (size_t i = 0; i < result->count; i++) {
        middle += (power ? log2(view->x[i]) : view->x[i]) / (double)result->count;
    }
    for (size_t i = 0; i < result->count; i++) {
        const double x = power ? log2(view->x[i]) : view->x[i];
        const double a = (least - slope) * (x - middle), b = (most - slope) * (x - middle);
        y[i] = exp2(intercept + slope * x);
        view->low[i] = y[i] * exp2(fmin(a, b));
        view->high[i] = y[i] * exp2(fmax(a, b));
    }
    add(view, power ? "fit of a power, 95 %" : "fit of an exponential, 95 %", result->count, false);
    view->series[view->plots[0].nseries - 1].y_low = view->low;
    view->series[view->plots[0].nseries - 1].y_high = view->high;
}

static void add_part(plateau_view *view, const qn_plateau_result *result, size_t part, const char *name, bool points)
{
    double *y = next(view);
    bool any = false;
    for (size_t i = 0; i < result->count; i++) {
        y[i] = shown(result->rows[i].variance[part]);
        any = any || isfinite(y[i]);
    }
    if (any) {
        add(view, name, result->count, points);
    }
}

static void add_law(plateau_view *view, const qn_plateau_result *result)
{
    double *y = next(view);
    bool any = false;
    for (size_t i = 0; i < result->count; i++) {
        y[i] = shown(result->rows[i].law[QN_PLATEAU_MIDDLE]);
        any = any || isfinite(y[i]);
    }
    if (any) {
        add(view, "law of the middle angle", result->count, false);
    }
}

void plateau_picture(plateau_view *view)
{
    const plateau_run *plain = &view->runs[0];
    view->plots[0] = (qn_plot)QN_PLOT_INIT;
    for (size_t i = 0; i < view->sizes; i++) {
        view->x[i] = view->qubits[i];
    }
    if (view->count == 1) {
        add_part(view, plain->result, QN_PLATEAU_MEAN, "mean over angles", true);
        add_fit(view, plain->result);
        add_part(view, plain->result, QN_PLATEAU_MIDDLE, "middle angle", true);
        add_law(view, plain->result);
    }
    for (size_t k = 0; k < view->count && view->count > 1; k++) {
        /* colours repeat after six: dots tell the further ones apart */
        add_part(view, view->runs[k].result, QN_PLATEAU_MEAN, view->runs[k].name, k >= COLOURS);
    }
    (void)snprintf(view->title, sizeof view->title, "Variance of derivatives: %s",
                   qn_plateau_ansatz_name((size_t)plain->options.ansatz));
    if (view->count == 1) {
        plateau_say_decay(plain, view->subtitle, sizeof view->subtitle);
    } else {
        (void)snprintf(view->subtitle, sizeof view->subtitle, "mean over angles, %llu random starts a size",
                       (unsigned long long)plain->options.samples);
    }
    view->plots[0].title = view->title;
    view->plots[0].subtitle = view->subtitle;
    view->plots[0].x_label = "qubits";
    view->plots[0].y_label = "variance";
    view->plots[0].log_y = true;
    view->plots[0].series = view->series;
}
