/* diagonal.c: the table of all costs, a tile at a time: terms that differ only in the spins above the tile add up to
 * one, and a Walsh-Hadamard transform of a tile makes its 2^k costs out of the rest in k additions each. */
#include "algorithm/qaoa/diagonal.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/context.h"
#include "base/status.h"
#include "kernel/kernel.h"

enum { TILE_BITS = 13, MOST_INDEX = 65535 };

static qn_status terms_of_qubo(const qn_qubo *qubo, qn__spin_terms *out)
{
    const uint32_t n = out->nqubits;
    double *h = qn__alloc(n, sizeof *h);
    QN_ALLOC_CHECK(h);
    out->offset = qn_qubo_to_ising(qubo, h);
    for (uint32_t i = 0; i < n; i++) {
        if (h[i] != 0.0) {
            out->z[out->count] = UINT64_C(1) << i;
            out->c[out->count++] = h[i];
        }
        const uint32_t *neighbours = NULL;
        const double *weights = NULL;
        const size_t degree = qn_qubo_row(qubo, i, &neighbours, &weights);
        for (size_t k = 0; k < degree; k++) {
            if (neighbours[k] > i) {
                out->z[out->count] = UINT64_C(1) << i | UINT64_C(1) << neighbours[k];
                out->c[out->count++] = weights[k] / 4.0;
            }
        }
    }
    qn__free(h);
    return QN_OK;
}

static void terms_of_polynomial(const qn_polynomial *polynomial, qn__spin_terms *out)
{
    out->offset = qn_polynomial_constant(polynomial);
    for (size_t t = 0; t < qn_polynomial_terms(polynomial); t++) {
        const uint32_t *variables = NULL;
        double c = 0.0;
        const size_t degree = qn_polynomial_term(polynomial, t, &c, &variables);
        uint64_t z = 0;
        for (size_t k = 0; k < degree; k++) {
            z ^= UINT64_C(1) << variables[k];
        }
        out->z[out->count] = z;
        out->c[out->count++] = c;
    }
}

qn_status qn__spin_terms_create(qn_cost cost, qn__spin_terms *out)
{
    const uint32_t n = qn_cost_variables(cost);
    QN_CHECK(n <= 63, ERR_TOO_LARGE, "%u variables: a state of 2^%u amplitudes is beyond any machine", n, n);
    const size_t most = cost.qubo != NULL ? n + qn_qubo_couplings(cost.qubo) : qn_polynomial_terms(cost.polynomial);
    qn__spin_terms terms = {.nqubits = n, .z = qn__alloc(most, sizeof *out->z), .c = NULL};
    QN_ALLOC_CHECK(terms.z);
    terms.c = qn__alloc(most, sizeof *out->c);
    qn_status status = terms.c == NULL ? QN_ERR_MEMORY : QN_OK;
    if (status == QN_OK && cost.qubo != NULL) {
        status = terms_of_qubo(cost.qubo, &terms);
    } else if (status == QN_OK) {
        terms_of_polynomial(cost.polynomial, &terms);
    }
    if (status != QN_OK) {
        qn__spin_terms_release(&terms);
        return status;
    }
    *out = terms;
    return QN_OK;
}

void qn__spin_terms_release(qn__spin_terms *terms)
{
    qn__free(terms->z);
    qn__free(terms->c);
    *terms = (qn__spin_terms){0};
}

double qn__spin_terms_value(const qn__spin_terms *terms, uint64_t x)
{
    double sum = terms->offset;
    for (size_t t = 0; t < terms->count; t++) {
        sum += qn__parity(x & terms->z[t]) ? -terms->c[t] : terms->c[t];
    }
    return sum;
}

/* Costs differ by sums of 2 c_t, so twice the largest of a few units of which every coefficient is a whole multiple; or
 * 0. */
