/* test_optimizer.c: every row of the table on functions with known minima, and what all of them owe the caller: limits,
 * bounds, NaN, interruption, failing callbacks, determinism, memory. */
#include <qn_test.h>

#include <quern/context.h>
#include <quern/optimizer.h>

#include "base/alloc.h"
#include "landscapes.h"

#define FOR_EACH_METHOD(info)                                                                                          \
    for (size_t row = 0; row < qn_optimizer_count(); row++)                                                            \
        for (const qn_optimizer_info *info = qn_optimizer_describe(row); info != NULL; info = NULL)

static bool has(const qn_optimizer_info *info, unsigned flag)
{
    return (info->flags & flag) != 0;
}

/* Local methods that converge: their model of an exact value is superlinear. */
static bool converges(const qn_optimizer_info *info)
{
    return has(info, QN_OPTIMIZER_ASSUMES_EXACT) && !has(info, QN_OPTIMIZER_GLOBAL);
}

static double lowers[10], uppers[10];

static void box(qn_optimizer_options *options, double low, double high)
{
    for (size_t i = 0; i < 10; i++) {
        lowers[i] = low;
        uppers[i] = high;
    }
    options->lower = lowers;
    options->upper = uppers;
}

static void check_minimum(const qn_optimizer_info *info, const landscape *on, double tolerance,
                          const qn_optimizer_options *plain)
{
    probe p = {.on = on};
    const qn_objective objective = probe_objective(&p);
    qn_optimizer_options options = *plain;
    options.method = info->name;
    double x[10];
    memcpy(x, on->start, sizeof x);
    qn_optimizer_result result;
    assert_ok(qn_minimize(&objective, &options, x, &result));
    const double scale = fmax(1.0, fabs(on->minimum));
    if (!(fabs(result.value - on->minimum) <= tolerance * scale) || getenv("QN_TEST_VERBOSE") != NULL) {
        print_message("%-16s %-12s off %9.2e  %6llu values %5llu gradients  %s%s%s\n", info->name, on->name,
                      result.value - on->minimum, (unsigned long long)result.evaluations,
                      (unsigned long long)result.gradients, qn_stop_reason_text(result.reason),
                      result.note[0] ? "; " : "", result.note);
    }
    assert_near(result.value / scale, on->minimum / scale, tolerance);
    assert_int_equal(result.evaluations, p.values);
    assert_near(on->evaluate(x, NULL), result.value, 0);
    if (converges(info)) {
        assert_true(result.converged);
    }
}

static void exact_methods_find_minima(void **state)
{
    (void)state;
    const landscape *const all[] = {&landscape_rosenbrock,   &landscape_beale,     &landscape_wood,
                                    &landscape_brown_dennis, &landscape_quadratic, &landscape_cosine};
    FOR_EACH_METHOD(info)
    {
        for (size_t i = 0; i < sizeof all / sizeof all[0] && converges(info); i++) {
            const qn_optimizer_options options = QN_OPTIMIZER_OPTIONS_INIT;
            const bool separable = strcmp(info->name, "mma") == 0 || strcmp(info->name, "ccsaq") == 0;
            if (separable &&
                (all[i] == &landscape_wood || all[i] == &landscape_brown_dennis || all[i] == &landscape_rosenbrock)) {
                continue; /* curved valleys take a separable model tens of thousands of values */
            }
            const bool cobyla = strcmp(info->name, "cobyla") == 0;
            check_minimum(info, all[i],
                          has(info, QN_OPTIMIZER_NEEDS_GRADIENT) ? 1e-10
                          : cobyla                               ? 1e-5
                                                                 : 1e-8,
                          &options);
        }
    }
}

