/* command_estimate.c: `quern estimate`: what a circuit costs on error-corrected hardware, by two models. */
#include <stdio.h>
#include <string.h>

#include "advice.h"
#include "circuit_input.h"
#include "commands.h"
#include "estimate_input.h"
#include "estimate_output.h"
#include "interrupt.h"
#include "output.h"

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_estimate.def"
#undef OPTION
};

static int read_circuit(const cli_invocation *invocation, qn_logical_counts *out)
{
    cli_circuit_settings settings;
    qn_circuit *circuit = NULL;
    int code = cli_circuit_settings_read(invocation, ESTIMATE_PARAM, ESTIMATE_INCLUDE, &settings);
    settings.quiet = invocation->values[ESTIMATE_QUIET].given;
    if (code == CLI_EXIT_OK) {
        code = cli_circuit_read(invocation->operands[0], &settings, &circuit);
    }
    if (code == CLI_EXIT_OK) {
        const qn_status status = qn_logical_counts_of(circuit, NULL, out);
        code = status == QN_OK ? CLI_EXIT_OK : cli_library_error(status);
    }
    qn_circuit_free(circuit);
    cli_circuit_settings_free(&settings);
    return code;
}

static int read_input(const cli_invocation *invocation, cli_estimate *e)
{
    const char *const counts = invocation->values[ESTIMATE_COUNTS].text;
    if ((invocation->noperands == 1) == (counts != NULL) || invocation->noperands > 1) {
        return cli_usage_error(invocation->command, "give one FILE, or --counts");
    }
    e->input = counts != NULL ? "counts" : cli_circuit_name(invocation->operands[0]);
    const int code = counts != NULL ? cli_counts_read(invocation->command, counts, &e->counts)
                                    : read_circuit(invocation, &e->counts);
    return code == CLI_EXIT_OK ? cli_estimate_options_read(invocation, &e->options) : code;
}

/* One model. Of two that were asked for one may have no price. */
static qn_status price(const qn_advice *advice, cli_estimate *e, size_t m, bool both, bool picture)
{
    cli_priced *p = &e->models[m];
    qn_estimate_options wanted = e->options;
    wanted.model = m == 0 ? QN_ESTIMATE_A : QN_ESTIMATE_B;
    p->asked = true;
    const qn_status status = qn_estimate_run(advice, &e->counts, &wanted, &p->result);
    const bool skip = both && (status == QN_ERR_RANGE || (status == QN_ERR_ARGUMENT && m == 1));
    if (skip) {
        (void)snprintf(p->why, sizeof p->why, "%s", qn_last_error()->message);
        return QN_OK;
    }
    p->done = status == QN_OK;
    if (p->done && picture) {
        wanted.factories = 0; /* of any number */
        return qn_estimate_front_run(advice, &e->counts, &wanted, &p->front);
    }
    return status;
}

static qn_status price_all(const qn_advice *advice, const cli_invocation *invocation, cli_estimate *e)
{
    const cli_value *v = invocation->values;
    const char *const model = v[ESTIMATE_MODEL].text;
    const bool both = strcmp(model, "both") == 0, picture = v[ESTIMATE_PLOT].given || v[ESTIMATE_REPORT].given;
    qn_status status = QN_OK;
    for (size_t m = 0; status == QN_OK && m < ESTIMATE_MODELS; m++) {
        if (both || model[0] == (m == 0 ? 'A' : 'B')) {
            status = price(advice, e, m, both, picture);
        }
    }
    if (status == QN_OK && !e->models[0].done && !e->models[1].done) {
        /* neither: the first one's reason, with its status */
        qn_estimate_options wanted = e->options;
        status = qn_estimate_run(advice, &e->counts, &wanted, &e->models[0].result);
    }
    return status;
}

/* A stack that has no price for this job is no failure of the command, unless it was asked for by name. */
static qn_status price_stack(const qn_advice *advice, cli_estimate *e, const char *id, bool named)
{
    if (e->nstacks == ESTIMATE_STACKS) {
        return QN_OK;
    }
    cli_stack *s = &e->stacks[e->nstacks++];
    qn_estimate_options wanted = e->options;
    wanted.model = e->models[0].done ? QN_ESTIMATE_A : QN_ESTIMATE_B;
    s->id = id;
    const qn_status status = qn_estimate_stack_run(advice, id, &e->counts, &wanted, &s->price);
    s->done = status == QN_OK;
    if (status != QN_OK && (named || status == QN_ERR_MEMORY)) {
        return status;
    }
    (void)snprintf(s->why, sizeof s->why, "%s", s->done ? "" : qn_last_error()->message);
    return QN_OK;
}

static qn_status price_stacks(const qn_advice *advice, const char *choice, cli_estimate *e)
{
    if (strcmp(choice, "none") == 0) {
        return QN_OK;
    }
    if (strcmp(choice, "all") != 0) {
        return price_stack(advice, e, choice, true);
    }
    for (size_t i = 0;; i++) {
        const char *id = NULL;
        qn_status status = qn_advice_cell(advice, "stacks", i, "id", &id);
        status = status == QN_OK && id != NULL ? price_stack(advice, e, id, false) : status;
        if (status != QN_OK || id == NULL) {
            return status;
        }
    }
}

