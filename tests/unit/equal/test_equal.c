/* test_equal.c: verdicts on circuits that are equal, or differ by one gate, against dense matrices. */
#include <dense.h>
#include <qn_random.h>

#include <quern/equal.h>

#include "base/alloc.h"

typedef struct fixture {
    qn_context *context;
    qn_engine *fast, *slow, *single;
} fixture;

static int open_engines(void **state)
{
    static fixture f;
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.threads = 1;
    assert_ok(qn_context_create(&options, &f.context));
    assert_ok(qn_engine_open(f.context, "statevector", &f.fast));
    assert_ok(qn_engine_open(f.context, "reference", &f.slow));
    assert_ok(qn_engine_open(f.context, "statevector:f32", &f.single));
    *state = &f;
    return 0;
}

static int close_engines(void **state)
{
    fixture *f = *state;
    qn_engine_close(f->fast);
    qn_engine_close(f->slow);
    qn_engine_close(f->single);
    qn_context_free(f->context);
    return 0;
}

static qn_equal_result compare(qn_engine *engine, const qn_circuit *a, const qn_circuit *b, qn_equal_method method,
                               bool global_phase)
{
    qn_equal_options options = QN_EQUAL_OPTIONS_INIT;
    options.method = method;
    options.global_phase = global_phase;
    qn_equal_result result;
    memset(&result, 0, sizeof result);
    assert_ok(qn_circuit_equal(engine, a, b, &options, &result));
    assert_non_null(result.why);
    return result;
}

/* tr(A+ B) / 2^n by the definition. */
static dense_complex mean_overlap(const qn_circuit *a, const qn_circuit *b)
{
    const size_t size = (size_t)1 << qn_circuit_qubits(a);
    dense_complex *u = dense_unitary(a, NULL), *v = dense_unitary(b, NULL), sum = 0;
    for (size_t i = 0; i < size * size; i++) {
        sum += conj(u[i]) * v[i];
    }
    free(u);
    free(v);
    return sum / (double)size;
}

static void append(qn_circuit *c, qn_gate gate, uint32_t a, uint32_t b, double angle)
{
    const qn_gate_info *info = qn_gate_describe(gate);
    const uint32_t qubits[2] = {a, b};
    const qn_param param = QN_PARAM(angle);
    assert_ok(qn_circuit_append(c, gate, qubits, info->qubits, &param, info->params));
}

static qn_circuit *clone(const qn_circuit *c)
{
    qn_circuit *out = NULL;
    assert_ok(qn_circuit_clone(c, &out));
    return out;
}

static qn_circuit *fresh(uint32_t n)
{
    qn_circuit *out = NULL;
    assert_ok(qn_circuit_create(n, &out));
    return out;
}

/* The exact fidelity is the dense one, equal or not, on both engines and for every split into blocks. */
static void exact_is_the_trace(void **state)
{
    const fixture *f = *state;
    qn_random r = {qn_test_seed()};
    for (uint32_t n = 1; n <= 5; n++) {
        for (int round = 0; round < 6; round++) {
            qn_circuit *a = qn_random_circuit(&r, n, 0, 6), *b = clone(a);
            if (round % 2 == 0) {
                append(b, QN_GATE_RZ, 0, 0, 0.4 * (1 + round)); /* some overlap is left */
            }
            if (round % 3 == 0) {
                append(b, QN_GATE_GPHASE, 0, 0, 0.7);
            }
            const dense_complex expected = mean_overlap(a, b);
            qn_engine *const engines[2] = {f->fast, f->slow};
            for (int e = 0; e < 2; e++) {
                const qn_equal_result got = compare(engines[e], a, b, QN_EQUAL_EXACT, false);
                assert_near(got.fidelity, cabs(expected), 1e-12);
                assert_int_equal(got.equal, round % 2 != 0);
                assert_int_equal(got.method, QN_EQUAL_EXACT);
                if (got.equal) {
                    assert_near(remainder(got.phase - carg(expected), 2 * M_PI), 0, 1e-9);
                }
            }
            qn_circuit_free(a);
            qn_circuit_free(b);
        }
    }
}

