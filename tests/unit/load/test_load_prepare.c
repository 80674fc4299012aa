/* test_load_prepare.c: the public way in: all methods give the same state, matrix products keep the fidelity they
 * promise, functions load on any number of qubits, bad input is refused, memory that is short leaks nothing. */
#include "state_of.h"

#include "base/alloc.h"
#include "load/train.h"

static qn_context *context_of(uint64_t limit)
{
    qn_context_options chosen = QN_CONTEXT_OPTIONS_INIT;
    qn_context *context = NULL;
    chosen.memory_limit = limit;
    assert_ok(qn_context_create(&chosen, &context));
    return context;
}

/* |<a|state of circuit>|^2 */
static double fidelity_of(const qn_circuit *circuit, const qn_complex *a, size_t count)
{
    qn_complex *state = state_of(circuit);
    double re = 0, im = 0;
    for (size_t i = 0; i < count; i++) {
        re += a[i].re * state[i].re + a[i].im * state[i].im;
        im += a[i].re * state[i].im - a[i].im * state[i].re;
    }
    free(state);
    return re * re + im * im;
}

/* Unnormalised input whose length is no power of two. */
static void every_method_makes_the_same_state(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    qn_context *context = context_of(0);
    static const qn_load_method methods[] = {QN_LOAD_MOTTONEN, QN_LOAD_ISOMETRY, QN_LOAD_SPARSE, QN_LOAD_MPS};
    for (uint64_t count = 1; count <= 100; count += 1 + count / 3) {
        qn_complex input[128] = {{0, 0}}, wanted[128];
        const uint32_t n = count > 2 ? qn_load_address_bits(count) : 1;
        random_state(&r, input, count, count % 2 == 0);
        memcpy(wanted, input, sizeof wanted);
        for (uint64_t i = 0; i < count; i++) {
            input[i].re *= 1e200;
            input[i].im *= 1e200;
        }
        for (size_t m = 0; m < 4; m++) {
            qn_load_options options = QN_LOAD_OPTIONS_INIT;
            options.method = methods[m];
            options.fidelity = 1;
            qn_circuit *circuit = NULL;
            qn_load_cost cost;
            assert_ok(qn_load_prepare(context, input, count, &options, &circuit, &cost));
            assert_int_equal(qn_circuit_qubits(circuit), n);
            assert_int_equal(cost.method, methods[m]);
            qn_complex *made = state_of(circuit);
            assert_true(distance(made, wanted, (size_t)1 << n) < 1e-11);
            free(made);
            qn_circuit_free(circuit);
        }
    }
    qn_context_free(context);
}

/* A random state needs a bond of 2^(n/2); a cut one has the fidelity that the singular values say. */
static void cut_states_keep_their_promise(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    qn_context *context = context_of(0);
    qn_complex input[1 << 9];
    random_state(&r, input, 1 << 9, true);
    static const double targets[] = {0.5, 0.9, 0.99, 1.0};
    for (size_t t = 0; t < 4; t++) {
        qn_load_options options = QN_LOAD_OPTIONS_INIT;
        options.method = QN_LOAD_MPS;
        options.fidelity = targets[t];
        qn_circuit *circuit = NULL;
        qn_load_cost cost;
        assert_ok(qn_load_prepare(context, input, 1 << 9, &options, &circuit, &cost));
        assert_true(cost.fidelity >= targets[t] - 1e-12);
        assert_near(fidelity_of(circuit, input, 1 << 9), cost.fidelity, 1e-11);
        assert_true(t < 3 || cost.bond == 16);
        qn_circuit_free(circuit);
    }
    for (uint32_t bond = 1; bond <= 8; bond++) {
        qn_load_options options = QN_LOAD_OPTIONS_INIT;
        options.method = QN_LOAD_MPS;
        options.bond = bond;
        qn_circuit *circuit = NULL;
        qn_load_cost cost;
        assert_ok(qn_load_prepare(context, input, 1 << 9, &options, &circuit, &cost));
        assert_true(cost.bond == bond);
        assert_near(fidelity_of(circuit, input, 1 << 9), cost.fidelity, 1e-11);
        qn_circuit_free(circuit);
    }
    qn_context_free(context);
}

/* Bonds of known states: GHZ 2, product 1, W 2 (Perez-Garcia et al., quant-ph/0608197), and so 2 (n - 2) + 1 CNOTs or
 * fewer where the bond is 2. */
