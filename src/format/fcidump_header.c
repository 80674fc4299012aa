/* fcidump_header.c: the Fortran namelist at the head of an FCIDUMP: &FCI key=values, … up to / or &END. */
#include "format/fcidump.h"

#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"

enum { KEY_LONGEST = 15, SYMMETRY_LONGEST = 1000000 };

typedef enum key { NORB, NELEC, MS2, ORBSYM, ISYM, IUHF, UHF, KEYS, OTHER = KEYS } key;
static const char *const key_names[KEYS] = {"NORB", "NELEC", "MS2", "ORBSYM", "ISYM", "IUHF", "UHF"};

typedef struct reader {
    qn__cursor *cursor;
    qn__fcidump_header *header;
    size_t seen[KEYS]; /* offset of each key, SIZE_MAX: not seen */
    size_t symmetries, symmetry_capacity;
} reader;

#define FAIL_HERE(r, ...) QN_PARSE_FAIL((r)->cursor->source, (r)->cursor->at, __VA_ARGS__)

/* Blanks and line ends; a '!' starts a comment. */
static void skip_space(qn__cursor *cursor)
{
    for (;;) {
        const int byte = qn__cursor_peek(cursor);
        if (byte == '!') {
            qn__cursor_skip_line(cursor);
        } else if (qn__is_blank(byte) || qn__is_newline(byte)) {
            cursor->at++;
        } else {
            return;
        }
    }
}

static bool at_word(const qn__cursor *cursor, size_t ahead, const char *word)
{
    const size_t length = strlen(word);
    for (size_t i = 0; i < length; i++) {
        const int byte = qn__cursor_ahead(cursor, ahead + i);
        if (byte < 0 || qn__upper((char)byte) != word[i]) {
            return false;
        }
    }
    const int behind = qn__cursor_ahead(cursor, ahead + length);
    return !qn__is_letter(behind) && !qn__is_digit(behind) && behind != '_';
}

/* "/", "&END" or "$END": its length, 0 when none stands here. */
static size_t end_length(const qn__cursor *cursor)
{
    const int byte = qn__cursor_peek(cursor);
    if (byte == '/') {
        return 1;
    }
    return (byte == '&' || byte == '$') && at_word(cursor, 1, "END") ? 4 : 0;
}

static bool is_key_byte(int byte)
{
    return qn__is_letter(byte) || qn__is_digit(byte) || byte == '_';
}

/* True when a name and '=' stand here: the next key. */
static bool at_key(qn__cursor cursor)
{
    if (!qn__is_letter(qn__cursor_peek(&cursor))) {
        return false;
    }
    while (is_key_byte(qn__cursor_peek(&cursor))) {
        cursor.at++;
    }
    skip_space(&cursor);
    return qn__cursor_peek(&cursor) == '=';
}

/* A whole number with an optional sign. */
static qn_status read_integer(reader *r, const char *what, int64_t lowest, int64_t highest, int64_t *value)
{
    qn__cursor *const cursor = r->cursor;
    const size_t at = cursor->at;
    char quote[QN__QUOTE];
    size_t ahead = qn__cursor_peek(cursor) == '-' || qn__cursor_peek(cursor) == '+';
    const bool negative = qn__cursor_peek(cursor) == '-';
    if (!qn__is_digit(qn__cursor_ahead(cursor, ahead))) {
        return FAIL_HERE(r, "%s: expected a whole number, got %s", what, qn__cursor_quote(cursor, at, quote));
    }
    int64_t number = 0;
    for (; qn__is_digit(qn__cursor_ahead(cursor, ahead)); ahead++) {
        number = number < INT64_C(100000000000) ? number * 10 + (qn__cursor_ahead(cursor, ahead) - '0') : number;
    }
    if (is_key_byte(qn__cursor_ahead(cursor, ahead)) || qn__cursor_ahead(cursor, ahead) == '.') {
        return FAIL_HERE(r, "%s: expected a whole number, got %s", what, qn__cursor_quote(cursor, at, quote));
    }
    number = negative ? -number : number;
    if (number < lowest || number > highest) {
        return FAIL_HERE(r, "%s=%" PRId64 " is outside %" PRId64 "..%" PRId64, what, number, lowest, highest);
    }
    cursor->at += ahead;
    *value = number;
    return QN_OK;
}

static qn_status read_uint(reader *r, const char *what, int64_t lowest, uint32_t *value)
{
    int64_t number = 0;
    QN_TRY(read_integer(r, what, lowest, INT32_MAX / 2, &number));
    *value = (uint32_t)number;
    return QN_OK;
}

