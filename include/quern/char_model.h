/* char_model.h: a small transformer over characters: real weights for the attention head of attention.h, and how they
 * were trained.
 *
 * Pre-norm decoder: x = E[c] + P[t]; each layer adds attention(norm(x)) W_o and gelu(norm(x) W_1) W_2; logits =
 * norm(x) E^T. Matrices are row-major and multiply from the right, y = x W; no biases but those of the norms. Symbols:
 * printable ASCII and the line break; anything else counts as a blank. */
#ifndef QUERN_CHAR_MODEL_H
#define QUERN_CHAR_MODEL_H

#include <quern/context.h>

QN_BEGIN_DECLS

enum { QN_CHAR_SYMBOLS = 96 };
/** Symbol of a byte, 0 to 95: printable ASCII and line ends; any other byte is read as a blank. And back. */
QN_API uint32_t qn_char_symbol(char c);
QN_API char qn_char_of(uint32_t symbol);

typedef struct qn_char_shape {
    uint32_t width, context, heads, layers, hidden; /* heads divides width */
} qn_char_shape;
/** Read only. */
typedef struct qn_char_model {
    qn_char_shape shape;
    size_t count; /* of parameters */
    double *parameters;
} qn_char_model;

/** The model that comes with the library (data/char_model): trained on prose of Quern's own documentation. */
QN_API QN_MUST_USE qn_status qn_char_model_shipped(qn_char_model **out);
/** From an array of numbers: the five of the shape, then the parameters; what qn_char_model_numbers gives.
 * Errors: QN_ERR_SHAPE, QN_ERR_NAN. */
QN_API QN_MUST_USE qn_status qn_char_model_from_numbers(const double *numbers, size_t count, qn_char_model **out);
/** 5 + model->count numbers. */
QN_API void qn_char_model_numbers(const qn_char_model *model, double *out);
QN_API void qn_char_model_free(qn_char_model *model);

/** Mean of -ln p(next character) in nats over a text cut into windows of the model's context; at least two characters.
 */
QN_API QN_MUST_USE qn_status qn_char_model_loss(const qn_context *context, const qn_char_model *model, const char *text,
                                                size_t length, double *out);

/** What one head of one layer (from 0) works on after `length` characters, at most the context. All row-major, the
 * caller's memory: x (length x width) after the norm, query, key, value (width x width / heads). Any may be NULL. */
QN_API QN_MUST_USE qn_status qn_char_model_head(const qn_char_model *model, const char *text, size_t length,
                                                uint32_t layer, uint32_t head, double *x, double *query, double *key,
                                                double *value);
/** Logits (length x QN_CHAR_SYMBOLS) of the next character at every place; `replacement` (length x width / heads; NULL:
 * none) takes the place of that head's output. */
QN_API QN_MUST_USE qn_status qn_char_model_logits(const qn_char_model *model, const char *text, size_t length,
                                                  uint32_t layer, uint32_t head, const double *replacement,
                                                  double *logits);

typedef struct qn_char_training {
    uint32_t size;
    qn_char_shape shape;
    uint32_t steps, batch; /* batch: windows a step */
    double rate, decay;    /* AdamW (I. Loshchilov, F. Hutter, arXiv:1711.05101): peak rate, weight decay */
    uint64_t seed;
} qn_char_training;
#define QN_CHAR_TRAINING_INIT                                                                                          \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_char_training), {64, 64, 4, 2, 128}, 4000, 16, 3e-3, 0.1, 1                                \
    }
/** Train on the first nine tenths of a text; `held_out` gets the loss on the rest (may be NULL). Stops early, with what
 * there is, when interrupted. Errors: QN_ERR_SHAPE, QN_ERR_RANGE, QN_ERR_ARGUMENT (a text of under 20 contexts),
 * QN_ERR_NUMERIC (diverged). */
QN_API QN_MUST_USE qn_status qn_char_model_train(const qn_context *context, const char *text, size_t length,
                                                 const qn_char_training *options, qn_char_model **out,
                                                 double *held_out);

QN_END_DECLS
#endif
