/* test_fermion.c: fermion sums, mappings and integrals against matrices on occupation numbers by definition. */
#include "molecules.h"

#include <quern/context.h>

static const qn_mapping mappings[] = {QN_MAPPING_JORDAN_WIGNER, QN_MAPPING_PARITY, QN_MAPPING_BRAVYI_KITAEV};

static qn_fermion_sum *draw_fermions(draws *d, uint32_t nmodes, size_t terms, uint32_t longest)
{
    qn_fermion_sum *sum = NULL;
    assert_ok(qn_fermion_sum_create(nmodes, &sum));
    for (size_t t = 0; t < terms; t++) {
        qn_ladder product[8];
        const uint32_t count = draw_below(d, longest + 1);
        for (uint32_t i = 0; i < count; i++) {
            product[i] = (qn_ladder){draw_below(d, nmodes), draw_below(d, 2) == 1};
        }
        assert_ok(qn_fermion_sum_add(sum, draw_complex(d), product, count));
    }
    return sum;
}

static void assert_normal_ordered(const qn_fermion_sum *sum)
{
    for (size_t t = 0; t < qn_fermion_sum_terms(sum); t++) {
        qn_complex c;
        const qn_ladder *product;
        size_t count;
        qn_fermion_sum_term(sum, t, &c, &product, &count);
        for (size_t i = 1; i < count; i++) {
            assert_true(product[i - 1].creation || !product[i].creation);
            assert_true(product[i - 1].creation != product[i].creation || product[i - 1].mode > product[i].mode);
        }
        for (size_t u = 0; u < t; u++) { /* and no product twice */
            const qn_ladder *other;
            size_t other_count;
            qn_fermion_sum_term(sum, u, &c, &other, &other_count);
            bool same = other_count == count;
            for (size_t i = 0; same && i < count; i++) {
                same = other[i].mode == product[i].mode && other[i].creation == product[i].creation;
            }
            assert_false(same);
        }
    }
}

static void normal_order_and_adjoint(void **state)
{
    (void)state;
    draws d = {qn_test_seed(), 0};
    for (unsigned trial = 0; trial < 40 * qn_test_scale(); trial++) {
        const uint32_t nmodes = 1 + draw_below(&d, 5);
        qn_fermion_sum *sum = draw_fermions(&d, nmodes, 1 + draw_below(&d, 10), 8), *ordered = NULL, *adjoint = NULL;
        const dense m = dense_of_fermions(sum);
        assert_ok(qn_fermion_sum_normal_order(sum, 0, &ordered));
        assert_normal_ordered(ordered);
        const dense got = dense_of_fermions(ordered);
        assert_near(dense_distance(got, m), 0, 1e-12);
        assert_ok(qn_fermion_sum_adjoint(sum, &adjoint));
        const dense conjugate = dense_of_fermions(adjoint), expected = dense_adjoint(m);
        assert_near(dense_distance(conjugate, expected), 0, 1e-14);
        dense_free(m);
        dense_free(got);
        dense_free(conjugate);
        dense_free(expected);
        qn_fermion_sum_free(sum);
        qn_fermion_sum_free(ordered);
        qn_fermion_sum_free(adjoint);
    }
    /* a_0 a+_0 - 1 + a+_0 a_0 = 0; and 1e-3 falls to the cutoff. */
    qn_fermion_sum *zero = NULL, *ordered = NULL;
    assert_ok(qn_fermion_sum_create(2, &zero));
    assert_ok(qn_fermion_sum_add(zero, (qn_complex){1, 0}, (const qn_ladder[]){{0, false}, {0, true}}, 2));
    assert_ok(qn_fermion_sum_add(zero, (qn_complex){-1, 0}, NULL, 0));
    assert_ok(qn_fermion_sum_add(zero, (qn_complex){1, 0}, (const qn_ladder[]){{0, true}, {0, false}}, 2));
    assert_ok(qn_fermion_sum_add(zero, (qn_complex){1e-3, 0}, (const qn_ladder[]){{1, true}}, 1));
    assert_ok(qn_fermion_sum_normal_order(zero, 1e-3, &ordered));
    assert_int_equal(qn_fermion_sum_terms(ordered), 0);
    qn_fermion_sum_free(zero);
    qn_fermion_sum_free(ordered);
}

