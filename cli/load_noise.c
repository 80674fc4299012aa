/* load_noise.c: `quern load --leaves`: how noise adds up in a quantum memory, bucket brigade beside fan-out. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "load.h"
#include "output.h"
#include "session.h"

enum { MOST_SIZES = 22, SMALLEST = 3 };

typedef struct curve {
    qn_qram_result results[MOST_SIZES];
    double leaves[MOST_SIZES], loss[MOST_SIZES], low[MOST_SIZES], high[MOST_SIZES], bound[MOST_SIZES];
    size_t count;
} curve;

typedef struct noise_answer {
    uint32_t levels;
    double noise;
    curve trees[2]; /* bucket brigade, fan-out */
    qn_load_cost cost;
    double copy_seconds;
    bool interrupted;
} noise_answer;

/* "2^20" or "1048576": the exponent; 0 when it is no power of two from 2 to 2^22. */
static uint32_t levels_of(const char *text)
{
    char *end = NULL;
    unsigned long long leaves = strtoull(text, &end, 10);
    if (leaves == 2 && end[0] == '^' && end[1] >= '0' && end[1] <= '9') {
        const unsigned long levels = strtoul(end + 1, &end, 10);
        leaves = levels < 63 ? 1ull << levels : 0;
    }
    if (text[0] < '0' || text[0] > '9' || *end != '\0') {
        return 0;
    }
    for (uint32_t levels = 1; levels <= MOST_SIZES; levels++) {
        if (leaves == 1ull << levels) {
            return levels;
        }
    }
    return 0;
}

static void add_point(curve *c, uint32_t levels, const qn_qram_result *r)
{
    const size_t i = c->count++;
    c->results[i] = *r;
    c->leaves[i] = ldexp(1.0, (int)levels);
    /* No error met any branch: nothing to draw on a logarithmic axis. */
    c->loss[i] = r->infidelity > 0 ? r->infidelity : (double)NAN;
    c->low[i] = fmax(r->infidelity - r->std_error, r->infidelity / 10);
    c->high[i] = fmin(1, r->infidelity + r->std_error);
    c->bound[i] = r->bound > 0 ? fmin(1, r->bound) : (double)NAN;
}

static qn_status work_out(const qn_context *context, const cli_invocation *invocation, noise_answer *a)
{
    qn_status status = QN_OK;
    const uint32_t first = a->levels < SMALLEST ? 1 : SMALLEST;
    for (uint32_t levels = first; status == QN_OK && !a->interrupted && levels <= a->levels; levels++) {
        for (int tree = 0; status == QN_OK && tree < 2; tree++) {
            qn_qram_options options = QN_QRAM_OPTIONS_INIT;
            qn_qram_result result;
            options.levels = levels;
            options.noise = a->noise;
            /* Small trees are quick and rarely hit: more placements. */
            const uint64_t more = levels < 14 ? UINT64_C(1) << (14 - levels) : 1;
            options.shots = cli_value_of(invocation, "shots")->integer * more;
            options.branches = cli_value_of(invocation, "branches")->integer;
            options.seed = cli_value_of(invocation, "seed")->integer;
            options.fanout = tree == 1;
            status = qn_qram_noise(context, &options, &result);
            if (status == QN_OK) {
                add_point(&a->trees[tree], levels, &result);
                a->interrupted = a->interrupted || result.interrupted;
            }
        }
    }
    return status;
}

/* A table of one bit an entry. */
static qn_status time_copy(const qn_context *context, noise_answer *a)
{
    const uint64_t bytes = ((UINT64_C(1) << a->levels) + 7) / 8;
    unsigned char *bits = calloc((size_t)bytes, 1);
    const qn_status status =
        bits != NULL ? qn_load_copy_seconds(context, bits, bytes, &a->copy_seconds) : QN_ERR_MEMORY;
    free(bits);
    return status;
}

