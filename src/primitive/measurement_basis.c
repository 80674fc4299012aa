/* measurement_basis.c: simultaneous diagonalisation of commuting Pauli strings by elimination over GF(2).
 *
 * Rows (x|z) of independent generators are brought to x = identity on r pivot qubits: row operations, and H where a
 * generator is purely Z (a pure Z row that commutes with the rows that have X pivots is independent of them off their
 * pivots, so H there makes a new pivot and disturbs none). CX from each pivot clears the rest of its x row, CZ and S
 * clear z, which commutation has made symmetric on the pivots; H turns X_pivot into Z_pivot. The tableau rules are
 * those of Aaronson and Gottesman, quant-ph/0406196; the use for measuring groups is that of Gokhale et al.,
 * arXiv:1907.13623. */
#include "primitive/measurement_basis.h"

#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"

/* Signed Pauli strings, one a row. */
typedef struct tableau {
    size_t rows, words;
    uint64_t *x, *z;
    bool *negative; /* NULL: signs are not kept */
} tableau;

typedef struct workspace {
    uint32_t nqubits;
    tableau terms;      /* every string, with its sign */
    tableau generators; /* reduced, without signs */
    uint32_t *pivots;   /* of the first rows of the generators */
    bool *is_pivot;     /* by qubit */
    qn__basis *basis;
} workspace;

/* One gate on one row: P -> G P G+. */
static void conjugate_row(tableau *t, size_t row, qn__basis_gate g)
{
    uint64_t *x = t->x + row * t->words, *z = t->z + row * t->words;
    const uint32_t a = g.qubits[0], b = g.qubits[1];
    const bool xa = qn__bit(x, a), za = qn__bit(z, a);
    bool flips = false;
    switch (g.gate) {
    case QN_GATE_H: /* X <-> Z, Y -> -Y */
        flips = xa && za;
        if (xa != za) {
            qn__bit_flip(x, a);
            qn__bit_flip(z, a);
        }
        break;
    case QN_GATE_S: /* X -> Y, Y -> -X */
        flips = xa && za;
        if (xa) {
            qn__bit_flip(z, a);
        }
        break;
    case QN_GATE_SDG: /* X -> -Y, Y -> X */
        flips = xa && !za;
        if (xa) {
            qn__bit_flip(z, a);
        }
        break;
    case QN_GATE_CX: /* X_a -> X_a X_b, Z_b -> Z_a Z_b */
        flips = xa && qn__bit(z, b) && qn__bit(x, b) == za;
        if (xa) {
            qn__bit_flip(x, b);
        }
        if (qn__bit(z, b)) {
            qn__bit_flip(z, a);
        }
        break;
    default: /* CZ: X_a -> X_a Z_b, X_b -> Z_a X_b */
        flips = xa && qn__bit(x, b) && za != qn__bit(z, b);
        if (xa) {
            qn__bit_flip(z, b);
        }
        if (qn__bit(x, b)) {
            qn__bit_flip(z, a);
        }
        break;
    }
    if (t->negative != NULL && flips) {
        t->negative[row] = !t->negative[row];
    }
}

/* Add a gate to the circuit and take all rows through it. */
static qn_status emit(workspace *w, qn_gate gate, uint32_t a, uint32_t b)
{
    qn__basis *basis = w->basis;
    QN_TRY(qn__grow((void **)&basis->gates, &basis->capacity, basis->ngates + 1, sizeof *basis->gates));
    const qn__basis_gate g = {gate, {a, b}};
    basis->gates[basis->ngates++] = g;
    for (size_t i = 0; i < w->terms.rows; i++) {
        conjugate_row(&w->terms, i, g);
    }
    for (size_t i = 0; i < w->generators.rows; i++) {
        conjugate_row(&w->generators, i, g);
    }
    return QN_OK;
}

