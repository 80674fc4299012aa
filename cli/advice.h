/* advice.h: the tables of facts that a command rests on, with the user's folder over them. */
#ifndef CLI_ADVICE_H
#define CLI_ADVICE_H

#include <quern/quern.h>

/* Opens the tables: `folder` where given, else $QN_DATA, else quern/data in $XDG_CONFIG_HOME or ~/.config where that
 * exists. Notes on standard error what of the folder is ignored, and unless `quiet` when the built-in facts are older
 * than a year. */
qn_status cli_advice_open(const char *folder, bool quiet, qn_advice **out);

#endif
