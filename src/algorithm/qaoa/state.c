/* state.c: runs trips; see state.h. */
#include "algorithm/qaoa/state.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/context.h"
#include "base/status.h"

#define TILE_BYTES (UINT64_C(1) << 19)
#define ROW_BYTES UINT64_C(256)
enum { LEAST_SHARED = 17 };

typedef enum op_kind { OP_FILL, OP_PHASE, OP_MIX, OP_WEIGH, OP_BRA, OP_MIX_SLOPE, OP_PHASE_SLOPE } op_kind;

typedef struct op {
    op_kind kind;
    double t, weight, ratio;
    bool far;
    qn__cost_phase phase;
    double *into; /* where the sum over all tiles is added; NULL: there is none */
} op;

typedef struct trip {
    uint32_t group, count;
    op ops[QN__QAOA_MOST_OPS];
} trip;

/* exp(-i beta X) without its scale: 1 and t, or t and 1. */
typedef struct angle {
    double t, scale;
    bool far;
} angle;

static angle angle_of(double beta)
{
    const double c = cos(beta), s = sin(beta);
    return fabs(s) > fabs(c) ? (angle){c / s, s, true} : (angle){s / c, c, false};
}

static uint32_t log_of(uint64_t power)
{
    return (uint32_t)__builtin_ctzll(power);
}

/* Amplitudes of a tile of group 0, as bits; a mirrored state has two of them at once, a gradient ket and bra. */
static uint32_t tile_bits(uint64_t bytes, uint32_t bits, bool mirrored, bool single, bool gradients)
{
    const uint32_t most = log_of(single ? bytes / 8 : bytes / 16) - (mirrored ? 1 : 0) - (gradients ? 1 : 0);
    return bits < most ? bits : most;
}

static void plan_groups(qn__qaoa_state *s, bool single)
{
    const uint32_t own = tile_bits(s->tile_bytes, s->bits, s->diagonal->mirrored, single, s->bra != NULL);
    const uint32_t most = log_of(single ? s->tile_bytes / 8 : s->tile_bytes / 16) - (s->bra != NULL ? 1 : 0);
    const uint32_t row = log_of(single ? ROW_BYTES / 8 : ROW_BYTES / 16), left = s->bits - own, rows = most - row;
    const uint32_t count = (left + rows - 1) / rows;
    s->groups[0] = (qn__qaoa_group){0, own, own};
    s->ngroups = 1 + count;
    for (uint32_t g = 0; g < count; g++) {
        const uint32_t first = own + left * g / count, last = own + left * (g + 1) / count,
                       wide = most - (last - first);
        s->groups[1 + g] = (qn__qaoa_group){first, last, wide < own ? wide : own};
    }
}

static uint64_t state_bytes(uint32_t bits, bool single)
{
    return (single ? UINT64_C(8) : UINT64_C(16)) << bits;
}

static uint32_t stored_bits(uint32_t nqubits, bool mirrored)
{
    const uint32_t stored = nqubits - (mirrored ? 1 : 0);
    return stored < QN__QAOA_LEAST_BITS ? QN__QAOA_LEAST_BITS : stored;
}

/* Of a thread: two tiles, ket and bra or the one at work and the one on its way, and twice the costs of a tile, at most
 * 2 bytes for 8. */
static uint64_t room_bytes(uint64_t tile_bytes)
{
    return 2 * tile_bytes + tile_bytes / 2;
}

uint64_t qn__qaoa_state_bytes(uint32_t nqubits, bool mirrored, bool single, bool gradients, uint32_t threads)
{
    return state_bytes(stored_bits(nqubits, mirrored), single) * (gradients ? 2 : 1) + room_bytes(TILE_BYTES) * threads;
}

static void *state_alloc(uint64_t bytes)
{
    void *state = qn__alloc(bytes, 1);
    qn__large_pages(state, bytes);
    return state;
}

