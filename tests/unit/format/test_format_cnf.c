/* test_format_cnf.c: DIMACS files, good and bad, and formulas over columns. */
#include <qn_test.h>

#include <quern/cnf.h>
#include <quern/formula.h>

static void files_are_read(void **state)
{
    (void)state;
    static const char text[] = "c a comment\nc p cnf 9 9\np cnf 3 4\n1 -2 0 3\n-1\t0\n\n0 c 2 0\n 2 0\n";
    qn_cnf *cnf = NULL;
    /* a c behind a number begins no comment: it is no literal either */
    assert_fails(qn_cnf_parse("f", text, sizeof text - 1, &cnf), QN_ERR_PARSE, "f:7:3:");
    static const char good[] = "c a comment\nc p cnf 9 9\np cnf 3 4\n1 -2 0 3\n-1\t0\n\n0\nc more\n 2 0\n%\n0\n";
    assert_ok(qn_cnf_parse("f", good, sizeof good - 1, &cnf));
    assert_int_equal(cnf->variables, 3);
    assert_int_equal(cnf->clauses, 4);
    static const size_t start[] = {0, 2, 4, 4, 5};
    static const int32_t literals[] = {1, -2, 3, -1, 2};
    assert_memory_equal(cnf->start, start, sizeof start);
    assert_memory_equal(cnf->literals, literals, sizeof literals);
    const bool values[3] = {true, true, true};
    assert_false(qn_cnf_satisfied(cnf, values)); /* the third clause is empty */
    qn_cnf_free(cnf);
}

static void mistakes_have_a_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {{"", "f:1:1: error: expected the line \"p cnf VARIABLES CLAUSES\", got the end of the file"},
                 {"p sat 3 2\n", "f:1:1: error: expected the line"},
                 {"p cnf -3 2\n", "f:1:7: error: expected the number of variables, got '-3'"},
                 {"p cnf 3\n", "f:1:8: error: expected the number of clauses, got the end of the line"},
                 {"p cnf 3 2 1\n", "f:1:11: error: expected the end of the line, got '1'"},
                 {"p cnf 99999999999 2\n", "is above 2147483647"},
                 {"p cnf 2 1\n1 3 0\n", "f:2:3: error: variable 3 is above the 2 of the header"},
                 {"p cnf 2 1\n1 -4 0\n", "f:2:3: error: variable 4 is above"},
                 {"p cnf 2 1\n1 2.5 0\n", "f:2:3: error: expected a literal or the 0 that ends a clause, got '2.5'"},
                 {"p cnf 2 1\n1 2\n", "f:2:1: error: this clause is not ended by 0"},
                 {"p cnf 2 2\n1 2 0\n", "f:3:1: error: the file ends after 1 clauses; the header promises 2"},
                 {"p cnf 2 1\n1 2 0\n1 0\n", "f:3:1: error: more clauses than the 1 of the header"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        qn_cnf *cnf = NULL;
        assert_fails(qn_cnf_parse("f", cases[k].text, strlen(cases[k].text), &cnf), QN_ERR_PARSE, cases[k].message);
        assert_null(cnf);
    }
    qn_cnf *cnf = NULL;
    assert_fails(qn_cnf_read("/nonexistent/file.cnf", &cnf), QN_ERR_IO, "file.cnf");
}

static void formulas_are_computed(void **state)
{
    (void)state;
    static const char *const names[] = {"score", "kind", NULL, "two words"};
    static const double row[] = {0.75, 3, -2, 5};
    static const struct {
        const char *text;
        double value;
    } cases[] = {{"score > 0.5", 1},
                 {"score > 0.5 && kind != 3", 0},
                 {"score > 0.9 || kind == 3 && c2 < 0", 1},
                 {"!(kind == 3) == 0", 1},
                 {"!kind == 3", 0},
                 {"-2^2", -4},
                 {"2^3^2", 512},
                 {"2 - 3 - 4", -5},
                 {"12 / 2 / 3", 2},
                 {"1 + 2 * 3", 7},
                 {"(1 + 2) * 3", 9},
                 {"`two words` * 2", 10},
                 {"max(score, kind) - min(c0, c1)", 2.25},
                 {"sqrt(16) + abs(c2) + floor(2.7) + ceil(2.1)", 11},
                 {"cos(pi) + exp(0) + log(exp(2)) + sin(0) + tan(0)", 2},
                 {"1e1 <= 10 && 1 >= 1", 1},
                 {"- - 3", 3},
                 {"2 * -3", -6}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        qn_formula *formula = NULL;
        assert_ok(qn_formula_parse("f", cases[k].text, names, 4, &formula));
        assert_near(qn_formula_value(formula, row), cases[k].value, 1e-12);
        qn_formula_free(formula);
    }
    qn_formula *formula = NULL;
    assert_ok(qn_formula_parse("f", "score > 1 && c2 <= 3 || score == 2", names, 4, &formula));
    assert_int_equal(qn_formula_comparisons(formula), 3);
    assert_true(qn_formula_uses(formula, 0) && qn_formula_uses(formula, 2));
    assert_false(qn_formula_uses(formula, 1) || qn_formula_uses(formula, 3));
    qn_formula_free(formula);
}

static void formula_mistakes_have_a_place(void **state)
{
    (void)state;
    static const char *const names[] = {"score", "kind"};
    static const struct {
        const char *text, *message;
    } cases[] = {{"", "f:1:1: error: expected a number, a name or '(', got the end of the formula"},
                 {"score >", "f:1:8: error: expected a number, a name"},
                 {"scor > 1", "f:1:1: error: no column is called 'scor'; did you mean 'score'?"},
                 {"c2 > 1", "f:1:1: error: no column is called 'c2'"},
                 {"sqr(2)", "f:1:1: error: no function is called 'sqr'; did you mean 'sqrt'?"},
                 {"1 < 2 < 3", "comparisons are not chained"},
                 {"(1 + 2", "f:1:7: error: expected ')'"},
                 {"1 2", "f:1:3: error: expected an operator or the end, got '2'"},
                 {"max(1)", "f:1:6: error: expected a comma"},
                 {"score = 1", "f:1:7: error: expected an operator or the end, got '='"},
                 {"`score", "f:1:7: error: expected a closing backquote"}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        qn_formula *formula = NULL;
        assert_fails(qn_formula_parse("f", cases[k].text, names, 2, &formula), QN_ERR_FORMULA, cases[k].message);
        assert_null(formula);
    }
    char deep[400];
    memset(deep, '(', sizeof deep);
    deep[sizeof deep - 1] = '\0';
    qn_formula *formula = NULL;
    assert_fails(qn_formula_parse("f", deep, names, 2, &formula), QN_ERR_FORMULA, "nested too deeply");
    memset(deep, '-', sizeof deep);
    deep[sizeof deep - 1] = '\0';
    assert_fails(qn_formula_parse("f", deep, names, 2, &formula), QN_ERR_FORMULA, "nested too deeply");
    assert_null(formula);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(mistakes_have_a_place),
        cmocka_unit_test(formulas_are_computed),
        cmocka_unit_test(formula_mistakes_have_a_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
