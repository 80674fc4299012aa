/* linsolve_output.c: what `quern linsolve` shows: lines, JSON, picture. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "linsolve.h"
#include "output.h"

void cli_linsolve_input_json(qn_json *json, const void *user)
{
    const cli_linsolve *const job = user;
    const qn_sparse *const m = job->matrix;
    qn_json_string(json, "matrix", job->matrix_name);
    qn_json_string(json, "right_hand_side", job->b_name);
    qn_json_unsigned(json, "dimension", m->rows);
    qn_json_unsigned(json, "nonzeros", m->nonzeros);
    qn_json_bool(json, "complex", job->problem->matrix->is_complex);
    qn_json_bool(json, "hermitian", m->hermitian);
    qn_json_number(json, "epsilon", job->options.epsilon);
}

static void rivals_json(qn_json *json, const cli_linsolve *job)
{
    qn_json_begin_array(json, "rivals");
    for (size_t k = 0; k < job->nrivals; k++) {
        const cli_rival *const r = &job->rivals[k];
        qn_json_begin_object(json, NULL);
        qn_json_string(json, "method", r->name);
        qn_json_bool(json, "converged", r->outcome.converged);
        qn_json_unsigned(json, "iterations", r->outcome.iterations);
        qn_json_unsigned(json, "factor_entries", r->outcome.factor_entries);
        qn_json_number(json, "residual", r->outcome.residual);
        qn_json_number(json, "seconds", r->outcome.seconds);
        qn_json_string(json, "remark", r->outcome.remark[0] != '\0' ? r->outcome.remark : NULL);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
}

static void readout_json(qn_json *json, const cli_linsolve *job)
{
    const qn_readout_result *const r = job->read;
    qn_json_begin_object(json, "readout");
    qn_json_string(json, "kind", job->readout_text);
    qn_json_number(json, "runs", r->shots);
    if (job->readout.kind == QN_READOUT_SCALAR) {
        qn_json_number(json, "value", r->scalar);
        qn_json_number(json, "standard_error", r->scalar_error);
        qn_json_number(json, "runs_amplitude_estimation", r->shots_amplified);
    }
    if (r->count > 0) {
        qn_json_begin_array(json, "outcomes");
        for (size_t i = 0; i < r->count; i++) {
            qn_json_begin_object(json, NULL);
            qn_json_unsigned(json, "index", r->index[i]);
            qn_json_number(json, "probability", r->probability[i]);
            qn_json_end_object(json);
        }
        qn_json_end_array(json);
    }
    qn_json_end_object(json);
}

void cli_linsolve_result_json(qn_json *json, const void *user)
{
    const cli_linsolve *const job = user;
    const qn_linear_result *const r = job->result;
    const qn_linear_problem *const p = job->problem;
    qn_json_bool(json, "started", r != NULL);
    qn_json_string(json, "method", job->options.method);
    qn_json_string(json, "tier", qn_linear_tier_name(job->plan.tier));
    qn_json_string(json, "tier_reason", job->plan.reason);
    qn_json_number(json, "solution_norm", r != NULL ? r->solution_norm : (double)NAN);
    qn_json_number(json, "residual", r != NULL ? r->residual : (double)NAN);
    qn_json_number(json, "error_bound", r != NULL ? r->error_bound : (double)NAN);
    qn_json_number(json, "state_error", r != NULL ? r->state_error : (double)NAN);
    qn_json_number(json, "success_probability", r != NULL ? r->success_probability : (double)NAN);
    qn_json_number(json, "queries", r != NULL ? r->queries : job->plan.queries);
    qn_json_number(json, "queries_before", r != NULL ? r->queries_before : (double)NAN);
    qn_json_number(json, "amplification_rounds", r != NULL ? r->amplification_rounds : (double)NAN);
    qn_json_number(json, "queries_amplified", r != NULL ? r->queries_amplified : (double)NAN);
    qn_json_number(json, "condition_number", p->condition);
    qn_json_number(json, "condition_number_least", p->values.condition_least);
    qn_json_string(json, "condition_number_from", p->kappa_given ? "given" : p->values.method);
    qn_json_number(json, "alpha", p->alpha);
    if (job->encoded) {
        qn_json_begin_object(json, "encoding");
        qn_json_string(json, "kind", qn_encoding_name(job->price.kind));
        qn_json_number(json, "alpha", job->price.alpha);
        qn_json_unsigned(json, "ancillas", job->price.ancillas);
        qn_json_number(json, "cx", job->price.cx);
        qn_json_number(json, "rotations", job->price.rotations);
        qn_json_number(json, "toffoli", job->price.toffoli);
        qn_json_number(json, "t_count", job->price.t_count);
        qn_json_number(json, "loading_toffoli", job->price.loading_toffoli);
        qn_json_bool(json, "counted", job->price.counted);
        qn_json_end_object(json);
    }
    qn_json_number(json, "kappa_encoded", p->kappa);
    if (p->cutoff > 0) {
        qn_json_begin_object(json, "filter");
        qn_json_number(json, "cutoff", p->cutoff);
        qn_json_number(json, "well", r != NULL ? r->filter.well : (double)NAN);
        qn_json_number(json, "ill", r != NULL ? r->filter.ill : (double)NAN);
        qn_json_number(json, "nothing", r != NULL ? r->filter.nothing : (double)NAN);
        qn_json_number(json, "b_well", r != NULL ? r->filter.b_well : (double)NAN);
        qn_json_end_object(json);
    }
    qn_json_number(json, "cost_global", r != NULL ? r->cost_global : (double)NAN);
    qn_json_number(json, "cost_local", r != NULL ? r->cost_local : (double)NAN);
    qn_json_number(json, "degree", job->plan.degree);
    qn_json_number(json, "clock_qubits", job->plan.clock_bits);
    qn_json_number(json, "clock_leakage", r != NULL ? r->leakage : (double)NAN);
    qn_json_number(json, "qubits", r != NULL ? r->qubits : (double)NAN);
    qn_json_number(json, "gates", r != NULL && r->cost.gates > 0 ? (double)r->cost.gates : (double)NAN);
    qn_json_number(json, "foreseen_seconds", job->plan.seconds);
    qn_json_number(json, "seconds", r != NULL ? r->seconds : (double)NAN);
    qn_json_bool(json, "interrupted", r != NULL && r->interrupted);
    if (job->read != NULL) {
        readout_json(json, job);
    }
    if (job->contestants != NULL) {
        cli_linsolve_contest_json(json, job);
    }
    rivals_json(json, job);
}

static void rivals_text(qn_text *text, const cli_linsolve *job)
{
    char number[64];
    if (job->nrivals > 0) {
        qn_text_printf(text, "\nclassical, same system%-8s%12s%12s%14s\n", "", "seconds", "iterations", "residual");
    }
    for (size_t k = 0; k < job->nrivals; k++) {
        const cli_rival *const r = &job->rivals[k];
        qn_text_printf(text, "  %-28s%12s", r->name, qn_human(number, sizeof number, r->outcome.seconds, "s"));
        if (r->outcome.iterations > 0) {
            qn_text_printf(text, "%12llu", (unsigned long long)r->outcome.iterations);
        } else {
            qn_text_printf(text, "%12s", "");
        }
        if (r->outcome.converged) {
            qn_text_printf(text, "%14.1e\n", r->outcome.residual);
        } else {
            qn_text_printf(text, "%14s  %s\n", "", r->outcome.remark[0] != '\0' ? r->outcome.remark : "not converged");
        }
    }
}

static void readout_text(qn_text *text, const cli_linsolve *job)
{
    const qn_readout_result *const r = job->read;
    if (job->readout.kind == QN_READOUT_SCALAR) {
        qn_text_printf(text, "<x|M|x>              %.10g   (exact; +- %.1e from %.3g successful run%s", r->scalar,
                       r->scalar_error, r->shots, r->shots > 1 ? "s" : "");
        if (r->shots_amplified < r->shots) {
            qn_text_printf(text, ", or %.3g with amplitude estimation", r->shots_amplified);
        }
        qn_text_printf(text, ")\n");
    } else if (job->readout.kind == QN_READOUT_VECTOR) {
        qn_text_printf(text, "read-out             the whole vector to %.1e takes at least %.3g successful runs\n",
                       job->readout.epsilon, r->shots);
    } else {
        qn_text_printf(text, "read-out             %.0f samples of |x_i|^2\n", r->shots);
        for (size_t i = 0; i < r->count && i < 10; i++) {
            qn_text_printf(text, "  entry %-12llu %.4f\n", (unsigned long long)r->index[i], r->probability[i]);
        }
    }
}

/* What the flag says, and which system has been solved. */
static void filter_text(qn_text *text, const cli_linsolve *job)
{
    const qn_linear_result *const r = job->result;
    const qn_linear_filter *const f = &r->filter;
    qn_text_printf(
        text, "well-conditioned     %.6g of |b|^2, on eigenvalues of at least 1/%g of the norm; %.6g is left out\n",
        f->b_well, job->problem->cutoff, 1 - f->b_well);
    qn_text_printf(text, "flag                 well %.4g, ill %.4g, nothing %.4g a run\n", f->well, f->ill, f->nothing);
    qn_text_printf(text, "x                    solves that part alone%s\n",
                   r->success_probability <= 0 ? ", of which b has nothing: x = 0"
                   : r->leakage > 0.1          ? "; most of it is tails of the clock: b has next to nothing there, or "
                                                 "the clock has too few qubits"
                                               : "");
}

