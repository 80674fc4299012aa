/* test_estimation.c: amplitude estimation: circuits against closed forms, intervals against their promise, errors
 * against published figures. */
#include <qn_random.h>

#include <quern/amplitude_estimation.h>
#include <quern/engine.h>

static qn_context *context;
static const double PI = 3.14159265358979323846;

static int open_context(void **state)
{
    (void)state;
    return qn_context_create(NULL, &context) == QN_OK ? 0 : -1;
}

static int close_context(void **state)
{
    (void)state;
    qn_context_free(context);
    return 0;
}

static qn_estimation_options with(qn_estimation_method method)
{
    qn_estimation_options options = QN_ESTIMATION_OPTIONS_INIT;
    options.method = method;
    return options;
}

/* A small A with entanglement; the probability of its good qubit is read from the state. */
static qn_circuit *random_a(qn_random *r, uint32_t n)
{
    qn_circuit *a = qn_random_start(r, n, 0);
    for (uint32_t q = 0; q + 1 < n; q++) {
        const uint32_t pair[2] = {q, q + 1};
        const qn_param angle = QN_PARAM(qn_random_between(r, -2, 2));
        assert_ok(qn_circuit_append(a, QN_GATE_CRY, pair, 2, &angle, 1));
        assert_ok(qn_circuit_append(a, QN_GATE_CP, pair, 2, &angle, 1));
    }
    return a;
}

static void powers_rotate(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (unsigned round = 0; round < 6 * qn_test_scale(); round++) {
        const uint32_t n = 1 + qn_random_below(&r, 4), good = qn_random_below(&r, n);
        qn_circuit *a = random_a(&r, n);
        qn_amplitude *circuit = NULL, *number = NULL;
        double p = 0, q = 0;
        assert_ok(qn_amplitude_of_circuit(context, a, good, &circuit));
        assert_ok(qn_amplitude_probability(circuit, 0, &p));
        assert_ok(qn_amplitude_of_number(p, &number));
        for (uint64_t k = 0; k < 20; k++) {
            assert_ok(qn_amplitude_probability(circuit, k * 7 % 20, &p));
            assert_ok(qn_amplitude_probability(number, k * 7 % 20, &q));
            assert_near(p, q, 1e-10);
        }
        /* and so whole runs agree: the same draws, the same answers */
        for (int method = 0; method < 3; method++) {
            qn_estimation one, two;
            qn_estimation_options options = with((qn_estimation_method)method);
            options.epsilon = .02;
            options.seed = round;
            assert_ok(qn_amplitude_estimate(circuit, &options, &one));
            assert_ok(qn_amplitude_estimate(number, &options, &two));
            assert_near(one.estimate, two.estimate, 1e-9);
            assert_near(one.low, two.low, 1e-8);
            assert_int_equal(one.calls, two.calls);
        }
        qn_amplitude_free(circuit);
        qn_amplitude_free(number);
        qn_circuit_free(a);
    }
}

/* The clock's distribution: phase estimation as a circuit against the closed form, every outcome. */
static void clock_of_the_circuit(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (uint32_t bits = 1; bits <= 4; bits++) {
        const uint32_t n = 2, good = 1;
        qn_circuit *a = random_a(&r, n), *whole = NULL;
        qn_amplitude *amplitude = NULL;
        qn_engine *engine = NULL;
        qn_program *program = NULL;
        double p = 0;
        assert_ok(qn_amplitude_of_circuit(context, a, good, &amplitude));
        assert_ok(qn_amplitude_probability(amplitude, 0, &p));
        assert_ok(qn_amplitude_canonical_circuit(a, good, bits, &whole));
        assert_ok(qn_engine_open(context, "statevector", &engine));
        assert_ok(qn_engine_compile(engine, whole, NULL, 0, &program));
        qn_complex out[64];
        assert_ok(qn_program_amplitudes(program, NULL, 0, (size_t)1 << (n + bits), out));
        double total = 0;
        for (uint64_t y = 0; y < 1u << bits; y++) {
            double shown = 0;
            for (uint64_t i = 0; i < 4; i++) {
                const qn_complex c = out[y * 4 + i];
                shown += c.re * c.re + c.im * c.im;
            }
            assert_near(shown, qn_amplitude_canonical_probability(p, bits, y), 1e-10);
            total += shown;
        }
        assert_near(total, 1, 1e-12);
        qn_program_free(program);
        qn_engine_close(engine);
        qn_amplitude_free(amplitude);
        qn_circuit_free(whole);
        qn_circuit_free(a);
    }
}

