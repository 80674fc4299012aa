/* Barren plateaus: sampled variances against exact laws, gradients by two methods, the fit. */
#include <qn_test.h>

#include <quern/engine.h>
#include <quern/plateau.h>
#include <quern/primitive.h>

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

static qn_pauli_sum *one_z(void)
{
    qn_pauli_sum *sum = NULL;
    const uint32_t qubit = 0;
    assert_ok(qn_pauli_sum_create(1, &sum));
    assert_ok(qn_pauli_sum_add_sparse(sum, (qn_complex){1, 0}, "Z", &qubit, 1));
    return sum;
}

static qn_plateau_result *sample(const qn_plateau_options *options, const uint32_t *qubits, size_t count)
{
    qn_plateau_result *result = NULL;
    assert_ok(qn_plateau_run(context, options, qubits, count, &result));
    assert_int_equal(result->count, count);
    return result;
}

/* Within five percent, and what samples of this number may be off besides. */
static void expect_law(double variance, double law, double noise)
{
    assert_near(variance / law, 1.0, 0.05 + noise);
}

/* (1/8)(3/8)^(n-1) and 1/(8 n^2): derivatives by hand. */
static void product_laws(void **state)
{
    (void)state;
    const uint32_t qubits[] = {2, 4, 8};
    qn_plateau_options options = QN_PLATEAU_OPTIONS_INIT;
    options.ansatz = QN_PLATEAU_PRODUCT;
    options.samples = 30000;
    options.resamples = 20;
    const qn_plateau_observable kinds[] = {QN_PLATEAU_GLOBAL, QN_PLATEAU_LOCAL};
    for (size_t kind = 0; kind < 2; kind++) {
        options.observable = kinds[kind];
        qn_plateau_result *result = sample(&options, qubits, 3);
        for (size_t i = 0; i < 3; i++) {
            const double n = qubits[i], law = kind == 0 ? pow(0.375, n - 1) / 8 : 1 / (8 * n * n);
            expect_law(result->rows[i].variance[QN_PLATEAU_MEAN], law, kind == 0 && i == 2 ? 0.05 : 0.0);
            assert_near(result->rows[i].law[QN_PLATEAU_MEAN], law, 1e-15);
        }
        if (kind == 0) {
            assert_near(result->decay[QN_PLATEAU_MEAN].slope, log2(0.375), 0.05);
            assert_true(result->decay[QN_PLATEAU_MEAN].residual < result->decay[QN_PLATEAU_MEAN].power_residual);
        } else {
            assert_near(result->decay[QN_PLATEAU_MEAN].power, -2, 0.05);
            assert_true(result->decay[QN_PLATEAU_MEAN].residual > result->decay[QN_PLATEAU_MEAN].power_residual);
        }
        qn_plateau_result_free(result);
    }
}

/* 1/(2^n+1), and 4^n/(2(4^n-1)(2^n+1)) for the middle angle, once both sides are deep. */
static void universal_laws(void **state)
{
    (void)state;
    const uint32_t qubits[] = {2, 3, 4};
    qn_pauli_sum *z = one_z();
    qn_plateau_options options = QN_PLATEAU_OPTIONS_INIT;
    options.observable = QN_PLATEAU_SUM;
    options.sum = z;
    options.layers = 40;
    options.samples = 8000;
    options.resamples = 20;
    qn_plateau_result *result = sample(&options, qubits, 3);
    for (size_t i = 0; i < 3; i++) {
        const double d = exp2(qubits[i]);
        expect_law(result->rows[i].variance[QN_PLATEAU_LOSS], 1 / (d + 1), 0.02);
        expect_law(result->rows[i].variance[QN_PLATEAU_MIDDLE], d * d / (2 * (d * d - 1) * (d + 1)), 0.02);
        assert_near(result->rows[i].law[QN_PLATEAU_LOSS], 1 / (d + 1), 1e-15);
    }
    qn_plateau_result_free(result);
    qn_pauli_sum_free(z);
}

/* so(2n): 1/(2n-1). */
static void matchgate_law(void **state)
{
    (void)state;
    const uint32_t qubits[] = {2, 3, 4, 6};
    qn_pauli_sum *z = one_z();
    qn_plateau_options options = QN_PLATEAU_OPTIONS_INIT;
    options.ansatz = QN_PLATEAU_MATCHGATE;
    options.observable = QN_PLATEAU_SUM;
    options.sum = z;
    options.layers = 60;
    options.samples = 6000;
    options.resamples = 20;
    qn_plateau_result *result = sample(&options, qubits, 4);
    for (size_t i = 0; i < 4; i++) {
        expect_law(result->rows[i].variance[QN_PLATEAU_LOSS], 1 / (2.0 * qubits[i] - 1), 0.02);
    }
    qn_plateau_result_free(result);
    qn_pauli_sum_free(z);
}

