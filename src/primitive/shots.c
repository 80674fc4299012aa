/* shots.c: how many shots an observable would take on noiseless hardware, from exact variances of its groups. */
#include <math.h>

#include "base/alloc.h"
#include "base/status.h"
#include "primitive/estimator.h"

/* For each group g the sums V_g and V_g^2, in that order. */
static qn_status build_sums(const qn_pauli_sum *sum, const uint32_t *group_of_term, uint32_t groups, qn_pauli_sum **out)
{
    for (uint32_t g = 0; g < groups; g++) {
        QN_TRY(qn_pauli_sum_create(qn_pauli_sum_qubits(sum), &out[2 * g]));
        for (size_t t = 0; t < qn_pauli_sum_terms(sum); t++) {
            if (group_of_term[t] == g) {
                const qn_complex c = {qn_pauli_sum_coefficient(sum, t).re, 0.0};
                QN_TRY(qn_pauli_sum_add_masks(out[2 * g], c, qn_pauli_sum_x(sum, t), qn_pauli_sum_z(sum, t)));
            }
        }
        QN_TRY(qn_pauli_sum_multiply(out[2 * g], out[2 * g], &out[2 * g + 1]));
    }
    return QN_OK;
}

/* (sum_g sigma_g)^2 / precision^2, sigma_g^2 = <V_g^2> - <V_g>^2. */
static qn_status evaluate(qn_estimator *e, const double *theta, qn_pauli_sum *const *sums, uint32_t groups,
                          double precision, double *shots)
{
    qn_program *program = NULL;
    double *values = qn__alloc(groups, 2 * sizeof *values);
    QN_ALLOC_CHECK(values);
    qn_status status =
        qn_engine_compile(e->engine, e->circuit, (const qn_pauli_sum *const *)sums, 2 * (size_t)groups, &program);
    if (status == QN_OK) {
        status = qn_program_expect(program, theta, 1, values, NULL);
    }
    if (status == QN_OK) {
        double spreads = 0.0;
        for (uint32_t g = 0; g < groups; g++) {
            spreads += sqrt(fmax(0.0, values[2 * g + 1] - values[2 * g] * values[2 * g]));
        }
        *shots = spreads * spreads / (precision * precision);
    }
    qn_program_free(program);
    qn__free(values);
    return status;
}

qn_status qn_estimator_shots_for(qn_estimator *e, const double *theta, size_t o, double precision, double *shots)
{
    QN_CHECK(o < e->nobservables, ERR_RANGE, "observable %zu asked for; there are %zu", o, e->nobservables);
    QN_CHECK(isfinite(precision) && precision > 0, ERR_RANGE, "precision %g; expected a positive number", precision);
    const qn_pauli_sum *sum = e->observables[o];
    qn_status status = QN_OK;
    uint32_t groups = 0;
    qn_pauli_sum **sums = NULL;
    uint32_t *group_of_term = qn__alloc(qn_pauli_sum_terms(sum), sizeof *group_of_term);
    QN_ALLOC_CHECK(group_of_term);
    QN_TRY_CLEANUP(qn_pauli_sum_group(sum, e->options.grouping, group_of_term, &groups));
    sums = qn__calloc(groups, 2 * sizeof(qn_pauli_sum *));
    if (sums == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(build_sums(sum, group_of_term, groups, sums));
    QN_TRY_CLEANUP(evaluate(e, theta, sums, groups, precision, shots));
cleanup:
    for (uint32_t s = 0; sums != NULL && s < 2 * groups; s++) {
        qn_pauli_sum_free(sums[s]);
    }
    qn__free(sums);
    qn__free(group_of_term);
    return status;
}
