/* minimum.c: the smallest of many values by threshold search, and the random experiments behind its means.
 *
 * A round that looks for values below the threshold depends on their number alone, so values are replaced by their
 * ranks: a round succeeds with sin^2((2 j + 1) theta) and then gives each lower rank alike. Equal values are told apart
 * by their index. */
#include <quern/search.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/rng.h"
#include "base/status.h"

enum { MOST_VALUES = 1 << 28 };

static const double GROWTH = 6.0 / 5.0;

typedef struct dice {
    uint64_t seed, stream, next;
} dice;

static double roll(dice *d)
{
    return qn__random_uniform(d->seed, d->stream, d->next++);
}

static uint64_t roll_below(dice *d, uint64_t bound)
{
    const uint64_t k = (uint64_t)(roll(d) * (double)bound);
    return k < bound ? k : bound - 1;
}

/* One search among `items` for one of `marked` by BBHT: oracle calls are its steps, and one to verify each measured
 * item. Gives up when `rounds` at full range failed (0: never), which overlooks what there is with probability
 * (3/4)^rounds at most. */
static bool look(dice *d, uint64_t items, uint64_t marked, uint64_t rounds, uint64_t *queries)
{
    const double theta = qn_search_angle((double)items, (double)marked), most = sqrt((double)items);
    double m = 1;
    for (uint64_t full = 0; rounds == 0 || full < rounds;) {
        full += m >= most;
        const uint64_t steps = roll_below(d, (uint64_t)ceil(m));
        const double s = sin((2 * (double)steps + 1) * theta);
        *queries += steps + 1;
        if (roll(d) < s * s) {
            return true;
        }
        m = fmin(GROWTH * m, most);
    }
    return false;
}

uint64_t qn_search_bbht_draw(uint64_t items, uint64_t marked, uint64_t seed, uint64_t stream)
{
    dice d = {seed, stream, 0};
    uint64_t queries = 0;
    if (marked > 0) {
        (void)look(&d, items, marked, 0, &queries);
    }
    return queries;
}

uint64_t qn_search_minimum_draw(uint64_t items, uint64_t seed, uint64_t stream)
{
    dice d = {seed, stream, 0};
    uint64_t queries = 0;
    for (uint64_t rank = roll_below(&d, items); rank > 0; rank = roll_below(&d, rank)) {
        (void)look(&d, items, rank, 0, &queries);
    }
    return queries;
}

/* ---- values ---- */

typedef struct entry {
    double value;
    uint64_t index;
} entry;

static int compare_entries(const void *a, const void *b)
{
    const entry *const x = a, *const y = b;
    if (x->value < y->value || x->value > y->value) {
        return x->value < y->value ? -1 : 1;
    }
    return (x->index > y->index) - (x->index < y->index);
}

static int compare_ranks(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The rank of the t-th value that is not in the set; `set` is rising. */
static uint64_t outside(const uint64_t *set, uint64_t k, uint64_t t)
{
    for (uint64_t i = 0; i < k && set[i] <= t; i++) {
        t++;
    }
    return t;
}

/* k smallest: a set of k ranks, whose worst is replaced by any value below it that is not in the set, until a search
 * finds none. A search that overlooks one ends everything; some k (1 + ln N) of them happen on average, so each may
 * fail with that much less. */
static void gather(dice *d, uint64_t items, uint64_t k, double failure, uint64_t *set, qn_minimum_result *result)
{
    const double each = failure / ((double)k * (2 + log((double)items)));
    const uint64_t rounds = (uint64_t)ceil(log(each) / log(0.75));
    for (uint64_t i = 0; i < k; i++) {
        set[i] = outside(set, i, roll_below(d, items - i));
        qsort(set, i + 1, sizeof *set, compare_ranks);
    }
    for (;;) {
        const uint64_t better = set[k - 1] - (k - 1);
        result->runs++;
        if (!look(d, items, better, rounds, &result->queries)) {
            break;
        }
        set[k - 1] = outside(set, k - 1, roll_below(d, better));
        qsort(set, k, sizeof *set, compare_ranks);
        result->queries_to_best = set[k - 1] == k - 1 ? result->queries : result->queries_to_best;
    }
    result->confidence = 1 - failure;
}

qn_status qn_search_minimum(const double *values, uint64_t items, uint64_t k, double failure, uint64_t seed,
                            qn_minimum_result **out)
{
    QN_CHECK(values != NULL && out != NULL, ERR_ARGUMENT, "values and a place for the result");
    QN_CHECK(items >= 1 && items <= MOST_VALUES, ERR_TOO_LARGE, "%llu values; from 1 to 2^28 are sorted",
             (unsigned long long)items);
    QN_CHECK(k >= 1 && k <= items, ERR_RANGE, "the %llu smallest of %llu values", (unsigned long long)k,
             (unsigned long long)items);
    QN_CHECK(failure > 0 && failure < 1, ERR_RANGE, "failure %g; expected a probability between 0 and 1", failure);
    for (uint64_t i = 0; i < items; i++) {
        QN_CHECK(!isnan(values[i]), ERR_NAN, "value %llu is not a number", (unsigned long long)i);
    }
    const double began = qn__clock();
    qn_minimum_result *result = qn__calloc(1, sizeof *result);
    entry *order = qn__alloc(items, sizeof *order);
    uint64_t *ranks = qn__alloc(k, sizeof *ranks);
    if (result == NULL || order == NULL || ranks == NULL) {
        qn__free(result);
        qn__free(order);
        qn__free(ranks);
        return QN_ERR_MEMORY;
    }
    for (uint64_t i = 0; i < items; i++) {
        order[i] = (entry){values[i], i};
    }
    qsort(order, items, sizeof *order, compare_entries);
    dice d = {seed, 1, 0};
    gather(&d, items, k, failure, ranks, result);
    for (uint64_t i = 0; i < k; i++) {
        ranks[i] = order[ranks[i]].index;
    }
    qn__free(order);
    result->found = ranks;
    result->count = (size_t)k;
    result->seconds = qn__clock() - began;
    *out = result;
    return QN_OK;
}

void qn_minimum_result_free(qn_minimum_result *result)
{
    if (result != NULL) {
        qn__free(result->found);
        qn__free(result);
    }
}
