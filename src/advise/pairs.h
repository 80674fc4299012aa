/* pairs.h: "name=value; name=value" in a cell, values as texts or as arithmetic. */
#ifndef QN_ADVISE_PAIRS_H
#define QN_ADVISE_PAIRS_H

#include "base/status.h"

enum { QN__PAIRS = 32, QN__PAIR_TEXT = 128 };

typedef struct qn__pairs {
    size_t count;
    char names[QN__PAIRS][32];
    char values[QN__PAIRS][QN__PAIR_TEXT];
} qn__pairs;

/* QN_ERR_PARSE where the text is none; names are not repeated. */
QN_MUST_USE qn_status qn__pairs_read(const char *text, qn__pairs *out);
/* NULL when there is none of that name. */
const char *qn__pairs_text(const qn__pairs *pairs, const char *name);
/* The value as arithmetic; `fallback` when there is none. */
QN_MUST_USE qn_status qn__pairs_number(const qn__pairs *pairs, const char *name, double fallback, double *out);
/* The value as arithmetic; QN_ERR_NAME when there is none. */
QN_MUST_USE qn_status qn__pairs_need(const qn__pairs *pairs, const char *name, double *out);

#endif
