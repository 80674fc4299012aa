/* test_tapering.c: the sectors of a tapered operator together have the spectrum of the whole; determinants stay
 * determinants. */
#include "molecules.h"

#include <quern/context.h>

static void set_signs(qn_tapering *tapering, uint32_t sector)
{
    int signs[64];
    for (uint32_t j = 0; j < qn_tapering_count(tapering); j++) {
        signs[j] = (sector >> j & 1) != 0 ? -1 : 1;
    }
    assert_ok(qn_tapering_set_sector(tapering, signs));
}

/* All eigenvalues of all sectors, sorted, are those of the whole. */
static void assert_spectra_unite(const qn_pauli_sum *sum, qn_tapering *tapering)
{
    const uint32_t n = qn_pauli_sum_qubits(sum), count = qn_tapering_count(tapering);
    const dense whole = dense_of_paulis(sum);
    double *expected = dense_eigenvalues(whole), *united = calloc(whole.size, sizeof *united);
    assert_non_null(united);
    size_t at = 0;
    for (uint32_t sector = 0; sector < 1u << count; sector++) {
        set_signs(tapering, sector);
        qn_pauli_sum *part = NULL;
        assert_ok(qn_tapering_apply(tapering, sum, &part));
        assert_int_equal(qn_pauli_sum_qubits(part), n - count);
        const dense m = dense_of_paulis(part);
        double *values = dense_eigenvalues(m);
        for (size_t i = 0; i < m.size; i++) {
            united[at++] = values[i];
        }
        free(values);
        dense_free(m);
        qn_pauli_sum_free(part);
    }
    assert_int_equal(at, whole.size);
    qsort(united, at, sizeof *united, compare_doubles);
    for (size_t i = 0; i < at; i++) {
        assert_near(united[i], expected[i], 1e-9);
    }
    free(united);
    free(expected);
    dense_free(whole);
}

/* Every string (or product of Z) that commutes with all terms and all symmetries is a product of symmetries: none was
 * missed. */
static void assert_complete(const qn_pauli_sum *sum, const qn_tapering *tapering, bool z_only)
{
    const uint32_t n = qn_pauli_sum_qubits(sum), count = qn_tapering_count(tapering);
    const qn_pauli_sum *symmetries = qn_tapering_symmetries(tapering);
    assert_int_equal(qn_pauli_sum_terms(symmetries), count);
    uint64_t found = 0;
    for (uint64_t code = 0; code < UINT64_C(1) << (z_only ? n : 2 * n); code++) {
        const uint64_t z = code & ((UINT64_C(1) << n) - 1), x = code >> n;
        bool commutes = true;
        for (size_t t = 0; t < qn_pauli_sum_terms(sum) + count; t++) {
            const qn_pauli_sum *of = t < count ? symmetries : sum;
            const size_t term = t < count ? t : t - count;
            commutes = commutes && qn_pauli_commute(1, &x, &z, qn_pauli_sum_x(of, term), qn_pauli_sum_z(of, term));
        }
        found += commutes ? 1 : 0;
    }
    assert_int_equal(found, UINT64_C(1) << count);
    for (size_t j = 0; j < count; j++) { /* independent: no product of them is the identity */
        assert_near(qn_pauli_sum_coefficient(symmetries, j).re, 1, 0);
    }
    for (uint64_t subset = 1; subset < UINT64_C(1) << count; subset++) {
        uint64_t x = 0, z = 0;
        for (size_t j = 0; j < count; j++) {
            x ^= (subset >> j & 1) != 0 ? qn_pauli_sum_x(symmetries, j)[0] : 0;
            z ^= (subset >> j & 1) != 0 ? qn_pauli_sum_z(symmetries, j)[0] : 0;
        }
        assert_true((x | z) != 0 && (!z_only || x == 0));
    }
}

static void random_sums(void **state)
{
    (void)state;
    draws d = {qn_test_seed(), 0};
    for (unsigned trial = 0; trial < 60 * qn_test_scale(); trial++) {
        const uint32_t n = 1 + draw_below(&d, 4);
        const bool z_only = trial % 3 == 0;
        qn_pauli_sum *sum = draw_paulis(&d, n, 1 + draw_below(&d, 5), true);
        assert_ok(qn_pauli_sum_simplify(sum, 0));
        qn_tapering *tapering = NULL;
        assert_ok(qn_tapering_find(sum, z_only, &tapering));
        assert_complete(sum, tapering, z_only);
        assert_spectra_unite(sum, tapering);
        qn_tapering_free(tapering);
        qn_pauli_sum_free(sum);
    }
}