static void encode_one(qn_mapping mapping, uint32_t nmodes, uint64_t occupation, uint64_t expected)
{
    uint64_t got = ~UINT64_C(0);
    assert_ok(qn_mapping_encode(mapping, nmodes, &occupation, &got));
    assert_int_equal(got, expected);
}

static void encodings(void **state)
{
    (void)state;
    encode_one(QN_MAPPING_JORDAN_WIGNER, 7, 0x55, 0x55);
    encode_one(QN_MAPPING_PARITY, 5, 0x0b, 0x19); /* n = 1,1,0,1,0: running parities 1,0,0,1,1 */
    /* The Bravyi-Kitaev matrix for 8 modes that Seeley, Richard and Love print; rows as masks of modes. */
    static const uint64_t rows[8] = {0x01, 0x03, 0x04, 0x0f, 0x10, 0x30, 0x40, 0xff};
    for (uint64_t n = 0; n < 256; n++) {
        uint64_t q = 0;
        for (int r = 0; r < 8; r++) {
            q |= (uint64_t)(__builtin_popcountll(rows[r] & n) & 1) << r;
        }
        encode_one(QN_MAPPING_BRAVYI_KITAEV, 8, n, q);
    }
    /* 130 modes: each qubit by adding up; in place too. */
    draws d = {qn_test_seed(), 0};
    for (size_t m = 0; m < 3; m++) {
        uint64_t n[3] = {draw_bits(&d), draw_bits(&d), draw_bits(&d) & 3}, got[3];
        assert_ok(qn_mapping_encode(mappings[m], 130, n, got));
        for (uint32_t q = 0; q < 130; q++) {
            uint32_t first = q;
            if (mappings[m] == QN_MAPPING_PARITY) {
                first = 0;
            } else if (mappings[m] == QN_MAPPING_BRAVYI_KITAEV) {
                uint32_t length = 1; /* the largest power of two that divides q + 1 */
                while ((q + 1) % (2 * length) == 0) {
                    length *= 2;
                }
                first = q + 1 - length;
            }
            uint64_t parity = 0;
            for (uint32_t mode = first; mode <= q; mode++) {
                parity ^= n[mode / 64] >> (mode % 64) & 1;
            }
            assert_int_equal(got[q / 64] >> (q % 64) & 1, parity);
        }
        assert_ok(qn_mapping_encode(mappings[m], 130, n, n));
        assert_memory_equal(n, got, sizeof n);
    }
}

static qn_pauli_sum *ladder(uint32_t nmodes, qn_mapping mapping, uint32_t mode, bool creation)
{
    qn_fermion_sum *sum = NULL;
    qn_pauli_sum *mapped = NULL;
    assert_ok(qn_fermion_sum_create(nmodes, &sum));
    assert_ok(qn_fermion_sum_add(sum, (qn_complex){1, 0}, (const qn_ladder[]){{mode, creation}}, 1));
    assert_ok(qn_fermion_to_qubits(sum, mapping, &mapped));
    qn_fermion_sum_free(sum);
    return mapped;
}

static void assert_anticommutator(const qn_pauli_sum *a, const qn_pauli_sum *b, double expected)
{
    qn_pauli_sum *out = NULL;
    assert_ok(qn_pauli_sum_anticommutator(a, b, &out));
    assert_int_equal(qn_pauli_sum_terms(out), expected == 0 ? 0 : 1);
    assert_near(qn_pauli_sum_identity(out).re, expected, 0);
    assert_near(qn_pauli_sum_identity(out).im, 0, 0);
    qn_pauli_sum_free(out);
}

