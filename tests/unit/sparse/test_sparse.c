/* test_sparse.c: building, products, transposes, dilation, grids and singular values of sparse matrices. */
#include "sparse_random.h"

#include "base/alloc.h"
#include "math/linalg.h"
#include "math/sparse.h"

static qn_context *context;

static int open_context(void **state)
{
    (void)state;
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.threads = 2;
    return qn_context_create(&options, &context) == QN_OK ? 0 : 1;
}

static int close_context(void **state)
{
    (void)state;
    qn_context_free(context);
    return 0;
}

static void test_triplets(void **state)
{
    (void)state;
    const uint32_t row[] = {2, 0, 2, 1, 0, 2}, column[] = {1, 0, 0, 2, 0, 1};
    const double value[] = {1, 2, 3, 4, -2, 5};
    qn_sparse *m = NULL;
    assert_ok(qn_sparse_from_triplets(3, 3, 6, row, column, value, false, &m));
    const double want[9] = {0, 0, 0, 0, 0, 4, 3, 6, 0}; /* two at (2,1) added up, two at (0,0) gone */
    double got[9];
    qn_sparse_to_dense(m, got);
    assert_memory_equal(got, want, sizeof want);
    assert_int_equal(m->nonzeros, 3);
    assert_false(m->hermitian);
    qn_sparse_norms norms;
    assert_ok(qn_sparse_measure(m, &norms));
    assert_near(norms.frobenius, sqrt(61), 1e-15);
    assert_near(norms.one, 6, 0);
    assert_near(norms.infinity, 9, 0);
    assert_near(norms.largest, 6, 0);
    assert_int_equal(norms.row_entries, 2);
    qn_sparse_free(m);
    assert_fails(qn_sparse_from_triplets(3, 3, 1, (uint32_t[]){3}, column, value, false, &m), QN_ERR_RANGE, "row 3");
    assert_fails(qn_sparse_from_triplets(3, 3, 1, row, column, (double[]){(double)NAN}, false, &m), QN_ERR_NAN,
                 "not finite");
    assert_fails(
        qn_sparse_from_triplets(3, 3, 2, (uint32_t[]){0, 0}, (uint32_t[]){1, 1}, (double[]){1e308, 1e308}, false, &m),
        QN_ERR_NAN, "add up");
    assert_fails(qn_sparse_from_triplets(0, 3, 0, row, column, value, false, &m), QN_ERR_SHAPE, "0 x 3");
}

static void test_products_and_adjoints(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    for (int trial = 0; trial < 8; trial++) {
        const bool is_complex = trial % 2 == 1;
        const size_t n = 20, width = is_complex ? 2 : 1;
        qn_sparse *m = sparse_random(&seed, n, is_complex, trial >= 4, 0.5), *adjoint = NULL, *both = NULL;
        assert_int_equal(m->hermitian, trial >= 4);
        assert_ok(qn_sparse_adjoint(m, &adjoint));
        double x[40], y[40], ax[40], ahy[40], dense[800];
        for (size_t i = 0; i < n * width; i++) {
            x[i] = sparse_draw(&seed);
            y[i] = sparse_draw(&seed);
        }
        qn_sparse_multiply(context, m, x, ax);
        qn_sparse_multiply(context, adjoint, y, ahy);
        qn_sparse_to_dense(m, dense);
        double left = 0, right = 0; /* Re <y, A x> = Re <A^H y, x> */
        for (size_t i = 0; i < n * width; i++) {
            left += y[i] * ax[i];
            right += ahy[i] * x[i];
        }
        assert_near(left, right, 1e-13);
        double re = 0;
        for (size_t j = 0; j < n; j++) {
            re += is_complex ? dense[2 * (3 * n + j)] * x[2 * j] - dense[2 * (3 * n + j) + 1] * x[2 * j + 1]
                             : dense[3 * n + j] * x[j];
        }
        assert_near(ax[3 * width], re, 1e-14);
        assert_ok(qn_sparse_dilation(m, &both));
        double v[80] = {0}, w[80];
        memcpy(v + n * width, x, n * width * sizeof *x);
        qn_sparse_multiply(context, both, v, w);
        for (size_t i = 0; i < n * width; i++) {
            assert_near(w[i], ax[i], 1e-14);
        }
        assert_ok(qn__sparse_judge(both));
        assert_true(both->hermitian);
        qn_sparse_free(both);
        qn_sparse_free(adjoint);
        qn_sparse_free(m);
    }
}

/* Thirteen threads or one: the same bits. */
static void test_threads(void **state)
{
    (void)state;
    qn_grid_matrix grid;
    assert_ok(qn_grid_matrix_parse("laplacian2d:60x61", &grid));
    qn_sparse *m = NULL;
    assert_ok(qn_grid_matrix_build(context, &grid, &m));
    double *x = calloc(3 * m->rows, sizeof *x), *y = x + m->rows, *z = y + m->rows;
    uint64_t seed = 5;
    for (size_t i = 0; i < m->rows; i++) {
        x[i] = sparse_draw(&seed);
    }
    qn_sparse_multiply(context, m, x, y);
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.threads = 1;
    qn_context *one = NULL;
    assert_ok(qn_context_create(&options, &one));
    qn_sparse_multiply(one, m, x, z);
    assert_memory_equal(y, z, m->rows * sizeof *y);
    qn_context_free(one);
    qn_sparse_free(m);
    free(x);
}

