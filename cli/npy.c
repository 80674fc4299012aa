/* npy.c: NumPy's array file, format 1.0 (numpy.lib.format): magic, version, length of a header that says the type and
 * the shape, the numbers. */
#include "npy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output.h"

enum { PIECE = 1 << 16, HEADER = 128 }; /* amplitudes; bytes, a multiple of 64 that holds every shape of ours */

/* The amplitudes of one run: kept in a live state where the engine has them, so that the circuit runs once. */
typedef struct source {
    qn_live *live;
    qn_program *program;
} source;

static qn_status open_source(qn_engine *engine, const qn_circuit *gates, source *out)
{
    *out = (source){NULL, NULL};
    qn_status status;
    if (!qn_engine_has_live(engine)) {
        return qn_engine_compile(engine, gates, NULL, 0, &out->program);
    }
    status = qn_live_create(engine, qn_circuit_qubits(gates), &out->live);
    if (status == QN_OK) {
        status = qn_engine_compile_live(engine, gates, &out->program);
    }
    if (status == QN_OK) {
        qn_live_start(out->live);
        status = qn_live_advance(out->live, out->program, NULL);
    }
    return status;
}

static void close_source(source *s)
{
    qn_program_free(s->program);
    qn_live_free(s->live);
}

static qn_status read_source(source *s, uint64_t first, size_t count, qn_complex *out)
{
    return s->live != NULL ? qn_live_amplitudes(s->live, first, count, out)
                           : qn_program_amplitudes(s->program, NULL, first, count, out);
}

static bool put_header(FILE *file, uint64_t count)
{
    static const unsigned char magic[8] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    const uint16_t one = 1;
    const char order = *(const unsigned char *)&one == 1 ? '<' : '>';
    char text[HEADER];
    memset(text, ' ', sizeof text);
    memcpy(text, magic, sizeof magic);
    text[8] = (char)(HEADER - 10); /* length of what follows, little-endian */
    text[9] = 0;
    char words[HEADER - 10];
    const int used = snprintf(words, sizeof words, "{'descr': '%cc16', 'fortran_order': False, 'shape': (%llu,), }",
                              order, (unsigned long long)count);
    memcpy(text + 10, words, (size_t)used);
    text[HEADER - 1] = '\n';
    return fwrite(text, 1, sizeof text, file) == sizeof text;
}

static qn_status write_all(qn_engine *engine, const qn_circuit *gates, FILE *file, bool *written)
{
    const uint64_t count = UINT64_C(1) << qn_circuit_qubits(gates);
    source s;
    qn_complex *piece = NULL;
    qn_status status = open_source(engine, gates, &s);
    if (status == QN_OK) {
        piece = malloc(PIECE * sizeof *piece);
        status = piece != NULL ? QN_OK : QN_ERR_MEMORY;
    }
    *written = status == QN_OK && put_header(file, count);
    const qn_context *context = qn_engine_context(engine);
    for (uint64_t first = 0; status == QN_OK && *written && first < count; first += PIECE) {
        const size_t length = count - first < PIECE ? (size_t)(count - first) : PIECE;
        status = qn_context_interrupted(context) ? QN_ERR_INTERRUPTED : read_source(&s, first, length, piece);
        *written = status == QN_OK && fwrite(piece, sizeof *piece, length, file) == length;
    }
    free(piece);
    close_source(&s);
    return status;
}

/* Where the bytes go: a new file beside the path until all is well; pipes and devices are written in place. */
typedef struct target {
    FILE *file;
    char *beside; /* NULL: in place */
} target;

static bool open_target(const char *path, target *out)
{
    struct stat about;
    *out = (target){NULL, NULL};
    if (strcmp(path, "-") == 0) {
        out->file = stdout;
        return true;
    }
    const bool old = stat(path, &about) == 0;
    if (old && !S_ISREG(about.st_mode)) {
        out->file = fopen(path, "wb");
        return out->file != NULL;
    }
    const size_t room = strlen(path) + 40;
    out->beside = malloc(room);
    if (out->beside == NULL) {
        return false;
    }
    (void)snprintf(out->beside, room, "%s.%ld.tmp", path, (long)getpid());
    const int descriptor = open(out->beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor >= 0 && (!old || fchmod(descriptor, about.st_mode & 07777) == 0)) {
        out->file = fdopen(descriptor, "wb");
    }
    if (out->file == NULL) {
        if (descriptor >= 0) {
            (void)close(descriptor);
            (void)unlink(out->beside);
        }
        free(out->beside);
    }
    return out->file != NULL;
}

/* 0, or the errno of what failed. `keep`: what was written is whole. */
static int close_target(target *t, const char *path, bool keep)
{
    int failure = fflush(t->file) != 0 ? errno : 0;
    if (failure == 0 && t->beside != NULL && keep && fsync(fileno(t->file)) != 0) {
        failure = errno;
    }
    if (t->file != stdout && fclose(t->file) != 0 && failure == 0) {
        failure = errno;
    }
    if (t->beside != NULL && keep && failure == 0 && rename(t->beside, path) != 0) {
        failure = errno;
    }
    if (t->beside != NULL && (!keep || failure != 0)) {
        (void)unlink(t->beside);
    }
    free(t->beside);
    return failure;
}

qn_status cli_npy_write(qn_engine *engine, const qn_circuit *gates, const char *path, char *buffer, size_t capacity,
                        const char **problem)
{
    target t;
    bool written = false;
    *problem = NULL;
    if (!open_target(path, &t)) {
        (void)snprintf(buffer, capacity, "%s: cannot open for writing: %s", path, strerror(errno));
        *problem = buffer;
        return QN_ERR_IO;
    }
    errno = 0;
    const qn_status status = write_all(engine, gates, t.file, &written);
    int failure = status == QN_OK && !written ? (errno != 0 ? errno : EIO) : 0;
    const int closing = close_target(&t, path, status == QN_OK && written);
    failure = failure != 0 ? failure : closing;
    if (status == QN_OK && failure != 0) {
        (void)snprintf(buffer, capacity, "%s: cannot write: %s", strcmp(path, "-") == 0 ? "standard output" : path,
                       strerror(failure));
        *problem = buffer;
        return QN_ERR_IO;
    }
    return status;
}
