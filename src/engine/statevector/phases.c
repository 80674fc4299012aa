/* phases.c: phases of a pass. They wait until a gate on one of their qubits needs them done, so that all those of an
 * axis become one multiplication, or those of axes and lanes one for each register. */
#include <math.h>

#include "base/alloc.h"
#include "base/bits.h"
#include "base/status.h"
#include "engine/statevector/builder.h"
#include "engine/statevector/lower.h"

static uint64_t bit(uint32_t index)
{
    return UINT64_C(1) << index;
}

static qn_status add_part(qn__sv_builder *b, uint32_t units, uint64_t bits)
{
    qn__sv_schedule *s = &b->program->schedule;
    QN_TRY(qn__grow((void **)&s->parts, &s->parts_capacity, s->nparts + 1, sizeof *s->parts));
    s->parts[s->nparts++] = (qn__sv_part){units, bits};
    return QN_OK;
}

static bool is_sign(const qn__sv_builder *b, uint32_t units)
{
    double value[2];
    qn__sv_units_value(b->program, units, value);
    return !qn__sv_units_variable(b->program, units) && fabs(value[1]) < 1e-15 && fabs(fabs(value[0]) - 1.0) < 1e-15;
}

static bool is_minus(const qn__sv_builder *b, uint32_t units)
{
    double value[2];
    qn__sv_units_value(b->program, units, value);
    return value[0] < 0.0;
}

/* Of a phase where all bits of z are set. A qubit outside decides by a test, a lane by which lanes count. */
static qn_status add_phase_slope(qn__sv_builder *b, const qn__sv_item *item)
{
    if (!b->program->dual || !qn__sv_units_variable(b->program, item->units)) {
        return QN_OK;
    }
    const uint64_t lanes = item->z & b->lanes;
    const uint8_t axes = qn__sv_registers(b, item->z);
    QN_TRY(qn__sv_add_skip(b, item->z, item->z));
    const unsigned form = axes == 0 ? QN__STEP_SLOPE_LANES : axes == 3 ? QN__STEP_SLOPE_PAIR : QN__STEP_SLOPE_PHASE;
    return qn__sv_add_slope(
        b, (qn__step){.kind = QN__STEP_KIND(form, axes == 2 ? 1 : 0)},
        (qn__sv_slope){.phase = true, .units = item->units, .fixed = lanes, .value = lanes, .sign = -2.0});
}

/* Moves the waiting phases on exactly `wanted` (0: on any qubits that hold all of `must` and none of `without`) into
 * parts; a part's bits are its qubits other than `must`, compact. */
static qn_status take_waiting(qn__sv_builder *b, uint64_t must, uint64_t without, size_t *first, size_t *count)
{
    size_t kept = 0;
    *first = b->program->schedule.nparts;
    for (size_t k = 0; k < b->nwaiting; k++) {
        const qn__sv_item *item = &b->program->schedule.items[b->waiting[k]];
        if ((item->z & must) == must && (item->z & without) == 0) {
            QN_TRY(add_phase_slope(b, item));
            QN_TRY(add_part(b, item->units, qn__sv_compact(b->frame, item->z & ~must)));
        } else {
            b->waiting[kept++] = b->waiting[k];
        }
    }
    b->nwaiting = kept;
    *count = b->program->schedule.nparts - *first;
    return QN_OK;
}

/* Compact local bits that are neither lanes nor axes, rising: they count the trips of a pass. */
static qn_status add_outer(qn__sv_builder *b, qn__sv_fill *fill)
{
    qn__sv_schedule *s = &b->program->schedule;
    QN_TRY(qn__grow((void **)&s->outer, &s->outer_capacity, s->nouter + 64, sizeof *s->outer));
    fill->first_outer = (uint32_t)s->nouter;
    const uint64_t axes = qn__sv_compact(b->frame, b->axes);
    for (uint32_t c = b->frame->log_lanes; c < b->frame->nlocal; c++) {
        if ((axes >> c & 1) == 0) {
            s->outer[s->nouter++] = c;
        }
    }
    fill->nouter = (uint32_t)s->nouter - fill->first_outer;
    fill->table = s->ntable;
    s->ntable += (size_t)2 << fill->nouter;
    return QN_OK;
}

static bool parts_variable(const qn__sv_builder *b, size_t first, size_t count)
{
    for (size_t k = first; k < first + count; k++) {
        if (qn__sv_units_variable(b->program, b->program->schedule.parts[k].units)) {
            return true;
        }
    }
    return false;
}

/* A LINEAR or LANE_LINEAR step of these parts. */
static qn_status add_linear(qn__sv_builder *b, qn__step step, size_t first, size_t count)
{
    qn__sv_schedule *s = &b->program->schedule;
    qn__sv_fill fill = {.kind = QN__SV_FILL_LINEAR,
                        .parts = (uint32_t)first,
                        .nparts = (uint32_t)count,
                        .variable = parts_variable(b, first, count)};
    QN_TRY(add_outer(b, &fill));
    uint64_t reach = 0;
    for (size_t k = first; k < first + count; k++) {
        reach |= s->parts[k].bits;
    }
    if (b->frame->nlocal < 64 && reach >> b->frame->nlocal != 0) {
        QN_TRY(qn__grow((void **)&s->locals, &s->locals_capacity, s->nlocals + 1, sizeof *s->locals));
        step.local = (uint16_t)(s->nlocals - b->first_local + 1);
        s->locals[s->nlocals++] = (qn__sv_local){(uint32_t)s->nfills, step.local};
    }
    return qn__sv_add_filled(b, step, fill, 2);
}

