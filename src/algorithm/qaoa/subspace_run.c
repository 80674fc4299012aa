/* subspace_run.c: layers of phases and mixers inside the listed states. */
#include <math.h>

#include "algorithm/qaoa/combinations.h"
#include "algorithm/qaoa/subspace.h"
#include "base/bits.h"
#include "base/status.h"

/* ---- which pairs a mixer turns ---- */

static uint32_t ring_turns(uint32_t count)
{
    return count < 2 ? 0 : count == 2 ? 1 : count;
}

static void ring_pair(uint32_t count, uint32_t turn, uint32_t *a, uint32_t *b)
{
    const uint32_t even = count / 2;
    *a = turn < even ? 2 * turn : 2 * (turn - even) + 1;
    if (count % 2 != 0 && turn + 1 == count) { /* the closing one of an odd ring comes last */
        *a = count - 1;
    }
    *b = (*a + 1) % count;
}

/* A tournament of an even number of players: the last one stays, the others move on by one each round; of an odd
 * number, whoever meets the missing last one rests. */
static void complete_pair(uint32_t count, uint32_t turn, uint32_t *a, uint32_t *b)
{
    const bool odd = count % 2 != 0;
    const uint32_t ring = count - !odd, games = count / 2, round = turn / games, game = turn % games + odd;
    *a = game == 0 ? count - 1 : (round + game) % ring;
    *b = game == 0 ? round : (round + ring - game) % ring;
}

uint32_t qn__subspace_turns(const qn__subspace *s, uint32_t group)
{
    const qn__subspace_group *const g = &s->group[group];
    return g->ones == g->count              ? 0
           : s->mixer == QN_QAOA_MIXER_RING ? ring_turns(g->count)
                                            : g->count * (g->count - 1) / 2;
}

void qn__subspace_pair(const qn__subspace *s, uint32_t group, uint32_t turn, uint32_t *a, uint32_t *b)
{
    const uint32_t count = s->group[group].count;
    if (s->mixer == QN_QAOA_MIXER_RING) {
        ring_pair(count, turn, a, b);
    } else {
        complete_pair(count, turn, a, b);
    }
}

/* ---- turning them ---- */

typedef struct turner {
    const qn__subspace *s;
    uint64_t stride, radix; /* of the group's digit */
    double c, sn;
    qn_complex *ket, *bra;
    double slope; /* Im <bra|X_pq|ket> of before */
} turner;

/* exp(-i beta X) between two digits of the group; with bra, both are turned. */
static void turn(turner *t, uint64_t p, uint64_t q)
{
    const double c = t->c, sn = t->sn;
    double slope = 0.0;
    for (uint64_t base = 0; base < t->s->size; base += t->stride * t->radix) {
        for (uint64_t k = base; k < base + t->stride; k++) {
            qn_complex *const a = t->ket + k + p * t->stride, *const b = t->ket + k + q * t->stride;
            if (t->bra != NULL) {
                qn_complex *const u = t->bra + k + p * t->stride, *const v = t->bra + k + q * t->stride;
                slope += u->re * b->im - u->im * b->re + v->re * a->im - v->im * a->re;
                const qn_complex x = *u, y = *v;
                *u = (qn_complex){c * x.re + sn * y.im, c * x.im - sn * y.re};
                *v = (qn_complex){c * y.re + sn * x.im, c * y.im - sn * x.re};
            }
            const qn_complex x = *a, y = *b;
            *a = (qn_complex){c * x.re + sn * y.im, c * x.im - sn * y.re};
            *b = (qn_complex){c * y.re + sn * x.im, c * y.im - sn * x.re};
        }
    }
    t->slope += slope;
}

/* With a and b next to each other, the one is the i-th of its word in both places, and the rank grows by
 * C(b, i) - C(a, i) = C(a, i - 1). */
static uint64_t moved(const uint64_t *choose, uint64_t digit, uint64_t word, uint32_t a, uint32_t b)
{
    const uint64_t from = UINT64_C(1) << a, to = UINT64_C(1) << b;
    return b == a + 1 ? digit + choose[a * QN__CHOOSE_SIDE + qn__popcount(word & (from - 1))]
                      : qn__combination_rank(choose, word ^ from ^ to);
}

/* Whether the one at a can move to b. */
static bool movable(uint64_t word, uint32_t a, uint32_t b)
{
    return (word >> a & 1) != 0 && (word >> b & 1) == 0;
}

uint64_t qn__subspace_digit_pairs(const qn__subspace *s, uint32_t group)
{
    const qn__subspace_group *const g = &s->group[group];
    return s->choose[(g->count - 2) * QN__CHOOSE_SIDE + g->ones - 1];
}

