/* output.h: everything that leaves the command: texts, files, errors, exit codes. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <quern/quern.h>

#include "options.h"

enum { CLI_EXIT_OK = 0, CLI_EXIT_FAILED = 1, CLI_EXIT_USAGE = 2, CLI_EXIT_INTERRUPTED = 130 };

/* A failure that the command found by itself: `status` gives the exit code, cli_library_error shows the message. */
qn_status cli_fail(qn_status status, const char *format, ...) QN_PRINTF(2, 3);

/* "quern: error: …" for the library's last failure; gives the exit code. */
int cli_library_error(qn_status status);
/* The same for a mistake on the command line, with where to read more; gives 2. `command` may be NULL. */
int cli_usage_error(const cli_command *command, const char *format, ...) QN_PRINTF(2, 3);
/* A remark on standard error. */
void cli_note(const char *format, ...) QN_PRINTF(1, 2);

/* Write a finished text to standard output, or to a file whole or not at all. */
qn_status cli_print(const qn_text *text);
qn_status cli_write(const char *path, const qn_text *text);

/* The command line as it could be typed again. */
void cli_echo_command(qn_text *text, const cli_invocation *invocation);

/* Forward a failure to the label `cleanup`. */
#define CLI_TRY(expression)                                                                                            \
    do {                                                                                                               \
        status = (expression);                                                                                         \
        if (status != QN_OK) {                                                                                         \
            goto cleanup;                                                                                              \
        }                                                                                                              \
    } while (0)

#endif
