/* Expressions: the examples of the OpenQASM 3.1 specification (language/classical and language/types), wrap-around and
 * casts against C's own arithmetic, checks, errors. */
#include "qn_test.h"

#include <quern/classical.h>

#include "base/rng.h"

#define TOKEN(...) ((qn_token){__VA_ARGS__})
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const double PI = 3.14159265358979323846;

static qn_token number(double x)
{
    return TOKEN(.kind = QN_TOKEN_FLOAT, .number = x);
}

static qn_token integer(qn_type type, uint32_t width, int64_t x)
{
    return TOKEN(.kind = QN_TOKEN_INT, .type = type, .width = width, .integer = x);
}

static qn_token op(qn_token_kind kind, qn_type type, uint32_t width)
{
    return TOKEN(.kind = kind, .type = type, .width = width);
}

static qn_value value_of(const qn_token *tokens, size_t count)
{
    qn_value a, b = {0};
    qn_circuit *c = NULL;
    uint32_t e = 0;
    assert_ok(qn_circuit_create(1, &c));
    assert_ok(qn_circuit_add_expression(c, tokens, count, &e));
    assert_ok(qn_expression_evaluate(c, e, NULL, &a));
    qn_circuit_free(c);
    assert_ok(qn_tokens_evaluate(tokens, count, NULL, &b));
    assert_int_equal(a.type, b.type);
    assert_int_equal(a.integer, b.integer);
    return a;
}

/* a (op) b with operands of the given types. */
static qn_value binary(qn_token a, qn_token b, qn_token_kind kind, qn_type type, uint32_t width)
{
    return value_of((const qn_token[]){a, b, op(kind, type, width)}, 3);
}

static qn_token angle_literal(double x, uint32_t width)
{
    qn_value v;
    const qn_value from = {.type = QN_TYPE_FLOAT, .width = 64, .number = x};
    assert_true(qn_value_cast(&from, QN_TYPE_ANGLE, width, &v));
    return integer(QN_TYPE_ANGLE, width, v.integer);
}

static void specification(void **state)
{
    (void)state;
    const qn_type A = QN_TYPE_ANGLE, U = QN_TYPE_UINT;
    /* angle[4] a = 7 pi/8, b = pi/8, c = 5 pi/4; uint[4] two = 2 */
    const qn_token a = angle_literal(7 * PI / 8, 4), b = angle_literal(PI / 8, 4), c = angle_literal(5 * PI / 4, 4);
    const qn_token two = integer(U, 4, 2);
    assert_int_equal(a.integer, 7);
    assert_int_equal(b.integer, 1);
    assert_int_equal(c.integer, 10);
    assert_int_equal(binary(a, b, QN_TOKEN_ADD, A, 4).integer, 8);
    assert_int_equal(binary(b, a, QN_TOKEN_SUBTRACT, A, 4).integer, 10);
    assert_int_equal(binary(a, two, QN_TOKEN_DIVIDE, A, 4).integer, 3);
    assert_int_equal(binary(two, c, QN_TOKEN_MULTIPLY, A, 4).integer, 4);
    const qn_value ratio = binary(c, b, QN_TOKEN_DIVIDE, U, 4);
    assert_int_equal(ratio.type, U);
    assert_int_equal(ratio.integer, 10);
    const qn_token quarter = angle_literal(PI / 4, 4), nine = angle_literal(9 * (PI / 8), 4);
    const qn_value negative = value_of((const qn_token[]){quarter, op(QN_TOKEN_NEGATE, A, 4)}, 2);
    assert_int_equal(negative.integer, 14);
    assert_near(qn_value_number(&negative), 7 * PI / 4, 1e-15);
    assert_int_equal(binary(nine, integer(U, 8, 2), QN_TOKEN_SHIFT_LEFT, A, 4).integer, 4);
    assert_int_equal(binary(nine, integer(U, 8, 2), QN_TOKEN_SHIFT_RIGHT, A, 4).integer, 2);
    /* bit[8] a = "10001111", b = "01110000" */
    const qn_token x = integer(U, 8, 0x8f), y = integer(U, 8, 0x70);
    assert_int_equal(binary(x, integer(U, 8, 1), QN_TOKEN_SHIFT_LEFT, U, 8).integer, 0x1e);
    assert_int_equal(binary(x, integer(QN_TYPE_INT, 8, 2), QN_TOKEN_ROTATE_LEFT, U, 8).integer, 0x3e);
    assert_int_equal(binary(x, y, QN_TOKEN_OR, U, 8).integer, 0xff);
    assert_int_equal(binary(x, y, QN_TOKEN_AND, U, 8).integer, 0);
    /* uint[6] b = 37 */
    const qn_token b37 = integer(U, 6, 37);
    assert_int_equal(value_of((const qn_token[]){b37, op(QN_TOKEN_POPCOUNT, U, 6)}, 2).integer, 3);
    assert_int_equal(binary(b37, integer(QN_TYPE_INT, 8, 3), QN_TOKEN_ROTATE_LEFT, U, 6).integer, 44);
    assert_int_equal(binary(b37, integer(QN_TYPE_INT, 8, -3), QN_TOKEN_ROTATE_RIGHT, U, 6).integer, 44);
    assert_int_equal(binary(b37, integer(QN_TYPE_INT, 8, 3), QN_TOKEN_ROTATE_RIGHT, U, 6).integer, 44);
    /* int[32] a = 2, b = 3 */
    const qn_token i2 = integer(QN_TYPE_INT, 32, 2), i3 = integer(QN_TYPE_INT, 32, 3);
    assert_int_equal(binary(i3, i2, QN_TOKEN_DIVIDE, QN_TYPE_INT, 32).integer, 1);
    assert_int_equal(binary(i3, i2, QN_TOKEN_MODULO, QN_TYPE_INT, 32).integer, 1);
    assert_int_equal(binary(i2, i3, QN_TOKEN_POWER, QN_TYPE_INT, 32).integer, 8);
}

