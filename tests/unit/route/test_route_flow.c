/* test_route_flow.c: routing of dynamic circuits: whatever way a shot takes, the routed circuit does the same. */
#include "base/alloc.h"
#include "route_check.h"

/* A way through a circuit: what each condition says, in order. Dynamic operations are replaced by gates that mark where
 * they stand, so that dense simulation of the two ways can be compared. */
typedef struct way {
    uint64_t decisions;
    uint32_t taken;
} way;

static bool decide(way *w)
{
    const bool yes = (w->decisions >> (w->taken % 64) & 1) != 0;
    w->taken++;
    return w->taken < 40 && yes; /* loops end */
}

/* Index behind the END (or at the ELSE, when `to_else`) that matches the opening at `i`. */
static size_t match(const qn_circuit *c, size_t i, bool to_else)
{
    uint32_t depth = 0;
    for (;; i++) {
        qn_operation op;
        qn_circuit_operation(c, i, &op);
        depth += op.kind == QN_OP_IF || op.kind == QN_OP_WHILE ? 1 : 0;
        if (op.kind == QN_OP_END && --depth == 0) {
            return i;
        }
        if (to_else && depth == 1 && op.kind == QN_OP_ELSE) {
            return i;
        }
    }
}

/* Where the block that holds operation `i` begins; the innermost loop when `loop`. */
static size_t opening(const qn_circuit *c, size_t i, bool loop)
{
    uint32_t depth = 0;
    for (;;) {
        qn_operation op;
        qn_circuit_operation(c, --i, &op);
        if (op.kind == QN_OP_END) {
            depth++;
        } else if (op.kind == QN_OP_IF || op.kind == QN_OP_WHILE) {
            if (depth == 0 && (!loop || op.kind == QN_OP_WHILE)) {
                return i;
            }
            depth -= depth > 0 ? 1 : 0;
        }
    }
}

/* Run a way. Measurements multiply the amplitude of 1 by a number of their bit, resets by another: linear maps that
 * tell every measurement and its qubit. */
static dense_complex *follow(const qn_circuit *c, size_t start, way w)
{
    const uint32_t n = qn_circuit_qubits(c);
    const size_t size = (size_t)1 << n;
    dense_complex *state = dense_new(size);
    state[start] = 1;
    for (size_t i = 0; i < qn_circuit_operations(c); i++) {
        qn_operation op;
        qn_circuit_operation(c, i, &op);
        if (op.kind == QN_OP_GATE) {
            dense_apply(&op, NULL, n, state);
        } else if (op.kind == QN_OP_MEASURE || op.kind == QN_OP_RESET) {
            const double factor = op.kind == QN_OP_RESET ? 0.3 : 0.5 + 0.1 * op.bit;
            for (size_t b = 0; b < size; b++) {
                state[b] *= (b >> op.targets[0] & 1) != 0 ? factor : 1;
            }
        } else if (op.kind == QN_OP_IF) {
            i = decide(&w) ? i : match(c, i, true);
        } else if (op.kind == QN_OP_ELSE) {
            i = match(c, opening(c, i, false), false);
        } else if (op.kind == QN_OP_WHILE) {
            i = decide(&w) ? i : match(c, i, false);
        } else if (op.kind == QN_OP_END) {
            qn_operation first;
            const size_t at = opening(c, i, false);
            qn_circuit_operation(c, at, &first);
            i = first.kind == QN_OP_WHILE ? at - 1 : i;
        } else if (op.kind == QN_OP_BREAK) {
            i = match(c, opening(c, i, true), false);
        } else if (op.kind == QN_OP_CONTINUE) {
            i = opening(c, i, true) - 1;
        } else if (op.kind == QN_OP_STOP) {
            break;
        }
    }
    return state;
}

static uint32_t truth(qn_circuit *c, uint32_t variable)
{
    const qn_token tokens[3] = {{.kind = QN_TOKEN_VARIABLE, .type = QN_TYPE_INT, .width = 32, .index = variable},
                                {.kind = QN_TOKEN_INT, .type = QN_TYPE_INT, .width = 32, .integer = 3},
                                {.kind = QN_TOKEN_LESS, .type = QN_TYPE_INT, .width = 32}};
    uint32_t expression = 0;
    assert_ok(qn_circuit_add_expression(c, tokens, 3, &expression));
    return expression;
}

