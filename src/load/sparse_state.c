/* sparse_state.c: a state of few basis states, O(|S| n) gates (Gleinig, Hoefler, DAC 2021). Taken apart: two of the
 * basis states are made to differ in one qubit, and a rotation under controls that tell them from all others makes one
 * of the two; |S| - 1 times, then X gates. The circuit is this backwards. */
#include <math.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "load/lookup.h"
#include "load/prepare.h"

typedef struct support {
    qn_circuit *circuit; /* of the inverse */
    uint32_t n;
    uint64_t *index;
    qn_complex *amplitude;
    size_t count;
} support;

/* Keeps those of the first *count entries of `list` whose bit is `one`. */
static void keep(const support *s, size_t *list, size_t *count, uint32_t bit, bool one)
{
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        if ((s->index[list[i]] >> bit & 1) == one) {
            list[kept++] = list[i];
        }
    }
    *count = kept;
}

/* The bit that splits the list most unevenly, with both parts there. */
static uint32_t best_split(const support *s, const size_t *list, size_t count, bool *rarer)
{
    uint32_t best = 0;
    size_t least = SIZE_MAX;
    for (uint32_t bit = 0; bit < s->n; bit++) {
        size_t ones = 0;
        for (size_t i = 0; i < count; i++) {
            ones += s->index[list[i]] >> bit & 1;
        }
        const size_t fewer = ones < count - ones ? ones : count - ones;
        if (fewer > 0 && fewer < least) {
            least = fewer;
            best = bit;
            *rarer = ones <= count - ones;
        }
    }
    return best;
}

typedef struct choice {
    size_t first, second; /* places in the support */
    uint32_t bit;         /* in which they are to differ */
    uint64_t controls;    /* qubits that, set to those of `first`, hold for these two alone */
} choice;

/* First by halving the support until one is left; second by halving those that agree with it in all bits but the last
 * one chosen. */
static void choose(const support *s, size_t *list, choice *out)
{
    size_t count = s->count;
    uint32_t bits[64], used = 0;
    bool values[64] = {false};
    for (size_t i = 0; i < count; i++) {
        list[i] = i;
    }
    while (count > 1) {
        bits[used] = best_split(s, list, count, &values[used]);
        keep(s, list, &count, bits[used], values[used]);
        used++;
    }
    out->first = list[0];
    out->bit = bits[--used];
    out->controls = 0;
    count = 0;
    for (size_t i = 0; i < s->count; i++) {
        bool agrees = i != out->first;
        for (uint32_t k = 0; k < used; k++) {
            agrees = agrees && (s->index[i] >> bits[k] & 1) == values[k];
        }
        if (agrees) {
            list[count++] = i;
        }
    }
    for (uint32_t k = 0; k < used; k++) {
        out->controls |= UINT64_C(1) << bits[k];
    }
    while (count > 1) {
        bool value = false;
        const uint32_t bit = best_split(s, list, count, &value);
        keep(s, list, &count, bit, value);
        out->controls |= UINT64_C(1) << bit;
    }
    out->second = list[0];
}

static qn_status apply_cx(support *s, uint32_t control, uint32_t target)
{
    QN_TRY(qn__append_cx(s->circuit, control, target));
    for (size_t i = 0; i < s->count; i++) {
        s->index[i] ^= (s->index[i] >> control & 1) << target;
    }
    return QN_OK;
}

