/* cursor.c: line and column of a byte, the checks on a text as a whole, and words quoted in messages. */
#include "format/cursor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "format/number.h"

qn_status qn__source_open(qn__source *source, const char *text, size_t length, const char *name)
{
    QN_CHECK(text != NULL || length == 0, ERR_ARGUMENT, "the text is NULL");
    *source = (qn__source){.text = text != NULL ? text : "", .length = length, .name = name != NULL ? name : "input"};
    const char *const bytes = source->text;
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        source->start = 3;
    }
    if (length >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0)) {
        return QN_PARSE_FAIL(source, 0, "this is UTF-16 text; expected UTF-8 or ASCII");
    }
    const char *const zero = memchr(bytes, 0, length);
    if (zero != NULL) {
        const size_t offset = (size_t)(zero - bytes);
        const bool utf16 = offset < 2 && length >= 4 && length % 2 == 0 && (bytes[2] == 0 || bytes[3] == 0);
        return QN_PARSE_FAIL(source, offset, "a byte of value 0%s; expected text in UTF-8 or ASCII",
                             utf16 ? " (UTF-16?)" : "");
    }
    return QN_OK;
}

void qn__source_position(const qn__source *source, size_t offset, size_t *line, size_t *column)
{
    if (source->outer != NULL) {
        offset = source->locate(source->user, offset);
        source = source->outer;
    }
    const size_t end = offset < source->length ? offset : source->length;
    *line = 1;
    *column = 1;
    for (size_t i = source->start; i < end; i++) {
        const char byte = source->text[i];
        const bool pair = byte == '\r' && i + 1 < source->length && source->text[i + 1] == '\n';
        if (qn__is_newline(byte) && !pair) {
            ++*line;
            *column = 1;
        } else if (((unsigned char)byte & 0xC0U) != 0x80) { /* bytes 10xxxxxx continue a UTF-8 character */
            ++*column;
        }
    }
}

qn_status qn__source_fail(const qn__source *source, size_t offset, qn_status status, const char *file, int line,
                          const char *format, ...)
{
    size_t text_line = 0, text_column = 0;
    qn__source_position(source, offset, &text_line, &text_column);
    char message[640];
    va_list arguments;
    va_start(arguments, format);
    const int written = vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (written < 0) {
        message[0] = '\0';
    }
    return qn__fail(status, file, line, "%s:%zu:%zu: error: %s", source->name, text_line, text_column, message);
}

const char *qn__cursor_quote(const qn__cursor *cursor, size_t offset, char buffer[QN__QUOTE])
{
    enum { LONGEST = 40 };
    if (offset >= cursor->end) {
        return cursor->source->outer != NULL ? "the end of the label" : "the end of the file";
    }
    const char *const text = cursor->source->text;
    if (qn__is_newline(text[offset])) {
        return "the end of the line";
    }
    size_t length = 0;
    buffer[length++] = '\'';
    size_t at = offset;
    while (at < cursor->end && length <= LONGEST && !qn__is_newline(text[at]) && !qn__is_blank(text[at])) {
        const char byte = text[at++];
        buffer[length++] = byte > ' ' && byte < 0x7F ? byte : '?';
    }
    if (at < cursor->end && length > LONGEST) {
        memcpy(buffer + length, "...", 3);
        length += 3;
    }
    buffer[length++] = '\'';
    buffer[length] = '\0';
    return buffer;
}

qn_status qn__cursor_number(qn__cursor *cursor, bool fortran, const char *what, double *value)
{
    double parsed = 0;
    size_t used = 0;
    char quote[QN__QUOTE];
    const size_t at = cursor->at;
    switch (qn__number_scan(cursor->source->text + at, cursor->end - at, fortran, &parsed, &used)) {
    case QN__NUMBER_OK:
        cursor->at += used;
        *value = parsed;
        return QN_OK;
    case QN__NUMBER_NAN:
        return QN_PARSE_FAIL(cursor->source, at, "%s is not a number (NaN); expected a finite number", what);
    case QN__NUMBER_INFINITE:
        return QN_PARSE_FAIL(cursor->source, at, "%s is infinite; expected a finite number", what);
    case QN__NUMBER_OVERFLOW:
        return QN_PARSE_FAIL(cursor->source, at, "%s %s is too large for a double (about 1.8e308)", what,
                             qn__cursor_quote(cursor, at, quote));
    case QN__NUMBER_LONG:
        return QN_PARSE_FAIL(cursor->source, at, "%s has over %d characters", what, QN__NUMBER_LONGEST);
    case QN__NUMBER_NONE:
        break;
    }
    return QN_PARSE_FAIL(cursor->source, at, "%s: expected a number, got %s", what,
                         qn__cursor_quote(cursor, at, quote));
}
