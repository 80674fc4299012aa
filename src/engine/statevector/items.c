/* items.c: operations as the scheduler sees them: how they act on each qubit, and diagonal ones on one or two qubits
 * taken apart into phases of set bits, which commute with each other and merge. */
#include <math.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "engine/statevector/lower.h"
#include "engine/statevector/schedule.h"

/* D(b_q b_p) of a diagonal operation whose bits are p and q (q == 0: one bit), with its entries e (even) and o (odd).
 */
static void diagonal_values(const qn__kernel_gate *g, uint64_t p, uint64_t q, const double *e, const double *o,
                            double d[4][2])
{
    for (int b = 0; b < 4; b++) {
        const uint64_t at = ((b & 1) != 0 ? p : 0) | ((b & 2) != 0 ? q : 0);
        const bool acts = (at & g->fixed) == g->value;
        const double *value = qn__popcount(at & g->z) % 2 == 0 ? e : o;
        d[b][0] = acts ? value[0] : 1.0;
        d[b][1] = acts ? value[1] : 0.0;
    }
}

static void times(double *z, const double *w, bool conjugate)
{
    const double im = conjugate ? -w[1] : w[1], re = z[0] * w[0] - z[1] * im;
    z[1] = z[0] * im + z[1] * w[0];
    z[0] = re;
}

/* Entries have modulus one, so that dividing is multiplying by the conjugate. */
static void coefficient(double d[4][2], qn__sv_which which, double *out)
{
    memcpy(out, d[0], 2 * sizeof *out);
    switch (which) {
    case QN__SV_GLOBAL:
        return;
    case QN__SV_FIRST:
    case QN__SV_SECOND:
        out[1] = -out[1];
        times(out, d[which == QN__SV_FIRST ? 1 : 2], false);
        return;
    case QN__SV_BOTH:
        times(out, d[3], false);
        times(out, d[1], true);
        times(out, d[2], true);
        return;
    }
}

void qn__sv_unit_value(const qn__sv_program *program, const qn__sv_unit *unit, double *out)
{
    const qn__kernel_gate *g = &program->ops[unit->op].gate;
    const uint64_t bits = g->z | g->fixed, p = bits & (0 - bits);
    double d[4][2];
    diagonal_values(g, p, bits & ~p, g->m, g->m + 6, d);
    coefficient(d, unit->which, out);
}

void qn__sv_units_value(const qn__sv_program *program, uint32_t units, double *out)
{
    out[0] = 1.0;
    out[1] = 0.0;
    for (uint32_t u = units; u != QN__SV_NONE; u = program->schedule.units[u].next) {
        double value[2];
        qn__sv_unit_value(program, &program->schedule.units[u], value);
        times(out, value, false);
    }
}

bool qn__sv_units_variable(const qn__sv_program *program, uint32_t units)
{
    for (uint32_t u = units; u != QN__SV_NONE; u = program->schedule.units[u].next) {
        if (program->ops[program->schedule.units[u].op].variable) {
            return true;
        }
    }
    return false;
}

static qn_status add_item(qn__sv_schedule *s, const qn__sv_item *item)
{
    QN_TRY(qn__grow((void **)&s->items, &s->items_capacity, s->nitems + 1, sizeof *s->items));
    s->items[s->nitems++] = *item;
    return QN_OK;
}

/* A coefficient that is 1 whatever the entries needs no item: tried with two entries that have nothing in common. */
static bool is_trivial(const qn__kernel_gate *g, uint64_t p, uint64_t q, qn__sv_which which, bool constant)
{
    static const double even[2] = {0.8775825618903728, 0.479425538604203},
                        odd[2] = {0.28366218546322625, 0.9589242746631385};
    double d[4][2], value[2];
    diagonal_values(g, p, q, constant ? g->m : even, constant ? g->m + 6 : odd, d);
    coefficient(d, which, value);
    return fabs(value[0] - 1.0) + fabs(value[1]) < 1e-15;
}

typedef struct latest {
    uint32_t one[64]; /* by qubit: 1 + the item of its phase that nothing came after yet */
} latest;

static qn_status add_phase(qn__sv_schedule *s, latest *recent, uint32_t op, qn__sv_which which, uint64_t bits)
{
    QN_TRY(qn__grow((void **)&s->units, &s->units_capacity, s->nunits + 1, sizeof *s->units));
    const uint32_t unit = (uint32_t)s->nunits++;
    s->units[unit] = (qn__sv_unit){op, which, QN__SV_NONE};
    uint32_t *last = (bits & (bits - 1)) == 0 ? &recent->one[__builtin_ctzll(bits)] : NULL;
    if (last != NULL && *last != 0) {
        s->units[unit].next = s->items[*last - 1].units;
        s->items[*last - 1].units = unit;
        return QN_OK;
    }
    const qn__sv_item item = {.kind = QN__SV_ITEM_PHASE, .units = unit, .z = bits, .weight = 0.5F};
    QN_TRY(add_item(s, &item));
    if (last != NULL) {
        *last = (uint32_t)s->nitems;
    }
    return QN_OK;
}

