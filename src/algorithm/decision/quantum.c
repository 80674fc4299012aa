/* quantum.c: value iteration whose means come from amplitude estimation.
 *
 * With every mean known to e = (1 - g) epsilon / (2 g) the values are off by g e / (1 - g) = epsilon / 2 at most, and
 * K sweeps leave g^K (v_max - v_min) <= epsilon / 2. A mean of values in a range R is an amplitude to error e / R:
 * phase estimation with M - 1 calls errs by pi / M + pi^2 / M^2 at most with probability 8/pi^2, and the median of some
 * repetitions as surely as wanted. */
#include <math.h>
#include <string.h>

#include "algorithm/decision/quantum.h"
#include "algorithm/decision/sweep.h"
#include "algorithm/estimation/canonical.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/rng.h"
#include "base/status.h"
#include "math/special.h"

enum { MOST_REPEATS = 199, MOST_CLOCK = 40, MOST_SAMPLES = 1000000 };

static const double MOST_ESTIMATIONS = 1e9;
static const double PI = 3.14159265358979323846;
static const double REFERENCE = 1e-10; /* precision of the optimal values that errors are measured against */

void qn_quantum_iteration_free(qn_quantum_iteration *iteration)
{
    if (iteration != NULL) {
        qn__free(iteration->value);
        qn__free(iteration->policy);
        qn__free(iteration->history);
        qn__free(iteration);
    }
}

uint32_t qn__repeats_for(double failure)
{
    uint32_t repeats = 1;
    while (repeats < MOST_REPEATS &&
           1 - qn__beta_cdf(8 / PI / PI, (repeats + 1) / 2.0, (repeats + 1) / 2.0) > failure) {
        repeats += 2;
    }
    return repeats;
}

uint32_t qn__clock_for(double error)
{
    uint32_t bits = 1;
    while (bits < MOST_CLOCK && PI / ldexp(1, (int)bits) + PI * PI / ldexp(1, 2 * (int)bits) > error) {
        bits++;
    }
    return bits;
}

double qn__median_estimate(const qn__quantum_run *r, double amplitude, uint32_t clock, uint64_t stream)
{
    double shown[MOST_REPEATS];
    for (uint32_t k = 0; k < r->out->repeats; k++) {
        const double value = qn__canonical_draw(amplitude, clock, qn__random_derive(r->options.seed, k + 1), stream);
        uint32_t at = k;
        for (; at > 0 && shown[at - 1] > value; at--) {
            shown[at] = shown[at - 1];
        }
        shown[at] = value;
    }
    return shown[r->out->repeats / 2];
}

static void noisy_state(const qn__quantum_run *r, uint32_t s, uint64_t sweep, const double *value, double low,
                        double range)
{
    const qn_mdp *const mdp = r->mdp;
    double best = -HUGE_VAL;
    for (uint32_t a = 0; a < mdp->actions; a++) {
        const size_t pair = (size_t)s * mdp->actions + a;
        const double mean = qn__expectation(mdp, mdp->probability, pair, value);
        const double amplitude = range > 0 ? fmin(1, fmax(0, (mean - low) / range)) : 0;
        const uint64_t stream = (sweep * mdp->states + s) * mdp->actions + a;
        const double seen = low + range * (range > 0 ? qn__median_estimate(r, amplitude, r->out->clock, stream) : 0);
        const double q = mdp->reward[pair] + mdp->discount * seen;
        if (q > best) {
            best = q;
            r->out->policy[s] = a;
        }
    }
    r->next[s] = fmin(mdp->most_value, fmax(mdp->least_value, best));
}

/* Calls of the maximum's search over A actions, on average, each of whose values costs one estimation and its inverse:
 * 2.9 sqrt(A) to reach the maximum (measured, docs/search.md), then rounds of sqrt(A) / 2 steps in vain until an
 * overlooked better action is unlikely, with probability (3/4)^rounds. */
static double search_calls(double actions, double failure)
{
    const double rounds = ceil(log(failure / (2 + log(actions))) / log(0.75));
    return 2 * (2.9 * sqrt(actions) + rounds * (sqrt(actions) / 2 + 1));
}

