/* test_pauli.c: Pauli sums against dense matrices by definition, wide strings against a letter-by-letter multiplication
 * table. */
#include "dense.h"

#include <quern/context.h>

static qn_complex complex_of(double re, double im)
{
    return (qn_complex){re, im};
}

static void labels_and_masks(void **state)
{
    (void)state;
    qn_pauli_sum *sum = NULL;
    assert_ok(qn_pauli_sum_create(3, &sum));
    assert_ok(qn_pauli_sum_add_label(sum, complex_of(1, 0), "ZIY"));
    assert_int_equal(qn_pauli_sum_x(sum, 0)[0], 1);
    assert_int_equal(qn_pauli_sum_z(sum, 0)[0], 5);
    assert_ok(qn_pauli_sum_add_sparse(sum, complex_of(0, 2), "XIZ", (const uint32_t[]){2, 0, 1}, 3));
    char label[4];
    assert_ok(qn_pauli_sum_label(sum, 1, label, sizeof label));
    assert_string_equal(label, "XZI");
    assert_ok(qn_pauli_sum_add_masks(sum, complex_of(3, 0), (const uint64_t[]){6}, (const uint64_t[]){3}));
    assert_ok(qn_pauli_sum_label(sum, 2, label, sizeof label));
    assert_string_equal(label, "XYZ");
    /* Masks borrowed from the sum itself, across growth. */
    for (int i = 0; i < 100; i++) {
        assert_ok(qn_pauli_sum_add_masks(sum, complex_of(1, 0), qn_pauli_sum_x(sum, 2), qn_pauli_sum_z(sum, 2)));
    }
    assert_ok(qn_pauli_sum_label(sum, 102, label, sizeof label));
    assert_string_equal(label, "XYZ");
    assert_ok(qn_pauli_sum_add_sum(sum, sum, complex_of(-1, 0)));
    assert_int_equal(qn_pauli_sum_terms(sum), 206);
    assert_ok(qn_pauli_sum_simplify(sum, 0));
    assert_int_equal(qn_pauli_sum_terms(sum), 0);
    qn_pauli_sum_free(sum);
    qn_pauli_sum_free(NULL);
}

static void callers_mistakes(void **state)
{
    (void)state;
    qn_pauli_sum *sum = NULL, *other = NULL, *out = NULL;
    char buffer[4];
    assert_ok(qn_pauli_sum_create(3, &sum));
    assert_ok(qn_pauli_sum_create(4, &other));
    const qn_complex one = {1, 0};
    assert_fails(qn_pauli_sum_add_label(sum, one, "XX"), QN_ERR_SHAPE, "2 letters, expected 3");
    assert_fails(qn_pauli_sum_add_label(sum, one, "XQX"), QN_ERR_ARGUMENT, "'Q'");
    assert_fails(qn_pauli_sum_add_label(sum, complex_of((double)NAN, 0), "XXX"), QN_ERR_NAN, "finite");
    assert_fails(qn_pauli_sum_add_sparse(sum, one, "XI", (const uint32_t[]){1, 1}, 2), QN_ERR_ARGUMENT,
                 "qubit 1 is given twice");
    assert_fails(qn_pauli_sum_add_sparse(sum, one, "X", (const uint32_t[]){3}, 1), QN_ERR_RANGE, "qubit 3 outside");
    assert_fails(qn_pauli_sum_add_sparse(sum, one, "x", (const uint32_t[]){0}, 1), QN_ERR_ARGUMENT, "letter 'x'");
    assert_fails(qn_pauli_sum_add_masks(sum, one, (const uint64_t[]){8}, (const uint64_t[]){0}), QN_ERR_RANGE, "bit 3");
    assert_fails(qn_pauli_sum_add_sum(sum, other, one), QN_ERR_SHAPE, "4 qubits");
    assert_fails(qn_pauli_sum_add_sum(sum, sum, complex_of(0, (double)INFINITY)), QN_ERR_NAN, "factor");
    assert_fails(qn_pauli_sum_multiply(sum, other, &out), QN_ERR_SHAPE, "3 and 4 qubits");
    assert_fails(qn_pauli_sum_simplify(sum, -1), QN_ERR_RANGE, "cutoff");
    assert_fails(qn_pauli_sum_label(sum, 0, buffer, 4), QN_ERR_RANGE, "term 0");
    assert_int_equal(qn_pauli_sum_terms(sum), 0); /* none of them left a term behind */
    assert_ok(qn_pauli_sum_add_label(sum, one, "XXX"));
    assert_fails(qn_pauli_sum_label(sum, 0, buffer, 3), QN_ERR_SHAPE, "3 bytes");
    uint32_t groups[1], count = 0;
    assert_fails(qn_pauli_sum_group(sum, (qn_grouping)7, groups, &count), QN_ERR_ARGUMENT, "grouping 7");
    assert_fails(qn_pauli_sum_create(UINT32_MAX, &out), QN_ERR_TOO_LARGE, "qubits");
    assert_null(out);
    qn_pauli_sum_free(sum);
    qn_pauli_sum_free(other);
}

