/* test_solvers.c: every solver against all states of small random models, published optima, and itself with other
 * numbers of threads. */
#include <qn_random.h>

#include <quern/context.h>
#include <quern/optimize.h>
#include <quern/problem.h>

static qn_context *context_of(uint32_t threads)
{
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    qn_context *context = NULL;
    options.threads = threads;
    assert_ok(qn_context_create(&options, &context));
    return context;
}

static qn_qubo *random_qubo(qn_random *r, uint32_t n, double density, bool whole, bool fields)
{
    qn_qubo *qubo = NULL;
    assert_ok(qn_qubo_create(n, &qubo));
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = i + 1; j < n; j++) {
            if (qn_random_between(r, 0, 1) < density) {
                const double J = whole ? (double)qn_random_below(r, 7) - 3 : qn_random_between(r, -1, 1);
                assert_ok(qn_qubo_add_coupling(qubo, i, j, J));
            }
        }
        if (fields) {
            assert_ok(
                qn_qubo_add_linear(qubo, i, whole ? (double)qn_random_below(r, 5) - 2 : qn_random_between(r, -1, 1)));
        }
    }
    assert_ok(qn_qubo_finish(qubo));
    return qubo;
}

static double lowest(qn_cost cost)
{
    double best = (double)INFINITY;
    for (uint64_t state = 0; state < UINT64_C(1) << qn_cost_variables(cost); state++) {
        best = fmin(best, qn_cost_value_of_state(cost, state));
    }
    return best;
}

static void check_result(qn_cost cost, const qn_optimize_result *result)
{
    assert_near(qn_cost_value(cost, result->x), result->cost, 1e-12);
    assert_true(result->bound <= result->cost + 1e-9);
    assert_true(result->trace >= 1);
    for (size_t k = 1; k < result->trace; k++) {
        assert_true(result->trace_cost[k] < result->trace_cost[k - 1]);
        assert_true(result->trace_seconds[k] >= result->trace_seconds[k - 1]);
    }
}

/* On 12 variables every method but GW and random must find the minimum; no bound may lie above it. */
static void test_small_models(void **unused)
{
    (void)unused;
    qn_random r = {qn_test_seed()};
    qn_context *context = context_of(2);
    for (unsigned round = 0; round < 8 * qn_test_scale(); round++) {
        qn_qubo *qubo = random_qubo(&r, 12, round % 3 == 0 ? 0.3 : 1, round % 2 == 0, round % 4 >= 2);
        const qn_cost cost = {qubo, NULL};
        const double minimum = lowest(cost);
        for (int s = 0; s < QN_SOLVER_COUNT_; s++) {
            qn_optimize_options options = QN_OPTIMIZE_OPTIONS_INIT;
            qn_optimize_result *result = NULL;
            assert_ok(qn_optimize(context, cost, (qn_solver)s, &options, &result));
            check_result(cost, result);
            if (s != QN_SOLVER_GW && s != QN_SOLVER_RANDOM) {
                assert_near(result->cost, minimum, 1e-9);
            }
            assert_true(result->cost >= minimum - 1e-9 && result->bound <= minimum + 1e-9);
            assert_true(result->optimal == (s == QN_SOLVER_EXACT) || s == QN_SOLVER_GW);
            assert_true(s != QN_SOLVER_GW || isfinite(result->bound));
            qn_optimize_result_free(result);
        }
        qn_qubo_free(qubo);
    }
    qn_context_free(context);
}

/* Branch and bound against Gray code where both are possible. */
static void test_branch(void **unused)
{
    (void)unused;
    qn_random r = {qn_test_seed() + 1};
    qn_context *context = context_of(2);
    for (unsigned round = 0; round < 8 * qn_test_scale(); round++) {
        const uint32_t n = 23; /* the first that branch and bound gets */
        qn_qubo *qubo = random_qubo(&r, n, round % 2 == 0 ? 0.25 : 0.9, round % 4 < 2, round % 3 == 0);
        qn_polynomial *polynomial = NULL;
        assert_ok(qn_polynomial_create(n, &polynomial));
        assert_ok(qn_polynomial_add_qubo(polynomial, qubo, 1));
        assert_ok(qn_polynomial_finish(polynomial));
        qn_optimize_result *branch = NULL, *anneal = NULL;
        qn_optimize_options options = QN_OPTIMIZE_OPTIONS_INIT;
        assert_ok(qn_optimize(context, (qn_cost){qubo, NULL}, QN_SOLVER_EXACT, &options, &branch));
        assert_true(branch->optimal);
        check_result((qn_cost){qubo, NULL}, branch);
        if (round < 2) { /* all 2^23 states */
            qn_optimize_result *gray = NULL;
            assert_ok(qn_optimize(context, (qn_cost){NULL, polynomial}, QN_SOLVER_EXACT, &options, &gray));
            assert_true(gray->optimal);
            assert_near(branch->cost, gray->cost, 1e-8);
            qn_optimize_result_free(gray);
        }
        assert_ok(qn_optimize(context, (qn_cost){NULL, polynomial}, QN_SOLVER_ANNEAL, &options, &anneal));
        assert_near(branch->cost, anneal->cost, 1e-8);
        qn_optimize_result_free(branch);
        qn_optimize_result_free(anneal);
        qn_polynomial_free(polynomial);
        qn_qubo_free(qubo);
    }
    qn_context_free(context);
}

