/* bits.h: small operations on bit masks and sizes. */
#ifndef QN_BASE_BITS_H
#define QN_BASE_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Words of 64 bits that hold n bits; at least one. */
static inline size_t qn__words(uint32_t n)
{
    return n == 0 ? 1 : ((size_t)n + 63) / 64;
}

static inline bool qn__bit(const uint64_t *mask, uint32_t bit)
{
    return (mask[bit / 64] >> (bit % 64) & 1) != 0;
}

static inline void qn__bit_set(uint64_t *mask, uint32_t bit)
{
    mask[bit / 64] |= UINT64_C(1) << (bit % 64);
}

static inline void qn__bit_flip(uint64_t *mask, uint32_t bit)
{
    mask[bit / 64] ^= UINT64_C(1) << (bit % 64);
}

static inline uint32_t qn__popcount(uint64_t x)
{
    return (uint32_t)__builtin_popcountll(x);
}

static inline bool qn__parity(uint64_t x)
{
    return (__builtin_popcountll(x) & 1) != 0;
}

/* Products and sums that say when they do not fit. */
static inline bool qn__mul_overflows(uint64_t a, uint64_t b, uint64_t *out)
{
    return __builtin_mul_overflow(a, b, out);
}

#endif
