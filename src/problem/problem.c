/* problem.c: the table of kinds, and what all problems share. */
#include "problem/problem.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/suggest.h"
#include "problem/choices.h"

/* What part of an instance a kind is made from. */
typedef enum source { FROM_GRAPH, FROM_QUADRATIC, FROM_PARITIES, FROM_PROGRAM, FROM_PLACES, FROM_TABLE } source;

static const struct {
    const char *name, *text;
    source from;
    qn__maker_fn make;
} kinds[] = {
    {"maxcut", "graph: two sides with the most weight between them", FROM_GRAPH, qn__make_maxcut},
    {"independent-set", "graph: most (weight of) nodes without an edge among them", FROM_GRAPH,
     qn__make_independent_set},
    {"vertex-cover", "graph: fewest (weight of) nodes that touch every edge", FROM_GRAPH, qn__make_vertex_cover},
    {"clique", "graph: most (weight of) nodes with all edges among them", FROM_GRAPH, qn__make_clique},
    {"colouring", "graph: --colours for the nodes, with the fewest edges of one colour", FROM_GRAPH,
     qn__make_colouring},
    {"qubo", "quadratic form: its minimum", FROM_QUADRATIC, qn__make_quadratic},
    {"xorsat", "parities: most of them satisfied", FROM_PARITIES, qn__make_parities},
    {"program", "LP file over binaries and bounded integers", FROM_PROGRAM, qn__make_program},
    {"tsp", "places: the shortest round tour", FROM_PLACES, qn__make_tour},
    {"cvrp", "places with demands: the shortest routes of vehicles with a capacity", FROM_PLACES, qn__make_routing},
    {"grid", "table: the levels with the best --target by a pairwise model of all rows", FROM_TABLE, qn__make_grid},
    {"features", "table: --choose columns that tell most of the --target and least twice (mRMR)", FROM_TABLE,
     qn__make_features},
    {"portfolio", "table of returns, a column an asset: --choose of them, return against --risk", FROM_TABLE,
     qn__make_portfolio},
    {"knapsack", "table with columns value and weight: most value within --capacity", FROM_TABLE, qn__make_knapsack},
    {"partition", "table with one column of numbers: two parts with equal sums", FROM_TABLE, qn__make_partition},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

const char *qn_problem_kind_at(size_t index)
{
    return index < KINDS ? kinds[index].name : NULL;
}

const char *qn_problem_kind_text(size_t index)
{
    return index < KINDS ? kinds[index].text : NULL;
}

static const char *name_at(const void *user, size_t index)
{
    (void)user;
    return kinds[index].name;
}

static source source_of(const qn_instance *instance)
{
    return instance->graph != NULL       ? FROM_GRAPH
           : instance->quadratic != NULL ? FROM_QUADRATIC
           : instance->parities != NULL  ? FROM_PARITIES
           : instance->program != NULL   ? FROM_PROGRAM
           : instance->places != NULL    ? FROM_PLACES
                                         : FROM_TABLE;
}

/* .col is for colouring, .clq for cliques; both are DIMACS, where cuts are unusual. */
static const char *usual_kind(const qn_instance *instance)
{
    switch (source_of(instance)) {
    case FROM_GRAPH: {
        const size_t length = strlen(instance->name);
        const char *const ending = length > 4 ? instance->name + length - 4 : "";
        return instance->format != QN_INSTANCE_DIMACS ? "maxcut"
               : strcmp(ending, ".col") == 0          ? "colouring"
               : strcmp(ending, ".clq") == 0          ? "clique"
                                                      : "independent-set";
    }
    case FROM_QUADRATIC:
        return "qubo";
    case FROM_PARITIES:
        return "xorsat";
    case FROM_PROGRAM:
        return "program";
    case FROM_PLACES:
        return instance->places->demand != NULL ? "cvrp" : "tsp";
    case FROM_TABLE:
        break;
    }
    return "grid";
}

static qn_status check_options(const qn_problem_options *options, qn_problem_options *out)
{
    const qn_problem_options plain = QN_PROBLEM_OPTIONS_INIT;
    *out = options != NULL ? *options : plain;
    QN_CHECK(out->size == sizeof plain, ERR_ARGUMENT, "options have size %u, expected %zu; use QN_PROBLEM_OPTIONS_INIT",
             out->size, sizeof plain);
    QN_CHECK(isfinite(out->penalty) && out->penalty >= 0, ERR_ARGUMENT, "a penalty factor of %g; expected 0 or more",
             out->penalty);
    QN_CHECK(isfinite(out->capacity) && out->capacity >= 0, ERR_ARGUMENT, "a capacity of %g; expected 0 or more",
             out->capacity);
    QN_CHECK(isfinite(out->risk) && out->risk >= 0, ERR_ARGUMENT, "a risk weight of %g; expected 0 or more", out->risk);
    QN_CHECK(isfinite(out->redundancy) && out->redundancy >= 0, ERR_ARGUMENT,
             "a redundancy weight of %g; expected 0 or more", out->redundancy);
    QN_CHECK((unsigned)out->encoding <= QN_ENCODING_BINARY, ERR_ARGUMENT, "encoding %d is none of qn_encoding",
             (int)out->encoding);
    out->penalty = out->penalty > 0 ? out->penalty : 1;
    return QN_OK;
}

static qn_status find_kind(const qn_instance *instance, const char *name, size_t *out)
{
    static const char *const names[] = {"a graph", "a quadratic form", "parities", "a program", "places", "a table"};
    for (size_t k = 0; k < KINDS; k++) {
        if (strcmp(kinds[k].name, name) == 0) {
            QN_CHECK(kinds[k].from == source_of(instance), ERR_ARGUMENT, "'%s' needs %s, but %s holds %s", name,
                     names[kinds[k].from], instance->name, names[source_of(instance)]);
            *out = k;
            return QN_OK;
        }
    }
    const char *const near = qn__suggest(name, KINDS, name_at, NULL);
    return QN_FAIL(ERR_NAME, "unknown problem '%.40s'%s%s%s", name, near != NULL ? ", did you mean '" : "",
                   near != NULL ? near : "", near != NULL ? "'?" : "");
}

qn_status qn_problem_create(const qn_instance *instance, const qn_problem_options *options, qn_problem **out)
{
    QN_CHECK(instance != NULL && out != NULL, ERR_ARGUMENT, "an instance and a place for the problem are needed");
    qn_problem_options used;
    size_t kind = 0;
    QN_TRY(check_options(options, &used));
    QN_TRY(find_kind(instance, used.kind != NULL ? used.kind : usual_kind(instance), &kind));
    qn_problem *problem = qn__calloc(1, sizeof *problem);
    QN_ALLOC_CHECK(problem);
    problem->instance = instance;
    problem->kind = kinds[kind].name;
    problem->factor = 1;
    qn_status status = kinds[kind].make(instance, &used, problem);
    if (status == QN_OK && problem->qubo != NULL) {
        status = qn_qubo_finish(problem->qubo);
    }
    if (status == QN_OK && problem->polynomial != NULL) {
        status = qn_polynomial_finish(problem->polynomial);
    }
    if (status != QN_OK) {
        qn_problem_free(problem);
        return status;
    }
    *out = problem;
    return QN_OK;
}

void qn_problem_free(qn_problem *problem)
{
    if (problem != NULL) {
        qn_qubo_free(problem->qubo);
        qn_polynomial_free(problem->polynomial);
        qn__choices_free(problem->choices);
        if (problem->ops != NULL && problem->ops->release != NULL && problem->data != NULL) {
            problem->ops->release(problem->data);
        }
        qn__free(problem->data);
        qn__free(problem);
    }
}

const char *qn_problem_kind(const qn_problem *problem)
{
    return problem->kind;
}

const char *qn_problem_title(const qn_problem *problem)
{
    return problem->title;
}

const char *qn_problem_remark(const qn_problem *problem)
{
    return problem->remark;
}

const char *qn_problem_objective_name(const qn_problem *problem)
{
    return problem->objective_name;
}

bool qn_problem_maximises(const qn_problem *problem)
{
    return problem->maximise;
}

qn_cost qn_problem_cost(const qn_problem *problem)
{
    return (qn_cost){problem->polynomial != NULL ? NULL : problem->qubo, problem->polynomial};
}

double qn_problem_penalty(const qn_problem *problem)
{
    return problem->penalty;
}

double qn_problem_penalty_bound(const qn_problem *problem)
{
    return problem->penalty_bound;
}

uint32_t qn_problem_slack_bits(const qn_problem *problem)
{
    return problem->slack;
}

void qn_problem_judge(const qn_problem *problem, const uint8_t *x, qn_judgement *out)
{
    *out = (qn_judgement){.feasible = true, .objective = (double)NAN};
    problem->ops->judge(problem, x, out);
}

double qn_problem_objective_of_cost(const qn_problem *problem, double cost)
{
    return problem->root ? sqrt(fmax(0, cost - problem->shift)) : problem->factor * cost + problem->shift;
}

double qn_problem_cost_of_objective(const qn_problem *problem, double objective)
{
    return problem->root ? objective * objective + problem->shift : (objective - problem->shift) / problem->factor;
}

void qn_problem_solution_json(const qn_problem *problem, const uint8_t *x, qn_json *json, const char *key)
{
    problem->ops->json(problem, x, json, key);
}

void qn_problem_solution_text(const qn_problem *problem, const uint8_t *x, qn_text *text)
{
    problem->ops->text(problem, x, text);
}

void qn__problem_penalise(qn_problem *problem, double bound, bool whole, const qn_problem_options *options)
{
    problem->penalty_bound = bound;
    problem->penalty = (whole ? floor(bound) + 1 : bound > 0 ? 1.05 * bound : 1) * options->penalty;
}

typedef struct column_names {
    const qn_score_table *table;
} column_names;

static const char *column_at(const void *user, size_t index)
{
    return ((const column_names *)user)->table->column[index].name;
}

qn_status qn__problem_index(const qn_score_table *table, const char *name, uint32_t *column)
{
    for (uint32_t c = 0; c < table->columns; c++) {
        if (strcmp(table->column[c].name, name) == 0) {
            *column = c;
            return QN_OK;
        }
    }
    const column_names names = {table};
    const char *const near = qn__suggest(name, table->columns, column_at, &names);
    return QN_FAIL(ERR_NAME, "no column '%.40s'%s%.40s%s", name, near != NULL ? ", did you mean '" : "",
                   near != NULL ? near : "", near != NULL ? "'?" : "");
}

void qn__json_chosen(qn_json *json, const char *key, const uint8_t *x, uint32_t count)
{
    qn_json_begin_array(json, key);
    for (uint32_t i = 0; i < count; i++) {
        if (x[i] != 0) {
            qn_json_unsigned(json, NULL, i + 1);
        }
    }
    qn_json_end_array(json);
}

void qn__text_chosen(qn_text *text, const char *what, const uint8_t *x, uint32_t count)
{
    enum { SHOWN = 200 };
    uint32_t shown = 0, all = 0;
    qn_text_printf(text, "%s:", what);
    for (uint32_t i = 0; i < count; i++) {
        all += x[i] != 0;
        if (x[i] != 0 && shown < SHOWN) {
            qn_text_printf(text, " %u", i + 1);
            shown++;
        }
    }
    qn_text_printf(text, all > shown ? " … (%u in all; --json lists them)\n" : all == 0 ? " none\n" : "\n", all);
}

void qn__judge_fail(qn_judgement *out, const char *format, ...)
{
    if (out->feasible) { /* the first reason is the one shown */
        va_list arguments;
        va_start(arguments, format);
        (void)vsnprintf(out->violation, sizeof out->violation, format, arguments);
        va_end(arguments);
    }
    out->feasible = false;
}

uint32_t qn__range_bits(uint64_t range)
{
    return range == 0 ? 0 : 64 - (uint32_t)__builtin_clzll(range);
}

double qn__range_weight(uint64_t range, uint32_t bit)
{
    const uint32_t bits = qn__range_bits(range);
    const uint64_t power = UINT64_C(1) << bit;
    return (double)(bit + 1 < bits ? power : range - (power - 1));
}
