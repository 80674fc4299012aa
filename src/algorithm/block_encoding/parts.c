/* parts.c: what several kinds of encodings are put together from. */
#include <math.h>
#include <string.h>

#include <quern/load.h>

#include "algorithm/block_encoding/encoding.h"
#include "base/alloc.h"
#include "base/context.h"
#include "load/multiplexed.h"

uint32_t qn__encoding_bits(const qn_sparse *matrix)
{
    const uint32_t bits = qn_load_address_bits(matrix->rows);
    return bits > 0 ? bits : 1;
}

qn_status qn__encoding_dense(const qn_context *context, const qn_sparse *matrix, qn_complex **out)
{
    const uint32_t n = qn__encoding_bits(matrix);
    QN_CHECK(n <= QN__ENCODING_DENSE_BITS, ERR_TOO_LARGE, "a matrix of %zu rows; all entries are written out up to %u",
             matrix->rows, 1u << QN__ENCODING_DENSE_BITS);
    const size_t size = (size_t)1 << n;
    QN_TRY(qn__context_check_bytes(context, size * size * sizeof **out, "the dense matrix", ""));
    qn_complex *a = qn__calloc(size * size, sizeof *a);
    QN_ALLOC_CHECK(a);
    for (size_t r = 0; r < matrix->rows; r++) {
        for (uint64_t e = matrix->start[r]; e < matrix->start[r + 1]; e++) {
            a[r * size + matrix->column[e]] = matrix->is_complex
                                                  ? (qn_complex){matrix->value[2 * e], matrix->value[2 * e + 1]}
                                                  : (qn_complex){matrix->value[e], 0};
        }
    }
    *out = a;
    return QN_OK;
}

static qn_status prepare(const qn_context *context, const qn_complex *amplitudes, uint64_t count, bool sparse,
                         qn_circuit **out)
{
    qn_load_options options = QN_LOAD_OPTIONS_INIT;
    options.method = sparse ? QN_LOAD_SPARSE : QN_LOAD_MOTTONEN;
    return qn_load_prepare(context, amplitudes, count, &options, out, NULL);
}

qn_status qn__encoding_pair_make(const qn_context *context, const qn_complex *c, uint64_t count, bool sparse,
                                 qn__encoding_pair *out)
{
    qn__encoding_pair pair = {0};
    qn_circuit *left = NULL;
    qn_status status = QN_OK;
    qn_complex *amplitudes = qn__alloc(count, sizeof *amplitudes);
    QN_ALLOC_CHECK(amplitudes);
    for (uint64_t k = 0; k < count; k++) {
        pair.alpha += qn__complex_size(c[k]);
    }
    if (!(pair.alpha > 0)) {
        status = QN_FAIL(ERR_ARGUMENT, "the matrix is zero");
        goto cleanup;
    }
    for (uint64_t k = 0; k < count; k++) {
        const double size = qn__complex_size(c[k]), root = sqrt(size / pair.alpha);
        amplitudes[k] = size > 0 ? (qn_complex){c[k].re / size * root, c[k].im / size * root} : (qn_complex){0, 0};
    }
    QN_TRY_CLEANUP(prepare(context, amplitudes, count, sparse, &pair.right));
    for (uint64_t k = 0; k < count; k++) {
        amplitudes[k] = (qn_complex){sqrt(qn__complex_size(c[k]) / pair.alpha), 0};
    }
    QN_TRY_CLEANUP(prepare(context, amplitudes, count, sparse, &left));
    QN_TRY_CLEANUP(qn_circuit_inverse(left, &pair.left_inverse));
    *out = pair;
    pair = (qn__encoding_pair){0};
cleanup:
    qn__free(amplitudes);
    qn_circuit_free(left);
    qn__encoding_pair_free(&pair);
    return status;
}

void qn__encoding_pair_free(qn__encoding_pair *pair)
{
    qn_circuit_free(pair->right);
    qn_circuit_free(pair->left_inverse);
    *pair = (qn__encoding_pair){0};
}

/* RY(2 acos |a|) puts |a| on |0> (a real: its sign too), RZ(-2 arg a) the phase. */
qn_status qn__append_entries(qn_circuit *circuit, uint32_t flag, const uint32_t *controls, uint32_t ncontrols,
                             const qn_complex *a, double threshold, double *angles)
{
    const uint64_t count = UINT64_C(1) << ncontrols;
    bool real = true;
    for (uint64_t i = 0; i < count; i++) {
        real = real && a[i].im == 0;
    }
    for (uint64_t i = 0; i < count; i++) {
        const double size = real ? a[i].re : qn__complex_size(a[i]);
        angles[i] = 2 * acos(fmax(-1, fmin(1, size)));
    }
    uint64_t pending = 0;
    const qn__multiplexed y = {QN_GATE_RY, QN_GATE_CX, flag, controls, ncontrols, false, threshold};
    QN_TRY(qn__multiplexed_append(circuit, &y, angles, &pending));
    QN_TRY(qn__multiplexed_flush(circuit, &y, &pending));
    if (real) {
        return QN_OK;
    }
    for (uint64_t i = 0; i < count; i++) {
        angles[i] = a[i].re == 0 && a[i].im == 0 ? 0 : -2 * atan2(a[i].im, a[i].re);
    }
    const qn__multiplexed z = {QN_GATE_RZ, QN_GATE_CX, flag, controls, ncontrols, false, threshold};
    QN_TRY(qn__multiplexed_append(circuit, &z, angles, &pending));
    return qn__multiplexed_flush(circuit, &z, &pending);
}
