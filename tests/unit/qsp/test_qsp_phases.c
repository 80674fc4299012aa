/* test_qsp_phases.c: phase factors: published iteration counts and errors, methods against each other, conventions. */
#include <qn_test.h>

#include <complex.h>

#include <quern/qsp.h>

/* CMPLX, which clang's C library header may lack. */
static inline double complex complex_of(double re, double im)
{
    const double parts[2] = {re, im};
    double complex z;
    memcpy(&z, parts, sizeof z);
    return z;
}

static qn_context *context;

static int open_context(void **state)
{
    (void)state;
    return qn_context_create(NULL, &context) == QN_OK ? 0 : 1;
}

static int close_context(void **state)
{
    (void)state;
    qn_context_free(context);
    return 0;
}

static double draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (double)((z ^ (z >> 31)) >> 11) * 0x1.0p-52 - 1;
}

/* P / (2 max |P|). */
static qn_qsp_polynomial *scaled_inverse(double kappa, double degree, double *scale)
{
    qn_qsp_polynomial *p = NULL;
    assert_ok(qn_qsp_inverse(kappa, (uint64_t)degree, &p));
    *scale = 1 / (2 * qn_qsp_inverse_maximum(kappa, degree));
    qn_qsp_polynomial_scale(p, *scale);
    return p;
}

/* kappa = 5, 10, 20, 50 at error 1e-4 (degrees 43, 115, 337, 657 and sum |c| on record): 15 iterations to 6e-14; end to
 * end the error is scale times epsilon. */
static void test_fixed_point(void **state)
{
    (void)state;
    static const struct {
        double kappa, degree, sum;
    } runs[] = {{5, 43, 0.861}, {10, 115, 0.868}, {20, 337, 0.874}, {50, 657, 0.871}};
    for (size_t r = 0; r < 4; r++) {
        double scale = 0, sum = 0;
        qn_qsp_polynomial *p = scaled_inverse(runs[r].kappa, runs[r].degree, &scale);
        for (size_t k = 0; k < p->count; k++) {
            sum += fabs(p->coefficient[k]);
        }
        assert_near(sum, runs[r].sum, 6e-4);
        double *phases = calloc((size_t)p->degree + 1, sizeof *phases);
        qn_qsp_report report;
        assert_ok(qn_qsp_phases(context, p, QN_QSP_FIXED_POINT, 6e-14, phases, &report));
        assert_true(report.converged);
        assert_in_range(report.iterations, 14, 16);
        double worst = 0;
        for (int i = 0; i <= 4000; i++) {
            const double x = 1 / runs[r].kappa + (1 - 1 / runs[r].kappa) * i / 4000.0;
            const double f = qn_qsp_response(phases, p->degree, x).im;
            assert_near(f, qn_qsp_polynomial_value(p, x), 1e-12);
            worst = fmax(worst, fabs(f - scale / x));
        }
        if (r == 1) {
            assert_near(worst, 3.01e-6, 2e-8);
        }
        free(phases);
        qn_qsp_polynomial_free(p);
    }
}

/* f = 1 / (2 kappa x) at kappa = 10, degree 101: minimax error 1.927e-5 is on record for QSPPACK's polynomial; here max
 * |f| is brought to 0.9 and Newton's method needs a handful of steps where the fixed point fails. */
static void test_newton_near_one(void **state)
{
    (void)state;
    double scale = 0;
    qn_qsp_polynomial *p = scaled_inverse(10, 101, &scale);
    qn_qsp_polynomial_scale(p, 1.8);
    double phases[102], other[102];
    qn_qsp_report newton, fourier, fixed;
    assert_ok(qn_qsp_phases(context, p, QN_QSP_NEWTON, 1e-12, phases, &newton));
    assert_true(newton.converged && newton.iterations <= 7);
    assert_ok(qn_qsp_phases(context, p, QN_QSP_FOURIER, 1e-12, other, &fourier));
    assert_true(fourier.converged);
    for (int k = 0; k <= 101; k++) {
        assert_near(phases[k], other[k], 1e-10);
    }
    assert_ok(qn_qsp_phases(context, p, QN_QSP_FIXED_POINT, 1e-12, other, &fixed));
    assert_ok(qn_qsp_phases(context, p, QN_QSP_AUTO, 1e-12, other, &fourier));
    assert_true(fourier.converged);
    qn_qsp_polynomial_scale(p, 1.2);
    assert_fails(qn_qsp_phases(context, p, QN_QSP_AUTO, 0, other, &fixed), QN_ERR_RANGE, "phase factors exist up to 1");
    qn_qsp_polynomial_free(p);
}

/* Random polynomials of both parities and all small degrees by all methods; symmetric phases; the response by matrices.
 */
