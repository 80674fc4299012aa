/* minimize.c: qn_minimize: checks, defaults and the noise contract before a method runs, the result after it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "optimizer/run.h"

static const qn__method_fn methods[] = {
#define QN_OPTIMIZER(id, name, flags, run, summary) run,
#include "optimizer/optimizers.def"
#undef QN_OPTIMIZER
};

/* Values a method without a stopping rule of its own takes when the caller set no limit at all. */
enum { DEFAULT_ITERATIONS = 2000, DEFAULT_GLOBAL_VALUES = 2000 };

static qn_status check_bounds(const qn_optimizer_options *options, size_t n, uint32_t flags, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        const double low = options->lower != NULL ? options->lower[i] : -(double)INFINITY;
        const double high = options->upper != NULL ? options->upper[i] : (double)INFINITY;
        QN_CHECK(low <= high, ERR_ARGUMENT, "parameter %zu: lower bound %g is not at or below its upper bound %g", i,
                 low, high);
        QN_CHECK((flags & QN_OPTIMIZER_GLOBAL) == 0 || (isfinite(low) && isfinite(high)), ERR_ARGUMENT,
                 "optimizer '%s' searches a box: parameter %zu needs a finite lower and upper bound, has [%g, %g]",
                 name, i, low, high);
    }
    return QN_OK;
}

static qn_status check_number(double value, const char *name)
{
    QN_CHECK(isfinite(value) && value >= 0, ERR_ARGUMENT,
             "optimizer option %s is %g; expected 0 (default) or a positive number", name, value);
    return QN_OK;
}

static qn_status check(const qn_objective *objective, const qn_optimizer_options *options, const double *x,
                       const qn_optimizer_info *info)
{
    QN_CHECK(objective->evaluate != NULL, ERR_ARGUMENT, "the objective has no evaluate function");
    QN_TRY(check_number(objective->noise, "noise (of the objective)"));
    QN_TRY(check_number(objective->gradient_noise, "gradient_noise (of the objective)"));
    QN_TRY(check_number(options->max_seconds, "max_seconds"));
    QN_TRY(check_number(options->ftol, "ftol"));
    QN_TRY(check_number(options->xtol, "xtol"));
    QN_TRY(check_number(options->gtol, "gtol"));
    QN_TRY(check_number(options->step, "step"));
    QN_TRY(check_number(options->fd_step, "fd_step"));
    QN_CHECK((info->flags & QN_OPTIMIZER_NEEDS_METRIC) == 0 || objective->metric != NULL, ERR_ARGUMENT,
             "optimizer '%s' needs the metric tensor, which this objective does not give", info->name);
    QN_CHECK((info->flags & QN_OPTIMIZER_NEEDS_FIDELITY) == 0 || objective->fidelity != NULL, ERR_ARGUMENT,
             "optimizer '%s' needs the fidelity of two states, which this objective does not give", info->name);
    QN_CHECK((info->flags & QN_OPTIMIZER_NEEDS_SINUSOID) == 0 || objective->sinusoidal, ERR_ARGUMENT,
             "optimizer '%s' needs a value that is a sinusoid of period 2 pi in each parameter, which this objective "
             "is not known to be "
             "(a parameter used by several gates, or not by a rotation)",
             info->name);
    for (size_t i = 0; i < objective->dimension; i++) {
        QN_CHECK(isfinite(x[i]), ERR_NAN, "start value of parameter %zu is %g", i, x[i]);
    }
    return check_bounds(options, objective->dimension, info->flags, info->name);
}

/* Finite differences under noise. A central quotient with step h has standard error noise / (sqrt(2) h) and an error of
 * truncation near h^2 F / 6, F the scale of the value; their sum is least near h = (3 noise / F)^(1/3). */
static qn_status choose_fd_step(qn__run *run, const char *name)
{
    const double noise = run->objective->noise, asked = run->options.fd_step;
    if (noise <= 0) {
        run->fd_step = asked > 0 ? asked : 1e-6;
        return QN_OK;
    }
    const double least = noise / (sqrt(2.0) * 0.1 * run->scale);
    const double best = fmax(cbrt(3.0 * noise / run->scale), least);
    if (asked > 0) {
        QN_CHECK(asked >= least * (1.0 - 1e-12), ERR_NOISE,
                 "optimizer '%s': finite-difference step %.3g under a value noise of %.3g gives quotients with noise "
                 "%.3g, over a tenth of "
                 "the value's scale %.3g; use the parameter-shift gradient, method 'spsa', or a step of %.2g or more",
                 name, asked, noise, noise / (sqrt(2.0) * asked), run->scale, best);
        run->fd_step = asked;
    } else {
        run->fd_step = best;
        qn__run_note(run, "finite-difference step raised to %.3g, the best under noise %.3g", best, noise);
    }
    return QN_OK;
}

