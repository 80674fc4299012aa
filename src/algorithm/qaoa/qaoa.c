/* qaoa.c: the public object: costs computed once, a state, runs on rows of angles. */
#include "algorithm/qaoa/qaoa.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/context.h"
#include "base/status.h"

enum { MOST_LAYERS = 100000, ROW_QUBITS = 18 }; /* up to so many qubits, rows go to threads */

static qn_status check_options(const qn_qaoa_options *options, qn_qaoa_options *out)
{
    const qn_qaoa_options plain = QN_QAOA_OPTIONS_INIT;
    *out = options != NULL ? *options : plain;
    QN_CHECK(out->size == sizeof *out, ERR_ARGUMENT, "options have size %u, expected %zu; use QN_QAOA_OPTIONS_INIT",
             out->size, sizeof *out);
    QN_CHECK(out->cvar >= 0.0 && out->cvar <= 1.0, ERR_RANGE, "the fraction of the tail is %g; expected 0 to 1",
             out->cvar);
    QN_CHECK(out->layers <= MOST_LAYERS, ERR_RANGE, "%u layers; at most %d", out->layers, (int)MOST_LAYERS);
    out->layers = out->layers > 0 ? out->layers : 1;
    return QN_OK;
}

/* `mirrored` is what symmetry allows. */
static uint64_t bytes_of(const qn_context *context, uint32_t nqubits, bool mirrored, const qn_qaoa_options *options)
{
    return qn__diagonal_bytes(nqubits, mirrored) + qn__qaoa_state_bytes(nqubits, mirrored, options->single_precision,
                                                                        options->gradients,
                                                                        qn_context_threads(context));
}

static qn_status check_memory(const qn_context *context, qn_cost cost, const qn_qaoa_options *options, uint64_t *bytes)
{
    const uint32_t n = qn_cost_variables(cost);
    QN_CHECK(
        n <= QN__QAOA_MOST_BITS, ERR_TOO_LARGE,
        "%u variables: a state of 2^%u amplitudes; at most %d (recursive QAOA and classical solvers have no limit)", n,
        n, (int)QN__QAOA_MOST_BITS);
    *bytes = bytes_of(context, n, !options->whole_space && n > 1 && qn_cost_is_symmetric(cost), options);
    char what[64];
    (void)snprintf(what, sizeof what, "a QAOA state of %u qubits", n);
    return qn__context_check_bytes(context, *bytes, what,
                                   options->single_precision ? "" : "single precision takes half");
}

static qn_status check_cost(qn_cost cost)
{
    QN_CHECK((cost.qubo != NULL) != (cost.polynomial != NULL), ERR_ARGUMENT,
             "a cost is either a quadratic model or a polynomial");
    return QN_OK;
}

qn_status qn_qaoa_bytes_needed(const qn_context *context, qn_cost cost, const qn_qaoa_options *options, uint64_t *bytes)
{
    QN_CHECK(context != NULL && bytes != NULL, ERR_ARGUMENT, "qn_qaoa_bytes_needed: context and bytes are needed");
    qn_qaoa_options wanted;
    QN_TRY(check_cost(cost));
    QN_TRY(check_options(options, &wanted));
    const uint32_t n = qn_cost_variables(cost);
    QN_CHECK(n <= 58, ERR_TOO_LARGE, "%u variables: the bytes of a state cannot be counted", n);
    *bytes = bytes_of(context, n, !wanted.whole_space && n > 1 && qn_cost_is_symmetric(cost), &wanted);
    return QN_OK;
}

qn_status qn_qaoa_create(qn_context *context, qn_cost cost, const qn_qaoa_options *options, qn_qaoa **out)
{
    QN_CHECK(context != NULL && out != NULL, ERR_ARGUMENT, "qn_qaoa_create: context and out are needed");
    qn_qaoa_options wanted;
    QN_TRY(check_cost(cost));
    QN_TRY(check_options(options, &wanted));
    uint64_t bytes = 0;
    QN_TRY(check_memory(context, cost, &wanted, &bytes));
    qn_qaoa *q = qn__calloc(1, sizeof *q);
    QN_ALLOC_CHECK(q);
    q->context = context;
    q->options = wanted;
    q->bytes = bytes;
    qn_status status = QN_OK;
    QN_TRY_CLEANUP(qn__spin_terms_create(cost, &q->terms));
    QN_TRY_CLEANUP(qn__diagonal_create(context, &q->terms, !wanted.whole_space, &q->diagonal));
    QN_TRY_CLEANUP(qn__qaoa_state_create(context, &q->diagonal, wanted.single_precision, wanted.gradients,
                                         wanted.layers, qn_context_threads(context), 0, &q->state));
    *out = q;
    q = NULL;
cleanup:
    qn_qaoa_free(q);
    return status;
}

void qn_qaoa_free(qn_qaoa *q)
{
    if (q != NULL) {
        for (uint32_t w = 0; w < q->nworkers; w++) {
            qn__qaoa_state_release(&q->workers[w]);
        }
        qn__free(q->workers);
        qn__qaoa_state_release(&q->state);
        qn__diagonal_release(&q->diagonal);
        qn__spin_terms_release(&q->terms);
        qn__free(q);
    }
}

uint32_t qn_qaoa_qubits(const qn_qaoa *q)
{
    return q->diagonal.nqubits;
}

double qn_qaoa_lowest(const qn_qaoa *q)
{
    return q->diagonal.low;
}

double qn_qaoa_highest(const qn_qaoa *q)
{
    return q->diagonal.high;
}

uint64_t qn_qaoa_best_state(const qn_qaoa *q)
{
    return q->diagonal.best;
}

