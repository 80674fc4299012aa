/* test_special.c: distribution functions against sums and known values, binomial draws against their moments, Sobol
 * points against the property that defines them. */
#include <qn_test.h>

#include "math/reflect.h"
#include "math/sobol.h"
#include "math/special.h"

/* I_p(k, n - k + 1) is the chance of k hits or more among n. */
static double tail(uint64_t k, uint64_t n, double p)
{
    double sum = 0;
    for (uint64_t i = k; i <= n; i++) {
        sum += exp(lgamma((double)n + 1) - lgamma((double)i + 1) - lgamma((double)(n - i) + 1) + (double)i * log(p) +
                   (double)(n - i) * log1p(-p));
    }
    return sum;
}

static void beta_is_a_binomial_tail(void **state)
{
    (void)state;
    for (uint64_t n = 1; n < 60; n += 7) {
        for (uint64_t k = 1; k <= n; k += 3) {
            for (double p = 0.05; p < 1; p += 0.15) {
                assert_near(qn__beta_cdf(p, (double)k, (double)(n - k) + 1), tail(k, n, p), 1e-12);
                const double x = qn__beta_quantile(p, (double)k, (double)(n - k) + 1);
                assert_near(qn__beta_cdf(x, (double)k, (double)(n - k) + 1), p, 1e-12);
            }
        }
    }
}

static void clopper_pearson_is_exact(void **state)
{
    (void)state;
    double low = 0, high = 0;
    qn__clopper_pearson(0, 10, .05, &low, &high);
    assert_near(low, 0, 0);
    assert_near(high, 1 - pow(.025, .1), 1e-12); /* (1 - high)^10 = alpha / 2 */
    qn__clopper_pearson(10, 10, .05, &low, &high);
    assert_near(low, pow(.025, .1), 1e-12);
    assert_near(high, 1, 0);
    qn__clopper_pearson(7, 20, .1, &low, &high);
    assert_near(tail(7, 20, low), .05, 1e-12);
    assert_near(1 - tail(8, 20, high), .05, 1e-12);
}

static void normal_quantiles(void **state)
{
    (void)state;
    assert_near(qn__normal_quantile(.975), 1.959963984540054, 1e-13);
    assert_near(qn__normal_quantile(.5), 0, 1e-13);
    for (double p = 1e-12; p < 1; p = p < .01 ? p * 10 : p + .07) {
        assert_near(qn__normal_cdf(qn__normal_quantile(p)) / p, 1, 1e-11);
    }
}

static void binomial_moments(void **state)
{
    (void)state;
    static const struct {
        uint64_t n;
        double p;
    } cases[] = {{100, .03}, {100, .5}, {100, .93}, {7, .5}, {100000, .2}, {1000, .0001}, {50, .25}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const double n = (double)cases[c].n, p = cases[c].p, variance = n * p * (1 - p);
        const unsigned draws = 40000;
        double sum = 0, squares = 0, cubes = 0;
        uint64_t index = 0;
        for (unsigned k = 0; k < draws; k++) {
            const double x = (double)qn__draw_binomial(cases[c].n, p, 11, c, &index) - n * p;
            assert_true(x >= -n * p - 1e-9 && x <= n - n * p + 1e-9);
            sum += x;
            squares += x * x;
            cubes += x * x * x;
        }
        /* five standard errors */
        assert_near(sum / draws, 0, 5 * sqrt(variance / draws));
        assert_near(squares / draws / variance, 1, 5 * sqrt((2 + 1 / variance) / draws));
        const double skew = n * p * (1 - p) * (1 - 2 * p);
        assert_near(cubes / draws, skew, 5 * sqrt((15 + 30 / variance) * pow(variance, 3) / draws) + 1e-6);
    }
    uint64_t index = 0;
    assert_int_equal(qn__draw_binomial(9, 0, 1, 1, &index), 0);
    assert_int_equal(qn__draw_binomial(9, 1, 1, 1, &index), 9);
}

/* One of the first 2^k points in every interval of length 2^-k, in each dimension; dimensions 0 and 1 together have one
 * in every elementary rectangle of area 2^-k (a (0, k, 2)-net). */
