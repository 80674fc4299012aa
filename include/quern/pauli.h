/* pauli.h: sums of Pauli strings, sum_k c_k P_k, on any number of qubits.
 *
 * A string is two bit masks x, z of `words` 64-bit words (bit q of word q/64 belongs to qubit q). The string is the
 * Hermitian tensor product: x=0,z=0 I; x=1,z=0 X; x=1,z=1 Y; x=0,z=1 Z. In formulas P = i^{popcount(x&z)} X^x Z^z.
 * Labels read from the highest qubit on the left: "ZI" acts with Z on qubit 1. */
#ifndef QUERN_PAULI_H
#define QUERN_PAULI_H

#include <quern/status.h>

QN_BEGIN_DECLS

typedef struct qn_pauli_sum qn_pauli_sum;

QN_API QN_MUST_USE qn_status qn_pauli_sum_create(uint32_t nqubits, qn_pauli_sum **out);
QN_API QN_MUST_USE qn_status qn_pauli_sum_clone(const qn_pauli_sum *sum, qn_pauli_sum **out);
QN_API void qn_pauli_sum_free(qn_pauli_sum *sum);

/** Append one term. None of these merges; see qn_pauli_sum_simplify.
 *  Errors: QN_ERR_SHAPE (label length is not the number of qubits), QN_ERR_ARGUMENT (a letter outside IXYZ, a qubit
 * twice), QN_ERR_RANGE (a qubit outside the sum), QN_ERR_NAN (coefficient not finite), QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_pauli_sum_add_label(qn_pauli_sum *sum, qn_complex coefficient, const char *label);
QN_API QN_MUST_USE qn_status qn_pauli_sum_add_sparse(qn_pauli_sum *sum, qn_complex coefficient, const char *letters,
                                                     const uint32_t *qubits, size_t count);
QN_API QN_MUST_USE qn_status qn_pauli_sum_add_masks(qn_pauli_sum *sum, qn_complex coefficient, const uint64_t *x,
                                                    const uint64_t *z);
/** Append all terms of `other` times `factor`; both have the same number of qubits. */
QN_API QN_MUST_USE qn_status qn_pauli_sum_add_sum(qn_pauli_sum *sum, const qn_pauli_sum *other, qn_complex factor);

QN_API uint32_t qn_pauli_sum_qubits(const qn_pauli_sum *sum);
QN_API size_t qn_pauli_sum_terms(const qn_pauli_sum *sum);
/** Words of each mask: ceil(nqubits / 64), at least 1. */
QN_API size_t qn_pauli_sum_words(const qn_pauli_sum *sum);
QN_API qn_complex qn_pauli_sum_coefficient(const qn_pauli_sum *sum, size_t term);
/** Borrowed masks of one term, `words` long; valid until the sum changes. */
QN_API const uint64_t *qn_pauli_sum_x(const qn_pauli_sum *sum, size_t term);
QN_API const uint64_t *qn_pauli_sum_z(const qn_pauli_sum *sum, size_t term);
/** Write the dense label of a term and a 0 byte; `capacity` must exceed the number of qubits. */
QN_API QN_MUST_USE qn_status qn_pauli_sum_label(const qn_pauli_sum *sum, size_t term, char *buffer, size_t capacity);

/** Merge equal strings, drop |c| <= cutoff, sort (by x mask, then z mask, highest word first). Deterministic. */
QN_API QN_MUST_USE qn_status qn_pauli_sum_simplify(qn_pauli_sum *sum, double cutoff);
QN_API void qn_pauli_sum_scale(qn_pauli_sum *sum, qn_complex factor);
/** New sums, simplified with cutoff 0 (exact zeros dropped). Same number of qubits, else QN_ERR_SHAPE. */
QN_API QN_MUST_USE qn_status qn_pauli_sum_multiply(const qn_pauli_sum *a, const qn_pauli_sum *b, qn_pauli_sum **out);
QN_API QN_MUST_USE qn_status qn_pauli_sum_commutator(const qn_pauli_sum *a, const qn_pauli_sum *b, qn_pauli_sum **out);
QN_API QN_MUST_USE qn_status qn_pauli_sum_anticommutator(const qn_pauli_sum *a, const qn_pauli_sum *b,
                                                         qn_pauli_sum **out);
QN_API QN_MUST_USE qn_status qn_pauli_sum_adjoint(const qn_pauli_sum *a, qn_pauli_sum **out);

/** True when every string's total coefficient has |Im c| <= tolerance. `worst` (may be NULL) gets the index of a term
 * that breaks it most, else SIZE_MAX. Duplicates are added up before the test. */
QN_API bool qn_pauli_sum_is_hermitian(const qn_pauli_sum *sum, double tolerance, size_t *worst);
/** sum_k |c_k| without the identity; the identity's coefficient apart. */
QN_API double qn_pauli_sum_one_norm(const qn_pauli_sum *sum);
QN_API qn_complex qn_pauli_sum_identity(const qn_pauli_sum *sum);
/** Exact equality of operators up to `tolerance` in each coefficient, whatever the order of terms. */
QN_API bool qn_pauli_sum_equal(const qn_pauli_sum *a, const qn_pauli_sum *b, double tolerance);

/** Whether two strings commute, over all qubits or on each qubit alone. */
QN_API bool qn_pauli_commute(size_t words, const uint64_t *xa, const uint64_t *za, const uint64_t *xb,
                             const uint64_t *zb);
QN_API bool qn_pauli_commute_qubit_wise(size_t words, const uint64_t *xa, const uint64_t *za, const uint64_t *xb,
                                        const uint64_t *zb);

typedef enum qn_grouping {
    QN_GROUPING_NONE = 0,       /* every term alone */
    QN_GROUPING_QUBIT_WISE = 1, /* members commute on each qubit: measured by single-qubit rotations */
    QN_GROUPING_COMMUTING = 2   /* members commute: measured after a Clifford circuit */
} qn_grouping;

/** Partition the terms into simultaneously measurable groups by sorted insertion (Crawford et al., Quantum 5, 385
 * (2021)): terms by falling |c|, each into the first group it commutes with. `group_of_term` has one entry a term;
 * identity terms get UINT32_MAX, since they need no measurement. */
QN_API QN_MUST_USE qn_status qn_pauli_sum_group(const qn_pauli_sum *sum, qn_grouping kind, uint32_t *group_of_term,
                                                uint32_t *ngroups);

QN_END_DECLS
#endif
