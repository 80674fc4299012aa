/* test_char_model.c: the gradient against finite differences, training, and the shipped weights. */
#include <qn_random.h>

#include <quern/quern.h>

#include "learn/char_model/char_model.h"

/* nats a character; as data/char_model/README.md tells */
#define SHIPPED_LOSS 1.63968

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

static qn_char_model *small_model(qn_random *r, qn_char_shape shape)
{
    const size_t count = 5 + qn__char_count(&shape);
    double *numbers = calloc(count, sizeof *numbers);
    const double head[5] = {shape.width, shape.context, shape.heads, shape.layers, shape.hidden};
    memcpy(numbers, head, sizeof head);
    for (size_t k = 5; k < count; k++) {
        numbers[k] = qn_random_between(r, -1, 1);
    }
    qn_char_model *model = NULL;
    assert_ok(qn_char_model_from_numbers(numbers, count, &model));
    free(numbers);
    return model;
}

static double loss_of(const qn_char_model *model, const uint8_t *symbols, const uint8_t *targets, qn__char_tape *tape)
{
    assert_ok(qn__char_forward(model, symbols, NULL, tape));
    return qn__char_loss(targets, tape);
}

/* Every kind of parameter is met by steps of 7 through all of them. */
static void gradient_is_the_slope(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    const qn_char_shape shape = {6, 5, 2, 2, 7};
    enum { BATCH = 3, ROWS = BATCH * 5 };
    qn_char_model *model = small_model(&r, shape);
    uint8_t symbols[ROWS], targets[ROWS];
    for (size_t k = 0; k < ROWS; k++) {
        symbols[k] = (uint8_t)qn_random_below(&r, QN_CHAR_SYMBOLS);
        targets[k] = (uint8_t)qn_random_below(&r, QN_CHAR_SYMBOLS);
    }
    qn__char_tape tape;
    assert_ok(qn__char_tape_create(&shape, BATCH, 5, &tape));
    double *gradient = calloc(model->count, sizeof *gradient);
    (void)loss_of(model, symbols, targets, &tape);
    assert_ok(qn__char_backward(model, symbols, &tape, gradient));
    const double h = 1e-5;
    for (size_t k = 0; k<model->count; k += k> 96 * 6 - 14 ? 1 : 7) {
        const double at = model->parameters[k];
        model->parameters[k] = at + h;
        const double above = loss_of(model, symbols, targets, &tape);
        model->parameters[k] = at - h;
        const double below = loss_of(model, symbols, targets, &tape);
        model->parameters[k] = at;
        assert_near(gradient[k], (above - below) / (2 * h), 1e-7);
    }
    qn__char_tape_free(&tape);
    qn_char_model_free(model);
    free(gradient);
}

/* No place sees what comes after it. */
static void the_future_is_not_seen(void **state)
{
    (void)state;
    qn_random r = {qn_test_seed()};
    qn_char_model *model = small_model(&r, (qn_char_shape){6, 8, 2, 2, 7});
    double a[8 * QN_CHAR_SYMBOLS], b[8 * QN_CHAR_SYMBOLS];
    assert_ok(qn_char_model_logits(model, "abcdefgh", 8, 0, 0, NULL, a));
    assert_ok(qn_char_model_logits(model, "abcdeXYZ", 8, 0, 0, NULL, b));
    assert_memory_equal(a, b, 5 * QN_CHAR_SYMBOLS * sizeof(double));
    assert_true(fabs(a[5 * QN_CHAR_SYMBOLS] - b[5 * QN_CHAR_SYMBOLS]) > 1e-6);
    assert_fails(qn_char_model_logits(model, "abcdefghi", 9, 0, 0, NULL, a), QN_ERR_SHAPE, "9 characters");
    assert_fails(qn_char_model_logits(model, "abc", 3, 2, 0, NULL, a), QN_ERR_RANGE, "layers 0 to 1");
    qn_char_model_free(model);
}

/* A text of one repeated word is learnt in a few steps, and the same seed learns the same. */
static void training_learns(void **state)
{
    (void)state;
    char text[2000];
    for (size_t k = 0; k < sizeof text; k++) {
        text[k] = "quern "[k % 6];
    }
    qn_char_training t = QN_CHAR_TRAINING_INIT;
    t.shape = (qn_char_shape){16, 12, 2, 1, 16};
    t.steps = 300;
    t.rate = 1e-2;
    qn_char_model *a = NULL, *b = NULL;
    double held_out = 0, again = 0;
    assert_ok(qn_char_model_train(context, text, sizeof text, &t, &a, &held_out));
    print_message("held out %g\n", held_out);
    assert_true(held_out < 0.2); /* ln 96 = 4.6 at the start; the first character of a window cannot be told */
    assert_ok(qn_char_model_train(context, text, sizeof text, &t, &b, &again));
    assert_near(held_out, again, 0);
    qn_char_model_free(a);
    qn_char_model_free(b);
    t.rate = 2;
    assert_fails(qn_char_model_train(context, text, sizeof text, &t, &a, NULL), QN_ERR_RANGE, "rate");
    t.rate = 1e-2;
    assert_fails(qn_char_model_train(context, text, 100, &t, &a, NULL), QN_ERR_ARGUMENT, "100 characters");
}

