/* sparse_build.c: sparse matrices from entries, and matrices made of others. */
#include "math/sparse.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

uint64_t qn_sparse_bytes(size_t rows, size_t nonzeros, bool is_complex)
{
    const uint64_t entry = sizeof(uint32_t) + (is_complex ? 2 : 1) * sizeof(double);
    return sizeof(qn_sparse) + ((uint64_t)rows + 1) * sizeof(uint64_t) + (uint64_t)nonzeros * entry;
}

qn_status qn__sparse_check_size(size_t rows, size_t columns)
{
    QN_CHECK(rows > 0 && columns > 0 && rows < UINT32_MAX && columns < UINT32_MAX, ERR_SHAPE,
             "a matrix of %zu x %zu; expected 1 to 2^32 - 2 rows and columns", rows, columns);
    return QN_OK;
}

qn_status qn__sparse_create(size_t rows, size_t columns, size_t nonzeros, bool is_complex, qn_sparse **out)
{
    QN_TRY(qn__sparse_check_size(rows, columns));
    qn_sparse *matrix = qn__calloc(1, sizeof *matrix);
    QN_ALLOC_CHECK(matrix);
    *matrix = (qn_sparse){.rows = rows, .columns = columns, .nonzeros = nonzeros, .is_complex = is_complex};
    matrix->start = qn__calloc(rows + 1, sizeof *matrix->start);
    matrix->column = qn__alloc(nonzeros, sizeof *matrix->column);
    matrix->value = qn__alloc(nonzeros, (is_complex ? 2 : 1) * sizeof *matrix->value);
    if (matrix->start == NULL || matrix->column == NULL || matrix->value == NULL) {
        qn_sparse_free(matrix);
        return QN_ERR_MEMORY;
    }
    *out = matrix;
    return QN_OK;
}

void qn_sparse_free(qn_sparse *matrix)
{
    if (matrix != NULL) {
        qn__free(matrix->start);
        qn__free(matrix->column);
        qn__free(matrix->value);
        qn__free(matrix);
    }
}

static void put_entry(const qn_sparse *from, size_t entry, bool conjugate, qn_sparse *to, size_t at)
{
    if (!to->is_complex) {
        to->value[at] = from->value[entry];
    } else if (!from->is_complex) {
        to->value[2 * at] = from->value[entry];
        to->value[2 * at + 1] = 0;
    } else {
        to->value[2 * at] = from->value[2 * entry];
        to->value[2 * at + 1] = conjugate ? -from->value[2 * entry + 1] : from->value[2 * entry + 1];
    }
}

/* Rows become columns; entries of a row come out in the order of the old rows. */
static qn_status turn(const qn_sparse *matrix, bool conjugate, qn_sparse **out)
{
    qn_sparse *t = NULL;
    QN_TRY(qn__sparse_create(matrix->columns, matrix->rows, matrix->nonzeros, matrix->is_complex, &t));
    for (size_t e = 0; e < matrix->nonzeros; e++) {
        t->start[matrix->column[e] + 1]++;
    }
    for (size_t r = 0; r < t->rows; r++) {
        t->start[r + 1] += t->start[r];
    }
    /* start[c] is used as the place of the next entry of row c, and set back afterwards. */
    for (size_t r = 0; r < matrix->rows; r++) {
        for (uint64_t e = matrix->start[r]; e < matrix->start[r + 1]; e++) {
            const size_t at = t->start[matrix->column[e]]++;
            t->column[at] = (uint32_t)r;
            put_entry(matrix, e, conjugate, t, at);
        }
    }
    memmove(t->start + 1, t->start, t->rows * sizeof *t->start);
    t->start[0] = 0;
    t->hermitian = matrix->hermitian;
    *out = t;
    return QN_OK;
}

qn_status qn_sparse_transpose(const qn_sparse *matrix, qn_sparse **out)
{
    QN_CHECK(matrix != NULL && out != NULL, ERR_ARGUMENT, "a matrix and a place for the result are needed");
    return turn(matrix, false, out);
}

qn_status qn_sparse_adjoint(const qn_sparse *matrix, qn_sparse **out)
{
    QN_CHECK(matrix != NULL && out != NULL, ERR_ARGUMENT, "a matrix and a place for the result are needed");
    return turn(matrix, true, out);
}

qn_status qn__sparse_judge(qn_sparse *matrix)
{
    matrix->hermitian = false;
    if (matrix->rows != matrix->columns) {
        return QN_OK;
    }
    qn_sparse *t = NULL;
    QN_TRY(turn(matrix, true, &t));
    bool same = memcmp(t->start, matrix->start, (matrix->rows + 1) * sizeof *t->start) == 0 &&
                memcmp(t->column, matrix->column, matrix->nonzeros * sizeof *t->column) == 0;
    const size_t numbers = matrix->nonzeros * (matrix->is_complex ? 2 : 1);
    for (size_t i = 0; same && i < numbers; i++) {
        same = !(t->value[i] < matrix->value[i]) && !(t->value[i] > matrix->value[i]);
    }
    qn_sparse_free(t);
    matrix->hermitian = same;
    return QN_OK;
}

