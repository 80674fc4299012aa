/* estimate.c: one estimation by any method, and many runs of the same experiment. */
#include <math.h>

#include "algorithm/estimation/amplitude.h"
#include "algorithm/estimation/canonical.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"
#include "math/special.h"

enum { DEFAULT_SHOTS = 100, MOST_CLOCK = 40, MOST_REPEATS = 199, CHUNK = 64, MOST_RUNS = 1 << 28, TABLE_RUNS = 2000 };

static const double PI = 3.14159265358979323846;
static const double FASTER_SHARE = 1.0 / 16;

const char *qn_estimation_method_name(qn_estimation_method method)
{
    static const char *const names[] = {"iterative", "canonical", "likelihood", "faster"};
    return (unsigned)method < sizeof names / sizeof *names ? names[method] : "unknown";
}

static qn_status check_options(const qn_estimation_options *options, qn_estimation_options *out)
{
    const qn_estimation_options plain = QN_ESTIMATION_OPTIONS_INIT;
    *out = options != NULL ? *options : plain;
    QN_CHECK(out->size == sizeof *out, ERR_ARGUMENT,
             "options have size %u, expected %zu; use QN_ESTIMATION_OPTIONS_INIT", out->size, sizeof *out);
    QN_CHECK(out->method <= QN_ESTIMATION_FASTER, ERR_ARGUMENT, "method %d is none of qn_estimation_method",
             (int)out->method);
    out->epsilon = out->epsilon != 0 ? out->epsilon : 0.01;
    out->alpha = out->alpha != 0 ? out->alpha : 0.05;
    out->shots = out->shots > 0 ? out->shots : DEFAULT_SHOTS;
    QN_CHECK(out->epsilon >= 1e-9 && out->epsilon < 0.5, ERR_RANGE, "epsilon %g; expected 1e-9 to 0.5", out->epsilon);
    QN_CHECK(out->alpha > 1e-12 && out->alpha < 1, ERR_RANGE, "alpha %g; expected more than 1e-12 and less than 1",
             out->alpha);
    return QN_OK;
}

qn_status qn__trial_measure(qn__trial *trial, uint64_t power, uint64_t shots, uint64_t *good)
{
    double p = 0;
    QN_TRY(qn_amplitude_probability(trial->amplitude, power, &p));
    *good = qn__draw_binomial(shots, fmin(1, p), trial->options->seed, trial->options->stream, &trial->draws);
    qn_estimation *const out = trial->out;
    out->shots += shots;
    out->circuits++;
    out->steps += shots * power;
    out->calls += shots * (2 * power + 1);
    out->deepest = power > out->deepest ? power : out->deepest;
    return QN_OK;
}

/* ---- phase estimation ---- */

/* Repetitions whose median fails with probability alpha at most, each being near with probability 8/pi^2. */
static uint32_t repeats_for(double alpha)
{
    const double p = 8 / PI / PI;
    uint32_t repeats = 1;
    /* fewer than half near: a binomial tail, as a beta function */
    while (repeats < MOST_REPEATS && 1 - qn__beta_cdf(p, (repeats + 1) / 2.0, (repeats + 1) / 2.0) > alpha) {
        repeats += 2;
    }
    return repeats;
}

static double median(double *values, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        const double v = values[i];
        uint32_t k = i;
        for (; k > 0 && values[k - 1] > v; k--) {
            values[k] = values[k - 1];
        }
        values[k] = v;
    }
    return values[count / 2];
}

/* An outcome y lies within one place of M theta / pi with probability 8/pi^2 at least; so the median of some outcomes,
 * give and take one place, holds theta. */
