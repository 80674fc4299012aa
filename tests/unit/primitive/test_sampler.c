/* The sampler against brute force: random dynamic circuits followed operation by operation with dense vectors; known
 * protocols; the order of shots; errors and failing memory. */
#include "dense.h"
#include "primitive_fixture.h"

#include "base/alloc.h"
#include "base/rng.h"

#define TOKEN(...) ((qn_token){__VA_ARGS__})
enum { RESULTS = 64 };

/* Expressions. */

static uint32_t bit_expression(qn_circuit *c, uint32_t bit)
{
    uint32_t out = 0;
    assert_ok(qn_circuit_add_expression(c, &TOKEN(.kind = QN_TOKEN_BIT, .index = bit), 1, &out));
    return out;
}

static void gate(qn_circuit *c, qn_gate g, uint32_t a)
{
    assert_ok(qn_circuit_append(c, g, &a, 1, NULL, 0));
}

static void gate2(qn_circuit *c, qn_gate g, uint32_t a, uint32_t b)
{
    assert_ok(qn_circuit_append(c, g, (const uint32_t[]){a, b}, 2, NULL, 0));
}

static void rotate(qn_circuit *c, qn_gate g, uint32_t a, double angle)
{
    assert_ok(qn_circuit_append(c, g, &a, 1, &QN_PARAM(angle), 1));
}

static qn_circuit *with_bits(uint32_t qubits, uint32_t bits)
{
    qn_circuit *c = NULL;
    assert_ok(qn_circuit_create(qubits, &c));
    assert_ok(qn_circuit_add_variable(c, "c", QN_TYPE_BITS, bits, 0, 0, NULL));
    return c;
}

/* Brute force: no loops; every branch with its own dense vector. */

typedef struct brute {
    const qn_circuit *circuit;
    double p[RESULTS];
} brute;

/* Index of the operation after the block that operation `i` opens: its ELSE or END. */
static size_t block_end(const qn_circuit *c, size_t i)
{
    size_t depth = 0;
    for (size_t k = i + 1;; k++) {
        qn_operation op;
        qn_circuit_operation(c, k, &op);
        if (depth == 0 && (op.kind == QN_OP_ELSE || op.kind == QN_OP_END)) {
            return k;
        }
        depth += op.kind == QN_OP_IF;
        depth -= op.kind == QN_OP_END;
    }
}

static void follow(brute *b, size_t i, uint64_t bits, int64_t counter, const dense_complex *state, double weight);

static void split(brute *b, size_t i, const qn_operation *op, uint64_t bits, int64_t counter,
                  const dense_complex *state, double weight)
{
    const size_t size = (size_t)1 << qn_circuit_qubits(b->circuit), q = (size_t)1 << op->targets[0];
    for (int outcome = 0; outcome < 2; outcome++) {
        dense_complex *next = dense_new(size);
        double p = 0;
        for (size_t k = 0; k < size; k++) {
            if (((k & q) != 0) == outcome) {
                p += creal(state[k] * conj(state[k]));
                next[op->kind == QN_OP_RESET ? k & ~q : k] = state[k];
            }
        }
        for (size_t k = 0; k < size; k++) {
            next[k] /= sqrt(p > 0 ? p : 1);
        }
        uint64_t after = bits;
        if (op->kind == QN_OP_MEASURE && op->bit != QN_NO_BIT) {
            after = (bits & ~(UINT64_C(1) << op->bit)) | (uint64_t)outcome << op->bit;
        }
        if (p > 1e-13) {
            follow(b, i + 1, after, counter, next, weight * p);
        }
        free(next);
    }
}