static uint64_t tiles_of(const qn__qaoa_state *s, uint32_t group)
{
    const qn__qaoa_group *g = &s->groups[group];
    return UINT64_C(1) << (s->bits - g->chunk - (group == 0 ? 0 : g->last - g->first));
}

qn_status qn__qaoa_state_create(const qn_context *context, const qn__diagonal *diagonal, bool single, bool gradients,
                                uint32_t layers, uint32_t threads, uint64_t tile_bytes, qn__qaoa_state *out)
{
    qn__qaoa_state s = {.context = context,
                        .diagonal = diagonal,
                        .bits = diagonal->bits,
                        .threads = threads,
                        .tile_bytes = tile_bytes > 0 ? tile_bytes : TILE_BYTES};
    s.kernels = qn__kernels_find(qn_context_arch(context), single);
    s.weight = (qn__cost_weight){HUGE_VAL, 1.0, 0.0};
    s.ket = state_alloc(state_bytes(s.bits, single));
    s.bra = gradients ? state_alloc(state_bytes(s.bits, single)) : NULL;
    qn_status status = s.ket == NULL || (gradients && s.bra == NULL) ? QN_ERR_MEMORY : QN_OK;
    if (status == QN_OK) {
        plan_groups(&s, single);
        uint64_t most = 1;
        for (uint32_t g = 0; g < s.ngroups; g++) {
            most = tiles_of(&s, g) > most ? tiles_of(&s, g) : most;
        }
        s.layers = layers > 0 ? layers : 1;
        s.entries = diagonal->index != NULL ? (uint64_t)((diagonal->high - diagonal->low) / diagonal->unit + 1.5) : 0;
        s.rooms = s.ngroups > 1 ? state_alloc(room_bytes(s.tile_bytes) * threads) : qn__alloc(0, 1);
        s.sums = qn__alloc(most * QN__QAOA_MOST_OPS, sizeof *s.sums);
        s.tables = qn__alloc(s.layers * s.entries * 2, s.kernels->real_size);
        status = s.rooms == NULL || s.sums == NULL || s.tables == NULL ? QN_ERR_MEMORY : QN_OK;
    }
    if (status != QN_OK) {
        qn__qaoa_state_release(&s);
        return status;
    }
    *out = s;
    return QN_OK;
}

void qn__qaoa_state_release(qn__qaoa_state *state)
{
    qn__free(state->ket);
    qn__free(state->bra);
    qn__free(state->rooms);
    qn__free(state->sums);
    qn__free(state->tables);
    *state = (qn__qaoa_state){0};
}

/* A tile (or, mirrored, one of the two) on its way. */
typedef struct tile {
    void *ket, *bra;
    uint64_t blocks;
    qn__cost_rows costs;
    qn__stream stream; /* what moves meanwhile */
} tile;

/* Index of the first amplitude of a tile. */
static uint64_t tile_first(const qn__qaoa_group *g, uint64_t t)
{
    const uint32_t between = g->first > g->chunk ? g->first - g->chunk : 0;
    const uint64_t low = t & ((UINT64_C(1) << between) - 1);
    return low << g->chunk | (t >> between) << g->last;
}

static qn__cost_rows costs_of(const qn__qaoa_state *s, const qn__qaoa_group *g, uint64_t first)
{
    const qn__diagonal *d = s->diagonal;
    return (qn__cost_rows){.index = d->index != NULL ? d->index + first : NULL,
                           .value = d->value != NULL ? d->value + first : NULL,
                           .row_blocks = (UINT64_C(1) << g->chunk) / s->kernels->lanes,
                           .stride = UINT64_C(1) << g->first,
                           .low = d->low,
                           .unit = d->unit};
}

