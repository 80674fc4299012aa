/* observable.c: Pauli sums as groups of one flip mask each.
 *
 * A group H_x = sum_z c_z i^popcount(x&z) X^x Z^z is one pass over half of the pairs (i, i^x) against the function
 * F(i) = sum_z c_z i^popcount(x&z) (-1)^popcount(i&z). On small states F is a table made once, by a Walsh-Hadamard
 * transform; on large ones it is made tile by tile, so that a tile of the state and its partner serve all groups that
 * join them. */
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "engine/statevector/program.h"
#include "engine/statevector/threads.h"

typedef struct grouping {
    qn__sv_group *groups;
    size_t ngroups, groups_capacity;
    uint64_t *z;
    double *c;
    size_t nterms, z_capacity, c_capacity, largest;
    double *identity;
} grouping;

static void release(grouping *g)
{
    qn__free(g->groups);
    qn__free(g->z);
    qn__free(g->c);
    qn__free(g->identity);
    *g = (grouping){0};
}

static uint64_t mask(const uint64_t *words)
{
    return words[0];
}

/* Terms first .. last - 1 share their flip mask: those with an even number of Y first. */
static qn_status add_group(grouping *g, const qn_pauli_sum *sum, size_t first, size_t last, uint32_t observable)
{
    const size_t needed = g->nterms + (last - first);
    QN_TRY(qn__grow((void **)&g->groups, &g->groups_capacity, g->ngroups + 1, sizeof *g->groups));
    QN_TRY(qn__grow((void **)&g->z, &g->z_capacity, needed, sizeof *g->z));
    QN_TRY(qn__grow((void **)&g->c, &g->c_capacity, needed, sizeof *g->c));
    qn__sv_group group = {.x = mask(qn_pauli_sum_x(sum, first)), .first = g->nterms, .observable = observable};
    for (uint32_t odd = 0; odd < 2; odd++) {
        for (size_t t = first; t < last; t++) {
            const uint64_t z = mask(qn_pauli_sum_z(sum, t));
            const uint32_t ys = qn__popcount(group.x & z);
            const double c = qn_pauli_sum_coefficient(sum, t).re;
            if (ys % 2 != odd) {
                continue;
            }
            if (group.x == 0 && z == 0) {
                g->identity[observable] += c; /* known without looking at the state */
                continue;
            }
            g->z[g->nterms] = z;
            g->c[g->nterms++] = ys % 4 < 2 ? c : -c;
            *(odd != 0 ? &group.nimaginary : &group.nreal) += 1;
        }
    }
    if (group.nreal + group.nimaginary > 0) {
        const size_t larger = group.nreal > group.nimaginary ? group.nreal : group.nimaginary;
        g->largest = larger > g->largest ? larger : g->largest;
        g->groups[g->ngroups++] = group;
    }
    return QN_OK;
}

static qn_status add_observable(grouping *g, const qn_pauli_sum *given, uint32_t observable)
{
    qn_pauli_sum *sum = NULL;
    QN_TRY(qn_pauli_sum_clone(given, &sum));
    qn_status status = qn_pauli_sum_simplify(sum, 0.0);
    const size_t count = status == QN_OK ? qn_pauli_sum_terms(sum) : 0;
    for (size_t first = 0, last = 0; first < count && status == QN_OK; first = last) {
        while (last < count && mask(qn_pauli_sum_x(sum, last)) == mask(qn_pauli_sum_x(sum, first))) {
            last++;
        }
        status = add_group(g, sum, first, last, observable);
    }
    qn_pauli_sum_free(sum);
    return status;
}

static qn_status make_groups(const qn_pauli_sum *const *observables, size_t count, grouping *out)
{
    grouping g = {0};
    g.identity = qn__calloc(count, sizeof *g.identity);
    QN_ALLOC_CHECK(g.identity);
    for (size_t o = 0; o < count; o++) {
        const qn_status status = add_observable(&g, observables[o], (uint32_t)o);
        if (status != QN_OK) {
            release(&g);
            return status;
        }
    }
    *out = g;
    return QN_OK;
}

/* Amplitudes of a tile; of the padded block for the smallest states. */
static uint64_t tile_amplitudes(const qn__kernels *kernels, uint32_t nqubits)
{
    const uint32_t bits = nqubits < QN__SV_TILE_QUBITS ? nqubits : QN__SV_TILE_QUBITS;
    const uint64_t size = UINT64_C(1) << bits;
    return size < kernels->lanes ? kernels->lanes : size;
}

/* Places a table for each part of each group; bytes 0 when whole tables are not worth their memory. */
static uint64_t place_tables(const qn__kernels *kernels, uint32_t nqubits, grouping *g)
{
    if (nqubits > QN__SV_TABLE_QUBITS) {
        return 0;
    }
    uint64_t size = (UINT64_C(1) << nqubits) < kernels->lanes ? kernels->lanes : UINT64_C(1) << nqubits, bytes = 0;
    size *= kernels->real_size;
    for (size_t k = 0; k < g->ngroups; k++) {
        g->groups[k].real_table = bytes;
        bytes += g->groups[k].nreal > 0 ? size : 0;
        g->groups[k].imaginary_table = bytes;
        bytes += g->groups[k].nimaginary > 0 ? size : 0;
    }
    return bytes <= QN__SV_TABLE_BYTES ? bytes : 0;
}

