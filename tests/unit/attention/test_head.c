/* test_head.c: the softmax polynomial against the exponential and as phases of a circuit; an attention head against
 * plain loops; its alpha against block-encodings of circuits. */
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

static double *random_numbers(qn_random *r, size_t count, double size)
{
    double *out = calloc(count, sizeof *out);
    for (size_t k = 0; k < count; k++) {
        out[k] = qn_random_between(r, -size, size);
    }
    return out;
}

/* T_k(t) = cos(k acos t) */
static double chebyshev(const double *c, uint32_t degree, double t)
{
    double sum = 0;
    for (uint32_t k = 0; k <= degree; k++) {
        sum += c[k] * cos(k * acos(t));
    }
    return sum;
}

/* The error is what the left-out coefficients say, and largest at t = 1. I_0(1) = 1.2660658777520083,
 * I_1(1) = 0.5651591039924851, I_2(1) = 0.1357476697670383 (Abramowitz and Stegun, table 9.8 and its continuation). */
static void polynomial_is_as_good_as_told(void **state)
{
    (void)state;
    double c[401], left = 0;
    assert_ok(qn_softmax_polynomial(1, 2, c, &left));
    assert_near(c[0], exp(-1) * 1.2660658777520083, 1e-14);
    assert_near(c[1], 2 * exp(-1) * 0.5651591039924851, 1e-14);
    assert_near(c[2], 2 * exp(-1) * 0.1357476697670383, 1e-14);
    static const double betas[] = {0, 0.01, 0.5, 3, 12, 80, 500};
    for (size_t b = 0; b < 7; b++) {
        for (uint32_t degree = 0; degree <= 400; degree = degree * 2 + 1) {
            assert_ok(qn_softmax_polynomial(betas[b], degree, c, &left));
            double worst = 0;
            for (int k = 0; k <= 2000; k++) {
                const double t = -1 + k / 1000.0;
                worst = fmax(worst, fabs(chebyshev(c, degree, t) - exp(betas[b] * (t - 1))));
            }
            assert_near(worst, left, 1e-12);
            assert_true(degree > 0 || betas[b] > 0 || left == 0);
        }
    }
    /* degree grows as sqrt(beta ln(1/eps)): 4 sqrt(beta) is more than enough for 1e-3 at beta = 80 */
    assert_ok(qn_softmax_polynomial(80, 36, c, &left));
    assert_true(left < 1e-3);
    assert_fails(qn_softmax_polynomial(1000, 10, c, &left), QN_ERR_RANGE, "beta");
    assert_fails(qn_softmax_polynomial(1, 5000, c, &left), QN_ERR_RANGE, "degree");
}

/* Both parities have phases, and the circuit of each gives its part: what QSVT of a diagonal does to every entry. */
static void phases_make_the_polynomial(void **state)
{
    (void)state;
    enum { DEGREE = 21 };
    const double beta = 6, shrink = 0.9;
    double c[DEGREE + 1], phases[DEGREE + 1];
    assert_ok(qn_softmax_polynomial(beta, DEGREE, c, NULL));
    for (int step = -8; step <= 8; step++) {
        const double t = step / 8.0;
        double sum = 0;
        for (uint32_t parity = 0; parity < 2; parity++) {
            const uint64_t degree = parity == 0 ? DEGREE - 1 : DEGREE;
            qn_qsp_polynomial *p = NULL;
            qn_qsp_report report;
            assert_ok(qn_qsp_polynomial_create(degree, &p));
            for (size_t k = 0; k < p->count; k++) {
                p->coefficient[k] = shrink * c[2 * k + parity];
            }
            assert_ok(qn_qsp_phases(context, p, QN_QSP_AUTO, 0, phases, &report));
            assert_true(report.converged);
            sum += qn_qsp_response(phases, degree, t).im / shrink;
            qn_qsp_polynomial_free(p);
        }
        assert_near(sum, chebyshev(c, DEGREE, t), 1e-10);
    }
}

typedef struct head {
    qn_attention_input in;
    double *arrays[4];
} head;

static head random_head(qn_random *r, size_t tokens, size_t width, size_t part, double size, bool causal)
{
    head h = {.arrays = {random_numbers(r, tokens * width, 1), random_numbers(r, width * part, size),
                         random_numbers(r, width * part, size), random_numbers(r, width * part, 1)}};
    h.in = (qn_attention_input){tokens, width, part, h.arrays[0], h.arrays[1], h.arrays[2], h.arrays[3], causal};
    return h;
}

static void free_head(head *h)
{
    for (size_t k = 0; k < 4; k++) {
        free(h->arrays[k]);
    }
}

/* x W for one row and column. */
static double entry(const qn_attention_input *in, size_t i, const double *w, size_t c)
{
    double sum = 0;
    for (size_t k = 0; k < in->width; k++) {
        sum += in->x[i * in->width + k] * w[k * in->head + c];
    }
    return sum;
}

static double score(const qn_attention_input *in, size_t i, size_t j)
{
    double sum = 0;
    for (size_t c = 0; c < in->head; c++) {
        sum += entry(in, i, in->query, c) * entry(in, j, in->key, c);
    }
    return sum / sqrt((double)in->head);
}

