/* linsolve_contest.c: `quern linsolve --method all`: every method on one system, side by side. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "linsolve.h"
#include "output.h"

/* What a direct solver says, by LU; NULL when it cannot. */
static double *reference(const qn_context *context, const cli_linsolve *job)
{
    const qn_linear_problem *const p = job->problem;
    qn_sparse_solve_options options = QN_SPARSE_SOLVE_OPTIONS_INIT;
    qn_sparse_outcome outcome;
    options.method = QN_SPARSE_LU;
    double *x = malloc(p->width * sizeof *x);
    if (x == NULL || qn_sparse_solve(context, p->matrix, p->b, &options, x, &outcome) != QN_OK || !outcome.converged) {
        free(x);
        return NULL;
    }
    return x;
}

static double distance(const qn_linear_problem *p, const double *x, const double *right)
{
    double off = 0, norm = 0;
    for (size_t i = 0; i < p->width; i++) {
        off += (x[i] - right[i]) * (x[i] - right[i]);
        norm += right[i] * right[i];
    }
    return sqrt(off / norm);
}

static void note(cli_linsolve *job, const qn_linear_options *options, const qn_linear_result *r, const double *right,
                 cli_contestant *out)
{
    qn_linear_result run = *r;
    qn_ledger ledger;
    run.queries_before = 0; /* gates of a run, without its part of the search for the norm */
    out->solved = true;
    out->tier = r->plan.tier;
    out->error = right != NULL ? distance(job->problem, r->x, right) : (double)NAN;
    out->residual = r->residual;
    out->success = r->success_probability;
    out->queries = r->queries;
    out->amplified = r->queries_amplified;
    out->before = r->queries_before;
    out->seconds = r->seconds;
    out->toffoli = out->rotations = (double)NAN;
    if (qn_linear_ledger(job->problem, options, &r->plan, &run, NULL, NULL, NULL, &ledger) == QN_OK) {
        const double calls = 2 * r->amplification_rounds + 1; /* the ledger's circuit is the amplified one */
        out->toffoli =
            ledger.toffoli_count.source != QN_SOURCE_UNKNOWN ? ledger.toffoli_count.value / calls : (double)NAN;
        out->rotations = ledger.rotations.source != QN_SOURCE_UNKNOWN ? ledger.rotations.value / calls : (double)NAN;
    }
}

qn_status cli_linsolve_contest(const qn_context *context, double patience, cli_linsolve *job)
{
    const size_t count = qn_linear_method_count();
    job->contestants = calloc(count, sizeof *job->contestants);
    if (job->contestants == NULL) {
        (void)fprintf(stderr, "quern: error: out of memory\n");
        job->told = true;
        return QN_ERR_MEMORY;
    }
    double *right = reference(context, job);
    qn_status status = QN_OK;
    for (size_t m = 0; m < count && status == QN_OK && !qn_context_interrupted(context); m++) {
        cli_contestant *const c = &job->contestants[job->ncontestants++];
        qn_linear_options options = job->options;
        qn_linear_result *result = NULL;
        options.method = c->method = qn_linear_method_describe(m)->name;
        options.max_seconds = patience;
        const qn_status solved = qn_linear_solve(context, job->problem, &options, &result);
        if (solved == QN_OK) {
            note(job, &options, result, right, c);
        } else {
            (void)snprintf(c->refusal, sizeof c->refusal, "%s", qn_last_error()->message);
            status = solved == QN_ERR_MEMORY ? solved : QN_OK;
        }
        qn_linear_result_free(result);
    }
    free(right);
    return status;
}

void cli_linsolve_contest_text(qn_text *text, const cli_linsolve *job)
{
    char seconds[32];
    qn_text_printf(text, "\n%-10s %-8s %9s %9s %8s %10s %10s %10s %10s\n", "method", "tier", "error", "residual",
                   "success", "queries", "till sure", "Toffoli", "simulated");
    for (size_t k = 0; k < job->ncontestants; k++) {
        const cli_contestant *const c = &job->contestants[k];
        if (!c->solved) {
            qn_text_printf(text, "%-10s %s\n", c->method, c->refusal);
            continue;
        }
        qn_text_printf(text, "%-10s %-8s %9.1e %9.1e %8.3g %10.4g %10.4g %10.3g %10s\n", c->method,
                       qn_linear_tier_name(c->tier), c->error, c->residual, c->success, c->queries, c->amplified,
                       c->toffoli, qn_human(seconds, sizeof seconds, c->seconds, "s"));
    }
    qn_text_printf(text,
                   "queries: calls of the block-encoding in one run (hhl: steps of evolution; vqls: Hadamard tests); "
                   "till sure: amplified, or repeated where that is less\n");
    for (size_t k = 0; k < job->ncontestants; k++) {
        if (job->contestants[k].before > 0) {
            qn_text_printf(text, "%s spends %.3g queries before, to find the norm of x\n", job->contestants[k].method,
                           job->contestants[k].before);
        }
    }
}

void cli_linsolve_contest_json(qn_json *json, const cli_linsolve *job)
{
    qn_json_begin_array(json, "methods");
    for (size_t k = 0; k < job->ncontestants; k++) {
        const cli_contestant *const c = &job->contestants[k];
        qn_json_begin_object(json, NULL);
        qn_json_string(json, "method", c->method);
        qn_json_string(json, "refusal", c->solved ? NULL : c->refusal);
        if (c->solved) {
            qn_json_string(json, "tier", qn_linear_tier_name(c->tier));
            qn_json_number(json, "error", c->error);
            qn_json_number(json, "residual", c->residual);
            qn_json_number(json, "success_probability", c->success);
            qn_json_number(json, "queries", c->queries);
            qn_json_number(json, "queries_amplified", c->amplified);
            qn_json_number(json, "queries_before", c->before);
            qn_json_number(json, "toffoli", c->toffoli);
            qn_json_number(json, "rotations", c->rotations);
            qn_json_number(json, "seconds", c->seconds);
        }
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
}
