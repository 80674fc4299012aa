/* bind.c: the matrices of one row of parameters. This is most of the work of a two-qubit program, so it does no more
 * than it must. */
#include <math.h>
#include <string.h>

#include "engine/statevector/schedule.h"

double qn__sv_angle_value(const qn__sv_program *program, const qn__sv_angle *angle, const double *theta)
{
    double value = angle->constant;
    if (angle->count == 0) {
        return value;
    }
    const qn_param_term *terms = program->terms + angle->first;
    for (uint32_t k = 0; k < angle->count; k++) {
        value += terms[k].coefficient * theta[terms[k].symbol];
    }
    return value;
}

void qn__sv_factor_set(qn__sv_factor *factor, double angle)
{
    const double a = factor->kind == QN__SV_PHASE ? angle : 0.5 * angle;
#ifdef __GLIBC__
    sincos(a, &factor->s, &factor->c);
#else
    factor->s = sin(a);
    factor->c = cos(a);
#endif
}

/* (re, im) *= (c, s) */
static inline void turn(double *z, double c, double s)
{
    const double re = z[0] * c - z[1] * s;
    z[1] = z[0] * s + z[1] * c;
    z[0] = re;
}

void qn__sv_factor_multiply(const qn__sv_factor *factor, double *m)
{
    const double c = factor->c, s = factor->s;
    switch (factor->kind) {
    case QN__SV_RX: /* upper' = c upper - i s lower, lower' = c lower - i s upper */
        for (int k = 0; k < 4; k += 2) {
            const double ur = m[k], ui = m[k + 1], lr = m[k + 4], li = m[k + 5];
            m[k] = c * ur + s * li;
            m[k + 1] = c * ui - s * lr;
            m[k + 4] = c * lr + s * ui;
            m[k + 5] = c * li - s * ur;
        }
        return;
    case QN__SV_RY:
        for (int k = 0; k < 4; k++) {
            const double upper = m[k], lower = m[k + 4];
            m[k] = c * upper - s * lower;
            m[k + 4] = c * lower + s * upper;
        }
        return;
    case QN__SV_RZ:
        turn(m, c, -s);
        turn(m + 2, c, -s);
        turn(m + 4, c, s);
        turn(m + 6, c, s);
        return;
    case QN__SV_PHASE:
        turn(m + 4, c, s);
        turn(m + 6, c, s);
        return;
    case QN__SV_FIXED:
        break;
    }
    double out[8];
    for (int r = 0; r < 2; r++) {
        for (int k = 0; k < 2; k++) {
            const double *a = factor->m + 4 * r, *u = m + 2 * k, *l = m + 4 + 2 * k;
            out[4 * r + 2 * k] = a[0] * u[0] - a[1] * u[1] + a[2] * l[0] - a[3] * l[1];
            out[4 * r + 2 * k + 1] = a[0] * u[1] + a[1] * u[0] + a[2] * l[1] + a[3] * l[0];
        }
    }
    memcpy(m, out, sizeof out);
}

void qn__sv_bind_op(const qn__sv_program *program, qn__sv_op *op, const double *theta)
{
    double *m = op->gate.m;
    static const double identity[8] = {1, 0, 0, 0, 0, 0, 1, 0};
    memcpy(m, identity, sizeof identity);
    qn__sv_factor *factor = program->factors + op->first;
    for (uint32_t k = 0; k < op->count; k++, factor++) {
        if (factor->variable && theta != NULL) {
            qn__sv_factor_set(factor, qn__sv_angle_value(program, &factor->angle, theta));
        }
        qn__sv_factor_multiply(factor, m);
    }
}

void qn__sv_bind(qn__sv_program *program, const double *theta)
{
    for (size_t k = 0; k < program->nstarts; k++) {
        qn__sv_op *op = &program->starts[k];
        if (op->variable) {
            qn__sv_bind_op(program, op, theta);
        }
        double *column = program->columns + 4 * (size_t)__builtin_ctzll(op->gate.x);
        memcpy(column, op->gate.m, 2 * sizeof *column);
        memcpy(column + 2, op->gate.m + 4, 2 * sizeof *column);
    }
    for (size_t k = 0; k < program->nops; k++) {
        if (program->ops[k].variable) {
            qn__sv_bind_op(program, &program->ops[k], theta);
        }
    }
    qn__sv_fill_steps(program, true);
}
