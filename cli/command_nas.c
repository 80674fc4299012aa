/* command_nas.c: `quern nas`: search for an architecture in a table of trained ones. */
#include "commands.h"
#include "nas_job.h"

static int run(const cli_invocation *invocation)
{
    return cli_nas_run(invocation, true);
}

const cli_command cli_command_nas = {
    "nas",
    "architecture search on a table of trained networks, against the classical searches",
    "quern nas data/nas/micro.csv\nquern nas data/nas/micro.csv --method xy --plot "
    "regret.svg\n"
    "quern nas nas-bench-macro_cifar10.json --objective-column params --minimise\n"
    "quern nas data/nas/micro.csv --method xy --checkpoint run.log --resume",
    "TABLE",
    NULL,
    "Every row of the table is a trained network: columns of choices, and a score. A method may look at so many rows, "
    "each look standing for one training run, and is judged by its regret: how far the best row it saw is from the "
    "best "
    "of the table, averaged over many runs. The methods exact, anneal, xy and grover fit a Bayesian model of single "
    "choices and of pairs, draw from it, and minimise the draw; they differ in the solver only. Random search, local "
    "search, regularised evolution and a Parzen estimator run beside it with the same budget; Wilcoxon's signed-rank "
    "test "
    "says whether a difference is one. Finished runs of all methods are kept in a --checkpoint, from which a search "
    "that was killed goes on.",
    cli_nas_options,
    NAS_COUNT,
    run};
