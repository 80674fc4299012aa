/* pairs.c: names and values of one cell. */
#include "advise/pairs.h"

#include <string.h>

#include "advise/arithmetic.h"

static void trim(const char **start, size_t *length)
{
    while (*length > 0 && **start == ' ') {
        ++*start;
        --*length;
    }
    while (*length > 0 && (*start)[*length - 1] == ' ') {
        --*length;
    }
}

static qn_status add(qn__pairs *out, const char *text, size_t length)
{
    trim(&text, &length);
    const char *const sign = memchr(text, '=', length);
    QN_CHECK(sign != NULL, ERR_PARSE, "\"%.*s\"; expected name=value", (int)(length > 100 ? 100 : length), text);
    const char *name = text, *value = sign + 1;
    size_t name_length = (size_t)(sign - text), value_length = length - name_length - 1;
    trim(&name, &name_length);
    trim(&value, &value_length);
    QN_CHECK(name_length > 0 && name_length < sizeof out->names[0] && value_length > 0 &&
                 value_length < sizeof out->values[0] && out->count < QN__PAIRS,
             ERR_PARSE, "\"%.*s\": a name or value is missing or too long, or there are more than %d",
             (int)(length > 100 ? 100 : length), text, QN__PAIRS);
    char *const to = out->names[out->count];
    memcpy(to, name, name_length);
    to[name_length] = '\0';
    for (size_t i = 0; i < out->count; i++) {
        QN_CHECK(strcmp(out->names[i], to) != 0, ERR_PARSE, "\"%s\" stands twice", to);
    }
    memcpy(out->values[out->count], value, value_length);
    out->values[out->count++][value_length] = '\0';
    return QN_OK;
}

qn_status qn__pairs_read(const char *text, qn__pairs *out)
{
    out->count = 0;
    while (*text != '\0') {
        const char *const end = strchr(text, ';');
        const size_t length = end != NULL ? (size_t)(end - text) : strlen(text);
        QN_TRY(add(out, text, length));
        text += length + (end != NULL ? 1 : 0);
    }
    return QN_OK;
}

const char *qn__pairs_text(const qn__pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (strcmp(pairs->names[i], name) == 0) {
            return pairs->values[i];
        }
    }
    return NULL;
}

qn_status qn__pairs_number(const qn__pairs *pairs, const char *name, double fallback, double *out)
{
    const char *const text = qn__pairs_text(pairs, name);
    if (text == NULL) {
        *out = fallback;
        return QN_OK;
    }
    return qn__arithmetic(text, strlen(text), out);
}

qn_status qn__pairs_need(const qn__pairs *pairs, const char *name, double *out)
{
    QN_CHECK(qn__pairs_text(pairs, name) != NULL, ERR_NAME, "there is no value \"%s\"", name);
    return qn__pairs_number(pairs, name, 0, out);
}
