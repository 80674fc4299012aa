/* matrix_entries.c: what the readers of matrices share: sizes, entries, lines. */
#include "format/matrix_entries.h"

#include "base/alloc.h"

qn_status qn__matrix_entries_start(const qn__source *source, size_t at, qn__matrix_entries *entries)
{
    if (entries->rows == 0 || entries->columns == 0 || entries->rows >= UINT32_MAX || entries->columns >= UINT32_MAX) {
        return QN_PARSE_FAIL(source, at, "a matrix of %zu x %zu; expected 1 to 4294967294 rows and columns",
                             entries->rows, entries->columns);
    }
    /* the matrix and the two transposes that are made on the way to it */
    const uint64_t bytes = qn_sparse_bytes(entries->rows, 0, false) + 2 * qn_sparse_bytes(entries->columns, 0, false);
    if (bytes > entries->limit) {
        return qn__source_fail(source, at, QN_ERR_TOO_LARGE, __FILE__, __LINE__,
                               "a matrix of %zu x %zu takes more than the %llu bytes a reader may ask for",
                               entries->rows, entries->columns, (unsigned long long)entries->limit);
    }
    return QN_OK;
}

static qn_status push(const qn__source *source, size_t at, qn__matrix_entries *entries, size_t row, size_t column,
                      double re, double im)
{
    if (entries->count == entries->capacity) {
        const size_t capacity = entries->capacity < 64 ? 128 : 2 * entries->capacity;
        const size_t width = entries->is_complex ? 2 : 1;
        if (4 * qn_sparse_bytes(entries->rows, capacity, entries->is_complex) > entries->limit * 2) {
            return qn__source_fail(source, at, QN_ERR_TOO_LARGE, __FILE__, __LINE__,
                                   "over %zu entries take more than the %llu bytes a reader may ask for",
                                   entries->count, (unsigned long long)entries->limit);
        }
        uint32_t *rows = qn__realloc(entries->row, capacity, sizeof *rows);
        entries->row = rows != NULL ? rows : entries->row;
        uint32_t *columns = qn__realloc(entries->column, capacity, sizeof *columns);
        entries->column = columns != NULL ? columns : entries->column;
        double *values = qn__realloc(entries->value, capacity, width * sizeof *values);
        entries->value = values != NULL ? values : entries->value;
        if (rows == NULL || columns == NULL || values == NULL) {
            return QN_ERR_MEMORY;
        }
        entries->capacity = capacity;
    }
    const size_t k = entries->count++;
    entries->row[k] = (uint32_t)row;
    entries->column[k] = (uint32_t)column;
    if (entries->is_complex) {
        entries->value[2 * k] = re;
        entries->value[2 * k + 1] = im;
    } else {
        entries->value[k] = re;
    }
    return QN_OK;
}

qn_status qn__matrix_entries_add(const qn__source *source, size_t at, qn__matrix_entries *entries, size_t row,
                                 size_t column, const double value[2])
{
    if (row >= entries->rows || column >= entries->columns) {
        return QN_PARSE_FAIL(source, at, "row %zu, column %zu (from 1) is outside of the matrix of %zu x %zu", row + 1,
                             column + 1, entries->rows, entries->columns);
    }
    const double re = value[0], im = entries->is_complex ? value[1] : 0;
    QN_TRY(push(source, at, entries, row, column, re, im));
    if (entries->symmetry == QN__SYMMETRY_GENERAL) {
        return QN_OK;
    }
    if (row == column) {
        if (entries->symmetry == QN__SYMMETRY_SKEW) {
            return QN_PARSE_FAIL(source, at, "an entry on the diagonal of a skew-symmetric matrix");
        }
        if (entries->symmetry == QN__SYMMETRY_HERMITIAN && (im < 0 || im > 0)) {
            return QN_PARSE_FAIL(source, at, "the diagonal of a Hermitian matrix is real, this entry is not");
        }
        return QN_OK;
    }
    const double sign = entries->symmetry == QN__SYMMETRY_SKEW ? -1 : 1;
    return push(source, at, entries, column, row, sign * re,
                entries->symmetry == QN__SYMMETRY_HERMITIAN ? -im : sign * im);
}

