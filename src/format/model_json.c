/* model_json.c: reads and writes quern.generative-model/1. */
#include "format/model_json.h"

#include <math.h>
#include <string.h>

#include <quern/format.h>
#include <quern/report.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "format/circuit_out/json_place.h"

static const char schema[] = "quern.generative-model/1";
static const char *const keys[] = {"schema", "kind", "bits", "hidden", "layers", "gates", "parameters", NULL};

void qn__model_file_free(qn__model_file *file)
{
    qn__free(file->masks);
    qn__free(file->parameters);
    file->masks = NULL;
    file->parameters = NULL;
}

static qn_status read_gate(const qn__json_place *at, const json_t *gate, uint32_t bits, uint64_t *mask)
{
    if (!json_is_array(gate) || json_array_size(gate) == 0) {
        return QN_JSON_FAIL(at, "a gate is %s; expected a list of at least one bit", qn__json_kind_name(gate));
    }
    for (size_t k = 0; k < json_array_size(gate); k++) {
        const qn__json_place there = qn__json_element(at, k);
        uint64_t bit = 0;
        QN_TRY(qn__json_unsigned(&there, json_array_get(gate, k), bits - 1, &bit));
        if (qn__bit(mask, (uint32_t)bit)) {
            return QN_JSON_FAIL(&there, "bit %u twice in a gate", (unsigned)bit);
        }
        qn__bit_set(mask, (uint32_t)bit);
    }
    return QN_OK;
}

static qn_status read_lists(const qn__json_place *at, const json_t *root, qn__model_file *file)
{
    const json_t *gates = NULL, *parameters = NULL;
    QN_TRY(qn__json_take_list(at, root, "gates", &gates));
    QN_TRY(qn__json_take_list(at, root, "parameters", &parameters));
    const qn__json_place in_gates = qn__json_member(at, "gates"), in_parameters = qn__json_member(at, "parameters");
    const size_t words = qn__words(file->bits);
    file->ngates = json_array_size(gates);
    file->nparameters = json_array_size(parameters);
    uint64_t bytes = 0;
    if (qn__mul_overflows(file->ngates, words * sizeof(uint64_t), &bytes) || bytes > QN__READ_LIMIT) {
        return QN_JSON_FAIL(&in_gates, "%zu gates on %u bits are too many", file->ngates, file->bits);
    }
    file->masks = qn__calloc(file->ngates * words, sizeof *file->masks);
    file->parameters = qn__calloc(file->nparameters, sizeof *file->parameters);
    if (file->masks == NULL || file->parameters == NULL) {
        return QN_ERR_MEMORY;
    }
    for (size_t k = 0; k < file->ngates; k++) {
        const qn__json_place there = qn__json_element(&in_gates, k);
        QN_TRY(read_gate(&there, json_array_get(gates, k), file->bits, file->masks + k * words));
    }
    for (size_t k = 0; k < file->nparameters; k++) {
        const qn__json_place there = qn__json_element(&in_parameters, k);
        QN_TRY(qn__json_real(&there, json_array_get(parameters, k), &file->parameters[k]));
    }
    return QN_OK;
}

static qn_status read_root(const qn__source *source, const json_t *root, qn__model_file *file)
{
    const qn__json_place at = {.file = source};
    const char *words = NULL;
    uint64_t bits = 0, hidden = 0, layers = 0;
    if (!json_is_object(root)) {
        return QN_JSON_FAIL(&at, "this is %s; expected what 'quern generate train --output' writes",
                            qn__json_kind_name(root));
    }
    QN_TRY(qn__json_take_string(&at, root, "schema", &words));
    if (strcmp(words, schema) != 0) {
        const qn__json_place there = qn__json_member(&at, "schema");
        return QN_JSON_FAIL(&there, "\"schema\" is '%.40s'; expected %s", words, schema);
    }
    QN_TRY(qn__json_check_keys(&at, root, keys));
    QN_TRY(qn__json_take_string(&at, root, "kind", &words));
    QN_TRY(qn__json_take_unsigned(&at, root, "bits", QN__MODEL_FILE_BITS, &bits));
    QN_TRY(qn__json_take_unsigned(&at, root, "hidden", QN__MODEL_FILE_BITS, &hidden));
    QN_TRY(qn__json_take_unsigned(&at, root, "layers", QN__MODEL_FILE_BITS, &layers));
    if (bits == 0 || strlen(words) >= sizeof file->kind) {
        const qn__json_place there = qn__json_member(&at, bits == 0 ? "bits" : "kind");
        return QN_JSON_FAIL(&there, bits == 0 ? "a model of 0 bits" : "no such kind of model");
    }
    file->bits = (uint32_t)bits;
    file->hidden = (uint32_t)hidden;
    file->layers = (uint32_t)layers;
    memcpy(file->kind, words, strlen(words) + 1);
    return read_lists(&at, root, file);
}

qn_status qn__model_file_parse(const char *name, const char *text, size_t length, qn__model_file *out)
{
    qn__source source;
    QN_TRY(qn__source_open(&source, text, length, name));
    json_error_t error;
    json_t *const root =
        json_loadb(source.text + source.start, length - source.start, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (root == NULL) {
        return qn__json_fail_syntax(&source, &error);
    }
    qn__model_file file = {.bits = 0};
    const qn_status status = read_root(&source, root, &file);
    json_decref(root);
    if (status != QN_OK) {
        qn__model_file_free(&file);
        return status;
    }
    *out = file;
    return QN_OK;
}

static void write_members(qn_json *json, const qn__model_file *file)
{
    const size_t words = qn__words(file->bits);
    qn_json_begin_object(json, NULL);
    qn_json_string(json, "schema", schema);
    qn_json_string(json, "kind", file->kind);
    qn_json_unsigned(json, "bits", file->bits);
    qn_json_unsigned(json, "hidden", file->hidden);
    qn_json_unsigned(json, "layers", file->layers);
    qn_json_begin_array(json, "gates");
    for (size_t k = 0; k < file->ngates; k++) {
        qn_json_begin_array(json, NULL);
        for (size_t w = 0; w < words; w++) {
            for (uint64_t left = file->masks[k * words + w]; left != 0; left &= left - 1) {
                qn_json_unsigned(json, NULL, w * 64 + (uint64_t)__builtin_ctzll(left));
            }
        }
        qn_json_end_array(json);
    }
    qn_json_end_array(json);
    qn_json_begin_array(json, "parameters");
    for (size_t k = 0; k < file->nparameters; k++) {
        qn_json_number(json, NULL, file->parameters[k]);
    }
    qn_json_end_array(json);
    qn_json_end_object(json);
}

qn_status qn__model_file_write(const char *path, const qn__model_file *file)
{
    qn_text *text = NULL;
    qn_json *json = NULL;
    const char *bytes = NULL;
    size_t length = 0;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_text_create(&text));
    QN_TRY_CLEANUP(qn_json_create(text, &json));
    write_members(json, file);
    QN_TRY_CLEANUP(qn_text_finish(text, &bytes, &length));
    QN_TRY_CLEANUP(qn_file_write(path, bytes, length));
cleanup:
    qn_json_destroy(json);
    qn_text_destroy(text);
    return status;
}
