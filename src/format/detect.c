/* detect.c: which format a text is in, from its first meaningful bytes. */
#include <quern/format.h>

#include "format/cursor.h"

const char *qn_format_name(qn_format format)
{
    switch (format) {
    case QN_FORMAT_PAULI_TEXT:
        return "Pauli sum (text)";
    case QN_FORMAT_PAULI_JSON:
        return "Pauli sum (JSON)";
    case QN_FORMAT_FCIDUMP:
        return "FCIDUMP";
    case QN_FORMAT_UNKNOWN:
        break;
    }
    return "unknown";
}

static void skip_space(qn__cursor *cursor)
{
    while (qn__is_blank(qn__cursor_peek(cursor)) || qn__is_newline(qn__cursor_peek(cursor))) {
        cursor->at++;
    }
}

static void skip_space_and_comments(qn__cursor *cursor)
{
    for (;;) {
        skip_space(cursor);
        const int next = qn__cursor_peek(cursor);
        if (next != '#' && !(next == '/' && qn__cursor_ahead(cursor, 1) == '/')) {
            return;
        }
        qn__cursor_skip_line(cursor);
    }
}

static bool is_fcidump_start(const qn__cursor *cursor)
{
    static const char word[] = "FCI";
    for (size_t i = 0; i < 3; i++) {
        const int byte = qn__cursor_ahead(cursor, i + 1);
        if (byte < 0 || qn__upper((char)byte) != word[i]) {
            return false;
        }
    }
    return !qn__is_letter(qn__cursor_ahead(cursor, 4));
}

/* A JSON list begins with a pair, an object, or is empty; brackets in a Pauli sum hold letters or nothing, and more
 * follows. */
static bool is_json_list(qn__cursor cursor)
{
    cursor.at++;
    skip_space(&cursor);
    const int inside = qn__cursor_peek(&cursor);
    if (inside != ']') {
        return inside == '[' || inside == '{' || inside == '"';
    }
    cursor.at++;
    skip_space(&cursor);
    return qn__cursor_peek(&cursor) < 0;
}

qn_format qn_format_detect(const char *text, size_t length)
{
    qn__source source;
    if (qn__source_open(&source, text, length, NULL) != QN_OK) {
        return QN_FORMAT_UNKNOWN;
    }
    qn__cursor cursor = {&source, source.start, length};
    skip_space_and_comments(&cursor);
    const int first = qn__cursor_peek(&cursor);
    if (first == '{' || (first == '[' && is_json_list(cursor))) {
        return QN_FORMAT_PAULI_JSON;
    }
    if ((first == '&' || first == '$') && is_fcidump_start(&cursor)) {
        return QN_FORMAT_FCIDUMP;
    }
    switch (first) {
    case '[':
    case '(':
    case '+':
    case '-':
    case '.':
    case 'I':
    case 'X':
    case 'Y':
    case 'Z':
        return QN_FORMAT_PAULI_TEXT;
    default:
        return qn__is_digit(first) ? QN_FORMAT_PAULI_TEXT : QN_FORMAT_UNKNOWN;
    }
}
