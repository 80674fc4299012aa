/* advise_table.h: `quern advise table` and `quern advise list`. */
#ifndef CLI_ADVISE_TABLE_H
#define CLI_ADVISE_TABLE_H

#include <quern/quern.h>

#include "options.h"

/* The article's claims against verdicts. */
qn_status advise_table(const cli_invocation *invocation, const qn_advice *advice, const qn_advise_options *options);
/* Workloads with their keys. */
qn_status advise_list(bool json);

#endif
