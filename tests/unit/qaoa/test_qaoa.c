/* test_qaoa.c: the public object: published values of small graphs, the reference engine's amplitudes, samples. */
#include "qaoa_graphs.h"

#include <quern/ansatz.h>
#include <quern/engine.h>

static qn_context *new_context(uint32_t threads)
{
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.threads = threads;
    qn_context *context = NULL;
    assert_ok(qn_context_create(&options, &context));
    return context;
}

static qn_qaoa *new_qaoa(qn_context *context, qn_cost cost, uint32_t layers, bool single, bool whole)
{
    qn_qaoa_options options = QN_QAOA_OPTIONS_INIT;
    options.layers = layers;
    options.gradients = true;
    options.single_precision = single;
    options.whole_space = whole;
    qn_qaoa *q = NULL;
    assert_ok(qn_qaoa_create(context, cost, &options, &q));
    return q;
}

/* Fixed angles of 3-regular graphs as published (J. Wurtz, D. Lykov, arXiv:2107.00677), cut convention. */
static const double gammas[3][3] = {{.615533629}, {.4877097327, .8979876956}, {.4220840819, .7984127541, .9370887966}};
static const double betas[3][3] = {{.392672029}, {.5550603401, .2925078148}, {.6087572600, .4592753090, .2353956226}};

static void published_cuts(void **state)
{
    (void)state;
    /* values of these graphs at these angles, computed independently (dense matrices) */
    const struct {
        qn_qubo *qubo;
        double value[3], best;
    } rows[] = {{petersen_cut(), {10.3867513039, 10.9900821233, 11.0282565905}, 12},
                {heawood_cut(), {14.5414518254, 15.8740347036, 16.9941511486}, 21},
                {complete_cut(4), {3.4880551704, 3.4432639157, 3.7265403383}, 4}};
    qn_context *context = new_context(2);
    for (size_t g = 0; g < sizeof rows / sizeof rows[0]; g++) {
        for (int kind = 0; kind < 4; kind++) {
            qn_qaoa *q = new_qaoa(context, cost_of(rows[g].qubo), 3, kind % 2 != 0, kind >= 2);
            assert_near(qn_qaoa_lowest(q), -rows[g].best, 0);
            for (uint32_t p = 1; p <= 3; p++) {
                double angles[6], value = 0.0;
                for (uint32_t l = 0; l < p; l++) {
                    angles[l] = gammas[p - 1][l];
                    angles[p + l] = -betas[p - 1][l];
                }
                assert_ok(qn_qaoa_run(q, p, angles, &value, NULL));
                assert_near(-value, rows[g].value[p - 1], kind % 2 != 0 ? 1e-4 : 1e-9);
            }
            qn_qaoa_free(q);
        }
        qn_qubo_free(rows[g].qubo);
    }
    qn_context_free(context);
}

/* Merit factor and overlap at p = 1, 2 as QOKit publishes them (QAOA_with_fixed_parameters_p_opt.json, N = 10); its
 * phase is exp(-i gamma (E - offset) / 2). */
static void published_autocorrelation(void **state)
{
    (void)state;
    static const double angles[2][4] = {{.0959277284 / 2, -.2411594735},
                                        {.0714010034 / 2, .1337971609 / 2, -.2553153095, -.1720660494}};
    static const double merit[] = {1.6350114156, 1.9059014820}, overlap[] = {.1076788582, .1675833452};
    qn_context *context = new_context(2);
    qn_polynomial *p = autocorrelation(10);
    const qn_cost cost = {NULL, p};
    qn_qaoa *q = new_qaoa(context, cost, 2, false, false);
    assert_near(qn_qaoa_lowest(q), 13, 0);
    for (uint32_t layers = 1; layers <= 2; layers++) {
        qn_complex a[1024];
        double success = 0.0, sum = 0.0;
        assert_ok(qn_qaoa_run(q, layers, angles[layers - 1], NULL, NULL));
        assert_ok(qn_qaoa_success(q, &success));
        assert_near(success, overlap[layers - 1], 1e-8);
        assert_ok(qn_qaoa_amplitudes(q, 0, 1024, a));
        for (uint64_t x = 0; x < 1024; x++) {
            sum += (a[x].re * a[x].re + a[x].im * a[x].im) * 50.0 / qn_cost_value_of_state(cost, x);
        }
        assert_near(sum, merit[layers - 1], 1e-8);
    }
    qn_qaoa_free(q);
    qn_polynomial_free(p);
    qn_context_free(context);
}