static qn_status add_diagonal(qn__sv_program *program, latest *recent, uint32_t k)
{
    qn__sv_schedule *s = &program->schedule;
    const qn__sv_op *op = &program->ops[k];
    const uint64_t bits = op->gate.z | op->gate.fixed;
    if (qn__popcount(bits) > 2) {
        const bool sloped = program->dual && op->variable;
        const qn__sv_item item = {
            .kind = sloped ? QN__SV_ITEM_FLAT : QN__SV_ITEM_DIAGONAL, .op = k, .z = bits, .weight = 1.0F};
        return add_item(s, &item);
    }
    const uint64_t p = bits & (0 - bits), q = bits & ~p;
    for (int which = QN__SV_GLOBAL; which <= QN__SV_BOTH; which++) {
        if ((q == 0 && which > QN__SV_FIRST) || is_trivial(&op->gate, p, q, (qn__sv_which)which, !op->variable)) {
            continue;
        }
        if (which == QN__SV_GLOBAL) {
            QN_TRY(qn__grow((void **)&s->globals, &s->globals_capacity, s->nglobals + 1, sizeof *s->globals));
            s->globals[s->nglobals++] = (qn__sv_unit){k, QN__SV_GLOBAL, QN__SV_NONE};
        } else {
            QN_TRY(add_phase(s, recent, k, (qn__sv_which)which,
                             which == QN__SV_FIRST    ? p
                             : which == QN__SV_SECOND ? q
                                                      : bits));
        }
    }
    return QN_OK;
}

/* Is the 2x2 matrix a I + b X, for every parameter? */
bool qn__sv_is_x_like(const qn__sv_program *program, const qn__sv_op *op)
{
    for (uint32_t k = 0; k < op->count; k++) {
        const qn__sv_factor *f = &program->factors[op->first + k];
        if (f->kind == QN__SV_FIXED) {
            if (f->m[0] != f->m[6] || f->m[1] != f->m[7] || f->m[2] != f->m[4] || f->m[3] != f->m[5]) {
                return false;
            }
        } else if (f->kind != QN__SV_RX) {
            return false;
        }
    }
    return true;
}

static bool is_y_like(const qn__sv_program *program, const qn__sv_op *op)
{
    for (uint32_t k = 0; k < op->count; k++) {
        if (program->factors[op->first + k].kind != QN__SV_RY) {
            return false;
        }
    }
    return true;
}

static qn__sv_item gate_item(const qn__sv_program *program, uint32_t k)
{
    const qn__sv_op *op = &program->ops[k];
    const qn__kernel_gate *g = &op->gate;
    const uint64_t lanes = program->kernels->lanes - 1, far = g->x & ~lanes;
    const uint32_t axes = program->kernels->axes - (program->dual ? 1 : 0);
    const bool sloped = program->dual && op->variable; /* only simple rotations have a slope of their own */
    qn__sv_item item = {.kind = QN__SV_ITEM_GATE, .op = k, .weight = 1.0F};
    if (op->kind == QN__SV_OP_DENSE) {
        const qn__kernel_dense *d = &program->dense[op->first].forward;
        for (uint32_t t = 0; t < d->ntargets; t++) {
            item.other |= UINT64_C(1) << d->targets[t];
        }
        item.z = d->fixed;
        item.weight = 4.0F;
        if (d->ntargets != 2 || d->fixed != 0 || qn__popcount(item.other & ~lanes) > axes) {
            item.kind = QN__SV_ITEM_FLAT;
        }
        return item;
    }
    if (op->kind == QN__SV_OP_PAULI) {
        const uint64_t pivot = UINT64_C(1) << (63 - __builtin_clzll(g->x)), controls = g->fixed & ~pivot;
        item.x = g->x & ~g->z;
        item.y = g->x & g->z;
        item.z = (g->z & ~g->x) | controls;
        item.weight = 1.5F;
        if (controls != 0 || qn__popcount(far) > axes) {
            item.kind = QN__SV_ITEM_FLAT;
        }
        return item;
    }
    item.z = g->fixed & ~g->x;
    if ((g->x & (g->x - 1)) == 0) {
        if (op->shape == QN__SHAPE_SWAP || qn__sv_is_x_like(program, op)) {
            item.x = g->x;
        } else if (is_y_like(program, op)) {
            item.y = g->x;
        } else {
            item.other = g->x;
        }
        item.weight = op->shape == QN__SHAPE_SWAP ? 0.3F : op->shape == QN__SHAPE_GENERAL ? 2.0F : 1.0F;
        if (sloped && item.z != 0) {
            item.kind = QN__SV_ITEM_FLAT;
        }
        return item;
    }
    item.other = g->x;
    if ((g->x & lanes) != 0 || item.z != 0 || axes < 2 || sloped) {
        item.kind = QN__SV_ITEM_FLAT;
    }
    return item;
}

qn_status qn__sv_make_items(qn__sv_program *program)
{
    latest recent = {{0}};
    for (uint32_t k = 0; k < program->nops; k++) {
        if (program->ops[k].kind == QN__SV_OP_DIAGONAL) {
            QN_TRY(add_diagonal(program, &recent, k));
            continue;
        }
        const qn__sv_item item = gate_item(program, k);
        QN_TRY(add_item(&program->schedule, &item));
        for (uint64_t left = item.x | item.y | item.other; left != 0; left &= left - 1) {
            recent.one[__builtin_ctzll(left)] = 0;
        }
    }
    return QN_OK;
}
