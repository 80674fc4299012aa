/* test_vqls.c: the variational solver against published probabilities and its own bounds. */
#include <linear_support.h>

#include <quern/ansatz.h>
#include <quern/pauli.h>

#include "algorithm/linear/vqls.h"

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

/* Hadamard tests give the costs, and their slopes, that the observables give, at any angles. */
static void hadamard_tests(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    qn_engine *engine = NULL;
    assert_ok(qn_engine_open(context, "statevector", &engine));
    for (unsigned kind = 0; kind < 4; kind++) {
        double b[2 * 3];
        const bool is_complex = kind % 2 == 1;
        qn_sparse *m = random_system(&seed, 3, is_complex, kind < 2, 4, b); /* not a power of two */
        qn_linear_problem *p = NULL;
        qn__vqls observables = {0};
        qn__vqls_tests *tests = NULL;
        qn_circuit *ansatz = NULL;
        qn_estimator *three = NULL;
        qn_n_local_options shape = QN_N_LOCAL_OPTIONS_INIT;
        const qn_estimator_options exact = QN_ESTIMATOR_OPTIONS_INIT;
        shape.nqubits = 2;
        shape.reps = 2;
        shape.entanglement = QN_ENTANGLEMENT_LINEAR;
        assert_ok(qn_linear_problem_create(context, m, b, is_complex, NULL, &p));
        assert_ok(qn__vqls_open(context, p, &observables));
        assert_ok(is_complex ? qn_ansatz_efficient_su2(&shape, &ansatz) : qn_ansatz_real_amplitudes(&shape, &ansatz));
        assert_ok(qn__vqls_tests_open(context, engine, p, ansatz, &tests));
        const qn_pauli_sum *const sums[3] = {observables.global, observables.local, observables.norm};
        assert_ok(qn_estimator_create(engine, ansatz, sums, 3, &exact, &three));
        double theta[12], slopes[12], wanted[12], values[3], cost = 0;
        const size_t symbols = qn_circuit_symbols(ansatz);
        assert_true(symbols <= 12);
        for (unsigned trial = 0; trial < 3; trial++) {
            for (size_t i = 0; i < symbols; i++) {
                theta[i] = 3 * draw(&seed);
            }
            assert_ok(qn_estimator_run(three, theta, 1, values, NULL));
            for (unsigned local = 0; local < 2; local++) {
                const double ratio = values[local] / values[2];
                double weights[3] = {0, 0, -ratio / values[2]};
                weights[local] = 1 / values[2];
                assert_ok(qn_estimator_gradient(three, theta, weights, NULL, wanted, NULL));
                assert_ok(qn__vqls_tests_cost(tests, local == 1, theta, &cost, slopes));
                assert_near(cost, ratio, 1e-12);
                for (size_t i = 0; i < symbols; i++) {
                    assert_near(slopes[i], wanted[i], 1e-11);
                }
            }
        }
        qn_estimator_free(three);
        qn__vqls_tests_free(tests);
        qn_circuit_free(ansatz);
        qn__vqls_close(&observables);
        qn_linear_problem_free(p);
        qn_sparse_free(m);
    }
    qn_engine_close(engine);
}

/* The whole solver by tests alone; so many a string pair, counted by hand: 3 strings, 3 pairs of different ones and 3
 * of the same; N takes 3, b's projector 6. */
static void trained_by_tests(void **state)
{
    (void)state;
    double dense[64] = {0};
    for (size_t i = 0; i < 8; i++) {
        dense[9 * i] = 1;
        dense[8 * i + (i ^ 4)] = (i & 2) == 0 ? 0.4 : 0;
    }
    qn_sparse *m = NULL;
    qn_linear_problem *p = NULL;
    qn_linear_result *r = NULL;
    qn_ledger ledger;
    qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
    assert_ok(qn_sparse_from_dense(8, 8, dense, false, &m));
    assert_ok(qn_linear_problem_create(context, m, NULL, false, NULL, &p));
    options.method = "vqls";
    options.tier = QN_LINEAR_GATE;
    options.epsilon = 1e-4;
    for (unsigned local = 0; local < 2; local++) {
        options.local_cost = local == 1;
        assert_ok(qn_linear_solve(context, p, &options, &r));
        assert_true(r->residual < 1e-4 && r->cost_global < 1e-8);
        assert_near(fmod(r->queries, local == 1 ? 3 + 6 * 3 : 3 + 6), 0, 0);
        assert_ok(qn_linear_ledger(p, &options, &r->plan, r, NULL, NULL, NULL, &ledger));
        assert_near(ledger.qubits.value, 4, 0);
        assert_near(ledger.two_qubit_depth.value, (double)r->cost.cx_depth, 0);
        assert_int_equal(ledger.rotations.source, QN_SOURCE_COUNTED);
        qn_linear_result_free(r);
    }
    qn_linear_problem_free(p);
    qn_sparse_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_probabilities),
        cmocka_unit_test(costs),
        cmocka_unit_test(hadamard_tests),
        cmocka_unit_test(trained_by_tests),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
