/* plateau_fit.c: the decay of variances with the number of qubits, by least squares on log2, with percentile intervals
 * of the bootstrap (Efron, Ann. Statist. 7, 1 (1979)): starts are drawn again with replacement, size by size. */
#include "learn/plateau_samples.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"

enum { RESAMPLES = 1000 };

typedef struct line {
    double slope, intercept, residual;
} line;

static line fit_line(const double *x, const double *y, size_t count)
{
    double mean_x = 0.0, mean_y = 0.0, xx = 0.0, xy = 0.0, left = 0.0;
    for (size_t i = 0; i < count; i++) {
        mean_x += x[i] / (double)count;
        mean_y += y[i] / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        xx += (x[i] - mean_x) * (x[i] - mean_x);
        xy += (x[i] - mean_x) * (y[i] - mean_y);
    }
    line out = {xx > 0.0 ? xy / xx : (double)NAN, 0.0, 0.0};
    out.intercept = mean_y - out.slope * mean_x;
    for (size_t i = 0; i < count; i++) {
        const double off = y[i] - out.intercept - out.slope * x[i];
        left += off * off / (double)count;
    }
    out.residual = sqrt(left);
    return out;
}

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The 2.5 % and 97.5 % points; sorts. */
static void interval(double *values, size_t count, double *low, double *high)
{
    qsort(values, count, sizeof *values, rising);
    *low = values[(size_t)(0.025 * (double)(count - 1))];
    *high = values[(size_t)(0.975 * (double)(count - 1) + 0.5)];
}

/* Variances of all parts from one set of starts drawn again: out[part * stride]. */
static void resample(const qn__plateau_samples *samples, uint64_t seed, uint64_t stream, double *out, size_t stride)
{
    double sum[QN_PLATEAU_PART_COUNT_] = {0.0};
    for (size_t i = 0; i < samples->count; i++) {
        const size_t row = (size_t)(qn__random_uniform(seed, stream, i) * (double)samples->count);
        for (size_t part = 0; part < QN_PLATEAU_PART_COUNT_; part++) {
            sum[part] += samples->deviation[part * samples->count + row];
        }
    }
    for (size_t part = 0; part < QN_PLATEAU_PART_COUNT_; part++) {
        out[part * stride] = sum[part] / (double)(samples->count - 1);
    }
}

typedef struct workspace {
    size_t resamples;
    double *variances; /* parts x sizes x resamples */
    double *slopes, *powers, *sorted, *x, *log_x, *y;
} workspace;

static void fit_part(const workspace *w, size_t part, const qn_plateau_row *rows, size_t count, qn_plateau_decay *decay)
{
    const double none = (double)NAN;
    *decay = (qn_plateau_decay){none, none, none, none, none, none, none, none, none, none, false};
    for (size_t i = 0; i < count; i++) {
        w->y[i] = log2(rows[i].variance[part]);
        /* rounding leaves 1e-32 or so where the derivative is 0 for all angles */
        decay->vanished = decay->vanished || !(rows[i].variance[part] > 1e-28);
    }
    if (count < 2 || decay->vanished) {
        return;
    }
    const line straight = fit_line(w->x, w->y, count), power = fit_line(w->log_x, w->y, count);
    for (size_t b = 0; b < w->resamples; b++) {
        for (size_t i = 0; i < count; i++) {
            w->y[i] = log2(fmax(w->variances[(part * count + i) * w->resamples + b], 1e-300));
        }
        w->slopes[b] = fit_line(w->x, w->y, count).slope;
        w->powers[b] = fit_line(w->log_x, w->y, count).slope;
    }
    decay->slope = straight.slope;
    decay->intercept = straight.intercept;
    decay->residual = straight.residual;
    decay->power = power.slope;
    decay->power_intercept = power.intercept;
    decay->power_residual = power.residual;
    interval(w->slopes, w->resamples, &decay->low, &decay->high);
    interval(w->powers, w->resamples, &decay->power_low, &decay->power_high);
}

static void fit_all(const workspace *w, const qn_plateau_options *o, const qn__plateau_samples *samples,
                    qn_plateau_row *rows, size_t count, qn_plateau_decay *decay)
{
    for (size_t i = 0; i < count; i++) {
        w->x[i] = rows[i].qubits;
        w->log_x[i] = log2(rows[i].qubits);
    }
    for (size_t i = 0; i < count; i++) {
        const uint64_t seed = qn__random_derive(qn__random_derive(o->seed, 0x626f6f74), rows[i].qubits);
        for (size_t b = 0; b < w->resamples; b++) {
            resample(&samples[i], seed, b, w->variances + i * w->resamples + b, count * w->resamples);
        }
    }
    for (size_t part = 0; part < QN_PLATEAU_PART_COUNT_; part++) {
        for (size_t i = 0; i < count; i++) {
            memcpy(w->sorted, w->variances + (part * count + i) * w->resamples, w->resamples * sizeof *w->sorted);
            interval(w->sorted, w->resamples, &rows[i].low[part], &rows[i].high[part]);
        }
        fit_part(w, part, rows, count, &decay[part]);
    }
}

qn_status qn__plateau_fit(const qn_plateau_options *options, const qn__plateau_samples *samples, qn_plateau_row *rows,
                          size_t count, qn_plateau_decay decay[QN_PLATEAU_PART_COUNT_])
{
    const size_t resamples = options->resamples != 0 ? options->resamples : RESAMPLES;
    double *memory = qn__alloc(QN_PLATEAU_PART_COUNT_ * count * resamples + 3 * resamples + 3 * count, sizeof *memory);
    QN_ALLOC_CHECK(memory);
    workspace w = {.resamples = resamples, .variances = memory};
    w.slopes = memory + QN_PLATEAU_PART_COUNT_ * count * resamples;
    w.powers = w.slopes + resamples;
    w.sorted = w.powers + resamples;
    w.x = w.sorted + resamples;
    w.log_x = w.x + count;
    w.y = w.log_x + count;
    fit_all(&w, options, samples, rows, count, decay);
    qn__free(memory);
    return QN_OK;
}