static void simplify_merges_and_sorts(void **state)
{
    (void)state;
    qn_pauli_sum *sum = NULL;
    assert_ok(qn_pauli_sum_create(2, &sum));
    static const struct {
        double c;
        const char *label;
    } terms[] = {{1, "XY"}, {2, "IZ"}, {-0.5, "XY"}, {3, "ZI"}, {1e-9, "XX"}, {4, "II"}, {-3, "ZI"}, {0.25, "YY"}};
    for (size_t t = 0; t < sizeof terms / sizeof terms[0]; t++) {
        assert_ok(qn_pauli_sum_add_label(sum, complex_of(terms[t].c, 0), terms[t].label));
    }
    assert_ok(qn_pauli_sum_simplify(sum, 1e-8));
    /* By x, then z: II (0,0), IZ (0,1), XY (3,1), YY (3,3). */
    static const char *expected[] = {"II", "IZ", "XY", "YY"};
    static const double values[] = {4, 2, 0.5, 0.25};
    assert_int_equal(qn_pauli_sum_terms(sum), 4);
    for (size_t t = 0; t < 4; t++) {
        char label[3];
        assert_ok(qn_pauli_sum_label(sum, t, label, sizeof label));
        assert_string_equal(label, expected[t]);
        assert_near(qn_pauli_sum_coefficient(sum, t).re, values[t], 0);
    }
    assert_ok(qn_pauli_sum_simplify(sum, 0.3)); /* in order already */
    assert_int_equal(qn_pauli_sum_terms(sum), 3);
    qn_pauli_sum_free(sum);
    /* Equal strings are added in the order they came, among forty others: (1 + 1e16) - 1e16 is 0, any other order
     * gives 1. */
    assert_ok(qn_pauli_sum_create(6, &sum));
    for (uint64_t t = 0; t < 40; t++) {
        const double c = t == 5 ? 1 : t == 20 ? 1e16 : t == 35 ? -1e16 : 0;
        const uint64_t x = c != 0 ? 7 : 63 - t, z = c != 0 ? 9 : 0;
        assert_ok(qn_pauli_sum_add_masks(sum, complex_of(c, 0), &x, &z));
    }
    assert_ok(qn_pauli_sum_simplify(sum, 0));
    assert_int_equal(qn_pauli_sum_terms(sum), 0);
    qn_pauli_sum_free(sum);
}

