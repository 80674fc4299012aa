/* test_linear_tiers.c: gate, operator and spectral tier give the same state, norm and probability, and that state
 * solves the system. */
#include "linear_support.h"

static void compare(const qn_linear_problem *problem, double epsilon, bool gate)
{
    qn_linear_result *results[4] = {NULL};
    for (qn_linear_tier t = gate ? QN_LINEAR_GATE : QN_LINEAR_OPERATOR; t <= QN_LINEAR_SPECTRAL; t++) {
        qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
        options.tier = t;
        options.epsilon = epsilon;
        assert_ok(qn_linear_solve(context, problem, &options, &results[t]));
        assert_true(results[t]->residual <= epsilon);
        assert_int_equal(results[t]->plan.tier, t);
    }
    const qn_linear_result *const wanted = results[QN_LINEAR_OPERATOR];
    for (qn_linear_tier t = gate ? QN_LINEAR_GATE : QN_LINEAR_SPECTRAL; t <= QN_LINEAR_SPECTRAL; t++) {
        if (t == QN_LINEAR_OPERATOR) {
            continue;
        }
        for (size_t i = 0; i < problem->width; i++) {
            assert_near(results[t]->x[i], wanted->x[i], 1e-10 * wanted->solution_norm);
        }
        assert_near(results[t]->solution_norm, wanted->solution_norm, 1e-10 * wanted->solution_norm);
        assert_near(results[t]->success_probability, wanted->success_probability, 1e-10);
        assert_near(results[t]->queries, wanted->queries, 0);
    }
    if (gate) {
        assert_true(results[QN_LINEAR_GATE]->cost.gates > 0);
        assert_true(results[QN_LINEAR_GATE]->phase_residual < 1e-11);
    }
    for (int t = 0; t < 4; t++) {
        qn_linear_result_free(results[t]);
    }
}

/* Real and complex, Hermitian (indefinite) and general, sizes that are no powers of two. */
static void test_random(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    for (unsigned kind = 0; kind < 8; kind++) {
        const size_t n = kind < 4 ? 3 : 4;
        double b[8];
        qn_sparse *matrix = random_system(&seed, n, kind % 2 == 1, kind / 2 % 2 == 1, 2.5, b);
        qn_linear_problem *problem = NULL;
        assert_ok(qn_linear_problem_create(context, matrix, b, kind % 2 == 1, NULL, &problem));
        if (problem->kappa < 40) {
            compare(problem, 1e-3, kind != 7);
        }
        qn_linear_problem_free(problem);
        qn_sparse_free(matrix);
    }
}

/* A complex right-hand side makes a real system complex; another alpha costs degrees, not the answer. */
static void test_complex_b_and_alpha(void **state)
{
    (void)state;
    const double a[4] = {2, 1, 1, 3}, b[4] = {1, 2, 0, -1};
    qn_sparse *matrix = NULL;
    qn_linear_problem *problem = NULL;
    qn_linear_result *result = NULL;
    qn_linear_problem_options options = QN_LINEAR_PROBLEM_OPTIONS_INIT;
    assert_ok(qn_sparse_from_dense(2, 2, a, false, &matrix));
    options.alpha = 10;
    assert_ok(qn_linear_problem_create(context, matrix, b, true, &options, &problem));
    assert_near(problem->kappa / problem->condition, 10 / (2.5 + sqrt(1.25)), 1e-9);
    assert_ok(qn_linear_solve(context, problem, NULL, &result)); /* x = (3 b0 - b1, 2 b1 - b0) / 5 */
    assert_near(result->x[0], 0.6, 2e-6);
    assert_near(result->x[1], 7.0 / 5, 2e-6);
    assert_near(result->x[2], -0.2, 2e-6);
    assert_near(result->x[3], -4.0 / 5, 2e-6);
    compare(problem, 1e-2, true);
    qn_linear_result_free(result);
    qn_linear_problem_free(problem);
    options.alpha = 1;
    assert_fails(qn_linear_problem_create(context, matrix, b, true, &options, &problem), QN_ERR_RANGE,
                 "no block-encoding");
    qn_sparse_free(matrix);
}

/* Grids, among them one that is large enough for fronts over blocks that stay in cache, at an odd length and with two,
 * one and five threads to the same bits. */
static void test_grids(void **state)
{
    (void)state;
    static const char *const texts[] = {"laplacian1d:30", "laplacian2d:7x9:shift=0.3", "laplacian3d:4x3x5:shift=0.2",
                                        "toeplitz:40:diagonal=1:off=0.3", "laplacian2d:300x437:shift=0.7"};
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
        qn_sparse *matrix = NULL;
        qn_linear_problem *problem = grid_problem(texts[t], t == 1, &matrix);
        compare(problem, t == 4 ? 1e-4 : 1e-7, false);
        qn_linear_problem_free(problem);
        qn_sparse_free(matrix);
    }
    qn_sparse *matrix = NULL;
    qn_linear_problem *problem = grid_problem("laplacian2d:300x437:shift=0.7", true, &matrix);
    qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
    options.tier = QN_LINEAR_OPERATOR;
    options.epsilon = 1e-3;
    qn_linear_result *first = NULL;
    assert_ok(qn_linear_solve(context, problem, &options, &first));
    for (uint32_t threads = 1; threads <= 5; threads += 4) {
        qn_context_options chosen = QN_CONTEXT_OPTIONS_INIT;
        chosen.threads = threads;
        qn_context *other = NULL;
        qn_linear_result *again = NULL;
        assert_ok(qn_context_create(&chosen, &other));
        assert_ok(qn_linear_solve(other, problem, &options, &again));
        assert_memory_equal(first->x, again->x, problem->width * sizeof *first->x);
        qn_linear_result_free(again);
        qn_context_free(other);
    }
    qn_linear_result_free(first);
    qn_linear_problem_free(problem);
    qn_sparse_free(matrix);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_complex_b_and_alpha),
        cmocka_unit_test(test_grids),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
