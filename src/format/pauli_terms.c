/* pauli_terms.c: Pauli strings in their dense, sparse and bracketed forms, and the sum made of them. */
#include "format/pauli_terms.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/context.h"

void qn__pauli_terms_clear(qn__pauli_terms *terms)
{
    qn__free(terms->terms);
    qn__free(terms->factors);
    *terms = (qn__pauli_terms)QN__PAULI_TERMS_INIT;
}

static bool is_pauli(int byte)
{
    return byte == 'I' || byte == 'X' || byte == 'Y' || byte == 'Z';
}

static qn_status add_factor(qn__pauli_terms *terms, const qn__pauli_factor *factor)
{
    void *factors = terms->factors;
    QN_TRY(qn__grow(&factors, &terms->factors_capacity, terms->nfactors + 1, sizeof *terms->factors));
    terms->factors = factors;
    terms->factors[terms->nfactors++] = *factor;
    return QN_OK;
}

static qn_status check_index(const qn__pauli_terms *terms, const qn__source *source, size_t offset, uint32_t qubit)
{
    if (terms->nqubits != 0 && qubit >= terms->nqubits) {
        return QN_PARSE_FAIL(source, offset, "qubit %" PRIu32 " is outside 0..%" PRIu32 " (%" PRIu32 " qubits)", qubit,
                             terms->nqubits - 1, terms->nqubits);
    }
    if (terms->dense_term != SIZE_MAX) {
        const size_t length = terms->terms[terms->dense_term].count;
        if (qubit >= length) {
            return QN_PARSE_FAIL(source, offset,
                                 "qubit %" PRIu32 " is outside 0..%zu: an earlier label has %zu letters", qubit,
                                 length - 1, length);
        }
    }
    return QN_OK;
}

/* A letter with its qubit number; the cursor stands on the letter and a digit follows. */
static qn_status read_factor(qn__pauli_terms *terms, qn__cursor *cursor)
{
    qn__pauli_factor factor = {0, (char)qn__cursor_peek(cursor), cursor->at};
    cursor->at++;
    uint64_t qubit = 0;
    for (int byte = qn__cursor_peek(cursor); qn__is_digit(byte); byte = qn__cursor_peek(cursor)) {
        qubit = qubit < QN__PAULI_QUBITS ? qubit * 10 + (uint64_t)(byte - '0') : qubit;
        cursor->at++;
    }
    if (qubit >= QN__PAULI_QUBITS) {
        char quote[QN__QUOTE];
        return QN_PARSE_FAIL(cursor->source, factor.offset, "the qubit number in %s is over %d, the highest read",
                             qn__cursor_quote(cursor, factor.offset, quote), QN__PAULI_QUBITS - 1);
    }
    factor.qubit = (uint32_t)qubit;
    QN_TRY(check_index(terms, cursor->source, factor.offset, factor.qubit));
    return add_factor(terms, &factor);
}

static qn_status fail_letter(const qn__cursor *cursor)
{
    char quote[QN__QUOTE];
    return QN_PARSE_FAIL(cursor->source, cursor->at, "expected Pauli letters I, X, Y, Z, got %s",
                         qn__cursor_quote(cursor, cursor->at, quote));
}

/* Factors until something else comes; `closing` is ']' in brackets, else 0. */
static qn_status read_factors(qn__pauli_terms *terms, qn__cursor *cursor, qn__pauli_term *term, char closing)
{
    *term = (qn__pauli_term){.first = terms->nfactors};
    for (;;) {
        const size_t before = cursor->at;
        qn__cursor_skip_blanks(cursor);
        if (closing == 0 && qn__cursor_peek(cursor) == '*' && term->count > 0) {
            cursor->at++;
            qn__cursor_skip_blanks(cursor);
            if (!is_pauli(qn__cursor_peek(cursor))) {
                return fail_letter(cursor);
            }
        }
        if (!is_pauli(qn__cursor_peek(cursor))) {
            if (qn__is_letter(qn__cursor_peek(cursor))) {
                return fail_letter(cursor);
            }
            cursor->at = before;
            return QN_OK;
        }
        if (!qn__is_digit(qn__cursor_ahead(cursor, 1))) {
            char quote[QN__QUOTE];
            return QN_PARSE_FAIL(cursor->source, cursor->at, "%s: expected a letter with its qubit number, such as X0",
                                 qn__cursor_quote(cursor, cursor->at, quote));
        }
        QN_TRY(read_factor(terms, cursor));
        term->count++;
    }
}

static qn_status read_brackets(qn__pauli_terms *terms, qn__cursor *cursor, qn__pauli_term *term)
{
    cursor->at++;
    QN_TRY(read_factors(terms, cursor, term, ']'));
    qn__cursor_skip_blanks(cursor);
    if (qn__cursor_peek(cursor) != ']') {
        char quote[QN__QUOTE];
        return QN_PARSE_FAIL(cursor->source, cursor->at, "expected a letter with its qubit number or ']', got %s",
                             qn__cursor_quote(cursor, cursor->at, quote));
    }
    cursor->at++;
    return QN_OK;
}

