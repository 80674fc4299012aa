/* advise.h: who wins, and when. Takes a ledger that an algorithm filled. */
#ifndef QUERN_ADVISE_H
#define QUERN_ADVISE_H

#include <quern/ledger.h>

QN_BEGIN_DECLS

/** The facts advice rests on: the tables of data/ as they came with the library, with a user's rows over them. Every
 * row names source, address, date and confidence. Read-only after opening, so threads may share it. */
typedef struct qn_advice qn_advice;
typedef struct qn_advice_options {
    uint32_t size;
    const char *folder; /* of NAME.tsv files whose rows replace those of the same id and add others; NULL: none */
} qn_advice_options;
#define QN_ADVICE_OPTIONS_INIT                                                                                         \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_advice_options), NULL                                                                      \
    }
/** `options` NULL: only what came with the library. QN_ERR_PARSE names file, line and column of a row without source,
 * url, date or tag; QN_ERR_IO when the folder is none. */
QN_API QN_MUST_USE qn_status qn_advice_open(const qn_advice_options *options, qn_advice **out);
QN_API void qn_advice_free(qn_advice *advice);
/** Month of the newest built-in row, "YYYY-MM"; borrowed. */
QN_API const char *qn_advice_edition(const qn_advice *advice);
/** How many months that is before the given month; numbers over 12 deserve a warning. */
QN_API int qn_advice_age_months(const qn_advice *advice, int year, int month);
/** Id of row `index` of data/TABLE.tsv, NULL behind the last; borrowed. */
QN_API QN_MUST_USE qn_status qn_advice_ids(const qn_advice *advice, const char *table, size_t index, const char **id);

/** Add a price and the verdict with its reasons to a filled ledger (first form: compares the measured classical time
 * with a lower bound on the time of the sampled quantum run; the cost models come with the advisor). Never improves on
 * what is unknown: missing inputs give "needs-input" and say which. */
QN_API void qn_advise(qn_ledger *ledger);

QN_END_DECLS
#endif
