/* route_swap.c: the walk of SABRE (Li, Ding, Xie, arXiv:1809.02573): gates that can run do, and when none can, the swap
 * that brings the front layer and the gates after it closest together is made.
 *
 * With F the front layer, E the next gates and d the distance, a swap is scored by
 *     max(decay of its two qubits) * (mean of d over F + WEIGHT * mean of d over E)
 * after it. Scores are kept relative to the state before, so that only gates on the two qubits are looked at, and when
 * a walk makes no progress for long, its swaps are taken back and the nearest gate of the front layer is brought
 * together on a shortest path (Zou, Treinish, Hartman, Ivrii, Lishman, arXiv:2409.08368). */
#include "circuit/passes/route_swap.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "base/status.h"

static const double WEIGHT = 0.5;  /* of the gates beyond the front layer */
static const double DECAY = 0.001; /* added to a qubit's decay by a swap on it */
enum { DECAY_RESET = 5 };          /* swaps after which decays go back to 1 */
static const double CLOSE = 1e-10; /* scores that count as equal */

struct qn__router {
    qn__route_device device;
    uint32_t limit; /* swaps without progress before the release valve opens */
    /* of one walk */
    const qn__route_dag *dag;
    const qn__route_arcs *arcs;
    const qn__route_sink *sink;
    qn__route_layout layout;
    uint64_t seed, draws, swaps, work;
    uint32_t *waits; /* [node] nodes before it that have not run */
    uint32_t *queue; /* nodes that wait for nobody, in the order in which they became so */
    uint32_t head, tail;
    uint32_t *front, *front_place; /* gates of the front layer; [node] where it stands there */
    uint32_t nfront;
    uint32_t *heads, *next, *previous; /* [wire] its front gates, linked by 2 * node + side */
    int64_t front_sum, ahead_sum;      /* of distances */
    uint32_t *ahead;                   /* [wire * AHEAD + k] partner in a gate beyond the front layer */
    uint8_t *nahead;                   /* [wire] */
    uint32_t ahead_gates[QN__ROUTE_AHEAD];
    uint32_t nahead_gates, wanted; /* how many there are and should be */
    double *decay;                 /* [qubit] */
    uint32_t decayed[2 * DECAY_RESET], ndecayed;
    uint32_t (*recent)[2]; /* swaps since the last progress */
    uint32_t nrecent;
    uint32_t (*best)[2];
};

void qn__router_free(qn__router *r)
{
    if (r == NULL) {
        return;
    }
    void *const owned[] = {r->waits,    r->queue, r->front,  r->front_place, r->heads,  r->next,
                           r->previous, r->ahead, r->nahead, r->decay,       r->recent, r->best};
    for (size_t k = 0; k < sizeof owned / sizeof owned[0]; k++) {
        qn__free(owned[k]);
    }
    qn__free(r);
}

uint64_t qn__router_work(const qn__router *router)
{
    return router->work;
}

qn_status qn__router_create(const qn__route_device *device, uint32_t max_nodes, qn__router **out)
{
    qn__router *r = qn__calloc(1, sizeof *r);
    QN_ALLOC_CHECK(r);
    const size_t n = device->nqubits, nodes = max_nodes;
    r->device = *device;
    r->limit = 4 * device->diameter + 16;
    r->waits = qn__alloc(nodes, sizeof *r->waits);
    r->queue = qn__alloc(nodes, sizeof *r->queue);
    r->front = qn__alloc(nodes, sizeof *r->front);
    r->front_place = qn__alloc(nodes, sizeof *r->front_place);
    r->heads = qn__alloc(n, sizeof *r->heads);
    r->next = qn__alloc(2 * nodes, sizeof *r->next);
    r->previous = qn__alloc(2 * nodes, sizeof *r->previous);
    r->ahead = qn__alloc(n * QN__ROUTE_AHEAD, sizeof *r->ahead);
    r->nahead = qn__calloc(n, sizeof *r->nahead);
    r->decay = qn__alloc(n, sizeof *r->decay);
    for (size_t q = 0; q < n && r->decay != NULL; q++) {
        r->decay[q] = 1.0;
    }
    r->recent = qn__alloc((size_t)r->limit + device->diameter + 1, sizeof *r->recent);
    r->best = qn__alloc(device->coupling->nedges, sizeof *r->best);
    const void *const owned[] = {r->waits,    r->queue, r->front,  r->front_place, r->heads,  r->next,
                                 r->previous, r->ahead, r->nahead, r->decay,       r->recent, r->best};
    for (size_t k = 0; k < sizeof owned / sizeof owned[0]; k++) {
        if (owned[k] == NULL) {
            qn__router_free(r);
            return QN_ERR_MEMORY;
        }
    }
    *out = r;
    return QN_OK;
}