/* Same seed, other numbers of threads: the same state, with and without a target. */
static void test_threads(void **unused)
{
    (void)unused;
    qn_random r = {qn_test_seed() + 2};
    qn_qubo *qubo = random_qubo(&r, 60, 0.5, false, true);
    const qn_cost cost = {qubo, NULL};
    for (int s = 0; s < QN_SOLVER_COUNT_; s++) {
        if (s == QN_SOLVER_EXACT) {
            continue;
        }
        double target = (double)NAN;
        for (int targeted = 0; targeted < 2; targeted++) {
            qn_optimize_result *result[2] = {NULL, NULL};
            for (int t = 0; t < 2; t++) {
                qn_context *context = context_of(t == 0 ? 1 : 4);
                qn_optimize_options options = QN_OPTIMIZE_OPTIONS_INIT;
                options.restarts = 12;
                options.sweeps = 40;
                options.target = target;
                assert_ok(qn_optimize(context, cost, (qn_solver)s, &options, &result[t]));
                qn_context_free(context);
            }
            assert_memory_equal(result[0]->x, result[1]->x, 60);
            assert_true(result[0]->starts == result[1]->starts);
            assert_near(result[0]->mean_cost, result[1]->mean_cost, 0);
            assert_true(result[0]->reached == (targeted == 1) && result[1]->reached == (targeted == 1));
            target = result[0]->mean_cost; /* some start reaches what all reach on average */
            qn_optimize_result_free(result[0]);
            qn_optimize_result_free(result[1]);
        }
    }
    qn_qubo_free(qubo);
}

/* Optimal energies of low-autocorrelation sequences, N = 3..24 (Mertens, J. Phys. A 29, L473 (1996); tables of
 * Bernasconi models, Packebusch, Mertens, J. Phys. A 49, 165001 (2016)). */
static void test_labs(void **unused)
{
    (void)unused;
    static const double optimum[] = {1, 2, 2, 7, 3, 8, 12, 13, 5, 10, 6, 19, 15, 24, 32, 25, 29, 26, 26, 39, 47, 36};
    qn_context *context = context_of(2);
    for (uint32_t n = 3; n <= 24; n++) {
        qn_problem *problem = NULL;
        qn_optimize_result *result = NULL;
        qn_optimize_options options = QN_OPTIMIZE_OPTIONS_INIT;
        assert_ok(qn_problem_create_labs(n, &problem));
        const qn_solver solver = n <= 20 ? QN_SOLVER_EXACT : QN_SOLVER_TABU; /* all 2^23 states take too long here */
        options.target = optimum[n - 3];
        assert_ok(qn_optimize(context, qn_problem_cost(problem), solver, &options, &result));
        assert_near(result->cost, optimum[n - 3], 0);
        qn_judgement judgement;
        qn_problem_judge(problem, result->x, &judgement);
        assert_true(judgement.feasible);
        assert_near(judgement.objective, optimum[n - 3], 0);
        qn_optimize_result_free(result);
        qn_problem_free(problem);
    }
    qn_context_free(context);
}

/* A cut of a random graph: -weight of the cut. */
static qn_qubo *random_cut(qn_random *r, uint32_t n, double density, bool weighted)
{
    qn_qubo *qubo = NULL;
    assert_ok(qn_qubo_create(n, &qubo));
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = i + 1; j < n; j++) {
            if (qn_random_between(r, 0, 1) < density) {
                const double w = weighted ? qn_random_between(r, 0, 1) : 1;
                assert_ok(qn_qubo_add_coupling(qubo, i, j, w / 2));
                assert_ok(qn_qubo_add_constant(qubo, -w / 2));
            }
        }
    }
    assert_ok(qn_qubo_finish(qubo));
    return qubo;
}

/* Goemans, Williamson: the mean over hyperplanes is at least 0.87856 of the relaxation, so of the optimum; and the
 * proven bound is above the optimum. 50 random graphs; a sampled mean of 200 planes is allowed three standard errors of
 * a spread that is at most a tenth of the cut. */
static void test_gw(void **unused)
{
    (void)unused;
    qn_random r = {qn_test_seed() + 3};
    qn_context *context = context_of(2);
    for (unsigned round = 0; round < 50; round++) {
        qn_qubo *qubo = random_cut(&r, 14 + round % 5, 0.3 + 0.1 * (round % 6), round % 2 == 1);
        const qn_cost cost = {qubo, NULL};
        qn_optimize_options options = QN_OPTIMIZE_OPTIONS_INIT;
        options.restarts = 200;
        options.seed = round;
        qn_optimize_result *gw = NULL, *exact = NULL;
        assert_ok(qn_optimize(context, cost, QN_SOLVER_GW, &options, &gw));
        assert_ok(qn_optimize(context, cost, QN_SOLVER_EXACT, &options, &exact));
        assert_true(-gw->cost >= 0.87856 * -exact->cost);
        assert_true(-gw->mean_cost >= (0.87856 - 0.02) * -exact->cost);
        assert_true(gw->bound <= exact->cost + 1e-9);
        assert_true(gw->bound >= 1.25 * exact->cost); /* the relaxation is within 1/0.87856 of the optimum */
        qn_optimize_result_free(gw);
        qn_optimize_result_free(exact);
        qn_qubo_free(qubo);
    }
    qn_context_free(context);
}