static void known_bonds(void **state)
{
    (void)state;
    qn_context *context = context_of(0);
    for (int kind = 0; kind < 3; kind++) {
        qn_complex input[256] = {{0, 0}};
        for (int i = 0; i < 256; i++) {
            const bool there = kind == 0 ? i == 0 || i == 255 : kind == 1 ? true : __builtin_popcount((unsigned)i) == 1;
            input[i].re = there ? 1 : 0;
        }
        normalise(input, 256);
        qn_load_options options = QN_LOAD_OPTIONS_INIT;
        options.method = QN_LOAD_MPS;
        qn_circuit *circuit = NULL;
        qn_load_cost cost;
        assert_ok(qn_load_prepare(context, input, 256, &options, &circuit, &cost));
        assert_int_equal(cost.bond, kind == 1 ? 1 : 2);
        assert_true(cost.cnot <= (kind == 1 ? 0 : 2 * (8 - 2) + 1));
        assert_near(fidelity_of(circuit, input, 256), 1, 1e-9);
        qn_circuit_free(circuit);
    }
    qn_context_free(context);
}

static void functions_by_name(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "gaussian:0.5,0.1", "gaussian:0.3,0.01",   "exponential:3", "lorentzian:0.4,0.1",
        "sine:2.5,0.3",     "polynomial:1,-2,0.5", "linear"};
    qn_context *context = context_of(0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        qn_load_function f;
        assert_ok(qn_load_function_from_text(texts[i], &f));
        for (uint32_t n = 2; n <= 11; n += 3) {
            qn_complex wanted[1 << 11];
            for (size_t x = 0; x < (size_t)1 << n; x++) {
                wanted[x] = (qn_complex){f.evaluate(&f, ldexp((double)x, -(int)n)), 0};
            }
            normalise(wanted, (size_t)1 << n);
            qn_load_options options = QN_LOAD_OPTIONS_INIT;
            qn_circuit *circuit = NULL;
            qn_load_cost cost;
            assert_ok(qn_load_smooth(context, &f, n, &options, &circuit, &cost));
            assert_near(fidelity_of(circuit, wanted, (size_t)1 << n), 1, 1e-8);
            assert_near(cost.fidelity, fidelity_of(circuit, wanted, (size_t)1 << n), 1e-11);
            qn_circuit_free(circuit);
        }
    }
    qn_context_free(context);
}

/* A polynomial of degree d has bond d + 1, whatever the number of qubits (Oseledets 2013); a sine 2. CNOTs grow
 * linearly. */
static void functions_on_many_qubits(void **state)
{
    (void)state;
    qn_context *context = context_of(0);
    static const struct {
        const char *text;
        uint64_t bond;
    } known[] = {{"linear", 2}, {"polynomial:1,1,3", 3}, {"sine:1", 2}, {"exponential:2", 1}};
    for (size_t i = 0; i < 4; i++) {
        qn_load_function f;
        uint64_t before = 0, difference = 0;
        assert_ok(qn_load_function_from_text(known[i].text, &f));
        for (uint32_t n = 20; n <= 40; n += 10) {
            qn_load_options options = QN_LOAD_OPTIONS_INIT;
            options.fidelity = 1 - 1e-12;
            qn_circuit *circuit = NULL;
            qn_load_cost cost;
            assert_ok(qn_load_smooth(context, &f, n, &options, &circuit, &cost));
            assert_true(cost.bond <= known[i].bond);
            assert_int_equal(cost.fidelity_source, QN_SOURCE_SAMPLED);
            assert_true(cost.fidelity > 1 - 1e-10);
            if (n == 40) {
                assert_true(cost.cnot - before <= difference + 20);
            }
            difference = cost.cnot - before;
            before = cost.cnot;
            qn_circuit_free(circuit);
        }
    }
    qn_context_free(context);
}

