/* attention_input.c: a head's operands from the shipped model, from a model's file, or from arrays; training. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attention_view.h"
#include "output.h"
#include "terminal.h"

void attention_free(attention_view *view)
{
    for (size_t k = 0; k < 4; k++) {
        qn_array_free(view->arrays[k]);
    }
    qn_char_model_free(view->model);
    qn_attention_free(view->attention);
}

static qn_status read_model(const char *path, qn_char_model **out)
{
    qn_array *array = NULL;
    if (path == NULL) {
        return qn_char_model_shipped(out);
    }
    qn_status status = qn_array_read(path, &array);
    if (status == QN_OK) {
        status = qn_char_model_from_numbers(array->data, array->rows * array->columns, out);
    }
    qn_array_free(array);
    return status;
}

/* Bytes that the model has no symbol for are told, not passed over in silence. */
static void note_unknown(const char *text, size_t length)
{
    size_t unknown = 0;
    for (size_t k = 0; k < length; k++) {
        unknown += qn_char_of(qn_char_symbol(text[k])) != text[k] ? 1 : 0;
    }
    if (unknown > 0) {
        cli_note("%zu of %zu bytes of the text are neither printable ASCII nor line ends; they are read as blanks",
                 unknown, length);
    }
}

static qn_status from_model(attention_view *view)
{
    qn_status status = QN_OK;
    CLI_TRY(read_model(cli_value_of(view->invocation, "model")->text, &view->model));
    const qn_char_shape *const s = &view->model->shape;
    const size_t all = strlen(view->text), part = s->width / s->heads;
    view->length = all < s->context ? all : s->context;
    view->text += all - view->length;
    note_unknown(view->text, view->length);
    const size_t rows[4] = {view->length, s->width, s->width, s->width}, columns[4] = {s->width, part, part, part};
    for (size_t k = 0; k < 4; k++) {
        CLI_TRY(qn_array_create(rows[k], columns[k], false, &view->arrays[k]));
    }
    CLI_TRY(qn_char_model_head(view->model, view->text, view->length, view->layer, view->head, view->arrays[0]->data,
                               view->arrays[1]->data, view->arrays[2]->data, view->arrays[3]->data));
cleanup:
    return status;
}

/* "q.npy,k.npy,v.npy" */
static qn_status from_files(attention_view *view, const char *weights, const char *input)
{
    qn_status status = qn_array_read(input, &view->arrays[0]);
    const char *at = weights;
    for (size_t k = 1; status == QN_OK && k < 4; k++) {
        char path[4096];
        const size_t length = strcspn(at, ",");
        if (length == 0 || length >= sizeof path || (at[length] == ',') != (k < 3)) {
            view->told = true;
            (void)cli_usage_error(view->invocation->command, "--weights takes three files, Q,K,V; not '%s'", weights);
            return QN_ERR_ARGUMENT;
        }
        memcpy(path, at, length);
        path[length] = '\0';
        at += length + (k < 3 ? 1 : 0);
        status = qn_array_read(path, &view->arrays[k]);
    }
    return status;
}

static qn_status check_arrays(attention_view *view)
{
    static const char *const names[] = {"the input", "Q", "K", "V"};
    const size_t width = view->arrays[0]->columns, head = view->arrays[1]->columns;
    for (size_t k = 0; k < 4; k++) {
        const qn_array *const a = view->arrays[k];
        if (a->is_complex) {
            view->told = true;
            (void)cli_usage_error(view->invocation->command, "%s holds complex numbers", names[k]);
            return QN_ERR_ARGUMENT;
        }
        if (k > 0 && (a->rows != width || a->columns != head)) {
            view->told = true;
            (void)cli_usage_error(view->invocation->command,
                                  "%s is %zu x %zu; an input of width %zu and Q ask for %zu x %zu", names[k], a->rows,
                                  a->columns, width, width, head);
            return QN_ERR_SHAPE;
        }
    }
    return QN_OK;
}

qn_status attention_read(attention_view *view)
{
    const char *const weights = cli_value_of(view->invocation, "weights")->text;
    const char *const input = cli_value_of(view->invocation, "input")->text;
    qn_status status = weights != NULL ? from_files(view, weights, input) : from_model(view);
    if (status != QN_OK || (weights != NULL && (status = check_arrays(view)) != QN_OK)) {
        return status;
    }
    view->input = (qn_attention_input){.tokens = view->arrays[0]->rows,
                                       .width = view->arrays[0]->columns,
                                       .head = view->arrays[1]->columns,
                                       .x = view->arrays[0]->data,
                                       .query = view->arrays[1]->data,
                                       .key = view->arrays[2]->data,
                                       .value = view->arrays[3]->data,
                                       .causal = strcmp(cli_value_of(view->invocation, "mask")->text, "causal") == 0};
    return QN_OK;
}

static qn_status write_model(const qn_char_model *model, const char *path)
{
    qn_array *array = NULL;
    qn_status status = qn_array_create(model->count + 5, 1, false, &array);
    if (status == QN_OK) {
        qn_char_model_numbers(model, array->data);
        status = qn_array_write_npy(path, array);
    }
    qn_array_free(array);
    return status;
}

qn_status attention_train(const cli_invocation *invocation, const qn_context *context)
{
    char *text = NULL;
    size_t length = 0;
    double held_out = 0;
    qn_char_model *model = NULL;
    qn_char_training training = QN_CHAR_TRAINING_INIT;
    const uint64_t steps = cli_value_of(invocation, "steps")->integer;
    training.steps = steps > 10000000 ? 10000000 : (uint32_t)steps;
    training.seed = cli_value_of(invocation, "seed")->integer;
    qn_status status = QN_OK;
    CLI_TRY(qn_file_read(cli_value_of(invocation, "train")->text, 0, &text, &length));
    note_unknown(text, length);
    CLI_TRY(qn_char_model_train(context, text, length, &training, &model, &held_out));
    CLI_TRY(write_model(model, cli_value_of(invocation, "output")->text));
    cli_terminal_clear();
    (void)printf("%zu parameters, %u steps on %zu characters, seed %llu; held-out tenth: %.4f nats a character\n",
                 model->count, training.steps, length / 10 * 9, (unsigned long long)training.seed, held_out);
cleanup:
    qn_text_free(text);
    qn_char_model_free(model);
    return status;
}
