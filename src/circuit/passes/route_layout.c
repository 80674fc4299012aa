/* route_layout.c: starting layouts: shuffled, in a dense spot, and grown around what is already placed. */
#include "circuit/passes/route_layout.h"

#include <string.h>

#include "base/rng.h"

void qn__route_shuffle(const qn__route_device *device, uint64_t seed, qn__route_layout *layout)
{
    uint64_t draw = 0;
    /* Fisher and Yates: exchange with a random qubit that is not behind, drawn again until it is in the same part */
    for (uint32_t q = device->nqubits; q-- > 1;) {
        uint32_t other;
        do {
            other = (uint32_t)(qn__random_bits(seed, 0, draw++) % (q + 1));
        } while (device->part[other] != device->part[q]);
        const uint32_t first = layout->wire[q], second = layout->wire[other];
        layout->wire[q] = second;
        layout->wire[other] = first;
        layout->place[second] = q;
        layout->place[first] = other;
    }
}

/* The wire to place next: it meets the placed ones most often, then all of them. QN__ROUTE_NONE when all are placed.
 * pull[wire]: meetings with placed wires. */
static uint32_t next_wire(const qn__route_graph *graph, const qn__route_layout *layout, const double *pull,
                          const double *total)
{
    uint32_t chosen = QN__ROUTE_NONE;
    for (uint32_t w = 0; w < graph->nwires; w++) {
        if (layout->place[w] != QN__ROUTE_NONE) {
            continue;
        }
        if (chosen == QN__ROUTE_NONE || pull[w] > pull[chosen] ||
            (pull[w] == pull[chosen] && total[w] > total[chosen])) {
            chosen = w;
        }
    }
    return chosen;
}

/* The free qubit nearest to the partners of a wire; of several, the one with most free neighbours. */
static uint32_t nearest_place(const qn__route_device *device, const qn__route_graph *graph, const bool *allowed,
                              const qn__route_layout *layout, uint32_t wire)
{
    const qn_coupling *map = device->coupling;
    double lowest = 0;
    uint32_t chosen = QN__ROUTE_NONE, widest = 0;
    for (uint32_t q = 0; q < device->nqubits; q++) {
        if (layout->wire[q] != QN__ROUTE_NONE || (allowed != NULL && !allowed[q])) {
            continue;
        }
        double cost = 0;
        for (size_t i = graph->starts[wire]; i < graph->starts[wire + 1]; i++) {
            const uint32_t at = layout->place[qn__route_partner(graph, graph->edges[i], wire)];
            if (at != QN__ROUTE_NONE) {
                cost +=
                    (double)graph->pairs[graph->edges[i]].count * device->distances[(size_t)q * device->nqubits + at];
            }
        }
        uint32_t open = 0;
        for (size_t e = map->starts[q]; e < map->starts[q + 1]; e++) {
            const uint32_t next = map->neighbours[e];
            open += layout->wire[next] == QN__ROUTE_NONE && (allowed == NULL || allowed[next]) ? 1 : 0;
        }
        if (chosen == QN__ROUTE_NONE || cost < lowest || (cost == lowest && open > widest)) {
            chosen = q;
            lowest = cost;
            widest = open;
        }
    }
    return chosen;
}

static bool joined(const qn__route_device *device, const qn__route_graph *graph, const uint32_t *place)
{
    for (size_t i = 0; i < graph->npairs; i++) {
        const size_t row = (size_t)place[graph->pairs[i].a] * device->nqubits;
        if (device->distances[row + place[graph->pairs[i].b]] == QN__DISTANCE_NONE) {
            return false;
        }
    }
    return true;
}

