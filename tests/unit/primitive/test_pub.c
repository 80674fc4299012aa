/* Pubs: shapes against the rules of numpy's manual ("General broadcasting rules"), values against one estimator an
 * entry. */
#include "primitive_fixture.h"

#include "base/alloc.h"

static void shapes(void **state)
{
    (void)state;
    /* numpy: (8,1,6,1) and (7,1,5) give (8,7,6,5); (5,4) and (1) give (5,4); (15,3,5) and (3,1) give (15,3,5) */
    static const struct {
        size_t a[4], na, b[4], nb, out[4], nout;
    } good[] = {{{8, 1, 6, 1}, 4, {7, 1, 5}, 3, {8, 7, 6, 5}, 4},
                {{5, 4}, 2, {1}, 1, {5, 4}, 2},
                {{5, 4}, 2, {4}, 1, {5, 4}, 2},
                {{15, 3, 5}, 3, {15, 1, 5}, 3, {15, 3, 5}, 3},
                {{15, 3, 5}, 3, {3, 1}, 2, {15, 3, 5}, 3},
                {{0}, 0, {3}, 1, {3}, 1},
                {{0}, 0, {0}, 0, {0}, 0},
                {{1, 0}, 2, {4, 1}, 2, {4, 0}, 2}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        size_t shape[4], n = 9;
        const qn_pub pub = {.observable_shape = good[i].a,
                            .observable_dimensions = good[i].na,
                            .parameter_shape = good[i].b,
                            .parameter_dimensions = good[i].nb};
        assert_ok(qn_pub_shape(&pub, 4, shape, &n));
        assert_int_equal(n, good[i].nout);
        assert_memory_equal(shape, good[i].out, n * sizeof *shape);
    }
    size_t shape[4], n = 0;
    const size_t three[] = {3}, four[] = {4}, wide[] = {2, 1}, tall[] = {8, 4, 3};
    const qn_pub bad = {
        .observable_shape = three, .observable_dimensions = 1, .parameter_shape = four, .parameter_dimensions = 1};
    assert_fails(qn_pub_shape(&bad, 4, shape, &n), QN_ERR_SHAPE,
                 "observables of shape (3,) and parameters of shape (4,) do not broadcast");
    const qn_pub mismatch = {
        .observable_shape = wide, .observable_dimensions = 2, .parameter_shape = tall, .parameter_dimensions = 3};
    assert_fails(qn_pub_shape(&mismatch, 4, shape, &n), QN_ERR_SHAPE, "(2, 1) and parameters of shape (8, 4, 3)");
    const qn_pub long_one = {.parameter_shape = tall, .parameter_dimensions = 3};
    assert_fails(qn_pub_shape(&long_one, 2, shape, &n), QN_ERR_SHAPE, "3 dimensions, room was given for 2");
}

static qn_pauli_sum *label(const char *text)
{
    return sum_of(2, 1, (const double[]){1}, &text);
}

/* Observables (3, 1), parameters (2): result[i][j] = <observable i> at parameters j; a second pub of the same circuit
 * pairs them one by one. */
static void values(void **state)
{
    (void)state;
    fixture f = fixture_open("statevector", 1);
    qn_circuit *circuit = small_circuit();
    qn_pauli_sum *sums[3] = {label("ZI"), label("XX"), small_sum()};
    const double theta[] = {0.3, 1.1, -0.7, 0.2, 1.9, 2.4};
    const size_t column[] = {3, 1}, two[] = {2}, three[] = {3};
    const qn_pub pubs[3] = {{circuit, sums_of(sums), column, 2, theta, two, 1, 0},
                            {circuit, sums_of(sums), three, 1, theta, three, 1, 0},
                            {circuit, sums_of(sums) + 2, NULL, 0, theta + 2, NULL, 0, 0}};
    double first[6], second[3], third, errors[6];
    assert_ok(qn_estimate(f.engine, pubs, 3, NULL, (double *const[]){first, second, &third},
                          (double *const[]){errors, NULL, NULL}));
    double expected[9];
    qn_estimator *e = NULL;
    assert_ok(qn_estimator_create(f.engine, circuit, sums_of(sums), 3, NULL, &e));
    assert_ok(qn_estimator_run(e, theta, 3, expected, NULL));
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 2; j++) {
            assert_near(first[i * 2 + j], expected[j * 3 + i], 1e-14);
            assert_near(errors[i * 2 + j], 0, 0);
        }
        assert_near(second[i], expected[i * 3 + i], 1e-14);
    }
    assert_near(third, expected[5], 1e-14);
    qn_estimator_free(e);
    for (int i = 0; i < 3; i++) {
        qn_pauli_sum_free(sums[i]);
    }
    qn_circuit_free(circuit);
    fixture_close(f);
}

static void precision(void **state)
{
    (void)state;
    fixture f = fixture_open("statevector", 1);
    qn_circuit *circuit = small_circuit();
    qn_pauli_sum *sum = small_sum();
    const double theta[] = {0.3, 1.1};
    qn_estimator_options options = QN_ESTIMATOR_OPTIONS_INIT;
    options.shots = 100;
    const qn_pauli_sum *one = sum;
    const qn_pub pubs[2] = {{circuit, &one, NULL, 0, theta, NULL, 0, 0.01},
                            {circuit, &one, NULL, 0, theta, NULL, 0, 0}};
    double a = 0, b = 0, ea = 0, eb = 0, exact = 0;
    assert_ok(qn_estimate(f.engine, pubs, 2, &options, (double *const[]){&a, &b}, (double *const[]){&ea, &eb}));
    assert_ok(qn_estimate(f.engine, pubs + 1, 1, NULL, (double *const[]){&exact}, NULL));
    assert_true(ea > 0 && ea <= 0.011);
    assert_true(eb > 0.011);
    assert_near(a, exact, 5 * ea);
    assert_near(b, exact, 6 * eb);
    qn_pauli_sum_free(sum);
    qn_circuit_free(circuit);
    fixture_close(f);
}

static void failing_memory(void **state)
{
    (void)state;
    fixture f = fixture_open("statevector", 1);
    qn_circuit *circuit = small_circuit();
    qn_pauli_sum *sum = small_sum();
    const double theta[] = {0.3, 1.1};
    const qn_pauli_sum *one = sum;
    const qn_pub pub = {circuit, &one, NULL, 0, theta, NULL, 0, 0};
    const uint64_t held = qn_memory().bytes_now;
    for (uint64_t n = 1;; n++) {
        double value = 7;
        (void)qn__alloc_fail_at(n, false);
        const qn_status status = qn_estimate(f.engine, &pub, 1, NULL, (double *const[]){&value}, NULL);
        const bool done = qn__alloc_fail_at(0, false) != 0;
        assert_int_equal(qn_memory().bytes_now, held);
        assert_int_equal(status, done ? QN_OK : QN_ERR_MEMORY);
        if (done) {
            break;
        }
    }
    const qn_pub nothing = {0};
    assert_fails(qn_estimate(f.engine, &nothing, 1, NULL, NULL, NULL), QN_ERR_ARGUMENT, "pub 0 has no circuit");
    qn_pauli_sum_free(sum);
    qn_circuit_free(circuit);
    fixture_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(shapes), cmocka_unit_test(values), cmocka_unit_test(precision),
                                       cmocka_unit_test(failing_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
