/* advice.h: the inside of an advice handle: the tables of data/, built in, with the user's rows over them. */
#ifndef QN_ADVISE_ADVICE_H
#define QN_ADVISE_ADVICE_H

#include <quern/advise.h>

#include "advise/table.h"

/* The files of data/, made into arrays by the build. */
typedef struct qn__embedded {
    const char *name, *text;
    size_t length;
} qn__embedded;
extern const qn__embedded qn__embedded_tables[];
extern const size_t qn__embedded_count;

/* The table of data/NAME.tsv; QN_ERR_NAME when there is none. Borrowed from the handle. */
QN_MUST_USE qn_status qn__advice_table(const qn_advice *advice, const char *name, const qn__table **out);

#endif
