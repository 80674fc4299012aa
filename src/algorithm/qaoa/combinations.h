/* combinations.h: words with k of n bits set, numbered in rising order by the combinatorial number system: the word
 * with bits p_1 < ... < p_k has the rank sum_i C(p_i, i) (Knuth, TAOCP 4A, section 7.2.1.3, theorem L). */
#ifndef QN_ALGORITHM_QAOA_COMBINATIONS_H
#define QN_ALGORITHM_QAOA_COMBINATIONS_H

#include <stdint.h>

enum { QN__MOST_CHOSEN_FROM = 64, QN__CHOOSE_SIDE = QN__MOST_CHOSEN_FROM + 1 };

/* C(p, i) at p * QN__CHOOSE_SIDE + i, for p and i up to 64: all fit into 64 bits. */
static inline void qn__choose_fill(uint64_t *choose)
{
    for (uint32_t p = 0; p < QN__CHOOSE_SIDE; p++) {
        for (uint32_t i = 0; i < QN__CHOOSE_SIDE; i++) {
            const uint64_t *const above = choose + (p - (p > 0)) * QN__CHOOSE_SIDE;
            choose[p * QN__CHOOSE_SIDE + i] = i == 0 ? 1 : p == 0 ? 0 : above[i - 1] + above[i];
        }
    }
}

static inline uint64_t qn__combination_rank(const uint64_t *choose, uint64_t word)
{
    uint64_t rank = 0;
    for (uint32_t i = 1; word != 0; word &= word - 1, i++) {
        rank += choose[(uint32_t)__builtin_ctzll(word) * QN__CHOOSE_SIDE + i];
    }
    return rank;
}

/* The word of n bits, k of them set, with this rank. */
static inline uint64_t qn__combination_at(const uint64_t *choose, uint32_t n, uint32_t k, uint64_t rank)
{
    uint64_t word = 0;
    for (uint32_t i = k, p = n; i > 0; i--) {
        do {
            p--;
        } while (choose[p * QN__CHOOSE_SIDE + i] > rank);
        rank -= choose[p * QN__CHOOSE_SIDE + i];
        word |= UINT64_C(1) << p;
    }
    return word;
}

/* The next larger word with as many bits set: the lowest block of ones sends its highest one up, the others down. */
static inline uint64_t qn__combination_next(uint64_t word)
{
    const uint64_t low = word & -word, carried = word + low;
    return carried == 0 ? 0 : carried | ((word ^ carried) >> __builtin_ctzll(low) >> 2);
}

/* The smallest word with k bits set, k <= 64. */
static inline uint64_t qn__combination_first(uint32_t k)
{
    return k >= 64 ? UINT64_MAX : (UINT64_C(1) << k) - 1;
}

#endif
