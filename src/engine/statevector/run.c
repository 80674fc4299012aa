/* run.c: from bound matrices to a state: stage by stage, one barrier each. */
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "engine/statevector/run.h"
#include "engine/statevector/schedule.h"
#include "engine/statevector/tile.h"

static size_t state_bytes(const qn__sv_program *p)
{
    return (size_t)p->blocks * p->kernels->lanes * 2 * p->kernels->real_size;
}

/* Pages of 2 MiB save up to a third of a pass over a large state; where the system gives none, nothing is lost. */
void *qn__sv_state_create(const qn__sv_program *p)
{
    void *state = qn__alloc(state_bytes(p), 1);
    qn__large_pages(state, state_bytes(p));
    return state;
}

/* Start states: a product over some qubits, copied under the amplitude of all others. */

/* Amplitude of the qubits of `mask` being in the state whose bits are those of `bits`. */
static void product_of(const qn__sv_program *p, uint64_t mask, uint64_t bits, double *out)
{
    out[0] = 1.0;
    out[1] = 0.0;
    for (uint64_t left = mask; left != 0; left &= left - 1) {
        const uint32_t q = (uint32_t)__builtin_ctzll(left);
        const double *c = p->columns + 4 * (size_t)q + 2 * (bits >> q & 1);
        const double re = out[0] * c[0] - out[1] * c[1];
        out[1] = out[0] * c[1] + out[1] * c[0];
        out[0] = re;
    }
}

/* False, and the tile cleared, when its amplitude is 0: it stays 0 whatever the stage does. */
static bool start_tile(const qn__sv_program *p, void *tile, const void *base, uint64_t blocks, uint64_t outside,
                       uint64_t bits)
{
    double scale[2];
    product_of(p, outside, bits, scale);
    if (scale[0] == 0.0 && scale[1] == 0.0) {
        p->kernels->clear(tile, blocks);
        return false;
    }
    p->kernels->scaled_copy(tile, base, blocks, scale[0], scale[1]);
    return true;
}

/* A whole state tile by tile; the first tile is the base of the others and scaled last. */
static void start_tiles(qn__sv_program *p, uint64_t member, uint64_t team)
{
    const uint64_t tiles = UINT64_C(1) << (p->nqubits - QN__SV_TILE_QUBITS);
    const uint64_t blocks = (UINT64_C(1) << QN__SV_TILE_QUBITS) / p->kernels->lanes;
    const uint64_t outside = qn__sv_all_qubits(p) & ~((UINT64_C(1) << QN__SV_TILE_QUBITS) - 1);
    unsigned char *state = p->state;
    for (uint64_t tile = 1 + (tiles - 1) * member / team; tile < 1 + (tiles - 1) * (member + 1) / team; tile++) {
        (void)start_tile(p, state + (tile << QN__SV_TILE_QUBITS) * qn__sv_amplitude_bytes(p), state, blocks, outside,
                         tile << QN__SV_TILE_QUBITS);
    }
    if (team > 1) { /* alone, this may be one of several states at work */
#pragma omp barrier
    }
    if (member == 0) {
        (void)start_tile(p, state, state, blocks, outside, 0);
    }
    if (team > 1) {
#pragma omp barrier
    }
}

/* The base of the first stage's tiles. */
static void make_base(qn__sv_program *p)
{
    const qn__sv_stage *stage = &p->schedule.stages[0];
    double columns[4 * 64];
    uint32_t n = 0;
    for (uint64_t left = stage->local; left != 0; left &= left - 1) {
        memcpy(columns + 4 * (size_t)n++, p->columns + 4 * (size_t)__builtin_ctzll(left), 4 * sizeof *columns);
    }
    p->kernels->product(p->schedule.base, n, columns);
}

static void run_tile(const qn__sv_program *p, const qn__sv_stage *stage, void *state, uint64_t tile, bool start,
                     unsigned char *buffer)
{
    const uint64_t high = tile << stage->nlocal;
    const uint64_t blocks = (UINT64_C(1) << stage->nlocal) / p->kernels->lanes;
    const size_t bytes = qn__sv_amplitude_bytes(p) << stage->nlocal;
    unsigned char *const locals = buffer + bytes;
    const bool moves = stage->kind == QN__SV_STAGE_GATHER;
    const qn__sv_mover m = qn__sv_mover_make(p, stage, state, tile);
    unsigned char *const work = moves ? buffer : m.state + m.tile * m.amplitude;
    bool live = true;
    const bool idle = qn__sv_is_idle(p, stage, m.tile);
    if (idle && !start) {
        return;
    }
    if (start) {
        live = start_tile(p, work, p->schedule.base, blocks, qn__sv_all_qubits(p) & ~stage->local, m.tile) && !idle;
    } else if (moves) {
        qn__sv_gather(&m, work);
    }
    if (live) {
        qn__sv_fill_locals(p, stage, high, locals);
        for (size_t k = 0; k < stage->nstretches; k++) {
            qn__sv_run_stretch(p, &p->schedule.stretches[stage->first_stretch + k], work, stage->nlocal, high, locals,
                               0, 1);
        }
    }
    if (moves) {
        qn__sv_scatter(&m, work);
    }
}

