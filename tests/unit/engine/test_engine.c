/* test_engine.c: opening engines by name, the checks before compiling, and the reference engine against states known in
 * closed form. */
#include <qn_random.h>

#include <quern/engine.h>

#include "base/alloc.h"
#include "base/rng.h"

typedef struct fixture {
    qn_context *context;
    qn_engine *engine;
} fixture;

static fixture *set_up_with(uint64_t limit)
{
    static fixture f;
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.memory_limit = limit;
    assert_ok(qn_context_create(&options, &f.context));
    assert_ok(qn_engine_open(f.context, "reference", &f.engine));
    return &f;
}

static void tear_down(fixture *f)
{
    qn_engine_close(f->engine);
    qn_context_free(f->context);
}

static void names_and_options(void **state)
{
    (void)state;
    fixture *f = set_up_with(0);
    qn_engine *engine = NULL;
    assert_true(qn_engine_count() >= 1);
    assert_null(qn_engine_describe(qn_engine_count()));
    for (size_t i = 0; i < qn_engine_count(); i++) {
        assert_non_null(qn_engine_describe(i)->summary);
    }
    assert_string_equal(qn_engine_desc_of(f->engine)->name, "reference");
    assert_ptr_equal(qn_engine_context(f->engine), f->context);
    assert_fails(qn_engine_open(f->context, "refrence", &engine), QN_ERR_NAME, "did you mean 'reference'?");
    assert_fails(qn_engine_open(f->context, "warp", &engine), QN_ERR_NAME, "known: reference, statevector");
    assert_fails(qn_engine_open(f->context, "statvector:f32", &engine), QN_ERR_NAME, "did you mean 'statevector'?");
    assert_fails(qn_engine_open(f->context, "", &engine), QN_ERR_ARGUMENT, "no engine named");
    assert_fails(qn_engine_open(f->context, "reference:f46", &engine), QN_ERR_NAME, "did you mean 'f64'?");
    assert_fails(qn_engine_open(f->context, "reference:", &engine), QN_ERR_ARGUMENT, "an option is empty");
    assert_fails(qn_engine_open(f->context, "reference:f64,,", &engine), QN_ERR_ARGUMENT, "an option is empty");
    assert_fails(qn_engine_open(f->context, "reference:threads=0", &engine), QN_ERR_RANGE, "threads=1 to");
    assert_fails(qn_engine_open(f->context, "reference:threads=two", &engine), QN_ERR_RANGE, "not a number of threads");
    assert_fails(qn_engine_open(f->context, "reference:threads=99999999999999999999", &engine), QN_ERR_RANGE,
                 "threads=1 to");
    assert_fails(qn_engine_open(f->context, "reference:f32", &engine), QN_ERR_UNSUPPORTED, "float64 only");
    assert_null(engine);
    assert_ok(qn_engine_open(f->context, "reference:float64,threads=2", &engine));
    qn_engine_close(engine);
    qn_engine_close(NULL);
    tear_down(f);
}

static void descriptions_from_outside(void **state)
{
    (void)state;
    fixture *f = set_up_with(0);
    qn_engine *engine = NULL;
    const qn_engine_desc absent = {QN_ENGINE_ABI, "warp", "configure with -DQN_WARP=ON", true, NULL};
    assert_fails(qn_engine_open_desc(f->context, &absent, NULL, &engine), QN_ERR_NOT_BUILT,
                 "engine 'warp' is not built into this library: configure with -DQN_WARP=ON");
    qn_engine_desc old = *qn_engine_desc_of(f->engine);
    old.abi = QN_ENGINE_ABI + 1;
    assert_fails(qn_engine_open_desc(f->context, &old, NULL, &engine), QN_ERR_ARGUMENT, "built for interface 2");
    qn_engine_ops partial = *qn_engine_desc_of(f->engine)->ops;
    partial.sample = NULL;
    const qn_engine_desc lacking = {QN_ENGINE_ABI, "half", "", true, &partial};
    assert_fails(qn_engine_open_desc(f->context, &lacking, NULL, &engine), QN_ERR_ARGUMENT,
                 "lacks a required operation");
    qn_engine_options options = QN_ENGINE_OPTIONS_INIT;
    options.size = 1;
    assert_fails(qn_engine_open_desc(f->context, qn_engine_desc_of(f->engine), &options, &engine), QN_ERR_ARGUMENT,
                 "QN_ENGINE_OPTIONS_INIT");
    tear_down(f);
}