static void anticommutation(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {1, 2, 3, 5, 6, 7, 8, 11, 70, 130};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const uint32_t n = sizes[i], step = n < 16 ? 1 : 9;
        for (size_t m = 0; m < 3; m++) {
            for (uint32_t p = 0; p < n; p += step) {
                qn_pauli_sum *ap = ladder(n, mappings[m], p, false);
                for (uint32_t q = 0; q < n; q += step) {
                    qn_pauli_sum *aq = ladder(n, mappings[m], q, false), *cq = ladder(n, mappings[m], q, true);
                    assert_anticommutator(ap, cq, p == q ? 1 : 0);
                    assert_anticommutator(ap, aq, 0);
                    qn_pauli_sum_free(aq);
                    qn_pauli_sum_free(cq);
                }
                qn_pauli_sum_free(ap);
            }
        }
    }
}

/* <enc(a)| H |enc(b)> = <a| H |b>, to the sign: encodings permute basis states. */
static void assert_mapped(const qn_fermion_sum *sum, qn_mapping mapping)
{
    const uint32_t n = qn_fermion_sum_modes(sum);
    qn_pauli_sum *mapped = NULL;
    assert_ok(qn_fermion_to_qubits(sum, mapping, &mapped));
    const dense expected = dense_of_fermions(sum), got = dense_of_paulis(mapped);
    for (uint64_t a = 0; a < expected.size; a++) {
        for (uint64_t b = 0; b < expected.size; b++) {
            uint64_t row = 0, column = 0;
            assert_ok(qn_mapping_encode(mapping, n, &a, &row));
            assert_ok(qn_mapping_encode(mapping, n, &b, &column));
            assert_near(cabs(got.at[row * got.size + column] - expected.at[a * expected.size + b]), 0, 1e-12);
        }
    }
    dense_free(expected);
    dense_free(got);
    qn_pauli_sum_free(mapped);
}

static void mappings_against_definition(void **state)
{
    (void)state;
    draws d = {qn_test_seed(), 0};
    for (uint32_t n = 1; n <= 6; n++) {
        for (size_t m = 0; m < 3; m++) {
            qn_fermion_sum *sum = draw_fermions(&d, n, 12, n < 6 ? 7 : 4);
            assert_mapped(sum, mappings[m]);
            qn_fermion_sum_free(sum);
        }
    }
}

static void names(void **state)
{
    (void)state;
    qn_mapping mapping = QN_MAPPING_PARITY;
    assert_ok(qn_mapping_from_name("jordan-wigner", &mapping));
    assert_int_equal(mapping, QN_MAPPING_JORDAN_WIGNER);
    for (size_t m = 0; m < 3; m++) {
        assert_ok(qn_mapping_from_name(qn_mapping_name(mappings[m]), &mapping));
        assert_int_equal(mapping, mappings[m]);
    }
    assert_fails(qn_mapping_from_name("bravyi-kitaef", &mapping), QN_ERR_NAME, "did you mean bravyi-kitaev?");
    assert_fails(qn_mapping_from_name("something", &mapping), QN_ERR_NAME, "expected jw");
    assert_int_equal(mapping, QN_MAPPING_BRAVYI_KITAEV);
    assert_string_equal(qn_mapping_name((qn_mapping)9), "unknown");
}

