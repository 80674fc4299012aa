/* plateau_run.c: gradients at random starts, by the engine's adjoint method, rows of starts at a time. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/context.h"
#include "base/status.h"
#include "learn/plateau_model.h"
#include "learn/plateau_samples.h"
#include "learn/plateau_twin.h"

#include <quern/engine.h>

enum { CHUNK = 64, LEAST_SAMPLES = 8 };

/* One size while it is sampled. */
typedef struct sampling {
    const qn_plateau_options *options;
    qn_context *context;
    qn_engine *engine;
    uint32_t qubits;
    qn_circuit *circuit;
    qn_pauli_sum *observable;
    qn_program *program;
    qn__plateau_twin *twin; /* instead of circuit and program */
    size_t symbols, samples;
    double *theta, *gradients, *values; /* CHUNK rows; all rows; all rows */
    uint64_t done, total;               /* of all sizes, for progress */
    double began, *last;
} sampling;

static qn_status draw_gradients(sampling *s)
{
    double weights[CHUNK];
    for (size_t r = 0; r < CHUNK; r++) {
        weights[r] = 1.0;
    }
    for (size_t first = 0; first < s->samples; first += CHUNK) {
        QN_CHECK(!qn_context_interrupted(s->context), ERR_INTERRUPTED, "interrupted at %u qubits", s->qubits);
        const size_t rows = s->samples - first < CHUNK ? s->samples - first : CHUNK;
        for (size_t r = 0; r < rows; r++) {
            qn_plateau_angles(s->options, s->qubits, s->symbols, first + r, s->theta + r * s->symbols);
        }
        QN_TRY(s->twin != NULL
                   ? qn__plateau_twin_run(s->twin, s->theta, rows, s->values + first, s->gradients + first * s->symbols)
                   : qn_program_gradient(s->program, s->theta, rows, weights, s->values + first,
                                         s->gradients + first * s->symbols));
        const qn_progress progress = {"plateau",   s->done + first + rows, s->total, s->done + first + rows,
                                      (double)NAN, qn__clock() - s->began};
        qn__context_progress(s->context, &progress, s->last, false);
    }
    return QN_OK;
}

/* Squared deviations of one column of `stride` numbers a row, added to (or set in) `out` times `weight`. */
static void add_deviations(const double *column, size_t stride, size_t rows, double weight, double *out)
{
    double mean = 0.0;
    for (size_t r = 0; r < rows; r++) {
        mean += column[r * stride];
    }
    mean /= (double)rows;
    for (size_t r = 0; r < rows; r++) {
        const double off = column[r * stride] - mean;
        out[r] += weight * off * off;
    }
}

/* Variance of one measured shot: exact for one Pauli string, else its bound (sum |c|)^2. */
static double shot_variance(const qn_pauli_sum *observable, const double *values, size_t rows)
{
    const double norm = qn_pauli_sum_one_norm(observable), middle = qn_pauli_sum_identity(observable).re;
    const size_t constant = middle != 0.0 ? 1 : 0;
    if (qn_pauli_sum_terms(observable) != 1 + constant) {
        return norm * norm;
    }
    double sum = 0.0;
    for (size_t r = 0; r < rows; r++) {
        sum += norm * norm - (values[r] - middle) * (values[r] - middle);
    }
    return sum / (double)rows;
}

/* Mean over angles of (sum over the gates that an angle turns of |factor|)^2: 1 when each turns one rotation. */
static double shared_price(const sampling *s)
{
    double *weight = s->theta, sum = 0.0; /* theta is done with */
    memset(weight, 0, s->symbols * sizeof *weight);
    if (s->twin != NULL) {
        qn__plateau_twin_weights(s->twin, weight);
    }
    for (size_t i = 0; s->circuit != NULL && i < qn_circuit_operations(s->circuit); i++) {
        qn_operation operation;
        qn_circuit_operation(s->circuit, i, &operation);
        if (operation.nparams > 0 && operation.params[0].count > 0) {
            weight[operation.params[0].terms[0].symbol] += fabs(operation.params[0].terms[0].coefficient);
        }
    }
    for (size_t k = 0; k < s->symbols; k++) {
        sum += weight[k] * weight[k] / (double)s->symbols;
    }
    return sum;
}

