/* multiplexed.h: rotations of one qubit by an angle that depends on the others: one block diagonal gate, 2^k CNOTs. */
#ifndef QN_LOAD_MULTIPLEXED_H
#define QN_LOAD_MULTIPLEXED_H

#include <quern/circuit.h>

#include "base/status.h"

/* A target and its controls; angle j holds where the controls read j, control 0 least significant. */
typedef struct qn__multiplexed {
    qn_gate gate;      /* RY or RZ */
    qn_gate entangler; /* CX; CZ is possible for RY */
    uint32_t target;
    const uint32_t *controls;
    uint32_t ncontrols;
    bool reversed;    /* the mirror image in time; the same operator */
    double threshold; /* rotations of the ladder by less than this are left out; 0: only those that are rounding */
} qn__multiplexed;

/* Appends the rotation by `angles` (2^ncontrols, overwritten). `*pending` are the controls whose entangler is due
 * before the next rotation, bit by bit: taken over from what stands before (0 at the start) and left for what comes
 * behind; qn__multiplexed_flush appends them. So entanglers of neighbours with the same target and controls cancel, and
 * those around rotations by 0 do too. */
QN_MUST_USE qn_status qn__multiplexed_append(qn_circuit *circuit, const qn__multiplexed *m, double *angles,
                                             uint64_t *pending);
QN_MUST_USE qn_status qn__multiplexed_flush(qn_circuit *circuit, const qn__multiplexed *m, uint64_t *pending);

#endif