static void refusals_before_compiling(void **state)
{
    (void)state;
    fixture *f = set_up_with(1 << 20); /* 64 bytes a basis state: up to 14 qubits */
    qn_program *program = NULL;
    qn_circuit *large = NULL, *small = NULL, *huge = NULL;
    assert_ok(qn_circuit_create(16, &large));
    assert_ok(qn_circuit_create(2, &small));
    assert_ok(qn_circuit_create(200, &huge));
    const uint64_t held = qn_memory().bytes_now, peak = (qn_memory_reset_peak(), qn_memory().bytes_peak);
    assert_fails(
        qn_engine_compile(f->engine, large, NULL, 0, &program), QN_ERR_TOO_LARGE,
        "a circuit of 16 qubits on engine 'reference' needs 4.0 MiB, the limit here is 1.0 MiB; up to 14 qubits fit");
    assert_true(qn_memory().bytes_peak - peak < 1 << 16);
    assert_fails(qn_engine_compile(f->engine, huge, NULL, 0, &program), QN_ERR_TOO_LARGE, "up to 14 qubits fit");
    assert_int_equal(qn_memory().bytes_now, held);
    qn_pauli_sum *sum = NULL;
    assert_ok(qn_pauli_sum_create(2, &sum));
    assert_ok(qn_pauli_sum_add_label(sum, (qn_complex){1, 0}, "ZZ"));
    assert_ok(qn_pauli_sum_add_label(sum, (qn_complex){1, 1e-3}, "XY"));
    const qn_pauli_sum *observables[] = {sum, NULL};
    assert_fails(qn_engine_compile(f->engine, small, observables, 1, &program), QN_ERR_NOT_HERMITIAN, "XY");
    assert_fails(qn_engine_compile(f->engine, large, observables, 1, &program), QN_ERR_SHAPE, "acts on 2 qubits");
    assert_fails(qn_engine_compile(f->engine, small, observables + 1, 1, &program), QN_ERR_ARGUMENT,
                 "observable 0 is missing");
    assert_null(program);
    qn_pauli_sum_free(sum);
    qn_circuit_free(small);
    qn_circuit_free(large);
    qn_circuit_free(huge);
    tear_down(f);
}

/* Engines with float32 say that it halves the need, and whether that is enough. */
static void advice_of_float32(void **state)
{
    (void)state;
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.memory_limit = 900 << 20; /* between 2^26 amplitudes of 8 bytes and of 16 */
    qn_context *context = NULL;
    qn_engine *engine = NULL;
    qn_program *program = NULL;
    assert_ok(qn_context_create(&options, &context));
    for (uint32_t n = 26; n <= 40; n += 14) {
        qn_circuit *circuit = NULL;
        assert_ok(qn_circuit_create(n, &circuit));
        assert_ok(qn_engine_open(context, "statevector", &engine));
        assert_fails(qn_engine_compile(engine, circuit, NULL, 0, &program), QN_ERR_TOO_LARGE,
                     "the limit here is 900.0 MiB; up to 25 qubits fit; float32 halves it ('statevector:f32')");
        assert_int_equal(strstr(qn_last_error()->message, ", which fits") != NULL, n == 26);
        qn_engine_close(engine);
        assert_ok(qn_engine_open(context, "statevector:f32", &engine));
        if (n > 26) {
            assert_fails(qn_engine_compile(engine, circuit, NULL, 0, &program), QN_ERR_TOO_LARGE,
                         "up to 26 qubits fit");
            assert_null(strstr(qn_last_error()->message, "halves"));
        }
        qn_engine_close(engine);
        qn_circuit_free(circuit);
    }
    qn_context_free(context);
}