/* The phases of one axis: parts without bits are constant, others depend on one more qubit. */
static qn_status add_axis_phases(qn__sv_builder *b, uint8_t axis, size_t first, size_t count)
{
    qn__sv_schedule *s = &b->program->schedule;
    bool signs = true, alone = true;
    for (size_t k = first; k < first + count; k++) {
        signs = signs && is_sign(b, s->parts[k].units);
        alone = alone && s->parts[k].bits == 0;
    }
    if (signs) {
        uint64_t bits = 0;
        uint64_t minus = 0;
        for (size_t k = first; k < first + count; k++) {
            if (is_minus(b, s->parts[k].units)) {
                bits ^= s->parts[k].bits;
                minus ^= s->parts[k].bits == 0 ? 1 : 0;
            }
        }
        if (bits == 0 && minus == 0) {
            return QN_OK;
        }
        return qn__sv_add_filled(
            b, (qn__step){.kind = QN__STEP_KIND(QN__STEP_SIGN, axis), .fixed = bits >> b->frame->log_lanes},
            (qn__sv_fill){.kind = QN__SV_FILL_SIGNS, .fixed = bits & b->lanes, .value = minus}, 1);
    }
    if (alone) {
        return qn__sv_add_filled(b, (qn__step){.kind = QN__STEP_KIND(QN__STEP_PHASE, axis)},
                                 (qn__sv_fill){.kind = QN__SV_FILL_PHASE,
                                               .parts = (uint32_t)first,
                                               .nparts = (uint32_t)count,
                                               .variable = parts_variable(b, first, count)},
                                 0);
    }
    return add_linear(b, (qn__step){.kind = QN__STEP_KIND(QN__STEP_LINEAR, axis)}, first, count);
}

static qn_status flush_axis(qn__sv_builder *b, uint32_t qubit)
{
    size_t first = 0, count = 0;
    const uint8_t axis = b->axis_of[qubit];
    for (uint64_t left = b->axes & ~bit(qubit); left != 0; left &= left - 1) {
        const uint32_t other = (uint32_t)__builtin_ctzll(left);
        QN_TRY(take_waiting(b, bit(qubit) | bit(other), 0, &first, &count));
        if (count == 0) {
            continue;
        }
        bool signs = true, minus = false;
        for (size_t k = first; k < first + count; k++) {
            signs = signs && is_sign(b, b->program->schedule.parts[k].units);
            minus ^= is_minus(b, b->program->schedule.parts[k].units);
        }
        /* pairs (0,1), (0,2), (1,2) */
        const unsigned pair = (unsigned)axis + b->axis_of[other] - 1U;
        if (signs) {
            if (minus) {
                QN_TRY(qn__sv_add_step(b, (qn__step){.kind = QN__STEP_KIND(QN__STEP_PAIR_SIGN, pair)}));
            }
        } else {
            QN_TRY(qn__sv_add_filled(b, (qn__step){.kind = QN__STEP_KIND(QN__STEP_PAIR_PHASE, pair)},
                                     (qn__sv_fill){.kind = QN__SV_FILL_PHASE,
                                                   .parts = (uint32_t)first,
                                                   .nparts = (uint32_t)count,
                                                   .variable = parts_variable(b, first, count)},
                                     0));
        }
    }
    QN_TRY(take_waiting(b, bit(qubit), 0, &first, &count));
    return count == 0 ? QN_OK : add_axis_phases(b, axis, first, count);
}

/* A lane whose phases reach a qubit that is neither axis nor lane. */
static qn_status flush_lane_outward(qn__sv_builder *b, uint32_t lane)
{
    qn__sv_schedule *s = &b->program->schedule;
    size_t first = 0, count = 0;
    QN_TRY(take_waiting(b, bit(lane), 0, &first, &count));
    if (count == 0) {
        return QN_OK;
    }
    bool signs = true;
    uint64_t bits = 0;
    for (size_t k = first; k < first + count; k++) {
        signs = signs && is_sign(b, s->parts[k].units);
        bits ^= is_minus(b, s->parts[k].units) ? s->parts[k].bits : 0;
    }
    if (!signs) {
        return add_linear(b, (qn__step){.kind = QN__STEP_KIND(QN__STEP_LANE_LINEAR, 0), .lanes = (uint8_t)bit(lane)},
                          first, count);
    }
    if (bits == 0) {
        return QN_OK;
    }
    return qn__sv_add_filled(
        b, (qn__step){.kind = QN__STEP_KIND(QN__STEP_LANE_SIGN, 0), .fixed = bits >> b->frame->log_lanes},
        (qn__sv_fill){.kind = QN__SV_FILL_SIGNS, .fixed = bit(lane)}, 1);
}

