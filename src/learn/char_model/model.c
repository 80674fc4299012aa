/* model.c: a model as numbers: symbols, layout, reading and writing. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "learn/char_model/char_model.h"

enum { SHAPE_NUMBERS = 5, MOST_WIDTH = 4096, MOST_LAYERS = 64 };

uint32_t qn_char_symbol(char c)
{
    return c == '\n' ? QN_CHAR_SYMBOLS - 1 : c >= ' ' && c <= '~' ? (uint32_t)(c - ' ') : 0;
}

char qn_char_of(uint32_t symbol)
{
    return symbol == QN_CHAR_SYMBOLS - 1 ? '\n' : symbol < QN_CHAR_SYMBOLS - 1 ? (char)(' ' + (int)symbol) : ' ';
}

qn_status qn__char_check(const qn_char_shape *s)
{
    QN_CHECK(s->width >= 1 && s->width <= MOST_WIDTH && s->context >= 2 && s->context <= MOST_WIDTH && s->heads >= 1 &&
                 s->heads <= s->width && s->width % s->heads == 0 && s->layers >= 1 && s->layers <= MOST_LAYERS &&
                 s->hidden >= 1 && s->hidden <= 4 * MOST_WIDTH,
             ERR_SHAPE, "a model of width %u, context %u, %u heads, %u layers, hidden width %u", s->width, s->context,
             s->heads, s->layers, s->hidden);
    return QN_OK;
}

static size_t layer_count(const qn_char_shape *s)
{
    const size_t w = s->width;
    return 4 * w + 4 * w * w + 2 * w * s->hidden;
}

size_t qn__char_count(const qn_char_shape *s)
{
    const size_t w = s->width;
    return (QN_CHAR_SYMBOLS + s->context) * w + s->layers * layer_count(s) + 2 * w;
}

qn__char_parts qn__char_parts_of(const qn_char_shape *s, double *p)
{
    double *const position = p + (size_t)QN_CHAR_SYMBOLS * s->width;
    return (qn__char_parts){.embedding = p,
                            .position = position,
                            .final_norm = position + (size_t)s->context * s->width + s->layers * layer_count(s)};
}

qn__char_layer qn__char_layer_of(const qn_char_shape *s, double *p, uint32_t layer)
{
    const size_t w = s->width, square = w * w;
    double *const at = p + (QN_CHAR_SYMBOLS + s->context) * w + layer * layer_count(s);
    double *const norm2 = at + 2 * w + 4 * square;
    return (qn__char_layer){.norm1 = at,
                            .query = at + 2 * w,
                            .key = at + 2 * w + square,
                            .value = at + 2 * w + 2 * square,
                            .project = at + 2 * w + 3 * square,
                            .norm2 = norm2,
                            .expand = norm2 + 2 * w,
                            .contract = norm2 + 2 * w + w * s->hidden};
}

static bool whole(double x)
{
    return x >= 1 && x <= 1e6 && x == floor(x);
}

qn_status qn_char_model_from_numbers(const double *numbers, size_t count, qn_char_model **out)
{
    QN_CHECK(numbers != NULL && out != NULL, ERR_ARGUMENT, "numbers and a place for the model");
    QN_CHECK(count > SHAPE_NUMBERS, ERR_SHAPE, "%zu numbers are no model", count);
    for (size_t k = 0; k < SHAPE_NUMBERS; k++) {
        QN_CHECK(whole(numbers[k]), ERR_SHAPE,
                 "number %zu of a model's shape is %g; width, context, heads, layers and hidden width come first", k,
                 numbers[k]);
    }
    const qn_char_shape shape = {(uint32_t)numbers[0], (uint32_t)numbers[1], (uint32_t)numbers[2], (uint32_t)numbers[3],
                                 (uint32_t)numbers[4]};
    QN_TRY(qn__char_check(&shape));
    QN_CHECK(count == SHAPE_NUMBERS + qn__char_count(&shape), ERR_SHAPE, "%zu numbers; a model of this shape has %zu",
             count, SHAPE_NUMBERS + qn__char_count(&shape));
    for (size_t k = 0; k < count; k++) {
        QN_CHECK(isfinite(numbers[k]), ERR_NAN, "number %zu is %g", k, numbers[k]);
    }
    qn_char_model *model = qn__calloc(1, sizeof *model);
    QN_ALLOC_CHECK(model);
    model->shape = shape;
    model->count = count - SHAPE_NUMBERS;
    model->parameters = qn__alloc(model->count, sizeof(double));
    if (model->parameters == NULL) {
        qn__free(model);
        return QN_ERR_MEMORY;
    }
    memcpy(model->parameters, numbers + SHAPE_NUMBERS, model->count * sizeof(double));
    *out = model;
    return QN_OK;
}

void qn_char_model_numbers(const qn_char_model *model, double *out)
{
    const qn_char_shape *const s = &model->shape;
    const double shape[SHAPE_NUMBERS] = {s->width, s->context, s->heads, s->layers, s->hidden};
    memcpy(out, shape, sizeof shape);
    memcpy(out + SHAPE_NUMBERS, model->parameters, model->count * sizeof(double));
}

void qn_char_model_free(qn_char_model *model)
{
    if (model != NULL) {
        qn__free(model->parameters);
        qn__free(model);
    }
}