static void algebra_against_dense(void **state)
{
    (void)state;
    draws d = {qn_test_seed(), 0};
    for (unsigned trial = 0; trial < 12 * qn_test_scale(); trial++) {
        const uint32_t n = 1 + draw_below(&d, 4);
        qn_pauli_sum *a = draw_paulis(&d, n, 1 + draw_below(&d, 12), false);
        qn_pauli_sum *b = draw_paulis(&d, n, 1 + draw_below(&d, 12), false);
        const dense da = dense_of_paulis(a), db = dense_of_paulis(b);
        const dense ab = dense_product(da, db), ba = dense_product(db, da), adjoint = dense_adjoint(da);
        const struct {
            qn_status (*run)(const qn_pauli_sum *, const qn_pauli_sum *, qn_pauli_sum **);
            double ab, ba;
        } products[] = {
            {qn_pauli_sum_multiply, 1, 0}, {qn_pauli_sum_commutator, 1, -1}, {qn_pauli_sum_anticommutator, 1, 1}};
        for (size_t i = 0; i < 3; i++) {
            qn_pauli_sum *out = NULL;
            assert_ok(products[i].run(a, b, &out));
            dense expected = dense_make(da.size);
            dense_add(expected, ab, products[i].ab);
            dense_add(expected, ba, products[i].ba);
            const dense got = dense_of_paulis(out);
            assert_near(dense_distance(got, expected), 0, 1e-12);
            for (size_t t = 1; t < qn_pauli_sum_terms(out); t++) { /* sorted, distinct */
                const uint64_t x0 = qn_pauli_sum_x(out, t - 1)[0], x1 = qn_pauli_sum_x(out, t)[0];
                assert_true(x0 < x1 || (x0 == x1 && qn_pauli_sum_z(out, t - 1)[0] < qn_pauli_sum_z(out, t)[0]));
            }
            dense_free(got);
            dense_free(expected);
            qn_pauli_sum_free(out);
        }
        qn_pauli_sum *dagger = NULL;
        assert_ok(qn_pauli_sum_adjoint(a, &dagger));
        const dense got = dense_of_paulis(dagger);
        assert_near(dense_distance(got, adjoint), 0, 1e-13);
        qn_pauli_sum_scale(a, complex_of(0.5, -2));
        const dense scaled = dense_of_paulis(a);
        dense expected = dense_make(da.size);
        dense_add(expected, da, complex_from(0.5, -2));
        assert_near(dense_distance(scaled, expected), 0, 1e-13);
        dense_free(expected);
        dense_free(scaled);
        dense_free(got);
        dense_free(adjoint);
        dense_free(ab);
        dense_free(ba);
        dense_free(da);
        dense_free(db);
        qn_pauli_sum_free(dagger);
        qn_pauli_sum_free(a);
        qn_pauli_sum_free(b);
    }
}

/* The product of two letters: XY = iZ and so on, from the table every textbook prints. */
static char letter_product(char a, char b, double complex *phase)
{
    if (a == 'I' || b == 'I') {
        return a == 'I' ? b : a;
    }
    if (a == b) {
        return 'I';
    }
    const int at = (a - 'X' + 1) % 3;
    *phase *= b - 'X' == at ? complex_from(0, 1) : complex_from(0, -1);
    return (char)('X' + 3 - (a - 'X') - (b - 'X'));
}