/* The formula's eigenvalues against Lanczos or dense singular values of the stored matrix; the transform against the
 * matrix: T A T is diagonal. */
static void test_grids(void **state)
{
    (void)state;
    static const char *const texts[] = {"laplacian1d:9",
                                        "laplacian2d:7x4:shift=0.25",
                                        "laplacian3d:3x4x5",
                                        "toeplitz:11:diagonal=1:off=-0.25",
                                        "laplacian2d:25x26:shift=-1.001",
                                        "laplacian2d:1x1"};
    uint64_t seed = qn_test_seed();
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
        qn_grid_matrix grid;
        assert_ok(qn_grid_matrix_parse(texts[t], &grid));
        qn_sparse *m = NULL;
        assert_ok(qn_grid_matrix_build(context, &grid, &m));
        assert_ok(qn__sparse_judge(m));
        assert_true(m->hermitian);
        const size_t n = m->rows;
        assert_int_equal(n, qn_grid_matrix_dimension(&grid));
        qn_singular_values exact, found;
        assert_ok(qn_grid_matrix_singular_values(&grid, &exact));
        assert_ok(qn_sparse_singular_values(context, m, 3, &found));
        assert_true(found.complete);
        assert_near(found.largest, exact.largest, found.largest_error + exact.largest_error);
        assert_near(found.smallest, exact.smallest, found.smallest_error + exact.smallest_error);
        assert_true(found.condition >= exact.condition_least && found.condition_least <= exact.condition);
        assert_true(found.condition < 1.001 * found.condition_least);
        double *x = calloc(4 * n, sizeof *x), *y = x + n, *z = y + n, *lambda = z + n;
        for (size_t i = 0; i < n; i++) {
            x[i] = sparse_draw(&seed);
        }
        qn_sparse_multiply(context, m, x, y);
        assert_ok(qn_grid_matrix_transform(context, &grid, y));
        memcpy(z, x, n * sizeof *z);
        assert_ok(qn_grid_matrix_transform(context, &grid, z));
        qn_grid_matrix_eigenvalues(&grid, lambda);
        for (size_t i = 0; i < n; i++) {
            assert_near(y[i], lambda[i] * z[i], 1e-12);
        }
        free(x);
        qn_sparse_free(m);
    }
    qn_grid_matrix grid;
    assert_fails(qn_grid_matrix_parse("laplacan2d:4x4", &grid), QN_ERR_NAME, "did you mean laplacian2d");
    assert_fails(qn_grid_matrix_parse("laplacian2d:4", &grid), QN_ERR_ARGUMENT, "x between");
    assert_fails(qn_grid_matrix_parse("laplacian2d:4x0", &grid), QN_ERR_ARGUMENT, "lengths");
    assert_fails(qn_grid_matrix_parse("laplacian1d:4:off=2", &grid), QN_ERR_ARGUMENT, "shift=NUMBER");
    assert_fails(qn_grid_matrix_parse("laplacian1d:4:shift=nan", &grid), QN_ERR_ARGUMENT, "finite");
    assert_fails(qn_grid_matrix_parse("laplacian1d:4x", &grid), QN_ERR_ARGUMENT, "not understood");
}

/* A path of three nodes: D - W has eigenvalues 0, 1, 3. */
static void test_graph(void **state)
{
    (void)state;
    const double path[9] = {0, 1, 0, 1, 7, -1, 0, -1, 0};
    qn_sparse *adjacency = NULL, *laplacian = NULL;
    assert_ok(qn_sparse_from_dense(3, 3, path, false, &adjacency));
    assert_ok(qn_sparse_graph_laplacian(adjacency, 0, &laplacian));
    qn_singular_values found;
    assert_ok(qn_sparse_singular_values(context, laplacian, 1, &found));
    assert_near(found.largest, 3, 1e-13);
    assert_near(found.smallest, 0, 0);
    assert_true(isinf(found.condition));
    qn_sparse_free(laplacian);
    assert_ok(qn_sparse_graph_laplacian(adjacency, 0.5, &laplacian));
    assert_ok(qn_sparse_singular_values(context, laplacian, 1, &found));
    assert_near(found.condition, 7, 1e-12);
    qn_sparse_free(laplacian);
    qn_sparse_free(adjacency);
}

/* Not symmetric, over the dense limit: against the dense values of a matrix that is built from two known ones. */
static void test_large_values(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    for (int trial = 0; trial < 2; trial++) {
        qn_sparse *m = sparse_random(&seed, 420, trial == 1, false, 3);
        qn_singular_values found;
        assert_ok(qn_sparse_singular_values(context, m, 9, &found));
        const size_t n = m->rows, width = m->is_complex ? 2 : 1;
        double *dense = calloc(n * n * width + n, sizeof *dense);
        qn_sparse_to_dense(m, dense);
        assert_ok(qn__linalg_singular_values(n, dense, m->is_complex, dense + n * n * width));
        const double *values = dense + n * n * width;
        assert_near(found.largest, values[0], found.largest_error + 1e-12);
        assert_near(found.smallest, values[n - 1], found.smallest_error + 1e-12);
        assert_true(found.complete && found.smallest_error < 1e-3 * found.smallest);
        free(dense);
        qn_sparse_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_triplets), cmocka_unit_test(test_products_and_adjoints),
        cmocka_unit_test(test_threads),  cmocka_unit_test(test_grids),
        cmocka_unit_test(test_graph),    cmocka_unit_test(test_large_values),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
