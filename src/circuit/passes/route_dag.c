/* route_dag.c: from a straight run of operations to the order it really needs.
 *
 * Two gates that meet on a qubit need no order when both commute with the same Pauli matrix there: each is then
 * sum_k P_k (x) A_k with the same projectors P_k on that qubit, and the A_k act elsewhere. So accesses to a wire form
 * groups of one axis; members of a group wait for the group before, not for each other. A group of many gets a free
 * node behind it, which keeps the number of arcs linear. One-qubit gates hang on the node they follow. */
#include "circuit/passes/route_dag.h"

#include <string.h>

#include "base/alloc.h"
#include "base/status.h"

/* What happened on a wire so far: everything before the group is before `anchor`. */
typedef struct wire {
    uint32_t anchor; /* node; QN__ROUTE_NONE: nothing yet */
    uint32_t head;   /* of the group, linked through `links`: 2 * node + side */
    uint32_t count;
    char axis; /* of the group: X, Y or Z */
} wire;

typedef struct builder {
    const qn_circuit *circuit;
    qn__route_dag *dag;
    bool strict;
    size_t nodes_capacity;
    uint32_t *links; /* [2 * node + side] next in the group */
    size_t links_capacity;
    uint32_t (*arcs)[2];
    size_t narcs, arcs_capacity;
    wire *wires;
    uint32_t nwires;
    uint32_t *writer;   /* [classical bit] node that measured into it last */
    uint32_t reader;    /* node that last used classical memory as a whole */
    uint32_t *measured; /* nodes since then */
    size_t nmeasured, measured_capacity;
} builder;

void qn__route_dag_release(qn__route_dag *dag)
{
    qn__free(dag->nodes);
    qn__free(dag->next);
    qn__free(dag->later.starts);
    qn__free(dag->later.targets);
    qn__free(dag->later.waits);
    qn__free(dag->earlier.starts);
    qn__free(dag->earlier.targets);
    qn__free(dag->earlier.waits);
    *dag = (qn__route_dag){0};
}

/* The Pauli axis with which a gate commutes on its i-th qubit; 0 when there is none. */
static char axis_of(const qn_operation *op, uint32_t i)
{
    if (i < op->ncontrols || (qn_gate_describe(op->base)->flags & QN_GATE_FLAG_DIAGONAL) != 0) {
        return 'Z';
    }
    const uint32_t target = i - op->ncontrols;
    if (op->pauli != NULL) {
        return op->pauli[target];
    }
    switch (op->base) {
    case QN_GATE_X:
    case QN_GATE_RX:
    case QN_GATE_SX:
    case QN_GATE_SXDG:
    case QN_GATE_RXX:
        return 'X';
    case QN_GATE_Y:
    case QN_GATE_RY:
    case QN_GATE_RYY:
        return 'Y';
    case QN_GATE_RZX:
        return target == 0 ? 'Z' : 'X';
    default:
        return 0;
    }
}

static qn_status add_node(builder *b, uint32_t first, uint32_t second, uint32_t *out)
{
    qn__route_dag *dag = b->dag;
    QN_CHECK(dag->nnodes < UINT32_MAX / 4, ERR_TOO_LARGE, "the circuit is too long to route");
    void *nodes = dag->nodes;
    qn_status status = qn__grow(&nodes, &b->nodes_capacity, (size_t)dag->nnodes + 1, sizeof *dag->nodes);
    dag->nodes = nodes;
    QN_TRY(status);
    void *links = b->links;
    status = qn__grow(&links, &b->links_capacity, 2 * ((size_t)dag->nnodes + 1), sizeof *b->links);
    b->links = links;
    QN_TRY(status);
    dag->ngates += first != QN__ROUTE_NONE ? 1 : 0;
    *out = dag->nnodes++;
    dag->nodes[*out] = (qn__route_node){first, second, QN__ROUTE_NONE, QN__ROUTE_NONE};
    return QN_OK;
}

static qn_status add_arc(builder *b, uint32_t from, uint32_t to)
{
    if (from == QN__ROUTE_NONE) {
        return QN_OK;
    }
    QN_CHECK(b->narcs < UINT32_MAX / 2, ERR_TOO_LARGE, "the circuit is too long to route");
    void *arcs = b->arcs;
    const qn_status status = qn__grow(&arcs, &b->arcs_capacity, b->narcs + 1, sizeof *b->arcs);
    b->arcs = arcs;
    QN_TRY(status);
    b->arcs[b->narcs][0] = from;
    b->arcs[b->narcs++][1] = to;
    return QN_OK;
}

