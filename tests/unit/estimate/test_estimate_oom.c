/* test_estimate_oom.c: opening tables, prices, fronts and the self-test when the n-th allocation fails. */
#include <fail_each.h>

#include <quern/estimate.h>

static const qn_logical_counts counts = {(uint32_t)sizeof counts, 5, 10, 1, 1, 3, 0, 3};

static qn_status open_and_close(void *unused)
{
    (void)unused;
    qn_advice *advice = NULL;
    const qn_status status = qn_advice_open(NULL, &advice);
    qn_advice_free(advice);
    return status;
}

static qn_status price(void *advice)
{
    qn_estimate_options options = QN_ESTIMATE_OPTIONS_INIT;
    options.max_duration_s = 1;
    qn_estimate_result result;
    return qn_estimate_run(advice, &counts, &options, &result);
}

static qn_status front(void *advice)
{
    qn_estimate_options options = QN_ESTIMATE_OPTIONS_INIT;
    qn_estimate_front points = {0};
    const qn_status status = qn_estimate_front_run(advice, &counts, &options, &points);
    qn_estimate_front_clear(&points);
    return status;
}

static qn_status front_b(void *advice)
{
    qn_estimate_options options = QN_ESTIMATE_OPTIONS_INIT;
    options.model = QN_ESTIMATE_B;
    qn_estimate_front points = {0};
    const qn_status status = qn_estimate_front_run(advice, &counts, &options, &points);
    qn_estimate_front_clear(&points);
    return status;
}

static void nothing_leaks(void **state)
{
    qn_advice *advice = NULL;
    (void)state;
    assert_ok(qn_advice_open(NULL, &advice));
    (void)fail_each_allocation(open_and_close, advice, FAIL_EACH);
    (void)fail_each_allocation(price, advice, FAIL_EACH);
    (void)fail_each_allocation(front, advice, FAIL_EACH);
    (void)fail_each_allocation(front_b, advice, FAIL_EACH);
    qn_advice_free(advice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_leaks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
