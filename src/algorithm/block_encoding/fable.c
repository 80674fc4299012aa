/* fable.c: one rotation for each entry (D. Camps, R. Van Beeumen, arXiv:2205.00081).
 *
 * Hadamards spread the ancillas over all rows i; a rotation chosen by (i, j) puts a_ij / max|a| on the flag's |0>; i
 * and j change places; Hadamards again. The multiplexed rotation is a ladder of 4^n rotations between CNOTs in
 * Gray-code order, by angles that are a Walsh-Hadamard transform of those wanted: small ones may be left out, and their
 * CNOTs cancel. */
#include <math.h>
#include <string.h>

#include "algorithm/block_encoding/encoding.h"
#include "base/alloc.h"
#include "math/walsh.h"

/* What is left of angles when small ladder rotations are gone. */
static void compressed(uint32_t bits, double threshold, double *angles)
{
    const uint64_t count = UINT64_C(1) << bits;
    qn__walsh_hadamard(bits, angles);
    for (uint64_t i = 0; i < count; i++) {
        angles[i] = fabs(angles[i] / (double)count) < threshold ? 0 : angles[i];
    }
    qn__walsh_hadamard(bits, angles);
    for (uint64_t i = 0; i < count; i++) {
        angles[i] /= (double)count;
    }
}

/* Frobenius norm of a - what the circuit has, in the scale of a. */
static double error_of(uint32_t bits, const qn_complex *a, double threshold, double *y, double *z)
{
    const uint64_t count = UINT64_C(1) << bits;
    bool real = true;
    for (uint64_t i = 0; i < count; i++) {
        real = real && a[i].im == 0;
    }
    for (uint64_t i = 0; i < count; i++) {
        y[i] = 2 * acos(fmax(-1, fmin(1, real ? a[i].re : qn__complex_size(a[i]))));
        z[i] = a[i].re == 0 && a[i].im == 0 ? 0 : -2 * atan2(a[i].im, a[i].re);
    }
    compressed(bits, threshold, y);
    compressed(bits, threshold, z);
    double sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        const double size = cos(y[i] / 2), phase = real ? 0 : -z[i] / 2;
        const double re = size * cos(phase) - a[i].re, im = size * sin(phase) - a[i].im;
        sum += re * re + im * im;
    }
    return sqrt(sum);
}

/* system: j; then the flag, then i. */
static qn_status assemble(uint32_t n, const qn_complex *a, double threshold, double *angles, qn_circuit *circuit)
{
    uint32_t controls[2 * QN__ENCODING_DENSE_BITS];
    for (uint32_t q = 0; q < n; q++) {
        controls[q] = q;
        controls[n + q] = n + 1 + q;
        QN_TRY(qn__append_gate(circuit, QN_GATE_H, n + 1 + q));
    }
    QN_TRY(qn__append_entries(circuit, n, controls, 2 * n, a, threshold, angles));
    for (uint32_t q = 0; q < n; q++) {
        QN_TRY(qn_circuit_append(circuit, QN_GATE_SWAP, (uint32_t[]){q, n + 1 + q}, 2, NULL, 0));
    }
    for (uint32_t q = 0; q < n; q++) {
        QN_TRY(qn__append_gate(circuit, QN_GATE_H, n + 1 + q));
    }
    return QN_OK;
}

qn_status qn__encode_fable(const qn_context *context, const qn_sparse *matrix, const qn_encoding_options *options,
                           qn_block_encoding *e)
{
    const uint32_t n = e->system;
    qn_complex *a = NULL;
    qn_circuit *circuit = NULL;
    double *angles = NULL;
    qn_status status = QN_OK;
    QN_CHECK(2 * n <= QN__ENCODING_CIRCUIT_BITS, ERR_TOO_LARGE, "4^%u rotations; at most 2^%d are written out", n,
             (int)QN__ENCODING_CIRCUIT_BITS);
    QN_TRY(qn__encoding_dense(context, matrix, &a));
    const size_t count = (size_t)1 << 2 * n;
    double largest = 0;
    for (size_t k = 0; k < count; k++) {
        largest = fmax(largest, qn__complex_size(a[k]));
    }
    if (!(largest > 0)) {
        status = QN_FAIL(ERR_ARGUMENT, "the matrix is zero");
        goto cleanup;
    }
    for (size_t k = 0; k < count; k++) {
        a[k] = (qn_complex){a[k].re / largest, a[k].im / largest};
    }
    angles = qn__alloc(2 * count, sizeof *angles);
    if (angles == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    e->error =
        options->compression > 0 ? largest * error_of(2 * n, a, options->compression, angles, angles + count) : 0;
    QN_TRY_CLEANUP(qn_circuit_create(2 * n + 1, &circuit));
    QN_TRY_CLEANUP(assemble(n, a, options->compression, angles, circuit));
    e->ancillas = n + 1;
    e->alpha = largest * (double)((size_t)1 << n);
    e->circuit = circuit;
    circuit = NULL;
cleanup:
    qn__free(a);
    qn__free(angles);
    qn_circuit_free(circuit);
    return status;
}

qn_status qn__encode_fable_cost(const qn_context *context, const qn_sparse *matrix, const qn_encoding_options *options,
                                qn_encoding_cost *out)
{
    (void)context;
    (void)options;
    qn_sparse_norms norms;
    QN_TRY(qn_sparse_measure(matrix, &norms));
    const double n = out->system, ladders = matrix->is_complex ? 2 : 1;
    out->ancillas = out->system + 1;
    out->alpha = norms.largest * exp2(n);
    out->rotations = out->loading_rotations = ladders * exp2(2 * n);
    out->cx = ladders * exp2(2 * n) + 3 * n;
    return QN_OK;
}
