/* table.c: aligned rows and wrapped sentences for a terminal. */
#include "report/table.h"

#include <string.h>

#include "report/text.h"

enum { DEFAULT_WIDTH = 80, LEAST_WIDTH = 40, GAP = 2, INDENT = 2 };

const char *qn__style_bold(const qn_style *style)
{
    return style->color ? "\033[1m" : "";
}

const char *qn__style_dim(const qn_style *style)
{
    return style->color ? "\033[2m" : "";
}

const char *qn__style_accent(const qn_style *style)
{
    return style->color ? "\033[1;36m" : "";
}

const char *qn__style_off(const qn_style *style)
{
    return style->color ? "\033[0m" : "";
}

static size_t width_of(const qn_style *style)
{
    const size_t width = style->width != 0 ? style->width : DEFAULT_WIDTH;
    return width < LEAST_WIDTH ? LEAST_WIDTH : width;
}

/* One line's worth of words: bytes up to the last blank that still fits, or one whole word. */
static size_t line_of(const char *words, size_t columns)
{
    size_t used = 0, fit = 0;
    for (size_t i = 0;; i++) {
        if (words[i] == '\0' || words[i] == ' ') {
            if (used <= columns || fit == 0) {
                fit = i;
            }
            if (words[i] == '\0' || used > columns) {
                return fit;
            }
        }
        used += ((unsigned char)words[i] & 0xC0) != 0x80;
    }
}

/* Words in lines of `columns`, all but the first indented. */
static void flow(qn_text *text, const char *words, size_t indent, size_t columns)
{
    for (bool first = true; *words != '\0'; first = false) {
        if (!first) {
            qn__text_fill(text, '\n', 1);
            qn__text_fill(text, ' ', indent);
        }
        const size_t length = line_of(words, columns);
        qn_text_append(text, words, length);
        words += length;
        while (*words == ' ') {
            words++;
        }
    }
}

void qn__text_wrap(qn_text *text, const char *words, size_t indent, const char *mark, const qn_style *style)
{
    const size_t width = width_of(style), marked = qn__utf8_columns(mark);
    qn__text_puts(text, mark);
    qn__text_fill(text, ' ', indent > marked ? indent - marked : 0);
    flow(text, words, indent, width > indent + 20 ? width - indent : 20);
    qn__text_fill(text, '\n', 1);
}

void qn__table_print(qn_text *text, const qn__table_row *rows, size_t count, const qn_style *style)
{
    size_t labels = 0, values = 0, notes = 0;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].heading == NULL) {
            const size_t label = qn__utf8_columns(rows[i].label), value = qn__utf8_columns(rows[i].value);
            const size_t note = qn__utf8_columns(rows[i].note);
            notes = note > notes ? note : notes;
            labels = label > labels ? label : labels;
            values = value > values && value <= 24 ? value : values; /* long texts do not push the notes away */
        }
    }
    const size_t start = INDENT + labels + GAP, width = width_of(style);
    const size_t columns = width > start + 20 ? width - start : 20;
    for (size_t i = 0; i < count; i++) {
        const qn__table_row *row = &rows[i];
        if (row->heading != NULL) {
            qn_text_printf(text, "%s%s%s\n", qn__style_bold(style), row->heading, qn__style_off(style));
            continue;
        }
        qn__text_fill(text, ' ', INDENT);
        qn__text_puts(text, row->label);
        qn__text_fill(text, ' ', labels - qn__utf8_columns(row->label) + GAP);
        flow(text, row->value, start, columns);
        if (row->note[0] != '\0') {
            const size_t value = qn__utf8_columns(row->value);
            size_t gap = (value < values ? values - value : 0) + GAP;
            if (start + value + gap + notes > width) { /* a narrow terminal: rather ragged than broken by it */
                const bool fits = start + value + GAP + qn__utf8_columns(row->note) <= width;
                gap = fits ? (size_t)GAP : start;
                qn__text_fill(text, '\n', fits ? 0 : 1);
            }
            qn__text_fill(text, ' ', gap);
            qn_text_printf(text, "%s%s%s", qn__style_dim(style), row->note, qn__style_off(style));
        }
        qn__text_fill(text, '\n', 1);
    }
}
