/* test_rz_synthesize.c: words for rotations multiplied out in long double against the rotation; T counts against the
 * published law; the parts (grid, norm equation, exact synthesis, factors) on their own. */
#include <complex.h>

#include <qn_random.h>

#include <quern/pass.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "circuit/passes/exact_synthesis.h"
#include "circuit/passes/factor.h"
#include "circuit/passes/norm_equation.h"

static const long double PI = 3.141592653589793238462643383279502884L;
#define UNIT ((long double complex)I)

/* Matrix of a word, leftmost letter applied last; its T gates. */
static uint32_t multiply(const char *word, long double complex m[4])
{
    const long double h = sqrtl(0.5L);
    uint32_t t = 0;
    m[0] = m[3] = 1;
    m[1] = m[2] = 0;
    for (; *word != '\0'; word++) {
        long double complex phase = 1;
        for (int row = 0; row < 4; row += 2) {
            const long double complex a = m[row], b = m[row + 1];
            switch (*word) {
            case 'H':
                m[row] = (a + b) * h;
                m[row + 1] = (a - b) * h;
                break;
            case 'X':
                m[row] = b;
                m[row + 1] = a;
                break;
            case 'S':
                m[row + 1] = b * UNIT;
                break;
            case 'T':
                m[row + 1] = b * (h + h * UNIT);
                break;
            case 'W':
                phase = h + h * UNIT;
                break;
            case 'V':
                phase = cosl(PI / 8) + sinl(PI / 8) * UNIT;
                break;
            default:
                print_error("letter '%c' in a word\n", *word);
                fail();
            }
        }
        for (int i = 0; i < 4; i++) {
            m[i] *= phase;
        }
        t += *word == 'T';
    }
    return t;
}

/* Operator norm of word - Rz(angle): both columns of the difference are orthogonal and of one length. */
static double distance(const char *word, double angle, uint32_t *t)
{
    long double complex m[4];
    *t = multiply(word, m);
    const long double half = (long double)angle / 2;
    const long double complex z = cosl(half) - UNIT * sinl(half);
    const long double d0 = cabsl(m[0] - z), d1 = cabsl(m[2]), d2 = cabsl(m[1]), d3 = cabsl(m[3] - conjl(z));
    assert_true(fabsl(d0 * d0 + d1 * d1 - d2 * d2 - d3 * d3) < 1e-17L);
    return (double)sqrtl(d0 * d0 + d1 * d1);
}

static void test_error_and_t_count(void **state)
{
    (void)state;
    static const double errors[] = {0.3, 1e-1, 1e-2, 1e-3, 1e-4, 1e-6, 1e-8, 1e-10, 1e-12, 1e-14};
    qn_random r = {qn_test_seed()};
    for (size_t e = 0; e < sizeof errors / sizeof *errors; e++) {
        enum { ANGLES = 60 };
        double sum = 0, seconds = 0;
        for (int i = 0; i < ANGLES; i++) {
            const double angle = qn_random_between(&r, -7, 7);
            char *word = NULL;
            uint32_t t = 0, counted = 0;
            double reached = 0;
            const double start = qn__clock();
            assert_ok(qn_rz_synthesize(angle, errors[e], &word, &t, &reached));
            seconds += qn__clock() - start;
            const double error = distance(word, angle, &counted);
            assert_int_equal(t, counted);
            assert_true(error <= errors[e] * (1 + 1e-9));
            assert_near(error, reached, 1e-16);
            sum += t;
            qn__free(word);
        }
        const double mean = sum / ANGLES, law = 3 * log2(1 / errors[e]);
        print_message("error %.0e: %.1f T on average, 3 log2(1/error) = %.1f, %.3f ms\n", errors[e], mean, law,
                      1e3 * seconds / ANGLES);
        /* Ross and Selinger: 3 log2(1/eps) + O(log log (1/eps)); optimal, so not far below either. */
        assert_true(mean < law + 2);
        assert_true(errors[e] > 1e-3 || mean > law - 6);
    }
}

static void test_multiples_of_eighths(void **state)
{
    (void)state;
    for (int k = -40; k <= 40; k++) {
        char *word = NULL;
        uint32_t t = 9, counted = 0;
        double reached = 1;
        const double angle = (double)(k * PI / 4);
        assert_ok(qn_rz_synthesize(angle, 1e-14, &word, &t, &reached));
        assert_int_equal(t, k % 2 != 0);
        assert_true(distance(word, angle, &counted) < 1e-14);
        assert_int_equal(counted, t);
        assert_true(reached < 1e-14);
        assert_int_equal(strchr(word, 'V') != NULL, k % 2 != 0);
        assert_null(strchr(word, 'H'));
        qn__free(word);
    }
    /* Large angles lose no digits; a small one near 0 is the identity. */
    char *word = NULL;
    uint32_t t = 0, counted = 0;
    double reached = 0;
    assert_ok(qn_rz_synthesize(1e9 + 0.25, 1e-8, &word, &t, &reached));
    assert_true(distance(word, 1e9 + 0.25, &counted) <= 1.001e-8);
    qn__free(word);
    assert_ok(qn_rz_synthesize(1e-7, 1e-4, &word, NULL, NULL));
    assert_string_equal(word, "");
    qn__free(word);
}

