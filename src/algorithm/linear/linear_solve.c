/* linear_solve.c: the table of methods, the choice of a tier, and what all runs have in common. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "algorithm/linear/linear.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/suggest.h"

static const qn_linear_method table[] = {
#define LINEAR_METHOD(id, title, gate, operator_, spectral, help) {#id, title, help, {true, gate, operator_, spectral}},
#include "algorithm/linear/linear_methods.def"
#undef LINEAR_METHOD
};
static const qn__linear_method functions[] = {
#define LINEAR_METHOD(id, ...) {qn__linear_plan_##id, qn__linear_run_##id},
#include "algorithm/linear/linear_methods.def"
#undef LINEAR_METHOD
};
enum { METHODS = sizeof table / sizeof table[0] };

size_t qn_linear_method_count(void)
{
    return METHODS;
}

const qn_linear_method *qn_linear_method_describe(size_t index)
{
    return index < METHODS ? &table[index] : NULL;
}

const char *qn_linear_tier_name(qn_linear_tier tier)
{
    static const char *const names[] = {"auto", "gate", "operator", "spectral"};
    return (unsigned)tier <= QN_LINEAR_SPECTRAL ? names[tier] : "unknown";
}

static const char *method_name(const void *user, size_t index)
{
    (void)user;
    return table[index].name;
}

static qn_status find_method(const char *name, size_t *out)
{
    for (size_t m = 0; m < METHODS; m++) {
        if (name != NULL && strcmp(table[m].name, name) == 0) {
            *out = m;
            return QN_OK;
        }
    }
    const char *const near = name != NULL ? qn__suggest(name, METHODS, method_name, NULL) : NULL;
    return QN_FAIL(ERR_NAME, "unknown method '%s'%s%s", name != NULL ? name : "", near != NULL ? "; did you mean " : "",
                   near != NULL ? near : "");
}

static qn_status check_options(const qn_linear_options *options, qn_linear_options *out)
{
    const qn_linear_options plain = QN_LINEAR_OPTIONS_INIT;
    *out = options != NULL ? *options : plain;
    QN_CHECK(out->size == sizeof *out, ERR_ARGUMENT, "options have size %u, expected %zu; use QN_LINEAR_OPTIONS_INIT",
             out->size, sizeof *out);
    QN_CHECK((unsigned)out->tier <= QN_LINEAR_SPECTRAL, ERR_ARGUMENT, "tier %d is none of qn_linear_tier",
             (int)out->tier);
    QN_CHECK(out->epsilon >= 0 && out->epsilon < 1, ERR_RANGE, "error %g; expected a number between 0 and 1",
             out->epsilon);
    out->epsilon = out->epsilon > 0 ? out->epsilon : 1e-6;
    return QN_OK;
}

/* Double precision cannot do better than kappa * 2e-16, whatever the method. */
static qn_status check_rounding(const qn_linear_problem *problem, double epsilon)
{
    const double floor_error = 4 * DBL_EPSILON * problem->kappa;
    QN_CHECK(floor_error <= epsilon, ERR_NUMERIC,
             "hopeless: at condition number %.3g rounding alone changes x by about %.1e, over the wanted error %.1e; "
             "no answer is "
             "given rather than a wrong one",
             problem->kappa, floor_error, epsilon);
    return QN_OK;
}

static qn_status plan_tier(const qn_context *context, const qn_linear_problem *problem,
                           const qn_linear_options *options, size_t method, qn_linear_tier tier, qn_linear_plan *plan)
{
    *plan = (qn_linear_plan){.tier = tier,
                             .degree = (double)NAN,
                             .clock_bits = (double)NAN,
                             .seconds = (double)NAN,
                             .rounding = (double)NAN};
    QN_CHECK(table[method].tier[tier], ERR_UNSUPPORTED, "%s has no %s tier", table[method].name,
             qn_linear_tier_name(tier));
    return functions[method].plan(context, problem, options, plan);
}

/* Multiplications up to which the operator tier is taken when the spectral one is possible too: some seconds. A count,
 * so that the choice does not hang on a clock. */
static const double patience = 2e9;

static bool operator_is_fine(const qn_linear_problem *problem, double epsilon, const qn_linear_plan *plan)
{
    return plan->queries * (double)problem->matrix->nonzeros <= patience && !(plan->rounding > epsilon);
}

