/* matrix_market_read.c: Matrix Market files. Format: Boisvert, Pozo, Remington, NISTIR 5935 (1996). */
#include "format/matrix_entries.h"

#include <math.h>
#include <string.h>

typedef struct banner {
    bool coordinate, pattern;
    bool is_complex, is_integer;
    qn__symmetry symmetry;
} banner;

/* One word of the banner against its choices, whatever the case; gives its number. */
static qn_status choose(qn__cursor *cursor, const char *const *words, const char *expected, size_t *out)
{
    qn__cursor_skip_blanks(cursor);
    for (size_t w = 0; words[w] != NULL; w++) {
        size_t length = 0;
        while (words[w][length] != '\0' && qn__cursor_ahead(cursor, length) >= 0 &&
               qn__upper((char)qn__cursor_ahead(cursor, length)) == qn__upper(words[w][length])) {
            length++;
        }
        const int behind = qn__cursor_ahead(cursor, length);
        if (words[w][length] == '\0' && (behind < 0 || qn__is_blank(behind) || qn__is_newline(behind))) {
            cursor->at += length;
            *out = w;
            return QN_OK;
        }
    }
    char quote[QN__QUOTE];
    return QN_PARSE_FAIL(cursor->source, cursor->at, "expected %s, got %s", expected,
                         qn__cursor_quote(cursor, cursor->at, quote));
}

static qn_status read_banner(qn__cursor *cursor, banner *out)
{
    static const char *const magic[] = {"%%MatrixMarket", NULL}, *const object[] = {"matrix", NULL};
    static const char *const layout[] = {"coordinate", "array", NULL};
    static const char *const field[] = {"real", "integer", "complex", "pattern", "double", NULL};
    static const char *const symmetry[] = {"general", "symmetric", "skew-symmetric", "hermitian", NULL};
    static const qn__symmetry symmetries[] = {QN__SYMMETRY_GENERAL, QN__SYMMETRY_SYMMETRIC, QN__SYMMETRY_SKEW,
                                              QN__SYMMETRY_HERMITIAN};
    size_t word = 0;
    QN_TRY(choose(cursor, magic, "%%MatrixMarket", &word));
    QN_TRY(choose(cursor, object, "the word matrix", &word));
    QN_TRY(choose(cursor, layout, "coordinate or array", &word));
    out->coordinate = word == 0;
    qn__cursor_skip_blanks(cursor);
    const size_t field_at = cursor->at;
    QN_TRY(choose(cursor, field, "real, integer, complex or pattern", &word));
    out->is_integer = word == 1;
    out->is_complex = word == 2;
    out->pattern = word == 3;
    if (out->pattern && !out->coordinate) {
        return QN_PARSE_FAIL(cursor->source, field_at, "an array has values; expected real, integer or complex");
    }
    qn__cursor_skip_blanks(cursor);
    const size_t symmetry_at = cursor->at;
    QN_TRY(choose(cursor, symmetry, "general, symmetric, skew-symmetric or hermitian", &word));
    out->symmetry = symmetries[word];
    if (out->pattern && out->symmetry == QN__SYMMETRY_SKEW) {
        return QN_PARSE_FAIL(cursor->source, symmetry_at, "a pattern cannot be skew-symmetric");
    }
    return qn__matrix_end_line(cursor, "the banner");
}

static qn_status read_value(qn__cursor *cursor, const banner *is, double value[2])
{
    value[0] = 1;
    value[1] = 0;
    for (size_t part = 0; !is->pattern && part < (is->is_complex ? 2 : 1); part++) {
        qn__cursor_skip_blanks(cursor);
        const size_t at = cursor->at;
        QN_TRY(qn__cursor_number(cursor, true, part == 0 ? "the entry's value" : "the entry's imaginary part",
                                 &value[part]));
        if (is->is_integer && value[part] != trunc(value[part])) {
            char quote[QN__QUOTE];
            return QN_PARSE_FAIL(cursor->source, at,
                                 "the entry's value: expected a whole number, as the banner says, got %s",
                                 qn__cursor_quote(cursor, at, quote));
        }
    }
    return qn__matrix_end_line(cursor, "the entry");
}

