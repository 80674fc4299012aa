/* scan.h: what readers of problem files share: lines of words and numbers, lists of entries, sets of names. */
#ifndef QN_FORMAT_INSTANCE_SCAN_H
#define QN_FORMAT_INSTANCE_SCAN_H

#include <quern/instance.h>

#include "circuit/names.h"
#include "format/cursor.h"

/* To the first word of the next line that has one; lines that begin with a byte of `comments` are passed over. False at
 * the end. */
bool qn__scan_line(qn__cursor *cursor, const char *comments);
/* Skips blanks; true at a line's end. */
bool qn__scan_line_ends(qn__cursor *cursor);
/* Skips blanks and line ends; false at the end of the text. */
bool qn__scan_word(qn__cursor *cursor);
/* Fails when something is left on the line. */
QN_MUST_USE qn_status qn__scan_expect_end(qn__cursor *cursor, const char *after);
/* A whole number in [least, most]. */
QN_MUST_USE qn_status qn__scan_whole(qn__cursor *cursor, const char *what, uint64_t least, uint64_t most,
                                     uint64_t *out);
/* A finite number that a blank, a line's end or the end of the text follows. */
QN_MUST_USE qn_status qn__scan_number(qn__cursor *cursor, const char *what, double *out);
/* Whether `word` (upper case) stands here, whatever its case, and ends here; if so moves behind it. */
bool qn__scan_keyword(qn__cursor *cursor, const char *word);

/* Entries of a symmetric matrix as they come: i <= j after sorting, and where each stands. */
typedef struct qn__entry {
    uint32_t i, j;
    double value;
    size_t offset;
    bool swapped; /* stood as (j, i) */
} qn__entry;
typedef struct qn__entries {
    qn__entry *list;
    size_t count, capacity;
} qn__entries;
QN_MUST_USE qn_status qn__entries_add(qn__entries *entries, uint64_t i, uint64_t j, double value, size_t offset);
/* Sorts by (i, j), then by place. */
void qn__entries_sort(qn__entries *entries);
/* "row:column" says nothing to people; the line does. */
size_t qn__scan_line_number(const qn__source *source, size_t offset);

enum { QN__MOST_NODES = 1 << 24 };

/* The index of a name in a list, which it joins where it is new. */
QN_MUST_USE qn_status qn__words_add(qn__names *list, const char *text, size_t length, uint32_t *index, bool *fresh);

/* The readers. Each fills the instance's own part, which the caller frees in any case. */
QN_MUST_USE qn_status qn__read_rudy(const qn__source *source, qn_instance *out);
QN_MUST_USE qn_status qn__read_bq(const qn__source *source, qn_instance *out);
QN_MUST_USE qn_status qn__read_qubo(const qn__source *source, qn_instance *out);
QN_MUST_USE qn_status qn__read_lp(const qn__source *source, qn_instance *out);
QN_MUST_USE qn_status qn__read_tsplib(const qn__source *source, qn_instance *out);
QN_MUST_USE qn_status qn__read_dimacs(const qn__source *source, qn_instance *out);
QN_MUST_USE qn_status qn__read_table(const qn__source *source, qn_instance *out);
QN_MUST_USE qn_status qn__read_nas(const qn__source *source, qn_instance *out);
QN_MUST_USE qn_status qn__read_parities(const qn__source *source, qn_instance *out);

/* A graph of sorted entries, all of them different pairs. */
QN_MUST_USE qn_status qn__graph_create(uint32_t nodes, const qn__entries *entries, qn_graph **out);
void qn__places_free(qn_places *places);
void qn__parities_free(qn_parities *parities);
void qn__program_free(qn_integer_program *p);
void qn__score_table_free(qn_score_table *made);

#endif
