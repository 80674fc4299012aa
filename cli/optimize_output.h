/* optimize_output.h: how the results of `quern optimize` are shown. */
#ifndef CLI_OPTIMIZE_OUTPUT_H
#define CLI_OPTIMIZE_OUTPUT_H

#include "optimize_job.h"

/* Prints, writes picture and page. The job's ledger is filled with what the run knows and judged. */
qn_status cli_optimize_show(cli_optimize_job *job);

#endif
