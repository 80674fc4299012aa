/* qaoa_worker.c: our side of bench/qaoa.py; one line of JSON.
 *
 *     bench_qaoa_worker layer QUBITS LAYERS THREADS f64|f32 whole|half REPEATS
 *     bench_qaoa_worker solve QUBITS LAYERS THREADS
 *
 * The problem is the cut of the Moebius ladder of QUBITS (even) nodes, of degree 3. `half` uses C(x) = C(not x). A pass
 * is an in-place read and write of 16 bytes an amplitude, all 2^QUBITS of them, by the same threads; "cpu" and
 * "pass_cpu" are processor times, whose ratio holds better than that of wall times where other programs run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <quern/quern.h>

enum { MOST_LAYERS = 64 };

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static qn_status ladder(uint32_t n, qn_qubo **out)
{
    qn_status status = qn_qubo_create(n, out);
    for (uint32_t i = 0; i < n && status == QN_OK; i++) {
        status = qn_qubo_add_coupling(*out, i, (i + 1) % n, 0.5);
        if (status == QN_OK && i < n / 2) {
            status = qn_qubo_add_coupling(*out, i, i + n / 2, 0.5);
        }
    }
    return status == QN_OK ? qn_qubo_finish(*out) : status;
}

/* Processor time of all threads, in `cpu`, beside the wall time. */
static double pass_seconds(uint32_t n, int threads, double *cpu)
{
    (void)threads; /* unused without OpenMP */
    const size_t size = (size_t)2 << n;
    double *a = malloc(size * sizeof *a), best = 1e9;
    if (a == NULL) {
        return 0.0;
    }
#pragma omp parallel for schedule(static) num_threads(threads)
    for (size_t k = 0; k < size; k++) {
        a[k] = 1.0;
    }
    for (int round = 0; round < 5; round++) {
        const clock_t used = clock();
        const double begin = now();
#pragma omp parallel for simd schedule(static) num_threads(threads)
        for (size_t k = 0; k < size; k++) {
            a[k] *= 1.0000001;
        }
        const double seconds = now() - begin, spent = (double)(clock() - used) / CLOCKS_PER_SEC;
        best = seconds < best ? seconds : best;
        *cpu = spent < *cpu ? spent : *cpu;
    }
    free(a);
    return best;
}

static qn_status measure(qn_qaoa *q, uint32_t layers, int repeats, bool slopes, double *value, double *best,
                         double *all, double *cpu)
{
    double angles[2 * MOST_LAYERS], out[2 * MOST_LAYERS];
    for (uint32_t l = 0; l < layers; l++) {
        angles[l] = 0.3 + 0.1 * l;
        angles[layers + l] = -0.6 + 0.1 * l;
    }
    *best = 1e9;
    *cpu = 1e9;
    for (int r = 0; r < repeats; r++) {
        const clock_t used = clock();
        const double begin = now();
        const qn_status status = qn_qaoa_run(q, layers, angles, value, slopes ? out : NULL);
        if (status != QN_OK) {
            return status;
        }
        all[r] = now() - begin;
        *best = all[r] < *best ? all[r] : *best;
        const double spent = (double)(clock() - used) / CLOCKS_PER_SEC;
        *cpu = spent < *cpu ? spent : *cpu;
    }
    return QN_OK;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static qn_status layer(qn_context *context, char **argv)
{
    const uint32_t n = (uint32_t)atoi(argv[2]), layers = (uint32_t)atoi(argv[3]);
    const int threads = atoi(argv[4]), repeats = atoi(argv[7]) < 64 ? atoi(argv[7]) : 64;
    qn_qubo *qubo = NULL;
    qn_qaoa *q = NULL;
    qn_qaoa_options options = QN_QAOA_OPTIONS_INIT;
    options.layers = layers;
    options.single_precision = strcmp(argv[5], "f32") == 0;
    options.whole_space = strcmp(argv[6], "whole") == 0;
    options.gradients = n <= 24;
    double value = 0.0, best = 0.0, slope_best = 0.0, all[64], cpu = 0.0, slope_cpu = 0.0;
    qn_status status = ladder(n, &qubo);
    const double begin = now();
    status = status == QN_OK ? qn_qaoa_create(context, (qn_cost){qubo, NULL}, &options, &q) : status;
    const double prepared = now() - begin;
    double pass_cpu = 1e9, pass = pass_seconds(n, threads, &pass_cpu);
    if (status == QN_OK && options.gradients) {
        status = measure(q, layers, repeats, true, &value, &slope_best, all, &slope_cpu);
    }
    status = status == QN_OK ? measure(q, layers, repeats, false, &value, &best, all, &cpu) : status;
    const double again = pass_seconds(n, threads, &pass_cpu);
    pass = again < pass ? again : pass;
    if (status == QN_OK) {
        qsort(all, (size_t)repeats, sizeof *all, compare);
        printf("{\"seconds\": %.9g, \"least\": %.9g, \"gradient_least\": %.9g, \"cpu\": %.9g, \"gradient_cpu\": %.9g, "
               "\"prepare\": %.9g, \"pass\": %.9g, \"pass_cpu\": %.9g, "
               "\"value\": %.15g, "
               "\"arch\": \"%s\"}\n",
               all[repeats / 2], best, slope_best, cpu, slope_cpu, prepared, pass, pass_cpu, value,
               qn_context_arch(context));
    }
    qn_qaoa_free(q);
    qn_qubo_free(qubo);
    return status;
}

static qn_status solve(qn_context *context, char **argv)
{
    qn_qubo *qubo = NULL;
    qn_qaoa_solution *s = NULL;
    qn_qaoa_solve_options options = QN_QAOA_SOLVE_OPTIONS_INIT;
    options.layers = (uint32_t)atoi(argv[3]);
    qn_status status = ladder((uint32_t)atoi(argv[2]), &qubo);
    status = status == QN_OK ? qn_qaoa_solve(context, (qn_cost){qubo, NULL}, &options, &s) : status;
    if (status == QN_OK) {
        printf("{\"seconds\": %.6g, \"evaluations\": %llu, \"expected\": %.12g, \"cost\": %.12g, \"lowest\": %.12g, "
               "\"success\": %.6g}\n",
               s->seconds, (unsigned long long)s->evaluations, s->expected, s->cost, s->lowest, s->success);
    }
    qn_qaoa_solution_free(s);
    qn_qubo_free(qubo);
    return status;
}

int main(int argc, char **argv)
{
    const bool whole = argc == 8 && strcmp(argv[1], "layer") == 0, run = argc == 5 && strcmp(argv[1], "solve") == 0;
    if ((!whole && !run) || atoi(argv[3]) > MOST_LAYERS) {
        (void)fprintf(stderr, "see the head of bench/qaoa_worker.c\n");
        return 2;
    }
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.threads = (uint32_t)atoi(argv[4]);
    qn_context *context = NULL;
    qn_status status = qn_context_create(&options, &context);
    if (status == QN_OK) {
        status = whole ? layer(context, argv) : solve(context, argv);
    }
    if (status != QN_OK) {
        (void)fprintf(stderr, "%s\n", qn_last_error()->message);
    }
    qn_context_free(context);
    return status == QN_OK ? 0 : 1;
}
