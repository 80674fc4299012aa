/* gradient_descent.c: steepest descent, plain and with momentum. */
#include "optimizer/descent.h"

qn_status qn__gradient_descent_run(qn__run *run)
{
    const qn__descent how = {.rate = 0.1};
    return qn__descent_run(run, &how);
}

qn_status qn__momentum_run(qn__run *run)
{
    const qn__descent how = {.rate = 0.01, .momentum = 0.9};
    return qn__descent_run(run, &how);
}