/* The loss that data/char_model/README.md tells, of the held-out tenth of the corpus. */
static void shipped_weights_have_their_loss(void **state)
{
    (void)state;
    qn_char_model *model = NULL;
    char *text = NULL;
    size_t length = 0;
    double loss = 0;
    assert_ok(qn_char_model_shipped(&model));
    assert_int_equal(model->shape.width, 64);
    assert_int_equal(model->shape.context, 64);
    assert_ok(qn_file_read(QN_SOURCE_DIR "/data/char_model/corpus.txt", 0, &text, &length));
    const size_t from = length / 10 * 9;
    assert_ok(qn_char_model_loss(context, model, text + from, length - from, &loss));
    assert_near(loss, SHIPPED_LOSS, 1e-4);
    qn_text_free(text);
    qn_char_model_free(model);
}

/* The head that is handed out gives, by plain attention, what the model itself computes. */
static void heads_are_those_of_the_model(void **state)
{
    (void)state;
    qn_char_model *model = NULL;
    static const char text[] = "a block-encoding of the matrix";
    enum { N = sizeof text - 1 };
    double *x = calloc((size_t)N * 64, sizeof *x), w[3][64 * 16];
    double *plain = calloc((size_t)N * QN_CHAR_SYMBOLS, sizeof *plain),
           *swapped = calloc((size_t)N * QN_CHAR_SYMBOLS, sizeof *swapped);
    assert_ok(qn_char_model_shipped(&model));
    for (uint32_t layer = 0; layer < 2; layer++) {
        for (uint32_t head = 0; head < 4; head++) {
            assert_ok(qn_char_model_head(model, text, N, layer, head, x, w[0], w[1], w[2]));
            const qn_attention_input in = {N, 64, 16, x, w[0], w[1], w[2], true};
            qn_attention *a = NULL;
            assert_ok(qn_attention_run(context, &in, NULL, &a));
            assert_ok(qn_char_model_logits(model, text, N, layer, head, NULL, plain));
            assert_ok(qn_char_model_logits(model, text, N, layer, head, a->exact_output, swapped));
            for (size_t k = 0; k < (size_t)N * QN_CHAR_SYMBOLS; k++) {
                assert_near(plain[k], swapped[k], 1e-10);
            }
            assert_int_equal(a->agreeing, N);
            qn_attention_free(a);
        }
    }
    qn_char_model_free(model);
    free(x);
    free(plain);
    free(swapped);
}

static void numbers_go_there_and_back(void **state)
{
    (void)state;
    qn_char_model *model = NULL, *again = NULL;
    assert_ok(qn_char_model_shipped(&model));
    double *numbers = calloc(5 + model->count, sizeof *numbers);
    qn_char_model_numbers(model, numbers);
    assert_ok(qn_char_model_from_numbers(numbers, 5 + model->count, &again));
    assert_memory_equal(model->parameters, again->parameters, model->count * sizeof(double));
    qn_char_model_free(again);
    again = NULL;
    assert_fails(qn_char_model_from_numbers(numbers, 4 + model->count, &again), QN_ERR_SHAPE, "a model of this shape");
    numbers[2] = 3;
    assert_fails(qn_char_model_from_numbers(numbers, 5 + model->count, &again), QN_ERR_SHAPE, "3 heads");
    numbers[2] = 0.5;
    assert_fails(qn_char_model_from_numbers(numbers, 5 + model->count, &again), QN_ERR_SHAPE, "0.5");
    for (uint32_t k = 0; k < QN_CHAR_SYMBOLS; k++) {
        assert_int_equal(qn_char_symbol(qn_char_of(k)), k);
    }
    assert_int_equal(qn_char_symbol('\t'), 0);
    assert_null(again);
    qn_char_model_free(model);
    free(numbers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradient_is_the_slope),
        cmocka_unit_test(the_future_is_not_seen),
        cmocka_unit_test(training_learns),
        cmocka_unit_test(shipped_weights_have_their_loss),
        cmocka_unit_test(heads_are_those_of_the_model),
        cmocka_unit_test(numbers_go_there_and_back),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
