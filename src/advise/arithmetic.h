/* arithmetic.h: numbers written as sums: "3*2048 + 0.002*2048*log2(2048)", "365*86400", "1/3". */
#ifndef QN_ADVISE_ARITHMETIC_H
#define QN_ADVISE_ARITHMETIC_H

#include "base/status.h"

/* + - * / ^, parentheses, and the functions of one argument sqrt, exp, ln, log2, log10, ceil, floor, round. Fails with
 * QN_ERR_PARSE at what it does not understand and with QN_ERR_NAN where the value is not finite. */
QN_MUST_USE qn_status qn__arithmetic(const char *text, size_t length, double *out);

#endif