/* Against int8_t and uint8_t of C. */
static void wraps_like_c(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    for (uint64_t k = 0; k < 3000; k++) {
        const uint64_t r = qn__random_bits(seed, 0, k);
        const int8_t a = (int8_t)(r & 0xff), b = (int8_t)(r >> 8 & 0xff);
        const uint8_t ua = (uint8_t)a, ub = (uint8_t)b;
        const qn_token ia = integer(QN_TYPE_INT, 8, a), ib = integer(QN_TYPE_INT, 8, b);
        const qn_token wa = integer(QN_TYPE_UINT, 8, ua), wb = integer(QN_TYPE_UINT, 8, ub);
        assert_int_equal(binary(ia, ib, QN_TOKEN_ADD, QN_TYPE_INT, 8).integer, (int8_t)(ua + ub));
        assert_int_equal(binary(ia, ib, QN_TOKEN_MULTIPLY, QN_TYPE_INT, 8).integer, (int8_t)(a * b));
        assert_int_equal(binary(wa, wb, QN_TOKEN_SUBTRACT, QN_TYPE_UINT, 8).integer, (uint8_t)(ua - ub));
        assert_int_equal(binary(wa, wb, QN_TOKEN_MULTIPLY, QN_TYPE_UINT, 8).integer, (uint8_t)(ua * ub));
        assert_int_equal(binary(ia, ib, QN_TOKEN_XOR, QN_TYPE_INT, 8).integer, (int8_t)(a ^ b));
        assert_int_equal(binary(ia, integer(QN_TYPE_UINT, 8, ub % 10), QN_TOKEN_SHIFT_RIGHT, QN_TYPE_INT, 8).integer,
                         a >> ub % 10);
        if (b != 0) {
            assert_int_equal(binary(ia, ib, QN_TOKEN_DIVIDE, QN_TYPE_INT, 8).integer, (int8_t)(a / b));
            assert_int_equal(binary(ia, ib, QN_TOKEN_MODULO, QN_TYPE_INT, 8).integer, (int8_t)(a % b));
            assert_int_equal(binary(wa, wb, QN_TOKEN_DIVIDE, QN_TYPE_UINT, 8).integer, ua / ub);
        }
        assert_int_equal(binary(ia, ib, QN_TOKEN_LESS, QN_TYPE_INT, 8).integer, a < b);
        assert_int_equal(binary(wa, wb, QN_TOKEN_LESS, QN_TYPE_UINT, 8).integer, ua < ub);
        assert_int_equal(binary(ia, ib, QN_TOKEN_GREATER_EQUAL, QN_TYPE_INT, 8).integer, a >= b);
        assert_int_equal(binary(wa, wb, QN_TOKEN_LESS_EQUAL, QN_TYPE_UINT, 8).integer, ua <= ub);
        assert_int_equal(binary(ia, ib, QN_TOKEN_NOT_EQUAL, QN_TYPE_INT, 8).integer, a != b);
    }
    const qn_token least = integer(QN_TYPE_INT, 64, INT64_MIN), minus = integer(QN_TYPE_INT, 64, -1);
    assert_true(binary(least, minus, QN_TOKEN_DIVIDE, QN_TYPE_INT, 64).integer == INT64_MIN);
    assert_int_equal(binary(least, minus, QN_TOKEN_MODULO, QN_TYPE_INT, 64).integer, 0);
    assert_true(binary(integer(QN_TYPE_UINT, 64, -1), integer(QN_TYPE_UINT, 64, 1), QN_TOKEN_GREATER, QN_TYPE_UINT, 64)
                    .integer == 1);
}

