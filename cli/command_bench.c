/* command_bench.c: `quern bench`: how fast this machine runs circuits, beside what it could do at best. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_machine.h"
#include "bench_output.h"
#include "commands.h"
#include "output.h"
#include "session.h"
#include "suggest.h"
#include "terminal.h"

enum {
#define OPTION(id, ...) BENCH_##id,
#include "options_bench.def"
#undef OPTION
    BENCH_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_bench.def"
#undef OPTION
};

enum { MOST_LIST = 64, LEAST_QUBITS = 2, MOST_QUBITS = 58 };

typedef struct number_list {
    uint32_t values[MOST_LIST];
    size_t count;
} number_list;

/* "16,20" or "8-28" in any mixture; false when it is anything else. */
static bool read_numbers(const char *text, uint32_t least, uint32_t most, number_list *out)
{
    out->count = 0;
    for (const char *at = text;; at++) {
        unsigned long range[2] = {0, 0};
        for (size_t k = 0; k < 2; k++) {
            char *end = NULL;
            errno = 0;
            range[k] = at[0] >= '0' && at[0] <= '9' ? strtoul(at, &end, 10) : 0;
            if (end == NULL || errno != 0 || range[k] < least || range[k] > most) {
                return false;
            }
            at = end;
            if (k == 0 && *at != '-') {
                range[1] = range[0];
                break;
            }
            at += k == 0 ? 1 : 0;
        }
        for (unsigned long value = range[0]; value <= range[1]; value++) {
            if (out->count == MOST_LIST) {
                return false;
            }
            out->values[out->count++] = (uint32_t)value;
        }
        if (range[1] < range[0] || (*at != ',' && *at != '\0')) {
            return false;
        }
        if (*at == '\0') {
            return true;
        }
    }
}

/* Everything a run works on. */
typedef struct bench {
    const cli_invocation *invocation;
    const cli_value *values;
    number_list qubits, threads;
    bool *selected; /* of the workloads */
    bool single[2];
    size_t nprecisions;
    bench_effort effort;
    double begin, budget;
    size_t done, total;
    bench_result result;
} bench;

static bool names_workload(const char *list, const bench_workload *workload)
{
    for (const char *word = list;; word++) {
        const size_t length = strcspn(word, ",");
        if (bench_workload_matches(workload, word, length)) {
            return true;
        }
        word += length;
        if (*word == '\0') {
            return false;
        }
    }
}

/* Every word must mean something. */
static bool check_words(const cli_command *command, const char *list)
{
    for (const char *word = list;; word++) {
        const size_t length = strcspn(word, ",");
        bool known = false;
        char name[64], hint[128];
        (void)snprintf(name, sizeof name, "%.*s", (int)(length < 60 ? length : 60), word);
        cli_suggestion suggestion;
        cli_suggest_start(&suggestion, name);
        for (size_t w = 0; w < bench_workload_count(); w++) {
            known = known || bench_workload_matches(bench_workload_at(w), word, length);
            cli_suggest_offer(&suggestion, bench_workload_at(w)->name, strlen(bench_workload_at(w)->name));
        }
        if (!known) {
            (void)cli_usage_error(command, "--only: unknown workload '%s'%s", name,
                                  cli_suggest_text(&suggestion, "", hint, sizeof hint));
            return false;
        }
        word += length;
        if (*word == '\0') {
            return true;
        }
    }
}

