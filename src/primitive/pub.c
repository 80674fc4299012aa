/* pub.c: arrays of observables against arrays of parameters, broadcast as numpy does: shapes are aligned at their last
 * dimension, and a dimension of 1 is repeated.
 *
 * Pubs with one circuit and one precision share an estimator, so the circuit is compiled once. Estimator k draws from a
 * seed of its own; the first one's is the seed of the options, so a single pub repeats a plain estimator. */
#include <stdio.h>
#include <string.h>

#include <quern/primitive.h>

#include "base/alloc.h"
#include "base/rng.h"
#include "base/status.h"

enum { DIMENSIONS_MAX = 32 }; /* as in numpy */

/* "(2, 3)" */
static const char *shape_text(char *buffer, size_t capacity, const size_t *shape, size_t dimensions)
{
    size_t used = (size_t)snprintf(buffer, capacity, "(");
    for (size_t i = 0; i < dimensions && used + 24 < capacity; i++) {
        used += (size_t)snprintf(buffer + used, capacity - used, "%s%zu", i > 0 ? ", " : "", shape[i]);
    }
    (void)snprintf(buffer + used, capacity - used, dimensions == 1 ? ",)" : ")");
    return buffer;
}

/* The dimension that stands `from_last` places before the last; 1 where there is none. */
static size_t dimension(const size_t *shape, size_t dimensions, size_t from_last)
{
    return from_last < dimensions ? shape[dimensions - 1 - from_last] : 1;
}

qn_status qn_pub_shape(const qn_pub *pub, size_t capacity, size_t *shape, size_t *dimensions)
{
    QN_CHECK(pub != NULL && dimensions != NULL && (shape != NULL || capacity == 0), ERR_ARGUMENT,
             "pub or result pointer is NULL");
    const size_t no = pub->observable_dimensions, np = pub->parameter_dimensions, count = no > np ? no : np;
    QN_CHECK((no == 0 || pub->observable_shape != NULL) && (np == 0 || pub->parameter_shape != NULL), ERR_ARGUMENT,
             "a shape with dimensions is NULL");
    QN_CHECK(count <= DIMENSIONS_MAX, ERR_SHAPE, "a pub of %zu dimensions; at most %d are taken", count,
             DIMENSIONS_MAX);
    QN_CHECK(count <= capacity, ERR_SHAPE, "the result has %zu dimensions, room was given for %zu", count, capacity);
    size_t out[DIMENSIONS_MAX], total = 1;
    for (size_t k = 0; k < count; k++) {
        const size_t a = dimension(pub->observable_shape, no, k), b = dimension(pub->parameter_shape, np, k);
        if (a != b && a != 1 && b != 1) {
            char first[128], second[128];
            return QN_FAIL(ERR_SHAPE,
                           "observables of shape %s and parameters of shape %s do not broadcast: %zu and %zu",
                           shape_text(first, sizeof first, pub->observable_shape, no),
                           shape_text(second, sizeof second, pub->parameter_shape, np), a, b);
        }
        out[count - 1 - k] = a == 1 ? b : a;
    }
    for (size_t k = 0; k < count; k++) {
        QN_CHECK(!__builtin_mul_overflow(total, out[k] == 0 ? 1 : out[k], &total), ERR_TOO_LARGE,
                 "the result of a pub has more than 2^64 values");
    }
    if (count > 0) {
        memcpy(shape, out, count * sizeof *shape);
    }
    *dimensions = count;
    return QN_OK;
}

/* A pub with its shapes worked out. */
typedef struct pub_plan {
    size_t shape[DIMENSIONS_MAX], dimensions, size;
    size_t observables, rows; /* how many of each there are */
    size_t estimator, first;  /* which one; its first observable of this pub */
} pub_plan;

/* Estimators, and which pub made each. */
typedef struct work {
    qn_engine *engine;
    const qn_pub *pubs;
    size_t npubs;
    const qn_estimator_options *options;
    pub_plan *plans;
    qn_estimator **estimators; /* one a distinct circuit and precision */
    size_t *observables;       /* of each estimator */
    size_t nestimators;
} work;

static double precision_of(const work *w, const qn_pub *pub)
{
    return pub->precision > 0 ? pub->precision : w->options->precision;
}

