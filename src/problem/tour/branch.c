/* branch.c: shortest tours by branch and bound with the 1-tree bound (Held, Karp, Oper. Res. 18, 1138 (1970)).
 *
 * A 1-tree is a spanning tree of nodes 1..n-1 and two edges at node 0. Every tour is one, and node potentials pi change
 * all tours by the same 2 sum pi, so  min 1-tree of (d_ij + pi_i + pi_j) - 2 sum pi  bounds the tour from below; a
 * subgradient (degree - 2) climbs. Where a node's degree is above two, its edges are excluded or required in turn. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "problem/tour/tour.h"

enum { ROOT_STEPS = 400, NODE_STEPS = 40, FREE = 0, REQUIRED = 1, EXCLUDED = 2 };

typedef struct tree {
    const qn__tour_input *input;
    uint32_t n;
    uint8_t *state; /* n x n: FREE, REQUIRED, EXCLUDED */
    double *pi;     /* a row of n for each depth */
    size_t rows;
    double *key;
    uint32_t *parent, *degree, *from, *to; /* the 1-tree of the last bound */
    bool *inside;
    uint32_t *tour;
    double best, step, reported;
    bool stopped;
    uint64_t nodes;
} tree;

static double price(const tree *t, const double *pi, uint32_t i, uint32_t j)
{
    const size_t at = (size_t)i * t->n + j;
    /* required edges are taken first, excluded ones never: both cost what no tour does */
    return t->state[at] == REQUIRED   ? -1e100
           : t->state[at] == EXCLUDED ? (double)INFINITY
                                      : t->input->d[at] + pi[i] + pi[j];
}

static double true_price(const tree *t, const double *pi, uint32_t i, uint32_t j)
{
    return t->input->d[(size_t)i * t->n + j] + pi[i] + pi[j];
}

/* Prim's spanning tree of nodes 1.., then the two cheapest edges at node 0. (double)INFINITY when there is none. */
static double one_tree(tree *t, const double *pi)
{
    const uint32_t n = t->n;
    double sum = 0;
    uint32_t edges = 0;
    memset(t->degree, 0, n * sizeof *t->degree);
    for (uint32_t i = 1; i < n; i++) {
        t->inside[i] = i == 1;
        t->parent[i] = 1;
        t->key[i] = i == 1 ? 0 : price(t, pi, 1, i);
    }
    for (uint32_t added = 2; added < n; added++) {
        uint32_t next = 0;
        for (uint32_t i = 2; i < n; i++) {
            next = !t->inside[i] && (next == 0 || t->key[i] < t->key[next]) ? i : next;
        }
        if (!(t->key[next] < (double)INFINITY)) {
            return (double)INFINITY;
        }
        t->inside[next] = true;
        t->from[edges] = t->parent[next];
        t->to[edges++] = next;
        for (uint32_t i = 2; i < n; i++) {
            const double p = price(t, pi, next, i);
            if (!t->inside[i] && p < t->key[i]) {
                t->key[i] = p;
                t->parent[i] = next;
            }
        }
    }
    for (int k = 0; k < 2; k++) {
        uint32_t next = 0;
        for (uint32_t i = 1; i < n; i++) {
            const bool taken = k == 1 && t->to[edges - 1] == i;
            next = !taken && (next == 0 || price(t, pi, 0, i) < price(t, pi, 0, next)) ? i : next;
        }
        if (next == 0 || !(price(t, pi, 0, next) < (double)INFINITY)) {
            return (double)INFINITY;
        }
        t->from[edges] = 0;
        t->to[edges++] = next;
    }
    for (uint32_t e = 0; e < edges; e++) {
        sum += true_price(t, pi, t->from[e], t->to[e]);
        t->degree[t->from[e]]++;
        t->degree[t->to[e]]++;
    }
    return sum;
}

