/* test_search.c: amplitude amplification at its three tiers against closed forms and published figures. */
#include "search_fixture.h"

#include <quern/engine.h>

static const double PI = 3.14159265358979323846;

/* sin^2((2k + 1) theta) with one marked item, k = floor(pi / 4 theta): figures computed for this file with 50 digits in
 * Python's decimal arithmetic agree with these to the digits shown. */
static void success_of_one_among_many(void **state)
{
    (void)state;
    static const struct {
        int bits;
        uint64_t steps;
        double success;
    } cases[] = {{10, 25, .9994612447}, {16, 201, .9999882597}, {20, 804, .9999997570}, {24, 3216, .9999999426}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        const double items = ldexp(1, cases[k].bits);
        assert_int_equal(qn_search_steps(items, 1), cases[k].steps);
        assert_near(qn_search_success(items, 1, cases[k].steps), cases[k].success, 1e-9);
    }
    /* the vector and the circuit of 2^10 items do the same */
    qn_random r = {qn_test_seed()};
    qn_oracle *oracle = random_oracle(&r, 1024, 1);
    for (qn_search_tier tier = QN_SEARCH_TIER_GATE; tier <= QN_SEARCH_TIER_SPECTRAL; tier++) {
        const qn_search_options options = at(tier);
        double curve[26];
        assert_ok(qn_search_curve(context, oracle, &options, 26, curve));
        for (uint64_t k = 0; k < 26; k++) {
            assert_near(curve[k], qn_search_success(1024, 1, k), 1e-10);
        }
        assert_near(curve[25], .9994612447, 1e-9);
    }
    qn_oracle_free(oracle);
}

static void compare_tiers(const qn_oracle *oracle, const double *alpha, const double *beta, uint64_t steps)
{
    const size_t space = (size_t)1 << qn_oracle_bits(oracle);
    double *states[3];
    for (int tier = QN_SEARCH_TIER_GATE; tier <= QN_SEARCH_TIER_SPECTRAL; tier++) {
        const qn_search_options options = at((qn_search_tier)tier);
        states[tier - 1] = calloc(2 * space, sizeof(double));
        assert_ok(qn_search_state(context, oracle, &options, alpha, beta, steps, states[tier - 1]));
    }
    for (size_t i = 0; i < 2 * space; i++) {
        assert_near(states[0][i], states[2][i], 1e-10);
        assert_near(states[1][i], states[2][i], 1e-10);
    }
    for (int k = 0; k < 3; k++) {
        free(states[k]);
    }
}

/* Every amplitude, sign and phase included: Grover's steps, random phases; tables, formulas and lookups. */
static void tiers_are_equal(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (unsigned round = 0; round < 8 * qn_test_scale(); round++) {
        double alpha[6], beta[6];
        qn_random_angles(&r, alpha, 6);
        qn_random_angles(&r, beta, 6);
        const uint32_t bits = 1 + qn_random_below(&r, 7);
        qn_oracle *oracle = random_oracle(&r, 1u << bits, 1 + qn_random_below(&r, 1u << bits));
        compare_tiers(oracle, NULL, NULL, 5);
        compare_tiers(oracle, alpha, beta, 6);
        qn_oracle_free(oracle);
    }
    static const char formula[] = "p cnf 6 7\n1 -2 3 0 2 4 0 -3 -4 5 0 6 0 -1 -5 0 2 3 -5 6 0 -2 -4 -6 1 0\n";
    qn_cnf *cnf = NULL;
    qn_oracle *oracle = NULL;
    assert_ok(qn_cnf_parse("formula", formula, sizeof formula - 1, &cnf));
    assert_ok(qn_oracle_from_cnf(context, cnf, 0, &oracle));
    assert_true(qn_oracle_count(oracle) > 0);
    compare_tiers(oracle, NULL, NULL, 4);
    qn_oracle_free(oracle);
    qn_cnf_free(cnf);
    uint32_t codes[32];
    for (uint32_t i = 0; i < 32; i++) {
        codes[i] = qn_random_below(&r, 8);
    }
    oracle = NULL;
    assert_ok(qn_oracle_from_codes(context, codes, 32, 3, 6, 7, &oracle));
    compare_tiers(oracle, NULL, NULL, 4);
    qn_oracle_free(oracle);
}

