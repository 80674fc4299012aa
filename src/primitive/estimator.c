/* estimator.c: making, running and accounting of estimators. The exact path of a run is one call of the engine and no
 * more. */
#include "primitive/estimator.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "base/status.h"
#include "base/suggest.h"

/* Exact estimators count their groups (for the report of what hardware would run) up to this many terms: the time goes
 * with the square. */
enum { COUNT_GROUPS_UP_TO = 4096 };

static const char *const method_names[] = {"auto", "adjoint", "shift", "fd"};
enum { METHODS = (int)(sizeof method_names / sizeof method_names[0]) };

static const char *method_name(const void *user, size_t index)
{
    (void)user;
    return method_names[index];
}

const char *qn_gradient_method_name(qn_gradient_method method)
{
    return (unsigned)method < METHODS ? method_names[method] : "unknown";
}

qn_status qn_gradient_method_from_name(const char *name, qn_gradient_method *out)
{
    for (unsigned i = 0; i < METHODS; i++) {
        if (strcmp(name, method_names[i]) == 0) {
            *out = (qn_gradient_method)i;
            return QN_OK;
        }
    }
    const char *near = qn__suggest(name, METHODS, method_name, NULL);
    return QN_FAIL(ERR_NAME, "unknown gradient method '%s'%s%s%s; known: auto, adjoint, shift, fd", name,
                   near != NULL ? ", did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
}

static qn_status check_options(const qn_estimator_options *options)
{
    QN_CHECK(isfinite(options->precision) && options->precision >= 0, ERR_RANGE,
             "precision %g; expected 0 or a positive number", options->precision);
    QN_CHECK(isfinite(options->fd_step) && options->fd_step >= 0, ERR_RANGE,
             "finite-difference step %g; expected 0 or a positive number", options->fd_step);
    QN_CHECK(options->shots == 0 || options->precision == 0, ERR_ARGUMENT,
             "shots (%llu) and precision (%g) are both set; give one of them", (unsigned long long)options->shots,
             options->precision);
    QN_CHECK((unsigned)options->grouping <= QN_GROUPING_COMMUTING, ERR_RANGE, "grouping %d is not known",
             (int)options->grouping);
    QN_CHECK((unsigned)options->gradient < METHODS, ERR_RANGE, "gradient method %d is not known",
             (int)options->gradient);
    const bool sampled = options->shots > 0 || options->precision > 0;
    QN_CHECK(!sampled || options->gradient != QN_GRADIENT_ADJOINT, ERR_ARGUMENT,
             "the adjoint gradient needs an exact estimator; a sampled one takes 'shift'");
    QN_CHECK(!sampled || options->gradient != QN_GRADIENT_FINITE || options->fd_step > 0, ERR_ARGUMENT,
             "finite differences of a sampled estimator need a step chosen for its noise: set fd_step");
    return QN_OK;
}

/* Copies of the observables with equal strings merged. The engine checks them too, but sampled estimators give it none.
 */
static qn_status copy_observables(qn_estimator *e, const qn_pauli_sum *const *observables)
{
    e->observables = qn__calloc(e->nobservables, sizeof(qn_pauli_sum *));
    QN_ALLOC_CHECK(e->observables);
    e->ones = qn__alloc(e->nobservables, sizeof(double));
    QN_ALLOC_CHECK(e->ones);
    for (size_t o = 0; o < e->nobservables; o++) {
        QN_CHECK(observables != NULL && observables[o] != NULL, ERR_ARGUMENT, "observable %zu is missing", o);
        QN_CHECK(qn_pauli_sum_qubits(observables[o]) == e->qubits, ERR_SHAPE,
                 "observable %zu acts on %u qubits, the circuit on %u", o, qn_pauli_sum_qubits(observables[o]),
                 e->qubits);
        const double norm = qn_pauli_sum_one_norm(observables[o]);
        size_t worst = SIZE_MAX;
        QN_CHECK(qn_pauli_sum_is_hermitian(observables[o], 1e-10 * fmax(1.0, norm), &worst), ERR_NOT_HERMITIAN,
                 "observable %zu is not Hermitian: the coefficient of term %zu has an imaginary part", o, worst);
        QN_TRY(qn_pauli_sum_clone(observables[o], &e->observables[o]));
        QN_TRY(qn_pauli_sum_simplify(e->observables[o], 0.0));
        e->one_norm = fmax(e->one_norm, qn_pauli_sum_one_norm(e->observables[o]));
        e->ones[o] = 1.0;
    }
    return QN_OK;
}

qn_status qn__estimator_need_unshared(qn_estimator *e)
{
    return e->unshared != NULL ? QN_OK : qn__unshared_create(e->circuit, &e->unshared);
}

static qn_status count_groups(qn_estimator *e)
{
    for (size_t o = 0; o < e->nobservables; o++) {
        const size_t terms = qn_pauli_sum_terms(e->observables[o]);
        if (terms > COUNT_GROUPS_UP_TO) {
            e->groups = 0;
            return QN_OK;
        }
        uint32_t *group_of_term = qn__alloc(terms, sizeof *group_of_term);
        QN_ALLOC_CHECK(group_of_term);
        uint32_t groups = 0;
        const qn_status status = qn_pauli_sum_group(e->observables[o], e->options.grouping, group_of_term, &groups);
        qn__free(group_of_term);
        QN_TRY(status);
        e->groups += groups;
    }
    return QN_OK;
}

static qn_status prepare_exact(qn_estimator *e)
{
    QN_TRY(qn_engine_compile(e->engine, e->circuit, (const qn_pauli_sum *const *)e->observables, e->nobservables,
                             &e->program));
    const bool adjoint = qn_program_has_gradient(e->program);
    e->method = e->options.gradient;
    if (e->method == QN_GRADIENT_AUTO) {
        e->method = adjoint ? QN_GRADIENT_ADJOINT : QN_GRADIENT_SHIFT;
    }
    QN_CHECK(e->method != QN_GRADIENT_ADJOINT || adjoint, ERR_UNSUPPORTED,
             "engine '%s' has no adjoint gradient; use 'shift' or 'auto'", qn_engine_desc_of(e->engine)->name);
    if (e->options.fd_step == 0) {
        e->options.fd_step = 1e-6;
    }
    return count_groups(e);
}

/* Keep a program for each group when all of them take at most a quarter of what may be taken; else one is compiled at a
 * time. */
static qn_status compile_measured(qn_estimator *e)
{
    uint64_t bytes = 0;
    for (size_t o = 0; o < e->nobservables; o++) {
        for (size_t g = 0; g < e->measured[o]->ngroups; g++) {
            uint64_t each = 0;
            QN_TRY(qn_engine_bytes_needed(e->engine, e->measured[o]->groups[g].circuit, NULL, 0, &each));
            bytes = each > UINT64_MAX - bytes ? UINT64_MAX : bytes + each;
        }
    }
    const bool keep = bytes <= qn_context_memory_limit(e->context) / 4;
    for (size_t o = 0; o < e->nobservables; o++) {
        if (keep) {
            QN_TRY(qn__measured_compile(e->measured[o]));
        } else if (e->measured[o]->ngroups > 0) { /* whether it can be compiled must show now */
            qn_program *program = NULL;
            QN_TRY(qn_engine_compile(e->engine, e->measured[o]->groups[0].circuit, NULL, 0, &program));
            qn_program_free(program);
        }
    }
    return QN_OK;
}

/* Refuse finite differences that measure nothing but noise. One value has standard error sigma; the quotient of two, 2
 * step apart, has sigma / (sqrt(2) step). For f = <H> and a generator with eigenvalues up to w apart |f'| <= w ||H||,
 * with ||H|| at most the one-norm (identity left out) and w the highest frequency of the shift rule. */
static qn_status check_noise(const qn_estimator *e)
{
    double steepness = 0.0;
    QN_TRY(qn__unshared_steepness(e->unshared, e->symbols, &steepness));
    for (size_t o = 0; o < e->nobservables; o++) {
        const double norm = e->measured[o]->one_norm, step = e->options.fd_step;
        const double noise = e->options.precision > 0 ? e->options.precision : qn__measured_noise(e->measured[o]);
        const double quotient = noise / (sqrt(2.0) * step), largest = steepness * norm;
        QN_CHECK(
            norm == 0 || steepness == 0 || quotient <= largest, ERR_NOISE,
            "finite-difference step %.3g drowns in shot noise: one value has standard error %.3g, the quotient of two "
            "%.3g, and no derivative of observable %zu exceeds %.3g; use the parameter-shift rule ('shift') or an "
            "optimizer "
            "made for noise (spsa)",
            step, noise, quotient, o, largest);
    }
    return QN_OK;
}

static qn_status prepare_sampled(qn_estimator *e)
{
    e->method = e->options.gradient == QN_GRADIENT_AUTO ? QN_GRADIENT_SHIFT : e->options.gradient;
    QN_TRY(qn__estimator_need_unshared(e));
    e->measured = qn__calloc(e->nobservables, sizeof(qn__measured *));
    QN_ALLOC_CHECK(e->measured);
    for (size_t o = 0; o < e->nobservables; o++) {
        QN_TRY(qn__measured_create(e->engine, e->unshared->circuit, e->observables[o], e->options.grouping,
                                   e->options.shots, &e->measured[o]));
        e->groups += (uint32_t)e->measured[o]->ngroups;
        const double noise = e->options.precision > 0 ? e->options.precision : qn__measured_noise(e->measured[o]);
        e->noise = fmax(e->noise, noise);
    }
    if (e->method == QN_GRADIENT_FINITE) {
        QN_TRY(check_noise(e));
    }
    return compile_measured(e);
}

static qn_status prepare(qn_estimator *e, const qn_circuit *circuit, const qn_pauli_sum *const *observables)
{
    QN_TRY(qn_circuit_clone(circuit, &e->circuit));
    QN_TRY(copy_observables(e, observables));
    QN_TRY(e->exact ? prepare_exact(e) : prepare_sampled(e));
    return qn__gradient_prepare(e);
}

qn_status qn_estimator_create(qn_engine *engine, const qn_circuit *circuit, const qn_pauli_sum *const *observables,
                              size_t nobservables, const qn_estimator_options *options, qn_estimator **out)
{
    QN_CHECK(engine != NULL && circuit != NULL, ERR_ARGUMENT, "an estimator needs an engine and a circuit");
    qn_estimator_options chosen = QN_ESTIMATOR_OPTIONS_INIT;
    if (options != NULL) {
        QN_CHECK(options->size == sizeof chosen, ERR_ARGUMENT,
                 "options have size %u, expected %zu; use QN_ESTIMATOR_OPTIONS_INIT", options->size, sizeof chosen);
        chosen = *options;
    }
    QN_TRY(check_options(&chosen));
    qn_estimator *e = qn__calloc(1, sizeof *e);
    QN_ALLOC_CHECK(e);
    e->engine = engine;
    e->context = qn_engine_context(engine);
    e->options = chosen;
    e->exact = chosen.shots == 0 && chosen.precision == 0;
    e->symbols = qn_circuit_symbols(circuit);
    e->nobservables = nobservables;
    e->qubits = qn_circuit_qubits(circuit);
    const qn_status status = prepare(e, circuit, observables);
    if (status != QN_OK) {
        qn_estimator_free(e);
        return status;
    }
    *out = e;
    return QN_OK;
}

void qn_estimator_free(qn_estimator *e)
{
    if (e == NULL) {
        return;
    }
    for (size_t o = 0; o < e->nobservables; o++) {
        if (e->observables != NULL) {
            qn_pauli_sum_free(e->observables[o]);
        }
        if (e->measured != NULL) {
            qn__measured_free(e->measured[o]);
        }
    }
    qn__free(e->observables);
    qn__free(e->measured);
    qn__free(e->ones);
    qn_program_free(e->program);
    qn_program_free(e->shifted);
    qn_program_free(e->state);
    qn__free(e->amplitudes);
    qn__unshared_free(e->unshared);
    qn_circuit_free(e->circuit);
    qn__free(e->rows);
    qn__free(e->row_values);
    qn__free(e->row_variances);
    qn__free(e->row_meaning);
    qn__free(e->work);
    qn__free(e);
}

size_t qn_estimator_symbols(const qn_estimator *e)
{
    return e->symbols;
}

size_t qn_estimator_observables(const qn_estimator *e)
{
    return e->nobservables;
}

qn_status qn__estimator_sample(qn_estimator *e, const double *angles, const double *weights, qn__measured_run *run,
                               double *values, double *variances)
{
    QN_CHECK(!qn_context_interrupted(e->context), ERR_INTERRUPTED, "interrupted between two evaluations");
    for (size_t o = 0; o < e->nobservables; o++) {
        values[o] = 0.0;
        variances[o] = 0.0;
        if (weights == NULL || weights[o] != 0.0) {
            QN_TRY(qn__measured_estimate(e->measured[o], angles, e->options.precision, run, &values[o], &variances[o]));
        }
    }
    return QN_OK;
}

qn__measured_run qn__estimator_start(const qn_estimator *e, uint64_t position)
{
    return (qn__measured_run){.seed = qn__random_derive(e->options.seed, position)};
}

qn_status qn__check_finite(const char *what, const double *numbers, size_t count)
{
    QN_CHECK(count == 0 || numbers != NULL, ERR_ARGUMENT, "%zu %ss are needed, none given", count, what);
    for (size_t i = 0; i < count; i++) {
        QN_CHECK(isfinite(numbers[i]), ERR_NAN, "%s %zu is %g; expected a finite number", what, i, numbers[i]);
    }
    return QN_OK;
}

static qn_status run_sampled(qn_estimator *e, const double *theta, size_t rows, double *values, double *std_errors)
{
    const size_t total = rows * e->nobservables;
    QN_TRY(qn__check_finite("parameter", theta, rows * e->symbols));
    double *found = qn__alloc(total, 2 * sizeof *found); /* values, then variances; copied out when all went well */
    QN_ALLOC_CHECK(found);
    qn_status status = QN_OK;
    uint64_t circuits = 0, shots = 0;
    for (size_t r = 0; r < rows && status == QN_OK; r++) {
        qn__measured_run run = qn__estimator_start(e, e->position + r);
        qn__unshared_angles(e->unshared, e->symbols > 0 ? theta + r * e->symbols : NULL, e->unshared->angles);
        status = qn__estimator_sample(e, e->unshared->angles, NULL, &run, found + r * e->nobservables,
                                      found + total + r * e->nobservables);
        circuits += run.circuits;
        shots += run.shots;
    }
    if (status == QN_OK) {
        for (size_t i = 0; i < total; i++) {
            values[i] = found[i];
            if (std_errors != NULL) {
                std_errors[i] = sqrt(found[total + i]);
            }
        }
        e->position += rows;
        e->evaluations += rows;
        e->circuits += circuits;
        e->shots += shots;
    }
    qn__free(found);
    return status;
}

qn_status qn_estimator_run(qn_estimator *e, const double *theta, size_t rows, double *values, double *std_errors)
{
    if (!e->exact) {
        return run_sampled(e, theta, rows, values, std_errors);
    }
    QN_TRY(qn_program_expect(e->program, theta, rows, values, std_errors));
    if (std_errors != NULL) { /* the engine's own variances, for engines that estimate */
        for (size_t i = 0; i < rows * e->nobservables; i++) {
            std_errors[i] = sqrt(std_errors[i]);
        }
    }
    e->position += rows;
    e->evaluations += rows;
    e->circuits += rows * e->groups;
    return QN_OK;
}

uint64_t qn_estimator_position(const qn_estimator *e)
{
    return e->position;
}

void qn_estimator_set_position(qn_estimator *e, uint64_t position)
{
    e->position = position;
}

void qn_estimator_get_stats(const qn_estimator *e, qn_estimator_stats *out)
{
    *out = (qn_estimator_stats){.exact = e->exact,
                                .groups = e->groups,
                                .evaluations = e->evaluations,
                                .gradients = e->gradients,
                                .circuits = e->circuits,
                                .shots = e->shots,
                                .noise = e->noise,
                                .one_norm = e->one_norm,
                                .gradient = e->method};
}
