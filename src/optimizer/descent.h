/* descent.h: the loop that gradient descent, momentum and the natural gradient share. */
#ifndef QN_OPTIMIZER_DESCENT_H
#define QN_OPTIMIZER_DESCENT_H

#include "optimizer/run.h"

typedef struct qn__descent {
    double rate;     /* the method's default learning rate */
    double momentum; /* part of the last move that is kept; 0: none */
    /* turns the gradient at x into a direction to go against; NULL: the gradient itself */
    qn_status (*precondition)(void *user, const double *x, const double *grad, double *direction);
    void *user;
} qn__descent;

QN_MUST_USE qn_status qn__descent_run(qn__run *run, const qn__descent *how);

#endif
