/* spsa.h: the SPSA loop, which QN-SPSA runs with its metric in between. */
#ifndef QN_OPTIMIZER_SPSA_H
#define QN_OPTIMIZER_SPSA_H

#include "optimizer/run.h"

typedef struct qn__spsa {
    /* replaces the gradient estimate at x of iteration k; perturbations have size c. NULL: none */
    qn_status (*precondition)(void *user, uint64_t k, const double *x, double c, double *grad);
    void *user;
} qn__spsa;

QN_MUST_USE qn_status qn__spsa_loop(qn__run *run, const qn__spsa *how);
/* A random sign for entry i of iteration k; each `stream` draws its own. */
double qn__spsa_sign(const qn__run *run, uint64_t stream, uint64_t k, size_t i);

#endif
