/* test_oom_plateau.c: barren-plateau runs with the n-th allocation failing, n = 1, 2, 3, ... until they succeed: a
 * status each time, and no leak. */
#include <qn_test.h>

#include <quern/quern.h>

#include "base/alloc.h"

static qn_status run(bool twin, qn_plateau_ansatz ansatz, qn_plateau_start start)
{
    qn_context *context = NULL;
    qn_context_options chosen = QN_CONTEXT_OPTIONS_INIT;
    chosen.threads = 1;
    qn_plateau_options options = QN_PLATEAU_OPTIONS_INIT;
    options.ansatz = ansatz;
    options.start = start;
    options.observable = QN_PLATEAU_LOCAL;
    options.layers = 4;
    options.samples = 8;
    options.resamples = 4;
    options.twin = twin;
    const uint32_t qubits[] = {2, 3};
    qn_plateau_result *result = NULL;
    qn_ledger ledger;
    qn_ledger_init(&ledger);
    qn_status status = qn_context_create(&chosen, &context);
    status = status == QN_OK ? qn_plateau_run(context, &options, qubits, 2, &result) : status;
    status = status == QN_OK ? qn_plateau_ledger(&options, result, &ledger) : status;
    qn_plateau_result_free(result);
    qn_context_free(context);
    return status;
}

static void fail_each(bool twin, qn_plateau_ansatz ansatz, qn_plateau_start start)
{
    assert_ok(run(twin, ansatz, start));
    const uint64_t before = qn_memory().bytes_now;
    for (uint64_t n = 1; n < 100000; n++) {
        (void)qn__alloc_fail_at(n, false);
        const qn_status status = run(twin, ansatz, start);
        const bool happened = qn__alloc_fail_at(0, false) == 0;
        assert_int_equal(qn_memory().bytes_now, before);
        /* the engine does without room for several rows at a time */
        assert_true(status == QN_OK || (happened && status == QN_ERR_MEMORY));
        if (!happened) {
            return;
        }
    }
    fail();
}

static void states(void **state)
{
    (void)state;
    fail_each(false, QN_PLATEAU_HARDWARE, QN_PLATEAU_IDENTITY);
}

static void strings(void **state)
{
    (void)state;
    fail_each(true, QN_PLATEAU_MATCHGATE, QN_PLATEAU_UNIFORM);
}

static void sums(void **state)
{
    (void)state;
    fail_each(false, QN_PLATEAU_ISING, QN_PLATEAU_UNIFORM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(states), cmocka_unit_test(strings), cmocka_unit_test(sums)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
