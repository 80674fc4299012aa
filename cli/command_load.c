/* command_load.c: `quern load`: what it takes to get classical data into a quantum computer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "commands.h"
#include "load.h"
#include "output.h"
#include "session.h"
#include "table_input.h"

enum {
#define OPTION(id, ...) LOAD_##id,
#include "options_load.def"
#undef OPTION
    LOAD_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_load.def"
#undef OPTION
};

typedef struct shown {
    const load_input *input;
    const load_comparison *comparison;
} shown;

static void input_json(qn_json *json, const void *user)
{
    const load_input *input = ((const shown *)user)->input;
    qn_json_string(json, input->function != NULL ? "function" : "file", input->name);
    qn_json_unsigned(json, "numbers", input->count);
    qn_json_unsigned(json, "bytes", load_input_bytes(input));
    qn_json_bool(json, "complex", input->is_complex);
    if (input->function == NULL) {
        qn_json_unsigned(json, "bits", input->bits);
        cli_table_json(json, &input->left_out);
    }
}

static const char *purpose(qn_load_method method)
{
    static const char *const names[] = {[LOAD_STATE] = "amplitudes",
                                        [LOAD_GARBAGE] = "amplitudes beside garbage",
                                        [LOAD_LOOK_UP] = "look-up",
                                        [LOAD_TAKE_BACK] = "uncomputation"};
    return names[load_purpose_of(method)];
}

static void row_json(qn_json *json, const load_row *row)
{
    qn_json_begin_object(json, NULL);
    qn_json_string(json, "method", qn_load_method_name(row->method));
    qn_json_string(json, "purpose", purpose(row->method));
    if (row->circuit == NULL) {
        qn_json_string(json, "left_out", row->why);
    } else {
        qn_json_number(json, "fidelity", row->cost.fidelity);
        qn_json_string(json, "fidelity_source", qn_source_name(row->cost.fidelity_source));
        qn_json_bool(json, "verified", row->verified);
        qn_json_unsigned(json, "cnot", row->cost.cnot);
        qn_json_unsigned(json, "t_count", row->cost.t_count);
        qn_json_unsigned(json, "toffoli", row->cost.toffoli);
        qn_json_unsigned(json, "rotations", row->cost.rotations);
        qn_json_unsigned(json, "depth", row->cost.depth);
        qn_json_unsigned(json, "qubits", row->cost.qubits);
        qn_json_unsigned(json, "ancillas", row->cost.ancillas);
        if (row->cost.bond > 0) {
            qn_json_unsigned(json, "bond", row->cost.bond);
        }
        if (row->cost.lambda > 0) {
            qn_json_unsigned(json, "lambda", row->cost.lambda);
        }
        if (row->cost.precision > 0) {
            qn_json_unsigned(json, "precision", row->cost.precision);
        }
        qn_json_number(json, "seconds", row->seconds);
    }
    qn_json_end_object(json);
}

static void result_json(qn_json *json, const void *user)
{
    const load_comparison *c = ((const shown *)user)->comparison;
    qn_json_string(json, "method", qn_load_method_name(c->rows[c->chosen].method));
    qn_json_string(json, "reason", c->reason);
    qn_json_begin_array(json, "methods");
    for (size_t i = 0; i < c->count; i++) {
        row_json(json, &c->rows[i]);
    }
    qn_json_end_array(json);
    qn_json_number(json, "classical_seconds", c->copy_seconds);
}

/* 0.9999983 as it is, what is nearer to 1 as its distance. */
static void print_fidelity(qn_text *text, double fidelity)
{
    if (1 - fidelity < 1e-12) {
        qn_text_printf(text, "%13s", "1");
    } else if (1 - fidelity < 1e-6) {
        qn_text_printf(text, "   1 - %.1e", 1 - fidelity);
    } else {
        qn_text_printf(text, "%13.8f", fidelity);
    }
}

static void row_text(qn_text *text, const load_row *row, bool chosen)
{
    qn_text_printf(text, "%c %-15s", chosen ? '*' : ' ', qn_load_method_name(row->method));
    if (row->circuit == NULL) {
        qn_text_printf(text, "  left out: %s\n", row->why);
        return;
    }
    print_fidelity(text, row->cost.fidelity);
    qn_text_printf(text, "%c%9llu %10llu %8llu %9llu %7u %9u", row->verified ? 'v' : ' ',
                   (unsigned long long)row->cost.cnot, (unsigned long long)row->cost.t_count,
                   (unsigned long long)row->cost.toffoli, (unsigned long long)row->cost.depth, row->cost.qubits,
                   row->cost.ancillas);
    if (row->cost.bond > 0) {
        qn_text_printf(text, "  bond %llu", (unsigned long long)row->cost.bond);
    }
    if (row->cost.lambda > 0) {
        qn_text_printf(text, "  lambda %llu", (unsigned long long)row->cost.lambda);
    }
    if (row->cost.precision > 0) {
        qn_text_printf(text, "  precision %u", row->cost.precision);
    }
    qn_text_printf(text, "\n");
}