static bool read_request(bench *b)
{
    const cli_value *values = b->values;
    const cli_command *command = b->invocation->command;
    const bool plot = values[BENCH_PLOT].given;
    if (values[BENCH_MACHINE].given) {
        (void)cli_usage_error(command, "--machine belongs to quern bench machine");
        return false;
    }
    if (values[BENCH_CSV].given && values[BENCH_JSON].given) {
        (void)cli_usage_error(command, "--csv and --json exclude each other");
        return false;
    }
    if (plot && strcmp(values[BENCH_PLOT].text, "-") == 0 && (values[BENCH_CSV].given || values[BENCH_JSON].given)) {
        (void)cli_usage_error(command, "--plot - cannot share standard output with --csv or --json");
        return false;
    }
    const char *qubits = values[BENCH_QUBITS].text != NULL ? values[BENCH_QUBITS].text : plot ? "8-28" : "16,20";
    if (!read_numbers(qubits, LEAST_QUBITS, MOST_QUBITS, &b->qubits)) {
        (void)cli_usage_error(command, "--qubits: '%s' is not a list such as 16,20 or 8-28 of numbers from %d to %d",
                              qubits, LEAST_QUBITS, MOST_QUBITS);
        return false;
    }
    if (!read_numbers(values[BENCH_THREADS].text, 0, 4096, &b->threads)) {
        (void)cli_usage_error(command, "--threads: '%s' is not a list such as 1,2 of numbers up to 4096",
                              values[BENCH_THREADS].text);
        return false;
    }
    const char *only = values[BENCH_ONLY].text != NULL ? values[BENCH_ONLY].text : plot ? "rqc" : NULL;
    if (only != NULL && !check_words(command, only)) {
        return false;
    }
    for (size_t w = 0; w < bench_workload_count(); w++) {
        b->selected[w] = only == NULL || names_workload(only, bench_workload_at(w));
    }
    const char *precision = values[BENCH_PRECISION].text;
    if (strcmp(precision, "f32") != 0) {
        b->single[b->nprecisions++] = false;
    }
    if (strcmp(precision, "f64") != 0) {
        b->single[b->nprecisions++] = true;
    }
    const uint64_t repetitions = values[BENCH_REPETITIONS].integer;
    b->effort = (bench_effort){values[BENCH_SECONDS].text != NULL ? values[BENCH_SECONDS].real : 0.5,
                               repetitions < 101 ? (size_t)repetitions : 101};
    b->budget = values[BENCH_BUDGET].text != NULL ? values[BENCH_BUDGET].real : (double)INFINITY;
    return true;
}

static void engine_spec(const bench *b, bool single_precision, char *out, size_t capacity)
{
    const char *name = b->values[BENCH_ENGINE].text;
    (void)snprintf(out, capacity, "%s%s", name, !single_precision ? "" : strchr(name, ':') == NULL ? ":f32" : ",f32");
}

/* Bytes of the hungriest workload at one size, the array of the memory pass included. */
static qn_status bytes_needed(const bench *b, qn_context *context, uint32_t nqubits, uint64_t *bytes,
                              const bench_workload **hungriest)
{
    char spec[128];
    *bytes = UINT64_C(16) << nqubits;
    *hungriest = NULL;
    for (size_t w = 0; w < bench_workload_count(); w++) {
        const bench_workload *workload = bench_workload_at(w);
        if (!b->selected[w] || workload->molecule) {
            continue;
        }
        bench_job job;
        uint64_t need = 0;
        qn_status status = bench_job_build(workload, nqubits, NULL, &job);
        if (status != QN_OK) {
            return status;
        }
        for (size_t p = 0; status == QN_OK && p < b->nprecisions; p++) {
            engine_spec(b, b->single[p], spec, sizeof spec);
            status = bench_bytes_needed(context, spec, &job, &need);
            if (status == QN_OK && need > *bytes) {
                *bytes = need;
                *hungriest = workload;
            }
        }
        bench_job_free(&job);
        if (status != QN_OK) {
            return status;
        }
    }
    return QN_OK;
}

/* Nothing is begun when not everything fits; only the default range of a picture is cut to what does. */
static qn_status check_sizes(bench *b, qn_context *context, int *code)
{
    const uint64_t limit = qn_context_memory_limit(context);
    const bool cut = b->values[BENCH_QUBITS].text == NULL && b->values[BENCH_PLOT].given;
    for (size_t k = 0; k < b->qubits.count; k++) {
        uint64_t need = 0;
        const bench_workload *hungriest = NULL;
        const qn_status status = bytes_needed(b, context, b->qubits.values[k], &need, &hungriest);
        if (status != QN_OK) {
            return status;
        }
        if (need <= limit) {
            continue;
        }
        char a[64], c[64];
        if (cut) {
            cli_note("%u qubits need %s, and there are %s: the picture ends at %u", b->qubits.values[k],
                     qn_human(a, sizeof a, (double)need, "B"), qn_human(c, sizeof c, (double)limit, "B"),
                     b->qubits.values[k] - 1);
            b->qubits.count = k;
            return QN_OK;
        }
        uint32_t fits = b->qubits.values[k];
        for (uint64_t less = need; less > limit && fits > LEAST_QUBITS; less /= 2) {
            fits--;
        }
        cli_terminal_clear();
        (void)fprintf(stderr, "quern: error: %u qubits need %s%s%s, and there are %s: at most %u qubits fit\n",
                      b->qubits.values[k], qn_human(a, sizeof a, (double)need, "B"), hungriest != NULL ? " for " : "",
                      hungriest != NULL ? hungriest->name : "", qn_human(c, sizeof c, (double)limit, "B"), fits);
        *code = qn_status_exit_code(QN_ERR_TOO_LARGE);
        return QN_OK;
    }
    return QN_OK;
}

