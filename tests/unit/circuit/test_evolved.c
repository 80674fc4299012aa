/* test_evolved.c: evolved, QAOA and coupled-cluster ansatz circuits against matrix exponentials of operators built from
 * their definitions. */
#include <dense.h>

#include <quern/ansatz.h>
#include <quern/context.h>

#include "base/alloc.h"
#include "base/rng.h"

static const double TOLERANCE = 1e-11;

/* The matrix of a Pauli sum. */
static dense_complex *sum_matrix(const qn_pauli_sum *sum)
{
    const uint32_t n = qn_pauli_sum_qubits(sum);
    const size_t size = (size_t)1 << n;
    dense_complex *out = dense_new(size * size);
    for (size_t t = 0; t < qn_pauli_sum_terms(sum); t++) {
        char label[16], letters[16];
        uint32_t qubits[16];
        assert_ok(qn_pauli_sum_label(sum, t, label, sizeof label));
        for (uint32_t q = 0; q < n; q++) {
            letters[q] = label[n - 1 - q];
            qubits[q] = q;
        }
        const qn_complex c = qn_pauli_sum_coefficient(sum, t);
        for (size_t b = 0; b < size; b++) {
            size_t image = 0;
            const dense_complex phase = dense_pauli_phase(letters, qubits, n, b, &image);
            out[image * size + b] += (c.re + DENSE_I * c.im) * phase;
        }
    }
    return out;
}

/* state := exp(factor * a) state, by its Taylor series. */
static void exponentiate(const dense_complex *a, dense_complex factor, size_t size, dense_complex *state)
{
    dense_complex *term = dense_new(size), *next = dense_new(size);
    memcpy(term, state, size * sizeof *term);
    for (unsigned k = 1; k < 60; k++) {
        for (size_t i = 0; i < size; i++) {
            next[i] = 0;
            for (size_t j = 0; j < size; j++) {
                next[i] += factor / k * a[i * size + j] * term[j];
            }
        }
        memcpy(term, next, size * sizeof *term);
        for (size_t i = 0; i < size; i++) {
            state[i] += term[i];
        }
    }
    free(term);
    free(next);
}

static qn_pauli_sum *sum_of(uint32_t n, const char *const *labels, const double *coefficients, size_t count)
{
    qn_pauli_sum *sum = NULL;
    assert_ok(qn_pauli_sum_create(n, &sum));
    for (size_t i = 0; i < count; i++) {
        assert_ok(qn_pauli_sum_add_label(sum, (qn_complex){coefficients[i], 0}, labels[i]));
    }
    return sum;
}

static void product_of_evolutions(void **state)
{
    (void)state;
    /* The first operator's terms commute, the second's do not: a product in the order of its terms. */
    const char *const commuting[] = {"XXI", "YYI", "ZZI", "III"}, *const other[] = {"ZIX", "IYZ"};
    const double a[] = {0.4, -0.7, 0.2, 0.9}, b[] = {0.5, 1.1};
    qn_pauli_sum *sums[] = {sum_of(3, commuting, a, 4), sum_of(3, other, b, 2)};
    const uint64_t initial = 5;
    qn_evolved_options o = QN_EVOLVED_OPTIONS_INIT;
    const qn_pauli_sum *const operators[] = {sums[0], sums[1]};
    o.operators = operators;
    o.noperators = 2;
    o.reps = 2;
    o.initial = &initial;
    qn_circuit *circuit = NULL;
    assert_ok(qn_ansatz_evolved(&o, &circuit));
    assert_int_equal(qn_circuit_symbols(circuit), 4);
    assert_string_equal(qn_circuit_symbol_name(circuit, 3), "theta[3]");
    const double theta[] = {0.3, -0.8, 1.7, 0.6};
    dense_complex *got = dense_state(circuit, theta, 0), *expected = dense_new(8);
    expected[initial] = 1;
    dense_complex *whole = sum_matrix(sums[0]);
    for (size_t layer = 0; layer < 2; layer++) {
        exponentiate(whole, -DENSE_I * theta[2 * layer], 8, expected);
        for (size_t t = 0; t < 2; t++) {
            qn_pauli_sum *one = sum_of(3, other + t, b + t, 1);
            dense_complex *matrix = sum_matrix(one);
            exponentiate(matrix, -DENSE_I * theta[2 * layer + 1], 8, expected);
            free(matrix);
            qn_pauli_sum_free(one);
        }
    }
    assert_near(dense_distance(got, expected, 8), 0, TOLERANCE);
    free(got);
    free(expected);
    free(whole);
    qn_circuit_free(circuit);
    assert_ok(qn_pauli_sum_add_label(sums[1], (qn_complex){0, 0.5}, "XXX"));
    circuit = NULL;
    assert_fails(qn_ansatz_evolved(&o, &circuit), QN_ERR_NOT_HERMITIAN, "operator 1 is not Hermitian");
    o.noperators = 0;
    assert_fails(qn_ansatz_evolved(&o, &circuit), QN_ERR_ARGUMENT, "at least 1 operator");
    assert_null(circuit);
    qn_pauli_sum_free(sums[0]);
    qn_pauli_sum_free(sums[1]);
}

