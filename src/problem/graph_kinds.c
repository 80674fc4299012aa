/* graph_kinds.c: cuts, independent sets, covers, cliques and colourings of graphs as cost functions. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "problem/choices.h"
#include "problem/problem.h"

static double node_weight(const qn_graph *graph, uint32_t node)
{
    return graph->node_weight != NULL ? graph->node_weight[node] : 1;
}

static bool whole_nodes(const qn_graph *graph)
{
    bool whole = true;
    for (uint32_t i = 0; i < graph->nodes; i++) {
        whole = whole && node_weight(graph, i) == rint(node_weight(graph, i));
    }
    return whole;
}

static void describe(qn_problem *problem, const char *what, const qn_graph *graph)
{
    (void)snprintf(problem->title, sizeof problem->title, "%s of %u nodes and %zu edges%s", what, graph->nodes,
                   graph->edges, graph->weighted || graph->node_weight != NULL ? ", weighted" : "");
}

/* ---- the maximum cut: E = -sum w (x_i + x_j - 2 x_i x_j) ---- */

static void judge_cut(const qn_problem *problem, const uint8_t *x, qn_judgement *out)
{
    const qn_graph *const g = problem->instance->graph;
    out->objective = 0;
    for (size_t e = 0; e < g->edges; e++) {
        out->objective += x[g->from[e]] != x[g->to[e]] ? g->weight[e] : 0;
    }
}

static void sides_json(const qn_problem *problem, const uint8_t *x, qn_json *json, const char *key)
{
    qn_json_begin_array(json, key);
    for (uint32_t i = 0; i < problem->instance->graph->nodes; i++) {
        qn_json_unsigned(json, NULL, x[i]);
    }
    qn_json_end_array(json);
}

static void sides_text(const qn_problem *problem, const uint8_t *x, qn_text *text)
{
    qn__text_chosen(text, "one side", x, problem->instance->graph->nodes);
}

static const qn__problem_ops cut_ops = {judge_cut, sides_json, sides_text, NULL};

qn_status qn__make_maxcut(const qn_instance *instance, const qn_problem_options *options, qn_problem *problem)
{
    (void)options;
    const qn_graph *const g = instance->graph;
    problem->ops = &cut_ops;
    problem->objective_name = "cut weight";
    problem->maximise = true;
    problem->factor = -1;
    describe(problem, "maximum cut", g);
    QN_TRY(qn_qubo_create(g->nodes, &problem->qubo));
    for (size_t e = 0; e < g->edges; e++) {
        QN_TRY(qn_qubo_add_linear(problem->qubo, g->from[e], -g->weight[e]));
        QN_TRY(qn_qubo_add_linear(problem->qubo, g->to[e], -g->weight[e]));
        QN_TRY(qn_qubo_add_quadratic(problem->qubo, g->from[e], g->to[e], 2 * g->weight[e]));
    }
    return QN_OK;
}

/* ---- sets of nodes ---- */

static double set_weight(const qn_graph *g, const uint8_t *x)
{
    double sum = 0;
    for (uint32_t i = 0; i < g->nodes; i++) {
        sum += x[i] != 0 ? node_weight(g, i) : 0;
    }
    return sum;
}

static void set_json(const qn_problem *problem, const uint8_t *x, qn_json *json, const char *key)
{
    qn__json_chosen(json, key, x, problem->instance->graph->nodes);
}

static void set_text(const qn_problem *problem, const uint8_t *x, qn_text *text)
{
    qn__text_chosen(text, "nodes", x, problem->instance->graph->nodes);
}

static void judge_independent(const qn_problem *problem, const uint8_t *x, qn_judgement *out)
{
    const qn_graph *const g = problem->instance->graph;
    out->objective = set_weight(g, x);
    for (size_t e = 0; e < g->edges; e++) {
        if ((x[g->from[e]] & x[g->to[e]]) != 0) {
            qn__judge_fail(out, "nodes %u and %u are neighbours", g->from[e] + 1, g->to[e] + 1);
        }
    }
}

