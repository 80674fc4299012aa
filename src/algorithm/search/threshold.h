/* threshold.h: one search for values below a threshold, on a machine: as circuits or on the vector of all values. */
#ifndef QN_ALGORITHM_SEARCH_THRESHOLD_H
#define QN_ALGORITHM_SEARCH_THRESHOLD_H

#include <quern/search.h>

typedef struct qn__threshold qn__threshold;

/* Guessed seconds of one step as a circuit, infinite when it does not fit; qubits that it takes. */
QN_MUST_USE qn_status qn__threshold_gate_seconds(uint64_t items, const qn_minimum_options *options, uint32_t *qubits,
                                                 double *seconds);
/* `codes`: the rank of each item, borrowed. options->tier is GATE or OPERATOR. */
QN_MUST_USE qn_status qn__threshold_open(qn_context *context, const uint32_t *codes, uint64_t items,
                                         const qn_minimum_options *options, qn__threshold **out);
void qn__threshold_close(qn__threshold *threshold);
/* Search below the last of `count` rising ranks, the others left out. */
QN_MUST_USE qn_status qn__threshold_set(qn__threshold *threshold, const uint64_t *ranks, uint64_t count);
/* Items that the state ranges over. */
uint64_t qn__threshold_space(const qn__threshold *threshold);
/* Start, `steps` steps, measure, verify. */
QN_MUST_USE qn_status qn__threshold_run(qn__threshold *threshold, uint64_t steps, bool *hit, uint64_t *item);
/* Of all runs so far. */
const qn_minimum_cost *qn__threshold_cost(const qn__threshold *threshold);

#endif
