/* advice_open.h: the tables of facts as a command sees them: built in, and the user's folder over them. */
#ifndef CLI_ADVICE_OPEN_H
#define CLI_ADVICE_OPEN_H

#include <quern/advise.h>

/* `folder` NULL: $QN_DATA, else $XDG_CONFIG_HOME/quern/data or ~/.config/quern/data where that exists, else none. Warns
 * when the newest built-in row is older than a year. */
qn_status cli_advice_open(const char *folder, qn_advice **out);

#endif
