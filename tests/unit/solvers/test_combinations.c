/* test_combinations.c: linear combinations of Chebyshev polynomials and of evolutions, and the model of variable times.
 */
#include <linear_support.h>

static qn_linear_result *solve(const qn_linear_problem *p, const char *method, qn_linear_tier tier, double epsilon)
{
    qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
    qn_linear_result *r = NULL;
    options.method = method;
    options.tier = tier;
    options.epsilon = epsilon;
    assert_ok(qn_linear_solve(context, p, &options, &r));
    return r;
}

static void tiers_agree(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    for (unsigned kind = 0; kind < 4; kind++) {
        double b[2 * 12];
        const bool is_complex = kind % 2 == 1, hermitian = kind < 2;
        qn_sparse *m = random_system(&seed, 12, is_complex, hermitian, 5, b);
        qn_linear_problem *p = NULL;
        assert_ok(qn_linear_problem_create(context, m, b, is_complex, NULL, &p));
        qn_linear_result *a = solve(p, "cks", QN_LINEAR_OPERATOR, 1e-7), *c = solve(p, "cks", QN_LINEAR_SPECTRAL, 1e-7);
        for (size_t i = 0; i < p->width; i++) {
            assert_near(a->x[i], c->x[i], 1e-10);
        }
        assert_near(a->success_probability, c->success_probability, 1e-10);
        qn_linear_result *f = solve(p, "fourier", QN_LINEAR_SPECTRAL, 1e-7);
        for (size_t i = 0; i < p->width; i++) {
            assert_near(f->x[i], c->x[i], 1e-6);
        }
        qn_linear_result_free(a);
        qn_linear_result_free(c);
        qn_linear_result_free(f);
        qn_linear_problem_free(p);
        qn_sparse_free(m);
    }
}

/* Degrees of Childs, Kothari and Somma beside the optimal one: table of docs/linear-systems.md, 187 against 69 at kappa
 * 10 and 1e-2. */
static void degrees(void **state)
{
    (void)state;
    assert_near(qn_qsp_inverse_degree_cks(10, 1e-2), 187, 0);
    assert_near(qn_qsp_inverse_degree(10, 1e-2), 69, 0);
    assert_near(qn_qsp_inverse_degree_cks(1000, 1e-4), 41871, 0);
}

/* The integral's two cuts and two steps leave at most epsilon of 1/lambda: on a diagonal matrix x shows it directly. */
static void fourier_error(void **state)
{
    (void)state;
    for (double kappa = 4; kappa <= 64; kappa *= 4) {
        for (double epsilon = 1e-2; epsilon > 1e-9; epsilon /= 100) {
            enum { N = 50 };
            double dense[N * N] = {0};
            for (size_t j = 0; j < N; j++) {
                dense[j * N + j] = (j % 2 == 0 ? 1 : -1) * pow(kappa, -(double)j / (N - 1));
            }
            qn_sparse *m = NULL;
            qn_linear_problem *p = NULL;
            assert_ok(qn_sparse_from_dense(N, N, dense, false, &m));
            assert_ok(qn_linear_problem_create(context, m, NULL, false, NULL, &p));
            qn_linear_result *r = solve(p, "fourier", QN_LINEAR_SPECTRAL, epsilon);
            for (size_t j = 0; j < N; j++) {
                assert_true(fabs(r->x[j] - 1 / dense[j * N + j]) <= epsilon);
            }
            qn_linear_result_free(r);
            qn_linear_problem_free(p);
            qn_sparse_free(m);
        }
    }
}

/* b along the hardest eigenvector: amplification costs kappa^2 to plain inversion of easy vectors, kappa to this. */
static void variable_times(void **state)
{
    (void)state;
    double ratio[2], kappa[2];
    for (unsigned k = 0; k < 2; k++) {
        qn_sparse *m = NULL;
        qn_linear_problem *p =
            grid_problem(k == 0 ? "laplacian1d:512:shift=0.04" : "laplacian1d:512:shift=0.0004", true, &m);
        qn_linear_result *plain = solve(p, "qsvt", QN_LINEAR_SPECTRAL, 1e-4);
        qn_linear_result *tuned = solve(p, "vtaa", QN_LINEAR_SPECTRAL, 1e-4);
        for (size_t i = 0; i < p->width; i++) {
            assert_near(plain->x[i], tuned->x[i], 1e-9);
        }
        kappa[k] = p->kappa;
        ratio[k] = plain->queries_amplified / tuned->queries;
        qn_linear_result_free(plain);
        qn_linear_result_free(tuned);
        qn_linear_problem_free(p);
        qn_sparse_free(m);
    }
    print_message("kappa %g and %g: qsvt / vtaa queries %g and %g\n", kappa[0], kappa[1], ratio[0], ratio[1]);
    assert_true(ratio[1] > 2 * ratio[0]); /* the gain grows with kappa */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tiers_agree),
        cmocka_unit_test(degrees),
        cmocka_unit_test(fourier_error),
        cmocka_unit_test(variable_times),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
