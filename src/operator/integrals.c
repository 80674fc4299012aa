/* integrals.c: electronic integrals and the fermion operators made of them. Mode p is orbital p with spin alpha, norb +
 * p with beta. */
#include <math.h>

#include "base/alloc.h"
#include "base/status.h"
#include "operator/fermion_sum.h"

enum { MAX_ORBITALS = 1 << 15 }; /* norb^4 doubles still have a size */

qn_status qn_integrals_create(uint32_t norb, bool unrestricted, qn_integrals **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "out is NULL");
    QN_CHECK(norb <= MAX_ORBITALS, ERR_TOO_LARGE, "integrals over %u orbitals, expected at most %d", norb,
             MAX_ORBITALS);
    const size_t n2 = (size_t)norb * norb, n4 = n2 * n2;
    qn_integrals *integrals = qn__calloc(1, sizeof *integrals);
    QN_ALLOC_CHECK(integrals);
    integrals->norb = norb;
    integrals->unrestricted = unrestricted;
    bool made = (integrals->h1 = qn__calloc(n2, sizeof(double))) != NULL &&
                (integrals->h2 = qn__calloc(n4, sizeof(double))) != NULL;
    if (unrestricted) {
        made = made && (integrals->h1_b = qn__calloc(n2, sizeof(double))) != NULL &&
               (integrals->h2_bb = qn__calloc(n4, sizeof(double))) != NULL &&
               (integrals->h2_ab = qn__calloc(n4, sizeof(double))) != NULL;
    }
    if (!made) {
        qn_integrals_free(integrals);
        return QN_ERR_MEMORY;
    }
    *out = integrals;
    return QN_OK;
}

void qn_integrals_free(qn_integrals *integrals)
{
    if (integrals != NULL) {
        qn__free(integrals->h1);
        qn__free(integrals->h2);
        qn__free(integrals->h1_b);
        qn__free(integrals->h2_bb);
        qn__free(integrals->h2_ab);
        qn__free(integrals->orbital_symmetry);
        qn__free(integrals);
    }
}

static qn_status add_unless_small(qn_fermion_sum *sum, double value, double cutoff, const qn_ladder *product,
                                  size_t count)
{
    return fabs(value) <= cutoff ? QN_OK : qn_fermion_sum_add(sum, (qn_complex){value, 0}, product, count);
}

static qn_status add_one_body(qn_fermion_sum *sum, const qn_integrals *in, double cutoff, uint32_t spin)
{
    const uint32_t n = in->norb;
    const double *h1 = spin == 1 && in->unrestricted ? in->h1_b : in->h1;
    for (uint32_t p = 0; p < n; p++) {
        for (uint32_t q = 0; q < n; q++) {
            const qn_ladder product[] = {{spin * n + p, true}, {spin * n + q, false}};
            QN_TRY(add_unless_small(sum, h1[(size_t)p * n + q], cutoff, product, 2));
        }
    }
    return QN_OK;
}

/* (pq|rs) with p, q of spin s and r, t of spin t. */
static double two_body(const qn_integrals *in, uint32_t spin_s, uint32_t spin_t, size_t pq, size_t rs)
{
    const size_t n2 = (size_t)in->norb * in->norb;
    if (!in->unrestricted || (spin_s == 0 && spin_t == 0)) {
        return in->h2[pq * n2 + rs];
    }
    if (spin_s == 1 && spin_t == 1) {
        return in->h2_bb[pq * n2 + rs];
    }
    return spin_s == 0 ? in->h2_ab[pq * n2 + rs] : in->h2_ab[rs * n2 + pq];
}

static qn_status add_two_body(qn_fermion_sum *sum, const qn_integrals *in, double cutoff, uint32_t spin_s,
                              uint32_t spin_t)
{
    const uint32_t n = in->norb, s0 = spin_s * n, t0 = spin_t * n;
    for (uint32_t p = 0; p < n; p++) {
        for (uint32_t q = 0; q < n; q++) {
            for (uint32_t r = 0; r < n; r++) {
                for (uint32_t s = 0; s < n; s++) {
                    if (spin_s == spin_t && (p == r || q == s)) {
                        continue; /* the same mode twice: zero */
                    }
                    const double v = two_body(in, spin_s, spin_t, (size_t)p * n + q, (size_t)r * n + s);
                    const qn_ladder product[] = {{s0 + p, true}, {t0 + r, true}, {t0 + s, false}, {s0 + q, false}};
                    QN_TRY(add_unless_small(sum, v / 2, cutoff, product, 4));
                }
            }
        }
    }
    return QN_OK;
}

qn_status qn_integrals_to_fermions(const qn_integrals *integrals, double cutoff, qn_fermion_sum **out)
{
    QN_CHECK(integrals != NULL && out != NULL, ERR_ARGUMENT, "an argument is NULL");
    QN_CHECK(cutoff >= 0, ERR_RANGE, "cutoff %g, expected 0 or more", cutoff);
    QN_CHECK(integrals->h1 != NULL && integrals->h2 != NULL &&
                 (!integrals->unrestricted ||
                  (integrals->h1_b != NULL && integrals->h2_bb != NULL && integrals->h2_ab != NULL)),
             ERR_ARGUMENT, "integrals without their arrays, expected those that qn_integrals_create makes");
    QN_CHECK(integrals->norb <= MAX_ORBITALS, ERR_TOO_LARGE, "integrals over %u orbitals, expected at most %d",
             integrals->norb, MAX_ORBITALS);
    qn_fermion_sum *sum = NULL;
    QN_TRY(qn_fermion_sum_create(2 * integrals->norb, &sum));
    qn_status status = add_unless_small(sum, integrals->core, cutoff, NULL, 0);
    for (uint32_t s = 0; status == QN_OK && s < 2; s++) {
        status = add_one_body(sum, integrals, cutoff, s);
    }
    for (uint32_t st = 0; status == QN_OK && st < 4; st++) {
        status = add_two_body(sum, integrals, cutoff, st / 2, st % 2);
    }
    if (status != QN_OK) {
        qn_fermion_sum_free(sum);
        return status;
    }
    *out = sum;
    return QN_OK;
}

qn_status qn_number_operator(uint32_t norb, bool alpha, bool beta, qn_fermion_sum **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "out is NULL");
    QN_CHECK(norb <= MAX_ORBITALS, ERR_TOO_LARGE, "%u orbitals, expected at most %d", norb, MAX_ORBITALS);
    qn_fermion_sum *sum = NULL;
    QN_TRY(qn_fermion_sum_create(2 * norb, &sum));
    for (uint32_t mode = 0; mode < 2 * norb; mode++) {
        if (mode < norb ? alpha : beta) {
            const qn_ladder product[] = {{mode, true}, {mode, false}};
            const qn_status status = qn_fermion_sum_add(sum, (qn_complex){1, 0}, product, 2);
            if (status != QN_OK) {
                qn_fermion_sum_free(sum);
                return status;
            }
        }
    }
    *out = sum;
    return QN_OK;
}
