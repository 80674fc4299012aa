/* test_report_text.c: growing texts, numbers, JSON, tables; each against what the format or an independent parser says.
 */
#include <qn_test.h>

#include <float.h>
#include <locale.h>

#include <jansson.h>
#include <quern/context.h>
#include <quern/report.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "report/number.h"
#include "report/table.h"
#include "report/text.h"

static const char *bytes_of(const qn_text *text)
{
    const char *bytes = NULL;
    size_t length = 0;
    assert_ok(qn_text_finish(text, &bytes, &length));
    assert_int_equal(strlen(bytes), length);
    return bytes;
}

static void text_grows(void **state)
{
    (void)state;
    qn_text *text = NULL;
    assert_ok(qn_text_create(&text));
    assert_string_equal(bytes_of(text), "");
    char expected[40000] = "";
    size_t used = 0;
    for (int i = 0; i < 3000; i++) {
        qn_text_printf(text, "%d,%s;", i, i % 7 == 0 ? "seven" : "");
        used += (size_t)snprintf(expected + used, sizeof expected - used, "%d,%s;", i, i % 7 == 0 ? "seven" : "");
    }
    qn_text_append(text, "tail", 4);
    (void)snprintf(expected + used, sizeof expected - used, "tail");
    assert_string_equal(bytes_of(text), expected);
    qn_text_destroy(text);
    qn_text_destroy(NULL);
}

/* For every n, the n-th allocation fails: the failure sticks, comes out of finish, and nothing leaks. */
static void text_failures_stick(void **state)
{
    (void)state;
    const uint64_t before = qn_memory().bytes_now;
    bool finished = false;
    for (uint64_t n = 1; !finished; n++) {
        assert_true(n < 100);
        qn_text *text = NULL;
        qn_json *json = NULL;
        qn__alloc_fail_at(n, false);
        qn_status status = qn_text_create(&text);
        if (status == QN_OK) {
            status = qn_json_create(text, &json);
        }
        if (status == QN_OK) {
            qn_json_begin_array(json, NULL);
            for (int i = 0; i < 500; i++) {
                qn_json_string(json, NULL, "some words to fill the text");
            }
            qn_json_end_array(json);
            const char *bytes = NULL;
            status = qn_text_finish(text, &bytes, NULL);
            finished = status == QN_OK;
        }
        qn__alloc_fail_at(0, false);
        if (status != QN_OK) {
            assert_int_equal(status, QN_ERR_MEMORY);
        }
        qn_json_destroy(json);
        qn_text_destroy(text);
        assert_int_equal(qn_memory().bytes_now, before);
    }
}

static void utf8_and_xml(void **state)
{
    (void)state;
    assert_int_equal(qn__utf8_length("a"), 1);
    assert_int_equal(qn__utf8_length("\xC2\xB5"), 2);
    assert_int_equal(qn__utf8_length("\xE2\x80\x93"), 3);
    assert_int_equal(qn__utf8_length("\xF0\x9F\x98\x80"), 4);
    static const char *const bad[] = {"\x80",
                                      "\xC0\x80",
                                      "\xC2",
                                      "\xE2\x80",
                                      "\xED\xA0\x80",
                                      "\xE0\x80\x80",
                                      "\xF4\x90\x80\x80",
                                      "\xFF"
                                      "a",
                                      "\xC2"
                                      "a"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(qn__utf8_length(bad[i]), 0);
    }
    qn_text *text = NULL;
    assert_ok(qn_text_create(&text));
    qn__text_xml(text, "<a href=\"x\">&'\x01\xFF\xC2\xB5</a>\n");
    assert_string_equal(bytes_of(text),
                        "&lt;a href=&quot;x&quot;&gt;&amp;&#39;\xEF\xBF\xBD\xEF\xBF\xBD\xC2\xB5&lt;/a&gt;\n");
    qn_text_destroy(text);
}

static size_t digits_in(const char *text)
{
    size_t digits = 0;
    bool leading = true;
    for (; *text != '\0' && *text != 'e'; text++) {
        if (*text >= '0' && *text <= '9') {
            leading = leading && *text == '0';
            digits += !leading;
        }
    }
    return digits;
}