/* What the tier above the chosen one would need. */
static void describe_next(qn_linear_tier next, const qn_linear_plan *plan, char *out, size_t size)
{
    char rounding[64] = "";
    if (!isnan(plan->rounding)) {
        (void)snprintf(rounding, sizeof rounding, " and leave rounding of about %.0e", plan->rounding);
    }
    (void)snprintf(out, size, "the cheapest tier that gives the same numbers; %s would take %.4g %s, some %.2g MB%s",
                   qn_linear_tier_name(next), plan->queries,
                   next == QN_LINEAR_GATE ? "queries gate by gate" : "products with the matrix", 1e-6 * plan->bytes,
                   rounding);
}

/* operator when it is quick and exact enough, spectral when not; gate only when asked for, or when there is nothing
 * else. */
static qn_status choose(const qn_context *context, const qn_linear_problem *problem, const qn_linear_options *options,
                        size_t method, qn_linear_plan *out)
{
    qn_linear_plan plans[4];
    qn_status found[4] = {QN_OK, QN_OK, QN_OK, QN_OK};
    char why[4][200] = {"", "", "", ""};
    for (qn_linear_tier t = QN_LINEAR_GATE; t <= QN_LINEAR_SPECTRAL; t++) {
        found[t] = plan_tier(context, problem, options, method, t, &plans[t]);
        if (found[t] != QN_OK) {
            (void)snprintf(why[t], sizeof why[t], "%s", qn_last_error()->message);
        }
    }
    const bool operator_ = found[QN_LINEAR_OPERATOR] == QN_OK, spectral = found[QN_LINEAR_SPECTRAL] == QN_OK;
    const qn_linear_tier tier =
        operator_ && (!spectral || operator_is_fine(problem, options->epsilon, &plans[QN_LINEAR_OPERATOR]))
            ? QN_LINEAR_OPERATOR
        : spectral                       ? QN_LINEAR_SPECTRAL
        : found[QN_LINEAR_GATE] == QN_OK ? QN_LINEAR_GATE
                                         : QN_LINEAR_AUTO;
    if (tier == QN_LINEAR_AUTO) {
        return found[QN_LINEAR_OPERATOR] != QN_ERR_UNSUPPORTED
                   ? plan_tier(context, problem, options, method, QN_LINEAR_OPERATOR, out)
                   : plan_tier(context, problem, options, method, QN_LINEAR_SPECTRAL, out);
    }
    *out = plans[tier];
    const qn_linear_tier next =
        tier == QN_LINEAR_SPECTRAL && table[method].tier[QN_LINEAR_OPERATOR] ? QN_LINEAR_OPERATOR : QN_LINEAR_GATE;
    if (tier == QN_LINEAR_GATE) {
        (void)snprintf(out->reason, sizeof out->reason, "the only tier that can hold it");
    } else if (found[next] == QN_OK) {
        describe_next(next, &plans[next], out->reason, sizeof out->reason);
    } else {
        (void)snprintf(out->reason, sizeof out->reason, "the next one up, %s: %s", qn_linear_tier_name(next),
                       why[next]);
    }
    return QN_OK;
}

static qn_status make_plan(const qn_context *context, const qn_linear_problem *problem,
                           const qn_linear_options *options, size_t *method, qn_linear_plan *out)
{
    QN_TRY(find_method(options->method, method));
    QN_CHECK(!(problem->cutoff > 0) || strcmp(table[*method].name, "hhl") == 0, ERR_UNSUPPORTED,
             "%s has no filter functions; a cut-off condition number is for hhl", table[*method].name);
    QN_TRY(check_rounding(problem, options->epsilon));
    if (options->tier == QN_LINEAR_AUTO) {
        return choose(context, problem, options, *method, out);
    }
    QN_TRY(plan_tier(context, problem, options, *method, options->tier, out));
    (void)snprintf(out->reason, sizeof out->reason, "asked for");
    return QN_OK;
}

qn_status qn_linear_plan_make(const qn_context *context, const qn_linear_problem *problem,
                              const qn_linear_options *options, qn_linear_plan *out)
{
    QN_CHECK(context != NULL && problem != NULL && out != NULL, ERR_ARGUMENT, "every argument is needed");
    qn_linear_options chosen;
    qn_linear_plan plan = {0};
    size_t method = 0;
    QN_TRY(check_options(options, &chosen));
    QN_TRY(make_plan(context, problem, &chosen, &method, &plan));
    *out = plan;
    return QN_OK;
}

