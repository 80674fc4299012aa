/* live.c: live states of the reference engine: measurement straight from the projection postulate. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "engine/reference/program.h"

qn_status qn__reference_run(const qn__reference_program *program, const double *theta, qn__reference_state *state)
{
    const size_t count = qn_circuit_operations(program->circuit);
    for (size_t i = 0; i < count; i++) {
        QN_CHECK(!qn_context_interrupted(program->context), ERR_INTERRUPTED, "interrupted at operation %zu of %zu", i,
                 count);
        qn_operation operation;
        qn_circuit_operation(program->circuit, i, &operation);
        if (operation.kind == QN_OP_GATE) {
            QN_TRY(qn__reference_apply(state, &operation, theta));
        }
    }
    return QN_OK;
}

qn_status qn__reference_compile_live(void *self, const qn_circuit *circuit, void **program)
{
    qn__reference_program *p = qn__calloc(1, sizeof *p);
    QN_ALLOC_CHECK(p);
    p->context = ((const qn__reference_engine *)self)->context;
    p->symbols = qn_circuit_symbols(circuit);
    const qn_status status = qn_circuit_clone(circuit, &p->circuit);
    if (status != QN_OK) {
        qn__free(p);
        return status;
    }
    *program = p;
    return QN_OK;
}

qn_status qn__reference_live_create(void *self, uint32_t nqubits, void **live)
{
    (void)self;
    qn__reference_state *state = qn__alloc(1, sizeof *state);
    QN_ALLOC_CHECK(state);
    const qn_status status = qn__reference_state_create(nqubits, state);
    if (status != QN_OK) {
        qn__free(state);
        return status;
    }
    qn__reference_reset(state);
    *live = state;
    return QN_OK;
}

void qn__reference_live_free(void *live)
{
    if (live != NULL) {
        qn__reference_state_release(live);
        qn__free(live);
    }
}

void qn__reference_live_start(void *live)
{
    qn__reference_reset(live);
}

void qn__reference_live_copy(void *to, const void *from)
{
    qn__reference_state *target = to;
    const qn__reference_state *source = from;
    memcpy(target->psi, source->psi, source->size * sizeof *source->psi);
}

qn_status qn__reference_live_advance(void *program, const double *theta, void *live)
{
    return qn__reference_run(program, theta, live);
}

double qn__reference_live_probability(void *live, uint32_t qubit)
{
    const qn__reference_state *state = live;
    double sum = 0.0;
    for (uint64_t i = 0; i < state->size; i++) {
        if ((i >> qubit & 1) != 0) {
            sum += state->psi[i].re * state->psi[i].re + state->psi[i].im * state->psi[i].im;
        }
    }
    return sum;
}

void qn__reference_live_collapse(void *live, uint32_t qubit, bool outcome, double probability, bool flip)
{
    qn__reference_state *state = live;
    const double scale = 1 / sqrt(probability);
    const uint64_t bit = UINT64_C(1) << qubit;
    for (uint64_t i = 0; i < state->size; i++) {
        const qn_complex z = state->psi[i];
        state->work[i] = (qn_complex){0.0, 0.0};
        if (((i & bit) != 0) == outcome) {
            state->work[i] = (qn_complex){z.re * scale, z.im * scale};
        }
    }
    for (uint64_t i = 0; i < state->size; i++) {
        state->psi[i] = state->work[flip ? i ^ bit : i];
    }
}

qn_status qn__reference_live_sample(void *live, uint64_t shots, uint64_t seed, uint64_t stream, qn_counts *out)
{
    return qn__reference_sample(live, shots, seed, stream, out);
}

qn_status qn__reference_live_amplitudes(void *live, uint64_t first, size_t count, qn_complex *out)
{
    const qn__reference_state *state = live;
    memcpy(out, state->psi + first, count * sizeof *out);
    return QN_OK;
}
