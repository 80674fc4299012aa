/* race.c: starts, threads, time and the best so far. */
#include "problem/solver/race.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"

enum { DEFAULT_STARTS = 32, FIRST_SWEEPS = 128, SAME_SWEEPS = 8, MOST_SWEEPS = 131072 };

qn_status qn__optimize_check(qn_cost cost, const qn_optimize_options *options, qn_optimize_options *filled)
{
    const qn_optimize_options plain = QN_OPTIMIZE_OPTIONS_INIT;
    *filled = options != NULL ? *options : plain;
    QN_CHECK(filled->size == sizeof *filled, ERR_ARGUMENT,
             "options have size %u, expected %zu; use QN_OPTIMIZE_OPTIONS_INIT", filled->size, sizeof *filled);
    QN_CHECK((cost.qubo != NULL) != (cost.polynomial != NULL), ERR_ARGUMENT, "one cost function is needed");
    QN_CHECK(cost.qubo != NULL ? cost.qubo->finished : cost.polynomial->finished, ERR_ARGUMENT,
             "the cost function is not finished");
    QN_CHECK(filled->seconds >= 0 && isfinite(filled->seconds), ERR_ARGUMENT, "%g seconds; expected 0 or more",
             filled->seconds);
    filled->exact_limit = filled->exact_limit == 0 ? 30 : filled->exact_limit;
    return QN_OK;
}

qn_status qn__optimize_result_create(uint32_t variables, size_t trace, qn_optimize_result **out)
{
    qn_optimize_result *result = qn__calloc(1, sizeof *result);
    QN_ALLOC_CHECK(result);
    result->variables = variables;
    result->x = qn__calloc(variables, 1);
    result->trace_seconds = qn__alloc(2 * trace, sizeof(double));
    if (result->x == NULL || result->trace_seconds == NULL) {
        qn_optimize_result_free(result);
        return QN_ERR_MEMORY;
    }
    result->trace = trace;
    result->trace_cost = result->trace_seconds + trace;
    result->bound = -(double)INFINITY;
    result->mean_cost = (double)NAN;
    *out = result;
    return QN_OK;
}

void qn_optimize_result_free(qn_optimize_result *result)
{
    if (result != NULL) {
        qn__free(result->x);
        qn__free(result->trace_seconds);
        qn__free(result);
    }
}

bool qn__race_over(qn__race *race, uint64_t start)
{
    uint64_t first = 0;
#pragma omp atomic read
    first = race->first_success;
    const double elapsed = qn__clock() - race->started;
    return first < start || (race->options.seconds > 0 && elapsed >= race->options.seconds) ||
           qn_context_interrupted(race->context);
}

/* A new best goes into the trace; the oldest half is thinned when it is full. */
static void extend_trace(qn__race *race, double value, double seconds)
{
    if (race->trace == QN__MOST_TRACE) {
        for (size_t k = 0; k < QN__MOST_TRACE / 2; k++) {
            race->trace_seconds[k] = race->trace_seconds[2 * k];
            race->trace_cost[k] = race->trace_cost[2 * k];
        }
        race->trace = QN__MOST_TRACE / 2;
    }
    race->trace_seconds[race->trace] = seconds;
    race->trace_cost[race->trace++] = value;
}

void qn__race_offer_state(qn__race *race, uint64_t start, double value, const uint8_t *x)
{
    const size_t n = qn_cost_variables(race->cost);
    const bool reached = value <= race->options.target + race->slack; /* false without a target (NaN) */
#pragma omp critical(qn_race)
    {
        if (start < race->start_capacity && !(value >= race->start_cost[start])) {
            race->start_cost[start] = value;
        }
        if (value < race->best) {
            race->seconds_to_best = qn__clock() - race->started;
            extend_trace(race, value, race->seconds_to_best);
        }
        if (value < race->best || (value == race->best && start < race->best_start)) {
            race->best = value;
            race->best_start = start;
            memcpy(race->best_x, x, n);
        }
        uint64_t first = 0;
#pragma omp atomic read
        first = race->first_success;
        if (reached && start < first) {
            race->success = value;
            memcpy(race->success_x, x, n);
#pragma omp atomic write
            race->first_success = start;
        }
    }
}

void qn__race_offer(qn__race *race, uint64_t start, const qn__walker *walker)
{
    qn__race_offer_state(race, start, walker->value, walker->x);
}

void qn__race_begin(const qn__race *race, uint64_t start, qn__walker *walker, qn__draws *draws)
{
    if (start == 0 && race->options.start != NULL) {
        for (uint32_t i = 0; i < walker->n; i++) {
            walker->x[i] = race->options.start[i] & 1;
        }
    } else {
        for (uint32_t i = 0; i < walker->n; i++) {
            walker->x[i] = (uint8_t)(qn__draw(draws) >> 31);
        }
    }
    qn__walker_settle(walker);
}

uint64_t qn__race_sweeps(const qn__race *race, uint64_t start)
{
    if (race->options.sweeps > 0) {
        return race->options.sweeps;
    }
    const uint64_t doublings = start / SAME_SWEEPS;
    return doublings >= 10 ? MOST_SWEEPS : (uint64_t)FIRST_SWEEPS << doublings;
}

void qn__race_count(qn__race *race, uint64_t flips)
{
#pragma omp atomic
    race->flips += flips;
}

static void report(qn__race *race)
{
    uint64_t finished = 0;
#pragma omp atomic read
    finished = race->finished;
    double best = 0;
#pragma omp critical(qn_race)
    best = race->best;
    const bool open_ended = race->most_starts == UINT64_MAX;
    const qn_progress progress = {race->stage, finished, open_ended ? 0 : race->most_starts,
                                  finished,    best,     qn__clock() - race->started};
    qn__context_progress(race->context, &progress, &race->reported, false);
}

