/* chebyshev_sum.h: even Chebyshev series of a block-encoding as a linear combination of circuits. */
#ifndef QN_ALGORITHM_CHEBYSHEV_SUM_H
#define QN_ALGORITHM_CHEBYSHEV_SUM_H

#include "algorithm/linear/linear.h"

/* A block-encoding on the first qubits of a circuit, whose ancillas are `ancillas` qubits from `first` on, and the
 * register that chooses the term: qn__chebyshev_sum_bits qubits from `counter` on. */
typedef struct qn__chebyshev_sum {
    const qn_circuit *forward, *backward; /* U and U^H; from qubit 0 on */
    uint32_t first, ancillas, counter;
} qn__chebyshev_sum;

uint32_t qn__chebyshev_sum_bits(size_t count);
/* Appends a circuit whose part with all ancillas and the counter 0, before and after, is (1 / weight) sum_k c_k T_2k of
 * the singular values of what U encodes, weight = sum |c_k|: `count` coefficients, 2 (count - 1) calls of U and U^H. */
QN_MUST_USE qn_status qn__append_chebyshev_sum(const qn_context *context, const qn__chebyshev_sum *sum, const double *c,
                                               size_t count, qn_circuit *circuit, double *weight);
/* More gates than these, beside those of the calls, are not appended. */
double qn__chebyshev_sum_gates(size_t count);

#endif
