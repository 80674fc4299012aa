/* advise_table.c: the article's table and timeline, row by row: claim, verdict, numbers; and the list of workloads. */
#include "advise_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "advise_output.h"
#include "answer.h"
#include "output.h"
#include "terminal.h"

enum { CELL = 640, COLUMNS = 3, KINDS = 3 };

typedef struct judged_row {
    qn_article_row row;
    char verdict[96], numbers[CELL], claim[CELL];
    double value; /* of a claim */
    qn_advise_result result;
    bool weighed;
} judged_row;

/* The rows of one kind as a table, over cells that live as long as the answer. */
typedef struct kind_table {
    const char **cells;
    qn_table table;
} kind_table;

typedef struct judged_table {
    judged_row *rows;
    size_t count;
    kind_table kinds[KINDS];
    const char *edition;
} judged_table;

/* What the timeline's row claims, against the era that the numbers give. */
static const char *timeline_verdict(const judged_row *r)
{
    const qn_advise_result *result = &r->result;
    const bool gain = result->verdict == QN_VERDICT_POSSIBLE || result->verdict == QN_VERDICT_DEMONSTRATED;
    if (gain) {
        for (uint32_t i = 0; i < result->neras; i++) {
            if (strcmp(result->eras[i].name, result->era) == 0) {
                return result->eras[i].first_year < r->row.claimed_to ? "supported" : "too early";
            }
        }
    }
    return "not supported";
}

static void describe(judged_row *r)
{
    char a[64], b[64], d[64], e[64], f[64], g[96], era[80];
    const qn_advise_result *x = &r->result;
    if (x->crossover.defined && x->crossover.exists) {
        (void)snprintf(g, sizeof g, "%s %s, %s", advise_words(f, sizeof f, x->crossover.crossing_size, NULL),
                       x->size_name, advise_words(e, sizeof e, x->crossover.seconds, "s"));
    } else {
        (void)snprintf(g, sizeof g, "%s", x->crossover.defined ? "none" : "not defined");
    }
    (void)snprintf(
        r->numbers, sizeof r->numbers,
        "%s logical qubits, %s T or Toffoli a run; quantum %s, classical %s; crossover: %s; era: %s. %s",
        advise_words(a, sizeof a, x->logical.qubits, NULL),
        advise_words(b, sizeof b,
                     isfinite(x->logical.toffoli_count.log10) ? x->logical.toffoli_count : x->logical.t_count, NULL),
        advise_words(d, sizeof d, x->quantum_seconds.central, "s"),
        isfinite(x->classical.seconds.log10) ? advise_words(e, sizeof e, x->classical.seconds, "s") : "unknown", g,
        advise_era(era, sizeof era, x), r->row.comment);
}

static qn_status judge_row(const qn_advice *advice, const qn_advise_options *options, judged_row *r)
{
    const qn_article_row *row = &r->row;
    if (row->workload[0] == '\0') {
        const qn_status status = qn_article_compute(advice, row, r->numbers, sizeof r->numbers, &r->value);
        const double ratio = r->value / row->claimed;
        (void)snprintf(r->verdict, sizeof r->verdict, "%s",
                       strcmp(row->formula, "promised_physical") == 0
                           ? (ratio >= 1 ? "optimistic edge" : "not supported")
                       : ratio > 0.5 && ratio < 2 ? "fair"
                                                  : "not supported");
        return status;
    }
    const qn_status status = qn_article_weigh(advice, row, options, &r->result);
    if (status != QN_OK) {
        return status;
    }
    r->weighed = true;
    const char *key = qn_verdict_key(r->result.verdict);
    if (strcmp(row->kind, "timeline") == 0) {
        (void)snprintf(r->verdict, sizeof r->verdict, "%s (%s)", timeline_verdict(r), key);
    } else {
        (void)snprintf(r->verdict, sizeof r->verdict, "%s", key);
    }
    describe(r);
    return QN_OK;
}

