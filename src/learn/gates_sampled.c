/* gates_sampled.c: IQP circuits and their twins of many qubits: an unbiased estimate of MMD^2 and of its gradient.
 *
 * Each step draws masks a (as the kernel's width says) and strings z. <Z_a> = E_z cos M_az with M_az = 2 sum_j theta_j
 * [a.g_j odd] (-1)^{z.g_j} (arXiv:2503.02934): a product of packed bits and packed signs (kernel/signs.h). With s
 * strings the square of the mean is made unbiased, (m^2 - v/s) s/(s-1), v the mean of squares, and the gradient is that
 * of the estimate. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/context.h"
#include "base/rng.h"
#include "kernel/kernel.h"
#include "kernel/signs.h"
#include "learn/generative.h"

enum { CHUNK = 512, GROUP = 8, MOST_LANES = 16 }; /* gates at a time; blocks of 8 masks a task */

typedef struct sampled {
    const qn_context *context;
    const qn_generative_model *model;
    const qn__kernels *kernels;
    uint64_t seed;
    size_t operators, samples, rows, nsigmas;
    double probability[QN_GENERATIVE_SIGMAS];
    uint64_t *columns; /* of the data */
    size_t data_words, operator_words, sample_words;
    uint64_t *masks;                         /* operators x words of the model */
    uint64_t *mask_columns, *sample_columns; /* a row of bits for each qubit */
    uint64_t *gate_masks, *gate_samples;     /* and for each gate: parities */
    double *target;                          /* <Z_a> of the data */
    float *product;                          /* M, then its slopes: operators x samples, padded */
    float *numbers;                          /* 2 theta */
    float *table;                            /* qn__sign_tile.masks */
    double *loss;                            /* one an operator */
    double *gradient_parts;
} sampled;

static void draw_masks(sampled *s, uint64_t step)
{
    const uint32_t bits = s->model->bits;
    const size_t words = s->model->words;
    const uint64_t seed = qn__random_derive(s->seed, 2 * step);
    memset(s->masks, 0, s->operators * words * sizeof *s->masks);
    memset(s->mask_columns, 0, bits * s->operator_words * sizeof *s->mask_columns);
#pragma omp parallel for schedule(static) num_threads(qn_context_threads(s->context))
    for (size_t a = 0; a < s->operators; a++) {
        uint64_t *const mask = s->masks + a * words;
        const double skip = log1p(-s->probability[a % s->nsigmas]);
        /* distances between set bits are geometric */
        double q = -1;
        for (uint64_t draw = 0; q < bits; draw++) {
            q += 1 + floor(log1p(-qn__random_uniform(seed, a, draw)) / skip);
            if (q < bits) {
                qn__bit_set(mask, (uint32_t)q);
            }
        }
        s->target[a] = qn__columns_parity_mean(s->columns, s->data_words, s->rows, bits, mask);
    }
    for (size_t a = 0; a < s->operators; a++) {
        for (size_t w = 0; w < words; w++) {
            for (uint64_t left = s->masks[a * words + w]; left != 0; left &= left - 1) {
                const size_t q = w * 64 + (size_t)__builtin_ctzll(left);
                s->mask_columns[q * s->operator_words + a / 64] |= UINT64_C(1) << (a % 64);
            }
        }
    }
}

/* Rows of bits of the qubits of each gate, added up: one bit for each mask or string. */
static void gate_parities(const sampled *s, const uint64_t *columns, size_t words, uint64_t *out)
{
    const qn_generative_model *const model = s->model;
#pragma omp parallel for schedule(static) num_threads(qn_context_threads(s->context))
    for (size_t j = 0; j < model->ngates; j++) {
        uint64_t *const row = out + j * words;
        memset(row, 0, words * sizeof *row);
        for (size_t v = 0; v < model->words; v++) {
            for (uint64_t left = model->masks[j * model->words + v]; left != 0; left &= left - 1) {
                const uint64_t *const column = columns + (v * 64 + (size_t)__builtin_ctzll(left)) * words;
                for (size_t w = 0; w < words; w++) {
                    row[w] ^= column[w];
                }
            }
        }
    }
}

