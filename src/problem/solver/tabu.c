/* tabu.c: one-flip tabu search (Glover, Kochenberger, Alidaee, Management Science 44, 336 (1998); tenure as in
 * Palubeckis, Ann. Oper. Res. 131, 259 (2004)): always the best flip that was not made in the last n/100 + 1..10 steps,
 * or that leads below everything this start has seen. */
#include <math.h>
#include <string.h>

#include "problem/solver/methods.h"
#include "problem/solver/race.h"

static uint32_t tenure(uint32_t n, qn__draws *draws)
{
    const uint32_t wanted = n / 100 + 1 + qn__draw_below(draws, 10);
    return wanted < n / 2 ? wanted : n / 2; /* small models must keep some moves */
}

/* The best admissible flip; n when there is none. Ties by a running draw, so that none is preferred. */
static uint32_t choose(const qn__walker *walker, const uint64_t *free_at, uint64_t step, double aspiration,
                       qn__draws *draws)
{
    uint32_t chosen = walker->n, ties = 0;
    double lowest = (double)INFINITY;
    for (uint32_t i = 0; i < walker->n; i++) {
        const double change = walker->delta[i];
        if (change > lowest || (free_at[i] > step && !(change < aspiration))) {
            continue;
        }
        ties = change < lowest ? 1 : ties + 1;
        if (ties == 1 || qn__draw_below(draws, ties) == 0) {
            chosen = i;
        }
        lowest = change;
    }
    return chosen;
}

static void run(qn__race *race, void *scratch, qn__walker *walker, qn__draws *draws, uint64_t start, const void *shared)
{
    (void)shared;
    const uint32_t n = walker->n;
    uint64_t *const free_at = scratch;
    const uint64_t steps = qn__race_sweeps(race, start) * 8; /* a step looks at n flips, as a sweep does, for less */
    uint64_t step = 1;
    memset(free_at, 0, n * sizeof *free_at);
    qn__race_begin(race, start, walker, draws);
    double best = walker->value;
    qn__race_offer(race, start, walker);
    for (; step <= steps && ((step & 63) != 0 || !qn__race_over(race, start)); step++) {
        const uint32_t i = choose(walker, free_at, step, best - walker->value - race->slack * 1e-3, draws);
        if (i == n) {
            continue;
        }
        qn__walker_flip(walker, i);
        free_at[i] = step + 1 + tenure(n, draws);
        if (walker->value < best) {
            best = walker->value;
            qn__race_offer(race, start, walker);
            if (best <= race->options.target + race->slack) {
                break;
            }
        }
    }
    qn__race_count(race, step);
}

qn_status qn__solve_tabu(qn_context *context, qn_cost cost, const qn_optimize_options *options,
                         qn_optimize_result **out)
{
    qn_optimize_options filled;
    QN_TRY(qn__optimize_check(cost, options, &filled));
    const qn__method method = {.stage = "tabu", .scratch = qn_cost_variables(cost) * sizeof(uint64_t), .run = run};
    return qn__race_run(context, cost, options, &method, out);
}
