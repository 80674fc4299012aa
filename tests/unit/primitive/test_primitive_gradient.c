/* test_primitive_gradient.c: shift rules, and gradients against each other and closed forms. */
#include "primitive_fixture.h"

#include "base/alloc.h"
#include "circuit/gate.h"
#include "primitive/shift_rule.h"

/* The frequencies found from a gate's matrix are those that the gate table states. */
static void rules_agree_with_the_table(void **state)
{
    (void)state;
    unsigned seen = 0;
    for (unsigned g = 0; g < QN_GATE_COUNT_; g++) {
        const qn_gate_info *info = qn_gate_describe((qn_gate)g);
        if (info->params == 0 || (info->flags & QN_GATE_FLAG_PAULI_STRING) != 0) {
            continue;
        }
        qn_circuit *circuit = NULL;
        qn_operation operation;
        const uint32_t qubits[] = {0, 1, 2, 3, 4};
        const qn_param params[] = {QN_PARAM(0.1), QN_PARAM(0.2), QN_PARAM(0.3), QN_PARAM(0.4)};
        assert_ok(qn_circuit_create(5, &circuit));
        assert_ok(qn_circuit_append(circuit, (qn_gate)g, qubits, info->qubits, params, info->params));
        qn_circuit_operation(circuit, 0, &operation);
        for (uint32_t p = 0; p < info->params; p++) {
            double frequencies[8];
            qn__shift_rule rule, amplitude;
            const size_t count = qn__gate_shift((qn_gate)g, p, frequencies, 8);
            assert_ok(qn__shift_rule_find(&operation, p, &rule, &amplitude));
            assert_int_equal(rule.pairs > 0, count > 0);
            double top = 0;
            for (size_t f = 0; f < count; f++) {
                top = fmax(top, frequencies[f]);
                const double ratio = frequencies[f] / rule.unit;
                assert_near(ratio, round(ratio), 1e-12);
            }
            if (count > 0) {
                assert_near(qn__shift_rule_top(&rule), top, 1e-12);
                seen++;
            }
        }
        qn_circuit_free(circuit);
    }
    assert_true(seen >= 20);
}

/* The rule differentiates sines and cosines of all its frequencies; the four-term coefficients are the published ones.
 */
static void rules_differentiate(void **state)
{
    (void)state;
    for (uint32_t pairs = 1; pairs <= 4; pairs++) {
        for (double unit = 0.5; unit <= 2.0; unit *= 2) {
            const qn__shift_rule rule = {pairs, unit, false};
            for (uint32_t k = 0; k <= pairs; k++) {
                const double w = k * unit, x = 0.37;
                double sine = 0, cosine = 0;
                for (uint32_t m = 0; m < pairs; m++) {
                    const double s = qn__shift_rule_shift(&rule, m), c = qn__shift_rule_coefficient(&rule, m);
                    sine += c * (sin(w * (x + s)) - sin(w * (x - s)));
                    cosine += c * (cos(w * (x + s)) - cos(w * (x - s)));
                }
                assert_near(sine, w * cos(w * x), 1e-13);
                assert_near(cosine, -w * sin(w * x), 1e-13);
            }
        }
    }
    const qn__shift_rule rotation = {1, 1.0, false}, controlled = {2, 0.5, false};
    const double pi = 3.14159265358979323846;
    assert_near(qn__shift_rule_shift(&rotation, 0), pi / 2, 1e-15);
    assert_near(qn__shift_rule_coefficient(&rotation, 0), 0.5, 1e-15);
    assert_near(qn__shift_rule_shift(&controlled, 0), pi / 2, 1e-15);
    assert_near(qn__shift_rule_shift(&controlled, 1), 3 * pi / 2, 1e-15);
    assert_near(qn__shift_rule_coefficient(&controlled, 0), (sqrt(2) + 1) / (4 * sqrt(2)), 1e-15);
    assert_near(qn__shift_rule_coefficient(&controlled, 1), -(sqrt(2) - 1) / (4 * sqrt(2)), 1e-15);
}