static void follow(brute *b, size_t i, uint64_t bits, int64_t counter, const dense_complex *state, double weight)
{
    const uint32_t n = qn_circuit_qubits(b->circuit);
    const size_t size = (size_t)1 << n;
    dense_complex *mine = dense_new(size);
    memcpy(mine, state, size * sizeof *mine);
    for (; i < qn_circuit_operations(b->circuit); i++) {
        qn_operation op;
        qn_circuit_operation(b->circuit, i, &op);
        const qn_value variables[2] = {{.type = QN_TYPE_BITS}, {.type = QN_TYPE_UINT, .width = 3, .integer = counter}};
        const qn_classical_state memory = {&bits, variables, NULL};
        qn_value value = {.type = QN_TYPE_BOOL};
        if (op.expression != 0) {
            assert_ok(qn_expression_evaluate(b->circuit, op.expression, &memory, &value));
        }
        if (op.kind == QN_OP_GATE) {
            qn_param params[4];
            for (uint32_t k = 0; k < op.nparams; k++) {
                params[k] = QN_PARAM(op.params[k].constant);
                if (op.params[k].expression != 0) {
                    assert_ok(qn_expression_evaluate(b->circuit, op.params[k].expression, &memory, &value));
                    params[k].constant += qn_value_number(&value);
                }
            }
            op.params = params;
            dense_apply(&op, NULL, n, mine);
        } else if (op.kind == QN_OP_MEASURE || op.kind == QN_OP_RESET) {
            split(b, i, &op, bits, counter, mine, weight);
            free(mine);
            return;
        } else if (op.kind == QN_OP_ASSIGN && op.bit != QN_NO_BIT) {
            bits = (bits & ~(UINT64_C(1) << op.bit)) | (uint64_t)(value.integer != 0) << op.bit;
        } else if (op.kind == QN_OP_ASSIGN) {
            counter = value.integer;
        } else if (op.kind == QN_OP_IF && value.integer == 0) {
            i = block_end(b->circuit, i);
        } else if (op.kind == QN_OP_ELSE) {
            i = block_end(b->circuit, i);
        } else if (op.kind == QN_OP_STOP) {
            break;
        }
    }
    if (qn_circuit_bits(b->circuit) > 0) {
        b->p[bits] += weight;
    } else {
        for (size_t k = 0; k < size; k++) {
            b->p[k] += weight * creal(mine[k] * conj(mine[k]));
        }
    }
    free(mine);
}

static brute brute_force(const qn_circuit *circuit)
{
    brute b = {.circuit = circuit};
    dense_complex *state = dense_new((size_t)1 << qn_circuit_qubits(circuit));
    state[0] = 1;
    follow(&b, 0, 0, 0, state, 1);
    free(state);
    return b;
}

/* Chi-square of counts, cells of expectation under 5 taken together; 5 sigma above its mean fails. */
static void assert_counts(const qn_counts *counts, const double *p, size_t size)
{
    double chi = 0, rest_expected = 0, rest_seen = 0, cells = 0;
    const double total = (double)qn_counts_total(counts);
    size_t at = 0;
    for (uint64_t k = 0; k < size; k++) {
        double seen = 0;
        if (at < qn_counts_distinct(counts) && qn_counts_string(counts, at)[0] == k) {
            seen = (double)qn_counts_times(counts, at++);
        }
        if (p[k] < 1e-12) {
            assert_near(seen, 0, 0);
        } else if (p[k] * total < 5) {
            rest_expected += p[k] * total;
            rest_seen += seen;
        } else {
            chi += (seen - p[k] * total) * (seen - p[k] * total) / (p[k] * total);
            cells++;
        }
    }
    assert_int_equal(at, qn_counts_distinct(counts));
    if (rest_expected > 5) {
        chi += (rest_seen - rest_expected) * (rest_seen - rest_expected) / rest_expected;
        cells++;
    }
    if (chi > cells - 1 + 5 * sqrt(2 * cells) + 5) {
        print_error("chi-square %g over %g cells\n", chi, cells);
        fail();
    }
}

static void assert_distribution(const qn_distribution *d, const double *p, size_t size, double tolerance)
{
    double seen[RESULTS] = {0};
    for (size_t i = 0; i < qn_distribution_size(d); i++) {
        assert_true(i == 0 || qn_distribution_string(d, i)[0] > qn_distribution_string(d, i - 1)[0]);
        seen[qn_distribution_string(d, i)[0]] = qn_distribution_value(d, i);
    }
    for (size_t k = 0; k < size; k++) {
        assert_near(seen[k], p[k], tolerance);
    }
}

/* A random circuit of the first `kinds` kinds of operation: 6 gates only, 8 without classical bits, 15 all but loops.
 */
