/* era.h: which machines hold a run, and when they may be there. */
#ifndef QN_ADVISE_ERA_H
#define QN_ADVISE_ERA_H

#include <quern/advise.h>

#include "advise/loading.h"

typedef struct qn__eras {
    uint32_t count;
    qn_era_fit fit[QN_ADVISE_ERAS];
    int first; /* the first whose central capacity holds the run; -1: none */
} qn__eras;

QN_MUST_USE qn_status qn__eras_find(const qn_advice *advice, qn__count qubits, qn__count operations, qn__eras *out);

/* Probability that something promised for `promised` is there by `year`, late by the record's slip: half of the mass
 * between low and middle, half between middle and high, even within each. */
double qn__by_year(double promised, double year, const double slip[3]);
QN_MUST_USE qn_status qn__slip_read(const qn_advice *advice, double slip[3]);

#endif
