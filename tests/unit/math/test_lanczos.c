/* test_lanczos.c: lowest pairs of operators with a known spectrum: D between two Householder reflections, (I - 2uu^H) D
 * (I - 2uu^H). */
#include <qn_test.h>

#include <quern/context.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "math/lanczos.h"

typedef struct known {
    uint64_t dimension;
    bool is_complex;
    const double *levels;
    double *u; /* unit vector of the reflection */
    double *work;
    uint64_t products, fail_at, nan_at;
} known;

static void reflect(const known *k, double *x)
{
    double re = 0, im = 0;
    const uint64_t n = k->dimension;
    for (uint64_t i = 0; i < n; i++) {
        if (k->is_complex) {
            re += k->u[2 * i] * x[2 * i] + k->u[2 * i + 1] * x[2 * i + 1];
            im += k->u[2 * i] * x[2 * i + 1] - k->u[2 * i + 1] * x[2 * i];
        } else {
            re += k->u[i] * x[i];
        }
    }
    for (uint64_t i = 0; i < n; i++) {
        if (k->is_complex) {
            x[2 * i] -= 2 * (re * k->u[2 * i] - im * k->u[2 * i + 1]);
            x[2 * i + 1] -= 2 * (re * k->u[2 * i + 1] + im * k->u[2 * i]);
        } else {
            x[i] -= 2 * re * k->u[i];
        }
    }
}

static qn_status multiply(void *user, const double *x, double *y)
{
    known *k = user;
    const uint64_t parts = k->is_complex ? 2 : 1;
    if (++k->products == k->fail_at) {
        return QN_FAIL(ERR_DEVICE, "product %llu fails", (unsigned long long)k->products);
    }
    memcpy(y, x, k->dimension * parts * sizeof *y);
    reflect(k, y);
    for (uint64_t i = 0; i < k->dimension * parts; i++) {
        y[i] *= k->levels[i / parts];
    }
    reflect(k, y);
    if (k->products == k->nan_at) {
        y[0] = (double)NAN;
    }
    return QN_OK;
}

static void make(known *k, uint64_t dimension, bool is_complex, const double *levels, uint64_t seed)
{
    const uint64_t width = dimension * (is_complex ? 2 : 1);
    *k = (known){
        .dimension = dimension, .is_complex = is_complex, .levels = levels, .u = qn__alloc(width, sizeof(double))};
    double norm = 0;
    for (uint64_t i = 0; i < width; i++) {
        k->u[i] = qn__random_normal(seed, 9, i);
        norm += k->u[i] * k->u[i];
    }
    for (uint64_t i = 0; i < width; i++) {
        k->u[i] /= sqrt(norm);
    }
}

static qn__lanczos_problem problem_of(known *k, uint32_t wanted)
{
    double norm = 0;
    for (uint64_t i = 0; i < k->dimension; i++) {
        norm = fmax(norm, fabs(k->levels[i]));
    }
    return (qn__lanczos_problem){.dimension = k->dimension,
                                 .is_complex = k->is_complex,
                                 .wanted = wanted,
                                 .threads = 2,
                                 .tolerance = 1e-9 * norm,
                                 .norm = norm,
                                 .max_products = 5000,
                                 .seed = 1,
                                 .guess = UINT64_MAX,
                                 .multiply = multiply,
                                 .user = k};
}

