/* lie.c: closing Pauli strings under commutators.
 *
 * The commutator of two strings is 0 or twice their product, so the algebra has a basis of strings, and nested
 * commutators with generators reach all of them: breadth first from the generators, each new string against every
 * generator of its connected set. Sets of generators that commute with each other give commuting parts. */
#include "learn/lie.h"

#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/context.h"
#include "base/status.h"

enum { MOST_STRINGS = 1 << 20 };

/* --- the public face --- */

void qn_lie_free(qn_lie *lie)
{
    if (lie == NULL) {
        return;
    }
    for (size_t p = 0; p < lie->nparts; p++) {
        qn__free(lie->parts[p].symmetries);
    }
    qn__strings_close(&lie->strings);
    qn__free(lie->generator);
    qn__free(lie->generator_part);
    qn__free(lie->parts);
    qn__free(lie->ideals);
    qn__free(lie->generators);
    qn__free(lie->basis);
    qn__free(lie->simple);
    qn__free(lie->simple_first);
    qn__free(lie);
}

bool qn_lie_complete(const qn_lie *lie)
{
    return lie->complete;
}

bool qn_lie_of_strings(const qn_lie *lie)
{
    return lie->of_strings;
}

bool qn_lie_is_split(const qn_lie *lie)
{
    return lie->split;
}

uint64_t qn_lie_dimension(const qn_lie *lie)
{
    return lie->dimension;
}

uint64_t qn_lie_centre(const qn_lie *lie)
{
    return lie->centre;
}

const qn_lie_ideals *qn_lie_ideals_at(const qn_lie *lie, size_t index)
{
    return index < lie->nideals ? &lie->ideals[index] : NULL;
}

/* --- closure --- */

static bool is_identity(const qn_pauli_sum *sum, size_t term)
{
    for (size_t w = 0; w < qn_pauli_sum_words(sum); w++) {
        if ((qn_pauli_sum_x(sum, term)[w] | qn_pauli_sum_z(sum, term)[w]) != 0) {
            return false;
        }
    }
    return true;
}

/* The one string of a generator; SIZE_MAX when it is the identity alone, SIZE_MAX - 1 when it is a sum. */
static size_t only_term(const qn_pauli_sum *sum)
{
    size_t found = SIZE_MAX;
    for (size_t t = 0; t < qn_pauli_sum_terms(sum); t++) {
        if (!is_identity(sum, t)) {
            if (found != SIZE_MAX) {
                return SIZE_MAX - 1;
            }
            found = t;
        }
    }
    return found;
}

typedef struct closure {
    const qn_context *context;
    qn_lie *lie;
    size_t words, limit;
    uint64_t *start; /* strings of the distinct generators, 2 words each */
    size_t *set;     /* number of each one's connected set */
    size_t *members; /* of the set at work */
    size_t distinct, nsets;
    uint64_t *product;
} closure;

/* Connected sets under "do not commute", numbered in order. */
static void connect_generators(closure *c)
{
    size_t *stack = c->members;
    for (size_t g = 0; g < c->distinct; g++) {
        c->set[g] = SIZE_MAX;
    }
    for (size_t g = 0; g < c->distinct; g++) {
        if (c->set[g] != SIZE_MAX) {
            continue;
        }
        size_t depth = 0;
        c->set[g] = c->nsets;
        stack[depth++] = g;
        while (depth > 0) {
            const uint64_t *a = c->start + 2 * c->words * stack[--depth];
            for (size_t h = 0; h < c->distinct; h++) {
                if (c->set[h] == SIZE_MAX && !qn__strings_commute(c->words, a, c->start + 2 * c->words * h)) {
                    c->set[h] = c->nsets;
                    stack[depth++] = h;
                }
            }
        }
        c->nsets++;
    }
}

/* Every string of one set; complete is false when the limit stopped it. */
static qn_status close_set(closure *c, size_t set)
{
    qn_lie *lie = c->lie;
    qn__lie_part *part = &lie->parts[set];
    size_t members = 0, index = 0;
    part->first = lie->strings.count;
    for (size_t g = 0; g < c->distinct; g++) {
        if (c->set[g] == set) {
            c->members[members++] = g;
            QN_TRY(qn__strings_put(&lie->strings, c->start + 2 * c->words * g, &index));
        }
    }
    part->ngenerators = members;
    for (size_t at = part->first; at < lie->strings.count && lie->complete; at++) {
        QN_CHECK(at % 1024 != 0 || !qn_context_interrupted(c->context), ERR_INTERRUPTED,
                 "interrupted while closing a Lie algebra");
        for (size_t m = 0; m < members; m++) {
            const uint64_t *generator = c->start + 2 * c->words * c->members[m];
            const uint64_t *string = qn__strings_at(&lie->strings, at);
            if (qn__strings_commute(c->words, generator, string)) {
                continue;
            }
            (void)qn__strings_multiply(c->words, generator, string, c->product);
            QN_TRY(qn__strings_put(&lie->strings, c->product, &index));
            if (lie->strings.count > c->limit) {
                lie->complete = false;
                break;
            }
        }
    }
    part->count = lie->strings.count - part->first;
    lie->centre += members == 1 ? 1 : 0;
    return QN_OK;
}

