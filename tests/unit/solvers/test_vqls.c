/* test_vqls.c: the variational solver against published probabilities and its own bounds. */
#include <linear_support.h>

#include <quern/pauli.h>

/* A = 1 + 0.2 X_0 Z_1 + 0.2 X_0 on three qubits, b = |+++>, of PennyLane's demonstration "Variational Quantum Linear
 * Solver" (https://pennylane.ai/qml/demos/tutorial_vqls), whose first wire is our highest qubit. On Z_1 = 1 the factor
 * is 1.4 and on -1 it is 1, so the probabilities are as 1/1.96 to 1. */
static void published_probabilities(void **state)
{
    (void)state;
    double dense[64] = {0};
    for (size_t i = 0; i < 8; i++) {
        dense[9 * i] = 1;
        dense[8 * i + (i ^ 4)] = (i & 2) == 0 ? 0.4 : 0;
    }
    qn_sparse *m = NULL;
    qn_linear_problem *p = NULL;
    assert_ok(qn_sparse_from_dense(8, 8, dense, false, &m));
    assert_ok(qn_linear_problem_create(context, m, NULL, false, NULL, &p));
    for (unsigned local = 0; local < 2; local++) {
        qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
        qn_linear_result *r = NULL;
        options.method = "vqls";
        options.epsilon = 1e-5;
        options.local_cost = local == 1;
        assert_ok(qn_linear_solve(context, p, &options, &r));
        double norm = 0;
        for (size_t i = 0; i < 8; i++) {
            norm += r->x[i] * r->x[i];
        }
        for (size_t i = 0; i < 8; i++) {
            const double wanted = (i & 2) == 0 ? .0844595 : .1655405;
            assert_near(r->x[i] * r->x[i] / norm, wanted, 1e-5);
        }
        assert_near(r->solution_norm, sqrt(norm), 1e-4);
        /* C_L <= C_G <= n C_L */
        assert_true(r->cost_local <= r->cost_global + 1e-12 && r->cost_global <= 3 * r->cost_local + 1e-12);
        /* 3 strings in A, 3 qubits: 9 * 4 Hadamard tests an evaluation */
        assert_near(fmod(r->queries, 36), 0, 0);
        qn_linear_result_free(r);
    }
    qn_linear_problem_free(p);
    qn_sparse_free(m);
}

/* The costs themselves, before training is done: C_G is the squared residual of the best multiple, and both order. */
static void costs(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    for (unsigned kind = 0; kind < 4; kind++) {
        double b[2 * 6];
        const bool is_complex = kind % 2 == 1;
        qn_sparse *m = random_system(&seed, 6, is_complex, kind < 2, 5, b); /* not a power of two */
        qn_linear_problem *p = NULL;
        assert_ok(qn_linear_problem_create(context, m, b, is_complex, NULL, &p));
        qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
        qn_linear_result *r = NULL;
        options.method = "vqls";
        options.epsilon = 1e-2;
        options.layers = 1; /* too few to be exact */
        assert_ok(qn_linear_solve(context, p, &options, &r));
        assert_true(r->cost_global > 1e-6);
        assert_true(r->residual <= sqrt(r->cost_global) * (1 + 1e-6));
        assert_true(r->cost_local <= r->cost_global + 1e-12 && r->cost_global <= 3 * r->cost_local + 1e-12);
        qn_linear_result_free(r);
        qn_linear_problem_free(p);
        qn_sparse_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_probabilities),
        cmocka_unit_test(costs),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