static size_t blocks_of(const sampled *s)
{
    return (s->operators + QN__SIGN_ROWS - 1) / QN__SIGN_ROWS;
}

static size_t stride_of(const sampled *s)
{
    return s->sample_words * 64;
}

/* Gates [first, first + count) on the tile of a block of masks and of 32 strings. Bytes of a word are its bits in
 * rising order on little-endian machines only, which types.h asks for. */
static qn__sign_tile tile_of(const sampled *s, size_t first, size_t count, size_t block, size_t columns)
{
    const size_t bit_stride = s->operator_words * sizeof(uint64_t), sign_stride = s->sample_words * 2;
    return (qn__sign_tile){.gates = count,
                           .bits = (const uint8_t *)s->gate_masks + first * bit_stride + block,
                           .bit_stride = bit_stride,
                           .signs = (const uint32_t *)(const void *)s->gate_samples + first * sign_stride + columns,
                           .sign_stride = sign_stride,
                           .masks = s->table};
}

static size_t chunk_end(const sampled *s, size_t first)
{
    return s->model->ngates - first < CHUNK ? s->model->ngates - first : CHUNK;
}

static void gather(sampled *s)
{
    const size_t blocks = blocks_of(s), stride = stride_of(s), groups = (blocks + GROUP - 1) / GROUP;
#pragma omp parallel for schedule(dynamic) num_threads(qn_context_threads(s->context))
    for (size_t group = 0; group < groups; group++) {
        const size_t end = (group + 1) * GROUP < blocks ? (group + 1) * GROUP : blocks;
        memset(s->product + group * GROUP * QN__SIGN_ROWS * stride, 0,
               (end - group * GROUP) * QN__SIGN_ROWS * stride * sizeof *s->product);
        for (size_t first = 0; first < s->model->ngates; first += CHUNK) {
            for (size_t block = group * GROUP; block < end; block++) {
                for (size_t c = 0; c * QN__SIGN_COLUMNS < s->samples; c++) {
                    const qn__sign_tile tile = tile_of(s, first, chunk_end(s, first), block, c);
                    s->kernels->signs->gather(&tile, s->numbers + first,
                                              s->product + block * QN__SIGN_ROWS * stride + c * QN__SIGN_COLUMNS,
                                              stride);
                }
            }
        }
    }
}

/* Losses of the masks, and M replaced by the loss's slopes on it. */
static void slopes(sampled *s)
{
    const size_t stride = stride_of(s);
    const double n = (double)s->samples, m = (double)s->rows, masks = (double)s->operators;
#pragma omp parallel for schedule(static) num_threads(qn_context_threads(s->context))
    for (size_t a = 0; a < s->operators; a++) {
        float *const row = s->product + a * stride;
        double sum = 0, squares = 0;
        for (size_t z = 0; z < s->samples; z++) {
            const double c = (double)cosf(row[z]);
            sum += c;
            squares += c * c;
        }
        const double mean = sum / n, t = s->target[a];
        s->loss[a] = (mean * mean - squares / (n * n)) * n / (n - 1) - 2 * mean * t + (m * t * t - 1) / (m - 1);
        for (size_t z = 0; z < s->samples; z++) {
            const double c = (double)cosf(row[z]), by_value = 2 * (mean - c / n) / (n - 1) - 2 * t / n;
            row[z] = (float)(-(double)sinf(row[z]) * by_value / masks);
        }
        memset(row + s->samples, 0, (stride - s->samples) * sizeof *row);
    }
    /* rows that only fill up the last block */
    memset(s->product + s->operators * stride, 0,
           (blocks_of(s) * QN__SIGN_ROWS - s->operators) * stride * sizeof *s->product);
}

