/* help.c: the help texts. */
#include "help.h"

#include <stdio.h>
#include <string.h>

#include <quern/version.h>

#include "commands.h"
#include "terminal.h"

static void put(qn_text *text, const char *words)
{
    qn_text_append(text, words, strlen(words));
}

/* Words from column `indent` on, wrapped; the cursor stands at `column`. */
static void wrap(qn_text *text, const char *words, size_t column, size_t indent, size_t width)
{
    for (bool first = true; *words != '\0'; first = false) {
        const size_t length = strcspn(words, " ");
        if (!first && column + 1 + length > width) {
            qn_text_printf(text, "\n%*s", (int)indent, "");
            column = indent;
        } else if (!first) {
            put(text, " ");
            column++;
        }
        qn_text_append(text, words, length);
        column += length;
        words += length;
        words += *words == ' ';
    }
    put(text, "\n");
}

/* What follows the help of an option: its allowed values and its default. */
static void remarks(const cli_option *option, char *buffer, size_t capacity)
{
    size_t used = (size_t)snprintf(buffer, capacity, "%s", option->help);
    if (option->values != NULL) {
        const char *list = option->values, *word = NULL;
        const char *between = " [";
        for (size_t length; (length = cli_next_word(&list, &word)) > 0 && used < capacity;) {
            used += (size_t)snprintf(buffer + used, capacity - used, "%s%.*s", between, (int)length, word);
            between = ", ";
        }
        if (used < capacity) {
            used += (size_t)snprintf(buffer + used, capacity - used, "]");
        }
    }
    if (option->fallback != NULL && used < capacity) {
        used += (size_t)snprintf(buffer + used, capacity - used, " (default: %s)", option->fallback);
    }
    if (option->kind == CLI_LIST && used < capacity) {
        (void)snprintf(buffer + used, capacity - used, " (may be repeated)");
    }
}

static void usage_line(qn_text *text, const cli_command *command)
{
    qn_text_printf(text, "quern %s%s%s%s", command->name, command->noptions > 1 ? " [OPTIONS]" : "",
                   command->operand[0] != '\0' ? " " : "", command->operand);
}

static size_t help_width(void)
{
    const size_t width = cli_terminal_style().width;
    return width < 60 ? 60 : width > 100 ? 100 : width;
}

static void lines(qn_text *text, const char *block, const char *indent)
{
    while (*block != '\0') {
        const size_t length = strcspn(block, "\n");
        qn_text_printf(text, "%s%.*s\n", length > 0 ? indent : "", (int)length, block);
        block += length;
        block += *block == '\n';
    }
}

static void help_all(qn_text *text)
{
    put(text, "Example:\n"
              "  quern vqe --hamiltonian \"-1.0 ZZ; 0.5 ZI; 0.5 IZ; 0.2 XX\"\n"
              "  quern vqe molecule.fcidump --taper --plot energy.svg\n\n"
              "Usage: quern COMMAND [OPTIONS] [FILE]\n\n"
              "Runs hybrid quantum-classical algorithms on simulators, and prints with every answer what the\n"
              "classical rival did on the same input.\n\n"
              "Commands:\n");
    for (size_t i = 0; i < cli_commands_count(); i++) {
        qn_text_printf(text, "  %-12s %s\n", cli_command_at(i)->name, cli_command_at(i)->summary);
    }
    put(text, "\n'quern help COMMAND' shows the options of one command.\n");
}

void cli_help(qn_text *text, const cli_command *command)
{
    if (command == NULL) {
        help_all(text);
        return;
    }
    const size_t width = help_width();
    put(text, "Example:\n");
    lines(text, command->examples, "  ");
    put(text, "\nUsage: ");
    usage_line(text, command);
    put(text, "\n\n");
    const char *paragraph = command->description;
    while (*paragraph != '\0') {
        char words[1024];
        const size_t length = strcspn(paragraph, "\n");
        (void)snprintf(words, sizeof words, "%.*s", (int)length, paragraph);
        wrap(text, words, 0, 0, width);
        paragraph += length;
        paragraph += *paragraph == '\n';
    }
    put(text, "\nOptions:\n");
    for (size_t i = 0; i < command->noptions; i++) {
        const cli_option *option = &command->options[i];
        char left[64], right[768];
        (void)snprintf(left, sizeof left, "  --%s%s%s", option->name, option->argument != NULL ? " " : "",
                       option->argument != NULL ? option->argument : "");
        remarks(option, right, sizeof right);
        qn_text_printf(text, "%-24s", left);
        const size_t column = strlen(left) < 24 ? 24 : strlen(left);
        if (column > 24) {
            put(text, " ");
        }
        wrap(text, right, column, 24, width);
    }
}

