/* test_matrix_files.c: Matrix Market and triplet files: every form, every complaint with its place, other people's
 * files. */
#include <qn_test.h>

#include <quern/format.h>
#include <quern/matrix_market.h>

static qn_sparse *read_text(const char *text)
{
    qn_sparse *m = NULL;
    assert_ok(qn_read_matrix(text, strlen(text), "m", &m));
    return m;
}

static void check(const char *text, size_t rows, size_t columns, bool is_complex, bool hermitian, const double *want)
{
    qn_sparse *m = read_text(text);
    double got[32];
    assert_int_equal(m->rows, rows);
    assert_int_equal(m->columns, columns);
    assert_int_equal(m->is_complex, is_complex);
    assert_int_equal(m->hermitian, hermitian);
    qn_sparse_to_dense(m, got);
    for (size_t i = 0; i < rows * columns * (is_complex ? 2 : 1); i++) {
        assert_near(got[i], want[i], 0);
    }
    qn_sparse_free(m);
}

static void test_forms(void **state)
{
    (void)state;
    check("%%MatrixMarket matrix coordinate real general\n% a\n\n2 3 3\n1 1 2.5\n% b\n2 3 -1D-3\n1 3 4\n", 2, 3, false,
          false, (double[]){2.5, 0, 4, 0, 0, -1e-3});
    check("%%matrixmarket MATRIX coordinate integer symmetric\n2 2 2\n1 1 2\n2 1 -7\n", 2, 2, false, true,
          (double[]){2, -7, -7, 0});
    check("%%MatrixMarket matrix coordinate pattern symmetric\n2 2 1\n2 1\n", 2, 2, false, true,
          (double[]){0, 1, 1, 0});
    check("%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n2 1 3\n", 2, 2, false, false,
          (double[]){0, -3, 3, 0});
    check("%%MatrixMarket matrix coordinate complex hermitian\n2 2 2\n1 1 2 0\n2 1 .5 -1\n", 2, 2, true, true,
          (double[]){2, 0, .5, 1, .5, -1, 0, 0});
    check("%%MatrixMarket matrix coordinate complex symmetric\n2 2 1\n2 1 .5 -1\n", 2, 2, true, false,
          (double[]){0, 0, .5, -1, .5, -1, 0, 0});
    check("%%MatrixMarket matrix array real general\n2 2\n1\n2\n3\n4\n", 2, 2, false, false, (double[]){1, 3, 2, 4});
    check("%%MatrixMarket matrix array real symmetric\n2 2\n1\n2\n3\n", 2, 2, false, true, (double[]){1, 2, 2, 3});
    check("%%MatrixMarket matrix array real skew-symmetric\n2 2\n2\n", 2, 2, false, false, (double[]){0, -2, 2, 0});
    check("%%MatrixMarket matrix array real general\r\n3 1\r\n1\r\n0\r\n-2\r\n", 3, 1, false, false,
          (double[]){1, 0, -2});
    check("% title\n 2 2 3 -1\n 1 1 4.0E+000\n 2 1 -1\n 2 2 4\n", 2, 2, false, true, (double[]){4, -1, -1, 4});
    check("2 2 2 1\n1 2 0 1\n2 2 3 0\n", 2, 2, true, true, (double[]){0, 0, 0, 1, 0, -1, 3, 0});
    check("2 2 2 0\n0 1\n1 0\n", 2, 2, false, true, (double[]){0, 1, 1, 0}); /* counted from 0 */
    /* no stype: one triangle alone is half of a symmetric matrix, both are a general one, and a rectangle is one too */
    check("2 2 2\n1 1 2\n2 1 3\n", 2, 2, false, true, (double[]){2, 3, 3, 0});
    check("2 2 2\n0 1 3\n1 1 2\n", 2, 2, false, true, (double[]){0, 3, 3, 2});
    check("2 2 2\n1 2 3\n2 1 4\n", 2, 2, false, false, (double[]){0, 3, 4, 0});
    check("2 3 1\n2 1 4\n", 2, 3, false, false, (double[]){0, 0, 0, 4, 0, 0});
    check("2 2 1 0\n2 1 4\n", 2, 2, false, false, (double[]){0, 0, 4, 0});
    check("2 2 1\n2 2 -.5", 2, 2, false, true, (double[]){0, 0, 0, -.5});
}

static void refuse(const char *text, const char *message)
{
    qn_sparse *m = NULL;
    assert_fails(qn_read_matrix(text, strlen(text), "m", &m), QN_ERR_PARSE, message);
    assert_null(m);
}

