/* command_optimize.c: `quern optimize`: a problem file, one method's answer, and the others beside it.
 *
 * Methods are the rows of optimize_methods.def. To add one, say QAOA: write `bool cli_applies_x(job, why_not,
 * capacity)` and `qn_status cli_run_x(job, name, out)` in a file of its own, declare them in optimize_job.h and add a
 * row with `false` for "is classical". `run` reads job->cost (what is minimised), job->problem (for decoding),
 * job->options (the budget: seconds, seed, starts, and a target that is the proven optimum or NaN) and its own options
 * through cli_value_of(job->invocation, "layers"), whose rows go into options_optimize.def. It fills `out` (bits, cost,
 * bound -inf where it has none, times, trace) with malloc'ed arrays, and its counts into job->ledger; the frame judges
 * the bits, compares, draws and prints. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "optimize_output.h"
#include "output.h"
#include "session.h"
#include "terminal.h"

enum {
#define OPTION(id, ...) OPTIMIZE_##id,
#include "options_optimize.def"
#undef OPTION
    OPTIMIZE_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_optimize.def"
#undef OPTION
};

/* Options that only some problems read: nothing is passed over in silence. */
static const struct {
    int option;
    const char *kinds; /* between blanks */
} owners[] = {{OPTIMIZE_COLOURS, " colouring "},       {OPTIMIZE_CHOOSE, " features portfolio "},
              {OPTIMIZE_CAPACITY, " knapsack "},       {OPTIMIZE_RISK, " portfolio "},
              {OPTIMIZE_REDUNDANCY, " features "},     {OPTIMIZE_TARGET, " features grid "},
              {OPTIMIZE_MAXIMISE, " grid "},           {OPTIMIZE_VEHICLES, " cvrp "},
              {OPTIMIZE_ENCODING, " colouring grid "}, {OPTIMIZE_SIZE, " labs "}};

/* The same for methods. */
static const struct {
    int option;
    const char *methods;
} tools[] = {{OPTIMIZE_LAYERS, " qaoa ma-qaoa warm xy grover-mixer falqon "},
             {OPTIMIZE_SCHEDULE, " qaoa xy "},
             {OPTIMIZE_MIXER, " xy "},
             {OPTIMIZE_OPTIMIZER, " qaoa ma-qaoa warm xy grover-mixer "},
             {OPTIMIZE_SHOTS, " qaoa ma-qaoa warm xy grover-mixer falqon dqi "},
             {OPTIMIZE_CVAR, " qaoa "},
             {OPTIMIZE_CHECKPOINT, " qaoa rqaoa ma-qaoa warm xy grover-mixer falqon gas dqi "},
             {OPTIMIZE_SINGLE, " qaoa "}};

static int check_for_method(const cli_invocation *invocation)
{
    char word[64];
    (void)snprintf(word, sizeof word, " %s ", invocation->values[OPTIMIZE_METHOD].text);
    for (size_t k = 0; k < sizeof tools / sizeof *tools; k++) {
        if (invocation->values[tools[k].option].given && strstr(tools[k].methods, word) == NULL) {
            return cli_usage_error(invocation->command, "--%s has no meaning for --method %s",
                                   options[tools[k].option].name, invocation->values[OPTIMIZE_METHOD].text);
        }
    }
    return CLI_EXIT_OK;
}

static int check_for_kind(const cli_invocation *invocation, const char *kind)
{
    char word[64];
    (void)snprintf(word, sizeof word, " %s ", kind);
    for (size_t k = 0; k < sizeof owners / sizeof *owners; k++) {
        if (invocation->values[owners[k].option].given && strstr(owners[k].kinds, word) == NULL) {
            return cli_usage_error(invocation->command, "--%s has no meaning for the problem '%s'",
                                   options[owners[k].option].name, kind);
        }
    }
    return CLI_EXIT_OK;
}

static uint32_t small(const cli_value *value)
{
    return value->integer > UINT32_MAX ? UINT32_MAX : (uint32_t)value->integer;
}

