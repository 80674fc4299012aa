/* route_trials.h: the search for a starting layout. */
#ifndef QN_CIRCUIT_PASSES_ROUTE_TRIALS_H
#define QN_CIRCUIT_PASSES_ROUTE_TRIALS_H

#include "circuit/passes/route_layout.h"
#include "circuit/passes/route_plan.h"

/* The circuit as routing sees it, twice: with all freedom that commuting gates give, and in its own order, which a walk
 * sometimes follows to fewer swaps. */
typedef struct qn__route_views {
    qn__route_plan plans[2]; /* [1] is in order; absent when that is no other */
    qn__route_dag wholes[2]; /* everything as one run, where there is control flow */
    uint32_t count;
} qn__route_views;
QN_MUST_USE qn_status qn__route_views_build(const qn_circuit *circuit, qn__route_views *out);
void qn__route_views_release(qn__route_views *views);

/* A start from which following a plan in this way takes so many swaps. */
typedef struct qn__route_choice {
    uint64_t swaps, seed;
    uint64_t trial;       /* that found it; of equal choices the first trial's counts */
    uint32_t view, ahead; /* which plan, and how far to look ahead */
    uint32_t *place;      /* [wire], owned */
} qn__route_choice;

/* Try out layouts: one without swaps if there is one, else `trials` random ones (0: 8, up to 100 for short
 * circuits) beside the trivial one, a dense one and
 * one grown around the longest beginning that needs no swaps. The answer does not depend on how many threads there
 * are. */
QN_MUST_USE qn_status qn__route_search(const qn__route_device *device, const qn__route_views *views, uint64_t seed,
                                       uint32_t trials, qn__route_choice *out);

#endif
