/* command_plateau.c: `quern plateau`: how fast gradients vanish as a variational circuit grows. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "commands.h"
#include "output.h"
#include "plateau_view.h"
#include "session.h"

static const char *cli_plateau_ansatz_choice(size_t index)
{
    return qn_plateau_ansatz_name(index);
}

static const char *cli_plateau_start_choice(size_t index)
{
    return index == QN_PLATEAU_START_COUNT_ ? "all" : qn_plateau_start_name(index);
}

enum {
#define OPTION(id, ...) PLATEAU_OPTION_##id,
#include "options_plateau.def"
#undef OPTION
    PLATEAU_OPTION_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_plateau.def"
#undef OPTION
};

enum { MOST_QUBITS = 4096, AUTO_TWIN = 26, MOST_LAYERS = 1000000 };

/* A number at *text, which moves behind it; false when there is none. */
static bool take_number(const char **text, unsigned long *out)
{
    char *end = NULL;
    if (**text < '0' || **text > '9') {
        return false;
    }
    errno = 0;
    *out = strtoul(*text, &end, 10);
    *text = end;
    return errno == 0;
}

/* "6", "4..12" or "4..16:2". */
static int read_range(const cli_invocation *invocation, plateau_view *view)
{
    const char *text = invocation->values[PLATEAU_OPTION_QUBITS].text, *at = text;
    unsigned long from = 0, to = 0, step = 1;
    bool good = take_number(&at, &from);
    to = from;
    if (good && strncmp(at, "..", 2) == 0) {
        at += 2;
        good = take_number(&at, &to);
        if (good && *at == ':') {
            at++;
            good = take_number(&at, &step);
        }
    }
    if (!good || *at != '\0') {
        return cli_usage_error(invocation->command, "--qubits '%s': expected 6, 4..12 or 4..16:2", text);
    }
    if (from < 2 || to < from || to > MOST_QUBITS || step == 0) {
        return cli_usage_error(invocation->command, "--qubits '%s': from 2 to %d, rising, with a step above 0", text,
                               MOST_QUBITS);
    }
    if ((to - from) / step >= PLATEAU_SIZES) {
        return cli_usage_error(invocation->command, "--qubits '%s': %lu sizes; at most %d, choose a larger step", text,
                               (to - from) / step + 1, PLATEAU_SIZES);
    }
    for (unsigned long n = from; n <= to; n += step) {
        view->qubits[view->sizes++] = (uint32_t)n;
    }
    return CLI_EXIT_OK;
}

static qn_status read_sum(const char *text, qn_pauli_sum **out)
{
    if (text[0] != '@') {
        return qn_read_pauli_text(text, strlen(text), "--observable", 0, out);
    }
    char *content = NULL;
    size_t length = 0;
    qn_status status = qn_file_read(text + 1, 0, &content, &length);
    if (status == QN_OK) {
        status = qn_read_hamiltonian(content, length, text + 1, out);
        qn_text_free(content);
    }
    return status;
}

static qn_status read_observable(const cli_invocation *invocation, plateau_view *view, qn_plateau_options *out)
{
    const char *text = invocation->values[PLATEAU_OPTION_OBSERVABLE].text;
    out->observable = strcmp(text, "global") == 0  ? QN_PLATEAU_GLOBAL
                      : strcmp(text, "local") == 0 ? QN_PLATEAU_LOCAL
                                                   : QN_PLATEAU_SUM;
    if (out->observable != QN_PLATEAU_SUM) {
        return QN_OK;
    }
    const qn_status status = read_sum(text, &view->sum);
    out->sum = view->sum;
    return status;
}

static size_t index_of(const char *(*name)(size_t), const char *wanted)
{
    size_t index = 0;
    while (name(index) != NULL && strcmp(name(index), wanted) != 0) {
        index++;
    }
    return index;
}

static void add_run(plateau_view *view, const char *name, const qn_plateau_options *wanted)
{
    plateau_run *run = &view->runs[view->count++];
    (void)snprintf(run->name, sizeof run->name, "%s", name);
    run->options = *wanted;
}

