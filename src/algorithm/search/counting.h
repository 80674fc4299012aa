/* counting.h: the number of marked items by phase estimation of the search's step. */
#ifndef QN_ALGORITHM_SEARCH_COUNTING_H
#define QN_ALGORITHM_SEARCH_COUNTING_H

#include <quern/search.h>

/* Chooses the tier, draws one outcome of the clock and books it all in `result`; options with defaults filled in. */
QN_MUST_USE qn_status qn__count_marked(qn_context *context, const qn_oracle *oracle, const qn_search_options *options,
                                       qn_search_result *result);
/* One controlled step and the clock's own gates (H, inverse Fourier transform), each as a circuit on all qubits: what
 * the whole circuit consists of, with the first 2^bits - 1 times. */
QN_MUST_USE qn_status qn__counting_parts(const qn_oracle *oracle, qn_oracle_layout layout, uint32_t most_qubits,
                                         uint32_t bits, qn_circuit **step, qn_circuit **clock);

#endif
