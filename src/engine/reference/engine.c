/* engine.c: the reference engine: serial, float64, never optimised; what the conformance suite holds other engines
 * against.
 *
 * It has no gradient of its own on purpose: gradients against it come from the parameter-shift rule, a second way. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "engine/engines.h"
#include "engine/reference/state.h"
#include "engine/sampling.h"

typedef struct reference {
    const qn_context *context;
} reference;

typedef struct program {
    const qn_context *context;
    qn_circuit *circuit;
    size_t symbols, nobservables;
    qn_pauli_sum **observables;
    qn__reference_state state;
    double *cumulative; /* of the probabilities, in rising index order */
    uint64_t *hits;     /* sightings of each basis state */
} program;

static qn_status reference_open(qn_context *context, const qn_engine_options *options, void **self)
{
    QN_CHECK(!options->single_precision, ERR_UNSUPPORTED, "the reference engine works in float64 only; leave out f32");
    reference *engine = qn__alloc(1, sizeof *engine);
    QN_ALLOC_CHECK(engine);
    engine->context = context;
    *self = engine;
    return QN_OK;
}

static void reference_close(void *self)
{
    qn__free(self);
}

static bool reference_supports(const void *self, const qn_circuit *circuit, char *why, size_t capacity)
{
    (void)self;
    const size_t count = qn_circuit_operations(circuit);
    for (size_t i = 0; i < count; i++) {
        qn_operation operation;
        qn_circuit_operation(circuit, i, &operation);
        const qn_gate_info *info = qn_gate_describe(operation.gate);
        if ((info->flags & QN_GATE_FLAG_UNITARY) == 0) {
            (void)snprintf(why, capacity, "operation %zu (%s) is not unitary", i, info->name);
            return false;
        }
        if (operation.pauli == NULL && operation.ntargets > QN__REFERENCE_TARGETS) {
            (void)snprintf(why, capacity, "operation %zu (%s) has %u targets, more than %d", i, info->name,
                           operation.ntargets, QN__REFERENCE_TARGETS);
            return false;
        }
    }
    return true;
}

/* Three states, the cumulative probabilities and the hits; what the copies of circuit and observables take is not
 * counted. */
static qn_status reference_bytes_needed(const void *self, const qn_circuit *circuit,
                                        const qn_pauli_sum *const *observables, size_t nobservables, uint64_t *bytes)
{
    (void)self;
    (void)observables;
    (void)nobservables;
    const uint32_t n = qn_circuit_qubits(circuit);
    const uint64_t each = 3 * sizeof(qn_complex) + sizeof(double) + sizeof(uint64_t);
    *bytes = n < 58 ? each << n : UINT64_MAX; /* 64 << 58 is the first that does not fit */
    return QN_OK;
}

static void reference_release(void *opaque)
{
    program *p = opaque;
    if (p == NULL) {
        return;
    }
    for (size_t o = 0; o < p->nobservables && p->observables != NULL; o++) {
        qn_pauli_sum_free(p->observables[o]);
    }
    qn__free(p->observables);
    qn_circuit_free(p->circuit);
    qn__free(p->state.psi);
    qn__free(p->state.work);
    qn__free(p->state.spare);
    qn__free(p->cumulative);
    qn__free(p->hits);
    qn__free(p);
}

static qn_status fill_program(program *p, const qn_circuit *circuit, const qn_pauli_sum *const *observables)
{
    QN_TRY(qn_circuit_clone(circuit, &p->circuit));
    p->observables = qn__calloc(p->nobservables, sizeof(qn_pauli_sum *));
    QN_ALLOC_CHECK(p->observables);
    for (size_t o = 0; o < p->nobservables; o++) {
        QN_TRY(qn_pauli_sum_clone(observables[o], &p->observables[o]));
    }
    p->state.psi = qn__alloc(p->state.size, sizeof(qn_complex));
    QN_ALLOC_CHECK(p->state.psi);
    p->state.work = qn__alloc(p->state.size, sizeof(qn_complex));
    QN_ALLOC_CHECK(p->state.work);
    p->state.spare = qn__alloc(p->state.size, sizeof(qn_complex));
    QN_ALLOC_CHECK(p->state.spare);
    p->cumulative = qn__alloc(p->state.size, sizeof(double));
    QN_ALLOC_CHECK(p->cumulative);
    p->hits = qn__alloc(p->state.size, sizeof(uint64_t));
    QN_ALLOC_CHECK(p->hits);
    return QN_OK;
}