/* Every model and start: adjoint derivatives against the parameter-shift rule. */
static void gradients_agree(void **state)
{
    (void)state;
    qn_engine *engine = NULL;
    assert_ok(qn_engine_open(context, "statevector", &engine));
    for (size_t ansatz = 0; ansatz < QN_PLATEAU_ANSATZ_COUNT_; ansatz++) {
        for (size_t start = 0; start < QN_PLATEAU_START_COUNT_; start++) {
            qn_plateau_options options = QN_PLATEAU_OPTIONS_INIT;
            options.ansatz = (qn_plateau_ansatz)ansatz;
            options.start = (qn_plateau_start)start;
            options.observable = (ansatz + start) % 2 == 0 ? QN_PLATEAU_GLOBAL : QN_PLATEAU_LOCAL;
            options.layers = 4;
            qn_circuit *circuit = NULL;
            qn_pauli_sum *observable = NULL;
            assert_ok(qn_plateau_circuit(&options, 3, &circuit));
            assert_ok(qn_plateau_observe(&options, 3, &observable));
            const size_t symbols = qn_circuit_symbols(circuit);
            double *theta = calloc(symbols, 3 * sizeof *theta);
            assert_non_null(theta);
            qn_plateau_angles(&options, 3, symbols, 7, theta);
            for (int side = 0; side < 2; side++) {
                qn_estimator_options wanted = QN_ESTIMATOR_OPTIONS_INIT;
                wanted.gradient = side == 0 ? QN_GRADIENT_ADJOINT : QN_GRADIENT_SHIFT;
                qn_estimator *estimator = NULL;
                assert_ok(qn_estimator_create(engine, circuit, (const qn_pauli_sum *const *)&observable, 1, &wanted,
                                              &estimator));
                assert_ok(
                    qn_estimator_gradient(estimator, theta, NULL, NULL, theta + (1 + side) * (ptrdiff_t)symbols, NULL));
                qn_estimator_free(estimator);
            }
            for (size_t k = 0; k < symbols; k++) {
                assert_near(theta[symbols + k], theta[2 * symbols + k], 1e-12);
            }
            free(theta);
            qn_circuit_free(circuit);
            qn_pauli_sum_free(observable);
        }
    }
    qn_engine_close(engine);
}

/* Grant's blocks make the identity: the projector sees the input alone. */
static void identity_blocks(void **state)
{
    (void)state;
    qn_plateau_options options = QN_PLATEAU_OPTIONS_INIT;
    options.start = QN_PLATEAU_IDENTITY;
    const uint32_t qubits[] = {4};
    options.samples = 8;
    qn_engine *engine = NULL;
    qn_circuit *circuit = NULL;
    qn_pauli_sum *observable = NULL;
    qn_program *program = NULL;
    assert_ok(qn_engine_open(context, "statevector", &engine));
    assert_ok(qn_plateau_circuit(&options, qubits[0], &circuit));
    assert_ok(qn_plateau_observe(&options, qubits[0], &observable));
    assert_ok(qn_engine_compile(engine, circuit, (const qn_pauli_sum *const *)&observable, 1, &program));
    double *theta = calloc(qn_circuit_symbols(circuit), sizeof *theta), value = 0;
    qn_plateau_angles(&options, qubits[0], qn_circuit_symbols(circuit), 3, theta);
    assert_ok(qn_program_expect(program, theta, 1, &value, NULL));
    assert_near(value, pow(cos(3.14159265358979323846 / 8), 2.0 * qubits[0]), 1e-12);
    free(theta);
    qn_program_free(program);
    qn_circuit_free(circuit);
    qn_pauli_sum_free(observable);
    qn_engine_close(engine);
}

/* The same numbers with one thread and two. */
static void repeats(void **state)
{
    (void)state;
    const uint32_t qubits[] = {3, 5};
    qn_plateau_options options = QN_PLATEAU_OPTIONS_INIT;
    options.samples = 100;
    qn_plateau_result *result[2] = {NULL, NULL};
    for (uint32_t side = 0; side < 2; side++) {
        qn_context_options wanted = QN_CONTEXT_OPTIONS_INIT;
        wanted.threads = side + 1;
        qn_context *own = NULL;
        assert_ok(qn_context_create(&wanted, &own));
        assert_ok(qn_plateau_run(own, &options, qubits, 2, &result[side]));
        qn_context_free(own);
    }
    for (size_t part = 0; part < QN_PLATEAU_PART_COUNT_; part++) {
        assert_true(result[0]->rows[1].variance[part] == result[1]->rows[1].variance[part]);
        const double a = result[0]->decay[part].low, b = result[1]->decay[part].low;
        assert_true(a == b || (isnan(a) && isnan(b)));
        assert_true(result[0]->rows[1].low[part] <= result[0]->rows[1].variance[part]);
    }
    qn_plateau_result_free(result[0]);
    qn_plateau_result_free(result[1]);
}

static void refusals(void **state)
{
    (void)state;
    qn_plateau_options options = QN_PLATEAU_OPTIONS_INIT;
    qn_plateau_result *result = NULL;
    const uint32_t few[] = {1}, falling[] = {4, 3}, huge[] = {60};
    assert_fails(qn_plateau_run(context, &options, few, 1, &result), QN_ERR_RANGE, "1 qubits");
    assert_fails(qn_plateau_run(context, &options, falling, 2, &result), QN_ERR_ARGUMENT, "rise");
    assert_fails(qn_plateau_run(context, &options, huge, 1, &result), QN_ERR_TOO_LARGE, "");
    options.samples = 3;
    assert_fails(qn_plateau_run(context, &options, falling, 1, &result), QN_ERR_RANGE, "at least 8");
    assert_null(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(product_laws),    cmocka_unit_test(universal_laws),  cmocka_unit_test(matchgate_law),
        cmocka_unit_test(gradients_agree), cmocka_unit_test(identity_blocks), cmocka_unit_test(repeats),
        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
