/* test_vectors.c: operations on long vectors against plain loops, at lengths that leave odd ends. */
#include <qn_test.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "math/vectors.h"

enum { COUNT = 3 };

static double *random_vectors(uint64_t seed, size_t length)
{
    double *v = qn__alloc(length, sizeof *v);
    assert_non_null(v);
    for (size_t i = 0; i < length; i++) {
        v[i] = qn__random_normal(seed, 70, i) / sqrt((double)length);
    }
    return v;
}

/* v^H w */
static void inner(const double *v, const double *w, size_t width, bool is_complex, double out[2])
{
    out[0] = out[1] = 0;
    for (size_t i = 0; i < width; i++) {
        out[0] += v[i] * w[i];
        if (is_complex) {
            out[1] += i % 2 == 0 ? v[i] * w[i + 1] : -v[i] * w[i - 1];
        }
    }
}

static void check_projection(uint64_t seed, size_t width, bool is_complex)
{
    double *v = random_vectors(seed, COUNT * width), *w = random_vectors(seed + 1, width),
           *expected = qn__alloc(width, sizeof *expected), *got = qn__alloc(width, sizeof *got),
           *first = qn__alloc(width, sizeof *first),
           *scratch = qn__alloc(qn__vectors_scratch(width, COUNT), sizeof *scratch);
    double factors[2 * COUNT] = {0}, coefficients[2 * COUNT];
    memcpy(expected, w, width * sizeof *w);
    for (size_t k = 0; k < COUNT; k++) {
        inner(v + k * width, w, width, is_complex, factors + 2 * k);
        for (size_t i = 0; i < width; i++) {
            const double *a = v + k * width;
            const double across = !is_complex ? 0 : i % 2 == 0 ? -a[i + 1] : a[i - 1];
            expected[i] -= factors[2 * k] * a[i] + factors[2 * k + 1] * across;
        }
    }
    for (uint32_t threads = 1; threads <= 3; threads++) {
        memcpy(got, w, width * sizeof *w);
        qn__vectors_project(v, COUNT, width, is_complex, got, coefficients, scratch, threads);
        for (size_t k = 0; k < (size_t)2 * COUNT; k++) {
            assert_near(coefficients[k], factors[k], 1e-13);
        }
        for (size_t i = 0; i < width; i++) {
            assert_near(got[i], expected[i], 1e-13);
        }
        if (threads == 1) {
            memcpy(first, got, width * sizeof *got);
        }
        assert_memory_equal(got, first, width * sizeof *got);
    }
    qn__free(v);
    qn__free(w);
    qn__free(expected);
    qn__free(got);
    qn__free(first);
    qn__free(scratch);
}

static void check_recurrence(uint64_t seed, size_t width, bool has_before)
{
    double *v = random_vectors(seed, width), *u = random_vectors(seed + 1, width), *w = random_vectors(seed + 2, width),
           *got = qn__alloc(width, sizeof *got), *scratch = qn__alloc(qn__vectors_scratch(width, 1), sizeof *scratch);
    const double alpha = -1.3, beta = has_before ? 0.6 : 0;
    double along[2], norm2 = 0, first[2] = {0, 0};
    inner(v, w, width, false, along);
    for (uint32_t threads = 1; threads <= 3; threads++) {
        memcpy(got, w, width * sizeof *w);
        const double now[2] = {
            qn__vectors_dot(v, w, width, scratch, threads),
            qn__vectors_recur(got, alpha, v, beta, has_before ? u : NULL, width, scratch, threads),
        };
        norm2 = 0;
        for (size_t i = 0; i < width; i++) {
            const double expected = w[i] - alpha * v[i] - beta * u[i];
            assert_near(got[i], expected, 1e-14);
            norm2 += expected * expected;
        }
        assert_near(now[0], along[0], 1e-13);
        assert_near(now[1], norm2, 1e-12);
        assert_near(qn__vectors_norm2(got, width, scratch, threads), norm2, 1e-12);
        if (threads == 1) {
            memcpy(first, now, sizeof first);
        }
        assert_memory_equal(first, now, sizeof first);
    }
    qn__free(v);
    qn__free(u);
    qn__free(w);
    qn__free(got);
    qn__free(scratch);
}

static void check_rotation(uint64_t seed, size_t width)
{
    double *v = random_vectors(seed, COUNT * width), *got = qn__alloc(COUNT * width, sizeof *got);
    const double s[2 * COUNT] = {0.3, -0.4, 0.5, 0.1, 0.9, -0.7};
    memcpy(got, v, COUNT * width * sizeof *v);
    qn__vectors_rotate(got, COUNT, width, s, 2, 2);
    for (size_t column = 0; column < COUNT; column++) {
        for (size_t i = 0; i < width; i++) {
            double expected = 0;
            for (size_t k = 0; k < COUNT && column < 2; k++) {
                expected += s[column * COUNT + k] * v[k * width + i];
            }
            assert_near(got[column * width + i], column < 2 ? expected : v[column * width + i], 1e-14);
        }
    }
    qn__free(v);
    qn__free(got);
}

static void against_plain_loops(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    static const size_t widths[] = {2, 6, 8, 14, 2046, 2048, 2050, 4110, 40006};
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        check_projection(seed, widths[i], false);
        check_projection(seed, widths[i] - 1, false);
        check_projection(seed, widths[i], true);
        check_recurrence(seed, widths[i], true);
        check_recurrence(seed, widths[i] - 1, false);
        check_rotation(seed, widths[i]);
        check_rotation(seed, widths[i] - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(against_plain_loops)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
