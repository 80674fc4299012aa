/* engine_worker.c: our side of bench/engine.py. It answers on standard output, one line of JSON a line of input, so
 * that programs can be measured in turn:
 *
 *     bench_engine_worker serve THREADS f64|f32
 *         load WORKLOAD QUBITS MOLECULES    makes it ready; answers what there is to run
 *         check                             the answer, to be compared with other programs'
 *         time CALLS                        seconds that so many calls took
 *         unload | pass QUBITS | quit
 *     bench_engine_worker job WORKLOAD QUBITS MOLECULES    the workload as JSON, for the programs of bench/peers
 *     bench_engine_worker list                             all workloads
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../cli/bench_measure.h"

enum { CHECKED = 64, LINE = 8192 };

static const char *const kind_names[] = {"gate", "state", "expect", "energy", "gradient"};

/* Indices of the amplitudes that are compared: spread over all bits by the golden ratio. */
static uint64_t checked_index(uint32_t nqubits, uint64_t k)
{
    return (k * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - nqubits);
}

static const bench_workload *find(const char *name)
{
    for (size_t w = 0; w < bench_workload_count(); w++) {
        if (strcmp(bench_workload_at(w)->name, name) == 0) {
            return bench_workload_at(w);
        }
    }
    return NULL;
}

static void write_parameter(qn_json *json, const qn_param *parameter, const double *theta)
{
    qn_json_begin_object(json, NULL);
    qn_json_number(json, "value", qn_param_value(parameter, theta));
    qn_json_begin_array(json, "terms"); /* [symbol, coefficient] */
    for (size_t k = 0; k < parameter->count; k++) {
        qn_json_begin_array(json, NULL);
        qn_json_unsigned(json, NULL, parameter->terms[k].symbol);
        qn_json_number(json, NULL, parameter->terms[k].coefficient);
        qn_json_end_array(json);
    }
    qn_json_end_array(json);
    qn_json_end_object(json);
}

static void write_gate(qn_json *json, const qn_operation *operation, const double *theta)
{
    qn_json_begin_object(json, NULL);
    qn_json_string(json, "name", qn_gate_describe(operation->gate)->name);
    qn_json_begin_array(json, "qubits"); /* controls first */
    for (uint32_t k = 0; k < operation->ncontrols; k++) {
        qn_json_unsigned(json, NULL, operation->controls[k]);
    }
    for (uint32_t k = 0; k < operation->ntargets; k++) {
        qn_json_unsigned(json, NULL, operation->targets[k]);
    }
    qn_json_end_array(json);
    qn_json_begin_array(json, "parameters");
    for (uint32_t k = 0; k < operation->nparams; k++) {
        write_parameter(json, &operation->params[k], theta);
    }
    qn_json_end_array(json);
    if (operation->pauli != NULL) { /* letter k on qubit k of the list */
        char letters[128];
        (void)snprintf(letters, sizeof letters, "%.*s", (int)operation->ntargets, operation->pauli);
        qn_json_string(json, "pauli", letters);
    }
    if (operation->matrix != NULL) { /* row-major, first qubit least significant; real and imaginary parts in turn */
        qn_json_begin_array(json, "matrix");
        for (size_t k = 0; k < (size_t)1 << (2 * operation->ntargets); k++) {
            qn_json_number(json, NULL, operation->matrix[k].re);
            qn_json_number(json, NULL, operation->matrix[k].im);
        }
        qn_json_end_array(json);
    }
    qn_json_end_object(json);
}

static void write_gates(qn_json *json, const char *key, const qn_circuit *circuit, const double *theta)
{
    qn_json_begin_array(json, key);
    for (size_t k = 0; circuit != NULL && k < qn_circuit_operations(circuit); k++) {
        qn_operation operation;
        qn_circuit_operation(circuit, k, &operation);
        write_gate(json, &operation, theta);
    }
    qn_json_end_array(json);
}

