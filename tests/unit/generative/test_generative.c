/* test_generative.c: models of bit strings against their definitions, gradients against differences, estimates against
 * exact values. */
#include <math.h>

#include <qn_test.h>

#include <quern/circuit.h>
#include <quern/generative.h>

#include "base/rng.h"
#include "dense.h"
#include "learn/generative.h"

static qn_generative_model *random_model(qn_generative_kind kind, uint32_t bits, double spread)
{
    qn_generative_options options = QN_GENERATIVE_OPTIONS_INIT;
    qn_generative_model *model = NULL;
    qn_context *context = NULL;
    assert_ok(qn_context_create(NULL, &context));
    options.kind = kind;
    options.weight = 3;
    assert_ok(qn__gates_choose(context, bits, &options, &model));
    for (size_t j = 0; j < model->nparameters; j++) {
        model->parameters[j] = spread * qn__random_normal(9, 0, j);
    }
    qn_context_free(context);
    return model;
}

/* The circuit itself, gate by gate: exp(i theta X...X) is the rotation of angle -2 theta. */
static dense_complex *state_of(const qn_generative_model *model)
{
    qn_circuit *circuit = NULL;
    assert_ok(qn_circuit_create(model->bits, &circuit));
    for (size_t j = 0; j < model->ngates; j++) {
        uint32_t qubits[16], count = 0;
        for (uint32_t q = 0; q < model->bits; q++) {
            if (model->masks[j] >> q & 1) {
                qubits[count++] = q;
            }
        }
        assert_ok(qn_circuit_append_pauli_rotation(circuit, &"XXX"[3 - count], qubits, count,
                                                   QN_PARAM(-2 * model->parameters[j])));
    }
    dense_complex *state = dense_state(circuit, NULL, 0);
    qn_circuit_free(circuit);
    return state;
}

static double parity_mean(const double *p, uint32_t bits, uint64_t mask)
{
    double sum = 0;
    for (uint64_t x = 0; x < UINT64_C(1) << bits; x++) {
        sum += __builtin_parityll(x & mask) ? -p[x] : p[x];
    }
    return sum;
}

static void test_iqp_is_its_circuit(void **unused)
{
    (void)unused;
    enum { BITS = 5, SIZE = 1 << BITS };
    qn_context *context = NULL;
    double p[SIZE];
    assert_ok(qn_context_create(NULL, &context));
    qn_generative_model *model = random_model(QN_GENERATIVE_IQP, BITS, .7);
    dense_complex *state = state_of(model);
    assert_ok(qn_generative_probabilities(context, model, p));
    for (uint64_t x = 0; x < SIZE; x++) {
        const double exact = creal(state[x]) * creal(state[x]) + cimag(state[x]) * cimag(state[x]);
        assert_true(fabs(p[x] - exact) < 1e-12);
    }
    for (uint64_t a = 0; a < SIZE; a++) {
        double value = 0;
        assert_ok(qn_generative_expectation(model, &a, 0, 0, &value));
        assert_true(fabs(value - parity_mean(p, BITS, a)) < 1e-12);
    }
    free(state);
    qn_generative_model_free(model);
    qn_context_free(context);
}

/* The twin is a mixture of flips: apply them one by one to the distribution. */
static void test_bitflip_is_its_channel(void **unused)
{
    (void)unused;
    enum { BITS = 5, SIZE = 1 << BITS };
    qn_context *context = NULL;
    double p[SIZE], q[SIZE] = {1}, r[SIZE];
    assert_ok(qn_context_create(NULL, &context));
    qn_generative_model *model = random_model(QN_GENERATIVE_BITFLIP, BITS, .9); /* some cosines are negative */
    for (size_t j = 0; j < model->ngates; j++) {
        const double flip = sin(model->parameters[j]) * sin(model->parameters[j]);
        for (size_t x = 0; x < SIZE; x++) {
            r[x] = (1 - flip) * q[x] + flip * q[x ^ model->masks[j]];
        }
        memcpy(q, r, sizeof q);
    }
    assert_ok(qn_generative_probabilities(context, model, p));
    for (uint64_t x = 0; x < SIZE; x++) {
        assert_true(fabs(p[x] - q[x]) < 1e-12);
        double value = 0;
        assert_ok(qn_generative_expectation(model, &x, 0, 0, &value));
        assert_true(fabs(value - parity_mean(q, BITS, x)) < 1e-12);
    }
    qn_generative_model_free(model);
    qn_context_free(context);
}

