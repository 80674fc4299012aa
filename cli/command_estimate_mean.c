/* command_estimate_mean.c: `quern estimate-mean`: a mean by amplitude estimation, beside Monte Carlo and Sobol points.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "commands.h"
#include "mean_view.h"
#include "output.h"
#include "session.h"

enum {
#define OPTION(id, ...) MEAN_##id,
#include "options_estimate_mean.def"
#undef OPTION
    MEAN_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_estimate_mean.def"
#undef OPTION
};

enum { GATE_BITS = 6, MOST_GATE_BITS = 12 };

static qn_estimation_options wanted(const cli_value *values)
{
    qn_estimation_options o = QN_ESTIMATION_OPTIONS_INIT;
    for (qn_estimation_method m = QN_ESTIMATION_ITERATIVE; m <= QN_ESTIMATION_FASTER; m++) {
        o.method = strcmp(values[MEAN_METHOD].text, qn_estimation_method_name(m)) == 0 ? m : o.method;
    }
    o.epsilon = values[MEAN_EPSILON].real;
    o.alpha = values[MEAN_ALPHA].real;
    o.chernoff = strcmp(values[MEAN_BOUND].text, "chernoff") == 0;
    o.shots = values[MEAN_SHOTS].integer;
    o.seed = values[MEAN_SEED].integer;
    return o;
}

/* The amplitude at the tier asked for. The canonical method's clock is drawn from its exact distribution at any tier.
 */
static qn_status open_amplitude(mean_view *view, qn_context *context, qn_amplitude **out)
{
    const char *tier = cli_value_of(view->invocation, "tier")->text;
    const uint32_t bits = view->mean->bits;
    const bool may = view->options.method != QN_ESTIMATION_FASTER;
    view->gate = strcmp(tier, "gate") == 0 || (strcmp(tier, "auto") == 0 && bits <= GATE_BITS && may);
    if (!view->gate) {
        (void)snprintf(view->tier_note, sizeof view->tier_note,
                       "spectral: exact probabilities sin^2((2k+1) theta); the gate tier would take %u qubits and %.0f "
                       "rotations a call%s",
                       bits + 1, ldexp(1, (int)bits + 1) - 1,
                       bits > MOST_GATE_BITS ? ", more than are written out" : "");
        return qn_amplitude_of_number(qn_mean_amplitude(view->mean), out);
    }
    qn_circuit *circuit = NULL;
    uint32_t good = 0;
    qn_status status = qn_mean_circuit(view->mean, &good, &circuit);
    status = status == QN_OK ? qn_amplitude_of_circuit(context, circuit, good, out) : status;
    qn_circuit_free(circuit);
    (void)snprintf(view->tier_note, sizeof view->tier_note, "gate: the circuit of A and its steps on %u qubits",
                   bits + 1);
    return status;
}

static void set(qn_quantity *field, double value, qn_source source)
{
    *field = (qn_quantity){value, source};
}

/* The best rival: the scan of a table, else whichever sampler reaches the wanted interval first. */
static void fill_rival(mean_view *view, double scan_seconds)
{
    qn_ledger *const ledger = &view->ledger;
    char time[32];
    (void)snprintf(ledger->input, sizeof ledger->input, "%.100s",
                   view->name != NULL      ? view->name
                   : view->formula != NULL ? cli_value_of(view->invocation, "expression")->text
                                           : "European call");
    set(&ledger->data_bytes, view->name != NULL ? 8 * (double)view->mean->count : 0, QN_SOURCE_EXACT);
    if (view->name != NULL) {
        (void)snprintf(ledger->classical_method, sizeof ledger->classical_method, "exact mean by one pass");
        set(&ledger->classical_value, view->mean->exact, QN_SOURCE_EXACT);
        set(&ledger->classical_error, 0, QN_SOURCE_EXACT);
        set(&ledger->classical_seconds, scan_seconds, QN_SOURCE_MEASURED);
        return;
    }
    const bool sobol = view->sobol_needed > 0 && view->sobol_needed_seconds < view->random_needed_seconds;
    (void)snprintf(ledger->classical_method, sizeof ledger->classical_method, "%s, %.4g samples",
                   sobol ? "quasi-Monte-Carlo (Sobol points)" : "Monte Carlo",
                   sobol ? view->sobol_needed : view->random_needed);
    set(&ledger->classical_value, sobol ? view->sobol_mean : view->random_mean, QN_SOURCE_SAMPLED);
    set(&ledger->classical_error, sobol ? view->sobol_error : view->random_error, QN_SOURCE_EXACT);
    set(&ledger->classical_seconds, sobol ? view->sobol_needed_seconds : view->random_needed_seconds,
        QN_SOURCE_MEASURED);
    if (view->formula == NULL) {
        qn_ledger_add_reason(ledger,
                             "This payoff has a closed form (Black and Scholes), which needs no sampling at all.");
    }
    if (sobol) {
        qn_ledger_add_timed_reason(
            ledger,
            "Monte Carlo needs %.3g samples and %s; Sobol points need %.3g: in few dimensions they "
            "shrink the error about as fast as amplitude estimation does.",
            view->random_needed, qn_human(time, sizeof time, view->random_needed_seconds, "s"), view->sobol_needed);
    }
}

static qn_status time_pass(const mean_view *view, double *seconds)
{
    *seconds = 0;
    if (view->name == NULL) {
        return QN_OK;
    }
    uint64_t matches = 0;
    double probe = 0;
    /* one pass over the column: the same stream of numbers as a scan */
    return qn_search_scan(view->mean->values, view->mean->count, view->mean->low, view->mean->high, &matches, seconds,
                          &probe);
}

