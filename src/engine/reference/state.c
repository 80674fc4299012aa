/* state.c: gates as matrices on the whole state, one output amplitude at a time, straight from the definitions. */
#include "engine/reference/state.h"

#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "engine/sampling.h"

qn_status qn__reference_state_create(uint32_t nqubits, qn__reference_state *out)
{
    QN_CHECK(nqubits < 58, ERR_TOO_LARGE, "a full state of %u qubits is more than any machine holds", nqubits);
    qn__reference_state s = {.nqubits = nqubits, .size = UINT64_C(1) << nqubits};
    s.psi = qn__alloc(s.size, sizeof *s.psi);
    s.work = qn__alloc(s.size, sizeof *s.work);
    s.spare = qn__alloc(s.size, sizeof *s.spare);
    s.cumulative = qn__alloc(s.size, sizeof *s.cumulative);
    s.hits = qn__alloc(s.size, sizeof *s.hits);
    if (s.psi == NULL || s.work == NULL || s.spare == NULL || s.cumulative == NULL || s.hits == NULL) {
        qn__reference_state_release(&s);
        return QN_ERR_MEMORY;
    }
    *out = s;
    return QN_OK;
}

void qn__reference_state_release(qn__reference_state *state)
{
    qn__free(state->psi);
    qn__free(state->work);
    qn__free(state->spare);
    qn__free(state->cumulative);
    qn__free(state->hits);
}

/* a + b c */
static qn_complex add_product(qn_complex a, qn_complex b, qn_complex c)
{
    return (qn_complex){a.re + b.re * c.re - b.im * c.im, a.im + b.re * c.im + b.im * c.re};
}

/* Whether every control fires on basis state `index`. */
static bool controls_fire(const qn_operation *operation, uint64_t index)
{
    for (uint32_t k = 0; k < operation->ncontrols; k++) {
        if ((index >> operation->controls[k] & 1) != (operation->control_state >> k & 1)) {
            return false;
        }
    }
    return true;
}

/* out = (M on the targets, where the controls fire; identity elsewhere) in. */
static void apply_matrix(uint64_t size, const qn_operation *operation, const qn_complex *matrix, const qn_complex *in,
                         qn_complex *out)
{
    const uint64_t dimension = UINT64_C(1) << operation->ntargets;
    for (uint64_t i = 0; i < size; i++) {
        if (!controls_fire(operation, i)) {
            out[i] = in[i];
            continue;
        }
        uint64_t row = 0; /* of the matrix: the target bits of i */
        for (uint32_t t = 0; t < operation->ntargets; t++) {
            row |= (i >> operation->targets[t] & 1) << t;
        }
        qn_complex sum = {0.0, 0.0};
        for (uint64_t column = 0; column < dimension; column++) {
            uint64_t j = i; /* the basis state whose target bits are `column` */
            for (uint32_t t = 0; t < operation->ntargets; t++) {
                const uint64_t bit = UINT64_C(1) << operation->targets[t];
                j = (column >> t & 1) != 0 ? j | bit : j & ~bit;
            }
            sum = add_product(sum, matrix[row * dimension + column], in[j]);
        }
        out[i] = sum;
    }
}

/* work = (one Pauli letter on `qubit`) work. */
static void apply_letter(qn__reference_state *state, char letter, uint32_t qubit)
{
    static const qn_complex x[4] = {{0, 0}, {1, 0}, {1, 0}, {0, 0}};
    static const qn_complex y[4] = {{0, 0}, {0, -1}, {0, 1}, {0, 0}};
    static const qn_complex z[4] = {{1, 0}, {0, 0}, {0, 0}, {-1, 0}};
    const qn_operation one = {.ntargets = 1, .targets = &qubit};
    apply_matrix(state->size, &one, letter == 'X' ? x : letter == 'Y' ? y : z, state->work, state->spare);
    qn_complex *kept = state->work;
    state->work = state->spare;
    state->spare = kept;
}

