/* polynomial.c: cost functions of any degree, as products of spins. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "problem/qubo.h"

enum { MOST_VARIABLES = 1 << 24, MOST_EXPANDED = 20 };
#define LARGEST_INTEGER 4503599627370496.0

qn_status qn_polynomial_create(uint32_t variables, qn_polynomial **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "out is NULL");
    QN_CHECK(variables >= 1 && variables <= MOST_VARIABLES, ERR_RANGE, "%u variables, expected 1 to %d", variables,
             (int)MOST_VARIABLES);
    qn_polynomial *polynomial = qn__calloc(1, sizeof *polynomial);
    QN_ALLOC_CHECK(polynomial);
    polynomial->n = variables;
    *out = polynomial;
    return QN_OK;
}

void qn_polynomial_free(qn_polynomial *polynomial)
{
    if (polynomial != NULL) {
        qn__free(polynomial->terms);
        qn__free(polynomial->variables);
        qn__free(polynomial->start);
        qn__free(polynomial->term_of);
        qn__free(polynomial);
    }
}

static int compare_variables(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

qn_status qn_polynomial_add_spins(qn_polynomial *polynomial, double c, const uint32_t *variables, size_t count)
{
    QN_CHECK(isfinite(c), ERR_NAN, "a coefficient is %g, expected a finite number", c);
    for (size_t k = 0; k < count; k++) {
        QN_CHECK(variables[k] < polynomial->n, ERR_RANGE, "variable %u outside 0..%u", variables[k], polynomial->n - 1);
    }
    if (count == 0) {
        polynomial->constant += c;
        polynomial->finished = false;
        return QN_OK;
    }
    QN_TRY(qn__grow((void **)&polynomial->variables, &polynomial->variable_capacity, polynomial->nvariables + count,
                    sizeof *polynomial->variables));
    QN_TRY(qn__grow((void **)&polynomial->terms, &polynomial->term_capacity, polynomial->nterms + 1,
                    sizeof *polynomial->terms));
    uint32_t *const list = polynomial->variables + polynomial->nvariables;
    memcpy(list, variables, count * sizeof *list);
    qsort(list, count, sizeof *list, compare_variables);
    size_t kept = 0;
    for (size_t k = 0; k < count; k++) { /* s^2 = 1 */
        if (kept > 0 && list[kept - 1] == list[k]) {
            kept--;
        } else {
            list[kept++] = list[k];
        }
    }
    if (kept == 0) {
        polynomial->constant += c;
    } else {
        polynomial->terms[polynomial->nterms++] = (qn__product){polynomial->nvariables, (uint32_t)kept, c};
        polynomial->nvariables += kept;
    }
    polynomial->finished = false;
    return QN_OK;
}

/* prod x = prod (1 - s)/2 = 2^-k sum over subsets of (-1)^|subset| prod s; a negated bit has (1 + s)/2 */
qn_status qn_polynomial_add_bits(qn_polynomial *polynomial, double c, const uint32_t *variables, const bool *negated,
                                 size_t count)
{
    QN_CHECK(count <= MOST_EXPANDED, ERR_TOO_LARGE, "a product of %zu bits has 2^%zu terms in spins; at most %d bits",
             count, count, (int)MOST_EXPANDED);
    uint32_t subset[MOST_EXPANDED];
    for (size_t mask = 0; mask < (size_t)1 << count; mask++) {
        size_t size = 0;
        double sign = 1;
        for (size_t k = 0; k < count; k++) {
            if ((mask >> k & 1) != 0) {
                subset[size++] = variables[k];
                sign = negated != NULL && negated[k] ? sign : -sign;
            }
        }
        QN_TRY(qn_polynomial_add_spins(polynomial, ldexp(sign * c, -(int)count), subset, size));
    }
    return QN_OK;
}

qn_status qn_polynomial_add_qubo(qn_polynomial *polynomial, const qn_qubo *qubo, double factor)
{
    QN_CHECK(qubo->n <= polynomial->n, ERR_SHAPE, "%u variables into %u", qubo->n, polynomial->n);
    QN_TRY(qn_polynomial_add_spins(polynomial, factor * qubo->constant, NULL, 0));
    for (uint32_t i = 0; i < qubo->n; i++) {
        if (qubo->linear[i] != 0) {
            QN_TRY(qn_polynomial_add_bits(polynomial, factor * qubo->linear[i], &i, NULL, 1));
        }
    }
    for (size_t k = 0; k < qubo->npairs; k++) {
        const uint32_t both[2] = {qubo->pairs[k].i, qubo->pairs[k].j};
        QN_TRY(qn_polynomial_add_bits(polynomial, factor * qubo->pairs[k].b, both, NULL, 2));
    }
    return QN_OK;
}