static void judge_cover(const qn_problem *problem, const uint8_t *x, qn_judgement *out)
{
    const qn_graph *const g = problem->instance->graph;
    out->objective = set_weight(g, x);
    for (size_t e = 0; e < g->edges; e++) {
        if ((x[g->from[e]] | x[g->to[e]]) == 0) {
            qn__judge_fail(out, "the edge of nodes %u and %u is not covered", g->from[e] + 1, g->to[e] + 1);
        }
    }
}

/* Marks of the neighbours of every node, a bit a pair. */
static bool *adjacency(const qn_graph *g)
{
    bool *matrix = qn__calloc((size_t)g->nodes * g->nodes, sizeof *matrix);
    for (size_t e = 0; matrix != NULL && e < g->edges; e++) {
        matrix[(size_t)g->from[e] * g->nodes + g->to[e]] = matrix[(size_t)g->to[e] * g->nodes + g->from[e]] = true;
    }
    return matrix;
}

static void judge_clique(const qn_problem *problem, const uint8_t *x, qn_judgement *out)
{
    const qn_graph *const g = problem->instance->graph;
    const bool *const matrix = problem->data;
    out->objective = set_weight(g, x);
    for (uint32_t i = 0; i < g->nodes; i++) {
        for (uint32_t j = i + 1; x[i] != 0 && j < g->nodes; j++) {
            if (x[j] != 0 && !matrix[(size_t)i * g->nodes + j]) {
                qn__judge_fail(out, "nodes %u and %u are not neighbours", i + 1, j + 1);
            }
        }
    }
}

static const qn__problem_ops independent_ops = {judge_independent, set_json, set_text, NULL};
static const qn__problem_ops cover_ops = {judge_cover, set_json, set_text, NULL};
static const qn__problem_ops clique_ops = {judge_clique, set_json, set_text, NULL};

/* A pair (i, j) that must not be chosen together (or left out together): if it is, dropping (taking) the lighter one
 * costs its weight and saves at least one penalty. So a penalty above min(w_i, w_j) of every pair is enough. */
static double pair_bound(const qn_graph *g, uint32_t i, uint32_t j, double bound)
{
    return fmax(bound, fmin(node_weight(g, i), node_weight(g, j)));
}

static qn_status add_node_weights(qn_problem *problem, const qn_graph *g, double sign)
{
    QN_TRY(qn_qubo_create(g->nodes, &problem->qubo));
    for (uint32_t i = 0; i < g->nodes; i++) {
        QN_TRY(qn_qubo_add_linear(problem->qubo, i, sign * node_weight(g, i)));
    }
    return QN_OK;
}

static const char *set_objective(const qn_graph *g, const char *plain, const char *weighted)
{
    return g->node_weight != NULL ? weighted : plain;
}

qn_status qn__make_independent_set(const qn_instance *instance, const qn_problem_options *options, qn_problem *problem)
{
    const qn_graph *const g = instance->graph;
    double bound = 0;
    problem->ops = &independent_ops;
    problem->objective_name = set_objective(g, "nodes in the set", "weight of the set");
    problem->maximise = true;
    problem->factor = -1;
    describe(problem, "maximum independent set", g);
    for (size_t e = 0; e < g->edges; e++) {
        bound = pair_bound(g, g->from[e], g->to[e], bound);
    }
    qn__problem_penalise(problem, bound, whole_nodes(g), options);
    QN_TRY(add_node_weights(problem, g, -1));
    for (size_t e = 0; e < g->edges; e++) {
        QN_TRY(qn_qubo_add_quadratic(problem->qubo, g->from[e], g->to[e], problem->penalty));
    }
    return QN_OK;
}

