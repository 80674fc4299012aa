/* qram_plan.c: the steps of a query, each as early as the qubits it needs are free: addresses follow one another down
 * the tree two levels apart, so that a query takes a time of O(levels). */
#include <stdlib.h>

#include "base/alloc.h"
#include "load/qram.h"

typedef struct planner {
    qn__qram_plan plan;
    size_t capacity;
    uint32_t *inputs;     /* first free time of the inputs of each level, leaves last */
    uint32_t *directions; /* of the directions of each level */
    uint32_t *address, *target;
} planner;

static uint32_t latest(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* The resources of a step; `third` may repeat the second. */
static qn_status add(planner *p, qn__qram_kind kind, uint32_t level, uint32_t bit, uint32_t *first, uint32_t *second,
                     uint32_t *third)
{
    void *steps = p->plan.steps;
    QN_TRY(qn__grow(&steps, &p->capacity, p->plan.count + 1, sizeof *p->plan.steps));
    p->plan.steps = steps;
    const uint32_t time = latest(*first, latest(*second, *third));
    *first = *second = *third = time + 1;
    p->plan.times = latest(p->plan.times, time + 1);
    p->plan.steps[p->plan.count++] = (qn__qram_step){kind, level, bit, time};
    return QN_OK;
}

static qn_status enter(planner *p, uint32_t k)
{
    return add(p, QN__QRAM_ENTER, k, 0, &p->address[k], &p->inputs[0], &p->inputs[0]);
}

static qn_status route(planner *p, qn__qram_kind kind, uint32_t level)
{
    return add(p, kind, level, 0, &p->directions[level], &p->inputs[level], &p->inputs[level + 1]);
}

static qn_status latch(planner *p, uint32_t level)
{
    return add(p, QN__QRAM_LATCH, level, 0, &p->directions[level], &p->inputs[level], &p->inputs[level]);
}

static qn_status fan(planner *p, uint32_t level, uint32_t bit)
{
    uint32_t *address = bit == 0 ? &p->address[level] : &p->directions[level];
    return add(p, QN__QRAM_FAN, level, bit, address, &p->directions[level], &p->directions[level]);
}

/* Address bit k to the routers of level k, there or back. */
static qn_status carry(planner *p, uint32_t k, bool fanout, bool back)
{
    if (fanout) {
        for (uint32_t i = 0; i <= k; i++) {
            QN_TRY(fan(p, k, back ? k - i : i));
        }
        return QN_OK;
    }
    if (back) {
        QN_TRY(latch(p, k));
    } else {
        QN_TRY(enter(p, k));
    }
    for (uint32_t i = 0; i < k; i++) {
        QN_TRY(route(p, QN__QRAM_ROUTE, back ? k - 1 - i : i));
    }
    return back ? enter(p, k) : latch(p, k);
}

/* The data bit of the leaf that is pointed at comes up, is copied, and goes back. */
static qn_status fetch(planner *p, uint32_t bit)
{
    const uint32_t n = p->plan.levels;
    QN_TRY(add(p, QN__QRAM_WRITE, n, bit, &p->inputs[n], &p->inputs[n], &p->inputs[n]));
    for (uint32_t level = n; level-- > 0;) {
        QN_TRY(route(p, QN__QRAM_FETCH, level));
    }
    QN_TRY(add(p, QN__QRAM_COPY, 0, bit, &p->inputs[0], &p->target[bit], &p->target[bit]));
    for (uint32_t level = 0; level < n; level++) {
        QN_TRY(route(p, QN__QRAM_FETCH, level));
    }
    return add(p, QN__QRAM_WRITE, n, bit, &p->inputs[n], &p->inputs[n], &p->inputs[n]);
}

static qn_status plan_all(planner *p, bool fanout)
{
    const uint32_t n = p->plan.levels;
    for (uint32_t k = 0; k < n; k++) {
        QN_TRY(carry(p, k, fanout, false));
    }
    for (uint32_t bit = 0; bit < p->plan.data_bits; bit++) {
        QN_TRY(fetch(p, bit));
    }
    for (uint32_t k = n; k-- > 0;) {
        QN_TRY(carry(p, k, fanout, true));
    }
    return QN_OK;
}

/* By time; the order of equals does not matter, but is fixed. */
static int compare(const void *a, const void *b)
{
    const qn__qram_step *x = a, *y = b;
    const uint32_t s[2][4] = {{x->time, (uint32_t)x->kind, x->level, x->bit},
                              {y->time, (uint32_t)y->kind, y->level, y->bit}};
    for (int i = 0; i < 4; i++) {
        if (s[0][i] != s[1][i]) {
            return s[0][i] < s[1][i] ? -1 : 1;
        }
    }
    return 0;
}

qn_status qn__qram_plan_make(uint32_t levels, uint32_t data_bits, bool fanout, qn__qram_plan *out)
{
    planner p = {.plan = {.levels = levels, .data_bits = data_bits}};
    uint32_t *room = qn__calloc(3 * (size_t)levels + 1 + data_bits, sizeof *room);
    QN_ALLOC_CHECK(room);
    p.inputs = room;
    p.directions = p.inputs + levels + 1;
    p.address = p.directions + levels;
    p.target = p.address + levels;
    const qn_status status = plan_all(&p, fanout);
    qn__free(room);
    if (status != QN_OK) {
        qn__free(p.plan.steps);
        return status;
    }
    if (p.plan.count > 0) {
        qsort(p.plan.steps, p.plan.count, sizeof *p.plan.steps, compare);
    }
    *out = p.plan;
    return QN_OK;
}

void qn__qram_plan_free(qn__qram_plan *plan)
{
    qn__free(plan->steps);
    *plan = (qn__qram_plan){0};
}

uint64_t qn__qram_toffoli(uint32_t levels, uint32_t data_bits, bool fanout)
{
    const uint64_t leaves = UINT64_C(1) << levels;
    return (fanout ? 0 : 8 * (leaves - levels - 1)) + 4 * data_bits * (leaves - 1);
}

qn_status qn_qram_cost(uint32_t levels, uint32_t data_bits, bool fanout, qn_load_cost *cost)
{
    QN_CHECK(cost != NULL && levels >= 1 && levels <= 30 && data_bits >= 1 && data_bits <= 64, ERR_RANGE,
             "%u levels, %u data bits; expected 1..30 and 1..64", levels, data_bits);
    *cost = (qn_load_cost){.method = fanout ? QN_LOAD_FANOUT : QN_LOAD_BUCKET_BRIGADE,
                           .fidelity = 1,
                           .fidelity_source = QN_SOURCE_EXACT,
                           .ancillas = (uint32_t)qn__qram_qubits(levels)};
    cost->qubits = cost->ancillas + levels + data_bits;
    cost->toffoli = qn__qram_toffoli(levels, data_bits, fanout);
    cost->t_count = 7 * cost->toffoli; /* controlled swaps: no measured ANDs */
    const uint64_t leaves = UINT64_C(1) << levels, n = levels, more = data_bits - 1;
    /* A controlled swap has 8 CNOTs, a swap 3. Latching: both rails, there and back; entering: two CNOTs, twice. */
    const uint64_t address = fanout ? 4 * (leaves - 1) : 12 * (leaves - 1) + 4 * n;
    cost->cnot = 8 * cost->toffoli + address + data_bits;
    if (levels >= 3) {
        cost->depth = (fanout ? 34 * n - 2 : 96 * n - 104) + more * (24 * n + 9);
    }
    return QN_OK;
}
