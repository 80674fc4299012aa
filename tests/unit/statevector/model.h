/* model.h: circuits, observables and derivatives by definition, on plain arrays: what the engine is compared with. */
#ifndef QN_TEST_STATEVECTOR_MODEL_H
#define QN_TEST_STATEVECTOR_MODEL_H

#include <quern/circuit.h>
#include <quern/pauli.h>

/* A stream of numbers for property tests. */
typedef struct model_random {
    uint64_t seed, index;
} model_random;
double model_uniform(model_random *random); /* [0, 1) */
uint32_t model_below(model_random *random, uint32_t n);

/* |out> = circuit |0>, 2^n amplitudes. */
void model_state(const qn_circuit *circuit, const double *theta, qn_complex *out);
double model_expect(const qn_pauli_sum *sum, const qn_complex *state);

/* Append a random gate of the table, with random qubits, controls, control values and affine parameters in nsymbols
 * symbols. */
void model_append(qn_circuit *circuit, qn_gate gate, uint32_t nsymbols, model_random *random);
void model_circuit(uint32_t nqubits, uint32_t nsymbols, size_t gates, model_random *random, qn_circuit **out);
void model_observable(uint32_t nqubits, size_t terms, model_random *random, qn_pauli_sum **out);

#endif
