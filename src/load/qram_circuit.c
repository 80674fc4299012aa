/* qram_circuit.c: the steps of a query as gates. */
#include "load/lookup.h"
#include "load/qram.h"

typedef struct place {
    qn_circuit *circuit;
    const qn__qram_plan *plan;
    const uint64_t *table;
    uint64_t length;
    const uint32_t *address, *target;
    uint32_t tree;
} place;

static uint32_t direction(const place *p, uint32_t level, uint64_t v, uint32_t rail)
{
    return p->tree + (uint32_t)qn__qram_direction(level, v, rail);
}

static uint32_t input(const place *p, uint32_t level, uint64_t v, uint32_t rail)
{
    return p->tree + (uint32_t)qn__qram_input(p->plan->levels, level, v, rail);
}

static uint32_t leaf(const place *p, uint64_t x)
{
    return p->tree + (uint32_t)qn__qram_leaf(p->plan->levels, x);
}

/* The address bit on two rails. */
static qn_status copy_address(const place *p, uint32_t level, uint32_t left, uint32_t right)
{
    const uint32_t bit = p->address[p->plan->levels - 1 - level];
    QN_TRY(qn__append_x(p->circuit, left));
    QN_TRY(qn__append_cx(p->circuit, bit, left));
    return qn__append_cx(p->circuit, bit, right);
}

static qn_status route(const place *p, uint32_t level, uint32_t first_rail)
{
    const bool bottom = level + 1 == p->plan->levels;
    for (uint64_t v = 0; v < UINT64_C(1) << level; v++) {
        for (uint32_t side = 0; side < 2; side++) {
            for (uint32_t rail = first_rail; rail < 2; rail++) {
                const uint32_t child = bottom ? leaf(p, 2 * v + side) : input(p, level + 1, 2 * v + side, rail);
                QN_TRY(qn__append_cswap(p->circuit, direction(p, level, v, side), input(p, level, v, rail), child));
            }
        }
    }
    return QN_OK;
}

static qn_status latch(const place *p, uint32_t level)
{
    for (uint64_t v = 0; v < UINT64_C(1) << level; v++) {
        for (uint32_t rail = 0; rail < 2; rail++) {
            QN_TRY(qn__append_swap(p->circuit, direction(p, level, v, rail), input(p, level, v, rail)));
        }
    }
    return QN_OK;
}

static qn_status write_leaves(const place *p, uint32_t bit)
{
    const uint64_t words = (p->plan->data_bits + 63) / 64;
    for (uint64_t x = 0; x < p->length; x++) {
        if ((p->table[x * words + bit / 64] >> (bit % 64) & 1) != 0) {
            QN_TRY(qn__append_x(p->circuit, leaf(p, x)));
        }
    }
    return QN_OK;
}

static qn_status fan(const place *p, uint32_t level, uint32_t bit)
{
    if (bit == 0) {
        return copy_address(p, level, direction(p, level, 0, 0), direction(p, level, 0, 1));
    }
    const uint64_t half = UINT64_C(1) << (bit - 1);
    for (uint64_t v = 0; v < 2 * half; v++) { /* rails too */
        QN_TRY(qn__append_cx(p->circuit, direction(p, level, v / 2, v % 2), direction(p, level, half + v / 2, v % 2)));
    }
    return QN_OK;
}

static qn_status append_step(const place *p, const qn__qram_step *s)
{
    switch (s->kind) {
    case QN__QRAM_ENTER:
        return copy_address(p, s->level, input(p, 0, 0, 0), input(p, 0, 0, 1));
    case QN__QRAM_ROUTE:
        return route(p, s->level, 0);
    case QN__QRAM_FETCH:
        return route(p, s->level, 1);
    case QN__QRAM_LATCH:
        return latch(p, s->level);
    case QN__QRAM_WRITE:
        return write_leaves(p, s->bit);
    case QN__QRAM_COPY:
        return qn__append_cx(p->circuit, input(p, 0, 0, 1), p->target[s->bit]);
    case QN__QRAM_FAN:
        return fan(p, s->level, s->bit);
    }
    return QN_OK;
}

qn_status qn__qram_append(qn_circuit *circuit, const qn__qram_plan *plan, const uint64_t *table, uint64_t length,
                          const uint32_t *address, const uint32_t *target, uint32_t tree)
{
    const place p = {circuit, plan, table, length, address, target, tree};
    for (size_t i = 0; i < plan->count; i++) {
        QN_TRY(append_step(&p, &plan->steps[i]));
    }
    return QN_OK;
}
