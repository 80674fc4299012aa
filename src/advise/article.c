/* article.c: the claims of the article that this toolkit answers to, each with its instance: rows of data/verdicts.tsv.
 */
#include <quern/advise.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "advise/advice.h"
#include "advise/lines.h"
#include "base/alloc.h"

size_t qn_article_count(const qn_advice *advice)
{
    const qn__table *table = NULL;
    return advice != NULL && qn__advice_table(advice, "verdicts", &table) == QN_OK ? qn__table_rows(table) : 0;
}

qn_status qn_article_at(const qn_advice *advice, size_t index, qn_article_row *out)
{
    const qn__table *table = NULL;
    QN_CHECK(advice != NULL && out != NULL, ERR_ARGUMENT, "tables and a result pointer are needed");
    QN_TRY(qn__advice_table(advice, "verdicts", &table));
    QN_CHECK(index < qn__table_rows(table), ERR_RANGE, "row %zu of %zu", index, qn__table_rows(table));
    const qn__row *row = qn__table_row(table, index);
    *out = (qn_article_row){
        .id = qn__table_text(table, row, "id"),
        .kind = qn__table_text(table, row, "kind"),
        .claim = qn__table_text(table, row, "claim"),
        .workload = qn__table_text(table, row, "workload"),
        .arguments = qn__table_text(table, row, "arguments"),
        .formula = qn__table_text(table, row, "formula"),
        .expected = qn__table_text(table, row, "expected"),
        .comment = qn__table_text(table, row, "comment"),
        .source = qn__table_text(table, row, "source"),
        .url = qn__table_text(table, row, "url"),
    };
    static const char *const kinds[] = {"table", "timeline", "claim"};
    bool known = false;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        known |= strcmp(out->kind, kinds[i]) == 0;
    }
    if (!known) {
        return qn__row_fail(table, row, "kind '%.64s' is none of table, timeline and claim", out->kind);
    }
    QN_TRY(qn__table_number_or(table, row, "claimed_from", (double)NAN, &out->claimed_from));
    QN_TRY(qn__table_number_or(table, row, "claimed_to", (double)NAN, &out->claimed_to));
    return qn__table_number_or(table, row, "claimed", (double)NAN, &out->claimed);
}

enum { PAIRS = 32 };

qn_status qn_article_weigh(const qn_advice *advice, const qn_article_row *row, const qn_advise_options *options,
                           qn_advise_result *out)
{
    QN_CHECK(row != NULL && row->workload[0] != '\0', ERR_ARGUMENT, "this row names no workload");
    char *words = qn__strdup(row->arguments);
    QN_ALLOC_CHECK(words);
    qn_advise_pair pairs[PAIRS];
    size_t count = 0;
    for (char *at = words + strspn(words, " "); *at != '\0'; at += strspn(at, " ")) {
        char *end = at + strcspn(at, " "), *equal = strchr(at, '=');
        if (equal == NULL || equal > end || count == PAIRS) {
            const qn_status status =
                count == PAIRS ? QN_FAIL(ERR_PARSE, "row '%.64s': more than %d arguments", row->id, PAIRS)
                               : QN_FAIL(ERR_PARSE, "row '%.64s': argument '%.64s' is no KEY=VALUE", row->id, at);
            qn__free(words);
            return status;
        }
        const bool last = *end == '\0';
        *end = *equal = '\0';
        pairs[count++] = (qn_advise_pair){at, equal + 1};
        at = last ? end : end + 1;
    }
    const qn_status status = qn_advise_workload(advice, row->workload, pairs, count, options, out);
    qn__free(words);
    return status;
}

/* Willow's surface code: 1.43e-3 a cycle at distance 7, 2.14 times less a step (arXiv:2408.13687); 2 d^2 - 1 physical
 * qubits. */
static double surface_overhead(char *finding, size_t capacity)
{
    int d = 7;
    while (1.43e-3 * pow(2.14, -(d - 7) / 2.0) > 1e-6) {
        d += 2;
    }
    const double qubits = 2.0 * d * d - 1;
    (void)snprintf(
        finding, capacity,
        "on Willow's code 1e-6 a cycle needs distance %d: %.0f physical qubits; 2 d^2 = 1,000 at distance 22", d,
        qubits);
    return qubits;
}

