/* fcidump.c: reads FCIDUMP files: the lines behind the header, and the whole. Format: Knowles, Handy, Comput. Phys.
 * Commun. 54, 75 (1989). */
#include <quern/format.h>

#include <inttypes.h>

#include "base/alloc.h"
#include "format/fcidump.h"

/* One index; the cursor stands behind the blanks. */
static qn_status read_index(qn__cursor *cursor, uint32_t highest, uint32_t norb, uint32_t *out)
{
    const size_t at = cursor->at;
    char quote[QN__QUOTE];
    uint64_t number = 0;
    while (qn__is_digit(qn__cursor_peek(cursor))) {
        number = number <= UINT32_MAX ? number * 10 + (uint64_t)(qn__cursor_peek(cursor) - '0') : number;
        cursor->at++;
    }
    const int behind = qn__cursor_peek(cursor);
    if (cursor->at == at || (behind >= 0 && !qn__is_blank(behind) && !qn__is_newline(behind))) {
        return QN_PARSE_FAIL(cursor->source, at, "expected four orbital indices behind the value, got %s",
                             qn__cursor_quote(cursor, at, quote));
    }
    if (number > highest) {
        return QN_PARSE_FAIL(cursor->source, at, "the orbital index %s is outside 1..%" PRIu32 " (NORB)",
                             qn__cursor_quote(cursor, at, quote), norb);
    }
    *out = (uint32_t)number;
    return QN_OK;
}

/* The zeros among the indices say what a line is: i j k l, i j 0 0, i 0 0 0 or 0 0 0 0. */
static qn_status check_pattern(const qn__source *source, const qn__fcidump_entry *entry)
{
    const uint32_t *const i = entry->index;
    size_t leading = 0;
    while (leading < 4 && i[leading] != 0) {
        leading++;
    }
    size_t nonzero = 0;
    for (size_t k = 0; k < 4; k++) {
        nonzero += i[k] != 0;
    }
    if (nonzero != leading || leading == 3) {
        return QN_PARSE_FAIL(source, entry->offset,
                             "the indices %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32
                             " name no integral; expected i j k l, i j 0 0, i 0 0 0 or 0 0 0 0",
                             i[0], i[1], i[2], i[3]);
    }
    return QN_OK;
}

static qn_status read_entry(qn__cursor *cursor, const qn__fcidump_header *header, qn__fcidump_entry *entry)
{
    entry->offset = cursor->at;
    if (qn__cursor_peek(cursor) == '(') {
        return QN_PARSE_FAIL(cursor->source, cursor->at, "complex integrals are not read; expected a real value");
    }
    QN_TRY(qn__cursor_number(cursor, true, "value of the integral", &entry->value));
    for (size_t k = 0; k < 4; k++) {
        const size_t at = cursor->at;
        qn__cursor_skip_blanks(cursor);
        if (k == 0 && cursor->at == at && !qn__is_newline(qn__cursor_peek(cursor)) && qn__cursor_peek(cursor) >= 0) {
            char quote[QN__QUOTE];
            return QN_PARSE_FAIL(cursor->source, entry->offset, "value of the integral: expected a number, got %s",
                                 qn__cursor_quote(cursor, entry->offset, quote));
        }
        QN_TRY(read_index(cursor, 2 * header->norb, header->norb, &entry->index[k]));
    }
    qn__cursor_skip_blanks(cursor);
    const int behind = qn__cursor_peek(cursor);
    if (behind >= 0 && !qn__is_newline(behind)) {
        char quote[QN__QUOTE];
        return QN_PARSE_FAIL(cursor->source, cursor->at, "expected the end of the line behind four indices, got %s",
                             qn__cursor_quote(cursor, cursor->at, quote));
    }
    return check_pattern(cursor->source, entry);
}

static qn_status add_entry(qn__fcidump_entries *entries, const qn__fcidump_entry *entry, uint32_t norb)
{
    void *items = entries->items;
    QN_TRY(qn__grow(&items, &entries->capacity, entries->count + 1, sizeof *entries->items));
    entries->items = items;
    const uint32_t *const i = entry->index;
    const bool above = i[0] > norb || i[1] > norb || i[2] > norb || i[3] > norb;
    if (above && entries->above == SIZE_MAX) {
        entries->above = entries->count;
    }
    entries->zero_lines += i[0] == 0;
    entries->last_beta = entries->last_beta || (i[0] == 2 * norb && i[1] == 2 * norb && i[2] == 0);
    entries->items[entries->count++] = *entry;
    return QN_OK;
}

qn_status qn__fcidump_entries_read(qn__cursor *cursor, const qn__fcidump_header *header, qn__fcidump_entries *entries)
{
    *entries = (qn__fcidump_entries){.above = SIZE_MAX};
    qn_status status = QN_OK;
    for (;;) {
        while (qn__is_blank(qn__cursor_peek(cursor)) || qn__is_newline(qn__cursor_peek(cursor))) {
            cursor->at++;
        }
        if (qn__cursor_peek(cursor) < 0) {
            return QN_OK;
        }
        qn__fcidump_entry entry = {0};
        QN_TRY_CLEANUP(read_entry(cursor, header, &entry));
        QN_TRY_CLEANUP(add_entry(entries, &entry, header->norb));
    }
cleanup:
    qn__free(entries->items);
    *entries = (qn__fcidump_entries){.above = SIZE_MAX};
    return status;
}

qn_status qn__fcidump_read(const char *text, size_t length, const char *name, uint64_t limit, qn_integrals **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the integrals is needed");
    qn__source source;
    QN_TRY(qn__source_open(&source, text, length, name));
    qn__cursor cursor = {&source, source.start, length};
    qn__fcidump_header header;
    qn__fcidump_entries entries = {0};
    QN_TRY(qn__fcidump_header_read(&cursor, &header));
    qn_status status = qn__fcidump_entries_read(&cursor, &header, &entries);
    if (status == QN_OK && entries.count == 0) {
        status = QN_PARSE_FAIL(&source, length, "no integrals behind the header; expected lines such as 0.5 1 1 0 0");
    }
    if (status == QN_OK) {
        status = qn__fcidump_fill(&source, &header, &entries, limit, out);
    }
    qn__free(entries.items);
    qn__free(header.orbital_symmetry);
    return status;
}

qn_status qn_read_fcidump(const char *text, size_t length, const char *name, qn_integrals **out)
{
    return qn__fcidump_read(text, length, name, QN__READ_LIMIT, out);
}