static void callers_mistakes(void **state)
{
    (void)state;
    qn_fermion_sum *sum = NULL, *out = NULL;
    qn_pauli_sum *mapped = NULL;
    assert_ok(qn_fermion_sum_create(40, &sum));
    assert_fails(qn_fermion_sum_add(sum, (qn_complex){1, 0}, (const qn_ladder[]){{40, true}}, 1), QN_ERR_RANGE,
                 "mode 40");
    assert_fails(qn_fermion_sum_add(sum, (qn_complex){0, (double)NAN}, NULL, 0), QN_ERR_NAN, "finite");
    assert_fails(qn_fermion_sum_normal_order(sum, (double)NAN, &out), QN_ERR_RANGE, "cutoff");
    assert_fails(qn_fermion_to_qubits(sum, (qn_mapping)5, &mapped), QN_ERR_ARGUMENT, "mapping 5");
    assert_int_equal(qn_fermion_sum_terms(sum), 0);
    qn_ladder product[31];
    for (uint32_t i = 0; i < 31; i++) {
        product[i] = (qn_ladder){i, true};
    }
    assert_ok(qn_fermion_sum_add(sum, (qn_complex){1, 0}, product, 31));
    assert_fails(qn_fermion_to_qubits(sum, QN_MAPPING_PARITY, &mapped), QN_ERR_TOO_LARGE, "more than 30 modes");
    assert_null(mapped);
    uint64_t occupation = 8, qubits = 0;
    assert_fails(qn_mapping_encode(QN_MAPPING_PARITY, 3, &occupation, &qubits), QN_ERR_RANGE, "bit 3");
    qn_fermion_sum_free(sum);
    qn_integrals *in = NULL;
    assert_fails(qn_integrals_create(1 << 20, false, &in), QN_ERR_TOO_LARGE, "orbitals");
    assert_ok(qn_integrals_create(2, false, &in));
    in->h2[3] = (double)INFINITY;
    assert_fails(qn_integrals_to_fermions(in, 0, &out), QN_ERR_NAN, "finite");
    in->unrestricted = true;
    assert_fails(qn_integrals_to_fermions(in, 0, &out), QN_ERR_ARGUMENT, "without their arrays");
    qn_integrals_free(in);
    assert_null(out);
}

static void hydrogen_energy(void **state)
{
    (void)state;
    qn_integrals *in = hydrogen();
    for (size_t m = 0; m < 3; m++) {
        qn_pauli_sum *h = hamiltonian(in, mappings[m]);
        assert_int_equal(qn_pauli_sum_terms(h), 15);
        assert_true(qn_pauli_sum_is_hermitian(h, 0, NULL));
        const dense matrix = dense_of_paulis(h);
        double *energies = dense_eigenvalues(matrix);
        assert_near(energies[0], -1.1373060358, 1e-9);
        /* The Hartree-Fock determinant: both electrons in orbital 0, modes 0 and 2. */
        uint64_t reference = 5, qubits = 0;
        assert_ok(qn_mapping_encode(mappings[m], 4, &reference, &qubits));
        assert_near(creal(matrix.at[qubits * 16 + qubits]), -1.1169989967, 1e-9);
        free(energies);
        dense_free(matrix);
        qn_pauli_sum_free(h);
    }
    qn_integrals_free(in);
}

/* How many strings a molecule has follows from its orbitals' irreps: the numbers commonly reported for these in STO-3G.
 */
static void string_counts(void **state)
{
    (void)state;
    draws d = {qn_test_seed(), 0};
    static const struct {
        const char *molecule;
        uint32_t norb;
        uint32_t irreps[7];
        size_t strings;
    } cases[] = {
        {"LiH", 6, {0, 0, 0, 1, 2, 0}, 631},
        {"BeH2", 7, {0, 0, 5, 6, 7, 0, 5}, 666},
        {"H2O", 7, {0, 0, 2, 0, 1, 0, 2}, 1086},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        qn_integrals *in = random_molecule(&d, cases[i].norb, false, cases[i].irreps);
        for (size_t m = 0; m < 3; m++) {
            qn_pauli_sum *h = hamiltonian(in, mappings[m]);
            assert_int_equal(qn_pauli_sum_terms(h), cases[i].strings);
            qn_pauli_sum_free(h);
        }
        qn_integrals_free(in);
    }
}

/* One ladder operator as a matrix. */
static dense ladder_matrix(uint32_t nmodes, uint32_t mode, bool creation)
{
    qn_fermion_sum *sum = NULL;
    assert_ok(qn_fermion_sum_create(nmodes, &sum));
    assert_ok(qn_fermion_sum_add(sum, (qn_complex){1, 0}, (const qn_ladder[]){{mode, creation}}, 1));
    const dense m = dense_of_fermions(sum);
    qn_fermion_sum_free(sum);
    return m;
}

