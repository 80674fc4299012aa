/* electronic_problem.c: integrals to a qubit Hamiltonian, its Hartree-Fock determinant, and the operators that count
 * electrons. */
#include <quern/chemistry.h>

#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"

enum { ORBITALS_MOST = 63 }; /* 126 spin orbitals: an occupation is two words */

static const double CUTOFF = 1e-12; /* terms below it are rounding; they would hide symmetries from tapering */

static qn_status check_integrals(const qn_integrals *integrals)
{
    QN_CHECK(integrals->norb >= 1, ERR_ARGUMENT, "the integrals have no orbitals; expected at least 1");
    QN_CHECK(integrals->norb <= ORBITALS_MOST, ERR_TOO_LARGE, "%u orbitals; at most %d are supported", integrals->norb,
             ORBITALS_MOST);
    QN_CHECK(integrals->h1 != NULL && integrals->h2 != NULL, ERR_ARGUMENT, "the integrals have no values");
    QN_CHECK(!integrals->unrestricted ||
                 (integrals->h1_b != NULL && integrals->h2_bb != NULL && integrals->h2_ab != NULL),
             ERR_ARGUMENT, "unrestricted integrals lack those of beta");
    const int64_t nelec = integrals->nelec, ms2 = integrals->ms2;
    QN_CHECK((nelec + ms2) % 2 == 0 && ms2 <= nelec && -ms2 <= nelec, ERR_ARGUMENT,
             "%u electrons with 2 Ms = %d cannot be; expected both even or both odd, and |2 Ms| up to the electrons",
             integrals->nelec, integrals->ms2);
    const int64_t nalpha = (nelec + ms2) / 2, nbeta = nelec - nalpha;
    QN_CHECK(nalpha <= integrals->norb && nbeta <= integrals->norb, ERR_ARGUMENT,
             "%lld alpha and %lld beta electrons in %u orbitals; at most one each", (long long)nalpha, (long long)nbeta,
             integrals->norb);
    return QN_OK;
}

/* sum over occupied i, j of one spin of (ii|jj) - (ij|ji), halved for each unordered pair. */
static double repulsion_same_spin(const double *h2, size_t n, size_t occupied)
{
    double sum = 0;
    for (size_t i = 0; i < occupied; i++) {
        for (size_t j = 0; j < i; j++) {
            sum += h2[((i * n + i) * n + j) * n + j] - h2[((i * n + j) * n + j) * n + i];
        }
    }
    return sum;
}

/* <D|H|D> of one determinant by the Slater-Condon rules (Slater, Phys. Rev. 34, 1293 (1929); Condon, Phys. Rev. 36,
 * 1121 (1930)). */
static double determinant_energy(const qn_integrals *in, size_t nalpha, size_t nbeta)
{
    const size_t n = in->norb;
    const double *const h1_b = in->unrestricted ? in->h1_b : in->h1;
    const double *const h2_bb = in->unrestricted ? in->h2_bb : in->h2;
    const double *const h2_ab = in->unrestricted ? in->h2_ab : in->h2;
    double energy = in->core;
    for (size_t i = 0; i < nalpha; i++) {
        energy += in->h1[i * n + i];
    }
    for (size_t j = 0; j < nbeta; j++) {
        energy += h1_b[j * n + j];
    }
    energy += repulsion_same_spin(in->h2, n, nalpha) + repulsion_same_spin(h2_bb, n, nbeta);
    for (size_t i = 0; i < nalpha; i++) {
        for (size_t j = 0; j < nbeta; j++) {
            energy += h2_ab[((i * n + i) * n + j) * n + j];
        }
    }
    return energy;
}

static qn_status map_hamiltonian(const qn_integrals *integrals, qn_mapping mapping, qn_pauli_sum **out)
{
    qn_fermion_sum *fermions = NULL;
    qn_pauli_sum *sum = NULL;
    QN_TRY(qn_integrals_to_fermions(integrals, 0, &fermions));
    qn_status status = qn_fermion_to_qubits(fermions, mapping, &sum);
    if (status == QN_OK) {
        status = qn_pauli_sum_simplify(sum, CUTOFF);
    }
    qn_fermion_sum_free(fermions);
    if (status != QN_OK) {
        qn_pauli_sum_free(sum);
        return status;
    }
    *out = sum;
    return QN_OK;
}

static qn_status map_number(uint32_t norb, bool alpha, qn_mapping mapping, qn_pauli_sum **out)
{
    qn_fermion_sum *fermions = NULL;
    QN_TRY(qn_number_operator(norb, alpha, !alpha, &fermions));
    const qn_status status = qn_fermion_to_qubits(fermions, mapping, out);
    qn_fermion_sum_free(fermions);
    return status;
}

