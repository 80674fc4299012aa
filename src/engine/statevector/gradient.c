/* gradient.c: the adjoint gradient (Jones and Gacon, arXiv:2009.02823). With |bra> = sum_o w_o H_o |psi>, the circuit
 * is undone gate by gate on both states; a factor exp(-i a G) then contributes 2 Im <bra|G|ket>. Two states, however
 * many parameters.
 *
 * All factors of a 2x2 operation share one pass: the four overlaps T_ab = sum over pairs of conj(bra_a) ket_b, taken
 * after the whole operation, are carried back through the factors as T' = U^T T conj(U). */
#include <string.h>

#include "base/alloc.h"
#include "base/context.h"
#include "base/status.h"
#include "engine/statevector/program.h"
#include "engine/statevector/run.h"

static void dagger(const qn__kernel_gate *gate, qn__kernel_gate *out)
{
    *out = *gate;
    out->m[1] = -gate->m[1];
    out->m[2] = gate->m[4];
    out->m[3] = -gate->m[5];
    out->m[4] = gate->m[2];
    out->m[5] = -gate->m[3];
    out->m[7] = -gate->m[7];
}

/* 2 Im sum_ab G_ab T_ab for the factor's generator G. */
static double slope(const qn__sv_factor *factor, const double *t)
{
    switch (factor->kind) {
    case QN__SV_RX:
        return t[3] + t[5];
    case QN__SV_RY:
        return t[4] - t[2];
    case QN__SV_RZ:
        return t[1] - t[7];
    case QN__SV_PHASE:
        return -2.0 * t[7];
    case QN__SV_FIXED:
        break;
    }
    return 0.0;
}

/* T <- U^T T conj(U) */
static void carry_back(const qn__sv_factor *factor, double *t)
{
    if (factor->kind == QN__SV_RZ || factor->kind == QN__SV_PHASE) {
        const bool half = factor->kind == QN__SV_RZ;
        const double c = half ? factor->c * factor->c - factor->s * factor->s : factor->c;
        const double s = half ? 2.0 * factor->c * factor->s : factor->s;
        const double r01 = t[2] * c + t[3] * s, r10 = t[4] * c - t[5] * s;
        t[3] = t[3] * c - t[2] * s;
        t[2] = r01;
        t[5] = t[5] * c + t[4] * s;
        t[4] = r10;
        return;
    }
    double u[8] = {1, 0, 0, 0, 0, 0, 1, 0}, half[8], out[8];
    qn__sv_factor_multiply(factor, u);
    for (int a = 0; a < 2; a++) {
        for (int b = 0; b < 2; b++) { /* half = U^T T */
            const double *u0 = u + 2 * a, *u1 = u + 4 + 2 * a, *t0 = t + 2 * b, *t1 = t + 4 + 2 * b;
            half[4 * a + 2 * b] = u0[0] * t0[0] - u0[1] * t0[1] + u1[0] * t1[0] - u1[1] * t1[1];
            half[4 * a + 2 * b + 1] = u0[0] * t0[1] + u0[1] * t0[0] + u1[0] * t1[1] + u1[1] * t1[0];
        }
    }
    for (int a = 0; a < 2; a++) {
        for (int b = 0; b < 2; b++) { /* half conj(U) */
            const double *h0 = half + 4 * a, *h1 = half + 4 * a + 2, *u0 = u + 2 * b, *u1 = u + 4 + 2 * b;
            out[4 * a + 2 * b] = h0[0] * u0[0] + h0[1] * u0[1] + h1[0] * u1[0] + h1[1] * u1[1];
            out[4 * a + 2 * b + 1] = h0[1] * u0[0] - h0[0] * u0[1] + h1[1] * u1[0] - h1[0] * u1[1];
        }
    }
    memcpy(t, out, sizeof out);
}

/* Adds the slopes of an operation's parameters. `t` is used up. */
static void collect(const qn__sv_program *p, const qn__sv_op *op, double *t, double weight, double *grad)
{
    uint32_t earliest = op->count;
    for (uint32_t k = op->count; k-- > 0;) {
        earliest = p->factors[op->first + k].variable ? k : earliest;
    }
    for (uint32_t k = op->count; k-- > earliest;) {
        const qn__sv_factor *factor = &p->factors[op->first + k];
        if (factor->variable) {
            const double g = weight * slope(factor, t);
            const qn_param_term *terms = p->terms + factor->angle.first;
            for (uint32_t i = 0; i < factor->angle.count; i++) {
                grad[terms[i].symbol] += terms[i].coefficient * g;
            }
        }
        if (k > earliest) {
            carry_back(factor, t);
        }
    }
}

