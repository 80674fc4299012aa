/* satisfy.c: a complete solver: DPLL (Davis, Logemann, Loveland 1962) with unit propagation over occurrence lists, and
 * Jeroslow and Wang's weights 2^-length to choose the variable.
 *
 * It serves as the classical rival (first solution, or the proof that there is none) and to enumerate solutions. */
#include "algorithm/search/satisfy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/status.h"

enum { UNSET = -1, LOOK = 1024, DEFAULT_BUDGET = 100000000 };

typedef struct solver {
    const qn_cnf *cnf;
    const qn_context *context;
    size_t *first, *where; /* clauses in which literal index l stands: where[first[l]] .. where[first[l + 1] - 1] */
    uint32_t *open, *met;  /* of each clause: literals not set, literals that hold */
    int8_t *value;         /* of each variable from 0: 0, 1 or UNSET */
    int32_t *trail;        /* literals in the order they were set */
    size_t *level;         /* length of the trail before each decision */
    bool *flipped;         /* the decision's other value was tried before */
    size_t set, seen;      /* literals on the trail; those of them that propagated */
    size_t decisions, unmet;
    uint64_t branches, propagations, budget;
} solver;

/* What to do with a solution; false ends the search. */
typedef bool (*visit)(solver *s, void *user);

static size_t index_of(int32_t literal)
{
    return literal > 0 ? 2 * (size_t)(literal - 1) : 2 * (size_t)(-literal - 1) + 1;
}

static void release(solver *s)
{
    qn__free(s->first);
    qn__free(s->where);
    qn__free(s->open);
    qn__free(s->met);
    qn__free(s->value);
    qn__free(s->trail);
    qn__free(s->level);
    qn__free(s->flipped);
}

static void fill_occurrences(solver *s)
{
    const qn_cnf *const cnf = s->cnf;
    for (size_t k = 0; k < cnf->start[cnf->clauses]; k++) {
        s->first[index_of(cnf->literals[k]) + 2]++;
    }
    for (size_t l = 2; l < 2 * (size_t)cnf->variables + 2; l++) {
        s->first[l] += s->first[l - 1];
    }
    for (size_t c = 0; c < cnf->clauses; c++) {
        s->open[c] = (uint32_t)(cnf->start[c + 1] - cnf->start[c]);
        for (size_t k = cnf->start[c]; k < cnf->start[c + 1]; k++) {
            s->where[s->first[index_of(cnf->literals[k]) + 1]++] = c;
        }
    }
}

static qn_status prepare(const qn_context *context, const qn_cnf *cnf, uint64_t budget, solver *s)
{
    const size_t n = cnf->variables;
    *s = (solver){.cnf = cnf, .context = context, .unmet = cnf->clauses};
    s->budget = budget > 0 ? budget : DEFAULT_BUDGET;
    s->first = qn__calloc(2 * n + 3, sizeof *s->first);
    s->where = qn__alloc(cnf->start[cnf->clauses] + 1, sizeof *s->where);
    s->open = qn__alloc(cnf->clauses + 1, sizeof *s->open);
    s->met = qn__calloc(cnf->clauses + 1, sizeof *s->met);
    s->value = qn__alloc(n + 1, sizeof *s->value);
    s->trail = qn__alloc(n + 1, sizeof *s->trail);
    s->level = qn__alloc(n + 1, sizeof *s->level);
    s->flipped = qn__alloc(n + 1, sizeof *s->flipped);
    if (s->first == NULL || s->where == NULL || s->open == NULL || s->met == NULL || s->value == NULL ||
        s->trail == NULL || s->level == NULL || s->flipped == NULL) {
        release(s);
        return QN_ERR_MEMORY;
    }
    memset(s->value, UNSET, n + 1);
    fill_occurrences(s);
    return QN_OK;
}

/* Sets a literal; its clauses learn of it when it propagates. */
static void push(solver *s, int32_t literal)
{
    s->value[(literal < 0 ? -literal : literal) - 1] = literal > 0;
    s->trail[s->set++] = literal;
}

static int32_t unit_of(const solver *s, size_t clause)
{
    for (size_t k = s->cnf->start[clause]; k < s->cnf->start[clause + 1]; k++) {
        const int32_t literal = s->cnf->literals[k];
        if (s->value[(literal < 0 ? -literal : literal) - 1] == UNSET) {
            return literal;
        }
    }
    return 0;
}

