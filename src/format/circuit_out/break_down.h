/* break_down.h: gates with fixed parameters broken down to those that a language has. Exact but for the global phase.
 */
#ifndef QN_FORMAT_CIRCUIT_OUT_BREAK_DOWN_H
#define QN_FORMAT_CIRCUIT_OUT_BREAK_DOWN_H

#include <quern/circuit.h>

#include "base/status.h"

typedef struct qn__break_down_target {
    uint32_t nqubits; /* of the circuit: those that a gate leaves alone help with many controls */
    bool (*native)(qn_gate gate);
    /* Takes native rows of the gate table, their controls in front, all firing on 1. */
    qn_status (*emit)(void *user, qn_gate gate, const uint32_t *qubits, const double *params);
    /* May be NULL. Takes one-qubit bases, and swap, under any number of controls that fire on 1. */
    qn_status (*emit_controlled)(void *user, qn_gate base, const uint32_t *controls, uint32_t ncontrols,
                                 const uint32_t *targets, const double *params);
    void *user;
} qn__break_down_target;

/* Any unitary operation. The target must take H, CX, CCX and what the texts of the gate table come down to: one-qubit
 * gates, at least RZ, RY, S, SDG, T, TDG and X. Pauli rotations and matrix gates too. */
QN_MUST_USE qn_status qn__break_down(const qn__break_down_target *target, const qn_operation *op);

#endif
