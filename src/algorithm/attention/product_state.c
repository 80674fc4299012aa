/* product_state.c: the whole product as one state, read out by tomography.
 *
 * |B> = sum b_kj |k,j> / |B|, then a block-encoding of A by its rows (alpha = |A|, Frobenius) on k: with probability
 * (|C| / |A| |B|)^2 the ancillas show 0 and sum c_ij |i,j> / |C| is there. Sizes come from counting outcomes; signs
 * from as many runs of that state beside a loaded reference r of those sizes: after H on the qubit between them, (i,j)
 * comes with 0 at (c + r)^2 / 4 and with 1 at (c - r)^2 / 4 (I. Kerenidis, A. Prakash, arXiv:1808.09266,
 * algorithm 4.1). */
#include <math.h>

#include "algorithm/attention/product.h"
#include "base/alloc.h"
#include "base/rng.h"
#include "base/status.h"
#include "math/binomial.h"

enum { STREAM_SUCCESS = 1, STREAM_SIZES = 2, STREAM_SIGNS = 3 };

/* Draws of `shots` over `count` outcomes, one binomial after the other. */
static void draw(uint64_t shots, const double *probability, size_t count, uint64_t seed, uint64_t *out)
{
    double left = 0;
    for (size_t k = count; k-- > 0;) {
        left += probability[k];
    }
    for (size_t k = 0; k < count; k++) {
        const double p = left > 0 ? fmin(1, probability[k] / left) : 1;
        out[k] = shots == 0 ? 0 : k + 1 == count ? shots : qn__random_binomial(shots, p, seed, k);
        shots -= out[k];
        left -= probability[k];
    }
}

static void read_sizes(const qn__product_job *job, uint64_t shots, double *probability, uint64_t *counts)
{
    qn_product *const p = job->out;
    const size_t entries = p->rows * p->columns;
    for (size_t k = 0; k < entries; k++) {
        probability[k] = p->exact[k] * p->exact[k] / (p->norm * p->norm);
    }
    draw(shots, probability, entries, qn__random_derive(job->options->seed, STREAM_SIZES), counts);
    for (size_t k = 0; k < entries; k++) {
        p->quantum[k] = sqrt((double)counts[k] / (double)shots);
    }
}

static void read_signs(const qn__product_job *job, uint64_t shots, double *probability, uint64_t *counts)
{
    qn_product *const p = job->out;
    const size_t entries = p->rows * p->columns;
    for (size_t k = 0; k < entries; k++) {
        const double c = p->exact[k] / p->norm, r = p->quantum[k];
        probability[2 * k] = (c + r) * (c + r) / 4;
        probability[2 * k + 1] = (c - r) * (c - r) / 4;
    }
    draw(shots, probability, 2 * entries, qn__random_derive(job->options->seed, STREAM_SIGNS), counts);
    for (size_t k = 0; k < entries; k++) {
        p->quantum[k] = counts[2 * k] >= counts[2 * k + 1] ? p->quantum[k] : -p->quantum[k];
    }
}

qn_status qn__product_state(qn__product_job *job)
{
    qn_product *const p = job->out;
    const size_t entries = p->rows * p->columns;
    const double root = p->norm / (p->alpha_a * p->alpha_b), epsilon = p->epsilon;
    /* the count of each of D outcomes moves its size by 1/(2 sqrt(N)): D / (4 N) = epsilon^2 / 2, the rest for signs
     * and for the norm */
    const double wanted = fmax(16, ceil((double)entries / (2 * epsilon * epsilon)));
    QN_CHECK(wanted < 1e15, ERR_TOO_LARGE, "epsilon %g takes %.3g runs; fewer than 1e15 are drawn", epsilon, wanted);
    const uint64_t shots = (uint64_t)wanted;
    double *probability = qn__alloc(2 * entries, sizeof *probability);
    uint64_t *counts = qn__alloc(2 * entries, sizeof *counts);
    if (probability == NULL || counts == NULL) {
        qn__free(probability);
        qn__free(counts);
        return QN_ERR_MEMORY;
    }
    p->success_probability = fmin(1, root * root);
    p->shots_total = 2 * wanted / p->success_probability;
    p->shots_per_entry = p->shots_total / (double)entries;
    p->queries_total = p->shots_total * 2 + p->shots_total / 2; /* A and B; the reference in half of the runs */
    read_sizes(job, shots, probability, counts);
    read_signs(job, shots, probability, counts);
    /* |C| from how often the ancillas showed 0 */
    const uint64_t runs = (uint64_t)fmin(1e17, p->shots_total);
    const uint64_t good =
        qn__random_binomial(runs, p->success_probability, qn__random_derive(job->options->seed, STREAM_SUCCESS), 0);
    const double norm = p->alpha_a * p->alpha_b * sqrt((double)good / (double)runs);
    for (size_t k = 0; k < entries; k++) {
        p->quantum[k] *= norm;
    }
    qn__free(probability);
    qn__free(counts);
    return QN_OK;
}
