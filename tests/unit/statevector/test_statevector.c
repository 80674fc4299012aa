/* test_statevector.c: the state-vector engine against circuits by definition, for every instruction set of this
 * machine, both precisions and several thread counts. */
#include "qn_test.h"

#include <quern/engine.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "engine/statevector/engine.h"
#include "model.h"

typedef struct setup {
    const char *arch;
    bool single;
    uint32_t threads;
} setup;

static const char *const archs[] = {"generic", "avx2", "avx512", "neon"};

static bool open_engine(setup how, qn_context **context, qn_engine **engine)
{
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.arch = how.arch;
    options.threads = how.threads;
    if (qn_context_create(&options, context) != QN_OK) {
        return false; /* not on this machine */
    }
    qn_engine_options engine_options = QN_ENGINE_OPTIONS_INIT;
    engine_options.single_precision = how.single;
    assert_ok(qn_engine_open_desc(*context, &qn__statevector_desc, &engine_options, engine));
    return true;
}

static void compare_amplitudes(qn_program *program, const qn_circuit *circuit, const double *theta, double tolerance)
{
    const size_t size = (size_t)1 << qn_circuit_qubits(circuit);
    qn_complex *want = malloc(size * sizeof *want), *got = malloc(size * sizeof *got);
    assert_true(want != NULL && got != NULL);
    model_state(circuit, theta, want);
    assert_ok(qn_program_amplitudes(program, theta, 0, size, got));
    for (size_t i = 0; i < size; i++) {
        assert_near(got[i].re, want[i].re, tolerance);
        assert_near(got[i].im, want[i].im, tolerance);
    }
    const size_t first = size / 3;
    assert_ok(qn_program_amplitudes(program, theta, first, size - first, got));
    for (size_t i = first; i < size; i++) {
        assert_near(got[i - first].re, want[i].re, tolerance);
    }
    free(want);
    free(got);
}

static double model_value(const qn_circuit *circuit, const double *theta, const qn_pauli_sum *sum)
{
    qn_complex *state = malloc(((size_t)1 << qn_circuit_qubits(circuit)) * sizeof *state);
    assert_non_null(state);
    model_state(circuit, theta, state);
    const double value = model_expect(sum, state);
    free(state);
    return value;
}

/* Values and gradient of a circuit with several observables; the derivative by Richardson-extrapolated central
 * differences. */
static void compare_values(qn_program *program, const qn_circuit *circuit, const double *theta,
                           const qn_pauli_sum *const *sums, size_t count, double tolerance)
{
    enum { MOST = 8 };
    const size_t symbols = qn_circuit_symbols(circuit);
    double values[MOST], again[MOST], variances[MOST], weights[MOST], grad[MOST], point[MOST];
    assert_true(count <= MOST && symbols <= MOST);
    assert_ok(qn_program_expect(program, theta, 1, values, variances));
    for (size_t o = 0; o < count; o++) {
        assert_near(values[o], model_value(circuit, theta, sums[o]), 10 * tolerance);
        assert_near(variances[o], 0.0, 0.0);
        weights[o] = 0.7 - 0.4 * (double)o;
    }
    assert_ok(qn_program_gradient(program, theta, 1, weights, again, grad));
    for (size_t o = 0; o < count; o++) {
        assert_near(again[o], values[o], 10 * tolerance);
    }
    for (size_t k = 0; k < symbols; k++) {
        double difference[2];
        for (int j = 0; j < 2; j++) {
            const double step = j == 0 ? 4e-3 : 2e-3;
            difference[j] = 0.0;
            for (int side = -1; side <= 1; side += 2) {
                memcpy(point, theta, symbols * sizeof *point);
                point[k] += side * step;
                for (size_t o = 0; o < count; o++) {
                    difference[j] += weights[o] * side * model_value(circuit, point, sums[o]) / (2 * step);
                }
            }
        }
        assert_near(grad[k], (4 * difference[1] - difference[0]) / 3, fmax(2e-8, 20 * tolerance));
    }
}

