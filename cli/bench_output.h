/* bench_output.h: what `quern bench` measured, as a table, JSON, CSV and a picture. */
#ifndef CLI_BENCH_OUTPUT_H
#define CLI_BENCH_OUTPUT_H

#include "bench_measure.h"
#include "options.h"

typedef struct bench_row {
    const bench_workload *workload;
    uint32_t nqubits, threads;
    bool single_precision;
    size_t gates, terms, parameters;
    bench_times times;
    double pass;  /* seconds of an in-place pass over 16 * 2^nqubits bytes, whatever the precision */
    double floor; /* seconds that the gates' arithmetic takes at the processor's peak; NaN: not defined */
} bench_row;

/* What the machine could do, for one number of threads. */
typedef struct bench_ceiling {
    uint32_t threads;
    double fmadd_rate[2]; /* a second; [0] float64, [1] float32 */
} bench_ceiling;

typedef struct bench_pass {
    uint32_t nqubits, threads;
    double seconds[2]; /* over 16 * 2^nqubits bytes; over 8 * 2^nqubits */
} bench_pass;

typedef struct bench_result {
    const cli_invocation *invocation;
    const char *engine, *arch;
    bench_row *rows;
    size_t nrows;
    bench_ceiling *ceilings;
    size_t nceilings;
    bench_pass *passes;
    size_t npasses;
    double seconds;
    bool interrupted, out_of_time; /* not all that was asked for was measured */
    size_t left_out;               /* workloads that could not be measured here */
} bench_result;

/* Seconds an amplitude and gate; NaN for workloads without gates. */
double bench_row_unit(const bench_row *row);
/* The largest growth of that, by the least times, between one size and the next one up, over whole circuits; NULL when
 * there are no two neighbours. */
const bench_row *bench_largest_step(const bench_result *result, double *ratio);

void bench_text(qn_text *text, const bench_result *result, bool quiet);
void bench_csv(qn_text *text, const bench_result *result);
void bench_json(qn_json *json, const bench_result *result);
/* QN_ERR_ARGUMENT when there is nothing to draw. */
qn_status bench_svg(qn_text *text, const bench_result *result);

#endif
