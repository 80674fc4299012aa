/* two_opt.c: 2-opt and Or-opt from nearest-neighbour and then from random starts, shared out to threads; the lowest
 * start among equals keeps its tour. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "problem/solver/draws.h"
#include "problem/tour/tour.h"

enum { DEFAULT_STARTS = 64, MOST_TRACE = 1024 };

typedef struct search {
    const qn__tour_input *input;
    uint64_t most_starts, next, finished, best_start, first_success;
    double best, seconds_to_best, reported;
    uint32_t *best_tour;
    size_t trace;
    double trace_seconds[MOST_TRACE], trace_length[MOST_TRACE];
    bool out_of_memory;
} search;

static void start_tour(const qn__tour_input *input, uint64_t start, qn__draws *draws, uint32_t *tour)
{
    const uint32_t n = input->n;
    for (uint32_t k = 0; k < n; k++) {
        tour[k] = k;
    }
    const bool nearest = start < n && start % 2 == 0;
    if (nearest) { /* the node after next is the nearest of those left */
        tour[0] = (uint32_t)start;
        tour[start] = 0;
    }
    for (uint32_t k = 1; k < n; k++) {
        uint32_t chosen = k;
        if (nearest) {
            const double *const row = input->d + (size_t)tour[k - 1] * n;
            for (uint32_t c = k + 1; c < n; c++) {
                chosen = row[tour[c]] < row[tour[chosen]] ? c : chosen;
            }
        } else {
            chosen = k + qn__draw_below(draws, n - k);
        }
        const uint32_t keep = tour[k];
        tour[k] = tour[chosen];
        tour[chosen] = keep;
    }
}

static void offer(search *s, uint64_t start, double length, const uint32_t *tour)
{
    const double target = s->input->options->target;
    const bool reached = length <= target + 1e-9 * fabs(target);
#pragma omp critical(qn_two_opt)
    {
        const double now = qn__clock() - s->input->started;
        if (length < s->best) {
            s->seconds_to_best = now;
            if (s->trace < MOST_TRACE) {
                s->trace_seconds[s->trace] = now;
                s->trace_length[s->trace++] = length;
            }
        }
        if (length < s->best || (length == s->best && start < s->best_start)) {
            s->best = length;
            s->best_start = start;
            memcpy(s->best_tour, tour, s->input->n * sizeof *tour);
        }
        if (reached && start < s->first_success) {
            s->first_success = start;
        }
        s->finished++;
    }
}

static void work(search *s, bool first_thread)
{
    const uint32_t n = s->input->n;
    uint32_t *tour = qn__alloc(n, sizeof *tour);
    for (uint64_t start = 0; tour != NULL;) {
        uint64_t success = 0;
#pragma omp atomic capture
        start = s->next++;
#pragma omp critical(qn_two_opt)
        success = s->first_success;
        if (start >= s->most_starts || start > success || (start > 0 && qn__tour_over(s->input))) {
            break;
        }
        qn__draws draws = qn__draws_open(s->input->options->seed, 4, start);
        start_tour(s->input, start, &draws, tour);
        qn__tour_improve(s->input->d, n, tour);
        qn__tour_normalise(n, tour);
        offer(s, start, qn__tour_length(s->input->d, n, tour), tour);
        if (first_thread) {
            const qn_progress progress = {"two-opt", start, 0, start, s->best, qn__clock() - s->input->started};
            qn__context_progress(s->input->context, &progress, &s->reported, false);
        }
    }
    if (tour == NULL) {
#pragma omp atomic write
        s->out_of_memory = true;
    }
    qn__free(tour);
}

qn_status qn__tour_two_opt(const qn__tour_input *input, qn_tour_result **out)
{
    const qn_optimize_options *const options = input->options;
    search *s = qn__calloc(1, sizeof *s);
    QN_ALLOC_CHECK(s);
    qn_tour_result *result = NULL;
    qn_status status = QN_OK;
    s->input = input;
    s->best = (double)INFINITY;
    s->best_start = s->first_success = UINT64_MAX;
    s->most_starts = options->restarts > 0 ? options->restarts : options->seconds > 0 ? UINT64_MAX : DEFAULT_STARTS;
    s->best_tour = qn__alloc(input->n, sizeof *s->best_tour);
    if (s->best_tour == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    const uint32_t threads = input->n < 12 ? 1 : qn_context_threads(input->context);
    (void)threads; /* unused without OpenMP */
#pragma omp parallel num_threads((int)threads) if (threads > 1)
    {
        bool first = false;
#pragma omp master
        first = true;
        work(s, first);
    }
    if (s->out_of_memory) {
        status = QN_FAIL(ERR_MEMORY, "no memory for a tour");
        goto cleanup;
    }
    QN_TRY_CLEANUP(qn__tour_result_create(input->n, s->trace, &result));
    memcpy(result->tour, s->best_tour, input->n * sizeof *result->tour);
    memcpy(result->trace_seconds, s->trace_seconds, s->trace * sizeof(double));
    memcpy(result->trace_length, s->trace_length, s->trace * sizeof(double));
    result->length = s->best;
    result->interrupted = qn_context_interrupted(input->context);
    result->starts = s->finished;
    result->seconds = qn__clock() - input->started;
    result->seconds_to_best = s->seconds_to_best;
    *out = result;
cleanup:
    qn__free(s->best_tour);
    qn__free(s);
    return status;
}
