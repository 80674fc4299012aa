/* baselines.c: the searches that fit no model of pairs: random, local, evolution, Parzen estimator.
 *
 * Looking at a known entry again is free. A configuration that the table does not list cannot be trained; it is passed
 * over. */
#include <math.h>
#include <string.h>

#include "algorithm/nas/search.h"
#include "base/alloc.h"

enum { POPULATION = 20, TOURNAMENT = 5, PATIENCE = 100, CANDIDATES = 24, MOST_GOOD = 25 };

qn_status qn__nas_random(qn__nas_run *run)
{
    while (!qn__nas_over(run)) {
        qn__nas_look(run, qn__nas_fresh(run));
    }
    return QN_OK;
}

/* ---- local search ---- */

/* Single changes of one entry, as (choice, level) pairs in random order. */
static size_t list_changes(qn__nas_run *run, const uint32_t *levels, uint32_t (*changes)[2])
{
    size_t count = 0;
    for (uint32_t a = 0; a < run->table->choices; a++) {
        for (uint32_t l = 0; l < run->table->levels[a]; l++) {
            if (l != levels[a]) {
                changes[count][0] = a;
                changes[count++][1] = l;
            }
        }
    }
    for (size_t k = count; k > 1; k--) {
        const size_t other = qn__nas_below(run, k);
        uint32_t kept[2];
        memcpy(kept, changes[k - 1], sizeof kept);
        memcpy(changes[k - 1], changes[other], sizeof kept);
        memcpy(changes[other], kept, sizeof kept);
    }
    return count;
}

/* Looks at single changes until one is better. False at a local minimum. */
static bool improve(qn__nas_run *run, size_t *at, uint32_t *levels, uint32_t (*changes)[2])
{
    const qn_nas_table *const t = run->table;
    memcpy(levels, qn__nas_levels(t, *at), t->choices * sizeof *levels);
    const size_t count = list_changes(run, levels, changes);
    for (size_t k = 0; k < count && !qn__nas_over(run); k++) {
        const uint32_t a = changes[k][0], old = levels[a];
        size_t entry = 0;
        levels[a] = changes[k][1];
        const bool listed = qn_nas_table_find(t, levels, &entry);
        levels[a] = old;
        if (listed) {
            qn__nas_look(run, entry);
            if (t->cost[entry] < t->cost[*at]) {
                *at = entry;
                return true;
            }
        }
    }
    return false;
}

qn_status qn__nas_local(qn__nas_run *run)
{
    size_t total = 0;
    for (uint32_t a = 0; a < run->table->choices; a++) {
        total += run->table->levels[a];
    }
    uint32_t(*changes)[2] = qn__alloc(total, sizeof *changes);
    uint32_t *levels = qn__alloc(run->table->choices, sizeof *levels);
    const bool whole = changes != NULL && levels != NULL;
    while (whole && !qn__nas_over(run)) {
        size_t at = qn__nas_fresh(run);
        qn__nas_look(run, at);
        while (!qn__nas_over(run) && improve(run, &at, levels, changes)) {
        }
    }
    qn__free(changes);
    qn__free(levels);
    return whole ? QN_OK : QN_ERR_MEMORY;
}

/* ---- regularised evolution ---- */

/* Best of a random sample of the youngest POPULATION entries. */
static size_t tournament(qn__nas_run *run)
{
    const size_t living = run->spent < POPULATION ? run->spent : POPULATION;
    size_t best = run->seen[run->spent - 1 - qn__nas_below(run, living)];
    for (int k = 1; k < TOURNAMENT; k++) {
        const size_t other = run->seen[run->spent - 1 - qn__nas_below(run, living)];
        best = run->table->cost[other] < run->table->cost[best] ? other : best;
    }
    return best;
}

/* A parent with one choice changed that was not seen yet; a random entry when none turns up. */
static size_t child(qn__nas_run *run, uint32_t *levels)
{
    const qn_nas_table *const t = run->table;
    for (int patience = 0; patience < PATIENCE; patience++) {
        memcpy(levels, qn__nas_levels(t, tournament(run)), t->choices * sizeof *levels);
        const uint32_t a = (uint32_t)qn__nas_below(run, t->choices);
        const uint32_t step = 1 + (uint32_t)qn__nas_below(run, t->levels[a] - 1);
        levels[a] = (levels[a] + step) % t->levels[a];
        size_t entry = 0;
        if (qn_nas_table_find(t, levels, &entry) && !run->known[entry]) {
            return entry;
        }
    }
    return qn__nas_fresh(run);
}

