/* command_generate.c: `quern generate`: models of bit strings, trained, sampled and scored. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "commands.h"
#include "generate_view.h"
#include "output.h"
#include "session.h"
#include "suggest.h"

enum {
#define OPTION(id, ...) GENERATE_##id,
#include "options_generate.def"
#undef OPTION
    GENERATE_COUNT
};

static const cli_option options[] = {
#define OPTION(id, kind, name, argument, fallback, values, choice, least, help)                                        \
    {name, CLI_##kind, argument, fallback, values, choice, least, help},
#include "options_generate.def"
#undef OPTION
};

static const char *const actions[] = {"train", "sample", "evaluate", "data", "mcmc"};
static const char *const sources[] = {"bars", "blobs", "ising", "gaussians", "lognormal"};
enum { ACTIONS = sizeof actions / sizeof *actions, SOURCES = sizeof sources / sizeof *sources };

static qn_status read_bits(const char *path, qn_bit_table **out)
{
    qn_array *array = NULL;
    qn_status status = QN_OK;
    CLI_TRY(qn_array_read(path, &array));
    CLI_TRY(qn_bit_table_from_numbers(path, array->rows, array->is_complex ? 0 : array->columns, array->data, out));
cleanup:
    qn_array_free(array);
    return status;
}

static bool bit_of(const qn_bit_table *table, size_t row, uint32_t column)
{
    return (table->data[row * table->words + column / 64] >> (column % 64) & 1) != 0;
}

static qn_status write_csv(const char *path, const qn_bit_table *table)
{
    qn_text *text = NULL;
    qn_status status = QN_OK;
    CLI_TRY(qn_text_create(&text));
    for (size_t r = 0; r < table->rows; r++) {
        for (uint32_t q = 0; q < table->bits; q++) {
            const char cell[2] = {bit_of(table, r, q) ? '1' : '0', q + 1 < table->bits ? ',' : '\n'};
            qn_text_append(text, cell, 2);
        }
    }
    CLI_TRY(cli_write(path, text));
cleanup:
    qn_text_destroy(text);
    return status;
}

static qn_status write_npy(const char *path, const qn_bit_table *table)
{
    qn_array *array = NULL;
    qn_status status = qn_array_create(table->rows, table->bits, false, &array);
    for (size_t k = 0; status == QN_OK && k < table->rows * table->bits; k++) {
        array->data[k] = bit_of(table, k / table->bits, (uint32_t)(k % table->bits));
    }
    status = status == QN_OK ? qn_array_write_npy(path, array) : status;
    qn_array_free(array);
    return status;
}

static qn_status write_bits(const char *path, const qn_bit_table *table)
{
    const size_t length = strlen(path);
    return length > 4 && strcmp(path + length - 4, ".npy") == 0 ? write_npy(path, table) : write_csv(path, table);
}

/* ---- options ---- */

/* "0.6,1.3": false when it is no list of up to four positive numbers. */
static bool parse_sigma(const char *text, double *sigma, size_t *count)
{
    *count = 0;
    for (const char *at = text; at != NULL && *at != '\0';) {
        char *end = NULL;
        const double value = strtod(at, &end);
        if (end == at || !(value > 0) || !isfinite(value) || *count == QN_GENERATIVE_SIGMAS ||
            (*end != ',' && *end != '\0')) {
            return false;
        }
        sigma[(*count)++] = value;
        at = *end == ',' ? end + 1 : end;
    }
    return true;
}

static uint32_t small(uint64_t value)
{
    return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value;
}

static qn_generative_options training_options(const cli_value *values)
{
    qn_generative_options o = QN_GENERATIVE_OPTIONS_INIT;
    size_t count = 0;
    (void)parse_sigma(values[GENERATE_SIGMA].text, o.sigma, &count);
    o.divergence = strcmp(values[GENERATE_LOSS].text, "kl") == 0;
    o.hidden = small(values[GENERATE_HIDDEN].integer);
    o.layers = small(values[GENERATE_LAYERS].integer);
    o.weight = small(values[GENERATE_WEIGHT].integer);
    o.most_gates = values[GENERATE_GATES].integer;
    o.steps = values[GENERATE_STEPS].integer;
    o.rate = values[GENERATE_RATE].real;
    o.operators = o.samples = values[GENERATE_SAMPLES].integer;
    o.exact_bits = small(values[GENERATE_EXACT].integer);
    o.spread = values[GENERATE_SPREAD].real;
    o.seed = values[GENERATE_SEED].integer;
    return o;
}

/* ---- actions ---- */

static const char tempered_rbm[] = "rbm-tempered";