static uint32_t distance(const qn__router *r, uint32_t a, uint32_t b)
{
    return r->device.distances[(size_t)a * r->device.nqubits + b];
}

static uint32_t gate_distance(const qn__router *r, uint32_t node)
{
    const qn__route_node *v = &r->dag->nodes[node];
    return distance(r, r->layout.place[v->a], r->layout.place[v->b]);
}

static uint32_t wire_of(const qn__router *r, uint32_t link)
{
    const qn__route_node *v = &r->dag->nodes[link / 2];
    return (link & 1) == 0 ? v->a : v->b;
}

/* The front layer. */

static void link_in(qn__router *r, uint32_t link)
{
    uint32_t *head = &r->heads[wire_of(r, link)];
    r->next[link] = *head;
    r->previous[link] = QN__ROUTE_NONE;
    if (*head != QN__ROUTE_NONE) {
        r->previous[*head] = link;
    }
    *head = link;
}

static void link_out(qn__router *r, uint32_t link)
{
    const uint32_t next = r->next[link], previous = r->previous[link];
    if (previous == QN__ROUTE_NONE) {
        r->heads[wire_of(r, link)] = next;
    } else {
        r->next[previous] = next;
    }
    if (next != QN__ROUTE_NONE) {
        r->previous[next] = previous;
    }
}

static void front_add(qn__router *r, uint32_t node)
{
    r->front_place[node] = r->nfront;
    r->front[r->nfront++] = node;
    link_in(r, 2 * node);
    link_in(r, 2 * node + 1);
    r->front_sum += gate_distance(r, node);
}

static void front_remove(qn__router *r, uint32_t node)
{
    const uint32_t last = r->front[--r->nfront];
    r->front[r->front_place[node]] = last;
    r->front_place[last] = r->front_place[node];
    link_out(r, 2 * node);
    link_out(r, 2 * node + 1);
    r->front_sum -= gate_distance(r, node);
}

/* Running nodes. */

/* The swaps since the last progress are kept for good. */
static void keep_recent(qn__router *r)
{
    r->swaps += r->nrecent;
    r->nrecent = 0;
}

static void run_node(qn__router *r, uint32_t node)
{
    if (r->sink != NULL) {
        r->sink->node(r->sink->user, r->dag, node);
    }
    for (uint32_t e = r->arcs->starts[node]; e < r->arcs->starts[node + 1]; e++) {
        const uint32_t target = r->arcs->targets[e];
        if (--r->waits[target] == 0) {
            r->queue[r->tail++] = target;
        }
    }
}

/* Run what can be; gates that cannot join the front layer. */
static void settle(qn__router *r)
{
    while (r->head < r->tail) {
        const uint32_t node = r->queue[r->head++];
        if (r->dag->nodes[node].a == QN__ROUTE_NONE || gate_distance(r, node) == 1) {
            run_node(r, node);
        } else {
            front_add(r, node);
        }
    }
}

/* The gates beyond the front layer. */

static void ahead_add(qn__router *r, uint32_t node)
{
    const qn__route_node *v = &r->dag->nodes[node];
    r->ahead_gates[r->nahead_gates++] = node;
    r->ahead[(size_t)v->a * QN__ROUTE_AHEAD + r->nahead[v->a]++] = v->b;
    r->ahead[(size_t)v->b * QN__ROUTE_AHEAD + r->nahead[v->b]++] = v->a;
    r->ahead_sum += gate_distance(r, node);
}

/* The first gates that could run if the front layer did, nearest first. The queue is empty now; its unused rest holds
 * the search. */
static void look_ahead(qn__router *r)
{
    for (uint32_t k = 0; k < r->nahead_gates; k++) {
        const qn__route_node *v = &r->dag->nodes[r->ahead_gates[k]];
        r->nahead[v->a] = r->nahead[v->b] = 0;
    }
    r->nahead_gates = 0;
    r->ahead_sum = 0;
    uint32_t *found = r->queue + r->tail, nfound = 0, looked = 0;
    for (; looked < r->nfront + nfound && r->nahead_gates < r->wanted; looked++) {
        const uint32_t node = looked < r->nfront ? r->front[looked] : found[looked - r->nfront];
        for (uint32_t e = r->arcs->starts[node]; e < r->arcs->starts[node + 1]; e++) {
            const uint32_t target = r->arcs->targets[e];
            r->work += 2;
            if (--r->waits[target] > 0) {
                continue;
            }
            found[nfound++] = target;
            if (r->dag->nodes[target].a != QN__ROUTE_NONE && r->nahead_gates < r->wanted) {
                ahead_add(r, target);
            }
        }
    }
    for (uint32_t k = 0; k < looked; k++) { /* as if nothing had been looked at */
        const uint32_t node = k < r->nfront ? r->front[k] : found[k - r->nfront];
        for (uint32_t e = r->arcs->starts[node]; e < r->arcs->starts[node + 1]; e++) {
            r->waits[r->arcs->targets[e]]++;
        }
    }
}