/* Rows of a tile into a room. The costs lie as far apart; asked for now, they are there when the phases come. */
static void gather(const qn__qaoa_state *s, const qn__qaoa_group *g, const void *state, uint64_t first, void *room,
                   const qn__cost_rows *costs)
{
    const size_t amplitude = 2 * s->kernels->real_size, row = amplitude << g->chunk;
    const size_t cost = costs->index != NULL ? sizeof *costs->index : sizeof *costs->value;
    const char *from = (const char *)state + first * amplitude;
    const char *ahead = costs->index != NULL ? (const char *)costs->index : (const char *)costs->value;
    char *to = room;
    for (uint64_t r = 0; r < UINT64_C(1) << (g->last - g->first); r++) {
        memcpy(to, from, row);
        for (size_t line = 0; line < cost << g->chunk; line += 64) {
            __builtin_prefetch(ahead + line);
        }
        from += amplitude << g->first;
        to += row;
        ahead += cost << g->first;
    }
}

static void scatter(const qn__qaoa_state *s, const qn__qaoa_group *g, void *state, uint64_t first, const void *room)
{
    const size_t amplitude = 2 * s->kernels->real_size, row = amplitude << g->chunk;
    char *to = (char *)state + first * amplitude;
    const char *from = room;
    for (uint64_t r = 0; r < UINT64_C(1) << (g->last - g->first); r++) {
        memcpy(to, from, row);
        to += amplitude << g->first;
        from += row;
    }
}

/* One operation on a tile and, in group 0 of a mirrored state, on the tile opposite; on bits [from, to). */
static double apply(const qn__qaoa_state *s, bool mirror, uint32_t from, uint32_t to, const op *o, tile *a, tile *b)
{
    const qn__mixer_kernels *k = s->kernels->mixer;
    double sum = 0.0, weight = o->weight;
    if (o->kind == OP_MIX_SLOPE && mirror) {
        sum += k->mirror_slope(a->ket, b->ket, a->bra, b->bra, a->blocks, o->t, o->far, weight);
        weight *= o->ratio;
    }
    for (tile *t = a;; t = b) {
        switch (o->kind) {
        case OP_FILL:
            k->fill(t->ket, t->blocks, &t->costs, &o->phase);
            break;
        case OP_PHASE:
            k->phase(t->ket, t->blocks, &t->costs, &o->phase);
            break;
        case OP_MIX:
            k->mix(t->ket, t->blocks, from, to, o->t, o->far);
            break;
        case OP_WEIGH:
            sum += k->weigh(t->ket, NULL, t->blocks, &t->costs, &s->weight);
            break;
        case OP_BRA:
            sum += k->weigh(t->ket, t->bra, t->blocks, &t->costs, &s->weight);
            break;
        case OP_MIX_SLOPE:
            sum += k->mix_slope(t->ket, t->bra, t->blocks, from, to, o->t, o->far, weight, o->ratio);
            break;
        case OP_PHASE_SLOPE:
            sum += o->weight * k->phase_slope(t->ket, t->bra, t->blocks, &t->costs, &o->phase);
            break;
        }
        if (t == b) {
            return sum;
        }
    }
}

static bool is_phase(const op *o)
{
    return o->kind == OP_FILL || o->kind == OP_PHASE;
}

/* All operations of a trip on a tile: mixers before and after a phase go together with it, and the last one with the
 * average. */
