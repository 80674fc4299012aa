/* metric.c: the quantum geometric tensor and the fidelity of two states, through the amplitudes of an exact engine.
 *
 * Derivative states come from the shift rule of amplitudes: with exp(-i x P / 2), d|psi>/dx = -i/2 P |psi(x)> = |psi(x
 * + pi)> / 2, since a rotation by pi is -i P; gates of other spectra take the general rule of shift_rule.c. One
 * evaluation of the state for each occurrence (two or four for other gates), no access to the engine's inside. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/context.h"
#include "base/status.h"
#include "primitive/estimator.h"

enum { MOST_QUBITS = 20 };

/* The program that gives amplitudes, made when it is not there. */
static qn_status need_state(qn_estimator *e)
{
    const qn_engine_desc *desc = qn_engine_desc_of(e->engine);
    QN_CHECK(desc->exact && desc->ops->amplitudes != NULL, ERR_UNSUPPORTED,
             "engine '%s' gives no exact amplitudes, which metric and fidelity need", desc->name);
    QN_CHECK(e->qubits <= MOST_QUBITS, ERR_UNSUPPORTED, "metric and fidelity work up to %d qubits; the circuit has %u",
             MOST_QUBITS, e->qubits);
    QN_TRY(qn__estimator_need_unshared(e));
    if (e->state == NULL) {
        QN_TRY(qn_engine_compile(e->engine, e->unshared->circuit, NULL, 0, &e->state));
    }
    return QN_OK;
}

/* The state at given angles of the unshared circuit. */
static qn_status state_at(qn_estimator *e, const double *angles, qn_complex *out)
{
    QN_CHECK(!qn_context_interrupted(e->context), ERR_INTERRUPTED, "interrupted between two states");
    return qn_program_amplitudes(e->state, angles, 0, (size_t)1 << e->qubits, out);
}

/* <a|b> */
static qn_complex inner(const qn_complex *a, const qn_complex *b, size_t count)
{
    qn_complex sum = {0.0, 0.0};
    for (size_t i = 0; i < count; i++) {
        sum.re += a[i].re * b[i].re + a[i].im * b[i].im;
        sum.im += a[i].re * b[i].im - a[i].im * b[i].re;
    }
    return sum;
}

/* derivatives[j] += coefficient * (d phi / d theta_j) * state, for the symbols of one occurrence. */
static void add_state(qn_complex *derivatives, size_t count, const qn_param *angle, double coefficient,
                      const qn_complex *state)
{
    for (size_t t = 0; t < angle->count; t++) {
        const double factor = coefficient * angle->terms[t].coefficient;
        qn_complex *target = derivatives + angle->terms[t].symbol * count;
        for (size_t i = 0; i < count; i++) {
            target[i].re += factor * state[i].re;
            target[i].im += factor * state[i].im;
        }
    }
}

/* derivatives[j] = d|psi>/d theta_j for every symbol; `work` is one state. */
static qn_status fill_derivatives(qn_estimator *e, double *angles, qn_complex *derivatives, qn_complex *work)
{
    const size_t count = (size_t)1 << e->qubits;
    for (size_t k = 0; k < e->unshared->count; k++) {
        const qn__occurrence *item = &e->unshared->items[k];
        const double here = angles[k];
        for (uint32_t m = 0; m < item->amplitude.pairs; m++) {
            const double shift = qn__shift_rule_shift(&item->amplitude, m);
            const double coefficient = qn__shift_rule_coefficient(&item->amplitude, m);
            angles[k] = here + shift;
            QN_TRY(state_at(e, angles, work));
            add_state(derivatives, count, &item->angle, item->amplitude.antiperiodic ? 2 * coefficient : coefficient,
                      work);
            if (!item->amplitude.antiperiodic) {
                angles[k] = here - shift;
                QN_TRY(state_at(e, angles, work));
                add_state(derivatives, count, &item->angle, -coefficient, work);
            }
        }
        angles[k] = here;
    }
    return QN_OK;
}

/* States are laid out as: psi, work, then one derivative a symbol. */
static qn_status fill_metric(qn_estimator *e, const double *theta, qn_complex *states, qn_complex *overlaps,
                             double *metric)
{
    const size_t count = (size_t)1 << e->qubits;
    qn_complex *psi = states, *work = states + count, *derivatives = states + 2 * count;
    qn__unshared_angles(e->unshared, theta, e->unshared->angles);
    QN_TRY(state_at(e, e->unshared->angles, psi));
    QN_TRY(fill_derivatives(e, e->unshared->angles, derivatives, work));
    for (size_t i = 0; i < e->symbols; i++) {
        overlaps[i] = inner(derivatives + i * count, psi, count);
    }
    for (size_t i = 0; i < e->symbols; i++) {
        for (size_t j = 0; j <= i; j++) {
            const double product = overlaps[i].re * overlaps[j].re + overlaps[i].im * overlaps[j].im;
            const double value = inner(derivatives + i * count, derivatives + j * count, count).re - product;
            metric[i * e->symbols + j] = value;
            metric[j * e->symbols + i] = value;
        }
    }
    return QN_OK;
}

qn_status qn_estimator_metric(qn_estimator *e, const double *theta, double *metric)
{
    QN_TRY(need_state(e));
    QN_TRY(qn__check_finite("parameter", theta, e->symbols));
    const uint64_t size = UINT64_C(1) << e->qubits;
    char what[96];
    (void)snprintf(what, sizeof what, "the metric of %zu parameters on %u qubits", e->symbols, e->qubits);
    uint64_t bytes = 0;
    if (qn__mul_overflows(e->symbols + 2, size * sizeof(qn_complex), &bytes)) {
        bytes = UINT64_MAX;
    }
    QN_TRY(qn__context_check_bytes(e->context, bytes, what, "fewer parameters or qubits fit"));
    qn_complex *states = qn__calloc((e->symbols + 2) * (size_t)size, sizeof *states);
    QN_ALLOC_CHECK(states);
    qn_complex *overlaps = qn__alloc(e->symbols, sizeof *overlaps);
    const qn_status status = overlaps == NULL ? QN_ERR_MEMORY : fill_metric(e, theta, states, overlaps, metric);
    qn__free(overlaps);
    qn__free(states);
    return status;
}

qn_status qn_estimator_fidelity(qn_estimator *e, const double *a, const double *b, double *out)
{
    QN_TRY(need_state(e));
    QN_TRY(qn__check_finite("parameter", a, e->symbols));
    QN_TRY(qn__check_finite("parameter", b, e->symbols));
    const size_t count = (size_t)1 << e->qubits;
    if (e->amplitudes == NULL) {
        QN_TRY(qn__context_check_bytes(e->context, 2 * count * sizeof(qn_complex), "the fidelity of two states", ""));
        e->amplitudes = qn__alloc(2 * count, sizeof *e->amplitudes);
        QN_ALLOC_CHECK(e->amplitudes);
    }
    qn__unshared_angles(e->unshared, a, e->unshared->angles);
    QN_TRY(state_at(e, e->unshared->angles, e->amplitudes));
    qn__unshared_angles(e->unshared, b, e->unshared->angles);
    QN_TRY(state_at(e, e->unshared->angles, e->amplitudes + count));
    const qn_complex overlap = inner(e->amplitudes, e->amplitudes + count, count);
    *out = overlap.re * overlap.re + overlap.im * overlap.im;
    return QN_OK;
}
