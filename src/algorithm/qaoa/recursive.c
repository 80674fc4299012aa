/* recursive.c: recursive QAOA (Bravyi, Kliesch, König, Tang, arXiv:1910.08980) with the closed form of one layer, at
 * any size: the strongest average, of a spin or of a pair, is taken as certain, and a variable goes. */
#include <math.h>
#include <string.h>

#include "algorithm/qaoa/answers.h"
#include "algorithm/qaoa/one_layer.h"
#include "algorithm/qaoa/solve.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/status.h"

enum { LEFT = 14, AFRESH = 64 }; /* solved exactly at the end; rounds between wide searches of gamma */

/* s_i = sign * s_other, or sign alone when other is UINT32_MAX; in the order of the original variables. */
typedef struct tie {
    uint32_t variable, other;
    double sign;
} tie;

/* What a round found: the angle it ended at, its average, and the strongest average of a spin or pair. */
typedef struct finding {
    double seconds, gamma, expected, value;
    uint32_t i, j;
} finding;

typedef struct recursion {
    qn__solve *solve;
    qn_context *context;
    qn_qubo *model;  /* of the variables that are left */
    uint32_t *names; /* their original numbers */
    tie *ties;
    uint32_t count, variables;
    double *h, *spins, *pairs;
    double gamma, started, reported;
} recursion;

/* Strongest average; pairs follow each other in the order of the rows. */
static void strongest(const recursion *r, uint32_t *i, uint32_t *j, double *value)
{
    size_t next = 0;
    *value = 0.0;
    *i = 0;
    *j = UINT32_MAX;
    for (uint32_t a = 0; a < qn_qubo_variables(r->model); a++) {
        if (fabs(r->spins[a]) > fabs(*value) + 1e-12) {
            *value = r->spins[a];
            *i = a;
            *j = UINT32_MAX;
        }
        const uint32_t *neighbours = NULL;
        const double *weights = NULL;
        const size_t degree = qn_qubo_row(r->model, a, &neighbours, &weights);
        for (size_t k = 0; k < degree; k++) {
            if (neighbours[k] > a) {
                if (fabs(r->pairs[next]) > fabs(*value) + 1e-12) {
                    *value = r->pairs[next];
                    *i = a;
                    *j = neighbours[k];
                }
                next++;
            }
        }
    }
}

/* The model without variable i, where s_i = sign * s_j (or sign). */
static qn_status substitute(const recursion *r, uint32_t i, uint32_t j, double sign, double offset, qn_qubo **out)
{
    const uint32_t n = qn_qubo_variables(r->model);
    qn_qubo *model = NULL;
    QN_TRY(qn_qubo_create(n - 1, &model));
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_qubo_add_constant(model, offset));
    for (uint32_t a = 0; a < n; a++) {
        const uint32_t from = a < i ? a : a - 1;
        if (a != i) {
            QN_TRY_CLEANUP(qn_qubo_add_field(model, from, r->h[a]));
        } else if (j == UINT32_MAX) {
            QN_TRY_CLEANUP(qn_qubo_add_constant(model, sign * r->h[a]));
        } else {
            QN_TRY_CLEANUP(qn_qubo_add_field(model, j < i ? j : j - 1, sign * r->h[a]));
        }
        const uint32_t *neighbours = NULL;
        const double *weights = NULL;
        const size_t degree = qn_qubo_row(r->model, a, &neighbours, &weights);
        for (size_t k = 0; k < degree; k++) {
            const uint32_t b = neighbours[k];
            if (b <= a) {
                continue;
            }
            const double coupling = weights[k] / 4.0;
            const uint32_t other = a == i ? b : a, to = other < i ? other : other - 1;
            if (a != i && b != i) {
                QN_TRY_CLEANUP(qn_qubo_add_coupling(model, from, b < i ? b : b - 1, coupling));
            } else if (j == UINT32_MAX) {
                QN_TRY_CLEANUP(qn_qubo_add_field(model, to, sign * coupling));
            } else { /* s_j s_j = 1 gives the constant */
                QN_TRY_CLEANUP(qn_qubo_add_coupling(model, to, j < i ? j : j - 1, sign * coupling));
            }
        }
    }
    QN_TRY_CLEANUP(qn_qubo_finish(model));
    *out = model;
    model = NULL;
cleanup:
    qn_qubo_free(model);
    return status;
}

static void find(recursion *r, uint32_t round, double offset, finding *out)
{
    const double scale = qn_qaoa_scale((qn_cost){r->model, NULL});
    double beta = 0.0;
    if (round % AFRESH == 0) {
        out->expected = qn__one_layer_search(r->model, r->h, offset, 0.0, 3.0 / scale, 48, &r->gamma, &beta);
    } else {
        out->expected =
            qn__one_layer_search(r->model, r->h, offset, 0.7 * r->gamma, 1.4 * r->gamma, 4, &r->gamma, &beta);
    }
    qn__one_layer_correlations(r->model, r->h, r->gamma, beta, r->spins, r->pairs);
    strongest(r, &out->i, &out->j, &out->value);
    out->gamma = r->gamma;
}