static const double widths[2] = {.8, 1.7};

static void check_gradient(qn_generative_kind kind, bool exact)
{
    enum { BITS = 6 };
    qn_context *context = NULL;
    qn_bit_table *data = NULL;
    qn__trainee trainee = {0};
    qn_generative_options options = QN_GENERATIVE_OPTIONS_INIT;
    options.operators = 70;
    options.samples = 90;
    assert_ok(qn_context_create(NULL, &context));
    assert_ok(qn_bit_table_generate(QN_BIT_SOURCE_BLOBS, BITS, 200, 3, &data));
    qn_generative_model *model = random_model(kind, BITS, .3);
    assert_ok(exact ? qn__gates_exact(context, model, data, widths, 2, false, &trainee)
                    : qn__gates_sampled(context, model, data, widths, 2, &options, &trainee));
    double gradient[64], other[64], loss = 0, above = 0, below = 0;
    const double step = exact ? 1e-5 : 1e-3, tolerance = exact ? 1e-9 : 5e-4; /* sampled: single precision */
    assert_true(model->nparameters <= 64);
    assert_ok(trainee.evaluate(trainee.user, model->parameters, 4, &loss, gradient));
    for (size_t j = 0; j < model->nparameters; j++) {
        const double keep = model->parameters[j];
        model->parameters[j] = keep + step;
        assert_ok(trainee.evaluate(trainee.user, model->parameters, 4, &above, other));
        model->parameters[j] = keep - step;
        assert_ok(trainee.evaluate(trainee.user, model->parameters, 4, &below, other));
        model->parameters[j] = keep;
        assert_true(fabs((above - below) / (2 * step) - gradient[j]) < tolerance);
    }
    trainee.close(trainee.user);
    qn_generative_model_free(model);
    qn_bit_table_free(data);
    qn_context_free(context);
}

static void test_gradients(void **unused)
{
    (void)unused;
    check_gradient(QN_GENERATIVE_IQP, true);
    check_gradient(QN_GENERATIVE_BITFLIP, true);
    check_gradient(QN_GENERATIVE_IQP, false);
    check_gradient(QN_GENERATIVE_BITFLIP, false);
}

/* Gradients of the models of other kinds, from training for no step but one: the trainees' own. */
static void check_other_gradient(qn_generative_kind kind, bool divergence, double tolerance)
{
    enum { BITS = 3, SIZE = 1 << BITS, MOST = 64 };
    qn_context *context = NULL;
    qn_bit_table *data = NULL;
    qn_generative_model *model = NULL;
    qn__trainee trainee = {0};
    const uint32_t hidden = kind == QN_GENERATIVE_RBM ? 4 : 0, layers = kind == QN_GENERATIVE_QCBM ? 2 : 0;
    assert_ok(qn_context_create(NULL, &context));
    assert_ok(qn_bit_table_generate(QN_BIT_SOURCE_BLOBS, BITS, 100, 3, &data));
    assert_ok(qn__model_create(kind, BITS, 0, qn__model_parameters(kind, BITS, hidden, layers, 0), &model));
    model->hidden = hidden;
    model->layers = layers;
    for (size_t k = 0; k < model->nparameters; k++) {
        model->parameters[k] = .4 * qn__random_normal(11, 0, k);
    }
    assert_ok(kind == QN_GENERATIVE_RBM    ? qn__rbm_exact(context, model, data, widths, 2, &trainee)
              : kind == QN_GENERATIVE_QCBM ? qn__qcbm_trainee(context, model, data, widths, 2, divergence, &trainee)
                                           : qn__qbm_trainee(context, model, data, &trainee));
    double gradient[MOST], other[MOST], p[SIZE], seen[SIZE], loss[2];
    assert_true(model->nparameters <= MOST);
    qn__bit_table_histogram(data, seen);
    assert_ok(trainee.evaluate(trainee.user, model->parameters, 0, loss, gradient));
    for (size_t k = 0; k < model->nparameters; k++) {
        const double keep = model->parameters[k];
        for (int side = 0; side < 2; side++) {
            model->parameters[k] = keep + (side == 0 ? 1e-5 : -1e-5);
            assert_ok(trainee.evaluate(trainee.user, model->parameters, 0, &loss[side], other));
            if (kind == QN_GENERATIVE_RBM) { /* its gradient is that of the likelihood, by definition: */
                assert_ok(qn_generative_probabilities(context, model, p));
                loss[side] = 0;
                for (size_t x = 0; x < SIZE; x++) {
                    loss[side] -= seen[x] * log(p[x]);
                }
            }
        }
        model->parameters[k] = keep;
        assert_true(fabs((loss[0] - loss[1]) / 2e-5 - gradient[k]) < tolerance);
    }
    trainee.close(trainee.user);
    qn_generative_model_free(model);
    qn_bit_table_free(data);
    qn_context_free(context);
}

