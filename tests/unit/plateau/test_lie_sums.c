/* Lie algebras of sums: centre and simple ideals that are known, the same algebra closed string by string, and samples.
 */
#include <qn_test.h>

#include <quern/plateau.h>

enum { MOST = 64 };

static qn_context *context;
static qn_pauli_sum *generators[MOST];
static size_t count;

static int open_context(void **state)
{
    (void)state;
    return qn_context_create(NULL, &context) == QN_OK ? 0 : -1;
}

static int close_context(void **state)
{
    (void)state;
    qn_context_free(context);
    return 0;
}

static void add_string(qn_pauli_sum *sum, const char *letters, uint32_t first, uint32_t second)
{
    const uint32_t qubits[2] = {first, second};
    assert_ok(qn_pauli_sum_add_sparse(sum, (qn_complex){1, 0}, letters, qubits, strlen(letters)));
}

static qn_pauli_sum *new_generator(uint32_t n)
{
    assert_true(count < MOST);
    assert_ok(qn_pauli_sum_create(n, &generators[count]));
    return generators[count++];
}

/* One kind on a chain or a ring: a sum, or strings one by one. */
static void add_kind(uint32_t n, const char *letters, bool together, bool ring)
{
    const uint32_t span = (uint32_t)strlen(letters);
    qn_pauli_sum *sum = NULL;
    for (uint32_t q = 0; q + (ring ? 1 : span) <= n; q++) {
        sum = q == 0 || !together ? new_generator(n) : sum;
        add_string(sum, letters, q, (q + 1) % n);
    }
}

static qn_lie *close_all(void)
{
    qn_lie *lie = NULL;
    assert_ok(qn_lie_close(context, (const qn_pauli_sum *const *)generators, count, 0, &lie));
    assert_true(qn_lie_complete(lie));
    return lie;
}

static void forget(void)
{
    for (size_t g = 0; g < count; g++) {
        qn_pauli_sum_free(generators[g]);
    }
    count = 0;
}

static uint64_t copies_of(const qn_lie *lie, uint64_t dimension)
{
    const qn_lie_ideals *ideals = NULL;
    for (size_t k = 0; (ideals = qn_lie_ideals_at(lie, k)) != NULL; k++) {
        if (ideals->dimension == dimension) {
            return ideals->copies;
        }
    }
    return 0;
}

/* The ideals and the centre must add up to the algebra. */
static void expect_whole(const qn_lie *lie)
{
    const qn_lie_ideals *ideals = NULL;
    uint64_t sum = qn_lie_centre(lie);
    for (size_t k = 0; (ideals = qn_lie_ideals_at(lie, k)) != NULL; k++) {
        sum += ideals->dimension * ideals->copies;
    }
    assert_true(qn_lie_is_split(lie) && !qn_lie_of_strings(lie));
    assert_int_equal(sum, qn_lie_dimension(lie));
}

/* Sums over all qubits and pairs keep the total spin: blocks of dimension n + 1, n - 1, ... (Schur and Weyl), each a
 * su(m); what is left is the centre. The open Ising chain of sums is u(n), n^2 dimensions. On a ring, free fermions of
 * momenta k and -k: nothing but su(2). */
static void known_ideals(void **state)
{
    (void)state;
    for (uint32_t n = 2; n <= 5; n++) {
        add_kind(n, "X", true, false);
        add_kind(n, "Y", true, false);
        qn_pauli_sum *pairs = new_generator(n);
        for (uint32_t a = 0; a < n; a++) {
            for (uint32_t b = 0; b < a; b++) {
                add_string(pairs, "ZZ", b, a);
            }
        }
        qn_lie *lie = close_all();
        expect_whole(lie);
        for (uint32_t m = n + 1; m >= 2; m -= 2) {
            assert_int_equal(copies_of(lie, m * m - 1), 1);
        }
        qn_lie_free(lie);
        forget();
    }
    for (uint32_t n = 2; n <= 8; n++) {
        add_kind(n, "ZZ", true, false);
        add_kind(n, "X", true, false);
        qn_lie *lie = close_all();
        expect_whole(lie);
        assert_int_equal(qn_lie_centre(lie), 1);
        assert_int_equal(copies_of(lie, n * n - 1), 1);
        qn_lie_free(lie);
        forget();
    }
    for (uint32_t n = 3; n <= 9; n++) {
        add_kind(n, "ZZ", true, true);
        add_kind(n, "X", true, true);
        qn_lie *lie = close_all();
        expect_whole(lie);
        assert_int_equal(3 * copies_of(lie, 3) + qn_lie_centre(lie), qn_lie_dimension(lie));
        assert_true(copies_of(lie, 3) >= n / 2);
        qn_lie_free(lie);
        forget();
    }
}

