/* test_primitive_sampled.c: shots: error bars that cover the truth at their nominal rate, splits, precision, noise
 * contract. */
#include "primitive_fixture.h"

#include "base/alloc.h"

/* Statistics of (estimate - truth) / error bar over many repetitions. */
typedef struct pulls {
    double count, sum, squares, covered;
} pulls;

static void add_pull(pulls *p, double estimate, double truth, double error)
{
    assert_true(error > 0);
    const double pull = (estimate - truth) / error;
    p->count += 1;
    p->sum += pull;
    p->squares += pull * pull;
    p->covered += fabs(pull) <= 1.959964;
}

/* Mean 0, width 1, 95 % inside, each within four standard deviations of what that many repetitions scatter. */
static void check_pulls(const char *what, const pulls *p)
{
    const double mean = p->sum / p->count, width = sqrt(p->squares / p->count), rate = p->covered / p->count;
    print_message("%s: pull mean %.3f, width %.3f, coverage %.3f over %g\n", what, mean, width, rate, p->count);
    assert_near(mean, 0, 4 / sqrt(p->count));
    assert_near(width, 1, 4 / sqrt(2 * p->count));
    assert_near(rate, 0.95, 4 * sqrt(0.95 * 0.05 / p->count));
}

static qn_estimator *estimator_of(fixture f, const qn_circuit *circuit, qn_pauli_sum *const *sums, size_t count,
                                  qn_estimator_options options)
{
    qn_estimator *e = NULL;
    assert_ok(qn_estimator_create(f.engine, circuit, sums_of(sums), count, &options, &e));
    return e;
}

/* 1,024 shots, three groupings, 400 repetitions each. */
static void error_bars_cover(void **state)
{
    (void)state;
    fixture f = fixture_open("reference", 1);
    qn_circuit *circuit = small_circuit();
    qn_pauli_sum *sum = small_sum();
    const double theta[] = {0.8, -0.5};
    double truth = 0;
    qn_estimator *exact = estimator_of(f, circuit, &sum, 1, (qn_estimator_options)QN_ESTIMATOR_OPTIONS_INIT);
    assert_ok(qn_estimator_run(exact, theta, 1, &truth, NULL));
    qn_estimator_free(exact);
    const char *const names[] = {"terms alone", "qubit-wise", "commuting"};
    const uint32_t groups[] = {4, 2, 2};
    for (int g = 0; g < 3; g++) {
        qn_estimator_options options = QN_ESTIMATOR_OPTIONS_INIT;
        options.shots = 1024;
        options.grouping = (qn_grouping)g;
        options.seed = 11;
        qn_estimator *e = estimator_of(f, circuit, &sum, 1, options);
        qn_estimator_stats stats;
        qn_estimator_get_stats(e, &stats);
        assert_int_equal(stats.groups, groups[g]);
        assert_false(stats.exact);
        assert_near(stats.one_norm, 0.99, 1e-12);
        assert_near(stats.noise, 0.99 / sqrt(1024),
                    1e-4); /* one-norm over the root of the shots, up to rounding of the split */
        pulls p = {0, 0, 0, 0};
        for (int i = 0; i < 400; i++) {
            double value = 0, error = 0;
            assert_ok(qn_estimator_run(e, theta, 1, &value, &error));
            assert_true(error <= stats.noise * 1.01);
            add_pull(&p, value, truth, error);
        }
        check_pulls(names[g], &p);
        qn_estimator_get_stats(e, &stats);
        assert_int_equal(stats.evaluations, 400);
        assert_int_equal(stats.circuits, 400 * groups[g]);
        assert_int_equal(stats.shots, 400 * 1024);
        qn_estimator_free(e);
    }
    qn_pauli_sum_free(sum);
    qn_circuit_free(circuit);
    fixture_close(f);
}