static void test_complaints(void **state)
{
    (void)state;
    refuse("", "m:1:1: error: no matrix; expected a Matrix Market file");
    refuse("hello", "m:1:1: error: expected the number of rows, a whole number, got 'hello'");
    refuse("%%MatrixMarket vector coordinate real general\n", "m:1:16: error: expected the word matrix, got 'vector'");
    refuse("%%MatrixMarket matrix coordinate quaternion general\n",
           "m:1:34: error: expected real, integer, complex or pattern, got 'quaternion'");
    refuse("%%MatrixMarket matrix array pattern general\n2 2\n", "m:1:29: error: an array has values");
    refuse("%%MatrixMarket matrix coordinate real general\n", "m:2:1: error: the file ends before the line");
    refuse("%%MatrixMarket matrix coordinate real general\n2 2 2\n1 1 1\n",
           "m:4:1: error: the file ends after 1 of 2 entries");
    refuse("%%MatrixMarket matrix coordinate real general\n2 2 1\n3 1 1\n",
           "m:3:1: error: row 3, column 1 (from 1) is outside of the matrix of 2 x 2");
    refuse("%%MatrixMarket matrix coordinate real general\n2 2 1\n0 1 1\n", "m:3:1: error: index 0");
    refuse("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 nan\n", "m:3:5: error: the entry's value is not");
    refuse("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 1e999\n", "m:3:5: error: the entry's value");
    refuse("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 1 1\n",
           "m:3:7: error: expected the end of the line behind the entry, got '1'");
    refuse("%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 1\n2 2 2\n",
           "m:4:1: error: expected the end of the file behind the last entry");
    refuse("%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n1 2 1\n", "m:3:1: error: row 1, column 2 is above");
    refuse("%%MatrixMarket matrix coordinate real symmetric\n2 3 1\n1 2 1\n", "m:2:1: error: 2 x 3 is not square");
    refuse("%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n1 1 1\n",
           "m:3:1: error: an entry on the diagonal");
    refuse("%%MatrixMarket matrix coordinate complex hermitian\n2 2 1\n1 1 1 2\n", "m:3:1: error: the diagonal of a");
    refuse("%%MatrixMarket matrix coordinate real general\n0 2 0\n", "m:2:1: error: a matrix of 0 x 2");
    refuse("%%MatrixMarket matrix coordinate integer general\n1 1 1\n1 1 4.5\n",
           "m:3:5: error: the entry's value: expected a whole number, as the banner says, got '4.5'");
    refuse("%MatrixMarket matrix coordinate real symmetric\n1 1 1\n1 1 4\n", "m:1:1: error: a banner of Matrix Market");
    refuse("% note\n%% matrixmarket matrix coordinate real symmetric\n1 1 1\n1 1 4\n", "m:2:1: error: a banner");
    refuse("2 2 1 7\n1 1\n", "m:1:7: error: stype 7; expected -1, 0 or 1");
    refuse("2 2 1 -1\n1 2 1\n", "m:2:1: error: row 1, column 2 is not in the lower triangle");
    refuse("2 2 2 0\n1 1 1\n", "m:3:1: error: the file ends after 1 of 2 entries");
    qn_sparse *m = NULL;
    static const char tall[] = "%%MatrixMarket matrix coordinate real general\n4294967290 1 1\n1 1 1\n";
    assert_fails(qn_read_matrix(tall, sizeof tall - 1, "m", &m), QN_ERR_TOO_LARGE, "m:2:1: error: a matrix of 42949");
    static const char sum[] = "%%MatrixMarket matrix coordinate real general\n1 1 2\n1 1 1e308\n1 1 1e308\n";
    assert_fails(qn_read_matrix(sum, sizeof sum - 1, "m", &m), QN_ERR_NAN, "add up");
}

/* Files of other people, where they are; sizes from their own headers. */
static void test_shared(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t rows, nonzeros;
        bool symmetric;
    } files[] = {{"LFAT5.mtx", 14, 46, true},
                 {"bcsstk01.tri", 48, 400, true},
                 {"jagmesh7.mtx", 1138, 7450, true},
                 {"karate.mtx", 34, 156, true},
                 {"west0067.mtx", 67, 294, false}};
    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++) {
        char path[512], *text = NULL;
        size_t length = 0;
        (void)snprintf(path, sizeof path, "%s/../shared/data/matrix/%s", QN_SOURCE_DIR, files[f].name);
        if (qn_file_read(path, 0, &text, &length) != QN_OK) {
            skip();
        }
        qn_sparse *m = NULL;
        assert_ok(qn_read_matrix(text, length, files[f].name, &m));
        assert_int_equal(m->rows, files[f].rows);
        assert_int_equal(m->nonzeros, files[f].nonzeros);
        assert_int_equal(m->hermitian, files[f].symmetric);
        qn_text_free(text);
        qn_sparse_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_complaints),
        cmocka_unit_test(test_shared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