static void show_progress(const bench *b, const char *what, uint32_t nqubits, uint32_t threads)
{
    if (!b->values[BENCH_QUIET].given && cli_terminal_live()) {
        (void)fprintf(stderr, "\r\033[K%zu/%zu  %s, %u qubits, %u thread%s", b->done, b->total, what, nqubits, threads,
                      threads == 1 ? "" : "s");
        (void)fflush(stderr);
    }
}

/* Measured once for each size and number of threads; then known. */
static qn_status pass_of(bench *b, uint32_t nqubits, uint32_t threads, const bench_pass **out)
{
    qn_status status = QN_OK;
    for (size_t k = 0; k < b->result.npasses; k++) {
        if (b->result.passes[k].nqubits == nqubits && b->result.passes[k].threads == threads) {
            *out = &b->result.passes[k];
            return QN_OK;
        }
    }
    show_progress(b, "memory pass", nqubits, threads);
    const double seconds = 0.2 * fmin(1.0, b->effort.seconds);
    bench_pass *made = &b->result.passes[b->result.npasses];
    *made = (bench_pass){nqubits, threads, {0.0, 0.0}};
    for (size_t p = 0; status == QN_OK && p < 2; p++) {
        status = qn_machine_pass((UINT64_C(16) << nqubits) >> p, threads, seconds, &made->seconds[p]);
    }
    b->result.npasses += status == QN_OK;
    *out = made;
    return status;
}

/* One row: job and engine are there only while it is measured, so that sizes up to the limit fit. */
static qn_status measure(bench *b, qn_context *context, const bench_job *job, bool single_precision,
                         const bench_ceiling *ceiling)
{
    char spec[128];
    bench_runner *runner = NULL;
    bench_times times = {0};
    const bench_pass *pass = NULL;
    qn_status status = pass_of(b, job->nqubits, ceiling->threads, &pass);
    if (status != QN_OK) {
        return status;
    }
    show_progress(b, job->workload->name, job->nqubits, ceiling->threads);
    engine_spec(b, single_precision, spec, sizeof spec);
    status = bench_runner_open(context, spec, job, &runner);
    if (status == QN_OK) {
        status = bench_time(context, runner, &b->effort, &times);
    }
    bench_runner_close(runner);
    if (status == QN_OK) {
        b->result.rows[b->result.nrows++] =
            (bench_row){job->workload,
                        job->nqubits,
                        ceiling->threads,
                        single_precision,
                        job->gates,
                        job->observable != NULL ? qn_pauli_sum_terms(job->observable) : 0,
                        job->ntheta,
                        times,
                        pass->seconds[0],
                        job->fmadds * ldexp(1.0, (int)job->nqubits) / ceiling->fmadd_rate[single_precision ? 1 : 0]};
    }
    return status;
}

/* What this machine or engine cannot do is left out with a remark, unless it was asked for by name. */
static qn_status left_out(bench *b, const bench_workload *workload, qn_status status)
{
    const bool asked = b->values[BENCH_ONLY].given;
    if (status == QN_ERR_IO && !asked && !b->values[BENCH_MOLECULES].given) {
        cli_note("%s is left out: no molecule in %s", workload->name, b->values[BENCH_MOLECULES].text);
    } else if (status == QN_ERR_UNSUPPORTED && workload->kind == BENCH_GATE) {
        if (b->result.left_out++ == 0 && !b->values[BENCH_QUIET].given) {
            cli_note("single gates are left out: engine %s has no states to apply one to",
                     b->values[BENCH_ENGINE].text);
        }
        return QN_OK;
    } else {
        return status;
    }
    b->result.left_out++;
    return QN_OK;
}

