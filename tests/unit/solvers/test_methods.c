/* test_methods.c: what all methods promise, QSVT over every block-encoding, and the price in the ledger. */
#include <linear_support.h>

#include <quern/block_encoding.h>

static double relative_error(const qn_linear_problem *p, const double *x)
{
    qn_sparse_solve_options options = QN_SPARSE_SOLVE_OPTIONS_INIT;
    qn_sparse_outcome outcome;
    double *right = calloc(p->width, sizeof *right), off = 0, norm = 0;
    options.method = QN_SPARSE_LU;
    assert_ok(qn_sparse_solve(context, p->matrix, p->b, &options, right, &outcome));
    for (size_t i = 0; i < p->width; i++) {
        off += (x[i] - right[i]) * (x[i] - right[i]);
        norm += right[i] * right[i];
    }
    free(right);
    return sqrt(off / norm);
}

/* Every method in every tier it has keeps to epsilon; the norm from success is that of x. */
static void errors_are_kept(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    for (unsigned kind = 0; kind < 4; kind++) {
        double b[2 * 8];
        const bool is_complex = kind % 2 == 1;
        qn_sparse *m = random_system(&seed, 8, is_complex, kind < 2, 4, b);
        qn_linear_problem *p = NULL;
        assert_ok(qn_linear_problem_create(context, m, b, is_complex, NULL, &p));
        for (size_t k = 0; k < qn_linear_method_count(); k++) {
            const qn_linear_method *const method = qn_linear_method_describe(k);
            for (qn_linear_tier tier = QN_LINEAR_OPERATOR; tier <= QN_LINEAR_SPECTRAL; tier++) {
                if (!method->tier[tier] || strcmp(method->name, "hhl") == 0) { /* its own tests: no proven error */
                    continue;
                }
                qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
                qn_linear_result *r = NULL;
                options.method = method->name;
                options.tier = tier;
                options.epsilon = 1e-4;
                assert_ok(qn_linear_solve(context, p, &options, &r));
                const double error = relative_error(p, r->x);
                if (!(error <= fmax(r->error_bound, options.epsilon))) {
                    print_error("%s, tier %d, kind %u: error %g over %g\n", method->name, (int)tier, kind, error,
                                r->error_bound);
                    fail();
                }
                double norm = 0;
                for (size_t i = 0; i < p->width; i++) {
                    norm += r->x[i] * r->x[i];
                }
                assert_near(r->solution_norm / sqrt(norm), 1, 3e-4);
                assert_true(r->success_probability > 0 && r->success_probability <= 1 + 1e-12);
                qn_linear_result_free(r);
            }
        }
        qn_linear_problem_free(p);
        qn_sparse_free(m);
    }
}

/* The same x from the circuit over any encoding as from the matrix. */
static void qsvt_over_encodings(void **state)
{
    (void)state;
    uint64_t seed = qn_test_seed();
    qn_grid_matrix grid;
    assert_ok(qn_grid_matrix_parse("laplacian1d:4:shift=1", &grid));
    for (unsigned kind = QN_ENCODING_PAULI; kind <= QN_ENCODING_DILATION; kind++) {
        for (unsigned general = 0; general < 2; general++) {
            double b[2 * 4];
            qn_sparse *m = random_system(&seed, 4, general == 1, false, 4, b);
            if (general == 0 || kind == QN_ENCODING_STRUCTURED) {
                qn_sparse_free(m);
                assert_ok(qn_grid_matrix_build(context, &grid, &m));
            }
            qn_encoding_options wanted = QN_ENCODING_OPTIONS_INIT;
            qn_block_encoding *e = NULL;
            wanted.kind = (qn_encoding_kind)kind;
            assert_ok(qn_block_encoding_create(context, m, &wanted, &e));
            qn_linear_problem_options of = QN_LINEAR_PROBLEM_OPTIONS_INIT;
            qn_linear_problem *p = NULL;
            of.alpha = e->alpha;
            assert_ok(qn_linear_problem_create(context, m, b, m->is_complex, &of, &p));
            qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
            qn_linear_result *matrix = NULL, *circuit = NULL;
            options.epsilon = 0.05;
            options.tier = QN_LINEAR_OPERATOR;
            assert_ok(qn_linear_solve(context, p, &options, &matrix));
            options.tier = QN_LINEAR_GATE;
            options.encoding = e;
            options.price = &e->cost;
            assert_ok(qn_linear_solve(context, p, &options, &circuit));
            for (size_t i = 0; i < p->width; i++) {
                assert_near(circuit->x[i], matrix->x[i], 1e-10);
            }
            assert_near(circuit->success_probability, matrix->success_probability, 1e-10);
            assert_near(circuit->queries, matrix->queries, 0);
            assert_true(circuit->qubits >= e->system + e->ancillas + 1);
            qn_linear_result_free(circuit);
            qn_linear_result_free(matrix);
            qn_linear_problem_free(p);
            qn_block_encoding_free(e);
            qn_sparse_free(m);
        }
    }
}

