/* predicate.c: oracles of table rows: which predicates are a comparison that a circuit can make by itself. */
#include <quern/search.h>

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/status.h"

enum { MOST_ROWS = 1 << 24 };

typedef struct entry {
    double value;
    uint32_t row;
} entry;

static int compare(const void *a, const void *b)
{
    const entry *const x = a, *const y = b;
    if (x->value < y->value || x->value > y->value) {
        return x->value < y->value ? -1 : 1;
    }
    return (x->row > y->row) - (x->row < y->row);
}

/* The one column that it uses; false when there are none or several. */
static bool one_column(const qn_formula *predicate, size_t columns, size_t *out)
{
    size_t used = 0;
    for (size_t k = 0; k < columns; k++) {
        if (qn_formula_uses(predicate, k)) {
            *out = k;
            used++;
        }
    }
    return used == 1;
}

static uint32_t bits_for(uint64_t highest)
{
    uint32_t bits = 1;
    while (highest >> bits != 0) {
        bits++;
    }
    return bits;
}

/* Ranks of a column's values as codes, and the range of ranks that is marked; false when the marked ranks have a gap.
 * Rows of one value are alike, as the predicate sees nothing else of them. */
static bool rank(const entry *order, size_t rows, const bool *marked, uint32_t *codes, uint32_t *least, uint32_t *most,
                 qn_predicate_info *info)
{
    uint32_t code = 0;
    bool any = false, ended = false;
    for (size_t i = 0; i < rows; i++) {
        code += i > 0 && order[i].value > order[i - 1].value;
        codes[order[i].row] = code;
        if (!marked[order[i].row]) {
            ended = any;
            continue;
        }
        if (ended) {
            return false;
        }
        if (!any) {
            *least = code;
            info->low = order[i].value;
        }
        any = true;
        *most = code;
        info->high = order[i].value;
    }
    if (!any) {
        *least = 1;
        *most = 0;
    }
    info->distinct = (size_t)code + 1;
    return true;
}

static qn_status evaluate(const qn_array *table, const qn_formula *predicate, bool *marked, double *seconds)
{
    const double began = qn__clock();
    for (size_t r = 0; r < table->rows; r++) {
        const double value = qn_formula_value(predicate, table->data + r * table->columns);
        marked[r] = value != 0 && !isnan(value);
    }
    *seconds = qn__clock() - began;
    return QN_OK;
}

qn_status qn_oracle_from_predicate(const qn_context *context, const qn_array *table, const qn_formula *predicate,
                                   qn_predicate_info *info, qn_oracle **out)
{
    QN_CHECK(context != NULL && table != NULL && predicate != NULL && info != NULL && out != NULL, ERR_ARGUMENT,
             "a context, a table, a predicate and places");
    QN_CHECK(!table->is_complex, ERR_UNSUPPORTED, "predicates compare real numbers; this table is complex");
    QN_CHECK(table->rows >= 1 && table->rows <= MOST_ROWS, ERR_TOO_LARGE, "%zu rows; from 1 to 2^24 are searched",
             table->rows);
    bool *marked = qn__alloc(table->rows, sizeof *marked);
    uint32_t *codes = qn__alloc(table->rows, sizeof *codes);
    entry *order = qn__alloc(table->rows, sizeof *order);
    qn_status status = marked == NULL || codes == NULL || order == NULL ? QN_ERR_MEMORY : QN_OK;
    QN_TRY_CLEANUP(status);
    *info = (qn_predicate_info){0};
    QN_TRY_CLEANUP(evaluate(table, predicate, marked, &info->seconds));
    uint32_t least = 1, most = 1;
    if (one_column(predicate, table->columns, &info->column)) {
        for (size_t r = 0; r < table->rows; r++) {
            order[r] = (entry){table->data[r * table->columns + info->column], (uint32_t)r};
        }
        qsort(order, table->rows, sizeof *order, compare);
        info->compared = rank(order, table->rows, marked, codes, &least, &most, info);
    }
    if (info->compared) {
        status = qn_oracle_from_codes(context, codes, table->rows, bits_for(info->distinct - 1), least, most, out);
    } else {
        for (size_t r = 0; r < table->rows; r++) {
            codes[r] = marked[r];
        }
        status = qn_oracle_from_codes(context, codes, table->rows, 1, 1, 1, out);
    }
cleanup:
    qn__free(marked);
    qn__free(codes);
    qn__free(order);
    return status;
}
