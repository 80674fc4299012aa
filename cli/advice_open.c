/* advice_open.c: finding the user's folder of facts. */
#include "advice_open.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "output.h"

static bool configured_folder(char *path, size_t capacity)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    struct stat about;
    int length = -1;
    if (config != NULL && config[0] == '/') { /* the specification says to ignore relative ones */
        length = snprintf(path, capacity, "%s/quern/data", config);
    } else if (home != NULL && home[0] == '/') {
        length = snprintf(path, capacity, "%s/.config/quern/data", home);
    }
    return length > 0 && (size_t)length < capacity && stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static void warn_of_age(const qn_advice *advice)
{
    const time_t now = time(NULL);
    struct tm date;
    if (gmtime_r(&now, &date) == NULL) {
        return;
    }
    const int months = qn_advice_age_months(advice, date.tm_year + 1900, date.tm_mon + 1);
    if (months > 12) {
        cli_note("the tables of facts are of %s, %d months old; eras and prices may have moved", qn_advice_edition(advice), months);
    }
}

qn_status cli_advice_open(const char *folder, qn_advice **out)
{
    char path[4096];
    qn_advice_options options = QN_ADVICE_OPTIONS_INIT;
    const char *environment = getenv("QN_DATA");
    options.folder = folder;
    if (folder == NULL && environment != NULL && environment[0] != '\0') {
        options.folder = environment;
    } else if (folder == NULL && configured_folder(path, sizeof path)) {
        options.folder = path;
    }
    const qn_status status = qn_advice_open(&options, out);
    if (status == QN_OK) {
        warn_of_age(*out);
    }
    return status;
}
