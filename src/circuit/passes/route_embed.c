/* route_embed.c: layouts that need no swaps: a subgraph monomorphism of the pairs that meet into the device, by
 * backtracking in the manner of VF2 (Cordella, Foggia, Sansone, Vento, IEEE TPAMI 26, 1367, 2004). */
#include "base/alloc.h"
#include "base/rng.h"
#include "base/status.h"
#include "circuit/passes/route_layout.h"

enum { RESTARTS = 8 }; /* with other orders of the candidates: a bad first choice is not paid for in full */

struct qn__route_embedder {
    const qn__route_device *device;
    const qn__route_graph *graph;
    size_t npairs;
    uint32_t *order;           /* wires in the order in which they are placed */
    uint32_t *position;        /* [wire] in the order; QN__ROUTE_NONE: in no pair */
    uint32_t *degree;          /* [wire] pairs looked at */
    uint32_t *placed;          /* [wire] how many partners stand before it in the order */
    uint32_t *anchor;          /* [depth] a partner placed before, or QN__ROUTE_NONE */
    uint32_t *cursor, *offset; /* [depth] candidates tried; where they begin */
    uint32_t *wire_at;         /* [qubit] */
    uint32_t count;            /* wires to place */
};

void qn__route_embedder_free(qn__route_embedder *e)
{
    if (e != NULL) {
        qn__free(e->order);
        qn__free(e->position);
        qn__free(e->degree);
        qn__free(e->placed);
        qn__free(e->anchor);
        qn__free(e->cursor);
        qn__free(e->offset);
        qn__free(e->wire_at);
        qn__free(e);
    }
}

qn_status qn__route_embedder_create(const qn__route_device *device, const qn__route_graph *graph,
                                    qn__route_embedder **out)
{
    qn__route_embedder *e = qn__calloc(1, sizeof *e);
    QN_ALLOC_CHECK(e);
    e->device = device;
    e->graph = graph;
    uint32_t **const arrays[] = {&e->order,  &e->position, &e->degree, &e->placed,
                                 &e->anchor, &e->cursor,   &e->offset, &e->wire_at};
    for (size_t k = 0; k < sizeof arrays / sizeof arrays[0]; k++) {
        *arrays[k] = qn__alloc(device->nqubits, sizeof **arrays[k]); /* at least as many as wires */
        if (*arrays[k] == NULL) {
            qn__route_embedder_free(e);
            return QN_ERR_MEMORY;
        }
    }
    *out = e;
    return QN_OK;
}

/* Degrees in the pairs looked at; false when a wire has more partners than any qubit has neighbours. */
static bool count_degrees(qn__route_embedder *e)
{
    const qn_coupling *map = e->device->coupling;
    size_t widest = 0;
    for (uint32_t q = 0; q < map->nqubits; q++) {
        const size_t width = map->starts[q + 1] - map->starts[q];
        widest = width > widest ? width : widest;
    }
    bool fits = e->npairs <= map->nedges;
    e->count = 0;
    for (uint32_t w = 0; w < e->graph->nwires; w++) {
        e->degree[w] = e->placed[w] = 0;
        e->position[w] = QN__ROUTE_NONE;
        for (size_t i = e->graph->starts[w]; i < e->graph->starts[w + 1] && e->graph->edges[i] < e->npairs; i++) {
            e->degree[w]++;
        }
        fits = fits && e->degree[w] <= widest;
        e->count += e->degree[w] > 0 ? 1 : 0;
    }
    return fits;
}

/* Next is the wire with the most partners in the order, then the one with the most partners. */
static void make_order(qn__route_embedder *e)
{
    const qn__route_graph *g = e->graph;
    for (uint32_t depth = 0; depth < e->count; depth++) {
        uint32_t chosen = QN__ROUTE_NONE;
        for (uint32_t w = 0; w < g->nwires; w++) {
            if (e->degree[w] == 0 || e->position[w] != QN__ROUTE_NONE) {
                continue;
            }
            if (chosen == QN__ROUTE_NONE || e->placed[w] > e->placed[chosen] ||
                (e->placed[w] == e->placed[chosen] && e->degree[w] > e->degree[chosen])) {
                chosen = w;
            }
        }
        e->order[depth] = chosen;
        e->position[chosen] = depth;
        e->anchor[depth] = QN__ROUTE_NONE;
        for (size_t i = g->starts[chosen]; i < g->starts[chosen + 1] && g->edges[i] < e->npairs; i++) {
            const uint32_t partner = qn__route_partner(g, g->edges[i], chosen);
            if (e->position[partner] != QN__ROUTE_NONE) {
                e->anchor[depth] = partner;
            } else {
                e->placed[partner]++;
            }
        }
    }
}

