/* model_json.h: files of trained models of bit strings: a kind, sizes, gates as lists of bits, parameters. */
#ifndef QN_FORMAT_MODEL_JSON_H
#define QN_FORMAT_MODEL_JSON_H

#include "base/status.h"

enum { QN__MODEL_FILE_BITS = 1 << 20 };

typedef struct qn__model_file {
    char kind[32];
    uint32_t bits, hidden, layers;
    size_t ngates;
    uint64_t *masks; /* ngates rows of ceil(bits / 64) words */
    size_t nparameters;
    double *parameters;
} qn__model_file;

/* Whether numbers and sizes make sense for the kind is for the caller to judge. Errors: QN_ERR_PARSE with
 * name:line:column. */
QN_MUST_USE qn_status qn__model_file_parse(const char *name, const char *text, size_t length, qn__model_file *out);
QN_MUST_USE qn_status qn__model_file_write(const char *path, const qn__model_file *file);
void qn__model_file_free(qn__model_file *file);

#endif
