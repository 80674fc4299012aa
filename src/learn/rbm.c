/* rbm.c: restricted Boltzmann machines, the classical rival: p(v) ~ exp(b.v) prod_j (1 + exp(c_j + W_j.v)).
 *
 * Trained by persistent contrastive divergence (Tieleman, ICML 2008): the gradient of the log-likelihood is a mean over
 * a batch of data minus a mean over Gibbs chains that live on from step to step. Parameters: W row by row (a row a
 * hidden unit), b, c. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/context.h"
#include "base/rng.h"
#include "learn/generative.h"
#include "learn/rbm_machine.h"

enum { BATCH = 256, SWEEPS = 5, BURN = 1000 };

typedef struct rbm {
    const qn_context *context;
    const qn_generative_model *model;
    const qn_bit_table *data;
    const double *sigma;
    size_t nsigmas;
    uint64_t seed;
    qn_bit_table *batch, *chains;
    double *scratch; /* for each chain: hidden means, fields */
} rbm;

static size_t room(const rbm *r)
{
    return (size_t)r->model->hidden + r->model->bits;
}

static qn_status evaluate(void *user, const double *parameters, uint64_t step, double *loss, double *gradient)
{
    rbm *const r = user;
    const qn__rbm m = qn__rbm_of(r->model, parameters);
    const uint64_t seed = qn__random_derive(r->seed, step);
    memset(gradient, 0, r->model->nparameters * sizeof *gradient);
    qn__rbm_add_batch(&m, r->data, seed, r->batch, r->scratch, gradient);
#pragma omp parallel for schedule(static) num_threads(qn_context_threads(r->context))
    for (size_t k = 0; k < BATCH; k++) {
        double *const means = r->scratch + k * room(r);
        uint64_t *const row = r->chains->data + k * r->chains->words;
        for (uint64_t s = 0; s < SWEEPS; s++) {
            qn__rbm_sweep(&m, 1, row, means, means + m.hidden, seed, k * SWEEPS + s);
        }
        qn__rbm_hidden(&m, 1, row, means);
    }
    for (size_t k = 0; k < BATCH; k++) {
        qn__rbm_add_statistics(&m, r->chains->data + k * r->chains->words, r->scratch + k * room(r), 1.0 / BATCH,
                               gradient);
    }
    *loss = 0; /* what training does not minimise but can be compared */
    for (size_t k = 0; k < r->nsigmas; k++) {
        *loss += qn__tables_mmd2(r->chains, r->batch, r->sigma[k]) / (double)r->nsigmas;
    }
    return QN_OK;
}

static void close_rbm(void *user)
{
    rbm *const r = user;
    qn_bit_table_free(r->batch);
    qn_bit_table_free(r->chains);
    qn__free(r->scratch);
    qn__free(r);
}

qn_status qn__rbm_trainee(const qn_context *context, const qn_generative_model *model, const qn_bit_table *data,
                          const double *sigma, size_t nsigmas, uint64_t seed, qn__trainee *out)
{
    rbm *const r = qn__calloc(1, sizeof *r);
    QN_ALLOC_CHECK(r);
    *r = (rbm){.context = context,
               .model = model,
               .data = data,
               .sigma = sigma,
               .nsigmas = nsigmas,
               .seed = qn__random_derive(seed, 5)};
    qn_status status = qn_bit_table_create(BATCH, data->bits, &r->batch);
    status = status == QN_OK ? qn_bit_table_create(BATCH, data->bits, &r->chains) : status;
    r->scratch = qn__calloc(BATCH * room(r), sizeof *r->scratch);
    if (status != QN_OK || r->scratch == NULL) {
        close_rbm(r);
        return status != QN_OK ? status : QN_ERR_MEMORY;
    }
    qn__rbm_draw_rows(data, r->seed, UINT64_MAX - 1, r->chains);
    *out = (qn__trainee){r, evaluate, close_rbm};
    return QN_OK;
}

/* Strings in Gray-code order: one activation a unit changes by one weight from one to the next. */
qn_status qn__rbm_probabilities(const qn_generative_model *model, double *probabilities)
{
    const qn__rbm m = qn__rbm_of(model, model->parameters);
    const uint64_t size = UINT64_C(1) << m.bits;
    double *const fields = qn__alloc((size_t)m.hidden + 1, sizeof *fields);
    QN_ALLOC_CHECK(fields);
    memcpy(fields, m.biases, m.hidden * sizeof *fields);
    double bias = 0, highest = -HUGE_VAL, sum = 0;
    uint64_t string = 0;
    for (uint64_t step = 1; step <= size; step++) {
        double energy = bias;
        for (uint32_t j = 0; j < m.hidden; j++) {
            energy += fmax(fields[j], 0) + log1p(exp(-fabs(fields[j])));
        }
        probabilities[string] = energy;
        highest = fmax(highest, energy);
        if (step < size) {
            const uint32_t q = (uint32_t)__builtin_ctzll(step);
            const double sign = string >> q & 1 ? -1 : 1;
            string ^= UINT64_C(1) << q;
            bias += sign * m.visible[q];
            for (uint32_t j = 0; j < m.hidden; j++) {
                fields[j] += sign * m.weights[(size_t)j * m.bits + q];
            }
        }
    }
    for (uint64_t x = 0; x < size; x++) {
        probabilities[x] = exp(probabilities[x] - highest);
        sum += probabilities[x];
    }
    for (uint64_t x = 0; x < size; x++) {
        probabilities[x] /= sum;
    }
    qn__free(fields);
    return QN_OK;
}

qn_status qn__rbm_sample(const qn_context *context, const qn_generative_model *model, size_t rows, uint64_t seed,
                         qn_bit_table **out)
{
    const qn__rbm m = qn__rbm_of(model, model->parameters);
    const size_t each = (size_t)m.hidden + m.bits;
    qn_bit_table *table = NULL;
    QN_TRY(qn_bit_table_create(rows, m.bits, &table));
    double *const scratch = qn__alloc(rows * each, sizeof *scratch);
    if (scratch == NULL) {
        qn_bit_table_free(table);
        return QN_ERR_MEMORY;
    }
    (void)context; /* unused without OpenMP */
#pragma omp parallel for schedule(static) num_threads(qn_context_threads(context))
    for (size_t k = 0; k < rows; k++) {
        uint64_t *const row = table->data + k * table->words;
        for (uint32_t q = 0; q < m.bits; q++) {
            if (qn__random_bits(seed, k, q) & 1) {
                qn__bit_set(row, q);
            }
        }
        for (uint64_t s = 0; s < BURN; s++) {
            qn__rbm_sweep(&m, 1, row, scratch + k * each, scratch + k * each + m.hidden, qn__random_derive(seed, 1),
                          k * BURN + s);
        }
    }
    qn__free(scratch);
    *out = table;
    return QN_OK;
}