double qn_qaoa_optima(const qn_qaoa *q)
{
    return (double)q->diagonal.optima;
}

size_t qn_qaoa_levels(const qn_qaoa *q)
{
    return q->diagonal.index != NULL ? (size_t)q->state.entries : QN__QAOA_BINS;
}

uint64_t qn_qaoa_bytes(const qn_qaoa *q)
{
    const uint64_t cost = q->diagonal.index != NULL ? sizeof *q->diagonal.index : sizeof *q->diagonal.value;
    const uint64_t amplitude = 2 * q->state.kernels->real_size * (q->state.bra != NULL ? 2 : 1);
    return (cost + amplitude) << q->diagonal.bits;
}

static qn_status check_run(const qn_qaoa *q, uint32_t layers, size_t rows, const double *angles, bool slopes)
{
    QN_CHECK(q != NULL && (angles != NULL || layers == 0), ERR_ARGUMENT, "a QAOA object and angles are needed");
    QN_CHECK(layers <= q->options.layers, ERR_RANGE, "%u layers, but the object has room for %u", layers,
             q->options.layers);
    QN_CHECK(!slopes || q->options.gradients, ERR_RANGE, "the object was made without room for gradients");
    for (size_t i = 0; i < rows * 2 * layers; i++) {
        QN_CHECK(isfinite(angles[i]), ERR_NAN, "angle %zu is not a finite number", i % (2 * (size_t)layers));
    }
    return QN_OK;
}

/* The average, or with a tail: the state once, to find the quantile; then the average of the weight that belongs to it,
 * whose derivatives are those of the tail's mean. */
static qn_status run_state(qn__qaoa_state *s, double cvar, uint32_t layers, const double *angles, double *value,
                           double *slopes)
{
    s->weight = (qn__cost_weight){HUGE_VAL, 1.0, 0.0};
    if (cvar == 0.0 || cvar == 1.0) {
        return qn__qaoa_state_run(s, layers, angles, angles + layers, value, slopes);
    }
    QN_TRY(qn__qaoa_state_run(s, layers, angles, angles + layers, value, NULL));
    double *masses = NULL, step = 0.0;
    size_t count = 0;
    QN_TRY(qn__qaoa_masses(s, &masses, &count, &step));
    s->weight = qn__qaoa_tail_weight(masses, count, s->diagonal->low, step, cvar);
    double tail = 0.0;
    for (size_t k = 0; k < count; k++) {
        tail += masses[k] * fmin(s->diagonal->low + step * (double)k, s->weight.cap);
    }
    *value = tail * s->weight.factor + s->weight.shift;
    qn__free(masses);
    return slopes == NULL ? QN_OK : qn__qaoa_state_run(s, layers, angles, angles + layers, value, slopes);
}

qn_status qn_qaoa_run(qn_qaoa *q, uint32_t layers, const double *angles, double *value, double *slopes)
{
    QN_TRY(check_run(q, layers, 1, angles, slopes != NULL));
    q->ready = false;
    double got = 0.0;
    QN_TRY(run_state(&q->state, q->options.cvar, layers, angles, &got, slopes));
    q->ready = slopes == NULL;
    if (value != NULL) {
        *value = got;
    }
    return QN_OK;
}

static qn_status make_workers(qn_qaoa *q, uint32_t count)
{
    if (q->workers != NULL) {
        return QN_OK;
    }
    q->workers = qn__calloc(count, sizeof *q->workers);
    QN_ALLOC_CHECK(q->workers);
    for (; q->nworkers < count; q->nworkers++) {
        QN_TRY(qn__qaoa_state_create(q->context, &q->diagonal, q->options.single_precision, q->options.gradients,
                                     q->options.layers, 1, 0, &q->workers[q->nworkers]));
    }
    return QN_OK;
}

qn_status qn_qaoa_run_rows(qn_qaoa *q, uint32_t layers, size_t rows, const double *angles, double *values,
                           double *slopes)
{
    QN_TRY(check_run(q, layers, rows, angles, slopes != NULL));
    QN_CHECK(values != NULL || rows == 0, ERR_ARGUMENT, "room for the values is needed");
    q->ready = false;
    const size_t width = 2 * (size_t)layers;
    const uint32_t threads = qn_context_threads(q->context);
    if (threads == 1 || rows < 2 || q->diagonal.bits > ROW_QUBITS) {
        for (size_t r = 0; r < rows; r++) {
            QN_TRY(run_state(&q->state, q->options.cvar, layers, angles + r * width, &values[r],
                             slopes != NULL ? slopes + r * width : NULL));
        }
        return QN_OK;
    }
    QN_TRY(make_workers(q, threads));
    qn_status first = QN_OK;
#pragma omp parallel for schedule(static) num_threads((int)threads)
    for (uint32_t w = 0; w < threads; w++) {
        qn_status status = QN_OK;
        for (size_t r = rows * w / threads; r < rows * (w + 1) / threads && status == QN_OK; r++) {
            status = run_state(&q->workers[w], q->options.cvar, layers, angles + r * width, &values[r],
                               slopes != NULL ? slopes + r * width : NULL);
        }
        if (status != QN_OK) {
#pragma omp critical(qn_qaoa_rows)
            first = first == QN_OK ? status : first;
        }
    }
    /* messages belong to threads */
    QN_CHECK(first != QN_ERR_INTERRUPTED, ERR_INTERRUPTED, "interrupted");
    QN_CHECK(first == QN_OK, ERR_MEMORY, "no memory for a row of angles");
    return QN_OK;
}
