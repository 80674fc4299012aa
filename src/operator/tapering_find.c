/* tapering_find.c: the Z2 symmetries of a Pauli sum, and a qubit for each.
 *
 * Bravyi, Gambetta, Mezzacapo, Temme, arXiv:1701.08213. Strings that commute with every term are the kernel of the
 * terms' symplectic check matrix. They need not commute with one another, so a largest commuting set is chosen: first
 * all products of Z, then others one by one, each time keeping of the rest only what commutes with it. In the standard
 * form of stabilizer codes (Gottesman, quant-ph/9705052, section 4.1) their pivots then lie on distinct qubits. */
#include <string.h>

#include "base/alloc.h"
#include "operator/gf2.h"
#include "operator/pauli_sum.h"
#include "operator/tapering.h"

/* Working space of one search; rows are x then z. */
typedef struct search {
    uint32_t nqubits;
    size_t words;
    qn__gf2 checks, kernel, span; /* span: of the rows chosen so far */
    uint64_t *chosen;             /* at most nqubits rows */
    size_t count;
    uint64_t *row, *columns;
    bool *dropped;
} search;

static bool commute_rows(const uint64_t *a, const uint64_t *b, size_t words)
{
    return qn_pauli_commute(words, a, a + words, b, b + words);
}

/* The kernel of the check matrix: all strings, or products of Z, that commute with every term. */
static qn_status find_kernel(search *s, const qn_pauli_sum *sum, bool z_only)
{
    const size_t words = s->words;
    qn__gf2_clear(&s->checks);
    qn__gf2_clear(&s->kernel);
    for (size_t t = 0; t < sum->terms; t++) {
        /* x.tz + z.tx = 0: the term's halves stand exchanged. Of products of Z, tx is 0. */
        if (z_only) {
            memset(s->row, 0, words * sizeof *s->row);
        } else {
            memcpy(s->row, sum->z + t * words, words * sizeof *s->row);
        }
        memcpy(s->row + words, sum->x + t * words, words * sizeof *s->row);
        bool grown = false;
        QN_TRY(qn__gf2_insert(&s->checks, s->row, &grown));
    }
    memset(s->columns, 0, 2 * words * sizeof *s->columns);
    for (uint32_t q = 0; q < s->nqubits; q++) {
        if (!z_only) {
            qn__bit_set(s->columns, q);
        }
        qn__bit_set(s->columns + words, q);
    }
    return qn__gf2_kernel(&s->checks, s->columns, s->row, &s->kernel);
}

static qn_status choose(search *s, const uint64_t *row)
{
    const size_t width = 2 * s->words;
    memcpy(s->chosen + s->count * width, row, width * sizeof *row);
    s->count++;
    memcpy(s->row, row, width * sizeof *row);
    bool grown = false;
    return qn__gf2_insert(&s->span, s->row, &grown);
}

/* Reduce the kernel to what commutes with `fixed`: one vector that does not goes, and is added to the others that do
 * not. */
static void keep_commuting(search *s, const uint64_t *fixed)
{
    const size_t width = 2 * s->words;
    const uint64_t *odd = NULL;
    for (size_t r = 0; r < s->kernel.count; r++) {
        uint64_t *row = s->kernel.rows + r * width;
        if (s->dropped[r] || commute_rows(row, fixed, s->words)) {
            continue;
        }
        if (odd == NULL) {
            odd = row;
            s->dropped[r] = true;
        } else {
            qn__mask_xor(row, odd, width);
        }
    }
}

static qn_status choose_all(search *s, const qn_pauli_sum *sum, bool z_only)
{
    const size_t width = 2 * s->words;
    QN_TRY(find_kernel(s, sum, true));
    for (size_t r = 0; r < s->kernel.count; r++) {
        QN_TRY(choose(s, s->kernel.rows + r * width));
    }
    if (z_only) {
        return QN_OK;
    }
    QN_TRY(find_kernel(s, sum, false));
    for (size_t c = 0; c < s->count; c++) {
        keep_commuting(s, s->chosen + c * width);
    }
    for (size_t r = 0; r < s->kernel.count; r++) {
        if (s->dropped[r]) {
            continue;
        }
        memcpy(s->row, s->kernel.rows + r * width, width * sizeof *s->row);
        bool grown = false;
        QN_TRY(qn__gf2_insert(&s->span, s->row, &grown));
        if (grown) {
            memcpy(s->chosen + s->count * width, s->kernel.rows + r * width, width * sizeof *s->row);
            s->count++;
            keep_commuting(s, s->chosen + (s->count - 1) * width);
        }
    }
    return QN_OK;
}

/* Make column `bit` (of both halves) the pivot of row `at`, if a row from `at` on has it. */
static bool make_pivot(search *s, size_t at, uint32_t bit)
{
    const size_t width = 2 * s->words;
    size_t found = at;
    while (found < s->count && !qn__bit(s->chosen + found * width, bit)) {
        found++;
    }
    if (found == s->count) {
        return false;
    }
    uint64_t *pivot = s->chosen + at * width, *other = s->chosen + found * width;
    for (size_t w = 0; w < width && found != at; w++) {
        const uint64_t swap = pivot[w];
        pivot[w] = other[w];
        other[w] = swap;
    }
    for (size_t r = 0; r < s->count; r++) {
        if (r != at && qn__bit(s->chosen + r * width, bit)) {
            qn__mask_xor(s->chosen + r * width, pivot, width);
        }
    }
    return true;
}