static void other_methods_find_minima(void **state)
{
    (void)state;
    FOR_EACH_METHOD(info)
    {
        qn_optimizer_options options = QN_OPTIMIZER_OPTIONS_INIT;
        if (has(info, QN_OPTIMIZER_GLOBAL)) {
            options.max_evaluations = 20000;
            box(&options, landscape_rosenbrock.low, landscape_rosenbrock.high);
            check_minimum(info, &landscape_rosenbrock, strcmp(info->name, "esch") == 0 ? 0.3 : 0.02, &options);
            box(&options, landscape_cosine.low, landscape_cosine.high);
            check_minimum(info, &landscape_cosine, 0.02, &options);
        } else if (!converges(info)) {
            options.max_iterations = 2000;
            const bool sampling = has(info, QN_OPTIMIZER_STOCHASTIC);
            check_minimum(info, &landscape_cosine, sampling ? 1e-6 : 1e-9, &options);
            if (!has(info, QN_OPTIMIZER_NEEDS_SINUSOID)) {
                check_minimum(info, &landscape_quadratic, sampling ? 2e-3 : 1e-6, &options);
            }
        }
    }
}

/* One dimension, which several of NLopt's methods refuse, and none at all. */
static double parabola(const double *x, double *grad)
{
    if (grad != NULL) {
        grad[0] = 1.5 * sin(x[0] - 0.5);
    }
    return 2 - 1.5 * cos(x[0] - 0.5);
}

static double constant(const double *x, double *grad)
{
    (void)x;
    (void)grad;
    return 4;
}

static void few_dimensions(void **state)
{
    (void)state;
    static const landscape one = {"one", 1, parabola, {1.7}, 0.5, -2, 3};
    FOR_EACH_METHOD(info)
    {
        probe p = {.on = &one};
        qn_objective objective = probe_objective(&p);
        objective.sinusoidal = true;
        qn_optimizer_options options = QN_OPTIMIZER_OPTIONS_INIT;
        options.method = info->name;
        options.max_evaluations = 3000;
        box(&options, -2, 3);
        double x = 1.7;
        qn_optimizer_result result;
        assert_ok(qn_minimize(&objective, &options, &x, &result));
        assert_near(result.value, 0.5, 1e-3);
        static const landscape none = {"none", 0, constant, {0}, 4, -1, 1};
        p.on = &none;
        objective.dimension = 0;
        assert_ok(qn_minimize(&objective, &options, &x, &result));
        assert_int_equal(result.evaluations, 1);
        assert_true(result.converged);
        assert_near(result.value, 4, 0);
    }
}

static void run(const qn_optimizer_info *info, probe *p, qn_optimizer_options *options, qn_status expected,
                qn_optimizer_result *result)
{
    p->on = &landscape_cosine;
    const qn_objective objective = probe_objective(p);
    options->method = info->name;
    if (options->lower == NULL) {
        box(options, landscape_cosine.low, landscape_cosine.high);
    }
    double x[10];
    memcpy(x, p->on->start, sizeof x);
    const qn_status status = qn_minimize(&objective, options, x, result);
    if (status != expected) {
        print_error("%s: %s: %s\n", info->name, qn_status_name(status), qn_last_error()->message);
    }
    assert_int_equal(status, expected);
}

static void nan_ends_at_once(void **state)
{
    (void)state;
    FOR_EACH_METHOD(info)
    {
        for (unsigned long long at = 1; at <= 7; at += 2) {
            probe p = {.nan_at = at};
            qn_optimizer_options options = QN_OPTIMIZER_OPTIONS_INIT;
            options.max_evaluations = 1000;
            qn_optimizer_result result;
            run(info, &p, &options, QN_OK, &result);
            assert_int_equal(result.reason, QN_STOP_NOT_FINITE);
            assert_int_equal(p.values, at);
            assert_false(result.converged);
            assert_true(at == 1 ? isnan(result.value) : isfinite(result.value));
            assert_non_null(strstr(result.note, "not finite"));
        }
    }
}

