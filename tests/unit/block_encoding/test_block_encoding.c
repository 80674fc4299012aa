/* test_block_encoding.c: what circuits encode, against the matrix itself; the books of alpha and gates; operations. */
#include <qn_random.h>

#include <quern/quern.h>

static qn_context *context;

static int setup(void **state)
{
    (void)state;
    return qn_context_create(NULL, &context) == QN_OK ? 0 : 1;
}

static int teardown(void **state)
{
    (void)state;
    qn_context_free(context);
    return 0;
}

/* Each entry is there with chance `density`; real ones between -1 and 1. */
static qn_sparse *random_matrix(qn_random *r, size_t n, double density, bool is_complex)
{
    const size_t parts = is_complex ? 2 : 1;
    double *dense = calloc(n * n * parts, sizeof *dense);
    for (size_t k = 0; k < n * n; k++) {
        const bool there = qn_random_between(r, 0, 1) < density || k == 1;
        for (size_t p = 0; p < parts; p++) {
            dense[k * parts + p] = there ? qn_random_between(r, -1, 1) : 0;
        }
    }
    qn_sparse *out = NULL;
    assert_ok(qn_sparse_from_dense(n, n, dense, is_complex, &out));
    free(dense);
    return out;
}

static qn_block_encoding *encode(const qn_sparse *matrix, qn_encoding_kind kind, const qn_grid_matrix *grid)
{
    qn_encoding_options options = QN_ENCODING_OPTIONS_INIT;
    options.kind = kind;
    options.grid = grid;
    qn_block_encoding *out = NULL;
    assert_ok(qn_block_encoding_create(context, matrix, &options, &out));
    return out;
}

static void holds(const qn_block_encoding *e, const qn_sparse *matrix)
{
    double off = 1;
    assert_ok(qn_block_encoding_distance(context, e, matrix, &off));
    if (!(off < 1e-12)) {
        print_error("%s, %u + %u qubits, alpha %g: off by %g\n", qn_encoding_name(e->kind), e->system, e->ancillas,
                    e->alpha, off);
        fail();
    }
    assert_int_equal(qn_circuit_qubits(e->circuit), e->system + e->ancillas);
}

static double frobenius(const qn_sparse *m)
{
    qn_sparse_norms norms;
    assert_ok(qn_sparse_measure(m, &norms));
    return norms.frobenius;
}

static void general_kinds_encode_any_matrix(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    static const size_t sizes[] = {2, 3, 4, 7, 8};
    for (size_t s = 0; s < 5; s++) {
        for (unsigned kind = QN_ENCODING_PAULI; kind <= QN_ENCODING_DILATION; kind++) {
            for (unsigned c = 0; c < 2; c++) {
                if (kind == QN_ENCODING_STRUCTURED) {
                    continue;
                }
                qn_sparse *m = random_matrix(&r, sizes[s], kind == QN_ENCODING_SPARSE && s > 2 ? 0.3 : 0.8, c == 1);
                qn_block_encoding *e = encode(m, (qn_encoding_kind)kind, NULL);
                holds(e, m);
                assert_true(e->alpha * (1 + 1e-12) >= frobenius(m) / sqrt((double)m->rows));
                qn_block_encoding_free(e);
                qn_sparse_free(m);
            }
        }
    }
}

/* alpha is what the literature says. */
static void alphas(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    qn_sparse *m = random_matrix(&r, 8, 0.4, false);
    qn_sparse_norms norms;
    assert_ok(qn_sparse_measure(m, &norms));
    const size_t s = norms.row_entries > norms.column_entries ? norms.row_entries : norms.column_entries;
    qn_block_encoding *e = encode(m, QN_ENCODING_SPARSE, NULL);
    assert_near(e->alpha, (double)s * norms.largest, 1e-14);
    qn_block_encoding_free(e);
    e = encode(m, QN_ENCODING_FABLE, NULL);
    assert_near(e->alpha, 8 * norms.largest, 1e-14);
    assert_int_equal(e->ancillas, 4);
    qn_block_encoding_free(e);
    e = encode(m, QN_ENCODING_ROWS, NULL);
    assert_near(e->alpha, norms.frobenius, 1e-14);
    assert_int_equal(e->ancillas, 3);
    qn_block_encoding_free(e);
    qn_sparse_free(m);
}

