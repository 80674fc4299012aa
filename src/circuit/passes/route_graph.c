/* route_graph.c: which qubits of a run meet, how often, in the order in which they first do. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "circuit/passes/route_layout.h"

typedef struct meeting {
    uint32_t a, b, first, count;
} meeting;

static int by_pair(const void *x, const void *y)
{
    const meeting *a = x, *b = y;
    if (a->a != b->a) {
        return a->a < b->a ? -1 : 1;
    }
    if (a->b != b->b) {
        return a->b < b->b ? -1 : 1;
    }
    return (a->first > b->first) - (a->first < b->first);
}

static int by_first(const void *x, const void *y)
{
    const meeting *a = x, *b = y;
    return (a->first > b->first) - (a->first < b->first);
}

/* Nodes of gates are numbered in the order of the circuit. Returns how many different pairs there are. */
static size_t collect(const qn__route_dag *dag, meeting *list)
{
    size_t count = 0, kept = 0;
    for (uint32_t v = 0; v < dag->nnodes; v++) {
        const qn__route_node *node = &dag->nodes[v];
        if (node->a != QN__ROUTE_NONE) {
            const bool swapped = node->a > node->b;
            list[count++] = (meeting){swapped ? node->b : node->a, swapped ? node->a : node->b, v, 1};
        }
    }
    qsort(list, count, sizeof *list, by_pair);
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && list[kept - 1].a == list[i].a && list[kept - 1].b == list[i].b) {
            list[kept - 1].count++;
        } else {
            list[kept++] = list[i];
        }
    }
    qsort(list, kept, sizeof *list, by_first);
    return kept;
}

static qn_status fill(qn__route_graph *graph, const meeting *list)
{
    graph->pairs = qn__alloc(graph->npairs, sizeof *graph->pairs);
    QN_ALLOC_CHECK(graph->pairs);
    graph->starts = qn__calloc((size_t)graph->nwires + 1, sizeof *graph->starts);
    QN_ALLOC_CHECK(graph->starts);
    graph->edges = qn__alloc(2 * graph->npairs, sizeof *graph->edges);
    QN_ALLOC_CHECK(graph->edges);
    for (size_t i = 0; i < graph->npairs; i++) {
        graph->pairs[i] = (qn__route_pair){list[i].a, list[i].b, list[i].count};
        graph->starts[list[i].a + 1]++;
        graph->starts[list[i].b + 1]++;
    }
    for (uint32_t w = 0; w < graph->nwires; w++) {
        graph->starts[w + 1] += graph->starts[w];
    }
    for (size_t i = graph->npairs; i-- > 0;) { /* from the back: starts[w + 1] walks down to where w's edges begin */
        graph->edges[--graph->starts[list[i].a + 1]] = (uint32_t)i;
        graph->edges[--graph->starts[list[i].b + 1]] = (uint32_t)i;
    }
    memmove(graph->starts, graph->starts + 1, graph->nwires * sizeof *graph->starts);
    graph->starts[graph->nwires] = 2 * graph->npairs;
    return QN_OK;
}

qn_status qn__route_graph_build(const qn__route_dag *dag, uint32_t nwires, qn__route_graph *out)
{
    meeting *list = qn__alloc(dag->ngates, sizeof *list);
    QN_ALLOC_CHECK(list);
    *out = (qn__route_graph){.nwires = nwires, .npairs = collect(dag, list)};
    const qn_status status = fill(out, list);
    qn__free(list);
    if (status != QN_OK) {
        qn__route_graph_release(out);
    }
    return status;
}

void qn__route_graph_release(qn__route_graph *graph)
{
    qn__free(graph->pairs);
    qn__free(graph->starts);
    qn__free(graph->edges);
    *graph = (qn__route_graph){0};
}