static void random_body(qn_circuit *c, qn_random *r, uint32_t bits, uint32_t kinds, uint32_t length, uint32_t depth)
{
    const uint32_t n = qn_circuit_qubits(c);
    for (uint32_t k = 0; k < length; k++) {
        const uint32_t q = qn_random_below(r, n), other = (q + 1 + qn_random_below(r, n - 1)) % n;
        const uint32_t what = qn_random_below(r, kinds);
        const uint32_t bit = bits == 0 ? 0 : qn_random_below(r, bits);
        if (what < 2) {
            gate(c, QN_GATE_H, q);
        } else if (what < 4) {
            rotate(c, what == 2 ? QN_GATE_RX : QN_GATE_RY, q, qn_random_between(r, 0, 6));
        } else if (what < 6) {
            gate2(c, QN_GATE_CX, q, other);
        } else if (what == 6) {
            assert_ok(qn_circuit_append_reset(c, q));
        } else if (what == 7) {
            assert_ok(qn_circuit_append_measure(c, q, QN_NO_BIT));
        } else if (what < 10) {
            assert_ok(qn_circuit_append_measure(c, q, bit));
        } else if (what == 10) {
            const qn_token not [] = {TOKEN(.kind = QN_TOKEN_BIT, .index = bit), TOKEN(.kind = QN_TOKEN_NOT)};
            uint32_t e = 0;
            assert_ok(qn_circuit_add_expression(c, not, 2, &e));
            assert_ok(qn_circuit_append_assign_bit(c, qn_random_below(r, bits), e));
        } else if (what == 11) {
            const qn_token sum[] = {TOKEN(.kind = QN_TOKEN_VARIABLE, .index = 1),
                                    TOKEN(.kind = QN_TOKEN_BITS, .index = 0, .width = bits),
                                    TOKEN(.kind = QN_TOKEN_ADD, .type = QN_TYPE_UINT, .width = 3)};
            uint32_t e = 0;
            assert_ok(qn_circuit_add_expression(c, sum, 3, &e));
            assert_ok(qn_circuit_append_assign(c, 1, e));
        } else if (what == 12) {
            const qn_token angle[] = {TOKEN(.kind = QN_TOKEN_VARIABLE, .index = 1),
                                      TOKEN(.kind = QN_TOKEN_FLOAT, .number = 0.7),
                                      TOKEN(.kind = QN_TOKEN_MULTIPLY, .type = QN_TYPE_FLOAT)};
            qn_param p = QN_PARAM(0.3);
            assert_ok(qn_circuit_add_expression(c, angle, 3, &p.expression));
            assert_ok(qn_circuit_append(c, QN_GATE_RY, &q, 1, &p, 1));
        } else if (depth < 2) {
            assert_ok(qn_circuit_append_flow(c, QN_OP_IF, bit_expression(c, bit)));
            random_body(c, r, bits, kinds, 3, depth + 1);
            if (qn_random_below(r, 2) == 0) {
                assert_ok(qn_circuit_append_flow(c, QN_OP_ELSE, 0));
                random_body(c, r, bits, kinds, 2, depth + 1);
            }
            if (qn_random_below(r, 4) == 0) {
                assert_ok(qn_circuit_append_flow(c, QN_OP_STOP, 0));
            }
            assert_ok(qn_circuit_append_flow(c, QN_OP_END, 0));
        }
    }
}

static void random_circuits(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    size_t methods[3] = {0};
    for (uint32_t k = 0; k < 60 * qn_test_scale(); k++) {
        const uint32_t n = 3 + k % 2, bits = k % 5 == 0 ? 0 : 3;
        qn_circuit *c = NULL;
        assert_ok(qn_circuit_create(n, &c));
        if (bits > 0) {
            assert_ok(qn_circuit_add_variable(c, "c", QN_TYPE_BITS, bits, 0, 0, NULL));
            assert_ok(qn_circuit_add_variable(c, "n", QN_TYPE_UINT, 3, 0, 0, NULL));
        }
        random_body(c, &r, bits, k % 6 == 3 ? 6 : bits == 0 ? 8 : 15, 12, 0);
        for (uint32_t q = 0; q < bits && k % 3 == 0; q++) {
            assert_ok(qn_circuit_append_measure(c, q, q));
        }
        const brute b = brute_force(c);
        for (size_t e = 0; e < qn_engine_count(); e++) {
            fixture f = fixture_open(qn_engine_describe(e)->name, 1);
            qn_sampler *s = NULL;
            qn_counts *counts = NULL;
            qn_distribution *d = NULL;
            assert_ok(qn_sampler_create(f.engine, c, k, &s));
            methods[qn_sampler_method(s)]++;
            assert_int_equal(qn_sampler_bits(s), bits > 0 ? bits : n);
            assert_ok(qn_sampler_probabilities(s, NULL, 0, 0, &d));
            assert_distribution(d, b.p, RESULTS, 1e-11);
            qn_distribution_free(d);
            assert_ok(qn_counts_create(qn_sampler_bits(s), &counts));
            assert_ok(qn_sampler_run(s, NULL, 1, 3000, &counts));
            assert_int_equal(qn_counts_total(counts), 3000);
            assert_counts(counts, b.p, RESULTS);
            uint64_t *memory = calloc(500, sizeof *memory);
            assert_ok(qn_sampler_memory(s, NULL, 500, memory));
            qn_counts_clear(counts);
            for (int i = 0; i < 500; i++) {
                assert_ok(qn_counts_add(counts, &memory[i], 1));
            }
            assert_ok(qn_counts_sort(counts));
            assert_counts(counts, b.p, RESULTS);
            free(memory);
            qn_counts_free(counts);
            qn_sampler_free(s);
            fixture_close(f);
        }
        qn_circuit_free(c);
    }
    assert_true(methods[QN_SAMPLING_FINAL] > 0 && methods[QN_SAMPLING_BRANCHES] > 0);
}