static void write_terms(qn_json *json, const qn_pauli_sum *sum)
{
    qn_json_begin_array(json, "terms"); /* [coefficient, letters, qubits] */
    for (size_t term = 0; sum != NULL && term < qn_pauli_sum_terms(sum); term++) {
        const uint64_t x = qn_pauli_sum_x(sum, term)[0], z = qn_pauli_sum_z(sum, term)[0];
        char letters[65] = "";
        size_t count = 0;
        qn_json_begin_array(json, NULL);
        qn_json_number(json, NULL, qn_pauli_sum_coefficient(sum, term).re);
        for (uint32_t q = 0; q < qn_pauli_sum_qubits(sum); q++) {
            const unsigned letter = (unsigned)(x >> q & 1) + 2 * (unsigned)(z >> q & 1);
            if (letter != 0) {
                letters[count++] = "IXZY"[letter];
            }
        }
        qn_json_string(json, NULL, letters);
        qn_json_begin_array(json, NULL);
        for (uint32_t q = 0; q < qn_pauli_sum_qubits(sum); q++) {
            if (((x | z) >> q & 1) != 0) {
                qn_json_unsigned(json, NULL, q);
            }
        }
        qn_json_end_array(json);
        qn_json_end_array(json);
    }
    qn_json_end_array(json);
}

static void write_job(qn_json *json, const bench_job *job)
{
    qn_json_begin_object(json, NULL);
    qn_json_string(json, "schema", "quern.bench.job/1");
    qn_json_string(json, "workload", job->workload->name);
    qn_json_string(json, "kind", kind_names[job->workload->kind]);
    qn_json_unsigned(json, "qubits", job->nqubits);
    write_gates(json, "prepare", job->prepare, job->theta);
    write_gates(json, "gates", job->circuit, job->theta);
    qn_json_begin_array(json, "theta");
    for (size_t k = 0; k < job->ntheta; k++) {
        qn_json_number(json, NULL, job->theta[k]);
    }
    qn_json_end_array(json);
    write_terms(json, job->observable);
    qn_json_begin_array(json, "checked"); /* as text: JSON numbers are doubles elsewhere */
    for (uint64_t k = 0; k < CHECKED; k++) {
        char digits[32];
        (void)snprintf(digits, sizeof digits, "%llu", (unsigned long long)checked_index(job->nqubits, k));
        qn_json_string(json, NULL, digits);
    }
    qn_json_end_array(json);
    qn_json_end_object(json);
}

typedef struct worker {
    qn_context *context;
    const char *spec;
    uint32_t threads;
    bench_job job;
    bench_runner *runner; /* NULL: nothing is loaded */
} worker;

static void unload(worker *w)
{
    bench_runner_close(w->runner);
    w->runner = NULL;
    bench_job_free(&w->job);
}

static qn_status load(worker *w, const char *name, uint32_t nqubits, const char *molecules, qn_json *json)
{
    const bench_workload *workload = find(name);
    unload(w);
    if (workload == NULL) {
        return QN_ERR_NAME;
    }
    qn_status status = bench_job_build(workload, nqubits, molecules, &w->job);
    if (status == QN_OK) {
        status = bench_runner_open(w->context, w->spec, &w->job, &w->runner);
    }
    if (status == QN_OK) {
        qn_json_unsigned(json, "qubits", w->job.nqubits);
        qn_json_unsigned(json, "gates", w->job.gates);
        qn_json_unsigned(json, "terms", w->job.observable != NULL ? qn_pauli_sum_terms(w->job.observable) : 0);
        qn_json_unsigned(json, "parameters", w->job.ntheta);
        qn_json_number(json, "multiply_adds", w->job.fmadds);
    }
    return status;
}

/* Of a job whose circuit is the workload's with what precedes it in front. */
static qn_status prepared_job(const bench_job *job, bench_job *out)
{
    *out = *job;
    qn_status status = qn_circuit_clone(job->prepare, &out->circuit);
    if (status == QN_OK) {
        status = qn_circuit_append_circuit(out->circuit, job->circuit);
        if (status != QN_OK) {
            qn_circuit_free(out->circuit);
        }
    }
    return status;
}

