/* quantity.h: numbers as people write them: 2^20, 1e6, 25k, 5%, 1/3, 10ns, 14d. */
#ifndef QN_ADVISE_QUANTITY_H
#define QN_ADVISE_QUANTITY_H

#include "advise/loading.h"
#include "base/status.h"

/* Digits with a point, an exponent, ^power, * and /, then for numbers k M G T P or %, for seconds ps ns us ms s min h d
 * y (a bare number is seconds). False where something else stands; huge results may be infinite. */
bool qn__quantity_read(const char *text, bool seconds, qn__count *out);

#endif
