/* status.c: names and texts of the status codes, and the thread-local last error. */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char last_message[1024];
static _Thread_local qn_error last_error = {QN_OK, "", 0, ""};

static const struct {
    qn_status status;
    const char *name, *text;
    int exit_code;
} table[] = {
#define QN_STATUS(name, code, text, exit_code) {QN_##name, "QN_" #name, text, exit_code},
#include <quern/status.def>
#undef QN_STATUS
};

static size_t find(qn_status status)
{
    size_t i = 0;
    while (i + 1 < sizeof table / sizeof table[0] && table[i].status != status) {
        i++;
    }
    return i; /* the last row, ERR_INTERNAL, stands for codes nobody knows */
}

const char *qn_status_name(qn_status status)
{
    return table[find(status)].name;
}

const char *qn_status_text(qn_status status)
{
    return table[find(status)].text;
}

int qn_status_exit_code(qn_status status)
{
    return table[find(status)].exit_code;
}

const qn_error *qn_last_error(void)
{
    return &last_error;
}

qn_status qn__fail(qn_status status, const char *file, int line, const char *format, ...)
{
    /* The new message may quote the old one, so it is built aside first. */
    char fresh[sizeof last_message];
    va_list arguments;
    va_start(arguments, format);
    const int written = vsnprintf(fresh, sizeof fresh, format, arguments);
    va_end(arguments);
    if (written < 0) {
        fresh[0] = '\0';
    }
    memcpy(last_message, fresh, sizeof fresh);
    last_error.status = status;
    last_error.file = file;
    last_error.line = line;
    last_error.message = last_message;
    return status;
}
