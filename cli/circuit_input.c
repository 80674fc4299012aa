/* circuit_input.c: circuit files, the values of their parameters, and what is said about them. */
#include "circuit_input.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "terminal.h"

/* A number, or pi or tau, behind an optional sign. */
static bool factor(const char **text, double *out)
{
    const char *s = *text;
    double sign = 1.0;
    while (*s == ' ') {
        s++;
    }
    if (*s == '-' || *s == '+') {
        sign = *s == '-' ? -1.0 : 1.0;
        s++;
    }
    if (strncmp(s, "pi", 2) == 0) {
        *out = sign * 3.14159265358979323846;
        s += 2;
    } else if (strncmp(s, "tau", 3) == 0) {
        *out = sign * 6.28318530717958647692;
        s += 3;
    } else {
        char *end = NULL;
        const bool digits =
            isdigit((unsigned char)*s) || *s == '.'; /* strtod would take "nan", "inf" and a sign more */
        const double number = digits ? strtod(s, &end) : 0.0;
        if (!digits || end == s || !isfinite(number)) {
            return false;
        }
        *out = sign * number;
        s = end;
    }
    while (*s == ' ') {
        s++;
    }
    *text = s;
    return true;
}

/* Factors with * and / between them. */
static bool value(const char *text, double *out)
{
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0) {
        *out = text[0] == 't' ? 1.0 : 0.0;
        return true;
    }
    double product = 0.0, next = 0.0;
    if (!factor(&text, &product)) {
        return false;
    }
    while (*text == '*' || *text == '/') {
        const char operation = *text++;
        if (!factor(&text, &next)) {
            return false;
        }
        product = operation == '*' ? product * next : product / next;
    }
    *out = product;
    return *text == '\0' && isfinite(product);
}

static bool is_name(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == ' ' || text[i] == '\t') {
            return false;
        }
    }
    return length > 0;
}

static int read_binding(const cli_invocation *invocation, const char *text, cli_circuit_settings *out)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL || !is_name(text, (size_t)(equals - text))) {
        return cli_usage_error(invocation->command, "--param: '%s' is not NAME=VALUE", text);
    }
    double number = 0.0;
    if (!value(equals + 1, &number)) {
        return cli_usage_error(invocation->command, "--param: '%s' is not a number (as in 0.5, pi, 3*pi/4 or true)",
                               equals + 1);
    }
    const size_t length = (size_t)(equals - text);
    char *name = malloc(length + 1);
    if (name == NULL) {
        return cli_library_error(QN_ERR_MEMORY);
    }
    memcpy(name, text, length);
    name[length] = '\0';
    for (size_t i = 0; i < out->nbindings; i++) {
        const char *other = out->bindings[i].name;
        if (other != NULL && strcmp(other, name) == 0) {
            const int code = cli_usage_error(invocation->command, "--param: '%s' is given twice", name);
            free(name);
            return code;
        }
    }
    out->bindings[out->nbindings++] = (qn_binding){name, number};
    return CLI_EXIT_OK;
}

int cli_circuit_settings_read(const cli_invocation *invocation, size_t param, size_t include, cli_circuit_settings *out)
{
    *out = (cli_circuit_settings){0};
    out->bindings = calloc(invocation->noccurrences + 1, sizeof(qn_binding));
    out->include_paths = calloc(invocation->noccurrences + 1, sizeof(const char *));
    if (out->bindings == NULL || out->include_paths == NULL) {
        return cli_library_error(QN_ERR_MEMORY);
    }
    size_t cursor = 0;
    const char *text = NULL;
    while ((text = cli_list_next(invocation, param, &cursor)) != NULL) {
        const int code = read_binding(invocation, text, out);
        if (code != CLI_EXIT_OK) {
            return code;
        }
    }
    for (cursor = 0; (text = cli_list_next(invocation, include, &cursor)) != NULL;) {
        out->include_paths[out->ninclude_paths++] = text;
    }
    return CLI_EXIT_OK;
}

/* A const name of our own making, back to free. */
static void free_name(const char *name)
{
    union {
        const char *borrowed;
        char *owned;
    } pointer = {name};
    free(pointer.owned);
}

void cli_circuit_settings_free(cli_circuit_settings *settings)
{
    for (size_t i = 0; i < settings->nbindings; i++) {
        free_name(settings->bindings[i].name);
    }
    free(settings->bindings);
    free(settings->include_paths);
    *settings = (cli_circuit_settings){0};
}

bool cli_circuit_binding(const cli_circuit_settings *settings, const char *name, double *out)
{
    for (size_t i = 0; i < settings->nbindings; i++) {
        if (strcmp(settings->bindings[i].name, name) == 0) {
            *out = settings->bindings[i].value;
            return true;
        }
    }
    return false;
}

const char *cli_circuit_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "<stdin>" : path;
}

static bool has_symbol(const qn_circuit *circuit, const char *name)
{
    for (size_t k = 0; k < qn_circuit_symbols(circuit); k++) {
        if (strcmp(qn_circuit_symbol_name(circuit, (uint32_t)k), name) == 0) {
            return true;
        }
    }
    return false;
}

/* A value that was taken leaves no trace in the circuit; without it the text would fail, or keep a free parameter. */
static bool is_taken(const char *text, size_t length, const char *name, const cli_circuit_settings *settings,
                     const qn_qasm_options *options, size_t index)
{
    qn_binding *others = malloc(settings->nbindings * sizeof *others);
    qn_circuit *circuit = NULL;
    if (others == NULL) {
        return true;
    }
    memcpy(others, settings->bindings, settings->nbindings * sizeof *others);
    others[index] = others[settings->nbindings - 1];
    qn_qasm_options fewer = *options;
    fewer.bindings = others;
    fewer.nbindings = settings->nbindings - 1;
    const bool taken = qn_read_circuit(text, length, name, &fewer, NULL, &circuit) != QN_OK ||
                       has_symbol(circuit, settings->bindings[index].name);
    qn_circuit_free(circuit);
    free(others);
    return taken;
}

