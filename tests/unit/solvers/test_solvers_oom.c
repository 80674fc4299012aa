/* test_solvers_oom.c: every encoding and every method with the n-th allocation failing, n = 1, 2, 3, … until all goes
 * well: an error each time, nothing in the output, and no leak. */
#include <fail_each.h>
#include <linear_support.h>

#include <quern/block_encoding.h>

static qn_sparse *matrix;
static qn_encoding_kind kind;
static const char *method;
static qn_linear_tier tier;
static qn_evolution evolution;
static double cutoff;

static qn_status encode(void *unused)
{
    (void)unused;
    qn_encoding_options options = QN_ENCODING_OPTIONS_INIT;
    qn_block_encoding *e = NULL, *sum = NULL, *twice = NULL;
    options.kind = kind;
    options.compression = 1e-14;
    qn_status status = qn_block_encoding_create(context, matrix, &options, &e);
    status = status == QN_OK ? qn_block_encoding_sum((qn_complex){1, 0}, e, (qn_complex){0, 1}, e, &sum) : status;
    status = status == QN_OK ? qn_block_encoding_kronecker(sum, e, &twice) : status;
    assert_true((status == QN_OK) == (twice != NULL));
    qn_block_encoding_free(e);
    qn_block_encoding_free(sum);
    qn_block_encoding_free(twice);
    return status;
}

static qn_status solve(void *unused)
{
    (void)unused;
    qn_linear_problem *p = NULL;
    qn_linear_result *r = NULL;
    qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
    options.method = method;
    options.tier = tier;
    options.epsilon = 0.2;
    options.clock_bits = 4;
    options.evolution = evolution;
    qn_linear_problem_options wanted = QN_LINEAR_PROBLEM_OPTIONS_INIT;
    wanted.cutoff = cutoff;
    qn_status status = qn_linear_problem_create(context, matrix, NULL, false, &wanted, &p);
    if (status == QN_OK && cutoff > 0) {
        double x[2];
        qn_sparse_outcome outcome;
        status = qn_linear_solve_filtered(context, p, x, NULL, &outcome);
    }
    status = status == QN_OK ? qn_linear_solve(context, p, &options, &r) : status;
    assert_true((status == QN_OK) == (r != NULL));
    qn_linear_result_free(r);
    qn_linear_problem_free(p);
    return status;
}

static void encodings(void **state)
{
    (void)state;
    for (unsigned k = QN_ENCODING_PAULI; k <= QN_ENCODING_DILATION; k++) {
        kind = (qn_encoding_kind)k;
        (void)fail_each_allocation(encode, NULL, FAIL_EACH_THINNED);
    }
}

static void methods(void **state)
{
    (void)state;
    for (size_t k = 0; k < qn_linear_method_count(); k++) {
        const qn_linear_method *const m = qn_linear_method_describe(k);
        for (tier = QN_LINEAR_GATE; tier <= QN_LINEAR_SPECTRAL; tier++) {
            if (m->tier[tier]) {
                method = m->name;
                (void)fail_each_allocation(solve, NULL, FAIL_EACH_THINNED);
            }
        }
    }
}

static void filters(void **state)
{
    (void)state;
    method = "hhl";
    cutoff = 1.5;
    for (tier = QN_LINEAR_GATE; tier <= QN_LINEAR_SPECTRAL; tier += 2) {
        (void)fail_each_allocation(solve, NULL, FAIL_EACH_THINNED);
    }
    cutoff = 0;
}

static void evolutions(void **state)
{
    (void)state;
    method = "hhl";
    tier = QN_LINEAR_GATE;
    for (unsigned k = QN_EVOLUTION_TROTTER1; k <= QN_EVOLUTION_CHEBYSHEV; k++) {
        evolution = (qn_evolution)k;
        (void)fail_each_allocation(solve, NULL, FAIL_EACH_THINNED);
    }
}

static int open_all(void **state)
{
    qn_grid_matrix grid;
    return open_context(state) == 0 && qn_grid_matrix_parse("laplacian1d:2:shift=2", &grid) == QN_OK &&
                   qn_grid_matrix_build(context, &grid, &matrix) == QN_OK
               ? 0
               : 1;
}

static int close_all(void **state)
{
    qn_sparse_free(matrix);
    return close_context(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(encodings), cmocka_unit_test(methods),
                                       cmocka_unit_test(filters), cmocka_unit_test(evolutions)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
