/* test_binomial_tail.c: binomial tails against plain sums in extended precision, exhaustively for small numbers. */
#include <qn_test.h>

#include "math/binomial_tail.h"

/* P(X >= a) by summing all masses, each by a product. */
static long double plain_tail(int n, int a, long double q)
{
    long double sum = 0;
    for (int k = a < 0 ? 0 : a; k <= n; k++) {
        long double mass = 1;
        for (int i = 0; i < k; i++) {
            mass *= q * (long double)(n - i) / (long double)(i + 1);
        }
        for (int i = 0; i < n - k; i++) {
            mass *= 1 - q;
        }
        sum += mass;
    }
    return sum;
}

static const double probabilities[] = {1e-9, 1e-4, 0.0153, 0.1, 0.3, 0.5, 0.7856, 0.97, 0.9999};
enum { PROBABILITIES = sizeof probabilities / sizeof probabilities[0], LARGEST = 40 };

static void tails(void **state)
{
    (void)state;
    for (int n = 1; n <= LARGEST; n++) {
        for (size_t i = 0; i < PROBABILITIES; i++) {
            for (int a = -1; a <= n + 1; a++) {
                const double want = (double)plain_tail(n, a, (long double)probabilities[i]);
                assert_near(qn__binomial_upper_tail(n, a, probabilities[i]), want, 1e-12 * want + 1e-300);
            }
        }
    }
    assert_near(qn__binomial_upper_tail(5, 1, 0), 0, 0);
    assert_near(qn__binomial_upper_tail(5, 5, 1), 1, 0);
}

static void quantiles(void **state)
{
    (void)state;
    static const double levels[] = {0.0025, 0.01 / 3, 0.005, 0.01, 0.4871, 0.9773}; /* no ties */
    for (int n = 1; n <= LARGEST; n++) {
        for (size_t i = 0; i < PROBABILITIES; i++) {
            for (size_t l = 0; l < sizeof levels / sizeof levels[0]; l++) {
                int k = 0; /* smallest with P(X <= k) >= level */
                while (1 - plain_tail(n, k + 1, (long double)probabilities[i]) < (long double)levels[l]) {
                    k++;
                }
                assert_near(qn__binomial_quantile(n, probabilities[i], levels[l]), k, 0);
            }
        }
    }
}

/* The least n whose quantile reaches the number: by trying all. */
static void trials(void **state)
{
    (void)state;
    for (int needed = 1; needed <= 16; needed += 5) {
        for (size_t i = 3; i < PROBABILITIES; i++) {
            const double p = probabilities[i];
            const double got = qn__binomial_trials(needed, p, 0.005, 1e9);
            assert_true(qn__binomial_quantile(got, p, 0.005) >= needed);
            assert_true(got == needed || qn__binomial_quantile(got - 1, p, 0.005) < needed);
        }
    }
    /* Summed to 25 digits by another program: 0.0025027904609310784623 with one trial fewer, 0.0024745143825652128687.
     */
    assert_near(qn__binomial_trials(4125, 1 - 0.7856, 0.01 / 4, 1e9), 19995, 0);
    assert_near(qn__binomial_upper_tail(19994, 19994 - 4124, 0.7856), 0.0025027904609310784623, 1e-14);
    assert_near(qn__binomial_upper_tail(19995, 19995 - 4124, 0.7856), 0.0024745143825652128687, 1e-14);
    assert_true(isinf(qn__binomial_trials(1e6, 1e-4, 0.01, 1e9)));
    assert_near(qn__binomial_trials(1, 1 - 1e-6, 0.01, 1e9), 1, 0);
}

/* Far out and for large numbers: published and exact-rational values (Python's fractions). */
static void large(void **state)
{
    (void)state;
    /* a 4-round factory: 19994 units are one too few */
    assert_near(qn__binomial_upper_tail(19994, 19994 - 4124, 0.7856), 0.0025027904609310784, 1e-13);
    assert_near(qn__binomial_upper_tail(19995, 19995 - 4124, 0.7856), 0.0024745143825652127, 1e-13);
    /* symmetric about the mean: half, and half the mass there more */
    const double middle = exp(lgamma(1e6 + 1) - 2 * lgamma(5e5 + 1) - 1e6 * log(2));
    assert_near(qn__binomial_upper_tail(1e6, 5e5, 0.5), 0.5 + middle / 2, 1e-9);
    assert_near(qn__binomial_quantile(1e9, 0.5, 0.5), 5e8, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tails),
        cmocka_unit_test(quantiles),
        cmocka_unit_test(trials),
        cmocka_unit_test(large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