static void section(qn_text *text, const load_comparison *c, const char *title, load_purpose kind)
{
    bool any = false, verified = false;
    for (size_t i = 0; i < c->count; i++) {
        if (load_purpose_of(c->rows[i].method) == kind) {
            if (!any) {
                qn_text_printf(text, "\n%s\n  %-15s%13s %9s %10s %8s %9s %7s %9s\n", title, "method", "fidelity",
                               "CNOT", "T", "Toffoli", "depth", "qubits", "ancillas");
            }
            any = true;
            row_text(text, &c->rows[i], i == c->chosen);
            verified = verified || c->rows[i].verified;
        }
    }
    if (verified) {
        qn_text_printf(text, "  v: fidelity of the state that the simulator made with this circuit\n");
    }
}

static void print_text(qn_text *text, const qn_style *style, const void *user)
{
    (void)style;
    const load_input *input = ((const shown *)user)->input;
    const load_comparison *c = ((const shown *)user)->comparison;
    char time[64], bytes[64];
    qn_text_printf(text, "Load %s: %llu numbers%s", input->name, (unsigned long long)input->count,
                   input->is_complex ? ", complex" : "");
    if (input->function != NULL) {
        qn_text_printf(text, " on [0, 1); one value takes %s here\n",
                       qn_human(time, sizeof time, c->copy_seconds, "s"));
    } else {
        qn_text_printf(text, ", %s; copying them here takes %s\n",
                       qn_human(bytes, sizeof bytes, (double)load_input_bytes(input), "B"),
                       qn_human(time, sizeof time, c->copy_seconds, "s"));
    }
    section(text, c, "As amplitudes: sum_i a_i |i>", LOAD_STATE);
    section(text, c, "As amplitudes beside garbage: sum_i a_i |i>|g_i>", LOAD_GARBAGE);
    section(text, c, "As a look-up: |i>|0> to |i>|a_i>", LOAD_LOOK_UP);
    section(text, c, "A look-up taken back: |i>|a_i> to |i>|0>", LOAD_TAKE_BACK);
    qn_text_printf(text, "\n* %s: %s\n", qn_load_method_name(c->rows[c->chosen].method), c->reason);
}

static qn_load_options options_of(const cli_value *v)
{
    qn_load_options wanted = QN_LOAD_OPTIONS_INIT;
    wanted.fidelity = v[LOAD_FIDELITY].given ? v[LOAD_FIDELITY].real : 0;
    wanted.bond = v[LOAD_BOND].given ? (uint32_t)v[LOAD_BOND].integer : 0;
    wanted.lambda = v[LOAD_LAMBDA].given ? v[LOAD_LAMBDA].integer : 0;
    return wanted;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t a = strlen(text), b = strlen(end);
    return a >= b && strcmp(text + a - b, end) == 0;
}

static qn_status write_circuit(const char *path, const qn_circuit *circuit)
{
    char *text = NULL;
    size_t length = 0;
    qn_status status = ends_with(path, ".json") ? qn_write_circuit_json(circuit, &text, &length)
                                                : qn_write_qasm(circuit, 3, &text, &length);
    status = status == QN_OK ? qn_file_write(path, text, length) : status;
    qn_text_free(text);
    return status;
}

/* Loss of matrix products against CNOTs, and where the exact methods stand. */
static size_t draw(const load_comparison *c, qn_series series[LOAD_MOST_ROWS + 1], double x[LOAD_MOST_ROWS],
                   double y[LOAD_MOST_ROWS])
{
    size_t count = 0;
    if (c->curve > 0) {
        series[count++] = (qn_series){
            .name = "matrix product state, bond 1, 2, 4, ...", .x = c->curve_x, .y = c->curve_y, .count = c->curve};
    }
    for (size_t i = 0; i < c->count; i++) {
        const load_row *row = &c->rows[i];
        if (row->circuit != NULL && row->method <= QN_LOAD_SPARSE) {
            x[i] = (double)(row->cost.cnot > 0 ? row->cost.cnot : 1);
            y[i] = 1e-15;
            series[count++] = (qn_series){
                .name = qn_load_method_name(row->method), .x = &x[i], .y = &y[i], .count = 1, .points = true};
        }
    }
    return count;
}

