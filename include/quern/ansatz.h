/* ansatz.h: the circuits of variational algorithms.
 *
 * Parameter order and names of n_local follow Qiskit's TwoLocal/n_local: theta[0], theta[1], ... in order of
 * appearance: for each repetition, for each rotation block, qubit 0 first; then the entanglement blocks; a last
 * rotation layer unless skipped. */
#ifndef QUERN_ANSATZ_H
#define QUERN_ANSATZ_H

#include <quern/circuit.h>
#include <quern/fermion.h>

QN_BEGIN_DECLS

typedef enum qn_entanglement {
    QN_ENTANGLEMENT_FULL = 0,
    QN_ENTANGLEMENT_LINEAR = 1,
    QN_ENTANGLEMENT_REVERSE_LINEAR = 2,
    QN_ENTANGLEMENT_CIRCULAR = 3,
    QN_ENTANGLEMENT_PAIRWISE = 4,
    QN_ENTANGLEMENT_SCA = 5,  /* shifted circular alternating */
    QN_ENTANGLEMENT_PAIRS = 6 /* the pairs given in the options, for example a coupling map */
} qn_entanglement;
QN_API const char *qn_entanglement_name(qn_entanglement entanglement);
QN_API QN_MUST_USE qn_status qn_entanglement_from_name(const char *name, qn_entanglement *out);

typedef struct qn_n_local_options {
    uint32_t size;
    uint32_t nqubits;
    const qn_gate *rotations; /* one-qubit gates, in order */
    size_t nrotations;
    const qn_gate *entanglers; /* two-qubit gates, in order */
    size_t nentanglers;
    qn_entanglement entanglement;
    const uint32_t *pairs; /* QN_ENTANGLEMENT_PAIRS: npairs x 2 qubits */
    size_t npairs;
    uint32_t reps;
    bool skip_final_rotation_layer;
    bool skip_unentangled_qubits;
    const char *prefix;           /* symbol names are prefix[index]; NULL: "theta" */
    const uint64_t *initial_bits; /* X on these qubits first; NULL: none. ceil(nqubits/64) words */
} qn_n_local_options;
#define QN_N_LOCAL_OPTIONS_INIT                                                                                        \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_n_local_options), 0, NULL, 0, NULL, 0, QN_ENTANGLEMENT_FULL, NULL, 0, 3, false, false,     \
            NULL, NULL                                                                                                 \
    }

QN_API QN_MUST_USE qn_status qn_ansatz_n_local(const qn_n_local_options *options, qn_circuit **out);
/** Qiskit's EfficientSU2 (ry, rz + cx), RealAmplitudes (ry + cx), ExcitationPreserving (rz + xx_plus_yy-like "iswap"
 *  blocks, its mode "iswap" or "fsim"); rotations/entanglers of the options are ignored, all else is used. */
QN_API QN_MUST_USE qn_status qn_ansatz_efficient_su2(const qn_n_local_options *options, qn_circuit **out);
QN_API QN_MUST_USE qn_status qn_ansatz_real_amplitudes(const qn_n_local_options *options, qn_circuit **out);
QN_API QN_MUST_USE qn_status qn_ansatz_excitation_preserving(const qn_n_local_options *options, bool fsim,
                                                             qn_circuit **out);
/** Alternating layers for a device: `rotations` on every qubit, `entanglers` along `pairs` coloured into disjoint
 * layers so that depth is the coupling map's edge colouring. */
QN_API QN_MUST_USE qn_status qn_ansatz_hardware_efficient(const qn_n_local_options *options, qn_circuit **out);

/** Product of evolutions: X on the set bits of `initial`, then `reps` times, for each operator k, exp(-i theta_k O_k)
 * as a first-order Trotter product of Pauli rotations in the operator's order (exact when its terms commute). Each O_k
 * Hermitian. QAOA: operators {cost, mixer}, initial |+>: set `plus`. Parameters repeat per layer: theta[layer * nops +
 * k]. */
typedef struct qn_evolved_options {
    uint32_t size;
    const qn_pauli_sum *const *operators;
    size_t noperators;
    uint32_t reps;
    bool plus;               /* start from |+...+> instead of `initial` */
    const uint64_t *initial; /* words of the qubit mask; NULL: |0...0> */
    const char *prefix;
} qn_evolved_options;
#define QN_EVOLVED_OPTIONS_INIT                                                                                        \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_evolved_options), NULL, 0, 1, false, NULL, NULL                                            \
    }
QN_API QN_MUST_USE qn_status qn_ansatz_evolved(const qn_evolved_options *options, qn_circuit **out);
/** QAOA with mixer sum X: theta = gamma_0, beta_0, gamma_1, ...; phase exp(-i gamma C), mixer exp(-i beta sum X). */
QN_API QN_MUST_USE qn_status qn_ansatz_qaoa(const qn_pauli_sum *cost, uint32_t layers, qn_circuit **out);

/** An excitation: annihilate `from`, create `to` (block spin order, see fermion.h), 1 or 2 of each. */
typedef struct qn_excitation {
    uint32_t from[2], to[2];
    uint32_t count;
} qn_excitation;
/** All spin-conserving single and/or double excitations of a reference with the given occupation. `*out` is owned by
 * the caller (qn_excitations_free). Singles first (alpha, then beta), then doubles (alpha-alpha, beta-beta,
 * alpha-beta). */
QN_API QN_MUST_USE qn_status qn_excitations_list(uint32_t norb, uint32_t nalpha, uint32_t nbeta, bool singles,
                                                 bool doubles, qn_excitation **out, size_t *count);
QN_API void qn_excitations_free(qn_excitation *excitations);

typedef struct qn_uccsd_options {
    uint32_t size;
    uint32_t norb, nalpha, nbeta;
    qn_mapping mapping;
    const qn_tapering *tapering;      /* NULL: none; sector must be set */
    const qn_excitation *excitations; /* NULL: all singles and doubles */
    size_t nexcitations;
    uint32_t reps;
} qn_uccsd_options;
#define QN_UCCSD_OPTIONS_INIT                                                                                          \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_uccsd_options), 0, 0, 0, QN_MAPPING_JORDAN_WIGNER, NULL, NULL, 0, 1                        \
    }
/** Trotterised unitary coupled cluster from the Hartree-Fock determinant: prod_k exp(theta_k (T_k - T_k^+)).
 * Excitations that vanish or leave the tapered sector are dropped. */
QN_API QN_MUST_USE qn_status qn_ansatz_uccsd(const qn_uccsd_options *options, qn_circuit **out);

QN_END_DECLS
#endif
