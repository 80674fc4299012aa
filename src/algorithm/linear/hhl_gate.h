/* hhl_gate.h: the gate tier of HHL. */
#ifndef QN_ALGORITHM_HHL_GATE_H
#define QN_ALGORITHM_HHL_GATE_H

#include "algorithm/linear/linear.h"

/* f_k of all outcomes of a clock, and their squares. */
void qn__hhl_rotation(const qn_hhl_clock *clock, size_t size, double *f, double *f2);
void qn__hhl_window(const qn_hhl_clock *clock, size_t size, double *w);

/* Fills x, success, leakage, qubits, cost and the norm of x from the whole circuit: vector, clock, then the qubit that
 * takes the rotation. Errors: QN_ERR_TOO_LARGE. */
QN_MUST_USE qn_status qn__hhl_gate_plan(const qn_linear_problem *problem, const qn_linear_options *options,
                                        qn_linear_plan *plan);
QN_MUST_USE qn_status qn__hhl_gate_run(const qn_context *context, const qn_linear_problem *problem,
                                       const qn_linear_options *options, const qn_hhl_clock *clock,
                                       qn_linear_result *result);

/* Appends e^{i angle sum} on qubits 0 ... n - 1 under one control by a product formula of order 1, 2 or 4 in `steps`
 * steps. Real coefficients. */
QN_MUST_USE qn_status qn__append_product_formula(qn_circuit *circuit, const qn_pauli_sum *sum, uint32_t control,
                                                 double angle, unsigned order, uint32_t steps);

/* e^{i time H} from a block-encoding of the Hermitian H with alpha = 1; its ancillas and those that are added go from 0
 * to 0. */
QN_MUST_USE qn_status qn__evolution_circuit(const qn_context *context, const qn_circuit *encoding, uint32_t system,
                                            double time, qn_circuit **out);

#endif