/* Every tier of a method that has a circuit gives the numbers of the circuit. */
static void tiers_are_equal(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double epsilon; /* no larger circuit than must be */
        qn_linear_tier others[2];
    } methods[] = {{"qsvt", 0.02, {QN_LINEAR_OPERATOR, QN_LINEAR_SPECTRAL}},
                   {"cks", 0.05, {QN_LINEAR_OPERATOR, QN_LINEAR_SPECTRAL}},
                   {"fourier", 0.05, {QN_LINEAR_OPERATOR, QN_LINEAR_SPECTRAL}},
                   {"shortcut", 0.02, {QN_LINEAR_OPERATOR}},
                   {"adiabatic", 0.1, {QN_LINEAR_SPECTRAL}}};
    uint64_t seed = qn_test_seed();
    for (unsigned kind = 0; kind < 8; kind++) {
        double b[2 * 4];
        const bool is_complex = kind % 2 == 1;
        qn_sparse *m = random_system(&seed, kind < 4 ? 4 : 3, is_complex, kind % 4 < 2, 5, b);
        qn_linear_problem *p = NULL;
        assert_ok(qn_linear_problem_create(context, m, b, is_complex, NULL, &p));
        for (size_t k = 0; k < sizeof methods / sizeof methods[0]; k++) {
            qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
            qn_linear_result *circuit = NULL, *other = NULL;
            qn_ledger ledger;
            options.method = methods[k].name;
            options.epsilon = methods[k].epsilon;
            options.tier = QN_LINEAR_GATE;
            assert_ok(qn_linear_solve(context, p, &options, &circuit));
            assert_true(circuit->cost.gates > 0 && circuit->qubits > 0);
            assert_ok(qn_linear_ledger(p, &options, &circuit->plan, circuit, NULL, NULL, NULL, &ledger));
            assert_true(ledger.loading_t_count.value > 0 && ledger.loading_t_count.value < ledger.t_count.value);
            assert_true(ledger.loading_gates.value <= ledger.toffoli_count.value);
            for (size_t t = 0; t < 2 && methods[k].others[t] != QN_LINEAR_AUTO; t++) {
                options.tier = methods[k].others[t];
                assert_ok(qn_linear_solve(context, p, &options, &other));
                for (size_t i = 0; i < p->width; i++) {
                    assert_near(circuit->x[i], other->x[i], 1e-10);
                }
                assert_near(circuit->success_probability, other->success_probability, 1e-10);
                assert_near(circuit->solution_norm, other->solution_norm, 1e-10);
                assert_near(circuit->queries, other->queries, 0);
                qn_linear_result_free(other);
            }
            qn_linear_result_free(circuit);
        }
        qn_linear_problem_free(p);
        qn_sparse_free(m);
    }
}