/* Swaps. */

/* What exchanging qubits a and b adds to the sums of distances. */
static void swap_change(qn__router *r, uint32_t a, uint32_t b, int64_t *front, int64_t *ahead)
{
    const uint16_t *from[2] = {r->device.distances + (size_t)a * r->device.nqubits,
                               r->device.distances + (size_t)b * r->device.nqubits};
    const uint32_t wires[2] = {r->layout.wire[a], r->layout.wire[b]};
    *front = *ahead = 0;
    r->work += 4u + r->nahead[wires[0]] + r->nahead[wires[1]];
    for (int side = 0; side < 2; side++) {
        const uint16_t *here = from[side], *there = from[1 - side];
        for (uint32_t link = r->heads[wires[side]]; link != QN__ROUTE_NONE; link = r->next[link]) {
            const uint32_t partner = wire_of(r, link ^ 1);
            r->work++;
            if (partner != wires[1 - side]) {
                const uint32_t place = r->layout.place[partner];
                *front += (int64_t)there[place] - here[place];
            }
        }
        const uint32_t *list = r->ahead + (size_t)wires[side] * QN__ROUTE_AHEAD;
        for (uint32_t k = 0; k < r->nahead[wires[side]]; k++) {
            if (list[k] != wires[1 - side]) {
                const uint32_t place = r->layout.place[list[k]];
                *ahead += (int64_t)there[place] - here[place];
            }
        }
    }
}

static void exchange(qn__router *r, uint32_t a, uint32_t b)
{
    int64_t front = 0, ahead = 0;
    swap_change(r, a, b, &front, &ahead);
    r->front_sum += front;
    r->ahead_sum += ahead;
    const uint32_t first = r->layout.wire[a], second = r->layout.wire[b];
    r->layout.wire[a] = second;
    r->layout.wire[b] = first;
    r->layout.place[first] = b;
    r->layout.place[second] = a;
}

static void make_swap(qn__router *r, uint32_t a, uint32_t b)
{
    exchange(r, a, b);
    r->recent[r->nrecent][0] = a;
    r->recent[r->nrecent++][1] = b;
}

static void reset_decay(qn__router *r)
{
    while (r->ndecayed > 0) {
        r->decay[r->decayed[--r->ndecayed]] = 1.0;
    }
}

/* Score all swaps that touch the front layer; of the best ones take one at random. */
static void choose_swap(qn__router *r, uint32_t chosen[2])
{
    const qn_coupling *map = r->device.coupling;
    const double front_scale = 1.0 / r->nfront;
    const double ahead_scale = r->nahead_gates > 0 ? WEIGHT / r->nahead_gates : 0.0;
    double lowest = HUGE_VAL;
    size_t nbest = 0;
    for (uint32_t k = 0; k < 2 * r->nfront; k++) {
        const uint32_t link = 2 * r->front[k / 2] + (k & 1), wire = wire_of(r, link);
        if (r->heads[wire] != link) {
            continue; /* the wire has other front gates and is seen at another of them */
        }
        const uint32_t a = r->layout.place[wire];
        for (size_t e = map->starts[a]; e < map->starts[a + 1]; e++) {
            const uint32_t b = map->neighbours[e];
            if (b < a && r->heads[r->layout.wire[b]] != QN__ROUTE_NONE) {
                continue; /* seen from b */
            }
            int64_t front = 0, ahead = 0;
            swap_change(r, a, b, &front, &ahead);
            const double score = fmax(r->decay[a], r->decay[b]) * ((double)(r->front_sum + front) * front_scale +
                                                                   (double)(r->ahead_sum + ahead) * ahead_scale);
            if (score < lowest - CLOSE) {
                lowest = score;
                nbest = 0;
            }
            if (score <= lowest + CLOSE) {
                r->best[nbest][0] = a;
                r->best[nbest++][1] = b;
            }
        }
    }
    const size_t pick = nbest <= 1 ? 0 : (size_t)(qn__random_bits(r->seed, 0, r->draws++) % nbest);
    chosen[0] = r->best[pick][0];
    chosen[1] = r->best[pick][1];
}

