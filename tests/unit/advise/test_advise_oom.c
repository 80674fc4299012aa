/* test_advise_oom.c: weighing, the article and a ledger when the n-th allocation fails: a status, no leak, nothing half
 * done. */
#include "weighing.h"

#include "base/alloc.h"

typedef qn_status (*work)(const qn_advice *advice);

static qn_status weigh(const qn_advice *advice)
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

static qn_status weigh_undecided(const qn_advice *advice)
{
    qn_advise_options options = quick_options();
    qn_advise_result result = {0};
    const qn_status status = weigh_words(advice, &options, "linear N=4", &result);
    qn_advise_result_clear(&result);
    return status;
}

static qn_status article(const qn_advice *advice)
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

static qn_status judge(const qn_advice *advice)
{
    qn_ledger ledger;
    qn_ledger_init(&ledger);
    (void)snprintf(ledger.workload, sizeof ledger.workload, "linear");
    ledger.toffoli_count = (qn_quantity){1e6, QN_SOURCE_COUNTED};
    ledger.qubits = (qn_quantity){50, QN_SOURCE_COUNTED};
    ledger.classical_seconds = (qn_quantity){1e-3, QN_SOURCE_MEASURED};
    return qn_advise_with(advice, NULL, &ledger);
}

static void fail_in_turn(const qn_advice *advice, work do_it)
{
    const uint64_t before = qn_memory().bytes_now;
    for (uint64_t n = 1;; n++) {
        (void)qn__alloc_fail_at(n, false);
        const qn_status status = do_it(advice);
        const bool happened = qn__alloc_fail_at(0, false) == 0;
        assert_int_equal(qn_memory().bytes_now, before);
        if (status == QN_OK) {
            assert_false(happened);
            assert_true(n > 1);
            return;
        }
        assert_int_equal(status, QN_ERR_MEMORY);
    }
}

static void every_allocation_may_fail(void **state)
{
    static const work works[] = {weigh, weigh_undecided, article, judge};
    for (size_t i = 0; i < sizeof works / sizeof works[0]; i++) {
        fail_in_turn(*state, works[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail)};
    return cmocka_run_group_tests(tests, open_advice, close_advice);
}
