/* command_linsolve.c: `quern linsolve`: a system of linear equations by a quantum algorithm, beside its classical
 * rivals. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "linsolve.h"
#include "output.h"
#include "session.h"
#include "terminal.h"

static const char *linear_method_choice(size_t index)
{
    const qn_linear_method *const method = qn_linear_method_describe(index);
    return method != NULL ? method->name : index == qn_linear_method_count() ? "all" : NULL;
}

enum {
#define OPTION(id, ...) LINSOLVE_##id,
#include "options_linsolve.def"
#undef OPTION
    LINSOLVE_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_linsolve.def"
#undef OPTION
};

enum { MOST_LAYERS = 1000, MOST_STEPS = 1000000 };

/* More than this is not begun unasked. */
static const double patience = 120;

static bool read_kappa(const char *text, double *out)
{
    if (strcmp(text, "auto") == 0) {
        *out = 0;
        return true;
    }
    char *end = NULL;
    *out = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*out) && *out >= 1;
}

/* The chosen encoding's bill, and at gate tier its circuit. */
static qn_status choose_encoding(const cli_invocation *invocation, const qn_context *context, cli_linsolve *job)
{
    const char *const name = invocation->values[LINSOLVE_ENCODING].text;
    qn_encoding_options wanted = QN_ENCODING_OPTIONS_INIT;
    if (strcmp(name, "ideal") == 0) {
        return QN_OK;
    }
    wanted.grid = job->gridded ? &job->grid : NULL;
    qn_status status = qn_encoding_from_name(name, &wanted.kind);
    if (status == QN_OK && job->options.tier == QN_LINEAR_GATE) {
        status = qn_block_encoding_create(context, job->matrix, &wanted, &job->encoding);
        job->price = status == QN_OK ? job->encoding->cost : job->price;
    } else if (status == QN_OK) {
        status = qn_block_encoding_estimate(context, job->matrix, &wanted, &job->price);
    }
    job->encoded = status == QN_OK;
    job->options.encoding = job->encoding;
    job->options.price = job->encoded ? &job->price : NULL;
    return status;
}

static qn_status make_problem(const cli_invocation *invocation, const qn_context *context, double kappa,
                              cli_linsolve *job)
{
    qn_linear_problem_options wanted = QN_LINEAR_PROBLEM_OPTIONS_INIT;
    wanted.kappa = kappa;
    wanted.cutoff = invocation->values[LINSOLVE_CUTOFF].given ? invocation->values[LINSOLVE_CUTOFF].real : 0;
    wanted.alpha = invocation->values[LINSOLVE_ALPHA].given ? invocation->values[LINSOLVE_ALPHA].real : 0;
    wanted.alpha = job->encoded ? job->price.alpha : wanted.alpha;
    wanted.seed = invocation->values[LINSOLVE_SEED].integer;
    wanted.grid = job->gridded ? &job->grid : NULL;
    return qn_linear_problem_create(context, job->matrix, job->b != NULL ? job->b->data : NULL,
                                    job->b != NULL && job->b->is_complex, &wanted, &job->problem);
}

