/* steps.c: the steps of one pass: gates in the forms that the kernels know. */
#include <string.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "engine/statevector/builder.h"
#include "engine/statevector/lower.h"

static uint64_t bit(uint32_t index)
{
    return UINT64_C(1) << index;
}

/* Of a rotation that no control hinders. */
static qn_status add_gate_slope(qn__sv_builder *b, const qn__sv_op *op)
{
    if (!b->program->dual || !op->variable) {
        return QN_OK;
    }
    const qn__kernel_gate *g = &op->gate;
    qn__sv_slope slope = {.factor = op->first, .sign = 1.0};
    const bool pauli = op->kind == QN__SV_OP_PAULI;
    const bool real = pauli ? qn__popcount(g->x & g->z) % 2 == 1 : op->shape == QN__SHAPE_REAL;
    if (!pauli && (g->x & b->axes) != 0) {
        const unsigned axis = b->axis_of[__builtin_ctzll(g->x)];
        return qn__sv_add_slope(
            b, (qn__step){.kind = QN__STEP_KIND(real ? QN__STEP_SLOPE_REAL : QN__STEP_SLOPE_IMAGINARY, axis)}, slope);
    }
    /* sum over rows i of (-1)^parity(i & z) conj(bra_i) ket_(i ^ x); a real rotation counts it negative */
    const uint64_t z = pauli ? g->z : real ? g->x : 0;
    slope.sign = real ? -1.0 : 1.0;
    slope.odd = z & b->lanes;
    return qn__sv_add_slope(
        b,
        (qn__step){.kind = QN__STEP_KIND(real ? QN__STEP_SLOPE_PAULI_REAL : QN__STEP_SLOPE_PAULI_IMAGINARY,
                                         qn__sv_registers(b, g->x)),
                   .fixed = qn__sv_outer_blocks(b, z),
                   .axis = qn__sv_registers(b, z),
                   .lanes = (uint8_t)(g->x & b->lanes)},
        slope);
}

static qn_status add_on_axis(qn__sv_builder *b, uint32_t k, uint32_t target, uint64_t controls, uint64_t value)
{
    const qn__sv_op *op = &b->program->ops[k];
    const uint8_t axis = b->axis_of[target], fixed = qn__sv_registers(b, controls);
    const uint64_t lanes = controls & b->lanes;
    QN_TRY(qn__sv_add_skip(b, controls, value));
    if (op->shape == QN__SHAPE_SWAP) {
        if (fixed == 0 && lanes == 0) {
            return qn__sv_add_step(b, (qn__step){.kind = QN__STEP_KIND(QN__STEP_FLIP, axis)});
        }
        if (fixed == 0) {
            return qn__sv_add_filled(b, (qn__step){.kind = QN__STEP_KIND(QN__STEP_FLIP_LANES, axis)},
                                     (qn__sv_fill){.kind = QN__SV_FILL_MASK, .fixed = lanes, .value = value & lanes},
                                     1);
        }
        if (lanes == 0 && (fixed & (fixed - 1)) == 0 && (value & controls & b->axes) != 0) {
            static const uint8_t pairs[3][3] = {{0, 0, 1}, {3, 0, 2}, {4, 5, 0}}; /* [control][target] */
            const int control = __builtin_ctz(fixed);
            return qn__sv_add_step(b, (qn__step){.kind = QN__STEP_KIND(QN__STEP_CONTROL_FLIP, pairs[control][axis])});
        }
    }
    if (fixed == 0 && lanes == 0) {
        const qn__step_form form = op->shape == QN__SHAPE_REAL        ? QN__STEP_REAL
                                   : op->shape == QN__SHAPE_IMAGINARY ? QN__STEP_IMAGINARY
                                                                      : QN__STEP_GENERAL;
        return qn__sv_add_filled(b, (qn__step){.kind = QN__STEP_KIND(form, axis)},
                                 (qn__sv_fill){.kind = QN__SV_FILL_MATRIX, .op = k, .variable = op->variable}, 0);
    }
    return qn__sv_add_filled(
        b,
        (qn__step){.kind = QN__STEP_KIND(QN__STEP_CONTROLLED, axis), .registers = qn__sv_matching(b, controls, value)},
        (qn__sv_fill){
            .kind = QN__SV_FILL_VECTORS, .op = k, .variable = op->variable, .fixed = lanes, .value = value & lanes},
        8);
}

