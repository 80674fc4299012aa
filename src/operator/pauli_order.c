/* pauli_order.c: what needs a Pauli sum in order: merging equal strings, comparing sums, testing for Hermitian. */
#include "operator/pauli_sum.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "operator/order.h"

/* Masks compared as numbers, highest word first. */
static int compare_masks(const uint64_t *a, const uint64_t *b, size_t words)
{
    for (size_t w = words; w-- > 0;) {
        if (a[w] != b[w]) {
            return a[w] < b[w] ? -1 : 1;
        }
    }
    return 0;
}

static int compare_terms(const qn_pauli_sum *a, size_t i, const qn_pauli_sum *b, size_t j)
{
    const size_t words = a->words;
    const int by_x = compare_masks(a->x + i * words, b->x + j * words, words);
    return by_x != 0 ? by_x : compare_masks(a->z + i * words, b->z + j * words, words);
}

static int tie(const void *user, size_t i, size_t j)
{
    return compare_terms(user, i, user, j);
}

/* The order of the terms; NULL (with a message) when there is no memory. Of one word both masks are the key, of more
 * the two highest words of x are, and the tie-break reads the rest. */
static qn__order *sorted(const qn_pauli_sum *sum)
{
    const size_t words = sum->words, terms = sum->terms;
    qn__order *records = qn__alloc(terms, sizeof *records);
    qn__order *scratch = records == NULL ? NULL : qn__alloc(terms, sizeof *scratch);
    if (scratch == NULL) {
        qn__free(records);
        return NULL;
    }
    for (size_t t = 0; t < terms; t++) {
        const uint64_t *x = sum->x + t * words, *z = sum->z + t * words;
        records[t] = (qn__order){x[words - 1], words == 1 ? z[0] : x[words - 2], t};
    }
    qn__order_sort(records, scratch, terms, words == 1 ? NULL : tie, sum);
    qn__free(scratch);
    return records;
}

/* The total coefficient of the string that record `first` begins; *next is the first record of another string. */
static qn_complex total(const qn_pauli_sum *sum, const qn__order *records, size_t first, size_t *next)
{
    qn_complex c = sum->coefficients[records[first].index];
    size_t at = first + 1;
    while (at < sum->terms && compare_terms(sum, records[first].index, sum, records[at].index) == 0) {
        c.re += sum->coefficients[records[at].index].re;
        c.im += sum->coefficients[records[at].index].im;
        at++;
    }
    *next = at;
    return c;
}

static bool in_order(const qn_pauli_sum *sum)
{
    for (size_t t = 1; t < sum->terms; t++) {
        if (compare_terms(sum, t - 1, sum, t) >= 0) {
            return false;
        }
    }
    return true;
}

static bool kept(qn_complex c, double cutoff)
{
    return !(hypot(c.re, c.im) <= cutoff);
}

/* Drop small terms of a sum whose strings are distinct and in order already: in place, needs no memory. */
static void drop_small(qn_pauli_sum *sum, double cutoff)
{
    const size_t bytes = sum->words * sizeof *sum->x;
    size_t to = 0;
    for (size_t t = 0; t < sum->terms; t++) {
        if (kept(sum->coefficients[t], cutoff)) {
            sum->coefficients[to] = sum->coefficients[t];
            memmove(sum->x + to * sum->words, sum->x + t * sum->words, bytes);
            memmove(sum->z + to * sum->words, sum->z + t * sum->words, bytes);
            to++;
        }
    }
    sum->terms = to;
}

qn_status qn_pauli_sum_simplify(qn_pauli_sum *sum, double cutoff)
{
    QN_CHECK(sum != NULL, ERR_ARGUMENT, "sum is NULL");
    QN_CHECK(cutoff >= 0, ERR_RANGE, "cutoff %g, expected 0 or more", cutoff);
    if (in_order(sum)) {
        drop_small(sum, cutoff);
        return QN_OK;
    }
    qn__order *records = sorted(sum);
    QN_ALLOC_CHECK(records);
    size_t left = 0;
    for (size_t first = 0, next = 0; first < sum->terms; first = next) {
        left += kept(total(sum, records, first, &next), cutoff) ? 1 : 0;
    }
    qn_pauli_sum fresh = {.nqubits = sum->nqubits, .words = sum->words};
    const qn_status status = qn__pauli_sum_reserve(&fresh, left);
    if (status == QN_OK) {
        for (size_t first = 0, next = 0; first < sum->terms; first = next) {
            const qn_complex c = total(sum, records, first, &next);
            if (kept(c, cutoff)) {
                const size_t at = records[first].index * sum->words;
                qn__pauli_sum_push(&fresh, c, sum->x + at, sum->z + at);
            }
        }
        const qn_pauli_sum old = *sum;
        *sum = fresh;
        fresh = old;
    }
    qn__free(fresh.coefficients);
    qn__free(fresh.x);
    qn__free(fresh.z);
    qn__free(records);
    return status;
}

