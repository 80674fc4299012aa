/* test_hhl_filter.c: HHL's filter functions: their definition, the flag, x on the well-conditioned part, both tiers. */
#include "linear_support.h"

#include <string.h>

#include <quern/format.h>
#include <quern/matrix_market.h>

static const double pi = 3.14159265358979323846;

enum { MOST = 8 };

/* A = U diag(s) V^T with V = U when symmetric; U and V are products of reflections, known columns. */
typedef struct planted {
    size_t n;
    bool symmetric;
    double s[MOST], u[MOST][MOST], v[MOST][MOST], b[MOST]; /* u[j]: column j */
    qn_sparse *matrix;
} planted;

static void random_orthogonal(uint64_t *seed, size_t n, double columns[MOST][MOST])
{
    for (size_t j = 0; j < n; j++) {
        for (size_t i = 0; i < n; i++) {
            columns[j][i] = i == j ? 1 : 0;
        }
    }
    for (unsigned turn = 0; turn < 3; turn++) {
        double w[MOST], norm = 0;
        for (size_t i = 0; i < n; i++) {
            w[i] = draw(seed);
            norm += w[i] * w[i];
        }
        for (size_t j = 0; j < n; j++) {
            double dot = 0;
            for (size_t i = 0; i < n; i++) {
                dot += w[i] * columns[j][i];
            }
            for (size_t i = 0; i < n; i++) {
                columns[j][i] -= 2 * dot / norm * w[i];
            }
        }
    }
}

static void plant(uint64_t *seed, size_t n, bool symmetric, const double *s, planted *out)
{
    double a[MOST * MOST] = {0};
    out->n = n;
    out->symmetric = symmetric;
    random_orthogonal(seed, n, out->u);
    if (symmetric) {
        memcpy(out->v, out->u, sizeof out->v);
    } else {
        random_orthogonal(seed, n, out->v);
    }
    for (size_t j = 0; j < n; j++) {
        out->s[j] = s[j];
        out->b[j] = draw(seed);
        for (size_t i = 0; i < n; i++) {
            for (size_t k = 0; k < n; k++) {
                a[i * n + k] += s[j] * (out->u[j][i] * out->v[j][k]);
            }
        }
    }
    for (size_t i = 0; symmetric && i < n; i++) { /* to the last bit */
        for (size_t k = 0; k < i; k++) {
            a[i * n + k] = a[k * n + i];
        }
    }
    assert_ok(qn_sparse_from_dense(n, n, a, false, &out->matrix));
}

static qn_linear_problem *cut_problem(const qn_sparse *matrix, const double *b, bool b_complex, double cutoff)
{
    qn_linear_problem_options options = QN_LINEAR_PROBLEM_OPTIONS_INIT;
    qn_linear_problem *problem = NULL;
    options.cutoff = cutoff;
    assert_ok(qn_linear_problem_create(context, matrix, b, b_complex, &options, &problem));
    return problem;
}

static qn_linear_result *solve(const qn_linear_problem *problem, double epsilon, qn_linear_tier tier)
{
    qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
    qn_linear_result *result = NULL;
    options.method = "hhl";
    options.epsilon = epsilon;
    options.tier = tier;
    assert_ok(qn_linear_solve(context, problem, &options, &result));
    return result;
}

/* The functions as the paper writes them, here by kappa and kappa' = 2 kappa. */
static void filters(double kappa, double lambda, double *f, double *g)
{
    const double size = fabs(lambda), low = 1 / (2 * kappa), high = 1 / kappa;
    const double angle = pi / 2 * (size - low) / (high - low);
    *f = size >= high ? 1 / (2 * kappa * size) : size < low ? 0 : sin(angle) / 2;
    *g = size >= high ? 0 : size < low ? 0.5 : cos(angle) / 2;
    *f = copysign(*f, lambda);
}

