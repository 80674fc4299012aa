/* context.h: what a run shares: threads, instruction set, progress, interruption; and the library's facts about itself.
 */
#ifndef QUERN_CONTEXT_H
#define QUERN_CONTEXT_H

#include <quern/status.h>

QN_BEGIN_DECLS

/** Immutable once made; may be shared between threads. */
typedef struct qn_context qn_context;

/** A report from long work. `done` of `total` units (total 0: unknown); `value` is the best objective so far (NaN:
 * none). */
typedef struct qn_progress {
    const char *stage; /* static text, for example "vqe" */
    uint64_t done, total;
    uint64_t evaluations;
    double value;
    double seconds; /* since the stage began */
} qn_progress;

/** Called from the thread that called the library, a few times a second at most. */
typedef void (*qn_progress_fn)(void *user, const qn_progress *progress);

typedef struct qn_context_options {
    uint32_t size;    /* sizeof(qn_context_options) */
    uint32_t threads; /* 0: as many as the process may use */
    const char *arch; /* NULL: QN_ARCH from the environment, else the best of this machine; "generic", "avx2", "avx512",
                         "neon" */
    uint64_t memory_limit; /* bytes that one request may take; 0: the machine's available memory */
    qn_progress_fn progress;
    void *progress_user;
    const volatile int *interrupt; /* borrowed; long work ends soon after *interrupt becomes non-zero. May be NULL. */
} qn_context_options;
#define QN_CONTEXT_OPTIONS_INIT                                                                                        \
    {                                                                                                                  \
        (uint32_t)sizeof(qn_context_options), 0, NULL, 0, NULL, NULL, NULL                                             \
    }

/** Make a context. `options` may be NULL.
 *  Errors: QN_ERR_NAME for an instruction set that is unknown or absent on this machine, QN_ERR_MEMORY. */
QN_API QN_MUST_USE qn_status qn_context_create(const qn_context_options *options, qn_context **out);
QN_API void qn_context_free(qn_context *context);
QN_API uint32_t qn_context_threads(const qn_context *context);
/** The instruction set in use: "generic", "avx2", "avx512" or "neon". */
QN_API const char *qn_context_arch(const qn_context *context);
/** Bytes that one request may take. */
QN_API uint64_t qn_context_memory_limit(const qn_context *context);
/** True once the flag given at creation is set. */
QN_API bool qn_context_interrupted(const qn_context *context);

/** Memory the library holds through its own allocator, process-wide. */
typedef struct qn_memory_stats {
    uint64_t bytes_now, bytes_peak, allocations; /* allocations: number ever made */
} qn_memory_stats;
QN_API qn_memory_stats qn_memory(void);
/** Sets the peak back to what is held now. */
QN_API void qn_memory_reset_peak(void);

QN_END_DECLS
#endif