/* Draws of the canonical method follow that distribution. */
static void clock_draws(void **state)
{
    (void)state;
    const double a = .3;
    const uint32_t bits = 4;
    double expected[9] = {0}, counted[9] = {0};
    for (uint64_t y = 0; y < 16; y++) {
        expected[y <= 8 ? y : 16 - y] += qn_amplitude_canonical_probability(a, bits, y);
    }
    qn_amplitude *amplitude = NULL;
    assert_ok(qn_amplitude_of_number(a, &amplitude));
    qn_estimation_options options = with(QN_ESTIMATION_CANONICAL);
    options.doublings = bits;
    options.alpha = .5; /* one repetition */
    const unsigned runs = 20000;
    for (unsigned k = 0; k < runs; k++) {
        qn_estimation e;
        options.stream = k;
        assert_ok(qn_amplitude_estimate(amplitude, &options, &e));
        assert_int_equal(e.shots, 1);
        assert_int_equal(e.steps, 15);
        const double y = asin(sqrt(e.estimate)) * 16 / PI;
        assert_near(y, round(y), 1e-9);
        counted[(int)round(y)]++;
    }
    for (int y = 0; y <= 8; y++) {
        assert_near(counted[y] / runs, expected[y], 5 * sqrt(expected[y] / runs) + 1e-4);
    }
    qn_amplitude_free(amplitude);
}

/* a = .3, 100 shots a circuit. Calls 1,800, 6,800, 26,200; root mean square errors 4.2e-3, 1.4e-3, 3.5e-4 for 3, 5, 7
 * doublings; never above 1.3 times Cramer and Rao's bound, and never much below it. */
static void likelihood_reaches_its_bound(void **state)
{
    (void)state;
    static const struct {
        uint32_t doublings;
        double calls, rmse;
    } cases[] = {{3, 1800, 4.2e-3}, {5, 6800, 1.4e-3}, {7, 26200, 3.5e-4}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        qn_estimation_options options = with(QN_ESTIMATION_LIKELIHOOD);
        qn_experiment e;
        options.doublings = cases[c].doublings;
        assert_ok(qn_amplitude_experiment(context, .3, &options, 600, &e));
        double information = 100;
        for (uint32_t k = 0; k < cases[c].doublings; k++) {
            information += 100 * pow(2 * ldexp(1, (int)k) + 1, 2);
        }
        const double bound = sqrt(.3 * .7 / information);
        assert_near(e.mean_calls, cases[c].calls, 1e-9);
        assert_near(e.rmse / cases[c].rmse, 1, .15);
        assert_true(e.rmse < 1.3 * bound && e.rmse > .9 * bound);
    }
}

/* Intervals hold the amplitude at the rate they promise, over 10,000 runs of each method. */
static void intervals_cover(void **state)
{
    (void)state;
    static const double amplitudes[] = {.3, .037, .985};
    for (size_t c = 0; c < 3; c++) {
        for (int method = 0; method < 5; method++) {
            qn_estimation_options options = with((qn_estimation_method)(method % 4));
            qn_experiment e;
            options.chernoff = method == 4; /* the second form of the iterative method */
            options.epsilon = .01;
            options.seed = 3 + c;
            const uint64_t runs = method == QN_ESTIMATION_LIKELIHOOD || c > 0 ? 2000 : 10000;
            assert_ok(qn_amplitude_experiment(context, amplitudes[c], &options, runs, &e));
            /* the likelihood's interval is asymptotic: its rate is nominal, not a bound */
            const double least = method == QN_ESTIMATION_LIKELIHOOD ? .935 : .95;
            if (e.coverage < least || e.rmse > .01) {
                print_error("method %d at %g: coverage %.4f, rmse %.3g\n", method, amplitudes[c], e.coverage, e.rmse);
                fail();
            }
        }
    }
}

