/* lie_ideals.c: simple ideals of an algebra of strings, and the variances that follow from them.
 *
 * A connected part g that is not a single string is simple or a sum of copies of one simple algebra (Aguilar, Cichy,
 * Eisert, Bittel, arXiv:2408.00081). Copies come from strings Q that commute with g and map it to itself: the
 * projectors (1 +- Q)/2 cut it into ideals. Every such Q is a product of the first string with another one of g. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "learn/lie.h"

enum { MOST_RANK = 20 };

/* --- symmetries --- */

static bool maps_to_itself(const qn_lie *lie, const qn__lie_part *part, const uint64_t *q, uint64_t *product)
{
    const size_t words = lie->strings.words;
    for (size_t g = 0; g < part->ngenerators; g++) { /* generators are the first strings of a part */
        if (!qn__strings_commute(words, q, qn__strings_at(&lie->strings, part->first + g))) {
            return false;
        }
    }
    for (size_t g = 0; g < part->ngenerators; g++) {
        (void)qn__strings_multiply(words, q, qn__strings_at(&lie->strings, part->first + g), product);
        const size_t index = qn__strings_find(&lie->strings, product);
        if (index == SIZE_MAX || index < part->first || index >= part->first + part->count) {
            return false;
        }
    }
    return true;
}

/* Adds q when it is no product of those there; rows are kept with distinct leading bits in `reduced`. */
static bool independent(size_t words, uint64_t *reduced, uint32_t rank, const uint64_t *q)
{
    uint64_t *row = reduced + (size_t)rank * 2 * words;
    memcpy(row, q, 2 * words * sizeof *q);
    for (uint32_t r = 0; r < rank; r++) {
        const uint64_t *other = reduced + (size_t)r * 2 * words;
        uint32_t lead = 0;
        while (!qn__bit(other, lead)) {
            lead++;
        }
        const uint64_t mask = qn__bit(row, lead) ? UINT64_MAX : 0;
        for (size_t w = 0; w < 2 * words; w++) {
            row[w] ^= other[w] & mask;
        }
    }
    uint64_t any = 0;
    for (size_t w = 0; w < 2 * words; w++) {
        any |= row[w];
    }
    return any != 0;
}

static qn_status find_symmetries(qn_lie *lie, qn__lie_part *part)
{
    const size_t words = lie->strings.words;
    uint64_t *room = qn__alloc(2 * (MOST_RANK + 2), 2 * words * sizeof *room);
    QN_ALLOC_CHECK(room);
    uint64_t *found = room, *reduced = room + (MOST_RANK + 1) * 2 * words;
    uint64_t *q = reduced + (MOST_RANK + 1) * 2 * words, *product = q + 2 * words;
    const uint64_t *first = qn__strings_at(&lie->strings, part->first);
    for (size_t j = 1; j < part->count && part->ngenerators > 1 && part->rank < MOST_RANK; j++) {
        const uint64_t *other = qn__strings_at(&lie->strings, part->first + j);
        if (!qn__strings_commute(words, first, other)) {
            continue;
        }
        (void)qn__strings_multiply(words, first, other, q);
        if (maps_to_itself(lie, part, q, product) && independent(words, reduced, part->rank, q)) {
            memcpy(found + (size_t)part->rank * 2 * words, q, 2 * words * sizeof *q);
            part->rank++;
        }
    }
    part->symmetries = room; /* the first rows of it */
    return QN_OK;
}

qn_status qn__lie_split(qn_lie *lie)
{
    lie->ideals = qn__calloc(lie->nparts, sizeof *lie->ideals);
    QN_ALLOC_CHECK(lie->ideals);
    for (size_t p = 0; p < lie->nparts; p++) {
        qn__lie_part *part = &lie->parts[p];
        QN_TRY(find_symmetries(lie, part));
        if (part->ngenerators == 1) {
            continue;
        }
        const uint64_t dimension = (uint64_t)part->count >> part->rank;
        size_t k = 0;
        while (k < lie->nideals && lie->ideals[k].dimension != dimension) {
            k++;
        }
        lie->nideals += k == lie->nideals ? 1 : 0;
        lie->ideals[k].dimension = dimension;
        lie->ideals[k].copies += UINT64_C(1) << part->rank;
    }
    lie->split = true;
    return QN_OK;
}

