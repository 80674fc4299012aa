/* test_hhl.c: HHL with windows against published values and against the sum over outcomes. */
#include "linear_support.h"

static const double pi = 3.14159265358979323846;

typedef struct outcome {
    double error, success, norm_error, leakage;
} outcome;

/* The whole run on eigenvalues and real components: state's error, probability, error of the norm. */
static outcome run(const qn_hhl_clock *clock, size_t n, const double *lambda, const double *beta)
{
    double *first = calloc(2 * n, sizeof *first), *second = first + n;
    assert_ok(qn_hhl_response(context, clock, n, lambda, first, second));
    double kept = 0, overlap = 0, exact = 0, success = 0;
    for (size_t j = 0; j < n; j++) {
        const double x = beta[j] / lambda[j], y = beta[j] * first[j];
        kept += y * y;
        exact += x * x;
        overlap += x * y;
        success += beta[j] * beta[j] * second[j];
    }
    free(first);
    return (outcome){sqrt(fmax(0, 2 - 2 * overlap / sqrt(kept * exact))), success,
                     fabs(sqrt(success) / clock->constant / sqrt(exact) - 1), 1 - kept / success};
}

/* A = [[1, -1/3], [-1/3, 1]], b = (1, 0): eigenvalues 2/3 and 4/3, x = (1.125, 0.375), |x| = 1.185854122563142. With
 * time t0 = 4 * 3 pi / 4 a clock of two qubits, unsigned and uniform, is exact; C = 2/3 gives p = 1/2 + 1/2 * 1/4. */
static void test_two_by_two(void **state)
{
    (void)state;
    const double lambda[2] = {2.0 / 3, 4.0 / 3}, beta[2] = {sqrt(0.5), sqrt(0.5)};
    const qn_hhl_clock exact = {2, QN_WINDOW_UNIFORM, 0, 4 * 3 * pi / 4, false, 2.0 / 3, 1.0 / 3, false};
    const outcome o = run(&exact, 2, lambda, beta);
    assert_near(o.success, 0.625, 1e-12);
    assert_near(o.error, 0, 1e-6);
    assert_near(sqrt(o.success) / exact.constant, 1.185854122563142, 1e-12);
    assert_near(o.leakage, 0, 1e-12);
    /* One evolution of time t = 1 a step: a clock of c qubits resolves 2 pi / 2^c; the error falls fourfold a qubit. */
    double before = 0;
    for (uint32_t c = 4; c <= 12; c++) {
        const qn_hhl_clock clock = {c, QN_WINDOW_SINE, 0, ldexp(1, (int)c), true, 0.6, 1.0 / 3, false};
        const double error = run(&clock, 2, lambda, beta).error;
        if (c >= 11) {
            assert_near(before / error, 4, 0.1);
        }
        before = error;
    }
}

/* tridiag(1, -1/3), N = 1024, b = e_0, scaled to largest eigenvalue 1 (kappa 5.000), t0 = pi T, C = 0.9 of the smallest
 * eigenvalue, nothing below half of it: recorded errors for c = 5 … 12 (sine) and 5 … 11 (uniform). */
static void test_frozen(void **state)
{
    (void)state;
    enum { N = 1024 };
    static const double sine[] = {4.74e-3, 1.20e-3, 3.18e-4, 8.35e-5, 2.13e-5, 5.39e-6, 1.35e-6, 3.40e-7};
    static const double uniform[] = {2.49e-2, 1.32e-2, 6.2e-3, 3.1e-3, 1.56e-3, 7.8e-4, 3.9e-4};
    static double lambda[N], beta[N];
    double largest = 0, smallest = 2, norm = 0;
    for (size_t k = 1; k <= N; k++) {
        lambda[k - 1] = 1 - 2.0 / 3 * cos(pi * (double)k / (N + 1));
        beta[k - 1] = sqrt(2.0 / (N + 1)) * sin(pi * (double)k / (N + 1));
        largest = fmax(largest, lambda[k - 1]);
    }
    for (size_t k = 0; k < N; k++) {
        lambda[k] /= largest;
        smallest = fmin(smallest, lambda[k]);
        norm += beta[k] / lambda[k] * (beta[k] / lambda[k]);
    }
    assert_near(1 / smallest, 5.000, 1e-3);
    assert_near(sqrt(norm), 2.066517, 1e-6);
    for (uint32_t c = 5; c <= 12; c++) {
        qn_hhl_clock clock = {c,    QN_WINDOW_SINE, 0, pi * ldexp(1, (int)c), false, 0.9 * smallest, 0.5 * smallest,
                              false};
        const outcome o = run(&clock, N, lambda, beta);
        assert_near(o.error, sine[c - 5], 0.01 * sine[c - 5]);
        if (c == 5) {
            assert_near(o.success, 0.14140, 1e-5);
            assert_near(o.leakage, 7.8e-3, 1e-4);
            assert_near(o.norm_error, 1.1e-2, 2e-4);
        } else if (c == 12) {
            assert_near(o.success, 0.13837, 1e-5);
            assert_near(o.leakage, 4.7e-7, 1e-8);
            assert_near(o.norm_error, 7e-7, 1e-8);
        }
        clock.window = QN_WINDOW_UNIFORM;
        if (c <= 11) {
            const double error = run(&clock, N, lambda, beta).error;
            assert_near(error, uniform[c - 5], 0.012 * uniform[c - 5]);
        }
        clock.window = QN_WINDOW_KAISER;
        clock.window_shape = 5;
        assert_true(run(&clock, N, lambda, beta).error < 2e-2);
    }
}