static size_t product(const size_t *shape, size_t dimensions)
{
    size_t out = 1;
    for (size_t k = 0; k < dimensions; k++) {
        out *= shape[k];
    }
    return out;
}

static qn_status make_plans(work *w)
{
    for (size_t p = 0; p < w->npubs; p++) {
        const qn_pub *pub = &w->pubs[p];
        pub_plan *plan = &w->plans[p];
        QN_CHECK(pub->circuit != NULL, ERR_ARGUMENT, "pub %zu has no circuit", p);
        QN_CHECK(!(pub->precision < 0), ERR_RANGE, "pub %zu asks for precision %g; expected 0 or more", p,
                 pub->precision);
        QN_TRY(qn_pub_shape(pub, DIMENSIONS_MAX, plan->shape, &plan->dimensions));
        plan->size = product(plan->shape, plan->dimensions);
        plan->observables = product(pub->observable_shape, pub->observable_dimensions);
        plan->rows = product(pub->parameter_shape, pub->parameter_dimensions);
        QN_CHECK(pub->observables != NULL || plan->observables == 0, ERR_ARGUMENT, "pub %zu has no observables", p);
        QN_CHECK(pub->theta != NULL || plan->rows * qn_circuit_symbols(pub->circuit) == 0, ERR_ARGUMENT,
                 "pub %zu has no parameter values, its circuit has %zu symbols", p, qn_circuit_symbols(pub->circuit));
        plan->estimator = w->nestimators;
        for (size_t other = 0; other < p; other++) {
            if (w->pubs[other].circuit == pub->circuit && !(precision_of(w, &w->pubs[other]) < precision_of(w, pub)) &&
                !(precision_of(w, &w->pubs[other]) > precision_of(w, pub))) {
                plan->estimator = w->plans[other].estimator;
                break;
            }
        }
        w->nestimators += plan->estimator == w->nestimators;
        plan->first = w->observables[plan->estimator];
        w->observables[plan->estimator] += plan->observables;
    }
    return QN_OK;
}

/* Estimator `index` for all observables of its pubs. */
static qn_status make_estimator(work *w, size_t index)
{
    const qn_pauli_sum **all = qn__alloc(w->observables[index], sizeof(const qn_pauli_sum *));
    QN_ALLOC_CHECK(all);
    qn_estimator_options options = *w->options;
    options.seed = index == 0 ? options.seed : qn__random_derive(options.seed, index);
    const qn_circuit *circuit = NULL;
    size_t count = 0;
    for (size_t p = 0; p < w->npubs; p++) {
        if (w->plans[p].estimator == index) {
            circuit = w->pubs[p].circuit;
            options.precision = precision_of(w, &w->pubs[p]);
            options.shots = w->pubs[p].precision > 0 ? 0 : options.shots; /* its own precision counts */
            for (size_t o = 0; o < w->plans[p].observables; o++) {
                all[count++] = w->pubs[p].observables[o];
            }
        }
    }
    const qn_status status = qn_estimator_create(w->engine, circuit, all, count, &options, &w->estimators[index]);
    qn__free(all);
    return status;
}

/* Number of the entry of an array of some shape that lies under entry `flat` of the broadcast result. */
static size_t entry_under(const pub_plan *plan, size_t flat, const size_t *shape, size_t dimensions)
{
    size_t out = 0, stride = 1;
    for (size_t k = 0; k < plan->dimensions; k++) { /* from the last dimension on */
        const size_t length = plan->shape[plan->dimensions - 1 - k], at = flat % length;
        flat /= length;
        const size_t own = dimension(shape, dimensions, k);
        if (k < dimensions) {
            out += (own == 1 ? 0 : at) * stride;
            stride *= own;
        }
    }
    return out;
}

/* Entries of the result by the row of parameters they are about: entries[starts[row] .. starts[row + 1] - 1]. */
typedef struct by_row {
    size_t *starts, *entries;
} by_row;

