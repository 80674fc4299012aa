/* nas_job.c: reads the table, runs the methods, compares them. */
#include "nas_job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "output.h"
#include "session.h"
#include "terminal.h"

enum { GROVER_RUNS = 400 };

const cli_option cli_nas_options[NAS_COUNT] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_nas.def"
#undef OPTION
};

const char *cli_nas_method_choice(size_t index)
{
    return index < QN_NAS_METHOD_COUNT_ ? qn_nas_method_name((qn_nas_method)index) : NULL;
}

static qn_nas_method method_of(const char *name)
{
    for (qn_nas_method m = QN_NAS_RANDOM; m < QN_NAS_METHOD_COUNT_; m++) {
        if (strcmp(qn_nas_method_name(m), name) == 0) {
            return m;
        }
    }
    return QN_NAS_EXACT;
}

/* Options that only some methods read: nothing is passed over in silence. */
static const struct {
    int option;
    const char *methods; /* between blanks */
} owners[] = {{NAS_ENCODING, " anneal "},
              {NAS_LAYERS, " xy "},
              {NAS_SHOTS, " xy "},
              {NAS_MEAN, " exact anneal xy grover "},
              {NAS_INITIAL, " tpe exact anneal xy grover "}};

static int check_usage(const cli_invocation *invocation)
{
    const cli_value *const v = invocation->values;
    char word[64];
    if (invocation->noperands != 1) {
        return cli_usage_error(invocation->command, "give one TABLE: a CSV with a header, or NAS-Bench-Macro JSON");
    }
    if (v[NAS_MAXIMISE].given && v[NAS_MINIMISE].given) {
        return cli_usage_error(invocation->command, "--maximise or --minimise, not both");
    }
    if (v[NAS_RESUME].given && !v[NAS_CHECKPOINT].given) {
        return cli_usage_error(invocation->command, "--resume needs --checkpoint FILE");
    }
    (void)snprintf(word, sizeof word, " %s ", v[NAS_METHOD].text);
    const bool alone = strcmp(v[NAS_BASELINES].text, "none") == 0;
    for (size_t k = 0; k < sizeof owners / sizeof *owners; k++) {
        const bool shared = !alone && (owners[k].option == NAS_MEAN || owners[k].option == NAS_INITIAL);
        if (v[owners[k].option].given && !shared && strstr(owners[k].methods, word) == NULL) {
            return cli_usage_error(invocation->command, "--%s has no meaning for --method %s",
                                   cli_nas_options[owners[k].option].name, v[NAS_METHOD].text);
        }
    }
    return CLI_EXIT_OK;
}

