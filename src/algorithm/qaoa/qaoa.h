/* qaoa.h: the inside of a QAOA object, for the methods built on it. */
#ifndef QN_ALGORITHM_QAOA_QAOA_H
#define QN_ALGORITHM_QAOA_QAOA_H

#include <quern/qaoa.h>

#include "algorithm/qaoa/state.h"

struct qn_qaoa {
    qn_context *context;
    qn_qaoa_options options;
    qn__spin_terms terms;
    qn__diagonal diagonal;
    qn__qaoa_state state;
    uint64_t bytes;
    bool ready;              /* the state is that of the last run */
    qn__qaoa_state *workers; /* one thread each, for rows; made when first needed */
    uint32_t nworkers;
};

/* Mass of the costs at each index of the table (or 65536 equal bins of the range), over fixed parts in order. */
enum { QN__QAOA_BINS = 65536 };
QN_MUST_USE qn_status qn__qaoa_masses(const qn__qaoa_state *state, double **out, size_t *count, double *step);
/* The weight whose average is the mean of the lowest tail: q + min(C - q, 0) / fraction (Rockafellar and Uryasev). */
qn__cost_weight qn__qaoa_tail_weight(const double *masses, size_t count, double low, double step, double fraction);

#endif
