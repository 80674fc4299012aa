/* chain_samples.c: Markov chains run as samplers at equal numbers of energy evaluations, against exact enumeration.
 *
 * One flip, any string, the quantum proposal of Layden et al. (arXiv:2203.12497), and parallel tempering (Hukushima and
 * Nemoto, J. Phys. Soc. Jpn. 65, 1604 (1996)): RUNGS replicas of the one-flip chain at temperatures in geometric
 * sequence, neighbours exchanged with probability min(1, exp((1/T_a - 1/T_b)(E_a - E_b))); only the coldest is read. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/context.h"
#include "base/rng.h"
#include "learn/generative.h"

enum { RUNGS = 6, MOST_SPINS = 16, MOST_CHAINS = 4096, LEAST_EVALUATIONS = 100, BURN_IN = 5, CHECK_EVERY = 64 };
enum { STREAM_START, STREAM_PROPOSAL, STREAM_ACCEPT, STREAM_EXCHANGE, STREAM_MIX, STREAM_TIME };
static const double mix_low = .25, mix_high = .6, time_low = 2, time_high = 20, longest_step = .8;

double qn__chain_accept(double rise)
{
    return rise <= 0 ? 1 : exp(-rise);
}

double qn__chain_exchange(double inverse_a, double inverse_b, double energy_a, double energy_b)
{
    return qn__chain_accept((inverse_a - inverse_b) * (energy_b - energy_a));
}

/* exp(-i angle sum X) on all spins. */
static void mix_all(uint32_t spins, double angle, double *re, double *im)
{
    const double c = cos(angle), s = sin(angle);
    const uint64_t size = UINT64_C(1) << spins;
    for (uint64_t stride = 1; stride < size; stride *= 2) {
        for (uint64_t block = 0; block < size; block += 2 * stride) {
            for (uint64_t a = block; a < block + stride; a++) {
                const uint64_t b = a + stride;
                const double ar = re[a], ai = im[a], br = re[b], bi = im[b];
                re[a] = c * ar + s * bi;
                im[a] = c * ai - s * br;
                re[b] = c * br + s * ai;
                im[b] = c * bi - s * ar;
            }
        }
    }
}

/* U = B (A B)^(r-1) with A = exp(-i H_diagonal t/r), B = exp(-i H_flips t/r): a Trotter product whose first and last
 * factors A are left out, being phases of basis states. U is a symmetric matrix, so proposals are symmetric at any
 * step, and the chain is exact though the evolution is not. */
void qn__chain_evolve(const qn__chain_target *target, uint64_t from, double mix, double time, double *scratch)
{
    const uint64_t n = UINT64_C(1) << target->spins;
    double *const re = scratch, *const im = re + n, *const cosine = im + n, *const sine = cosine + n;
    const uint64_t repeats = (uint64_t)ceil(time / longest_step);
    const double step = time / (double)repeats;
    const double angle = (1 - mix) * sqrt(target->spins / target->norm) * step;
    for (uint64_t x = 0; x < n; x++) {
        cosine[x] = cos(angle * target->energy[x]);
        sine[x] = sin(angle * target->energy[x]);
    }
    memset(re, 0, 2 * n * sizeof *re);
    re[from] = 1;
    mix_all(target->spins, mix * step, re, im);
    for (uint64_t r = 1; r < repeats; r++) {
        for (uint64_t x = 0; x < n; x++) {
            const double real = re[x];
            re[x] = real * cosine[x] + im[x] * sine[x];
            im[x] = im[x] * cosine[x] - real * sine[x];
        }
        mix_all(target->spins, mix * step, re, im);
    }
    for (uint64_t x = 0; x < n; x++) {
        re[x] = re[x] * re[x] + im[x] * im[x];
    }
}

uint64_t qn__chain_propose(int chain, uint32_t spins, uint64_t from, double uniform)
{
    return chain == QN_CHAIN_UNIFORM ? (uint64_t)(uniform * (double)(UINT64_C(1) << spins))
                                     : from ^ UINT64_C(1) << (uint32_t)(uniform * spins);
}

