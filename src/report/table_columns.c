/* table_columns.c: a general table for a terminal: header, rule, rows; wide columns wrap. */
#include <string.h>

#include "base/alloc.h"
#include "report/table.h"
#include "report/text.h"

enum { DEFAULT_WIDTH = 80, GAP = 2, LEAST_COLUMN = 8 };

static const char *cell_at(const qn_table *table, size_t row, size_t column)
{
    const char *cell = table->cells[row * table->ncolumns + column];
    return cell != NULL ? cell : "";
}

static const char *header_of(const qn_table *table, size_t column)
{
    return table->columns[column].name != NULL ? table->columns[column].name : "";
}

static size_t longest(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void measure(const qn_table *table, size_t *widths)
{
    for (size_t c = 0; c < table->ncolumns; c++) {
        widths[c] = qn__utf8_columns(header_of(table, c));
        for (size_t r = 0; r < table->nrows; r++) {
            widths[c] = longest(widths[c], qn__utf8_columns(cell_at(table, r, c)));
        }
    }
}

/* Takes columns of text from the widest until all fit, or none can give any more. */
static void narrow(const qn_table *table, size_t *widths, size_t width)
{
    size_t total = table->ncolumns > 0 ? (table->ncolumns - 1) * GAP : 0;
    for (size_t c = 0; c < table->ncolumns; c++) {
        total += widths[c];
    }
    while (total > width) {
        size_t widest = SIZE_MAX;
        for (size_t c = 0; c < table->ncolumns; c++) {
            if (!table->columns[c].right && widths[c] > LEAST_COLUMN &&
                (widest == SIZE_MAX || widths[c] > widths[widest])) {
                widest = c;
            }
        }
        if (widest == SIZE_MAX) {
            return;
        }
        widths[widest]--;
        total--;
    }
}

/* Bytes of the next line of at most `columns` characters: up to a blank if there is one, else cut within the word. */
static size_t next_line(const char *words, size_t columns)
{
    size_t used = 0, blank = 0, at = 0;
    while (words[at] != '\0') {
        if (words[at] == ' ') {
            blank = at;
        }
        if (used == columns) {
            return words[at] == ' ' || blank == 0 ? at : blank;
        }
        used++;
        at++;
        while (((unsigned char)words[at] & 0xC0) == 0x80) {
            at++;
        }
    }
    return at;
}

/* A cell's next line, padded; the last column is not padded on the right. Moves *words behind it. */
static void put_line(qn_text *text, const char **words, size_t width, bool right, bool last)
{
    const size_t length = next_line(*words, width);
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        used += ((unsigned char)(*words)[i] & 0xC0) != 0x80;
    }
    const size_t pad = width > used ? width - used : 0;
    qn__text_fill(text, ' ', right ? pad : 0);
    qn_text_append(text, *words, length);
    qn__text_fill(text, ' ', right || last ? 0 : pad);
    *words += length;
    while (**words == ' ') {
        (*words)++;
    }
}

static void put_row(qn_text *text, const qn_table *table, const size_t *widths, const char **rest)
{
    bool more = true;
    while (more) {
        more = false;
        size_t end = table->ncolumns; /* what is behind the last cell with anything left is not padded to */
        while (end > 1 && rest[end - 1][0] == '\0') {
            end--;
        }
        for (size_t c = 0; c < end; c++) {
            put_line(text, &rest[c], widths[c], table->columns[c].right, c + 1 == end);
            qn__text_fill(text, ' ', c + 1 < end ? GAP : 0);
            more = more || rest[c][0] != '\0';
        }
        qn__text_fill(text, '\n', 1);
    }
}

void qn_text_table(qn_text *text, const qn_table *table, const qn_style *style)
{
    if (table->ncolumns == 0) {
        return;
    }
    size_t *const widths = qn__alloc(table->ncolumns, sizeof *widths);
    const char **const rest = qn__alloc(table->ncolumns, sizeof *rest);
    if (widths == NULL || rest == NULL) {
        qn__text_fail(text, QN_ERR_MEMORY);
    } else {
        measure(table, widths);
        narrow(table, widths, style->width != 0 ? style->width : DEFAULT_WIDTH);
        for (size_t c = 0; c < table->ncolumns; c++) {
            rest[c] = header_of(table, c);
        }
        qn__text_puts(text, qn__style_bold(style));
        put_row(text, table, widths, rest);
        qn__text_puts(text, qn__style_off(style));
        for (size_t c = 0; c < table->ncolumns; c++) {
            for (size_t k = 0; style->unicode && k < widths[c]; k++) {
                qn__text_puts(text, "\xE2\x94\x80");
            }
            qn__text_fill(text, '-', style->unicode ? 0 : widths[c]);
            qn__text_fill(text, ' ', c + 1 < table->ncolumns ? GAP : 0);
        }
        qn__text_fill(text, '\n', 1);
        for (size_t r = 0; r < table->nrows; r++) {
            for (size_t c = 0; c < table->ncolumns; c++) {
                rest[c] = cell_at(table, r, c);
            }
            put_row(text, table, widths, rest);
        }
    }
    qn__free(rest);
    qn__free(widths);
}
