/* subspace.h: states in which each group of variables has its number of ones, listed as numbers in mixed radix: the
 * digit of a group is the rank of its members' bits among all words with as many ones (combinations.h), so the digit of
 * a one-hot group is the member that is 1. Variables in no group are groups of their own with digits 0 and 1. */
#ifndef QN_ALGORITHM_QAOA_SUBSPACE_H
#define QN_ALGORITHM_QAOA_SUBSPACE_H

#include <quern/qaoa.h>

typedef struct qn__subspace_group {
    uint32_t first, count; /* its members are members[first..first + count) */
    uint32_t ones;         /* 0: a free variable, of two values */
    uint64_t radix;        /* C(count, ones); 2 */
    uint64_t pairs_at;     /* where its pairs begin */
} qn__subspace_group;

typedef struct qn__subspace {
    uint32_t variables, groups;
    qn_qaoa_mixer mixer;
    qn__subspace_group *group;
    uint32_t *members;
    uint64_t *choose; /* binomial coefficients, see combinations.h */
    uint64_t size;
    double *cost; /* of each state */
    /* Pairs of digits that each turn of the groups with several ones turns, C(count - 2, ones - 1) a turn, two numbers
     * a pair; NULL where they would be very many: then they are found anew each time. */
    uint32_t *pairs;
} qn__subspace;

/* Errors: QN_ERR_TOO_LARGE (need and limit; or more than 64 members of which several are 1), QN_ERR_MEMORY. */
QN_MUST_USE qn_status qn__subspace_create(qn_context *context, const qn_qubo *qubo, qn_qaoa_mixer mixer,
                                          qn__subspace *out);
void qn__subspace_release(qn__subspace *subspace);
void qn__subspace_decode(const qn__subspace *subspace, uint64_t state, uint8_t *x);
uint64_t qn__subspace_encode(const qn__subspace *subspace, const uint8_t *x);

/* The pairs of members that a group's mixer turns, in their order. Ring: (0,1), (2,3), ..., then (1,2), (3,4), ...,
 * then, in an odd ring of at least three, the last with the first. Complete: all pairs, in rounds of disjoint ones,
 * member i against j in round i + j of a tournament (the circle method). */
uint32_t qn__subspace_turns(const qn__subspace *subspace, uint32_t group);
void qn__subspace_pair(const qn__subspace *subspace, uint32_t group, uint32_t turn, uint32_t *a, uint32_t *b);

/* Of a group with several ones: how many pairs of digits differ by a one moved between two members; all of them for the
 * members a < b, those with the one at a first. `out` has two numbers a pair. */
uint64_t qn__subspace_digit_pairs(const qn__subspace *subspace, uint32_t group);
void qn__subspace_list_pairs(const qn__subspace *subspace, uint32_t group, uint32_t a, uint32_t b, uint32_t *out);

/* Layers of phases and mixers from the uniform state; ket and bra have `size` amplitudes (bra: only for slopes). A
 * mixer turns the pairs of a group, each by exp(-i beta (XX + YY) / 2), and a free variable by exp(-i beta X). */
QN_MUST_USE qn_status qn__subspace_run(const qn__subspace *subspace, uint32_t layers, const double *angles,
                                       qn_complex *ket, qn_complex *bra, double *value, double *slopes);
/* The same as a circuit on all variables. */
QN_MUST_USE qn_status qn__subspace_circuit(const qn__subspace *subspace, qn_cost cost, uint32_t layers,
                                           const double *angles, qn_circuit **out);
/* |0...0> to the uniform state of all words with `ones` of the qubits 1. */
QN_MUST_USE qn_status qn__append_dicke(qn_circuit *circuit, const uint32_t *qubits, uint32_t count, uint32_t ones);

/* |1^k at the end> to the uniform state of all words with k ones, for every k <= most at once. */
QN_MUST_USE qn_status qn__append_dicke_steps(qn_circuit *circuit, const uint32_t *qubits, uint32_t count,
                                             uint32_t most);

#endif
