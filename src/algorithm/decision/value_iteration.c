/* value_iteration.c: dynamic programming with the model known. */
#include <math.h>
#include <string.h>

#include "algorithm/decision/sweep.h"
#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/status.h"

enum { MOST_SWEEPS = 10000000, LOOK = 64 };

void qn_mdp_solution_free(qn_mdp_solution *solution)
{
    if (solution != NULL) {
        qn__free(solution->value);
        qn__free(solution->policy);
        qn__free(solution);
    }
}

double qn__sweep(const qn_mdp *mdp, const double *probability, const double *value, double *next, uint32_t *policy)
{
    double change = 0;
    for (uint32_t s = 0; s < mdp->states; s++) {
        double best = -HUGE_VAL;
        for (uint32_t a = 0; a < mdp->actions; a++) {
            const size_t pair = (size_t)s * mdp->actions + a;
            const double q = mdp->reward[pair] + mdp->discount * qn__expectation(mdp, probability, pair, value);
            if (q > best) {
                best = q;
                if (policy != NULL) {
                    policy[s] = a;
                }
            }
        }
        next[s] = best;
        change = fmax(change, fabs(best - value[s]));
    }
    return change;
}

qn_status qn__iterate(const qn_context *context, const qn_mdp *mdp, const double *probability, double epsilon,
                      qn_mdp_solution **out)
{
    const double began = qn__clock();
    qn_mdp_solution *s = qn__calloc(1, sizeof *s);
    double *next = qn__alloc(mdp->states, sizeof *next);
    if (s != NULL) {
        s->value = qn__calloc(mdp->states, sizeof *s->value);
        s->policy = qn__calloc(mdp->states, sizeof *s->policy);
    }
    if (s == NULL || next == NULL || s->value == NULL || s->policy == NULL) {
        qn__free(next);
        qn_mdp_solution_free(s);
        return QN_ERR_MEMORY;
    }
    /* |v_k - v*| <= discount / (1 - discount) |v_k - v_{k-1}| */
    const double factor = mdp->discount / (1 - mdp->discount);
    s->bound = HUGE_VAL;
    while (s->bound > epsilon && s->sweeps < MOST_SWEEPS && !s->interrupted) {
        s->bound = factor * qn__sweep(mdp, probability, s->value, next, s->policy);
        double *const swap = s->value;
        s->value = next;
        next = swap;
        s->sweeps++;
        s->interrupted = s->sweeps % LOOK == 0 && qn_context_interrupted(context);
    }
    s->reads = s->sweeps * mdp->start[(size_t)mdp->states * mdp->actions];
    /* The policy that is greedy for the final values. */
    (void)qn__sweep(mdp, probability, s->value, next, s->policy);
    qn__free(next);
    s->seconds = qn__clock() - began;
    *out = s;
    return QN_OK;
}

qn_status qn_value_iteration(const qn_context *context, const qn_mdp *mdp, double epsilon, qn_mdp_solution **out)
{
    QN_CHECK(context != NULL && mdp != NULL && out != NULL, ERR_ARGUMENT, "a context, a process and a place");
    QN_CHECK(epsilon > 0 && isfinite(epsilon), ERR_RANGE, "epsilon %g; expected a positive number", epsilon);
    return qn__iterate(context, mdp, mdp->probability, epsilon, out);
}

qn_status qn_policy_value(const qn_context *context, const qn_mdp *mdp, const uint32_t *policy, double epsilon,
                          double *value)
{
    QN_CHECK(context != NULL && mdp != NULL && policy != NULL && value != NULL && epsilon > 0, ERR_ARGUMENT,
             "a context, a process, a policy, a precision and a place");
    for (uint32_t s = 0; s < mdp->states; s++) {
        QN_CHECK(policy[s] < mdp->actions, ERR_RANGE, "action %u of %u in state %u", policy[s], mdp->actions, s);
    }
    const double factor = mdp->discount / (1 - mdp->discount);
    memset(value, 0, mdp->states * sizeof *value);
    double change = HUGE_VAL;
    for (uint64_t sweep = 0; factor * change > epsilon && sweep < MOST_SWEEPS; sweep++) {
        change = 0;
        for (uint32_t s = 0; s < mdp->states; s++) { /* in place: converges no slower */
            const size_t pair = (size_t)s * mdp->actions + policy[s];
            const double v = mdp->reward[pair] + mdp->discount * qn__expectation(mdp, mdp->probability, pair, value);
            change = fmax(change, fabs(v - value[s]));
            value[s] = v;
        }
        QN_CHECK(sweep % LOOK != 0 || !qn_context_interrupted(context), ERR_INTERRUPTED,
                 "interrupted while a policy was evaluated");
    }
    return QN_OK;
}
