/* test_hhl_gate.c: HHL's circuit against the spectral tier, the textbook's numbers, and product formulas. */
#include <linear_support.h>

#include "algorithm/linear/hhl_gate.h"

static qn_linear_result *solve(const qn_linear_problem *p, const qn_linear_options *options)
{
    qn_linear_result *r = NULL;
    assert_ok(qn_linear_solve(context, p, options, &r));
    return r;
}

/* A = [[1, -1/3], [-1/3, 1]], b = (1, 0): eigenvalues 2/3 and 4/3; with evolution time 3 pi / 4 a step two unsigned
 * clock qubits are exact, C = 2/3 gives p = 1/2 + 1/8, and |x| = sqrt(p) / C. */
static void textbook(void **state)
{
    (void)state;
    const double a[4] = {1, -1. / 3, -1. / 3, 1}, b[2] = {1, 0};
    qn_sparse *m = NULL;
    qn_linear_problem *p = NULL;
    assert_ok(qn_sparse_from_dense(2, 2, a, false, &m));
    assert_ok(qn_linear_problem_create(context, m, b, false, NULL, &p));
    const double pi = 3.14159265358979323846, unit = p->alpha;
    const qn_hhl_clock clock = {.bits = 2,
                                .window = QN_WINDOW_UNIFORM,
                                .time = 4 * (3 * pi / 4) * unit,
                                .is_signed = false,
                                .constant = (2. / 3) / unit,
                                .cut = 0};
    double x[2];
    qn_linear_result r = {.x = x};
    const qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
    assert_ok(qn__hhl_gate_run(context, p, &options, &clock, &r));
    assert_near(r.success_probability, 0.625, 1e-12);
    assert_near(r.solution_norm, 1.185854122563142, 1e-12);
    assert_near(x[0], 1.125, 1e-12);
    assert_near(x[1], 0.375, 1e-12);
    assert_near(r.leakage, 0, 1e-12);
    assert_near(r.qubits, 4, 0);
    qn_linear_problem_free(p);
    qn_sparse_free(m);
}

static void equals_the_spectral_tier(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    static const struct {
        size_t n;
        bool is_complex, hermitian;
        qn_window window;
    } cases[] = {{4, false, true, QN_WINDOW_SINE},    {3, false, true, QN_WINDOW_UNIFORM},
                 {8, true, true, QN_WINDOW_SINE},     {4, false, false, QN_WINDOW_KAISER},
                 {5, true, false, QN_WINDOW_SINE},    {16, false, true, QN_WINDOW_SINE},
                 {2, false, false, QN_WINDOW_UNIFORM}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        double b[2 * 16];
        qn_sparse *m = random_system(&seed, cases[k].n, cases[k].is_complex, cases[k].hermitian, k % 2 == 0 ? 5 : -4,
                                     b); /* of both signs */
        qn_linear_problem *p = NULL;
        assert_ok(qn_linear_problem_create(context, m, b, cases[k].is_complex, NULL, &p));
        qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
        options.method = "hhl";
        options.epsilon = 0.1;
        options.clock_bits = 6;
        options.window = cases[k].window;
        options.tier = QN_LINEAR_SPECTRAL;
        qn_linear_result *wanted = solve(p, &options);
        options.tier = QN_LINEAR_GATE;
        qn_linear_result *r = solve(p, &options);
        for (size_t i = 0; i < p->width; i++) {
            assert_near(r->x[i], wanted->x[i], 1e-10);
        }
        assert_near(r->success_probability, wanted->success_probability, 1e-10);
        assert_near(r->solution_norm, wanted->solution_norm, 1e-10);
        assert_near(r->leakage, wanted->leakage, 1e-10);
        assert_true(r->cost.gates > 0);
        qn_linear_result_free(r);
        qn_linear_result_free(wanted);
        qn_linear_problem_free(p);
        qn_sparse_free(m);
    }
}

