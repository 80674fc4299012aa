/* test_draw_words.c: angles, numbers, conditions and columns. */
#include "draw_fixture.h"

#include "circuit/draw/words.h"

static void check_angle(double value, bool ascii, const char *expected)
{
    qn__words words;
    qn__words_start(&words, ascii, 3);
    qn__words_angle(&words, value);
    check_text(words.bytes, expected);
}

static void test_angles(void **state)
{
    (void)state;
    check_angle(0, false, "0");
    check_angle(-0.0, false, "0");
    check_angle(PI_HERE, false, "π");
    check_angle(-PI_HERE, true, "-pi");
    check_angle(3 * PI_HERE / 4, false, "3π/4");
    check_angle(3 * PI_HERE / 4, true, "3*pi/4");
    check_angle(-2 * PI_HERE / 3, false, "-2π/3");
    check_angle(PI_HERE / 1024, false, "π/1024");
    check_angle(PI_HERE / (1 << 30), false, "π/1073741824");
    check_angle(0.7853981634, false, "π/4"); /* as files write it */
    check_angle(0.7854, false, "0.785");
    check_angle(1.5, false, "1.5");
    check_angle(-0.0004, false, "-0.0004");
    check_angle(-0.00004, false, "-4e-5");
    check_angle(1e-12, false, "1e-12");
    check_angle(123456789.0, false, "1.23e8");
    check_angle(12.3456, false, "12.346");
    /* Property: k pi / d comes back for all small k, d in lowest terms. */
    for (int d = 1; d <= 16; d++) {
        for (int k = 1; k <= 3 * d; k++) {
            int a = k, b = d;
            while (b != 0) {
                const int rest = a % b;
                a = b;
                b = rest;
            }
            char expected[40];
            if (a != 1) {
                continue;
            }
            (void)snprintf(expected, sizeof expected, d == 1 ? "%.0dπ" : "%.0dπ/%d", k == 1 ? 0 : k, d);
            check_angle(k * PI_HERE / d, false, expected);
        }
    }
}

