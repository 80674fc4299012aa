/* sampling.h: the one rule by which a state becomes shots, so that engines agree shot by shot.
 *
 * For `sample` of sys/engine.h: row r, shot s draws u = qn__random_uniform(seed, stream + r, s), uniform in [0, 1).
 * With p_i the squared modulus of amplitude i and C_i = p_0 + ... + p_i, the outcome is the first index i with C_i > u
 * * C_last. Multiplying by the total C_last makes the rule right for a state whose norm is not 1 to the last bit.
 * Engines that add up in another order differ only where u falls within rounding of a step, which is what lets tests
 * compare counts between engines.
 *
 * The counts of a row get every outcome seen once, in rising order, with its number of sightings. */
#ifndef QN_ENGINE_SAMPLING_H
#define QN_ENGINE_SAMPLING_H

#include <stdint.h>

#include "base/rng.h"

/* First i with cumulative[i] > target, for a target below cumulative[count - 1]; the last index if rounding brought it
 * there. */
static inline uint64_t qn__sample_pick(const double *cumulative, uint64_t count, double target)
{
    uint64_t low = 0, high = count - 1; /* the answer lies in low .. high */
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (cumulative[middle] > target) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/* The outcome of one shot. */
static inline uint64_t qn__sample_shot(const double *cumulative, uint64_t count, uint64_t seed, uint64_t stream,
                                       uint64_t shot)
{
    return qn__sample_pick(cumulative, count, qn__random_uniform(seed, stream, shot) * cumulative[count - 1]);
}

#endif