static void apply_all(const qn__qaoa_state *s, const qn__qaoa_group *g, const trip *way, tile *a, tile *b, double *sums)
{
    const qn__mixer_kernels *k = s->kernels->mixer;
    const bool rows = g->first > 0, mirror = s->diagonal->mirrored && !rows;
    const uint32_t from = rows ? g->chunk : 0, to = rows ? g->chunk + g->last - g->first : g->last;
    const op *const end = way->ops + way->count;
    for (const op *o = way->ops; o < end;) {
        const op *const before = o->kind == OP_MIX ? o : NULL, *const next = before != NULL ? o + 1 : o;
        if (mirror && before != NULL) {
            k->mirror(a->ket, b->ket, a->blocks, o->t, o->far);
        }
        if (end - next >= 2 && is_phase(next) && next[1].kind == OP_MIX) {
            const op *const after = next + 1;
            qn__turn turn = {.fill = next->kind == OP_FILL, .phase = next->phase};
            if (before != NULL) {
                turn.before.t = before->t;
                turn.before.far = before->far;
                turn.before.mixed = true;
            }
            turn.after.t = after->t;
            turn.after.far = after->far;
            turn.after.mixed = true;
            for (tile *t = a;; t = b) {
                k->turn(t->ket, t->blocks, from, to, &turn, &t->costs, &t->stream);
                if (t == b) {
                    break;
                }
            }
            if (mirror) {
                k->mirror(a->ket, b->ket, a->blocks, after->t, after->far);
            }
            o = after + 1;
        } else if (before != NULL && next < end && next->kind == OP_WEIGH) {
            double *const sum = &sums[next - way->ops];
            *sum = 0.0;
            for (tile *t = a;; t = b) {
                *sum += k->mix_weigh(t->ket, t->blocks, from, to, o->t, o->far, &t->costs, &s->weight, &t->stream);
                if (t == b) {
                    break;
                }
            }
            o = next + 1;
        } else {
            sums[o - way->ops] = apply(s, mirror, from, to, o, a, b);
            o++;
        }
    }
}

static bool uses_bra(const trip *way)
{
    for (uint32_t i = 0; i < way->count; i++) {
        if (way->ops[i].kind >= OP_BRA) {
            return true;
        }
    }
    return false;
}

/* Lines to move at each step of the kernels, so that all are there when the tile is done. */
static uint32_t pace_of(const qn__qaoa_state *s, const trip *way, uint64_t blocks, uint64_t lines)
{
    const qn__qaoa_group *g = &s->groups[way->group];
    const uint32_t axes = s->kernels->axes, bits = g->last - g->first - (g->first > 0 ? 0 : log_of(s->kernels->lanes));
    uint64_t sweeps = 0;
    for (uint32_t i = 0; i < way->count; i++) {
        sweeps += way->ops[i].kind == OP_MIX ? (bits + axes - 1) / axes : 0;
        sweeps -= i > 0 && way->ops[i].kind == OP_PHASE && way->ops[i - 1].kind == OP_MIX ? 1 : 0; /* one for both */
    }
    const uint64_t steps = sweeps * blocks >> axes;
    return steps > 0 ? (uint32_t)(lines / steps + 1) : 1;
}

/* Tiles [begin, end) of group 0 (mirrored, with those opposite) where they lie, those to come asked for. */
static void run_near(const qn__qaoa_state *s, const trip *way, uint64_t begin, uint64_t end)
{
    const qn__qaoa_group *g = &s->groups[way->group];
    const uint64_t tiles = tiles_of(s, way->group), bytes = 2 * s->kernels->real_size << g->last;
    const uint64_t blocks = (UINT64_C(1) << g->last) / s->kernels->lanes;
    const bool pair = s->diagonal->mirrored && tiles > 1, bra = uses_bra(way);
    const qn__stream still = {.log_row = 0}, ahead = {.total = bytes / 64, .pace = pace_of(s, way, blocks, bytes / 64)};
    for (uint64_t t = begin; t < end && !qn_context_interrupted(s->context); t++) {
        tile pieces[2];
        for (uint64_t i = 0; i < (pair ? 2 : 1); i++) {
            const uint64_t at = i == 0 ? t : tiles - 1 - t;
            char *const ket = (char *)s->ket + at * bytes;
            pieces[i] = (tile){.ket = ket,
                               .bra = bra ? (char *)s->bra + at * bytes : NULL,
                               .blocks = blocks,
                               .costs = costs_of(s, g, tile_first(g, at)),
                               .stream = t + 1 < end ? ahead : still};
            pieces[i].stream.in = t + 1 == end ? NULL : i == 0 ? ket + bytes : ket - bytes;
        }
        apply_all(s, g, way, &pieces[0], &pieces[pair ? 1 : 0], s->sums + t * QN__QAOA_MOST_OPS);
    }
}

