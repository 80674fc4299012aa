/* era.c: logical need against logical capacity; physical qubits do not enter, since stacks differ by factors of a
 * hundred. */
#include "advise/era.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "advise/advice.h"

static qn_status read_era(const qn__table *table, const qn__row *row, qn_era_fit *out)
{
    static const char *const qubits[] = {"qubits_lo", "qubits_mid", "qubits_hi"};
    static const char *const operations[] = {"ops_lo", "ops_mid", "ops_hi"};
    (void)snprintf(out->name, sizeof out->name, "%s", qn__table_text(table, row, "name"));
    QN_TRY(qn__table_number(table, row, "first_year", &out->first_year));
    QN_TRY(qn__table_number(table, row, "last_year", &out->last_year));
    for (int i = 0; i < 3; i++) {
        QN_TRY(qn__table_number(table, row, qubits[i], &out->qubits[i]));
        QN_TRY(qn__table_number(table, row, operations[i], &out->operations[i]));
    }
    for (int i = 0; i < 3; i++) {
        const bool ordered =
            i == 0 || (out->qubits[i] >= out->qubits[i - 1] && out->operations[i] >= out->operations[i - 1]);
        if (!ordered || !(out->qubits[i] > 0) || !(out->operations[i] > 0) || out->last_year < out->first_year) {
            return qn__row_fail(table, row, "lo, mid and hi must be above zero and in this order, and so must years");
        }
    }
    out->scenario = strcmp(qn__table_text(table, row, "scenario"), "yes") == 0;
    return QN_OK;
}

qn_status qn__eras_find(const qn_advice *advice, qn__count qubits, qn__count operations, qn__eras *out)
{
    const qn__table *table = NULL;
    QN_TRY(qn__advice_table(advice, "eras", &table));
    *out = (qn__eras){.first = -1};
    for (size_t i = 0; i < qn__table_rows(table); i++) {
        if (out->count == QN_ADVISE_ERAS) {
            return qn__row_fail(table, qn__table_row(table, i), "more than %d eras", QN_ADVISE_ERAS);
        }
        qn_era_fit fit = {0};
        QN_TRY(read_era(table, qn__table_row(table, i), &fit));
        for (int k = 0; k < 3; k++) {
            fit.fits[k] = qubits <= (qn__count)fit.qubits[k] && operations <= (qn__count)fit.operations[k];
        }
        size_t at = out->count++; /* a user's era finds its place among the others */
        for (; at > 0 && out->fit[at - 1].first_year > fit.first_year; at--) {
            out->fit[at] = out->fit[at - 1];
        }
        out->fit[at] = fit;
    }
    for (size_t i = out->count; i-- > 0;) {
        out->first = out->fit[i].fits[1] ? (int)i : out->first;
    }
    return QN_OK;
}

double qn__by_year(double promised, double year, const double slip[3])
{
    const double late = year - promised;
    double mass = 0;
    for (int half = 0; half < 2; half++) {
        const double from = slip[half], to = slip[half + 1];
        mass += 0.5 * (to > from ? fmin(fmax((late - from) / (to - from), 0), 1) : late >= from ? 1 : 0);
    }
    return mass;
}

qn_status qn__slip_read(const qn_advice *advice, double slip[3])
{
    static const char *const columns[] = {"lo", "mid", "hi"};
    const qn__table *table = NULL;
    const qn__row *row = NULL;
    QN_TRY(qn__advice_table(advice, "algorithms", &table));
    QN_TRY(qn__table_find(table, "slip_years", "constant", &row));
    for (int i = 0; i < 3; i++) {
        QN_TRY(qn__table_number(table, row, columns[i], &slip[i]));
    }
    return QN_OK;
}

qn_status qn_milestone_at(const qn_advice *advice, size_t index, qn_milestone *out, bool *there)
{
    static const char *const slips[] = {"slip_lo", "slip_mid", "slip_hi"};
    const qn__table *table = NULL;
    QN_CHECK(advice != NULL && out != NULL && there != NULL, ERR_ARGUMENT, "tables and result pointers are needed");
    QN_TRY(qn__advice_table(advice, "roadmap", &table));
    *there = index < qn__table_rows(table);
    if (!*there) {
        return QN_OK;
    }
    const qn__row *row = qn__table_row(table, index);
    qn_milestone m = {.vendor = qn__table_text(table, row, "vendor"),
                      .name = qn__table_text(table, row, "milestone"),
                      .note = qn__table_text(table, row, "status")};
    QN_TRY(qn__table_number(table, row, "promised_year", &m.promised));
    for (int i = 0; i < 3; i++) {
        QN_TRY(qn__table_number_or(table, row, slips[i], 0, &m.slip[i]));
    }
    QN_TRY(qn__table_number_or(table, row, "logical", (double)NAN, &m.logical));
    QN_TRY(qn__table_number_or(table, row, "ops", (double)NAN, &m.operations));
    QN_TRY(qn__table_number_or(table, row, "physical", (double)NAN, &m.physical));
    *out = m;
    return QN_OK;
}