static void choose(const cli_invocation *invocation, cli_linsolve *job)
{
    const cli_value *const values = invocation->values;
    const char *const tier = values[LINSOLVE_TIER].text, *const window = values[LINSOLVE_WINDOW].text;
    job->all = strcmp(values[LINSOLVE_METHOD].text, "all") == 0;
    job->options.method = job->all ? "qsvt" : values[LINSOLVE_METHOD].text;
    for (qn_linear_tier t = QN_LINEAR_AUTO; t <= QN_LINEAR_SPECTRAL; t++) {
        job->options.tier = strcmp(tier, qn_linear_tier_name(t)) == 0 ? t : job->options.tier;
    }
    job->options.window = strcmp(window, "uniform") == 0  ? QN_WINDOW_UNIFORM
                          : strcmp(window, "kaiser") == 0 ? QN_WINDOW_KAISER
                                                          : QN_WINDOW_SINE;
    const uint64_t bits = values[LINSOLVE_CLOCK].given ? values[LINSOLVE_CLOCK].integer : 0;
    job->options.clock_bits = bits > 64 ? 64 : (uint32_t)bits;
    static const char *const evolutions[] = {"exact", "trotter1", "trotter2", "trotter4", "chebyshev"};
    for (unsigned k = 0; k < sizeof evolutions / sizeof evolutions[0]; k++) {
        if (strcmp(values[LINSOLVE_EVOLUTION].text, evolutions[k]) == 0) {
            job->options.evolution = (qn_evolution)k;
        }
    }
    const uint64_t steps = values[LINSOLVE_STEPS].integer;
    const uint64_t layers = values[LINSOLVE_LAYERS].given ? values[LINSOLVE_LAYERS].integer : 0;
    job->options.evolution_steps = (uint32_t)steps;
    job->options.layers = (uint32_t)layers;
    job->options.local_cost = values[LINSOLVE_LOCAL_COST].given;
    job->options.epsilon = values[LINSOLVE_EPSILON].real;
    job->options.seed = job->readout.seed = values[LINSOLVE_SEED].integer;
    job->readout.epsilon = values[LINSOLVE_READOUT_EPSILON].real;
}

/* x as float64, or complex128. */
static qn_status write_solution(const char *path, const qn_linear_result *result)
{
    qn_array array = {.rows = result->dimension, .columns = 1, .is_complex = result->is_complex, .data = result->x};
    return qn_array_write_npy(path, &array);
}

static qn_status fill_ledger(cli_linsolve *job)
{
    const qn_status status = qn_linear_ledger(job->problem, &job->options, &job->plan, job->result, job->read,
                                              job->best != NULL ? job->best->name : NULL,
                                              job->best != NULL ? &job->best->outcome : NULL, &job->ledger);
    if (status == QN_OK) {
        (void)snprintf(job->ledger.input, sizeof job->ledger.input, "%.127s", job->matrix_name);
        qn_advise(&job->ledger);
    }
    return status;
}

static qn_status solve(const cli_invocation *invocation, const qn_context *context, double kappa, cli_linsolve *job)
{
    const cli_value *const values = invocation->values;
    qn_status status = QN_OK;
    if (job->gridded) {
        CLI_TRY(qn_grid_matrix_build(context, &job->grid, &job->matrix));
    }
    if (invocation->noperands > 1) {
        CLI_TRY(cli_linsolve_read_b(invocation->operands[1], job));
    }
    CLI_TRY(choose_encoding(invocation, context, job));
    CLI_TRY(make_problem(invocation, context, kappa, job));
    CLI_TRY(qn_linear_plan_make(context, job->problem, &job->options, &job->plan));
    if (strcmp(values[LINSOLVE_RIVALS].text, "none") != 0) {
        CLI_TRY(cli_linsolve_race(context, strcmp(values[LINSOLVE_RIVALS].text, "all") == 0, job));
    }
    job->stopped = job->plan.seconds > patience && !values[LINSOLVE_FORCE].given;
    if (!job->stopped && !qn_context_interrupted(context)) {
        if (job->plan.seconds > 5 && !values[LINSOLVE_QUIET].given) {
            cli_note("%.0f queries, about %.0f s", job->plan.queries, job->plan.seconds);
        }
        CLI_TRY(qn_linear_solve(context, job->problem, &job->options, &job->result));
        if (job->result->error_bound >= 1 && job->result->residual > 0.5) { /* vqls that was caught in a minimum */
            status = cli_linsolve_refuse(job, QN_ERR_NUMERIC,
                                         "no answer is given rather than a wrong one: %s ended with a residual of "
                                         "%.2g at condition number %.3g; try --layers, --seed or another method",
                                         job->options.method, job->result->residual, job->problem->kappa);
            goto cleanup;
        }
        CLI_TRY(qn_linear_read(context, job->problem, job->result, &job->readout, &job->read));
        if (values[LINSOLVE_OUTPUT].given) {
            CLI_TRY(write_solution(values[LINSOLVE_OUTPUT].text, job->result));
        }
    }
    if (job->all && !qn_context_interrupted(context)) {
        CLI_TRY(cli_linsolve_contest(context, patience, job));
    }
    CLI_TRY(fill_ledger(job));
cleanup:
    return status;
}

