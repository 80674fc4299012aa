/* test_electronic_problem.c: molecules on qubits, against published energies and a dense matrix built from the
 * integrals by definition. */
#include <qn_test.h>

#include <lapacke.h>

#include <quern/chemistry.h>
#include <quern/context.h>
#include <quern/format.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/rng.h"

/* H2 at 0.735 A in STO-3G. Energies: RHF, and full CI as in Qiskit Nature's electronic-structure tutorial. */
static const char H2[] =
    "&FCI NORB=2,NELEC=2/\n0.67571015480351648 1 1 1 1\n0.66458173025529665 1 1 2 2\n0.18093119978423133 1 2 1 2\n"
    "0.69857372273201834 2 2 2 2\n-1.2563390730032502 1 1 0 0\n-2.3575299028703285E-16 1 2 0 0\n"
    "-0.47189600728114062 2 2 0 0\n0.71996899444897966 0 0 0 0\n";
static const double H2_RHF = -1.1169989967, H2_FCI = -1.1373060358;

static const qn_mapping mappings[] = {QN_MAPPING_JORDAN_WIGNER, QN_MAPPING_PARITY, QN_MAPPING_BRAVYI_KITAEV};

static qn_integrals *read_dump(const char *text)
{
    qn_integrals *integrals = NULL;
    assert_ok(qn_read_fcidump(text, strlen(text), "f", &integrals));
    return integrals;
}

/* (-1)^popcount */
static double sign_of(uint64_t bits)
{
    return qn__parity(bits) ? -1 : 1;
}

/* The matrix of a sum of up to 10 qubits, strings X^x Z^z i^|xz| by definition. Real integrals give strings with an
 * even number of Y. */
static void dense_of(const qn_pauli_sum *sum, double *matrix)
{
    const size_t dimension = (size_t)1 << qn_pauli_sum_qubits(sum);
    memset(matrix, 0, dimension * dimension * sizeof *matrix);
    for (size_t k = 0; k < qn_pauli_sum_terms(sum); k++) {
        const uint64_t x = qn_pauli_sum_x(sum, k)[0], z = qn_pauli_sum_z(sum, k)[0];
        const uint32_t ys = qn__popcount(x & z);
        assert_int_equal(ys % 2, 0);
        const double factor = (ys % 4 == 0 ? 1 : -1) * qn_pauli_sum_coefficient(sum, k).re;
        for (size_t column = 0; column < dimension; column++) {
            matrix[(column ^ x) * dimension + column] += factor * sign_of(column & z);
        }
    }
}

/* Eigenvalues, rising, of a Pauli sum on few qubits. */
static void eigenvalues_of(const qn_pauli_sum *sum, double *values)
{
    const lapack_int dimension = (lapack_int)1 << qn_pauli_sum_qubits(sum);
    double *const matrix = malloc((size_t)dimension * (size_t)dimension * sizeof *matrix);
    assert_non_null(matrix);
    dense_of(sum, matrix);
    assert_int_equal(LAPACKE_dsyev(LAPACK_ROW_MAJOR, 'N', 'U', dimension, matrix, dimension, values), 0);
    free(matrix);
}

/* <state|sum|state> of a computational basis state: only strings without X count. */
static double expectation(const qn_pauli_sum *sum, const uint64_t *state)
{
    double total = 0;
    for (size_t k = 0; k < qn_pauli_sum_terms(sum); k++) {
        bool diagonal = true, odd = false;
        for (size_t w = 0; w < qn_pauli_sum_words(sum); w++) {
            diagonal = diagonal && qn_pauli_sum_x(sum, k)[w] == 0;
            odd = odd != qn__parity(qn_pauli_sum_z(sum, k)[w] & state[w]);
        }
        total += diagonal ? (odd ? -1 : 1) * qn_pauli_sum_coefficient(sum, k).re : 0;
    }
    return total;
}

