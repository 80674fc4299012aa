/* test_advise_oom.c: weighing, the article and a ledger when the n-th allocation fails: a status, no leak, nothing half
 * done. */
#include "weighing.h"

#include "fail_each.h"

static qn_status weigh(void *advice)
{
    qn_advise_options options = QN_ADVISE_OPTIONS_INIT;
    qn_advise_result result = {0};
    options.samples = 10;
    options.curve = 10;
    const qn_status status = weigh_words(advice, &options, "search N=2^40 access=formula oracle_tof=1e4", &result);
    if (status != QN_OK) {
        assert_null(result.reasons); /* untouched */
    }
    qn_advise_result_clear(&result);
    return status;
}

static qn_status weigh_undecided(void *advice)
{
    qn_advise_options options = quick_options();
    qn_advise_result result = {0};
    const qn_status status = weigh_words(advice, &options, "linear N=4", &result);
    qn_advise_result_clear(&result);
    return status;
}

static qn_status article(void *advice)
{
    qn_article_row row;
    qn_advise_options options = quick_options();
    qn_advise_result result = {0};
    qn_status status = qn_article_at(advice, 0, &row);
    if (status == QN_OK) {
        status = qn_article_weigh(advice, &row, &options, &result);
    }
    qn_advise_result_clear(&result);
    return status;
}

static qn_status judge(void *advice)
{
    qn_ledger ledger;
    qn_ledger_init(&ledger);
    (void)snprintf(ledger.workload, sizeof ledger.workload, "linear");
    ledger.toffoli_count = (qn_quantity){1e6, QN_SOURCE_COUNTED};
    ledger.qubits = (qn_quantity){50, QN_SOURCE_COUNTED};
    ledger.classical_seconds = (qn_quantity){1e-3, QN_SOURCE_MEASURED};
    return qn_advise_with(advice, NULL, &ledger);
}

static void every_allocation_may_fail(void **state)
{
    static const fail_job works[] = {weigh, weigh_undecided, article, judge};
    for (size_t i = 0; i < sizeof works / sizeof works[0]; i++) {
        (void)fail_each_allocation(works[i], *state, FAIL_EACH);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail)};
    return cmocka_run_group_tests(tests, open_advice, close_advice);
}
