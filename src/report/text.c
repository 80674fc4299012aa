/* text.c: a growing text whose first error sticks, and the escapes of XML. */
#include "report/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"

struct qn_text {
    char *bytes; /* always 0-terminated */
    size_t length, capacity;
    qn_status status;
};

qn_status qn_text_create(qn_text **out)
{
    qn_text *text = qn__calloc(1, sizeof *text);
    QN_ALLOC_CHECK(text);
    void *bytes = NULL;
    const qn_status status = qn__grow(&bytes, &text->capacity, 256, 1);
    if (status != QN_OK) {
        qn__free(text);
        return status;
    }
    text->bytes = bytes;
    text->bytes[0] = '\0';
    *out = text;
    return QN_OK;
}

void qn_text_destroy(qn_text *text)
{
    if (text != NULL) {
        qn__free(text->bytes);
        qn__free(text);
    }
}

void qn__text_fail(qn_text *text, qn_status status)
{
    if (text->status == QN_OK) {
        text->status = status;
    }
}

/* Room for `more` bytes and the closing 0. */
static bool reserve(qn_text *text, size_t more)
{
    if (text->status != QN_OK) {
        return false;
    }
    if (more > SIZE_MAX / 2 - text->length) {
        qn__text_fail(text, QN_ERR_MEMORY);
        return false;
    }
    void *bytes = text->bytes;
    const qn_status status = qn__grow(&bytes, &text->capacity, text->length + more + 1, 1);
    if (status != QN_OK) {
        qn__text_fail(text, status);
        return false;
    }
    text->bytes = bytes;
    return true;
}

void qn_text_append(qn_text *text, const char *bytes, size_t length)
{
    if (reserve(text, length)) {
        memcpy(text->bytes + text->length, bytes, length);
        text->length += length;
        text->bytes[text->length] = '\0';
    }
}

void qn_text_printf(qn_text *text, const char *format, ...)
{
    if (text->status != QN_OK) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    const int needed = vsnprintf(text->bytes + text->length, text->capacity - text->length, format, arguments);
    va_end(arguments);
    if (needed < 0) {
        text->bytes[text->length] = '\0';
        qn__text_fail(text, QN_ERR_INTERNAL);
    } else if ((size_t)needed < text->capacity - text->length) {
        text->length += (size_t)needed;
    } else {
        text->bytes[text->length] = '\0';
        if (reserve(text, (size_t)needed)) {
            (void)vsnprintf(text->bytes + text->length, (size_t)needed + 1, format, again);
            text->length += (size_t)needed;
        }
    }
    va_end(again);
}

qn_status qn_text_finish(const qn_text *text, const char **bytes, size_t *length)
{
    if (text->status != QN_OK) {
        return qn__fail(text->status, __FILE__, __LINE__, "a text could not be built: %s",
                        qn_status_text(text->status));
    }
    *bytes = text->bytes;
    if (length != NULL) {
        *length = text->length;
    }
    return QN_OK;
}

void qn__text_puts(qn_text *text, const char *string)
{
    qn_text_append(text, string, strlen(string));
}

void qn__text_fill(qn_text *text, char byte, size_t count)
{
    if (reserve(text, count)) {
        memset(text->bytes + text->length, byte, count);
        text->length += count;
        text->bytes[text->length] = '\0';
    }
}

size_t qn__utf8_length(const char *string)
{
    const unsigned char *s = (const unsigned char *)string;
    if (s[0] < 0x80) {
        return 1;
    }
    size_t length = 0;
    uint32_t code = 0, least = 0;
    if (s[0] >= 0xC2 && s[0] < 0xE0) {
        length = 2;
        code = s[0] & 0x1Fu;
        least = 0x80;
    } else if (s[0] >= 0xE0 && s[0] < 0xF0) {
        length = 3;
        code = s[0] & 0x0Fu;
        least = 0x800;
    } else if (s[0] >= 0xF0 && s[0] < 0xF5) {
        length = 4;
        code = s[0] & 0x07u;
        least = 0x10000;
    } else {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xC0) != 0x80) { /* also stops at the closing 0 */
            return 0;
        }
        code = code << 6 | (s[i] & 0x3Fu);
    }
    return code < least || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) ? 0 : length;
}

size_t qn__utf8_columns(const char *string)
{
    size_t columns = 0;
    for (; *string != '\0'; string++) {
        columns += ((unsigned char)*string & 0xC0) != 0x80;
    }
    return columns;
}

void qn__text_xml(qn_text *text, const char *string)
{
    qn__text_xml_part(text, string, strlen(string));
}

void qn__text_xml_part(qn_text *text, const char *string, size_t count)
{
    const char *const end = string + count;
    while (string < end) {
        const size_t length = qn__utf8_length(string) <= (size_t)(end - string) ? qn__utf8_length(string) : 0;
        const unsigned char c = (unsigned char)*string;
        if (length == 0 || (c < 0x20 && c != '\t' && c != '\n' && c != '\r')) {
            qn__text_puts(text, "\xEF\xBF\xBD");
            string++;
            continue;
        }
        switch (c) {
        case '&':
            qn__text_puts(text, "&amp;");
            break;
        case '<':
            qn__text_puts(text, "&lt;");
            break;
        case '>':
            qn__text_puts(text, "&gt;");
            break;
        case '"':
            qn__text_puts(text, "&quot;");
            break;
        case '\'':
            qn__text_puts(text, "&#39;");
            break;
        default:
            qn_text_append(text, string, length);
        }
        string += length;
    }
}
