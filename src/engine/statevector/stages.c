/* stages.c: which qubits are local in which stretch of the circuit (Haner and Steiger, arXiv:1704.01127, for nodes of a
 * cluster; here for the cache of a core). Flips must be local; diagonal gates, controls and swaps need not be. */
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "engine/statevector/schedule.h"

static uint64_t flips(const qn__sv_item *item)
{
    return item->x | item->y | item->other;
}

/* Qubits of a tile: `asked` for, or 0. A matter of the precision alone, so that no result depends on threads or
 * machine. Some qubits beside the lanes must always be free to choose. */
static uint32_t tile_qubits_of(const qn__kernels *kernels, uint32_t asked, bool dual)
{
    const uint32_t cache = (uint32_t)__builtin_ctzll(QN__SV_TILE_BYTES / (2 * kernels->real_size));
    const uint32_t least = (uint32_t)__builtin_ctzll(kernels->lanes) + 2;
    const uint32_t size = (asked != 0 ? asked : cache) - (dual ? 1 : 0);
    return size < least ? least : size;
}

static uint32_t tile_qubits(const qn__sv_program *p)
{
    return tile_qubits_of(p->kernels, p->tile_qubits, p->dual);
}

static uint32_t chunk_qubits(const qn__sv_program *p)
{
    const uint32_t chunk = (uint32_t)__builtin_ctzll(QN__SV_CHUNK_BYTES / (2 * p->kernels->real_size));
    const uint32_t most = tile_qubits(p) - 2;
    return chunk < most ? chunk : most;
}

/* A phase whose qubits are all outside would cost a trip for nothing, so it waits. */
float qn__sv_stage_take(const qn__sv_program *p, const uint32_t *order, size_t count, uint64_t local,
                        unsigned char *taken, size_t *seen)
{
    qn__sv_blocked blocked = {0};
    float weight = 0.0F;
    size_t k = 0;
    for (; k < count && (local & ~qn__sv_closed(&blocked)) != 0; k++) { /* beyond, nothing can follow */
        const qn__sv_item *item = &p->schedule.items[order[k]];
        const bool idle = item->kind == QN__SV_ITEM_PHASE && (item->z & local) == 0;
        if (!idle && (flips(item) & ~local) == 0 && !qn__sv_conflicts(&blocked, item)) {
            weight += item->weight;
            if (taken != NULL) {
                taken[k] = 1;
            }
            continue;
        }
        qn__sv_block(&blocked, item);
    }
    if (seen != NULL) {
        *seen = k;
    }
    return weight;
}

/* First come, first served; then single exchanges as long as they help. */
static uint64_t choose_local(const qn__sv_program *p, const uint32_t *order, size_t count)
{
    const uint64_t all = (UINT64_C(2) << (p->nqubits - 1)) - 1;
    const uint32_t size = tile_qubits(p);
    if (p->nqubits <= size) {
        return all;
    }
    const uint64_t forced = (UINT64_C(1) << chunk_qubits(p)) - 1;
    uint64_t local = forced;
    qn__sv_blocked blocked = {0};
    for (size_t k = 0; k < count && qn__popcount(local) < size; k++) {
        const qn__sv_item *item = &p->schedule.items[order[k]];
        const uint64_t with = local | flips(item);
        if (qn__popcount(with) <= size && !qn__sv_conflicts(&blocked, item)) {
            local = with;
        } else {
            qn__sv_block(&blocked, item);
        }
    }
    for (size_t k = 0; k < count && qn__popcount(local) < size; k++) { /* phases alone: any of their qubits */
        const uint64_t z = p->schedule.items[order[k]].z;
        local |= z & (0 - z);
    }
    for (uint32_t q = 0; qn__popcount(local) < size; q++) {
        local |= UINT64_C(1) << q;
    }
    const size_t window = count < QN__SV_WINDOW ? count : QN__SV_WINDOW;
    float best = qn__sv_stage_take(p, order, window, local, NULL, NULL);
    for (uint64_t out = local & ~forced; out != 0; out &= out - 1) {
        const uint64_t less = local & ~(out & (0 - out));
        uint64_t better = local;
        for (uint64_t in = all & ~local; in != 0; in &= in - 1) {
            const uint64_t with = less | (in & (0 - in));
            const float weight = qn__sv_stage_take(p, order, window, with, NULL, NULL);
            if (weight > best) {
                best = weight;
                better = with;
            }
        }
        local = better;
    }
    return local;
}

static void make_frame(const qn__sv_program *p, uint64_t local, qn__sv_frame *frame)
{
    *frame = (qn__sv_frame){.local = local,
                            .nlocal = (uint32_t)qn__popcount(local),
                            .nqubits = p->nqubits,
                            .log_lanes = (uint32_t)__builtin_ctzll(p->kernels->lanes)};
    uint8_t inside = 0, outside = (uint8_t)frame->nlocal;
    for (uint32_t q = 0; q < p->nqubits; q++) {
        frame->compact[q] = (local >> q & 1) != 0 ? inside++ : outside++;
    }
}

