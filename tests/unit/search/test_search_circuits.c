/* test_search_circuits.c: counting and minimum finding as whole circuits against the vector of all items and the closed
 * forms, and their bills against the circuits counted. */
#include "search_fixture.h"

#include <quern/amplitude_estimation.h>
#include <quern/engine.h>

/* The clock's distribution is that of the one circuit at the gate tier, of the vector's powers, and of the closed form.
 */
static void counting_tiers_are_equal(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    static const uint32_t marked[] = {0, 1, 3, 7, 8};
    for (size_t k = 0; k < sizeof marked / sizeof *marked; k++) {
        qn_oracle *oracle = random_oracle(&r, 8, marked[k]);
        for (uint32_t bits = 1; bits <= 5; bits++) {
            double p[3][32], sum = 0;
            for (int t = 0; t < 3; t++) {
                const qn_search_options options = at(QN_SEARCH_TIER_GATE + (qn_search_tier)t);
                assert_ok(qn_search_counting_distribution(context, oracle, &options, bits, p[t]));
            }
            for (uint32_t y = 0; y < 1u << bits; y++) {
                assert_near(p[0][y], p[2][y], 1e-10);
                assert_near(p[1][y], p[2][y], 1e-10);
                sum += p[0][y];
            }
            assert_near(sum, 1, 1e-10);
            /* the same from the circuit in one piece */
            qn_circuit *circuit = NULL;
            assert_ok(qn_search_counting_compile(oracle, QN_ORACLE_AUTO, 24, bits, &circuit));
            qn_engine *engine = NULL;
            qn_program *program = NULL;
            const uint32_t below = qn_circuit_qubits(circuit) - bits;
            qn_complex *amplitudes = malloc(sizeof *amplitudes << qn_circuit_qubits(circuit));
            assert_ok(qn_engine_open(context, "statevector", &engine));
            assert_ok(qn_engine_compile(engine, circuit, NULL, 0, &program));
            assert_ok(qn_program_amplitudes(program, NULL, 0, (size_t)1 << qn_circuit_qubits(circuit), amplitudes));
            for (uint64_t y = 0; y < 1u << bits; y++) {
                double one = 0;
                for (uint64_t i = 0; i < UINT64_C(1) << below; i++) {
                    const qn_complex a = amplitudes[(y << below) + i];
                    one += a.re * a.re + a.im * a.im;
                }
                assert_near(one, p[2][y], 1e-10);
            }
            free(amplitudes);
            qn_program_free(program);
            qn_engine_close(engine);
            qn_circuit_free(circuit);
        }
        qn_oracle_free(oracle);
    }
}

/* Oracles with ancillas under a control: a formula in both layouts, codes through a lookup. Numbers of items that are
 * no power of two are counted among all patterns of the circuit's qubits. */
static void counting_with_ancillas(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    static int32_t literals[] = {1, -2, 2, 3, -1, -3};
    static size_t start[] = {0, 2, 4, 6};
    const qn_cnf cnf = {.variables = 3, .clauses = 3, .start = start, .literals = literals};
    uint32_t codes[6];
    for (int i = 0; i < 6; i++) {
        codes[i] = qn_random_below(&r, 8);
    }
    qn_oracle *oracles[2] = {NULL, NULL};
    assert_ok(qn_oracle_from_cnf(context, &cnf, 0, &oracles[0]));
    assert_ok(qn_oracle_from_codes(context, codes, 6, 3, 2, 5, &oracles[1]));
    static const struct {
        int oracle;
        qn_oracle_layout layout;
    } cases[] = {{0, QN_ORACLE_CLAUSES}, {0, QN_ORACLE_COUNTER}, {1, QN_ORACLE_LOOKUP}};
    for (size_t k = 0; k < 3; k++) {
        qn_search_options options = at(QN_SEARCH_TIER_GATE);
        options.layout = cases[k].layout;
        const qn_oracle *const oracle = oracles[cases[k].oracle];
        double p[16];
        assert_ok(qn_search_counting_distribution(context, oracle, &options, 4, p));
        for (uint64_t y = 0; y < 16; y++) {
            assert_near(p[y], qn_amplitude_canonical_probability((double)qn_oracle_count(oracle) / 8, 4, y), 1e-10);
        }
        /* one run, and its bill against the circuit counted whole */
        options.method = QN_SEARCH_COUNTING;
        options.steps = 15;
        qn_search_result *result = NULL;
        qn_circuit *circuit = NULL;
        qn_circuit_cost cost;
        qn_ledger ledger;
        assert_ok(qn_search_run(context, oracle, &options, &result));
        assert_int_equal(result->tier, QN_SEARCH_TIER_GATE);
        assert_int_equal(result->queries, 15);
        assert_int_equal(result->space, 8);
        assert_true(result->low <= result->estimate && result->estimate <= 8);
        qn_ledger_init(&ledger);
        assert_ok(qn_search_ledger(oracle, result, &ledger));
        assert_ok(qn_search_counting_compile(oracle, options.layout, 24, 4, &circuit));
        assert_ok(qn_circuit_count(circuit, NULL, 1e-10, &cost));
        assert_near(ledger.toffoli_count.value, (double)cost.toffoli, 0);
        assert_near(ledger.t_count.value, (double)cost.t_count, 0);
        assert_near(ledger.gates.value, (double)cost.gates, 0);
        assert_near(ledger.two_qubit_gates.value, (double)cost.cx, 0);
        assert_true(ledger.depth.value >= (double)cost.depth && ledger.depth.value <= 1.3 * (double)cost.depth);
        assert_true(ledger.qubits.value >= qn_circuit_qubits(circuit));
        qn_circuit_free(circuit);
        qn_search_result_free(result);
    }
    qn_search_options small = at(QN_SEARCH_TIER_GATE);
    small.method = QN_SEARCH_COUNTING;
    small.steps = 15;
    small.gate_qubits = 9;
    qn_search_result *result = NULL;
    assert_fails(qn_search_run(context, oracles[1], &small, &result), QN_ERR_TOO_LARGE, "beside a clock of 4");
    assert_null(result);
    qn_oracle_free(oracles[0]);
    qn_oracle_free(oracles[1]);
}

