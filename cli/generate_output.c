/* generate_output.c: trained models and samples as text and JSON, and their ledger. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "answer.h"
#include "generate_view.h"

enum { MOST_LISTED = 10 };

static const qn_bit_table *table_of(const generate_view *view)
{
    return view->test != NULL ? view->test : view->data;
}

/* ---- ledger ---- */

static void set(qn_quantity *field, double value, qn_source source)
{
    *field = (qn_quantity){value, source};
}

/* The rotations of an IQP circuit: one a gate, with a ladder of CNOTs up and down where it has several qubits. */
static void count_gates(const qn_generative_model *model, qn_ledger *ledger)
{
    double ladders = 0;
    for (size_t j = 0; j < model->ngates; j++) {
        uint32_t weight = 0;
        for (size_t w = 0; w < model->words; w++) {
            weight += (uint32_t)__builtin_popcountll(model->masks[j * model->words + w]);
        }
        ladders += 2.0 * (weight - 1);
    }
    set(&ledger->rotations, (double)model->ngates, QN_SOURCE_COUNTED);
    set(&ledger->two_qubit_gates, ladders, QN_SOURCE_COUNTED);
    set(&ledger->gates, (double)model->ngates + ladders, QN_SOURCE_COUNTED);
}

void generate_ledger(generate_view *view)
{
    qn_ledger *const ledger = &view->ledger;
    const generate_entry *const entry = &view->entries[0];
    const qn_generative_score *const score = &entry->score;
    (void)snprintf(ledger->workload, sizeof ledger->workload, "sampling");
    (void)snprintf(ledger->input, sizeof ledger->input, "%.100s", view->name);
    (void)snprintf(ledger->answer_name, sizeof ledger->answer_name, "MMD^2 at width %.4g", score->sigma[0]);
    set(&ledger->answer, score->mmd2[0], score->exact ? QN_SOURCE_EXACT : QN_SOURCE_SAMPLED);
    if (!score->exact) {
        set(&ledger->std_error, score->error[0], QN_SOURCE_SAMPLED);
    }
    set(&ledger->problem_size, entry->model->bits, QN_SOURCE_COUNTED);
    set(&ledger->simulator_seconds, entry->training->seconds, QN_SOURCE_MEASURED);
    set(&ledger->evaluations, (double)entry->training->steps, QN_SOURCE_COUNTED);
    size_t best = 0;
    for (size_t k = 1; k < view->nentries; k++) {
        if (best == 0 || view->entries[k].score.mmd2[0] < view->entries[best].score.mmd2[0]) {
            best = k;
        }
    }
    if (best > 0) {
        const generate_entry *const rival = &view->entries[best];
        (void)snprintf(ledger->classical_method, sizeof ledger->classical_method, "%s, trained on the same data",
                       rival->label);
        set(&ledger->classical_value, rival->score.mmd2[0], rival->score.exact ? QN_SOURCE_EXACT : QN_SOURCE_SAMPLED);
        set(&ledger->classical_seconds, rival->training->seconds, QN_SOURCE_MEASURED);
    }
    if (entry->model->kind == QN_GENERATIVE_IQP) {
        set(&ledger->qubits, entry->model->bits, QN_SOURCE_COUNTED);
        set(&ledger->queries, 1, QN_SOURCE_COUNTED);
        set(&ledger->success_probability, 1, QN_SOURCE_EXACT);
        set(&ledger->shots_total, (double)view->data->rows, QN_SOURCE_COUNTED);
        set(&ledger->data_bytes, 0, QN_SOURCE_EXACT); /* what was learned stands in the angles */
        set(&ledger->loading_gates, 0, QN_SOURCE_EXACT);
        count_gates(entry->model, ledger);
        qn_ledger_add_reason(ledger, "Training never ran the circuit: its expectation values are classical averages. "
                                     "Only drawing new strings would need the device, here as many as the data has.");
    }
}

/* ---- JSON ---- */

void generate_input_json(qn_json *json, const void *user)
{
    const generate_view *const view = user;
    qn_json_string(json, "action", view->action);
    qn_json_string(json, "name", view->name);
    if (view->data != NULL) {
        qn_json_unsigned(json, "rows", view->data->rows);
        qn_json_unsigned(json, "bits", view->data->bits);
        qn_json_unsigned(json, "test_rows", table_of(view)->rows);
    }
}