static void test_other_gradients(void **unused)
{
    (void)unused;
    check_other_gradient(QN_GENERATIVE_RBM, false, 1e-8);
    check_other_gradient(QN_GENERATIVE_QCBM, false, 1e-8);
    check_other_gradient(QN_GENERATIVE_QCBM, true, 1e-6);
    check_other_gradient(QN_GENERATIVE_QBM, false, 1e-8);
}

static void test_discriminator(void **unused)
{
    (void)unused;
    enum { BITS = 3, SIZE = 1 << BITS, MOST = 128 };
    double parameters[MOST], gradient[MOST], slopes[SIZE], logits[2][SIZE];
    const size_t count = qn__discriminator_parameters(BITS);
    assert_true(count <= MOST);
    for (size_t k = 0; k < MOST; k++) {
        parameters[k] = .5 * qn__random_normal(13, 0, k);
        slopes[k % SIZE] = qn__random_normal(13, 1, k);
    }
    qn__discriminator_gradient(BITS, parameters, slopes, gradient);
    for (size_t k = 0; k < count; k++) {
        const double keep = parameters[k];
        double difference = 0;
        parameters[k] = keep + 1e-5;
        qn__discriminator_logits(BITS, parameters, logits[0]);
        parameters[k] = keep - 1e-5;
        qn__discriminator_logits(BITS, parameters, logits[1]);
        parameters[k] = keep;
        for (size_t x = 0; x < SIZE; x++) {
            difference += slopes[x] * (logits[0][x] - logits[1][x]) / 2e-5;
        }
        assert_true(fabs(difference - gradient[k]) < 1e-8);
    }
}

/* p(v) ~ sum over all hidden strings, and Gibbs chains that draw from it. */
static void test_rbm_by_definition(void **unused)
{
    (void)unused;
    enum { BITS = 4, HIDDEN = 3, SIZE = 1 << BITS, ROWS = 4000 };
    qn_context *context = NULL;
    qn_generative_model *model = NULL;
    qn_bit_table *rows = NULL;
    double p[SIZE], seen[SIZE], expected[SIZE] = {0}, z = 0, chi2 = 0;
    assert_ok(qn_context_create(NULL, &context));
    assert_ok(qn__model_create(QN_GENERATIVE_RBM, BITS, 0, BITS * HIDDEN + BITS + HIDDEN, &model));
    model->hidden = HIDDEN;
    for (size_t k = 0; k < model->nparameters; k++) {
        model->parameters[k] = .5 * qn__random_normal(12, 0, k);
    }
    for (uint32_t v = 0; v < SIZE; v++) {
        for (uint32_t h = 0; h < 1 << HIDDEN; h++) {
            double energy = 0;
            for (uint32_t q = 0; q < BITS; q++) {
                energy += (v >> q & 1) * model->parameters[BITS * HIDDEN + q];
                for (uint32_t j = 0; j < HIDDEN; j++) {
                    energy += (v >> q & 1) * (h >> j & 1) * model->parameters[j * BITS + q];
                }
            }
            for (uint32_t j = 0; j < HIDDEN; j++) {
                energy += (h >> j & 1) * model->parameters[BITS * HIDDEN + BITS + j];
            }
            expected[v] += exp(energy);
        }
        z += expected[v];
    }
    assert_ok(qn_generative_probabilities(context, model, p));
    assert_ok(qn__rbm_sample(context, model, ROWS, 5, &rows));
    qn__bit_table_histogram(rows, seen);
    for (size_t v = 0; v < SIZE; v++) {
        assert_true(fabs(p[v] - expected[v] / z) < 1e-12);
        chi2 += ROWS * (seen[v] - p[v]) * (seen[v] - p[v]) / p[v];
    }
    assert_true(chi2 < SIZE + 6 * sqrt(2.0 * SIZE));
    qn_bit_table_free(rows);
    qn_generative_model_free(model);
    qn_context_free(context);
}

