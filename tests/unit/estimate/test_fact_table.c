/* test_fact_table.c: tables of facts: a row without a source is refused with its place; a user's rows go over ours. */
#include <qn_test.h>

#include <sys/stat.h>
#include <unistd.h>

#include "advise/advice.h"
#include "advise/era.h"

#define HEAD "id\tvalue_s\tsource\turl\tdate\ttag\n"
#define ROW(id, value) id "\t" value "\tPaper\tarXiv:1234.5678\t2026-11\tP\n"

static qn_status read_text(const char *text, qn__table **out)
{
    qn__table *table = NULL;
    assert_ok(qn__table_new("facts", &table));
    const qn_status status = qn__table_read(table, text, strlen(text), "data/facts.tsv", false);
    if (status != QN_OK) {
        qn__table_free(table);
        return status;
    }
    *out = table;
    return QN_OK;
}

static void refused(const char *text, const char *message)
{
    qn__table *table = NULL;
    assert_fails(read_text(text, &table), QN_ERR_PARSE, message);
    assert_null(table);
}

static void every_row_needs_its_source(void **state)
{
    (void)state;
    refused(HEAD ROW("a", "1") "b\t2\t\tarXiv:1\t2026-11\tP\n", "data/facts.tsv:3:5: error: row 'b' has no source");
    refused(HEAD "b\t2\tPaper\t\t2026-11\tP\n", "data/facts.tsv:2:11: error: row 'b' has no url");
    refused(HEAD "b\t2\tPaper\tarXiv:1\t\tP\n", "data/facts.tsv:2:19: error: row 'b' has no date");
    refused(HEAD "b\t2\tPaper\tarXiv:1\t2026-11\n", "row 'b' has no tag");
    refused(HEAD "\t2\tPaper\tarXiv:1\t2026-11\tP\n", "data/facts.tsv:2:1: error: a row has no id");
    refused(HEAD "b\t2\tPaper\tsomewhere\t2026-11\tP\n", "url 'somewhere' is none; expected https://");
    refused(HEAD "b\t2\tPaper\tarXiv:1\t2026-13\tP\n", "date '2026-13'; expected YYYY-MM");
    refused(HEAD "b\t2\tPaper\tarXiv:1\t2026-02-29\tP\n", "date '2026-02-29'");
    refused(HEAD "b\t2\tPaper\tarXiv:1\t2026-04-31\tP\n", "date '2026-04-31'");
    refused(HEAD "b\t2\tPaper\tarXiv:\t2026-11\tP\n", "data/facts.tsv:2:11: error: row 'b': url 'arXiv:' is none");
    refused(HEAD "b\t2\tPaper\tarXiv:1\tyesterday\tP\n", "date 'yesterday'");
    refused(HEAD "b\t2\tPaper\tarXiv:1\t2026-11\tZ\n", "tag 'Z'; expected one of V");
    refused(HEAD "b\t2\tPaper\tarXiv:1\t2026-11\tVP\n", "tag 'VP'");
}

static void malformed_tables(void **state)
{
    (void)state;
    refused("", "no table: the first line must name the columns");
    refused("# only a remark\n", "no table");
    refused("id\tsource\turl\tdate\n", "data/facts.tsv:1:1: error: the first line has no column 'tag'");
    refused("id\tid\tsource\turl\tdate\ttag\n", "column 'id' stands twice");
    refused("id\t\tsource\turl\tdate\ttag\n", "a column without a name");
    refused(HEAD ROW("a", "1") ROW("a", "2"), "data/facts.tsv:3:1: error: row 'a' stands already in line 2");
    refused(HEAD "a\t1\tPaper\tarXiv:1\t2026-11\tP\tmore\n", "more cells than the 6 columns");
    refused("id\tsource\turl\tdate\ttag\tvalue_s\nb\tPaper\tarXiv:1\t2028-02-29\tP\n",
            "data/facts.tsv:2:29: error: row 'b' has 5 cells; the first line names 6 columns");
    char wide[4096] = "id\tsource\turl\tdate\ttag";
    for (int i = 0; i < 80; i++) {
        (void)snprintf(wide + strlen(wide), sizeof wide - strlen(wide), "\tc%d", i);
    }
    refused(wide, "more than 64 columns");
    qn__table *table = NULL;
    assert_int_equal(read_text("id\0x", &table), QN_ERR_PARSE); /* cut at the 0 byte: no columns */
}