static qn_status check_dense(const qn__pauli_terms *terms, const qn__source *source, size_t offset, size_t length)
{
    if (length > QN__PAULI_QUBITS) {
        return QN_PARSE_FAIL(source, offset, "the label has %zu letters; at most %d are read", length,
                             QN__PAULI_QUBITS);
    }
    if (terms->nqubits != 0 && length != terms->nqubits) {
        return QN_PARSE_FAIL(source, offset, "the label has %zu letters; expected %" PRIu32 ", one for each qubit",
                             length, terms->nqubits);
    }
    if (terms->dense_term != SIZE_MAX && terms->terms[terms->dense_term].count != length) {
        return QN_PARSE_FAIL(source, offset, "the label has %zu letters; expected %zu, as an earlier one has", length,
                             terms->terms[terms->dense_term].count);
    }
    return QN_OK;
}

static qn_status read_dense(qn__pauli_terms *terms, qn__cursor *cursor, size_t length, qn__pauli_term *term)
{
    const size_t offset = cursor->at;
    if (qn__is_digit(qn__cursor_ahead(cursor, length))) {
        char quote[QN__QUOTE];
        return QN_PARSE_FAIL(cursor->source, offset,
                             "%s: expected a label such as ZZ, or single letters with qubit numbers such as Z0 Z1",
                             qn__cursor_quote(cursor, offset, quote));
    }
    cursor->at += length;
    if (qn__is_letter(qn__cursor_peek(cursor))) {
        return fail_letter(cursor);
    }
    QN_TRY(check_dense(terms, cursor->source, offset, length));
    *term = (qn__pauli_term){.dense = cursor->source->text + offset, .count = length};
    return QN_OK;
}

/* No qubit twice: cheap for the few factors terms have, and by sorting nothing for the many. */
static qn_status check_repeats(const qn__pauli_terms *terms, const qn__source *source, const qn__pauli_term *term)
{
    enum { FEW = 32 };
    if (term->dense != NULL || term->count < 2) {
        return QN_OK;
    }
    const qn__pauli_factor *const factors = terms->factors + term->first;
    uint64_t *seen = NULL;
    if (term->count > FEW) {
        seen = qn__calloc(qn__words(QN__PAULI_QUBITS), sizeof *seen);
        QN_ALLOC_CHECK(seen);
    }
    qn_status status = QN_OK;
    for (size_t i = 0; i < term->count && status == QN_OK; i++) {
        bool twice = seen != NULL && qn__bit(seen, factors[i].qubit);
        for (size_t j = 0; seen == NULL && j < i; j++) {
            twice = twice || factors[j].qubit == factors[i].qubit;
        }
        if (twice) {
            status = QN_PARSE_FAIL(source, factors[i].offset, "qubit %" PRIu32 " stands twice in one term",
                                   factors[i].qubit);
        } else if (seen != NULL) {
            qn__bit_set(seen, factors[i].qubit);
        }
    }
    qn__free(seen);
    return status;
}

qn_status qn__pauli_string_read(qn__pauli_terms *terms, qn__cursor *cursor, qn__pauli_term *term, bool *found)
{
    *found = true;
    size_t letters = 0;
    while (is_pauli(qn__cursor_ahead(cursor, letters))) {
        letters++;
    }
    if (qn__cursor_peek(cursor) == '[') {
        QN_TRY(read_brackets(terms, cursor, term));
    } else if (letters == 1 && qn__is_digit(qn__cursor_ahead(cursor, 1))) {
        QN_TRY(read_factors(terms, cursor, term, 0));
    } else if (letters > 0) {
        QN_TRY(read_dense(terms, cursor, letters, term));
    } else {
        *found = false;
        *term = (qn__pauli_term){.first = terms->nfactors};
    }
    return check_repeats(terms, cursor->source, term);
}

qn_status qn__pauli_terms_add(qn__pauli_terms *terms, const qn__pauli_term *term)
{
    void *array = terms->terms;
    QN_TRY(qn__grow(&array, &terms->terms_capacity, terms->nterms + 1, sizeof *terms->terms));
    terms->terms = array;
    terms->terms[terms->nterms] = *term;
    if (term->dense != NULL && terms->dense_term == SIZE_MAX) {
        terms->dense_term = terms->nterms;
    }
    for (size_t i = 0; term->dense == NULL && i < term->count; i++) {
        const uint32_t above = terms->factors[term->first + i].qubit + 1;
        terms->highest = above > terms->highest ? above : terms->highest;
    }
    terms->nterms++;
    return QN_OK;
}

