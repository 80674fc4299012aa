/* rbm_machine.c: Gibbs sweeps and statistics of a restricted Boltzmann machine. */
#include "learn/rbm_machine.h"

#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "base/rng.h"

qn__rbm qn__rbm_of(const qn_generative_model *model, const double *parameters)
{
    const size_t weights = (size_t)model->bits * model->hidden;
    return (qn__rbm){model->bits, model->hidden, parameters, parameters + weights, parameters + weights + model->bits,
                     NULL};
}

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

/* c_j + W_j.v */
static double activation(const qn__rbm *m, const uint64_t *row, uint32_t j)
{
    double sum = m->biases[j];
    const double *const w = m->weights + (size_t)j * m->bits;
    for (size_t word = 0; word * 64 < m->bits; word++) {
        for (uint64_t left = row[word]; left != 0; left &= left - 1) {
            sum += w[word * 64 + (size_t)__builtin_ctzll(left)];
        }
    }
    return sum;
}

void qn__rbm_hidden(const qn__rbm *m, double inverse, const uint64_t *row, double *means)
{
    for (uint32_t j = 0; j < m->hidden; j++) {
        means[j] = logistic(inverse * activation(m, row, j));
    }
}

void qn__rbm_sweep(const qn__rbm *m, double inverse, uint64_t *row, double *means, double *fields, uint64_t seed,
                   uint64_t stream)
{
    qn__rbm_hidden(m, inverse, row, means);
    for (uint32_t q = 0; q < m->bits; q++) {
        fields[q] = inverse * m->visible[q] + (m->base != NULL ? (1 - inverse) * m->base[q] : 0);
    }
    for (uint32_t j = 0; j < m->hidden; j++) {
        if (qn__random_uniform(seed, stream, j) < means[j]) {
            for (uint32_t q = 0; q < m->bits; q++) {
                fields[q] += inverse * m->weights[(size_t)j * m->bits + q];
            }
        }
    }
    for (uint32_t q = 0; q < m->bits; q++) {
        if (qn__bit(row, q) != (qn__random_uniform(seed, stream, m->hidden + q) < logistic(fields[q]))) {
            qn__bit_flip(row, q);
        }
    }
}

void qn__rbm_add_statistics(const qn__rbm *m, const uint64_t *row, const double *means, double weight, double *gradient)
{
    double *const visible = gradient + (size_t)m->bits * m->hidden, *const biases = visible + m->bits;
    for (uint32_t q = 0; q < m->bits; q++) {
        if (qn__bit(row, q)) {
            visible[q] += weight;
            for (uint32_t j = 0; j < m->hidden; j++) {
                gradient[(size_t)j * m->bits + q] += weight * means[j];
            }
        }
    }
    for (uint32_t j = 0; j < m->hidden; j++) {
        biases[j] += weight * means[j];
    }
}

void qn__rbm_draw_rows(const qn_bit_table *data, uint64_t seed, uint64_t stream, qn_bit_table *rows)
{
    for (size_t k = 0; k < rows->rows; k++) {
        memcpy(rows->data + k * data->words, data->data + qn__random_bits(seed, stream, k) % data->rows * data->words,
               data->words * sizeof *data->data);
    }
}

void qn__rbm_add_batch(const qn__rbm *m, const qn_bit_table *data, uint64_t seed, qn_bit_table *batch, double *means,
                       double *gradient)
{
    qn__rbm_draw_rows(data, seed, UINT64_MAX, batch);
    for (size_t k = 0; k < batch->rows; k++) {
        const uint64_t *const row = batch->data + k * batch->words;
        qn__rbm_hidden(m, 1, row, means);
        qn__rbm_add_statistics(m, row, means, -1.0 / (double)batch->rows, gradient);
    }
}

void qn__rbm_log_weights(const qn__rbm *m, const uint64_t *row, double first, double second, double out[2])
{
    out[0] = out[1] = 0;
    for (uint32_t q = 0; q < m->bits; q++) {
        if (qn__bit(row, q)) {
            const double base = m->base != NULL ? m->base[q] : 0;
            out[0] += first * m->visible[q] + (1 - first) * base;
            out[1] += second * m->visible[q] + (1 - second) * base;
        }
    }
    for (uint32_t j = 0; j < m->hidden; j++) {
        const double x = activation(m, row, j), a = first * x, b = second * x;
        out[0] += fmax(a, 0) + log1p(exp(-fabs(a)));
        out[1] += fmax(b, 0) + log1p(exp(-fabs(b)));
    }
}
