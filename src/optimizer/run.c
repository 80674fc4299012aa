/* run.c: values and iterations on behalf of a method: counting, limits, the best point, finite differences, NaN. */
#include "optimizer/run.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

void qn__run_stop(qn__run *run, qn_stop_reason reason)
{
    if (!run->stopped) {
        run->stopped = true;
        run->reason = reason;
    }
}

void qn__run_note(qn__run *run, const char *format, ...)
{
    size_t used = strlen(run->note);
    if (used + 3 >= sizeof run->note) {
        return;
    }
    if (used > 0) {
        memcpy(run->note + used, "; ", 3);
        used += 2;
    }
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(run->note + used, sizeof run->note - used, format, arguments);
    va_end(arguments);
}

bool qn__run_affords(const qn__run *run, uint64_t count)
{
    const uint64_t limit = run->options.max_evaluations;
    return limit == 0 || (run->evaluations <= limit && limit - run->evaluations >= count);
}

uint64_t qn__run_budget(const qn__run *run, uint64_t cost, uint64_t fixed)
{
    uint64_t total = run->options.max_iterations != 0 ? run->options.max_iterations : UINT64_MAX;
    if (run->options.max_evaluations != 0) {
        const uint64_t spent = run->evaluations + fixed, limit = run->options.max_evaluations;
        const uint64_t left = limit > spent ? (limit - spent) / cost : 0;
        total = left < total ? left : total;
    }
    return total;
}

void qn__run_clamp(const qn__run *run, double *x)
{
    const double *lower = run->options.lower, *upper = run->options.upper;
    for (size_t i = 0; i < run->n; i++) {
        if (lower != NULL && x[i] < lower[i]) {
            x[i] = lower[i];
        }
        if (upper != NULL && x[i] > upper[i]) {
            x[i] = upper[i];
        }
    }
}

double qn__run_gradient_norm(const qn__run *run, const double *x, const double *grad)
{
    const double *lower = run->options.lower, *upper = run->options.upper;
    double norm = 0;
    for (size_t i = 0; i < run->n; i++) {
        const bool blocked =
            (lower != NULL && x[i] <= lower[i] && grad[i] > 0) || (upper != NULL && x[i] >= upper[i] && grad[i] < 0);
        if (!blocked && fabs(grad[i]) > norm) {
            norm = fabs(grad[i]);
        }
    }
    return norm;
}

bool qn__run_flat(const qn__run *run, double before, double after)
{
    return fabs(before - after) <= run->options.ftol * fabs(after) + run->ftol_absolute;
}

/* True when the run may ask for one more value. */
static bool may_go_on(qn__run *run)
{
    if (run->stopped) {
        return false;
    }
    if (run->options.interrupt != NULL && *run->options.interrupt != 0) {
        qn__run_stop(run, QN_STOP_INTERRUPTED);
    } else if (!qn__run_affords(run, 1)) {
        qn__run_stop(run, QN_STOP_EVALUATIONS);
    } else if (run->options.max_seconds > 0 && qn__clock() - run->started >= run->options.max_seconds) {
        qn__run_stop(run, QN_STOP_SECONDS);
    }
    return !run->stopped;
}

/* One call of the objective. */
static bool call(qn__run *run, const double *x, double *value, double *grad)
{
    if (!may_go_on(run)) {
        return false;
    }
    double result = (double)NAN;
    const qn_status status = run->objective->evaluate(run->objective->user, x, &result, grad);
    run->evaluations++;
    if (status != QN_OK) {
        /* An interruption noticed inside a long evaluation keeps the best so far, like one noticed between two. */
        if (status != QN_ERR_INTERRUPTED) {
            run->status = status;
        }
        qn__run_stop(run, QN_STOP_INTERRUPTED);
        return false;
    }
    bool finite = isfinite(result);
    for (size_t i = 0; grad != NULL && finite && i < run->n; i++) {
        finite = isfinite(grad[i]);
    }
    if (!finite) {
        qn__run_note(run, "evaluation %llu is not finite", (unsigned long long)run->evaluations);
        qn__run_stop(run, QN_STOP_NOT_FINITE);
        return false;
    }
    if (result < run->best) {
        run->best = result;
        memcpy(run->best_x, x, run->n * sizeof *x);
    }
    *value = result;
    return true;
}

/* Central differences (f(x+h) - f(x-h)) / 2h, one-sided where a bound is nearer than h. */
static bool difference(qn__run *run, const double *x, double *grad)
{
    const double *lower = run->options.lower, *upper = run->options.upper;
    const size_t n = run->n;
    memcpy(run->trial, x, n * sizeof *x);
    for (size_t i = 0; i < n; i++) {
        double high = x[i] + run->fd_step, low = x[i] - run->fd_step;
        high = upper != NULL && high > upper[i] ? upper[i] : high;
        low = lower != NULL && low < lower[i] ? lower[i] : low;
        double above = 0, below = 0;
        if (high > low) {
            run->trial[i] = high;
            if (!call(run, run->trial, &above, NULL)) {
                return false;
            }
            run->trial[i] = low;
            if (!call(run, run->trial, &below, NULL)) {
                return false;
            }
            run->trial[i] = x[i];
        }
        grad[i] = high > low ? (above - below) / (high - low) : 0.0;
    }
    return true;
}

bool qn__run_evaluate(qn__run *run, const double *x, double *value, double *grad)
{
    const bool own = run->fd_step <= 0;
    if (!call(run, x, value, own ? grad : NULL)) {
        return false;
    }
    if (grad != NULL) {
        if (!own && !difference(run, x, grad)) {
            return false;
        }
        run->gradients++;
        run->gradient_norm = qn__run_gradient_norm(run, x, grad);
    }
    return true;
}

bool qn__run_iterate(qn__run *run, const double *x, double value, double gradient_norm)
{
    run->iterations++;
    if (run->options.callback != NULL) {
        const qn_optimizer_step step = {run->iterations, run->evaluations, value, run->best, gradient_norm, x};
        run->options.callback(run->options.callback_user, &step);
    }
    if (run->options.interrupt != NULL && *run->options.interrupt != 0) {
        qn__run_stop(run, QN_STOP_INTERRUPTED);
    } else if (gradient_norm <= run->options.gtol) { /* false for NaN */
        qn__run_stop(run, QN_STOP_CONVERGED);
    } else if (run->options.max_iterations != 0 && run->iterations >= run->options.max_iterations) {
        qn__run_stop(run, QN_STOP_ITERATIONS);
    }
    return !run->stopped;
}

void qn__run_answer(qn__run *run, const double *x, double value)
{
    /* the lowest of m values of standard error s lies about s sqrt(2 ln m) under the truth; 4 s covers m to some
     * thousands */
    if (value <= run->best + 4.0 * run->objective->noise) {
        run->best = value;
        memcpy(run->best_x, x, run->n * sizeof *x);
        run->answered = true;
    }
}
