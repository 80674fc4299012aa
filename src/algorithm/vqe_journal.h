/* vqe_journal.h: the evaluations of a VQE run, kept so that an interrupted run can be repeated byte for byte.
 *
 * No optimizer's inner state is saved. Instead every value and gradient is logged; a resumed run starts the optimizer
 * afresh and answers its questions from the log until the log ends, so the rest is what the uninterrupted run would
 * have done. */
#ifndef QN_ALGORITHM_VQE_JOURNAL_H
#define QN_ALGORITHM_VQE_JOURNAL_H

#include "base/status.h"

typedef struct qn__vqe_journal qn__vqe_journal;

/* What one evaluation gave. `gradient` has as many entries as the run has parameters, or is NULL. */
typedef struct qn__vqe_entry {
    uint64_t point_hash;      /* of the parameters, to notice a log that does not belong */
    uint64_t position;        /* of the estimator afterwards */
    uint64_t circuits, shots; /* spent */
    double value;
    double *gradient;
} qn__vqe_entry;

/* Path NULL: an empty journal that forgets what is written to it. */
QN_MUST_USE qn_status qn__vqe_journal_open(const char *path, uint64_t fingerprint, bool resume, uint32_t starts,
                                           size_t nparameters, qn__vqe_journal **out);
void qn__vqe_journal_close(qn__vqe_journal *journal);

/* The next logged evaluation of a start, if there is one: true, and *entry with its gradient copied to `gradient` when
 * that was asked for then and now. A start is worked on by one thread. QN_ERR_CHECKPOINT when it does not fit the
 * question. */
QN_MUST_USE qn_status qn__vqe_journal_next(qn__vqe_journal *journal, uint32_t start, uint64_t point_hash,
                                           double *gradient, qn__vqe_entry *entry, bool *found);
/* Log an evaluation; threads may call at once. */
QN_MUST_USE qn_status qn__vqe_journal_add(qn__vqe_journal *journal, uint32_t start, const qn__vqe_entry *entry);

#endif
