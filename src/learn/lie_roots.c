/* lie_roots.c: simple ideals of an algebra of sums, by its roots.
 *
 * The algebra is compact: its centre and its simple ideals are orthogonal and add up to it. In an orthonormal basis the
 * matrix of ad x = [x, .] is antisymmetric. For a random x its null space is a Cartan subalgebra, and its other
 * eigenvectors come as planes (e, f), one for each pair of roots +-a, with [e, f] in the Cartan subalgebra along the
 * root. Roots of different ideals are orthogonal; those of one ideal hang together by angles other than 90 degrees,
 * whose cosines are 1/2, 1/sqrt 2 or sqrt 3 / 2, up to sign (J. Humphreys, Introduction to Lie Algebras and
 * Representation Theory, sections 8 to 11). So the connected sets of roots are the ideals: an ideal is spanned by its
 * planes and its roots. A cosine that is none of these says that rounding won; then another x is tried. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/context.h"
#include "base/rng.h"
#include "base/status.h"
#include "learn/lie.h"
#include "math/linalg.h"

enum { TRIES = 3 };

/* Relative sizes: of an eigenvalue that is no root's, of cosines that are 0 and that are not, of a vector in a span. */
static const double no_root = 1e-9, orthogonal = 1e-3, least_cosine = 0.49, in_span = 1e-6;

typedef struct roots {
    qn_lie *lie;
    size_t terms, dimension; /* strings; vectors of the basis */
    int32_t *product;        /* terms x terms: of the commutator over 2 i, +-(1 + index); 0: none */
    double *element;         /* x, terms */
    double *image;           /* [x, v_k] of every k: dimension x terms */
    double *values;          /* eigenvalues */
    qn_complex *matrix;      /* i ad x, then its eigenvectors */
    void *scratch;
    size_t count;      /* pairs of roots */
    double *planes;    /* e, f of each: 2 count x terms */
    double *direction; /* [e, f] of each, of norm 1: count x terms */
    size_t *set;       /* each pair's ideal */
    size_t *stack;
} roots;

/* out = [a, b] / (2 i) of vectors over the strings. */
static void bracket(const roots *r, const double *a, const double *b, double *out)
{
    const size_t terms = r->terms;
    memset(out, 0, terms * sizeof *out);
    for (size_t i = 0; i < terms; i++) {
        const int32_t *const row = r->product + i * terms;
        for (size_t j = 0; j < i; j++) {
            const double weight = a[i] * b[j] - a[j] * b[i];
            if (row[j] > 0) {
                out[row[j] - 1] += weight;
            } else if (row[j] < 0) {
                out[-row[j] - 1] -= weight;
            }
        }
    }
}

static void fill_products(roots *r, uint64_t *room)
{
    const qn__strings *const s = &r->lie->strings;
    for (size_t i = 0; i < r->terms; i++) {
        for (size_t j = 0; j < i; j++) {
            int32_t entry = 0;
            if (!qn__strings_commute(s->words, qn__strings_at(s, i), qn__strings_at(s, j))) {
                const uint32_t power = qn__strings_multiply(s->words, qn__strings_at(s, i), qn__strings_at(s, j), room);
                const size_t index = qn__strings_find(s, room);
                /* a product that is no string of the algebra cancels in every commutator of its elements */
                entry = index == SIZE_MAX ? 0 : power == 1 ? (int32_t)index + 1 : -(int32_t)index - 1;
            }
            r->product[i * r->terms + j] = entry;
        }
    }
}

