/* random.c: guesses. The control that tells what luck alone reaches with the same number of tries. */
#include <math.h>
#include <string.h>

#include "problem/solver/methods.h"
#include "problem/solver/race.h"

enum { GUESSES = 256 }; /* a start */

static void run(qn__race *race, void *scratch, qn__walker *walker, qn__draws *draws, uint64_t start, const void *shared)
{
    (void)scratch;
    (void)shared;
    double best = (double)INFINITY;
    for (int k = 0; k < GUESSES && (k == 0 || !qn__race_over(race, start)); k++) {
        qn__guess(race->cost, walker->x, draws);
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
