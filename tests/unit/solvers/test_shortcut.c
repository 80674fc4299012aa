/* test_shortcut.c: the shortcut against recorded values, the definition of its reflection, and the direct solver. */
#include <linear_support.h>

#include "algorithm/linear/shortcut.h"

/* The example of Qrisp's documentation of its implementation (https://qrisp.eu), alpha 1.1 and kappa 3; the success
 * probabilities and errors were worked out from the paper's formulas and are recorded here. */
static const double example[16] = {.78,  -.01, -.16, -.1,  -.01, .57, -.03, .08,
                                   -.16, -.03, .69,  -.15, -.1,  .08, -.15, .88};

static double state_error(const double *x, const double *wanted, size_t n)
{
    double norm = 0, other = 0, off = 0;
    for (size_t i = 0; i < n; i++) {
        norm += x[i] * x[i];
        other += wanted[i] * wanted[i];
    }
    for (size_t i = 0; i < n; i++) {
        off += pow(x[i] / sqrt(norm) - wanted[i] / sqrt(other), 2);
    }
    return sqrt(off);
}

static void recorded_values(void **state)
{
    (void)state;
    const double b[4] = {.5, .5, .5, .5};
    qn_sparse *m = NULL;
    qn_linear_problem *p = NULL;
    assert_ok(qn_sparse_from_dense(4, 4, example, false, &m));
    qn_linear_problem_options options = QN_LINEAR_PROBLEM_OPTIONS_INIT;
    options.alpha = 1.1;
    assert_ok(qn_linear_problem_create(context, m, b, false, &options, &p));
    double exact[4], x[4];
    qn_sparse_outcome outcome;
    qn_sparse_solve_options direct = QN_SPARSE_SOLVE_OPTIONS_INIT;
    direct.method = QN_SPARSE_LU;
    assert_ok(qn_sparse_solve(context, m, b, &direct, exact, &outcome));
    const double norm = sqrt(exact[0] * exact[0] + exact[1] * exact[1] + exact[2] * exact[2] + exact[3] * exact[3]);
    assert_near(norm, 1.924907, 1e-6);
    static const double published[4] = {.516439, .438089, .605977, .417325};
    for (size_t i = 0; i < 4; i++) {
        assert_near(exact[i] / norm, published[i], 1e-6);
    }
    static const struct {
        double t; /* 0: alpha |x| */
        uint64_t length;
        double success, success_within, error, error_within;
    } rows[] = {{0, 8, .9745, 1e-4, 2.6e-3, 1e-4},
                {0, 22, .9999993, 1e-7, 2.5e-7, 1e-8},
                {1, 22, .596, 1e-3, 0, 3e-7},
                {4, 22, .684, 1e-3, 0, 3e-7}};
    assert_near(qn__shortcut_length(1. / 3, 1e-2), 8, 0);
    assert_near(qn__shortcut_length(1. / 3, 1e-6), 22, 0);
    for (size_t k = 0; k < 4; k++) {
        double success = 0;
        const double t = rows[k].t > 0 ? rows[k].t : 1.1 * norm;
        assert_ok(qn__shortcut_reflect(context, p, t, 1. / 3, rows[k].length, x, &success));
        assert_near(success, rows[k].success, rows[k].success_within);
        assert_near(state_error(x, exact, 4), rows[k].error, rows[k].error_within);
    }
    qn_linear_problem_free(p);
    qn_sparse_free(m);
}

/* With a long polynomial success is sin^2 of twice atan(|x| / t), whatever t. */
static void success_tells_the_norm(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    double b[8], x[8];
    qn_sparse *m = random_system(&seed, 8, false, false, 4, b);
    qn_linear_problem *p = NULL;
    qn_linear_result *r = NULL;
    assert_ok(qn_linear_problem_create(context, m, b, false, NULL, &p));
    qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
    options.epsilon = 1e-9;
    assert_ok(qn_linear_solve(context, p, &options, &r)); /* QSVT */
    const double norm = r->solution_norm * p->alpha / p->b_norm;
    for (double t = 1; t < p->kappa; t *= 1.5) {
        double success = 0;
        const double delta = fmin(1 / p->kappa, 1 / t);
        assert_ok(qn__shortcut_reflect(context, p, t, delta, (uint64_t)qn__shortcut_length(delta, 1e-10), x, &success));
        assert_near(success, pow(sin(2 * atan(norm / t)), 2), 1e-8);
    }
    qn_linear_result_free(r);
    qn_linear_problem_free(p);
    qn_sparse_free(m);
}

/* About kappa ln(1/epsilon) queries and nearly sure success. */
static void queries_grow_with_kappa(void **state)
{
    (void)state;
    for (unsigned k = 0; k < 3; k++) {
        static const char *const texts[] = {"laplacian1d:40:shift=1", "laplacian1d:40:shift=0.1",
                                            "laplacian1d:40:shift=0.01"};
        qn_sparse *m = NULL;
        qn_linear_problem *p = grid_problem(texts[k], false, &m);
        qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
        qn_linear_result *r = NULL;
        options.method = "shortcut";
        options.epsilon = 1e-8;
        assert_ok(qn_linear_solve(context, p, &options, &r));
        assert_true(r->success_probability > 1 - 1e-8);
        assert_near(r->queries, p->kappa * log(10 / options.epsilon), 4.1); /* twice an even number */
        assert_near(r->amplification_rounds, 0, 0);
        assert_true(r->queries_before > 0);
        qn_linear_result_free(r);
        qn_linear_problem_free(p);
        qn_sparse_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_values),
        cmocka_unit_test(success_tells_the_norm),
        cmocka_unit_test(queries_grow_with_kappa),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
