/* test_oom_attention.c: products, heads, layers and character models with the n-th allocation failing, n = 1, 2, 3, ...
 * until they succeed: a status each time, and no leak. */
#include <fail_each.h>

#include <quern/quern.h>

static const double numbers[] = {0.5, -1, 0.25, 2, 1, 0.75, -0.5, 0.125};

static qn_status multiply(qn_context *context, qn_product_method method, bool gate)
{
    qn_product_options options = QN_PRODUCT_OPTIONS_INIT;
    options.method = method;
    options.gate = gate;
    options.epsilon = 0.2;
    qn_product *product = NULL;
    qn_ledger ledger;
    qn_ledger_init(&ledger);
    qn_status status = qn_product_run(context, numbers, numbers + 4, 2, 2, 1, &options, &product);
    status = status == QN_OK ? qn_product_ledger(context, product, numbers, numbers + 4, &ledger) : status;
    qn_product_free(product);
    return status;
}

static qn_status state_product(qn_context *context)
{
    return multiply(context, QN_PRODUCT_STATE, false);
}

static qn_status tested_product(qn_context *context)
{
    return multiply(context, QN_PRODUCT_ESTIMATE, true);
}

static qn_status head(qn_context *context)
{
    const qn_attention_input input = {2, 2, 2, numbers, numbers + 1, numbers + 2, numbers + 3, true};
    qn_attention *attention = NULL;
    qn_ledger ledger;
    qn_ledger_init(&ledger);
    qn_status status = qn_attention_run(context, &input, NULL, &attention);
    status = status == QN_OK ? qn_attention_ledger(context, &input, attention, &ledger) : status;
    qn_attention_free(attention);
    return status;
}

static qn_status layer(qn_context *context)
{
    (void)context;
    const double turn[] = {0.6, 0.8, -0.8, 0.6};
    double angle = 0, sign = 0;
    qn_circuit *loader = NULL, *circuit = NULL;
    qn_status status = qn_rbs_angles(2, turn, &angle, &sign);
    status = status == QN_OK ? qn_unary_circuit(2, numbers, &loader) : status;
    status = status == QN_OK ? qn_rbs_circuit(2, &angle, -1, &circuit) : status;
    qn_circuit_free(loader);
    qn_circuit_free(circuit);
    return status;
}

static qn_status model(qn_context *context)
{
    char text[200];
    double logits[3 * QN_CHAR_SYMBOLS], held_out = 0;
    for (size_t k = 0; k < sizeof text; k++) {
        text[k] = "ab "[k % 3];
    }
    qn_char_training training = QN_CHAR_TRAINING_INIT;
    training.shape = (qn_char_shape){2, 4, 1, 1, 2};
    training.steps = 2;
    training.batch = 1;
    qn_char_model *trained = NULL, *shipped = NULL;
    qn_status status = qn_char_model_train(context, text, sizeof text, &training, &trained, &held_out);
    status = status == QN_OK ? qn_char_model_logits(trained, text, 3, 0, 0, numbers, logits) : status;
    status = status == QN_OK ? qn_char_model_shipped(&shipped) : status;
    qn_char_model_free(trained);
    qn_char_model_free(shipped);
    return status;
}

static void products(void **state)
{
    (void)state;
    (void)fail_each_in_context(state_product, FAIL_EACH);
    (void)fail_each_in_context(tested_product, FAIL_EACH);
}

static void heads_and_layers(void **state)
{
    (void)state;
    (void)fail_each_in_context(head, FAIL_EACH);
    (void)fail_each_in_context(layer, FAIL_EACH);
}

static void models(void **state)
{
    (void)state;
    (void)fail_each_in_context(model, FAIL_EACH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products),
        cmocka_unit_test(heads_and_layers),
        cmocka_unit_test(models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