/* For sorting: a term, where its variables stand, and its rank, so that equal terms are summed in the order of their
 * addition. */
typedef struct sortable {
    const uint32_t *variables;
    size_t rank;
    qn__product term;
} sortable;

static int compare_products(const sortable *a, const sortable *b)
{
    if (a->term.count != b->term.count) {
        return a->term.count < b->term.count ? -1 : 1;
    }
    for (uint32_t k = 0; k < a->term.count; k++) {
        if (a->variables[k] != b->variables[k]) {
            return a->variables[k] < b->variables[k] ? -1 : 1;
        }
    }
    return 0;
}

static int compare_sortable(const void *pa, const void *pb)
{
    const sortable *const a = pa, *const b = pb;
    const int order = compare_products(a, b);
    return order != 0 ? order : (a->rank > b->rank) - (a->rank < b->rank);
}

/* Sorts the terms, adds up equal ones, drops zeros; `variables` stays as it is, with gaps. */
static qn_status merge_terms(qn_polynomial *polynomial)
{
    sortable *list = qn__alloc(polynomial->nterms, sizeof *list);
    QN_ALLOC_CHECK(list);
    for (size_t t = 0; t < polynomial->nterms; t++) {
        list[t] = (sortable){polynomial->variables + polynomial->terms[t].first, t, polynomial->terms[t]};
    }
    qsort(list, polynomial->nterms, sizeof *list, compare_sortable);
    size_t kept = 0;
    polynomial->degree = 0;
    for (size_t t = 0; t < polynomial->nterms;) {
        const sortable *const first = &list[t];
        qn__product sum = first->term;
        for (t++; t < polynomial->nterms && compare_products(first, &list[t]) == 0; t++) {
            sum.c += list[t].term.c;
        }
        if (sum.c != 0) {
            polynomial->terms[kept++] = sum;
            polynomial->degree = sum.count > polynomial->degree ? sum.count : polynomial->degree;
        }
    }
    polynomial->nterms = kept;
    qn__free(list);
    return QN_OK;
}

static void fill_index(const qn_polynomial *polynomial, uint64_t *start, uint32_t *term_of)
{
    memset(start, 0, ((size_t)polynomial->n + 2) * sizeof *start);
    for (size_t t = 0; t < polynomial->nterms; t++) {
        for (uint32_t k = 0; k < polynomial->terms[t].count; k++) {
            start[polynomial->variables[polynomial->terms[t].first + k] + 2]++;
        }
    }
    for (uint32_t i = 0; i < polynomial->n; i++) {
        start[i + 2] += start[i + 1];
    }
    for (size_t t = 0; t < polynomial->nterms; t++) { /* start[i + 1] runs from the row's first to its end */
        for (uint32_t k = 0; k < polynomial->terms[t].count; k++) {
            term_of[start[polynomial->variables[polynomial->terms[t].first + k] + 1]++] = (uint32_t)t;
        }
    }
}

qn_status qn_polynomial_finish(qn_polynomial *polynomial)
{
    QN_CHECK(polynomial != NULL, ERR_ARGUMENT, "no polynomial");
    if (polynomial->finished) {
        return QN_OK;
    }
    QN_CHECK(polynomial->nterms < UINT32_MAX, ERR_TOO_LARGE, "%zu terms; at most 2^32 - 2", polynomial->nterms);
    QN_TRY(merge_terms(polynomial));
    QN_CHECK(isfinite(polynomial->constant), ERR_NAN, "the sum of the constants is not finite");
    size_t occurrences = 0;
    for (size_t t = 0; t < polynomial->nterms; t++) {
        QN_CHECK(isfinite(polynomial->terms[t].c), ERR_NAN, "a sum of coefficients is not finite");
        occurrences += polynomial->terms[t].count;
    }
    uint64_t *start = qn__alloc((size_t)polynomial->n + 2, sizeof *start);
    uint32_t *term_of = qn__alloc(occurrences, sizeof *term_of);
    if (start == NULL || term_of == NULL) {
        qn__free(start);
        qn__free(term_of);
        return QN_ERR_MEMORY;
    }
    fill_index(polynomial, start, term_of);
    qn__free(polynomial->start);
    qn__free(polynomial->term_of);
    polynomial->start = start;
    polynomial->term_of = term_of;
    polynomial->finished = true;
    return QN_OK;
}

uint32_t qn_polynomial_variables(const qn_polynomial *polynomial)
{
    return polynomial->n;
}

uint32_t qn_polynomial_degree(const qn_polynomial *polynomial)
{
    return polynomial->degree;
}

