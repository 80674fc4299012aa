/* gray.c: every state once, in an order that flips one bit at a time.
 *
 * The last bits are cut off and counted through by chunks, which threads share; the lowest chunk among equals keeps its
 * state. A function that does not change under flipping everything is searched with its last bit 0. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "problem/solver/methods.h"
#include "problem/solver/race.h"

enum { MOST_CHUNK_BITS = 8, MOST_BITS = 40 };

typedef struct search {
    qn_context *context;
    qn_cost cost;
    double started, seconds, reported;
    uint32_t low, chunks; /* 2^low states a chunk */
    uint64_t next, done;
    bool stopped;
    qn_status status;
    double *best;     /* of each chunk */
    uint64_t *states; /* where */
} search;

static bool over(search *s)
{
    if (qn_context_interrupted(s->context) || (s->seconds > 0 && qn__clock() - s->started >= s->seconds)) {
#pragma omp atomic write
        s->stopped = true;
        return true;
    }
    return false;
}

static void walk_chunk(search *s, qn__walker *walker, uint32_t chunk)
{
    const uint64_t states = UINT64_C(1) << s->low;
    qn__unpack((uint64_t)chunk << s->low, walker->n, walker->x);
    qn__walker_settle(walker);
    double best = walker->value;
    uint64_t where = 0;
    for (uint64_t k = 1; k < states; k++) {
        qn__walker_flip(walker, (uint32_t)__builtin_ctzll(k));
        if (walker->value < best) {
            best = walker->value;
            where = k ^ k >> 1;
        }
        if ((k & 0xfffff) == 0 && over(s)) {
            break;
        }
    }
    s->best[chunk] = best;
    s->states[chunk] = (uint64_t)chunk << s->low | where;
}

static void work(search *s, bool first_thread)
{
    qn__walker walker = {0};
    qn_status status = qn__walker_create(s->cost, &walker);
    for (uint64_t chunk = 0; status == QN_OK;) {
#pragma omp atomic capture
        chunk = s->next++;
        if (chunk >= s->chunks || (chunk > 0 && over(s))) {
            break;
        }
        walk_chunk(s, &walker, (uint32_t)chunk);
        uint64_t done = 0;
#pragma omp atomic capture
        done = ++s->done;
        if (first_thread) {
            const qn_progress progress = {"exact", done, s->chunks, done, (double)NAN, qn__clock() - s->started};
            qn__context_progress(s->context, &progress, &s->reported, false);
        }
    }
    qn__walker_release(&walker);
    if (status != QN_OK) {
#pragma omp critical(qn_gray)
        s->status = status;
    }
}

static qn_status conclude(search *s, uint32_t n, qn_optimize_result **out)
{
    uint32_t best = 0;
    for (uint32_t c = 1; c < s->chunks; c++) {
        best = s->best[c] < s->best[best] ? c : best;
    }
    qn_optimize_result *result = NULL;
    QN_TRY(qn__optimize_result_create(n, 1, &result));
    qn__unpack(s->states[best], n, result->x);
    result->cost = qn_cost_value(s->cost, result->x);
    result->optimal = !s->stopped;
    result->interrupted = s->stopped && qn_context_interrupted(s->context);
    result->bound = result->optimal ? result->cost : -(double)INFINITY;
    result->starts = 1;
    result->flips = s->done << s->low;
    result->seconds = qn__clock() - s->started;
    result->seconds_to_best = result->seconds;
    result->trace_seconds[0] = result->seconds;
    result->trace_cost[0] = result->cost;
    *out = result;
    return QN_OK;
}

qn_status qn__solve_gray(qn_context *context, qn_cost cost, const qn_optimize_options *options,
                         qn_optimize_result **out)
{
    qn_optimize_options filled;
    QN_TRY(qn__optimize_check(cost, options, &filled));
    const uint32_t n = qn_cost_variables(cost), bits = n - (n > 1 && qn_cost_is_symmetric(cost) ? 1 : 0);
    QN_CHECK(bits <= MOST_BITS && n <= filled.exact_limit, ERR_TOO_LARGE,
             "%u variables have 2^%u states; all of them are looked at up to %u variables", n, bits,
             filled.exact_limit);
    const uint32_t high = bits / 2 < MOST_CHUNK_BITS ? bits / 2 : MOST_CHUNK_BITS;
    search s = {.context = context,
                .cost = cost,
                .started = qn__clock(),
                .seconds = filled.seconds,
                .low = bits - high,
                .chunks = 1u << high};
    s.best = qn__alloc(s.chunks, sizeof *s.best);
    s.states = qn__calloc(s.chunks, sizeof *s.states);
    qn_status status = QN_OK;
    if (s.best == NULL || s.states == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    for (uint32_t c = 0; c < s.chunks; c++) {
        s.best[c] = (double)INFINITY;
    }
    const uint32_t threads = n < 16 ? 1 : qn_context_threads(context);
    (void)threads; /* unused without OpenMP */
#pragma omp parallel num_threads((int)threads) if (threads > 1)
    {
        bool first = false;
#pragma omp master
        first = true;
        work(&s, first);
    }
    if (s.status != QN_OK) {
        status = QN_FAIL(ERR_MEMORY, "no memory for the exact search");
        goto cleanup;
    }
    QN_TRY_CLEANUP(conclude(&s, n, out));
cleanup:
    qn__free(s.best);
    qn__free(s.states);
    return status;
}