/* .TRUE. and .FALSE. with what Fortran allows for them: T, .T., True; or a number. */
static qn_status read_logical(reader *r, const char *what, bool *value)
{
    qn__cursor *const cursor = r->cursor;
    const size_t point = qn__cursor_peek(cursor) == '.';
    static const struct {
        const char *word;
        bool value;
    } words[] = {{"TRUE", true}, {"T", true}, {"FALSE", false}, {"F", false}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (at_word(cursor, point, words[i].word)) {
            cursor->at += point + strlen(words[i].word);
            cursor->at += qn__cursor_peek(cursor) == '.';
            *value = words[i].value;
            return QN_OK;
        }
    }
    if (point == 0 && qn__is_digit(qn__cursor_peek(cursor))) {
        int64_t number = 0;
        QN_TRY(read_integer(r, what, 0, 1, &number));
        *value = number != 0;
        return QN_OK;
    }
    char quote[QN__QUOTE];
    return FAIL_HERE(r, "%s: expected .TRUE. or .FALSE., got %s", what, qn__cursor_quote(cursor, cursor->at, quote));
}

static qn_status add_symmetries(reader *r, int64_t count, int64_t label)
{
    if ((uint64_t)count + r->symmetries > SYMMETRY_LONGEST) {
        return FAIL_HERE(r, "ORBSYM has over %d labels", SYMMETRY_LONGEST);
    }
    const size_t needed = r->symmetries + (size_t)count;
    void *labels = r->header->orbital_symmetry;
    QN_TRY(qn__grow(&labels, &r->symmetry_capacity, needed, sizeof(int32_t)));
    r->header->orbital_symmetry = labels;
    for (; r->symmetries < needed; r->symmetries++) {
        r->header->orbital_symmetry[r->symmetries] = (int32_t)label;
    }
    return QN_OK;
}

/* Labels separated by commas or space, over any number of lines; 8*1 is eight times 1. */
static qn_status read_symmetries(reader *r)
{
    for (;;) {
        skip_space(r->cursor);
        const int byte = qn__cursor_peek(r->cursor);
        if (byte == ',') {
            r->cursor->at++;
            continue;
        }
        if (byte < 0 || end_length(r->cursor) != 0 || at_key(*r->cursor)) {
            return QN_OK;
        }
        int64_t first = 0, label = 0, count = 1;
        QN_TRY(read_integer(r, "ORBSYM", INT32_MIN, INT32_MAX, &first));
        label = first;
        if (qn__cursor_peek(r->cursor) == '*') {
            if (first < 1) {
                return FAIL_HERE(r, "ORBSYM: a count before '*' must be at least 1");
            }
            r->cursor->at++;
            count = first;
            QN_TRY(read_integer(r, "ORBSYM", INT32_MIN, INT32_MAX, &label));
        }
        QN_TRY(add_symmetries(r, count, label));
    }
}

/* The values of a key that is of no use here, as OCC or MEMORY: up to the next key or the end of the header. */
static void skip_values(qn__cursor *cursor)
{
    for (;;) {
        skip_space(cursor);
        const int byte = qn__cursor_peek(cursor);
        if (byte < 0 || end_length(cursor) != 0 || at_key(*cursor)) {
            return;
        }
        if (byte == '\'' || byte == '"') {
            cursor->at++;
            while (qn__cursor_peek(cursor) >= 0 && qn__cursor_peek(cursor) != byte) {
                cursor->at++;
            }
            cursor->at += qn__cursor_peek(cursor) == byte;
        } else if (is_key_byte(byte)) {
            while (is_key_byte(qn__cursor_peek(cursor))) {
                cursor->at++;
            }
        } else {
            cursor->at++;
        }
    }
}

static qn_status read_values(reader *r, key which)
{
    qn__fcidump_header *const header = r->header;
    const size_t at = r->cursor->at;
    int64_t number = 0;
    switch (which) {
    case NORB:
        header->norb_at = at;
        return read_uint(r, "NORB", 1, &header->norb);
    case NELEC:
        header->nelec_at = at;
        return read_uint(r, "NELEC", 0, &header->nelec);
    case MS2:
        header->ms2_at = at;
        QN_TRY(read_integer(r, "MS2", -INT32_MAX / 2, INT32_MAX / 2, &number));
        header->ms2 = (int32_t)number;
        return QN_OK;
    case ORBSYM:
        return read_symmetries(r);
    case ISYM:
        return read_integer(r, "ISYM", INT32_MIN, INT32_MAX, &number);
    case IUHF:
    case UHF: {
        bool unrestricted = false;
        QN_TRY(read_logical(r, key_names[which], &unrestricted));
        header->unrestricted = header->unrestricted || unrestricted;
        return QN_OK;
    }
    case OTHER:
        break;
    }
    skip_values(r->cursor);
    return QN_OK;
}

