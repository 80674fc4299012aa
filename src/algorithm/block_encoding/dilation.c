/* dilation.c: Halmos' dilation as an encoding of the smallest possible alpha, for tests. */
#include <math.h>

#include <quern/linear.h>

#include "algorithm/block_encoding/encoding.h"
#include "base/alloc.h"

enum { MOST_BITS = 6 };

static qn_status norm_of(const qn_context *context, const qn_sparse *matrix, double *out)
{
    qn_singular_values values = QN_SINGULAR_VALUES_INIT;
    QN_TRY(qn_sparse_singular_values(context, matrix, 1, &values));
    QN_CHECK(values.largest > 0, ERR_ARGUMENT, "the matrix is zero");
    *out = values.largest + values.largest_error;
    return QN_OK;
}

qn_status qn__encode_dilation(const qn_context *context, const qn_sparse *matrix, const qn_encoding_options *options,
                              qn_block_encoding *e)
{
    (void)options;
    QN_CHECK(e->system <= MOST_BITS, ERR_TOO_LARGE, "%zu unknowns; the dilation is compiled up to %d", matrix->rows,
             1 << MOST_BITS);
    qn_complex *a = NULL;
    QN_TRY(norm_of(context, matrix, &e->alpha));
    QN_TRY(qn__encoding_dense(context, matrix, &a));
    for (size_t k = 0; k < (size_t)1 << 2 * e->system; k++) {
        a[k] = (qn_complex){a[k].re / e->alpha, a[k].im / e->alpha};
    }
    e->ancillas = 1;
    const qn_status status = qn_halmos_circuit(e->system, a, &e->circuit);
    qn__free(a);
    return status;
}

/* 2^(n+1) basis states: a rotation for each pair. */
qn_status qn__encode_dilation_cost(const qn_context *context, const qn_sparse *matrix,
                                   const qn_encoding_options *options, qn_encoding_cost *out)
{
    (void)options;
    QN_CHECK(out->system <= MOST_BITS, ERR_TOO_LARGE, "%zu unknowns; the dilation is compiled up to %d", matrix->rows,
             1 << MOST_BITS);
    const double n = out->system, size = exp2(n + 1), pairs = size * (size - 1) / 2;
    QN_TRY(norm_of(context, matrix, &out->alpha));
    out->ancillas = 1;
    out->rotations = out->loading_rotations = 8 * pairs;
    out->toffoli = 2 * (n - 1 > 0 ? n - 1 : 0) * pairs;
    out->cx = 6 * out->toffoli + (n + 2) * pairs;
    return QN_OK;
}
