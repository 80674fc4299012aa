/* pauli_group.c: commutation of strings, and their partition into groups that can be measured together.
 *
 * Sorted insertion: Crawford et al., Quantum 5, 385 (2021), arXiv:1908.06942. A string commutes with all members of a
 * group exactly when it commutes with generators of their span over GF(2), of which there are at most as many as
 * qubits; and it commutes qubit-wise with all of them exactly when it does with the string that joins their letters. So
 * no test looks at every member. */
#include "operator/pauli_sum.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "operator/order.h"

bool qn_pauli_commute(size_t words, const uint64_t *xa, const uint64_t *za, const uint64_t *xb, const uint64_t *zb)
{
    uint64_t odd = 0; /* bit-wise parity of both overlaps: its popcount is even when they commute */
    for (size_t w = 0; w < words; w++) {
        odd ^= (xa[w] & zb[w]) ^ (za[w] & xb[w]);
    }
    return !qn__parity(odd);
}

bool qn_pauli_commute_qubit_wise(size_t words, const uint64_t *xa, const uint64_t *za, const uint64_t *xb,
                                 const uint64_t *zb)
{
    uint64_t clash = 0;
    for (size_t w = 0; w < words; w++) {
        clash |= (xa[w] & zb[w]) ^ (za[w] & xb[w]);
    }
    return clash == 0;
}

enum { NO_ROW = -1 };

/* Rows of all groups in one pool; each group's rows are a chain in the order they were added. A row is x then z. */
typedef struct pool {
    size_t words;
    uint64_t *rows;
    size_t rows_capacity;
    struct link {
        ptrdiff_t next;
        uint32_t pivot; /* a bit of the row, over both halves, that later rows of the chain do not have */
    } * links;
    size_t links_capacity;
    size_t count;
    struct chain {
        ptrdiff_t first, last;
    } * groups;
    size_t groups_capacity;
    uint32_t ngroups;
    uint64_t *reduced; /* scratch row */
} pool;

static qn_status add_row(pool *p, uint32_t group, const uint64_t *row, uint32_t pivot)
{
    const size_t width = 2 * p->words;
    QN_TRY(qn__grow((void **)&p->rows, &p->rows_capacity, (p->count + 1) * width, sizeof *p->rows));
    QN_TRY(qn__grow((void **)&p->links, &p->links_capacity, p->count + 1, sizeof *p->links));
    const ptrdiff_t at = (ptrdiff_t)p->count++;
    memcpy(p->rows + (size_t)at * width, row, width * sizeof *row);
    p->links[at] = (struct link){NO_ROW, pivot};
    struct chain *chain = &p->groups[group];
    if (chain->last == NO_ROW) {
        chain->first = at;
    } else {
        p->links[chain->last].next = at;
    }
    chain->last = at;
    return QN_OK;
}

static bool fits(const pool *p, uint32_t group, qn_grouping kind, const uint64_t *x, const uint64_t *z)
{
    const size_t words = p->words;
    for (ptrdiff_t at = p->groups[group].first; at != NO_ROW; at = p->links[at].next) {
        const uint64_t *row = p->rows + (size_t)at * 2 * words;
        if (kind == QN_GROUPING_QUBIT_WISE ? !qn_pauli_commute_qubit_wise(words, x, z, row, row + words)
                                           : !qn_pauli_commute(words, x, z, row, row + words)) {
            return false;
        }
    }
    return true;
}

