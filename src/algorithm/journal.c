/* journal.c: answers by lane, in memory for replay and on disk through the record log. */
#include "algorithm/journal.h"

#include <string.h>

#include "base/alloc.h"

/* On disk: this, then the entry's head, then its numbers. */
typedef struct record {
    uint32_t lane, has_numbers;
    uint64_t question;
} record;

typedef struct replayed {
    size_t *offsets, *lengths; /* of this lane's records in `bytes` */
    size_t count, capacity, lengths_capacity, next;
} replayed;

struct qn__journal {
    qn__record_log *log; /* NULL: nothing is kept */
    uint32_t nlanes;
    replayed *lanes;
    char *bytes; /* all records read at opening */
    size_t used, capacity;
    char *scratch; /* one record being written; guarded by the critical section of qn__journal_add */
    size_t scratch_capacity;
};

static qn_status push(size_t **list, size_t *capacity, size_t count, size_t value)
{
    void *grown = *list;
    QN_TRY(qn__grow(&grown, capacity, count + 1, sizeof **list));
    *list = grown;
    (*list)[count] = value;
    return QN_OK;
}

static qn_status collect(void *user, const void *bytes, size_t length)
{
    qn__journal *journal = user;
    record head;
    QN_CHECK(length >= sizeof head, ERR_CHECKPOINT, "a record of the checkpoint is too short");
    memcpy(&head, bytes, sizeof head);
    QN_CHECK(head.lane < journal->nlanes, ERR_CHECKPOINT, "a record of the checkpoint does not fit this run");
    void *store = journal->bytes;
    QN_TRY(qn__grow(&store, &journal->capacity, journal->used + length, 1));
    journal->bytes = store;
    replayed *mine = &journal->lanes[head.lane];
    QN_TRY(push(&mine->offsets, &mine->capacity, mine->count, journal->used));
    QN_TRY(push(&mine->lengths, &mine->lengths_capacity, mine->count, length));
    mine->count++;
    memcpy(journal->bytes + journal->used, bytes, length);
    journal->used += length;
    return QN_OK;
}

qn_status qn__journal_open(const char *path, uint64_t fingerprint, bool resume, uint32_t lanes, qn__journal **out)
{
    qn_status status = QN_OK;
    qn__journal *journal = qn__calloc(1, sizeof *journal);
    QN_ALLOC_CHECK(journal);
    if (path != NULL) {
        journal->nlanes = lanes;
        journal->lanes = qn__calloc(lanes, sizeof *journal->lanes);
        if (journal->lanes == NULL) {
            status = QN_ERR_MEMORY;
            goto cleanup;
        }
        QN_TRY_CLEANUP(qn__record_log_open(path, fingerprint, resume, collect, journal, &journal->log));
    }
    *out = journal;
    return QN_OK;
cleanup:
    qn__journal_close(journal);
    return status;
}

void qn__journal_close(qn__journal *journal)
{
    if (journal == NULL) {
        return;
    }
    qn__record_log_close(journal->log);
    for (uint32_t k = 0; journal->lanes != NULL && k < journal->nlanes; k++) {
        qn__free(journal->lanes[k].offsets);
        qn__free(journal->lanes[k].lengths);
    }
    qn__free(journal->lanes);
    qn__free(journal->bytes);
    qn__free(journal->scratch);
    qn__free(journal);
}

static size_t length_of(const qn__journal_entry *entry)
{
    return sizeof(record) + entry->head_bytes + (entry->numbers != NULL ? entry->count * sizeof(double) : 0);
}

qn_status qn__journal_next(qn__journal *journal, uint32_t lane, uint64_t question, const qn__journal_entry *entry,
                           bool *found)
{
    *found = false;
    if (journal->log == NULL || journal->lanes[lane].next == journal->lanes[lane].count) {
        return QN_OK;
    }
    replayed *mine = &journal->lanes[lane];
    const char *bytes = journal->bytes + mine->offsets[mine->next];
    record head;
    memcpy(&head, bytes, sizeof head);
    QN_CHECK(head.question == question && (head.has_numbers != 0) == (entry->numbers != NULL) &&
                 mine->lengths[mine->next] == length_of(entry),
             ERR_CHECKPOINT,
             "the checkpoint does not belong to this run: record %zu of part %u answers another question", mine->next,
             lane);
    bytes += sizeof head;
    memcpy(entry->head, bytes, entry->head_bytes);
    if (entry->numbers != NULL) {
        memcpy(entry->numbers, bytes + entry->head_bytes, entry->count * sizeof(double));
    }
    mine->next++;
    *found = true;
    return QN_OK;
}

static qn_status append(qn__journal *journal, const record *head, const qn__journal_entry *entry)
{
    const size_t length = length_of(entry);
    void *scratch = journal->scratch;
    QN_TRY(qn__grow(&scratch, &journal->scratch_capacity, length, 1));
    journal->scratch = scratch;
    char *at = journal->scratch;
    memcpy(at, head, sizeof *head);
    at += sizeof *head;
    memcpy(at, entry->head, entry->head_bytes);
    at += entry->head_bytes;
    if (entry->numbers != NULL) {
        memcpy(at, entry->numbers, entry->count * sizeof(double));
    }
    return qn__record_log_append(journal->log, journal->scratch, length);
}

qn_status qn__journal_add(qn__journal *journal, uint32_t lane, uint64_t question, const qn__journal_entry *entry)
{
    if (journal->log == NULL) {
        return QN_OK;
    }
    const record head = {lane, entry->numbers != NULL, question};
    qn_status status = QN_OK;
    /* The failure's message stays with the calling thread, since it is this thread that runs the section. */
#pragma omp critical(qn_journal)
    status = append(journal, &head, entry);
    return status;
}
