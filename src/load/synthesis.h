/* synthesis.h: circuits of one-qubit gates and CNOTs for unitaries and isometries given as matrices. */
#ifndef QN_LOAD_SYNTHESIS_H
#define QN_LOAD_SYNTHESIS_H

#include <quern/circuit.h>

#include "base/status.h"

/* Appends the unitary on m qubits (qubits[0] least significant), column-major, exact up to rounding, global phase
 * included. With `half` only its first 2^(m - 1) columns are given: it acts on qubits[m - 1] in |0>. `matrix` is
 * overwritten. CNOT gates: qn__synthesis_cnots, fewer where the matrix is special. */
QN_MUST_USE qn_status qn__synthesise(qn_circuit *circuit, const uint32_t *qubits, uint32_t m, bool half,
                                     qn_complex *matrix);
/* Upper bound on the CNOTs: without `half` 23/48 4^m - 3/2 2^m + 4/3 (Shende, Bullock, Markov, quant-ph/0406176, with
 * both optimisations of its appendix); with it by the same recursion. */
uint64_t qn__synthesis_cnots(uint32_t m, bool half);

/* The same for a state: qubits in |0> to `amplitudes` (2^m, of norm 1, overwritten), by its Schmidt decomposition
 * (Plesch, Brukner, arXiv:1003.5760). */
QN_MUST_USE qn_status qn__synthesise_state(qn_circuit *circuit, const uint32_t *qubits, uint32_t m,
                                           qn_complex *amplitudes);
uint64_t qn__synthesis_state_cnots(uint32_t m);

#endif
