/* table.h: a table of facts, read from tab-separated text, whose every row names its source.
 *
 * First line: names of columns. Lines that start with '#' and empty lines are skipped. Every row has an id that is
 * unique in its file and says where it comes from: source, url (or arXiv:id), date (YYYY-MM or YYYY-MM-DD) and tag (V
 * reproduced here, P primary paper, S secondary, M from memory, D demonstrated, C company claim, R roadmap, E editorial
 * choice). A row without them is refused with its place. Units stand in the names of the columns: cycle_s. */
#ifndef QN_ADVISE_TABLE_H
#define QN_ADVISE_TABLE_H

#include "advise/lines.h"

typedef struct qn__table qn__table;

typedef struct qn__row {
    const char **cells; /* one a column of the table, "" where nothing stands */
    const char *file;   /* for messages: "data/qec.tsv" */
    size_t line;
    bool user; /* from the user's own folder */
} qn__row;

/* `name` as in data/NAME.tsv. */
QN_MUST_USE qn_status qn__table_new(const char *name, qn__table **out);
void qn__table_free(qn__table *table);

/* Adds the rows of a text. The first text decides the columns; later ones (user) replace rows of the same id as a whole
 * and add others, and columns the first did not have are ignored with a remark. A row has as many cells as the first
 * line has columns. `file` is for messages. On failure the table is as before, but for rows read already when `user`.
 */
QN_MUST_USE qn_status qn__table_read(qn__table *table, const char *text, size_t length, const char *file, bool user);

/* What was ignored, as "file:line:column: …". */
const qn__lines *qn__table_remarks(const qn__table *table);

const char *qn__table_name(const qn__table *table);
size_t qn__table_rows(const qn__table *table);
const qn__row *qn__table_row(const qn__table *table, size_t index);
/* NULL when there is none. */
const qn__row *qn__table_look(const qn__table *table, const char *id);
/* The same, failing with QN_ERR_NAME, the nearest id and the valid ones; `what` names the thing: "platform". */
QN_MUST_USE qn_status qn__table_find(const qn__table *table, const char *id, const char *what, const qn__row **out);

/* The text of a cell, "" when the row or the table has none. */
const char *qn__table_text(const qn__table *table, const qn__row *row, const char *column);
/* A number that must be there: QN_ERR_PARSE with the row's place otherwise. */
QN_MUST_USE qn_status qn__table_number(const qn__table *table, const qn__row *row, const char *column, double *out);
/* The same, `fallback` where the cell is empty or "-". */
QN_MUST_USE qn_status qn__table_number_or(const qn__table *table, const qn__row *row, const char *column,
                                          double fallback, double *out);
/* Fails with "file:line: error: row 'id': …". */
qn_status qn__row_fail(const qn__table *table, const qn__row *row, const char *format, ...) QN_PRINTF(3, 4);
/* The newest date of all rows that came with the library, "YYYY-MM"; "" when there is none. */
const char *qn__table_newest(const qn__table *table);

#endif