/* Hang an operation on a node, behind what hangs there. */
static void hang(builder *b, uint32_t node, size_t index)
{
    qn__route_dag *dag = b->dag;
    const uint32_t place = (uint32_t)(index - dag->begin);
    if (dag->nodes[node].first == QN__ROUTE_NONE) {
        dag->nodes[node].first = place;
    } else {
        dag->next[dag->nodes[node].last] = place;
    }
    dag->nodes[node].last = place;
}

/* End the group of a wire: its anchor becomes a node behind all members. */
static qn_status close_group(builder *b, wire *w)
{
    if (w->count == 0) {
        return QN_OK;
    }
    uint32_t anchor = w->head / 2;
    if (w->count > 1) {
        QN_CHECK(b->links != NULL, ERR_INTERNAL, "a group of gates without links"); /* visit() has linked them */
        QN_TRY(add_node(b, QN__ROUTE_NONE, QN__ROUTE_NONE, &anchor));
        uint32_t link = w->head;
        for (uint32_t i = 0; i < w->count; i++) {
            QN_TRY(add_arc(b, link / 2, anchor));
            link = b->links[link];
        }
    }
    w->anchor = anchor;
    w->count = 0;
    return QN_OK;
}

/* A one-qubit gate moves in front of a group whose axis it shares, and otherwise ends the group. */
static qn_status add_one_qubit(builder *b, size_t index, uint32_t qubit, char axis)
{
    wire *w = &b->wires[qubit];
    if (w->count > 0 && axis != w->axis) {
        QN_TRY(close_group(b, w));
    }
    if (w->anchor == QN__ROUTE_NONE) { /* such nodes wait for nobody and run before all others */
        QN_TRY(add_node(b, QN__ROUTE_NONE, QN__ROUTE_NONE, &w->anchor));
    }
    hang(b, w->anchor, index);
    return QN_OK;
}

/* `node` is the next on a wire, on axis `axis` (0: none). */
static qn_status visit(builder *b, uint32_t node, uint32_t side, uint32_t qubit, char axis)
{
    wire *w = &b->wires[qubit];
    if (w->count > 0 && (axis == 0 || axis != w->axis)) {
        QN_TRY(close_group(b, w));
    }
    QN_TRY(add_arc(b, w->anchor, node));
    if (axis == 0) {
        w->anchor = node;
        return QN_OK;
    }
    QN_CHECK(b->links != NULL, ERR_INTERNAL, "a gate without links"); /* add_node() has made room for them */
    const uint32_t link = 2 * node + side;
    b->links[link] = w->head;
    w->head = link;
    w->count++;
    w->axis = axis;
    b->dag->relaxed = b->dag->relaxed || w->count > 1;
    return QN_OK;
}

/* `node` uses classical memory: after everything classical before it. */
static qn_status visit_memory(builder *b, uint32_t node)
{
    QN_TRY(add_arc(b, b->reader, node));
    for (size_t i = 0; i < b->nmeasured; i++) {
        QN_TRY(add_arc(b, b->measured[i], node));
    }
    b->nmeasured = 0;
    b->reader = node;
    return QN_OK;
}

static qn_status visit_bit(builder *b, uint32_t node, uint32_t bit)
{
    if (bit == QN_NO_BIT) {
        return QN_OK;
    }
    QN_TRY(add_arc(b, b->reader, node));
    QN_TRY(add_arc(b, b->writer[bit], node));
    b->writer[bit] = node;
    void *measured = b->measured;
    const qn_status status = qn__grow(&measured, &b->measured_capacity, b->nmeasured + 1, sizeof *b->measured);
    b->measured = measured;
    QN_TRY(status);
    b->measured[b->nmeasured++] = node;
    return QN_OK;
}

static bool uses_memory(const qn_operation *op)
{
    bool uses = op->kind == QN_OP_ASSIGN;
    for (uint32_t i = 0; i < op->nparams; i++) {
        uses = uses || op->params[i].expression != 0;
    }
    return uses;
}

static uint32_t qubit_of(const qn_operation *op, uint32_t i)
{
    return i < op->ncontrols ? op->controls[i] : op->targets[i - op->ncontrols];
}

/* Whatever is neither a gate on two qubits nor a plain one on one: it keeps its place on all its wires. */
static qn_status add_free(builder *b, size_t index, const qn_operation *op)
{
    uint32_t node = 0;
    QN_TRY(add_node(b, QN__ROUTE_NONE, QN__ROUTE_NONE, &node));
    const uint32_t count = op->ncontrols + op->ntargets;
    const bool whole = op->kind == QN_OP_BARRIER && count == 0;
    for (uint32_t i = 0; i < (whole ? b->nwires : count); i++) {
        QN_TRY(visit(b, node, 0, whole ? i : qubit_of(op, i), 0));
    }
    if (uses_memory(op)) {
        QN_TRY(visit_memory(b, node));
    } else if (op->kind == QN_OP_MEASURE) {
        QN_TRY(visit_bit(b, node, op->bit));
    }
    hang(b, node, index);
    return QN_OK;
}