static void cells(void **state)
{
    (void)state;
    qn__table *table = NULL;
    assert_ok(read_text("# edition: 2026-11\r\n" HEAD "\n" ROW("a", " 1e-6 ") "# remark\n" ROW("b", "-") ROW("c", "1x"),
                        &table));
    assert_int_equal(qn__table_rows(table), 3);
    const qn__row *a = qn__table_look(table, "a"), *b = qn__table_look(table, "b"), *c = qn__table_look(table, "c");
    double value = 0;
    assert_ok(qn__table_number(table, a, "value_s", &value));
    assert_near(value, 1e-6, 0);
    assert_fails(qn__table_number(table, b, "value_s", &value), QN_ERR_PARSE,
                 "data/facts.tsv:6: error: row 'b': value_s is missing");
    assert_ok(qn__table_number_or(table, b, "value_s", 7, &value));
    assert_near(value, 7, 0);
    assert_fails(qn__table_number(table, c, "value_s", &value), QN_ERR_PARSE, "row 'c': value_s '1x' is not a number");
    assert_string_equal(qn__table_text(table, a, "no such column"), "");
    const qn__row *row = NULL;
    assert_fails(qn__table_find(table, "aa", "fact", &row), QN_ERR_NAME, "unknown fact \"aa\"; did you mean \"a\"?");
    assert_fails(qn__table_find(table, "zzzzzzzz", "fact", &row), QN_ERR_NAME, "there are: a, b, c");
    assert_null(row);
    assert_string_equal(qn__table_newest(table), "2026-11");
    qn__table_free(table);
}

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void a_folder_of_the_user(void **state)
{
    (void)state;
    char folder[] = "/tmp/quern-data-XXXXXX";
    assert_non_null(mkdtemp(folder));
    /* other columns in another order: unknown ones are ignored, rows replaced as a whole, others added */
    write_file(folder, "platforms.tsv",
               "tag\tdate\turl\tsource\tid\tt_s\terror\terror_t\tcycle_s\treaction_s\tinstructions\tcode\tcolour\n"
               "E\t2030-01\thttps://example.org\tme\tns_e3\t1e-7\t2e-3\t2e-3\t1e-6\t1e-5\tgate\tsurface\tblue\n"
               "E\t2030-01\thttps://example.org\tme\tmine\t1e-7\t1e-5\t1e-5\t1e-6\t1e-5\tgate\tsurface\tred\n");
    qn_advice_options options = QN_ADVICE_OPTIONS_INIT;
    options.folder = folder;
    qn_advice *advice = NULL, *plain = NULL;
    assert_ok(qn_advice_open(NULL, &plain));
    assert_ok(qn_advice_open(&options, &advice));
    const qn__table *table = NULL, *ours = NULL;
    assert_ok(qn__advice_table(advice, "platforms", &table));
    assert_ok(qn__advice_table(plain, "platforms", &ours));
    assert_int_equal(qn__table_rows(table), qn__table_rows(ours) + 1);
    double error = 0;
    assert_ok(qn__table_number(table, qn__table_look(table, "ns_e3"), "error", &error));
    assert_near(error, 2e-3, 0);
    assert_string_equal(qn__table_text(table, qn__table_look(table, "ns_e3"), "measure_s"), "");
    assert_true(qn__table_look(table, "mine")->user);
    assert_string_equal(qn_advice_edition(advice), qn_advice_edition(plain)); /* the user's dates are the user's */
    assert_null(qn_advice_remark(plain, 0));
    assert_non_null(strstr(qn_advice_remark(advice, 0), "platforms.tsv:1:79: column 'colour' is unknown and ignored"));
    assert_null(qn_advice_remark(advice, 1));
    qn_advice_free(advice);
    advice = NULL;
    write_file(folder, "platfroms.tsv", "");
    write_file(folder, "notes.txt", "");
    write_file(folder, "abc.tsv", "");
    assert_ok(qn_advice_open(&options, &advice));
    assert_non_null(strstr(qn_advice_remark(advice, 1), "/abc.tsv: no table has this name, the file is ignored"));
    assert_non_null(strstr(qn_advice_remark(advice, 2), "/platfroms.tsv: no table has this name, the file is ignored; "
                                                        "did you mean platforms.tsv?"));
    assert_null(qn_advice_remark(advice, 3));
    qn_advice_free(advice);
    advice = NULL;
    write_file(folder, "qec.tsv", "id\tsource\turl\tdate\ttag\nmine\t\tarXiv:1\t2026-11\tE\n");
    char expected[600];
    (void)snprintf(expected, sizeof expected, "%s/qec.tsv:2:6: error: row 'mine' has no source", folder);
    assert_fails(qn_advice_open(&options, &advice), QN_ERR_PARSE, expected);
    assert_null(advice);
    char path[512];
    static const char *const written[] = {"qec.tsv", "platforms.tsv", "platfroms.tsv", "notes.txt", "abc.tsv"};
    for (size_t i = 0; i < sizeof written / sizeof written[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, written[i]);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(folder), 0);
    assert_fails(qn_advice_open(&options, &advice), QN_ERR_IO, "no such folder of data");
    qn_advice_free(plain);
}

