/* solve.c: the frame of qn_qaoa_solve: options, the empty answer, measurements and their controls. */
#include "algorithm/qaoa/solve.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algorithm/qaoa/answers.h"
#include "algorithm/qaoa/outcomes.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/rng.h"
#include "base/status.h"

enum { DEFAULT_SHOTS = 1024, DEFAULT_EVALUATIONS = 200, BINS = 64 };

static const struct method {
    const char *name, *text;
    uint32_t layers; /* when nobody says */
    qn_status (*solve)(qn__solve *s);
} methods[QN_QAOA_METHOD_COUNT_] = {
    {"qaoa", "alternating layers, angles by exact gradients", 4, qn__solve_standard},
    {"rqaoa", "recursive: one layer in closed form, variables tied one by one; any size", 1, qn__solve_recursive},
    {"ma-qaoa", "multi-angle: an angle for every term and every qubit", 1, qn__solve_multi},
    {"warm", "start and mixer leaning to a greedy solution", 3, qn__solve_warm},
    {"xy", "mixers that keep the number of ones of groups, in the feasible subspace", 4, qn__solve_xy},
    {"grover-mixer", "mixer about the uniform state, by the histogram of costs", 4, qn__solve_grover},
    {"falqon", "feedback sets the angles, no optimizer", 100, qn__solve_falqon},
    {"gas", "Grover adaptive search, by the law of its counts", 1, qn__solve_adaptive},
    {"dqi", "decoded interferometry of parities, by its exact law", 1, qn__solve_dqi},
};

static const char *const schedules[] = {"optimize", "fixed", "ramp", "interp", "fourier"};
static const char *const mixers[] = {"ring", "complete"};

const char *qn_qaoa_method_name(qn_qaoa_method method)
{
    return (unsigned)method < QN_QAOA_METHOD_COUNT_ ? methods[method].name : NULL;
}

const char *qn_qaoa_method_text(qn_qaoa_method method)
{
    return (unsigned)method < QN_QAOA_METHOD_COUNT_ ? methods[method].text : NULL;
}

const char *qn_qaoa_schedule_name(qn_qaoa_schedule schedule)
{
    return (unsigned)schedule < sizeof schedules / sizeof schedules[0] ? schedules[schedule] : NULL;
}

const char *qn_qaoa_mixer_name(qn_qaoa_mixer mixer)
{
    return (unsigned)mixer < sizeof mixers / sizeof mixers[0] ? mixers[mixer] : NULL;
}

void qn__solve_note(qn_qaoa_solution *solution, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(solution->note, sizeof solution->note, format, arguments);
    va_end(arguments);
}

qn_status qn__solve_history(qn_qaoa_solution *solution, uint32_t layers)
{
    solution->history_expected = qn__alloc(2 * (size_t)layers, sizeof *solution->history_expected);
    QN_ALLOC_CHECK(solution->history_expected);
    solution->history_best = solution->history_expected + layers;
    return QN_OK;
}

qn_status qn__solve_angles(qn_qaoa_solution *solution, size_t count, const double *angles)
{
    double *copy = qn__alloc(count, sizeof *copy);
    QN_ALLOC_CHECK(copy);
    memcpy(copy, angles, count * sizeof *copy);
    qn__free(solution->angles);
    solution->angles = copy;
    solution->nangles = count;
    return QN_OK;
}

static void to_bytes(uint64_t state, uint32_t n, uint8_t *x)
{
    for (uint32_t k = 0; k < n; k++) {
        x[k] = state >> k & 1;
    }
}

/* Costs of uniform guesses, as many as shots. */
static void guess(qn__solve *s, uint64_t shots)
{
    qn_qaoa_solution *out = s->solution;
    const uint32_t n = out->variables;
    const uint64_t mask = (UINT64_C(1) << n) - 1;
    double sum = 0.0;
    out->random_best = HUGE_VAL;
    for (uint64_t k = 0; k < shots; k++) {
        const double c = qn_cost_value_of_state(s->cost, qn__random_bits(s->options.seed, 3, k) & mask);
        out->random_best = fmin(out->random_best, c);
        sum += c;
    }
    out->random_mean = sum / (double)shots;
}

