/* chemistry.h: from electronic integrals to a qubit problem. */
#ifndef QUERN_CHEMISTRY_H
#define QUERN_CHEMISTRY_H

#include <quern/fermion.h>

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
} qn_electronic_problem;

/** Build it: determinant of the lowest nalpha/nbeta orbitals (nalpha = (nelec + ms2) / 2), Hamiltonian mapped,
 * simplified (cutoff 1e-12), tapered when asked. Errors: QN_ERR_TOO_LARGE over 63 orbitals, QN_ERR_ARGUMENT. */
QN_API QN_MUST_USE qn_status qn_electronic_problem_create(const qn_integrals *integrals, qn_mapping mapping, bool taper,
                                                          qn_electronic_problem **out);
QN_API void qn_electronic_problem_free(qn_electronic_problem *problem);

QN_END_DECLS
#endif
