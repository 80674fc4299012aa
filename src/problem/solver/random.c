/* random.c: guesses. The control that tells what luck alone reaches with the same number of tries. */
#include <math.h>
#include <string.h>

#include "problem/solver/methods.h"
#include "problem/solver/race.h"

enum { GUESSES = 256 }; /* a start */

/* As many members of every group as it should have, fair coins elsewhere. */
static void guess(const qn__race *race, uint8_t *x, uint32_t n, qn__draws *draws)
{
    uint32_t word = 0;
    for (uint32_t i = 0; i < n; i++) {
        word = i % 32 == 0 ? qn__draw(draws) : word >> 1;
        x[i] = (uint8_t)(word & 1);
    }
    const qn_qubo *const qubo = race->cost.qubo;
    for (size_t g = 0; qubo != NULL && g < qubo->ngroups; g++) {
        const uint32_t *members = NULL;
        uint32_t ones = 0;
        const uint32_t count = (uint32_t)qn_qubo_group(qubo, g, &members, &ones);
        for (uint32_t k = 0; k < count; k++) { /* each with the chance that what is left to choose gives it */
            x[members[k]] = qn__draw_below(draws, count - k) < ones;
            ones -= x[members[k]];
        }
    }
}

static void run(qn__race *race, void *scratch, qn__walker *walker, qn__draws *draws, uint64_t start, const void *shared)
{
    (void)scratch;
    (void)shared;
    double best = (double)INFINITY;
    for (int k = 0; k < GUESSES && (k == 0 || !qn__race_over(race, start)); k++) {
        guess(race, walker->x, walker->n, draws);
        const double value = qn_cost_value(race->cost, walker->x);
        if (value < best) {
            best = value;
            qn__race_offer_state(race, start, value, walker->x);
            if (value <= race->options.target + race->slack) {
                break;
            }
        }
    }
    qn__race_count(race, GUESSES);
}

qn_status qn__solve_random(qn_context *context, qn_cost cost, const qn_optimize_options *options,
                           qn_optimize_result **out)
{
    const qn__method method = {.stage = "random", .run = run};
    return qn__race_run(context, cost, options, &method, out);
}
