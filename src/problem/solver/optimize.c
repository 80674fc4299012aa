/* optimize.c: the table of solvers. */
#include <quern/optimize.h>

#include "base/status.h"
#include "problem/solver/methods.h"

static const struct {
    const char *name, *text;
    qn__solver_fn solve;
} solvers[QN_SOLVER_COUNT_] = {
    [QN_SOLVER_ANNEAL] = {"anneal", "simulated annealing, geometric cooling, many starts", qn__solve_anneal},
    [QN_SOLVER_TABU] = {"tabu", "tabu search: best flip not made lately, many starts", qn__solve_tabu},
    [QN_SOLVER_TEMPERING] = {"tempering", "parallel tempering over 16 temperatures", qn__solve_tempering},
    [QN_SOLVER_GW] = {"gw", "Goemans-Williamson: semidefinite relaxation and random hyperplanes", qn__solve_gw},
    [QN_SOLVER_EXACT] = {"exact", "all states, or branch and bound", qn__solve_exact},
    [QN_SOLVER_GREEDY] = {"greedy", "steepest descent, then exchanges of a 1 with a 0, many starts", qn__solve_greedy},
    [QN_SOLVER_RANDOM] = {"random", "random guesses, the control", qn__solve_random},
};

const char *qn_solver_name(qn_solver solver)
{
    return (unsigned)solver < QN_SOLVER_COUNT_ ? solvers[solver].name : NULL;
}

const char *qn_solver_text(qn_solver solver)
{
    return (unsigned)solver < QN_SOLVER_COUNT_ ? solvers[solver].text : NULL;
}

qn_status qn_optimize(qn_context *context, qn_cost cost, qn_solver solver, const qn_optimize_options *options,
                      qn_optimize_result **out)
{
    QN_CHECK(context != NULL && out != NULL, ERR_ARGUMENT, "a context and a place for the result are needed");
    QN_CHECK((unsigned)solver < QN_SOLVER_COUNT_, ERR_ARGUMENT, "solver %d is none of qn_solver", (int)solver);
    return solvers[solver].solve(context, cost, options, out);
}