/* A permutation of lanes right after another one of the same registers becomes part of it. */
static bool join_permutation(qn__sv_builder *b, const qn__sv_fill *fill, uint8_t registers)
{
    qn__sv_schedule *s = &b->program->schedule;
    if (s->nsteps == b->first_step || s->nfills == 0) {
        return false;
    }
    const qn__step *step = &s->steps[s->nsteps - 1];
    qn__sv_fill *last = &s->fills[s->nfills - 1];
    if (step->kind != QN__STEP_KIND(QN__STEP_LANE_PERMUTE, 0) || step->registers != registers || last->sometimes ||
        last->step != s->nsteps - 1 || last->kind != QN__SV_FILL_PERMUTE) {
        return false;
    }
    /* new[l] = old[source(l)], and old[k] = before[table[k]] */
    uint8_t table[16];
    for (uint32_t l = 0; l < b->program->kernels->lanes; l++) {
        table[l] = last->lanes[(l & fill->fixed) == fill->value ? l ^ (uint32_t)fill->z : l];
    }
    memcpy(last->lanes, table, sizeof last->lanes);
    return true;
}

static qn_status add_on_lane(qn__sv_builder *b, uint32_t k, uint32_t target, uint64_t controls, uint64_t value)
{
    const qn__sv_op *op = &b->program->ops[k];
    const uint64_t lanes = controls & b->lanes;
    const uint8_t registers = qn__sv_matching(b, controls & b->axes, value);
    const bool all = (controls & b->axes) == 0;
    QN_TRY(qn__sv_add_skip(b, controls, value));
    qn__sv_fill fill = {.kind = QN__SV_FILL_LANE,
                        .op = k,
                        .variable = op->variable,
                        .fixed = lanes,
                        .value = value & lanes,
                        .z = bit(target)};
    if (op->shape == QN__SHAPE_SWAP) {
        fill.kind = QN__SV_FILL_PERMUTE;
        for (uint32_t l = 0; l < b->program->kernels->lanes; l++) {
            fill.lanes[l] = (uint8_t)((l & fill.fixed) == fill.value ? l ^ (uint32_t)fill.z : l);
        }
        if (join_permutation(b, &fill, registers)) {
            return QN_OK;
        }
        return qn__sv_add_filled(b, (qn__step){.kind = QN__STEP_KIND(QN__STEP_LANE_PERMUTE, 0), .registers = registers},
                                 fill, 1);
    }
    const qn__step_form form = !all || op->shape == QN__SHAPE_GENERAL ? QN__STEP_LANE_GENERAL
                               : op->shape == QN__SHAPE_REAL          ? QN__STEP_LANE_REAL
                                                                      : QN__STEP_LANE_IMAGINARY;
    return qn__sv_add_filled(
        b, (qn__step){.kind = QN__STEP_KIND(form, 0), .registers = registers, .lanes = (uint8_t)bit(target)}, fill,
        form == QN__STEP_LANE_GENERAL ? 4 : 2);
}

/* A 4x4 matrix on two axes, an axis and a lane, or two lanes. */
static qn_status add_dense(qn__sv_builder *b, uint32_t k)
{
    const qn__kernel_dense *d = &b->program->dense[b->program->ops[k].first].forward;
    const uint64_t first = bit(d->targets[0]), second = bit(d->targets[1]);
    const uint64_t lane = (first | second) & b->lanes;
    const size_t lanes = b->program->kernels->lanes;
    qn__sv_fill fill = {.kind = QN__SV_FILL_DENSE, .op = k};
    if (lane == 0) {
        const unsigned low = b->axis_of[d->targets[0]], high = b->axis_of[d->targets[1]];
        fill.z = low > high ? 1 : 0;
        return qn__sv_add_filled(b, (qn__step){.kind = QN__STEP_KIND(QN__STEP_DENSE, low + high - 1U)}, fill,
                                 (32 + lanes - 1) / lanes);
    }
    if (lane == (first | second)) {
        return qn__sv_add_filled(b,
                                 (qn__step){.kind = QN__STEP_KIND(QN__STEP_DENSE_LANES, 0),
                                            .lanes = (uint8_t)first,
                                            .axis = (uint8_t)second},
                                 fill, 8);
    }
    const unsigned axis = b->axis_of[d->targets[lane == first ? 1 : 0]];
    fill.z = lane == first ? 0 : 1;
    return qn__sv_add_filled(b, (qn__step){.kind = QN__STEP_KIND(QN__STEP_DENSE_LANE, axis), .lanes = (uint8_t)lane},
                             fill, 16);
}

