/* test_estimate.c: published numbers through the public interface, limits, refusals, and counts of circuits. */
#include <qn_test.h>

#include <quern/estimate.h>

#define COUNTS(n, t_gates, turns, layers, toffoli, measured)                                                           \
    ((qn_logical_counts){(uint32_t)sizeof(qn_logical_counts), n, t_gates, turns, layers, toffoli, 0, measured})

/* All rows of data/reference.tsv that have something to compute agree. */
static void published_rows(void **state)
{
    qn_selftest_row *rows = NULL;
    size_t count = 0, passed = 0;
    assert_ok(qn_advise_selftest(*state, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        if (rows[i].state == QN_SELFTEST_FAIL) {
            print_error("%s %s: ours %.12g, published %.12g (%s) %s\n", rows[i].id, rows[i].quantity, rows[i].ours,
                        rows[i].published, rows[i].tolerance, rows[i].message);
        }
        assert_int_not_equal(rows[i].state, QN_SELFTEST_FAIL);
        passed += rows[i].state == QN_SELFTEST_PASS;
    }
    assert_true(passed >= 200);
    qn_selftest_free(rows);
}

static qn_estimate_options options_for(qn_estimate_model model, const char *platform, double budget)
{
    qn_estimate_options options = QN_ESTIMATE_OPTIONS_INIT;
    options.model = model;
    options.platform = platform;
    options.budget = budget;
    return options;
}

/* The estimator's own tests of its frontier: 189 points for the Ising model on ions, 10 for a bit flip code; the point
 * of the shortest time is the estimate without limits; with a limit the estimate is one of the points. */
static void fronts(void **state)
{
    const qn_logical_counts ising = COUNTS(100, 0, 112110, 2001, 0, 0), flip = COUNTS(5, 0, 1, 1, 0, 3);
    qn_estimate_options options = options_for(QN_ESTIMATE_A, "us_e3", 1e-3);
    qn_estimate_front front = {0};
    assert_ok(qn_estimate_front_run(*state, &ising, &options, &front));
    assert_int_equal(front.count, 189);
    const qn_estimate_result *last = &front.points[front.count - 1];
    assert_near(last->physical_qubits, 2938540, 0);
    assert_near(last->runtime_ns, 1734282000000.0, 0);
    for (size_t i = 0; i + 1 < front.count; i++) {
        assert_true(front.points[i].physical_qubits < front.points[i + 1].physical_qubits);
        assert_true(front.points[i].runtime_ns > front.points[i + 1].runtime_ns);
    }
    double limit = last->runtime_s;
    for (int step = 0; step < 40; step++) {
        qn_estimate_result result;
        limit *= 1.1;
        options.max_duration_s = limit;
        assert_ok(qn_estimate_run(*state, &ising, &options, &result));
        assert_true(result.runtime_s <= limit);
        size_t found = 0;
        for (size_t i = 0; i < front.count; i++) {
            found += front.points[i].physical_qubits == result.physical_qubits &&
                     front.points[i].runtime_ns <= result.runtime_ns;
        }
        assert_int_equal(found, 1);
    }
    qn_estimate_front_clear(&front);
    options = options_for(QN_ESTIMATE_A, "maj_e6", 1e-3);
    assert_ok(qn_estimate_front_run(*state, &flip, &options, &front));
    assert_int_equal(front.count, 10);
    qn_estimate_front_clear(&front);
    qn_estimate_front_clear(&front);
}

/* The estimator's own tests: limits equal to the free estimate give it back. */
static void limits_at_the_free_estimate(void **state)
{
    const qn_logical_counts rsa = COUNTS(12581, 12, 12, 12, 3731607428.0, 1078154040.0);
    qn_estimate_options options = options_for(QN_ESTIMATE_A, "maj_e6", 1e-3);
    qn_estimate_result whole, result;
    assert_ok(qn_estimate_run(*state, &rsa, &options, &whole));
    options.max_duration_s = whole.runtime_s;
    assert_ok(qn_estimate_run(*state, &rsa, &options, &result));
    assert_near(result.physical_qubits, whole.physical_qubits, 0);
    assert_near(result.runtime_ns, whole.runtime_ns, 0);
    options.max_duration_s = 0;
    options.max_physical_qubits = whole.physical_qubits;
    assert_ok(qn_estimate_run(*state, &rsa, &options, &result));
    assert_near(result.physical_qubits, whole.physical_qubits, 0);
    assert_near(result.runtime_ns, whole.runtime_ns, 0);
    options.max_duration_s = whole.runtime_s;
    assert_ok(qn_estimate_run(*state, &rsa, &options, &result)); /* both at once */
    options.max_physical_qubits = whole.physical_qubits - 1;
    assert_fails(qn_estimate_run(*state, &rsa, &options, &result), QN_ERR_RANGE, "over the limit");
    options.max_duration_s = 1;
    assert_fails(qn_estimate_run(*state, &rsa, &options, &result), QN_ERR_RANGE, "finishes within 1 s");
    options.max_duration_s = 0;
    options.max_physical_qubits = 10000;
    assert_fails(qn_estimate_run(*state, &rsa, &options, &result), QN_ERR_RANGE, "fits into 10000");
    options.max_physical_qubits = 0;
    for (uint32_t k = 1; k <= 17; k += 4) {
        options.factories = k;
        assert_ok(qn_estimate_run(*state, &rsa, &options, &result));
        assert_true(result.factory.copies <= k);
        assert_true(result.runtime_ns >= whole.runtime_ns);
        assert_int_equal(result.bound, k < 17 ? QN_ESTIMATE_BOUND_FACTORY : QN_ESTIMATE_BOUND_PROGRAM);
    }
}

/* Programs of few kinds of gates, whose prices a second program gave that searches as the Azure estimator does: T gates
 * only, measurements only, Toffolis only, one rotation, states that need no factory, limits. */
static void unusual_programs(void **state)
{
    const struct {
        const char *platform, *code;
        qn_logical_counts counts;
        double budget, max_s, max_qubits, factories;
        double distance, qubits, ns, copies;
    } rows[] = {
        {"ns_e3", "surface", COUNTS(50, 1e5, 0, 0, 0, 0), 1e-2, 0, 0, 0, 15, 306450, 6e8, 14},
        {"ns_e3", "surface", COUNTS(50, 1e5, 0, 0, 0, 0), 1e-2, 0, 0, 3, 17, 123938, 2600054800, 3},
        {"ns_e3", "surface", COUNTS(50, 1e5, 0, 0, 0, 0), 1e-2, 1, 0, 0, 17, 213938, 975004400, 8},
        {"ns_e3", "surface", COUNTS(50, 1e5, 0, 0, 0, 0), 1e-2, 0, 2e5, 0, 17, 195938, 1114309200, 7},
        {"ns_e3", "surface", COUNTS(7, 0, 0, 0, 0, 1000), 1e-6, 0, 0, 0, 17, 13294, 6800000, 0},
        {"ns_e4", "surface", COUNTS(1000, 0, 1000, 10, 5e8, 3e6), 1e-9, 0, 0, 0, 21, 2471462, 12625210668000, 20},
        {"us_e3", "surface", COUNTS(64, 1e7, 0, 0, 0, 0), 1e-4, 0, 0, 0, 23, 372496, 1.38e14, 12},
        {"us_e4", "surface", COUNTS(200, 0, 0, 0, 1e6, 0), 1e-3, 0, 0, 0, 11, 155322, 1.98e13, 15},
        {"us_e4", "surface", COUNTS(2, 10, 0, 0, 0, 0), 1e-2, 0, 0, 0, 3, 180, 18000000, 1},
        {"us_e3", "surface", COUNTS(3, 12, 0, 0, 0, 0), 1e-2, 0, 0, 0, 5, 650, 36000000, 1},
        {"maj_e4", "floquet", COUNTS(100, 1e6, 5000, 100, 0, 50), 1e-3, 0, 0, 0, 11, 479160, 3322605000, 16},
        {"maj_e4", "surface", COUNTS(10, 0, 0, 0, 1e4, 0), 1e-5, 0, 0, 0, 17, 879740, 1020000000, 22},
        {"maj_e6", "surface", COUNTS(100, 1e6, 5000, 100, 0, 50), 1e-3, 0, 0, 0, 7, 33540, 14095900000, 11},
        {"maj_e6", "floquet", COUNTS(10, 0, 1, 1, 0, 0), 1e-2, 0, 0, 0, 1, 1050, 3300, 10},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        qn_estimate_options options = options_for(QN_ESTIMATE_A, rows[i].platform, rows[i].budget);
        qn_estimate_result result;
        options.code = rows[i].code;
        options.max_duration_s = rows[i].max_s;
        options.max_physical_qubits = rows[i].max_qubits;
        options.factories = (uint32_t)rows[i].factories;
        assert_ok(qn_estimate_run(*state, &rows[i].counts, &options, &result));
        assert_near(result.code_distance, rows[i].distance, 0);
        assert_near(result.physical_qubits, rows[i].qubits, 0);
        assert_near(result.runtime_ns, rows[i].ns, 0);
        assert_near(result.factory.copies, rows[i].copies, 0);
    }
}

/* Past 2^53 cycles one more is none: the search for the next distance has to end all the same. */
static void long_programs_end(void **state)
{
    const qn_logical_counts counts = COUNTS(2000, 0, 0, 0, 2e9, 0);
    qn_estimate_options options = options_for(QN_ESTIMATE_A, "superconducting", 1e-3);
    qn_estimate_result result;
    options.cycle_s = 1e-20;
    assert_fails(qn_estimate_run(*state, &counts, &options, &result), QN_ERR_RANGE, "no code distance");
}

static void data_blocks(void **state)
{
    const qn_logical_counts counts = COUNTS(100, 1e8, 0, 0, 1e8, 0);
    qn_estimate_options options = options_for(QN_ESTIMATE_B, "gidney_fowler", 0.01);
    qn_estimate_result result;
    static const double tiles[] = {150, 150, 200, 230}, steps[] = {0, 9, 5, 1};
    options.factories = 100;
    for (int block = 0; block < 4; block++) {
        options.data_block = (qn_data_block)block;
        assert_ok(qn_estimate_run(*state, &counts, &options, &result));
        assert_near(result.logical_qubits, tiles[block], 0);
        assert_near(result.program_bound_s, 2e8 * steps[block] * result.code_distance * 1e-6, 1e-6);
        assert_int_equal(result.bound, block == 0 ? QN_ESTIMATE_BOUND_FACTORY : QN_ESTIMATE_BOUND_DATA_BLOCK);
    }
    options.data_block = QN_DATA_BLOCK_SIMPLE;
    options.serial = true;
    assert_ok(qn_estimate_run(*state, &counts, &options, &result));
    assert_int_equal(result.bound, QN_ESTIMATE_BOUND_REACTION);
    assert_near(result.runtime_s, 2e8 * 10e-6, 1e-6); /* 10 us each */
    options.factories = 0;                            /* no more than keep pace with the reaction */
    assert_ok(qn_estimate_run(*state, &counts, &options, &result));
    assert_true(result.factory_bound_s >= result.reaction_bound_s);
    assert_string_equal(qn_estimate_bound_name(result.bound), "factory");
}

/* Where 35 p^3 squared is not good enough a third level is added; against a search of the whole grid by a second
 * program that was written from the formulas alone. Distances of the caller's choice stay those of two levels. */
static void three_levels(void **state)
{
    const struct {
        double qubits, toffoli, error, factories;
        qn_estimate_objective objective;
        uint32_t distances[4];
        double feeders, rounds, physical_qubits;
    } rows[] = {
        {14, 2.01e15, 1.22e-3, 1, QN_ESTIMATE_LEAST_TIME, {13, 25, 43, 45}, 48, 563805e12, 962554},
        {739,
         1.07e22,
         1.98e-3,
         20,
         QN_ESTIMATE_LEAST_VOLUME,
         {19, 43, 77, 79},
         42,
         255997500000000041549824.0,
         55039338},
        {1000, 1e16, 1e-3, 4, QN_ESTIMATE_LEAST_QUBITS, {11, 25, 41, 45}, 42, 70125e13, 8766328},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const qn_logical_counts counts = COUNTS(rows[i].qubits, 0, 0, 0, rows[i].toffoli, 0);
        qn_estimate_options options = options_for(QN_ESTIMATE_B, "gidney_fowler", 0.01);
        qn_estimate_result result;
        options.error = rows[i].error;
        options.factories = (uint32_t)rows[i].factories;
        options.objective = rows[i].objective;
        assert_ok(qn_estimate_run(*state, &counts, &options, &result));
        const qn_estimate_factory *f = &result.factory;
        assert_int_equal(f->rounds, 3);
        for (int level = 0; level < 3; level++) {
            assert_int_equal(f->distances[level], rows[i].distances[level]);
        }
        assert_int_equal(result.code_distance, rows[i].distances[3]);
        assert_true(f->units[0] == rows[i].feeders && f->units[1] == 6 && f->units[2] == 1);
        assert_near(result.physical_qubits, rows[i].physical_qubits, 0);
        assert_near(result.logical_cycles, rows[i].rounds, 1e-12 * rows[i].rounds);
        options.distances[0] = 15;
        assert_fails(qn_estimate_run(*state, &counts, &options, &result), QN_ERR_RANGE, "a factory of two levels");
    }
    const qn_logical_counts few = COUNTS(1000, 0, 0, 0, 1e9, 0);
    qn_estimate_options options = options_for(QN_ESTIMATE_B, "gidney_fowler", 0.01);
    qn_estimate_result result;
    assert_ok(qn_estimate_run(*state, &few, &options, &result));
    assert_int_equal(result.factory.rounds, 2);
}

static void refusals(void **state)
{
    qn_estimate_result result = {.physical_qubits = -1};
    qn_estimate_options options = options_for(QN_ESTIMATE_A, "ns_e3", 1e-3);
    const struct {
        qn_logical_counts counts;
        const char *message;
    } bad[] = {{COUNTS(0, 1, 0, 0, 0, 0), "at least one qubit"},
               {COUNTS(5, 0, 0, 0, 0, 0), "nothing to price"},
               {COUNTS(5, -1, 0, 0, 0, 0), "count t = -1"},
               {COUNTS(5, 1.5, 0, 0, 0, 0), "count t = 1.5"},
               {COUNTS(5, (double)INFINITY, 0, 0, 0, 0), "count t = inf"},
               {COUNTS((double)NAN, 1, 0, 0, 0, 0), "count qubits"},
               {COUNTS(5, 0, 3, 0, 0, 0), "3 rotations in 0 layers"},
               {COUNTS(5, 0, 3, 4, 0, 0), "4 layers of only 3 rotations"},
               {COUNTS(1e20, 1e60, 0, 0, 0, 0), "no code distance up to 50 reaches"},
               {COUNTS(1e140, 0, 0, 0, 1e240, 0), "no code distance up to 50 reaches"},
               {COUNTS(1, 0, 0, 0, 1e260, 0), "counts beyond"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_fails(qn_estimate_run(*state, &bad[i].counts, &options, &result), QN_ERR_RANGE, bad[i].message);
    }
    const qn_logical_counts good = COUNTS(10, 100, 0, 0, 0, 0), huge = COUNTS(10, 0, 0, 0, 1e60, 0);
    qn_estimate_options wrong = options;
    wrong.budget = 0;
    assert_fails(qn_estimate_run(*state, &good, &wrong, &result), QN_ERR_RANGE, "failure budget 0");
    wrong.budget = 1e-300;
    assert_fails(qn_estimate_run(*state, &good, &wrong, &result), QN_ERR_RANGE, "no code distance");
    wrong = options;
    wrong.error = 0.02;
    assert_fails(qn_estimate_run(*state, &good, &wrong, &result), QN_ERR_RANGE, "threshold 0.01");
    wrong = options;
    wrong.platform = "ns_e33";
    assert_fails(qn_estimate_run(*state, &good, &wrong, &result), QN_ERR_NAME, "did you mean \"ns_e3\"");
    wrong = options;
    wrong.size = 4;
    assert_fails(qn_estimate_run(*state, &good, &wrong, &result), QN_ERR_ARGUMENT, "another version");
    wrong = options_for(QN_ESTIMATE_B, "ns_e3", 1e-3);
    assert_fails(qn_estimate_run(*state, &huge, &wrong, &result), QN_ERR_RANGE, "no code distance up to 99");
    wrong.distances[0] = 4;
    assert_fails(qn_estimate_run(*state, &good, &wrong, &result), QN_ERR_RANGE, "odd number");
    wrong = options_for(QN_ESTIMATE_B, "maj_e6", 1e-3);
    assert_fails(qn_estimate_run(*state, &good, &wrong, &result), QN_ERR_ARGUMENT, "model B prices the surface code");
    qn_litinski factory;
    assert_fails(qn_litinski_run(0, 3, 3, 1e-4, &factory), QN_ERR_RANGE, "distances 0, 3, 3");
    assert_fails(qn_litinski_run(7, 3, 3, 0.01, &factory), QN_ERR_RANGE, "outside (0, 0.01)");
    assert_near(result.physical_qubits, -1, 0); /* outputs untouched */
}

/* With perfect codes only the rotations err. A third each is a turn by P and by +-pi/4, which is P half of the time: P
 * with 2p/3. 15-to-1 distillation makes of that 35 (2p/3)^3 and fails with 15 (2p/3) (S. Bravyi and A. Kitaev,
 * quant-ph/0403025). */
static void litinski_suppresses(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        const double p = 1e-4 * pow(2, i), flip = 2 * p / 3;
        qn_litinski factory;
        assert_ok(qn_litinski_run(61, 61, 61, p, &factory));
        assert_near(factory.output_error / (35 * flip * flip * flip), 1, 0.02);
        assert_near(factory.failure_probability / (15 * flip), 1, 0.02);
    }
}

/* A circuit by hand: rotations on two qubits joined by a CX, a Toffoli, T gates, Clifford angles, measurements. */
static void counts_of_a_circuit(void **state)
{
    (void)state;
    qn_circuit *circuit = NULL;
    qn_logical_counts counts;
    const qn_param angle = QN_PARAM(0.3), clifford = QN_PARAM(1.5707963267948966);
    const uint32_t q[] = {0, 1, 2};
    assert_ok(qn_circuit_create(4, &circuit));
    assert_ok(qn_circuit_append(circuit, QN_GATE_RZ, &q[0], 1, &angle, 1));
    assert_ok(qn_circuit_append(circuit, QN_GATE_RZ, &q[0], 1, &angle, 1));
    assert_ok(qn_circuit_append(circuit, QN_GATE_RZ, &q[1], 1, &angle, 1));
    assert_ok(qn_circuit_append(circuit, QN_GATE_CX, q, 2, NULL, 0));
    assert_ok(qn_circuit_append(circuit, QN_GATE_RX, &q[1], 1, &angle, 1)); /* behind both of qubit 0 */
    assert_ok(qn_circuit_append(circuit, QN_GATE_RZ, &q[2], 1, &clifford, 1));
    assert_ok(qn_circuit_append(circuit, QN_GATE_T, &q[2], 1, NULL, 0));
    assert_ok(qn_circuit_append(circuit, QN_GATE_TDG, &q[2], 1, NULL, 0));
    assert_ok(qn_circuit_append(circuit, QN_GATE_CCX, q, 3, NULL, 0));
    assert_ok(qn_logical_counts_of(circuit, NULL, &counts));
    assert_near(counts.qubits, 4, 0);
    assert_near(counts.rotations, 4, 0);
    assert_near(counts.rotation_depth, 3, 0);
    assert_near(counts.t, 2, 0);
    assert_near(counts.ccz, 1, 0);
    assert_near(counts.measurements, 0, 0);
    qn_circuit_free(circuit);
}

static int open_tables(void **state)
{
    qn_advice *advice = NULL;
    assert_ok(qn_advice_open(NULL, &advice));
    *state = advice;
    return 0;
}

static int close_tables(void **state)
{
    qn_advice_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_rows),
        cmocka_unit_test(fronts),
        cmocka_unit_test(limits_at_the_free_estimate),
        cmocka_unit_test(unusual_programs),
        cmocka_unit_test(long_programs_end),
        cmocka_unit_test(data_blocks),
        cmocka_unit_test(three_levels),
        cmocka_unit_test(refusals),
        cmocka_unit_test(litinski_suppresses),
        cmocka_unit_test(counts_of_a_circuit),
    };
    return cmocka_run_group_tests(tests, open_tables, close_tables);
}
