/* test_primitive_estimator.c: exact runs, positions of the draws, threads, no allocation in loops, failing memory, the
 * sampler. */
#include "primitive_fixture.h"

#include "base/alloc.h"

static void exact_rows(void **state)
{
    (void)state;
    for (size_t k = 0; k < qn_engine_count(); k++) {
        fixture f = fixture_open(qn_engine_describe(k)->name, 1);
        qn_circuit *circuit = small_circuit();
        qn_pauli_sum *sums[] = {small_sum(), sum_of(2, 1, (const double[]){2}, (const char *const[]){"IZ"})};
        qn_estimator *e = NULL;
        assert_ok(qn_estimator_create(f.engine, circuit, sums_of(sums), 2, NULL, &e));
        assert_int_equal(qn_estimator_symbols(e), 2);
        assert_int_equal(qn_estimator_observables(e), 2);
        const double theta[] = {0.8, 0, 0.3, 0};
        double values[4] = {0}, errors[4] = {1, 1, 1, 1};
        assert_ok(qn_estimator_run(e, theta, 2, values, errors));
        for (int r = 0; r < 2;
             r++) { /* cos|00> + sin e^{i phi}|11>, phi = 2 t0 + 0.1: <ZZ> = 1, <XX> = sin t0 cos phi */
            const double t = theta[2 * r], xx = sin(t) * cos(2 * t + 0.1);
            assert_near(values[2 * r], -1.05 - 0.01 + 0.18 * xx, 1e-13);
            assert_near(values[2 * r + 1], 2 * cos(t), 1e-13);
            assert_near(errors[2 * r], 0, 0);
        }
        qn_estimator_stats stats;
        qn_estimator_get_stats(e, &stats);
        assert_true(stats.exact && stats.noise == 0 && stats.groups == 3);
        assert_int_equal(stats.evaluations, 2);
        assert_int_equal(stats.circuits, 6);
        assert_int_equal(stats.gradient, strcmp(qn_engine_describe(k)->name, "reference") == 0 ? QN_GRADIENT_SHIFT
                                                                                               : QN_GRADIENT_ADJOINT);
        const double bad[] = {0.8, (double)NAN};
        values[0] = 9;
        assert_fails(qn_estimator_run(e, bad, 1, values, NULL), QN_ERR_NAN, "parameter 1");
        assert_near(values[0], 9, 0);
        qn_estimator_free(e);
        qn_estimator_free(NULL);
        qn_pauli_sum_free(sums[0]);
        qn_pauli_sum_free(sums[1]);
        qn_circuit_free(circuit);
        fixture_close(f);
    }
}

/* The loops of an optimizer: runs and gradients of every exact method, and sampled ones once their counts have grown.
 */
static void loops_allocate_nothing(void **state)
{
    (void)state;
    qn_circuit *circuit = small_circuit();
    qn_pauli_sum *sum = small_sum();
    for (size_t k = 0; k < qn_engine_count(); k++) {
        fixture f = fixture_open(qn_engine_describe(k)->name, 1);
        for (int m = QN_GRADIENT_AUTO; m <= QN_GRADIENT_FINITE; m++) {
            qn_estimator_options options = QN_ESTIMATOR_OPTIONS_INIT;
            options.gradient = (qn_gradient_method)m;
            qn_estimator *e = NULL;
            const qn_status status = qn_estimator_create(f.engine, circuit, sums_of(&sum), 1, &options, &e);
            if (status == QN_ERR_UNSUPPORTED) {
                continue;
            }
            assert_ok(status);
            double value = 0, error = 0, grad[2], errors[2];
            const double start[] = {0.1, 0.3};
            assert_ok(
                qn_estimator_gradient(e, start, NULL, &value, grad, errors)); /* engines may make room at the first */
            const uint64_t before = qn_memory().allocations;
            for (int i = 0; i < 1000; i++) {
                const double theta[] = {0.001 * i, 0.3};
                assert_ok(qn_estimator_run(e, theta, 1, &value, &error));
                assert_ok(qn_estimator_gradient(e, theta, NULL, &value, grad, errors));
            }
            assert_int_equal(qn_memory().allocations, before);
            qn_estimator_free(e);
        }
        qn_estimator_options options = QN_ESTIMATOR_OPTIONS_INIT;
        options.shots = 100;
        qn_estimator *e = NULL;
        assert_ok(qn_estimator_create(f.engine, circuit, sums_of(&sum), 1, &options, &e));
        const double theta[] = {0.4, 0.3};
        double value = 0, grad[2];
        assert_ok(qn_estimator_gradient(e, theta, NULL, &value, grad, NULL));
        const uint64_t before = qn_memory().allocations;
        for (int i = 0; i < 100; i++) {
            assert_ok(qn_estimator_gradient(e, theta, NULL, &value, grad, NULL));
        }
        assert_int_equal(qn_memory().allocations, before);
        qn_estimator_free(e);
        fixture_close(f);
    }
    qn_pauli_sum_free(sum);
    qn_circuit_free(circuit);
}