static void check_circuit(setup how, const qn_circuit *circuit, const double *theta, const qn_pauli_sum *const *sums,
                          size_t count)
{
    qn_context *context = NULL;
    qn_engine *engine = NULL;
    if (!open_engine(how, &context, &engine)) {
        return;
    }
    const double tolerance = how.single ? 3e-6 : 1e-12;
    qn_program *program = NULL;
    assert_ok(qn_engine_compile(engine, circuit, sums, count, &program));
    compare_amplitudes(program, circuit, theta, tolerance);
    if (count > 0) {
        compare_values(program, circuit, theta, sums, count, tolerance);
    }
    qn_program_free(program);
    qn_engine_close(engine);
    qn_context_free(context);
}

static void check_all_setups(const qn_circuit *circuit, const double *theta, const qn_pauli_sum *const *sums,
                             size_t count)
{
    for (size_t a = 0; a < sizeof archs / sizeof archs[0]; a++) {
        for (int single = 0; single < 2; single++) {
            check_circuit((setup){archs[a], single != 0, 1}, circuit, theta, sums, count);
        }
    }
}

/* Every row of the gate table on several placements, between layers that make all amplitudes count. */
static void every_gate(void **unused)
{
    (void)unused;
    model_random random = {qn_test_seed(), 0};
    for (int gate = 0; gate < QN_GATE_COUNT_; gate++) {
        for (uint32_t round = 0; round < 3; round++) {
            const uint32_t n = round == 0 ? 6 : 5 + round;
            qn_circuit *circuit = NULL;
            qn_pauli_sum *sum = NULL;
            model_circuit(n, 2, 0, &random, &circuit);
            model_observable(n, 8, &random, &sum);
            for (uint32_t q = 0; q < n; q++) {
                const qn_param angles[3] = {QN_PARAM(0.3 + q), QN_PARAM(0.1 * q), QN_PARAM(0.7)};
                assert_ok(qn_circuit_append(circuit, QN_GATE_U, &q, 1, angles, 3));
            }
            for (uint32_t k = 0; k < 4; k++) {
                model_append(circuit, (qn_gate)gate, 2, &random);
            }
            const double theta[2] = {0.4, -1.3};
            check_all_setups(circuit, theta, (const qn_pauli_sum *const *)&sum, 1);
            qn_circuit_free(circuit);
            qn_pauli_sum_free(sum);
        }
    }
}

static void random_circuits(void **unused)
{
    (void)unused;
    model_random random = {qn_test_seed() + 1, 0};
    for (unsigned round = 0; round < 24 * qn_test_scale(); round++) {
        const uint32_t n = 1 + round % 8;
        qn_circuit *circuit = NULL;
        qn_pauli_sum *sums[3] = {NULL, NULL, NULL};
        model_circuit(n, 3, 25, &random, &circuit);
        model_observable(n, 3, &random, &sums[0]);
        model_observable(n, 40, &random, &sums[1]);
        model_observable(n, 0, &random, &sums[2]);
        const double theta[3] = {model_uniform(&random), 2 * model_uniform(&random), -model_uniform(&random)};
        check_all_setups(circuit, theta, (const qn_pauli_sum *const *)sums, 1 + round % 3);
        for (int o = 0; o < 3; o++) {
            qn_pauli_sum_free(sums[o]);
        }
        qn_circuit_free(circuit);
    }
}

