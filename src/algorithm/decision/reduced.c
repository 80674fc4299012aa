/* reduced.c: value iteration with variance reduction and total variance, by quantum means.
 *
 * Wang, Sundaram, Kothari, Kapoor, Roetteler, arXiv:2112.08451, after Sidford, Wang, Wu, Yang, Ye, arXiv:1806.01492. An
 * epoch starts from values w <= v* with v* - w <= u and ends with u / 2. Its reference x(s,a) estimates P w to
 * e(s,a) = alpha sigma(s,a) + beta, sigma the standard deviation of w over the next state. Then L sweeps put
 *
 *   v = max(v, r + g (x - e + y - d)),
 *
 * y an estimate of P (v - w) to d: small numbers, a coarse clock does. Everything is estimated from below, so v never
 * exceeds v*, and v <= r + g P v for the policy that goes with it, which therefore is worth v at least. With P of the
 * best policy and sigma <= sigma* + u / 2,
 *
 *   v* - v <= g^L u + 2 g (1 - g P)^-1 (alpha sigma + beta + d).
 *
 * The total variance bounds the first term: for rewards of 0 or more and values up to V,
 *
 *   g^2 sigma*^2 = g^2 P v*^2 - (v* - r)^2,  so  (1 - g^2 P)^-1 g^2 sigma*^2 <= V^2,
 *
 * and by Jensen's inequality g (1 - g P)^-1 sigma* <= V sqrt((1 + g) / (1 - g)), where each sigma alone would allow no
 * more than g V / (2 (1 - g)). Where that is cheaper, an epoch estimates its references to beta alone, by the range of
 * w: the factor sqrt(1 - g) that total variance saves has to make up for the levels of by_levels first.
 *
 * Of u / 2, in sixteenths of u: 1 for g^L; by variance 4 for alpha sigma*, 1 each for alpha u / 2, beta and d; by range
 * 7 for beta and d together. There a reference costs range / beta and L sweeps up to L u / d, least when beta / d is
 * the root of range / (L u). */
#include <math.h>

#include "algorithm/decision/quantum.h"
#include "algorithm/decision/sweep.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"

enum { MOST_LEVELS = 64 };

static const double PI = 3.14159265358979323846;

/* What an epoch aims at. */
typedef struct epoch {
    double u, alpha, beta, d;
    double slack; /* s: standard deviations are known to + s */
    double low, range;
    bool by_variance;
    uint64_t number;
} epoch;

typedef struct pieces {
    double scale; /* B: a bound of the root mean square */
    uint32_t levels, clock;
} pieces;

/* ---- an unbounded mean by levels (Montanaro, arXiv:1504.06987, algorithm 3) ----
 *
 * X with E X^2 <= B^2 and |X| <= range is cut into levels [0, B), [B, 4 B), [4 B, 16 B) .. of either sign. Each is an
 * amplitude a_j = E[|X|; level j] / (4^j B), which M calls tell to 2 pi sqrt(a_j) / M + pi^2 / M^2. As
 * (4^j B)^2 a_j <= 4 E[X^2; level j] for j > 0, and B E|X| <= B^2 for both j = 0 together, 2 (k + 1) levels err by
 *
 *   2 pi B sqrt(10 (k + 1)) / M + pi^2 8/3 4^k B / M^2
 *
 * at most. */
static pieces plan_pieces(double scale, double range, double error)
{
    pieces p = {.scale = scale, .clock = 1};
    while (p.levels + 1 < MOST_LEVELS && ldexp(scale, 2 * (int)p.levels) < range) {
        p.levels++;
    }
    const double slope = 2 * PI * scale * sqrt(10.0 * (p.levels + 1)),
                 bend = PI * PI * 8 / 3 * ldexp(scale, 2 * (int)p.levels);
    while (p.clock < 40 && slope / ldexp(1, (int)p.clock) + bend / ldexp(1, 2 * (int)p.clock) > error) {
        p.clock++;
    }
    return p;
}

