/* choices.h: problems that choose one of several values, again and again, in any encoding.
 *
 * Encodings write the indicator of a value in bits:
 *  one-hot     its own bit;
 *  domain wall bits b_1 >= b_2 >= … of a wall, [l = c] = b_c - b_{c+1} with b_0 = 1, b_k = 0;
 *  binary      a product of bits and negated bits; codes from k on repeat the values from 0 on, so every code means
 *              something and no penalty is needed, at the price of terms of higher degree. */
#ifndef QN_PROBLEM_CHOICES_H
#define QN_PROBLEM_CHOICES_H

#include "problem/problem.h"

/* Costs of pairs of choices, kept for pairs that have any. */
typedef struct qn__pair_block {
    uint32_t a, b;   /* a < b */
    const double *w; /* levels[a] x levels[b], borrowed */
} qn__pair_block;

typedef struct qn__choices {
    uint32_t count;
    qn_encoding encoding;
    uint32_t *levels; /* of each choice */
    uint32_t *first;  /* first bit of each choice; count + 1 */
    size_t *unary_at; /* first unary cost of each choice; count + 1 */
} qn__choices;

QN_MUST_USE qn_status qn__choices_create(uint32_t count, const uint32_t *levels, qn_encoding encoding,
                                         qn__choices **out);
void qn__choices_free(qn__choices *choices);

/* Fills problem->qubo or problem->polynomial (binary) with sign * (unary + pairs) and the penalty that guarantees valid
 * choices. `whole`: all costs are integers. */
QN_MUST_USE qn_status qn__choices_cost(qn_problem *problem, const double *unary, const qn__pair_block *blocks,
                                       size_t nblocks, bool whole, const qn_problem_options *options);
/* The level of every choice; false and the number of the first bad one when the bits mean none. */
bool qn__choices_decode(const qn__choices *choices, const uint8_t *x, uint32_t *levels, uint32_t *bad);
void qn__choices_encode(const qn__choices *choices, const uint32_t *levels, uint8_t *x);

#endif
