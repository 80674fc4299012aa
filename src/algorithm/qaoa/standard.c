/* standard.c: QAOA with the transverse mixer, by schedule or optimizer; and FALQON, which needs neither. */
#include <math.h>
#include <string.h>

#include "algorithm/qaoa/answers.h"
#include "algorithm/qaoa/qaoa.h"
#include "algorithm/qaoa/solve.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/rng.h"
#include "base/status.h"

typedef struct landscape {
    qn__solve *solve;
    qn_qaoa *qaoa;
    uint32_t layers, modes; /* modes: 0, or the angles come from so many slow modes */
    double scale;           /* gammas of the optimizer are in units of 1 / scale */
    double *angles, *slopes;
} landscape;

static void to_angles(const landscape *l, const double *x, double *angles)
{
    if (l->modes > 0) {
        qn_qaoa_fourier(l->layers, l->modes, x, angles);
    } else {
        memcpy(angles, x, 2 * (size_t)l->layers * sizeof *angles);
    }
    for (uint32_t k = 0; k < l->layers; k++) {
        angles[k] /= l->scale;
    }
}

/* d/dx of the angles' own slopes; both of the maps are linear. */
static void to_slopes(const landscape *l, const double *slopes, double *grad)
{
    if (l->modes == 0) {
        for (uint32_t k = 0; k < 2 * l->layers; k++) {
            grad[k] = slopes[k] / (k < l->layers ? l->scale : 1.0);
        }
        return;
    }
    const double pi = 3.14159265358979323846;
    memset(grad, 0, 2 * (size_t)l->modes * sizeof *grad);
    for (uint32_t k = 0; k < l->modes; k++) {
        for (uint32_t i = 0; i < l->layers; i++) {
            const double at = ((double)k + 0.5) * ((double)i + 0.5) * pi / (double)l->layers;
            grad[k] += slopes[i] / l->scale * sin(at);
            grad[l->modes + k] += slopes[l->layers + i] * cos(at);
        }
    }
}

static qn_status evaluate(void *user, const double *x, double *value, double *grad)
{
    landscape *l = user;
    to_angles(l, x, l->angles);
    QN_TRY(qn_qaoa_run(l->qaoa, l->layers, l->angles, value, grad != NULL ? l->slopes : NULL));
    if (grad != NULL) {
        to_slopes(l, l->slopes, grad);
    }
    return QN_OK;
}

/* The table's angles for the nearest degree, gammas in units of 1 / scale; false when there are none. */
static bool table_angles(const landscape *l, double *x)
{
    const qn_cost cost = l->solve->cost;
    if (cost.qubo == NULL) {
        return false;
    }
    uint32_t degree =
        (uint32_t)lround(2.0 * (double)qn_qubo_couplings(cost.qubo) / (double)qn_qubo_variables(cost.qubo));
    degree = degree < 2 ? 2 : degree > 12 ? 12 : degree;
    if (l->layers > qn_qaoa_fixed_layers(degree) || qn_qaoa_fixed_angles(degree, l->layers, x, NULL) != QN_OK) {
        return false;
    }
    for (uint32_t k = 0; k < l->layers; k++) {
        x[k] *= sqrt((double)degree); /* the scale of the table's own graphs */
    }
    return true;
}

/* Angles to start from: the table's, and ramps of different lengths and steepness; the best of them. */
static qn_status first_angles(landscape *l, double *x)
{
    enum { RAMPS = 12 };
    const size_t width = 2 * (size_t)l->layers;
    double *rows = qn__alloc((RAMPS + 1) * (width + 1), sizeof *rows);
    QN_ALLOC_CHECK(rows);
    double *values = rows + (RAMPS + 1) * width;
    size_t count = 0;
    for (int k = 0; k < RAMPS; k++, count++) {
        static const double betas[] = {0.9, 0.6, 0.4, 0.25}, gammas[] = {0.5, 1.0, 1.6};
        double *row = rows + count * width;
        qn_qaoa_ramp(l->layers, betas[k % 4], 1.0, row);
        for (uint32_t i = 0; i < l->layers; i++) {
            row[i] *= gammas[k / 4];
        }
    }
    count += table_angles(l, rows + count * width);
    for (size_t r = 0; r < count; r++) {
        for (uint32_t i = 0; i < l->layers; i++) {
            rows[r * width + i] /= l->scale;
        }
    }
    const qn_status status = qn__solve_rows(l->solve, l->qaoa, l->layers, count, rows, values);
    if (status == QN_OK) {
        size_t best = 0;
        for (size_t r = 1; r < count; r++) {
            best = values[r] < values[best] ? r : best;
        }
        memcpy(x, rows + best * width, width * sizeof *x);
        for (uint32_t i = 0; i < l->layers; i++) {
            x[i] *= l->scale;
        }
        l->solve->solution->evaluations += count;
    }
    qn__free(rows);
    return status;
}

static qn_status optimize(landscape *l, const char *stage, double *x, double *value)
{
    qn_objective objective = QN_OBJECTIVE_INIT;
    objective.dimension = 2 * (size_t)(l->modes > 0 ? l->modes : l->layers);
    objective.user = l;
    objective.evaluate = evaluate;
    objective.has_gradient = true;
    return qn__solve_minimize(l->solve, stage, &objective, x, value);
}