/* 2^20 grid points through the engine. */
static void gaussian_on_20_qubits(void **state)
{
    (void)state;
    const uint32_t n = 20;
    const size_t count = (size_t)1 << n;
    qn_context *context = context_of(0);
    qn_load_function f;
    qn_circuit *circuit = NULL;
    qn_load_cost cost;
    qn_load_options options = QN_LOAD_OPTIONS_INIT;
    options.fidelity = 0.9999;
    assert_ok(qn_load_function_from_text("gaussian:0.5,0.125", &f));
    assert_ok(qn_load_smooth(context, &f, n, &options, &circuit, &cost));
    qn_complex *wanted = malloc(count * sizeof *wanted);
    for (size_t x = 0; x < count; x++) {
        wanted[x] = (qn_complex){f.evaluate(&f, ldexp((double)x, -(int)n)), 0};
    }
    normalise(wanted, count);
    const double fidelity = fidelity_of(circuit, wanted, count);
    print_message("bond %llu, %llu CNOTs, fidelity %.8f\n", (unsigned long long)cost.bond,
                  (unsigned long long)cost.cnot, fidelity);
    assert_true(fidelity >= 0.9999);
    assert_true(cost.bond <= 4 && cost.cnot < 300);
    assert_near(fidelity, cost.fidelity, 2e-5);
    free(wanted);
    qn_circuit_free(circuit);
    qn_context_free(context);
}

static double step(const qn_load_function *self, double x)
{
    (void)self;
    return x < 0.37 ? 1 : 0;
}

static double pole(const qn_load_function *self, double x)
{
    (void)self;
    return 1 / x;
}

static double zero(const qn_load_function *self, double x)
{
    (void)self;
    (void)x;
    return 0;
}

static void bad_input(void **state)
{
    (void)state;
    qn_context *context = context_of(0), *small = context_of(1 << 16);
    qn_load_options options = QN_LOAD_OPTIONS_INIT;
    qn_circuit *circuit = NULL;
    qn_complex zeros[4] = {{0, 0}}, bad[4] = {{1, 0}, {(double)NAN, 0}};
    static const uint64_t table[4] = {1, 2, 3, 0};
    qn_load_function f;
    assert_fails(qn_load_prepare(context, zeros, 4, &options, &circuit, NULL), QN_ERR_ARGUMENT, "all amplitudes are 0");
    assert_fails(qn_load_prepare(context, bad, 4, &options, &circuit, NULL), QN_ERR_NAN, "amplitude 1");
    assert_fails(qn_load_prepare(small, bad, 4096, &options, &circuit, NULL), QN_ERR_TOO_LARGE, "circuit that loads");
    options.method = QN_LOAD_QROM;
    assert_fails(qn_load_prepare(context, table == NULL ? zeros : bad, 1, &options, &circuit, NULL), QN_ERR_ARGUMENT,
                 "method qrom does not prepare");
    options.method = QN_LOAD_MPS;
    assert_fails(qn_load_table(context, table, 4, 2, &options, &circuit, NULL), QN_ERR_ARGUMENT, "does not look");
    options.method = QN_LOAD_BUCKET_BRIGADE;
    assert_fails(qn_load_table(context, table, 1, 2, &options, &circuit, NULL), QN_ERR_RANGE, "1 leaf");
    options.fidelity = 1.5;
    options.method = QN_LOAD_MPS;
    assert_fails(qn_load_prepare(context, bad, 1, &options, &circuit, NULL), QN_ERR_RANGE, "fidelity 1.5");
    options.fidelity = 0;
    assert_fails(qn_load_function_from_text("gausian:0,1", &f), QN_ERR_NAME, "did you mean 'gaussian'?");
    assert_fails(qn_load_function_from_text("gaussian:0.5", &f), QN_ERR_ARGUMENT, "expected gaussian:mean,sigma");
    assert_fails(qn_load_function_from_text("gaussian:0.5,x", &f), QN_ERR_ARGUMENT, "expected a number at 'x'");
    assert_fails(qn_load_function_from_text("gaussian:0.5,0", &f), QN_ERR_RANGE, "width must be positive");
    assert_fails(qn_load_function_from_text("linear:1", &f), QN_ERR_ARGUMENT, "too many numbers");
    f = (qn_load_function){step, NULL, {0}, 0};
    assert_fails(qn_load_smooth(context, &f, 10, &options, &circuit, NULL), QN_ERR_NUMERIC, "not smooth enough");
    f.evaluate = pole;
    assert_fails(qn_load_smooth(context, &f, 10, &options, &circuit, NULL), QN_ERR_NAN, "not finite at x = 0");
    f.evaluate = zero;
    assert_fails(qn_load_smooth(context, &f, 10, &options, &circuit, NULL), QN_ERR_ARGUMENT, "0 on the whole grid");
    qn_load_method method;
    assert_fails(qn_load_method_from_name("qrum", &method), QN_ERR_NAME, "did you mean 'qrom'?");
    assert_null(circuit);
    qn_context_free(context);
    qn_context_free(small);
}