/* Random observables in groups that need entangling basis changes, on every engine. */
static void random_observables(void **state)
{
    (void)state;
    qn_random random = {qn_test_seed()};
    for (size_t k = 0; k < qn_engine_count(); k++) {
        fixture f = fixture_open(qn_engine_describe(k)->name, 1);
        pulls p = {0, 0, 0, 0};
        for (unsigned round = 0; round < 8; round++) {
            const uint32_t n = 1 + round % 4;
            qn_circuit *circuit = qn_random_circuit(&random, n, 2, 10);
            qn_pauli_sum *sums[] = {qn_random_sum(&random, n, 8), qn_random_sum(&random, n, 3)};
            double theta[2], truth[2];
            qn_random_angles(&random, theta, 2);
            qn_estimator *e = estimator_of(f, circuit, sums, 2, (qn_estimator_options)QN_ESTIMATOR_OPTIONS_INIT);
            assert_ok(qn_estimator_run(e, theta, 1, truth, NULL));
            qn_estimator_free(e);
            qn_estimator_options options = QN_ESTIMATOR_OPTIONS_INIT;
            options.shots = 2000;
            options.seed = round;
            e = estimator_of(f, circuit, sums, 2, options);
            for (int i = 0; i < 25; i++) {
                double values[2], errors[2];
                assert_ok(qn_estimator_run(e, theta, 1, values, errors));
                for (int o = 0; o < 2; o++) {
                    if (errors[o] > 1e-9) {
                        add_pull(&p, values[o], truth[o], errors[o]);
                    } else { /* an eigenstate or an identity: no spread and no error */
                        assert_near(values[o], truth[o], 1e-9);
                    }
                }
            }
            qn_estimator_free(e);
            qn_pauli_sum_free(sums[0]);
            qn_pauli_sum_free(sums[1]);
            qn_circuit_free(circuit);
        }
        check_pulls(qn_engine_describe(k)->name, &p);
        fixture_close(f);
    }
}

static void gradients_cover(void **state)
{
    (void)state;
    fixture f = fixture_open("reference", 1);
    qn_circuit *circuit = small_circuit();
    qn_pauli_sum *sums[] = {small_sum(), sum_of(2, 1, (const double[]){1}, (const char *const[]){"XY"})};
    const double theta[] = {0.8, -0.5}, weights[] = {1.5, -0.7};
    double truth[2];
    qn_estimator *exact = estimator_of(f, circuit, sums, 2, (qn_estimator_options)QN_ESTIMATOR_OPTIONS_INIT);
    assert_ok(qn_estimator_gradient(exact, theta, weights, NULL, truth, NULL));
    qn_estimator_free(exact);
    for (int m = QN_GRADIENT_SHIFT; m <= QN_GRADIENT_FINITE; m++) {
        qn_estimator_options options = QN_ESTIMATOR_OPTIONS_INIT;
        options.shots = 1024;
        options.gradient = (qn_gradient_method)m;
        options.fd_step = m == QN_GRADIENT_FINITE ? 0.05 : 0;
        qn_estimator *e = estimator_of(f, circuit, sums, 2, options);
        pulls p[2] = {{0, 0, 0, 0}, {0, 0, 0, 0}};
        for (int i = 0; i < 200; i++) {
            double grad[2], errors[2];
            assert_ok(qn_estimator_gradient(e, theta, weights, NULL, grad, errors));
            for (int j = 0; j < 2; j++) {
                add_pull(&p[j], grad[j], truth[j], errors[j]);
            }
        }
        check_pulls(qn_gradient_method_name((qn_gradient_method)m), &p[0]);
        check_pulls(qn_gradient_method_name((qn_gradient_method)m), &p[1]);
        qn_estimator_stats stats;
        qn_estimator_get_stats(e, &stats);
        /* shift: RY, RZ and RXX occur once each, two evaluations an occurrence; fd: two a symbol; 2 + 1 groups, 1024
         * shots an observable */
        const uint64_t evaluations = 200 * (m == QN_GRADIENT_SHIFT ? 6 : 4);
        assert_int_equal(stats.evaluations, evaluations);
        assert_int_equal(stats.circuits, 3 * evaluations);
        assert_int_equal(stats.shots, 2 * 1024 * evaluations);
        assert_int_equal(stats.gradients, 200);
        assert_int_equal(stats.gradient, m);
        qn_estimator_free(e);
    }
    /* an observable of weight 0 is not measured */
    qn_estimator_options options = QN_ESTIMATOR_OPTIONS_INIT;
    options.shots = 100;
    qn_estimator *e = estimator_of(f, circuit, sums, 2, options);
    double grad[2];
    qn_estimator_stats stats;
    assert_ok(qn_estimator_gradient(e, theta, (const double[]){0, 1}, NULL, grad, NULL));
    qn_estimator_get_stats(e, &stats);
    assert_int_equal(stats.shots, 600);
    assert_int_equal(stats.gradient, QN_GRADIENT_SHIFT);
    qn_estimator_free(e);
    qn_pauli_sum_free(sums[0]);
    qn_pauli_sum_free(sums[1]);
    qn_circuit_free(circuit);
    fixture_close(f);
}

/* To a precision: every error bar is at most that, the true scatter too, and the shots are near the optimum that exact
 * variances give. */
