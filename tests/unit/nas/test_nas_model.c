/* test_nas_model.c: posterior mean and draws of the pairwise model against ridge regression in its own coefficients. */
#include <nas_support.h>

#include "algorithm/nas/model.h"
#include "math/linalg.h"

enum { CHOICES = 3, LEVELS = 3, ENTRIES = 27, FEATURES = 1 + 9 + 27, SEEN = 12 };

static double bumpy(const uint32_t *l, const void *user)
{
    (void)user;
    return sin(3.0 * l[0] + 1.0) + 0.7 * cos(2.0 * l[1]) * l[2] + 0.2 * l[0] * l[1];
}

static void features(const uint32_t *l, double *x)
{
    memset(x, 0, FEATURES * sizeof *x);
    x[0] = 1;
    size_t at = 10;
    for (uint32_t a = 0; a < CHOICES; a++) {
        x[1 + a * LEVELS + l[a]] = 1;
        for (uint32_t b = a + 1; b < CHOICES; b++, at += (size_t)LEVELS * LEVELS) {
            x[at + l[a] * LEVELS + l[b]] = 1;
        }
    }
}

/* (X'X / s2 + V^-1) beta = X' z / s2, and a prediction's variance phi' (…)^-1 phi. */
static void ridge(const qn__nas_model_state *m, const qn__nas_run *run, const double *phi, double *beta,
                  double *variance)
{
    double a[FEATURES * FEATURES] = {0}, again[FEATURES * FEATURES], solved[FEATURES], x[FEATURES];
    int pivots[FEATURES];
    const double s2 = m->noise * m->amplitude;
    memset(beta, 0, FEATURES * sizeof *beta);
    for (size_t k = 0; k < SEEN; k++) {
        features(qn__nas_levels(run->table, run->seen[k]), x);
        for (size_t i = 0; i < FEATURES; i++) {
            beta[i] += x[i] * m->target[k] / s2;
            for (size_t j = 0; j < FEATURES; j++) {
                a[i + FEATURES * j] += x[i] * x[j] / s2;
            }
        }
    }
    for (size_t i = 0; i < FEATURES; i++) {
        const double prior = i == 0 ? 1 : i < 10 ? (1 - m->pair_share) / CHOICES : m->pair_share / 3;
        a[i + FEATURES * i] += 1 / (prior * m->amplitude);
    }
    memcpy(again, a, sizeof a);
    memcpy(solved, phi, sizeof solved);
    assert_ok(qn__linalg_solve(FEATURES, a, beta, pivots));
    assert_ok(qn__linalg_solve(FEATURES, again, solved, pivots));
    *variance = 0;
    for (size_t i = 0; i < FEATURES; i++) {
        *variance += phi[i] * solved[i];
    }
}

static double dot(const double *a, const double *b)
{
    double sum = 0;
    for (size_t i = 0; i < FEATURES; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

static void test_posterior(void **unused)
{
    (void)unused;
    qn_instance *instance = tabulate(CHOICES, LEVELS, 1, bumpy, NULL);
    qn_nas_table *t = table_of(instance, -1);
    size_t seen[SEEN];
    qn__nas_run run = {.table = t, .spent = SEEN, .seen = seen, .seed = 7};
    qn__nas_model_state m;
    for (size_t k = 0; k < SEEN; k++) {
        seen[k] = (k * 7 + 3) % ENTRIES;
    }
    assert_ok(qn__nas_model_create(t, SEEN, &m));
    run.options.mean = true;
    assert_ok(qn__nas_model_draw(&m, &run));
    const qn_surrogate model = qn__nas_model_surrogate(&m);
    double phi[FEATURES], first[FEATURES], beta[FEATURES], variance = 0;
    features(qn__nas_levels(t, 0), first);
    ridge(&m, &run, first, beta, &variance);
    for (size_t e = 0; e < ENTRIES; e++) { /* but for the constant, which does not move the minimum */
        features(qn__nas_levels(t, e), phi);
        assert_near(qn_surrogate_value(&model, qn__nas_levels(t, e)), dot(beta, phi) - beta[0], 1e-9);
    }
    /* differences of two entries: draws have the posterior's mean and variance */
    features(qn__nas_levels(t, 20), phi);
    for (size_t i = 0; i < FEATURES; i++) {
        phi[i] -= first[i];
    }
    ridge(&m, &run, phi, beta, &variance);
    enum { DRAWS = 20000 };
    double sum = 0, squares = 0;
    run.options.mean = false;
    for (int k = 0; k < DRAWS; k++) {
        assert_ok(qn__nas_model_draw(&m, &run));
        const double d =
            qn_surrogate_value(&model, qn__nas_levels(t, 20)) - qn_surrogate_value(&model, qn__nas_levels(t, 0));
        sum += d;
        squares += d * d;
    }
    const double mean = sum / DRAWS, spread = squares / DRAWS - mean * mean;
    assert_near(mean, dot(beta, phi), 5 * sqrt(variance / DRAWS));
    assert_near(spread / variance, 1, 5 * sqrt(2.0 / DRAWS));
    qn__nas_model_release(&m);
    qn_nas_table_free(t);
    qn_instance_free(instance);
}

static void test_positive_solve(void **unused)
{
    (void)unused;
    double a[] = {4, 2, 0, 3}, b[] = {2, 5}, log_determinant = 0; /* {{4, 2}, {2, 3}}, upper part never read */
    assert_ok(qn__linalg_positive_solve(2, a, b, &log_determinant));
    assert_near(b[0], -0.5, 1e-14);
    assert_near(b[1], 2, 1e-14);
    assert_near(log_determinant, log(8), 1e-14);
    double c[] = {1, 2, 0, 1};
    assert_fails(qn__linalg_positive_solve(2, c, b, NULL), QN_ERR_NUMERIC, "positive definite");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_posterior), cmocka_unit_test(test_positive_solve)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
