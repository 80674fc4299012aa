/* dqi.h: decoded quantum interferometry on parities: constraints "the product of these spins is this sign", all of one
 * weight. Satisfied ones make the state; a decoder of the code whose parity checks are the constraints uncomputes it.
 */
#ifndef QN_ALGORITHM_QAOA_DQI_H
#define QN_ALGORITHM_QAOA_DQI_H

#include <quern/circuit.h>

#include "algorithm/qaoa/diagonal.h"

/* The fewest constraints whose sets of variables cancel (the distance of the dual code): none
 * has fewer than `distance`, and `exact` says that some has as many. UINT32_MAX: all are independent. Errors:
 * QN_ERR_MEMORY. */
typedef struct qn__distance {
    uint32_t distance, rank;
    bool exact;
} qn__distance;
QN_MUST_USE qn_status qn__dqi_distance(const qn__spin_terms *terms, qn__distance *out);
/* How many errors the law allows: 2 l + 1 < distance. */
uint32_t qn__dqi_errors(const qn__distance *distance, uint32_t constraints);

/* Errors: QN_ERR_UNSUPPORTED (no terms, or of different weights). */
QN_MUST_USE qn_status qn__dqi_check(const qn__spin_terms *terms);

/* The l + 1 amplitudes of the numbers of errors with which most constraints hold: the top eigenvector of the matrix in
 * dqi.c. */
QN_MUST_USE qn_status qn__dqi_weights(uint32_t m, uint32_t l, double *weights);
/* 2^(n/2) times the amplitude of a state that satisfies s of m constraints: sum_k w_k e_k(s) / sqrt(C(m, k)), with e_k
 * the elementary symmetric polynomial of the m signs. */
double qn__dqi_amplitude(uint32_t m, uint32_t l, const double *weights, uint32_t s);
/* Up to the decoder: qubits 0..n-1 hold the syndrome, n..n+m-1 the errors. Superposed numbers of errors, all errors of
 * each number, their signs, their syndrome. */
QN_MUST_USE qn_status qn__dqi_circuit(const qn__spin_terms *terms, uint32_t l, const double *weights, qn_circuit **out);

#endif
