/* fermion.h: second-quantised operators, electronic integrals, their mappings to qubits, and Z2 tapering.
 *
 * Spin orbitals are in block order: spatial orbital p with spin alpha is mode p, with spin beta is mode norb + p. */
#ifndef QUERN_FERMION_H
#define QUERN_FERMION_H

#include <quern/pauli.h>

QN_BEGIN_DECLS

/** A sum of products of ladder operators on `nmodes` modes. */
typedef struct qn_fermion_sum qn_fermion_sum;

/** One factor of a product, left to right as written: a_mode or its adjoint. */
typedef struct qn_ladder {
    uint32_t mode;
    bool creation;
} qn_ladder;

QN_API QN_MUST_USE qn_status qn_fermion_sum_create(uint32_t nmodes, qn_fermion_sum **out);
QN_API void qn_fermion_sum_free(qn_fermion_sum *sum);
/** Append coefficient * product; count 0 is the identity. Errors: QN_ERR_RANGE, QN_ERR_NAN, QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_fermion_sum_add(qn_fermion_sum *sum, qn_complex coefficient, const qn_ladder *product,
                                                size_t count);
QN_API uint32_t qn_fermion_sum_modes(const qn_fermion_sum *sum);
QN_API size_t qn_fermion_sum_terms(const qn_fermion_sum *sum);
/** Borrowed view of one term. */
QN_API void qn_fermion_sum_term(const qn_fermion_sum *sum, size_t term, qn_complex *coefficient,
                                const qn_ladder **product, size_t *count);
/** Normal order (creations left, each sorted by falling mode), merge, drop |c| <= cutoff. */
QN_API QN_MUST_USE qn_status qn_fermion_sum_normal_order(const qn_fermion_sum *sum, double cutoff,
                                                         qn_fermion_sum **out);
QN_API QN_MUST_USE qn_status qn_fermion_sum_adjoint(const qn_fermion_sum *sum, qn_fermion_sum **out);

typedef enum qn_mapping {
    QN_MAPPING_JORDAN_WIGNER = 0,
    QN_MAPPING_PARITY = 1,
    QN_MAPPING_BRAVYI_KITAEV =
        2 /* Fenwick tree, any number of modes (Seeley, Richard, Love, J. Chem. Phys. 137, 224109) */
} qn_mapping;
QN_API const char *qn_mapping_name(qn_mapping mapping); /* "jw", "parity", "bk" */
/** Accepts the names above and "jordan-wigner", "bravyi-kitaev". Errors: QN_ERR_NAME. */
QN_API QN_MUST_USE qn_status qn_mapping_from_name(const char *name, qn_mapping *out);

/** Map to qubits; the result is simplified with cutoff 1e-14 times its largest coefficient. */
QN_API QN_MUST_USE qn_status qn_fermion_to_qubits(const qn_fermion_sum *sum, qn_mapping mapping, qn_pauli_sum **out);
/** The basis state of the mapping that encodes an occupation: both are ceil(nmodes/64) words, bit m for mode/qubit m.
 */
QN_API QN_MUST_USE qn_status qn_mapping_encode(qn_mapping mapping, uint32_t nmodes, const uint64_t *occupation,
                                               uint64_t *qubits);

/** Electronic integrals over molecular orbitals, chemists' order (pq|rs); real; in Hartree.
 *  Restricted: *_bb and h1_b are NULL. Unrestricted: (alpha alpha|alpha alpha), (bb|bb), (aa|bb). h2 are norb^4,
 * row-major, all symmetric entries filled. All memory belongs to the struct; release with qn_integrals_free. */
typedef struct qn_integrals {
    uint32_t norb;
    uint32_t nelec;
    int32_t ms2; /* n_alpha - n_beta */
    bool unrestricted;
    double core;     /* nuclear repulsion plus frozen core */
    double *h1, *h2; /* alpha, or both spins when restricted */
    double *h1_b, *h2_bb, *h2_ab;
    int32_t *orbital_symmetry; /* norb labels, 1-based irreps as in FCIDUMP; NULL when not given */
} qn_integrals;

QN_API QN_MUST_USE qn_status qn_integrals_create(uint32_t norb, bool unrestricted, qn_integrals **out);
QN_API void qn_integrals_free(qn_integrals *integrals);
/** H = core + sum h_pq a+_p a_q + 1/2 sum (pq|rs) a+_p,s a+_r,t a_s,t a_q,s over spins s, t; |coefficient| <= cutoff
 * dropped. */
QN_API QN_MUST_USE qn_status qn_integrals_to_fermions(const qn_integrals *integrals, double cutoff,
                                                      qn_fermion_sum **out);
/** Number operators of the alpha and beta spin orbitals, and of all. */
QN_API QN_MUST_USE qn_status qn_number_operator(uint32_t norb, bool alpha, bool beta, qn_fermion_sum **out);

/** Z2 symmetries of a Pauli sum and the Clifford that turns each into one Z, after which that qubit is a number
 *  (Bravyi, Gambetta, Mezzacapo, Temme, arXiv:1701.08213). */
typedef struct qn_tapering qn_tapering;
/** Find the symmetries of `sum` that are products of Z only if `z_only`, else all independent commuting ones. */
QN_API QN_MUST_USE qn_status qn_tapering_find(const qn_pauli_sum *sum, bool z_only, qn_tapering **out);
QN_API void qn_tapering_free(qn_tapering *tapering);
QN_API uint32_t qn_tapering_count(const qn_tapering *tapering);
/** The symmetries themselves, one term each, coefficient 1; borrowed. */
QN_API const qn_pauli_sum *qn_tapering_symmetries(const qn_tapering *tapering);
/** Set the sector (+1 or -1 each) to that of a computational basis state (words as in the sum). Needs Z-only
 * symmetries; else QN_ERR_UNSUPPORTED. */
QN_API QN_MUST_USE qn_status qn_tapering_set_sector_of(qn_tapering *tapering, const uint64_t *basis_state);
QN_API QN_MUST_USE qn_status qn_tapering_set_sector(qn_tapering *tapering, const int *signs);
/** Taper any operator that commutes with the symmetries (else QN_ERR_ARGUMENT): fewer qubits, simplified. */
QN_API QN_MUST_USE qn_status qn_tapering_apply(const qn_tapering *tapering, const qn_pauli_sum *sum,
                                               qn_pauli_sum **out);
/** The tapered image of a computational basis state: QN_ERR_UNSUPPORTED unless the symmetries are Z-only. */
QN_API QN_MUST_USE qn_status qn_tapering_apply_state(const qn_tapering *tapering, const uint64_t *basis_state,
                                                     uint64_t *out);

QN_END_DECLS
#endif
