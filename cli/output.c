/* output.c: texts, files, errors, exit codes. */
#include "output.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "terminal.h"

/* What cli_fail said. */
static char own_message[512];
static qn_status own_status = QN_OK;

qn_status cli_fail(qn_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(own_message, sizeof own_message, format, arguments);
    va_end(arguments);
    own_status = status;
    return status;
}

int cli_library_error(qn_status status)
{
    cli_terminal_clear();
    const char *message = qn_last_error()->message;
    if (own_status == status) {
        message = own_message;
    } else if (message[0] == '\0' || qn_last_error()->status != status) { /* a status of our own, not the library's */
        message = qn_status_text(status);
    }
    /* A reader's message is "file:line:column: error: what"; one "error:" is enough. */
    const char *inner = strstr(message, ": error: ");
    if (inner != NULL) {
        (void)fprintf(stderr, "quern: error: %.*s: %s\n", (int)(inner - message), message, inner + strlen(": error: "));
    } else {
        (void)fprintf(stderr, "quern: error: %s\n", message);
    }
    return qn_status_exit_code(status);
}

int cli_usage_error(const cli_command *command, const char *format, ...)
{
    (void)fputs("quern: error: ", stderr);
    va_list arguments;
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    (void)fprintf(stderr, "\nTry 'quern help%s%s'.\n", command != NULL ? " " : "",
                  command != NULL ? command->name : "");
    return CLI_EXIT_USAGE;
}

void cli_note(const char *format, ...)
{
    cli_terminal_clear();
    (void)fputs("quern: ", stderr);
    va_list arguments;
    va_start(arguments, format);
    (void)vfprintf(stderr, format, arguments);
    va_end(arguments);
    (void)fputc('\n', stderr);
}

qn_status cli_write(const char *path, const qn_text *text)
{
    const char *bytes = NULL;
    size_t length = 0;
    const qn_status status = qn_text_finish(text, &bytes, &length);
    return status != QN_OK ? status : qn_file_write(path, bytes, length);
}

qn_status cli_print(const qn_text *text)
{
    return cli_write("-", text);
}

/* Inside single quotes a shell takes everything as it is, except a single quote. */
static void quote(qn_text *text, const char *word)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+./,:=@%";
    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        qn_text_append(text, word, strlen(word));
        return;
    }
    qn_text_append(text, "'", 1);
    for (; *word != '\0'; word++) {
        if (*word == '\'') {
            qn_text_append(text, "'\\''", 4);
        } else {
            qn_text_append(text, word, 1);
        }
    }
    qn_text_append(text, "'", 1);
}

void cli_echo_command(qn_text *text, const cli_invocation *invocation)
{
    qn_text_append(text, "quern", 5);
    for (int i = 1; i < invocation->argc; i++) {
        qn_text_append(text, " ", 1);
        quote(text, invocation->argv[i]);
    }
}
