/* rbm_tempered.c: restricted Boltzmann machines trained against tempered chains (Desjardins, Courville, Bengio,
 * Vincent, Delalleau, AISTATS 2010; Cho, Raiko, Ilin, IJCNN 2010).
 *
 * The chains of persistent contrastive divergence (rbm.c) stay in a mode once the weights have grown, and the machine
 * learns what its chains miss. Here a chain is a ladder of replicas at inverse temperatures from 1 down to 0, where the
 * bits are independent; after each sweep neighbours exchange their strings by Metropolis, for v alone (the hidden units
 * summed over): min(1, exp(S_a(v_b) + S_b(v_a) - S_a(v_a) - S_b(v_b))) with S_t(v) = sum_j log(1 + exp(t (c_j +
 * W_j.v))). The coldest replicas' states after every sweep are the negative phase. As many replicas and sweeps as
 * there, so a step costs about the same. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/context.h"
#include "base/rng.h"
#include "learn/generative.h"
#include "learn/rbm_machine.h"

enum { BATCH = 256, SWEEPS = 5, REPLICAS = 8, LADDERS = BATCH / REPLICAS };

typedef struct tempered {
    const qn_context *context;
    const qn_generative_model *model;
    const qn_bit_table *data;
    const double *sigma;
    size_t nsigmas;
    uint64_t seed;
    qn_bit_table *batch, *replicas, *seen; /* seen: of the coldest after each sweep, LADDERS x SWEEPS */
    double *scratch;                       /* of each row of the batch or each ladder: hidden means, fields */
    double *means;                         /* of each row seen */
    double *base;                          /* log odds of the data's bits */
} tempered;

static double inverse_of(size_t replica)
{
    return 1.0 - (double)replica / (REPLICAS - 1);
}

double qn__rbm_exchange(const qn__rbm *m, double a, double b, const uint64_t *row_a, const uint64_t *row_b)
{
    double of_a[2], of_b[2];
    qn__rbm_log_weights(m, row_a, a, b, of_a);
    qn__rbm_log_weights(m, row_b, a, b, of_b);
    return exp(fmin(0, of_b[0] + of_a[1] - of_a[0] - of_b[1]));
}

static void swap_rows(uint64_t *a, uint64_t *b, size_t words)
{
    for (size_t w = 0; w < words; w++) {
        const uint64_t keep = a[w];
        a[w] = b[w];
        b[w] = keep;
    }
}

void qn__rbm_ladder_sweep(const qn__rbm *m, size_t replicas, const double *inverse, uint64_t *rows, size_t words,
                          double *scratch, uint64_t seed, uint64_t stream)
{
    for (size_t k = 0; k < replicas; k++) {
        qn__rbm_sweep(m, inverse[k], rows + k * words, scratch, scratch + m->hidden, seed, stream * (replicas + 1) + k);
    }
    for (size_t k = stream % 2; k + 1 < replicas; k += 2) { /* even and odd pairs in turn */
        uint64_t *const here = rows + k * words, *const there = here + words;
        if (qn__random_uniform(seed, stream * (replicas + 1) + replicas, k) <
            qn__rbm_exchange(m, inverse[k], inverse[k + 1], here, there)) {
            swap_rows(here, there, words);
        }
    }
}

static size_t room(const tempered *t)
{
    return (size_t)t->model->hidden + t->model->bits;
}

/* Sweeps of one ladder; the coldest replica's strings and their hidden means after each. */
static void climb(const tempered *t, const qn__rbm *m, size_t ladder, uint64_t seed)
{
    const size_t words = t->data->words;
    uint64_t *const rows = t->replicas->data + ladder * REPLICAS * words;
    double inverse[REPLICAS];
    for (size_t k = 0; k < REPLICAS; k++) {
        inverse[k] = inverse_of(k);
    }
    for (uint64_t s = 0; s < SWEEPS; s++) {
        const size_t at = ladder * SWEEPS + s;
        qn__rbm_ladder_sweep(m, REPLICAS, inverse, rows, words, t->scratch + ladder * room(t), seed, at);
        memcpy(t->seen->data + at * words, rows, words * sizeof *rows);
        qn__rbm_hidden(m, 1, rows, t->means + at * m->hidden);
    }
}

static qn_status evaluate(void *user, const double *parameters, uint64_t step, double *loss, double *gradient)
{
    tempered *const t = user;
    qn__rbm m = qn__rbm_of(t->model, parameters);
    m.base = t->base;
    const uint64_t seed = qn__random_derive(t->seed, step);
    memset(gradient, 0, t->model->nparameters * sizeof *gradient);
    qn__rbm_add_batch(&m, t->data, seed, t->batch, t->scratch, gradient);
#pragma omp parallel for schedule(static) num_threads(qn_context_threads(t->context))
    for (size_t ladder = 0; ladder < LADDERS; ladder++) {
        climb(t, &m, ladder, seed);
    }
    for (size_t k = 0; k < t->seen->rows; k++) {
        qn__rbm_add_statistics(&m, t->seen->data + k * t->seen->words, t->means + k * m.hidden,
                               1.0 / (double)t->seen->rows, gradient);
    }
    *loss = 0; /* for comparison, as in rbm.c */
    for (size_t k = 0; k < t->nsigmas; k++) {
        *loss += qn__tables_mmd2(t->seen, t->batch, t->sigma[k]) / (double)t->nsigmas;
    }
    return QN_OK;
}

static void close_tempered(void *user)
{
    tempered *const t = user;
    qn_bit_table_free(t->batch);
    qn_bit_table_free(t->replicas);
    qn_bit_table_free(t->seen);
    qn__free(t->scratch);
    qn__free(t->means);
    qn__free(t->base);
    qn__free(t);
}

qn_status qn__rbm_tempered(const qn_context *context, const qn_generative_model *model, const qn_bit_table *data,
                           const double *sigma, size_t nsigmas, uint64_t seed, qn__trainee *out)
{
    tempered *const t = qn__calloc(1, sizeof *t);
    QN_ALLOC_CHECK(t);
    *t = (tempered){.context = context,
                    .model = model,
                    .data = data,
                    .sigma = sigma,
                    .nsigmas = nsigmas,
                    .seed = qn__random_derive(seed, 6)};
    qn_status status = qn_bit_table_create(BATCH, data->bits, &t->batch);
    status = status == QN_OK ? qn_bit_table_create(BATCH, data->bits, &t->replicas) : status;
    status = status == QN_OK ? qn_bit_table_create((size_t)LADDERS * SWEEPS, data->bits, &t->seen) : status;
    if (status == QN_OK) {
        t->scratch = qn__alloc(LADDERS * room(t), sizeof *t->scratch);
        t->means = qn__alloc((size_t)LADDERS * SWEEPS * model->hidden, sizeof *t->means);
        t->base = qn__calloc(data->bits, sizeof *t->base);
        status = t->scratch == NULL || t->means == NULL || t->base == NULL ? QN_ERR_MEMORY : QN_OK;
    }
    if (status != QN_OK) {
        close_tempered(t);
        return status;
    }
    for (uint32_t q = 0; q < data->bits; q++) { /* with a row of each kind more, so that none is infinite */
        size_t ones = 1;
        for (size_t r = 0; r < data->rows; r++) {
            ones += qn__bit(data->data + r * data->words, q) ? 1 : 0;
        }
        t->base[q] = log((double)ones / (double)(data->rows + 2 - ones));
    }
    qn__rbm_draw_rows(data, t->seed, UINT64_MAX - 1, t->replicas);
    *out = (qn__trainee){t, evaluate, close_tempered};
    return QN_OK;
}