/* --- variances --- */

double qn__lie_expectation(const char *input, uint32_t qubits, size_t words, const uint64_t *masks)
{
    double value = 1.0;
    for (uint32_t q = 0; q < qubits && value != 0.0; q++) {
        const bool x = qn__bit(masks, q), z = qn__bit(masks + words, q);
        const bool diagonal = input[q] == '0' || input[q] == '1';
        if (diagonal ? x : z) {
            value = 0.0;
        } else if (diagonal ? z && input[q] == '1' : x && input[q] == '-') {
            value = -value;
        }
    }
    return value;
}

qn_status qn__lie_check_input(const qn_lie *lie, const char *input)
{
    QN_CHECK(strlen(input) == lie->qubits && strspn(input, "01+-") == lie->qubits, ERR_ARGUMENT,
             "the input needs one of 0 1 + - for each of %u qubits", lie->qubits);
    return QN_OK;
}

typedef struct orbit {
    const qn_lie *lie;
    const qn__lie_part *part;
    const char *input;
    const double *coefficient; /* of the observable, by string */
    bool *seen;
    double *state, *observable;               /* of the orbit's members, then of the ideals */
    double *state_purity, *observable_purity; /* of the ideals */
    uint64_t *string, *next;
} orbit;

static void walsh(double *values, size_t count)
{
    for (size_t h = 1; h < count; h *= 2) {
        for (size_t i = 0; i < count; i++) {
            if ((i & h) == 0) {
                const double a = values[i], b = values[i + h];
                values[i] = (a + b) * 0.70710678118654752440;
                values[i + h] = (a - b) * 0.70710678118654752440;
            }
        }
    }
}

/* Strings Q^s B for all s, with their signs; what they give to each ideal. */
static void add_orbit(orbit *o, size_t index)
{
    const size_t words = o->lie->strings.words, copies = (size_t)1 << o->part->rank;
    for (size_t s = 0; s < copies; s++) {
        double sign = 1.0;
        memcpy(o->string, qn__strings_at(&o->lie->strings, index), 2 * words * sizeof *o->string);
        for (uint32_t r = 0; r < o->part->rank; r++) {
            if ((s >> r & 1) != 0) {
                sign *=
                    qn__strings_multiply(words, o->part->symmetries + (size_t)r * 2 * words, o->string, o->next) == 0
                        ? 1.0
                        : -1.0;
                memcpy(o->string, o->next, 2 * words * sizeof *o->string);
            }
        }
        const size_t member = qn__strings_find(&o->lie->strings, o->string);
        o->seen[member] = true;
        o->state[s] = sign * qn__lie_expectation(o->input, o->lie->qubits, words, o->string);
        o->observable[s] = sign * o->coefficient[member];
    }
    walsh(o->state, copies);
    walsh(o->observable, copies);
    for (size_t s = 0; s < copies; s++) {
        o->state_purity[s] += o->state[s] * o->state[s];
        o->observable_purity[s] += o->observable[s] * o->observable[s];
    }
}

/* The factors 2^n of both purities cancel. */
static double part_variance(orbit *o)
{
    const size_t copies = (size_t)1 << o->part->rank;
    memset(o->state_purity, 0, copies * sizeof *o->state_purity);
    memset(o->observable_purity, 0, copies * sizeof *o->observable_purity);
    for (size_t j = o->part->first; j < o->part->first + o->part->count; j++) {
        if (!o->seen[j]) {
            add_orbit(o, j);
        }
    }
    double sum = 0.0;
    for (size_t s = 0; s < copies; s++) {
        sum += o->state_purity[s] * o->observable_purity[s];
    }
    return sum * (double)copies / (double)o->part->count;
}

/* Share of a part's strings that do not commute with a generator's. */
static double moved_share(const qn_lie *lie, const qn__lie_part *part, size_t generator)
{
    size_t moved = 0;
    for (size_t j = part->first; j < part->first + part->count; j++) {
        moved += qn__strings_commute(lie->strings.words, qn__strings_at(&lie->strings, j),
                                     qn__strings_at(&lie->strings, lie->generator[generator]))
                     ? 0
                     : 1;
    }
    return (double)moved / (double)part->count;
}