static void solution_text(qn_text *text, const cli_linsolve *job)
{
    const qn_linear_result *const r = job->result;
    char number[64];
    if (job->problem->cutoff > 0) {
        filter_text(text, job);
    }
    qn_text_printf(text, "|x|                  %.12g\n", r->solution_norm);
    qn_text_printf(text, "|b - A x| / |b|      %.2e%s\n", r->residual,
                   r->interrupted ? "   (interrupted: a shorter polynomial)" : "");
    if (r->error_bound >= 1) {
        qn_text_printf(text, "error of x           not bounded: no digit of x is sure\n");
    } else if (!isnan(r->error_bound)) {
        qn_text_printf(text, "error of x           at most %.1e of |x|, proven\n", r->error_bound);
    }
    if (!isnan(r->state_error)) {
        qn_text_printf(text, "error of the state   %.1e%s\n", r->state_error,
                       r->state_error > job->options.epsilon && !isnan(job->plan.clock_bits)
                           ? "   (over the one asked for: the clock has too few qubits)"
                           : "");
    }
    qn_text_printf(text, "success              %.4g a run; ", r->success_probability);
    if (r->success_probability <= 0) {
        qn_text_printf(text, "no run succeeds\n");
    } else if (r->amplification_rounds > 0) {
        qn_text_printf(text, "%.0f rounds of amplification make it nearly sure\n", r->amplification_rounds);
    } else {
        qn_text_printf(text, "repeating is cheaper than amplifying\n");
    }
    if (r->amplification_rounds > 0) {
        qn_text_printf(text, "queries              %.10g a run, %.10g amplified", r->queries, r->queries_amplified);
    } else {
        qn_text_printf(text, "queries              %.10g a run, %.4g on average until success", r->queries,
                       r->queries_amplified);
    }
    if (!isnan(job->plan.degree)) {
        qn_text_printf(text, "   (polynomial of degree %.0f)\n", job->plan.degree);
    } else if (isnan(job->plan.clock_bits)) {
        qn_text_printf(text, "\n");
    } else {
        qn_text_printf(text, "   (%.0f clock qubits", job->plan.clock_bits);
        if (!isnan(r->leakage)) {
            qn_text_printf(text, "; back at their start but for %.1e", r->leakage);
        }
        qn_text_printf(text, ")\n");
    }
    if (job->encoded) {
        const qn_encoding_cost *const e = &job->price;
        qn_text_printf(text,
                       "block-encoding       %s: alpha %.6g (%.3g norms), %u ancillas; a query takes %.4g CX, %.4g "
                       "rotations, %.4g Toffoli, %.3g T in all\n",
                       qn_encoding_name(e->kind), e->alpha, e->alpha / job->problem->values.largest, e->ancillas, e->cx,
                       e->rotations, e->toffoli, e->t_count);
    }
    if (!isnan(r->cost_global)) {
        qn_text_printf(text, "cost of the ansatz   global %.3e, local %.3e; queries are Hadamard tests\n",
                       r->cost_global, r->cost_local);
    }
    if (r->queries_before > 0) {
        qn_text_printf(text, "queries before       %.3g to find the norm of x\n", r->queries_before);
    }
    if (r->cost.gates > 0) {
        qn_text_printf(text, "circuit              %.0f qubits, %llu gates", r->qubits,
                       (unsigned long long)r->cost.gates);
        if (!isnan(r->phase_residual)) {
            qn_text_printf(text, "; phase factors right to %.1e", r->phase_residual);
        }
        qn_text_printf(text, "\n");
    }
    qn_text_printf(text, "simulated in         %s at %s tier: %s\n", qn_human(number, sizeof number, r->seconds, "s"),
                   qn_linear_tier_name(job->plan.tier), job->plan.reason);
    if (r->dimension <= 8 && !r->is_complex) {
        qn_text_printf(text, "x                   ");
        for (size_t i = 0; i < r->dimension; i++) {
            qn_text_printf(text, " %.6g", r->x[i]);
        }
        qn_text_printf(text, "\n");
    }
}

