/* machine_file.h: where the measured machine is stored. */
#ifndef CLI_MACHINE_FILE_H
#define CLI_MACHINE_FILE_H

#include <quern/machine.h>

/* $XDG_CACHE_HOME/quern/machine.json, else ~/.cache/quern/machine.json; false when neither is known or the path is too
 * long. `make` also makes the folders. */
bool cli_machine_path(char *path, size_t capacity, bool make);

/* Reads `path`, which must be there, or with NULL the stored one; *measured is false when none was ever stored. */
qn_status cli_machine_read(const char *path, qn_machine *out, bool *measured);

#endif
