/* sparse.c: access to the s non-zeros of a row or column: A. Gilyen et al., arXiv:1806.01838, lemma 48, with alpha = s
 * max|a| instead of sqrt(s_r s_c).
 *
 * The places of the non-zeros are the edges of a bipartite graph of largest degree s, whose edges can be coloured with
 * s colours (D. Konig 1916): each colour is a partial permutation of the rows, made up to a whole one with zeros. So A
 * = sum over colours l of P_l D_l, and the circuit spreads l over the s colours, puts a_l(j) / max|a| on a flag, and
 * permutes j by P_l: look up P_l(j), exchange, and look up the inverse to clear what is left. */
#include <math.h>
#include <string.h>

#include <quern/load.h>

#include "algorithm/block_encoding/encoding.h"
#include "base/alloc.h"

static const uint32_t FREE = UINT32_MAX;

/* row_of[l * size + j]: the row that colour l has in column j, and the other way; entry: its index in the matrix. */
typedef struct colouring {
    size_t size, colours;
    uint32_t *row_of, *column_of;
    uint64_t *entry;
} colouring;

static void colouring_free(colouring *c)
{
    qn__free(c->row_of);
    qn__free(c->column_of);
    qn__free(c->entry);
}

static size_t free_colour(const uint32_t *table, size_t size, size_t vertex)
{
    size_t l = 0;
    while (table[l * size + vertex] != FREE) {
        l++;
    }
    return l;
}

static void set(colouring *c, size_t l, uint32_t row, uint32_t column, uint64_t entry)
{
    c->row_of[l * c->size + column] = row;
    c->column_of[l * c->size + row] = column;
    c->entry[l * c->size + column] = entry;
}

/* From `row`, which lacks colour a but has b, exchange a and b along the path that begins with b. It never comes to the
 * column that lacks a. */
static void exchange(colouring *c, uint32_t row, size_t a, size_t b)
{
    const size_t n = c->size;
    uint32_t column = c->column_of[b * n + row];
    uint64_t moved = c->entry[b * n + column]; /* the edge in hand goes from row to column and turns from b to a */
    c->column_of[b * n + row] = FREE;
    c->row_of[b * n + column] = FREE;
    for (;;) {
        /* the column may have an edge of colour a already: it turns to b */
        const uint32_t next_row = c->row_of[a * n + column];
        const uint64_t next = next_row != FREE ? c->entry[a * n + column] : 0;
        if (next_row != FREE) {
            c->column_of[a * n + next_row] = FREE;
        }
        set(c, a, row, column, moved);
        if (next_row == FREE) {
            return;
        }
        const uint32_t next_column = c->column_of[b * n + next_row];
        const uint64_t after = next_column != FREE ? c->entry[b * n + next_column] : 0;
        if (next_column != FREE) {
            c->row_of[b * n + next_column] = FREE;
        }
        set(c, b, next_row, column, next);
        if (next_column == FREE) {
            return;
        }
        row = next_row;
        column = next_column;
        moved = after;
    }
}

static qn_status colour(const qn_sparse *m, size_t size, size_t colours, colouring *out)
{
    colouring c = {size, colours, NULL, NULL, NULL};
    c.row_of = qn__alloc(size * colours, sizeof *c.row_of);
    c.column_of = qn__alloc(size * colours, sizeof *c.column_of);
    c.entry = qn__alloc(size * colours, sizeof *c.entry);
    if (c.row_of == NULL || c.column_of == NULL || c.entry == NULL) {
        colouring_free(&c);
        return QN_ERR_MEMORY;
    }
    memset(c.row_of, 0xff, size * colours * sizeof *c.row_of);
    memset(c.column_of, 0xff, size * colours * sizeof *c.column_of);
    memset(c.entry, 0xff, size * colours * sizeof *c.entry);
    for (uint32_t r = 0; r < m->rows; r++) {
        for (uint64_t e = m->start[r]; e < m->start[r + 1]; e++) {
            const uint32_t j = m->column[e];
            const size_t a = free_colour(c.row_of, size, j), b = free_colour(c.column_of, size, r);
            /* a is free at the column, b at the row; make a free at the row */
            if (c.column_of[a * size + r] != FREE) {
                exchange(&c, r, b, a);
            }
            set(&c, a, r, j, e);
        }
    }
    for (size_t l = 0; l < colours; l++) { /* whole permutations */
        uint32_t r = 0;
        for (uint32_t j = 0; j < size; j++) {
            if (c.row_of[l * size + j] != FREE) {
                continue;
            }
            while (c.column_of[l * size + r] != FREE) {
                r++;
            }
            set(&c, l, r, j, UINT64_MAX);
        }
    }
    *out = c;
    return QN_OK;
}

