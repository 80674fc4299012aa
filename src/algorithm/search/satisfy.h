/* satisfy.h: all solutions of a formula, by the solver of satisfy.c. */
#ifndef QN_ALGORITHM_SEARCH_SATISFY_H
#define QN_ALGORITHM_SEARCH_SATISFY_H

#include <quern/search.h>

/* Every solution, rising, bit v-1 for variable v; at most 62 variables, at most `most` solutions (QN_ERR_TOO_LARGE). */
QN_MUST_USE qn_status qn__satisfy_all(const qn_context *context, const qn_cnf *cnf, uint64_t budget, uint64_t most,
                                      uint64_t **out, uint64_t *count);

#endif