static void curve_json(qn_json *json, const char *name, const curve *c)
{
    qn_json_begin_array(json, name);
    for (size_t i = 0; i < c->count; i++) {
        const qn_qram_result *r = &c->results[i];
        qn_json_begin_object(json, NULL);
        qn_json_number(json, "leaves", c->leaves[i]);
        qn_json_number(json, "infidelity", r->infidelity);
        qn_json_number(json, "std_error", r->std_error);
        qn_json_number(json, "bound", fmin(1, r->bound));
        qn_json_number(json, "good_branches", r->good);
        qn_json_unsigned(json, "steps", r->steps);
        qn_json_unsigned(json, "shots", r->shots);
        qn_json_unsigned(json, "branches", r->branches);
        qn_json_number(json, "seconds", r->seconds);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
}

static void input_json(qn_json *json, const void *user)
{
    const noise_answer *a = user;
    qn_json_number(json, "leaves", ldexp(1.0, (int)a->levels));
    qn_json_number(json, "noise", a->noise);
}

static void result_json(qn_json *json, const void *user)
{
    const noise_answer *a = user;
    curve_json(json, "bucket_brigade", &a->trees[0]);
    curve_json(json, "fanout", &a->trees[1]);
    qn_json_bool(json, "interrupted", a->interrupted);
}

static void print_text(qn_text *text, const qn_style *style, const void *user)
{
    (void)style;
    const noise_answer *a = user;
    qn_text_printf(text,
                   "Noise in a quantum memory: a Pauli error with probability %g on each router qubit and step\n\n",
                   a->noise);
    qn_text_printf(text, "%9s %6s  %-22s %-11s %s\n", "leaves", "steps", "1 - F bucket brigade", "at most",
                   "1 - F fan-out");
    for (size_t i = 0; i < a->trees[1].count; i++) {
        const qn_qram_result *b = &a->trees[0].results[i], *f = &a->trees[1].results[i];
        qn_text_printf(text, "%9.0f %6llu  %-9.3g +- %-9.2g %-11.3g %-9.3g +- %.2g\n", a->trees[0].leaves[i],
                       (unsigned long long)b->steps, b->infidelity, b->std_error, fmin(1, b->bound), f->infidelity,
                       f->std_error);
    }
    if (a->interrupted) {
        qn_text_printf(text, "Interrupted: the last sizes are missing, the last one shown has fewer placements.\n");
    }
    qn_text_printf(
        text,
        "\nThe bucket brigade loses about log^2 N, the fan-out tree about N: in the first only the routers on\n"
        "an address's path matter. Error-corrected, a query is a circuit of %llu Toffoli gates on %u qubits.\n",
        (unsigned long long)a->cost.toffoli, a->cost.qubits);
}

static qn_status give(const cli_invocation *invocation, const noise_answer *a)
{
    static const char *const names[] = {"bucket brigade", "fan-out"};
    qn_series series[3];
    qn_plot plot = QN_PLOT_INIT;
    qn_ledger ledger;
    char subtitle[128], leaves[32], noise[32];
    for (int tree = 0; tree < 2; tree++) {
        const curve *c = &a->trees[tree];
        series[tree] = (qn_series){
            .name = names[tree], .x = c->leaves, .y = c->loss, .count = c->count, .y_low = c->low, .y_high = c->high};
    }
    series[2] = (qn_series){.name = "bucket brigade, bound 4 (1 - good branches)",
                            .x = a->trees[0].leaves,
                            .y = a->trees[0].bound,
                            .count = a->trees[0].count,
                            .points = true};
    (void)snprintf(subtitle, sizeof subtitle, "Pauli error with probability %g on each router qubit and step",
                   a->noise);
    plot.title = "Infidelity of one query of a quantum memory";
    plot.subtitle = subtitle;
    plot.x_label = "leaves N";
    plot.y_label = "1 - F";
    plot.log_x = plot.log_y = true;
    plot.series = series;
    plot.nseries = 3;
    const qn_qram_result *last = &a->trees[0].results[a->trees[0].count - 1];
    const uint64_t entries = (uint64_t)a->trees[0].leaves[a->trees[0].count - 1];
    qn_load_ledger(&a->cost, entries, (entries + 7) / 8, a->copy_seconds, &ledger);
    ledger.answer = (qn_quantity){1 - last->infidelity, QN_SOURCE_SAMPLED};
    ledger.answer_error = ledger.std_error = (qn_quantity){last->std_error, QN_SOURCE_SAMPLED};
    (void)snprintf(ledger.answer_name, sizeof ledger.answer_name, "fidelity of one noisy query");
    (void)snprintf(ledger.input, sizeof ledger.input, "bucket brigade over %llu bits", (unsigned long long)entries);
    ledger.simulator_seconds = (qn_quantity){last->seconds, QN_SOURCE_MEASURED};
    qn_advise(&ledger);
    (void)snprintf(leaves, sizeof leaves, "%llu", (unsigned long long)entries);
    (void)snprintf(noise, sizeof noise, "%g", a->noise);
    const qn_report_pair pairs[] = {{"Leaves", leaves}, {"Noise", noise}};
    const cli_answer answer = {.invocation = invocation,
                               .title = "Noise in a quantum memory",
                               .lead = "How the infidelity of one query grows with the number of leaves.",
                               .input_json = input_json,
                               .result_json = result_json,
                               .text = print_text,
                               .pairs = pairs,
                               .npairs = 2,
                               .plots = &plot,
                               .nplots = 1,
                               .ledger = &ledger,
                               .user = a};
    return cli_answer_give(&answer);
}

int load_noise_run(const cli_invocation *invocation)
{
    const char *text = cli_value_of(invocation, "leaves")->text;
    noise_answer *a = calloc(1, sizeof *a);
    qn_context *context = NULL;
    qn_status status = a != NULL ? QN_OK : QN_ERR_MEMORY;
    bool interrupted = false;
    CLI_TRY(status);
    a->levels = levels_of(text);
    a->noise = cli_value_of(invocation, "noise")->real;
    const char *wrong = a->levels == 0       ? "--leaves: expected a power of two, 2 to 2^22, for example 2^20"
                        : !(a->noise <= 1.0) ? "--noise: expected a probability"
                        : cli_value_of(invocation, "output")->given ? "--output goes with FILE or --function"
                                                                    : NULL;
    if (wrong != NULL) {
        free(a);
        return cli_usage_error(invocation->command, "%s", wrong);
    }
    CLI_TRY(cli_session_open(cli_value_of(invocation, "threads")->integer, cli_value_of(invocation, "quiet")->given,
                             &context));
    CLI_TRY(work_out(context, invocation, a));
    CLI_TRY(time_copy(context, a));
    CLI_TRY(qn_qram_cost(a->levels, 1, false, &a->cost));
    CLI_TRY(give(invocation, a));
    interrupted = a->interrupted;
cleanup:
    qn_context_free(context);
    free(a);
    return status != QN_OK ? cli_library_error(status) : interrupted ? CLI_EXIT_INTERRUPTED : CLI_EXIT_OK;
}