static void wide_products(void **state)
{
    (void)state;
    /* Clashes of two words must not cancel, and two of them commute. */
    const uint64_t both[2] = {1, 1}, low[2] = {1, 0}, none[2] = {0, 0};
    assert_false(qn_pauli_commute_qubit_wise(2, both, none, none, both));
    assert_true(qn_pauli_commute(2, both, none, none, both));
    assert_false(qn_pauli_commute(2, both, none, none, low));
    assert_true(qn_pauli_commute_qubit_wise(2, both, none, low, none));
    draws d = {qn_test_seed(), 0};
    static const uint32_t widths[] = {63, 64, 65, 70, 128, 130};
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        const uint32_t n = widths[i];
        for (int trial = 0; trial < 20; trial++) {
            qn_pauli_sum *a = draw_paulis(&d, n, 1, false), *b = draw_paulis(&d, n, 1, false);
            char la[256], lb[256], expected[256] = "", got[256];
            assert_ok(qn_pauli_sum_label(a, 0, la, sizeof la));
            assert_ok(qn_pauli_sum_label(b, 0, lb, sizeof lb));
            const qn_complex ca = qn_pauli_sum_coefficient(a, 0), cb = qn_pauli_sum_coefficient(b, 0);
            double complex phase = complex_from(ca.re, ca.im) * complex_from(cb.re, cb.im);
            bool commute = true, qubit_wise = true;
            for (uint32_t q = 0; q < n; q++) {
                double complex one = 1;
                expected[q] = letter_product(la[q], lb[q], &one);
                phase *= one;
                commute = cimag(one) != 0 ? !commute : commute;
                qubit_wise = qubit_wise && cimag(one) == 0;
            }
            qn_pauli_sum *ab = NULL, *bracket = NULL;
            assert_ok(qn_pauli_sum_multiply(a, b, &ab));
            assert_ok(qn_pauli_sum_label(ab, 0, got, sizeof got));
            assert_string_equal(got, expected);
            assert_near(qn_pauli_sum_coefficient(ab, 0).re, creal(phase), 1e-13);
            assert_near(qn_pauli_sum_coefficient(ab, 0).im, cimag(phase), 1e-13);
            assert_ok(qn_pauli_sum_commutator(a, b, &bracket));
            assert_int_equal(qn_pauli_sum_terms(bracket), commute ? 0 : 1);
            const size_t words = qn_pauli_sum_words(a);
            assert_int_equal(words, (n + 63) / 64);
            assert_int_equal(qn_pauli_commute(words, qn_pauli_sum_x(a, 0), qn_pauli_sum_z(a, 0), qn_pauli_sum_x(b, 0),
                                              qn_pauli_sum_z(b, 0)),
                             commute);
            assert_int_equal(qn_pauli_commute_qubit_wise(words, qn_pauli_sum_x(a, 0), qn_pauli_sum_z(a, 0),
                                                         qn_pauli_sum_x(b, 0), qn_pauli_sum_z(b, 0)),
                             qubit_wise);
            qn_pauli_sum_free(a);
            qn_pauli_sum_free(b);
            qn_pauli_sum_free(ab);
            qn_pauli_sum_free(bracket);
        }
        /* (a b) c = a (b c), with terms that collide, and sorting over several words. */
        qn_pauli_sum *a = draw_paulis(&d, n, 20, false), *b = draw_paulis(&d, n, 20, false);
        qn_pauli_sum *c = draw_paulis(&d, n, 5, false), *ab = NULL, *bc = NULL, *left = NULL, *right = NULL;
        assert_ok(qn_pauli_sum_add_sum(a, b, complex_of(0.5, 0)));
        assert_ok(qn_pauli_sum_multiply(a, b, &ab));
        assert_ok(qn_pauli_sum_multiply(b, c, &bc));
        assert_ok(qn_pauli_sum_multiply(ab, c, &left));
        assert_ok(qn_pauli_sum_multiply(a, bc, &right));
        assert_true(qn_pauli_sum_equal(left, right, 1e-11));
        for (size_t t = 1; t < qn_pauli_sum_terms(left); t++) {
            int order = 0;
            for (size_t w = qn_pauli_sum_words(left); w-- > 0 && order == 0;) {
                const uint64_t u = qn_pauli_sum_x(left, t - 1)[w], v = qn_pauli_sum_x(left, t)[w];
                order = u < v ? -1 : u > v;
            }
            for (size_t w = qn_pauli_sum_words(left); w-- > 0 && order == 0;) {
                const uint64_t u = qn_pauli_sum_z(left, t - 1)[w], v = qn_pauli_sum_z(left, t)[w];
                order = u < v ? -1 : u > v;
            }
            assert_int_equal(order, -1);
        }
        qn_pauli_sum_free(a);
        qn_pauli_sum_free(b);
        qn_pauli_sum_free(c);
        qn_pauli_sum_free(ab);
        qn_pauli_sum_free(bc);
        qn_pauli_sum_free(left);
        qn_pauli_sum_free(right);
    }
}

/* A product that outgrows the batch in which terms are merged on the way. */
static void large_product(void **state)
{
    (void)state;
    draws d = {qn_test_seed(), 0};
    const uint32_t n = 20;
    qn_pauli_sum *a = draw_paulis(&d, n, 5000, false), *b = draw_paulis(&d, n, 100, false), *ab = NULL, *back = NULL;
    assert_ok(qn_pauli_sum_multiply(a, b, &ab));
    /* (ab)+ = b+ a+, computed in another order and batches. */
    qn_pauli_sum *da = NULL, *db = NULL, *dab = NULL;
    assert_ok(qn_pauli_sum_adjoint(a, &da));
    assert_ok(qn_pauli_sum_adjoint(b, &db));
    assert_ok(qn_pauli_sum_adjoint(ab, &dab));
    assert_ok(qn_pauli_sum_multiply(db, da, &back));
    assert_true(qn_pauli_sum_equal(dab, back, 1e-12));
    assert_false(qn_pauli_sum_equal(ab, back, 1e-12));
    qn_pauli_sum_free(a);
    qn_pauli_sum_free(b);
    qn_pauli_sum_free(ab);
    qn_pauli_sum_free(da);
    qn_pauli_sum_free(db);
    qn_pauli_sum_free(dab);
    qn_pauli_sum_free(back);
}

