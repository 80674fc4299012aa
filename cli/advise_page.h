/* advise_page.h: the pictures and the page of a weighed workload. */
#ifndef CLI_ADVISE_PAGE_H
#define CLI_ADVISE_PAGE_H

#include "advise_output.h"
#include "options.h"

/* Prints the answer and writes --plot and --report. */
qn_status advise_page_give(const cli_invocation *invocation, const qn_advice *advice, const advise_answer *answer);

#endif
