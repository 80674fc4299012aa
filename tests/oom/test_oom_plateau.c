/* test_oom_plateau.c: barren-plateau runs and Lie algebras with the n-th allocation failing, n = 1, 2, 3, ... until
 * they succeed: a status each time, and no leak. */
#include <fail_each.h>

#include <quern/quern.h>

/* the engine does without room for several rows at a time */
static qn_status run(qn_context *context, bool twin, qn_plateau_ansatz ansatz, qn_plateau_start start)
{
    qn_plateau_options options = QN_PLATEAU_OPTIONS_INIT;
    options.ansatz = ansatz;
    options.start = start;
    options.observable = QN_PLATEAU_LOCAL;
    options.layers = 4;
    options.samples = 8;
    options.resamples = 4;
    options.twin = twin;
    const uint32_t qubits[] = {2, 3};
    qn_plateau_result *result = NULL;
    qn_ledger ledger;
    qn_ledger_init(&ledger);
    qn_status status = fail_untouched(qn_plateau_run(context, &options, qubits, 2, &result), &result);
    status = status == QN_OK ? qn_plateau_ledger(&options, result, &ledger) : status;
    qn_plateau_result_free(result);
    return status;
}

static qn_status states(qn_context *context)
{
    return run(context, false, QN_PLATEAU_HARDWARE, QN_PLATEAU_IDENTITY);
}

static qn_status strings(qn_context *context)
{
    return run(context, true, QN_PLATEAU_MATCHGATE, QN_PLATEAU_UNIFORM);
}

static qn_status sums(qn_context *context)
{
    return run(context, false, QN_PLATEAU_ISING, QN_PLATEAU_UNIFORM);
}

static qn_status layers(qn_context *context)
{
    qn_plateau_options options = QN_PLATEAU_OPTIONS_INIT;
    qn_plateau_layerwise_options wanted = QN_PLATEAU_LAYERWISE_OPTIONS_INIT;
    options.layers = 4;
    wanted.runs = 2;
    wanted.steps = 1;
    qn_plateau_layerwise *layerwise = NULL;
    const qn_status status =
        fail_untouched(qn_plateau_train_layerwise(context, &options, 2, &wanted, &layerwise), &layerwise);
    qn_plateau_layerwise_free(layerwise);
    return status;
}

/* Closing an algebra, its variance, and one run of the classical twin. */
static qn_status algebra(qn_context *context)
{
    qn_plateau_options options = QN_PLATEAU_OPTIONS_INIT;
    options.ansatz = QN_PLATEAU_MATCHGATE;
    options.layers = 1;
    const double theta[] = {0.1, 0.2, 0.3, 0.4, 0.5};
    double loss = -1, value = 0, gradient[5];
    qn_pauli_sum **generators = NULL, *observable = NULL;
    qn_lie *lie = NULL;
    qn_lie_twin *twin = NULL;
    qn_lie_gate *gates = NULL;
    size_t count = 0, ngates = 0, symbols = 0;
    qn_status status = fail_untouched(qn_plateau_generators(&options, 3, true, &generators, &count), &generators);
    if (status == QN_OK) {
        status = fail_untouched(qn_lie_close(context, (const qn_pauli_sum *const *)generators, count, 0, &lie), &lie);
    }
    status = status == QN_OK ? fail_untouched(qn_read_pauli_text("IIZ", 3, "t", 0, &observable), &observable) : status;
    if (status == QN_OK) {
        status = qn_lie_variance(lie, "000", observable, 0, &loss, NULL);
        assert_true(status == QN_OK || loss == -1);
    }
    status = status == QN_OK ? fail_untouched(qn_lie_twin_create(lie, "000", &twin), &twin) : status;
    status =
        status == QN_OK ? fail_untouched(qn_plateau_gates(&options, 3, &gates, &ngates, &symbols), &gates) : status;
    assert_true(status != QN_OK || symbols == sizeof theta / sizeof *theta);
    status =
        status == QN_OK ? qn_lie_twin_run(twin, observable, gates, ngates, theta, symbols, &value, gradient) : status;
    qn_plateau_gates_free(gates);
    qn_lie_twin_free(twin);
    qn_pauli_sum_free(observable);
    qn_lie_free(lie);
    qn_plateau_generators_free(generators, count);
    return status;
}

static void runs(void **state)
{
    (void)state;
    (void)fail_each_in_context(states, FAIL_EACH_TOLERANT);
    (void)fail_each_in_context(strings, FAIL_EACH);
    (void)fail_each_in_context(sums, FAIL_EACH_TOLERANT);
    (void)fail_each_in_context(layers, FAIL_EACH_TOLERANT);
}

static void algebras(void **state)
{
    (void)state;
    (void)fail_each_in_context(algebra, FAIL_EACH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(runs), cmocka_unit_test(algebras)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
