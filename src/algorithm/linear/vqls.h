/* vqls.h: the costs of the variational solver, for tests. */
#ifndef QN_ALGORITHM_VQLS_H
#define QN_ALGORITHM_VQLS_H

#include <quern/primitive.h>

#include "algorithm/linear/linear.h"

/* Observables of n qubits: norm = A^H A, and numerators so that C = <numerator> / <norm>. A is A / alpha, filled up
 * with 1 on the diagonal to a power of two. */
typedef struct qn__vqls {
    uint32_t n;
    size_t terms; /* Pauli strings in A */
    qn_pauli_sum *norm, *global, *local;
} qn__vqls;
QN_MUST_USE qn_status qn__vqls_open(const qn_context *context, const qn_linear_problem *problem, qn__vqls *out);
void qn__vqls_close(qn__vqls *vqls);

#endif
