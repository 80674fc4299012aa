/* edges.c: lists of weighted pairs: rudy and Gset graphs, Biq Mac and qbsolv quadratic forms, DIMACS graphs.
 *
 * rudy, .mc: "nodes edges", then "i j weight"; .bq: "variables entries", then "i j q" of a symmetric Q of x'Qx
 * (specifications: bqp.cs.uni-bonn.de/library, biqmac.aau.at). qbsolv: "p qubo topology nodes diagonals couplers", then
 * "i i a" and "i j b" with i < j. DIMACS: "p edge nodes edges" and "e i j", "n i weight". */
#include <string.h>

#include "base/alloc.h"
#include "format/instance/scan.h"

qn_status qn__graph_create(uint32_t nodes, const qn__entries *entries, qn_graph **out)
{
    qn_graph *graph = qn__calloc(1, sizeof *graph);
    QN_ALLOC_CHECK(graph);
    *out = graph; /* the caller frees what is made so far */
    graph->nodes = nodes;
    graph->edges = entries->count;
    graph->from = qn__alloc(2 * entries->count, sizeof *graph->from);
    QN_ALLOC_CHECK(graph->from);
    graph->to = graph->from + entries->count;
    graph->weight = qn__alloc(entries->count, sizeof *graph->weight);
    QN_ALLOC_CHECK(graph->weight);
    for (size_t k = 0; k < entries->count; k++) {
        graph->from[k] = entries->list[k].i;
        graph->to[k] = entries->list[k].j;
        graph->weight[k] = entries->list[k].value;
        graph->weighted = graph->weighted || entries->list[k].value != 1;
    }
    return QN_OK;
}

static qn_status quadratic_create(uint32_t variables, const qn__entries *entries, qn_quadratic **out)
{
    qn_quadratic *quadratic = qn__calloc(1, sizeof *quadratic);
    QN_ALLOC_CHECK(quadratic);
    *out = quadratic;
    quadratic->variables = variables;
    quadratic->terms = entries->count;
    quadratic->i = qn__alloc(2 * entries->count, sizeof *quadratic->i);
    QN_ALLOC_CHECK(quadratic->i);
    quadratic->j = quadratic->i + entries->count;
    quadratic->value = qn__alloc(entries->count, sizeof *quadratic->value);
    QN_ALLOC_CHECK(quadratic->value);
    for (size_t k = 0; k < entries->count; k++) {
        quadratic->i[k] = entries->list[k].i;
        quadratic->j[k] = entries->list[k].j;
        quadratic->value[k] = entries->list[k].value;
    }
    return QN_OK;
}

static qn_status refuse_twins(const qn__source *source, const qn__entries *entries, uint32_t base)
{
    for (size_t k = 1; k < entries->count; k++) {
        const qn__entry *const a = &entries->list[k - 1], *const b = &entries->list[k];
        if (a->i == b->i && a->j == b->j) {
            return QN_PARSE_FAIL(source, b->offset, "the pair %u %u was given on line %zu already", b->i + base,
                                 b->j + base, qn__scan_line_number(source, a->offset));
        }
    }
    return QN_OK;
}

/* "nodes edges" and the triples behind it. `weights_required`: false lets "i j" mean weight 1. */
static qn_status read_triples(const qn__source *source, const char *unit, bool loops, bool weights_required,
                              uint64_t *nodes, qn__entries *entries)
{
    qn__cursor cursor = {source, source->start, source->length};
    uint64_t expected = 0, i = 0, j = 0;
    double value = 1;
    if (!qn__scan_line(&cursor, "#")) {
        return QN_PARSE_FAIL(source, source->length, "nothing in this file; expected \"%ss entries\" and its entries",
                             unit);
    }
    QN_TRY(qn__scan_whole(&cursor, unit, 1, QN__MOST_NODES, nodes));
    QN_TRY(qn__scan_whole(&cursor, "the number of entries", 0, UINT32_MAX, &expected));
    QN_TRY(qn__scan_expect_end(&cursor, "the number of entries"));
    while (qn__scan_line(&cursor, "#")) {
        const size_t line = cursor.at;
        if (entries->count == expected) {
            return QN_PARSE_FAIL(source, line, "more entries than the %llu that the first line announces",
                                 (unsigned long long)expected);
        }
        QN_TRY(qn__scan_whole(&cursor, "the first index", 1, *nodes, &i));
        QN_TRY(qn__scan_whole(&cursor, "the second index", 1, *nodes, &j));
        value = 1;
        if (weights_required || !qn__scan_line_ends(&cursor)) {
            QN_TRY(qn__scan_number(&cursor, "the weight", &value));
        }
        QN_TRY(qn__scan_expect_end(&cursor, "the weight"));
        if (i == j && !loops) {
            return QN_PARSE_FAIL(source, line, "an edge from node %llu to itself", (unsigned long long)i);
        }
        QN_TRY(qn__entries_add(entries, i - 1, j - 1, value, line));
    }
    if (entries->count != expected) {
        return QN_PARSE_FAIL(source, source->length, "the file ends after %zu entries; its first line announces %llu",
                             entries->count, (unsigned long long)expected);
    }
    qn__entries_sort(entries);
    return QN_OK;
}