static qn_problem_options problem_options(const cli_value *v)
{
    static const char *const encodings[] = {"one-hot", "domain-wall", "binary"};
    qn_problem_options out = QN_PROBLEM_OPTIONS_INIT;
    out.kind = v[OPTIMIZE_PROBLEM].text;
    for (int k = 0; k < 3; k++) {
        out.encoding = strcmp(encodings[k], v[OPTIMIZE_ENCODING].text) == 0 ? (qn_encoding)k : out.encoding;
    }
    out.penalty = v[OPTIMIZE_PENALTY].real;
    out.colours = small(&v[OPTIMIZE_COLOURS]);
    out.choose = small(&v[OPTIMIZE_CHOOSE]);
    out.capacity = v[OPTIMIZE_CAPACITY].real;
    out.risk = v[OPTIMIZE_RISK].real;
    out.redundancy = v[OPTIMIZE_REDUNDANCY].real;
    out.target = v[OPTIMIZE_TARGET].text;
    out.maximise = v[OPTIMIZE_MAXIMISE].given;
    out.vehicles = small(&v[OPTIMIZE_VEHICLES]);
    return out;
}

static qn_status read_instance(const cli_invocation *invocation, qn_instance **out)
{
    const char *const path = invocation->operands[0], *const format = invocation->values[OPTIMIZE_FORMAT].text;
    qn_instance_format wanted = QN_INSTANCE_DETECT;
    char *text = NULL;
    size_t length = 0;
    qn_status status = format != NULL ? qn_instance_format_find(format, &wanted) : QN_OK;
    status = status == QN_OK ? qn_file_read(path, 0, &text, &length) : status;
    if (status == QN_OK) {
        status = qn_instance_parse(text, length, path, wanted, out);
    }
    qn_text_free(text);
    return status;
}

static qn_status make_problem(cli_optimize_job *job)
{
    const cli_value *const v = job->invocation->values;
    if (job->invocation->noperands == 0) {
        const uint32_t n = small(&v[OPTIMIZE_SIZE]);
        (void)snprintf(job->format, sizeof job->format, "%s", "");
        return qn_problem_create_labs(n, &job->problem);
    }
    const qn_problem_options wanted = problem_options(v);
    qn_status status = read_instance(job->invocation, &job->instance);
    if (status == QN_OK) {
        qn_instance_describe(job->instance, job->format, sizeof job->format);
        status = qn_problem_create(job->instance, &wanted, &job->problem);
    }
    return status;
}

static void set_budget(cli_optimize_job *job)
{
    const cli_value *const v = job->invocation->values;
    const qn_optimize_options plain = QN_OPTIMIZE_OPTIONS_INIT;
    job->options = plain;
    job->options.seed = v[OPTIMIZE_SEED].integer;
    job->options.restarts = v[OPTIMIZE_STARTS].integer;
    job->options.sweeps = v[OPTIMIZE_SWEEPS].integer;
    job->options.seconds = v[OPTIMIZE_SECONDS].given ? v[OPTIMIZE_SECONDS].real : v[OPTIMIZE_STARTS].given ? 0 : 1;
    for (size_t k = 0; k < cli_methods_count(); k++) {
        job->method = strcmp(cli_method_at(k)->name, v[OPTIMIZE_METHOD].text) == 0 ? k : job->method;
    }
}

/* Nobody would anneal the bits of a tour that a tour solver finds at once. */
static void choose_method(cli_optimize_job *job)
{
    static const char *const preferred[] = {"held-karp", "two-opt"};
    char why_not[200];
    for (size_t p = 0; p < sizeof preferred / sizeof *preferred; p++) {
        for (size_t k = 0; k < cli_methods_count(); k++) {
            const cli_method *const method = cli_method_at(k);
            if (strcmp(method->name, preferred[p]) == 0 && method->applies(job, why_not, sizeof why_not)) {
                job->method = k;
                return;
            }
        }
    }
}

