/* load.h: getting classical data into a quantum computer, and what it costs. Tables by look-up circuits, vectors as the
 * amplitudes of a state, and memory that is asked in superposition. */
#ifndef QUERN_LOAD_H
#define QUERN_LOAD_H

#include <quern/classical.h>
#include <quern/context.h>
#include <quern/ledger.h>

QN_BEGIN_DECLS

/* Look-up: |x>|t> -> |x>|t xor table[x]>. */

/** A table and the qubits it is looked up with. All pointers are borrowed for the call. */
typedef struct qn_lookup {
    uint32_t size;
    const uint64_t *table;   /* entry x: words 64-bit words from table[x * words] on, bit 0 first, words =
                                ceil(data_bits / 64) */
    uint64_t length;         /* entries, at least 1; addresses length .. 2^naddress - 1 must not occur in the state */
    uint32_t data_bits;      /* of an entry, at least 1 */
    const uint32_t *address; /* ceil(log2 length) qubits, least significant first */
    uint32_t naddress;
    const uint32_t *target; /* data_bits qubits (SELECT-SWAP: lambda * data_bits) */
    uint32_t ntargets;
    const uint32_t *ancilla; /* clean qubits, clean again afterwards; as many as ..._ancillas says, or more */
    uint32_t nancillas;
    const uint32_t *control; /* one qubit that switches the look-up on, or NULL: always on */
    bool measured;           /* uncompute each AND by a measurement and a CZ (Gidney, arXiv:1709.06648): half the
                                Toffoli gates, but the circuit is dynamic and has no qn_circuit_inverse; the look-up is
                                its own inverse all the same: append it again */
} qn_lookup;
#define QN_LOOKUP_INIT                                                                                                 \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_lookup), NULL, 0, 1, NULL, 0, NULL, 0, NULL, 0, NULL, false                                \
    }

/** Qubits that an address takes: ceil(log2 length); 0 for one entry. */
QN_API uint32_t qn_load_address_bits(uint64_t length);

/** QROM by unary iteration (Babbush et al., arXiv:1805.03662, section III): a tree of ANDs walks through all addresses,
 *  one-hot control by one-hot control, and CNOTs write the entry. Its own inverse. Toffoli gates: length - 2, with a
 *  control length - 1 (none below 0), twice that when not `measured`; ancillas: naddress - 1, with a control naddress.
 *  Errors: QN_ERR_SHAPE (numbers of qubits), QN_ERR_RANGE, QN_ERR_ARGUMENT (a qubit in two roles), QN_ERR_MEMORY. */
QN_API uint32_t qn_load_qrom_ancillas(uint64_t length, bool controlled);
QN_API uint64_t qn_load_qrom_toffoli(uint64_t length, bool controlled, bool measured);
QN_API QN_MUST_USE qn_status qn_load_qrom(qn_circuit *circuit, const qn_lookup *lookup);

/** SELECT-SWAP (Low, Kliuchnikov, Schaeffer, arXiv:1812.00954): `lambda` = 2^k entries are looked up at once into
 *  lambda registers of data_bits qubits (register r: target[r * data_bits ...], all in |0>), and the low k address bits
 *  swap the wanted one to register 0; the others are left with what depends on the address, until the call with
 *  `inverse` cleans all. Toffoli gates, one way: ceil(length / lambda) - 2 + (lambda - 1) data_bits (measured);
 *  ancillas: naddress - k - 1. lambda at most 2^naddress. No `control`. */
QN_API uint32_t qn_load_select_swap_ancillas(uint64_t length, uint64_t lambda);
QN_API uint64_t qn_load_select_swap_toffoli(uint64_t length, uint32_t data_bits, uint64_t lambda, bool measured);
/** The power of two with the fewest Toffoli gates, about sqrt(length / data_bits). */
QN_API uint64_t qn_load_select_swap_lambda(uint64_t length, uint32_t data_bits);
QN_API QN_MUST_USE qn_status qn_load_select_swap(qn_circuit *circuit, const qn_lookup *lookup, uint64_t lambda,
                                                 bool inverse);

QN_END_DECLS
#endif
