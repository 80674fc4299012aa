/* The classical side of circuits: declarations, appending, nesting, whole-circuit operations, keys, depth, errors. */
#include "qn_test.h"

#include <quern/classical.h>
#include <quern/context.h>

#include "base/alloc.h"

#define TOKEN(...) ((qn_token){__VA_ARGS__})

static qn_token bit_token(uint32_t bit)
{
    return TOKEN(.kind = QN_TOKEN_BIT, .index = bit);
}

static uint32_t add(qn_circuit *c, const qn_token *tokens, size_t count)
{
    uint32_t out = 0;
    assert_ok(qn_circuit_add_expression(c, tokens, count, &out));
    return out;
}

/* Two bit registers, an int, a symbol, a conditioned gate with a run-time angle, a loop. */
static qn_circuit *sample_circuit(const char *extra)
{
    qn_circuit *c = NULL;
    uint32_t v = 0, n = 0, theta = 0;
    assert_ok(qn_circuit_create(3, &c));
    assert_ok(qn_circuit_add_variable(c, "q", QN_TYPE_QUBITS, 3, 0, 0, &v));
    if (extra != NULL) {
        assert_ok(qn_circuit_add_variable(c, extra, QN_TYPE_BITS, 5, 0, 0, &v));
    }
    assert_ok(qn_circuit_add_variable(c, "a", QN_TYPE_BITS, 2, 0, 0, &v));
    qn_variable a;
    qn_circuit_variable(c, v, &a);
    assert_ok(qn_circuit_add_variable(c, "n", QN_TYPE_INT, 8, 0, 0, &n));
    assert_ok(qn_circuit_add_symbol(c, "theta", &theta));
    qn_circuit_set_line(c, 7);
    assert_ok(qn_circuit_append_measure(c, 1, a.first + 1));
    const qn_token angle[] = {TOKEN(.kind = QN_TOKEN_BITS, .index = a.first, .width = 2),
                              TOKEN(.kind = QN_TOKEN_SYMBOL, .index = theta),
                              TOKEN(.kind = QN_TOKEN_MULTIPLY, .type = QN_TYPE_FLOAT, .width = 64)};
    const qn_param_term term = {theta, 2.0};
    const qn_param param = {0.5, &term, 1, add(c, angle, 3)};
    const uint32_t q2 = 2, q0 = 0;
    assert_ok(qn_circuit_append(c, QN_GATE_RX, &q2, 1, &param, 1));
    const qn_token test = bit_token(a.first + 1);
    const uint32_t condition = add(c, &test, 1);
    assert_ok(qn_circuit_append_flow(c, QN_OP_WHILE, condition));
    assert_ok(qn_circuit_append_flow(c, QN_OP_IF, condition));
    assert_ok(qn_circuit_append_reset(c, 0));
    assert_ok(qn_circuit_append_flow(c, QN_OP_ELSE, 0));
    assert_ok(qn_circuit_append_flow(c, QN_OP_BREAK, 0));
    assert_ok(qn_circuit_append_flow(c, QN_OP_END, 0));
    const qn_token next[] = {TOKEN(.kind = QN_TOKEN_VARIABLE, .index = n),
                             TOKEN(.kind = QN_TOKEN_INT, .type = QN_TYPE_INT, .width = 8, .integer = 1),
                             TOKEN(.kind = QN_TOKEN_ADD, .type = QN_TYPE_INT, .width = 8)};
    assert_ok(qn_circuit_append_assign(c, n, add(c, next, 3)));
    assert_ok(qn_circuit_append_assign_bit(c, a.first, condition));
    assert_ok(qn_circuit_append_flow(c, QN_OP_END, 0));
    assert_ok(qn_circuit_append_barrier(c, NULL, 0));
    assert_ok(qn_circuit_append_delay(c, -12, &q0, 1));
    return c;
}

