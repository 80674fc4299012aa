/* test_fft.c: fast transforms against their defining sums. */
#include <qn_test.h>

#include "base/alloc.h"
#include "math/fft.h"

static const double pi = 3.14159265358979323846;

/* SplitMix64, as in qn_random.h, which needs circuits. */
static double draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (double)((z ^ (z >> 31)) >> 11) * 0x1.0p-52 - 1;
}

static void test_against_the_sum(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    for (size_t n = 1; n <= 1024; n *= 2) {
        qn__fft *plan = NULL;
        assert_ok(qn__fft_create(n, &plan));
        qn_complex *x = calloc(2 * n, sizeof *x), *y = x + n;
        for (size_t j = 0; j < n; j++) {
            y[j] = x[j] = (qn_complex){draw(&seed), draw(&seed)};
        }
        qn__fft_forward(plan, y);
        for (size_t k = 0; k < n; k++) {
            double re = 0, im = 0;
            for (size_t j = 0; j < n; j++) {
                const double angle = -2 * pi * (double)(j * k % n) / (double)n;
                re += x[j].re * cos(angle) - x[j].im * sin(angle);
                im += x[j].re * sin(angle) + x[j].im * cos(angle);
            }
            assert_near(y[k].re, re, 2e-15 * (double)(n + 8));
            assert_near(y[k].im, im, 2e-15 * (double)(n + 8));
        }
        qn__fft_backward(plan, y);
        for (size_t j = 0; j < n; j++) {
            assert_near(y[j].re / (double)n, x[j].re, 1e-14);
            assert_near(y[j].im / (double)n, x[j].im, 1e-14);
        }
        qn__fft_free(plan);
        free(x);
    }
}

/* One frequency in, one peak out: at 2^20 this needs twiddle factors that are right to the last bits. */
static void test_large(void **state)
{
    (void)state;
    const size_t n = (size_t)1 << 20, tone = 123457;
    qn__fft *plan = NULL;
    assert_ok(qn__fft_create(n, &plan));
    qn_complex *x = calloc(n, sizeof *x);
    for (size_t j = 0; j < n; j++) {
        const double angle = 2 * pi * (double)(j * tone % n) / (double)n;
        x[j] = (qn_complex){cos(angle), sin(angle)};
    }
    qn__fft_forward(plan, x);
    double worst = 0;
    for (size_t k = 0; k < n; k++) {
        worst = fmax(worst, hypot(x[k].re / (double)n - (k == tone), x[k].im / (double)n));
    }
    assert_true(worst < 2e-15);
    qn__fft_free(plan);
    free(x);
    assert_fails(qn__fft_create(12, &plan), QN_ERR_ARGUMENT, "power of two");
    assert_fails(qn__fft_create((size_t)1 << 40, &plan), QN_ERR_TOO_LARGE, "2^27");
}

static void test_cosines(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    for (size_t n = 1; n <= 256; n *= 2) {
        double x[256], two[256], four[256];
        for (size_t j = 0; j < n; j++) {
            two[j] = four[j] = x[j] = draw(&seed);
        }
        assert_ok(qn__dct2(n, two));
        assert_ok(qn__dct4(n, four));
        for (size_t k = 0; k < n; k++) {
            double want2 = 0, want4 = 0;
            for (size_t j = 0; j < n; j++) {
                want2 += x[j] * cos(pi * (double)(k * (2 * j + 1)) / (2 * (double)n));
                want4 += x[j] * cos(pi * (double)((2 * k + 1) * (2 * j + 1)) / (4 * (double)n));
            }
            assert_near(two[k], want2, 1e-12);
            assert_near(four[k], want4, 1e-12);
        }
    }
}

static void test_sines(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    static const size_t lengths[] = {1, 2, 3, 7, 12, 31, 100, 255, 300};
    for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++) {
        const size_t n = lengths[l];
        qn__dst *plan = NULL;
        assert_ok(qn__dst_create(n, &plan));
        qn_complex x[300], y[300], *scratch = calloc(qn__dst_scratch(plan), sizeof *scratch);
        for (size_t j = 0; j < n; j++) {
            y[j] = x[j] = (qn_complex){draw(&seed), draw(&seed)};
        }
        qn__dst_run(plan, y, scratch);
        for (size_t k = 1; k <= n; k++) {
            double re = 0, im = 0;
            for (size_t j = 1; j <= n; j++) {
                const double s = sqrt(2 / (double)(n + 1)) * sin(pi * (double)(j * k) / (double)(n + 1));
                re += x[j - 1].re * s;
                im += x[j - 1].im * s;
            }
            assert_near(y[k - 1].re, re, 2e-13);
            assert_near(y[k - 1].im, im, 2e-13);
        }
        qn__dst_run(plan, y, scratch);
        for (size_t k = 0; k < n; k++) {
            assert_near(y[k].re, x[k].re, 1e-13);
        }
        free(scratch);
        qn__dst_free(plan);
    }
}

static void test_products(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    static const size_t lengths[][2] = {{1, 1}, {5, 200}, {40, 33}, {100, 100}, {257, 64}};
    for (size_t l = 0; l < sizeof lengths / sizeof lengths[0]; l++) {
        const size_t na = lengths[l][0], nb = lengths[l][1];
        double a[300], b[300], c[600];
        for (size_t i = 0; i < 300; i++) {
            a[i] = draw(&seed);
            b[i] = 100 * draw(&seed);
        }
        assert_ok(qn__fft_convolve(a, na, b, nb, c));
        for (size_t k = 0; k < na + nb - 1; k++) {
            double want = 0;
            for (size_t i = 0; i < na; i++) {
                want += k >= i && k - i < nb ? a[i] * b[k - i] : 0;
            }
            assert_near(c[k], want, 1e-11);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_the_sum), cmocka_unit_test(test_large),    cmocka_unit_test(test_cosines),
        cmocka_unit_test(test_sines),           cmocka_unit_test(test_products),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
