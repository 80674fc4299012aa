/* search_input.c: a formula or a table as something to search, and its classical rival on the same input. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "output.h"
#include "search_view.h"
#include "table_input.h"

void search_view_free(search_view *view)
{
    qn_cnf_free(view->cnf);
    qn_array_free(view->table);
    qn_array_skipped_free(&view->left_out);
    qn_formula_free(view->predicate);
    free(view->values);
    qn_oracle_free(view->oracle);
    qn_search_result_free(view->result);
    qn_minimum_result_free(view->minimum);
    qn_cnf_answer_free(view->answer);
}

const char *search_column_name(const search_view *view, size_t column, char *buffer, size_t capacity)
{
    if (view->table->names != NULL && view->table->names[column] != NULL) {
        return view->table->names[column];
    }
    (void)snprintf(buffer, capacity, "c%zu", qn_array_file_column(&view->left_out, column));
    return buffer;
}

static qn_status copy_column(search_view *view)
{
    const qn_array *const table = view->table;
    view->values = malloc(table->rows * sizeof *view->values);
    if (view->values == NULL) {
        return QN_ERR_MEMORY;
    }
    for (size_t r = 0; r < table->rows; r++) {
        view->values[r] = table->data[r * table->columns + view->column];
    }
    return QN_OK;
}

static qn_status read_formula(search_view *view, const qn_context *context)
{
    qn_status status = QN_OK;
    CLI_TRY(qn_cnf_read(view->name, &view->cnf));
    CLI_TRY(qn_cnf_solve(context, view->cnf, 0, &view->answer));
    CLI_TRY(qn_oracle_from_cnf(context, view->cnf, 0, &view->oracle));
cleanup:
    return status;
}

static qn_status read_rows(search_view *view, const qn_context *context, const char *text)
{
    qn_status status = QN_OK;
    CLI_TRY(qn_formula_parse_columns("--predicate", text, view->table, &view->left_out, &view->predicate));
    CLI_TRY(qn_oracle_from_predicate(context, view->table, view->predicate, &view->info, &view->oracle));
    if (view->info.compared && qn_oracle_count(view->oracle) > 0) {
        view->column = view->info.column;
        CLI_TRY(copy_column(view));
        CLI_TRY(qn_search_scan(view->values, view->table->rows, view->info.low, view->info.high, &view->matches,
                               &view->scan_seconds, &view->probe_seconds));
    } else {
        view->matches = qn_oracle_count(view->oracle);
        view->scan_seconds = view->info.seconds;
    }
cleanup:
    return status;
}

qn_status search_view_read(search_view *view, const qn_context *context)
{
    const char *predicate = cli_value_of(view->invocation, "predicate")->text;
    const char *minimum = cli_value_of(view->invocation, "minimum")->text;
    qn_status status = QN_OK;
    if (predicate == NULL && minimum == NULL) {
        return read_formula(view, context);
    }
    CLI_TRY(cli_table_read_real(view->name, &view->table, &view->left_out));
    if (predicate != NULL) {
        return read_rows(view, context, predicate);
    }
    CLI_TRY(qn_array_find(view->table, &view->left_out, minimum, &view->column));
    CLI_TRY(copy_column(view));
cleanup:
    return status;
}