/* A state over many tiles and parts: right, and the same to the last bit for any number of threads. */
static void large_state_and_threads(void **unused)
{
    (void)unused;
    enum { N = 15, SHOTS = 3000 };
    model_random random = {qn_test_seed() + 2, 0};
    qn_circuit *circuit = NULL;
    qn_pauli_sum *sums[2] = {NULL, NULL};
    model_circuit(N, 3, 60, &random, &circuit);
    model_observable(N, 6, &random, &sums[0]);
    model_observable(N, 12, &random, &sums[1]);
    for (uint64_t z = 1; z < 40; z++) { /* one large group, for the transform */
        const uint64_t x = 0x4003, mask = z * 397;
        assert_ok(qn_pauli_sum_add_masks(sums[1], (qn_complex){0.01 * (double)z, 0.0}, &x, &mask));
    }
    const double theta[3] = {0.3, -0.8, 1.9}, weights[2] = {1.0, -0.5};
    double first_values[2], first_grad[3];
    for (uint32_t threads = 1; threads <= 3; threads++) {
        qn_context *context = NULL;
        qn_engine *engine = NULL;
        assert_true(open_engine((setup){NULL, false, threads}, &context, &engine));
        qn_program *program = NULL;
        assert_ok(qn_engine_compile(engine, circuit, (const qn_pauli_sum *const *)sums, 2, &program));
        double values[2], again[2], grad[3];
        assert_ok(qn_program_expect(program, theta, 1, values, NULL));
        assert_ok(qn_program_gradient(program, theta, 1, weights, again, grad));
        if (threads == 1) {
            compare_amplitudes(program, circuit, theta, 1e-12);
            for (int o = 0; o < 2; o++) {
                assert_near(values[o], model_value(circuit, theta, sums[o]), 1e-11);
            }
            for (size_t k = 0; k < 3; k++) { /* gradient against differences of the engine's own values */
                double point[2][3], difference[2][2];
                memcpy(point[0], theta, sizeof theta);
                memcpy(point[1], theta, sizeof theta);
                point[0][k] += 1e-5;
                point[1][k] -= 1e-5;
                assert_ok(qn_program_expect(program, point[0], 2, difference[0], NULL));
                const double slope = (weights[0] * (difference[0][0] - difference[1][0]) +
                                      weights[1] * (difference[0][1] - difference[1][1])) /
                                     2e-5;
                assert_near(grad[k], slope, 1e-8);
            }
            memcpy(first_values, values, sizeof values);
            memcpy(first_grad, grad, sizeof grad);
        }
        assert_memory_equal(values, again, sizeof values);
        assert_memory_equal(values, first_values, sizeof values);
        assert_memory_equal(grad, first_grad, sizeof grad);
        qn_program_free(program);
        qn_engine_close(engine);
        qn_context_free(context);
    }
    qn_pauli_sum_free(sums[0]);
    qn_pauli_sum_free(sums[1]);
    qn_circuit_free(circuit);
}

/* Shots follow u < C_i of the model's state, shot by shot; every thread count gives the same counts. */
static void samples(void **unused)
{
    (void)unused;
    model_random random = {qn_test_seed() + 3, 0};
    for (uint32_t n = 1; n <= 16; n += n < 12 ? 3 : 1) {
        const size_t size = (size_t)1 << n;
        const uint64_t shots = 2000, seed = 77, stream = 5;
        qn_circuit *circuit = NULL;
        model_circuit(n, 1, n < 12 ? 20 : 0, &random, &circuit);
        for (uint32_t q = 0; q < n && n >= 12; q++) {
            const qn_param angle = QN_PARAM(0.2 + 0.15 * q);
            assert_ok(qn_circuit_append(circuit, QN_GATE_RX, &q, 1, &angle, 1));
        }
        const double theta[2] = {0.3, 1.1};
        qn_complex *state = malloc(size * sizeof *state);
        double *cumulative = malloc(size * sizeof *cumulative);
        uint64_t *want = calloc(size, sizeof *want);
        assert_true(state != NULL && cumulative != NULL && want != NULL);
        model_state(circuit, theta + 1, state); /* row 1 */
        double sum = 0.0;
        for (size_t i = 0; i < size; i++) {
            sum += state[i].re * state[i].re + state[i].im * state[i].im;
            cumulative[i] = sum;
        }
        for (uint64_t s = 0; s < shots; s++) {
            const double u = qn__random_uniform(seed, stream + 1, s) * sum;
            size_t i = 0;
            for (size_t step = size / 2; step > 0; step /= 2) {
                i += cumulative[i + step - 1] > u ? 0 : step;
            }
            want[i]++;
        }
        for (uint32_t threads = 1; threads <= 2; threads++) {
            qn_context *context = NULL;
            qn_engine *engine = NULL;
            qn_program *program = NULL;
            assert_true(open_engine((setup){NULL, false, threads}, &context, &engine));
            assert_ok(qn_engine_compile(engine, circuit, NULL, 0, &program));
            qn_counts *counts[2] = {NULL, NULL};
            assert_ok(qn_counts_create(n, &counts[0]));
            assert_ok(qn_counts_create(n, &counts[1]));
            assert_ok(qn_program_sample(program, theta, 2, 10, seed, stream, counts)); /* fewer first: room must grow */
            assert_ok(qn_program_sample(program, theta, 2, shots, seed, stream, counts));
            uint64_t seen = 0, previous = 0, off = 0;
            for (size_t k = 0; k < qn_counts_distinct(counts[1]); k++) {
                const uint64_t outcome = qn_counts_string(counts[1], k)[0];
                assert_true(outcome < size && (k == 0 || outcome > previous));
                const uint64_t times = qn_counts_times(counts[1], k);
                off += times > want[outcome] ? times - want[outcome] : 0;
                seen += times;
                previous = outcome;
            }
            assert_int_equal(seen, shots);
            assert_true(off <= 1); /* a draw within rounding of a step may fall on either side */
            qn_counts_free(counts[0]);
            qn_counts_free(counts[1]);
            qn_program_free(program);
            qn_engine_close(engine);
            qn_context_free(context);
        }
        free(state);
        free(cumulative);
        free(want);
        qn_circuit_free(circuit);
    }
}