static void hermitian_norms_equality(void **state)
{
    (void)state;
    qn_pauli_sum *sum = NULL, *other = NULL;
    size_t worst = 0;
    assert_ok(qn_pauli_sum_create(2, &sum));
    assert_true(qn_pauli_sum_is_hermitian(sum, 0, &worst));
    assert_int_equal(worst, SIZE_MAX);
    assert_ok(qn_pauli_sum_add_label(sum, complex_of(1, 0.5), "ZZ"));
    assert_ok(qn_pauli_sum_add_label(sum, complex_of(-4, 0), "II"));
    assert_ok(qn_pauli_sum_add_label(sum, complex_of(3, 0.1), "XX"));
    assert_ok(qn_pauli_sum_add_label(sum, complex_of(2, -0.5), "ZZ"));
    assert_false(qn_pauli_sum_is_hermitian(sum, 0.05, &worst));
    assert_int_equal(worst, 2);
    assert_true(qn_pauli_sum_is_hermitian(sum, 0.2, NULL));
    assert_near(qn_pauli_sum_one_norm(sum), hypot(1, 0.5) + hypot(3, 0.1) + hypot(2, 0.5), 1e-15);
    assert_near(qn_pauli_sum_identity(sum).re, -4, 0);
    assert_ok(qn_pauli_sum_clone(sum, &other));
    assert_ok(qn_pauli_sum_simplify(other, 0));
    assert_true(qn_pauli_sum_equal(sum, other, 1e-15));
    assert_ok(qn_pauli_sum_add_label(other, complex_of(0, 1e-3), "YX"));
    assert_false(qn_pauli_sum_equal(sum, other, 0.5e-3));
    assert_false(qn_pauli_sum_equal(other, sum, 0.5e-3));
    assert_true(qn_pauli_sum_equal(other, sum, 2e-3));
    /* Without memory to sort, the same answers. */
    for (uint64_t n = 1; n <= 4; n++) {
        qn__alloc_fail_at(n, true);
        const bool loose = qn_pauli_sum_equal(sum, other, 2e-3), strict = qn_pauli_sum_equal(sum, other, 0.5e-3);
        const bool hermitian = qn_pauli_sum_is_hermitian(sum, 0.05, &worst);
        qn__alloc_fail_at(0, false);
        assert_true(loose && !strict && !hermitian && worst == 2);
    }
    qn_pauli_sum_free(sum);
    qn_pauli_sum_free(other);
}

/* Sorted insertion as its paper states it, every member looked at. */
static uint32_t groups_by_definition(const qn_pauli_sum *sum, qn_grouping kind, uint32_t *group)
{
    const size_t terms = qn_pauli_sum_terms(sum), words = qn_pauli_sum_words(sum);
    bool *done = calloc(terms, sizeof *done);
    assert_non_null(done);
    uint32_t count = 0;
    for (size_t round = 0; round < terms; round++) {
        size_t best = SIZE_MAX;
        double most = -1;
        for (size_t t = 0; t < terms; t++) {
            const qn_complex c = qn_pauli_sum_coefficient(sum, t);
            if (!done[t] && hypot(c.re, c.im) > most) {
                most = hypot(c.re, c.im);
                best = t;
            }
        }
        done[best] = true;
        const uint64_t *x = qn_pauli_sum_x(sum, best), *z = qn_pauli_sum_z(sum, best);
        bool identity = true;
        for (size_t w = 0; w < words; w++) {
            identity = identity && x[w] == 0 && z[w] == 0;
        }
        group[best] = UINT32_MAX;
        if (identity) {
            continue;
        }
        uint32_t to = 0;
        for (; to < count; to++) {
            bool fits = kind != QN_GROUPING_NONE;
            for (size_t t = 0; fits && t < terms; t++) {
                if (t != best && done[t] && group[t] == to) {
                    const uint64_t *xt = qn_pauli_sum_x(sum, t), *zt = qn_pauli_sum_z(sum, t);
                    fits = kind == QN_GROUPING_COMMUTING ? qn_pauli_commute(words, x, z, xt, zt)
                                                         : qn_pauli_commute_qubit_wise(words, x, z, xt, zt);
                }
            }
            if (fits) {
                break;
            }
        }
        count = to == count ? count + 1 : count;
        group[best] = to;
    }
    free(done);
    return count;
}