/* Every field of every operation, numbers of bits and variables shifted by `bits` and `variables`. */
static void assert_same(const qn_circuit *a, size_t from, const qn_circuit *b, uint32_t bits, uint32_t variables)
{
    for (size_t i = 0; i < qn_circuit_operations(b); i++) {
        qn_operation x, y;
        qn_circuit_operation(a, from + i, &x);
        qn_circuit_operation(b, i, &y);
        assert_int_equal(x.kind, y.kind);
        assert_int_equal(x.line, y.line);
        assert_int_equal(x.bit, y.bit == QN_NO_BIT ? QN_NO_BIT : y.bit + bits);
        assert_int_equal(x.variable, y.variable == QN_NO_BIT ? QN_NO_BIT : y.variable + variables);
        assert_int_equal(x.expression == 0, y.expression == 0);
        assert_int_equal(x.ntargets, y.ntargets);
        assert_int_equal(x.nparams, y.nparams);
        assert_int_equal(x.gate, y.gate);
        for (uint32_t k = 0; k < x.ntargets; k++) {
            assert_int_equal(x.targets[k], y.targets[k]);
        }
        for (uint32_t k = 0; k < x.nparams; k++) {
            assert_near(x.params[k].constant, y.params[k].constant, 0);
            assert_int_equal(x.params[k].expression == 0, y.params[k].expression == 0);
        }
    }
}

static void holds_what_is_appended(void **state)
{
    (void)state;
    qn_circuit *c = sample_circuit(NULL);
    assert_true(qn_circuit_is_dynamic(c));
    assert_int_equal(qn_circuit_bits(c), 2);
    assert_int_equal(qn_circuit_variables(c), 3);
    assert_int_equal(qn_circuit_expressions(c), 3);
    static const qn_op_kind kinds[] = {QN_OP_MEASURE, QN_OP_GATE,    QN_OP_WHILE, QN_OP_IF,     QN_OP_RESET,
                                       QN_OP_ELSE,    QN_OP_BREAK,   QN_OP_END,   QN_OP_ASSIGN, QN_OP_ASSIGN,
                                       QN_OP_END,     QN_OP_BARRIER, QN_OP_DELAY};
    assert_int_equal(qn_circuit_operations(c), sizeof kinds / sizeof kinds[0]);
    qn_operation op;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        qn_circuit_operation(c, i, &op);
        assert_int_equal(op.kind, kinds[i]);
        assert_int_equal(op.line, 7);
    }
    qn_circuit_operation(c, 0, &op);
    assert_int_equal(op.bit, 1);
    assert_int_equal(op.targets[0], 1);
    qn_circuit_operation(c, 1, &op);
    assert_int_equal(op.params[0].expression, 1);
    qn_circuit_operation(c, 8, &op);
    assert_int_equal(op.variable, 2);
    assert_int_equal(op.expression, 3);
    assert_int_equal(op.bit, QN_NO_BIT);
    qn_circuit_operation(c, 9, &op);
    assert_int_equal(op.bit, 0);
    assert_int_equal(op.variable, QN_NO_BIT);
    qn_circuit_operation(c, 12, &op);
    assert_near(op.params[0].constant, -12, 0);
    qn_circuit_free(c);
}

