/* command_convert.c: `quern convert`: circuits into other formats, gate sets and wirings. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "circuit_cost.h"
#include "circuit_input.h"
#include "commands.h"
#include "interrupt.h"
#include "output.h"

enum {
#define OPTION(id, ...) CONVERT_##id,
#include "options_convert.def"
#undef OPTION
    CONVERT_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_convert.def"
#undef OPTION
};

/* What the passes did besides changing gates. */
typedef struct outcome {
    qn_circuit *circuit;
    uint32_t *kept; /* [new qubit] = qubit of the input; NULL without --compact */
    uint32_t nkept;
    qn_route_result route;
    uint32_t routed; /* qubits before routing; 0: none was */
} outcome;

static void free_outcome(outcome *o)
{
    qn_circuit_free(o->circuit);
    free(o->kept);
    qn_route_result_free(&o->route);
}

/* The format that a file's name asks for; NULL: none of ours. */
static const char *format_of(const char *path)
{
    static const struct {
        const char *ending, *format;
    } endings[] = {{".qasm", "qasm3"}, {".json", "json"}, {".ll", "qir"}, {".tex", "tikz"}, {".tikz", "tikz"}};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot != NULL && i < sizeof endings / sizeof endings[0]; i++) {
        if (strcasecmp(dot, endings[i].ending) == 0) {
            return endings[i].format;
        }
    }
    return NULL;
}

static void replace(qn_circuit **circuit, qn_circuit *next)
{
    qn_circuit_free(*circuit);
    *circuit = next;
}

static qn_status simplify(outcome *o, uint32_t level)
{
    qn_circuit *next = NULL;
    const qn_status status = level > 0 ? qn_pass_simplify(o->circuit, level, &next) : QN_OK;
    if (next != NULL) {
        replace(&o->circuit, next);
    }
    return status;
}

static qn_status decompose(outcome *o, const char *basis, double error)
{
    qn_circuit *next = NULL;
    const qn_status status = basis != NULL ? qn_pass_decompose(o->circuit, basis, error, &next) : QN_OK;
    if (next != NULL) {
        replace(&o->circuit, next);
    }
    return status;
}

static qn_status compact(outcome *o)
{
    qn_circuit *next = NULL;
    o->kept = malloc((size_t)qn_circuit_qubits(o->circuit) * sizeof *o->kept);
    if (o->kept == NULL) {
        return QN_ERR_MEMORY;
    }
    const qn_status status = qn_pass_compact(o->circuit, &next, o->kept, &o->nkept);
    if (status == QN_OK) {
        replace(&o->circuit, next);
    }
    return status;
}

static bool has_large_gates(const qn_circuit *circuit)
{
    for (size_t i = 0; i < qn_circuit_operations(circuit); i++) {
        qn_operation op;
        qn_circuit_operation(circuit, i, &op);
        if (op.kind == QN_OP_GATE && op.ncontrols + op.ntargets > 2) {
            return true;
        }
    }
    return false;
}

static qn_status route(outcome *o, const cli_value *v)
{
    qn_coupling *coupling = NULL;
    qn_circuit *next = NULL;
    const uint64_t trials = v[CONVERT_TRIALS].integer;
    qn_status status = qn_coupling_from_text(v[CONVERT_COUPLING].text, &coupling);
    if (status == QN_OK && has_large_gates(o->circuit)) {
        status = decompose(o, "u,cx", v[CONVERT_ERROR].real);
    }
    if (status == QN_OK) {
        status = qn_pass_route(o->circuit, coupling, v[CONVERT_SEED].integer,
                               trials < UINT32_MAX ? (uint32_t)trials : UINT32_MAX, &next, &o->route);
    }
    if (status == QN_OK) {
        o->routed = qn_circuit_qubits(o->circuit);
        replace(&o->circuit, next);
    }
    qn_coupling_free(coupling);
    return status;
}

/* Merging rotations before they are made of T gates, and cancelling what decomposition and swaps left behind; the gate
 * set has the last word. */
static qn_status run_passes(const cli_value *v, outcome *o)
{
    const uint32_t level = (uint32_t)(v[CONVERT_SIMPLIFY].text[0] - '0');
    const char *basis = v[CONVERT_BASIS].text;
    const double error = v[CONVERT_ERROR].real;
    qn_status status = QN_OK;
    if (v[CONVERT_COMPACT].given) {
        CLI_TRY(compact(o));
    }
    CLI_TRY(simplify(o, level));
    if (v[CONVERT_COUPLING].given) {
        CLI_TRY(route(o, v));
        CLI_TRY(simplify(o, level));
    }
    if (basis != NULL) {
        CLI_TRY(decompose(o, basis, error));
        if (level > 0) {
            CLI_TRY(simplify(o, level));
            CLI_TRY(decompose(o, basis, error));
        }
    }
cleanup:
    return status;
}