qn_status qn__estimate_canonical(qn__trial *trial)
{
    const qn_estimation_options *const options = trial->options;
    double a = 0, outcomes[MOST_REPEATS];
    QN_TRY(qn_amplitude_probability(trial->amplitude, 0, &a));
    uint32_t bits = options->doublings;
    for (uint32_t b = 1; bits == 0 && b <= MOST_CLOCK; b++) {
        bits = sin(PI / ldexp(1, (int)b)) <= options->epsilon || b == MOST_CLOCK ? b : 0;
    }
    QN_CHECK(bits <= MOST_CLOCK, ERR_RANGE, "%u clock qubits; at most %d", bits, (int)MOST_CLOCK);
    const uint32_t repeats = repeats_for(options->alpha);
    const double clock = ldexp(1, (int)bits);
    for (uint32_t k = 0; k < repeats; k++) {
        const uint64_t seed = qn__random_derive(options->seed, k);
        outcomes[k] = asin(sqrt(fmin(1, qn__canonical_draw(fmin(1, a), bits, seed, options->stream))));
    }
    const double theta = median(outcomes, repeats);
    const double low = sin(fmax(0, theta - PI / clock)), high = sin(fmin(PI / 2, theta + PI / clock));
    qn_estimation *const out = trial->out;
    out->estimate = sin(theta) * sin(theta);
    out->low = low * low;
    out->high = high * high;
    out->shots = repeats;
    out->circuits = 1;
    out->deepest = (uint64_t)clock - 1;
    out->steps = repeats * out->deepest;
    out->calls = repeats * (2 * out->deepest + 1);
    return QN_OK;
}

/* ---- one and many ---- */

static qn_status run_trial(qn__trial *trial)
{
    switch (trial->options->method) {
    case QN_ESTIMATION_CANONICAL:
        return qn__estimate_canonical(trial);
    case QN_ESTIMATION_LIKELIHOOD:
        return qn__estimate_likelihood(trial);
    case QN_ESTIMATION_FASTER:
        return qn__estimate_faster(trial);
    default:
        return qn__estimate_iterative(trial);
    }
}

static qn_status estimate(qn_amplitude *amplitude, const qn_estimation_options *options,
                          const qn__interval_table *table, qn_estimation *out)
{
    *out = (qn_estimation){0};
    qn__trial trial = {amplitude, options, 0, 1, out, table};
    qn_amplitude shrunk = {0};
    if (options->method == QN_ESTIMATION_FASTER) {
        QN_CHECK(amplitude->engine == NULL, ERR_UNSUPPORTED,
                 "method \"faster\" shrinks the amplitude with one more qubit; give it the circuit that has it, as a "
                 "number");
        shrunk.theta = asin(sqrt(FASTER_SHARE) * sin(amplitude->theta));
        trial.amplitude = &shrunk;
        trial.share = FASTER_SHARE;
    }
    return run_trial(&trial);
}

qn_status qn_amplitude_estimate(qn_amplitude *amplitude, const qn_estimation_options *options, qn_estimation *out)
{
    QN_CHECK(amplitude != NULL && out != NULL, ERR_ARGUMENT, "an amplitude and a place for the estimate");
    qn_estimation_options checked;
    qn_estimation found;
    QN_TRY(check_options(options, &checked));
    QN_TRY(estimate(amplitude, &checked, NULL, &found));
    *out = found;
    return QN_OK;
}

/* Sums of a fixed number of runs, so that their order does not depend on threads. */
typedef struct tally {
    double squares, covered, calls, steps;
    qn_status status;
} tally;

/* What the runs of an experiment share. */
typedef struct experiment {
    double a;
    qn_estimation_options options;
    qn__interval_table table; /* no bounds: not made */
    double *errors;           /* of each run */
} experiment;

static void run_chunk(const experiment *e, uint64_t first, uint64_t end, tally *out)
{
    qn_amplitude amplitude = {.theta = asin(sqrt(e->a))};
    qn_estimation_options own = e->options;
    *out = (tally){0};
    for (uint64_t k = first; k < end; k++) {
        qn_estimation found;
        own.stream = e->options.stream + k;
        out->status = estimate(&amplitude, &own, e->table.bounds != NULL ? &e->table : NULL, &found);
        if (out->status != QN_OK) {
            return;
        }
        const double error = fabs(found.estimate - e->a);
        e->errors[k] = error;
        out->squares += error * error;
        out->covered += found.low <= e->a && e->a <= found.high;
        out->calls += (double)found.calls;
        out->steps += (double)found.steps;
    }
}

