/* command_equal.c: `quern equal`: do two circuit files do the same? */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "circuit_input.h"
#include "commands.h"
#include "interrupt.h"
#include "output.h"
#include "session.h"
#include "terminal.h"

enum {
#define OPTION(id, ...) EQUAL_##id,
#include "options_equal.def"
#undef OPTION
    EQUAL_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_equal.def"
#undef OPTION
};

/* As diff and cmp have it: 1 is an answer, and what went wrong is more than 1. */
enum { EXIT_EQUAL = 0, EXIT_DIFFERENT = 1, EXIT_TROUBLE = 2 };

static const char *method_name(qn_equal_method method)
{
    return method == QN_EQUAL_EXACT ? "exact" : method == QN_EQUAL_STIMULI ? "stimuli" : "auto";
}

static uint32_t number(const cli_value *value)
{
    return value->integer < UINT32_MAX ? (uint32_t)value->integer : UINT32_MAX;
}

static qn_equal_options wanted(const cli_value *v)
{
    qn_equal_options o = QN_EQUAL_OPTIONS_INIT;
    o.method = strcmp(v[EQUAL_METHOD].text, "exact") == 0     ? QN_EQUAL_EXACT
               : strcmp(v[EQUAL_METHOD].text, "stimuli") == 0 ? QN_EQUAL_STIMULI
                                                              : QN_EQUAL_AUTO;
    o.tolerance = v[EQUAL_TOLERANCE].given ? v[EQUAL_TOLERANCE].real : 0.0;
    o.stimuli = number(&v[EQUAL_STIMULI]);
    o.points = number(&v[EQUAL_POINTS]);
    o.seed = v[EQUAL_SEED].integer;
    o.global_phase = v[EQUAL_GLOBAL_PHASE].given;
    return o;
}

static void write_text(qn_text *text, const qn_equal_result *r, bool quiet)
{
    qn_text_printf(text, "%s\n", r->equal ? "equal" : "different");
    if (quiet) {
        return;
    }
    qn_text_printf(text, "method: %s", method_name(r->method));
    if (r->method == QN_EQUAL_STIMULI) {
        qn_text_printf(text, ", %u random state%s", r->stimuli, r->stimuli == 1 ? "" : "s");
    }
    qn_text_printf(text, "\nfidelity: %.15g\n", r->fidelity);
    if (r->equal) {
        qn_text_printf(text, "global phase: %.9g\n", fabs(r->phase) < 5e-13 ? 0.0 : r->phase);
    }
    if (r->why != NULL && r->why[0] != '\0') {
        qn_text_printf(text, "%s\n", r->why);
    }
}

static void write_json(qn_json *json, const cli_invocation *invocation, qn_circuit *const *circuits,
                       const qn_equal_result *r)
{
    qn_json_begin_object(json, NULL);
    qn_json_string(json, "schema", "quern.equal/1");
    qn_json_string(json, "version", qn_version());
    qn_json_unsigned(json, "seed", invocation->values[EQUAL_SEED].integer);
    cli_circuit_json(json, "a", invocation->operands[0], circuits[0]);
    cli_circuit_json(json, "b", invocation->operands[1], circuits[1]);
    qn_json_begin_object(json, "result");
    qn_json_bool(json, "equal", r->equal);
    qn_json_string(json, "method", method_name(r->method));
    qn_json_number(json, "fidelity", r->fidelity);
    if (r->equal) {
        qn_json_number(json, "phase", r->phase);
    } else {
        qn_json_string(json, "phase", NULL);
    }
    qn_json_unsigned(json, "stimuli", r->stimuli);
    qn_json_string(json, "why", r->why);
    qn_json_end_object(json);
    qn_json_end_object(json);
}

static qn_status compare(const cli_invocation *invocation, qn_circuit *const *circuits, qn_equal_result *result)
{
    const cli_value *v = invocation->values;
    qn_context *context = NULL;
    qn_engine *engine = NULL;
    qn_text *text = NULL;
    qn_json *json = NULL;
    qn_status status = QN_OK;
    CLI_TRY(cli_session_open(v[EQUAL_THREADS].integer, v[EQUAL_QUIET].given, &context));
    CLI_TRY(qn_engine_open(context, v[EQUAL_ENGINE].text, &engine));
    const qn_equal_options o = wanted(v);
    CLI_TRY(qn_circuit_equal(engine, circuits[0], circuits[1], &o, result));
    cli_terminal_clear();
    CLI_TRY(qn_text_create(&text));
    if (v[EQUAL_JSON].given) {
        CLI_TRY(qn_json_create(text, &json));
        write_json(json, invocation, circuits, result);
    } else {
        write_text(text, result, v[EQUAL_QUIET].given);
    }
    CLI_TRY(cli_print(text));
cleanup:
    qn_json_destroy(json);
    qn_text_destroy(text);
    qn_engine_close(engine);
    qn_context_free(context);
    return status;
}

static int run(const cli_invocation *invocation)
{
    const cli_value *v = invocation->values;
    if (invocation->noperands != 2) {
        return cli_usage_error(invocation->command, "give two files, A and B");
    }
    if (strcmp(invocation->operands[0], "-") == 0 && strcmp(invocation->operands[1], "-") == 0) {
        return cli_usage_error(invocation->command, "only one of A and B can be standard input");
    }
    cli_circuit_settings settings;
    qn_circuit *circuits[2] = {NULL, NULL};
    qn_equal_result result = {0};
    int code = cli_circuit_settings_read(invocation, EQUAL_PARAM, EQUAL_INCLUDE, &settings);
    cli_interrupt_at_once(); /* until the session catches it */
    settings.quiet = v[EQUAL_QUIET].given;
    settings.lenient = true; /* a value may be meant for one of the two */
    for (size_t i = 0; i < 2 && code == CLI_EXIT_OK; i++) {
        code = cli_circuit_read(invocation->operands[i], &settings, &circuits[i]);
    }
    if (code == CLI_EXIT_OK) {
        const qn_status status = compare(invocation, circuits, &result);
        code = status != QN_OK ? cli_library_error(status) : result.equal ? EXIT_EQUAL : EXIT_DIFFERENT;
        code = status != QN_OK && code == EXIT_DIFFERENT ? EXIT_TROUBLE : code;
    } else if (code == CLI_EXIT_FAILED) {
        code = EXIT_TROUBLE;
    }
    qn_circuit_free(circuits[0]);
    qn_circuit_free(circuits[1]);
    cli_circuit_settings_free(&settings);
    return code;
}

const cli_command cli_command_equal = {
    "equal",
    "whether two circuits do the same",
    "quern equal before.qasm after.qasm\nquern equal a.qasm b.qasm --global-phase --json",
    "A B",
    NULL,
    "Compares what two circuits do, whatever gates they are written in: exactly up to 14 qubits, by random states "
    "beyond "
    "that. Free parameters get random values; measurements at the end are compared by their bits.\n"
    "The exit status is 0 for equal, 1 for different; when the question has no answer it is more than 1, and 2 for a "
    "run that failed. A or B may be - for standard input.",
    options,
    EQUAL_COUNT,
    run};
