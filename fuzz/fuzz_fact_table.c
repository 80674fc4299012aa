/* fuzz_fact_table.c: tables of facts: any bytes are read or refused with a place, and what was read has its sources;
 * any cell is a number or none. */
#include <math.h>
#include <string.h>

#include "advise/arithmetic.h"
#include "advise/pairs.h"
#include "advise/table.h"
#include "fuzz.h"

static void check_rows(const qn__table *table)
{
    for (size_t i = 0; i < qn__table_rows(table); i++) {
        const qn__row *row = qn__table_row(table, i);
        FUZZ_CHECK(qn__table_text(table, row, "id")[0] != '\0');
        FUZZ_CHECK(qn__table_text(table, row, "source")[0] != '\0');
        FUZZ_CHECK(qn__table_text(table, row, "url")[0] != '\0');
        FUZZ_CHECK(qn__table_look(table, qn__table_text(table, row, "id")) == row);
        double value = 0;
        if (qn__table_number(table, row, "value_s", &value) == QN_OK) {
            FUZZ_CHECK(isfinite(value));
        } else {
            FUZZ_CHECK(qn_last_error()->status == QN_ERR_PARSE);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    qn__table *table = NULL;
    FUZZ_CHECK(qn__table_new("facts", &table) == QN_OK);
    const size_t half = size > 0 ? data[0] * size / 256 : 0;
    const char *const text = (const char *)data;
    for (int part = 0; part < 2; part++) { /* the second half goes over the first */
        const char *const from = part == 0 ? text : text + half;
        const qn_status status = qn__table_read(table, from, part == 0 ? half : size - half, "in", part == 1);
        if (status != QN_OK) {
            FUZZ_CHECK(status == QN_ERR_PARSE);
            FUZZ_CHECK(strncmp(qn_last_error()->message, "in:", 3) == 0);
            break;
        }
        check_rows(table);
    }
    qn__table_free(table);
    double value = 0;
    if (qn__arithmetic(text, size, &value) == QN_OK) {
        FUZZ_CHECK(isfinite(value));
    }
    char cell[256];
    const size_t length = size < sizeof cell ? size : sizeof cell - 1;
    memcpy(cell, text, length);
    cell[length] = '\0';
    qn__pairs pairs;
    if (qn__pairs_read(cell, &pairs) == QN_OK) {
        FUZZ_CHECK(pairs.count <= QN__PAIRS);
    }
    return 0;
}
