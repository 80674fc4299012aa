/* subspace.c: lists the feasible states, runs layers inside them. */
#include "algorithm/qaoa/subspace.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/context.h"
#include "base/status.h"

static qn_status list_groups(const qn_qubo *qubo, qn__subspace *s)
{
    const size_t hot = qn_qubo_one_hot_groups(qubo);
    uint32_t next = 0;
    uint8_t *taken = qn__calloc(s->variables, 1);
    QN_ALLOC_CHECK(taken);
    for (size_t g = 0; g < hot; g++) {
        const uint32_t *members = NULL;
        const size_t count = qn_qubo_one_hot(qubo, g, &members);
        s->first[s->groups] = next;
        s->radix[s->groups++] = (uint32_t)count;
        for (size_t k = 0; k < count; k++) {
            s->members[next++] = members[k];
            taken[members[k]] = 1;
        }
    }
    for (uint32_t v = 0; v < s->variables; v++) {
        if (taken[v] == 0) {
            s->first[s->groups] = next;
            s->is_free[s->groups] = true;
            s->radix[s->groups++] = 2;
            s->members[next++] = v;
        }
    }
    qn__free(taken);
    return QN_OK;
}

static void set_digit(const qn__subspace *s, uint32_t g, uint32_t digit, uint8_t *x)
{
    if (s->is_free[g]) {
        x[s->members[s->first[g]]] = (uint8_t)digit;
        return;
    }
    for (uint32_t k = 0; k < s->radix[g]; k++) {
        x[s->members[s->first[g] + k]] = k == digit;
    }
}

void qn__subspace_decode(const qn__subspace *s, uint64_t state, uint8_t *x)
{
    for (uint32_t g = 0; g < s->groups; g++, state /= s->radix[g - 1]) {
        set_digit(s, g, (uint32_t)(state % s->radix[g]), x);
    }
}

uint64_t qn__subspace_encode(const qn__subspace *s, const uint8_t *x)
{
    uint64_t state = 0;
    for (uint32_t g = s->groups; g-- > 0;) {
        uint32_t digit = 0;
        for (uint32_t k = 0; s->is_free[g] ? k < 1 : k < s->radix[g]; k++) {
            digit = x[s->members[s->first[g] + k]] != 0 ? (s->is_free[g] ? 1 : k) : digit;
        }
        state = state * s->radix[g] + digit;
    }
    return state;
}

static double flip(const qn_qubo *qubo, uint8_t *x, uint32_t v)
{
    const double change = qn_qubo_flip(qubo, x, v);
    x[v] ^= 1;
    return change;
}

/* Costs by an odometer: a step changes few bits. Recomputed where the first digits turn over, against drift. */
static qn_status fill_costs(const qn_qubo *qubo, qn__subspace *s)
{
    uint8_t *x = qn__calloc(s->variables, 1);
    QN_ALLOC_CHECK(x);
    qn__subspace_decode(s, 0, x);
    double cost = qn_qubo_value(qubo, x);
    for (uint64_t state = 0; state < s->size; state++) {
        s->cost[state] = cost;
        uint64_t rest = state;
        for (uint32_t g = 0; g < s->groups; g++) {
            const uint32_t digit = (uint32_t)(rest % s->radix[g]), next = digit + 1 < s->radix[g] ? digit + 1 : 0;
            if (s->is_free[g]) {
                cost += flip(qubo, x, s->members[s->first[g]]);
            } else if (next != digit) {
                cost += flip(qubo, x, s->members[s->first[g] + digit]);
                cost += flip(qubo, x, s->members[s->first[g] + next]);
            }
            if (next != 0) {
                break;
            }
            rest /= s->radix[g];
        }
        if ((state & 1023) == 1023) {
            cost = qn_qubo_value(qubo, x);
        }
    }
    qn__free(x);
    return QN_OK;
}

