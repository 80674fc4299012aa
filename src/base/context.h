/* context.h: the inside of a context, and what floors above read of it. */
#ifndef QN_BASE_CONTEXT_H
#define QN_BASE_CONTEXT_H

#include <quern/context.h>

typedef enum qn__arch {
#define QN_ARCH(id, name, test) QN__ARCH_##id,
#include "base/arch.def"
#undef QN_ARCH
    QN__ARCH_COUNT
} qn__arch;

/* Which instruction set the kernels use. */
qn__arch qn__context_arch(const qn_context *context);

/* The flag that interrupts work, for those who look at it themselves; NULL when there is none. */
const volatile int *qn__context_interrupt(const qn_context *context);

/* Report progress, at most about ten times a second; `force` reports at once. `last` is the caller's memory of when it
 * last did (start with 0). Does nothing without a callback. */
void qn__context_progress(const qn_context *context, const qn_progress *progress, double *last, bool force);

/* QN_ERR_TOO_LARGE when `bytes` is over the context's limit; `what` names the thing, `advice` says what would fit (or
 * ""). */
QN_MUST_USE qn_status qn__context_check_bytes(const qn_context *context, uint64_t bytes, const char *what,
                                              const char *advice);

/* "12.3 GiB" into the caller's buffer. */
const char *qn__format_bytes(char *buffer, size_t capacity, uint64_t bytes);

#endif
