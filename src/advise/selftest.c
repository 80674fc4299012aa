/* selftest.c: runs every row of data/reference.tsv and holds the result against the published one.
 *
 * Columns: kind, args, expected ("name=value; …"), tolerance. Kind "fact" is a number to cite, with nothing to compute.
 * Tolerances: "exact"; a relative one, "0.01"; "digits": ours, rounded to the digits that were published; "x2": within
 * that factor either way; "abs:0.1". */
#include "advise/selftest.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "advise/arithmetic.h"
#include "base/alloc.h"
#include "format/cursor.h"

static const struct {
    const char *kind;
    qn__evaluator evaluate;
} evaluators[] = {
#define QN_EVALUATOR(kind, function) {kind, function},
#include "advise/evaluators.def"
#undef QN_EVALUATOR
};

void qn__results_add(qn__results *results, const char *name, double value)
{
    if (results->count < QN__PAIRS) {
        (void)snprintf(results->names[results->count], sizeof results->names[0], "%s", name);
        results->values[results->count++] = value;
    }
}

static bool find_result(const qn__results *results, const char *name, double *out)
{
    for (size_t i = 0; i < results->count; i++) {
        if (strcmp(results->names[i], name) == 0) {
            *out = results->values[i];
            return true;
        }
    }
    return false;
}

/* Significant digits of a number as written; trailing zeros of a whole number do not count. */
static int digits_of(const char *text)
{
    int digits = 0, zeros = 0;
    bool fraction = false;
    for (; *text != '\0' && *text != 'e' && *text != 'E'; text++) {
        fraction = fraction || *text == '.';
        if (qn__is_digit(*text) && (digits > 0 || *text != '0')) {
            digits++;
            zeros = *text == '0' ? zeros + 1 : 0;
        }
    }
    const int significant = fraction ? digits : digits - zeros;
    return significant > 0 ? significant : 1;
}

static double rounded(double value, int digits)
{
    char text[64];
    (void)snprintf(text, sizeof text, "%.*e", digits - 1, value);
    double out = value;
    /* the same decimal point as everywhere: a process's locale may have put another */
    for (char *c = text; *c != '\0'; c++) {
        *c = *c == ',' ? '.' : *c;
    }
    return qn__arithmetic(text, strlen(text), &out) == QN_OK ? out : value;
}

static qn_status agrees(const char *tolerance, const char *written, double ours, double published, bool *out)
{
    double limit = 0;
    const double off = fabs(ours - published), size = fabs(published);
    if (strcmp(tolerance, "exact") == 0) {
        *out = off <= 1e-14 * size; /* a rounding or two of doubles */
    } else if (strcmp(tolerance, "digits") == 0) {
        *out = fabs(rounded(ours, digits_of(written)) - published) <= 1e-9 * size;
    } else if (strncmp(tolerance, "abs:", 4) == 0) {
        QN_TRY(qn__arithmetic(tolerance + 4, strlen(tolerance) - 4, &limit));
        *out = off <= limit;
    } else if (tolerance[0] == 'x') {
        QN_TRY(qn__arithmetic(tolerance + 1, strlen(tolerance) - 1, &limit));
        *out = ours > 0 && published > 0 && fmax(ours / published, published / ours) <= limit;
    } else {
        QN_TRY(qn__arithmetic(tolerance, strlen(tolerance), &limit));
        *out = off <= limit * size;
    }
    return QN_OK;
}

typedef struct list {
    qn_selftest_row *rows;
    size_t count, capacity;
} list;

static qn_status add_row(list *l, const qn__table *table, const qn__row *row, const char *quantity,
                         qn_selftest_state state, qn_selftest_row **out)
{
    void *rows = l->rows;
    QN_TRY(qn__grow(&rows, &l->capacity, l->count + 1, sizeof *l->rows));
    l->rows = rows;
    qn_selftest_row *r = &l->rows[l->count++];
    *r = (qn_selftest_row){.id = qn__table_text(table, row, "id"),
                           .kind = qn__table_text(table, row, "kind"),
                           .tolerance = qn__table_text(table, row, "tolerance"),
                           .source = qn__table_text(table, row, "source"),
                           .url = qn__table_text(table, row, "url"),
                           .note = qn__table_text(table, row, "note"),
                           .tag = qn__table_text(table, row, "tag")[0],
                           .state = state,
                           .ours = (double)NAN,
                           .ratio = (double)NAN};
    (void)snprintf(r->quantity, sizeof r->quantity, "%s", quantity);
    *out = r;
    return QN_OK;
}

