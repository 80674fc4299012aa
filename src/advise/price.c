/* price.c: from counts to the two models, and their refusals as notes. */
#include "advise/price.h"

#include <math.h>
#include <stdio.h>

#include <quern/estimate.h>

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

qn_status qn__price_run(const qn_advice *advice, const qn_advise_options *options, const char *platform,
                        const qn__pace *pace, qn__count qubits, qn__count toffoli, qn__count t, qn_advise_price *a,
                        qn_advise_price *b)
{
    *a = *b = (qn_advise_price){0};
    if (!(qubits < 1e15L) || !(toffoli < 1e30L) || !(t < 1e30L) || !(toffoli + t > 0)) {
        const char *why = toffoli + t > 0 ? "too large for a physical price" : "nothing to distil";
        (void)snprintf(a->note, sizeof a->note, "%s", why);
        (void)snprintf(b->note, sizeof b->note, "%s", why);
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
    QN_TRY(price(advice, &counts, &how, a));
    how.model = QN_ESTIMATE_B;
    how.factories = pace->factories < 1e6 ? (uint32_t)pace->factories : 1000000;
    how.data_block = QN_DATA_BLOCK_FAST;
    return price(advice, &counts, &how, b);
}
