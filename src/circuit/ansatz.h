/* ansatz.h: what the ansatz files share. */
#ifndef QN_CIRCUIT_ANSATZ_H
#define QN_CIRCUIT_ANSATZ_H

#include <quern/circuit.h>

/* Add the symbol "prefix[index]". */
QN_MUST_USE qn_status qn__ansatz_symbol(qn_circuit *circuit, const char *prefix, uint64_t index, uint32_t *out);
/* X on every set bit of a mask with a bit a qubit; bits past the last qubit must be 0. */
QN_MUST_USE qn_status qn__ansatz_flip(qn_circuit *circuit, const uint64_t *bits);
/* exp(-i theta O) for symbol theta: one rotation a term, in the sum's order. `what` names the operator in messages. */
QN_MUST_USE qn_status qn__ansatz_evolve(qn_circuit *circuit, const qn_pauli_sum *sum, uint32_t symbol,
                                        const char *what);

#endif
