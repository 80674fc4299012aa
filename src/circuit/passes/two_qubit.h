/* two_qubit.h: unitaries of one and two qubits given by a matrix, as gates: exact, global phase included. */
#ifndef QN_CIRCUIT_PASSES_TWO_QUBIT_H
#define QN_CIRCUIT_PASSES_TWO_QUBIT_H

#include <quern/types.h>

#include "base/status.h"

/* exp(i phase) local[ncx] CX local[ncx-1] ... CX local[0], the rightmost acting first. */
typedef struct qn__two_qubit {
    uint32_t ncx;              /* 0..3, the fewest that will do */
    uint32_t control[3];       /* 0 or 1: the control of each CX; its target is the other one */
    qn_complex local[4][2][4]; /* [k][q]: one-qubit unitary on qubit q just before the k-th CX, behind the last for
                                  k = ncx; row-major, of determinant 1 */
    double phase;
} qn__two_qubit;

/* Decompose a 4x4 unitary (row-major, qubit 0 the least significant bit). The product is within 1e-12 of the nearest
 * unitary. QN_ERR_ARGUMENT: |U+ U - 1| exceeds 1e-6 in an entry, or it holds a NaN. */
QN_MUST_USE qn_status qn__two_qubit_decompose(const qn_complex matrix[16], qn__two_qubit *out);

/* theta, phi, lambda, gamma with matrix = exp(i gamma) u(theta, phi, lambda): the parameters of QN_GATE_UPHASE. */
void qn__one_qubit_angles(const qn_complex matrix[4], double angles[4]);

/* out = a b for 2x2 matrices, row-major; `out` may be one of them. */
void qn__one_qubit_multiply(const qn_complex a[4], const qn_complex b[4], qn_complex out[4]);

#endif