/* Standard form: pivots among the x columns first, then, for the products of Z that are left, among the z columns of
 * other qubits. */
static qn_status standard_form(search *s, qn_tapering *out)
{
    size_t at = 0;
    for (uint32_t half = 0; half < 2; half++) {
        for (uint32_t q = 0; q < s->nqubits && at < s->count; q++) {
            const uint32_t bit = half * (uint32_t)s->words * 64 + q;
            if (!qn__bit(out->pivot_mask, q) && make_pivot(s, at, bit)) {
                out->pivots[at] = q;
                out->x_type[at] = half == 0;
                qn__bit_set(out->pivot_mask, q);
                at++;
            }
        }
    }
    QN_CHECK(at == s->count, ERR_INTERNAL, "%zu of %zu symmetries found a qubit of their own", at, s->count);
    return QN_OK;
}

static qn_status fill(search *s, qn_tapering *out)
{
    const size_t words = s->words;
    out->nqubits = s->nqubits;
    out->words = words;
    out->count = (uint32_t)s->count;
    QN_TRY(qn_pauli_sum_create(s->nqubits, &out->symmetries));
    QN_TRY(qn__pauli_sum_reserve(out->symmetries, s->count));
    QN_ALLOC_CHECK(out->pivots = qn__alloc(s->count, sizeof *out->pivots));
    QN_ALLOC_CHECK(out->x_type = qn__alloc(s->count, sizeof *out->x_type));
    QN_ALLOC_CHECK(out->signs = qn__alloc(s->count, sizeof *out->signs));
    QN_ALLOC_CHECK(out->kept = qn__alloc(s->nqubits, sizeof *out->kept));
    QN_ALLOC_CHECK(out->pivot_mask = qn__calloc(words, sizeof *out->pivot_mask));
    QN_TRY(standard_form(s, out));
    out->diagonal = true;
    for (size_t j = 0; j < s->count; j++) {
        const uint64_t *row = s->chosen + j * 2 * words;
        qn__pauli_sum_push(out->symmetries, (qn_complex){1, 0}, row, row + words);
        out->diagonal = out->diagonal && qn__mask_is_zero(row, words);
        out->signs[j] = 1;
    }
    uint32_t kept = 0;
    for (uint32_t q = 0; q < s->nqubits; q++) {
        if (!qn__bit(out->pivot_mask, q)) {
            out->kept[kept++] = q;
        }
    }
    return QN_OK;
}

qn_status qn_tapering_find(const qn_pauli_sum *sum, bool z_only, qn_tapering **out)
{
    QN_CHECK(sum != NULL && out != NULL, ERR_ARGUMENT, "an argument is NULL");
    const size_t width = 2 * sum->words;
    search s = {.nqubits = sum->nqubits, .words = sum->words};
    s.checks.words = s.kernel.words = s.span.words = width;
    qn_status status = QN_ERR_MEMORY;
    qn_pauli_sum *merged = NULL;
    qn_tapering *tapering = qn__calloc(1, sizeof *tapering);
    s.chosen = tapering == NULL ? NULL : qn__calloc(sum->nqubits, width * sizeof *s.chosen);
    s.row = s.chosen == NULL ? NULL : qn__alloc(width, sizeof *s.row);
    s.columns = s.row == NULL ? NULL : qn__alloc(width, sizeof *s.columns);
    s.dropped = s.columns == NULL ? NULL : qn__calloc((size_t)2 * sum->nqubits, sizeof *s.dropped);
    if (s.dropped == NULL) {
        goto cleanup;
    }
    /* Terms that cancel must not hide a symmetry. */
    QN_TRY_CLEANUP(qn_pauli_sum_clone(sum, &merged));
    QN_TRY_CLEANUP(qn_pauli_sum_simplify(merged, 0));
    QN_TRY_CLEANUP(choose_all(&s, merged, z_only));
    QN_TRY_CLEANUP(fill(&s, tapering));
    *out = tapering;
    tapering = NULL;
cleanup:
    qn_tapering_free(tapering);
    qn_pauli_sum_free(merged);
    qn__gf2_clear(&s.checks);
    qn__gf2_clear(&s.kernel);
    qn__gf2_clear(&s.span);
    qn__free(s.dropped);
    qn__free(s.columns);
    qn__free(s.row);
    qn__free(s.chosen);
    return status;
}

void qn_tapering_free(qn_tapering *tapering)
{
    if (tapering != NULL) {
        qn_pauli_sum_free(tapering->symmetries);
        qn__free(tapering->pivots);
        qn__free(tapering->x_type);
        qn__free(tapering->signs);
        qn__free(tapering->kept);
        qn__free(tapering->pivot_mask);
        qn__free(tapering);
    }
}