/* Everything that follows from the trail; false on a contradiction (the whole literal is booked even then, so that
 * undoing is symmetric). */
static bool propagate(solver *s)
{
    bool sound = true;
    while (s->seen < s->set && sound) {
        const int32_t literal = s->trail[s->seen++];
        const size_t holds = index_of(literal), fails = index_of(-literal);
        s->propagations++;
        for (size_t k = s->first[holds]; k < s->first[holds + 1]; k++) {
            s->open[s->where[k]]--;
            s->unmet -= s->met[s->where[k]]++ == 0;
        }
        for (size_t k = s->first[fails]; k < s->first[fails + 1]; k++) {
            const size_t clause = s->where[k];
            s->open[clause]--;
            if (s->met[clause] > 0) {
                continue;
            }
            const int32_t unit = s->open[clause] > 0 ? unit_of(s, clause) : 0;
            if (s->open[clause] == 0) {
                sound = false;
            } else if (s->open[clause] == 1 && unit != 0) {
                push(s, unit);
            }
        }
    }
    return sound;
}

static void undo_to(solver *s, size_t length)
{
    while (s->set > length) {
        const int32_t literal = s->trail[--s->set];
        s->value[(literal < 0 ? -literal : literal) - 1] = UNSET;
        if (s->set >= s->seen) {
            continue; /* never propagated */
        }
        s->seen--;
        const size_t holds = index_of(literal), fails = index_of(-literal);
        for (size_t k = s->first[holds]; k < s->first[holds + 1]; k++) {
            s->open[s->where[k]]++;
            s->unmet += --s->met[s->where[k]] == 0;
        }
        for (size_t k = s->first[fails]; k < s->first[fails + 1]; k++) {
            s->open[s->where[k]]++;
        }
    }
}

/* The literal with the largest sum of 2^-length over clauses that it would meet. */
static int32_t choose(const solver *s)
{
    double best = -1;
    int32_t literal = 0;
    for (uint32_t v = 0; v < s->cnf->variables; v++) {
        if (s->value[v] != UNSET) {
            continue;
        }
        double weight[2] = {0, 0};
        for (size_t sign = 0; sign < 2; sign++) {
            const size_t l = 2 * (size_t)v + sign;
            for (size_t k = s->first[l]; k < s->first[l + 1]; k++) {
                if (s->met[s->where[k]] == 0) {
                    weight[sign] += ldexp(1.0, -(int)s->open[s->where[k]]);
                }
            }
        }
        if (weight[0] + weight[1] > best) {
            best = weight[0] + weight[1];
            literal = weight[0] >= weight[1] ? (int32_t)v + 1 : -((int32_t)v + 1);
        }
    }
    return literal;
}

/* Back to the last decision with a value left to try; false when there is none. */
static bool backtrack(solver *s)
{
    while (s->decisions > 0) {
        const size_t at = s->level[s->decisions - 1];
        const int32_t literal = s->trail[at];
        undo_to(s, at);
        if (!s->flipped[s->decisions - 1]) {
            s->flipped[s->decisions - 1] = true;
            push(s, -literal);
            return true;
        }
        s->decisions--;
    }
    return false;
}

/* Clauses that are empty or single before anything is set. */
static bool start(solver *s)
{
    for (size_t c = 0; c < s->cnf->clauses; c++) {
        const int32_t unit = s->open[c] == 1 ? unit_of(s, c) : 0;
        if (s->open[c] == 0) {
            return false;
        }
        if (unit != 0) {
            push(s, unit);
        }
    }
    return true;
}

/* Single clauses may contradict each other: the second one is then neither pushed nor met, which propagation of the
 * first one finds. Returns true when the search ran to its end, false when budget, interruption or `visit` ended it. */
static bool search(solver *s, visit found, void *user)
{
    bool sound = start(s) && propagate(s);
    for (;;) {
        if (sound && s->unmet == 0 && !found(s, user)) {
            return false;
        }
        if (!sound || s->unmet == 0) {
            if (!backtrack(s)) {
                return true;
            }
        } else {
            if (s->branches++ >= s->budget || (s->branches % LOOK == 0 && qn_context_interrupted(s->context))) {
                return false;
            }
            s->level[s->decisions] = s->set;
            s->flipped[s->decisions++] = false;
            push(s, choose(s));
        }
        sound = propagate(s);
    }
}