static qn_status add_gate(qn__sv_builder *b, uint32_t k)
{
    const qn__sv_op *op = &b->program->ops[k];
    const qn__kernel_gate *g = &op->gate;
    if (op->kind == QN__SV_OP_DENSE) {
        return add_dense(b, k);
    }
    if (op->kind == QN__SV_OP_PAULI) {
        const bool real = qn__popcount(g->x & g->z) % 2 == 1;
        return qn__sv_add_filled(
            b,
            (qn__step){
                .kind = QN__STEP_KIND(real ? QN__STEP_PAULI_REAL : QN__STEP_PAULI_IMAGINARY, qn__sv_registers(b, g->x)),
                .fixed = qn__sv_outer_blocks(b, g->z),
                .axis = qn__sv_registers(b, g->z),
                .lanes = (uint8_t)(g->x & b->lanes)},
            (qn__sv_fill){.kind = QN__SV_FILL_PAULI, .op = k, .variable = op->variable, .fixed = g->z & b->lanes}, 1);
    }
    const uint64_t controls = g->fixed & ~g->x, value = g->value & controls;
    if ((g->x & (g->x - 1)) != 0) {
        return qn__sv_add_filled(b,
                                 (qn__step){.kind = QN__STEP_KIND(QN__STEP_EXCHANGE, qn__sv_registers(b, g->x)),
                                            .registers = qn__sv_matching(b, g->x, g->value)},
                                 (qn__sv_fill){.kind = QN__SV_FILL_MATRIX, .op = k, .variable = op->variable}, 0);
    }
    const uint32_t target = (uint32_t)__builtin_ctzll(g->x);
    return (g->x & b->axes) != 0 ? add_on_axis(b, k, target, controls, value)
                                 : add_on_lane(b, k, target, controls, value);
}

static qn_status add_diagonal(qn__sv_builder *b, uint32_t k)
{
    const qn__kernel_gate *g = &b->program->ops[k].gate;
    QN_TRY(qn__sv_add_skip(b, g->fixed, g->value));
    return qn__sv_add_filled(b,
                             (qn__step){.kind = QN__STEP_KIND(QN__STEP_DIAGONAL, 0),
                                        .registers = qn__sv_matching(b, g->fixed, g->value),
                                        .fixed = qn__sv_outer_blocks(b, g->z),
                                        .axis = qn__sv_registers(b, g->z)},
                             (qn__sv_fill){.kind = QN__SV_FILL_DIAGONAL,
                                           .op = k,
                                           .variable = b->program->ops[k].variable,
                                           .fixed = g->fixed & b->lanes,
                                           .value = g->value & b->lanes,
                                           .z = g->z & b->lanes},
                             4);
}

/* Is this the fill of a rotation that may leave its scale to another? */
static bool is_rotation(const qn__sv_program *p, const qn__sv_fill *f)
{
    const qn__sv_schedule *s = &p->schedule;
    const unsigned form = s->steps[f->step].kind / 16U;
    if (f->kind != QN__SV_FILL_MATRIX && f->kind != QN__SV_FILL_LANE) {
        return false;
    }
    /* imaginary ones are turns only when they commute with X: the plan knows */
    const bool imaginary = form == QN__STEP_IMAGINARY || form == QN__STEP_LANE_IMAGINARY;
    if (imaginary && !qn__sv_is_x_like(p, &p->ops[f->op])) {
        return false;
    }
    return !f->sometimes && ((f->kind == QN__SV_FILL_MATRIX && (form == QN__STEP_REAL || form == QN__STEP_IMAGINARY)) ||
                             (f->kind == QN__SV_FILL_LANE && f->fixed == 0 &&
                              (form == QN__STEP_LANE_REAL || form == QN__STEP_LANE_IMAGINARY)));
}

