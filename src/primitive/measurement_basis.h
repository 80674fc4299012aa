/* measurement_basis.h: the Clifford circuit after which a group of commuting Pauli strings is read off the bits. */
#ifndef QN_PRIMITIVE_MEASUREMENT_BASIS_H
#define QN_PRIMITIVE_MEASUREMENT_BASIS_H

#include <quern/circuit.h>

typedef struct qn__basis_gate {
    qn_gate gate; /* H, S, SDG on qubits[0]; CX, CZ on both */
    uint32_t qubits[2];
} qn__basis_gate;

/* With U the product of the gates in order, U P_t U+ = (-1)^negative[t] Z^z[t] for each term t. */
typedef struct qn__basis {
    qn__basis_gate *gates;
    size_t ngates, capacity;
    size_t nterms, words;
    uint64_t *z; /* nterms x words */
    bool *negative;
} qn__basis;

/* Diagonalise the listed terms of a sum. `qubit_wise`: one-qubit gates only. QN_ERR_ARGUMENT when the terms do not
 * commute (on each qubit alone, for qubit_wise). */
QN_MUST_USE qn_status qn__basis_create(const qn_pauli_sum *sum, const size_t *terms, size_t nterms, bool qubit_wise,
                                       qn__basis **out);
void qn__basis_free(qn__basis *basis);
/* Append the gates to a circuit. */
QN_MUST_USE qn_status qn__basis_append(const qn__basis *basis, qn_circuit *circuit);

#endif