/* The spectral tier jumps over plain steps; its success is that of stepping, measured at the last run's steps. */
static void jumps_equal_steps(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (unsigned round = 0; round < 20; round++) {
        qn_oracle *oracle = random_oracle(&r, 300, 1 + qn_random_below(&r, 300));
        qn_search_options options = at(QN_SEARCH_TIER_SPECTRAL);
        qn_search_result *result = NULL;
        double curve[64];
        options.method = QN_SEARCH_GROVER;
        options.steps = 1 + round * 3;
        assert_ok(qn_search_run(context, oracle, &options, &result));
        assert_ok(qn_search_curve(context, oracle, &options, options.steps + 1, curve));
        assert_near(result->success, curve[options.steps], 1e-10);
        qn_search_result_free(result);
        qn_oracle_free(oracle);
    }
}

/* Long: success 1 with 2, 8 and 25 steps for 1 of 8, 100 and 1000 items. */
static void exact_search_never_fails(void **state)
{
    (void)state;
    static const struct {
        uint32_t items;
        uint64_t steps;
    } cases[] = {{8, 2}, {100, 8}, {1000, 25}};
    qn_random r = {qn_test_seed()};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        uint64_t steps = 0;
        double phase = 0;
        qn_search_exact(cases[k].items, 1, &steps, &phase);
        assert_int_equal(steps, cases[k].steps);
        qn_oracle *oracle = random_oracle(&r, cases[k].items, 1);
        for (qn_search_tier tier = QN_SEARCH_TIER_OPERATOR; tier <= QN_SEARCH_TIER_SPECTRAL; tier++) {
            qn_search_options options = at(tier);
            qn_search_result *result = NULL;
            options.method = QN_SEARCH_EXACT;
            assert_ok(qn_search_run(context, oracle, &options, &result));
            assert_near(result->success, 1, 1e-12);
            assert_int_equal(result->runs, 1);
            assert_int_equal(result->count, 1);
            assert_int_equal(result->found[0], qn_oracle_solution(oracle, 0));
            qn_search_result_free(result);
        }
        qn_oracle_free(oracle);
    }
    for (double marked = 1; marked < 700; marked *= 1.7) { /* every share */
        uint64_t steps = 0;
        double phase = 0;
        qn_search_exact(700, floor(marked), &steps, &phase);
        qn_oracle *oracle = random_oracle(&r, 700, (uint32_t)marked);
        qn_search_options options = at(QN_SEARCH_TIER_SPECTRAL);
        options.method = QN_SEARCH_EXACT;
        qn_search_result *result = NULL;
        assert_ok(qn_search_run(context, oracle, &options, &result));
        assert_near(result->success, 1, 1e-12);
        qn_search_result_free(result);
        qn_oracle_free(oracle);
    }
}

/* Yoder, Low, Chuang: success by their formula 1 - delta^2 T_L(T_{1/L}(1/delta) sqrt(1 - lambda))^2, and by running the
 * phases on a vector. */
static void fixed_point_schedules(void **state)
{
    (void)state;
    static const struct {
        double delta, fraction;
        uint64_t length;
        double success;
    } cases[] = {{0.31622776601683794, .1, 7, .99607038}, {.1, .1, 7, .88500010}, {.1, .01, 31, .99558734}};
    qn_random r = {qn_test_seed()};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        assert_near(qn_search_fixed_point_success(cases[k].length, cases[k].delta, cases[k].fraction), cases[k].success,
                    1e-8);
        double alpha[64], beta[64];
        const uint64_t steps = (cases[k].length - 1) / 2;
        qn_search_fixed_point(cases[k].length, cases[k].delta, alpha, beta);
        for (uint64_t j = 0; j < steps; j++) {
            alpha[j] = -alpha[j];
        }
        qn_oracle *oracle = random_oracle(&r, 1000, (uint32_t)(1000 * cases[k].fraction));
        for (qn_search_tier tier = QN_SEARCH_TIER_OPERATOR; tier <= QN_SEARCH_TIER_SPECTRAL; tier++) {
            const qn_search_options options = at(tier);
            double *amplitudes = calloc(2000, sizeof *amplitudes), success = 0;
            assert_ok(qn_search_state(context, oracle, &options, alpha, beta, steps, amplitudes));
            for (uint64_t i = 0; i < 1000; i++) {
                success += qn_oracle_marks(oracle, i)
                               ? amplitudes[2 * i] * amplitudes[2 * i] + amplitudes[2 * i + 1] * amplitudes[2 * i + 1]
                               : 0;
            }
            assert_near(success, cases[k].success, 1e-8);
            assert_near(success, qn_search_fixed_point_success(cases[k].length, cases[k].delta, cases[k].fraction),
                        1e-11);
            free(amplitudes);
        }
        qn_oracle_free(oracle);
    }
    /* its promise: at least 1 - delta^2 for every share above the one it was made for */
    const uint64_t length = qn_search_fixed_point_length(.2, .01);
    for (double fraction = .01; fraction < 1; fraction *= 1.1) {
        assert_true(qn_search_fixed_point_success(length, .2, fraction) >= 1 - .04 - 1e-12);
    }
}