static qn_status estimate(mean_view *view, qn_context *context)
{
    qn_amplitude *amplitude = NULL;
    qn_status status = QN_OK;
    double scan_seconds = 0;
    const uint64_t repeat = cli_value_of(view->invocation, "repeat")->integer;
    CLI_TRY(open_amplitude(view, context, &amplitude));
    CLI_TRY(qn_amplitude_estimate(amplitude, &view->options, &view->estimation));
    if (repeat > 0) {
        CLI_TRY(
            qn_amplitude_experiment(context, qn_mean_amplitude(view->mean), &view->options, repeat, &view->experiment));
    }
    CLI_TRY(mean_rivals(view));
    CLI_TRY(time_pass(view, &scan_seconds));
    CLI_TRY(qn_estimation_ledger(view->mean, &view->estimation, &view->options, &view->ledger));
    fill_rival(view, scan_seconds);
cleanup:
    qn_amplitude_free(amplitude);
    return status;
}

/* An option that was given and would be ignored: refused. */
static int check_uses(const cli_invocation *invocation)
{
    static const unsigned of_calls[] = {MEAN_SPOT,       MEAN_STRIKE, MEAN_RATE,
                                        MEAN_VOLATILITY, MEAN_YEARS,  MEAN_DEVIATIONS};
    const cli_value *const values = invocation->values;
    const bool table = invocation->noperands == 1, call = !table && !values[MEAN_EXPRESSION].given;
    const char *const method = values[MEAN_METHOD].text;
    const bool iterative = strcmp(method, "iterative") == 0, likelihood = strcmp(method, "likelihood") == 0;
    for (size_t k = 0; !call && k < sizeof of_calls / sizeof *of_calls; k++) {
        if (values[of_calls[k]].given) {
            return cli_usage_error(invocation->command, "--%s is one of a European call, and has no meaning with %s",
                                   options[of_calls[k]].name, table ? "a FILE" : "--expression");
        }
    }
    if (table && values[MEAN_BITS].given) {
        return cli_usage_error(invocation->command, "--bits: the grid of a FILE is its rows");
    }
    if (values[MEAN_SHOTS].given && !iterative && !likelihood) {
        return cli_usage_error(invocation->command, "--shots has no meaning for --method %s", method);
    }
    if (values[MEAN_BOUND].given && !iterative) {
        return cli_usage_error(invocation->command, "--bound has no meaning for --method %s", method);
    }
    return CLI_EXIT_OK;
}

static int run(const cli_invocation *invocation)
{
    const cli_value *const values = invocation->values;
    if (invocation->noperands > 1 || (invocation->noperands == 1 && values[MEAN_EXPRESSION].given)) {
        return cli_usage_error(invocation->command, "one table FILE, or --expression, or neither for a European call");
    }
    if (values[MEAN_COLUMN].given && invocation->noperands == 0) {
        return cli_usage_error(invocation->command, "--column is one of a table; give its FILE");
    }
    const int useless = check_uses(invocation);
    if (useless != CLI_EXIT_OK) {
        return useless;
    }
    mean_view *view = calloc(1, sizeof *view);
    qn_context *context = NULL;
    qn_status status = view == NULL ? QN_ERR_MEMORY : QN_OK;
    CLI_TRY(status);
    view->invocation = invocation;
    view->name = invocation->noperands == 1 ? invocation->operands[0] : NULL;
    view->options = wanted(values);
    qn_ledger_init(&view->ledger);
    CLI_TRY(cli_session_open(values[MEAN_THREADS].integer, values[MEAN_QUIET].given, &context));
    CLI_TRY(mean_view_read(view));
    CLI_TRY(estimate(view, context));
    qn_advise(&view->ledger);
    const bool drawn = values[MEAN_PLOT].text != NULL || values[MEAN_REPORT].text != NULL;
    if (drawn) {
        CLI_TRY(mean_picture(view, context));
    }
    cli_answer answer = {.invocation = invocation,
                         .title = "A mean by amplitude estimation",
                         .lead = "beside Monte Carlo and Sobol points on the same input",
                         .input_json = mean_input_json,
                         .result_json = mean_result_json,
                         .text = mean_text,
                         .plots = &view->plot,
                         .nplots = drawn ? 1 : 0,
                         .ledger = &view->ledger,
                         .user = view};
    CLI_TRY(cli_answer_give(&answer));
cleanup:
    if (view != NULL) {
        mean_view_free(view);
        free(view);
    }
    qn_context_free(context);
    return status != QN_OK ? cli_library_error(status) : CLI_EXIT_OK;
}

const cli_command cli_command_estimate_mean = {
    "estimate-mean",
    "the mean of a payoff, a formula or a column by amplitude estimation, beside Monte Carlo",
    "quern estimate-mean --strike 1.9 --epsilon 0.001\nquern estimate-mean --expression \"exp(-x * y)\" --plot "
    "error.svg\nquern estimate-mean table.csv --column price",
    "[FILE]",
    NULL,
    "Estimates a mean with quantum amplitude estimation: of a European call option (the default), of a formula over "
    "uniform random numbers, or of a column of a table (.csv or .npy). Beside it stand Monte Carlo and "
    "quasi-Monte-Carlo "
    "with as many samples, and how many of those the same precision takes.",
    options,
    MEAN_COUNT,
    run};