/* The Laplacian has alpha 4 with three ancillas (Camps, Lin, Van Beeumen, Yang, arXiv:2203.10236); on the plane 8. */
static void bands_and_grids(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double alpha;
        uint32_t ancillas;
    } cases[] = {{"laplacian1d:16", 4, 3},
                 {"laplacian2d:4x8", 8, 5},
                 {"laplacian3d:2x2x4", 12, 6},
                 {"toeplitz:8:diagonal=1:off=-0.333", 1.666, 3}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        qn_grid_matrix grid;
        qn_sparse *m = NULL;
        assert_ok(qn_grid_matrix_parse(cases[k].text, &grid));
        assert_ok(qn_grid_matrix_build(context, &grid, &m));
        qn_block_encoding *e = encode(m, QN_ENCODING_STRUCTURED, &grid);
        holds(e, m);
        assert_near(e->alpha, cases[k].alpha, 1e-12);
        assert_int_equal(e->ancillas, cases[k].ancillas);
        qn_block_encoding_free(e);
        qn_sparse_free(m);
    }
}

static void toeplitz_and_circulant(void **state)
{
    (void)state;
    for (unsigned wraps = 0; wraps < 2; wraps++) {
        double dense[2 * 256] = {0};
        static const int distances[] = {-5, -1, 0, 3};
        for (int i = 0; i < 16; i++) {
            for (int k = 0; k < 4; k++) {
                const int j = i + distances[k];
                if (wraps == 1 || (j >= 0 && j < 16)) {
                    dense[2 * (16 * i + (j + 16) % 16)] = 1.5 - k;
                    dense[2 * (16 * i + (j + 16) % 16) + 1] = 0.25 * k;
                }
            }
        }
        qn_sparse *m = NULL;
        assert_ok(qn_sparse_from_dense(16, 16, dense, true, &m));
        qn_block_encoding *e = encode(m, QN_ENCODING_STRUCTURED, NULL);
        holds(e, m);
        assert_int_equal(e->ancillas, wraps == 1 ? 2 : 3);
        qn_block_encoding_free(e);
        qn_sparse_free(m);
    }
    qn_random r = {qn_test_seed()};
    qn_sparse *m = random_matrix(&r, 8, 0.9, false);
    qn_encoding_options options = QN_ENCODING_OPTIONS_INIT;
    options.kind = QN_ENCODING_STRUCTURED;
    qn_block_encoding *e = NULL;
    assert_fails(qn_block_encoding_create(context, m, &options, &e), QN_ERR_UNSUPPORTED, "bands");
    qn_sparse_free(m);
}

/* A = Y has the coefficient 1 of Y alone; random sums come back. */
static void pauli_coefficients(void **state)
{
    (void)state;
    const qn_complex y[4] = {{0, 0}, {0, -1}, {0, 1}, {0, 0}};
    qn_pauli_sum *sum = NULL;
    char label[8];
    assert_ok(qn_pauli_sum_from_matrix(1, y, 1e-15, &sum));
    assert_int_equal(qn_pauli_sum_terms(sum), 1);
    assert_ok(qn_pauli_sum_label(sum, 0, label, sizeof label));
    assert_string_equal(label, "Y");
    assert_near(qn_pauli_sum_coefficient(sum, 0).re, 1, 1e-15);
    qn_pauli_sum_free(sum);

    qn_random r = {qn_test_seed()};
    for (uint32_t n = 1; n <= 4; n++) {
        qn_pauli_sum *wanted = qn_random_sum(&r, n, 12);
        assert_ok(qn_pauli_sum_simplify(wanted, 0));
        qn_block_encoding *e = NULL;
        assert_ok(qn_block_encoding_of_paulis(context, wanted, NULL, &e));
        const size_t size = (size_t)1 << n;
        qn_complex *matrix = calloc(size * size, sizeof *matrix);
        assert_ok(qn_block_encoding_matrix(context, e, matrix));
        assert_ok(qn_pauli_sum_from_matrix(n, matrix, 1e-13, &sum));
        assert_true(qn_pauli_sum_equal(sum, wanted, 1e-12));
        assert_near(e->alpha, qn_pauli_sum_one_norm(wanted) + fabs(qn_pauli_sum_identity(wanted).re), 1e-12);
        free(matrix);
        qn_pauli_sum_free(sum);
        qn_pauli_sum_free(wanted);
        qn_block_encoding_free(e);
    }
}