static qn_status flush_lanes(qn__sv_builder *b, uint64_t lanes)
{
    size_t first = 0, count = 0;
    QN_TRY(take_waiting(b, 0, ~b->lanes, &first, &count)); /* those on lanes alone, all at once */
    if (count > 0) {
        QN_TRY(qn__sv_add_filled(b, (qn__step){.kind = QN__STEP_KIND(QN__STEP_LANE_PHASES, 0)},
                                 (qn__sv_fill){.kind = QN__SV_FILL_LANE_PHASES,
                                               .parts = (uint32_t)first,
                                               .nparts = (uint32_t)count,
                                               .variable = parts_variable(b, first, count)},
                                 2));
    }
    for (uint64_t left = lanes; left != 0; left &= left - 1) {
        QN_TRY(flush_lane_outward(b, (uint32_t)__builtin_ctzll(left)));
    }
    return QN_OK;
}

static bool waits_on(const qn__sv_builder *b, uint64_t qubits)
{
    for (size_t k = 0; k < b->nwaiting; k++) {
        if ((b->program->schedule.items[b->waiting[k]].z & qubits) != 0) {
            return true;
        }
    }
    return false;
}

/* Phases whose qubits are all axes or lanes: what they would cost one by one, against one product for each register.
 * Measured in cycles a trip with 64-byte vectors: a phase of an axis 10, of lanes 18, signs 4, of all registers 18. */
static bool merging_pays(const qn__sv_builder *b)
{
    enum { AXIS = 10, LANES = 18, BOTH = 15, SIGN = 4, CUBE = 18 };
    unsigned cost = 0;
    uint64_t axes = 0, pairs = 0;
    bool lanes = false;
    for (size_t k = 0; k < b->nwaiting; k++) {
        const qn__sv_item *item = &b->program->schedule.items[b->waiting[k]];
        const uint64_t on_axes = item->z & b->axes;
        if ((item->z & ~(b->axes | b->lanes)) != 0) {
            continue;
        }
        if (is_sign(b, item->units)) {
            cost += SIGN;
        } else if (on_axes == 0) {
            cost += lanes ? 0 : LANES;
            lanes = true;
        } else if ((on_axes & (on_axes - 1)) != 0) {
            cost += (pairs & on_axes) == on_axes ? 0 : AXIS;
            pairs |= on_axes;
        } else {
            cost += (axes & on_axes) != 0 ? 0 : (item->z & b->lanes) != 0 ? BOTH : AXIS;
            axes |= on_axes;
        }
    }
    return cost > CUBE;
}

static qn_status flush_cube(qn__sv_builder *b)
{
    qn__sv_schedule *s = &b->program->schedule;
    size_t first = 0, count = 0;
    QN_TRY(take_waiting(b, 0, ~(b->axes | b->lanes), &first, &count));
    uint64_t reach = 0;
    for (size_t k = first; k < first + count; k++) {
        reach |= s->parts[k].bits;
    }
    QN_TRY(qn__grow((void **)&s->outer, &s->outer_capacity, s->nouter + QN__AXES, sizeof *s->outer));
    qn__sv_fill fill = {.kind = QN__SV_FILL_CUBE,
                        .parts = (uint32_t)first,
                        .nparts = (uint32_t)count,
                        .variable = parts_variable(b, first, count),
                        .first_outer = (uint32_t)s->nouter,
                        .nouter = qn__sv_cube_axes(b)};
    for (uint64_t left = b->axes; left != 0; left &= left - 1) {
        s->outer[s->nouter++] = b->frame->compact[__builtin_ctzll(left)];
    }
    if (b->program->dual) {
        s->outer[s->nouter++] = 63; /* no phase depends on which state it is */
    }
    const size_t numbers = (size_t)2 << qn__sv_cube_axes(b), lanes = b->program->kernels->lanes;
    if ((reach & b->lanes) != 0) {
        return qn__sv_add_filled(b, (qn__step){.kind = QN__STEP_KIND(QN__STEP_CUBE_LANES, 0)}, fill, numbers);
    }
    return qn__sv_add_filled(b, (qn__step){.kind = QN__STEP_KIND(QN__STEP_CUBE_PHASES, 0)}, fill,
                             (numbers + lanes - 1) / lanes);
}

/* Everything that waits on these qubits. An axis goes first: it takes phases with lanes along. */
qn_status qn__sv_flush(qn__sv_builder *b, uint64_t qubits)
{
    if (!waits_on(b, qubits)) {
        return QN_OK;
    }
    if (merging_pays(b)) {
        QN_TRY(flush_cube(b));
    }
    uint64_t axes = qubits & b->axes;
    for (size_t k = 0; k < b->nwaiting; k++) {
        const uint64_t z = b->program->schedule.items[b->waiting[k]].z;
        axes |= (z & qubits) != 0 ? z & b->axes : 0;
    }
    for (uint64_t left = axes; left != 0; left &= left - 1) {
        QN_TRY(flush_axis(b, (uint32_t)__builtin_ctzll(left)));
    }
    return waits_on(b, qubits) ? flush_lanes(b, qubits & b->lanes) : QN_OK;
}
