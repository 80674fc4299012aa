/* tapering.h: the inside of a tapering: symmetries, the qubits they are moved to, and the sector. */
#ifndef QN_OPERATOR_TAPERING_H
#define QN_OPERATOR_TAPERING_H

#include <quern/fermion.h>

/* Symmetry j is the only one that fails to commute with the single-qubit partner_j on qubit pivots[j]: Z where the
 * symmetry has an X or Y (x_type), X where it has a Z. */
struct qn_tapering {
    uint32_t nqubits, count;
    size_t words;
    bool diagonal; /* all symmetries are products of Z */
    qn_pauli_sum *symmetries;
    uint32_t *pivots;
    bool *x_type;
    int *signs;
    uint32_t *kept; /* the other qubits, rising */
    uint64_t *pivot_mask;
};

#endif
