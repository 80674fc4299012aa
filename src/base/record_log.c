/* record_log.c: header {magic, fingerprint}, then records {length, checksum, bytes}. Written in this machine's byte
 * order. */
#include "base/record_log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"

static const char magic[8] = {'Q', 'N', 'L', 'O', 'G', '1', '\r', '\n'};

typedef struct file_header {
    char magic[8];
    uint64_t fingerprint;
} file_header;

typedef struct record_header {
    uint64_t length, checksum;
} record_header;

enum { LONGEST_RECORD = 1 << 30 };

struct qn__record_log {
    int file;
    char *buffer; /* header and bytes together, so that one write appends a record */
    size_t capacity;
    char path[]; /* for messages */
};

uint64_t qn__hash(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *p = bytes;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ p[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static qn_status write_all(const qn__record_log *log, const void *bytes, size_t length)
{
    const char *p = bytes;
    while (length > 0) {
        const ssize_t written = write(log->file, p, length);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            return QN_FAIL(ERR_IO, "%s: cannot write the checkpoint: %s", log->path, strerror(errno));
        }
        p += written;
        length -= (size_t)written;
    }
    return QN_OK;
}

/* 1: `length` bytes read; 0: the file ended before. */
static qn_status read_all(const qn__record_log *log, void *bytes, size_t length, bool *whole)
{
    char *p = bytes;
    *whole = false;
    while (length > 0) {
        const ssize_t got = read(log->file, p, length);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return QN_FAIL(ERR_IO, "%s: cannot read the checkpoint: %s", log->path, strerror(errno));
        }
        if (got == 0) {
            return QN_OK;
        }
        p += got;
        length -= (size_t)got;
    }
    *whole = true;
    return QN_OK;
}

static qn_status reserve(qn__record_log *log, size_t bytes)
{
    void *buffer = log->buffer;
    QN_TRY(qn__grow(&buffer, &log->capacity, bytes, 1));
    log->buffer = buffer;
    return QN_OK;
}

/* Reads the records; *end becomes the length of the file's whole part. */
static qn_status replay(qn__record_log *log, qn__record_fn read, void *user, off_t *end)
{
    *end = (off_t)sizeof(file_header);
    for (;;) {
        record_header header;
        bool whole = false;
        QN_TRY(read_all(log, &header, sizeof header, &whole));
        if (!whole || header.length > LONGEST_RECORD) {
            return QN_OK;
        }
        QN_TRY(reserve(log, header.length));
        QN_TRY(read_all(log, log->buffer, header.length, &whole));
        if (!whole || qn__hash(QN__HASH_START, log->buffer, header.length) != header.checksum) {
            return QN_OK;
        }
        QN_TRY(read(user, log->buffer, header.length));
        *end += (off_t)(sizeof header + header.length);
    }
}

static qn_status open_file(qn__record_log *log, uint64_t fingerprint, bool resume, qn__record_fn read, void *user)
{
    log->file = open(log->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    QN_CHECK(log->file >= 0, ERR_IO, "%s: cannot open the checkpoint: %s", log->path, strerror(errno));
    struct stat facts;
    QN_CHECK(fstat(log->file, &facts) == 0 && S_ISREG(facts.st_mode), ERR_IO,
             "%s: the checkpoint must be a regular file", log->path);
    file_header header = {{0}, 0};
    bool whole = false;
    QN_TRY(read_all(log, &header, sizeof header, &whole));
    /* Half a header, left by a kill in the first instant, holds nothing and counts as none. */
    const size_t size = facts.st_size < (off_t)sizeof magic ? (size_t)facts.st_size : sizeof magic;
    QN_CHECK(memcmp(header.magic, magic, size) == 0, ERR_CHECKPOINT,
             "%s: exists and is no checkpoint of quern; it is left as it is", log->path);
    QN_CHECK(resume || !whole, ERR_CHECKPOINT, "%s: this checkpoint exists; resume it, or remove it to start anew",
             log->path);
    off_t end = (off_t)sizeof header;
    if (resume && whole) {
        QN_CHECK(header.fingerprint == fingerprint, ERR_CHECKPOINT,
                 "%s: belongs to another run (its input, method, seed or options differ)", log->path);
        QN_TRY(replay(log, read, user, &end));
    } else {
        memcpy(header.magic, magic, sizeof magic);
        header.fingerprint = fingerprint;
        QN_CHECK(lseek(log->file, 0, SEEK_SET) == 0, ERR_IO, "%s: cannot seek: %s", log->path, strerror(errno));
        QN_TRY(write_all(log, &header, sizeof header));
    }
    QN_CHECK(ftruncate(log->file, end) == 0 && lseek(log->file, end, SEEK_SET) == end, ERR_IO,
             "%s: cannot cut the checkpoint: %s", log->path, strerror(errno));
    return QN_OK;
}

qn_status qn__record_log_open(const char *path, uint64_t fingerprint, bool resume, qn__record_fn read, void *user,
                              qn__record_log **out)
{
    const size_t length = strlen(path) + 1;
    qn__record_log *log = qn__calloc(1, sizeof *log + length);
    QN_ALLOC_CHECK(log);
    memcpy(log->path, path, length);
    log->file = -1;
    const qn_status status = open_file(log, fingerprint, resume, read, user);
    if (status != QN_OK) {
        qn__record_log_close(log);
        return status;
    }
    *out = log;
    return QN_OK;
}

qn_status qn__record_log_append(qn__record_log *log, const void *bytes, size_t length)
{
    const record_header header = {length, qn__hash(QN__HASH_START, bytes, length)};
    QN_TRY(reserve(log, sizeof header + length));
    memcpy(log->buffer, &header, sizeof header);
    memcpy(log->buffer + sizeof header, bytes, length);
    return write_all(log, log->buffer, sizeof header + length);
}

void qn__record_log_close(qn__record_log *log)
{
    if (log == NULL) {
        return;
    }
    if (log->file >= 0) {
        (void)fsync(log->file);
        (void)close(log->file);
    }
    qn__free(log->buffer);
    qn__free(log);
}