/* What to sample: one start, or the plain circuit and every remedy. */
static void plan(const cli_value *values, plateau_view *view, qn_plateau_options wanted)
{
    const char *mitigation = values[PLATEAU_OPTION_MITIGATION].text;
    if (strcmp(mitigation, "all") != 0) {
        wanted.start = (qn_plateau_start)index_of(qn_plateau_start_name, mitigation);
        add_run(view, wanted.start == QN_PLATEAU_UNIFORM ? "plain" : mitigation, &wanted);
        return;
    }
    for (size_t start = 0; start < QN_PLATEAU_START_COUNT_; start++) {
        wanted.start = (qn_plateau_start)start;
        add_run(view, start == QN_PLATEAU_UNIFORM ? "plain" : qn_plateau_start_name(start), &wanted);
    }
    wanted.start = QN_PLATEAU_UNIFORM;
    if (wanted.observable != QN_PLATEAU_LOCAL) {
        qn_plateau_options local = wanted;
        local.observable = QN_PLATEAU_LOCAL;
        add_run(view, "local cost", &local);
        if (wanted.ansatz == QN_PLATEAU_HARDWARE) {
            local.layers = 2;
            add_run(view, "local cost, 2 layers", &local);
        }
    }
    if (wanted.ansatz != QN_PLATEAU_ISING) {
        wanted.ansatz = QN_PLATEAU_ISING;
        wanted.layers = 0;
        if (wanted.observable != QN_PLATEAU_GLOBAL) {
            wanted.observable = QN_PLATEAU_LOCAL;
        }
        add_run(view, "Hamiltonian-variational (ising)", &wanted);
    }
}

/* The Lie algebra of every size done; dimensions beyond 2^18 are not counted to the end. */
static qn_status close_algebras(const qn_context *context, plateau_view *view)
{
    enum { MOST = 1 << 18 };
    const plateau_run *plain = &view->runs[0];
    qn_status status = QN_OK;
    for (size_t i = 0; i < plain->result->count && status == QN_OK; i++) {
        qn_pauli_sum **generators = NULL;
        size_t count = 0;
        const uint32_t qubits = plain->result->rows[i].qubits;
        status = qn_plateau_generators(&plain->options, qubits, false, &generators, &count);
        if (status == QN_OK) {
            plateau_algebra *algebra = &view->algebras[view->nalgebras];
            algebra->qubits = qubits;
            status = qn_lie_close(context, (const qn_pauli_sum *const *)generators, count, MOST, &algebra->lie);
            view->nalgebras += status == QN_OK ? 1 : 0;
        }
        qn_plateau_generators_free(generators, count);
    }
    return status;
}

/* Whether the stages of layerwise training are wanted; options that only they read are refused elsewhere. */
static int check_training(const cli_invocation *invocation, plateau_view *view, bool twin, bool *wanted)
{
    const cli_value *const values = invocation->values;
    const bool layerwise = strcmp(values[PLATEAU_OPTION_MITIGATION].text, "layerwise") == 0;
    const qn_plateau_layerwise_options usual = QN_PLATEAU_LAYERWISE_OPTIONS_INIT;
    for (int o = PLATEAU_OPTION_STEPS; o <= PLATEAU_OPTION_RUNS; o++) {
        if (values[o].given && !layerwise) {
            return cli_usage_error(invocation->command, "--%s has no meaning for --mitigation %s", options[o].name,
                                   values[PLATEAU_OPTION_MITIGATION].text);
        }
    }
    view->training = usual;
    if (values[PLATEAU_OPTION_STEPS].integer > 1000000 || values[PLATEAU_OPTION_RUNS].integer > 100000) {
        return cli_usage_error(invocation->command, "at most --steps 1000000 and --runs 100000");
    }
    view->training.steps = (uint32_t)values[PLATEAU_OPTION_STEPS].integer;
    view->training.runs = (uint32_t)values[PLATEAU_OPTION_RUNS].integer;
    *wanted = layerwise && view->training.steps > 0;
    if (*wanted && twin) {
        return cli_usage_error(
            invocation->command,
            "layers are trained on states: fewer qubits, or --steps 0 for the first stage by the twin");
    }
    return CLI_EXIT_OK;
}

/* All stages of every size that was sampled. */
static qn_status train_layers(qn_context *context, plateau_view *view, bool *interrupted)
{
    const plateau_run *plain = &view->runs[0];
    qn_status status = QN_OK;
    for (size_t i = 0; i < plain->result->count && status == QN_OK && !*interrupted; i++) {
        qn_plateau_layerwise **const place = &view->stages[view->nstages];
        status =
            qn_plateau_train_layerwise(context, &plain->options, plain->result->rows[i].qubits, &view->training, place);
        view->nstages += status == QN_OK ? 1 : 0;
        *interrupted = status == QN_ERR_INTERRUPTED || (status == QN_OK && (*place)->interrupted);
    }
    return *interrupted ? QN_OK : status;
}