/* A multiple of a cache line, so that threads do not share one. */
static size_t scratch_bytes(const qn__kernels *kernels, uint32_t nqubits, const grouping *g)
{
    const size_t terms = (g->largest * (sizeof *g->z + sizeof *g->c) + 63) / 64 * 64;
    return 2 * (size_t)tile_amplitudes(kernels, nqubits) * kernels->real_size + terms;
}

qn_status qn__sv_observable_bytes(const qn__kernels *kernels, uint32_t nqubits, uint32_t threads,
                                  const qn_pauli_sum *const *observables, size_t nobservables, uint64_t *bytes)
{
    grouping g = {0};
    QN_TRY(make_groups(observables, nobservables, &g));
    const uint64_t tables = place_tables(kernels, nqubits, &g);
    *bytes = tables + (tables == 0 && g.ngroups > 0 ? threads * scratch_bytes(kernels, nqubits, &g) : 0) +
             g.nterms * (sizeof *g.z + sizeof *g.c) + g.ngroups * sizeof *g.groups +
             QN__SV_PARTS * (nobservables + 16) * sizeof(double);
    release(&g);
    return QN_OK;
}

static void fill_tables(qn__sv_program *p)
{
    for (size_t k = 0; k < p->ngroups; k++) {
        const qn__sv_group *g = &p->groups[k];
        const uint64_t *z = p->group_z + g->first;
        const double *c = p->group_c + g->first;
        if (g->nreal > 0) {
            p->kernels->table_transform(p->tables + g->real_table, p->blocks, g->nreal, z, c);
        }
        if (g->nimaginary > 0) {
            p->kernels->table_transform(p->tables + g->imaginary_table, p->blocks, g->nimaginary, z + g->nreal,
                                        c + g->nreal);
        }
    }
}

qn_status qn__sv_group_observables(qn__sv_program *p, const qn_pauli_sum *const *observables)
{
    grouping g = {0};
    QN_TRY(make_groups(observables, p->nobservables, &g));
    for (size_t k = 0; k < g.ngroups; k++) {
        g.groups[k].x = qn__sv_moved(p, g.groups[k].x);
    }
    for (size_t k = 0; k < g.nterms; k++) {
        g.z[k] = qn__sv_moved(p, g.z[k]);
    }
    p->groups = g.groups;
    p->ngroups = g.ngroups;
    p->group_z = g.z;
    p->group_c = g.c;
    p->identity = g.identity;
    p->partial = qn__alloc(QN__SV_PARTS * (p->nobservables + 16), sizeof *p->partial);
    QN_ALLOC_CHECK(p->partial);
    const uint64_t tables = place_tables(p->kernels, p->nqubits, &g);
    if (tables > 0) {
        p->tables = qn__alloc(tables, 1);
        QN_ALLOC_CHECK(p->tables);
        fill_tables(p);
    } else if (p->ngroups > 0) {
        p->scratch_terms = g.largest;
        p->scratch_size = scratch_bytes(p->kernels, p->nqubits, &g);
        p->scratch = qn__alloc(p->threads, p->scratch_size);
        QN_ALLOC_CHECK(p->scratch);
    }
    return QN_OK;
}

/* One of the two tables of a group over the tile that begins at amplitude `base`. */
static const void *tile_table(const qn__sv_program *p, void *table, size_t first, size_t count, uint64_t base,
                              uint64_t *z, double *c)
{
    if (count == 0) {
        return NULL;
    }
    const uint64_t size = tile_amplitudes(p->kernels, p->nqubits), blocks = size / p->kernels->lanes;
    for (size_t k = 0; k < count; k++) {
        const uint64_t term = p->group_z[first + k];
        z[k] = term & (size - 1);
        c[k] = qn__parity(term & base) ? -p->group_c[first + k] : p->group_c[first + k];
    }
    if (count <= QN__SV_FEW_TERMS) {
        p->kernels->table_terms(table, blocks, count, z, c);
    } else {
        p->kernels->table_transform(table, blocks, count, z, c);
    }
    return table;
}

typedef struct tile {
    const void *real, *imaginary;
} tile;

static tile fill_tile(const qn__sv_program *p, const qn__sv_group *g, uint64_t base, unsigned char *scratch)
{
    const size_t table = (size_t)tile_amplitudes(p->kernels, p->nqubits) * p->kernels->real_size;
    uint64_t *z = (uint64_t *)(void *)(scratch + 2 * table);
    double *c = (double *)(void *)(scratch + 2 * table + p->scratch_terms * sizeof *z);
    tile out;
    out.real = tile_table(p, scratch, g->first, g->nreal, base, z, c);
    out.imaginary = tile_table(p, scratch + table, g->first + g->nreal, g->nimaginary, base, z, c);
    return out;
}

