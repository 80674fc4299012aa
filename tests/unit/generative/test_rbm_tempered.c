/* test_rbm_tempered.c: ladders of replicas in detailed balance, what their coldest replica draws, and a machine trained
 * against them. */
#include <math.h>

#include <qn_test.h>

#include <quern/generative.h>

#include "base/rng.h"
#include "learn/generative.h"
#include "learn/rbm_machine.h"

enum { BITS = 4, HIDDEN = 3, SIZE = 1 << BITS };

static qn_generative_model *machine(double spread)
{
    qn_generative_model *model = NULL;
    assert_ok(qn__model_create(QN_GENERATIVE_RBM, BITS, 0, BITS * HIDDEN + BITS + HIDDEN, &model));
    model->hidden = HIDDEN;
    for (size_t k = 0; k < model->nparameters; k++) {
        model->parameters[k] = spread * qn__random_normal(21, 0, k);
    }
    return model;
}

static const double base[BITS] = {0.5, -1, 0, 2};

/* p_t(v) ~ exp(t b.v + (1 - t) a.v) prod_j (1 + exp(t (c_j + W_j.v))), from its definition. */
static void law(const qn_generative_model *model, double inverse, double *p)
{
    double sum = 0;
    for (uint32_t v = 0; v < SIZE; v++) {
        double weight = 1;
        for (uint32_t j = 0; j < HIDDEN; j++) {
            double x = model->parameters[BITS * HIDDEN + BITS + j];
            for (uint32_t q = 0; q < BITS; q++) {
                x += (v >> q & 1) * model->parameters[j * BITS + q];
            }
            weight *= 1 + exp(inverse * x);
        }
        for (uint32_t q = 0; q < BITS; q++) {
            weight *=
                (v >> q & 1) != 0 ? exp(inverse * model->parameters[BITS * HIDDEN + q] + (1 - inverse) * base[q]) : 1;
        }
        p[v] = weight;
        sum += weight;
    }
    for (uint32_t v = 0; v < SIZE; v++) {
        p[v] /= sum;
    }
}

static void exchanges_balance(void **unused)
{
    (void)unused;
    qn_generative_model *const model = machine(1.5);
    qn__rbm m = qn__rbm_of(model, model->parameters);
    m.base = base;
    double cold[SIZE], hot[SIZE];
    law(model, 0.9, cold);
    law(model, 0.3, hot);
    for (uint64_t a = 0; a < SIZE; a++) {
        for (uint64_t b = 0; b < SIZE; b++) {
            const double there = qn__rbm_exchange(&m, 0.9, 0.3, &a, &b), back = qn__rbm_exchange(&m, 0.9, 0.3, &b, &a);
            assert_true(there > 0 && there <= 1);
            assert_near(cold[a] * hot[b] * there, cold[b] * hot[a] * back, 1e-14);
        }
    }
    qn_generative_model_free(model);
}

/* Every replica of many independent ladders draws from the law of its temperature. */
static void ladders_draw(void **unused)
{
    (void)unused;
    enum { REPLICAS = 4, LADDERS = 4000, SWEEPS = 25 };
    static const double inverse[REPLICAS] = {1, 0.6, 0.3, 0};
    qn_generative_model *const model = machine(1.2);
    qn__rbm m = qn__rbm_of(model, model->parameters);
    m.base = base;
    double seen[REPLICAS][SIZE] = {{0}}, scratch[HIDDEN + BITS], p[SIZE];
    for (uint64_t ladder = 0; ladder < LADDERS; ladder++) {
        uint64_t rows[REPLICAS] = {0, 5, 10, 15};
        for (uint64_t s = 0; s < SWEEPS; s++) {
            qn__rbm_ladder_sweep(&m, REPLICAS, inverse, rows, 1, scratch, 7, ladder * SWEEPS + s);
        }
        for (size_t k = 0; k < REPLICAS; k++) {
            seen[k][rows[k]] += 1;
        }
    }
    for (size_t k = 0; k < REPLICAS; k++) {
        double chi2 = 0;
        law(model, inverse[k], p);
        for (size_t v = 0; v < SIZE; v++) {
            chi2 += (seen[k][v] - LADDERS * p[v]) * (seen[k][v] - LADDERS * p[v]) / (LADDERS * p[v]);
        }
        assert_true(chi2 < SIZE + 5 * sqrt(2.0 * SIZE));
    }
    law(model, 1, p); /* and would notice another temperature */
    double chi2 = 0;
    for (size_t v = 0; v < SIZE; v++) {
        chi2 += (seen[1][v] - LADDERS * p[v]) * (seen[1][v] - LADDERS * p[v]) / (LADDERS * p[v]);
    }
    assert_true(chi2 > SIZE + 20 * sqrt(2.0 * SIZE));
    qn_generative_model_free(model);
}

/* Divergence from data of a machine trained against ladders. */
static double divergence(const qn_context *context, const qn_bit_table *data)
{
    qn_generative_options options = QN_GENERATIVE_OPTIONS_INIT;
    qn_generative_model *model = NULL;
    qn_generative_training *training = NULL;
    qn_generative_score score;
    options.kind = QN_GENERATIVE_RBM;
    options.tempered = true;
    options.exact_bits = 1; /* chains, although so few bits need none */
    options.steps = 700;
    options.rate = 0.01;
    options.hidden = 6;
    options.sigma[0] = 1;
    assert_ok(qn_generative_train(context, data, &options, &model, &training));
    assert_false(training->exact);
    assert_ok(qn_generative_evaluate(context, model, data, options.sigma, 1, 1, &score));
    qn_generative_model_free(model);
    qn_generative_training_free(training);
    return score.kl;
}

/* Two far strings, mostly: 8 bits, each flipped rarely. One thread and four give the same machine. */
static void modes_are_kept(void **unused)
{
    (void)unused;
    enum { ROWS = 400, WIDTH = 8 };
    qn_bit_table *data = NULL;
    qn_context *one = NULL, *four = NULL;
    qn_context_options chosen = QN_CONTEXT_OPTIONS_INIT;
    chosen.threads = 1;
    assert_ok(qn_context_create(&chosen, &one));
    chosen.threads = 4;
    assert_ok(qn_context_create(&chosen, &four));
    assert_ok(qn_bit_table_create(ROWS, WIDTH, &data));
    for (uint64_t r = 0; r < ROWS; r++) {
        data->data[r] = r % 4 == 0 ? 0 : (1 << WIDTH) - 1;
        if (r % 10 == 3) {
            data->data[r] ^= UINT64_C(1) << (r / 10 % WIDTH);
        }
    }
    const double tempered = divergence(one, data);
    print_message("divergence %.4f\n", tempered);
    assert_true(tempered < 1); /* without one of the strings it is 2 and more */
    assert_near(divergence(four, data), tempered, 0);
    qn_bit_table_free(data);
    qn_context_free(one);
    qn_context_free(four);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(exchanges_balance), cmocka_unit_test(ladders_draw),
                                       cmocka_unit_test(modes_are_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