/* H = sum h E_pq + 1/2 sum (pq|rs) (E_pq E_rs - delta_qr E_ps), with E_pq = a+_p a_q: another way to write what the
 * header defines. */
static void integrals_against_excitations(void **state)
{
    (void)state;
    draws d = {qn_test_seed(), 0};
    enum { NORB = 2, MODES = 2 * NORB };
    for (int unrestricted = 0; unrestricted < 2; unrestricted++) {
        qn_integrals *in = random_molecule(&d, NORB, unrestricted == 1, NULL);
        dense e[MODES][MODES], h = dense_make(1 << MODES);
        for (size_t i = 0; i < h.size; i++) {
            h.at[i * h.size + i] = in->core;
        }
        for (uint32_t p = 0; p < MODES; p++) {
            for (uint32_t q = 0; q < MODES; q++) {
                const dense c = ladder_matrix(MODES, p, true), a = ladder_matrix(MODES, q, false);
                e[p][q] = dense_product(c, a);
                dense_free(c);
                dense_free(a);
            }
        }
        for (uint32_t pq = 0; pq < NORB * NORB; pq++) {
            for (uint32_t s = 0; s < 2; s++) {
                const uint32_t p = s * NORB + pq / NORB, q = s * NORB + pq % NORB;
                dense_add(h, e[p][q], unrestricted == 1 && s == 1 ? in->h1_b[pq] : in->h1[pq]);
                for (uint32_t rs = 0; rs < NORB * NORB; rs++) {
                    for (uint32_t t = 0; t < 2; t++) {
                        const uint32_t r = t * NORB + rs / NORB, u = t * NORB + rs % NORB;
                        const size_t at = pq * NORB * NORB + rs, turned = rs * NORB * NORB + pq;
                        double v = in->h2[at];
                        if (unrestricted == 1 && s + t > 0) {
                            v = s + t == 2 ? in->h2_bb[at] : s == 0 ? in->h2_ab[at] : in->h2_ab[turned];
                        }
                        const dense both = dense_product(e[p][q], e[r][u]);
                        dense_add(h, both, v / 2);
                        if (q == r) {
                            dense_add(h, e[p][u], -v / 2);
                        }
                        dense_free(both);
                    }
                }
            }
        }
        qn_fermion_sum *fermions = NULL;
        assert_ok(qn_integrals_to_fermions(in, 0, &fermions));
        const dense got = dense_of_fermions(fermions);
        assert_near(dense_distance(got, h), 0, 1e-12);
        dense_free(got);
        dense_free(h);
        for (uint32_t p = 0; p < MODES; p++) {
            for (uint32_t q = 0; q < MODES; q++) {
                dense_free(e[p][q]);
            }
        }
        qn_fermion_sum_free(fermions);
        qn_integrals_free(in);
    }
}

static void number_operators(void **state)
{
    (void)state;
    for (int which = 0; which < 4; which++) {
        qn_fermion_sum *number = NULL;
        assert_ok(qn_number_operator(2, (which & 1) != 0, (which & 2) != 0, &number));
        const dense m = dense_of_fermions(number);
        const size_t counted = ((which & 1) != 0 ? 3u : 0u) | ((which & 2) != 0 ? 12u : 0u);
        for (size_t a = 0; a < 16; a++) {
            for (size_t b = 0; b < 16; b++) {
                assert_near(cabs(m.at[a * 16 + b] - (a == b ? __builtin_popcountll(a & counted) : 0)), 0, 0);
            }
        }
        dense_free(m);
        qn_fermion_sum_free(number);
    }
}

/* Twenty modes with every integral non-zero: 36,000 products. The identity's coefficient is tr H / 2^20, which has a
 * closed form, and all mappings keep both it and the trace of the square. */