qn_status qn__solve_take_shots(qn__solve *s, const uint64_t *states)
{
    qn_qaoa_solution *out = s->solution;
    const uint64_t shots = s->options.shots;
    double sum = 0.0;
    for (uint64_t k = 0; k < shots; k++) {
        const double c = qn_cost_value_of_state(s->cost, states[k]);
        sum += c;
        if (!(c >= out->cost)) { /* also when there is none yet */
            out->cost = c;
            to_bytes(states[k], out->variables, out->x);
        }
    }
    out->sample_mean = sum / (double)shots;
    out->shots = shots;
    guess(s, shots);
    return QN_OK;
}

static qn_status make_histogram(qn_qaoa_solution *out, size_t levels)
{
    if (out->histogram == NULL) {
        out->bins = levels < BINS ? (uint32_t)levels : BINS;
        out->histogram = qn__calloc(2 * (size_t)out->bins, sizeof *out->histogram);
        QN_ALLOC_CHECK(out->histogram);
        out->histogram_uniform = out->histogram + out->bins;
    }
    return QN_OK;
}

static qn_status take_histogram(qn_qaoa_solution *out, const qn_qaoa *qaoa)
{
    QN_TRY(make_histogram(out, qn_qaoa_levels(qaoa)));
    return qn_qaoa_histogram(qaoa, out->bins, out->histogram, out->histogram_uniform);
}

/* One level a unit when all costs are whole numbers above the lowest, else as many as there is room for. */
static size_t levels_of(const qn__outcomes *o, double low, double high)
{
    for (size_t k = 0; k < o->count; k++) {
        const double above = o->cost[k] - low;
        if (fabs(above - rint(above)) > 1e-9) {
            return BINS;
        }
    }
    return high - low < BINS ? (size_t)(high - low + 1.5) : BINS;
}

qn_status qn__solve_measure(qn__solve *s, qn_qaoa *qaoa, uint32_t layers, const double *angles)
{
    qn_qaoa_solution *out = s->solution;
    double value = 0.0;
    QN_TRY(qn_qaoa_run(qaoa, layers, angles, &value, NULL));
    uint64_t *states = qn__alloc(s->options.shots, sizeof *states);
    QN_ALLOC_CHECK(states);
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_qaoa_sample(qaoa, s->options.shots, s->options.seed, states));
    QN_TRY_CLEANUP(qn__solve_take_shots(s, states));
    QN_TRY_CLEANUP(qn_qaoa_mean(qaoa, &out->expected));
    QN_TRY_CLEANUP(qn_qaoa_success(qaoa, &out->success));
    QN_TRY_CLEANUP(take_histogram(out, qaoa));
    QN_TRY_CLEANUP(qn__solve_angles(out, 2 * (size_t)layers, angles));
    out->layers = layers;
    out->lowest = qn_qaoa_lowest(qaoa);
    out->highest = qn_qaoa_highest(qaoa);
    out->uniform_success = qn_qaoa_optima(qaoa) / exp2((double)out->variables);
    out->state_bytes = (double)qn_qaoa_bytes(qaoa);
cleanup:
    qn__free(states);
    return status;
}

