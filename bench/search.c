/* search.c: how fast searches and estimations are simulated, as JSON lines.
 *
 *     bench_search [BITS [THREADS]]     one step of Grover's search over 2^BITS items (24) at the operator and at the
 * gate tier, and one of a circuit of eight steps, beside one pass over as much memory; runs of amplitude estimation a
 * second; draws of threshold search
 *
 * Passes and steps take turns, so that other work on the machine meets both; the best of each is shown. Processor
 * seconds say more on a busy machine, with one thread.
 */
#include <quern/quern.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FEW = 2, MANY = 12, ROUNDS = 9, JOINED = 8 };

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

/* The least seconds of a short run and of a long one, whose difference is steps alone, without start and reading. */
static qn_status time_runs(qn_context *context, const qn_oracle *oracle, qn_search_tier tier, double least[2])
{
    qn_search_options options = QN_SEARCH_OPTIONS_INIT;
    double curve[MANY + 1];
    options.tier = tier;
    options.gate_qubits = 30;
    for (int k = 0; k < 2; k++) {
        const double began = now();
        const qn_status status = qn_search_curve(context, oracle, &options, k == 0 ? FEW + 1 : MANY + 1, curve);
        if (status != QN_OK) {
            return status;
        }
        const double took = now() - began;
        least[k] = took < least[k] ? took : least[k];
    }
    return QN_OK;
}

/* A state that gates act on, and two programs for it: one step, and several in one circuit. */
typedef struct gate_tier {
    qn_engine *engine;
    qn_live *live;
    qn_program *start, *one, *several;
} gate_tier;

static void close_gates(gate_tier *g)
{
    qn_live_free(g->live);
    qn_program_free(g->start);
    qn_program_free(g->one);
    qn_program_free(g->several);
    qn_engine_close(g->engine);
}

static qn_status compile(const gate_tier *g, const qn_oracle *oracle, unsigned times, qn_program **out)
{
    qn_circuit *step = NULL, *whole = NULL;
    qn_status status = qn_search_compile(oracle, QN_ORACLE_AUTO, 30, false, &step);
    status = status == QN_OK ? qn_circuit_create(qn_circuit_qubits(step), &whole) : status;
    for (unsigned k = 0; k < times && status == QN_OK; k++) {
        status = qn_circuit_append_circuit(whole, step);
    }
    status = status == QN_OK ? qn_engine_compile_live(g->engine, whole, out) : status;
    qn_circuit_free(step);
    qn_circuit_free(whole);
    return status;
}

static qn_status open_gates(qn_context *context, const qn_oracle *oracle, uint32_t bits, gate_tier *g)
{
    qn_circuit *spread = NULL;
    qn_status status = qn_circuit_create(bits, &spread);
    for (uint32_t q = 0; q < bits && status == QN_OK; q++) {
        status = qn_circuit_append(spread, QN_GATE_H, &q, 1, NULL, 0);
    }
    status = status == QN_OK ? qn_engine_open(context, "statevector", &g->engine) : status;
    status = status == QN_OK ? qn_live_create(g->engine, bits, &g->live) : status;
    status = status == QN_OK ? qn_engine_compile_live(g->engine, spread, &g->start) : status;
    status = status == QN_OK ? compile(g, oracle, 1, &g->one) : status;
    status = status == QN_OK ? compile(g, oracle, JOINED, &g->several) : status;
    status = status == QN_OK ? qn_live_advance(g->live, g->start, NULL) : status;
    qn_circuit_free(spread);
    return status;
}

/* Best seconds of a step so far: by the wall, of the processors. */
static qn_status time_advance(gate_tier *g, qn_program *program, unsigned times, double best[2])
{
    const double began[2] = {now(), processor_seconds()};
    const qn_status status = qn_live_advance(g->live, program, NULL);
    const double took[2] = {(now() - began[0]) / times, (processor_seconds() - began[1]) / times};
    for (int k = 0; k < 2; k++) {
        best[k] = took[k] < best[k] ? took[k] : best[k];
    }
    return status;
}

static qn_status time_gates(qn_context *context, const qn_oracle *oracle, unsigned bits)
{
    gate_tier g = {0};
    double pass = 1e9, one[2] = {1e9, 1e9}, several[2] = {1e9, 1e9};
    qn_status status = open_gates(context, oracle, bits, &g);
    for (int round = 0; round < ROUNDS && status == QN_OK; round++) {
        double seconds = 0;
        status = qn_machine_pass((uint64_t)16 << bits, qn_context_threads(context), 0.1, &seconds);
        pass = seconds < pass ? seconds : pass;
        for (int k = 0; k < 5 && status == QN_OK; k++) {
            status = time_advance(&g, g.one, 1, one);
        }
        status = status == QN_OK ? time_advance(&g, g.several, JOINED, several) : status;
    }
    if (status == QN_OK) {
        printf("{\"bench\": \"grover\", \"bits\": %u, \"threads\": %u, \"gate_step_s\": %.4g, \"processor_s\": %.4g, "
               "\"pass_s\": %.4g, \"passes\": %.3g}\n",
               bits, qn_context_threads(context), one[0], one[1], pass, one[0] / pass);
        printf("{\"bench\": \"grover\", \"bits\": %u, \"threads\": %u, \"joined_steps\": %d, \"gate_step_s\": %.4g, "
               "\"processor_s\": %.4g, \"passes\": %.3g}\n",
               bits, qn_context_threads(context), (int)JOINED, several[0], several[1], several[0] / pass);
    }
    close_gates(&g);
    return status;
}

static qn_status steps(qn_context *context, unsigned bits)
{
    const uint64_t items = UINT64_C(1) << bits;
    bool *marked = calloc(items, sizeof *marked);
    qn_oracle *oracle = NULL;
    double pass = 1e9, least[2] = {1e9, 1e9};
    if (marked == NULL) {
        return QN_ERR_MEMORY;
    }
    marked[items / 3] = true;
    qn_status status = qn_oracle_from_table(context, marked, items, &oracle);
    free(marked);
    for (int round = 0; round < 3 && status == QN_OK; round++) {
        double seconds = 0;
        status = qn_machine_pass(items * 8, qn_context_threads(context), 0.3, &seconds);
        pass = seconds < pass ? seconds : pass;
        status = status == QN_OK ? time_runs(context, oracle, QN_SEARCH_TIER_OPERATOR, least) : status;
    }
    if (status == QN_OK) {
        const double step = (least[1] - least[0]) / (MANY - FEW);
        printf("{\"bench\": \"grover\", \"bits\": %u, \"threads\": %u, \"operator_step_s\": %.4g, \"pass_s\": %.4g, "
               "\"passes\": %.3g}\n",
               bits, qn_context_threads(context), step, pass, step / pass);
    }
    status = status == QN_OK ? time_gates(context, oracle, bits) : status;
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
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.threads = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0; /* 0: all */
    if (bits < 4 || bits > 30) {
        (void)fprintf(stderr, "bench_search: from 4 to 30 bits\n");
        return 2;
    }
    const bool bad =
        failed(qn_context_create(&options, &context)) || failed(steps(context, bits)) || failed(estimations(context));
    if (!bad) {
        means();
    }
    qn_context_free(context);
    return bad ? 1 : 0;
}