/* Tiles of another group with a bra: gathered into rooms and scattered again. */
static void run_gathered(const qn__qaoa_state *s, const trip *way, uint64_t begin, uint64_t end, char *room)
{
    const qn__qaoa_group *g = &s->groups[way->group];
    const uint64_t size = UINT64_C(1) << (g->chunk + g->last - g->first);
    for (uint64_t t = begin; t < end && !qn_context_interrupted(s->context); t++) {
        const uint64_t first = tile_first(g, t);
        tile piece = {.ket = room,
                      .bra = room + s->tile_bytes,
                      .blocks = size / s->kernels->lanes,
                      .costs = costs_of(s, g, first)};
        gather(s, g, s->ket, first, piece.ket, &piece.costs);
        if (way->ops[0].kind > OP_BRA) {
            gather(s, g, s->bra, first, piece.bra, &piece.costs);
        }
        apply_all(s, g, way, &piece, &piece, s->sums + t * QN__QAOA_MOST_OPS);
        scatter(s, g, s->ket, first, piece.ket);
        scatter(s, g, s->bra, first, piece.bra);
    }
}

/* Tiles of another group without a bra: in two rooms by turns; while one is at work, the tile before leaves the other
 * and the next one enters. */
static void run_streamed(const qn__qaoa_state *s, const trip *way, uint64_t begin, uint64_t end, char *rooms)
{
    const qn__qaoa_group *g = &s->groups[way->group];
    const qn__mixer_kernels *const k = s->kernels->mixer;
    const size_t amplitude = 2 * s->kernels->real_size;
    const uint64_t bytes = amplitude << (g->chunk + g->last - g->first), blocks = bytes / amplitude / s->kernels->lanes;
    const uint16_t *const index = s->diagonal->index;
    const qn__stream usual = {.stride = amplitude << g->first,
                              .costs_stride = sizeof *index << g->first,
                              .costs_row = sizeof *index << g->chunk,
                              .total = bytes / 64,
                              .log_row = log_of((amplitude << g->chunk) / 64),
                              .pace = pace_of(s, way, blocks, bytes / 64)};
    char *const ket = s->ket, *const costs = rooms + 2 * s->tile_bytes;
    /* step t: tile t comes (but in the last two), t - 1 is at work, t - 2 goes */
    for (uint64_t step = begin; step < end + 2 && !qn_context_interrupted(s->context); step++) {
        const bool works = step > begin && step <= end;
        const bool comes = step < end;
        const bool goes = step > begin + 1;
        const uint64_t come = step % 2, work = 1 - come;
        tile piece = {.stream = usual};
        piece.stream.room = rooms + come * s->tile_bytes;
        if (comes) {
            const uint64_t first = tile_first(g, step);
            piece.stream.in = ket + first * amplitude;
            piece.stream.costs_in = index != NULL ? (const char *)(index + first) : NULL;
            piece.stream.costs_room = costs + come * (s->tile_bytes / 4);
        }
        if (goes) {
            piece.stream.out = ket + tile_first(g, step - 2) * amplitude;
        }
        if (works) {
            piece.ket = rooms + work * s->tile_bytes;
            piece.blocks = blocks;
            piece.costs = costs_of(s, g, tile_first(g, step - 1));
            if (index != NULL) {
                piece.costs.index = (const uint16_t *)(const void *)(costs + work * (s->tile_bytes / 4));
                piece.costs.row_blocks = blocks;
            }
            apply_all(s, g, way, &piece, &piece, s->sums + (step - 1) * QN__QAOA_MOST_OPS);
        }
        k->stream_end(&piece.stream);
    }
}