static void swap_rows(tableau *t, size_t a, size_t b)
{
    for (size_t w = 0; w < t->words; w++) {
        const uint64_t x = t->x[a * t->words + w], z = t->z[a * t->words + w];
        t->x[a * t->words + w] = t->x[b * t->words + w];
        t->z[a * t->words + w] = t->z[b * t->words + w];
        t->x[b * t->words + w] = x;
        t->z[b * t->words + w] = z;
    }
}

static void add_row(tableau *t, size_t from, size_t to)
{
    for (size_t w = 0; w < t->words; w++) {
        t->x[to * t->words + w] ^= t->x[from * t->words + w];
        t->z[to * t->words + w] ^= t->z[from * t->words + w];
    }
}

/* Reduce rows from `start` on by their x bits (or z bits), clearing the pivot columns in all rows from `start`; columns
 * in `skip` are passed over. Returns the row after the last pivot row; pivots[row] is its column. */
static size_t reduce(workspace *w, size_t start, bool by_z, const bool *skip)
{
    tableau *g = &w->generators;
    const uint64_t *bits = by_z ? g->z : g->x;
    size_t row = start;
    for (uint32_t q = 0; q < w->nqubits && row < g->rows; q++) {
        if (skip != NULL && skip[q]) {
            continue;
        }
        size_t found = row;
        while (found < g->rows && !qn__bit(bits + found * g->words, q)) {
            found++;
        }
        if (found == g->rows) {
            continue;
        }
        swap_rows(g, row, found);
        for (size_t other = start; other < g->rows; other++) {
            if (other != row && qn__bit(bits + other * g->words, q)) {
                add_row(g, row, other);
            }
        }
        w->pivots[row++] = q;
    }
    return row;
}

/* The general case; see the head of the file. */
static qn_status diagonalise(workspace *w)
{
    tableau *g = &w->generators;
    const size_t with_x = reduce(w, 0, false, NULL);
    for (size_t i = 0; i < with_x; i++) {
        w->is_pivot[w->pivots[i]] = true;
    }
    const size_t rank = reduce(w, with_x, true, w->is_pivot);
    g->rows = rank; /* the rest are products of these */
    for (size_t i = with_x; i < rank; i++) {
        QN_TRY(emit(w, QN_GATE_H, w->pivots[i], 0));
    }
    const size_t full = reduce(w, 0, false, NULL);
    QN_CHECK(full == rank, ERR_ARGUMENT, "the Pauli strings of a group do not commute");
    memset(w->is_pivot, 0, w->nqubits * sizeof *w->is_pivot);
    for (size_t i = 0; i < rank; i++) {
        w->is_pivot[w->pivots[i]] = true;
    }
    for (size_t i = 0; i < rank; i++) {
        for (uint32_t q = 0; q < w->nqubits; q++) {
            if (!w->is_pivot[q] && qn__bit(g->x + i * g->words, q)) {
                QN_TRY(emit(w, QN_GATE_CX, w->pivots[i], q));
            }
        }
    }
    for (size_t i = 0; i < rank; i++) {
        const uint32_t p = w->pivots[i];
        for (uint32_t q = 0; q < w->nqubits; q++) {
            if (q != p && qn__bit(g->z + i * g->words, q)) {
                QN_TRY(emit(w, QN_GATE_CZ, p, q));
            }
        }
        if (qn__bit(g->z + i * g->words, p)) {
            QN_TRY(emit(w, QN_GATE_S, p, 0));
        }
    }
    for (size_t i = 0; i < rank; i++) {
        QN_TRY(emit(w, QN_GATE_H, w->pivots[i], 0));
    }
    return QN_OK;
}

/* Rotate each qubit so that the one letter that the group has there becomes Z. */
static qn_status rotate_qubits(workspace *w)
{
    const tableau *t = &w->terms;
    for (uint32_t q = 0; q < w->nqubits; q++) {
        for (size_t i = 0; i < t->rows; i++) {
            const bool x = qn__bit(t->x + i * t->words, q), z = qn__bit(t->z + i * t->words, q);
            if (!x && !z) {
                continue;
            }
            if (x && z) {
                QN_TRY(emit(w, QN_GATE_SDG, q, 0));
            }
            if (x) {
                QN_TRY(emit(w, QN_GATE_H, q, 0));
            }
            break; /* the others have the same letter or none */
        }
    }
    return QN_OK;
}