static double unit_of(const qn__spin_terms *terms)
{
    static const double units[] = {2.0, 1.0, 0.5, 0.25, 0.125, 0.1, 0.05, 0.025, 0.01, 0.005, 0.0025, 0.001};
    for (size_t u = 0; u < sizeof units / sizeof units[0]; u++) {
        bool whole = true;
        for (size_t t = 0; t < terms->count && whole; t++) {
            const double multiple = terms->c[t] / units[u];
            whole = fabs(multiple) < 0x1p40 && fabs(multiple - rint(multiple)) <= 1e-12 * fmax(1.0, fabs(multiple));
        }
        if (whole) {
            return 2.0 * units[u];
        }
    }
    return 0.0;
}

/* Terms of the tiles: those that agree within a tile are one list entry each, with the parts above it. */
typedef struct builder {
    const qn__spin_terms *terms;
    const qn__kernels *kernels;
    uint32_t tile_bits;
    uint64_t tiles, blocks;
    uint64_t *low; /* z within the tile, a term each */
} builder;

static void tile_costs(const builder *b, uint64_t tile, double *c, double *out)
{
    const uint64_t above = tile << b->tile_bits;
    for (size_t t = 0; t < b->terms->count; t++) {
        c[t] = qn__parity(above & b->terms->z[t]) ? -b->terms->c[t] : b->terms->c[t];
    }
    b->kernels->table_transform(out, b->blocks, b->terms->count, b->low, c);
}

/* Range of the costs, less the offset. */
typedef struct extent {
    double low, high;
    uint64_t best;
} extent;

typedef struct scratch {
    double *c, *costs;
} scratch;

static extent extent_of(const double *costs, uint64_t size, uint64_t first)
{
    extent e = {costs[0], costs[0], first};
    for (uint64_t k = 1; k < size; k++) {
        if (costs[k] < e.low) {
            e.low = costs[k];
            e.best = first + k;
        }
        e.high = costs[k] > e.high ? costs[k] : e.high;
    }
    return e;
}

static void write_costs(const builder *b, const qn__diagonal *d, const double *costs, uint64_t size, uint64_t first)
{
    if (d->index != NULL) {
        const double low = d->low - b->terms->offset, per = 1.0 / d->unit;
        for (uint64_t k = 0; k < size; k++) {
            d->index[first + k] = (uint16_t)((costs[k] - low) * per + 0.5);
        }
    } else {
        for (uint64_t k = 0; k < size; k++) {
            d->value[first + k] = costs[k] + b->terms->offset;
        }
    }
}

/* One walk over the tiles, a stretch of them for each thread: finds their extents, or without those fills the table. */
static void walk(const builder *b, const qn__diagonal *d, const scratch *rooms, uint32_t threads, extent *extents)
{
    const uint64_t size = UINT64_C(1) << b->tile_bits;
#pragma omp parallel for schedule(static) num_threads((int)threads) if (b->tiles > 1)
    for (uint32_t part = 0; part < threads; part++) {
        for (uint64_t tile = b->tiles * part / threads; tile < b->tiles * (part + 1) / threads; tile++) {
            tile_costs(b, tile, rooms[part].c, rooms[part].costs);
            if (extents != NULL) {
                extents[tile] = extent_of(rooms[part].costs, size, tile * size);
            } else {
                write_costs(b, d, rooms[part].costs, size, tile * size);
            }
        }
    }
}

static void count_optima(qn__diagonal *d, uint32_t threads)
{
    const uint64_t size = UINT64_C(1) << d->bits;
    uint64_t found = 0;
    (void)threads; /* without OpenMP */
#pragma omp parallel for schedule(static) num_threads((int)threads) reduction(+ : found) if (size > 65536)
    for (uint64_t x = 0; x < size; x++) {
        found += qn__diagonal_is_best(d, x);
    }
    const uint32_t stored = d->nqubits - d->mirrored;
    d->optima = (found >> (d->bits - stored)) * (d->mirrored ? 2 : 1);
}

uint64_t qn__diagonal_bytes(uint32_t nqubits, bool mirrored)
{
    const uint32_t stored = nqubits - (mirrored ? 1 : 0),
                   bits = stored < QN__QAOA_LEAST_BITS ? QN__QAOA_LEAST_BITS : stored;
    return UINT64_C(8) << bits;
}

