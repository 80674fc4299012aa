/* gate_parts.h: what the gate tiers of several methods are put together from. */
#ifndef QN_ALGORITHM_GATE_PARTS_H
#define QN_ALGORITHM_GATE_PARTS_H

#include "algorithm/linear/linear.h"

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
/* QN_ERR_TOO_LARGE beyond some minutes; fills seconds and bytes. */
QN_MUST_USE qn_status qn__linear_gate_limit(const char *method, double gates, uint32_t qubits, qn_linear_plan *plan);

#endif
