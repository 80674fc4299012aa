/* generative_evaluate.c: how far a model is from data it may not have seen: unbiased MMD^2, divergences. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/rng.h"
#include "learn/generative.h"
#include "math/walsh.h"

enum { REPEATS = 6, DRAWN = 1000, PAIRED = 2000 };

/* k by distance, for strings that are close enough for it to matter. */
enum { NEAR = 1024 };
static void fill_kernel(double sigma, double *kernel)
{
    for (uint32_t d = 0; d < NEAR; d++) {
        kernel[d] = exp(-(double)d / (2 * sigma * sigma));
    }
}

static double kernel_of(const double *kernel, double sigma, const uint64_t *x, const uint64_t *y, size_t words)
{
    uint32_t distance = 0;
    for (size_t w = 0; w < words; w++) {
        distance += qn__popcount(x[w] ^ y[w]);
    }
    return distance < NEAR ? kernel[distance] : exp(-(double)distance / (2 * sigma * sigma));
}

/* Mean of k(x, y) over pairs of different rows: of the first PAIRED ones where there are more. */
static double pair_mean(const qn_bit_table *data, double sigma)
{
    const size_t rows = data->rows < PAIRED ? data->rows : PAIRED, words = data->words;
    double kernel[NEAR], sum = 0;
    fill_kernel(sigma, kernel);
    for (size_t r = 0; r < rows; r++) {
        for (size_t s = 0; s < r; s++) {
            sum += kernel_of(kernel, sigma, data->data + r * words, data->data + s * words, words);
        }
    }
    return sum / ((double)rows * (double)(rows - 1) / 2);
}

/* Of fair coins, whose mean kernel with any string is ((1 + q) / 2)^n. */
static double uniform_mmd2(const qn_bit_table *data, double sigma)
{
    const double q = exp(-1 / (2 * sigma * sigma));
    return pair_mean(data, sigma) - pow((1 + q) / 2, data->bits);
}

static double exact_mmd2(const qn__discrepancy *d, const double *moments, double rows)
{
    double sum = 0;
    for (uint64_t a = 0; a < d->size; a++) {
        const double m = moments[a], t = d->moments[a];
        sum += d->weights[a] * (m * m - 2 * m * t + (rows * t * t - 1) / (rows - 1));
    }
    return sum;
}

static void divergences(const qn__discrepancy *d, const double *p, qn_generative_score *out)
{
    out->kl = out->nll = out->tv = 0;
    for (uint64_t x = 0; x < d->size; x++) {
        if (d->data[x] > 0) {
            out->kl += d->data[x] * log(d->data[x] / p[x]); /* infinite where the model says never */
            out->nll -= d->data[x] * log(p[x]);
        }
        out->tv += fabs(d->data[x] - p[x]) / 2;
    }
}

static qn_status evaluate_exact(const qn_context *context, const qn_generative_model *model, const qn_bit_table *data,
                                qn_generative_score *out)
{
    const uint64_t size = UINT64_C(1) << model->bits;
    double *const p = qn__alloc(2 * size, sizeof *p);
    QN_ALLOC_CHECK(p);
    double *const moments = p + size;
    qn_status status = qn_generative_probabilities(context, model, p);
    memcpy(moments, p, status == QN_OK ? size * sizeof *p : 0);
    if (status == QN_OK) {
        qn__walsh_hadamard(model->bits, moments);
    }
    for (size_t k = 0; status == QN_OK && k < out->nsigmas; k++) {
        qn__discrepancy d;
        status = qn__discrepancy_open(context, data, &out->sigma[k], 1, &d);
        if (status == QN_OK) {
            out->mmd2[k] = exact_mmd2(&d, moments, (double)data->rows);
            if (k == 0) {
                divergences(&d, p, out);
            }
            qn__discrepancy_close(&d);
        }
    }
    qn__free(p);
    return status;
}

double qn__tables_mmd2(const qn_bit_table *a, const qn_bit_table *b, double sigma)
{
    double kernel[NEAR], cross = 0;
    fill_kernel(sigma, kernel);
    for (size_t r = 0; r < a->rows; r++) {
        for (size_t s = 0; s < b->rows; s++) {
            cross += kernel_of(kernel, sigma, a->data + r * a->words, b->data + s * b->words, a->words);
        }
    }
    return pair_mean(a, sigma) + pair_mean(b, sigma) - 2 * cross / ((double)a->rows * (double)b->rows);
}