static qn_status measure(landscape *l, const double *x)
{
    to_angles(l, x, l->angles);
    return qn__solve_measure(l->solve, l->qaoa, l->layers, l->angles);
}

/* Layer after layer, each from the optimum before. */
static qn_status layerwise(landscape *l, uint32_t layers, double *x)
{
    qn_qaoa_solution *out = l->solve->solution;
    double *before = qn__alloc(2 * (size_t)layers, sizeof *before);
    QN_ALLOC_CHECK(before);
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__solve_history(out, layers));
    for (l->layers = 1; l->layers <= layers; l->layers++) {
        double value = 0.0;
        if (l->layers == 1) {
            QN_TRY_CLEANUP(first_angles(l, x));
        } else {
            memcpy(before, x, 2 * (size_t)(l->layers - 1) * sizeof *before);
            qn_qaoa_interpolate(l->layers - 1, before, x);
        }
        QN_TRY_CLEANUP(optimize(l, "interp", x, &value));
        QN_TRY_CLEANUP(measure(l, x));
        out->history_expected[out->nhistory] = out->expected;
        out->history_best[out->nhistory++] = out->cost;
    }
    l->layers = layers;
cleanup:
    qn__free(before);
    return status;
}

/* The best of some random rows, if better than x. */
static qn_status try_starts(landscape *l, double *x, double *value)
{
    const uint32_t rows = l->solve->options.starts;
    const size_t width = 2 * (size_t)l->layers;
    if (rows == 0) {
        return QN_OK;
    }
    double *angles = qn__alloc(rows * width + rows + width, sizeof *angles);
    QN_ALLOC_CHECK(angles);
    double *values = angles + rows * width, *best = values + rows;
    for (size_t k = 0; k < rows * width; k++) {
        const double u = qn__random_uniform(l->solve->options.seed, 4, k);
        angles[k] = k % width < l->layers ? u * 2.0 / l->scale : -u * 1.2;
    }
    qn_status status = qn__solve_rows(l->solve, l->qaoa, l->layers, rows, angles, values);
    if (status == QN_OK) {
        l->solve->solution->evaluations += rows;
        size_t at = 0;
        for (size_t r = 1; r < rows; r++) {
            at = values[r] < values[at] ? r : at;
        }
        memcpy(best, angles + at * width, width * sizeof *best);
        for (uint32_t k = 0; k < l->layers; k++) {
            best[k] *= l->scale;
        }
        double reached = 0.0;
        status = optimize(l, "qaoa, random start", best, &reached);
        if (status == QN_OK && reached < *value) {
            memcpy(x, best, width * sizeof *x);
            *value = reached;
        }
    }
    qn__free(angles);
    return status;
}

static qn_status by_schedule(landscape *l, uint32_t layers, double *x)
{
    const qn_qaoa_schedule schedule = l->solve->options.schedule;
    double value = 0.0;
    l->layers = layers;
    if (schedule == QN_QAOA_INTERP) {
        return layerwise(l, layers, x);
    }
    if (schedule == QN_QAOA_RAMP) {
        qn_qaoa_ramp(layers, 0.75, 1.0, x);
        return measure(l, x);
    }
    if (schedule == QN_QAOA_FOURIER) {
        l->modes = layers < 4 ? layers : 4;
        memset(x, 0, 2 * (size_t)l->modes * sizeof *x);
        x[0] = 0.6;
        x[l->modes] = -0.6;
        QN_TRY(measure(l, x));
        QN_TRY(optimize(l, "fourier", x, &value));
        return measure(l, x);
    }
    if (schedule == QN_QAOA_FIXED && table_angles(l, x)) {
        return measure(l, x);
    }
    QN_CHECK(schedule != QN_QAOA_FIXED, ERR_UNSUPPORTED,
             "no fixed angles for %u layers here (quadratic costs; 4 layers at any degree, 8 at degree 3)", layers);
    QN_TRY(first_angles(l, x));
    QN_TRY(measure(l, x));
    QN_TRY(optimize(l, "qaoa", x, &value));
    QN_TRY(try_starts(l, x, &value));
    return measure(l, x);
}

static qn_status check_schedule(const qn__solve *s)
{
    const qn_optimizer_info *info = NULL;
    QN_TRY(qn_optimizer_find(s->options.optimizer, &info));
    QN_CHECK((info->flags & (QN_OPTIMIZER_NEEDS_METRIC | QN_OPTIMIZER_NEEDS_FIDELITY | QN_OPTIMIZER_NEEDS_SINUSOID |
                             QN_OPTIMIZER_GLOBAL)) == 0,
             ERR_UNSUPPORTED, "%s needs what QAOA does not give; l-bfgs, slsqp, cobyla, adam and spsa fit", info->name);
    return QN_OK;
}

