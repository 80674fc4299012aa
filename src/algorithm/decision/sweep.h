/* sweep.h: one backup of value iteration. */
#ifndef QN_ALGORITHM_DECISION_SWEEP_H
#define QN_ALGORITHM_DECISION_SWEEP_H

#include <quern/decision.h>

/* sum over next states of probability * value */
static inline double qn__expectation(const qn_mdp *mdp, const double *probability, size_t pair, const double *value)
{
    double sum = 0;
    for (size_t k = mdp->start[pair]; k < mdp->start[pair + 1]; k++) {
        sum += probability[k] * value[mdp->next[k]];
    }
    return sum;
}

/* next = max over actions of reward + discount * expectation; the largest change. `policy` may be NULL. `probability`
 * is the model's, or an estimate of it in the same order. */
double qn__sweep(const qn_mdp *mdp, const double *probability, const double *value, double *next, uint32_t *policy);

/* Iterates until changes are so small that every value is within `epsilon` of the fixed point, or `stop` says so. */
QN_MUST_USE qn_status qn__iterate(const qn_context *context, const qn_mdp *mdp, const double *probability,
                                  double epsilon, qn_mdp_solution **out);

#endif
