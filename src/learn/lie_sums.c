/* lie_sums.c: closing generators that are sums of strings: nested commutators as vectors over the strings seen so far,
 * made orthogonal to those found (Gram and Schmidt, twice), until nothing new appears. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/context.h"
#include "base/status.h"
#include "learn/lie.h"

enum { MOST_DIMENSIONS = 2000, MOST_TERMS = 1 << 20 };

/* What is left of a vector in the span is rounding; so is a commutator that should be 0. */
static const double least_norm = 1e-8;

typedef struct vector {
    double *values;
    size_t length; /* strings known when it was made; 0 beyond */
} vector;

typedef struct basis {
    const qn_context *context;
    qn__strings *strings;
    vector *vectors;
    size_t count, capacity;
    double *work; /* over all strings; capacity `room` */
    size_t room, used;
    uint64_t *masks, *product;
} basis;

static qn_status work_room(basis *b, size_t length)
{
    const size_t before = b->room;
    void *array = b->work;
    QN_TRY(qn__grow(&array, &b->room, length, sizeof *b->work));
    b->work = array;
    if (b->room > before) {
        memset(b->work + before, 0, (b->room - before) * sizeof *b->work);
    }
    return QN_OK;
}

static qn_status add_to(basis *b, const uint64_t *masks, double value)
{
    size_t index = 0;
    QN_TRY(qn__strings_put(b->strings, masks, &index));
    QN_CHECK(b->strings->count <= MOST_TERMS, ERR_TOO_LARGE, "a Lie algebra of more than %d Pauli strings", MOST_TERMS);
    QN_TRY(work_room(b, b->strings->count));
    b->work[index] += value;
    b->used = b->strings->count;
    return QN_OK;
}

static void term_masks(const basis *b, const qn_pauli_sum *sum, size_t term)
{
    const size_t words = b->strings->words;
    memcpy(b->masks, qn_pauli_sum_x(sum, term), words * sizeof *b->masks);
    memcpy(b->masks + words, qn_pauli_sum_z(sum, term), words * sizeof *b->masks);
}

/* work = [H, v] / (2 i): strings that do not commute give P_a P_b = +-i P. */
static qn_status commutator(basis *b, const qn_pauli_sum *sum, size_t index)
{
    const size_t words = b->strings->words, length = b->vectors[index].length;
    for (size_t t = 0; t < qn_pauli_sum_terms(sum); t++) {
        const double c = qn_pauli_sum_coefficient(sum, t).re;
        term_masks(b, sum, t);
        for (size_t j = 0; j < length; j++) {
            const double v = b->vectors[index].values[j];
            if (v == 0.0 || qn__strings_commute(words, b->masks, qn__strings_at(b->strings, j))) {
                continue;
            }
            const uint32_t power = qn__strings_multiply(words, b->masks, qn__strings_at(b->strings, j), b->product);
            QN_TRY(add_to(b, b->product, (power == 1 ? c : -c) * v));
        }
    }
    return QN_OK;
}

static double norm_of(const double *values, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++) {
        sum += values[i] * values[i];
    }
    return sqrt(sum);
}

/* What of the work vector is new, against numbers of size `scale`, becomes a vector of the basis; the work vector is 0
 * after it. */
static qn_status take_new(basis *b, double scale)
{
    const size_t length = b->used;
    double norm = length > 0 ? norm_of(b->work, length) : 0.0;
    double *values = NULL;
    if (norm > 0.0) {
        for (int pass = 0; pass < 2; pass++) {
            for (size_t k = 0; k < b->count; k++) {
                const vector *other = &b->vectors[k];
                double overlap = 0.0;
                for (size_t i = 0; i < other->length; i++) {
                    overlap += other->values[i] * b->work[i];
                }
                for (size_t i = 0; i < other->length && overlap != 0.0; i++) {
                    b->work[i] -= overlap * other->values[i];
                }
            }
        }
        const double left = norm_of(b->work, length);
        if (left > least_norm * scale) {
            void *array = b->vectors;
            QN_TRY(qn__grow(&array, &b->capacity, b->count + 1, sizeof *b->vectors));
            b->vectors = array;
            values = qn__alloc(length, sizeof *values);
            QN_ALLOC_CHECK(values);
            for (size_t i = 0; i < length; i++) {
                values[i] = b->work[i] / left;
            }
            b->vectors[b->count++] = (vector){values, length};
        }
    }
    memset(b->work, 0, length * sizeof *b->work);
    return QN_OK;
}

