/* table.h: aligned rows of label, value and note for a terminal. */
#ifndef QN_REPORT_TABLE_H
#define QN_REPORT_TABLE_H

#include <quern/report.h>

typedef struct qn__table_row {
    const char *heading; /* a section's title instead of a row, or NULL */
    char label[96], value[160], note[32];
} qn__table_row;

/* Labels left, values left of one column, notes behind them; longer values wrap under themselves. */
void qn__table_print(qn_text *text, const qn__table_row *rows, size_t count, const qn_style *style);
/* Words wrapped to the style's width, each line indented by `indent`; the first line starts with `mark` (columns as
 * wide as indent). */
void qn__text_wrap(qn_text *text, const char *words, size_t indent, const char *mark, const qn_style *style);

/* Start and end of dressing; "" without colour. */
const char *qn__style_bold(const qn_style *style);
const char *qn__style_dim(const qn_style *style);
const char *qn__style_accent(const qn_style *style);
const char *qn__style_off(const qn_style *style);

#endif