/* Random bits as doubles: the text reads back to the same bits and no shorter %.*e does. */
static void shortest_numbers(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    char buffer[QN__NUMBER_SIZE];
    for (uint64_t i = 0; i < 20000 * qn_test_scale(); i++) {
        uint64_t bits = qn__random_bits(seed, 1, i);
        double value;
        if (i % 3 == 0) { /* short decimals too */
            value = (double)(int64_t)(bits % 2000001 - 1000000) / 1000.0;
        } else {
            memcpy(&value, &bits, sizeof value);
        }
        if (!isfinite(value)) {
            continue;
        }
        qn__number_shortest(buffer, value);
        const double back = strtod(buffer, NULL);
        assert_memory_equal(&back, &value, sizeof value);
        const size_t digits = digits_in(buffer);
        if (digits > 1 && value != floor(value)) {
            char shorter[QN__NUMBER_SIZE];
            (void)snprintf(shorter, sizeof shorter, "%.*e", (int)digits - 2, value);
            assert_true(strtod(shorter, NULL) != value);
        }
    }
    assert_string_equal(qn__number_shortest(buffer, 0.1), "0.1");
    assert_string_equal(qn__number_shortest(buffer, 0.1 + 0.2), "0.30000000000000004");
    assert_string_equal(qn__number_shortest(buffer, 5e-324), "5e-324");
    assert_string_equal(qn__number_shortest(buffer, DBL_MAX), "1.7976931348623157e+308");
    assert_string_equal(qn__number_shortest(buffer, -0.0), "-0");
    assert_string_equal(qn__number_shortest(buffer, 300.0), "300");
}

static void numbers_ignore_the_locale(void **state)
{
    (void)state;
    char buffer[QN__NUMBER_SIZE];
    static const char *const locales[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "ps_AF.UTF-8"};
    bool found = false;
    for (size_t i = 0; i < sizeof locales / sizeof locales[0]; i++) {
        if (setlocale(LC_NUMERIC, locales[i]) != NULL) {
            found = true;
            assert_string_equal(qn__number_shortest(buffer, -1.5e-7), "-1.5e-07");
            assert_string_equal(qn__number_format(buffer, sizeof buffer, 3.25, 2, 'f'), "3.25");
            setlocale(LC_NUMERIC, "C");
        }
    }
    if (!found) {
        print_message("no locale with a decimal comma is installed: not tested\n");
    }
}

static void numbers_for_people(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *unit, *expected;
    } cases[] = {
        {3.2e7, NULL, "3.2e+07"},     {12, "", "12"},
        {999999, NULL, "999999"},     {0.001234567, "", "0.001235"},
        {1.25e-3, "s", "1.25 ms"},    {0, "s", "0 s"},
        {2.5e-7, "s", "250 ns"},      {59, "s", "59 s"},
        {8280, "s", "2.3 h"},         {300, "s", "5 min"},
        {86400.0 * 3, "s", "3 days"}, {3.15576e9, "s", "100 years"},
        {2097152, "B", "2.0 MiB"},    {64, "B", "64 B"},
        {1536, "B", "1.5 KiB"},       {-1.5, "Hartree", "-1.5 Hartree"},
        {4.1e8, NULL, "4.1e+08"},     {123.4e-3, "s", "123 ms"},
    };
    char buffer[64];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_string_equal(qn_human(buffer, sizeof buffer, cases[i].value, cases[i].unit), cases[i].expected);
    }
    assert_string_equal(qn_human(buffer, sizeof buffer, (double)NAN, "s"), "unknown");
    assert_string_equal(qn_human(buffer, 4, 1.25e-3, "s"), "1.2"); /* cut, not overrun */
}

