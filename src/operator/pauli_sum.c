/* pauli_sum.c: storage of Pauli sums: making, copying, appending terms, reading them. */
#include "operator/pauli_sum.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"

enum { FIRST_TERMS = 8, MAX_QUBITS = 1 << 30 }; /* both masks of a term, in bits, must be countable in 32 bits */

qn_status qn__mask_check(const uint64_t *mask, uint32_t nbits, const char *what)
{
    QN_CHECK(mask != NULL, ERR_ARGUMENT, "%s is NULL", what);
    const size_t words = qn__words(nbits);
    const uint32_t used = nbits - (uint32_t)(words - 1) * 64; /* bits of the last word, 0..64 */
    const uint64_t beyond = used == 64 ? 0 : mask[words - 1] >> used;
    QN_CHECK(beyond == 0, ERR_RANGE, "%s has bit %u set, expected bits below %u only", what,
             nbits + (uint32_t)__builtin_ctzll(beyond), nbits);
    return QN_OK;
}

qn_status qn__complex_check(qn_complex value, const char *what)
{
    QN_CHECK(isfinite(value.re) && isfinite(value.im), ERR_NAN, "%s is (%g, %g), expected finite numbers", what,
             value.re, value.im);
    return QN_OK;
}

qn_status qn_pauli_sum_create(uint32_t nqubits, qn_pauli_sum **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "out is NULL");
    QN_CHECK(nqubits <= MAX_QUBITS, ERR_TOO_LARGE, "a sum on %u qubits, expected at most %d", nqubits, MAX_QUBITS);
    qn_pauli_sum *sum = qn__calloc(1, sizeof *sum);
    QN_ALLOC_CHECK(sum);
    sum->nqubits = nqubits;
    sum->words = qn__words(nqubits);
    *out = sum;
    return QN_OK;
}

void qn_pauli_sum_free(qn_pauli_sum *sum)
{
    if (sum != NULL) {
        qn__free(sum->coefficients);
        qn__free(sum->x);
        qn__free(sum->z);
        qn__free(sum);
    }
}

qn_status qn_pauli_sum_clone(const qn_pauli_sum *sum, qn_pauli_sum **out)
{
    QN_CHECK(sum != NULL, ERR_ARGUMENT, "sum is NULL");
    qn_pauli_sum *copy = NULL;
    QN_TRY(qn_pauli_sum_create(sum->nqubits, &copy));
    const qn_status status = qn_pauli_sum_add_sum(copy, sum, (qn_complex){1, 0});
    if (status != QN_OK) {
        qn_pauli_sum_free(copy);
        return status;
    }
    *out = copy;
    return QN_OK;
}

static qn_status grow_masks(uint64_t **masks, size_t rows, size_t words)
{
    uint64_t count = 0;
    QN_CHECK(!qn__mul_overflows(rows, words, &count), ERR_MEMORY, "%zu terms of %zu words overflow", rows, words);
    uint64_t *fresh = qn__realloc(*masks, (size_t)count, sizeof *fresh);
    QN_ALLOC_CHECK(fresh);
    *masks = fresh;
    return QN_OK;
}

qn_status qn__pauli_sum_reserve(qn_pauli_sum *sum, size_t more)
{
    size_t needed = 0;
    QN_CHECK(!__builtin_add_overflow(sum->terms, more, &needed), ERR_MEMORY, "%zu + %zu terms overflow", sum->terms,
             more);
    if (needed <= sum->capacity) {
        return QN_OK;
    }
    size_t room = sum->capacity + sum->capacity / 2;
    room = room < needed ? needed : room;
    room = room < FIRST_TERMS ? FIRST_TERMS : room;
    /* An array that grew before another failed stays larger than `capacity` says: still valid. */
    QN_TRY(grow_masks(&sum->x, room, sum->words));
    QN_TRY(grow_masks(&sum->z, room, sum->words));
    qn_complex *fresh = qn__realloc(sum->coefficients, room, sizeof *fresh);
    QN_ALLOC_CHECK(fresh);
    sum->coefficients = fresh;
    sum->capacity = room;
    return QN_OK;
}