static qn_status measure_workload(bench *b, qn_context *context, const bench_workload *workload, uint32_t nqubits,
                                  const bench_ceiling *ceiling)
{
    bench_job job;
    qn_status status = bench_job_build(workload, nqubits, b->values[BENCH_MOLECULES].text, &job);
    if (status != QN_OK) {
        b->done += b->nprecisions;
        return left_out(b, workload, status);
    }
    for (size_t p = 0; status == QN_OK && p < b->nprecisions && !b->result.out_of_time; p++) {
        b->result.out_of_time = bench_now() - b->begin > b->budget;
        if (!b->result.out_of_time) {
            b->done++;
            status = measure(b, context, &job, b->single[p], ceiling);
        }
    }
    bench_job_free(&job);
    return status == QN_OK ? status : left_out(b, workload, status);
}

static qn_status measure_threads(bench *b, uint32_t wanted)
{
    qn_context *context = NULL;
    qn_status status = cli_session_open(wanted, true, &context);
    if (status != QN_OK) {
        return status;
    }
    bench_ceiling *ceiling = &b->result.ceilings[b->result.nceilings++];
    *ceiling = (bench_ceiling){qn_context_threads(context), {0.0, 0.0}};
    b->result.arch = qn_context_arch(context); /* static text */
    show_progress(b, "arithmetic", 0, ceiling->threads);
    for (size_t p = 0; p < 2; p++) {
        ceiling->fmadd_rate[p] = qn_machine_fma_rate(p == 1, ceiling->threads);
    }
    for (size_t k = 0; k < b->qubits.count; k++) {
        for (size_t w = 0; status == QN_OK && w < bench_workload_count() && !b->result.out_of_time; w++) {
            /* a molecule has one size: with the first of the list */
            if (b->selected[w] && (k == 0 || !bench_workload_at(w)->molecule)) {
                status = measure_workload(b, context, bench_workload_at(w), b->qubits.values[k], ceiling);
            }
        }
    }
    qn_context_free(context);
    return status;
}

static qn_status measure_all(bench *b)
{
    size_t rows = 0;
    for (size_t w = 0; w < bench_workload_count(); w++) {
        rows += !b->selected[w] ? 0 : bench_workload_at(w)->molecule ? 1 : b->qubits.count;
    }
    b->total = rows * b->nprecisions * b->threads.count;
    b->result.rows = calloc(b->total + 1, sizeof *b->result.rows);
    b->result.ceilings = calloc(b->threads.count, sizeof *b->result.ceilings);
    /* molecules may have sizes that are not in the list */
    b->result.passes = calloc((b->qubits.count + bench_workload_count()) * b->threads.count, sizeof *b->result.passes);
    qn_status status =
        b->result.rows == NULL || b->result.ceilings == NULL || b->result.passes == NULL ? QN_ERR_MEMORY : QN_OK;
    for (size_t t = 0; status == QN_OK && t < b->threads.count && !b->result.out_of_time; t++) {
        status = measure_threads(b, b->threads.values[t]);
    }
    b->result.interrupted = status == QN_ERR_INTERRUPTED;
    b->result.seconds = bench_now() - b->begin;
    cli_terminal_clear();
    return b->result.interrupted ? QN_OK : status;
}

static qn_status show(const bench *b)
{
    qn_text *text = NULL;
    qn_json *json = NULL;
    qn_status status = QN_OK;
    const char *plot = b->values[BENCH_PLOT].text;
    CLI_TRY(qn_text_create(&text));
    if (plot != NULL) {
        status = bench_svg(text, &b->result);
        if (status == QN_ERR_ARGUMENT) {
            cli_note("no picture: nothing that was measured has gates");
        } else {
            CLI_TRY(status);
            CLI_TRY(cli_write(plot, text));
        }
        qn_text_destroy(text);
        text = NULL;
        if (strcmp(plot, "-") == 0) {
            return QN_OK;
        }
        CLI_TRY(qn_text_create(&text));
    }
    if (b->values[BENCH_JSON].given) {
        CLI_TRY(qn_json_create(text, &json));
        bench_json(json, &b->result);
    } else if (b->values[BENCH_CSV].given) {
        bench_csv(text, &b->result);
    } else {
        bench_text(text, &b->result, b->values[BENCH_QUIET].given);
    }
    CLI_TRY(cli_print(text));
cleanup:
    qn_json_destroy(json);
    qn_text_destroy(text);
    return status;
}

