/* layers.c: H on many qubits of a tile at once. A pass turns three qubits a trip through the tile; the kernel for a
 * layer of H takes four, with additions alone, and most of its trips stay in the first-level cache. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "engine/statevector/rows_simd.h"
#include "engine/statevector/schedule.h"

/* Fewer H do as well in passes, where other gates join them. */
enum { LEAST = 7 };

static bool is_hadamard(const qn__sv_program *p, const qn__sv_item *item)
{
    static const double signs[8] = {1, 0, 1, 0, 1, 0, -1, 0};
    const qn__sv_op *op = &p->ops[item->op];
    const uint64_t x = op->gate.x;
    if (item->kind != QN__SV_ITEM_GATE || op->kind != QN__SV_OP_PAIR || op->variable || (x & (x - 1)) != 0 ||
        op->gate.fixed != x) {
        return false;
    }
    bool equal = true;
    for (int k = 0; k < 8; k++) {
        equal = equal && fabs(op->gate.m[k] - 0.70710678118654752440 * signs[k]) < 4e-16;
    }
    return equal;
}

static bool wanted(const qn__sv_program *p, const qn__sv_item *item, qn__sv_item_kind kind)
{
    return item->kind == kind && (kind != QN__SV_ITEM_GATE || is_hadamard(p, item));
}

/* Marks the H (GATE) or the diagonal operations that nothing before hinders but such as are marked already. */
static size_t mark(const qn__sv_program *p, const uint32_t *order, size_t count, qn__sv_item_kind kind, uint64_t local,
                   unsigned char *taken)
{
    qn__sv_blocked blocked = {0};
    size_t marked = 0;
    for (size_t k = 0; k < count && (local & ~qn__sv_closed(&blocked)) != 0; k++) {
        const qn__sv_item *item = &p->schedule.items[order[k]];
        if (taken[k] != 0) {
            continue;
        }
        if (wanted(p, item, kind) && !qn__sv_conflicts(&blocked, item)) {
            taken[k] = 1;
            marked++;
        } else {
            qn__sv_block(&blocked, item);
        }
    }
    return marked;
}

/* Do the marked diagonal operations meet so few amplitudes that their own kernel is cheaper than a pass? */
static bool are_sparse(const qn__sv_program *p, const uint32_t *order, size_t count, const unsigned char *taken)
{
    double share = 0.0;
    for (size_t k = 0; k < count; k++) {
        if (taken[k] != 0) {
            share += ldexp(1.0, -(int)qn__popcount(p->ops[p->schedule.items[order[k]].op].gate.fixed));
        }
    }
    return share <= 0.25;
}

static qn_status add_layer(qn__sv_program *p, const qn__sv_frame *frame, const uint32_t *order, size_t count)
{
    qn__sv_schedule *s = &p->schedule;
    qn__sv_stretch stretch = {.carrier = SIZE_MAX, .first_step = s->nsteps, .first_fill = s->nfills};
    QN_TRY(qn__grow((void **)&s->stretches, &s->stretches_capacity, s->nstretches + 1, sizeof *s->stretches));
    for (size_t k = 0; k < count; k++) {
        stretch.hadamards |= qn__sv_compact(frame, p->ops[s->items[order[k]].op].gate.x);
    }
    s->stretches[s->nstretches++] = stretch;
    return QN_OK;
}

size_t qn__sv_move_taken(uint32_t *order, size_t count, unsigned char *taken, uint32_t *buffer)
{
    size_t nchosen = 0, kept = 0;
    for (size_t k = 0; k < count; k++) {
        nchosen += taken[k];
    }
    uint32_t *const waiting = buffer + nchosen;
    for (size_t k = 0, n = 0; k < count; k++) {
        if (taken[k] != 0) {
            buffer[n++] = order[k];
        } else {
            waiting[kept++] = order[k];
        }
        taken[k] = 0;
    }
    memcpy(order, buffer, count * sizeof *order);
    return nchosen;
}

qn_status qn__sv_make_layer(qn__sv_program *p, const qn__sv_frame *frame, uint32_t *order, size_t count,
                            unsigned char *taken, uint32_t *buffer, size_t *done)
{
    *done = 0;
    if (p->dual || p->nqubits <= QN__SV_ROW_QUBITS) { /* kernels on rows know passes only */
        return QN_OK;
    }
    const size_t window = count < QN__SV_WINDOW ? count : QN__SV_WINDOW;
    if (mark(p, order, window, QN__SV_ITEM_GATE, frame->local, taken) >= LEAST) {
        const size_t n = qn__sv_move_taken(order, window, taken, buffer);
        *done = n;
        return add_layer(p, frame, order, n);
    }
    memset(taken, 0, window);
    if (p->schedule.items[order[0]].kind != QN__SV_ITEM_DIAGONAL) {
        return QN_OK;
    }
    /* do diagonal operations alone stand before a layer, or before the end? */
    (void)mark(p, order, window, QN__SV_ITEM_DIAGONAL, frame->local, taken);
    const bool sparse = are_sparse(p, order, window, taken);
    const size_t n = qn__sv_move_taken(order, window, taken, buffer);
    const size_t follow = mark(p, order + n, window - n, QN__SV_ITEM_GATE, frame->local, taken);
    memset(taken, 0, window);
    for (size_t k = 0; sparse && (follow >= LEAST || n == count) && k < n; k++) {
        QN_TRY(qn__sv_add_flat(p, frame, p->schedule.items[order[k]].op));
        *done = n;
    }
    return QN_OK;
}
