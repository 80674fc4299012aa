/* adjoint.c: the sweep of the adjoint gradient (Jones and Gacon, arXiv:2009.02823) through the cache. All factors of
 * the circuit become operations of their own, inverted and last first: a program that the scheduler cuts into stages
 * and passes like any other, only that ket and bra go through it side by side, as if one more qubit told them apart.
 * Before a factor exp(-i a G) is undone, 2 Im <bra|G|ket> is summed from registers. */
#include "engine/statevector/adjoint.h"

#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "engine/statevector/lower.h"
#include "engine/statevector/schedule.h"
#include "engine/statevector/threads.h"
#include "engine/statevector/tile.h"

/* Building. */

static void invert(qn__sv_op *op, const double *m)
{
    for (int k = 0; k < 8; k += 2) {
        const int from = k == 2 ? 4 : k == 4 ? 2 : k;
        op->gate.m[k] = m[from];
        op->gate.m[k + 1] = -m[from + 1];
    }
}

/* The inverse of the operation's one factor, as it is bound now. */
static void bind_inverse(const qn__sv_program *b, qn__sv_op *op)
{
    double m[8] = {1, 0, 0, 0, 0, 0, 1, 0};
    qn__sv_factor_multiply(&b->factors[op->first], m);
    invert(op, m);
}

static qn_status add_inverse(qn__sv_program *b, const qn__sv_op *whole, uint32_t factor)
{
    qn__sv_op op = *whole;
    QN_TRY(qn__grow((void **)&b->ops, &b->ops_capacity, b->nops + 1, sizeof op));
    if (op.kind != QN__SV_OP_DENSE) {
        op.first = factor;
        op.count = 1;
        op.variable = b->factors[factor].variable;
        qn__sv_classify(b, &op, false);
        bind_inverse(b, &op);
    }
    b->ops[b->nops++] = op;
    return QN_OK;
}

static qn_status add_inverses(qn__sv_program *b, const qn__sv_op *ops, size_t count)
{
    for (size_t k = count; k-- > 0;) {
        const uint32_t factors = ops[k].kind == QN__SV_OP_DENSE ? 1 : ops[k].count;
        for (uint32_t f = factors; f-- > 0;) {
            QN_TRY(add_inverse(b, &ops[k], ops[k].first + f));
        }
    }
    return QN_OK;
}

static qn_status build(qn__sv_program *b, const qn__sv_program *p)
{
    QN_TRY(qn__grow((void **)&b->dense, &b->dense_capacity, p->ndense, sizeof *b->dense));
    for (; b->ndense < p->ndense; b->ndense++) {
        const qn__sv_dense *from = &p->dense[b->ndense];
        b->dense[b->ndense] =
            (qn__sv_dense){from->inverse, from->forward, from->first + ((size_t)2 << (2 * from->forward.ntargets))};
    }
    QN_TRY(add_inverses(b, p->ops, p->nops));
    QN_TRY(add_inverses(b, p->starts, p->nstarts));
    while (b->nops > 0 && !b->ops[b->nops - 1].variable) { /* nothing left to learn */
        b->nops--;
    }
    QN_TRY(qn__sv_schedule_make(b));
    b->partial = qn__alloc(QN__SV_PARTS * (b->schedule.nslopes + 1), sizeof *b->partial);
    QN_ALLOC_CHECK(b->partial);
    return QN_OK;
}

qn_status qn__sv_backward_create(qn__sv_program *p)
{
    qn__sv_program *b = qn__calloc(1, sizeof *b);
    QN_ALLOC_CHECK(b);
    b->context = p->context;
    b->kernels = p->kernels;
    b->nqubits = p->nqubits;
    b->threads = p->threads;
    b->tile_qubits = p->tile_qubits;
    b->blocks = p->blocks;
    b->dual = true;
    b->factors = p->factors;
    b->nfactors = p->nfactors;
    b->terms = p->terms;
    b->matrices = p->matrices;
    const qn_status status = build(b, p);
    if (status != QN_OK) {
        qn__sv_backward_free(b);
        return status;
    }
    p->backward = b;
    return QN_OK;
}

void qn__sv_backward_free(qn__sv_program *b)
{
    if (b != NULL) {
        qn__sv_schedule_free(&b->schedule);
        qn__free(b->ops);
        qn__free(b->dense);
        qn__free(b->partial);
        qn__free(b);
    }
}

/* Running. */

/* 2 Im sum_ab G_ab T_ab for a factor's generator G and overlaps T (kernel.h). */
static double factor_slope(const qn__sv_factor *factor, const double *t)
{
    switch (factor->kind) {
    case QN__SV_RX:
        return t[3] + t[5];
    case QN__SV_RY:
        return t[4] - t[2];
    case QN__SV_RZ:
        return t[1] - t[7];
    case QN__SV_PHASE:
        return -2.0 * t[7];
    case QN__SV_FIXED:
        break;
    }
    return 0.0;
}

