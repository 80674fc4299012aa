/* array_csv.c: comma-separated values (RFC 4180) as a matrix of numbers. */
#include <string.h>

#include "base/alloc.h"
#include "format/array.h"
#include "format/cursor.h"
#include "format/number.h"

/* One cell: the text between separators, or between its quotes. */
typedef struct cell {
    size_t start, end; /* of the text, blanks around it left out */
    bool quoted;
    bool last; /* of its record */
} cell;

typedef struct table {
    const qn__source *source;
    qn__cursor cursor;
    char separator;
    double *data;
    size_t count, capacity;
    uint64_t limit; /* bytes of data */
    char **names;
    size_t columns, rows;
    bool lenient; /* columns of text are left out */
    bool *text;   /* which of the columns those are; NULL: none */
    size_t left_out;
} table;

/* The one of tab, semicolon and comma that the first line has most of, outside quotes; the earlier of equals. */
static char find_separator(const qn__cursor *start)
{
    size_t counts[3] = {0};
    static const char candidates[3] = {'\t', ';', ','};
    bool quoted = false;
    for (size_t at = start->at; at < start->end; at++) {
        const char byte = start->source->text[at];
        quoted = byte == '"' ? !quoted : quoted;
        if (qn__is_newline(byte) && !quoted) {
            break;
        }
        for (int i = 0; i < 3 && !quoted; i++) {
            counts[i] += byte == candidates[i];
        }
    }
    int best = 2;
    for (int i = 1; i >= 0; i--) {
        best = counts[i] > 0 && counts[i] >= counts[best] ? i : best;
    }
    return candidates[best];
}

static void skip_blanks(table *t)
{
    while (t->cursor.at < t->cursor.end) {
        const int byte = qn__cursor_peek(&t->cursor);
        if (byte == t->separator || !qn__is_blank(byte)) {
            return;
        }
        t->cursor.at++;
    }
}

static void end_line(qn__cursor *cursor)
{
    const bool pair = qn__cursor_peek(cursor) == '\r' && qn__cursor_ahead(cursor, 1) == '\n';
    cursor->at += pair ? 2 : 1;
}

static qn_status read_quoted(table *t, cell *out)
{
    const size_t opening = t->cursor.at++;
    out->quoted = true;
    out->start = t->cursor.at;
    for (;; t->cursor.at++) {
        const int byte = qn__cursor_peek(&t->cursor);
        if (byte < 0) {
            return QN_PARSE_FAIL(t->source, opening, "the quote that opens here is not closed");
        }
        if (byte == '"' && qn__cursor_ahead(&t->cursor, 1) == '"') {
            t->cursor.at++;
        } else if (byte == '"') {
            break;
        }
    }
    out->end = t->cursor.at++;
    skip_blanks(t);
    return QN_OK;
}

static qn_status read_cell(table *t, cell *out)
{
    *out = (cell){0};
    skip_blanks(t);
    if (qn__cursor_peek(&t->cursor) == '"') {
        QN_TRY(read_quoted(t, out));
    } else {
        out->start = t->cursor.at;
        while (t->cursor.at < t->cursor.end && qn__cursor_peek(&t->cursor) != t->separator &&
               !qn__is_newline(qn__cursor_peek(&t->cursor))) {
            t->cursor.at++;
        }
        out->end = t->cursor.at;
        while (out->end > out->start && qn__is_blank(t->source->text[out->end - 1])) {
            out->end--;
        }
    }
    const int byte = qn__cursor_peek(&t->cursor);
    out->last = byte < 0 || qn__is_newline(byte);
    if (!out->last && byte != t->separator) {
        return QN_PARSE_FAIL(t->source, t->cursor.at, "text behind a closing quote; expected %s or the end of the line",
                             t->separator == '\t'  ? "a tab"
                             : t->separator == ';' ? "';'"
                                                   : "','");
    }
    if (!out->last) {
        t->cursor.at++;
    } else if (byte >= 0) {
        end_line(&t->cursor);
    }
    return QN_OK;
}

static void skip_blank_lines(table *t)
{
    for (;;) {
        const qn__cursor before = t->cursor;
        skip_blanks(t);
        if (!qn__is_newline(qn__cursor_peek(&t->cursor))) {
            if (t->cursor.at < t->cursor.end) {
                t->cursor = before;
            }
            return;
        }
        end_line(&t->cursor);
    }
}

/* True when the whole cell reads as a number, be it nan or too large: such a cell is data that is refused, not a name.
 */
static bool is_number(const table *t, const cell *c)
{
    double value = 0;
    size_t used = 0;
    const size_t length = c->end - c->start;
    const qn__number_result result = qn__number_scan(t->source->text + c->start, length, false, &value, &used);
    return result != QN__NUMBER_NONE && (result != QN__NUMBER_OK || used == length);
}

