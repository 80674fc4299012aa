/* pace.c: C. Gidney and A. Fowler's CCZ factory (arXiv:1812.01238) with the smallest distances that do, and with as
 * many levels of 15-to-1 distillation as its states need. */
#include "advise/pace.h"

#include <math.h>

/* Smallest odd d >= least with factor * 0.1 (p/pth)^((d+1)/2) <= target. */
static double distance_for(const qn__pace *pace, double ln_factor, double ln_target, double least)
{
    const double ln_ratio = log(pace->threshold / pace->error);
    const double wanted = 2 * (ln_factor + log(0.1) - ln_target) / ln_ratio - 1;
    double d = ceil(wanted - 1e-9);
    d = fmod(d, 2) == 0 ? d + 1 : d;
    return fmax(d, least);
}

static double ln(qn__count value)
{
    return (double)logl(value);
}

/* Physical qubits of one factory. Distillation makes 35 e^3 of states that err with e, so that raw states of error p
 * are good enough for a level that must reach `ln_t` as long as 35 p^3 does; where it does not, another level of
 * 15-to-1 factories feeds it, ceil(15 (2 l0 + 1) / (2 l1 + 1)) for each (model_b.c says why). A level more costs
 * qubits, and no time. */
static double factory_qubits(const qn__pace *pace, double ln_t, qn__paced *out)
{
    enum { MOST_LEVELS = 16 }; /* the error of the last but one falls like 3^-level in its logarithm */
    double units = 6, above = out->level1, qubits = units * above * above + out->level2 * out->level2;
    for (out->levels = 2; log(35.0) + 3 * log(pace->error) > ln_t && out->levels < MOST_LEVELS; out->levels++) {
        ln_t = (ln_t - log(35.0)) / 3;
        const double below = distance_for(pace, log(1100.0), ln_t, 5);
        units *= ceil(15 * (2 * below + 1) / (2 * above + 1));
        qubits += units * below * below;
        above = below;
    }
    return 64 * qubits;
}

qn__paced qn__pace_run(const qn__pace *pace, qn__count qubits, qn__count toffoli, qn__count t, qn__count depth)
{
    qn__paced out = {0};
    const qn__count states = fmaxl(toffoli + t / 2, 1);
    /* A third of the budget for the states; 1000 P(l2) + 28 (1100 P(l1))^2 is the error of one, half for each term. */
    const double ln_state = log(pace->budget / 6) - ln(states);
    out.level2 = distance_for(pace, log(1000.0), ln_state, 7);
    const double ln_t = 0.5 * (ln_state - log(28.0));
    out.level1 = distance_for(pace, log(1100.0), ln_t, 5);
    const double block = fmax(2 * out.level1 + 1, out.level2) * pace->cycle_s;
    out.toffoli_s = pace->toffoli_s > 0 ? (qn__count)pace->toffoli_s : (qn__count)(5.5 * block / pace->factories);
    qn__count factory = (toffoli + t / 2) * out.toffoli_s;
    if (pace->toffoli_s <= 0) {
        factory += t / 2 * (qn__count)(block / pace->factories);
    }
    const qn__count reaction = depth * (qn__count)pace->reaction_s;
    const qn__count tiles = 2 * qubits + sqrtl(8 * qubits) + 1;
    out.seconds = fmaxl(factory, reaction);
    out.bound = factory >= reaction ? QN__PACE_FACTORY : QN__PACE_REACTION;
    out.distance = 3;
    /* The distance sets the time of a consumed state and the time sets the distance: three rounds settle it. */
    for (int round = 0; round < 3; round++) {
        const qn__count cycles = fmaxl(out.seconds / (qn__count)pace->cycle_s, 1);
        out.distance = distance_for(pace, ln(tiles) + ln(cycles), log(pace->budget / 3), 3);
        const qn__count data = depth * (qn__count)(out.distance * pace->cycle_s);
        if (data > out.seconds && pace->toffoli_s <= 0) {
            out.seconds = data;
            out.bound = QN__PACE_DATA;
        }
    }
    const double one = factory_qubits(pace, ln_t, &out);
    out.physical_qubits = tiles * (qn__count)(2 * out.distance * out.distance) + (qn__count)(pace->factories * one);
    return out;
}
