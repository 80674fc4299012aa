/* matrix_triplet_read.c: triplet files as CHOLMOD's demonstration programs read them. */
#include "format/matrix_entries.h"

typedef struct shape {
    size_t count;  /* lines */
    bool told;     /* the header has a stype */
    int stype;     /* 0 general, -1 the lower triangle, 1 the upper one */
    size_t values; /* numbers a line behind the indices */
    size_t base;   /* 0 or 1 */
} shape;

static qn_status read_header(qn__cursor *cursor, qn__matrix_entries *entries, shape *is)
{
    if (!qn__matrix_next_line(cursor)) {
        return QN_PARSE_FAIL(cursor->source, cursor->end,
                             "no matrix; expected a Matrix Market file or a line of rows, columns, entries and stype");
    }
    const size_t at = cursor->at;
    QN_TRY(qn__matrix_read_count(cursor, "the number of rows", &entries->rows));
    QN_TRY(qn__matrix_read_count(cursor, "the number of columns", &entries->columns));
    QN_TRY(qn__matrix_read_count(cursor, "the number of entries", &is->count));
    qn__cursor_skip_blanks(cursor);
    const size_t stype_at = cursor->at;
    const int next = qn__cursor_peek(cursor);
    if (next >= 0 && !qn__is_newline(next)) {
        size_t size = 0;
        cursor->at += next == '-';
        QN_TRY(qn__matrix_read_count(cursor, "the stype (-1, 0 or 1)", &size));
        if (size > 1) {
            return QN_PARSE_FAIL(cursor->source, stype_at, "stype %s%zu; expected -1, 0 or 1", next == '-' ? "-" : "",
                                 size);
        }
        is->stype = next == '-' ? -(int)size : (int)size;
        is->told = true;
    }
    QN_TRY(qn__matrix_end_line(cursor, "the stype"));
    if (is->stype != 0 && entries->rows != entries->columns) {
        return QN_PARSE_FAIL(cursor->source, at, "%zu x %zu is not square, so the stype must be 0", entries->rows,
                             entries->columns);
    }
    return QN_OK;
}

/* The first line says how many numbers each has; one index 0 anywhere says that all are counted from 0. Without a stype
 * a square matrix is symmetric when entries are on one side of the diagonal alone (CHOLMOD User Guide,
 * cholmod_read_triplet).
 */
static qn_status survey(qn__cursor cursor, bool square, shape *is)
{
    bool lower = false, upper = false;
    is->base = 1;
    for (size_t k = 0; k < is->count; k++) {
        if (!qn__matrix_next_line(&cursor)) {
            return QN_PARSE_FAIL(cursor.source, cursor.end, "the file ends after %zu of %zu entries", k, is->count);
        }
        size_t row = 0, column = 0;
        QN_TRY(qn__matrix_read_count(&cursor, "a row index", &row));
        QN_TRY(qn__matrix_read_count(&cursor, "a column index", &column));
        is->base = row == 0 || column == 0 ? 0 : is->base;
        lower = lower || row > column;
        upper = upper || row < column;
        for (size_t values = 0; k == 0; values++) {
            qn__cursor_skip_blanks(&cursor);
            const int next = qn__cursor_peek(&cursor);
            if (next < 0 || qn__is_newline(next) || values == 2) {
                is->values = values;
                break;
            }
            double value = 0;
            QN_TRY(qn__cursor_number(&cursor, true, "the entry's value", &value));
        }
        qn__cursor_skip_line(&cursor);
    }
    if (!is->told && square) {
        is->stype = lower == upper ? 0 : lower ? -1 : 1;
    }
    return QN_OK;
}

static qn_status read_entry(qn__cursor *cursor, const shape *is, qn__matrix_entries *entries)
{
    const size_t at = cursor->at;
    size_t row = 0, column = 0;
    double value[2] = {1, 0};
    QN_TRY(qn__matrix_read_count(cursor, "a row index", &row));
    QN_TRY(qn__matrix_read_count(cursor, "a column index", &column));
    for (size_t part = 0; part < is->values; part++) {
        qn__cursor_skip_blanks(cursor);
        QN_TRY(qn__cursor_number(cursor, true, "the entry's value", &value[part]));
    }
    QN_TRY(qn__matrix_end_line(cursor, "the entry"));
    if ((is->stype < 0 && column > row) || (is->stype > 0 && column < row)) {
        return QN_PARSE_FAIL(cursor->source, at, "row %zu, column %zu is not in the %s triangle that stype %d names",
                             row, column, is->stype < 0 ? "lower" : "upper", is->stype);
    }
    return qn__matrix_entries_add(cursor->source, at, entries, row - is->base, column - is->base, value);
}

qn_status qn__cholmod_triplet_read(const qn__source *source, uint64_t limit, qn_sparse **out)
{
    qn__cursor cursor = {source, source->start, source->length};
    qn__matrix_entries entries = {.limit = limit};
    shape is = {0};
    const size_t at = cursor.at;
    QN_TRY(read_header(&cursor, &entries, &is));
    QN_TRY(qn__matrix_entries_start(source, at, &entries));
    QN_TRY(survey(cursor, entries.rows == entries.columns, &is));
    entries.is_complex = is.values == 2;
    entries.symmetry = is.stype == 0        ? QN__SYMMETRY_GENERAL
                       : entries.is_complex ? QN__SYMMETRY_HERMITIAN
                                            : QN__SYMMETRY_SYMMETRIC;
    qn_status status = QN_OK;
    for (size_t k = 0; status == QN_OK && k < is.count; k++) {
        (void)qn__matrix_next_line(&cursor);
        status = read_entry(&cursor, &is, &entries);
    }
    if (status == QN_OK && qn__matrix_next_line(&cursor)) {
        char quote[QN__QUOTE];
        status = QN_PARSE_FAIL(source, cursor.at, "expected the end of the file behind the last entry, got %s",
                               qn__cursor_quote(&cursor, cursor.at, quote));
    }
    status = status == QN_OK ? qn__matrix_entries_finish(&entries, out) : status;
    qn__matrix_entries_free(&entries);
    return status;
}