/* Mean and standard error of what was drawn so far. Once interrupted, one repeat is enough: its error is unknown. */
static void settle(qn_generative_score *out, size_t k, double sum, double squares, uint64_t repeats)
{
    const double n = (double)repeats;
    out->mmd2[k] = sum / n;
    out->error[k] = repeats > 1 ? sqrt(fmax(squares / n - out->mmd2[k] * out->mmd2[k], 0) / (n - 1)) : (double)NAN;
}

static bool enough(const qn_context *context, uint64_t repeats)
{
    return repeats == REPEATS || (repeats > 0 && qn_context_interrupted(context));
}

/* A machine without a formula for its moments: by strings drawn from it. */
static qn_status evaluate_by_rows(const qn_context *context, const qn_generative_model *model, const qn_bit_table *data,
                                  uint64_t seed, qn_generative_score *out)
{
    const qn_bit_table seen = {data->rows < PAIRED ? data->rows : PAIRED, data->bits, data->words, data->data};
    for (size_t k = 0; k < out->nsigmas; k++) {
        double sum = 0, squares = 0;
        uint64_t r = 0;
        for (; !enough(context, r); r++) {
            qn_bit_table *rows = NULL;
            QN_TRY(qn_generative_sample(context, model, DRAWN, qn__random_derive(seed, r), &rows));
            const double value = qn__tables_mmd2(rows, &seen, out->sigma[k]);
            qn_bit_table_free(rows);
            sum += value;
            squares += value * value;
        }
        settle(out, k, sum, squares, r);
    }
    return QN_OK;
}

/* Masks and strings drawn a few times; the spread of the results gives the error. */
static qn_status evaluate_sampled(const qn_context *context, const qn_generative_model *model, const qn_bit_table *data,
                                  uint64_t seed, qn_generative_score *out)
{
    qn_generative_options options = QN_GENERATIVE_OPTIONS_INIT;
    options.operators = options.samples = DRAWN;
    options.seed = seed;
    double *const gradient = qn__alloc(model->nparameters, sizeof *gradient);
    QN_ALLOC_CHECK(gradient);
    qn_status status = QN_OK;
    for (size_t k = 0; status == QN_OK && k < out->nsigmas; k++) {
        qn__trainee trainee = {0};
        double sum = 0, squares = 0;
        status = qn__gates_sampled(context, model, data, &out->sigma[k], 1, &options, &trainee);
        uint64_t r = 0;
        for (; status == QN_OK && !enough(context, r); r++) {
            double loss = 0;
            status = trainee.evaluate(trainee.user, model->parameters, r, &loss, gradient);
            sum += loss;
            squares += loss * loss;
        }
        if (trainee.close != NULL) {
            trainee.close(trainee.user);
        }
        settle(out, k, sum, squares, r);
    }
    qn__free(gradient);
    return status;
}

qn_status qn_generative_evaluate(const qn_context *context, const qn_generative_model *model, const qn_bit_table *data,
                                 const double *sigma, size_t nsigmas, uint64_t seed, qn_generative_score *out)
{
    QN_CHECK(model != NULL && data != NULL && out != NULL && nsigmas <= QN_GENERATIVE_SIGMAS, ERR_ARGUMENT,
             "a model, data, at most %d widths and a place are needed", QN_GENERATIVE_SIGMAS);
    QN_CHECK(model->bits == data->bits, ERR_SHAPE, "the model has %u bits, the data %u", model->bits, data->bits);
    QN_CHECK(data->rows > 1, ERR_ARGUMENT, "at least two rows of data are needed");
    qn_generative_score score = {.nsigmas = nsigmas, .kl = (double)NAN, .nll = (double)NAN, .tv = (double)NAN};
    for (size_t k = 0; k < nsigmas; k++) {
        QN_CHECK(sigma[k] > 0 && isfinite(sigma[k]), ERR_RANGE, "width %g; expected a positive number", sigma[k]);
        score.sigma[k] = sigma[k];
    }
    if (nsigmas == 0) {
        QN_TRY(qn_generative_median_width(data, &score.sigma[0]));
        score.sigma[1] = .6 * score.sigma[0];
        score.nsigmas = 2;
    }
    score.exact = model->bits <= QN_GENERATIVE_EXACT_MOST;
    QN_TRY(score.exact                        ? evaluate_exact(context, model, data, &score)
           : model->kind == QN_GENERATIVE_RBM ? evaluate_by_rows(context, model, data, seed, &score)
                                              : evaluate_sampled(context, model, data, seed, &score));
    for (size_t k = 0; k < score.nsigmas; k++) {
        score.uniform_mmd2[k] = uniform_mmd2(data, score.sigma[k]);
    }
    *out = score;
    return QN_OK;
}
