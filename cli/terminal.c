/* terminal.c: colour, width and the live progress line on standard error. */
#include "terminal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool set(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0';
}

static bool dumb(void)
{
    const char *term = getenv("TERM");
    return term == NULL || strcmp(term, "dumb") == 0;
}

/* The locale's own words, read from the environment: calling setlocale would change how numbers are printed. */
static bool utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0') {
            const char *charset = strchr(value, '.');
            return charset != NULL && (strcasecmp(charset, ".utf-8") == 0 || strcasecmp(charset, ".utf8") == 0);
        }
    }
    return false;
}

static uint32_t width_of(int descriptor)
{
    struct winsize size;
    if (isatty(descriptor) && ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    const char *columns = getenv("COLUMNS");
    const long width = columns != NULL ? strtol(columns, NULL, 10) : 0;
    return width > 0 && width < 10000 ? (uint32_t)width : 80;
}

static bool color_on(int descriptor)
{
    const char *force = getenv("CLICOLOR_FORCE");
    if (set("NO_COLOR")) { /* https://no-color.org: wins over everything */
        return false;
    }
    if (force != NULL && force[0] != '\0' && strcmp(force, "0") != 0) {
        return true;
    }
    return isatty(descriptor) && !dumb();
}

qn_style cli_terminal_style(void)
{
    return (qn_style){color_on(STDOUT_FILENO), utf8(), width_of(STDOUT_FILENO)};
}

bool cli_terminal_error_color(void)
{
    return color_on(STDERR_FILENO);
}

bool cli_terminal_live(void)
{
    return isatty(STDERR_FILENO) && !dumb();
}

void cli_terminal_progress(void *user, const qn_progress *progress)
{
    (void)user;
    char line[256], number[64];
    size_t used = (size_t)snprintf(line, sizeof line, "%s", progress->stage);
    if (progress->total > 0) {
        used += (size_t)snprintf(line + used, sizeof line - used, "  %llu/%llu", (unsigned long long)progress->done,
                                 (unsigned long long)progress->total);
    }
    if (isfinite(progress->value)) {
        used += (size_t)snprintf(line + used, sizeof line - used, "  energy %.8f", progress->value);
    }
    if (progress->seconds > 0 && progress->evaluations > 0) {
        used +=
            (size_t)snprintf(line + used, sizeof line - used, "  %s evaluations/s",
                             qn_human(number, sizeof number, (double)progress->evaluations / progress->seconds, NULL));
    }
    if (progress->total > 0 && progress->done > 0 && progress->done <= progress->total) {
        const double left = progress->seconds * (double)(progress->total - progress->done) / (double)progress->done;
        used += (size_t)snprintf(line + used, sizeof line - used, "  at most %s left",
                                 qn_human(number, sizeof number, left, "s"));
    }
    const size_t width = width_of(STDERR_FILENO);
    if (used >= width) { /* a line that wraps could not be wiped again */
        used = width - 1;
    }
    (void)fprintf(stderr, "\r\033[K%.*s", (int)used, line);
    (void)fflush(stderr);
}

void cli_terminal_clear(void)
{
    if (cli_terminal_live()) {
        (void)fputs("\r\033[K", stderr);
        (void)fflush(stderr);
    }
}