static qn__sv_stage *new_stage(qn__sv_schedule *s)
{
    if (qn__grow((void **)&s->stages, &s->stages_capacity, s->nstages + 1, sizeof *s->stages) != QN_OK) {
        return NULL;
    }
    s->stages[s->nstages] =
        (qn__sv_stage){.first_stretch = s->nstretches, .first_local = s->nlocals, .first_slope = s->nslopes};
    return &s->stages[s->nstages++];
}

/* The operation that all items of a stage come from; QN__SV_NONE when there are several. */
static uint32_t only_op(const qn__sv_program *p, const uint32_t *order, size_t count)
{
    uint32_t op = UINT32_MAX;
    for (size_t k = 0; k < count; k++) {
        const qn__sv_item *item = &p->schedule.items[order[k]];
        uint32_t unit = item->kind == QN__SV_ITEM_PHASE ? item->units : UINT32_MAX;
        do {
            const uint32_t from = unit == UINT32_MAX ? item->op : p->schedule.units[unit].op;
            if (op != UINT32_MAX && op != from) {
                return UINT32_MAX;
            }
            op = from;
            unit = unit == UINT32_MAX ? unit : p->schedule.units[unit].next;
        } while (unit != UINT32_MAX);
    }
    return op;
}

/* One operation over a large state: its kernel meets only the amplitudes that it must. Its global phase is part of it
 * there, so it is no longer dropped. */
static bool make_flat(qn__sv_program *p, qn__sv_stage *stage, const uint32_t *order, size_t count)
{
    qn__sv_schedule *s = &p->schedule;
    const uint32_t op = only_op(p, order, count);
    if (op == UINT32_MAX || (p->ops[op].kind == QN__SV_OP_DENSE && (stage->local & (stage->local + 1)) == 0)) {
        return false; /* several, or a matrix that passes over neighbours do better */
    }
    size_t items = 0; /* are these all the items of it? */
    for (size_t k = 0; k < s->nitems; k++) {
        const uint32_t index = (uint32_t)k;
        items += only_op(p, &index, 1) == op ? 1 : 0;
    }
    if (items != count) {
        return false;
    }
    stage->kind = QN__SV_STAGE_FLAT;
    stage->op = op;
    size_t kept = 0;
    for (size_t k = 0; k < s->nglobals; k++) {
        if (s->globals[k].op != op) {
            s->globals[kept++] = s->globals[k];
        }
    }
    s->nglobals = kept;
    return true;
}

/* The tests are the last `ntests` of the schedule. */
static qn_status make_stage(qn__sv_program *p, uint64_t local, uint32_t *order, size_t count, size_t ntests)
{
    qn__sv_schedule *s = &p->schedule;
    qn__sv_stage *stage = new_stage(s);
    QN_ALLOC_CHECK(stage);
    stage->local = local;
    stage->nlocal = (uint32_t)qn__popcount(local);
    stage->first_test = s->ntests - ntests;
    stage->ntests = ntests;
    const bool whole = stage->nlocal == p->nqubits;
    if (!whole && !p->dual && make_flat(p, stage, order, count)) {
        return QN_OK;
    }
    qn__sv_frame frame;
    make_frame(p, local, &frame);
    QN_TRY(qn__sv_make_passes(p, &frame, stage, order, count));
    stage->nstretches = s->nstretches - stage->first_stretch;
    stage->nlocals = s->nlocals - stage->first_local;
    stage->nslopes = s->nslopes - stage->first_slope;
    s->most_slopes = stage->nslopes > s->most_slopes ? stage->nslopes : s->most_slopes;
    s->most_locals = stage->nlocals > s->most_locals ? stage->nlocals : s->most_locals;
    const bool lowest = (local & (local + 1)) == 0;
    stage->kind = whole ? QN__SV_STAGE_PLAIN : lowest ? QN__SV_STAGE_TILES : QN__SV_STAGE_GATHER;
    return QN_OK;
}

/* Does the item flip more qubits than a tile has beside its chunk? */
static bool is_wide(const qn__sv_program *p, const qn__sv_item *item)
{
    const uint64_t forced = (UINT64_C(1) << chunk_qubits(p)) - 1;
    const uint32_t size = tile_qubits(p);
    return p->nqubits > size && (uint32_t)qn__popcount(flips(item) | forced) > size;
}

