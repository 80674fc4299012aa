/* passes.c: which qubits of a tile are in registers in which stretch of a stage. */
#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "engine/statevector/schedule.h"

bool qn__sv_fits(const qn__sv_item *item, uint64_t axes, uint64_t lanes, uint64_t local)
{
    const uint64_t near = axes | lanes;
    switch (item->kind) {
    case QN__SV_ITEM_GATE:
        return ((item->x | item->y | item->other) & ~near) == 0;
    case QN__SV_ITEM_DIAGONAL:
        return true;
    case QN__SV_ITEM_PHASE:
        /* half the work when one of its qubits is an axis; a lane and a qubit that cannot be one have no choice */
        return (item->z & axes) != 0 || (item->z & ~lanes) == 0 ||
               ((item->z & lanes) != 0 && (item->z & ~(lanes | local)) != 0);
    case QN__SV_ITEM_FLAT:
        return false;
    }
    return false;
}

typedef struct chooser {
    const qn__sv_program *program;
    const uint32_t *order;
    size_t count;
    uint64_t lanes, local;
} chooser;

/* Weight of the items a pass with these axes runs; marks them unless `taken` is NULL. */
static float run(const chooser *c, uint64_t axes, unsigned char *taken, size_t *seen)
{
    qn__sv_blocked blocked = {0};
    const uint64_t near = axes | c->lanes;
    float weight = 0.0F;
    size_t k = 0;
    for (; k < c->count && (near & ~qn__sv_closed(&blocked)) != 0; k++) {
        const qn__sv_item *item = &c->program->schedule.items[c->order[k]];
        if (qn__sv_fits(item, axes, c->lanes, c->local) && !qn__sv_conflicts(&blocked, item)) {
            weight += item->weight;
            if (taken != NULL) {
                taken[k] = 1;
            }
        } else {
            qn__sv_block(&blocked, item);
        }
    }
    if (seen != NULL) {
        *seen = k;
    }
    return weight;
}

/* What the first item needs, then one qubit after the other, each time the one that lets most work follow. */
static uint64_t choose_axes(const chooser *c, uint32_t most)
{
    const qn__sv_item *first = &c->program->schedule.items[c->order[0]];
    const uint64_t free_qubits = c->local & ~c->lanes;
    uint64_t axes = (first->x | first->y | first->other) & free_qubits;
    if (first->kind == QN__SV_ITEM_PHASE && axes == 0) {
        const uint64_t able = first->z & free_qubits;
        axes = able & (0 - able);
    }
    chooser window = *c;
    window.count = c->count < QN__SV_WINDOW / 4 ? c->count : QN__SV_WINDOW / 4;
    while (qn__popcount(axes) < most && axes != free_qubits) {
        float best = -1.0F;
        uint64_t chosen = 0;
        for (uint64_t in = free_qubits & ~axes; in != 0; in &= in - 1) {
            const uint64_t one = in & (0 - in);
            const float weight = run(&window, axes | one, NULL, NULL);
            if (weight > best) {
                best = weight;
                chosen = one;
            }
        }
        axes |= chosen;
    }
    return axes;
}

qn_status qn__sv_add_flat(qn__sv_program *p, const qn__sv_frame *frame, uint32_t k)
{
    qn__sv_schedule *s = &p->schedule;
    const qn__sv_op *op = &p->ops[k];
    qn__sv_stretch stretch = {.flat = true, .op = k};
    QN_TRY(qn__grow((void **)&s->stretches, &s->stretches_capacity, s->nstretches + 1, sizeof *s->stretches));
    const qn__kernel_dense *dense = op->kind == QN__SV_OP_DENSE ? &p->dense[op->first].forward : NULL;
    for (uint32_t t = 0; dense != NULL && t < dense->ntargets; t++) {
        stretch.targets[t] = frame->compact[dense->targets[t]];
    }
    stretch.gate.x = qn__sv_compact(frame, op->gate.x);
    stretch.gate.z = qn__sv_compact(frame, op->gate.z);
    stretch.gate.fixed = qn__sv_compact(frame, dense != NULL ? dense->fixed : op->gate.fixed);
    stretch.gate.value = qn__sv_compact(frame, dense != NULL ? dense->value : op->gate.value);
    if (p->dual && op->variable) {
        QN_TRY(qn__grow((void **)&s->slopes, &s->slopes_capacity, s->nslopes + 1, sizeof *s->slopes));
        stretch.first_slope = s->nslopes;
        stretch.nslopes = 1;
        s->slopes[s->nslopes++] =
            (qn__sv_slope){.factor = op->first, .stretch = s->nstretches, .sign = 1.0, .scale = 1.0};
    }
    s->stretches[s->nstretches++] = stretch;
    return QN_OK;
}

qn_status qn__sv_make_passes(qn__sv_program *p, const qn__sv_frame *frame, qn__sv_stage *stage, uint32_t *order,
                             size_t count)
{
    const uint64_t lanes = (UINT64_C(1) << frame->log_lanes) - 1;
    qn_status status = QN_OK;
    uint32_t *const buffer = qn__alloc(count, sizeof *buffer);
    unsigned char *const taken = qn__calloc(count, 1);
    if (buffer == NULL || taken == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    for (size_t first = 0; first < count;) {
        uint32_t *const rest = order + first;
        if (p->schedule.items[rest[0]].kind == QN__SV_ITEM_FLAT) {
            QN_TRY_CLEANUP(qn__sv_add_flat(p, frame, p->schedule.items[rest[0]].op));
            first++;
            continue;
        }
        size_t seen = 0, nchosen = 0;
        QN_TRY_CLEANUP(qn__sv_make_layer(p, frame, rest, count - first, taken, buffer, &nchosen));
        if (nchosen > 0) {
            first += nchosen;
            continue;
        }
        const chooser present = {p, rest, count - first, lanes, frame->local};
        const uint64_t axes = choose_axes(&present, p->kernels->axes - (p->dual ? 1 : 0));
        (void)run(&present, axes, taken, &seen);
        nchosen = qn__sv_move_taken(rest, seen, taken, buffer);
        QN_ASSERT(nchosen > 0);
        QN_TRY_CLEANUP(qn__sv_make_steps(p, frame, stage, axes, rest, nchosen));
        first += nchosen;
    }
cleanup:
    qn__free(buffer);
    qn__free(taken);
    return status;
}