/* Level of |x|. */
static uint32_t level_of(const pieces *p, double size)
{
    uint32_t level = 0;
    while (level < p->levels && size >= ldexp(p->scale, 2 * (int)level)) {
        level++;
    }
    return level;
}

static double by_levels(const qn__quantum_run *r, size_t pair, const double *w, double centre, const pieces *p,
                        uint64_t stream)
{
    const qn_mdp *const mdp = r->mdp;
    double amplitude[2][MOST_LEVELS] = {{0}}, sum = centre;
    for (size_t k = mdp->start[pair]; k < mdp->start[pair + 1]; k++) {
        const double x = w[mdp->next[k]] - centre, size = fabs(x);
        const uint32_t level = level_of(p, size);
        amplitude[x < 0][level] += mdp->probability[k] * size / ldexp(p->scale, 2 * (int)level);
    }
    for (int sign = 0; sign < 2; sign++) {
        for (uint32_t level = 0; level <= p->levels; level++) {
            const double seen =
                qn__median_estimate(r, fmin(1, amplitude[sign][level]), p->clock, stream + 2 * level + (uint64_t)sign);
            sum += (sign == 0 ? 1 : -1) * ldexp(p->scale, 2 * (int)level) * seen;
        }
    }
    return sum;
}

/* ---- one pair ---- */

static double calls(const qn__quantum_run *r, uint32_t clock)
{
    return (ldexp(1, (int)clock) - 1) * 2 * r->out->repeats; /* A and its inverse */
}

/* The clock for first and second moment, in units of the range: 3 e + e^2 <= (s / range)^2 / 2. */
static uint32_t moment_clock(const epoch *e)
{
    return qn__clock_for(fmin(0.25, e->slack * e->slack / (6.5 * e->range * e->range)));
}

/* Means of ((w - low) / range)^k, k = 1, 2. */
static double moment(const qn_mdp *mdp, size_t pair, const double *w, const epoch *e, int k)
{
    double sum = 0;
    for (size_t i = mdp->start[pair]; i < mdp->start[pair + 1]; i++) {
        const double x = (w[mdp->next[i]] - e->low) / e->range;
        sum += mdp->probability[i] * (k == 1 ? x : x * x);
    }
    return fmin(1, fmax(0, sum));
}

/* Reference mean of one pair, already with its error taken off; its calls of both kinds. */
static double reference(const qn__quantum_run *r, size_t pair, const double *w, const epoch *e, double spent[2])
{
    const uint64_t stream = (UINT64_C(1) << 62) + ((e->number * r->mdp->states * r->mdp->actions + pair) << 8);
    spent[0] = spent[1] = 0;
    if (!(e->range > 0)) {
        return e->low;
    }
    if (!e->by_variance) {
        const uint32_t clock = qn__clock_for(e->beta / e->range);
        spent[1] = calls(r, clock);
        return e->low + e->range * qn__median_estimate(r, moment(r->mdp, pair, w, e, 1), clock, stream) - e->beta;
    }
    const uint32_t clock = moment_clock(e);
    const double first = qn__median_estimate(r, moment(r->mdp, pair, w, e, 1), clock, stream);
    const double second = qn__median_estimate(r, moment(r->mdp, pair, w, e, 2), clock, stream + 1);
    const double variance = fmax(0, second - first * first) * e->range * e->range + e->slack * e->slack / 2;
    const double error = e->alpha * sqrt(variance) + e->beta / 2;
    /* The centre is the first moment, off by no more than that of its clock. */
    const double off = e->range * (PI / ldexp(1, (int)clock) + PI * PI / ldexp(1, 2 * (int)clock));
    const pieces p = plan_pieces(fmax(error, sqrt(variance + off * off)), e->range, error);
    spent[0] = 2 * calls(r, clock);
    spent[1] = 2.0 * (p.levels + 1) * calls(r, p.clock);
    return by_levels(r, pair, w, e->low + e->range * first, &p, stream + 2) - error;
}