/* Sorted rows with possible repetitions become rows without; zeros go. */
static void merge(qn_sparse *matrix)
{
    size_t filled = 0, first = 0;
    const size_t width = matrix->is_complex ? 2 : 1;
    for (size_t r = 0; r < matrix->rows; r++) {
        const size_t end = matrix->start[r + 1];
        matrix->start[r] = filled;
        for (size_t e = first; e < end;) {
            const uint32_t column = matrix->column[e];
            double sum[2] = {0, 0};
            for (; e < end && matrix->column[e] == column; e++) {
                sum[0] += matrix->value[width * e];
                sum[1] += width == 2 ? matrix->value[2 * e + 1] : 0;
            }
            if (fpclassify(sum[0]) != FP_ZERO || fpclassify(sum[1]) != FP_ZERO) {
                matrix->column[filled] = column;
                memcpy(matrix->value + width * filled, sum, width * sizeof *sum);
                filled++;
            }
        }
        first = end;
    }
    matrix->start[matrix->rows] = filled;
    matrix->nonzeros = filled;
}

qn_status qn_sparse_from_triplets(size_t rows, size_t columns, size_t count, const uint32_t *row,
                                  const uint32_t *column, const double *value, bool is_complex, qn_sparse **out)
{
    QN_CHECK(out != NULL && (count == 0 || (row != NULL && column != NULL && value != NULL)), ERR_ARGUMENT,
             "entries and a place for the matrix are needed");
    QN_TRY(qn__sparse_check_size(rows, columns));
    const size_t width = is_complex ? 2 : 1;
    for (size_t e = 0; e < count; e++) {
        QN_CHECK(row[e] < rows && column[e] < columns, ERR_RANGE, "entry %zu stands at row %u, column %u of %zu x %zu",
                 e, row[e], column[e], rows, columns);
        QN_CHECK(isfinite(value[width * e]) && isfinite(value[width * e + width - 1]), ERR_NAN,
                 "the entry at row %u, column %u is not finite", row[e], column[e]);
    }
    /* First by column, as the rows of the transpose; turning that sorts the columns of each row. */
    qn_sparse *t = NULL, *matrix = NULL;
    QN_TRY(qn__sparse_create(columns, rows, count, is_complex, &t));
    qn_status status = QN_OK;
    for (size_t e = 0; e < count; e++) {
        t->start[column[e] + 1]++;
    }
    for (size_t c = 0; c < columns; c++) {
        t->start[c + 1] += t->start[c];
    }
    for (size_t e = 0; e < count; e++) {
        const size_t at = t->start[column[e]]++;
        t->column[at] = row[e];
        memcpy(t->value + width * at, value + width * e, width * sizeof *value);
    }
    memmove(t->start + 1, t->start, columns * sizeof *t->start);
    t->start[0] = 0;
    QN_TRY_CLEANUP(turn(t, false, &matrix));
    merge(matrix);
    for (size_t i = 0; i < matrix->nonzeros * width; i++) {
        if (!isfinite(matrix->value[i])) {
            status = QN_FAIL(ERR_NAN, "entries at the same place add up to a number that is not finite");
            goto cleanup;
        }
    }
    QN_TRY_CLEANUP(qn__sparse_judge(matrix));
    *out = matrix;
    matrix = NULL;
cleanup:
    qn_sparse_free(matrix);
    qn_sparse_free(t);
    return status;
}

qn_status qn_sparse_from_dense(size_t rows, size_t columns, const double *entries, bool is_complex, qn_sparse **out)
{
    QN_CHECK(out != NULL && entries != NULL, ERR_ARGUMENT, "entries and a place for the matrix are needed");
    const size_t width = is_complex ? 2 : 1;
    size_t count = 0;
    for (size_t i = 0; i < rows * columns; i++) {
        const double size = fabs(entries[width * i]) + fabs(entries[width * i + width - 1]);
        QN_CHECK(isfinite(size), ERR_NAN, "the entry at row %zu, column %zu is not finite", i / columns, i % columns);
        count += size > 0;
    }
    qn_sparse *matrix = NULL;
    QN_TRY(qn__sparse_create(rows, columns, count, is_complex, &matrix));
    size_t filled = 0;
    for (size_t i = 0; i < rows * columns; i++) {
        if (fabs(entries[width * i]) + fabs(entries[width * i + width - 1]) > 0) {
            matrix->column[filled] = (uint32_t)(i % columns);
            memcpy(matrix->value + width * filled, entries + width * i, width * sizeof *entries);
            filled++;
        }
        if (i % columns == columns - 1) {
            matrix->start[i / columns + 1] = filled;
        }
    }
    const qn_status status = qn__sparse_judge(matrix);
    if (status != QN_OK) {
        qn_sparse_free(matrix);
        return status;
    }
    *out = matrix;
    return QN_OK;
}