void cli_linsolve_text(qn_text *text, const qn_style *style, const void *user)
{
    (void)style;
    const cli_linsolve *const job = user;
    const qn_linear_problem *const p = job->problem;
    char number[64];
    qn_text_printf(text, "%s: %zu unknowns, %zu entries, %s%s, condition number %.6g (%s)\n", job->matrix_name,
                   job->matrix->rows, job->matrix->nonzeros, p->matrix->is_complex ? "complex " : "real ",
                   job->matrix->hermitian ? (p->matrix->is_complex ? "Hermitian" : "symmetric") : "general",
                   p->condition, p->kappa_given ? "given" : p->values.method);
    if (job->result != NULL) {
        solution_text(text, job);
        if (job->read != NULL) {
            readout_text(text, job);
        }
    } else {
        qn_text_printf(text, "%s: %.6g queries a run, about %s here at %s tier%s\n",
                       job->stopped ? "not started" : "interrupted before the start", job->plan.queries,
                       qn_human(number, sizeof number, job->plan.seconds, "s"), qn_linear_tier_name(job->plan.tier),
                       job->stopped ? "; --force starts it" : "");
    }
    if (job->contestants != NULL) {
        cli_linsolve_contest_text(text, job);
    }
    rivals_text(text, job);
}

enum { CURVE = 200 };