static void definition(void **state)
{
    (void)state;
    const double c = 0.05; /* kappa = 10 */
    static const double lambda[] = {1, -1, 0.1, 0.075, -0.075, 0.05, 0.049, 0, -0.02};
    static const double well[] = {0.05, -0.05, 0.5, 0.35355339059327373, -0.35355339059327373, 0, 0, 0, 0};
    static const double ill[] = {0, 0, 0, 0.35355339059327373, 0.35355339059327373, 0.5, 0.5, 0.5, 0.5};
    for (size_t k = 0; k < sizeof lambda / sizeof lambda[0]; k++) {
        double f = 2, g = 2;
        qn_hhl_filter(c, lambda[k], &f, &g);
        assert_near(f, well[k], 1e-12);
        assert_near(g, ill[k], 1e-12);
    }
    uint64_t seed = qn_test_seed();
    for (unsigned k = 0; k < 1000; k++) {
        const double x = k % 2 == 0 ? draw(&seed) : 0.12 * draw(&seed);
        double f = 0, g = 0, wanted_f = 0, wanted_g = 0, mirrored = 0, same = 0, next = 0, near = 0;
        qn_hhl_filter(c, x, &f, &g);
        filters(10, x, &wanted_f, &wanted_g);
        assert_near(f, wanted_f, 1e-12);
        assert_near(g, wanted_g, 1e-12);
        qn_hhl_filter(c, -x, &mirrored, &same);
        assert_near(mirrored, -f, 0); /* odd, even */
        assert_near(same, g, 0);
        qn_hhl_filter(c, x + 1e-9, &next, &near); /* no jumps */
        assert_near(next, f, 1e-7);
        assert_near(near, g, 1e-7);
    }
}

/* Means over the outcomes, |alpha_k|^2 of the sine window in closed form as in test_hhl.c. */
static void against_the_sum(void **state)
{
    (void)state;
    enum { COUNT = 30 };
    uint64_t seed = qn_test_seed();
    const double size = 64;
    double lambda[COUNT], first[COUNT], well[COUNT], ill[COUNT], nothing[COUNT];
    for (size_t j = 0; j < COUNT; j++) {
        lambda[j] = (j % 3 == 0 ? 0.2 : 0.9) * draw(&seed);
    }
    qn_hhl_clock clock = {6, QN_WINDOW_SINE, 0, 2 * pi * 31, true, 0.1, 0, true};
    assert_ok(qn_hhl_response(context, &clock, COUNT, lambda, first, well));
    assert_ok(qn_hhl_flag_response(context, &clock, COUNT, lambda, ill, nothing));
    for (size_t j = 0; j < COUNT; j++) {
        double mean = 0, f2 = 0, g2 = 0;
        for (int k = -32; k < 32; k++) {
            const double d = lambda[j] * clock.time - 2 * pi * k;
            const double a = sqrt(2) * cos(d / 2) / size * cos(d / (2 * size)) * sin(pi / (2 * size)) /
                             (sin((d + pi) / (2 * size)) * sin((d - pi) / (2 * size)));
            double f = 0, g = 0;
            filters(5, 2 * pi * k / clock.time, &f, &g);
            mean += a * a * f;
            f2 += a * a * f * f;
            g2 += a * a * g * g;
        }
        assert_near(first[j], mean, 1e-12);
        assert_near(well[j], f2, 1e-12);
        assert_near(ill[j], g2, 1e-12);
        assert_near(nothing[j], 1 - f2 - g2, 1e-12);
    }
    clock.filtered = false;
    assert_fails(qn_hhl_flag_response(context, &clock, COUNT, lambda, ill, nothing), QN_ERR_ARGUMENT, "with a filter");
}

