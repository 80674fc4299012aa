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

/* Qubits of the vector. */
uint32_t qn__vqls_qubits(const qn_linear_problem *problem);
/* A / alpha with ones behind its end, 2^n square and row-major; the caller's. */
QN_MUST_USE qn_status qn__vqls_dense(const qn_context *context, const qn_linear_problem *problem, qn_complex **out);

/* The gate tier: every number by Hadamard tests. A test has one more qubit, in |+>, which switches on a string of A, an
 * observable on the way back from b, and another string; X and Y of it are the real and the imaginary part of
 * <psi|P' M P|psi>. M: 1, 1 - 2 |b><b|, or U_b Z_j U_b^H. */
typedef struct qn__vqls_tests qn__vqls_tests;
enum { QN__VQLS_TESTS = 4000 };
/* Tests of one evaluation of a cost; at most so many where some coefficients of a complex system are real. */
double qn__vqls_test_count(size_t terms, uint32_t n, bool local, bool is_complex);
QN_MUST_USE qn_status qn__vqls_tests_open(const qn_context *context, qn_engine *engine,
                                          const qn_linear_problem *problem, const qn_circuit *ansatz,
                                          qn__vqls_tests **out);
void qn__vqls_tests_free(qn__vqls_tests *tests);
/* C_L or C_G at theta, and unless NULL its gradient. */
QN_MUST_USE qn_status qn__vqls_tests_cost(qn__vqls_tests *tests, bool local, const double *theta, double *cost,
                                          double *grad);
/* Of the largest test with the ansatz, and what of it prepares b. */
QN_MUST_USE qn_status qn__vqls_tests_count(const qn__vqls_tests *tests, qn_circuit_cost *cost, qn_data_gates *loading);

#endif