static int run(const cli_invocation *invocation)
{
    const cli_value *const v = invocation->values;
    const bool labs = v[OPTIMIZE_PROBLEM].text != NULL && strcmp(v[OPTIMIZE_PROBLEM].text, "labs") == 0;
    if (labs ? invocation->noperands != 0 || !v[OPTIMIZE_SIZE].given : invocation->noperands != 1) {
        return cli_usage_error(invocation->command,
                               labs ? "--problem labs needs --size N and no file" : "give one FILE");
    }
    if (v[OPTIMIZE_RESUME].given && !v[OPTIMIZE_CHECKPOINT].given) {
        return cli_usage_error(invocation->command, "--resume needs --checkpoint FILE");
    }
    cli_optimize_job job = {.invocation = invocation};
    qn_status status = QN_OK;
    bool interrupted = false, feasible = true;
    int code = CLI_EXIT_OK;
    qn_ledger_init(&job.ledger);
    set_budget(&job);
    CLI_TRY(make_problem(&job));
    code = check_for_kind(invocation, qn_problem_kind(job.problem));
    code = code == CLI_EXIT_OK ? check_for_method(invocation) : code;
    if (code == CLI_EXIT_OK) {
        job.cost = qn_problem_cost(job.problem);
        job.variables = qn_cost_variables(job.cost);
        if (!v[OPTIMIZE_METHOD].given) {
            choose_method(&job);
        }
        CLI_TRY(cli_session_open(v[OPTIMIZE_THREADS].integer, v[OPTIMIZE_QUIET].given, &job.context));
        char why_not[200];
        const cli_method *const method = cli_method_at(job.method);
        if (!method->applies(&job, why_not, sizeof why_not)) {
            code = cli_usage_error(invocation->command, "--method %s %s", method->name, why_not);
            goto cleanup;
        }
        CLI_TRY(cli_optimize_run(&job, strcmp(v[OPTIMIZE_BASELINES].text, "none") == 0));
        cli_terminal_clear();
        interrupted = qn_context_interrupted(job.context);
        feasible = job.outcomes[job.method].judgement.feasible;
        CLI_TRY(cli_optimize_show(&job));
    }
cleanup:
    cli_optimize_free(&job);
    return code != CLI_EXIT_OK ? code
           : status != QN_OK   ? cli_library_error(status)
           : interrupted       ? CLI_EXIT_INTERRUPTED
           : !feasible         ? CLI_EXIT_FAILED
                               : CLI_EXIT_OK;
}

const cli_command cli_command_optimize = {
    "optimize",
    "combinatorial problems: cuts, tours, routes, choices, programs",
    "quern optimize graph.mc\nquern optimize burma14.tsp --method two-opt --plot best.svg\n"
    "quern optimize trials.csv --problem grid --target loss\nquern optimize --problem labs --size 24 --method tabu\n"
    "quern optimize graph.mc --method qaoa --layers 8\n"
    "quern optimize returns.csv --problem portfolio --choose 5 --method xy\n"
    "quern optimize graph.mc --method qaoa --starts 4 --checkpoint log --resume",
    "[FILE]",
    NULL,
    "Makes a cost function over bits of a problem file, minimises it with one method and runs the other classical "
    "methods "
    "with the same time beside it. Files: rudy and Gset graphs (.mc), Biq Mac quadratic forms (.bq), qbsolv .qubo, LP "
    "files over integers, TSPLIB (.tsp, .vrp), DIMACS graphs (.col, .clq), parities (.xnf), tables (.csv) and "
    "NAS-Bench-Macro JSON; told "
    "from their content. The objective is that of the file: cut weight, tour length, value. Constraints become "
    "penalties "
    "that are proven to be heavy enough. Where an optimum is proven first, the other methods stop once they reach it, "
    "and "
    "the time they took is what counts. Quantum methods (qaoa, rqaoa, ma-qaoa, warm, xy, grover-mixer, falqon, gas, "
    "dqi) "
    "are "
    "simulated exactly and answer with the best of their measurements, beside as many random guesses; a run of one of "
    "them that was killed goes on from its --checkpoint and ends as if nothing had happened.",
    options,
    OPTIMIZE_COUNT,
    run};
