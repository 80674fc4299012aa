/* Live states: every engine against dense vectors through random pieces, measurements, flips and copies; the size of
 * the state-vector engine where threads share a state; refusals. */
#include "dense.h"
#include "qn_random.h"

#include <quern/classical.h>
#include <quern/context.h>
#include <quern/engine.h>

#include "base/alloc.h"

typedef struct fixture {
    qn_context *context;
    qn_engine *engine;
} fixture;

static fixture open_engine(const char *spec, uint64_t limit)
{
    fixture f;
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.memory_limit = limit;
    assert_ok(qn_context_create(&options, &f.context));
    assert_ok(qn_engine_open(f.context, spec, &f.engine));
    return f;
}

static void close_engine(fixture f)
{
    qn_engine_close(f.engine);
    qn_context_free(f.context);
}

/* A piece with one symbol t. */
static qn_circuit *random_piece(qn_random *r, uint32_t n, uint32_t length)
{
    qn_circuit *c = NULL;
    assert_ok(qn_circuit_create(n, &c));
    assert_ok(qn_circuit_add_symbol(c, "t", NULL));
    for (uint32_t k = 0; k < length; k++) {
        uint32_t q[2];
        qn_random_qubits(r, n, 2, q);
        const qn_param_term term = {0, 1.0};
        const qn_param angle = {qn_random_between(r, 0, 6), &term, qn_random_below(r, 2), 0};
        switch (qn_random_below(r, 8)) {
        case 0:
            assert_ok(qn_circuit_append(c, QN_GATE_H, q, 1, NULL, 0));
            break;
        case 1:
            assert_ok(qn_circuit_append(c, QN_GATE_RX, q, 1, &angle, 1));
            break;
        case 2:
            assert_ok(qn_circuit_append(c, QN_GATE_CX, q, 2, NULL, 0));
            break;
        case 3:
            assert_ok(qn_circuit_append(c, QN_GATE_SWAP, q, 2, NULL, 0));
            break;
        case 4:
            assert_ok(qn_circuit_append(c, QN_GATE_RZZ, q, 2, &angle, 1));
            break;
        case 5:
            assert_ok(qn_circuit_append(c, QN_GATE_GPHASE, NULL, 0, &angle, 1));
            break;
        case 6:
            assert_ok(qn_circuit_append(c, QN_GATE_CRY, q, 2, &angle, 1));
            break;
        default:
            assert_ok(qn_circuit_append_barrier(c, q, 2));
            break;
        }
    }
    return c;
}

static void compare(qn_live *live, const dense_complex *state, uint32_t n, double tolerance)
{
    const size_t size = (size_t)1 << n;
    qn_complex *amplitudes = calloc(size, sizeof *amplitudes);
    assert_ok(qn_live_amplitudes(live, 0, size, amplitudes));
    for (size_t i = 0; i < size; i++) {
        if (!(cabs(state[i] - (amplitudes[i].re + DENSE_I * amplitudes[i].im)) < tolerance)) {
            print_error("amplitude %zu of %u qubits: %g %g, expected %g %g\n", i, n, amplitudes[i].re, amplitudes[i].im,
                        creal(state[i]), cimag(state[i]));
            fail();
        }
    }
    free(amplitudes);
}

static double dense_probability(const dense_complex *state, uint32_t n, uint32_t qubit)
{
    double p = 0;
    for (size_t i = 0; i < (size_t)1 << n; i++) {
        p += (i >> qubit & 1) != 0 ? creal(state[i] * conj(state[i])) : 0;
    }
    return p;
}

static void dense_collapse(dense_complex *state, uint32_t n, uint32_t qubit, bool outcome, double p, bool flip)
{
    const size_t size = (size_t)1 << n, bit = (size_t)1 << qubit;
    dense_complex *next = dense_new(size);
    for (size_t i = 0; i < size; i++) {
        if (((i & bit) != 0) == outcome) {
            next[flip ? i ^ bit : i] = state[i] / sqrt(p);
        }
    }
    memcpy(state, next, size * sizeof *state);
    free(next);
}

