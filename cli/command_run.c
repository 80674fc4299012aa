/* command_run.c: `quern run`: a circuit file is run; counts, probabilities, expectation values, amplitudes come out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "circuit_input.h"
#include "circuit_state.h"
#include "commands.h"
#include "interrupt.h"
#include "npy.h"
#include "output.h"
#include "run_output.h"
#include "session.h"
#include "terminal.h"

enum {
#define OPTION(id, ...) RUN_##id,
#include "options_run.def"
#undef OPTION
    RUN_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_run.def"
#undef OPTION
};

static const double cutoff = 1e-12; /* exact probabilities below are rounding */
enum { DEFAULT_SHOTS = 1024 };

/* All that a run owns; freed in one place. */
typedef struct job {
    cli_circuit_settings settings;
    qn_circuit *circuit;
    double *theta;
    qn_context *context;
    qn_engine *engine;
    qn_circuit *compact; /* without idle qubits, or NULL */
    cli_engine_choice choice;
    cli_observables observables;
    cli_run_rows rows;
    uint64_t *memory;
    qn_text *text, *picture;
    qn_json *json;
    const char *sampling;
    bool sampled;
    char message[320];
    const char *problem; /* message of our own for a failed status */
} job;

static void free_job(job *j)
{
    qn_json_destroy(j->json);
    qn_text_destroy(j->text);
    qn_text_destroy(j->picture);
    free(j->memory);
    cli_run_rows_free(&j->rows);
    cli_observables_free(&j->observables);
    qn_engine_close(j->engine);
    qn_context_free(j->context);
    free(j->theta);
    qn_circuit_free(j->compact);
    qn_circuit_free(j->circuit);
    cli_circuit_settings_free(&j->settings);
}