static double norm2(const double *x, size_t count)
{
    double sum = 0;
    for (size_t k = 0; k < count; k++) {
        sum += x[k] * x[k];
    }
    return sum;
}

/* One row from the definitions: exact weights, quantum weights, output, success. */
static void check_row(const head *h, const qn_attention *a, size_t i)
{
    const qn_attention_input *const in = &h->in;
    const size_t seen = in->causal ? i + 1 : in->tokens;
    double c[2001], exact[16], sum = 0, kept = 0, length = 0, whole = 0;
    assert_ok(qn_softmax_polynomial(a->beta, a->degree, c, NULL));
    for (uint32_t k = 0; k <= a->degree; k++) {
        whole += c[k];
    }
    double p[16], high = -1e9;
    for (size_t j = 0; j < seen; j++) {
        high = fmax(high, score(in, i, j));
    }
    const double shift = high - a->score_spread / 2;
    for (size_t j = 0; j < seen; j++) {
        exact[j] = exp(score(in, i, j));
        p[j] = chebyshev(c, a->degree, (score(in, i, j) - shift) / a->beta);
        sum += exact[j];
        kept += p[j];
    }
    for (size_t j = 0; j < seen; j++) {
        assert_near(a->exact_weights[i * in->tokens + j], exact[j] / sum, 1e-12);
        assert_near(a->weights[i * in->tokens + j], p[j] / kept, 1e-10);
    }
    for (size_t k = 0; k < in->head; k++) {
        double o = 0;
        for (size_t j = 0; j < seen; j++) {
            o += p[j] * entry(in, j, in->value, k);
        }
        assert_near(a->output[i * in->head + k], o / kept, 1e-10);
        length += o * o;
    }
    const double alpha2 = norm2(in->x, in->tokens * in->width) * norm2(in->value, in->width * in->head);
    assert_near(a->success[i] / (length / ((double)seen * whole * whole * alpha2)), 1, 1e-9);
}

static void heads_follow_the_definitions(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    for (unsigned causal = 0; causal < 2; causal++) {
        head h = random_head(&r, 9, 6, 3, 1.5, causal == 1);
        double before = 1e9, epsilon = 0.3;
        for (unsigned round = 0; round < 6; round++, epsilon /= 30) {
            qn_attention_options o = QN_ATTENTION_OPTIONS_INIT;
            o.epsilon = epsilon;
            qn_attention *a = NULL;
            assert_ok(qn_attention_run(context, &h.in, &o, &a));
            assert_true(a->softmax_error <= epsilon && a->softmax_error <= a->softmax_bound * (1 + 1e-9) + 1e-14);
            assert_true(a->output_error < before && a->success_least > 0);
            before = a->output_error * 1.0000001;
            for (size_t i = 0; i < a->tokens; i++) {
                check_row(&h, a, i);
            }
            for (size_t k = 0; k < a->curve_count; k++) {
                assert_true(a->curve_error[k] <= a->curve_bound[k] * (1 + 1e-9) + 1e-13);
            }
            /* one degree less does not reach epsilon */
            o.degree = a->degree - 1;
            qn_attention *less = NULL;
            if (o.degree > 0) {
                assert_ok(qn_attention_run(context, &h.in, &o, &less));
                assert_true(less->softmax_error > epsilon);
            }
            qn_attention_free(less);
            qn_attention_free(a);
        }
        free_head(&h);
    }
}

/* Four block-encodings by rows, multiplied: the circuit encodes the scores with the alpha that the head is billed. */
static void alpha_is_that_of_the_circuit(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    enum { N = 2 };
    head h = random_head(&r, N, N, N, 1, false);
    qn_sparse *m[3];
    qn_block_encoding *e[3], *adjoint[2], *product[3];
    qn_encoding_options rows = QN_ENCODING_OPTIONS_INIT;
    rows.kind = QN_ENCODING_ROWS;
    for (size_t k = 0; k < 3; k++) {
        assert_ok(qn_sparse_from_dense(N, N, h.arrays[k], false, &m[k]));
        assert_ok(qn_block_encoding_create(context, m[k], &rows, &e[k]));
    }
    assert_ok(qn_block_encoding_adjoint(e[0], &adjoint[0]));
    assert_ok(qn_block_encoding_adjoint(e[2], &adjoint[1]));
    assert_ok(qn_block_encoding_product(e[0], e[1], &product[0]));
    assert_ok(qn_block_encoding_product(product[0], adjoint[1], &product[1]));
    assert_ok(qn_block_encoding_product(product[1], adjoint[0], &product[2]));
    qn_attention *a = NULL;
    assert_ok(qn_attention_run(context, &h.in, NULL, &a));
    assert_near(product[2]->alpha / sqrt(N), a->alpha_scores, 1e-12);
    qn_complex encoded[N * N];
    assert_ok(qn_block_encoding_matrix(context, product[2], encoded));
    for (size_t k = 0; k < (size_t)N * N; k++) {
        assert_near(encoded[k].re / sqrt(N), score(&h.in, k / N, k % N), 1e-10);
    }
    /* entry by entry: squares of the scores at alpha squared, the first of the Hadamard powers */
    qn_block_encoding *square = NULL;
    assert_ok(qn_block_encoding_hadamard(product[0], product[0], &square));
    assert_near(square->alpha, product[0]->alpha * product[0]->alpha, 1e-12);
    assert_ok(qn_block_encoding_matrix(context, square, encoded));
    for (size_t k = 0; k < (size_t)N * N; k++) {
        const double q = entry(&h.in, k / N, h.in.query, k % N);
        assert_near(encoded[k].re, q * q, 1e-10);
    }
    qn_block_encoding_free(square);
    for (size_t k = 0; k < 3; k++) {
        qn_sparse_free(m[k]);
        qn_block_encoding_free(e[k]);
        qn_block_encoding_free(product[k]);
    }
    qn_block_encoding_free(adjoint[0]);
    qn_block_encoding_free(adjoint[1]);
    qn_attention_free(a);
    free_head(&h);
}

