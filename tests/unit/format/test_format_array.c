/* test_format_array.c: arrays from .npy and CSV: every type of number in both byte orders and orders of axes, names,
 * quotes, places in messages, and what is written is read again. */
#include <qn_test.h>

#include <unistd.h>

#include <quern/array.h>
#include <quern/context.h>
#include <quern/formula.h>

#include "base/alloc.h"
#include "format/array.h"

/* A version 1.0 file with this dictionary and these bytes. */
static size_t build(char *out, const char *dictionary, const void *data, size_t size)
{
    const size_t length = strlen(dictionary);
    memcpy(out, "\x93NUMPY\x01\x00", 8);
    out[8] = (char)(length & 255);
    out[9] = (char)(length >> 8);
    memcpy(out + 10, dictionary, length);
    memcpy(out + 10 + length, data, size);
    return 10 + length + size;
}

static void assert_array(const qn_array *a, size_t rows, size_t columns, bool is_complex, const double *expected)
{
    assert_int_equal(a->rows, rows);
    assert_int_equal(a->columns, columns);
    assert_int_equal(a->is_complex, is_complex);
    for (size_t i = 0; i < rows * columns * (is_complex ? 2 : 1); i++) {
        assert_near(a->data[i], expected[i], 0.0);
    }
}

static void assert_npy(const char *dictionary, const void *data, size_t size, size_t rows, size_t columns,
                       bool is_complex, const double *expected)
{
    char file[512];
    qn_array *array = NULL;
    assert_ok(qn_array_parse("x.npy", file, build(file, dictionary, data, size), &array));
    assert_array(array, rows, columns, is_complex, expected);
    assert_null(array->names);
    qn_array_free(array);
}

static void refuse_npy(const char *dictionary, const void *data, size_t size, qn_status status, const char *message)
{
    char file[512];
    qn_array *array = NULL;
    assert_fails(qn_array_parse("x.npy", file, build(file, dictionary, data, size), &array), status, message);
    assert_null(array);
}

/* Bytes written by numpy 1.26: numpy.save of numpy.array([[1, -2], [3, 4]], dtype) and .T, headers shortened. */
static void npy_types(void **state)
{
    (void)state;
    static const double four[] = {1, -2, 3, 4}, flipped[] = {1, 3, -2, 4}, bools[] = {1, 0, 1, 1};
    assert_npy("{'descr': '|i1', 'fortran_order': False, 'shape': (2, 2), }\n", "\x01\xfe\x03\x04", 4, 2, 2, false,
               four);
    assert_npy("{'descr': '|i1', 'fortran_order': True, 'shape': (2, 2), }\n", "\x01\xfe\x03\x04", 4, 2, 2, false,
               flipped);
    assert_npy("{'descr': '<i2', 'fortran_order': False, 'shape': (4,), }", "\x01\0\xfe\xff\x03\0\x04\0", 8, 4, 1,
               false, four);
    assert_npy("{'descr': '>i2', 'fortran_order': False, 'shape': (4,), }", "\0\x01\xff\xfe\0\x03\0\x04", 8, 4, 1,
               false, four);
    assert_npy("{'descr': '>i4', 'fortran_order': False, 'shape': (2,), }", "\0\0\0\x01\xff\xff\xff\xfe", 8, 2, 1,
               false, four);
    assert_npy("{'descr': '<i8', 'fortran_order': False, 'shape': (1, 2), }",
               "\x01\0\0\0\0\0\0\0\xfe\xff\xff\xff\xff\xff\xff\xff", 16, 1, 2, false, four);
    assert_npy("{\"shape\": (2,1), \"descr\": \"<u2\", \"fortran_order\": False}", "\xff\xff\0\x80", 4, 2, 1, false,
               (const double[]){65535, 32768});
    assert_npy("{'descr': '|b1', 'fortran_order': False, 'shape': (4,), }", "\x01\0\x01\x01", 4, 4, 1, false, bools);
    assert_npy("{'descr': '|u1', 'fortran_order': False, 'shape': (), }", "\xfe", 1, 1, 1, false,
               (const double[]){254});
    /* f2: 1, -2, 65504, the smallest subnormal 2^-24 (IEEE 754) */
    assert_npy("{'descr': '<f2', 'fortran_order': False, 'shape': (4,), }", "\0\x3c\0\xc0\xff\x7b\x01\0", 8, 4, 1,
               false, (const double[]){1, -2, 65504, 0x1.0p-24});
    assert_npy("{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", "\x3f\x80\0\0\xc0\0\0\0", 8, 2, 1, false,
               four);
    assert_npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", "\0\0\0\0\0\0\xf0\x3f", 8, 1, 1, false,
               four);
    assert_npy("{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }",
               "\0\0\x80\x3f\0\0\0\xc0\0\0\x40\x40\0\0\x80\x40", 16, 2, 1, true, four);
    assert_npy("{'descr': '>c16', 'fortran_order': False, 'shape': (1,), }", "\x3f\xf0\0\0\0\0\0\0\xc0\0\0\0\0\0\0\0",
               16, 1, 1, true, four);
}