/* A sweep of all states; books its calls. */
static void sweep(qn__quantum_run *r, uint64_t number)
{
    qn_quantum_iteration *const out = r->out;
    const qn_mdp *const mdp = r->mdp;
    double low = HUGE_VAL, high = -HUGE_VAL;
    for (uint32_t s = 0; s < mdp->states; s++) {
        low = fmin(low, out->value[s]);
        high = fmax(high, out->value[s]);
    }
    const double range = high - low;
    out->clock = range > 0 ? qn__clock_for(r->per_mean / range) : 0;
#pragma omp parallel for schedule(static) num_threads((int)qn_context_threads(r->context)) if (mdp->states >= 16)
    for (uint32_t s = 0; s < mdp->states; s++) {
        noisy_state(r, s, number, out->value, low, range);
    }
    double *const swap = out->value;
    out->value = r->next;
    r->next = swap;
    const double calls = range > 0 ? (ldexp(1, (int)out->clock) - 1) * 2 * out->repeats : 0; /* A and its inverse */
    const double states = mdp->states, actions = mdp->actions;
    out->estimations += range > 0 ? (uint64_t)mdp->states * mdp->actions : 0;
    out->queries_each += states * actions * calls;
    out->queries_search += states * search_calls(actions, r->per_failure) * calls;
    /* Hoeffding: N = R^2 ln(2 / failure) / (2 e^2) */
    out->samples += states * actions * ceil(range * range * log(2 / r->per_failure) / (2 * r->per_mean * r->per_mean));
}

double qn__largest_gap(const double *a, const double *b, uint32_t count)
{
    double gap = 0;
    for (uint32_t s = 0; s < count; s++) {
        gap = fmax(gap, fabs(a[s] - b[s]));
    }
    return gap;
}

static qn_status iterate(qn__quantum_run *r)
{
    const qn_mdp *const mdp = r->mdp;
    qn_quantum_iteration *const out = r->out;
    const double epsilon = r->options.epsilon, span = mdp->most_value - mdp->least_value;
    const double sweeps = fmax(1, ceil(log(2 * span / epsilon) / -log(mdp->discount)));
    const double began = qn__clock();
    double reported = 0;
    out->history = qn__alloc((size_t)sweeps, sizeof *out->history);
    QN_ALLOC_CHECK(out->history);
    r->per_mean = (1 - mdp->discount) * epsilon / (2 * mdp->discount);
    r->per_failure = r->options.failure / (sweeps * mdp->states * mdp->actions);
    out->repeats = qn__repeats_for(r->per_failure);
    for (uint64_t k = 0; k < (uint64_t)sweeps && !out->interrupted; k++) {
        sweep(r, k);
        out->searched = out->queries_search < out->queries_each;
        out->queries = fmin(out->queries_search, out->queries_each);
        out->history[k] = (qn_sweep){qn__largest_gap(out->value, r->optimal->value, mdp->states), out->queries};
        out->sweeps = k + 1;
        out->interrupted = qn_context_interrupted(r->context);
        const qn_progress progress = {
            "sweeps", k + 1, (uint64_t)sweeps, out->estimations, out->history[k].error, qn__clock() - began};
        qn__context_progress(r->context, &progress, &reported, false);
    }
    out->error = out->history[out->sweeps - 1].error;
    return QN_OK;
}

/* ---- the sampling rival ---- */

/* Frequencies of `samples` draws of every pair, by one binomial after the other. */
static void sample_model(const qn_mdp *mdp, uint64_t samples, uint64_t seed, double *frequency)
{
    for (size_t pair = 0; pair < (size_t)mdp->states * mdp->actions; pair++) {
        uint64_t left = samples, index = 0;
        double rest = 1;
        for (size_t k = mdp->start[pair]; k < mdp->start[pair + 1]; k++) {
            const double p = rest > 0 ? fmin(1, mdp->probability[k] / rest) : 0;
            const bool last = k + 1 == mdp->start[pair + 1];
            const uint64_t hits = last ? left : qn__draw_binomial(left, p, seed, pair, &index);
            frequency[k] = (double)hits / (double)samples;
            left -= hits;
            rest -= mdp->probability[k];
        }
    }
}

/* Planning on a sampled model that cost as many samples as the quantum run cost queries. */
static qn_status sampled_rival(qn__quantum_run *r)
{
    const qn_mdp *const mdp = r->mdp;
    qn_quantum_iteration *const out = r->out;
    const double pairs = (double)mdp->states * mdp->actions;
    const double each = fmin(MOST_SAMPLES, fmax(1, out->queries / pairs));
    double *frequency = qn__alloc(mdp->start[(size_t)mdp->states * mdp->actions], sizeof *frequency);
    QN_ALLOC_CHECK(frequency);
    qn_mdp_solution *planned = NULL;
    sample_model(mdp, (uint64_t)each, qn__random_derive(r->options.seed, 1000), frequency);
    const qn_status status = qn__iterate(r->context, mdp, frequency, r->options.epsilon / 1000, &planned);
    qn__free(frequency);
    QN_TRY(status);
    out->sampled_error = qn__largest_gap(planned->value, r->optimal->value, mdp->states);
    out->sampled_per_pair = floor(each);
    qn_mdp_solution_free(planned);
    return QN_OK;
}