/* A torus of +-1 couplings planted so that a known state satisfies all: the optimum is minus the number of edges. */
static void test_planted(void **unused)
{
    (void)unused;
    enum { SIDE = 14, SPINS = SIDE * SIDE };
    qn_random r = {qn_test_seed() + 4};
    qn_context *context = context_of(2);
    qn_qubo *qubo = NULL;
    int hidden[SPINS];
    assert_ok(qn_qubo_create(SPINS, &qubo));
    for (uint32_t i = 0; i < SPINS; i++) {
        hidden[i] = qn_random_below(&r, 2) == 0 ? 1 : -1;
    }
    for (uint32_t i = 0; i < SPINS; i++) {
        const uint32_t right = i / SIDE * SIDE + (i + 1) % SIDE, below = (i + SIDE) % SPINS;
        assert_ok(qn_qubo_add_coupling(qubo, i, right, -hidden[i] * hidden[right]));
        assert_ok(qn_qubo_add_coupling(qubo, i, below, -hidden[i] * hidden[below]));
    }
    assert_ok(qn_qubo_finish(qubo));
    static const qn_solver solvers[] = {QN_SOLVER_ANNEAL, QN_SOLVER_TABU, QN_SOLVER_TEMPERING, QN_SOLVER_GW};
    for (size_t s = 0; s < sizeof solvers / sizeof *solvers; s++) {
        qn_optimize_options options = QN_OPTIMIZE_OPTIONS_INIT;
        qn_optimize_result *result = NULL;
        options.target = -2 * SPINS;
        options.restarts = 64;
        assert_ok(qn_optimize(context, (qn_cost){qubo, NULL}, solvers[s], &options, &result));
        assert_near(result->cost, -2 * SPINS, 0);
        assert_true(result->reached);
        assert_true(solvers[s] != QN_SOLVER_GW || result->optimal); /* the relaxation is tight here: proven */
        qn_optimize_result_free(result);
    }
    qn_qubo_free(qubo);
    qn_context_free(context);
}

static volatile int interrupt_flag;

static void test_limits(void **unused)
{
    (void)unused;
    qn_random r = {qn_test_seed() + 5};
    qn_qubo *qubo = random_qubo(&r, 300, 0.5, false, true);
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.threads = 2;
    options.interrupt = &interrupt_flag;
    qn_context *context = NULL;
    assert_ok(qn_context_create(&options, &context));
    interrupt_flag = 1; /* pressed before it began: best so far, quickly */
    for (int s = 0; s < QN_SOLVER_COUNT_; s++) {
        qn_optimize_result *result = NULL;
        assert_ok(qn_optimize(context, (qn_cost){qubo, NULL}, (qn_solver)s, NULL, &result));
        assert_true(result->interrupted && !result->optimal);
        qn_optimize_result_free(result);
    }
    interrupt_flag = 0;
    qn_optimize_options timed = QN_OPTIMIZE_OPTIONS_INIT;
    timed.seconds = 0.05;
    for (int s = 0; s < QN_SOLVER_COUNT_; s++) {
        qn_optimize_result *result = NULL;
        assert_ok(qn_optimize(context, (qn_cost){qubo, NULL}, (qn_solver)s, &timed, &result));
        check_result((qn_cost){qubo, NULL}, result);
        assert_false(result->interrupted);
        qn_optimize_result_free(result);
    }
    qn_optimize_result *none = NULL;
    qn_polynomial *polynomial = NULL;
    assert_ok(qn_polynomial_create(40, &polynomial));
    assert_ok(qn_polynomial_finish(polynomial));
    assert_fails(qn_optimize(context, (qn_cost){NULL, polynomial}, QN_SOLVER_GW, NULL, &none), QN_ERR_UNSUPPORTED,
                 "polynomials");
    assert_fails(qn_optimize(context, (qn_cost){NULL, polynomial}, QN_SOLVER_EXACT, NULL, &none), QN_ERR_TOO_LARGE,
                 "40 variables");
    timed.size = 3;
    assert_fails(qn_optimize(context, (qn_cost){qubo, NULL}, QN_SOLVER_TABU, &timed, &none), QN_ERR_ARGUMENT, "size");
    assert_null(none);
    qn_polynomial_free(polynomial);
    qn_qubo_free(qubo);
    qn_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_small_models), cmocka_unit_test(test_branch),
                                       cmocka_unit_test(test_threads),      cmocka_unit_test(test_labs),
                                       cmocka_unit_test(test_gw),           cmocka_unit_test(test_planted),
                                       cmocka_unit_test(test_limits)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
