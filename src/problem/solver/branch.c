/* branch.c: exact minima of quadratic models by branch and bound over spins, in the manner of Russian dolls
 * (Verfaillie, Lemaitre, Schiex, AAAI 1996).
 *
 * Variables are put in an order; the models of the last 1, 2, … n of them are solved one after the other. A partial
 * assignment of the k-th model bounds the rest twice: the minimum of the already solved rest plus the worst that the
 * fields from the assigned spins can add, and the worst of every field and coupling alone:
 *   E >= E_assigned + max(opt_rest - sum |f_i|, -sum |f_i + h_i| - sum_{free pairs} |J_ij|).
 */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "problem/solver/methods.h"
#include "problem/solver/race.h"

typedef struct tree {
    qn_context *context;
    uint32_t n;
    double started, seconds, reported;
    double *J, *h;            /* in the order of branching; J is n x n, symmetric */
    double *field;            /* n rows: fields on the free spins from those assigned, at each depth */
    double *rest;             /* n + 1: minimum of the model of spins k.. alone */
    double *pairs;            /* n + 1: sum of |J| among spins k.. */
    int8_t *spin, *best_spin; /* of the model being solved */
    double best, step;        /* two costs differ by at least `step`, 0: by anything */
    double offset;
    uint32_t first; /* model being solved: spins first.. */
    bool symmetric, stopped;
    uint64_t nodes;
    uint32_t *order;
} tree;

static bool over(tree *t)
{
    if ((t->nodes & 4095) == 0) {
        const double elapsed = qn__clock() - t->started;
        const qn_progress progress = {"branch and bound", t->n - t->first, t->n, t->nodes, (double)NAN, elapsed};
        qn__context_progress(t->context, &progress, &t->reported, false);
        t->stopped = t->stopped || qn_context_interrupted(t->context) || (t->seconds > 0 && elapsed >= t->seconds);
    }
    return t->stopped;
}

/* Lowest cost that an assignment of spins first..depth-1 with energy `energy` can lead to. */
static double bound(const tree *t, uint32_t depth, double energy)
{
    const double *const field = t->field + (size_t)depth * t->n;
    double outer = t->rest[depth], alone = -t->pairs[depth];
    for (uint32_t i = depth; i < t->n; i++) {
        outer -= fabs(field[i]);
        alone -= fabs(field[i] + t->h[i]);
    }
    return energy + fmax(outer, alone);
}

static void descend(tree *t, uint32_t depth, double energy)
{
    t->nodes++;
    if (depth == t->n) {
        if (energy < t->best) {
            t->best = energy;
            memcpy(t->best_spin + t->first, t->spin + t->first, t->n - t->first);
        }
        return;
    }
    const double slack = t->step > 0 ? t->step * (1 - 1e-6) : 1e-12 * fabs(t->best);
    if (over(t) || bound(t, depth, energy) > t->best - slack) {
        return;
    }
    const double *const field = t->field + (size_t)depth * t->n;
    double *const next = t->field + (size_t)(depth + 1) * t->n;
    const double local = field[depth] + t->h[depth];
    const bool halve = t->symmetric && depth == 0;
    int8_t s = local > 0 ? -1 : 1; /* the cheaper branch first */
    for (int side = 0; side < (halve ? 1 : 2); side++, s = (int8_t)-s) {
        t->spin[depth] = s;
        for (uint32_t i = depth + 1; i < t->n; i++) {
            next[i] = field[i] + s * t->J[(size_t)depth * t->n + i];
        }
        descend(t, depth + 1, energy + s * local);
    }
}

/* The model of spins k..: starts from the best of the model before with the better value of spin k. */
static void solve_model(tree *t, uint32_t k)
{
    double local = t->h[k];
    t->first = k;
    for (uint32_t i = k + 1; i < t->n; i++) {
        local += t->J[(size_t)k * t->n + i] * t->best_spin[i];
    }
    t->best_spin[k] = local > 0 ? -1 : 1;
    t->best = t->rest[k + 1] - fabs(local);
    memset(t->field + (size_t)k * t->n, 0, t->n * sizeof(double));
    t->rest[k] = -(double)INFINITY; /* not known while it is being solved; only deeper ones are asked for */
    descend(t, k, 0);
    t->rest[k] = t->best;
}

/* Most coupled spins first, so that what is left falls apart early; their own model is solved last. */
static void choose_order(const qn_qubo *qubo, uint32_t *order, double *weight)
{
    for (uint32_t i = 0; i < qubo->n; i++) {
        order[i] = i;
        weight[i] = 0;
        for (uint64_t k = qubo->start[i]; k < qubo->start[i + 1]; k++) {
            weight[i] += fabs(qubo->weight[k]);
        }
    }
    for (uint32_t i = 1; i < qubo->n; i++) { /* insertion: stable, n is small */
        const uint32_t moved = order[i];
        uint32_t j = i;
        for (; j > 0 && weight[order[j - 1]] < weight[moved]; j--) {
            order[j] = order[j - 1];
        }
        order[j] = moved;
    }
}