/* `exact` becomes true when an RBM was trained by its exact gradient. */
static qn_status train_one(generate_view *view, const qn_context *context, const cli_value *values,
                           qn_generative_options *o, bool *exact)
{
    double sigma[QN_GENERATIVE_SIGMAS];
    size_t nsigmas = 0;
    qn_status status = QN_OK;
    generate_entry *const entry = &view->entries[view->nentries];
    (void)parse_sigma(values[GENERATE_SIGMA].text, sigma, &nsigmas);
    CLI_TRY(qn_generative_train(context, view->data, o, &entry->model, &entry->training));
    view->nentries++;
    *exact = *exact || (o->kind == QN_GENERATIVE_RBM && entry->training->exact);
    entry->label = o->kind == QN_GENERATIVE_RBM && o->tempered && !entry->training->exact
                       ? tempered_rbm
                       : qn_generative_kind_name(o->kind);
    if (view->nentries == 1 && values[GENERATE_OUTPUT].text != NULL) { /* first of all what took the time */
        CLI_TRY(qn_generative_write(values[GENERATE_OUTPUT].text, entry->model));
    }
    CLI_TRY(qn_generative_evaluate(context, entry->model, view->test != NULL ? view->test : view->data, sigma, nsigmas,
                                   o->seed, &entry->score));
    view->interrupted = view->interrupted || entry->training->interrupted;
cleanup:
    return status;
}

static qn_status train(generate_view *view, const qn_context *context, const cli_value *values)
{
    static const struct {
        qn_generative_kind kind;
        bool tempered;
    } rivals[] = {{QN_GENERATIVE_BITFLIP, false}, {QN_GENERATIVE_RBM, false}, {QN_GENERATIVE_RBM, true}};
    qn_generative_options o = training_options(values);
    qn_status status = QN_OK;
    CLI_TRY(read_bits(view->name, &view->data));
    if (values[GENERATE_TEST].text != NULL) {
        CLI_TRY(read_bits(values[GENERATE_TEST].text, &view->test));
    }
    o.tempered = strcmp(values[GENERATE_MODEL].text, tempered_rbm) == 0;
    CLI_TRY(qn_generative_kind_from_name(o.tempered ? "rbm" : values[GENERATE_MODEL].text, &o.kind));
    const qn_generative_kind wanted = o.kind;
    const bool wanted_tempered = o.tempered;
    bool exact = false; /* machines trained exactly need no chains: one of them then */
    o.checkpoint = values[GENERATE_CHECKPOINT].text;
    o.resume = values[GENERATE_RESUME].given;
    CLI_TRY(train_one(view, context, values, &o, &exact));
    o.checkpoint = NULL;
    o.divergence = false; /* rivals have losses of their own */
    for (size_t k = 0; k < sizeof rivals / sizeof *rivals; k++) {
        o.kind = rivals[k].kind;
        o.tempered = rivals[k].tempered;
        o.rate = o.kind == QN_GENERATIVE_RBM ? 0 : values[GENERATE_RATE].real; /* each its own */
        o.spread = 0;
        o.weight = wanted == QN_GENERATIVE_IQP ? small(values[GENERATE_WEIGHT].integer) : 2;
        const bool same = o.kind == wanted && (o.tempered == wanted_tempered || exact);
        if (!same && !(o.tempered && exact) && strcmp(values[GENERATE_RIVALS].text, "on") == 0 && !view->interrupted) {
            CLI_TRY(train_one(view, context, values, &o, &exact));
        }
    }
    generate_ledger(view);
cleanup:
    return status;
}

static qn_status sample(generate_view *view, const qn_context *context, const cli_value *values)
{
    qn_status status = QN_OK;
    CLI_TRY(qn_generative_read(view->name, &view->entries[0].model));
    view->entries[0].label = qn_generative_kind_name(view->entries[0].model->kind);
    view->nentries = 1;
    CLI_TRY(qn_generative_sample(context, view->entries[0].model, values[GENERATE_SHOTS].integer,
                                 values[GENERATE_SEED].integer, &view->samples));
    if (values[GENERATE_OUTPUT].text != NULL) {
        CLI_TRY(write_bits(values[GENERATE_OUTPUT].text, view->samples));
    }
cleanup:
    return status;
}