static void npy_refuses(void **state)
{
    (void)state;
    char file[64] = "\x93NUMPY\x01";
    qn_array *array = NULL;
    assert_fails(qn_array_parse("x.npy", file, 7, &array), QN_ERR_PARSE, "x.npy:1:8: error: the file ends");
    memcpy(file, "\x93NUMPY\x04\0\x01\0 ", 11);
    assert_fails(qn_array_parse("x.npy", file, 11, &array), QN_ERR_PARSE, "version 4.0");
    memcpy(file, "\x93NUMPY\x01\0\x09\0{", 11);
    assert_fails(qn_array_parse("x.npy", file, 11, &array), QN_ERR_PARSE, "a header of 9 bytes, but only 1 are there");
    refuse_npy("{'descr': '<f8', 'fortran_order': False}", "", 0, QN_ERR_PARSE, "lacks 'shape'");
    refuse_npy("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,)}", "", 0, QN_ERR_PARSE, "structured");
    refuse_npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "", 0, QN_ERR_PARSE,
               "x.npy:1:21: error: type '|O'");
    refuse_npy("{'descr': '<f8', 'fortran_order': Maybe, 'shape': (1,)}", "", 0, QN_ERR_PARSE, "True or False");
    refuse_npy("{'descr': '<f8', 'fortran_order': False, 'shape': (0,)}", "", 0, QN_ERR_PARSE, "empty");
    refuse_npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,1,1)}", "", 0, QN_ERR_PARSE, "two dimensions");
    refuse_npy("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}", "", 0, QN_ERR_PARSE,
               "64 bits");
    refuse_npy("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", "", 0, QN_ERR_TOO_LARGE,
               "limit");
    refuse_npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", "12345678", 8, QN_ERR_PARSE,
               "need 16 bytes, 8 are there");
    refuse_npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} x", "12345678", 8, QN_ERR_PARSE,
               "behind the dictionary");
    refuse_npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,)}", "\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\xf8\x7f",
               16, QN_ERR_PARSE, "x.npy: entry [1, 0] is not a number (NaN)");
    refuse_npy("{'descr': '<f2', 'fortran_order': False, 'shape': (1,)}", "\0\xfc", 2, QN_ERR_PARSE, "infinite");
}

static void assert_csv(const char *text, size_t rows, size_t columns, const char *const *names, const double *expected)
{
    qn_array *array = NULL;
    assert_ok(qn_array_parse("x.csv", text, strlen(text), &array));
    assert_array(array, rows, columns, false, expected);
    assert_int_equal(array->names != NULL, names != NULL);
    for (size_t i = 0; names != NULL && i < columns; i++) {
        assert_string_equal(array->names[i], names[i]);
    }
    qn_array_free(array);
}

static void csv_reads(void **state)
{
    (void)state;
    static const double four[] = {1, -2, 3, 4};
    assert_csv("1,-2\n3,4\n", 2, 2, NULL, four);
    assert_csv("\xEF\xBB\xBF"
               "1;-2\r\n3;4",
               2, 2, NULL, four);
    assert_csv("1\t-2\r3\t4\r", 2, 2, NULL, four);
    assert_csv("a,b\n1,-2\n3,4\n", 2, 2, (const char *const[]){"a", "b"}, four);
    assert_csv("\n  \nx \n1\n-2\n\n3\n4\n\n", 4, 1, (const char *const[]){"x"}, four);
    assert_csv("\"a, \"\"b\"\"\",\"two\nlines\"\n\"1\", -2 \n3,\"4\" \n", 2, 2,
               (const char *const[]){"a, \"b\"", "two\nlines"}, four);
    assert_csv("\xCE\xB1;b,c\n1;-2\n", 1, 2, (const char *const[]){"\xCE\xB1", "b,c"}, four);
    assert_csv(",score\n1,-2\n3,4e0", 2, 2, (const char *const[]){"", "score"}, four);
    assert_csv("1", 1, 1, NULL, four);
}