static void failing_callback_ends_with_its_status(void **state)
{
    (void)state;
    FOR_EACH_METHOD(info)
    {
        for (unsigned long long at = 1; at <= 6; at++) {
            probe p = {.fail_at = at};
            qn_optimizer_options options = QN_OPTIMIZER_OPTIONS_INIT;
            qn_optimizer_result result;
            run(info, &p, &options, QN_ERR_DEVICE, &result);
            assert_int_equal(p.values, at);
            assert_non_null(strstr(qn_last_error()->message, "the device is gone"));
        }
    }
}

typedef struct steps {
    uint64_t count;
    double best;
} steps;

static void count_step(void *user, const qn_optimizer_step *step)
{
    steps *s = user;
    s->count++;
    assert_int_equal(step->iteration, s->count);
    assert_true(step->best <= s->best);
    s->best = step->best;
    assert_non_null(step->x);
}

static void limits_are_kept(void **state)
{
    (void)state;
    static const uint64_t limits[] = {1, 2, 3, 5, 17, 40};
    FOR_EACH_METHOD(info)
    {
        for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
            probe p = {0};
            qn_optimizer_options options = QN_OPTIMIZER_OPTIONS_INIT;
            qn_optimizer_result result;
            options.max_evaluations = limits[i];
            run(info, &p, &options, QN_OK, &result);
            assert_true(p.values <= limits[i]);
            assert_true(isfinite(result.value) || p.values == 0);
            assert_true(result.reason == QN_STOP_EVALUATIONS || result.converged);

            steps s = {0, (double)INFINITY};
            p = (probe){0};
            options = (qn_optimizer_options)QN_OPTIMIZER_OPTIONS_INIT;
            options.max_iterations = limits[i];
            options.callback = count_step;
            options.callback_user = &s;
            run(info, &p, &options, QN_OK, &result);
            assert_true(result.iterations <= limits[i]);
            assert_int_equal(s.count, result.iterations);
            assert_true(result.reason == QN_STOP_ITERATIONS || result.converged);
            assert_true(result.reason != QN_STOP_ITERATIONS || result.iterations == limits[i]);
        }
        probe p = {0};
        qn_optimizer_options options = QN_OPTIMIZER_OPTIONS_INIT;
        qn_optimizer_result result;
        options.max_seconds = 1e-9;
        run(info, &p, &options, QN_OK, &result);
        assert_int_equal(result.reason, QN_STOP_SECONDS);
    }
}

static void interruption_ends_at_once(void **state)
{
    (void)state;
    FOR_EACH_METHOD(info)
    {
        for (unsigned long long at = 1; at <= 5; at++) {
            int flag = 0;
            probe p = {.interrupt = &flag, .interrupt_at = at};
            qn_optimizer_options options = QN_OPTIMIZER_OPTIONS_INIT;
            options.interrupt = &flag;
            qn_optimizer_result result;
            run(info, &p, &options, QN_OK, &result);
            assert_int_equal(result.reason, QN_STOP_INTERRUPTED);
            assert_int_equal(p.values, at);
        }
    }
}

/* The minimum of one coordinate lies outside: its bound is the answer. No point asked for may leave the box. */
static void bounds_are_kept(void **state)
{
    (void)state;
    FOR_EACH_METHOD(info)
    {
        for (int differences = 0; differences < 2; differences++) {
            probe p = {.on = &landscape_cosine, .lower = 0.25, .upper = 2.0};
            qn_objective objective = probe_objective(&p);
            objective.has_gradient = differences == 0;
            qn_optimizer_options options = QN_OPTIMIZER_OPTIONS_INIT;
            options.method = info->name;
            options.max_evaluations = 20000;
            options.max_iterations = 4000;
            box(&options, 0.25, 2.0);
            double x[4] = {1.1, 0.5, 1.9, -0.4}; /* the last starts outside */
            qn_optimizer_result result;
            assert_ok(qn_minimize(&objective, &options, x, &result));
            const double expected = -0.5 * cos(0.25) - 3.0; /* coordinate 0 wants 0, the others 0.3, 0.6, 0.9 */
            const double tolerance = has(info, QN_OPTIMIZER_GLOBAL)       ? 1e-2
                                     : has(info, QN_OPTIMIZER_STOCHASTIC) ? 1e-4
                                                                          : 1e-6;
            if (!(fabs(result.value - expected) <= tolerance)) {
                print_error("%s: off %g after %llu values, %s\n", info->name, result.value - expected, p.values,
                            qn_stop_reason_text(result.reason));
            }
            assert_near(result.value, expected, tolerance);
            assert_non_null(strstr(result.note, "moved into the bounds"));
        }
    }
}

