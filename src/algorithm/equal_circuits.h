/* equal_circuits.h: the circuits that a comparison runs. */
#ifndef QN_ALGORITHM_EQUAL_CIRCUITS_H
#define QN_ALGORITHM_EQUAL_CIRCUITS_H

#include <quern/classical.h>

#define QN__EQUAL_NO_QUBIT UINT32_MAX

/* The gates of a circuit alone, and which qubit each classical bit reads at the end: reads[bit], QN__EQUAL_NO_QUBIT for
 * bits that read none; owned by the caller, qn__free. `which` names the circuit in messages. QN_ERR_UNSUPPORTED for
 * dynamic operations other than final measurements. */
QN_MUST_USE qn_status qn__equal_strip(const qn_circuit *circuit, const char *which, qn_circuit **gates,
                                      uint32_t **reads);

/* `first`, then the inverse of `second`: the identity up to a phase where they are equal. Its symbols are those of
 * `first` in their order; QN_ERR_NAME when the two have not the same. */
QN_MUST_USE qn_status qn__equal_join(const qn_circuit *first, const qn_circuit *second, qn_circuit **out);

/* The circuit whose amplitude of |0...0> is the mean of <x|M|x> over 2^k basis states x of the joined circuit M on n
 * qubits: with an index register of k qubits at n .. n + k - 1, the state
 *     2^(-k/2) sum_c |c> |x_c>,  x_c = c on the lowest k qubits, block bits on the others
 * is made, M acts, and the state is unmade. After M's symbols come n - k, the block bits of qubits k .. n - 1: pi for
 * 1, 0 for 0. */
QN_MUST_USE qn_status qn__equal_columns(const qn_circuit *joined, uint32_t k, qn_circuit **out);

/* A random state S, M, and S unmade: the amplitude of |0...0> is <s|M|s>. Even numbers give product states of random
 * one-qubit states, odd ones stabilizer states from random Clifford layers. */
QN_MUST_USE qn_status qn__equal_stimulus(const qn_circuit *joined, uint64_t seed, uint32_t number, qn_circuit **out);

#endif
