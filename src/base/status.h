/* status.h: raising, checking and forwarding failures inside the library. */
#ifndef QN_BASE_STATUS_H
#define QN_BASE_STATUS_H

#include <quern/status.h>

/* Records status, place and message for the calling thread; returns the status. Allocates nothing. */
qn_status qn__fail(qn_status status, const char *file, int line, const char *format, ...) QN_PRINTF(4, 5);

/* The comma tells compilers and analysers what is returned. */
#define QN_FAIL(status, ...) ((void)qn__fail(QN_##status, __FILE__, __LINE__, __VA_ARGS__), (qn_status)QN_##status)

/* Forward a failure to the caller. */
#define QN_TRY(expression)                                                                                             \
    do {                                                                                                               \
        const qn_status qn_try_status = (expression);                                                                  \
        if (qn_try_status != QN_OK) {                                                                                  \
            return qn_try_status;                                                                                      \
        }                                                                                                              \
    } while (0)

/* The same where memory must be released: needs `qn_status status` and a label `cleanup` in the function. */
#define QN_TRY_CLEANUP(expression)                                                                                     \
    do {                                                                                                               \
        status = (expression);                                                                                         \
        if (status != QN_OK) {                                                                                         \
            goto cleanup;                                                                                              \
        }                                                                                                              \
    } while (0)

/* A caller's mistake; always on. */
#define QN_CHECK(condition, status, ...)                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            return QN_FAIL(status, __VA_ARGS__);                                                                       \
        }                                                                                                              \
    } while (0)

/* Our mistake; debug builds only. */
#ifdef NDEBUG
#define QN_ASSERT(condition) ((void)0)
#else
#include <assert.h>
#define QN_ASSERT(condition) assert(condition)
#endif

#endif
