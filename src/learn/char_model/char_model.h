/* char_model.h: layout of the parameters, activations kept for the gradient, and the passes over them. */
#ifndef QN_LEARN_CHAR_MODEL_H
#define QN_LEARN_CHAR_MODEL_H

#include <quern/char_model.h>

#include "base/status.h"

/* Norms: gains, then offsets. */
typedef struct qn__char_layer {
    double *norm1, *query, *key, *value, *project, *norm2, *expand, *contract;
} qn__char_layer;
typedef struct qn__char_parts {
    double *embedding, *position, *final_norm;
} qn__char_parts;

size_t qn__char_count(const qn_char_shape *shape);
QN_MUST_USE qn_status qn__char_check(const qn_char_shape *shape);
/* Parts of `parameters`, or of a gradient of the same layout. */
qn__char_parts qn__char_parts_of(const qn_char_shape *shape, double *parameters);
qn__char_layer qn__char_layer_of(const qn_char_shape *shape, double *parameters, uint32_t layer);

/* Activations of `batch` windows of `length` symbols; rows are places. */
typedef struct qn__char_tape_layer {
    double *input, *normed1, *scale1, *query, *key, *value, *weights, *mixed, *middle, *normed2, *scale2, *raw, *active;
} qn__char_tape_layer;
typedef struct qn__char_tape {
    size_t batch, length, rows;
    uint32_t layers;
    qn__char_tape_layer *layer;
    double *output, *normed, *scale, *logits;
    double *block; /* all of the above */
} qn__char_tape;
QN_MUST_USE qn_status qn__char_tape_create(const qn_char_shape *shape, size_t batch, size_t length,
                                           qn__char_tape *tape);
void qn__char_tape_free(qn__char_tape *tape);

/* Output of one head to be put in place of the computed one; length x width / heads for one window. */
typedef struct qn__char_swap {
    uint32_t layer, head;
    const double *output;
} qn__char_swap;
/* Logits of every place; `swap` may be NULL. */
QN_MUST_USE qn_status qn__char_forward(const qn_char_model *model, const uint8_t *symbols, const qn__char_swap *swap,
                                       qn__char_tape *tape);
/* Mean loss in nats against `targets` from the tape's logits, which become their gradient. */
double qn__char_loss(const uint8_t *targets, qn__char_tape *tape);
/* Adds the gradient of the loss to `gradient`; the logits of the tape hold theirs. */
QN_MUST_USE qn_status qn__char_backward(const qn_char_model *model, const uint8_t *symbols, qn__char_tape *tape,
                                        double *gradient);

double qn__gelu(double x);
double qn__gelu_slope(double x);

#endif
