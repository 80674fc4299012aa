/* command_matmul.c: `quern matmul`: a matrix product by quantum means, beside a BLAS. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "matmul_view.h"
#include "output.h"
#include "session.h"
#include "terminal.h"

enum {
#define OPTION(id, ...) MATMUL_##id,
#include "options_matmul.def"
#undef OPTION
    MATMUL_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_matmul.def"
#undef OPTION
};

static qn_status multiply(const cli_invocation *invocation, qn_context *context, matmul_view *view)
{
    const cli_value *const values = invocation->values;
    qn_product_options wanted = QN_PRODUCT_OPTIONS_INIT;
    qn_status status = QN_OK;
    wanted.epsilon = values[MATMUL_EPSILON].real;
    wanted.gate = strcmp(values[MATMUL_TIER].text, "gate") == 0;
    wanted.seed = values[MATMUL_SEED].integer;
    CLI_TRY(qn_product_method_from_name(values[MATMUL_METHOD].text, &wanted.method));
    CLI_TRY(qn_product_run(context, view->a->data, view->b->data, view->a->rows, view->a->columns, view->b->columns,
                           &wanted, &view->product));
    CLI_TRY(qn_product_ledger(context, view->product, view->a->data, view->b->data, &view->ledger));
    (void)snprintf(view->ledger.input, sizeof view->ledger.input, "%.60s x %.60s", invocation->operands[0],
                   invocation->operands[1]);
    qn_advise(&view->ledger);
    if (values[MATMUL_OUTPUT].given) {
        const qn_array array = {
            .rows = view->product->rows, .columns = view->product->columns, .data = view->product->quantum};
        CLI_TRY(qn_array_write_npy(values[MATMUL_OUTPUT].text, &array));
    }
cleanup:
    return status;
}

static qn_status show(const cli_invocation *invocation, matmul_view *view)
{
    const qn_product *const p = view->product;
    char error[32], runs[32], gemm[32];
    (void)snprintf(error, sizeof error, "%.3g", p->error_frobenius);
    (void)snprintf(runs, sizeof runs, "%.4g", p->shots_total);
    (void)snprintf(gemm, sizeof gemm, "%.3g s", p->gemm_seconds);
    const qn_report_pair pairs[] = {
        {"method", qn_product_method_name(p->method)}, {"relative error", error}, {"runs", runs}, {"dgemm", gemm}};
    matmul_picture(view);
    const cli_answer answer = {.invocation = invocation,
                               .title = "A matrix product",
                               .lead = "By quantum means, simulated, beside the product of a BLAS on the same input.",
                               .input_json = matmul_input_json,
                               .result_json = matmul_result_json,
                               .text = matmul_text,
                               .pairs = pairs,
                               .npairs = sizeof pairs / sizeof pairs[0],
                               .plots = &view->plot,
                               .nplots = 1,
                               .ledger = &view->ledger,
                               .user = view};
    return cli_answer_give(&answer);
}

/* 0, or the exit code after a message. */
static int refuse_shapes(const cli_invocation *invocation, const matmul_view *view)
{
    if (view->a->is_complex || view->b->is_complex) {
        return cli_usage_error(invocation->command, "%s holds complex numbers; real ones are multiplied",
                               invocation->operands[view->a->is_complex ? 0 : 1]);
    }
    if (view->a->columns != view->b->rows) {
        return cli_usage_error(invocation->command, "%s has %zu columns and %s has %zu rows", invocation->operands[0],
                               view->a->columns, invocation->operands[1], view->b->rows);
    }
    return 0;
}

static int run(const cli_invocation *invocation)
{
    if (invocation->noperands != 2) {
        return cli_usage_error(invocation->command, "give two matrices, A and B");
    }
    if (strcmp(invocation->values[MATMUL_TIER].text, "gate") == 0 &&
        strcmp(invocation->values[MATMUL_METHOD].text, "product") == 0) {
        return cli_usage_error(invocation->command, "--tier gate runs the tests: give --method swap, hadamard or "
                                                    "estimate");
    }
    matmul_view *view = calloc(1, sizeof *view);
    qn_context *context = NULL;
    qn_status status = view == NULL ? QN_ERR_MEMORY : QN_OK;
    int refused = 0;
    bool interrupted = false;
    CLI_TRY(status);
    view->invocation = invocation;
    qn_ledger_init(&view->ledger);
    CLI_TRY(qn_array_read(invocation->operands[0], &view->a));
    CLI_TRY(qn_array_read(invocation->operands[1], &view->b));
    refused = refuse_shapes(invocation, view);
    if (refused != 0) {
        goto cleanup;
    }
    CLI_TRY(
        cli_session_open(invocation->values[MATMUL_THREADS].integer, invocation->values[MATMUL_QUIET].given, &context));
    CLI_TRY(multiply(invocation, context, view));
    cli_terminal_clear();
    interrupted = view->product->interrupted;
    CLI_TRY(show(invocation, view));
cleanup:
    if (view != NULL) {
        qn_array_free(view->a);
        qn_array_free(view->b);
        qn_product_free(view->product);
        free(view);
    }
    qn_context_free(context);
    return status != QN_OK ? cli_library_error(status)
           : refused != 0  ? refused
           : interrupted   ? CLI_EXIT_INTERRUPTED
                           : CLI_EXIT_OK;
}

const cli_command cli_command_matmul = {
    "matmul",
    "multiply two matrices by quantum means, beside the product of a BLAS",
    "quern matmul a.npy b.npy --epsilon 0.05\nquern matmul a.csv b.csv --method estimate --epsilon 0.01 --plot c.svg",
    "A B",
    NULL,
    "A and B are .npy or .csv files of real numbers. The product is read out by tomography of its state, or entry by "
    "entry with swap tests, Hadamard tests or amplitude estimation; runs and their outcomes are drawn with the seed. "
    "Beside it: dgemm on the same input, measured, and Freivalds' check of both results.",
    options,
    MATMUL_COUNT,
    run};