/* One step carries the scale of all rotations of a pass: one that needs a whole matrix anyway, else the first. */
static void share_scale(qn__sv_program *p, qn__sv_stretch *stretch)
{
    qn__sv_schedule *s = &p->schedule;
    size_t general = SIZE_MAX, first = SIZE_MAX;
    for (size_t k = stretch->first_fill; k < stretch->first_fill + stretch->nfills; k++) {
        const qn__sv_fill *f = &s->fills[k];
        stretch->variable |= f->variable;
        if (!f->sometimes && s->steps[f->step].kind / 16U == QN__STEP_GENERAL) {
            general = k;
        }
        if (is_rotation(p, f) &&
            (first == SIZE_MAX || (f->kind == QN__SV_FILL_MATRIX && s->fills[first].kind != QN__SV_FILL_MATRIX))) {
            first = k;
        }
    }
    stretch->carrier = general != SIZE_MAX ? general : first;
    if (stretch->carrier == SIZE_MAX) {
        return;
    }
    s->fills[stretch->carrier].role = QN__SV_ROLE_CARRIER;
    for (size_t k = stretch->first_fill; k < stretch->first_fill + stretch->nfills; k++) {
        if (k != stretch->carrier && is_rotation(p, &s->fills[k])) {
            s->fills[k].role = QN__SV_ROLE_SCALED;
        }
    }
}

static qn_status add_all(qn__sv_builder *b, const uint32_t *order, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        const qn__sv_item *item = &b->program->schedule.items[order[k]];
        if (item->kind == QN__SV_ITEM_PHASE) {
            b->waiting[b->nwaiting++] = order[k];
        } else if (item->kind == QN__SV_ITEM_DIAGONAL) {
            QN_TRY(add_diagonal(b, item->op));
        } else {
            QN_TRY(qn__sv_flush(b, item->x | item->y | item->other));
            QN_TRY(add_gate_slope(b, &b->program->ops[item->op]));
            QN_TRY(add_gate(b, item->op));
        }
    }
    return qn__sv_flush(b, ~UINT64_C(0));
}

qn_status qn__sv_make_steps(qn__sv_program *p, const qn__sv_frame *frame, qn__sv_stage *stage, uint64_t axes,
                            const uint32_t *order, size_t count)
{
    qn__sv_schedule *s = &p->schedule;
    qn__sv_builder b = {.program = p,
                        .frame = frame,
                        .stage = stage,
                        .axes = axes,
                        .lanes = bit(frame->log_lanes) - 1,
                        .first_local = stage->first_local,
                        .first_step = s->nsteps};
    qn__sv_stretch stretch = {
        .first_step = s->nsteps, .first_fill = s->nfills, .carrier = SIZE_MAX, .first_slope = s->nslopes};
    for (uint64_t left = axes; left != 0; left &= left - 1) {
        const uint32_t qubit = (uint32_t)__builtin_ctzll(left);
        b.axis_of[qubit] = (uint8_t)b.naxes;
        stretch.pass.axes[b.naxes++] = bit(frame->compact[qubit] - frame->log_lanes);
    }
    if (p->dual) { /* ket and bra lie one after the other */
        const uint32_t size = frame->nlocal > frame->log_lanes ? frame->nlocal : frame->log_lanes;
        stretch.pass.axes[b.naxes] = bit(size - frame->log_lanes);
    }
    stretch.pass.naxes = qn__sv_cube_axes(&b);
    qn_status status = QN_OK;
    b.waiting = qn__alloc(count, sizeof *b.waiting);
    QN_ALLOC_CHECK(b.waiting);
    QN_TRY_CLEANUP(add_all(&b, order, count));
    stretch.pass.nsteps = s->nsteps - stretch.first_step;
    stretch.nfills = s->nfills - stretch.first_fill;
    stretch.nslopes = s->nslopes - stretch.first_slope;
    share_scale(p, &stretch);
    QN_TRY_CLEANUP(qn__grow((void **)&s->stretches, &s->stretches_capacity, s->nstretches + 1, sizeof *s->stretches));
    s->stretches[s->nstretches++] = stretch;
cleanup:
    qn__free(b.waiting);
    return status;
}
