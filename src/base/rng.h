/* rng.h: counter-based random numbers, Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC'11).
 *
 * A draw is a pure function of (seed, stream, index), so results depend neither on threads nor on the order of work. */
#ifndef QN_BASE_RNG_H
#define QN_BASE_RNG_H

#include <stdint.h>

/* One block of four 32-bit words. */
void qn__philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* 64 random bits for (seed, stream, index). */
uint64_t qn__random_bits(uint64_t seed, uint64_t stream, uint64_t index);
/* Uniform in [0, 1), 53 bits. */
double qn__random_uniform(uint64_t seed, uint64_t stream, uint64_t index);
/* Standard normal (Box-Muller on one block). */
double qn__random_normal(uint64_t seed, uint64_t stream, uint64_t index);
/* A new seed for a named part of a run, so that parts do not share draws. */
uint64_t qn__random_derive(uint64_t seed, uint64_t part);

#endif
