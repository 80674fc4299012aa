/* propose.c: the loop of the methods with a model: draw a model, minimise it, look at the entry, repeat.
 *
 * The solver may propose what was seen already or what the table does not list; then the unseen single change of it
 * that the model likes best is taken, and a random entry when there is none. */
#include <math.h>
#include <string.h>

#include "algorithm/nas/model.h"
#include "base/alloc.h"
#include "base/rng.h"

#include <quern/optimize.h>
#include <quern/qaoa.h>
#include <quern/search.h>

enum { ANNEAL_STARTS = 2, ANNEAL_SWEEPS = 64 };
static const double grover_failure = 0.01, most_priced = 0x1p16;

typedef struct loop {
    qn__nas_run *run;
    qn__nas_model_state model;
    uint32_t *levels;
    size_t *unseen; /* entries, and what the model says of them: methods that compare all */
    double *value;
} loop;

/* The proposal whose circuit is counted. */
static bool is_priced(const loop *l)
{
    return l->run->first && l->run->spent + 1 == l->run->options.evaluations;
}

/* ---- comparing all unseen entries ---- */

static size_t list_unseen(loop *l)
{
    const qn_surrogate model = qn__nas_model_surrogate(&l->model);
    size_t count = 0;
    for (size_t e = 0; e < l->run->table->entries; e++) {
        if (!l->run->known[e]) {
            l->value[count] = qn_surrogate_value(&model, qn__nas_levels(l->run->table, e));
            l->unseen[count++] = e;
        }
    }
    return count;
}

static qn_status compare_all(loop *l, size_t *entry)
{
    const size_t count = list_unseen(l);
    size_t best = 0;
    for (size_t k = 1; k < count; k++) {
        best = l->value[k] < l->value[best] ? k : best;
    }
    *entry = l->unseen[best];
    return QN_OK;
}

static qn_status find_minimum(loop *l, size_t *entry)
{
    const size_t count = list_unseen(l);
    qn_minimum_result *found = NULL;
    QN_TRY(qn_search_minimum(l->value, count, 1, grover_failure, qn__random_derive(l->run->seed, 1000 + l->run->spent),
                             &found));
    *entry = l->unseen[found->found[0]];
    l->run->queries += (double)found->queries;
    const qn_status status = is_priced(l) ? qn_minimum_ledger(count, found, &l->run->circuit) : QN_OK;
    qn_minimum_result_free(found);
    return status;
}

/* ---- the model as bits ---- */

static qn_status anneal(loop *l, qn_cost cost, uint8_t *x)
{
    qn_optimize_options options = QN_OPTIMIZE_OPTIONS_INIT;
    qn_optimize_result *found = NULL;
    options.seed = qn__random_derive(l->run->seed, 1000 + l->run->spent);
    options.restarts = ANNEAL_STARTS;
    options.sweeps = ANNEAL_SWEEPS;
    QN_TRY(qn_optimize(l->run->context, cost, QN_SOLVER_ANNEAL, &options, &found));
    memcpy(x, found->x, found->variables);
    qn_optimize_result_free(found);
    return QN_OK;
}

static qn_status ring(loop *l, qn_cost cost, uint8_t *x)
{
    qn_qaoa_solve_options options = QN_QAOA_SOLVE_OPTIONS_INIT;
    qn_qaoa_solution *found = NULL;
    options.method = QN_QAOA_XY;
    options.schedule = QN_QAOA_RAMP;
    options.layers = l->run->options.layers;
    options.shots = l->run->options.shots;
    options.seed = qn__random_derive(l->run->seed, 1000 + l->run->spent);
    QN_TRY(qn_qaoa_solve(l->run->context, cost, &options, &found));
    memcpy(x, found->x, found->variables);
    l->run->queries += found->queries;
    const qn_status status = is_priced(l) ? qn_qaoa_ledger(cost, found, &l->run->circuit) : QN_OK;
    qn_qaoa_solution_free(found);
    return status;
}