static void to_a_precision(void **state)
{
    (void)state;
    fixture f = fixture_open("reference", 1);
    qn_circuit *circuit = small_circuit();
    qn_pauli_sum *sum = small_sum();
    const double theta[] = {0.8, -0.5}, precision = 0.001;
    double truth = 0, optimum = 0, scatter = 0, expected = 0;
    qn_estimator *exact = estimator_of(f, circuit, &sum, 1, (qn_estimator_options)QN_ESTIMATOR_OPTIONS_INIT);
    assert_ok(qn_estimator_run(exact, theta, 1, &truth, NULL));
    assert_ok(qn_estimator_shots_for(exact, theta, 0, precision, &optimum));
    assert_fails(qn_estimator_shots_for(exact, theta, 1, precision, &optimum), QN_ERR_RANGE, "there are 1");
    assert_fails(qn_estimator_shots_for(exact, theta, 0, 0, &optimum), QN_ERR_RANGE, "positive");
    qn_estimator_free(exact);
    qn_estimator_options options = QN_ESTIMATOR_OPTIONS_INIT;
    options.precision = precision;
    qn_estimator *e = estimator_of(f, circuit, &sum, 1, options);
    enum { RUNS = 60 };
    for (int i = 0; i < RUNS; i++) {
        double value = 0, error = 0;
        assert_ok(qn_estimator_run(e, theta, 1, &value, &error));
        assert_true(error <= precision && error > 0.9 * precision);
        scatter += (value - truth) * (value - truth) / RUNS;
        expected += error * error / RUNS;
    }
    assert_near(sqrt(scatter / expected), 1, 4 / sqrt(2 * RUNS));
    qn_estimator_stats stats;
    qn_estimator_get_stats(e, &stats);
    assert_near(stats.noise, precision, 0);
    print_message("shots %.0f, optimum %.0f\n", (double)stats.shots / RUNS, optimum);
    /* Dearer than the optimum, by what guards the group {IZ, ZI, ZZ}, which shows no spread at all on this state. */
    assert_true((double)stats.shots / RUNS > optimum && (double)stats.shots / RUNS < 1.35 * optimum);
    qn_estimator_free(e);

    options.precision = 1e-9;
    e = estimator_of(f, circuit, &sum, 1, options);
    double value = 0;
    assert_fails(qn_estimator_run(e, theta, 1, &value, NULL), QN_ERR_RANGE, "needs about");
    qn_estimator_free(e);
    qn_pauli_sum_free(sum);
    qn_circuit_free(circuit);
    fixture_close(f);
}

/* By hand: RY(t)|0>, H = 0.5 X + 0.2 Z apart: sigma = 0.5 |cos t| and 0.2 |sin t|. */
static void shots_by_hand(void **state)
{
    (void)state;
    fixture f = fixture_open("reference", 1);
    qn_circuit *circuit = NULL;
    uint32_t t = 0;
    const uint32_t q = 0;
    assert_ok(qn_circuit_create(1, &circuit));
    assert_ok(qn_circuit_add_symbol(circuit, "t", &t));
    const qn_param_term term = {t, 1.0};
    assert_ok(qn_circuit_append(circuit, QN_GATE_RY, &q, 1, &(qn_param){0, &term, 1, 0}, 1));
    qn_pauli_sum *sum = sum_of(1, 3, (const double[]){3, 0.5, 0.2}, (const char *const[]){"I", "X", "Z"});
    qn_estimator *e = estimator_of(f, circuit, &sum, 1, (qn_estimator_options)QN_ESTIMATOR_OPTIONS_INIT);
    const double theta = 0.6;
    double shots = 0;
    assert_ok(qn_estimator_shots_for(e, &theta, 0, 0.01, &shots));
    const double spread = 0.5 * cos(0.6) + 0.2 * sin(0.6);
    assert_near(shots, spread * spread / 1e-4, 1e-6);
    qn_estimator_free(e);
    qn_pauli_sum_free(sum);
    qn_circuit_free(circuit);
    fixture_close(f);
}