static void fill(tree *t, const qn_qubo *qubo, double *h)
{
    t->offset = qn_qubo_to_ising(qubo, h);
    choose_order(qubo, t->order, t->pairs);
    uint32_t *const place = (uint32_t *)(void *)(t->order + t->n);
    for (uint32_t k = 0; k < t->n; k++) {
        place[t->order[k]] = k;
        t->h[k] = h[t->order[k]];
    }
    for (size_t k = 0; k < qubo->npairs; k++) {
        const size_t i = place[qubo->pairs[k].i], j = place[qubo->pairs[k].j];
        t->J[i * t->n + j] = t->J[j * t->n + i] = qubo->pairs[k].b / 4;
    }
    t->pairs[t->n] = t->rest[t->n] = 0;
    for (uint32_t k = t->n; k-- > 0;) {
        t->pairs[k] = t->pairs[k + 1];
        for (uint32_t i = k + 1; i < t->n; i++) {
            t->pairs[k] += fabs(t->J[(size_t)k * t->n + i]);
        }
    }
}

static qn_status tree_create(tree *t, const qn_qubo *qubo)
{
    const size_t n = t->n;
    t->J = qn__calloc(n * n + (n + 1) * n + 3 * (n + 1) + n, sizeof *t->J);
    t->order = qn__alloc(2 * n, sizeof *t->order);
    t->spin = qn__calloc(2 * n, 1);
    if (t->J == NULL || t->order == NULL || t->spin == NULL) {
        return QN_ERR_MEMORY;
    }
    t->field = t->J + n * n;
    t->rest = t->field + (n + 1) * n;
    t->pairs = t->rest + n + 1;
    t->h = t->pairs + n + 1;
    t->best_spin = t->spin + n;
    fill(t, qubo, t->h + n + 1);
    t->step = qn_qubo_is_integer(qubo) ? 1 : 0;
    t->symmetric = qn_qubo_is_symmetric(qubo);
    return QN_OK;
}

static void tree_release(tree *t)
{
    qn__free(t->J);
    qn__free(t->order);
    qn__free(t->spin);
}

/* When it was stopped in the model of spins k..: what is left out can lower the cost by no more than all its terms. */
static double proven_bound(const tree *t, uint32_t unsolved)
{
    double value = t->rest[unsolved];
    for (uint32_t k = 0; k < unsolved; k++) {
        value -= fabs(t->h[k]);
        for (uint32_t i = k + 1; i < t->n; i++) {
            value -= fabs(t->J[(size_t)k * t->n + i]);
        }
    }
    return t->offset + value;
}

static qn_status conclude(tree *t, const qn_qubo *qubo, uint32_t unsolved, qn_optimize_result **out)
{
    qn_optimize_result *result = NULL;
    QN_TRY(qn__optimize_result_create(t->n, 1, &result));
    for (uint32_t k = 0; k < t->n; k++) { /* spins the stopped search never reached stay at +1 */
        result->x[t->order[k]] = t->best_spin[k] < 0 ? 1 : 0;
    }
    result->cost = qn_qubo_value(qubo, result->x);
    result->optimal = unsolved == 0;
    result->interrupted = t->stopped && qn_context_interrupted(t->context);
    result->bound = result->optimal ? result->cost : proven_bound(t, unsolved);
    result->starts = 1;
    result->flips = t->nodes;
    result->seconds = result->seconds_to_best = qn__clock() - t->started;
    result->trace_seconds[0] = result->seconds;
    result->trace_cost[0] = result->cost;
    *out = result;
    return QN_OK;
}

qn_status qn__solve_branch(qn_context *context, qn_cost cost, const qn_optimize_options *options,
                           qn_optimize_result **out)
{
    qn_optimize_options filled;
    QN_TRY(qn__optimize_check(cost, options, &filled));
    QN_CHECK(cost.qubo != NULL, ERR_UNSUPPORTED, "branch and bound takes quadratic models, not polynomials");
    const uint32_t n = cost.qubo->n;
    QN_CHECK(n <= QN__BRANCH_VARIABLES, ERR_TOO_LARGE, "%u variables; branch and bound takes at most %d", n,
             (int)QN__BRANCH_VARIABLES);
    tree t = {.context = context, .n = n, .started = qn__clock(), .seconds = filled.seconds};
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(tree_create(&t, cost.qubo));
    uint32_t unsolved = n;
    while (unsolved > 0 && !t.stopped) {
        solve_model(&t, unsolved - 1);
        unsolved -= t.stopped ? 0 : 1;
    }
    QN_TRY_CLEANUP(conclude(&t, cost.qubo, unsolved, out));
cleanup:
    tree_release(&t);
    return status;
}