static void grouping(void **state)
{
    (void)state;
    draws d = {qn_test_seed(), 0};
    static const uint32_t widths[] = {3, 6, 70};
    for (size_t i = 0; i < 3; i++) {
        for (int kind = QN_GROUPING_NONE; kind <= QN_GROUPING_COMMUTING; kind++) {
            /* Few letters besides I, so that wide strings do fit together; equal magnitudes, so that ties matter. */
            qn_pauli_sum *sum = NULL;
            assert_ok(qn_pauli_sum_create(widths[i], &sum));
            for (int t = 0; t < 150; t++) {
                const uint32_t first = draw_below(&d, widths[i]);
                const uint32_t qubits[] = {first, (first + 1 + draw_below(&d, widths[i] - 1)) % widths[i]};
                const char letters[] = {"IXYZ"[draw_below(&d, 4)], "IXYZ"[draw_below(&d, 4)]};
                const double c = (1 + draw_below(&d, 3)) * (draw_below(&d, 2) == 0 ? -1.0 : 1.0);
                assert_ok(qn_pauli_sum_add_sparse(sum, complex_of(c, 0), letters, qubits, 2));
            }
            uint32_t got[150], expected[150], ngot = 0;
            assert_ok(qn_pauli_sum_group(sum, (qn_grouping)kind, got, &ngot));
            assert_int_equal(ngot, groups_by_definition(sum, (qn_grouping)kind, expected));
            assert_memory_equal(got, expected, sizeof got);
            qn_pauli_sum_free(sum);
        }
    }
    qn_pauli_sum *empty = NULL;
    uint32_t count = 9;
    assert_ok(qn_pauli_sum_create(2, &empty));
    assert_ok(qn_pauli_sum_group(empty, QN_GROUPING_COMMUTING, NULL, &count));
    assert_int_equal(count, 0);
    qn_pauli_sum_free(empty);
}

static qn_status build(qn_pauli_sum **out)
{
    qn_pauli_sum *sum = NULL;
    qn_status status = qn_pauli_sum_create(3, &sum);
    for (int t = 0; t < 40 && status == QN_OK; t++) {
        const char label[] = {"XYZI"[t % 4], "ZIX"[t % 3], "YX"[t % 2], '\0'};
        status = qn_pauli_sum_add_label(sum, (qn_complex){t, 0}, label);
    }
    if (status != QN_OK) {
        qn_pauli_sum_free(sum);
        return status;
    }
    *out = sum;
    return QN_OK;
}

static void allocation_failures(void **state)
{
    (void)state;
    qn_pauli_sum *sum = NULL, *out = NULL, *kept = NULL;
    uint32_t groups[40], count = 0;
    assert_survives_allocation_failures(build(&sum), (void)0);
    assert_survives_allocation_failures(qn_pauli_sum_clone(sum, &kept), (void)0);
    assert_survives_allocation_failures(qn_pauli_sum_multiply(sum, sum, &out), qn_pauli_sum_free(out));
    assert_survives_allocation_failures(qn_pauli_sum_commutator(sum, sum, &out), qn_pauli_sum_free(out));
    assert_survives_allocation_failures(qn_pauli_sum_adjoint(sum, &out), qn_pauli_sum_free(out));
    assert_survives_allocation_failures(qn_pauli_sum_group(sum, QN_GROUPING_COMMUTING, groups, &count), (void)0);
    assert_true(qn_pauli_sum_equal(sum, kept, 0));
    assert_survives_allocation_failures(qn_pauli_sum_simplify(sum, 0), (void)0);
    assert_true(qn_pauli_sum_equal(sum, kept, 1e-14));
    /* A sum whose growth failed half-way still takes terms. */
    for (uint64_t n = 1; n <= 3; n++) {
        qn_pauli_sum *grown = NULL;
        assert_ok(qn_pauli_sum_clone(kept, &grown));
        qn__alloc_fail_at(n, false);
        const qn_status status = qn_pauli_sum_add_sum(grown, kept, (qn_complex){1, 0});
        qn__alloc_fail_at(0, false);
        assert_int_equal(status, QN_ERR_MEMORY);
        assert_int_equal(qn_pauli_sum_terms(grown), 40);
        assert_ok(qn_pauli_sum_add_sum(grown, kept, (qn_complex){-1, 0}));
        assert_ok(qn_pauli_sum_simplify(grown, 0));
        assert_int_equal(qn_pauli_sum_terms(grown), 0);
        qn_pauli_sum_free(grown);
    }
    qn_pauli_sum_free(sum);
    qn_pauli_sum_free(kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_and_masks),
        cmocka_unit_test(callers_mistakes),
        cmocka_unit_test(simplify_merges_and_sorts),
        cmocka_unit_test(algebra_against_dense),
        cmocka_unit_test(wide_products),
        cmocka_unit_test(large_product),
        cmocka_unit_test(hermitian_norms_equality),
        cmocka_unit_test(grouping),
        cmocka_unit_test(allocation_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
