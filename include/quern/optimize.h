/* optimize.h: the classical rivals: solvers of binary cost functions and of tours, with one interface. */
#ifndef QUERN_OPTIMIZE_H
#define QUERN_OPTIMIZE_H

#include <quern/context.h>
#include <quern/qubo.h>

QN_BEGIN_DECLS

typedef enum qn_solver {
    QN_SOLVER_ANNEAL = 0,    /* simulated annealing, many starts */
    QN_SOLVER_TABU = 1,      /* best admissible flip, short memory, many starts */
    QN_SOLVER_TEMPERING = 2, /* parallel tempering */
    QN_SOLVER_GW = 3,        /* Goemans-Williamson: semidefinite relaxation, random hyperplanes; gives a bound */
    QN_SOLVER_EXACT = 4,     /* Gray code over all states, or branch and bound; proven unless stopped */
    QN_SOLVER_GREEDY = 5,    /* steepest descent, then exchanges of a 1 with a 0; many starts */
    QN_SOLVER_RANDOM = 6,    /* uniform guesses (groups with their number of ones): the control of every claim */
    QN_SOLVER_COUNT_
} qn_solver;
/** "anneal", "tabu", "tempering", "gw", "exact", "greedy", "random"; NULL behind the last. */
QN_API const char *qn_solver_name(qn_solver solver);
QN_API const char *qn_solver_text(qn_solver solver); /* one line */

typedef struct qn_optimize_options {
    uint32_t size;
    uint64_t seed;
    double seconds;       /* 0: no limit. With a limit the result depends on the machine's speed. */
    uint64_t restarts;    /* 0: until `seconds` are over, or 32 without such a limit */
    uint64_t sweeps;      /* of one start, a sweep being n tried flips; 0: 128, doubled every 8 starts up to 131072 */
    double target;        /* stop once E <= target (to rounding); NaN: none */
    const uint8_t *start; /* first start, or NULL */
    uint32_t exact_limit; /* most variables that Gray code takes; 0: 30 */
} qn_optimize_options;
#define QN_OPTIMIZE_OPTIONS_INIT                                                                                       \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_optimize_options), 42, 0, 0, 0, __builtin_nan(""), NULL, 0                                 \
    }

typedef struct qn_optimize_result {
    uint32_t variables;
    uint8_t *x;
    double cost;      /* E(x), computed anew */
    double bound;     /* proven: no state is below; -inf where nothing is known */
    bool optimal;     /* proven */
    bool interrupted; /* by Ctrl-C; x is the best so far */
    bool reached;     /* the target */
    uint64_t starts, flips;
    double seconds, seconds_to_best;
    /* best cost so far against time since the start */
    size_t trace;
    double *trace_seconds, *trace_cost;
    /* distinct from the best: mean of the starts' results (random: of all guesses), NaN when there is none */
    double mean_cost;
} qn_optimize_result;

/** Minimise a cost function. For a limit on starts and sweeps alone, the same seed gives the same x for any number of
 * threads.
 *  Errors: QN_ERR_ARGUMENT, QN_ERR_UNSUPPORTED (GW of a polynomial), QN_ERR_TOO_LARGE (exact beyond what can be
 * enumerated), QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_optimize(qn_context *context, qn_cost cost, qn_solver solver,
                                         const qn_optimize_options *options, qn_optimize_result **out);
QN_API void qn_optimize_result_free(qn_optimize_result *result);

/** Round tours on a symmetric matrix of distances (nodes x nodes). */
typedef enum qn_tour_solver {
    QN_TOUR_HELD_KARP = 0, /* dynamic programming over subsets, exact, nodes <= 20 */
    QN_TOUR_BRANCH = 1,    /* branch and bound with the 1-tree bound of Held and Karp; exact unless stopped */
    QN_TOUR_TWO_OPT = 2,   /* 2-opt and Or-opt from random starts */
    QN_TOUR_COUNT_
} qn_tour_solver;
QN_API const char *qn_tour_solver_name(qn_tour_solver solver); /* "held-karp", "branch", "two-opt" */

typedef struct qn_tour_result {
    uint32_t nodes;
    uint32_t *tour; /* starts at node 0 */
    double length;
    double bound;
    bool optimal, interrupted;
    uint64_t starts;
    double seconds, seconds_to_best;
    size_t trace;
    double *trace_seconds, *trace_length;
} qn_tour_result;
QN_API QN_MUST_USE qn_status qn_optimize_tour(qn_context *context, uint32_t nodes, const double *distances,
                                              qn_tour_solver solver, const qn_optimize_options *options,
                                              qn_tour_result **out);
QN_API void qn_tour_result_free(qn_tour_result *result);

QN_END_DECLS
#endif
