/* greedy.c: steepest descent from a random state, then exchanges of a 1 with a 0 (which penalties of sums leave free),
 * until neither helps. */
#include <math.h>

#include "problem/solver/methods.h"
#include "problem/solver/race.h"

static void descend(qn__walker *walker, double least)
{
    for (;;) {
        uint32_t chosen = walker->n;
        double lowest = -least;
        for (uint32_t i = 0; i < walker->n; i++) {
            if (walker->delta[i] < lowest) {
                lowest = walker->delta[i];
                chosen = i;
            }
        }
        if (chosen == walker->n) {
            return;
        }
        qn__walker_flip(walker, chosen);
    }
}

/* The first exchange that helps, if any. With x_i = 1 and x_j = 0 both flips together cost d_i + d_j - b_ij. */
static bool exchange(qn__race *race, qn__walker *walker, uint64_t start, double least)
{
    for (uint32_t i = 0; i < walker->n; i++) {
        if (walker->x[i] == 0) {
            continue;
        }
        if ((i & 255) == 255 && qn__race_over(race, start)) {
            return false;
        }
        for (uint32_t j = 0; j < walker->n; j++) {
            if (walker->x[j] == 0) {
                double change = walker->delta[i] + walker->delta[j];
                if (race->cost.qubo != NULL) {
                    change -= qn__qubo_coupling(race->cost.qubo, i, j);
                } else {
                    qn__walker_flip(walker, i);
                    change = walker->delta[j] - walker->delta[i];
                    qn__walker_flip(walker, i);
                }
                if (change < -least) {
                    qn__walker_flip(walker, i);
                    qn__walker_flip(walker, j);
                    return true;
                }
            }
        }
    }
    return false;
}

static void run(qn__race *race, void *scratch, qn__walker *walker, qn__draws *draws, uint64_t start, const void *shared)
{
    (void)scratch;
    (void)shared;
    const double least = race->slack * 1e-3; /* smaller gains may be rounding, and then there is no end */
    qn__race_begin(race, start, walker, draws);
    do {
        descend(walker, least);
    } while (!qn__race_over(race, start) && exchange(race, walker, start, least));
    qn__race_offer(race, start, walker);
    qn__race_count(race, walker->n);
}

qn_status qn__solve_greedy(qn_context *context, qn_cost cost, const qn_optimize_options *options,
                           qn_optimize_result **out)
{
    const qn__method method = {.stage = "greedy", .run = run};
    return qn__race_run(context, cost, options, &method, out);
}
