/* rows.c: rows and their norms as prepared states: I. Kerenidis, A. Prakash, arXiv:1603.08675, as a block-encoding:
 * A. Gilyen et al., arXiv:1806.01838, lemma 50; alpha is the Frobenius norm.
 *
 * Ancillas get sum_i |A_i| |i>; undoing the preparation of row i on the vector's qubits leaves a_ij / |A_i| on |0>;
 * both registers change places. Both preparations are the upper and the lower levels of one tree of rotations over all
 * entries. Phases of complex entries are turned on one more ancilla. */
#include <math.h>
#include <string.h>

#include <quern/load.h>

#include "algorithm/block_encoding/encoding.h"
#include "base/alloc.h"
#include "load/multiplexed.h"

/* Operations of the tree whose target is below n (`low`), or not. */
static qn_status append_levels(qn_circuit *to, const qn_circuit *tree, uint32_t n, bool low)
{
    for (size_t i = 0; i < qn_circuit_operations(tree); i++) {
        qn_operation op;
        qn_circuit_operation(tree, i, &op);
        if (op.ntargets == 1 && (op.targets[0] < n) == low) {
            QN_TRY(qn_circuit_append_controlled(to, op.base, op.controls, op.ncontrols, op.control_state, op.targets, 1,
                                                op.params, op.nparams));
        }
    }
    return QN_OK;
}

static qn_status append_phases(qn_circuit *circuit, uint32_t n, const qn_complex *a, double *angles)
{
    uint32_t controls[2 * QN__ENCODING_DENSE_BITS];
    for (uint32_t q = 0; q < 2 * n; q++) {
        controls[q] = q;
    }
    for (size_t k = 0; k < (size_t)1 << 2 * n; k++) {
        angles[k] = a[k].re == 0 && a[k].im == 0 ? 0 : -2 * atan2(a[k].im, a[k].re);
    }
    uint64_t pending = 0;
    const qn__multiplexed z = {QN_GATE_RZ, QN_GATE_CX, 2 * n, controls, 2 * n, false, 0};
    QN_TRY(qn__multiplexed_append(circuit, &z, angles, &pending));
    return qn__multiplexed_flush(circuit, &z, &pending);
}

/* system: j, then i, then the phase's qubit. */
static qn_status assemble(const qn_context *context, uint32_t n, qn_complex *a, bool real, qn_circuit *circuit)
{
    const size_t count = (size_t)1 << 2 * n;
    qn_circuit *tree = NULL, *low = NULL, *inverse = NULL;
    qn_status status = QN_OK;
    qn_complex *sizes = qn__alloc(count, sizeof *sizes);
    double *angles = qn__alloc(count, sizeof *angles);
    if (sizes == NULL || angles == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    for (size_t k = 0; k < count; k++) {
        sizes[k] = (qn_complex){real ? a[k].re : qn__complex_size(a[k]), 0};
    }
    qn_load_options options = QN_LOAD_OPTIONS_INIT;
    QN_TRY_CLEANUP(qn_load_prepare(context, sizes, count, &options, &tree, NULL));
    QN_TRY_CLEANUP(qn_circuit_create(2 * n, &low));
    QN_TRY_CLEANUP(append_levels(low, tree, n, true));
    QN_TRY_CLEANUP(qn_circuit_inverse(low, &inverse));
    QN_TRY_CLEANUP(append_levels(circuit, tree, n, false));
    if (!real) {
        QN_TRY_CLEANUP(append_phases(circuit, n, a, angles));
    }
    QN_TRY_CLEANUP(qn__append_at(circuit, inverse, 0));
    for (uint32_t q = 0; q < n; q++) {
        QN_TRY_CLEANUP(qn_circuit_append(circuit, QN_GATE_SWAP, (uint32_t[]){q, n + q}, 2, NULL, 0));
    }
cleanup:
    qn__free(sizes);
    qn__free(angles);
    qn_circuit_free(tree);
    qn_circuit_free(low);
    qn_circuit_free(inverse);
    return status;
}

qn_status qn__encode_rows(const qn_context *context, const qn_sparse *matrix, const qn_encoding_options *options,
                          qn_block_encoding *e)
{
    (void)options;
    const uint32_t n = e->system;
    qn_complex *a = NULL;
    qn_circuit *circuit = NULL;
    qn_status status = QN_OK;
    QN_CHECK(2 * n <= QN__ENCODING_CIRCUIT_BITS, ERR_TOO_LARGE, "4^%u rotations; at most 2^%d are written out", n,
             (int)QN__ENCODING_CIRCUIT_BITS);
    qn_sparse_norms norms;
    QN_TRY(qn_sparse_measure(matrix, &norms));
    QN_CHECK(norms.frobenius > 0, ERR_ARGUMENT, "the matrix is zero");
    QN_TRY(qn__encoding_dense(context, matrix, &a));
    bool real = true;
    for (size_t k = 0; k < (size_t)1 << 2 * n; k++) {
        real = real && a[k].im == 0;
    }
    e->ancillas = n + (real ? 0 : 1);
    e->alpha = norms.frobenius;
    QN_TRY_CLEANUP(qn_circuit_create(n + e->ancillas, &circuit));
    QN_TRY_CLEANUP(assemble(context, n, a, real, circuit));
    e->circuit = circuit;
    circuit = NULL;
cleanup:
    qn__free(a);
    qn_circuit_free(circuit);
    return status;
}

qn_status qn__encode_rows_cost(const qn_context *context, const qn_sparse *matrix, const qn_encoding_options *options,
                               qn_encoding_cost *out)
{
    (void)context;
    (void)options;
    qn_sparse_norms norms;
    QN_TRY(qn_sparse_measure(matrix, &norms));
    const double n = out->system, entries = exp2(2 * n);
    out->ancillas = out->system + (matrix->is_complex ? 1 : 0);
    out->alpha = norms.frobenius;
    out->rotations = out->loading_rotations = entries - 1 + (matrix->is_complex ? entries : 0);
    out->cx = entries - 2 + 3 * n + (matrix->is_complex ? entries : 0);
    return QN_OK;
}
