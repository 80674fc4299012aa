/* cks_gate.h: the gate tier of the Chebyshev combination. */
#ifndef QN_ALGORITHM_CKS_GATE_H
#define QN_ALGORITHM_CKS_GATE_H

#include "algorithm/linear/linear.h"

QN_MUST_USE qn_status qn__cks_gate_plan(const qn_linear_problem *problem, const qn_linear_options *options,
                                        qn_linear_plan *plan);
/* Fills x, cost and qubits; *norm = |sum c_k T_{2k+1} b| / |b|. */
QN_MUST_USE qn_status qn__cks_gate_run(const qn_context *context, const qn_linear_problem *problem,
                                       const qn_linear_options *options, const qn_qsp_polynomial *p, double *norm,
                                       qn_linear_result *result);

#endif
