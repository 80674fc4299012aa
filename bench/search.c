/* search.c: how fast searches and estimations are simulated, as JSON lines.
 *
 *     bench_search [BITS]     one step of Grover's search over 2^BITS items (24) at the operator and at the gate tier,
 * beside one pass over as much memory; runs of amplitude estimation a second; draws of threshold search
 */
#include <quern/quern.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FEW = 2, MANY = 12 };

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double processor_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static bool failed(qn_status status)
{
    if (status != QN_OK) {
        (void)fprintf(stderr, "bench_search: %s\n", qn_last_error()->message);
    }
    return status != QN_OK;
}

/* Seconds of one step: a long run less a short one, so that starting and reading the state do not count. */
static qn_status time_step(qn_context *context, const qn_oracle *oracle, qn_search_tier tier, double *seconds)
{
    qn_search_options options = QN_SEARCH_OPTIONS_INIT;
    double curve[MANY + 1], took[2] = {0, 0};
    options.tier = tier;
    options.gate_qubits = 30;
    for (int k = 0; k < 2; k++) {
        const double began = now();
        const qn_status status = qn_search_curve(context, oracle, &options, k == 0 ? FEW + 1 : MANY + 1, curve);
        if (status != QN_OK) {
            return status;
        }
        took[k] = now() - began;
    }
    *seconds = (took[1] - took[0]) / (MANY - FEW);
    return QN_OK;
}

static qn_status steps(qn_context *context, unsigned bits)
{
    const uint64_t items = UINT64_C(1) << bits;
    bool *marked = calloc(items, sizeof *marked);
    qn_oracle *oracle = NULL;
    double real_pass = 0, complex_pass = 0, step[2] = {0, 0};
    if (marked == NULL) {
        return QN_ERR_MEMORY;
    }
    marked[items / 3] = true;
    qn_status status = qn_oracle_from_table(context, marked, items, &oracle);
    free(marked);
    status = status == QN_OK ? qn_machine_pass(items * 8, qn_context_threads(context), 1, &real_pass) : status;
    status = status == QN_OK ? qn_machine_pass(items * 16, qn_context_threads(context), 1, &complex_pass) : status;
    status = status == QN_OK ? time_step(context, oracle, QN_SEARCH_TIER_OPERATOR, &step[0]) : status;
    status = status == QN_OK ? time_step(context, oracle, QN_SEARCH_TIER_GATE, &step[1]) : status;
    if (status == QN_OK) {
        printf("{\"bench\": \"grover\", \"bits\": %u, \"operator_step_s\": %.4g, \"pass_s\": %.4g, \"passes\": %.3g}\n",
               bits, step[0], real_pass, step[0] / real_pass);
        printf("{\"bench\": \"grover\", \"bits\": %u, \"gate_step_s\": %.4g, \"pass_s\": %.4g, \"passes\": %.3g}\n",
               bits, step[1], complex_pass, step[1] / complex_pass);
    }
    qn_oracle_free(oracle);
    return status;
}

static qn_status estimations(const qn_context *context)
{
    for (int method = 0; method < 4; method++) {
        qn_estimation_options options = QN_ESTIMATION_OPTIONS_INIT;
        qn_experiment e;
        const uint64_t runs = method == QN_ESTIMATION_LIKELIHOOD ? 20000 : 1000000;
        options.method = (qn_estimation_method)method;
        const double began = processor_seconds();
        const qn_status status = qn_amplitude_experiment(context, 0.3, &options, runs, &e);
        if (status != QN_OK) {
            return status;
        }
        printf("{\"bench\": \"amplitude estimation\", \"method\": \"%s\", \"epsilon\": 0.01, \"runs\": %llu, "
               "\"runs_per_s\": %.4g, \"runs_per_processor_s\": %.4g, \"coverage\": %.4f, \"rmse\": %.3g, "
               "\"median_error\": %.3g, \"mean_calls\": %.5g, \"mean_steps\": %.5g}\n",
               qn_estimation_method_name(options.method), (unsigned long long)runs, e.runs_per_second,
               (double)runs / (processor_seconds() - began), e.coverage, e.rmse, e.median_error, e.mean_calls,
               e.mean_steps);
    }
    return QN_OK;
}

static void means(void)
{
    static const uint64_t sizes[] = {1024, 15625, 65536, 423624};
    static const uint64_t marked[] = {1, 16, 1024};
    const unsigned runs = 20000;
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        double sum = 0;
        for (unsigned s = 0; s < runs; s++) {
            sum += (double)qn_search_minimum_draw(sizes[k], 1, s);
        }
        printf("{\"bench\": \"minimum\", \"items\": %llu, \"mean_queries\": %.5g}\n", (unsigned long long)sizes[k],
               sum / runs);
    }
    for (size_t k = 0; k < sizeof marked / sizeof *marked; k++) {
        double sum = 0;
        for (unsigned s = 0; s < runs; s++) {
            sum += (double)qn_search_bbht_draw(1 << 20, marked[k], 1, s);
        }
        printf("{\"bench\": \"unknown number\", \"items\": 1048576, \"marked\": %llu, \"mean_queries\": %.5g}\n",
               (unsigned long long)marked[k], sum / runs);
    }
}

int main(int argc, char **argv)
{
    const unsigned bits = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 24;
    qn_context *context = NULL;
    if (bits < 4 || bits > 30) {
        (void)fprintf(stderr, "bench_search: from 4 to 30 bits\n");
        return 2;
    }
    const bool bad =
        failed(qn_context_create(NULL, &context)) || failed(steps(context, bits)) || failed(estimations(context));
    if (!bad) {
        means();
    }
    qn_context_free(context);
    return bad ? 1 : 0;
}