static void check_reference(const qn_electronic_problem *problem, double tolerance)
{
    assert_int_equal(qn_pauli_sum_qubits(problem->hamiltonian), problem->nqubits);
    assert_int_equal(qn_pauli_sum_qubits(problem->number_alpha), problem->nqubits);
    assert_int_equal(qn_pauli_sum_qubits(problem->number_beta), problem->nqubits);
    assert_true(qn_pauli_sum_is_hermitian(problem->hamiltonian, 1e-12, NULL));
    assert_near(expectation(problem->hamiltonian, problem->reference), problem->reference_energy, tolerance);
    assert_near(expectation(problem->number_alpha, problem->reference), problem->nalpha, 1e-12);
    assert_near(expectation(problem->number_beta, problem->reference), problem->nbeta, 1e-12);
}

static void hydrogen(void **state)
{
    (void)state;
    qn_integrals *const in = read_dump(H2);
    for (size_t m = 0; m < 3; m++) {
        for (int tapered = 0; tapered < 2; tapered++) {
            qn_electronic_problem *problem = NULL;
            assert_ok(qn_electronic_problem_create(in, mappings[m], tapered != 0, &problem));
            assert_int_equal(problem->norb, 2);
            assert_int_equal(problem->nalpha, 1);
            assert_int_equal(problem->nbeta, 1);
            assert_int_equal(problem->mapping, mappings[m]);
            assert_int_equal(problem->qubits_before_taper, 4);
            assert_near(problem->core, 0.71996899444897966, 0);
            assert_near(problem->reference_energy, H2_RHF, 5e-10);
            /* numbers of alpha and beta even or odd, and the inversion of the molecule: one qubit is left */
            assert_int_equal(problem->nqubits, tapered ? 1 : 4);
            assert_true((problem->tapering != NULL) == (tapered != 0));
            check_reference(problem, 1e-12);
            double values[16];
            eigenvalues_of(problem->hamiltonian, values);
            assert_near(values[0], H2_FCI, 5e-10);
            qn_electronic_problem_free(problem);
        }
    }
    qn_integrals_free(in);
}

/* The known form of hydrogen's Hamiltonian under Jordan-Wigner in block order: 15 terms, four of them XXYY-like of
 * weight (12|12)/4. */
static void hydrogen_by_terms(void **state)
{
    (void)state;
    qn_integrals *const in = read_dump(H2);
    qn_electronic_problem *problem = NULL;
    assert_ok(qn_electronic_problem_create(in, QN_MAPPING_JORDAN_WIGNER, false, &problem));
    assert_int_equal(problem->reference[0], 5); /* orbital 0 of both spins: modes 0 and 2 */
    assert_int_equal(qn_pauli_sum_terms(problem->hamiltonian), 15);
    size_t exchanging = 0;
    for (size_t k = 0; k < 15; k++) {
        if (qn_pauli_sum_x(problem->hamiltonian, k)[0] != 0) {
            assert_near(fabs(qn_pauli_sum_coefficient(problem->hamiltonian, k).re), 0.18093119978423133 / 4, 1e-15);
            exchanging++;
        }
    }
    assert_int_equal(exchanging, 4);
    qn_electronic_problem_free(problem);
    qn_integrals_free(in);
}

/* a_mode on an occupation: false when it vanishes. */
static bool ladder(uint64_t *occupation, double *factor, uint32_t mode, bool creation)
{
    const uint64_t bit = UINT64_C(1) << mode;
    if (((*occupation & bit) != 0) == creation) {
        return false;
    }
    *factor *= sign_of(*occupation & (bit - 1));
    *occupation ^= bit;
    return true;
}

/* The Hamiltonian in the space of occupations, from the integrals by definition: sum h a+ a + 1/2 sum (pq|rs) a+p a+r
 * as aq. */