static uint64_t propose_quantum(const qn__chain_target *target, uint64_t from, uint64_t seed, uint64_t step,
                                double *scratch)
{
    const uint64_t last = (UINT64_C(1) << target->spins) - 1;
    const double mix = mix_low + (mix_high - mix_low) * qn__random_uniform(seed, STREAM_MIX, step);
    const double time = time_low + (time_high - time_low) * qn__random_uniform(seed, STREAM_TIME, step);
    double left = qn__random_uniform(seed, STREAM_PROPOSAL, step);
    uint64_t y = 0;
    qn__chain_evolve(target, from, mix, time, scratch);
    while (y < last && left >= scratch[y]) {
        left -= scratch[y++];
    }
    return y;
}

/* The string itself where the proposal is refused. */
static uint64_t metropolis(const qn__chain_target *target, double inverse, uint64_t from, uint64_t to, double uniform)
{
    return uniform < qn__chain_accept(inverse * (target->energy[to] - target->energy[from])) ? to : from;
}

static bool walk_single(const qn_context *context, const qn__chain_target *target, int chain, uint64_t seed,
                        uint64_t records, uint32_t *trace, double *scratch)
{
    const double inverse = 1 / target->temperature;
    uint64_t x = qn__chain_propose(QN_CHAIN_UNIFORM, target->spins, 0, qn__random_uniform(seed, STREAM_START, 0));
    for (uint64_t k = 0; k < records; k++) {
        if (k % CHECK_EVERY == 0 && qn_context_interrupted(context)) {
            return false;
        }
        if (k > 0) {
            const uint64_t y =
                chain == QN_CHAIN_QUANTUM
                    ? propose_quantum(target, x, seed, k, scratch)
                    : qn__chain_propose(chain, target->spins, x, qn__random_uniform(seed, STREAM_PROPOSAL, k));
            x = metropolis(target, inverse, x, y, qn__random_uniform(seed, STREAM_ACCEPT, k));
        }
        trace[k] = (uint32_t)x;
    }
    return true;
}

/* From the temperature wanted to one, 2 sqrt(n), at which the field of all others on a spin hardly holds it. */
static void set_ladder(const qn__chain_target *target, double inverse[RUNGS])
{
    const double ratio = fmax(1, 2 * sqrt(target->spins) / target->temperature);
    for (int r = 0; r < RUNGS; r++) {
        inverse[r] = pow(ratio, -(double)r / (RUNGS - 1)) / target->temperature;
    }
}

static bool walk_tempering(const qn_context *context, const qn__chain_target *target, uint64_t seed, uint64_t records,
                           uint32_t *trace)
{
    double inverse[RUNGS];
    uint64_t x[RUNGS];
    set_ladder(target, inverse);
    for (uint64_t r = 0; r < RUNGS; r++) {
        x[r] = qn__chain_propose(QN_CHAIN_UNIFORM, target->spins, 0, qn__random_uniform(seed, STREAM_START, r));
    }
    for (uint64_t k = 0; k < records; k++) {
        if (k % CHECK_EVERY == 0 && qn_context_interrupted(context)) {
            return false;
        }
        for (uint64_t r = 0; k > 0 && r < RUNGS; r++) {
            const uint64_t draw = k * RUNGS + r, y = qn__chain_propose(QN_CHAIN_LOCAL, target->spins, x[r],
                                                                       qn__random_uniform(seed, STREAM_PROPOSAL, draw));
            x[r] = metropolis(target, inverse[r], x[r], y, qn__random_uniform(seed, STREAM_ACCEPT, draw));
        }
        for (uint64_t r = k % 2; k > 0 && r + 1 < RUNGS; r += 2) {
            const double p =
                qn__chain_exchange(inverse[r], inverse[r + 1], target->energy[x[r]], target->energy[x[r + 1]]);
            if (qn__random_uniform(seed, STREAM_EXCHANGE, k * RUNGS + r) < p) {
                const uint64_t colder = x[r];
                x[r] = x[r + 1];
                x[r + 1] = colder;
            }
        }
        trace[k] = (uint32_t)x[0];
    }
    return true;
}