/* Distinct generators, and where each given one went. */
static qn_status gather(closure *c, const qn_pauli_sum *const *generators, size_t count)
{
    qn__strings seen;
    size_t *distinct = c->lie->generator; /* for now: the number among the distinct ones */
    qn_status status = qn__strings_open(&seen, c->words);
    for (size_t g = 0; g < count && status == QN_OK; g++) {
        const size_t term = only_term(generators[g]);
        distinct[g] = SIZE_MAX;
        if (term != SIZE_MAX) {
            memcpy(c->product, qn_pauli_sum_x(generators[g], term), c->words * sizeof *c->product);
            memcpy(c->product + c->words, qn_pauli_sum_z(generators[g], term), c->words * sizeof *c->product);
            status = qn__strings_put(&seen, c->product, &distinct[g]);
        }
    }
    if (status == QN_OK && seen.count > 0) {
        memcpy(c->start, seen.masks, seen.count * 2 * c->words * sizeof *c->start);
    }
    c->distinct = seen.count;
    qn__strings_close(&seen);
    return status;
}

static qn_status close_strings(closure *c, const qn_pauli_sum *const *generators, size_t count)
{
    qn_lie *lie = c->lie;
    QN_TRY(gather(c, generators, count));
    connect_generators(c);
    lie->parts = qn__calloc(c->nsets, sizeof *lie->parts);
    QN_ALLOC_CHECK(lie->parts);
    lie->nparts = c->nsets;
    for (size_t set = 0; set < c->nsets && lie->complete; set++) {
        QN_TRY(close_set(c, set));
    }
    lie->dimension = lie->strings.count;
    for (size_t g = 0; g < count; g++) {
        lie->generator_part[g] = SIZE_MAX;
        if (lie->generator[g] != SIZE_MAX) {
            lie->generator_part[g] = c->set[lie->generator[g]];
            lie->generator[g] = qn__strings_find(&lie->strings, c->start + 2 * c->words * lie->generator[g]);
        }
    }
    return lie->complete ? qn__lie_split(lie) : QN_OK;
}

static qn_status open_closure(closure *c, const qn_pauli_sum *const *generators, size_t count)
{
    qn_lie *lie = c->lie;
    lie->ngenerators = count;
    lie->generator = qn__alloc(count, sizeof *lie->generator);
    QN_ALLOC_CHECK(lie->generator);
    lie->generator_part = qn__alloc(count, sizeof *lie->generator_part);
    QN_ALLOC_CHECK(lie->generator_part);
    c->start = qn__alloc(count, 2 * c->words * sizeof *c->start);
    QN_ALLOC_CHECK(c->start);
    c->set = qn__alloc(count, sizeof *c->set);
    QN_ALLOC_CHECK(c->set);
    c->members = qn__alloc(count, sizeof *c->members);
    QN_ALLOC_CHECK(c->members);
    c->product = qn__alloc(2 * c->words, sizeof *c->product);
    QN_ALLOC_CHECK(c->product);
    return close_strings(c, generators, count);
}

static qn_status check(const qn_pauli_sum *const *generators, size_t count, bool *of_strings)
{
    QN_CHECK(count > 0, ERR_ARGUMENT, "no generators");
    *of_strings = true;
    for (size_t g = 0; g < count; g++) {
        QN_CHECK(qn_pauli_sum_qubits(generators[g]) == qn_pauli_sum_qubits(generators[0]), ERR_SHAPE,
                 "generator %zu has %u qubits, the first %u", g, qn_pauli_sum_qubits(generators[g]),
                 qn_pauli_sum_qubits(generators[0]));
        QN_CHECK(qn_pauli_sum_is_hermitian(generators[g], 1e-12, NULL), ERR_NOT_HERMITIAN,
                 "generator %zu is not Hermitian", g);
        *of_strings = *of_strings && only_term(generators[g]) != SIZE_MAX - 1;
    }
    return QN_OK;
}

qn_status qn_lie_close(const qn_context *context, const qn_pauli_sum *const *generators, size_t count, uint64_t limit,
                       qn_lie **out)
{
    bool of_strings = false;
    QN_TRY(check(generators, count, &of_strings));
    qn_lie *lie = qn__calloc(1, sizeof *lie);
    QN_ALLOC_CHECK(lie);
    lie->qubits = qn_pauli_sum_qubits(generators[0]);
    lie->complete = true;
    lie->of_strings = of_strings;
    closure c = {.context = context,
                 .lie = lie,
                 .words = qn_pauli_sum_words(generators[0]),
                 .limit = limit != 0 ? (size_t)limit : MOST_STRINGS};
    qn_status status = qn__strings_open(&lie->strings, c.words);
    if (status == QN_OK) {
        status = of_strings ? open_closure(&c, generators, count)
                            : qn__lie_close_sums(context, generators, count, limit, lie);
    }
    qn__free(c.start);
    qn__free(c.set);
    qn__free(c.members);
    qn__free(c.product);
    if (status != QN_OK) {
        qn_lie_free(lie);
        return status;
    }
    *out = lie;
    return QN_OK;
}
