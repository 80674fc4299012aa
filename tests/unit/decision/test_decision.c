/* test_decision.c: decision processes against known values, each other, and the promises of their algorithms. */
#include <qn_random.h>

#include <quern/decision.h>

#include "algorithm/decision/quantum.h"

static qn_context *context;

static int open_context(void **state)
{
    (void)state;
    return qn_context_create(NULL, &context) == QN_OK ? 0 : -1;
}

static int close_context(void **state)
{
    (void)state;
    qn_context_free(context);
    return 0;
}

static void check_process(const qn_mdp *mdp)
{
    for (size_t pair = 0; pair < (size_t)mdp->states * mdp->actions; pair++) {
        double sum = 0;
        for (size_t k = mdp->start[pair]; k < mdp->start[pair + 1]; k++) {
            assert_true(mdp->next[k] < mdp->states && mdp->probability[k] >= 0);
            sum += mdp->probability[k];
        }
        assert_near(sum, 1, 1e-12);
    }
}

/* Optimal values of the first state at discount .99, widely published for Gymnasium's maps: .5420 (4 x 4) and .4146 (8
 * x 8) slippery; without slipping the shortest way of 6 and 14 steps: .99^5, .99^13. */
static void frozen_lakes(void **state)
{
    (void)state;
    static const struct {
        uint32_t size;
        bool slippery;
        double value, tolerance;
    } cases[] = {{4, true, .54202593, 1e-6},
                 {8, true, .41464036, 1e-6},
                 {4, false, .95099005, 1e-8},
                 {8, false, .87752102, 1e-8}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        qn_mdp *mdp = NULL;
        qn_mdp_solution *solution = NULL;
        assert_ok(qn_mdp_frozen_lake(cases[k].size, cases[k].slippery, .99, &mdp));
        check_process(mdp);
        assert_ok(qn_value_iteration(context, mdp, 1e-9, &solution));
        assert_near(solution->value[0], cases[k].value, cases[k].tolerance);
        assert_true(solution->bound <= 1e-9);
        double *value = malloc(mdp->states * sizeof *value);
        assert_ok(qn_policy_value(context, mdp, solution->policy, 1e-10, value));
        for (uint32_t s = 0; s < mdp->states; s++) { /* the policy is worth what its values say */
            assert_near(value[s], solution->value[s], 1e-8);
        }
        free(value);
        qn_mdp_solution_free(solution);
        qn_mdp_free(mdp);
    }
}

static void rooms_and_random_processes(void **state)
{
    (void)state;
    qn_mdp *mdp = NULL;
    qn_mdp_solution *solution = NULL;
    assert_ok(qn_mdp_gridworld(5, 4, 0, .9, &mdp));
    check_process(mdp);
    assert_ok(qn_value_iteration(context, mdp, 1e-12, &solution));
    /* 7 steps to the corner: the last one pays 1 - .01, those before cost .01 */
    double expected = .99;
    for (int k = 0; k < 6; k++) {
        expected = -.01 + .9 * expected;
    }
    assert_near(solution->value[0], expected, 1e-11);
    qn_mdp_solution_free(solution);
    qn_mdp_free(mdp);
    mdp = NULL;
    solution = NULL;
    assert_ok(qn_mdp_garnet(50, 7, 5, .9, 3, &mdp));
    check_process(mdp);
    assert_ok(qn_value_iteration(context, mdp, 1e-10, &solution));
    for (uint32_t s = 0; s < 50; s++) { /* Bellman's equation */
        double best = 0;
        for (uint32_t a = 0; a < 7; a++) {
            const size_t pair = (size_t)s * 7 + a;
            double sum = 0;
            for (size_t k = mdp->start[pair]; k < mdp->start[pair + 1]; k++) {
                sum += mdp->probability[k] * solution->value[mdp->next[k]];
                for (size_t j = k + 1; j < mdp->start[pair + 1]; j++) {
                    assert_true(mdp->next[j] != mdp->next[k]);
                }
            }
            best = fmax(best, mdp->reward[pair] + .9 * sum);
        }
        assert_near(solution->value[s], best, 1e-9);
    }
    qn_mdp_solution_free(solution);
    qn_mdp_free(mdp);
}

/* Variance reduction: values from below, within epsilon, and of a policy that is worth them; each query is in one of
 * the three accounts; far fewer of them than plain sweeps take once epsilon is small. */