/* Means over many searches against those that the bounds are known to hide: 1.42 sqrt(N), 1.47 and 1.61 sqrt(N/t) with
 * t = 1, 16, 1024 marked of 2^20; to the minimum of N values 2.92 sqrt(N) at 1024 and 2.85 at 15,625. */
static void unknown_number_means(void **state)
{
    (void)state;
    static const struct {
        uint64_t marked;
        double factor;
    } cases[] = {{1, 1.42}, {16, 1.47}, {1024, 1.61}};
    const unsigned runs = 20000;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        double sum = 0;
        for (unsigned s = 0; s < runs; s++) {
            sum += (double)qn_search_bbht_draw(1u << 20, cases[k].marked, 5, s);
        }
        const double mean = sum / runs / sqrt(1048576.0 / (double)cases[k].marked);
        assert_near(mean, cases[k].factor, .05);
        assert_true(mean < 4.5); /* the theorem's bound */
    }
}

static void minimum_means(void **state)
{
    (void)state;
    static const struct {
        uint64_t items;
        double mean, tolerance;
    } cases[] = {{1024, 93.5, 3}, {15625, 356, 10}};
    const unsigned runs = 10000;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        double sum = 0;
        for (unsigned s = 0; s < runs; s++) {
            sum += (double)qn_search_minimum_draw(cases[k].items, 9, s);
        }
        assert_near(sum / runs, cases[k].mean, cases[k].tolerance);
    }
}

