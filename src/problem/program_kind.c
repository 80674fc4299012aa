/* program_kind.c: LP files over binaries and bounded integers.
 *
 * An integer from l to h is l plus bits 1, 2, 4, … whose sum is exactly h - l. A constraint whose coefficients are
 * multiples of some 10^-k (k <= 6) is multiplied until they are whole; "at most" gets a slack of as many bits as its
 * range needs, and its square is the penalty (a set packing sum x <= 1 gets its pairs instead, no slack). Violations
 * then count at least 1 each, so a penalty above (largest - smallest value of the objective over all states) is enough.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "problem/problem.h"

typedef struct program_data {
    uint32_t *first; /* first bit of each variable; variables + 1 */
} program_data;

static void release_program(void *data)
{
    qn__free(((program_data *)data)->first);
}

static double value_of(const qn_problem *problem, const uint8_t *x, uint32_t variable)
{
    const qn_integer_program *const p = problem->instance->program;
    const uint32_t *const first = ((const program_data *)problem->data)->first;
    const uint64_t range = (uint64_t)(p->high[variable] - p->low[variable]);
    double value = p->low[variable];
    for (uint32_t b = first[variable]; b < first[variable + 1]; b++) {
        value += x[b] != 0 ? qn__range_weight(range, b - first[variable]) : 0;
    }
    return value;
}

static void judge_program(const qn_problem *problem, const uint8_t *x, qn_judgement *out)
{
    const qn_integer_program *const p = problem->instance->program;
    out->objective = p->constant;
    for (uint32_t v = 0; v < p->variables; v++) {
        out->objective += p->linear[v] * value_of(problem, x, v);
    }
    for (size_t k = 0; k < p->nquadratic; k++) {
        out->objective += p->qvalue[k] * value_of(problem, x, p->qi[k]) * value_of(problem, x, p->qj[k]);
    }
    for (size_t r = 0; r < p->constraints; r++) {
        double left = 0, size = fabs(p->right[r]);
        for (size_t k = p->first[r]; k < p->first[r + 1]; k++) {
            const double term = p->coefficient[k] * value_of(problem, x, p->variable[k]);
            left += term;
            size += fabs(term);
        }
        const double over = left - p->right[r], slack = 1e-9 * size;
        const bool holds = p->relation[r] == QN_AT_MOST    ? over <= slack
                           : p->relation[r] == QN_AT_LEAST ? over >= -slack
                                                           : fabs(over) <= slack;
        if (!holds) {
            qn__judge_fail(out, "constraint %.40s: %.10g is not %s %.10g", p->constraint_names[r], left,
                           p->relation[r] == QN_AT_MOST    ? "<="
                           : p->relation[r] == QN_AT_LEAST ? ">="
                                                           : "=",
                           p->right[r]);
        }
    }
}

static void program_json(const qn_problem *problem, const uint8_t *x, qn_json *json, const char *key)
{
    const qn_integer_program *const p = problem->instance->program;
    qn_json_begin_object(json, key);
    for (uint32_t v = 0; v < p->variables; v++) {
        qn_json_number(json, p->names[v], value_of(problem, x, v));
    }
    qn_json_end_object(json);
}

static void program_text(const qn_problem *problem, const uint8_t *x, qn_text *text)
{
    const qn_integer_program *const p = problem->instance->program;
    qn_text_printf(text, "not zero:");
    for (uint32_t v = 0, shown = 0; v < p->variables && shown < 100; v++) {
        const double value = value_of(problem, x, v);
        if (value != 0) {
            qn_text_printf(text, " %s=%.10g", p->names[v], value);
            shown++;
        }
    }
    qn_text_printf(text, "\n");
}

static const qn__problem_ops program_ops = {judge_program, program_json, program_text, release_program};

/* A linear form over bits. */
typedef struct form {
    uint32_t *bit;
    double *weight;
    uint32_t count;
    double constant;
} form;

static void append_variable(const qn_problem *problem, uint32_t v, double factor, form *f)
{
    const qn_integer_program *const p = problem->instance->program;
    const uint32_t *const first = ((const program_data *)problem->data)->first;
    const uint64_t range = (uint64_t)(p->high[v] - p->low[v]);
    f->constant += factor * p->low[v];
    for (uint32_t b = first[v]; b < first[v + 1] && factor != 0; b++) {
        f->bit[f->count] = b;
        f->weight[f->count++] = factor * qn__range_weight(range, b - first[v]);
    }
}