/* An operation that only its own kernel can do, on both tiles; the kernel for two states gives the overlaps. */
static void undo_flat(const qn__sv_program *b, const qn__sv_stretch *stretch, void *ket, void *bra, uint32_t nlocal,
                      uint64_t high, uint64_t part, uint64_t parts, double *slopes)
{
    const qn__sv_op *op = &b->ops[stretch->op];
    if (!op->variable) {
        qn__sv_run_stretch(b, stretch, ket, nlocal, high, NULL, part, parts);
        qn__sv_run_stretch(b, stretch, bra, nlocal, high, NULL, part, parts);
        return;
    }
    qn__kernel_gate gate;
    bool odd = false;
    if (!qn__sv_flat_gate(b, stretch, nlocal, high, &gate, &odd)) {
        return;
    }
    const uint64_t amplitudes = UINT64_C(1) << nlocal, lanes = b->kernels->lanes;
    double t[8];
    b->kernels->pair_undo(bra, ket, amplitudes < lanes ? 1 : amplitudes / lanes, &gate, part, parts, t);
    if (odd && gate.x == 0) { /* even and odd have changed places */
        const double even = t[1];
        t[1] = t[7];
        t[7] = even;
    }
    for (int k = 2; k < 6 && odd; k++) {
        t[k] = -t[k];
    }
    slopes[stretch->first_slope] += factor_slope(&b->factors[op->first], t);
}

/* Lanes of the slopes of one stage, over one tile. */
static void add_lanes(const qn__sv_program *b, const qn__sv_stage *stage, const void *vectors, double *slopes)
{
    const uint32_t lanes = b->kernels->lanes;
    for (size_t k = stage->first_slope; k < stage->first_slope + stage->nslopes; k++) {
        const qn__sv_slope *slope = &b->schedule.slopes[k];
        if (b->schedule.stretches[slope->stretch].flat) {
            continue;
        }
        const size_t at = (k - stage->first_slope) * lanes;
        double sum = 0.0;
        for (uint32_t l = 0; l < lanes; l++) {
            const double value = b->kernels->real_size == sizeof(double) ? ((const double *)vectors)[at + l]
                                                                         : (double)((const float *)vectors)[at + l];
            if ((l & slope->fixed) == slope->value) {
                sum += qn__popcount(l & slope->odd) % 2 == 0 ? value : -value;
            }
        }
        slopes[k] += slope->sign * slope->scale * sum;
    }
}

static void undo_tile(const qn__sv_program *b, const qn__sv_stage *stage, void *ket, void *bra, uint64_t tile,
                      bool last, unsigned char *buffer, double *slopes)
{
    const uint64_t high = tile << stage->nlocal, amplitudes = UINT64_C(1) << stage->nlocal;
    const size_t lanes = b->kernels->lanes, real = b->kernels->real_size;
    const size_t bytes = 2 * real * (amplitudes > lanes ? amplitudes : lanes);
    unsigned char *const other = buffer + bytes, *const locals = other + bytes;
    unsigned char *const vectors = locals + 2 * b->schedule.most_locals * lanes * real;
    qn__sv_mover mk = qn__sv_mover_make(b, stage, ket, tile), mb = qn__sv_mover_make(b, stage, bra, tile);
    if (amplitudes < lanes) {
        mk.run = mb.run = bytes;
    }
    qn__sv_gather(&mk, buffer);
    qn__sv_gather(&mb, other);
    qn__sv_fill_locals(b, stage, high, locals);
    memset(vectors, 0, stage->nslopes * lanes * real);
    for (size_t k = stage->first_stretch; k < stage->first_stretch + stage->nstretches; k++) {
        const qn__sv_stretch *stretch = &b->schedule.stretches[k];
        if (stretch->flat) {
            undo_flat(b, stretch, buffer, other, stage->nlocal, high, 0, 1, slopes);
        } else {
            qn__sv_run_stretch(b, stretch, buffer, stage->nlocal, high, locals, 0, 1);
        }
    }
    add_lanes(b, stage, vectors, slopes);
    if (!last) {
        qn__sv_scatter(&mk, buffer);
        qn__sv_scatter(&mb, other);
    }
}

/* Tiles in fixed parts, whose sums are added in order: results do not depend on the number of threads. */
static uint64_t part_count(const qn__sv_program *b, const qn__sv_stage *stage)
{
    if (stage->kind == QN__SV_STAGE_FLAT) {
        return QN__SV_PARTS; /* of its pairs */
    }
    const uint64_t tiles = UINT64_C(1) << (b->nqubits - stage->nlocal);
    return tiles < QN__SV_PARTS ? tiles : QN__SV_PARTS;
}

