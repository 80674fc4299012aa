/* test_optimizer_noise.c: the noise contract, and minima found under noise. */
#include <qn_test.h>

#include <quern/optimizer.h>

#include "landscapes.h"

/* A step far below the noise floor, as the classic 1.49e-8 under 1,024 shots, is refused by name. */
static void forced_step_is_refused(void **state)
{
    (void)state;
    probe p = {.on = &landscape_cosine, .noise = 0.03};
    qn_objective objective = probe_objective(&p);
    objective.has_gradient = false;
    qn_optimizer_options options = QN_OPTIMIZER_OPTIONS_INIT;
    options.fd_step = 1.49e-8;
    double x[4] = {1.1, -0.7, 1.9, 0.2};
    const double before[4] = {1.1, -0.7, 1.9, 0.2};
    qn_optimizer_result result;
    assert_fails(qn_minimize(&objective, &options, x, &result), QN_ERR_NOISE, "step 1.49e-08");
    const char *message = qn_last_error()->message;
    assert_non_null(strstr(message, "noise of 0.03"));
    assert_non_null(strstr(message, "1.42e+06")); /* 0.03 / (sqrt(2) 1.49e-8) */
    assert_non_null(strstr(message, "parameter-shift"));
    assert_non_null(strstr(message, "'spsa'"));
    assert_memory_equal(x, before, sizeof x);
    options.fd_step = 0.4;
    options.max_iterations = 20;
    assert_ok(qn_minimize(&objective, &options, x, &result));
    /* a method without gradients does not care */
    options.method = "spsa";
    options.fd_step = 1.49e-8;
    assert_ok(qn_minimize(&objective, &options, x, &result));
    /* nor does one with the parameter-shift gradient */
    objective.has_gradient = true;
    options.method = "adam";
    assert_ok(qn_minimize(&objective, &options, x, &result));
    /* nor an exact value */
    objective.has_gradient = false;
    objective.noise = 0;
    p.noise = 0;
    assert_ok(qn_minimize(&objective, &options, x, &result));
}

static void step_is_chosen_and_said(void **state)
{
    (void)state;
    probe p = {.on = &landscape_cosine, .noise = 0.01, .noise_seed = 3};
    qn_objective objective = probe_objective(&p);
    objective.has_gradient = false;
    qn_optimizer_options options = QN_OPTIMIZER_OPTIONS_INIT;
    double x[4] = {1.1, -0.7, 1.9, 0.2};
    qn_optimizer_result result;
    options.method = "slsqp";
    options.max_evaluations = 2000;
    assert_ok(qn_minimize(&objective, &options, x, &result));
    assert_non_null(strstr(result.note, "value tolerance raised to the noise 0.01"));
    assert_non_null(strstr(result.note, "finite-difference step raised to"));
    assert_near(landscape_cosine.evaluate(x, NULL), -3.5, 0.1);
    assert_true(result.evaluations < 2000); /* the raised tolerance ends it */
}

/* The true value at the returned point, over seeds: SPSA, QN-SPSA, Adam and Rotosolve under shot-like noise. */
static void noisy_minima(void **state)
{
    (void)state;
    static const char *const methods[] = {"spsa", "qn-spsa", "adam", "amsgrad", "rotosolve", "qng", "momentum"};
    const uint64_t seed = qn_test_seed();
    for (size_t m = 0; m < sizeof methods / sizeof methods[0]; m++) {
        double worst = 0, sum = 0;
        enum { RUNS = 20 };
        for (uint64_t r = 0; r < RUNS; r++) {
            probe p = {.on = &landscape_cosine, .noise = 0.05, .gradient_noise = 0.05, .noise_seed = seed + r};
            const qn_objective objective = probe_objective(&p);
            qn_optimizer_options options = QN_OPTIMIZER_OPTIONS_INIT;
            options.method = methods[m];
            options.max_iterations = 300;
            options.seed = r;
            double x[4] = {1.1, -0.7, 1.9, 0.2};
            qn_optimizer_result result;
            assert_ok(qn_minimize(&objective, &options, x, &result));
            const double off = landscape_cosine.evaluate(x, NULL) + 3.5;
            worst = fmax(worst, off);
            sum += off;
            assert_int_equal(result.evaluations, p.values);
        }
        print_message("%-10s mean error %.4f, worst %.4f\n", methods[m], sum / RUNS, worst);
        assert_true(sum / RUNS < 0.05);
        assert_true(worst < 0.4);
    }
}

/* SPSA returns the averaged iterate, whose value is not the luckiest draw. */
static void spsa_is_not_fooled_by_luck(void **state)
{
    (void)state;
    double bias = 0;
    enum { RUNS = 30 };
    for (uint64_t r = 0; r < RUNS; r++) {
        probe p = {.on = &landscape_cosine, .noise = 0.1, .noise_seed = 77 + r};
        const qn_objective objective = probe_objective(&p);
        qn_optimizer_options options = QN_OPTIMIZER_OPTIONS_INIT;
        options.method = "spsa";
        options.max_iterations = 200;
        options.seed = r;
        double x[4] = {1.1, -0.7, 1.9, 0.2};
        qn_optimizer_result result;
        assert_ok(qn_minimize(&objective, &options, x, &result));
        bias += (result.value - landscape_cosine.evaluate(x, NULL)) / RUNS;
    }
    assert_near(bias, 0, 4 * 0.1 / sqrt(RUNS)); /* the lowest of 400 draws would be off by -0.3 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forced_step_is_refused),
        cmocka_unit_test(step_is_chosen_and_said),
        cmocka_unit_test(noisy_minima),
        cmocka_unit_test(spsa_is_not_fooled_by_luck),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