/* Gaps fall as published: uniform and quantum proposals, Layden et al., Nature 619, 282 (2023), with wide margins for
 * few instances. A hot chain of any-string proposals accepts all: its gap is 1. */
static void test_chain_gaps(void **unused)
{
    (void)unused;
    qn_context *context = NULL;
    qn_chain_gaps rows[4], hot;
    assert_ok(qn_context_create(NULL, &context));
    for (uint32_t n = 3; n <= 6; n++) {
        assert_ok(qn_generative_chain_gaps(context, n, 12, 1, 1, &rows[n - 3]));
    }
    const double uniform = qn_generative_chain_rate(rows, 4, QN_CHAIN_UNIFORM),
                 quantum = qn_generative_chain_rate(rows, 4, QN_CHAIN_QUANTUM);
    assert_true(uniform > .75 && uniform < 1.15 && quantum > .1 && quantum < .42);
    assert_ok(qn_generative_chain_gaps(context, 4, 2, 1e9, 1, &hot));
    assert_true(fabs(hot.mean[QN_CHAIN_UNIFORM] - 1) < 1e-6);
    assert_int_equal(qn_generative_chain_gaps(context, 1, 2, 1, 1, &hot), QN_ERR_RANGE);
    qn_context_free(context);
}

/* 10,000 estimates from a few masks and strings average to the exact, unbiased MMD^2 within five standard errors. */
static void test_estimate_is_unbiased(void **unused)
{
    (void)unused;
    enum { BITS = 6, SEEDS = 10000 };
    qn_context *context = NULL;
    qn_bit_table *data = NULL;
    qn__trainee trainee = {0};
    qn_generative_score score;
    qn_generative_options options = QN_GENERATIVE_OPTIONS_INIT;
    options.operators = 16;
    options.samples = 8;
    assert_ok(qn_context_create(NULL, &context));
    assert_ok(qn_bit_table_generate(QN_BIT_SOURCE_BLOBS, BITS, 50, 3, &data));
    qn_generative_model *model = random_model(QN_GENERATIVE_IQP, BITS, .3);
    assert_ok(qn__gates_sampled(context, model, data, widths, 1, &options, &trainee));
    assert_ok(qn_generative_evaluate(context, model, data, widths, 1, 1, &score));
    double sum = 0, squares = 0, gradient[64];
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        double loss = 0;
        assert_ok(trainee.evaluate(trainee.user, model->parameters, seed, &loss, gradient));
        sum += loss;
        squares += loss * loss;
    }
    const double mean = sum / SEEDS, error = sqrt((squares / SEEDS - mean * mean) / SEEDS);
    assert_true(fabs(mean - score.mmd2[0]) < 5 * error);
    assert_true(error < .05 * fabs(score.mmd2[0])); /* or the line above says little */
    trainee.close(trainee.user);
    qn_generative_model_free(model);
    qn_bit_table_free(data);
    qn_context_free(context);
}