/* The circuit of qn_ansatz_qaoa on the reference engine, up to a global phase; the average, too. */
static void amplitudes_match_the_circuit(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    qn_context *context = new_context(2);
    for (uint32_t n = 2; n <= 8; n++) {
        qn_qubo *qubo = random_model(&r, n, n % 2 == 0, n % 3 == 0);
        const uint32_t p = 1 + n % 3;
        double angles[6], theta[6], value = 0.0, expected = 0.0;
        for (uint32_t l = 0; l < p; l++) {
            theta[2 * l] = angles[l] = qn_random_between(&r, -1, 1);
            theta[2 * l + 1] = angles[p + l] = qn_random_between(&r, -2, 2);
        }
        qn_pauli_sum *sum = NULL;
        qn_circuit *circuit = NULL;
        qn_engine *engine = NULL;
        qn_program *program = NULL;
        assert_ok(qn_qubo_to_pauli(qubo, &sum));
        assert_ok(qn_ansatz_qaoa(sum, p, &circuit));
        assert_ok(qn_engine_open(context, "reference", &engine));
        const qn_pauli_sum *const sums[] = {sum};
        assert_ok(qn_engine_compile(engine, circuit, sums, 1, &program));
        qn_complex a[256], b[256];
        assert_ok(qn_program_amplitudes(program, theta, 0, (size_t)1 << n, b));
        assert_ok(qn_program_expect(program, theta, 1, &expected, NULL));
        qn_qaoa *q = new_qaoa(context, cost_of(qubo), p, false, false);
        assert_ok(qn_qaoa_run(q, p, angles, &value, NULL));
        assert_near(value, expected, 1e-11);
        assert_ok(qn_qaoa_amplitudes(q, 0, (size_t)1 << n, a));
        double re = 0.0, im = 0.0;
        for (size_t x = 0; x < (size_t)1 << n; x++) {
            re += a[x].re * b[x].re + a[x].im * b[x].im;
            im += a[x].re * b[x].im - a[x].im * b[x].re;
        }
        assert_near(re * re + im * im, 1.0, 1e-12);
        qn_qaoa_free(q);
        qn_program_free(program);
        qn_engine_close(engine);
        qn_circuit_free(circuit);
        qn_pauli_sum_free(sum);
        qn_qubo_free(qubo);
    }
    qn_context_free(context);
}

/* Even rings: (2p + 1)/(2p + 2) of the edges (Farhi, Goldstone, Gutmann, arXiv:1411.4028), by the optimum of the tree
 * of degree 2. */
static void rings(void **state)
{
    (void)state;
    qn_context *context = new_context(1);
    qn_qubo *qubo = ring_cut(16);
    qn_qaoa *q = new_qaoa(context, cost_of(qubo), 6, false, false);
    for (uint32_t p = 1; p <= 6; p++) {
        double angles[12], fraction = 0.0, value = 0.0;
        assert_ok(qn_qaoa_fixed_angles(2, p, angles, &fraction));
        assert_near(fraction, (2.0 * p + 1.0) / (2.0 * p + 2.0), 1e-10);
        assert_ok(qn_qaoa_run(q, p, angles, &value, NULL));
        assert_near(-value / 16.0, fraction, 1e-9);
    }
    qn_qaoa_free(q);
    qn_qubo_free(qubo);
    qn_context_free(context);
}

static void tails_and_their_slopes(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed() + 3};
    qn_context *context = new_context(2);
    for (int whole = 0; whole < 2; whole++) {
        qn_qubo *qubo = random_model(&r, 7, false, whole != 0);
        qn_qaoa_options options = QN_QAOA_OPTIONS_INIT;
        options.layers = 2;
        options.gradients = true;
        options.cvar = 0.3;
        qn_qaoa *q = NULL;
        assert_ok(qn_qaoa_create(context, cost_of(qubo), &options, &q));
        double angles[4] = {0.3, 0.5, -0.6, -0.2}, value = 0.0, slopes[4], tail = 0.0;
        assert_ok(qn_qaoa_run(q, 2, angles, &value, NULL));
        assert_ok(qn_qaoa_tail(q, 0.3, &tail));
        assert_near(value, tail, 1e-12);
        /* by sorting */
        qn_complex a[128];
        bool used[128] = {false};
        assert_ok(qn_qaoa_amplitudes(q, 0, 128, a));
        double left = 0.3, sum = 0.0;
        while (left > 1e-15) {
            size_t best = 128;
            for (size_t x = 0; x < 128; x++) {
                if (!used[x] && (best == 128 || qn_qubo_value_of_state(qubo, x) < qn_qubo_value_of_state(qubo, best))) {
                    best = x;
                }
            }
            used[best] = true;
            const double p = fmin(left, a[best].re * a[best].re + a[best].im * a[best].im);
            sum += p * qn_qubo_value_of_state(qubo, best);
            left -= p;
        }
        assert_near(value, sum / 0.3, whole != 0 ? 1e-11 : 1e-3);
        assert_ok(qn_qaoa_run(q, 2, angles, &value, slopes));
        for (int k = 0; k < 4 && whole != 0; k++) {
            double side[2];
            for (int s = 0; s < 2; s++) {
                double moved[4];
                memcpy(moved, angles, sizeof moved);
                moved[k] += s == 0 ? -1e-5 : 1e-5;
                assert_ok(qn_qaoa_run(q, 2, moved, &side[s], NULL));
            }
            assert_near(slopes[k], (side[1] - side[0]) / 2e-5, 1e-6);
        }
        qn_qaoa_free(q);
        qn_qubo_free(qubo);
    }
    qn_context_free(context);
}

