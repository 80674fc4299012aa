/* head_ledger.c: the bill of an attention head, all its rows. */
#include <math.h>
#include <stdio.h>

#include <quern/load.h>

#include "algorithm/attention/head.h"
#include "base/status.h"

static const double synthesis_error = 1e-10, T_PER_BIT = 3; /* T gates of a rotation: 3 log2(1/e), arXiv:1403.2975 */

static void set(qn_quantity *field, double value, qn_source source)
{
    *field = (qn_quantity){value, source};
}

static double bits_of(size_t count)
{
    return fmax(1, ceil(log2((double)count)));
}

/* Rotations of a matrix by its rows: one an entry of the square of its larger side (rows.c). */
static double entries_of(size_t rows, size_t columns)
{
    return exp2(2 * fmax(bits_of(rows), bits_of(columns)));
}

static void fill_circuit(const qn_attention_input *in, const qn_attention *a, qn_ledger *ledger)
{
    const double x = entries_of(in->tokens, in->width), w = entries_of(in->width, in->head);
    const double rotations = a->score_calls * (2 * x + 2 * w) + x + w + 2 * (double)a->degree;
    const double bits = fmax(bits_of(in->tokens), bits_of(in->width));
    set(&ledger->qubits, 6 * bits + 3,
        QN_SOURCE_MODELLED); /* ancillas of four factors, the diagonal's copy, the token */
    set(&ledger->rotations, rotations, QN_SOURCE_MODELLED);
    set(&ledger->two_qubit_gates, rotations, QN_SOURCE_MODELLED);
    set(&ledger->two_qubit_depth, rotations, QN_SOURCE_MODELLED);
    set(&ledger->gates, 2 * rotations, QN_SOURCE_MODELLED);
    set(&ledger->depth, 2 * rotations, QN_SOURCE_MODELLED);
    set(&ledger->t_count, rotations * T_PER_BIT * log2(1 / synthesis_error), QN_SOURCE_MODELLED);
    set(&ledger->toffoli_count, 0, QN_SOURCE_MODELLED);
    set(&ledger->synthesis_error, synthesis_error, QN_SOURCE_MODELLED);
    set(&ledger->queries, a->loads, QN_SOURCE_MODELLED);
}

qn_status qn_attention_ledger(const qn_context *context, const qn_attention_input *in, const qn_attention *a,
                              qn_ledger *ledger)
{
    QN_CHECK(in != NULL && a != NULL && ledger != NULL, ERR_ARGUMENT, "an input, its head and a ledger");
    double first = 0, second = 0, sum = 0;
    QN_TRY(qn_load_copy_seconds(context, in->x, in->tokens * in->width * sizeof(double), &first));
    QN_TRY(qn_load_copy_seconds(context, in->query, in->width * in->head * sizeof(double), &second));
    (void)snprintf(ledger->workload, sizeof ledger->workload, "attention");
    (void)snprintf(ledger->answer_name, sizeof ledger->answer_name, "output of the head, Frobenius norm");
    (void)snprintf(ledger->classical_method, sizeof ledger->classical_method,
                   "the same head by dgemm (OpenBLAS), all rows at once");
    for (size_t k = 0; k < a->tokens * a->head; k++) {
        sum += a->output[k] * a->output[k];
    }
    set(&ledger->answer, sqrt(sum), QN_SOURCE_EXACT);
    set(&ledger->answer_error, a->output_error * sqrt(sum), QN_SOURCE_EXACT);
    set(&ledger->classical_seconds, a->classical_seconds, QN_SOURCE_MEASURED);
    set(&ledger->classical_error, 0, QN_SOURCE_EXACT);
    set(&ledger->problem_size, (double)a->tokens, QN_SOURCE_EXACT);
    set(&ledger->simulator_seconds, a->simulator_seconds, QN_SOURCE_MEASURED);
    set(&ledger->evaluations, (double)a->tokens, QN_SOURCE_EXACT);
    set(&ledger->success_probability, a->success_mean, QN_SOURCE_EXACT);
    set(&ledger->target_precision, a->readout, QN_SOURCE_EXACT);
    set(&ledger->shots_per_evaluation, a->shots_total / (double)a->tokens, QN_SOURCE_MODELLED);
    set(&ledger->shots_total, a->shots_total, QN_SOURCE_MODELLED);
    set(&ledger->data_bytes, 8 * (double)in->width * ((double)in->tokens + 3 * (double)in->head), QN_SOURCE_EXACT);
    set(&ledger->loading_seconds, first + 3 * second, QN_SOURCE_MEASURED);
    fill_circuit(in, a, ledger);
    qn_ledger_add_reason(ledger,
                         "Sub-normalisation of the scores: alpha = |x|^2 |Q| |K| / sqrt(d) = %.3g against a spread of "
                         "%.3g in a row; amplifying them back takes degree %.3g before the softmax's %u.",
                         a->alpha_scores, a->score_spread, a->amplification_degree, a->degree);
    qn_ledger_add_reason(ledger,
                         "Made from Hadamard powers instead, the exponential would have alpha = e^alpha = 10^%.0f.",
                         a->powers_log10);
    qn_ledger_add_reason(ledger, "A run succeeds with %.2g on average: norms, not the number of tokens, rule the cost.",
                         a->success_mean);
    return QN_OK;
}
