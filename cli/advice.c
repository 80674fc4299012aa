/* advice.c: which folder of facts, and how old the built-in ones are. */
#include "advice.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "output.h"

enum { MOST_MONTHS = 12 };

static const char *own_folder(char *buffer, size_t capacity)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    struct stat about;
    int length = -1;
    if (config != NULL && config[0] != '\0') {
        length = snprintf(buffer, capacity, "%s/quern/data", config);
    } else if (home != NULL && home[0] != '\0') {
        length = snprintf(buffer, capacity, "%s/.config/quern/data", home);
    }
    const bool there = length > 0 && (size_t)length < capacity && stat(buffer, &about) == 0 && S_ISDIR(about.st_mode);
    return there ? buffer : NULL;
}

static void remark_on_age(const qn_advice *advice)
{
    const time_t now = time(NULL);
    struct tm date;
    if (now == (time_t)-1 || gmtime_r(&now, &date) == NULL) {
        return;
    }
    const int months = qn_advice_age_months(advice, date.tm_year + 1900, date.tm_mon + 1);
    if (months > MOST_MONTHS) {
        cli_note("the built-in tables are of %s, %d months old; newer rows can be put into a folder (--data)",
                 qn_advice_edition(advice), months);
    }
}

qn_status cli_advice_open(const char *folder, bool quiet, qn_advice **out)
{
    char buffer[4096];
    const char *from_environment = getenv("QN_DATA");
    if (folder == NULL && from_environment != NULL && from_environment[0] != '\0') {
        folder = from_environment;
    }
    qn_advice_options options = QN_ADVICE_OPTIONS_INIT;
    options.folder = folder != NULL ? folder : own_folder(buffer, sizeof buffer);
    const qn_status status = qn_advice_open(&options, out);
    for (size_t i = 0; status == QN_OK && qn_advice_remark(*out, i) != NULL; i++) {
        cli_note("%s", qn_advice_remark(*out, i));
    }
    if (status == QN_OK && !quiet) {
        remark_on_age(*out);
    }
    return status;
}
