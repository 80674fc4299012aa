/* goemans.c: spins from the relaxation by random hyperplanes (Goemans, Williamson, J. ACM 42, 1115 (1995)): s_i is the
 * side of the plane that v_i lies on, relative to v_0. For cuts with non-negative weights the mean is at least 0.878 of
 * the optimum. No local search follows, so that the guarantee is seen as it is. */
#include <math.h>

#include "base/clock.h"
#include "problem/solver/methods.h"
#include "problem/solver/race.h"
#include "problem/solver/semidefinite.h"

enum { PLANES = 200, MOST_PLANES = 4000 };

static void run(qn__race *race, void *scratch, qn__walker *walker, qn__draws *draws, uint64_t start, const void *shared)
{
    const qn__relaxation *const r = shared;
    double *const normal = scratch;
    (void)draws;
    for (uint32_t k = 0; k < r->rank; k++) {
        normal[k] = qn__random_normal(race->options.seed, 3, start * r->rank + k);
    }
    double reference = 0;
    for (uint32_t i = 0; i <= r->n; i++) {
        double side = 0;
        for (uint32_t k = 0; k < r->rank; k++) {
            side += normal[k] * r->vectors[(size_t)i * r->rank + k];
        }
        if (i == 0) {
            reference = side;
        } else {
            walker->x[i - 1] = (side < 0) != (reference < 0) ? 1 : 0;
        }
    }
    qn__race_offer_state(race, start, qn_cost_value(race->cost, walker->x), walker->x);
}

qn_status qn__solve_gw(qn_context *context, qn_cost cost, const qn_optimize_options *options, qn_optimize_result **out)
{
    qn_optimize_options filled;
    QN_TRY(qn__optimize_check(cost, options, &filled));
    QN_CHECK(cost.qubo != NULL, ERR_UNSUPPORTED, "Goemans-Williamson takes quadratic models, not polynomials");
    const double started = qn__clock();
    qn__relaxation relaxation;
    QN_TRY(qn__relax(context, cost.qubo, filled.seed, filled.seconds, &relaxation));
    const double spent = qn__clock() - started;
    if (filled.seconds > 0) { /* at least a moment for the planes */
        filled.seconds = fmax(filled.seconds - spent, 0.05 * filled.seconds);
    }
    filled.start = NULL;
    filled.restarts = filled.restarts == 0 && filled.seconds <= 0 ? PLANES : filled.restarts;
    const qn__method method = {.stage = "gw",
                               .scratch = relaxation.rank * sizeof(double),
                               .most_starts = MOST_PLANES,
                               .run = run,
                               .shared = &relaxation};
    const qn_status status = qn__race_run(context, cost, &filled, &method, out);
    if (status == QN_OK) {
        qn_optimize_result *const result = *out;
        /* costs that are whole numbers cannot lie between two of them */
        result->bound = qn_cost_is_integer(cost) ? ceil(relaxation.bound - 1e-6) : relaxation.bound;
        result->optimal = result->cost <= result->bound;
        result->seconds += spent;
        result->seconds_to_best += spent;
        for (size_t k = 0; k < result->trace; k++) {
            result->trace_seconds[k] += spent;
        }
    }
    qn__relaxation_release(&relaxation);
    return status;
}
