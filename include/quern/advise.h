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
/** Cell of row `index` of data/TABLE.tsv: NULL behind the last row, "" where nothing stands; borrowed. */
QN_API QN_MUST_USE qn_status qn_advice_cell(const qn_advice *advice, const char *table, size_t index,
                                            const char *column, const char **text);

/** One published number beside ours. Texts are borrowed from the handle. */
typedef enum qn_selftest_state {
    QN_SELFTEST_PASS = 0, /* within the row's tolerance */
    QN_SELFTEST_FAIL = 1,
    QN_SELFTEST_FACT = 2, /* cited, with nothing to compute */
    QN_SELFTEST_OPEN = 3  /* nothing here computes this kind of row */
} qn_selftest_state;
enum { QN_SELFTEST_TEXT = 160 };
typedef struct qn_selftest_row {
    const char *id, *kind, *tolerance, *source, *url, *note;
    char tag;                      /* confidence of the row's source */
    char quantity[32];             /* which of the row's numbers */
    double ours, published, ratio; /* NaN where there is none */
    qn_selftest_state state;
    char message[QN_SELFTEST_TEXT]; /* why nothing was computed, or "" */
} qn_selftest_row;
/** Compute every row of data/reference.tsv. A row that does not agree is a result, not an error. Free with
 * qn_selftest_free, before the handle. */
QN_API QN_MUST_USE qn_status qn_advise_selftest(const qn_advice *advice, qn_selftest_row **rows, size_t *count);
QN_API void qn_selftest_free(qn_selftest_row *rows);

/** Add a price and the verdict with its reasons to a filled ledger (first form: compares the measured classical time
 * with a lower bound on the time of the sampled quantum run; the cost models come with the advisor). Never improves on
 * what is unknown: missing inputs give "needs-input" and say which. */
QN_API void qn_advise(qn_ledger *ledger);

QN_END_DECLS
#endif