static void rows_are_runs(void **state)
{
    (void)state;
    enum { ROWS = 7 };
    qn_random r = {qn_test_seed() + 4};
    qn_qubo *qubo = random_model(&r, 6, true, false);
    double angles[ROWS * 4], values[2][ROWS], slopes[2][ROWS * 4];
    qn_random_angles(&r, angles, ROWS * 4);
    for (uint32_t threads = 1; threads <= 2; threads++) {
        qn_context *context = new_context(threads);
        qn_qaoa *q = new_qaoa(context, cost_of(qubo), 2, false, false);
        assert_ok(qn_qaoa_run_rows(q, 2, ROWS, angles, values[threads - 1], slopes[threads - 1]));
        for (size_t k = 0; k < ROWS; k++) {
            double value = 0.0;
            assert_ok(qn_qaoa_run(q, 2, angles + 4 * k, &value, NULL));
            assert_near(values[threads - 1][k], value, 1e-12);
        }
        qn_qaoa_free(q);
        qn_context_free(context);
    }
    assert_memory_equal(values[0], values[1], sizeof values[0]);
    assert_memory_equal(slopes[0], slopes[1], sizeof slopes[0]);
    qn_qubo_free(qubo);
}

/* Frequencies within five standard errors of the probabilities; the same draws for any number of threads. */
static void samples_follow_the_state(void **state)
{
    (void)state;
    enum { SHOTS = 20000, SIZE = 64 };
    qn_random r = {qn_test_seed() + 5};
    for (int even = 0; even < 2; even++) {
        qn_qubo *qubo = random_model(&r, 6, even != 0, false);
        uint64_t *states[2] = {NULL, NULL};
        const double angles[] = {0.4, 0.7, -0.5, -0.3};
        for (uint32_t threads = 1; threads <= 2; threads++) {
            qn_context *context = new_context(threads);
            qn_qaoa *q = new_qaoa(context, cost_of(qubo), 2, false, false);
            states[threads - 1] = calloc(SHOTS, sizeof(uint64_t));
            assert_ok(qn_qaoa_run(q, 2, angles, NULL, NULL));
            assert_ok(qn_qaoa_sample(q, SHOTS, 42, states[threads - 1]));
            qn_complex a[SIZE];
            double seen[SIZE] = {0.0}, histogram[9], uniform[9], sum = 0.0, guesses = 0.0;
            assert_ok(qn_qaoa_histogram(q, 9, histogram, uniform));
            for (int b = 0; b < 9; b++) {
                sum += histogram[b];
                guesses += uniform[b];
            }
            assert_near(sum, 1.0, 1e-12);
            assert_near(guesses, 1.0, 1e-12);
            assert_true(histogram[0] > uniform[0] && histogram[8] < uniform[8]);
            assert_ok(qn_qaoa_amplitudes(q, 0, SIZE, a));
            for (size_t k = 0; k < SHOTS; k++) {
                assert_true(states[threads - 1][k] < SIZE);
                seen[states[threads - 1][k]] += 1.0 / SHOTS;
            }
            for (size_t x = 0; x < SIZE; x++) {
                const double p = a[x].re * a[x].re + a[x].im * a[x].im;
                assert_near(seen[x], p, 5.0 * sqrt(p / SHOTS) + 5.0 / SHOTS);
            }
            qn_qaoa_free(q);
            qn_context_free(context);
        }
        assert_memory_equal(states[0], states[1], SHOTS * sizeof(uint64_t));
        free(states[0]);
        free(states[1]);
        qn_qubo_free(qubo);
    }
}

static void mistakes_are_told(void **state)
{
    (void)state;
    qn_context *context = new_context(1);
    qn_qubo *qubo = ring_cut(40);
    qn_qaoa *q = NULL;
    assert_fails(qn_qaoa_create(context, cost_of(qubo), NULL, &q), QN_ERR_TOO_LARGE, "40 variables");
    assert_fails(qn_qaoa_create(context, (qn_cost){NULL, NULL}, NULL, &q), QN_ERR_ARGUMENT, "either");
    qn_qubo_free(qubo);
    qubo = ring_cut(6);
    assert_ok(qn_qaoa_create(context, cost_of(qubo), NULL, &q));
    double angles[4] = {0.1, 0.2, 0.3, 0.4}, value = 0.0;
    assert_fails(qn_qaoa_success(q, &value), QN_ERR_ARGUMENT, "no state");
    assert_fails(qn_qaoa_run(q, 2, angles, &value, NULL), QN_ERR_RANGE, "room for 1");
    assert_fails(qn_qaoa_run(q, 1, angles, &value, angles), QN_ERR_RANGE, "gradients");
    angles[1] = (double)NAN;
    assert_fails(qn_qaoa_run(q, 1, angles, &value, NULL), QN_ERR_NAN, "angle 1");
    qn_qaoa_free(q);
    qn_qubo_free(qubo);
    qn_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_cuts),
        cmocka_unit_test(published_autocorrelation),
        cmocka_unit_test(amplitudes_match_the_circuit),
        cmocka_unit_test(rings),
        cmocka_unit_test(tails_and_their_slopes),
        cmocka_unit_test(rows_are_runs),
        cmocka_unit_test(samples_follow_the_state),
        cmocka_unit_test(mistakes_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
