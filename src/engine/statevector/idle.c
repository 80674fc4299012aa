/* idle.c: stages in which most tiles stay as they are. A phase under controls outside of the tile does nothing in a
 * tile where one of them fails; when the gates before it are undone by those after it, as in H Z H of a Grover step,
 * nothing is left to do there. Such a stage keeps the gates that cancel and leaves the others to later ones. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "engine/statevector/schedule.h"

enum { TAKEN = 1, PAIRED = 2, CONDITIONAL = 4 }; /* flags of an item, of which only the first is known outside */

typedef struct finder {
    const qn__sv_program *program;
    const uint32_t *order;
    size_t count;
    uint64_t local;
    unsigned char *flags;
    uint32_t *partner; /* of a paired item; else the one below it on its qubit's stack, 1 + place */
} finder;

static const qn__sv_item *item_at(const finder *f, size_t k)
{
    return &f->program->schedule.items[f->order[k]];
}

/* What must hold outside of the tile for the item to act there: masks over qubits. */
static qn__sv_test test_of(const finder *f, const qn__sv_item *item)
{
    const uint64_t outside = ~f->local;
    if (item->kind == QN__SV_ITEM_PHASE) {
        return (qn__sv_test){item->z & outside, item->z & outside};
    }
    const qn__sv_op *op = &f->program->ops[item->op];
    const qn__kernel_dense *dense = op->kind == QN__SV_OP_DENSE ? &f->program->dense[op->first].forward : NULL;
    const uint64_t fixed = dense != NULL ? dense->fixed : op->gate.fixed;
    const uint64_t value = dense != NULL ? dense->value : op->gate.value;
    return (qn__sv_test){fixed & outside, value & outside};
}

/* A constant 2x2 on one qubit, whatever the others are. */
static bool is_simple(const finder *f, const qn__sv_item *item)
{
    const qn__sv_op *op = &f->program->ops[item->kind == QN__SV_ITEM_GATE ? item->op : 0];
    const uint64_t x = op->gate.x;
    return item->kind == QN__SV_ITEM_GATE && op->kind == QN__SV_OP_PAIR && !op->variable && (x & (x - 1)) == 0 &&
           op->gate.fixed == x;
}

/* Is b a = 1, up to the rounding of one product? */
static bool cancels(const qn__sv_op *a, const qn__sv_op *b)
{
    double off = 0.0;
    for (int r = 0; r < 2; r++) {
        for (int c = 0; c < 2; c++) {
            double re = r == c ? -1.0 : 0.0, im = 0.0;
            for (int k = 0; k < 2; k++) {
                const double *u = b->gate.m + 4 * r + 2 * k, *v = a->gate.m + 4 * k + 2 * c;
                re += u[0] * v[0] - u[1] * v[1];
                im += u[0] * v[1] + u[1] * v[0];
            }
            off = fmax(off, fmax(fabs(re), fabs(im)));
        }
    }
    return off < 1e-15;
}

/* Pairs what cancels where no condition holds, qubit by qubit as brackets are matched. */
static void find_pairs(const finder *f)
{
    const qn__sv_program *p = f->program;
    uint32_t top[64] = {0};
    for (size_t k = 0; k < f->count; k++) {
        const qn__sv_item *item = item_at(f, k);
        if (f->flags[k] == 0) {
            continue;
        }
        if (test_of(f, item).fixed != 0) {
            f->flags[k] |= CONDITIONAL;
            continue;
        }
        if (!is_simple(f, item)) {
            for (uint64_t left = item->z | item->x | item->y | item->other; left != 0; left &= left - 1) {
                top[__builtin_ctzll(left)] = 0;
            }
            continue;
        }
        uint32_t *const last = &top[__builtin_ctzll(p->ops[item->op].gate.x)];
        const size_t before = *last - 1U;
        if (*last != 0 && cancels(&p->ops[item_at(f, before)->op], &p->ops[item->op])) {
            *last = f->partner[before];
            f->partner[before] = (uint32_t)k;
            f->partner[k] = (uint32_t)before;
            f->flags[before] |= PAIRED;
            f->flags[k] |= PAIRED;
        } else {
            f->partner[k] = *last;
            *last = (uint32_t)k + 1;
        }
    }
}

/* Gives up pairs that something left out stands before; false when a condition is so hindered. */
static bool settle(const finder *f)
{
    for (bool changed = true; changed;) {
        qn__sv_blocked blocked = {0};
        changed = false;
        for (size_t k = 0; k < f->count; k++) {
            const qn__sv_item *item = item_at(f, k);
            const bool kept = (f->flags[k] & (PAIRED | CONDITIONAL)) != 0;
            if (!kept) {
                qn__sv_block(&blocked, item);
            } else if (qn__sv_conflicts(&blocked, item)) {
                if ((f->flags[k] & CONDITIONAL) != 0) {
                    return false;
                }
                f->flags[k] = TAKEN;
                f->flags[f->partner[k]] = TAKEN;
                changed = true;
            }
        }
    }
    return true;
}

/* The conditions of the stage, unless they hold too often or nothing cancels. */
static qn_status add_tests(qn__sv_program *p, const finder *f, size_t *count)
{
    qn__sv_schedule *s = &p->schedule;
    double share = 0.0;
    size_t pairs = 0, conditions = 0;
    for (size_t k = 0; k < f->count; k++) {
        pairs += (f->flags[k] & PAIRED) != 0 ? 1 : 0;
        if ((f->flags[k] & CONDITIONAL) != 0) {
            share += ldexp(1.0, -(int)qn__popcount(test_of(f, item_at(f, k)).fixed));
            conditions++;
        }
    }
    *count = 0;
    if (pairs == 0 || conditions == 0 || share > 0.5) {
        return QN_OK;
    }
    QN_TRY(qn__grow((void **)&s->tests, &s->tests_capacity, s->ntests + conditions, sizeof *s->tests));
    for (size_t k = 0; k < f->count; k++) {
        if ((f->flags[k] & CONDITIONAL) != 0) {
            s->tests[s->ntests++] = test_of(f, item_at(f, k));
        }
    }
    *count = conditions;
    return QN_OK;
}

qn_status qn__sv_find_idle(qn__sv_program *p, uint64_t local, const uint32_t *order, size_t count, unsigned char *taken,
                           size_t *ntests)
{
    *ntests = 0;
    if (p->dual || local == (UINT64_C(2) << (p->nqubits - 1)) - 1) {
        return QN_OK;
    }
    qn_status status = QN_OK;
    finder f = {p, order, count, local, qn__alloc(count, 1), qn__alloc(count, sizeof *f.partner)};
    if (f.flags == NULL || f.partner == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    memcpy(f.flags, taken, count);
    find_pairs(&f);
    if (settle(&f)) {
        QN_TRY_CLEANUP(add_tests(p, &f, ntests));
    }
    for (size_t k = 0; *ntests > 0 && k < count; k++) {
        taken[k] = (f.flags[k] & (PAIRED | CONDITIONAL)) != 0 ? TAKEN : 0;
    }
cleanup:
    qn__free(f.flags);
    qn__free(f.partner);
    return status;
}

bool qn__sv_is_idle(const qn__sv_program *p, const qn__sv_stage *stage, uint64_t tile)
{
    for (size_t k = 0; k < stage->ntests; k++) {
        const qn__sv_test *const test = &p->schedule.tests[stage->first_test + k];
        if ((tile & test->fixed) == test->value) {
            return false;
        }
    }
    return stage->ntests > 0;
}