static void drive(const char *spec, uint32_t n, uint32_t rounds, uint64_t seed, double tolerance)
{
    fixture f = open_engine(spec, 0);
    qn_random r = {seed};
    qn_live *live = NULL, *other = NULL;
    dense_complex *state = dense_new((size_t)1 << n);
    state[0] = 1;
    assert_true(qn_engine_has_live(f.engine));
    assert_ok(qn_live_create(f.engine, n, &live));
    assert_ok(qn_live_create(f.engine, n, &other));
    for (uint32_t k = 0; k < rounds; k++) {
        qn_circuit *piece = random_piece(&r, n, 6);
        qn_program *program = NULL;
        const double theta = qn_random_between(&r, -3, 3);
        assert_ok(qn_engine_compile_live(f.engine, piece, &program));
        assert_ok(qn_live_advance(live, program, &theta));
        for (size_t i = 0; i < qn_circuit_operations(piece); i++) {
            qn_operation op;
            qn_circuit_operation(piece, i, &op);
            if (op.kind == QN_OP_GATE) {
                dense_apply(&op, &theta, n, state);
            }
        }
        compare(live, state, n, tolerance);
        const uint32_t qubit = qn_random_below(&r, n);
        const double p = qn_live_probability(live, qubit);
        assert_near(p, dense_probability(state, n, qubit), tolerance);
        const bool outcome = p > 0.5, flip = qn_random_below(&r, 2) == 0;
        qn_live_copy(other, live);
        qn_live_collapse(live, qubit, outcome, outcome ? p : 1 - p, flip);
        compare(other, state, n, tolerance); /* the copy is its own */
        dense_collapse(state, n, qubit, outcome, outcome ? p : 1 - p, flip);
        compare(live, state, n, tolerance);
        qn_program_free(program);
        qn_circuit_free(piece);
    }
    qn_live_start(live);
    memset(state, 0, sizeof *state << n);
    state[0] = 1;
    compare(live, state, n, 1e-15);
    qn_live_free(live);
    qn_live_free(other);
    qn_live_free(NULL);
    free(state);
    close_engine(f);
}

static void against_dense_vectors(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    for (uint32_t n = 2; n <= 7; n++) {
        for (size_t e = 0; e < qn_engine_count(); e++) {
            drive(qn_engine_describe(e)->name, n, 12, seed + n, 1e-12);
        }
        drive("statevector:f32", n, 12, seed + n, 2e-5);
    }
    drive("statevector:f64,threads=2", 15, 3, seed, 1e-12);
    drive("statevector:f32,threads=3", 15, 2, seed, 2e-5);
}

/* Shots of a live state are those of the whole circuit; threads change nothing. */
static void samples(void **state)
{
    (void)state;
    enum { N = 15, SHOTS = 40000 };
    static const char *const specs[] = {"statevector:f64,threads=1", "statevector:f64,threads=2", "reference"};
    qn_random r = {5};
    qn_circuit *piece = random_piece(&r, N, 60);
    qn_counts *counts[4];
    const double theta = 0.7;
    for (int k = 0; k < 4; k++) {
        assert_ok(qn_counts_create(N, &counts[k]));
    }
    double p[2];
    for (int k = 0; k < 3; k++) {
        fixture f = open_engine(specs[k], 0);
        qn_live *live = NULL;
        qn_program *program = NULL, *whole = NULL;
        assert_ok(qn_live_create(f.engine, N, &live));
        assert_ok(qn_engine_compile_live(f.engine, piece, &program));
        assert_ok(qn_live_advance(live, program, &theta));
        assert_ok(qn_live_sample(live, SHOTS, 3, 4, counts[k]));
        if (k < 2) {
            p[k] = qn_live_probability(live, 13);
        } else {
            assert_ok(qn_engine_compile(f.engine, piece, NULL, 0, &whole));
            assert_ok(qn_program_sample(whole, &theta, 1, SHOTS, 3, 4, &counts[3]));
        }
        qn_program_free(whole);
        qn_program_free(program);
        qn_live_free(live);
        close_engine(f);
    }
    assert_true(p[0] == p[1]);
    for (int k = 1; k < 4; k++) {
        assert_int_equal(qn_counts_distinct(counts[k]), qn_counts_distinct(counts[0]));
        for (size_t i = 0; i < qn_counts_distinct(counts[0]); i++) {
            assert_true(qn_counts_string(counts[k], i)[0] == qn_counts_string(counts[0], i)[0]);
            assert_true(qn_counts_times(counts[k], i) == qn_counts_times(counts[0], i));
        }
    }
    for (int k = 0; k < 4; k++) {
        qn_counts_free(counts[k]);
    }
    qn_circuit_free(piece);
}

