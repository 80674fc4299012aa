/* file.c: whole files in and out of memory; a write either replaces the file or leaves it as it was. */
#include <quern/format.h>

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
#include "base/status.h"

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

/* Devices, pipes and the like are written in place: a rename would put a plain file where the device was. */
static qn_status write_in_place(const char *path, const void *data, size_t length)
{
    const int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return fail_io(path, "open for writing");
    }
    qn_status status = write_all(descriptor, data, length) ? QN_OK : fail_io(path, "write");
    if (close(descriptor) != 0 && status == QN_OK) {
        status = fail_io(path, "write");
    }
    return status;
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

/* `old` is what stands at the path now, NULL when nothing does. */
static qn_status replace_file(const char *path, const struct stat *old, const void *data, size_t length)
{
    const char *const slash = strrchr(path, '/');
    const size_t folder = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    char *const temporary = qn__alloc(folder + 40, 1);
    QN_ALLOC_CHECK(temporary);
    const int descriptor = open_beside(path, folder, temporary);
    qn_status status = QN_OK;
    if (descriptor < 0) {
        status = fail_io(path, "create a temporary file beside it");
        qn__free(temporary);
        return status;
    }
    /* A new file has the permissions of the umask; one that is replaced keeps its own. */
    if ((old != NULL && fchmod(descriptor, old->st_mode & 07777) != 0) || !write_all(descriptor, data, length) ||
        fsync(descriptor) != 0) {
        status = fail_io(path, "write");
    }
    if (close(descriptor) != 0 && status == QN_OK) {
        status = fail_io(path, "write");
    }
    if (status == QN_OK && rename(temporary, path) != 0) {
        status = fail_io(path, "replace");
    }
    if (status == QN_OK) {
        sync_folder(temporary, folder);
    } else {
        (void)unlink(temporary);
    }
    qn__free(temporary);
    return status;
}

static qn_status write_standard_output(const void *data, size_t length)
{
    if (fwrite(data, 1, length, stdout) != length || fflush(stdout) != 0) {
        return fail_io("standard output", "write");
    }
    return QN_OK;
}

qn_status qn_file_write(const char *path, const void *data, size_t length)
{
    QN_CHECK(path != NULL && (data != NULL || length == 0), ERR_ARGUMENT, "a path and data are needed");
    QN_CHECK(path[0] != '\0', ERR_IO, "the path to write to is empty");
    if (data == NULL) {
        data = "";
    }
    if (strcmp(path, "-") == 0) {
        return write_standard_output(data, length);
    }
    struct stat about;
    if (stat(path, &about) != 0) {
        return replace_file(path, NULL, data, length);
    }
    if (S_ISDIR(about.st_mode)) {
        return QN_FAIL(ERR_IO, "%s: is a directory; expected a file", path);
    }
    if (!S_ISREG(about.st_mode)) {
        return write_in_place(path, data, length);
    }
    /* A link stays a link: the file it leads to is replaced. */
    char target[PATH_MAX];
    if (realpath(path, target) == NULL) {
        return fail_io(path, "resolve");
    }
    if (access(target, W_OK) != 0) {
        return fail_io(path, "write");
    }
    return replace_file(target, &about, data, length);
}
