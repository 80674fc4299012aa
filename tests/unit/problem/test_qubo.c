/* test_qubo.c: cost functions against their definitions, on all states of small random models. */
#include <qn_random.h>

#include <quern/qubo.h>

/* Coefficients kept apart as a dense table, the reference. */
enum { N = 7 };
typedef struct dense_model {
    double constant, linear[N], pair[N][N];
} dense_model;

static double dense_value(const dense_model *model, uint64_t state)
{
    double value = model->constant;
    for (int i = 0; i < N; i++) {
        for (int j = 0; j <= i; j++) {
            const double b = i == j ? model->linear[i] : model->pair[j][i];
            value += (state >> i & state >> j & 1) != 0 ? b : 0;
        }
    }
    return value;
}

static qn_qubo *random_model(qn_random *r, dense_model *model)
{
    qn_qubo *qubo = NULL;
    assert_ok(qn_qubo_create(N, &qubo));
    memset(model, 0, sizeof *model);
    for (int t = 0; t < 40; t++) {
        const uint32_t i = qn_random_below(r, N), j = qn_random_below(r, N);
        const double c = qn_random_between(r, -2, 2);
        if (t % 10 == 0) {
            assert_ok(qn_qubo_add_constant(qubo, c));
            model->constant += c;
        } else if (i == j) {
            assert_ok(qn_qubo_add_quadratic(qubo, i, j, c));
            model->linear[i] += c;
        } else {
            assert_ok(qn_qubo_add_quadratic(qubo, i, j, c));
            model->pair[i < j ? i : j][i < j ? j : i] += c;
        }
    }
    assert_ok(qn_qubo_finish(qubo));
    return qubo;
}

static double pauli_value(const qn_pauli_sum *sum, uint64_t state)
{
    double value = 0;
    for (size_t t = 0; t < qn_pauli_sum_terms(sum); t++) {
        assert_true(qn_pauli_sum_x(sum, t)[0] == 0);
        const bool odd = (__builtin_popcountll(qn_pauli_sum_z(sum, t)[0] & state) & 1) != 0;
        value += odd ? -qn_pauli_sum_coefficient(sum, t).re : qn_pauli_sum_coefficient(sum, t).re;
    }
    return value;
}

static void unpack(uint64_t state, uint8_t *x)
{
    for (int i = 0; i < N; i++) {
        x[i] = (uint8_t)(state >> i & 1);
    }
}

/* Value, flips, spins, operator and polynomial say the same on every state. */
static void check_everywhere(const qn_qubo *qubo, const dense_model *model)
{
    qn_pauli_sum *sum = NULL;
    qn_polynomial *polynomial = NULL;
    double h[N], low = 0, high = 0;
    assert_ok(qn_qubo_to_pauli(qubo, &sum));
    assert_ok(qn_polynomial_create(N, &polynomial));
    assert_ok(qn_polynomial_add_qubo(polynomial, qubo, 1));
    assert_ok(qn_polynomial_finish(polynomial));
    const double offset = qn_qubo_to_ising(qubo, h);
    qn_qubo_bounds(qubo, &low, &high);
    for (uint64_t state = 0; state < 1u << N; state++) {
        uint8_t x[N];
        unpack(state, x);
        const double expected = dense_value(model, state);
        assert_near(qn_qubo_value(qubo, x), expected, 1e-12);
        assert_near(qn_qubo_value_of_state(qubo, state), expected, 1e-12);
        assert_near(pauli_value(sum, state), expected, 1e-12);
        assert_near(qn_polynomial_value_of_state(polynomial, state), expected, 1e-12);
        double spins = offset;
        for (uint32_t i = 0; i < N; i++) {
            const uint32_t *neighbours = NULL;
            const double *weights = NULL;
            const size_t count = qn_qubo_row(qubo, i, &neighbours, &weights);
            spins += h[i] * (1 - 2 * x[i]);
            for (size_t k = 0; k < count; k++) {
                assert_true(k == 0 || neighbours[k] > neighbours[k - 1]);
                spins += weights[k] / 8 * (1 - 2 * x[i]) * (1 - 2 * x[neighbours[k]]);
            }
            const double change = dense_value(model, state ^ UINT64_C(1) << i) - expected;
            assert_near(qn_qubo_flip(qubo, x, i), change, 1e-12);
            assert_near(qn_polynomial_flip(polynomial, x, i), change, 1e-12);
        }
        assert_near(spins, expected, 1e-12);
        assert_true(low <= expected + 1e-12 && expected <= high + 1e-12);
    }
    qn_pauli_sum_free(sum);
    qn_polynomial_free(polynomial);
}