static bool keep_first(solver *s, void *user)
{
    qn_cnf_answer *const answer = user;
    answer->satisfiable = true;
    for (uint32_t v = 0; v < s->cnf->variables; v++) {
        answer->values[v] = s->value[v] == 1;
    }
    return false;
}

qn_status qn_cnf_solve(const qn_context *context, const qn_cnf *cnf, uint64_t budget, qn_cnf_answer **out)
{
    QN_CHECK(context != NULL && cnf != NULL && out != NULL, ERR_ARGUMENT, "a context, a formula and a place");
    solver s;
    QN_TRY(prepare(context, cnf, budget, &s));
    qn_cnf_answer *answer = qn__calloc(1, sizeof *answer);
    bool *values = qn__calloc((size_t)cnf->variables + 1, sizeof *values);
    if (answer == NULL || values == NULL) {
        qn__free(answer);
        qn__free(values);
        release(&s);
        return QN_ERR_MEMORY;
    }
    answer->values = values;
    const double began = qn__clock();
    const bool ended = search(&s, keep_first, answer);
    answer->seconds = qn__clock() - began;
    answer->complete = ended || answer->satisfiable;
    answer->branches = s.branches;
    answer->propagations = s.propagations;
    if (!answer->satisfiable) {
        qn__free(answer->values);
        answer->values = NULL;
    }
    release(&s);
    *out = answer;
    return QN_OK;
}

void qn_cnf_answer_free(qn_cnf_answer *answer)
{
    if (answer != NULL) {
        qn__free(answer->values);
        qn__free(answer);
    }
}

typedef struct solutions {
    uint64_t *items, count, most;
    size_t capacity;
    qn_status status;
} solutions;

/* All completions of a partial solution. */
static bool keep_all(solver *s, void *user)
{
    solutions *const all = user;
    uint64_t fixed = 0, free_mask = 0;
    for (uint32_t v = 0; v < s->cnf->variables; v++) {
        fixed |= (uint64_t)(s->value[v] == 1) << v;
        free_mask |= (uint64_t)(s->value[v] == UNSET) << v;
    }
    const int free_count = __builtin_popcountll(free_mask);
    if (free_count >= 62 || all->count + (UINT64_C(1) << free_count) > all->most) {
        all->status = QN_FAIL(ERR_TOO_LARGE, "more than %llu solutions; they are listed only up to that many",
                              (unsigned long long)all->most);
        return false;
    }
    void *items = all->items;
    all->status =
        qn__grow(&items, &all->capacity, (size_t)(all->count + (UINT64_C(1) << free_count)), sizeof *all->items);
    if (all->status != QN_OK) {
        return false;
    }
    all->items = items;
    uint64_t some = 0;
    do {
        all->items[all->count++] = fixed | some;
        some = (some - free_mask) & free_mask; /* the next subset of free_mask */
    } while (some != 0);
    return true;
}

static int compare(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

qn_status qn__satisfy_all(const qn_context *context, const qn_cnf *cnf, uint64_t budget, uint64_t most, uint64_t **out,
                          uint64_t *count)
{
    solver s;
    QN_TRY(prepare(context, cnf, budget, &s));
    solutions all = {.most = most};
    const bool ended = search(&s, keep_all, &all);
    if (all.status == QN_OK && !ended) {
        all.status = qn_context_interrupted(context)
                         ? QN_FAIL(ERR_INTERRUPTED, "interrupted while the solutions were listed")
                         : QN_FAIL(ERR_TOO_LARGE, "listing the solutions takes more than %llu branches",
                                   (unsigned long long)s.budget);
    }
    release(&s);
    if (all.status != QN_OK) {
        qn__free(all.items);
        return all.status;
    }
    if (all.count > 0) {
        qsort(all.items, all.count, sizeof *all.items, compare);
    } else { /* a list all the same: without one an oracle holds all items */
        all.items = qn__alloc(0, sizeof *all.items);
        QN_ALLOC_CHECK(all.items);
    }
    *out = all.items;
    *count = all.count;
    return QN_OK;
}
