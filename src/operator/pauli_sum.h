/* pauli_sum.h: the inside of a Pauli sum, for the files of this folder. */
#ifndef QN_OPERATOR_PAULI_SUM_H
#define QN_OPERATOR_PAULI_SUM_H

#include <quern/pauli.h>

#include "base/bits.h"
#include "base/status.h"

/* Structure of arrays: term t has coefficients[t], x[t * words ...], z[t * words ...]. */
struct qn_pauli_sum {
    uint32_t nqubits;
    size_t words;
    size_t terms, capacity;
    qn_complex *coefficients;
    uint64_t *x, *z;
};

/* Room for `more` further terms. */
QN_MUST_USE qn_status qn__pauli_sum_reserve(qn_pauli_sum *sum, size_t more);
/* Append without checks; room must have been reserved. */
void qn__pauli_sum_push(qn_pauli_sum *sum, qn_complex coefficient, const uint64_t *x, const uint64_t *z);
/* Makes room for `more` terms in a sum that is being accumulated: merges first when it has outgrown *limit, which then
 * becomes twice the merged size. Start with QN__PAULI_BATCH. So memory stays near the size of the result, at an
 * amortised O(T log T). */
QN_MUST_USE qn_status qn__pauli_sum_accumulate(qn_pauli_sum *sum, size_t more, size_t *limit);
#define QN__PAULI_BATCH ((size_t)1 << 18)

/* QN_ERR_RANGE when `mask` has a bit at or above `nbits`; `what` names the mask. */
QN_MUST_USE qn_status qn__mask_check(const uint64_t *mask, uint32_t nbits, const char *what);
QN_MUST_USE qn_status qn__complex_check(qn_complex value, const char *what);

/* i^power * value, exact. */
static inline qn_complex qn__times_i(qn_complex value, uint32_t power)
{
    switch (power & 3) {
    case 1:
        return (qn_complex){-value.im, value.re};
    case 2:
        return (qn_complex){-value.re, -value.im};
    case 3:
        return (qn_complex){value.im, -value.re};
    default:
        return value;
    }
}

static inline qn_complex qn__complex_multiply(qn_complex a, qn_complex b)
{
    return (qn_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static inline bool qn__mask_is_zero(const uint64_t *mask, size_t words)
{
    uint64_t any = 0;
    for (size_t w = 0; w < words; w++) {
        any |= mask[w];
    }
    return any == 0;
}

/* popcount(a & b). */
static inline uint32_t qn__mask_overlap(const uint64_t *a, const uint64_t *b, size_t words)
{
    uint32_t count = 0;
    for (size_t w = 0; w < words; w++) {
        count += qn__popcount(a[w] & b[w]);
    }
    return count;
}

static inline void qn__mask_xor(uint64_t *a, const uint64_t *b, size_t words)
{
    for (size_t w = 0; w < words; w++) {
        a[w] ^= b[w];
    }
}

#endif