static void say_model(const cli_priced *model, char *out, size_t capacity)
{
    char qubits[32], time[32], copies[32], each[32];
    const qn_estimate_result *r = &model->result;
    if (!model->done) {
        (void)snprintf(out, capacity, "%s", model->why);
        return;
    }
    const bool factories = r->factory.copies > 0;
    (void)snprintf(out, capacity, "%s physical qubits at distance %u, %s%s%s%s%s; fails with %.2g",
                   qn_human(qubits, sizeof qubits, r->physical_qubits, NULL), r->code_distance,
                   qn_human(time, sizeof time, r->runtime_s, "s"), factories ? "; factories: " : "",
                   factories ? qn_human(copies, sizeof copies, r->factory.copies, NULL) : "", factories ? " of " : "",
                   factories ? qn_human(each, sizeof each, r->factory.physical_qubits, NULL) : "",
                   r->failure_probability);
}

static qn_status give(const cli_invocation *invocation, const cli_estimate *e)
{
    static const char *const names[ESTIMATE_MODELS] = {"model A (Beverland)", "model B (Gidney-Fowler)"};
    char lines[ESTIMATE_MODELS][512], program[256], budget[32];
    cli_estimate_program(program, sizeof program, e);
    (void)snprintf(budget, sizeof budget, "%g", e->options.budget);
    qn_report_pair pairs[ESTIMATE_MODELS + 4] = {
        {"input", e->input}, {"program", program}, {"platform", e->options.platform}, {"failure budget", budget}};
    size_t npairs = 4;
    for (size_t m = 0; m < ESTIMATE_MODELS; m++) {
        if (e->models[m].asked) {
            say_model(&e->models[m], lines[m], sizeof lines[m]);
            pairs[npairs++] = (qn_report_pair){names[m], lines[m]};
        }
    }
    cli_estimate_picture picture = {.values = NULL};
    qn_status status = cli_estimate_plot(e, &picture);
    picture.plot.subtitle = picture.subtitle;
    picture.plot.series = picture.series;
    if (status == QN_OK) {
        const cli_answer answer = {.invocation = invocation,
                                   .title = "Price on error-corrected hardware",
                                   .lead = "What a circuit costs in physical qubits and time, by two published models.",
                                   .input_json = cli_estimate_input_json,
                                   .result_json = cli_estimate_result_json,
                                   .text = cli_estimate_text,
                                   .pairs = pairs,
                                   .npairs = npairs,
                                   .plots = &picture.plot,
                                   .nplots = 1,
                                   .deterministic = true,
                                   .user = e};
        status = cli_answer_give(&answer);
    }
    cli_estimate_plot_free(&picture);
    return status;
}

static qn_status list_table(const qn_advice *advice, const char *table, const char *title, qn_text *text)
{
    qn_text_printf(text, "%s\n", title);
    for (size_t i = 0;; i++) {
        const char *id = NULL, *name = NULL, *source = NULL, *url = NULL;
        qn_status status = qn_advice_cell(advice, table, i, "id", &id);
        if (status != QN_OK || id == NULL) {
            return status;
        }
        status = qn_advice_cell(advice, table, i, "name", &name);
        status = status == QN_OK ? qn_advice_cell(advice, table, i, "source", &source) : status;
        status = status == QN_OK ? qn_advice_cell(advice, table, i, "url", &url) : status;
        if (status != QN_OK) {
            return status;
        }
        qn_text_printf(text, "  %-18s %-48s %s (%s)\n", id, name, source, url);
    }
}

static qn_status list(const qn_advice *advice)
{
    qn_text *text = NULL;
    qn_status status = QN_OK;
    CLI_TRY(qn_text_create(&text));
    CLI_TRY(list_table(advice, "platforms", "Platforms", text));
    CLI_TRY(list_table(advice, "qec", "Codes", text));
    CLI_TRY(list_table(advice, "stacks", "Stacks", text));
    CLI_TRY(cli_print(text));
cleanup:
    qn_text_destroy(text);
    return status;
}

static int run(const cli_invocation *invocation)
{
    const cli_value *v = invocation->values;
    const bool only_list = v[ESTIMATE_LIST].given;
    cli_estimate e = {.quiet = v[ESTIMATE_QUIET].given};
    cli_interrupt_at_once();
    const int code = only_list ? CLI_EXIT_OK : read_input(invocation, &e);
    if (code != CLI_EXIT_OK) {
        return code;
    }
    qn_advice *advice = NULL;
    qn_status status = cli_advice_open(v[ESTIMATE_DATA].text, v[ESTIMATE_QUIET].given, &advice);
    if (status == QN_OK && only_list) {
        status = list(advice);
    } else if (status == QN_OK) {
        e.edition = qn_advice_edition(advice);
        status = price_all(advice, invocation, &e);
        status = status == QN_OK ? price_stacks(advice, v[ESTIMATE_STACK].text, &e) : status;
        status = status == QN_OK ? give(invocation, &e) : status;
    }
    for (size_t m = 0; m < ESTIMATE_MODELS; m++) {
        qn_estimate_front_clear(&e.models[m].front);
    }
    qn_advice_free(advice);
    return status == QN_OK ? CLI_EXIT_OK : cli_library_error(status);
}

const cli_command cli_command_estimate = {
    "estimate",
    "physical qubits and time on error-corrected hardware",
    "quern estimate adder.qasm\n"
    "quern estimate --counts qubits=1200,toffoli=9e7 --budget 0.01 --plot front.svg\n"
    "quern estimate adder.qasm --platform ion --model A --max-duration 30d --json",
    "FILE",
    NULL,
    "Prices a circuit (OpenQASM 2 or 3, or JSON), or counts of its gates, by two independent published models side by "
    "side: layout, code distance, magic-state factories, qubits and time. Platforms, codes and factories are rows of "
    "tables that a folder of your own can replace and extend. Bodies of if, else and while count once each. FILE may "
    "be "
    "- for standard input.",
    options,
    ESTIMATE_COUNT,
    run};