static void table_json(qn_json *json, const void *user)
{
    const judged_table *table = user;
    qn_json_begin_array(json, "rows");
    for (size_t i = 0; i < table->count; i++) {
        const judged_row *r = &table->rows[i];
        char code[160];
        qn_json_begin_object(json, NULL);
        qn_json_string(json, "id", r->row.id);
        qn_json_string(json, "kind", r->row.kind);
        qn_json_string(json, "claim", r->row.claim);
        qn_json_string(json, "workload", r->weighed ? r->row.workload : NULL);
        qn_json_string(json, "arguments", r->weighed ? r->row.arguments : NULL);
        qn_json_string(json, "judgement", r->verdict);
        qn_json_string(json, "verdict", r->weighed ? qn_verdict_key(r->result.verdict) : NULL);
        qn_json_string(json, "verdict_code", r->weighed ? advise_code(code, sizeof code, &r->result) : NULL);
        qn_json_string(json, "numbers", r->numbers);
        qn_json_string(json, "era", r->weighed ? r->result.era : NULL);
        qn_json_string(json, "loading", r->weighed ? r->result.loading : NULL);
        qn_json_number(json, "quantum_seconds", r->weighed ? r->result.quantum_seconds.central.value : (double)NAN);
        qn_json_number(json, "classical_seconds", r->weighed ? r->result.classical.seconds.value : (double)NAN);
        qn_json_number(json, "value", r->weighed ? (double)NAN : r->value);
        qn_json_number(json, "claimed", r->row.claimed);
        qn_json_string(json, "source", r->row.url);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
    qn_json_string(json, "data_edition", table->edition);
}

static const struct {
    const char *kind, *title;
} kinds[KINDS] = {{"table", "The table"}, {"timeline", "The timeline"}, {"claim", "Its numbers"}};

static qn_status gather(judged_table *table, size_t kind)
{
    static const qn_table_column columns[COLUMNS] = {{"claim", false}, {"verdict", false}, {"numbers", false}};
    kind_table *out = &table->kinds[kind];
    size_t rows = 0;
    out->cells = calloc(table->count * COLUMNS + 1, sizeof *out->cells);
    if (out->cells == NULL) {
        return QN_ERR_MEMORY;
    }
    for (size_t i = 0; i < table->count; i++) {
        const judged_row *r = &table->rows[i];
        if (strcmp(r->row.kind, kinds[kind].kind) == 0) {
            out->cells[rows * COLUMNS] = r->row.claim;
            out->cells[rows * COLUMNS + 1] = r->verdict;
            out->cells[rows * COLUMNS + 2] = r->numbers;
            rows++;
        }
    }
    out->table = (qn_table){columns, COLUMNS, out->cells, rows};
    return QN_OK;
}

static void table_text(qn_text *text, const qn_style *style, const void *user)
{
    const judged_table *table = user;
    for (size_t k = 0; k < KINDS; k++) {
        qn_text_printf(text, "%s%s%s%s\n\n", k > 0 ? "\n" : "", style->color ? "\033[1m" : "", kinds[k].title,
                       style->color ? "\033[0m" : "");
        qn_text_table(text, &table->kinds[k].table, style);
    }
    qn_text_printf(text,
                   "\nfacts of %s; the article: \"How Quantum Computing Will Supercharge AI Models\" (opncrafter)\n",
                   table->edition);
}

static qn_status give_table(const cli_invocation *invocation, const judged_table *table)
{
    qn_report_section sections[KINDS];
    for (size_t k = 0; k < KINDS; k++) {
        sections[k] = (qn_report_section){.title = kinds[k].title, .table = &table->kinds[k].table};
    }
    const cli_answer answer = {
        .invocation = invocation,
        .title = "The article, row by row",
        .lead = "Every claim of the article with the verdict of the advisor; the numbers are computed.",
        .result_json = table_json,
        .text = table_text,
        .user = table,
        .sections = sections,
        .nsections = KINDS,
    };
    return cli_answer_give(&answer);
}

qn_status advise_table(const cli_invocation *invocation, const qn_advice *advice, const qn_advise_options *options)
{
    qn_status status = QN_OK;
    judged_table table = {.edition = qn_advice_edition(advice)};
    const size_t count = qn_article_count(advice);
    table.rows = calloc(count + 1, sizeof *table.rows);
    if (table.rows == NULL) {
        return QN_ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        CLI_TRY(qn_article_at(advice, i, &table.rows[i].row));
        CLI_TRY(judge_row(advice, options, &table.rows[i]));
        table.count++;
    }
    for (size_t k = 0; k < KINDS; k++) {
        CLI_TRY(gather(&table, k));
    }
    CLI_TRY(give_table(invocation, &table));
cleanup:
    for (size_t k = 0; k < KINDS; k++) {
        free(table.kinds[k].cells);
    }
    for (size_t i = 0; i < count; i++) {
        qn_advise_result_clear(&table.rows[i].result);
    }
    free(table.rows);
    return status;
}

static void list_json(qn_json *json)
{
    qn_json_begin_object(json, NULL);
    qn_json_string(json, "schema", "quern.advise-list/1");
    qn_json_begin_array(json, "workloads");
    for (size_t w = 0; qn_workload_name(w) != NULL; w++) {
        qn_workload_key key;
        qn_json_begin_object(json, NULL);
        qn_json_string(json, "name", qn_workload_name(w));
        qn_json_string(json, "summary", qn_workload_summary(w));
        qn_json_begin_array(json, "keys");
        for (size_t i = 0; qn_workload_key_at(w, i, &key); i++) {
            qn_json_begin_object(json, NULL);
            qn_json_string(json, "name", key.name);
            qn_json_string(json, "unit", key.unit);
            qn_json_string(json, "default", key.fallback);
            qn_json_bool(json, "required", key.fallback == NULL);
            qn_json_string(json, "choices", key.choices);
            qn_json_string(json, "help", key.help);
            qn_json_end_object(json);
        }
        qn_json_end_array(json);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
    qn_json_end_object(json);
}

static void list_text(qn_text *text)
{
    for (size_t w = 0; qn_workload_name(w) != NULL; w++) {
        qn_workload_key key;
        qn_text_printf(text, "%s%s: %s\n", w > 0 ? "\n" : "", qn_workload_name(w), qn_workload_summary(w));
        for (size_t i = 0; qn_workload_key_at(w, i, &key); i++) {
            char left[64];
            const bool required = key.fallback == NULL, blank = !required && key.fallback[0] == '\0';
            (void)snprintf(left, sizeof left, "%s=%s", key.name, required ? "(required)" : blank ? "" : key.fallback);
            qn_text_printf(text, "  %-30s %s%s%s%s\n", left, key.help, key.choices != NULL ? " [" : "",
                           key.choices != NULL ? key.choices : "", key.choices != NULL ? "]" : "");
        }
    }
    qn_text_printf(text, "\nA default @ID is a row of data/algorithms.tsv with a low and a high value.\n");
}

qn_status advise_list(bool json)
{
    qn_text *text = NULL;
    qn_json *writer = NULL;
    qn_status status = QN_OK;
    CLI_TRY(qn_text_create(&text));
    if (json) {
        CLI_TRY(qn_json_create(text, &writer));
        list_json(writer);
    } else {
        list_text(text);
    }
    CLI_TRY(cli_print(text));
cleanup:
    qn_json_destroy(writer);
    qn_text_destroy(text);
    return status;
}