/* ---- an epoch ---- */

/* Bound of the standard deviation of all rewards to come: by the smallest reward as 0, by the largest, or by half of
 * what lies between (Popoviciu). */
static double total_deviation(const qn_mdp *mdp)
{
    double least = HUGE_VAL, most = -HUGE_VAL;
    for (size_t pair = 0; pair < (size_t)mdp->states * mdp->actions; pair++) {
        least = fmin(least, mdp->reward[pair]);
        most = fmax(most, mdp->reward[pair]);
    }
    const double horizon = 1 / (1 - mdp->discount);
    return fmin((most - least) * horizon / 2,
                fmin(mdp->most_value - least * horizon, most * horizon - mdp->least_value));
}

static epoch plan_epoch(const qn__quantum_run *r, double u, double deviation, double sweeps, const double *w)
{
    const double g = r->mdp->discount;
    epoch e = {.u = u, .low = HUGE_VAL};
    double high = -HUGE_VAL;
    for (uint32_t s = 0; s < r->mdp->states; s++) {
        e.low = fmin(e.low, w[s]);
        high = fmax(high, w[s]);
    }
    e.range = high - e.low;
    const double unit = u / 16 * (1 - g) / (2 * g); /* a sixteenth of u as a constant error of all means */
    e.d = unit;
    e.alpha = deviation > 0 ? u / (8 * deviation) * sqrt((1 - g) / (1 + g)) : HUGE_VAL;
    e.alpha = fmin(e.alpha, (1 - g) / (16 * g));
    e.beta = unit;
    e.slack = e.beta / (2 * e.alpha);
    if (e.range > 0) {
        /* Whichever looks cheaper when deviations are such that their total is at its bound. */
        const double typical = fmin(e.range / 2, deviation * sqrt(1 - g * g));
        const double error = e.alpha * (typical + e.slack) + e.beta / 2;
        const pieces p = plan_pieces(fmax(error, typical + e.slack), e.range, error);
        e.by_variance = r->always_by_variance ||
                        2 * ldexp(1, (int)moment_clock(&e)) + 2.0 * (p.levels + 1) * ldexp(1, (int)p.clock) <
                            ldexp(1, (int)qn__clock_for(6 * unit / e.range));
    }
    if (!e.by_variance) {
        const double reference = sqrt(e.range), differences = sqrt(sweeps * u);
        e.d = 7 * unit * fmin(0.95, differences / (differences + reference));
        e.beta = 7 * unit - e.d;
    }
    return e;
}

static void sweep(qn__quantum_run *r, const epoch *e, const double *w, const double *mean, uint64_t number)
{
    const qn_mdp *const mdp = r->mdp;
    qn_quantum_iteration *const out = r->out;
    double *const next = r->next;
    double largest = 0;
    for (uint32_t s = 0; s < mdp->states; s++) {
        largest = fmax(largest, out->value[s] - w[s]);
    }
    const uint32_t clock = largest > 0 ? qn__clock_for(e->d / largest) : 0;
#pragma omp parallel for schedule(static) num_threads((int)qn_context_threads(r->context)) if (mdp->states >= 16)
    for (uint32_t s = 0; s < mdp->states; s++) {
        next[s] = out->value[s];
        for (uint32_t a = 0; a < mdp->actions; a++) {
            const size_t pair = (size_t)s * mdp->actions + a;
            double q = mdp->reward[pair] + mdp->discount * mean[pair];
            if (largest > 0) {
                double share = 0;
                for (size_t k = mdp->start[pair]; k < mdp->start[pair + 1]; k++) {
                    share += mdp->probability[k] * (out->value[mdp->next[k]] - w[mdp->next[k]]) / largest;
                }
                const uint64_t stream = (number * mdp->states + s) * mdp->actions + a;
                q += mdp->discount * (largest * qn__median_estimate(r, fmin(1, fmax(0, share)), clock, stream) - e->d);
            }
            if (q > next[s]) {
                next[s] = q;
                out->policy[s] = a;
            }
        }
    }
    r->next = out->value;
    out->value = next;
    if (largest > 0) {
        const double pairs = (double)mdp->states * mdp->actions;
        out->clock = clock > out->clock ? clock : out->clock;
        out->estimations += (uint64_t)pairs;
        out->queries_difference += pairs * calls(r, clock);
    }
}

