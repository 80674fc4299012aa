/* command_advise.c: `quern advise`: which workloads gain, at what size, on which hardware, and when. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "advise_output.h"
#include "advise_page.h"
#include "advise_selftest.h"
#include "advise_table.h"
#include "answer.h"
#include "commands.h"
#include "machine_file.h"
#include "output.h"
#include "session.h"

enum {
#define OPTION(id, ...) ADVISE_##id,
#include "options_advise.def"
#undef OPTION
    ADVISE_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_advise.def"
#undef OPTION
};

enum { PAIRS = 64 };

/* Operands behind the workload: KEY=VALUE. The values point into the command line, the keys into `room`. */
static bool read_pairs(const cli_invocation *invocation, char *room, size_t capacity, qn_advise_pair *pairs,
                       size_t *count)
{
    *count = 0;
    for (size_t i = 1; i < invocation->noperands; i++) {
        const char *word = invocation->operands[i], *equal = strchr(word, '=');
        const size_t length = equal != NULL ? (size_t)(equal - word) : 0;
        if (equal == NULL || length == 0 || equal[1] == '\0') {
            (void)cli_usage_error(invocation->command,
                                  "'%.64s': after the workload come KEY=VALUE pairs, as in kappa=100", word);
            return false;
        }
        if (*count == PAIRS || length + 1 > capacity) {
            (void)cli_usage_error(invocation->command, "too many keys");
            return false;
        }
        memcpy(room, word, length);
        room[length] = '\0';
        pairs[(*count)++] = (qn_advise_pair){room, equal + 1};
        room += length + 1;
        capacity -= length + 1;
    }
    return true;
}

static qn_status find_machine(const cli_invocation *invocation, qn_machine *machine, qn_advise_options *how)
{
    bool measured = false;
    const qn_status status = cli_machine_read(invocation->values[ADVISE_MACHINE].text, machine, &measured);
    if (status == QN_OK && measured) {
        how->machine = machine;
    }
    return status;
}

/* Said once the answer stands, so that a mistake is reported alone. */
static void note_machine(const cli_invocation *invocation, const qn_advise_options *how)
{
    if (how->machine == NULL && strcmp(how->baseline, "cpu") == 0 && !invocation->values[ADVISE_QUIET].given) {
        cli_note("this machine was never measured; its classical times come from the row 'cpu' of data/classical.tsv "
                 "(quern bench machine measures it)");
    }
}

static qn_advise_options read_options(const cli_invocation *invocation)
{
    const cli_value *values = invocation->values;
    qn_advise_options how = QN_ADVISE_OPTIONS_INIT;
    how.hardware = values[ADVISE_HARDWARE].text;
    how.baseline = values[ADVISE_BASELINE].text;
    how.platform = values[ADVISE_PLATFORM].text;
    how.code = values[ADVISE_CODE].text;
    how.budget = values[ADVISE_BUDGET].real;
    how.year = values[ADVISE_YEAR].integer > 100000 ? 100000 : (int)values[ADVISE_YEAR].integer;
    how.samples = values[ADVISE_SAMPLES].integer > UINT32_MAX ? UINT32_MAX : (uint32_t)values[ADVISE_SAMPLES].integer;
    how.seed = values[ADVISE_SEED].integer;
    how.curve = values[ADVISE_PLOT].text != NULL || values[ADVISE_REPORT].text != NULL ? 80 : 0;
    return how;
}

static qn_status weigh(const cli_invocation *invocation, const qn_advice *advice, const qn_advise_pair *pairs,
                       size_t npairs, const qn_advise_options *how)
{
    qn_advise_result result = {0};
    qn_status status = qn_advise_workload(advice, invocation->operands[0], pairs, npairs, how, &result);
    if (status == QN_OK) {
        const advise_answer answer = {
            pairs, npairs, how, &result, qn_advice_edition(advice), invocation->values[ADVISE_QUIET].given};
        status = advise_page_give(invocation, advice, &answer);
    }
    qn_advise_result_clear(&result);
    return status;
}

static int run(const cli_invocation *invocation)
{
    const cli_value *values = invocation->values;
    const char *what = invocation->noperands > 0 ? invocation->operands[0] : NULL;
    const bool selftest = values[ADVISE_SELFTEST].given;
    if ((what == NULL) != selftest) {
        return cli_usage_error(invocation->command, "name a workload, or 'table' or 'list', or give --selftest");
    }
    if (what != NULL && invocation->noperands > 1 && (strcmp(what, "table") == 0 || strcmp(what, "list") == 0)) {
        return cli_usage_error(invocation->command, "'%s' takes no keys; '%s' is one too many", what,
                               invocation->operands[1]);
    }
    char room[4096];
    qn_advise_pair pairs[PAIRS];
    size_t npairs = 0;
    if (!selftest && !read_pairs(invocation, room, sizeof room, pairs, &npairs)) {
        return CLI_EXIT_USAGE;
    }
    qn_advice *advice = NULL;
    qn_machine machine = QN_MACHINE_INIT;
    qn_advise_options how = read_options(invocation);
    bool failed = false;
    qn_status status = QN_OK;
    if (what != NULL && strcmp(what, "list") == 0) {
        CLI_TRY(advise_list(values[ADVISE_JSON].given));
        return CLI_EXIT_OK;
    }
    CLI_TRY(cli_advice_open(values[ADVISE_DATA].text, values[ADVISE_QUIET].given, &advice));
    if (selftest) {
        CLI_TRY(advise_selftest(advice, values[ADVISE_JSON].given, &failed));
    } else {
        CLI_TRY(find_machine(invocation, &machine, &how));
        CLI_TRY(strcmp(what, "table") == 0 ? advise_table(invocation, advice, &how)
                                           : weigh(invocation, advice, pairs, npairs, &how));
        note_machine(invocation, &how);
    }
cleanup:
    qn_advice_free(advice);
    return status != QN_OK ? cli_library_error(status) : failed ? CLI_EXIT_FAILED : CLI_EXIT_OK;
}

const cli_command cli_command_advise = {
    "advise",
    "which workloads gain from a quantum computer, at what size, and when",
    "quern advise linear N=2^20 kappa=100 access=data\nquern advise chemistry preset=femoco_2025 --report "
    "femoco.html\nquern advise table",
    "WORKLOAD KEY=VALUE...",
    NULL,
    "Weighs a workload: the quantum run with its data loading, priced on error-corrected hardware, against the best "
    "classical method on the same "
    "input; where the times cross, which hardware era holds the run, and one verdict with its reasons.\n"
    "Workloads: linear, search, optimize, montecarlo, chemistry, matmul, attention, train, sampling, shor. 'quern "
    "advise list' shows their keys and "
    "defaults; values may be written 2^20, 1e6, 25k, 10ns, 14d. 'quern advise table' judges the article's table and "
    "timeline row by row.",
    options,
    ADVISE_COUNT,
    run};
