/* Layerwise training: which layers move, by hand for one step a stage; variances against those of random starts. */
#include <qn_test.h>

#include <quern/engine.h>
#include <quern/plateau.h>

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

static qn_plateau_layerwise *train(const qn_plateau_options *options, uint32_t qubits,
                                   const qn_plateau_layerwise_options *wanted)
{
    qn_plateau_layerwise *l = NULL;
    assert_ok(qn_plateau_train_layerwise(context, options, qubits, wanted, &l));
    assert_false(l->interrupted);
    return l;
}

/* Loss and gradient of one row of angles. */
static double gradient_of(const qn_plateau_options *options, uint32_t qubits, const double *theta, double *gradient)
{
    qn_engine *engine = NULL;
    qn_circuit *circuit = NULL;
    qn_pauli_sum *observable = NULL;
    qn_program *program = NULL;
    double value = 0;
    const double one = 1;
    assert_ok(qn_engine_open(context, "statevector", &engine));
    assert_ok(qn_plateau_circuit(options, qubits, &circuit));
    assert_ok(qn_plateau_observe(options, qubits, &observable));
    assert_ok(qn_engine_compile(engine, circuit, (const qn_pauli_sum *const *)&observable, 1, &program));
    assert_ok(qn_program_gradient(program, theta, 1, &one, &value, gradient));
    qn_program_free(program);
    qn_circuit_free(circuit);
    qn_pauli_sum_free(observable);
    qn_engine_close(engine);
    return value;
}

/* Adam's first step is the rate times the gradient's sign, but for its epsilon: two stages of growth and both halves by
 * hand, four layers of two qubits, four angles each. */
static void one_step(void **state)
{
    (void)state;
    enum { EACH = 4, LAYERS = 4, RUNS = 3 };
    static const uint32_t first[] = {0, 2, 0, 2}, last[] = {2, 4, 2, 4}, layers[] = {2, 4, 4, 4};
    qn_plateau_options options = QN_PLATEAU_OPTIONS_INIT;
    qn_plateau_layerwise_options wanted = QN_PLATEAU_LAYERWISE_OPTIONS_INIT;
    options.observable = QN_PLATEAU_LOCAL;
    options.layers = LAYERS;
    options.start = QN_PLATEAU_LAYERWISE; /* not looked at */
    wanted.runs = RUNS;
    wanted.steps = 1;
    wanted.rate = 0.1;
    qn_plateau_layerwise *l = train(&options, 2, &wanted);
    assert_int_equal(l->count, 4);
    options.start = QN_PLATEAU_UNIFORM;
    double theta[RUNS][EACH * LAYERS] = {{0}}, gradient[RUNS][EACH * LAYERS];
    options.layers = 2;
    for (uint64_t r = 0; r < RUNS; r++) {
        qn_plateau_angles(&options, 2, (size_t)2 * EACH, r, theta[r]);
    }
    for (size_t s = 0; s < 4; s++) {
        const qn_plateau_stage *const stage = &l->stages[s];
        double before = 0, after = 0, square = 0, variance = 0;
        assert_int_equal(stage->first, first[s]);
        assert_int_equal(stage->last, last[s]);
        assert_int_equal(stage->layers, layers[s]);
        assert_int_equal(stage->parameters, EACH * (last[s] - first[s]));
        options.layers = layers[s];
        for (size_t r = 0; r < RUNS; r++) {
            before += gradient_of(&options, 2, theta[r], gradient[r]) / RUNS;
        }
        for (size_t k = (size_t)EACH * first[s]; k < (size_t)EACH * last[s]; k++) {
            const double mean = (gradient[0][k] + gradient[1][k] + gradient[2][k]) / RUNS;
            for (size_t r = 0; r < RUNS; r++) {
                const double g = gradient[r][k];
                square += g * g / RUNS / (double)stage->parameters;
                variance += (g - mean) * (g - mean) / (RUNS - 1) / (double)stage->parameters;
                theta[r][k] += wanted.rate * g / (fabs(g) + 1e-8); /* a projector should rise */
            }
        }
        for (size_t r = 0; r < RUNS; r++) {
            double unused[EACH * LAYERS];
            after += gradient_of(&options, 2, theta[r], unused) / RUNS;
        }
        assert_near(stage->loss_before, before, 1e-9);
        assert_near(stage->mean_square, square, 1e-9);
        assert_near(stage->variance, variance, 1e-9);
        assert_near(stage->loss_after, after, 1e-9);
    }
    qn_plateau_layerwise_free(l);
}

/* Layers of angles 0 change nothing (two layers of CZ undo each other); the first stage and the whole circuit begin
 * where random starts of so many layers do. */