static void fill_ledger(const load_input *input, const load_comparison *c, qn_ledger *ledger)
{
    qn_load_ledger(&c->rows[c->chosen].cost, input->count, load_input_bytes(input), c->copy_seconds, ledger);
    (void)snprintf(ledger->input, sizeof ledger->input, "%s", input->name);
    if (input->function != NULL) { /* the input is a formula: nothing to copy */
        (void)snprintf(ledger->classical_method, sizeof ledger->classical_method,
                       "one value of the function, as a measurement gives one point");
        ledger->loading_seconds = (qn_quantity){0, QN_SOURCE_EXACT};
        ledger->loading_gates = ledger->loading_t_count = (qn_quantity){0, QN_SOURCE_COUNTED};
    }
    ledger->simulator_seconds = (qn_quantity){c->rows[c->chosen].seconds, QN_SOURCE_MEASURED};
    qn_advise(ledger);
}

static qn_status give(const cli_invocation *invocation, const load_input *input, const load_comparison *c)
{
    const shown user = {input, c};
    double x[LOAD_MOST_ROWS], y[LOAD_MOST_ROWS];
    qn_series series[LOAD_MOST_ROWS + 1];
    qn_plot plot = QN_PLOT_INIT;
    qn_ledger ledger;
    char lead[256], cnot[32], numbers[32];
    fill_ledger(input, c, &ledger);
    plot.title = "What fidelity costs";
    plot.subtitle = input->name;
    plot.x_label = "CNOT gates";
    plot.y_label = "1 - fidelity";
    plot.log_x = plot.log_y = true;
    plot.series = series;
    plot.nseries = draw(c, series, x, y);
    (void)snprintf(lead, sizeof lead, "%s: %s", qn_load_method_name(c->rows[c->chosen].method), c->reason);
    (void)snprintf(cnot, sizeof cnot, "%llu", (unsigned long long)c->rows[c->chosen].cost.cnot);
    (void)snprintf(numbers, sizeof numbers, "%llu", (unsigned long long)input->count);
    const qn_report_pair pairs[] = {{"Input", input->name},
                                    {"Numbers", numbers},
                                    {"Method", qn_load_method_name(c->rows[c->chosen].method)},
                                    {"CNOT gates", cnot}};
    const cli_answer answer = {.invocation = invocation,
                               .title = "Loading data",
                               .lead = lead,
                               .input_json = input_json,
                               .result_json = result_json,
                               .text = print_text,
                               .pairs = pairs,
                               .npairs = 4,
                               .plots = &plot,
                               .nplots = plot.nseries > 0 ? 1 : 0,
                               .ledger = &ledger,
                               .deterministic = true,
                               .user = &user};
    return cli_answer_give(&answer);
}

/* Where an option has a meaning. */
typedef struct load_option_use {
    unsigned option;
    bool file, function, leaves;
    const char *methods; /* with FILE: so; NULL: with any */
} load_option_use;
static const load_option_use uses[] = {
    {LOAD_METHOD, true, true, false, NULL},
    {LOAD_FIDELITY, true, true, false, NULL}, /* exact methods reach any */
    {LOAD_BOND, true, true, false, "auto mps"},
    {LOAD_COLUMN, true, false, false, NULL},
    {LOAD_BITS, true, false, false, "auto qrom select-swap bucket-brigade fanout phase-lookup"},
    {LOAD_LAMBDA, true, false, false, "auto select-swap phase-lookup"},
    {LOAD_QUBITS, false, true, false, NULL},
    {LOAD_NOISE, false, false, true, NULL},
    {LOAD_SHOTS, false, false, true, NULL},
    {LOAD_BRANCHES, false, false, true, NULL},
    {LOAD_OUTPUT, true, true, false, NULL},
};

static bool is_among(const char *word, const char *words)
{
    const size_t length = strlen(word);
    for (const char *at = words; (at = strstr(at, word)) != NULL; at += length) {
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0')) {
            return true;
        }
    }
    return false;
}

/* An option that was given and would be ignored: refused. */
static int check_uses(const cli_invocation *invocation)
{
    const cli_value *v = invocation->values;
    const bool function = v[LOAD_FUNCTION].given, leaves = v[LOAD_LEAVES].given;
    const char *const what = leaves ? "--leaves" : function ? "--function" : "a FILE";
    for (size_t k = 0; k < sizeof uses / sizeof *uses; k++) {
        const load_option_use *const use = &uses[k];
        if (!v[use->option].given) {
            continue;
        }
        if (!(leaves ? use->leaves : function ? use->function : use->file)) {
            return cli_usage_error(invocation->command, "--%s has no meaning with %s", options[use->option].name, what);
        }
        if (!leaves && !function && use->methods != NULL && !is_among(v[LOAD_METHOD].text, use->methods)) {
            return cli_usage_error(invocation->command, "--%s has no meaning for --method %s",
                                   options[use->option].name, v[LOAD_METHOD].text);
        }
    }
    return CLI_EXIT_OK;
}

