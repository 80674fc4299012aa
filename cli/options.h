/* options.h: commands and their options as data, and the parser over them. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* CLI_LIST: a text that may be given more than once. */
typedef enum cli_kind { CLI_FLAG, CLI_TEXT, CLI_INTEGER, CLI_REAL, CLI_LIST } cli_kind;

typedef struct cli_option {
    const char *name; /* without the two hyphens */
    cli_kind kind;
    const char *argument;                /* what stands for the argument in the help; NULL for a flag */
    const char *fallback;                /* default as text; NULL: none, or the help says which */
    const char *values;                  /* allowed values "a|b|c", or NULL */
    const char *(*choice)(size_t index); /* allowed values from the library, NULL behind the last; or NULL */
    double least;                        /* smallest number allowed */
    const char *help;
} cli_option;

typedef struct cli_value {
    bool given;
    const char *text; /* NULL: neither given nor a default */
    uint64_t integer;
    double real;
} cli_value;

enum { CLI_MOST_OPTIONS = 48, CLI_MOST_OPERANDS = 2 };

typedef struct cli_command cli_command;
typedef struct cli_invocation {
    const cli_command *command;
    cli_value values[CLI_MOST_OPTIONS]; /* by the command's own enumeration */
    const char **operands;              /* room for argc + 1 */
    size_t noperands;
    struct cli_occurrence {
        const cli_option *option;
        const char *text;
    } * occurrences; /* of CLI_LIST options, in their order */
    size_t noccurrences;
    int argc; /* the whole command line, to be echoed */
    char *const *argv;
} cli_invocation;

struct cli_command {
    const char *name, *summary;
    const char *examples;       /* lines */
    const char *operand;        /* "FILE", "[COMMAND]" or ""; "FILE..." takes any number */
    const char *operand_values; /* allowed values "a|b|c", "" for commands' names, or NULL for files */
    const char *description;    /* paragraphs for the man page and the help */
    const cli_option *options;
    size_t noptions;
    int (*run)(const cli_invocation *invocation); /* gives the exit code */
};

/* Fills the defaults, then reads argv[first..argc). `--name=value`, `--name value`, `--` ends the options, `-` is an
 * operand. False after a message on standard error. `out` is to be freed in any case. */
bool cli_parse(const cli_command *command, int argc, char *const *argv, int first, cli_invocation *out);

void cli_invocation_free(cli_invocation *invocation);
/* The next value of a CLI_LIST option, NULL behind the last; `*cursor` starts at 0. */
const char *cli_list_next(const cli_invocation *invocation, size_t option, size_t *cursor);

/* Walk "a|b|c": the next word's length, moving *list behind it; 0 at the end. */
size_t cli_next_word(const char **list, const char **word);
/* k-th allowed value of an option in `buffer`, or NULL behind the last. */
const char *cli_option_choice(const cli_option *option, size_t index, char *buffer, size_t capacity);
/* Name of the k-th optimizer, for the options table. */
const char *cli_optimizer_choice(size_t index);

#endif