/* By the parameter-shift rule a gate's share of a derivative is c (f+ - f-) / 2, with N shots each of variance
 * c^2 s^2 / (2 N); m such gates, N shots a value: m c^2 s^2 / (2 N). A sign is right at two standard errors when that
 * is g^2 / 4, which takes 2 N m = 4 s^2 (m c)^2 / g^2 shots. */
static void summarise(const sampling *s, qn__plateau_samples *samples, qn_plateau_row *row)
{
    const size_t index[3] = {0, s->symbols / 2, s->symbols - 1};
    const size_t rows = s->samples;
    for (size_t part = 0; part < 3; part++) {
        add_deviations(s->gradients + index[part], s->symbols, rows, 1.0, samples->deviation + part * rows);
    }
    row->mean_square = 0.0;
    for (size_t k = 0; k < s->symbols; k++) {
        add_deviations(s->gradients + k, s->symbols, rows, 1.0 / (double)s->symbols,
                       samples->deviation + QN_PLATEAU_MEAN * rows);
    }
    for (size_t i = 0; i < rows * s->symbols; i++) {
        row->mean_square += s->gradients[i] * s->gradients[i] / ((double)rows * (double)s->symbols);
    }
    add_deviations(s->values, 1, rows, 1.0, samples->deviation + QN_PLATEAU_LOSS * rows);
    for (size_t part = 0; part < QN_PLATEAU_PART_COUNT_; part++) {
        row->variance[part] = 0.0;
        for (size_t r = 0; r < rows; r++) {
            row->variance[part] += samples->deviation[part * rows + r] / (double)(rows - 1);
        }
    }
    /* rounding leaves 1e-32 or so where all derivatives are 0 */
    row->shots_per_sign = row->mean_square > 1e-28
                              ? 4.0 * shot_variance(s->observable, s->values, rows) * shared_price(s) / row->mean_square
                              : (double)INFINITY;
}

static qn_status open_size(sampling *s)
{
    if (s->options->twin) {
        QN_TRY(qn__plateau_observe_bare(s->options, s->qubits, &s->observable));
        QN_TRY(qn__plateau_twin_open(s->context, s->options, s->qubits, s->observable, &s->twin));
        s->symbols = qn__plateau_twin_symbols(s->twin);
    } else {
        QN_TRY(qn_plateau_circuit(s->options, s->qubits, &s->circuit));
        QN_TRY(qn_plateau_observe(s->options, s->qubits, &s->observable));
        QN_TRY(qn_engine_compile(s->engine, s->circuit, (const qn_pauli_sum *const *)&s->observable, 1, &s->program));
        s->symbols = qn_circuit_symbols(s->circuit);
    }
    const double bytes = (double)(s->samples + CHUNK) * (double)s->symbols * sizeof(double);
    QN_TRY(qn__context_check_bytes(s->context, bytes < 1.8e19 ? (uint64_t)bytes : UINT64_MAX, "gradients of all starts",
                                   "fewer samples or layers"));
    s->theta = qn__alloc(CHUNK * s->symbols, sizeof *s->theta);
    QN_ALLOC_CHECK(s->theta);
    s->gradients = qn__alloc(s->samples * s->symbols, sizeof *s->gradients);
    QN_ALLOC_CHECK(s->gradients);
    s->values = qn__alloc(s->samples, sizeof *s->values);
    QN_ALLOC_CHECK(s->values);
    return QN_OK;
}

static void close_size(sampling *s)
{
    qn_program_free(s->program);
    qn__plateau_twin_close(s->twin);
    qn_circuit_free(s->circuit);
    qn_pauli_sum_free(s->observable);
    qn__free(s->theta);
    qn__free(s->gradients);
    qn__free(s->values);
}