static void stages_join(void **state)
{
    (void)state;
    for (qn_plateau_ansatz ansatz = QN_PLATEAU_HARDWARE; ansatz < QN_PLATEAU_ANSATZ_COUNT_; ansatz++) {
        qn_plateau_options options = QN_PLATEAU_OPTIONS_INIT;
        qn_plateau_layerwise_options wanted = QN_PLATEAU_LAYERWISE_OPTIONS_INIT;
        const uint32_t qubits = 3;
        options.ansatz = ansatz;
        options.layers = 7;
        options.samples = 8;
        options.resamples = 4;
        wanted.runs = 8;
        wanted.steps = 3;
        qn_plateau_layerwise *l = train(&options, qubits, &wanted), *again = train(&options, qubits, &wanted);
        assert_int_equal(l->count, 6); /* 2, 4, 6, 7 layers, two halves */
        assert_int_equal(l->stages[3].parameters * 7, l->plain.parameters);
        assert_int_equal(l->gradients, 6 * 8 * 4);
        for (size_t k = 1; k < l->count; k++) {
            if (k != 3 || ansatz != QN_PLATEAU_HARDWARE) { /* one layer of CZ alone is no identity */
                assert_near(l->stages[k].loss_before, l->stages[k - 1].loss_after, 1e-12);
            }
        }
        assert_memory_equal(l->stages, again->stages, l->count * sizeof *l->stages);
        for (int whole = 0; whole < 2; whole++) {
            qn_plateau_result *result = NULL;
            options.layers = whole ? 7 : 2;
            assert_ok(qn_plateau_run(context, &options, &qubits, 1, &result));
            const qn_plateau_stage *const stage = whole ? &l->plain : &l->stages[0];
            assert_near(stage->variance, result->rows[0].variance[QN_PLATEAU_MEAN], 1e-12);
            assert_near(stage->mean_square, result->rows[0].mean_square, 1e-12);
            qn_plateau_result_free(result);
        }
        qn_plateau_layerwise_free(l);
        qn_plateau_layerwise_free(again);
    }
}

/* Enough steps bring a sum near its lowest value and a projector near 1. */
static void training_ends(void **state)
{
    (void)state;
    const uint32_t qubit = 0;
    qn_pauli_sum *sum = NULL;
    assert_ok(qn_pauli_sum_create(2, &sum));
    assert_ok(qn_pauli_sum_add_sparse(sum, (qn_complex){1, 0}, "Z", &qubit, 1));
    qn_plateau_options options = QN_PLATEAU_OPTIONS_INIT;
    qn_plateau_layerwise_options wanted = QN_PLATEAU_LAYERWISE_OPTIONS_INIT;
    options.layers = 4;
    options.sum = sum;
    wanted.steps = 150;
    for (int o = QN_PLATEAU_GLOBAL; o <= QN_PLATEAU_SUM; o++) {
        options.observable = (qn_plateau_observable)o;
        qn_plateau_layerwise *l = train(&options, 2, &wanted);
        const double best = o == QN_PLATEAU_SUM ? -1 : 1;
        assert_near(l->stages[l->count - 1].loss_after, best, 0.02);
        assert_near(l->plain.loss_after, best, 0.02);
        qn_plateau_layerwise_free(l);
    }
    qn_pauli_sum_free(sum);
}

static void refusals(void **state)
{
    (void)state;
    qn_plateau_options options = QN_PLATEAU_OPTIONS_INIT;
    const qn_plateau_layerwise_options usual = QN_PLATEAU_LAYERWISE_OPTIONS_INIT;
    qn_plateau_layerwise_options wanted = usual;
    qn_plateau_layerwise *l = NULL;
    wanted.runs = 1;
    assert_fails(qn_plateau_train_layerwise(context, &options, 3, &wanted, &l), QN_ERR_RANGE, "1 runs");
    wanted = usual;
    wanted.steps = 0;
    assert_fails(qn_plateau_train_layerwise(context, &options, 3, &wanted, &l), QN_ERR_RANGE, "0 steps");
    wanted = usual;
    wanted.rate = (double)NAN;
    assert_fails(qn_plateau_train_layerwise(context, &options, 3, &wanted, &l), QN_ERR_RANGE, "rate");
    options.twin = true;
    options.ansatz = QN_PLATEAU_MATCHGATE;
    assert_fails(qn_plateau_train_layerwise(context, &options, 3, &usual, &l), QN_ERR_UNSUPPORTED, "twin");
    assert_null(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(one_step), cmocka_unit_test(stages_join),
                                       cmocka_unit_test(training_ends), cmocka_unit_test(refusals)};
    return cmocka_run_group_tests(tests, open_context, close_context);
}
