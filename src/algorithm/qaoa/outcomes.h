/* outcomes.h: a distribution over listed outcomes, for methods that have one: what measuring it gives. */
#ifndef QN_ALGORITHM_QAOA_OUTCOMES_H
#define QN_ALGORITHM_QAOA_OUTCOMES_H

#include "algorithm/qaoa/solve.h"

typedef struct qn__outcomes {
    size_t count;
    const double *probability, *cost; /* probabilities up to a common factor */
    void (*decode)(const void *user, size_t outcome, uint8_t *x);
    const void *user;
} qn__outcomes;

/* Expectation, success, histogram, and shots beside uniform guesses among the same outcomes. */
QN_MUST_USE qn_status qn__solve_outcomes(qn__solve *s, const qn__outcomes *outcomes);
QN_MUST_USE qn_status qn__outcomes_draw(qn__solve *s, const qn__outcomes *outcomes, double total);

#endif