static void runs_repeat(void **state)
{
    (void)state;
    FOR_EACH_METHOD(info)
    {
        probe a = {0}, b = {0}, c = {0};
        qn_optimizer_options options = QN_OPTIMIZER_OPTIONS_INIT;
        options.max_evaluations = 400;
        options.seed = 5;
        qn_optimizer_result first, second, third;
        memset(&first, 0, sizeof first);
        memset(&second, 0, sizeof second);
        run(info, &a, &options, QN_OK, &first);
        run(info, &b, &options, QN_OK, &second);
        assert_true(a.hash == b.hash);
        assert_memory_equal(&first, &second, sizeof first);
        options.seed = 6;
        run(info, &c, &options, QN_OK, &third);
        if (!has(info, QN_OPTIMIZER_STOCHASTIC)) {
            assert_true(a.hash == c.hash);
        } else if (strcmp(info->name, "praxis") != 0) { /* draws only when it gets stuck */
            assert_true(a.hash != c.hash);
        }
    }
}

static void without_gradient_differences_are_taken(void **state)
{
    (void)state;
    FOR_EACH_METHOD(info)
    {
        probe p = {.on = &landscape_cosine};
        qn_objective objective = probe_objective(&p);
        objective.has_gradient = false;
        qn_optimizer_options options = QN_OPTIMIZER_OPTIONS_INIT;
        options.method = info->name;
        options.max_evaluations = 50000;
        box(&options, -3, 3.2);
        double x[10];
        memcpy(x, p.on->start, sizeof x);
        qn_optimizer_result result;
        assert_ok(qn_minimize(&objective, &options, x, &result));
        assert_near(result.value, -3.5,
                    has(info, QN_OPTIMIZER_GLOBAL)       ? 1e-2
                    : has(info, QN_OPTIMIZER_STOCHASTIC) ? 1e-6
                                                         : 1e-8);
        assert_int_equal(p.gradients, 0);
        assert_true(result.gradients > 0 || !has(info, QN_OPTIMIZER_NEEDS_GRADIENT));
        assert_int_equal(result.evaluations, p.values);
    }
}

static void memory_failures(void **state)
{
    (void)state;
    FOR_EACH_METHOD(info)
    {
        const uint64_t held = qn_memory().bytes_now;
        bool done = false;
        for (uint64_t n = 1; !done && n < 20; n++) {
            probe p = {.on = &landscape_cosine};
            const qn_objective objective = probe_objective(&p);
            qn_optimizer_options options = QN_OPTIMIZER_OPTIONS_INIT;
            options.method = info->name;
            options.max_evaluations = 30;
            box(&options, -3, 3.2);
            double x[10];
            memcpy(x, p.on->start, sizeof x);
            qn_optimizer_result result;
            qn__alloc_fail_at(n, false);
            const qn_status status = qn_minimize(&objective, &options, x, &result);
            qn__alloc_fail_at(0, false);
            assert_true(status == QN_OK || status == QN_ERR_MEMORY);
            assert_true(status == QN_OK || memcmp(x, p.on->start, 4 * sizeof *x) == 0);
            assert_int_equal(qn_memory().bytes_now, held);
            assert_true(status == QN_ERR_MEMORY || n > 1);
            done = status == QN_OK;
        }
        assert_true(done);
    }
}

