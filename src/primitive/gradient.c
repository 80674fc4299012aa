/* gradient.c: gradients of a weighted sum of expectation values: the engine's reverse mode, the parameter-shift rule,
 * central differences. All work without allocation once the estimator is made, save sampled ones on engines short of
 * memory. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "primitive/estimator.h"

/* A batch holds about this many angles, so that engines that run rows together get some and large circuits do not take
 * much. */
enum { BATCH_ROWS = 64, BATCH_NUMBERS = 1 << 17 };

qn_status qn__gradient_prepare(qn_estimator *e)
{
    e->work = qn__alloc(3 * e->symbols + 2 * e->nobservables, sizeof *e->work);
    QN_ALLOC_CHECK(e->work);
    if (e->method == QN_GRADIENT_ADJOINT) {
        return QN_OK;
    }
    if (e->method == QN_GRADIENT_SHIFT) {
        QN_TRY(qn__estimator_need_unshared(e));
    }
    if (e->method == QN_GRADIENT_SHIFT && e->exact) {
        QN_TRY(qn_engine_compile(e->engine, e->unshared->circuit, (const qn_pauli_sum *const *)e->observables,
                                 e->nobservables, &e->shifted));
    }
    e->columns = e->method == QN_GRADIENT_SHIFT || !e->exact ? e->unshared->count : e->symbols;
    e->batch = BATCH_NUMBERS / (e->columns + 1);
    e->batch = e->batch < 2 ? 2 : e->batch > BATCH_ROWS ? BATCH_ROWS : e->batch;
    e->rows = qn__alloc(e->batch * e->columns, sizeof *e->rows);
    QN_ALLOC_CHECK(e->rows);
    e->row_values = qn__alloc(e->batch * e->nobservables, sizeof *e->row_values);
    QN_ALLOC_CHECK(e->row_values);
    e->row_variances = qn__alloc(e->batch * e->nobservables, sizeof *e->row_variances);
    QN_ALLOC_CHECK(e->row_variances);
    e->row_meaning = qn__alloc(e->batch, sizeof *e->row_meaning);
    QN_ALLOC_CHECK(e->row_meaning);
    return QN_OK;
}

/* One gradient while it is made. */
typedef struct sweep {
    qn_estimator *e;
    const double *weights;
    qn__measured_run run;
    size_t filled;        /* rows waiting in the batch */
    uint64_t evaluations; /* done */
    bool variances;       /* wanted */
    double *grad, *grad_variances;
} sweep;

/* Evaluate the waiting rows and add what they contribute. */
static qn_status flush(sweep *s)
{
    qn_estimator *e = s->e;
    const size_t rows = s->filled, nobs = e->nobservables;
    s->filled = 0;
    if (rows == 0) {
        return QN_OK;
    }
    if (e->exact) {
        QN_CHECK(!qn_context_interrupted(e->context), ERR_INTERRUPTED, "interrupted between two evaluations");
        qn_program *program = e->method == QN_GRADIENT_SHIFT ? e->shifted : e->program;
        QN_TRY(qn_program_expect(program, e->rows, rows, e->row_values, s->variances ? e->row_variances : NULL));
    } else {
        for (size_t r = 0; r < rows; r++) {
            QN_TRY(qn__estimator_sample(e, e->rows + r * e->columns, s->weights, &s->run, e->row_values + r * nobs,
                                        e->row_variances + r * nobs));
        }
    }
    for (size_t r = 0; r < rows; r++) {
        double value = 0.0, variance = 0.0;
        for (size_t o = 0; o < nobs; o++) {
            const double w = s->weights[o];
            value += w * e->row_values[r * nobs + o];
            variance += s->variances ? w * w * e->row_variances[r * nobs + o] : 0.0;
        }
        const qn__gradient_row *row = &e->row_meaning[r];
        const qn_param_term *terms = row->terms != NULL ? row->terms : &row->own;
        for (size_t t = 0; t < row->nterms; t++) {
            const double factor = row->coefficient * terms[t].coefficient;
            s->grad[terms[t].symbol] += factor * value;
            s->grad_variances[terms[t].symbol] += factor * factor * variance;
        }
    }
    s->evaluations += rows;
    return QN_OK;
}

/* A new row of the batch, evaluated when the batch is full. */
static qn_status next_row(sweep *s, qn__gradient_row meaning, double **angles)
{
    if (s->filled == s->e->batch) {
        QN_TRY(flush(s));
    }
    s->e->row_meaning[s->filled] = meaning;
    *angles = s->e->rows + s->filled * s->e->columns;
    s->filled++;
    return QN_OK;
}

