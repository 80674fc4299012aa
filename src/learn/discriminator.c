/* discriminator.c: the classical side of an adversarially trained circuit: bits as +-1, one layer of tanh units, a
 * logit.
 *
 * Parameters: a row of weights and a bias for each unit, then the weights of the logit and its bias. */
#include <math.h>
#include <string.h>

#include "learn/generative.h"

enum { UNITS = 16 };

size_t qn__discriminator_parameters(uint32_t bits)
{
    return UNITS * ((size_t)bits + 2) + 1;
}

static double unit(uint32_t bits, const double *row, uint64_t x)
{
    double sum = row[bits];
    for (uint32_t q = 0; q < bits; q++) {
        sum += x >> q & 1 ? -row[q] : row[q];
    }
    return tanh(sum);
}

void qn__discriminator_logits(uint32_t bits, const double *parameters, double *logits)
{
    const double *const out = parameters + UNITS * ((size_t)bits + 1);
    for (uint64_t x = 0; x < UINT64_C(1) << bits; x++) {
        logits[x] = out[UNITS];
        for (size_t j = 0; j < UNITS; j++) {
            logits[x] += out[j] * unit(bits, parameters + j * ((size_t)bits + 1), x);
        }
    }
}

void qn__discriminator_gradient(uint32_t bits, const double *parameters, const double *slopes, double *gradient)
{
    const size_t start = UNITS * ((size_t)bits + 1);
    memset(gradient, 0, qn__discriminator_parameters(bits) * sizeof *gradient);
    for (uint64_t x = 0; x < UINT64_C(1) << bits; x++) {
        gradient[start + UNITS] += slopes[x];
        for (size_t j = 0; j < UNITS; j++) {
            const size_t row = j * ((size_t)bits + 1);
            const double value = unit(bits, parameters + row, x);
            const double inner = slopes[x] * parameters[start + j] * (1 - value * value);
            gradient[start + j] += slopes[x] * value;
            gradient[row + bits] += inner;
            for (uint32_t q = 0; q < bits; q++) {
                gradient[row + q] += x >> q & 1 ? -inner : inner;
            }
        }
    }
}