void qn__pauli_sum_push(qn_pauli_sum *sum, qn_complex coefficient, const uint64_t *x, const uint64_t *z)
{
    const size_t words = sum->words;
    uint64_t *to_x = sum->x + sum->terms * words, *to_z = sum->z + sum->terms * words;
    for (size_t w = 0; w < words; w++) {
        to_x[w] = x[w];
        to_z[w] = z[w];
    }
    sum->coefficients[sum->terms++] = coefficient;
}

/* Room for one more term with masks zeroed; the term counts only once sum->terms is raised. */
static qn_status open_term(qn_pauli_sum *sum, uint64_t **x, uint64_t **z)
{
    QN_TRY(qn__pauli_sum_reserve(sum, 1));
    *x = sum->x + sum->terms * sum->words;
    *z = sum->z + sum->terms * sum->words;
    memset(*x, 0, sum->words * sizeof **x);
    memset(*z, 0, sum->words * sizeof **z);
    return QN_OK;
}

static qn_status set_letter(uint64_t *x, uint64_t *z, uint32_t qubit, char letter)
{
    switch (letter) {
    case 'I':
        return QN_OK;
    case 'X':
        qn__bit_set(x, qubit);
        return QN_OK;
    case 'Y':
        qn__bit_set(x, qubit);
        qn__bit_set(z, qubit);
        return QN_OK;
    case 'Z':
        qn__bit_set(z, qubit);
        return QN_OK;
    default:
        return QN_FAIL(ERR_ARGUMENT, "letter '%c' (code %u) on qubit %u, expected one of I, X, Y, Z",
                       letter >= ' ' && letter <= '~' ? letter : '?', (unsigned)(unsigned char)letter, qubit);
    }
}

qn_status qn_pauli_sum_add_label(qn_pauli_sum *sum, qn_complex coefficient, const char *label)
{
    QN_CHECK(sum != NULL && label != NULL, ERR_ARGUMENT, "sum or label is NULL");
    QN_TRY(qn__complex_check(coefficient, "the coefficient"));
    const size_t length = strlen(label);
    QN_CHECK(length == sum->nqubits, ERR_SHAPE, "label \"%.80s\" has %zu letters, expected %u, one a qubit", label,
             length, sum->nqubits);
    uint64_t *x = NULL, *z = NULL;
    QN_TRY(open_term(sum, &x, &z));
    for (uint32_t qubit = 0; qubit < sum->nqubits; qubit++) {
        QN_TRY(set_letter(x, z, qubit, label[length - 1 - qubit]));
    }
    sum->coefficients[sum->terms++] = coefficient;
    return QN_OK;
}

qn_status qn_pauli_sum_add_sparse(qn_pauli_sum *sum, qn_complex coefficient, const char *letters,
                                  const uint32_t *qubits, size_t count)
{
    QN_CHECK(sum != NULL, ERR_ARGUMENT, "sum is NULL");
    QN_CHECK(count == 0 || (letters != NULL && qubits != NULL), ERR_ARGUMENT, "letters or qubits is NULL");
    QN_TRY(qn__complex_check(coefficient, "the coefficient"));
    uint64_t *x = NULL, *z = NULL;
    QN_TRY(open_term(sum, &x, &z));
    /* The masks cannot show a qubit given twice when one letter is I, so x first serves to mark the qubits seen. */
    for (size_t i = 0; i < count; i++) {
        QN_CHECK(qubits[i] < sum->nqubits, ERR_RANGE, "qubit %u outside a sum on %u qubits", qubits[i], sum->nqubits);
        QN_CHECK(!qn__bit(x, qubits[i]), ERR_ARGUMENT, "qubit %u is given twice", qubits[i]);
        qn__bit_set(x, qubits[i]);
    }
    memset(x, 0, sum->words * sizeof *x);
    for (size_t i = 0; i < count; i++) {
        QN_TRY(set_letter(x, z, qubits[i], letters[i]));
    }
    sum->coefficients[sum->terms++] = coefficient;
    return QN_OK;
}

