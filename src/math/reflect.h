/* reflect.h: Grover's two reflections on a vector of amplitudes, in one trip through memory a step.
 *
 * A step is G(alpha, beta) = -(1 - (1 - e^{i alpha}) |s><s|) (1 - (1 - e^{i beta}) M): s the uniform vector, M the
 * projector on the marked entries. G needs the sum of the vector after the marked entries turned, so every trip leaves
 * that sum behind for the next one. Sums go over fixed chunks in fixed order: the same bits for any number of threads.
 */
#ifndef QN_MATH_REFLECT_H
#define QN_MATH_REFLECT_H

#include <stddef.h>
#include <stdint.h>

/* Doubles of scratch for vectors of `count` entries. */
uint64_t qn__reflect_scratch(uint64_t count);

/* alpha = beta = pi on real entries: x becomes 2 mean - x where unmarked, 2 mean + x where marked, with `mean` that of
 * the vector whose marked entries changed sign. Bit i % 64 of marked[i / 64] tells whether i is marked. Returns the
 * mean for the next step. */
double qn__reflect_real(double *x, uint64_t count, const uint64_t *marked, double mean, double *scratch,
                        uint32_t threads);
/* That mean, to begin with. */
double qn__reflect_real_mean(const double *x, uint64_t count, const uint64_t *marked, double *scratch,
                             uint32_t threads);
/* Any phases on re, im pairs. turn[2] is e^{i beta}, along[2] is 1 - e^{i alpha}; the sum needs this step's beta, so it
 * is taken in a trip of its own. */
void qn__reflect_complex(double *x, uint64_t count, const uint64_t *marked, const double turn[2], const double along[2],
                         double *scratch, uint32_t threads);
/* Sum of |x_i|^2 over marked entries; `width` 1: real, 2: re, im pairs. */
double qn__reflect_marked(const double *x, uint64_t count, uint32_t width, const uint64_t *marked, double *scratch,
                          uint32_t threads);

#endif
