/* structured.c: bands and grids as sums of shifts: D. Camps, L. Lin, R. Van Beeumen, C. Yang, arXiv:2203.10236.
 *
 * A band of equal entries at distance d is a times a shift of the unknowns by -d. Where a shift runs over the edge of
 * the vector, one more qubit on top of the adder takes the carry and stays 1, so that the product is cut off; circulant
 * matrices wrap around and do without. Grids have such an adder for each axis. */
#include <math.h>
#include <stdlib.h>

#include <quern/load.h>

#include "algorithm/block_encoding/encoding.h"
#include "base/alloc.h"

enum { MOST_AXES = 3 };

typedef struct band {
    int64_t distance; /* column - row along `axis` */
    uint32_t axis;
    qn_complex value;
    size_t count; /* entries seen */
} band;

typedef struct stencil {
    uint32_t axes, bits[MOST_AXES];
    bool wraps;
    size_t count;
    band bands[QN__ENCODING_BANDS];
} stencil;

static bool same(qn_complex a, qn_complex b)
{
    return fabs(a.re - b.re) <= 0 && fabs(a.im - b.im) <= 0;
}

/* False when the entry differs from its band, or there are too many bands. */
static bool note(stencil *s, int64_t distance, qn_complex value)
{
    for (size_t k = 0; k < s->count; k++) {
        if (s->bands[k].distance == distance) {
            s->bands[k].count++;
            return same(s->bands[k].value, value);
        }
    }
    if (s->count == QN__ENCODING_BANDS) {
        return false;
    }
    s->bands[s->count++] = (band){distance, 0, value, 1};
    return true;
}

/* Toeplitz (or, modulo the dimension, circulant) matrices whose bands are full. */
static bool find(const qn_sparse *m, bool wraps, stencil *out)
{
    const int64_t n = (int64_t)m->rows;
    stencil s = {.axes = 1, .bits = {qn__encoding_bits(m)}, .wraps = wraps};
    for (int64_t r = 0; r < n; r++) {
        for (uint64_t e = m->start[r]; e < m->start[r + 1]; e++) {
            int64_t d = (int64_t)m->column[e] - r;
            if (wraps) {
                d = d > n / 2 ? d - n : d <= -n / 2 ? d + n : d;
            }
            const qn_complex v =
                m->is_complex ? (qn_complex){m->value[2 * e], m->value[2 * e + 1]} : (qn_complex){m->value[e], 0};
            if (!note(&s, d, v)) {
                return false;
            }
        }
    }
    for (size_t k = 0; k < s.count; k++) {
        const int64_t length = wraps ? n : n - llabs(s.bands[k].distance);
        if ((int64_t)s.bands[k].count != length) {
            return false;
        }
    }
    *out = s;
    return s.count > 0;
}

static bool of_grid(const qn_grid_matrix *grid, stencil *out)
{
    stencil s = {.axes = grid->axes};
    s.bands[s.count++] = (band){0, 0, {grid->diagonal, 0}, 0};
    for (uint32_t axis = 0; axis < grid->axes; axis++) {
        const size_t length = grid->length[axis];
        if ((length & (length - 1)) != 0 || length < 2) {
            return false;
        }
        s.bits[axis] = qn_load_address_bits(length);
        for (int side = -1; side <= 1; side += 2) {
            s.bands[s.count++] = (band){side, axis, {grid->off[axis], 0}, 0};
        }
    }
    *out = s;
    return true;
}

static qn_status recognise(const qn_sparse *matrix, const qn_encoding_options *options, stencil *out)
{
    if (options->grid != NULL && of_grid(options->grid, out)) {
        return QN_OK;
    }
    const size_t n = matrix->rows;
    QN_CHECK(n >= 2 && (n & (n - 1)) == 0, ERR_UNSUPPORTED,
             "shifts need a number of unknowns (on grids, along each axis) that is a power of two, not %zu", n);
    QN_CHECK(find(matrix, true, out) || find(matrix, false, out), ERR_UNSUPPORTED,
             "the matrix is not made of at most %d full bands of equal entries (a Toeplitz or circulant matrix, or a "
             "grid "
             "given by its formula)",
             (int)QN__ENCODING_BANDS);
    return QN_OK;
}

/* The qubits of one axis, those that choose, and the number that they must read. */
typedef struct adder {
    uint32_t qubits[64], bits;
    uint32_t chosen[8], nchosen;
    uint64_t number;
} adder;