static qn_status execute(qn__quantum_run *r)
{
    qn_quantum_iteration *const out = r->out;
    const uint32_t states = r->mdp->states;
    out->value = qn__calloc(states, sizeof *out->value);
    out->policy = qn__calloc(states, sizeof *out->policy);
    r->next = qn__calloc(states, sizeof *r->next);
    if (out->value == NULL || out->policy == NULL || r->next == NULL) {
        return QN_ERR_MEMORY;
    }
    QN_TRY(qn__iterate(r->context, r->mdp, r->mdp->probability, REFERENCE, &r->optimal));
    QN_TRY(r->options.reduced ? qn__iterate_reduced(r) : iterate(r));
    if (!out->interrupted) {
        QN_TRY(sampled_rival(r));
        QN_TRY(qn_policy_value(r->context, r->mdp, out->policy, REFERENCE, r->next));
        for (uint32_t s = 0; s < states; s++) {
            out->regret = fmax(out->regret, r->optimal->value[s] - r->next[s]);
        }
    }
    return QN_OK;
}

/* Sweeps that this precision takes at this discount, each of an estimation for every pair. */
static qn_status check_effort(const qn__quantum_run *r)
{
    const qn_mdp *const mdp = r->mdp;
    const double span = mdp->most_value - mdp->least_value, epsilon = r->options.epsilon;
    const double plain = fmax(1, ceil(log(2 * span / epsilon) / -log(mdp->discount)));
    const double epochs = fmax(1, ceil(log2(span / epsilon))) * fmax(1, ceil(log(16) / -log(mdp->discount)));
    const double sweeps = r->options.reduced ? epochs : plain, pairs = (double)mdp->states * mdp->actions;
    QN_CHECK(
        sweeps * pairs <= MOST_ESTIMATIONS, ERR_TOO_LARGE,
        "%.3g sweeps of %.3g estimations each at discount %.9g and epsilon %g; at most %.0e estimations are simulated",
        sweeps, pairs, mdp->discount, epsilon, MOST_ESTIMATIONS);
    return QN_OK;
}

qn_status qn__quantum_value_iteration(const qn_context *context, const qn_mdp *mdp,
                                      const qn_quantum_iteration_options *options, bool always_by_variance,
                                      qn_quantum_iteration **out)
{
    QN_CHECK(context != NULL && mdp != NULL && out != NULL, ERR_ARGUMENT, "a context, a process and a place");
    const qn_quantum_iteration_options plain = QN_QUANTUM_ITERATION_OPTIONS_INIT;
    qn__quantum_run r = {.context = context,
                         .mdp = mdp,
                         .options = options != NULL ? *options : plain,
                         .always_by_variance = always_by_variance};
    QN_CHECK(r.options.size == sizeof r.options, ERR_ARGUMENT,
             "options have size %u, expected %zu; use QN_QUANTUM_ITERATION_OPTIONS_INIT", r.options.size,
             sizeof r.options);
    r.options.epsilon = r.options.epsilon != 0 ? r.options.epsilon : 0.1;
    r.options.failure = r.options.failure != 0 ? r.options.failure : 0.05;
    QN_CHECK(r.options.epsilon > 0 && isfinite(r.options.epsilon), ERR_RANGE, "epsilon %g; expected a positive number",
             r.options.epsilon);
    QN_CHECK(r.options.failure > 0 && r.options.failure < 1, ERR_RANGE, "failure %g; expected a probability",
             r.options.failure);
    QN_TRY(check_effort(&r));
    const double began = qn__clock();
    r.out = qn__calloc(1, sizeof *r.out);
    QN_ALLOC_CHECK(r.out);
    const qn_status status = execute(&r);
    qn__free(r.next);
    qn_mdp_solution_free(r.optimal);
    if (status != QN_OK) {
        qn_quantum_iteration_free(r.out);
        return status;
    }
    r.out->seconds = qn__clock() - began;
    *out = r.out;
    return QN_OK;
}

qn_status qn_quantum_value_iteration(const qn_context *context, const qn_mdp *mdp,
                                     const qn_quantum_iteration_options *options, qn_quantum_iteration **out)
{
    return qn__quantum_value_iteration(context, mdp, options, false, out);
}