static qn_status run_trip(const qn__qaoa_state *s, const trip *way)
{
    const uint64_t tiles = tiles_of(s, way->group);
    const bool pair = s->diagonal->mirrored && way->group == 0 && tiles > 1;
    const uint64_t work = pair ? tiles / 2 : tiles;
    /* a trip through a small state is shorter than waking the other threads */
    const uint32_t most = s->bits < LEAST_SHARED ? 1 : s->threads;
    const uint32_t parts = work < most ? (uint32_t)work : most;
#pragma omp parallel for schedule(static) num_threads((int)parts) if (parts > 1)
    for (uint32_t part = 0; part < parts; part++) {
        char *const room = (char *)s->rooms + (s->ngroups > 1 ? room_bytes(s->tile_bytes) * part : 0);
        const uint64_t begin = work * part / parts, end = work * (part + 1) / parts;
        if (s->groups[way->group].first == 0) {
            run_near(s, way, begin, end);
        } else if (uses_bra(way)) {
            run_gathered(s, way, begin, end, room);
        } else {
            run_streamed(s, way, begin, end, room);
        }
    }
    QN_CHECK(!qn_context_interrupted(s->context), ERR_INTERRUPTED, "interrupted");
    for (uint32_t i = 0; i < way->count; i++) {
        if (way->ops[i].into != NULL) {
            double total = 0.0;
            for (uint64_t t = 0; t < work; t++) {
                total += s->sums[t * QN__QAOA_MOST_OPS + i];
            }
            *way->ops[i].into += total;
        }
    }
    return QN_OK;
}

/* cosine and minus sine of gamma (C - low) for all costs, times a scale. */
static const void *make_table(const qn__qaoa_state *s, uint32_t layer, double gamma, double scale)
{
    const double step = gamma * s->diagonal->unit;
    char *table = (char *)s->tables + layer * s->entries * 2 * s->kernels->real_size;
    for (uint64_t k = 0; k < s->entries; k++) {
        const double a = step * (double)k, re = scale * cos(a), im = -scale * sin(a);
        if (s->kernels->real_size == sizeof(double)) {
            ((double *)(void *)table)[2 * k] = re;
            ((double *)(void *)table)[2 * k + 1] = im;
        } else {
            ((float *)(void *)table)[2 * k] = (float)re;
            ((float *)(void *)table)[2 * k + 1] = (float)im;
        }
    }
    return table;
}

/* Number of mixers of a layer: those of all stored bits, and of the one that is not. */
static double mixers(const qn__qaoa_state *s)
{
    return (double)(s->bits + (s->diagonal->mirrored ? 1 : 0));
}

static uint32_t group_at(const qn__qaoa_state *s, uint32_t layer, uint32_t place)
{
    return layer % 2 == 0 ? place : s->ngroups - 1 - place;
}

static op mix_op(double beta)
{
    const angle a = angle_of(beta);
    return (op){.kind = OP_MIX, .t = a.t, .far = a.far};
}

/* What the phase of a layer carries. */
static double scale_of(const qn__qaoa_state *s, bool first, double beta)
{
    return pow(angle_of(beta).scale, mixers(s)) * (first ? exp2(-0.5 * (double)s->bits) : 1.0);
}

static op phase_op(const qn__qaoa_state *s, uint32_t layer, bool first, double gamma, double beta)
{
    const double scale = scale_of(s, first, beta);
    const bool listed = s->diagonal->index != NULL;
    return (op){.kind = first ? OP_FILL : OP_PHASE,
                .phase = {make_table(s, layer, gamma, scale), gamma, listed ? 1.0 : scale, false}};
}

/* Mixers of the group at `place` of a layer undone; those done before in the layer have left their scale out. */
static op slope_op(const qn__qaoa_state *s, uint32_t layer, uint32_t place, double beta, double *into)
{
    const angle a = angle_of(-beta);
    double before = 0.0; /* mixers undone so far */
    for (uint32_t i = s->ngroups - 1; i > place; i--) {
        const uint32_t g = group_at(s, layer, i);
        before += (double)(s->groups[g].last - s->groups[g].first) + (g == 0 && s->diagonal->mirrored ? 1.0 : 0.0);
    }
    const double ratio = a.scale * a.scale;
    return (op){
        .kind = OP_MIX_SLOPE, .t = a.t, .far = a.far, .weight = 2.0 * pow(ratio, before), .ratio = ratio, .into = into};
}

