/* optimize_job.c: running the methods of `quern optimize`, and what they tell together. */
#include "optimize_job.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"

static const cli_method methods[] = {
#define METHOD(name, applies, run, classical, text) {name, applies, run, classical, text},
#include "optimize_methods.def"
#undef METHOD
};

enum { FEW_VARIABLES = 22, FEW_NODES = 17, HELD_KARP_NODES = 20 };

size_t cli_methods_count(void)
{
    return sizeof methods / sizeof *methods;
}

const cli_method *cli_method_at(size_t index)
{
    return &methods[index];
}

const char *cli_method_choice(size_t index)
{
    return index < cli_methods_count() ? methods[index].name : NULL;
}

const char *cli_problem_choice(size_t index)
{
    const char *const kind = qn_problem_kind_at(index);
    return kind != NULL ? kind : index > 0 && qn_problem_kind_at(index - 1) != NULL ? "labs" : NULL;
}

const char *cli_instance_format_choice(size_t index)
{
    return qn_instance_format_name((qn_instance_format)(index + 1));
}

bool cli_applies_always(const cli_optimize_job *job, char *why_not, size_t capacity)
{
    (void)job;
    (void)why_not;
    (void)capacity;
    return true;
}

bool cli_applies_quadratic(const cli_optimize_job *job, char *why_not, size_t capacity)
{
    (void)snprintf(why_not, capacity, "takes quadratic costs; this one is of degree %u",
                   job->cost.polynomial != NULL ? qn_polynomial_degree(job->cost.polynomial) : 2);
    return job->cost.qubo != NULL;
}

bool cli_applies_exact(const cli_optimize_job *job, char *why_not, size_t capacity)
{
    const uint32_t most = job->cost.qubo != NULL ? 400 : 30;
    (void)snprintf(why_not, capacity, "takes at most %u variables of this kind; there are %u", most, job->variables);
    return job->variables <= most;
}

bool cli_applies_tour(const cli_optimize_job *job, char *why_not, size_t capacity)
{
    uint32_t nodes = 0;
    (void)snprintf(why_not, capacity, "is for tours");
    return qn_problem_distances(job->problem, &nodes) != NULL;
}

bool cli_applies_held_karp(const cli_optimize_job *job, char *why_not, size_t capacity)
{
    uint32_t nodes = 0;
    if (qn_problem_distances(job->problem, &nodes) == NULL) {
        return cli_applies_tour(job, why_not, capacity);
    }
    (void)snprintf(why_not, capacity, "takes at most %d places; there are %u", (int)HELD_KARP_NODES, nodes);
    return nodes <= HELD_KARP_NODES;
}

static qn_status out_of_memory(void)
{
    (void)fprintf(stderr, "quern: no memory for a result\n");
    return QN_ERR_MEMORY;
}

static qn_status take_arrays(cli_outcome *out, uint32_t variables, size_t trace)
{
    out->bits = calloc(variables, 1);
    out->trace_seconds = calloc(trace + 1, sizeof(double));
    out->trace_cost = calloc(trace + 1, sizeof(double));
    out->trace = trace;
    return out->bits != NULL && out->trace_seconds != NULL && out->trace_cost != NULL ? QN_OK : out_of_memory();
}

static void outcome_free(cli_outcome *out)
{
    free(out->bits);
    free(out->trace_seconds);
    free(out->trace_cost);
}

qn_status cli_run_solver(cli_optimize_job *job, const char *name, cli_outcome *out)
{
    qn_solver solver = QN_SOLVER_ANNEAL;
    while (strcmp(qn_solver_name(solver), name) != 0) {
        solver = (qn_solver)(solver + 1);
    }
    qn_optimize_result *result = NULL;
    qn_status status = qn_optimize(job->context, job->cost, solver, &job->options, &result);
    if (status == QN_OK) {
        status = take_arrays(out, job->variables, result->trace);
    }
    if (status == QN_OK) {
        memcpy(out->bits, result->x, job->variables);
        memcpy(out->trace_seconds, result->trace_seconds, result->trace * sizeof(double));
        memcpy(out->trace_cost, result->trace_cost, result->trace * sizeof(double));
        out->cost = result->cost;
        out->bound = result->bound;
        out->optimal = result->optimal;
        out->interrupted = result->interrupted;
        out->starts = result->starts;
        out->seconds = result->seconds;
        out->seconds_to_best = result->seconds_to_best;
    }
    qn_optimize_result_free(result);
    return status;
}

qn_status cli_run_tour(cli_optimize_job *job, const char *name, cli_outcome *out)
{
    uint32_t nodes = 0;
    const double *const distances = qn_problem_distances(job->problem, &nodes);
    qn_tour_solver solver = QN_TOUR_HELD_KARP;
    while (strcmp(qn_tour_solver_name(solver), name) != 0) {
        solver = (qn_tour_solver)(solver + 1);
    }
    qn_optimize_options options = job->options;
    options.target =
        isnan(options.target) ? options.target : qn_problem_objective_of_cost(job->problem, options.target);
    qn_tour_result *result = NULL;
    qn_status status = qn_optimize_tour(job->context, nodes, distances, solver, &options, &result);
    if (status == QN_OK) {
        status = take_arrays(out, job->variables, result->trace);
    }
    if (status == QN_OK) {
        status = qn_problem_encode_tour(job->problem, result->tour, out->bits);
    }
    for (size_t k = 0; status == QN_OK && k < result->trace; k++) {
        out->trace_seconds[k] = result->trace_seconds[k];
        out->trace_cost[k] = qn_problem_cost_of_objective(job->problem, result->trace_length[k]);
    }
    if (status == QN_OK) {
        out->cost = qn_cost_value(job->cost, out->bits);
        out->bound = qn_problem_cost_of_objective(job->problem, result->bound);
        out->optimal = result->optimal;
        out->interrupted = result->interrupted;
        out->starts = result->starts;
        out->seconds = result->seconds;
        out->seconds_to_best = result->seconds_to_best;
    }
    qn_tour_result_free(result);
    return status;
}

