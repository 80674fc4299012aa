/* lookup.h: what the look-up circuits share. */
#ifndef QN_LOAD_LOOKUP_H
#define QN_LOAD_LOOKUP_H

#include <math.h>

#include <quern/load.h>

#include "base/status.h"

/* Sizes, roles and qubits of a look-up: `targets` and `ancillas` it needs. */
QN_MUST_USE qn_status qn__lookup_check(const qn_circuit *circuit, const qn_lookup *lookup, uint64_t targets,
                                       uint32_t ancillas);

/* target ^= a AND b, on a clean target. */
QN_MUST_USE qn_status qn__and_compute(qn_circuit *circuit, uint32_t a, uint32_t b, uint32_t target);
/* Back to |0>: by the Toffoli again, or by measuring the target in the X basis, a CZ where it gave 1, and X there
 * (Gidney, arXiv:1709.06648, figure 3). */
QN_MUST_USE qn_status qn__and_uncompute(qn_circuit *circuit, uint32_t a, uint32_t b, uint32_t target, bool measured);

/* The classical bit of measured ANDs; QN_NO_BIT when there are none. */
uint32_t qn__and_bit_of(const qn_circuit *circuit);

/* Walks through all addresses of a look-up's length (Babbush et al., arXiv:1805.03662, figure 7) and calls `leaf` for
 * each with the qubit that is 1 when the address is this one; NULL: there is one address, or no control. */
typedef qn_status (*qn__leaf)(qn_circuit *circuit, uint64_t index, const uint32_t *control, const void *user);
QN_MUST_USE qn_status qn__unary_iteration(qn_circuit *circuit, const qn_lookup *lookup, qn__leaf leaf,
                                          const void *user);

QN_MUST_USE qn_status qn__append_x(qn_circuit *circuit, uint32_t qubit);
QN_MUST_USE qn_status qn__append_cx(qn_circuit *circuit, uint32_t control, uint32_t target);
QN_MUST_USE qn_status qn__append_swap(qn_circuit *circuit, uint32_t a, uint32_t b);
QN_MUST_USE qn_status qn__append_cswap(qn_circuit *circuit, uint32_t control, uint32_t a, uint32_t b);
QN_MUST_USE qn_status qn__append_angle(qn_circuit *circuit, qn_gate gate, uint32_t qubit, double angle);

/* Phase of a number; 0 for 0. */
static inline double qn__angle_of(qn_complex a)
{
    return a.re == 0 && a.im == 0 ? 0.0 : atan2(a.im, a.re);
}

/* Bit `bit` of entry `index`. */
static inline bool qn__lookup_bit(const qn_lookup *lookup, uint64_t index, uint32_t bit)
{
    const uint64_t words = (lookup->data_bits + 63) / 64;
    return (lookup->table[index * words + bit / 64] >> (bit % 64) & 1) != 0;
}

#endif
