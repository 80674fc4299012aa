/* test_qsp_polynomial.c: polynomials of signal processing: published degrees, sizes and errors. */
#include <qn_test.h>

#include <quern/qsp.h>

static double draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (double)((z ^ (z >> 31)) >> 11) * 0x1.0p-52 - 1;
}

/* Degrees of the optimal polynomial (arXiv:2507.15537) and of Childs, Kothari and Somma's (arXiv:1511.02306), and the
 * largest value of the optimal one over kappa. */
static const struct {
    double kappa, epsilon, degree, cks, largest;
} table[] = {{10, 1e-2, 69, 187, 1.29},        {10, 1e-4, 115, 285, 1.61},       {10, 1e-8, 207, 477, 2.11},
             {100, 1e-2, 921, 2533, 1.46},     {100, 1e-4, 1383, 3521, 1.75},    {100, 1e-8, 2303, 5441, 2.22},
             {1000, 1e-2, 11513, 32011, 1.61}, {1000, 1e-4, 16119, 41871, 1.88}, {1000, 1e-8, 25329, 61105, 2.32}};

static void test_degrees(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_near(qn_qsp_inverse_degree(table[i].kappa, table[i].epsilon), table[i].degree, 0);
        assert_near(qn_qsp_inverse_degree_cks(table[i].kappa, table[i].epsilon), table[i].cks, 0);
        assert_near(qn_qsp_inverse_maximum(table[i].kappa, table[i].degree) / table[i].kappa, table[i].largest, 0.006);
        assert_true(qn_qsp_inverse_error(table[i].kappa, table[i].degree) <= table[i].epsilon);
        assert_true(qn_qsp_inverse_error(table[i].kappa, table[i].degree - 2) > table[i].epsilon);
    }
    /* kappa = 5 and 1712 for errors 1e-2 … 1e-8 */
    static const double five[] = {31, 55, 77, 99};
    for (int i = 0; i < 4; i++) {
        assert_near(qn_qsp_inverse_degree(5, pow(100, -1 - i)), five[i], 0);
    }
    assert_near(qn_qsp_inverse_degree(1711.7, 1e-2), 20627, 2);
    assert_near(qn_qsp_inverse_degree(1711.7, 1e-8), 44275, 2);
}

/* The error is met, and met in n + 1 points with alternating signs: nothing of that degree does better (Chebyshev). */
static void test_optimal(void **state)
{
    (void)state;
    const double kappa = 20, epsilon = 1e-5, degree = qn_qsp_inverse_degree(kappa, epsilon);
    const double bound = qn_qsp_inverse_error(kappa, degree);
    qn_qsp_polynomial *p = NULL;
    assert_ok(qn_qsp_inverse(kappa, (uint64_t)degree, &p));
    double worst = 0;
    int changes = 0, sign = 0;
    for (int i = 0; i <= 200000; i++) {
        const double x = 1 / kappa + (1 - 1 / kappa) * i / 200000.0;
        const double error = qn_qsp_polynomial_value(p, x) - 1 / x;
        assert_near(qn_qsp_inverse_value(kappa, degree, x), qn_qsp_polynomial_value(p, x), 1e-12 * kappa);
        worst = fmax(worst, fabs(error));
        if (fabs(error) > 0.99 * bound && (error > 0 ? 1 : -1) != sign) {
            sign = error > 0 ? 1 : -1;
            changes++;
        }
    }
    assert_near(worst, bound, 1e-3 * bound);
    assert_int_equal(changes, (int)p->count + 1);
    double largest = 0;
    assert_ok(qn_qsp_polynomial_maximum(p, &largest));
    assert_near(largest, qn_qsp_inverse_maximum(kappa, degree), 0.02 * largest);
    qn_qsp_polynomial_free(p);
}

static void test_cks(void **state)
{
    (void)state;
    qn_qsp_polynomial *p = NULL;
    assert_ok(qn_qsp_inverse_cks(10, 1e-4, &p));
    assert_int_equal(p->degree, 285);
    for (int i = 0; i <= 1000; i++) {
        const double x = 0.1 + 0.9 * i / 1000.0;
        assert_near(qn_qsp_polynomial_value(p, x), 1 / x, 2e-4);
    }
    qn_qsp_polynomial_free(p);
}

static double power(double x, const void *user)
{
    return pow(x, *(const double *)user);
}

