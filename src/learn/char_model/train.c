/* train.c: AdamW on random windows of a text, with warm-up and a cosine of rates. */
#include <math.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/rng.h"
#include "learn/char_model/char_model.h"

enum { PART_WEIGHTS = 1, PART_WINDOWS = 2, WARM_UP = 100, LEAST_CONTEXTS = 20 };
static const double beta1 = 0.9, beta2 = 0.99, tiny = 1e-8, clip = 1.0;
static const double pi = 3.14159265358979323846;

typedef struct trainer {
    const qn_char_training *options;
    qn_char_model *model;
    const uint8_t *symbols; /* of the training part */
    size_t count;
    qn__char_tape tape;
    uint8_t *inputs, *targets;
    double *gradient, *mean, *square;
} trainer;

static void start_weights(const qn_char_training *o, qn_char_model *model)
{
    const qn_char_shape *const s = &model->shape;
    const uint64_t seed = qn__random_derive(o->seed, PART_WEIGHTS);
    for (size_t k = 0; k < model->count; k++) {
        model->parameters[k] = 0.02 * qn__random_normal(seed, 0, k);
    }
    for (uint32_t l = 0; l <= s->layers; l++) {
        const qn__char_layer p = qn__char_layer_of(s, model->parameters, l < s->layers ? l : 0);
        const qn__char_parts parts = qn__char_parts_of(s, model->parameters);
        for (size_t k = 0; k < 2 * (size_t)s->width; k++) {
            const double value = k < s->width ? 1 : 0;
            if (l < s->layers) {
                p.norm1[k] = p.norm2[k] = value;
            } else {
                parts.final_norm[k] = value;
            }
        }
        for (size_t k = 0; l < s->layers && k < (size_t)s->width * s->width; k++) {
            p.query[k] *= 4;
            p.key[k] *= 4;
            p.value[k] *= 4;
        }
    }
}

static void draw_windows(trainer *t, uint32_t step)
{
    const size_t length = t->tape.length;
    const uint64_t seed = qn__random_derive(t->options->seed, PART_WINDOWS);
    for (size_t b = 0; b < t->tape.batch; b++) {
        const double u = qn__random_uniform(seed, step, b);
        const size_t from = (size_t)(u * (double)(t->count - length));
        for (size_t i = 0; i < length; i++) {
            t->inputs[b * length + i] = t->symbols[from + i];
            t->targets[b * length + i] = t->symbols[from + i + 1];
        }
    }
}

static void adam(trainer *t, uint32_t step)
{
    const qn_char_training *const o = t->options;
    const double total = o->steps, n = step + 1.0;
    const double rate = o->rate * fmin(1, n / WARM_UP) * (0.05 + 0.95 * 0.5 * (1 + cos(pi * n / total)));
    double norm = 0;
    for (size_t k = 0; k < t->model->count; k++) {
        norm += t->gradient[k] * t->gradient[k];
    }
    const double shrink = fmin(1, clip / fmax(sqrt(norm), tiny));
    const double fix1 = 1 - pow(beta1, n), fix2 = 1 - pow(beta2, n);
    for (size_t k = 0; k < t->model->count; k++) {
        const double g = t->gradient[k] * shrink;
        t->mean[k] = beta1 * t->mean[k] + (1 - beta1) * g;
        t->square[k] = beta2 * t->square[k] + (1 - beta2) * g * g;
        const double move = t->mean[k] / fix1 / (sqrt(t->square[k] / fix2) + tiny);
        t->model->parameters[k] -= rate * (move + o->decay * t->model->parameters[k]);
        t->gradient[k] = 0;
    }
}