static bool cast(qn_value from, qn_type type, uint32_t width, qn_value *out)
{
    return qn_value_cast(&from, type, width, out);
}

static qn_value of_float(double x)
{
    qn_value v = {.type = QN_TYPE_FLOAT, .width = 64};
    v.number = x;
    return v;
}

static qn_value of_integer(qn_type type, uint32_t width, int64_t x)
{
    qn_value v = {.type = type, .width = width};
    v.integer = x;
    return v;
}

static void casts(void **state)
{
    (void)state;
    qn_value v;
    assert_true(cast(of_float(-3.9), QN_TYPE_INT, 8, &v));
    assert_int_equal(v.integer, -3);
    assert_true(cast(of_float(300.5), QN_TYPE_UINT, 8, &v));
    assert_int_equal(v.integer, 44);
    assert_false(cast(of_float((double)INFINITY), QN_TYPE_INT, 8, &v));
    assert_false(cast(of_float((double)NAN), QN_TYPE_ANGLE, 8, &v));
    assert_false(cast(of_float(1e300), QN_TYPE_INT, 64, &v));
    assert_false(cast(of_float(1), QN_TYPE_BITS, 8, &v));
    assert_true(cast(of_float(0.1), QN_TYPE_FLOAT, 32, &v));
    assert_near(v.number, (double)0.1f, 0);
    assert_true(cast(of_float(-PI / 2), QN_TYPE_ANGLE, 8, &v));
    assert_int_equal(v.integer, 192);
    assert_true(cast(of_float(2 * PI * 2.5 / 16), QN_TYPE_ANGLE, 4, &v)); /* a tie goes to the even one */
    assert_int_equal(v.integer, 2);
    assert_true(cast(of_float(2 * PI * 15.9 / 16), QN_TYPE_ANGLE, 4, &v)); /* up to a whole turn, which is 0 */
    assert_int_equal(v.integer, 0);
    assert_true(cast(of_integer(QN_TYPE_ANGLE, 4, 5), QN_TYPE_ANGLE, 6, &v));
    assert_int_equal(v.integer, 20);
    assert_true(cast(of_integer(QN_TYPE_ANGLE, 6, 22), QN_TYPE_ANGLE, 4, &v)); /* 5.5: tie to 6 */
    assert_int_equal(v.integer, 6);
    assert_true(cast(of_integer(QN_TYPE_ANGLE, 6, 18), QN_TYPE_ANGLE, 4, &v)); /* 4.5: tie to 4 */
    assert_int_equal(v.integer, 4);
    assert_true(cast(of_integer(QN_TYPE_ANGLE, 6, 63), QN_TYPE_ANGLE, 4, &v));
    assert_int_equal(v.integer, 0);
    assert_true(cast(of_integer(QN_TYPE_UINT, 4, 9), QN_TYPE_ANGLE, 4, &v));
    assert_near(qn_value_number(&v), 2 * PI * 9 / 16, 1e-15);
    assert_false(cast(of_integer(QN_TYPE_UINT, 5, 9), QN_TYPE_ANGLE, 4, &v));
    assert_false(cast(of_integer(QN_TYPE_INT, 4, 1), QN_TYPE_ANGLE, 4, &v));
    assert_false(cast(of_integer(QN_TYPE_ANGLE, 4, 1), QN_TYPE_INT, 4, &v));
    assert_false(cast(of_integer(QN_TYPE_BITS, 4, 1), QN_TYPE_UINT, 5, &v));
    assert_true(cast(of_integer(QN_TYPE_INT, 8, -1), QN_TYPE_UINT, 16, &v)); /* as in C */
    assert_int_equal(v.integer, 65535);
    assert_true(cast(of_integer(QN_TYPE_UINT, 8, 255), QN_TYPE_INT, 8, &v));
    assert_int_equal(v.integer, -1);
    assert_near(qn_value_number(&v), -1, 0);
    assert_true(cast(of_integer(QN_TYPE_BITS, 3, 5), QN_TYPE_INT, 3, &v));
    assert_int_equal(v.integer, -3);
    assert_true(cast(of_integer(QN_TYPE_BOOL, 1, 1), QN_TYPE_FLOAT, 64, &v));
    assert_near(v.number, 1, 0);
    assert_true(cast(of_float(0.5), QN_TYPE_BOOL, 1, &v));
    assert_int_equal(v.integer, 1);
}