/* Turns a |first> + b |second> into |bit = 0>, under the controls: u(t, p, 0) is the inverse, so its adjoint here. */
static qn_status rotate(support *s, const choice *c)
{
    uint32_t controls[64], count = 0;
    uint64_t state = 0;
    for (uint32_t bit = 0; bit < s->n; bit++) {
        if ((c->controls >> bit & 1) != 0) {
            state |= (s->index[c->first] >> bit & 1) << count;
            controls[count++] = bit;
        }
    }
    const bool first_is_one = (s->index[c->first] >> c->bit & 1) != 0;
    const qn_complex zero = s->amplitude[first_is_one ? c->second : c->first];
    const qn_complex one = s->amplitude[first_is_one ? c->first : c->second];
    const double size0 = hypot(zero.re, zero.im), size1 = hypot(one.re, one.im);
    double phase = atan2(one.im, one.re) - atan2(zero.im, zero.re), angle = 2 * atan2(size1, size0);
    const bool real = zero.im == 0 && one.im == 0;
    if (real && zero.re * one.re < 0) {
        angle = -angle;
    }
    if (!real) {
        const qn_param turn = QN_PARAM(-phase);
        QN_TRY(qn_circuit_append_controlled(s->circuit, QN_GATE_P, controls, count, state, &c->bit, 1, &turn, 1));
    }
    const qn_param turn = QN_PARAM(-angle);
    QN_TRY(qn_circuit_append_controlled(s->circuit, QN_GATE_RY, controls, count, state, &c->bit, 1, &turn, 1));
    const double size = hypot(size0, size1);
    s->amplitude[c->first] = (qn_complex){zero.re / size0 * size, zero.im / size0 * size};
    s->index[c->first] &= ~(UINT64_C(1) << c->bit);
    return QN_OK;
}

static qn_status merge_two(support *s, size_t *list)
{
    choice c;
    choose(s, list, &c);
    /* All bits in which the two differ, but the chosen one, become equal by CNOTs from it. */
    const uint64_t different = s->index[c.first] ^ s->index[c.second];
    for (uint32_t bit = 0; bit < s->n; bit++) {
        if (bit != c.bit && (different >> bit & 1) != 0) {
            QN_TRY(apply_cx(s, c.bit, bit));
        }
    }
    QN_TRY(rotate(s, &c));
    s->count--;
    s->index[c.second] = s->index[s->count];
    s->amplitude[c.second] = s->amplitude[s->count];
    return QN_OK;
}

static qn_status take_apart(support *s)
{
    size_t *list = qn__alloc(s->count, sizeof *list);
    QN_ALLOC_CHECK(list);
    qn_status status = QN_OK;
    while (status == QN_OK && s->count > 1) {
        status = merge_two(s, list);
    }
    qn__free(list);
    for (uint32_t bit = 0; status == QN_OK && bit < s->n; bit++) {
        if ((s->index[0] >> bit & 1) != 0) {
            status = qn__append_x(s->circuit, bit);
        }
    }
    if (status == QN_OK) {
        const qn_param phase = QN_PARAM(-atan2(s->amplitude[0].im, s->amplitude[0].re));
        status = qn_circuit_append(s->circuit, QN_GATE_GPHASE, NULL, 0, &phase, 1);
    }
    return status;
}

static size_t count_nonzero(uint64_t count, const qn_complex *amplitudes)
{
    size_t nonzero = 0;
    for (uint64_t i = 0; i < count; i++) {
        nonzero += amplitudes[i].re != 0 || amplitudes[i].im != 0;
    }
    return nonzero;
}

qn_status qn__prepare_sparse(qn_circuit *circuit, uint32_t n, const qn_complex *amplitudes)
{
    const uint64_t count = UINT64_C(1) << n;
    const size_t nonzero = count_nonzero(count, amplitudes);
    support s = {
        .n = n, .index = qn__alloc(nonzero, sizeof *s.index), .amplitude = qn__alloc(nonzero, sizeof *s.amplitude)};
    qn_circuit *forward = NULL;
    qn_status status = s.index != NULL && s.amplitude != NULL ? qn_circuit_create(n, &s.circuit) : QN_ERR_MEMORY;
    for (uint64_t i = 0; status == QN_OK && i < count; i++) {
        if (amplitudes[i].re != 0 || amplitudes[i].im != 0) {
            s.index[s.count] = i;
            s.amplitude[s.count++] = amplitudes[i];
        }
    }
    status = status == QN_OK ? take_apart(&s) : status;
    status = status == QN_OK ? qn_circuit_inverse(s.circuit, &forward) : status;
    status = status == QN_OK ? qn_circuit_append_circuit(circuit, forward) : status;
    qn_circuit_free(forward);
    qn_circuit_free(s.circuit);
    qn__free(s.index);
    qn__free(s.amplitude);
    return status;
}
