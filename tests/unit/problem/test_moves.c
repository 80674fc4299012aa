/* test_moves.c: prices of moves of several bits against costs computed anew; what they keep; what they are good for. */
#include <qn_random.h>

#include <quern/context.h>
#include <quern/optimize.h>

#include "problem/solver/moves.h"

enum { SIDE = 6, VARIABLES = SIDE * SIDE + 5 };

/* SIDE one-hot groups of SIDE, and a group of 4 of which 2 are 1; one variable is free. */
static qn_qubo *grouped_model(qn_random *r)
{
    qn_qubo *qubo = NULL;
    assert_ok(qn_qubo_create(VARIABLES, &qubo));
    for (uint32_t i = 0; i < VARIABLES; i++) {
        assert_ok(qn_qubo_add_linear(qubo, i, qn_random_between(r, -1, 1)));
        for (uint32_t j = 0; j < i; j++) {
            if (qn_random_below(r, 3) == 0) {
                assert_ok(qn_qubo_add_quadratic(qubo, j, i, qn_random_between(r, -1, 1)));
            }
        }
    }
    for (uint32_t g = 0; g < SIDE; g++) {
        uint32_t members[SIDE];
        for (uint32_t k = 0; k < SIDE; k++) {
            members[k] = k * SIDE + g; /* not in a row, so that places and numbers differ */
        }
        assert_ok(qn_qubo_add_group(qubo, members, SIDE, 1));
    }
    const uint32_t pair[4] = {39, 36, 38, 37};
    assert_ok(qn_qubo_add_group(qubo, pair, 4, 2));
    assert_ok(qn_qubo_finish(qubo));
    return qubo;
}

static void assert_sums(const qn_qubo *qubo, const uint8_t *x)
{
    for (size_t g = 0; g < qn_qubo_groups(qubo); g++) {
        const uint32_t *members = NULL;
        uint32_t ones = 0, sum = 0;
        const size_t count = qn_qubo_group(qubo, g, &members, &ones);
        for (size_t k = 0; k < count; k++) {
            sum += x[members[k]];
        }
        assert_int_equal(sum, ones);
    }
}

static void test_prices(void **unused)
{
    (void)unused;
    qn_random r = {qn_test_seed()};
    qn_qubo *qubo = grouped_model(&r);
    const qn_cost cost = {qubo, NULL};
    qn__moves moves;
    qn__walker walker;
    qn__draws draws = qn__draws_open(qn_test_seed(), 9, 0);
    assert_ok(qn__moves_create(cost, &moves));
    assert_ok(qn__walker_create(cost, &walker));
    for (int turn = 0; turn < 50; turn++) {
        uint8_t before[VARIABLES];
        qn__move move;
        qn__guess(cost, walker.x, &draws);
        qn__walker_settle(&walker);
        assert_sums(qubo, walker.x);
        memcpy(before, walker.x, sizeof before);
        if (qn__moves_exchange(&moves, &walker, (uint32_t)turn % SIDE, (uint32_t)(turn + 1 + turn / SIDE) % SIDE,
                               &move)) {
            const double value = walker.value;
            qn__move_make(&walker, &move);
            assert_near(walker.value, value + move.change, 1e-12);
            assert_near(qn_qubo_value(qubo, walker.x), walker.value, 1e-12);
            assert_sums(qubo, walker.x);
            for (uint32_t place = 0; place < SIDE; place++) { /* the other sums of a permutation stay as they were */
                uint32_t now = 0, then = 0;
                for (uint32_t g = 0; g < SIDE; g++) {
                    now += walker.x[place * SIDE + g];
                    then += before[place * SIDE + g];
                }
                assert_int_equal(now, then);
            }
        }
        /* so warm that all is taken: sums stay, and the value is that of the state */
        assert_true(qn__moves_sweep(&moves, &walker, &draws, 1e6) >= 2 * (SIDE + 2) - 1);
        assert_sums(qubo, walker.x);
        assert_near(qn_qubo_value(qubo, walker.x), walker.value, 1e-11);
    }
    qn__walker_release(&walker);
    qn__moves_release(&moves);
    qn_qubo_free(qubo);
}

/* Which rows meet which columns for the least: sum c[row][place], c = 0 on a hidden permutation and 1 to 5 elsewhere;
 * both sums are penalised by 20. A single flip costs 20 or so, an exchange 5. */
static void test_assignment(void **unused)
{
    (void)unused;
    enum { N = 12 };
    qn_random r = {qn_test_seed() + 1};
    qn_qubo *qubo = NULL;
    uint32_t hidden[N];
    double ones[N];
    qn_random_qubits(&r, N, N, hidden);
    assert_ok(qn_qubo_create(N * N, &qubo));
    for (uint32_t a = 0; a < N; a++) {
        uint32_t row[N], column[N];
        for (uint32_t b = 0; b < N; b++) {
            row[b] = a * N + b;
            column[b] = b * N + a;
            ones[b] = 1;
            assert_ok(qn_qubo_add_linear(qubo, a * N + b, hidden[a] == b ? 0 : 1 + qn_random_below(&r, 5)));
        }
        assert_ok(qn_qubo_add_square(qubo, row, ones, N, 1, 20));
        assert_ok(qn_qubo_add_square(qubo, column, ones, N, 1, 20));
        assert_ok(qn_qubo_add_group(qubo, row, N, 1));
    }
    assert_ok(qn_qubo_finish(qubo));
    qn_context *context = NULL;
    assert_ok(qn_context_create(NULL, &context));
    const qn_solver solvers[] = {QN_SOLVER_ANNEAL, QN_SOLVER_TEMPERING};
    for (size_t k = 0; k < sizeof solvers / sizeof *solvers; k++) {
        qn_optimize_options options = QN_OPTIMIZE_OPTIONS_INIT;
        qn_optimize_result *result = NULL;
        options.restarts = 4;
        options.sweeps = 300;
        assert_ok(qn_optimize(context, (qn_cost){qubo, NULL}, solvers[k], &options, &result));
        assert_near(result->cost, 0, 1e-9);
        qn_optimize_result_free(result);
    }
    qn_context_free(context);
    qn_qubo_free(qubo);
}

/* The penalty that holds a sum does not set the scale: moves never pay it. */
static void test_scales(void **unused)
{
    (void)unused;
    qn_qubo *qubo = NULL;
    const uint32_t all[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    const double ones[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    double hot = 0, cold = 0;
    assert_ok(qn_qubo_create(8, &qubo));
    for (uint32_t i = 0; i < 8; i++) {
        assert_ok(qn_qubo_add_linear(qubo, i, i));
    }
    assert_ok(qn_qubo_add_square(qubo, all, ones, 8, 3, 1000));
    assert_ok(qn_qubo_finish(qubo));
    assert_ok(qn__moves_scales((qn_cost){qubo, NULL}, 1, &hot, &cold));
    assert_true(hot > 1000);
    assert_ok(qn_qubo_add_group(qubo, all, 8, 3));
    assert_ok(qn__moves_scales((qn_cost){qubo, NULL}, 1, &hot, &cold));
    assert_true(hot > 2 && hot < 5 && cold == 1); /* differences of 0 to 7: root mean square sqrt(12) */
    qn_qubo_free(qubo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_prices), cmocka_unit_test(test_assignment),
                                       cmocka_unit_test(test_scales)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
