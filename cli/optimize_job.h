/* optimize_job.h: one problem, many methods: what each is given and what each gives back. */
#ifndef CLI_OPTIMIZE_JOB_H
#define CLI_OPTIMIZE_JOB_H

#include <quern/quern.h>

#include "options.h"

/* What one method found. Arrays are malloc'ed; cli_outcome_free releases them. */
typedef struct cli_outcome {
    bool ran;
    char why_not[200]; /* when it did not run */
    uint8_t *bits;
    double cost, bound; /* bound: proven, no cost is below; -inf: none */
    bool optimal, interrupted;
    uint64_t starts;
    double seconds, seconds_to_best;
    size_t trace; /* best cost so far against time */
    double *trace_seconds, *trace_cost;
    qn_judgement judgement; /* of bits; filled by the job */
} cli_outcome;

typedef struct cli_optimize_job {
    const cli_invocation *invocation;
    qn_context *context;
    qn_instance *instance; /* NULL for problems of a formula */
    qn_problem *problem;
    qn_cost cost;
    uint32_t variables;
    qn_optimize_options options; /* the budget of every method; target: the proven optimum once there is one */
    qn_ledger ledger;
    qn_qaoa_solution *quantum; /* when the method is one of optimize_quantum.c */
    size_t method;             /* the one asked for */
    cli_outcome *outcomes;     /* one a row of optimize_methods.def */
    char format[96];           /* "graph, 5 nodes, 6 edges" */
} cli_optimize_job;

typedef struct cli_method {
    const char *name;
    bool (*applies)(const cli_optimize_job *job, char *why_not, size_t capacity);
    qn_status (*run)(cli_optimize_job *job, const char *name, cli_outcome *out);
    bool classical;
    const char *text;
} cli_method;

size_t cli_methods_count(void);
const cli_method *cli_method_at(size_t index);
/* For the options table. */
const char *cli_method_choice(size_t index);
const char *cli_problem_choice(size_t index);
const char *cli_instance_format_choice(size_t index);
const char *cli_schedule_choice(size_t index);
const char *cli_mixer_choice(size_t index);

bool cli_applies_always(const cli_optimize_job *job, char *why_not, size_t capacity);
bool cli_applies_quadratic(const cli_optimize_job *job, char *why_not, size_t capacity);
bool cli_applies_exact(const cli_optimize_job *job, char *why_not, size_t capacity);
bool cli_applies_tour(const cli_optimize_job *job, char *why_not, size_t capacity);
bool cli_applies_held_karp(const cli_optimize_job *job, char *why_not, size_t capacity);
bool cli_applies_state(const cli_optimize_job *job, char *why_not, size_t capacity);
bool cli_applies_spectrum(const cli_optimize_job *job, char *why_not, size_t capacity);
bool cli_applies_circuit(const cli_optimize_job *job, char *why_not, size_t capacity);
bool cli_applies_groups(const cli_optimize_job *job, char *why_not, size_t capacity);
qn_status cli_run_solver(cli_optimize_job *job, const char *name, cli_outcome *out);
qn_status cli_run_tour(cli_optimize_job *job, const char *name, cli_outcome *out);
qn_status cli_run_quantum(cli_optimize_job *job, const char *name, cli_outcome *out);

/* Runs the method asked for and, unless `alone`, all classical ones that apply. */
qn_status cli_optimize_run(cli_optimize_job *job, bool alone);
void cli_optimize_free(cli_optimize_job *job);

/* What all methods together know: the optimum when it is proven, else the best proven bound, else the best found; in
 * the problem's own sense. NaN when nothing feasible was found. */
typedef struct cli_reference {
    double objective;
    const char *source; /* "optimum", "bound", "best found" */
} cli_reference;
cli_reference cli_optimize_reference(const cli_optimize_job *job);
/* objective / reference for maximisation, reference / objective for minimisation: 1 is best; NaN where signs forbid. */
double cli_optimize_ratio(const cli_optimize_job *job, double objective, const cli_reference *reference);

#endif