/* Everything the writer can write, read back by another library. */
static void json_reads_back(void **state)
{
    (void)state;
    qn_text *text = NULL;
    qn_json *json = NULL;
    assert_ok(qn_text_create(&text));
    assert_ok(qn_json_create(text, &json));
    const char *hard = "quote\" back\\slash \n\t\r \x01\x1F\x7F \xC2\xB5 </script> \xFF end";
    qn_json_begin_object(json, NULL);
    qn_json_string(json, "hard", hard);
    qn_json_string(json, "key \"with\" quotes", NULL);
    qn_json_number(json, "tenth", 0.1);
    qn_json_number(json, "nan", (double)NAN);
    qn_json_number(json, "infinity", (double)INFINITY);
    qn_json_unsigned(json, "big", UINT64_C(9007199254740993));
    qn_json_bool(json, "yes", true);
    qn_json_begin_array(json, "empty");
    qn_json_end_array(json);
    qn_json_begin_object(json, "empty_object");
    qn_json_end_object(json);
    qn_json_begin_array(json, "nested");
    qn_json_number(json, NULL, 1);
    qn_json_begin_array(json, NULL);
    qn_json_number(json, NULL, 2);
    qn_json_number(json, NULL, 3);
    qn_json_end_array(json);
    qn_json_begin_object(json, NULL);
    qn_json_bool(json, "a", false);
    qn_json_end_object(json);
    qn_json_end_array(json);
    qn_json_end_object(json);
    const char *bytes = bytes_of(text);
    json_error_t error;
    json_t *root = json_loads(bytes, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        print_error("%s\n%s\n", error.text, bytes);
    }
    assert_non_null(root);
    assert_string_equal(json_string_value(json_object_get(root, "hard")),
                        "quote\" back\\slash \n\t\r \x01\x1F\x7F \xC2\xB5 </script> \xEF\xBF\xBD end");
    assert_true(json_is_null(json_object_get(root, "key \"with\" quotes")));
    assert_near(json_number_value(json_object_get(root, "tenth")), 0.1, 0);
    assert_true(json_is_null(json_object_get(root, "nan")));
    assert_true(json_is_null(json_object_get(root, "infinity")));
    assert_true(json_integer_value(json_object_get(root, "big")) == INT64_C(9007199254740993));
    assert_int_equal(json_array_size(json_object_get(root, "nested")), 3);
    assert_near(json_number_value(json_array_get(json_array_get(json_object_get(root, "nested"), 1), 1)), 3, 0);
    assert_int_equal(json_array_size(json_object_get(root, "empty")), 0);
    json_decref(root);
    assert_non_null(strstr(bytes, "\n  \"tenth\": 0.1,\n")); /* indentation of two blanks */
    qn_json_destroy(json);
    qn_text_destroy(text);
}

static void json_misuse_is_an_error(void **state)
{
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        qn_text *text = NULL;
        qn_json *json = NULL;
        assert_ok(qn_text_create(&text));
        assert_ok(qn_json_create(text, &json));
        if (kind == 0) {
            qn_json_end_object(json);
        } else if (kind == 1) {
            qn_json_begin_object(json, NULL);
            qn_json_number(json, NULL, 1);
        } else if (kind == 2) {
            qn_json_begin_array(json, NULL);
            qn_json_number(json, "key", 1);
        } else {
            for (int i = 0; i < 65; i++) {
                qn_json_begin_array(json, NULL);
            }
        }
        const char *bytes = NULL;
        assert_fails(qn_text_finish(text, &bytes, NULL), QN_ERR_INTERNAL, "could not be built");
        qn_json_destroy(json);
        qn_text_destroy(text);
    }
}

static void set(qn_quantity *field, double value, qn_source source)
{
    *field = (qn_quantity){value, source};
}

static void fill(qn_ledger *ledger)
{
    qn_ledger_init(ledger);
    (void)snprintf(ledger->workload, sizeof ledger->workload, "vqe");
    (void)snprintf(ledger->answer_name, sizeof ledger->answer_name, "ground-state energy");
    (void)snprintf(ledger->answer_unit, sizeof ledger->answer_unit, "Hartree");
    (void)snprintf(ledger->classical_method, sizeof ledger->classical_method, "dense diagonalisation");
    set(&ledger->answer, -1.137283834488, QN_SOURCE_EXACT);
    set(&ledger->answer_error, 3.21e-11, QN_SOURCE_EXACT);
    set(&ledger->classical_seconds, 1.2e-3, QN_SOURCE_MEASURED);
    set(&ledger->qubits, 4, QN_SOURCE_COUNTED);
    set(&ledger->shots_total, (double)INFINITY, QN_SOURCE_MODELLED);
    ledger->verdict = QN_VERDICT_NO_CLASSICAL;
    qn_ledger_add_timed_reason(ledger, "The exact answer took 1.2 ms here.");
    qn_ledger_add_reason(ledger, "A model says 1.2 ms as well.");
    qn_ledger_add_reason(
        ledger, "4.1e+08 shots of this circuit take at least 2.3 h even without errors, and a sentence this long "
                "has to be wrapped.");
}

