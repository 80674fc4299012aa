/* pauli_algebra.c: products, commutators, adjoint and norms of Pauli sums.
 *
 * With P = i^|x&z| X^x Z^z and Z^za X^xb = (-1)^|za&xb| X^xb Z^za, the product of two strings is
 *   Pa Pb = i^(|xa&za| + |xb&zb| + 2|za&xb| - |x&z|) P,   x = xa ^ xb, z = za ^ zb,
 * so phases are counted modulo 4 and stay exact. */
#include "operator/pauli_sum.h"

#include <math.h>

/* Which pairs of terms enter, by the parity of |xa&zb| + |za&xb|, and with which weight. */
typedef enum pairs {
    ALL_PAIRS,
    ANTICOMMUTING_PAIRS, /* [Pa, Pb] = 2 Pa Pb or 0 */
    COMMUTING_PAIRS      /* {Pa, Pb} = 2 Pa Pb or 0 */
} pairs;

/* Append a_i times every term of b that `which` lets in; room is there. */
static void append_row(qn_pauli_sum *out, const qn_pauli_sum *a, size_t i, const qn_pauli_sum *b, pairs which)
{
    const size_t words = a->words;
    const uint64_t *xa = a->x + i * words, *za = a->z + i * words;
    const uint32_t ya = qn__mask_overlap(xa, za, words);
    const double weight = which == ALL_PAIRS ? 1 : 2;
    const qn_complex ca = {weight * a->coefficients[i].re, weight * a->coefficients[i].im};
    for (size_t j = 0; j < b->terms; j++) {
        const uint64_t *xb = b->x + j * words, *zb = b->z + j * words;
        uint64_t *x = out->x + out->terms * words, *z = out->z + out->terms * words;
        uint32_t yb = 0, y = 0, crossed = 0, back = 0;
        for (size_t w = 0; w < words; w++) {
            x[w] = xa[w] ^ xb[w];
            z[w] = za[w] ^ zb[w];
            yb += qn__popcount(xb[w] & zb[w]);
            y += qn__popcount(x[w] & z[w]);
            crossed += qn__popcount(za[w] & xb[w]);
            back += qn__popcount(xa[w] & zb[w]);
        }
        const bool anticommute = ((crossed + back) & 1) != 0;
        if (which == ALL_PAIRS || anticommute == (which == ANTICOMMUTING_PAIRS)) {
            out->coefficients[out->terms++] =
                qn__times_i(qn__complex_multiply(ca, b->coefficients[j]), ya + yb + 2 * crossed - y);
        }
    }
}

static qn_status product(const qn_pauli_sum *a, const qn_pauli_sum *b, pairs which, qn_pauli_sum **out)
{
    QN_CHECK(a != NULL && b != NULL && out != NULL, ERR_ARGUMENT, "an argument is NULL");
    QN_CHECK(a->nqubits == b->nqubits, ERR_SHAPE, "sums on %u and %u qubits, expected the same number", a->nqubits,
             b->nqubits);
    qn_pauli_sum *sum = NULL;
    QN_TRY(qn_pauli_sum_create(a->nqubits, &sum));
    qn_status status = QN_OK;
    size_t limit = QN__PAULI_BATCH;
    for (size_t i = 0; i < a->terms; i++) {
        QN_TRY_CLEANUP(qn__pauli_sum_accumulate(sum, b->terms, &limit));
        append_row(sum, a, i, b, which);
    }
    QN_TRY_CLEANUP(qn_pauli_sum_simplify(sum, 0));
    *out = sum;
    return QN_OK;
cleanup:
    qn_pauli_sum_free(sum);
    return status;
}

qn_status qn_pauli_sum_multiply(const qn_pauli_sum *a, const qn_pauli_sum *b, qn_pauli_sum **out)
{
    return product(a, b, ALL_PAIRS, out);
}

qn_status qn_pauli_sum_commutator(const qn_pauli_sum *a, const qn_pauli_sum *b, qn_pauli_sum **out)
{
    return product(a, b, ANTICOMMUTING_PAIRS, out);
}

qn_status qn_pauli_sum_anticommutator(const qn_pauli_sum *a, const qn_pauli_sum *b, qn_pauli_sum **out)
{
    return product(a, b, COMMUTING_PAIRS, out);
}

qn_status qn_pauli_sum_adjoint(const qn_pauli_sum *a, qn_pauli_sum **out)
{
    QN_CHECK(a != NULL && out != NULL, ERR_ARGUMENT, "an argument is NULL");
    qn_pauli_sum *sum = NULL;
    QN_TRY(qn_pauli_sum_clone(a, &sum));
    for (size_t t = 0; t < sum->terms; t++) {
        sum->coefficients[t].im = -sum->coefficients[t].im;
    }
    const qn_status status = qn_pauli_sum_simplify(sum, 0);
    if (status != QN_OK) {
        qn_pauli_sum_free(sum);
        return status;
    }
    *out = sum;
    return QN_OK;
}

void qn_pauli_sum_scale(qn_pauli_sum *sum, qn_complex factor)
{
    for (size_t t = 0; t < sum->terms; t++) {
        sum->coefficients[t] = qn__complex_multiply(factor, sum->coefficients[t]);
    }
}

static bool is_identity(const qn_pauli_sum *sum, size_t term)
{
    const size_t at = term * sum->words;
    return qn__mask_is_zero(sum->x + at, sum->words) && qn__mask_is_zero(sum->z + at, sum->words);
}

double qn_pauli_sum_one_norm(const qn_pauli_sum *sum)
{
    double norm = 0;
    for (size_t t = 0; t < sum->terms; t++) {
        if (!is_identity(sum, t)) {
            norm += hypot(sum->coefficients[t].re, sum->coefficients[t].im);
        }
    }
    return norm;
}

qn_complex qn_pauli_sum_identity(const qn_pauli_sum *sum)
{
    qn_complex c = {0, 0};
    for (size_t t = 0; t < sum->terms; t++) {
        if (is_identity(sum, t)) {
            c.re += sum->coefficients[t].re;
            c.im += sum->coefficients[t].im;
        }
    }
    return c;
}
