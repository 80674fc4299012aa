/* reflections.c: where a phase under many controls stands between gates that undo each other, as in the reflection of a
 * Grover step. Seen from tiles over most of its qubits, all tiles but a few are idle (idle.c), so that the gates on
 * those qubits cost next to nothing; only those on the `near` qubits, which stay in the first-level cache, meet every
 * amplitude. Tiles of such a stage may be larger than others. */
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "engine/statevector/schedule.h"

enum {
    TRIES = 4, /* phases that are looked at */
    RARE = 5   /* one tile in 2^RARE is at work, or fewer */
};

/* Qubits of a tile of a reflection, and those it leaves out at least. */
static uint32_t most_qubits(const qn__kernels *kernels, uint32_t nqubits)
{
    const uint32_t most = (uint32_t)__builtin_ctzll(QN__SV_IDLE_BYTES / (2 * kernels->real_size));
    return nqubits < most + RARE ? nqubits - RARE : most;
}

static uint64_t lowest(uint32_t count)
{
    return (UINT64_C(1) << count) - 1;
}

uint64_t qn__sv_reflection_bytes(const qn__kernels *kernels, uint32_t nqubits)
{
    return nqubits <= RARE ? 0 : (UINT64_C(2) << most_qubits(kernels, nqubits)) * kernels->real_size;
}

/* Near qubits: those that its tiles cannot hold, and as many as are cheap. 0: too many. */
static uint64_t near_qubits(const qn__sv_program *p, uint32_t tile, uint64_t chunk)
{
    const uint32_t cheap = (uint32_t)__builtin_ctzll(QN__SV_NEAR_BYTES / (2 * p->kernels->real_size));
    const uint32_t room = most_qubits(p->kernels, p->nqubits) - (uint32_t)qn__popcount(chunk);
    const uint32_t outside = p->nqubits > room ? p->nqubits - room : 0;
    const uint32_t near = outside > cheap ? outside : cheap;
    return near <= tile && near >= RARE + (uint32_t)qn__popcount(chunk) ? lowest(near) : 0;
}

/* Takes the items of a stage around the phase at `at`; *ntests stays 0 when it would not be one of idle tiles. */
static qn_status take(qn__sv_program *p, const uint32_t *order, size_t count, size_t at, uint64_t near, uint64_t chunk,
                      qn__sv_plan_stage *out)
{
    const size_t before = p->schedule.ntests;
    out->local = (p->schedule.items[order[at]].z & ~near) | chunk;
    out->ntests = 0;
    if ((p->schedule.items[order[at]].z & ~near) == 0) {
        return QN_OK;
    }
    (void)qn__sv_stage_take(p, order, count, out->local, out->taken, &out->seen);
    QN_TRY(qn__sv_find_idle(p, out->local, order, out->seen, out->taken, &out->ntests));
    if (out->ntests > 0 && (at >= out->seen || out->taken[at] == 0)) {
        p->schedule.ntests = before;
        out->ntests = 0;
    }
    if (out->ntests == 0) {
        memset(out->taken, 0, out->seen);
    }
    return QN_OK;
}

/* A stage of idle tiles around one of the first phases under many controls. */
static qn_status find(qn__sv_program *p, const uint32_t *order, size_t count, uint64_t near, uint64_t chunk,
                      qn__sv_plan_stage *out)
{
    const size_t window = count < QN__SV_WINDOW ? count : QN__SV_WINDOW;
    out->ntests = 0;
    for (size_t k = 0, tries = 0; k < window && tries < TRIES && out->ntests == 0; k++) {
        const qn__sv_item *item = &p->schedule.items[order[k]];
        if (item->kind == QN__SV_ITEM_DIAGONAL && qn__popcount(p->ops[item->op].gate.fixed & near & ~chunk) >= RARE) {
            QN_TRY(take(p, order, count, k, near, chunk, out));
            tries++;
        }
    }
    return QN_OK;
}

/* Is everything in `usual` also taken first, or by the reflection that follows? `after` is the order then. */
static bool covers(const qn__sv_plan_stage *usual, const uint32_t *order, const unsigned char *first,
                   const uint32_t *after, const qn__sv_plan_stage *next, unsigned char *marks)
{
    bool all = true;
    for (size_t k = 0; k < next->seen; k++) {
        marks[after[k]] = next->taken[k];
    }
    for (size_t k = 0; k < usual->seen; k++) {
        all = all && (usual->taken[k] == 0 || first[k] != 0 || marks[order[k]] != 0);
    }
    for (size_t k = 0; k < next->seen; k++) {
        marks[after[k]] = 0;
    }
    return all;
}

/* Puts off what a reflection will do: the stage takes only what flips near qubits, when a reflection follows that has
 * all the rest. */
static qn_status put_off(qn__sv_program *p, const uint32_t *order, size_t count, uint64_t near, uint64_t chunk,
                         uint64_t tile, qn__sv_plan_stage *stage)
{
    qn_status status = QN_OK;
    const size_t total = p->schedule.nitems, before = p->schedule.ntests;
    size_t seen = 0;
    unsigned char *const first = qn__calloc(count, 1), *const marks = qn__calloc(total, 1);
    uint32_t *const after = qn__alloc(count, sizeof *after), *const buffer = qn__alloc(count, sizeof *buffer);
    qn__sv_plan_stage next = {.taken = qn__calloc(count, 1)};
    if (first == NULL || marks == NULL || after == NULL || buffer == NULL || next.taken == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    (void)qn__sv_stage_take(p, order, count, near, first, &seen);
    memcpy(after, order, count * sizeof *after);
    memcpy(next.taken, first, seen);
    const size_t nfirst = qn__sv_move_taken(after, seen, next.taken, buffer);
    if (nfirst == 0) {
        goto cleanup;
    }
    QN_TRY_CLEANUP(find(p, after + nfirst, count - nfirst, near, chunk, &next));
    if (next.ntests > 0 && covers(stage, order, first, after + nfirst, &next, marks)) {
        memset(stage->taken, 0, stage->seen);
        memcpy(stage->taken, first, seen);
        stage->seen = seen;
        stage->local = tile;
    }
cleanup:
    p->schedule.ntests = before;
    qn__free(first);
    qn__free(marks);
    qn__free(after);
    qn__free(buffer);
    qn__free(next.taken);
    return status;
}

qn_status qn__sv_find_reflection(qn__sv_program *p, const uint32_t *order, size_t count, uint32_t tile, uint64_t chunk,
                                 qn__sv_plan_stage *stage)
{
    stage->ntests = 0;
    const uint64_t near = p->dual || p->nqubits <= tile ? 0 : near_qubits(p, tile, chunk);
    return near == 0 ? QN_OK : find(p, order, count, near, chunk, stage);
}

qn_status qn__sv_put_off_reflection(qn__sv_program *p, const uint32_t *order, size_t count, uint32_t tile,
                                    uint64_t chunk, qn__sv_plan_stage *stage)
{
    const uint64_t near = p->dual || p->nqubits <= tile ? 0 : near_qubits(p, tile, chunk);
    const size_t reach = stage->seen + QN__SV_WINDOW; /* what is looked at behind the stage */
    return near == 0 ? QN_OK : put_off(p, order, count < reach ? count : reach, near, chunk, lowest(tile), stage);
}