static void fock_matrix(const qn_integrals *in, double *matrix)
{
    const uint32_t n = in->norb;
    const size_t dimension = (size_t)1 << (2 * n);
    memset(matrix, 0, dimension * dimension * sizeof *matrix);
    for (size_t column = 0; column < dimension; column++) {
        matrix[column * dimension + column] += in->core;
        for (uint32_t e = 0; e < 2 * n * n; e++) {
            const uint32_t s = e / (n * n), p = e / n % n, q = e % n;
            const double *const h = s == 1 && in->unrestricted ? in->h1_b : in->h1;
            uint64_t row = column;
            double factor = h[p * n + q];
            if (ladder(&row, &factor, s * n + q, false) && ladder(&row, &factor, s * n + p, true)) {
                matrix[row * dimension + column] += factor;
            }
        }
        for (uint32_t e = 0; e < 4 * n * n * n * n; e++) {
            const uint32_t t = e % 2, s = e / 2 % 2, p = e / 4 / n / n / n, q = e / 4 / n / n % n, r = e / 4 / n % n,
                           u = e / 4 % n;
            double value = in->h2[((p * n + q) * n + r) * n + u];
            if (in->unrestricted && s == 1 && t == 1) {
                value = in->h2_bb[((p * n + q) * n + r) * n + u];
            } else if (in->unrestricted && s != t) {
                value = s == 0 ? in->h2_ab[((p * n + q) * n + r) * n + u] : in->h2_ab[((r * n + u) * n + p) * n + q];
            }
            uint64_t row = column;
            double factor = value / 2;
            if (ladder(&row, &factor, s * n + q, false) && ladder(&row, &factor, t * n + u, false) &&
                ladder(&row, &factor, t * n + r, true) && ladder(&row, &factor, s * n + p, true)) {
                matrix[row * dimension + column] += factor;
            }
        }
    }
}

/* Random integrals with all symmetries but no others; every third run without the entries that are odd under a made-up
 * reflection. */
static qn_integrals *random_integrals(uint64_t seed, uint64_t run, uint32_t n, bool unrestricted)
{
    qn_integrals *in = NULL;
    assert_ok(qn_integrals_create(n, unrestricted, &in));
    uint64_t draw = run * 100000;
    in->core = qn__random_normal(seed, 9, draw++);
    double *const ones[] = {in->h1, in->h1_b}, *const twos[] = {in->h2, in->h2_bb, in->h2_ab};
    for (size_t t = 0; t < (unrestricted ? 2U : 1U); t++) {
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j <= i; j++) {
                const bool odd = run % 3 == 2 && (i + j) % 2 == 1;
                ones[t][i * n + j] = ones[t][j * n + i] = odd ? 0 : qn__random_normal(seed, 9, draw++);
            }
        }
    }
    for (size_t t = 0; t < (unrestricted ? 3U : 1U); t++) {
        for (size_t e = 0; e < (size_t)n * n * n * n; e++) {
            const size_t i = e / n / n / n, j = e / n / n % n, k = e / n % n, l = e % n;
            if (i < j || k < l || (t < 2 && i * n + j < k * n + l)) {
                continue;
            }
            const bool odd = run % 3 == 2 && (i + j + k + l) % 2 == 1;
            const double v = odd ? 0 : qn__random_normal(seed, 9, draw++);
            const size_t p[4][4] = {{i, j, k, l}, {j, i, k, l}, {i, j, l, k}, {j, i, l, k}};
            for (size_t s = 0; s < 4; s++) {
                twos[t][((p[s][0] * n + p[s][1]) * n + p[s][2]) * n + p[s][3]] = v;
                if (t < 2) {
                    twos[t][((p[s][2] * n + p[s][3]) * n + p[s][0]) * n + p[s][1]] = v;
                }
            }
        }
    }
    return in;
}

/* Lowest eigenvalue of the Fock matrix among states with the parities of the determinant (and of its reflection): what
 * tapering keeps. */
