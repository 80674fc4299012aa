/* moves.c: shifts inside groups and exchanges between them. */
#include "problem/solver/moves.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"

/* ---- which groups are alike ---- */

static uint32_t size_of(const qn_qubo *qubo, uint32_t g)
{
    const uint32_t *members = NULL;
    uint32_t ones = 0;
    const size_t count = qn_qubo_group(qubo, g, &members, &ones);
    return ones == 1 ? (uint32_t)count : 0;
}

/* Counting sort by size. */
static void sort_groups(const qn_qubo *qubo, uint32_t *count, qn__moves *m)
{
    const uint32_t groups = (uint32_t)qubo->ngroups;
    for (uint32_t g = 0; g < groups; g++) {
        count[size_of(qubo, g) + 1]++;
    }
    for (uint32_t size = 0; size <= qubo->n; size++) {
        count[size + 1] += count[size];
    }
    for (uint32_t g = 0; g < groups; g++) {
        m->first[g] = count[size_of(qubo, g)];
        m->end[g] = count[size_of(qubo, g) + 1];
    }
    for (uint32_t g = 0; g < groups; g++) {
        m->place[g] = count[size_of(qubo, g)]++;
        m->order[m->place[g]] = g;
    }
}

qn_status qn__moves_create(qn_cost cost, qn__moves *out)
{
    *out = (qn__moves){0};
    if (cost.qubo == NULL || cost.qubo->ngroups == 0) {
        return QN_OK;
    }
    const size_t groups = cost.qubo->ngroups;
    qn__moves m = {.qubo = cost.qubo, .order = qn__alloc(4 * groups, sizeof *m.order)};
    uint32_t *count = qn__calloc((size_t)cost.qubo->n + 3, sizeof *count);
    if (m.order == NULL || count == NULL) {
        qn__free(m.order);
        qn__free(count);
        return QN_ERR_MEMORY;
    }
    m.first = m.order + groups;
    m.place = m.first + groups;
    m.end = m.place + groups;
    sort_groups(cost.qubo, count, &m);
    qn__free(count);
    *out = m;
    return QN_OK;
}

void qn__moves_release(qn__moves *moves)
{
    qn__free(moves->order);
    *moves = (qn__moves){0};
}

/* ---- moves ---- */

void qn__move_price(const qn__walker *walker, qn__move *move)
{
    const uint8_t *const x = walker->x;
    move->change = 0;
    for (uint32_t k = 0; k < move->count; k++) {
        const uint32_t i = move->bits[k];
        move->change += walker->delta[i];
        for (uint32_t l = 0; l < k; l++) {
            const double b = qn__qubo_coupling(walker->cost.qubo, i, move->bits[l]);
            move->change += x[i] == x[move->bits[l]] ? b : -b;
        }
    }
}

void qn__move_make(qn__walker *walker, const qn__move *move)
{
    for (uint32_t k = 0; k < move->count; k++) {
        qn__walker_flip(walker, move->bits[k]);
    }
}

/* A random member with this value: the first behind a random place. The count when there is none. */
static uint32_t member_with(const uint32_t *members, uint32_t count, const uint8_t *x, uint8_t value, qn__draws *draws)
{
    const uint32_t from = qn__draw_below(draws, count);
    for (uint32_t k = 0; k < count; k++) {
        const uint32_t at = from + k < count ? from + k : from + k - count;
        if (x[members[at]] == value) {
            return at;
        }
    }
    return count;
}

static bool shift(const qn__moves *moves, const qn__walker *walker, uint32_t g, qn__draws *draws, qn__move *out)
{
    const uint32_t *members = NULL;
    uint32_t ones = 0;
    const uint32_t count = (uint32_t)qn_qubo_group(moves->qubo, g, &members, &ones);
    const uint32_t i = member_with(members, count, walker->x, 1, draws);
    const uint32_t j = member_with(members, count, walker->x, 0, draws);
    if (i == count || j == count) {
        return false;
    }
    *out = (qn__move){.bits = {members[i], members[j]}, .count = 2};
    qn__move_price(walker, out);
    return true;
}

/* Which member is 1; the count unless it is one alone. */
static uint32_t place_of(const uint32_t *members, uint32_t count, const uint8_t *x)
{
    uint32_t place = count, ones = 0;
    for (uint32_t k = 0; k < count; k++) {
        place = x[members[k]] != 0 ? k : place;
        ones += x[members[k]];
    }
    return ones == 1 ? place : count;
}

bool qn__moves_exchange(const qn__moves *moves, const qn__walker *walker, uint32_t g, uint32_t h, qn__move *out)
{
    const uint32_t *mine = NULL, *others = NULL;
    uint32_t ones = 0;
    const uint32_t count = (uint32_t)qn_qubo_group(moves->qubo, g, &mine, &ones);
    (void)qn_qubo_group(moves->qubo, h, &others, &ones);
    const uint32_t p = place_of(mine, count, walker->x), q = place_of(others, count, walker->x);
    if (p == q || p == count || q == count) {
        return false;
    }
    *out = (qn__move){.bits = {mine[p], mine[q], others[q], others[p]}, .count = 4};
    qn__move_price(walker, out);
    return true;
}