static void loops_allocate_nothing(void **unused)
{
    (void)unused;
    model_random random = {qn_test_seed() + 4, 0};
    qn_context *context = NULL;
    qn_engine *engine = NULL;
    qn_program *program = NULL;
    qn_circuit *circuit = NULL;
    qn_pauli_sum *sum = NULL;
    qn_counts *counts = NULL;
    assert_true(open_engine((setup){NULL, false, 1}, &context, &engine));
    model_circuit(5, 2, 30, &random, &circuit);
    model_observable(5, 10, &random, &sum);
    assert_ok(qn_counts_create(5, &counts));
    const uint64_t before = qn_memory().bytes_now;
    uint64_t bytes = 0;
    assert_ok(qn_engine_bytes_needed(engine, circuit, (const qn_pauli_sum *const *)&sum, 1, &bytes));
    assert_int_equal(qn_memory().bytes_now, before);
    assert_true(bytes >= 32 * 16);
    assert_ok(qn_engine_compile(engine, circuit, (const qn_pauli_sum *const *)&sum, 1, &program));
    double theta[2] = {0.1, 0.2}, value, grad[2], weight = 1.0;
    assert_ok(qn_program_gradient(program, theta, 1, &weight, &value, grad));
    assert_ok(qn_program_sample(program, theta, 1, 100, 1, 0, &counts));
    const uint64_t allocations = qn_memory().allocations;
    for (int k = 0; k < 20; k++) {
        theta[0] += 0.1;
        assert_ok(qn_program_expect(program, theta, 1, &value, NULL));
        assert_ok(qn_program_gradient(program, theta, 1, &weight, &value, grad));
        assert_ok(qn_program_sample(program, theta, 1, 100, 1, 0, &counts));
    }
    assert_int_equal(qn_memory().allocations, allocations);
    qn_program_free(program);
    qn_counts_free(counts);
    qn_circuit_free(circuit);
    qn_pauli_sum_free(sum);
    qn_engine_close(engine);
    qn_context_free(context);
}

/* What a program holds is what bytes_needed said, within a tenth; a gradient adds one state and tiles of two. */
static void holds_what_it_said(void **unused)
{
    (void)unused;
    model_random random = {qn_test_seed() + 6, 0};
    for (uint32_t n = 12; n <= 15; n++) {
        qn_context *context = NULL;
        qn_engine *engine = NULL;
        qn_program *program = NULL;
        qn_circuit *circuit = NULL;
        qn_pauli_sum *sum = NULL;
        assert_true(open_engine((setup){NULL, false, 2}, &context, &engine));
        model_circuit(n, 1, 10, &random, &circuit);
        model_observable(n, 8, &random, &sum);
        uint64_t bytes = 0;
        assert_ok(qn_engine_bytes_needed(engine, circuit, (const qn_pauli_sum *const *)&sum, 1, &bytes));
        const uint64_t before = qn_memory().bytes_now, state = UINT64_C(16) << n;
        assert_ok(qn_engine_compile(engine, circuit, (const qn_pauli_sum *const *)&sum, 1, &program));
        const uint64_t held = qn_memory().bytes_now - before;
        /* a table of phases, of an eighth of such a state with the plainest kernels, is not foreseen */
        assert_true(held >= state && held >= bytes - bytes / 10 && held <= bytes + bytes / 10 + state / 8);
        const double theta = 0.3, weight = 1.0;
        double grad = 0.0;
        assert_ok(qn_program_gradient(program, &theta, 1, &weight, NULL, &grad));
        /* the second state; and for two threads tiles of both states, of at most 256 KiB each */
        const uint64_t tiles = 2 * 2 * (state < 256 << 10 ? state : 256 << 10);
        const uint64_t added = qn_memory().bytes_now - before - held;
        assert_true(added >= state && added <= state + tiles + (64 << 10));
        qn_program_free(program);
        assert_int_equal(qn_memory().bytes_now, before);
        qn_circuit_free(circuit);
        qn_pauli_sum_free(sum);
        qn_engine_close(engine);
        qn_context_free(context);
    }
}