/* How many times a lookup circuit exists at all: it does, and what one over 2^30 rows takes. */
static double qram_qubits(char *finding, size_t capacity)
{
    const qn__lookup circuit = qn__qroam_clean(0x1p30L, 32, 0), brigade = qn__bucket_brigade(0x1p30L, 32);
    qn__say a, b, d;
    (void)snprintf(finding, capacity,
                   "no hardware; as circuits over 2^30 rows of 32 bits: %s Toffoli a lookup, or a bucket brigade of %s "
                   "logical qubits (largest promise for 2033: 2,000); at 1 Gbit/s it takes %s to stream the table once",
                   qn__say_count(&a, circuit.toffoli), qn__say_count(&b, brigade.qubits),
                   qn__say_seconds(&d, qn__io_seconds(0x1p35L, 1e9L)));
    return 1;
}

static double gpt4_flop(char *finding, size_t capacity)
{
    const double flop = 25000 * 312e12 * 0.34 * 95 * 86400;
    qn__say number;
    (void)snprintf(finding, capacity, "25,000 x 312 Tflop/s x 34 %% x 95 days = %s flop, published estimate 2.1e25",
                   qn__say_count(&number, (qn__count)flop));
    return flop;
}

static double doubling_months(char *finding, size_t capacity)
{
    const double slow = 12 * log(2) / log(4), fast = 12 * log(2) / log(5);
    (void)snprintf(finding, capacity, "4 to 5 times a year doubles every %.1f to %.1f months", slow, fast);
    return slow;
}

/* The largest number of physical qubits that anybody promises for 2032 or earlier. */
static qn_status promised_physical(const qn_advice *advice, char *finding, size_t capacity, double *value)
{
    const qn__table *table = NULL;
    QN_TRY(qn__advice_table(advice, "roadmap", &table));
    *value = 0;
    double dated = 0, late = 0;
    const char *who = "", *what = "";
    for (size_t i = 0; i < qn__table_rows(table); i++) {
        const qn__row *row = qn__table_row(table, i);
        double physical = 0, year = 0, slip = 0;
        QN_TRY(qn__table_number_or(table, row, "physical", 0, &physical));
        QN_TRY(qn__table_number(table, row, "promised_year", &year));
        QN_TRY(qn__table_number_or(table, row, "slip_mid", 0, &slip));
        if (year <= 2032 && physical > *value) {
            *value = physical;
            dated = year;
            late = slip;
            who = qn__table_text(table, row, "vendor");
            what = qn__table_text(table, row, "status");
        }
    }
    (void)snprintf(finding, capacity,
                   "largest promise: %s, %.0f physical qubits in %.0f (%s); with the maker's record %.0f", who, *value,
                   dated, what, dated + late);
    return QN_OK;
}

qn_status qn_article_compute(const qn_advice *advice, const qn_article_row *row, char *finding, size_t capacity,
                             double *value)
{
    QN_CHECK(advice != NULL && row != NULL && finding != NULL && value != NULL, ERR_ARGUMENT,
             "a row and result pointers are needed");
    static const struct {
        const char *name;
        double (*compute)(char *, size_t);
    } formulas[] = {{"surface_overhead", surface_overhead},
                    {"qram_qubits", qram_qubits},
                    {"gpt4_flop", gpt4_flop},
                    {"doubling_months", doubling_months}};
    for (size_t i = 0; i < sizeof formulas / sizeof formulas[0]; i++) {
        if (strcmp(row->formula, formulas[i].name) == 0) {
            *value = formulas[i].compute(finding, capacity);
            return QN_OK;
        }
    }
    if (strcmp(row->formula, "promised_physical") == 0) {
        return promised_physical(advice, finding, capacity, value);
    }
    return QN_FAIL(ERR_NAME, "row '%.64s': no formula '%.64s'", row->id, row->formula);
}
