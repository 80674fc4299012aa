/* stack.c: prices by published designs that are newer than the models, scaled by logical qubits.
 *
 * A design keeps most logical qubits cold in dense storage, a share of them hot, and a fixed workspace of hot patches
 * for factories and arithmetic; it makes one Toffoli in so many rounds. Its storage errs with a known rate, which
 * bounds what it can run. */
#include <quern/estimate.h>

#include <math.h>
#include <string.h>

#include "advise/model.h"

typedef struct design {
    double cold_qubits, hot_qubits, hot_share, hot_patches, rounds, error_round, toffoli_error, reference_error;
} design;

static qn_status read_design(const qn__table *table, const qn__row *row, design *d)
{
    QN_TRY(qn__table_number(table, row, "cold_qubits", &d->cold_qubits));
    QN_TRY(qn__table_number(table, row, "hot_qubits", &d->hot_qubits));
    QN_TRY(qn__table_number(table, row, "hot_share", &d->hot_share));
    QN_TRY(qn__table_number(table, row, "hot_patches", &d->hot_patches));
    QN_TRY(qn__table_number(table, row, "reference_error", &d->reference_error));
    QN_TRY(qn__table_number_or(table, row, "rounds_per_toffoli", 0, &d->rounds));
    QN_TRY(qn__table_number_or(table, row, "error_round", 0, &d->error_round));
    return qn__table_number_or(table, row, "toffoli_error", 0, &d->toffoli_error);
}

static qn_status scale(const qn__job *job, const design *d, qn_estimate_stack *out)
{
    const qn_logical_counts *c = job->counts;
    QN_CHECK(job->patch.error <= d->reference_error, ERR_RANGE,
             "stack \"%s\" was published for physical errors up to %g; the platform has %g", out->id,
             d->reference_error, job->patch.error);
    const double budget = job->options->budget;
    const double t_per_rotation =
        c->rotations > 0 ? ceil(0.53 * log2(3 * c->rotations / budget) + 4.86) : 0; /* as model A */
    const double t = c->t + t_per_rotation * c->rotations, toffoli = c->ccz + c->ccix + ceil(t / 2);
    const double hot = round(d->hot_share * c->qubits), rounds = toffoli * d->rounds;
    out->physical_qubits = (c->qubits - hot) * d->cold_qubits + hot * d->hot_qubits + d->hot_patches * d->hot_qubits;
    out->runtime_s = rounds * job->patch.round_ns * 1e-9;
    out->failure_probability = c->qubits * rounds * d->error_round + toffoli * d->toffoli_error;
    QN_CHECK(out->failure_probability <= budget, ERR_RANGE,
             "stack \"%s\" errs with %.1e a qubit and round: this run would fail with %.2g, over the budget of %g",
             out->id, d->error_round, fmin(out->failure_probability, 1), budget);
    return QN_OK;
}

qn_status qn_estimate_stack_run(const qn_advice *advice, const char *stack, const qn_logical_counts *counts,
                                const qn_estimate_options *options, qn_estimate_stack *out)
{
    QN_CHECK(stack != NULL && out != NULL, ERR_ARGUMENT, "a stack and a place for its price are needed");
    const qn__table *table = NULL;
    const qn__row *row = NULL;
    qn__job job;
    QN_TRY(qn__job_open(advice, counts, options, &job));
    QN_TRY(qn__advice_table(advice, "stacks", &table));
    QN_TRY(qn__table_find(table, stack, "stack", &row));
    qn_estimate_stack result = {.id = qn__table_text(table, row, "id"),
                                .name = qn__table_text(table, row, "name"),
                                .note = qn__table_text(table, row, "note"),
                                .source = qn__table_text(table, row, "source"),
                                .url = qn__table_text(table, row, "url"),
                                .modelled = strcmp(qn__table_text(table, row, "kind"), "model") == 0};
    if (result.modelled) {
        qn_estimate_result price;
        QN_TRY(qn_estimate_run(advice, counts, options, &price));
        result.physical_qubits = price.physical_qubits;
        result.runtime_s = price.runtime_s;
        result.failure_probability = price.failure_probability;
    } else {
        design d = {0};
        QN_TRY(read_design(table, row, &d));
        QN_TRY(scale(&job, &d, &result));
    }
    QN_CHECK(isfinite(result.physical_qubits) && isfinite(result.runtime_s), ERR_RANGE,
             "the price of these counts is beyond what a double holds");
    *out = result;
    return QN_OK;
}