/* Tell of the swaps, in order. The layout has changed already, so the sink must not look at ours. */
static void tell_recent(qn__router *r)
{
    for (uint32_t k = 0; r->sink != NULL && k < r->nrecent; k++) {
        r->sink->swap(r->sink->user, r->recent[k][0], r->recent[k][1]);
    }
    keep_recent(r);
}

/* Run the front gates of this qubit's wire whose partner is now next to it. */
static bool run_ready(qn__router *r, uint32_t qubit)
{
    bool any = false;
    for (uint32_t link = r->heads[r->layout.wire[qubit]], next = 0; link != QN__ROUTE_NONE; link = next) {
        next = r->next[link];
        if (gate_distance(r, link / 2) == 1) {
            if (!any) {
                tell_recent(r);
            }
            any = true;
            front_remove(r, link / 2);
            run_node(r, link / 2);
        }
    }
    return any;
}

static void after_progress(qn__router *r)
{
    settle(r);
    reset_decay(r);
    look_ahead(r);
}

/* Take back what led nowhere and bring the nearest gate of the front layer together, from both sides. */
static void open_valve(qn__router *r)
{
    while (r->nrecent > 0) {
        r->nrecent--;
        exchange(r, r->recent[r->nrecent][0], r->recent[r->nrecent][1]);
    }
    uint32_t nearest = r->front[0];
    for (uint32_t k = 1; k < r->nfront; k++) {
        nearest = gate_distance(r, r->front[k]) < gate_distance(r, nearest) ? r->front[k] : nearest;
    }
    const qn_coupling *map = r->device.coupling;
    const qn__route_node *v = &r->dag->nodes[nearest];
    for (uint32_t turn = 0; gate_distance(r, nearest) > 1; turn++) {
        const uint32_t from = r->layout.place[turn % 2 == 0 ? v->a : v->b];
        const uint32_t to = r->layout.place[turn % 2 == 0 ? v->b : v->a];
        size_t e = map->starts[from];
        while (distance(r, map->neighbours[e], to) >= distance(r, from, to)) {
            e++; /* a neighbour on a shortest path exists: the two are in one part */
        }
        make_swap(r, from, map->neighbours[e]);
    }
    const bool first = run_ready(r, r->layout.place[v->a]);
    (void)first; /* at least this gate ran */
}

static void start(qn__router *r)
{
    r->swaps = r->draws = 0;
    r->head = r->tail = r->nfront = r->nrecent = 0;
    r->front_sum = r->ahead_sum = 0;
    reset_decay(r);
    memset(r->heads, 0xff, r->device.nqubits * sizeof *r->heads);
    memset(r->nahead, 0, r->device.nqubits * sizeof *r->nahead);
    r->nahead_gates = 0;
    memcpy(r->waits, r->arcs->waits, r->dag->nnodes * sizeof *r->waits);
    /* free nodes that wait for nobody run before all others: some hold gates that others do not wait for */
    for (int gates = 0; gates < 2; gates++) {
        for (uint32_t v = 0; v < r->dag->nnodes; v++) {
            if (r->waits[v] == 0 && (r->dag->nodes[v].a != QN__ROUTE_NONE) == (gates == 1)) {
                r->queue[r->tail++] = v;
            }
        }
    }
}

uint64_t qn__router_walk(qn__router *r, const qn__route_dag *dag, bool backwards, uint32_t ahead, uint64_t seed,
                         qn__route_layout *layout, const qn__route_sink *sink)
{
    r->dag = dag;
    r->arcs = backwards ? &dag->earlier : &dag->later;
    r->sink = sink;
    r->layout = *layout;
    r->seed = seed;
    r->wanted = ahead;
    start(r);
    after_progress(r);
    while (r->nfront > 0) {
        uint32_t swap[2];
        choose_swap(r, swap);
        make_swap(r, swap[0], swap[1]);
        const bool first = run_ready(r, swap[0]), second = run_ready(r, swap[1]);
        if (first || second) {
            after_progress(r);
        } else if (r->nrecent >= r->limit) {
            open_valve(r);
            after_progress(r);
        } else if (r->ndecayed == 2 * DECAY_RESET) {
            reset_decay(r);
        } else {
            for (int side = 0; side < 2; side++) {
                r->decay[swap[side]] += DECAY;
                r->decayed[r->ndecayed++] = swap[side];
            }
        }
    }
    return r->swaps;
}