static qn_status sample_size(sampling *s, qn__plateau_samples *samples, qn_plateau_row *row, char *law)
{
    const double began = qn__clock();
    QN_TRY(open_size(s));
    samples->count = s->samples;
    samples->deviation = qn__calloc(QN_PLATEAU_PART_COUNT_ * s->samples, sizeof *samples->deviation);
    QN_ALLOC_CHECK(samples->deviation);
    QN_TRY(draw_gradients(s));
    row->qubits = s->qubits;
    row->layers = qn_plateau_layers(s->options, s->qubits);
    row->parameters = s->symbols;
    summarise(s, samples, row);
    QN_TRY(qn_plateau_law(s->context, s->options, s->qubits, row->law, law));
    row->seconds = qn__clock() - began;
    return QN_OK;
}

static qn_status sample_all(qn_context *context, const qn_plateau_options *options, const uint32_t *qubits,
                            size_t count, qn__plateau_samples *samples, qn_plateau_result *result)
{
    qn_engine *engine = NULL;
    double last = 0.0;
    const double began = qn__clock();
    qn_status status = QN_OK;
    QN_TRY(qn_engine_open(context, "statevector", &engine));
    for (size_t i = 0; i < count && status == QN_OK; i++) {
        sampling s = {.options = options,
                      .context = context,
                      .engine = engine,
                      .qubits = qubits[i],
                      .samples = (size_t)options->samples,
                      .done = i * options->samples,
                      .total = count * options->samples,
                      .began = began,
                      .last = &last};
        char law[sizeof result->law];
        status = sample_size(&s, &samples[i], &result->rows[i], law);
        close_size(&s);
        if (status == QN_OK) {
            if (i == 0 || isfinite(result->rows[i].law[QN_PLATEAU_LOSS])) { /* of a size that has one, where one has */
                memcpy(result->law, law, sizeof law);
            }
            result->count++;
            result->gradients += options->samples;
        } else if (status == QN_ERR_INTERRUPTED && i > 0) {
            result->interrupted = true;
            status = QN_OK;
            break;
        }
    }
    qn_engine_close(engine);
    result->seconds = qn__clock() - began;
    return status;
}

qn_status qn_plateau_run(qn_context *context, const qn_plateau_options *options, const uint32_t *qubits, size_t count,
                         qn_plateau_result **out)
{
    QN_CHECK(count > 0, ERR_ARGUMENT, "no number of qubits");
    for (size_t i = 0; i < count; i++) {
        QN_TRY(qn__plateau_check(options, qubits[i]));
        QN_CHECK(i == 0 || qubits[i] > qubits[i - 1], ERR_ARGUMENT, "numbers of qubits must rise");
    }
    QN_CHECK(options->samples >= LEAST_SAMPLES && options->samples < UINT32_MAX, ERR_RANGE,
             "%llu samples: at least %d are needed for a variance", (unsigned long long)options->samples,
             LEAST_SAMPLES);
    qn_status status = QN_OK;
    qn__plateau_samples *samples = NULL;
    qn_plateau_result *result = qn__calloc(1, sizeof *result);
    QN_ALLOC_CHECK(result);
    status = QN_ERR_MEMORY;
    result->rows = qn__calloc(count, sizeof *result->rows);
    samples = result->rows != NULL ? qn__calloc(count, sizeof *samples) : NULL;
    if (samples == NULL) {
        goto cleanup;
    }
    QN_TRY_CLEANUP(sample_all(context, options, qubits, count, samples, result));
    QN_TRY_CLEANUP(qn__plateau_fit(options, samples, result->rows, result->count, result->decay));
    *out = result;
    result = NULL;
cleanup:
    for (size_t i = 0; samples != NULL && i < count; i++) {
        qn__free(samples[i].deviation);
    }
    qn__free(samples);
    qn_plateau_result_free(result);
    return status;
}

void qn_plateau_result_free(qn_plateau_result *result)
{
    if (result != NULL) {
        qn__free(result->rows);
        qn__free(result);
    }
}
