/* test_linalg.c: eigenpairs against A v = E v and orthonormality. */
#include <qn_test.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "math/linalg.h"

static void symmetric_pairs(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    for (size_t n = 1; n <= 40; n += 13) {
        double *a = qn__alloc(n * n, sizeof *a), *v = qn__alloc(n * n, sizeof *v),
               *values = qn__alloc(n, sizeof *values);
        void *scratch = qn__alloc(qn__linalg_scratch(n, false), 1);
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j <= i; j++) {
                a[i + n * j] = a[j + n * i] = qn__random_normal(seed, n, i * n + j);
            }
        }
        memcpy(v, a, n * n * sizeof *a);
        assert_ok(qn__linalg_symmetric_eigen(n, v, values, scratch));
        for (size_t k = 0; k < n; k++) {
            assert_true(k == 0 || values[k] >= values[k - 1]);
            for (size_t i = 0; i < n; i++) {
                double sum = 0, product = 0;
                for (size_t j = 0; j < n; j++) {
                    sum += a[i + n * j] * v[j + n * k];
                    product += v[j + n * i] * v[j + n * k];
                }
                assert_near(sum, values[k] * v[i + n * k], 1e-12);
                assert_near(product, i == k ? 1 : 0, 1e-13);
            }
        }
        v[0] = (double)NAN;
        assert_fails(qn__linalg_symmetric_eigen(n, v, values, scratch), QN_ERR_NAN, "entry 0, 0");
        qn__free(a);
        qn__free(v);
        qn__free(values);
        qn__free(scratch);
    }
}

static void hermitian_pairs(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    for (size_t n = 1; n <= 40; n += 13) {
        qn_complex *a = qn__alloc(n * n, sizeof *a), *v = qn__alloc(n * n, sizeof *v);
        double *values = qn__alloc(n, sizeof *values);
        void *scratch = qn__alloc(qn__linalg_scratch(n, true), 1);
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j <= i; j++) {
                const double re = qn__random_normal(seed, n, i * n + j);
                const double im = i == j ? 0 : qn__random_normal(seed, n + 1000, i * n + j);
                a[i + n * j] = (qn_complex){re, im};
                a[j + n * i] = (qn_complex){re, -im};
            }
        }
        memcpy(v, a, n * n * sizeof *a);
        assert_ok(qn__linalg_hermitian_eigen(n, v, values, scratch));
        for (size_t k = 0; k < n; k++) {
            for (size_t i = 0; i < n; i++) {
                double re = 0, im = 0;
                for (size_t j = 0; j < n; j++) {
                    const qn_complex x = a[i + n * j], y = v[j + n * k];
                    re += x.re * y.re - x.im * y.im;
                    im += x.re * y.im + x.im * y.re;
                }
                assert_near(re, values[k] * v[i + n * k].re, 1e-12);
                assert_near(im, values[k] * v[i + n * k].im, 1e-12);
            }
        }
        qn__free(a);
        qn__free(v);
        qn__free(values);
        qn__free(scratch);
    }
    assert_true(qn__linalg_scratch(UINT64_C(1) << 40, true) == UINT64_MAX);
    double none = 0;
    assert_fails(qn__linalg_symmetric_eigen(30000, &none, &none, &none), QN_ERR_TOO_LARGE, "30000");
}

/* Sizes from which LAPACK works in blocks and OpenBLAS with several threads; the exact solver goes up to 512. */
static void large_hermitian_pairs(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    static const size_t sizes[] = {129, 256, 512};
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        const size_t n = sizes[s];
        qn_complex *a = qn__alloc(n * n, sizeof *a), *v = qn__alloc(n * n, sizeof *v);
        double *values = qn__alloc(n, sizeof *values), trace = 0;
        void *scratch = qn__alloc(qn__linalg_scratch(n, true), 1);
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j <= i; j++) {
                const double re = qn__random_normal(seed, n, i * n + j);
                const double im = i == j ? 0 : qn__random_normal(seed, n + 1000, i * n + j);
                a[i + n * j] = (qn_complex){re, im};
                a[j + n * i] = (qn_complex){re, -im};
            }
            trace += a[i + n * i].re;
        }
        memcpy(v, a, n * n * sizeof *a);
        assert_ok(qn__linalg_hermitian_eigen(n, v, values, scratch));
        for (size_t k = 0; k < n; k++) {
            trace -= values[k];
        }
        assert_near(trace, 0, 1e-10);
        for (size_t k = 0; k < n; k += n / 3) {
            for (size_t i = 0; i < n; i++) {
                double re = 0, im = 0;
                for (size_t j = 0; j < n; j++) {
                    const qn_complex x = a[i + n * j], y = v[j + n * k];
                    re += x.re * y.re - x.im * y.im;
                    im += x.re * y.im + x.im * y.re;
                }
                assert_near(re, values[k] * v[i + n * k].re, 1e-11);
                assert_near(im, values[k] * v[i + n * k].im, 1e-11);
            }
        }
        qn__free(a);
        qn__free(v);
        qn__free(values);
        qn__free(scratch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(symmetric_pairs),
        cmocka_unit_test(hermitian_pairs),
        cmocka_unit_test(large_hermitian_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
