/* race.h: many starts of one method: shared out to threads, timed, interrupted, and their best kept.
 *
 * Starts are numbered; each depends on (seed, number) only. The outcome is that of the lowest number among the best,
 * and with a target that of the lowest number that reached it: starts behind that one are cut short, none before it is.
 * So without a time limit the outcome does not depend on the number of threads. */
#ifndef QN_PROBLEM_RACE_H
#define QN_PROBLEM_RACE_H

#include <quern/optimize.h>

#include "base/status.h"
#include "problem/solver/draws.h"
#include "problem/solver/moves.h"
#include "problem/solver/walker.h"

enum { QN__MOST_TRACE = 4096 };

typedef struct qn__race {
    qn_context *context;
    qn_cost cost;
    qn_optimize_options options; /* defaults filled in */
    qn__moves moves;
    const char *stage;
    double started, reported, slack; /* slack: two costs that differ by less are the same but for rounding */
    uint64_t most_starts;
    uint64_t next, finished, flips, first_success; /* atomically */
    bool interrupted;
    qn_status status;
    /* under the lock */
    double best, seconds_to_best;
    uint64_t best_start;
    uint8_t *best_x;
    double success;
    uint8_t *success_x;
    double *start_cost; /* best of each start */
    size_t start_capacity;
    size_t trace;
    double *trace_seconds, *trace_cost;
} qn__race;

/* One method. `run` works on one start with its thread's walkers and scratch. */
typedef struct qn__method {
    const char *stage;
    size_t scratch;       /* bytes a thread, beside the walker */
    uint32_t walkers;     /* a thread; 0: one */
    uint64_t most_starts; /* 0: as the options say */
    void (*run)(qn__race *race, void *scratch, qn__walker *walker, qn__draws *draws, uint64_t start,
                const void *shared);
    const void *shared;
} qn__method;

QN_MUST_USE qn_status qn__race_run(qn_context *context, qn_cost cost, const qn_optimize_options *options,
                                   const qn__method *method, qn_optimize_result **out);

/* Asked once a sweep or so: whether this start should end now. */
bool qn__race_over(qn__race *race, uint64_t start);
/* Report a state that is better than all this start reported before. */
void qn__race_offer(qn__race *race, uint64_t start, const qn__walker *walker);
void qn__race_offer_state(qn__race *race, uint64_t start, double value, const uint8_t *x);
/* A random state, the caller's on the first start; settled. */
void qn__race_begin(const qn__race *race, uint64_t start, qn__walker *walker, qn__draws *draws);
/* Sweeps of this start by the schedule. */
uint64_t qn__race_sweeps(const qn__race *race, uint64_t start);
void qn__race_count(qn__race *race, uint64_t flips);

/* A result with room for x and the trace. */
QN_MUST_USE qn_status qn__optimize_result_create(uint32_t variables, size_t trace, qn_optimize_result **out);
QN_MUST_USE qn_status qn__optimize_check(qn_cost cost, const qn_optimize_options *options, qn_optimize_options *filled);

#endif
