/* search.h: one run of a search: what it has looked at, its random numbers, and the methods by name. */
#ifndef QN_ALGORITHM_NAS_SEARCH_H
#define QN_ALGORITHM_NAS_SEARCH_H

#include "base/status.h"

#include <quern/nas.h>

typedef struct qn__nas_run {
    const qn_nas_table *table;
    qn_nas_options options;
    qn_context *context; /* of one thread, without progress */
    uint64_t seed, draws;
    size_t spent;        /* entries looked at */
    size_t *seen;        /* them, in order; evaluations */
    bool *known;         /* of every entry */
    size_t *order, next; /* a random order of all entries, and the first that was not handed out */
    double lowest;       /* cost of the best seen */
    double *curve;       /* regret after each look; evaluations */
    double queries;
    bool first; /* of all runs: its last proposal is priced */
    qn_ledger circuit;
} qn__nas_run;

/* Uniform in [0, 1), below n, and standard normal: the run's own stream. */
double qn__nas_uniform(qn__nas_run *run);
size_t qn__nas_below(qn__nas_run *run, size_t n);
double qn__nas_normal(qn__nas_run *run);

/* The budget is spent, or Ctrl-C. */
bool qn__nas_over(const qn__nas_run *run);
/* Pay for an entry (free when it is known). Nothing happens when the budget is spent. */
void qn__nas_look(qn__nas_run *run, size_t entry);
/* The next unseen entry of the random order; there is one while the budget is not spent. */
size_t qn__nas_fresh(qn__nas_run *run);
/* Random entries until `initial` are seen. */
void qn__nas_begin(qn__nas_run *run);
const uint32_t *qn__nas_levels(const qn_nas_table *table, size_t entry);

/* The methods: run until the budget is spent. */
qn_status qn__nas_random(qn__nas_run *run);
qn_status qn__nas_local(qn__nas_run *run);
qn_status qn__nas_evolution(qn__nas_run *run);
qn_status qn__nas_tpe(qn__nas_run *run);
qn_status qn__nas_model(qn__nas_run *run);

/* 95 % bootstrap interval of the mean of `count` numbers, each `stride` behind the other: 1000 resamples. */
void qn__nas_bootstrap(const double *x, size_t count, size_t stride, uint64_t seed, double *mean, double *low,
                       double *high);

#endif