static bool exchange(const qn__moves *moves, const qn__walker *walker, uint32_t g, qn__draws *draws, qn__move *out)
{
    const uint32_t partners = moves->end[g] - moves->first[g] - 1;
    if (partners == 0 || size_of(moves->qubo, g) < 2) {
        return false;
    }
    const uint32_t at = moves->first[g] + qn__draw_below(draws, partners);
    return qn__moves_exchange(moves, walker, g, moves->order[at < moves->place[g] ? at : at + 1], out);
}

/* As many as ones can move at once; one in a one-hot group, whose single flips are tried beside. */
static uint32_t shifts_of(const qn_qubo *qubo, uint32_t g)
{
    const uint32_t *members = NULL;
    uint32_t ones = 0;
    const uint32_t count = (uint32_t)qn_qubo_group(qubo, g, &members, &ones);
    return ones < count - ones ? ones : count - ones;
}

static uint64_t try_move(qn__walker *walker, qn__draws *draws, const qn__move *move, double temperature)
{
    if (move->change > 0 && !(qn__draw_uniform(draws) < exp(-move->change / temperature))) {
        return 0;
    }
    qn__move_make(walker, move);
    return move->count;
}

uint64_t qn__moves_sweep(const qn__moves *moves, qn__walker *walker, qn__draws *draws, double temperature)
{
    uint64_t flips = 0;
    const uint32_t groups = moves->qubo != NULL ? (uint32_t)moves->qubo->ngroups : 0;
    for (uint32_t g = 0; g < groups; g++) {
        qn__move move;
        for (uint32_t tries = shifts_of(moves->qubo, g); tries-- > 0;) {
            if (shift(moves, walker, g, draws, &move)) {
                flips += try_move(walker, draws, &move, temperature);
            }
        }
        if (exchange(moves, walker, g, draws, &move)) {
            flips += try_move(walker, draws, &move, temperature);
        }
    }
    return flips;
}

/* ---- guesses, and the scale of moves ---- */

void qn__guess(qn_cost cost, uint8_t *x, qn__draws *draws)
{
    const uint32_t n = qn_cost_variables(cost);
    uint32_t word = 0;
    for (uint32_t i = 0; i < n; i++) {
        word = i % 32 == 0 ? qn__draw(draws) : word >> 1;
        x[i] = (uint8_t)(word & 1);
    }
    for (size_t g = 0; cost.qubo != NULL && g < cost.qubo->ngroups; g++) {
        const uint32_t *members = NULL;
        uint32_t ones = 0;
        const uint32_t count = (uint32_t)qn_qubo_group(cost.qubo, g, &members, &ones);
        for (uint32_t k = 0; k < count; k++) { /* each with the chance that what is left to choose gives it */
            x[members[k]] = qn__draw_below(draws, count - k) < ones;
            ones -= x[members[k]];
        }
    }
}

enum { SAMPLES = 1024 };

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* Sizes of the changes that moves make on random states with the right sums; how many. */
static size_t sample_changes(const qn__moves *moves, qn__walker *walker, qn__draws *draws, double *changes)
{
    const size_t groups = moves->qubo->ngroups;
    size_t count = 0;
    for (uint32_t k = 0; k < SAMPLES / 2; k++) {
        qn__move move;
        if (k % 16 == 0) {
            qn__guess(walker->cost, walker->x, draws);
            qn__walker_settle(walker);
        }
        const uint32_t g = qn__draw_below(draws, (uint32_t)groups);
        if (shift(moves, walker, g, draws, &move) && move.change != 0) {
            changes[count++] = fabs(move.change);
        }
        if (exchange(moves, walker, g, draws, &move) && move.change != 0) {
            changes[count++] = fabs(move.change);
        }
    }
    qsort(changes, count, sizeof *changes, compare);
    return count;
}

static qn_status rescale(const qn__moves *moves, qn_cost cost, uint64_t seed, double *hot, double *cold)
{
    double changes[SAMPLES], squares = 0, least = 0;
    qn__walker walker;
    qn__draws draws = qn__draws_open(seed, 2, 0);
    QN_TRY(qn__walker_create(cost, &walker));
    const size_t count = sample_changes(moves, &walker, &draws, changes);
    for (size_t k = 0; k < count; k++) {
        squares += changes[k] * changes[k] / (double)count;
    }
    for (size_t k = 0; k < moves->qubo->nmembers; k++) {
        walker.x[moves->qubo->members[k]] = 2; /* only the flips of free variables matter besides */
    }
    for (uint32_t i = 0; i < walker.n; i++) {
        walker.x[i] = walker.x[i] == 2;
    }
    qn__cost_scales(cost, walker.x, hot, &least);
    qn__walker_release(&walker);
    *hot = fmax(*hot, sqrt(squares));
    *cold = count > 0 ? fmin(*cold, changes[count / 20]) : *cold;
    return QN_OK;
}

qn_status qn__moves_scales(qn_cost cost, uint64_t seed, double *hot, double *cold)
{
    qn__moves moves;
    qn__cost_scales(cost, NULL, hot, cold);
    QN_TRY(qn__moves_create(cost, &moves));
    const qn_status status = moves.qubo != NULL ? rescale(&moves, cost, seed, hot, cold) : QN_OK;
    qn__moves_release(&moves);
    return status;
}
