/* test_format_number.c: decimal numbers against the C library's own conversion, and what is refused. */
#include <qn_test.h>

#include <locale.h>

#include "base/rng.h"
#include "format/number.h"

static qn__number_result scan(const char *text, bool fortran, double *value, size_t *used)
{
    return qn__number_scan(text, strlen(text), fortran, value, used);
}

static void numbers_are_those_of_strtod(void **state)
{
    (void)state;
    static const char *const texts[] = {"0",
                                        "-0",
                                        "1",
                                        "+2",
                                        "-.5e-3",
                                        "5.",
                                        ".5",
                                        "1e5",
                                        "1E+5",
                                        "1e-5",
                                        "123456789012345678901234567890",
                                        "0.1",
                                        "0.30000000000000004",
                                        "1.7976931348623157e308",
                                        "4.9e-324",
                                        "2.2250738585072011e-308",
                                        "9007199254740993",
                                        "9007199254740992.5",
                                        "1e22",
                                        "1e23",
                                        "8.5e22",
                                        "1e-400",
                                        "0e999",
                                        "0.000000000000000000000000000000000001",
                                        "1.00000000000000000000000000000000000001",
                                        "00000000000000000000000000012.5",
                                        "179769313486231570000e288"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        double value = 7;
        size_t used = 0;
        assert_int_equal(scan(texts[i], false, &value, &used), QN__NUMBER_OK);
        const double expected = strtod(texts[i], NULL);
        if (memcmp(&value, &expected, sizeof value) != 0) {
            print_error("%s: %.17g, expected %.17g\n", texts[i], value, expected);
            fail();
        }
        assert_int_equal(used, strlen(texts[i]));
    }
}

/* Every double printed with 17 digits reads back as itself, in both forms. */
static void numbers_round_trip(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    for (uint64_t i = 0; i < 50000u * qn_test_scale(); i++) {
        const uint64_t bits = qn__random_bits(seed, 1, i);
        double value = 0;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value)) {
            continue;
        }
        char text[QN__NUMBER_ROOM];
        double again = 0;
        size_t used = 0;
        const size_t length = qn__number_print(text, value, i % 2 == 0);
        assert_int_equal(length, strlen(text));
        assert_int_equal(scan(text, false, &again, &used), QN__NUMBER_OK);
        assert_int_equal(used, length);
        assert_memory_equal(&again, &value, sizeof value);
    }
}

/* Short decimals, the fast path's home, against strtod. */
static void short_numbers_are_exact(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    for (uint64_t i = 0; i < 50000u * qn_test_scale(); i++) {
        const uint64_t bits = qn__random_bits(seed, 2, i);
        char text[64];
        (void)snprintf(text, sizeof text, "%s%llu.%llue%d", bits & 1 ? "-" : "",
                       (unsigned long long)(bits >> 8 & 0xFFFFFF), (unsigned long long)(bits >> 32 & 0xFFFFFFF),
                       (int)(bits >> 60) * 3 - 24);
        double value = 0;
        size_t used = 0;
        assert_int_equal(scan(text, false, &value, &used), QN__NUMBER_OK);
        const double expected = strtod(text, NULL);
        assert_memory_equal(&value, &expected, sizeof value);
    }
}

static void fortran_exponents(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } cases[] = {{"1.5D+02", 150},      {"1.5d-1", 0.15}, {"-0.25Q1", -2.5},
                 {"1.5-101", 1.5e-101}, {"1.5+3", 1500},  {"2E0", 2}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value = 0;
        size_t used = 0;
        assert_int_equal(scan(cases[i].text, true, &value, &used), QN__NUMBER_OK);
        assert_near(value, cases[i].value, 0);
        assert_int_equal(used, strlen(cases[i].text));
    }
    double value = 0;
    size_t used = 0;
    assert_int_equal(scan("1.5D+02", false, &value, &used), QN__NUMBER_OK);
    assert_int_equal(used, 3); /* D is Fortran's alone */
    assert_int_equal(scan("1.5-101", false, &value, &used), QN__NUMBER_OK);
    assert_int_equal(used, 3);
}

static void what_is_no_number(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        qn__number_result result;
    } cases[] = {{"", QN__NUMBER_NONE},
                 {"+", QN__NUMBER_NONE},
                 {".", QN__NUMBER_NONE},
                 {"e5", QN__NUMBER_NONE},
                 {"-.e5", QN__NUMBER_NONE},
                 {"x", QN__NUMBER_NONE},
                 {"nan", QN__NUMBER_NAN},
                 {"-NaN", QN__NUMBER_NAN},
                 {"inf", QN__NUMBER_INFINITE},
                 {"-Infinity", QN__NUMBER_INFINITE},
                 {"nano", QN__NUMBER_NONE},
                 {"1e999", QN__NUMBER_OVERFLOW},
                 {"-1e309", QN__NUMBER_OVERFLOW},
                 {"1.8e308", QN__NUMBER_OVERFLOW},
                 {"1e99999999999999999999", QN__NUMBER_OVERFLOW}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value = 7;
        size_t used = 0;
        assert_int_equal(scan(cases[i].text, false, &value, &used), cases[i].result);
        assert_near(value, 7, 0);
    }
    char digits[400];
    memset(digits, '1', sizeof digits);
    double value = 0;
    size_t used = 0;
    assert_int_equal(qn__number_scan(digits, sizeof digits, false, &value, &used), QN__NUMBER_LONG);
    assert_int_equal(scan("0x10", false, &value, &used), QN__NUMBER_OK);
    assert_int_equal(used, 1); /* hexadecimal is not read: 0, and then x */
    assert_int_equal(scan("1e", false, &value, &used), QN__NUMBER_OK);
    assert_int_equal(used, 1);
}

/* A program may have set a locale with a decimal comma. */
static void locale_does_not_matter(void **state)
{
    (void)state;
    static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE", "fr_FR.utf8"};
    const char *set = NULL;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && set == NULL; i++) {
        set = setlocale(LC_NUMERIC, names[i]);
    }
    if (set == NULL) {
        print_message("no locale with a decimal comma is installed\n");
        skip();
    }
    double value = 0;
    size_t used = 0;
    char text[QN__NUMBER_ROOM];
    const qn__number_result result = scan("0.12345678901234567890", false, &value, &used);
    (void)qn__number_print(text, 0.5, false);
    (void)setlocale(LC_NUMERIC, "C");
    assert_int_equal(result, QN__NUMBER_OK);
    assert_near(value, 0.12345678901234567890, 0);
    assert_string_equal(text, "0.5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_those_of_strtod), cmocka_unit_test(numbers_round_trip),
        cmocka_unit_test(short_numbers_are_exact),     cmocka_unit_test(fortran_exponents),
        cmocka_unit_test(what_is_no_number),           cmocka_unit_test(locale_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
