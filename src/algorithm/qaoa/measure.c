/* measure.c: what a state gives when it is measured: costs, tails, samples. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algorithm/qaoa/qaoa.h"
#include "base/alloc.h"
#include "base/rng.h"
#include "base/status.h"

enum { PARTS = 16, CHUNK = 4096 };

static qn_status check_ready(const qn_qaoa *q)
{
    QN_CHECK(q != NULL && q->ready, ERR_ARGUMENT, "there is no state: run the angles without slopes first");
    return QN_OK;
}

/* Calls visit(user, part, first, count, probabilities) for all chunks; parts are the same for any number of threads. */
typedef void (*visitor)(void *user, uint32_t part, uint64_t first, uint64_t count, const double *probability);
static void visit(const qn__qaoa_state *s, visitor each, void *user)
{
    const uint64_t size = UINT64_C(1) << s->bits, chunk = size < CHUNK ? size : CHUNK, chunks = size / chunk;
#pragma omp parallel for schedule(static) num_threads((int)s->threads) if (chunks >= PARTS)
    for (uint32_t part = 0; part < PARTS; part++) {
        double probability[CHUNK];
        for (uint64_t c = chunks * part / PARTS; c < chunks * (part + 1) / PARTS; c++) {
            s->kernels->probabilities(s->ket, c * chunk, chunk, probability);
            each(user, part, c * chunk, chunk, probability);
        }
    }
}

typedef struct mass_job {
    const qn__diagonal *diagonal;
    size_t count;
    double per;     /* bins for a unit of cost */
    double *masses; /* PARTS x count */
    bool uniform;
} mass_job;

static size_t bin_of(const mass_job *job, uint64_t x)
{
    if (job->diagonal->index != NULL) {
        return job->diagonal->index[x];
    }
    const double at = (job->diagonal->value[x] - job->diagonal->low) * job->per + 0.5;
    return at < (double)job->count ? (size_t)at : job->count - 1;
}

static void add_masses(void *user, uint32_t part, uint64_t first, uint64_t count, const double *probability)
{
    const mass_job *job = user;
    double *masses = job->masses + part * job->count;
    for (uint64_t k = 0; k < count; k++) {
        masses[bin_of(job, first + k)] += job->uniform ? 1.0 : probability[k];
    }
}

/* Masses scaled to a sum of 1. */
static qn_status masses_of(const qn__qaoa_state *s, bool uniform, double **out, size_t *count, double *step)
{
    const qn__diagonal *d = s->diagonal;
    mass_job job = {.diagonal = d, .uniform = uniform};
    job.count = d->index != NULL ? (size_t)s->entries : QN__QAOA_BINS;
    *step = d->index != NULL ? d->unit : (d->high - d->low) / (double)(job.count - 1);
    job.per = *step > 0.0 ? 1.0 / *step : 0.0;
    job.masses = qn__calloc(PARTS * job.count, sizeof *job.masses);
    QN_ALLOC_CHECK(job.masses);
    visit(s, add_masses, &job);
    double total = 0.0;
    for (size_t k = 0; k < job.count; k++) {
        for (size_t part = 1; part < PARTS; part++) {
            job.masses[k] += job.masses[part * job.count + k];
        }
        total += job.masses[k];
    }
    for (size_t k = 0; k < job.count; k++) {
        job.masses[k] /= total;
    }
    *count = job.count;
    *out = job.masses;
    return QN_OK;
}

qn_status qn__qaoa_masses(const qn__qaoa_state *state, double **out, size_t *count, double *step)
{
    return masses_of(state, false, out, count, step);
}

qn__cost_weight qn__qaoa_tail_weight(const double *masses, size_t count, double low, double step, double fraction)
{
    double below = 0.0;
    size_t k = 0;
    while (k + 1 < count && below + masses[k] < fraction) {
        below += masses[k++];
    }
    const double quantile = low + step * (double)k;
    return (qn__cost_weight){quantile, 1.0 / fraction, quantile - quantile / fraction};
}

qn_status qn_qaoa_success(const qn_qaoa *q, double *probability)
{
    QN_TRY(check_ready(q));
    double *masses = NULL, step = 0.0;
    size_t count = 0;
    QN_TRY(masses_of(&q->state, false, &masses, &count, &step));
    *probability = masses[0]; /* a bin of the range is 1.5e-5 of it wide; costs that near count as lowest */
    qn__free(masses);
    return QN_OK;
}

typedef struct mean_job {
    const qn__diagonal *diagonal;
    double mass[PARTS], sum[PARTS];
} mean_job;

static void add_means(void *user, uint32_t part, uint64_t first, uint64_t count, const double *probability)
{
    mean_job *job = user;
    double mass = 0.0, sum = 0.0;
    for (uint64_t k = 0; k < count; k++) {
        mass += probability[k];
        sum += probability[k] * qn__diagonal_at(job->diagonal, first + k);
    }
    job->mass[part] += mass;
    job->sum[part] += sum;
}

qn_status qn_qaoa_mean(const qn_qaoa *q, double *value)
{
    QN_TRY(check_ready(q));
    mean_job job = {.diagonal = &q->diagonal};
    visit(&q->state, add_means, &job);
    double mass = 0.0, sum = 0.0;
    for (int part = 0; part < PARTS; part++) {
        mass += job.mass[part];
        sum += job.sum[part];
    }
    *value = sum / mass;
    return QN_OK;
}

