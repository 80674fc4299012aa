/* test_satisfy.c: the solver against trying all assignments, and formulas of known answer. */
#include <qn_random.h>

#include <quern/search.h>

static qn_context *context;

static int open_context(void **state)
{
    (void)state;
    return qn_context_create(NULL, &context) == QN_OK ? 0 : -1;
}

static int close_context(void **state)
{
    (void)state;
    qn_context_free(context);
    return 0;
}

static qn_cnf *parse(const char *text)
{
    qn_cnf *cnf = NULL;
    assert_ok(qn_cnf_parse("text", text, strlen(text), &cnf));
    return cnf;
}

/* Random 3-SAT around the threshold of 4.26 clauses a variable, where half of the formulas have no solution. */
static char *random_text(qn_random *r, uint32_t variables, uint32_t clauses)
{
    char *text = malloc(64 + (size_t)clauses * 40);
    size_t at = (size_t)sprintf(text, "p cnf %u %u\n", variables, clauses);
    for (uint32_t c = 0; c < clauses; c++) {
        uint32_t v[3];
        qn_random_qubits(r, variables, 3, v);
        for (int k = 0; k < 3; k++) {
            at += (size_t)sprintf(text + at, "%s%u ", qn_random_below(r, 2) == 0 ? "-" : "", v[k] + 1);
        }
        at += (size_t)sprintf(text + at, "0\n");
    }
    return text;
}

static void solver_agrees_with_trying_all(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    unsigned satisfiable = 0;
    const unsigned rounds = 60 * qn_test_scale();
    for (unsigned round = 0; round < rounds; round++) {
        const uint32_t n = 5 + qn_random_below(&r, 9);
        char *text = random_text(&r, n, (uint32_t)(4.3 * n));
        qn_cnf *cnf = parse(text);
        qn_oracle *oracle = NULL;
        qn_cnf_answer *answer = NULL;
        assert_ok(qn_oracle_from_cnf(context, cnf, 0, &oracle));
        assert_ok(qn_cnf_solve(context, cnf, 0, &answer));
        uint64_t count = 0;
        for (uint64_t item = 0; item < UINT64_C(1) << n; item++) {
            bool values[16];
            for (uint32_t v = 0; v < n; v++) {
                values[v] = (item >> v & 1) != 0;
            }
            const bool met = qn_cnf_satisfied(cnf, values);
            assert_int_equal(met, qn_oracle_marks(oracle, item));
            count += met;
        }
        assert_int_equal(count, qn_oracle_count(oracle));
        assert_true(answer->complete);
        assert_int_equal(answer->satisfiable, count > 0);
        if (answer->satisfiable) {
            assert_true(qn_cnf_satisfied(cnf, answer->values));
            assert_true(qn_oracle_marks(oracle, qn_oracle_solution(oracle, count - 1)));
        }
        satisfiable += answer->satisfiable;
        qn_cnf_answer_free(answer);
        qn_oracle_free(oracle);
        qn_cnf_free(cnf);
        free(text);
    }
    assert_true(satisfiable > 0 && satisfiable < rounds); /* both answers were tested */
}

/* More than 30 variables: solutions are listed by the solver. Pairs x1 = x2, x3 = x4, ... leave 2^(n/2) of them; all
 * but four pairs are fixed to true. */