qn_status qn__nas_evolution(qn__nas_run *run)
{
    uint32_t *levels = qn__alloc(run->table->choices, sizeof *levels);
    QN_ALLOC_CHECK(levels);
    run->options.initial = POPULATION; /* the others share a prefix of the same random order */
    qn__nas_begin(run);
    while (!qn__nas_over(run)) {
        qn__nas_look(run, child(run, levels));
    }
    qn__free(levels);
    return QN_OK;
}

/* ---- Parzen estimator ---- */

typedef struct parzen {
    double *good, *bad; /* probability of each level of each choice among the good and the other entries */
    size_t *ranked;     /* seen entries by rising cost */
    uint32_t *levels;
} parzen;

static void rank_seen(const qn__nas_run *run, size_t *ranked)
{
    for (size_t k = 0; k < run->spent; k++) {
        size_t at = k;
        for (; at > 0 && run->table->cost[ranked[at - 1]] > run->table->cost[run->seen[k]]; at--) {
            ranked[at] = ranked[at - 1];
        }
        ranked[at] = run->seen[k];
    }
}

/* Frequencies with one pseudo-count a level spread evenly, weight 1 in all. */
static void frequencies(const qn_nas_table *t, const size_t *entries, size_t count, double *p)
{
    for (uint32_t a = 0; a < t->choices; p += t->levels[a++]) {
        for (uint32_t l = 0; l < t->levels[a]; l++) {
            p[l] = 1.0 / t->levels[a] / ((double)count + 1);
        }
        for (size_t k = 0; k < count; k++) {
            p[qn__nas_levels(t, entries[k])[a]] += 1 / ((double)count + 1);
        }
    }
}

/* Draws a configuration from the good ones; gives the logarithm of good over bad. */
static double draw(qn__nas_run *run, parzen *p)
{
    const double *good = p->good, *bad = p->bad;
    double ratio = 0;
    for (uint32_t a = 0; a < run->table->choices; a++) {
        double u = qn__nas_uniform(run);
        uint32_t l = 0;
        while (l + 1 < run->table->levels[a] && u >= good[l]) {
            u -= good[l++];
        }
        p->levels[a] = l;
        ratio += log(good[l] / bad[l]);
        good += run->table->levels[a];
        bad += run->table->levels[a];
    }
    return ratio;
}

static size_t propose(qn__nas_run *run, parzen *p)
{
    const size_t tenth = (run->spent + 9) / 10, good = tenth < MOST_GOOD ? tenth : MOST_GOOD;
    rank_seen(run, p->ranked);
    frequencies(run->table, p->ranked, good, p->good);
    frequencies(run->table, p->ranked + good, run->spent - good, p->bad);
    double best = -(double)INFINITY;
    size_t chosen = qn__nas_fresh(run), entry = 0;
    for (int k = 0, found = 0; found < CANDIDATES && k < CANDIDATES * PATIENCE; k++) {
        const double ratio = draw(run, p);
        if (qn_nas_table_find(run->table, p->levels, &entry) && !run->known[entry]) {
            found++;
            chosen = ratio > best ? entry : chosen;
            best = fmax(best, ratio);
        }
    }
    return chosen;
}

qn_status qn__nas_tpe(qn__nas_run *run)
{
    size_t total = 0;
    for (uint32_t a = 0; a < run->table->choices; a++) {
        total += run->table->levels[a];
    }
    parzen p = {.good = qn__alloc(2 * total, sizeof *p.good),
                .ranked = qn__alloc(run->options.evaluations, sizeof *p.ranked),
                .levels = qn__alloc(run->table->choices, sizeof *p.levels)};
    const bool whole = p.good != NULL && p.ranked != NULL && p.levels != NULL;
    if (whole) {
        p.bad = p.good + total;
        qn__nas_begin(run);
        while (!qn__nas_over(run)) {
            qn__nas_look(run, propose(run, &p));
        }
    }
    qn__free(p.good);
    qn__free(p.ranked);
    qn__free(p.levels);
    return whole ? QN_OK : QN_ERR_MEMORY;
}