/* One qubit, RX(2 t + 0.3) RX(t): <Z> = cos(3 t + 0.3). A shift of the symbol itself would give a wrong answer here. */
static void shared_and_scaled(void **state)
{
    (void)state;
    fixture f = fixture_open("reference", 1);
    qn_circuit *circuit = NULL;
    uint32_t t = 0;
    const uint32_t q = 0;
    assert_ok(qn_circuit_create(1, &circuit));
    assert_ok(qn_circuit_add_symbol(circuit, "t", &t));
    const qn_param_term twice = {t, 2.0}, once = {t, 1.0};
    assert_ok(qn_circuit_append(circuit, QN_GATE_RX, &q, 1, &(qn_param){0.3, &twice, 1, 0}, 1));
    assert_ok(qn_circuit_append(circuit, QN_GATE_RX, &q, 1, &(qn_param){0.0, &once, 1, 0}, 1));
    qn_pauli_sum *z = sum_of(1, 1, (const double[]){1}, (const char *const[]){"Z"});
    for (int m = QN_GRADIENT_SHIFT; m <= QN_GRADIENT_FINITE; m++) {
        qn_estimator_options options = QN_ESTIMATOR_OPTIONS_INIT;
        options.gradient = (qn_gradient_method)m;
        qn_estimator *e = NULL;
        assert_ok(qn_estimator_create(f.engine, circuit, sums_of(&z), 1, &options, &e));
        const double theta = 0.41, weight = 2.0;
        double value = 0, grad = 0, error = 1;
        assert_ok(qn_estimator_gradient(e, &theta, &weight, &value, &grad, &error));
        assert_near(value, cos(3 * theta + 0.3), 1e-14);
        assert_near(grad, 2 * -3 * sin(3 * theta + 0.3), m == QN_GRADIENT_SHIFT ? 1e-13 : 1e-8);
        assert_near(error, 0, 0);
        qn_estimator_stats stats;
        qn_estimator_get_stats(e, &stats);
        assert_int_equal(stats.evaluations,
                         m == QN_GRADIENT_SHIFT ? 5 : 3); /* the value, and 2 an occurrence or symbol */
        assert_int_equal(stats.gradients, 1);
        assert_int_equal(stats.circuits, stats.evaluations);
        assert_int_equal(stats.shots, 0);
        qn_estimator_free(e);
    }
    qn_pauli_sum_free(z);
    qn_circuit_free(circuit);
    fixture_close(f);
}

/* Circuits of every gate with shared, affine symbols: shift on the reference engine, finite differences there, and
 * whatever gradient each other engine prefers. */
static void methods_agree(void **state)
{
    (void)state;
    qn_random random = {qn_test_seed()};
    enum { SYMBOLS = 4, NOBS = 2 };
    fixture reference = fixture_open("reference", 1);
    for (unsigned round = 0; round < 30 * qn_test_scale(); round++) {
        const uint32_t n = 1 + round % 5;
        qn_circuit *circuit = qn_random_circuit(&random, n, SYMBOLS, 18);
        qn_pauli_sum *sums[NOBS] = {qn_random_sum(&random, n, 6), qn_random_sum(&random, n, 3)};
        double theta[SYMBOLS], weights[NOBS], shift[SYMBOLS], values[NOBS];
        qn_random_angles(&random, theta, SYMBOLS);
        qn_random_angles(&random, weights, NOBS);
        qn_estimator_options options = QN_ESTIMATOR_OPTIONS_INIT;
        options.gradient = QN_GRADIENT_SHIFT;
        qn_estimator *e = NULL;
        assert_ok(qn_estimator_create(reference.engine, circuit, sums_of(sums), NOBS, &options, &e));
        assert_ok(qn_estimator_gradient(e, theta, weights, values, shift, NULL));
        qn_estimator_free(e);
        options.gradient = QN_GRADIENT_FINITE;
        options.fd_step = 1e-5;
        double other[SYMBOLS], other_values[NOBS];
        assert_ok(qn_estimator_create(reference.engine, circuit, sums_of(sums), NOBS, &options, &e));
        assert_ok(qn_estimator_gradient(e, theta, weights, NULL, other, NULL));
        for (int s = 0; s < SYMBOLS; s++) {
            assert_near(other[s], shift[s], 2e-6);
        }
        qn_estimator_free(e);
        options.gradient = QN_GRADIENT_AUTO;
        for (size_t k = 0; k < qn_engine_count(); k++) {
            fixture f = fixture_open(qn_engine_describe(k)->name, 1);
            assert_ok(qn_estimator_create(f.engine, circuit, sums_of(sums), NOBS, &options, &e));
            assert_ok(qn_estimator_gradient(e, theta, weights, other_values, other, NULL));
            for (int s = 0; s < SYMBOLS; s++) {
                assert_near(other[s], shift[s], 1e-10);
            }
            assert_near(other_values[1], values[1], 1e-11);
            qn_estimator_free(e);
            fixture_close(f);
        }
        qn_pauli_sum_free(sums[0]);
        qn_pauli_sum_free(sums[1]);
        qn_circuit_free(circuit);
    }
    fixture_close(reference);
}