qn_status qn__make_vertex_cover(const qn_instance *instance, const qn_problem_options *options, qn_problem *problem)
{
    const qn_graph *const g = instance->graph;
    double bound = 0;
    problem->ops = &cover_ops;
    problem->objective_name = set_objective(g, "nodes in the cover", "weight of the cover");
    describe(problem, "minimum vertex cover", g);
    for (size_t e = 0; e < g->edges; e++) {
        bound = pair_bound(g, g->from[e], g->to[e], bound);
    }
    qn__problem_penalise(problem, bound, whole_nodes(g), options);
    QN_TRY(add_node_weights(problem, g, 1));
    for (size_t e = 0; e < g->edges; e++) { /* P (1 - x_i)(1 - x_j) */
        QN_TRY(qn_qubo_add_constant(problem->qubo, problem->penalty));
        QN_TRY(qn_qubo_add_linear(problem->qubo, g->from[e], -problem->penalty));
        QN_TRY(qn_qubo_add_linear(problem->qubo, g->to[e], -problem->penalty));
        QN_TRY(qn_qubo_add_quadratic(problem->qubo, g->from[e], g->to[e], problem->penalty));
    }
    return QN_OK;
}

/* An independent set of the complement. */
qn_status qn__make_clique(const qn_instance *instance, const qn_problem_options *options, qn_problem *problem)
{
    const qn_graph *const g = instance->graph;
    double bound = 0;
    QN_CHECK(g->nodes <= 8192, ERR_TOO_LARGE, "a clique among %u nodes needs the pairs without an edge; at most 8192",
             g->nodes);
    problem->ops = &clique_ops;
    problem->objective_name = set_objective(g, "nodes in the clique", "weight of the clique");
    problem->maximise = true;
    problem->factor = -1;
    describe(problem, "maximum clique", g);
    bool *const matrix = adjacency(g);
    QN_ALLOC_CHECK(matrix);
    problem->data = matrix;
    for (uint32_t i = 0; i < g->nodes; i++) {
        for (uint32_t j = i + 1; j < g->nodes; j++) {
            bound = matrix[(size_t)i * g->nodes + j] ? bound : pair_bound(g, i, j, bound);
        }
    }
    qn__problem_penalise(problem, bound, whole_nodes(g), options);
    QN_TRY(add_node_weights(problem, g, -1));
    for (uint32_t i = 0; i < g->nodes; i++) {
        for (uint32_t j = i + 1; j < g->nodes; j++) {
            if (!matrix[(size_t)i * g->nodes + j]) {
                QN_TRY(qn_qubo_add_quadratic(problem->qubo, i, j, problem->penalty));
            }
        }
    }
    return QN_OK;
}

/* ---- colouring: the weight of edges whose ends have one colour ---- */

static void judge_colouring(const qn_problem *problem, const uint8_t *x, qn_judgement *out)
{
    const qn_graph *const g = problem->instance->graph;
    uint32_t *const colour = problem->data, bad = 0;
    if (!qn__choices_decode(problem->choices, x, colour, &bad)) {
        qn__judge_fail(out, "node %u has no colour, or more than one", bad + 1);
        return;
    }
    out->objective = 0;
    for (size_t e = 0; e < g->edges; e++) {
        out->objective += colour[g->from[e]] == colour[g->to[e]] ? g->weight[e] : 0;
    }
}

static void colouring_json(const qn_problem *problem, const uint8_t *x, qn_json *json, const char *key)
{
    uint32_t *const colour = problem->data, bad = 0;
    const bool valid = qn__choices_decode(problem->choices, x, colour, &bad);
    qn_json_begin_array(json, key);
    for (uint32_t i = 0; valid && i < problem->instance->graph->nodes; i++) {
        qn_json_unsigned(json, NULL, colour[i] + 1);
    }
    qn_json_end_array(json);
}

static void colouring_text(const qn_problem *problem, const uint8_t *x, qn_text *text)
{
    uint32_t *const colour = problem->data, bad = 0;
    if (!qn__choices_decode(problem->choices, x, colour, &bad)) {
        return;
    }
    qn_text_printf(text, "colours of the nodes:");
    for (uint32_t i = 0; i < problem->instance->graph->nodes && i < 200; i++) {
        qn_text_printf(text, " %u", colour[i] + 1);
    }
    qn_text_printf(text, problem->instance->graph->nodes > 200 ? " …\n" : "\n");
}

