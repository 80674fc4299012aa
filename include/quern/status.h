/* status.h: what every fallible function returns, and the message that goes with it. */
#ifndef QUERN_STATUS_H
#define QUERN_STATUS_H

#include <quern/types.h>

QN_BEGIN_DECLS

typedef enum qn_status {
#define QN_STATUS(name, code, text, exit_code) QN_##name = code,
#include <quern/status.def>
#undef QN_STATUS
} qn_status;

/** The last failure of the calling thread. `message` is never NULL. */
typedef struct qn_error {
    qn_status status;
    const char *file; /* source file of the library that raised it */
    int line;
    const char *message;
} qn_error;

/** Name of a status, for example "QN_ERR_RANGE"; static, never NULL. */
QN_API const char *qn_status_name(qn_status status);
/** One-line meaning of a status; static, never NULL. */
QN_API const char *qn_status_text(qn_status status);
/** Exit code with which the `quern` command ends on this status. */
QN_API int qn_status_exit_code(qn_status status);
/** The calling thread's last failure; valid until its next failing call. */
QN_API const qn_error *qn_last_error(void);

QN_END_DECLS
#endif
