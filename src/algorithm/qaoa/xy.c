/* xy.c: QAOA with ring and complete mixers inside the states in which every group has its number of ones (Hadfield et
 * al., arXiv:1709.03489; Wang, Rubin, Dominy, Rieffel, arXiv:1904.09314). */
#include <math.h>
#include <string.h>

#include "algorithm/qaoa/outcomes.h"
#include "algorithm/qaoa/subspace.h"
#include "base/alloc.h"
#include "base/context.h"
#include "base/status.h"

typedef struct landscape {
    const qn__subspace *subspace;
    qn_context *context;
    uint32_t layers;
    double scale;
    qn_complex *ket, *bra;
    double *angles;
} landscape;

static qn_status evaluate(void *user, const double *x, double *value, double *grad)
{
    const landscape *l = user;
    QN_CHECK(!qn_context_interrupted(l->context), ERR_INTERRUPTED, "interrupted");
    for (uint32_t k = 0; k < 2 * l->layers; k++) {
        l->angles[k] = k < l->layers ? x[k] / l->scale : x[k];
    }
    QN_TRY(qn__subspace_run(l->subspace, l->layers, l->angles, l->ket, l->bra, value, grad));
    for (uint32_t k = 0; grad != NULL && k < l->layers; k++) {
        grad[k] /= l->scale;
    }
    return QN_OK;
}

/* Spread of the feasible costs: the scale of the phases here. */
static double spread_of(const qn__subspace *s)
{
    double sum = 0.0, squares = 0.0;
    for (uint64_t k = 0; k < s->size; k++) {
        sum += s->cost[k];
    }
    const double mean = sum / (double)s->size;
    for (uint64_t k = 0; k < s->size; k++) {
        squares += (s->cost[k] - mean) * (s->cost[k] - mean);
    }
    const double spread = sqrt(squares / (double)s->size);
    return spread > 0.0 ? spread : 1.0;
}

/* In a ring a variable takes part in two turns a layer, with all pairs in one less than its group has members: the same
 * angle would mix that much more. */
static double turns_of_a_variable(const qn__subspace *s)
{
    uint32_t most = 2;
    for (uint32_t g = 0; g < s->groups && s->mixer == QN_QAOA_MIXER_COMPLETE; g++) {
        most = s->group[g].ones > 0 && s->group[g].count - 1 > most ? s->group[g].count - 1 : most;
    }
    return most;
}

static void decode(const void *user, size_t outcome, uint8_t *x)
{
    qn__subspace_decode(user, outcome, x);
}

static qn_status measure(qn__solve *s, landscape *l, const double *x)
{
    const qn__subspace *space = l->subspace;
    double value = 0.0;
    QN_TRY(evaluate(l, x, &value, NULL));
    double *probability = qn__alloc(space->size, sizeof *probability);
    QN_ALLOC_CHECK(probability);
    for (uint64_t k = 0; k < space->size; k++) {
        probability[k] = l->ket[k].re * l->ket[k].re + l->ket[k].im * l->ket[k].im;
    }
    const qn__outcomes outcomes = {space->size, probability, space->cost, decode, space};
    const qn_status status = qn__solve_outcomes(s, &outcomes);
    qn__free(probability);
    QN_TRY(status);
    s->solution->layers = l->layers;
    s->solution->state_bytes = (double)space->size * 40.0;
    return qn__solve_angles(s->solution, 2 * (size_t)l->layers, l->angles);
}

qn_status qn__solve_xy(qn__solve *s)
{
    QN_CHECK(s->cost.qubo != NULL && qn_qubo_groups(s->cost.qubo) > 0, ERR_UNSUPPORTED,
             "ring and complete mixers keep groups with a fixed number of ones; this cost has none (colouring, tours, "
             "grids, portfolios and features do)");
    const uint32_t layers = s->options.layers;
    qn__subspace space = {0};
    landscape l = {.subspace = &space, .context = s->context, .layers = layers};
    double *x = NULL;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__subspace_create(s->context, s->cost.qubo, s->options.mixer, &space));
    l.ket = qn__alloc(2 * space.size, sizeof *l.ket);
    x = qn__alloc(4 * (size_t)layers, sizeof *x);
    if (l.ket == NULL || x == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    l.bra = l.ket + space.size;
    l.angles = x + 2 * (size_t)layers;
    l.scale = spread_of(&space);
    qn_qaoa_ramp(layers, 0.75, 1.0, x);
    for (uint32_t k = layers; k < 2 * layers; k++) {
        x[k] *= 2.0 / turns_of_a_variable(&space);
    }
    QN_TRY_CLEANUP(measure(s, &l, x));
    if (s->options.schedule != QN_QAOA_RAMP) {
        qn_objective objective = QN_OBJECTIVE_INIT;
        objective.dimension = 2 * (size_t)layers;
        objective.user = &l;
        objective.evaluate = evaluate;
        objective.has_gradient = true;
        double value = 0.0;
        QN_TRY_CLEANUP(qn__solve_minimize(s, "xy", &objective, x, &value));
        QN_TRY_CLEANUP(measure(s, &l, x));
    }
    qn__solve_note(s->solution,
                   "inside %llu feasible states of 2^%u; guesses, mean and success are among feasible ones",
                   (unsigned long long)space.size, space.variables);
cleanup:
    qn__free(l.ket);
    qn__free(x);
    qn__subspace_release(&space);
    return status;
}