static void random_gates(qn_random *r, qn_circuit *c, uint32_t count)
{
    const uint32_t n = qn_circuit_qubits(c);
    for (uint32_t k = 0; k < count; k++) {
        uint32_t qubits[2];
        const qn_param angle = QN_PARAM(qn_random_between(r, -2, 2));
        static const qn_gate gates[6] = {QN_GATE_CX, QN_GATE_RZZ, QN_GATE_SWAP, QN_GATE_RY, QN_GATE_H, QN_GATE_CRX};
        const qn_gate_info *info = qn_gate_describe(gates[qn_random_below(r, 6)]);
        qn_random_qubits(r, n, 2, qubits);
        assert_ok(qn_circuit_append(c, info->gate, qubits, info->qubits, &angle, info->params));
    }
    if (qn_random_below(r, 2) == 0) {
        assert_ok(qn_circuit_append_measure(c, qn_random_below(r, n), qn_random_below(r, 4)));
    }
    if (qn_random_below(r, 4) == 0) {
        assert_ok(qn_circuit_append_reset(c, qn_random_below(r, n)));
    }
}

static void random_block(qn_random *r, qn_circuit *c, uint32_t expression, uint32_t depth, bool loop)
{
    random_gates(r, c, 4);
    if (depth == 0) {
        if (loop && qn_random_below(r, 2) == 0) {
            assert_ok(qn_circuit_append_flow(c, qn_random_below(r, 2) == 0 ? QN_OP_BREAK : QN_OP_CONTINUE, 0));
            random_gates(r, c, 2); /* dead */
        } else if (qn_random_below(r, 8) == 0) {
            assert_ok(qn_circuit_append_flow(c, QN_OP_STOP, 0));
        }
        return;
    }
    const bool inner = qn_random_below(r, 2) == 0;
    assert_ok(qn_circuit_append_flow(c, inner ? QN_OP_WHILE : QN_OP_IF, expression));
    random_block(r, c, expression, depth - 1, loop || inner);
    if (!inner && qn_random_below(r, 2) == 0) {
        assert_ok(qn_circuit_append_flow(c, QN_OP_ELSE, 0));
        random_block(r, c, expression, depth - 1, loop);
    }
    assert_ok(qn_circuit_append_flow(c, QN_OP_END, 0));
    random_gates(r, c, 3);
}

static bool stops(const qn_circuit *c)
{
    bool found = false;
    for (size_t i = 0; i < qn_circuit_operations(c); i++) {
        qn_operation op;
        qn_circuit_operation(c, i, &op);
        found = found || op.kind == QN_OP_STOP;
    }
    return found;
}

static void every_way_does_the_same(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (unsigned round = 0; round < 60 * qn_test_scale(); round++) {
        const uint32_t n = 4;
        qn_circuit *c = NULL, *routed = NULL;
        assert_ok(qn_circuit_create(n, &c));
        uint32_t q = 0, variable = 0, bits = 0;
        assert_ok(qn_circuit_add_variable(c, "q", QN_TYPE_QUBITS, n, 0, 0, &q));
        assert_ok(qn_circuit_add_variable(c, "i", QN_TYPE_INT, 32, 0, 0, &variable));
        assert_ok(qn_circuit_add_variable(c, "c", QN_TYPE_BITS, 4, 0, QN_VARIABLE_OUTPUT, &bits));
        const uint32_t expression = truth(c, variable);
        random_gates(&r, c, 5);
        random_block(&r, c, expression, 1 + qn_random_below(&r, 3), false);
        random_block(&r, c, expression, qn_random_below(&r, 2), false);
        if (stops(c)) { /* where it stops the qubits are anywhere: only the bits count, which `follow` cannot see */
            qn_circuit_free(c);
            continue;
        }
        qn_coupling *map = coupling_of(round % 2 == 0 ? "line:5" : "star:4");
        qn_route_result result;
        assert_ok(qn_pass_route(c, map, round, 2, &routed, &result));
        const uint32_t m = qn_coupling_qubits(map);
        check_edges(routed, map);
        check_layouts(&result, n, m);
        for (int tries = 0; tries < 12; tries++) {
            const way w = {qn_random_word(&r), 0};
            const size_t b = qn_random_below(&r, 1u << n);
            dense_complex *in = follow(c, b, w), *out = follow(routed, placed(b, result.initial, n), w);
            dense_complex *expected = dense_new((size_t)1 << m);
            for (size_t i = 0; i < (size_t)1 << n; i++) {
                expected[placed(i, result.final_layout, n)] = in[i];
            }
            assert_near(dense_distance(out, expected, (size_t)1 << m), 0, 1e-9);
            free(in);
            free(out);
            free(expected);
        }
        qn_route_result_free(&result);
        qn_coupling_free(map);
        qn_circuit_free(routed);
        qn_circuit_free(c);
    }
}

