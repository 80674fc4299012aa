/* test_product.c: overlap tests and matrix products: circuits against laws, laws against shots, books against norms. */
#include <qn_random.h>

#include <quern/quern.h>

static qn_context *context;

static int setup(void **state)
{
    (void)state;
    return qn_context_create(NULL, &context) == QN_OK ? 0 : 1;
}

static int teardown(void **state)
{
    (void)state;
    qn_context_free(context);
    return 0;
}

static double *random_numbers(qn_random *r, size_t count)
{
    double *out = calloc(count, sizeof *out);
    for (size_t k = 0; k < count; k++) {
        out[k] = qn_random_between(r, -1, 1);
    }
    return out;
}

static double dot(const double *x, const double *y, size_t count)
{
    double sum = 0;
    for (size_t k = 0; k < count; k++) {
        sum += x[k] * y[k];
    }
    return sum;
}

/* Gate tier against the law, to 1e-10. */
static void circuits_show_the_overlap(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    static const size_t sizes[] = {1, 2, 3, 4, 7, 16};
    for (size_t s = 0; s < 6; s++) {
        double *x = random_numbers(&r, sizes[s]), *y = random_numbers(&r, sizes[s]);
        const double overlap = dot(x, y, sizes[s]) / sqrt(dot(x, x, sizes[s]) * dot(y, y, sizes[s]));
        for (unsigned t = 0; t < 2; t++) {
            qn_circuit *circuit = NULL;
            qn_amplitude *amplitude = NULL;
            double one = 0;
            assert_ok(qn_overlap_circuit(context, (qn_overlap_test)t, x, y, sizes[s], &circuit));
            const uint32_t last = qn_circuit_qubits(circuit) - 1;
            assert_ok(qn_amplitude_of_circuit(context, circuit, last, &amplitude));
            assert_ok(qn_amplitude_probability(amplitude, 0, &one));
            assert_near(1 - one, t == 0 ? (1 + overlap * overlap) / 2 : (1 + overlap) / 2, 1e-10);
            assert_near(1 - one, qn_overlap_probability((qn_overlap_test)t, overlap), 1e-10);
            qn_amplitude_free(amplitude);
            qn_circuit_free(circuit);
        }
        free(x);
        free(y);
    }
}

static qn_product *multiply(const double *a, const double *b, size_t m, size_t k, size_t n, qn_product_method method,
                            double epsilon, bool gate)
{
    qn_product_options options = QN_PRODUCT_OPTIONS_INIT;
    options.method = method;
    options.epsilon = epsilon;
    options.gate = gate;
    qn_product *out = NULL;
    assert_ok(qn_product_run(context, a, b, m, k, n, &options, &out));
    return out;
}

/* BLAS against three plain loops; both errors and alpha against their definitions. */
static void books_are_right(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    enum { M = 7, K = 5, N = 9 };
    double *a = random_numbers(&r, (size_t)M * K), *b = random_numbers(&r, (size_t)K * N);
    qn_product *p = multiply(a, b, M, K, N, QN_PRODUCT_STATE, 0.02, false);
    double norm = 0, off = 0;
    for (size_t i = 0; i < M; i++) {
        for (size_t j = 0; j < N; j++) {
            double c = 0;
            for (size_t k = 0; k < K; k++) {
                c += a[i * K + k] * b[k * N + j];
            }
            assert_near(p->exact[i * N + j], c, 1e-14);
            norm += c * c;
            off += (p->quantum[i * N + j] - c) * (p->quantum[i * N + j] - c);
        }
    }
    assert_near(p->norm, sqrt(norm), 1e-12);
    assert_near(p->alpha_a, sqrt(dot(a, a, (size_t)M * K)), 1e-12);
    assert_near(p->alpha_b, sqrt(dot(b, b, (size_t)K * N)), 1e-12);
    assert_near(p->success_probability, norm / (dot(a, a, (size_t)M * K) * dot(b, b, (size_t)K * N)), 1e-12);
    assert_near(p->error_frobenius, sqrt(off / norm), 1e-12);
    assert_true(p->error_frobenius < 0.02 && p->error_frobenius > 0);
    /* Freivalds: rounding for the right product, and not for one read out */
    assert_true(p->freivalds_exact < 1e-14);
    assert_true(p->freivalds_quantum > 1e-6);
    qn_product_free(p);
    free(a);
    free(b);
}

