/* affine.c: memory for parameters, and an expression as a gate parameter. constant + sum of coefficient * free
 * parameter where it is that; else the expression itself, which the circuit adds at run time. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "format/qasm/reader.h"

struct qn__qasm_block {
    struct qn__qasm_block *next;
    size_t used, capacity;
    max_align_t data[];
};

void *qn__qasm_arena(qn__qasm_reader *r, size_t bytes)
{
    enum { FIRST = 4096 };
    const size_t rounded = (bytes + sizeof(max_align_t) - 1) / sizeof(max_align_t);
    if (r->blocks == NULL || r->blocks->capacity - r->blocks->used < rounded) {
        const size_t last = r->blocks == NULL ? 0 : 2 * r->blocks->capacity;
        const size_t least = last < FIRST ? FIRST : last > 1 << 20 ? 1 << 20 : last;
        const size_t capacity = rounded > least ? rounded : least;
        struct qn__qasm_block *block = qn__alloc(1, sizeof *block + capacity * sizeof(max_align_t));
        if (block == NULL) {
            return NULL;
        }
        block->next = r->blocks;
        block->used = 0;
        block->capacity = capacity;
        r->blocks = block;
    }
    void *out = r->blocks->data + r->blocks->used;
    r->blocks->used += rounded;
    return out;
}

void qn__qasm_arena_reset(qn__qasm_reader *r, bool all)
{
    while (r->blocks != NULL && (all || r->blocks->next != NULL)) {
        struct qn__qasm_block *next = r->blocks->next;
        qn__free(r->blocks);
        r->blocks = next;
    }
    if (r->blocks != NULL) {
        r->blocks->used = 0;
    }
}

/* One value of the stack: its terms lie at the end of r->terms, in the order of the stack. */
typedef struct form {
    double constant;
    size_t start, count;
} form;

static qn_status push_term(qn__qasm_reader *r, uint32_t symbol)
{
    void *terms = r->terms;
    QN_TRY(qn__grow(&terms, &r->terms_capacity, r->nterms + 1, sizeof *r->terms));
    r->terms = terms;
    r->terms[r->nterms++] = (qn_param_term){symbol, 1};
    return QN_OK;
}

static void scale(qn__qasm_reader *r, form *f, double factor)
{
    f->constant *= factor;
    for (size_t k = 0; k < f->count; k++) {
        r->terms[f->start + k].coefficient *= factor;
    }
}

/* The terms of b follow those of a; equal symbols are added up. */
static void join(qn__qasm_reader *r, form *a, const form *b)
{
    a->constant += b->constant;
    for (size_t k = 0; k < b->count; k++) {
        const qn_param_term term = r->terms[b->start + k];
        size_t i = 0;
        while (i < a->count && r->terms[a->start + i].symbol != term.symbol) {
            i++;
        }
        if (i < a->count) {
            r->terms[a->start + i].coefficient += term.coefficient;
        } else {
            r->terms[a->start + a->count++] = term;
        }
    }
    r->nterms = a->start + a->count;
}

static bool combine(qn__qasm_reader *r, qn_token_kind kind, form *a, form *b)
{
    switch (kind) {
    case QN_TOKEN_ADD:
        join(r, a, b);
        return true;
    case QN_TOKEN_SUBTRACT:
        scale(r, b, -1);
        join(r, a, b);
        return true;
    case QN_TOKEN_MULTIPLY:
        if (b->count == 0) {
            scale(r, a, b->constant);
            return true;
        }
        if (a->count == 0) { /* b's terms lie where a's would */
            const double factor = a->constant;
            *a = *b;
            scale(r, a, factor);
            return true;
        }
        return false;
    case QN_TOKEN_DIVIDE:
        if (b->count == 0) {
            scale(r, a, 1 / b->constant);
            return true;
        }
        return false;
    default:
        return false;
    }
}

/* False: not affine in free parameters. */
static qn_status affine(qn__qasm_reader *r, const qn_token *tokens, size_t count, form *out, bool *is_affine)
{
    enum { DEEPEST = 32 };
    form stack[DEEPEST];
    size_t depth = 0;
    *is_affine = false;
    for (size_t i = 0; i < count; i++) {
        const qn_token *token = &tokens[i];
        if (token->kind == QN_TOKEN_SYMBOL || token->kind == QN_TOKEN_FLOAT || token->kind == QN_TOKEN_INT) {
            if (depth == DEEPEST || (token->kind == QN_TOKEN_INT && token->type == QN_TYPE_ANGLE)) {
                return QN_OK;
            }
            stack[depth] = (form){0, r->nterms, 0};
            if (token->kind == QN_TOKEN_SYMBOL) {
                QN_TRY(push_term(r, token->index));
                stack[depth].count = 1;
            } else {
                stack[depth].constant = token->kind == QN_TOKEN_FLOAT ? token->number
                                        : token->type == QN_TYPE_INT  ? (double)token->integer
                                                                      : (double)(uint64_t)token->integer;
            }
            depth++;
        } else if (token->type != QN_TYPE_FLOAT || depth == 0) {
            return QN_OK; /* an operator without operands is rejected where the expression is added */
        } else if (token->kind == QN_TOKEN_NEGATE) {
            scale(r, &stack[depth - 1], -1);
        } else if (token->kind != QN_TOKEN_CAST) {
            if (depth < 2 || !combine(r, token->kind, &stack[depth - 2], &stack[depth - 1])) {
                return QN_OK;
            }
            depth--;
        }
    }
    *is_affine = depth == 1;
    *out = stack[0];
    return QN_OK;
}

qn_status qn__qasm_operand_param(qn__qasm_reader *r, qn__qasm_operand *operand, const qn__qasm_token *token,
                                 qn_param *out)
{
    QN_TRY(qn__qasm_operand_lower(r, operand, token));
    *out = QN_PARAM(0);
    if (operand->type == QN_TYPE_BOOL) {
        return QN_QASM_FAIL(r, token, "a bool as the parameter of a gate; expected a number or an angle");
    }
    switch (operand->kind) {
    case QN__OPERAND_CONSTANT:
        out->constant = operand->type == QN_TYPE_FLOAT ? operand->value.number : qn_value_number(&operand->value);
        if (!isfinite(out->constant)) {
            return QN_QASM_FAIL(r, token, "the parameter is not a finite number");
        }
        return QN_OK;
    case QN__OPERAND_TOKENS: {
        form f = {0, 0, 0};
        bool is_affine = false;
        const size_t mark = r->nterms;
        QN_TRY(affine(r, r->tokens + operand->start, r->ntokens - operand->start, &f, &is_affine));
        if (is_affine && isfinite(f.constant)) {
            qn_param_term *terms = NULL;
            if (f.count > 0) {
                terms = qn__qasm_arena(r, f.count * sizeof *terms);
                QN_ALLOC_CHECK(terms);
                memcpy(terms, r->terms + f.start, f.count * sizeof *terms);
            }
            *out = (qn_param){f.constant, terms, f.count, 0};
            r->nterms = mark;
            qn__qasm_operand_drop(r, operand);
            return QN_OK;
        }
        r->nterms = mark;
        return qn__qasm_operand_expression(r, operand, &out->expression);
    }
    default: /* of a dry run */
        return QN_OK;
    }
}