static void qaoa_states(void **state)
{
    (void)state;
    const char *const labels[] = {"IZZ", "ZZI", "ZIZ", "IIZ", "ZZZ", "III"};
    const double c[] = {0.5, 0.5, -0.3, 0.2, 0.7, -1.5};
    qn_pauli_sum *cost = sum_of(3, labels, c, 6),
                 *mixer = sum_of(3, (const char *const[]){"IIX", "IXI", "XII"}, (const double[]){1, 1, 1}, 3);
    qn_circuit *circuit = NULL;
    assert_ok(qn_ansatz_qaoa(cost, 2, &circuit));
    assert_int_equal(qn_circuit_symbols(circuit), 4);
    assert_string_equal(qn_circuit_symbol_name(circuit, 0), "gamma[0]");
    assert_string_equal(qn_circuit_symbol_name(circuit, 3), "beta[1]");
    const double theta[] = {0.4, 0.9, -0.3, 0.5};
    dense_complex *got = dense_state(circuit, theta, 0), *expected = dense_new(8);
    dense_complex *phase = sum_matrix(cost), *mix = sum_matrix(mixer);
    for (size_t i = 0; i < 8; i++) {
        expected[i] = sqrt(1.0 / 8);
    }
    for (size_t layer = 0; layer < 2; layer++) {
        exponentiate(phase, -DENSE_I * theta[2 * layer], 8, expected);
        exponentiate(mix, -DENSE_I * theta[2 * layer + 1], 8, expected);
    }
    assert_near(dense_distance(got, expected, 8), 0, TOLERANCE);
    qn_circuit_free(circuit);
    circuit = NULL;
    assert_fails(qn_ansatz_qaoa(mixer, 1, &circuit), QN_ERR_ARGUMENT, "term 0 of the cost");
    assert_null(circuit);
    free(got);
    free(expected);
    free(phase);
    free(mix);
    qn_pauli_sum_free(cost);
    qn_pauli_sum_free(mixer);
}

/* Excitations. */

