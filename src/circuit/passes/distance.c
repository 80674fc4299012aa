/* distance.c: distances between all pairs of qubits of a coupling map, by one breadth-first search a qubit. */
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "circuit/passes/coupling.h"

static void search_from(const qn_coupling *coupling, uint32_t root, uint32_t *queue, uint16_t *distance)
{
    size_t head = 0, tail = 0;
    distance[root] = 0;
    queue[tail++] = root;
    while (head < tail) {
        const uint32_t q = queue[head++];
        for (size_t e = coupling->starts[q]; e < coupling->starts[q + 1]; e++) {
            const uint32_t next = coupling->neighbours[e];
            if (distance[next] == QN__DISTANCE_NONE) {
                distance[next] = (uint16_t)(distance[q] + 1);
                queue[tail++] = next;
            }
        }
    }
}

qn_status qn__coupling_distances(const qn_coupling *coupling, uint16_t **out)
{
    const size_t n = coupling->nqubits;
    uint16_t *distances = qn__alloc(n * n, sizeof *distances); /* n < 2^16: no overflow */
    QN_ALLOC_CHECK(distances);
    uint32_t *queue = qn__alloc(n, sizeof *queue);
    if (queue == NULL) {
        qn__free(distances);
        return QN_ERR_MEMORY;
    }
    memset(distances, 0xff, n * n * sizeof *distances); /* QN__DISTANCE_NONE everywhere */
    for (uint32_t q = 0; q < n; q++) {
        search_from(coupling, q, queue, distances + q * n);
    }
    qn__free(queue);
    *out = distances;
    return QN_OK;
}
