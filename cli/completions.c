/* completions.c: scripts for the shells, from the same tables as the parser. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "help.h"

static void put(qn_text *text, const char *words)
{
    qn_text_append(text, words, strlen(words));
}

static void command_names(qn_text *text, const char *between)
{
    for (size_t i = 0; i < cli_commands_count(); i++) {
        qn_text_printf(text, "%s%s", i > 0 ? between : "", cli_command_at(i)->name);
    }
}

/* Allowed values separated by `between`; false when anything goes. */
static bool values(qn_text *text, const cli_option *option, const char *between)
{
    char buffer[64];
    const char *word = NULL;
    size_t count = 0;
    for (; (word = cli_option_choice(option, count, buffer, sizeof buffer)) != NULL; count++) {
        qn_text_printf(text, "%s%s", count > 0 ? between : "", word);
    }
    return count > 0;
}

/* Allowed operands of a command separated by `between`; false for files or none. */
static bool operands(qn_text *text, const cli_command *command, const char *between)
{
    if (command->operand_values == NULL) {
        return false;
    }
    if (command->operand_values[0] == '\0') {
        command_names(text, between);
        return true;
    }
    const char *list = command->operand_values, *word = NULL;
    size_t count = 0;
    for (size_t length; (length = cli_next_word(&list, &word)) > 0; count++) {
        qn_text_printf(text, "%s%.*s", count > 0 ? between : "", (int)length, word);
    }
    return true;
}

static void bash(qn_text *text)
{
    put(text, "# bash completion for quern\n_quern() {\n"
              "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}\n"
              "    COMPREPLY=()\n"
              "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        COMPREPLY=($(compgen -W '");
    command_names(text, " ");
    put(text, " --help --version' -- \"$cur\"))\n        return\n    fi\n    case \"$command $prev\" in\n");
    for (size_t c = 0; c < cli_commands_count(); c++) {
        const cli_command *command = cli_command_at(c);
        for (size_t i = 0; i < command->noptions; i++) {
            const cli_option *option = &command->options[i];
            if (option->values != NULL || option->choice != NULL) {
                qn_text_printf(text, "    '%s --%s') COMPREPLY=($(compgen -W '", command->name, option->name);
                (void)values(text, option, " ");
                put(text, "' -- \"$cur\")); return ;;\n");
            }
        }
    }
    put(text, "    esac\n    case \"$cur\" in\n    -*)\n        case \"$command\" in\n");
    for (size_t c = 0; c < cli_commands_count(); c++) {
        const cli_command *command = cli_command_at(c);
        qn_text_printf(text, "        %s) COMPREPLY=($(compgen -W '", command->name);
        for (size_t i = 0; i < command->noptions; i++) {
            qn_text_printf(text, "%s--%s", i > 0 ? " " : "", command->options[i].name);
        }
        put(text, "' -- \"$cur\")) ;;\n");
    }
    put(text, "        esac ;;\n    *)\n        case \"$command\" in\n");
    for (size_t c = 0; c < cli_commands_count(); c++) {
        const cli_command *command = cli_command_at(c);
        if (command->operand_values != NULL && command->operand[0] != '\0') {
            qn_text_printf(text, "        %s) COMPREPLY=($(compgen -W '", command->name);
            (void)operands(text, command, " ");
            put(text, "' -- \"$cur\")) ;;\n");
        }
    }
    put(text, "        *) COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n        esac ;;\n    esac\n}\n"
              "complete -o filenames -F _quern quern\n");
}

/* In single quotes for zsh's _arguments and fish; brackets and colons mean something to the former. */
static void quoted(qn_text *text, const char *words, bool zsh)
{
    for (; *words != '\0'; words++) {
        if (*words == '\'') {
            put(text, zsh ? "'\\''" : "\\'");
        } else {
            if ((zsh && strchr("[]:\\", *words) != NULL) || (!zsh && *words == '\\')) {
                put(text, "\\");
            }
            qn_text_append(text, words, 1);
        }
    }
}

static void zsh(qn_text *text)
{
    put(text, "#compdef quern\n_quern() {\n    local -a commands\n    commands=(\n");
    for (size_t c = 0; c < cli_commands_count(); c++) {
        qn_text_printf(text, "        '%s:", cli_command_at(c)->name);
        quoted(text, cli_command_at(c)->summary, true);
        put(text, "'\n");
    }
    put(text, "    )\n    if (( CURRENT == 2 )); then\n        _describe command commands\n        return\n    fi\n"
              "    local command=${words[2]}\n    shift words\n    (( CURRENT-- ))\n    case $command in\n");
    for (size_t c = 0; c < cli_commands_count(); c++) {
        const cli_command *command = cli_command_at(c);
        qn_text_printf(text, "    %s)\n        _arguments", command->name);
        for (size_t i = 0; i < command->noptions; i++) {
            const cli_option *option = &command->options[i];
            qn_text_printf(text, " \\\n            '%s--%s%s[", option->kind == CLI_LIST ? "*" : "", option->name,
                           option->kind == CLI_FLAG ? "" : "=");
            quoted(text, option->help, true);
            put(text, "]");
            if (option->kind != CLI_FLAG) {
                put(text, ":");
                quoted(text, option->argument, true);
                if (option->values != NULL || option->choice != NULL) {
                    put(text, ":(");
                    (void)values(text, option, " ");
                    put(text, ")");
                } else {
                    put(text, ":_files");
                }
            }
            put(text, "'");
        }
        if (command->operand[0] != '\0') {
            put(text,
                command->operand_values != NULL ? " \\\n            '1:argument:" : " \\\n            '*:argument:");
            if (command->operand_values != NULL) {
                put(text, "(");
                (void)operands(text, command, " ");
                put(text, ")'");
            } else {
                put(text, "_files'");
            }
        }
        put(text, " ;;\n");
    }
    put(text, "    esac\n}\nif [ \"$funcstack[1]\" = _quern ]; then _quern \"$@\"; else compdef _quern quern; fi\n");
}

static void fish(qn_text *text)
{
    put(text, "# fish completion for quern\ncomplete -c quern -n __fish_use_subcommand -f\n");
    for (size_t c = 0; c < cli_commands_count(); c++) {
        qn_text_printf(text, "complete -c quern -n __fish_use_subcommand -a %s -d '", cli_command_at(c)->name);
        quoted(text, cli_command_at(c)->summary, false);
        put(text, "'\n");
    }
    for (size_t c = 0; c < cli_commands_count(); c++) {
        const cli_command *command = cli_command_at(c);
        for (size_t i = 0; i < command->noptions; i++) {
            const cli_option *option = &command->options[i];
            qn_text_printf(text, "complete -c quern -n '__fish_seen_subcommand_from %s' -l %s", command->name,
                           option->name);
            if (option->values != NULL || option->choice != NULL) {
                put(text, " -x -a '");
                (void)values(text, option, " ");
                put(text, "'");
            } else {
                put(text, option->kind == CLI_FLAG ? "" : " -r");
            }
            put(text, " -d '");
            quoted(text, option->help, false);
            put(text, "'\n");
        }
        if (command->operand_values != NULL && command->operand[0] != '\0') {
            qn_text_printf(text, "complete -c quern -n '__fish_seen_subcommand_from %s' -f -a '", command->name);
            (void)operands(text, command, " ");
            put(text, "'\n");
        }
    }
}

bool cli_completions(qn_text *text, const char *shell)
{
    static const struct {
        const char *name;
        void (*write)(qn_text *text);
    } shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
        if (strcmp(shells[i].name, shell) == 0) {
            shells[i].write(text);
            return true;
        }
    }
    return false;
}