void qn__subspace_list_pairs(const qn__subspace *s, uint32_t group, uint32_t a, uint32_t b, uint32_t *out)
{
    const qn__subspace_group *const g = &s->group[group];
    uint64_t word = qn__combination_first(g->ones);
    for (uint64_t digit = 0; digit < g->radix; digit++, word = qn__combination_next(word)) {
        if (movable(word, a, b)) {
            *out++ = (uint32_t)digit;
            *out++ = (uint32_t)moved(s->choose, digit, word, a, b);
        }
    }
}

/* One turn of a group with several ones: members a < b exchange their bits. */
static void turn_members(turner *t, uint32_t group, uint32_t index, uint32_t a, uint32_t b)
{
    const qn__subspace *const s = t->s;
    const qn__subspace_group *const g = &s->group[group];
    if (s->pairs != NULL) {
        const uint64_t count = qn__subspace_digit_pairs(s, group);
        const uint32_t *const pairs = s->pairs + g->pairs_at + 2 * count * index;
        for (uint64_t k = 0; k < count; k++) {
            turn(t, pairs[2 * k], pairs[2 * k + 1]);
        }
        return;
    }
    uint64_t word = qn__combination_first(g->ones);
    for (uint64_t digit = 0; digit < g->radix; digit++, word = qn__combination_next(word)) {
        if (movable(word, a, b)) {
            turn(t, digit, moved(s->choose, digit, word, a, b));
        }
    }
}

/* The mixer of one layer, or its inverse; with bra, Im <bra|sum X_pq|ket> is returned. */
static double mix(const qn__subspace *s, double beta, bool undo, qn_complex *ket, qn_complex *bra)
{
    turner t = {.s = s, .stride = 1, .c = cos(beta), .sn = undo ? -sin(beta) : sin(beta), .ket = ket, .bra = bra};
    for (uint32_t g = 0; g < s->groups; t.stride *= s->group[g++].radix) {
        const qn__subspace_group *const group = &s->group[g];
        t.radix = group->radix;
        if (group->ones == 0) {
            turn(&t, 0, 1);
            continue;
        }
        const uint32_t turns = qn__subspace_turns(s, g);
        for (uint32_t k = 0; k < turns; k++) {
            const uint32_t index = undo ? turns - 1 - k : k;
            uint32_t a = 0, b = 0;
            qn__subspace_pair(s, g, index, &a, &b);
            if (group->ones == 1) {
                turn(&t, a, b);
            } else {
                turn_members(&t, g, index, a < b ? a : b, a < b ? b : a);
            }
        }
    }
    return t.slope;
}

static void phase(const qn__subspace *s, double gamma, qn_complex *a)
{
    for (uint64_t k = 0; k < s->size; k++) {
        const double re = cos(gamma * s->cost[k]), im = -sin(gamma * s->cost[k]);
        a[k] = (qn_complex){a[k].re * re - a[k].im * im, a[k].re * im + a[k].im * re};
    }
}

qn_status qn__subspace_run(const qn__subspace *s, uint32_t layers, const double *angles, qn_complex *ket,
                           qn_complex *bra, double *value, double *slopes)
{
    QN_CHECK(slopes == NULL || bra != NULL, ERR_ARGUMENT, "slopes need room for a second state");
    const double amplitude = 1.0 / sqrt((double)s->size);
    for (uint64_t k = 0; k < s->size; k++) {
        ket[k] = (qn_complex){amplitude, 0.0};
    }
    for (uint32_t l = 0; l < layers; l++) {
        phase(s, angles[l], ket);
        (void)mix(s, angles[layers + l], false, ket, NULL);
    }
    *value = 0.0;
    for (uint64_t k = 0; k < s->size; k++) {
        *value += s->cost[k] * (ket[k].re * ket[k].re + ket[k].im * ket[k].im);
        if (slopes != NULL) {
            bra[k] = (qn_complex){s->cost[k] * ket[k].re, s->cost[k] * ket[k].im};
        }
    }
    for (uint32_t l = layers; slopes != NULL && l-- > 0;) {
        slopes[layers + l] = 2.0 * mix(s, angles[layers + l], true, ket, bra);
        double sum = 0.0;
        for (uint64_t k = 0; k < s->size; k++) {
            sum += s->cost[k] * (bra[k].re * ket[k].im - bra[k].im * ket[k].re);
        }
        slopes[l] = 2.0 * sum;
        phase(s, -angles[l], ket);
        phase(s, -angles[l], bra);
    }
    return QN_OK;
}