static void refuse_csv(const char *text, qn_status status, const char *message)
{
    qn_array *array = NULL;
    assert_fails(qn_array_parse("x.csv", text, strlen(text), &array), status, message);
    assert_null(array);
}

static void csv_refuses(void **state)
{
    (void)state;
    refuse_csv("", QN_ERR_PARSE, "x.csv:1:1: error: no numbers");
    refuse_csv("\n \n", QN_ERR_PARSE, "no numbers");
    refuse_csv("a,b\n", QN_ERR_PARSE, "header line without numbers");
    refuse_csv("1,2\n3\n", QN_ERR_PARSE, "x.csv:2:1: error: 1 cells; expected 2");
    refuse_csv("1,2\n3,4,5\n", QN_ERR_PARSE, "x.csv:2:5: error: more cells than the 2");
    refuse_csv("1,2\n3,x\n", QN_ERR_PARSE, "x.csv:2:3: error: cell: expected a number, got 'x'");
    refuse_csv("1,2\n3,\n", QN_ERR_PARSE, "x.csv:2:3: error: an empty cell");
    refuse_csv("1,2\n3,4x\n", QN_ERR_PARSE, "x.csv:2:4: error: 'x' behind a number");
    refuse_csv("a\nnan\n", QN_ERR_PARSE, "x.csv:2:1: error: not a number (NaN)");
    refuse_csv("1\n-inf\n", QN_ERR_PARSE, "x.csv:2:1: error: an infinite");
    refuse_csv("1,2\n3 4\n", QN_ERR_PARSE, "x.csv:2:2: error: a blank and more behind a number; expected a comma");
    refuse_csv("1\n1e999\n", QN_ERR_PARSE, "x.csv:2:1: error: cell '1e999' is too large");
    refuse_csv("1,\"2\n", QN_ERR_PARSE, "x.csv:1:3: error: the quote that opens here");
    refuse_csv("a,b\n1,\"2\"3\n", QN_ERR_PARSE, "x.csv:2:6: error: text behind a closing quote; expected ','");
    qn_array *array = NULL;
    assert_fails(qn_array_parse("x.csv", "1\0002", 3, &array), QN_ERR_PARSE, "value 0");
    assert_fails(qn__array_csv_parse("x.csv", "1,2,3", 5, 16, &array), QN_ERR_TOO_LARGE, "16 bytes");
    assert_fails(qn_array_read("/nowhere/x.csv", &array), QN_ERR_IO, "/nowhere/x.csv");
    assert_fails(qn_array_create(0, 1, false, &array), QN_ERR_SHAPE, "0 x 1");
    assert_fails(qn_array_create(SIZE_MAX, 8, false, &array), QN_ERR_TOO_LARGE, "address space");
    assert_null(array);
}

/* Reads with columns of text left out; `left_out`: their numbers as a text, names in braces when there are any. */
static void assert_numbers(const char *text, const char *left_out, size_t rows, size_t columns, const double *expected)
{
    qn_array *array = NULL;
    qn_array_skipped skipped = {0};
    char list[128] = "";
    assert_ok(qn__array_csv_parse_numbers("x.csv", text, strlen(text), 1 << 20, &array, &skipped));
    assert_array(array, rows, columns, false, expected);
    for (size_t k = 0; k < skipped.count; k++) {
        const size_t used = strlen(list);
        (void)snprintf(list + used, sizeof list - used, "%zu%s%s ", skipped.columns[k],
                       skipped.names != NULL ? "=" : "", skipped.names != NULL ? skipped.names[k] : "");
    }
    assert_string_equal(list, left_out);
    for (size_t k = 0; array->names != NULL && k < array->columns; k++) {
        assert_non_null(array->names[k]);
    }
    qn_array_skipped_free(&skipped);
    assert_int_equal(skipped.count, 0);
    qn_array_free(array);
}

