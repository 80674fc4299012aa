/* subspace.h: states in which exactly one variable of each one-hot group is 1, listed as numbers in mixed radix: the
 * digit of a group is its member that is 1. Variables in no group are groups of their own with digits 0 and 1. */
#ifndef QN_ALGORITHM_QAOA_SUBSPACE_H
#define QN_ALGORITHM_QAOA_SUBSPACE_H

#include <quern/qaoa.h>

typedef struct qn__subspace {
    uint32_t variables, groups;
    uint32_t *radix, *first; /* of a group; its members are members[first[g]..]; a free variable has radix 2 */
    uint32_t *members;
    bool *is_free;
    uint64_t size;
    double *cost; /* of each state */
} qn__subspace;

QN_MUST_USE qn_status qn__subspace_create(qn_context *context, const qn_qubo *qubo, qn__subspace *out);
void qn__subspace_release(qn__subspace *subspace);
void qn__subspace_decode(const qn__subspace *subspace, uint64_t state, uint8_t *x);
uint64_t qn__subspace_encode(const qn__subspace *subspace, const uint8_t *x);

/* Layers of phases and ring mixers from the uniform state; ket and bra have `size` amplitudes (bra: only for slopes).
 * A ring mixer turns the pairs (0,1), (2,3), … of a group's members, then (1,2), …, then, in an odd ring of at least
 * three, the last with the first, each by exp(-i beta (XX + YY) / 2); of a free variable by exp(-i beta X). */
QN_MUST_USE qn_status qn__subspace_run(const qn__subspace *subspace, uint32_t layers, const double *angles,
                                       qn_complex *ket, qn_complex *bra, double *value, double *slopes);
/* The same as a circuit on all variables. */
QN_MUST_USE qn_status qn__subspace_circuit(const qn__subspace *subspace, qn_cost cost, uint32_t layers,
                                           const double *angles, qn_circuit **out);

#endif
