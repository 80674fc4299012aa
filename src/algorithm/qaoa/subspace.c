/* subspace.c: lists the states in which every group has its number of ones, with their costs. */
#include "algorithm/qaoa/subspace.h"

#include <stdio.h>

#include "algorithm/qaoa/combinations.h"
#include "base/alloc.h"
#include "base/bits.h"
#include "base/context.h"
#include "base/status.h"

static qn_status add_group(qn__subspace *s, const uint32_t *members, size_t count, uint32_t ones, uint8_t *taken)
{
    const uint32_t first = s->groups == 0 ? 0 : s->group[s->groups - 1].first + s->group[s->groups - 1].count;
    const bool several = ones > 1 && ones < count;
    QN_CHECK(!several || count <= QN__MOST_CHOSEN_FROM, ERR_TOO_LARGE,
             "%u ones among %zu variables; groups with several ones have at most %d members here", ones, count,
             (int)QN__MOST_CHOSEN_FROM);
    for (size_t k = 0; k < count; k++) {
        s->members[first + k] = members[k];
        taken[members[k]] = 1;
    }
    const uint64_t radix = ones == 0       ? 2
                           : ones == count ? 1
                           : ones == 1     ? count
                                           : s->choose[count * QN__CHOOSE_SIDE + ones];
    QN_CHECK(radix > 0, ERR_INTERNAL, "a group of %zu variables with %u ones has no states", count, ones);
    s->group[s->groups++] = (qn__subspace_group){first, (uint32_t)count, ones, radix, 0};
    return QN_OK;
}

static qn_status list_groups(const qn_qubo *qubo, qn__subspace *s)
{
    uint8_t *taken = qn__calloc(s->variables, 1);
    QN_ALLOC_CHECK(taken);
    qn_status status = QN_OK;
    for (size_t g = 0; g < qn_qubo_groups(qubo) && status == QN_OK; g++) {
        const uint32_t *members = NULL;
        uint32_t ones = 0;
        const size_t count = qn_qubo_group(qubo, g, &members, &ones);
        status = add_group(s, members, count, ones, taken);
    }
    for (uint32_t v = 0; v < s->variables && status == QN_OK; v++) {
        status = taken[v] == 0 ? add_group(s, &v, 1, 0, taken) : QN_OK;
    }
    qn__free(taken);
    return status;
}

/* Whether the digit is a member's number: one of them is 1, or a single bit. */
static bool is_plain(const qn__subspace_group *g)
{
    return g->ones <= 1;
}

static uint64_t word_of(const qn__subspace *s, const qn__subspace_group *g, uint64_t digit)
{
    return qn__combination_at(s->choose, g->count, g->ones, digit);
}

static void set_digit(const qn__subspace *s, const qn__subspace_group *g, uint64_t digit, uint8_t *x)
{
    const uint32_t *const members = s->members + g->first;
    const uint64_t word = is_plain(g) || g->ones == g->count ? 0 : word_of(s, g, digit);
    for (uint32_t k = 0; k < g->count; k++) {
        x[members[k]] = (uint8_t)(g->ones == 0          ? digit
                                  : g->ones == g->count ? 1
                                  : g->ones == 1        ? k == digit
                                                        : word >> k & 1);
    }
}

static uint64_t digit_of(const qn__subspace *s, const qn__subspace_group *g, const uint8_t *x)
{
    const uint32_t *const members = s->members + g->first;
    uint64_t word = 0;
    if (g->ones == 0) {
        return x[members[0]] != 0;
    }
    for (uint32_t k = 0; k < g->count && g->ones < g->count; k++) {
        if (x[members[k]] != 0) {
            if (g->ones == 1) {
                return k;
            }
            word |= UINT64_C(1) << k;
        }
    }
    return qn__combination_rank(s->choose, word);
}

void qn__subspace_decode(const qn__subspace *s, uint64_t state, uint8_t *x)
{
    for (uint32_t g = 0; g < s->groups; state /= s->group[g++].radix) {
        set_digit(s, &s->group[g], state % s->group[g].radix, x);
    }
}

uint64_t qn__subspace_encode(const qn__subspace *s, const uint8_t *x)
{
    uint64_t state = 0;
    for (uint32_t g = s->groups; g-- > 0;) {
        state = state * s->group[g].radix + digit_of(s, &s->group[g], x);
    }
    return state;
}

static double flip(const qn_qubo *qubo, uint8_t *x, uint32_t v)
{
    const double change = qn_qubo_flip(qubo, x, v);
    x[v] ^= 1;
    return change;
}