/* Poisson 1-D, N = 64, b = 1 (kappa 1711.7): useless until 2^c passes kappa; recorded 6.9e-2, 1.3e-3, 4.5e-4, 1.9e-5
 * for c = 11, 12, 14, 16. */
static void test_poisson(void **state)
{
    (void)state;
    static const uint32_t bits[] = {11, 12, 14, 16};
    static const double errors[] = {6.9e-2, 1.3e-3, 4.5e-4, 1.9e-5};
    double lambda[64], beta[64], largest = 0, smallest = 4, norm = 0;
    for (size_t k = 1; k <= 64; k++) {
        beta[k - 1] = 0;
        for (size_t j = 1; j <= 64; j++) {
            beta[k - 1] += sqrt(2.0 / 65) * sin(pi * (double)(j * k) / 65) / 8;
        }
        lambda[k - 1] = 2 - 2 * cos(pi * (double)k / 65);
        largest = fmax(largest, lambda[k - 1]);
        smallest = fmin(smallest, lambda[k - 1]);
    }
    assert_near(largest / smallest, 1711.7, 0.05);
    for (size_t k = 0; k < 64; k++) {
        lambda[k] /= largest;
        norm += beta[k] * beta[k];
    }
    assert_near(norm, 1, 1e-12);
    smallest /= largest;
    for (size_t i = 0; i < 4; i++) {
        const qn_hhl_clock clock = {bits[i],        QN_WINDOW_SINE, 0,    pi * ldexp(1, (int)bits[i]), false,
                                    0.9 * smallest, 0.5 * smallest, false};
        assert_near(run(&clock, 64, lambda, beta).error, errors[i], 0.04 * errors[i]);
    }
}

/* |alpha_k|^2 of the sine window in closed form, d = lambda t0 - 2 pi k:
 * (sqrt 2 cos(d/2) / T cos(d/2T) sin(pi/2T) / [sin((d + pi)/2T) sin((d - pi)/2T)])^2; sums over all outcomes. */
static void test_against_the_sum(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    const double size = 64;
    double lambda[40], first[40], second[40];
    for (int j = 0; j < 40; j++) {
        lambda[j] = 0.9 * draw(&seed);
    }
    const qn_hhl_clock clock = {6, QN_WINDOW_SINE, 0, 2 * pi * 31, true, 0.1, 0.05, false};
    assert_ok(qn_hhl_response(context, &clock, 40, lambda, first, second));
    for (int j = 0; j < 40; j++) {
        double f = 0, f2 = 0, all = 0;
        for (int k = -32; k < 32; k++) {
            const double d = lambda[j] * clock.time - 2 * pi * k;
            const double a = sqrt(2) * cos(d / 2) / size * cos(d / (2 * size)) * sin(pi / (2 * size)) /
                             (sin((d + pi) / (2 * size)) * sin((d - pi) / (2 * size)));
            const double x = 2 * pi * k / clock.time, value = fabs(x) < 0.05 ? 0 : copysign(fmin(1, 0.1 / fabs(x)), x);
            f += a * a * value;
            f2 += a * a * value * value;
            all += a * a;
        }
        assert_near(all, 1, 1e-12);
        assert_near(first[j], f, 1e-12);
        assert_near(second[j], f2, 1e-12);
    }
    const qn_hhl_clock wraps = {3, QN_WINDOW_SINE, 0, 100, true, 0.1, 0.05, false};
    assert_fails(qn_hhl_response(context, &wraps, 40, lambda, first, second), QN_ERR_RANGE, "wraps round");
}

/* Through the solver: general and complex matrices by their dilation, the norm of x among what is held to epsilon. */
static void test_solver(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    for (unsigned kind = 0; kind < 4; kind++) {
        double b[24];
        qn_sparse *matrix = random_system(&seed, 12, kind % 2 == 1, kind / 2 == 1, 6, b);
        qn_linear_problem *problem = NULL;
        qn_linear_result *hhl = NULL, *qsvt = NULL;
        assert_ok(qn_linear_problem_create(context, matrix, b, kind % 2 == 1, NULL, &problem));
        qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
        options.epsilon = 1e-5;
        assert_ok(qn_linear_solve(context, problem, &options, &qsvt));
        options.method = "hhl";
        assert_ok(qn_linear_solve(context, problem, &options, &hhl));
        assert_true(hhl->state_error < 1e-5);
        assert_near(hhl->solution_norm, qsvt->solution_norm, 4e-5 * qsvt->solution_norm);
        for (size_t i = 0; i < problem->width; i++) {
            assert_near(hhl->x[i], qsvt->x[i], 4e-5 * qsvt->solution_norm);
        }
        qn_linear_result_free(hhl);
        qn_linear_result_free(qsvt);
        qn_linear_problem_free(problem);
        qn_sparse_free(matrix);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_by_two), cmocka_unit_test(test_frozen),          cmocka_unit_test(test_poisson),
        cmocka_unit_test(test_solver),     cmocka_unit_test(test_against_the_sum),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
