/* dynamic_loops.c: which bits and variables may have been decided by a measurement, found by following assignments and
 * conditions to a fixed point; and so which loops may. */

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "primitive/dynamic_plan.h"

typedef struct decided {
    const qn_circuit *circuit;
    const uint8_t *final;
    uint64_t *bits, *variables; /* masks: a measurement may have decided it */
    uint8_t *blocks;            /* per open block: its condition may have been */
    bool changed, endless;
} decided;

typedef struct reads {
    bool memory, measured; /* anything at all; something decided by a measurement */
} reads;

static reads expression_reads(const decided *d, uint32_t expression)
{
    size_t count = 0;
    reads out = {false, false};
    const qn_token *tokens = qn_circuit_expression(d->circuit, expression, &count);
    for (size_t i = 0; i < count; i++) {
        const qn_token *t = &tokens[i];
        if (t->kind == QN_TOKEN_VARIABLE) {
            out.memory = true;
            out.measured = out.measured || qn__bit(d->variables, t->index);
        } else if (t->kind == QN_TOKEN_BIT || t->kind == QN_TOKEN_BITS) {
            const uint32_t width = t->kind == QN_TOKEN_BIT ? 1 : t->width;
            out.memory = true;
            for (uint32_t k = 0; k < width; k++) {
                out.measured = out.measured || qn__bit(d->bits, t->index + k);
            }
        }
    }
    return out;
}

static void decide(decided *d, uint64_t *mask, uint32_t index)
{
    if (!qn__bit(mask, index)) {
        qn__bit_set(mask, index);
        d->changed = true;
    }
}

static void assign(decided *d, const qn_operation *op)
{
    if (op->bit != QN_NO_BIT) {
        decide(d, d->bits, op->bit);
        return;
    }
    qn_variable v;
    qn_circuit_variable(d->circuit, op->variable, &v);
    if (v.type != QN_TYPE_BITS) {
        decide(d, d->variables, op->variable);
    }
    for (uint32_t k = 0; v.type == QN_TYPE_BITS && k < v.width; k++) {
        decide(d, d->bits, v.first + k);
    }
}

/* Random steps within the loop that begins at operation `first`. */
static bool loop_measures(const decided *d, size_t first)
{
    size_t depth = 0;
    for (size_t i = first;; i++) {
        qn_operation op;
        qn_circuit_operation(d->circuit, i, &op);
        if (op.kind == QN_OP_MEASURE || op.kind == QN_OP_RESET) {
            return true;
        }
        depth += op.kind == QN_OP_WHILE || op.kind == QN_OP_IF;
        depth -= op.kind == QN_OP_END;
        if (depth == 0) {
            return false;
        }
    }
}

static void sweep(decided *d)
{
    size_t depth = 0, measured = 0; /* open blocks; how many of them depend on a measurement */
    for (size_t i = 0; i < qn_circuit_operations(d->circuit); i++) {
        qn_operation op;
        qn_circuit_operation(d->circuit, i, &op);
        const reads r = expression_reads(d, op.expression);
        switch (op.kind) {
        case QN_OP_MEASURE:
            if (op.bit != QN_NO_BIT && d->final[i] == 0) {
                decide(d, d->bits, op.bit);
            }
            break;
        case QN_OP_ASSIGN:
            if (r.measured || measured > 0) {
                assign(d, &op);
            }
            break;
        case QN_OP_WHILE:
            d->endless = d->endless || r.measured || (!r.memory && loop_measures(d, i));
            d->blocks[depth++] = r.measured;
            measured += r.measured;
            break;
        case QN_OP_IF:
            d->blocks[depth++] = r.measured;
            measured += r.measured;
            break;
        case QN_OP_END:
            measured -= d->blocks[--depth];
            break;
        default:
            break;
        }
    }
}

qn_status qn__loops_may_not_end(const qn_circuit *circuit, const uint8_t *final, bool *out)
{
    const size_t nb = qn__words(qn_circuit_bits(circuit)), nv = qn__words((uint32_t)qn_circuit_variables(circuit));
    uint64_t *masks = qn__calloc(nb + nv, sizeof *masks);
    uint8_t *blocks = qn__alloc(qn_circuit_operations(circuit), 1);
    if (masks == NULL || blocks == NULL) {
        qn__free(masks);
        qn__free(blocks);
        return QN_ERR_MEMORY;
    }
    decided d = {.circuit = circuit, .final = final, .bits = masks, .variables = masks + nb, .blocks = blocks};
    do {
        d.changed = false;
        sweep(&d);
    } while (d.changed);
    *out = d.endless;
    qn__free(masks);
    qn__free(blocks);
    return QN_OK;
}