/* Relative residual against products with the matrix: the proven bound of the polynomial, where the run ended, and what
 * the iterative rivals did. */
static size_t make_series(const cli_linsolve *job, double *x, double *bound, double *point, double *steps,
                          qn_series series[CLI_RIVALS + 2])
{
    size_t count = 0;
    if (!isnan(job->plan.degree)) {
        for (size_t i = 0; i < CURVE; i++) {
            x[i] = fmax(1, job->plan.degree * pow(10, -3.0 * (double)(CURVE - 1 - i) / (CURVE - 1)));
            bound[i] = fmin(1, qn_qsp_inverse_error(job->problem->kappa, x[i]));
        }
        series[count++] = (qn_series){.name = "QSVT: proven bound", .x = x, .y = bound, .count = CURVE};
    }
    if (job->result != NULL) {
        point[0] = job->result->queries;
        point[1] = fmax(job->result->residual, 1e-17);
        series[count++] = (qn_series){.name = "this run", .x = &point[0], .y = &point[1], .count = 1, .points = true};
    }
    for (size_t k = 0; k < job->nrivals; k++) {
        const cli_rival *const r = &job->rivals[k];
        if (r->outcome.history_count > 1) {
            series[count++] =
                (qn_series){.name = r->name, .x = steps, .y = r->history, .count = r->outcome.history_count};
        }
    }
    return count;
}