static void add_parts(const double *partial, uint64_t parts, double *sums)
{
    memset(sums, 0, 8 * sizeof *sums);
    for (uint64_t part = 0; part < parts; part++) {
        for (int t = 0; t < 8; t++) {
            sums[t] += partial[8 * part + (uint64_t)t];
        }
    }
}

/* The sweep as one member of a team sees it. Two sets of partial sums take turns, so that the first member reads one
 * while the others fill the next. */
static void sweep(qn__sv_program *p, size_t stop, double weight, double *grad, uint64_t member, uint64_t team)
{
    const uint64_t parts = qn__sv_parts(p);
    double sums[8], *sets[2] = {p->partial, p->partial + 8 * QN__SV_PARTS};
    unsigned turn = 0;
    for (size_t k = p->nops; k-- > stop;) {
        const qn__sv_op *op = &p->ops[k];
        qn__kernel_gate inverse;
        dagger(&op->gate, &inverse);
        if (!op->variable) {
            qn__sv_apply(p, p->state, op, &inverse, true, member, team);
            qn__sv_apply(p, p->bra, op, &inverse, true, member, team);
        } else {
            for (uint64_t part = member; part < parts; part += team) {
                p->kernels->pair_undo(p->bra, p->state, p->blocks, &inverse, part, parts, sets[turn] + 8 * part);
            }
        }
        if (team > 1) {
#pragma omp barrier
        }
        if (op->variable) {
            if (member == 0) {
                add_parts(sets[turn], parts, sums);
                collect(p, op, sums, weight, grad);
            }
            turn ^= 1;
        }
    }
    for (size_t k = 0; k < p->nstarts; k++) {
        const qn__sv_op *op = &p->starts[k];
        if (!op->variable) {
            continue;
        }
        for (uint64_t part = member; part < parts; part += team) {
            p->kernels->pair_overlap(p->bra, p->state, p->blocks, &op->gate, part, parts, sets[turn] + 8 * part);
        }
        if (team > 1) {
#pragma omp barrier
        }
        if (member == 0) {
            add_parts(sets[turn], parts, sums);
            collect(p, op, sums, weight, grad);
        }
        turn ^= 1;
    }
}

/* Operations before the first with a parameter need no undoing, unless a start has one. */
static size_t sweep_end(const qn__sv_program *p)
{
    for (size_t k = 0; k < p->nstarts; k++) {
        if (p->starts[k].variable) {
            return 0;
        }
    }
    size_t stop = 0;
    while (stop < p->nops && !p->ops[stop].variable) {
        stop++;
    }
    return stop;
}

static void gradient_row(qn__sv_program *p, const double *theta, const double *weights, double *values, double *grad)
{
    static const double one[1] = {1.0};
    double scale = 1.0;
    qn__sv_bind(p, theta);
    qn__sv_forward(p);
    if (p->nobservables == 1) { /* <psi|H|psi> comes for one product of states */
        qn__sv_apply_observables(p, one);
        if (values != NULL) {
            values[0] = p->identity[0] + qn__sv_inner(p, p->bra, p->state);
        }
        scale = weights[0];
    } else {
        if (values != NULL) {
            qn__sv_expect_state(p, values);
        }
        qn__sv_apply_observables(p, weights);
    }
    memset(grad, 0, p->nsymbols * sizeof *grad);
    const size_t stop = sweep_end(p);
    if (p->threads == 1) {
        sweep(p, stop, scale, grad, 0, 1);
        return;
    }
#pragma omp parallel num_threads((int)p->threads)
    sweep(p, stop, scale, grad, qn__team_member(), qn__team_size());
}

qn_status qn__sv_gradient(void *program, const double *theta, size_t rows, const double *weights, double *values,
                          double *grad)
{
    qn__sv_program *p = program;
    if (p->bra == NULL) {
        const uint64_t bytes = p->blocks * p->kernels->lanes * 2 * p->kernels->real_size;
        QN_TRY(qn__context_check_bytes(p->context, bytes, "the second state of a gradient", ""));
        p->bra = qn__sv_state_create(p);
        QN_ALLOC_CHECK(p->bra);
    }
    for (size_t r = 0; r < rows; r++) {
        QN_CHECK(!qn_context_interrupted(p->context), ERR_INTERRUPTED, "interrupted at row %zu of %zu", r, rows);
        gradient_row(p, theta + r * p->nsymbols, weights + r * p->nobservables,
                     values == NULL ? NULL : values + r * p->nobservables, grad + r * p->nsymbols);
    }
    return QN_OK;
}
