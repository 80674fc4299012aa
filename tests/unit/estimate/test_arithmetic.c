/* test_arithmetic.c: numbers written as sums, and cells of names and values. */
#include <qn_test.h>

#include "advise/arithmetic.h"
#include "advise/pairs.h"

static double value_of(const char *text)
{
    double out = 0;
    assert_ok(qn__arithmetic(text, strlen(text), &out));
    return out;
}

static void sums(void **state)
{
    (void)state;
    assert_near(value_of("1+2*3"), 7, 0);
    assert_near(value_of(" (1 + 2) * 3 "), 9, 0);
    assert_near(value_of("2^3^2"), 512, 0);
    assert_near(value_of("-2^2"), -4, 0);
    assert_near(value_of("2^-1"), 0.5, 0);
    assert_near(value_of("8/2/2"), 2, 0);
    assert_near(value_of("7-2-1"), 4, 0);
    assert_near(value_of("1e3 + .5"), 1000.5, 0);
    assert_near(value_of("3*2048 + 0.002*2048*log2(2048)"), 6189.056, 1e-9);
    assert_near(value_of("ceil(ln(exp(2.5))) + floor(log10(1e3)) + sqrt(16) + round(0.6)"), 11, 0);
}

static void refusals(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "1+", "(1", "1)", "two", "sqrt 4", "sqrt(4", "1..2", "1 2", "*1", "1e"};
    double out = 5;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(qn__arithmetic(bad[i], strlen(bad[i]), &out), QN_ERR_PARSE);
    }
    assert_fails(qn__arithmetic("1/0", 3, &out), QN_ERR_NAN, "is not a finite number");
    assert_fails(qn__arithmetic("sqrt(-1)", 8, &out), QN_ERR_NAN, "is not a finite number");
    char deep[512];
    memset(deep, '(', sizeof deep);
    assert_fails(qn__arithmetic(deep, sizeof deep, &out), QN_ERR_PARSE, "nested deeper");
    memset(deep, '-', sizeof deep);
    assert_fails(qn__arithmetic(deep, sizeof deep, &out), QN_ERR_PARSE, "nested deeper");
    assert_near(out, 5, 0);
}

static void pairs(void **state)
{
    (void)state;
    qn__pairs p;
    double value = 0;
    assert_ok(qn__pairs_read("qubits=100; name = two words;max_s=365*86400", &p));
    assert_int_equal(p.count, 3);
    assert_string_equal(qn__pairs_text(&p, "name"), "two words");
    assert_null(qn__pairs_text(&p, "other"));
    assert_ok(qn__pairs_need(&p, "max_s", &value));
    assert_near(value, 31536000, 0);
    assert_ok(qn__pairs_number(&p, "other", 3, &value));
    assert_near(value, 3, 0);
    assert_fails(qn__pairs_need(&p, "other", &value), QN_ERR_NAME, "no value \"other\"");
    assert_ok(qn__pairs_read("", &p));
    assert_int_equal(p.count, 0);
    assert_fails(qn__pairs_read("a", &p), QN_ERR_PARSE, "expected name=value");
    assert_fails(qn__pairs_read("a=", &p), QN_ERR_PARSE, "missing or too long");
    assert_fails(qn__pairs_read("a=1;a=2", &p), QN_ERR_PARSE, "stands twice");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums),
        cmocka_unit_test(refusals),
        cmocka_unit_test(pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