static void refusals(void **state)
{
    (void)state;
    fixture f = open_engine("reference", 1 << 20), g = open_engine("statevector", 0);
    qn_live *live = NULL;
    qn_circuit *two = NULL, *three = NULL;
    qn_program *piece = NULL, *wide = NULL, *foreign = NULL, *whole = NULL;
    qn_counts *counts = NULL;
    assert_ok(qn_circuit_create(2, &two));
    assert_ok(qn_circuit_create(3, &three));
    assert_ok(qn_counts_create(2, &counts));
    assert_fails(qn_live_create(f.engine, 16, &live), QN_ERR_TOO_LARGE, "the limit here is 1.0 MiB");
    assert_ok(qn_live_create(f.engine, 2, &live));
    assert_ok(qn_engine_compile_live(f.engine, two, &piece));
    assert_ok(qn_engine_compile_live(f.engine, three, &wide));
    assert_ok(qn_engine_compile_live(g.engine, two, &foreign));
    assert_ok(qn_engine_compile(f.engine, two, NULL, 0, &whole));
    assert_fails(qn_live_advance(live, wide, NULL), QN_ERR_SHAPE, "3 qubits does not act on a state of 2");
    assert_fails(qn_live_advance(live, foreign, NULL), QN_ERR_ARGUMENT, "engine 'statevector' does not act");
    assert_fails(qn_live_advance(live, whole, NULL), QN_ERR_ARGUMENT, "pieces of qn_engine_compile_live");
    assert_fails(qn_program_sample(piece, NULL, 1, 1, 0, 0, &counts), QN_ERR_ARGUMENT, "qn_live_advance");
    qn_complex amplitude;
    assert_fails(qn_live_amplitudes(live, 4, 1, &amplitude), QN_ERR_RANGE, "2 qubits have 2^2");
    assert_ok(qn_circuit_append_reset(two, 1));
    assert_fails(qn_engine_compile_live(f.engine, two, &whole), QN_ERR_UNSUPPORTED, "operation 0 is a reset");
    qn_program_free(piece);
    qn_program_free(wide);
    qn_program_free(foreign);
    qn_program_free(whole);
    qn_counts_free(counts);
    qn_live_free(live);
    qn_circuit_free(two);
    qn_circuit_free(three);
    close_engine(f);
    close_engine(g);
}

static void failing_memory(void **state)
{
    (void)state;
    for (size_t e = 0; e < qn_engine_count(); e++) {
        fixture f = open_engine(qn_engine_describe(e)->name, 0);
        qn_random r = {9};
        qn_circuit *circuit = random_piece(&r, 4, 20);
        const double theta = 1;
        const uint64_t held = qn_memory().bytes_now;
        for (uint64_t n = 1;; n++) {
            qn_live *live = NULL;
            qn_program *piece = NULL;
            (void)qn__alloc_fail_at(n, false);
            qn_status status = qn_engine_compile_live(f.engine, circuit, &piece);
            if (status == QN_OK) {
                status = qn_live_create(f.engine, 4, &live);
            }
            if (status == QN_OK) {
                status = qn_live_advance(live, piece, &theta);
            }
            const bool done = qn__alloc_fail_at(0, false) != 0;
            qn_live_free(live);
            qn_program_free(piece);
            assert_int_equal(status, done ? QN_OK : QN_ERR_MEMORY);
            assert_int_equal(qn_memory().bytes_now, held);
            if (done) {
                break;
            }
        }
        qn_circuit_free(circuit);
        close_engine(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(against_dense_vectors), cmocka_unit_test(samples),
                                       cmocka_unit_test(refusals), cmocka_unit_test(failing_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