/* A runner of its own: one call from the beginning. */
static qn_status check_amplitudes(const worker *w, qn_json *json)
{
    const bool prepared = w->job.workload->kind == BENCH_STATE && w->job.prepare != NULL;
    bench_job job = w->job;
    bench_runner *runner = NULL;
    qn_complex *state = malloc((UINT64_C(1) << w->job.nqubits) * sizeof *state);
    qn_status status = state == NULL ? QN_ERR_MEMORY : prepared ? prepared_job(&w->job, &job) : QN_OK;
    if (status != QN_OK) {
        free(state);
        return status;
    }
    status = bench_runner_open(w->context, w->spec, &job, &runner);
    if (status == QN_OK) {
        status = bench_runner_call(runner);
    }
    if (status == QN_OK) {
        status = bench_runner_amplitudes(runner, 0, (size_t)1 << w->job.nqubits, state);
    }
    if (status == QN_OK) {
        qn_json_begin_array(json, "amplitudes");
        for (uint64_t k = 0; k < CHECKED; k++) {
            const qn_complex a = state[checked_index(w->job.nqubits, k)];
            qn_json_number(json, NULL, a.re);
            qn_json_number(json, NULL, a.im);
        }
        qn_json_end_array(json);
    }
    bench_runner_close(runner);
    if (prepared) {
        qn_circuit_free(job.circuit);
    }
    free(state);
    return status;
}

static qn_status check(worker *w, qn_json *json)
{
    if (w->runner == NULL) {
        return QN_ERR_ARGUMENT;
    }
    if (w->job.workload->kind == BENCH_GATE || w->job.workload->kind == BENCH_STATE) {
        return check_amplitudes(w, json);
    }
    const qn_status status = bench_runner_call(w->runner);
    qn_json_number(json, "value", bench_runner_value(w->runner));
    if (status == QN_OK && bench_runner_gradient(w->runner) != NULL) {
        qn_json_begin_array(json, "gradient");
        for (size_t k = 0; k < w->job.ntheta; k++) {
            qn_json_number(json, NULL, bench_runner_gradient(w->runner)[k]);
        }
        qn_json_end_array(json);
    }
    return status;
}

static qn_status time_calls(worker *w, uint64_t calls, qn_json *json)
{
    qn_status status = w->runner == NULL ? QN_ERR_ARGUMENT : QN_OK;
    const double begin = bench_now();
    for (uint64_t k = 0; status == QN_OK && k < calls; k++) {
        status = bench_runner_call(w->runner);
    }
    qn_json_number(json, "seconds", bench_now() - begin);
    return status;
}

static qn_status measure_machine(const worker *w, uint32_t nqubits, qn_json *json)
{
    double seconds = 0.0;
    const qn_status status = qn_machine_pass(UINT64_C(16) << nqubits, w->threads, 0.2, &seconds);
    qn_json_number(json, "seconds", seconds);
    qn_json_number(json, "f64_per_second", qn_machine_fma_rate(false, w->threads));
    qn_json_number(json, "f32_per_second", qn_machine_fma_rate(true, w->threads));
    return status;
}

static qn_status answer(worker *w, char *line, qn_json *json)
{
    char *words[4] = {NULL}, *rest = line;
    size_t count = 0;
    for (char *word; count < 4 && (word = strtok_r(rest, " \n", &rest)) != NULL;) {
        words[count++] = word;
    }
    const char *verb = count > 0 ? words[0] : "";
    if (strcmp(verb, "load") == 0 && count == 4) {
        return load(w, words[1], (uint32_t)strtoul(words[2], NULL, 10), words[3], json);
    }
    if (strcmp(verb, "check") == 0) {
        return check(w, json);
    }
    if (strcmp(verb, "time") == 0 && count == 2) {
        return time_calls(w, strtoull(words[1], NULL, 10), json);
    }
    if (strcmp(verb, "pass") == 0 && count == 2) {
        return measure_machine(w, (uint32_t)strtoul(words[1], NULL, 10), json);
    }
    if (strcmp(verb, "unload") == 0) {
        unload(w);
        return QN_OK;
    }
    return QN_ERR_ARGUMENT;
}

