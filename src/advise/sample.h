/* sample.h: what the uncertain inputs do to time and crossover. */
#ifndef QN_ADVISE_SAMPLE_H
#define QN_ADVISE_SAMPLE_H

#include "advise/weigh.h"

typedef struct qn__range {
    qn__count quantum[3];     /* 10, 50, 90 %, or best corner, centre, worst corner */
    qn__crossing crossing[3]; /* easy, central, hard for the quantum side */
    double share;             /* of samples that cross; NaN: corners only */
    bool sampled;
} qn__range;

/* `samples` 0: the two corners. The same seed gives the same numbers. */
QN_MUST_USE qn_status qn__range_find(const qn__instance *instance, uint32_t samples, uint64_t seed, bool crossing,
                                     qn__range *out);

/* The central case with every uncertain input at its easy (0), central (1) or hard end (2); the classical side is at
 * its centre, or with `rival` at the end that suits. */
void qn__instance_corner(const qn__instance *instance, int end, bool rival, qn__case *out);

#endif