static double distance(const qn_linear_result *a, const qn_linear_result *b, size_t width)
{
    double sum = 0;
    for (size_t i = 0; i < width; i++) {
        sum += (a->x[i] - b->x[i]) * (a->x[i] - b->x[i]);
    }
    return sqrt(sum);
}

/* Twice the steps: errors fall to 1/2, 1/4 and 1/16 by order. */
static void product_formulas(void **state)
{
    (void)state;
    /* b complex, so that x keeps the imaginary parts that errors of first order are */
    const double b[8] = {1, 0, 0, 0.5, -0.5, 0.25, 0, 1};
    qn_grid_matrix grid;
    qn_sparse *m = NULL;
    qn_linear_problem *p = NULL;
    assert_ok(qn_grid_matrix_parse("laplacian1d:4:shift=0.5", &grid));
    assert_ok(qn_grid_matrix_build(context, &grid, &m));
    assert_ok(qn_linear_problem_create(context, m, b, true, NULL, &p));
    qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
    options.method = "hhl";
    options.epsilon = 0.5;
    options.clock_bits = 5;
    options.tier = QN_LINEAR_GATE;
    qn_linear_result *exact = solve(p, &options);
    static const double least[] = {0, 1.8, 3.7, 15};
    static const uint32_t steps[] = {0, 32, 8, 1};
    for (unsigned order = 1; order <= 3; order++) {
        double error[2];
        options.evolution = (qn_evolution)order;
        for (unsigned k = 0; k < 2; k++) {
            options.evolution_steps = steps[order] << k;
            qn_linear_result *r = solve(p, &options);
            error[k] = distance(r, exact, p->width);
            qn_linear_result_free(r);
        }
        print_message("order %d, %u steps: error %.2e, twice as many %.2e\n", order == 3 ? 4 : (int)order, steps[order],
                      error[0], error[1]);
        assert_true(error[1] < error[0] / least[order]);
        assert_true(error[1] > 1e-12 && error[0] < 0.1);
    }
    qn_linear_result_free(exact);
    qn_linear_problem_free(p);
    qn_sparse_free(m);
}

/* Evolutions by polynomials and amplification are the exact ones to 1e-10, whatever the matrix. */
static void chebyshev_evolution(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    for (unsigned kind = 0; kind < 3; kind++) {
        double b[2 * 2];
        qn_sparse *m = random_system(&seed, 2, kind == 1, kind < 2, 3, b); /* the last one is dilated */
        qn_linear_problem *p = NULL;
        assert_ok(qn_linear_problem_create(context, m, b, kind == 1, NULL, &p));
        qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
        options.method = "hhl";
        options.epsilon = 0.5;
        options.clock_bits = 4;
        options.tier = QN_LINEAR_GATE;
        qn_linear_result *exact = solve(p, &options);
        options.evolution = QN_EVOLUTION_CHEBYSHEV;
        qn_linear_result *r = solve(p, &options);
        assert_true(distance(r, exact, p->width) < 1e-10);
        assert_near(r->success_probability, exact->success_probability, 1e-10);
        assert_near(r->qubits, exact->qubits + 3, 0);
        qn_linear_result_free(r);
        qn_linear_result_free(exact);
        qn_linear_problem_free(p);
        qn_sparse_free(m);
    }
}

static void too_large(void **state)
{
    (void)state;
    qn_sparse *m = NULL;
    qn_linear_problem *p = grid_problem("laplacian1d:64:shift=1", false, &m);
    qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
    qn_linear_plan plan;
    options.method = "hhl";
    options.tier = QN_LINEAR_GATE;
    options.clock_bits = 20;
    assert_fails(qn_linear_plan_make(context, p, &options, &plan), QN_ERR_TOO_LARGE, "at most 22 together");
    qn_linear_problem_free(p);
    qn_sparse_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(textbook),         cmocka_unit_test(equals_the_spectral_tier),
        cmocka_unit_test(product_formulas), cmocka_unit_test(chebyshev_evolution),
        cmocka_unit_test(too_large),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
