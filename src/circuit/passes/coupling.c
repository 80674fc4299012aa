/* coupling.c: coupling maps: which pairs of qubits may meet, as sorted lists of neighbours. */
#include "circuit/passes/coupling.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"

void qn_coupling_free(qn_coupling *coupling)
{
    if (coupling != NULL) {
        qn__free(coupling->starts);
        qn__free(coupling->neighbours);
        qn__free(coupling);
    }
}

static int rising(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* Sort each list and drop what stands in it twice. */
static void tidy(qn_coupling *coupling)
{
    size_t used = 0, from = 0;
    for (uint32_t q = 0; q < coupling->nqubits; q++) {
        const size_t count = coupling->starts[q + 1] - from;
        uint32_t *list = coupling->neighbours + from;
        qsort(list, count, sizeof *list, rising);
        from += count;
        coupling->starts[q] = used;
        for (size_t i = 0; i < count; i++) {
            if (i == 0 || list[i] != list[i - 1]) {
                coupling->neighbours[used++] = list[i];
            }
        }
    }
    coupling->starts[coupling->nqubits] = used;
    coupling->nedges = used / 2;
}

static qn_status check_edges(uint32_t nqubits, const uint32_t (*edges)[2], size_t nedges)
{
    QN_CHECK(nqubits >= 1, ERR_RANGE, "a coupling map needs at least one qubit");
    QN_CHECK(nqubits <= QN__COUPLING_QUBITS, ERR_TOO_LARGE, "a coupling map of %u qubits; at most %d", nqubits,
             (int)QN__COUPLING_QUBITS);
    QN_CHECK(nedges <= QN__COUPLING_EDGES, ERR_TOO_LARGE, "a coupling map of %zu edges; at most %d", nedges,
             (int)QN__COUPLING_EDGES);
    QN_CHECK(nedges == 0 || edges != NULL, ERR_ARGUMENT, "%zu edges announced, none given", nedges);
    for (size_t e = 0; e < nedges; e++) {
        for (int side = 0; side < 2; side++) {
            QN_CHECK(edges[e][side] < nqubits, ERR_RANGE, "edge %zu (%u-%u): qubit %u is outside 0..%u", e, edges[e][0],
                     edges[e][1], edges[e][side], nqubits - 1);
        }
        QN_CHECK(edges[e][0] != edges[e][1], ERR_ARGUMENT, "edge %zu joins qubit %u to itself", e, edges[e][0]);
    }
    return QN_OK;
}

qn_status qn_coupling_create(uint32_t nqubits, const uint32_t (*edges)[2], size_t nedges, qn_coupling **out)
{
    QN_CHECK(out != NULL, ERR_ARGUMENT, "result pointer is NULL");
    QN_TRY(check_edges(nqubits, edges, nedges));
    qn_coupling *coupling = qn__calloc(1, sizeof *coupling);
    QN_ALLOC_CHECK(coupling);
    coupling->nqubits = nqubits;
    coupling->starts = qn__calloc((size_t)nqubits + 1, sizeof *coupling->starts);
    coupling->neighbours = qn__alloc(2 * nedges, sizeof *coupling->neighbours);
    size_t *fill = qn__alloc(nqubits, sizeof *fill);
    if (coupling->starts == NULL || coupling->neighbours == NULL || fill == NULL) {
        qn__free(fill);
        qn_coupling_free(coupling);
        return QN_ERR_MEMORY;
    }
    for (size_t e = 0; e < nedges; e++) {
        coupling->starts[edges[e][0] + 1]++;
        coupling->starts[edges[e][1] + 1]++;
    }
    for (uint32_t q = 0; q < nqubits; q++) {
        coupling->starts[q + 1] += coupling->starts[q];
        fill[q] = coupling->starts[q];
    }
    for (size_t e = 0; e < nedges; e++) {
        coupling->neighbours[fill[edges[e][0]]++] = edges[e][1];
        coupling->neighbours[fill[edges[e][1]]++] = edges[e][0];
    }
    qn__free(fill);
    tidy(coupling);
    *out = coupling;
    return QN_OK;
}

uint32_t qn_coupling_qubits(const qn_coupling *coupling)
{
    return coupling->nqubits;
}

size_t qn_coupling_edges(const qn_coupling *coupling)
{
    return coupling->nedges;
}

bool qn_coupling_has(const qn_coupling *coupling, uint32_t a, uint32_t b)
{
    if (a >= coupling->nqubits || b >= coupling->nqubits) {
        return false;
    }
    size_t low = coupling->starts[a], high = coupling->starts[a + 1];
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (coupling->neighbours[middle] == b) {
            return true;
        }
        if (coupling->neighbours[middle] < b) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}
