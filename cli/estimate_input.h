/* estimate_input.h: what `quern estimate` is asked: counts and options of the command line. */
#ifndef CLI_ESTIMATE_INPUT_H
#define CLI_ESTIMATE_INPUT_H

#include <quern/quern.h>

#include "options.h"

enum {
#define OPTION(id, ...) ESTIMATE_##id,
#include "options_estimate.def"
#undef OPTION
    ESTIMATE_COUNT
};

/* "qubits=100,t=5": exit code 0, or 2 after a message. A missing rotation_depth is taken as the rotations one after
 * another. */
int cli_counts_read(const cli_command *command, const char *text, qn_logical_counts *out);

/* Options of the library; exit code 0, or 2 after a message. The model is left to the caller. */
int cli_estimate_options_read(const cli_invocation *invocation, qn_estimate_options *out);

#endif