/* Room for the best of every start, asked for before the start runs. */
static qn_status make_room(qn__race *race, uint64_t start)
{
    qn_status status = QN_OK;
#pragma omp critical(qn_race)
    if (start >= race->start_capacity) {
        const size_t old = race->start_capacity;
        status = qn__grow((void **)&race->start_cost, &race->start_capacity, (size_t)start + 64, sizeof(double));
        for (size_t k = old; status == QN_OK && k < race->start_capacity; k++) {
            race->start_cost[k] = (double)NAN;
        }
    }
    return status;
}

static void work(qn__race *race, const qn__method *method, bool first_thread)
{
    const uint32_t count = method->walkers > 0 ? method->walkers : 1;
    qn__walker *walkers = qn__calloc(count, sizeof *walkers);
    void *scratch = qn__calloc(method->scratch, 1);
    qn_status status = walkers != NULL && scratch != NULL ? QN_OK : QN_ERR_MEMORY;
    for (uint32_t k = 0; k < count && status == QN_OK; k++) {
        status = qn__walker_create(race->cost, &walkers[k]);
    }
    while (status == QN_OK) {
        uint64_t start = 0;
#pragma omp atomic capture
        start = race->next++;
        if (start >= race->most_starts || (start > 0 && qn__race_over(race, start))) {
            break;
        }
        status = make_room(race, start);
        if (status == QN_OK) {
            qn__draws draws = qn__draws_open(race->options.seed, 1, start);
            method->run(race, scratch, walkers, &draws, start, method->shared);
#pragma omp atomic
            race->finished++;
        }
        if (first_thread) {
            report(race);
        }
    }
    for (uint32_t k = 0; walkers != NULL && k < count; k++) {
        qn__walker_release(&walkers[k]);
    }
    qn__free(walkers);
    qn__free(scratch);
    if (status != QN_OK) {
#pragma omp critical(qn_race)
        race->status = status;
    }
}

static double mean_of_starts(const qn__race *race)
{
    double sum = 0;
    uint64_t count = 0;
    for (size_t k = 0; k < race->start_capacity && k <= race->first_success; k++) {
        if (!isnan(race->start_cost[k])) {
            sum += race->start_cost[k];
            count++;
        }
    }
    return count > 0 ? sum / (double)count : (double)NAN;
}

static qn_status conclude(qn__race *race, qn_optimize_result **out)
{
    const uint32_t n = qn_cost_variables(race->cost);
    const bool reached = race->first_success != UINT64_MAX;
    QN_CHECK(isfinite(race->best), ERR_INTERRUPTED, "stopped before the first state was looked at");
    qn_optimize_result *result = NULL;
    QN_TRY(qn__optimize_result_create(n, race->trace, &result));
    memcpy(result->x, reached ? race->success_x : race->best_x, n);
    memcpy(result->trace_seconds, race->trace_seconds, race->trace * sizeof(double));
    memcpy(result->trace_cost, race->trace_cost, race->trace * sizeof(double));
    result->cost = qn_cost_value(race->cost, result->x);
    result->interrupted = qn_context_interrupted(race->context);
    result->reached = reached;
    result->starts = reached ? race->first_success + 1 : race->finished;
    result->flips = race->flips;
    result->seconds = qn__clock() - race->started;
    result->seconds_to_best = race->seconds_to_best;
    result->mean_cost = mean_of_starts(race);
    *out = result;
    return QN_OK;
}

qn_status qn__race_run(qn_context *context, qn_cost cost, const qn_optimize_options *options, const qn__method *method,
                       qn_optimize_result **out)
{
    qn__race race = {.context = context, .cost = cost, .stage = method->stage, .best = (double)INFINITY};
    QN_TRY(qn__optimize_check(cost, options, &race.options));
    const uint32_t n = qn_cost_variables(cost), threads = qn_context_threads(context);
    double low = 0, high = 0;
    qn_cost_bounds(cost, &low, &high);
    race.slack = 1e-9 * fmax(1, fmax(fabs(low), fabs(high)));
    race.slack = qn_cost_is_integer(cost) ? 0.5 : race.slack;
    race.started = qn__clock();
    race.first_success = UINT64_MAX;
    race.most_starts = race.options.restarts > 0  ? race.options.restarts
                       : race.options.seconds > 0 ? UINT64_MAX
                                                  : DEFAULT_STARTS;
    if (method->most_starts > 0 && method->most_starts < race.most_starts) {
        race.most_starts = method->most_starts;
    }
    qn_status status = QN_OK;
    QN_TRY(qn__moves_create(cost, &race.moves));
    race.best_x = qn__calloc(2 * (size_t)n, 1);
    race.trace_seconds = qn__alloc(2 * (size_t)QN__MOST_TRACE, sizeof(double));
    if (race.best_x == NULL || race.trace_seconds == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    race.success_x = race.best_x + n;
    race.trace_cost = race.trace_seconds + QN__MOST_TRACE;
    const uint64_t useful = race.most_starts < threads ? race.most_starts : threads;
    (void)useful; /* unused without OpenMP */
#pragma omp parallel num_threads((int)useful) if (useful > 1)
    {
        bool first = false;
#pragma omp master
        first = true;
        work(&race, method, first);
    }
    status = race.status;
    if (status == QN_ERR_MEMORY) {
        status =
            QN_FAIL(ERR_MEMORY, "no memory for a start of '%s'", method->stage); /* its message was another thread's */
    }
    QN_TRY_CLEANUP(status);
    QN_TRY_CLEANUP(conclude(&race, out));
cleanup:
    qn__moves_release(&race.moves);
    qn__free(race.best_x);
    qn__free(race.trace_seconds);
    qn__free(race.start_cost);
    return status;
}
