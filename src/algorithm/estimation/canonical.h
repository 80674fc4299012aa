/* canonical.h: the clock of phase estimation, in closed form. */
#ifndef QN_ALGORITHM_ESTIMATION_CANONICAL_H
#define QN_ALGORITHM_ESTIMATION_CANONICAL_H

#include <stdint.h>

/* Probability that phase estimation of the amplification step with 2^bits - 1 calls shows y, for amplitude a =
 * sin(theta)^2: half the sum of the Fejer kernels around M theta / pi and M - M theta / pi, M = 2^bits (Brassard,
 * Hoyer, Mosca, Tapp, arXiv:quant-ph/0005055, theorem 11). */
double qn__canonical_probability(double amplitude, uint32_t bits, uint64_t y);
/* One outcome as an estimate sin(pi y / M)^2, drawn with (seed, stream); constant time. */
double qn__canonical_draw(double amplitude, uint32_t bits, uint64_t seed, uint64_t stream);

#endif
