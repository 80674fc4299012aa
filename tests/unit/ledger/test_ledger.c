/* test_ledger.c: the field table agrees with the struct, names agree with the .def files, reasons stay within their
 * slots. */
#include <qn_test.h>

#include <quern/ledger.h>

/* Every qn_quantity of the struct has its row: the bytes of the rows fill each run of quantities without a hole. */
static void fields_cover_the_struct(void **state)
{
    (void)state;
    static const struct {
        size_t from, to; /* where a run of quantities starts, and what follows it */
    } runs[] = {
        {offsetof(qn_ledger, answer), offsetof(qn_ledger, classical_method)},
        {offsetof(qn_ledger, classical_value), offsetof(qn_ledger, era)},
    };
    size_t expected = 0, row = 0;
    for (size_t r = 0; r < sizeof runs / sizeof runs[0]; r++) {
        assert_int_equal((runs[r].to - runs[r].from) % sizeof(qn_quantity), 0);
        for (size_t at = runs[r].from; at < runs[r].to; at += sizeof(qn_quantity)) {
            const qn_ledger_field *field = qn_ledger_field_at(row++);
            assert_non_null(field);
            assert_int_equal(field->offset, at);
        }
        expected += (runs[r].to - runs[r].from) / sizeof(qn_quantity);
    }
    assert_int_equal(qn_ledger_field_count(), expected);
    assert_null(qn_ledger_field_at(expected));
}

static void fields_are_named_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < qn_ledger_field_count(); i++) {
        const qn_ledger_field *a = qn_ledger_field_at(i);
        assert_true(a->key[0] != '\0' && a->label[0] != '\0' && a->section[0] != '\0' && a->unit != NULL);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(a->key, qn_ledger_field_at(j)->key);
        }
    }
}

static void fields_read_their_member(void **state)
{
    (void)state;
    qn_ledger ledger;
    qn_ledger_init(&ledger);
    assert_int_equal(ledger.size, sizeof ledger);
    for (size_t i = 0; i < qn_ledger_field_count(); i++) {
        assert_int_equal(qn_ledger_get(&ledger, qn_ledger_field_at(i)).source, QN_SOURCE_UNKNOWN);
    }
    ledger.t_count = (qn_quantity){7.0, QN_SOURCE_COUNTED};
    ledger.physical_qubits = (qn_quantity){1e6, QN_SOURCE_MODELLED};
    size_t known = 0;
    for (size_t i = 0; i < qn_ledger_field_count(); i++) {
        const qn_ledger_field *field = qn_ledger_field_at(i);
        const qn_quantity got = qn_ledger_get(&ledger, field);
        if (got.source != QN_SOURCE_UNKNOWN) {
            known++;
            const bool t = strcmp(field->key, "t_count") == 0;
            assert_true(t || strcmp(field->key, "physical_qubits") == 0);
            assert_near(got.value, t ? 7.0 : 1e6, 0);
        }
    }
    assert_int_equal(known, 2);
}

static void names(void **state)
{
    (void)state;
    assert_string_equal(qn_source_name(QN_SOURCE_UNKNOWN), "unknown");
    assert_string_equal(qn_source_name(QN_SOURCE_MODELLED), "modelled");
    assert_string_equal(qn_source_name((qn_source)99), "unknown");
    assert_string_equal(qn_verdict_key(QN_VERDICT_NO_CLASSICAL), "no-advantage-classical");
    assert_string_equal(qn_verdict_key(QN_VERDICT_NEEDS_INPUT), "needs-input");
    assert_string_equal(qn_verdict_key((qn_verdict)-3), "unknown");
    for (int v = 0; v < (int)QN_VERDICT_COUNT_; v++) {
        const char *text = qn_verdict_text((qn_verdict)v);
        assert_int_equal(text[strlen(text) - 1], '.');
        for (int w = 0; w < v; w++) {
            assert_string_not_equal(qn_verdict_key((qn_verdict)v), qn_verdict_key((qn_verdict)w));
        }
    }
}

static void reasons_stay_in_their_slots(void **state)
{
    (void)state;
    qn_ledger ledger;
    qn_ledger_init(&ledger);
    qn_ledger_add_reason(&ledger, "%d of %s.", 3, "these");
    assert_string_equal(ledger.reasons[0], "3 of these.");
    char wide[1000]; /* two-byte letters, so that the cut falls inside one for one of two offsets */
    for (size_t i = 0; i + 2 < sizeof wide; i += 2) {
        memcpy(wide + i, "\xC2\xB5", 2);
    }
    wide[sizeof wide - 2] = '\0';
    qn_ledger_add_reason(&ledger, "%s", wide);
    qn_ledger_add_reason(&ledger, "x%s", wide);
    for (size_t r = 1; r < 3; r++) {
        const size_t length = strlen(ledger.reasons[r]);
        assert_true(length >= QN_LEDGER_REASON_TEXT - 4 && length < QN_LEDGER_REASON_TEXT);
        assert_int_equal((unsigned char)ledger.reasons[r][length - 1], 0xB5); /* whole letters only */
    }
    for (int i = 0; i < 20; i++) {
        qn_ledger_add_reason(&ledger, "again %d", i);
    }
    assert_int_equal(ledger.reason_count, QN_LEDGER_REASONS);
    assert_string_equal(ledger.reasons[QN_LEDGER_REASONS - 1], "again 4");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_cover_the_struct),     cmocka_unit_test(fields_are_named_once),
        cmocka_unit_test(fields_read_their_member),    cmocka_unit_test(names),
        cmocka_unit_test(reasons_stay_in_their_slots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
