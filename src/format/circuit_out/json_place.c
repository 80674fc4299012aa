/* json_place.c: values of circuit JSON, taken with the place they stand at. */
#include "format/circuit_out/json_place.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"

static qn__json_place step(const qn__json_place *at, qn__json_step next)
{
    qn__json_place place = *at;
    if (place.depth < sizeof place.steps / sizeof place.steps[0]) {
        place.steps[place.depth++] = next;
    }
    return place;
}

qn__json_place qn__json_member(const qn__json_place *at, const char *key)
{
    return step(at, (qn__json_step){key, 0});
}

qn__json_place qn__json_element(const qn__json_place *at, size_t index)
{
    return step(at, (qn__json_step){NULL, index});
}

static size_t offset_of(const qn__json_place *at)
{
    return qn__json_locate(at->file->text, at->file->length, at->file->start, at->steps, at->depth);
}

qn_status qn__json_fail(const qn__json_place *at, const char *file, int line, const char *format, ...)
{
    char message[400];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    return qn__source_fail(at->file, offset_of(at), QN_ERR_PARSE, file, line, "%s", message);
}

qn_status qn__json_forward(const qn__json_place *at, qn_status status)
{
    if (status == QN_OK || status == QN_ERR_MEMORY) {
        return status;
    }
    char message[400];
    (void)snprintf(message, sizeof message, "%s", qn_last_error()->message);
    return qn__source_fail(at->file, offset_of(at), status == QN_ERR_TOO_LARGE ? status : QN_ERR_PARSE, __FILE__,
                           __LINE__, "%s", message);
}

const char *qn__json_kind_name(const json_t *value)
{
    if (value == NULL) {
        return "missing";
    }
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "a list";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
        return "an integer";
    case JSON_REAL:
        return "a number with a fraction";
    case JSON_TRUE:
    case JSON_FALSE:
        return "true or false";
    case JSON_NULL:
        break;
    }
    return "null";
}

/* jansson's position is behind the word that it quotes at the end of its message; ours is at its start. */
qn_status qn__json_fail_syntax(const qn__source *source, const json_error_t *error)
{
    if (json_error_code(error) == json_error_out_of_memory) {
        return QN_FAIL(ERR_MEMORY, "%s: no memory to read JSON", source->name);
    }
    size_t offset = source->start + (error->position > 0 ? (size_t)error->position : 0);
    const char *const near = strstr(error->text, " near '");
    const size_t quoted = near != NULL ? strlen(near + 7) : 0;
    if (quoted > 1 && quoted - 1 <= offset - source->start) {
        offset -= quoted - 1;
    }
    return QN_PARSE_FAIL(source, offset, "%s; expected JSON", error->text);
}

static const char *key_at(const void *user, size_t index)
{
    return ((const char *const *)user)[index];
}

qn_status qn__json_check_keys(const qn__json_place *at, const json_t *object, const char *const *keys)
{
    size_t nkeys = 0, index = 0;
    while (keys[nkeys] != NULL) {
        nkeys++;
    }
    json_t *const walked = json_incref((json_t *)(uintptr_t)object); /* jansson iterates over non-const objects only */
    qn_status status = QN_OK;
    for (void *it = json_object_iter(walked); it != NULL && status == QN_OK; it = json_object_iter_next(walked, it)) {
        const char *const key = json_object_iter_key(it);
        bool known = false;
        for (size_t i = 0; i < nkeys; i++) {
            known = known || strcmp(key, keys[i]) == 0;
        }
        if (!known) {
            const qn__json_place there = qn__json_element(at, index);
            const char *const near = qn__suggest(key, nkeys, key_at, keys);
            char list[160] = "";
            for (size_t i = 0, length = 0; i < nkeys && length < sizeof list; i++) {
                length += (size_t)snprintf(list + length, sizeof list - length, "%s\"%s\"", i > 0 ? ", " : "", keys[i]);
            }
            status = near != NULL ? QN_JSON_FAIL(&there, "unknown key \"%.40s\"; did you mean \"%s\"?", key, near)
                                  : QN_JSON_FAIL(&there, "unknown key \"%.40s\"; expected one of %s", key, list);
        }
        index++;
    }
    json_decref(walked);
    return status;
}

qn_status qn__json_unsigned(const qn__json_place *at, const json_t *value, uint64_t most, uint64_t *out)
{
    if (!json_is_integer(value)) {
        return QN_JSON_FAIL(at, "this is %s; expected a whole number from 0 to %" PRIu64, qn__json_kind_name(value),
                            most);
    }
    const json_int_t number = json_integer_value(value);
    if (number < 0 || (uint64_t)number > most) {
        return QN_JSON_FAIL(at, "%lld is outside 0..%" PRIu64, (long long)number, most);
    }
    *out = (uint64_t)number;
    return QN_OK;
}

qn_status qn__json_real(const qn__json_place *at, const json_t *value, double *out)
{
    if (!json_is_number(value)) {
        return QN_JSON_FAIL(at, "this is %s; expected a number", qn__json_kind_name(value));
    }
    *out = json_number_value(value);
    return QN_OK;
}

static qn_status missing(const qn__json_place *at, const char *key)
{
    return QN_JSON_FAIL(at, "\"%s\" is missing", key);
}

qn_status qn__json_take_unsigned(const qn__json_place *at, const json_t *object, const char *key, uint64_t most,
                                 uint64_t *out)
{
    const json_t *const value = json_object_get(object, key);
    const qn__json_place there = qn__json_member(at, key);
    return value == NULL ? missing(at, key) : qn__json_unsigned(&there, value, most, out);
}

qn_status qn__json_take_flag(const qn__json_place *at, const json_t *object, const char *key, bool *out)
{
    const json_t *const value = json_object_get(object, key);
    if (value != NULL && !json_is_boolean(value)) {
        const qn__json_place there = qn__json_member(at, key);
        return QN_JSON_FAIL(&there, "\"%s\" is %s; expected true or false", key, qn__json_kind_name(value));
    }
    *out = json_is_true(value);
    return QN_OK;
}

qn_status qn__json_take_list(const qn__json_place *at, const json_t *object, const char *key, const json_t **out)
{
    const json_t *const value = json_object_get(object, key);
    if (value != NULL && !json_is_array(value)) {
        const qn__json_place there = qn__json_member(at, key);
        return QN_JSON_FAIL(&there, "\"%s\" is %s; expected a list", key, qn__json_kind_name(value));
    }
    *out = value;
    return value == NULL ? missing(at, key) : QN_OK;
}

qn_status qn__json_take_string(const qn__json_place *at, const json_t *object, const char *key, const char **out)
{
    const json_t *const value = json_object_get(object, key);
    if (value != NULL && !json_is_string(value)) {
        const qn__json_place there = qn__json_member(at, key);
        return QN_JSON_FAIL(&there, "\"%s\" is %s; expected a string", key, qn__json_kind_name(value));
    }
    *out = json_string_value(value);
    return value == NULL ? missing(at, key) : QN_OK;
}