static void large_hamiltonian(void **state)
{
    (void)state;
    draws d = {qn_test_seed(), 0};
    const uint32_t n = 10;
    qn_integrals *in = random_molecule(&d, n, false, NULL);
    double expected = in->core;
    for (size_t p = 0; p < n; p++) {
        expected += in->h1[p * n + p]; /* two spins, each half filled */
        for (size_t q = 0; q < n; q++) {
            const double coulomb = in->h2[((p * n + p) * n + q) * n + q],
                         exchange = in->h2[((p * n + q) * n + q) * n + p];
            expected += coulomb / 2 - exchange / 4;
        }
    }
    double squares = 0;
    for (size_t m = 0; m < 3; m++) {
        qn_pauli_sum *h = hamiltonian(in, mappings[m]);
        assert_near(qn_pauli_sum_identity(h).re, expected, 1e-10);
        assert_true(qn_pauli_sum_is_hermitian(h, 1e-12, NULL));
        double sum = 0;
        for (size_t t = 0; t < qn_pauli_sum_terms(h); t++) {
            const qn_complex c = qn_pauli_sum_coefficient(h, t);
            sum += c.re * c.re;
        }
        squares = m == 0 ? sum : squares;
        assert_near(sum / squares, 1, 1e-12);
        qn_pauli_sum_free(h);
    }
    qn_integrals_free(in);
}

static qn_status make_fermions(qn_fermion_sum **out)
{
    qn_fermion_sum *sum = NULL;
    qn_status status = qn_fermion_sum_create(4, &sum);
    for (uint32_t t = 0; t < 30 && status == QN_OK; t++) {
        const qn_ladder product[] = {{t % 4, t % 3 == 0}, {t % 3, t % 2 == 0}, {t % 2, true}, {t % 4, false}};
        status = qn_fermion_sum_add(sum, (qn_complex){1.0 + t, 0}, product, t % 5);
    }
    if (status != QN_OK) {
        qn_fermion_sum_free(sum);
        return status;
    }
    *out = sum;
    return QN_OK;
}

static void allocation_failures(void **state)
{
    (void)state;
    qn_fermion_sum *sum = NULL, *out = NULL;
    qn_pauli_sum *mapped = NULL;
    qn_integrals *in = NULL;
    assert_survives_allocation_failures(make_fermions(&sum), (void)0);
    assert_survives_allocation_failures(qn_fermion_sum_normal_order(sum, 0, &out), qn_fermion_sum_free(out));
    assert_survives_allocation_failures(qn_fermion_sum_adjoint(sum, &out), qn_fermion_sum_free(out));
    assert_survives_allocation_failures(qn_fermion_to_qubits(sum, QN_MAPPING_BRAVYI_KITAEV, &mapped),
                                        qn_pauli_sum_free(mapped));
    assert_survives_allocation_failures(qn_integrals_create(3, true, &in), (void)0);
    for (size_t i = 0; i < 9; i++) {
        in->h1[i] = 1;
        in->h2_ab[i] = 2;
    }
    assert_survives_allocation_failures(qn_integrals_to_fermions(in, 0, &out), qn_fermion_sum_free(out));
    assert_survives_allocation_failures(qn_number_operator(3, true, true, &out), qn_fermion_sum_free(out));
    qn_integrals_free(in);
    qn_fermion_sum_free(sum);
    qn_fermion_sum_free(NULL);
    qn_integrals_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_order_and_adjoint),
        cmocka_unit_test(encodings),
        cmocka_unit_test(anticommutation),
        cmocka_unit_test(mappings_against_definition),
        cmocka_unit_test(names),
        cmocka_unit_test(callers_mistakes),
        cmocka_unit_test(hydrogen_energy),
        cmocka_unit_test(string_counts),
        cmocka_unit_test(integrals_against_excitations),
        cmocka_unit_test(number_operators),
        cmocka_unit_test(large_hamiltonian),
        cmocka_unit_test(allocation_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