/* Roff: a backslash, and a point or quote at the start of a line, mean something; hyphens are to be copied as they are.
 */
static void roff(qn_text *text, const char *words)
{
    bool start = true;
    for (; *words != '\0'; words++) {
        if (start && (*words == '.' || *words == '\'')) {
            put(text, "\\&");
        }
        if (*words == '\\') {
            put(text, "\\e");
        } else if (*words == '-') {
            put(text, "\\-");
        } else {
            qn_text_append(text, words, 1);
        }
        start = *words == '\n';
    }
}

static void man_tail(qn_text *text)
{
    put(text, ".SH EXIT STATUS\n"
              ".TP\n0\nDone; also when an optimisation stopped before it converged, which the output says.\n"
              ".TP\n1\nThe run failed, or a file could not be read or written.\n"
              ".TP\n2\nWrong usage.\n"
              ".TP\n3\nBad input; the message is file:line:column and what was expected.\n"
              ".TP\n4\nToo large for this machine; the message names the need and the limit.\n"
              ".TP\n130\nInterrupted; the best result so far was printed.\n"
              ".SH ENVIRONMENT\n"
              ".TP\nQN_ARCH\nInstruction set of the kernels: generic, avx2, avx512 or neon.\n"
              ".TP\nNO_COLOR, CLICOLOR_FORCE\nSwitch colours off or on.\n"
              ".SH SEE ALSO\n");
    put(text, ".BR quern (1)");
    for (size_t i = 0; i < cli_commands_count(); i++) {
        qn_text_printf(text, ",\n.BR quern\\-%s (1)", cli_command_at(i)->name);
    }
    put(text, "\n");
}

void cli_man(qn_text *text, const cli_command *command)
{
    char upper[32] = "";
    const char *name = command != NULL ? command->name : "";
    for (size_t i = 0; name[i] != '\0' && i + 1 < sizeof upper; i++) {
        upper[i] = (char)(name[i] >= 'a' && name[i] <= 'z' ? name[i] - 'a' + 'A' : name[i]);
        upper[i + 1] = '\0';
    }
    qn_text_printf(text, ".TH QUERN%s%s 1 \"\" \"quern %s\" \"Quern\"\n.SH NAME\nquern%s%s \\- ",
                   command != NULL ? "\\-" : "", upper, QN_VERSION_STRING, command != NULL ? "\\-" : "", name);
    roff(text, command != NULL ? command->summary : "hybrid quantum-classical algorithms with an honest bill");
    put(text, "\n.SH SYNOPSIS\n");
    if (command == NULL) {
        put(text, ".B quern\n.I COMMAND\n[OPTIONS] [FILE]\n.SH DESCRIPTION\n");
        roff(text,
             "Runs hybrid quantum-classical algorithms on simulators, and prints with every answer what the classical "
             "rival did on the same input.");
        put(text, "\n.SH COMMANDS\n");
        for (size_t i = 0; i < cli_commands_count(); i++) {
            qn_text_printf(text, ".TP\n.B %s\n", cli_command_at(i)->name);
            roff(text, cli_command_at(i)->summary);
            put(text, "\n");
        }
        man_tail(text);
        return;
    }
    qn_text_printf(text, ".B quern %s\n", command->name);
    put(text, command->noptions > 1 ? "[OPTIONS] " : "");
    roff(text, command->operand);
    put(text, "\n.SH EXAMPLES\n.nf\n");
    roff(text, command->examples);
    put(text, "\n.fi\n.SH DESCRIPTION\n");
    roff(text, command->description);
    put(text, "\n.SH OPTIONS\n");
    for (size_t i = 0; i < command->noptions; i++) {
        const cli_option *option = &command->options[i];
        char right[768];
        put(text, ".TP\n.B \\-\\-");
        roff(text, option->name);
        if (option->argument != NULL) {
            put(text, " \\fI");
            roff(text, option->argument);
            put(text, "\\fR");
        }
        put(text, "\n");
        remarks(option, right, sizeof right);
        roff(text, right);
        put(text, "\n");
    }
    man_tail(text);
}