static int compare_values(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void smallest_values_are_found(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (unsigned round = 0; round < 20; round++) {
        double values[300], sorted[300];
        const uint64_t items = 1 + qn_random_below(&r, 300), k = 1 + qn_random_below(&r, (uint32_t)items);
        for (uint64_t i = 0; i < items; i++) {
            sorted[i] = values[i] = (double)qn_random_below(&r, 50); /* with ties */
        }
        qsort(sorted, items, sizeof *sorted, compare_values);
        qn_minimum_result *result = NULL;
        assert_ok(qn_search_minimum(values, items, k, 1e-9, round, &result));
        assert_int_equal(result->count, k);
        for (uint64_t i = 0; i < k; i++) {
            assert_true(values[result->found[i]] == sorted[i]);
            assert_true(i == 0 || result->found[i] != result->found[i - 1]);
        }
        qn_minimum_result_free(result);
    }
    const double bad[2] = {1, (double)NAN};
    qn_minimum_result *result = NULL;
    assert_fails(qn_search_minimum(bad, 2, 1, .1, 1, &result), QN_ERR_NAN, "value 1");
    assert_fails(qn_search_minimum(bad, 1, 2, .1, 1, &result), QN_ERR_RANGE, "2 smallest of 1");
    assert_null(result);
}

/* All solutions at every tier, and the claim that there are none, with its confidence. */
static void searches_end(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (qn_search_tier tier = QN_SEARCH_TIER_AUTO; tier <= QN_SEARCH_TIER_SPECTRAL; tier++) {
        qn_oracle *oracle = random_oracle(&r, 256, 5);
        qn_search_options options = at(tier);
        options.solutions = 8;
        qn_search_result *result = NULL;
        assert_ok(qn_search_run(context, oracle, &options, &result));
        assert_int_equal(result->count, 5);
        assert_true(result->exhausted && result->confidence >= 1 - 1e-6);
        for (size_t k = 0; k < result->count; k++) {
            assert_true(qn_oracle_marks(oracle, result->found[k]));
        }
        assert_true(result->queries > 5 && strlen(result->tier_note) > 10);
        qn_search_result_free(result);
        qn_oracle_free(oracle);
        oracle = random_oracle(&r, 200, 0);
        result = NULL;
        options.failure = 1e-3;
        assert_ok(qn_search_run(context, oracle, &options, &result));
        assert_int_equal(result->count, 0);
        assert_true(result->exhausted);
        assert_true(result->confidence >= .999 && result->confidence < 1);
        qn_search_result_free(result);
        qn_oracle_free(oracle);
    }
}

static void counting_stays_within_its_bounds(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    qn_oracle *oracle = random_oracle(&r, 4096, 37);
    unsigned inside = 0;
    const unsigned runs = 2000;
    for (unsigned s = 0; s < runs; s++) {
        qn_search_options options = QN_SEARCH_OPTIONS_INIT;
        options.method = QN_SEARCH_COUNTING;
        options.steps = 255;
        options.seed = s;
        qn_search_result *result = NULL;
        assert_ok(qn_search_run(context, oracle, &options, &result));
        assert_int_equal(result->queries, 255);
        const double bound = 2 * PI * sqrt(37. * (4096 - 37)) / 256 + PI * PI * 4096 / 65536;
        inside += fabs(result->estimate - 37) <= bound;
        qn_search_result_free(result);
    }
    assert_true(inside >= 8 / PI / PI * runs);
    qn_oracle_free(oracle);
}

/* W puts 1/2 of a unitary before the ancillas' 0: (cos t - i sin t X)/2 = LCU of 1 and X with padding. One round of
 * oblivious amplification gives the whole unitary, whatever the input. */
static void oblivious_amplification_is_exact(void **state)
{
    (void)state;
    qn_circuit *w = NULL, *amplified = NULL, *whole = NULL;
    qn_engine *engine = NULL;
    qn_program *program = NULL;
    assert_ok(qn_circuit_create(3, &w));
    const uint32_t ancilla = 0, other = 1, data = 2;
    const qn_param sixty = QN_PARAM(2 * PI / 3), small = QN_PARAM(.9), half = QN_PARAM(-.4);
    /* the first ancilla makes the 1/2; the second one turns with the data and back: nothing of it is left */
    const uint32_t pair[2] = {other, data};
    assert_ok(qn_circuit_append(w, QN_GATE_RY, &ancilla, 1, &sixty, 1));
    assert_ok(qn_circuit_append(w, QN_GATE_CX, (const uint32_t[2]){data, other}, 2, NULL, 0));
    assert_ok(qn_circuit_append(w, QN_GATE_CRZ, pair, 2, &half, 1));
    assert_ok(qn_circuit_append(w, QN_GATE_CX, (const uint32_t[2]){data, other}, 2, NULL, 0));
    assert_ok(qn_circuit_append(w, QN_GATE_RX, &data, 1, &small, 1));
    assert_ok(qn_search_oblivious(w, 2, 1, &amplified));
    assert_ok(qn_circuit_create(3, &whole));
    assert_ok(qn_circuit_append(whole, QN_GATE_RY, &data, 1, &small, 1)); /* some input */
    assert_ok(qn_circuit_append_circuit(whole, amplified));
    assert_ok(qn_engine_open(context, "statevector", &engine));
    assert_ok(qn_engine_compile(engine, whole, NULL, 0, &program));
    qn_complex out[8];
    assert_ok(qn_program_amplitudes(program, NULL, 0, 8, out));
    /* data: RY(.9)|0>, its 1 component turned by crz(-.4): exp(-.2 i), then RX(.9) */
    const double c = cos(.45), s = sin(.45);
    const double in[2][2] = {{c, 0}, {s * cos(-.2), s * sin(-.2)}};
    const double expected[2][2] = {{c * in[0][0] + s * in[1][1], c * in[0][1] - s * in[1][0]},
                                   {c * in[1][0] + s * in[0][1], c * in[1][1] - s * in[0][0]}};
    for (int i = 0; i < 8; i++) {
        const bool clean = (i & 3) == 0;
        assert_near(out[i].re, clean ? expected[i >> 2][0] : 0, 1e-12);
        assert_near(out[i].im, clean ? expected[i >> 2][1] : 0, 1e-12);
    }
    qn_program_free(program);
    qn_engine_close(engine);
    qn_circuit_free(w);
    qn_circuit_free(amplified);
    qn_circuit_free(whole);
}

/* Grover and Radhakrishnan's saving, held against the amplitudes of three kinds of items stepped one by one. */
static void partial_search_saves_steps(void **state)
{
    (void)state;
    uint64_t global = 0, local = 0;
    double success = 0;
    qn_search_partial(65536, 4, &global, &local, &success);
    assert_true(global + local < 201 && success > .999);
    const double items = 65536, block = 16384;
    double hit = 1 / 256., near = hit, far = hit;
    for (uint64_t k = 0; k < global; k++) {
        const double mean = (-hit + (block - 1) * near + (items - block) * far) / items;
        hit = 2 * mean + hit;
        near = 2 * mean - near;
        far = 2 * mean - far;
    }
    for (uint64_t k = 0; k + 1 < local; k++) {
        const double mean = (-hit + (block - 1) * near) / block;
        hit = 2 * mean + hit;
        near = 2 * mean - near;
    }
    const double mean = ((block - 1) * near + (items - block) * far) / items;
    far = 2 * mean - far;
    assert_near(1 - (items - block) * far * far, success, 1e-9);
}

static void wrong_calls_are_refused(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    qn_oracle *oracle = random_oracle(&r, 64, 0);
    qn_search_options options = QN_SEARCH_OPTIONS_INIT;
    qn_search_result *result = NULL;
    options.method = QN_SEARCH_GROVER;
    assert_fails(qn_search_run(context, oracle, &options, &result), QN_ERR_RANGE, "nothing is marked");
    options.method = QN_SEARCH_MINIMUM;
    assert_fails(qn_search_run(context, oracle, &options, &result), QN_ERR_ARGUMENT, "minimum");
    options.method = QN_SEARCH_BBHT;
    options.failure = 2;
    assert_fails(qn_search_run(context, oracle, &options, &result), QN_ERR_RANGE, "failure");
    options.failure = 0;
    options.size = 3;
    assert_fails(qn_search_run(context, oracle, &options, &result), QN_ERR_ARGUMENT, "QN_SEARCH_OPTIONS_INIT");
    options.size = sizeof options;
    options.tier = QN_SEARCH_TIER_GATE;
    options.gate_qubits = 3;
    assert_fails(qn_search_run(context, oracle, &options, &result), QN_ERR_TOO_LARGE, "6 qubits");
    assert_null(result);
    qn_oracle_free(oracle);
}

/* The ledger's gates are those of the whole circuit counted at once. */
static void ledger_counts_the_circuit(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    qn_oracle *oracle = random_oracle(&r, 32, 1);
    qn_search_options options = at(QN_SEARCH_TIER_GATE);
    options.method = QN_SEARCH_GROVER;
    qn_search_result *result = NULL;
    assert_ok(qn_search_run(context, oracle, &options, &result));
    qn_ledger ledger;
    qn_ledger_init(&ledger);
    assert_ok(qn_search_ledger(oracle, result, &ledger));
    qn_circuit *step = NULL, *whole = NULL;
    qn_circuit_cost cost;
    assert_ok(qn_search_compile(oracle, QN_ORACLE_AUTO, 24, false, &step));
    assert_ok(qn_circuit_create(5, &whole));
    for (uint32_t q = 0; q < 5; q++) {
        assert_ok(qn_circuit_append(whole, QN_GATE_H, &q, 1, NULL, 0));
    }
    for (uint64_t k = 0; k < result->steps; k++) {
        assert_ok(qn_circuit_append_circuit(whole, step));
    }
    assert_ok(qn_circuit_count(whole, NULL, 1e-3, &cost));
    assert_int_equal(result->steps, 4);
    assert_near(ledger.toffoli_count.value, (double)cost.toffoli, 0);
    assert_near(ledger.t_count.value, (double)cost.t_count, 0);
    assert_near(ledger.gates.value, (double)cost.gates, 0);
    assert_near(ledger.queries.value, 4, 0);
    qn_circuit_free(step);
    qn_circuit_free(whole);
    qn_search_result_free(result);
    qn_oracle_free(oracle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(success_of_one_among_many),
        cmocka_unit_test(tiers_are_equal),
        cmocka_unit_test(jumps_equal_steps),
        cmocka_unit_test(exact_search_never_fails),
        cmocka_unit_test(fixed_point_schedules),
        cmocka_unit_test(unknown_number_means),
        cmocka_unit_test(minimum_means),
        cmocka_unit_test(smallest_values_are_found),
        cmocka_unit_test(searches_end),
        cmocka_unit_test(counting_stays_within_its_bounds),
        cmocka_unit_test(oblivious_amplification_is_exact),
        cmocka_unit_test(partial_search_saves_steps),
        cmocka_unit_test(wrong_calls_are_refused),
        cmocka_unit_test(ledger_counts_the_circuit),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