qn_status qn__linear_residual(const qn_context *context, const qn_linear_problem *problem, const double *x, double *out)
{
    double *r = qn__alloc(problem->width, sizeof *r);
    QN_ALLOC_CHECK(r);
    qn_sparse_multiply(context, problem->matrix, x, r);
    double sum = 0;
    for (size_t i = 0; i < problem->width; i++) {
        const double off = (r[i] - problem->b[i]) / problem->b_norm; /* numbers such as 1e-300 have no squares */
        sum += off * off;
    }
    qn__free(r);
    *out = sqrt(sum);
    return QN_OK;
}

/* Residual, amplification, and the doubt: a polynomial that is right on the spectrum leaves a residual under epsilon.
 */
static qn_status conclude(const qn_context *context, const qn_linear_problem *problem, double epsilon,
                          qn_linear_result *result)
{
    bool finite = isfinite(result->solution_norm);
    for (size_t i = 0; i < problem->width; i++) {
        finite = finite && isfinite(result->x[i]);
    }
    QN_CHECK(finite, ERR_NUMERIC, "the solution passes the largest double: |b| is %.3g and the norm of the matrix %.3g",
             problem->b_norm, problem->values.largest);
    QN_TRY(qn__linear_residual(context, problem, result->x, &result->residual));
    const double amplitude = sqrt(fmin(1, result->success_probability));
    const double rounds =
        amplitude > 0 ? fmax(0, ceil(0.78539816339744830962 / asin(amplitude) - 0.5)) : (double)INFINITY;
    const double repeats = 1 / (amplitude * amplitude);
    result->amplification_rounds = repeats <= 2 * rounds + 1 ? 0 : rounds;
    result->queries_amplified = result->queries * fmin(repeats, 2 * rounds + 1);
    const bool promised = !isnan(result->error_bound) && !result->interrupted;
    const double bound = isnan(result->residual_bound) ? epsilon : result->residual_bound;
    QN_CHECK(!promised || result->residual <= 3 * bound + 1e-9, ERR_NUMERIC,
             "the residual is %.2e where at most %.2e was promised: %s", result->residual, bound,
             problem->kappa_given ? "the condition number that was given is too small"
                                  : "rounding has eaten the answer");
    return QN_OK;
}

qn_status qn_linear_solve(const qn_context *context, const qn_linear_problem *problem, const qn_linear_options *options,
                          qn_linear_result **out)
{
    QN_CHECK(context != NULL && problem != NULL && out != NULL, ERR_ARGUMENT, "every argument is needed");
    qn_linear_options chosen;
    QN_TRY(check_options(options, &chosen));
    qn_linear_result *result = qn__calloc(1, sizeof *result);
    QN_ALLOC_CHECK(result);
    qn_status status = QN_OK;
    size_t method = 0;
    QN_TRY_CLEANUP(make_plan(context, problem, &chosen, &method, &result->plan));
    if (chosen.max_seconds > 0 && result->plan.seconds > chosen.max_seconds) {
        status =
            QN_FAIL(ERR_TOO_LARGE, "%.3g products with the matrix would take about %.3g s, over the limit of %.3g s",
                    result->plan.queries, result->plan.seconds, chosen.max_seconds);
        goto cleanup;
    }
    QN_TRY_CLEANUP(
        qn__context_check_bytes(context, (uint64_t)result->plan.bytes, "this tier", "another tier may take less"));
    (void)snprintf(result->method, sizeof result->method, "%s", table[method].name);
    result->dimension = problem->dimension;
    result->is_complex = problem->matrix->is_complex;
    result->queries = result->plan.queries;
    result->cost_global = result->cost_local = (double)NAN;
    result->error_bound = result->residual_bound = result->state_error = result->leakage = result->phase_residual =
        result->loading.toffoli = result->loading.t_count = (double)NAN;
    result->filter = (qn_linear_filter){(double)NAN, (double)NAN, (double)NAN, (double)NAN};
    result->x = qn__calloc(problem->width, sizeof *result->x);
    if (result->x == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    const double started = qn__clock();
    QN_TRY_CLEANUP(functions[method].run(context, problem, &chosen, result));
    result->seconds = qn__clock() - started;
    QN_TRY_CLEANUP(conclude(context, problem, chosen.epsilon, result));
    *out = result;
    result = NULL;
cleanup:
    qn_linear_result_free(result);
    return status;
}

void qn_linear_result_free(qn_linear_result *result)
{
    if (result != NULL) {
        qn__free(result->x);
        qn__free(result);
    }
}