qn_status qn_pauli_sum_add_masks(qn_pauli_sum *sum, qn_complex coefficient, const uint64_t *x, const uint64_t *z)
{
    QN_CHECK(sum != NULL, ERR_ARGUMENT, "sum is NULL");
    QN_TRY(qn__complex_check(coefficient, "the coefficient"));
    QN_TRY(qn__mask_check(x, sum->nqubits, "the x mask"));
    QN_TRY(qn__mask_check(z, sum->nqubits, "the z mask"));
    if (sum->terms < sum->capacity) {
        qn__pauli_sum_push(sum, coefficient, x, z);
        return QN_OK;
    }
    /* The masks may be borrowed from this very sum, whose arrays are about to move. */
    const size_t terms = sum->terms, words = sum->words;
    const bool own_x = terms > 0 && x >= sum->x && x < sum->x + terms * words;
    const bool own_z = terms > 0 && z >= sum->z && z < sum->z + terms * words;
    const size_t at_x = own_x ? (size_t)(x - sum->x) : 0, at_z = own_z ? (size_t)(z - sum->z) : 0;
    QN_TRY(qn__pauli_sum_reserve(sum, 1));
    qn__pauli_sum_push(sum, coefficient, own_x ? sum->x + at_x : x, own_z ? sum->z + at_z : z);
    return QN_OK;
}

qn_status qn_pauli_sum_add_sum(qn_pauli_sum *sum, const qn_pauli_sum *other, qn_complex factor)
{
    QN_CHECK(sum != NULL && other != NULL, ERR_ARGUMENT, "sum or other is NULL");
    QN_TRY(qn__complex_check(factor, "the factor"));
    QN_CHECK(sum->nqubits == other->nqubits, ERR_SHAPE, "a sum on %u qubits added to one on %u qubits", other->nqubits,
             sum->nqubits);
    const size_t terms = other->terms; /* `other` may be `sum` itself */
    QN_TRY(qn__pauli_sum_reserve(sum, terms));
    for (size_t t = 0; t < terms; t++) {
        qn__pauli_sum_push(sum, qn__complex_multiply(factor, other->coefficients[t]), other->x + t * other->words,
                           other->z + t * other->words);
    }
    return QN_OK;
}

uint32_t qn_pauli_sum_qubits(const qn_pauli_sum *sum)
{
    return sum->nqubits;
}

size_t qn_pauli_sum_terms(const qn_pauli_sum *sum)
{
    return sum->terms;
}

size_t qn_pauli_sum_words(const qn_pauli_sum *sum)
{
    return sum->words;
}

qn_complex qn_pauli_sum_coefficient(const qn_pauli_sum *sum, size_t term)
{
    QN_ASSERT(term < sum->terms);
    return sum->coefficients[term];
}

const uint64_t *qn_pauli_sum_x(const qn_pauli_sum *sum, size_t term)
{
    QN_ASSERT(term < sum->terms);
    return sum->x + term * sum->words;
}

const uint64_t *qn_pauli_sum_z(const qn_pauli_sum *sum, size_t term)
{
    QN_ASSERT(term < sum->terms);
    return sum->z + term * sum->words;
}

qn_status qn_pauli_sum_label(const qn_pauli_sum *sum, size_t term, char *buffer, size_t capacity)
{
    QN_CHECK(sum != NULL && buffer != NULL, ERR_ARGUMENT, "sum or buffer is NULL");
    QN_CHECK(term < sum->terms, ERR_RANGE, "term %zu outside a sum of %zu terms", term, sum->terms);
    QN_CHECK(capacity > sum->nqubits, ERR_SHAPE, "a buffer of %zu bytes for a label of %u letters and its end",
             capacity, sum->nqubits);
    const uint64_t *x = sum->x + term * sum->words, *z = sum->z + term * sum->words;
    for (uint32_t qubit = 0; qubit < sum->nqubits; qubit++) {
        const unsigned letter = (qn__bit(x, qubit) ? 1u : 0u) | (qn__bit(z, qubit) ? 2u : 0u);
        buffer[sum->nqubits - 1 - qubit] = "IXZY"[letter];
    }
    buffer[sum->nqubits] = '\0';
    return QN_OK;
}
