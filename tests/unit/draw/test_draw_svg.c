/* test_draw_svg.c: drawings as SVG: well-formed, a title each, nothing from outside, text of others escaped. */
#include "draw_fixture.h"

static char *draw(const qn_circuit *circuit, const qn_draw_options *options)
{
    char *text = NULL;
    size_t length = 0;
    assert_ok(qn_draw_svg(circuit, options, &text, &length));
    assert_int_equal(strlen(text), length);
    return text;
}

/* Elements nest, attributes are quoted, & begins one of the five entities or a number; enough of XML for our own. */
static void check_xml(const char *text)
{
    char open[32][32];
    size_t depth = 0;
    bool seen = false;
    for (const char *at = text; *at != '\0';) {
        if (*at == '&') {
            assert_true(strncmp(at, "&amp;", 5) == 0 || strncmp(at, "&lt;", 4) == 0 || strncmp(at, "&gt;", 4) == 0 ||
                        strncmp(at, "&quot;", 6) == 0 || strncmp(at, "&#39;", 5) == 0);
            at++;
        } else if (*at == '<' && at[1] == '/') {
            assert_true(depth > 0);
            depth--;
            const size_t length = strlen(open[depth]);
            assert_memory_equal(at + 2, open[depth], length);
            assert_int_equal(at[2 + length], '>');
            at += 3 + length;
        } else if (*at == '<') {
            const size_t length = strcspn(at + 1, " />\n");
            assert_true(length > 0 && length < 32 && depth < 32);
            assert_true(depth > 0 || !seen);
            seen = true;
            memcpy(open[depth], at + 1, length);
            open[depth][length] = '\0';
            at += 1 + length;
            bool quoted = false;
            while (quoted || *at != '>') {
                assert_true(*at != '\0' && *at != '<');
                quoted ^= *at == '"';
                at++;
            }
            depth += at[-1] == '/' ? 0 : 1;
            at++;
        } else {
            assert_true(*at != '>' || depth > 0);
            assert_true((unsigned char)*at >= 0x20 || *at == '\n');
            at++;
        }
    }
    assert_true(seen);
    assert_int_equal(depth, 0);
}

static size_t count(const char *text, const char *what)
{
    size_t found = 0;
    for (const char *at = strstr(text, what); at != NULL; at = strstr(at + 1, what)) {
        found++;
    }
    return found;
}

static void test_plain(void **state)
{
    (void)state;
    qn_circuit *c = plain_circuit();
    char *text = draw(c, NULL);
    check_xml(text);
    /* 19 operations, of which one is the noted phase; one title of the whole. */
    assert_int_equal(qn_circuit_operations(c), 19);
    assert_int_equal(count(text, "<title>"), 19);
    assert_int_equal(count(text, "data-operation="), 18);
    assert_non_null(strstr(text, "<title>rz(0.7853981633974483 = π/4) on q2</title>"));
    assert_non_null(strstr(text, "<title>ccx controlled by q0, q2 on q1</title>"));
    assert_non_null(strstr(text, "<title>h controlled by q0, q2 = 0 on q1</title>"));
    assert_non_null(strstr(text, "<title>pauli_rotation(1.234567) on X q0, Z q1, Y q2</title>"));
    assert_non_null(strstr(text, "<title>rx(2*theta+0.1) on q1</title>"));
    assert_non_null(strstr(text, ">global phase: π/3<"));
    assert_non_null(strstr(text, "viewBox=\"0 0 "));
    assert_non_null(strstr(text, "prefers-color-scheme:dark"));
    assert_int_equal(count(text, "http"), 1); /* the name space */
    assert_null(strstr(text, "href"));
    qn__free(text);
    qn_circuit_free(c);
}

static void test_dynamic(void **state)
{
    (void)state;
    qn_circuit *c = dynamic_circuit();
    qn_draw_options options = QN_DRAW_OPTIONS_INIT;
    options.title = "a < b & \"c\"";
    options.width = UINT32_MAX;
    char *text = draw(c, &options);
    check_xml(text);
    assert_non_null(strstr(text, "a &lt; b &amp; &quot;c&quot;"));
    assert_non_null(strstr(text, "data-line=\"7\"><title>measure on q[1] → c[1], line 7</title>"));
    assert_non_null(strstr(text, "<title>while flag, line 7</title>"));
    assert_non_null(strstr(text, "<title>n = n+1, line 7</title>"));
    assert_non_null(strstr(text, "<title>delay 100 ns on q[0], q[1], line 7</title>"));
    assert_int_equal(count(text, ">if c == 3<"), 2);
    assert_int_equal(count(text, ">else<"), 1);
    assert_null(strstr(text, "»"));
    qn__free(text);
    options.width = 60;
    text = draw(c, &options);
    check_xml(text);
    assert_true(count(text, "translate(0 ") > 1);
    assert_non_null(strstr(text, "»"));
    qn__free(text);
    qn_circuit_free(c);
}

/* Everything drawn lies inside of the picture. */
static void test_bounds(void **state)
{
    (void)state;
    qn_circuit *circuits[3] = {plain_circuit(), dynamic_circuit(), long_circuit(30, 3000)};
    for (size_t i = 0; i < 3; i++) {
        for (uint32_t width = 40; width <= 200; width += 40) {
            qn_draw_options options = QN_DRAW_OPTIONS_INIT;
            options.width = width;
            options.max_columns = 20;
            options.max_qubits = 12;
            char *text = draw(circuits[i], &options);
            check_xml(text);
            long right = 0;
            assert_int_equal(sscanf(strstr(text, "width=\""), "width=\"%ld", &right), 1);
            for (const char *at = strstr(text, "<rect class=\"b\" x=\""); at != NULL;
                 at = strstr(at + 1, "<rect class=\"b\" x=\"")) {
                long x = 0, y = 0, w = 0;
                assert_int_equal(sscanf(at, "<rect class=\"b\" x=\"%ld\" y=\"%ld\" width=\"%ld\"", &x, &y, &w), 3);
                assert_true(x > 0 && y >= 0 && w >= 32);
                assert_true(x + w < right);
            }
            qn__free(text);
        }
        qn_circuit_free(circuits[i]);
    }
}

static void test_elision(void **state)
{
    (void)state;
    qn_draw_options options = QN_DRAW_OPTIONS_INIT;
    options.max_columns = 4;
    qn_circuit *c = new_circuit(1);
    for (int i = 0; i < 1234; i++) {
        ADD(c, QN_GATE_X, 0);
    }
    char *text = draw(c, &options);
    check_xml(text);
    assert_non_null(strstr(text, "… 1,230 gates hidden …"));
    assert_int_equal(count(text, "<title>x on q0</title>"), 4);
    qn__free(text);
    qn_circuit_free(c);
}

static void test_errors(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length = 0;
    qn_circuit *c = dynamic_circuit();
    assert_fails(qn_draw_svg(NULL, NULL, &text, &length), QN_ERR_ARGUMENT, "NULL");
    assert_fails(qn_draw_svg(c, NULL, NULL, &length), QN_ERR_ARGUMENT, "NULL");
    CHECK_ALLOCATIONS(qn_draw_svg(c, NULL, &text, &length), text);
    qn_circuit_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),   cmocka_unit_test(test_dynamic), cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_elision), cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
