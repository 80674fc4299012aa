/* machine_file.c: the measured machine in the user's cache folder (XDG base directories). */
#include "machine_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Makes every folder on the way to the file; what cannot be made shows when the file is written. */
static void make_folders(char *path)
{
    for (char *at = path + 1; *at != '\0'; at++) {
        if (*at == '/') {
            *at = '\0';
            (void)mkdir(path, 0777);
            *at = '/';
        }
    }
}

bool cli_machine_path(char *path, size_t capacity, bool make)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    int length = -1;
    if (cache != NULL && cache[0] == '/') { /* the specification says to ignore relative ones */
        length = snprintf(path, capacity, "%s/quern/machine.json", cache);
    } else if (home != NULL && home[0] == '/') {
        length = snprintf(path, capacity, "%s/.cache/quern/machine.json", home);
    }
    if (length < 0 || (size_t)length >= capacity) {
        return false;
    }
    if (make) {
        make_folders(path);
    }
    return true;
}

qn_status cli_machine_read(const char *path, qn_machine *out, bool *measured)
{
    char stored[4096];
    if (path == NULL) {
        *measured = cli_machine_path(stored, sizeof stored, false) && access(stored, F_OK) == 0;
        return *measured ? qn_machine_read(stored, out) : QN_OK;
    }
    *measured = true;
    return qn_machine_read(path, out);
}