/* The classical side comes along: registers but the quantum one, variables, expressions, lines, and their order: a
 * measurement stays before the assignment that reads its bit, and behind the one that wrote it. */
static void classical_memory_comes_along(void **state)
{
    (void)state;
    qn_circuit *c = NULL, *routed = NULL;
    assert_ok(qn_circuit_create(3, &c));
    uint32_t q = 0, bits = 0, number = 0, hidden = 0, add = 0, angle = 0;
    assert_ok(qn_circuit_add_variable(c, "q", QN_TYPE_QUBITS, 3, 0, 0, &q));
    assert_ok(qn_circuit_add_variable(c, "c", QN_TYPE_BITS, 2, 0, QN_VARIABLE_OUTPUT, &bits));
    assert_ok(qn_circuit_add_variable(c, "n", QN_TYPE_UINT, 8, 0, 0, &number));
    assert_ok(qn_circuit_add_variable(c, "h", QN_TYPE_FLOAT, 64, 0, QN_VARIABLE_HIDDEN, &hidden));
    const qn_token sum[3] = {{.kind = QN_TOKEN_VARIABLE, .type = QN_TYPE_UINT, .width = 8, .index = number},
                             {.kind = QN_TOKEN_BITS, .type = QN_TYPE_UINT, .width = 2, .index = 0},
                             {.kind = QN_TOKEN_ADD, .type = QN_TYPE_UINT, .width = 8}};
    const qn_token read[1] = {{.kind = QN_TOKEN_VARIABLE, .type = QN_TYPE_FLOAT, .width = 64, .index = hidden}};
    assert_ok(qn_circuit_add_expression(c, sum, 3, &add));
    assert_ok(qn_circuit_add_expression(c, read, 1, &angle));
    const uint32_t far[2] = {0, 2}, near[2] = {0, 1};
    const qn_param turned = {0.5, NULL, 0, angle};
    qn_circuit_set_line(c, 17);
    assert_ok(qn_circuit_append(c, QN_GATE_CX, far, 2, NULL, 0));
    assert_ok(qn_circuit_append(c, QN_GATE_CX, near, 2, NULL, 0));
    assert_ok(qn_circuit_append_measure(c, 2, 0));
    assert_ok(qn_circuit_append_assign(c, number, add));
    assert_ok(qn_circuit_append_measure(c, 1, 0));
    assert_ok(qn_circuit_append(c, QN_GATE_RX, far, 1, &turned, 1));
    assert_ok(qn_circuit_append_assign_bit(c, 1, add));
    assert_ok(qn_circuit_append_delay(c, 1e-6, far, 2));
    assert_ok(qn_circuit_append_barrier(c, far, 2));
    assert_ok(qn_circuit_append_measure(c, 2, QN_NO_BIT));
    qn_coupling *map = coupling_of("line:4");
    qn_route_result result;
    assert_ok(qn_pass_route(c, map, 0, 0, &routed, &result));
    assert_int_equal(result.swaps, 0);
    assert_int_equal(qn_circuit_variables(routed), 3);
    static const char *const names[3] = {"c", "n", "h"};
    for (size_t i = 0; i < 3; i++) {
        qn_variable v;
        qn_circuit_variable(routed, i, &v);
        assert_string_equal(v.name, names[i]);
        assert_int_equal(v.flags, i == 0 ? QN_VARIABLE_OUTPUT : i == 2 ? QN_VARIABLE_HIDDEN : 0);
    }
    size_t count = 0;
    const qn_token *tokens = qn_circuit_expression(routed, add, &count);
    assert_int_equal(count, 3);
    assert_int_equal(tokens[0].index, 1); /* "n" has moved up */
    assert_int_equal(tokens[1].index, 0);
    static const qn_op_kind kinds[] = {QN_OP_MEASURE, QN_OP_ASSIGN, QN_OP_MEASURE, QN_OP_GATE, QN_OP_ASSIGN};
    size_t seen = 0;
    for (size_t i = 0; i < qn_circuit_operations(routed); i++) {
        qn_operation op;
        qn_circuit_operation(routed, i, &op);
        assert_int_equal(op.line, 17);
        if (op.kind == QN_OP_MEASURE && op.bit == QN_NO_BIT) {
            continue;
        }
        if (op.kind == QN_OP_MEASURE || op.kind == QN_OP_ASSIGN || op.gate == QN_GATE_RX) {
            assert_true(seen < 5);
            assert_int_equal(op.kind, kinds[seen]);
            if (op.kind == QN_OP_ASSIGN) {
                assert_int_equal(op.variable, seen == 1 ? 1 : op.variable);
                assert_int_equal(op.bit, seen == 1 ? QN_NO_BIT : 1);
            } else if (op.kind == QN_OP_GATE) {
                assert_int_equal(op.params[0].expression, angle);
            } else {
                assert_int_equal(op.targets[0], result.final_layout[seen == 0 ? 2 : 1]);
            }
            seen++;
        }
    }
    assert_int_equal(seen, 5);
    qn_route_result_free(&result);
    qn_circuit_free(routed);
    qn_circuit_free(c);
    qn_coupling_free(map);
}