/* Taking the source from any row of ours makes the loader fail with that row's line. */
static void removing_a_source_fails(void **state)
{
    (void)state;
    size_t tried = 0;
    for (size_t t = 0; t < qn__embedded_count; t++) {
        const qn__embedded *file = &qn__embedded_tables[t];
        char *head = strndup(file->text, strcspn(file->text, "\n"));
        size_t column = 0, rows = 0;
        for (char *rest = head, *name = strsep(&rest, "\t"); strcmp(name, "source") != 0; name = strsep(&rest, "\t")) {
            column++;
        }
        free(head);
        size_t line = 0;
        for (const char *at = file->text; *at != '\0'; at += strcspn(at, "\n") + 1) {
            line++;
            if (line == 1 || *at == '#') {
                continue;
            }
            const char *cell = at;
            for (size_t i = 0; i < column; i++) {
                cell = strchr(cell, '\t') + 1;
            }
            const size_t front = (size_t)(cell - file->text), cut = strcspn(cell, "\t");
            char *text = malloc(file->length + 1), place[64];
            memcpy(text, file->text, front);
            memcpy(text + front, cell + cut, file->length - front - cut + 1);
            qn__table *table = NULL;
            assert_ok(qn__table_new(file->name, &table));
            (void)snprintf(place, sizeof place, "x.tsv:%zu:", line);
            assert_fails(qn__table_read(table, text, file->length - cut, "x.tsv", false), QN_ERR_PARSE, place);
            assert_non_null(strstr(qn_last_error()->message, "has no source"));
            qn__table_free(table);
            free(text);
            tried += ++rows > 0;
        }
    }
    assert_true(tried > 100);
}

/* A user's era stands where its first year puts it, and an impossible one is refused with its place. */
static void eras_of_the_user(void **state)
{
    (void)state;
    char folder[] = "/tmp/quern-data-XXXXXX", path[512];
    assert_non_null(mkdtemp(folder));
    static const char head[] =
        "id\tname\tfirst_year\tlast_year\tqubits_lo\tqubits_mid\tqubits_hi\tops_lo\tops_mid\tops_hi"
        "\tscenario\tevidence\tsource\turl\tdate\ttag\n";
    static const char *const rows[] = {
        "mine\t2030\t2030\t2031\t1e3\t1e3\t1e3\t1e9\t1e9\t1e9\tno\t\tme\tarXiv:1\t2026-11\tE\n",
        "mine\t2030\t2030\t2031\t1e3\t1e2\t1e3\t1e9\t1e9\t1e9\tno\t\tme\tarXiv:1\t2026-11\tE\n"};
    qn_advice_options options = QN_ADVICE_OPTIONS_INIT;
    options.folder = folder;
    for (int i = 0; i < 2; i++) {
        char text[1024];
        qn_advice *advice = NULL;
        qn__eras eras;
        (void)snprintf(text, sizeof text, "%s%s", head, rows[i]);
        write_file(folder, "eras.tsv", text);
        assert_ok(qn_advice_open(&options, &advice));
        if (i == 0) {
            assert_ok(qn__eras_find(advice, 500, 1e9L, &eras));
            assert_int_equal(eras.count, 5);
            assert_string_equal(eras.fit[2].name, "2030");
            assert_int_equal(eras.first, 2);
        } else {
            assert_fails(qn__eras_find(advice, 500, 1e9L, &eras), QN_ERR_PARSE,
                         "eras.tsv:2: error: row 'mine': lo, mid");
        }
        qn_advice_free(advice);
    }
    (void)snprintf(path, sizeof path, "%s/eras.tsv", folder);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void age(void **state)
{
    (void)state;
    qn_advice *advice = NULL;
    assert_ok(qn_advice_open(NULL, &advice));
    assert_string_equal(qn_advice_edition(advice), "2026-11");
    assert_int_equal(qn_advice_age_months(advice, 2026, 11), 0);
    assert_int_equal(qn_advice_age_months(advice, 2027, 12), 13);
    const char *cell = NULL;
    assert_ok(qn_advice_cell(advice, "platforms", 0, "id", &cell));
    assert_string_equal(cell, "ns_e3");
    assert_ok(qn_advice_cell(advice, "platforms", 1000, "id", &cell));
    assert_null(cell);
    assert_fails(qn_advice_cell(advice, "nothing", 0, "id", &cell), QN_ERR_NAME, "no table data/nothing.tsv");
    qn_advice_free(advice);
    qn_advice_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_needs_its_source),
        cmocka_unit_test(malformed_tables),
        cmocka_unit_test(cells),
        cmocka_unit_test(a_folder_of_the_user),
        cmocka_unit_test(removing_a_source_fails),
        cmocka_unit_test(eras_of_the_user),
        cmocka_unit_test(age),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
