/* bench_measure.h: runs a workload on an engine, over and over, and says how long it takes. Used by `quern bench` and
 * by the programs of bench/. */
#ifndef CLI_BENCH_MEASURE_H
#define CLI_BENCH_MEASURE_H

#include "bench_circuits.h"

/* Seconds of the wall clock. */
double bench_now(void);

/* A workload compiled on an engine: all that is done once is done. */
typedef struct bench_runner bench_runner;

/* The job must outlive the runner. `engine_spec` as in qn_engine_open. Errors: QN_ERR_UNSUPPORTED for a single gate
 * when the engine has no live states; those of the engine. */
qn_status bench_runner_open(qn_context *context, const char *engine_spec, const bench_job *job, bench_runner **out);
void bench_runner_close(bench_runner *runner);
/* Once. */
qn_status bench_runner_call(bench_runner *runner);
/* Of the last call: the value, and its derivatives (NULL when there are none). */
double bench_runner_value(const bench_runner *runner);
const double *bench_runner_gradient(const bench_runner *runner);

/* Amplitudes first .. first + count - 1 of the state as the last call left it; for BENCH_GATE and BENCH_STATE. */
qn_status bench_runner_amplitudes(bench_runner *runner, uint64_t first, size_t count, qn_complex *out);

/* Bytes that an engine takes for the job, a gradient's second state included. */
qn_status bench_bytes_needed(qn_context *context, const char *engine_spec, const bench_job *job, uint64_t *bytes);

typedef struct bench_times {
    double median, low, high; /* seconds a call; low and high: quartiles */
    double least;
    uint64_t calls; /* a batch */
    size_t batches;
} bench_times;

typedef struct bench_effort {
    double seconds;       /* about how long one workload is repeated */
    size_t least_batches; /* at least so often, however long it takes */
} bench_effort;

/* One call to warm up, then batches long enough for the clock. Stops with QN_ERR_INTERRUPTED when the context says so.
 */
qn_status bench_time(qn_context *context, bench_runner *runner, const bench_effort *effort, bench_times *out);

#endif
