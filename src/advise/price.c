/* price.c: from counts to the two models, and their refusals as notes. */
#include "advise/price.h"

#include <math.h>
#include <stdio.h>

#include <quern/estimate.h>

#include "advise/advice.h"

static qn_status price(const qn_advice *advice, const qn_logical_counts *counts, const qn_estimate_options *options,
                       qn_advise_price *out)
{
    qn_estimate_result estimate;
    *out = (qn_advise_price){0};
    const qn_status status = qn_estimate_run(advice, counts, options, &estimate);
    if (status == QN_ERR_MEMORY) {
        return status;
    }
    if (status != QN_OK) {
        (void)snprintf(out->note, sizeof out->note, "%s", qn_last_error()->message);
        return QN_OK;
    }
    out->known = true;
    out->physical_qubits = estimate.physical_qubits;
    out->runtime_s = estimate.runtime_s;
    out->code_distance = estimate.code_distance;
    (void)snprintf(out->note, sizeof out->note, "%.0f factories", estimate.factory.copies);
    return QN_OK;
}

static qn_status price_stacks(const qn_advice *advice, const qn_logical_counts *counts,
                              const qn_estimate_options *options, qn__prices *out)
{
    const qn__table *table = NULL;
    QN_TRY(qn__advice_table(advice, "stacks", &table));
    for (size_t i = 0; i < qn__table_rows(table) && out->nstacks < QN_ADVISE_STACKS; i++) {
        const char *id = qn__table_text(table, qn__table_row(table, i), "id");
        qn_estimate_stack stack;
        qn_stack_price *price = &out->stacks[out->nstacks++];
        (void)snprintf(price->id, sizeof price->id, "%s", id);
        const qn_status status = qn_estimate_stack_run(advice, id, counts, options, &stack);
        if (status == QN_ERR_MEMORY) {
            return status;
        }
        price->physical_qubits = status == QN_OK ? stack.physical_qubits : (double)NAN;
    }
    return QN_OK;
}

qn_status qn__price_run(const qn_advice *advice, const qn_advise_options *options, const char *platform,
                        const qn__pace *pace, qn__count qubits, qn__count toffoli, qn__count t, qn__prices *out)
{
    *out = (qn__prices){0};
    if (!(qubits < 1e15L) || !(toffoli < 1e30L) || !(t < 1e30L) || !(toffoli + t > 0)) {
        const char *why = toffoli + t > 0 ? "too large for a physical price" : "nothing to distil";
        (void)snprintf(out->a.note, sizeof out->a.note, "%s", why);
        (void)snprintf(out->b.note, sizeof out->b.note, "%s", why);
        return QN_OK;
    }
    qn_logical_counts counts = QN_LOGICAL_COUNTS_INIT;
    counts.qubits = ceil((double)qubits);
    counts.t = ceil((double)t);
    counts.ccz = ceil((double)toffoli);
    qn_estimate_options how = QN_ESTIMATE_OPTIONS_INIT;
    how.platform = options->platform != NULL ? options->platform : platform;
    how.code = options->code;
    how.budget = options->budget;
    if (options->platform == NULL) {
        how.error = pace->error;
        how.cycle_s = pace->cycle_s;
    }
    how.model = QN_ESTIMATE_A;
    QN_TRY(price(advice, &counts, &how, &out->a));
    how.model = QN_ESTIMATE_B;
    how.factories = pace->factories < 1e6 ? (uint32_t)pace->factories : 1000000;
    how.data_block = QN_DATA_BLOCK_FAST;
    QN_TRY(price(advice, &counts, &how, &out->b));
    return price_stacks(advice, &counts, &how, out);
}
