/* draw_fixture.h: circuits to draw, and what every test of drawings needs. */
#ifndef QN_TESTS_DRAW_FIXTURE_H
#define QN_TESTS_DRAW_FIXTURE_H

#include <qn_test.h>

#include <quern/draw.h>

#include "base/alloc.h"
#include "base/rng.h"

static const double PI_HERE = 3.14159265358979323846;

static inline void add(qn_circuit *circuit, qn_gate gate, const uint32_t *qubits, size_t count)
{
    assert_ok(qn_circuit_append(circuit, gate, qubits, count, NULL, 0));
}
#define ADD(circuit, gate, ...)                                                                                        \
    add((circuit), (gate), (const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static inline void add_angle(qn_circuit *circuit, qn_gate gate, double angle, const uint32_t *qubits, size_t count)
{
    const qn_param param = QN_PARAM(angle);
    assert_ok(qn_circuit_append(circuit, gate, qubits, count, &param, 1));
}
#define ADD_ANGLE(circuit, gate, angle, ...)                                                                           \
    add_angle((circuit), (gate), (angle), (const uint32_t[]){__VA_ARGS__},                                             \
              sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))

static inline qn_circuit *new_circuit(uint32_t nqubits)
{
    qn_circuit *circuit = NULL;
    assert_ok(qn_circuit_create(nqubits, &circuit));
    return circuit;
}

/* All shapes of gates. */
static inline qn_circuit *plain_circuit(void)
{
    qn_circuit *c = new_circuit(3);
    ADD(c, QN_GATE_H, 0);
    ADD(c, QN_GATE_CX, 0, 1);
    ADD(c, QN_GATE_CX, 1, 2);
    ADD_ANGLE(c, QN_GATE_RZ, PI_HERE / 4, 2);
    ADD(c, QN_GATE_CCX, 0, 2, 1);
    ADD(c, QN_GATE_SWAP, 0, 2);
    ADD(c, QN_GATE_CZ, 0, 2);
    ADD_ANGLE(c, QN_GATE_CP, PI_HERE / 8, 2, 0);
    ADD(c, QN_GATE_CSWAP, 1, 0, 2);
    ADD_ANGLE(c, QN_GATE_RXX, 0.3, 0, 2);
    ADD(c, QN_GATE_DCX, 1, 0);
    ADD(c, QN_GATE_SX, 1);
    const qn_param phase = QN_PARAM(PI_HERE / 3);
    assert_ok(qn_circuit_append(c, QN_GATE_GPHASE, NULL, 0, &phase, 1));
    const uint32_t ends[2] = {0, 2}, middle[1] = {1}, all[3] = {0, 1, 2};
    assert_ok(qn_circuit_append_controlled(c, QN_GATE_H, ends, 2, 1, middle, 1, NULL, 0));
    assert_ok(qn_circuit_append_controlled(c, QN_GATE_GPHASE, ends, 2, 3, NULL, 0, &phase, 1));
    assert_ok(qn_circuit_append_pauli_rotation(c, "XZY", all, 3, QN_PARAM(1.234567)));
    assert_ok(qn_circuit_append_pauli_rotation(c, "XIY", all, 3, QN_PARAM(-PI_HERE)));
    uint32_t symbol = 0;
    assert_ok(qn_circuit_add_symbol(c, "theta", &symbol));
    const qn_param_term term = {symbol, 2};
    const qn_param affine = {0.1, &term, 1, 0};
    assert_ok(qn_circuit_append(c, QN_GATE_RX, middle, 1, &affine, 1));
    assert_ok(qn_circuit_append_controlled(c, QN_GATE_ISWAP, middle, 1, 0, ends, 2, NULL, 0));
    return c;
}

typedef struct dynamic_names {
    uint32_t q, anc, c, flag, n;        /* variables */
    uint32_t c_is_3, flag_set, n_and_1; /* expressions */
} dynamic_names;

static inline dynamic_names declare_names(qn_circuit *c)
{
    dynamic_names names;
    assert_ok(qn_circuit_add_variable(c, "q", QN_TYPE_QUBITS, 3, 0, 0, &names.q));
    assert_ok(qn_circuit_add_variable(c, "anc", QN_TYPE_QUBITS, 1, 3, 0, &names.anc));
    assert_ok(qn_circuit_add_variable(c, "c", QN_TYPE_BITS, 3, 0, 0, &names.c));
    assert_ok(qn_circuit_add_variable(c, "flag", QN_TYPE_BITS, 1, 0, 0, &names.flag));
    assert_ok(qn_circuit_add_variable(c, "n", QN_TYPE_INT, 32, 0, 0, &names.n));
    const qn_token equal[3] = {{.kind = QN_TOKEN_BITS, .type = QN_TYPE_UINT, .width = 3, .index = 0},
                               {.kind = QN_TOKEN_INT, .type = QN_TYPE_UINT, .width = 3, .integer = 3},
                               {.kind = QN_TOKEN_EQUAL, .type = QN_TYPE_UINT, .width = 3}};
    const qn_token bit[1] = {{.kind = QN_TOKEN_BIT, .type = QN_TYPE_BOOL, .width = 1, .index = 3}};
    const qn_token plus[3] = {{.kind = QN_TOKEN_VARIABLE, .type = QN_TYPE_INT, .width = 32, .index = names.n},
                              {.kind = QN_TOKEN_INT, .type = QN_TYPE_INT, .width = 32, .integer = 1},
                              {.kind = QN_TOKEN_ADD, .type = QN_TYPE_INT, .width = 32}};
    assert_ok(qn_circuit_add_expression(c, equal, 3, &names.c_is_3));
    assert_ok(qn_circuit_add_expression(c, bit, 1, &names.flag_set));
    assert_ok(qn_circuit_add_expression(c, plus, 3, &names.n_and_1));
    return names;
}

/* Measurements, conditions in a loop, an assignment, an angle known at run time. */
static inline qn_circuit *dynamic_circuit(void)
{
    qn_circuit *c = new_circuit(4);
    const dynamic_names names = declare_names(c);
    const uint32_t two[2] = {0, 1}, third[1] = {2};
    qn_circuit_set_line(c, 7);
    ADD(c, QN_GATE_H, 0);
    ADD(c, QN_GATE_CX, 0, 1);
    assert_ok(qn_circuit_append_measure(c, 0, 0));
    assert_ok(qn_circuit_append_measure(c, 1, 1));
    assert_ok(qn_circuit_append_barrier(c, NULL, 0));
    assert_ok(qn_circuit_append_flow(c, QN_OP_IF, names.c_is_3));
    ADD(c, QN_GATE_X, 2);
    assert_ok(qn_circuit_append_flow(c, QN_OP_ELSE, 0));
    ADD(c, QN_GATE_H, 2);
    ADD(c, QN_GATE_CZ, 2, 3);
    assert_ok(qn_circuit_append_flow(c, QN_OP_END, 0));
    assert_ok(qn_circuit_append_reset(c, 0));
    assert_ok(qn_circuit_append_delay(c, 100e-9, two, 2));
    assert_ok(qn_circuit_append_flow(c, QN_OP_WHILE, names.flag_set));
    ADD(c, QN_GATE_H, 1);
    assert_ok(qn_circuit_append_measure(c, 1, 3));
    assert_ok(qn_circuit_append_flow(c, QN_OP_IF, names.c_is_3));
    ADD(c, QN_GATE_X, 1);
    assert_ok(qn_circuit_append_flow(c, QN_OP_BREAK, 0));
    assert_ok(qn_circuit_append_flow(c, QN_OP_END, 0));
    assert_ok(qn_circuit_append_assign(c, names.n, names.n_and_1));
    assert_ok(qn_circuit_append_flow(c, QN_OP_END, 0));
    ADD(c, QN_GATE_T, 3);
    const qn_param late = {0, NULL, 0, names.n_and_1};
    assert_ok(qn_circuit_append(c, QN_GATE_RY, third, 1, &late, 1));
    assert_ok(qn_circuit_append_measure(c, 3, 2));
    return c;
}

/* `count` gates over all qubits in a fixed pattern. */
static inline qn_circuit *long_circuit(uint32_t nqubits, size_t count)
{
    qn_circuit *c = new_circuit(nqubits);
    for (size_t i = 0; i < count; i++) {
        const uint32_t q = (uint32_t)(i % nqubits), other = (q + 1) % nqubits;
        if (i % 3 == 0) {
            ADD(c, QN_GATE_CX, q, other);
        } else {
            ADD_ANGLE(c, QN_GATE_RZ, 0.125, q);
        }
    }
    return c;
}

static inline uint32_t below(uint64_t seed, uint64_t *draw, uint32_t limit)
{
    return (uint32_t)(qn__random_uniform(seed, 9, (*draw)++) * limit);
}

/* Gates, measurements, resets, assignments and conditions, one in the other. */
static inline qn_circuit *random_circuit(uint64_t seed, uint32_t n, size_t count)
{
    qn_circuit *c = new_circuit(n);
    uint32_t names[2] = {0, 0}, expression = 0, open = 0;
    uint64_t draw = 0;
    assert_ok(qn_circuit_add_variable(c, "a", QN_TYPE_BITS, 2, 0, 0, &names[0]));
    assert_ok(qn_circuit_add_variable(c, "b", QN_TYPE_BITS, 2, 0, 0, &names[1]));
    const qn_token bit[1] = {{.kind = QN_TOKEN_BIT, .type = QN_TYPE_BOOL, .width = 1, .index = 1}};
    assert_ok(qn_circuit_add_expression(c, bit, 1, &expression));
    for (size_t i = 0; i < count; i++) {
        const uint32_t q = below(seed, &draw, n), r = (q + 1 + below(seed, &draw, n - 1)) % n;
        switch (below(seed, &draw, 12)) {
        case 0:
            assert_ok(qn_circuit_append_measure(c, q, below(seed, &draw, 4)));
            break;
        case 1:
            assert_ok(qn_circuit_append_reset(c, q));
            break;
        case 2:
            assert_ok(qn_circuit_append_flow(c, QN_OP_IF, expression));
            open++;
            break;
        case 3:
            if (open > 0) {
                assert_ok(qn_circuit_append_flow(c, QN_OP_END, 0));
                open--;
            }
            break;
        case 4:
            assert_ok(qn_circuit_append_assign_bit(c, below(seed, &draw, 4), expression));
            break;
        case 5:
        case 6:
            ADD(c, QN_GATE_H, q);
            break;
        default:
            ADD(c, QN_GATE_CX, q, r);
            break;
        }
    }
    for (; open > 0; open--) {
        assert_ok(qn_circuit_append_flow(c, QN_OP_END, 0));
    }
    return c;
}

/* Texts equal; else both are shown. */
static inline void check_text(const char *got, const char *expected)
{
    if (strcmp(got, expected) != 0) {
        print_error("got:\n%s\nexpected:\n%s\n", got, expected);
        fail();
    }
}

/* `call` is tried with the n-th allocation failing, n = 1, 2, 3, ..., until it succeeds; `text` must stay NULL. */
#define CHECK_ALLOCATIONS(call, text)                                                                                  \
    do {                                                                                                               \
        uint64_t qn_nth = 1;                                                                                           \
        for (;; qn_nth++) {                                                                                            \
            qn__alloc_fail_at(qn_nth, false);                                                                          \
            const qn_status qn_got = (call);                                                                           \
            qn__alloc_fail_at(0, false);                                                                               \
            if (qn_got == QN_OK) {                                                                                     \
                break;                                                                                                 \
            }                                                                                                          \
            assert_int_equal(qn_got, QN_ERR_MEMORY);                                                                   \
            assert_null(text);                                                                                         \
        }                                                                                                              \
        assert_true(qn_nth > 10);                                                                                      \
        qn__free(text);                                                                                                \
        (text) = NULL;                                                                                                 \
    } while (0)

#endif
