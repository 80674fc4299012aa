/* tapering_apply.c: the sector of a tapering, and operators and basis states in fewer qubits. */
#include <string.h>

#include "base/alloc.h"
#include "operator/pauli_sum.h"
#include "operator/tapering.h"

enum { LABEL = 72 }; /* longest label that a message shows */

uint32_t qn_tapering_count(const qn_tapering *tapering)
{
    return tapering->count;
}

const qn_pauli_sum *qn_tapering_symmetries(const qn_tapering *tapering)
{
    return tapering->symmetries;
}

/* +1 or -1: the value of a symmetry that is a product of Z on a basis state. */
static int value_on(const qn_tapering *tapering, uint32_t symmetry, const uint64_t *basis_state)
{
    const uint64_t *z = qn_pauli_sum_z(tapering->symmetries, symmetry);
    return (qn__mask_overlap(z, basis_state, tapering->words) & 1) != 0 ? -1 : 1;
}

static qn_status check_diagonal(const qn_tapering *tapering)
{
    QN_CHECK(tapering->diagonal, ERR_UNSUPPORTED,
             "a basis state has no sector here: %u symmetries, not all products of Z; find them with z_only",
             tapering->count);
    return QN_OK;
}

qn_status qn_tapering_set_sector_of(qn_tapering *tapering, const uint64_t *basis_state)
{
    QN_CHECK(tapering != NULL, ERR_ARGUMENT, "tapering is NULL");
    QN_TRY(check_diagonal(tapering));
    QN_TRY(qn__mask_check(basis_state, tapering->nqubits, "the basis state"));
    for (uint32_t j = 0; j < tapering->count; j++) {
        tapering->signs[j] = value_on(tapering, j, basis_state);
    }
    return QN_OK;
}

qn_status qn_tapering_set_sector(qn_tapering *tapering, const int *signs)
{
    QN_CHECK(tapering != NULL && (signs != NULL || tapering->count == 0), ERR_ARGUMENT, "an argument is NULL");
    for (uint32_t j = 0; j < tapering->count; j++) {
        QN_CHECK(signs[j] == 1 || signs[j] == -1, ERR_RANGE, "sign %d of symmetry %u, expected 1 or -1", signs[j], j);
    }
    if (tapering->count > 0) {
        memcpy(tapering->signs, signs, tapering->count * sizeof *signs);
    }
    return QN_OK;
}

/* The bits of the kept qubits, side by side. Bit i comes from kept[i] >= i, so `from` and `to` may be one array. */
static void compress(const qn_tapering *tapering, const uint64_t *from, uint64_t *to)
{
    const uint32_t kept = tapering->nqubits - tapering->count;
    const uint32_t end = (uint32_t)qn__words(kept) * 64;
    for (uint32_t i = 0; i < end; i++) {
        const uint64_t bit = UINT64_C(1) << (i % 64);
        const bool set = i < kept && qn__bit(from, tapering->kept[i]);
        to[i / 64] = set ? to[i / 64] | bit : to[i / 64] & ~bit;
    }
}

static qn_status check_commutes(const qn_tapering *tapering, const qn_pauli_sum *sum, size_t term)
{
    const size_t words = tapering->words;
    const uint64_t *x = sum->x + term * words, *z = sum->z + term * words;
    for (uint32_t j = 0; j < tapering->count; j++) {
        if (!qn_pauli_commute(words, x, z, tapering->symmetries->x + j * words, tapering->symmetries->z + j * words)) {
            char label[LABEL + 1] = "";
            char symmetry[LABEL + 1] = "";
            if (sum->nqubits <= LABEL) {
                QN_TRY(qn_pauli_sum_label(sum, term, label, sizeof label));
                QN_TRY(qn_pauli_sum_label(tapering->symmetries, j, symmetry, sizeof symmetry));
            }
            return QN_FAIL(ERR_ARGUMENT, "the operator's string %s does not commute with symmetry %u %s", label, j,
                           symmetry);
        }
    }
    return QN_OK;
}

/* A string in transformation: coefficient * P(x, z). */
typedef struct string {
    qn_complex coefficient;
    uint64_t *x, *z;
} string;

/* Multiply from the left by P(x, z), with the phase of pauli_algebra.c. */
static void left_multiply(string *s, const uint64_t *x, const uint64_t *z, size_t words)
{
    uint32_t phase = qn__mask_overlap(x, z, words) + qn__mask_overlap(s->x, s->z, words);
    phase += 2 * qn__mask_overlap(z, s->x, words);
    qn__mask_xor(s->x, x, words);
    qn__mask_xor(s->z, z, words);
    s->coefficient = qn__times_i(s->coefficient, phase - qn__mask_overlap(s->x, s->z, words));
}

/* Conjugation by U = (sigma + tau)/sqrt 2 for each symmetry tau and its partner sigma, which exchanges the two: a
 * string that commutes with both stays, one that anticommutes with sigma becomes sigma tau P. Then sigma is its
 * sector's sign. `unit` is a zeroed mask. */
