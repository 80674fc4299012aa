/* dynamic_run.h: following a shot, or many at once, through the steps of a plan.
 *
 * A path is a place in the plan with its classical memory and its state. At a measurement or reset that is not final a
 * path splits in two; shots are dealt out binomially, which is the same in law as measuring each by itself. The path
 * with fewer shots goes on and the other waits, so at most log2(shots) + 1 states are held. */
#ifndef QN_PRIMITIVE_DYNAMIC_RUN_H
#define QN_PRIMITIVE_DYNAMIC_RUN_H

#include "primitive/dynamic_plan.h"

enum {
    QN__ITERATIONS_MAX = 1000000, /* of one loop in one shot */
    QN__LIVE_MAX = 24             /* states held at once: enough for batches of 2^20 shots */
};

typedef struct qn__path {
    size_t step;
    size_t finals; /* measurements of the plan that went by */
    uint64_t shots;
    double weight; /* probability of the path */
    uint64_t *bits;
    qn_value *variables;
    uint32_t *iterations; /* of each loop */
    qn_live *live;        /* NULL for a plan that is single */
} qn__path;

typedef struct qn__runner qn__runner;

/* What is done with a path that has come to its end. */
typedef qn_status (*qn__leaf_fn)(void *user, qn__runner *runner, const qn__path *path);

struct qn__runner {
    const qn__plan *plan;
    qn_engine *engine;
    size_t words;
    qn__path paths[QN__LIVE_MAX]; /* the memory of each is made when it is first needed */
    size_t nmade;
    size_t most;        /* paths that may be held at once */
    double *parameters; /* of the piece that is run */
    const double *theta;
    bool exact;
    uint64_t seed, events; /* keys of the draws */
    uint64_t leaves, leaf_limit;
};

QN_MUST_USE qn_status qn__runner_create(const qn__plan *plan, qn_engine *engine, qn__runner **out);
void qn__runner_free(qn__runner *runner);
/* `shots` shots at these parameters; each end of a path is given to `leaf`. Draws are keyed by `seed`. */
QN_MUST_USE qn_status qn__runner_shots(qn__runner *runner, const double *theta, uint64_t shots, uint64_t seed,
                                       qn__leaf_fn leaf, void *user);
/* All paths with their weights, those under 1e-16 left out; QN_ERR_TOO_LARGE when they are more than `limit`. */
QN_MUST_USE qn_status qn__runner_exact(qn__runner *runner, const double *theta, uint64_t limit, qn__leaf_fn leaf,
                                       void *user);

#endif