/* Climbs with the potentials in `pi` as start and end; the best bound found, and pi left there. */
static double climb(tree *t, double *pi, uint32_t steps)
{
    double best = -(double)INFINITY, scale = 2;
    for (uint32_t k = 0; k < steps; k++) {
        double value = one_tree(t, pi), squares = 0;
        if (!(value < (double)INFINITY)) {
            return (double)INFINITY;
        }
        for (uint32_t i = 0; i < t->n; i++) {
            const double off = (double)t->degree[i] - 2;
            value -= 2 * pi[i];
            squares += off * off;
        }
        scale = value > best ? scale : scale * 0.9;
        best = fmax(best, value);
        if (squares == 0 || best > t->best - t->step) {
            return best;
        }
        const double length = scale * fmax(t->best - value, 1e-3 * fabs(t->best)) / squares / 2;
        for (uint32_t i = 0; i < t->n; i++) {
            pi[i] += length * ((double)t->degree[i] - 2);
        }
    }
    return best;
}

/* The 1-tree at hand is a tour when every degree is two: walk it. */
static bool take_tour(tree *t)
{
    for (uint32_t i = 0; i < t->n; i++) {
        if (t->degree[i] != 2) {
            return false;
        }
    }
    uint32_t order[2] = {0, UINT32_MAX}; /* where we are, and whence */
    uint32_t walked[1] = {0};
    uint32_t *const tour = t->parent; /* free between bounds */
    do {
        tour[walked[0]++] = order[0];
        uint32_t next = UINT32_MAX;
        for (uint32_t e = 0; e < t->n; e++) {
            const uint32_t other = t->from[e] == order[0] ? t->to[e] : t->to[e] == order[0] ? t->from[e] : UINT32_MAX;
            next = other != UINT32_MAX && other != order[1] && next == UINT32_MAX ? other : next;
        }
        order[1] = order[0];
        order[0] = next;
    } while (order[0] != 0 && walked[0] < t->n);
    const double length = qn__tour_length(t->input->d, t->n, tour);
    if (walked[0] == t->n && length < t->best) {
        t->best = length;
        memcpy(t->tour, tour, t->n * sizeof *tour);
    }
    return true;
}

static void set_edge(tree *t, uint32_t i, uint32_t j, uint8_t state)
{
    t->state[(size_t)i * t->n + j] = t->state[(size_t)j * t->n + i] = state;
}

static bool over(tree *t)
{
    t->nodes++;
    const qn_progress progress = {"branch and bound", 0, 0, t->nodes, t->best, qn__clock() - t->input->started};
    qn__context_progress(t->input->context, &progress, &t->reported, false);
    t->stopped = t->stopped || qn__tour_over(t->input);
    return t->stopped;
}

static void branch(tree *t, size_t depth, const double *above);

/* Excludes edge `chosen`, then requires it and looks on: three children at most, of which the last two share it. */
static void branch_on(tree *t, size_t depth, const double *pi, uint32_t node)
{
    uint32_t ends[2] = {0, 0}, count = 0;
    for (uint32_t e = 0; e < t->n && count < 2; e++) {
        if (t->from[e] == node || t->to[e] == node) {
            const uint32_t other = t->from[e] == node ? t->to[e] : t->from[e];
            if (t->state[(size_t)node * t->n + other] == FREE) {
                ends[count++] = other;
            }
        }
    }
    for (uint32_t k = 0; k < count; k++) { /* without the k-th, with those before it */
        set_edge(t, node, ends[k], EXCLUDED);
        branch(t, depth + 1, pi);
        set_edge(t, node, ends[k], REQUIRED);
    }
    branch(t, depth + 1, pi); /* with all of them */
    for (uint32_t k = 0; k < count; k++) {
        set_edge(t, node, ends[k], FREE);
    }
}

/* A node with two required edges can have no others; one with three is impossible. */
static bool consistent(const tree *t)
{
    for (uint32_t i = 0; i < t->n; i++) {
        uint32_t required = 0, possible = 0;
        for (uint32_t j = 0; j < t->n; j++) {
            required += j != i && t->state[(size_t)i * t->n + j] == REQUIRED;
            possible += j != i && t->state[(size_t)i * t->n + j] != EXCLUDED;
        }
        if (required > 2 || possible < 2) {
            return false;
        }
    }
    return true;
}