static qn_status add_quadratic(const qn_problem *problem, qn_qubo *qubo, uint32_t i, uint32_t j, double c)
{
    uint32_t bits[2][64];
    double weights[2][64];
    form f[2] = {{bits[0], weights[0], 0, 0}, {bits[1], weights[1], 0, 0}};
    append_variable(problem, i, 1, &f[0]);
    append_variable(problem, j, 1, &f[1]);
    QN_TRY(qn_qubo_add_constant(qubo, c * f[0].constant * f[1].constant));
    for (uint32_t side = 0; side < 2; side++) {
        for (uint32_t k = 0; k < f[side].count; k++) {
            QN_TRY(qn_qubo_add_linear(qubo, f[side].bit[k], c * f[side].weight[k] * f[1 - side].constant));
        }
    }
    for (uint32_t k = 0; k < f[0].count; k++) {
        for (uint32_t l = 0; l < f[1].count; l++) {
            QN_TRY(qn_qubo_add_quadratic(qubo, f[0].bit[k], f[1].bit[l], c * f[0].weight[k] * f[1].weight[l]));
        }
    }
    return QN_OK;
}

/* The objective, and the largest minus the smallest value it can have at most. */
static qn_status add_objective(qn_problem *problem, double *spread)
{
    const qn_integer_program *const p = problem->instance->program;
    const double sign = p->maximise ? -1 : 1;
    double low = 0, high = 0;
    QN_TRY(qn_qubo_add_constant(problem->qubo, sign * p->constant));
    for (uint32_t v = 0; v < p->variables; v++) {
        uint32_t bits[64];
        double weights[64];
        form f = {bits, weights, 0, 0};
        append_variable(problem, v, sign * p->linear[v], &f);
        QN_TRY(qn_qubo_add_constant(problem->qubo, f.constant));
        for (uint32_t k = 0; k < f.count; k++) {
            QN_TRY(qn_qubo_add_linear(problem->qubo, f.bit[k], f.weight[k]));
        }
    }
    for (size_t k = 0; k < p->nquadratic; k++) {
        QN_TRY(add_quadratic(problem, problem->qubo, p->qi[k], p->qj[k], sign * p->qvalue[k]));
    }
    QN_TRY(qn_qubo_finish(problem->qubo));
    qn_qubo_bounds(problem->qubo, &low, &high);
    *spread = high - low;
    return QN_OK;
}

/* The power of ten that makes all numbers of a constraint whole; 0 when none up to 10^6 does. */
static double whole_factor(const qn_integer_program *p, size_t r)
{
    double factor = 1;
    for (int digits = 0; digits <= 6; digits++, factor *= 10) {
        const double right = factor * p->right[r];
        bool whole = fabs(right - rint(right)) <= 1e-9 * fmax(1, fabs(right)) || p->relation[r] != QN_EQUAL;
        for (size_t k = p->first[r]; whole && k < p->first[r + 1]; k++) {
            const double c = factor * p->coefficient[k];
            whole = fabs(c - rint(c)) <= 1e-9 * fmax(1, fabs(c));
        }
        if (whole) {
            return factor;
        }
    }
    return 0;
}

/* A constraint as sum weight x (<= or =) target over bits, all whole. */
typedef struct row {
    form f;
    double target, low;  /* low: smallest value of the sum */
    bool equal, packing; /* packing: all weights 1, target 1 */
} row;

static qn_status make_row(const qn_problem *problem, size_t r, row *out)
{
    const qn_integer_program *const p = problem->instance->program;
    const double factor = whole_factor(p, r), sign = p->relation[r] == QN_AT_LEAST ? -1 : 1;
    const char *const name = p->constraint_names[r];
    QN_CHECK(factor > 0, ERR_ARGUMENT, "constraint %.40s has coefficients that are no multiples of 10^-6", name);
    out->f.count = 0;
    out->f.constant = 0;
    for (size_t k = p->first[r]; k < p->first[r + 1]; k++) {
        append_variable(problem, p->variable[k], sign * rint(factor * p->coefficient[k]), &out->f);
    }
    const double right = sign * factor * p->right[r] - out->f.constant;
    out->equal = p->relation[r] == QN_EQUAL;
    out->target = out->equal ? rint(right) : floor(right + 1e-9 * fmax(1, fabs(right)));
    out->low = 0;
    double high = 0;
    out->packing = !out->equal && out->target == 1;
    for (uint32_t k = 0; k < out->f.count; k++) {
        out->low += fmin(0, out->f.weight[k]);
        high += fmax(0, out->f.weight[k]);
        out->packing = out->packing && out->f.weight[k] == 1;
    }
    QN_CHECK(out->low <= out->target && (!out->equal || high >= out->target), ERR_ARGUMENT,
             "no values of the variables satisfy constraint %.40s", name);
    QN_CHECK(out->target - out->low <= 1e12 && high - out->low <= 1e12, ERR_TOO_LARGE,
             "constraint %.40s spans %.3g whole steps; at most 1e12", name, high - out->low);
    out->packing = out->packing || (!out->equal && high <= out->target); /* always true: no penalty, no slack */
    if (!out->equal && high <= out->target) {
        out->f.count = 0;
    }
    return QN_OK;
}

