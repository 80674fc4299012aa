/* test_orthogonal.c: pyramids of beam splitters are orthogonal matrices, on numbers and on circuits. */
#include <dense.h>
#include <qn_random.h>

#include <quern/quern.h>

/* Orthogonal by Gram-Schmidt, twice; of both determinants. */
static double *random_orthogonal(qn_random *r, size_t n)
{
    double *m = calloc(n * n, sizeof *m);
    for (size_t i = 0; i < n; i++) {
        double *row = m + i * n;
        for (size_t k = 0; k < n; k++) {
            row[k] = qn_random_between(r, -1, 1);
        }
        for (unsigned pass = 0; pass < 2; pass++) {
            for (size_t j = 0; j <= i; j++) {
                double dot = 0;
                for (size_t k = 0; k < n; k++) {
                    dot += row[k] * m[j * n + k];
                }
                for (size_t k = 0; k < n; k++) {
                    row[k] = j < i ? row[k] - dot * m[j * n + k] : row[k] / sqrt(dot);
                }
            }
        }
    }
    return m;
}

/* Columns of the layer. */
static double layer_distance(size_t n, const double *angles, double sign, const double *m)
{
    double worst = 0, *x = calloc(n, sizeof *x);
    for (size_t j = 0; j < n; j++) {
        memset(x, 0, n * sizeof *x);
        x[j] = 1;
        qn_rbs_apply(n, angles, sign, x);
        for (size_t i = 0; i < n; i++) {
            worst = fmax(worst, fabs(x[i] - m[i * n + j]));
        }
    }
    free(x);
    return worst;
}

/* E38 of the recipes: pyramid = orthogonal matrix to 1e-13. */
static void pyramids_are_orthogonal_matrices(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    static const size_t sizes[] = {1, 2, 3, 5, 8, 17, 64};
    bool seen[2] = {false, false};
    for (unsigned round = 0; round < 3; round++) {
        for (size_t s = 0; s < 7; s++) {
            const size_t n = sizes[s];
            double *m = random_orthogonal(&r, n), sign = 0;
            double *angles = calloc(qn_rbs_count(n) + 1, sizeof *angles);
            assert_ok(qn_rbs_angles(n, m, angles, &sign));
            assert_true(layer_distance(n, angles, sign, m) < 1e-13);
            seen[sign < 0] = true;
            free(m);
            free(angles);
        }
    }
    assert_true(seen[0] && seen[1]);
}

/* d = 512: 130,816 gates in O(n^2); lengths and angles between vectors stay. */
static void large_layers_keep_lengths(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    enum { N = 512 };
    assert_int_equal(qn_rbs_count(N), 130816);
    double *angles = calloc(qn_rbs_count(N), sizeof *angles), x[N], y[N], before = 0, after = 0, length = 0, kept = 0;
    qn_random_angles(&r, angles, qn_rbs_count(N));
    for (size_t k = 0; k < N; k++) {
        x[k] = qn_random_between(&r, -1, 1);
        y[k] = qn_random_between(&r, -1, 1);
        before += x[k] * y[k];
        length += x[k] * x[k];
    }
    qn_rbs_apply(N, angles, -1, x);
    qn_rbs_apply(N, angles, -1, y);
    for (size_t k = 0; k < N; k++) {
        after += x[k] * y[k];
        kept += x[k] * x[k];
    }
    assert_near(after, before, 1e-11);
    assert_near(kept, length, 1e-11);
    free(angles);
}

/* Gate tier: loader, then layer, on n qubits. */
static void circuits_load_and_turn(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (size_t n = 1; n <= 6; n++) {
        for (unsigned round = 0; round < 4; round++) {
            double *m = random_orthogonal(&r, n), sign = 0, length = 0;
            double *angles = calloc(qn_rbs_count(n) + 1, sizeof *angles), x[6];
            for (size_t k = 0; k < n; k++) {
                x[k] = round == 1 && k + 1 == n && n > 1 ? 0 : qn_random_between(&r, -1, 1);
                length += x[k] * x[k];
            }
            qn_circuit *loader = NULL, *layer = NULL;
            assert_ok(qn_rbs_angles(n, m, angles, &sign));
            assert_ok(qn_unary_circuit(n, x, &loader));
            assert_ok(qn_rbs_circuit(n, angles, sign, &layer));
            assert_int_equal(qn_circuit_operations(loader), n == 1 ? 1 + (x[0] < 0) : n);
            for (unsigned turned = 0; turned < 2; turned++) {
                dense_complex *got = dense_state(loader, NULL, 0);
                double rest = 1;
                for (size_t i = 0; i < n; i++) {
                    double wanted = 0;
                    for (size_t k = 0; k < n; k++) {
                        wanted += turned == 0 ? (i == k ? x[k] : 0) : m[i * n + k] * x[k];
                    }
                    assert_near(cabs(got[(size_t)1 << i] - wanted / sqrt(length)), 0, 1e-12);
                    rest -= pow(cabs(got[(size_t)1 << i]), 2);
                }
                assert_near(rest, 0, 1e-12);
                assert_ok(qn_circuit_append_circuit(loader, layer));
                free(got);
            }
            qn_circuit_free(loader);
            qn_circuit_free(layer);
            free(angles);
            free(m);
        }
    }
}

/* The formula of the recipes: acos(x_i / sqrt(sum over j >= i of x_j^2)). */
static void unary_angles_are_the_formula(void **state)
{
    (void)state;
    const double x[] = {0.5, -1, 0.25, 2, 3};
    double angles[4];
    assert_ok(qn_unary_angles(5, x, angles));
    for (size_t i = 0; i < 4; i++) {
        double rest = 0;
        for (size_t j = i; j < 5; j++) {
            rest += x[j] * x[j];
        }
        assert_near(angles[i], acos(x[i] / sqrt(rest)), 1e-14);
    }
}

static void bad_input_is_refused(void **state)
{
    (void)state;
    const double skew[] = {1, 0.1, 0, 1}, zero[] = {0, 0};
    double angles[1], sign = 0;
    qn_circuit *circuit = NULL;
    assert_fails(qn_rbs_angles(2, skew, angles, &sign), QN_ERR_ARGUMENT, "not orthogonal");
    assert_fails(qn_unary_circuit(2, zero, &circuit), QN_ERR_ARGUMENT, "zero vector");
    assert_fails(qn_unary_angles(2, (double[]){1, (double)NAN}, angles), QN_ERR_NAN, "number 1");
    assert_null(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pyramids_are_orthogonal_matrices),
        cmocka_unit_test(large_layers_keep_lengths),
        cmocka_unit_test(circuits_load_and_turn),
        cmocka_unit_test(unary_angles_are_the_formula),
        cmocka_unit_test(bad_input_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
