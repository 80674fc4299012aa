/* distribution.h: probabilities gathered by bit string, and the public form they end in. */
#ifndef QN_PRIMITIVE_DISTRIBUTION_H
#define QN_PRIMITIVE_DISTRIBUTION_H

#include <quern/primitive.h>

/* Sums by string; strings of `words` words. */
typedef struct qn__outcome_table {
    size_t words, count, capacity; /* capacity: slots, a power of two, at least twice count */
    uint64_t *strings;             /* of every slot */
    double *values;
    uint8_t *used;
} qn__outcome_table;

QN_MUST_USE qn_status qn__outcome_table_create(size_t words, qn__outcome_table *out);
void qn__outcome_table_release(qn__outcome_table *table);
QN_MUST_USE qn_status qn__outcome_table_add(qn__outcome_table *table, const uint64_t *string, double value);
/* What is above `cutoff`, in rising order. */
QN_MUST_USE qn_status qn__outcome_table_finish(const qn__outcome_table *table, double cutoff, qn_distribution **out);

#endif
