/* bench_measure.c: one workload on one engine, timed. */
#include "bench_measure.h"

#include <stdlib.h>
#include <time.h>

enum { MOST_BATCHES = 101 };

/* A batch this long is read to a few parts in a thousand by any clock. */
static const double batch_seconds = 2e-3;

struct bench_runner {
    const bench_job *job;
    qn_engine *engine;
    qn_program *program;
    qn_live *live; /* the state that a single gate acts on */
    double value, *gradient;
};

#define BENCH_TRY(expression)                                                                                          \
    do {                                                                                                               \
        status = (expression);                                                                                         \
        if (status != QN_OK) {                                                                                         \
            goto cleanup;                                                                                              \
        }                                                                                                              \
    } while (0)

double bench_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static size_t observable_count(const bench_job *job)
{
    return job->observable != NULL ? 1 : 0;
}

static const qn_pauli_sum *const *observables(const bench_job *job)
{
    return job->observable != NULL ? (const qn_pauli_sum *const *)&job->observable : NULL;
}

/* The state that the gate will act on, and the gate as a piece. */
static qn_status open_gate(bench_runner *runner)
{
    qn_program *prepare = NULL;
    qn_status status = QN_ERR_UNSUPPORTED;
    if (!qn_engine_has_live(runner->engine)) {
        return status;
    }
    BENCH_TRY(qn_engine_compile_live(runner->engine, runner->job->prepare, &prepare));
    BENCH_TRY(qn_engine_compile_live(runner->engine, runner->job->circuit, &runner->program));
    BENCH_TRY(qn_live_create(runner->engine, runner->job->nqubits, &runner->live));
    BENCH_TRY(qn_live_advance(runner->live, prepare, NULL));
cleanup:
    qn_program_free(prepare);
    return status;
}

qn_status bench_runner_open(qn_context *context, const char *engine_spec, const bench_job *job, bench_runner **out)
{
    qn_status status = QN_OK;
    bench_runner *runner = calloc(1, sizeof *runner);
    if (runner == NULL) {
        return QN_ERR_MEMORY;
    }
    runner->job = job;
    BENCH_TRY(qn_engine_open(context, engine_spec, &runner->engine));
    if (job->workload->kind == BENCH_GATE) {
        BENCH_TRY(open_gate(runner));
    } else {
        BENCH_TRY(
            qn_engine_compile(runner->engine, job->circuit, observables(job), observable_count(job), &runner->program));
    }
    if (job->workload->kind == BENCH_GRADIENT) {
        runner->gradient = calloc(job->ntheta + 1, sizeof *runner->gradient);
        status = runner->gradient == NULL ? QN_ERR_MEMORY : QN_OK;
    }
cleanup:
    if (status != QN_OK) {
        bench_runner_close(runner);
        return status;
    }
    *out = runner;
    return QN_OK;
}

void bench_runner_close(bench_runner *runner)
{
    if (runner == NULL) {
        return;
    }
    free(runner->gradient);
    qn_live_free(runner->live);
    qn_program_free(runner->program);
    qn_engine_close(runner->engine);
    free(runner);
}

qn_status bench_runner_call(bench_runner *runner)
{
    static const double one = 1.0;
    const bench_job *job = runner->job;
    qn_complex amplitude;
    switch (job->workload->kind) {
    case BENCH_GATE:
        return qn_live_advance(runner->live, runner->program, NULL);
    case BENCH_STATE: { /* reading one amplitude asks for the whole state */
        const qn_status status = qn_program_amplitudes(runner->program, job->theta, 0, 1, &amplitude);
        runner->value = status == QN_OK ? amplitude.re : 0.0;
        return status;
    }
    case BENCH_EXPECT:
    case BENCH_ENERGY:
        return qn_program_expect(runner->program, job->theta, 1, &runner->value, NULL);
    case BENCH_GRADIENT:
        break;
    }
    return qn_program_gradient(runner->program, job->theta, 1, &one, &runner->value, runner->gradient);
}

double bench_runner_value(const bench_runner *runner)
{
    return runner->value;
}

const double *bench_runner_gradient(const bench_runner *runner)
{
    return runner->gradient;
}

qn_status bench_runner_amplitudes(bench_runner *runner, uint64_t first, size_t count, qn_complex *out)
{
    return runner->job->workload->kind == BENCH_GATE
               ? qn_live_amplitudes(runner->live, first, count, out)
               : qn_program_amplitudes(runner->program, runner->job->theta, first, count, out);
}

qn_status bench_bytes_needed(qn_context *context, const char *engine_spec, const bench_job *job, uint64_t *bytes)
{
    qn_engine *engine = NULL;
    qn_status status = qn_engine_open(context, engine_spec, &engine);
    if (status == QN_OK) {
        status = qn_engine_bytes_needed(engine, job->circuit, observables(job), observable_count(job), bytes);
        if (status == QN_OK && job->workload->kind == BENCH_GRADIENT) {
            *bytes = *bytes > UINT64_MAX / 2 ? UINT64_MAX : *bytes * 2;
        }
        qn_engine_close(engine);
    }
    return status;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Between the two neighbours, as far as `share` says. */
static double quantile(const double *sorted, size_t count, double share)
{
    const double at = share * (double)(count - 1);
    const size_t below = (size_t)at;
    return below + 1 < count ? sorted[below] + (at - (double)below) * (sorted[below + 1] - sorted[below])
                             : sorted[count - 1];
}

static qn_status call_often(qn_context *context, bench_runner *runner, uint64_t calls)
{
    for (uint64_t k = 0; k < calls; k++) {
        const qn_status status = bench_runner_call(runner);
        if (status != QN_OK) {
            return status;
        }
    }
    return qn_context_interrupted(context) ? QN_ERR_INTERRUPTED : QN_OK;
}

qn_status bench_time(qn_context *context, bench_runner *runner, const bench_effort *effort, bench_times *out)
{
    double samples[MOST_BATCHES];
    qn_status status = call_often(context, runner, 1);
    uint64_t calls = 1;
    double spent = 0.0;
    while (status == QN_OK) { /* how many calls make a batch */
        const double begin = bench_now();
        status = call_often(context, runner, calls);
        spent = bench_now() - begin;
        if (spent >= batch_seconds || calls > UINT64_C(1) << 40) {
            break;
        }
        calls = spent > 0.1 * batch_seconds ? (uint64_t)((double)calls * batch_seconds / spent * 1.1) + 1 : calls * 8;
    }
    size_t count = 0;
    const double start = bench_now();
    while (status == QN_OK && count < MOST_BATCHES &&
           (count < effort->least_batches || bench_now() - start + spent <= effort->seconds)) {
        const double begin = bench_now();
        status = call_often(context, runner, calls);
        samples[count++] = (bench_now() - begin) / (double)calls;
    }
    if (status != QN_OK) {
        return status;
    }
    qsort(samples, count, sizeof samples[0], by_size);
    *out = (bench_times){.median = quantile(samples, count, 0.5),
                         .low = quantile(samples, count, 0.25),
                         .high = quantile(samples, count, 0.75),
                         .least = samples[0],
                         .calls = calls,
                         .batches = count};
    return QN_OK;
}