/* What a sampled estimator gave in one go. */
typedef struct trace {
    double values[3], errors[3], grad[2], grad_errors[2];
} trace;

static trace record(qn_estimator *e)
{
    const double theta[] = {0.8, -0.5, 0.1, 0.2, 1.3, 0.7};
    trace t;
    assert_ok(qn_estimator_run(e, theta, 3, t.values, t.errors));
    assert_ok(qn_estimator_gradient(e, theta, NULL, NULL, t.grad, t.grad_errors));
    return t;
}

/* Same seed and position: the same numbers, whatever the threads and however the rows were handed over. */
static void draws_are_keyed_by_position(void **state)
{
    (void)state;
    qn_circuit *circuit = small_circuit();
    qn_pauli_sum *sum = small_sum();
    qn_estimator_options options = QN_ESTIMATOR_OPTIONS_INIT;
    options.shots = 300;
    options.seed = 5;
    for (size_t k = 0; k < qn_engine_count(); k++) {
        trace first[2];
        for (uint32_t threads = 1; threads <= 2; threads++) {
            fixture f = fixture_open(qn_engine_describe(k)->name, threads);
            qn_estimator *e = NULL;
            assert_ok(qn_estimator_create(f.engine, circuit, sums_of(&sum), 1, &options, &e));
            assert_int_equal(qn_estimator_position(e), 0);
            first[threads - 1] = record(e);
            assert_int_equal(qn_estimator_position(e), 4); /* a position a row, one a gradient */
            const trace second = record(e);
            assert_true(memcmp(&first[threads - 1], &second, sizeof second) != 0);
            qn_estimator_set_position(e, 0);
            const trace again = record(e);
            assert_memory_equal(&first[threads - 1], &again, sizeof again);
            const double row[] = {0.1, 0.2};
            double value = 0;
            qn_estimator_set_position(e, 1); /* the second row by itself */
            assert_ok(qn_estimator_run(e, row, 1, &value, NULL));
            assert_near(value, again.values[1], 0);
            qn_estimator_free(e);
            fixture_close(f);
        }
        assert_memory_equal(&first[0], &first[1], sizeof first[0]);
    }
    qn_pauli_sum_free(sum);
    qn_circuit_free(circuit);
}

/* Every allocation of a life of an estimator fails once. */
static void failing_memory(void **state)
{
    (void)state;
    qn_circuit *circuit = small_circuit();
    qn_pauli_sum *sum = small_sum();
    for (size_t k = 0; k < qn_engine_count(); k++) {
        fixture f = fixture_open(qn_engine_describe(k)->name, 1);
        for (int kind = 0; kind < 3; kind++) {
            qn_estimator_options options = QN_ESTIMATOR_OPTIONS_INIT;
            options.gradient = kind == 0 ? QN_GRADIENT_AUTO : QN_GRADIENT_SHIFT;
            options.shots = kind == 2 ? 20 : 0;
            const uint64_t held = qn_memory().bytes_now;
            bool done = false;
            for (uint64_t n = 1; !done; n++) {
                assert_true(n < 3000);
                qn_estimator *e = NULL;
                const double theta[] = {0.1, 0.2};
                double value = 3, grad[2] = {4, 5}, shots = 6;
                qn__alloc_fail_at(n, false);
                qn_status status = qn_estimator_create(f.engine, circuit, sums_of(&sum), 1, &options, &e);
                status = status == QN_OK ? qn_estimator_run(e, theta, 1, &value, NULL) : status;
                const bool ran = status == QN_OK;
                status = status == QN_OK ? qn_estimator_gradient(e, theta, NULL, NULL, grad, NULL) : status;
                const bool differentiated = status == QN_OK;
                status = status == QN_OK ? qn_estimator_shots_for(e, theta, 0, 0.1, &shots) : status;
                qn__alloc_fail_at(0, false);
                assert_true(status == QN_OK || status == QN_ERR_MEMORY);
                assert_true(ran || value == 3);
                assert_true(differentiated || (grad[0] == 4 && grad[1] == 5));
                done = status == QN_OK;
                assert_true(done || shots == 6);
                qn_estimator_free(e);
                assert_int_equal(qn_memory().bytes_now, held);
            }
        }
        fixture_close(f);
    }
    qn_pauli_sum_free(sum);
    qn_circuit_free(circuit);
}