static double lowest_in_sector(const qn_integrals *in, const qn_electronic_problem *problem, bool reflection)
{
    const size_t n = in->norb, dimension = (size_t)1 << (2 * n);
    const uint64_t alpha = ((uint64_t)1 << n) - 1, odd = UINT64_C(0xAAAAAAAA) & alpha;
    uint64_t start = (((uint64_t)1 << problem->nalpha) - 1) | ((((uint64_t)1 << problem->nbeta) - 1) << n);
    double *const full = malloc(dimension * dimension * sizeof *full);
    size_t *const kept = malloc(dimension * sizeof *kept);
    assert_non_null(full);
    assert_non_null(kept);
    fock_matrix(in, full);
    size_t count = 0;
    for (uint64_t k = 0; k < dimension; k++) {
        const uint64_t change = k ^ start;
        if (!qn__parity(change & alpha) && !qn__parity(change & ~alpha) &&
            !(reflection && qn__parity(change & (odd | odd << n)))) {
            kept[count++] = k;
        }
    }
    double *const part = malloc(count * count * sizeof *part), *const values = malloc(count * sizeof *values);
    assert_non_null(part);
    assert_non_null(values);
    for (size_t a = 0; a < count; a++) {
        for (size_t b = 0; b < count; b++) {
            part[a * count + b] = full[kept[a] * dimension + kept[b]];
        }
    }
    assert_int_equal(LAPACKE_dsyev(LAPACK_ROW_MAJOR, 'N', 'U', (lapack_int)count, part, (lapack_int)count, values), 0);
    const double lowest = values[0];
    free(full);
    free(kept);
    free(part);
    free(values);
    return lowest;
}

/* Restricted and unrestricted, every mapping, tapered or not: the spectrum of the integrals by definition. */
static void random_molecules(void **state)
{
    (void)state;
    const uint64_t seed = qn_test_seed();
    for (uint64_t run = 0; run < 18u * qn_test_scale(); run++) {
        const uint32_t n = 1 + (uint32_t)(run % 3);
        qn_integrals *const in = random_integrals(seed, run, n, run % 2 == 1);
        const uint32_t nalpha = (uint32_t)(qn__random_bits(seed, 3, run) % (n + 1));
        const uint32_t nbeta = (uint32_t)(qn__random_bits(seed, 4, run) % (n + 1));
        in->nelec = nalpha + nbeta;
        in->ms2 = (int32_t)nalpha - (int32_t)nbeta;
        double expected[64], values[64];
        const size_t dimension = (size_t)1 << (2 * n);
        double *const matrix = malloc(dimension * dimension * sizeof *matrix);
        assert_non_null(matrix);
        fock_matrix(in, matrix);
        const size_t start = (((size_t)1 << nalpha) - 1) | ((((size_t)1 << nbeta) - 1) << n);
        const double diagonal = matrix[start * dimension + start];
        assert_int_equal(
            LAPACKE_dsyev(LAPACK_ROW_MAJOR, 'N', 'U', (lapack_int)dimension, matrix, (lapack_int)dimension, expected),
            0);
        for (size_t m = 0; m < 3; m++) {
            qn_electronic_problem *problem = NULL;
            assert_ok(qn_electronic_problem_create(in, mappings[m], false, &problem));
            assert_int_equal(problem->nalpha, nalpha);
            assert_int_equal(problem->nbeta, nbeta);
            assert_near(problem->reference_energy, diagonal, 1e-11);
            check_reference(problem, 1e-11);
            eigenvalues_of(problem->hamiltonian, values);
            for (size_t k = 0; k < dimension; k++) {
                assert_near(values[k], expected[k], 1e-10);
            }
            qn_electronic_problem_free(problem);
            problem = NULL;
            assert_ok(qn_electronic_problem_create(in, mappings[m], true, &problem));
            check_reference(problem, 1e-11);
            if (n > 1) {
                const bool reflection = run % 3 == 2;
                assert_int_equal(problem->nqubits, 2 * n - 2 - reflection);
                eigenvalues_of(problem->hamiltonian, values);
                assert_near(values[0], lowest_in_sector(in, problem, reflection), 1e-10);
            }
            qn_electronic_problem_free(problem);
        }
        free(matrix);
        qn_integrals_free(in);
    }
}

