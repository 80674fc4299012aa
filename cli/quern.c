/* quern.c: finds the command, parses its options, runs it. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "output.h"
#include "suggest.h"

static const cli_command *const commands[] = {
#define COMMAND(name) &cli_command_##name,
#include "commands.def"
#undef COMMAND
};

size_t cli_commands_count(void)
{
    return sizeof commands / sizeof commands[0];
}

const cli_command *cli_command_at(size_t index)
{
    return commands[index];
}

const cli_command *cli_command_find(const char *name)
{
    for (size_t i = 0; i < cli_commands_count(); i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

static int unknown_command(const char *name)
{
    char hint[128];
    cli_suggestion suggestion;
    cli_suggest_start(&suggestion, name);
    for (size_t i = 0; i < cli_commands_count(); i++) {
        cli_suggest_offer(&suggestion, commands[i]->name, strlen(commands[i]->name));
    }
    if (name[0] == '-') {
        return cli_usage_error(NULL, "unknown option '%s'; options follow the command", name);
    }
    return cli_usage_error(NULL, "unknown command '%s'%s", name, cli_suggest_text(&suggestion, "", hint, sizeof hint));
}

static bool asks_for_help(const cli_invocation *invocation)
{
    for (size_t i = 0; i < invocation->command->noptions; i++) {
        if (strcmp(invocation->command->options[i].name, "help") == 0) {
            return invocation->values[i].given;
        }
    }
    return false;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "help";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
        name = "help";
    } else if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        name = "version";
    }
    const cli_command *command = cli_command_find(name);
    if (command == NULL) {
        return unknown_command(name);
    }
    cli_invocation invocation;
    int code = CLI_EXIT_USAGE;
    if (cli_parse(command, argc, argv, 2, &invocation)) {
        if (asks_for_help(&invocation)) {
            invocation.operands[0] = command->name;
            invocation.noperands = 1;
            code = cli_command_help.run(&invocation);
        } else {
            code = command->run(&invocation);
        }
    }
    cli_invocation_free(&invocation);
    return code;
}