/* Options that only some methods read: nothing is passed over in silence. */
static const struct {
    int option;
    const char *methods; /* between blanks */
} owners[] = {{LINSOLVE_CUTOFF, " hhl "},
              {LINSOLVE_CLOCK, " hhl all "},
              {LINSOLVE_WINDOW, " hhl all "},
              {LINSOLVE_EVOLUTION, " hhl all "},
              {LINSOLVE_STEPS, " hhl all "},
              {LINSOLVE_LAYERS, " vqls all "},
              {LINSOLVE_LOCAL_COST, " vqls all "},
              {LINSOLVE_ALPHA, " qsvt hhl shortcut adiabatic cks fourier vtaa all "},
              {LINSOLVE_ENCODING, " qsvt hhl shortcut adiabatic cks fourier vtaa all "}};
/* Those whose circuits take any block-encoding. */
static const char *const encoded_circuits = " qsvt shortcut cks all ";

static int check_for_method(const cli_invocation *invocation)
{
    const cli_value *const v = invocation->values;
    const char *const tier = v[LINSOLVE_TIER].text;
    const bool gate = strcmp(tier, "gate") == 0, steps = strncmp(v[LINSOLVE_EVOLUTION].text, "trotter", 7) == 0;
    char word[64];
    (void)snprintf(word, sizeof word, " %.60s ", v[LINSOLVE_METHOD].text);
    for (size_t k = 0; k < sizeof owners / sizeof *owners; k++) {
        if (v[owners[k].option].given && strstr(owners[k].methods, word) == NULL) {
            return cli_usage_error(invocation->command, "--%s has no meaning for --method %s",
                                   options[owners[k].option].name, v[LINSOLVE_METHOD].text);
        }
    }
    if (v[LINSOLVE_EVOLUTION].given && !gate) {
        return cli_usage_error(invocation->command, "--evolution has no meaning for --tier %s: give --tier gate", tier);
    }
    if (v[LINSOLVE_STEPS].given && !steps) {
        return cli_usage_error(invocation->command, "--steps has no meaning for --evolution %s: give a trotter one",
                               v[LINSOLVE_EVOLUTION].text);
    }
    if (gate && strcmp(v[LINSOLVE_ENCODING].text, "ideal") != 0 && strstr(encoded_circuits, word) == NULL) {
        return cli_usage_error(invocation->command,
                               "--encoding has no meaning for --method %s --tier gate, whose circuit has its own",
                               v[LINSOLVE_METHOD].text);
    }
    if (v[LINSOLVE_LAYERS].given && v[LINSOLVE_LAYERS].integer > MOST_LAYERS) {
        return cli_usage_error(invocation->command, "--layers: %llu; at most %d",
                               (unsigned long long)v[LINSOLVE_LAYERS].integer, (int)MOST_LAYERS);
    }
    if (v[LINSOLVE_STEPS].integer > MOST_STEPS) {
        return cli_usage_error(invocation->command, "--steps: %llu; at most %d",
                               (unsigned long long)v[LINSOLVE_STEPS].integer, (int)MOST_STEPS);
    }
    const char *const readout = v[LINSOLVE_READOUT].text;
    if (v[LINSOLVE_READOUT_EPSILON].given &&
        (strncmp(readout, "samples:", 8) == 0 || strncmp(readout, "top:", 4) == 0)) {
        return cli_usage_error(invocation->command, "--readout-epsilon has no meaning for --readout %s", readout);
    }
    return CLI_EXIT_OK;
}

/* A cut-off takes the place of a condition number. */
static bool check_cutoff(const cli_invocation *invocation, double kappa)
{
    const cli_value *const values = invocation->values;
    if (!values[LINSOLVE_CUTOFF].given) {
        return true;
    }
    if (kappa > 0) {
        (void)cli_usage_error(invocation->command, "give --kappa or --cutoff, not both");
        return false;
    }
    if (!(values[LINSOLVE_CUTOFF].real >= 1)) {
        (void)cli_usage_error(invocation->command, "--cutoff: %g; expected a number of at least 1",
                              values[LINSOLVE_CUTOFF].real);
        return false;
    }
    return true;
}

