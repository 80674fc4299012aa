/* exact_sector.h: the basis states that meet all constraints, and their places in vectors. */
#ifndef QN_ALGORITHM_EXACT_SECTOR_H
#define QN_ALGORITHM_EXACT_SECTOR_H

#include <quern/exact.h>

#include "base/bits.h"

typedef struct qn__exact_sector {
    uint32_t nqubits;
    bool whole; /* no constraints: state r is row r, no lists */
    uint64_t dimension;
    uint64_t *states;  /* rising */
    uint64_t *members; /* bit set of all states, up to QN__SECTOR_TABLE_QUBITS; else NULL and states is searched */
    uint32_t *ranks;   /* of the first state of each word of members */
} qn__exact_sector;

enum { QN__SECTOR_TABLE_QUBITS = 26, QN__SECTOR_MOST_QUBITS = 40 };

/* Checks the constraints against the Hamiltonian and counts the states; no lists yet.
 * Errors: QN_ERR_ARGUMENT, QN_ERR_TOO_LARGE, QN_ERR_MEMORY. */
QN_MUST_USE qn_status qn__exact_sector_count(const qn_pauli_sum *hamiltonian, const qn_constraint *constraints,
                                             size_t count, qn__exact_sector *out);
/* Bytes of the lists. */
uint64_t qn__exact_sector_bytes(const qn__exact_sector *sector);
/* Makes the lists of a counted sector. */
QN_MUST_USE qn_status qn__exact_sector_list(qn__exact_sector *sector, const qn_constraint *constraints, size_t count);
void qn__exact_sector_release(qn__exact_sector *sector);

static inline uint64_t qn__exact_sector_state(const qn__exact_sector *s, uint64_t row)
{
    return s->whole ? row : s->states[row];
}

/* Place of a state; UINT64_MAX when it is outside. */
static inline uint64_t qn__exact_sector_rank(const qn__exact_sector *s, uint64_t state)
{
    if (s->whole) {
        return state;
    }
    if (s->members != NULL) {
        const uint64_t word = s->members[state / 64], bit = UINT64_C(1) << (state % 64);
        return (word & bit) != 0 ? s->ranks[state / 64] + qn__popcount(word & (bit - 1)) : UINT64_MAX;
    }
    uint64_t low = 0, high = s->dimension;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (s->states[middle] < state) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < s->dimension && s->states[low] == state ? low : UINT64_MAX;
}

#endif