/* NAME = values [,]; the cursor stands on the name. */
static qn_status read_key(reader *r)
{
    qn__cursor *const cursor = r->cursor;
    const size_t at = cursor->at;
    char quote[QN__QUOTE];
    if (!at_key(*cursor)) {
        return FAIL_HERE(r, "expected a key and '=', such as NORB=2, or / or &END to end the header, got %s",
                         qn__cursor_quote(cursor, at, quote));
    }
    key which = 0;
    while (which < KEYS && !at_word(cursor, 0, key_names[which])) {
        which++;
    }
    if (which < KEYS && r->seen[which] != SIZE_MAX) {
        size_t line = 0, column = 0;
        qn__source_position(cursor->source, r->seen[which], &line, &column);
        return FAIL_HERE(r, "%s stands twice; the first is in line %zu", key_names[which], line);
    }
    if (which < KEYS) {
        r->seen[which] = at;
    }
    while (is_key_byte(qn__cursor_peek(cursor))) {
        cursor->at++;
    }
    skip_space(cursor);
    cursor->at++; /* the '=' that at_key saw */
    skip_space(cursor);
    QN_TRY(read_values(r, which));
    skip_space(cursor);
    if (which != OTHER && which != ORBSYM && qn__cursor_peek(cursor) == ',') {
        cursor->at++;
    }
    return QN_OK;
}

/* Could these electrons be in these orbitals? */
static qn_status check_electrons(const reader *r)
{
    const qn__fcidump_header *const header = r->header;
    const qn__source *const source = r->cursor->source;
    const int64_t nelec = header->nelec, ms2 = header->ms2;
    const size_t at = r->seen[MS2] != SIZE_MAX ? header->ms2_at : header->nelec_at;
    if (((nelec + ms2) & 1) != 0) {
        return QN_PARSE_FAIL(source, at,
                             "NELEC=%" PRId64 " with MS2=%" PRId64 " cannot be; expected both even or both odd%s",
                             nelec, ms2, (nelec & 1) != 0 ? ", as MS2=1 for a doublet" : "");
    }
    if (ms2 > nelec || -ms2 > nelec) {
        return QN_PARSE_FAIL(source, at, "MS2=%" PRId64 " cannot be with NELEC=%" PRId64 "; expected -NELEC..NELEC",
                             ms2, nelec);
    }
    return QN_OK;
}

static qn_status check_header(const reader *r, size_t start)
{
    const qn__source *const source = r->cursor->source;
    static const key needed[] = {NORB, NELEC};
    for (size_t i = 0; i < 2; i++) {
        if (r->seen[needed[i]] == SIZE_MAX) {
            return QN_PARSE_FAIL(source, start, "the header has no %s; expected &FCI NORB=…, NELEC=…, … /",
                                 key_names[needed[i]]);
        }
    }
    if (r->seen[ORBSYM] != SIZE_MAX && r->symmetries != r->header->norb) {
        return QN_PARSE_FAIL(source, r->seen[ORBSYM], "ORBSYM has %zu labels; expected NORB=%" PRIu32, r->symmetries,
                             r->header->norb);
    }
    return check_electrons(r);
}

static qn_status read_end(reader *r)
{
    qn__cursor *const cursor = r->cursor;
    cursor->at += end_length(cursor);
    qn__cursor_skip_blanks(cursor);
    const int byte = qn__cursor_peek(cursor);
    if (byte >= 0 && byte != '!' && !qn__is_newline(byte)) {
        char quote[QN__QUOTE];
        return FAIL_HERE(r, "expected the end of the line behind the header, got %s",
                         qn__cursor_quote(cursor, cursor->at, quote));
    }
    qn__cursor_skip_line(cursor);
    return QN_OK;
}

static qn_status read_header(reader *r)
{
    qn__cursor *const cursor = r->cursor;
    skip_space(cursor);
    const size_t start = cursor->at;
    const int first = qn__cursor_peek(cursor);
    if ((first != '&' && first != '$') || !at_word(cursor, 1, "FCI")) {
        char quote[QN__QUOTE];
        return FAIL_HERE(r, "expected an FCIDUMP, which begins with &FCI, got %s",
                         qn__cursor_quote(cursor, start, quote));
    }
    cursor->at += 4;
    for (;;) {
        skip_space(cursor);
        if (qn__cursor_peek(cursor) == ',') {
            cursor->at++;
            continue;
        }
        if (qn__cursor_peek(cursor) < 0) {
            return FAIL_HERE(r, "the header has no end; expected / or &END");
        }
        if (end_length(cursor) != 0) {
            QN_TRY(read_end(r));
            return check_header(r, start);
        }
        QN_TRY(read_key(r));
    }
}

qn_status qn__fcidump_header_read(qn__cursor *cursor, qn__fcidump_header *header)
{
    *header = (qn__fcidump_header){0};
    reader r = {.cursor = cursor, .header = header};
    for (size_t i = 0; i < KEYS; i++) {
        r.seen[i] = SIZE_MAX;
    }
    const qn_status status = read_header(&r);
    if (status != QN_OK) {
        qn__free(header->orbital_symmetry);
        header->orbital_symmetry = NULL;
    }
    return status;
}
