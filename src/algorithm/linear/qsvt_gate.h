/* qsvt_gate.h: the gate tier of QSVT. */
#ifndef QN_ALGORITHM_QSVT_GATE_H
#define QN_ALGORITHM_QSVT_GATE_H

#include "algorithm/linear/linear.h"

/* QN_ERR_TOO_LARGE over QN__LINEAR_GATE_DIMENSION unknowns or some millions of gates. */
QN_MUST_USE qn_status qn__qsvt_gate_plan(const qn_linear_problem *problem, qn_linear_plan *plan);
/* Phase factors, block-encoding, preparation of b, the circuit, and its amplitudes where all ancillas are 0. */
QN_MUST_USE qn_status qn__qsvt_gate_run(const qn_context *context, const qn_linear_problem *problem, double maximum,
                                        double *norm, qn_linear_result *result);

#endif