static void excitation_lists(void **state)
{
    (void)state;
    qn_excitation *list = NULL;
    size_t count = 0;
    assert_ok(qn_excitations_list(2, 1, 1, true, true, &list, &count)); /* H2 in a minimal basis */
    static const qn_excitation expected[] = {{{0, 0}, {1, 0}, 1}, {{2, 0}, {3, 0}, 1}, {{0, 2}, {1, 3}, 2}};
    assert_int_equal(count, 3);
    assert_memory_equal(list, expected, sizeof expected);
    qn_excitations_free(list);
    /* 4 orbitals, 2 + 2 electrons: 4 + 4 singles, 1 + 1 + 4 * 4 doubles. */
    assert_ok(qn_excitations_list(4, 2, 2, true, true, &list, &count));
    assert_int_equal(count, 26);
    static const qn_excitation first_alpha_beta = {{0, 4}, {2, 6}, 2}, last = {{1, 5}, {3, 7}, 2};
    assert_memory_equal(&list[10], &first_alpha_beta, sizeof last);
    assert_memory_equal(&list[25], &last, sizeof last);
    static const qn_excitation same_spin[] = {{{0, 1}, {2, 3}, 2}, {{4, 5}, {6, 7}, 2}};
    assert_memory_equal(&list[8], same_spin, sizeof same_spin);
    qn_excitations_free(list);
    assert_ok(qn_excitations_list(4, 2, 2, false, true, &list, &count));
    assert_int_equal(count, 18);
    qn_excitations_free(list);
    assert_ok(qn_excitations_list(2, 2, 0, true, true, &list, &count)); /* nothing to excite */
    assert_int_equal(count, 0);
    qn_excitations_free(list);
    assert_fails(qn_excitations_list(2, 3, 0, true, true, &list, &count), QN_ERR_RANGE, "do not fit 2 orbitals");
    assert_fails(qn_excitations_list(0, 0, 0, true, true, &list, &count), QN_ERR_RANGE, "orbitals");
}

/* a or a+ on an occupation, by its definition: the sign counts the occupied modes below. 0 when it kills the state. */
static int ladder(uint32_t mode, bool creation, size_t *occupation)
{
    if ((*occupation >> mode & 1) == creation) {
        return 0;
    }
    const int sign = __builtin_popcountll(*occupation & (((size_t)1 << mode) - 1)) % 2 == 1 ? -1 : 1;
    *occupation ^= (size_t)1 << mode;
    return sign;
}

/* T - T+ over occupations, T = a+_to0 a+_to1 a_from1 a_from0. */
static dense_complex *anti_hermitian(const qn_excitation *e, uint32_t modes)
{
    const size_t size = (size_t)1 << modes;
    dense_complex *out = dense_new(size * size);
    for (size_t b = 0; b < size; b++) {
        size_t to = b;
        int sign = 1;
        for (uint32_t k = 0; k < e->count && sign != 0; k++) {
            sign *= ladder(e->from[k], false, &to);
        }
        for (uint32_t k = e->count; k-- > 0 && sign != 0;) {
            sign *= ladder(e->to[k], true, &to);
        }
        if (sign != 0) {
            out[to * size + b] += sign;
            out[b * size + to] -= sign;
        }
    }
    return out;
}

static void coupled_cluster_states(void **state)
{
    (void)state;
    enum { NORB = 3, MODES = 2 * NORB, SIZE = 1 << MODES };
    const uint64_t seed = qn_test_seed();
    qn_excitation *list = NULL;
    size_t count = 0;
    assert_ok(qn_excitations_list(NORB, 2, 1, true, true, &list, &count));
    double theta[64];
    for (size_t k = 0; k < 2 * count; k++) {
        theta[k] = 2 * qn__random_uniform(seed, 0, k) - 1;
    }
    dense_complex *expected = dense_new(SIZE);
    expected[0x0b] = 1; /* alpha on modes 0, 1; beta on 3 */
    for (size_t k = 0; k < 2 * count; k++) {
        dense_complex *matrix = anti_hermitian(&list[k % count], MODES);
        exponentiate(matrix, theta[k], SIZE, expected);
        free(matrix);
    }
    static const qn_mapping mappings[] = {QN_MAPPING_JORDAN_WIGNER, QN_MAPPING_PARITY, QN_MAPPING_BRAVYI_KITAEV};
    for (size_t m = 0; m < 3; m++) {
        qn_uccsd_options o = QN_UCCSD_OPTIONS_INIT;
        o.norb = NORB;
        o.nalpha = 2;
        o.nbeta = 1;
        o.mapping = mappings[m];
        o.reps = 2;
        qn_circuit *circuit = NULL;
        assert_ok(qn_ansatz_uccsd(&o, &circuit));
        assert_int_equal(qn_circuit_qubits(circuit), MODES);
        assert_int_equal(qn_circuit_symbols(circuit), 2 * count);
        dense_complex *got = dense_state(circuit, theta, 0);
        for (uint64_t occupation = 0; occupation < SIZE; occupation++) {
            uint64_t encoded = 0;
            assert_ok(qn_mapping_encode(mappings[m], MODES, &occupation, &encoded));
            assert_near(cabs(got[encoded] - expected[occupation]), 0, TOLERANCE);
        }
        free(got);
        qn_circuit_free(circuit);
    }
    free(expected);
    qn_excitations_free(list);
}