static qn__evaluator evaluator_of(const char *kind)
{
    for (size_t i = 0; i < sizeof evaluators / sizeof evaluators[0]; i++) {
        if (strcmp(evaluators[i].kind, kind) == 0) {
            return evaluators[i].evaluate;
        }
    }
    return NULL;
}

static qn_status compare(list *l, const qn__table *table, const qn__row *row, const qn__pairs *expected,
                         const qn__results *results, const char *failed)
{
    const bool fact = strcmp(qn__table_text(table, row, "kind"), "fact") == 0;
    for (size_t i = 0; i < expected->count; i++) {
        qn_selftest_row *r = NULL;
        QN_TRY(add_row(l, table, row, expected->names[i],
                       fact              ? QN_SELFTEST_FACT
                       : results == NULL ? QN_SELFTEST_OPEN
                                         : QN_SELFTEST_FAIL,
                       &r));
        const char *const written = expected->values[i];
        if (qn__arithmetic(written, strlen(written), &r->published) != QN_OK) {
            return qn__row_fail(table, row, "expected '%s' is not a number", written);
        }
        if (results == NULL) {
            continue;
        }
        if (failed != NULL || !find_result(results, expected->names[i], &r->ours)) {
            (void)snprintf(r->message, sizeof r->message, "%s", failed != NULL ? failed : "not computed by this kind");
            continue;
        }
        bool good = false;
        if (agrees(r->tolerance, written, r->ours, r->published, &good) != QN_OK) {
            return qn__row_fail(table, row, "tolerance '%.40s'; expected exact, digits, x2, abs:0.1 or 0.01",
                                r->tolerance);
        }
        r->ratio = r->ours / r->published;
        r->state = good ? QN_SELFTEST_PASS : QN_SELFTEST_FAIL;
    }
    return QN_OK;
}

static qn_status run_row(const qn_advice *advice, list *l, const qn__table *table, const qn__row *row)
{
    qn__pairs arguments, expected;
    if (qn__pairs_read(qn__table_text(table, row, "args"), &arguments) != QN_OK ||
        qn__pairs_read(qn__table_text(table, row, "expected"), &expected) != QN_OK) {
        char why[200];
        (void)snprintf(why, sizeof why, "%s", qn_last_error()->message);
        return qn__row_fail(table, row, "%s", why);
    }
    const qn__evaluator evaluate = evaluator_of(qn__table_text(table, row, "kind"));
    if (evaluate == NULL) {
        return compare(l, table, row, &expected, NULL, NULL);
    }
    qn__results results = {0};
    const qn_status status = evaluate(advice, &arguments, &results);
    if (status == QN_ERR_MEMORY) {
        return status;
    }
    char why[QN_SELFTEST_TEXT];
    (void)snprintf(why, sizeof why, "%s", status != QN_OK ? qn_last_error()->message : "");
    return compare(l, table, row, &expected, &results, status != QN_OK ? why : NULL);
}

qn_status qn_advise_selftest(const qn_advice *advice, qn_selftest_row **rows, size_t *count)
{
    QN_CHECK(advice != NULL && rows != NULL && count != NULL, ERR_ARGUMENT, "a handle and places are needed");
    const qn__table *table = NULL;
    QN_TRY(qn__advice_table(advice, "reference", &table));
    list l = {0};
    for (size_t i = 0; i < qn__table_rows(table); i++) {
        const qn_status status = run_row(advice, &l, table, qn__table_row(table, i));
        if (status != QN_OK) {
            qn__free(l.rows);
            return status;
        }
    }
    *rows = l.rows;
    *count = l.count;
    return QN_OK;
}

void qn_selftest_free(qn_selftest_row *rows)
{
    qn__free(rows);
}
