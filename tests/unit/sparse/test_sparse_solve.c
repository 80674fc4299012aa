/* test_sparse_solve.c: every classical method against dense elimination. */
#include "sparse_random.h"

static qn_context *context;

static int open_context(void **state)
{
    (void)state;
    return qn_context_create(NULL, &context) == QN_OK ? 0 : 1;
}

static int close_context(void **state)
{
    (void)state;
    qn_context_free(context);
    return 0;
}

static void test_all_methods(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    for (unsigned kind = 0; kind < 6; kind++) { /* real or complex; general, Hermitian, positive */
        const bool is_complex = kind % 2 == 1, hermitian = kind >= 2, positive = kind >= 4;
        const size_t n = 24, width = is_complex ? 2 : 1;
        qn_sparse *m = sparse_random(&seed, n, is_complex, hermitian, positive ? 6 : 2.5);
        double b[48], x[48], want[48];
        for (size_t i = 0; i < n * width; i++) {
            b[i] = sparse_draw(&seed);
        }
        sparse_reference(m, b, want);
        for (qn_sparse_method method = QN_SPARSE_CG; method <= QN_SPARSE_QR; method++) {
            const bool can = method == QN_SPARSE_CG || method == QN_SPARSE_CHOLESKY ? positive
                             : method == QN_SPARSE_MINRES                           ? hermitian
                                                                                    : true;
            qn_sparse_solve_options options = QN_SPARSE_SOLVE_OPTIONS_INIT;
            double history[400];
            options.method = method;
            options.tolerance = 1e-13;
            options.history = history;
            options.history_capacity = 400;
            qn_sparse_outcome outcome;
            assert_ok(qn_sparse_solve(context, m, b, &options, x, &outcome));
            if (!can) {
                if (!hermitian) {
                    assert_string_equal(outcome.remark, "the matrix is not Hermitian");
                    assert_false(outcome.converged);
                }
                continue;
            }
            assert_true(outcome.converged);
            assert_true(outcome.residual < 1e-12);
            for (size_t i = 0; i < n * width; i++) {
                assert_near(x[i], want[i], 1e-10);
            }
            if (method <= QN_SPARSE_LSQR) { /* the residual that was followed is the true one */
                assert_int_equal(outcome.history_count, outcome.iterations);
                assert_near(history[outcome.history_count - 1], outcome.residual, 1e-12);
            } else {
                assert_true(outcome.factor_entries >= n);
            }
        }
        qn_sparse_free(m);
    }
}

/* CG on a Poisson matrix with N = 64: 28, 32, 32, 32 iterations to ||x - x~|| tolerances 1e-2 … 1e-8 are on record; in
 * exact arithmetic the symmetric right-hand side has 32 distinct eigenvalues, so the 32nd ends it. */
static void test_poisson_iterations(void **state)
{
    (void)state;
    qn_grid_matrix grid;
    assert_ok(qn_grid_matrix_parse("laplacian1d:64", &grid));
    qn_sparse *m = NULL;
    assert_ok(qn_grid_matrix_build(context, &grid, &m));
    double b[64], x[64];
    for (size_t i = 0; i < 64; i++) {
        b[i] = 1;
    }
    qn_sparse_solve_options options = QN_SPARSE_SOLVE_OPTIONS_INIT;
    qn_sparse_outcome outcome;
    options.tolerance = 1e-10;
    assert_ok(qn_sparse_solve(context, m, b, &options, x, &outcome));
    assert_int_equal(outcome.iterations, 32);
    for (size_t i = 0; i < 64; i++) {
        assert_near(x[i], (double)((i + 1) * (64 - i)) / 2, 1e-9);
    }
    qn_sparse_free(m);
}

static void test_refusals(void **state)
{
    (void)state;
    const double singular[4] = {1, 1, 1, 1}, indefinite[4] = {0, 1, 1, 0};
    double x[2] = {7, 7};
    qn_sparse *m = NULL;
    qn_sparse_outcome outcome;
    qn_sparse_solve_options options = QN_SPARSE_SOLVE_OPTIONS_INIT;
    assert_ok(qn_sparse_from_dense(2, 2, singular, false, &m));
    options.method = QN_SPARSE_LU;
    assert_ok(qn_sparse_solve(context, m, (double[]){1, 2}, &options, x, &outcome));
    assert_false(outcome.converged);
    assert_string_equal(outcome.remark, "the matrix is singular");
    assert_fails(qn_sparse_solve(context, m, (double[]){0, 0}, &options, x, &outcome), QN_ERR_ARGUMENT, "zero");
    assert_fails(qn_sparse_solve(context, m, (double[]){0, (double)INFINITY}, &options, x, &outcome), QN_ERR_NAN,
                 "entry 1");
    options.method = (qn_sparse_method)9;
    assert_fails(qn_sparse_solve(context, m, (double[]){1, 0}, &options, x, &outcome), QN_ERR_ARGUMENT, "method 9");
    qn_sparse_free(m);
    assert_ok(qn_sparse_from_dense(2, 2, indefinite, false, &m));
    options.method = QN_SPARSE_CHOLESKY;
    assert_ok(qn_sparse_solve(context, m, (double[]){1, 2}, &options, x, &outcome));
    assert_false(outcome.converged);
    options.method = QN_SPARSE_CG;
    assert_ok(qn_sparse_solve(context, m, (double[]){1, 0}, &options, x, &outcome));
    assert_string_equal(outcome.remark, "the matrix is not positive definite");
    qn_sparse_free(m);
    double rectangle[2] = {1, 2};
    assert_ok(qn_sparse_from_dense(1, 2, rectangle, false, &m));
    assert_fails(qn_sparse_solve(context, m, (double[]){1, 2}, &options, x, &outcome), QN_ERR_SHAPE, "1 x 2");
    qn_sparse_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_methods),
        cmocka_unit_test(test_poisson_iterations),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