/* psi = exp(-i angle/2 P) psi = cos(angle/2) psi - i sin(angle/2) P psi, where the controls fire. */
static void apply_rotation(qn__reference_state *state, const qn_operation *operation, double angle)
{
    memcpy(state->work, state->psi, state->size * sizeof *state->psi);
    for (uint32_t t = 0; t < operation->ntargets; t++) {
        apply_letter(state, operation->pauli[t], operation->targets[t]);
    }
    const qn_complex cosine = {cos(angle / 2), 0.0}, sine = {0.0, -sin(angle / 2)};
    for (uint64_t i = 0; i < state->size; i++) {
        if (controls_fire(operation, i)) {
            const qn_complex first = add_product((qn_complex){0.0, 0.0}, cosine, state->psi[i]);
            state->psi[i] = add_product(first, sine, state->work[i]);
        }
    }
}

void qn__reference_reset(qn__reference_state *state)
{
    memset(state->psi, 0, state->size * sizeof *state->psi);
    state->psi[0].re = 1.0;
}

qn_status qn__reference_apply(qn__reference_state *state, const qn_operation *operation, const double *theta)
{
    double values[8] = {0};
    QN_CHECK(operation->nparams <= sizeof values / sizeof values[0], ERR_INTERNAL, "gate %s has %u parameters",
             qn_gate_describe(operation->gate)->name, operation->nparams);
    for (uint32_t p = 0; p < operation->nparams; p++) {
        values[p] = qn_param_value(&operation->params[p], theta);
    }
    if (operation->pauli != NULL) {
        apply_rotation(state, operation, values[0]);
        return QN_OK;
    }
    qn_complex table[1 << (2 * QN__REFERENCE_TARGETS)];
    const qn_complex *matrix = operation->matrix;
    if (matrix == NULL) {
        QN_CHECK(operation->ntargets <= QN__REFERENCE_TARGETS, ERR_INTERNAL, "gate %s has %u targets",
                 qn_gate_describe(operation->gate)->name, operation->ntargets);
        QN_TRY(qn_gate_matrix(operation->gate, values, table));
        matrix = table;
    }
    apply_matrix(state->size, operation, matrix, state->psi, state->work);
    qn_complex *kept = state->psi;
    state->psi = state->work;
    state->work = kept;
    return QN_OK;
}

double qn__reference_pauli(qn__reference_state *state, const uint64_t *x, const uint64_t *z)
{
    memcpy(state->work, state->psi, state->size * sizeof *state->psi);
    for (uint32_t q = 0; q < state->nqubits; q++) {
        const bool has_x = qn__bit(x, q), has_z = qn__bit(z, q);
        if (has_x || has_z) {
            apply_letter(state, has_x ? (has_z ? 'Y' : 'X') : 'Z', q);
        }
    }
    double sum = 0.0;
    for (uint64_t i = 0; i < state->size; i++) {
        sum += state->psi[i].re * state->work[i].re + state->psi[i].im * state->work[i].im;
    }
    return sum;
}

qn_status qn__reference_sample(qn__reference_state *state, uint64_t shots, uint64_t seed, uint64_t stream,
                               qn_counts *out)
{
    double sum = 0.0;
    for (uint64_t i = 0; i < state->size; i++) {
        sum += state->psi[i].re * state->psi[i].re + state->psi[i].im * state->psi[i].im;
        state->cumulative[i] = sum;
    }
    memset(state->hits, 0, state->size * sizeof *state->hits);
    for (uint64_t shot = 0; shot < shots; shot++) {
        state->hits[qn__sample_shot(state->cumulative, state->size, seed, stream, shot)]++;
    }
    for (uint64_t i = 0; i < state->size; i++) {
        if (state->hits[i] > 0) {
            QN_TRY(qn_counts_add(out, &i, state->hits[i]));
        }
    }
    return QN_OK;
}