static void hydrogen_to_one_qubit(void **state)
{
    (void)state;
    qn_integrals *in = hydrogen();
    for (int mapping = QN_MAPPING_JORDAN_WIGNER; mapping <= QN_MAPPING_BRAVYI_KITAEV; mapping++) {
        for (int z_only = 0; z_only < 2; z_only++) {
            qn_pauli_sum *h = hamiltonian(in, (qn_mapping)mapping), *small = NULL;
            qn_tapering *tapering = NULL;
            assert_ok(qn_tapering_find(h, z_only == 1, &tapering));
            assert_int_equal(qn_tapering_count(tapering), 3);
            assert_spectra_unite(h, tapering);
            uint64_t occupation = 5, reference = 0, bit = 0;
            assert_ok(qn_mapping_encode((qn_mapping)mapping, 4, &occupation, &reference));
            assert_ok(qn_tapering_set_sector_of(tapering, &reference));
            assert_ok(qn_tapering_apply(tapering, h, &small));
            assert_int_equal(qn_pauli_sum_qubits(small), 1);
            const dense m = dense_of_paulis(small);
            double *energies = dense_eigenvalues(m);
            assert_near(energies[0], -1.1373060358, 1e-9);
            assert_ok(qn_tapering_apply_state(tapering, &reference, &bit));
            assert_true(bit < 2);
            assert_near(creal(m.at[bit * 2 + bit]), -1.1169989967, 1e-9);
            free(energies);
            dense_free(m);
            qn_tapering_free(tapering);
            qn_pauli_sum_free(small);
            qn_pauli_sum_free(h);
        }
    }
    qn_integrals_free(in);
}

static void molecules(void **state)
{
    (void)state;
    draws d = {qn_test_seed(), 0};
    /* Six orbitals as in LiH/STO-3G, of C2v: four a1, one b1, one b2. Spin parities alone leave 10 qubits, with the
     * irreps 8. */
    static const uint32_t irreps[] = {0, 0, 0, 1, 2, 0};
    for (int mapping = QN_MAPPING_JORDAN_WIGNER; mapping <= QN_MAPPING_BRAVYI_KITAEV; mapping++) {
        for (int symmetric = 0; symmetric < 2; symmetric++) {
            qn_integrals *in = random_molecule(&d, 6, false, symmetric == 1 ? irreps : NULL);
            qn_pauli_sum *h = hamiltonian(in, (qn_mapping)mapping);
            for (int z_only = 0; z_only < 2; z_only++) {
                qn_tapering *tapering = NULL;
                assert_ok(qn_tapering_find(h, z_only == 1, &tapering));
                assert_int_equal(qn_tapering_count(tapering), symmetric == 1 ? 4 : 2);
                qn_tapering_free(tapering);
            }
            qn_pauli_sum_free(h);
            qn_integrals_free(in);
        }
    }
    /* Small enough for every sector's spectrum, unrestricted too. */
    static const uint32_t two[] = {0, 1, 0};
    for (int unrestricted = 0; unrestricted < 2; unrestricted++) {
        qn_integrals *in =
            random_molecule(&d, unrestricted == 1 ? 2 : 3, unrestricted == 1, unrestricted == 1 ? NULL : two);
        qn_pauli_sum *h = hamiltonian(in, unrestricted == 1 ? QN_MAPPING_PARITY : QN_MAPPING_BRAVYI_KITAEV);
        qn_tapering *tapering = NULL;
        assert_ok(qn_tapering_find(h, true, &tapering));
        assert_int_equal(qn_tapering_count(tapering), unrestricted == 1 ? 2 : 3);
        assert_spectra_unite(h, tapering);
        qn_tapering_free(tapering);
        qn_pauli_sum_free(h);
        qn_integrals_free(in);
    }
}

/* Determinants stay determinants: matrix elements between all basis states of a sector are those of the whole, signs
 * included. */