static qn_status scatter(sampled *s, double *gradient)
{
    const size_t blocks = blocks_of(s), stride = stride_of(s), lanes = s->kernels->lanes;
#pragma omp parallel for schedule(dynamic) num_threads(qn_context_threads(s->context))
    for (size_t first = 0; first < s->model->ngates; first += CHUNK) {
        _Alignas(64) float sums[CHUNK * MOST_LANES] = {0};
        const size_t count = chunk_end(s, first);
        for (size_t block = 0; block < blocks; block++) {
            for (size_t c = 0; c * QN__SIGN_COLUMNS < s->samples; c++) {
                const qn__sign_tile tile = tile_of(s, first, count, block, c);
                s->kernels->signs->scatter(&tile, s->product + block * QN__SIGN_ROWS * stride + c * QN__SIGN_COLUMNS,
                                           stride, sums);
            }
        }
        for (size_t j = 0; j < count; j++) {
            double sum = 0;
            for (size_t l = 0; l < lanes; l++) {
                sum += (double)sums[j * lanes + l];
            }
            gradient[first + j] = 2 * sum; /* M has 2 theta */
        }
    }
    return QN_OK;
}

static double mean_loss(const sampled *s)
{
    double sum = 0;
    for (size_t a = 0; a < s->operators; a++) {
        sum += s->loss[a];
    }
    return sum / (double)s->operators;
}

static qn_status iqp_evaluate(void *user, const double *parameters, uint64_t step, double *loss, double *gradient)
{
    sampled *const s = user;
    const uint64_t seed = qn__random_derive(s->seed, 2 * step + 1);
    draw_masks(s, step);
    for (size_t k = 0; k < s->model->bits * s->sample_words; k++) {
        s->sample_columns[k] = qn__random_bits(seed, 0, k);
    }
    gate_parities(s, s->mask_columns, s->operator_words, s->gate_masks);
    gate_parities(s, s->sample_columns, s->sample_words, s->gate_samples);
    for (size_t j = 0; j < s->model->ngates; j++) {
        s->numbers[j] = (float)(2 * parameters[j]);
    }
    gather(s);
    slopes(s);
    *loss = mean_loss(s);
    return scatter(s, gradient);
}

/* The twin's <Z_a> is a product: nothing but the masks is drawn. */
static qn_status bitflip_evaluate(void *user, const double *parameters, uint64_t step, double *loss, double *gradient)
{
    sampled *const s = user;
    const double m = (double)s->rows, masks = (double)s->operators;
    double *const pull = s->gradient_parts;
    draw_masks(s, step);
    gate_parities(s, s->mask_columns, s->operator_words, s->gate_masks);
#pragma omp parallel for schedule(static) num_threads(qn_context_threads(s->context))
    for (size_t w = 0; w < s->operator_words; w++) {
        double value[64];
        for (size_t k = 0; k < 64; k++) {
            value[k] = 1;
        }
        for (size_t j = 0; j < s->model->ngates; j++) {
            for (uint64_t left = s->gate_masks[j * s->operator_words + w]; left != 0; left &= left - 1) {
                value[__builtin_ctzll(left)] *= cos(2 * parameters[j]);
            }
        }
        for (size_t k = 0; k < 64 && w * 64 + k < s->operators; k++) {
            const size_t a = w * 64 + k;
            const double t = s->target[a];
            s->loss[a] = value[k] * value[k] - 2 * value[k] * t + (m * t * t - 1) / (m - 1);
            pull[a] = 2 * (value[k] - t) * value[k] / masks;
        }
    }
#pragma omp parallel for schedule(static) num_threads(qn_context_threads(s->context))
    for (size_t j = 0; j < s->model->ngates; j++) {
        double sum = 0;
        for (size_t w = 0; w < s->operator_words; w++) {
            for (uint64_t left = s->gate_masks[j * s->operator_words + w]; left != 0; left &= left - 1) {
                sum += pull[w * 64 + (size_t)__builtin_ctzll(left)];
            }
        }
        gradient[j] = -2 * tan(2 * parameters[j]) * sum;
    }
    *loss = mean_loss(s);
    return QN_OK;
}