/* A random state of qubit 0 goes to qubit 2, where its preparation is undone: the last bit is always 0. */
static void teleportation(void **state)
{
    (void)state;
    fixture f = fixture_open("statevector", 1);
    qn_circuit *c = with_bits(3, 3);
    rotate(c, QN_GATE_RY, 0, 1.1);
    rotate(c, QN_GATE_RZ, 0, 0.4);
    gate(c, QN_GATE_H, 1);
    gate2(c, QN_GATE_CX, 1, 2);
    gate2(c, QN_GATE_CX, 0, 1);
    gate(c, QN_GATE_H, 0);
    assert_ok(qn_circuit_append_measure(c, 0, 0));
    assert_ok(qn_circuit_append_measure(c, 1, 1));
    assert_ok(qn_circuit_append_flow(c, QN_OP_IF, bit_expression(c, 1)));
    gate(c, QN_GATE_X, 2);
    assert_ok(qn_circuit_append_flow(c, QN_OP_END, 0));
    assert_ok(qn_circuit_append_flow(c, QN_OP_IF, bit_expression(c, 0)));
    gate(c, QN_GATE_Z, 2);
    assert_ok(qn_circuit_append_flow(c, QN_OP_END, 0));
    rotate(c, QN_GATE_RZ, 2, -0.4);
    rotate(c, QN_GATE_RY, 2, -1.1);
    assert_ok(qn_circuit_append_measure(c, 2, 2));
    qn_sampler *s = NULL;
    qn_counts *counts = NULL;
    qn_distribution *d = NULL;
    assert_ok(qn_sampler_create(f.engine, c, 3, &s));
    assert_int_equal(qn_sampler_method(s), QN_SAMPLING_BRANCHES);
    assert_ok(qn_sampler_probabilities(s, NULL, 1e-9, 0, &d));
    assert_int_equal(qn_distribution_size(d), 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(qn_distribution_string(d, i)[0], i);
        assert_near(qn_distribution_value(d, i), 0.25, 1e-12);
    }
    assert_fails(qn_sampler_probabilities(s, NULL, 0, 3, &d), QN_ERR_TOO_LARGE, "more than 3");
    assert_ok(qn_counts_create(3, &counts));
    assert_ok(qn_sampler_run(s, NULL, 1, 100000, &counts));
    assert_counts(counts, (const double[8]){0.25, 0.25, 0.25, 0.25}, 8);
    qn_distribution_free(d);
    qn_counts_free(counts);
    qn_sampler_free(s);
    qn_circuit_free(c);
    fixture_close(f);
}

/* while (!c[0]) { n += 1; reset q; ry q; c[0] = measure q; }: the number of rounds is geometric. */
static qn_circuit *until_success(double angle)
{
    qn_circuit *c = with_bits(2, 1);
    uint32_t n = 0, e = 0;
    assert_ok(qn_circuit_add_variable(c, "n", QN_TYPE_UINT, 8, 0, 0, &n));
    assert_ok(qn_circuit_add_variable(c, "out", QN_TYPE_BITS, 3, 0, 0, NULL));
    qn_circuit_set_line(c, 5);
    const qn_token not [] = {TOKEN(.kind = QN_TOKEN_BIT, .index = 0), TOKEN(.kind = QN_TOKEN_NOT)};
    assert_ok(qn_circuit_add_expression(c, not, 2, &e));
    assert_ok(qn_circuit_append_flow(c, QN_OP_WHILE, e));
    const qn_token more[] = {TOKEN(.kind = QN_TOKEN_VARIABLE, .index = n),
                             TOKEN(.kind = QN_TOKEN_INT, .type = QN_TYPE_UINT, .width = 8, .integer = 1),
                             TOKEN(.kind = QN_TOKEN_ADD, .type = QN_TYPE_UINT, .width = 8)};
    assert_ok(qn_circuit_add_expression(c, more, 3, &e));
    assert_ok(qn_circuit_append_assign(c, n, e));
    assert_ok(qn_circuit_append_reset(c, 0));
    rotate(c, QN_GATE_RY, 0, angle);
    gate2(c, QN_GATE_CX, 0, 1);
    assert_ok(qn_circuit_append_measure(c, 0, 0));
    assert_ok(qn_circuit_append_reset(c, 1));
    assert_ok(qn_circuit_append_flow(c, QN_OP_END, 0));
    const qn_token low[] = {TOKEN(.kind = QN_TOKEN_VARIABLE, .index = n),
                            TOKEN(.kind = QN_TOKEN_CAST, .type = QN_TYPE_UINT, .width = 3),
                            TOKEN(.kind = QN_TOKEN_CAST, .type = QN_TYPE_BITS, .width = 3)};
    assert_ok(qn_circuit_add_expression(c, low, 3, &e));
    assert_ok(qn_circuit_append_assign(c, 2, e));
    return c;
}

