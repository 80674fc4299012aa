/* molecules.h: integrals for these tests: hydrogen from published numbers, and random ones with orbital symmetries. */
#ifndef QN_TEST_MOLECULES_H
#define QN_TEST_MOLECULES_H

#include "dense.h"

static inline void set_two_body(qn_integrals *in, double *h2, uint32_t p, uint32_t q, uint32_t r, uint32_t s,
                                double value)
{
    const size_t n = in->norb;
    const uint32_t pq[2][2] = {{p, q}, {q, p}}, rs[2][2] = {{r, s}, {s, r}};
    for (int i = 0; i < 2; i++) {
        for (int j = 0; j < 2; j++) {
            h2[((pq[i][0] * n + pq[i][1]) * n + rs[j][0]) * n + rs[j][1]] = value;
        }
    }
}

/* (pq|rs) = (rs|pq) too: of one kind of electron, or restricted. */
static inline void set_all_symmetric(qn_integrals *in, double *h2, uint32_t p, uint32_t q, uint32_t r, uint32_t s,
                                     double value)
{
    set_two_body(in, h2, p, q, r, s, value);
    set_two_body(in, h2, r, s, p, q, value);
}

/* H2 at 0.735 Angstrom in STO-3G: test_fcidump_h2.fcidump of Qiskit Nature; its ground energy, -1.137306035753, is in
 * tutorial 01_electronic_structure of the same project. */
static inline qn_integrals *hydrogen(void)
{
    qn_integrals *in = NULL;
    assert_ok(qn_integrals_create(2, false, &in));
    in->nelec = 2;
    in->core = 0.7199689944;
    in->h1[0] = -1.2563390730;
    in->h1[3] = -0.4718960073;
    set_all_symmetric(in, in->h2, 0, 0, 0, 0, 0.6757101548);
    set_all_symmetric(in, in->h2, 0, 0, 1, 1, 0.6645817303);
    set_all_symmetric(in, in->h2, 0, 1, 0, 1, 0.1809311998);
    set_all_symmetric(in, in->h2, 1, 1, 1, 1, 0.6985737227);
    return in;
}

/* Random integrals that vanish unless the irreps (bit masks of an abelian group) multiply to the trivial one; irreps
 * may be NULL. */
static inline qn_integrals *random_molecule(draws *d, uint32_t norb, bool unrestricted, const uint32_t *irreps)
{
    qn_integrals *in = NULL;
    assert_ok(qn_integrals_create(norb, unrestricted, &in));
    in->core = draw_normal(d);
    for (int spin = 0; spin < (unrestricted ? 2 : 1); spin++) {
        double *h1 = spin == 0 ? in->h1 : in->h1_b, *h2 = spin == 0 ? in->h2 : in->h2_bb;
        for (uint32_t p = 0; p < norb; p++) {
            for (uint32_t q = 0; q <= p; q++) {
                const double v = draw_normal(d);
                h1[p * norb + q] = h1[q * norb + p] = irreps == NULL || irreps[p] == irreps[q] ? v : 0;
            }
        }
        for (uint32_t pq = 0; pq < norb * norb; pq++) {
            for (uint32_t rs = 0; rs <= pq; rs++) {
                const uint32_t p = pq / norb, q = pq % norb, r = rs / norb, s = rs % norb;
                const double v = draw_normal(d);
                if (irreps == NULL || (irreps[p] ^ irreps[q] ^ irreps[r] ^ irreps[s]) == 0) {
                    set_all_symmetric(in, h2, p, q, r, s, v);
                }
            }
        }
    }
    for (uint32_t pq = 0; unrestricted && pq < norb * norb; pq++) {
        for (uint32_t rs = 0; rs < norb * norb; rs++) {
            set_two_body(in, in->h2_ab, pq / norb, pq % norb, rs / norb, rs % norb, draw_normal(d));
        }
    }
    return in;
}

static inline qn_pauli_sum *hamiltonian(const qn_integrals *in, qn_mapping mapping)
{
    qn_fermion_sum *fermions = NULL;
    qn_pauli_sum *paulis = NULL;
    assert_ok(qn_integrals_to_fermions(in, 0, &fermions));
    assert_ok(qn_fermion_to_qubits(fermions, mapping, &paulis));
    qn_fermion_sum_free(fermions);
    return paulis;
}

#endif
