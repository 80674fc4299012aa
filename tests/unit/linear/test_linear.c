/* test_linear.c: problems, plans, refusals, read-outs, ledgers, and other people's matrices. */
#include "linear_support.h"

#include <quern/format.h>
#include <quern/matrix_market.h>

static void test_refusals(void **state)
{
    (void)state;
    const double singular[4] = {1, 2, 2, 4}, flat[2] = {1, 2}, fine[4] = {2, 1, 1, 3}, bad[2] = {1, (double)NAN},
                 zero[2] = {0, 0};
    const double hopeless[4] = {1, 0, 0, 1e-11};
    qn_sparse *m = NULL;
    qn_linear_problem *p = NULL;
    qn_linear_result *r = NULL;
    assert_ok(qn_sparse_from_dense(2, 2, singular, false, &m));
    assert_fails(qn_linear_problem_create(context, m, NULL, false, NULL, &p), QN_ERR_NUMERIC,
                 "singular to working precision");
    qn_sparse_free(m);
    assert_ok(qn_sparse_from_dense(1, 2, flat, false, &m));
    assert_fails(qn_linear_problem_create(context, m, NULL, false, NULL, &p), QN_ERR_SHAPE, "1 x 2");
    qn_sparse_free(m);
    assert_ok(qn_sparse_from_dense(2, 2, hopeless, false, &m));
    assert_ok(qn_linear_problem_create(context, m, NULL, false, NULL, &p));
    assert_fails(qn_linear_solve(context, p, NULL, &r), QN_ERR_NUMERIC, "hopeless: at condition number 1e+11");
    qn_linear_problem_free(p);
    qn_sparse_free(m);
    assert_ok(qn_sparse_from_dense(2, 2, fine, false, &m));
    assert_fails(qn_linear_problem_create(context, m, bad, false, NULL, &p), QN_ERR_NAN, "entry 2");
    assert_fails(qn_linear_problem_create(context, m, zero, false, NULL, &p), QN_ERR_ARGUMENT, "is zero");
    qn_linear_problem_options options = QN_LINEAR_PROBLEM_OPTIONS_INIT;
    options.kappa = 1.5;
    assert_fails(qn_linear_problem_create(context, m, NULL, false, &options, &p), QN_ERR_RANGE, "has at least 2.6");
    assert_ok(qn_linear_problem_create(context, m, NULL, false, NULL, &p));
    qn_linear_options wanted = QN_LINEAR_OPTIONS_INIT;
    wanted.method = "qsvd";
    assert_fails(qn_linear_solve(context, p, &wanted, &r), QN_ERR_NAME, "did you mean qsvt");
    wanted.method = "hhl";
    wanted.tier = QN_LINEAR_OPERATOR;
    assert_fails(qn_linear_solve(context, p, &wanted, &r), QN_ERR_UNSUPPORTED, "hhl has no operator tier");
    wanted = (qn_linear_options)QN_LINEAR_OPTIONS_INIT;
    wanted.epsilon = 1;
    assert_fails(qn_linear_solve(context, p, &wanted, &r), QN_ERR_RANGE, "error 1");
    assert_null(r);
    qn_linear_problem_free(p);
    qn_sparse_free(m);
}

/* Larger than the gate tier takes, than the spectral tier takes, and too long. */
static void test_plans(void **state)
{
    (void)state;
    qn_sparse *m = NULL;
    qn_linear_problem *p = grid_problem("laplacian2d:70x70:shift=0.1", false, &m);
    qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
    qn_linear_plan plan;
    assert_ok(qn_linear_plan_make(context, p, &options, &plan));
    assert_int_equal(plan.tier, QN_LINEAR_OPERATOR);
    assert_near(plan.degree, qn_qsp_inverse_degree(p->kappa, 1e-6), 0);
    assert_non_null(strstr(plan.reason, "gate"));
    options.tier = QN_LINEAR_GATE;
    assert_fails(qn_linear_plan_make(context, p, &options, &plan), QN_ERR_TOO_LARGE, "up to 16 unknowns");
    p->gridded = false;
    options.tier = QN_LINEAR_SPECTRAL;
    assert_fails(qn_linear_plan_make(context, p, &options, &plan), QN_ERR_TOO_LARGE, "needs all eigenvectors");
    options.tier = QN_LINEAR_OPERATOR;
    options.max_seconds = 1e-9;
    qn_linear_result *r = NULL;
    assert_fails(qn_linear_solve(context, p, &options, &r), QN_ERR_TOO_LARGE, "over the limit");
    qn_linear_problem_free(p);
    qn_sparse_free(m);
    p = grid_problem("laplacian2d:1000x100", false, &m); /* kappa 4e5: auto takes the spectral tier */
    options = (qn_linear_options)QN_LINEAR_OPTIONS_INIT;
    assert_ok(qn_linear_plan_make(context, p, &options, &plan));
    assert_int_equal(plan.tier, QN_LINEAR_SPECTRAL);
    qn_linear_problem_free(p);
    qn_sparse_free(m);
}

static void test_interruption(void **state)
{
    (void)state;
    const volatile int stop = 1;
    qn_context_options options = QN_CONTEXT_OPTIONS_INIT;
    options.interrupt = &stop;
    qn_context *stopped = NULL;
    assert_ok(qn_context_create(&options, &stopped));
    qn_sparse *m = NULL;
    qn_linear_problem *p = grid_problem("laplacian1d:50", false, &m);
    qn_linear_options wanted = QN_LINEAR_OPTIONS_INIT;
    wanted.tier = QN_LINEAR_OPERATOR;
    qn_linear_result *r = NULL;
    assert_ok(qn_linear_solve(stopped, p, &wanted, &r));
    assert_true(r->interrupted && isnan(r->error_bound) && r->queries < r->plan.queries);
    qn_linear_result_free(r);
    qn_linear_problem_free(p);
    qn_sparse_free(m);
    qn_context_free(stopped);
}