static void repeat_until_success(void **state)
{
    (void)state;
    fixture f = fixture_open("statevector", 1);
    qn_circuit *c = until_success(1.3);
    qn_sampler *s = NULL;
    qn_counts *counts = NULL, *rounds = NULL;
    qn_distribution *d = NULL;
    assert_ok(qn_sampler_create(f.engine, c, 1, &s));
    assert_fails(qn_sampler_probabilities(s, NULL, 0, 0, &d), QN_ERR_UNSUPPORTED, "need not end");
    assert_ok(qn_counts_create(4, &counts));
    assert_ok(qn_counts_create(3, &rounds));
    assert_ok(qn_sampler_run(s, NULL, 1, 20000, &counts));
    assert_ok(qn_counts_of_register(counts, c, 2, rounds));
    const double p = sin(0.65) * sin(0.65);
    double expected[8] = {0};
    for (int k = 1; k < 400; k++) {
        expected[k % 8] += p * pow(1 - p, k - 1);
    }
    assert_counts(rounds, expected, 8);
    assert_fails(qn_counts_of_register(counts, c, 1, rounds), QN_ERR_ARGUMENT, "not a register of bits");
    qn_sampler_free(s);
    qn_circuit_free(c);
    c = until_success(0); /* never succeeds */
    assert_ok(qn_sampler_create(f.engine, c, 1, &s));
    assert_fails(qn_sampler_run(s, NULL, 1, 1, &counts), QN_ERR_NUMERIC, "line 5: a loop did not end within 1000000");
    qn_sampler_free(s);
    qn_circuit_free(c);
    qn_counts_free(counts);
    qn_counts_free(rounds);
    fixture_close(f);
}

/* Iterative phase estimation of p(2 pi 5/16) on |1>, least bit first, with the angle fed back at run time. */
static void iterative_phase_estimation(void **state)
{
    (void)state;
    enum { BITS = 4, PHASE = 5 };
    fixture f = fixture_open("statevector", 1);
    qn_circuit *c = with_bits(2, BITS);
    uint32_t angle = 0, e = 0;
    assert_ok(qn_circuit_add_variable(c, "a", QN_TYPE_ANGLE, BITS + 1, 0, 0, &angle));
    gate(c, QN_GATE_X, 1);
    for (uint32_t k = 0; k < BITS; k++) {
        assert_ok(qn_circuit_append_reset(c, 0));
        gate(c, QN_GATE_H, 0);
        for (uint32_t times = 0; times < 1u << (BITS - 1 - k); times++) {
            assert_ok(qn_circuit_append(c, QN_GATE_CP, (const uint32_t[]){0, 1}, 2,
                                        &QN_PARAM(2 * 3.14159265358979323846 * PHASE / 16), 1));
        }
        const qn_token minus[] = {TOKEN(.kind = QN_TOKEN_VARIABLE, .index = angle),
                                  TOKEN(.kind = QN_TOKEN_NEGATE, .type = QN_TYPE_ANGLE, .width = BITS + 1)};
        qn_param p = QN_PARAM(0);
        assert_ok(qn_circuit_add_expression(c, minus, 2, &p.expression));
        assert_ok(qn_circuit_append(c, QN_GATE_P, (const uint32_t[]){0}, 1, &p, 1));
        gate(c, QN_GATE_H, 0);
        assert_ok(qn_circuit_append_measure(c, 0, k));
        /* a = (a + c[k] * half a turn) / 2 */
        const qn_token next[] = {TOKEN(.kind = QN_TOKEN_BIT, .index = k),
                                 TOKEN(.kind = QN_TOKEN_CAST, .type = QN_TYPE_UINT, .width = BITS + 1),
                                 TOKEN(.kind = QN_TOKEN_INT, .type = QN_TYPE_UINT, .width = 8, .integer = BITS),
                                 TOKEN(.kind = QN_TOKEN_SHIFT_LEFT, .type = QN_TYPE_UINT, .width = BITS + 1),
                                 TOKEN(.kind = QN_TOKEN_CAST, .type = QN_TYPE_ANGLE, .width = BITS + 1),
                                 TOKEN(.kind = QN_TOKEN_VARIABLE, .index = angle),
                                 TOKEN(.kind = QN_TOKEN_ADD, .type = QN_TYPE_ANGLE, .width = BITS + 1),
                                 TOKEN(.kind = QN_TOKEN_INT, .type = QN_TYPE_UINT, .width = 8, .integer = 1),
                                 TOKEN(.kind = QN_TOKEN_SHIFT_RIGHT, .type = QN_TYPE_ANGLE, .width = BITS + 1)};
        assert_ok(qn_circuit_add_expression(c, next, 9, &e));
        assert_ok(qn_circuit_append_assign(c, angle, e));
    }
    qn_sampler *s = NULL;
    qn_distribution *d = NULL;
    assert_ok(qn_sampler_create(f.engine, c, 1, &s));
    assert_ok(qn_sampler_probabilities(s, NULL, 1e-9, 0, &d));
    assert_int_equal(qn_distribution_size(d), 1);
    assert_int_equal(qn_distribution_string(d, 0)[0], PHASE);
    assert_near(qn_distribution_value(d, 0), 1, 1e-12);
    qn_distribution_free(d);
    qn_sampler_free(s);
    qn_circuit_free(c);
    fixture_close(f);
}