/* A single excitation is 2 strings under Jordan-Wigner, a double one 8. */
static void strings_of_excitations(void **state)
{
    (void)state;
    const qn_excitation list[] = {{{0, 0}, {2, 0}, 1}, {{0, 3}, {2, 5}, 2}};
    qn_uccsd_options o = QN_UCCSD_OPTIONS_INIT;
    o.norb = 3;
    o.nalpha = o.nbeta = 1;
    for (size_t k = 0; k < 2; k++) {
        o.excitations = &list[k];
        o.nexcitations = 1;
        qn_circuit *circuit = NULL;
        assert_ok(qn_ansatz_uccsd(&o, &circuit));
        assert_int_equal(qn_circuit_operations(circuit), 2 + (k == 0 ? 2 : 8));
        qn_circuit_free(circuit);
    }
    qn_circuit *circuit = NULL;
    qn_excitation bad = {{0, 0}, {6, 0}, 1};
    o.excitations = &bad;
    assert_fails(qn_ansatz_uccsd(&o, &circuit), QN_ERR_RANGE, "leaves 0..5");
    bad.count = 3;
    assert_fails(qn_ansatz_uccsd(&o, &circuit), QN_ERR_ARGUMENT, "1 or 2 are taken");
    o.nalpha = 4;
    assert_fails(qn_ansatz_uccsd(&o, &circuit), QN_ERR_RANGE, "do not fit");
    assert_null(circuit);
}

static dense_complex expectation(const qn_pauli_sum *sum, const dense_complex *state)
{
    const size_t size = (size_t)1 << qn_pauli_sum_qubits(sum);
    dense_complex *matrix = sum_matrix(sum), value = 0;
    for (size_t i = 0; i < size; i++) {
        for (size_t j = 0; j < size; j++) {
            value += conj(state[i]) * matrix[i * size + j] * state[j];
        }
    }
    free(matrix);
    return value;
}

/* A real Hamiltonian that keeps the number of each spin: hopping, and a density each. */
static qn_pauli_sum *hamiltonian(uint32_t norb)
{
    qn_fermion_sum *sum = NULL;
    qn_pauli_sum *out = NULL;
    assert_ok(qn_fermion_sum_create(2 * norb, &sum));
    for (uint32_t p = 0; p < norb; p++) {
        for (uint32_t q = 0; q < norb; q++) {
            for (uint32_t spin = 0; spin < 2; spin++) {
                const qn_ladder hop[] = {{spin * norb + p, true}, {spin * norb + q, false}};
                assert_ok(qn_fermion_sum_add(sum, (qn_complex){p == q ? 0.3 * p - 1 : 0.1 * (p + q), 0}, hop, 2));
            }
            const qn_ladder density[] = {{p, true}, {p, false}, {norb + q, true}, {norb + q, false}};
            assert_ok(qn_fermion_sum_add(sum, (qn_complex){0.2 + 0.05 * p * q, 0}, density, 4));
        }
    }
    assert_ok(qn_fermion_to_qubits(sum, QN_MAPPING_JORDAN_WIGNER, &out));
    qn_fermion_sum_free(sum);
    return out;
}