/* MMD^2 of fair coins by the sum over pairs of strings and data, without the Walsh basis. */
static void test_score_by_definition(void **unused)
{
    (void)unused;
    enum { BITS = 4, SIZE = 1 << BITS };
    qn_context *context = NULL;
    qn_bit_table *data = NULL;
    qn_generative_score score;
    double p[SIZE];
    assert_ok(qn_context_create(NULL, &context));
    assert_ok(qn_bit_table_generate(QN_BIT_SOURCE_BARS, BITS, 40, 3, &data));
    qn_generative_model *model = random_model(QN_GENERATIVE_IQP, BITS, .5);
    assert_ok(qn_generative_probabilities(context, model, p));
    assert_ok(qn_generative_evaluate(context, model, data, widths, 2, 1, &score));
    for (size_t s = 0; s < 2; s++) {
        double both = 0, cross = 0, pairs = 0;
        const double scale = 2 * widths[s] * widths[s];
        for (uint64_t x = 0; x < SIZE; x++) {
            for (uint64_t y = 0; y < SIZE; y++) {
                both += p[x] * p[y] * exp(-(double)__builtin_popcountll(x ^ y) / scale);
            }
            for (size_t r = 0; r < data->rows; r++) {
                cross += p[x] * exp(-(double)__builtin_popcountll(x ^ data->data[r]) / scale) / (double)data->rows;
            }
        }
        for (size_t r = 0; r < data->rows; r++) {
            for (size_t t = 0; t < data->rows; t++) {
                pairs += r == t ? 0 : exp(-(double)__builtin_popcountll(data->data[r] ^ data->data[t]) / scale);
            }
        }
        pairs /= (double)data->rows * (double)(data->rows - 1);
        assert_true(fabs(score.mmd2[s] - (both - 2 * cross + pairs)) < 1e-12);
    }
    qn_generative_model_free(model);
    qn_bit_table_free(data);
    qn_context_free(context);
}

static void test_files_and_samples(void **unused)
{
    (void)unused;
    enum { BITS = 6, SIZE = 1 << BITS, ROWS = 40000 };
    static const char path[] = "generative_model_test.json";
    qn_context *context = NULL;
    double p[SIZE], seen[SIZE];
    assert_ok(qn_context_create(NULL, &context));
    for (int kind = 0; kind < 2; kind++) {
        qn_generative_model *model = random_model((qn_generative_kind)kind, BITS, .4), *again = NULL;
        qn_bit_table *rows = NULL;
        assert_ok(qn_generative_write(path, model));
        assert_ok(qn_generative_read(path, &again));
        assert_int_equal(again->kind, model->kind);
        assert_memory_equal(again->parameters, model->parameters, model->nparameters * sizeof(double));
        assert_memory_equal(again->masks, model->masks, model->ngates * sizeof(uint64_t));
        assert_ok(qn_generative_probabilities(context, again, p));
        assert_ok(qn_generative_sample(context, again, ROWS, 1, &rows));
        qn__bit_table_histogram(rows, seen);
        double chi2 = 0;
        for (size_t x = 0; x < SIZE; x++) {
            chi2 += ROWS * (seen[x] - p[x]) * (seen[x] - p[x]) / fmax(p[x], 1e-12);
        }
        assert_true(chi2 < SIZE + 6 * sqrt(2.0 * SIZE));
        qn_bit_table_free(rows);
        qn_generative_model_free(model);
        qn_generative_model_free(again);
    }
    assert_int_equal(remove(path), 0);
    qn_context_free(context);
}

static void test_refusals(void **unused)
{
    (void)unused;
    const double good[4] = {-1, 1, 1, -1}, bad[4] = {0, 1, 2, 0}, mixed[4] = {0, 1, -1, 0};
    qn_bit_table *table = NULL;
    assert_ok(qn_bit_table_from_numbers("x", 2, 2, good, &table));
    assert_int_equal(table->data[0], 1); /* -1 is a set bit */
    assert_int_equal(table->data[1], 2);
    qn_bit_table_free(table);
    table = NULL;
    assert_int_equal(qn_bit_table_from_numbers("x", 2, 2, bad, &table), QN_ERR_PARSE);
    assert_int_equal(qn_bit_table_from_numbers("x", 2, 2, mixed, &table), QN_ERR_PARSE);
    assert_int_equal(qn_bit_table_generate(QN_BIT_SOURCE_BARS, 8, 10, 1, &table), QN_ERR_ARGUMENT);
    assert_null(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_iqp_is_its_circuit),
        cmocka_unit_test(test_bitflip_is_its_channel),
        cmocka_unit_test(test_gradients),
        cmocka_unit_test(test_estimate_is_unbiased),
        cmocka_unit_test(test_score_by_definition),
        cmocka_unit_test(test_files_and_samples),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_other_gradients),
        cmocka_unit_test(test_discriminator),
        cmocka_unit_test(test_rbm_by_definition),
        cmocka_unit_test(test_chain_gaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