/* Step 1e-6 at 1,024 shots is refused with numbers; a step above the floor is taken. */
static void noise_contract(void **state)
{
    (void)state;
    fixture f = fixture_open("reference", 1);
    qn_circuit *circuit = small_circuit();
    qn_pauli_sum *sum = small_sum();
    qn_estimator *e = NULL;
    qn_estimator_options options = QN_ESTIMATOR_OPTIONS_INIT;
    options.shots = 1024;
    options.gradient = QN_GRADIENT_FINITE;
    assert_fails(qn_estimator_create(f.engine, circuit, sums_of(&sum), 1, &options, &e), QN_ERR_ARGUMENT,
                 "set fd_step");
    options.fd_step = 1e-6;
    /* sigma = 0.99 / 32 = 0.0309; over sqrt(2) 1e-6: 2.19e+04; t0 turns RY once and RZ twice: 3 x 0.99 = 2.97 */
    const char *const parts[] = {"step 1e-06",   "standard error 0.0309", "2.19e+04",
                                 "exceeds 2.97", "parameter-shift",       "spsa"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        assert_fails(qn_estimator_create(f.engine, circuit, sums_of(&sum), 1, &options, &e), QN_ERR_NOISE, parts[i]);
    }
    assert_null(e);
    options.fd_step = 0.0309 / (sqrt(2) * 2.97) * 0.99;
    assert_fails(qn_estimator_create(f.engine, circuit, sums_of(&sum), 1, &options, &e), QN_ERR_NOISE, "drowns");
    options.fd_step *= 1.03;
    assert_ok(qn_estimator_create(f.engine, circuit, sums_of(&sum), 1, &options, &e));
    qn_estimator_free(e);
    options.shots = 0;
    options.precision = 0.01;
    options.fd_step = 1e-3;
    assert_fails(qn_estimator_create(f.engine, circuit, sums_of(&sum), 1, &options, &e), QN_ERR_NOISE,
                 "standard error 0.01");
    options.gradient = QN_GRADIENT_SHIFT;
    assert_ok(qn_estimator_create(f.engine, circuit, sums_of(&sum), 1, &options, &e));
    qn_estimator_free(e);
    options.shots = 10;
    assert_fails(qn_estimator_create(f.engine, circuit, sums_of(&sum), 1, &options, &e), QN_ERR_ARGUMENT, "both set");
    options.precision = 0;
    options.shots = 3;
    assert_fails(qn_estimator_create(f.engine, circuit, sums_of(&sum), 1, &options, &e), QN_ERR_ARGUMENT,
                 "3 shots cannot cover 2 measured groups; at least 4");
    options.shots = 4;
    assert_ok(qn_estimator_create(f.engine, circuit, sums_of(&sum), 1, &options, &e));
    const double bad[] = {0, (double)NAN};
    double value = 7;
    assert_fails(qn_estimator_run(e, bad, 1, &value, NULL), QN_ERR_NAN, "parameter 1 is nan");
    assert_fails(qn_estimator_run(e, NULL, 1, &value, NULL), QN_ERR_ARGUMENT, "none given");
    assert_near(value, 7, 0);
    assert_int_equal(qn_estimator_position(e), 0);
    qn_estimator_free(e);
    qn_pauli_sum_free(sum);
    qn_circuit_free(circuit);
    fixture_close(f);
}

/* When all programs do not fit, one is compiled at a time, with the same results. */
static void short_of_memory(void **state)
{
    (void)state;
    qn_random random = {qn_test_seed()};
    qn_circuit *circuit = qn_random_circuit(&random, 4, 2, 12);
    qn_pauli_sum *sum = qn_random_sum(&random, 4, 15);
    const double theta[] = {0.3, 1.2};
    double values[2], errors[2];
    for (int tight = 0; tight < 2; tight++) {
        qn_context_options context_options = QN_CONTEXT_OPTIONS_INIT;
        context_options.memory_limit = tight ? 64 << 4 : 1 << 30; /* room for just one program */
        qn_context *context = NULL;
        qn_engine *engine = NULL;
        qn_estimator *e = NULL;
        qn_estimator_options options = QN_ESTIMATOR_OPTIONS_INIT;
        options.shots = 500;
        assert_ok(qn_context_create(&context_options, &context));
        assert_ok(qn_engine_open(context, "reference", &engine));
        assert_ok(qn_estimator_create(engine, circuit, sums_of(&sum), 1, &options, &e));
        assert_ok(qn_estimator_run(e, theta, 1, &values[tight], &errors[tight]));
        qn_estimator_free(e);
        qn_engine_close(engine);
        qn_context_free(context);
    }
    assert_near(values[0], values[1], 0);
    assert_near(errors[0], errors[1], 0);
    qn_pauli_sum_free(sum);
    qn_circuit_free(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_bars_cover), cmocka_unit_test(random_observables), cmocka_unit_test(gradients_cover),
        cmocka_unit_test(to_a_precision),   cmocka_unit_test(shots_by_hand),      cmocka_unit_test(noise_contract),
        cmocka_unit_test(short_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