static qn_status close_basis(basis *b, const qn_pauli_sum *const *generators, size_t count, size_t limit,
                             bool *complete)
{
    QN_TRY(work_room(b, 1));
    for (size_t g = 0; g < count; g++) {
        for (size_t t = 0; t < qn_pauli_sum_terms(generators[g]); t++) {
            uint64_t any = 0;
            term_masks(b, generators[g], t);
            for (size_t w = 0; w < 2 * b->strings->words; w++) {
                any |= b->masks[w];
            }
            if (any != 0) {
                QN_TRY(add_to(b, b->masks, qn_pauli_sum_coefficient(generators[g], t).re));
            }
        }
        QN_TRY(take_new(b, norm_of(b->work, b->used)));
    }
    for (size_t k = 0; k < b->count; k++) {
        QN_CHECK(!qn_context_interrupted(b->context), ERR_INTERRUPTED, "interrupted while closing a Lie algebra");
        for (size_t g = 0; g < count; g++) {
            QN_TRY(commutator(b, generators[g], k));
            QN_TRY(take_new(b, qn_pauli_sum_one_norm(generators[g])));
            if (b->count > limit) {
                *complete = false;
                return QN_OK;
            }
        }
    }
    return QN_OK;
}

/* Vectors over all strings, those of the generators too. */
static qn_status keep(basis *b, const qn_pauli_sum *const *generators, size_t count, qn_lie *lie)
{
    const size_t terms = b->strings->count;
    lie->basis = qn__calloc(b->count, terms * sizeof *lie->basis);
    QN_ALLOC_CHECK(lie->basis);
    lie->generators = qn__calloc(count, terms * sizeof *lie->generators);
    QN_ALLOC_CHECK(lie->generators);
    lie->ngenerators = count;
    for (size_t k = 0; k < b->count; k++) {
        memcpy(lie->basis + k * terms, b->vectors[k].values, b->vectors[k].length * sizeof *lie->basis);
    }
    for (size_t g = 0; g < count; g++) {
        for (size_t t = 0; t < qn_pauli_sum_terms(generators[g]); t++) {
            term_masks(b, generators[g], t);
            const size_t index = qn__strings_find(b->strings, b->masks);
            if (index != SIZE_MAX) { /* the identity is none of them */
                lie->generators[g * terms + index] += qn_pauli_sum_coefficient(generators[g], t).re;
            }
        }
    }
    return QN_OK;
}

qn_status qn__lie_close_sums(const qn_context *context, const qn_pauli_sum *const *generators, size_t count,
                             uint64_t limit, qn_lie *lie)
{
    const size_t words = lie->strings.words;
    basis b = {.context = context, .strings = &lie->strings};
    b.masks = qn__alloc(4 * words, sizeof *b.masks);
    QN_ALLOC_CHECK(b.masks);
    b.product = b.masks + 2 * words;
    const size_t most = limit != 0 && limit < MOST_DIMENSIONS ? (size_t)limit : MOST_DIMENSIONS;
    qn_status status = close_basis(&b, generators, count, most, &lie->complete);
    lie->dimension = b.count;
    if (status == QN_OK && lie->complete && b.strings->count > 0 && b.strings->count <= QN__LIE_MOST_SPLIT) {
        status = keep(&b, generators, count, lie);
        status = status == QN_OK ? qn__lie_split_sums(context, lie) : status;
    }
    for (size_t k = 0; k < b.count; k++) {
        qn__free(b.vectors[k].values);
    }
    qn__free(b.vectors);
    qn__free(b.work);
    qn__free(b.masks);
    return status;
}