static void refuses_what_does_not_fit(void **unused)
{
    (void)unused;
    qn_context *context = NULL;
    qn_engine *engine = NULL;
    qn_program *program = NULL;
    assert_true(open_engine((setup){NULL, false, 1}, &context, &engine));
    const uint64_t before = qn_memory().bytes_now;
    for (uint32_t n = 50; n <= 62; n += 4) {
        qn_circuit *circuit = NULL;
        assert_ok(qn_circuit_create(n, &circuit));
        assert_fails(qn_engine_compile(engine, circuit, NULL, 0, &program), QN_ERR_TOO_LARGE, "qubits");
        qn_circuit_free(circuit);
    }
    qn_circuit *circuit = NULL;
    assert_ok(qn_circuit_create(63, &circuit));
    assert_fails(qn_engine_compile(engine, circuit, NULL, 0, &program), QN_ERR_TOO_LARGE, "the limit here is");
    qn_circuit_free(circuit);
    assert_int_equal(qn_memory().bytes_now, before);
    assert_null(program);
    qn_engine_close(engine);
    qn_context_free(context);
}

static void survives_lack_of_memory(void **unused)
{
    (void)unused;
    model_random random = {qn_test_seed() + 5, 0};
    qn_context *context = NULL;
    qn_engine *engine = NULL;
    qn_circuit *circuit = NULL;
    qn_pauli_sum *sums[2] = {NULL, NULL};
    qn_counts *counts = NULL;
    assert_true(open_engine((setup){NULL, false, 1}, &context, &engine));
    model_circuit(4, 2, 40, &random, &circuit);
    model_observable(4, 10, &random, &sums[0]);
    model_observable(4, 3, &random, &sums[1]);
    assert_ok(qn_counts_create(4, &counts));
    const double theta[2] = {0.1, 0.2}, weights[2] = {1.0, 2.0};
    const uint64_t before = qn_memory().bytes_now;
    unsigned failures = 0;
    bool clean = false;
    for (uint64_t n = 1; !clean; n++) {
        qn_program *program = NULL;
        double values[2] = {7.0, 7.0}, grad[2];
        qn__alloc_fail_at(n, true);
        qn_status status = qn_engine_compile(engine, circuit, (const qn_pauli_sum *const *)sums, 2, &program);
        if (status == QN_OK) {
            status = qn_program_gradient(program, theta, 1, weights, values, grad);
            if (status != QN_OK) {
                assert_near(values[0], 7.0, 0.0);
            }
        }
        if (status == QN_OK) {
            status = qn_program_sample(program, theta, 1, 50, 1, 0, &counts);
        }
        qn__alloc_fail_at(0, false);
        if (status != QN_OK) {
            assert_int_equal(status, QN_ERR_MEMORY);
            failures++;
            if (program != NULL) { /* the program is still good */
                assert_ok(qn_program_gradient(program, theta, 1, weights, values, grad));
            }
        }
        clean = status == QN_OK;
        qn_program_free(program);
    }
    assert_true(failures > 15);
    qn_counts_free(counts);
    assert_true(qn_memory().bytes_now <= before);
    qn_circuit_free(circuit);
    qn_pauli_sum_free(sums[0]);
    qn_pauli_sum_free(sums[1]);
    qn_engine_close(engine);
    qn_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_gate),
        cmocka_unit_test(random_circuits),
        cmocka_unit_test(large_state_and_threads),
        cmocka_unit_test(samples),
        cmocka_unit_test(loops_allocate_nothing),
        cmocka_unit_test(holds_what_it_said),
        cmocka_unit_test(refuses_what_does_not_fit),
        cmocka_unit_test(survives_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