static void memory(void **state)
{
    (void)state;
    qn_circuit *c = NULL;
    uint32_t e = 0, f = 0;
    assert_ok(qn_circuit_create(1, &c));
    assert_ok(qn_circuit_add_variable(c, "c", QN_TYPE_BITS, 100, 0, 0, NULL));
    assert_ok(qn_circuit_add_variable(c, "f", QN_TYPE_FLOAT, 64, 0, 0, &f));
    assert_ok(qn_circuit_add_symbol(c, "t", NULL));
    const qn_token across[] = {TOKEN(.kind = QN_TOKEN_BITS, .index = 60, .width = 8)};
    assert_ok(qn_circuit_add_expression(c, across, 1, &e));
    const uint64_t bits[2] = {UINT64_C(5) << 60, 3};
    const qn_value variables[2] = {{.type = QN_TYPE_BITS}, {.type = QN_TYPE_FLOAT, .width = 64, .number = 0.25}};
    const double theta = 2;
    const qn_classical_state s = {bits, variables, &theta};
    qn_value v;
    assert_ok(qn_expression_evaluate(c, e, &s, &v));
    assert_int_equal(v.integer, 5 | 3 << 4);
    const qn_token mixed[] = {TOKEN(.kind = QN_TOKEN_VARIABLE, .index = f), TOKEN(.kind = QN_TOKEN_SYMBOL, .index = 0),
                              op(QN_TOKEN_POWER, QN_TYPE_FLOAT, 64),        TOKEN(.kind = QN_TOKEN_BIT, .index = 64),
                              op(QN_TOKEN_ADD, QN_TYPE_FLOAT, 64),          op(QN_TOKEN_COS, QN_TYPE_FLOAT, 64)};
    assert_ok(qn_circuit_add_expression(c, mixed, COUNT(mixed), &e));
    assert_ok(qn_expression_evaluate(c, e, &s, &v));
    assert_near(qn_value_number(&v), cos(1.0625), 1e-15);
    assert_fails(qn_expression_evaluate(c, e, NULL, &v), QN_ERR_ARGUMENT, "there are none here");
    assert_fails(qn_expression_evaluate(c, 3, &s, &v), QN_ERR_RANGE, "outside 1..2");
    qn_circuit_free(c);
}

