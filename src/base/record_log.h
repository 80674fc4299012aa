/* record_log.h: an append-only file of checked records, the ground of checkpoints.
 *
 * A run that can be repeated from its inputs needs to save only what was expensive: each result is appended as one
 * record. After a kill the file ends at worst in half a record, which the next reader drops. */
#ifndef QN_BASE_RECORD_LOG_H
#define QN_BASE_RECORD_LOG_H

#include "base/status.h"

typedef struct qn__record_log qn__record_log;

/* Called for each whole record of an existing log, in order. */
typedef qn_status (*qn__record_fn)(void *user, const void *bytes, size_t length);

/* Open `path` for appending. With `resume` and an existing file, its fingerprint must equal the given one (else
 * QN_ERR_CHECKPOINT), its records are read through `read`, and half a record at the end is cut off. Without `resume`
 * the file is made anew; what is there already is never overwritten (QN_ERR_CHECKPOINT). */
QN_MUST_USE qn_status qn__record_log_open(const char *path, uint64_t fingerprint, bool resume, qn__record_fn read,
                                          void *user, qn__record_log **out);
/* Append one record; it survives a kill of this process once the call returns. One thread at a time. */
QN_MUST_USE qn_status qn__record_log_append(qn__record_log *log, const void *bytes, size_t length);
/* Sync to the disk and close; NULL is fine. */
void qn__record_log_close(qn__record_log *log);

/* FNV-1a over bytes, continuing from `hash` (start with QN__HASH_START). */
#define QN__HASH_START UINT64_C(0xcbf29ce484222325)
uint64_t qn__hash(uint64_t hash, const void *bytes, size_t length);

#endif
