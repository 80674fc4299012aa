/* command_search.c: `quern search`: Grover's algorithm and its relatives on formulas and tables. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "commands.h"
#include "output.h"
#include "search_view.h"
#include "session.h"

enum {
#define OPTION(id, ...) SEARCH_##id,
#include "options_search.def"
#undef OPTION
    SEARCH_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_search.def"
#undef OPTION
};

static qn_search_method method_of(const char *name)
{
    for (qn_search_method m = QN_SEARCH_AUTO; m <= QN_SEARCH_MINIMUM; m++) {
        if (strcmp(name, qn_search_method_name(m)) == 0) {
            return m;
        }
    }
    return QN_SEARCH_AUTO;
}

static qn_search_tier tier_of(const char *name)
{
    for (qn_search_tier t = QN_SEARCH_TIER_AUTO; t <= QN_SEARCH_TIER_SPECTRAL; t++) {
        if (strcmp(name, qn_search_tier_name(t)) == 0) {
            return t;
        }
    }
    return QN_SEARCH_TIER_AUTO;
}

static uint32_t gate_qubits_of(const cli_value *values)
{
    return values[SEARCH_GATE_QUBITS].integer > 63 ? 63 : (uint32_t)values[SEARCH_GATE_QUBITS].integer;
}

static qn_search_options wanted(const cli_value *values)
{
    qn_search_options o = QN_SEARCH_OPTIONS_INIT;
    o.method = method_of(values[SEARCH_METHOD].text);
    o.tier = tier_of(values[SEARCH_TIER].text);
    o.solutions = values[SEARCH_K].integer;
    o.steps = values[SEARCH_STEPS].integer;
    o.failure = values[SEARCH_FAILURE].real;
    o.delta = values[SEARCH_DELTA].real;
    o.gate_qubits = gate_qubits_of(values);
    o.seed = values[SEARCH_SEED].integer;
    return o;
}

static void set(qn_quantity *field, double value, qn_source source)
{
    *field = (qn_quantity){value, source};
}

/* The rival's side of the ledger. */
static void fill_rival(search_view *view, const qn_context *context)
{
    qn_ledger *const ledger = &view->ledger;
    (void)snprintf(ledger->input, sizeof ledger->input, "%.100s", view->name);
    if (view->answer != NULL) {
        (void)snprintf(ledger->classical_method, sizeof ledger->classical_method, "DPLL solver, first solution%s",
                       view->answer->complete ? "" : " (gave up)");
        set(&ledger->classical_value, view->answer->satisfiable, QN_SOURCE_EXACT);
        set(&ledger->data_bytes, 0, QN_SOURCE_EXACT); /* the clauses are gates of the circuit */
        if (view->answer->complete) {
            set(&ledger->classical_seconds, view->answer->seconds, QN_SOURCE_MEASURED);
        }
        return;
    }
    double copy = 0;
    if (qn_load_copy_seconds(context, view->table->data, 8 * view->table->rows * view->table->columns, &copy) ==
        QN_OK) {
        set(&ledger->loading_seconds, copy, QN_SOURCE_MEASURED);
    }
    (void)snprintf(ledger->classical_method, sizeof ledger->classical_method, "scan of all rows");
    set(&ledger->classical_value, (double)view->matches, QN_SOURCE_EXACT);
    set(&ledger->classical_seconds, view->scan_seconds, QN_SOURCE_MEASURED);
    set(&ledger->data_bytes, 8 * (double)view->table->rows * (double)view->table->columns, QN_SOURCE_EXACT);
    if (view->probe_seconds > 0) {
        char probe[32];
        qn_ledger_add_timed_reason(
            ledger,
            "Once the rows are indexed, one probe of a hash table takes %s here; building the index is "
            "one pass, as loading the circuit's table is.",
            qn_human(probe, sizeof probe, view->probe_seconds, "s"));
    }
}