/* A free parameter in an expression; no measurement decides anything: one run, rows of parameters. */
static void expressions_of_parameters(void **state)
{
    (void)state;
    for (size_t k = 0; k < qn_engine_count(); k++) {
        fixture f = fixture_open(qn_engine_describe(k)->name, 1);
        qn_circuit *c = with_bits(1, 1);
        uint32_t t = 0;
        assert_ok(qn_circuit_add_symbol(c, "t", &t));
        const qn_token tokens[] = {TOKEN(.kind = QN_TOKEN_SYMBOL, .index = t), TOKEN(.kind = QN_TOKEN_SQRT)};
        qn_param p = QN_PARAM(0);
        assert_ok(qn_circuit_add_expression(c, tokens, 2, &p.expression));
        qn_circuit_set_line(c, 12);
        assert_ok(qn_circuit_append(c, QN_GATE_RY, (const uint32_t[]){0}, 1, &p, 1));
        assert_ok(qn_circuit_append_measure(c, 0, 0));
        qn_sampler *s = NULL;
        qn_program *program = NULL;
        qn_counts *counts[2] = {NULL, NULL};
        assert_fails(qn_engine_compile(f.engine, c, NULL, 0, &program), QN_ERR_UNSUPPORTED, "computed at run time");
        assert_ok(qn_sampler_create(f.engine, c, 5, &s));
        assert_int_equal(qn_sampler_method(s), QN_SAMPLING_FINAL);
        assert_ok(qn_counts_create(1, &counts[0]));
        assert_ok(qn_counts_create(1, &counts[1]));
        const double theta[] = {0.25, 2.25, -1};
        assert_ok(qn_sampler_run(s, theta, 2, 20000, counts));
        assert_counts(counts[0], (const double[]){cos(0.25) * cos(0.25), sin(0.25) * sin(0.25)}, 2);
        assert_counts(counts[1], (const double[]){cos(0.75) * cos(0.75), sin(0.75) * sin(0.75)}, 2);
        assert_fails(qn_sampler_run(s, theta + 2, 1, 1, counts), QN_ERR_NUMERIC, "line 12: a parameter");
        const double bad = (double)NAN;
        assert_fails(qn_sampler_run(s, &bad, 1, 1, counts), QN_ERR_NAN, "parameter 0 of row 0");
        qn_counts_free(counts[0]);
        qn_counts_free(counts[1]);
        qn_sampler_free(s);
        qn_circuit_free(c);
        fixture_close(f);
    }
}

