/* route_restore.c: bring qubits back to given places: token swapping.
 *
 * First all swaps that bring no token farther away and the two together nearer; then the qubits of the device are
 * settled one after the other, farthest from a root first, each token on a shortest path through qubits that are not
 * settled yet. These stay connected, since a qubit is settled after all that lie behind it in a breadth-first tree. */
#include <string.h>

#include "circuit/passes/route_plan.h"

typedef struct mover {
    const qn__route_device *device;
    uint32_t nwires;
    const uint32_t *target;
    qn__route_layout *layout;
    const qn__route_sink *sink;
    uint64_t swaps;
} mover;

static void move(mover *m, uint32_t a, uint32_t b)
{
    if (m->sink != NULL) {
        m->sink->swap(m->sink->user, a, b);
    }
    const uint32_t first = m->layout->wire[a], second = m->layout->wire[b];
    m->layout->wire[a] = second;
    m->layout->wire[b] = first;
    m->layout->place[first] = b;
    m->layout->place[second] = a;
    m->swaps++;
}

/* How much nearer the token on `from` is to its target when it moves to `to`. Idle wires want nothing. */
static int gain(const mover *m, uint32_t from, uint32_t to)
{
    const uint32_t wire = m->layout->wire[from];
    if (wire >= m->nwires) {
        return 0;
    }
    const uint16_t *distance = m->device->distances + (size_t)m->target[wire] * m->device->nqubits;
    return (int)distance[from] - (int)distance[to];
}

static void swap_gladly(mover *m)
{
    const qn_coupling *map = m->device->coupling;
    bool any = true;
    while (any) { /* each swap lowers the sum of distances */
        any = false;
        for (uint32_t a = 0; a < map->nqubits; a++) {
            for (size_t e = map->starts[a]; e < map->starts[a + 1]; e++) {
                const uint32_t b = map->neighbours[e];
                const int there = gain(m, a, b), here = gain(m, b, a);
                if (a < b && there >= 0 && here >= 0 && there + here > 0) {
                    move(m, a, b);
                    any = true;
                }
            }
        }
    }
}

/* Move the token on `from` to `to` through open qubits. `previous` and `queue` are scratch. */
static void bring(mover *m, uint32_t from, uint32_t to, const uint32_t *settled, uint32_t *previous, uint32_t *queue)
{
    const qn_coupling *map = m->device->coupling;
    for (uint32_t q = 0; q < map->nqubits; q++) {
        previous[q] = QN__ROUTE_NONE;
    }
    uint32_t head = 0, tail = 0;
    previous[to] = to;
    queue[tail++] = to; /* searched from the end, so that the way is read off forwards */
    while (previous[from] == QN__ROUTE_NONE) {
        const uint32_t q = queue[head++];
        for (size_t e = map->starts[q]; e < map->starts[q + 1]; e++) {
            const uint32_t next = map->neighbours[e];
            if (settled[next] == 0 && previous[next] == QN__ROUTE_NONE) {
                previous[next] = q;
                queue[tail++] = next;
            }
        }
    }
    for (uint32_t at = from; at != to; at = previous[at]) {
        move(m, at, previous[at]);
    }
}

uint64_t qn__route_restore(const qn__route_device *device, uint32_t nwires, const uint32_t *target, uint32_t *scratch,
                           qn__route_layout *layout, const qn__route_sink *sink)
{
    const qn_coupling *map = device->coupling;
    const uint32_t n = device->nqubits;
    mover m = {device, nwires, target, layout, sink, 0};
    swap_gladly(&m);
    uint32_t *order = scratch, *settled = scratch + n, *previous = scratch + 2 * (size_t)n,
             *queue = scratch + 3 * (size_t)n;
    memset(settled, 0, n * sizeof *settled);
    uint32_t tail = 0;
    for (uint32_t root = 0; root < n; root++) { /* breadth first, one tree a part; `settled` marks what was seen */
        if (settled[root] != 0) {
            continue;
        }
        settled[root] = 1;
        uint32_t head = tail;
        for (order[tail++] = root; head < tail; head++) {
            for (size_t e = map->starts[order[head]]; e < map->starts[order[head] + 1]; e++) {
                if (settled[map->neighbours[e]] == 0) {
                    settled[map->neighbours[e]] = 1;
                    order[tail++] = map->neighbours[e];
                }
            }
        }
    }
    memset(settled, 0, n * sizeof *settled);
    while (tail-- > 0) {
        const uint32_t q = order[tail];
        for (uint32_t w = 0; w < nwires; w++) {
            if (target[w] == q && layout->place[w] != q) {
                bring(&m, layout->place[w], q, settled, previous, queue);
            }
        }
        settled[q] = 1;
    }
    return m.swaps;
}
