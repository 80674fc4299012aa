/* minimum.c: the smallest of many values by threshold search, and the random experiments behind its means.
 *
 * Values are replaced by their ranks, equal ones told apart by their index. At the spectral tier a round that looks for
 * values below the threshold depends on their number alone: it succeeds with sin^2((2 j + 1) theta) and then gives each
 * lower rank alike. At the others it runs on a machine (threshold.h). */
#include <quern/search.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algorithm/search/machine.h"
#include "algorithm/search/threshold.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/rng.h"
#include "base/status.h"

enum { MOST_VALUES = 1 << 28, MOST_HELD = 1 << 24 };

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

/* One minimum under way. */
typedef struct run {
    qn_context *context; /* NULL: SPECTRAL, as a pure function */
    uint64_t items;
    qn_minimum_options options;
    uint64_t *order; /* items by rank */
    uint32_t *codes; /* ranks by item; NULL at the spectral tier */
    uint64_t *set;   /* k ranks, rising */
    qn__threshold *machine;
    qn_minimum_result *result;
    dice dice;
} run;

/* A rank below the set's worst and not in it, if one is found within the rounds. */
static qn_status look_below(run *r, uint64_t rounds, bool *hit, uint64_t *rank)
{
    const uint64_t k = r->options.k, better = r->set[k - 1] - (k - 1);
    r->result->runs++;
    if (r->machine == NULL) {
        *hit = look(&r->dice, r->items, better, rounds, &r->result->queries);
        *rank = *hit ? outside(r->set, k - 1, roll_below(&r->dice, better)) : 0;
        return QN_OK;
    }
    uint64_t item = 0;
    QN_TRY(qn__threshold_set(r->machine, r->set, k));
    double m = 1;
    *hit = false;
    for (uint64_t full = 0; full < rounds && !*hit && !r->result->interrupted;) {
        const double most = sqrt((double)qn__threshold_space(r->machine));
        full += m >= most;
        const uint64_t steps = roll_below(&r->dice, (uint64_t)ceil(m));
        QN_TRY(qn__threshold_run(r->machine, steps, hit, &item));
        r->result->queries += steps + 1;
        r->result->interrupted = qn_context_interrupted(r->context);
        m = fmin(GROWTH * m, most);
    }
    *rank = *hit ? r->codes[item] : 0;
    return QN_OK;
}

/* So many rounds in vain at full range overlook a value with probability `failure` / (k (2 + ln N)): some k (1 + ln N)
 * searches happen on average, and one that overlooks something ends everything. */
static uint64_t rounds_for(const run *r)
{
    const double each = r->options.failure / ((double)r->options.k * (2 + log((double)r->items)));
    return (uint64_t)ceil(log(each) / log(0.75));
}

/* k smallest: a set of k ranks, whose worst is replaced by any value below it that is not in the set, until a search
 * finds none. */
static qn_status gather(run *r)
{
    const uint64_t k = r->options.k, rounds = rounds_for(r);
    for (uint64_t i = 0; i < k; i++) {
        r->set[i] = outside(r->set, i, roll_below(&r->dice, r->items - i));
        qsort(r->set, i + 1, sizeof *r->set, compare_ranks);
    }
    for (bool hit = true; hit && !r->result->interrupted;) {
        uint64_t rank = 0;
        QN_TRY(look_below(r, rounds, &hit, &rank));
        if (!hit) {
            break;
        }
        r->set[k - 1] = rank;
        qsort(r->set, k, sizeof *r->set, compare_ranks);
        r->result->queries_to_best = r->set[k - 1] == k - 1 ? r->result->queries : r->result->queries_to_best;
    }
    r->result->confidence = r->result->interrupted ? 0 : 1 - r->options.failure;
    return QN_OK;
}

/* ---- tiers ---- */