static void whole_circuits(void **state)
{
    (void)state;
    qn_circuit *c = sample_circuit(NULL), *copy = NULL, *bound = NULL, *other = sample_circuit("before");
    assert_ok(qn_circuit_clone(c, &copy));
    assert_int_equal(qn_circuit_operations(copy), qn_circuit_operations(c));
    assert_same(copy, 0, c, 0, 0);
    /* c's registers come after `before` in `other`: bits move up by 5, variables by 1, expressions by 3 */
    const size_t from = qn_circuit_operations(other);
    assert_ok(qn_circuit_append_circuit(other, c));
    assert_int_equal(qn_circuit_bits(other), 7);
    assert_int_equal(qn_circuit_expressions(other), 6);
    assert_same(other, from, c, 5, 1);
    size_t count = 0;
    const qn_token *tokens = qn_circuit_expression(other, 4, &count);
    assert_int_equal(count, 3);
    assert_int_equal(tokens[0].index, 5);
    qn_operation op;
    qn_circuit_operation(other, from + 1, &op);
    assert_int_equal(op.params[0].expression, 4);
    /* bind: the symbol in the expression becomes a number, the expression stays */
    const double theta = 0.25;
    assert_ok(qn_circuit_bind(c, &theta, 1, &bound));
    assert_int_equal(qn_circuit_symbols(bound), 0);
    qn_circuit_operation(bound, 1, &op);
    assert_near(op.params[0].constant, 1.0, 0);
    const uint64_t bits = 3;
    qn_value value;
    assert_ok(qn_expression_evaluate(bound, op.params[0].expression, &(qn_classical_state){&bits, NULL, NULL}, &value));
    assert_near(qn_value_number(&value), 0.75, 0);
    assert_fails(qn_circuit_inverse(c, &copy), QN_ERR_UNSUPPORTED, "operation 10 is end, which has no inverse");
    qn_circuit_free(c);
    qn_circuit_free(copy);
    qn_circuit_free(bound);
    qn_circuit_free(other);
}

static void inverse_keeps_barriers(void **state)
{
    (void)state;
    qn_circuit *c = NULL, *inverse = NULL;
    assert_ok(qn_circuit_create(2, &c));
    const uint32_t q[2] = {0, 1};
    assert_ok(qn_circuit_append(c, QN_GATE_S, q, 1, NULL, 0));
    assert_ok(qn_circuit_append_barrier(c, q, 2));
    assert_ok(qn_circuit_append_delay(c, 1e-6, q, 1));
    assert_false(qn_circuit_is_dynamic(c));
    assert_ok(qn_circuit_inverse(c, &inverse));
    qn_operation op;
    qn_circuit_operation(inverse, 0, &op);
    assert_int_equal(op.kind, QN_OP_DELAY);
    qn_circuit_operation(inverse, 1, &op);
    assert_int_equal(op.kind, QN_OP_BARRIER);
    qn_circuit_operation(inverse, 2, &op);
    assert_int_equal(op.gate, QN_GATE_SDG);
    qn_circuit_free(inverse);
    assert_ok(qn_circuit_append_measure(c, 0, QN_NO_BIT));
    assert_fails(qn_circuit_inverse(c, &inverse), QN_ERR_UNSUPPORTED, "operation 3 is a measurement");
    qn_circuit_free(c);
}

static void merge_conflicts(void **state)
{
    (void)state;
    qn_circuit *a = NULL, *b = NULL;
    assert_ok(qn_circuit_create(2, &a));
    assert_ok(qn_circuit_create(2, &b));
    assert_ok(qn_circuit_add_variable(a, "c", QN_TYPE_BITS, 2, 0, 0, NULL));
    assert_ok(qn_circuit_add_variable(a, "q", QN_TYPE_QUBITS, 2, 0, 0, NULL));
    assert_ok(qn_circuit_add_variable(b, "r", QN_TYPE_QUBITS, 1, 1, 0, NULL));
    assert_ok(qn_circuit_add_variable(b, "d", QN_TYPE_BITS, 2, 0, 0, NULL));
    assert_ok(qn_circuit_add_variable(b, "c", QN_TYPE_BITS, 3, 0, 0, NULL));
    assert_fails(qn_circuit_append_circuit(a, b), QN_ERR_ARGUMENT, "variable \"c\" means something else");
    assert_int_equal(qn_circuit_variables(a), 2); /* "d" was taken back */
    assert_int_equal(qn_circuit_bits(a), 2);
    assert_ok(qn_circuit_add_variable(a, "d", QN_TYPE_INT, 3, 0, 0, NULL));
    const qn_token yes = TOKEN(.kind = QN_TOKEN_BOOL, .integer = 1);
    assert_ok(qn_circuit_append_flow(b, QN_OP_IF, add(b, &yes, 1)));
    assert_fails(qn_circuit_append_circuit(a, b), QN_ERR_ARGUMENT, "1 open blocks");
    qn_circuit_free(a);
    qn_circuit_free(b);
}