static const qn__problem_ops colouring_ops = {judge_colouring, colouring_json, colouring_text, NULL};

static uint32_t largest_degree(const qn_graph *g, uint32_t *degree)
{
    uint32_t largest = 0;
    for (size_t e = 0; e < g->edges; e++) {
        degree[g->from[e]]++;
        degree[g->to[e]]++;
    }
    for (uint32_t i = 0; i < g->nodes; i++) {
        largest = degree[i] > largest ? degree[i] : largest;
    }
    return largest;
}

/* Colours that greedy needs, node by node: never more than the largest degree plus 1. */
static uint32_t greedy_colours(const qn_graph *g, uint32_t *colour, uint32_t most)
{
    uint32_t used = 1;
    for (uint32_t i = 0; i < g->nodes; i++) {
        for (colour[i] = 1; colour[i] <= most; colour[i]++) {
            bool free_ = true;
            for (size_t e = 0; e < g->edges && free_; e++) { /* only neighbours that have a colour already */
                const uint32_t other = g->from[e] == i ? g->to[e] : g->to[e] == i ? g->from[e] : i;
                free_ = other >= i || colour[other] != colour[i];
            }
            if (free_) {
                break;
            }
        }
        used = colour[i] > used ? colour[i] : used;
    }
    return used;
}

static qn_status colouring_cost(qn_problem *problem, const qn_graph *g, uint32_t colours,
                                const qn_problem_options *options)
{
    bool whole = true;
    const size_t square = (size_t)colours * colours;
    double *unary = qn__calloc((size_t)g->nodes * colours, sizeof *unary);
    double *same = qn__calloc(g->edges * square, sizeof *same);
    qn__pair_block *blocks = qn__calloc(g->edges, sizeof *blocks);
    qn_status status = unary != NULL && same != NULL && blocks != NULL ? QN_OK : QN_ERR_MEMORY;
    for (size_t e = 0; status == QN_OK && e < g->edges; e++) {
        for (uint32_t c = 0; c < colours; c++) {
            same[e * square + (size_t)c * colours + c] = g->weight[e];
        }
        blocks[e] = (qn__pair_block){g->from[e], g->to[e], same + e * square};
        whole = whole && g->weight[e] == rint(g->weight[e]);
    }
    status = status == QN_OK ? qn__choices_cost(problem, unary, blocks, g->edges, whole, options) : status;
    qn__free(unary);
    qn__free(same);
    qn__free(blocks);
    return status;
}

qn_status qn__make_colouring(const qn_instance *instance, const qn_problem_options *options, qn_problem *problem)
{
    const qn_graph *const g = instance->graph;
    uint32_t colours = options->colours;
    problem->ops = &colouring_ops;
    problem->objective_name = g->weighted ? "weight of edges in one colour" : "edges in one colour";
    uint32_t *levels = qn__calloc(g->nodes, sizeof *levels);
    QN_ALLOC_CHECK(levels);
    problem->data = levels; /* where judging decodes to */
    if (colours == 0) {
        const uint32_t most = largest_degree(g, levels) + 1;
        colours = (uint64_t)g->nodes * g->edges <= 100000000 ? greedy_colours(g, levels, most) : most;
        colours = colours < 2 ? 2 : colours;
    }
    QN_CHECK(colours >= 2 && colours <= 256 && (uint64_t)colours * g->nodes <= 1u << 20 &&
                 (uint64_t)g->edges * colours * colours <= UINT64_C(1) << 26,
             ERR_TOO_LARGE, "%u colours for %u nodes and %zu edges; expected 2 to 256 colours and fewer terms", colours,
             g->nodes, g->edges);
    (void)snprintf(problem->title, sizeof problem->title, "colouring of %u nodes and %zu edges with %u colours",
                   g->nodes, g->edges, colours);
    for (uint32_t i = 0; i < g->nodes; i++) {
        levels[i] = colours;
    }
    QN_TRY(qn__choices_create(g->nodes, levels, options->encoding, &problem->choices));
    return colouring_cost(problem, g, colours, options);
}
