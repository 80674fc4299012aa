/* sobol.h: Sobol's low-discrepancy points. */
#ifndef QN_MATH_SOBOL_H
#define QN_MATH_SOBOL_H

#include <stdint.h>

enum { QN__SOBOL_DIMENSIONS = 10, QN__SOBOL_BITS = 32 };

/* Direction numbers of a dimension (below 10), as bits after the binary point. */
void qn__sobol_directions(uint32_t dimension, uint32_t v[QN__SOBOL_BITS]);

/* Coordinate of point `index` as 32 bits after the binary point. In natural order: the first 2^k points have one in
 * every interval of length 2^-k. */
static inline uint32_t qn__sobol_point(const uint32_t directions[QN__SOBOL_BITS], uint32_t index)
{
    uint32_t point = 0;
    for (; index != 0; index &= index - 1) {
        point ^= directions[__builtin_ctz(index)];
    }
    return point;
}

#endif