/* What eigenvectors (singular vectors) that were planted make of it: x, the flag, what is left out. */
static void check_planted(const planted *p, double cutoff, double epsilon)
{
    double x[MOST] = {0}, exact[MOST], well = 0, ill = 0, all = 0, largest = 0, norm = 0, out = 0;
    for (size_t j = 0; j < p->n; j++) {
        largest = fmax(largest, fabs(p->s[j]));
    }
    for (size_t j = 0; j < p->n; j++) {
        double f = 0, g = 0, beta = 0;
        filters(cutoff, p->s[j] / largest, &f, &g);
        for (size_t i = 0; i < p->n; i++) {
            beta += p->u[j][i] * p->b[i];
        }
        for (size_t i = 0; i < p->n; i++) {
            x[i] += 2 * cutoff / largest * f * beta * p->v[j][i];
        }
        all += beta * beta;
        well += beta * beta * f * f;
        ill += beta * beta * g * g;
        const double kept = 2 * cutoff / largest * f * p->s[j];
        out += beta * beta * (1 - kept) * (1 - kept);
    }
    for (size_t i = 0; i < p->n; i++) {
        norm += x[i] * x[i];
    }
    norm = sqrt(norm);
    qn_linear_problem *problem = cut_problem(p->matrix, p->b, false, cutoff);
    qn_linear_filter filter;
    qn_sparse_outcome outcome;
    assert_ok(qn_linear_solve_filtered(context, problem, exact, &filter, &outcome));
    qn_linear_result *r = solve(problem, epsilon, QN_LINEAR_SPECTRAL);
    for (size_t i = 0; i < p->n; i++) {
        assert_near(exact[i], x[i], 1e-11 * norm);
        assert_near(r->x[i], x[i], 10 * epsilon * norm);
    }
    assert_near(filter.well, well / all, 1e-12);
    assert_near(filter.ill, ill / all, 1e-12);
    assert_near(filter.well + filter.ill + filter.nothing, 1, 1e-12);
    assert_near(filter.b_well, 1 - 4 * ill / all, 1e-12);
    assert_near(outcome.residual, sqrt(out / all), 1e-10);
    assert_near(r->filter.well, well / all, 10 * epsilon);
    assert_near(r->filter.ill, ill / all, 10 * epsilon);
    assert_near(r->filter.well + r->filter.ill + r->filter.nothing, 1, 1e-11);
    assert_near(r->filter.well, r->success_probability, 1e-15);
    assert_near(r->solution_norm, norm, 10 * epsilon * norm);
    assert_near(r->residual, sqrt(out / all), 10 * epsilon);
    assert_true(r->state_error < 10 * epsilon);
    qn_linear_result_free(r);
    qn_linear_problem_free(problem);
}

static void planted_spectra(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    static const double symmetric[] = {3,    -2.4,  1.1, -0.6,
                                       0.22, -0.17, 0.1, 0};                  /* kappa 10: some between 0.15 and 0.3 */
    static const double general[] = {2, 1.5, 0.7, 0.4, 0.17, 0.12, 1e-13, 0}; /* singular */
    static const double hopeless[] = {1, 0.8, -0.5, 1e-9, -1e-11, 1e-12, 0.6, -0.9}; /* not singular, but of no use */
    planted p;
    plant(&seed, 8, true, symmetric, &p);
    check_planted(&p, 10, 1e-5);
    check_planted(&p, 40, 1e-4);
    qn_sparse_free(p.matrix);
    plant(&seed, 8, false, general, &p);
    check_planted(&p, 10, 1e-5);
    qn_sparse_free(p.matrix);
    plant(&seed, 8, true, hopeless, &p);
    check_planted(&p, 10, 1e-5);
    qn_sparse_free(p.matrix);
}

/* With no eigenvalue between the two edges x is the truncated solution, sum over the large ones of beta_j / lambda_j.
 */
static void truncation(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    static const double s[] = {1, -0.9, 0.5, -0.3, 1e-3, -1e-8};
    planted p;
    plant(&seed, 6, true, s, &p);
    double x[6] = {0}, norm = 0;
    for (size_t j = 0; j < 4; j++) {
        double beta = 0;
        for (size_t i = 0; i < 6; i++) {
            beta += p.u[j][i] * p.b[i];
        }
        for (size_t i = 0; i < 6; i++) {
            x[i] += beta / s[j] * p.u[j][i];
        }
    }
    qn_linear_problem *problem = cut_problem(p.matrix, p.b, false, 4);
    qn_linear_result *r = solve(problem, 1e-6, QN_LINEAR_AUTO);
    for (size_t i = 0; i < 6; i++) {
        norm += x[i] * x[i];
    }
    for (size_t i = 0; i < 6; i++) {
        assert_near(r->x[i], x[i], 3e-6 * sqrt(norm));
    }
    qn_linear_result_free(r);
    qn_linear_problem_free(problem);
    qn_sparse_free(p.matrix);
}

static void same_at_both_tiers(const qn_linear_problem *problem, qn_evolution evolution, uint32_t bits)
{
    qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
    qn_linear_result *gate = NULL, *spectral = NULL;
    options.method = "hhl";
    options.epsilon = 0.1;
    options.clock_bits = bits;
    options.evolution = evolution;
    options.tier = QN_LINEAR_GATE;
    assert_ok(qn_linear_solve(context, problem, &options, &gate));
    options.tier = QN_LINEAR_SPECTRAL;
    assert_ok(qn_linear_solve(context, problem, &options, &spectral));
    for (size_t i = 0; i < problem->width; i++) {
        assert_near(gate->x[i], spectral->x[i], 1e-10);
    }
    assert_near(gate->filter.well, spectral->filter.well, 1e-10);
    assert_near(gate->filter.ill, spectral->filter.ill, 1e-10);
    assert_near(gate->filter.nothing, spectral->filter.nothing, 1e-10);
    assert_near(gate->filter.well + gate->filter.ill + gate->filter.nothing, 1, 1e-11); /* the fourth outcome never */
    assert_near(gate->solution_norm, spectral->solution_norm, 1e-10);
    assert_near(gate->leakage, spectral->leakage, 1e-10);
    assert_true(gate->filter.ill > 1e-8 && gate->filter.well > 1e-8); /* whatever b */
    qn_linear_result_free(gate);
    qn_linear_result_free(spectral);
}

