/* prepare.c: from numbers to a circuit and its bill. */
#include "load/prepare.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/context.h"
#include "base/rng.h"
#include "base/suggest.h"
#include "load/alias.h"
#include "load/cost.h"
#include "load/merge.h"
#include "load/synthesis.h"
#include "load/train.h"

static const char *const names[QN_LOAD_METHODS_] = {
    [QN_LOAD_MOTTONEN] = "mottonen",
    [QN_LOAD_ISOMETRY] = "isometry",
    [QN_LOAD_SPARSE] = "sparse",
    [QN_LOAD_MPS] = "mps",
    [QN_LOAD_FUNCTION] = "function",
    [QN_LOAD_QROM] = "qrom",
    [QN_LOAD_SELECT_SWAP] = "select-swap",
    [QN_LOAD_BUCKET_BRIGADE] = "bucket-brigade",
    [QN_LOAD_FANOUT] = "fanout",
    [QN_LOAD_PHASE_LOOKUP] = "phase-lookup",
    [QN_LOAD_ALIAS] = "alias",
};

const char *qn_load_method_name(qn_load_method method)
{
    return (unsigned)method < QN_LOAD_METHODS_ ? names[method] : "unknown";
}

static const char *name_at(const void *user, size_t index)
{
    (void)user;
    return names[index];
}

qn_status qn_load_method_from_name(const char *name, qn_load_method *out)
{
    QN_CHECK(name != NULL && out != NULL, ERR_ARGUMENT, "a name and a place are needed");
    for (int i = 0; i < QN_LOAD_METHODS_; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (qn_load_method)i;
            return QN_OK;
        }
    }
    const char *near = qn__suggest(name, QN_LOAD_METHODS_, name_at, NULL);
    return QN_FAIL(ERR_NAME, "no loading method '%s'%s%s%s", name, near != NULL ? "; did you mean '" : "",
                   near != NULL ? near : "", near != NULL ? "'?" : "");
}

enum { MOST_QUBITS = 26, MOST_SHANNON = 16, SAMPLES = 4096 };

static qn_status check_options(const qn_load_options *options)
{
    QN_CHECK(options->fidelity >= 0 && options->fidelity <= 1, ERR_RANGE, "fidelity %g outside 0..1",
             options->fidelity);
    QN_CHECK(options->synthesis_error >= 0 && options->synthesis_error < 1, ERR_RANGE,
             "synthesis error %g outside 0..1", options->synthesis_error);
    return QN_OK;
}

static qn__train_cut cut_of(const qn_load_options *options)
{
    const double target = options->fidelity > 0 ? options->fidelity : options->bond > 0 ? 1.0 : 1 - 1e-9;
    return (qn__train_cut){1 - target, options->bond};
}

static qn_status isometry(qn_circuit *circuit, uint32_t n, const qn_complex *amplitudes)
{
    QN_CHECK(n <= MOST_SHANNON, ERR_TOO_LARGE, "isometry: %u qubits; the decomposition is made up to %d", n,
             (int)MOST_SHANNON);
    uint32_t qubits[MOST_SHANNON];
    for (uint32_t q = 0; q < n; q++) {
        qubits[q] = q;
    }
    qn_complex *work = qn__alloc((size_t)1 << n, sizeof *work);
    QN_ALLOC_CHECK(work);
    for (size_t i = 0; i < (size_t)1 << n; i++) {
        work[i] = amplitudes[i];
    }
    const qn_status status = qn__synthesise_state(circuit, qubits, n, work);
    qn__free(work);
    return status;
}

static qn_status matrix_product(const qn_context *context, qn_circuit *circuit, uint32_t n,
                                const qn_complex *amplitudes, const qn_load_options *options, qn_load_cost *cost)
{
    const qn__train_cut cut = cut_of(options);
    qn__train train;
    QN_TRY(qn__train_of_vector(context, n, amplitudes, &cut, &train));
    cost->fidelity = train.fidelity;
    cost->bond = qn__train_largest_bond(&train);
    const qn_status status = qn__train_append(circuit, &train);
    qn__train_free(&train);
    return status;
}

