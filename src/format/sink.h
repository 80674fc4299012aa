/* sink.h: a file that is written piece by piece, and in the end either replaces what stood there or leaves it alone. */
#ifndef QN_FORMAT_SINK_H
#define QN_FORMAT_SINK_H

#include "base/status.h"

typedef struct qn__sink {
    int descriptor;  /* -1: standard output */
    char *path;      /* what is replaced in the end, links resolved; or what messages call the file */
    char *temporary; /* the new file, in the folder of `path`; NULL where pieces go to their place at once */
    size_t folder;   /* length of the folder's name in `temporary` */
} qn__sink;

/* "-" is standard output. Devices, pipes and the like are written in place: a rename would put a plain file where the
 * device was. A file that is replaced keeps its permissions; a link stays a link. */
QN_MUST_USE qn_status qn__sink_open(const char *path, qn__sink *out);
QN_MUST_USE qn_status qn__sink_put(qn__sink *sink, const void *data, size_t length);
/* Ends the writing and releases the sink. `so_far` QN_OK: what was written is whole, put it in its place, synced;
 * anything else: forget it, and return that status again. */
QN_MUST_USE qn_status qn__sink_close(qn__sink *sink, qn_status so_far);

#endif
