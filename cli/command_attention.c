/* command_attention.c: `quern attention`: an attention head of a trained model by block-encodings, beside a BLAS. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attention_view.h"
#include "commands.h"
#include "output.h"
#include "session.h"
#include "terminal.h"

enum {
#define OPTION(id, ...) ATTENTION_##id,
#include "options_attention.def"
#undef OPTION
    ATTENTION_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_attention.def"
#undef OPTION
};

static uint32_t small(uint64_t value)
{
    return value > 1000000 ? 1000000 : (uint32_t)value;
}

static size_t best_symbol(const double *logits)
{
    size_t best = 0;
    for (size_t k = 1; k < QN_CHAR_SYMBOLS; k++) {
        best = logits[k] > logits[best] ? k : best;
    }
    return best;
}

/* The model's next characters with the head as it is, and with its output replaced by the quantum one. */
static qn_status compare_next(attention_view *view)
{
    const size_t n = view->length, count = n * QN_CHAR_SYMBOLS;
    double *const exact = malloc(2 * count * sizeof *exact);
    qn_status status = exact != NULL ? QN_OK : QN_ERR_MEMORY;
    CLI_TRY(status);
    double *const quantum = exact + count;
    CLI_TRY(qn_char_model_logits(view->model, view->text, n, view->layer, view->head, NULL, exact));
    CLI_TRY(
        qn_char_model_logits(view->model, view->text, n, view->layer, view->head, view->attention->output, quantum));
    for (size_t k = 0; k < count; k++) {
        view->logits_error = fmax(view->logits_error, fabs(exact[k] - quantum[k]));
    }
    for (size_t i = 0; i < n; i++) {
        const size_t a = best_symbol(exact + i * QN_CHAR_SYMBOLS), b = best_symbol(quantum + i * QN_CHAR_SYMBOLS);
        view->same_next += a == b ? 1 : 0;
        view->next_exact = qn_char_of((uint32_t)a);
        view->next_quantum = qn_char_of((uint32_t)b);
    }
cleanup:
    free(exact);
    return status;
}

static qn_status attend(const cli_invocation *invocation, const qn_context *context, attention_view *view)
{
    const cli_value *const values = invocation->values;
    qn_attention_options wanted = QN_ATTENTION_OPTIONS_INIT;
    qn_status status = QN_OK;
    wanted.degree = values[ATTENTION_DEGREE].given ? small(values[ATTENTION_DEGREE].integer) : 0;
    wanted.epsilon = values[ATTENTION_EPSILON].real;
    wanted.readout = values[ATTENTION_READOUT_EPSILON].real;
    CLI_TRY(qn_attention_run(context, &view->input, &wanted, &view->attention));
    if (view->model != NULL && view->input.causal) {
        CLI_TRY(compare_next(view));
    }
    CLI_TRY(qn_attention_ledger(context, &view->input, view->attention, &view->ledger));
    (void)snprintf(view->ledger.input, sizeof view->ledger.input, "%.100s",
                   view->model != NULL ? "character model" : values[ATTENTION_INPUT].text);
    qn_advise(&view->ledger);
    if (values[ATTENTION_OUTPUT].given) {
        const qn_array array = {
            .rows = view->input.tokens, .columns = view->input.head, .data = view->attention->output};
        CLI_TRY(qn_array_write_npy(values[ATTENTION_OUTPUT].text, &array));
    }
    attention_picture(view);
cleanup:
    return status;
}