static void states_of_a_sector(void **state)
{
    (void)state;
    draws d = {qn_test_seed(), 0};
    static const uint32_t irreps[] = {0, 1, 1};
    qn_integrals *in = random_molecule(&d, 3, false, irreps);
    for (int mapping = QN_MAPPING_JORDAN_WIGNER; mapping <= QN_MAPPING_BRAVYI_KITAEV; mapping++) {
        qn_pauli_sum *h = hamiltonian(in, (qn_mapping)mapping), *part = NULL;
        const dense whole = dense_of_paulis(h);
        qn_tapering *tapering = NULL;
        assert_ok(qn_tapering_find(h, true, &tapering));
        const uint64_t reference = draw_below(&d, 64);
        assert_ok(qn_tapering_set_sector_of(tapering, &reference));
        assert_ok(qn_tapering_apply(tapering, h, &part));
        const dense small = dense_of_paulis(part);
        size_t inside = 0;
        for (uint64_t a = 0; a < 64; a++) {
            uint64_t to_a = a, to_b = 0;
            if (qn_tapering_apply_state(tapering, &to_a, &to_a) != QN_OK) { /* in place */
                assert_fails(qn_tapering_apply_state(tapering, &a, &to_b), QN_ERR_ARGUMENT, "the sector that was set");
                continue;
            }
            inside++;
            for (uint64_t b = 0; b < 64; b++) {
                if (qn_tapering_apply_state(tapering, &b, &to_b) == QN_OK) {
                    assert_near(cabs(small.at[to_a * small.size + to_b] - whole.at[a * 64 + b]), 0, 1e-12);
                }
            }
        }
        assert_int_equal(inside, small.size);
        dense_free(small);
        dense_free(whole);
        qn_tapering_free(tapering);
        qn_pauli_sum_free(part);
        qn_pauli_sum_free(h);
    }
    qn_integrals_free(in);
}

/* Of many qubits: tapering respects products, T(AB) = T(A) T(B), and T(symmetry) = its sign. */
static void wide(void **state)
{
    (void)state;
    draws d = {qn_test_seed(), 0};
    static const uint32_t widths[] = {64, 70, 130};
    for (size_t i = 0; i < 3; i++) {
        for (int diagonal = 0; diagonal < 2; diagonal++) {
            const uint32_t n = widths[i];
            qn_pauli_sum *a = draw_paulis(&d, n, 12, true), *b = NULL;
            if (diagonal ==
                1) { /* X strings on the two halves, even on each, with Z anywhere: both parities are kept */
                qn_pauli_sum_free(a);
                assert_ok(qn_pauli_sum_create(n, &a));
                for (int t = 0; t < 400; t++) {
                    uint64_t x[3] = {0, 0, 0}, z[3] = {0, 0, 0};
                    for (uint32_t half = 0; half < 2; half++) {
                        const uint32_t first = draw_below(&d, n / 2), second = draw_below(&d, n / 2);
                        x[(2 * first + half) / 64] ^= UINT64_C(1) << ((2 * first + half) % 64);
                        x[(2 * second + half) / 64] ^= UINT64_C(1) << ((2 * second + half) % 64);
                    }
                    for (int k = 0; k < 5; k++) {
                        const uint32_t q = draw_below(&d, n);
                        z[q / 64] ^= UINT64_C(1) << (q % 64);
                    }
                    assert_ok(qn_pauli_sum_add_masks(a, draw_complex(&d), x, z));
                }
            }
            assert_ok(qn_pauli_sum_clone(a, &b));
            qn_tapering *tapering = NULL;
            assert_ok(qn_tapering_find(a, diagonal == 1, &tapering));
            const uint32_t count = qn_tapering_count(tapering);
            if (diagonal == 1) {
                assert_int_equal(count, 2);
            } else {
                assert_true(count >= n - 12);
            }
            int signs[130];
            for (uint32_t j = 0; j < count; j++) {
                signs[j] = draw_below(&d, 2) == 1 ? 1 : -1;
            }
            assert_ok(qn_tapering_set_sector(tapering, signs));
            qn_pauli_sum *ab = NULL, *ta = NULL, *tb = NULL, *tab = NULL, *product = NULL;
            assert_ok(qn_pauli_sum_add_sum(b, qn_tapering_symmetries(tapering), (qn_complex){0.5, 0.25}));
            assert_ok(qn_pauli_sum_multiply(a, b, &ab));
            assert_ok(qn_tapering_apply(tapering, a, &ta));
            assert_ok(qn_tapering_apply(tapering, b, &tb));
            assert_ok(qn_tapering_apply(tapering, ab, &tab));
            assert_int_equal(qn_pauli_sum_qubits(tab), n - count);
            assert_ok(qn_pauli_sum_multiply(ta, tb, &product));
            assert_true(qn_pauli_sum_equal(tab, product, 1e-10));
            assert_true(qn_pauli_sum_terms(ta) > 1);
            qn_pauli_sum_free(ab);
            qn_pauli_sum_free(tab);
            qn_pauli_sum_free(product);
            for (uint32_t j = 0; j < count; j++) {
                qn_pauli_sum *one = NULL, *tone = NULL;
                const qn_pauli_sum *all = qn_tapering_symmetries(tapering);
                assert_ok(qn_pauli_sum_create(n, &one));
                assert_ok(
                    qn_pauli_sum_add_masks(one, (qn_complex){1, 0}, qn_pauli_sum_x(all, j), qn_pauli_sum_z(all, j)));
                assert_ok(qn_tapering_apply(tapering, one, &tone));
                assert_int_equal(qn_pauli_sum_terms(tone), 1);
                assert_near(qn_pauli_sum_identity(tone).re, signs[j], 0);
                qn_pauli_sum_free(one);
                qn_pauli_sum_free(tone);
            }
            qn_pauli_sum_free(a);
            qn_pauli_sum_free(b);
            qn_pauli_sum_free(ta);
            qn_pauli_sum_free(tb);
            qn_tapering_free(tapering);
        }
    }
}