static void keys(void **state)
{
    (void)state;
    qn_circuit *c = NULL;
    assert_ok(qn_circuit_create(3, &c));
    char text[64];
    const uint64_t six = 6;
    assert_int_equal(qn_circuit_key_size(c), 4);
    qn_circuit_key(c, &six, text);
    assert_string_equal(text, "110");
    assert_ok(qn_circuit_add_variable(c, "a", QN_TYPE_BITS, 2, 0, 0, NULL));
    assert_ok(qn_circuit_add_variable(c, "h", QN_TYPE_BITS, 3, 0, QN_VARIABLE_HIDDEN, NULL));
    assert_ok(qn_circuit_add_variable(c, "i", QN_TYPE_INT, 32, 0, 0, NULL));
    assert_ok(qn_circuit_add_variable(c, "b", QN_TYPE_BITS, 4, 0, 0, NULL));
    const uint64_t word = 1 | 7 << 2 | 8 << 5;
    assert_int_equal(qn_circuit_key_size(c), 8);
    qn_circuit_key(c, &word, text);
    assert_string_equal(text, "1000 01");
    qn_circuit_free(c);
}

static void depth(void **state)
{
    (void)state;
    qn_circuit *c = NULL;
    qn_circuit_cost cost;
    assert_ok(qn_circuit_create(3, &c));
    const uint32_t q[3] = {0, 1, 2};
    assert_ok(qn_circuit_append(c, QN_GATE_H, q, 1, NULL, 0));
    assert_ok(qn_circuit_append(c, QN_GATE_H, q, 1, NULL, 0));
    assert_ok(qn_circuit_append_barrier(c, q, 2)); /* qubit 2 not held up */
    assert_ok(qn_circuit_append(c, QN_GATE_H, q + 1, 1, NULL, 0));
    assert_ok(qn_circuit_append(c, QN_GATE_H, q + 2, 1, NULL, 0));
    assert_ok(qn_circuit_count(c, NULL, 1e-3, &cost));
    assert_int_equal(cost.depth, 3);
    assert_int_equal(cost.gates, 4);
    assert_ok(qn_circuit_append_barrier(c, NULL, 0));
    assert_ok(qn_circuit_append_measure(c, 2, QN_NO_BIT));
    assert_ok(qn_circuit_count(c, NULL, 1e-3, &cost));
    assert_int_equal(cost.depth, 4);
    assert_int_equal(cost.gates, 4);
    assert_int_equal(cost.one_qubit, 4);
    qn_circuit_free(c);
}

