/* affine.c: sums and multiples of affine parameters. */
#include "circuit/passes/affine.h"

#include <string.h>

#include "base/alloc.h"

typedef struct qn__affine_block {
    struct qn__affine_block *next;
    size_t used, capacity;
    qn_param_term terms[];
} qn__affine_block;

enum { FIRST = 256, SCALE_TOKENS = 6 };

void qn__affine_pool_release(qn__affine_pool *pool)
{
    while (pool->blocks != NULL) {
        qn__affine_block *next = pool->blocks->next;
        qn__free(pool->blocks);
        pool->blocks = next;
    }
}

static qn_status room(qn__affine_pool *pool, size_t count, qn_param_term **out)
{
    qn__affine_block *block = pool->blocks;
    if (block == NULL || block->capacity - block->used < count) {
        size_t capacity = block == NULL ? FIRST : 2 * block->capacity;
        capacity = capacity < count ? count : capacity;
        block = qn__alloc(1, sizeof *block + capacity * sizeof(qn_param_term));
        QN_ALLOC_CHECK(block);
        *block = (qn__affine_block){pool->blocks, 0, capacity};
        pool->blocks = block;
    }
    *out = block->terms + block->used;
    return QN_OK;
}

static void add_term(qn_param_term *terms, size_t *count, qn_param_term term)
{
    for (size_t i = 0; i < *count; i++) {
        if (terms[i].symbol == term.symbol) {
            terms[i].coefficient += term.coefficient;
            if (terms[i].coefficient == 0) {
                terms[i] = terms[--*count];
            }
            return;
        }
    }
    if (term.coefficient != 0) {
        terms[(*count)++] = term;
    }
}

/* Tokens of factor times an expression, as a FLOAT; an angle goes by its raw bits. */
static size_t scaled_tokens(const qn_circuit *circuit, uint32_t expression, double factor, qn_token *out)
{
    size_t count = 0;
    const qn_token *tokens = qn_circuit_expression(circuit, expression, &count);
    memcpy(out, tokens, count * sizeof *out);
    const qn_token *last = &tokens[count - 1];
    if (last->type == QN_TYPE_ANGLE) {
        out[count++] = (qn_token){.kind = QN_TOKEN_CAST, .type = QN_TYPE_UINT, .width = last->width};
        for (uint32_t i = 0; i < last->width; i++) {
            factor /= 2;
        }
        factor *= 2 * 3.14159265358979323846;
    }
    out[count++] = (qn_token){.kind = QN_TOKEN_CAST, .type = QN_TYPE_FLOAT, .width = 64};
    out[count++] = (qn_token){.kind = QN_TOKEN_FLOAT, .type = QN_TYPE_FLOAT, .width = 64, .number = factor};
    out[count++] = (qn_token){.kind = QN_TOKEN_MULTIPLY, .type = QN_TYPE_FLOAT, .width = 64};
    return count;
}

static qn_status sum_expressions(qn__affine_pool *pool, double fa, uint32_t a, double fb, uint32_t b, uint32_t *out)
{
    if (a == 0 || fa == 0) {
        a = b;
        fa = fb;
        b = 0;
        fb = 0;
    }
    if (a == 0 || fa == 0) {
        *out = 0;
        return QN_OK;
    }
    if (fa == 1 && (b == 0 || fb == 0)) {
        *out = a;
        return QN_OK;
    }
    size_t na = 0, nb = 0;
    (void)qn_circuit_expression(pool->circuit, a, &na);
    if (b != 0) {
        (void)qn_circuit_expression(pool->circuit, b, &nb);
    }
    qn_token *tokens = qn__alloc(na + nb + (size_t)2 * SCALE_TOKENS, sizeof *tokens);
    QN_ALLOC_CHECK(tokens);
    size_t count = scaled_tokens(pool->circuit, a, fa, tokens);
    if (b != 0 && fb != 0) {
        count += scaled_tokens(pool->circuit, b, fb, tokens + count);
        tokens[count++] = (qn_token){.kind = QN_TOKEN_ADD, .type = QN_TYPE_FLOAT, .width = 64};
    }
    const qn_status status = qn_circuit_add_expression(pool->circuit, tokens, count, out);
    qn__free(tokens);
    return status;
}

qn_status qn__affine_sum(qn__affine_pool *pool, double fa, const qn_param *a, double fb, const qn_param *b,
                         qn_param *out)
{
    qn_param sum = QN_PARAM((fa == 0 ? 0 : fa * a->constant) + (fb == 0 ? 0 : fb * b->constant));
    const size_t most = a->count + b->count;
    if (most > 0) {
        qn_param_term *terms = NULL;
        QN_TRY(room(pool, most, &terms));
        for (size_t i = 0; i < a->count; i++) {
            add_term(terms, &sum.count, (qn_param_term){a->terms[i].symbol, fa * a->terms[i].coefficient});
        }
        for (size_t i = 0; i < b->count; i++) {
            add_term(terms, &sum.count, (qn_param_term){b->terms[i].symbol, fb * b->terms[i].coefficient});
        }
        pool->blocks->used += sum.count;
        sum.terms = sum.count > 0 ? terms : NULL;
    }
    QN_TRY(sum_expressions(pool, fa, a->expression, fb, b->expression, &sum.expression));
    *out = sum;
    return QN_OK;
}

qn_status qn__affine_scale(qn__affine_pool *pool, double factor, const qn_param *a, double constant, qn_param *out)
{
    const qn_param number = QN_PARAM(constant);
    return qn__affine_sum(pool, factor, a, 1, &number, out);
}