/* Draws repeat, whatever the threads; measured results agree with what is sampled without measurements. */
static void reproducible(void **state)
{
    (void)state;
    enum { N = 16 };
    qn_circuit *plain = NULL, *measured = with_bits(N, N);
    assert_ok(qn_circuit_create(N, &plain));
    for (uint32_t q = 0; q < N; q++) {
        rotate(plain, QN_GATE_RY, q, 0.3 + 0.1 * q);
    }
    for (uint32_t q = 0; q + 1 < N; q++) {
        gate2(plain, QN_GATE_CX, q, q + 1);
    }
    assert_ok(qn_circuit_append_circuit(measured, plain));
    for (uint32_t q = 0; q < N; q++) {
        assert_ok(qn_circuit_append_measure(measured, q, q));
    }
    qn_circuit *dynamic = NULL;
    assert_ok(qn_circuit_clone(plain, &dynamic));
    assert_ok(qn_circuit_append_reset(dynamic, 3));
    gate2(dynamic, QN_GATE_CX, 2, 3);
    assert_ok(qn_circuit_append_reset(dynamic, 2));
    uint64_t sums[3][2];
    for (uint32_t threads = 1; threads <= 2; threads++) {
        fixture f = fixture_open("statevector", threads);
        const qn_circuit *circuits[3] = {plain, measured, dynamic};
        for (int k = 0; k < 3; k++) {
            qn_sampler *s = NULL;
            qn_counts *counts = NULL;
            assert_ok(qn_sampler_create(f.engine, circuits[k], 77, &s));
            assert_ok(qn_counts_create(N, &counts));
            assert_ok(qn_sampler_run(s, NULL, 1, 1000, &counts));
            uint64_t sum = 0;
            for (size_t i = 0; i < qn_counts_distinct(counts); i++) {
                sum =
                    (sum ^ qn_counts_string(counts, i)[0]) * UINT64_C(0x9e3779b97f4a7c15) + qn_counts_times(counts, i);
            }
            sums[k][threads - 1] = sum;
            qn_counts_free(counts);
            qn_sampler_free(s);
        }
        fixture_close(f);
    }
    for (int k = 0; k < 3; k++) {
        assert_true(sums[k][0] == sums[k][1]);
    }
    assert_true(sums[0][0] == sums[1][0]);
    qn_circuit_free(plain);
    qn_circuit_free(measured);
    qn_circuit_free(dynamic);
}

/* With room for one state only, shots go one by one. */
static void shot_by_shot(void **state)
{
    (void)state;
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.memory_limit = 600; /* a state of 3 qubits on the reference engine takes 512 bytes */
    fixture f;
    assert_ok(qn_context_create(&options, &f.context));
    assert_ok(qn_engine_open(f.context, "reference", &f.engine));
    qn_circuit *c = with_bits(3, 2);
    gate(c, QN_GATE_H, 0);
    assert_ok(qn_circuit_append_measure(c, 0, 0));
    gate2(c, QN_GATE_CX, 0, 1);
    rotate(c, QN_GATE_RY, 0, 1);
    assert_ok(qn_circuit_append_measure(c, 1, 1));
    const brute b = brute_force(c);
    qn_sampler *s = NULL;
    qn_counts *counts = NULL;
    uint64_t memory[1000];
    assert_ok(qn_sampler_create(f.engine, c, 2, &s));
    assert_int_equal(qn_sampler_method(s), QN_SAMPLING_SHOTS);
    assert_ok(qn_counts_create(2, &counts));
    assert_ok(qn_sampler_run(s, NULL, 1, 1000, &counts));
    assert_counts(counts, b.p, 4);
    const uint64_t zeros = qn_counts_times(counts, 0);
    qn_sampler_free(s);
    assert_ok(qn_sampler_create(f.engine, c, 2, &s)); /* the same draws, now in order */
    assert_ok(qn_sampler_memory(s, NULL, 1000, memory));
    uint64_t seen = 0, changes = 0;
    for (int i = 0; i < 1000; i++) {
        seen += memory[i] == 0;
        changes += i > 0 && memory[i] != memory[i - 1];
    }
    assert_int_equal(seen, zeros);
    assert_true(changes > 300);
    qn_counts_free(counts);
    qn_sampler_free(s);
    qn_circuit_free(c);
    fixture_close(f);
}