/* What a table costs, and the copy beside it. */
static void ledger_fields(void **state)
{
    (void)state;
    qn_context *context = context_of(0);
    uint64_t table[64];
    for (uint64_t i = 0; i < 64; i++) {
        table[i] = i * 7 % 256;
    }
    qn_load_options options = QN_LOAD_OPTIONS_INIT;
    options.method = QN_LOAD_QROM;
    qn_circuit *circuit = NULL;
    qn_load_cost cost;
    double seconds = 0;
    assert_ok(qn_load_table(context, table, 64, 8, &options, &circuit, &cost));
    assert_int_equal(cost.toffoli, 62);
    assert_int_equal(cost.t_count, 4 * 64 - 8); /* Babbush et al., arXiv:1805.03662 */
    assert_int_equal(cost.ancillas, 5);
    assert_ok(qn_load_copy_seconds(context, table, sizeof table, &seconds));
    assert_true(seconds > 0 && seconds < 1e-3);
    qn_ledger ledger;
    qn_load_ledger(&cost, 64, sizeof table, seconds, &ledger);
    assert_string_equal(ledger.workload, "load");
    assert_near(ledger.data_bytes.value, 512, 0);
    assert_near(ledger.loading_gates.value, 62, 0);
    assert_near(ledger.loading_t_count.value, 4 * 64 - 8, 0);
    assert_int_equal(ledger.loading_seconds.source, QN_SOURCE_MEASURED);
    qn_circuit_free(circuit);
    qn_context_free(context);
}

static qn_status one_job(int kind)
{
    qn_context *context = NULL;
    qn_circuit *circuit = NULL;
    qn_complex input[16];
    for (int i = 0; i < 16; i++) {
        input[i] = (qn_complex){cos(i * i), sin(i * 0.7)};
    }
    static const uint64_t table[5] = {1, 2, 3, 0, 1};
    qn_load_options options = QN_LOAD_OPTIONS_INIT;
    qn_load_function f;
    qn_context_options chosen = QN_CONTEXT_OPTIONS_INIT;
    chosen.threads = 1;
    qn_status status = qn_context_create(&chosen, &context);
    options.method = (qn_load_method)kind;
    for (int i = 0; i < 16 && kind == QN_LOAD_ALIAS; i++) {
        input[i].im = 0;
    }
    if (status == QN_OK && (kind <= QN_LOAD_MPS || kind == QN_LOAD_ALIAS)) {
        status = qn_load_prepare(context, input, 16, &options, &circuit, NULL);
    } else if (status == QN_OK && kind == QN_LOAD_FUNCTION) {
        status = qn_load_function_from_text("sine:0.5", &f);
        status = status == QN_OK ? qn_load_smooth(context, &f, 4, &options, &circuit, NULL) : status;
    } else if (status == QN_OK && kind < QN_LOAD_METHODS_) {
        status = qn_load_table(context, table, 5, 2, &options, &circuit, NULL);
    } else if (status == QN_OK) {
        qn_qram_options qram = QN_QRAM_OPTIONS_INIT;
        qn_qram_result result;
        qram.shots = 2;
        status = qn_qram_noise(context, &qram, &result);
    }
    qn_circuit_free(circuit);
    qn_context_free(context);
    return status;
}

static void memory_fails(void **state)
{
    (void)state;
    for (int kind = 0; kind <= QN_LOAD_METHODS_; kind++) {
        assert_ok(one_job(kind));
        const uint64_t before = qn_memory().bytes_now;
        bool happened = true;
        for (uint64_t n = 1; happened && n < 20000; n++) {
            (void)qn__alloc_fail_at(n, false);
            const qn_status status = one_job(kind);
            happened = qn__alloc_fail_at(0, false) == 0;
            /* A block that cannot shrink stays as large as it is. */
            const bool shrinks = kind == QN_LOAD_MPS || kind == QN_LOAD_FUNCTION;
            assert_true(status == (happened ? QN_ERR_MEMORY : QN_OK) || (shrinks && status == QN_OK));
            assert_int_equal(qn_memory().bytes_now, before);
        }
        assert_false(happened);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_method_makes_the_same_state),
        cmocka_unit_test(cut_states_keep_their_promise),
        cmocka_unit_test(known_bonds),
        cmocka_unit_test(functions_by_name),
        cmocka_unit_test(functions_on_many_qubits),
        cmocka_unit_test(gaussian_on_20_qubits),
        cmocka_unit_test(bad_input),
        cmocka_unit_test(ledger_fields),
        cmocka_unit_test(memory_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
