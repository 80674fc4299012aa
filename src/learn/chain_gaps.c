/* chain_gaps.c: spectral gaps of Markov chains with classical and quantum proposals.
 *
 * Layden et al., Nature 619, 282 (2023), arXiv:2203.12497: |<y|exp(-iHt)|x>|^2 is symmetric for a real symmetric H, so
 * Metropolis accepts with min(1, e^{-dE/T}) as for any symmetric proposal. A chain in detailed balance is similar to a
 * symmetric matrix, whose eigenvalues give the gap. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/context.h"
#include "base/rng.h"
#include "learn/generative.h"
#include "math/linalg.h"

enum { MIXES = 6, TIMES = 4, MOST_SPINS = 9 };
static const double mix_low = .25, mix_high = .6, time_low = 2, time_high = 20;

typedef struct chains {
    uint32_t spins;
    uint64_t size;
    double *energy, *proposal, *vectors, *values, *phases; /* size, size^2, size^2, size, 2 size^2 */
    void *scratch;
} chains;

double qn__chain_energy(uint32_t spins, uint64_t seed, double *energy)
{
    const uint64_t size = UINT64_C(1) << spins;
    double norm = 0;
    memset(energy, 0, size * sizeof *energy);
    uint64_t draw = 0;
    for (uint32_t a = 0; a < spins; a++) {
        for (uint32_t b = a; b < spins; b++) {
            const double j = qn__random_normal(seed, 0, draw++);
            norm += j * j;
            const uint64_t mask = UINT64_C(1) << a | (b == a ? 0 : UINT64_C(1) << b);
            for (uint64_t x = 0; x < size; x++) {
                energy[x] += qn__parity(x & mask) ? -j : j;
            }
        }
    }
    return norm;
}

static void propose_local(chains *c)
{
    memset(c->proposal, 0, c->size * c->size * sizeof *c->proposal);
    for (uint64_t x = 0; x < c->size; x++) {
        for (uint32_t q = 0; q < c->spins; q++) {
            c->proposal[x * c->size + (x ^ UINT64_C(1) << q)] = 1.0 / c->spins;
        }
    }
}

static void propose_uniform(chains *c)
{
    for (uint64_t k = 0; k < c->size * c->size; k++) {
        c->proposal[k] = 1 / (double)c->size;
    }
}

/* Adds share * |<y|e^{-iHt}|x>|^2, the eigenvectors being known. */
static void add_evolution(chains *c, double time, double share)
{
    const uint64_t n = c->size;
    double *const re = c->phases, *const im = re + n * n;
    memset(re, 0, 2 * n * n * sizeof *re);
    for (uint64_t k = 0; k < n; k++) {
        const double *const v = c->vectors + k * n;
        const double cosine = cos(c->values[k] * time), sine = sin(c->values[k] * time);
        for (uint64_t x = 0; x < n; x++) {
            const double a = v[x] * cosine, b = v[x] * sine;
            for (uint64_t y = 0; y <= x; y++) {
                re[x * n + y] += a * v[y];
                im[x * n + y] += b * v[y];
            }
        }
    }
    for (uint64_t x = 0; x < n; x++) {
        for (uint64_t y = 0; y <= x; y++) {
            const double p = share * (re[x * n + y] * re[x * n + y] + im[x * n + y] * im[x * n + y]);
            c->proposal[x * n + y] += p;
            if (x != y) {
                c->proposal[y * n + x] += p;
            }
        }
    }
}

static qn_status propose_quantum(chains *c, double norm, uint64_t seed)
{
    const double alpha = sqrt(c->spins / norm); /* both parts alike in the Frobenius norm */
    memset(c->proposal, 0, c->size * c->size * sizeof *c->proposal);
    for (uint64_t k = 0; k < MIXES; k++) {
        const double mix = mix_low + (mix_high - mix_low) * ((double)k + qn__random_uniform(seed, 1, k)) / MIXES;
        memset(c->vectors, 0, c->size * c->size * sizeof *c->vectors);
        for (uint64_t x = 0; x < c->size; x++) {
            c->vectors[x * c->size + x] = (1 - mix) * alpha * c->energy[x];
            for (uint32_t q = 0; q < c->spins; q++) {
                c->vectors[x * c->size + (x ^ UINT64_C(1) << q)] = mix;
            }
        }
        QN_TRY(qn__linalg_symmetric_eigen(c->size, c->vectors, c->values, c->scratch));
        for (uint64_t t = 0; t < TIMES; t++) {
            const double u = ((double)t + qn__random_uniform(seed, 2 + k, t)) / TIMES;
            add_evolution(c, time_low + (time_high - time_low) * u, 1.0 / (MIXES * TIMES));
        }
    }
    return QN_OK;
}

