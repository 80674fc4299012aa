/* basis.h: the gate sets that circuits are rewritten in. */
#ifndef QN_CIRCUIT_PASSES_BASIS_H
#define QN_CIRCUIT_PASSES_BASIS_H

#include <quern/pass.h>

/* How a one-qubit unitary is written. */
typedef enum qn__basis_local {
    QN__LOCAL_CLIFFORD_T,
    QN__LOCAL_H_T,
    QN__LOCAL_SX, /* rz, sx, x */
    QN__LOCAL_H,  /* rz, h */
    QN__LOCAL_RX, /* rz, rx */
    QN__LOCAL_RY, /* rz, ry */
    QN__LOCAL_U,
    QN__LOCAL_PRX /* rz is a change of frame */
} qn__basis_local;

typedef struct qn__basis {
    qn_basis_info info;
    qn__basis_local local;
    qn_gate pair;       /* CX, CZ, ECR, RZZ or RXX */
    const char *others; /* further names, blank between */
} qn__basis;

QN_MUST_USE qn_status qn__basis_find(const char *name, const qn__basis **out);
static inline bool qn__basis_exact(const qn__basis *basis) /* fixed angles only */
{
    return basis->local == QN__LOCAL_CLIFFORD_T || basis->local == QN__LOCAL_H_T;
}
static inline bool qn__basis_has_rzz(const qn__basis *basis)
{
    return basis->pair == QN_GATE_RZZ || basis->pair == QN_GATE_RXX;
}

#endif