/* With a cut-off the residual is no matter of queries: the filter functions in place of it, where they turn. */
static size_t make_filters(const cli_linsolve *job, double *x, double *well, double *ill, qn_series *series)
{
    const double cutoff = job->problem->cutoff, end = fmin(1, 5 / cutoff);
    for (size_t i = 0; i < CURVE; i++) {
        x[i] = end * (double)i / (CURVE - 1);
        qn_hhl_filter(0.5 / cutoff, x[i], &well[i], &ill[i]);
    }
    series[0] = (qn_series){.name = "well", .x = x, .y = well, .count = CURVE};
    series[1] = (qn_series){.name = "ill", .x = x, .y = ill, .count = CURVE};
    return 2;
}

static void choose_picture(const cli_linsolve *job, qn_plot *plot)
{
    const bool filtered = job->problem->cutoff > 0;
    plot->title = filtered ? "Filter functions" : "Residual against products with the matrix";
    plot->x_label =
        filtered ? "|eigenvalue| in units of the norm" : "queries of the block-encoding, or products with the matrix";
    plot->y_label = filtered ? "amplitude of the flag" : "relative residual";
    plot->log_x = plot->log_y = !filtered;
}

qn_status cli_linsolve_show(const cli_invocation *invocation, cli_linsolve *job)
{
    double x[CURVE], bound[CURVE], ill[CURVE], point[2], *steps = malloc(CLI_HISTORY * sizeof *steps);
    if (steps == NULL) {
        (void)fprintf(stderr, "quern: error: out of memory\n");
        job->told = true;
        return QN_ERR_MEMORY;
    }
    for (size_t i = 0; i < CLI_HISTORY; i++) {
        steps[i] = (double)(i + 1);
    }
    qn_series series[CLI_RIVALS + 2];
    qn_plot plot = QN_PLOT_INIT;
    char subtitle[160], norm[32], residual[32], kappa[32], queries[32];
    (void)snprintf(subtitle, sizeof subtitle, "%.100s, condition number %.4g", job->matrix_name,
                   job->problem->condition);
    choose_picture(job, &plot);
    plot.subtitle = subtitle;
    plot.series = series;
    plot.nseries = job->problem->cutoff > 0 ? make_filters(job, x, bound, ill, series)
                                            : make_series(job, x, bound, point, steps, series);
    (void)snprintf(norm, sizeof norm, "%.10g", job->result != NULL ? job->result->solution_norm : (double)NAN);
    (void)snprintf(residual, sizeof residual, "%.2e", job->result != NULL ? job->result->residual : (double)NAN);
    (void)snprintf(kappa, sizeof kappa, "%.6g", job->problem->condition);
    (void)snprintf(queries, sizeof queries, "%.0f", job->plan.queries);
    const qn_report_pair pairs[] = {
        {"|x|", norm}, {"relative residual", residual}, {"condition number", kappa}, {"queries a run", queries}};
    const cli_answer answer = {.invocation = invocation,
                               .title = "A system of linear equations",
                               .lead = "Solved by a quantum algorithm, simulated, beside its classical rivals.",
                               .input_json = cli_linsolve_input_json,
                               .result_json = cli_linsolve_result_json,
                               .text = cli_linsolve_text,
                               .pairs = pairs,
                               .npairs = sizeof pairs / sizeof pairs[0],
                               .plots = &plot,
                               .nplots = 1,
                               .ledger = &job->ledger,
                               .user = job};
    const qn_status status = cli_answer_give(&answer);
    free(steps);
    return status;
}
