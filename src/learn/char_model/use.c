/* use.c: a trained model at work: its loss, one head's operands, its logits. */
#include <string.h>

#include "base/alloc.h"
#include "learn/char_model/char_model.h"

/* Activations of one window of text. */
static qn_status run(const qn_char_model *model, const char *text, size_t length, const qn__char_swap *swap,
                     qn__char_tape *tape)
{
    QN_CHECK(model != NULL && text != NULL, ERR_ARGUMENT, "a model and a text");
    QN_CHECK(length >= 1 && length <= model->shape.context, ERR_SHAPE, "%zu characters; the model takes 1 to %u",
             length, model->shape.context);
    uint8_t *symbols = qn__alloc(length, 1);
    QN_ALLOC_CHECK(symbols);
    for (size_t i = 0; i < length; i++) {
        symbols[i] = (uint8_t)qn_char_symbol(text[i]);
    }
    qn_status status = qn__char_tape_create(&model->shape, 1, length, tape);
    if (status == QN_OK) {
        status = qn__char_forward(model, symbols, swap, tape);
        if (status != QN_OK) {
            qn__char_tape_free(tape);
        }
    }
    qn__free(symbols);
    return status;
}

static qn_status check_head(const qn_char_model *model, uint32_t layer, uint32_t head)
{
    QN_CHECK(model != NULL, ERR_ARGUMENT, "a model");
    QN_CHECK(layer < model->shape.layers && head < model->shape.heads, ERR_RANGE,
             "layer %u, head %u: the model has layers 0 to %u and heads 0 to %u", layer, head, model->shape.layers - 1,
             model->shape.heads - 1);
    return QN_OK;
}

qn_status qn_char_model_loss(const qn_context *context, const qn_char_model *model, const char *text, size_t length,
                             double *out)
{
    QN_CHECK(model != NULL && text != NULL && out != NULL, ERR_ARGUMENT, "a model, a text and a place for the loss");
    QN_CHECK(length >= 2, ERR_SHAPE, "%zu characters; at least 2", length);
    double sum = 0;
    size_t seen = 0;
    uint8_t *targets = qn__alloc(model->shape.context, 1);
    QN_ALLOC_CHECK(targets);
    qn_status status = QN_OK;
    for (size_t from = 0; status == QN_OK && from + 1 < length && !qn_context_interrupted(context);
         from += model->shape.context) {
        const size_t left = length - 1 - from, count = left < model->shape.context ? left : model->shape.context;
        for (size_t i = 0; i < count; i++) {
            targets[i] = (uint8_t)qn_char_symbol(text[from + i + 1]);
        }
        qn__char_tape tape = {.rows = 0};
        status = run(model, text + from, count, NULL, &tape);
        if (status == QN_OK) {
            sum += qn__char_loss(targets, &tape) * (double)count;
            seen += count;
            qn__char_tape_free(&tape);
        }
    }
    qn__free(targets);
    QN_TRY(status);
    QN_CHECK(seen > 0, ERR_INTERRUPTED, "interrupted before the first window");
    *out = sum / (double)seen;
    return QN_OK;
}

/* Columns of a head out of a width x width matrix. */
static void slice(const double *weight, size_t width, size_t part, size_t head, double *out)
{
    for (size_t i = 0; out != NULL && i < width; i++) {
        memcpy(out + i * part, weight + i * width + head * part, part * sizeof(double));
    }
}

qn_status qn_char_model_head(const qn_char_model *model, const char *text, size_t length, uint32_t layer, uint32_t head,
                             double *x, double *query, double *key, double *value)
{
    QN_TRY(check_head(model, layer, head));
    const size_t width = model->shape.width, part = width / model->shape.heads;
    const qn__char_layer p = qn__char_layer_of(&model->shape, model->parameters, layer);
    if (x != NULL) {
        qn__char_tape tape = {.rows = 0};
        QN_TRY(run(model, text, length, NULL, &tape));
        memcpy(x, tape.layer[layer].normed1, length * width * sizeof(double));
        qn__char_tape_free(&tape);
    }
    slice(p.query, width, part, head, query);
    slice(p.key, width, part, head, key);
    slice(p.value, width, part, head, value);
    return QN_OK;
}

qn_status qn_char_model_logits(const qn_char_model *model, const char *text, size_t length, uint32_t layer,
                               uint32_t head, const double *replacement, double *logits)
{
    QN_TRY(check_head(model, layer, head));
    QN_CHECK(logits != NULL, ERR_ARGUMENT, "a place for the logits");
    const qn__char_swap swap = {layer, head, replacement};
    qn__char_tape tape = {.rows = 0};
    QN_TRY(run(model, text, length, replacement != NULL ? &swap : NULL, &tape));
    QN_CHECK(tape.logits != NULL, ERR_INTERNAL, "a pass that left no logits");
    memcpy(logits, tape.logits, length * QN_CHAR_SYMBOLS * sizeof(double));
    qn__char_tape_free(&tape);
    return QN_OK;
}