static void callers_mistakes(void **state)
{
    (void)state;
    qn_pauli_sum *sum = NULL, *other = NULL, *out = NULL;
    qn_tapering *tapering = NULL;
    const qn_complex one = {1, 0};
    assert_ok(qn_pauli_sum_create(2, &sum));
    assert_ok(qn_pauli_sum_add_label(sum, one, "XX"));
    assert_ok(qn_pauli_sum_add_label(sum, (qn_complex){0.5, 0}, "ZZ"));
    assert_ok(qn_pauli_sum_add_label(sum, one, "XI")); /* cancels: must not hide a symmetry */
    assert_ok(qn_pauli_sum_add_label(sum, (qn_complex){-1, 0}, "XI"));
    assert_ok(qn_tapering_find(sum, false, &tapering));
    assert_int_equal(qn_tapering_count(tapering), 2);
    uint64_t state_bits = 0;
    assert_fails(qn_tapering_set_sector_of(tapering, &state_bits), QN_ERR_UNSUPPORTED, "not all products of Z");
    assert_fails(qn_tapering_apply_state(tapering, &state_bits, &state_bits), QN_ERR_UNSUPPORTED, "z_only");
    assert_fails(qn_tapering_set_sector(tapering, (const int[]){1, 0}), QN_ERR_RANGE, "sign 0 of symmetry 1");
    assert_ok(qn_pauli_sum_create(3, &other));
    assert_fails(qn_tapering_apply(tapering, other, &out), QN_ERR_SHAPE, "3 qubits");
    assert_ok(qn_pauli_sum_add_label(sum, one, "IY"));
    assert_fails(qn_tapering_apply(tapering, sum, &out), QN_ERR_ARGUMENT, "string IY does not commute");
    assert_null(out);
    qn_tapering_free(tapering);
    qn_pauli_sum_free(other);
    qn_pauli_sum_free(sum);
    /* No symmetry: the operator stays as it is. */
    assert_ok(qn_pauli_sum_create(1, &sum));
    assert_ok(qn_pauli_sum_add_label(sum, one, "X"));
    assert_ok(qn_pauli_sum_add_label(sum, one, "Z"));
    assert_ok(qn_tapering_find(sum, false, &tapering));
    assert_int_equal(qn_tapering_count(tapering), 0);
    assert_ok(qn_tapering_set_sector(tapering, NULL));
    assert_ok(qn_tapering_apply(tapering, sum, &out));
    assert_true(qn_pauli_sum_equal(sum, out, 0));
    qn_tapering_free(tapering);
    qn_pauli_sum_free(sum);
    qn_pauli_sum_free(out);
}

static void allocation_failures(void **state)
{
    (void)state;
    qn_integrals *in = hydrogen();
    qn_pauli_sum *h = hamiltonian(in, QN_MAPPING_JORDAN_WIGNER), *out = NULL;
    qn_tapering *tapering = NULL;
    assert_survives_allocation_failures(qn_tapering_find(h, true, &tapering), qn_tapering_free(tapering));
    assert_survives_allocation_failures(qn_tapering_find(h, false, &tapering), (void)0);
    assert_survives_allocation_failures(qn_tapering_apply(tapering, h, &out), qn_pauli_sum_free(out));
    qn_tapering_free(tapering);
    qn_tapering_free(NULL);
    qn_pauli_sum_free(h);
    qn_integrals_free(in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_sums),
        cmocka_unit_test(hydrogen_to_one_qubit),
        cmocka_unit_test(molecules),
        cmocka_unit_test(states_of_a_sector),
        cmocka_unit_test(wide),
        cmocka_unit_test(callers_mistakes),
        cmocka_unit_test(allocation_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
