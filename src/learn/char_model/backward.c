/* backward.c: the gradient of the loss by reverse mode, layer by layer. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "learn/char_model/char_model.h"
#include "math/product.h"

/* Gradients on the way down. */
typedef struct descent {
    double *residual; /* of what a layer gives on */
    double *normed, *query, *key, *value, *mixed, *hidden;
    double *block;
} descent;

static qn_status open_descent(const qn_char_shape *s, const qn__char_tape *t, descent *d)
{
    const size_t flat = t->rows * s->width;
    d->block = qn__alloc(6 * flat + t->rows * s->hidden, sizeof(double));
    QN_ALLOC_CHECK(d->block);
    d->residual = d->block;
    d->normed = d->block + flat;
    d->query = d->block + 2 * flat;
    d->key = d->block + 3 * flat;
    d->value = d->block + 4 * flat;
    d->mixed = d->block + 5 * flat;
    d->hidden = d->block + 6 * flat;
    return QN_OK;
}

/* Adds to `to` the gradient through a norm, and to `gradient` that of gain and offset. */
static void through_norm(const double *x, const double *scale, const double *norm, const double *from, size_t rows,
                         size_t width, double *gradient, double *to)
{
    for (size_t i = 0; i < rows; i++) {
        const double mean = scale[2 * i], inverse = scale[2 * i + 1];
        double plain = 0, along = 0;
        for (size_t k = 0; k < width; k++) {
            const double hat = (x[i * width + k] - mean) * inverse, g = from[i * width + k];
            gradient[k] += g * hat;
            gradient[width + k] += g;
            plain += g * norm[k];
            along += g * norm[k] * hat;
        }
        plain /= (double)width;
        along /= (double)width;
        for (size_t k = 0; k < width; k++) {
            const double hat = (x[i * width + k] - mean) * inverse;
            to[i * width + k] += inverse * (from[i * width + k] * norm[k] - plain - hat * along);
        }
    }
}

/* One place of one head: gradients of its query, and of all keys and values before it. */
static void through_place(const qn__char_tape_layer *a, const descent *d, size_t at, size_t width, size_t part,
                          size_t place, const double *weights)
{
    const double scale = 1 / sqrt((double)part);
    const double *const out = d->mixed + at + place * width, *const query = a->query + at + place * width;
    double *const to_query = d->query + at + place * width;
    double mean = 0;
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t j = 0; j <= place; j++) {
            const double *const value = a->value + at + j * width;
            double along = 0;
            for (size_t k = 0; k < part; k++) {
                along += out[k] * value[k];
            }
            if (pass == 0) {
                mean += weights[j] * along;
                continue;
            }
            const double score = weights[j] * (along - mean) * scale;
            const double *const key = a->key + at + j * width;
            double *const to_key = d->key + at + j * width, *const to_value = d->value + at + j * width;
            for (size_t k = 0; k < part; k++) {
                to_query[k] += score * key[k];
                to_key[k] += score * query[k];
                to_value[k] += weights[j] * out[k];
            }
        }
    }
}

static void through_attention(const qn_char_shape *s, const qn__char_tape *t, const qn__char_tape_layer *a, descent *d)
{
    const size_t width = s->width, part = width / s->heads, length = t->length;
    memset(d->query, 0, 3 * t->rows * width * sizeof(double)); /* query, key and value are neighbours */
    for (size_t b = 0; b < t->batch; b++) {
        for (size_t h = 0; h < s->heads; h++) {
            const double *const weights = a->weights + (b * s->heads + h) * length * length;
            for (size_t i = 0; i < length; i++) {
                through_place(a, d, b * length * width + h * part, width, part, i, weights + i * length);
            }
        }
    }
}

/* y = x W: gradient of W added to `gradient`, of x written to `to` (keep 0) or added. */
static qn_status through_linear(size_t rows, size_t in, size_t out, const double *x, const double *weight,
                                const double *from, double *gradient, double keep, double *to)
{
    QN_TRY(qn__matrix_product(true, false, in, out, rows, 1, x, from, 1, gradient));
    return qn__matrix_product(false, true, rows, in, out, 1, from, weight, keep, to);
}

static qn_status through_layer(const qn_char_model *model, uint32_t l, const qn__char_tape *t, double *gradient,
                               descent *d)
{
    const qn_char_shape *const s = &model->shape;
    const qn__char_layer p = qn__char_layer_of(s, model->parameters, l), g = qn__char_layer_of(s, gradient, l);
    const qn__char_tape_layer *const a = &t->layer[l];
    const size_t rows = t->rows, w = s->width, hidden = s->hidden;
    QN_TRY(through_linear(rows, hidden, w, a->active, p.contract, d->residual, g.contract, 0, d->hidden));
    for (size_t k = 0; k < rows * hidden; k++) {
        d->hidden[k] *= qn__gelu_slope(a->raw[k]);
    }
    QN_TRY(through_linear(rows, w, hidden, a->normed2, p.expand, d->hidden, g.expand, 0, d->normed));
    through_norm(a->middle, a->scale2, p.norm2, d->normed, rows, w, g.norm2, d->residual);
    QN_TRY(through_linear(rows, w, w, a->mixed, p.project, d->residual, g.project, 0, d->mixed));
    through_attention(s, t, a, d);
    QN_TRY(through_linear(rows, w, w, a->normed1, p.query, d->query, g.query, 0, d->normed));
    QN_TRY(through_linear(rows, w, w, a->normed1, p.key, d->key, g.key, 1, d->normed));
    QN_TRY(through_linear(rows, w, w, a->normed1, p.value, d->value, g.value, 1, d->normed));
    through_norm(a->input, a->scale1, p.norm1, d->normed, rows, w, g.norm1, d->residual);
    return QN_OK;
}

qn_status qn__char_backward(const qn_char_model *model, const uint8_t *symbols, qn__char_tape *t, double *gradient)
{
    const qn_char_shape *const s = &model->shape;
    const qn__char_parts p = qn__char_parts_of(s, model->parameters), g = qn__char_parts_of(s, gradient);
    const size_t w = s->width;
    descent d = {NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL};
    QN_TRY(open_descent(s, t, &d));
    memset(d.residual, 0, t->rows * w * sizeof(double));
    /* logits = normed E^T */
    qn_status status =
        qn__matrix_product(true, false, QN_CHAR_SYMBOLS, w, t->rows, 1, t->logits, t->normed, 1, g.embedding);
    if (status == QN_OK) {
        status = qn__matrix_product(false, false, t->rows, w, QN_CHAR_SYMBOLS, 1, t->logits, p.embedding, 0, d.normed);
    }
    through_norm(t->output, t->scale, p.final_norm, d.normed, t->rows, w, g.final_norm, d.residual);
    for (uint32_t l = s->layers; status == QN_OK && l-- > 0;) {
        status = through_layer(model, l, t, gradient, &d);
    }
    for (size_t i = 0; status == QN_OK && i < t->rows; i++) {
        for (size_t k = 0; k < w; k++) {
            g.embedding[symbols[i] * w + k] += d.residual[i * w + k];
            g.position[i % t->length * w + k] += d.residual[i * w + k];
        }
    }
    qn__free(d.block);
    return status;
}