/* Searches below every threshold, with and without excluded ranks: the circuit, the vector and the closed form agree
 * after every number of steps. */
static void threshold_tiers_are_equal(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (uint32_t items = 1; items <= 8; items++) {
        uint32_t codes[8], excluded[2];
        for (uint32_t i = 0; i < items; i++) { /* a random permutation */
            const uint32_t j = qn_random_below(&r, i + 1);
            codes[i] = codes[j];
            codes[j] = i;
        }
        for (uint32_t threshold = 0; threshold < items; threshold++) {
            const size_t count = threshold > 2 ? 2 : 0;
            excluded[0] = threshold > 0 ? qn_random_below(&r, threshold) : 0;
            excluded[1] = threshold > 0 ? qn_random_below(&r, threshold) : 0; /* perhaps the same */
            qn_oracle *oracle = NULL;
            assert_ok(qn_oracle_below(context, codes, items, 3, threshold, excluded, count, &oracle));
            uint64_t marked = 0;
            for (uint32_t i = 0; i < items; i++) {
                const bool below =
                    codes[i] < threshold && !(count > 0 && (codes[i] == excluded[0] || codes[i] == excluded[1]));
                assert_int_equal(qn_oracle_marks(oracle, i), below);
                marked += below;
            }
            assert_int_equal(qn_oracle_count(oracle), marked);
            double gate[5], vector[5];
            const qn_search_options circuit = at(QN_SEARCH_TIER_GATE), reflections = at(QN_SEARCH_TIER_OPERATOR);
            assert_ok(qn_search_curve(context, oracle, &circuit, 5, gate));
            assert_ok(qn_search_curve(context, oracle, &reflections, 5, vector));
            const double space = ldexp(1, (int)qn_oracle_bits(oracle));
            for (uint64_t k = 0; k < 5; k++) {
                assert_near(gate[k], qn_search_success(space, (double)marked, k), 1e-10);
                assert_near(vector[k], qn_search_success(items, (double)marked, k), 1e-10);
            }
            qn_circuit *step = NULL;
            qn_circuit_cost cost;
            qn_oracle_cost price;
            assert_ok(qn_oracle_price(oracle, QN_ORACLE_LOOKUP, 24, &price));
            assert_ok(qn_oracle_compile(oracle, QN_ORACLE_LOOKUP, 24, NULL, &step));
            assert_ok(qn_circuit_count(step, NULL, 1e-10, &cost));
            assert_near(price.toffoli, (double)cost.toffoli, 0);
            qn_circuit_free(step);
            qn_oracle_free(oracle);
        }
    }
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The whole procedure at every tier, ties included; the gate tier counts what it ran. */
static void minimum_at_every_tier(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (unsigned round = 0; round < 12; round++) {
        double values[8], sorted[8];
        const uint64_t items = 1 + qn_random_below(&r, 8), k = 1 + qn_random_below(&r, (uint32_t)items);
        for (uint64_t i = 0; i < items; i++) {
            sorted[i] = values[i] = (double)qn_random_below(&r, 5) - 2;
        }
        qsort(sorted, items, sizeof *sorted, by_value);
        for (qn_search_tier tier = QN_SEARCH_TIER_AUTO; tier <= QN_SEARCH_TIER_SPECTRAL; tier++) {
            qn_minimum_options options = QN_MINIMUM_OPTIONS_INIT;
            options.k = k;
            options.tier = tier;
            options.failure = 1e-6;
            options.seed = round;
            qn_minimum_result *result = NULL;
            assert_ok(qn_search_minimum_run(context, values, items, &options, &result));
            assert_int_equal(result->count, k);
            assert_true(tier == QN_SEARCH_TIER_AUTO || result->tier == tier);
            for (uint64_t i = 0; i < k; i++) {
                assert_true(values[result->found[i]] == sorted[i]);
            }
            assert_true(result->queries >= result->queries_to_best && result->queries > 0);
            assert_int_equal(result->cost.counted, result->tier == QN_SEARCH_TIER_GATE);
            qn_ledger ledger;
            qn_ledger_init(&ledger);
            assert_ok(qn_minimum_ledger(items, result, &ledger));
            if (result->cost.counted) {
                assert_int_equal(ledger.toffoli_count.source, QN_SOURCE_COUNTED);
                assert_true(ledger.loading_gates.value <= ledger.toffoli_count.value);
                assert_true(ledger.two_qubit_depth.value > 0 || items < 3);
            }
            qn_minimum_result_free(result);
        }
    }
    double values[64] = {0};
    qn_minimum_options options = QN_MINIMUM_OPTIONS_INIT;
    qn_minimum_result *result = NULL;
    options.tier = QN_SEARCH_TIER_GATE;
    options.gate_qubits = 12;
    assert_fails(qn_search_minimum_run(context, values, 64, &options, &result), QN_ERR_TOO_LARGE,
                 "qubits; allowed are 12");
    assert_null(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counting_tiers_are_equal),
        cmocka_unit_test(counting_with_ancillas),
        cmocka_unit_test(threshold_tiers_are_equal),
        cmocka_unit_test(minimum_at_every_tier),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