/* What it costs to go from one digit of a group to another; x goes along. */
static double step(const qn_qubo *qubo, const qn__subspace *s, const qn__subspace_group *g, uint64_t from, uint64_t to,
                   uint8_t *x)
{
    const uint32_t *const members = s->members + g->first;
    double change = 0.0;
    if (from == to) {
        return 0.0;
    }
    if (is_plain(g)) {
        change = flip(qubo, x, members[g->ones == 0 ? 0 : from]);
        return g->ones == 0 ? change : change + flip(qubo, x, members[to]);
    }
    for (uint64_t rest = word_of(s, g, from) ^ word_of(s, g, to); rest != 0; rest &= rest - 1) {
        change += flip(qubo, x, members[(uint32_t)__builtin_ctzll(rest)]);
    }
    return change;
}

/* Costs by an odometer: a step changes few bits. Recomputed now and then, against drift. */
static qn_status fill_costs(const qn_qubo *qubo, qn__subspace *s)
{
    uint8_t *x = qn__calloc(s->variables, 1);
    QN_ALLOC_CHECK(x);
    qn__subspace_decode(s, 0, x);
    double cost = qn_qubo_value(qubo, x);
    for (uint64_t state = 0; state < s->size; state++) {
        s->cost[state] = cost;
        uint64_t rest = state;
        for (uint32_t g = 0; g < s->groups; g++) {
            const uint64_t radix = s->group[g].radix, digit = rest % radix, next = digit + 1 < radix ? digit + 1 : 0;
            cost += step(qubo, s, &s->group[g], digit, next, x);
            if (next != 0) {
                break;
            }
            rest /= radix;
        }
        if ((state & 1023) == 1023) {
            cost = qn_qubo_value(qubo, x);
        }
    }
    qn__free(x);
    return QN_OK;
}

static qn_status count_states(qn_context *context, qn__subspace *s)
{
    double size = 1.0;
    for (uint32_t g = 0; g < s->groups; g++) {
        size *= (double)s->group[g].radix;
        s->size = size < 1e15 ? s->size * s->group[g].radix : s->size;
    }
    QN_CHECK(size < 1e15, ERR_TOO_LARGE, "%.3g feasible states; they are listed one by one", size);
    char what[64];
    (void)snprintf(what, sizeof what, "states of %llu feasible amplitudes", (unsigned long long)s->size);
    return qn__context_check_bytes(context, s->size * 40, what, "");
}

static bool has_pairs(const qn__subspace_group *g)
{
    return g->ones > 1 && g->ones < g->count;
}

static qn_status list_pairs(qn__subspace *s)
{
    enum { MOST_NUMBERS = 1 << 23 };
    uint64_t total = 0;
    for (uint32_t g = 0; g < s->groups && total <= MOST_NUMBERS; g++) {
        if (has_pairs(&s->group[g])) {
            const uint64_t each = qn__subspace_digit_pairs(s, g);
            s->group[g].pairs_at = total;
            total = each > MOST_NUMBERS ? each : total + 2 * each * qn__subspace_turns(s, g);
        }
    }
    if (total == 0 || total > MOST_NUMBERS) {
        return QN_OK;
    }
    s->pairs = qn__alloc(total, sizeof *s->pairs);
    QN_ALLOC_CHECK(s->pairs);
    for (uint32_t g = 0; g < s->groups; g++) {
        for (uint32_t k = 0; has_pairs(&s->group[g]) && k < qn__subspace_turns(s, g); k++) {
            uint32_t a = 0, b = 0;
            qn__subspace_pair(s, g, k, &a, &b);
            qn__subspace_list_pairs(s, g, a < b ? a : b, a < b ? b : a,
                                    s->pairs + s->group[g].pairs_at + 2 * k * qn__subspace_digit_pairs(s, g));
        }
    }
    return QN_OK;
}

qn_status qn__subspace_create(qn_context *context, const qn_qubo *qubo, qn_qaoa_mixer mixer, qn__subspace *out)
{
    const uint32_t n = qn_qubo_variables(qubo);
    qn__subspace s = {.variables = n, .size = 1, .mixer = mixer};
    qn_status status = QN_OK;
    s.group = qn__calloc(n, sizeof *s.group);
    s.members = qn__calloc(n, sizeof *s.members);
    s.choose = qn__alloc((size_t)QN__CHOOSE_SIDE * QN__CHOOSE_SIDE, sizeof *s.choose);
    if (s.group == NULL || s.members == NULL || s.choose == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    qn__choose_fill(s.choose);
    QN_TRY_CLEANUP(list_groups(qubo, &s));
    QN_TRY_CLEANUP(count_states(context, &s));
    s.cost = qn__alloc(s.size, sizeof *s.cost);
    if (s.cost == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(fill_costs(qubo, &s));
    QN_TRY_CLEANUP(list_pairs(&s));
    *out = s;
    s = (qn__subspace){0};
cleanup:
    qn__subspace_release(&s);
    return status;
}

void qn__subspace_release(qn__subspace *s)
{
    qn__free(s->group);
    qn__free(s->members);
    qn__free(s->choose);
    qn__free(s->cost);
    qn__free(s->pairs);
    *s = (qn__subspace){0};
}