static int run(const cli_invocation *invocation)
{
    double kappa = 0;
    if (invocation->noperands < 1) {
        return cli_usage_error(invocation->command, "give a matrix: a FILE, or a formula such as laplacian2d:64x64");
    }
    if (invocation->values[LINSOLVE_ALPHA].given && strcmp(invocation->values[LINSOLVE_ENCODING].text, "ideal") != 0) {
        return cli_usage_error(invocation->command, "give --alpha or --encoding, not both");
    }
    if (!read_kappa(invocation->values[LINSOLVE_KAPPA].text, &kappa)) {
        return cli_usage_error(invocation->command, "--kappa: '%s' is neither auto nor a number of at least 1",
                               invocation->values[LINSOLVE_KAPPA].text);
    }
    const int code = check_for_method(invocation);
    if (code != CLI_EXIT_OK || !check_cutoff(invocation, kappa)) {
        return CLI_EXIT_USAGE;
    }
    const qn_linear_options plain = QN_LINEAR_OPTIONS_INIT;
    const qn_readout vector = QN_READOUT_INIT;
    cli_linsolve job = {.options = plain, .readout = vector};
    qn_context *context = NULL;
    qn_status status = QN_OK;
    choose(invocation, &job);
    CLI_TRY(cli_linsolve_read_readout(invocation->values[LINSOLVE_READOUT].text, &job));
    CLI_TRY(cli_linsolve_read_matrix(invocation->operands[0], &job));
    CLI_TRY(cli_session_open(invocation->values[LINSOLVE_THREADS].integer, invocation->values[LINSOLVE_QUIET].given,
                             &context));
    CLI_TRY(solve(invocation, context, kappa, &job));
    cli_terminal_clear();
    CLI_TRY(cli_linsolve_show(invocation, &job));
cleanup:
    (void)fflush(stdout);
    const bool interrupted = (job.result != NULL && job.result->interrupted) ||
                             (context != NULL && status == QN_OK && job.result == NULL && !job.stopped);
    const bool stopped = job.stopped, told = job.told;
    cli_linsolve_free(&job);
    qn_context_free(context);
    return status != QN_OK ? (told ? qn_status_exit_code(status) : cli_library_error(status))
           : interrupted   ? CLI_EXIT_INTERRUPTED
           : stopped       ? qn_status_exit_code(QN_ERR_TOO_LARGE)
                           : CLI_EXIT_OK;
}

const cli_command cli_command_linsolve = {
    "linsolve",
    "solve a system of linear equations by a quantum algorithm, beside its classical rivals",
    "quern linsolve matrix.mtx b.mtx --epsilon 1e-6\nquern linsolve laplacian2d:64x64:shift=0.1 --method hhl\n"
    "quern linsolve graph:karate.mtx:shift=0.5 --readout top:5\n"
    "quern linsolve karate.mtx --method hhl --cutoff 10\n"
    "quern linsolve laplacian1d:16:shift=1 --method all --encoding auto",
    "MATRIX [B]",
    NULL,
    "MATRIX is a file in Matrix Market form or CHOLMOD's triplet form (\"-\": standard input), or a formula: "
    "laplacian1d:N, laplacian2d:NxM, laplacian3d:NxMxK, each with :shift=S behind it if wanted; "
    "toeplitz:N:diagonal=D:off=O; graph:FILE:shift=S for a graph's Laplacian. B is Matrix Market, .npy or .csv; ones "
    "when "
    "absent. The condition number is bounded before anything is solved: singular and hopeless systems are refused, "
    "unless "
    "--method hhl --cutoff K asks for the well-conditioned part alone. "
    "Runs that would take over two minutes show their bill and stop (exit code 4) unless --force is given.",
    options,
    LINSOLVE_COUNT,
    run};