/* Fewer rotations, and the error stays within what is said. */
static void compression(void **state)
{
    (void)state;
    double dense[256];
    for (int i = 0; i < 16; i++) {
        for (int j = 0; j < 16; j++) {
            dense[16 * i + j] = exp(-0.1 * (i - j) * (i - j)) + 1e-5 * ((i * 7 + j * 3) % 5);
        }
    }
    qn_sparse *m = NULL;
    assert_ok(qn_sparse_from_dense(16, 16, dense, false, &m));
    qn_block_encoding *whole = encode(m, QN_ENCODING_FABLE, NULL), *small = NULL;
    qn_encoding_options options = QN_ENCODING_OPTIONS_INIT;
    options.kind = QN_ENCODING_FABLE;
    options.compression = 1e-3;
    assert_ok(qn_block_encoding_create(context, m, &options, &small));
    double off = 0;
    assert_ok(qn_block_encoding_distance(context, small, m, &off));
    assert_true(off <= small->error * (1 + 1e-9) + 1e-12);
    assert_true(off > small->error / 10); /* the bound is no wild guess */
    assert_true(small->cost.rotations < 0.6 * whole->cost.rotations);
    assert_true(small->cost.cx < 0.95 * whole->cost.cx);
    qn_block_encoding_free(whole);
    qn_block_encoding_free(small);
    qn_sparse_free(m);
}

/* Formulas against counted circuits of random full matrices. */
static void estimates_hold(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (unsigned c = 0; c < 2; c++) {
        for (unsigned kind = QN_ENCODING_PAULI; kind <= QN_ENCODING_DILATION; kind++) {
            if (kind == QN_ENCODING_STRUCTURED) {
                continue;
            }
            qn_sparse *m = random_matrix(&r, 8, kind == QN_ENCODING_SPARSE ? 0.3 : 1, c == 1);
            qn_encoding_options options = QN_ENCODING_OPTIONS_INIT;
            options.kind = (qn_encoding_kind)kind;
            qn_encoding_cost cost;
            assert_ok(qn_block_encoding_estimate(context, m, &options, &cost));
            qn_block_encoding *e = encode(m, (qn_encoding_kind)kind, NULL);
            assert_int_equal(cost.ancillas, e->ancillas);
            assert_near(cost.alpha, e->alpha, 1e-12);
            if (kind == QN_ENCODING_DILATION) {
                assert_true(e->cost.rotations <= cost.rotations);
            } else {
                assert_near(cost.toffoli, e->cost.toffoli, 0.5);
                /* trees over rows with zeros have fewer rotations */
                assert_true(fabs(cost.rotations - e->cost.rotations) <= 0.05 * cost.rotations);
                assert_true(fabs(cost.cx - e->cost.cx) <= 0.25 * cost.cx);
            }
            qn_block_encoding_free(e);
            qn_sparse_free(m);
        }
    }
}

/* Dense references. */
typedef struct square {
    size_t n;
    double a[2 * 64 * 64];
} square;

static void square_of(const qn_sparse *m, square *out)
{
    out->n = m->rows;
    qn_sparse *wide = NULL;
    if (!m->is_complex) {
        assert_ok(qn_sparse_to_complex(m, &wide));
    }
    qn_sparse_to_dense(wide != NULL ? wide : m, out->a);
    qn_sparse_free(wide);
}