static qn_status round_once(recursion *r, uint32_t round, double *expected)
{
    const double offset = qn_qubo_to_ising(r->model, r->h);
    const size_t question = qn_qubo_variables(r->model) * sizeof *r->h; /* the fields of the model that is left */
    finding got = {0.0, 0.0, 0.0, 0.0, 0, 0};
    const qn__journal_entry entry = {&got, sizeof got, NULL, 0};
    bool found = false;
    QN_TRY(qn__solve_recall(r->solve, r->h, question, &entry, &found));
    if (!found) {
        find(r, round, offset, &got);
        QN_TRY(qn__solve_remember(r->solve, r->h, question, &entry));
    }
    r->gamma = got.gamma;
    *expected = got.expected;
    uint32_t i = got.i, j = got.j;
    if (j != UINT32_MAX && j > i) { /* the later one goes */
        const uint32_t keep = i;
        i = j;
        j = keep;
    }
    const double sign = got.value < 0.0 ? -1.0 : 1.0;
    qn_qubo *next = NULL;
    QN_TRY(substitute(r, i, j, sign, offset, &next));
    qn_qubo_free(r->model);
    r->model = next;
    r->ties[r->count++] = (tie){r->names[i], j == UINT32_MAX ? UINT32_MAX : r->names[j], sign};
    memmove(r->names + i, r->names + i + 1, (qn_qubo_variables(next) - i) * sizeof *r->names);
    return QN_OK;
}

static qn_status finish(recursion *r, uint8_t *x)
{
    qn_optimize_options options = QN_OPTIMIZE_OPTIONS_INIT;
    qn_optimize_result *rest = NULL;
    QN_TRY(qn_optimize(r->context, (qn_cost){r->model, NULL}, QN_SOLVER_EXACT, &options, &rest));
    for (uint32_t k = 0; k < qn_qubo_variables(r->model); k++) {
        x[r->names[k]] = rest->x[k];
    }
    qn_optimize_result_free(rest);
    while (r->count > 0) {
        const tie t = r->ties[--r->count];
        const double other = t.other == UINT32_MAX ? 1.0 : x[t.other] != 0 ? -1.0 : 1.0;
        x[t.variable] = t.sign * other < 0.0;
    }
    return QN_OK;
}

qn_status qn__solve_recursive(qn__solve *s)
{
    QN_CHECK(s->cost.qubo != NULL, ERR_UNSUPPORTED,
             "recursive QAOA by the closed form of one layer takes quadratic costs; this one is of higher degree");
    const uint32_t n = s->solution->variables;
    /* a substitution joins two rows, so there are never more pairs than at the start */
    const size_t pairs = qn_qubo_couplings(s->cost.qubo);
    recursion r = {.solve = s, .context = s->context, .variables = n, .started = qn__clock()};
    qn_status status = QN_OK;
    r.names = qn__alloc(n, sizeof *r.names);
    r.ties = qn__alloc(n, sizeof *r.ties);
    r.h = qn__alloc(2 * (size_t)n + pairs, sizeof *r.h);
    if (r.names == NULL || r.ties == NULL || r.h == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    r.spins = r.h + n;
    r.pairs = r.spins + n;
    for (uint32_t k = 0; k < n; k++) {
        r.names[k] = k;
    }
    QN_TRY_CLEANUP(qn_qubo_clone(s->cost.qubo, &r.model));
    for (uint32_t round = 0; qn_qubo_variables(r.model) > LEFT; round++) {
        double expected = 0.0;
        QN_TRY_CLEANUP(round_once(&r, round, &expected));
        s->solution->expected = round == 0 ? expected : s->solution->expected;
        s->solution->evaluations++;
        const qn_progress progress = {"rqaoa", round + 1, n - LEFT, round + 1, expected, qn__clock() - r.started};
        qn__context_progress(s->context, &progress, &r.reported, false);
        if (qn_context_interrupted(s->context)) {
            status = QN_FAIL(ERR_INTERRUPTED, "interrupted");
            goto cleanup;
        }
    }
    QN_TRY_CLEANUP(finish(&r, s->solution->x));
    s->solution->layers = 1;
    qn__solve_note(
        s->solution,
        "averages of one layer in closed form: no state was simulated; %u variables left for an exact finish",
        qn_qubo_variables(r.model));
cleanup:
    qn_qubo_free(r.model);
    qn__free(r.names);
    qn__free(r.ties);
    qn__free(r.h);
    return status;
}
