/* test_golden_exact.c: exact energies of small molecules against published ones, in every mapping, tapered and not. */
#include "molecules.h"

/* energies.tsv is from the same integrals, so it must be met closely; other programs use another Bohr constant. */
#define TOLERANCE_OURS 1e-8
#define TOLERANCE_PUBLISHED 1e-6

/* Full configuration interaction in STO-3G, as others have published it. */
static const struct published {
    const char *file;
    double fci;
    const char *source;
} PUBLISHED[] = {
    {"h2.fcidump", -1.137306035753, "qiskit-community/qiskit-nature docs/tutorials/01_electronic_structure.ipynb"},
    {"heh_plus.fcidump", -2.8514676862, "Psi4 1.3.2"},
    {"h4_chain.fcidump", -2.166387448634763, "PySCF 2.14"},
    {"lih.fcidump", -7.882401932290, "PySCF"},
    {"beh2.fcidump", -15.5951823567, "Psi4 1.3.2"},
    {"h2o.fcidump", -75.0127593132, "Psi4 1.3.2"},
    {"n2.fcidump", -107.6528287309, "Psi4 1.3.2"},
};
enum { MOLECULES = sizeof PUBLISHED / sizeof PUBLISHED[0] };

static int open_context(void **state)
{
    return qn_context_create(NULL, (qn_context **)state) == QN_OK ? 0 : -1;
}

static int close_context(void **state)
{
    qn_context_free(*state);
    return 0;
}

static void check_energy(const struct published *molecule, const char *how, double energy)
{
    const double ours = golden_energy(molecule->file, GOLDEN_FCI);
    if (!(fabs(energy - ours) <= TOLERANCE_OURS) || !(fabs(energy - molecule->fci) <= TOLERANCE_PUBLISHED)) {
        print_error("%s, %s: %.12f, expected %.12f (energies.tsv) and %.12f (%s)\n", molecule->file, how, energy, ours,
                    molecule->fci, molecule->source);
        fail();
    }
}

/* All these ground states have the symmetry of the Hartree-Fock determinant, so tapering keeps them. */
static void test_full_configuration_interaction(void **state)
{
    for (size_t k = 0; k < MOLECULES; k++) {
        qn_electronic_problem *problem = golden_problem(PUBLISHED[k].file, QN_MAPPING_JORDAN_WIGNER, true);
        check_energy(&PUBLISHED[k], "tapered", golden_lowest(*state, problem));
        qn_electronic_problem_free(problem);
    }
}

static void test_without_tapering(void **state)
{
    for (size_t k = 0; k < MOLECULES; k++) {
        qn_electronic_problem *problem = golden_problem(PUBLISHED[k].file, QN_MAPPING_JORDAN_WIGNER, false);
        assert_int_equal(problem->nqubits, 2 * problem->norb);
        check_energy(&PUBLISHED[k], "not tapered", golden_lowest(*state, problem));
        qn_electronic_problem_free(problem);
    }
}

static void test_hartree_fock(void **state)
{
    (void)state;
    for (size_t k = 0; k < MOLECULES; k++) {
        qn_electronic_problem *problem = golden_problem(PUBLISHED[k].file, QN_MAPPING_JORDAN_WIGNER, false);
        assert_near(problem->core, golden_energy(PUBLISHED[k].file, GOLDEN_NUCLEAR), TOLERANCE_OURS);
        assert_near(problem->reference_energy, golden_energy(PUBLISHED[k].file, GOLDEN_RHF), TOLERANCE_OURS);
        qn_electronic_problem_free(problem);
    }
}

static void test_mappings_are_isospectral(void **state)
{
    static const qn_mapping mappings[] = {QN_MAPPING_JORDAN_WIGNER, QN_MAPPING_PARITY, QN_MAPPING_BRAVYI_KITAEV};
    for (size_t k = 0; k < MOLECULES; k++) {
        double first = (double)NAN;
        for (size_t m = 0; m < sizeof mappings / sizeof mappings[0]; m++) {
            for (int taper = 0; taper < 2; taper++) {
                qn_electronic_problem *problem = golden_problem(PUBLISHED[k].file, mappings[m], taper == 1);
                assert_true(taper == 1 ? problem->nqubits < 2 * problem->norb : problem->nqubits == 2 * problem->norb);
                const double energy = golden_lowest(*state, problem);
                first = m == 0 && taper == 0 ? energy : first;
                assert_near(energy, first, 1e-9);
                qn_electronic_problem_free(problem);
            }
        }
    }
}

/* Every Abelian symmetry of the file is found: two electron-number parities, and one bit for each halving of the point
 * group. */
static void test_tapered_qubits(void **state)
{
    (void)state;
    static const uint32_t qubits[MOLECULES] = {1, 2,  5, 8,
                                               9, 10, 15}; /* D2h removes 3 bits where its orbitals use all of it */
    for (size_t k = 0; k < MOLECULES; k++) {
        qn_electronic_problem *problem = golden_problem(PUBLISHED[k].file, QN_MAPPING_JORDAN_WIGNER, true);
        print_message("%s: %u qubits\n", PUBLISHED[k].file, problem->nqubits);
        assert_int_equal(problem->nqubits, qubits[k]);
        qn_electronic_problem_free(problem);
    }
}

/* H = -ZZ + 0.5 ZI + 0.5 IZ + 0.2 XX splits into [[0, .2], [.2, -2]] and [[1, .2], [.2, 1]]. */
static void test_article_spectrum(void **state)
{
    const double expected[] = {-1.0 - sqrt(1.04), -1.0 + sqrt(1.04), 0.8, 1.2};
    qn_pauli_sum *hamiltonian = golden_article();
    qn_exact_options options = QN_EXACT_OPTIONS_INIT;
    options.states = 4;
    qn_exact_result *result = NULL;
    assert_ok(qn_exact_solve(*state, hamiltonian, &options, &result));
    assert_int_equal(result->states, 4);
    for (size_t k = 0; k < 4; k++) {
        assert_near(result->energies[k], expected[k], 1e-12);
    }
    qn_exact_result_free(result);
    qn_pauli_sum_free(hamiltonian);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hartree_fock),     cmocka_unit_test(test_full_configuration_interaction),
        cmocka_unit_test(test_without_tapering), cmocka_unit_test(test_mappings_are_isospectral),
        cmocka_unit_test(test_tapered_qubits),   cmocka_unit_test(test_article_spectrum),
    };
    return cmocka_run_group_tests(tests, open_context, close_context);
}