/* Each occurrence shifted by itself; see unshared.h and shift_rule.c. */
static qn_status sweep_shifts(sweep *s, const double *theta)
{
    const qn__unshared *u = s->e->unshared;
    qn__unshared_angles(u, theta, u->angles);
    for (size_t k = 0; k < u->count; k++) {
        const qn__occurrence *item = &u->items[k];
        for (uint32_t m = 0; m < item->expectation.pairs; m++) {
            const double shift = qn__shift_rule_shift(&item->expectation, m);
            const double coefficient = qn__shift_rule_coefficient(&item->expectation, m);
            for (int side = 0; side < 2; side++) {
                const double sign = side == 0 ? 1.0 : -1.0;
                double *angles = NULL;
                QN_TRY(next_row(s,
                                (qn__gradient_row){item->angle.terms, item->angle.count, sign * coefficient, {0, 0.0}},
                                &angles));
                memcpy(angles, u->angles, u->count * sizeof *angles);
                angles[k] += sign * shift;
            }
        }
    }
    return flush(s);
}

/* Central differences in each symbol; the divisor is the step as it came out in floating point. */
static qn_status sweep_differences(sweep *s, const double *theta, double *moved)
{
    const qn_estimator *e = s->e;
    const double step = e->options.fd_step;
    if (e->symbols > 0) {
        memcpy(moved, theta, e->symbols * sizeof *moved);
    }
    for (uint32_t j = 0; j < e->symbols; j++) {
        const double up = theta[j] + step, down = theta[j] - step;
        QN_CHECK(up > down, ERR_ARGUMENT, "finite-difference step %g is lost beside parameter %u = %g", step, j,
                 theta[j]);
        for (int side = 0; side < 2; side++) {
            const qn_param_term own = {j, 1.0};
            double *angles = NULL;
            QN_TRY(next_row(s, (qn__gradient_row){NULL, 1, (side == 0 ? 1.0 : -1.0) / (up - down), own}, &angles));
            moved[j] = side == 0 ? up : down;
            if (e->exact) {
                memcpy(angles, moved, e->symbols * sizeof *angles);
            } else {
                qn__unshared_angles(e->unshared, moved, angles);
            }
        }
        moved[j] = theta[j];
    }
    return flush(s);
}

/* Values at theta itself, into the estimator's work space. */
static qn_status values_here(sweep *s, const double *theta, double *values, double *variances)
{
    qn_estimator *e = s->e;
    s->evaluations++;
    if (e->exact) {
        return qn_program_expect(e->program, theta, 1, values, NULL);
    }
    qn__unshared_angles(e->unshared, theta, e->unshared->angles);
    return qn__estimator_sample(e, e->unshared->angles, NULL, &s->run, values, variances);
}

static qn_status by_evaluations(qn_estimator *e, const double *theta, const double *weights, double *values,
                                double *grad, double *std_errors)
{
    double *found = e->work, *variances = found + e->symbols, *moved = variances + e->symbols;
    double *here = moved + e->symbols, *here_variances = here + e->nobservables;
    sweep s = {.e = e,
               .weights = weights,
               .run = qn__estimator_start(e, e->position),
               .variances = !e->exact || std_errors != NULL,
               .grad = found,
               .grad_variances = variances};
    for (size_t j = 0; j < e->symbols; j++) {
        found[j] = variances[j] = 0.0;
    }
    if (values != NULL) {
        QN_TRY(values_here(&s, theta, here, here_variances));
    }
    QN_TRY(e->method == QN_GRADIENT_SHIFT ? sweep_shifts(&s, theta) : sweep_differences(&s, theta, moved));
    for (size_t j = 0; j < e->symbols; j++) {
        grad[j] = found[j];
        if (std_errors != NULL) {
            std_errors[j] = sqrt(variances[j]);
        }
    }
    for (size_t o = 0; o < e->nobservables && values != NULL; o++) {
        values[o] = here[o];
    }
    e->evaluations += s.evaluations;
    e->circuits += e->exact ? s.evaluations * e->groups : s.run.circuits;
    e->shots += s.run.shots;
    return QN_OK;
}

qn_status qn_estimator_gradient(qn_estimator *e, const double *theta, const double *weights, double *values,
                                double *grad, double *std_errors)
{
    weights = weights != NULL ? weights : e->ones;
    if (e->method == QN_GRADIENT_ADJOINT) {
        QN_TRY(qn_program_gradient(e->program, theta, 1, weights, values, grad));
        for (size_t j = 0; j < e->symbols && std_errors != NULL; j++) {
            std_errors[j] = 0.0;
        }
        e->evaluations++; /* the pass forward; hardware has no way back */
        e->circuits += e->groups;
    } else {
        QN_TRY(qn__check_finite("parameter", theta, e->symbols));
        QN_TRY(qn__check_finite("weight", weights, e->nobservables));
        QN_TRY(by_evaluations(e, theta, weights, values, grad, std_errors));
    }
    e->gradients++;
    e->position++;
    return QN_OK;
}
