/* terminal.h: what the terminal can show, and the progress line on it. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <quern/context.h>
#include <quern/report.h>

/* How to dress standard output: colour only on a terminal, unless NO_COLOR or TERM=dumb says no or CLICOLOR_FORCE says
 * yes. */
qn_style cli_terminal_style(void);
/* Colour on standard error, by the same rules. */
bool cli_terminal_error_color(void);
/* True when a line may be drawn over and over on standard error. */
bool cli_terminal_live(void);
/* A qn_progress_fn: the line itself. */
void cli_terminal_progress(void *user, const qn_progress *progress);
/* Wipe the line; harmless when there is none. */
void cli_terminal_clear(void);

#endif