void qn_sparse_to_dense(const qn_sparse *matrix, double *entries)
{
    const size_t width = matrix->is_complex ? 2 : 1;
    memset(entries, 0, matrix->rows * matrix->columns * width * sizeof *entries);
    for (size_t r = 0; r < matrix->rows; r++) {
        for (uint64_t e = matrix->start[r]; e < matrix->start[r + 1]; e++) {
            memcpy(entries + (r * matrix->columns + matrix->column[e]) * width, matrix->value + e * width,
                   width * sizeof *entries);
        }
    }
}

qn_status qn_sparse_to_complex(const qn_sparse *matrix, qn_sparse **out)
{
    QN_CHECK(matrix != NULL && out != NULL, ERR_ARGUMENT, "a matrix and a place for the result are needed");
    qn_sparse *copy = NULL;
    QN_TRY(qn__sparse_create(matrix->rows, matrix->columns, matrix->nonzeros, true, &copy));
    memcpy(copy->start, matrix->start, (matrix->rows + 1) * sizeof *copy->start);
    memcpy(copy->column, matrix->column, matrix->nonzeros * sizeof *copy->column);
    for (size_t e = 0; e < matrix->nonzeros; e++) {
        put_entry(matrix, e, false, copy, e);
    }
    copy->hermitian = matrix->hermitian;
    *out = copy;
    return QN_OK;
}

qn_status qn_sparse_dilation(const qn_sparse *matrix, qn_sparse **out)
{
    QN_CHECK(matrix != NULL && out != NULL, ERR_ARGUMENT, "a matrix and a place for the result are needed");
    const size_t n = matrix->rows + matrix->columns, width = matrix->is_complex ? 2 : 1;
    qn_sparse *adjoint = NULL, *both = NULL;
    QN_TRY(qn_sparse_adjoint(matrix, &adjoint));
    qn_status status = qn__sparse_create(n, n, 2 * matrix->nonzeros, matrix->is_complex, &both);
    if (status == QN_OK) {
        for (size_t e = 0; e < matrix->nonzeros; e++) {
            both->column[e] = (uint32_t)(matrix->rows + matrix->column[e]);
        }
        memcpy(both->column + matrix->nonzeros, adjoint->column, matrix->nonzeros * sizeof *both->column);
        memcpy(both->value, matrix->value, matrix->nonzeros * width * sizeof *both->value);
        memcpy(both->value + matrix->nonzeros * width, adjoint->value, matrix->nonzeros * width * sizeof *both->value);
        memcpy(both->start, matrix->start, matrix->rows * sizeof *both->start);
        for (size_t r = 0; r <= adjoint->rows; r++) {
            both->start[matrix->rows + r] = matrix->nonzeros + adjoint->start[r];
        }
        both->hermitian = true;
        *out = both;
    }
    qn_sparse_free(adjoint);
    return status;
}

qn_status qn_sparse_graph_laplacian(const qn_sparse *adjacency, double shift, qn_sparse **out)
{
    QN_CHECK(adjacency != NULL && out != NULL, ERR_ARGUMENT, "a matrix and a place for the result are needed");
    QN_CHECK(adjacency->hermitian && !adjacency->is_complex, ERR_NOT_HERMITIAN,
             "a graph's Laplacian needs a real symmetric matrix of weights");
    QN_CHECK(isfinite(shift), ERR_NAN, "the shift is not finite");
    const size_t n = adjacency->rows, count = adjacency->nonzeros + n;
    uint32_t *row = qn__alloc(2 * count, sizeof *row);
    double *value = qn__alloc(count, sizeof *value);
    qn_status status = QN_ERR_MEMORY;
    if (row != NULL && value != NULL) {
        uint32_t *column = row + count;
        size_t filled = 0;
        for (size_t r = 0; r < n; r++) {
            double degree = 0;
            for (uint64_t e = adjacency->start[r]; e < adjacency->start[r + 1]; e++) {
                if (adjacency->column[e] != r) {
                    row[filled] = (uint32_t)r;
                    column[filled] = adjacency->column[e];
                    value[filled++] = -fabs(adjacency->value[e]);
                    degree += fabs(adjacency->value[e]);
                }
            }
            row[filled] = column[filled] = (uint32_t)r;
            value[filled++] = degree + shift;
        }
        status = qn_sparse_from_triplets(n, n, filled, row, column, value, false, out);
    }
    qn__free(row);
    qn__free(value);
    return status;
}
