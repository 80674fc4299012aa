/* decision.h: Markov decision processes: plain value iteration, and value iteration with quantum means and maxima whose
 * every query is counted.
 *
 * The quantum scheme is that of D. Wang, A. Sundaram, R. Kothari, A. Kapoor,
 * M. Roetteler, "Quantum algorithms for reinforcement learning with a generative model", ICML 2021, arXiv:2112.08451),
 * in its plainest form: each mean over next states by amplitude estimation, each maximum over actions by threshold
 * search. Its noise is drawn from the exact distribution of phase estimation, so that errors are those of the circuit.
 */
#ifndef QUERN_DECISION_H
#define QUERN_DECISION_H

#include <quern/context.h>
#include <quern/ledger.h>

QN_BEGIN_DECLS

/** States, actions, transitions. Pair p = state * actions + action leads to next[start[p] .. start[p + 1] - 1]. */
typedef struct qn_mdp {
    uint32_t states, actions;
    double discount;                /* in (0, 1) */
    size_t *start;                  /* states * actions + 1 */
    uint32_t *next;                 /* each below `states` */
    double *probability;            /* sums to 1 over a pair */
    double *reward;                 /* expected, of each pair */
    double least_value, most_value; /* known bounds of every value function that iteration from 0 passes through */
    uint32_t first;                 /* where an episode begins */
    uint32_t width, height;         /* of a world on a grid, states row by row; else 0 */
    char *map;                      /* width * height letters: S start, F free, H hole, G goal; or NULL */
} qn_mdp;
QN_API void qn_mdp_free(qn_mdp *mdp);

/** Gymnasium's FrozenLake of 4 x 4 or 8 x 8 fields: actions left, down, right, up; slippery: each of the direction and
 * its two neighbours with 1/3; reward 1 for reaching the goal. QN_ERR_RANGE for another size or discount. */
QN_API QN_MUST_USE qn_status qn_mdp_frozen_lake(uint32_t size, bool slippery, double discount, qn_mdp **out);
/** An empty room: from the upper left to the lower right corner, -0.01 a step, 1 more for the one that reaches the
 * goal; a move goes astray to either side with probability slip / 2 each. 2 .. 1000 fields a side. */
QN_API QN_MUST_USE qn_status qn_mdp_gridworld(uint32_t width, uint32_t height, double slip, double discount,
                                              qn_mdp **out);
/** A random process (Archibald, McKinnon, Thomas 1995): every pair leads to `branches` different states with
 * probabilities cut by uniform numbers; rewards uniform in [0, 1]. At most 10^8 transitions. */
QN_API QN_MUST_USE qn_status qn_mdp_garnet(uint32_t states, uint32_t actions, uint32_t branches, double discount,
                                           uint64_t seed, qn_mdp **out);

/** Values and a greedy policy. Owned by the caller. */
typedef struct qn_mdp_solution {
    double *value;          /* states */
    uint32_t *policy;       /* states: best action, the first of equals */
    double bound;           /* every value is this near to the optimal one */
    uint64_t sweeps, reads; /* reads: transitions looked at */
    bool interrupted;
    double seconds;
} qn_mdp_solution;
QN_API void qn_mdp_solution_free(qn_mdp_solution *solution);
/** Value iteration with the model known: until the bound is at most `epsilon`. The classical rival. */
QN_API QN_MUST_USE qn_status qn_value_iteration(const qn_context *context, const qn_mdp *mdp, double epsilon,
                                                qn_mdp_solution **out);
/** Value of following a policy, to `epsilon`. */
QN_API QN_MUST_USE qn_status qn_policy_value(const qn_context *context, const qn_mdp *mdp, const uint32_t *policy,
                                             double epsilon, double *value);

typedef struct qn_quantum_iteration_options {
    uint32_t size;
    double epsilon; /* wanted error of every value; 0: 0.1 */
    double failure; /* probability that any of it goes wrong; 0: 0.05 */
    uint64_t seed;
    bool reduced; /* by epochs with variance reduction instead of plain sweeps */
} qn_quantum_iteration_options;
#define QN_QUANTUM_ITERATION_OPTIONS_INIT                                                                              \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_quantum_iteration_options), 0.0, 0.0, 1, false                                             \
    }

