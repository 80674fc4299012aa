/* tile.c: tiles of a state: moved out and back, and one stretch of a stage run on them. */
#include "engine/statevector/tile.h"

#include <string.h>

#include "base/bits.h"

static uint64_t deposit(uint64_t value, uint64_t mask)
{
    uint64_t out = 0;
    for (; mask != 0; mask &= mask - 1, value >>= 1) {
        out |= (value & 1) != 0 ? mask & (0 - mask) : 0;
    }
    return out;
}

qn__sv_mover qn__sv_mover_make(const qn__sv_program *p, const qn__sv_stage *stage, void *state, uint64_t tile)
{
    const uint64_t low = stage->local & ~(stage->local + 1); /* the lowest ones in a row */
    qn__sv_mover m = {.state = state,
                      .run = (size_t)(low + 1) * qn__sv_amplitude_bytes(p),
                      .above = stage->local & ~low,
                      .tile = deposit(tile, qn__sv_all_qubits(p) & ~stage->local),
                      .amplitude = qn__sv_amplitude_bytes(p)};
    m.runs = UINT64_C(1) << qn__popcount(m.above);
    return m;
}

/* Rows lie too far apart for the processor to guess the next: the lines of one some rows ahead are asked for. */
enum { ROWS_AHEAD = 4, LINE = 64, LONG_ROW = 4096 };

static void fetch(const unsigned char *row, size_t bytes)
{
    for (size_t k = 0; k < bytes; k += LINE) {
        __builtin_prefetch(row + k, 1, 2);
    }
}

static uint64_t next_row(const qn__sv_mover *m, uint64_t at)
{
    return ((at | ~m->above) + 1) & m->above;
}

void qn__sv_gather(const qn__sv_mover *m, unsigned char *tile)
{
    uint64_t at = 0, ahead = 0;
    for (int k = 0; k < ROWS_AHEAD; k++) {
        ahead = next_row(m, ahead);
    }
    for (uint64_t k = 0; k < m->runs; k++, at = next_row(m, at), ahead = next_row(m, ahead)) {
        if (m->run < LONG_ROW) {
            fetch(m->state + (m->tile | ahead) * m->amplitude, m->run);
        }
        memcpy(tile + k * m->run, m->state + (m->tile | at) * m->amplitude, m->run);
    }
}

void qn__sv_scatter(const qn__sv_mover *m, const unsigned char *tile)
{
    uint64_t at = 0;
    for (uint64_t k = 0; k < m->runs; k++, at = next_row(m, at)) {
        memcpy(m->state + (m->tile | at) * m->amplitude, tile + k * m->run, m->run);
    }
}

bool qn__sv_flat_gate(const qn__sv_program *p, const qn__sv_stretch *stretch, uint32_t nlocal, uint64_t high,
                      qn__kernel_gate *gate, bool *odd)
{
    const qn__sv_op *op = &p->ops[stretch->op];
    const uint64_t inside = (UINT64_C(1) << nlocal) - 1;
    *gate = stretch->gate;
    if ((high & gate->fixed & ~inside) != (gate->value & ~inside)) {
        return false;
    }
    *odd = qn__popcount(high & gate->z) % 2 == 1;
    gate->fixed &= inside;
    gate->value &= inside;
    gate->z &= inside;
    memcpy(gate->m, op->gate.m, sizeof gate->m);
    if (*odd && op->kind == QN__SV_OP_DIAGONAL) {
        memcpy(gate->m, op->gate.m + 6, 2 * sizeof *gate->m);
        memcpy(gate->m + 6, op->gate.m, 2 * sizeof *gate->m);
    }
    for (int k = 2; k < 6 && *odd; k++) {
        gate->m[k] = -gate->m[k];
    }
    return true;
}

static uint64_t block_count(const qn__sv_program *p, uint32_t nlocal)
{
    const uint64_t amplitudes = UINT64_C(1) << nlocal;
    return amplitudes < p->kernels->lanes ? 1 : amplitudes / p->kernels->lanes;
}

/* One operation by its own kernel on a tile; what lies outside of the tile decides here. */
static void run_flat(const qn__sv_program *p, const qn__sv_stretch *stretch, void *tile, uint32_t nlocal, uint64_t high,
                     uint64_t part, uint64_t parts)
{
    const qn__sv_op *op = &p->ops[stretch->op];
    const uint64_t blocks = block_count(p, nlocal);
    qn__kernel_gate gate;
    bool odd = false;
    if (!qn__sv_flat_gate(p, stretch, nlocal, high, &gate, &odd)) {
        return;
    }
    if (op->kind == QN__SV_OP_DENSE) {
        qn__kernel_dense dense = p->dense[op->first].forward;
        memcpy(dense.targets, stretch->targets, sizeof dense.targets);
        dense.fixed = gate.fixed;
        dense.value = gate.value;
        p->kernels->dense(tile, blocks, &dense, part, parts);
    } else if (op->kind == QN__SV_OP_DIAGONAL) {
        p->kernels->diagonal(tile, blocks, &gate, part, parts);
    } else if (op->kind == QN__SV_OP_PAULI) {
        p->kernels->pauli(tile, blocks, &gate, part, parts);
    } else {
        p->kernels->pair(tile, blocks, &gate, op->shape, part, parts);
    }
}

void qn__sv_run_stretch(const qn__sv_program *p, const qn__sv_stretch *stretch, void *tile, uint32_t nlocal,
                        uint64_t high, void *locals, uint64_t part, uint64_t parts)
{
    if (stretch->flat) {
        run_flat(p, stretch, tile, nlocal, high, part, parts);
        return;
    }
    if (stretch->hadamards != 0) {
        if (part == 0) {
            p->kernels->hadamard(tile, block_count(p, nlocal), stretch->hadamards);
        }
        return;
    }
    const uint64_t both = p->dual ? 2 : 1;
    p->kernels->pass(tile, both * block_count(p, nlocal), &stretch->pass, high / p->kernels->lanes, locals, part,
                     parts);
}