static void test_params(void **state)
{
    (void)state;
    qn_circuit *c = new_circuit(1);
    uint32_t a = 0, b = 0;
    assert_ok(qn_circuit_add_symbol(c, "a", &a));
    assert_ok(qn_circuit_add_symbol(c, "b[1]", &b));
    const struct {
        double constant, first, second;
        const char *expected;
    } cases[] = {{0, 1, 0, "a"},
                 {0, -1, 1, "-a+b[1]"},
                 {0.1, 2, 0, "2*a+0.1"},
                 {-0.5, 0, 0, "-0.5"},
                 {PI_HERE, 1, -1, "a-b[1]+π"},
                 {0, 0, 0, "0"},
                 {0, 0.5, -2, "0.5*a-2*b[1]"},
                 {-1, PI_HERE, 0, "π*a-1"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const qn_param_term terms[2] = {{a, cases[i].first}, {b, cases[i].second}};
        const qn_param param = {cases[i].constant, terms, 2, 0};
        qn__words words;
        qn__words_start(&words, false, 3);
        qn__words_param(&words, c, &param);
        check_text(words.bytes, cases[i].expected);
    }
    qn_circuit_free(c);
}

#define TOKEN(k) ((qn_token){.kind = QN_TOKEN_##k, .type = QN_TYPE_INT, .width = 32})

static void check_expression(const qn_circuit *names, const qn_token *tokens, size_t count, const char *expected)
{
    qn_circuit *c = NULL;
    uint32_t expression = 0;
    assert_ok(qn_circuit_clone(names, &c));
    assert_ok(qn_circuit_add_expression(c, tokens, count, &expression));
    qn__words words;
    qn__words_start(&words, false, 3);
    qn__words_expression(&words, c, expression);
    check_text(words.bytes, expected);
    qn_circuit_free(c);
}
#define EXPRESSION(c, expected, ...)                                                                                   \
    check_expression((c), (const qn_token[]){__VA_ARGS__}, sizeof((const qn_token[]){__VA_ARGS__}) / sizeof(qn_token), \
                     (expected))

static void test_expressions(void **state)
{
    (void)state;
    qn_circuit *c = new_circuit(4);
    const dynamic_names names = declare_names(c);
    qn_token n = TOKEN(VARIABLE), two = TOKEN(INT), three = TOKEN(INT);
    n.index = names.n;
    two.integer = 2;
    three.integer = -3;
    EXPRESSION(c, "n+2*n", n, two, n, TOKEN(MULTIPLY), TOKEN(ADD));
    EXPRESSION(c, "(n+2)*n", n, two, TOKEN(ADD), n, TOKEN(MULTIPLY));
    EXPRESSION(c, "n-(2-n)", n, two, n, TOKEN(SUBTRACT), TOKEN(SUBTRACT));
    EXPRESSION(c, "n-2-n", n, two, TOKEN(SUBTRACT), n, TOKEN(SUBTRACT));
    EXPRESSION(c, "-(n+2)", n, two, TOKEN(ADD), TOKEN(NEGATE));
    EXPRESSION(c, "n*-3", n, three, TOKEN(MULTIPLY));
    EXPRESSION(c, "n < 2", n, two, TOKEN(LESS));
    EXPRESSION(c, "n < 2 && !c[1]", n, two, TOKEN(LESS),
               ((qn_token){.kind = QN_TOKEN_BIT, .type = QN_TYPE_BOOL, .width = 1, .index = 1}),
               ((qn_token){.kind = QN_TOKEN_NOT, .type = QN_TYPE_BOOL, .width = 1}),
               ((qn_token){.kind = QN_TOKEN_LOGICAL_AND, .type = QN_TYPE_BOOL, .width = 1}));
    EXPRESSION(c, "c[1:2]", ((qn_token){.kind = QN_TOKEN_BITS, .type = QN_TYPE_UINT, .width = 2, .index = 1}));
    EXPRESSION(c, "flag", ((qn_token){.kind = QN_TOKEN_BIT, .type = QN_TYPE_BOOL, .width = 1, .index = 3}));
    EXPRESSION(c, "sin(π/2)",
               ((qn_token){.kind = QN_TOKEN_FLOAT, .type = QN_TYPE_FLOAT, .width = 64, .number = PI_HERE / 2}),
               ((qn_token){.kind = QN_TOKEN_SIN, .type = QN_TYPE_FLOAT, .width = 64}));
    EXPRESSION(c, "int(0.5)", ((qn_token){.kind = QN_TOKEN_FLOAT, .type = QN_TYPE_FLOAT, .width = 64, .number = 0.5}),
               TOKEN(CAST));
    /* Deep to the right, and long to the left: as far as an expression may go. */
    enum { RIGHT = 250, LONGEST = 4095 };
    qn_token *deep = qn__alloc(LONGEST, sizeof *deep);
    assert_non_null(deep);
    for (size_t i = 0; i < 2 * RIGHT - 1; i++) {
        deep[i] = i < RIGHT ? n : TOKEN(ADD);
    }
    uint32_t right = 0, left = 0;
    assert_ok(qn_circuit_add_expression(c, deep, 2 * RIGHT - 1, &right));
    for (size_t i = 0; i < LONGEST; i++) {
        deep[i] = i % 2 == 1 || i == 0 ? n : TOKEN(ADD);
    }
    assert_ok(qn_circuit_add_expression(c, deep, LONGEST, &left));
    qn__words words;
    qn__words_start(&words, false, 3);
    qn__words_expression(&words, c, right);
    assert_false(words.cut);
    qn__words_fit(&words, 10);
    check_text(words.bytes, "n+(n+(n+(…");
    qn__words_start(&words, false, 3);
    qn__words_expression(&words, c, left);
    assert_true(words.cut);
    qn__words_fit(&words, 10);
    check_text(words.bytes, "n+n+n+n+n…");
    qn__free(deep);
    qn_circuit_free(c);
}

static void test_bounds(void **state)
{
    (void)state;
    qn__words words;
    qn__words_start(&words, false, 3);
    for (int i = 0; i < 2000; i++) {
        qn__words_put(&words, "量");
    }
    assert_true(words.cut);
    assert_true(words.length < QN__WORDS_SIZE);
    qn__words_fit(&words, 8);
    check_text(words.bytes, "量量量…");
    assert_int_equal(qn__text_columns("量量量…"), 7);
    qn__words_start(&words, true, 3);
    qn__words_put(&words, "abcdefgh");
    qn__words_fit(&words, 8);
    check_text(words.bytes, "abcdefgh");
    qn__words_fit(&words, 6);
    check_text(words.bytes, "abc...");
    qn__words_start(&words, false, 3);
    qn__words_put(&words, "a\x01\xff\xc3(b\x7f\xc2\x85");
    check_text(words.bytes, "a??" /* trigraph */ "?(b??");
    assert_int_equal(qn__text_columns("θπ●"), 3);
    assert_int_equal(qn__text_columns("e\xcc\x81"), 1);
    qn__words_start(&words, false, 3);
    qn__words_count(&words, UINT64_C(1234567));
    qn__words_put(&words, " ");
    qn__words_count(&words, 999);
    qn__words_put(&words, " ");
    qn__words_duration(&words, 1.5e-6);
    qn__words_put(&words, " ");
    qn__words_duration(&words, -16);
    qn__words_put(&words, " ");
    qn__words_duration(&words, 1e-3);
    check_text(words.bytes, "1,234,567 999 1.5 µs 16 dt 1 ms");
}

/* Every gate of the table has a caption, in ASCII too. */
static void test_captions(void **state)
{
    (void)state;
    for (int g = 0; g < (int)QN_GATE_COUNT_; g++) {
        char buffer[32];
        const char *caption = qn__gate_caption((qn_gate)g, true, buffer);
        assert_true(caption[0] != '\0');
        for (const char *at = caption; *at != '\0'; at++) {
            assert_true(*at > 0x20 && *at < 0x7F);
        }
        assert_true(qn__gate_caption((qn_gate)g, false, buffer)[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_angles), cmocka_unit_test(test_params),   cmocka_unit_test(test_expressions),
        cmocka_unit_test(test_bounds), cmocka_unit_test(test_captions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
