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
#include "engine/operation.h"
#include "engine/reference/program.h"

typedef qn__reference_engine reference;
typedef qn__reference_program program;

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
        const char *reason = qn__operation_refusal(&operation);
        if (reason != NULL) {
            (void)snprintf(why, capacity, "operation %zu %s", i, reason);
            return false;
        }
        if (operation.kind != QN_OP_GATE) {
            continue;
        }
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
    qn__reference_state_release(&p->state);
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
    return qn__reference_state_create(qn_circuit_qubits(circuit), &p->state);
}

static qn_status reference_compile(void *self, const qn_circuit *circuit, const qn_pauli_sum *const *observables,
                                   size_t nobservables, void **out)
{
    program *p = qn__calloc(1, sizeof *p);
    QN_ALLOC_CHECK(p);
    p->context = ((const reference *)self)->context;
    p->symbols = qn_circuit_symbols(circuit);
    p->nobservables = nobservables;
    const qn_status status = fill_program(p, circuit, observables);
    if (status != QN_OK) {
        reference_release(p);
        return status;
    }
    *out = p;
    return QN_OK;
}

/* The state at these parameters. */
static qn_status run(program *p, const double *theta)
{
    qn__reference_reset(&p->state);
    return qn__reference_run(p, theta, &p->state);
}

static qn_status reference_sample(void *opaque, const double *theta, size_t rows, uint64_t shots, uint64_t seed,
                                  uint64_t stream, qn_counts *const *out)
{
    program *p = opaque;
    for (size_t r = 0; r < rows; r++) {
        QN_TRY(run(p, theta + r * p->symbols));
        QN_TRY(qn__reference_sample(&p->state, shots, seed, stream + r, out[r]));
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
    .compile_live = qn__reference_compile_live,
    .live_create = qn__reference_live_create,
    .live_free = qn__reference_live_free,
    .live_start = qn__reference_live_start,
    .live_copy = qn__reference_live_copy,
    .live_advance = qn__reference_live_advance,
    .live_probability = qn__reference_live_probability,
    .live_collapse = qn__reference_live_collapse,
    .live_sample = qn__reference_live_sample,
    .live_amplitudes = qn__reference_live_amplitudes,
};

const qn_engine_desc qn__reference_desc = {
    .abi = QN_ENGINE_ABI,
    .name = "reference",
    .summary = "serial float64 state, matrices by definition; slow, for checking others",
    .exact = true,
    .ops = &ops,
};
