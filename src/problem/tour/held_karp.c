/* held_karp.c: the shortest tour by dynamic programming over subsets (Bellman 1962; Held, Karp 1962): O(2^n n^2) time,
 * 2^(n-1) (n-1) numbers. best[S][j] is the shortest path from node n-1 through all of S that ends in j of S. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "problem/tour/tour.h"

static void fill(const qn__tour_input *input, double *best, bool *stopped)
{
    const uint32_t n = input->n, m = n - 1;
    const double *const d = input->d;
    double reported = 0;
    for (size_t set = 1; set < (size_t)1 << m; set++) {
        if ((set & 0xffff) == 0) {
            const qn_progress progress = {"held-karp", set,         (uint64_t)1 << m,
                                          set,         (double)NAN, qn__clock() - input->started};
            qn__context_progress(input->context, &progress, &reported, false);
            if (qn__tour_over(input)) {
                *stopped = true;
                return;
            }
        }
        for (size_t ends = set; ends != 0; ends &= ends - 1) {
            const size_t j = (size_t)__builtin_ctzll(ends), without = set & ~((size_t)1 << j);
            double shortest = without == 0 ? d[(size_t)m * n + j] : (double)INFINITY;
            for (size_t rest = without; rest != 0; rest &= rest - 1) {
                const size_t i = (size_t)__builtin_ctzll(rest);
                shortest = fmin(shortest, best[without * m + i] + d[i * n + j]);
            }
            best[set * m + j] = shortest;
        }
    }
}

/* Walks back from the end through the predecessors that gave the minimum. */
static void trace_back(const qn__tour_input *input, const double *best, uint32_t *tour)
{
    const uint32_t n = input->n, m = n - 1;
    size_t set = ((size_t)1 << m) - 1, next = m;
    tour[0] = m;
    for (uint32_t k = 1; k < n; k++) {
        size_t chosen = 0;
        double shortest = (double)INFINITY;
        for (size_t rest = set; rest != 0; rest &= rest - 1) {
            const size_t i = (size_t)__builtin_ctzll(rest);
            const double length = best[set * m + i] + input->d[i * n + next];
            if (length < shortest) {
                shortest = length;
                chosen = i;
            }
        }
        tour[k] = (uint32_t)chosen;
        set &= ~((size_t)1 << chosen);
        next = chosen;
    }
}

qn_status qn__tour_held_karp(const qn__tour_input *input, qn_tour_result **out)
{
    const uint32_t n = input->n, m = n - 1;
    QN_CHECK(n <= QN__HELD_KARP_NODES, ERR_TOO_LARGE,
             "%u nodes; dynamic programming over subsets takes at most %d, use branch and bound", n,
             (int)QN__HELD_KARP_NODES);
    const size_t cells = ((size_t)1 << m) * m;
    QN_TRY(qn__context_check_bytes(input->context, cells * sizeof(double), "the table of subsets",
                                   "branch and bound needs no table"));
    double *best = qn__alloc(cells, sizeof *best);
    QN_ALLOC_CHECK(best);
    qn_tour_result *result = NULL;
    bool stopped = false;
    qn_status status = QN_OK;
    fill(input, best, &stopped);
    if (stopped) {
        status = qn_context_interrupted(input->context)
                     ? QN_FAIL(ERR_INTERRUPTED, "stopped before the table of subsets was full")
                     : QN_FAIL(ERR_TOO_LARGE, "the table of subsets was not full after %g s", input->options->seconds);
        goto cleanup;
    }
    QN_TRY_CLEANUP(qn__tour_result_create(n, 1, &result));
    trace_back(input, best, result->tour);
    qn__tour_normalise(n, result->tour);
    result->length = result->bound = result->trace_length[0] = qn__tour_length(input->d, n, result->tour);
    result->optimal = true;
    result->starts = 1;
    result->seconds = result->seconds_to_best = result->trace_seconds[0] = qn__clock() - input->started;
    *out = result;
cleanup:
    qn__free(best);
    return status;
}
