/* gate_parts.h: what the gate tiers of several methods are put together from. */
#ifndef QN_ALGORITHM_GATE_PARTS_H
#define QN_ALGORITHM_GATE_PARTS_H

#include "algorithm/linear/linear.h"

static const double QN__LINEAR_SYNTHESIS = 1e-10; /* error of a rotation, for T counts */

/* Qubits of the vector. */
uint32_t qn__linear_bits(const qn_linear_problem *problem);
/* The block-encoding's circuit, a copy of the options' or Halmos' dilation (with ones behind the matrix's end); the
 * caller's. Errors as qn_halmos_circuit; QN_ERR_SHAPE and QN_ERR_RANGE when the options' is not of this problem. */
QN_MUST_USE qn_status qn__linear_encoding(const qn_context *context, const qn_linear_problem *problem,
                                          const qn_linear_options *options, qn_circuit **out);
QN_MUST_USE qn_status qn__linear_encoding_check(const qn_linear_problem *problem, const qn_linear_options *options);
/* Ancillas of the same, and its gates at most. */
void qn__linear_encoding_size(const qn_linear_problem *problem, const qn_linear_options *options, uint32_t *ancillas,
                              double *gates);
/* A circuit of qn__linear_bits + `more` qubits that makes b / |b|; with `more` = 1 (|0> b / |b| + |1>|0>) / sqrt 2. */
QN_MUST_USE qn_status qn__linear_prepare(const qn_context *context, const qn_linear_problem *problem, uint32_t more,
                                         qn_circuit **out);
/* -1 where all of `count` qubits from `first` on are 0 and the control is 1. */
QN_MUST_USE qn_status qn__append_zero_sign(qn_circuit *circuit, uint32_t first, uint32_t count, uint32_t control);
/* 2 Pi - 1, Pi: `count` qubits from `first` on are 0. */
QN_MUST_USE qn_status qn__append_reflection(qn_circuit *circuit, uint32_t first, uint32_t count);
/* x = factor * the first numbers of `y`, a vector of the circuit; the norm of y over the problem's dimension. */
double qn__linear_take(const qn_linear_problem *problem, const qn_complex *y, double factor, double *x);
/* Gates that carry data: `queries` calls of the encoding (where one was chosen, its part that reads entries; all of a
 * dilation) and `times` preparations. */
QN_MUST_USE qn_status qn__linear_loading(const qn_linear_options *options, const qn_circuit *encoding, double queries,
                                         const qn_circuit *prepare, double times, qn_data_gates *out);
/* sum += times * part. */
void qn__data_gates_add(qn_data_gates *sum, double times, qn_data_gates part);
/* All gates of any circuit. */
QN_MUST_USE qn_status qn__linear_data_gates(const qn_circuit *circuit, qn_data_gates *out);
/* Eigenvectors of A / alpha, or of its dilation, as circuits of `count` qubits, ones behind their end: `to` is V^H. The
 * 2^bits eigenvalues belong to the basis states between. */
typedef struct qn__eigenbasis {
    double *lambda;
    qn_circuit *to, *back;
} qn__eigenbasis;
enum { QN__EIGENBASIS_BITS = 9 };
QN_MUST_USE qn_status qn__eigenbasis_open(const qn_context *context, const qn_linear_problem *problem, uint32_t bits,
                                          uint32_t count, qn__eigenbasis *out);
void qn__eigenbasis_free(qn__eigenbasis *e);
/* A Hermitian system with the same solution: the problem itself, or [[0, A], [A^H, 0]] with b above zeros, whose
 * solution has x below. */
typedef struct qn__linear_twin {
    qn_linear_problem problem;
    size_t first; /* entry of its vectors where x begins */
    qn_sparse *owned_matrix;
    double *owned_b;
} qn__linear_twin;
QN_MUST_USE qn_status qn__linear_twin_open(const qn_linear_problem *problem, qn__linear_twin *out);
void qn__linear_twin_close(qn__linear_twin *twin);
/* QN_ERR_TOO_LARGE beyond some minutes; fills seconds and bytes. */
QN_MUST_USE qn_status qn__linear_gate_limit(const char *method, double gates, uint32_t qubits, qn_linear_plan *plan);

#endif