static qn_status search_minimum(search_view *view, qn_context *context, const cli_value *values)
{
    qn_status status = QN_OK;
    const uint64_t rows = view->table->rows, k = values[SEARCH_K].integer;
    uint64_t *scanned = NULL;
    qn_minimum_options wanted_minimum = QN_MINIMUM_OPTIONS_INIT;
    wanted_minimum.k = k;
    wanted_minimum.failure = values[SEARCH_FAILURE].real;
    wanted_minimum.tier = tier_of(values[SEARCH_TIER].text);
    wanted_minimum.gate_qubits = gate_qubits_of(values);
    wanted_minimum.seed = values[SEARCH_SEED].integer;
    CLI_TRY(qn_search_minimum_run(context, view->values, rows, &wanted_minimum, &view->minimum));
    scanned = malloc(k * sizeof *scanned);
    if (scanned == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    CLI_TRY(qn_search_scan_smallest(view->values, rows, k, scanned, &view->scan_seconds));
    for (uint64_t i = 0; i < k; i++) {
        view->matches += scanned[i] == view->minimum->found[i];
    }
    CLI_TRY(qn_minimum_ledger(rows, view->minimum, &view->ledger));
    fill_rival(view, context);
cleanup:
    free(scanned);
    return status;
}

static qn_status search_marked(search_view *view, qn_context *context, const cli_value *values)
{
    qn_status status = QN_OK;
    const qn_search_options options_wanted = wanted(values);
    CLI_TRY(qn_search_run(context, view->oracle, &options_wanted, &view->result));
    CLI_TRY(qn_search_ledger(view->oracle, view->result, &view->ledger));
    fill_rival(view, context);
cleanup:
    return status;
}

static qn_status write_output(const search_view *view, const char *path)
{
    const uint64_t *found = view->minimum != NULL ? view->minimum->found : view->result->found;
    const size_t count = view->minimum != NULL ? view->minimum->count : view->result->count;
    qn_array *array = NULL;
    qn_status status = qn_array_create(count, 1, false, &array);
    for (size_t k = 0; status == QN_OK && k < count; k++) {
        array->data[k] = (double)found[k];
    }
    status = status == QN_OK ? qn_array_write_npy(path, array) : status;
    qn_array_free(array);
    return status;
}

/* An option that this method has no use for; NULL: there is none. */
static const char *misplaced(const cli_invocation *invocation, qn_search_method method)
{
    const cli_value *const values = invocation->values;
    const bool counting = method == QN_SEARCH_COUNTING;
    const qn_search_tier tier = tier_of(values[SEARCH_TIER].text);
    if (values[SEARCH_STEPS].given && method != QN_SEARCH_GROVER && !counting) {
        return "--steps is for --method grover and counting";
    }
    if (values[SEARCH_DELTA].given && method != QN_SEARCH_FIXED_POINT) {
        return "--delta is for --method fixed-point";
    }
    if (counting && values[SEARCH_K].given) {
        return "--k: counting looks for no item";
    }
    if (counting && (values[SEARCH_FAILURE].given || values[SEARCH_OUTPUT].given)) {
        return values[SEARCH_FAILURE].given ? "--failure: counting has an interval instead"
                                            : "--output: counting finds no item";
    }
    if (values[SEARCH_GATE_QUBITS].given && tier != QN_SEARCH_TIER_AUTO && tier != QN_SEARCH_TIER_GATE) {
        return "--gate-qubits is for --tier gate and auto";
    }
    return NULL;
}

static int check_usage(const cli_invocation *invocation)
{
    const cli_value *const values = invocation->values;
    const bool minimum = values[SEARCH_MINIMUM].given;
    const qn_search_method method = method_of(values[SEARCH_METHOD].text);
    if (invocation->noperands != 1) {
        return cli_usage_error(invocation->command,
                               "give one FILE: a DIMACS CNF formula, or a table and --predicate or "
                               "--minimum");
    }
    const char *name = invocation->operands[0];
    const size_t length = strlen(name);
    const bool table = length > 4 && (strcmp(name + length - 4, ".csv") == 0 || strcmp(name + length - 4, ".npy") == 0);
    if (minimum && values[SEARCH_PREDICATE].given) {
        return cli_usage_error(invocation->command, "--predicate or --minimum, not both");
    }
    if (table && !minimum && !values[SEARCH_PREDICATE].given) {
        return cli_usage_error(invocation->command,
                               "a table is searched for a --predicate such as \"c0 > 0.9\", or for "
                               "the --minimum of a column");
    }
    if ((method == QN_SEARCH_MINIMUM) != minimum && (minimum ? method != QN_SEARCH_AUTO : true)) {
        return cli_usage_error(invocation->command, "--method minimum and --minimum COLUMN go together");
    }
    const char *mistake = misplaced(invocation, method);
    if (mistake != NULL) {
        return cli_usage_error(invocation->command, "%s", mistake);
    }
    if (!(values[SEARCH_FAILURE].real > 0 && values[SEARCH_FAILURE].real < 1) ||
        !(values[SEARCH_DELTA].real > 0 && values[SEARCH_DELTA].real < 1)) {
        return cli_usage_error(invocation->command, "--failure and --delta lie between 0 and 1");
    }
    return CLI_EXIT_OK;
}

static int run(const cli_invocation *invocation)
{
    const cli_value *const values = invocation->values;
    const int usage = check_usage(invocation);
    if (usage != CLI_EXIT_OK) {
        return usage;
    }
    search_view *view = calloc(1, sizeof *view);
    qn_context *context = NULL;
    qn_status status = view == NULL ? QN_ERR_MEMORY : QN_OK;
    bool interrupted = false;
    CLI_TRY(status);
    view->invocation = invocation;
    view->name = invocation->operands[0];
    qn_ledger_init(&view->ledger);
    CLI_TRY(cli_session_open(values[SEARCH_THREADS].integer, values[SEARCH_QUIET].given, &context));
    CLI_TRY(search_view_read(view, context));
    CLI_TRY(values[SEARCH_MINIMUM].given ? search_minimum(view, context, values)
                                         : search_marked(view, context, values));
    interrupted = view->minimum != NULL ? view->minimum->interrupted : view->result->interrupted;
    qn_advise(&view->ledger);
    search_picture(view);
    cli_answer answer = {.invocation = invocation,
                         .title = view->title,
                         .lead = view->subtitle,
                         .input_json = search_input_json,
                         .result_json = search_result_json,
                         .text = search_text,
                         .plots = &view->plot,
                         .nplots = 1,
                         .ledger = &view->ledger,
                         .user = view};
    CLI_TRY(cli_answer_give(&answer));
    if (values[SEARCH_OUTPUT].text != NULL) {
        CLI_TRY(write_output(view, values[SEARCH_OUTPUT].text));
    }
cleanup:
    if (view != NULL) {
        search_view_free(view);
        free(view);
    }
    qn_context_free(context);
    return status != QN_OK ? cli_library_error(status) : interrupted ? CLI_EXIT_INTERRUPTED : CLI_EXIT_OK;
}

const cli_command cli_command_search = {
    "search",
    "solutions of a formula, rows of a table, smallest values: by amplitude amplification",
    "quern search formula.cnf\nquern search scores.csv --predicate \"score > 0.9\" --k 3\nquern search scores.npy "
    "--minimum "
    "c0 --plot search.svg",
    "FILE",
    NULL,
    "Looks for assignments that satisfy a formula (DIMACS CNF), for rows of a table (.csv or .npy) where a predicate "
    "holds, or for the smallest values of a column, with Grover's algorithm and its relatives, and prints what that "
    "would cost "
    "beside what the classical way cost on the same input: a complete solver for formulas, a scan for tables. A "
    "formula without a "
    "solution is an answer too, with its confidence. FILE may be - for standard input.",
    options,
    SEARCH_COUNT,
    run};