/* X on bit t where all bits from `low` below it are 1, and the choice is made. */
static qn_status carry(qn_circuit *circuit, const adder *a, uint32_t low, uint32_t t)
{
    uint32_t controls[64], count = 0;
    uint64_t state = a->number;
    for (; count < a->nchosen; count++) {
        controls[count] = a->chosen[count];
    }
    for (uint32_t b = low; b < t; b++) {
        state |= UINT64_C(1) << count;
        controls[count++] = a->qubits[b];
    }
    return qn_circuit_append_controlled(circuit, QN_GATE_X, controls, count, state, &a->qubits[t], 1, NULL, 0);
}

/* Adds 2^low, or takes it away: the same gates from the other end. */
static qn_status step(qn_circuit *circuit, const adder *a, uint32_t low, bool down)
{
    for (uint32_t k = low; k < a->bits; k++) {
        QN_TRY(carry(circuit, a, low, down ? k : a->bits - 1 - (k - low)));
    }
    return QN_OK;
}

static qn_status shift(qn_circuit *circuit, const adder *a, int64_t by)
{
    const uint64_t size = (uint64_t)llabs(by);
    for (uint32_t bit = 0; bit < a->bits; bit++) {
        if ((size >> bit & 1) != 0) {
            QN_TRY(step(circuit, a, bit, by < 0));
        }
    }
    return QN_OK;
}

/* The vector, one carry an axis unless it wraps, the register that chooses the band. */
static qn_status assemble(const qn_context *context, const stencil *s, uint32_t n, qn_block_encoding *e)
{
    const uint32_t carries = s->wraps ? 0 : s->axes, index = n + carries;
    const uint32_t bits = qn_load_address_bits(s->count) > 0 ? qn_load_address_bits(s->count) : 1;
    qn_complex values[QN__ENCODING_BANDS] = {{0, 0}};
    qn__encoding_pair pair = {0};
    qn_circuit *circuit = NULL;
    qn_status status = QN_OK;
    for (size_t k = 0; k < s->count; k++) {
        values[k] = s->bands[k].value;
    }
    QN_TRY(qn__encoding_pair_make(context, values, s->count > 1 ? s->count : 2, false, &pair));
    QN_TRY_CLEANUP(qn_circuit_create(index + bits, &circuit));
    QN_TRY_CLEANUP(qn__append_at(circuit, pair.right, index));
    for (size_t k = 0; k < s->count; k++) {
        adder a = {.nchosen = bits, .number = k};
        for (uint32_t b = 0; b < bits; b++) {
            a.chosen[b] = index + b;
        }
        uint32_t first = 0;
        for (uint32_t axis = 0; axis < s->bands[k].axis; axis++) {
            first += s->bits[axis];
        }
        for (uint32_t b = 0; b < s->bits[s->bands[k].axis]; b++) {
            a.qubits[a.bits++] = first + b;
        }
        if (!s->wraps) {
            a.qubits[a.bits++] = n + s->bands[k].axis;
        }
        QN_TRY_CLEANUP(shift(circuit, &a, -s->bands[k].distance));
    }
    QN_TRY_CLEANUP(qn__append_at(circuit, pair.left_inverse, index));
    e->ancillas = carries + bits;
    e->alpha = pair.alpha;
    e->circuit = circuit;
    circuit = NULL;
cleanup:
    qn__encoding_pair_free(&pair);
    qn_circuit_free(circuit);
    return status;
}

qn_status qn__encode_structured(const qn_context *context, const qn_sparse *matrix, const qn_encoding_options *options,
                                qn_block_encoding *e)
{
    stencil s = {0};
    QN_TRY(recognise(matrix, options, &s));
    return assemble(context, &s, e->system, e);
}

/* The circuit is short at any size. */
qn_status qn__encode_structured_cost(const qn_context *context, const qn_sparse *matrix,
                                     const qn_encoding_options *options, qn_encoding_cost *out)
{
    qn_block_encoding e = {.system = out->system};
    QN_TRY(qn__encode_structured(context, matrix, options, &e));
    const qn_status status = qn__encoding_count(&e, options->synthesis_error);
    if (status == QN_OK) {
        e.cost.kind = out->kind;
        *out = e.cost;
    }
    qn_circuit_free(e.circuit);
    return status;
}