bool qn__lie_spread(const qn_lie *lie, const qn_pauli_sum *observable, uint64_t *masks, double *coefficient,
                    double *constant)
{
    const size_t words = lie->strings.words;
    memset(coefficient, 0, lie->strings.count * sizeof *coefficient);
    *constant = 0.0;
    for (size_t t = 0; t < qn_pauli_sum_terms(observable); t++) {
        uint64_t any = 0;
        for (size_t w = 0; w < words; w++) {
            masks[w] = qn_pauli_sum_x(observable, t)[w];
            masks[words + w] = qn_pauli_sum_z(observable, t)[w];
            any |= masks[w] | masks[words + w];
        }
        const size_t index = qn__strings_find(&lie->strings, masks);
        if (index != SIZE_MAX) {
            coefficient[index] += qn_pauli_sum_coefficient(observable, t).re;
        } else if (any != 0) {
            return false;
        } else {
            *constant += qn_pauli_sum_coefficient(observable, t).re;
        }
    }
    return true;
}

static void add_parts(const qn_lie *lie, orbit *o, size_t generator, double *loss, double *derivative)
{
    *loss = *derivative = 0.0;
    for (size_t p = 0; p < lie->nparts; p++) {
        o->part = &lie->parts[p];
        if (o->part->ngenerators > 1) { /* the centre does not move */
            const double variance = part_variance(o);
            *loss += variance;
            *derivative += lie->generator_part[generator] == p ? variance * moved_share(lie, o->part, generator) : 0.0;
        }
    }
}

qn_status qn_lie_variance(const qn_lie *lie, const char *input, const qn_pauli_sum *observable, size_t generator,
                          double *loss, double *derivative)
{
    QN_CHECK(qn_pauli_sum_qubits(observable) == lie->qubits, ERR_SHAPE, "the observable has %u qubits, the algebra %u",
             qn_pauli_sum_qubits(observable), lie->qubits);
    QN_CHECK(lie->split, ERR_UNSUPPORTED, "an algebra whose simple ideals are known is needed");
    QN_CHECK(generator < lie->ngenerators && (!lie->of_strings || lie->generator[generator] != SIZE_MAX), ERR_RANGE,
             "no generator %zu", generator);
    QN_TRY(qn__lie_check_input(lie, input));
    if (!lie->of_strings) {
        double of_loss = (double)NAN, of_derivative = (double)NAN;
        QN_TRY(qn__lie_variance_of_sums(lie, input, observable, generator, &of_loss, &of_derivative));
        if (loss != NULL) {
            *loss = of_loss;
        }
        if (derivative != NULL) {
            *derivative = of_derivative;
        }
        return QN_OK;
    }
    uint32_t rank = 0;
    for (size_t p = 0; p < lie->nparts; p++) {
        rank = lie->parts[p].rank > rank ? lie->parts[p].rank : rank;
    }
    const size_t copies = (size_t)1 << rank, words = lie->strings.words;
    double *numbers = qn__alloc(lie->strings.count + 4 * copies, sizeof *numbers);
    bool *seen = qn__calloc(lie->strings.count, sizeof *seen);
    uint64_t *masks = qn__alloc(4 * words, sizeof *masks);
    const bool memory = numbers != NULL && seen != NULL && masks != NULL;
    if (memory) {
        double *work = numbers + lie->strings.count, of_loss = (double)NAN, constant = 0.0, of_derivative = (double)NAN;
        orbit o = {lie,
                   NULL,
                   input,
                   numbers,
                   seen,
                   work,
                   work + copies,
                   work + 2 * copies,
                   work + 3 * copies,
                   masks,
                   masks + 2 * words};
        if (qn__lie_spread(lie, observable, masks, numbers, &constant)) {
            add_parts(lie, &o, generator, &of_loss, &of_derivative);
        }
        if (loss != NULL) {
            *loss = of_loss;
        }
        if (derivative != NULL) {
            *derivative = of_derivative;
        }
    }
    qn__free(numbers);
    qn__free(seen);
    qn__free(masks);
    return memory ? QN_OK : QN_ERR_MEMORY;
}
