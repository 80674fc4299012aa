/* exact.c: which exact method: all states while they are few, else branch and bound where the model allows it. */
#include "base/status.h"
#include "problem/solver/methods.h"
#include "problem/solver/race.h"

enum { ENUMERATED = 22 };

qn_status qn__solve_exact(qn_context *context, qn_cost cost, const qn_optimize_options *options,
                          qn_optimize_result **out)
{
    const uint32_t n = qn_cost_variables(cost);
    return n <= ENUMERATED || cost.qubo == NULL ? qn__solve_gray(context, cost, options, out)
                                                : qn__solve_branch(context, cost, options, out);
}