qn_status qn__read_rudy(const qn__source *source, qn_instance *out)
{
    uint64_t nodes = 0;
    qn__entries entries = {0};
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(read_triples(source, "node", false, false, &nodes, &entries));
    QN_TRY_CLEANUP(refuse_twins(source, &entries, 1));
    QN_TRY_CLEANUP(qn__graph_create((uint32_t)nodes, &entries, &out->graph));
cleanup:
    qn__free(entries.list);
    return status;
}

/* x'Qx with Q symmetric: an off-diagonal entry stands for both halves. A file that lists both must give them alike. */
static qn_status join_halves(const qn__source *source, qn__entries *entries)
{
    size_t kept = 0;
    for (size_t k = 0; k < entries->count; k++) {
        qn__entry entry = entries->list[k];
        if (k + 1 < entries->count && entries->list[k + 1].i == entry.i && entries->list[k + 1].j == entry.j) {
            const qn__entry *const other = &entries->list[k + 1];
            if (other->swapped == entry.swapped) {
                return QN_PARSE_FAIL(source, other->offset, "the entry %u %u was given on line %zu already",
                                     (entry.swapped ? entry.j : entry.i) + 1, (entry.swapped ? entry.i : entry.j) + 1,
                                     qn__scan_line_number(source, entry.offset));
            }
            if (other->value != entry.value) {
                return QN_PARSE_FAIL(source, other->offset,
                                     "the matrix is not symmetric: %g here, %g on line %zu; expected the same value",
                                     other->value, entry.value, qn__scan_line_number(source, entry.offset));
            }
            k++;
            if (k + 1 < entries->count && entries->list[k + 1].i == entry.i && entries->list[k + 1].j == entry.j) {
                return QN_PARSE_FAIL(source, entries->list[k + 1].offset, "the entry %u %u is given a third time",
                                     entry.i + 1, entry.j + 1);
            }
        }
        entry.value *= entry.i == entry.j ? 1 : 2;
        entries->list[kept++] = entry;
    }
    entries->count = kept;
    return QN_OK;
}

qn_status qn__read_bq(const qn__source *source, qn_instance *out)
{
    uint64_t variables = 0;
    qn__entries entries = {0};
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(read_triples(source, "variable", true, true, &variables, &entries));
    QN_TRY_CLEANUP(join_halves(source, &entries));
    QN_TRY_CLEANUP(quadratic_create((uint32_t)variables, &entries, &out->quadratic));
cleanup:
    qn__free(entries.list);
    return status;
}