qn_status qn__pauli_sum_accumulate(qn_pauli_sum *sum, size_t more, size_t *limit)
{
    if (sum->terms >= *limit) {
        QN_TRY(qn_pauli_sum_simplify(sum, 0));
        *limit = sum->terms < *limit / 2 ? *limit : 2 * sum->terms;
    }
    return qn__pauli_sum_reserve(sum, more);
}

/* The total coefficient in `sum` of the string `term` of `of`, by looking at every term; *first is where it first
 * occurs. */
static qn_complex total_by_search(const qn_pauli_sum *sum, const qn_pauli_sum *of, size_t term, size_t *first)
{
    qn_complex c = {0, 0};
    *first = SIZE_MAX;
    for (size_t t = 0; t < sum->terms; t++) {
        if (compare_terms(sum, t, of, term) == 0) {
            c.re += sum->coefficients[t].re;
            c.im += sum->coefficients[t].im;
            *first = *first == SIZE_MAX ? t : *first;
        }
    }
    return c;
}

bool qn_pauli_sum_is_hermitian(const qn_pauli_sum *sum, double tolerance, size_t *worst)
{
    size_t where = SIZE_MAX;
    double most = tolerance;
    qn__order *records = in_order(sum) ? NULL : sorted(sum);
    if (records != NULL) {
        for (size_t first = 0, next = 0; first < sum->terms; first = next) {
            const double off = fabs(total(sum, records, first, &next).im);
            if (!(off <= most)) {
                most = off;
                where = records[first].index;
            }
        }
        qn__free(records);
    } else {
        /* Distinct strings in order; or no memory to sort, and an answer that takes longer is better than none. */
        const bool distinct = in_order(sum);
        for (size_t t = 0; t < sum->terms; t++) {
            size_t first = t;
            const double off = fabs(distinct ? sum->coefficients[t].im : total_by_search(sum, sum, t, &first).im);
            if (first == t && !(off <= most)) {
                most = off;
                where = t;
            }
        }
    }
    if (worst != NULL) {
        *worst = where;
    }
    return where == SIZE_MAX;
}

static bool close_to(qn_complex a, qn_complex b, double tolerance)
{
    return hypot(a.re - b.re, a.im - b.im) <= tolerance;
}

static bool equal_by_search(const qn_pauli_sum *a, const qn_pauli_sum *b, double tolerance)
{
    size_t first = 0;
    for (size_t t = 0; t < a->terms; t++) {
        if (!close_to(total_by_search(a, a, t, &first), total_by_search(b, a, t, &first), tolerance)) {
            return false;
        }
    }
    for (size_t t = 0; t < b->terms; t++) {
        if (!close_to(total_by_search(a, b, t, &first), total_by_search(b, b, t, &first), tolerance)) {
            return false;
        }
    }
    return true;
}

bool qn_pauli_sum_equal(const qn_pauli_sum *a, const qn_pauli_sum *b, double tolerance)
{
    if (a->nqubits != b->nqubits) {
        return false;
    }
    qn__order *of_a = sorted(a), *of_b = of_a == NULL ? NULL : sorted(b);
    if (of_b == NULL) {
        qn__free(of_a);
        return equal_by_search(a, b, tolerance);
    }
    bool same = true;
    const qn_complex zero = {0, 0};
    for (size_t i = 0, j = 0; same && (i < a->terms || j < b->terms);) {
        const int side = i == a->terms ? 1 : j == b->terms ? -1 : compare_terms(a, of_a[i].index, b, of_b[j].index);
        const qn_complex ca = side <= 0 ? total(a, of_a, i, &i) : zero;
        const qn_complex cb = side >= 0 ? total(b, of_b, j, &j) : zero;
        same = close_to(ca, cb, tolerance);
    }
    qn__free(of_a);
    qn__free(of_b);
    return same;
}