static bool is_text(const table *t, const cell *c)
{
    return c->start < c->end && !is_number(t, c);
}

static qn_status read_number(const table *t, const cell *c, double *out)
{
    const char *const text = t->source->text + c->start;
    double value = 0;
    size_t used = 0;
    char quote[QN__QUOTE];
    qn__cursor cursor = {t->source, c->start, c->end};
    if (c->start == c->end) {
        return QN_PARSE_FAIL(t->source, c->start, "an empty cell; expected a number");
    }
    const qn__number_result result = qn__number_scan(text, c->end - c->start, false, &value, &used);
    if (result == QN__NUMBER_NAN || result == QN__NUMBER_INFINITE) {
        return QN_PARSE_FAIL(t->source, c->start, "%s; expected a finite number",
                             result == QN__NUMBER_NAN ? "not a number (NaN)" : "an infinite number");
    }
    if (result == QN__NUMBER_OK && used < c->end - c->start) {
        const bool blank = text[used] == ' ' || text[used] == '\t';
        return QN_PARSE_FAIL(t->source, c->start + used, "%s behind a number; expected a comma or the end of the line",
                             blank ? "a blank and more" : qn__cursor_quote(&cursor, c->start + used, quote));
    }
    cursor.at = c->start;
    return qn__cursor_number(&cursor, false, "cell", out);
}

static qn_status add_number(table *t, double value)
{
    if ((t->count + 1) * sizeof *t->data > t->limit) {
        return QN_FAIL(ERR_TOO_LARGE, "%s: over the limit of %llu bytes of numbers", t->source->name,
                       (unsigned long long)t->limit);
    }
    void *data = t->data;
    QN_TRY(qn__grow(&data, &t->capacity, t->count + 1, sizeof *t->data));
    t->data = data;
    t->data[t->count++] = value;
    return QN_OK;
}

/* Text of a cell with doubled quotes made single. */
static char *cell_text(const table *t, const cell *c)
{
    char *text = qn__alloc(c->end - c->start + 1, 1);
    size_t length = 0;
    for (size_t at = c->start; text != NULL && at < c->end; at++) {
        text[length++] = t->source->text[at];
        at += c->quoted && t->source->text[at] == '"';
    }
    if (text != NULL) {
        text[length] = '\0';
    }
    return text;
}

/* Whether the line at the cursor, which has text, is a header though columns of text may be data: when some column has
 * text there and none in the line `below`. A column of text without a header has text in both. */
static qn_status text_ends(const table *t, size_t below, bool *out)
{
    table first = *t, second = *t;
    cell a = {0}, b = {0};
    second.cursor.at = below;
    skip_blank_lines(&second);
    *out = second.cursor.at == second.cursor.end;
    while (!*out && !a.last && !b.last) {
        QN_TRY(read_cell(&first, &a));
        QN_TRY(read_cell(&second, &b));
        *out = is_text(t, &a) && !is_text(t, &b);
    }
    return QN_OK;
}

/* The first record: names when any of its cells is no number. */
static qn_status read_header(table *t)
{
    const qn__cursor start = t->cursor;
    bool numbers = true;
    cell c = {0};
    for (t->columns = 0; !c.last; t->columns++) {
        QN_TRY(read_cell(t, &c));
        numbers = numbers && (is_number(t, &c) || c.start == c.end);
    }
    const size_t end = t->cursor.at;
    t->cursor = start;
    bool header = !numbers;
    if (header && t->lenient) {
        QN_TRY(text_ends(t, end, &header));
    }
    if (!header) {
        return QN_OK;
    }
    if ((uint64_t)t->columns * 64 > t->limit) { /* a name takes an allocation of its own */
        return QN_FAIL(ERR_TOO_LARGE, "%s: %zu columns are over the limit of %llu bytes", t->source->name, t->columns,
                       (unsigned long long)t->limit);
    }
    t->names = qn__calloc(t->columns, sizeof *t->names);
    QN_ALLOC_CHECK(t->names);
    for (size_t i = 0; i < t->columns; i++) {
        QN_TRY(read_cell(t, &c));
        t->names[i] = cell_text(t, &c);
        QN_ALLOC_CHECK(t->names[i]);
    }
    t->cursor.at = end;
    return QN_OK;
}

