/* route_parts.c: a device with its distances; devices in several parts: which group of qubits that meet goes where. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "circuit/passes/route_layout.h"

enum { BUDGET = 100000 }; /* choices tried before packing is given up */

typedef struct packing {
    uint32_t *group_of; /* [wire] the lowest wire of its group */
    uint32_t *groups;   /* lowest wire of each, largest group first */
    uint32_t *sizes;    /* [wire] of the group it leads */
    uint32_t ngroups;
    uint32_t *room; /* [part] free qubits */
    uint32_t nparts;
    uint32_t *part; /* [group] where it goes */
    uint32_t budget;
} packing;

static uint32_t leader(uint32_t *group_of, uint32_t wire)
{
    while (group_of[wire] != wire) {
        group_of[wire] = group_of[group_of[wire]];
        wire = group_of[wire];
    }
    return wire;
}

static void find_groups(const qn__route_graph *graph, packing *p)
{
    for (uint32_t w = 0; w < graph->nwires; w++) {
        p->group_of[w] = w;
        p->sizes[w] = 0;
    }
    for (size_t i = 0; i < graph->npairs; i++) {
        const uint32_t a = leader(p->group_of, graph->pairs[i].a), b = leader(p->group_of, graph->pairs[i].b);
        p->group_of[a > b ? a : b] = a > b ? b : a;
    }
    for (uint32_t w = 0; w < graph->nwires; w++) {
        p->sizes[leader(p->group_of, w)]++;
    }
    p->ngroups = 0;
    for (uint32_t size = graph->nwires; size > 0; size--) {
        for (uint32_t w = 0; w < graph->nwires; w++) {
            if (p->sizes[w] == size) {
                p->groups[p->ngroups++] = w;
            }
        }
    }
}

/* Single qubits, groups `k` and after, fit wherever there is room. */
static bool pack_singles(packing *p, uint32_t k)
{
    for (uint32_t part = 0; k < p->ngroups; k++) {
        while (p->room[part] == 0) {
            part++; /* there is room: a circuit has no more qubits than the device */
        }
        p->room[part]--;
        p->part[k] = part;
    }
    return true;
}

/* Groups from `k` on, each into the fullest part that holds it first. */
static bool pack(packing *p, uint32_t k)
{
    if (k == p->ngroups || p->sizes[p->groups[k]] == 1) {
        return pack_singles(p, k);
    }
    const uint32_t size = p->sizes[p->groups[k]];
    for (uint32_t least = size;;) {
        uint32_t best = QN__ROUTE_NONE;
        for (uint32_t part = 0; part < p->nparts; part++) { /* parts of equal room are alike: one is tried */
            if (p->room[part] >= least && (best == QN__ROUTE_NONE || p->room[part] < p->room[best])) {
                best = part;
            }
        }
        if (best == QN__ROUTE_NONE || p->budget == 0) {
            return false;
        }
        p->budget--;
        least = p->room[best] + 1;
        p->room[best] -= size;
        p->part[k] = best;
        if (pack(p, k + 1)) {
            return true;
        }
        p->room[best] += size;
    }
}

/* Each wire takes the lowest free qubit of its part; idle wires what is left. */
static void settle(const qn__route_device *device, const qn__route_graph *graph, packing *p, uint32_t *place)
{
    const uint32_t n = device->nqubits;
    uint32_t *part = p->sizes; /* [wire], no longer needed otherwise */
    uint32_t *taken = p->room; /* [qubit], likewise */
    for (uint32_t k = 0; k < p->ngroups; k++) {
        part[p->groups[k]] = p->part[k];
    }
    memset(taken, 0, n * sizeof *taken);
    for (uint32_t w = 0; w < n; w++) {
        const uint32_t wanted = w < graph->nwires ? part[leader(p->group_of, w)] : QN__ROUTE_NONE;
        uint32_t q = 0;
        while (taken[q] != 0 || (wanted != QN__ROUTE_NONE && device->part[q] != wanted)) {
            q++;
        }
        taken[q] = 1;
        place[w] = q;
    }
}

qn_status qn__route_home(const qn__route_device *device, const qn__route_graph *graph, uint32_t *place)
{
    const uint32_t n = device->nqubits;
    if (device->nparts == 1) {
        for (uint32_t w = 0; w < n; w++) {
            place[w] = w;
        }
        return QN_OK;
    }
    uint32_t *memory = qn__calloc(5 * (size_t)n, sizeof *memory);
    QN_ALLOC_CHECK(memory);
    packing p = {.group_of = memory,
                 .groups = memory + n,
                 .sizes = memory + 2 * (size_t)n,
                 .room = memory + 3 * (size_t)n,
                 .part = memory + 4 * (size_t)n,
                 .nparts = device->nparts,
                 .budget = BUDGET};
    find_groups(graph, &p);
    for (uint32_t q = 0; q < n; q++) {
        p.room[device->part[q]]++;
    }
    const uint32_t largest = p.sizes[p.groups[0]];
    const bool packed = pack(&p, 0);
    if (packed) {
        settle(device, graph, &p, place);
    }
    qn__free(memory);
    QN_CHECK(packed, ERR_UNSUPPORTED,
             "the coupling map falls into %u parts and the circuit does not fit: qubits that meet, directly or through "
             "others, need one part; the largest such group has %u qubits",
             device->nparts, largest);
    return QN_OK;
}

qn_status qn__route_device_open(const qn_coupling *coupling, qn__route_device *out)
{
    const uint32_t n = coupling->nqubits;
    uint16_t *distances = NULL;
    QN_TRY(qn__coupling_distances(coupling, &distances));
    uint32_t *part = qn__alloc(n, sizeof *part);
    if (part == NULL) {
        qn__free(distances);
        return QN_ERR_MEMORY;
    }
    *out = (qn__route_device){.coupling = coupling, .distances = distances, .part = part, .nqubits = n};
    for (uint32_t q = 0; q < n; q++) {
        const uint16_t *row = distances + (size_t)q * n;
        uint32_t first = 0;
        while (row[first] == QN__DISTANCE_NONE) {
            first++;
        }
        part[q] = first == q ? out->nparts++ : part[first];
        for (uint32_t k = 0; k < n; k++) {
            out->diameter = row[k] != QN__DISTANCE_NONE && row[k] > out->diameter ? row[k] : out->diameter;
        }
    }
    return QN_OK;
}

void qn__route_device_close(qn__route_device *device)
{
    qn__free(device->distances);
    qn__free(device->part);
    *device = (qn__route_device){0};
}