/* An algebra of strings, closed once as such and once with a generator more that is a sum of two of them. */
static void strings_as_sums(void **state)
{
    (void)state;
    static const struct {
        const char *kinds[3], *input, *letters;
        uint32_t qubits;
    } cases[] = {{{"Z", "XX", NULL}, "000", "Z", 3},      {{"Z", "XX", NULL}, "00", "Z", 2},
                 {{"Z", "XX", NULL}, "0+0-1", "Z", 5},    {{"X", "Y", "ZZ"}, "0+0", "ZZ", 3},
                 {{"XX", "YY", "ZZ"}, "1010", "ZZ", 4},   {{"XX", "YY", "ZZ"}, "101", "XX", 3},
                 {{"XX", "YY", NULL}, "0+0-10", "XX", 6}, {{"ZZ", NULL, NULL}, "0000", "ZZ", 4}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const uint32_t n = cases[i].qubits;
        qn_pauli_sum *observable = NULL;
        assert_ok(qn_pauli_sum_create(n, &observable));
        add_string(observable, cases[i].letters, 0, 1);
        for (int k = 0; k < 3 && cases[i].kinds[k] != NULL; k++) {
            add_kind(n, cases[i].kinds[k], false, false);
        }
        qn_lie *strings = close_all();
        qn_pauli_sum *sum = new_generator(n);
        add_string(sum, cases[i].kinds[0], 0, 1);
        add_string(sum, cases[i].kinds[0], 1, 2 % n);
        qn_lie *sums = close_all();
        expect_whole(sums);
        assert_int_equal(qn_lie_dimension(sums), qn_lie_dimension(strings));
        assert_int_equal(qn_lie_centre(sums), qn_lie_centre(strings));
        const qn_lie_ideals *ideals = NULL;
        for (size_t k = 0; (ideals = qn_lie_ideals_at(strings, k)) != NULL; k++) {
            assert_int_equal(copies_of(sums, ideals->dimension), ideals->copies);
        }
        for (size_t g = 0; g < count - 1; g++) {
            double loss[2], derivative[2];
            assert_ok(qn_lie_variance(strings, cases[i].input, observable, g, &loss[0], &derivative[0]));
            assert_ok(qn_lie_variance(sums, cases[i].input, observable, g, &loss[1], &derivative[1]));
            assert_near(loss[1], loss[0], 1e-10);
            assert_near(derivative[1], derivative[0], 1e-10);
        }
        assert_fails(qn_lie_variance(sums, cases[i].input, observable, count, NULL, NULL), QN_ERR_RANGE,
                     "no generator");
        qn_lie_free(strings);
        qn_lie_free(sums);
        qn_pauli_sum_free(observable);
        forget();
    }
}

/* Deep Ising circuits of shared angles: loss and middle derivative within what so many samples tell; an observable
 * outside has no law. */
static void sampled_variances(void **state)
{
    (void)state;
    for (uint32_t n = 3; n <= 4; n++) {
        add_kind(n, "X", true, false);
        qn_plateau_options options = QN_PLATEAU_OPTIONS_INIT;
        qn_plateau_result *result = NULL;
        options.ansatz = QN_PLATEAU_ISING;
        options.observable = QN_PLATEAU_SUM;
        options.sum = generators[0];
        options.layers = 120;
        options.samples = 8000;
        options.resamples = 10;
        assert_ok(qn_plateau_run(context, &options, &n, 1, &result));
        const qn_plateau_row *row = &result->rows[0];
        assert_near(row->variance[QN_PLATEAU_LOSS] / row->law[QN_PLATEAU_LOSS], 1, 0.06);
        assert_near(row->variance[QN_PLATEAU_MIDDLE] / row->law[QN_PLATEAU_MIDDLE], 1, 0.08);
        qn_plateau_result_free(result);
        double law[QN_PLATEAU_PART_COUNT_];
        char source[160];
        assert_ok(qn_plateau_law(context, &options, n + 1, law, source)); /* X on all qubits but one */
        assert_true(isnan(law[QN_PLATEAU_LOSS]));
        assert_non_null(strstr(source, "not in the Lie algebra"));
        forget();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_ideals), cmocka_unit_test(strings_as_sums),
                                       cmocka_unit_test(sampled_variances)};
    return cmocka_run_group_tests(tests, open_context, close_context);
}