/** What a sweep had reached, for pictures. */
typedef struct qn_sweep {
    double error;   /* largest |value - optimal| */
    double queries; /* of the model so far */
} qn_sweep;
typedef struct qn_quantum_iteration {
    double *value;
    uint32_t *policy;
    double error;      /* largest |value - optimal|, against value iteration to 10^-10 */
    double regret;     /* largest loss of following the policy */
    qn_sweep *history; /* sweeps of them */
    uint64_t sweeps;
    uint32_t clock;        /* clock qubits of one estimation */
    uint32_t repeats;      /* estimations whose median is taken */
    uint64_t estimations;  /* means in all, repeats not included */
    bool searched;         /* maxima by threshold search; else every action was estimated, which was cheaper */
    double queries;        /* calls of the model (a sample of the next state, in superposition) */
    double queries_each;   /* the same had every action been estimated */
    double queries_search; /* the same with threshold search: its guaranteed number of rounds */
    double samples;        /* that sampling would need for the same promise (Hoeffding), sweep by sweep */
    double sampled_error; /* of planning on a model estimated from as many samples as there were queries, at most 10^6 a
                             pair */
    double sampled_per_pair;
    bool interrupted;
    double seconds;
    /* with variance reduction: the ledger of its queries; else 0 */
    uint64_t epochs;
    uint64_t by_variance;      /* epochs whose reference means were estimated by their variance, not by range */
    double queries_variance;   /* of them: variances of the reference values */
    double queries_reference;  /* means of the reference values */
    double queries_difference; /* means of the differences to them */
} qn_quantum_iteration;
/** Value iteration whose means are estimated by phase estimation; the plain one estimates every mean of every sweep to
 *  (1 - g) epsilon / (2 g). `reduced` (Wang, Sundaram, Kothari, Kapoor, Roetteler, arXiv:2112.08451, after Sidford,
 * Wang, Wu, Yang, Ye, arXiv:1806.01492): epochs that halve the error u, in each of which reference means are estimated
 * once, to one error by the range of the values or, where that is cheaper, to one that follows the standard deviation
 * of each (`by_variance`), and sweeps estimate only the means of the small differences; values never exceed the optimal
 * ones. Every action of every state is estimated. */
QN_API QN_MUST_USE qn_status qn_quantum_value_iteration(const qn_context *context, const qn_mdp *mdp,
                                                        const qn_quantum_iteration_options *options,
                                                        qn_quantum_iteration **out);
QN_API void qn_quantum_iteration_free(qn_quantum_iteration *iteration);

/** Greedy actions out of a table of action values, one row a state, by threshold search with the table loaded by QROM.
 */
typedef struct qn_greedy {
    uint32_t *action;       /* rows */
    uint64_t wrong;         /* rows where another action is better */
    double queries;         /* oracle calls over all rows, until each search stopped */
    double queries_to_best; /* the mean over rows of the calls at which the best action first stood there */
    double lookup_toffoli;  /* of one oracle call: load the row, unload it */
    double scan_seconds;    /* of the classical scan of all rows, measured */
    double seconds;
} qn_greedy;
/** `failure`: of each row. QN_ERR_NAN, QN_ERR_RANGE, QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_greedy_actions(const qn_context *context, const double *table, size_t rows,
                                               size_t actions, double failure, uint64_t seed, qn_greedy **out);
QN_API void qn_greedy_free(qn_greedy *greedy);

/** Fill ledgers (workload "mdp"); the caller adds the rival of the first. */
QN_API QN_MUST_USE qn_status qn_quantum_iteration_ledger(const qn_mdp *mdp, const qn_quantum_iteration *iteration,
                                                         double epsilon, qn_ledger *ledger);
QN_API QN_MUST_USE qn_status qn_greedy_ledger(const qn_greedy *greedy, size_t rows, size_t actions, qn_ledger *ledger);

QN_END_DECLS
#endif