static void refusals(void **state)
{
    (void)state;
    qn_circuit *c = NULL;
    uint32_t v = 0;
    assert_ok(qn_circuit_create(2, &c));
    assert_fails(qn_circuit_add_variable(c, "q", QN_TYPE_QUBITS, 2, 1, 0, &v), QN_ERR_RANGE,
                 "takes qubits 1 to 2, the circuit has 0..1");
    assert_ok(qn_circuit_add_variable(c, "q", QN_TYPE_QUBITS, 1, 1, 0, &v));
    assert_fails(qn_circuit_add_variable(c, "r", QN_TYPE_QUBITS, 2, 0, 0, &v), QN_ERR_ARGUMENT, "overlap");
    assert_fails(qn_circuit_add_variable(c, "q", QN_TYPE_BITS, 1, 0, 0, &v), QN_ERR_ARGUMENT, "there already");
    assert_fails(qn_circuit_add_variable(c, "c", QN_TYPE_BITS, (1 << 24) + 1, 0, 0, &v), QN_ERR_TOO_LARGE, "at most");
    assert_fails(qn_circuit_add_variable(c, "c", QN_TYPE_INT, 65, 0, 0, &v), QN_ERR_RANGE, "expected 1 to 64");
    assert_fails(qn_circuit_add_symbol(c, "q", &v), QN_ERR_ARGUMENT, "it is a variable already");
    assert_fails(qn_circuit_append_measure(c, 2, QN_NO_BIT), QN_ERR_RANGE, "measurement: qubit 2 is outside 0..1");
    assert_fails(qn_circuit_append_measure(c, 0, 0), QN_ERR_RANGE, "classical bit 0, the circuit has 0");
    const uint32_t twice[2] = {1, 1};
    assert_fails(qn_circuit_append_barrier(c, twice, 2), QN_ERR_ARGUMENT, "barrier: qubit 1 is given twice");
    assert_fails(qn_circuit_append_delay(c, (double)NAN, twice, 1), QN_ERR_NAN, "delay");
    assert_fails(qn_circuit_append_flow(c, QN_OP_ELSE, 0), QN_ERR_ARGUMENT, "else without an if");
    assert_fails(qn_circuit_append_flow(c, QN_OP_END, 0), QN_ERR_ARGUMENT, "no block is open");
    assert_fails(qn_circuit_append_flow(c, QN_OP_IF, 1), QN_ERR_RANGE, "expression 1 is outside 1..0");
    const qn_token yes = TOKEN(.kind = QN_TOKEN_BOOL, .integer = 1);
    assert_ok(qn_circuit_append_flow(c, QN_OP_IF, add(c, &yes, 1)));
    assert_fails(qn_circuit_append_flow(c, QN_OP_BREAK, 0), QN_ERR_ARGUMENT, "break outside of any while");
    assert_ok(qn_circuit_append_flow(c, QN_OP_ELSE, 0));
    assert_fails(qn_circuit_append_flow(c, QN_OP_ELSE, 0), QN_ERR_ARGUMENT, "else without an if");
    assert_fails(qn_circuit_append_flow(c, QN_OP_GATE, 0), QN_ERR_ARGUMENT, "not control flow");
    assert_fails(qn_circuit_append_assign(c, 0, 1), QN_ERR_ARGUMENT, "register of qubits");
    assert_ok(qn_circuit_add_variable(c, "a", QN_TYPE_ANGLE, 4, 0, 0, &v));
    assert_fails(qn_circuit_append_assign(c, v, 1), QN_ERR_ARGUMENT, "not a angle[4]");
    assert_int_equal(qn_circuit_operations(c), 2);
    const qn_param bad = {0, NULL, 0, 9};
    assert_fails(qn_circuit_append(c, QN_GATE_RX, twice, 1, &bad, 1), QN_ERR_RANGE, "uses expression 9");
    qn_circuit_free(c);
}

static void allocation_failure(void **state)
{
    (void)state;
    qn_circuit *a = sample_circuit("before"), *b = sample_circuit(NULL);
    const double theta = 1;
    const uint64_t held = qn_memory().bytes_now;
    const size_t operations = qn_circuit_operations(a);
    for (int what = 0; what < 3; what++) {
        for (uint64_t n = 1;; n++) {
            qn_circuit *out = NULL;
            (void)qn__alloc_fail_at(n, false);
            const qn_status status = what == 0   ? qn_circuit_clone(b, &out)
                                     : what == 1 ? qn_circuit_bind(b, &theta, 1, &out)
                                                 : qn_circuit_append_circuit(a, b);
            const uint64_t left = qn__alloc_fail_at(0, false);
            qn_circuit_free(out);
            if (left != 0) {
                assert_int_equal(status, QN_OK);
                break;
            }
            assert_int_equal(status, QN_ERR_MEMORY);
            assert_int_equal(qn_circuit_operations(a), operations);
            assert_int_equal(qn_circuit_bits(a), 7);
            assert_int_equal(qn_circuit_expressions(a), 3);
            if (what < 2) {
                assert_int_equal(qn_memory().bytes_now, held);
            }
        }
    }
    qn_circuit_free(a);
    qn_circuit_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_what_is_appended),
        cmocka_unit_test(whole_circuits),
        cmocka_unit_test(inverse_keeps_barriers),
        cmocka_unit_test(merge_conflicts),
        cmocka_unit_test(keys),
        cmocka_unit_test(depth),
        cmocka_unit_test(refusals),
        cmocka_unit_test(allocation_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