/* Blocks: 11 qubits are more than one run holds. Swaps on high qubits move columns between blocks. */
static void blocks_cover_all_columns(void **state)
{
    const fixture *f = *state;
    enum { N = 11 };
    qn_circuit *a = fresh(N), *b = NULL;
    append(a, QN_GATE_SWAP, 0, N - 1, 0);
    append(a, QN_GATE_H, N - 2, 0, 0);
    append(a, QN_GATE_CX, N - 2, 3, 0);
    b = clone(a);
    assert_true(compare(f->fast, a, b, QN_EQUAL_EXACT, true).equal);
    /* a sign on one of the 2^11 basis states takes 2 from the trace */
    uint32_t controls[N - 1];
    const uint32_t target = N - 1;
    for (uint32_t q = 0; q + 1 < N; q++) {
        controls[q] = q;
    }
    assert_ok(qn_circuit_append_controlled(b, QN_GATE_Z, controls, N - 1, 0x2a5, &target, 1, NULL, 0));
    const qn_equal_result got = compare(f->fast, a, b, QN_EQUAL_EXACT, false);
    assert_false(got.equal);
    assert_near(got.fidelity, 1.0 - 2.0 / 2048, 1e-12);
    qn_circuit_free(a);
    qn_circuit_free(b);
}

/* The same circuit by other gates: every row of the table that has an inverse next to it, two swaps, and so on. */
static qn_circuit *rewritten(const qn_circuit *c, qn_random *r)
{
    const uint32_t n = qn_circuit_qubits(c);
    qn_circuit *out = clone(c), *more = qn_random_circuit(r, n, 0, 8), *undone = NULL;
    assert_ok(qn_circuit_inverse(more, &undone));
    assert_ok(qn_circuit_append_circuit(out, more));
    assert_ok(qn_circuit_append_circuit(out, undone));
    append(out, QN_GATE_CX, 0, 1, 0); /* cx cx cx = swap */
    append(out, QN_GATE_CX, 1, 0, 0);
    append(out, QN_GATE_CX, 0, 1, 0);
    append(out, QN_GATE_SWAP, 0, 1, 0);
    append(out, QN_GATE_RZ, 0, 0, 1.1); /* rz and p differ by a phase */
    append(out, QN_GATE_P, 0, 0, -1.1);
    qn_circuit_free(more);
    qn_circuit_free(undone);
    return out;
}

static void rewritten_circuits_are_equal(void **state)
{
    const fixture *f = *state;
    qn_random r = {qn_test_seed()};
    for (uint32_t n = 2; n <= 10; n += 2) {
        qn_circuit *a = qn_random_circuit(&r, n, 0, 30), *b = rewritten(a, &r);
        const qn_equal_method methods[3] = {QN_EQUAL_AUTO, QN_EQUAL_EXACT, QN_EQUAL_STIMULI};
        for (int m = 0; m < 3; m++) {
            const qn_equal_result got = compare(f->fast, a, b, methods[m], false);
            assert_true(got.equal);
            assert_near(got.fidelity, 1, 1e-11);
            assert_near(remainder(got.phase + 0.55, 2 * M_PI), 0, 1e-9); /* rz(t) = exp(-i t / 2) p(t) */
            assert_int_equal(got.method, m == 2 ? QN_EQUAL_STIMULI : QN_EQUAL_EXACT);
            assert_int_equal(got.stimuli, m == 2 ? 16 : m == 0 && n >= 9 ? 2 : 0);
            assert_false(compare(f->fast, a, b, methods[m], true).equal);
        }
        append(b, QN_GATE_GPHASE, 0, 0, 0.55);
        assert_true(compare(f->fast, a, b, QN_EQUAL_AUTO, true).equal);
        const qn_equal_result single = compare(f->single, a, b, QN_EQUAL_AUTO, true);
        assert_true(single.equal);
        qn_circuit_free(a);
        qn_circuit_free(b);
    }
}

/* Copies `c` with one thing changed at operation `at`. */
typedef enum mutation { MISSING, TURNED, ANGLE, EXTRA, OTHER_QUBIT, MUTATIONS } mutation;