static void text_is_left_out(void **state)
{
    (void)state;
    static const double four[] = {1, -2, 3, 4};
    assert_numbers("1,-2\n3,4\n", "", 2, 2, four);
    assert_numbers("a,b\n1,-2\n3,4\n", "", 2, 2, four);
    assert_numbers("name,a,b\nx,1,-2\ny,3,4\n", "0=name ", 2, 2, four);
    assert_numbers("a;id;b;note\n1;\"q;1\";-2;ok\n3;7;4;\n", "1=id 3=note ", 2, 2, four); /* whatever follows */
    assert_numbers("id,2020,2021\n5,1,-2\n6,3,4\n", "", 2, 3, (const double[]){5, 1, -2, 6, 3, 4});
    /* no header: the kinds of the first two lines are the same */
    assert_numbers("1,-2,setosa\n\n3,4,virginica\n", "2 ", 2, 2, four);
    assert_numbers("x,1,y\nx,-2,y\nx,3,y\nx,4,\n", "0 2 ", 4, 1, four);
}

static void refuse_numbers(const char *text, const char *message)
{
    qn_array *array = NULL;
    qn_array_skipped skipped = {.count = 7};
    assert_fails(qn__array_csv_parse_numbers("x.csv", text, strlen(text), 1 << 20, &array, &skipped), QN_ERR_PARSE,
                 message);
    assert_null(array);
    assert_int_equal(skipped.count, 7);
}

static void other_text_is_refused(void **state)
{
    (void)state;
    refuse_numbers("id,a\nx,1\ny,two\n", "x.csv:3:3: error: cell: expected a number, got 'two'");
    refuse_numbers("id,a\nx,1\ny,\n", "x.csv:3:3: error: an empty cell");
    refuse_numbers("id,a\nx,\ny,1\n", "x.csv:2:3: error: an empty cell");
    refuse_numbers("id,a\nx,nan\n", "x.csv:2:3: error: not a number (NaN)");
    refuse_numbers("id,a\nx,1\ny\n", "x.csv:3:1: error: 1 cells; expected 2");
    refuse_numbers("id,a\nx,1\ny,1,2\n", "x.csv:3:5: error: more cells");
    refuse_numbers("id,a\nx,y\n", "x.csv:1:1: error: every column holds text");
    refuse_numbers("id,a\n", "header line without numbers");
    refuse_numbers("id,a\nx,\"1\n", "x.csv:2:3: error: the quote that opens here");
}

static void found_by_file_number(void **state)
{
    (void)state;
    static const char text[] = "a,id,b,note,c\n1,x,2,y,3\n";
    qn_array *array = NULL;
    qn_array_skipped skipped = {0};
    qn_formula *formula = NULL;
    size_t column = 9;
    assert_ok(qn__array_csv_parse_numbers("x.csv", text, sizeof text - 1, 1 << 20, &array, &skipped));
    static const char *const words[] = {"a", "0", "c0", "b", "2", "c2", "c", "4", "c4"};
    for (size_t k = 0; k < 9; k++) {
        assert_ok(qn_array_find(array, &skipped, words[k], &column));
        assert_int_equal(column, k / 3);
        assert_int_equal(qn_array_file_column(&skipped, column), 2 * column);
    }
    assert_fails(qn_array_find(array, &skipped, "id", &column), QN_ERR_NAME, "column 'id' holds text and was left out");
    assert_fails(qn_array_find(array, &skipped, "3", &column), QN_ERR_NAME, "column '3' holds text");
    assert_fails(qn_array_find(array, &skipped, "5", &column), QN_ERR_NAME, "no column '5'");
    assert_ok(qn_formula_parse_columns("p", "100 * a + 10 * c2 + c", array, &skipped, &formula));
    assert_near(qn_formula_value(formula, array->data), 123, 0.0);
    qn_formula_free(formula);
    formula = NULL;
    assert_fails(qn_formula_parse_columns("p", "a > 1 && note", array, &skipped, &formula), QN_ERR_FORMULA,
                 "p:1:10: error: column 'note' holds text and was left out");
    assert_fails(qn_formula_parse_columns("p", "c1", array, &skipped, &formula), QN_ERR_FORMULA,
                 "column 'c1' holds text");
    assert_null(formula);
    qn_array_skipped_free(&skipped);
    qn_array_free(array);
    /* names that look like numbers: "1" is a number, "c2" a name */
    assert_ok(qn__array_csv_parse_numbers("x.csv", "c2,id,1\n5,6,7\n", 14, 1 << 20, &array, &skipped));
    assert_ok(qn_array_find(array, &skipped, "c2", &column));
    assert_int_equal(column, 0);
    assert_ok(qn_array_find(array, &skipped, "1", &column));
    assert_int_equal(column, 1);
    qn_array_skipped_free(&skipped);
    qn_array_free(array);
}

