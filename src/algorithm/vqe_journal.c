/* vqe_journal.c: records of evaluations by start, in memory for replay and on disk through the record log. */
#include "algorithm/vqe_journal.h"

#include <string.h>

#include "base/alloc.h"
#include "base/record_log.h"

/* On disk: this, then nparameters doubles when has_gradient. */
typedef struct record {
    uint32_t start, has_gradient;
    uint64_t point_hash, position, circuits, shots;
    double value;
} record;

typedef struct replayed {
    size_t *offsets; /* of this start's records in `bytes` */
    size_t count, capacity, next;
} replayed;

struct qn__vqe_journal {
    qn__record_log *log; /* NULL: nothing is kept */
    size_t nparameters;
    uint32_t nstarts;
    replayed *starts;
    char *bytes; /* all records read at opening */
    size_t used, capacity;
    char *scratch; /* one record being written; guarded by the critical section of qn__vqe_journal_add */
};

static qn_status collect(void *user, const void *bytes, size_t length)
{
    qn__vqe_journal *journal = user;
    record head;
    QN_CHECK(length >= sizeof head, ERR_CHECKPOINT, "a record of the checkpoint is too short");
    memcpy(&head, bytes, sizeof head);
    const size_t expected = sizeof head + (head.has_gradient != 0 ? journal->nparameters * sizeof(double) : 0);
    QN_CHECK(length == expected && head.start < journal->nstarts, ERR_CHECKPOINT,
             "a record of the checkpoint does not fit this run");
    void *store = journal->bytes;
    QN_TRY(qn__grow(&store, &journal->capacity, journal->used + length, 1));
    journal->bytes = store;
    replayed *mine = &journal->starts[head.start];
    void *offsets = mine->offsets;
    QN_TRY(qn__grow(&offsets, &mine->capacity, mine->count + 1, sizeof *mine->offsets));
    mine->offsets = offsets;
    mine->offsets[mine->count++] = journal->used;
    memcpy(journal->bytes + journal->used, bytes, length);
    journal->used += length;
    return QN_OK;
}

qn_status qn__vqe_journal_open(const char *path, uint64_t fingerprint, bool resume, uint32_t starts, size_t nparameters,
                               qn__vqe_journal **out)
{
    qn_status status = QN_OK;
    qn__vqe_journal *journal = qn__calloc(1, sizeof *journal);
    QN_ALLOC_CHECK(journal);
    journal->nparameters = nparameters;
    if (path != NULL) {
        journal->nstarts = starts;
        journal->starts = qn__calloc(starts, sizeof *journal->starts);
        journal->scratch = qn__alloc(sizeof(record) + nparameters * sizeof(double), 1);
        if (journal->starts == NULL || journal->scratch == NULL) {
            status = QN_ERR_MEMORY;
            goto cleanup;
        }
        QN_TRY_CLEANUP(qn__record_log_open(path, fingerprint, resume, collect, journal, &journal->log));
    }
    *out = journal;
    return QN_OK;
cleanup:
    qn__vqe_journal_close(journal);
    return status;
}

void qn__vqe_journal_close(qn__vqe_journal *journal)
{
    if (journal == NULL) {
        return;
    }
    qn__record_log_close(journal->log);
    for (uint32_t s = 0; journal->starts != NULL && s < journal->nstarts; s++) {
        qn__free(journal->starts[s].offsets);
    }
    qn__free(journal->starts);
    qn__free(journal->bytes);
    qn__free(journal->scratch);
    qn__free(journal);
}

qn_status qn__vqe_journal_next(qn__vqe_journal *journal, uint32_t start, uint64_t point_hash, double *gradient,
                               qn__vqe_entry *entry, bool *found)
{
    *found = false;
    if (journal->log == NULL || journal->starts[start].next == journal->starts[start].count) {
        return QN_OK;
    }
    replayed *mine = &journal->starts[start];
    const char *bytes = journal->bytes + mine->offsets[mine->next];
    record head;
    memcpy(&head, bytes, sizeof head);
    QN_CHECK(head.point_hash == point_hash && (head.has_gradient != 0) == (gradient != NULL), ERR_CHECKPOINT,
             "the checkpoint does not belong to this run: evaluation %zu of start %u was at another point", mine->next,
             start);
    if (gradient != NULL) {
        memcpy(gradient, bytes + sizeof head, journal->nparameters * sizeof(double));
    }
    *entry = (qn__vqe_entry){head.point_hash, head.position, head.circuits, head.shots, head.value, gradient};
    mine->next++;
    *found = true;
    return QN_OK;
}

qn_status qn__vqe_journal_add(qn__vqe_journal *journal, uint32_t start, const qn__vqe_entry *entry)
{
    if (journal->log == NULL) {
        return QN_OK;
    }
    qn_status status = QN_OK;
    /* The failure's message stays with the calling thread, since it is this thread that runs the section. */
#pragma omp critical(qn_vqe_journal)
    {
        const record head = {start,           entry->gradient != NULL, entry->point_hash,
                             entry->position, entry->circuits,         entry->shots,
                             entry->value};
        memcpy(journal->scratch, &head, sizeof head);
        size_t length = sizeof head;
        if (entry->gradient != NULL) {
            memcpy(journal->scratch + length, entry->gradient, journal->nparameters * sizeof(double));
            length += journal->nparameters * sizeof(double);
        }
        status = qn__record_log_append(journal->log, journal->scratch, length);
    }
    return status;
}
