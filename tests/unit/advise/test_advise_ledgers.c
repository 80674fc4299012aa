/* test_advise_ledgers.c: ledgers as algorithms fill them, judged by gates, loading and degree. */
#include "weighing.h"

static qn_quantity counted(double value)
{
    return (qn_quantity){value, QN_SOURCE_COUNTED};
}

static qn_ledger filled(const char *workload, double toffoli, double qubits, double classical_seconds)
{
    qn_ledger ledger;
    qn_ledger_init(&ledger);
    (void)snprintf(ledger.workload, sizeof ledger.workload, "%s", workload);
    (void)snprintf(ledger.classical_method, sizeof ledger.classical_method, "scan");
    ledger.toffoli_count = counted(toffoli);
    ledger.t_count = counted(0);
    ledger.qubits = counted(qubits);
    ledger.success_probability = counted(1);
    ledger.classical_seconds = (qn_quantity){classical_seconds, QN_SOURCE_MEASURED};
    ledger.data_bytes = counted(0);
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

/* Grover on a formula, N = 2^30: a million calls of 1,000 Toffolis against a second: 12 hours; they meet after
 * (T_Q/T_C)^2. */
static void grover_by_its_degree(void **state)
{
    (void)state;
    qn_ledger ledger = filled("search", 2.6e7 * 1000, 100, 1);
    ledger.problem_size = counted(0x1p30);
    ledger.queries = counted(2.6e4);
    ledger.speedup_degree = (qn_quantity){2, QN_SOURCE_EXACT};
    qn_advise(&ledger);
    assert_int_equal(ledger.verdict, QN_VERDICT_NO_DEGREE);
    const double quantum = ledger.quantum_seconds_p50.value;
    assert_true(ledger.quantum_seconds_p10.value < quantum && quantum < ledger.quantum_seconds_p90.value);
    assert_near(ledger.crossover_seconds.value / (quantum * quantum), 1, 1e-9);
    assert_near(ledger.crossover_size.value / (0x1p30 * quantum * quantum), 1, 1e-9);
    assert_true(ledger.logical_qubits.value > 200 && ledger.physical_qubits.value > 1e5 &&
                ledger.code_distance.value > 10);
    assert_string_equal(ledger.era, "2040+");
    assert_true(says(&ledger, "degree 2"));
    assert_true(says(&ledger, "Data loading: 0 bytes"));
    assert_true(ledger.reason_count <= QN_LEDGER_REASONS);
}

/* A loaded system: the control lines alone take longer than the rival. */
static void loading_decides(void **state)
{
    (void)state;
    qn_ledger ledger = filled("linear", 1e9, 500, 0.01);
    ledger.data_bytes = counted(1e8);
    ledger.loading_gates = counted(9e8);
    ledger.loading_seconds = (qn_quantity){0.005, QN_SOURCE_MEASURED};
    qn_advise(&ledger);
    assert_int_equal(ledger.verdict, QN_VERDICT_NO_IO);
    assert_true(says(&ledger, "Data loading: 1e+08 bytes"));
    assert_true(says(&ledger, "against a copy in memory of 5 ms"));
}

/* A state made by rotations: T gates are shown as T, and each takes half the time of a Toffoli. */
static void loading_by_rotations(void **state)
{
    (void)state;
    qn_ledger rotations = filled("load", 0, 500, 1e-6), toffolis = filled("load", 1e6, 500, 1e-6);
    rotations.t_count = counted(2e6);
    rotations.data_bytes = toffolis.data_bytes = counted(8);
    rotations.loading_gates = counted(0);
    rotations.loading_t_count = counted(2e6);
    toffolis.loading_gates = counted(1e6);
    qn_advise(&rotations);
    qn_advise(&toffolis);
    assert_true(says(&rotations, "0 Toffoli and 2e+06 further T gates a run"));
    assert_true(says(&toffolis, "1e+06 Toffoli gates a run"));
    assert_near(rotations.quantum_seconds_p50.value / toffolis.quantum_seconds_p50.value, 1, 0.25);
    assert_false(says(&rotations, " 0 s for all runs"));
}

/* Failures repeat the run: half the success, twice the time. */
static void failures_repeat(void **state)
{
    (void)state;
    qn_ledger once = filled("linear", 1e6, 50, 1), often = once;
    often.success_probability = counted(0.01);
    qn_advise(&once);
    qn_advise(&often);
    assert_near(often.quantum_seconds_p50.value / once.quantum_seconds_p50.value, 100, 1e-6);
    qn_ledger shots = filled("linear", 1e6, 50, 1);
    shots.shots_total = counted(300);
    qn_advise(&shots);
    assert_near(shots.quantum_seconds_p50.value / once.quantum_seconds_p50.value, 300, 1e-6);
}

/* Rotations become T gates: 100 rotations, 0.53 lg(100/(0.01/3)) + 4.86 each (arXiv:2211.07629). */
static void rotations_become_t(void **state)
{
    (void)state;
    qn_ledger rotations, gates;
    rotations = filled("linear", 0, 10, 1);
    rotations.t_count.source = QN_SOURCE_UNKNOWN;
    rotations.rotations = counted(100);
    gates = filled("linear", 0, 10, 1);
    gates.t_count = counted(100 * ceil(0.53 * log2(100 * 3 / 0.01) + 4.86));
    qn_advise(&rotations);
    qn_advise(&gates);
    assert_near(rotations.quantum_seconds_p50.value, gates.quantum_seconds_p50.value, 1e-12);
}

static void workloads_have_their_rules(void **state)
{
    (void)state;
    static const struct {
        const char *workload;
        double classical;
        qn_verdict verdict;
    } cases[] = {
        {"optimize", 1e-6, QN_VERDICT_NO_CLASSICAL},  {"optimize", 1e9, QN_VERDICT_HEURISTIC},
        {"sampling", 1e-6, QN_VERDICT_NO_CLASSICAL},  {"sampling", 1e9, QN_VERDICT_HEURISTIC},
        {"matmul", 1e-6, QN_VERDICT_NO_ALGORITHM},    {"train", 1e9, QN_VERDICT_NO_ALGORITHM},
        {"linear", 1e-6, QN_VERDICT_NO_CLASSICAL},    {"attention", 1e-6, QN_VERDICT_NO_CLASSICAL},
        {"load", 1e-6, QN_VERDICT_NO_CLASSICAL},      {"mdp", 1e-6, QN_VERDICT_NO_CLASSICAL},
        {"chemistry", 1e-6, QN_VERDICT_NO_CLASSICAL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qn_ledger ledger = filled(cases[i].workload, 1e6, 50, cases[i].classical);
        qn_advise(&ledger);
        if (ledger.verdict != cases[i].verdict) {
            print_error("%s: %s, expected %s\n", cases[i].workload, qn_verdict_key(ledger.verdict),
                        qn_verdict_key(cases[i].verdict));
            fail();
        }
        assert_true(ledger.reason_count >= 2 && ledger.reason_count <= QN_LEDGER_REASONS);
    }
}

/* "possible" wants everything known: gates, data, a degree, a slow rival, a machine. Take one away and it is gone. */
static void possible_wants_everything(void **state)
{
    (void)state;
    qn_ledger whole = filled("shor", 1e7, 100, 1e12);
    whole.speedup_degree = (qn_quantity){1000, QN_SOURCE_EXACT};
    qn_ledger judged = whole;
    qn_advise(&judged);
    assert_int_equal(judged.verdict, QN_VERDICT_POSSIBLE);
    judged = whole;
    judged.data_bytes.source = QN_SOURCE_UNKNOWN;
    qn_advise(&judged);
    assert_int_equal(judged.verdict, QN_VERDICT_NEEDS_INPUT);
    judged = whole;
    judged.speedup_degree.source = QN_SOURCE_UNKNOWN;
    qn_advise(&judged);
    assert_int_equal(judged.verdict, QN_VERDICT_NEEDS_INPUT);
    judged = whole;
    judged.classical_seconds.source = QN_SOURCE_UNKNOWN;
    qn_advise(&judged);
    assert_int_equal(judged.verdict, QN_VERDICT_NEEDS_INPUT);
    judged = whole;
    judged.qubits = counted(1e9);
    qn_advise(&judged);
    assert_int_equal(judged.verdict, QN_VERDICT_NO_ERA);
}

static void options_matter(void **state)
{
    qn_ledger fast = filled("linear", 1e6, 50, 1), slow = fast;
    qn_advise_options options = QN_ADVISE_OPTIONS_INIT;
    assert_ok(qn_advise_with(*state, &options, &fast));
    options.hardware = "ions";
    assert_ok(qn_advise_with(*state, &options, &slow));
    assert_true(slow.quantum_seconds_p50.value > 100 * fast.quantum_seconds_p50.value);
    options.hardware = "cats";
    qn_ledger none = filled("linear", 1e6, 50, 1);
    assert_fails(qn_advise_with(*state, &options, &none), QN_ERR_RANGE, "above the threshold");
    assert_int_equal(none.verdict, QN_VERDICT_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grover_by_its_degree),      cmocka_unit_test(loading_decides),
        cmocka_unit_test(loading_by_rotations),      cmocka_unit_test(failures_repeat),
        cmocka_unit_test(rotations_become_t),        cmocka_unit_test(workloads_have_their_rules),
        cmocka_unit_test(possible_wants_everything), cmocka_unit_test(options_matter),
    };
    return cmocka_run_group_tests(tests, open_advice, close_advice);
}