static qn_status fill(workspace *w, const qn_pauli_sum *sum, const size_t *terms, bool qubit_wise)
{
    qn__basis *basis = w->basis;
    const size_t words = basis->words, total = basis->nterms * words;
    basis->z = qn__alloc(total, sizeof *basis->z);
    QN_ALLOC_CHECK(basis->z);
    basis->negative = qn__calloc(basis->nterms, sizeof *basis->negative);
    QN_ALLOC_CHECK(basis->negative);
    w->terms = (tableau){basis->nterms, words, NULL, basis->z, basis->negative};
    w->terms.x = qn__alloc(total, sizeof *w->terms.x);
    QN_ALLOC_CHECK(w->terms.x);
    for (size_t i = 0; i < basis->nterms; i++) {
        memcpy(w->terms.x + i * words, qn_pauli_sum_x(sum, terms[i]), words * sizeof *w->terms.x);
        memcpy(w->terms.z + i * words, qn_pauli_sum_z(sum, terms[i]), words * sizeof *w->terms.z);
    }
    if (qubit_wise) {
        return rotate_qubits(w);
    }
    w->generators = (tableau){basis->nterms, words, NULL, NULL, NULL};
    w->generators.x = qn__alloc(total, sizeof *w->generators.x);
    QN_ALLOC_CHECK(w->generators.x);
    w->generators.z = qn__alloc(total, sizeof *w->generators.z);
    QN_ALLOC_CHECK(w->generators.z);
    w->pivots = qn__alloc(basis->nterms, sizeof *w->pivots);
    QN_ALLOC_CHECK(w->pivots);
    w->is_pivot = qn__calloc(w->nqubits, sizeof *w->is_pivot);
    QN_ALLOC_CHECK(w->is_pivot);
    memcpy(w->generators.x, w->terms.x, total * sizeof *w->terms.x);
    memcpy(w->generators.z, w->terms.z, total * sizeof *w->terms.z);
    return diagonalise(w);
}

qn_status qn__basis_create(const qn_pauli_sum *sum, const size_t *terms, size_t nterms, bool qubit_wise,
                           qn__basis **out)
{
    qn__basis *basis = qn__calloc(1, sizeof *basis);
    QN_ALLOC_CHECK(basis);
    basis->nterms = nterms;
    basis->words = qn_pauli_sum_words(sum);
    workspace w = {.nqubits = qn_pauli_sum_qubits(sum), .basis = basis};
    qn_status status = fill(&w, sum, terms, qubit_wise);
    for (size_t i = 0; status == QN_OK && i < nterms * basis->words; i++) {
        if (w.terms.x[i] != 0) {
            status = QN_FAIL(ERR_ARGUMENT, "the Pauli strings of a group do not commute%s",
                             qubit_wise ? " on each qubit alone" : "");
        }
    }
    qn__free(w.terms.x);
    qn__free(w.generators.x);
    qn__free(w.generators.z);
    qn__free(w.pivots);
    qn__free(w.is_pivot);
    if (status != QN_OK) {
        qn__basis_free(basis);
        return status;
    }
    *out = basis;
    return QN_OK;
}

void qn__basis_free(qn__basis *basis)
{
    if (basis != NULL) {
        qn__free(basis->gates);
        qn__free(basis->z);
        qn__free(basis->negative);
        qn__free(basis);
    }
}

qn_status qn__basis_append(const qn__basis *basis, qn_circuit *circuit)
{
    for (size_t i = 0; i < basis->ngates; i++) {
        const qn__basis_gate *g = &basis->gates[i];
        const size_t count = g->gate == QN_GATE_CX || g->gate == QN_GATE_CZ ? 2 : 1;
        QN_TRY(qn_circuit_append(circuit, g->gate, g->qubits, count, NULL, 0));
    }
    return QN_OK;
}
