/* command_count.c: `quern count`: what a circuit costs in gates, depth and T gates. */
#include <stdio.h>
#include <string.h>

#include "circuit_cost.h"
#include "circuit_input.h"
#include "commands.h"
#include "interrupt.h"
#include "output.h"

enum {
#define OPTION(id, ...) COUNT_##id,
#include "options_count.def"
#undef OPTION
    COUNT_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_count.def"
#undef OPTION
};

static qn_status count(const cli_invocation *invocation, const qn_circuit *circuit)
{
    const cli_value *v = invocation->values;
    const double error = v[COUNT_ERROR].real;
    qn_circuit *rewritten = NULL;
    qn_text *text = NULL;
    qn_json *json = NULL;
    cli_cost before, after;
    qn_status status = QN_OK;
    CLI_TRY(cli_cost_of(circuit, error, &before));
    if (v[COUNT_BASIS].given) {
        CLI_TRY(qn_pass_decompose(circuit, v[COUNT_BASIS].text, error, &rewritten));
        CLI_TRY(cli_cost_of(rewritten, error, &after));
    }
    CLI_TRY(qn_text_create(&text));
    if (v[COUNT_JSON].given) {
        CLI_TRY(qn_json_create(text, &json));
        qn_json_begin_object(json, NULL);
        qn_json_string(json, "schema", "quern.count/1");
        qn_json_string(json, "version", qn_version());
        cli_circuit_json(json, "input", invocation->operands[0], circuit);
        qn_json_string(json, "basis", v[COUNT_BASIS].text);
        qn_json_number(json, "synthesis_error", error);
        cli_cost_json(json, "result", rewritten != NULL ? &after : &before);
        if (rewritten != NULL) {
            cli_cost_json(json, "as_written", &before);
        }
        qn_json_end_object(json);
    } else {
        char line[256];
        cli_circuit_describe(invocation->operands[0], circuit, line, sizeof line);
        if (!v[COUNT_QUIET].given) {
            qn_text_printf(text, "%s\n", line);
        }
        cli_cost_text(text, &before, rewritten != NULL ? &after : NULL, error);
        qn_text_printf(text, "%s: ", rewritten != NULL ? "after" : "gates");
        cli_cost_gates(text, rewritten != NULL ? &after : &before);
        qn_text_printf(text, "\n");
    }
    CLI_TRY(cli_print(text));
cleanup:
    qn_json_destroy(json);
    qn_text_destroy(text);
    qn_circuit_free(rewritten);
    return status;
}

static int run(const cli_invocation *invocation)
{
    if (invocation->noperands != 1) {
        return cli_usage_error(invocation->command, "give one FILE, or - for standard input");
    }
    cli_circuit_settings settings;
    qn_circuit *circuit = NULL;
    cli_interrupt_at_once();
    int code = cli_circuit_settings_read(invocation, COUNT_PARAM, COUNT_INCLUDE, &settings);
    settings.quiet = invocation->values[COUNT_QUIET].given;
    if (code == CLI_EXIT_OK) {
        code = cli_circuit_read(invocation->operands[0], &settings, &circuit);
    }
    if (code == CLI_EXIT_OK) {
        const qn_status status = count(invocation, circuit);
        code = status == QN_OK ? CLI_EXIT_OK : cli_library_error(status);
    }
    qn_circuit_free(circuit);
    cli_circuit_settings_free(&settings);
    return code;
}

const cli_command cli_command_count = {
    "count",
    "what a circuit costs: gates, depth, T count",
    "quern count adder.qasm\nquern count adder.qasm --basis clifford+t --error 1e-6 --json",
    "FILE",
    NULL,
    "Counts the gates of a circuit (OpenQASM 2 or 3, or JSON) as written, over one-qubit gates and cx, and over "
    "Clifford and T gates; with --basis before and after rewriting it. Bodies of if, else and while count once each. "
    "FILE may be - for standard input.",
    options,
    COUNT_COUNT,
    run};
