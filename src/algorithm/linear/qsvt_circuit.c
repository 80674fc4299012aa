/* qsvt_circuit.c: a QSVT circuit around any block-encoding.
 *
 * e^{i q Z (2 Pi - 1)} on the qubit that takes the real part and the ancillas applies the sequence with phases q where
 * that qubit is 0 and with -q, which gives the conjugate polynomial, where it is 1; Hadamards before and after keep the
 * mean of both. */
#include <math.h>
#include <string.h>

#include "algorithm/linear/linear.h"
#include "base/alloc.h"

/* Appends all gates of `from`, which has fewer qubits. */
static qn_status append_wider(qn_circuit *to, const qn_circuit *from)
{
    for (size_t i = 0; i < qn_circuit_operations(from); i++) {
        qn_operation op;
        qn_circuit_operation(from, i, &op);
        QN_CHECK(op.kind == QN_OP_GATE || op.kind == QN_OP_BARRIER, ERR_UNSUPPORTED,
                 "operation %zu of the block-encoding is not a gate", i);
        if (op.kind == QN_OP_BARRIER) {
            continue;
        }
        if (op.matrix != NULL) {
            QN_CHECK(op.ncontrols == 0, ERR_UNSUPPORTED, "operation %zu is a controlled matrix", i);
            QN_TRY(qn_circuit_append_unitary(to, op.targets, op.ntargets, op.matrix));
        } else if (op.pauli != NULL) {
            QN_CHECK(op.ncontrols == 0, ERR_UNSUPPORTED, "operation %zu is a controlled Pauli rotation", i);
            QN_TRY(qn_circuit_append_pauli_rotation(to, op.pauli, op.targets, op.ntargets, op.params[0]));
        } else {
            QN_TRY(qn_circuit_append_controlled(to, op.base, op.controls, op.ncontrols, op.control_state, op.targets,
                                                op.ntargets, op.params, op.nparams));
        }
    }
    return QN_OK;
}

typedef struct layout {
    uint32_t system, ancillas, sign, flag;
} layout;

/* e^{i q Z_sign (2 Pi - 1)}, Pi: all ancillas are 0. With more than one the flag is turned on by Pi, and Z_flag = 1 - 2
 * Pi. */
static qn_status reflect(qn_circuit *circuit, const layout *l, double q)
{
    const qn_param angle = QN_PARAM(l->ancillas == 1 ? -2 * q : 2 * q);
    if (l->ancillas == 1) {
        return qn_circuit_append(circuit, QN_GATE_RZZ, (uint32_t[]){l->system, l->sign}, 2, &angle, 1);
    }
    uint32_t ancillas[64];
    for (uint32_t a = 0; a < l->ancillas; a++) {
        ancillas[a] = l->system + a;
    }
    QN_TRY(qn_circuit_append_controlled(circuit, QN_GATE_X, ancillas, l->ancillas, 0, &l->flag, 1, NULL, 0));
    QN_TRY(qn_circuit_append(circuit, QN_GATE_RZZ, (uint32_t[]){l->flag, l->sign}, 2, &angle, 1));
    return qn_circuit_append_controlled(circuit, QN_GATE_X, ancillas, l->ancillas, 0, &l->flag, 1, NULL, 0);
}

/* Rightmost factor first: phase d, then the adjoint of the encoding, and so on. */
static qn_status fill(qn_circuit *circuit, const layout *l, const qn_circuit *encoding, const qn_circuit *inverse,
                      const double *q, uint64_t degree)
{
    const qn_param turn = QN_PARAM(-3.14159265358979323846 * (double)(degree % 4)); /* i^degree, conjugate on 1 */
    QN_TRY(qn_circuit_append(circuit, QN_GATE_H, &l->sign, 1, NULL, 0));
    QN_TRY(qn_circuit_append(circuit, QN_GATE_RZ, &l->sign, 1, &turn, 1));
    for (uint64_t k = degree; k > 0; k--) {
        QN_TRY(reflect(circuit, l, q[k]));
        QN_TRY(append_wider(circuit, (degree - k) % 2 == 0 ? inverse : encoding));
    }
    QN_TRY(reflect(circuit, l, q[0]));
    return qn_circuit_append(circuit, QN_GATE_H, &l->sign, 1, NULL, 0);
}

qn_status qn_qsvt_circuit(const qn_circuit *encoding, uint32_t system, const double *phases, uint64_t degree,
                          qn_circuit **out)
{
    QN_CHECK(encoding != NULL && phases != NULL && out != NULL, ERR_ARGUMENT, "every argument is needed");
    const uint32_t qubits = qn_circuit_qubits(encoding);
    QN_CHECK(system < qubits && qubits - system <= 64, ERR_SHAPE,
             "a block-encoding of %u qubits for %u of the vector; expected 1 to 64 ancillas", qubits, system);
    QN_CHECK(qn_circuit_symbols(encoding) == 0, ERR_ARGUMENT, "the block-encoding has symbols; bind them first");
    const layout l = {system, qubits - system, qubits, qubits + 1};
    qn_circuit *inverse = NULL, *circuit = NULL;
    qn_status status = QN_OK;
    double *q = qn__alloc((size_t)degree + 1, sizeof *q);
    QN_ALLOC_CHECK(q);
    qn_qsp_to_real(phases, degree, q);
    qn_qsp_to_reflection(q, degree, q);
    QN_TRY_CLEANUP(qn_circuit_inverse(encoding, &inverse));
    QN_TRY_CLEANUP(qn_circuit_create(qubits + (l.ancillas == 1 ? 1 : 2), &circuit));
    QN_TRY_CLEANUP(fill(circuit, &l, encoding, inverse, q, degree));
    *out = circuit;
    circuit = NULL;
cleanup:
    qn__free(q);
    qn_circuit_free(inverse);
    qn_circuit_free(circuit);
    return status;
}