static size_t tile_count(const qn__sv_program *p)
{
    return p->nqubits <= QN__SV_TILE_QUBITS ? 1 : (size_t)1 << (p->nqubits - QN__SV_TILE_QUBITS);
}

static unsigned char *tile_at(const qn__sv_program *p, void *state, uint64_t index)
{
    return (unsigned char *)state + index * tile_amplitudes(p->kernels, p->nqubits) * 2 * p->kernels->real_size;
}

/* All groups on the pairs that tile `a` owns: a pair of tiles belongs to the one whose highest flipped bit is clear. */
static void expect_tile(const qn__sv_program *p, uint64_t a, unsigned char *scratch, double *sums)
{
    const uint64_t size = tile_amplitudes(p->kernels, p->nqubits), blocks = size / p->kernels->lanes;
    for (size_t k = 0; k < p->ngroups; k++) {
        const qn__sv_group *g = &p->groups[k];
        const uint64_t far = g->x / size;
        if (far != 0 && (a >> (63 - __builtin_clzll(far)) & 1) != 0) {
            continue;
        }
        const tile f = fill_tile(p, g, a * size, scratch);
        sums[g->observable] += p->kernels->group_expect(tile_at(p, p->state, a), tile_at(p, p->state, a ^ far), blocks,
                                                        g->x & (size - 1), f.real, f.imaginary);
    }
}

static void expect_by_tiles(qn__sv_program *p, double *values)
{
    const size_t tiles = tile_count(p), parts = tiles < QN__SV_PARTS ? tiles : QN__SV_PARTS, nobs = p->nobservables;
    memset(p->partial, 0, parts * nobs * sizeof *p->partial);
    /* parts are unequal, since pairs of tiles belong to the lower ones; their sums are added in order below */
#pragma omp parallel for schedule(dynamic) num_threads((int)p->threads) if (p->threads > 1)
    for (size_t part = 0; part < parts; part++) {
        for (size_t a = part * tiles / parts; a < (part + 1) * tiles / parts; a++) {
            expect_tile(p, a, p->scratch + qn__team_member() * p->scratch_size, p->partial + part * nobs);
        }
    }
    for (size_t part = 0; part < parts; part++) {
        for (size_t o = 0; o < nobs; o++) {
            values[o] += p->partial[part * nobs + o];
        }
    }
}

void qn__sv_expect_state(qn__sv_program *p, double *values)
{
    memcpy(values, p->identity, p->nobservables * sizeof *values);
    if (p->ngroups == 0) {
        return;
    }
    if (p->tables == NULL) {
        expect_by_tiles(p, values);
        return;
    }
    for (size_t k = 0; k < p->ngroups; k++) {
        const qn__sv_group *g = &p->groups[k];
        values[g->observable] += p->kernels->group_expect(p->state, p->state, p->blocks, g->x,
                                                          g->nreal > 0 ? p->tables + g->real_table : NULL,
                                                          g->nimaginary > 0 ? p->tables + g->imaginary_table : NULL);
    }
}

/* Each tile of the result gathers from all its partners, so that no two threads write to one place. */
static void apply_by_tiles(qn__sv_program *p, const double *weights)
{
    const size_t tiles = tile_count(p);
    const uint64_t size = tile_amplitudes(p->kernels, p->nqubits), blocks = size / p->kernels->lanes;
#pragma omp parallel for schedule(static) num_threads((int)p->threads) if (p->threads > 1)
    for (size_t a = 0; a < tiles; a++) {
        p->kernels->clear(tile_at(p, p->bra, a), blocks);
        for (size_t k = 0; k < p->ngroups; k++) {
            const qn__sv_group *g = &p->groups[k];
            if (weights[g->observable] == 0.0) {
                continue;
            }
            const tile f = fill_tile(p, g, a * size, p->scratch + qn__team_member() * p->scratch_size);
            p->kernels->group_apply(tile_at(p, p->state, a), tile_at(p, p->state, a ^ g->x / size),
                                    tile_at(p, p->bra, a), NULL, blocks, g->x & (size - 1), f.real, f.imaginary,
                                    weights[g->observable]);
        }
    }
}

void qn__sv_apply_observables(qn__sv_program *p, const double *weights)
{
    if (p->tables == NULL) {
        apply_by_tiles(p, weights);
        return;
    }
    p->kernels->clear(p->bra, p->blocks);
    for (size_t k = 0; k < p->ngroups; k++) {
        const qn__sv_group *g = &p->groups[k];
        if (weights[g->observable] != 0.0) {
            p->kernels->group_apply(p->state, p->state, p->bra, p->bra, p->blocks, g->x,
                                    g->nreal > 0 ? p->tables + g->real_table : NULL,
                                    g->nimaginary > 0 ? p->tables + g->imaginary_table : NULL, weights[g->observable]);
        }
    }
}