static qn_status read_qubo_body(qn__cursor *cursor, uint64_t *nodes, qn__entries *entries)
{
    const qn__source *const source = cursor->source;
    uint64_t topology = 0, diagonals = 0, couplers = 0, i = 0, j = 0, found = 0;
    double value = 0;
    if (!qn__scan_line(cursor, "cC#") || !qn__scan_keyword(cursor, "P")) {
        return QN_PARSE_FAIL(source, cursor->at, "expected the line \"p qubo 0 maxnodes diagonals couplers\"");
    }
    qn__cursor_skip_blanks(cursor);
    const size_t problem = cursor->at;
    if (!qn__scan_keyword(cursor, "QUBO")) {
        char quote[QN__QUOTE];
        return QN_PARSE_FAIL(source, problem, "the problem is %s; expected qubo",
                             qn__cursor_quote(cursor, problem, quote));
    }
    QN_TRY(qn__scan_whole(cursor, "the topology", 0, UINT32_MAX, &topology));
    QN_TRY(qn__scan_whole(cursor, "the number of nodes", 1, QN__MOST_NODES, nodes));
    QN_TRY(qn__scan_whole(cursor, "the number of diagonals", 0, UINT32_MAX, &diagonals));
    QN_TRY(qn__scan_whole(cursor, "the number of couplers", 0, UINT32_MAX, &couplers));
    QN_TRY(qn__scan_expect_end(cursor, "the number of couplers"));
    while (qn__scan_line(cursor, "cC#")) {
        const size_t line = cursor->at;
        QN_TRY(qn__scan_whole(cursor, "the first index", 0, *nodes - 1, &i));
        QN_TRY(qn__scan_whole(cursor, "the second index", 0, *nodes - 1, &j));
        QN_TRY(qn__scan_number(cursor, "the weight", &value));
        QN_TRY(qn__scan_expect_end(cursor, "the weight"));
        if (i > j) {
            return QN_PARSE_FAIL(source, line, "the coupler %llu %llu; expected the smaller index first",
                                 (unsigned long long)i, (unsigned long long)j);
        }
        found += i == j;
        QN_TRY(qn__entries_add(entries, i, j, value, line));
    }
    if (found != diagonals || entries->count - found != couplers) {
        return QN_PARSE_FAIL(source, problem,
                             "%llu diagonals and %llu couplers are announced, but there are %llu and %llu",
                             (unsigned long long)diagonals, (unsigned long long)couplers, (unsigned long long)found,
                             (unsigned long long)(entries->count - found));
    }
    return QN_OK;
}

qn_status qn__read_qubo(const qn__source *source, qn_instance *out)
{
    qn__cursor cursor = {source, source->start, source->length};
    uint64_t nodes = 0;
    qn__entries entries = {0};
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(read_qubo_body(&cursor, &nodes, &entries));
    qn__entries_sort(&entries);
    QN_TRY_CLEANUP(refuse_twins(source, &entries, 0));
    QN_TRY_CLEANUP(quadratic_create((uint32_t)nodes, &entries, &out->quadratic));
cleanup:
    qn__free(entries.list);
    return status;
}

typedef struct dimacs {
    uint64_t nodes, edges;
    size_t problem; /* where the p line stands */
    qn__entries entries, weights;
} dimacs;

static qn_status read_problem_line(qn__cursor *cursor, dimacs *d)
{
    static const char *const words[] = {"EDGE", "EDGES", "COL", "CLQ"};
    char quote[QN__QUOTE];
    bool known = false;
    if (d->nodes > 0) {
        return QN_PARSE_FAIL(cursor->source, cursor->at, "a second p line; the first is on line %zu",
                             qn__scan_line_number(cursor->source, d->problem));
    }
    qn__cursor_skip_blanks(cursor);
    d->problem = cursor->at;
    for (size_t k = 0; k < sizeof words / sizeof *words && !known; k++) {
        known = qn__scan_keyword(cursor, words[k]);
    }
    if (!known) {
        return QN_PARSE_FAIL(cursor->source, cursor->at, "the problem is %s; expected edge or col",
                             qn__cursor_quote(cursor, cursor->at, quote));
    }
    QN_TRY(qn__scan_whole(cursor, "the number of nodes", 1, QN__MOST_NODES, &d->nodes));
    QN_TRY(qn__scan_whole(cursor, "the number of edges", 0, UINT32_MAX, &d->edges));
    return qn__scan_expect_end(cursor, "the number of edges");
}

