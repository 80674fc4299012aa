/* anneal.c: simulated annealing (Kirkpatrick, Gelatt, Vecchi, Science 220, 671 (1983)), single flips in order,
 * then moves inside groups.
 *
 * The temperature falls geometrically from twice the largest root mean square of a move's cost, where nearly all moves
 * are taken, to a quarter of the smallest step, where e^-4 of the smallest uphill steps are. */
#include <math.h>

#include "problem/solver/methods.h"
#include "problem/solver/race.h"

typedef struct schedule {
    double hot, cold;
} schedule;

/* Down to the bottom of the valley the walk ended in. */
static void descend(qn__walker *walker)
{
    bool moved = true;
    while (moved) {
        moved = false;
        for (uint32_t i = 0; i < walker->n; i++) {
            if (walker->delta[i] < 0) {
                const double before = walker->value;
                qn__walker_flip(walker, i);
                moved = moved || walker->value < before; /* a change that rounding swallows ends it */
            }
        }
    }
}

static void run(qn__race *race, void *scratch, qn__walker *walker, qn__draws *draws, uint64_t start, const void *shared)
{
    (void)scratch;
    const schedule *const s = shared;
    const uint64_t sweeps = qn__race_sweeps(race, start);
    uint64_t flips = 0;
    double best = (double)INFINITY;
    qn__race_begin(race, start, walker, draws);
    if (start == 0 && race->options.start != NULL) {
        best = walker->value;
        qn__race_offer(race, start, walker);
    }
    for (uint64_t k = 0; k < sweeps && s->hot > 0 && !qn__race_over(race, start); k++) {
        const double part = sweeps > 1 ? (double)k / (double)(sweeps - 1) : 1;
        const double temperature = s->hot * pow(s->cold / s->hot, part);
        flips += qn__walker_sweep(walker, draws, temperature);
        flips += qn__moves_sweep(&race->moves, walker, draws, temperature);
        if (walker->value < best && part > 0.5) { /* hot states are not worth the copying */
            best = walker->value;
            qn__race_offer(race, start, walker);
        }
    }
    descend(walker);
    if (walker->value < best) {
        qn__race_offer(race, start, walker);
    }
    qn__race_count(race, flips);
}

qn_status qn__solve_anneal(qn_context *context, qn_cost cost, const qn_optimize_options *options,
                           qn_optimize_result **out)
{
    qn_optimize_options filled;
    QN_TRY(qn__optimize_check(cost, options, &filled));
    schedule s = {0, 0};
    QN_TRY(qn__moves_scales(cost, filled.seed, &s.hot, &s.cold));
    s.hot *= 2;
    s.cold = fmax(s.cold / 4, s.hot * 1e-5);
    const qn__method method = {.stage = "anneal", .run = run, .shared = &s};
    return qn__race_run(context, cost, options, &method, out);
}
