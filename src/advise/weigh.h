/* weigh.h: one case with its times, and the size at which they meet. */
#ifndef QN_ADVISE_WEIGH_H
#define QN_ADVISE_WEIGH_H

#include "advise/case.h"

typedef struct qn__weighed {
    qn__bill bill;
    qn__paced paced;     /* of one run */
    qn__count quantum_s; /* of the whole answer */
    qn__count load_circuit_s, load_bandwidth_s;
} qn__weighed;

/* Bill and times; formulas go to `trace` when it is not NULL. */
void qn__weigh(const qn__case *c, qn__lines *trace, qn__weighed *out);
/* Every number that is shown is finite. */
bool qn__weighed_finite(const qn__weighed *w);

/* Size of a case, NaN where its workload has none; the same case at another size. */
qn__count qn__case_size(const qn__case *c);
void qn__case_resize(qn__case *c, qn__count size);

typedef struct qn__crossing {
    bool exists;
    qn__count size, seconds;
} qn__crossing;

/* The least size from which on the quantum run is faster, up to the workload's largest: from the top down in `steps`
 * parts of the logarithm, then bisection. */
qn__crossing qn__crossing_find(const qn__case *c, int steps);

/* R. Babbush et al., arXiv:2011.04149: with tQ and tC seconds a call and a speed-up of degree d > 1, equal times at
 * (tQ/tC)^(1/(d-1)) quantum calls. */
qn__crossing qn__crossing_closed(qn__count quantum_call_s, qn__count classical_call_s, double degree);
/* T. Hoefler, T. Haener, M. Troyer, arXiv:2307.00523: with tq and tc seconds an operation of either machine, the most
 * operations an oracle may have for a gain within `budget_s`: budget / (tq (tq/tc)^(1/(d-1))). */
qn__count qn__most_operations(qn__count budget_s, qn__count quantum_op_s, qn__count classical_op_s, double degree);

#endif