qn_status cli_circuit_parse(const char *path, const cli_circuit_settings *settings, qn_diagnostics *diagnostics,
                            qn_circuit **out, const char **stray)
{
    qn_qasm_options options = QN_QASM_OPTIONS_INIT;
    options.include_paths = settings->include_paths;
    options.ninclude_paths = settings->ninclude_paths;
    options.bindings = settings->bindings;
    options.nbindings = settings->nbindings;
    options.free_inputs = true;
    char *text = NULL;
    size_t length = 0;
    qn_status status = qn_file_read(path, 0, &text, &length);
    if (status == QN_OK) {
        const char *name = cli_circuit_name(path);
        status = qn_read_circuit(text, length, name, &options, diagnostics, out);
        for (size_t i = 0; status == QN_OK && stray != NULL && i < settings->nbindings; i++) {
            if (!has_symbol(*out, settings->bindings[i].name) && !is_taken(text, length, name, settings, &options, i)) {
                *stray = settings->bindings[i].name;
            }
        }
        qn_text_free(text);
    }
    return status;
}

int cli_circuit_exit_code(qn_status status)
{
    /* What a file asks for and we do not have is the file's matter, not a run that failed. */
    return status == QN_ERR_UNSUPPORTED ? CLI_EXIT_BAD_INPUT : qn_status_exit_code(status);
}

static qn_status print_findings(const qn_diagnostics *diagnostics)
{
    char *text = NULL;
    size_t length = 0;
    const qn_status status = qn_diagnostics_text(diagnostics, cli_terminal_error_color(), &text, &length);
    if (status == QN_OK) {
        (void)fwrite(text, 1, length, stderr);
        qn_text_free(text);
    }
    return status;
}

int cli_circuit_read(const char *path, const cli_circuit_settings *settings, qn_circuit **out)
{
    qn_diagnostics *diagnostics = NULL;
    qn_status status = qn_diagnostics_create(&diagnostics);
    if (status != QN_OK) {
        return cli_library_error(status);
    }
    const char *stray = NULL;
    *out = NULL;
    status = cli_circuit_parse(path, settings, diagnostics, out, settings->lenient ? NULL : &stray);
    const size_t errors = qn_diagnostics_errors(diagnostics);
    int code = CLI_EXIT_OK;
    if (status != QN_OK && errors == 0) { /* no finding in the text: the file itself, its size, memory */
        code = cli_library_error(status);
        code = status == QN_ERR_UNSUPPORTED ? CLI_EXIT_BAD_INPUT : code;
    } else if (status != QN_OK) {
        code = print_findings(diagnostics) == QN_OK ? cli_circuit_exit_code(status) : CLI_EXIT_FAILED;
        (void)fprintf(stderr, "quern: error: %s: %zu error%s\n", cli_circuit_name(path), errors,
                      errors == 1 ? "" : "s");
    } else if (stray != NULL) {
        (void)fprintf(stderr, "quern: error: --param: '%s' is no input or free parameter of %s\n", stray,
                      cli_circuit_name(path));
        code = CLI_EXIT_USAGE;
    } else if (qn_diagnostics_count(diagnostics) > 0 && !settings->quiet) {
        status = print_findings(diagnostics);
        code = status == QN_OK ? CLI_EXIT_OK : cli_library_error(status);
    }
    if (code != CLI_EXIT_OK) {
        qn_circuit_free(*out);
        *out = NULL;
    }
    qn_diagnostics_free(diagnostics);
    return code;
}

void cli_circuit_describe(const char *path, const qn_circuit *circuit, char *buffer, size_t capacity)
{
    const char *name = cli_circuit_name(path), *slash = strrchr(name, '/');
    const uint32_t qubits = qn_circuit_qubits(circuit), bits = qn_circuit_bits(circuit);
    const size_t operations = qn_circuit_operations(circuit);
    (void)snprintf(buffer, capacity, "%.80s: %u qubit%s, %u bit%s, %zu operation%s", slash != NULL ? slash + 1 : name,
                   qubits, qubits == 1 ? "" : "s", bits, bits == 1 ? "" : "s", operations, operations == 1 ? "" : "s");
}

void cli_circuit_json(qn_json *json, const char *key, const char *path, const qn_circuit *circuit)
{
    qn_json_begin_object(json, key);
    qn_json_string(json, "name", cli_circuit_name(path));
    qn_json_unsigned(json, "qubits", qn_circuit_qubits(circuit));
    qn_json_unsigned(json, "bits", qn_circuit_bits(circuit));
    qn_json_unsigned(json, "operations", qn_circuit_operations(circuit));
    qn_json_begin_array(json, "parameters");
    for (size_t k = 0; k < qn_circuit_symbols(circuit); k++) {
        qn_json_string(json, NULL, qn_circuit_symbol_name(circuit, (uint32_t)k));
    }
    qn_json_end_array(json);
    qn_json_bool(json, "dynamic", qn_circuit_is_dynamic(circuit));
    qn_json_end_object(json);
}

double *cli_circuit_theta(const qn_circuit *circuit, const cli_circuit_settings *settings, size_t *missing)
{
    const size_t count = qn_circuit_symbols(circuit);
    double *theta = calloc(count + 1, sizeof *theta);
    *missing = 0;
    for (size_t k = 0; theta != NULL && k < count; k++) {
        if (!cli_circuit_binding(settings, qn_circuit_symbol_name(circuit, (uint32_t)k), &theta[k])) {
            (*missing)++;
        }
    }
    return theta;
}