static double seconds_now(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static bool is_standard(const cli_value *value)
{
    return value->given && strcmp(value->text, "-") == 0;
}

/* Mistakes that one option alone does not show. */
static int check(const cli_invocation *invocation)
{
    const cli_value *v = invocation->values;
    const cli_command *command = invocation->command;
    if (invocation->noperands != 1) {
        return cli_usage_error(command, "give one FILE, or - for standard input");
    }
    if (v[RUN_EXACT].given && (v[RUN_SHOTS].given || v[RUN_MEMORY].given)) {
        return cli_usage_error(command, "--exact and --%s exclude each other", v[RUN_SHOTS].given ? "shots" : "memory");
    }
    if (v[RUN_JSON].given && v[RUN_FORMAT].given && strcmp(v[RUN_FORMAT].text, "json") != 0) {
        return cli_usage_error(command, "--json and --format %s exclude each other", v[RUN_FORMAT].text);
    }
    const int users = is_standard(&v[RUN_STATEVECTOR]) + is_standard(&v[RUN_PLOT]) +
                      (!v[RUN_OUTPUT].given || is_standard(&v[RUN_OUTPUT]));
    if (users > 1) {
        return cli_usage_error(command, "results and --%s cannot share standard output; give --output FILE",
                               is_standard(&v[RUN_PLOT]) ? "plot" : "statevector");
    }
    if (v[RUN_SHOTS].integer > UINT64_C(1) << 53) {
        return cli_usage_error(command, "--shots: at most 2^53");
    }
    return CLI_EXIT_OK;
}

/* A value that no parameter takes would pass in silence, were it mistyped. */
static int check_values(const cli_invocation *invocation, const job *j)
{
    const size_t count = qn_circuit_symbols(j->circuit);
    size_t missing = 0, used = 0;
    char names[200] = "";
    for (size_t k = 0; k < count; k++) {
        double value = 0.0;
        const char *name = qn_circuit_symbol_name(j->circuit, (uint32_t)k);
        if (!cli_circuit_binding(&j->settings, name, &value)) {
            missing++;
            if (used + 40 < sizeof names) {
                used += (size_t)snprintf(names + used, sizeof names - used, " --param %.24s=...", name);
            }
        }
    }
    if (missing > 0) {
        return cli_usage_error(invocation->command, "the circuit has %zu free parameter%s without a value:%s", missing,
                               missing == 1 ? "" : "s", names);
    }
    return CLI_EXIT_OK;
}

static bool measures(const qn_circuit *circuit)
{
    for (size_t i = 0; i < qn_circuit_operations(circuit); i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        if (op.kind == QN_OP_MEASURE || (op.kind == QN_OP_ASSIGN && op.bit != QN_NO_BIT)) {
            return true;
        }
    }
    return false;
}

static bool stops(const qn_circuit *circuit)
{
    for (size_t i = 0; i < qn_circuit_operations(circuit); i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        if (op.kind == QN_OP_STOP) {
            return true;
        }
    }
    return false;
}

static qn_status own_problem(job *j, qn_status status, const char *what, const char *why)
{
    (void)snprintf(j->message, sizeof j->message, "%s: %s", what, why);
    j->problem = j->message;
    return status;
}

static qn_status has_idle(const qn_circuit *circuit, bool *idle)
{
    uint32_t left = qn_circuit_qubits(circuit);
    bool *touched = calloc(left, sizeof *touched);
    if (touched == NULL) {
        return QN_ERR_MEMORY;
    }
    for (size_t i = 0; left > 0 && i < qn_circuit_operations(circuit); i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        const bool does = op.kind == QN_OP_GATE || op.kind == QN_OP_MEASURE || op.kind == QN_OP_RESET;
        for (uint32_t k = 0; does && k < op.ncontrols + op.ntargets; k++) {
            const uint32_t qubit = k < op.ncontrols ? op.controls[k] : op.targets[k - op.ncontrols];
            left -= !touched[qubit];
            touched[qubit] = true;
        }
    }
    free(touched);
    *idle = left > 0;
    return QN_OK;
}

/* Qubits that nothing touches cost half of the memory each, and results by classical bits do not show them. */
static qn_status leave_out_idle(job *j, bool needs_all, uint32_t *qubits)
{
    *qubits = qn_circuit_qubits(j->circuit);
    if (needs_all || qn_circuit_bits(j->circuit) == 0 || *qubits < 2) {
        return QN_OK;
    }
    bool idle = false;
    qn_status found = has_idle(j->circuit, &idle);
    if (found != QN_OK || !idle) {
        return found;
    }
    uint32_t *map = malloc(*qubits * sizeof *map), kept = 0;
    if (map == NULL) {
        return QN_ERR_MEMORY;
    }
    const qn_status status = qn_pass_compact(j->circuit, &j->compact, map, &kept);
    free(map);
    if (status == QN_OK) {
        *qubits = kept;
    }
    return status;
}

static qn_status sample(job *j, const cli_value *v, uint64_t shots)
{
    const qn_circuit *circuit = j->compact != NULL ? j->compact : j->circuit;
    const bool low = strcmp(v[RUN_BIT_ORDER].text, "low") == 0;
    static const char *const methods[] = {"final", "branches", "shots"};
    qn_sampler *sampler = NULL;
    qn_counts *counts = NULL;
    qn_distribution *distribution = NULL;
    qn_status status = QN_OK;
    CLI_TRY(qn_sampler_create(j->engine, circuit, v[RUN_SEED].integer, &sampler));
    j->sampling = methods[qn_sampler_method(sampler)];
    if (v[RUN_EXACT].given) {
        CLI_TRY(qn_sampler_probabilities(sampler, j->theta, cutoff, 0, &distribution));
        CLI_TRY(cli_run_rows_from_distribution(j->circuit, distribution, low, &j->rows));
        goto cleanup;
    }
    const uint32_t bits = qn_sampler_bits(sampler);
    const size_t words = ((size_t)bits + 63) / 64;
    CLI_TRY(qn_counts_create(bits, &counts));
    if (!v[RUN_MEMORY].given) {
        CLI_TRY(qn_sampler_run(sampler, j->theta, 1, shots, &counts));
    } else {
        const uint64_t limit = qn_context_memory_limit(j->context);
        if (shots > limit / (8 * words)) {
            char need[32], room[32], why[128];
            (void)snprintf(why, sizeof why, "%llu shots of %u bits need %s, more than the limit of %s",
                           (unsigned long long)shots, bits,
                           qn_human(need, sizeof need, 8.0 * (double)words * (double)shots, "B"),
                           qn_human(room, sizeof room, (double)limit, "B"));
            status = own_problem(j, QN_ERR_TOO_LARGE, "--memory", why);
            goto cleanup;
        }
        j->memory = malloc((size_t)shots * words * sizeof *j->memory);
        CLI_TRY(j->memory != NULL ? QN_OK : QN_ERR_MEMORY);
        CLI_TRY(qn_sampler_memory(sampler, j->theta, shots, j->memory));
        for (uint64_t shot = 0; shot < shots; shot++) {
            CLI_TRY(qn_counts_add(counts, j->memory + shot * words, 1));
        }
        CLI_TRY(qn_counts_sort(counts));
    }
    CLI_TRY(cli_run_rows_from_counts(j->circuit, counts, low, &j->rows));
cleanup:
    qn_distribution_free(distribution);
    qn_counts_free(counts);
    qn_sampler_free(sampler);
    return status;
}

static qn_status write_statevector(job *j, const char *path)
{
    char why[200];
    qn_circuit *gates = NULL;
    qn_status status = cli_circuit_gates(j->circuit, j->theta, &gates, why, sizeof why);
    if (status == QN_OK && gates == NULL) {
        (void)snprintf(j->message, sizeof j->message, "--statevector: there is no single state: %s", why);
        j->problem = j->message;
        return QN_ERR_UNSUPPORTED;
    }
    if (status == QN_OK) {
        status = cli_npy_write(j->engine, gates, path);
        qn_circuit_free(gates);
    }
    return status;
}

static qn_status run_circuit(const cli_invocation *invocation, job *j)
{
    const cli_value *v = invocation->values;
    const bool means = j->observables.count > 0, amplitudes = v[RUN_STATEVECTOR].given;
    if (means && stops(j->circuit)) {
        return own_problem(j, QN_ERR_UNSUPPORTED, "--expect", "the circuit may end early, before its last state");
    }
    j->sampled = v[RUN_EXACT].given || measures(j->circuit) || v[RUN_MEMORY].given || v[RUN_PLOT].given ||
                 (!means && (v[RUN_SHOTS].given || !amplitudes));
    uint32_t qubits = 0;
    qn_status status = leave_out_idle(j, means || amplitudes, &qubits);
    if (status == QN_OK) {
        status = cli_engine_open(j->context, v[RUN_ENGINE].text, qubits, &j->choice, &j->engine, j->message,
                                 sizeof j->message, &j->problem);
    }
    if (status == QN_OK && j->choice.why[0] != '\0' && !v[RUN_QUIET].given) {
        const uint32_t idle = qn_circuit_qubits(j->circuit) - qubits;
        char left_out[64] = "";
        if (idle > 0) {
            (void)snprintf(left_out, sizeof left_out, "; %u idle qubit%s left out", idle, idle == 1 ? "" : "s");
        }
        cli_note("engine %s: %s%s", j->choice.spec, j->choice.why, left_out);
    }
    if (status == QN_OK && j->sampled) {
        status = sample(j, v, v[RUN_SHOTS].given ? v[RUN_SHOTS].integer : DEFAULT_SHOTS);
    }
    if (status == QN_OK && means) {
        status = cli_observables_measure(j->engine, j->circuit, j->theta, v[RUN_SHOTS].integer, v[RUN_SEED].integer,
                                         &j->observables);
    }
    if (status == QN_OK && amplitudes) {
        status = write_statevector(j, v[RUN_STATEVECTOR].text);
    }
    return status;
}

static qn_status write_results(job *j, const cli_value *v, const cli_run_view *view)
{
    const bool json = v[RUN_JSON].given || strcmp(v[RUN_FORMAT].text, "json") == 0;
    const char *path = v[RUN_OUTPUT].given ? v[RUN_OUTPUT].text : "-";
    qn_status status = QN_OK;
    CLI_TRY(qn_text_create(&j->text));
    if (json) {
        CLI_TRY(qn_json_create(j->text, &j->json));
        CLI_TRY(cli_run_json(j->json, view));
    } else if (strcmp(v[RUN_FORMAT].text, "csv") == 0) {
        CLI_TRY(cli_run_csv(j->text, view));
    } else {
        CLI_TRY(cli_run_text(j->text, view));
    }
    cli_terminal_clear();
    CLI_TRY(cli_write(path, j->text));
    if (v[RUN_PLOT].given) {
        CLI_TRY(qn_text_create(&j->picture));
        cli_run_svg(j->picture, view);
        CLI_TRY(cli_write(v[RUN_PLOT].text, j->picture));
    }
cleanup:
    return status;
}

static int fail(const job *j, qn_status status)
{
    if (j->problem == NULL) {
        return cli_library_error(status);
    }
    cli_terminal_clear();
    (void)fprintf(stderr, "quern: error: %s\n", j->problem);
    return qn_status_exit_code(status);
}

static int run(const cli_invocation *invocation)
{
    const cli_value *v = invocation->values;
    job j = {0};
    int code = check(invocation);
    cli_interrupt_at_once(); /* until the session catches it */
    const double start = seconds_now();
    if (code == CLI_EXIT_OK) {
        code = cli_circuit_settings_read(invocation, RUN_PARAM, RUN_INCLUDE, &j.settings);
    }
    j.settings.quiet = v[RUN_QUIET].given;
    if (code == CLI_EXIT_OK) {
        code = cli_circuit_read(invocation->operands[0], &j.settings, &j.circuit);
    }
    if (code == CLI_EXIT_OK) {
        code = check_values(invocation, &j);
    }
    if (code == CLI_EXIT_OK) {
        code = cli_observables_read(invocation, RUN_EXPECT, qn_circuit_qubits(j.circuit), &j.observables);
    }
    if (code == CLI_EXIT_OK) {
        const double loaded = seconds_now();
        size_t missing = 0;
        j.theta = cli_circuit_theta(j.circuit, &j.settings, &missing);
        qn_status status = j.theta != NULL ? QN_OK : QN_ERR_MEMORY;
        if (status == QN_OK) {
            status = cli_session_open(v[RUN_THREADS].integer, v[RUN_QUIET].given, &j.context);
        }
        if (status == QN_OK) {
            status = run_circuit(invocation, &j);
        }
        if (status == QN_OK) {
            const cli_run_view view = {.path = invocation->operands[0],
                                       .circuit = j.circuit,
                                       .engine = &j.choice,
                                       .seed = v[RUN_SEED].integer,
                                       .rows = j.sampled ? &j.rows : NULL,
                                       .sampling = j.sampling,
                                       .observables = &j.observables,
                                       .memory = j.memory,
                                       .statevector = v[RUN_STATEVECTOR].text,
                                       .low_first = strcmp(v[RUN_BIT_ORDER].text, "low") == 0,
                                       .quiet = v[RUN_QUIET].given,
                                       .load_seconds = loaded - start,
                                       .seconds = seconds_now() - loaded};
            status = write_results(&j, v, &view);
        }
        code = status == QN_OK ? CLI_EXIT_OK : fail(&j, status);
    }
    free_job(&j);
    return code;
}

const cli_command cli_command_run = {
    "run",
    "run a circuit file: counts, probabilities, means, amplitudes",
    "quern run bell.qasm --shots 4096\nquern run teleport.qasm --json --seed 7\n"
    "quern run ansatz.qasm --param theta=pi/4 --expect ZZ --expect \"X0 X1\"",
    "FILE",
    NULL,
    "Runs a circuit in OpenQASM 2 or 3, or in the JSON of `quern convert`, and counts the bit strings it gives. Bit "
    "strings read from the highest bit on the left; registers are separated by a blank, the one declared last stands "
    "first. A circuit without measurements gives its qubits. FILE may be - for standard input.\n"
    "Expectation values and amplitudes are those of the state before the final measurements. Expectation values are "
    "exact unless --shots is given; where a circuit measures on its way they are means over its outcomes.",
    options,
    RUN_COUNT,
    run};
