/* run.h: one operation on one whole state, and the parts that sums over it are cut into. */
#ifndef QN_STATEVECTOR_RUN_H
#define QN_STATEVECTOR_RUN_H

#include "engine/statevector/program.h"
#include "engine/statevector/threads.h"

static inline void qn__sv_apply(const qn__sv_program *p, void *state, const qn__sv_op *op, uint64_t part,
                                uint64_t parts)
{
    const qn__kernel_gate *gate = &op->gate;
    switch (op->kind) {
    case QN__SV_OP_PAIR:
        p->kernels->pair(state, p->blocks, gate, op->shape, part, parts);
        return;
    case QN__SV_OP_PAULI:
        p->kernels->pauli(state, p->blocks, gate, part, parts);
        return;
    case QN__SV_OP_DIAGONAL:
        p->kernels->diagonal(state, p->blocks, gate, part, parts);
        return;
    case QN__SV_OP_DENSE:
        p->kernels->dense(state, p->blocks, &p->dense[op->first].forward, part, parts);
        return;
    }
}

/* Into how many parts sums over this state are cut: a matter of its size alone, so that results do not depend on
 * threads. */
static inline uint64_t qn__sv_parts(const qn__sv_program *p)
{
    if (p->nqubits < QN__SV_THREAD_QUBITS) {
        return 1;
    }
    const uint64_t parts = UINT64_C(1) << (p->nqubits - QN__SV_THREAD_QUBITS + 4);
    return parts < QN__SV_PARTS ? parts : QN__SV_PARTS;
}

#endif
