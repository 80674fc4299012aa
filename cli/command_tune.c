/* command_tune.c: `quern tune`: search for hyperparameters in a table of trials. */
#include "commands.h"
#include "nas_job.h"

static int run(const cli_invocation *invocation)
{
    return cli_nas_run(invocation, false);
}

const cli_command cli_command_tune = {
    "tune",
    "hyperparameter search on a table of trials, against the classical searches",
    "quern tune data/nas/micro.csv --objective-column loss --evaluations 60\nquern tune trials.csv --objective-column "
    "accuracy --maximise --evaluations 30\n"
    "quern tune trials.csv --method anneal --encoding domain-wall\n"
    "quern tune trials.csv --method anneal --checkpoint run.log --resume",
    "TABLE",
    NULL,
    "The same as quern nas for a grid of hyperparameters: every row of the table is a trial, its columns are the "
    "values "
    "chosen and a score, which is a loss unless --maximise says otherwise. Trials of equal values are one entry with "
    "their "
    "mean score.",
    cli_nas_options,
    NAS_COUNT,
    run};