static void tiers(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    static const double s[] = {1, -0.8, 0.3, -0.2, 0.15, 0.02, 0, 0.6};
    static const size_t sizes[] = {8, 5, 4};
    for (size_t k = 0; k < 6; k++) {
        planted p;
        plant(&seed, sizes[k % 3], k % 2 == 0, &s[sizes[k % 3] == 8 ? 0 : 2], &p);
        qn_linear_problem *problem = cut_problem(p.matrix, p.b, false, 4);
        same_at_both_tiers(problem, QN_EVOLUTION_EXACT, 6);
        qn_linear_problem_free(problem);
        qn_sparse_free(p.matrix);
    }
    double b[8];
    qn_sparse *matrix = random_system(&seed, 4, true, true, 0, b);
    qn_linear_problem *problem = cut_problem(matrix, b, true, 2);
    same_at_both_tiers(problem, QN_EVOLUTION_EXACT, 6);
    qn_linear_problem_free(problem);
    qn_sparse_free(matrix);
    const double a[4] = {1, 0.25, 0.25, 0.1}, ones[2] = {1, 0.5}; /* its ancillas lie behind both flags */
    assert_ok(qn_sparse_from_dense(2, 2, a, false, &matrix));
    problem = cut_problem(matrix, ones, false, 3);
    same_at_both_tiers(problem, QN_EVOLUTION_CHEBYSHEV, 5);
    qn_linear_problem_free(problem);
    qn_sparse_free(matrix);
}

/* b in the kernel: with a clock that is exact there nothing passes; otherwise tails do, and say so. */
static void nothing_of_b(void **state)
{
    (void)state;
    const double a[4] = {1, 2, 2, 4}, b[2] = {2, -1};
    qn_sparse *matrix = NULL;
    qn_readout_result *read = NULL;
    qn_readout readout = QN_READOUT_INIT;
    qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
    assert_ok(qn_sparse_from_dense(2, 2, a, false, &matrix));
    qn_linear_problem *problem = cut_problem(matrix, b, false, 4);
    options.method = "hhl";
    options.clock_bits = 8;
    options.window = QN_WINDOW_UNIFORM;
    for (qn_linear_tier tier = QN_LINEAR_GATE; tier <= QN_LINEAR_SPECTRAL; tier += 2) {
        qn_linear_result *r = NULL;
        options.tier = tier;
        assert_ok(qn_linear_solve(context, problem, &options, &r));
        assert_near(r->x[0], 0, 0);
        assert_near(r->success_probability, 0, 0);
        assert_near(r->solution_norm, 0, 0);
        assert_near(r->residual, 1, 1e-12);
        assert_near(r->filter.ill, 0.25, 1e-12);
        assert_near(r->filter.b_well, 0, 1e-12);
        readout.kind = QN_READOUT_SAMPLES;
        readout.shots = 10;
        assert_fails(qn_linear_read(context, problem, r, &readout, &read), QN_ERR_NUMERIC, "nothing to sample");
        readout.kind = QN_READOUT_SCALAR;
        readout.observable = matrix;
        assert_fails(qn_linear_read(context, problem, r, &readout, &read), QN_ERR_NUMERIC, "no state");
        qn_linear_result_free(r);
    }
    qn_linear_result *r = solve(problem, 1e-4, QN_LINEAR_SPECTRAL);
    assert_true(r->filter.b_well < 1e-4 && r->leakage > 0.99);
    qn_linear_result_free(r);
    qn_linear_problem_free(problem);
    qn_sparse_free(matrix);
}

