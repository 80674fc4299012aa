/* command_check.c: `quern check`: what is wrong with circuit files, and nothing else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "circuit_input.h"
#include "commands.h"
#include "interrupt.h"
#include "output.h"
#include "terminal.h"

enum {
#define OPTION(id, ...) CHECK_##id,
#include "options_check.def"
#undef OPTION
    CHECK_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_check.def"
#undef OPTION
};

/* What one file came to. */
typedef struct verdict {
    qn_status status;
    const char *message; /* of a failure that left no finding */
} verdict;

static const char *severity_name(qn_severity severity)
{
    return severity == QN_SEVERITY_ERROR ? "error" : severity == QN_SEVERITY_WARNING ? "warning" : "note";
}

static void finding_json(qn_json *json, const qn_diagnostic *d)
{
    qn_json_begin_object(json, NULL);
    qn_json_string(json, "file", d->file);
    qn_json_unsigned(json, "line", d->line);
    qn_json_unsigned(json, "column", d->column);
    qn_json_unsigned(json, "length", d->length);
    qn_json_string(json, "severity", severity_name(d->severity));
    qn_json_bool(json, "unsupported", d->unsupported);
    qn_json_string(json, "message", d->message);
    qn_json_string(json, "source", d->source);
    qn_json_end_object(json);
}

/* A failure with a message "name:line:column: error: what", or without a place. */
static void failure_json(qn_json *json, const char *path, const verdict *v)
{
    const char *name = cli_circuit_name(path), *message = v->message;
    const size_t length = strlen(name);
    qn_diagnostic d = {.file = name, .line = 0, .column = 0, .length = 0, .message = message};
    unsigned line = 0, column = 0;
    int used = 0;
    if (strncmp(message, name, length) == 0 &&
        sscanf(message + length, ":%u:%u: error: %n", &line, &column, &used) == 2 && used > 0) {
        d.line = line;
        d.column = column;
        d.length = 1;
        d.message = message + length + used;
    }
    d.unsupported = v->status == QN_ERR_UNSUPPORTED;
    finding_json(json, &d);
}

static qn_status write_findings(const qn_diagnostics *list, bool quiet, qn_text *text, qn_json *json)
{
    if (json != NULL) {
        for (size_t i = 0; i < qn_diagnostics_count(list); i++) {
            qn_diagnostic d;
            qn_diagnostics_get(list, i, &d);
            if (!quiet || d.severity == QN_SEVERITY_ERROR) {
                finding_json(json, &d);
            }
        }
        return QN_OK;
    }
    if (quiet && qn_diagnostics_errors(list) == 0) {
        return QN_OK;
    }
    char *written = NULL;
    size_t length = 0;
    const qn_status status = qn_diagnostics_text(list, cli_terminal_style().color, &written, &length);
    if (status == QN_OK) {
        qn_text_append(text, written, length);
        qn_text_free(written);
    }
    return status;
}

/* The exit code of one file; its findings go to the text or the JSON. */
static int check_file(const char *path, const cli_circuit_settings *settings, qn_text *text, qn_json *json)
{
    qn_circuit *circuit = NULL;
    qn_diagnostics *list = NULL;
    qn_status status = qn_diagnostics_create(&list);
    if (status != QN_OK) {
        return cli_library_error(status);
    }
    verdict v = {cli_circuit_parse(path, settings, list, &circuit, NULL), ""};
    qn_circuit_free(circuit);
    int code = v.status == QN_OK ? CLI_EXIT_OK : cli_circuit_exit_code(v.status);
    if (v.status != QN_OK && qn_diagnostics_errors(list) == 0) {
        v.message = qn_last_error()->message;
        if (json != NULL) {
            failure_json(json, path, &v);
        } else {
            (void)cli_library_error(v.status);
        }
    }
    status = write_findings(list, settings->quiet, text, json);
    if (status != QN_OK) {
        code = cli_library_error(status);
    }
    qn_diagnostics_free(list);
    return code;
}

/* Of several files, bad input outweighs a file that cannot be read. */
static int worse(int a, int b)
{
    static const int order[] = {CLI_EXIT_BAD_INPUT, 4, CLI_EXIT_FAILED};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (a == order[i] || b == order[i]) {
            return order[i];
        }
    }
    return a > b ? a : b;
}

static int run(const cli_invocation *invocation)
{
    const cli_value *v = invocation->values;
    if (invocation->noperands == 0) {
        return cli_usage_error(invocation->command, "give one or more files, or - for standard input");
    }
    cli_circuit_settings settings;
    qn_text *text = NULL;
    qn_json *json = NULL;
    int code = cli_circuit_settings_read(invocation, CHECK_PARAM, CHECK_INCLUDE, &settings);
    settings.quiet = v[CHECK_QUIET].given;
    qn_status status = QN_OK;
    if (code != CLI_EXIT_OK) {
        cli_circuit_settings_free(&settings);
        return code;
    }
    cli_interrupt_at_once();
    CLI_TRY(qn_text_create(&text));
    if (strcmp(v[CHECK_DIAGNOSTICS].text, "json") == 0) {
        CLI_TRY(qn_json_create(text, &json));
        qn_json_begin_object(json, NULL);
        qn_json_string(json, "schema", "quern.diagnostics/1");
        qn_json_begin_array(json, "diagnostics");
    }
    for (size_t i = 0; i < invocation->noperands; i++) {
        code = worse(code, check_file(invocation->operands[i], &settings, text, json));
    }
    if (json != NULL) {
        qn_json_end_array(json);
        qn_json_end_object(json);
    }
    CLI_TRY(cli_print(text));
cleanup:
    qn_json_destroy(json);
    qn_text_destroy(text);
    cli_circuit_settings_free(&settings);
    return status != QN_OK ? cli_library_error(status) : code;
}

const cli_command cli_command_check = {
    "check",
    "what is wrong with circuit files",
    "quern check bell.qasm teleport.qasm\nquern check --diagnostics json bell.qasm",
    "FILE...",
    NULL,
    "Reads circuits in OpenQASM 2 or 3 or JSON and prints what is wrong with them: file, line, column, the line itself "
    "and a caret under the place; nothing when all is well. Valid OpenQASM that Quern does not support is an error "
    "that "
    "says so. The exit status is 0 or 3. FILE may be - for standard input.",
    options,
    CHECK_COUNT,
    run};