/* 1 - |second eigenvalue| of the Metropolis chain, through sqrt(pi_x / pi_y) P_xy, which is symmetric. */
static qn_status find_gap(chains *c, double temperature, double *gap)
{
    const uint64_t n = c->size;
    for (uint64_t x = 0; x < n; x++) {
        double leave = 0;
        for (uint64_t y = 0; y < n; y++) {
            if (x != y) {
                const double rise = (c->energy[y] - c->energy[x]) / temperature;
                leave += c->proposal[x * n + y] * fmin(1, exp(-rise));
                c->vectors[x * n + y] = c->proposal[x * n + y] * exp(-fabs(rise) / 2);
            }
        }
        c->vectors[x * n + x] = 1 - leave;
    }
    QN_TRY(qn__linalg_symmetric_eigen(n, c->vectors, c->values, c->scratch));
    *gap = 1 - fmax(fabs(c->values[n - 2]), fabs(c->values[0]));
    return QN_OK;
}

static qn_status run_instance(chains *c, double temperature, uint64_t seed, double gaps[QN_CHAINS])
{
    const double norm = qn__chain_energy(c->spins, seed, c->energy);
    propose_local(c);
    QN_TRY(find_gap(c, temperature, &gaps[QN_CHAIN_LOCAL]));
    propose_uniform(c);
    QN_TRY(find_gap(c, temperature, &gaps[QN_CHAIN_UNIFORM]));
    QN_TRY(propose_quantum(c, norm, seed));
    return find_gap(c, temperature, &gaps[QN_CHAIN_QUANTUM]);
}

static qn_status run_instances(const qn_context *context, chains *c, double temperature, uint64_t seed,
                               qn_chain_gaps *out)
{
    double squares[QN_CHAINS] = {0}, gaps[QN_CHAINS], last = 0;
    for (uint32_t k = 0; k < out->instances; k++) {
        QN_CHECK(!qn_context_interrupted(context), ERR_INTERRUPTED, "interrupted after %u of %u instances", k,
                 out->instances);
        QN_TRY(run_instance(c, temperature, qn__random_derive(seed, (uint64_t)c->spins << 32 | k), gaps));
        for (int i = 0; i < QN_CHAINS; i++) {
            out->mean[i] += gaps[i] / out->instances;
            squares[i] += gaps[i] * gaps[i] / out->instances;
        }
        qn__context_progress(context, &(qn_progress){"spectral gaps", k + 1, out->instances, k + 1, (double)NAN, 0},
                             &last, false);
    }
    for (int i = 0; i < QN_CHAINS; i++) {
        out->error[i] = sqrt(fmax(squares[i] - out->mean[i] * out->mean[i], 0) / (out->instances - 1));
    }
    return QN_OK;
}

qn_status qn_generative_chain_gaps(const qn_context *context, uint32_t spins, uint32_t instances, double temperature,
                                   uint64_t seed, qn_chain_gaps *out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the gaps is needed");
    QN_CHECK(spins >= 2 && spins <= MOST_SPINS, ERR_RANGE, "%u spins; expected 2 to %d", spins, MOST_SPINS);
    QN_CHECK(instances >= 2, ERR_RANGE, "%u instances; expected at least 2", instances);
    QN_CHECK(temperature > 0 && isfinite(temperature), ERR_RANGE, "temperature %g; expected a positive number",
             temperature);
    chains c = {.spins = spins, .size = UINT64_C(1) << spins};
    const uint64_t square = c.size * c.size;
    qn_status status = QN_ERR_MEMORY;
    qn_chain_gaps gaps = {.spins = spins, .instances = instances};
    c.energy = qn__alloc(2 * c.size + 4 * square, sizeof(double));
    c.scratch = qn__alloc(1, qn__linalg_scratch(c.size, false));
    if (c.energy != NULL && c.scratch != NULL) {
        c.values = c.energy + c.size;
        c.proposal = c.values + c.size;
        c.vectors = c.proposal + square;
        c.phases = c.vectors + square;
        status = run_instances(context, &c, temperature, seed, &gaps);
    }
    qn__free(c.energy);
    qn__free(c.scratch);
    if (status == QN_OK) {
        *out = gaps;
    }
    return status;
}

double qn_generative_chain_rate(const qn_chain_gaps *rows, size_t count, int chain)
{
    double n = 0, log_gap = 0, squares = 0, both = 0;
    for (size_t k = 0; k < count; k++) {
        n += rows[k].spins / (double)count;
        log_gap += log2(rows[k].mean[chain]) / (double)count;
    }
    for (size_t k = 0; k < count; k++) {
        squares += (rows[k].spins - n) * (rows[k].spins - n);
        both += (rows[k].spins - n) * (log2(rows[k].mean[chain]) - log_gap);
    }
    return -both / squares;
}