static void refusals(void **state)
{
    (void)state;
    const double a[4] = {1, 2, 2, 4}, zero[4] = {0};
    qn_sparse *matrix = NULL, *nil = NULL;
    qn_linear_problem *problem = NULL;
    qn_linear_result *result = NULL;
    qn_sparse_outcome outcome;
    double x[2];
    qn_linear_problem_options options = QN_LINEAR_PROBLEM_OPTIONS_INIT;
    assert_ok(qn_sparse_from_dense(2, 2, a, false, &matrix));
    assert_ok(qn_sparse_from_dense(2, 2, zero, false, &nil));
    assert_fails(qn_linear_problem_create(context, matrix, NULL, false, NULL, &problem), QN_ERR_NUMERIC,
                 "--method hhl --cutoff K");
    options.cutoff = 0.5;
    assert_fails(qn_linear_problem_create(context, matrix, NULL, false, &options, &problem), QN_ERR_RANGE,
                 "expected at least 1");
    options.cutoff = 4;
    assert_fails(qn_linear_problem_create(context, nil, NULL, false, &options, &problem), QN_ERR_NUMERIC, "is zero");
    options.kappa = 4;
    assert_fails(qn_linear_problem_create(context, matrix, NULL, false, &options, &problem), QN_ERR_ARGUMENT,
                 "one of them");
    problem = cut_problem(matrix, NULL, false, 4);
    assert_fails(qn_linear_solve(context, problem, NULL, &result), QN_ERR_UNSUPPORTED, "qsvt has no filter functions");
    qn_linear_problem_free(problem);
    qn_sparse_free(matrix);
    qn_sparse_free(nil);
    problem = grid_problem("laplacian1d:8", false, &matrix);
    assert_fails(qn_linear_solve_filtered(context, problem, x, NULL, &outcome), QN_ERR_ARGUMENT, "no cut-off");
    qn_linear_problem_free(problem);
    qn_sparse_free(matrix);
}

/* Zachary's karate club, singular: the answer is that of all eigenvectors, and what is left of b lies under the cut,
 * |A r| <= |A| |r| / K, as no part of it comes from larger eigenvalues. */
static void karate(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length = 0;
    qn_sparse *matrix = NULL;
    if (qn_file_read(QN_SOURCE_DIR "/../shared/data/matrix/karate.mtx", 0, &text, &length) != QN_OK) {
        skip();
    }
    assert_ok(qn_read_matrix(text, length, "karate.mtx", &matrix));
    qn_text_free(text);
    const double cutoff = 10, epsilon = 1e-6;
    qn_linear_problem *problem = cut_problem(matrix, NULL, false, cutoff);
    double exact[34], r[34], ar[34], norm = 0, left = 0, image = 0;
    qn_linear_filter filter;
    qn_sparse_outcome outcome;
    assert_int_equal(problem->dimension, 34);
    assert_true(isinf(problem->condition) && problem->values.smallest < 1e-10);
    assert_ok(qn_linear_solve_filtered(context, problem, exact, &filter, &outcome));
    qn_linear_result *result = solve(problem, epsilon, QN_LINEAR_SPECTRAL);
    for (size_t i = 0; i < 34; i++) {
        norm += exact[i] * exact[i];
    }
    for (size_t i = 0; i < 34; i++) {
        assert_near(result->x[i], exact[i], epsilon * sqrt(norm));
    }
    assert_near(result->solution_norm, sqrt(norm), epsilon * sqrt(norm));
    assert_near(result->filter.b_well, filter.b_well, 1e-6);
    assert_near(result->filter.well + result->filter.ill + result->filter.nothing, 1, 1e-11);
    qn_sparse_multiply(context, matrix, exact, r);
    for (size_t i = 0; i < 34; i++) {
        r[i] = 1 - r[i];
        left += r[i] * r[i];
    }
    qn_sparse_multiply(context, matrix, r, ar);
    for (size_t i = 0; i < 34; i++) {
        image += ar[i] * ar[i];
    }
    assert_true(left > 0.1 && sqrt(image) <= problem->values.largest / cutoff * sqrt(left));
    assert_true(filter.b_well > 0.9 && filter.b_well < 1 - 1e-3);
    qn_linear_result_free(result);
    qn_linear_problem_free(problem);
    qn_sparse_free(matrix);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(definition), cmocka_unit_test(against_the_sum), cmocka_unit_test(planted_spectra),
        cmocka_unit_test(truncation), cmocka_unit_test(tiers),           cmocka_unit_test(nothing_of_b),
        cmocka_unit_test(refusals),   cmocka_unit_test(karate),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