bool qn__route_complete(const qn__route_device *device, const qn__route_graph *graph, const bool *allowed,
                        double *scratch, qn__route_layout *layout)
{
    const uint32_t n = device->nqubits;
    double *pull = scratch, *total = scratch + graph->nwires;
    for (uint32_t q = 0; q < n; q++) {
        layout->wire[q] = QN__ROUTE_NONE;
    }
    for (uint32_t w = 0; w < n; w++) {
        if (w >= graph->nwires) {
            layout->place[w] = QN__ROUTE_NONE;
        } else if (layout->place[w] != QN__ROUTE_NONE) {
            layout->wire[layout->place[w]] = w;
        }
    }
    for (uint32_t w = 0; w < graph->nwires; w++) {
        pull[w] = total[w] = 0;
        for (size_t i = graph->starts[w]; i < graph->starts[w + 1]; i++) {
            const double count = graph->pairs[graph->edges[i]].count;
            total[w] += count;
            pull[w] += layout->place[qn__route_partner(graph, graph->edges[i], w)] != QN__ROUTE_NONE ? count : 0;
        }
    }
    for (uint32_t w = 0; (w = next_wire(graph, layout, pull, total)) != QN__ROUTE_NONE;) {
        uint32_t q = nearest_place(device, graph, allowed, layout, w);
        q = q != QN__ROUTE_NONE ? q : nearest_place(device, graph, NULL, layout, w);
        layout->place[w] = q;
        layout->wire[q] = w;
        for (size_t i = graph->starts[w]; i < graph->starts[w + 1]; i++) {
            pull[qn__route_partner(graph, graph->edges[i], w)] += graph->pairs[graph->edges[i]].count;
        }
    }
    for (uint32_t w = graph->nwires, q = 0; w < n; w++) {
        while (layout->wire[q] != QN__ROUTE_NONE) {
            q++;
        }
        layout->place[w] = q;
        layout->wire[q] = w;
    }
    return joined(device, graph, layout->place);
}

/* The ball of `count` qubits around `centre`, in the order of a breadth-first search; returns the edges inside, 0 when
 * its part of the device is smaller. */
static size_t ball(const qn__route_device *device, uint32_t centre, uint32_t count, uint32_t *queue, bool *inside)
{
    const qn_coupling *map = device->coupling;
    memset(inside, 0, device->nqubits * sizeof *inside);
    uint32_t tail = 0;
    size_t edges = 0;
    queue[tail++] = centre;
    inside[centre] = true;
    for (uint32_t head = 0; head < tail && tail < count; head++) {
        for (size_t e = map->starts[queue[head]]; e < map->starts[queue[head] + 1] && tail < count; e++) {
            const uint32_t next = map->neighbours[e];
            if (!inside[next]) {
                inside[next] = true;
                queue[tail++] = next;
            }
        }
    }
    for (uint32_t k = 0; k < tail; k++) {
        for (size_t e = map->starts[queue[k]]; e < map->starts[queue[k] + 1]; e++) {
            edges += inside[map->neighbours[e]] ? 1 : 0;
        }
    }
    return tail < count ? 0 : edges / 2;
}

void qn__route_dense(const qn__route_device *device, uint32_t count, uint32_t *queue, bool *allowed, bool *work)
{
    size_t most = 0;
    uint32_t centre = 0;
    for (uint32_t q = 0; q < device->nqubits; q++) {
        const size_t edges = ball(device, q, count, queue, work);
        if (edges > most) {
            most = edges;
            centre = q;
        }
    }
    (void)ball(device, centre, count, queue, allowed);
}

void qn__route_scatter(const qn__route_device *device, uint32_t nwires, uint64_t seed, uint32_t *queue, bool *inside,
                       qn__route_layout *layout)
{
    const uint32_t n = device->nqubits;
    uint64_t draw = 0;
    (void)ball(device, (uint32_t)(qn__random_bits(seed, 1, draw++) % n), nwires, queue, inside);
    for (uint32_t k = nwires; k-- > 1;) {
        const uint32_t other = (uint32_t)(qn__random_bits(seed, 1, draw++) % (k + 1)), kept = queue[k];
        queue[k] = queue[other];
        queue[other] = kept;
    }
    for (uint32_t q = 0, tail = nwires; q < n; q++) { /* idle wires on the rest */
        if (!inside[q]) {
            queue[tail++] = q;
        }
    }
    for (uint32_t w = 0; w < n; w++) {
        layout->place[w] = queue[w];
        layout->wire[queue[w]] = w;
    }
}