static qn_status sort_by_row(const qn_pub *pub, const pub_plan *plan, by_row *out)
{
    size_t *starts = qn__calloc(plan->rows + 2, sizeof *starts), *entries = qn__alloc(plan->size, sizeof *entries);
    if (starts == NULL || entries == NULL) {
        qn__free(starts);
        qn__free(entries);
        return QN_ERR_MEMORY;
    }
    for (size_t flat = 0; flat < plan->size; flat++) {
        starts[entry_under(plan, flat, pub->parameter_shape, pub->parameter_dimensions) + 2]++;
    }
    for (size_t row = 0; row < plan->rows; row++) {
        starts[row + 2] += starts[row + 1];
    }
    for (size_t flat = 0; flat < plan->size; flat++) {
        entries[starts[entry_under(plan, flat, pub->parameter_shape, pub->parameter_dimensions) + 1]++] = flat;
    }
    *out = (by_row){starts, entries};
    return QN_OK;
}

/* Values of one row of parameters go to every entry of the result that is about it. */
static void scatter(const work *w, size_t p, const by_row *sorted, size_t row, const double *from, double *to)
{
    const qn_pub *pub = &w->pubs[p];
    const pub_plan *plan = &w->plans[p];
    for (size_t k = sorted->starts[row]; to != NULL && k < sorted->starts[row + 1]; k++) {
        const size_t flat = sorted->entries[k];
        to[flat] = from[plan->first + entry_under(plan, flat, pub->observable_shape, pub->observable_dimensions)];
    }
}

static qn_status run_pub(work *w, size_t p, double *values, double *std_errors)
{
    const pub_plan *plan = &w->plans[p];
    const size_t all = w->observables[plan->estimator], symbols = qn_circuit_symbols(w->pubs[p].circuit);
    if (plan->size == 0) {
        return QN_OK;
    }
    by_row sorted;
    QN_TRY(sort_by_row(&w->pubs[p], plan, &sorted));
    double *room = qn__alloc(all, 2 * sizeof *room);
    qn_status status = room == NULL ? QN_ERR_MEMORY : QN_OK;
    for (size_t row = 0; row < plan->rows && status == QN_OK; row++) {
        const double *theta = symbols == 0 ? NULL : w->pubs[p].theta + row * symbols;
        status = qn_estimator_run(w->estimators[plan->estimator], theta, 1, room, room + all);
        if (status == QN_OK) {
            scatter(w, p, &sorted, row, room, values);
            scatter(w, p, &sorted, row, room + all, std_errors);
        }
    }
    qn__free(room);
    qn__free(sorted.starts);
    qn__free(sorted.entries);
    return status;
}

static qn_status estimate(work *w, double *const *values, double *const *std_errors)
{
    QN_TRY(make_plans(w));
    for (size_t k = 0; k < w->nestimators; k++) {
        if (w->observables[k] > 0) {
            QN_TRY(make_estimator(w, k));
        }
    }
    for (size_t p = 0; p < w->npubs; p++) {
        QN_TRY(run_pub(w, p, values == NULL ? NULL : values[p], std_errors == NULL ? NULL : std_errors[p]));
    }
    return QN_OK;
}

qn_status qn_estimate(qn_engine *engine, const qn_pub *pubs, size_t npubs, const qn_estimator_options *options,
                      double *const *values, double *const *std_errors)
{
    QN_CHECK(engine != NULL && (pubs != NULL || npubs == 0), ERR_ARGUMENT, "engine or pubs are NULL");
    qn_estimator_options chosen = QN_ESTIMATOR_OPTIONS_INIT;
    if (options != NULL) {
        QN_CHECK(options->size == sizeof chosen, ERR_ARGUMENT,
                 "options have size %u, expected %zu; use QN_ESTIMATOR_OPTIONS_INIT", options->size, sizeof chosen);
        chosen = *options;
    }
    work w = {engine,
              pubs,
              npubs,
              &chosen,
              qn__calloc(npubs, sizeof *w.plans),
              qn__calloc(npubs, sizeof(qn_estimator *)),
              qn__calloc(npubs, sizeof *w.observables),
              0};
    const qn_status status = w.plans == NULL || w.estimators == NULL || w.observables == NULL
                                 ? QN_ERR_MEMORY
                                 : estimate(&w, values, std_errors);
    for (size_t k = 0; k < w.nestimators; k++) {
        qn_estimator_free(w.estimators[k]);
    }
    qn__free(w.plans);
    qn__free(w.estimators);
    qn__free(w.observables);
    return status;
}
