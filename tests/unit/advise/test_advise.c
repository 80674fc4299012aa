/* test_advise.c: the first form of the verdict: bounds by hand, missing inputs named, never a promise. */
#include <qn_test.h>

#include <quern/advise.h>

static qn_quantity known(double value, qn_source source)
{
    return (qn_quantity){value, source};
}

static qn_ledger vqe(double classical_seconds, double shots, double depth)
{
    qn_ledger ledger;
    qn_ledger_init(&ledger);
    (void)snprintf(ledger.workload, sizeof ledger.workload, "vqe");
    if (classical_seconds >= 0) {
        ledger.classical_seconds = known(classical_seconds, QN_SOURCE_MEASURED);
    }
    if (shots >= 0) {
        ledger.shots_total = known(shots, QN_SOURCE_MODELLED);
    }
    if (depth >= 0) {
        ledger.two_qubit_depth = known(depth, QN_SOURCE_COUNTED);
    }
    return ledger;
}

static bool says(const qn_ledger *ledger, const char *words)
{
    for (uint32_t i = 0; i < ledger->reason_count; i++) {
        if (strstr(ledger->reasons[i], words) != NULL) {
            return true;
        }
    }
    return false;
}

static void classical_wins(void **state)
{
    (void)state;
    qn_ledger ledger = vqe(1.2e-3, 4.1e8, 400);
    qn_advise(&ledger);
    assert_int_equal(ledger.verdict, QN_VERDICT_NO_CLASSICAL);
    /* 4.1e8 * (400 * 50 ns + 100 ns), by hand: 8241 s */
    assert_near(ledger.quantum_seconds_p10.value, 8241.0, 1e-6);
    assert_int_equal(ledger.quantum_seconds_p10.source, QN_SOURCE_MODELLED);
    assert_near(ledger.quantum_seconds_p50.value, 4.1e8 * (20e-6 + 1.1e-6), 1e-6);
    assert_near(ledger.quantum_seconds_p90.value, 4.1e8 * (20e-6 + 340e-6), 1e-6);
    assert_true(says(&ledger, "The exact answer took 1.2 ms here."));
    assert_true(says(&ledger, "4.1e+08 shots of this circuit take at least 2.29 h even without errors"));
    const uint32_t reasons = ledger.reason_count;
    qn_advise(&ledger);
    assert_int_equal(ledger.reason_count, reasons); /* judging twice says nothing twice */
}

static void missing_inputs_are_named(void **state)
{
    (void)state;
    qn_ledger ledger = vqe(1e-3, -1, 10);
    qn_advise(&ledger);
    assert_int_equal(ledger.verdict, QN_VERDICT_NEEDS_INPUT);
    assert_true(says(&ledger, "number of shots is unknown"));
    assert_int_equal(ledger.quantum_seconds_p10.source, QN_SOURCE_UNKNOWN);
    ledger = vqe(1e-3, 100, -1);
    qn_advise(&ledger);
    assert_int_equal(ledger.verdict, QN_VERDICT_NEEDS_INPUT);
    assert_true(says(&ledger, "two-qubit depth is unknown"));
    qn_ledger other;
    qn_ledger_init(&other);
    qn_advise(&other);
    assert_int_equal(other.verdict, QN_VERDICT_NEEDS_INPUT);
    assert_true(says(&other, "shots and the circuit's two-qubit depth are unknown"));
    assert_true(says(&other, "time of a classical method on this input is unknown"));
    ledger = vqe(1e-3, 100, 10);
    ledger.shots_total.value = (double)NAN;
    qn_advise(&ledger);
    assert_int_equal(ledger.verdict, QN_VERDICT_NEEDS_INPUT);
}

static void vqe_without_a_rival_is_a_heuristic(void **state)
{
    (void)state;
    qn_ledger ledger = vqe(-1, 1e12, 1000);
    qn_advise(&ledger);
    assert_int_equal(ledger.verdict, QN_VERDICT_HEURISTIC);
    assert_true(says(&ledger, "No exact answer was computed here"));
    assert_int_equal(ledger.quantum_seconds_p10.source, QN_SOURCE_MODELLED);
}

/* Whatever the numbers, this form promises nothing: the verdict is one of three and no crossover or size is filled. */
static void never_a_promise(void **state)
{
    (void)state;
    static const double values[] = {-1, 0, 1e-9, 1e-3, 1, 1e6, 1e15};
    for (size_t i = 0; i < 7; i++) {
        for (size_t j = 0; j < 7; j++) {
            for (size_t k = 0; k < 7; k++) {
                qn_ledger ledger = vqe(values[i], values[j], values[k]);
                if ((i + j + k) % 2 == 0) {
                    ledger.workload[0] = '\0';
                }
                qn_advise(&ledger);
                assert_true(ledger.verdict == QN_VERDICT_NO_CLASSICAL || ledger.verdict == QN_VERDICT_HEURISTIC ||
                            ledger.verdict == QN_VERDICT_NEEDS_INPUT);
                assert_int_equal(ledger.crossover_size.source, QN_SOURCE_UNKNOWN);
                assert_int_equal(ledger.crossover_seconds.source, QN_SOURCE_UNKNOWN);
                assert_true(ledger.reason_count >= 1);
                for (uint32_t r = 0; r < ledger.reason_count; r++) {
                    const size_t length = strlen(ledger.reasons[r]);
                    assert_true(length > 0 && ledger.reasons[r][length - 1] == '.');
                }
                if (ledger.verdict == QN_VERDICT_NO_CLASSICAL) {
                    assert_true(values[i] >= 0 && values[i] < ledger.quantum_seconds_p10.value);
                    assert_true(ledger.quantum_seconds_p10.value <= ledger.quantum_seconds_p50.value);
                    assert_true(ledger.quantum_seconds_p50.value <= ledger.quantum_seconds_p90.value);
                }
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classical_wins),
        cmocka_unit_test(missing_inputs_are_named),
        cmocka_unit_test(vqe_without_a_rival_is_a_heuristic),
        cmocka_unit_test(never_a_promise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