static qn_circuit *mutant(const qn_circuit *c, size_t at, mutation kind)
{
    const uint32_t n = qn_circuit_qubits(c);
    qn_circuit *out = fresh(n);
    for (size_t i = 0; i < qn_circuit_operations(c); i++) {
        qn_operation op;
        qn_circuit_operation(c, i, &op);
        uint32_t qubits[2];
        const uint32_t count = op.ncontrols + op.ntargets;
        for (uint32_t k = 0; k < count; k++) {
            qubits[k] = k < op.ncontrols ? op.controls[k] : op.targets[k - op.ncontrols];
        }
        qn_param param = op.nparams > 0 ? op.params[0] : QN_PARAM(0.0);
        if (i == at) {
            if (kind == MISSING) {
                continue;
            }
            if (kind == TURNED) {
                const uint32_t kept = qubits[0];
                qubits[0] = qubits[1];
                qubits[1] = kept;
            }
            param.constant += kind == ANGLE ? 1e-3 : 0;
            if (kind == EXTRA) {
                append(out, QN_GATE_T, qubits[0], 0, 0);
            }
            while (kind == OTHER_QUBIT && (qubits[0] == op.targets[0] || (count == 2 && qubits[0] == qubits[1]) ||
                                           (op.ncontrols > 0 && qubits[0] == op.controls[0]))) {
                qubits[0] = (qubits[0] + 1) % n;
            }
        }
        assert_ok(qn_circuit_append(out, op.gate, qubits, count, &param, op.nparams));
    }
    return out;
}

/* Layers of rotations and entangling gates: no change of it is trivial. */
static qn_circuit *layered(qn_random *r, uint32_t n, uint32_t layers)
{
    qn_circuit *c = fresh(n);
    for (uint32_t layer = 0; layer < layers; layer++) {
        for (uint32_t q = 0; q < n; q++) {
            append(c, QN_GATE_RX, q, 0, qn_random_between(r, 0.3, 1.2));
            append(c, QN_GATE_RZ, q, 0, qn_random_between(r, 0.3, 1.2));
        }
        for (uint32_t q = layer % 2; q + 1 < n; q += 2) {
            append(c, layer % 3 == 0 ? QN_GATE_CX : layer % 3 == 1 ? QN_GATE_CRY : QN_GATE_RZX, q, q + 1, 0.8);
        }
    }
    return c;
}

static void mutants_are_found(void **state)
{
    const fixture *f = *state;
    qn_random r = {qn_test_seed()};
    const uint32_t sizes[3] = {4, 10, 15};
    for (int s = 0; s < 3; s++) {
        qn_circuit *c = layered(&r, sizes[s], 4);
        for (int kind = 0; kind < MUTATIONS; kind++) {
            for (int tries = 0; tries < 3; tries++) {
                qn_operation op;
                size_t at = 0;
                do {
                    at = qn_random_below(&r, (uint32_t)qn_circuit_operations(c));
                    qn_circuit_operation(c, at, &op);
                } while ((kind == TURNED && op.ncontrols + op.ntargets != 2) || (kind == ANGLE && op.nparams == 0));
                qn_circuit *m = mutant(c, at, (mutation)kind);
                const qn_equal_result got = compare(f->fast, c, m, QN_EQUAL_AUTO, false);
                if (got.equal) {
                    print_error("mutation %d of operation %zu on %u qubits is not found\n", kind, at, sizes[s]);
                    fail();
                }
                assert_true(got.fidelity < 1 - 1e-10);
                assert_true(isnan(got.phase));
                qn_circuit_free(m);
            }
        }
        qn_circuit_free(c);
    }
}

/* Larger ones, by stimuli. */
static void stimuli_carry_far(void **state)
{
    const fixture *f = *state;
    qn_random r = {qn_test_seed()};
    for (uint32_t n = 15; n <= 20; n += 5) {
        qn_circuit *a = layered(&r, n, 2), *b = clone(a);
        append(b, QN_GATE_GPHASE, 0, 0, -0.3);
        qn_equal_options options = QN_EQUAL_OPTIONS_INIT;
        options.stimuli = 2;
        qn_equal_result got;
        assert_ok(qn_circuit_equal(f->fast, a, b, &options, &got));
        assert_true(got.equal);
        assert_int_equal(got.method, QN_EQUAL_STIMULI);
        assert_int_equal(got.stimuli, 2);
        assert_near(got.phase, -0.3, 1e-9);
        append(b, QN_GATE_RZZ, 2, n - 1, 1e-3);
        assert_ok(qn_circuit_equal(f->fast, a, b, &options, &got));
        assert_false(got.equal);
        assert_string_equal(got.why, "a random product state does not come back");
        qn_circuit_free(a);
        qn_circuit_free(b);
    }
}

