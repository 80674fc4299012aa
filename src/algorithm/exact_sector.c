/* exact_sector.c: enumerates basis states under diagonal constraints.
 *
 * Bits are chosen from the highest down. A Z string has its sign once its lowest bit is chosen; what is still open can
 * move a constraint's value by at most the sum of its |c|, and a branch that cannot reach the wanted value any more is
 * cut. For particle numbers this visits little more than the sector itself. */
#include "algorithm/exact_sector.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"

static const double MATCH = 1e-6;
#define MOST_STEPS (UINT64_C(1) << 32) /* of the walk; some tens of seconds */

/* The Z strings of all constraints, ordered by lowest bit. */
typedef struct walk {
    uint32_t nqubits;
    size_t constraints, terms;
    uint64_t *z;
    double *c;
    size_t *owner; /* constraint of each term */
    size_t *first; /* first[q]: first term whose lowest bit is q; nqubits + 1 entries */
    double *open;  /* open[q * constraints + i]: sum |c| of constraint i's terms with lowest bit under q */
    double *value; /* value[q * constraints + i]: distance from the wanted value, terms with lowest bit at q or above */
    uint64_t found, steps;
    uint64_t *states; /* NULL: only count */
} walk;

static qn_status check_constraint(const qn_pauli_sum *hamiltonian, const qn_constraint *constraint, size_t index)
{
    const qn_pauli_sum *op = constraint->operator_;
    QN_CHECK(op != NULL, ERR_ARGUMENT, "constraint %zu has no operator", index);
    const uint32_t n = qn_pauli_sum_qubits(hamiltonian);
    QN_CHECK(qn_pauli_sum_qubits(op) == n, ERR_ARGUMENT, "constraint %zu acts on %u qubits, the Hamiltonian on %u",
             index, qn_pauli_sum_qubits(op), n);
    QN_CHECK(isfinite(constraint->value), ERR_ARGUMENT, "constraint %zu wants the value %g", index, constraint->value);
    for (size_t k = 0; k < qn_pauli_sum_terms(op); k++) {
        const qn_complex c = qn_pauli_sum_coefficient(op, k);
        QN_CHECK(qn_pauli_sum_x(op, k)[0] == 0 || (c.re == 0 && c.im == 0), ERR_ARGUMENT,
                 "constraint %zu is not diagonal: its term %zu has X or Y; only I and Z are allowed", index, k);
        QN_CHECK(fabs(c.im) <= 1e-12 * (1.0 + fabs(c.re)), ERR_ARGUMENT,
                 "constraint %zu, term %zu: coefficient %g%+gi is not real", index, k, c.re, c.im);
    }
    qn_pauli_sum *commutator = NULL;
    QN_TRY(qn_pauli_sum_commutator(op, hamiltonian, &commutator));
    const double scale = (qn_pauli_sum_one_norm(op) + 1e-300) * (qn_pauli_sum_one_norm(hamiltonian) + 1e-300);
    double largest = 0;
    for (size_t k = 0; k < qn_pauli_sum_terms(commutator); k++) {
        const qn_complex c = qn_pauli_sum_coefficient(commutator, k);
        largest = fmax(largest, hypot(c.re, c.im));
    }
    qn_pauli_sum_free(commutator);
    /* coefficients of other programs' files carry ten digits or so */
    QN_CHECK(largest <= 1e-8 * scale, ERR_ARGUMENT,
             "constraint %zu does not commute with the Hamiltonian (a term of %g is left)", index, largest);
    return QN_OK;
}

static void walk_release(walk *w)
{
    qn__free(w->z);
    qn__free(w->c);
}

static qn_status walk_create(uint32_t n, const qn_constraint *constraints, size_t count, walk *out)
{
    walk w = {.nqubits = n, .constraints = count};
    for (size_t i = 0; i < count; i++) {
        w.terms += qn_pauli_sum_terms(constraints[i].operator_);
    }
    w.z = qn__alloc(2 * w.terms + n + 2, sizeof *w.z);
    w.c = qn__calloc(w.terms + 2 * (n + 1) * count, sizeof *w.c);
    if (w.z == NULL || w.c == NULL) {
        walk_release(&w);
        return QN_ERR_MEMORY;
    }
    w.owner = (size_t *)(void *)(w.z + w.terms);
    w.first = w.owner + w.terms;
    w.open = w.c + w.terms;
    w.value = w.open + (n + 1) * count;
    size_t next = 0;
    for (uint32_t q = 0; q < n; q++) {
        w.first[q] = next;
        for (size_t i = 0; i < count; i++) {
            const qn_pauli_sum *op = constraints[i].operator_;
            for (size_t k = 0; k < qn_pauli_sum_terms(op); k++) {
                const uint64_t z = qn_pauli_sum_z(op, k)[0];
                const double c = qn_pauli_sum_coefficient(op, k).re;
                if (z == 0 && q == 0) {
                    w.value[n * count + i] += c;
                } else if (z != 0 && (uint32_t)__builtin_ctzll(z) == q) {
                    w.z[next] = z;
                    w.c[next] = c;
                    w.owner[next++] = i;
                }
            }
        }
    }
    w.first[n] = next;
    for (size_t i = 0; i < count; i++) {
        w.value[n * count + i] -= constraints[i].value;
        for (uint32_t q = 0; q < n; q++) {
            w.open[(q + 1) * count + i] = w.open[q * count + i];
            for (size_t k = w.first[q]; k < w.first[q + 1]; k++) {
                w.open[(q + 1) * count + i] += w.owner[k] == i ? fabs(w.c[k]) : 0.0;
            }
        }
    }
    *out = w;
    return QN_OK;
}