/* `quern bench machine`: few of the options mean anything to it. */
static int run_machine(const cli_invocation *invocation)
{
    static const int allowed[] = {BENCH_THREADS, BENCH_SECONDS, BENCH_MACHINE, BENCH_JSON, BENCH_QUIET};
    const cli_value *values = invocation->values;
    number_list threads;
    for (int i = 0; i < BENCH_COUNT; i++) {
        bool known = !values[i].given;
        for (size_t k = 0; k < sizeof allowed / sizeof allowed[0]; k++) {
            known = known || allowed[k] == i;
        }
        if (!known) {
            return cli_usage_error(invocation->command, "--%s belongs to quern bench engine", options[i].name);
        }
    }
    if (!read_numbers(values[BENCH_THREADS].text, 0, 4096, &threads) || threads.count != 1) {
        return cli_usage_error(invocation->command, "--threads: '%s' is not one number up to 4096",
                               values[BENCH_THREADS].text);
    }
    const double seconds = values[BENCH_SECONDS].text != NULL ? values[BENCH_SECONDS].real : 10.0;
    if (!(seconds >= 0.01 && seconds <= 3600.0)) {
        return cli_usage_error(invocation->command, "--seconds: '%s' is not a number from 0.01 to 3600",
                               values[BENCH_SECONDS].text);
    }
    return bench_machine(threads.values[0], seconds, values[BENCH_MACHINE].text, values[BENCH_JSON].given,
                         values[BENCH_QUIET].given);
}

static int run(const cli_invocation *invocation)
{
    const char *what = invocation->noperands == 1 ? invocation->operands[0] : "";
    if (strcmp(what, "machine") == 0) {
        return run_machine(invocation);
    }
    if (strcmp(what, "engine") != 0) {
        return cli_usage_error(invocation->command,
                               "say what is to be measured: quern bench engine or quern bench machine");
    }
    bench b = {.invocation = invocation, .values = invocation->values, .begin = bench_now()};
    b.result =
        (bench_result){.invocation = invocation, .engine = invocation->values[BENCH_ENGINE].text, .arch = "unknown"};
    int code = CLI_EXIT_OK;
    qn_context *context = NULL;
    qn_status status = QN_OK;
    b.selected = calloc(bench_workload_count(), sizeof *b.selected);
    if (b.selected == NULL) {
        return cli_library_error(QN_ERR_MEMORY);
    }
    if (!read_request(&b)) {
        free(b.selected);
        return CLI_EXIT_USAGE;
    }
    CLI_TRY(cli_session_open(0, true, &context));
    CLI_TRY(check_sizes(&b, context, &code));
    if (code == CLI_EXIT_OK) {
        CLI_TRY(measure_all(&b));
        CLI_TRY(show(&b));
        code = b.result.interrupted ? CLI_EXIT_INTERRUPTED : CLI_EXIT_OK;
    }
cleanup:
    qn_context_free(context);
    free(b.result.passes);
    free(b.result.ceilings);
    free(b.result.rows);
    free(b.selected);
    return status != QN_OK ? cli_library_error(status) : code;
}

const cli_command cli_command_bench = {
    "bench",
    "how fast this machine runs circuits and classical rivals, beside what it could do at best",
    "quern bench engine\n"
    "quern bench machine\n"
    "quern bench engine --only rqc,qft --qubits 20,24 --threads 1,2 --json\n"
    "quern bench engine --plot scaling.svg",
    "engine|machine",
    "engine|machine",
    "machine: measures once, in about 10 seconds, what classical rivals of quantum algorithms live on: copying memory, "
    "multiply-adds and matrix products, an iteration of conjugate gradients, Monte-Carlo paths, the scan of a table "
    "and "
    "the probe of a hash table, on arrays larger than the caches; and stores it as JSON in the user's cache folder, "
    "where every comparison of times finds it. Measure on an idle machine.\n\n"
    "engine: runs circuits and observables on an engine and shows the median time of each, the time per amplitude and "
    "gate, "
    "and "
    "two multiples: of a pass over memory (16 bytes an amplitude read and written in place, measured in the same run) "
    "and of the time that the arithmetic of the gates takes at the processor's peak. Workloads: "
#define WORKLOAD(id, name, ...) name ", "
#include "bench_workloads.def"
#undef WORKLOAD
    "or a group of them such as gate, gate-h or uccsd. A size that does not fit into memory is refused before anything "
    "is measured. Ctrl-C shows what was measured so far.",
    options,
    BENCH_COUNT,
    run};
