/* problem.h: optimization problems made into cost functions, and bit strings made into their answers.
 *
 * A problem has an objective in its own sense (a cut is maximised, a tour minimised) and a cost function over bits that
 * is always minimised (qubo.h). Constraints enter the cost as penalties heavy enough that every minimum of the cost is
 * feasible and optimal (see docs/optimization-problems.md for the bounds); qn_problem_judge says of any bit string what
 * it means and whether it is feasible. */
#ifndef QUERN_PROBLEM_H
#define QUERN_PROBLEM_H

#include <quern/instance.h>
#include <quern/qubo.h>
#include <quern/report.h>

QN_BEGIN_DECLS

typedef struct qn_problem qn_problem;

/** How a choice among k values is written in bits. */
typedef enum qn_encoding {
    QN_ENCODING_ONE_HOT = 0,     /* k bits, exactly one 1: any costs of pairs stay quadratic; mixers can keep it */
    QN_ENCODING_DOMAIN_WALL = 1, /* k - 1 bits 1…10…0 (Chancellor, Quantum Sci. Technol. 4, 045004 (2019)) */
    QN_ENCODING_BINARY = 2       /* ceil(log2 k) bits; costs of pairs are of higher degree, so a polynomial */
} qn_encoding;

typedef struct qn_problem_options {
    uint32_t size;
    const char *kind;     /* NULL: the usual one of the instance; see qn_problem_kind_at */
    qn_encoding encoding; /* of colours and grids */
    double penalty;       /* factor on the guaranteed penalty; 0: 1. Below 1 the guarantee is gone. */
    uint32_t colours;     /* colouring: 0: largest degree + 1, at most what greedy needs */
    uint32_t choose;      /* features, portfolio: how many; 0: a third of them, at least 1 */
    double capacity;      /* knapsack: 0: half of all weight */
    double risk;          /* portfolio: weight of the variance; 0: 1 */
    double redundancy;    /* features: weight of redundancy; 0: 1 */
    const char *target;   /* features, grid: the column; NULL: the last one */
    bool maximise;        /* grid: larger targets are better */
    uint32_t vehicles;    /* routing: 0: what the file says, else as few as the demands fit into, largest first */
} qn_problem_options;
#define QN_PROBLEM_OPTIONS_INIT                                                                                        \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_problem_options), NULL, QN_ENCODING_ONE_HOT, 0, 0, 0, 0, 0, 0, NULL, false, 0              \
    }

/** Names of the kinds: "maxcut", "independent-set", …; NULL behind the last. */
QN_API const char *qn_problem_kind_at(size_t index);
/** One line about a kind; static. */
QN_API const char *qn_problem_kind_text(size_t index);

/** Make the problem. The instance is borrowed until the problem is freed.
 *  Errors: QN_ERR_NAME (unknown kind or column, with the nearest), QN_ERR_ARGUMENT (the kind does not fit the instance;
 * an option out of range; no feasible solution can exist), QN_ERR_TOO_LARGE, QN_ERR_UNSUPPORTED. */
QN_API QN_MUST_USE qn_status qn_problem_create(const qn_instance *instance, const qn_problem_options *options,
                                               qn_problem **out);
/** Low-autocorrelation binary sequences, E = sum_k (sum_i s_i s_{i+k})^2, 2 <= n <= 1000; degree 4. */
QN_API QN_MUST_USE qn_status qn_problem_create_labs(uint32_t n, qn_problem **out);
QN_API void qn_problem_free(qn_problem *problem);

QN_API const char *qn_problem_kind(const qn_problem *problem);           /* "maxcut" */
QN_API const char *qn_problem_title(const qn_problem *problem);          /* "maximum cut of 16 nodes and 24 edges" */
QN_API const char *qn_problem_remark(const qn_problem *problem);         /* what was left aside, or "" */
QN_API const char *qn_problem_objective_name(const qn_problem *problem); /* "cut weight" */
QN_API bool qn_problem_maximises(const qn_problem *problem);
/** The cost function, borrowed; its groups are those of qn_qubo_group. */
QN_API qn_cost qn_problem_cost(const qn_problem *problem);
/** The penalty in the cost, 0 without constraints; and the smallest one that is proven to do. */
QN_API double qn_problem_penalty(const qn_problem *problem);
QN_API double qn_problem_penalty_bound(const qn_problem *problem);
/** Bits that are slack or help, not part of the answer: there are this many, the last ones. */
QN_API uint32_t qn_problem_slack_bits(const qn_problem *problem);

typedef struct qn_judgement {
    bool feasible;
    double objective;    /* in the problem's own sense; NaN where the bits mean nothing */
    char violation[160]; /* why it is not feasible, else "" */
} qn_judgement;
QN_API void qn_problem_judge(const qn_problem *problem, const uint8_t *x, qn_judgement *out);
/** The objective that a feasible solution of this cost has (its slack bits set right), and back. */
QN_API double qn_problem_objective_of_cost(const qn_problem *problem, double cost);
QN_API double qn_problem_cost_of_objective(const qn_problem *problem, double objective);
/** What a bit string means: a member of JSON (an array or object), or lines for people. */
QN_API void qn_problem_solution_json(const qn_problem *problem, const uint8_t *x, qn_json *json, const char *key);
QN_API void qn_problem_solution_text(const qn_problem *problem, const uint8_t *x, qn_text *text);

/** Tours: the distances (nodes x nodes, borrowed) of a "tsp" problem, else NULL; and the bits of a tour. */
QN_API const double *qn_problem_distances(const qn_problem *problem, uint32_t *nodes);
QN_API QN_MUST_USE qn_status qn_problem_encode_tour(const qn_problem *problem, const uint32_t *tour, uint8_t *x);
/** Solutions of kinds that list their choices (grid): level of each column. `x` has qn_cost_variables bytes. */
QN_API QN_MUST_USE qn_status qn_problem_decode_levels(const qn_problem *problem, const uint8_t *x, uint32_t *levels);
QN_API QN_MUST_USE qn_status qn_problem_encode_levels(const qn_problem *problem, const uint32_t *levels, uint8_t *x);

/** A function of choices with costs of single values and of pairs, f(l) = c + sum_a u_a(l_a) + sum_{a<b} w_ab(l_a,
 * l_b): what a pairwise surrogate of a table is. Choice a has `levels[a]` values; unary costs follow each other, pair
 * blocks are row-major (level of a, level of b), a < b in lexicographic order; NULL pairs: none. */
typedef struct qn_surrogate {
    uint32_t choices;
    const uint32_t *levels;
    double constant;
    const double *unary; /* sum of levels */
    const double *pair;  /* sum over a < b of levels[a] * levels[b] */
} qn_surrogate;
/** The surrogate as a problem, minimised, or maximised on request; in any encoding. Decode with
 * qn_problem_decode_levels.
 */
QN_API QN_MUST_USE qn_status qn_problem_create_surrogate(const qn_surrogate *surrogate, bool maximise,
                                                         qn_encoding encoding, double penalty, qn_problem **out);
/** Ridge regression of observed choices (rows x choices, levels) on single values and pairs: minimises
 * sum (f - y)^2 + ridge |coefficients|^2 after centring. `unary` and `pair` have the sizes above and are filled. */
QN_API QN_MUST_USE qn_status qn_surrogate_fit(uint32_t choices, const uint32_t *levels, size_t rows,
                                              const uint32_t *observed, const double *y, double ridge, double *constant,
                                              double *unary, double *pair);
QN_API double qn_surrogate_value(const qn_surrogate *surrogate, const uint32_t *chosen);

QN_END_DECLS
#endif