static void rotate(const qn_tapering *tapering, string *s, uint64_t *unit, const uint64_t *zero)
{
    const size_t words = tapering->words;
    for (uint32_t j = 0; j < tapering->count; j++) {
        const uint32_t q = tapering->pivots[j];
        const bool x_type = tapering->x_type[j]; /* the partner is Z */
        if (qn__bit(x_type ? s->x : s->z, q)) {
            left_multiply(s, tapering->symmetries->x + j * words, tapering->symmetries->z + j * words, words);
            qn__bit_set(unit, q);
            left_multiply(s, x_type ? zero : unit, x_type ? unit : zero, words);
            qn__bit_flip(unit, q);
        }
    }
    /* Only now: other symmetries may hold a partner as a letter. */
    for (uint32_t j = 0; j < tapering->count; j++) {
        uint64_t *of_partner = tapering->x_type[j] ? s->z : s->x;
        if (qn__bit(of_partner, tapering->pivots[j])) {
            qn__bit_flip(of_partner, tapering->pivots[j]);
            s->coefficient = qn__times_i(s->coefficient, tapering->signs[j] < 0 ? 2 : 0);
        }
    }
}

/* Symmetries that are products of Z: a linear map on bits (a network of CNOTs) puts each parity onto its pivot qubit
 * and leaves the other bits alone. X^x Z^z goes to X^x' Z^z' without a phase: x' is x off the pivots, and a Z on a
 * pivot is the symmetry's sign times the rest of the symmetry. */
static void permute(const qn_tapering *tapering, string *s)
{
    const size_t words = tapering->words;
    uint32_t phase = qn__mask_overlap(s->x, s->z, words);
    for (uint32_t j = 0; j < tapering->count; j++) {
        if (qn__bit(s->z, tapering->pivots[j])) {
            qn__mask_xor(s->z, tapering->symmetries->z + j * words, words);
            phase += tapering->signs[j] < 0 ? 2 : 0;
        }
    }
    for (size_t w = 0; w < words; w++) {
        s->x[w] &= ~tapering->pivot_mask[w];
    }
    s->coefficient = qn__times_i(s->coefficient, phase - qn__mask_overlap(s->x, s->z, words));
}

qn_status qn_tapering_apply(const qn_tapering *tapering, const qn_pauli_sum *sum, qn_pauli_sum **out)
{
    QN_CHECK(tapering != NULL && sum != NULL && out != NULL, ERR_ARGUMENT, "an argument is NULL");
    QN_CHECK(sum->nqubits == tapering->nqubits, ERR_SHAPE,
             "an operator on %u qubits, expected the %u of the symmetries", sum->nqubits, tapering->nqubits);
    const size_t words = tapering->words;
    qn_status status = QN_OK;
    qn_pauli_sum *merged = NULL, *result = NULL;
    uint64_t *scratch = qn__calloc(6 * words, sizeof *scratch);
    QN_ALLOC_CHECK(scratch);
    string s = {.x = scratch, .z = scratch + words};
    uint64_t *unit = scratch + 2 * words, *zero = scratch + 3 * words;
    uint64_t *small_x = scratch + 4 * words, *small_z = scratch + 5 * words;
    QN_TRY_CLEANUP(qn_pauli_sum_clone(sum, &merged));
    QN_TRY_CLEANUP(qn_pauli_sum_simplify(merged, 0));
    QN_TRY_CLEANUP(qn_pauli_sum_create(tapering->nqubits - tapering->count, &result));
    QN_TRY_CLEANUP(qn__pauli_sum_reserve(result, merged->terms));
    for (size_t t = 0; t < merged->terms; t++) {
        QN_TRY_CLEANUP(check_commutes(tapering, merged, t));
        s.coefficient = merged->coefficients[t];
        memcpy(s.x, merged->x + t * words, words * sizeof *s.x);
        memcpy(s.z, merged->z + t * words, words * sizeof *s.z);
        if (tapering->diagonal) {
            permute(tapering, &s);
        } else {
            rotate(tapering, &s, unit, zero);
        }
        compress(tapering, s.x, small_x);
        compress(tapering, s.z, small_z);
        qn__pauli_sum_push(result, s.coefficient, small_x, small_z);
    }
    QN_TRY_CLEANUP(qn_pauli_sum_simplify(result, 0));
    *out = result;
    result = NULL;
cleanup:
    qn_pauli_sum_free(result);
    qn_pauli_sum_free(merged);
    qn__free(scratch);
    return status;
}

qn_status qn_tapering_apply_state(const qn_tapering *tapering, const uint64_t *basis_state, uint64_t *out)
{
    QN_CHECK(tapering != NULL && out != NULL, ERR_ARGUMENT, "an argument is NULL");
    QN_TRY(check_diagonal(tapering));
    QN_TRY(qn__mask_check(basis_state, tapering->nqubits, "the basis state"));
    for (uint32_t j = 0; j < tapering->count; j++) {
        QN_CHECK(value_on(tapering, j, basis_state) == tapering->signs[j], ERR_ARGUMENT,
                 "the basis state gives symmetry %u the sign %d, but the sector that was set has %d", j,
                 value_on(tapering, j, basis_state), tapering->signs[j]);
    }
    compress(tapering, basis_state, out);
    return QN_OK;
}