static void close_sampled(void *user)
{
    sampled *const s = user;
    void *const blocks[] = {s->columns,    s->masks,        s->mask_columns, s->sample_columns,
                            s->gate_masks, s->gate_samples, s->target,       s->product,
                            s->numbers,    s->table,        s->loss,         s->gradient_parts};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) {
        qn__free(blocks[k]);
    }
    qn__free(s);
}

static qn_status allocate(sampled *s, const qn_bit_table *data)
{
    const size_t bits = s->model->bits, gates = s->model->ngates;
    QN_TRY(qn__bit_table_columns(data, &s->columns, &s->data_words));
    s->masks = qn__alloc(s->operators * s->model->words, sizeof *s->masks);
    s->mask_columns = qn__alloc(bits * s->operator_words, sizeof *s->mask_columns);
    s->sample_columns = qn__alloc(bits * s->sample_words, sizeof *s->sample_columns);
    s->gate_masks = qn__alloc(gates * s->operator_words, sizeof *s->gate_masks);
    s->gate_samples = qn__alloc(gates * s->sample_words, sizeof *s->gate_samples);
    s->target = qn__alloc(s->operators, sizeof *s->target);
    s->product = qn__alloc(blocks_of(s) * QN__SIGN_ROWS * stride_of(s), sizeof *s->product);
    s->numbers = qn__alloc(gates, sizeof *s->numbers);
    s->table = qn__alloc(256 * QN__SIGN_ROWS, sizeof *s->table);
    s->loss = qn__alloc(s->operators, sizeof *s->loss);
    s->gradient_parts = qn__alloc(s->operators, sizeof *s->gradient_parts);
    if (s->masks == NULL || s->mask_columns == NULL || s->sample_columns == NULL || s->gate_masks == NULL ||
        s->gate_samples == NULL || s->target == NULL || s->product == NULL || s->numbers == NULL || s->table == NULL ||
        s->loss == NULL || s->gradient_parts == NULL) {
        return QN_ERR_MEMORY;
    }
    for (size_t byte = 0; byte < 256; byte++) {
        for (size_t r = 0; r < QN__SIGN_ROWS; r++) {
            s->table[byte * QN__SIGN_ROWS + r] = (float)(byte >> r & 1);
        }
    }
    return QN_OK;
}

qn_status qn__gates_sampled(const qn_context *context, const qn_generative_model *model, const qn_bit_table *data,
                            const double *sigma, size_t nsigmas, const qn_generative_options *options, qn__trainee *out)
{
    const uint64_t need = (uint64_t)model->ngates * ((options->operators + options->samples) / 8 + 16 + sizeof(float)) +
                          (uint64_t)(options->operators + 8) * (options->samples + 64) * sizeof(float) +
                          (uint64_t)data->rows * data->bits / 8;
    QN_TRY(qn__context_check_bytes(context, need, "sampled training", "fewer gates, operators or samples"));
    sampled *const s = qn__calloc(1, sizeof *s);
    QN_ALLOC_CHECK(s);
    *s = (sampled){.context = context,
                   .model = model,
                   .kernels = qn__kernels_find(qn_context_arch(context), true),
                   .seed = qn__random_derive(options->seed, 1),
                   .operators = options->operators,
                   .samples = options->samples,
                   .rows = data->rows,
                   .nsigmas = nsigmas,
                   .operator_words = (options->operators + 63) / 64,
                   .sample_words = (options->samples + 63) / 64};
    for (size_t k = 0; k < nsigmas; k++) {
        s->probability[k] = qn__mask_probability(sigma[k]);
    }
    const qn_status status = allocate(s, data);
    if (status != QN_OK) {
        close_sampled(s);
        return status;
    }
    *out = (qn__trainee){s, model->kind == QN_GENERATIVE_IQP ? iqp_evaluate : bitflip_evaluate, close_sampled};
    return QN_OK;
}
