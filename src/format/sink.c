/* sink.c: files that are there whole or not at all: a temporary beside the path, synced, then renamed. */
#include "format/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/rng.h"

static qn_status fail_io(const char *path, const char *what)
{
    const int reason = errno;
    char text[128];
    return QN_FAIL(ERR_IO, "%s: cannot %s: %s", path, what, strerror_r(reason, text, sizeof text));
}

/* Opens a new file in the folder of `path`. `temporary` has room for the folder and 40 bytes. */
static int open_beside(const char *path, size_t folder, char *temporary)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now);
    const uint64_t seed = (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
    memcpy(temporary, path, folder);
    for (uint64_t attempt = 0; attempt < 64; attempt++) {
        (void)snprintf(temporary + folder, 40, ".quern-%016" PRIx64 ".tmp",
                       qn__random_bits(seed, (uint64_t)getpid(), attempt));
        const int descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor >= 0 || errno != EEXIST) {
            return descriptor;
        }
    }
    return -1;
}

/* So that the new name survives a power cut; a folder that cannot be synced is no failure of the write. */
static void sync_folder(char *temporary, size_t folder)
{
    temporary[folder] = '\0';
    const int descriptor = open(folder == 0 ? "." : temporary, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        (void)fsync(descriptor);
        (void)close(descriptor);
    }
}

/* `old` is what stands at the path now, NULL when nothing does. Takes over sink->path. */
static qn_status open_temporary(qn__sink *sink, const struct stat *old)
{
    const char *const slash = strrchr(sink->path, '/');
    sink->folder = slash == NULL ? 0 : (size_t)(slash - sink->path) + 1;
    sink->temporary = qn__alloc(sink->folder + 40, 1);
    QN_ALLOC_CHECK(sink->temporary);
    sink->descriptor = open_beside(sink->path, sink->folder, sink->temporary);
    if (sink->descriptor < 0) {
        return fail_io(sink->path, "create a temporary file beside it");
    }
    /* A new file has the permissions of the umask; one that is replaced keeps its own. */
    if (old != NULL && fchmod(sink->descriptor, old->st_mode & 07777) != 0) {
        const qn_status status = fail_io(sink->path, "write");
        (void)close(sink->descriptor);
        (void)unlink(sink->temporary);
        return status;
    }
    return QN_OK;
}

static qn_status open_path(qn__sink *sink, const char *path)
{
    struct stat about;
    char target[PATH_MAX];
    const bool exists = stat(path, &about) == 0, regular = exists && S_ISREG(about.st_mode);
    if (exists && S_ISDIR(about.st_mode)) {
        return QN_FAIL(ERR_IO, "%s: is a directory; expected a file", path);
    }
    if (regular && realpath(path, target) == NULL) { /* a link stays a link: the file it leads to is replaced */
        return fail_io(path, "resolve");
    }
    if (regular && access(target, W_OK) != 0) {
        return fail_io(path, "write");
    }
    sink->path = qn__strdup(regular ? target : path);
    QN_ALLOC_CHECK(sink->path);
    if (!exists || regular) {
        return open_temporary(sink, regular ? &about : NULL);
    }
    sink->descriptor = open(path, O_WRONLY | O_CLOEXEC);
    return sink->descriptor < 0 ? fail_io(path, "open for writing") : QN_OK;
}

static void release(qn__sink *sink)
{
    qn__free(sink->temporary);
    qn__free(sink->path);
    *sink = (qn__sink){.descriptor = -1};
}

qn_status qn__sink_open(const char *path, qn__sink *out)
{
    QN_CHECK(path[0] != '\0', ERR_IO, "the path to write to is empty");
    qn__sink sink = {.descriptor = -1};
    if (strcmp(path, "-") != 0) {
        const qn_status status = open_path(&sink, path);
        if (status != QN_OK) {
            release(&sink);
            return status;
        }
    }
    *out = sink;
    return QN_OK;
}

static bool write_all(int descriptor, const char *data, size_t length)
{
    while (length > 0) {
        const ssize_t put = write(descriptor, data, length);
        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0) {
            return false;
        }
        data += put;
        length -= (size_t)put;
    }
    return true;
}

qn_status qn__sink_put(qn__sink *sink, const void *data, size_t length)
{
    if (length == 0) {
        return QN_OK;
    }
    if (sink->path == NULL) {
        return fwrite(data, 1, length, stdout) == length ? QN_OK : fail_io("standard output", "write");
    }
    return write_all(sink->descriptor, data, length) ? QN_OK : fail_io(sink->path, "write");
}

qn_status qn__sink_close(qn__sink *sink, qn_status so_far)
{
    qn_status status = so_far;
    if (sink->path == NULL) {
        return fflush(stdout) != 0 && status == QN_OK ? fail_io("standard output", "write") : status;
    }
    if (status == QN_OK && sink->temporary != NULL && fsync(sink->descriptor) != 0) {
        status = fail_io(sink->path, "write");
    }
    if (close(sink->descriptor) != 0 && status == QN_OK) {
        status = fail_io(sink->path, "write");
    }
    if (sink->temporary != NULL) {
        if (status == QN_OK && rename(sink->temporary, sink->path) != 0) {
            status = fail_io(sink->path, "replace");
        }
        if (status == QN_OK) {
            sync_folder(sink->temporary, sink->folder);
        } else {
            (void)unlink(sink->temporary);
        }
    }
    release(sink);
    return status;
}
