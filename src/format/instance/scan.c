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

/* FNV-1a */
static uint64_t hash(const char *text, size_t length)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t k = 0; k < length; k++) {
        h = (h ^ (unsigned char)text[k]) * UINT64_C(1099511628211);
    }
    return h ^ h >> 32;
}

static bool is_name(const char *name, const char *text, size_t length)
{
    return strncmp(name, text, length) == 0 && name[length] == '\0';
}

/* The slot where the text is, or where it would go. */
static size_t find_slot(const qn__names *names, const char *text, size_t length)
{
    size_t at = (size_t)hash(text, length) & (names->nslots - 1);
    while (names->slots[at] != UINT32_MAX && !is_name(names->list[names->slots[at]], text, length)) {
        at = (at + 1) & (names->nslots - 1);
    }
    return at;
}

static qn_status grow_slots(qn__names *names)
{
    const size_t wanted = names->nslots == 0 ? 64 : names->nslots * 2;
    uint32_t *slots = qn__alloc(wanted, sizeof *slots);
    QN_ALLOC_CHECK(slots);
    memset(slots, 0xff, wanted * sizeof *slots);
    qn__free(names->slots);
    names->slots = slots;
    names->nslots = wanted;
    for (uint32_t k = 0; k < names->count; k++) {
        slots[find_slot(names, names->list[k], strlen(names->list[k]))] = k;
    }
    return QN_OK;
}

qn_status qn__labels_add(qn__names *names, const char *text, size_t length, uint32_t *index, bool *fresh)
{
    if ((size_t)names->count * 2 >= names->nslots) {
        QN_TRY(grow_slots(names));
    }
    const size_t at = find_slot(names, text, length);
    *fresh = names->slots[at] == UINT32_MAX;
    if (*fresh) {
        QN_TRY(qn__grow((void **)&names->list, &names->capacity, (size_t)names->count + 1, sizeof *names->list));
        char *copy = qn__alloc(length + 1, 1);
        QN_ALLOC_CHECK(copy);
        memcpy(copy, text, length);
        copy[length] = '\0';
        names->list[names->count] = copy;
        names->slots[at] = names->count++;
    }
    *index = names->slots[at];
    return QN_OK;
}

void qn__labels_clear(qn__names *names)
{
    for (uint32_t k = 0; k < names->count; k++) {
        qn__free(names->list[k]);
    }
    qn__free(names->list);
    qn__free(names->slots);
    *names = (qn__names){0};
}