static void bad_input_is_refused(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    head h = random_head(&r, 4, 4, 2, 1, true);
    qn_attention_options o = QN_ATTENTION_OPTIONS_INIT;
    qn_attention *a = NULL;
    o.epsilon = 3;
    assert_fails(qn_attention_run(context, &h.in, &o, &a), QN_ERR_RANGE, "epsilon");
    o.epsilon = 0.1;
    o.margin = 0.9;
    assert_fails(qn_attention_run(context, &h.in, &o, &a), QN_ERR_RANGE, "margin");
    o.margin = 0;
    h.in.tokens = 0;
    assert_fails(qn_attention_run(context, &h.in, &o, &a), QN_ERR_SHAPE, "0 tokens");
    h.in.tokens = 4;
    h.arrays[1][3] = (double)NAN;
    assert_fails(qn_attention_run(context, &h.in, &o, &a), QN_ERR_NAN, "query");
    memset(h.arrays[1], 0, 8 * sizeof(double));
    assert_fails(qn_attention_run(context, &h.in, &o, &a), QN_ERR_ARGUMENT, "scores are 0");
    h.arrays[1][0] = 1e6;
    assert_fails(qn_attention_run(context, &h.in, &o, &a), QN_ERR_RANGE, "spread over");
    assert_null(a);
    free_head(&h);
}

/* The amplification's polynomial: odd, near the line inside, below 1 everywhere, against sums of cosines; its degree
 * grows in proportion to gamma / margin. */
static void amplifies(void **state)
{
    (void)state;
    static const struct {
        double gamma, margin, epsilon;
    } cases[] = {{0.5, 0.1, 1e-3}, {1.5, 0.1, 1e-3},  {20, 0.1, 1e-3},
                 {20, 0.5, 1e-6},  {300, 0.25, 1e-2}, {7, 0.1, 1e-9}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        qn_amplification *p = NULL;
        assert_ok(qn_amplification_create(cases[i].gamma, cases[i].margin, cases[i].epsilon, &p));
        const double edge = fmin(1, (1 - cases[i].margin) / cases[i].gamma);
        double worst = 0;
        for (int k = -50; k <= 50; k++) {
            const double x = edge * k / 50, wide = k / 50.0;
            double sum = 0;
            for (uint32_t j = 1; j <= p->degree; j += 2) {
                sum += p->coefficients[j] * cos(j * acos(x));
            }
            assert_near(qn_amplification_value(p, x), sum, 1e-9);
            worst = fmax(worst, fabs(sum - cases[i].gamma * x));
            assert_true(fabs(qn_amplification_value(p, wide)) <= 1);
        }
        assert_true(worst <= cases[i].epsilon && p->error <= cases[i].epsilon && p->largest <= 1);
        assert_true(worst <= p->error * 1.05 + 1e-12);
        for (uint32_t j = 0; j <= p->degree; j += 2) {
            assert_true(fabs(p->coefficients[j]) <= 0);
        }
        qn_amplification_free(p);
    }
    qn_amplification *one = NULL, *two = NULL, *none = NULL;
    assert_ok(qn_amplification_create(200, 0.2, 1e-3, &one));
    assert_ok(qn_amplification_create(400, 0.2, 1e-3, &two));
    assert_near((double)two->degree / one->degree, 2, 0.01);
    qn_amplification_free(one);
    qn_amplification_free(two);
    assert_fails(qn_amplification_create(0, 0.1, 1e-3, &none), QN_ERR_RANGE, "amplification by 0");
    assert_fails(qn_amplification_create(2, 1, 1e-3, &none), QN_ERR_RANGE, "margin");
    assert_fails(qn_amplification_create(2, 0.1, 0, &none), QN_ERR_RANGE, "epsilon");
    assert_fails(qn_amplification_create(1e9, 0.1, 1e-3, &none), QN_ERR_TOO_LARGE, "up to");
    assert_null(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(amplifies),
        cmocka_unit_test(polynomial_is_as_good_as_told),
        cmocka_unit_test(phases_make_the_polynomial),
        cmocka_unit_test(heads_follow_the_definitions),
        cmocka_unit_test(alpha_is_that_of_the_circuit),
        cmocka_unit_test(bad_input_is_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