static qn_status backward(qn__qaoa_state *s, trip *t, uint32_t layers, const double *gamma, const double *beta,
                          double *slopes)
{
    for (uint32_t l = layers; l-- > 0;) {
        for (uint32_t place = s->ngroups; place-- > 0;) {
            if (place + 1 < s->ngroups) {
                QN_TRY(run_trip(s, t));
                *t = (trip){.group = group_at(s, l, place)};
            }
            t->ops[t->count++] = slope_op(s, l, place, beta[l], &slopes[layers + l]);
        }
        const double scale = pow(angle_of(-beta[l]).scale, mixers(s));
        const void *table = (char *)s->tables + l * s->entries * 2 * s->kernels->real_size;
        const double in_table = s->diagonal->index != NULL ? scale_of(s, l == 0, beta[l]) : 1.0;
        t->ops[t->count++] = (op){.kind = OP_PHASE_SLOPE,
                                  .weight = 2.0 * scale * scale,
                                  .phase = {table, gamma[l], scale / in_table, true},
                                  .into = &slopes[l]};
        if (s->ngroups == 1 || l == 0) { /* else the next layer begins in the same trip */
            QN_TRY(run_trip(s, t));
            *t = (trip){.group = 0};
        }
    }
    return QN_OK;
}

qn_status qn__qaoa_state_run(qn__qaoa_state *s, uint32_t layers, const double *gamma, const double *beta, double *value,
                             double *slopes)
{
    double unused = 0.0;
    value = value != NULL ? value : &unused;
    *value = 0.0;
    if (slopes != NULL) {
        memset(slopes, 0, 2 * (size_t)layers * sizeof *slopes);
    }
    trip t = {.group = 0};
    for (uint32_t l = 0; l < layers; l++) {
        for (uint32_t place = 0; place < s->ngroups; place++) {
            if (place > 0) {
                QN_TRY(run_trip(s, &t));
                t = (trip){.group = group_at(s, l, place)};
            } else {
                t.ops[t.count++] = phase_op(s, l, l == 0, gamma[l], beta[l]);
            }
            t.ops[t.count++] = mix_op(beta[l]);
        }
        if (s->ngroups == 1 && t.count + 4 > QN__QAOA_MOST_OPS) {
            QN_TRY(run_trip(s, &t));
            t = (trip){.group = 0};
        }
    }
    if (layers == 0) {
        const qn__cost_phase phase = {make_table(s, 0, 0.0, 1.0), 0.0, exp2(-0.5 * (double)s->bits), false};
        t.ops[t.count++] = (op){.kind = OP_FILL, .phase = phase};
    }
    t.ops[t.count++] = (op){.kind = slopes != NULL ? OP_BRA : OP_WEIGH, .into = value};
    if (slopes != NULL && layers > 0) {
        return backward(s, &t, layers, gamma, beta, slopes);
    }
    return run_trip(s, &t);
}

qn_status qn__qaoa_state_step(qn__qaoa_state *s, bool first, double gamma, double beta, double *value, double *slope)
{
    *value = 0.0;
    trip t = {.group = 0};
    t.ops[t.count++] = phase_op(s, 0, first, gamma, beta);
    for (uint32_t g = 0; g < s->ngroups; g++) {
        if (g > 0) {
            QN_TRY(run_trip(s, &t));
            t = (trip){.group = g};
        }
        t.ops[t.count++] = mix_op(beta);
    }
    t.ops[t.count++] = (op){.kind = slope != NULL ? OP_BRA : OP_WEIGH, .into = value};
    if (slope == NULL) {
        return run_trip(s, &t);
    }
    *slope = 0.0; /* mixers by no angle leave the state and tell the slope */
    for (uint32_t g = s->ngroups; g-- > 0;) {
        t.ops[t.count++] = (op){.kind = OP_MIX_SLOPE, .weight = 2.0, .ratio = 1.0, .into = slope};
        QN_TRY(run_trip(s, &t));
        t = (trip){.group = g > 0 ? g - 1 : 0};
    }
    return QN_OK;
}