/* Errors shrink with epsilon as they should; estimation asks as many questions as 1/epsilon, tests as 1/epsilon^2. */
static void errors_follow_epsilon(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    enum { M = 12, K = 8, N = 12 };
    double *a = random_numbers(&r, (size_t)M * K), *b = random_numbers(&r, (size_t)K * N);
    for (unsigned method = QN_PRODUCT_STATE; method <= QN_PRODUCT_ESTIMATE; method++) {
        qn_product *p = multiply(a, b, M, K, N, (qn_product_method)method, 0.08, false);
        qn_product *q = multiply(a, b, M, K, N, (qn_product_method)method, 0.01, false);
        qn_product *again = multiply(a, b, M, K, N, (qn_product_method)method, 0.01, false);
        const double ratio = q->queries_total / p->queries_total;
        if (method == QN_PRODUCT_STATE) {
            assert_true(p->error_frobenius < 0.08 && q->error_frobenius < 0.01);
        } else if (method == QN_PRODUCT_SWAP) {
            assert_true(q->error_rms < p->error_rms && q->error_rms < 0.04);
        } else {
            assert_true(q->error_rms < 0.012 && p->error_rms < 0.096);
        }
        if (method == QN_PRODUCT_ESTIMATE) {
            assert_true(ratio > 4 && ratio < 16);
        } else {
            assert_near(ratio, 64, 1);
        }
        assert_memory_equal(q->quantum, again->quantum, sizeof(double) * M * N);
        qn_product_free(p);
        qn_product_free(q);
        qn_product_free(again);
    }
    free(a);
    free(b);
}

/* Gate tier = operator tier: the same draws, so the same bits or probabilities that differ by rounding alone. */
static void tiers_agree(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    enum { M = 3, K = 5, N = 2 };
    double *a = random_numbers(&r, (size_t)M * K), *b = random_numbers(&r, (size_t)K * N);
    for (unsigned method = QN_PRODUCT_SWAP; method <= QN_PRODUCT_ESTIMATE; method++) {
        qn_product *p = multiply(a, b, M, K, N, (qn_product_method)method, 0.05, false);
        qn_product *q = multiply(a, b, M, K, N, (qn_product_method)method, 0.05, true);
        for (size_t k = 0; k < (size_t)M * N; k++) {
            assert_near(p->quantum[k], q->quantum[k], 1e-9);
        }
        qn_product_free(p);
        qn_product_free(q);
    }
    free(a);
    free(b);
}

/* Block-encodings of A, B and A B: alpha multiplies, and the success probability of method "product" is that of the
 * encoded A on the state of B. */
static void alpha_is_that_of_the_circuit(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    enum { N = 4 };
    double *a = random_numbers(&r, (size_t)N * N), *b = random_numbers(&r, (size_t)N * N);
    qn_sparse *sa = NULL, *sb = NULL;
    assert_ok(qn_sparse_from_dense(N, N, a, false, &sa));
    assert_ok(qn_sparse_from_dense(N, N, b, false, &sb));
    qn_encoding_options rows = QN_ENCODING_OPTIONS_INIT;
    rows.kind = QN_ENCODING_ROWS;
    qn_block_encoding *ea = NULL, *eb = NULL, *ec = NULL;
    assert_ok(qn_block_encoding_create(context, sa, &rows, &ea));
    assert_ok(qn_block_encoding_create(context, sb, &rows, &eb));
    assert_ok(qn_block_encoding_product(ea, eb, &ec));
    qn_product *p = multiply(a, b, N, N, N, QN_PRODUCT_STATE, 0.1, false);
    assert_near(ea->alpha, p->alpha_a, 1e-12);
    assert_near(ec->alpha, p->alpha_a * p->alpha_b, 1e-12);
    qn_complex encoded[N * N];
    assert_ok(qn_block_encoding_matrix(context, ec, encoded));
    for (size_t k = 0; k < (size_t)N * N; k++) {
        assert_near(encoded[k].re, p->exact[k], 1e-10);
    }
    /* columns of B through the circuit of A: the weight that stays on ancillas 0 */
    assert_ok(qn_block_encoding_matrix(context, ea, encoded));
    double kept = 0;
    for (size_t i = 0; i < N; i++) {
        for (size_t j = 0; j < N; j++) {
            double c = 0;
            for (size_t k = 0; k < N; k++) {
                c += encoded[i * N + k].re / ea->alpha * b[k * N + j] / p->alpha_b;
            }
            kept += c * c;
        }
    }
    assert_near(kept, p->success_probability, 1e-10);
    qn_product_free(p);
    qn_block_encoding_free(ea);
    qn_block_encoding_free(eb);
    qn_block_encoding_free(ec);
    qn_sparse_free(sa);
    qn_sparse_free(sb);
    free(a);
    free(b);
}

