/* command_help.c: the commands that only print what the tables say: help, man, completions, list, version. */
#include <stdio.h>
#include <string.h>

#include "ansatz.h"
#include "commands.h"
#include "help.h"
#include "output.h"
#include "suggest.h"

enum {
#define OPTION(id, ...) PLAIN_##id,
#include "options_plain.def"
#undef OPTION
    PLAIN_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_plain.def"
#undef OPTION
};

static int print_and_free(qn_text *text)
{
    const qn_status status = cli_print(text);
    qn_text_destroy(text);
    return status == QN_OK ? CLI_EXIT_OK : cli_library_error(status);
}

/* The command named by the first operand in *out (NULL without one); false after a message. */
static bool named_command(const cli_invocation *invocation, const cli_command **out)
{
    *out = NULL;
    if (invocation->noperands == 0) {
        return true;
    }
    const char *name = invocation->operands[0];
    *out = cli_command_find(name);
    if (*out == NULL) {
        char hint[128];
        cli_suggestion suggestion;
        cli_suggest_start(&suggestion, name);
        for (size_t i = 0; i < cli_commands_count(); i++) {
            cli_suggest_offer(&suggestion, cli_command_at(i)->name, strlen(cli_command_at(i)->name));
        }
        (void)cli_usage_error(NULL, "unknown command '%s'%s", name,
                              cli_suggest_text(&suggestion, "", hint, sizeof hint));
    }
    return *out != NULL;
}

static int run_page(const cli_invocation *invocation, void (*write)(qn_text *, const cli_command *))
{
    const cli_command *command = NULL;
    if (!named_command(invocation, &command)) {
        return CLI_EXIT_USAGE;
    }
    qn_text *text = NULL;
    const qn_status status = qn_text_create(&text);
    if (status != QN_OK) {
        return cli_library_error(status);
    }
    write(text, command);
    return print_and_free(text);
}

static int run_help(const cli_invocation *invocation)
{
    return run_page(invocation, cli_help);
}

static int run_man(const cli_invocation *invocation)
{
    return run_page(invocation, cli_man);
}

static int run_completions(const cli_invocation *invocation)
{
    if (invocation->noperands != 1) {
        return cli_usage_error(invocation->command, "which shell: bash, zsh or fish?");
    }
    qn_text *text = NULL;
    const qn_status status = qn_text_create(&text);
    if (status != QN_OK) {
        return cli_library_error(status);
    }
    if (!cli_completions(text, invocation->operands[0])) {
        qn_text_destroy(text);
        return cli_usage_error(invocation->command, "unknown shell '%s'; known: bash, zsh, fish",
                               invocation->operands[0]);
    }
    return print_and_free(text);
}

static int run_version(const cli_invocation *invocation)
{
    (void)invocation;
    qn_text *text = NULL;
    const qn_status status = qn_text_create(&text);
    if (status != QN_OK) {
        return cli_library_error(status);
    }
    qn_text_printf(text, "quern %s\n%s\n", qn_version(), qn_build_info());
    return print_and_free(text);
}

static void list_optimizers(qn_text *text)
{
    for (size_t i = 0; i < qn_optimizer_count(); i++) {
        const qn_optimizer_info *info = qn_optimizer_describe(i);
        qn_text_printf(text, "%-18s %s\n", info->name, info->summary);
    }
}

static void list_engines(qn_text *text)
{
    for (size_t i = 0; i < qn_engine_count(); i++) {
        const qn_engine_desc *engine = qn_engine_describe(i);
        qn_text_printf(text, "%-18s %s\n", engine->name, engine->summary);
    }
}

static void list_ansatze(qn_text *text)
{
    for (size_t i = 0; cli_ansatz_choice(i) != NULL; i++) {
        qn_text_printf(text, "%-22s %s\n", cli_ansatz_choice(i), cli_ansatz_summary(i));
    }
}

static void list_gates(qn_text *text)
{
    for (int gate = 0; gate < (int)QN_GATE_COUNT_; gate++) {
        const qn_gate_info *info = qn_gate_describe((qn_gate)gate);
        qn_text_printf(text, "%-10s %s\n", info->name, info->help);
    }
}

static void list_bases(qn_text *text)
{
    for (size_t i = 0; i < qn_basis_count(); i++) {
        const qn_basis_info *basis = qn_basis_describe(i);
        qn_text_printf(text, "%-12s %s: %s\n", basis->name, basis->gates, basis->help);
    }
}

static const struct {
    const char *name;
    void (*write)(qn_text *text);
} lists[] = {{"ansatze", list_ansatze},
             {"bases", list_bases},
             {"engines", list_engines},
             {"gates", list_gates},
             {"optimizers", list_optimizers}};

static int run_list(const cli_invocation *invocation)
{
    if (invocation->noperands != 1) {
        return cli_usage_error(invocation->command, "list what: ansatze, bases, engines, gates or optimizers?");
    }
    char hint[128];
    cli_suggestion suggestion;
    cli_suggest_start(&suggestion, invocation->operands[0]);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (strcmp(lists[i].name, invocation->operands[0]) == 0) {
            qn_text *text = NULL;
            const qn_status status = qn_text_create(&text);
            if (status != QN_OK) {
                return cli_library_error(status);
            }
            lists[i].write(text);
            return print_and_free(text);
        }
        cli_suggest_offer(&suggestion, lists[i].name, strlen(lists[i].name));
    }
    return cli_usage_error(invocation->command, "nothing to list under '%s'%s", invocation->operands[0],
                           cli_suggest_text(&suggestion, "", hint, sizeof hint));
}

const cli_command cli_command_help = {
    "help",  "help of a command", "quern help vqe", "[COMMAND]", "", "Shows the help of one command, or of all.",
    options, PLAIN_COUNT,         run_help};
const cli_command cli_command_man = {
    "man",
    "the man page of a command",
    "quern man vqe | man -l -",
    "[COMMAND]",
    "",
    "Prints a man page in roff, which `man -l` shows and an installation puts where `man` finds it.",
    options,
    PLAIN_COUNT,
    run_man};
const cli_command cli_command_completions = {
    "completions",
    "completion script for a shell",
    "quern completions bash > ~/.local/share/bash-completion/completions/quern",
    "SHELL",
    "bash|zsh|fish",
    "Prints a script that completes commands, options and their values.",
    options,
    PLAIN_COUNT,
    run_completions};
const cli_command cli_command_list = {"list",
                                      "optimizers, ansatze, engines, gates or gate sets",
                                      "quern list optimizers",
                                      "WHAT",
                                      "ansatze|bases|engines|gates|optimizers",
                                      "Lists what can be chosen by name.",
                                      options,
                                      PLAIN_COUNT,
                                      run_list};
const cli_command cli_command_version = {"version",
                                         "version and how it was built",
                                         "quern version",
                                         "",
                                         "",
                                         "Prints the version, and how the library was built.",
                                         options,
                                         PLAIN_COUNT,
                                         run_version};