static qn_status read_dimacs_line(qn__cursor *cursor, dimacs *d)
{
    const size_t line = cursor->at;
    char quote[QN__QUOTE];
    uint64_t i = 0, j = 0;
    double value = 1;
    if (qn__scan_keyword(cursor, "P")) {
        return read_problem_line(cursor, d);
    }
    const bool edge = qn__scan_keyword(cursor, "E");
    if (!edge && !qn__scan_keyword(cursor, "N")) {
        return QN_PARSE_FAIL(cursor->source, line, "a line that begins with %s; expected c, p, e or n",
                             qn__cursor_quote(cursor, line, quote));
    }
    if (d->nodes == 0) {
        return QN_PARSE_FAIL(cursor->source, line, "the line \"p edge nodes edges\" must come first");
    }
    QN_TRY(qn__scan_whole(cursor, "the node", 1, d->nodes, &i));
    if (edge) {
        QN_TRY(qn__scan_whole(cursor, "the second node", 1, d->nodes, &j));
        if (i == j) {
            return QN_PARSE_FAIL(cursor->source, line, "an edge from node %llu to itself", (unsigned long long)i);
        }
        QN_TRY(qn__entries_add(&d->entries, i - 1, j - 1, 1, line));
    } else {
        QN_TRY(qn__scan_number(cursor, "the node's weight", &value));
        QN_TRY(qn__entries_add(&d->weights, i - 1, i - 1, value, line));
    }
    return qn__scan_expect_end(cursor, edge ? "the edge" : "the weight");
}

/* Many .col files list every edge in both directions; those are one edge. The p line may count either. */
static qn_status merge_directions(const qn__source *source, dimacs *d)
{
    size_t kept = 0, times = 0;
    const size_t lines = d->entries.count;
    qn__entries_sort(&d->entries);
    for (size_t k = 0; k < lines; k++) {
        const qn__entry entry = d->entries.list[k];
        const qn__entry *const last = kept > 0 ? &d->entries.list[kept - 1] : NULL;
        times = last != NULL && last->i == entry.i && last->j == entry.j ? times + 1 : 1;
        if (times > 1) {
            if (times > 2 || last->swapped == entry.swapped) {
                return QN_PARSE_FAIL(source, entry.offset, "the edge %u %u was given on line %zu already",
                                     (entry.swapped ? entry.j : entry.i) + 1, (entry.swapped ? entry.i : entry.j) + 1,
                                     qn__scan_line_number(source, last->offset));
            }
            continue;
        }
        d->entries.list[kept++] = entry;
    }
    d->entries.count = kept;
    if (d->edges != lines && d->edges != kept) {
        return QN_PARSE_FAIL(source, d->problem, "%llu edges are announced, but there are %zu",
                             (unsigned long long)d->edges, kept);
    }
    return QN_OK;
}

static qn_status take_weights(const qn__source *source, dimacs *d, qn_graph *graph)
{
    if (d->weights.count == 0) {
        return QN_OK;
    }
    qn__entries_sort(&d->weights);
    QN_TRY(refuse_twins(source, &d->weights, 1));
    graph->node_weight = qn__alloc(graph->nodes, sizeof *graph->node_weight);
    QN_ALLOC_CHECK(graph->node_weight);
    for (uint32_t i = 0; i < graph->nodes; i++) {
        graph->node_weight[i] = 1;
    }
    for (size_t k = 0; k < d->weights.count; k++) {
        graph->node_weight[d->weights.list[k].i] = d->weights.list[k].value;
    }
    return QN_OK;
}

qn_status qn__read_dimacs(const qn__source *source, qn_instance *out)
{
    qn__cursor cursor = {source, source->start, source->length};
    dimacs d = {0};
    qn_status status = QN_OK;
    while (qn__scan_line(&cursor, "cC")) {
        QN_TRY_CLEANUP(read_dimacs_line(&cursor, &d));
    }
    if (d.nodes == 0) {
        status = QN_PARSE_FAIL(source, source->length, "the file ends without the line \"p edge nodes edges\"");
        goto cleanup;
    }
    if (d.weights.count > 0 && d.nodes * sizeof(double) > QN__READ_LIMIT) {
        status = QN_PARSE_FAIL(source, d.problem, "too many nodes for weights");
        goto cleanup;
    }
    QN_TRY_CLEANUP(merge_directions(source, &d));
    QN_TRY_CLEANUP(qn__graph_create((uint32_t)d.nodes, &d.entries, &out->graph));
    QN_TRY_CLEANUP(take_weights(source, &d, out->graph));
cleanup:
    qn__free(d.entries.list);
    qn__free(d.weights.list);
    return status;
}