/* Runs one method. That one of the others cannot is no failure of the run: its row says why. */
static qn_status run_one(cli_optimize_job *job, size_t index)
{
    cli_outcome *const out = &job->outcomes[index];
    if (out->ran) {
        return QN_OK;
    }
    out->bound = -(double)INFINITY;
    if (!methods[index].applies(job, out->why_not, sizeof out->why_not)) {
        return QN_OK; /* the command has asked for its own method before */
    }
    const qn_status status = methods[index].run(job, methods[index].name, out);
    if (status != QN_OK && index != job->method && status != QN_ERR_MEMORY) {
        (void)snprintf(out->why_not, sizeof out->why_not, "%s", qn_last_error()->message);
        return QN_OK;
    }
    if (status == QN_OK) {
        out->ran = true;
        qn_problem_judge(job->problem, out->bits, &out->judgement);
        if (out->optimal && out->judgement.feasible && isnan(job->options.target)) {
            job->options.target = out->cost; /* the others may stop there: what counts is how long they take */
        }
    }
    return status;
}

/* Which exact method is a matter of moments here; the count of methods when none is. */
static size_t quick_exact(const cli_optimize_job *job)
{
    uint32_t nodes = 0;
    const bool tour = qn_problem_distances(job->problem, &nodes) != NULL && nodes <= FEW_NODES;
    for (size_t k = 0; k < cli_methods_count(); k++) {
        if ((tour && strcmp(methods[k].name, "held-karp") == 0) ||
            (!tour && job->variables <= FEW_VARIABLES && strcmp(methods[k].name, "exact") == 0)) {
            return k;
        }
    }
    return cli_methods_count();
}

/* Without a limit on time an exact search of unknown length is not started unasked. */
static bool open_ended(const cli_optimize_job *job, size_t index)
{
    const char *const name = methods[index].name;
    return job->options.seconds <= 0 && (strcmp(name, "exact") == 0 || strcmp(name, "branch") == 0) &&
           index != quick_exact(job);
}

qn_status cli_optimize_run(cli_optimize_job *job, bool alone)
{
    job->outcomes = calloc(cli_methods_count(), sizeof *job->outcomes);
    qn_status status = job->outcomes != NULL ? QN_OK : out_of_memory();
    const size_t first = quick_exact(job);
    if (status == QN_OK && !alone && first < cli_methods_count()) {
        status = run_one(job, first);
    }
    status = status == QN_OK ? run_one(job, job->method) : status;
    for (size_t k = 0; status == QN_OK && !alone && k < cli_methods_count(); k++) {
        if (qn_context_interrupted(job->context)) {
            break;
        }
        if (methods[k].classical && !job->outcomes[k].ran) {
            if (open_ended(job, k)) {
                (void)snprintf(job->outcomes[k].why_not, sizeof job->outcomes[k].why_not, "needs --seconds");
            } else {
                status = run_one(job, k);
            }
        }
    }
    return status;
}

void cli_optimize_free(cli_optimize_job *job)
{
    for (size_t k = 0; job->outcomes != NULL && k < cli_methods_count(); k++) {
        outcome_free(&job->outcomes[k]);
    }
    free(job->outcomes);
    qn_qaoa_solution_free(job->quantum);
    qn_problem_free(job->problem);
    qn_instance_free(job->instance);
    qn_context_free(job->context);
}

cli_reference cli_optimize_reference(const cli_optimize_job *job)
{
    const double sign = qn_problem_maximises(job->problem) ? -1 : 1;
    double best = (double)NAN, bound = -(double)INFINITY;
    bool proven = false;
    for (size_t k = 0; k < cli_methods_count(); k++) {
        const cli_outcome *const o = &job->outcomes[k];
        if (o->ran && o->judgement.feasible) {
            best = isnan(best) || sign * o->judgement.objective < sign * best ? o->judgement.objective : best;
            proven = proven || o->optimal;
        }
        bound = o->ran ? fmax(bound, o->bound) : bound;
    }
    if (proven) {
        return (cli_reference){best, "optimum"};
    }
    if (isfinite(bound)) {
        const double objective = qn_problem_objective_of_cost(job->problem, bound);
        const cli_reference reference = {objective, objective == best ? "optimum" : "bound"};
        if (isnan(best) || isfinite(cli_optimize_ratio(job, best, &reference))) {
            return reference; /* a bound on the other side of zero says nothing about ratios */
        }
    }
    return (cli_reference){best, "best found"};
}

double cli_optimize_ratio(const cli_optimize_job *job, double objective, const cli_reference *reference)
{
    const double above = qn_problem_maximises(job->problem) ? objective : reference->objective;
    const double below = qn_problem_maximises(job->problem) ? reference->objective : objective;
    return objective == reference->objective ? 1 : above >= 0 && below > 0 ? above / below : (double)NAN;
}
