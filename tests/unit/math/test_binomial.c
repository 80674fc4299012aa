/* Binomial draws against the distribution itself: chi-square over a wide range of n and p, both algorithms, the ends.
 */
#include "qn_test.h"

#include "math/binomial.h"

enum { DRAWS = 20000, CELLS = 400 };

static double log_probability(double n, double k, double p)
{
    int sign = 0;
    return lgamma_r(n + 1, &sign) - lgamma_r(k + 1, &sign) - lgamma_r(n - k + 1, &sign) + k * log(p) +
           (n - k) * log1p(-p);
}

/* Values near the mean each have a cell, the tails share; cells of expectation under 8 join their neighbour. */
static void check(uint64_t n, double p, uint64_t seed)
{
    static double seen[CELLS], expected[CELLS];
    memset(seen, 0, sizeof seen);
    memset(expected, 0, sizeof expected);
    const double mean = (double)n * p, deviation = sqrt(mean * (1 - p));
    const double width = fmax(1, floor(deviation / 16)), low = fmax(0, floor(mean - CELLS / 2 * width));
    for (int c = 0; c < CELLS; c++) {
        for (double k = low + c * width; k < low + (c + 1) * width && k <= (double)n; k++) {
            expected[c] += DRAWS * exp(log_probability((double)n, k, p));
        }
    }
    for (uint64_t i = 0; i < DRAWS; i++) {
        const uint64_t k = qn__random_binomial(n, p, seed, i);
        assert_true(k <= n);
        const double cell = floor(((double)k - low) / width);
        seen[cell < 0 ? 0 : cell >= CELLS ? CELLS - 1 : (int)cell]++;
    }
    double chi = 0, cells = -1, e = 0, s = 0, total = 0;
    for (int c = 0; c < CELLS; c++) {
        e += expected[c];
        s += seen[c];
        total += expected[c];
        if (e >= 8 && DRAWS - total >= 8) {
            chi += (s - e) * (s - e) / e;
            cells++;
            e = s = 0;
        }
    }
    e += DRAWS - total;
    if (e > 0) {
        chi += (s - e) * (s - e) / e;
        cells++;
    }
    if (chi > cells + 5 * sqrt(2 * fmax(cells, 1)) + 5) {
        print_error("n = %llu, p = %g: chi-square %g over %g degrees\n", (unsigned long long)n, p, chi, cells);
        fail();
    }
}

static void law(void **state)
{
    (void)state;
    static const struct {
        uint64_t n;
        double p;
    } cases[] = {{1, 0.3},    {2, 0.5},     {7, 0.9},      {50, 0.1},      {20, 0.5},      {21, 0.5},
                 {100, 0.11}, {1000, 0.5},  {1000, 0.93},  {100000, 3e-5}, {100000, 2e-4}, {1000000, 0.25},
                 {3, 1e-3},   {200, 0.049}, {5000, 0.002}, {40, 0.75},     {30, 0.4}};
    const uint64_t seed = qn_test_seed();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        check(cases[i].n, cases[i].p, seed + i);
    }
}

static void ends(void **state)
{
    (void)state;
    assert_int_equal(qn__random_binomial(0, 0.5, 1, 1), 0);
    assert_int_equal(qn__random_binomial(9, 0, 1, 1), 0);
    assert_int_equal(qn__random_binomial(9, -1e-17, 1, 1), 0);
    assert_int_equal(qn__random_binomial(9, (double)NAN, 1, 1), 0);
    assert_int_equal(qn__random_binomial(9, 1, 1, 1), 9);
    assert_int_equal(qn__random_binomial(9, 1 + 1e-15, 1, 1), 9);
    assert_int_equal(qn__random_binomial(UINT64_C(1) << 60, 1e-30, 1, 1), 0);
    /* the mean of many large draws: 1e12 trials, standard error 3.5e5 / sqrt(1000) of a mean of 1.25e11 */
    double sum = 0, squares = 0;
    for (uint64_t i = 0; i < 1000; i++) {
        const double x = (double)qn__random_binomial(UINT64_C(1000000000000), 0.125, 5, i) - 1.25e11;
        sum += x;
        squares += x * x;
    }
    const double deviation = sqrt(1e12 * 0.125 * 0.875);
    assert_near(sum / 1000, 0, 5 * deviation / sqrt(1000));
    assert_near(squares / 1000 / (deviation * deviation), 1, 5 * sqrt(2.0 / 1000));
    assert_int_equal(qn__random_binomial(1000, 0.3, 4, 9), qn__random_binomial(1000, 0.3, 4, 9));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(law), cmocka_unit_test(ends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