static int run(const cli_invocation *invocation)
{
    const cli_value *const values = invocation->values;
    plateau_view *view = calloc(1, sizeof *view);
    qn_context *context = NULL;
    bool interrupted = false;
    qn_status status = view == NULL ? QN_ERR_MEMORY : QN_OK;
    CLI_TRY(status);
    view->invocation = invocation;
    const int code = values[PLATEAU_OPTION_LAYERS].integer > MOST_LAYERS
                         ? cli_usage_error(invocation->command, "--layers %llu: at most %d",
                                           (unsigned long long)values[PLATEAU_OPTION_LAYERS].integer, MOST_LAYERS)
                         : read_range(invocation, view);
    if (code != CLI_EXIT_OK) {
        free(view);
        return code;
    }
    qn_plateau_options wanted = QN_PLATEAU_OPTIONS_INIT;
    wanted.ansatz = (qn_plateau_ansatz)index_of(qn_plateau_ansatz_name, values[PLATEAU_OPTION_ANSATZ].text);
    wanted.layers = (uint32_t)values[PLATEAU_OPTION_LAYERS].integer;
    wanted.samples = values[PLATEAU_OPTION_SAMPLES].integer;
    wanted.seed = values[PLATEAU_OPTION_SEED].integer;
    const char *method = values[PLATEAU_OPTION_METHOD].text;
    wanted.twin = strcmp(method, "twin") == 0 ||
                  (strcmp(method, "auto") == 0 && view->qubits[view->sizes - 1] > AUTO_TWIN &&
                   wanted.ansatz != QN_PLATEAU_HARDWARE && strcmp(values[PLATEAU_OPTION_MITIGATION].text, "all") != 0);
    bool training = false;
    const int usage = check_training(invocation, view, wanted.twin, &training);
    if (usage != CLI_EXIT_OK) {
        free(view);
        return usage;
    }
    CLI_TRY(read_observable(invocation, view, &wanted));
    plan(values, view, wanted);
    CLI_TRY(cli_session_open(values[PLATEAU_OPTION_THREADS].integer, values[PLATEAU_OPTION_QUIET].given, &context));
    for (size_t i = 0; i < view->count && !interrupted; i++) {
        plateau_run *one = &view->runs[i];
        status = qn_plateau_run(context, &one->options, view->qubits, view->sizes, &one->result);
        if (status == QN_ERR_INTERRUPTED && i > 0) {
            status = QN_OK;
            interrupted = true;
        }
        CLI_TRY(status);
        interrupted = interrupted || one->result->interrupted;
    }
    while (view->runs[view->count - 1].result == NULL) {
        view->count--;
    }
    if (training && !interrupted) {
        CLI_TRY(train_layers(context, view, &interrupted));
    }
    if (values[PLATEAU_OPTION_DLA].given && !interrupted) {
        CLI_TRY(close_algebras(context, view));
    }
    qn_ledger_init(&view->ledger);
    CLI_TRY(qn_plateau_ledger(&view->runs[0].options, view->runs[0].result, &view->ledger));
    qn_advise(&view->ledger);
    plateau_picture(view);
    const cli_answer answer = {.invocation = invocation,
                               .title = "Barren plateaus",
                               .lead = "how fast the gradients of a variational circuit vanish as it grows",
                               .input_json = plateau_json_input,
                               .result_json = plateau_json_result,
                               .text = plateau_text,
                               .plots = view->plots,
                               .nplots = plateau_stages_picture(view) ? 2 : 1,
                               .ledger = &view->ledger,
                               .user = view};
    CLI_TRY(cli_answer_give(&answer));
cleanup:
    for (size_t i = 0; view != NULL && i < PLATEAU_RUNS; i++) {
        qn_plateau_result_free(view->runs[i].result);
    }
    for (size_t i = 0; view != NULL && i < view->nalgebras; i++) {
        qn_lie_free(view->algebras[i].lie);
    }
    for (size_t i = 0; view != NULL && i < view->nstages; i++) {
        qn_plateau_layerwise_free(view->stages[i]);
    }
    if (view != NULL) {
        qn_pauli_sum_free(view->sum);
    }
    free(view);
    qn_context_free(context);
    return status != QN_OK ? cli_library_error(status) : interrupted ? CLI_EXIT_INTERRUPTED : CLI_EXIT_OK;
}

const cli_command cli_command_plateau = {
    "plateau",
    "how fast a variational circuit's gradients vanish with its size, and what helps",
    "quern plateau --qubits 4..12:2 --observable global\nquern plateau --mitigation all --qubits 4..10:2 --plot "
    "remedies.svg\nquern plateau --ansatz matchgate --observable Z0 --json",
    "",
    NULL,
    "Draws random starts of a variational circuit, works out all derivatives of its loss (adjoint method) and fits how "
    "their variance falls with the number of qubits: on a barren plateau by a factor for every qubit, so that the "
    "shots which tell a gradient's sign grow by that factor. Beside the samples stands the law where one is known. "
    "--mitigation all samples every remedy beside the plain circuit; --mitigation layerwise also trains all stages of "
    "every size (layers join and are trained while the others are frozen, then each half), with the variance where "
    "each stage begins, beside the whole circuit trained at once with as many gradients.",
    options,
    PLATEAU_OPTION_COUNT,
    run};
