/* buffer.c: a text that grows while it is written. */
#include "format/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "format/number.h"

qn_status qn__buffer_add(qn__buffer *buffer, const char *text, size_t length)
{
    if (length == 0) {
        return QN_OK; /* a buffer without anything in it points nowhere */
    }
    void *data = buffer->data;
    QN_TRY(qn__grow(&data, &buffer->capacity, buffer->length + length, 1));
    buffer->data = data;
    memcpy(buffer->data + buffer->length, text, length);
    buffer->length += length;
    return QN_OK;
}

qn_status qn__buffer_print(qn__buffer *buffer, const char *format, ...)
{
    char line[256];
    va_list arguments;
    va_start(arguments, format);
    const int written = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    QN_CHECK(written >= 0 && (size_t)written < sizeof line, ERR_INTERNAL, "a printed line is over %zu bytes",
             sizeof line - 1);
    return qn__buffer_add(buffer, line, (size_t)written);
}

qn_status qn__buffer_number(qn__buffer *buffer, double value, bool exponent)
{
    char digits[QN__NUMBER_ROOM];
    const size_t length = qn__number_print(digits, value, exponent);
    return qn__buffer_add(buffer, digits, length);
}

qn_status qn__buffer_take(qn__buffer *buffer, char **text, size_t *length)
{
    QN_TRY(qn__buffer_add(buffer, "", 1));
    *text = buffer->data;
    *length = buffer->length - 1;
    *buffer = (qn__buffer){0};
    return QN_OK;
}