static double dot(const double *a, const double *b, size_t count)
{
    double sum = 0.0;
    for (size_t i = 0; i < count; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

static double normalise(double *a, size_t count)
{
    const double norm = sqrt(dot(a, a, count));
    for (size_t i = 0; i < count && norm > 0.0; i++) {
        a[i] /= norm;
    }
    return norm;
}

/* Eigenvectors e + i f of i ad x at positive eigenvalues, which are half of those that are not 0. */
static qn_status find_planes(roots *r, uint64_t attempt)
{
    const size_t d = r->dimension, terms = r->terms;
    const double *const basis = r->lie->basis;
    memset(r->element, 0, terms * sizeof *r->element);
    for (size_t k = 0; k < d; k++) {
        const double weight = qn__random_normal(UINT64_C(0x726f6f7473), attempt, k);
        for (size_t i = 0; i < terms; i++) {
            r->element[i] += weight * basis[k * terms + i];
        }
    }
    for (size_t k = 0; k < d; k++) {
        bracket(r, r->element, basis + k * terms, r->image + k * terms);
    }
    for (size_t k = 0; k < d; k++) {
        for (size_t j = k; j < d; j++) { /* <v_j, [x, v_k]> */
            const double entry = dot(basis + j * terms, r->image + k * terms, terms);
            r->matrix[j + d * k] = (qn_complex){0.0, entry};
            r->matrix[k + d * j] = (qn_complex){0.0, -entry};
        }
    }
    QN_TRY(qn__linalg_hermitian_eigen(d, r->matrix, r->values, r->scratch));
    const double most = sqrt(dot(r->element, r->element, terms)); /* not the largest root: there may be none */
    r->count = 0;
    while (r->count < d && r->values[d - 1 - r->count] > no_root * most) {
        const qn_complex *const column = r->matrix + d * (d - 1 - r->count);
        double *const e = r->planes + 2 * r->count * terms, *const f = e + terms;
        memset(e, 0, 2 * terms * sizeof *e);
        for (size_t k = 0; k < d; k++) {
            for (size_t i = 0; i < terms; i++) {
                e[i] += M_SQRT2 * column[k].re * basis[k * terms + i];
                f[i] += M_SQRT2 * column[k].im * basis[k * terms + i];
            }
        }
        bracket(r, e, f, r->direction + r->count * terms);
        (void)normalise(r->direction + r->count * terms, terms);
        r->count++;
    }
    return QN_OK;
}

/* Numbers the connected sets; false when some angle is none that roots have. */
static bool connect_roots(roots *r, size_t *sets)
{
    *sets = 0;
    for (size_t a = 0; a < r->count; a++) {
        r->set[a] = SIZE_MAX;
    }
    for (size_t a = 0; a < r->count; a++) {
        if (r->set[a] != SIZE_MAX) {
            continue;
        }
        size_t depth = 0;
        r->set[a] = *sets;
        r->stack[depth++] = a;
        while (depth > 0) {
            const double *const from = r->direction + r->stack[--depth] * r->terms;
            for (size_t b = 0; b < r->count; b++) {
                const double cosine = fabs(dot(from, r->direction + b * r->terms, r->terms));
                if (cosine > orthogonal && cosine < least_cosine) {
                    return false;
                }
                if (cosine >= least_cosine && r->set[b] == SIZE_MAX) {
                    r->set[b] = *sets;
                    r->stack[depth++] = b;
                }
            }
        }
        (*sets)++;
    }
    return true;
}

/* The planes and roots of one set become orthonormal vectors of an ideal behind those there; gives how many, `most` at
 * most. */
static size_t add_ideal(const roots *r, size_t set, double *to, size_t most)
{
    const size_t terms = r->terms;
    size_t count = 0;
    for (size_t a = 0; a < r->count; a++) {
        if (r->set[a] == set && count + 2 <= most) {
            memcpy(to + count * terms, r->planes + 2 * a * terms, 2 * terms * sizeof *to);
            count += 2;
        }
    }
    const size_t first = count; /* the planes are orthogonal to the Cartan subalgebra */
    for (size_t a = 0; a < r->count; a++) {
        if (r->set[a] != set || count == most) {
            continue;
        }
        double *const next = to + count * terms;
        memcpy(next, r->direction + a * terms, terms * sizeof *next);
        for (int pass = 0; pass < 2; pass++) {
            for (size_t k = first; k < count; k++) {
                const double overlap = dot(to + k * terms, next, terms);
                for (size_t i = 0; i < terms; i++) {
                    next[i] -= overlap * to[k * terms + i];
                }
            }
        }
        count += normalise(next, terms) > in_span ? 1 : 0;
    }
    return count;
}

/* Groups ideals of one dimension for the public list. */
static void count_ideal(qn_lie *lie, uint64_t dimension)
{
    size_t k = 0;
    while (k < lie->nideals && lie->ideals[k].dimension != dimension) {
        k++;
    }
    lie->nideals += k == lie->nideals ? 1 : 0;
    lie->ideals[k].dimension = dimension;
    lie->ideals[k].copies++;
}

static qn_status store(roots *r, size_t sets)
{
    qn_lie *const lie = r->lie;
    lie->ideals = qn__calloc(sets + 1, sizeof *lie->ideals);
    QN_ALLOC_CHECK(lie->ideals);
    lie->simple_first = qn__calloc(sets + 1, sizeof *lie->simple_first);
    QN_ALLOC_CHECK(lie->simple_first);
    lie->simple = qn__calloc(r->dimension + 1, r->terms * sizeof *lie->simple);
    QN_ALLOC_CHECK(lie->simple);
    size_t used = 0;
    for (size_t set = 0; set < sets; set++) {
        const size_t count = add_ideal(r, set, lie->simple + used * r->terms, r->dimension - used);
        count_ideal(lie, count);
        used += count;
        lie->simple_first[set + 1] = used;
    }
    lie->nsimple = sets;
    lie->centre = r->dimension - used;
    lie->split = true;
    return QN_OK;
}

static qn_status run(roots *r)
{
    const size_t d = r->dimension, terms = r->terms;
    uint64_t *const room = qn__alloc(2 * r->lie->strings.words, sizeof *room);
    QN_ALLOC_CHECK(room);
    r->product = qn__alloc(terms * terms, sizeof *r->product);
    r->element = qn__alloc(terms + d, sizeof *r->element);
    r->image = qn__alloc(d * terms, sizeof *r->image);
    r->matrix = qn__alloc(d * d, sizeof *r->matrix);
    r->scratch = qn__alloc((size_t)qn__linalg_scratch(d, true), 1);
    r->planes = qn__alloc((d + d / 2 + 2) * terms, sizeof *r->planes);
    r->set = qn__alloc(2 * d + 2, sizeof *r->set);
    if (r->product == NULL || r->element == NULL || r->image == NULL || r->matrix == NULL || r->scratch == NULL ||
        r->planes == NULL || r->set == NULL) {
        qn__free(room);
        return QN_ERR_MEMORY;
    }
    r->values = r->element + terms;
    r->direction = r->planes + (d + 1) * terms;
    r->stack = r->set + d + 1;
    fill_products(r, room);
    qn__free(room);
    size_t sets = 0;
    bool good = false;
    for (uint64_t attempt = 0; attempt < TRIES && !good; attempt++) {
        QN_TRY(find_planes(r, attempt));
        good = connect_roots(r, &sets);
    }
    return good ? store(r, sets) : QN_OK;
}

qn_status qn__lie_split_sums(const qn_context *context, qn_lie *lie)
{
    roots r = {.lie = lie, .terms = lie->strings.count, .dimension = (size_t)lie->dimension};
    if (r.terms > QN__LIE_MOST_SPLIT || r.dimension == 0) {
        return QN_OK;
    }
    QN_CHECK(!qn_context_interrupted(context), ERR_INTERRUPTED, "interrupted before a Lie algebra was split");
    const qn_status status = run(&r);
    qn__free(r.product);
    qn__free(r.element);
    qn__free(r.image);
    qn__free(r.matrix);
    qn__free(r.scratch);
    qn__free(r.planes);
    qn__free(r.set);
    return status;
}

/* --- variances --- */

/* Coefficients of a sum over the strings, the identity left out; false when it has a string that is not there. */
static bool spread(const qn_lie *lie, const qn_pauli_sum *sum, uint64_t *masks, double *coefficient)
{
    double constant = 0.0;
    return qn__lie_spread(lie, sum, masks, coefficient, &constant);
}

/* What of the observable is outside of the algebra, relative to it. */
static double outside(const qn_lie *lie, const double *observable)
{
    const size_t terms = lie->strings.count;
    const double whole = dot(observable, observable, terms);
    double inside = 0.0;
    for (size_t k = 0; k < lie->dimension; k++) {
        const double overlap = dot(lie->basis + k * terms, observable, terms);
        inside += overlap * overlap;
    }
    return whole > 0.0 ? fabs(whole - inside) / whole : 0.0;
}

/* Sum over the ideal's vectors of |[G / 2, v]|^2: what the generator moves. */
static double moved(const qn_lie *lie, const double *generator, size_t first, size_t last, double *out, uint64_t *room)
{
    const qn__strings *const s = &lie->strings;
    double sum = 0.0;
    for (size_t k = first; k < last; k++) {
        const double *const v = lie->simple + k * s->count;
        memset(out, 0, s->count * sizeof *out);
        for (size_t i = 0; i < s->count; i++) {
            for (size_t j = 0; generator[i] != 0.0 && j < s->count; j++) {
                if (v[j] == 0.0 || qn__strings_commute(s->words, qn__strings_at(s, i), qn__strings_at(s, j))) {
                    continue;
                }
                const uint32_t power = qn__strings_multiply(s->words, qn__strings_at(s, i), qn__strings_at(s, j), room);
                const size_t index = qn__strings_find(s, room);
                if (index != SIZE_MAX) {
                    out[index] += (power == 1 ? 1.0 : -1.0) * generator[i] * v[j];
                }
            }
        }
        sum += dot(out, out, s->count);
    }
    return sum;
}

/* The factors 2^n of both purities cancel, as for strings (lie_ideals.c). */
static void add_ideals(const qn_lie *lie, const char *input, const double *observable, const double *generator,
                       double *out, uint64_t *room, double *loss, double *derivative)
{
    const qn__strings *const s = &lie->strings;
    *loss = *derivative = 0.0;
    for (size_t p = 0; p < lie->nsimple; p++) {
        const size_t first = lie->simple_first[p], last = lie->simple_first[p + 1];
        double state_purity = 0.0, observable_purity = 0.0;
        for (size_t k = first; k < last; k++) {
            const double *const v = lie->simple + k * s->count;
            double value = 0.0;
            for (size_t j = 0; j < s->count; j++) {
                value +=
                    v[j] != 0.0 ? v[j] * qn__lie_expectation(input, lie->qubits, s->words, qn__strings_at(s, j)) : 0.0;
            }
            const double overlap = dot(v, observable, s->count);
            state_purity += value * value;
            observable_purity += overlap * overlap;
        }
        const double dimension = (double)(last - first), variance = state_purity * observable_purity / dimension;
        *loss += variance;
        *derivative += variance * moved(lie, generator, first, last, out, room) / dimension;
    }
}

qn_status qn__lie_variance_of_sums(const qn_lie *lie, const char *input, const qn_pauli_sum *observable,
                                   size_t generator, double *loss, double *derivative)
{
    const size_t terms = lie->strings.count;
    double *const numbers = qn__alloc(2 * terms, sizeof *numbers);
    QN_ALLOC_CHECK(numbers);
    uint64_t *const room = qn__alloc(2 * lie->strings.words, sizeof *room);
    if (room == NULL) {
        qn__free(numbers);
        return QN_ERR_MEMORY;
    }
    *loss = *derivative = (double)NAN;
    if (spread(lie, observable, room, numbers) && outside(lie, numbers) < in_span) {
        add_ideals(lie, input, numbers, lie->generators + generator * terms, numbers + terms, room, loss, derivative);
    }
    qn__free(numbers);
    qn__free(room);
    return QN_OK;
}