/* The first record of data says which columns hold text. */
static qn_status find_text(table *t)
{
    table row = *t;
    cell c = {0};
    skip_blank_lines(&row);
    if (row.cursor.at == row.cursor.end) {
        return QN_OK;
    }
    const size_t start = row.cursor.at;
    t->text = qn__calloc(t->columns, sizeof *t->text);
    QN_ALLOC_CHECK(t->text);
    for (size_t i = 0; i < t->columns && !c.last; i++) {
        QN_TRY(read_cell(&row, &c));
        t->text[i] = is_text(t, &c);
        t->left_out += t->text[i];
    }
    if (t->left_out == t->columns) {
        return QN_PARSE_FAIL(t->source, start, "every column holds text; expected at least one of numbers");
    }
    return QN_OK;
}

static qn_status read_record(table *t)
{
    const size_t start = t->cursor.at;
    size_t cells = 0;
    cell c = {0};
    while (!c.last) {
        QN_TRY(read_cell(t, &c));
        if (cells == t->columns) {
            return QN_PARSE_FAIL(t->source, c.start, "more cells than the %zu of the first line", t->columns);
        }
        if (t->text == NULL || !t->text[cells]) {
            double value = 0;
            QN_TRY(read_number(t, &c, &value));
            QN_TRY(add_number(t, value));
        }
        cells++;
    }
    if (cells < t->columns) {
        return QN_PARSE_FAIL(t->source, start, "%zu cells; expected %zu as in the first line", cells, t->columns);
    }
    t->rows++;
    return QN_OK;
}

static qn_status read_table(table *t)
{
    skip_blank_lines(t);
    if (t->cursor.at == t->cursor.end) {
        return QN_PARSE_FAIL(t->source, t->cursor.at, "no numbers; expected comma-separated values or a .npy file");
    }
    t->separator = find_separator(&t->cursor);
    QN_TRY(read_header(t));
    QN_TRY(t->lenient ? find_text(t) : QN_OK);
    for (skip_blank_lines(t); t->cursor.at < t->cursor.end; skip_blank_lines(t)) {
        QN_TRY(read_record(t));
    }
    return t->rows > 0
               ? QN_OK
               : QN_PARSE_FAIL(t->source, t->cursor.end, "a header line without numbers; expected at least one row");
}

/* Moves the names of columns of text out of the table's. Last, as it cannot fail once memory is there. */
static qn_status take_out(table *t, qn_array_skipped *skipped)
{
    if (t->left_out == 0) {
        *skipped = (qn_array_skipped){0};
        return QN_OK;
    }
    qn_array_skipped found = {.count = t->left_out, .columns = qn__alloc(t->left_out, sizeof *found.columns)};
    found.names = t->names != NULL ? qn__calloc(t->left_out, sizeof *found.names) : NULL;
    if (found.columns == NULL || (t->names != NULL && found.names == NULL)) {
        qn_array_skipped_free(&found);
        return QN_ERR_MEMORY;
    }
    size_t kept = 0, out = 0;
    for (size_t i = 0; i < t->columns; i++) {
        char *const name = t->names != NULL ? t->names[i] : NULL;
        if (t->text[i]) {
            found.columns[out] = i;
            if (name != NULL) {
                found.names[out] = name;
            }
            out++;
        } else {
            if (name != NULL) {
                t->names[kept] = name;
            }
            kept++;
        }
    }
    t->columns = kept;
    *skipped = found;
    return QN_OK;
}

static qn_status parse(const char *name, const char *bytes, size_t length, uint64_t limit, qn_array **out,
                       qn_array_skipped *skipped)
{
    qn__source source;
    QN_TRY(qn__source_open(&source, bytes, length, name));
    table t = {.source = &source,
               .cursor = {&source, source.start, length},
               .separator = ',',
               .limit = limit,
               .lenient = skipped != NULL};
    qn_status status = read_table(&t);
    qn_array *array = NULL;
    if (status == QN_OK) {
        array = qn__calloc(1, sizeof *array);
        status = array == NULL ? QN_ERR_MEMORY : skipped != NULL ? take_out(&t, skipped) : QN_OK;
    }
    qn__free(t.text);
    if (status != QN_OK) {
        for (size_t i = 0; t.names != NULL && i < t.columns; i++) {
            qn__free(t.names[i]);
        }
        qn__free(t.names);
        qn__free(t.data);
        qn__free(array);
        return status;
    }
    *array = (qn_array){t.rows, t.columns, false, t.data, t.names};
    *out = array;
    return QN_OK;
}

qn_status qn__array_csv_parse(const char *name, const char *bytes, size_t length, uint64_t limit, qn_array **out)
{
    return parse(name, bytes, length, limit, out, NULL);
}

qn_status qn__array_csv_parse_numbers(const char *name, const char *bytes, size_t length, uint64_t limit,
                                      qn_array **out, qn_array_skipped *skipped)
{
    return parse(name, bytes, length, limit, out, skipped);
}