/* The unseen single change of l->levels that the model likes best; false when there is none. */
static bool step_aside(loop *l, size_t *entry)
{
    const qn_nas_table *const t = l->run->table;
    const qn_surrogate model = qn__nas_model_surrogate(&l->model);
    double best = (double)INFINITY;
    bool found = false;
    for (uint32_t a = 0; a < t->choices; a++) {
        const uint32_t old = l->levels[a];
        for (l->levels[a] = 0; l->levels[a] < t->levels[a]; l->levels[a]++) {
            size_t other = 0;
            if (!qn_nas_table_find(t, l->levels, &other) || l->run->known[other]) {
                continue;
            }
            const double value = qn_surrogate_value(&model, l->levels);
            if (value < best) {
                best = value;
                *entry = other;
                found = true;
            }
        }
        l->levels[a] = old;
    }
    return found;
}

static qn_status minimise_bits(loop *l, size_t *entry)
{
    const qn_surrogate model = qn__nas_model_surrogate(&l->model);
    const bool xy = l->run->options.method == QN_NAS_XY;
    const qn_encoding encoding = xy ? QN_ENCODING_ONE_HOT : l->run->options.encoding;
    qn_problem *problem = NULL;
    uint8_t *x = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_problem_create_surrogate(&model, false, encoding, 0, &problem));
    x = qn__calloc(qn_cost_variables(qn_problem_cost(problem)), 1);
    if (x == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(xy ? ring(l, qn_problem_cost(problem), x) : anneal(l, qn_problem_cost(problem), x));
    *entry = qn__nas_fresh(l->run);
    if (qn_problem_decode_levels(problem, x, l->levels) == QN_OK) {
        size_t found = 0;
        const bool is_new = qn_nas_table_find(l->run->table, l->levels, &found) && !l->run->known[found];
        if (is_new || step_aside(l, &found)) {
            *entry = found;
        }
    }
cleanup:
    qn__free(x);
    qn_problem_free(problem);
    return status;
}

/* What the ring circuit would cost where a classical method proposes; its answer is left aside. */
static qn_status price_ring(loop *l)
{
    const qn_surrogate model = qn__nas_model_surrogate(&l->model);
    const double queries = l->run->queries;
    qn_problem *problem = NULL;
    QN_TRY(qn_problem_create_surrogate(&model, false, QN_ENCODING_ONE_HOT, 0, &problem));
    uint8_t *x = qn__calloc(qn_cost_variables(qn_problem_cost(problem)), 1);
    const qn_status status = x != NULL ? ring(l, qn_problem_cost(problem), x) : QN_ERR_MEMORY;
    l->run->queries = queries;
    qn__free(x);
    qn_problem_free(problem);
    return status;
}

/* ---- the loop ---- */

static qn_status propose(loop *l, size_t *entry)
{
    const qn_nas_options *const o = &l->run->options;
    QN_TRY(qn__nas_model_draw(&l->model, l->run));
    if (is_priced(l) && !qn_nas_method_is_quantum(o->method) && l->run->table->space <= most_priced) {
        QN_TRY(price_ring(l));
    }
    switch (o->method) {
    case QN_NAS_EXACT:
        return compare_all(l, entry);
    case QN_NAS_GROVER:
        return find_minimum(l, entry);
    default:
        return minimise_bits(l, entry);
    }
}

qn_status qn__nas_model(qn__nas_run *run)
{
    const size_t entries = run->table->entries;
    loop l = {.run = run};
    qn_status status = QN_OK;
    QN_TRY(qn__nas_model_create(run->table, run->options.evaluations, &l.model));
    l.levels = qn__alloc(run->table->choices, sizeof *l.levels);
    l.unseen = qn__alloc(entries, sizeof *l.unseen);
    l.value = qn__alloc(entries, sizeof *l.value);
    if (l.levels == NULL || l.unseen == NULL || l.value == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    qn__nas_begin(run);
    while (!qn__nas_over(run)) {
        size_t entry = 0;
        QN_TRY_CLEANUP(propose(&l, &entry));
        qn__nas_look(run, entry);
    }
cleanup:
    qn__nas_model_release(&l.model);
    qn__free(l.levels);
    qn__free(l.unseen);
    qn__free(l.value);
    return status;
}