static qn_status evaluate(generate_view *view, const qn_context *context, const cli_value *values)
{
    double sigma[QN_GENERATIVE_SIGMAS];
    size_t nsigmas = 0;
    qn_status status = QN_OK;
    (void)parse_sigma(values[GENERATE_SIGMA].text, sigma, &nsigmas);
    CLI_TRY(qn_generative_read(view->name, &view->entries[0].model));
    view->entries[0].label = qn_generative_kind_name(view->entries[0].model->kind);
    view->nentries = 1;
    CLI_TRY(read_bits(values[GENERATE_TEST].text, &view->data));
    CLI_TRY(qn_generative_evaluate(context, view->entries[0].model, view->data, sigma, nsigmas,
                                   values[GENERATE_SEED].integer, &view->entries[0].score));
cleanup:
    return status;
}

static qn_status make_data(generate_view *view, const cli_value *values)
{
    qn_status status = QN_OK;
    size_t source = 0;
    while (strcmp(sources[source], view->name) != 0) {
        source++;
    }
    CLI_TRY(qn_bit_table_generate((qn_bit_source)source, small(values[GENERATE_BITS].integer),
                                  values[GENERATE_ROWS].integer, values[GENERATE_SEED].integer, &view->samples));
    CLI_TRY(write_bits(values[GENERATE_OUTPUT].text != NULL ? values[GENERATE_OUTPUT].text : "-", view->samples));
cleanup:
    return status;
}

/* "3..7", both ends included. */
static bool parse_sizes(const char *text, uint32_t *first, uint32_t *last)
{
    int end = 0;
    return sscanf(text, "%" SCNu32 "..%" SCNu32 "%n", first, last, &end) == 2 && text[end] == '\0' && *first >= 2 &&
           *first < *last && *last <= GENERATE_SIZES + 1;
}

static qn_status run_chains(generate_view *view, const qn_context *context, const cli_value *values)
{
    uint32_t first = 0, last = 0;
    qn_status status = QN_OK;
    (void)parse_sizes(view->name, &first, &last);
    for (uint32_t n = first; status == QN_OK && n <= last; n++) {
        status = qn_generative_chain_gaps(context, n, small(values[GENERATE_INSTANCES].integer),
                                          values[GENERATE_TEMPERATURE].real, values[GENERATE_SEED].integer,
                                          &view->gaps[view->ngaps]);
        view->ngaps += status == QN_OK;
    }
    if (status == QN_OK) {
        const uint32_t spins = values[GENERATE_SPINS].given ? small(values[GENERATE_SPINS].integer) : last;
        status = qn_generative_chain_samples(context, spins, small(values[GENERATE_CHAINS].integer),
                                             values[GENERATE_EVALUATIONS].integer, values[GENERATE_TEMPERATURE].real,
                                             values[GENERATE_SEED].integer, &view->chains);
    }
    view->interrupted = status == QN_ERR_INTERRUPTED && view->ngaps > 1;
    return view->interrupted ? QN_OK : status;
}

/* ---- the command ---- */

static bool among(const char *word, const char *const *list, size_t count, char *hint, size_t capacity)
{
    cli_suggestion suggestion;
    bool known = false;
    cli_suggest_start(&suggestion, word);
    for (size_t k = 0; k < count; k++) {
        known = known || strcmp(word, list[k]) == 0;
        cli_suggest_offer(&suggestion, list[k], strlen(list[k]));
    }
    (void)cli_suggest_text(&suggestion, "", hint, capacity);
    return known;
}

static int check_usage(const cli_invocation *invocation)
{
    char hint[128];
    double sigma[QN_GENERATIVE_SIGMAS];
    size_t count = 0;
    const cli_command *const command = invocation->command;
    if (invocation->noperands == 0) {
        return cli_usage_error(command, "what to do: train, sample, evaluate, data or mcmc?");
    }
    const char *const action = invocation->operands[0];
    if (!among(action, actions, ACTIONS, hint, sizeof hint)) {
        return cli_usage_error(command, "unknown action '%s'%s", action, hint);
    }
    if (invocation->noperands != 2) {
        return cli_usage_error(command, "'%s' needs one %s", action,
                               strcmp(action, "data") == 0 ? "kind of data: bars, blobs, ising, gaussians or lognormal"
                               : strcmp(action, "mcmc") == 0 ? "range of sizes, such as 3..7"
                                                             : "FILE");
    }
    if (strcmp(action, "data") == 0 && !among(invocation->operands[1], sources, SOURCES, hint, sizeof hint)) {
        return cli_usage_error(command, "unknown kind of data '%s'%s", invocation->operands[1], hint);
    }
    uint32_t first = 0, last = 0;
    if (strcmp(action, "mcmc") == 0 && !parse_sizes(invocation->operands[1], &first, &last)) {
        return cli_usage_error(command, "sizes '%s': expected two between 2 and %d, such as 3..7",
                               invocation->operands[1], GENERATE_SIZES + 1);
    }
    if (strcmp(action, "evaluate") == 0 && invocation->values[GENERATE_TEST].text == NULL) {
        return cli_usage_error(command, "evaluate needs --test FILE");
    }
    if (!parse_sigma(invocation->values[GENERATE_SIGMA].text, sigma, &count)) {
        return cli_usage_error(command, "--sigma '%s': expected up to %d positive numbers with commas between them",
                               invocation->values[GENERATE_SIGMA].text, QN_GENERATIVE_SIGMAS);
    }
    return CLI_EXIT_OK;
}