static void sobol_points_are_a_net(void **state)
{
    (void)state;
    enum { K = 8, COUNT = 1 << K };
    uint32_t v[QN__SOBOL_DIMENSIONS][QN__SOBOL_BITS];
    for (uint32_t d = 0; d < QN__SOBOL_DIMENSIONS; d++) {
        qn__sobol_directions(d, v[d]);
        bool seen[COUNT] = {false};
        for (uint32_t i = 0; i < COUNT; i++) {
            const uint32_t cell = qn__sobol_point(v[d], i) >> (32 - K);
            assert_false(seen[cell]);
            seen[cell] = true;
        }
    }
    for (uint32_t wide = 0; wide <= K; wide++) {
        bool seen[COUNT] = {false};
        for (uint32_t i = 0; i < COUNT; i++) {
            const uint64_t x = qn__sobol_point(v[0], i), y = qn__sobol_point(v[1], i);
            const uint64_t cell = (x >> (32 - wide)) << (K - wide) | y >> (32 - (K - wide));
            assert_false(seen[cell]);
            seen[cell] = true;
        }
    }
    /* the first points of the fourth dimension, from the definition m = 1, 3, 1 with x^3 + x + 1 */
    static const double fourth[] = {0, .5, .75, .25, .125, .625, .875, .375};
    for (uint32_t i = 0; i < 8; i++) {
        assert_near(qn__sobol_point(v[3], i) * 0x1p-32, fourth[i], 0);
    }
}

/* The kernels of a search step against the definition, on lengths that are no multiple of anything. */
static void reflections_match_their_definition(void **state)
{
    (void)state;
    static const uint64_t lengths[] = {1, 5, 63, 64, 65, 129, 8192, 8257, 40001};
    for (size_t c = 0; c < sizeof lengths / sizeof *lengths; c++) {
        const uint64_t n = lengths[c];
        double *x = malloc(n * sizeof *x), *z = malloc(2 * n * sizeof *z), *scratch = malloc(8 * (n + 64));
        uint64_t *marked = calloc(n / 64 + 1, sizeof *marked);
        for (uint64_t i = 0; i < n; i++) {
            x[i] = cos((double)i) / sqrt((double)n);
            z[2 * i] = x[i];
            z[2 * i + 1] = 0;
            marked[i / 64] |= (uint64_t)(i % 97 == 3 || i % 1000 < 3) << (i % 64);
        }
        double mean = qn__reflect_real_mean(x, n, marked, scratch, 2);
        const double turn[2] = {-1, 0}, along[2] = {2, 0};
        for (int step = 0; step < 3; step++) {
            double sum = 0;
            double *expected = malloc(n * sizeof *expected);
            for (uint64_t i = 0; i < n; i++) {
                expected[i] = (marked[i / 64] >> (i % 64) & 1) != 0 ? -x[i] : x[i];
                sum += expected[i];
            }
            double hit = 0;
            mean = qn__reflect_real(x, n, marked, mean, scratch, 2);
            qn__reflect_complex(z, n, marked, turn, along, scratch, 2);
            for (uint64_t i = 0; i < n; i++) {
                const double value = 2 * sum / (double)n - expected[i];
                assert_near(x[i], value, 1e-13);
                assert_near(z[2 * i], value, 1e-13);
                assert_near(z[2 * i + 1], 0, 1e-13);
                hit += (marked[i / 64] >> (i % 64) & 1) != 0 ? value * value : 0;
            }
            assert_near(qn__reflect_marked(x, n, 1, marked, scratch, 2), hit, 1e-12);
            assert_near(qn__reflect_marked(z, n, 2, marked, scratch, 1), hit, 1e-12);
            free(expected);
        }
        free(x);
        free(z);
        free(scratch);
        free(marked);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(beta_is_a_binomial_tail), cmocka_unit_test(clopper_pearson_is_exact),
        cmocka_unit_test(normal_quantiles),        cmocka_unit_test(binomial_moments),
        cmocka_unit_test(sobol_points_are_a_net),  cmocka_unit_test(reflections_match_their_definition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