/* The number of qubits that all terms agree on. */
static qn_status count_qubits(const qn__pauli_terms *terms, const qn__source *source, uint32_t *nqubits)
{
    *nqubits = terms->nqubits;
    if (*nqubits != 0) {
        return QN_OK;
    }
    if (terms->dense_term == SIZE_MAX) {
        *nqubits = terms->highest;
        if (*nqubits == 0) {
            return QN_PARSE_FAIL(source, terms->nterms > 0 ? terms->terms[0].offset : source->start,
                                 "the number of qubits is not known from any term; expected a label such as II");
        }
        return QN_OK;
    }
    const size_t length = terms->terms[terms->dense_term].count;
    *nqubits = (uint32_t)length;
    for (size_t k = 0; k < terms->dense_term && terms->highest > length; k++) { /* later terms were checked as read */
        const qn__pauli_term *const term = &terms->terms[k];
        for (size_t i = 0; i < term->count; i++) {
            if (terms->factors[term->first + i].qubit >= length) {
                return QN_PARSE_FAIL(source, term->offset,
                                     "qubit %" PRIu32 " is outside 0..%zu: a later label has %zu letters",
                                     terms->factors[term->first + i].qubit, length - 1, length);
            }
        }
    }
    return QN_OK;
}

static void fill_masks(const qn__pauli_terms *terms, const qn__pauli_term *term, uint64_t *x, uint64_t *z)
{
    for (size_t i = 0; i < term->count; i++) {
        const bool dense = term->dense != NULL;
        const char letter = dense ? term->dense[i] : terms->factors[term->first + i].letter;
        const uint32_t qubit = dense ? (uint32_t)(term->count - 1 - i) : terms->factors[term->first + i].qubit;
        if (letter == 'X' || letter == 'Y') {
            qn__bit_set(x, qubit);
        }
        if (letter == 'Z' || letter == 'Y') {
            qn__bit_set(z, qubit);
        }
    }
}

static qn_status check_hamiltonian(const qn__pauli_terms *terms, const qn__source *source, const qn_pauli_sum *sum)
{
    if (terms->nterms == 0) {
        return QN_PARSE_FAIL(source, source->start, "the sum has no terms; expected a Hamiltonian");
    }
    double largest = 1;
    for (size_t k = 0; k < terms->nterms; k++) {
        largest = fmax(largest, fabs(terms->terms[k].coefficient.re));
    }
    if (!isfinite(qn_pauli_sum_one_norm(sum)) || !isfinite(qn_pauli_sum_identity(sum).re)) {
        return QN_PARSE_FAIL(source, source->start,
                             "the coefficients add up to more than a double holds; expected a finite operator");
    }
    size_t worst = SIZE_MAX;
    if (qn_pauli_sum_is_hermitian(sum, 1e-12 * largest, &worst)) {
        return QN_OK;
    }
    if (worst >= terms->nterms) { /* only when it could not be told */
        return QN_FAIL(ERR_NOT_HERMITIAN, "%s: the sum is not Hermitian", source->name);
    }
    char label[48] = "";
    const uint32_t nqubits = qn_pauli_sum_qubits(sum);
    if (nqubits < sizeof label) {
        QN_TRY(qn_pauli_sum_label(sum, worst, label, sizeof label));
    }
    const qn_complex value = terms->terms[worst].coefficient;
    return qn__source_fail(source, terms->terms[worst].offset, QN_ERR_NOT_HERMITIAN, __FILE__, __LINE__,
                           "term %zu%s%s has the coefficient (%g%+gj), so that the sum is not Hermitian; expected real "
                           "coefficients",
                           worst + 1, label[0] != '\0' ? ", " : "", label, value.re, value.im);
}

qn_status qn__pauli_terms_build(const qn__pauli_terms *terms, const qn__source *source,
                                const qn__pauli_request *request, qn_pauli_sum **out)
{
    uint32_t nqubits = 0;
    QN_TRY(count_qubits(terms, source, &nqubits));
    const size_t words = qn__words(nqubits);
    /* Two masks and a coefficient a term; arrays that grow hold up to half as much again, and the old one while they
     * move. */
    uint64_t bytes = 0;
    if (qn__mul_overflows(terms->nterms, words * 16 + sizeof(qn_complex), &bytes) || bytes > request->limit / 3) {
        char need[32], have[32];
        return QN_FAIL(ERR_TOO_LARGE, "%s: %zu terms on %" PRIu32 " qubits need %s; at most %s are read", source->name,
                       terms->nterms, nqubits, qn__format_bytes(need, sizeof need, bytes),
                       qn__format_bytes(have, sizeof have, request->limit / 3));
    }
    qn_pauli_sum *sum = NULL;
    qn_status status = QN_OK;
    uint64_t *const masks = qn__alloc(2 * words, sizeof *masks);
    QN_ALLOC_CHECK(masks);
    QN_TRY_CLEANUP(qn_pauli_sum_create(nqubits, &sum));
    for (size_t k = 0; k < terms->nterms; k++) {
        memset(masks, 0, 2 * words * sizeof *masks);
        fill_masks(terms, &terms->terms[k], masks, masks + words);
        QN_TRY_CLEANUP(qn_pauli_sum_add_masks(sum, terms->terms[k].coefficient, masks, masks + words));
    }
    if (request->hamiltonian) {
        QN_TRY_CLEANUP(check_hamiltonian(terms, source, sum));
    }
    *out = sum;
    sum = NULL;
cleanup:
    qn_pauli_sum_free(sum);
    qn__free(masks);
    return status;
}
