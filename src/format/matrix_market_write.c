/* matrix_market_write.c: sparse matrices as Matrix Market files. */
#include <quern/matrix_market.h>

#include "base/alloc.h"
#include "format/buffer.h"

static qn_status write(qn__buffer *buffer, const qn_sparse *matrix)
{
    size_t count = 0;
    for (size_t r = 0; r < matrix->rows; r++) {
        for (uint64_t e = matrix->start[r]; e < matrix->start[r + 1]; e++) {
            count += !matrix->hermitian || matrix->column[e] <= r;
        }
    }
    QN_TRY(qn__buffer_print(buffer, "%%%%MatrixMarket matrix coordinate %s %s\n%zu %zu %zu\n",
                            matrix->is_complex ? "complex" : "real",
                            !matrix->hermitian   ? "general"
                            : matrix->is_complex ? "hermitian"
                                                 : "symmetric",
                            matrix->rows, matrix->columns, count));
    for (size_t r = 0; r < matrix->rows; r++) {
        for (uint64_t e = matrix->start[r]; e < matrix->start[r + 1]; e++) {
            if (matrix->hermitian && matrix->column[e] > r) {
                continue;
            }
            QN_TRY(qn__buffer_print(buffer, "%zu %u ", r + 1, matrix->column[e] + 1));
            QN_TRY(qn__buffer_number(buffer, matrix->value[matrix->is_complex ? 2 * e : e], false));
            if (matrix->is_complex) {
                QN_TRY(qn__buffer_print(buffer, " "));
                QN_TRY(qn__buffer_number(buffer, matrix->value[2 * e + 1], false));
            }
            QN_TRY(qn__buffer_print(buffer, "\n"));
        }
    }
    return QN_OK;
}

qn_status qn_write_matrix_market(const qn_sparse *matrix, char **text, size_t *length)
{
    QN_CHECK(matrix != NULL && text != NULL && length != NULL, ERR_ARGUMENT,
             "a matrix and places for the text are needed");
    qn__buffer buffer = {0};
    qn_status status = write(&buffer, matrix);
    status = status == QN_OK ? qn__buffer_take(&buffer, text, length) : status;
    qn__free(buffer.data);
    return status;
}
