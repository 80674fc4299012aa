/* tempering.c: parallel tempering (Hukushima, Nemoto, J. Phys. Soc. Jpn. 65, 1604 (1996)): replicas at 16 fixed
 * temperatures, geometrically spaced; after every sweep neighbours swap with probability min(1, e^{dbeta dE}). One
 * start is one such ladder. */
#include <math.h>

#include "problem/solver/methods.h"
#include "problem/solver/race.h"

enum { LADDER = 16 };

typedef struct ladder {
    double temperature[LADDER];
} ladder;

/* Swapping whole replicas means swapping which one stands at which temperature. */
static void exchange(const ladder *l, const qn__walker *replica, uint32_t *at, qn__draws *draws, uint32_t first)
{
    for (uint32_t k = first; k + 1 < LADDER; k += 2) {
        const double cold = replica[at[k + 1]].value, hot = replica[at[k]].value;
        const double log_ratio = (1 / l->temperature[k + 1] - 1 / l->temperature[k]) * (cold - hot);
        if (log_ratio >= 0 || qn__draw_uniform(draws) < exp(log_ratio)) {
            const uint32_t keep = at[k];
            at[k] = at[k + 1];
            at[k + 1] = keep;
        }
    }
}

static void run(qn__race *race, void *scratch, qn__walker *replica, qn__draws *draws, uint64_t start,
                const void *shared)
{
    (void)scratch;
    const ladder *const l = shared;
    const uint64_t sweeps = qn__race_sweeps(race, start);
    uint32_t at[LADDER];
    uint64_t flips = 0;
    double best = (double)INFINITY;
    for (uint32_t k = 0; k < LADDER; k++) { /* a start of the caller's begins at the coldest place */
        at[k] = k;
        qn__race_begin(race, k == LADDER - 1 ? start : UINT64_MAX, &replica[k], draws);
    }
    for (uint64_t s = 0; s < sweeps && (s == 0 || !qn__race_over(race, start)); s++) {
        for (uint32_t k = 0; k < LADDER; k++) {
            qn__walker *const walker = &replica[at[k]];
            flips += qn__walker_sweep(walker, draws, l->temperature[k]);
            flips += qn__moves_sweep(&race->moves, walker, draws, l->temperature[k]);
            if (walker->value < best) {
                best = walker->value;
                qn__race_offer(race, start, walker);
            }
        }
        if (best <= race->options.target + race->slack) {
            break;
        }
        exchange(l, replica, at, draws, (uint32_t)(s & 1));
    }
    qn__race_count(race, flips);
}

qn_status qn__solve_tempering(qn_context *context, qn_cost cost, const qn_optimize_options *options,
                              qn_optimize_result **out)
{
    qn_optimize_options filled;
    QN_TRY(qn__optimize_check(cost, options, &filled));
    ladder l;
    double hot = 0, cold = 0;
    QN_TRY(qn__moves_scales(cost, filled.seed, &hot, &cold));
    hot = hot > 0 ? hot : 1;
    cold = fmax(cold / 3, hot * 1e-4);
    cold = cold > 0 ? cold : 1;
    for (uint32_t k = 0; k < LADDER; k++) {
        l.temperature[k] = hot * pow(cold / hot, (double)k / (LADDER - 1));
    }
    const qn__method method = {.stage = "tempering", .walkers = LADDER, .run = run, .shared = &l};
    return qn__race_run(context, cost, options, &method, out);
}