static void refusals(void **state)
{
    (void)state;
    qn_circuit *c = NULL;
    uint32_t e = 77;
    qn_value v;
    assert_ok(qn_circuit_create(1, &c));
    assert_ok(qn_circuit_add_variable(c, "c", QN_TYPE_BITS, 4, 0, 0, NULL));
#define REFUSE(status, text, ...)                                                                                      \
    do {                                                                                                               \
        const qn_token tokens[] = {__VA_ARGS__};                                                                       \
        assert_fails(qn_circuit_add_expression(c, tokens, COUNT(tokens), &e), status, text);                           \
    } while (0)
    REFUSE(QN_ERR_ARGUMENT, "needs 2 operands, 1 are there", number(1), op(QN_TOKEN_ADD, QN_TYPE_FLOAT, 64));
    REFUSE(QN_ERR_ARGUMENT, "leaves 2 values", number(1), number(2));
    REFUSE(QN_ERR_RANGE, "classical bit 4", TOKEN(.kind = QN_TOKEN_BIT, .index = 4));
    REFUSE(QN_ERR_RANGE, "2 classical bits from 3 on", TOKEN(.kind = QN_TOKEN_BITS, .index = 3, .width = 2));
    REFUSE(QN_ERR_RANGE, "variable 1", TOKEN(.kind = QN_TOKEN_VARIABLE, .index = 1));
    REFUSE(QN_ERR_ARGUMENT, "reads register \"c\"", TOKEN(.kind = QN_TOKEN_VARIABLE, .index = 0));
    REFUSE(QN_ERR_RANGE, "symbol 0", TOKEN(.kind = QN_TOKEN_SYMBOL, .index = 0));
    REFUSE(QN_ERR_RANGE, "width of 65 bits", integer(QN_TYPE_INT, 65, 1));
    REFUSE(QN_ERR_RANGE, "has kind 99", TOKEN(.kind = (qn_token_kind)99));
    REFUSE(QN_ERR_ARGUMENT, "does not work on float", number(1), number(2), op(QN_TOKEN_AND, QN_TYPE_FLOAT, 64));
    REFUSE(QN_ERR_ARGUMENT, "does not convert", integer(QN_TYPE_ANGLE, 4, 1), op(QN_TOKEN_CAST, QN_TYPE_INT, 4));
    REFUSE(QN_ERR_ARGUMENT, "an angle is multiplied", integer(QN_TYPE_ANGLE, 4, 1), integer(QN_TYPE_ANGLE, 4, 1),
           op(QN_TOKEN_MULTIPLY, QN_TYPE_ANGLE, 4));
    REFUSE(QN_ERR_ARGUMENT, "shift by a float", integer(QN_TYPE_UINT, 4, 1), number(1),
           op(QN_TOKEN_SHIFT_LEFT, QN_TYPE_UINT, 4));
    assert_int_equal(qn_circuit_expressions(c), 0);
    assert_int_equal(e, 77);
    qn_token *many = calloc(5000, sizeof *many);
    for (int i = 0; i < 5000; i++) {
        many[i] = number(1);
    }
    assert_fails(qn_circuit_add_expression(c, many, 5000, &e), QN_ERR_TOO_LARGE, "at most 4096");
    assert_fails(qn_circuit_add_expression(c, many, 300, &e), QN_ERR_TOO_LARGE, "nested more than 256");
    free(many);
    const qn_token zero[] = {integer(QN_TYPE_INT, 8, 1), integer(QN_TYPE_INT, 8, 0),
                             op(QN_TOKEN_DIVIDE, QN_TYPE_INT, 8)};
    assert_fails(qn_tokens_evaluate(zero, 3, NULL, &v), QN_ERR_NUMERIC, "divides by zero");
    const qn_token power[] = {integer(QN_TYPE_INT, 8, 2), integer(QN_TYPE_INT, 8, -1),
                              op(QN_TOKEN_POWER, QN_TYPE_INT, 8)};
    assert_fails(qn_tokens_evaluate(power, 3, NULL, &v), QN_ERR_NUMERIC, "power -1");
    const qn_token huge[] = {number(1e30), op(QN_TOKEN_CAST, QN_TYPE_INT, 8)};
    assert_fails(qn_tokens_evaluate(huge, 2, NULL, &v), QN_ERR_NUMERIC, "does not convert");
    qn_circuit_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(specification), cmocka_unit_test(wraps_like_c), cmocka_unit_test(casts),
        cmocka_unit_test(memory),        cmocka_unit_test(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
