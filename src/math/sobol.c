/* sobol.c: Sobol points from primitive polynomials and the initial direction numbers of S. Joe and F. Kuo,
 * "Constructing Sobol sequences with better two-dimensional projections", SIAM J. Sci. Comput. 30, 2635 (2008), their
 * table new-joe-kuo-6, first ten dimensions. */
#include "math/sobol.h"

enum { DEGREES = 5 };

/* Polynomial x^s + ... + 1 with inner coefficients `a` as bits, and s odd numbers m. Dimension 0 is van der Corput's.
 */
static const struct start {
    uint32_t s, a, m[DEGREES];
} starts[QN__SOBOL_DIMENSIONS] = {{0, 0, {0}},
                                  {1, 0, {1}},
                                  {2, 1, {1, 3}},
                                  {3, 1, {1, 3, 1}},
                                  {3, 2, {1, 1, 1}},
                                  {4, 1, {1, 1, 3, 3}},
                                  {4, 4, {1, 3, 5, 13}},
                                  {5, 2, {1, 1, 5, 5, 17}},
                                  {5, 4, {1, 1, 5, 5, 5}},
                                  {5, 7, {1, 1, 7, 11, 19}}};

void qn__sobol_directions(uint32_t dimension, uint32_t v[QN__SOBOL_BITS])
{
    const struct start *const d = &starts[dimension];
    for (uint32_t k = 0; k < QN__SOBOL_BITS; k++) {
        if (k < d->s) {
            v[k] = d->m[k] << (QN__SOBOL_BITS - 1 - k);
        } else if (d->s == 0) {
            v[k] = UINT32_C(1) << (QN__SOBOL_BITS - 1 - k);
        } else { /* v_k = a_1 v_{k-1} + ... + a_{s-1} v_{k-s+1} + v_{k-s} + v_{k-s} / 2^s, without carries */
            v[k] = v[k - d->s] ^ v[k - d->s] >> d->s;
            for (uint32_t j = 1; j < d->s; j++) {
                v[k] ^= (d->a >> (d->s - 1 - j) & 1) != 0 ? v[k - j] : 0;
            }
        }
    }
}