/* All states with the bits at q and above as in `state`; false: too many steps. */
static bool descend(walk *w, uint32_t q, uint64_t state)
{
    const double *value = w->value + q * w->constraints, *open = w->open + q * w->constraints;
    if (++w->steps > MOST_STEPS) {
        return false;
    }
    for (size_t i = 0; i < w->constraints; i++) {
        if (fabs(value[i]) > open[i] + MATCH) {
            return true;
        }
    }
    if (q == 0) {
        if (w->states != NULL) {
            w->states[w->found] = state;
        }
        w->found++;
        return true;
    }
    double *below = w->value + (q - 1) * w->constraints;
    for (uint64_t bit = 0; bit < 2; bit++) {
        const uint64_t chosen = state | bit << (q - 1);
        memcpy(below, value, w->constraints * sizeof *below);
        for (size_t k = w->first[q - 1]; k < w->first[q]; k++) {
            below[w->owner[k]] += qn__parity(chosen & w->z[k]) ? -w->c[k] : w->c[k];
        }
        if (!descend(w, q - 1, chosen)) {
            return false;
        }
    }
    return true;
}

qn_status qn__exact_sector_count(const qn_pauli_sum *hamiltonian, const qn_constraint *constraints, size_t count,
                                 qn__exact_sector *out)
{
    const uint32_t n = qn_pauli_sum_qubits(hamiltonian);
    qn__exact_sector sector = {.nqubits = n, .whole = count == 0};
    if (count == 0) {
        sector.dimension = UINT64_C(1) << n;
        *out = sector;
        return QN_OK;
    }
    QN_CHECK(n <= QN__SECTOR_MOST_QUBITS, ERR_TOO_LARGE,
             "the states of a sector of %u qubits cannot be listed; at most %d qubits with constraints", n,
             (int)QN__SECTOR_MOST_QUBITS);
    for (size_t i = 0; i < count; i++) {
        QN_TRY(check_constraint(hamiltonian, &constraints[i], i));
    }
    walk w;
    QN_TRY(walk_create(n, constraints, count, &w));
    const bool complete = descend(&w, n, 0);
    sector.dimension = w.found;
    walk_release(&w);
    QN_CHECK(complete, ERR_TOO_LARGE, "the sector has over %llu states of %u qubits; the search for them was given up",
             (unsigned long long)sector.dimension, n);
    QN_CHECK(sector.dimension > 0, ERR_ARGUMENT, "no basis state meets the constraints (the first wants the value %g)",
             constraints[0].value);
    *out = sector;
    return QN_OK;
}

static bool has_table(const qn__exact_sector *sector)
{
    return sector->nqubits <= QN__SECTOR_TABLE_QUBITS;
}

static uint64_t table_words(const qn__exact_sector *sector)
{
    return sector->nqubits > 6 ? UINT64_C(1) << (sector->nqubits - 6) : 1;
}

uint64_t qn__exact_sector_bytes(const qn__exact_sector *sector)
{
    if (sector->whole) {
        return 0;
    }
    const uint64_t table =
        has_table(sector) ? table_words(sector) * (sizeof *sector->members + sizeof *sector->ranks) : 0;
    return sector->dimension * sizeof *sector->states + table;
}

qn_status qn__exact_sector_list(qn__exact_sector *sector, const qn_constraint *constraints, size_t count)
{
    if (sector->whole) {
        return QN_OK;
    }
    const uint64_t words = table_words(sector);
    sector->states = qn__alloc(sector->dimension, sizeof *sector->states);
    QN_ALLOC_CHECK(sector->states);
    walk w;
    QN_TRY(walk_create(sector->nqubits, constraints, count, &w));
    w.states = sector->states;
    (void)descend(&w, sector->nqubits, 0); /* as complete as when it was counted */
    walk_release(&w);
    if (has_table(sector)) {
        sector->members = qn__calloc(words, sizeof *sector->members);
        QN_ALLOC_CHECK(sector->members);
        sector->ranks = qn__alloc(words, sizeof *sector->ranks);
        QN_ALLOC_CHECK(sector->ranks);
        for (uint64_t r = 0; r < sector->dimension; r++) {
            sector->members[sector->states[r] / 64] |= UINT64_C(1) << (sector->states[r] % 64);
        }
        uint32_t rank = 0;
        for (uint64_t word = 0; word < words; word++) {
            sector->ranks[word] = rank;
            rank += qn__popcount(sector->members[word]);
        }
    }
    return QN_OK;
}

void qn__exact_sector_release(qn__exact_sector *sector)
{
    qn__free(sector->states);
    qn__free(sector->members);
    qn__free(sector->ranks);
    sector->states = sector->members = NULL;
    sector->ranks = NULL;
}
