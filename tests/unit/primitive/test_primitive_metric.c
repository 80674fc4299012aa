/* test_primitive_metric.c: geometric tensor and fidelity against closed forms and against each other. */
#include "primitive_fixture.h"

#include "base/alloc.h"

/* RY(a) RZ(b)|0>-type state on the sphere: the metric is the sphere's, diag(1/4, sin^2(a)/4). */
static void sphere(void **state)
{
    (void)state;
    fixture f = fixture_open("reference", 1);
    qn_circuit *circuit = NULL;
    uint32_t a = 0, b = 0;
    const uint32_t q = 0;
    assert_ok(qn_circuit_create(1, &circuit));
    assert_ok(qn_circuit_add_symbol(circuit, "a", &a));
    assert_ok(qn_circuit_add_symbol(circuit, "b", &b));
    const qn_param_term ta = {a, 1.0}, tb = {b, 1.0};
    assert_ok(qn_circuit_append(circuit, QN_GATE_RY, &q, 1, &(qn_param){0, &ta, 1, 0}, 1));
    assert_ok(qn_circuit_append(circuit, QN_GATE_RZ, &q, 1, &(qn_param){0, &tb, 1, 0}, 1));
    qn_estimator *e = NULL;
    assert_ok(qn_estimator_create(f.engine, circuit, NULL, 0, NULL, &e));
    const double theta[] = {0.9, -0.4}, other[] = {2.0, 0.6};
    double metric[4], fidelity = 0;
    assert_ok(qn_estimator_metric(e, theta, metric));
    assert_near(metric[0], 0.25, 1e-14);
    assert_near(metric[1], 0, 1e-14);
    assert_near(metric[2], 0, 1e-14);
    assert_near(metric[3], sin(0.9) * sin(0.9) / 4, 1e-14);
    /* half of 1 + cos of the angle between the two points of the sphere */
    const double cosine = cos(0.9) * cos(2.0) + sin(0.9) * sin(2.0) * cos(1.0);
    assert_ok(qn_estimator_fidelity(e, theta, other, &fidelity));
    assert_near(fidelity, (1 + cosine) / 2, 1e-14);
    assert_ok(qn_estimator_fidelity(e, other, other, &fidelity));
    assert_near(fidelity, 1, 1e-14);
    const double bad[] = {0, (double)NAN};
    assert_fails(qn_estimator_metric(e, bad, metric), QN_ERR_NAN, "parameter 1 is nan");
    assert_fails(qn_estimator_fidelity(e, theta, bad, &fidelity), QN_ERR_NAN, "parameter 1 is nan");
    qn_estimator_free(e);
    qn_circuit_free(circuit);
    fixture_close(f);
}

/* For small d: fidelity(theta + d/2, theta - d/2) = 1 - d G d + O(d^4). All gates, symbols shared and scaled. */
static void metric_is_the_curvature_of_the_fidelity(void **state)
{
    (void)state;
    qn_random random = {qn_test_seed()};
    enum { SYMBOLS = 3 };
    for (unsigned round = 0; round < 25 * qn_test_scale(); round++) {
        fixture f = fixture_open(qn_engine_describe(round % qn_engine_count())->name, 1);
        qn_circuit *circuit = qn_random_circuit(&random, 1 + round % 5, SYMBOLS, 15);
        qn_estimator *e = NULL;
        double theta[SYMBOLS], metric[SYMBOLS * SYMBOLS];
        qn_random_angles(&random, theta, SYMBOLS);
        assert_ok(qn_estimator_create(f.engine, circuit, NULL, 0, NULL, &e));
        assert_ok(qn_estimator_metric(e, theta, metric));
        for (int trial = 0; trial < 3; trial++) {
            double d[SYMBOLS], up[SYMBOLS], down[SYMBOLS], form = 0, fidelity = 0;
            for (int i = 0; i < SYMBOLS; i++) {
                d[i] = 1e-3 * qn_random_between(&random, -1, 1);
                up[i] = theta[i] + d[i] / 2;
                down[i] = theta[i] - d[i] / 2;
            }
            for (int i = 0; i < SYMBOLS; i++) {
                for (int j = 0; j < SYMBOLS; j++) {
                    form += d[i] * metric[i * SYMBOLS + j] * d[j];
                }
            }
            assert_ok(qn_estimator_fidelity(e, up, down, &fidelity));
            assert_near(1 - fidelity, form, 1e-3 * form + 1e-9);
        }
        qn_estimator_free(e);
        qn_circuit_free(circuit);
        fixture_close(f);
    }
}

static void refusals(void **state)
{
    (void)state;
    fixture f = fixture_open("reference", 1);
    qn_circuit *circuit = small_circuit();
    qn_estimator *e = NULL;
    double metric[4], fidelity = 0;
    const double theta[] = {0.1, 0.2};
    qn_engine_ops ops = *qn_engine_desc_of(f.engine)->ops;
    ops.amplitudes = NULL;
    const qn_engine_desc desc = {QN_ENGINE_ABI, "blind", "", true, &ops};
    qn_engine *blind = NULL;
    assert_ok(qn_engine_open_desc(f.context, &desc, NULL, &blind));
    assert_ok(qn_estimator_create(blind, circuit, NULL, 0, NULL, &e));
    assert_fails(qn_estimator_metric(e, theta, metric), QN_ERR_UNSUPPORTED, "gives no exact amplitudes");
    qn_estimator_free(e);
    qn_engine_close(blind);

    const uint64_t held = qn_memory().bytes_now;
    bool done = false;
    for (uint64_t n = 1; !done; n++) {
        assert_true(n < 400);
        e = NULL;
        qn__alloc_fail_at(n, false);
        qn_status status = qn_estimator_create(f.engine, circuit, NULL, 0, NULL, &e);
        status = status == QN_OK ? qn_estimator_metric(e, theta, metric) : status;
        status = status == QN_OK ? qn_estimator_fidelity(e, theta, theta, &fidelity) : status;
        qn__alloc_fail_at(0, false);
        assert_true(status == QN_OK || status == QN_ERR_MEMORY);
        done = status == QN_OK;
        qn_estimator_free(e);
        assert_int_equal(qn_memory().bytes_now, held);
    }
    qn_circuit_free(circuit);
    assert_ok(qn_circuit_create(21, &circuit));
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    qn_context *roomy = NULL;
    qn_engine *engine = NULL;
    options.memory_limit = UINT64_C(1) << 40;
    assert_ok(qn_context_create(&options, &roomy));
    assert_ok(qn_engine_open(roomy, "reference", &engine));
    assert_ok(qn_estimator_create(engine, circuit, NULL, 0, NULL, &e));
    assert_fails(qn_estimator_metric(e, theta, metric), QN_ERR_UNSUPPORTED, "up to 20 qubits");
    qn_estimator_free(e);
    qn_circuit_free(circuit);
    qn_engine_close(engine);
    qn_context_free(roomy);
    fixture_close(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sphere),
        cmocka_unit_test(metric_is_the_curvature_of_the_fidelity),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
