/* state.h: a state as a plain array, and gates on it by the definition of a matrix product. Slow on purpose. */
#ifndef QN_REFERENCE_STATE_H
#define QN_REFERENCE_STATE_H

#include <quern/circuit.h>
#include <quern/counts.h>

/* Targets that a gate with a matrix may have. */
enum { QN__REFERENCE_TARGETS = 4 };

/* Three arrays of 2^nqubits amplitudes: the state and room to work in; and room to sample. */
typedef struct qn__reference_state {
    uint32_t nqubits;
    uint64_t size;
    qn_complex *psi, *work, *spare;
    double *cumulative; /* of the probabilities, in rising index order */
    uint64_t *hits;     /* sightings of each basis state */
} qn__reference_state;

QN_MUST_USE qn_status qn__reference_state_create(uint32_t nqubits, qn__reference_state *out);
void qn__reference_state_release(qn__reference_state *state);

/* psi = |0...0>. */
void qn__reference_reset(qn__reference_state *state);

/* psi = (operation at these parameters) psi. */
QN_MUST_USE qn_status qn__reference_apply(qn__reference_state *state, const qn_operation *operation,
                                          const double *theta);

/* <psi|P|psi>, its real part, for the string with masks x and z. */
double qn__reference_pauli(qn__reference_state *state, const uint64_t *x, const uint64_t *z);

/* Shots by the rule of engine/sampling.h. */
QN_MUST_USE qn_status qn__reference_sample(qn__reference_state *state, uint64_t shots, uint64_t seed, uint64_t stream,
                                           qn_counts *out);

#endif
