/* test_estimate_oom.c: opening tables, prices, fronts and the self-test when the n-th allocation fails. */
#include <qn_test.h>

#include <quern/estimate.h>

#include "base/alloc.h"

typedef qn_status (*work)(const qn_advice *advice);

static const qn_logical_counts counts = {(uint32_t)sizeof counts, 5, 10, 1, 1, 3, 0, 3};

static qn_status open_and_close(const qn_advice *unused)
{
    (void)unused;
    qn_advice *advice = NULL;
    const qn_status status = qn_advice_open(NULL, &advice);
    qn_advice_free(advice);
    return status;
}

static qn_status price(const qn_advice *advice)
{
    qn_estimate_options options = QN_ESTIMATE_OPTIONS_INIT;
    options.max_duration_s = 1;
    qn_estimate_result result;
    return qn_estimate_run(advice, &counts, &options, &result);
}

static qn_status front(const qn_advice *advice)
{
    qn_estimate_options options = QN_ESTIMATE_OPTIONS_INIT;
    qn_estimate_front points = {0};
    const qn_status status = qn_estimate_front_run(advice, &counts, &options, &points);
    qn_estimate_front_clear(&points);
    return status;
}

static qn_status front_b(const qn_advice *advice)
{
    qn_estimate_options options = QN_ESTIMATE_OPTIONS_INIT;
    options.model = QN_ESTIMATE_B;
    qn_estimate_front points = {0};
    const qn_status status = qn_estimate_front_run(advice, &counts, &options, &points);
    qn_estimate_front_clear(&points);
    return status;
}

/* Each allocation in turn fails; from the point where none is left the work must succeed. */
static void fail_in_turn(const qn_advice *advice, work do_it, uint64_t step)
{
    for (uint64_t n = 1;; n += step) {
        (void)qn__alloc_fail_at(n, false);
        const qn_status status = do_it(advice);
        const bool happened = qn__alloc_fail_at(0, false) == 0;
        if (status == QN_OK) {
            assert_false(happened);
            assert_true(n > 1);
            return;
        }
        assert_int_equal(status, QN_ERR_MEMORY);
        assert_true(n < 100000);
    }
}

static void nothing_leaks(void **state)
{
    qn_advice *advice = NULL;
    (void)state;
    assert_ok(qn_advice_open(NULL, &advice));
    fail_in_turn(advice, open_and_close, 1);
    fail_in_turn(advice, price, 1);
    fail_in_turn(advice, front, 1);
    fail_in_turn(advice, front_b, 1);
    qn_advice_free(advice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nothing_leaks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