static void open_blocks_are_refused(void **state)
{
    (void)state;
    qn_circuit *c = NULL, *routed = NULL;
    uint32_t variable = 0;
    assert_ok(qn_circuit_create(2, &c));
    assert_ok(qn_circuit_add_variable(c, "i", QN_TYPE_INT, 32, 0, 0, &variable));
    assert_ok(qn_circuit_append_flow(c, QN_OP_IF, truth(c, variable)));
    qn_coupling *map = coupling_of("line:2");
    qn_route_result result;
    assert_fails(qn_pass_route(c, map, 0, 0, &routed, &result), QN_ERR_ARGUMENT, "1 open block");
    qn_coupling_free(map);
    qn_circuit_free(c);
}

static void failing_memory_leaks_nothing(void **state)
{
    (void)state;
    qn_random r = {11};
    qn_circuit *c = NULL;
    uint32_t variable = 0, bits = 0;
    assert_ok(qn_circuit_create(4, &c));
    assert_ok(qn_circuit_add_variable(c, "i", QN_TYPE_INT, 32, 0, 0, &variable));
    assert_ok(qn_circuit_add_variable(c, "c", QN_TYPE_BITS, 4, 0, 0, &bits));
    random_block(&r, c, truth(c, variable), 2, false);
    qn_coupling *map = coupling_of("line:4");
    const uint64_t before = qn_memory().bytes_now;
    for (uint64_t n = 1;; n++) {
        qn_circuit *routed = NULL;
        qn_route_result result = {0};
        qn__alloc_fail_at(n, false);
        const qn_status status = qn_pass_route(c, map, 0, 1, &routed, &result);
        const bool happened = qn__alloc_fail_at(0, false) == 0;
        assert_int_equal(status, happened ? QN_ERR_MEMORY : QN_OK);
        qn_circuit_free(routed);
        qn_route_result_free(&result);
        assert_int_equal(qn_memory().bytes_now, before);
        if (!happened) {
            break;
        }
    }
    qn_coupling_free(map);
    qn_circuit_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_does_the_same),
        cmocka_unit_test(classical_memory_comes_along),
        cmocka_unit_test(open_blocks_are_refused),
        cmocka_unit_test(failing_memory_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
