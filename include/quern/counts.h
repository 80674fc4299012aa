/* counts.h: how often each bit string was seen. */
#ifndef QUERN_COUNTS_H
#define QUERN_COUNTS_H

#include <quern/status.h>

QN_BEGIN_DECLS

typedef struct qn_counts qn_counts;

QN_API QN_MUST_USE qn_status qn_counts_create(uint32_t nbits, qn_counts **out);
QN_API void qn_counts_free(qn_counts *counts);
QN_API void qn_counts_clear(qn_counts *counts); /* keeps its memory */
/** Room for `distinct` strings, so that adding up to that many allocates nothing. */
QN_API QN_MUST_USE qn_status qn_counts_reserve(qn_counts *counts, size_t distinct);
/** Add `times` sightings of a string (ceil(nbits/64) words, bit q for qubit q). Strings must arrive in rising order
 *  (highest word first) or qn_counts_sort be called before reading. */
QN_API QN_MUST_USE qn_status qn_counts_add(qn_counts *counts, const uint64_t *bits, uint64_t times);
QN_API QN_MUST_USE qn_status qn_counts_sort(qn_counts *counts); /* sorts and merges */
QN_API uint32_t qn_counts_bits(const qn_counts *counts);
QN_API size_t qn_counts_distinct(const qn_counts *counts);
QN_API uint64_t qn_counts_total(const qn_counts *counts);
QN_API const uint64_t *qn_counts_string(const qn_counts *counts, size_t index); /* borrowed words */
QN_API uint64_t qn_counts_times(const qn_counts *counts, size_t index);

QN_END_DECLS
#endif