static void wrong_encodings(void **state)
{
    (void)state;
    qn_grid_matrix grid;
    qn_sparse *m = NULL;
    qn_block_encoding *e = NULL;
    assert_ok(qn_grid_matrix_parse("laplacian1d:8:shift=1", &grid));
    assert_ok(qn_grid_matrix_build(context, &grid, &m));
    qn_encoding_options wanted = QN_ENCODING_OPTIONS_INIT;
    wanted.kind = QN_ENCODING_FABLE;
    assert_ok(qn_block_encoding_create(context, m, &wanted, &e));
    qn_linear_problem *p = NULL;
    qn_linear_result *r = NULL;
    assert_ok(qn_linear_problem_create(context, m, NULL, false, NULL, &p));
    qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
    options.tier = QN_LINEAR_GATE;
    options.encoding = e;
    assert_fails(qn_linear_solve(context, p, &options, &r), QN_ERR_RANGE, "alpha 24");
    qn_linear_problem_free(p);
    qn_block_encoding_free(e);
    qn_sparse_free(m);
}

/* Queries times the gates of one. */
static void price(void **state)
{
    (void)state;
    qn_grid_matrix grid;
    qn_sparse *m = NULL;
    qn_encoding_cost cost;
    assert_ok(qn_grid_matrix_parse("laplacian2d:32x32:shift=0.5", &grid));
    assert_ok(qn_grid_matrix_build(context, &grid, &m));
    qn_encoding_options wanted = QN_ENCODING_OPTIONS_INIT;
    wanted.grid = &grid;
    assert_ok(qn_block_encoding_estimate(context, m, &wanted, &cost));
    assert_int_equal(cost.kind, QN_ENCODING_STRUCTURED);
    qn_linear_problem_options of = QN_LINEAR_PROBLEM_OPTIONS_INIT;
    qn_linear_problem *p = NULL;
    qn_linear_result *r = NULL;
    qn_ledger ledger;
    of.alpha = cost.alpha;
    of.grid = &grid;
    assert_ok(qn_linear_problem_create(context, m, NULL, false, &of, &p));
    qn_linear_options options = QN_LINEAR_OPTIONS_INIT;
    options.price = &cost;
    assert_ok(qn_linear_solve(context, p, &options, &r));
    assert_ok(qn_linear_ledger(p, &options, &r->plan, r, NULL, NULL, NULL, &ledger));
    /* the amplified circuit: so many calls of the counted one, with reflections between that are not counted */
    assert_true(r->amplification_rounds > 0);
    assert_near(ledger.queries.value, r->queries_amplified, 0);
    assert_near(ledger.toffoli_count.value, r->queries_amplified * cost.toffoli, 1e-9 * ledger.toffoli_count.value);
    assert_int_equal(ledger.toffoli_count.source, QN_SOURCE_MODELLED);
    const double angle = asin(sqrt(r->success_probability)), calls = 2 * r->amplification_rounds + 1;
    assert_near(ledger.success_probability.value, pow(sin(calls * angle), 2), 1e-12);
    assert_true(ledger.success_probability.value > 1 - r->success_probability); /* Boyer et al., quant-ph/9605034 */
    assert_near(ledger.qubits.value, cost.system + cost.ancillas + 2, 0);
    assert_near(ledger.loading_gates.value + ledger.loading_t_count.value, 0, 0); /* a formula is not loaded */
    assert_near(ledger.data_bytes.value, 0, 0);
    wanted.kind = QN_ENCODING_SPARSE; /* reads tables, formula or not */
    assert_ok(qn_block_encoding_estimate(context, m, &wanted, &cost));
    assert_ok(qn_linear_ledger(p, &options, &r->plan, r, NULL, NULL, NULL, &ledger));
    /* look-ups, and angles from them */
    const double each = (cost.t_count - 7 * cost.toffoli) / cost.rotations;
    assert_true(cost.loading_rotations > 0 && each > 90);
    const double loading = 7 * cost.loading_toffoli + cost.loading_rotations * each;
    assert_near(ledger.loading_gates.value / (r->queries_amplified * cost.loading_toffoli), 1, 1e-9);
    assert_near(ledger.loading_t_count.value / (r->queries_amplified * loading), 1, 1e-9);
    assert_near(ledger.data_bytes.value, 12 * (double)m->nonzeros, 0);
    qn_linear_result_free(r);
    qn_linear_problem_free(p);
    qn_sparse_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_kept), cmocka_unit_test(qsvt_over_encodings),
        cmocka_unit_test(tiers_are_equal), cmocka_unit_test(wrong_encodings),
        cmocka_unit_test(price),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
