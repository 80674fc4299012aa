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

static uint32_t direction(const place *p, uint32_t level, uint64_t v)
{
    return p->tree + (uint32_t)qn__qram_direction(level, v);
}

static uint32_t input(const place *p, uint32_t level, uint64_t v)
{
    return p->tree + (uint32_t)qn__qram_input(p->plan->levels, level, v);
}

static qn_status route(const place *p, uint32_t level)
{
    for (uint64_t v = 0; v < UINT64_C(1) << level; v++) {
        const uint32_t way = direction(p, level, v), from = input(p, level, v);
        const uint32_t left[2] = {from, input(p, level + 1, 2 * v)};
        QN_TRY(qn_circuit_append_controlled(p->circuit, QN_GATE_SWAP, &way, 1, 0, left, 2, NULL, 0));
        QN_TRY(qn__append_cswap(p->circuit, way, from, input(p, level + 1, 2 * v + 1)));
    }
    return QN_OK;
}

static qn_status latch(const place *p, uint32_t level)
{
    for (uint64_t v = 0; v < UINT64_C(1) << level; v++) {
        QN_TRY(qn__append_swap(p->circuit, direction(p, level, v), input(p, level, v)));
    }
    return QN_OK;
}

static qn_status write_leaves(const place *p, uint32_t bit)
{
    const uint64_t words = (p->plan->data_bits + 63) / 64;
    for (uint64_t x = 0; x < p->length; x++) {
        if ((p->table[x * words + bit / 64] >> (bit % 64) & 1) != 0) {
            QN_TRY(qn__append_x(p->circuit, input(p, p->plan->levels, x)));
        }
    }
    return QN_OK;
}

static qn_status fan(const place *p, uint32_t level, uint32_t bit)
{
    if (bit == 0) {
        return qn__append_cx(p->circuit, p->address[p->plan->levels - 1 - level], direction(p, level, 0));
    }
    const uint64_t half = UINT64_C(1) << (bit - 1);
    for (uint64_t v = 0; v < half; v++) {
        QN_TRY(qn__append_cx(p->circuit, direction(p, level, v), direction(p, level, v + half)));
    }
    return QN_OK;
}

static qn_status append_step(const place *p, const qn__qram_step *s)
{
    switch (s->kind) {
    case QN__QRAM_ENTER:
        return qn__append_swap(p->circuit, p->address[p->plan->levels - 1 - s->level], input(p, 0, 0));
    case QN__QRAM_ROUTE:
        return route(p, s->level);
    case QN__QRAM_LATCH:
        return latch(p, s->level);
    case QN__QRAM_WRITE:
        return write_leaves(p, s->bit);
    case QN__QRAM_COPY:
        return qn__append_cx(p->circuit, input(p, 0, 0), p->target[s->bit]);
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
