/* sample.c: corners, and a seeded Monte Carlo over log-uniform inputs. */
#include "advise/sample.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/rng.h"

void qn__instance_corner(const qn__instance *instance, int end, bool rival, qn__case *out)
{
    double u[QN__KEYS], f[QN__FACTORS];
    const double at = end == 0 ? 0.0 : end == 1 ? 0.5 : 1.0;
    for (size_t i = 0; i < QN__KEYS; i++) {
        u[i] = at;
    }
    for (size_t i = 0; i < QN__FACTORS; i++) {
        f[i] = at;
    }
    /* A fast rival is the hard end. */
    f[QN__FACTOR_CLASSICAL] = rival ? at : 0.5;
    qn__instance_draw(instance, u, f, out);
}

static int ascending(const void *a, const void *b)
{
    const qn__count x = *(const qn__count *)a, y = *(const qn__count *)b;
    return x < y ? -1 : x > y ? 1 : 0;
}

static qn__count quantile(const qn__count *sorted, size_t count, double q)
{
    const double at = q * (double)(count - 1);
    const size_t below = (size_t)at;
    const size_t above = below + 1 < count ? below + 1 : below;
    const qn__count part = (qn__count)(at - (double)below);
    if (!isfinite(sorted[above]) || !(sorted[below] > 0)) {
        return sorted[below];
    }
    return sorted[below] * powl(sorted[above] / sorted[below], part);
}

static void corners(const qn__instance *instance, bool crossing, qn__range *out)
{
    for (int end = 0; end < 3; end++) {
        qn__case c;
        qn__weighed w;
        qn__instance_corner(instance, end, false, &c);
        qn__weigh(&c, NULL, &w);
        out->quantum[end] = w.quantum_s;
        out->crossing[end] = (qn__crossing){false, (qn__count)NAN, (qn__count)NAN};
        if (crossing) {
            qn__instance_corner(instance, end, true, &c);
            out->crossing[end] = qn__crossing_find(&c, 40);
        }
    }
}

static void draw(const qn__instance *instance, uint64_t seed, uint32_t sample, qn__case *out)
{
    double u[QN__KEYS], f[QN__FACTORS];
    for (size_t i = 0; i < instance->at.workload->nkeys; i++) {
        u[i] = instance->uncertain[i] ? qn__random_uniform(seed, sample, i) : 0.5;
    }
    for (size_t i = 0; i < QN__FACTORS; i++) {
        f[i] = qn__random_uniform(seed, sample, QN__KEYS + i);
    }
    qn__instance_draw(instance, u, f, out);
}

static void samples_into(const qn__instance *instance, uint32_t samples, uint64_t seed, bool crossing, qn__count *times,
                         qn__count *sizes, qn__count *seconds)
{
    for (uint32_t k = 0; k < samples; k++) {
        qn__case c;
        qn__weighed w;
        draw(instance, seed, k, &c);
        qn__weigh(&c, NULL, &w);
        times[k] = w.quantum_s;
        sizes[k] = seconds[k] = (qn__count)INFINITY;
        if (crossing) {
            const qn__crossing x = qn__crossing_find(&c, 20);
            if (x.exists) {
                sizes[k] = x.size;
                seconds[k] = x.seconds;
            }
        }
    }
}

qn_status qn__range_find(const qn__instance *instance, uint32_t samples, uint64_t seed, bool crossing, qn__range *out)
{
    static const double at[3] = {0.1, 0.5, 0.9};
    corners(instance, crossing, out);
    out->share = (double)NAN;
    out->sampled = false;
    if (samples == 0) {
        return QN_OK;
    }
    qn__count *times = qn__alloc((size_t)samples * 3, sizeof *times);
    QN_ALLOC_CHECK(times);
    qn__count *sizes = times + samples, *seconds = sizes + samples;
    samples_into(instance, samples, seed, crossing, times, sizes, seconds);
    qsort(times, samples, sizeof *times, ascending);
    qsort(sizes, samples, sizeof *sizes, ascending);
    qsort(seconds, samples, sizeof *seconds, ascending);
    uint32_t crossed = 0;
    while (crossed < samples && isfinite(sizes[crossed])) {
        crossed++;
    }
    for (int i = 0; i < 3; i++) {
        out->quantum[i] = quantile(times, samples, at[i]);
        if (i != 1) { /* the centre stays that of the central case */
            const qn__count size = quantile(sizes, samples, at[i]), time = quantile(seconds, samples, at[i]);
            out->crossing[i] = (qn__crossing){isfinite(size), size, time};
        }
    }
    out->share = crossing ? (double)crossed / (double)samples : (double)NAN;
    out->sampled = true;
    qn__free(times);
    return QN_OK;
}
