/* model_file.c: models in and out of files. */
#include <string.h>

#include <quern/format.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "format/model_json.h"
#include "learn/generative.h"

static const uint64_t largest_file = UINT64_C(1) << 31;

qn_status qn_generative_write(const char *path, const qn_generative_model *model)
{
    QN_CHECK(path != NULL && model != NULL, ERR_ARGUMENT, "a path and a model are needed");
    qn__model_file file = {.bits = model->bits,
                           .hidden = model->hidden,
                           .layers = model->layers,
                           .ngates = model->ngates,
                           .masks = model->masks,
                           .nparameters = model->nparameters,
                           .parameters = model->parameters};
    const char *const kind = qn_generative_kind_name(model->kind);
    memcpy(file.kind, kind, strlen(kind) + 1);
    return qn__model_file_write(path, &file);
}

static qn_status from_file(const char *path, const qn__model_file *file, qn_generative_model **out)
{
    qn_generative_kind kind = QN_GENERATIVE_IQP;
    QN_TRY(qn_generative_kind_from_name(file->kind, &kind));
    const size_t expected = qn__model_parameters(kind, file->bits, file->hidden, file->layers, file->ngates);
    QN_CHECK(file->nparameters == expected, ERR_PARSE, "%s: %zu parameters; a model of kind %s and this size has %zu",
             path, file->nparameters, file->kind, expected);
    QN_TRY(qn__model_create(kind, file->bits, file->ngates, file->nparameters, out));
    (*out)->hidden = file->hidden;
    (*out)->layers = file->layers;
    memcpy((*out)->masks, file->masks, file->ngates * (*out)->words * sizeof *file->masks);
    memcpy((*out)->parameters, file->parameters, file->nparameters * sizeof *file->parameters);
    return QN_OK;
}

qn_status qn_generative_read(const char *path, qn_generative_model **out)
{
    QN_CHECK(path != NULL && out != NULL, ERR_ARGUMENT, "a path and a place for the model are needed");
    char *text = NULL;
    size_t length = 0;
    qn__model_file file = {.bits = 0};
    QN_TRY(qn_file_read(path, largest_file, &text, &length));
    const char *const name = strcmp(path, "-") == 0 ? "standard input" : path;
    qn_status status = qn__model_file_parse(name, text, length, &file);
    qn_text_free(text);
    status = status == QN_OK ? from_file(name, &file, out) : status;
    qn__model_file_free(&file);
    return status;
}