static void reduced_iteration_keeps_its_promise(void **state)
{
    (void)state;
    for (int world = 0; world < 3; world++) {
        qn_mdp *mdp = NULL;
        qn_mdp_solution *best = NULL;
        assert_ok(world == 0   ? qn_mdp_frozen_lake(4, true, .9, &mdp)
                  : world == 1 ? qn_mdp_gridworld(4, 4, .1, .9, &mdp)
                               : qn_mdp_garnet(12, 3, 3, .9, 5, &mdp));
        assert_ok(qn_value_iteration(context, mdp, 1e-11, &best));
        for (uint64_t seed = 0; seed < 3; seed++) {
            qn_quantum_iteration_options options = QN_QUANTUM_ITERATION_OPTIONS_INIT;
            qn_quantum_iteration *reduced = NULL, *plain = NULL;
            options.epsilon = world == 2 ? .02 : .002;
            options.seed = seed;
            assert_ok(qn_quantum_value_iteration(context, mdp, &options, &plain));
            options.reduced = true;
            assert_ok(qn_quantum_value_iteration(context, mdp, &options, &reduced));
            assert_true(reduced->error <= options.epsilon);
            assert_true(reduced->regret >= -1e-9 && reduced->regret <= options.epsilon);
            for (uint32_t s = 0; s < mdp->states; s++) {
                assert_true(reduced->value[s] <= best->value[s] + 1e-9);
            }
            assert_near(reduced->queries_variance + reduced->queries_reference + reduced->queries_difference,
                        reduced->queries, 0);
            assert_near(reduced->history[reduced->sweeps - 1].queries, reduced->queries, 0);
            assert_true(reduced->epochs > 4 && reduced->by_variance <= reduced->epochs);
            assert_int_equal(plain->epochs, 0);
            assert_true(reduced->queries < plain->queries);
            qn_quantum_iteration_free(reduced);
            qn_quantum_iteration_free(plain);
            /* the same by variance in every epoch */
            assert_ok(qn__quantum_value_iteration(context, mdp, &options, true, &reduced));
            assert_true(reduced->error <= options.epsilon && reduced->regret <= options.epsilon);
            for (uint32_t s = 0; s < mdp->states; s++) {
                assert_true(reduced->value[s] <= best->value[s] + 1e-9);
            }
            assert_true(reduced->by_variance + 2 >= reduced->epochs); /* but where all values are alike */
            assert_true(reduced->queries_variance > 0);
            assert_near(reduced->queries_variance + reduced->queries_reference + reduced->queries_difference,
                        reduced->queries, 0);
            qn_quantum_iteration_free(reduced);
        }
        qn_mdp_solution_free(best);
        qn_mdp_free(mdp);
    }
}

/* Errors stay within epsilon; queries grow as 1/epsilon where samples grow as its square; more actions make threshold
 * search the cheaper way. */
static void quantum_iteration_keeps_its_promise(void **state)
{
    (void)state;
    qn_mdp *mdp = NULL;
    assert_ok(qn_mdp_frozen_lake(4, true, .9, &mdp));
    double queries[2], samples[2];
    for (int k = 0; k < 2; k++) {
        qn_quantum_iteration_options options = QN_QUANTUM_ITERATION_OPTIONS_INIT;
        qn_quantum_iteration *result = NULL;
        options.epsilon = k == 0 ? .2 : .025;
        assert_ok(qn_quantum_value_iteration(context, mdp, &options, &result));
        assert_true(result->error <= options.epsilon);
        assert_true(result->regret >= -1e-9 && result->regret <= 2 * options.epsilon / (1 - .9));
        assert_false(result->searched); /* 4 actions are too few */
        assert_near(result->history[result->sweeps - 1].queries, result->queries, 0);
        queries[k] = result->queries / (double)result->sweeps;
        samples[k] = result->samples / (double)result->sweeps;
        qn_quantum_iteration_free(result);
    }
    assert_near(log2(queries[1] / queries[0]), 3, .8); /* epsilon fell by 2^3; clocks come in powers of two */
    assert_near(log2(samples[1] / samples[0]), 6, .8);
    qn_mdp_free(mdp);
    mdp = NULL;
    assert_ok(qn_mdp_garnet(2, 20000, 2, .5, 1, &mdp));
    qn_quantum_iteration_options options = QN_QUANTUM_ITERATION_OPTIONS_INIT;
    qn_quantum_iteration *result = NULL;
    options.epsilon = .5;
    assert_ok(qn_quantum_value_iteration(context, mdp, &options, &result));
    assert_true(result->searched && result->queries < result->queries_each);
    assert_true(result->error <= .5);
    qn_quantum_iteration_free(result);
    qn_mdp_free(mdp);
}