static void mistakes_are_named(void **state)
{
    (void)state;
    probe p = {.on = &landscape_cosine};
    qn_objective objective = probe_objective(&p);
    qn_optimizer_options options = QN_OPTIMIZER_OPTIONS_INIT;
    double x[4] = {1, 1, 1, 1};
    qn_optimizer_result result;
    options.method = "sqlsp";
    assert_fails(qn_minimize(&objective, &options, x, &result), QN_ERR_NAME, "did you mean 'slsqp'");
    options.method = "isres";
    assert_fails(qn_minimize(&objective, &options, x, &result), QN_ERR_ARGUMENT, "finite lower and upper bound");
    objective.metric = NULL;
    options.method = "qng";
    assert_fails(qn_minimize(&objective, &options, x, &result), QN_ERR_ARGUMENT, "metric");
    objective.fidelity = NULL;
    options.method = "qn-spsa";
    assert_fails(qn_minimize(&objective, &options, x, &result), QN_ERR_ARGUMENT, "fidelity");
    objective.sinusoidal = false;
    options.method = "rotosolve";
    assert_fails(qn_minimize(&objective, &options, x, &result), QN_ERR_ARGUMENT, "sinusoid");
    options.method = NULL;
    box(&options, 2, 1);
    assert_fails(qn_minimize(&objective, &options, x, &result), QN_ERR_ARGUMENT, "lower bound 2");
    options.lower = options.upper = NULL;
    options.ftol = -1;
    assert_fails(qn_minimize(&objective, &options, x, &result), QN_ERR_ARGUMENT, "ftol");
    options.ftol = 0;
    x[2] = (double)NAN;
    assert_fails(qn_minimize(&objective, &options, x, &result), QN_ERR_NAN, "parameter 2");
    options.size = 4;
    assert_fails(qn_minimize(&objective, &options, x, &result), QN_ERR_ARGUMENT, "size 4");
    assert_int_equal(p.values, 0);
    for (size_t i = 0; i < qn_optimizer_count(); i++) {
        const qn_optimizer_info *info = qn_optimizer_describe(i), *found = NULL;
        assert_ok(qn_optimizer_find(info->name, &found));
        assert_ptr_equal(info, found);
        assert_true(strlen(info->summary) > 10);
    }
    assert_null(qn_optimizer_describe(qn_optimizer_count()));
}

/* A fixed parameter (equal bounds) stays where it is. */
static void fixed_parameters(void **state)
{
    (void)state;
    FOR_EACH_METHOD(info)
    {
        probe p = {.on = &landscape_cosine};
        qn_objective objective = probe_objective(&p);
        qn_optimizer_options options = QN_OPTIMIZER_OPTIONS_INIT;
        options.method = info->name;
        options.max_evaluations = 20000;
        options.max_iterations = 4000;
        box(&options, -3, 3.2);
        lowers[1] = uppers[1] = -0.7;
        double x[4] = {1.1, -0.7, 1.9, 0.2};
        qn_optimizer_result result;
        assert_ok(qn_minimize(&objective, &options, x, &result));
        assert_near(x[1], -0.7, 0);
        assert_near(result.value, -2.75 - 0.75 * cos(1.0), 1e-2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_methods_find_minima),
        cmocka_unit_test(other_methods_find_minima),
        cmocka_unit_test(few_dimensions),
        cmocka_unit_test(nan_ends_at_once),
        cmocka_unit_test(failing_callback_ends_with_its_status),
        cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(interruption_ends_at_once),
        cmocka_unit_test(bounds_are_kept),
        cmocka_unit_test(fixed_parameters),
        cmocka_unit_test(runs_repeat),
        cmocka_unit_test(without_gradient_differences_are_taken),
        cmocka_unit_test(memory_failures),
        cmocka_unit_test(mistakes_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