/* Tolerances and limits where the caller left them 0. */
static qn_status fill_defaults(qn__run *run, const char *name)
{
    qn_optimizer_options *options = &run->options;
    const double noise = run->objective->noise;
    const bool assumes_exact = (run->flags & QN_OPTIMIZER_ASSUMES_EXACT) != 0;
    run->ftol_absolute = options->ftol == 0 ? 1e-16 : 0;
    if (options->ftol == 0) {
        run->default_ftol = true;
        options->ftol = 1e-12;
    }
    if (options->gtol == 0) {
        options->gtol = noise > 0 || run->objective->gradient_noise > 0 ? 0 : 1e-9;
    }
    if (noise > 0 && assumes_exact) {
        run->ftol_absolute = noise;
        if (options->ftol * run->scale < noise) {
            qn__run_note(run, "value tolerance raised to the noise %.3g", noise);
        }
    }
    if (options->max_iterations == 0 && options->max_evaluations == 0 && options->max_seconds <= 0) {
        if ((run->flags & QN_OPTIMIZER_GLOBAL) != 0) {
            options->max_evaluations = DEFAULT_GLOBAL_VALUES * ((uint64_t)run->n + 1);
            qn__run_note(run, "no limit given: %llu evaluations", (unsigned long long)options->max_evaluations);
        } else if (!assumes_exact) {
            options->max_iterations = DEFAULT_ITERATIONS;
            qn__run_note(run, "no limit given: %llu iterations", (unsigned long long)options->max_iterations);
        }
    }
    const bool needs = (run->flags & QN_OPTIMIZER_NEEDS_GRADIENT) != 0 && !run->objective->has_gradient;
    return needs ? choose_fd_step(run, name) : QN_OK;
}

static const char *method_name(const qn__run *run)
{
    return qn_optimizer_describe((size_t)run->method)->name;
}

/* A method that takes values for exact stops under noise when it no longer sees a change. That is the minimum only if
 * the last gradient is nothing but noise: within four standard errors of zero. */
static void judge_noisy(qn__run *run, qn_optimizer_result *result)
{
    if (run->objective->noise <= 0 || (run->flags & QN_OPTIMIZER_ASSUMES_EXACT) == 0 || !result->converged ||
        run->gradient_norm <= 4.0 * run->objective->gradient_noise) {
        return;
    }
    result->converged = false;
    result->reason = QN_STOP_LIMITED;
    qn__run_note(run, "stopped by noise: %s takes values for exact; try adam or spsa", method_name(run));
}

static void fill_result(qn__run *run, qn_optimizer_result *result)
{
    memset(result, 0, sizeof *result);
    result->value = isfinite(run->best) ? run->best : (double)NAN;
    result->iterations = run->iterations;
    result->evaluations = run->evaluations;
    result->gradients = run->gradients;
    result->reason = run->reason;
    /* "no further progress" counts as converged unless a gradient says otherwise */
    const bool flat = isnan(run->gradient_norm) || run->gradient_norm <= 1e-4 * fmax(1.0, fabs(run->best)) ||
                      run->objective->noise > 0;
    result->converged = run->reason == QN_STOP_CONVERGED || (run->reason == QN_STOP_LIMITED && flat);
    result->gradient_norm = run->gradient_norm;
    judge_noisy(run, result);
    memcpy(result->note, run->note, sizeof result->note);
}

qn_status qn_minimize(const qn_objective *objective, const qn_optimizer_options *options, double *x,
                      qn_optimizer_result *result)
{
    const qn_optimizer_options plain = QN_OPTIMIZER_OPTIONS_INIT;
    options = options != NULL ? options : &plain;
    QN_CHECK(objective != NULL && result != NULL && (x != NULL || objective->dimension == 0), ERR_ARGUMENT,
             "qn_minimize: objective, x and result are needed");
    QN_CHECK(objective->size == sizeof *objective, ERR_ARGUMENT,
             "objective has size %u, expected %zu; use QN_OBJECTIVE_INIT", objective->size, sizeof *objective);
    QN_CHECK(options->size == sizeof *options, ERR_ARGUMENT,
             "options have size %u, expected %zu; use QN_OPTIMIZER_OPTIONS_INIT", options->size, sizeof *options);
    const qn_optimizer_info *info = NULL;
    /* Line searches stop at the first wiggle of a noisy value; averaged gradient steps do not. */
    const char *fallback = objective->noise > 0 ? "adam" : "slsqp";
    QN_TRY(qn_optimizer_find(options->method != NULL ? options->method : fallback, &info));
    QN_TRY(check(objective, options, x, info));

    const size_t n = objective->dimension;
    qn__run run = {.objective = objective,
                   .options = *options,
                   .flags = info->flags,
                   .n = n,
                   .x = x,
                   .best = (double)INFINITY,
                   .start_value = (double)NAN,
                   .scale = 1.0,
                   .started = qn__clock(),
                   .gradient_norm = (double)NAN};
    run.method = (qn__method)(info - qn_optimizer_describe(0));
    double *memory = qn__alloc(n * 3, sizeof *memory);
    QN_ALLOC_CHECK(memory);
    run.best_x = memory;
    run.trial = memory + n;
    run.x = memory + 2 * n; /* the start, inside the bounds; the caller's x changes only on success */
    if (n > 0) {
        memcpy(run.x, x, n * sizeof *x);
        qn__run_clamp(&run, run.x);
        if (memcmp(run.x, x, n * sizeof *x) != 0) {
            qn__run_note(&run, "start moved into the bounds");
        }
        memcpy(run.best_x, run.x, n * sizeof *x);
    }

    qn_status status = QN_OK;
    double value = 0;
    if (objective->noise > 0 || n == 0) { /* the scale of the value decides what noise means */
        if (qn__run_evaluate(&run, run.x, &value, NULL)) {
            run.start_value = value;
            run.scale = fmax(fabs(value), 10.0 * objective->noise);
        }
    }
    if (n == 0) {
        qn__run_stop(&run, QN_STOP_CONVERGED);
    }
    if (!run.stopped) {
        QN_TRY_CLEANUP(fill_defaults(&run, info->name));
        QN_TRY_CLEANUP(methods[run.method](&run));
    }
    QN_TRY_CLEANUP(run.status);
    if (n > 0 && isfinite(run.best)) {
        memcpy(x, run.best_x, n * sizeof *x);
    }
    fill_result(&run, result);
cleanup:
    qn__free(memory);
    return status;
}