static qn_status descend(const qn_context *context, trainer *t)
{
    double last = 0, smooth = (double)NAN;
    const double start = qn__clock();
    for (uint32_t step = 0; step < t->options->steps && !qn_context_interrupted(context); step++) {
        draw_windows(t, step);
        QN_TRY(qn__char_forward(t->model, t->inputs, NULL, &t->tape));
        const double loss = qn__char_loss(t->targets, &t->tape);
        QN_CHECK(isfinite(loss), ERR_NUMERIC, "training diverged at step %u; try a smaller rate", step);
        QN_TRY(qn__char_backward(t->model, t->inputs, &t->tape, t->gradient));
        adam(t, step);
        smooth = isnan(smooth) ? loss : 0.98 * smooth + 0.02 * loss;
        const qn_progress progress = {.stage = "train",
                                      .done = step + 1,
                                      .total = t->options->steps,
                                      .evaluations = step + 1,
                                      .value = smooth,
                                      .seconds = qn__clock() - start};
        qn__context_progress(context, &progress, &last, step + 1 == t->options->steps);
    }
    return QN_OK;
}

static qn_status open_trainer(const qn_char_training *o, trainer *t)
{
    const size_t count = qn__char_count(&o->shape), rows = (size_t)o->batch * o->shape.context;
    t->model = qn__calloc(1, sizeof *t->model);
    QN_ALLOC_CHECK(t->model);
    t->model->shape = o->shape;
    t->model->count = count;
    t->model->parameters = qn__alloc(count, sizeof(double));
    t->gradient = qn__calloc(count, sizeof(double));
    t->mean = qn__calloc(count, sizeof(double));
    t->square = qn__calloc(count, sizeof(double));
    t->inputs = qn__alloc(2 * rows, 1);
    if (t->model->parameters == NULL || t->gradient == NULL || t->mean == NULL || t->square == NULL ||
        t->inputs == NULL) {
        return QN_ERR_MEMORY;
    }
    t->targets = t->inputs + rows;
    start_weights(o, t->model);
    return qn__char_tape_create(&o->shape, o->batch, o->shape.context, &t->tape);
}

static qn_status check(const char *text, size_t length, const qn_char_training *o)
{
    QN_TRY(qn__char_check(&o->shape));
    QN_CHECK(o->steps >= 1 && o->batch >= 1 && o->batch <= 4096, ERR_RANGE, "%u steps of %u windows", o->steps,
             o->batch);
    QN_CHECK(o->rate > 0 && o->rate < 1 && o->decay >= 0 && o->decay < 1, ERR_RANGE, "rate %g and decay %g", o->rate,
             o->decay);
    QN_CHECK(text != NULL && length >= (size_t)LEAST_CONTEXTS * o->shape.context, ERR_ARGUMENT,
             "a text of %zu characters; at least %u are needed to train on", length, LEAST_CONTEXTS * o->shape.context);
    return QN_OK;
}

qn_status qn_char_model_train(const qn_context *context, const char *text, size_t length,
                              const qn_char_training *options, qn_char_model **out, double *held_out)
{
    QN_CHECK(options != NULL && out != NULL, ERR_ARGUMENT, "options and a place for the model");
    QN_TRY(check(text, length, options));
    trainer t = {.options = options, .count = length / 10 * 9};
    uint8_t *symbols = qn__alloc(length, 1);
    QN_ALLOC_CHECK(symbols);
    for (size_t i = 0; i < length; i++) {
        symbols[i] = (uint8_t)qn_char_symbol(text[i]);
    }
    t.symbols = symbols;
    qn_status status = open_trainer(options, &t);
    status = status == QN_OK ? descend(context, &t) : status;
    if (status == QN_OK && held_out != NULL) {
        status = qn_char_model_loss(context, t.model, text + t.count, length - t.count, held_out);
    }
    qn__char_tape_free(&t.tape);
    qn__free(t.gradient);
    qn__free(t.mean);
    qn__free(t.square);
    qn__free(t.inputs);
    qn__free(symbols);
    if (status == QN_OK) {
        *out = t.model;
    } else {
        qn_char_model_free(t.model);
    }
    return status;
}