static qn_status show(const cli_invocation *invocation, attention_view *view)
{
    const qn_attention *const a = view->attention;
    char degree[32], error[32], alpha[32], success[32];
    (void)snprintf(degree, sizeof degree, "%u", a->degree);
    (void)snprintf(error, sizeof error, "%.2e", a->softmax_error);
    (void)snprintf(alpha, sizeof alpha, "%.4g", a->alpha_scores);
    (void)snprintf(success, sizeof success, "%.2e", a->success_mean);
    const qn_report_pair pairs[] = {
        {"degree", degree}, {"error of a row", error}, {"alpha of the scores", alpha}, {"success of a run", success}};
    const qn_report_section section = {.title = "Attention", .figures = view->figures, .nfigures = 2};
    const cli_answer answer = {.invocation = invocation,
                               .title = "An attention head",
                               .lead = "By block-encodings, simulated, beside the same head on a BLAS.",
                               .input_json = attention_input_json,
                               .result_json = attention_result_json,
                               .text = attention_text,
                               .pairs = pairs,
                               .npairs = sizeof pairs / sizeof pairs[0],
                               .ledger = &view->ledger,
                               .deterministic = true,
                               .user = view,
                               .figure = &view->figures[0],
                               .sections = &section,
                               .nsections = 1};
    return cli_answer_give(&answer);
}

/* A mistake on the command line, or NULL. */
static const char *mistake(const cli_invocation *invocation)
{
    const cli_value *const values = invocation->values;
    if (values[ATTENTION_TRAIN].given && !values[ATTENTION_OUTPUT].given) {
        return "--train needs --output for the model";
    }
    if (values[ATTENTION_WEIGHTS].given != values[ATTENTION_INPUT].given) {
        return "--weights and --input go together";
    }
    if (values[ATTENTION_WEIGHTS].given && (values[ATTENTION_TEXT].given || values[ATTENTION_MODEL].given)) {
        return "give --weights and --input, or a text for a model; not both";
    }
    if (values[ATTENTION_TEXT].text[0] == '\0') {
        return "--text is empty";
    }
    return NULL;
}

static int run(const cli_invocation *invocation)
{
    const char *const wrong = mistake(invocation);
    if (wrong != NULL) {
        return cli_usage_error(invocation->command, "%s", wrong);
    }
    attention_view *view = calloc(1, sizeof *view);
    qn_context *context = NULL;
    qn_status status = view == NULL ? QN_ERR_MEMORY : QN_OK;
    bool told = false;
    CLI_TRY(status);
    view->invocation = invocation;
    view->text = invocation->values[ATTENTION_TEXT].text;
    view->layer = small(invocation->values[ATTENTION_LAYER].integer);
    view->head = small(invocation->values[ATTENTION_HEAD].integer);
    qn_ledger_init(&view->ledger);
    CLI_TRY(cli_session_open(invocation->values[ATTENTION_THREADS].integer, invocation->values[ATTENTION_QUIET].given,
                             &context));
    if (invocation->values[ATTENTION_TRAIN].given) {
        status = attention_train(invocation, context);
        goto cleanup;
    }
    status = attention_read(view);
    told = status != QN_OK && view->told;
    CLI_TRY(status);
    CLI_TRY(attend(invocation, context, view));
    cli_terminal_clear();
    CLI_TRY(show(invocation, view));
cleanup:
    if (view != NULL) {
        attention_free(view);
        free(view);
    }
    const bool interrupted = context != NULL && qn_context_interrupted(context);
    qn_context_free(context);
    return status != QN_OK ? (told ? CLI_EXIT_USAGE : cli_library_error(status))
           : interrupted   ? CLI_EXIT_INTERRUPTED
                           : CLI_EXIT_OK;
}

const cli_command cli_command_attention = {
    "attention",
    "an attention head of a transformer by block-encodings, beside a BLAS",
    "quern attention --text \"a qubit is a\" --layer 0 --head 2 --plot weights.svg\nquern attention --weights "
    "q.npy,k.npy,v.npy --input x.npy --epsilon 0.05",
    "",
    NULL,
    "Runs one head of a small character model that comes with quern (two layers of four heads, trained on quern's own "
    "prose), or a head of your own, as a quantum algorithm would: scores by block-encodings, softmax by a polynomial, "
    "values by one more block-encoding; exact amplitudes, no noise. It shows what the polynomial's degree does to the "
    "weights, how far the sub-normalisation grows, how often a run succeeds, and the same head by dgemm, measured. "
    "--train makes such a model from a text.",
    options,
    ATTENTION_COUNT,
    run};
