/* walker.h: a state that is changed bit by bit, with the cost of every possible flip kept up to date.
 *
 * A flip costs the number of terms it touches; reading a flip's price costs nothing. */
#ifndef QN_PROBLEM_WALKER_H
#define QN_PROBLEM_WALKER_H

#include "base/status.h"
#include "problem/qubo.h"
#include "problem/solver/draws.h"

typedef struct qn__walker {
    qn_cost cost;
    uint32_t n;
    double value;         /* E(x), by increments */
    double *delta;        /* n: E after the flip of i minus E */
    double *signed_terms; /* polynomial: c_t prod s */
    uint8_t *x;
} qn__walker;

QN_MUST_USE qn_status qn__walker_create(qn_cost cost, qn__walker *out);
void qn__walker_release(qn__walker *walker);
/* Put it onto its own x (written by the caller): everything is computed anew, so rounding does not pile up. */
void qn__walker_settle(qn__walker *walker);
void qn__walker_flip(qn__walker *walker, uint32_t i);
/* One sweep of Metropolis: every variable once, in order; flips taken are returned. */
uint64_t qn__walker_sweep(qn__walker *walker, qn__draws *draws, double temperature);

/* The spread of flip costs: `hot`, the largest root mean square over random states; `cold`, the smallest step there is.
 * Both 0 for a constant. Variables that `skip` (may be NULL) marks are left out. */
void qn__cost_scales(qn_cost cost, const uint8_t *skip, double *hot, double *cold);
/* Terms that a flip touches, on average; at least 1. */
double qn__cost_degree(qn_cost cost);

#endif
