/* linear_support.h: systems that the tests on linear systems share. */
#ifndef LINEAR_SUPPORT_H
#define LINEAR_SUPPORT_H

#include <qn_test.h>

#include <quern/linear.h>

static qn_context *context;

static int open_context(void **state)
{
    (void)state;
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.threads = 2;
    return qn_context_create(&options, &context) == QN_OK ? 0 : 1;
}

static int close_context(void **state)
{
    (void)state;
    qn_context_free(context);
    return 0;
}

/* SplitMix64; uniform in [-1, 1). */
static inline double draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (double)((z ^ (z >> 31)) >> 11) * 0x1.0p-52 - 1;
}

/* A dense random matrix with `diagonal` on the diagonal, and b. */
static inline qn_sparse *random_system(uint64_t *seed, size_t n, bool is_complex, bool hermitian, double diagonal,
                                       double *b)
{
    const size_t width = is_complex ? 2 : 1;
    double *a = calloc(n * n * width, sizeof *a);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            const double re = draw(seed), im = draw(seed);
            if (hermitian && j > i) {
                continue;
            }
            a[(i * n + j) * width] = re + (i == j ? diagonal : 0);
            if (is_complex) {
                a[(i * n + j) * 2 + 1] = hermitian && i == j ? 0 : im;
            }
            if (hermitian) {
                a[(j * n + i) * width] = a[(i * n + j) * width];
                if (is_complex) {
                    a[(j * n + i) * 2 + 1] = -a[(i * n + j) * 2 + 1];
                }
            }
        }
        for (size_t part = 0; part < width; part++) {
            b[i * width + part] = draw(seed);
        }
    }
    qn_sparse *matrix = NULL;
    assert_ok(qn_sparse_from_dense(n, n, a, is_complex, &matrix));
    free(a);
    return matrix;
}

/* The formula's matrix and a system on it with b = 1, or e_0. */
static inline qn_linear_problem *grid_problem(const char *text, bool first, qn_sparse **matrix)
{
    qn_grid_matrix grid;
    qn_linear_problem *problem = NULL;
    qn_linear_problem_options options = QN_LINEAR_PROBLEM_OPTIONS_INIT;
    assert_ok(qn_grid_matrix_parse(text, &grid));
    assert_ok(qn_grid_matrix_build(context, &grid, matrix));
    options.grid = &grid;
    double *b = calloc((*matrix)->rows, sizeof *b);
    b[0] = 1;
    assert_ok(qn_linear_problem_create(context, *matrix, first ? b : NULL, false, &options, &problem));
    free(b);
    return problem;
}

#endif
