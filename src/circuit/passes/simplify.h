/* simplify.h: the inside of qn_pass_simplify: a circuit as a list of elements, most of them rotations
 * exp(i phase) exp(-i angle P / 2) of a Pauli string P under controls, to which nearly all gates come down. */
#ifndef QN_CIRCUIT_PASSES_SIMPLIFY_H
#define QN_CIRCUIT_PASSES_SIMPLIFY_H

#include "circuit/gate.h"
#include "circuit/passes/affine.h"

typedef enum qn__element_kind {
    QN__ELEMENT_DEAD,
    QN__ELEMENT_ROTATION,
    QN__ELEMENT_GATE, /* any other gate, as it is in the circuit */
    QN__ELEMENT_HADAMARD,
    QN__ELEMENT_OTHER /* what is no gate */
} qn__element_kind;

/* How a rotation is written, the plainest first. */
typedef enum qn__element_style {
    QN__STYLE_NAMED,   /* x, sx, t, ...: with phase angle/2, angle a number */
    QN__STYLE_PHASE,   /* p: with phase angle/2 */
    QN__STYLE_ROTATION /* rz, rxx, ...: without */
} qn__element_style;

/* What an element does to one qubit: 'X', 'Y', 'Z' of a string, '0', '1' a control, '?' anything. A phase on states (z,
 * p, cz, ccz: style below ROTATION) has no target, only controls. Sorted by qubit. */
typedef struct qn__role {
    uint32_t qubit;
    char letter;
} qn__role;

typedef struct qn__element {
    uint8_t kind, style;
    bool changed; /* else it is written as it was */
    uint32_t nroles;
    size_t roles;   /* the first, in the list's pool */
    size_t source;  /* operation it came from */
    qn_param angle; /* of a rotation */
} qn__element;

typedef struct qn__simplify {
    const qn_circuit *from;
    qn_circuit *to;
    uint32_t nqubits, level;
    qn__element *elements;
    size_t count, capacity;
    qn__role *roles;
    size_t roles_used, roles_capacity;
    qn__affine_pool pool;
    qn_param phase;            /* global, of the straight run it is collected in */
    bool seen[QN_GATE_COUNT_]; /* gates of the circuit: no others are brought in */
    size_t merges;             /* of this round: something changed */
} qn__simplify;

/* simplify_element.c */
QN_MUST_USE qn_status qn__simplify_read(qn__simplify *s);
QN_MUST_USE qn_status qn__simplify_write(qn__simplify *s);
/* a += sign b, about the same string; both are rotations. False: not under these controls. */
bool qn__element_may_merge(const qn__simplify *s, const qn__element *a, const qn__element *b);
QN_MUST_USE qn_status qn__element_merge(qn__simplify *s, qn__element *a, const qn__element *b, double sign);
/* Whether a rotation is the identity; then its phase is taken into s->phase. */
QN_MUST_USE qn_status qn__element_is_identity(qn__simplify *s, const qn__element *a, bool *out);
/* No role is but a string's letter. */
bool qn__element_controlled(const qn__simplify *s, const qn__element *a);
bool qn__element_is_phase(const qn__simplify *s, const qn__element *a);
bool qn__element_is_x(const qn__simplify *s, const qn__element *a); /* x, cx, ccx, ... */

/* simplify_fold.c: rotations about the same parity, wherever they are, become one. */
QN_MUST_USE qn_status qn__simplify_fold(qn__simplify *s);
/* simplify_cancel.c: each element against those before it that it commutes with. */
QN_MUST_USE qn_status qn__simplify_cancel(qn__simplify *s);

#endif
