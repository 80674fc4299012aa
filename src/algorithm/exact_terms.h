/* exact_terms.h: a Hamiltonian laid out for products with vectors: terms grouped by the bits they flip. */
#ifndef QN_ALGORITHM_EXACT_TERMS_H
#define QN_ALGORITHM_EXACT_TERMS_H

#include <quern/pauli.h>

/* Row r of H has in column r ^ x[g] the entry sum_k w_k (-1)^popcount(r & z_k) over the terms of group g: those from
 * first[g] to odd[g] are real, those from odd[g] to first[g + 1] times i. Group 0 is the diagonal (x = 0), perhaps
 * empty. */
typedef struct qn__exact_terms {
    uint32_t nqubits;
    bool is_real; /* no term with an odd number of Y */
    size_t groups, terms;
    uint64_t *x, *z;
    size_t *first, *odd;
    double *w;
    double one_norm; /* with the identity */
    double spread;   /* one-norm without the identity; 1 when that is 0 */
    uint64_t bytes;
} qn__exact_terms;

/* At most 63 qubits. Errors: QN_ERR_NOT_HERMITIAN, QN_ERR_MEMORY. */
QN_MUST_USE qn_status qn__exact_terms_create(const qn_pauli_sum *hamiltonian, qn__exact_terms *out);
void qn__exact_terms_release(qn__exact_terms *terms);

/* The entry of row r in group g. */
static inline qn_complex qn__exact_terms_entry(const qn__exact_terms *t, size_t g, uint64_t row)
{
    qn_complex sum = {0, 0};
    for (size_t k = t->first[g]; k < t->odd[g]; k++) {
        sum.re += (__builtin_popcountll(row & t->z[k]) & 1) != 0 ? -t->w[k] : t->w[k];
    }
    for (size_t k = t->odd[g]; k < t->first[g + 1]; k++) {
        sum.im += (__builtin_popcountll(row & t->z[k]) & 1) != 0 ? -t->w[k] : t->w[k];
    }
    return sum;
}

#endif