static uint32_t slack_bits(const row *r)
{
    return r->equal || r->packing ? 0 : qn__range_bits((uint64_t)(r->target - r->low));
}

static qn_status add_row(qn_problem *problem, row *r, uint32_t *next_slack)
{
    qn_qubo *const qubo = problem->qubo;
    if (r->packing) {
        for (uint32_t k = 0; k < r->f.count; k++) {
            for (uint32_t l = 0; l < k; l++) {
                QN_TRY(qn_qubo_add_quadratic(qubo, r->f.bit[l], r->f.bit[k], problem->penalty));
            }
        }
        return QN_OK;
    }
    const uint32_t slack = slack_bits(r), real = r->f.count;
    bool counts = r->equal && r->target >= 1 && r->target <= real;
    for (uint32_t k = 0; k < real; k++) {
        counts = counts && r->f.weight[k] == 1;
    }
    for (uint32_t b = 0; b < slack; b++) {
        r->f.bit[r->f.count] = (*next_slack)++;
        r->f.weight[r->f.count++] = qn__range_weight((uint64_t)(r->target - r->low), b);
    }
    QN_TRY(qn_qubo_add_square(qubo, r->f.bit, r->f.weight, r->f.count, r->target, problem->penalty));
    if (counts) {
        /* a hint only: groups that share variables with an earlier one are not marked */
        const qn_status marked = qn_qubo_add_group(qubo, r->f.bit, real, (uint32_t)r->target);
        QN_TRY(marked == QN_ERR_ARGUMENT ? QN_OK : marked);
    }
    return QN_OK;
}

static qn_status make_bits(qn_problem *problem, const qn_integer_program *p, uint32_t *bits)
{
    program_data *data = qn__calloc(1, sizeof *data);
    QN_ALLOC_CHECK(data);
    problem->data = data;
    problem->ops = &program_ops;
    data->first = qn__calloc((size_t)p->variables + 1, sizeof *data->first);
    QN_ALLOC_CHECK(data->first);
    for (uint32_t v = 0; v < p->variables; v++) {
        data->first[v + 1] = data->first[v] + qn__range_bits((uint64_t)(p->high[v] - p->low[v]));
    }
    *bits = data->first[p->variables];
    return QN_OK;
}

static qn_status count_slack(const qn_problem *problem, row *r, uint32_t *slack)
{
    *slack = 0;
    for (size_t k = 0; k < problem->instance->program->constraints; k++) {
        QN_TRY(make_row(problem, k, r));
        *slack += slack_bits(r);
    }
    return QN_OK;
}

qn_status qn__make_program(const qn_instance *instance, const qn_problem_options *options, qn_problem *problem)
{
    const qn_integer_program *const p = instance->program;
    uint32_t bits = 0;
    double spread = 0;
    problem->objective_name = "objective";
    problem->maximise = p->maximise;
    problem->factor = p->maximise ? -1 : 1;
    (void)snprintf(problem->title, sizeof problem->title, "program of %u variables and %zu constraints", p->variables,
                   p->constraints);
    QN_TRY(make_bits(problem, p, &bits));
    QN_CHECK(bits <= 1u << 22, ERR_TOO_LARGE, "the variables take %u bits; at most 2^22", bits);
    const size_t room = (size_t)bits + 64 + 64; /* slack of one row behind the real bits; 0 bits are caught below */
    row r = {.f = {qn__alloc(room, sizeof(uint32_t)), qn__alloc(room, sizeof(double)), 0, 0}};
    qn_status status = r.f.bit != NULL && r.f.weight != NULL ? QN_OK : QN_ERR_MEMORY;
    QN_TRY_CLEANUP(status);
    QN_TRY_CLEANUP(count_slack(problem, &r, &problem->slack));
    if (bits + problem->slack == 0) {
        status = QN_FAIL(ERR_ARGUMENT, "every variable has one value only: there is nothing to choose");
        goto cleanup;
    }
    QN_TRY_CLEANUP(qn_qubo_create(bits + problem->slack, &problem->qubo));
    QN_TRY_CLEANUP(add_objective(problem, &spread));
    if (p->constraints > 0) {
        qn__problem_penalise(problem, spread, qn_qubo_is_integer(problem->qubo), options);
    }
    for (size_t k = 0; k < p->constraints; k++) {
        QN_TRY_CLEANUP(make_row(problem, k, &r));
        QN_TRY_CLEANUP(add_row(problem, &r, &bits));
    }
cleanup:
    qn__free(r.f.bit);
    qn__free(r.f.weight);
    return status;
}