qn_status qn_qaoa_tail(const qn_qaoa *q, double fraction, double *value)
{
    QN_TRY(check_ready(q));
    QN_CHECK(fraction > 0.0 && fraction <= 1.0, ERR_RANGE, "the fraction of the tail is %g; expected 0 to 1", fraction);
    double *masses = NULL, step = 0.0;
    size_t count = 0;
    QN_TRY(masses_of(&q->state, false, &masses, &count, &step));
    const qn__cost_weight w = qn__qaoa_tail_weight(masses, count, q->diagonal.low, step, fraction);
    double sum = 0.0;
    for (size_t k = 0; k < count; k++) {
        sum += masses[k] * fmin(q->diagonal.low + step * (double)k, w.cap);
    }
    *value = sum * w.factor + w.shift;
    qn__free(masses);
    return QN_OK;
}

static qn_status fill_bins(const qn_qaoa *q, bool uniform, size_t bins, double *out)
{
    double *masses = NULL, step = 0.0;
    size_t count = 0;
    QN_TRY(masses_of(&q->state, uniform, &masses, &count, &step));
    memset(out, 0, bins * sizeof *out);
    for (size_t k = 0; k < count; k++) {
        const double at = count > 1 ? (double)k * (double)(bins - 1) / (double)(count - 1) : 0.0;
        out[(size_t)(at + 0.5)] += masses[k];
    }
    qn__free(masses);
    return QN_OK;
}

qn_status qn_qaoa_histogram(const qn_qaoa *q, size_t bins, double *probability, double *uniform)
{
    QN_TRY(check_ready(q));
    QN_CHECK(bins > 0 && probability != NULL, ERR_ARGUMENT, "a histogram needs at least one bin");
    QN_TRY(fill_bins(q, false, bins, probability));
    return uniform == NULL ? QN_OK : fill_bins(q, true, bins, uniform);
}

static void add_chunks(void *user, uint32_t part, uint64_t first, uint64_t count, const double *probability)
{
    (void)part;
    double total = 0.0, *sums = user;
    for (uint64_t k = 0; k < count; k++) {
        total += probability[k];
    }
    sums[first / CHUNK] = total;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Walks the chunks with the sorted draws. */
static void deal(const qn_qaoa *q, const double *sums, uint64_t chunks, double total, uint64_t shots,
                 const double *draws, uint64_t seed, uint64_t *states)
{
    const qn__qaoa_state *s = &q->state;
    const uint32_t stored = q->diagonal.nqubits - q->diagonal.mirrored;
    const uint64_t size = UINT64_C(1) << s->bits, chunk = size < CHUNK ? size : CHUNK;
    const uint64_t mask = (UINT64_C(1) << stored) - 1, all = (UINT64_C(1) << q->diagonal.nqubits) - 1;
    double probability[CHUNK], before = 0.0;
    uint64_t shot = 0;
    for (uint64_t c = 0; c < chunks && shot < shots; before += sums[c++]) {
        if (draws[shot] * total >= before + sums[c] && c + 1 < chunks) {
            continue;
        }
        s->kernels->probabilities(s->ket, c * chunk, chunk, probability);
        double sum = before;
        for (uint64_t k = 0; k < chunk && shot < shots; k++) {
            sum += probability[k];
            const bool last = k + 1 == chunk && c + 1 == chunks;
            while (shot < shots && (draws[shot] * total < sum || last)) {
                uint64_t x = (c * chunk + k) & mask;
                if (q->diagonal.mirrored && (qn__random_bits(seed, 2, shot) >> 63) != 0) {
                    x = ~x & all;
                }
                states[shot++] = x;
            }
        }
    }
}

qn_status qn_qaoa_sample(const qn_qaoa *q, uint64_t shots, uint64_t seed, uint64_t *states)
{
    QN_TRY(check_ready(q));
    const uint64_t size = UINT64_C(1) << q->state.bits, chunks = size < CHUNK ? 1 : size / CHUNK;
    double *sums = qn__alloc(chunks, sizeof *sums), *draws = qn__alloc(shots, sizeof *draws);
    qn_status status = sums == NULL || draws == NULL ? QN_ERR_MEMORY : QN_OK;
    if (status == QN_OK) {
        visit(&q->state, add_chunks, sums);
        double total = 0.0;
        for (uint64_t c = 0; c < chunks; c++) {
            total += sums[c];
        }
        for (uint64_t k = 0; k < shots; k++) {
            draws[k] = qn__random_uniform(seed, 1, k);
        }
        qsort(draws, shots, sizeof *draws, compare);
        deal(q, sums, chunks, total, shots, draws, seed, states);
    }
    qn__free(sums);
    qn__free(draws);
    return status;
}

qn_status qn_qaoa_amplitudes(const qn_qaoa *q, uint64_t first, size_t count, qn_complex *out)
{
    QN_TRY(check_ready(q));
    const uint32_t n = q->diagonal.nqubits, stored = n - q->diagonal.mirrored;
    QN_CHECK(first <= UINT64_C(1) << n && count <= (UINT64_C(1) << n) - first, ERR_RANGE,
             "amplitudes %llu to %llu; there are 2^%u", (unsigned long long)first, (unsigned long long)(first + count),
             n);
    const uint64_t all = (UINT64_C(1) << n) - 1;
    /* a qubit that is not there, or is there in |+>, spreads an amplitude over two */
    const double scale =
        exp2(0.5 * ((double)q->state.bits - (double)stored)) * (q->diagonal.mirrored ? sqrt(0.5) : 1.0);
    for (size_t k = 0; k < count; k++) {
        const uint64_t x = first + k;
        const bool opposite = q->diagonal.mirrored && (x >> stored) != 0;
        double pair[2];
        q->state.kernels->read(q->state.ket, opposite ? ~x & all : x, 1, pair);
        out[k] = (qn_complex){pair[0] * scale, pair[1] * scale};
    }
    return QN_OK;
}