static void test_refusals(void **state)
{
    (void)state;
    char *word = NULL;
    assert_fails(qn_rz_synthesize(1, 1e-15, &word, NULL, NULL), QN_ERR_RANGE, "outside 1e-14..0.5");
    assert_fails(qn_rz_synthesize(1, 0.6, &word, NULL, NULL), QN_ERR_RANGE, "outside 1e-14..0.5");
    assert_fails(qn_rz_synthesize(1, (double)NAN, &word, NULL, NULL), QN_ERR_RANGE, "outside");
    assert_fails(qn_rz_synthesize((double)NAN, 0.1, &word, NULL, NULL), QN_ERR_NAN, "angle");
    assert_fails(qn_rz_synthesize(1e17, 0.1, &word, NULL, NULL), QN_ERR_RANGE, "2^52");
    assert_fails(qn_rz_synthesize(1, 0.1, NULL, NULL, NULL), QN_ERR_ARGUMENT, "NULL");
    assert_null(word);
    for (uint64_t n = 1;; n++) {
        qn__alloc_fail_at(n, false);
        const qn_status status = qn_rz_synthesize(1, 1e-6, &word, NULL, NULL);
        if (qn__alloc_fail_at(0, false) != 0) {
            assert_int_equal(status, QN_OK);
            qn__free(word);
            break;
        }
        assert_int_equal(status, QN_ERR_MEMORY);
        assert_null(word);
    }
}

static void test_factors(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (int i = 0; i < 200; i++) {
        const uint64_t n = (qn_random_word(&r) >> (2 + qn_random_below(&r, 60))) + 1;
        qn__factors f;
        assert_true(qn__factor(n, &f));
        uint64_t product = 1;
        for (size_t k = 0; k < f.count; k++) {
            assert_true(qn__is_prime(f.prime[k]));
            for (uint32_t e = 0; e < f.exponent[k]; e++) {
                product *= f.prime[k];
            }
        }
        assert_true(product == n);
    }
    /* Carmichael numbers, a square of a prime, products of two primes of 31 bits (2^31 - 1 and the one below). */
    assert_false(qn__is_prime(561));
    assert_false(qn__is_prime(UINT64_C(3215031751)));
    assert_true(qn__is_prime(UINT64_C(2305843009213693951)));
    qn__factors f;
    assert_true(qn__factor(UINT64_C(2147483647) * UINT64_C(2147483629), &f));
    assert_int_equal(f.count, 2);
    assert_true(qn__factor(UINT64_C(2147483647) * UINT64_C(2147483647), &f));
    assert_int_equal(f.count, 1);
    assert_int_equal(f.exponent[0], 2);
}

/* xi = t adjoint(t) has a solution, whose square is xi again. */
static void test_norm_equation(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (int i = 0; i < 400; i++) {
        qn__omega t = {{0, 0, 0, 0}}, found;
        const uint32_t size = 3 + qn_random_below(&r, 3000);
        for (int k = 0; k < 4; k++) {
            t.c[k] = (qn__int128)qn_random_below(&r, size) - size / 2;
        }
        const qn__root2 xi = qn__omega_square(t);
        assert_true(qn__norm_equation_solve(xi, &found));
        const qn__root2 back = qn__omega_square(found);
        assert_true(back.a == xi.a && back.b == xi.b);
    }
    /* 3 + sqrt 2 has norm 7, a prime 7 modulo 8; 5 = (2 + i)(2 - i) has a solution. */
    qn__omega t;
    assert_false(qn__norm_equation_solve((qn__root2){3, 1}, &t));
    assert_true(qn__norm_equation_solve((qn__root2){5, 0}, &t));
    assert_false(qn__norm_equation_solve((qn__root2){-5, 0}, &t));
}

/* Random words: the normal form has the same matrix, never more T, and is its own normal form. */
static void test_exact_synthesis(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (int i = 0; i < 300; i++) {
        qn__exact x = qn__exact_identity();
        const uint32_t length = qn_random_below(&r, 250);
        uint32_t written = 0, count = 0, again = 0;
        for (uint32_t k = 0; k < length; k++) {
            const char letter = "HSTXWHT"[qn_random_below(&r, 7)];
            written += letter == 'T';
            x = qn__exact_times(x, letter);
        }
        char word[QN__WORD], second[QN__WORD];
        assert_ok(qn__exact_synthesise(&x, word, &count));
        assert_true(count <= written);
        qn__exact y = qn__exact_identity();
        for (const char *letter = word; *letter != '\0'; letter++) {
            y = qn__exact_times(y, *letter);
        }
        assert_int_equal(x.k, y.k);
        for (int m = 0; m < 4; m++) {
            assert_true(qn__omega_equal(x.m[m], y.m[m]));
        }
        assert_ok(qn__exact_synthesise(&y, second, &again));
        assert_string_equal(word, second);
    }
    const qn__exact bad = {{{{1, 0, 0, 0}}, {{1, 0, 0, 0}}, {{0, 0, 0, 0}}, {{1, 0, 0, 0}}}, 0};
    char word[QN__WORD];
    uint32_t count = 0;
    assert_fails(qn__exact_synthesise(&bad, word, &count), QN_ERR_INTERNAL, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_error_and_t_count), cmocka_unit_test(test_multiples_of_eighths),
        cmocka_unit_test(test_refusals),          cmocka_unit_test(test_factors),
        cmocka_unit_test(test_norm_equation),     cmocka_unit_test(test_exact_synthesis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
