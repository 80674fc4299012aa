/* options.c: one parser over the option tables. */
#include "options.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <quern/optimizer.h>

#include "commands.h"
#include "output.h"
#include "suggest.h"

const char *cli_optimizer_choice(size_t index)
{
    return index < qn_optimizer_count() ? qn_optimizer_describe(index)->name : NULL;
}

size_t cli_next_word(const char **list, const char **word)
{
    if (**list == '|') {
        (*list)++;
    }
    *word = *list;
    const size_t length = strcspn(*list, "|");
    *list += length;
    return length;
}

const char *cli_option_choice(const cli_option *option, size_t index, char *buffer, size_t capacity)
{
    if (option->choice != NULL) {
        return option->choice(index);
    }
    const char *list = option->values, *word = NULL;
    size_t length = 0;
    if (list == NULL) {
        return NULL;
    }
    for (size_t i = 0; i <= index; i++) {
        length = cli_next_word(&list, &word);
        if (length == 0) {
            return NULL;
        }
    }
    (void)snprintf(buffer, capacity, "%.*s", (int)length, word);
    return buffer;
}

/* The option meant by `name` (length bytes): exact, or an unambiguous start of one. */
static const cli_option *find(const cli_command *command, const char *name, size_t length, bool *ambiguous)
{
    const cli_option *found = NULL;
    *ambiguous = false;
    for (size_t i = 0; i < command->noptions; i++) {
        const cli_option *option = &command->options[i];
        if (strncmp(option->name, name, length) == 0) {
            if (option->name[length] == '\0') {
                *ambiguous = false;
                return option;
            }
            *ambiguous = found != NULL;
            found = option;
        }
    }
    return length >= 3 ? found : NULL;
}

static bool check_choice(const cli_command *command, const cli_option *option, const char *text)
{
    char buffer[64], hint[128];
    if (option->values == NULL && option->choice == NULL) {
        return true;
    }
    cli_suggestion suggestion;
    cli_suggest_start(&suggestion, text);
    const char *word = NULL;
    for (size_t i = 0; (word = cli_option_choice(option, i, buffer, sizeof buffer)) != NULL; i++) {
        if (strcmp(word, text) == 0) {
            return true;
        }
        cli_suggest_offer(&suggestion, word, strlen(word));
    }
    char known[512] = "";
    size_t used = 0;
    for (size_t i = 0; (word = cli_option_choice(option, i, buffer, sizeof buffer)) != NULL && used + 80 < sizeof known;
         i++) {
        used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i > 0 ? ", " : "", word);
    }
    (void)cli_usage_error(command, "--%s: unknown value '%s'%s Known: %s", option->name, text,
                          suggestion.nearest[0] != '\0' ? cli_suggest_text(&suggestion, "", hint, sizeof hint) : ".",
                          known);
    return false;
}

static bool set(const cli_command *command, const cli_option *option, const char *text, bool given, cli_value *value)
{
    value->given = given;
    value->text = text;
    char *end = NULL;
    errno = 0;
    if (option->kind == CLI_INTEGER) {
        const unsigned long long number = strtoull(text, &end, 10);
        if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno == ERANGE || (double)number < option->least) {
            (void)cli_usage_error(command, "--%s: '%s' is not a whole number from %.0f up", option->name, text,
                                  option->least);
            return false;
        }
        value->integer = number;
    } else if (option->kind == CLI_REAL) {
        value->real = strtod(text, &end);
        if (end == text || *end != '\0' || !isfinite(value->real) || value->real <= option->least) {
            (void)cli_usage_error(command, "--%s: '%s' is not a number above %g", option->name, text, option->least);
            return false;
        }
    }
    return check_choice(command, option, text);
}

static bool unknown_option(const cli_command *command, const char *name, size_t length, bool ambiguous)
{
    char word[64], hint[128];
    (void)snprintf(word, sizeof word, "%.*s", (int)(length < 60 ? length : 60), name);
    if (ambiguous) {
        (void)cli_usage_error(command, "option '--%s' could be more than one; write it out", word);
        return false;
    }
    cli_suggestion suggestion;
    cli_suggest_start(&suggestion, word);
    for (size_t i = 0; i < command->noptions; i++) {
        cli_suggest_offer(&suggestion, command->options[i].name, strlen(command->options[i].name));
    }
    (void)cli_usage_error(command, "unknown option '--%s'%s", word,
                          cli_suggest_text(&suggestion, "--", hint, sizeof hint));
    return false;
}

bool cli_parse(const cli_command *command, int argc, char *const *argv, int first, cli_invocation *out)
{
    *out = (cli_invocation){.command = command, .argc = argc, .argv = argv};
    const size_t words = argc > 0 ? (size_t)argc : 0;
    out->operands = calloc(words + 1, sizeof *out->operands);
    out->occurrences = calloc(words + 1, sizeof *out->occurrences);
    if (out->operands == NULL || out->occurrences == NULL) {
        (void)cli_usage_error(command, "out of memory");
        return false;
    }
    for (size_t i = 0; i < command->noptions; i++) {
        const cli_option *option = &command->options[i];
        if (option->fallback != NULL && !set(command, option, option->fallback, false, &out->values[i])) {
            return false;
        }
    }
    bool options_end = false;
    for (int k = first; k < argc; k++) {
        const char *word = argv[k];
        if (options_end || word[0] != '-' || word[1] == '\0') {
            const size_t most = strstr(command->operand, "...") != NULL ? SIZE_MAX : CLI_MOST_OPERANDS;
            if (out->noperands == most || command->operand[0] == '\0') {
                (void)cli_usage_error(command, "unexpected argument '%s'", word);
                return false;
            }
            out->operands[out->noperands++] = word;
            continue;
        }
        if (strcmp(word, "--") == 0) {
            options_end = true;
            continue;
        }
        if (strcmp(word, "-h") == 0) {
            word = "--help";
        }
        if (word[1] != '-') {
            (void)cli_usage_error(command, "unknown option '%s'; options start with two hyphens", word);
            return false;
        }
        const char *name = word + 2;
        const size_t length = strcspn(name, "=");
        bool ambiguous = false;
        const cli_option *option = find(command, name, length, &ambiguous);
        if (option == NULL || ambiguous) {
            return unknown_option(command, name, length, ambiguous);
        }
        cli_value *value = &out->values[option - command->options];
        if (option->kind == CLI_FLAG) {
            if (name[length] == '=') {
                (void)cli_usage_error(command, "--%s takes no value", option->name);
                return false;
            }
            value->given = true;
            continue;
        }
        const char *text = name[length] == '=' ? name + length + 1 : k + 1 < argc ? argv[++k] : NULL;
        if (text == NULL) {
            (void)cli_usage_error(command, "--%s needs a value: %s", option->name, option->argument);
            return false;
        }
        if (!set(command, option, text, true, value)) {
            return false;
        }
        if (option->kind == CLI_LIST) {
            out->occurrences[out->noccurrences].option = option;
            out->occurrences[out->noccurrences++].text = text;
        }
    }
    return true;
}

void cli_invocation_free(cli_invocation *invocation)
{
    free(invocation->operands);
    free(invocation->occurrences);
}

const char *cli_list_next(const cli_invocation *invocation, size_t option, size_t *cursor)
{
    while (*cursor < invocation->noccurrences) {
        const struct cli_occurrence *occurrence = &invocation->occurrences[(*cursor)++];
        if (occurrence->option == &invocation->command->options[option]) {
            return occurrence->text;
        }
    }
    return NULL;
}