double qn_polynomial_constant(const qn_polynomial *polynomial)
{
    return polynomial->constant;
}

size_t qn_polynomial_terms(const qn_polynomial *polynomial)
{
    return polynomial->nterms;
}

size_t qn_polynomial_term(const qn_polynomial *polynomial, size_t term, double *coefficient, const uint32_t **variables)
{
    *coefficient = polynomial->terms[term].c;
    *variables = polynomial->variables + polynomial->terms[term].first;
    return polynomial->terms[term].count;
}

size_t qn_polynomial_terms_of(const qn_polynomial *polynomial, uint32_t variable, const uint32_t **terms)
{
    QN_ASSERT(polynomial->finished);
    *terms = polynomial->term_of + polynomial->start[variable];
    return (size_t)(polynomial->start[variable + 1] - polynomial->start[variable]);
}

static double product(const qn_polynomial *polynomial, size_t term, const uint8_t *x)
{
    const qn__product t = polynomial->terms[term];
    unsigned parity = 0;
    for (uint32_t k = 0; k < t.count; k++) {
        parity ^= x[polynomial->variables[t.first + k]];
    }
    return (parity & 1) != 0 ? -t.c : t.c;
}

double qn_polynomial_value(const qn_polynomial *polynomial, const uint8_t *x)
{
    double value = polynomial->constant;
    for (size_t t = 0; t < polynomial->nterms; t++) {
        value += product(polynomial, t, x);
    }
    return value;
}

double qn_polynomial_value_of_state(const qn_polynomial *polynomial, uint64_t state)
{
    QN_ASSERT(polynomial->n <= 63);
    uint8_t x[63] = {0};
    qn__unpack(state, polynomial->n, x);
    return qn_polynomial_value(polynomial, x);
}

double qn_polynomial_flip(const qn_polynomial *polynomial, const uint8_t *x, uint32_t i)
{
    const uint32_t *terms = NULL;
    const size_t count = qn_polynomial_terms_of(polynomial, i, &terms);
    double change = 0;
    for (size_t k = 0; k < count; k++) {
        change -= 2 * product(polynomial, terms[k], x);
    }
    return change;
}

qn_status qn_polynomial_to_pauli(const qn_polynomial *polynomial, qn_pauli_sum **out)
{
    QN_CHECK(polynomial != NULL && out != NULL, ERR_ARGUMENT, "a polynomial and a place for the sum are needed");
    QN_CHECK(polynomial->finished, ERR_ARGUMENT, "the polynomial is not finished; call qn_polynomial_finish");
    qn_status status = QN_OK;
    qn_pauli_sum *sum = NULL;
    char *letters = qn__alloc(polynomial->degree + 1, 1);
    QN_ALLOC_CHECK(letters);
    memset(letters, 'Z', polynomial->degree);
    letters[polynomial->degree] = '\0';
    QN_TRY_CLEANUP(qn_pauli_sum_create(polynomial->n, &sum));
    if (polynomial->constant != 0) {
        QN_TRY_CLEANUP(qn_pauli_sum_add_sparse(sum, (qn_complex){polynomial->constant, 0}, letters, NULL, 0));
    }
    for (size_t t = 0; t < polynomial->nterms; t++) {
        QN_TRY_CLEANUP(qn_pauli_sum_add_sparse(sum, (qn_complex){polynomial->terms[t].c, 0}, letters,
                                               polynomial->variables + polynomial->terms[t].first,
                                               polynomial->terms[t].count));
    }
    *out = sum;
    sum = NULL;
cleanup:
    qn_pauli_sum_free(sum);
    qn__free(letters);
    return status;
}

bool qn_polynomial_is_integer(const qn_polynomial *polynomial)
{
    double largest = fabs(polynomial->constant);
    bool integer = polynomial->constant == rint(polynomial->constant);
    for (size_t t = 0; t < polynomial->nterms; t++) {
        integer = integer && polynomial->terms[t].c == rint(polynomial->terms[t].c);
        largest += fabs(polynomial->terms[t].c);
    }
    return integer && largest <= LARGEST_INTEGER;
}

bool qn_polynomial_is_symmetric(const qn_polynomial *polynomial)
{
    for (size_t t = 0; t < polynomial->nterms; t++) {
        if (polynomial->terms[t].count % 2 != 0) {
            return false;
        }
    }
    return true;
}

void qn_polynomial_bounds(const qn_polynomial *polynomial, double *low, double *high)
{
    double reach = 0;
    for (size_t t = 0; t < polynomial->nterms; t++) {
        reach += fabs(polynomial->terms[t].c);
    }
    *low = polynomial->constant - reach;
    *high = polynomial->constant + reach;
}