/* Print what `write` made, or the failure, as one line of JSON. */
static int print(qn_text *text, qn_status status)
{
    const char *bytes = NULL;
    size_t length = 0;
    if (qn_text_finish(text, &bytes, &length) != QN_OK) {
        return 1;
    }
    for (size_t k = 0; k < length; k++) { /* the writer indents; newlines in strings are escaped */
        (void)fputc(bytes[k] == '\n' ? ' ' : bytes[k], stdout);
    }
    (void)fputc('\n', stdout);
    return fflush(stdout) == 0 && status == QN_OK ? 0 : 1;
}

static int serve(worker *w)
{
    char line[LINE];
    while (fgets(line, sizeof line, stdin) != NULL && strncmp(line, "quit", 4) != 0) {
        qn_text *text = NULL;
        qn_json *json = NULL;
        if (qn_text_create(&text) != QN_OK || qn_json_create(text, &json) != QN_OK) {
            qn_text_destroy(text);
            return 1;
        }
        qn_json_begin_object(json, NULL);
        const qn_status status = answer(w, line, json);
        if (status != QN_OK) {
            const char *message = qn_last_error()->message;
            qn_json_string(json, "failed",
                           qn_last_error()->status == status && message[0] != '\0' ? message : qn_status_text(status));
        }
        qn_json_end_object(json);
        (void)print(text, QN_OK);
        qn_json_destroy(json);
        qn_text_destroy(text);
    }
    unload(w);
    return 0;
}

static int run_serve(const char *threads, const char *precision)
{
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    worker w = {.spec = strcmp(precision, "f32") == 0 ? "statevector:f32" : "statevector"};
    options.threads = (uint32_t)strtoul(threads, NULL, 10);
    if (qn_context_create(&options, &w.context) != QN_OK) {
        (void)fprintf(stderr, "bench_engine_worker: %s\n", qn_last_error()->message);
        return 1;
    }
    w.threads = qn_context_threads(w.context);
    (void)printf("{\"version\": \"%s\", \"arch\": \"%s\"}\n", QN_VERSION_STRING, qn_context_arch(w.context));
    (void)fflush(stdout);
    const int code = serve(&w);
    qn_context_free(w.context);
    return code;
}

static int print_job(const char *name, uint32_t nqubits, const char *molecules)
{
    bench_job job;
    qn_text *text = NULL;
    qn_json *json = NULL;
    const bench_workload *workload = find(name);
    qn_status status = workload == NULL ? QN_ERR_NAME : bench_job_build(workload, nqubits, molecules, &job);
    if (status != QN_OK) {
        (void)fprintf(stderr, "bench_engine_worker: %s: %s\n", name,
                      workload == NULL ? qn_status_text(status) : qn_last_error()->message);
        return 1;
    }
    status = qn_text_create(&text);
    if (status == QN_OK) {
        status = qn_json_create(text, &json);
    }
    if (status == QN_OK) {
        write_job(json, &job);
        status = print(text, QN_OK) == 0 ? QN_OK : QN_ERR_IO;
    }
    qn_json_destroy(json);
    qn_text_destroy(text);
    bench_job_free(&job);
    return status == QN_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "serve") == 0) {
        return run_serve(argv[2], argv[3]);
    }
    if (argc == 5 && strcmp(argv[1], "job") == 0) {
        return print_job(argv[2], (uint32_t)strtoul(argv[3], NULL, 10), argv[4]);
    }
    if (argc == 2 && strcmp(argv[1], "list") == 0) {
        for (size_t w = 0; w < bench_workload_count(); w++) {
            const bench_workload *workload = bench_workload_at(w);
            (void)printf("%s %s %s\n", workload->name, kind_names[workload->kind],
                         workload->molecule ? "molecule" : "any");
        }
        return 0;
    }
    (void)fputs("usage: bench_engine_worker serve THREADS f64|f32 | job WORKLOAD QUBITS MOLECULES | list\n", stderr);
    return 2;
}
