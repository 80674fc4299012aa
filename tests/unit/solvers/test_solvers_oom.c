/* test_solvers_oom.c: every encoding and every method with the n-th allocation failing, n = 1, 2, 3, … until all goes
 * well: an error each time, nothing in the output, and no leak. */
#include <linear_support.h>

#include "base/alloc.h"

#include <quern/block_encoding.h>

static qn_sparse *matrix;
static qn_encoding_kind kind;
static const char *method;
static qn_linear_tier tier;
static qn_evolution evolution;

static qn_status encode(void)
{
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

static qn_status solve(void)
{
    qn_linear_problem *p = NULL;
    qn_linear_result *r = NULL;
    qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
    options.method = method;
    options.tier = tier;
    options.epsilon = 0.2;
    options.clock_bits = 4;
    options.evolution = evolution;
    qn_status status = qn_linear_problem_create(context, matrix, NULL, false, NULL, &p);
    status = status == QN_OK ? qn_linear_solve(context, p, &options, &r) : status;
    assert_true((status == QN_OK) == (r != NULL));
    qn_linear_result_free(r);
    qn_linear_problem_free(p);
    return status;
}

static void until_it_works(qn_status (*job)(void))
{
    const uint64_t before = qn_memory().bytes_now;
    for (uint64_t n = 1;; n = n < 60 ? n + 1 : n + n / 16) {
        (void)qn__alloc_fail_at(n, false);
        const qn_status status = job();
        const bool failed = qn__alloc_fail_at(0, false) == 0;
        assert_int_equal(qn_memory().bytes_now, before);
        if (!failed) {
            assert_int_equal(status, QN_OK);
            return;
        }
        assert_int_equal(status, QN_ERR_MEMORY);
    }
}

static void encodings(void **state)
{
    (void)state;
    for (unsigned k = QN_ENCODING_PAULI; k <= QN_ENCODING_DILATION; k++) {
        kind = (qn_encoding_kind)k;
        until_it_works(encode);
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
                until_it_works(solve);
            }
        }
    }
}

static void evolutions(void **state)
{
    (void)state;
    method = "hhl";
    tier = QN_LINEAR_GATE;
    for (unsigned k = QN_EVOLUTION_TROTTER1; k <= QN_EVOLUTION_CHEBYSHEV; k++) {
        evolution = (qn_evolution)k;
        until_it_works(solve);
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
                                       cmocka_unit_test(evolutions)};
    return cmocka_run_group_tests(tests, open_all, close_all);
}
