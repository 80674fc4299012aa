/* scan.c: words, whole numbers, entries and names of problem files. */
#include "format/instance/scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

bool qn__scan_line(qn__cursor *cursor, const char *comments)
{
    for (;;) {
        while (qn__is_blank(qn__cursor_peek(cursor)) || qn__is_newline(qn__cursor_peek(cursor))) {
            cursor->at++;
        }
        const int first = qn__cursor_peek(cursor);
        if (first < 0) {
            return false;
        }
        if (strchr(comments, first) == NULL) {
            return true;
        }
        qn__cursor_skip_line(cursor);
    }
}

bool qn__scan_line_ends(qn__cursor *cursor)
{
    qn__cursor_skip_blanks(cursor);
    const int next = qn__cursor_peek(cursor);
    return next < 0 || qn__is_newline(next);
}

bool qn__scan_word(qn__cursor *cursor)
{
    return qn__scan_line(cursor, "");
}

qn_status qn__scan_expect_end(qn__cursor *cursor, const char *after)
{
    char quote[QN__QUOTE];
    if (!qn__scan_line_ends(cursor)) {
        return QN_PARSE_FAIL(cursor->source, cursor->at, "%s behind %s; expected the end of the line",
                             qn__cursor_quote(cursor, cursor->at, quote), after);
    }
    return QN_OK;
}

static bool ends_word(const qn__cursor *cursor)
{
    const int next = qn__cursor_peek(cursor);
    return next < 0 || qn__is_blank(next) || qn__is_newline(next);
}

qn_status qn__scan_whole(qn__cursor *cursor, const char *what, uint64_t least, uint64_t most, uint64_t *out)
{
    char quote[QN__QUOTE];
    qn__cursor_skip_blanks(cursor);
    const size_t at = cursor->at;
    uint64_t value = 0;
    bool fits = true;
    while (qn__is_digit(qn__cursor_peek(cursor))) {
        const uint64_t digit = (uint64_t)(qn__cursor_peek(cursor) - '0');
        fits = fits && value <= (UINT64_MAX - digit) / 10;
        value = value * 10 + digit;
        cursor->at++;
    }
    if (cursor->at == at || !ends_word(cursor)) {
        return QN_PARSE_FAIL(cursor->source, at, "%s is %s; expected a whole number", what,
                             qn__cursor_quote(cursor, at, quote));
    }
    if (!fits || value < least || value > most) {
        return QN_PARSE_FAIL(cursor->source, at, "%s is %s; expected %llu to %llu", what,
                             qn__cursor_quote(cursor, at, quote), (unsigned long long)least, (unsigned long long)most);
    }
    *out = value;
    return QN_OK;
}

qn_status qn__scan_number(qn__cursor *cursor, const char *what, double *out)
{
    char quote[QN__QUOTE];
    qn__cursor_skip_blanks(cursor);
    const size_t at = cursor->at;
    double value = 0;
    QN_TRY(qn__cursor_number(cursor, false, what, &value));
    if (!ends_word(cursor)) {
        return QN_PARSE_FAIL(cursor->source, at, "%s is %s; expected a number", what,
                             qn__cursor_quote(cursor, at, quote));
    }
    *out = value;
    return QN_OK;
}

bool qn__scan_keyword(qn__cursor *cursor, const char *word)
{
    const size_t length = strlen(word);
    for (size_t k = 0; k < length; k++) {
        const int byte = qn__cursor_ahead(cursor, k);
        if (byte < 0 || qn__upper((char)byte) != word[k]) {
            return false;
        }
    }
    const int next = qn__cursor_ahead(cursor, length);
    if (qn__is_letter(next) || qn__is_digit(next) || next == '_') {
        return false;
    }
    cursor->at += length;
    return true;
}

qn_status qn__entries_add(qn__entries *entries, uint64_t i, uint64_t j, double value, size_t offset)
{
    QN_TRY(qn__grow((void **)&entries->list, &entries->capacity, entries->count + 1, sizeof *entries->list));
    entries->list[entries->count++] =
        (qn__entry){(uint32_t)(i < j ? i : j), (uint32_t)(i < j ? j : i), value, offset, i > j};
    return QN_OK;
}

static int compare_entries(const void *pa, const void *pb)
{
    const qn__entry *const a = pa, *const b = pb;
    if (a->i != b->i) {
        return a->i < b->i ? -1 : 1;
    }
    if (a->j != b->j) {
        return a->j < b->j ? -1 : 1;
    }
    return (a->offset > b->offset) - (a->offset < b->offset);
}

void qn__entries_sort(qn__entries *entries)
{
    if (entries->count > 0) {
        qsort(entries->list, entries->count, sizeof *entries->list, compare_entries);
    }
}

size_t qn__scan_line_number(const qn__source *source, size_t offset)
{
    size_t line = 0, column = 0;
    qn__source_position(source, offset, &line, &column);
    return line;
}

qn_status qn__words_add(qn__names *list, const char *text, size_t length, uint32_t *index, bool *fresh)
{
    char *name = qn__alloc(length + 1, 1);
    QN_ALLOC_CHECK(name);
    memcpy(name, text, length);
    name[length] = '\0';
    qn_status status = QN_OK;
    *fresh = !qn__names_find(list, name, index);
    if (*fresh) {
        *index = (uint32_t)list->count;
        status = list->count < UINT32_MAX ? qn__names_add(list, name) : QN_FAIL(ERR_TOO_LARGE, "over 2^32 names");
    }
    qn__free(name);
    return status;
}
