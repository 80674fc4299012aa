/* test_oom_generative.c: data, generative models and Markov chains with the n-th allocation failing, n = 1, 2, 3, ...
 * until they succeed: a status each time, nothing in the output, and no leak. */
#include <fail_each.h>

#include <unistd.h>

#include <quern/quern.h>

static qn_generative_kind kind; /* of the job at work */
static uint32_t exact_bits;
static bool tempered;

/* Data by formula and from numbers, a model trained on it, its probabilities, draws and score. */
static qn_status train(qn_context *context)
{
    enum { BITS = 4 };
    qn_generative_options options = QN_GENERATIVE_OPTIONS_INIT;
    options.kind = kind;
    options.steps = 2;
    options.operators = options.samples = 4;
    options.layers = 1;
    options.hidden = 3;
    options.exact_bits = exact_bits;
    options.sigma[0] = 1;
    qn_bit_table *data = NULL, *drawn = NULL;
    qn_generative_model *model = NULL;
    qn_generative_training *training = NULL;
    qn_generative_score score;
    double probabilities[1 << BITS] = {-1};
    qn_status status = fail_untouched(qn_bit_table_generate(QN_BIT_SOURCE_BARS, BITS, 12, 1, &data), &data);
    if (status == QN_OK) {
        status = fail_untouched(qn_generative_train(context, data, &options, &model, &training), &model);
        (void)fail_untouched(status, &training);
    }
    if (status == QN_OK) {
        status = qn_generative_probabilities(context, model, probabilities);
        assert_true(status == QN_OK || probabilities[0] == -1);
    }
    status = status == QN_OK ? fail_untouched(qn_generative_sample(context, model, 5, 1, &drawn), &drawn) : status;
    status = status == QN_OK ? qn_generative_evaluate(context, model, data, options.sigma, 1, 1, &score) : status;
    qn_bit_table_free(drawn);
    qn_generative_model_free(model);
    qn_generative_training_free(training);
    qn_bit_table_free(data);
    return status;
}

/* Too many bits for all probabilities: masks, strings and rows are drawn. */
static qn_status train_wide(qn_context *context)
{
    qn_generative_options options = QN_GENERATIVE_OPTIONS_INIT;
    options.kind = kind;
    options.steps = 1;
    options.operators = options.samples = 4;
    options.weight = 1;
    options.hidden = 2;
    options.sigma[0] = 2;
    options.tempered = tempered;
    qn_bit_table *data = NULL, *drawn = NULL;
    qn_generative_model *model = NULL;
    qn_generative_training *training = NULL;
    qn_generative_score score;
    qn_status status = fail_untouched(qn_bit_table_generate(QN_BIT_SOURCE_BARS, 25, 12, 1, &data), &data);
    if (status == QN_OK) {
        status = fail_untouched(qn_generative_train(context, data, &options, &model, &training), &model);
    }
    if (status == QN_OK && kind != QN_GENERATIVE_IQP) {
        status = fail_untouched(qn_generative_sample(context, model, 2, 1, &drawn), &drawn);
    }
    if (status == QN_OK && kind != QN_GENERATIVE_RBM) { /* draws thousands of rows */
        status = qn_generative_evaluate(context, model, data, options.sigma, 1, 1, &score);
    }
    qn_bit_table_free(drawn);
    qn_generative_model_free(model);
    qn_generative_training_free(training);
    qn_bit_table_free(data);
    return status;
}

static qn_status numbers_and_files(void *path)
{
    static const double numbers[] = {1, -1, -1, 1, 1, 1};
    qn_bit_table *table = NULL;
    qn_generative_model *model = NULL;
    double width = -1;
    qn_status status = fail_untouched(qn_bit_table_from_numbers("t", 3, 2, numbers, &table), &table);
    if (status == QN_OK) {
        status = qn_generative_median_width(table, &width);
        assert_true((status == QN_OK) == (width > 0));
    }
    status = status == QN_OK ? fail_untouched(qn_generative_read(path, &model), &model) : status;
    status = status == QN_OK ? qn_generative_write(path, model) : status;
    qn_bit_table_free(table);
    qn_generative_model_free(model);
    return status;
}

static qn_status chains(qn_context *context)
{
    qn_chain_gaps gaps;
    qn_chain_samples samples;
    const qn_status status = qn_generative_chain_gaps(context, 2, 2, 1, 1, &gaps);
    return status == QN_OK ? qn_generative_chain_samples(context, 2, 2, 100, 1, 1, &samples) : status;
}

static void models(void **state)
{
    (void)state;
    for (int k = QN_GENERATIVE_IQP; k <= QN_GENERATIVE_QGAN; k++) {
        kind = (qn_generative_kind)k;
        for (exact_bits = kind <= QN_GENERATIVE_RBM ? 1 : 18; exact_bits <= 18; exact_bits += 17) {
            print_message("%s, exact up to %u bits\n", qn_generative_kind_name(kind), exact_bits);
            (void)fail_each_in_context(train, FAIL_EACH_TOLERANT);
        }
    }
}

static void wide_models(void **state)
{
    (void)state;
    for (int k = QN_GENERATIVE_IQP; k <= QN_GENERATIVE_RBM; k++) {
        kind = (qn_generative_kind)k;
        (void)fail_each_in_context(train_wide, FAIL_EACH);
    }
    tempered = true;
    (void)fail_each_in_context(train_wide, FAIL_EACH);
}

static void files(void **state)
{
    (void)state;
    char path[] = "/tmp/quern-oom-model-XXXXXX";
    const int file = mkstemp(path);
    assert_true(file >= 0);
    (void)close(file);
    qn_generative_options options = QN_GENERATIVE_OPTIONS_INIT;
    qn_bit_table *data = NULL;
    qn_generative_model *model = NULL;
    qn_generative_training *training = NULL;
    options.weight = 2;
    options.steps = 1;
    assert_ok(qn_bit_table_generate(QN_BIT_SOURCE_BARS, 4, 12, 1, &data));
    qn_context *context = NULL;
    assert_ok(qn_context_create(NULL, &context));
    assert_ok(qn_generative_train(context, data, &options, &model, &training));
    assert_ok(qn_generative_write(path, model));
    qn_context_free(context);
    qn_generative_model_free(model);
    qn_generative_training_free(training);
    qn_bit_table_free(data);
    (void)fail_each_allocation(numbers_and_files, path, FAIL_EACH);
    (void)unlink(path);
}

static void markov_chains(void **state)
{
    (void)state;
    (void)fail_each_in_context(chains, FAIL_EACH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(models), cmocka_unit_test(wide_models), cmocka_unit_test(files),
                                       cmocka_unit_test(markov_chains)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
