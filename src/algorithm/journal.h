/* journal.h: what a long run has found out, kept so that an interrupted run can be repeated byte for byte.
 *
 * No optimizer's inner state is saved. Instead every answer that was dear (a value with its gradient, a finished
 * search) is logged beside a hash of its question; a resumed run starts afresh and takes its answers from the log until
 * the log ends, so the rest is what the uninterrupted run would have done. Answers lie in lanes, one for each part of
 * the run that asks in an order of its own (a start, a repetition). */
#ifndef QN_ALGORITHM_JOURNAL_H
#define QN_ALGORITHM_JOURNAL_H

#include "base/record_log.h"
#include "base/status.h"

typedef struct qn__journal qn__journal;

/* An answer: a plain struct without padding, and numbers beside it (NULL: none were asked for). */
typedef struct qn__journal_entry {
    void *head;
    size_t head_bytes;
    double *numbers;
    size_t count;
} qn__journal_entry;

/* Path NULL: an empty journal that forgets what is written to it. `fingerprint`: of all that decides the run. Errors:
 * QN_ERR_CHECKPOINT (record_log.h; records of lanes that the run does not have), QN_ERR_IO. */
QN_MUST_USE qn_status qn__journal_open(const char *path, uint64_t fingerprint, bool resume, uint32_t lanes,
                                       qn__journal **out);
void qn__journal_close(qn__journal *journal);

/* The next logged answer of a lane, if there is one: true, and copied to where *entry points. A lane is worked on by
 * one thread. QN_ERR_CHECKPOINT when it answers another question or has another shape. */
QN_MUST_USE qn_status qn__journal_next(qn__journal *journal, uint32_t lane, uint64_t question,
                                       const qn__journal_entry *entry, bool *found);
/* Log an answer; threads may call at once. */
QN_MUST_USE qn_status qn__journal_add(qn__journal *journal, uint32_t lane, uint64_t question,
                                      const qn__journal_entry *entry);

#endif