static uint32_t small(uint64_t value)
{
    return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

static void take_options(cli_nas_job *job)
{
    static const char *const encodings[] = {"one-hot", "domain-wall", "binary"};
    const qn_nas_options usual = QN_NAS_OPTIONS_INIT;
    const cli_value *const v = job->invocation->values;
    job->method = method_of(v[NAS_METHOD].text);
    job->options = usual;
    job->options.evaluations = small(v[NAS_EVALUATIONS].integer);
    job->options.runs = small(v[NAS_RUNS].integer);
    job->options.initial = small(v[NAS_INITIAL].integer);
    job->options.mean = v[NAS_MEAN].given;
    job->options.layers = small(v[NAS_LAYERS].integer);
    job->options.shots = v[NAS_SHOTS].integer;
    job->options.seed = v[NAS_SEED].integer;
    job->options.checkpoint = v[NAS_CHECKPOINT].text;
    job->options.resume = v[NAS_RESUME].given;
    for (int k = 0; k < 3; k++) {
        if (strcmp(encodings[k], v[NAS_ENCODING].text) == 0) {
            job->options.encoding = (qn_encoding)k;
        }
    }
}

static qn_status read_table(cli_nas_job *job)
{
    const char *const path = job->invocation->operands[0];
    const cli_value *const v = job->invocation->values;
    qn_nas_table_options wanted = QN_NAS_TABLE_OPTIONS_INIT;
    char *text = NULL;
    size_t length = 0, cursor = 0;
    const char **const ignore = calloc(job->invocation->noccurrences + 1, sizeof *ignore);
    qn_status status = ignore != NULL ? QN_OK : QN_ERR_MEMORY;
    CLI_TRY(status);
    CLI_TRY(qn_file_read(path, 0, &text, &length));
    CLI_TRY(qn_instance_parse(text, length, path, QN_INSTANCE_DETECT, &job->instance));
    for (const char *next = NULL; (next = cli_list_next(job->invocation, NAS_IGNORE, &cursor)) != NULL;) {
        ignore[wanted.nignore++] = next;
    }
    wanted.ignore = ignore;
    wanted.target = v[NAS_OBJECTIVE].text;
    wanted.sense = v[NAS_MAXIMISE].given                      ? 1
                   : v[NAS_MINIMISE].given                    ? -1
                   : job->instance->format == QN_INSTANCE_NAS ? 0
                   : job->maximises                           ? 1
                                                              : -1;
    CLI_TRY(qn_nas_table_create(job->instance, &wanted, &job->table));
cleanup:
    free(ignore);
    qn_text_free(text);
    return status;
}

/* Baselines first, so that the slow method comes last; after Ctrl-C the rest is left out. The methods share one
 * checkpoint, which the first of them makes or opens and the others go on with. */
static qn_status run_methods(cli_nas_job *job)
{
    const bool alone = strcmp(job->invocation->values[NAS_BASELINES].text, "none") == 0;
    qn_status status = QN_OK;
    for (int turn = 0; turn < 2; turn++) {
        for (qn_nas_method m = QN_NAS_RANDOM; m < QN_NAS_METHOD_COUNT_; m++) {
            const bool wanted = turn == 1 ? m == job->method : m != job->method && m <= QN_NAS_EXACT && !alone;
            if (!wanted || qn_context_interrupted(job->context)) {
                continue;
            }
            qn_nas_options options = job->options;
            options.method = m;
            status = qn_nas_search(job->context, job->table, &options, &job->results[m]);
            if (status != QN_OK && status != QN_ERR_INTERRUPTED) {
                return status;
            }
            job->options.resume = true;
        }
    }
    job->interrupted = qn_context_interrupted(job->context);
    for (qn_nas_method m = QN_NAS_RANDOM; m < QN_NAS_METHOD_COUNT_; m++) { /* what was asked for, or the best so far */
        if (job->results[job->method] == NULL && job->results[m] != NULL) {
            job->method = m;
        }
    }
    return job->results[job->method] != NULL ? QN_OK : QN_ERR_INTERRUPTED;
}

static qn_status compare_methods(cli_nas_job *job)
{
    qn_status status = QN_OK;
    for (qn_nas_method m = QN_NAS_RANDOM; m < QN_NAS_METHOD_COUNT_; m++) {
        if (m != job->method && job->results[m] != NULL) {
            CLI_TRY(qn_nas_compare(job->results[job->method], job->results[m], job->options.seed, &job->against[m]));
        }
    }
    qn_nas_grover_law(job->table, GROVER_RUNS, job->options.seed, &job->grover);
cleanup:
    return status;
}

int cli_nas_run(const cli_invocation *invocation, bool maximises)
{
    const int usage = check_usage(invocation);
    if (usage != CLI_EXIT_OK) {
        return usage;
    }
    cli_nas_job *job = calloc(1, sizeof *job);
    qn_status status = job != NULL ? QN_OK : QN_ERR_MEMORY;
    bool interrupted = false;
    CLI_TRY(status);
    job->invocation = invocation;
    job->maximises = maximises;
    qn_ledger_init(&job->ledger);
    take_options(job);
    CLI_TRY(read_table(job));
    CLI_TRY(
        cli_session_open(invocation->values[NAS_THREADS].integer, invocation->values[NAS_QUIET].given, &job->context));
    CLI_TRY(run_methods(job));
    cli_terminal_clear();
    CLI_TRY(compare_methods(job));
    interrupted = job->interrupted;
    CLI_TRY(cli_nas_show(job));
cleanup:
    for (size_t m = 0; job != NULL && m < QN_NAS_METHOD_COUNT_; m++) {
        qn_nas_result_free(job->results[m]);
    }
    if (job != NULL) {
        qn_nas_table_free(job->table);
        qn_instance_free(job->instance);
        qn_context_free(job->context);
        free(job);
    }
    return status != QN_OK ? cli_library_error(status) : interrupted ? CLI_EXIT_INTERRUPTED : CLI_EXIT_OK;
}