static bool is_even(const qn__spin_terms *terms)
{
    for (size_t t = 0; t < terms->count; t++) {
        if (qn__parity(terms->z[t])) {
            return false;
        }
    }
    return true;
}

static qn_status fill(const qn_context *context, builder *b, qn__diagonal *d, scratch *rooms, extent *extents)
{
    const uint32_t threads = qn_context_threads(context);
    walk(b, d, rooms, threads, extents);
    extent all = extents[0];
    for (uint64_t t = 1; t < b->tiles; t++) {
        all.best = extents[t].low < all.low ? extents[t].best : all.best;
        all.low = fmin(all.low, extents[t].low);
        all.high = fmax(all.high, extents[t].high);
    }
    d->low = all.low + b->terms->offset;
    d->high = all.high + b->terms->offset;
    d->best = all.best;
    d->unit = unit_of(b->terms);
    const bool indexed = d->unit > 0.0 && (all.high - all.low) / d->unit <= MOST_INDEX;
    if (indexed) {
        d->index = qn__alloc((size_t)1 << d->bits, sizeof *d->index);
        QN_ALLOC_CHECK(d->index);
        qn__large_pages(d->index, sizeof *d->index << d->bits);
    } else {
        d->value = qn__alloc((size_t)1 << d->bits, sizeof *d->value);
        QN_ALLOC_CHECK(d->value);
        qn__large_pages(d->value, sizeof *d->value << d->bits);
    }
    walk(b, d, rooms, threads, NULL);
    count_optima(d, threads);
    return QN_OK;
}

qn_status qn__diagonal_create(const qn_context *context, const qn__spin_terms *terms, bool mirrored, qn__diagonal *out)
{
    qn__diagonal d = {.nqubits = terms->nqubits, .mirrored = mirrored && is_even(terms) && terms->nqubits > 1};
    const uint32_t stored = d.nqubits - d.mirrored, threads = qn_context_threads(context);
    d.bits = stored < QN__QAOA_LEAST_BITS ? QN__QAOA_LEAST_BITS : stored;
    builder b = {.terms = terms, .kernels = qn__kernels_find(qn_context_arch(context), false)};
    b.tile_bits = d.bits < TILE_BITS ? d.bits : TILE_BITS;
    b.tiles = UINT64_C(1) << (d.bits - b.tile_bits);
    b.blocks = (UINT64_C(1) << b.tile_bits) / b.kernels->lanes;
    qn_status status = QN_OK;
    scratch *rooms = qn__calloc(threads, sizeof *rooms);
    extent *extents = qn__alloc(b.tiles, sizeof *extents);
    b.low = qn__alloc(terms->count, sizeof *b.low);
    if (rooms == NULL || extents == NULL || b.low == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    for (size_t t = 0; t < terms->count; t++) {
        b.low[t] = terms->z[t] & ((UINT64_C(1) << (stored < b.tile_bits ? stored : b.tile_bits)) - 1);
    }
    for (uint32_t t = 0; t < threads; t++) {
        rooms[t].c = qn__alloc(terms->count, sizeof(double));
        rooms[t].costs = qn__alloc((size_t)1 << b.tile_bits, sizeof(double));
        if (rooms[t].c == NULL || rooms[t].costs == NULL) {
            status = QN_ERR_MEMORY;
            goto cleanup;
        }
    }
    status = fill(context, &b, &d, rooms, extents);
    if (status == QN_OK) {
        *out = d;
        d = (qn__diagonal){0};
    }
cleanup:
    for (uint32_t t = 0; rooms != NULL && t < threads; t++) {
        qn__free(rooms[t].c);
        qn__free(rooms[t].costs);
    }
    qn__free(rooms);
    qn__free(extents);
    qn__free(b.low);
    qn__diagonal_release(&d);
    return status;
}

void qn__diagonal_release(qn__diagonal *diagonal)
{
    qn__free(diagonal->index);
    qn__free(diagonal->value);
    *diagonal = (qn__diagonal){0};
}
