/* product_formula.c: evolutions as products of Pauli rotations: M. Suzuki, J. Math. Phys. 32, 400 (1991). */
#include <math.h>

#include "algorithm/block_encoding/encoding.h"
#include "algorithm/linear/hhl_gate.h"

/* To the basis in which the letter is Z, and back. */
static qn_status turn(qn_circuit *circuit, uint32_t qubit, bool x, bool z, bool back)
{
    if (!x) {
        return QN_OK;
    }
    if (!z) {
        return qn__append_gate(circuit, QN_GATE_H, qubit);
    }
    return qn__append_turn(circuit, QN_GATE_RX, qubit, back ? -1.5707963267948966 : 1.5707963267948966);
}

/* CX from all letters to the last one. */
static qn_status ladder(qn_circuit *circuit, uint64_t letters, uint32_t last)
{
    for (uint32_t q = 0; q < last; q++) {
        if ((letters >> q & 1) != 0) {
            QN_TRY(qn_circuit_append(circuit, QN_GATE_CX, (uint32_t[]){q, last}, 2, NULL, 0));
        }
    }
    return QN_OK;
}

static qn_status turn_all(qn_circuit *circuit, uint64_t x, uint64_t z, bool back)
{
    for (uint32_t q = 0; (x | z) >> q != 0; q++) {
        QN_TRY(turn(circuit, q, (x >> q & 1) != 0, (z >> q & 1) != 0, back));
    }
    return QN_OK;
}

/* e^{i angle P} where the control is 1. */
static qn_status rotate(qn_circuit *circuit, uint64_t x, uint64_t z, uint32_t control, double angle)
{
    const uint64_t letters = x | z;
    if (letters == 0) {
        return qn__append_turn(circuit, QN_GATE_P, control, angle);
    }
    const uint32_t last = 63 - (uint32_t)__builtin_clzll(letters);
    const qn_param param = QN_PARAM(-2 * angle);
    QN_TRY(turn_all(circuit, x, z, false));
    QN_TRY(ladder(circuit, letters, last));
    QN_TRY(qn_circuit_append(circuit, QN_GATE_CRZ, (uint32_t[]){control, last}, 2, &param, 1));
    QN_TRY(ladder(circuit, letters, last));
    return turn_all(circuit, x, z, true);
}

static qn_status sweep(qn_circuit *circuit, const qn_pauli_sum *sum, uint32_t control, double angle, bool reversed)
{
    const size_t terms = qn_pauli_sum_terms(sum);
    for (size_t k = 0; k < terms; k++) {
        const size_t t = reversed ? terms - 1 - k : k;
        QN_TRY(rotate(circuit, *qn_pauli_sum_x(sum, t), *qn_pauli_sum_z(sum, t), control,
                      angle * qn_pauli_sum_coefficient(sum, t).re));
    }
    return QN_OK;
}

static qn_status second_order(qn_circuit *circuit, const qn_pauli_sum *sum, uint32_t control, double angle)
{
    QN_TRY(sweep(circuit, sum, control, angle / 2, false));
    return sweep(circuit, sum, control, angle / 2, true);
}

qn_status qn__append_product_formula(qn_circuit *circuit, const qn_pauli_sum *sum, uint32_t control, double angle,
                                     unsigned order, uint32_t steps)
{
    const double part = angle / steps, p = 1 / (4 - cbrt(4.0));
    for (uint32_t s = 0; s < steps; s++) {
        if (order == 1) {
            QN_TRY(sweep(circuit, sum, control, part, false));
        } else if (order == 2) {
            QN_TRY(second_order(circuit, sum, control, part));
        } else {
            for (unsigned k = 0; k < 5; k++) {
                QN_TRY(second_order(circuit, sum, control, (k == 2 ? 1 - 4 * p : p) * part));
            }
        }
    }
    return QN_OK;
}
