/* test_draw_tikz.c: drawings as LaTeX: the matrix has as many cells in every row, braces match, words are escaped. */
#include "draw_fixture.h"

#include "circuit/draw/latex.h"

static char *draw(const qn_circuit *circuit, const qn_draw_options *options, bool document)
{
    char *text = NULL;
    size_t length = 0;
    assert_ok(qn_draw_tikz(circuit, options, document, &text, &length));
    assert_int_equal(strlen(text), length);
    return text;
}

static void check_matrix(const char *text)
{
    const char *at = strstr(text, "\\begin{quantikz}");
    const char *end = strstr(text, "\\end{quantikz}");
    assert_non_null(at);
    assert_non_null(end);
    at = strchr(at, '\n') + 1;
    size_t cells = 0, expected = 0;
    int depth = 0;
    for (; at < end; at++) {
        if (*at == '\\' && at[1] != '\\') {
            at++;
            continue;
        }
        depth += *at == '{' ? 1 : *at == '}' ? -1 : 0;
        assert_true(depth >= 0);
        cells += *at == '&';
        if (*at == '\n') {
            assert_int_equal(depth, 0);
            expected = expected == 0 ? cells : expected;
            assert_int_equal(cells, expected);
            cells = 0;
        }
    }
    assert_true(expected > 0);
}

static void test_bell(void **state)
{
    (void)state;
    qn_circuit *c = new_circuit(2);
    ADD(c, QN_GATE_H, 0);
    ADD(c, QN_GATE_CX, 0, 1);
    ADD_ANGLE(c, QN_GATE_RZ, -PI_HERE / 2, 1);
    char *text = draw(c, NULL, false);
    check_text(text, "% needs \\usepackage{amsmath,tikz} and \\usetikzlibrary{quantikz2}\n"
                     "\\begin{quantikz}[wire types={q,q}]\n"
                     "\\lstick{\\ensuremath{q_{0}}} & & \\gate{\\ensuremath{H}} & \\ctrl{1} &  & \\\\\n"
                     "\\lstick{\\ensuremath{q_{1}}} & &  & \\targ{} & \\gate{\\ensuremath{R_{Z}(-\\pi /2)}} &\n"
                     "\\end{quantikz}\n");
    qn__free(text);
    qn_circuit_free(c);
}

static void test_documents(void **state)
{
    (void)state;
    qn_circuit *circuits[3] = {plain_circuit(), dynamic_circuit(), long_circuit(9, 900)};
    qn_draw_options options = QN_DRAW_OPTIONS_INIT;
    options.max_columns = 30;
    options.max_qubits = 6;
    options.title = "50% of {x}_1";
    for (size_t i = 0; i < 3; i++) {
        char *text = draw(circuits[i], &options, true);
        check_matrix(text);
        assert_non_null(strstr(text, "\\textbf{50\\% of \\{x\\}\\_1}\\par"));
        assert_non_null(strstr(text, "\\usetikzlibrary{quantikz2}\n\\begin{document}"));
        assert_non_null(strstr(text, "\\end{document}\n"));
        qn__free(text);
    }
    char *text = draw(circuits[1], NULL, false);
    assert_non_null(strstr(text, "wire types={q,q,q,q,c,c,c}"));
    assert_non_null(strstr(text, "\\meter{\\ensuremath{c_{1}}}\\wire[d][3]{c}"));
    assert_non_null(
        strstr(text, "\\gategroup[2,steps=2,style={dashed,rounded corners},background]{\\ensuremath{\\mathrm{if}\\ c"));
    assert_non_null(strstr(text, "{\\ensuremath{\\mathrm{else}}}"));
    qn__free(text);
    text = draw(circuits[0], NULL, false);
    assert_non_null(strstr(text, "% global phase: π/3\n"));
    assert_non_null(strstr(text, "\\phase{\\ensuremath{\\pi /3}}"));
    assert_non_null(strstr(text, "\\gate[2]{\\ensuremath{\\mathrm{DCX}}}\\gateinput{\\ensuremath{1}}"));
    assert_non_null(strstr(text, "R_{X}(2\\,\\theta+0.1)"));
    qn__free(text);
    for (size_t i = 0; i < 3; i++) {
        qn_circuit_free(circuits[i]);
    }
}

static void check_words(void (*put)(qn_text *, const char *), const char *words, const char *expected)
{
    qn_text *text = NULL;
    const char *bytes = NULL;
    assert_ok(qn_text_create(&text));
    put(text, words);
    assert_ok(qn_text_finish(text, &bytes, NULL));
    check_text(bytes, expected);
    qn_text_destroy(text);
}

static void test_words(void **state)
{
    (void)state;
    check_words(qn__latex_math, "theta[12]*2+phi", "\\theta_{12}\\,2+\\phi");
    check_words(qn__latex_math, "a_b == 3 && !x", "\\mathrm{a\\_b}\\ =\\ 3\\ \\wedge \\ \\neg x");
    check_words(qn__latex_math, "√X†", "\\sqrt{X}^{\\dagger}");
    check_words(qn__latex_math, "量{$%#\\", "\\text{量}\\{\\$\\bmod \\#\\backslash ");
    check_words(qn__latex_text, "a_b π ^ 100%", "a\\_b $\\pi $ $\\wedge$ 100\\%");
}

static void test_errors(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length = 0;
    qn_circuit *c = dynamic_circuit();
    assert_fails(qn_draw_tikz(NULL, NULL, false, &text, &length), QN_ERR_ARGUMENT, "NULL");
    CHECK_ALLOCATIONS(qn_draw_tikz(c, NULL, true, &text, &length), text);
    qn_circuit_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bell),
        cmocka_unit_test(test_documents),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