static void ledger_as_json(void **state)
{
    (void)state;
    qn_ledger ledger;
    fill(&ledger);
    qn_text *text = NULL;
    qn_json *json = NULL;
    assert_ok(qn_text_create(&text));
    assert_ok(qn_json_create(text, &json));
    qn_json_ledger(json, NULL, &ledger);
    json_t *root = json_loads(bytes_of(text), JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    for (size_t i = 0; i < qn_ledger_field_count(); i++) {
        const qn_ledger_field *field = qn_ledger_field_at(i);
        const qn_quantity quantity = qn_ledger_get(&ledger, field);
        json_t *member = json_object_get(root, field->key);
        assert_non_null(member);
        assert_string_equal(json_string_value(json_object_get(member, "source")), qn_source_name(quantity.source));
        json_t *value = json_object_get(member, "value");
        if (quantity.source == QN_SOURCE_UNKNOWN || !isfinite(quantity.value)) {
            assert_true(json_is_null(value));
        } else {
            assert_near(json_number_value(value), quantity.value, 0);
        }
    }
    assert_string_equal(json_string_value(json_object_get(root, "verdict")), "no-advantage-classical");
    assert_true(json_is_null(json_object_get(root, "era")));
    /* The sentence with a clock's number in it stands apart, so that the rest is the same from run to run. */
    assert_int_equal(json_array_size(json_object_get(root, "reasons")), 2);
    assert_int_equal(json_array_size(json_object_get(root, "reasons_quoting_seconds")), 1);
    assert_non_null(
        strstr(json_string_value(json_array_get(json_object_get(root, "reasons_quoting_seconds"), 0)), "took 1.2 ms"));
    json_decref(root);
    qn_json_destroy(json);
    qn_text_destroy(text);
}

static void ledger_as_text(void **state)
{
    (void)state;
    qn_ledger ledger;
    fill(&ledger);
    for (uint32_t width = 40; width <= 120; width += 40) {
        qn_text *text = NULL;
        assert_ok(qn_text_create(&text));
        const qn_style style = {false, false, width};
        qn_text_ledger(text, &ledger, &style);
        const char *bytes = bytes_of(text);
        assert_non_null(strstr(bytes, "ground-state energy"));
        assert_non_null(strstr(bytes, "-1.137283834 Hartree"));
        assert_non_null(strstr(bytes, "3.2e-11 Hartree"));
        assert_non_null(strstr(bytes, "1.2 ms"));
        assert_null(strstr(bytes, "T gates")); /* unknown */
        assert_null(strstr(bytes, "\033"));
        assert_true(strstr(bytes, "Verdict") > strstr(bytes, "qubits"));
        assert_int_equal(bytes[strlen(bytes) - 1], '\n');
        const char *verdict = strstr(bytes, "Verdict");
        for (const char *line = verdict; *line != '\0'; line += strcspn(line, "\n") + 1) {
            assert_true(strcspn(line, "\n") <= width);
        }
        qn_text_destroy(text);
    }
    qn_text *text = NULL;
    assert_ok(qn_text_create(&text));
    const qn_style bright = {true, true, 0};
    qn_text_ledger(text, &ledger, &bright);
    assert_non_null(strstr(bytes_of(text), "\033[1m"));
    assert_non_null(strstr(bytes_of(text), "\xE2\x80\xA2"));
    qn_text_destroy(text);
}

/* A sampled answer shows the digits that its error leaves. */
static void answers_are_rounded_to_their_error(void **state)
{
    (void)state;
    qn_ledger ledger;
    fill(&ledger);
    set(&ledger.std_error, 2.7e-3, QN_SOURCE_SAMPLED);
    qn_text *text = NULL;
    assert_ok(qn_text_create(&text));
    const qn_style style = {false, false, 80};
    qn_text_ledger(text, &ledger, &style);
    assert_non_null(strstr(bytes_of(text), "-1.1373 Hartree"));
    qn_text_destroy(text);
}

static void long_words_wrap(void **state)
{
    (void)state;
    qn_text *text = NULL;
    assert_ok(qn_text_create(&text));
    const qn_style style = {false, false, 40};
    qn__text_wrap(text, "one two three four five six seven eight averyveryverylongwordthatdoesnotfitanywhereatall nine",
                  4, "  -", &style);
    assert_string_equal(bytes_of(text), "  - one two three four five six seven\n    eight\n"
                                        "    averyveryverylongwordthatdoesnotfitanywhereatall\n    nine\n");
    qn_text_destroy(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_grows),
        cmocka_unit_test(text_failures_stick),
        cmocka_unit_test(utf8_and_xml),
        cmocka_unit_test(shortest_numbers),
        cmocka_unit_test(numbers_ignore_the_locale),
        cmocka_unit_test(numbers_for_people),
        cmocka_unit_test(json_reads_back),
        cmocka_unit_test(json_misuse_is_an_error),
        cmocka_unit_test(ledger_as_json),
        cmocka_unit_test(ledger_as_text),
        cmocka_unit_test(answers_are_rounded_to_their_error),
        cmocka_unit_test(long_words_wrap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