static void branch(tree *t, size_t depth, const double *above)
{
    if (over(t) || depth >= t->rows || !consistent(t)) {
        t->stopped = t->stopped || depth >= t->rows;
        return;
    }
    double *const pi = t->pi + depth * t->n;
    memcpy(pi, above, t->n * sizeof *pi);
    const double bound = climb(t, pi, depth == 0 ? ROOT_STEPS : NODE_STEPS);
    if (bound > t->best - t->step || !(bound < (double)INFINITY) || take_tour(t)) {
        return;
    }
    uint32_t node = UINT32_MAX; /* the one whose degree is furthest above two, with an edge still free */
    for (uint32_t i = 0; i < t->n; i++) {
        node = t->degree[i] > 2 && (node == UINT32_MAX || t->degree[i] > t->degree[node]) ? i : node;
    }
    branch_on(t, depth, pi, node);
}

static void tree_release(tree *t)
{
    qn__free(t->state);
    qn__free(t->pi);
    qn__free(t->parent);
    qn__free(t->inside);
}

static qn_status tree_create(tree *t)
{
    const size_t n = t->n;
    t->rows = 4 * n;
    t->state = qn__calloc(n * n, 1);
    t->pi = qn__calloc((t->rows + 2) * n, sizeof *t->pi);
    t->parent = qn__calloc(5 * n + 4, sizeof *t->parent);
    t->inside = qn__calloc(n, sizeof *t->inside);
    if (t->state == NULL || t->pi == NULL || t->parent == NULL || t->inside == NULL) {
        return QN_ERR_MEMORY;
    }
    t->key = t->pi + t->rows * n;
    t->degree = t->parent + n;
    t->from = t->degree + n;
    t->to = t->from + n + 2;
    t->tour = t->to + n + 2;
    t->step = 1;
    for (size_t k = 0; k < n * n; k++) {
        t->step = t->input->d[k] == rint(t->input->d[k]) ? t->step : 0;
    }
    return QN_OK;
}

/* The bound at the root alone, for a search that was stopped. */
static double root_bound(tree *t)
{
    double *const pi = t->pi;
    memset(t->state, FREE, (size_t)t->n * t->n);
    memset(pi, 0, t->n * sizeof *pi);
    const double value = climb(t, pi, ROOT_STEPS);
    return t->step > 0 ? ceil(value - 1e-6) : value;
}

qn_status qn__tour_branch(const qn__tour_input *input, qn_tour_result **out)
{
    QN_CHECK(input->n <= 1000, ERR_TOO_LARGE, "%u nodes; branch and bound takes at most 1000", input->n);
    qn_optimize_options few = *input->options;
    few.restarts = 16; /* a good tour first: everything is measured against it */
    few.target = (double)NAN;
    const qn__tour_input starting = {input->context, input->n, input->d, &few, input->started};
    tree t = {.input = input, .n = input->n};
    qn_tour_result *result = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__tour_two_opt(&starting, &result));
    QN_TRY_CLEANUP(tree_create(&t));
    t.best = result->length;
    t.step = t.step > 0 ? 1 - 1e-6 : 1e-9 * t.best;
    memcpy(t.tour, result->tour, t.n * sizeof *t.tour);
    branch(&t, 0, t.key + t.n); /* a row of zeros */
    if (t.best < result->length) {
        result->seconds_to_best = qn__clock() - input->started;
    }
    memcpy(result->tour, t.tour, t.n * sizeof *t.tour);
    qn__tour_normalise(t.n, result->tour);
    result->length = qn__tour_length(input->d, t.n, result->tour);
    result->optimal = !t.stopped;
    result->bound = result->optimal ? result->length : root_bound(&t);
    result->starts = t.nodes;
    result->interrupted = t.stopped && qn_context_interrupted(input->context);
    result->seconds = qn__clock() - input->started;
    *out = result;
    result = NULL;
cleanup:
    tree_release(&t);
    qn_tour_result_free(result);
    return status;
}