static qn_status missing_lines(qn__cursor *cursor, size_t got, size_t wanted)
{
    return QN_PARSE_FAIL(cursor->source, cursor->end, "the file ends after %zu of %zu entries", got, wanted);
}

static qn_status read_coordinates(qn__cursor *cursor, const banner *is, size_t count, qn__matrix_entries *entries)
{
    for (size_t k = 0; k < count; k++) {
        if (!qn__matrix_next_line(cursor)) {
            return missing_lines(cursor, k, count);
        }
        const size_t at = cursor->at;
        size_t row = 0, column = 0;
        double value[2];
        QN_TRY(qn__matrix_read_count(cursor, "a row index", &row));
        QN_TRY(qn__matrix_read_count(cursor, "a column index", &column));
        if (row == 0 || column == 0) {
            return QN_PARSE_FAIL(cursor->source, at, "index 0; rows and columns are counted from 1");
        }
        if (is->symmetry != QN__SYMMETRY_GENERAL && column > row) {
            return QN_PARSE_FAIL(cursor->source, at,
                                 "row %zu, column %zu is above the diagonal; files that are not general give the "
                                 "lower triangle only",
                                 row, column);
        }
        QN_TRY(read_value(cursor, is, value));
        QN_TRY(qn__matrix_entries_add(cursor->source, at, entries, row - 1, column - 1, value));
    }
    return QN_OK;
}

/* Column by column; of matrices that are not general from the diagonal down (skew: from below it). */
static qn_status read_array(qn__cursor *cursor, const banner *is, qn__matrix_entries *entries)
{
    size_t got = 0;
    for (size_t column = 0; column < entries->columns; column++) {
        const size_t first = is->symmetry == QN__SYMMETRY_GENERAL ? 0 : column + (is->symmetry == QN__SYMMETRY_SKEW);
        for (size_t row = first; row < entries->rows; row++, got++) {
            if (!qn__matrix_next_line(cursor)) {
                return QN_PARSE_FAIL(cursor->source, cursor->end, "the file ends after %zu entries of %zu x %zu", got,
                                     entries->rows, entries->columns);
            }
            const size_t at = cursor->at;
            double value[2];
            QN_TRY(read_value(cursor, is, value));
            QN_TRY(qn__matrix_entries_add(cursor->source, at, entries, row, column, value));
        }
    }
    return QN_OK;
}

qn_status qn__matrix_market_read(const qn__source *source, uint64_t limit, qn_sparse **out)
{
    qn__cursor cursor = {source, source->start, source->length};
    banner is = {0};
    QN_TRY(read_banner(&cursor, &is));
    if (!qn__matrix_next_line(&cursor)) {
        return QN_PARSE_FAIL(source, source->length, "the file ends before the line with the matrix's size");
    }
    const size_t at = cursor.at;
    qn__matrix_entries entries = {.is_complex = is.is_complex, .symmetry = is.symmetry, .limit = limit};
    size_t count = 0;
    QN_TRY(qn__matrix_read_count(&cursor, "the number of rows", &entries.rows));
    QN_TRY(qn__matrix_read_count(&cursor, "the number of columns", &entries.columns));
    if (is.coordinate) {
        QN_TRY(qn__matrix_read_count(&cursor, "the number of entries", &count));
    }
    QN_TRY(qn__matrix_end_line(&cursor, "the size"));
    if (is.symmetry != QN__SYMMETRY_GENERAL && entries.rows != entries.columns) {
        return QN_PARSE_FAIL(source, at, "%zu x %zu is not square, so the matrix must be general", entries.rows,
                             entries.columns);
    }
    QN_TRY(qn__matrix_entries_start(source, at, &entries));
    qn_status status =
        is.coordinate ? read_coordinates(&cursor, &is, count, &entries) : read_array(&cursor, &is, &entries);
    if (status == QN_OK && qn__matrix_next_line(&cursor)) {
        char quote[QN__QUOTE];
        status = QN_PARSE_FAIL(source, cursor.at, "expected the end of the file behind the last entry, got %s",
                               qn__cursor_quote(&cursor, cursor.at, quote));
    }
    status = status == QN_OK ? qn__matrix_entries_finish(&entries, out) : status;
    qn__matrix_entries_free(&entries);
    return status;
}