/* flag = n; then l, the target of look-ups, and their tree. */
typedef struct layout {
    uint32_t n, m, flag, colour, target, tree, trees;
    uint32_t address[64];
} layout;

static layout lay_out(uint32_t n, size_t colours)
{
    layout l = {.n = n, .m = qn_load_address_bits(colours), .flag = n, .colour = n + 1};
    l.target = l.colour + l.m;
    l.tree = l.target + n;
    l.trees = qn_load_qrom_ancillas((uint64_t)colours << n, false);
    for (uint32_t q = 0; q < n; q++) {
        l.address[q] = q;
    }
    for (uint32_t q = 0; q < l.m; q++) {
        l.address[n + q] = l.colour + q;
    }
    return l;
}

static qn_status look_up(qn_circuit *circuit, const layout *l, const uint32_t *values, uint64_t length)
{
    uint64_t *table = qn__alloc(length, sizeof *table);
    QN_ALLOC_CHECK(table);
    for (uint64_t i = 0; i < length; i++) {
        table[i] = values[i];
    }
    uint32_t target[64], tree[64];
    for (uint32_t q = 0; q < l->n; q++) {
        target[q] = l->target + q;
    }
    for (uint32_t q = 0; q < l->trees; q++) {
        tree[q] = l->tree + q;
    }
    qn_lookup lookup = QN_LOOKUP_INIT;
    lookup.table = table;
    lookup.length = length;
    lookup.data_bits = l->n;
    lookup.address = l->address;
    lookup.naddress = l->n + l->m;
    lookup.target = target;
    lookup.ntargets = l->n;
    lookup.ancilla = tree;
    lookup.nancillas = l->trees;
    const qn_status status = qn_load_qrom(circuit, &lookup);
    qn__free(table);
    return status;
}