qn_status qn__matrix_entries_finish(const qn__matrix_entries *entries, qn_sparse **out)
{
    return qn_sparse_from_triplets(entries->rows, entries->columns, entries->count, entries->row, entries->column,
                                   entries->value, entries->is_complex, out);
}

void qn__matrix_entries_free(qn__matrix_entries *entries)
{
    qn__free(entries->row);
    qn__free(entries->column);
    qn__free(entries->value);
}

qn_status qn__matrix_read_count(qn__cursor *cursor, const char *what, size_t *out)
{
    qn__cursor_skip_blanks(cursor);
    const size_t at = cursor->at;
    char quote[QN__QUOTE];
    uint64_t number = 0;
    while (qn__is_digit(qn__cursor_peek(cursor)) && number < UINT64_C(1) << 53) {
        number = number * 10 + (uint64_t)(qn__cursor_peek(cursor) - '0');
        cursor->at++;
    }
    const int behind = qn__cursor_peek(cursor);
    if (cursor->at == at || (behind >= 0 && !qn__is_blank(behind) && !qn__is_newline(behind))) {
        return QN_PARSE_FAIL(cursor->source, at, "expected %s, a whole number, got %s", what,
                             qn__cursor_quote(cursor, at, quote));
    }
    *out = (size_t)number;
    return QN_OK;
}

bool qn__matrix_next_line(qn__cursor *cursor)
{
    for (;;) {
        while (qn__is_blank(qn__cursor_peek(cursor)) || qn__is_newline(qn__cursor_peek(cursor))) {
            cursor->at++;
        }
        if (qn__cursor_peek(cursor) != '%') {
            return qn__cursor_peek(cursor) >= 0;
        }
        qn__cursor_skip_line(cursor);
    }
}

qn_status qn__matrix_end_line(qn__cursor *cursor, const char *behind)
{
    qn__cursor_skip_blanks(cursor);
    const int next = qn__cursor_peek(cursor);
    if (next >= 0 && !qn__is_newline(next)) {
        char quote[QN__QUOTE];
        return QN_PARSE_FAIL(cursor->source, cursor->at, "expected the end of the line behind %s, got %s", behind,
                             qn__cursor_quote(cursor, cursor->at, quote));
    }
    return QN_OK;
}

static bool says_matrix_market(const qn__cursor *cursor)
{
    static const char word[] = "MATRIXMARKET";
    size_t k = 0;
    while (qn__cursor_ahead(cursor, k) == '%' || qn__is_blank(qn__cursor_ahead(cursor, k))) {
        k++;
    }
    for (size_t i = 0; word[i] != '\0'; i++) {
        const int c = qn__cursor_ahead(cursor, k + i);
        if (c < 0 || qn__upper((char)c) != word[i]) {
            return false;
        }
    }
    return true;
}

/* A banner that is misspelt or not in front would be a comment, and a symmetric matrix a triangle. */
static qn_status check_for_banner(const qn__source *source)
{
    qn__cursor cursor = {source, source->start, source->length};
    for (;;) {
        while (qn__is_blank(qn__cursor_peek(&cursor)) || qn__is_newline(qn__cursor_peek(&cursor))) {
            cursor.at++;
        }
        if (qn__cursor_peek(&cursor) != '%') {
            return QN_OK;
        }
        if (says_matrix_market(&cursor)) {
            return QN_PARSE_FAIL(source, cursor.at,
                                 "a banner of Matrix Market files begins with %%%%MatrixMarket, in the first line");
        }
        qn__cursor_skip_line(&cursor);
    }
}

qn_status qn__matrix_read(const char *text, size_t length, const char *name, uint64_t limit, qn_sparse **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "a place for the matrix is needed");
    qn__source source;
    QN_TRY(qn__source_open(&source, text, length, name));
    const bool banner = length - source.start >= 2 && text[source.start] == '%' && text[source.start + 1] == '%';
    if (!banner) {
        QN_TRY(check_for_banner(&source));
    }
    return banner ? qn__matrix_market_read(&source, limit, out) : qn__cholmod_triplet_read(&source, limit, out);
}

qn_status qn_read_matrix(const char *text, size_t length, const char *name, qn_sparse **out)
{
    return qn__matrix_read(text, length, name, QN__READ_LIMIT, out);
}