static qn_status choose_tier(run *r)
{
    const qn_minimum_options *const o = &r->options;
    const double items = (double)r->items;
    /* Half a root of N steps in each vain round, and some three roots until then. */
    const double steps = ((double)rounds_for(r) / 2 + 3 * sqrt((double)o->k)) * sqrt(items);
    const double memory = r->context != NULL ? (double)qn_context_memory_limit(r->context) : 0;
    const double stream =
        r->items <= MOST_HELD && 16 * items <= memory ? items * QN__SEARCH_STREAM_SECONDS * steps : HUGE_VAL;
    uint32_t qubits = 0;
    double gate = HUGE_VAL;
    QN_TRY(r->items <= MOST_HELD ? qn__threshold_gate_seconds(r->items, o, &qubits, &gate) : QN_OK);
    gate *= steps;
    const bool asked = o->tier != QN_SEARCH_TIER_AUTO;
    qn_minimum_result *const result = r->result;
    result->tier = asked                       ? o->tier
                   : gate <= o->auto_seconds   ? QN_SEARCH_TIER_GATE
                   : stream <= o->auto_seconds ? QN_SEARCH_TIER_OPERATOR
                                               : QN_SEARCH_TIER_SPECTRAL;
    QN_CHECK(result->tier == QN_SEARCH_TIER_SPECTRAL || r->items <= MOST_HELD, ERR_TOO_LARGE,
             "%" PRIu64 " values; above 2^24 the spectral tier alone finds their minimum", r->items);
    QN_CHECK(result->tier != QN_SEARCH_TIER_GATE || qubits <= o->gate_qubits, ERR_TOO_LARGE,
             "the threshold search of %" PRIu64 " values needs %" PRIu32 " qubits; allowed are %" PRIu32, r->items,
             qubits, o->gate_qubits);
    char next[128] = "";
    if (result->tier == QN_SEARCH_TIER_SPECTRAL && isfinite(stream)) {
        (void)snprintf(next, sizeof next, "; the operator tier would take %.2g MB and about %.2g s", items * 8e-6,
                       stream);
    } else if (result->tier == QN_SEARCH_TIER_OPERATOR && isfinite(gate)) {
        (void)snprintf(next, sizeof next, "; the gate tier would take %" PRIu32 " qubits and about %.2g s", qubits,
                       gate);
    } else if (result->tier == QN_SEARCH_TIER_OPERATOR && qubits <= o->gate_qubits) {
        (void)snprintf(next, sizeof next, "; the gate tier's circuits have too many gates to be foreseen");
    } else if (result->tier == QN_SEARCH_TIER_OPERATOR) {
        (void)snprintf(next, sizeof next, "; the gate tier would need %" PRIu32 " qubits; allowed are %" PRIu32, qubits,
                       o->gate_qubits);
    }
    (void)snprintf(result->tier_note, sizeof result->tier_note, "%s%s%s",
                   result->tier == QN_SEARCH_TIER_GATE
                       ? "gate: each threshold's lookup and comparison as a circuit on a state vector"
                   : result->tier == QN_SEARCH_TIER_OPERATOR
                       ? "operator: reflections of the vector of all values"
                       : "spectral: every round's state follows from the number of values below the threshold",
                   asked ? " (as asked)" : "", next);
    return QN_OK;
}

static qn_status sort_values(run *r, const double *values)
{
    entry *order = qn__alloc(r->items, sizeof *order);
    QN_ALLOC_CHECK(order);
    for (uint64_t i = 0; i < r->items; i++) {
        order[i] = (entry){values[i], i};
    }
    qsort(order, r->items, sizeof *order, compare_entries);
    r->order = qn__alloc(r->items, sizeof *r->order);
    for (uint64_t k = 0; r->order != NULL && k < r->items; k++) {
        r->order[k] = order[k].index;
    }
    qn__free(order);
    return r->order == NULL ? QN_ERR_MEMORY : QN_OK;
}