/* The value at place `rank` in rising order, by Hoare's selection; reorders. */
static double select_rank(double *values, uint64_t count, uint64_t rank)
{
    uint64_t low = 0, high = count - 1;
    while (low < high) {
        const double pivot = values[low + (high - low) / 2];
        uint64_t i = low, j = high;
        for (;;) {
            while (values[i] < pivot) {
                i++;
            }
            while (values[j] > pivot) {
                j--;
            }
            if (i >= j) {
                break;
            }
            const double swap = values[i];
            values[i++] = values[j];
            values[j--] = swap;
        }
        if (rank <= j) {
            high = j;
        } else {
            low = j + 1;
        }
    }
    return values[rank];
}

static qn_status run_all(const qn_context *context, const experiment *e, uint64_t runs, qn_experiment *out)
{
    const uint64_t chunks = (runs + CHUNK - 1) / CHUNK;
    tally *tallies = qn__calloc(chunks, sizeof *tallies), sum = {0};
    QN_ALLOC_CHECK(tallies);
#pragma omp parallel for schedule(dynamic, 4) num_threads((int)qn_context_threads(context))
    for (uint64_t c = 0; c < chunks; c++) {
        const uint64_t end = (c + 1) * CHUNK < runs ? (c + 1) * CHUNK : runs;
        if (!qn_context_interrupted(context)) {
            run_chunk(e, c * CHUNK, end, &tallies[c]);
        }
    }
    for (uint64_t c = 0; c < chunks; c++) {
        sum.squares += tallies[c].squares;
        sum.covered += tallies[c].covered;
        sum.calls += tallies[c].calls;
        sum.steps += tallies[c].steps;
        sum.status = sum.status == QN_OK ? tallies[c].status : sum.status;
    }
    qn__free(tallies);
    QN_TRY(sum.status);
    QN_CHECK(!qn_context_interrupted(context), ERR_INTERRUPTED, "interrupted during the experiment");
    const double n = (double)runs;
    *out = (qn_experiment){.rmse = sqrt(sum.squares / n),
                           .coverage = sum.covered / n,
                           .mean_calls = sum.calls / n,
                           .mean_steps = sum.steps / n,
                           .median_error = select_rank(e->errors, runs, runs / 2)};
    return QN_OK;
}

qn_status qn_amplitude_experiment(const qn_context *context, double a, const qn_estimation_options *options,
                                  uint64_t runs, qn_experiment *out)
{
    QN_CHECK(context != NULL && out != NULL, ERR_ARGUMENT, "a context and a place for the result");
    QN_CHECK(a >= 0 && a <= 1 && runs >= 1 && runs <= MOST_RUNS, ERR_RANGE,
             "amplitude %g and %llu runs; expected 0 to 1, and 1 to 2^28", a, (unsigned long long)runs);
    experiment e = {.a = a};
    QN_TRY(check_options(options, &e.options));
    const double began = qn__clock();
    qn_status status = QN_OK;
    e.errors = qn__alloc(runs, sizeof *e.errors);
    QN_ALLOC_CHECK(e.errors);
    if (e.options.method == QN_ESTIMATION_ITERATIVE && !e.options.chernoff && runs >= TABLE_RUNS) {
        QN_TRY_CLEANUP(qn__interval_table_fill(&e.options, &e.table));
    }
    QN_TRY_CLEANUP(run_all(context, &e, runs, out));
    out->seconds = qn__clock() - began;
    out->runs_per_second = (double)runs / out->seconds;
cleanup:
    qn__free(e.errors);
    qn__free(e.table.bounds);
    return status;
}