static void score_json(qn_json *json, const qn_generative_score *score)
{
    qn_json_begin_array(json, "scores");
    for (size_t k = 0; k < score->nsigmas; k++) {
        qn_json_begin_object(json, NULL);
        qn_json_number(json, "sigma", score->sigma[k]);
        qn_json_number(json, "mmd2", score->mmd2[k]);
        qn_json_number(json, "mmd2_error", score->error[k]);
        qn_json_number(json, "uniform_mmd2", score->uniform_mmd2[k]);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
    qn_json_number(json, "kl", score->kl);
    qn_json_number(json, "nll", score->nll);
    qn_json_number(json, "tv", score->tv);
    qn_json_bool(json, "exact", score->exact);
}

static void training_json(qn_json *json, const qn_generative_training *training)
{
    qn_json_unsigned(json, "steps", training->steps);
    qn_json_number(json, "first_loss", training->first_loss);
    qn_json_number(json, "last_loss", training->last_loss);
    qn_json_bool(json, "loss_exact", training->exact);
    qn_json_bool(json, "interrupted", training->interrupted);
    qn_json_begin_array(json, "training_sigmas");
    for (size_t k = 0; k < training->nsigmas; k++) {
        qn_json_number(json, NULL, training->sigma[k]);
    }
    qn_json_end_array(json);
    qn_json_number(json, "seconds", training->seconds);
    qn_json_number(json, "seconds_a_step", training->seconds_a_step);
    qn_json_number(json, "operations_a_step", training->operations_a_step);
}

static void entry_json(qn_json *json, const generate_entry *entry)
{
    qn_json_string(json, "model", entry->label);
    qn_json_unsigned(json, "gates", entry->model->ngates);
    qn_json_unsigned(json, "parameters", entry->model->nparameters);
    if (entry->training != NULL) {
        training_json(json, entry->training);
    }
    if (entry->score.nsigmas > 0) {
        score_json(json, &entry->score);
    }
}

void generate_result_json(qn_json *json, const void *user)
{
    const generate_view *const view = user;
    entry_json(json, &view->entries[0]);
    if (view->samples != NULL) {
        qn_json_unsigned(json, "samples", view->samples->rows);
    }
    qn_json_begin_array(json, "rivals");
    for (size_t k = 1; k < view->nentries; k++) {
        qn_json_begin_object(json, NULL);
        entry_json(json, &view->entries[k]);
        qn_json_end_object(json);
    }
    qn_json_end_array(json);
}

/* ---- text ---- */

static void score_text(qn_text *text, const generate_view *view, const qn_style *style)
{
    enum { COLUMNS = 2 + QN_GENERATIVE_SIGMAS + 3 };
    char cells[GENERATE_MODELS + 1][COLUMNS][32];
    char heads[COLUMNS][32];
    const char *list[(GENERATE_MODELS + 1) * COLUMNS];
    qn_table_column columns[COLUMNS];
    const qn_generative_score *const first = &view->entries[0].score;
    const size_t widths = first->nsigmas, used = 1 + widths + (isnan(first->kl) ? 0 : 2);
    size_t row = 0, cell = 0;
    for (; row <= view->nentries; row++) {
        const bool coins = row == view->nentries;
        const qn_generative_score *const score = coins ? first : &view->entries[row].score;
        (void)snprintf(cells[row][0], 32, "%s", coins ? "fair coins" : view->entries[row].label);
        for (size_t k = 0; k < widths; k++) {
            (void)snprintf(cells[row][1 + k], 32, "%.3g", coins ? score->uniform_mmd2[k] : score->mmd2[k]);
        }
        (void)snprintf(cells[row][1 + widths], coins ? 1 : 32, "%.4g", score->kl); /* 1: empty */
        (void)snprintf(cells[row][2 + widths], coins ? 1 : 32, "%.4g", score->tv);
        for (size_t k = 0; k < used; k++) {
            list[cell++] = cells[row][k];
        }
    }
    for (size_t k = 0; k < used; k++) {
        columns[k] = (qn_table_column){heads[k], k > 0};
        (void)snprintf(heads[k], 32, "%s", k == 0 ? "model" : k == widths + 1 ? "KL (nats)" : "TV");
        if (k > 0 && k <= widths) {
            (void)snprintf(heads[k], 32, "MMD^2 (s = %.3g)", first->sigma[k - 1]);
        }
    }
    qn_text_table(text, &(qn_table){columns, used, list, row}, style);
}

static void sample_text(qn_text *text, const generate_view *view)
{
    const qn_bit_table *const s = view->samples;
    qn_text_printf(text, "%zu strings drawn from a model of kind %s on %u bits\n", s->rows, view->entries[0].label,
                   s->bits);
    for (size_t r = 0; r < s->rows && r < MOST_LISTED && s->bits <= 100; r++) {
        qn_text_printf(text, "  ");
        for (uint32_t q = 0; q < s->bits; q++) {
            qn_text_printf(text, "%d", (int)(s->data[r * s->words + q / 64] >> (q % 64) & 1));
        }
        qn_text_printf(text, "\n");
    }
    if (s->rows > MOST_LISTED) {
        qn_text_printf(text, "  ... (--output has them all)\n");
    }
}

void generate_text(qn_text *text, const qn_style *style, const void *user)
{
    const generate_view *const view = user;
    const generate_entry *const entry = &view->entries[0];
    char a[32], b[32];
    if (view->samples != NULL) {
        sample_text(text, view);
        return;
    }
    if (entry->training != NULL) {
        const qn_generative_training *const t = entry->training;
        qn_text_printf(text, "%s on %u bits, %zu parameters: %" PRIu64 " steps in %s%s, loss %.3g to %.3g (%s)\n",
                       entry->label, entry->model->bits, entry->model->nparameters, t->steps,
                       qn_human(a, sizeof a, t->seconds, "s"), t->interrupted ? ", interrupted" : "", t->first_loss,
                       t->last_loss, t->exact ? "exact" : "estimates");
        qn_text_printf(text, "One step: %s", qn_human(a, sizeof a, t->seconds_a_step, "s"));
        if (!isnan(t->operations_a_step)) {
            qn_text_printf(text, ", of at most %s multiply-adds", qn_human(b, sizeof b, t->operations_a_step, NULL));
        }
        qn_text_printf(text, "\n");
    }
    qn_text_printf(text, "Scores on %zu rows%s:\n", table_of(view)->rows,
                   view->test != NULL ? " that were not trained on" : "");
    score_text(text, view, style);
}