static qn_status check(const double *values, uint64_t items, qn_minimum_options *options)
{
    const qn_minimum_options plain = QN_MINIMUM_OPTIONS_INIT;
    QN_CHECK(options->size == sizeof *options, ERR_ARGUMENT,
             "options have size %" PRIu32 ", expected %zu; use QN_MINIMUM_OPTIONS_INIT", options->size, sizeof plain);
    options->k = options->k > 0 ? options->k : 1;
    options->failure = options->failure != 0 ? options->failure : 1e-6;
    options->gate_qubits = options->gate_qubits > 0 ? options->gate_qubits : QN__SEARCH_GATE_QUBITS;
    options->auto_seconds = options->auto_seconds > 0 ? options->auto_seconds : 2;
    QN_CHECK(items >= 1 && items <= MOST_VALUES, ERR_TOO_LARGE, "%" PRIu64 " values; from 1 to 2^28 are sorted", items);
    QN_CHECK(options->k <= items, ERR_RANGE, "the %" PRIu64 " smallest of %" PRIu64 " values", options->k, items);
    QN_CHECK(options->failure > 0 && options->failure < 1, ERR_RANGE,
             "failure %g; expected a probability between 0 and 1", options->failure);
    for (uint64_t i = 0; i < items; i++) {
        QN_CHECK(!isnan(values[i]), ERR_NAN, "value %" PRIu64 " is not a number", i);
    }
    return QN_OK;
}

static qn_status execute(run *r, const double *values)
{
    QN_TRY(choose_tier(r));
    QN_TRY(sort_values(r, values));
    if (r->result->tier != QN_SEARCH_TIER_SPECTRAL) {
        r->codes = qn__alloc(r->items, sizeof *r->codes);
        QN_ALLOC_CHECK(r->codes);
        for (uint64_t k = 0; k < r->items; k++) {
            r->codes[r->order[k]] = (uint32_t)k;
        }
        qn_minimum_options own = r->options;
        own.tier = r->result->tier;
        QN_TRY(qn__threshold_open(r->context, r->codes, r->items, &own, &r->machine));
    }
    QN_TRY(gather(r));
    if (r->machine != NULL) {
        r->result->cost = *qn__threshold_cost(r->machine);
    }
    for (uint64_t i = 0; i < r->options.k; i++) {
        r->set[i] = r->order[r->set[i]];
    }
    return QN_OK;
}

/* `context` NULL: the spectral tier. */
static qn_status minimum(qn_context *context, const double *values, uint64_t items, const qn_minimum_options *options,
                         qn_minimum_result **out)
{
    QN_CHECK(values != NULL && out != NULL, ERR_ARGUMENT, "values and a place for the result");
    const double began = qn__clock();
    run r = {.context = context, .items = items, .options = *options, .dice = {options->seed, 1, 0}};
    QN_TRY(check(values, items, &r.options));
    r.result = qn__calloc(1, sizeof *r.result);
    r.set = qn__alloc(r.options.k, sizeof *r.set);
    qn_status status = r.result == NULL || r.set == NULL ? QN_ERR_MEMORY : execute(&r, values);
    qn__threshold_close(r.machine);
    qn__free(r.order);
    qn__free(r.codes);
    if (status != QN_OK) {
        qn__free(r.set);
        qn__free(r.result);
        return status;
    }
    r.result->found = r.set;
    r.result->count = (size_t)r.options.k;
    r.result->seconds = qn__clock() - began;
    *out = r.result;
    return QN_OK;
}

qn_status qn_search_minimum_run(qn_context *context, const double *values, uint64_t items,
                                const qn_minimum_options *options, qn_minimum_result **out)
{
    const qn_minimum_options plain = QN_MINIMUM_OPTIONS_INIT;
    QN_CHECK(context != NULL, ERR_ARGUMENT, "a context");
    return minimum(context, values, items, options != NULL ? options : &plain, out);
}

qn_status qn_search_minimum(const double *values, uint64_t items, uint64_t k, double failure, uint64_t seed,
                            qn_minimum_result **out)
{
    qn_minimum_options options = QN_MINIMUM_OPTIONS_INIT;
    QN_CHECK(k >= 1, ERR_RANGE, "the 0 smallest of %" PRIu64 " values", items);
    QN_CHECK(failure > 0, ERR_RANGE, "failure %g; expected a probability between 0 and 1", failure);
    options.k = k;
    options.failure = failure;
    options.tier = QN_SEARCH_TIER_SPECTRAL;
    options.seed = seed;
    return minimum(NULL, values, items, &options, out);
}

void qn_minimum_result_free(qn_minimum_result *result)
{
    if (result != NULL) {
        qn__free(result->found);
        qn__free(result);
    }
}
