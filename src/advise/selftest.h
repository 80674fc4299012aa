/* selftest.h: published numbers beside ours: rows of data/reference.tsv and what computes them. */
#ifndef QN_ADVISE_SELFTEST_H
#define QN_ADVISE_SELFTEST_H

#include "advise/advice.h"
#include "advise/pairs.h"

/* Named results of one row. */
typedef struct qn__results {
    size_t count;
    char names[QN__PAIRS][32];
    double values[QN__PAIRS];
} qn__results;

/* Values over the room are dropped: a row that expects one then says so. */
void qn__results_add(qn__results *results, const char *name, double value);

/* Computes all it can from the row's arguments; the row's expected names pick. */
typedef qn_status (*qn__evaluator)(const qn_advice *advice, const qn__pairs *arguments, qn__results *out);

#define QN_EVALUATOR(kind, function)                                                                                   \
    QN_MUST_USE qn_status function(const qn_advice *advice, const qn__pairs *arguments, qn__results *out);
#include "advise/evaluators.def"
#undef QN_EVALUATOR

#endif
