/* table_input.c: tables of numbers for commands, and what is said of columns that are none. */
#include "table_input.h"

#include "output.h"

enum { MOST_NOTES = 8 };

qn_status cli_table_read(const char *path, qn_array **out, qn_array_skipped *skipped)
{
    const qn_status status = qn_array_read_numbers(path, out, skipped);
    if (status != QN_OK) {
        return status;
    }
    const size_t count = skipped->count, shown = count > MOST_NOTES ? MOST_NOTES - 1 : count;
    for (size_t k = 0; k < shown; k++) {
        if (skipped->names != NULL) {
            cli_note("column c%zu, '%s', holds text and is left out", skipped->columns[k], skipped->names[k]);
        } else {
            cli_note("column c%zu holds text and is left out; no header line was found", skipped->columns[k]);
        }
    }
    if (shown < count) {
        cli_note("%zu more columns hold text and are left out", count - shown);
    }
    return QN_OK;
}

qn_status cli_table_read_real(const char *path, qn_array **out, qn_array_skipped *skipped)
{
    qn_array *array = NULL;
    const qn_status status = cli_table_read(path, &array, skipped);
    if (status == QN_OK && array->is_complex) {
        qn_array_free(array);
        return cli_fail(QN_ERR_PARSE, "%s: these numbers are complex; expected real ones", path);
    }
    if (status == QN_OK) {
        *out = array;
    }
    return status;
}

void cli_table_json(qn_json *json, const qn_array_skipped *skipped)
{
    qn_json_begin_array(json, "columns_left_out");
    for (size_t k = 0; k < skipped->count; k++) {
        qn_json_begin_object(json, NULL);
        qn_json_unsigned(json, "column", skipped->columns[k]);
        qn_json_string(json, "name", skipped->names != NULL ? skipped->names[k] : NULL);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
}
