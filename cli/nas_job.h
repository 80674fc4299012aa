/* nas_job.h: a table searched by one method and, beside it, by the others: what `quern nas` and `quern tune` share. */
#ifndef CLI_NAS_JOB_H
#define CLI_NAS_JOB_H

#include <quern/quern.h>

#include "options.h"

enum {
#define OPTION(id, ...) NAS_##id,
#include "options_nas.def"
#undef OPTION
    NAS_COUNT
};
extern const cli_option cli_nas_options[NAS_COUNT];
const char *cli_nas_method_choice(size_t index);

typedef struct cli_nas_job {
    const cli_invocation *invocation;
    bool maximises; /* what the command takes a CSV's score to be */
    qn_context *context;
    qn_instance *instance;
    qn_nas_table *table;
    qn_nas_method method;
    qn_nas_options options;
    qn_nas_result *results[QN_NAS_METHOD_COUNT_];    /* NULL: did not run */
    qn_nas_comparison against[QN_NAS_METHOD_COUNT_]; /* the method's final regret minus this one's */
    qn_nas_grover grover;
    qn_ledger ledger;
    bool interrupted;
} cli_nas_job;

/* The whole command; gives the exit code. */
int cli_nas_run(const cli_invocation *invocation, bool maximises);
/* Fills the ledger and prints, draws, writes the page. */
qn_status cli_nas_show(cli_nas_job *job);

#endif