static qn_status add_operation(builder *b, size_t index)
{
    qn_operation op;
    qn_circuit_operation(b->circuit, index, &op);
    const uint32_t count = op.ncontrols + op.ntargets;
    if (op.kind >= QN_OP_IF) {
        return QN_OK;
    }
    if (op.kind != QN_OP_GATE || count == 0 || (count == 1 && uses_memory(&op))) {
        if (op.kind == QN_OP_RESET || (op.kind == QN_OP_DELAY && count == 1)) {
            return add_one_qubit(b, index, op.targets[0], 0);
        }
        return add_free(b, index, &op);
    }
    QN_CHECK(count <= 2, ERR_UNSUPPORTED,
             "operation %zu (%s) acts on %u qubits; routing needs gates on one or two: decompose first", index,
             qn_gate_describe(op.gate)->name, count);
    if (count == 1) {
        return add_one_qubit(b, index, qubit_of(&op, 0), axis_of(&op, 0));
    }
    uint32_t node = 0;
    QN_TRY(add_node(b, qubit_of(&op, 0), qubit_of(&op, 1), &node));
    for (uint32_t side = 0; side < 2; side++) {
        QN_TRY(visit(b, node, side, qubit_of(&op, side), b->strict ? 0 : axis_of(&op, side)));
    }
    if (uses_memory(&op)) {
        QN_TRY(visit_memory(b, node));
    }
    hang(b, node, index);
    return QN_OK;
}

/* Arcs by where they begin; side 1 turns them round. */
static qn_status make_arcs(const builder *b, int side, qn__route_arcs *out)
{
    const uint32_t n = b->dag->nnodes;
    out->starts = qn__calloc((size_t)n + 1, sizeof *out->starts);
    QN_ALLOC_CHECK(out->starts);
    out->targets = qn__alloc(b->narcs, sizeof *out->targets);
    QN_ALLOC_CHECK(out->targets);
    out->waits = qn__calloc(n, sizeof *out->waits);
    QN_ALLOC_CHECK(out->waits);
    for (size_t i = 0; i < b->narcs; i++) {
        out->starts[b->arcs[i][side] + 1]++;
        out->waits[b->arcs[i][1 - side]]++;
    }
    for (uint32_t v = 0; v < n; v++) {
        out->starts[v + 1] += out->starts[v];
    }
    for (size_t i = b->narcs; i-- > 0;) { /* from the back: starts[v + 1] walks down to the start of v + 1's arcs */
        out->targets[--out->starts[b->arcs[i][side] + 1]] = b->arcs[i][1 - side];
    }
    /* now starts[v + 1] is where v's arcs begin; shift down, the end of the last is narcs */
    memmove(out->starts, out->starts + 1, n * sizeof *out->starts);
    out->starts[n] = (uint32_t)b->narcs;
    return QN_OK;
}

static void forget(builder *b)
{
    qn__free(b->links);
    qn__free(b->arcs);
    qn__free(b->wires);
    qn__free(b->writer);
    qn__free(b->measured);
}

qn_status qn__route_dag_build(const qn_circuit *circuit, size_t begin, size_t end, bool strict, qn__route_dag *out)
{
    QN_CHECK(end < UINT32_MAX / 4, ERR_TOO_LARGE, "a circuit of %zu operations is too long to route", end);
    *out = (qn__route_dag){.begin = (uint32_t)begin, .end = (uint32_t)end};
    builder b = {.circuit = circuit,
                 .dag = out,
                 .strict = strict,
                 .nwires = qn_circuit_qubits(circuit),
                 .reader = QN__ROUTE_NONE};
    const uint32_t nbits = qn_circuit_bits(circuit);
    qn_status status = QN_OK;
    b.wires = qn__alloc(b.nwires, sizeof *b.wires);
    b.writer = qn__alloc(nbits, sizeof *b.writer);
    out->next = qn__alloc(end - begin, sizeof *out->next);
    if (b.wires == NULL || b.writer == NULL || out->next == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    for (uint32_t q = 0; q < b.nwires; q++) {
        b.wires[q] = (wire){QN__ROUTE_NONE, 0, 0, 0};
    }
    memset(b.writer, 0xff, nbits * sizeof *b.writer);
    memset(out->next, 0xff, (end - begin) * sizeof *out->next);
    for (size_t i = begin; i < end; i++) {
        QN_TRY_CLEANUP(add_operation(&b, i));
    }
    QN_TRY_CLEANUP(make_arcs(&b, 0, &out->later));
    QN_TRY_CLEANUP(make_arcs(&b, 1, &out->earlier));
cleanup:
    forget(&b);
    if (status != QN_OK) {
        qn__route_dag_release(out);
    }
    return status;
}