static void run_stage(const qn__sv_program *p, const qn__sv_stage *stage, void *state, bool start, uint64_t member,
                      uint64_t team)
{
    switch (stage->kind) {
    case QN__SV_STAGE_FLAT:
        qn__sv_apply(p, state, &p->ops[stage->op], member, team);
        return;
    case QN__SV_STAGE_PLAIN:
        for (size_t k = 0; k < stage->nstretches; k++) {
            qn__sv_run_stretch(p, &p->schedule.stretches[stage->first_stretch + k], state, stage->nlocal, 0, NULL,
                               member, team);
            if (team > 1) {
#pragma omp barrier
            }
        }
        return;
    case QN__SV_STAGE_TILES:
    case QN__SV_STAGE_GATHER:
        break;
    }
    const uint64_t tiles = UINT64_C(1) << (p->nqubits - stage->nlocal);
    for (uint64_t tile = member; tile < tiles; tile += team) {
        run_tile(p, stage, state, tile, start, p->schedule.buffers + member * p->schedule.buffer_size);
    }
}

static void run_part(qn__sv_program *p, void *state, bool start, uint64_t member, uint64_t team)
{
    const qn__sv_schedule *s = &p->schedule;
    if (start && !s->skips_start && p->nqubits > QN__SV_TILE_QUBITS) {
        start_tiles(p, member, team);
    }
    for (size_t k = 0; k < s->nstages; k++) {
        run_stage(p, &s->stages[k], state, start && k == 0 && s->skips_start, member, team);
        if (team > 1) {
#pragma omp barrier
        }
    }
}

static void run(qn__sv_program *p, void *state, bool start)
{
    const qn__sv_schedule *s = &p->schedule;
    const bool one_tile = s->nstages == 1 && s->stages[0].kind == QN__SV_STAGE_PLAIN; /* one core's cache is faster */
    if (p->threads == 1 || one_tile) {
        run_part(p, state, start, 0, 1);
        return;
    }
#pragma omp parallel num_threads((int)p->threads)
    run_part(p, state, start, qn__team_member(), qn__team_size());
}

void qn__sv_evolve(qn__sv_program *p, void *state)
{
    run(p, state, false);
}

void qn__sv_forward(qn__sv_program *p)
{
    if (p->schedule.skips_start) {
        make_base(p);
    } else {
        const uint32_t n = p->nqubits < QN__SV_TILE_QUBITS ? p->nqubits : QN__SV_TILE_QUBITS;
        p->kernels->product(p->state, n, p->columns);
    }
    run(p, p->state, true);
}

void qn__sv_restore_order(qn__sv_program *p)
{
    uint8_t position[64];
    memcpy(position, p->position, sizeof position);
    for (uint32_t q = 0; q < p->nqubits; q++) {
        while (position[q] != q) { /* exchange it with the qubit whose place it has */
            const uint32_t other = position[q];
            const uint64_t x = UINT64_C(1) << q | UINT64_C(1) << other;
            const qn__kernel_gate gate = {
                .x = x, .fixed = x, .value = UINT64_C(1) << q, .m = {0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0}};
#pragma omp parallel num_threads((int)p->threads) if (p->threads > 1)
            p->kernels->pair(p->state, p->blocks, &gate, QN__SHAPE_REAL, qn__team_member(), qn__team_size());
            /* the bit `other` now holds what `q` had; who was at q moves there */
            for (uint32_t r = 0; r < p->nqubits; r++) {
                if (position[r] == q && r != q) {
                    position[r] = (uint8_t)other;
                    break;
                }
            }
            position[q] = (uint8_t)q;
        }
    }
}

double qn__sv_inner(qn__sv_program *p, const void *a, const void *b)
{
    const uint64_t parts = qn__sv_parts(p);
    double *partial = p->partial;
#pragma omp parallel for schedule(static) num_threads((int)p->threads) if (p->threads > 1)
    for (uint64_t part = 0; part < parts; part++) {
        partial[part] = p->kernels->inner(a, b, p->blocks / parts * part, p->blocks / parts);
    }
    double sum = 0.0;
    for (uint64_t part = 0; part < parts; part++) {
        sum += partial[part];
    }
    return sum;
}