/* More occurrences than one batch holds, so that batches are cut. */
static void long_circuits(void **state)
{
    (void)state;
    fixture f = fixture_open("reference", 1);
    qn_circuit *circuit = NULL;
    uint32_t t = 0;
    const uint32_t q = 0;
    assert_ok(qn_circuit_create(1, &circuit));
    assert_ok(qn_circuit_add_symbol(circuit, "t", &t));
    enum { GATES = 300 };
    for (int i = 0; i < GATES; i++) {
        const qn_param_term term = {t, 0.01};
        assert_ok(qn_circuit_append(circuit, QN_GATE_RX, &q, 1, &(qn_param){0.0, &term, 1, 0}, 1));
    }
    qn_pauli_sum *z = sum_of(1, 1, (const double[]){1}, (const char *const[]){"Z"});
    qn_estimator *e = NULL;
    assert_ok(qn_estimator_create(f.engine, circuit, sums_of(&z), 1, NULL, &e));
    const double theta = 0.3;
    double grad = 0;
    assert_ok(qn_estimator_gradient(e, &theta, NULL, NULL, &grad, NULL));
    assert_near(grad, -0.01 * GATES * sin(0.01 * GATES * theta), 1e-12);
    qn_estimator_free(e);
    qn_pauli_sum_free(z);
    qn_circuit_free(circuit);
    fixture_close(f);
}

static void refusals(void **state)
{
    (void)state;
    fixture f = fixture_open("reference", 1);
    qn_circuit *circuit = small_circuit();
    qn_pauli_sum *sum = small_sum();
    qn_estimator *e = NULL;
    qn_estimator_options options = QN_ESTIMATOR_OPTIONS_INIT;
    options.gradient = QN_GRADIENT_ADJOINT;
    assert_fails(qn_estimator_create(f.engine, circuit, sums_of(&sum), 1, &options, &e), QN_ERR_UNSUPPORTED,
                 "'reference' has no adjoint gradient");
    options.shots = 100;
    assert_fails(qn_estimator_create(f.engine, circuit, sums_of(&sum), 1, &options, &e), QN_ERR_ARGUMENT,
                 "needs an exact estimator");
    options = (qn_estimator_options)QN_ESTIMATOR_OPTIONS_INIT;
    assert_ok(qn_estimator_create(f.engine, circuit, sums_of(&sum), 1, &options, &e));
    double theta[] = {0.1, (double)NAN}, grad[2] = {7, 8}, weight = (double)INFINITY;
    assert_fails(qn_estimator_gradient(e, theta, NULL, NULL, grad, NULL), QN_ERR_NAN, "parameter 1 is nan");
    theta[1] = 0;
    assert_fails(qn_estimator_gradient(e, theta, &weight, NULL, grad, NULL), QN_ERR_NAN, "weight 0 is inf");
    assert_near(grad[0], 7, 0);
    assert_int_equal(qn_estimator_position(e), 0);
    qn_estimator_free(e);
    qn_gradient_method method = QN_GRADIENT_AUTO;
    assert_ok(qn_gradient_method_from_name("shift", &method));
    assert_int_equal(method, QN_GRADIENT_SHIFT);
    assert_string_equal(qn_gradient_method_name(QN_GRADIENT_FINITE), "fd");
    assert_fails(qn_gradient_method_from_name("adjiont", &method), QN_ERR_NAME, "did you mean 'adjoint'?");
    qn_pauli_sum_free(sum);
    qn_circuit_free(circuit);
    fixture_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_agree_with_the_table),
        cmocka_unit_test(rules_differentiate),
        cmocka_unit_test(shared_and_scaled),
        cmocka_unit_test(methods_agree),
        cmocka_unit_test(long_circuits),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
