/* json_place.h: where a reader of circuit JSON is, and how it fails there. */
#ifndef QN_FORMAT_CIRCUIT_OUT_JSON_PLACE_H
#define QN_FORMAT_CIRCUIT_OUT_JSON_PLACE_H

#include <jansson.h>

#include "format/cursor.h"
#include "format/json_locate.h"

/* The path to a value; line and column are counted only when a message needs them. */
typedef struct qn__json_place {
    const qn__source *file;
    qn__json_step steps[8];
    size_t depth;
} qn__json_place;

qn__json_place qn__json_member(const qn__json_place *at, const char *key);
qn__json_place qn__json_element(const qn__json_place *at, size_t index);

qn_status qn__json_fail(const qn__json_place *at, const char *file, int line, const char *format, ...) QN_PRINTF(4, 5);
#define QN_JSON_FAIL(at, ...) qn__json_fail((at), __FILE__, __LINE__, __VA_ARGS__)

/* A failure of building the circuit, as one of the text at `at`; QN_OK and QN_ERR_MEMORY pass. */
QN_MUST_USE qn_status qn__json_forward(const qn__json_place *at, qn_status status);

/* "a list", "a number", ... for messages; NULL is "missing". */
const char *qn__json_kind_name(const json_t *value);

/* The syntax error that jansson found. */
qn_status qn__json_fail_syntax(const qn__source *source, const json_error_t *error);

/* Refuses members of the object that are not in the NULL-terminated list. */
QN_MUST_USE qn_status qn__json_check_keys(const qn__json_place *at, const json_t *object, const char *const *keys);

/* Members by key; a missing one is a failure, but for a flag, which is false then. */
QN_MUST_USE qn_status qn__json_take_unsigned(const qn__json_place *at, const json_t *object, const char *key,
                                             uint64_t most, uint64_t *out);
QN_MUST_USE qn_status qn__json_take_flag(const qn__json_place *at, const json_t *object, const char *key, bool *out);
QN_MUST_USE qn_status qn__json_take_list(const qn__json_place *at, const json_t *object, const char *key,
                                         const json_t **out);
QN_MUST_USE qn_status qn__json_take_string(const qn__json_place *at, const json_t *object, const char *key,
                                           const char **out);
/* Values. */
QN_MUST_USE qn_status qn__json_unsigned(const qn__json_place *at, const json_t *value, uint64_t most, uint64_t *out);
QN_MUST_USE qn_status qn__json_real(const qn__json_place *at, const json_t *value, double *out);

#endif