qn_status qn__solve_outcomes(qn__solve *s, const qn__outcomes *o)
{
    qn_qaoa_solution *out = s->solution;
    double low = HUGE_VAL, high = -HUGE_VAL, total = 0.0, mean = 0.0, uniform = 0.0;
    for (size_t k = 0; k < o->count; k++) {
        low = fmin(low, o->cost[k]);
        high = fmax(high, o->cost[k]);
        total += o->probability[k];
        mean += o->probability[k] * o->cost[k];
        uniform += o->cost[k];
    }
    QN_TRY(make_histogram(out, levels_of(o, low, high)));
    memset(out->histogram, 0, 2 * (size_t)out->bins * sizeof *out->histogram);
    out->success = out->uniform_success = 0.0;
    const double near = low + 1e-9 * (high - low), per = high > low ? (double)(out->bins - 1) / (high - low) : 0.0;
    for (size_t k = 0; k < o->count; k++) {
        const size_t bin = (size_t)((o->cost[k] - low) * per + 0.5);
        out->histogram[bin] += o->probability[k] / total;
        out->histogram_uniform[bin] += 1.0 / (double)o->count;
        out->success += o->cost[k] <= near ? o->probability[k] / total : 0.0;
        out->uniform_success += o->cost[k] <= near ? 1.0 / (double)o->count : 0.0;
    }
    out->expected = mean / total;
    out->uniform_mean = uniform / (double)o->count;
    out->lowest = low;
    out->highest = high;
    return qn__outcomes_draw(s, o, total);
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

qn_status qn__outcomes_draw(qn__solve *s, const qn__outcomes *o, double total)
{
    qn_qaoa_solution *out = s->solution;
    const uint64_t shots = s->options.shots;
    double *draws = qn__alloc(shots, sizeof *draws);
    QN_ALLOC_CHECK(draws);
    for (uint64_t k = 0; k < shots; k++) {
        draws[k] = qn__random_uniform(s->options.seed, 1, k) * total;
    }
    qsort(draws, shots, sizeof *draws, compare);
    double sum = 0.0, mean = 0.0, guesses = 0.0;
    uint64_t shot = 0;
    size_t best = o->count;
    for (size_t k = 0; k < o->count; k++) {
        sum += o->probability[k];
        for (; shot < shots && (draws[shot] < sum || k + 1 == o->count); shot++) {
            mean += o->cost[k];
            best = best == o->count || o->cost[k] < o->cost[best] ? k : best;
        }
    }
    if (!(o->cost[best] >= out->cost)) {
        out->cost = o->cost[best];
        o->decode(o->user, best, out->x);
    }
    out->random_best = HUGE_VAL;
    for (uint64_t k = 0; k < shots; k++) {
        const double u = qn__random_uniform(s->options.seed, 3, k) * (double)o->count;
        const size_t at = (size_t)u < o->count ? (size_t)u : o->count - 1;
        out->random_best = fmin(out->random_best, o->cost[at]);
        guesses += o->cost[at];
    }
    out->sample_mean = mean / (double)shots;
    out->random_mean = guesses / (double)shots;
    out->shots = shots;
    qn__free(draws);
    return QN_OK;
}

typedef struct watch {
    qn__solve *solve;
    const char *stage;
} watch;

static void report(void *user, const qn_optimizer_step *step)
{
    const watch *w = user;
    const qn_progress progress = {w->stage,          step->iteration, 0,
                                  step->evaluations, step->best,      qn__clock() - w->solve->started};
    qn__context_progress(w->solve->context, &progress, &w->solve->reported, false);
}

qn_status qn__solve_minimize(qn__solve *s, const char *stage, qn_objective *objective, double *x, double *value)
{
    watch w = {s, stage};
    qn_optimizer_options options = QN_OPTIMIZER_OPTIONS_INIT;
    options.method = s->options.optimizer;
    options.max_evaluations = s->options.max_evaluations;
    options.ftol = 1e-7;
    options.seed = s->options.seed;
    options.callback = report;
    options.callback_user = &w;
    options.interrupt = qn__context_interrupt(s->context);
    qn_optimizer_result result;
    QN_TRY(qn__solve_minimize_logged(s, objective, &options, x, &result));
    s->solution->evaluations += result.evaluations;
    s->solution->gradients += result.gradients;
    *value = result.value;
    QN_CHECK(result.reason != QN_STOP_INTERRUPTED, ERR_INTERRUPTED, "interrupted");
    return QN_OK;
}

static qn_status check_options(const qn_qaoa_solve_options *options, qn_qaoa_solve_options *out)
{
    const qn_qaoa_solve_options plain = QN_QAOA_SOLVE_OPTIONS_INIT;
    *out = options != NULL ? *options : plain;
    QN_CHECK(out->size == sizeof *out, ERR_ARGUMENT,
             "options have size %u, expected %zu; use QN_QAOA_SOLVE_OPTIONS_INIT", out->size, sizeof *out);
    QN_CHECK((unsigned)out->method < QN_QAOA_METHOD_COUNT_, ERR_ARGUMENT, "method %d is none of qn_qaoa_method",
             (int)out->method);
    QN_CHECK(qn_qaoa_schedule_name(out->schedule) != NULL, ERR_ARGUMENT, "schedule %d is none of qn_qaoa_schedule",
             (int)out->schedule);
    QN_CHECK(qn_qaoa_mixer_name(out->mixer) != NULL, ERR_ARGUMENT, "mixer %d is none of qn_qaoa_mixer",
             (int)out->mixer);
    QN_CHECK(out->cvar >= 0.0 && out->cvar <= 1.0, ERR_RANGE, "the fraction of the tail is %g; expected 0 to 1",
             out->cvar);
    QN_CHECK(out->layers <= 10000, ERR_RANGE, "%u layers; at most 10000", out->layers);
    out->layers = out->layers > 0 ? out->layers : methods[out->method].layers;
    out->optimizer = out->optimizer != NULL ? out->optimizer : "l-bfgs";
    out->max_evaluations = out->max_evaluations > 0 ? out->max_evaluations : DEFAULT_EVALUATIONS;
    out->shots = out->shots > 0 ? out->shots : DEFAULT_SHOTS;
    return QN_OK;
}

static qn_status solution_create(const qn__solve *s, qn_qaoa_solution **out)
{
    qn_qaoa_solution *a = qn__calloc(1, sizeof *a);
    QN_ALLOC_CHECK(a);
    a->method = s->options.method;
    a->mixer = s->options.mixer;
    a->variables = qn_cost_variables(s->cost);
    a->x = qn__calloc(a->variables, sizeof *a->x);
    if (a->x == NULL) {
        qn__free(a);
        return QN_ERR_MEMORY;
    }
    double *const unknown[] = {&a->cost,        &a->expected,        &a->lowest,      &a->highest,
                               &a->success,     &a->uniform_success, &a->sample_mean, &a->random_best,
                               &a->random_mean, &a->queries,         &a->state_bytes, &a->uniform_mean};
    for (size_t k = 0; k < sizeof unknown / sizeof unknown[0]; k++) {
        *unknown[k] = (double)NAN;
    }
    *out = a;
    return QN_OK;
}

/* The mean of all 2^n costs: the constant of the spin form. */
static double uniform_mean(qn_cost cost)
{
    return cost.qubo != NULL ? qn_qubo_to_ising(cost.qubo, NULL) : qn_polynomial_constant(cost.polynomial);
}

qn_status qn_qaoa_solve(qn_context *context, qn_cost cost, const qn_qaoa_solve_options *options, qn_qaoa_solution **out)
{
    QN_CHECK(context != NULL && out != NULL, ERR_ARGUMENT, "qn_qaoa_solve: context and out are needed");
    QN_CHECK((cost.qubo != NULL) != (cost.polynomial != NULL), ERR_ARGUMENT,
             "a cost is either a quadratic model or a polynomial");
    qn__solve s = {.context = context, .cost = cost, .started = qn__clock()};
    QN_TRY(check_options(options, &s.options));
    QN_TRY(solution_create(&s, &s.solution));
    QN_CHECK(s.solution != NULL, ERR_INTERNAL, "a solution was not made");
    s.solution->uniform_mean = uniform_mean(cost);
    qn_status status =
        qn__journal_open(s.options.checkpoint, qn__solve_fingerprint(&s), s.options.resume, 1, &s.journal);
    if (status == QN_OK) {
        status = methods[s.options.method].solve(&s);
    }
    qn__journal_close(s.journal);
    if (status == QN_ERR_INTERRUPTED && !isnan(s.solution->cost)) { /* there is a best so far */
        s.solution->interrupted = true;
        status = QN_OK;
    }
    if (status != QN_OK) {
        qn_qaoa_solution_free(s.solution);
        return status;
    }
    s.solution->cost = qn_cost_value(cost, s.solution->x);
    if (isnan(s.solution->queries) && s.solution->shots > 0) {
        s.solution->queries = (double)s.solution->shots * (double)s.solution->layers;
    }
    s.solution->seconds = qn__clock() - s.started + s.earlier;
    *out = s.solution;
    return QN_OK;
}

void qn_qaoa_solution_free(qn_qaoa_solution *solution)
{
    if (solution != NULL) {
        qn__free(solution->x);
        qn__free(solution->angles);
        qn__free(solution->history_expected);
        qn__free(solution->histogram);
        qn__free(solution);
    }
}