static void same_seed_same_run(void **state)
{
    (void)state;
    qn_mdp *mdp = NULL;
    assert_ok(qn_mdp_garnet(20, 3, 4, .8, 9, &mdp));
    qn_context_options one = QN_CONTEXT_OPTIONS_INIT;
    qn_context *single = NULL;
    one.threads = 1;
    assert_ok(qn_context_create(&one, &single));
    qn_quantum_iteration *a = NULL, *b = NULL;
    assert_ok(qn_quantum_value_iteration(context, mdp, NULL, &a));
    assert_ok(qn_quantum_value_iteration(single, mdp, NULL, &b));
    for (uint32_t s = 0; s < 20; s++) {
        assert_near(a->value[s], b->value[s], 0);
        assert_int_equal(a->policy[s], b->policy[s]);
    }
    qn_quantum_iteration_free(a);
    qn_quantum_iteration_free(b);
    qn_context_free(single);
    qn_mdp_free(mdp);
}

static void greedy_actions_are_best(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    enum { ROWS = 40, ACTIONS = 64 };
    double table[ROWS * ACTIONS];
    for (size_t i = 0; i < ROWS * ACTIONS; i++) {
        table[i] = qn_random_between(&r, -1, 1);
    }
    qn_greedy *greedy = NULL;
    assert_ok(qn_greedy_actions(context, table, ROWS, ACTIONS, 1e-6, 1, &greedy));
    assert_int_equal(greedy->wrong, 0);
    for (size_t row = 0; row < ROWS; row++) {
        for (size_t a = 0; a < ACTIONS; a++) {
            assert_true(table[row * ACTIONS + greedy->action[row]] >= table[row * ACTIONS + a]);
        }
    }
    assert_near(greedy->lookup_toffoli, 4 * 62, 0);
    assert_true(greedy->queries_to_best < greedy->queries / ROWS);
    qn_ledger ledger;
    qn_ledger_init(&ledger);
    assert_ok(qn_greedy_ledger(greedy, ROWS, ACTIONS, &ledger));
    assert_string_equal(ledger.workload, "mdp");
    qn_greedy_free(greedy);
    greedy = NULL;
    table[70] = (double)NAN;
    assert_fails(qn_greedy_actions(context, table, ROWS, ACTIONS, 1e-6, 1, &greedy), QN_ERR_NAN, "row 1, action 6");
    assert_null(greedy);
}

static void wrong_calls_are_refused(void **state)
{
    (void)state;
    qn_mdp *mdp = NULL;
    assert_fails(qn_mdp_frozen_lake(5, true, .9, &mdp), QN_ERR_RANGE, "5 x 5");
    assert_fails(qn_mdp_frozen_lake(4, true, 1, &mdp), QN_ERR_RANGE, "discount 1");
    assert_fails(qn_mdp_gridworld(1, 4, 0, .9, &mdp), QN_ERR_RANGE, "1 x 4");
    assert_fails(qn_mdp_garnet(3, 2, 4, .9, 1, &mdp), QN_ERR_RANGE, "4 branches");
    assert_fails(qn_mdp_garnet(1000000, 1000, 1000, .9, 1, &mdp), QN_ERR_TOO_LARGE, "transitions");
    assert_null(mdp);
    assert_ok(qn_mdp_frozen_lake(4, true, .9, &mdp));
    qn_quantum_iteration_options options = QN_QUANTUM_ITERATION_OPTIONS_INIT;
    qn_quantum_iteration *result = NULL;
    options.epsilon = -1;
    assert_fails(qn_quantum_value_iteration(context, mdp, &options, &result), QN_ERR_RANGE, "epsilon");
    assert_null(result);
    const uint32_t policy[16] = {7};
    double value[16];
    assert_fails(qn_policy_value(context, mdp, policy, .1, value), QN_ERR_RANGE, "action 7");
    qn_mdp_free(mdp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frozen_lakes),
        cmocka_unit_test(rooms_and_random_processes),
        cmocka_unit_test(quantum_iteration_keeps_its_promise),
        cmocka_unit_test(reduced_iteration_keeps_its_promise),
        cmocka_unit_test(same_seed_same_run),
        cmocka_unit_test(greedy_actions_are_best),
        cmocka_unit_test(wrong_calls_are_refused),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
