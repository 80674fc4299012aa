/* session.h: the context a command runs in: threads, Ctrl-C, progress. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include <quern/context.h>

/* From here on Ctrl-C is caught. `quiet`: no progress line. */
qn_status cli_session_open(uint64_t threads, bool quiet, qn_context **out);

#endif