/* cos(t/2)|00> + sin(t/2)|11>, rotated by a symbol. */
static qn_circuit *bell_circuit(void)
{
    qn_circuit *circuit = NULL;
    uint32_t t = 0;
    assert_ok(qn_circuit_create(2, &circuit));
    assert_ok(qn_circuit_add_symbol(circuit, "t", &t));
    const qn_param_term term = {t, 1.0};
    const qn_param angle = {0.0, &term, 1, 0};
    const uint32_t pair[] = {0, 1};
    assert_ok(qn_circuit_append(circuit, QN_GATE_RY, pair, 1, &angle, 1));
    assert_ok(qn_circuit_append(circuit, QN_GATE_CX, pair, 2, NULL, 0));
    return circuit;
}

static void operations_of_a_program(void **state)
{
    (void)state;
    fixture *f = set_up_with(0);
    qn_circuit *circuit = bell_circuit();
    qn_pauli_sum *sums[2] = {NULL, NULL};
    for (int o = 0; o < 2; o++) {
        assert_ok(qn_pauli_sum_create(2, &sums[o]));
    }
    assert_ok(qn_pauli_sum_add_label(sums[0], (qn_complex){1, 0}, "IZ"));
    assert_ok(qn_pauli_sum_add_label(sums[0], (qn_complex){0.5, 0}, "II"));
    assert_ok(qn_pauli_sum_add_label(sums[1], (qn_complex){2, 0}, "XX"));
    assert_ok(qn_pauli_sum_add_label(sums[1], (qn_complex){3, 0}, "YY"));
    qn_program *program = NULL;
    assert_ok(qn_engine_compile(f->engine, circuit, (const qn_pauli_sum *const *)sums, 2, &program));
    assert_int_equal(qn_program_symbols(program), 1);
    assert_int_equal(qn_program_observables(program), 2);
    assert_int_equal(qn_program_qubits(program), 2);
    assert_false(qn_program_has_gradient(program));
    const double theta[] = {0.7, -1.9};
    double values[4], variances[4] = {1, 1, 1, 1};
    const uint64_t before = qn_memory().allocations;
    assert_ok(qn_program_expect(program, theta, 2, values, variances));
    assert_int_equal(qn_memory().allocations, before);
    for (int r = 0; r < 2; r++) {
        assert_near(values[2 * r], cos(theta[r]) + 0.5, 1e-14);
        assert_near(values[2 * r + 1], 2 * sin(theta[r]) - 3 * sin(theta[r]), 1e-14); /* <XX> = sin t, <YY> = -sin t */
        assert_near(variances[2 * r], 0, 0);
    }
    qn_complex amplitudes[4];
    assert_ok(qn_program_amplitudes(program, theta, 1, 3, amplitudes));
    assert_near(amplitudes[0].re, 0, 0);
    assert_near(amplitudes[2].re, sin(0.35), 1e-15);
    assert_fails(qn_program_amplitudes(program, theta, 2, 3, amplitudes), QN_ERR_RANGE, "2 qubits");
    assert_fails(qn_program_amplitudes(program, theta, UINT64_MAX, 3, amplitudes), QN_ERR_RANGE, "2 qubits");
    const double bad[] = {0.1, (double)NAN};
    values[0] = 42;
    assert_fails(qn_program_expect(program, bad, 2, values, NULL), QN_ERR_NAN, "parameter 0 of row 1 is nan");
    assert_near(values[0], 42, 0);
    assert_fails(qn_program_expect(program, NULL, 1, values, NULL), QN_ERR_ARGUMENT, "none given");
    double grad = 0;
    assert_fails(qn_program_gradient(program, theta, 1, variances, values, &grad), QN_ERR_UNSUPPORTED,
                 "parameter-shift");
    qn_program_free(program);
    qn_program_free(NULL);
    qn_pauli_sum_free(sums[0]);
    qn_pauli_sum_free(sums[1]);
    qn_circuit_free(circuit);
    tear_down(f);
}

