/* factor.h: arithmetic modulo 64-bit integers, and their prime factors. */
#ifndef QN_CIRCUIT_PASSES_FACTOR_H
#define QN_CIRCUIT_PASSES_FACTOR_H

#include "circuit/passes/ring.h"

enum { QN__FACTORS = 16 /* different primes of a number below 2^64 */ };

typedef struct qn__factors {
    uint64_t prime[QN__FACTORS];
    uint32_t exponent[QN__FACTORS];
    size_t count;
} qn__factors;

uint64_t qn__power_modulo(uint64_t base, uint64_t exponent, uint64_t modulus);
bool qn__is_prime(uint64_t n);
/* Of n >= 1. False (never seen) when Pollard's rho gives up. */
bool qn__factor(uint64_t n, qn__factors *out);

#endif