/* x = (3, 4) / 5 as a state: <Z> = (9 - 16) / 25; samples within five deviations; the vector's price. */
static void test_readout(void **state)
{
    (void)state;
    const double unit[4] = {1, 0, 0, 1}, z[4] = {1, 0, 0, -1}, b[2] = {3, 4};
    qn_sparse *m = NULL, *observable = NULL;
    qn_linear_problem *p = NULL;
    qn_linear_result *r = NULL;
    qn_readout_result *out = NULL;
    assert_ok(qn_sparse_from_dense(2, 2, unit, false, &m));
    assert_ok(qn_sparse_from_dense(2, 2, z, false, &observable));
    assert_ok(qn_linear_problem_create(context, m, b, false, NULL, &p));
    assert_ok(qn_linear_solve(context, p, NULL, &r));
    assert_near(r->solution_norm, 5, 1e-9);
    qn_readout readout = QN_READOUT_INIT;
    readout.kind = QN_READOUT_SCALAR;
    readout.observable = observable;
    assert_ok(qn_linear_read(context, p, r, &readout, &out));
    assert_near(out->scalar, -7.0 / 25, 1e-9);
    assert_near(out->shots, ceil((1 - 49.0 / 625) / 1e-4), 1);
    assert_near(out->scalar_error, 1e-2, 1e-6);
    qn_readout_result_free(out);
    readout.kind = QN_READOUT_TOP;
    readout.shots = 100000;
    readout.top = 1;
    assert_ok(qn_linear_read(context, p, r, &readout, &out));
    assert_int_equal(out->count, 1);
    assert_int_equal(out->index[0], 1);
    assert_near(out->probability[0], 16.0 / 25, 5 * 0.48 / sqrt(100000));
    qn_readout_result_free(out);
    readout.kind = QN_READOUT_VECTOR;
    assert_ok(qn_linear_read(context, p, r, &readout, &out));
    assert_near(out->shots, 20000, 0);
    qn_ledger ledger;
    qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
    assert_ok(qn_linear_ledger(p, &options, &r->plan, r, out, NULL, NULL, &ledger));
    assert_string_equal(ledger.workload, "linear");
    assert_near(ledger.answer.value, 5, 1e-9);
    /* condition number 1, p = 1/4: four runs are as good as three calls with a round between, and simpler */
    assert_near(ledger.shots_total.value, 80000, 0); /* what rounding adds to 1 / p is no run */
    assert_near(ledger.data_bytes.value, 2 * 12 + 2 * 8, 0);
    assert_int_equal(ledger.classical_seconds.source, QN_SOURCE_UNKNOWN);
    qn_readout_result_free(out);
    readout.kind = QN_READOUT_SCALAR;
    readout.observable = NULL;
    assert_fails(qn_linear_read(context, p, r, &readout, &out), QN_ERR_NOT_HERMITIAN, "Hermitian");
    qn_linear_result_free(r);
    qn_linear_problem_free(p);
    qn_sparse_free(observable);
    qn_sparse_free(m);
}

/* Other people's matrices against sparse LU, within epsilon; a singular one is refused. */
static void test_shared(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double least, most; /* condition number */
    } files[] = {{"LFAT5.mtx", 1.4e8, 1.5e8},
                 {"bcsstk01.tri", 8e5, 9e5},
                 {"jagmesh7.mtx", 1e4, 1.3e4},
                 {"west0067.mtx", 100, 200},
                 {"karate.mtx", 0, 0}};
    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++) {
        char path[512], *text = NULL;
        size_t length = 0;
        (void)snprintf(path, sizeof path, "%s/../shared/data/matrix/%s", QN_SOURCE_DIR, files[f].name);
        if (qn_file_read(path, 0, &text, &length) != QN_OK) {
            skip();
        }
        qn_sparse *m = NULL;
        qn_linear_problem *p = NULL;
        assert_ok(qn_read_matrix(text, length, files[f].name, &m));
        qn_text_free(text);
        if (files[f].most > 0) {
            assert_ok(qn_linear_problem_create(context, m, NULL, false, NULL, &p));
            assert_true(p->condition > files[f].least && p->condition < files[f].most);
            qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
            options.epsilon = 1e-3;
            options.tier = m->rows > 1000 ? QN_LINEAR_SPECTRAL : QN_LINEAR_AUTO; /* seconds less */
            qn_linear_result *r = NULL;
            assert_ok(qn_linear_solve(context, p, &options, &r));
            qn_sparse_solve_options direct = QN_SPARSE_SOLVE_OPTIONS_INIT;
            direct.method = QN_SPARSE_LU;
            qn_sparse_outcome outcome;
            double *x = calloc(m->rows, sizeof *x), off = 0, size = 0;
            assert_ok(qn_sparse_solve(context, m, p->b, &direct, x, &outcome));
            for (size_t i = 0; i < m->rows; i++) {
                off += (x[i] - r->x[i]) * (x[i] - r->x[i]);
                size += x[i] * x[i];
            }
            assert_true(sqrt(off / size) <= 1e-3);
            assert_near(r->solution_norm, sqrt(size), 1e-3 * sqrt(size));
            free(x);
            qn_linear_result_free(r);
            qn_linear_problem_free(p);
        } else {
            assert_fails(qn_linear_problem_create(context, m, NULL, false, NULL, &p), QN_ERR_NUMERIC, "singular");
        }
        qn_sparse_free(m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refusals), cmocka_unit_test(test_plans),  cmocka_unit_test(test_interruption),
        cmocka_unit_test(test_readout),  cmocka_unit_test(test_shared),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
