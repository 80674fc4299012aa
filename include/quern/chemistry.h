/* chemistry.h: from electronic integrals to a qubit problem. */
#ifndef QUERN_CHEMISTRY_H
#define QUERN_CHEMISTRY_H

#include <quern/ansatz.h>

QN_BEGIN_DECLS

/** A molecule on qubits. Owns all it points to; qn_electronic_problem_free. */
typedef struct qn_electronic_problem {
    uint32_t norb, nalpha, nbeta;
    qn_mapping mapping;
    uint32_t nqubits;             /* after tapering */
    uint32_t qubits_before_taper; /* 2 * norb */
    qn_pauli_sum *hamiltonian;    /* includes the core energy as identity term; tapered when asked */
    qn_tapering *tapering;        /* NULL: not tapered; else with its sector set to the reference's */
    uint64_t *reference;          /* Hartree-Fock determinant as a basis state of `nqubits` */
    double reference_energy;      /* <reference|H|reference>, from the integrals */
    double core;
    /* diagonal operators (tapered like the Hamiltonian) that fix the sector: number of alpha and of beta electrons */
    qn_pauli_sum *number_alpha, *number_beta;
    /* products of Z that commute with the Hamiltonian before tapering: parities of the spins and of point-group irreps
     */
    qn_pauli_sum *symmetries;
} qn_electronic_problem;

/** Build it: determinant of the lowest nalpha/nbeta orbitals (nalpha = (nelec + ms2) / 2), Hamiltonian mapped,
 * simplified (cutoff 1e-12), tapered when asked. Errors: QN_ERR_TOO_LARGE over 63 orbitals, QN_ERR_ARGUMENT. */
QN_API QN_MUST_USE qn_status qn_electronic_problem_create(const qn_integrals *integrals, qn_mapping mapping, bool taper,
                                                          qn_electronic_problem **out);
QN_API void qn_electronic_problem_free(qn_electronic_problem *problem);

/** The singles and doubles of qn_excitations_list that keep every symmetry of the problem: the others have gradient
 * zero at every point that has the reference's symmetry, so leaving them out changes no energy. Release with
 * qn_excitations_free. */
QN_API QN_MUST_USE qn_status qn_electronic_problem_excitations(const qn_electronic_problem *problem, bool singles,
                                                               bool doubles, qn_excitation **out, size_t *count);

QN_END_DECLS
#endif