static int rising(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void check(known *k, uint32_t wanted, const char *what)
{
    double *sorted = qn__alloc(k->dimension, sizeof *sorted),
           *vectors = qn__alloc(k->dimension * wanted, 2 * sizeof *vectors);
    memcpy(sorted, k->levels, k->dimension * sizeof *sorted);
    qsort(sorted, k->dimension, sizeof *sorted, rising);
    double values[40], residuals[40];
    const qn__lanczos_problem problem = problem_of(k, wanted);
    qn__lanczos_outcome outcome;
    k->products = 0;
    assert_ok(qn__lanczos_solve(&problem, values, residuals, vectors, &outcome));
    assert_int_equal(outcome.products, k->products);
    if (!outcome.converged) {
        print_error("%s: dimension %llu, wanted %u: not converged after %llu products\n", what,
                    (unsigned long long)k->dimension, wanted, (unsigned long long)outcome.products);
    }
    assert_true(outcome.converged);
    const uint64_t width = k->dimension * (k->is_complex ? 2 : 1);
    double *product = qn__alloc(width, sizeof *product);
    for (uint32_t i = 0; i < wanted; i++) {
        assert_near(values[i], sorted[i], residuals[i] + 1e-13 * problem.norm);
        assert_true(residuals[i] <= problem.tolerance);
        assert_ok(multiply(k, vectors + i * width, product));
        double residual = 0;
        for (uint64_t j = 0; j < width; j++) {
            const double d = product[j] - values[i] * vectors[i * width + j];
            residual += d * d;
        }
        assert_near(sqrt(residual), residuals[i], 1e-12 * problem.norm);
        for (uint32_t j = 0; j <= i; j++) {
            double re = 0;
            for (uint64_t r = 0; r < width; r++) {
                re += vectors[i * width + r] * vectors[j * width + r];
            }
            assert_near(re, i == j ? 1 : 0, 1e-9);
        }
    }
    qn__free(sorted);
    qn__free(vectors);
    qn__free(product);
}

static void spectra(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    static const uint64_t dimensions[] = {1, 2, 3, 7, 22, 23, 60, 300};
    static const uint32_t wanted[] = {1, 2, 3, 6, 20};
    for (size_t d = 0; d < sizeof dimensions / sizeof dimensions[0]; d++) {
        const uint64_t n = dimensions[d];
        double *levels = qn__alloc(n, sizeof *levels);
        for (unsigned kind = 0; kind < 5; kind++) {
            static const char *const names[] = {"random", "degenerate", "all alike", "two levels", "near-degenerate"};
            for (uint64_t i = 0; i < n; i++) {
                const double random = qn__random_normal(seed, 20 + d, i);
                const double choices[] = {random, floor(2 * random), -1.5, i % 3 == 0 ? -2 : 1,
                                          floor(2 * random) + 1e-7 * (double)(i % 4)};
                levels[i] = choices[kind];
            }
            for (unsigned w = 0; w < sizeof wanted / sizeof wanted[0]; w++) {
                if (wanted[w] > n) {
                    continue;
                }
                for (unsigned is_complex = 0; is_complex < 2; is_complex++) {
                    known k;
                    make(&k, n, is_complex != 0, levels, seed + d);
                    check(&k, wanted[w], names[kind]);
                    qn__free(k.u);
                }
            }
        }
        qn__free(levels);
    }
}

typedef struct stopper {
    known *k;
    uint64_t at;
} stopper;

static qn_status multiply_through(void *user, const double *x, double *y)
{
    const stopper *s = user;
    return multiply(s->k, x, y);
}

static bool stop_at(void *user, uint64_t products, double value)
{
    const stopper *s = user;
    (void)value;
    return products < s->at;
}

static void limits_and_interruption(void **state)
{
    (void)state;
    double levels[400];
    for (size_t i = 0; i < 400; i++) {
        levels[i] = (double)i * (double)i / 1000.0;
    }
    known k;
    make(&k, 400, false, levels, 3);
    for (uint64_t at = 0; at < 60; at += 1) {
        stopper s = {&k, at};
        qn__lanczos_problem problem = problem_of(&k, 3);
        problem.multiply = multiply_through;
        problem.proceed = stop_at;
        problem.user = &s;
        double values[3], residuals[3];
        qn__lanczos_outcome outcome;
        assert_ok(qn__lanczos_solve(&problem, values, residuals, NULL, &outcome));
        assert_true(outcome.interrupted);
        assert_false(outcome.converged);
        for (size_t i = 0; i < 3; i++) {
            if (at <= i) {
                assert_true(isnan(values[i]));
                continue;
            }
            /* unconverged, but the bound holds: some level lies within it */
            double nearest = (double)INFINITY;
            for (size_t j = 0; j < 400; j++) {
                nearest = fmin(nearest, fabs(levels[j] - values[i]));
            }
            assert_true(nearest <= residuals[i] + 1e-12);
        }
        problem = problem_of(&k, 3);
        problem.max_products = at + 1;
        assert_ok(qn__lanczos_solve(&problem, values, residuals, NULL, &outcome));
        assert_false(outcome.interrupted || outcome.converged);
        assert_true(outcome.products <= at + 4);
    }
    qn__free(k.u);
}

static void threads_do_not_matter(void **state)
{
    (void)state;
    enum { N = 40000 };
    double *levels = qn__alloc(N, sizeof *levels);
    for (size_t i = 0; i < N; i++) {
        levels[i] = qn__random_uniform(4, 0, i) * 10 - (i == 777 ? 5 : 0) - (i == 5 ? 4 : 0);
    }
    known k;
    make(&k, N, false, levels, 3);
    double first[2] = {0, 0};
    for (uint32_t threads = 1; threads <= 3; threads++) {
        qn__lanczos_problem problem = problem_of(&k, 2);
        problem.threads = threads;
        problem.tolerance = 1e-6;
        problem.max_products = 60;
        double values[2], residuals[2];
        qn__lanczos_outcome outcome;
        assert_ok(qn__lanczos_solve(&problem, values, residuals, NULL, &outcome));
        if (threads == 1) {
            memcpy(first, values, sizeof first);
        }
        assert_memory_equal(first, values, sizeof first);
    }
    assert_near(first[0], levels[777], 1e-6);
    qn__free(levels);
    qn__free(k.u);
}

static void failures(void **state)
{
    (void)state;
    double levels[50], values[2], residuals[2];
    for (size_t i = 0; i < 50; i++) {
        levels[i] = (double)i;
    }
    known k;
    make(&k, 50, true, levels, 3);
    qn__lanczos_problem problem = problem_of(&k, 2);
    qn__lanczos_outcome outcome;
    const uint64_t held = qn_memory().bytes_now;
    for (k.fail_at = 1; k.fail_at < 30; k.fail_at += 7) {
        k.products = 0;
        assert_fails(qn__lanczos_solve(&problem, values, residuals, NULL, &outcome), QN_ERR_DEVICE, "fails");
        assert_int_equal(qn_memory().bytes_now, held);
    }
    k.fail_at = 0;
    k.nan_at = 5;
    k.products = 0;
    assert_fails(qn__lanczos_solve(&problem, values, residuals, NULL, &outcome), QN_ERR_NAN, "not finite");
    qn__alloc_fail_at(1, false);
    assert_fails(qn__lanczos_solve(&problem, values, residuals, NULL, &outcome), QN_ERR_MEMORY, "");
    qn__alloc_fail_at(0, false);
    assert_int_equal(qn_memory().bytes_now, held);
    qn_memory_reset_peak();
    const uint64_t before = qn_memory().allocations;
    assert_ok(qn__lanczos_solve(&problem, values, residuals, NULL, &outcome));
    assert_int_equal(qn_memory().allocations - before, 1);
    assert_int_equal(qn_memory().bytes_peak - held, qn__lanczos_bytes(50, true, 2));
    problem.wanted = 51;
    assert_fails(qn__lanczos_solve(&problem, values, residuals, NULL, &outcome), QN_ERR_ARGUMENT, "51");
    assert_true(qn__lanczos_bytes(UINT64_C(1) << 62, true, 2) == UINT64_MAX);
    qn__free(k.u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spectra),
        cmocka_unit_test(limits_and_interruption),
        cmocka_unit_test(threads_do_not_matter),
        cmocka_unit_test(failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