/* The determinant of the lowest orbitals, in the encoding of the mapping. */
static qn_status encode_reference(const qn_electronic_problem *problem, uint64_t *state)
{
    uint64_t occupation[2] = {0, 0};
    for (uint32_t i = 0; i < problem->nalpha; i++) {
        qn__bit_set(occupation, i);
    }
    for (uint32_t i = 0; i < problem->nbeta; i++) {
        qn__bit_set(occupation, problem->norb + i);
    }
    return qn_mapping_encode(problem->mapping, 2 * problem->norb, occupation, state);
}

static qn_status taper_sum(const qn_tapering *tapering, qn_pauli_sum **sum)
{
    qn_pauli_sum *tapered = NULL;
    QN_TRY(qn_tapering_apply(tapering, *sum, &tapered));
    qn_pauli_sum_free(*sum);
    *sum = tapered;
    return QN_OK;
}

/* The symmetries made of Z: the parities of alpha and beta electrons, and those of the molecule's point group. */
static qn_status find_symmetries(qn_electronic_problem *problem)
{
    QN_TRY(qn_tapering_find(problem->hamiltonian, true, &problem->tapering));
    return qn_pauli_sum_clone(qn_tapering_symmetries(problem->tapering), &problem->symmetries);
}

static void drop_tapering(qn_electronic_problem *problem)
{
    qn_tapering_free(problem->tapering);
    problem->tapering = NULL;
}

/* Removes the qubits that the symmetries fix. */
static qn_status taper(qn_electronic_problem *problem)
{
    if (qn_tapering_count(problem->tapering) == 0) {
        drop_tapering(problem);
        return QN_OK;
    }
    QN_TRY(qn_tapering_set_sector_of(problem->tapering, problem->reference));
    uint64_t state[2] = {0, 0};
    QN_TRY(qn_tapering_apply_state(problem->tapering, problem->reference, state));
    memcpy(problem->reference, state, qn_pauli_sum_words(problem->hamiltonian) * sizeof state[0]);
    QN_TRY(taper_sum(problem->tapering, &problem->hamiltonian));
    QN_TRY(taper_sum(problem->tapering, &problem->number_alpha));
    QN_TRY(taper_sum(problem->tapering, &problem->number_beta));
    problem->nqubits = qn_pauli_sum_qubits(problem->hamiltonian);
    return QN_OK;
}

static qn_status build(qn_electronic_problem *problem, const qn_integrals *integrals, bool tapered)
{
    problem->norb = integrals->norb;
    problem->nalpha = (uint32_t)(((int64_t)integrals->nelec + integrals->ms2) / 2);
    problem->nbeta = integrals->nelec - problem->nalpha;
    problem->nqubits = 2 * integrals->norb;
    problem->qubits_before_taper = problem->nqubits;
    problem->core = integrals->core;
    problem->reference_energy = determinant_energy(integrals, problem->nalpha, problem->nbeta);
    problem->reference = qn__calloc(2, sizeof *problem->reference);
    QN_ALLOC_CHECK(problem->reference);
    QN_TRY(encode_reference(problem, problem->reference));
    QN_TRY(map_hamiltonian(integrals, problem->mapping, &problem->hamiltonian));
    QN_TRY(map_number(integrals->norb, true, problem->mapping, &problem->number_alpha));
    QN_TRY(map_number(integrals->norb, false, problem->mapping, &problem->number_beta));
    QN_TRY(find_symmetries(problem));
    if (!tapered) {
        drop_tapering(problem);
        return QN_OK;
    }
    return taper(problem);
}

qn_status qn_electronic_problem_create(const qn_integrals *integrals, qn_mapping mapping, bool taper_qubits,
                                       qn_electronic_problem **out)
{
    QN_CHECK(integrals != NULL && out != NULL, ERR_ARGUMENT, "integrals and a place for the problem are needed");
    QN_TRY(check_integrals(integrals));
    qn_electronic_problem *const problem = qn__calloc(1, sizeof *problem);
    QN_ALLOC_CHECK(problem);
    problem->mapping = mapping;
    const qn_status status = build(problem, integrals, taper_qubits);
    if (status != QN_OK) {
        qn_electronic_problem_free(problem);
        return status;
    }
    *out = problem;
    return QN_OK;
}

void qn_electronic_problem_free(qn_electronic_problem *problem)
{
    if (problem != NULL) {
        qn_pauli_sum_free(problem->hamiltonian);
        qn_pauli_sum_free(problem->number_alpha);
        qn_pauli_sum_free(problem->number_beta);
        qn_pauli_sum_free(problem->symmetries);
        qn_tapering_free(problem->tapering);
        qn__free(problem->reference);
        qn__free(problem);
    }
}
