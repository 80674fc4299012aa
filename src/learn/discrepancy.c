/* discrepancy.c: the squared maximum mean discrepancy of small models, in the Walsh basis.
 *
 * The Gaussian kernel of the Hamming distance has the Walsh functions as eigenvectors, so MMD^2 = sum_a w_a (m_a -
 * t_a)^2 with m, t the transforms of both distributions and w_a = p^|a| (1 - p)^(n - |a|) (arXiv:2305.02881). */
#include <math.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/context.h"
#include "learn/generative.h"
#include "math/walsh.h"

double qn__mask_probability(double sigma)
{
    return -expm1(-1 / (2 * sigma * sigma)) / 2;
}

static void fill_weights(const double *sigma, size_t nsigmas, uint32_t bits, double *weights)
{
    for (uint64_t a = 0; a < UINT64_C(1) << bits; a++) {
        const double heavy = qn__popcount(a);
        weights[a] = 0;
        for (size_t k = 0; k < nsigmas; k++) {
            const double p = qn__mask_probability(sigma[k]);
            weights[a] += exp(heavy * log(p) + (bits - heavy) * log1p(-p)) / (double)nsigmas;
        }
    }
}

qn_status qn__discrepancy_open(const qn_context *context, const qn_bit_table *data, const double *sigma, size_t nsigmas,
                               qn__discrepancy *out)
{
    const uint64_t size = UINT64_C(1) << data->bits;
    QN_TRY(qn__context_check_bytes(context, size * 3 * sizeof(double), "the Walsh transform of the data",
                                   "fewer bits, or the sampled loss"));
    qn__discrepancy d = {.bits = data->bits, .size = size};
    d.data = qn__alloc(3 * size, sizeof(double));
    QN_ALLOC_CHECK(d.data);
    d.moments = d.data + size;
    d.weights = d.moments + size;
    qn__bit_table_histogram(data, d.data);
    for (uint64_t x = 0; x < size; x++) {
        d.moments[x] = d.data[x];
    }
    qn__walsh_hadamard(d.bits, d.moments);
    fill_weights(sigma, nsigmas, d.bits, d.weights);
    *out = d;
    return QN_OK;
}

void qn__discrepancy_close(qn__discrepancy *d)
{
    qn__free(d->data);
}

/* KL(data, p) = sum d log(d / p); where p is next to nothing its slope is held finite. */
static double divergence_slope(const qn__discrepancy *d, const double *probabilities, double *slope)
{
    double loss = 0;
    for (uint64_t x = 0; x < d->size; x++) {
        const double p = fmax(probabilities[x], 1e-12);
        slope[x] = d->data[x] > 0 ? -d->data[x] / p : 0;
        loss += d->data[x] > 0 ? d->data[x] * log(d->data[x] / p) : 0;
    }
    return loss;
}

double qn__discrepancy_slope(const qn__discrepancy *d, const double *probabilities, double *slope)
{
    double loss = 0;
    if (d->divergence) {
        return divergence_slope(d, probabilities, slope);
    }
    for (uint64_t x = 0; x < d->size; x++) {
        slope[x] = probabilities[x];
    }
    qn__walsh_hadamard(d->bits, slope);
    for (uint64_t a = 0; a < d->size; a++) {
        const double away = slope[a] - d->moments[a];
        loss += d->weights[a] * away * away;
        slope[a] = 2 * d->weights[a] * away;
    }
    qn__walsh_hadamard(d->bits, slope);
    return loss;
}
