/* patch.c: platforms and codes from their rows. */
#include "advise/patch.h"

#include <math.h>
#include <string.h>

static qn_status read_code(const qn__table *codes, const qn__row *row, double measure_ns, double gate2_ns,
                           qn__patch *out)
{
    double cycle_gate2 = 0, cycle_measure = 0, max_distance = 0;
    if (strcmp(qn__table_text(codes, row, "kind"), "distance") != 0) {
        return QN_FAIL(ERR_ARGUMENT,
                       "code \"%s\" is a published price of storage without a distance to choose; it is used by the "
                       "stacks (--stack)",
                       out->code);
    }
    QN_TRY(qn__table_number(codes, row, "prefactor", &out->prefactor));
    QN_TRY(qn__table_number(codes, row, "threshold", &out->threshold));
    QN_TRY(qn__table_number(codes, row, "qubits_d2", &out->qubits[2]));
    QN_TRY(qn__table_number(codes, row, "qubits_d1", &out->qubits[1]));
    QN_TRY(qn__table_number(codes, row, "qubits_d0", &out->qubits[0]));
    QN_TRY(qn__table_number(codes, row, "cycle_gate2", &cycle_gate2));
    QN_TRY(qn__table_number(codes, row, "cycle_measure", &cycle_measure));
    QN_TRY(qn__table_number(codes, row, "max_distance", &max_distance));
    if (!(out->prefactor > 0 && out->threshold > 0 && out->threshold < 1 && max_distance >= 3 && max_distance <= 999)) {
        return qn__row_fail(codes, row, "prefactor, threshold or max_distance is out of range");
    }
    out->max_distance = (unsigned)max_distance;
    if (out->round_ns == 0) {
        out->round_ns = cycle_gate2 * gate2_ns + cycle_measure * measure_ns;
    }
    return QN_OK;
}

/* The row of that id, unless a member of its family is made for the platform's instructions. */
static qn_status find_code(const qn__table *codes, const char *name, const char *instructions, const qn__row **out)
{
    const qn__row *row = NULL;
    QN_TRY(qn__table_find(codes, name, "code", &row));
    if (strcmp(qn__table_text(codes, row, "instructions"), instructions) == 0) {
        *out = row;
        return QN_OK;
    }
    for (size_t i = 0; i < qn__table_rows(codes); i++) {
        const qn__row *other = qn__table_row(codes, i);
        if (strcmp(qn__table_text(codes, other, "family"), qn__table_text(codes, row, "family")) == 0 &&
            strcmp(qn__table_text(codes, other, "instructions"), instructions) == 0) {
            *out = other;
            return QN_OK;
        }
    }
    return QN_FAIL(ERR_ARGUMENT, "code \"%s\" needs %s instructions; the platform has %s", name,
                   qn__table_text(codes, row, "instructions"), instructions);
}

/* Seconds of a row to nanoseconds, whole ones where they are meant to be. */
static double nanoseconds(double seconds)
{
    const double value = seconds * 1e9, whole = nearbyint(value);
    return fabs(value - whole) < 1e-6 * fmax(1, fabs(value)) ? whole : value;
}

static qn_status read_platform(const qn__table *platforms, const qn__row *row, qn__patch *out, double *measure_ns,
                               double *gate2_ns)
{
    double measure = 0, gate2 = 0, t = 0, cycle = 0, reaction = 0;
    QN_TRY(qn__table_number_or(platforms, row, "measure_s", 0, &measure));
    QN_TRY(qn__table_number_or(platforms, row, "gate2_s", 0, &gate2));
    QN_TRY(qn__table_number(platforms, row, "t_s", &t));
    QN_TRY(qn__table_number(platforms, row, "error", &out->error));
    QN_TRY(qn__table_number(platforms, row, "error_t", &out->error_t));
    QN_TRY(qn__table_number_or(platforms, row, "cycle_s", 0, &cycle));
    QN_TRY(qn__table_number(platforms, row, "reaction_s", &reaction));
    if (!(t > 0 && measure >= 0 && gate2 >= 0 && cycle >= 0 && reaction >= 0 && out->error_t > 0 && out->error_t < 1 &&
          out->error > 0)) {
        return qn__row_fail(platforms, row, "times and error rates must be positive");
    }
    if (cycle == 0 && (measure == 0 || gate2 == 0)) {
        return qn__row_fail(platforms, row, "needs cycle_s, or measure_s and gate2_s");
    }
    *measure_ns = nanoseconds(measure);
    *gate2_ns = nanoseconds(gate2);
    out->t_ns = nanoseconds(t);
    out->round_ns = nanoseconds(cycle);
    out->reaction_ns = nanoseconds(reaction);
    return QN_OK;
}

qn_status qn__patch_read(const qn_advice *advice, const char *platform, const char *code, double error, double cycle_s,
                         qn__patch *out)
{
    const qn__table *platforms = NULL, *codes = NULL;
    const qn__row *row = NULL, *code_row = NULL;
    double measure_ns = 0, gate2_ns = 0;
    qn__patch patch = {0};
    QN_TRY(qn__advice_table(advice, "platforms", &platforms));
    QN_TRY(qn__advice_table(advice, "qec", &codes));
    QN_TRY(qn__table_find(platforms, platform != NULL ? platform : "ns_e3", "platform", &row));
    QN_TRY(read_platform(platforms, row, &patch, &measure_ns, &gate2_ns));
    QN_CHECK(error >= 0 && error < 1 && cycle_s >= 0 && isfinite(cycle_s), ERR_RANGE,
             "physical error %g outside (0, 1), or a negative cycle time", error);
    if (error > 0) {
        patch.error_t = patch.error_t == patch.error ? error : patch.error_t;
        patch.error = error;
    }
    if (cycle_s > 0) {
        patch.round_ns = nanoseconds(cycle_s);
    }
    patch.platform = qn__table_text(platforms, row, "id");
    const char *const own = qn__table_text(platforms, row, "code");
    if (code == NULL && qn__table_look(codes, own) == NULL) {
        return qn__row_fail(platforms, row, "code '%.64s' is no row of data/qec.tsv", own);
    }
    QN_TRY(find_code(codes, code != NULL ? code : own, qn__table_text(platforms, row, "instructions"), &code_row));
    patch.code = qn__table_text(codes, code_row, "id");
    QN_TRY(read_code(codes, code_row, measure_ns, gate2_ns, &patch));
    QN_CHECK(patch.error < patch.threshold, ERR_RANGE,
             "physical error rate %g is at or above the threshold %g of code \"%s\": no distance helps", patch.error,
             patch.threshold, patch.code);
    *out = patch;
    return QN_OK;
}

double qn__patch_error(const qn__patch *patch, unsigned distance)
{
    const double base = patch->error / patch->threshold;
    if (distance % 2 == 0) {
        return patch->prefactor * pow(base, (distance + 1) / 2.0);
    }
    double power = 1, square = base;
    for (unsigned exponent = (distance + 1) / 2; exponent > 0; exponent /= 2) {
        power = exponent % 2 == 1 ? power * square : power;
        square *= square;
    }
    return patch->prefactor * power;
}

double qn__patch_qubits(const qn__patch *patch, unsigned distance)
{
    const double d = distance;
    return patch->qubits[2] * d * d + patch->qubits[1] * d + patch->qubits[0];
}

double qn__patch_cycle(const qn__patch *patch, unsigned distance)
{
    return patch->round_ns * distance;
}