/* A polynomial is given back; x^7 = (35 T1 + 21 T3 + 7 T5 + T7) / 64, x^4 = (3 + 4 T2 + T4) / 8. */
static void test_interpolation(void **state)
{
    (void)state;
    const double want7[] = {35.0 / 64, 21.0 / 64, 7.0 / 64, 1.0 / 64}, want4[] = {3.0 / 8, 4.0 / 8, 1.0 / 8};
    qn_qsp_polynomial *p = NULL;
    const double seven = 7, four = 4;
    assert_ok(qn_qsp_interpolate(power, &seven, 7, &p));
    for (size_t k = 0; k < 4; k++) {
        assert_near(p->coefficient[k], want7[k], 1e-15);
    }
    qn_qsp_polynomial_free(p);
    assert_ok(qn_qsp_interpolate(power, &four, 4, &p));
    for (size_t k = 0; k < 3; k++) {
        assert_near(p->coefficient[k], want4[k], 1e-15);
    }
    for (double x = -1.3; x < 1.4; x += 0.1) {
        assert_near(qn_qsp_polynomial_value(p, x), pow(x, 4), 1e-14);
    }
    qn_qsp_polynomial_free(p);
    assert_fails(qn_qsp_polynomial_create(UINT64_C(1) << 40, &p), QN_ERR_TOO_LARGE, "degree");
}

/* Jacobi-Anger: cos(tau x) = J_0 + 2 sum (-1)^k J_2k T_2k, sin(tau x) = 2 sum (-1)^k J_(2k+1) T_(2k+1). */
static void test_jacobi_anger(void **state)
{
    (void)state;
    static const double taus[] = {0.5, 12, 1000};
    for (size_t t = 0; t < 3; t++) {
        qn_qsp_polynomial *c = NULL, *s = NULL;
        assert_ok(qn_qsp_cosine(taus[t], 1e-11, &c));
        assert_ok(qn_qsp_sine(taus[t], 1e-11, &s));
        for (int k = 0; k < (int)s->count; k++) {
            const double sign = k % 2 == 0 ? 2 : -2;
            if (k < (int)c->count) {
                assert_near(c->coefficient[k], (k == 0 ? 1 : sign) * jn(2 * k, taus[t]), 2e-13);
            }
            assert_near(s->coefficient[k], sign * jn(2 * k + 1, taus[t]), 2e-13);
        }
        assert_true((double)c->degree < taus[t] + 12 * cbrt(taus[t]) + 20);
        for (double x = -1; x <= 1; x += 0.01) {
            assert_near(qn_qsp_polynomial_value(c, x), cos(taus[t] * x), 2e-11);
            assert_near(qn_qsp_polynomial_value(s, x), sin(taus[t] * x), 2e-11);
        }
        qn_qsp_polynomial_free(c);
        qn_qsp_polynomial_free(s);
    }
}

static void test_others(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    qn_qsp_polynomial *p = NULL;
    assert_ok(qn_qsp_sign(20, 1e-8, &p));
    for (int i = 0; i < 100; i++) {
        const double x = draw(&seed);
        assert_near(qn_qsp_polynomial_value(p, x), erf(20 * x), 1.1e-8);
    }
    qn_qsp_polynomial_free(p);
    assert_ok(qn_qsp_gaussian(0.1, 1e-8, &p));
    for (int i = 0; i < 100; i++) {
        const double x = draw(&seed);
        assert_near(qn_qsp_polynomial_value(p, x), exp(-50 * x * x), 1.1e-8);
    }
    qn_qsp_polynomial_free(p);
    assert_ok(qn_qsp_kernel_reflection(0.1, 1e-6, &p));
    assert_int_equal(p->degree, 2 * 73); /* ell = ceil(ln(2e6) / 0.2) */
    assert_near(qn_qsp_polynomial_value(p, 0), 1, 1e-12);
    for (double x = 0.1; x <= 1; x += 0.001) {
        assert_near(qn_qsp_polynomial_value(p, x), -1, 4e-6);
    }
    qn_qsp_polynomial_free(p);
    assert_fails(qn_qsp_sign(1e9, 1e-8, &p), QN_ERR_RANGE, "degree over");
    assert_fails(qn_qsp_inverse(0.5, 3, &p), QN_ERR_RANGE, "condition number 0.5");
    assert_fails(qn_qsp_inverse(5, 4, &p), QN_ERR_RANGE, "odd");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_degrees),       cmocka_unit_test(test_optimal),      cmocka_unit_test(test_cks),
        cmocka_unit_test(test_interpolation), cmocka_unit_test(test_jacobi_anger), cmocka_unit_test(test_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
