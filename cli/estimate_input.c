/* estimate_input.c: counts and options as they are typed. */
#include "estimate_input.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "duration.h"
#include "output.h"
#include "suggest.h"

static const struct {
    const char *name;
    size_t offset; /* of a double in qn_logical_counts */
} names[] = {{"qubits", offsetof(qn_logical_counts, qubits)},
             {"t", offsetof(qn_logical_counts, t)},
             {"rotations", offsetof(qn_logical_counts, rotations)},
             {"rotation_depth", offsetof(qn_logical_counts, rotation_depth)},
             {"toffoli", offsetof(qn_logical_counts, ccz)},
             {"ccz", offsetof(qn_logical_counts, ccz)},
             {"ccix", offsetof(qn_logical_counts, ccix)},
             {"measurements", offsetof(qn_logical_counts, measurements)}};
enum { NAMES = sizeof names / sizeof names[0], ROTATION_DEPTH = 3 };

static int unknown_name(const cli_command *command, const char *name)
{
    char buffer[96];
    cli_suggestion suggestion;
    cli_suggest_start(&suggestion, name);
    for (size_t i = 0; i < NAMES; i++) {
        cli_suggest_offer(&suggestion, names[i].name, strlen(names[i].name));
    }
    return cli_usage_error(
        command,
        "unknown count '%.40s'%s There are qubits, t, rotations, rotation_depth, toffoli, ccz, "
        "ccix and measurements",
        name, suggestion.nearest[0] != '\0' ? cli_suggest_text(&suggestion, "", buffer, sizeof buffer) : ".");
}

/* "name=value" in place: counts of one kind add up, as toffoli and ccz do. */
static int read_one(const cli_command *command, char *text, qn_logical_counts *out, bool *given)
{
    char *const sign = strchr(text, '=');
    if (sign == NULL) {
        return cli_usage_error(command, "--counts: '%.60s'; expected name=number", text);
    }
    *sign = '\0';
    char *end = NULL;
    const double value = strtod(sign + 1, &end);
    if (end == sign + 1 || *end != '\0' || !isfinite(value) || value < 0 || value != floor(value)) {
        return cli_usage_error(command, "--counts: %.40s=%.60s; expected a whole number, not negative", text, sign + 1);
    }
    for (size_t i = 0; i < NAMES; i++) {
        if (strcmp(text, names[i].name) == 0) {
            if (given[i]) {
                return cli_usage_error(command, "--counts: %s stands twice", text);
            }
            given[i] = true;
            double *const count = (double *)(void *)((char *)out + names[i].offset);
            *count += value;
            return CLI_EXIT_OK;
        }
    }
    return unknown_name(command, text);
}

int cli_counts_read(const cli_command *command, const char *text, qn_logical_counts *out)
{
    *out = (qn_logical_counts)QN_LOGICAL_COUNTS_INIT;
    char *const copy = strdup(text);
    if (copy == NULL) {
        return cli_library_error(QN_ERR_MEMORY);
    }
    bool given[NAMES] = {false};
    char *rest = NULL;
    int code = CLI_EXIT_OK;
    for (char *part = strtok_r(copy, ", ", &rest); part != NULL && code == CLI_EXIT_OK;
         part = strtok_r(NULL, ", ", &rest)) {
        code = read_one(command, part, out, given);
    }
    free(copy);
    if (code == CLI_EXIT_OK && !given[0]) {
        return cli_usage_error(command, "--counts: qubits is missing");
    }
    if (!given[ROTATION_DEPTH]) {
        out->rotation_depth = out->rotations;
    }
    return code;
}

static int read_time(const cli_invocation *invocation, size_t option, double *out)
{
    const cli_value *value = &invocation->values[option];
    if (value->text != NULL && !cli_duration_read(value->text, out)) {
        return cli_usage_error(invocation->command, "--%s %s; expected a time, as in 1us, 14d or 3600",
                               invocation->command->options[option].name, value->text);
    }
    return CLI_EXIT_OK;
}

static int read_distances(const cli_invocation *invocation, const char *text, uint32_t *out)
{
    for (int i = 0; i < 3; i++) {
        char *end = NULL;
        const unsigned long value = strtoul(text, &end, 10);
        const bool last = i == 2;
        if (end == text || value > 99 || (last ? *end != '\0' : *end != ',')) {
            return cli_usage_error(invocation->command, "--distances: expected three odd numbers as in 15,31,0");
        }
        out[i] = (uint32_t)value;
        text = end + (last ? 0 : 1);
    }
    return CLI_EXIT_OK;
}

static int read_factories(const cli_invocation *invocation, const char *text, uint32_t *out)
{
    char *end = NULL;
    *out = 0;
    if (strcmp(text, "auto") == 0) {
        return CLI_EXIT_OK;
    }
    const unsigned long value = strtoul(text, &end, 10);
    if (end == text || *end != '\0' || value < 1 || value > 1000000000UL || text[0] == '-') {
        return cli_usage_error(invocation->command, "--factories %s; expected auto or a whole number from 1", text);
    }
    *out = (uint32_t)value;
    return CLI_EXIT_OK;
}

int cli_estimate_options_read(const cli_invocation *invocation, qn_estimate_options *out)
{
    const cli_value *v = invocation->values;
    const char *block = v[ESTIMATE_BLOCK].text, *objective = v[ESTIMATE_OBJECTIVE].text;
    *out = (qn_estimate_options)QN_ESTIMATE_OPTIONS_INIT;
    out->platform = v[ESTIMATE_PLATFORM].text;
    out->code = v[ESTIMATE_CODE].text;
    out->budget = v[ESTIMATE_BUDGET].real;
    out->max_physical_qubits = v[ESTIMATE_MAX_QUBITS].real;
    out->serial = v[ESTIMATE_SERIAL].given;
    out->data_block = strcmp(block, "compact") == 0        ? QN_DATA_BLOCK_COMPACT
                      : strcmp(block, "intermediate") == 0 ? QN_DATA_BLOCK_INTERMEDIATE
                      : strcmp(block, "fast") == 0         ? QN_DATA_BLOCK_FAST
                                                           : QN_DATA_BLOCK_SIMPLE;
    out->objective = strcmp(objective, "qubits") == 0 ? QN_ESTIMATE_LEAST_QUBITS
                     : strcmp(objective, "time") == 0 ? QN_ESTIMATE_LEAST_TIME
                                                      : QN_ESTIMATE_LEAST_VOLUME;
    if (v[ESTIMATE_ERROR].given) {
        out->error = v[ESTIMATE_ERROR].real;
        if (!(out->error > 0 && out->error < 1)) {
            return cli_usage_error(invocation->command, "--error %g is outside (0, 1)", out->error);
        }
    }
    int code = read_time(invocation, ESTIMATE_CYCLE, &out->cycle_s);
    code = code == CLI_EXIT_OK ? read_time(invocation, ESTIMATE_MAX_DURATION, &out->max_duration_s) : code;
    code = code == CLI_EXIT_OK ? read_time(invocation, ESTIMATE_REACTION, &out->reaction_s) : code;
    code = code == CLI_EXIT_OK ? read_factories(invocation, v[ESTIMATE_FACTORIES].text, &out->factories) : code;
    if (code == CLI_EXIT_OK && v[ESTIMATE_DISTANCES].text != NULL) {
        code = read_distances(invocation, v[ESTIMATE_DISTANCES].text, out->distances);
    }
    return code;
}