/* Whether a wire may stand on a free qubit: next to all its partners, with free neighbours for the others. */
static bool suits(const qn__route_embedder *e, uint32_t depth, uint32_t qubit, const uint32_t *place)
{
    const qn__route_graph *g = e->graph;
    const qn_coupling *map = e->device->coupling;
    const uint32_t wire = e->order[depth];
    if (e->wire_at[qubit] != QN__ROUTE_NONE) {
        return false;
    }
    const uint16_t *distance = e->device->distances + (size_t)qubit * map->nqubits;
    uint32_t needed = 0;
    for (size_t i = g->starts[wire]; i < g->starts[wire + 1] && g->edges[i] < e->npairs; i++) {
        const uint32_t partner = qn__route_partner(g, g->edges[i], wire);
        if (e->position[partner] > depth) {
            needed++;
        } else if (distance[place[partner]] != 1) {
            return false;
        }
    }
    uint32_t open = 0;
    for (size_t k = map->starts[qubit]; k < map->starts[qubit + 1]; k++) {
        open += e->wire_at[map->neighbours[k]] == QN__ROUTE_NONE ? 1 : 0;
    }
    return open >= needed;
}

/* The next qubit that suits at this depth; QN__ROUTE_NONE when all have been tried or the budget is spent. */
static uint32_t next_candidate(qn__route_embedder *e, uint32_t depth, const uint32_t *place, uint64_t *budget)
{
    const qn_coupling *map = e->device->coupling;
    const uint32_t anchor = e->anchor[depth];
    const uint32_t *list = anchor == QN__ROUTE_NONE ? NULL : map->neighbours + map->starts[place[anchor]];
    const uint32_t size = anchor == QN__ROUTE_NONE
                              ? map->nqubits
                              : (uint32_t)(map->starts[place[anchor] + 1] - map->starts[place[anchor]]);
    while (e->cursor[depth]<size && * budget> 0) {
        const uint32_t k = (e->cursor[depth]++ + e->offset[depth]) % size;
        const uint32_t qubit = list == NULL ? k : list[k];
        --*budget;
        if (suits(e, depth, qubit, place)) {
            return qubit;
        }
    }
    return QN__ROUTE_NONE;
}

/* One search; *budget is 0 when it was not finished. */
static bool search(qn__route_embedder *e, uint64_t *budget, uint32_t *place)
{
    for (uint32_t q = 0; q < e->device->nqubits; q++) {
        e->wire_at[q] = QN__ROUTE_NONE;
    }
    uint32_t depth = 0;
    e->cursor[0] = 0;
    for (;;) {
        const uint32_t qubit = next_candidate(e, depth, place, budget);
        if (qubit != QN__ROUTE_NONE) {
            place[e->order[depth]] = qubit;
            e->wire_at[qubit] = e->order[depth];
            if (++depth == e->count) {
                return true;
            }
            e->cursor[depth] = 0;
        } else {
            if (depth == 0 || *budget == 0) {
                return false;
            }
            depth--;
            e->wire_at[place[e->order[depth]]] = QN__ROUTE_NONE;
        }
    }
}

bool qn__route_embed(qn__route_embedder *e, size_t npairs, uint64_t seed, uint64_t budget, uint32_t *place)
{
    e->npairs = npairs;
    for (uint32_t w = 0; w < e->graph->nwires; w++) {
        place[w] = QN__ROUTE_NONE;
    }
    if (!count_degrees(e)) {
        return false;
    }
    if (e->count == 0) {
        return true;
    }
    make_order(e);
    for (uint64_t attempt = 0; attempt < RESTARTS; attempt++) {
        for (uint32_t d = 0; d < e->count; d++) {
            e->offset[d] = attempt == 0 ? 0 : (uint32_t)(qn__random_bits(seed, attempt, d) >> 33);
        }
        uint64_t part = budget / RESTARTS;
        if (search(e, &part, place)) {
            return true;
        }
        if (part > 0) { /* searched through: there is none */
            break;
        }
    }
    for (uint32_t w = 0; w < e->graph->nwires; w++) {
        place[w] = QN__ROUTE_NONE;
    }
    return false;
}