static void refusals(void **state)
{
    (void)state;
    fixture f = fixture_open("reference", 1);
    qn_circuit *c = with_bits(2, 2);
    qn_sampler *s = NULL;
    qn_program *program = NULL;
    qn_counts *counts = NULL;
    assert_ok(qn_circuit_append_measure(c, 0, 0));
    assert_fails(qn_engine_compile(f.engine, c, NULL, 0, &program), QN_ERR_UNSUPPORTED,
                 "operation 0 is a measurement: use the sampler");
    assert_ok(qn_circuit_append_flow(c, QN_OP_IF, bit_expression(c, 0)));
    assert_fails(qn_sampler_create(f.engine, c, 0, &s), QN_ERR_ARGUMENT, "1 blocks that are not closed");
    gate(c, QN_GATE_X, 1);
    assert_ok(qn_circuit_append_flow(c, QN_OP_END, 0));
    qn_engine_ops ops = *qn_engine_desc_of(f.engine)->ops;
    ops.live_copy = NULL;
    qn_engine_desc desc = *qn_engine_desc_of(f.engine);
    desc.ops = &ops;
    qn_engine *without = NULL;
    assert_ok(qn_engine_open_desc(f.context, &desc, NULL, &without));
    assert_false(qn_engine_has_live(without));
    assert_fails(qn_sampler_create(without, c, 0, &s), QN_ERR_UNSUPPORTED, "need live states");
    qn_engine_close(without);
    assert_ok(qn_sampler_create(f.engine, c, 0, &s));
    assert_ok(qn_counts_create(3, &counts));
    assert_fails(qn_sampler_run(s, NULL, 1, 10, &counts), QN_ERR_SHAPE, "counts of 3 bits given for 2 bits");
    qn_distribution *d = NULL;
    assert_fails(qn_sampler_probabilities(s, NULL, -1, 0, &d), QN_ERR_RANGE, "cutoff -1");
    qn_counts_clear(counts);
    assert_fails(qn_distribution_from_counts(counts, &d), QN_ERR_ARGUMENT, "without shots");
    qn_counts_free(counts);
    qn_sampler_free(s);
    qn_circuit_free(c);
    fixture_close(f);
}

static void interrupted(void **state)
{
    (void)state;
    volatile int stop = 1;
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.interrupt = &stop;
    fixture f;
    assert_ok(qn_context_create(&options, &f.context));
    assert_ok(qn_engine_open(f.context, "statevector", &f.engine));
    qn_circuit *c = until_success(1.0);
    qn_sampler *s = NULL;
    qn_counts *counts = NULL;
    assert_ok(qn_sampler_create(f.engine, c, 0, &s));
    assert_ok(qn_counts_create(4, &counts));
    assert_fails(qn_sampler_run(s, NULL, 1, 1000, &counts), QN_ERR_INTERRUPTED, "interrupted");
    stop = 0;
    assert_ok(qn_sampler_run(s, NULL, 1, 1000, &counts));
    qn_counts_free(counts);
    qn_sampler_free(s);
    qn_circuit_free(c);
    fixture_close(f);
}

static void failing_memory(void **state)
{
    (void)state;
    for (size_t e = 0; e < qn_engine_count(); e++) {
        fixture f = fixture_open(qn_engine_describe(e)->name, 1);
        qn_circuit *c = with_bits(3, 3);
        qn_random r = {11};
        assert_ok(qn_circuit_add_variable(c, "n", QN_TYPE_UINT, 3, 0, 0, NULL));
        random_body(c, &r, 3, 15, 20, 0);
        assert_ok(qn_circuit_append_measure(c, 0, 0));
        const uint64_t held = qn_memory().bytes_now;
        for (uint64_t n = 1;; n++) {
            qn_sampler *s = NULL;
            qn_counts *counts = NULL;
            qn_distribution *d = NULL;
            uint64_t memory[50];
            (void)qn__alloc_fail_at(n, false);
            qn_status status = qn_counts_create(3, &counts);
            if (status == QN_OK) {
                status = qn_sampler_create(f.engine, c, 0, &s);
            }
            if (status == QN_OK) {
                status = qn_sampler_run(s, NULL, 1, 200, &counts);
            }
            if (status == QN_OK) {
                status = qn_sampler_memory(s, NULL, 50, memory);
            }
            if (status == QN_OK) {
                status = qn_sampler_probabilities(s, NULL, 0, 0, &d);
            }
            const bool done = qn__alloc_fail_at(0, false) != 0;
            qn_distribution_free(d);
            qn_counts_free(counts);
            qn_sampler_free(s);
            assert_int_equal(qn_memory().bytes_now, held);
            assert_int_equal(status, done ? QN_OK : QN_ERR_MEMORY);
            if (done) {
                break;
            }
        }
        qn_circuit_free(c);
        fixture_close(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_circuits),
        cmocka_unit_test(teleportation),
        cmocka_unit_test(repeat_until_success),
        cmocka_unit_test(iterative_phase_estimation),
        cmocka_unit_test(expressions_of_parameters),
        cmocka_unit_test(reproducible),
        cmocka_unit_test(shot_by_shot),
        cmocka_unit_test(refusals),
        cmocka_unit_test(interrupted),
        cmocka_unit_test(failing_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