static void many_variables_are_listed(void **state)
{
    (void)state;
    char text[4096];
    size_t at = (size_t)sprintf(text, "p cnf 40 56\n");
    for (int v = 1; v <= 40; v += 2) {
        at += (size_t)sprintf(text + at, "%d -%d 0 -%d %d 0 ", v, v + 1, v, v + 1);
        if (v > 8) {
            at += (size_t)sprintf(text + at, "%d 0 ", v);
        }
    }
    qn_cnf *cnf = parse(text);
    qn_oracle *oracle = NULL;
    assert_ok(qn_oracle_from_cnf(context, cnf, 0, &oracle));
    assert_int_equal(qn_oracle_count(oracle), 16);
    for (uint64_t k = 0; k < 16; k++) {
        const uint64_t item = qn_oracle_solution(oracle, k);
        assert_true(qn_oracle_marks(oracle, item));
        assert_int_equal(item >> 8, UINT64_C(0xFFFFFFFF));
        assert_int_equal(item & 0x55, item >> 1 & 0x55);
    }
    qn_search_result *result = NULL;
    qn_search_options options = QN_SEARCH_OPTIONS_INIT;
    options.solutions = 16;
    assert_ok(qn_search_run(context, oracle, &options, &result));
    assert_int_equal(result->tier, QN_SEARCH_TIER_SPECTRAL);
    assert_int_equal(result->count, 16);
    qn_search_result_free(result);
    qn_oracle_free(oracle);
    qn_cnf_free(cnf);
    /* and a list may be empty */
    cnf = parse("p cnf 45 3\n1 2 0 -1 0 -2 0\n");
    oracle = NULL;
    result = NULL;
    assert_ok(qn_oracle_from_cnf(context, cnf, 0, &oracle));
    assert_int_equal(qn_oracle_count(oracle), 0);
    assert_ok(qn_search_run(context, oracle, &options, &result));
    assert_true(result->count == 0 && result->exhausted);
    /* whose runs at full range take millions of steps, none of which is made one by one */
    assert_true(result->queries > 1000000);
    qn_search_result_free(result);
    qn_oracle_free(oracle);
    qn_cnf_free(cnf);
    /* without any clause there are too many to list */
    cnf = parse("p cnf 40 0\n");
    oracle = NULL;
    assert_fails(qn_oracle_from_cnf(context, cnf, 0, &oracle), QN_ERR_TOO_LARGE, "solutions");
    qn_cnf_free(cnf);
    cnf = parse("p cnf 63 0\n");
    assert_fails(qn_oracle_from_cnf(context, cnf, 0, &oracle), QN_ERR_TOO_LARGE, "63 variables");
    qn_cnf_free(cnf);
    assert_null(oracle);
}

/* n + 1 pigeons in n holes have no place: a proof, not a guess. */
static void pigeons_have_no_place(void **state)
{
    (void)state;
    enum { HOLES = 5 };
    char text[8192];
    const int clauses = HOLES + 1 + HOLES * (HOLES + 1) * HOLES / 2;
    size_t at = (size_t)sprintf(text, "p cnf %d %d\n", (HOLES + 1) * HOLES, clauses);
    for (int p = 0; p <= HOLES; p++) {
        for (int h = 0; h < HOLES; h++) {
            at += (size_t)sprintf(text + at, "%d ", p * HOLES + h + 1);
        }
        at += (size_t)sprintf(text + at, "0\n");
        for (int q = 0; q < p; q++) {
            for (int h = 0; h < HOLES; h++) {
                at += (size_t)sprintf(text + at, "-%d -%d 0\n", p * HOLES + h + 1, q * HOLES + h + 1);
            }
        }
    }
    qn_cnf *cnf = parse(text);
    qn_cnf_answer *answer = NULL;
    assert_ok(qn_cnf_solve(context, cnf, 0, &answer));
    assert_true(answer->complete && !answer->satisfiable && answer->values == NULL);
    qn_cnf_answer_free(answer);
    answer = NULL;
    assert_ok(qn_cnf_solve(context, cnf, 3, &answer)); /* a budget ends it without an answer */
    assert_false(answer->complete);
    qn_cnf_answer_free(answer);
    qn_cnf_free(cnf);
}

static void odd_formulas(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t solutions;
    } cases[] = {{"p cnf 1 0\n", 2},
                 {"p cnf 2 1\n0\n", 0},
                 {"p cnf 1 2\n1 0 -1 0\n", 0},
                 {"p cnf 2 1\n1 -1 0\n", 4},
                 {"p cnf 2 2\n1 1 0 -2 -2 -2 0\n", 1},
                 {"c a comment\np cnf 3 1\n1\n2\n3 0\n%\n0\n", 7}};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        qn_cnf *cnf = parse(cases[k].text);
        qn_oracle *oracle = NULL;
        qn_cnf_answer *answer = NULL;
        assert_ok(qn_oracle_from_cnf(context, cnf, 0, &oracle));
        assert_int_equal(qn_oracle_count(oracle), cases[k].solutions);
        assert_ok(qn_cnf_solve(context, cnf, 0, &answer));
        assert_int_equal(answer->satisfiable, cases[k].solutions > 0);
        qn_cnf_answer_free(answer);
        qn_oracle_free(oracle);
        qn_cnf_free(cnf);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(solver_agrees_with_trying_all),
        cmocka_unit_test(many_variables_are_listed),
        cmocka_unit_test(pigeons_have_no_place),
        cmocka_unit_test(odd_formulas),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
