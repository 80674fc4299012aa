/* order.h: the one stable sort of the operator folder. Terms are ordered through small records, so that wide rows do
 * not move. */
#ifndef QN_OPERATOR_ORDER_H
#define QN_OPERATOR_ORDER_H

#include "base/status.h"

/* Two words of key and the item they stand for. */
typedef struct qn__order {
    uint64_t major, minor;
    size_t index;
} qn__order;

/* Orders items whose keys are equal: negative, 0, positive. */
typedef int (*qn__order_tie)(const void *user, size_t a, size_t b);

/* Stable merge sort by (major, minor, tie), ascending; `scratch` has room for `count` records. `tie` may be NULL. */
void qn__order_sort(qn__order *records, qn__order *scratch, size_t count, qn__order_tie tie, const void *user);

#endif