qn_status qn__subspace_create(qn_context *context, const qn_qubo *qubo, qn__subspace *out)
{
    const uint32_t n = qn_qubo_variables(qubo);
    qn__subspace s = {.variables = n, .size = 1};
    qn_status status = QN_OK;
    s.radix = qn__calloc(n, sizeof *s.radix);
    s.first = qn__calloc(n, sizeof *s.first);
    s.members = qn__calloc(n, sizeof *s.members);
    s.is_free = qn__calloc(n, sizeof *s.is_free);
    if (s.radix == NULL || s.first == NULL || s.members == NULL || s.is_free == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(list_groups(qubo, &s));
    double size = 1.0;
    for (uint32_t g = 0; g < s.groups; g++) {
        size *= s.radix[g];
        s.size = size < 1e15 ? s.size * s.radix[g] : s.size;
    }
    if (!(size < 1e15)) {
        status = QN_FAIL(ERR_TOO_LARGE, "%.3g feasible states; they are listed one by one", size);
        goto cleanup;
    }
    char what[64];
    (void)snprintf(what, sizeof what, "states of %llu feasible amplitudes", (unsigned long long)s.size);
    QN_TRY_CLEANUP(qn__context_check_bytes(context, s.size * 40, what, ""));
    s.cost = qn__alloc(s.size, sizeof *s.cost);
    if (s.cost == NULL) {
        status = QN_ERR_MEMORY;
        goto cleanup;
    }
    QN_TRY_CLEANUP(fill_costs(qubo, &s));
    *out = s;
    s = (qn__subspace){0};
cleanup:
    qn__subspace_release(&s);
    return status;
}

void qn__subspace_release(qn__subspace *s)
{
    qn__free(s->radix);
    qn__free(s->first);
    qn__free(s->members);
    qn__free(s->is_free);
    qn__free(s->cost);
    *s = (qn__subspace){0};
}

/* exp(-i beta X) between digits a and b of a group whose digit has this stride; with bra, both are turned, and
 * Im <bra|X_ab|ket> of before is returned. */
static double turn(const qn__subspace *s, uint64_t stride, uint32_t radix, uint32_t a, uint32_t b, double beta,
                   qn_complex *ket, qn_complex *bra)
{
    const double c = cos(beta), sn = sin(beta);
    double slope = 0.0;
    for (uint64_t base = 0; base < s->size; base += stride * radix) {
        for (uint64_t k = base; k < base + stride; k++) {
            qn_complex *p = ket + k + a * stride, *q = ket + k + b * stride;
            if (bra != NULL) {
                qn_complex *u = bra + k + a * stride, *v = bra + k + b * stride;
                slope += u->re * q->im - u->im * q->re + v->re * p->im - v->im * p->re;
                const qn_complex x = *u, y = *v;
                *u = (qn_complex){c * x.re + sn * y.im, c * x.im - sn * y.re};
                *v = (qn_complex){c * y.re + sn * x.im, c * y.im - sn * x.re};
            }
            const qn_complex x = *p, y = *q;
            *p = (qn_complex){c * x.re + sn * y.im, c * x.im - sn * y.re};
            *q = (qn_complex){c * y.re + sn * x.im, c * y.im - sn * x.re};
        }
    }
    return slope;
}

/* The turns of a ring in their order: even pairs, odd pairs, the closing one. */
static uint32_t ring_turns(uint32_t radix, bool is_free)
{
    return is_free || radix == 2 ? 1 : radix < 2 ? 0 : radix;
}

static void ring_pair(uint32_t radix, uint32_t turn_index, uint32_t *a, uint32_t *b)
{
    const uint32_t even = radix / 2;
    *a = turn_index < even ? 2 * turn_index : 2 * (turn_index - even) + 1;
    if (radix % 2 != 0 && turn_index + 1 == radix) { /* the closing one of an odd ring comes last */
        *a = radix - 1;
    }
    *b = (*a + 1) % radix;
}

static double ring(const qn__subspace *s, double beta, bool undo, qn_complex *ket, qn_complex *bra)
{
    double slope = 0.0;
    uint64_t stride = 1;
    for (uint32_t g = 0; g < s->groups; g++, stride *= s->radix[g - 1]) {
        const uint32_t turns = ring_turns(s->radix[g], s->is_free[g]);
        for (uint32_t k = 0; k < turns; k++) {
            uint32_t a = 0, b = 1;
            if (s->radix[g] > 2) {
                ring_pair(s->radix[g], undo ? turns - 1 - k : k, &a, &b);
            }
            slope += turn(s, stride, s->radix[g], a, b, undo ? -beta : beta, ket, bra);
        }
    }
    return slope;
}

static void phase(const qn__subspace *s, double gamma, qn_complex *a)
{
    for (uint64_t k = 0; k < s->size; k++) {
        const double re = cos(gamma * s->cost[k]), im = -sin(gamma * s->cost[k]);
        a[k] = (qn_complex){a[k].re * re - a[k].im * im, a[k].re * im + a[k].im * re};
    }
}

qn_status qn__subspace_run(const qn__subspace *s, uint32_t layers, const double *angles, qn_complex *ket,
                           qn_complex *bra, double *value, double *slopes)
{
    QN_CHECK(slopes == NULL || bra != NULL, ERR_ARGUMENT, "slopes need room for a second state");
    const double amplitude = 1.0 / sqrt((double)s->size);
    for (uint64_t k = 0; k < s->size; k++) {
        ket[k] = (qn_complex){amplitude, 0.0};
    }
    for (uint32_t l = 0; l < layers; l++) {
        phase(s, angles[l], ket);
        (void)ring(s, angles[layers + l], false, ket, NULL);
    }
    *value = 0.0;
    for (uint64_t k = 0; k < s->size; k++) {
        *value += s->cost[k] * (ket[k].re * ket[k].re + ket[k].im * ket[k].im);
        if (slopes != NULL) {
            bra[k] = (qn_complex){s->cost[k] * ket[k].re, s->cost[k] * ket[k].im};
        }
    }
    for (uint32_t l = layers; slopes != NULL && l-- > 0;) {
        slopes[layers + l] = 2.0 * ring(s, angles[layers + l], true, ket, bra);
        double sum = 0.0;
        for (uint64_t k = 0; k < s->size; k++) {
            sum += s->cost[k] * (bra[k].re * ket[k].im - bra[k].im * ket[k].re);
        }
        slopes[l] = 2.0 * sum;
        phase(s, -angles[l], ket);
        phase(s, -angles[l], bra);
    }
    return QN_OK;
}

/* W state of a group: the 1 moves on with the right amplitude (Cruz et al., arXiv:1807.05572). */
static qn_status append_start(const qn__subspace *s, uint32_t g, qn_circuit *circuit)
{
    const uint32_t *members = s->members + s->first[g];
    if (s->is_free[g]) {
        return qn_circuit_append(circuit, QN_GATE_H, members, 1, NULL, 0);
    }
    QN_TRY(qn_circuit_append(circuit, QN_GATE_X, members, 1, NULL, 0));
    for (uint32_t k = 0; k + 1 < s->radix[g]; k++) {
        const qn_param angle = QN_PARAM(2.0 * acos(sqrt(1.0 / (double)(s->radix[g] - k))));
        QN_TRY(qn_circuit_append_controlled(circuit, QN_GATE_RY, members + k, 1, UINT64_MAX, members + k + 1, 1, &angle,
                                            1));
        const uint32_t pair[2] = {members[k + 1], members[k]};
        QN_TRY(qn_circuit_append(circuit, QN_GATE_CX, pair, 2, NULL, 0));
    }
    return QN_OK;
}

static qn_status append_ring(const qn__subspace *s, uint32_t g, double beta, qn_circuit *circuit)
{
    const uint32_t *members = s->members + s->first[g];
    if (s->is_free[g]) {
        const qn_param angle = QN_PARAM(2.0 * beta);
        return qn_circuit_append(circuit, QN_GATE_RX, members, 1, &angle, 1);
    }
    for (uint32_t k = 0; k < ring_turns(s->radix[g], false); k++) {
        uint32_t a = 0, b = 1;
        if (s->radix[g] > 2) {
            ring_pair(s->radix[g], k, &a, &b);
        }
        const uint32_t pair[2] = {members[a], members[b]};
        QN_TRY(qn_circuit_append_pauli_rotation(circuit, "XX", pair, 2, QN_PARAM(beta)));
        QN_TRY(qn_circuit_append_pauli_rotation(circuit, "YY", pair, 2, QN_PARAM(beta)));
    }
    return QN_OK;
}

static qn_status append_phase(const qn_qubo *qubo, double gamma, qn_circuit *circuit)
{
    const uint32_t n = qn_qubo_variables(qubo);
    double *h = qn__alloc(n, sizeof *h);
    QN_ALLOC_CHECK(h);
    (void)qn_qubo_to_ising(qubo, h);
    qn_status status = QN_OK;
    for (uint32_t i = 0; i < n && status == QN_OK; i++) {
        if (h[i] != 0.0) {
            status = qn_circuit_append_pauli_rotation(circuit, "Z", &i, 1, QN_PARAM(2.0 * gamma * h[i]));
        }
        const uint32_t *neighbours = NULL;
        const double *weights = NULL;
        const size_t degree = qn_qubo_row(qubo, i, &neighbours, &weights);
        for (size_t k = 0; k < degree && status == QN_OK; k++) {
            if (neighbours[k] > i) {
                const uint32_t pair[2] = {i, neighbours[k]};
                status = qn_circuit_append_pauli_rotation(circuit, "ZZ", pair, 2, QN_PARAM(0.5 * gamma * weights[k]));
            }
        }
    }
    qn__free(h);
    return status;
}

qn_status qn__subspace_circuit(const qn__subspace *s, qn_cost cost, uint32_t layers, const double *angles,
                               qn_circuit **out)
{
    qn_circuit *circuit = NULL;
    QN_TRY(qn_circuit_create(s->variables, &circuit));
    qn_status status = QN_OK;
    for (uint32_t g = 0; g < s->groups; g++) {
        QN_TRY_CLEANUP(append_start(s, g, circuit));
    }
    for (uint32_t l = 0; l < layers; l++) {
        QN_TRY_CLEANUP(append_phase(cost.qubo, angles[l], circuit));
        for (uint32_t g = 0; g < s->groups; g++) {
            QN_TRY_CLEANUP(append_ring(s, g, angles[layers + l], circuit));
        }
    }
    *out = circuit;
    circuit = NULL;
cleanup:
    qn_circuit_free(circuit);
    return status;
}