static void tapered_energy(void **state)
{
    (void)state;
    enum { NORB = 3 };
    qn_pauli_sum *h = hamiltonian(NORB), *small = NULL;
    qn_tapering *tapering = NULL;
    assert_ok(qn_tapering_find(h, true, &tapering));
    assert_true(qn_tapering_count(tapering) >= 2);
    const uint64_t reference = 0x0b;
    assert_ok(qn_tapering_set_sector_of(tapering, &reference));
    assert_ok(qn_tapering_apply(tapering, h, &small));
    qn_uccsd_options o = QN_UCCSD_OPTIONS_INIT;
    o.norb = NORB;
    o.nalpha = 2;
    o.nbeta = 1;
    qn_circuit *full = NULL, *tapered = NULL;
    assert_ok(qn_ansatz_uccsd(&o, &full));
    o.tapering = tapering;
    assert_ok(qn_ansatz_uccsd(&o, &tapered));
    assert_int_equal(qn_circuit_qubits(tapered), 2 * NORB - qn_tapering_count(tapering));
    assert_int_equal(qn_circuit_symbols(tapered), qn_circuit_symbols(full));
    double theta[32];
    for (size_t k = 0; k < qn_circuit_symbols(full); k++) {
        theta[k] = 0.5 * sin(1.0 + (double)k);
    }
    dense_complex *a = dense_state(full, theta, 0), *b = dense_state(tapered, theta, 0);
    assert_near(cabs(expectation(h, a) - expectation(small, b)), 0, TOLERANCE);
    free(a);
    free(b);
    qn_circuit_free(full);
    qn_circuit_free(tapered);
    /* A spin flip leaves the sector and is dropped; the single beside it stays. */
    const qn_excitation flips[] = {{{0, 0}, {NORB + 1, 0}, 1}, {{0, 0}, {2, 0}, 1}};
    o.excitations = flips;
    o.nexcitations = 2;
    assert_ok(qn_ansatz_uccsd(&o, &tapered));
    assert_int_equal(qn_circuit_symbols(tapered), 1);
    qn_circuit_free(tapered);
    qn_pauli_sum_free(small);
    qn_pauli_sum_free(h);
    qn_tapering_free(tapering);
}

static void allocation_failures(void **state)
{
    (void)state;
    const char *const labels[] = {"ZZ", "ZI"};
    const double c[] = {1, 0.5};
    qn_pauli_sum *cost = sum_of(2, labels, c, 2);
    qn_uccsd_options o = QN_UCCSD_OPTIONS_INIT;
    o.norb = 2;
    o.nalpha = o.nbeta = 1;
    const uint64_t bytes = qn_memory().bytes_now;
    for (unsigned kind = 0; kind < 2; kind++) {
        uint64_t n = 1;
        for (;; n++) {
            qn_circuit *circuit = NULL;
            qn__alloc_fail_at(n, false);
            const qn_status status = kind == 0 ? qn_ansatz_qaoa(cost, 2, &circuit) : qn_ansatz_uccsd(&o, &circuit);
            qn__alloc_fail_at(0, false);
            qn_circuit_free(circuit);
            assert_int_equal(qn_memory().bytes_now, bytes);
            if (status == QN_OK) {
                break;
            }
            assert_int_equal(status, QN_ERR_MEMORY);
            assert_null(circuit);
        }
        assert_true(n > 10);
    }
    qn_pauli_sum_free(cost);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(product_of_evolutions),  cmocka_unit_test(qaoa_states),
        cmocka_unit_test(excitation_lists),       cmocka_unit_test(coupled_cluster_states),
        cmocka_unit_test(strings_of_excitations), cmocka_unit_test(tapered_energy),
        cmocka_unit_test(allocation_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
