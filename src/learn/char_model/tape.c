/* tape.c: memory for the activations of a pass. */
#include "base/alloc.h"
#include "learn/char_model/char_model.h"

/* Hands out pieces of a block; without one it only counts. */
typedef struct carver {
    double *block;
    size_t used;
} carver;

static double *take(carver *c, size_t count)
{
    double *const at = c->block != NULL ? c->block + c->used : NULL;
    c->used += count;
    return at;
}

static void carve(const qn_char_shape *s, qn__char_tape *t, carver *c)
{
    const size_t rows = t->rows, flat = rows * s->width, hidden = rows * s->hidden;
    for (uint32_t l = 0; l < s->layers; l++) {
        qn__char_tape_layer *const a = &t->layer[l];
        double **const wide[] = {&a->input, &a->normed1, &a->query,  &a->key,
                                 &a->value, &a->mixed,   &a->middle, &a->normed2};
        for (size_t k = 0; k < sizeof wide / sizeof wide[0]; k++) {
            *wide[k] = take(c, flat);
        }
        a->scale1 = take(c, 2 * rows);
        a->scale2 = take(c, 2 * rows);
        a->weights = take(c, rows * t->length * s->heads);
        a->raw = take(c, hidden);
        a->active = take(c, hidden);
    }
    t->output = take(c, flat);
    t->normed = take(c, flat);
    t->scale = take(c, 2 * rows);
    t->logits = take(c, rows * QN_CHAR_SYMBOLS);
}

qn_status qn__char_tape_create(const qn_char_shape *shape, size_t batch, size_t length, qn__char_tape *tape)
{
    qn__char_tape t = {.batch = batch, .length = length, .rows = batch * length, .layers = shape->layers};
    t.layer = qn__calloc(shape->layers, sizeof *t.layer);
    QN_ALLOC_CHECK(t.layer);
    carver c = {NULL, 0};
    carve(shape, &t, &c);
    c.block = t.block = qn__calloc(c.used, sizeof(double));
    if (t.block == NULL) {
        qn__free(t.layer);
        return QN_ERR_MEMORY;
    }
    c.used = 0;
    carve(shape, &t, &c);
    *tape = t;
    return QN_OK;
}

void qn__char_tape_free(qn__char_tape *tape)
{
    qn__free(tape->layer);
    qn__free(tape->block);
}
