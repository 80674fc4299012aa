/* commands.h: the table of commands. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "options.h"

#define COMMAND(name) extern const cli_command cli_command_##name;
#include "commands.def"
#undef COMMAND

size_t cli_commands_count(void);
const cli_command *cli_command_at(size_t index);
/* NULL when unknown. */
const cli_command *cli_command_find(const char *name);

#endif