static void check_square(const qn_block_encoding *e, const square *wanted)
{
    qn_sparse *m = NULL;
    assert_ok(qn_sparse_from_dense(wanted->n, wanted->n, wanted->a, true, &m));
    holds(e, m);
    qn_sparse_free(m);
}

static void operations(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (unsigned kind = QN_ENCODING_PAULI; kind <= QN_ENCODING_DILATION; kind++) {
        square *a = calloc(1, sizeof *a), *b = calloc(1, sizeof *b), *c = calloc(1, sizeof *c);
        qn_sparse *ma = random_matrix(&r, 4, 0.7, true), *mb = random_matrix(&r, 4, 0.7, false);
        qn_grid_matrix grid;
        assert_ok(qn_grid_matrix_parse("laplacian1d:4:shift=0.25", &grid));
        if (kind == QN_ENCODING_STRUCTURED) {
            qn_sparse_free(ma);
            assert_ok(qn_grid_matrix_build(context, &grid, &ma));
        }
        square_of(ma, a);
        square_of(mb, b);
        qn_block_encoding *ea = encode(ma, (qn_encoding_kind)kind, NULL), *eb = encode(mb, QN_ENCODING_ROWS, NULL);
        qn_block_encoding *out = NULL;
        const size_t n = 4;
        c->n = n;
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j < n; j++) {
                c->a[2 * (n * i + j)] = a->a[2 * (n * j + i)];
                c->a[2 * (n * i + j) + 1] = -a->a[2 * (n * j + i) + 1];
            }
        }
        assert_ok(qn_block_encoding_adjoint(ea, &out));
        check_square(out, c);
        assert_near(out->alpha, ea->alpha, 0);
        qn_block_encoding_free(out);

        const qn_complex p = {-0.5, 1.25}, q = {0, -2};
        for (size_t k = 0; k < n * n; k++) {
            c->a[2 * k] = p.re * a->a[2 * k] - p.im * a->a[2 * k + 1];
            c->a[2 * k + 1] = p.re * a->a[2 * k + 1] + p.im * a->a[2 * k];
        }
        assert_ok(qn_block_encoding_scale(ea, p, &out));
        check_square(out, c);
        assert_near(out->alpha, hypot(0.5, 1.25) * ea->alpha, 1e-14 * ea->alpha);
        qn_block_encoding_free(out);

        for (size_t k = 0; k < n * n; k++) {
            c->a[2 * k] += q.re * b->a[2 * k] - q.im * b->a[2 * k + 1];
            c->a[2 * k + 1] += q.re * b->a[2 * k + 1] + q.im * b->a[2 * k];
        }
        assert_ok(qn_block_encoding_sum(p, ea, q, eb, &out));
        check_square(out, c);
        assert_near(out->alpha, hypot(0.5, 1.25) * ea->alpha + 2 * eb->alpha, 1e-12);
        qn_block_encoding_free(out);

        memset(c->a, 0, sizeof c->a);
        for (size_t i = 0; i < n; i++) {
            for (size_t k = 0; k < n; k++) {
                for (size_t j = 0; j < n; j++) {
                    const double *x = &a->a[2 * (n * i + k)], *y = &b->a[2 * (n * k + j)];
                    c->a[2 * (n * i + j)] += x[0] * y[0] - x[1] * y[1];
                    c->a[2 * (n * i + j) + 1] += x[0] * y[1] + x[1] * y[0];
                }
            }
        }
        assert_ok(qn_block_encoding_product(ea, eb, &out));
        check_square(out, c);
        assert_near(out->alpha, ea->alpha * eb->alpha, 1e-12);
        assert_int_equal(out->ancillas, ea->ancillas + eb->ancillas);
        qn_block_encoding_free(out);

        for (size_t k = 0; k < n * n; k++) {
            const double *x = &a->a[2 * k], *y = &b->a[2 * k];
            c->a[2 * k] = x[0] * y[0] - x[1] * y[1];
            c->a[2 * k + 1] = x[0] * y[1] + x[1] * y[0];
        }
        assert_ok(qn_block_encoding_hadamard(ea, eb, &out));
        check_square(out, c);
        qn_block_encoding_free(out);

        c->n = n * n;
        for (size_t i = 0; i < n * n; i++) {
            for (size_t j = 0; j < n * n; j++) {
                const double *x = &a->a[2 * (n * (i / n) + j / n)], *y = &b->a[2 * (n * (i % n) + j % n)];
                c->a[2 * (n * n * i + j)] = x[0] * y[0] - x[1] * y[1];
                c->a[2 * (n * n * i + j) + 1] = x[0] * y[1] + x[1] * y[0];
            }
        }
        assert_ok(qn_block_encoding_kronecker(ea, eb, &out));
        check_square(out, c);
        qn_block_encoding_free(out);

        qn_block_encoding_free(ea);
        qn_block_encoding_free(eb);
        qn_sparse_free(ma);
        qn_sparse_free(mb);
        free(a);
        free(b);
        free(c);
    }
}