static void test_random(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    for (uint64_t degree = 0; degree < 70; degree++) {
        qn_qsp_polynomial *p = NULL;
        assert_ok(qn_qsp_polynomial_create(degree, &p));
        double sum = 0;
        for (size_t k = 0; k < p->count; k++) {
            p->coefficient[k] = draw(&seed);
            sum += fabs(p->coefficient[k]);
        }
        qn_qsp_polynomial_scale(p, 0.8 / sum);
        for (qn_qsp_method method = QN_QSP_FIXED_POINT; method <= QN_QSP_FOURIER; method++) {
            double phases[80];
            qn_qsp_report report;
            assert_ok(qn_qsp_phases(context, p, method, 1e-13, phases, &report));
            assert_true(report.converged);
            for (uint64_t k = 0; k <= degree; k++) {
                assert_near(phases[k], phases[degree - k], 1e-12);
            }
            for (int i = 0; i < 10; i++) {
                const double x = draw(&seed);
                assert_near(qn_qsp_response(phases, degree, x).im, qn_qsp_polynomial_value(p, x), 1e-12);
            }
        }
        qn_qsp_polynomial_free(p);
    }
}

/* Products of 2 x 2 matrices by definition: with `reflect`, R instead of W. */
static double complex product(const double *phases, uint64_t degree, double x, bool reflect)
{
    const double s = sqrt(1 - x * x);
    const double complex cross = reflect ? s : complex_of(0, s);
    double complex u[2] = {cexp(complex_of(0, phases[0])), 0};
    for (uint64_t k = 1; k <= degree; k++) {
        const double complex a = x * u[0] + cross * u[1], b = cross * u[0] + (reflect ? -x : x) * u[1];
        u[0] = a * cexp(complex_of(0, phases[k]));
        u[1] = b * cexp(complex_of(0, -phases[k]));
    }
    return u[0];
}

/* W against reflections, imaginary against real part, at 50 random x. */
static void test_conventions(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    for (uint64_t degree = 1; degree < 12; degree++) {
        double phases[12], real[12], reflected[12];
        for (uint64_t k = 0; k <= degree; k++) {
            phases[k] = 3 * draw(&seed);
        }
        qn_qsp_to_real(phases, degree, real);
        qn_qsp_to_reflection(phases, degree, reflected);
        const double complex powers[4] = {1, complex_of(0, 1), -1, complex_of(0, -1)};
        for (int i = 0; i < 50; i++) {
            const double x = draw(&seed);
            const qn_complex u = qn_qsp_response(phases, degree, x);
            const double complex w = product(phases, degree, x, false);
            assert_near(u.re, creal(w), 1e-13);
            assert_near(u.im, cimag(w), 1e-13);
            assert_near(creal(product(real, degree, x, false)), u.im, 1e-13);
            const double complex r = powers[degree % 4] * product(reflected, degree, x, true);
            assert_near(creal(r), u.re, 1e-13);
            assert_near(cimag(r), u.im, 1e-13);
        }
    }
}

/* Degree over 10,000, to 1e-12. */
static void test_large(void **state)
{
    (void)state;
    double scale = 0;
    const double kappa = 500, degree = qn_qsp_inverse_degree(kappa, 1e-6);
    qn_qsp_polynomial *p = scaled_inverse(kappa, degree, &scale);
    assert_true(p->degree > 10000);
    double *phases = calloc((size_t)p->degree + 1, sizeof *phases);
    qn_qsp_report report;
    assert_ok(qn_qsp_phases(context, p, QN_QSP_AUTO, 1e-12, phases, &report));
    assert_true(report.converged && report.method == QN_QSP_FOURIER);
    print_message("degree %llu: residual %.2g in %.2f s\n", (unsigned long long)p->degree, report.residual,
                  report.seconds);
    for (int i = 0; i < 20; i++) {
        const double x = i / 20.0;
        assert_near(qn_qsp_response(phases, p->degree, x).im, qn_qsp_polynomial_value(p, x), 1e-12);
    }
    free(phases);
    qn_qsp_polynomial_free(p);
}

/* T_3 / 2, and cos and sin of 1000 x at half size. */
static void test_known(void **state)
{
    (void)state;
    qn_qsp_polynomial *p = NULL;
    assert_ok(qn_qsp_polynomial_create(3, &p));
    p->coefficient[1] = 0.5;
    double phases[4];
    qn_qsp_report report;
    assert_ok(qn_qsp_phases(context, p, QN_QSP_AUTO, 1e-13, phases, &report));
    assert_true(report.converged);
    for (double x = -1; x <= 1; x += 0.05) {
        assert_near(qn_qsp_response(phases, 3, x).im, 0.5 * (4 * x * x * x - 3 * x), 1e-13);
    }
    qn_qsp_polynomial_free(p);
    for (int odd = 0; odd < 2; odd++) {
        assert_ok(odd ? qn_qsp_sine(1000, 1e-12, &p) : qn_qsp_cosine(1000, 1e-12, &p));
        qn_qsp_polynomial_scale(p, 0.5);
        double *long_phases = calloc((size_t)p->degree + 1, sizeof *long_phases);
        assert_ok(qn_qsp_phases(context, p, QN_QSP_AUTO, 1e-12, long_phases, &report));
        assert_true(report.converged);
        for (double x = -1; x <= 1; x += 0.1) {
            assert_near(qn_qsp_response(long_phases, p->degree, x).im, 0.5 * (odd ? sin(1000 * x) : cos(1000 * x)),
                        2e-12);
        }
        free(long_phases);
        qn_qsp_polynomial_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fixed_point), cmocka_unit_test(test_newton_near_one), cmocka_unit_test(test_random),
        cmocka_unit_test(test_conventions), cmocka_unit_test(test_large),           cmocka_unit_test(test_known),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