static void release(generate_view *view)
{
    if (view != NULL) {
        qn_bit_table_free(view->data);
        qn_bit_table_free(view->test);
        qn_bit_table_free(view->samples);
        for (size_t k = 0; k < GENERATE_MODELS; k++) {
            qn_generative_model_free(view->entries[k].model);
            qn_generative_training_free(view->entries[k].training);
            free(view->entries[k].x);
        }
        free(view);
    }
}

static qn_status act(generate_view *view, const qn_context *context, const cli_value *values)
{
    return strcmp(view->action, "train") == 0      ? train(view, context, values)
           : strcmp(view->action, "sample") == 0   ? sample(view, context, values)
           : strcmp(view->action, "mcmc") == 0     ? run_chains(view, context, values)
           : strcmp(view->action, "evaluate") == 0 ? evaluate(view, context, values)
                                                   : make_data(view, values);
}

static int run(const cli_invocation *invocation)
{
    const cli_value *const values = invocation->values;
    const int usage = check_usage(invocation);
    if (usage != CLI_EXIT_OK) {
        return usage;
    }
    generate_view *const view = calloc(1, sizeof *view);
    qn_context *context = NULL;
    qn_status status = view == NULL ? QN_ERR_MEMORY : QN_OK;
    bool interrupted = false;
    CLI_TRY(status);
    view->invocation = invocation;
    view->action = invocation->operands[0];
    view->name = invocation->operands[1];
    qn_ledger_init(&view->ledger);
    CLI_TRY(cli_session_open(values[GENERATE_THREADS].integer, values[GENERATE_QUIET].given, &context));
    CLI_TRY(act(view, context, values));
    if (strcmp(view->action, "data") == 0) {
        goto cleanup;
    }
    interrupted = view->interrupted;
    const bool trained = strcmp(view->action, "train") == 0;
    if (trained) {
        qn_advise(&view->ledger);
    }
    CLI_TRY(generate_pictures(view, context));
    const bool drawn = view->columns.ngroups > 0;
    cli_answer answer = {.invocation = invocation,
                         .title = view->title,
                         .lead = view->subtitle,
                         .input_json = generate_input_json,
                         .result_json = view->ngaps > 0 ? generate_gaps_json : generate_result_json,
                         .text = view->ngaps > 0 ? generate_gaps_text : generate_text,
                         .plots = &view->plot,
                         .nplots = trained || view->ngaps > 0 ? 1 : 0,
                         .figure = !trained && drawn ? &view->figure : NULL,
                         .sections = &view->section,
                         .nsections = drawn ? 1 : 0,
                         .ledger = trained ? &view->ledger : NULL,
                         .user = view};
    CLI_TRY(cli_answer_give(&answer));
cleanup:
    release(view);
    qn_context_free(context);
    return status != QN_OK ? cli_library_error(status) : interrupted ? CLI_EXIT_INTERRUPTED : CLI_EXIT_OK;
}

const cli_command cli_command_generate = {
    "generate",
    "models of bit strings: circuits trained classically, beside classical rivals",
    "quern generate train data.csv --model iqp --output model.json\nquern generate sample model.json --shots 1000 "
    "--output x.npy\nquern generate evaluate model.json --test test.csv\nquern generate data bars --bits 9 --output "
    "data.csv\nquern generate mcmc 3..7 --plot gaps.svg",
    "ACTION FILE",
    NULL,
    "train fits a model to a table of bits (rows of 0 and 1, or of -1 and 1; .csv or .npy) by the maximum mean "
    "discrepancy, and its classical rivals to the same table. sample draws strings from a trained model, evaluate "
    "scores it against a table, data makes tables by formula: bars (and stripes), blobs, ising, gaussians, lognormal. "
    "mcmc compares the spectral gaps of Markov chains whose proposals are one flip, any string, or a quantum "
    "evolution, then runs them and parallel tempering as samplers at equal numbers of energy evaluations. Ctrl-C ends "
    "training with what was learned so far.",
    options,
    GENERATE_COUNT,
    run};