static qn_status write_circuit(const qn_circuit *circuit, const char *format, const char *path)
{
    char *text = NULL;
    size_t length = 0;
    qn_status status;
    const qn_draw_options drawing = QN_DRAW_OPTIONS_INIT;
    if (strcmp(format, "qasm2") == 0 || strcmp(format, "qasm3") == 0) {
        status = qn_write_qasm(circuit, (uint32_t)(format[4] - '0'), &text, &length);
    } else if (strcmp(format, "json") == 0) {
        status = qn_write_circuit_json(circuit, &text, &length);
    } else if (strcmp(format, "quirk-url") == 0) {
        status = qn_write_quirk(circuit, &text, &length);
    } else if (strcmp(format, "qir") == 0) {
        status = qn_write_qir(circuit, "main", &text, &length);
    } else {
        status = qn_draw_tikz(circuit, &drawing, true, &text, &length);
    }
    if (status != QN_OK) {
        return status;
    }
    char *whole = text;
    if (length > 0 && text[length - 1] != '\n') { /* an address stands on a line */
        whole = malloc(length + 1);
        if (whole != NULL) {
            memcpy(whole, text, length);
            whole[length++] = '\n';
        }
    }
    status = whole != NULL ? qn_file_write(path, whole, length) : QN_ERR_MEMORY;
    if (whole != text) {
        free(whole);
    }
    qn_text_free(text);
    return status;
}

static void layout_json(qn_json *json, const char *key, const uint32_t *map, uint32_t count)
{
    qn_json_begin_array(json, key);
    for (uint32_t i = 0; i < count; i++) {
        qn_json_unsigned(json, NULL, map[i]);
    }
    qn_json_end_array(json);
}

static void write_json(qn_json *json, const cli_invocation *invocation, const qn_circuit *input, const char *format,
                       const char *path, const cli_cost *before, const cli_cost *after, const outcome *o)
{
    const cli_value *v = invocation->values;
    qn_json_begin_object(json, NULL);
    qn_json_string(json, "schema", "quern.convert/1");
    qn_json_string(json, "version", qn_version());
    qn_json_unsigned(json, "seed", v[CONVERT_SEED].integer);
    cli_circuit_json(json, "input", invocation->operands[0], input);
    qn_json_begin_object(json, "output");
    qn_json_string(json, "name", path);
    qn_json_string(json, "format", format);
    qn_json_end_object(json);
    qn_json_begin_object(json, "method");
    qn_json_string(json, "basis", v[CONVERT_BASIS].text);
    qn_json_number(json, "synthesis_error", v[CONVERT_ERROR].real);
    qn_json_unsigned(json, "simplify", (uint64_t)(v[CONVERT_SIMPLIFY].text[0] - '0'));
    qn_json_string(json, "coupling", v[CONVERT_COUPLING].text);
    qn_json_bool(json, "compact", v[CONVERT_COMPACT].given);
    qn_json_end_object(json);
    qn_json_begin_object(json, "result");
    cli_cost_json(json, "before", before);
    cli_cost_json(json, "after", after);
    if (o->kept != NULL) {
        layout_json(json, "kept_qubits", o->kept, o->nkept);
    }
    if (o->routed > 0) {
        qn_json_unsigned(json, "swaps", o->route.swaps);
        layout_json(json, "initial_layout", o->route.initial, o->routed);
        layout_json(json, "final_layout", o->route.final_layout, o->routed);
    }
    qn_json_end_object(json);
    qn_json_end_object(json);
}

static void layout_text(qn_text *text, const char *label, const uint32_t *map, uint32_t count)
{
    qn_text_printf(text, "%-20s", label);
    for (uint32_t i = 0; i < count && i < 40; i++) {
        qn_text_printf(text, " %u", map[i]);
    }
    qn_text_printf(text, count > 40 ? " ...\n" : "\n");
}