static qn_status append_values(qn_circuit *circuit, const layout *l, const qn_sparse *m, const colouring *c,
                               double largest)
{
    const uint64_t count = UINT64_C(1) << (l->n + l->m);
    qn_complex *a = qn__calloc(count, sizeof *a);
    double *angles = qn__alloc(count, sizeof *angles);
    qn_status status = QN_OK;
    if (a == NULL || angles == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    for (uint64_t i = 0; i < (uint64_t)c->colours * c->size; i++) {
        const uint64_t e = c->entry[i];
        if (e != UINT64_MAX) {
            a[i] = m->is_complex ? (qn_complex){m->value[2 * e] / largest, m->value[2 * e + 1] / largest}
                                 : (qn_complex){m->value[e] / largest, 0};
        }
    }
    status = qn__append_entries(circuit, l->flag, l->address, l->n + l->m, a, 0, angles);
cleanup:
    qn__free(a);
    qn__free(angles);
    return status;
}

/* Equal weights for all colours. */
static qn_status spread(const qn_context *context, size_t colours, qn__encoding_pair *out)
{
    qn_complex *ones = qn__alloc(colours, sizeof *ones);
    QN_ALLOC_CHECK(ones);
    for (size_t k = 0; k < colours; k++) {
        ones[k] = (qn_complex){1, 0};
    }
    const qn_status status = qn__encoding_pair_make(context, ones, colours, false, out);
    qn__free(ones);
    return status;
}

static qn_status assemble(const qn_context *context, const layout *l, const qn_sparse *m, const colouring *c,
                          double largest, qn_circuit *circuit)
{
    const uint64_t length = (uint64_t)c->colours << l->n;
    qn__encoding_pair pair = {0};
    qn_status status = QN_OK;
    if (l->m > 0) {
        QN_TRY_CLEANUP(spread(context, c->colours, &pair));
        QN_TRY_CLEANUP(qn__append_at(circuit, pair.right, l->colour));
    }
    QN_TRY_CLEANUP(append_values(circuit, l, m, c, largest));
    QN_TRY_CLEANUP(look_up(circuit, l, c->row_of, length));
    for (uint32_t q = 0; q < l->n; q++) {
        QN_TRY_CLEANUP(qn_circuit_append(circuit, QN_GATE_SWAP, (uint32_t[]){q, l->target + q}, 2, NULL, 0));
    }
    QN_TRY_CLEANUP(look_up(circuit, l, c->column_of, length));
    if (l->m > 0) {
        QN_TRY_CLEANUP(qn__append_at(circuit, pair.left_inverse, l->colour));
    }
cleanup:
    qn__encoding_pair_free(&pair);
    return status;
}

/* s: most non-zeros in a row or a column. */
static qn_status measure(const qn_sparse *matrix, qn_sparse_norms *norms, size_t *s)
{
    QN_TRY(qn_sparse_measure(matrix, norms));
    *s = norms->row_entries > norms->column_entries ? norms->row_entries : norms->column_entries;
    QN_CHECK(norms->largest > 0, ERR_ARGUMENT, "the matrix is zero");
    return QN_OK;
}

qn_status qn__encode_sparse(const qn_context *context, const qn_sparse *matrix, const qn_encoding_options *options,
                            qn_block_encoding *e)
{
    (void)options;
    qn_sparse_norms norms;
    size_t s = 0;
    QN_TRY(measure(matrix, &norms, &s));
    const layout l = lay_out(e->system, s);
    QN_CHECK(l.n + l.m <= QN__ENCODING_CIRCUIT_BITS, ERR_TOO_LARGE,
             "tables of %zu x 2^%u entries; at most 2^%d are written out", s, l.n, (int)QN__ENCODING_CIRCUIT_BITS);
    colouring c = {0};
    qn_circuit *circuit = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(colour(matrix, (size_t)1 << l.n, s, &c));
    QN_TRY_CLEANUP(qn_circuit_create(l.tree + l.trees, &circuit));
    QN_TRY_CLEANUP(assemble(context, &l, matrix, &c, norms.largest, circuit));
    e->ancillas = l.tree + l.trees - l.n;
    e->alpha = (double)s * norms.largest;
    e->circuit = circuit;
    circuit = NULL;
cleanup:
    colouring_free(&c);
    qn_circuit_free(circuit);
    return status;
}

/* Rotations and CNOTs of both ends of the register of colours. */
static qn_status count_spread(const qn_context *context, const layout *l, size_t colours, double *rotations, double *cx)
{
    *rotations = *cx = 0;
    if (l->m == 0) {
        return QN_OK;
    }
    qn__encoding_pair pair = {0};
    qn_circuit_cost cost = {0};
    QN_TRY(spread(context, colours, &pair));
    const qn_status status = qn_circuit_count(pair.right, NULL, 1e-10, &cost);
    qn__encoding_pair_free(&pair);
    *rotations = 2 * (double)cost.rotations;
    *cx = 2 * (double)cost.cx;
    return status;
}

/* Each look-up writes n bits, half of them set, to s 2^n places. */
qn_status qn__encode_sparse_cost(const qn_context *context, const qn_sparse *matrix, const qn_encoding_options *options,
                                 qn_encoding_cost *out)
{
    (void)options;
    qn_sparse_norms norms;
    size_t s = 0;
    double rotations = 0, cx = 0;
    QN_TRY(measure(matrix, &norms, &s));
    const layout l = lay_out(out->system, s);
    const double length = (double)s * exp2(l.n), angles = exp2(l.n + l.m) * (matrix->is_complex ? 2 : 1);
    QN_TRY(count_spread(context, &l, s, &rotations, &cx));
    out->ancillas = l.tree + l.trees - l.n;
    out->alpha = (double)s * norms.largest;
    out->loading_rotations = angles;
    out->rotations = angles + rotations;
    out->toffoli = out->loading_toffoli = 2 * (double)qn_load_qrom_toffoli((uint64_t)s << l.n, false, false);
    out->cx = angles + 6 * out->toffoli + 2 * length * (l.n / 2.0) + 3.0 * l.n + cx;
    return QN_OK;
}
