/* help.h: help, man pages and completions, all made from the tables of commands and options. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <quern/report.h>

#include "options.h"

/* Help of one command, or of all when NULL; starts with an example. */
void cli_help(qn_text *text, const cli_command *command);
/* The same as a man page (roff, man macros). */
void cli_man(qn_text *text, const cli_command *command);
/* Script for "bash", "zsh" or "fish"; false for another name. */
bool cli_completions(qn_text *text, const char *shell);

#endif