/* Calls grow as 1/epsilon, where samples would grow as its square. */
static void calls_grow_with_precision(void **state)
{
    (void)state;
    for (int chernoff = 0; chernoff < 2; chernoff++) {
        double steps[3];
        for (int k = 0; k < 3; k++) {
            qn_estimation_options options = with(QN_ESTIMATION_ITERATIVE);
            qn_experiment e;
            options.epsilon = pow(10, -2 - k);
            options.chernoff = chernoff != 0;
            assert_ok(qn_amplitude_experiment(context, .3, &options, 300, &e));
            steps[k] = e.mean_steps;
            const double unit = log(2 / .05 * log2(PI / 4 / options.epsilon)) / options.epsilon;
            assert_true(e.mean_steps < 10 * unit);
        }
        assert_near(log10(steps[2] / steps[0]) / 2, 1, .1); /* the logarithm of a logarithm is in it */
    }
}

static void threads_change_nothing(void **state)
{
    (void)state;
    qn_context_options one = QN_CONTEXT_OPTIONS_INIT;
    qn_context *single = NULL;
    one.threads = 1;
    assert_ok(qn_context_create(&one, &single));
    const qn_estimation_options options = with(QN_ESTIMATION_ITERATIVE);
    qn_experiment a, b;
    assert_ok(qn_amplitude_experiment(single, .2, &options, 500, &a));
    assert_ok(qn_amplitude_experiment(context, .2, &options, 500, &b));
    assert_near(a.rmse, b.rmse, 0);
    assert_near(a.mean_calls, b.mean_calls, 0);
    qn_context_free(single);
}

static void edges_and_wrong_calls(void **state)
{
    (void)state;
    for (int method = 0; method < 4; method++) {
        for (double a = 0; a <= 1; a++) {
            qn_amplitude *amplitude = NULL;
            qn_estimation e;
            const qn_estimation_options options = with((qn_estimation_method)method);
            assert_ok(qn_amplitude_of_number(a, &amplitude));
            assert_ok(qn_amplitude_estimate(amplitude, &options, &e));
            assert_near(e.estimate, a, .01);
            assert_true(e.low <= a + 1e-12 && e.high >= a - 1e-12);
            qn_amplitude_free(amplitude);
        }
    }
    qn_amplitude *amplitude = NULL;
    qn_estimation e;
    qn_estimation_options options = QN_ESTIMATION_OPTIONS_INIT;
    assert_fails(qn_amplitude_of_number(1.5, &amplitude), QN_ERR_RANGE, "1.5");
    assert_fails(qn_amplitude_of_number((double)NAN, &amplitude), QN_ERR_RANGE, "nan");
    assert_null(amplitude);
    assert_ok(qn_amplitude_of_number(.5, &amplitude));
    options.epsilon = -1;
    assert_fails(qn_amplitude_estimate(amplitude, &options, &e), QN_ERR_RANGE, "epsilon");
    options.epsilon = .1;
    options.alpha = 2;
    assert_fails(qn_amplitude_estimate(amplitude, &options, &e), QN_ERR_RANGE, "alpha");
    qn_amplitude_free(amplitude);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(powers_rotate),
        cmocka_unit_test(clock_of_the_circuit),
        cmocka_unit_test(clock_draws),
        cmocka_unit_test(likelihood_reaches_its_bound),
        cmocka_unit_test(intervals_cover),
        cmocka_unit_test(calls_grow_with_precision),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(edges_and_wrong_calls),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