/* The choice is the least alpha * T; a Laplacian is best as shifts. */
static void choice(void **state)
{
    (void)state;
    qn_grid_matrix grid;
    qn_sparse *m = NULL;
    qn_encoding_options options = QN_ENCODING_OPTIONS_INIT;
    qn_encoding_cost cost, other;
    assert_ok(qn_grid_matrix_parse("laplacian2d:1024x1024", &grid));
    assert_ok(qn_grid_matrix_build(context, &grid, &m));
    options.grid = &grid;
    assert_ok(qn_block_encoding_estimate(context, m, &options, &cost));
    assert_int_equal(cost.kind, QN_ENCODING_STRUCTURED);
    for (unsigned kind = QN_ENCODING_PAULI; kind < QN_ENCODING_DILATION; kind++) {
        options.kind = (qn_encoding_kind)kind;
        if (qn_block_encoding_estimate(context, m, &options, &other) == QN_OK) {
            assert_true(cost.alpha * cost.t_count <= other.alpha * other.t_count);
        }
    }
    qn_sparse_free(m);
}

static void bad_input(void **state)
{
    (void)state;
    const double zero[4] = {0, 0, 0, 0}, flat[6] = {1, 2, 3, 4, 5, 6};
    qn_sparse *z = NULL, *f = NULL;
    qn_block_encoding *e = NULL;
    qn_encoding_options options = QN_ENCODING_OPTIONS_INIT;
    qn_encoding_kind kind = QN_ENCODING_AUTO;
    assert_ok(qn_sparse_from_dense(2, 2, zero, false, &z));
    assert_ok(qn_sparse_from_dense(2, 3, flat, false, &f));
    for (unsigned k = QN_ENCODING_PAULI; k <= QN_ENCODING_DILATION; k++) {
        options.kind = (qn_encoding_kind)k;
        if (k != QN_ENCODING_STRUCTURED) {
            assert_fails(qn_block_encoding_create(context, z, &options, &e), QN_ERR_ARGUMENT, "zero");
        }
        assert_fails(qn_block_encoding_create(context, f, &options, &e), QN_ERR_SHAPE, "2 x 3");
    }
    assert_null(e);
    assert_fails(qn_encoding_from_name("fabel", &kind), QN_ERR_NAME, "fable");
    assert_ok(qn_encoding_from_name("rows", &kind));
    assert_int_equal(kind, QN_ENCODING_ROWS);
    qn_sparse_free(z);
    qn_sparse_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(general_kinds_encode_any_matrix),
        cmocka_unit_test(alphas),
        cmocka_unit_test(bands_and_grids),
        cmocka_unit_test(toeplitz_and_circulant),
        cmocka_unit_test(pauli_coefficients),
        cmocka_unit_test(compression),
        cmocka_unit_test(estimates_hold),
        cmocka_unit_test(operations),
        cmocka_unit_test(choice),
        cmocka_unit_test(bad_input),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
