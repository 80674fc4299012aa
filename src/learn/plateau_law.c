/* plateau_law.c: variances that theory gives exactly, to stand beside the sampled ones.
 *
 * Product of RY from |0...0>, angles uniform: the derivative of prod cos^2(theta/2) by one angle has the variance
 * E[sin^2/4] E[cos^4(theta/2)]^(n-1) = (1/8) (3/8)^(n-1); that of its mean over qubits 1 / (8 n^2).
 * Both halves of a universal circuit random (2-designs): a Pauli string has Var loss = 1 / (2^n + 1) and
 * Var d/dtheta = 4^n / (2 (4^n - 1) (2^n + 1)) (McClean et al., Nat. Commun. 9, 4812 (2018)); a sum of strings has the
 * sum of c^2 times that. Other models: from their Lie algebra (lie_ideals.c), where it is small enough to close. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "learn/plateau_model.h"

enum { SOURCE_TEXT = 160, MOST_STRINGS = 100000 };

/* sum of c^2 over the strings of the observable other than the identity. */
static double weight_of(const qn_plateau_options *o, uint32_t n)
{
    if (o->observable == QN_PLATEAU_GLOBAL) {
        return ldexp(ldexp(1.0, (int)n) - 1.0, -2 * (int)n);
    }
    if (o->observable == QN_PLATEAU_LOCAL) {
        return 0.25 / n;
    }
    double sum = 0.0;
    for (size_t t = 0; t < qn_pauli_sum_terms(o->sum); t++) {
        const double c = qn_pauli_sum_coefficient(o->sum, t).re;
        sum += (qn_pauli_sum_x(o->sum, t)[0] | qn_pauli_sum_z(o->sum, t)[0]) != 0 ? c * c : 0.0;
    }
    return sum;
}

static void of_product(const qn_plateau_options *o, uint32_t n, double *law)
{
    if (o->observable == QN_PLATEAU_SUM) {
        return;
    }
    const bool global = o->observable == QN_PLATEAU_GLOBAL;
    const double slope = global ? pow(0.375, n - 1.0) / 8.0 : 0.125 / n / n;
    law[QN_PLATEAU_FIRST] = law[QN_PLATEAU_MIDDLE] = law[QN_PLATEAU_LAST] = law[QN_PLATEAU_MEAN] = slope;
    law[QN_PLATEAU_LOSS] = global ? pow(0.375, n) - ldexp(1.0, -2 * (int)n) : 0.125 / n;
}

static void of_universal(const qn_plateau_options *o, uint32_t n, double *law)
{
    const double d = ldexp(1.0, (int)n), weight = weight_of(o, n);
    law[QN_PLATEAU_MIDDLE] = weight * d * d / (2.0 * (d * d - 1.0) * (d + 1.0));
    law[QN_PLATEAU_LOSS] = weight / (d + 1.0);
}

/* The drive of the circuit's middle angle, as an index into the generators; `shared`: one angle turns a whole sum. */
static size_t middle_generator(const qn_plateau_options *o, uint32_t n, bool *shared)
{
    const qn__plateau_model *model = qn__plateau_model_of(o->ansatz);
    size_t each = 0, before = 0;
    for (size_t d = 0; d < QN__PLATEAU_DRIVES && model->drives[d].letters != NULL; d++) {
        each += model->drives[d].shared ? 1 : n + 1 - strlen(model->drives[d].letters);
    }
    const size_t middle = each == 0 ? 0 : each * qn_plateau_layers(o, n) / 2 % each;
    *shared = false;
    for (size_t d = 0; d < QN__PLATEAU_DRIVES && model->drives[d].letters != NULL && before <= middle; d++) {
        *shared = model->drives[d].shared;
        before += model->drives[d].shared ? 1 : n + 1 - strlen(model->drives[d].letters);
    }
    return middle;
}

static qn_status of_algebra(const qn_context *context, const qn_plateau_options *o, uint32_t n, double *law,
                            char *source)
{
    qn_pauli_sum **generators = NULL, *observable = NULL;
    qn_lie *lie = NULL;
    size_t count = 0;
    char *input = qn__alloc((size_t)n + 1, 1);
    QN_ALLOC_CHECK(input);
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn_plateau_generators(o, n, false, &generators, &count));
    QN_TRY_CLEANUP(qn_lie_close(context, (const qn_pauli_sum *const *)generators, count, MOST_STRINGS, &lie));
    if (!qn_lie_complete(lie)) {
        (void)snprintf(source, SOURCE_TEXT, "none: the Lie algebra has more than %d dimensions at %u qubits",
                       MOST_STRINGS, n);
    } else if (!qn_lie_is_split(lie)) {
        (void)snprintf(source, SOURCE_TEXT,
                       "none: angles are shared, and sums over so many strings are not split into ideals");
    } else {
        bool shared = false;
        const size_t middle = middle_generator(o, n, &shared);
        qn__plateau_input_text(o, n, input);
        QN_TRY_CLEANUP(qn__plateau_observe_bare(o, n, &observable));
        QN_TRY_CLEANUP(qn_lie_variance(lie, input, observable, middle, &law[QN_PLATEAU_LOSS], &law[QN_PLATEAU_MIDDLE]));
        /* a shared angle turns by exp(-i theta G), not by half of it */
        law[QN_PLATEAU_MIDDLE] *= shared ? 4.0 : 1.0;
        (void)snprintf(source, SOURCE_TEXT,
                       isfinite(law[QN_PLATEAU_LOSS])
                           ? "Lie algebra: P(rho) P(O) / dim over its ideals, for deep circuits"
                           : "none: the observable is not in the Lie algebra");
    }
cleanup:
    qn_plateau_generators_free(generators, count);
    qn_pauli_sum_free(observable);
    qn_lie_free(lie);
    qn__free(input);
    return status;
}

qn_status qn_plateau_law(const qn_context *context, const qn_plateau_options *options, uint32_t qubits,
                         double law[QN_PLATEAU_PART_COUNT_], char *source)
{
    QN_TRY(qn__plateau_check(options, qubits));
    for (size_t part = 0; part < QN_PLATEAU_PART_COUNT_; part++) {
        law[part] = (double)NAN;
    }
    if (options->start != QN_PLATEAU_UNIFORM) {
        (void)snprintf(source, SOURCE_TEXT, "none: this start is not one of uniform angles");
    } else if (options->ansatz == QN_PLATEAU_PRODUCT && qn_plateau_layers(options, qubits) == 1) {
        of_product(options, qubits, law);
        (void)snprintf(source, SOURCE_TEXT, "product state: exact");
    } else if (options->ansatz == QN_PLATEAU_HARDWARE) {
        of_universal(options, qubits, law);
        (void)snprintf(source, SOURCE_TEXT,
                       "2-design on both sides of the middle angle: reached by deep circuits only");
    } else if (options->observable == QN_PLATEAU_GLOBAL) {
        (void)snprintf(source, SOURCE_TEXT, "none: the projector is not in the Lie algebra");
    } else {
        return of_algebra(context, options, qubits, law, source);
    }
    return QN_OK;
}