/* The table goes to standard error: standard output may be the circuit. */
static qn_status report(const cli_invocation *invocation, const qn_circuit *input, const char *format, const char *path,
                        const outcome *o)
{
    const cli_value *v = invocation->values;
    qn_text *text = NULL;
    qn_json *json = NULL;
    cli_cost before, after;
    qn_status status = QN_OK;
    CLI_TRY(cli_cost_of(input, v[CONVERT_ERROR].real, &before));
    CLI_TRY(cli_cost_of(o->circuit, v[CONVERT_ERROR].real, &after));
    CLI_TRY(qn_text_create(&text));
    if (v[CONVERT_JSON].given) {
        CLI_TRY(qn_json_create(text, &json));
        write_json(json, invocation, input, format, path, &before, &after, o);
        CLI_TRY(cli_print(text));
        goto cleanup;
    }
    cli_cost_text(text, &before, &after, v[CONVERT_ERROR].real);
    if (o->kept != NULL) {
        layout_text(text, "qubits kept", o->kept, o->nkept);
    }
    if (o->routed > 0) {
        qn_text_printf(text, "%-20s %llu\n", "swaps inserted", (unsigned long long)o->route.swaps);
        layout_text(text, "layout at the start", o->route.initial, o->routed);
        layout_text(text, "layout at the end", o->route.final_layout, o->routed);
    }
    const char *bytes = NULL;
    size_t length = 0;
    CLI_TRY(qn_text_finish(text, &bytes, &length));
    (void)fwrite(bytes, 1, length, stderr);
cleanup:
    qn_json_destroy(json);
    qn_text_destroy(text);
    return status;
}

static bool changes_gates(const cli_value *v)
{
    return v[CONVERT_BASIS].given || v[CONVERT_COUPLING].given || v[CONVERT_COMPACT].given ||
           v[CONVERT_SIMPLIFY].text[0] != '0';
}

static int convert(const cli_invocation *invocation, const char *format, const char *path,
                   const cli_circuit_settings *settings)
{
    const cli_value *v = invocation->values;
    qn_circuit *input = NULL;
    outcome o = {0};
    int code = cli_circuit_read(invocation->operands[0], settings, &input);
    if (code != CLI_EXIT_OK) {
        return code;
    }
    qn_status status = QN_OK;
    CLI_TRY(qn_circuit_clone(input, &o.circuit));
    CLI_TRY(run_passes(v, &o));
    CLI_TRY(write_circuit(o.circuit, format, path));
    if (v[CONVERT_JSON].given || (changes_gates(v) && !v[CONVERT_QUIET].given)) {
        CLI_TRY(report(invocation, input, format, path, &o));
    }
cleanup:
    free_outcome(&o);
    qn_circuit_free(input);
    return status == QN_OK ? CLI_EXIT_OK : cli_library_error(status);
}

static int run(const cli_invocation *invocation)
{
    const cli_value *v = invocation->values;
    const cli_command *command = invocation->command;
    if (invocation->noperands == 0) {
        return cli_usage_error(command, "give IN and OUT, or IN and --to FORMAT");
    }
    const char *path = invocation->noperands == 2 ? invocation->operands[1] : "-";
    const char *format = v[CONVERT_TO].given ? v[CONVERT_TO].text : format_of(path);
    if (format == NULL) {
        return strcmp(path, "-") == 0
                   ? cli_usage_error(command, "standard output has no name to tell the format by; give --to FORMAT")
                   : cli_usage_error(command, "'%s' does not end in .qasm, .json, .ll, .tex or .tikz; give --to FORMAT",
                                     path);
    }
    if (v[CONVERT_JSON].given && strcmp(path, "-") == 0) {
        return cli_usage_error(command, "--json and the circuit cannot share standard output; give OUT");
    }
    if (!v[CONVERT_COUPLING].given && (v[CONVERT_TRIALS].given || v[CONVERT_SEED].given)) {
        return cli_usage_error(command, "--%s needs --coupling", v[CONVERT_TRIALS].given ? "trials" : "seed");
    }
    cli_circuit_settings settings;
    cli_interrupt_at_once();
    int code = cli_circuit_settings_read(invocation, CONVERT_PARAM, CONVERT_INCLUDE, &settings);
    settings.quiet = v[CONVERT_QUIET].given;
    if (code == CLI_EXIT_OK) {
        code = convert(invocation, format, path, &settings);
    }
    cli_circuit_settings_free(&settings);
    return code;
}

const cli_command cli_command_convert = {
    "convert",
    "circuits into other formats, gate sets and wirings",
    "quern convert adder.qasm adder.json\nquern convert adder.qasm --to qasm2\n"
    "quern convert qft.qasm out.qasm --basis rz,sx,cx --coupling line:5",
    "IN [OUT]",
    NULL,
    "Reads a circuit in OpenQASM 2 or 3 or JSON and writes it as OpenQASM, JSON, QIR, LaTeX or a link to the Quirk "
    "editor. On the way it can be rewritten in another gate set, simplified, and fitted to a device on which only some "
    "pairs of qubits meet; a table of what it cost before and after goes to standard error. IN and OUT may be - for "
    "standard input and output; without OUT it is standard output.\n"
    "Symbols, classical registers and control flow are kept. Order of the passes: --compact, --simplify, --coupling, "
    "--basis.",
    options,
    CONVERT_COUNT,
    run};
