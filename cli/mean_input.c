/* mean_input.c: what is to be averaged: a column, a formula, a European call. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "mean_view.h"
#include "output.h"
#include "table_input.h"

enum { MOST_DIMENSIONS = 10, TRUTH_SHIFTS = 8, TRUTH_POINTS = 1 << 17 };

void mean_view_free(mean_view *view)
{
    qn_array_free(view->table);
    qn_array_skipped_free(&view->left_out);
    qn_formula_free(view->formula);
    qn_mean_free(view->mean);
}

static qn_status pick_column(const mean_view *view, size_t *out)
{
    const char *word = cli_value_of(view->invocation, "column")->text;
    *out = 0;
    if (word == NULL && view->table->columns > 1) {
        return cli_fail(QN_ERR_ARGUMENT, "%s has %zu columns of numbers; choose one with --column", view->name,
                        view->table->columns);
    }
    if (word == NULL) {
        return QN_OK;
    }
    return qn_array_find(view->table, &view->left_out, word, out);
}

static qn_status read_table(mean_view *view)
{
    qn_status status = QN_OK;
    double *values = NULL;
    size_t column = 0;
    CLI_TRY(cli_table_read_real(view->name, &view->table, &view->left_out));
    CLI_TRY(pick_column(view, &column));
    values = malloc((view->table->rows + 1) * sizeof *values);
    if (values == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    for (size_t r = 0; r < view->table->rows; r++) {
        values[r] = view->table->data[r * view->table->columns + column];
    }
    CLI_TRY(qn_mean_of_table(values, view->table->rows, &view->mean));
    view->sampled = (qn_sampled){.table = view->mean};
    view->truth = view->mean->exact;
cleanup:
    free(values);
    return status;
}

/* A fine quasi-Monte-Carlo mean, as formulas have no closed form here. */
static qn_status fine_mean(mean_view *view)
{
    double sum = 0;
    for (uint64_t k = 0; k < TRUTH_SHIFTS; k++) {
        double mean = 0, seconds = 0;
        const qn_status status = qn_mean_sample(&view->sampled, QN_MEAN_SOBOL, TRUTH_POINTS, 1, k, &mean, &seconds);
        if (status != QN_OK) {
            return status;
        }
        sum += mean;
    }
    view->truth = sum / TRUTH_SHIFTS;
    return QN_OK;
}

static qn_status read_formula(mean_view *view, const char *text)
{
    static const char *const names[MOST_DIMENSIONS] = {"x", "y", "z"};
    qn_status status = QN_OK;
    CLI_TRY(qn_formula_parse("--expression", text, names, MOST_DIMENSIONS, &view->formula));
    for (uint32_t d = 0; d < MOST_DIMENSIONS; d++) {
        view->dimensions = qn_formula_uses(view->formula, d) ? d + 1 : view->dimensions;
    }
    view->dimensions = view->dimensions > 0 ? view->dimensions : 1;
    /* the grid has the same number of bits in every direction */
    uint64_t bits = cli_value_of(view->invocation, "bits")->integer;
    bits = (bits > 64 ? 64 : bits) / view->dimensions * view->dimensions;
    bits = bits > 0 ? bits : view->dimensions;
    CLI_TRY(qn_mean_of_formula(view->formula, view->dimensions, (uint32_t)bits, &view->mean));
    view->sampled = (qn_sampled){.formula = view->formula, .dimensions = view->dimensions};
    CLI_TRY(fine_mean(view));
cleanup:
    return status;
}

static qn_status read_option(mean_view *view)
{
    const cli_invocation *const in = view->invocation;
    const uint64_t bits = cli_value_of(in, "bits")->integer;
    view->option = (qn_call_option){cli_value_of(in, "spot")->real, cli_value_of(in, "strike")->real,
                                    cli_value_of(in, "rate")->real, cli_value_of(in, "volatility")->real,
                                    cli_value_of(in, "years")->real};
    const qn_status status = qn_mean_of_option(&view->option, bits > 64 ? 64 : (uint32_t)bits,
                                               cli_value_of(in, "deviations")->real, &view->mean);
    if (status == QN_OK) {
        view->sampled = (qn_sampled){.option = &view->option};
        view->truth = view->mean->truth;
    }
    return status;
}

qn_status mean_view_read(mean_view *view)
{
    const char *formula = cli_value_of(view->invocation, "expression")->text;
    return view->name != NULL ? read_table(view) : formula != NULL ? read_formula(view, formula) : read_option(view);
}