qn_status qn__solve_standard(qn__solve *s)
{
    const uint32_t layers = s->options.layers;
    QN_TRY(check_schedule(s));
    landscape l = {.solve = s, .scale = qn_qaoa_scale(s->cost)};
    qn_qaoa_options options = QN_QAOA_OPTIONS_INIT;
    options.layers = layers;
    options.gradients = s->options.schedule != QN_QAOA_RAMP && s->options.schedule != QN_QAOA_FIXED;
    options.single_precision = s->options.single_precision;
    options.cvar = s->options.cvar;
    double *memory = qn__calloc(6 * (size_t)layers, sizeof *memory);
    QN_ALLOC_CHECK(memory);
    l.angles = memory + 2 * (size_t)layers;
    l.slopes = l.angles + 2 * (size_t)layers;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_qaoa_create(s->context, s->cost, &options, &l.qaoa));
    QN_TRY_CLEANUP(by_schedule(&l, layers, memory));
cleanup:
    qn_qaoa_free(l.qaoa);
    qn__free(memory);
    return status;
}

/* What a time step led to: its layers, whose angles and averages are the numbers beside. */
typedef struct passed {
    double seconds;
    uint64_t layers, evaluations;
} passed;

/* Feedback (Magann, Rudinger, Grace, Sarovar, arXiv:2103.08619): gamma = dt, beta_(l+1) = - dt A_l, where A = <i[sum X,
 * C]> is the slope of the average along beta at the end of a layer: the average falls as long as dt is small. */
static qn_status feedback(qn__solve *s, qn_qaoa *q, double dt, double *angles)
{
    qn_qaoa_solution *out = s->solution;
    const uint32_t layers = s->options.layers;
    const double rise = 1e-12 * (qn_qaoa_highest(q) - qn_qaoa_lowest(q));
    double beta = 0.0;
    out->nhistory = 0;
    for (uint32_t l = 0; l < layers; l++) {
        double value = 0.0, slope = 0.0;
        angles[l] = dt;
        angles[layers + l] = beta;
        QN_TRY(qn__qaoa_state_step(&q->state, l == 0, dt, beta, &value, &slope));
        out->history_expected[out->nhistory] = value;
        out->history_best[out->nhistory++] = (double)NAN;
        out->evaluations++;
        if (l > 0 && value > out->history_expected[l - 1] + rise) {
            return QN_OK; /* the step is too long */
        }
        beta = -dt * slope;
        const qn_progress progress = {"falqon", l + 1, layers, l + 1, value, qn__clock() - s->started};
        qn__context_progress(s->context, &progress, &s->reported, false);
    }
    return QN_OK;
}

/* The same by way of the journal: only a time step that was finished is in it. `room` holds 3 numbers a layer. */
static qn_status feedback_logged(qn__solve *s, qn_qaoa *q, double dt, double *room)
{
    qn_qaoa_solution *out = s->solution;
    const size_t layers = s->options.layers;
    double *const history = room + 2 * layers;
    const uint64_t before = out->evaluations;
    passed got = {0.0, 0, 0};
    const qn__journal_entry entry = {&got, sizeof got, room, 3 * layers};
    bool found = false;
    QN_TRY(qn__solve_recall(s, &dt, sizeof dt, &entry, &found));
    if (!found) {
        QN_TRY(feedback(s, q, dt, room));
        memcpy(history, out->history_expected, out->nhistory * sizeof *history);
        got = (passed){0.0, out->nhistory, out->evaluations - before};
        return qn__solve_remember(s, &dt, sizeof dt, &entry);
    }
    memcpy(out->history_expected, history, got.layers * sizeof *history);
    for (uint64_t l = 0; l < got.layers; l++) {
        out->history_best[l] = (double)NAN;
    }
    out->nhistory = (uint32_t)got.layers;
    out->evaluations += got.evaluations;
    return QN_OK;
}

static bool falls(const qn_qaoa_solution *out, uint32_t layers, double range)
{
    return out->nhistory == layers &&
           (layers < 2 || out->history_expected[layers - 1] <= out->history_expected[layers - 2] + 1e-12 * range);
}

qn_status qn__solve_falqon(qn__solve *s)
{
    const uint32_t layers = s->options.layers;
    qn_qaoa *q = NULL;
    qn_qaoa_options options = QN_QAOA_OPTIONS_INIT;
    options.layers = layers;
    options.gradients = true;
    double *angles = qn__calloc(3 * (size_t)layers, sizeof *angles);
    QN_ALLOC_CHECK(angles);
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__solve_history(s->solution, layers));
    QN_TRY_CLEANUP(qn_qaoa_create(s->context, s->cost, &options, &q));
    double dt = 0.5 / qn_qaoa_scale(s->cost);
    for (int halvings = 0; halvings < 12; halvings++, dt *= 0.5) {
        QN_TRY_CLEANUP(feedback_logged(s, q, dt, angles));
        if (falls(s->solution, layers, qn_qaoa_highest(q) - qn_qaoa_lowest(q))) {
            break;
        }
    }
    QN_TRY_CLEANUP(qn__solve_measure(s, q, layers, angles));
    qn__solve_note(s->solution, "time step %.4g, halved until the average falls from layer to layer", dt);
cleanup:
    qn_qaoa_free(q);
    qn__free(angles);
    return status;
}