static void sweep(const qn__sv_program *b, void *ket, void *bra, uint64_t member, uint64_t team)
{
    const qn__sv_schedule *s = &b->schedule;
    for (size_t k = 0; k < s->nstages; k++) {
        const qn__sv_stage *stage = &s->stages[k];
        const uint64_t parts = part_count(b, stage), tiles = UINT64_C(1) << (b->nqubits - stage->nlocal);
        for (uint64_t part = member; part < parts; part += team) {
            double *slopes = b->partial + part * s->nslopes;
            memset(slopes + stage->first_slope, 0, stage->nslopes * sizeof *slopes);
            if (stage->kind == QN__SV_STAGE_FLAT) {
                undo_flat(b, &s->stretches[stage->first_stretch], ket, bra, b->nqubits, 0, part, parts, slopes);
                continue;
            }
            for (uint64_t tile = tiles / parts * part; tile < tiles / parts * (part + 1); tile++) {
                undo_tile(b, stage, ket, bra, tile, k + 1 == s->nstages, s->buffers + member * s->buffer_size, slopes);
            }
        }
        if (team > 1) {
#pragma omp barrier
        }
    }
}

/* d phase / d angle of a unit: its operation's factor turns even entries by `even`, odd ones by `odd` a unit angle. */
static double unit_derivative(const qn__sv_program *b, const qn__sv_unit *unit)
{
    const qn__sv_op *op = &b->ops[unit->op];
    const qn__kernel_gate *g = &op->gate;
    const bool rotation = b->factors[op->first].kind == QN__SV_RZ;
    const double even = rotation ? -0.5 : 0.0, odd = rotation ? 0.5 : 1.0;
    const uint64_t bits = g->z | g->fixed, p = bits & (0 - bits), q = bits & ~p;
    double d[4];
    for (int k = 0; k < 4; k++) {
        const uint64_t at = ((k & 1) != 0 ? p : 0) | ((k & 2) != 0 ? q : 0);
        d[k] = (at & g->fixed) != g->value ? 0.0 : qn__popcount(at & g->z) % 2 == 0 ? even : odd;
    }
    switch (unit->which) {
    case QN__SV_GLOBAL:
        return d[0];
    case QN__SV_FIRST:
        return d[1] - d[0];
    case QN__SV_SECOND:
        return d[2] - d[0];
    case QN__SV_BOTH:
        return d[3] - d[2] - d[1] + d[0];
    }
    return 0.0;
}

static void add_slope(const qn__sv_program *b, const qn__sv_factor *factor, double slope, double *grad)
{
    const qn_param_term *terms = b->terms + factor->angle.first;
    for (uint32_t i = 0; factor->variable && i < factor->angle.count; i++) {
        grad[terms[i].symbol] += terms[i].coefficient * slope;
    }
}

static void collect(const qn__sv_program *b, double weight, double *grad)
{
    const qn__sv_schedule *s = &b->schedule;
    for (size_t k = 0; k < s->nstages; k++) {
        const qn__sv_stage *stage = &s->stages[k];
        const uint64_t parts = part_count(b, stage);
        for (size_t i = stage->first_slope; i < stage->first_slope + stage->nslopes; i++) {
            const qn__sv_slope *slope = &s->slopes[i];
            double sum = 0.0;
            for (uint64_t part = 0; part < parts; part++) {
                sum += b->partial[part * s->nslopes + i];
            }
            if (!slope->phase) {
                add_slope(b, &b->factors[slope->factor], weight * sum, grad);
                continue;
            }
            for (uint32_t u = slope->units; u != QN__SV_NONE; u = s->units[u].next) {
                const qn__sv_unit *unit = &s->units[u];
                add_slope(b, &b->factors[b->ops[unit->op].first], weight * sum * unit_derivative(b, unit), grad);
            }
        }
    }
}

void qn__sv_sweep_back(qn__sv_program *p, double weight, double *grad)
{
    qn__sv_program *b = p->backward;
    for (size_t k = 0; k < b->nops; k++) {
        if (b->ops[k].variable) {
            bind_inverse(b, &b->ops[k]);
        }
    }
    qn__sv_fill_steps(b, true);
    if (b->threads == 1) {
        sweep(b, p->state, p->bra, 0, 1);
    } else {
#pragma omp parallel num_threads((int)b->threads)
        sweep(b, p->state, p->bra, qn__team_member(), qn__team_size());
    }
    collect(b, weight, grad);
}