static void refusals(void **state)
{
    (void)state;
    fixture f = fixture_open("reference", 1);
    qn_circuit *circuit = small_circuit();
    qn_pauli_sum *sum = small_sum(), *odd = NULL, *wide = NULL;
    assert_ok(qn_pauli_sum_create(2, &odd));
    assert_ok(qn_pauli_sum_add_label(odd, (qn_complex){0, 1}, "XX"));
    assert_ok(qn_pauli_sum_create(3, &wide));
    qn_estimator *e = NULL;
    for (int sampled = 0; sampled < 2; sampled++) {
        qn_estimator_options options = QN_ESTIMATOR_OPTIONS_INIT;
        options.shots = sampled ? 100 : 0;
        assert_fails(qn_estimator_create(f.engine, circuit, sums_of(&odd), 1, &options, &e), QN_ERR_NOT_HERMITIAN,
                     "observable 0");
        assert_fails(qn_estimator_create(f.engine, circuit, sums_of(&wide), 1, &options, &e), QN_ERR_SHAPE, "3 qubits");
        assert_fails(qn_estimator_create(f.engine, circuit, NULL, 1, &options, &e), QN_ERR_ARGUMENT, "missing");
    }
    qn_estimator_options options = QN_ESTIMATOR_OPTIONS_INIT;
    options.size = 4;
    assert_fails(qn_estimator_create(f.engine, circuit, sums_of(&sum), 1, &options, &e), QN_ERR_ARGUMENT,
                 "QN_ESTIMATOR_OPTIONS_INIT");
    options = (qn_estimator_options)QN_ESTIMATOR_OPTIONS_INIT;
    options.precision = (double)NAN;
    assert_fails(qn_estimator_create(f.engine, circuit, sums_of(&sum), 1, &options, &e), QN_ERR_RANGE, "precision nan");
    options.precision = 0;
    options.fd_step = -1;
    assert_fails(qn_estimator_create(f.engine, circuit, sums_of(&sum), 1, &options, &e), QN_ERR_RANGE, "step -1");
    qn_pauli_sum_free(sum);
    qn_pauli_sum_free(odd);
    qn_pauli_sum_free(wide);
    qn_circuit_free(circuit);
    fixture_close(f);
}

static void sampler(void **state)
{
    (void)state;
    for (size_t k = 0; k < qn_engine_count(); k++) {
        fixture f = fixture_open(qn_engine_describe(k)->name, 1);
        qn_circuit *circuit = small_circuit();
        qn_sampler *s = NULL;
        qn_counts *counts[3] = {NULL, NULL, NULL};
        for (int i = 0; i < 3; i++) {
            assert_ok(qn_counts_create(2, &counts[i]));
        }
        const double theta[] = {0.8, 0, 0.8, 0};
        assert_ok(qn_sampler_create(f.engine, circuit, 9, &s));
        assert_ok(qn_sampler_run(s, theta, 2, 20000, counts));
        assert_ok(qn_sampler_run(s, theta, 1, 20000, counts + 2));
        const double p = cos(0.4) * cos(0.4);
        for (int i = 0; i < 3; i++) {
            assert_int_equal(qn_counts_total(counts[i]), 20000);
            assert_int_equal(qn_counts_distinct(counts[i]), 2);
            assert_near((double)qn_counts_times(counts[i], 0) / 20000, p, 4.5 * sqrt(p * (1 - p) / 20000));
        }
        assert_true(qn_counts_times(counts[0], 0) != qn_counts_times(counts[1], 0) ||
                    qn_counts_times(counts[0], 0) != qn_counts_times(counts[2], 0)); /* draws of their own */
        const uint64_t first = qn_counts_times(counts[0], 0), third = qn_counts_times(counts[2], 0);
        qn_sampler_free(s);
        assert_ok(qn_sampler_create(f.engine, circuit, 9, &s)); /* the same seed begins again; rows one by one */
        for (int i = 0; i < 3; i++) {
            assert_ok(qn_sampler_run(s, theta, 1, 20000, counts + i));
        }
        assert_int_equal(qn_counts_times(counts[0], 0), first);
        assert_int_equal(qn_counts_times(counts[2], 0), third);
        qn_sampler_free(s);
        qn_sampler_free(NULL);
        for (int i = 0; i < 3; i++) {
            qn_counts_free(counts[i]);
        }
        qn_circuit_free(circuit);
        fixture_close(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_rows),
        cmocka_unit_test(loops_allocate_nothing),
        cmocka_unit_test(draws_are_keyed_by_position),
        cmocka_unit_test(failing_memory),
        cmocka_unit_test(refusals),
        cmocka_unit_test(sampler),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