static void ledgers_are_filled(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    enum { N = 8 };
    double *a = random_numbers(&r, (size_t)N * N), *b = random_numbers(&r, (size_t)N * N);
    for (unsigned method = QN_PRODUCT_STATE; method <= QN_PRODUCT_ESTIMATE; method++) {
        qn_product *p = multiply(a, b, N, N, N, (qn_product_method)method, 0.1, false);
        qn_ledger ledger;
        qn_ledger_init(&ledger);
        assert_ok(qn_product_ledger(context, p, a, b, &ledger));
        assert_string_equal(ledger.workload, "matmul");
        assert_true(ledger.rotations.value > 0 && ledger.two_qubit_depth.value > 0 && ledger.qubits.value >= 4);
        assert_int_equal(ledger.rotations.source, method == 0 ? QN_SOURCE_MODELLED : QN_SOURCE_COUNTED);
        qn_advise(&ledger);
        assert_int_equal(ledger.verdict, QN_VERDICT_NO_ALGORITHM);
        assert_true(ledger.quantum_seconds_p50.value > 1e3 * p->gemm_seconds);
        qn_product_free(p);
    }
    free(a);
    free(b);
}

static void bad_input_is_refused(void **state)
{
    (void)state;
    double a[4] = {1, 0, 0, 0}, b[4] = {0, 0, 1, 1};
    qn_product_options options = QN_PRODUCT_OPTIONS_INIT;
    qn_product *p = NULL;
    assert_fails(qn_product_run(context, a, b, 2, 2, 2, &options, &p), QN_ERR_ARGUMENT, "product is zero");
    assert_fails(qn_product_run(context, a, b, 0, 2, 2, &options, &p), QN_ERR_SHAPE, "0 x 2");
    options.epsilon = 1;
    assert_fails(qn_product_run(context, a, a, 2, 2, 2, &options, &p), QN_ERR_RANGE, "epsilon");
    options.epsilon = 0.1;
    options.gate = true;
    assert_fails(qn_product_run(context, a, a, 2, 2, 2, &options, &p), QN_ERR_ARGUMENT, "no circuit");
    options.gate = false;
    b[3] = (double)NAN;
    assert_fails(qn_product_run(context, a, b, 2, 2, 2, &options, &p), QN_ERR_NAN, "1, 1 of the second");
    qn_product_method method = QN_PRODUCT_STATE;
    assert_fails(qn_product_method_from_name("swop", &method), QN_ERR_NAME, "swop");
    qn_circuit *circuit = NULL;
    assert_fails(qn_overlap_circuit(context, QN_OVERLAP_SWAP, a, (double[]){0, 0}, 2, &circuit), QN_ERR_ARGUMENT, "");
    assert_null(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(circuits_show_the_overlap),    cmocka_unit_test(books_are_right),
        cmocka_unit_test(errors_follow_epsilon),        cmocka_unit_test(tiers_agree),
        cmocka_unit_test(alpha_is_that_of_the_circuit), cmocka_unit_test(ledgers_are_filled),
        cmocka_unit_test(bad_input_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