/* Totals, what was reached, and whether to stop. */
static void book(qn__quantum_run *r, uint64_t sweeps)
{
    qn_quantum_iteration *const out = r->out;
    out->queries = out->queries_each = out->queries_variance + out->queries_reference + out->queries_difference;
    out->error = qn__largest_gap(out->value, r->optimal->value, r->mdp->states);
    out->history[out->sweeps++] = (qn_sweep){out->error, out->queries};
    out->interrupted = qn_context_interrupted(r->context);
    const qn_progress progress = {"sweeps", out->sweeps, sweeps, out->estimations, out->error, qn__clock() - r->began};
    qn__context_progress(r->context, &progress, &r->reported, false);
}

static void take_references(qn__quantum_run *r, const epoch *e, const double *w, double *mean)
{
    const size_t pairs = (size_t)r->mdp->states * r->mdp->actions;
    double variance = 0, first = 0;
    for (size_t pair = 0; pair < pairs; pair++) { /* one after the other: the sums are the same for any threads */
        double spent[2];
        mean[pair] = reference(r, pair, w, e, spent);
        variance += spent[0];
        first += spent[1];
    }
    r->out->queries_variance += variance;
    r->out->queries_reference += first;
    r->out->estimations += e->range > 0 ? (e->by_variance ? 3 : 1) * (uint64_t)pairs : 0;
    r->out->by_variance += e->by_variance;
    r->out->epochs++;
}

qn_status qn__iterate_reduced(qn__quantum_run *r)
{
    const qn_mdp *const mdp = r->mdp;
    qn_quantum_iteration *const out = r->out;
    const double epsilon = r->options.epsilon, span = mdp->most_value - mdp->least_value;
    const double epochs = fmax(1, ceil(log2(span / epsilon)));
    const double sweeps = fmax(1, ceil(log(16) / -log(mdp->discount)));
    const double deviation = total_deviation(mdp), pairs = (double)mdp->states * mdp->actions;
    /* Medians in all: those of a sweep, two moments and the levels, of which there are no more than that. */
    const double levels = fmin(MOST_LEVELS, 2 + fmax(0, ceil(log2(128 * span / (epsilon * (1 - mdp->discount))) / 2)));
    r->per_failure = r->options.failure / (epochs * pairs * (sweeps + 2 + 2 * (levels + 1)));
    out->repeats = qn__repeats_for(r->per_failure);
    qn_status status = QN_OK;
    double *const w = qn__alloc(mdp->states, sizeof *w), *const mean = qn__alloc((size_t)pairs, sizeof *mean);
    out->history = qn__alloc((size_t)(epochs * sweeps), sizeof *out->history);
    if (w == NULL || mean == NULL || out->history == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    for (uint32_t s = 0; s < mdp->states; s++) {
        out->value[s] = mdp->least_value;
    }
    r->began = qn__clock();
    double u = span;
    for (uint64_t k = 0; k < (uint64_t)epochs && !out->interrupted; k++, u /= 2) {
        for (uint32_t s = 0; s < mdp->states; s++) {
            w[s] = out->value[s];
        }
        epoch e = plan_epoch(r, u, deviation, sweeps, w);
        e.number = k;
        take_references(r, &e, w, mean);
        for (uint64_t l = 0; l < (uint64_t)sweeps && !out->interrupted; l++) {
            sweep(r, &e, w, mean, k * (uint64_t)sweeps + l);
            book(r, (uint64_t)(epochs * sweeps));
        }
    }
cleanup:
    qn__free(w);
    qn__free(mean);
    return status;
}