/* Such an item is a stage of its own, over the whole state by its own kernel. */
static qn_status make_wide(qn__sv_program *p, uint32_t index)
{
    qn__sv_schedule *s = &p->schedule;
    qn__sv_stage *stage = new_stage(s);
    QN_ALLOC_CHECK(stage);
    s->items[index].kind = QN__SV_ITEM_FLAT;
    stage->kind = QN__SV_STAGE_FLAT;
    stage->op = s->items[index].op;
    stage->local = (UINT64_C(2) << (p->nqubits - 1)) - 1;
    stage->nlocal = p->nqubits;
    if (p->dual) { /* which finds its slope by the stretch */
        qn__sv_frame frame;
        make_frame(p, stage->local, &frame);
        QN_TRY(qn__sv_make_passes(p, &frame, stage, &index, 1));
        stage->nstretches = s->nstretches - stage->first_stretch;
        stage->nslopes = s->nslopes - stage->first_slope;
        s->most_slopes = stage->nslopes > s->most_slopes ? stage->nslopes : s->most_slopes;
    }
    return QN_OK;
}

/* The next stage: one that leaves most tiles idle when there is such a one, or clears the way for it. */
static qn_status choose_stage(qn__sv_program *p, const uint32_t *order, size_t count, qn__sv_plan_stage *plan)
{
    const uint32_t tile = tile_qubits(p);
    const uint64_t chunk = (UINT64_C(1) << chunk_qubits(p)) - 1;
    QN_TRY(qn__sv_find_reflection(p, order, count, tile, chunk, plan));
    if (plan->ntests > 0) {
        return QN_OK;
    }
    plan->local = choose_local(p, order, count);
    (void)qn__sv_stage_take(p, order, count, plan->local, plan->taken, &plan->seen);
    QN_TRY(qn__sv_find_idle(p, plan->local, order, plan->seen, plan->taken, &plan->ntests));
    return plan->ntests > 0 ? QN_OK : qn__sv_put_off_reflection(p, order, count, tile, chunk, plan);
}

qn_status qn__sv_make_stages(qn__sv_program *p)
{
    const size_t total = p->schedule.nitems;
    qn_status status = QN_OK;
    uint32_t *const all = qn__alloc(total, sizeof *all), *const buffer = qn__alloc(total, sizeof *buffer);
    unsigned char *const taken = qn__calloc(total, 1);
    if (all == NULL || buffer == NULL || taken == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    for (uint32_t k = 0; k < total; k++) {
        all[k] = k;
    }
    for (size_t first = 0; first < total;) {
        uint32_t *const order = all + first;
        if (is_wide(p, &p->schedule.items[order[0]])) {
            QN_TRY_CLEANUP(make_wide(p, order[0]));
            first++;
            continue;
        }
        qn__sv_plan_stage plan = {.taken = taken};
        QN_TRY_CLEANUP(choose_stage(p, order, total - first, &plan));
        const size_t nchosen = qn__sv_move_taken(order, plan.seen, taken, buffer);
        QN_ASSERT(nchosen > 0);
        QN_TRY_CLEANUP(make_stage(p, plan.local, order, nchosen, plan.ntests));
        first += nchosen;
    }
cleanup:
    qn__free(all);
    qn__free(buffer);
    qn__free(taken);
    return status;
}

qn_status qn__sv_schedule_make(qn__sv_program *p)
{
    QN_TRY(qn__sv_make_items(p));
    QN_TRY(qn__sv_make_stages(p));
    return qn__sv_make_arenas(p);
}

uint64_t qn__sv_schedule_bytes(const qn__kernels *kernels)
{
    const uint64_t vectors = 2 * (uint64_t)kernels->lanes * kernels->real_size;
    return sizeof(qn__sv_op) + 2 * sizeof(qn__sv_factor) + sizeof(qn__sv_item) + sizeof(qn__sv_unit) +
           sizeof(qn__step) + sizeof(qn__sv_fill) + sizeof(qn__sv_part) + sizeof(qn__sv_test) + vectors;
}

uint64_t qn__sv_tile_bytes(const qn__kernels *kernels, uint32_t asked, uint32_t nqubits, uint32_t threads,
                           bool reflects)
{
    const uint32_t size = tile_qubits_of(kernels, asked, false);
    const uint64_t tile = (UINT64_C(2) << size) * kernels->real_size;
    const uint64_t other = reflects ? qn__sv_reflection_bytes(kernels, nqubits) : 0;
    return nqubits <= size ? 0 : (threads + UINT64_C(1)) * (other > tile ? other : tile);
}

void qn__sv_schedule_free(qn__sv_schedule *s)
{
    void *const owned[] = {s->items, s->units,  s->globals, s->stages, s->stretches, s->steps, s->fills,   s->parts,
                           s->outer, s->locals, s->slopes,  s->tests,  s->vectors,   s->table, s->buffers, s->base};
    for (size_t k = 0; k < sizeof owned / sizeof owned[0]; k++) {
        qn__free(owned[k]);
    }
}
