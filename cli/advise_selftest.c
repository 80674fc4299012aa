/* advise_selftest.c: every row of data/reference.tsv: ours, published, ratio. */
#include "advise_selftest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "output.h"
#include "terminal.h"

enum { COLUMNS = 6, CELL = 32 };

static const char *const states[] = {[QN_SELFTEST_PASS] = "ok",
                                     [QN_SELFTEST_FAIL] = "FAILED",
                                     [QN_SELFTEST_FACT] = "cited",
                                     [QN_SELFTEST_OPEN] = "not computed"};

static void write_json(qn_json *json, const qn_advice *advice, const qn_selftest_row *rows, size_t count,
                       const size_t *by_state)
{
    qn_json_begin_object(json, NULL);
    qn_json_string(json, "schema", "quern.advise-selftest/1");
    qn_json_string(json, "version", qn_version());
    qn_json_string(json, "data_edition", qn_advice_edition(advice));
    qn_json_begin_object(json, "result");
    qn_json_unsigned(json, "passed", by_state[QN_SELFTEST_PASS]);
    qn_json_unsigned(json, "failed", by_state[QN_SELFTEST_FAIL]);
    qn_json_unsigned(json, "cited", by_state[QN_SELFTEST_FACT]);
    qn_json_unsigned(json, "not_computed", by_state[QN_SELFTEST_OPEN]);
    qn_json_begin_array(json, "rows");
    for (size_t i = 0; i < count; i++) {
        const char tag[2] = {rows[i].tag, '\0'};
        qn_json_begin_object(json, NULL);
        qn_json_string(json, "id", rows[i].id);
        qn_json_string(json, "quantity", rows[i].quantity);
        qn_json_number(json, "ours", rows[i].ours);
        qn_json_number(json, "published", rows[i].published);
        qn_json_number(json, "ratio", rows[i].ratio);
        qn_json_string(json, "tolerance", rows[i].tolerance);
        qn_json_string(json, "state", states[rows[i].state]);
        qn_json_string(json, "message", rows[i].message[0] != '\0' ? rows[i].message : NULL);
        qn_json_string(json, "source", rows[i].source);
        qn_json_string(json, "url", rows[i].url);
        qn_json_string(json, "tag", tag);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
    qn_json_end_object(json);
    qn_json_end_object(json);
}

static qn_status write_text(qn_text *text, const qn_selftest_row *rows, size_t count, const size_t *by_state)
{
    static const qn_table_column columns[COLUMNS] = {{"row", false},      {"quantity", false}, {"ours", true},
                                                     {"published", true}, {"ratio", true},     {"", false}};
    const char **cells = calloc(count * COLUMNS + 1, sizeof *cells);
    char(*numbers)[CELL] = calloc(count * 3 + 1, sizeof *numbers);
    if (cells == NULL || numbers == NULL) {
        free(cells);
        free(numbers);
        return QN_ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        const double values[3] = {rows[i].ours, rows[i].published, rows[i].ratio};
        const char **row = &cells[i * COLUMNS];
        row[0] = rows[i].id;
        row[1] = rows[i].quantity;
        for (size_t k = 0; k < 3; k++) {
            char *cell = numbers[i * 3 + k];
            (void)snprintf(cell, CELL, isfinite(values[k]) ? (k == 2 ? "%.4f" : "%.8g") : "", values[k]);
            row[2 + k] = cell;
        }
        row[5] = rows[i].message[0] != '\0' ? rows[i].message : states[rows[i].state];
    }
    const qn_table table = {columns, COLUMNS, cells, count};
    const qn_style style = cli_terminal_style();
    qn_text_table(text, &table, &style);
    qn_text_printf(
        text, "\n%zu numbers agree, %zu do not, %zu are cited with nothing to compute, %zu are not computed\n",
        by_state[QN_SELFTEST_PASS], by_state[QN_SELFTEST_FAIL], by_state[QN_SELFTEST_FACT], by_state[QN_SELFTEST_OPEN]);
    free(cells);
    free(numbers);
    return QN_OK;
}

qn_status advise_selftest(const qn_advice *advice, bool as_json, bool *failed)
{
    qn_selftest_row *rows = NULL;
    size_t count = 0, by_state[4] = {0, 0, 0, 0};
    qn_text *text = NULL;
    qn_json *json = NULL;
    qn_status status = QN_OK;
    CLI_TRY(qn_advise_selftest(advice, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        by_state[rows[i].state]++;
    }
    *failed = by_state[QN_SELFTEST_FAIL] + by_state[QN_SELFTEST_OPEN] > 0;
    CLI_TRY(qn_text_create(&text));
    if (as_json) {
        CLI_TRY(qn_json_create(text, &json));
        write_json(json, advice, rows, count, by_state);
    } else {
        CLI_TRY(write_text(text, rows, count, by_state));
    }
    CLI_TRY(cli_print(text));
cleanup:
    qn_json_destroy(json);
    qn_text_destroy(text);
    qn_selftest_free(rows);
    return status;
}