static qn_status by_method(const qn_context *context, qn_circuit *circuit, uint32_t n, const qn_complex *amplitudes,
                           const qn_load_options *options, qn_load_cost *cost)
{
    switch (options->method) {
    case QN_LOAD_MOTTONEN:
        return qn__prepare_mottonen(circuit, n, amplitudes);
    case QN_LOAD_ISOMETRY:
        return isometry(circuit, n, amplitudes);
    case QN_LOAD_SPARSE:
        return qn__prepare_sparse(circuit, n, amplitudes);
    case QN_LOAD_MPS:
        return matrix_product(context, circuit, n, amplitudes, options, cost);
    default:
        return QN_FAIL(ERR_ARGUMENT, "method %s does not prepare a list of amplitudes",
                       qn_load_method_name(options->method));
    }
}

/* Scaled by the largest entry first, so that squares neither overflow nor vanish. */
static qn_status normalised(const qn_complex *amplitudes, uint64_t count, uint32_t n, qn_complex **out)
{
    double largest = 0, sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        QN_CHECK(isfinite(amplitudes[i].re) && isfinite(amplitudes[i].im), ERR_NAN, "amplitude %llu is not finite",
                 (unsigned long long)i);
        largest = fmax(largest, fmax(fabs(amplitudes[i].re), fabs(amplitudes[i].im)));
    }
    QN_CHECK(largest > 0, ERR_ARGUMENT, "all amplitudes are 0: there is no such state");
    qn_complex *scaled = qn__calloc((size_t)1 << n, sizeof *scaled);
    QN_ALLOC_CHECK(scaled);
    for (uint64_t i = 0; i < count; i++) {
        scaled[i] = (qn_complex){amplitudes[i].re / largest, amplitudes[i].im / largest};
        sum += scaled[i].re * scaled[i].re + scaled[i].im * scaled[i].im;
    }
    for (uint64_t i = 0; i < count; i++) {
        scaled[i].re /= sqrt(sum);
        scaled[i].im /= sqrt(sum);
    }
    *out = scaled;
    return QN_OK;
}

/* Circuits out of matrices come with many one-qubit gates in a row. */
static qn_status merge(qn_circuit **circuit)
{
    qn_circuit *merged = NULL;
    QN_TRY(qn__merge_rotations(*circuit, &merged));
    qn_circuit_free(*circuit);
    *circuit = merged;
    return QN_OK;
}

qn_status qn_load_prepare(const qn_context *context, const qn_complex *amplitudes, uint64_t count,
                          const qn_load_options *options, qn_circuit **out, qn_load_cost *cost)
{
    QN_CHECK(context != NULL && amplitudes != NULL && options != NULL && out != NULL && count > 0, ERR_ARGUMENT,
             "a context, amplitudes, options and a place for the circuit are needed");
    QN_TRY(check_options(options));
    const uint32_t bits = qn_load_address_bits(count), n = bits > 0 ? bits : 1;
    QN_CHECK(n <= MOST_QUBITS, ERR_TOO_LARGE, "%llu amplitudes; circuits are made for up to 2^%d",
             (unsigned long long)count, (int)MOST_QUBITS);
    QN_TRY(qn__context_check_bytes(context, (UINT64_C(1) << n) * 512, "the circuit that loads this array",
                                   "load a part of it"));
    qn_load_cost bill = {.method = options->method, .fidelity = 1, .fidelity_source = QN_SOURCE_EXACT};
    qn_complex *scaled = NULL;
    qn_circuit *circuit = NULL;
    qn_status status = QN_OK;
    if (options->method == QN_LOAD_ALIAS) {
        status = qn__prepare_alias(context, amplitudes, count, options, &circuit, &bill);
    } else {
        status = normalised(amplitudes, count, n, &scaled);
        status = status == QN_OK ? qn_circuit_create(n, &circuit) : status;
        status = status == QN_OK ? by_method(context, circuit, n, scaled, options, &bill) : status;
    }
    if (status == QN_OK && (options->method == QN_LOAD_ISOMETRY || options->method == QN_LOAD_MPS)) {
        status = merge(&circuit);
    }
    status = status == QN_OK ? qn__load_count(circuit, n, options->synthesis_error, &bill) : status;
    qn__free(scaled);
    if (status != QN_OK) {
        qn_circuit_free(circuit);
        return status;
    }
    *out = circuit;
    if (cost != NULL) {
        *cost = bill;
    }
    return QN_OK;
}

