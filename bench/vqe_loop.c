/* vqe_loop.c: times what a variational loop asks of the library: energies, and energies with their gradient, of a
 * TwoLocal circuit.
 *
 *     bench_vqe_loop loop HAMILTONIAN PARAMETERS SECONDS BATCHES   one JSON line, the same as the programs of
 * bench/peers/ print bench_vqe_loop memory QUBITS                                 bytes held at the peak of one
 * evaluation and of one gradient
 */
#include <quern/quern.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_ROWS = 64, MAX_BATCHES = 101, TWO_LOCAL_REPS = 2 };

/* Everything one measurement works on. */
typedef struct bench {
    qn_context *context;
    qn_engine *engine;
    qn_circuit *circuit;
    qn_pauli_sum *hamiltonian;
    qn_estimator *estimator;
    size_t symbols;
    double *theta; /* rows x symbols */
    size_t rows;
    double *gradient;
} bench;

static void bench_release(bench *b)
{
    free(b->gradient);
    free(b->theta);
    qn_estimator_free(b->estimator);
    qn_pauli_sum_free(b->hamiltonian);
    qn_circuit_free(b->circuit);
    qn_engine_close(b->engine);
    qn_context_free(b->context);
}

static double now(clockid_t clock)
{
    struct timespec t;
    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* One thread: that is what the peers are held to. */
static qn_status open_engine(bench *b)
{
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.threads = 1;
    qn_status status = qn_context_create(&options, &b->context);
    return status == QN_OK ? qn_engine_open(b->context, "statevector", &b->engine) : status;
}

static qn_status make_estimator(bench *b)
{
    static const qn_gate rotations[] = {QN_GATE_RY, QN_GATE_RZ};
    static const qn_gate entanglers[] = {QN_GATE_CX};
    qn_n_local_options options = QN_N_LOCAL_OPTIONS_INIT;
    options.nqubits = qn_pauli_sum_qubits(b->hamiltonian);
    options.rotations = rotations;
    options.nrotations = sizeof rotations / sizeof rotations[0];
    options.entanglers = entanglers;
    options.nentanglers = sizeof entanglers / sizeof entanglers[0];
    options.reps = TWO_LOCAL_REPS;
    qn_status status = qn_ansatz_n_local(&options, &b->circuit);
    if (status == QN_OK) {
        const qn_pauli_sum *const observables[] = {b->hamiltonian};
        status = qn_estimator_create(b->engine, b->circuit, observables, 1, NULL, &b->estimator);
    }
    if (status == QN_OK) {
        b->symbols = qn_estimator_symbols(b->estimator);
    }
    return status;
}

static qn_status read_hamiltonian(bench *b, const char *path)
{
    char *text = NULL;
    size_t length = 0;
    qn_status status = qn_file_read(path, 0, &text, &length);
    if (status == QN_OK) {
        status = qn_read_hamiltonian(text, length, path, &b->hamiltonian);
        qn_text_free(text);
    }
    return status;
}

/* Rows of numbers, all in one array; false when they are not whole rows of `symbols` numbers. */
static bool read_parameters(bench *b, const char *path)
{
    b->theta = calloc(MAX_ROWS * b->symbols, sizeof *b->theta);
    b->gradient = calloc(b->symbols, sizeof *b->gradient);
    char *text = NULL;
    size_t length = 0;
    if (b->theta == NULL || b->gradient == NULL || qn_file_read(path, 0, &text, &length) != QN_OK) {
        return false;
    }
    size_t count = 0;
    char *at = text, *end = text;
    while (count < MAX_ROWS * b->symbols) {
        const double value = strtod(at, &end);
        if (end == at) {
            break;
        }
        b->theta[count++] = value;
        at = end;
    }
    qn_text_free(text);
    b->rows = count / b->symbols;
    return b->rows > 0 && count % b->symbols == 0;
}

static qn_status evaluate(bench *b, size_t row, bool gradient, double *value)
{
    const double *theta = b->theta + row * b->symbols;
    return gradient ? qn_estimator_gradient(b->estimator, theta, NULL, value, b->gradient, NULL)
                    : qn_estimator_run(b->estimator, theta, 1, value, NULL);
}

static qn_status evaluate_many(bench *b, size_t count, bool gradient)
{
    double value = 0.0;
    for (size_t k = 0; k < count; k++) {
        const qn_status status = evaluate(b, k % b->rows, gradient, &value);
        if (status != QN_OK) {
            return status;
        }
    }
    return QN_OK;
}

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Median, least and largest seconds a call over batches of at least `seconds`; a first batch warms up and sets their
 * size. */
static qn_status time_calls(bench *b, bool gradient, double seconds, size_t batches, qn_json *json, const char *key)
{
    size_t count = 1;
    double spent = 0.0;
    for (;;) {
        const double begin = now(CLOCK_MONOTONIC);
        const qn_status status = evaluate_many(b, count, gradient);
        spent = now(CLOCK_MONOTONIC) - begin;
        if (status != QN_OK) {
            return status;
        }
        if (spent >= seconds / 4) {
            break;
        }
        count *= 2;
    }
    const double wanted = (double)count * seconds / spent * 1.1;
    count = wanted < 1.0 ? 1 : (size_t)wanted;
    double times[MAX_BATCHES];
    const double wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    for (size_t k = 0; k < batches; k++) {
        const double begin = now(CLOCK_MONOTONIC);
        const qn_status status = evaluate_many(b, count, gradient);
        times[k] = (now(CLOCK_MONOTONIC) - begin) / (double)count;
        if (status != QN_OK) {
            return status;
        }
    }
    const double cores = (now(CLOCK_PROCESS_CPUTIME_ID) - cpu) / (now(CLOCK_MONOTONIC) - wall);
    qsort(times, batches, sizeof times[0], by_size);
    qn_json_begin_object(json, key);
    qn_json_number(json, "seconds", 0.5 * (times[(batches - 1) / 2] + times[batches / 2]));
    qn_json_number(json, "least", times[0]);
    qn_json_number(json, "largest", times[batches - 1]);
    qn_json_unsigned(json, "calls", count);
    qn_json_unsigned(json, "batches", batches);
    qn_json_number(json, "cores", cores);
    qn_json_end_object(json);
    return QN_OK;
}

static qn_status run_loop(bench *b, double seconds, size_t batches, qn_json *json)
{
    qn_json_string(json, "version", QN_VERSION_STRING);
    qn_json_string(json, "arch", qn_context_arch(b->context));
    qn_json_begin_array(json, "energies");
    double value = 0.0;
    qn_status status = QN_OK;
    for (size_t row = 0; status == QN_OK && row < b->rows; row++) {
        status = evaluate(b, row, false, &value);
        qn_json_number(json, NULL, value);
    }
    qn_json_end_array(json);
    if (status == QN_OK) {
        status = evaluate(b, 0, true, &value);
        qn_json_number(json, "gradient_energy", value);
    }
    qn_json_begin_array(json, "gradient");
    for (size_t k = 0; status == QN_OK && k < b->symbols; k++) {
        qn_json_number(json, NULL, b->gradient[k]);
    }
    qn_json_end_array(json);
    if (status == QN_OK) {
        status = time_calls(b, false, seconds, batches, json, "value");
    }
    return status == QN_OK ? time_calls(b, true, seconds, batches, json, "value_and_gradient") : status;
}

/* Transverse-field Ising chain: a few terms on any number of qubits. */
static qn_status make_chain(bench *b, uint32_t nqubits)
{
    qn_status status = qn_pauli_sum_create(nqubits, &b->hamiltonian);
    for (uint32_t q = 0; status == QN_OK && q < nqubits; q++) {
        const uint32_t pair[] = {q, q + 1};
        status = qn_pauli_sum_add_sparse(b->hamiltonian, (qn_complex){0.5, 0.0}, "X", pair, 1);
        if (status == QN_OK && q + 1 < nqubits) {
            status = qn_pauli_sum_add_sparse(b->hamiltonian, (qn_complex){-1.0, 0.0}, "ZZ", pair, 2);
        }
    }
    return status;
}

/* Peaks are over what was held before the estimator was made. */
static qn_status run_memory(bench *b, uint32_t nqubits, qn_json *json)
{
    qn_memory_reset_peak();
    const uint64_t before = qn_memory().bytes_now;
    qn_status status = make_estimator(b);
    if (status != QN_OK) {
        return status;
    }
    b->theta = calloc(b->symbols, sizeof *b->theta);
    b->gradient = calloc(b->symbols, sizeof *b->gradient);
    if (b->theta == NULL || b->gradient == NULL) {
        return QN_ERR_MEMORY;
    }
    for (size_t k = 0; k < b->symbols; k++) {
        b->theta[k] = 0.1 * (double)(k % 7);
    }
    double value = 0.0;
    status = evaluate(b, 0, false, &value);
    const uint64_t peak_value = qn_memory().bytes_peak - before;
    if (status == QN_OK) {
        status = evaluate(b, 0, true, &value);
    }
    const uint64_t peak_gradient = qn_memory().bytes_peak - before;
    const double state = 16.0 * (double)((uint64_t)1 << nqubits);
    qn_json_unsigned(json, "qubits", nqubits);
    qn_json_number(json, "state_bytes", state);
    qn_json_unsigned(json, "value_bytes", peak_value);
    qn_json_unsigned(json, "gradient_bytes", peak_gradient);
    qn_json_number(json, "value_states", (double)peak_value / state);
    qn_json_number(json, "gradient_states", (double)peak_gradient / state);
    return status;
}

static int fail(const char *what)
{
    if (qn_last_error()->status != QN_OK) { /* else it has been said */
        (void)fprintf(stderr, "bench_vqe_loop: %s: %s\n", what, qn_last_error()->message);
    }
    return 1;
}

int main(int argc, char **argv)
{
    const bool loop = argc == 6 && strcmp(argv[1], "loop") == 0;
    const bool memory = argc == 3 && strcmp(argv[1], "memory") == 0;
    const size_t batches = loop ? (size_t)strtoul(argv[5], NULL, 10) : 1;
    const uint32_t nqubits = memory ? (uint32_t)strtoul(argv[2], NULL, 10) : 1;
    if ((!loop && !memory) || batches < 1 || batches > MAX_BATCHES || nqubits < 1 || nqubits > 32) {
        (void)fputs("usage: bench_vqe_loop loop HAMILTONIAN PARAMETERS SECONDS BATCHES | memory QUBITS\n", stderr);
        return 2;
    }
    bench b = {0};
    qn_text *text = NULL;
    qn_json *json = NULL;
    qn_status status = qn_text_create(&text);
    if (status == QN_OK) {
        status = qn_json_create(text, &json);
    }
    if (status != QN_OK) {
        qn_text_destroy(text);
        return fail("start");
    }
    status = open_engine(&b);
    if (status == QN_OK) {
        status = loop ? read_hamiltonian(&b, argv[2]) : make_chain(&b, nqubits);
    }
    qn_json_begin_object(json, NULL);
    if (status == QN_OK && loop) {
        status = make_estimator(&b);
        if (status == QN_OK && !read_parameters(&b, argv[3])) {
            (void)fprintf(stderr, "bench_vqe_loop: %s: expected rows of %zu numbers\n", argv[3], b.symbols);
            status = QN_ERR_PARSE;
        }
        if (status == QN_OK) {
            status = run_loop(&b, strtod(argv[4], NULL), batches, json);
        }
    } else if (status == QN_OK) {
        status = run_memory(&b, nqubits, json);
    }
    qn_json_end_object(json);
    const char *bytes = NULL;
    size_t length = 0;
    if (status == QN_OK) {
        status = qn_text_finish(text, &bytes, &length);
    }
    const int code = status == QN_OK ? 0 : fail(argv[1]);
    if (code == 0) {
        (void)fwrite(bytes, 1, length, stdout);
        (void)fputc('\n', stdout);
    }
    qn_json_destroy(json);
    qn_text_destroy(text);
    bench_release(&b);
    return code;
}