/* A message, or NULL when the options go together. */
static const char *mistake(const cli_invocation *invocation)
{
    const cli_value *v = invocation->values;
    const bool file = invocation->noperands == 1, function = v[LOAD_FUNCTION].given, leaves = v[LOAD_LEAVES].given;
    const char *method = v[LOAD_METHOD].text;
    if (file + function + leaves != 1) {
        return "give one FILE, or --function, or --leaves";
    }
    if (strcmp(method, "function") == 0 && !function) {
        return "--method function needs --function (of data, --method mps does the same)";
    }
    if (function && strcmp(method, "auto") != 0 && strcmp(method, "function") != 0 && strcmp(method, "mps") != 0) {
        return "--function is loaded by --method function alone";
    }
    if (v[LOAD_FIDELITY].given && !(v[LOAD_FIDELITY].real > 0 && v[LOAD_FIDELITY].real <= 1)) {
        return "--fidelity: expected a number above 0 and at most 1";
    }
    if (v[LOAD_BITS].integer > 52) {
        return "--bits: at most 52";
    }
    if (v[LOAD_QUBITS].integer > 62) {
        return "--qubits: at most 62";
    }
    return v[LOAD_BOND].given && v[LOAD_BOND].integer > 4096 ? "--bond: at most 4096" : NULL;
}

static int run(const cli_invocation *invocation)
{
    const cli_value *v = invocation->values;
    const char *wrong = mistake(invocation);
    if (wrong != NULL) {
        return cli_usage_error(invocation->command, "%s", wrong);
    }
    const int useless = check_uses(invocation);
    if (useless != CLI_EXIT_OK) {
        return useless;
    }
    if (v[LOAD_LEAVES].given) {
        return load_noise_run(invocation);
    }
    const bool all = strcmp(v[LOAD_METHOD].text, "auto") == 0;
    load_input input = {0};
    load_comparison comparison = {0};
    qn_context *context = NULL;
    qn_load_options wanted = options_of(v);
    qn_status status = QN_OK;
    CLI_TRY(all ? QN_OK : qn_load_method_from_name(v[LOAD_METHOD].text, &wanted.method));
    CLI_TRY(load_input_read(invocation, &input));
    if (!all && load_purpose_of(wanted.method) != LOAD_STATE && input.is_complex) {
        load_input_free(&input);
        return cli_usage_error(invocation->command, "--method %s is for real numbers; these are complex",
                               v[LOAD_METHOD].text);
    }
    const load_purpose purpose_wanted = all ? LOAD_STATE : load_purpose_of(wanted.method);
    if ((purpose_wanted == LOAD_STATE || purpose_wanted == LOAD_GARBAGE) && load_input_is_zero(&input)) {
        CLI_TRY(cli_fail(QN_ERR_PARSE, "%s: all numbers are 0: there is no such state", input.name));
    }
    CLI_TRY(cli_session_open(v[LOAD_THREADS].integer, v[LOAD_QUIET].given, &context));
    CLI_TRY(load_compare(context, &input, &wanted, all, &comparison));
    if (v[LOAD_PLOT].given || v[LOAD_REPORT].given) {
        CLI_TRY(load_curve(context, &input, &comparison));
    }
    CLI_TRY(v[LOAD_OUTPUT].given ? write_circuit(v[LOAD_OUTPUT].text, comparison.rows[comparison.chosen].circuit)
                                 : QN_OK);
    CLI_TRY(give(invocation, &input, &comparison));
cleanup:
    load_comparison_free(&comparison);
    load_input_free(&input);
    qn_context_free(context);
    return status != QN_OK ? cli_library_error(status) : CLI_EXIT_OK;
}

const cli_command cli_command_load = {
    "load",
    "what it takes to get classical data into a quantum computer",
    "quern load features.csv --column score\nquern load image.npy --method mps --fidelity 0.99 --plot cost.svg\n"
    "quern load --function gaussian:0.5,0.1 --qubits 30 --output gaussian.qasm\n"
    "quern load --leaves 2^20 --noise 1e-5 --plot memory.svg",
    "[FILE]",
    NULL,
    "Loads the numbers of a .npy or CSV file by one method or by all, counts the circuits and compares them with "
    "copying "
    "the same array in memory. Amplitudes: mottonen (one rotation a number), isometry (fewer CNOTs), sparse (few "
    "numbers "
    "that are not 0), mps (cut to a fidelity or a bond), function (smooth functions, without a list of their values); "
    "beside garbage: alias (alias sampling). Look-ups: qrom, select-swap, bucket-brigade, fanout; phase-lookup takes "
    "one back by measuring. With --leaves: how noise adds up in a quantum memory, bucket "
    "brigade against fan-out.",
    options,
    LOAD_COUNT,
    run};