/* The rule of engine/sampling.h, worked out here for a state with two outcomes. */
static void samples_follow_the_rule(void **state)
{
    (void)state;
    fixture *f = set_up_with(0);
    qn_circuit *circuit = bell_circuit();
    qn_program *program = NULL;
    assert_ok(qn_engine_compile(f->engine, circuit, NULL, 0, &program));
    qn_counts *counts[2] = {NULL, NULL};
    assert_ok(qn_counts_create(2, &counts[0]));
    assert_ok(qn_counts_create(2, &counts[1]));
    const double theta[] = {1.1, 2.2};
    for (int again = 0; again < 2; again++) {
        assert_ok(qn_program_sample(program, theta, 2, 5000, 77, 13, counts));
        for (size_t r = 0; r < 2; r++) {
            const double p0 = cos(theta[r] / 2) * cos(theta[r] / 2);
            uint64_t zeros = 0;
            for (uint64_t shot = 0; shot < 5000; shot++) {
                zeros += qn__random_uniform(77, 13 + r, shot) < p0;
            }
            assert_int_equal(qn_counts_total(counts[r]), 5000);
            assert_int_equal(qn_counts_distinct(counts[r]), 2);
            assert_int_equal(qn_counts_string(counts[r], 0)[0], 0);
            assert_int_equal(qn_counts_string(counts[r], 1)[0], 3);
            assert_int_equal(qn_counts_times(counts[r], 0), zeros);
        }
    }
    qn_counts *narrow = NULL;
    assert_ok(qn_counts_create(1, &narrow));
    qn_counts *wrong[1] = {narrow};
    assert_fails(qn_program_sample(program, theta, 1, 10, 1, 1, wrong), QN_ERR_SHAPE, "counts of 1 bits");
    qn_counts_free(narrow);
    qn_counts_free(counts[0]);
    qn_counts_free(counts[1]);
    qn_program_free(program);
    qn_circuit_free(circuit);
    tear_down(f);
}

static void check_state(fixture *f, const qn_circuit *circuit, size_t count, const qn_complex *expected)
{
    qn_program *program = NULL;
    qn_complex found[16];
    assert_ok(qn_engine_compile(f->engine, circuit, NULL, 0, &program));
    assert_ok(qn_program_amplitudes(program, NULL, 0, count, found));
    for (size_t i = 0; i < count; i++) {
        assert_near(found[i].re, expected[i].re, 1e-14);
        assert_near(found[i].im, expected[i].im, 1e-14);
    }
    qn_program_free(program);
}

/* States written down by hand: which qubit is which, controls on 0, phases under controls, order of a two-qubit matrix.
 */
