/* forward.c: from characters to logits. */
#include <math.h>
#include <string.h>

#include "learn/char_model/char_model.h"
#include "math/product.h"

static const double norm_least = 1e-5;

/* tanh form: D. Hendrycks, K. Gimpel, arXiv:1606.08415 */
static const double gelu_a = 0.7978845608028654, gelu_b = 0.044715;

double qn__gelu(double x)
{
    return 0.5 * x * (1 + tanh(gelu_a * (x + gelu_b * x * x * x)));
}

double qn__gelu_slope(double x)
{
    const double t = tanh(gelu_a * (x + gelu_b * x * x * x));
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * gelu_a * (1 + 3 * gelu_b * x * x);
}

/* Rows of mean 0 and variance 1, then gain and offset; scale keeps each row's mean and 1 / deviation. */
static void normalise(const double *x, size_t rows, size_t width, const double *norm, double *scale, double *out)
{
    for (size_t i = 0; i < rows; i++) {
        const double *const row = x + i * width;
        double mean = 0, square = 0;
        for (size_t k = 0; k < width; k++) {
            mean += row[k];
        }
        mean /= (double)width;
        for (size_t k = 0; k < width; k++) {
            square += (row[k] - mean) * (row[k] - mean);
        }
        const double inverse = 1 / sqrt(square / (double)width + norm_least);
        scale[2 * i] = mean;
        scale[2 * i + 1] = inverse;
        for (size_t k = 0; k < width; k++) {
            out[i * width + k] = norm[k] * (row[k] - mean) * inverse + norm[width + k];
        }
    }
}

/* Causal softmax of one place, over places up to itself. */
static void attend(const double *query, const double *keys, size_t width, size_t part, size_t place, double *weights)
{
    double most = -HUGE_VAL, sum = 0;
    const double scale = 1 / sqrt((double)part);
    for (size_t j = 0; j <= place; j++) {
        double s = 0;
        for (size_t k = 0; k < part; k++) {
            s += query[k] * keys[j * width + k];
        }
        weights[j] = s * scale;
        most = fmax(most, weights[j]);
    }
    for (size_t j = 0; j <= place; j++) {
        weights[j] = exp(weights[j] - most);
        sum += weights[j];
    }
    for (size_t j = 0; j <= place; j++) {
        weights[j] /= sum;
    }
}

static void mix(const double *weights, const double *values, size_t width, size_t part, size_t place, double *out)
{
    for (size_t k = 0; k < part; k++) {
        out[k] = 0;
    }
    for (size_t j = 0; j <= place; j++) {
        for (size_t k = 0; k < part; k++) {
            out[k] += weights[j] * values[j * width + k];
        }
    }
}

static void attention(const qn_char_shape *s, const qn__char_tape *t, const qn__char_tape_layer *a)
{
    const size_t width = s->width, part = width / s->heads, length = t->length;
    for (size_t b = 0; b < t->batch; b++) {
        for (size_t h = 0; h < s->heads; h++) {
            const size_t at = b * length * width + h * part;
            double *const weights = a->weights + (b * s->heads + h) * length * length;
            for (size_t i = 0; i < length; i++) {
                attend(a->query + at + i * width, a->key + at, width, part, i, weights + i * length);
                mix(weights + i * length, a->value + at, width, part, i, a->mixed + at + i * width);
            }
        }
    }
}

static void put_in_place(const qn_char_shape *s, const qn__char_swap *swap, const qn__char_tape *t, double *mixed)
{
    const size_t width = s->width, part = width / s->heads;
    for (size_t i = 0; i < t->length; i++) {
        memcpy(mixed + i * width + swap->head * part, swap->output + i * part, part * sizeof(double));
    }
}

static qn_status layer_forward(const qn_char_model *model, uint32_t l, const qn__char_swap *swap, qn__char_tape *t)
{
    const qn_char_shape *const s = &model->shape;
    const qn__char_layer p = qn__char_layer_of(s, model->parameters, l);
    const qn__char_tape_layer *const a = &t->layer[l];
    double *const next = l + 1 < s->layers ? t->layer[l + 1].input : t->output;
    const size_t rows = t->rows, w = s->width, hidden = s->hidden, flat = rows * w;
    normalise(a->input, rows, w, p.norm1, a->scale1, a->normed1);
    QN_TRY(qn__matrix_product(false, false, rows, w, w, 1, a->normed1, p.query, 0, a->query));
    QN_TRY(qn__matrix_product(false, false, rows, w, w, 1, a->normed1, p.key, 0, a->key));
    QN_TRY(qn__matrix_product(false, false, rows, w, w, 1, a->normed1, p.value, 0, a->value));
    attention(s, t, a);
    if (swap != NULL && swap->layer == l) {
        put_in_place(s, swap, t, a->mixed);
    }
    memcpy(a->middle, a->input, flat * sizeof(double));
    QN_TRY(qn__matrix_product(false, false, rows, w, w, 1, a->mixed, p.project, 1, a->middle));
    normalise(a->middle, rows, w, p.norm2, a->scale2, a->normed2);
    QN_TRY(qn__matrix_product(false, false, rows, hidden, w, 1, a->normed2, p.expand, 0, a->raw));
    for (size_t k = 0; k < rows * hidden; k++) {
        a->active[k] = qn__gelu(a->raw[k]);
    }
    memcpy(next, a->middle, flat * sizeof(double));
    return qn__matrix_product(false, false, rows, w, hidden, 1, a->active, p.contract, 1, next);
}

qn_status qn__char_forward(const qn_char_model *model, const uint8_t *symbols, const qn__char_swap *swap,
                           qn__char_tape *t)
{
    const qn_char_shape *const s = &model->shape;
    const qn__char_parts p = qn__char_parts_of(s, model->parameters);
    const size_t w = s->width;
    for (size_t i = 0; i < t->rows; i++) {
        for (size_t k = 0; k < w; k++) {
            t->layer[0].input[i * w + k] = p.embedding[symbols[i] * w + k] + p.position[i % t->length * w + k];
        }
    }
    for (uint32_t l = 0; l < s->layers; l++) {
        QN_TRY(layer_forward(model, l, swap, t));
    }
    normalise(t->output, t->rows, w, p.final_norm, t->scale, t->normed);
    return qn__matrix_product(false, true, t->rows, QN_CHAR_SYMBOLS, w, 1, t->normed, p.embedding, 0, t->logits);
}

double qn__char_loss(const uint8_t *targets, qn__char_tape *t)
{
    double loss = 0;
    for (size_t i = 0; i < t->rows; i++) {
        double *const row = t->logits + i * QN_CHAR_SYMBOLS;
        double most = row[0], sum = 0;
        for (size_t k = 1; k < QN_CHAR_SYMBOLS; k++) {
            most = fmax(most, row[k]);
        }
        for (size_t k = 0; k < QN_CHAR_SYMBOLS; k++) {
            sum += exp(row[k] - most);
        }
        loss += log(sum) + most - row[targets[i]];
        for (size_t k = 0; k < QN_CHAR_SYMBOLS; k++) {
            row[k] = (exp(row[k] - most) / sum - (k == targets[i] ? 1 : 0)) / (double)t->rows;
        }
    }
    return loss / (double)t->rows;
}