/* Symbols in another order, missing ones, and a phase that depends on them. */
static void symbols_are_matched_by_name(void **state)
{
    const fixture *f = *state;
    const uint32_t q = 0;
    uint32_t x = 0, y = 0;
    qn_circuit *a = fresh(2), *b = fresh(2);
    assert_ok(qn_circuit_add_symbol(a, "x", &x));
    assert_ok(qn_circuit_add_symbol(a, "y", &y));
    qn_param_term tx = {x, 1}, ty = {y, 1};
    qn_param px = {0, &tx, 1, 0}, py = {0, &ty, 1, 0};
    assert_ok(qn_circuit_append(a, QN_GATE_RX, &q, 1, &px, 1));
    assert_ok(qn_circuit_append(a, QN_GATE_RZ, &q, 1, &py, 1));
    assert_ok(qn_circuit_add_symbol(b, "y", &y)); /* the other order */
    tx.symbol = 9;
    qn_equal_result got;
    assert_fails(qn_circuit_equal(f->fast, a, b, NULL, &got), QN_ERR_NAME, "\"x\" of the first circuit");
    assert_fails(qn_circuit_equal(f->fast, b, a, NULL, &got), QN_ERR_NAME, "\"x\" of the second circuit");
    assert_ok(qn_circuit_add_symbol(b, "x", &x));
    tx.symbol = x;
    ty.symbol = y;
    assert_ok(qn_circuit_append(b, QN_GATE_RX, &q, 1, &px, 1));
    assert_ok(qn_circuit_append(b, QN_GATE_P, &q, 1, &py, 1));
    for (int m = 0; m < 3; m++) {
        assert_true(compare(f->fast, a, b, (qn_equal_method)m, false).equal);
        assert_false(compare(f->fast, a, b, (qn_equal_method)m, true).equal); /* exp(i y / 2) */
    }
    assert_ok(qn_circuit_append(b, QN_GATE_RZ, &q, 1, &px, 1));
    assert_false(compare(f->fast, a, b, QN_EQUAL_AUTO, false).equal);
    qn_circuit_free(a);
    qn_circuit_free(b);
}

static void measurements_are_compared_by_bits(void **state)
{
    const fixture *f = *state;
    qn_circuit *a = fresh(2), *b = fresh(2);
    uint32_t index = 0;
    append(a, QN_GATE_H, 0, 0, 0);
    append(b, QN_GATE_H, 0, 0, 0);
    assert_ok(qn_circuit_add_variable(a, "c", QN_TYPE_BITS, 2, 0, 0, &index));
    assert_ok(qn_circuit_add_variable(b, "other", QN_TYPE_BITS, 2, 0, 0, &index));
    assert_ok(qn_circuit_append_measure(a, 0, 0));
    assert_ok(qn_circuit_append_measure(a, 1, 1));
    qn_equal_result got = compare(f->fast, a, b, QN_EQUAL_AUTO, true);
    assert_false(got.equal);
    assert_true(isnan(got.fidelity));
    assert_non_null(strstr(got.why, "classical bit"));
    assert_ok(qn_circuit_append_barrier(b, NULL, 0));
    assert_ok(qn_circuit_append_measure(b, 1, 1));
    assert_ok(qn_circuit_append_measure(b, 0, 0));
    assert_true(compare(f->fast, a, b, QN_EQUAL_AUTO, true).equal);
    qn_circuit_free(b);
    b = fresh(2);
    append(b, QN_GATE_H, 0, 0, 0);
    assert_ok(qn_circuit_add_variable(b, "c", QN_TYPE_BITS, 2, 0, 0, &index));
    assert_ok(qn_circuit_append_measure(b, 0, 1));
    assert_ok(qn_circuit_append_measure(b, 1, 0));
    assert_false(compare(f->fast, a, b, QN_EQUAL_AUTO, true).equal);
    append(b, QN_GATE_X, 1, 0, 0);
    assert_fails(qn_circuit_equal(f->fast, a, b, NULL, &got), QN_ERR_UNSUPPORTED, "second circuit is dynamic");
    assert_fails(qn_circuit_equal(f->fast, b, a, NULL, &got), QN_ERR_UNSUPPORTED, "qubit 1 after its measurement");
    qn_circuit_free(b);
    b = fresh(2);
    assert_ok(qn_circuit_append_reset(b, 1));
    assert_fails(qn_circuit_equal(f->fast, a, b, NULL, &got), QN_ERR_UNSUPPORTED, "operation 0 is a reset");
    qn_circuit_free(a);
    qn_circuit_free(b);
}

