/* lines.h: a growing list of sentences: the trace of formulas, the reasons. */
#ifndef QN_ADVISE_LINES_H
#define QN_ADVISE_LINES_H

#include "advise/loading.h"
#include "base/status.h"

enum { QN__LINE_TEXT = 480 };

/* Zero is an empty list. A failed allocation sticks in `status`. */
typedef struct qn__lines {
    char **items;
    size_t count, capacity;
    qn_status status;
    bool compares; /* the sentences rest on the rival's time, which a clock may have given */
} qn__lines;

/* `lines` NULL: nothing happens, so that hot code may tell what it does only when it is asked. */
void qn__lines_add(qn__lines *lines, const char *format, ...) QN_PRINTF(2, 3);
void qn__lines_clear(qn__lines *lines);

/* Numbers as words in a buffer of this size; every call of one sentence needs its own. */
enum { QN__SAY = 48 };
typedef struct qn__say {
    char text[QN__SAY];
} qn__say;
/* "12,254" is 12254; from 1e6 on 3 digits and a power of ten, whatever its size. */
const char *qn__say_count(qn__say *say, qn__count value);
/* "2.7 h"; beyond 10,000 years a power of ten of years. */
const char *qn__say_seconds(qn__say *say, qn__count seconds);
/* "about 10^7": the order of magnitude alone. */
const char *qn__say_order(qn__say *say, qn__count value);
const char *qn__say_order_seconds(qn__say *say, qn__count seconds);

#endif