/* Record that the string joined the group: its letters, or its part outside the span of the rows so far. */
static qn_status join(pool *p, uint32_t group, qn_grouping kind, const uint64_t *x, const uint64_t *z)
{
    const size_t words = p->words;
    uint64_t *reduced = p->reduced;
    memcpy(reduced, x, words * sizeof *x);
    memcpy(reduced + words, z, words * sizeof *z);
    if (kind == QN_GROUPING_QUBIT_WISE) {
        const ptrdiff_t at = p->groups[group].first;
        if (at == NO_ROW) {
            return add_row(p, group, reduced, 0);
        }
        for (size_t w = 0; w < 2 * words; w++) {
            p->rows[(size_t)at * 2 * words + w] |= reduced[w];
        }
        return QN_OK;
    }
    for (ptrdiff_t at = p->groups[group].first; at != NO_ROW; at = p->links[at].next) {
        if (qn__bit(reduced, p->links[at].pivot)) {
            qn__mask_xor(reduced, p->rows + (size_t)at * 2 * words, 2 * words);
        }
    }
    for (size_t w = 0; w < 2 * words; w++) {
        if (reduced[w] != 0) {
            return add_row(p, group, reduced, (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(reduced[w]));
        }
    }
    return QN_OK; /* a product of members: nothing new to test against */
}

static qn_status open_group(pool *p)
{
    QN_TRY(qn__grow((void **)&p->groups, &p->groups_capacity, (size_t)p->ngroups + 1, sizeof *p->groups));
    p->groups[p->ngroups++] = (struct chain){NO_ROW, NO_ROW};
    return QN_OK;
}

/* Terms by falling |c|, then by index. */
static qn__order *by_magnitude(const qn_pauli_sum *sum)
{
    qn__order *records = qn__alloc(sum->terms, sizeof *records);
    qn__order *scratch = records == NULL ? NULL : qn__alloc(sum->terms, sizeof *scratch);
    if (scratch == NULL) {
        qn__free(records);
        return NULL;
    }
    for (size_t t = 0; t < sum->terms; t++) {
        const double size = hypot(sum->coefficients[t].re, sum->coefficients[t].im);
        uint64_t bits = 0; /* of numbers that are not negative, the bits order as the numbers do */
        memcpy(&bits, &size, sizeof bits);
        records[t] = (qn__order){~bits, 0, t};
    }
    qn__order_sort(records, scratch, sum->terms, NULL, NULL);
    qn__free(scratch);
    return records;
}

qn_status qn_pauli_sum_group(const qn_pauli_sum *sum, qn_grouping kind, uint32_t *group_of_term, uint32_t *ngroups)
{
    QN_CHECK(sum != NULL && ngroups != NULL, ERR_ARGUMENT, "sum or ngroups is NULL");
    QN_CHECK(group_of_term != NULL || sum->terms == 0, ERR_ARGUMENT, "group_of_term is NULL");
    QN_CHECK(kind == QN_GROUPING_NONE || kind == QN_GROUPING_QUBIT_WISE || kind == QN_GROUPING_COMMUTING, ERR_ARGUMENT,
             "grouping %d, expected none, qubit-wise or commuting", (int)kind);
    QN_CHECK(sum->terms < UINT32_MAX, ERR_TOO_LARGE, "%zu terms, groups are counted for fewer than %u", sum->terms,
             UINT32_MAX);
    const size_t words = sum->words;
    pool p = {.words = words};
    qn_status status = QN_ERR_MEMORY;
    uint32_t *assigned = NULL;
    qn__order *records = by_magnitude(sum);
    if (records == NULL) {
        goto cleanup;
    }
    p.reduced = qn__alloc(2 * words, sizeof *p.reduced);
    assigned = p.reduced == NULL ? NULL : qn__alloc(sum->terms, sizeof *assigned);
    if (assigned == NULL) {
        goto cleanup;
    }
    for (size_t t = 0; t < sum->terms; t++) {
        const size_t term = records[t].index;
        const uint64_t *x = sum->x + term * words, *z = sum->z + term * words;
        if (qn__mask_is_zero(x, words) && qn__mask_is_zero(z, words)) {
            assigned[term] = UINT32_MAX;
            continue;
        }
        uint32_t group = kind == QN_GROUPING_NONE ? p.ngroups : 0;
        while (group < p.ngroups && !fits(&p, group, kind, x, z)) {
            group++;
        }
        if (group == p.ngroups) {
            QN_TRY_CLEANUP(open_group(&p));
        }
        if (kind != QN_GROUPING_NONE) {
            QN_TRY_CLEANUP(join(&p, group, kind, x, z));
        }
        assigned[term] = group;
    }
    if (sum->terms > 0) {
        memcpy(group_of_term, assigned, sum->terms * sizeof *assigned);
    }
    *ngroups = p.ngroups;
    status = QN_OK;
cleanup:
    qn__free(assigned);
    qn__free(p.reduced);
    qn__free(p.groups);
    qn__free(p.links);
    qn__free(p.rows);
    qn__free(records);
    return status;
}