static void refusals(void **state)
{
    (void)state;
    qn_integrals *const in = read_dump(H2);
    qn_electronic_problem *problem = NULL;
    assert_fails(qn_electronic_problem_create(NULL, QN_MAPPING_PARITY, false, &problem), QN_ERR_ARGUMENT, "integrals");
    assert_fails(qn_electronic_problem_create(in, QN_MAPPING_PARITY, false, NULL), QN_ERR_ARGUMENT, "place");
    in->nelec = 3;
    assert_fails(qn_electronic_problem_create(in, QN_MAPPING_PARITY, false, &problem), QN_ERR_ARGUMENT,
                 "3 electrons with 2 Ms = 0 cannot be");
    in->nelec = 2;
    in->ms2 = 4;
    assert_fails(qn_electronic_problem_create(in, QN_MAPPING_PARITY, false, &problem), QN_ERR_ARGUMENT,
                 "2 electrons with 2 Ms = 4 cannot be");
    in->nelec = 6;
    in->ms2 = 0;
    assert_fails(qn_electronic_problem_create(in, QN_MAPPING_PARITY, false, &problem), QN_ERR_ARGUMENT,
                 "3 alpha and 3 beta electrons in 2 orbitals");
    in->nelec = 2;
    in->unrestricted = true;
    assert_fails(qn_electronic_problem_create(in, QN_MAPPING_PARITY, false, &problem), QN_ERR_ARGUMENT,
                 "lack those of beta");
    in->unrestricted = false;
    assert_fails(qn_electronic_problem_create(in, (qn_mapping)17, false, &problem), QN_ERR_ARGUMENT, "");
    const uint32_t norb = in->norb;
    in->norb = 64;
    assert_fails(qn_electronic_problem_create(in, QN_MAPPING_PARITY, false, &problem), QN_ERR_TOO_LARGE,
                 "64 orbitals; at most 63");
    in->norb = norb;
    assert_null(problem);
    qn_electronic_problem_free(NULL);
    qn_integrals_free(in);
}

static void allocations_that_fail(void **state)
{
    (void)state;
    qn_integrals *const in = read_dump(H2);
    const uint64_t before = qn_memory().bytes_now;
    bool done = false;
    for (uint64_t n = 1; !done; n++) {
        assert_true(n < 5000);
        qn_electronic_problem *problem = NULL;
        qn__alloc_fail_at(n, false);
        const qn_status status = qn_electronic_problem_create(in, QN_MAPPING_BRAVYI_KITAEV, true, &problem);
        qn__alloc_fail_at(0, false);
        done = status == QN_OK;
        if (!done) {
            assert_int_equal(status, QN_ERR_MEMORY);
            assert_null(problem);
        }
        qn_electronic_problem_free(problem);
        assert_int_equal(qn_memory().bytes_now, before);
    }
    qn_integrals_free(in);
}

/* LiH, STO-3G, four electrons in six orbitals, as Qiskit Nature's tests have it: FCI energy found by two other
 * programs. */
static void lithium_hydride(void **state)
{
    (void)state;
    const char *const root = getenv("QN_DATA");
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/fcidump/lih.fcidump", root != NULL ? root : QN_SOURCE_DIR "/../shared/data");
    char *text = NULL;
    size_t length = 0;
    if (qn_file_read(path, 0, &text, &length) != QN_OK) {
        print_message("%s is not there\n", path);
        skip();
    }
    qn_integrals *in = NULL;
    assert_ok(qn_read_fcidump(text, length, "lih", &in));
    qn_text_free(text);
    qn_electronic_problem *problem = NULL;
    assert_ok(qn_electronic_problem_create(in, QN_MAPPING_PARITY, true, &problem));
    check_reference(problem, 1e-10);
    /* Two number parities, and one of the two reflections: the file's pi orbitals are turned about the axis, (44|45)
     * = 3.3e-7. */
    assert_int_equal(problem->nqubits, 9);
    qn_electronic_problem_free(problem);
    for (size_t i = 0; i < 6 * 6 * 6 * 6; i++) {
        in->h2[i] = fabs(in->h2[i]) < 1e-6 ? 0 : in->h2[i];
    }
    assert_ok(qn_electronic_problem_create(in, QN_MAPPING_PARITY, true, &problem));
    check_reference(problem, 1e-10);
    assert_int_equal(problem->nqubits, 8);
    double values[256];
    eigenvalues_of(problem->hamiltonian, values);
    assert_near(values[0], -7.8824736254, 5e-9);
    qn_electronic_problem_free(problem);
    qn_integrals_free(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hydrogen), cmocka_unit_test(hydrogen_by_terms),     cmocka_unit_test(random_molecules),
        cmocka_unit_test(refusals), cmocka_unit_test(allocations_that_fail), cmocka_unit_test(lithium_hydride),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