static void mistakes_are_refused(void **state)
{
    const fixture *f = *state;
    qn_circuit *a = fresh(2), *b = fresh(3);
    qn_equal_result got = {.stimuli = 77};
    qn_equal_options options = QN_EQUAL_OPTIONS_INIT;
    assert_fails(qn_circuit_equal(NULL, a, a, NULL, &got), QN_ERR_ARGUMENT, "engine");
    assert_fails(qn_circuit_equal(f->fast, a, b, NULL, &got), QN_ERR_SHAPE, "2 and 3 qubits");
    options.tolerance = -1;
    assert_fails(qn_circuit_equal(f->fast, a, a, &options, &got), QN_ERR_RANGE, "tolerance");
    options.tolerance = (double)NAN;
    assert_fails(qn_circuit_equal(f->fast, a, a, &options, &got), QN_ERR_RANGE, "tolerance");
    options.tolerance = 0;
    options.method = (qn_equal_method)7;
    assert_fails(qn_circuit_equal(f->fast, a, a, &options, &got), QN_ERR_RANGE, "7 is no method");
    options.method = QN_EQUAL_AUTO;
    options.size = 3;
    assert_fails(qn_circuit_equal(f->fast, a, a, &options, &got), QN_ERR_ARGUMENT, "size 3");
    assert_int_equal(got.stimuli, 77);
    qn_circuit_free(b);
    b = fresh(60);
    assert_fails(qn_circuit_equal(f->fast, b, b, NULL, &got), QN_ERR_TOO_LARGE, "60 qubits");
    qn_circuit_free(a);
    qn_circuit_free(b);
}

static void failing_memory_leaks_nothing(void **state)
{
    const fixture *f = *state;
    qn_random r = {3};
    qn_circuit *a = qn_random_circuit(&r, 9, 1, 4), *b = clone(a);
    const uint64_t before = qn_memory().bytes_now;
    for (uint64_t n = 1;; n++) {
        qn_equal_result got;
        qn__alloc_fail_at(n, false);
        const qn_status status = qn_circuit_equal(f->fast, a, b, NULL, &got);
        const bool happened = qn__alloc_fail_at(0, false) == 0;
        assert_int_equal(qn_memory().bytes_now, before);
        if (!happened) {
            assert_int_equal(status, QN_OK);
            assert_true(n > 20);
            break;
        }
        assert_int_equal(status, QN_ERR_MEMORY);
    }
    qn_circuit_free(a);
    qn_circuit_free(b);
}

static void interruption_is_heard(void **state)
{
    (void)state;
    volatile int flag = 1;
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.interrupt = &flag;
    qn_context *context = NULL;
    qn_engine *engine = NULL;
    assert_ok(qn_context_create(&options, &context));
    assert_ok(qn_engine_open(context, "statevector", &engine));
    qn_circuit *a = fresh(12);
    qn_equal_options o = QN_EQUAL_OPTIONS_INIT;
    o.method = QN_EQUAL_EXACT;
    qn_equal_result got;
    assert_fails(qn_circuit_equal(engine, a, a, &o, &got), QN_ERR_INTERRUPTED, "interrupted");
    qn_circuit_free(a);
    qn_engine_close(engine);
    qn_context_free(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_is_the_trace),
        cmocka_unit_test(blocks_cover_all_columns),
        cmocka_unit_test(rewritten_circuits_are_equal),
        cmocka_unit_test(mutants_are_found),
        cmocka_unit_test(stimuli_carry_far),
        cmocka_unit_test(symbols_are_matched_by_name),
        cmocka_unit_test(measurements_are_compared_by_bits),
        cmocka_unit_test(mistakes_are_refused),
        cmocka_unit_test(failing_memory_leaks_nothing),
        cmocka_unit_test(interruption_is_heard),
    };
    return cmocka_run_group_tests(tests, open_engines, close_engines);
}