static void known_states(void **state)
{
    (void)state;
    fixture *f = set_up_with(0);
    const double h = sqrt(0.5);
    const uint32_t q[] = {0, 1, 2};
    qn_circuit *circuit = NULL;
    const qn_param angle = QN_PARAM(0.8);

    assert_ok(qn_circuit_create(2, &circuit)); /* X on qubit 1 where qubit 0 is 0 */
    assert_ok(qn_circuit_append(circuit, QN_GATE_H, q, 1, NULL, 0));
    assert_ok(qn_circuit_append_controlled(circuit, QN_GATE_X, q, 1, 0, q + 1, 1, NULL, 0));
    check_state(f, circuit, 4, (qn_complex[]){{0, 0}, {h, 0}, {h, 0}, {0, 0}});
    assert_ok(qn_circuit_append_controlled(circuit, QN_GATE_GPHASE, q, 1, 1, NULL, 0, &angle, 1)); /* qubit 0 is 1 */
    check_state(f, circuit, 4, (qn_complex[]){{0, 0}, {h * cos(0.8), h * sin(0.8)}, {h, 0}, {0, 0}});
    qn_circuit_free(circuit);

    assert_ok(
        qn_circuit_create(2, &circuit)); /* exp(-i a/2 Y0 X1)|00> = cos|00> - i sin (i|01>)(|1>) = cos|00> + sin|11> */
    assert_ok(qn_circuit_append_pauli_rotation(circuit, "YX", q, 2, angle));
    check_state(f, circuit, 4, (qn_complex[]){{cos(0.4), 0}, {0, 0}, {0, 0}, {sin(0.4), 0}});
    qn_circuit_free(circuit);

    assert_ok(qn_circuit_create(
        3, &circuit)); /* a matrix that takes |01> to |10> of (qubit 2, qubit 0): 1 -> index of qubit 0 */
    const qn_complex swap_like[16] = {{1, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 1}, {0, 0},
                                      {0, 0}, {1, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {1, 0}};
    const uint32_t targets[] = {2, 0};                               /* qubit 2 is the low bit of the matrix */
    assert_ok(qn_circuit_append(circuit, QN_GATE_X, q, 1, NULL, 0)); /* |001>: matrix index 2 */
    assert_ok(qn_circuit_append_unitary(circuit, targets, 2, swap_like));
    check_state(f, circuit, 8, (qn_complex[]){{0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 1}, {0, 0}, {0, 0}, {0, 0}});
    qn_circuit_free(circuit);
    tear_down(f);
}

/* U+ U |0> = |0>, for circuits of every gate. */
static void inverse_undoes(void **state)
{
    (void)state;
    fixture *f = set_up_with(0);
    qn_random random = {qn_test_seed()};
    for (unsigned round = 0; round < 40 * qn_test_scale(); round++) {
        const uint32_t n = 1 + qn_random_below(&random, 6);
        qn_circuit *circuit = qn_random_circuit(&random, n, 3, 30), *back = NULL;
        double theta[3];
        qn_random_angles(&random, theta, 3);
        assert_ok(qn_circuit_inverse(circuit, &back));
        assert_ok(qn_circuit_append_circuit(circuit, back));
        qn_program *program = NULL;
        qn_complex amplitude;
        assert_ok(qn_engine_compile(f->engine, circuit, NULL, 0, &program));
        assert_ok(qn_program_amplitudes(program, theta, 0, 1, &amplitude));
        assert_near(amplitude.re, 1, 1e-12);
        assert_near(amplitude.im, 0, 1e-12);
        qn_program_free(program);
        qn_circuit_free(back);
        qn_circuit_free(circuit);
    }
    tear_down(f);
}

static void failing_memory(void **state)
{
    (void)state;
    fixture *f = set_up_with(0);
    qn_circuit *circuit = bell_circuit();
    qn_pauli_sum *sum = NULL;
    assert_ok(qn_pauli_sum_create(2, &sum));
    assert_ok(qn_pauli_sum_add_label(sum, (qn_complex){1, 0}, "IZ"));
    const qn_pauli_sum *observables[] = {sum};
    const uint64_t held = qn_memory().bytes_now;
    bool done = false;
    for (uint64_t n = 1; !done; n++) {
        assert_true(n < 200);
        qn_engine *engine = NULL;
        qn_program *program = NULL;
        qn__alloc_fail_at(n, false);
        qn_status status = qn_engine_open(f->context, "reference", &engine);
        if (status == QN_OK) {
            status = qn_engine_compile(engine, circuit, observables, 1, &program);
        }
        qn__alloc_fail_at(0, false);
        assert_true(status == QN_OK || status == QN_ERR_MEMORY);
        done = status == QN_OK;
        assert_true(done || program == NULL);
        qn_program_free(program);
        qn_engine_close(engine);
        assert_int_equal(qn_memory().bytes_now, held);
    }
    qn_pauli_sum_free(sum);
    qn_circuit_free(circuit);
    tear_down(f);
}

static void interruption(void **state)
{
    (void)state;
    volatile int flag = 1;
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.interrupt = &flag;
    qn_context *context = NULL;
    qn_engine *engine = NULL;
    qn_program *program = NULL;
    qn_circuit *circuit = bell_circuit();
    const double theta = 0.1;
    assert_ok(qn_context_create(&options, &context));
    assert_ok(qn_engine_open(context, "reference", &engine));
    assert_ok(qn_engine_compile(engine, circuit, NULL, 0, &program));
    assert_fails(qn_program_expect(program, &theta, 1, NULL, NULL), QN_ERR_INTERRUPTED, "operation 0 of 2");
    flag = 0;
    assert_ok(qn_program_expect(program, &theta, 1, NULL, NULL));
    qn_program_free(program);
    qn_circuit_free(circuit);
    qn_engine_close(engine);
    qn_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_options),
        cmocka_unit_test(descriptions_from_outside),
        cmocka_unit_test(refusals_before_compiling),
        cmocka_unit_test(advice_of_float32),
        cmocka_unit_test(operations_of_a_program),
        cmocka_unit_test(samples_follow_the_rule),
        cmocka_unit_test(known_states),
        cmocka_unit_test(inverse_undoes),
        cmocka_unit_test(failing_memory),
        cmocka_unit_test(interruption),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