/* What no chain can beat: strings drawn from the exact distribution. */
static void draw_independent(const double *cumulative, uint64_t size, uint64_t seed, uint64_t records, uint32_t *trace)
{
    for (uint64_t k = 0; k < records; k++) {
        const double u = qn__random_uniform(seed, STREAM_PROPOSAL, k);
        uint64_t low = 0, high = size - 1;
        while (low < high) {
            const uint64_t middle = (low + high) / 2;
            if (u < cumulative[middle]) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        trace[k] = (uint32_t)low;
    }
}

/* ---- what was sampled ---- */

typedef struct sampler {
    qn__chain_target target;
    uint64_t size, seed;
    double *energy, *exact, *cumulative; /* size each */
    double *scratch;                     /* 4 size for each chain */
    double *means;                       /* energy, magnetisation and variation of each chain */
    uint32_t *traces;
    double variance; /* of the energy, exact */
} sampler;

static double magnetisation(uint64_t x, uint32_t spins)
{
    return 1 - 2.0 * __builtin_popcountll(x) / spins;
}

static void enumerate(sampler *s, qn_chain_samples *out)
{
    double least = s->energy[0], sum = 0, squares = 0;
    for (uint64_t x = 1; x < s->size; x++) {
        least = fmin(least, s->energy[x]);
    }
    for (uint64_t x = 0; x < s->size; x++) {
        s->exact[x] = exp((least - s->energy[x]) / s->target.temperature);
        sum += s->exact[x];
    }
    double below = 0;
    for (uint64_t x = 0; x < s->size; x++) {
        s->exact[x] /= sum;
        s->cumulative[x] = below += s->exact[x];
        out->energy += s->exact[x] * s->energy[x];
        out->magnetisation += s->exact[x] * magnetisation(x, s->target.spins);
    }
    for (uint64_t x = 0; x < s->size; x++) {
        const double e = s->energy[x] - out->energy;
        squares += s->exact[x] * e * e;
    }
    s->variance = squares;
}

/* Means over a chain's records but the first fifth; `counts` has room for all strings. */
static void measure(const sampler *s, const uint32_t *trace, uint64_t records, double *counts, double *means)
{
    const uint64_t first = records / BURN_IN;
    const double share = 1 / (double)(records - first);
    double sums[3] = {0};
    memset(counts, 0, s->size * sizeof *counts);
    for (uint64_t k = first; k < records; k++) {
        sums[0] += share * s->energy[trace[k]];
        sums[1] += share * magnetisation(trace[k], s->target.spins);
        counts[trace[k]] += share;
    }
    for (uint64_t x = 0; x < s->size; x++) {
        sums[2] += fabs(counts[x] - s->exact[x]) / 2;
    }
    memcpy(means, sums, sizeof sums);
}

static void summarise(const sampler *s, const qn_chain_samples *all, double cost, uint64_t records,
                      qn_chain_sample *out)
{
    const double chains = all->chains;
    double mean[3] = {0}, error[3] = {0}, spread = 0;
    for (uint32_t c = 0; c < all->chains; c++) {
        const double *const m = s->means + 3 * (size_t)c;
        for (int i = 0; i < 3; i++) {
            mean[i] += m[i] / chains;
        }
        spread += (m[0] - all->energy) * (m[0] - all->energy) / chains;
    }
    for (uint32_t c = 0; c < all->chains; c++) {
        for (int i = 0; i < 3; i++) {
            const double off = s->means[3 * (size_t)c + (size_t)i] - mean[i];
            error[i] += off * off / (chains * (chains - 1));
        }
    }
    const uint64_t kept = records - records / BURN_IN;
    *out = (qn_chain_sample){mean[0],
                             sqrt(error[0]),
                             mean[1],
                             sqrt(error[1]),
                             mean[2],
                             sqrt(error[2]),
                             cost * (double)kept * spread / s->variance};
}

static qn_status run_chain(const qn_context *context, sampler *s, int chain, qn_chain_samples *out)
{
    const uint64_t cost = chain == QN_CHAIN_TEMPERING ? RUNGS : 1, records = out->evaluations / cost;
    const uint64_t seed = qn__random_derive(s->seed, (uint64_t)chain);
    int stopped = 0;
#pragma omp parallel for schedule(dynamic) num_threads((int)qn_context_threads(context)) reduction(| : stopped)
    for (uint32_t c = 0; c < out->chains; c++) {
        const uint64_t own = qn__random_derive(seed, c);
        uint32_t *const trace = s->traces + c * out->evaluations;
        double *const scratch = s->scratch + c * 4 * s->size;
        bool whole = true;
        if (chain == QN_CHAIN_INDEPENDENT) {
            draw_independent(s->cumulative, s->size, own, records, trace);
        } else if (chain == QN_CHAIN_TEMPERING) {
            whole = walk_tempering(context, &s->target, own, records, trace);
        } else {
            whole = walk_single(context, &s->target, chain, own, records, trace, scratch);
        }
        stopped |= !whole;
        if (whole) {
            measure(s, trace, records, scratch, s->means + 3 * (size_t)c);
        }
    }
    QN_CHECK(stopped == 0, ERR_INTERRUPTED, "interrupted while chains were sampled");
    summarise(s, out, (double)cost, records, &out->of[chain]);
    return QN_OK;
}

static qn_status run_all(const qn_context *context, sampler *s, qn_chain_samples *out)
{
    double last = 0;
    enumerate(s, out);
    for (int chain = 0; chain < QN_CHAIN_SAMPLERS; chain++) {
        QN_TRY(run_chain(context, s, chain, out));
        qn__context_progress(context,
                             &(qn_progress){"chains as samplers", (uint64_t)chain + 1, QN_CHAIN_SAMPLERS,
                                            (uint64_t)chain + 1, (double)NAN, 0},
                             &last, false);
    }
    return QN_OK;
}

static qn_status check_request(const qn_context *context, const qn_chain_samples *asked)
{
    QN_CHECK(asked->spins >= 2 && asked->spins <= MOST_SPINS, ERR_RANGE, "%u spins; expected 2 to %d", asked->spins,
             MOST_SPINS);
    QN_CHECK(asked->chains >= 2 && asked->chains <= MOST_CHAINS, ERR_RANGE, "%u chains; expected 2 to %d",
             asked->chains, MOST_CHAINS);
    QN_CHECK(asked->evaluations >= LEAST_EVALUATIONS && asked->evaluations < UINT32_MAX, ERR_RANGE,
             "%llu evaluations; expected at least %d and less than 2^32 - 1", (unsigned long long)asked->evaluations,
             LEAST_EVALUATIONS);
    QN_CHECK(asked->temperature > 0 && isfinite(asked->temperature), ERR_RANGE,
             "temperature %g; expected a positive number", asked->temperature);
    const uint64_t size = UINT64_C(1) << asked->spins;
    return qn__context_check_bytes(
        context, 8 * (3 * size + asked->chains * (4 * size + 3)) + 4 * asked->chains * asked->evaluations,
        "the strings that the chains visit", "fewer evaluations or chains");
}

qn_status qn_generative_chain_samples(const qn_context *context, uint32_t spins, uint32_t chains, uint64_t evaluations,
                                      double temperature, uint64_t seed, qn_chain_samples *out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the results is needed");
    qn_chain_samples result = {
        .spins = spins, .chains = chains, .evaluations = evaluations, .temperature = temperature};
    QN_TRY(check_request(context, &result));
    sampler s = {.size = UINT64_C(1) << spins};
    qn_status status = QN_ERR_MEMORY;
    s.energy = qn__alloc(3 * s.size + chains * (4 * s.size + 3), sizeof(double));
    s.traces = qn__alloc(chains * evaluations, sizeof *s.traces);
    if (s.energy != NULL && s.traces != NULL) {
        s.exact = s.energy + s.size;
        s.cumulative = s.exact + s.size;
        s.scratch = s.cumulative + s.size;
        s.means = s.scratch + chains * 4 * s.size;
        s.seed = qn__random_derive(seed, (uint64_t)spins << 32); /* instance 0 of the gaps */
        const double norm = qn__chain_energy(spins, s.seed, s.energy);
        s.target = (qn__chain_target){spins, s.energy, norm, temperature};
        status = run_all(context, &s, &result);
    }
    qn__free(s.energy);
    qn__free(s.traces);
    if (status == QN_OK) {
        *out = result;
    }
    return status;
}