static void test_values(void **unused)
{
    (void)unused;
    qn_random r = {qn_test_seed()};
    for (unsigned round = 0; round < 5 * qn_test_scale(); round++) {
        dense_model model;
        qn_qubo *qubo = random_model(&r, &model), *copy = NULL, *again = NULL;
        qn_pauli_sum *sum = NULL;
        check_everywhere(qubo, &model);
        assert_ok(qn_qubo_clone(qubo, &copy));
        check_everywhere(copy, &model);
        assert_ok(qn_qubo_to_pauli(qubo, &sum)); /* and back from the operator */
        assert_ok(qn_qubo_create(N, &again));
        assert_ok(qn_qubo_add_pauli(again, sum));
        assert_ok(qn_qubo_finish(again));
        check_everywhere(again, &model);
        assert_ok(qn_qubo_add_linear(copy, 3, 1.5)); /* adding to a finished model */
        model.linear[3] += 1.5;
        assert_ok(qn_qubo_finish(copy));
        check_everywhere(copy, &model);
        qn_pauli_sum_free(sum);
        qn_qubo_free(qubo);
        qn_qubo_free(copy);
        qn_qubo_free(again);
    }
}

static void test_square(void **unused)
{
    (void)unused;
    const uint32_t variables[3] = {4, 0, 6};
    const double coefficients[3] = {2, -1, 3.5};
    qn_qubo *qubo = NULL;
    assert_ok(qn_qubo_create(N, &qubo));
    assert_ok(qn_qubo_add_square(qubo, variables, coefficients, 3, 1.5, 0.25));
    assert_ok(qn_qubo_finish(qubo));
    for (uint64_t state = 0; state < 1u << N; state++) {
        const double sum = 2 * (double)(state >> 4 & 1) - (double)(state & 1) + 3.5 * (double)(state >> 6 & 1);
        assert_near(qn_qubo_value_of_state(qubo, state), 0.25 * (sum - 1.5) * (sum - 1.5), 1e-13);
    }
    qn_qubo_free(qubo);
}

static void test_facts(void **unused)
{
    (void)unused;
    qn_qubo *qubo = NULL;
    const uint32_t group[2] = {0, 2}, other[2] = {2, 1};
    const uint32_t *members = NULL;
    uint32_t ones = 0;
    assert_ok(qn_qubo_create(3, &qubo));
    assert_ok(qn_qubo_add_coupling(qubo, 0, 1, 1));
    assert_ok(qn_qubo_add_coupling(qubo, 1, 2, -2));
    assert_ok(qn_qubo_add_coupling(qubo, 2, 2, 5));
    assert_ok(qn_qubo_finish(qubo));
    assert_true(qn_qubo_is_integer(qubo) && qn_qubo_is_symmetric(qubo));
    assert_int_equal(qn_qubo_couplings(qubo), 2);
    assert_near(qn_qubo_value_of_state(qubo, 0), 4, 0);
    assert_ok(qn_qubo_add_field(qubo, 0, 0.25));
    assert_ok(qn_qubo_finish(qubo));
    assert_true(!qn_qubo_is_integer(qubo) && !qn_qubo_is_symmetric(qubo));
    assert_ok(qn_qubo_add_group(qubo, group, 2, 1));
    assert_fails(qn_qubo_add_group(qubo, other, 2, 1), QN_ERR_ARGUMENT, "two groups");
    assert_int_equal(qn_qubo_groups(qubo), 1);
    assert_int_equal(qn_qubo_group(qubo, 0, &members, &ones), 2);
    assert_int_equal(members[1], 2);
    assert_fails(qn_qubo_add_linear(qubo, 3, 1), QN_ERR_RANGE, "variable 3 outside 0..2");
    assert_fails(qn_qubo_add_quadratic(qubo, 0, 7, 1), QN_ERR_RANGE, "variable 7");
    assert_fails(qn_qubo_add_quadratic(qubo, 0, 1, (double)NAN), QN_ERR_NAN, "finite");
    assert_fails(qn_qubo_create(0, &qubo), QN_ERR_RANGE, "0 variables");
    qn_qubo_free(qubo);
}

static void test_polynomial(void **unused)
{
    (void)unused;
    qn_polynomial *polynomial = NULL;
    const uint32_t three[3] = {1, 2, 4}, cancels[4] = {0, 3, 0, 3};
    const bool negated[3] = {false, true, false};
    assert_ok(qn_polynomial_create(5, &polynomial));
    assert_ok(qn_polynomial_add_bits(polynomial, 8, three, negated, 3));
    assert_ok(qn_polynomial_add_spins(polynomial, -3, cancels, 4));
    assert_ok(qn_polynomial_add_spins(polynomial, 2, cancels, 2));
    assert_ok(qn_polynomial_finish(polynomial));
    assert_int_equal(qn_polynomial_degree(polynomial), 3);
    assert_true(qn_polynomial_is_integer(polynomial));
    assert_false(qn_polynomial_is_symmetric(polynomial));
    for (uint64_t state = 0; state < 32; state++) {
        const bool fires = (state >> 1 & 1) != 0 && (state >> 2 & 1) == 0 && (state >> 4 & 1) != 0;
        const bool odd = (state & 1) != (state >> 3 & 1);
        assert_near(qn_polynomial_value_of_state(polynomial, state), (fires ? 8 : 0) - 3 + (odd ? -2 : 2), 0);
    }
    qn_polynomial_free(polynomial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_values), cmocka_unit_test(test_square),
                                       cmocka_unit_test(test_facts), cmocka_unit_test(test_polynomial)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