static void columns_have_names(void **state)
{
    (void)state;
    qn_array *array = NULL;
    size_t column = 7;
    assert_ok(qn_array_parse("x.csv", "name,score\n1,2\n", 15, &array));
    assert_ok(qn_array_column(array, "score", &column));
    assert_int_equal(column, 1);
    assert_fails(qn_array_column(array, "scoer", &column), QN_ERR_NAME, "did you mean 'score'?");
    assert_fails(qn_array_column(array, "completely else", &column), QN_ERR_NAME, "no column");
    qn_array_free(array);
    assert_ok(qn_array_parse("x.csv", "1,2\n", 4, &array));
    assert_fails(qn_array_column(array, "score", &column), QN_ERR_NAME, "no header line");
    assert_int_equal(column, 1);
    qn_array_free(array);
}

static void written_is_read(void **state)
{
    (void)state;
    char path[] = "/tmp/quern-array-XXXXXX";
    const int file = mkstemp(path);
    assert_true(file >= 0);
    (void)close(file);
    for (int shape = 0; shape < 4; shape++) {
        qn_array *array = NULL, *again = NULL;
        const bool is_complex = shape % 2 == 1;
        assert_ok(qn_array_create(7, shape < 2 ? 1 : 5, is_complex, &array));
        for (size_t i = 0; i < 7 * array->columns * (is_complex ? 2 : 1); i++) {
            array->data[i] = sin((double)i) * 1e-3;
        }
        assert_ok(qn_array_write_npy(path, array));
        assert_ok(qn_array_read(path, &again));
        assert_array(again, array->rows, array->columns, is_complex, array->data);
        qn_array_free(again);
        qn_array_free(array);
    }
    qn_npy *npy = NULL;
    assert_ok(qn_npy_create(path, 2, 1, false, &npy));
    assert_ok(qn_npy_append(npy, (const double[]){5}, 1));
    assert_fails(qn_npy_append(npy, (const double[]){5, 6}, 2), QN_ERR_SHAPE, "2 numbers for the last 1");
    assert_fails(qn_npy_finish(npy, QN_OK), QN_ERR_SHAPE, "1 numbers are missing");
    qn_array *old = NULL;
    assert_ok(qn_array_read(path, &old)); /* the file before is still there */
    assert_int_equal(old->rows, 7);
    qn_array_free(old);
    assert_fails(qn_npy_create("/nowhere/x.npy", 1, 1, false, &npy), QN_ERR_IO, "/nowhere/x.npy");
    assert_int_equal(unlink(path), 0);
}

static void memory_fails(void **state)
{
    (void)state;
    static const char text[] = "a,b,c\n1,2,3\n4,5,6\n";
    const uint64_t before = qn_memory().bytes_now;
    bool happened = true;
    for (uint64_t n = 1; happened && n < 100; n++) {
        qn_array *array = NULL;
        (void)qn__alloc_fail_at(n, false);
        const qn_status status = qn_array_parse("x", text, sizeof text - 1, &array);
        happened = qn__alloc_fail_at(0, false) == 0;
        assert_int_equal(status, happened ? QN_ERR_MEMORY : QN_OK);
        qn_array_free(array);
        assert_int_equal(qn_memory().bytes_now, before);
    }
    assert_false(happened);
    static const char mixed[] = "a,id,c\n1,x,3\n4,y,6\n";
    happened = true;
    for (uint64_t n = 1; happened && n < 100; n++) {
        qn_array *array = NULL;
        qn_array_skipped skipped = {0};
        (void)qn__alloc_fail_at(n, false);
        const qn_status status = qn__array_csv_parse_numbers("x", mixed, sizeof mixed - 1, 1 << 20, &array, &skipped);
        happened = qn__alloc_fail_at(0, false) == 0;
        assert_int_equal(status, happened ? QN_ERR_MEMORY : QN_OK);
        qn_array_skipped_free(&skipped);
        qn_array_free(array);
        assert_int_equal(qn_memory().bytes_now, before);
    }
    assert_false(happened);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(npy_types),
        cmocka_unit_test(npy_refuses),
        cmocka_unit_test(csv_reads),
        cmocka_unit_test(csv_refuses),
        cmocka_unit_test(columns_have_names),
        cmocka_unit_test(written_is_read),
        cmocka_unit_test(memory_fails),
        cmocka_unit_test(text_is_left_out),
        cmocka_unit_test(other_text_is_refused),
        cmocka_unit_test(found_by_file_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