/* |<f|train>|^2 / (<f|f> <train|train>), summed over the grid, or over a sample of it. */
static qn_status overlap(const qn__train *train, const qn_load_function *f, double *fidelity, qn_source *source)
{
    const bool all = train->n <= 12;
    const uint64_t count = all ? UINT64_C(1) << train->n : SAMPLES;
    const double step = ldexp(1.0, -(int)train->n);
    double cross = 0, own = 0, made = 0;
    for (uint64_t i = 0; i < count; i++) {
        /* A sample: one random point in each of as many equal intervals. */
        const double place = ((double)i + qn__random_uniform(1, 0, i)) / (double)count;
        const uint64_t index = all ? i : (uint64_t)ldexp(place, (int)train->n);
        qn_complex a;
        QN_TRY(qn__train_amplitude(train, index, &a));
        const double value = f->evaluate(f, (double)index * step);
        cross += a.re * value;
        own += value * value;
        made += a.re * a.re + a.im * a.im;
    }
    *fidelity = own > 0 && made > 0 ? cross * cross / (own * made) : 0;
    *source = all ? QN_SOURCE_EXACT : QN_SOURCE_SAMPLED;
    return QN_OK;
}

/* As many nodes as let the polynomials meet the function; then the cut. */
static qn_status fit(const qn_context *context, uint32_t n, const qn_load_function *f, const qn_load_options *options,
                     qn__train *out, qn_load_cost *cost)
{
    const qn__train_cut cut = cut_of(options);
    size_t nodes = 8;
    double error = 0;
    QN_TRY(qn__train_function_error(f, nodes, SAMPLES, &error));
    while (!(error <= fmax(1e-13, 0.001 * cut.loss)) && isfinite(error)) {
        nodes *= 2;
        QN_CHECK(nodes <= 256, ERR_NUMERIC,
                 "the function is not smooth enough: polynomials on 256 points do not meet it");
        QN_TRY(qn__train_function_error(f, nodes, SAMPLES, &error));
    }
    qn__train train;
    QN_TRY(qn__train_of_function(context, n, f, nodes, &cut, &train));
    qn_status status = overlap(&train, f, &cost->fidelity, &cost->fidelity_source);
    if (status == QN_OK && train.scale.re == 0 && train.scale.im == 0) {
        status = QN_FAIL(ERR_ARGUMENT, "the function is 0 on the whole grid: there is no such state");
    }
    if (status == QN_OK && cost->fidelity < 1 - fmax(1e-9, 1.01 * cut.loss) && options->bond == 0) {
        status = QN_FAIL(ERR_NUMERIC, "the function is not smooth enough: the fidelity is %.9g", cost->fidelity);
    }
    if (status != QN_OK) {
        qn__train_free(&train);
        return status;
    }
    *out = train;
    return QN_OK;
}

qn_status qn_load_smooth(const qn_context *context, const qn_load_function *f, uint32_t n,
                         const qn_load_options *options, qn_circuit **out, qn_load_cost *cost)
{
    QN_CHECK(context != NULL && f != NULL && options != NULL && out != NULL, ERR_ARGUMENT,
             "a context, a function, options and a place for the circuit are needed");
    QN_CHECK(n >= 2 && n <= 62, ERR_RANGE, "%u qubits; expected 2..62", n);
    QN_TRY(check_options(options));
    qn_load_cost bill = {.method = QN_LOAD_FUNCTION, .fidelity = 1, .fidelity_source = QN_SOURCE_EXACT};
    qn__train train;
    QN_TRY(fit(context, n, f, options, &train, &bill));
    bill.bond = qn__train_largest_bond(&train);
    qn_circuit *circuit = NULL;
    qn_status status = qn_circuit_create(n, &circuit);
    status = status == QN_OK ? qn__train_append(circuit, &train) : status;
    status = status == QN_OK ? merge(&circuit) : status;
    status = status == QN_OK ? qn__load_count(circuit, n, options->synthesis_error, &bill) : status;
    qn__train_free(&train);
    if (status != QN_OK) {
        qn_circuit_free(circuit);
        return status;
    }
    *out = circuit;
    if (cost != NULL) {
        *cost = bill;
    }
    return QN_OK;
}