static qn_status reference_compile(void *self, const qn_circuit *circuit, const qn_pauli_sum *const *observables,
                                   size_t nobservables, void **out)
{
    const uint32_t n = qn_circuit_qubits(circuit);
    QN_CHECK(n < 58, ERR_TOO_LARGE, "a full state of %u qubits is more than any machine holds", n);
    program *p = qn__calloc(1, sizeof *p);
    QN_ALLOC_CHECK(p);
    p->context = ((const reference *)self)->context;
    p->symbols = qn_circuit_symbols(circuit);
    p->nobservables = nobservables;
    p->state.nqubits = n;
    p->state.size = UINT64_C(1) << n;
    const qn_status status = fill_program(p, circuit, observables);
    if (status != QN_OK) {
        reference_release(p);
        return status;
    }
    *out = p;
    return QN_OK;
}

/* The state at these parameters, gate by gate. */
static qn_status run(program *p, const double *theta)
{
    qn__reference_reset(&p->state);
    const size_t count = qn_circuit_operations(p->circuit);
    for (size_t i = 0; i < count; i++) {
        QN_CHECK(!qn_context_interrupted(p->context), ERR_INTERRUPTED, "interrupted at operation %zu of %zu", i, count);
        qn_operation operation;
        qn_circuit_operation(p->circuit, i, &operation);
        QN_TRY(qn__reference_apply(&p->state, &operation, theta));
    }
    return QN_OK;
}

static qn_status reference_sample(void *opaque, const double *theta, size_t rows, uint64_t shots, uint64_t seed,
                                  uint64_t stream, qn_counts *const *out)
{
    program *p = opaque;
    for (size_t r = 0; r < rows; r++) {
        QN_TRY(run(p, theta + r * p->symbols));
        double sum = 0.0;
        for (uint64_t i = 0; i < p->state.size; i++) {
            sum += p->state.psi[i].re * p->state.psi[i].re + p->state.psi[i].im * p->state.psi[i].im;
            p->cumulative[i] = sum;
        }
        memset(p->hits, 0, p->state.size * sizeof *p->hits);
        for (uint64_t shot = 0; shot < shots; shot++) {
            p->hits[qn__sample_shot(p->cumulative, p->state.size, seed, stream + r, shot)]++;
        }
        for (uint64_t i = 0; i < p->state.size; i++) {
            if (p->hits[i] > 0) {
                QN_TRY(qn_counts_add(out[r], &i, p->hits[i]));
            }
        }
    }
    return QN_OK;
}

static qn_status reference_expect(void *opaque, const double *theta, size_t rows, double *values, double *variances)
{
    program *p = opaque;
    for (size_t r = 0; r < rows; r++) {
        QN_TRY(run(p, theta + r * p->symbols));
        for (size_t o = 0; o < p->nobservables; o++) {
            const qn_pauli_sum *sum = p->observables[o];
            double value = 0.0;
            for (size_t t = 0; t < qn_pauli_sum_terms(sum); t++) {
                value += qn_pauli_sum_coefficient(sum, t).re *
                         qn__reference_pauli(&p->state, qn_pauli_sum_x(sum, t), qn_pauli_sum_z(sum, t));
            }
            values[r * p->nobservables + o] = value;
            if (variances != NULL) {
                variances[r * p->nobservables + o] = 0.0;
            }
        }
    }
    return QN_OK;
}

static qn_status reference_amplitudes(void *opaque, const double *theta, uint64_t first, size_t count, qn_complex *out)
{
    program *p = opaque;
    QN_TRY(run(p, theta));
    memcpy(out, p->state.psi + first, count * sizeof *out);
    return QN_OK;
}

static const qn_engine_ops ops = {
    .open = reference_open,
    .close = reference_close,
    .supports = reference_supports,
    .bytes_needed = reference_bytes_needed,
    .compile = reference_compile,
    .release = reference_release,
    .sample = reference_sample,
    .expect = reference_expect,
    .gradient = NULL,
    .amplitudes = reference_amplitudes,
};

const qn_engine_desc qn__reference_desc = {
    .abi = QN_ENGINE_ABI,
    .name = "reference",
    .summary = "serial float64 state, matrices by definition; slow, for checking others",
    .exact = true,
    .ops = &ops,
};
