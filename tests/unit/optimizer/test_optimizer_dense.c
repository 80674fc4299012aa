/* test_optimizer_dense.c: Cholesky and matrix absolute value against their definitions. */
#include <qn_test.h>

#include "base/rng.h"
#include "optimizer/dense.h"

enum { N = 7 };

static void cholesky_solves(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    double root[N * N], a[N * N], b[N], x[N], factor[N * N];
    for (uint64_t i = 0; i < N * N; i++) {
        root[i] = qn__random_normal(seed, 1, i);
    }
    for (size_t i = 0; i < N; i++) {
        b[i] = qn__random_normal(seed, 2, i);
        for (size_t j = 0; j < N; j++) {
            a[i * N + j] = 0;
            for (size_t k = 0; k < N; k++) {
                a[i * N + j] += root[i * N + k] * root[j * N + k];
            }
        }
    }
    assert_true(qn__dense_solve(N, a, 0.25, b, x, factor));
    for (size_t i = 0; i < N; i++) {
        double sum = 0.25 * x[i];
        for (size_t j = 0; j < N; j++) {
            sum += a[i * N + j] * x[j];
        }
        assert_near(sum, b[i], 1e-11);
    }
    double same[N];
    memcpy(same, b, sizeof same);
    assert_true(qn__dense_solve(N, a, 0.25, same, same, factor));
    assert_memory_equal(same, x, sizeof x);
    a[3 * N + 3] = -1e3;
    double kept[N];
    memcpy(kept, x, sizeof kept);
    assert_false(qn__dense_solve(N, a, 0.25, b, x, factor));
    assert_memory_equal(kept, x, sizeof x);
}

/* B = |A|: B is symmetric, B B = A A, and x B x >= |x A x|. */
static void absolute_value(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    double a[N * N], b[N * N], scratch[2 * N * N];
    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j <= i; j++) {
            a[i * N + j] = a[j * N + i] = qn__random_normal(seed, 3, i * N + j);
        }
    }
    memcpy(b, a, sizeof a);
    qn__dense_absolute(N, b, scratch);
    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j < N; j++) {
            double aa = 0, bb = 0;
            for (size_t k = 0; k < N; k++) {
                aa += a[i * N + k] * a[k * N + j];
                bb += b[i * N + k] * b[k * N + j];
            }
            assert_near(bb, aa, 1e-11);
            assert_near(b[i * N + j], b[j * N + i], 1e-12);
        }
    }
    for (uint64_t trial = 0; trial < 50; trial++) {
        double xax = 0, xbx = 0, x[N];
        for (size_t i = 0; i < N; i++) {
            x[i] = qn__random_normal(seed, 4 + trial, i);
        }
        for (size_t i = 0; i < N; i++) {
            for (size_t j = 0; j < N; j++) {
                xax += x[i] * a[i * N + j] * x[j];
                xbx += x[i] * b[i * N + j] * x[j];
            }
        }
        assert_true(xbx >= fabs(xax) - 1e-11);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cholesky_solves),
        cmocka_unit_test(absolute_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
