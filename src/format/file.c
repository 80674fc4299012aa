/* file.c: whole files in and out of memory. */
#include <quern/format.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/status.h"
#include "format/sink.h"

static qn_status fail_io(const char *path, const char *what)
{
    const int reason = errno;
    char text[128];
    return QN_FAIL(ERR_IO, "%s: cannot %s: %s", path, what, strerror_r(reason, text, sizeof text));
}

/* Reads to the end of the file. A regular file is asked for in one go, with one byte more than its size to meet the
 * end. */
static qn_status read_all(int descriptor, const char *name, uint64_t limit, uint64_t size, char **text, size_t *length)
{
    size_t capacity = 0, filled = 0;
    void *buffer = NULL;
    qn_status status = qn__grow(&buffer, &capacity, (size_t)size + 2, 1);
    while (status == QN_OK) {
        const ssize_t got = read(descriptor, (char *)buffer + filled, capacity - filled - 1);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            status = fail_io(name, "read");
        } else if (got == 0) {
            ((char *)buffer)[filled] = '\0';
            *text = buffer;
            *length = filled;
            return QN_OK;
        } else if (filled += (size_t)got, filled > limit) {
            status = QN_FAIL(ERR_TOO_LARGE, "%s: over the limit of %" PRIu64 " bytes", name, limit);
        } else if (filled + 1 == capacity) {
            status = qn__grow(&buffer, &capacity, capacity + 1 < 65536 ? 65536 : capacity + 1, 1);
        }
    }
    qn__free(buffer);
    return status;
}

qn_status qn_file_read(const char *path, uint64_t limit, char **text, size_t *length)
{
    QN_CHECK(path != NULL && text != NULL && length != NULL, ERR_ARGUMENT, "a path and places for the text are needed");
    const bool standard = strcmp(path, "-") == 0;
    const char *const name = standard ? "standard input" : path;
    if (limit == 0) {
        limit = UINT64_C(1) << 30;
    }
    if (limit > SIZE_MAX / 4) {
        limit = SIZE_MAX / 4;
    }
    const int descriptor = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return fail_io(name, "open");
    }
    struct stat about;
    qn_status status = QN_OK;
    if (fstat(descriptor, &about) != 0) {
        status = fail_io(name, "look at");
    } else if (S_ISDIR(about.st_mode)) {
        status = QN_FAIL(ERR_IO, "%s: is a directory; expected a file", name);
    } else {
        const uint64_t size = S_ISREG(about.st_mode) && about.st_size > 0 ? (uint64_t)about.st_size : 0;
        if (size > limit) {
            status = QN_FAIL(ERR_TOO_LARGE, "%s: %" PRIu64 " bytes, over the limit of %" PRIu64, name, size, limit);
        } else {
            status = read_all(descriptor, name, limit, size, text, length);
        }
    }
    if (!standard) {
        (void)close(descriptor);
    }
    return status;
}

void qn_text_free(char *text)
{
    qn__free(text);
}

qn_status qn_file_write(const char *path, const void *data, size_t length)
{
    QN_CHECK(path != NULL && (data != NULL || length == 0), ERR_ARGUMENT, "a path and data are needed");
    qn__sink sink;
    QN_TRY(qn__sink_open(path, &sink));
    const qn_status status = qn__sink_put(&sink, data, length);
    return qn__sink_close(&sink, status);
}
